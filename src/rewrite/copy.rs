//! COPY: a relation or a query that goes out is filtered like any query; data that comes in is decoded and stamped on its way (`copy`).
//! It does not see the data: the session does.

use super::cleared::Command;
use super::command::{Kindred, Reader, sort};
use super::plan::{Edit, Piece, Plan, foreign_node};
use super::statement::{Planner, Step};
use super::walk::{Ground, Walk, quoted};
use crate::catalog::{Relation, RelationKind};
use crate::copy::{Argument, Format, Options, Target};
use crate::error::{Refusal, Rule, SqlState};
use crate::sql::{Keyword, Kind, Tokens, quote_ident};
use sqlparser::ast::{Ident, ObjectName};
use sqlparser::tokenizer::{Location, Span};
use std::ops::Range;
use std::sync::Arc;

/// A COPY as it is written.
pub(super) struct Copy {
    subject: Subject,
    /// Data comes in.
    from: bool,
    options: Options,
}

enum Subject {
    /// A relation, by the tokens of its name, and the columns that are named.
    Relation { name: Vec<usize>, columns: Option<Vec<usize>> },
    /// A query.
    Query(Range<usize>),
}

impl Reader<'_> {
    /// `COPY [BINARY] relation [(columns)] {FROM STDIN | TO STDOUT} ..`, `COPY (query) TO STDOUT ..`
    pub(super) fn copy(&mut self) -> Result<Kindred, Refusal> {
        let mut list = Vec::new();
        let subject = if self.tokens.is_char(self.at, b'(') {
            let close = self.tokens.closing(self.at).filter(|c| *c < self.end).ok_or_else(|| self.error())?;
            let inner = self.at.saturating_add(1)..close;
            self.at = close.saturating_add(1);
            Subject::Query(inner)
        } else {
            if self.skip(Keyword::Binary) {
                list.push(("format".to_owned(), Argument::Text("binary".to_owned())));
            }
            let mut name = vec![self.at];
            self.name()?;
            while self.skip_char(b'.') {
                name.push(self.label()?);
            }
            let columns = if self.tokens.is_char(self.at, b'(') { Some(self.labels()?) } else { None };
            Subject::Relation { name, columns }
        };
        let query = matches!(subject, Subject::Query(_));
        let from = !query && self.skip(Keyword::From);
        if !from {
            self.expect(Keyword::To)?;
        }
        self.endpoint(from)?;
        if !query {
            let using = self.skip(Keyword::Using);
            if self.skip(Keyword::Delimiters) {
                list.push(("delimiter".to_owned(), Argument::Text(self.string()?)));
            } else if using {
                return Err(self.error());
            }
        }
        self.skip(Keyword::With);
        if self.tokens.is_char(self.at, b'(') {
            self.options(&mut list)?;
        } else {
            self.old_options(&mut list)?;
        }
        if from && self.peek() == Some(Keyword::Where) {
            let message = "COPY FROM with WHERE is not supported through pgmoat";
            return Err(Refusal::new(SqlState::FEATURE_NOT_SUPPORTED, Rule::Construct, message)
                .with_hint("Leave out the rows that are not to be copied, or delete them afterwards."));
        }
        if !self.at_end() {
            return Err(self.error());
        }
        Ok(Kindred::Copy(Copy { subject, from, options: Options::read(list, from)? }))
    }

    /// Where the data comes from or goes to: nothing but the client.
    fn endpoint(&mut self, from: bool) -> Result<(), Refusal> {
        // As in PostgreSQL, either word means the client, whatever the direction.
        if self.skip(Keyword::Stdin) || self.skip(Keyword::Stdout) {
            return Ok(());
        }
        let what = if self.skip(Keyword::Program) { "programs" } else { "files of the server" };
        self.string()?;
        let message = format!("COPY {} {what} is not allowed to tenants", if from { "from" } else { "to" });
        let client = if from { "FROM STDIN" } else { "TO STDOUT" };
        Err(Refusal::new(SqlState::INSUFFICIENT_PRIVILEGE, Rule::Statement, message)
            .with_hint(format!("Use COPY ... {client}, or \\copy in psql.")))
    }

    fn string(&mut self) -> Result<String, Refusal> {
        let is_string = matches!(
            self.tokens.kind(self.at),
            Some(Kind::String | Kind::EscapeString | Kind::DollarString | Kind::UnicodeString)
        );
        if self.at_end() || !is_string {
            return Err(self.error());
        }
        let value = self.tokens.value(self.at).into_owned();
        self.at = self.at.saturating_add(1);
        Ok(value)
    }

    /// Any word as a name: the token.
    fn label(&mut self) -> Result<usize, Refusal> {
        let at = self.at;
        if self.at_end() || !matches!(self.tokens.kind(at), Some(Kind::Word | Kind::QuotedIdent | Kind::UnicodeIdent)) {
            return Err(self.error());
        }
        self.at = at.saturating_add(1);
        Ok(at)
    }

    /// `(a, b)`.
    fn labels(&mut self) -> Result<Vec<usize>, Refusal> {
        if !self.skip_char(b'(') {
            return Err(self.error());
        }
        let list = self.bare_labels()?;
        if self.skip_char(b')') { Ok(list) } else { Err(self.error()) }
    }

    fn bare_labels(&mut self) -> Result<Vec<usize>, Refusal> {
        let mut list = vec![self.label()?];
        while self.skip_char(b',') {
            list.push(self.label()?);
        }
        Ok(list)
    }

    fn texts(&self, tokens: &[usize]) -> Vec<String> {
        tokens.iter().map(|t| self.tokens.value(*t).into_owned()).collect()
    }

    /// `(name [argument], ..)`.
    fn options(&mut self, list: &mut Vec<(String, Argument)>) -> Result<(), Refusal> {
        self.skip_char(b'(');
        loop {
            let name = self.label()?;
            let name = self.tokens.value(name).into_owned();
            let argument = if self.skip_char(b'*') {
                Argument::Star
            } else if self.tokens.is_char(self.at, b'(') {
                let labels = self.labels()?;
                Argument::List(self.texts(&labels))
            } else if self.tokens.is_char(self.at, b',') || self.tokens.is_char(self.at, b')') {
                Argument::None
            } else {
                Argument::Text(self.word_or_literal()?)
            };
            list.push((name, argument));
            if self.skip_char(b')') {
                return Ok(());
            }
            if !self.skip_char(b',') {
                return Err(self.error());
            }
        }
    }

    fn word_or_literal(&mut self) -> Result<String, Refusal> {
        let minus = self.skip_char(b'-');
        let signed = minus || self.skip_char(b'+');
        let number = matches!(self.tokens.kind(self.at), Some(Kind::Integer | Kind::Float));
        let word = matches!(self.tokens.kind(self.at), Some(Kind::Word | Kind::QuotedIdent | Kind::UnicodeIdent));
        if !number && !word && !signed {
            return self.string();
        }
        if self.at_end() || (signed && !number) {
            return Err(self.error());
        }
        let value = format!("{}{}", if minus { "-" } else { "" }, self.tokens.value(self.at));
        self.at = self.at.saturating_add(1);
        Ok(value)
    }

    /// The options as before PostgreSQL 9.0.
    fn old_options(&mut self, list: &mut Vec<(String, Argument)>) -> Result<(), Refusal> {
        while let Some(word) = self.peek() {
            let begin = self.at;
            self.at = self.at.saturating_add(1);
            let (name, argument) = match word {
                Keyword::Binary => ("format", Argument::Text("binary".to_owned())),
                Keyword::Csv => ("format", Argument::Text("csv".to_owned())),
                Keyword::Header => ("header", Argument::None),
                Keyword::Freeze => ("freeze", Argument::None),
                Keyword::Delimiter | Keyword::Null | Keyword::Quote | Keyword::Escape | Keyword::Encoding => {
                    if word != Keyword::Encoding {
                        self.skip(Keyword::As);
                    }
                    (word.as_str(), Argument::Text(self.string()?))
                }
                Keyword::Force => self.force()?,
                _other => {
                    self.at = begin;
                    return Ok(());
                }
            };
            list.push((name.to_owned(), argument));
        }
        Ok(())
    }

    fn force(&mut self) -> Result<(&'static str, Argument), Refusal> {
        let name = if self.skip(Keyword::Quote) {
            if self.skip_char(b'*') {
                return Ok(("force_quote", Argument::Star));
            }
            "force_quote"
        } else if self.skip(Keyword::Not) {
            self.expect(Keyword::Null)?;
            "force_not_null"
        } else {
            self.expect(Keyword::Null)?;
            "force_null"
        };
        let labels = self.bare_labels()?;
        Ok((name, Argument::List(self.texts(&labels))))
    }
}

impl Planner<'_> {
    /// Plans a COPY.
    pub(super) fn copy(self, tokens: &Tokens<'_>, range: Range<usize>, copy: Copy) -> Result<Step, Refusal> {
        let Copy { subject, from, options } = copy;
        match subject {
            Subject::Query(inner) => self.copy_query(tokens, range, inner, &options),
            Subject::Relation { name, columns } if from => self.copy_in(tokens, range, &name, columns.as_deref(), options),
            Subject::Relation { name, columns } => self.copy_out(tokens, range, &name, columns.as_deref(), &options),
        }
    }

    fn copy_query(
        self,
        tokens: &Tokens<'_>,
        range: Range<usize>,
        inner: Range<usize>,
        options: &Options,
    ) -> Result<Step, Refusal> {
        if !matches!(sort(tokens, inner.clone())?, Kindred::Rows) {
            return Err(Refusal::new(SqlState::SYNTAX_ERROR, Rule::Syntax, "only statements that return rows can be copied"));
        }
        let mut plan = self.rows(&[], tokens, inner.clone())?;
        if plan.parameters > 0 {
            return Err(Refusal::new(SqlState::UNDEFINED_PARAMETER, Rule::Syntax, "there is no parameter $1"));
        }
        plan.edits.insert(0, Edit { start: range.start, end: inner.start, pieces: vec![Piece::Text("COPY (".to_owned())] });
        let after = vec![Piece::Text(format!(") TO STDOUT{}", options.outgoing()))];
        plan.edits.push(Edit { start: inner.end, end: range.end, pieces: after });
        plan.literal_dependent = true;
        Ok(Step::of(plan.render(tokens, range), Command::CopyOut, plan))
    }

    /// A relation's own rows, those of its children left out, as PostgreSQL copies them: what goes out is a query, rewritten like any other.
    fn copy_out(
        self,
        tokens: &Tokens<'_>,
        range: Range<usize>,
        name: &[usize],
        columns: Option<&[usize]>,
        options: &Options,
    ) -> Result<Step, Refusal> {
        let mut walk = Walk::new(self.ground(&[]), tokens, range.clone());
        let object = object_name(tokens, name);
        let (schema, relation_name, place) = walk.relation_name(&object)?;
        let (relation, _) = walk.relation(schema, relation_name, place.start)?;
        readable(relation)?;
        let listed = listed(walk.ground, relation, tokens, columns)?;
        forced(walk.ground, "FORCE_QUOTE", options.force_quote(), relation, &listed)?;
        let listed: Vec<String> = listed.iter().map(|c| quote_ident(c)).collect();
        let query = format!("SELECT {} FROM ONLY {}", listed.join(", "), quoted(relation));
        let inner = Tokens::lex(&query, self.bounds)?;
        let filtered = self.rows(&[], &inner, 0..inner.len())?;
        let mut pieces = vec![Piece::Text("COPY (".to_owned())];
        pieces.extend(filtered.render(&inner, 0..inner.len()).embed(&inner));
        pieces.push(Piece::Text(format!(") TO STDOUT{}", options.outgoing())));
        let edits = vec![Edit { start: range.start, end: range.end, pieces }];
        let plan = Plan { edits, literal_dependent: true, ..filtered };
        Ok(Step::of(plan.render(tokens, range), Command::CopyOut, plan))
    }

    fn copy_in(
        self,
        tokens: &Tokens<'_>,
        range: Range<usize>,
        name: &[usize],
        columns: Option<&[usize]>,
        options: Options,
    ) -> Result<Step, Refusal> {
        let mut walk = Walk::new(self.ground(&[]), tokens, range.clone());
        let target = walk.writable(&object_name(tokens, name), None, "COPY FROM")?;
        let relation = target.relation;
        let columns = listed(walk.ground, relation, tokens, columns)?;
        walk.guard_none(&columns, &target)?;
        let place = |(column, slot): &(String, usize)| Some((columns.iter().position(|c| c == column)?, *slot));
        let nodes = target.filter.nodes.iter().map(place).collect::<Option<Vec<_>>>();
        // As for INSERT: none is filled in.
        let nodes = nodes.ok_or_else(|| foreign_node(&relation.name))?;
        forced(walk.ground, "FORCE_NOT_NULL", &options.force_not_null, relation, &columns)?;
        forced(walk.ground, "FORCE_NULL", &options.force_null, relation, &columns)?;
        let tenant = columns.iter().position(|c| *c == target.column);
        let added = tenant.is_none().then_some(&target.column);
        let sent: Vec<String> = added.into_iter().chain(&columns).map(|c| quote_ident(c)).collect();
        let format = if options.format == Format::Binary { "binary" } else { "text" };
        let text = format!("COPY {} ({}) FROM STDIN WITH (FORMAT {format})", quoted(relation), sent.join(", "));
        // What the target's name was replaced by stands in the text already.
        walk.edits.clear();
        walk.replace(range.clone(), vec![Piece::Text(text)]);
        walk.notes.push(format!("{}: tenant column stamped", relation.name));
        let command = Command::CopyIn(Arc::new(Target {
            relation: relation.name.clone(),
            columns,
            tenant,
            slot: target.slot,
            nodes,
            options,
        }));
        let plan = Plan { literal_dependent: true, ..walk.finish()? };
        Ok(Step::of(plan.render(tokens, range), command, plan))
    }
}

/// The name as the parser would give it, each part with its token.
fn object_name(tokens: &Tokens<'_>, parts: &[usize]) -> ObjectName {
    let part = |token: &usize| {
        let place = Location::new(1, u64::try_from(*token).unwrap_or(u64::MAX));
        let quoted = !matches!(tokens.kind(*token), Some(Kind::Word));
        Ident { value: tokens.value(*token).into_owned(), quote_style: quoted.then_some('"'), span: Span::new(place, place) }
    };
    ObjectName::from(parts.iter().map(part).collect::<Vec<_>>())
}

/// Only tables can be copied out of.
fn readable(relation: &Relation) -> Result<(), Refusal> {
    let kind = match relation.kind {
        RelationKind::Table => return Ok(()),
        RelationKind::Partitioned => "partitioned table",
        RelationKind::View => "view",
        RelationKind::MaterializedView => "materialized view",
        RelationKind::Foreign => "foreign table",
        RelationKind::Sequence => "sequence",
        RelationKind::Composite => "non-table relation",
    };
    let message = format!("cannot copy from {kind} \"{}\"", relation.name);
    Err(Refusal::new(SqlState::WRONG_OBJECT_TYPE, Rule::Relation, message)
        .with_hint("Try the COPY (SELECT ...) TO variant.")
        .about(relation.qualified()))
}

/// The columns to copy: those named, or all but the generated ones.
fn listed<'a>(
    ground: Ground<'a>,
    relation: &'a Relation,
    tokens: &Tokens<'_>,
    columns: Option<&[usize]>,
) -> Result<Vec<String>, Refusal> {
    let Some(columns) = columns else {
        return Ok(ground.columns(relation).filter(|c| !c.generated).map(|c| c.name.clone()).collect());
    };
    let mut names: Vec<String> = Vec::with_capacity(columns.len());
    for token in columns {
        let name = tokens.value(*token).into_owned();
        let column = ground.columns(relation).find(|c| c.name == name).ok_or_else(|| no_column(&name, relation))?;
        if column.generated {
            let message = format!("column \"{name}\" is a generated column");
            return Err(Refusal::new(SqlState::INVALID_COLUMN_REFERENCE, Rule::Syntax, message));
        }
        if names.contains(&name) {
            let message = format!("column \"{name}\" specified more than once");
            return Err(Refusal::new(SqlState::DUPLICATE_COLUMN, Rule::Syntax, message));
        }
        names.push(name);
    }
    Ok(names)
}

/// The columns of an option must be columns that are copied.
fn forced(ground: Ground<'_>, option: &str, names: &[String], relation: &Relation, columns: &[String]) -> Result<(), Refusal> {
    for name in names {
        ground.columns(relation).find(|c| c.name == *name).ok_or_else(|| no_column(name, relation))?;
        if !columns.contains(name) {
            let message = format!("{option} column \"{name}\" not referenced by COPY");
            return Err(Refusal::new(SqlState::INVALID_COLUMN_REFERENCE, Rule::Syntax, message));
        }
    }
    Ok(())
}

fn no_column(name: &str, relation: &Relation) -> Refusal {
    let message = format!("column \"{name}\" of relation \"{}\" does not exist", relation.name);
    Refusal::new(SqlState::UNDEFINED_COLUMN, Rule::Syntax, message)
}
