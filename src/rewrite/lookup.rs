//! Functions and casts that look an object up by OID or name: what they are given is replaced by NULL unless it is visible.
//! It does not judge what is visible, and it does not trust an analysis of where a value comes from: the server compares it as it runs.

use super::names::full_name;
use super::plan::{Edit, Piece};
use super::walk::Walk;
use crate::error::{Refusal, Rule, SqlState};
use crate::policy::allowed;
use crate::policy::catalogs::{Argument, LookUp, Named, described, look_up, look_up_type};
use crate::sql::{Category, Keyword, Kind, Tokens, quote_ident, quote_literal};
use sqlparser::ast::{Ident, ObjectName, TableAlias};
use std::ops::Range;

/// Tokens to be looked up, and what is to come of it.
#[derive(Clone, Debug)]
pub(super) struct Guard {
    operand: Range<usize>,
    kind: Named,
    form: Form,
    /// The name of the column that it makes, where it makes one.
    label: Option<String>,
}

/// The type that a look-up yields. None is a look-up type unless a cast follows: a literal beside one would be looked up by the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    /// `oid`.
    Oid,
    /// The object's name.
    Text,
    /// The look-up type itself, for the cast that follows.
    Itself,
}

/// A cast to a look-up type among the tokens.
struct Cast {
    /// Where the whole cast begins.
    start: usize,
    operand: Range<usize>,
    kind: Named,
    /// The look-up type's name.
    type_name: String,
    /// Where the whole cast ends.
    end: usize,
}

impl Walk<'_, '_> {
    /// A call of a function that looks something up, if it is one that tenants may call.
    pub(super) fn look_up_call(&mut self, name: &ObjectName) -> Result<bool, Refusal> {
        let parts = self.parts(name)?;
        let (first, ident, found) = match parts.as_slice() {
            [ident] => (*ident, *ident, look_up(&ident.value)),
            [schema, ident] if schema.value == "pg_catalog" => (*schema, *ident, look_up(&ident.value)),
            [schema, ident] => (*schema, *ident, look_up(&format!("{}.{}", schema.value, ident.value))),
            [] | [_, _, _, ..] => return Ok(false),
        };
        if found.is_none() && ident.value == "pg_typeof" {
            // A literal that must have the type of this (CASE, UNION) would be looked up.
            let (start, open) = (self.token_of(first)?, self.token_of(ident)?.saturating_add(1));
            let end = self.tokens.closing(open).map_or(open, |close| close.saturating_add(1));
            // Its type would be asked for, and it is shown as a text.
            let around = (self.range.start..start).rev().find(|before| !self.tokens.is_char(*before, b'('));
            self.demand(around.is_none_or(|name| self.tokens.value(name) != "pg_typeof"), "pg_typeof() of pg_typeof()")?;
            let alone = start.checked_sub(1).is_some_and(|b| self.tokens.keyword(b) == Some(Keyword::Select));
            let joined = |i: usize| matches!(self.tokens.keyword(i), Some(Keyword::Union | Keyword::Except | Keyword::Intersect));
            if !alone || self.range.clone().any(joined) {
                self.converted(&(start..end), Form::Text);
            }
        }
        if found.is_none() && ident.value == "set_config" && (parts.len() == 1 || first.value == "pg_catalog") {
            return self.compiling(self.token_of(first)?, self.token_of(ident)?);
        }
        let Some(found) = found else { return Ok(false) };
        if self.ground.apart && !found.arguments.contains(&Argument::Setting) {
            return Ok(false);
        }
        let (start, token) = (self.token_of(first)?, self.token_of(ident)?);
        let open = token.saturating_add(1);
        let close = self.tokens.closing(open).filter(|_| self.tokens.is_char(open, b'('));
        let Some(close) = close else { return Ok(false) };
        let mut arguments = arguments(self.tokens, open.saturating_add(1)..close);
        if arguments.len() == found.arguments.len().saturating_add(1) && ident.value.starts_with("has_") {
            self.without_user(&mut arguments);
        }
        if arguments.len() < found.least || arguments.len() > found.arguments.len() {
            return Ok(false);
        }
        if let Some(kind) = ident.value.strip_prefix("to_").and_then(look_up_type) {
            self.replace(start..open, Vec::new());
            let form = self.yielded(start, close.saturating_add(1), Form::Oid);
            self.guards.push(Guard { operand: open..close.saturating_add(1), kind, form, label: Some(ident.value.clone()) });
            self.catalogs = true;
            return Ok(true);
        }
        self.look_up_arguments(ident, start, found, &arguments)?;
        if parts.len() == 1 {
            // A better match in another schema would be called instead.
            let full = format!("pg_catalog.{}", quote_ident(&ident.value));
            self.replace(token..open, vec![Piece::Text(full)]);
        }
        Ok(true)
    }

    /// `has_table_privilege(current_user, t, 'SELECT')` is asked as without the user, who is the one that is asked for then.
    fn without_user(&mut self, arguments: &mut Vec<Range<usize>>) {
        let own = |argument: &Range<usize>| {
            let word = self.tokens.keyword(argument.start);
            argument.len() == 1
                && matches!(word, Some(Keyword::CurrentUser | Keyword::SessionUser | Keyword::User | Keyword::CurrentRole))
        };
        if let [user, next, ..] = arguments.as_slice()
            && own(user)
        {
            let gone = user.start..next.start;
            self.edits.retain(|edit| !gone.contains(&edit.start));
            self.replace(gone, Vec::new());
            arguments.remove(0);
        }
    }

    /// `set_config('jit', value, false)`, which drivers put around their own queries (asyncpg): whether plans are compiled changes no answer,
    /// and it is left as it is. The call yields the value, as if it had been set.
    fn compiling(&mut self, start: usize, token: usize) -> Result<bool, Refusal> {
        let open = token.saturating_add(1);
        let Some(close) = self.tokens.closing(open).filter(|_| self.tokens.is_char(open, b'(')) else { return Ok(false) };
        let arguments = arguments(self.tokens, open.saturating_add(1)..close);
        let [name, value, _local] = arguments.as_slice() else { return Ok(false) };
        self.literal_dependent = true;
        if self.literal_of(name).is_none_or(|name| !name.eq_ignore_ascii_case("jit")) {
            return Ok(false);
        }
        self.replace(start..value.start, vec![Piece::Text("(SELECT (".to_owned())]);
        self.replace(value.end..close.saturating_add(1), vec![Piece::Text(")::pg_catalog.text AS set_config)".to_owned())]);
        Ok(true)
    }

    /// Names the column of a set-returning look-up in FROM as the function does.
    pub(super) fn name_ancestors(&mut self, function: &str, end: usize, alias: Option<&TableAlias>) -> Result<(), Refusal> {
        if function != "pg_partition_ancestors" {
            return Ok(());
        }
        let (at, text) = match alias {
            None => (end, "AS pg_partition_ancestors(relid)"),
            Some(alias) if alias.columns.is_empty() => (self.token_of(&alias.name)?.saturating_add(1), "(relid)"),
            Some(_) => return Ok(()),
        };
        self.edits.push(Edit::before(at, vec![Piece::Text(text.to_owned())]));
        Ok(())
    }

    fn look_up_arguments(
        &mut self,
        name: &Ident,
        start: usize,
        found: &LookUp,
        arguments: &[Range<usize>],
    ) -> Result<(), Refusal> {
        let object = |argument: &Argument| matches!(argument, Argument::Object(_) | Argument::Measured);
        let given = || found.arguments.iter().zip(arguments);
        let nothing = |(argument, operand): (&Argument, &Range<usize>)| match argument {
            Argument::Object(_) | Argument::Measured => self.is_null(operand),
            Argument::Plain => true,
            Argument::Descendant | Argument::WholeText | Argument::Described | Argument::Setting => false,
        };
        if given().all(nothing) && given().any(|(argument, _)| object(argument)) {
            // Nothing is looked up: such a call may stand beside a tenant's table.
            let ends = given().filter(|(argument, _)| object(argument)).map(|(_, operand)| operand.end);
            self.edits.extend(ends.map(|end| Edit::before(end, vec![Piece::Text("::pg_catalog.oid".to_owned())])));
            return Ok(());
        }
        for (i, (argument, operand)) in found.arguments.iter().zip(arguments).enumerate() {
            let guard = |kind: Named, form: Form| Guard { operand: operand.clone(), kind, form, label: None };
            match argument {
                Argument::Plain => {}
                Argument::Object(kind) => {
                    self.guards.push(guard(*kind, Form::Oid));
                    self.with_arguments(*kind, operand);
                }
                Argument::Measured => {
                    if !self.catalogs {
                        return Err(self.refuse_function(name, self.token_of(name)?));
                    }
                    self.guards.push(guard(Named::Never, Form::Oid));
                }
                Argument::Descendant => {
                    // Of a set, in FROM or in a select list: an array keeps it one.
                    let end = operand.end.saturating_add(1);
                    let visible = self.visible(Named::Relation, "a.relid::pg_catalog.oid");
                    let before = "pg_catalog.unnest(ARRAY(SELECT a.relid::pg_catalog.oid FROM ".to_owned();
                    let after = format!(" AS a WHERE {visible}))");
                    self.edits.push(Edit::before(start, vec![Piece::Text(before)]));
                    self.edits.push(Edit::before(end, vec![Piece::Text(after)]));
                    self.guards.push(guard(Named::Relation, Form::Oid));
                }
                Argument::WholeText => self.guards.push(guard(Named::Whole, Form::Text)),
                // Of an OID alone a relation's comment is shown: other objects may have the same one.
                Argument::Described if arguments.len() == 1 => {
                    self.edits.push(Edit::before(operand.end, vec![Piece::Text(", 'pg_class'".to_owned())]));
                    self.guards.push(guard(Named::Relation, Form::Oid));
                }
                Argument::Described => {
                    let class = arguments.get(i.saturating_add(1)).and_then(|r| self.literal_of(r));
                    let class =
                        class.ok_or_else(|| self.construct(&format!("{} without a literal catalog name", name.value), None))?;
                    self.literal_dependent = true;
                    self.guards.push(guard(described(&class), Form::Oid));
                }
                Argument::Setting => {
                    self.literal_dependent = true;
                    let whole = start..arguments.last().map_or(operand.end, |last| last.end).saturating_add(1);
                    return self.examined(operand, arguments.get(1), whole);
                }
            }
        }
        self.catalogs = true;
        Ok(())
    }

    /// A function by its name and the types of its arguments: found by pgmoat's own snapshot, for PostgreSQL would look the types up.
    fn with_arguments(&mut self, kind: Named, operand: &Range<usize>) {
        let literal = self.literal_of(operand).filter(|_| kind == Named::Function);
        // The next statement of this shape may have brackets where this one has none.
        self.literal_dependent |= literal.is_some();
        let literal = literal.filter(|text| text.contains('('));
        if let Some(full) = literal.and_then(|text| full_name(self.ground, kind, &text)) {
            let text = format!("{}::pg_catalog.regprocedure::pg_catalog.oid", quote_literal(&full));
            self.replace(operand.clone(), vec![Piece::Text(text)]);
        }
    }

    /// A setting that is examined: one that tenants may show, by a literal. None has a dot in its name: apps ask whether one is set that
    /// they made up, and it is not.
    fn examined(&mut self, name: &Range<usize>, missing: Option<&Range<usize>>, whole: Range<usize>) -> Result<(), Refusal> {
        let literal = self.literal_of(name).map(|s| s.to_ascii_lowercase());
        let at = self.position(name.start);
        match literal {
            Some(setting) if allowed::setting(&setting).is_some() => Ok(()),
            Some(setting) if setting.contains('.') => {
                let missing_ok = missing.is_some_and(|m| m.len() == 1 && self.tokens.keyword(m.start) == Some(Keyword::True));
                if !missing_ok {
                    let message = format!("unrecognized configuration parameter \"{setting}\"");
                    return Err(Refusal::new(SqlState::UNDEFINED_OBJECT, Rule::Setting, message).at(at));
                }
                self.replace(whole, vec![Piece::Text("(SELECT NULL::pg_catalog.text AS current_setting)".to_owned())]);
                Ok(())
            }
            Some(_) => {
                Err(Refusal::new(SqlState::INSUFFICIENT_PRIVILEGE, Rule::Setting, "permission denied to examine this setting")
                    .with_hint("Give the name of a setting that tenants may show.")
                    .at(at))
            }
            // A name that is not one of those becomes NULL, and so does what is asked for.
            None => {
                let known = self.known_setting("s.x");
                let open = "(SELECT s.x FROM (SELECT (".to_owned();
                self.edits.push(Edit::before(name.start, vec![Piece::Text(open)]));
                let close = format!(")::pg_catalog.text AS x OFFSET 0) AS s WHERE {known})");
                self.edits.push(Edit::before(name.end, vec![Piece::Text(close)]));
                Ok(())
            }
        }
    }

    /// A string that stands alone.
    fn literal_of(&self, range: &Range<usize>) -> Option<String> {
        let one = range.len() == 1 && self.tokens.kind(range.start).is_some_and(Kind::is_string);
        one.then(|| self.tokens.value(range.start).into_owned())
    }

    /// Whether these tokens are NULL, or a cast of it to a look-up type or `oid`.
    fn is_null(&self, range: &Range<usize>) -> bool {
        let (start, Some(last)) = (range.start, range.end.checked_sub(1)) else { return false };
        if range.len() == 1 {
            return self.tokens.keyword(start) == Some(Keyword::Null);
        }
        if self.tokens.is_char(start, b'(') && self.tokens.closing(start) == Some(last) {
            return self.is_null(&(start.saturating_add(1)..last));
        }
        let open = start.saturating_add(1);
        let called = self.tokens.keyword(start) == Some(Keyword::Cast) && self.tokens.closing(open) == Some(last);
        let (inner, name) = if called { (start.saturating_add(2), last.checked_sub(1)) } else { (start, Some(last)) };
        let typed = |i: &usize| {
            let name = self.tokens.value(*i);
            self.tokens.kind(*i).is_some_and(Kind::is_name) && (name == "oid" || look_up_type(&name).is_some())
        };
        let Some(name) = name.filter(typed) else { return false };
        let schema = name.checked_sub(2).filter(|q| self.tokens.is_char(q.saturating_add(1), b'.'));
        if schema.is_some_and(|q| self.tokens.value(q) != "pg_catalog") {
            return false;
        }
        let Some(cast) = schema.unwrap_or(name).checked_sub(1).filter(|cast| *cast > inner) else { return false };
        let word =
            if called { self.tokens.keyword(cast) == Some(Keyword::As) } else { self.tokens.kind(cast) == Some(Kind::TypeCast) };
        word && self.is_null(&(inner..cast))
    }

    /// Looks at every cast to a look-up type among the tokens. As many must have been seen in the tree, or the text was not understood.
    pub(super) fn look_up_casts(&mut self) -> Result<(), Refusal> {
        let (own, casts): (Vec<Cast>, Vec<Cast>) = self
            .casts()?
            .into_iter()
            .partition(|cast| cast.operand.end.checked_sub(1).is_some_and(|last| self.tokens.value(last) == "tableoid"));
        let understood = casts.len() == self.look_up_casts && own.len() == self.tableoid_casts;
        self.demand(understood, "a cast to a type that looks names up, in this place")?;
        for cast in own {
            // A literal beside the look-up type, or beside a column made of it, would be looked up by the server.
            self.converted(&(cast.start..cast.end), Form::Text);
        }
        for cast in casts {
            if self.is_null(&cast.operand) {
                // Nothing is looked up: such a cast may stand beside a tenant's table. A column keeps the name that the cast gives it.
                if self.yielded(cast.start, cast.end, Form::Oid) == Form::Text {
                    self.named_text(&cast);
                } else {
                    self.converted(&(cast.start..cast.end), Form::Oid);
                }
                continue;
            }
            self.catalogs = true;
            let literal = self.literal_of(&cast.operand);
            // Whether it is a name or a number is not in the shape.
            self.literal_dependent |= literal.is_some();
            match literal.filter(|text| text != "-" && !text.bytes().all(|b| b.is_ascii_digit())) {
                Some(text) => self.named_literal(&text, &cast)?,
                None => {
                    // A literal or parameter is compared with a column of OIDs, a column with names.
                    let one = cast.operand.len() == 1 && !self.tokens.kind(cast.operand.start).is_some_and(Kind::is_name);
                    let compared = if one { Form::Oid } else { Form::Text };
                    self.converted(&(cast.start..cast.end), compared);
                    let by_type = || self.cast_behind(cast.end).unwrap_or_else(|| cast.type_name.clone());
                    let label = self.label_of(&cast.operand).or_else(|| Some(by_type()));
                    self.guards.push(Guard { operand: cast.operand, kind: cast.kind, form: Form::Itself, label });
                }
            }
        }
        Ok(())
    }

    /// `'t'::regclass`: the name is looked up here, by PostgreSQL's rules, among what is visible.
    fn named_literal(&mut self, text: &str, cast: &Cast) -> Result<(), Refusal> {
        let at = self.position(cast.operand.start);
        match full_name(self.ground, cast.kind, text) {
            Some(full) => self.replace(cast.operand.clone(), vec![Piece::Text(quote_literal(&full))]),
            None => return Err(missing(cast.kind, text).at(at)),
        }
        if self.yielded(cast.start, cast.end, Form::Oid) == Form::Text {
            // A column keeps the name that the cast alone gives it.
            self.named_text(cast);
        } else {
            self.converted(&(cast.start..cast.end), Form::Oid);
        }
        Ok(())
    }

    /// What a cast yields as a text that is named as it.
    fn named_text(&mut self, cast: &Cast) {
        self.edits.push(Edit::before(cast.start, vec![Piece::Text("(SELECT".to_owned())]));
        let named = format!("::pg_catalog.text AS {})", quote_ident(&cast.type_name));
        self.conversions.push(Edit::before(cast.end, vec![Piece::Text(named)]));
    }

    /// Takes the look-up type off what a cast yields, unless another cast follows.
    fn converted(&mut self, cast: &Range<usize>, compared: Form) {
        let conversion = match self.yielded(cast.start, cast.end, compared) {
            Form::Oid => "::pg_catalog.oid",
            Form::Text => "::pg_catalog.text",
            Form::Itself => return,
        };
        self.conversions.push(Edit::before(cast.end, vec![Piece::Text(conversion.to_owned())]));
    }

    /// The type of the last of the casts that follow there, by which PostgreSQL names a column that nothing else names.
    fn cast_behind(&self, end: usize) -> Option<String> {
        let (mut at, mut last) = (end, None);
        while self.tokens.kind(at) == Some(Kind::TypeCast) {
            let qualified = self.tokens.is_char(at.saturating_add(2), b'.');
            let name = at.saturating_add(if qualified { 3 } else { 1 });
            if !self.tokens.kind(name).is_some_and(Kind::is_name) {
                break;
            }
            last = Some(super::statement::typname(&self.tokens.value(name)).to_owned());
            at = name.saturating_add(1);
        }
        last
    }

    /// The name that PostgreSQL gives the column of a cast: that of its operand.
    fn label_of(&self, operand: &Range<usize>) -> Option<String> {
        let mut last = operand.end.checked_sub(1)?;
        while self.tokens.is_char(last, b')') || self.tokens.is_char(last, b']') {
            last = (operand.start..last).rev().find(|open| self.tokens.closing(*open) == Some(last))?.checked_sub(1)?;
        }
        let name = operand.contains(&last) && self.tokens.kind(last).is_some_and(Kind::is_name);
        name.then(|| self.tokens.value(last).into_owned())
    }

    /// What a look-up at these tokens must yield: itself where a cast follows, `compared` beside an operator, else the name.
    fn yielded(&self, start: usize, end: usize, compared: Form) -> Form {
        let in_cast = self.tokens.kind(end) == Some(Kind::TypeCast)
            || self.tokens.keyword(end) == Some(Keyword::As) && self.closes_cast(end);
        let operator = |i: usize| {
            matches!(
                self.tokens.kind(i),
                Some(Kind::Operator | Kind::NotEquals | Kind::LessEquals | Kind::GreaterEquals | Kind::Char(b'=' | b'<' | b'>'))
            )
        };
        if self.guards.iter().any(|guard| guard.operand == (start..end)) {
            // A guard looks at what it has, by its number: a name may be that of several.
            return Form::Oid;
        }
        let before = start.checked_sub(1);
        let names = |i: usize| look_up_type(&self.tokens.value(i)).is_some();
        let called =
            |i: usize| self.tokens.is_char(i, b')') && self.callee(i).is_some_and(|c| self.tokens.value(c) == "pg_typeof");
        let left = before.filter(|b| operator(*b)).and_then(|b| b.checked_sub(1));
        let beside_name = left.is_some_and(|b| names(b) || called(b));
        let typeof_behind = operator(end) && self.tokens.value(end.saturating_add(1)) == "pg_typeof";
        let list =
            before.filter(|b| self.tokens.is_char(*b, b'(') || self.tokens.is_char(*b, b',')).is_some_and(|b| self.opens_list(b));
        if in_cast {
            Form::Itself
        } else if beside_name || typeof_behind {
            Form::Text
        } else if before.is_some_and(operator) || operator(end) || list {
            compared
        } else {
            Form::Text
        }
    }

    /// The name before the parentheses that close at this token.
    fn callee(&self, close: usize) -> Option<usize> {
        (self.range.start..close).rev().find(|open| self.tokens.closing(*open) == Some(close))?.checked_sub(1)
    }

    /// Whether the `(` or `,` at this token belongs to the list of IN, or to VALUES.
    fn opens_list(&self, at: usize) -> bool {
        let opening = (self.range.start..=at)
            .rev()
            .find(|i| self.tokens.is_char(*i, b'(') && self.tokens.closing(*i).is_some_and(|close| close > at));
        opening
            .and_then(|i| i.checked_sub(1))
            .is_some_and(|i| matches!(self.tokens.keyword(i), Some(Keyword::In | Keyword::Values)))
    }

    /// Whether AS at this token is the one of a CAST.
    fn closes_cast(&self, at: usize) -> bool {
        let opening = (self.range.start..at)
            .rev()
            .find(|i| self.tokens.is_char(*i, b'(') && self.tokens.closing(*i).is_some_and(|close| close > at));
        opening.and_then(|i| i.checked_sub(1)).is_some_and(|i| self.tokens.keyword(i) == Some(Keyword::Cast))
    }

    /// The casts to look-up types, in the order of their tokens.
    fn casts(&self) -> Result<Vec<Cast>, Refusal> {
        let mut found = Vec::new();
        for i in self.range.clone().filter(|i| self.tokens.kind(*i).is_some_and(Kind::is_name)) {
            let Some(kind) = look_up_type(&self.tokens.value(i)) else { continue };
            let qualified = i
                .checked_sub(2)
                .filter(|q| self.tokens.is_char(i.saturating_sub(1), b'.') && self.tokens.value(*q) == "pg_catalog");
            let Some(before) = qualified.unwrap_or(i).checked_sub(1) else { continue };
            let after = i.saturating_add(1);
            let type_name = self.tokens.value(i).into_owned();
            if self.tokens.kind(before) == Some(Kind::TypeCast) {
                let start = operand_start(self.tokens, self.range.start, before);
                let start =
                    start.ok_or_else(|| self.construct("a cast of this expression to a type that looks names up", Some(i)))?;
                found.push(Cast { start, operand: start..before, kind, type_name, end: after });
            } else if self.tokens.keyword(before) == Some(Keyword::As)
                && self.closes_cast(before)
                && self.tokens.is_char(after, b')')
            {
                let opening = (self.range.start..before)
                    .rev()
                    .find(|o| self.tokens.is_char(*o, b'(') && self.tokens.closing(*o) == Some(after));
                let open = opening.ok_or_else(|| self.construct("this form of CAST", Some(i)))?;
                let operand = open.saturating_add(1)..before;
                found.push(Cast { start: open.saturating_sub(1), operand, kind, type_name, end: after.saturating_add(1) });
            }
        }
        Ok(found)
    }

    /// Puts the guards around their tokens, the outer ones outside.
    pub(super) fn place_guards(&mut self) {
        let mut guards = std::mem::take(&mut self.guards);
        guards.sort_by_key(|g| (g.operand.start, usize::MAX.saturating_sub(g.operand.end)));
        let mut opening: Vec<Edit> = Vec::with_capacity(guards.len());
        for guard in &guards {
            opening.push(Edit::before(guard.operand.start, vec![Piece::Text(opening_text(guard))]));
        }
        guards.sort_by_key(|g| (g.operand.end, usize::MAX.saturating_sub(g.operand.start)));
        // A conversion belongs to the cast that ends there, inside of what ends there too.
        let mut edits = std::mem::take(&mut self.conversions);
        for guard in &guards {
            let visible = self.visible(guard.kind, "g.o");
            let text = format!(")::pg_catalog.text AS x OFFSET 0) AS s OFFSET 0) AS g WHERE {visible})");
            edits.push(Edit::before(guard.operand.end, vec![Piece::Text(text)]));
        }
        // At one place what ends comes before what begins.
        edits.append(&mut opening);
        edits.append(&mut self.edits);
        self.edits = edits;
    }
}

/// What stands before a guarded expression. It is a text first, so that a name and an OID are read alike, and evaluated once only.
fn opening_text(guard: &Guard) -> String {
    let (function, name) = match guard.kind {
        Named::Relation | Named::Whole | Named::View => ("to_regclass(s.x)", "regclass"),
        Named::Type => ("to_regtype(s.x)", "regtype"),
        Named::Function => ("to_regproc(s.x)", "regproc"),
        Named::Schema => ("to_regnamespace(s.x)", "regnamespace"),
        Named::Role => ("to_regrole(s.x)", "regrole"),
        Named::Database | Named::Constraint | Named::Member | Named::Never => ("to_regclass(NULL)", "oid"),
    };
    let by_name = match guard.kind {
        Named::Database => {
            "(SELECT d.oid FROM pg_catalog.pg_database d WHERE d.datname::pg_catalog.text OPERATOR(pg_catalog.=) s.x)".to_owned()
        }
        Named::Relation
        | Named::Whole
        | Named::View
        | Named::Type
        | Named::Function
        | Named::Schema
        | Named::Role
        | Named::Constraint
        | Named::Member
        | Named::Never => format!("pg_catalog.{function}::pg_catalog.oid"),
    };
    let yields = match guard.form {
        Form::Oid => "g.o".to_owned(),
        Form::Itself => format!("g.o::pg_catalog.{name}"),
        Form::Text => format!("g.o::pg_catalog.{name}::pg_catalog.text"),
    };
    let yields = match &guard.label {
        Some(label) => format!("{yields} AS {}", quote_ident(label)),
        None => yields,
    };
    format!(
        "(SELECT {yields} FROM (SELECT CASE WHEN s.x OPERATOR(pg_catalog.~) '^[0-9]+$' THEN s.x::pg_catalog.oid \
         WHEN s.x OPERATOR(pg_catalog.=) '-' THEN 0::pg_catalog.oid ELSE {by_name} END AS o FROM (SELECT ("
    )
}

/// What PostgreSQL says of a name that does not exist.
fn missing(kind: Named, text: &str) -> Refusal {
    let (code, what) = match kind {
        Named::Relation | Named::Whole | Named::View => (SqlState::UNDEFINED_TABLE, "relation"),
        Named::Type => (SqlState::UNDEFINED_OBJECT, "type"),
        Named::Function => (SqlState::UNDEFINED_FUNCTION, "function"),
        Named::Schema => (SqlState::INVALID_SCHEMA_NAME, "schema"),
        Named::Role | Named::Database | Named::Constraint | Named::Member | Named::Never => (SqlState::UNDEFINED_OBJECT, "role"),
    };
    Refusal::new(code, Rule::HiddenRelation, format!("{what} \"{text}\" does not exist")).quoting_literal()
}

/// The arguments of a call: the tokens between commas.
pub(super) fn arguments(tokens: &Tokens<'_>, inside: Range<usize>) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let (mut start, mut at) = (inside.start, inside.start);
    while at < inside.end {
        if tokens.is_char(at, b',') {
            found.push(start..at);
            start = at.saturating_add(1);
        }
        at = tokens.closing(at).unwrap_or(at).saturating_add(1);
    }
    if inside.start < inside.end {
        found.push(start..inside.end);
    }
    found
}

/// Where the operand of `::` at `end` begins: a name, literal, parameter, call or parentheses, with subscripts, fields and casts behind.
/// `None` where that is not certain.
fn operand_start(tokens: &Tokens<'_>, first: usize, end: usize) -> Option<usize> {
    let mut start = end;
    loop {
        let last = start.checked_sub(1).filter(|l| *l >= first)?;
        let kind = tokens.kind(last)?;
        if tokens.is_char(last, b')') || tokens.is_char(last, b']') {
            start = (first..last).rev().find(|open| tokens.closing(*open) == Some(last))?;
            let callee = start.checked_sub(1).filter(|c| *c >= first);
            let call = tokens.is_char(last, b')') && callee.is_some_and(|c| callable(tokens, c));
            if call || tokens.is_char(last, b']') {
                continue;
            }
        } else if kind.is_literal()
            || kind == Kind::Param
            || tokens.keyword(last) == Some(Keyword::Null)
            || callable(tokens, last)
        {
            start = last;
        } else {
            return None;
        }
        let before = start.checked_sub(1).filter(|b| *b >= first);
        match before {
            Some(b) if tokens.is_char(b, b'.') || tokens.kind(b) == Some(Kind::TypeCast) => start = b,
            None => return Some(start),
            Some(b) => return precedes_expression(tokens, b).then_some(start),
        }
    }
}

/// Whether this token can name a function, type or column: not a word that has a place of its own in the grammar. CAST is a call of sorts.
fn callable(tokens: &Tokens<'_>, at: usize) -> bool {
    let name = tokens.kind(at).is_some_and(Kind::is_name);
    name && tokens.keyword(at).is_none_or(|k| k == Keyword::Cast || k.category() != Category::Reserved)
}

/// Whether an expression can begin behind this token and nowhere before it.
fn precedes_expression(tokens: &Tokens<'_>, at: usize) -> bool {
    match tokens.kind(at) {
        Some(Kind::Word) => tokens.keyword(at).is_some_and(|k| k.category() == Category::Reserved),
        Some(Kind::Char(c)) => matches!(c, b'(' | b'[' | b',' | b'=' | b'<' | b'>' | b'+' | b'-' | b'*' | b'/' | b'%'),
        Some(Kind::Operator | Kind::LessEquals | Kind::GreaterEquals | Kind::NotEquals) => true,
        Some(_) | None => false,
    }
}
