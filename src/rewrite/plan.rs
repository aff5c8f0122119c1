//! A plan: what to splice where between a statement's tokens, and what to check, once for all statements of its shape and all tenants.
//! It holds no token text and no tenant value; it does not decide anything.

use super::cleared::Told;
use super::crossing::Named;
use crate::error::{Refusal, Rule, SqlState};
use crate::policy::{Slot, TenantValue};
use crate::sql::{Kind, Token, Tokens, glued, print_token};
use std::ops::Range;

/// What is put into the text at one place, in place of the tokens `start..end` (none when equal).
#[derive(Clone, Debug)]
pub(super) struct Edit {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) pieces: Vec<Piece>,
}

/// A part of what an edit puts in.
#[derive(Clone, Debug)]
pub(super) enum Piece {
    /// Text of our own, known when the plan is made.
    Text(String),
    /// The tenant's value of a slot: a typed literal, or a hidden parameter with its type.
    Value(usize),
    /// Tokens of the statement, printed canonically.
    Tokens(Range<usize>),
}

/// What must hold of a literal or parameter for the plan to be used.
#[derive(Clone, Debug)]
pub(super) struct Check {
    pub(super) slot: usize,
    pub(super) what: Checked,
    pub(super) relation: String,
}

/// Where the checked value stands.
#[derive(Clone, Debug)]
pub(super) enum Checked {
    /// A literal at this token, with a minus sign before it or not.
    Literal { token: usize, negative: bool },
    /// The client's parameter of this number, from 1.
    Parameter(u16),
    /// The client's parameter of this number, from 1, which is a pattern: its last backslash escapes something.
    Pattern(u16),
}

/// How one statement becomes what the server runs.
#[derive(Clone, Debug, Default)]
pub(super) struct Plan {
    /// Sorted by place; they do not overlap.
    pub(super) edits: Vec<Edit>,
    pub(super) checks: Vec<Check>,
    /// What it names beside tenant columns.
    pub(super) named: Vec<Named>,
    /// The highest parameter number that the statement uses.
    pub(super) parameters: u16,
    /// The relations it names.
    pub(super) relations: Vec<String>,
    /// What was done, in words, for `explain`.
    pub(super) notes: Vec<String>,
    /// Whether it depends on the values of literals: then only the same text may use it, not the same shape.
    pub(super) literal_dependent: bool,
    /// The tokens of the literals that may be parameters.
    pub(super) free: Vec<usize>,
    /// Whether it changes rows.
    pub(super) writes: bool,
    /// Whether it may add rows, or make some larger.
    pub(super) adds: bool,
    /// Where the number of the rows is told that it changes.
    pub(super) told: Told,
    /// Whether it reads one row at most, found by a key, and computes nothing.
    pub(super) point: bool,
    /// The cursors whose row it changes.
    pub(super) cursors: Vec<String>,
    /// Whether a relation stands in it as a derived table.
    pub(super) derived: bool,
}

/// A rendered statement with holes: the tenant's values, and the literals, which are all that two statements of one shape differ in.
#[derive(Clone, Debug, Default)]
pub(super) struct Template {
    text: String,
    /// Places in the text, ascending.
    holes: Vec<(usize, Hole)>,
    /// The slots in the order of their hidden parameters.
    slots: Vec<usize>,
}

/// What goes into a hole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Hole {
    /// The tenant's value of this slot.
    Value(usize),
    /// The literal at this token.
    Literal(usize),
}

impl Plan {
    /// Splices the edits into the tokens of `range`.
    pub(super) fn render(&self, tokens: &Tokens<'_>, range: Range<usize>) -> Template {
        // Not of the whole text: it may hold very many statements, and their templates are kept.
        let last = range.end.checked_sub(1).and_then(|last| tokens.get(last));
        let length = tokens.get(range.start).zip(last).map_or(0, |(first, last)| last.end.saturating_sub(first.start));
        let room = usize::try_from(length).unwrap_or_default().saturating_add(128);
        let mut template = Template { text: String::with_capacity(room), ..Template::default() };
        self.render_range(tokens, range, &mut template);
        template
    }

    fn render_range(&self, tokens: &Tokens<'_>, range: Range<usize>, out: &mut Template) {
        let mut at = range.start;
        let first = self.edits.partition_point(|e| e.start < range.start);
        for edit in self.edits.get(first..).unwrap_or_default() {
            if edit.start > range.end || (edit.start == range.end && edit.end > edit.start) {
                break;
            }
            // What another edit has replaced is gone, with the edits inside.
            if edit.start < at {
                continue;
            }
            out.tokens(tokens, at..edit.start);
            for piece in &edit.pieces {
                match piece {
                    Piece::Text(text) => out.push(text),
                    Piece::Value(slot) => out.splice(*slot),
                    Piece::Tokens(range) => out.tokens(tokens, range.clone()),
                }
            }
            at = edit.end;
        }
        out.tokens(tokens, at..range.end);
    }

    /// The checks with the literals that this text has for them.
    pub(super) fn resolve(&self, tokens: &Tokens<'_>) -> Vec<Resolved> {
        resolve(&self.checks, tokens)
    }
}

/// Checks with the literals that a text has for them.
pub(super) fn resolve(checks: &[Check], tokens: &Tokens<'_>) -> Vec<Resolved> {
    let resolve = |check: &Check| {
        let given = match check.what {
            Checked::Parameter(n) => Given::Parameter(n),
            Checked::Pattern(n) => Given::Pattern(n),
            Checked::Literal { token, negative } => {
                let sign = if negative { "-" } else { "" };
                let number = matches!(tokens.kind(token), Some(Kind::Integer | Kind::Float));
                Given::Literal {
                    written: format!("{sign}{}", tokens.value(token)),
                    number,
                    position: tokens.get(token).map_or(0, |t| t.start),
                }
            }
        };
        Resolved { slot: check.slot, given, relation: check.relation.clone() }
    };
    checks.iter().map(resolve).collect()
}

/// A check of one text.
#[derive(Clone, Debug)]
pub(super) struct Resolved {
    slot: usize,
    given: Given,
    relation: String,
}

#[derive(Clone, Debug)]
enum Given {
    /// What is written, whether as a number, and where.
    Literal { written: String, number: bool, position: u32 },
    /// The client's parameter of this number, from 1.
    Parameter(u16),
    /// One that is a pattern.
    Pattern(u16),
}

impl Resolved {
    pub(super) fn is_parameter(&self) -> bool {
        matches!(self.given, Given::Parameter(_) | Given::Pattern(_))
    }
}

/// Compares the literals that stand for tenant columns with the tenant's own values.
pub(super) fn check_literals(checks: &[Resolved], values: &[TenantValue]) -> Result<(), Refusal> {
    for Resolved { slot, given, relation } in checks {
        match given {
            Given::Parameter(_) | Given::Pattern(_) => {}
            Given::Literal { written, number, position } => {
                // A number may be written for a text column only as a string; the server would refuse it, so do we.
                let own =
                    |v: &TenantValue| (!number || v.kind.is_number()) && v.kind.canonical(written).is_some_and(|w| v.holds(&w));
                let value = values.get(*slot);
                if !value.is_some_and(own) {
                    return Err(not_own(relation, value).at(*position));
                }
            }
        }
    }
    Ok(())
}

/// Compares the parameters that stand for tenant columns with the tenant's own values. `value(i)` is the i-th, from 0.
pub(super) fn check_parameters<'a>(
    checks: &[Resolved],
    values: &[TenantValue],
    value: impl Fn(u16) -> Option<(&'a [u8], bool)>,
) -> Result<(), Refusal> {
    for Resolved { slot, given, relation } in checks {
        match given {
            Given::Literal { written: _, number: _, position: _ } => {}
            Given::Pattern(n) => {
                let (bytes, _) = value(n.saturating_sub(1)).unwrap_or_default();
                let backslashes = bytes.iter().rev().take_while(|b| **b == b'\\').count();
                if backslashes % 2 == 1 {
                    let message = "LIKE pattern must not end with escape character";
                    return Err(Refusal::new(SqlState::INVALID_ESCAPE_SEQUENCE, Rule::Construct, message));
                }
            }
            Given::Parameter(n) => {
                let own = values.get(*slot).zip(value(n.saturating_sub(1))).is_some_and(|(own, (bytes, binary))| {
                    let text = if binary {
                        own.kind.from_binary(bytes)
                    } else {
                        std::str::from_utf8(bytes).map_or(None, |t| own.kind.canonical(t))
                    };
                    text.is_some_and(|t| own.holds(&t))
                });
                if !own {
                    return Err(not_own(relation, values.get(*slot)));
                }
            }
        }
    }
    Ok(())
}

fn not_own(relation: &str, value: Option<&TenantValue>) -> Refusal {
    if value.is_some_and(TenantValue::is_list) { foreign_node(relation) } else { foreign_value(relation) }
}

/// The refusal of a level's column that is given, or left to, another node than the user's own.
pub(super) fn foreign_node(relation: &str) -> Refusal {
    Refusal::new(
        SqlState::INSUFFICIENT_PRIVILEGE,
        Rule::TenantColumn,
        format!("the row of relation \"{relation}\" must belong to one of the user's own nodes"),
    )
    .with_hint("The user is limited to some nodes: name the column, and give one of them as a plain literal or parameter.")
    .about(relation)
}

/// The refusal of a row that would reference none, by which it is known whose it is.
pub(super) fn nobodys(relation: &str, column: &str) -> Refusal {
    Refusal::new(
        SqlState::INSUFFICIENT_PRIVILEGE,
        Rule::TenantColumn,
        format!("the row of relation \"{relation}\" must reference an own row by column \"{column}\""),
    )
    .with_hint("Without it the row would be nobody's: give the column a value that is not NULL.")
    .about(relation)
}

/// The refusal of a tenant column that is given another value than the identity's own.
pub(super) fn foreign_value(relation: &str) -> Refusal {
    Refusal::new(
        SqlState::INSUFFICIENT_PRIVILEGE,
        Rule::TenantColumn,
        format!("the tenant column of relation \"{relation}\" must hold the own tenant's value"),
    )
    .with_hint("Leave the column out: pgmoat fills it in. Or give the own tenant's value as a plain literal or parameter.")
    .about(relation)
}

impl Template {
    /// A text without any tenant value.
    pub(super) fn of(text: String) -> Self {
        Self { text, ..Self::default() }
    }

    fn push(&mut self, text: &str) {
        self.separate();
        self.text.push_str(text);
    }

    fn splice(&mut self, slot: usize) {
        self.separate();
        if !self.slots.contains(&slot) {
            self.slots.push(slot);
        }
        self.holes.push((self.text.len(), Hole::Value(slot)));
    }

    fn tokens(&mut self, tokens: &Tokens<'_>, range: Range<usize>) {
        let mut before: Option<Token> = None;
        for i in range {
            let Some(token) = tokens.get(i) else { return };
            match before {
                None => self.separate(),
                Some(before) if !glued(before, token) => self.text.push(' '),
                Some(_) => {}
            }
            if token.kind.is_literal() {
                self.holes.push((self.text.len(), Hole::Literal(i)));
            } else {
                print_token(tokens, i, &mut self.text);
            }
            before = Some(token);
        }
    }

    /// One space between what stands there and what comes, so that no two tokens can grow together.
    fn separate(&mut self) {
        let after_hole = self.holes.last().is_some_and(|(at, _)| *at == self.text.len());
        if after_hole || !(self.text.is_empty() || self.text.ends_with(' ')) {
            self.text.push(' ');
        }
    }

    /// The pieces of this statement, for another to hold it: a view's definition. Its literals are put in.
    pub(super) fn embed(&self, tokens: &Tokens<'_>) -> Vec<Piece> {
        let Self { text, holes, slots: _ } = self.with_literals(tokens);
        let mut pieces = Vec::with_capacity(holes.len().saturating_mul(2).saturating_add(1));
        let mut at = 0;
        for (place, hole) in &holes {
            let Hole::Value(slot) = hole else { continue };
            pieces.push(Piece::Text(text.get(at..*place).unwrap_or_default().trim().to_owned()));
            pieces.push(Piece::Value(*slot));
            at = *place;
        }
        pieces.push(Piece::Text(text.get(at..).unwrap_or_default().trim().to_owned()));
        pieces.retain(|p| !matches!(p, Piece::Text(t) if t.is_empty()));
        pieces
    }

    /// Bytes of the text without what goes into its holes.
    pub(super) fn len(&self) -> usize {
        self.text.len()
    }

    /// The slots in the order of the hidden parameters.
    pub(super) fn slots(&self) -> &[usize] {
        &self.slots
    }

    /// The same with the literals of this text put in: only the tenant's values are open then.
    pub(super) fn with_literals(&self, tokens: &Tokens<'_>) -> Self {
        let mut filled = Self { text: String::with_capacity(self.room()), holes: Vec::new(), slots: self.slots.clone() };
        let mut at = 0;
        for (place, hole) in &self.holes {
            filled.text.push_str(self.text.get(at..*place).unwrap_or_default());
            match hole {
                Hole::Value(_) => filled.holes.push((filled.text.len(), *hole)),
                Hole::Literal(token) => print_token(tokens, *token, &mut filled.text),
            }
            at = *place;
        }
        filled.text.push_str(self.text.get(at..).unwrap_or_default());
        filled
    }

    /// The text for the simple protocol: the values stand in it as typed literals. `tokens` is the text that the literals come from, unless
    /// they have been put in.
    pub(super) fn literal(&self, tokens: Option<&Tokens<'_>>, values: &[TenantValue]) -> String {
        self.fill(|hole, out| match hole {
            Hole::Value(slot) => {
                if let Some(value) = values.get(slot) {
                    out.push_str(&value.literal);
                }
            }
            Hole::Literal(token) => print_from(tokens, token, out),
        })
    }

    /// The text for the extended protocol: the values are parameters after the client's `parameters`.
    pub(super) fn parameterised(&self, tokens: Option<&Tokens<'_>>, parameters: u16, slots: &[Slot]) -> String {
        self.fill(|hole, out| match hole {
            Hole::Value(slot) => self.push_parameter(usize::from(parameters), slot, slots, out),
            Hole::Literal(token) => print_from(tokens, token, out),
        })
    }

    /// The tokens of the literals that are open, in order; one that stands twice comes twice.
    pub(super) fn literals(&self) -> impl Iterator<Item = usize> {
        self.holes.iter().filter_map(|(_, hole)| match hole {
            Hole::Literal(token) => Some(*token),
            Hole::Value(_) => None,
        })
    }

    /// The text in which the literals at the tokens `free` are parameters too, before the values.
    pub(super) fn promoted(&self, tokens: &Tokens<'_>, free: &[usize], slots: &[Slot]) -> String {
        self.fill(|hole, out| match hole {
            Hole::Value(slot) => self.push_parameter(free.len(), slot, slots, out),
            Hole::Literal(token) => match free.binary_search(&token) {
                Ok(index) => {
                    out.push('$');
                    out.push_str(&index.saturating_add(1).to_string());
                }
                Err(_stays) => print_token(tokens, token, out),
            },
        })
    }

    /// `$n::type` for the value of a slot.
    fn push_parameter(&self, before: usize, slot: usize, slots: &[Slot], out: &mut String) {
        let index = self.slots.iter().position(|s| *s == slot).unwrap_or(0);
        let number = before.saturating_add(index).saturating_add(1);
        let kind = slots.get(slot).map_or("pg_catalog.text", Slot::type_name);
        out.push('$');
        out.push_str(&number.to_string());
        out.push_str("::");
        out.push_str(kind);
    }

    fn room(&self) -> usize {
        self.text.len().saturating_add(self.holes.len().saturating_mul(24))
    }

    fn fill(&self, mut put: impl FnMut(Hole, &mut String)) -> String {
        let mut out = String::with_capacity(self.room());
        let mut at = 0;
        for (place, hole) in &self.holes {
            out.push_str(self.text.get(at..*place).unwrap_or_default());
            put(*hole, &mut out);
            at = *place;
        }
        out.push_str(self.text.get(at..).unwrap_or_default());
        out
    }
}

/// The literal at a token. Without its text it cannot be put in: the statement then does not parse on the server.
fn print_from(tokens: Option<&Tokens<'_>>, token: usize, out: &mut String) {
    if let Some(tokens) = tokens {
        print_token(tokens, token, out);
    }
}

#[cfg(test)]
mod tests {
    use super::Plan;
    use crate::sql::{Bounds, Tokens, split};

    #[test]
    fn a_statement_takes_no_room_for_the_others_of_its_text() {
        let text = "SELECT 1;".repeat(2000);
        let tokens = Tokens::lex(&text, &Bounds::default()).unwrap();
        let room: usize = split(&tokens).into_iter().map(|range| Plan::default().render(&tokens, range).text.capacity()).sum();
        assert!(room < 2000 * 300, "{room}");
    }
}
