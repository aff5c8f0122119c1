//! INSERT, UPDATE and DELETE through a view that is plain columns of one table (PostgreSQL manual, CREATE VIEW, "Updatable Views").
//! It does not judge the table: that is done as if it had been named (`change`).

use super::change::Target;
use super::plan::Piece;
use super::walk::{Walk, quoted};
use crate::catalog::{Relation, RelationKind};
use crate::error::{Refusal, Rule, SqlState};
use crate::sql::{Bounds, Category, Keyword, Kind, Tokens, quote_ident};
use sqlparser::ast::SelectItem;
use std::ops::Range;

/// The system columns, which a table has and a view has not.
const SYSTEM_COLUMNS: [&str; 6] = ["tableoid", "xmin", "cmin", "xmax", "cmax", "ctid"];

/// The further words of the names of types that have several.
const TYPE_WORDS: [&str; 6] = ["varying", "precision", "with", "without", "time", "zone"];

/// A view that a statement writes through.
pub(super) struct Through<'a> {
    pub(super) base: &'a Relation,
    /// What was named.
    pub(super) view: &'a Relation,
    /// The view's columns, which are the table's by name, in the view's order.
    pub(super) columns: Vec<String>,
    /// The view's condition, on the table's columns under the target's name. None for INSERT: what is inserted need not show.
    pub(super) condition: Option<String>,
}

impl Through<'_> {
    /// Whether it is a table of which a role hides columns, and no view.
    pub(super) fn is_narrowed(&self) -> bool {
        self.view.oid == self.base.oid
    }
}

impl<'a> Walk<'a, '_> {
    /// The table behind a view that may be written to, the target called `alias`. `name` are the tokens of the view's name.
    pub(super) fn updatable(
        &mut self,
        view: &'a Relation,
        alias: &str,
        verb: &str,
        name: &Range<usize>,
    ) -> Result<Through<'a>, Refusal> {
        self.demand(!self.ground.shown, "EXPLAIN (REWRITE) of a write through a view")?;
        let position = self.position(name.start);
        let beyond = |what: &str| not_simple(view, what).at(position);
        let definition = view.definition.as_deref().filter(|_| view.kind == RelationKind::View);
        let definition = definition.ok_or_else(|| beyond("its definition is not known"))?;
        let tokens = Tokens::lex(definition, &Bounds::default())?;
        if !auto_updatable(&tokens) {
            return Err(not_updatable(view, verb).at(position));
        }
        if self.ground.policy.hides(view).is_some() {
            return Err(beyond("the role hides columns of it"));
        }
        if view.has_triggers || view.has_rules || view.has_options {
            return Err(beyond("it has triggers, rules or options"));
        }
        // SET column = DEFAULT takes the view's own default, where it has one.
        if view.columns.iter().any(|c| c.has_default) {
            return Err(beyond("its columns have defaults"));
        }
        let (only, around) = self.around_name(name);
        if only || around != *name {
            return Err(beyond("ONLY or * beside its name"));
        }
        let shape = Shape::read(&tokens).ok_or_else(|| beyond("its definition is more than plain columns of one table"))?;
        let base = self.ground.catalog.find(Some(&shape.schema), &shape.table);
        let base = base.filter(|b| matches!(b.kind, RelationKind::Table | RelationKind::Partitioned));
        let base = base.ok_or_else(|| beyond("it does not stand on a table"))?;
        if self.ground.policy.hides(base).is_some() {
            return Err(beyond("the role hides columns of its table"));
        }
        let named = shape.columns.len() == view.columns.len()
            && shape.columns.iter().zip(&view.columns).all(|(c, v)| *c == v.name && base.columns.iter().any(|b| b.name == *c));
        if !named {
            return Err(beyond("it renames columns"));
        }
        let inserts = verb == "INSERT";
        let condition = match shape.condition.as_ref().filter(|_| !inserts) {
            None => None,
            Some(range) => Some(
                shape
                    .condition_text(&tokens, range.clone(), base, &quote_ident(alias))
                    .ok_or_else(|| beyond("its condition is not a plain one"))?,
            ),
        };
        if !inserts && !self.confined_quietly(view, name.start)? {
            return Err(beyond("its condition may raise an error"));
        }
        Ok(Through { base, view, columns: shape.columns, condition })
    }

    /// Whether a view's definition can be confined, and none of its conditions may raise an error.
    fn confined_quietly(&mut self, view: &Relation, at: usize) -> Result<bool, Refusal> {
        let unsafe_condition = self.unsafe_condition.take();
        let reads_statistics = std::mem::replace(&mut self.reads_statistics, false);
        self.view(view, at)?;
        let quiet = self.unsafe_condition.is_none() && !self.reads_statistics;
        self.unsafe_condition = unsafe_condition;
        self.reads_statistics = reads_statistics;
        Ok(quiet)
    }

    /// The table has columns that the view has not, and its row is another: neither may be named. By tokens, wherever they stand, for a
    /// name that is resolved by the server would be found in the table. `names` is what the table goes by, `own` are tokens that are looked
    /// over.
    pub(super) fn sees_the_view_only(
        &self,
        through: &Through<'a>,
        names: &[&str],
        within: Range<usize>,
        own: &Range<usize>,
    ) -> Result<(), Refusal> {
        let hidden = |name: &str| {
            SYSTEM_COLUMNS.contains(&name)
                || (through.base.columns.iter().any(|c| c.name == name) && !through.columns.iter().any(|c| c == name))
        };
        // What RETURNING calls the rows before and after (PostgreSQL 18).
        let both: &[&str] = if self.ground.catalog.server_version >= 180_000 { &["old", "new"] } else { &[] };
        let is_row = |name: &str| names.contains(&name) || both.contains(&name);
        let alone = self.clauses.last().is_none_or(|c| c.from.is_none())
            && !self.range.clone().any(|i| matches!(self.tokens.keyword(i), Some(Keyword::Select | Keyword::With)));
        for i in within.filter(|i| !own.contains(i)) {
            let word = matches!(self.tokens.kind(i), Some(Kind::Word | Kind::QuotedIdent | Kind::UnicodeIdent));
            let reserved = self.tokens.keyword(i).is_some_and(|k| k.category() == Category::Reserved);
            if !word || reserved {
                continue;
            }
            let (name, next, before) = (self.tokens.value(i), i.saturating_add(1), i.checked_sub(1));
            // The table goes by the target's name only: a name behind another relation's is no column of it.
            let of_another = before.is_some_and(|b| {
                let relation = b.checked_sub(1).filter(|_| self.tokens.is_char(b, b'.'));
                relation.is_some_and(|r| {
                    let word = matches!(self.tokens.kind(r), Some(Kind::Word | Kind::QuotedIdent | Kind::UnicodeIdent));
                    word && !is_row(&self.tokens.value(r))
                })
            });
            if hidden(&name) && !of_another {
                let other = before
                    .is_some_and(|b| self.tokens.keyword(b) == Some(Keyword::As) || self.tokens.kind(b) == Some(Kind::TypeCast))
                    || self.tokens.is_char(next, b'(');
                if alone && !other && self.tokens.keyword(i).is_none() {
                    let relation = before.filter(|b| self.tokens.is_char(*b, b'.')).and_then(|b| b.checked_sub(1));
                    let relation = relation.filter(|r| is_row(&self.tokens.value(*r)));
                    let message = relation.map_or_else(
                        || format!("column \"{name}\" does not exist"),
                        |r| format!("column {}.{name} does not exist", self.tokens.value(r)),
                    );
                    let at = self.position(relation.unwrap_or(i));
                    return Err(Refusal::new(SqlState::UNDEFINED_COLUMN, Rule::Construct, message).at(at));
                }
                // Of what a role hides nothing is said.
                let what = if through.is_narrowed() {
                    format!("the name \"{name}\" in this place of a write")
                } else {
                    "the name of a column that the table has and its view has not, beside a write to the view".to_owned()
                };
                return Err(self.construct(&what, Some(i)));
            }
            let field = before.is_some_and(|b| self.tokens.is_char(b, b'.'));
            let one_column = self.tokens.is_char(next, b'.') && !self.tokens.is_char(next.saturating_add(1), b'*');
            if is_row(&name) && !field && !one_column {
                let what = if through.is_narrowed() { "the whole row" } else { "the whole row of a view" };
                return Err(self.construct(&format!("{what} that is written to"), Some(i)));
            }
        }
        Ok(())
    }

    /// `RETURNING *` is the view's columns, not the table's.
    pub(super) fn view_star(
        &mut self,
        through: &Through<'a>,
        target: &Target<'a>,
        returning: Option<&[SelectItem]>,
        several: bool,
    ) -> Result<(), Refusal> {
        for item in returning.unwrap_or_default() {
            let SelectItem::Wildcard(options) = item else { continue };
            self.demand(!several, "RETURNING * of a view and other relations")?;
            let star = self.attached(&options.wildcard_token)?;
            let columns: Vec<String> =
                through.columns.iter().map(|c| format!("{}.{}", target.qualifier, quote_ident(c))).collect();
            self.replace(star..star.saturating_add(1), vec![Piece::Text(columns.join(", "))]);
        }
        Ok(())
    }
}

/// The name that the target gets in place of the view's, and the alias that the user did not write.
pub(super) fn base_name(base: &Relation, alias: Option<&str>) -> String {
    alias.map_or_else(|| quoted(base), |alias| format!("{} AS {}", quoted(base), quote_ident(alias)))
}

fn not_simple(view: &Relation, what: &str) -> Refusal {
    let message = format!("writing through view \"{}\" is not supported through pgmoat: {what}", view.name);
    Refusal::new(SqlState::FEATURE_NOT_SUPPORTED, Rule::Construct, message)
        .with_hint("Views of plain columns of one table, with a plain condition, can be written to. Write to the table.")
        .about(view.qualified())
}

/// As PostgreSQL says it.
fn not_updatable(view: &Relation, verb: &str) -> Refusal {
    let verb = match verb {
        "INSERT" => "insert into",
        "DELETE" => "delete from",
        _update => "update",
    };
    Refusal::new(SqlState::OBJECT_NOT_IN_PREREQUISITE_STATE, Rule::Construct, format!("cannot {verb} view \"{}\"", view.name))
        .with_hint("Views of plain columns of one table can be written to. Write to the tables.")
        .about(view.qualified())
}

/// Of MERGE and COPY, which PostgreSQL 15 has for tables only.
pub(super) fn tables_only(view: &Relation, verb: &str) -> Refusal {
    let (code, message) = match verb {
        "MERGE" => (SqlState::FEATURE_NOT_SUPPORTED, format!("cannot execute MERGE on relation \"{}\"", view.name)),
        _copy => (SqlState::WRONG_OBJECT_TYPE, format!("cannot copy to view \"{}\"", view.name)),
    };
    Refusal::new(code, Rule::Construct, message).with_hint("Name the table that the view stands on.").about(view.qualified())
}

/// Whether PostgreSQL may take the view for an automatically updatable one, as the words of its own level tell.
fn auto_updatable(tokens: &Tokens<'_>) -> bool {
    let mut at = 0;
    while at < tokens.len() {
        // A join, or a sub-select in FROM.
        if tokens.is_char(at, b'(') && at.checked_sub(1).is_some_and(|b| tokens.keyword(b) == Some(Keyword::From)) {
            return false;
        }
        if let Some(closing) = tokens.is_char(at, b'(').then(|| tokens.closing(at)).flatten() {
            at = closing;
        }
        let clause = matches!(
            tokens.keyword(at),
            Some(
                Keyword::With
                    | Keyword::Distinct
                    | Keyword::Group
                    | Keyword::Having
                    | Keyword::Limit
                    | Keyword::Offset
                    | Keyword::Union
                    | Keyword::Intersect
                    | Keyword::Except
                    | Keyword::Join
                    | Keyword::Values
            )
        );
        // IS DISTINCT FROM is a comparison, WITH TIME ZONE a type.
        let after = at.saturating_add(1);
        let word = matches!(tokens.keyword(after), Some(Keyword::From | Keyword::Time));
        if clause && !word {
            return false;
        }
        at = after;
    }
    true
}

/// `SELECT column, ... FROM schema.table [alias] [WHERE condition]`, as PostgreSQL writes a view's definition without a search path.
struct Shape {
    columns: Vec<String>,
    schema: String,
    table: String,
    /// What columns may be qualified with.
    qualifiers: Vec<String>,
    condition: Option<Range<usize>>,
}

/// A name that is no reserved word.
fn name(tokens: &Tokens<'_>, at: usize) -> Option<String> {
    let plain = match tokens.kind(at)? {
        Kind::Word => tokens.keyword(at).is_none_or(|k| k.category() != Category::Reserved),
        Kind::QuotedIdent => true,
        _ => false,
    };
    plain.then(|| tokens.value(at).into_owned())
}

impl Shape {
    fn read(tokens: &Tokens<'_>) -> Option<Self> {
        let end = tokens.len().saturating_sub(usize::from(tokens.is_char(tokens.len().checked_sub(1)?, b';')));
        let mut at = 1;
        let (mut columns, mut qualifiers) = (Vec::new(), Vec::new());
        (tokens.keyword(0)? == Keyword::Select).then_some(())?;
        loop {
            let mut column = name(tokens, at)?;
            at = at.saturating_add(1);
            if tokens.is_char(at, b'.') {
                qualifiers.push(column);
                column = name(tokens, at.saturating_add(1))?;
                at = at.saturating_add(2);
            }
            columns.push(column);
            let comma = tokens.is_char(at, b',');
            let from = tokens.keyword(at) == Some(Keyword::From);
            (comma || from).then_some(())?;
            at = at.saturating_add(1);
            if from {
                break;
            }
        }
        let schema = name(tokens, at)?;
        tokens.is_char(at.saturating_add(1), b'.').then_some(())?;
        let table = name(tokens, at.saturating_add(2))?;
        at = at.saturating_add(3);
        let alias = if at < end { name(tokens, at) } else { None };
        at = at.saturating_add(usize::from(alias.is_some()));
        let called = alias.unwrap_or_else(|| table.clone());
        qualifiers.iter().all(|q| *q == called).then_some(())?;
        let condition = if at == end {
            None
        } else {
            (tokens.keyword(at)? == Keyword::Where).then_some(())?;
            Some(at.saturating_add(1)..end)
        };
        Some(Self { columns, schema, table, qualifiers: vec![called], condition })
    }

    /// The condition with its columns qualified; `None` when it holds more than comparisons of columns and constants.
    fn condition_text(&self, tokens: &Tokens<'_>, range: Range<usize>, base: &Relation, qualifier: &str) -> Option<String> {
        let mut words = vec!["(".to_owned()];
        let mut at = range.start;
        while at < range.end {
            let next = at.saturating_add(1);
            match tokens.kind(at)? {
                Kind::TypeCast => {
                    words.push("::".to_owned());
                    at = type_name(tokens, next, &mut words)?;
                    continue;
                }
                Kind::Integer | Kind::Float | Kind::String | Kind::EscapeString => words.push(tokens.raw(at).to_owned()),
                Kind::LessEquals | Kind::GreaterEquals | Kind::NotEquals => words.push(tokens.raw(at).to_owned()),
                Kind::Char(b'(' | b')' | b'[' | b']' | b',' | b'=' | b'<' | b'>' | b'-') => {
                    words.push(tokens.raw(at).to_owned());
                }
                Kind::Word | Kind::QuotedIdent => match tokens.keyword(at) {
                    Some(
                        Keyword::And
                        | Keyword::Or
                        | Keyword::Not
                        | Keyword::Is
                        | Keyword::Null
                        | Keyword::True
                        | Keyword::False
                        | Keyword::Any
                        | Keyword::Array,
                    ) => words.push(tokens.raw(at).to_owned()),
                    Some(_) | None => {
                        let mut column = name(tokens, at)?;
                        if tokens.is_char(next, b'.') {
                            self.qualifiers.contains(&column).then_some(())?;
                            at = at.saturating_add(2);
                            column = name(tokens, at)?;
                        }
                        base.columns.iter().find(|c| c.name == column)?;
                        (!tokens.is_char(at.saturating_add(1), b'(')).then_some(())?;
                        words.push(format!("{qualifier}.{}", quote_ident(&column)));
                    }
                },
                _ => return None,
            }
            at = at.saturating_add(1);
        }
        words.push(")".to_owned());
        Some(words.join(" "))
    }
}

/// The name of a type behind a cast; the token after it.
fn type_name(tokens: &Tokens<'_>, at: usize, words: &mut Vec<String>) -> Option<usize> {
    let mut at = at;
    name(tokens, at)?;
    words.push(tokens.raw(at).to_owned());
    at = at.saturating_add(1);
    if tokens.is_char(at, b'.') {
        name(tokens, at.saturating_add(1))?;
        words.push(format!(".{}", tokens.raw(at.saturating_add(1))));
        at = at.saturating_add(2);
    }
    while tokens.kind(at) == Some(Kind::Word) && TYPE_WORDS.contains(&tokens.raw(at)) {
        words.push(tokens.raw(at).to_owned());
        at = at.saturating_add(1);
    }
    Some(at)
}
