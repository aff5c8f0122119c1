//! Which literals of a statement may become parameters of a prepared statement that all who send its shape share, and with which types.
//! It does not prepare anything: a session decides whether to, and a server connection knows what it has.
//!
//! A literal qualifies where nothing but the moment of its reading changes: compared with a column in a condition, assigned to a column,
//! added to one, or a cell of VALUES. There a number of a plain spelling has the type that PostgreSQL's grammar gives it (`make_const`),
//! and a string, being of no type yet, takes the type of its place exactly as a parameter of no declared type does (manual, section 10.2;
//! `parse_param.c`). It does not qualify where the planner or the parser looks at its value or at its text: select lists and GROUP BY
//! (equal expressions must stay equal), LIMIT (the row goal), LIKE patterns, casts, arguments of functions. Those stay in the text.

use super::change::Target;
use super::cleared::{Key, Promotion};
use super::plan::Template;
use super::safety::is_comparison;
use super::scope::Meaning;
use super::walk::Walk;
use crate::catalog::Column;
use crate::policy::Slot;
use crate::policy::allowed::Family;
use crate::sql::{Kind, Tokens};
use sqlparser::ast::{BinaryOperator, Expr, UnaryOperator, Value, ValueWithSpan};
use std::sync::{Arc, Mutex};

/// Most literals that become parameters of one statement.
const LITERALS_LIMIT: usize = 32;
/// Longest IN list whose literals become parameters: lists vary in length, and every length is a statement of its own.
const LIST_LIMIT: usize = 8;

const INT8: u32 = 20;
const INT4: u32 = 23;
const NUMERIC: u32 = 1700;
/// The type is left to the place.
const OPEN: u32 = 0;

impl Walk<'_, '_> {
    /// Notes the literals of a condition that may be parameters.
    pub(super) fn free_condition(&mut self, condition: &Expr) {
        match condition {
            Expr::Nested(inner) | Expr::UnaryOp { op: UnaryOperator::Not, expr: inner } => self.free_condition(inner),
            Expr::BinaryOp { left, op: BinaryOperator::And | BinaryOperator::Or, right } => {
                self.free_condition(left);
                self.free_condition(right);
            }
            Expr::BinaryOp { left, op, right } if is_comparison(op) => {
                if self.is_column(left) {
                    self.free_compared(left, right);
                } else if self.is_column(right) {
                    self.free_compared(right, left);
                }
            }
            Expr::Between { expr, negated: _, low, high } if self.is_column(expr) => {
                self.free_compared(expr, low);
                self.free_compared(expr, high);
            }
            Expr::InList { expr, list, negated: _ } if list.len() <= LIST_LIMIT && self.is_column(expr) => {
                list.iter().for_each(|item| self.free_compared(expr, item));
            }
            // Not known to make no difference: its literals stay in the text.
            other => {
                let _: &Expr = other;
            }
        }
    }

    /// Notes the literals of a value that a column is given. Of an interval the fields that a column keeps tell what a literal's number means
    /// (`coerce_type`), and nothing tells of a parameter's.
    pub(super) fn free_value(&mut self, value: &Expr, column: &str, target: &Target<'_>) {
        let interval = |column: &Column| column.base_type == "interval" && column.formatted_type != "interval";
        if target.relation.column(column).is_none_or(interval) {
            return;
        }
        match value {
            Expr::BinaryOp { left, op: BinaryOperator::Plus | BinaryOperator::Minus, right } => {
                if self.is_column(left) {
                    self.free_number(right);
                } else if self.is_column(right) {
                    self.free_number(left);
                }
            }
            other => self.free_literal(other),
        }
    }

    /// Notes a literal that a column is compared with. A number that is no int4 may not fit into the column's type, which PostgreSQL says
    /// when it reads a literal, whatever rows there are; of a parameter, for each row that it sees.
    fn free_compared(&mut self, column: &Expr, literal: &Expr) {
        let fits = matches!(self.family(column), Some(Family::Int | Family::Numeric));
        let small = |expr: &Expr| match expr {
            Expr::Value(ValueWithSpan { value: Value::Number(_, false), span }) => {
                usize::try_from(span.start.column).is_ok_and(|t| self.tokens.kind(t) == Some(Kind::Integer))
            }
            // A string takes the column's type where it is read.
            _string => true,
        };
        let small = match literal {
            Expr::UnaryOp { op: _, expr } => small(expr),
            other => small(other),
        };
        if fits || small {
            self.free_literal(literal);
        }
    }

    fn is_column(&self, expr: &Expr) -> bool {
        matches!(self.meaning(expr), Some(Meaning::Column { level: _, entry: _, family: _, own: _ }))
    }

    /// A number, its sign before it or not. The sign of the lowest integer makes another type of it: that is seen by its size.
    fn free_number(&mut self, expr: &Expr) {
        let inner = match expr {
            Expr::UnaryOp { op: UnaryOperator::Minus, expr } => expr,
            other => other,
        };
        if matches!(inner, Expr::Value(ValueWithSpan { value: Value::Number(_, false), span: _ })) {
            self.free_literal(expr);
        }
    }

    fn free_literal(&mut self, expr: &Expr) {
        match expr {
            Expr::Value(ValueWithSpan { value: _, span }) => {
                let token = usize::try_from(span.start.column).ok().filter(|i| span.start.line == 1 && self.range.contains(i));
                if let Some(token) = token.filter(|t| self.tokens.kind(*t).is_some_and(may_be_free)) {
                    self.free.push(token);
                }
            }
            // `- 5` is read as one constant; so it is when 5 is a parameter, but for the type of a number that only just does not fit.
            Expr::UnaryOp { op: UnaryOperator::Minus, expr } => {
                if let Expr::Value(ValueWithSpan { value: Value::Number(_, false), span }) = expr.as_ref() {
                    let token = usize::try_from(span.start.column).ok();
                    if token.is_some_and(|t| self.tokens.kind(t) == Some(Kind::Integer)) {
                        self.free_literal(expr);
                    }
                }
            }
            // Anything else is no literal.
            other => {
                let _: &Expr = other;
            }
        }
    }
}

fn may_be_free(kind: Kind) -> bool {
    matches!(kind, Kind::Integer | Kind::Float | Kind::String | Kind::EscapeString | Kind::DollarString | Kind::UnicodeString)
}

/// The words by which a literal means the moment at which it is read (manual, section 8.5.1.4). A statement that is prepared reads its
/// literals once.
const MOMENTS: [&str; 4] = ["now", "today", "tomorrow", "yesterday"];

/// Whether a literal has one of these words, whatever type it may be of.
pub(super) fn is_fleeting(tokens: &Tokens<'_>, token: usize) -> bool {
    let moment = |text: &str| {
        text.split(|c: char| !c.is_ascii_alphabetic()).any(|word| MOMENTS.iter().any(|m| word.eq_ignore_ascii_case(m)))
    };
    match tokens.kind(token) {
        // What it comes to: one that goes on behind a line's end is one.
        Some(kind) if kind.is_string() => moment(&tokens.value(token)),
        Some(_) | None => false,
    }
}

/// The type of a literal as a parameter; `None` for a number that is not spelled plainly, which not all servers read alike.
fn type_of(tokens: &Tokens<'_>, token: usize) -> Option<u32> {
    let raw = tokens.raw(token);
    let digits = || raw.bytes().all(|b| b.is_ascii_digit());
    match tokens.kind(token)? {
        Kind::Integer => digits().then_some(INT4),
        Kind::Float if digits() => Some(if raw.parse::<i64>().is_ok() { INT8 } else { NUMERIC }),
        Kind::Float => raw.bytes().all(|b| b.is_ascii_digit() || b == b'.').then_some(NUMERIC),
        Kind::String | Kind::EscapeString | Kind::DollarString | Kind::UnicodeString => Some(OPEN),
        Kind::Word
        | Kind::QuotedIdent
        | Kind::UnicodeIdent
        | Kind::Param
        | Kind::NationalString
        | Kind::BitString
        | Kind::HexString
        | Kind::Operator
        | Kind::TypeCast
        | Kind::DotDot
        | Kind::ColonEquals
        | Kind::EqualsGreater
        | Kind::LessEquals
        | Kind::GreaterEquals
        | Kind::NotEquals
        | Kind::Char(_) => None,
    }
}

/// The literals of a shape that may be parameters.
#[derive(Debug)]
pub(super) struct Free {
    /// Their tokens, ascending, each once.
    tokens: Box<[usize]>,
    /// The tokens of the literals that stay in the text.
    rest: Box<[usize]>,
    /// Whether the statement changes rows.
    writes: bool,
    /// The statement that was made last: texts of one shape seldom differ in what stays (a LIMIT, a list's length).
    last: Mutex<Option<Made>>,
}

/// A statement, and the literals that stand in it.
#[derive(Debug)]
struct Made {
    rest: Vec<Box<str>>,
    key: Arc<Key>,
}

impl Free {
    /// The literals at these tokens; `None` when they are too many, or one of them does not stand in the text: a server cannot tell the
    /// type of a parameter that it does not see.
    pub(super) fn of(mut tokens: Vec<usize>, template: &Template, writes: bool) -> Option<Self> {
        tokens.sort_unstable();
        tokens.dedup();
        let stands = |token: &usize| template.literals().any(|t| t == *token);
        if tokens.len() > LITERALS_LIMIT || !tokens.iter().all(stands) {
            return None;
        }
        let rest = template.literals().filter(|t| tokens.binary_search(t).is_err()).collect();
        Some(Self { tokens: tokens.into(), rest, writes, last: Mutex::new(None) })
    }

    /// The prepared statement and the values for one text; `None` where a literal has no plain type, or one that stays in the
    /// text means the moment.
    pub(super) fn promote(&self, template: &Template, tokens: &Tokens<'_>, slots: &[Slot]) -> Option<Promotion> {
        let mut values = String::new();
        let mut ends = Vec::with_capacity(self.tokens.len());
        for token in &self.tokens {
            type_of(tokens, *token)?;
            values.push_str(&tokens.value(*token));
            ends.push(values.len());
        }
        let key = self.kept(tokens).or_else(|| self.make(template, tokens, slots))?;
        Some(Promotion { key, values, ends, writes: self.writes })
    }

    /// The statement that was made last, if it is this text's too.
    fn kept(&self, tokens: &Tokens<'_>) -> Option<Arc<Key>> {
        // Nobody waits here: whoever finds it taken makes the statement anew.
        let Ok(last) = self.last.try_lock() else { return None };
        let Made { rest, key } = last.as_ref()?;
        let types = self.tokens.iter().map(|t| type_of(tokens, *t));
        let same = types.eq(key.types.iter().take(self.tokens.len()).map(|oid| Some(*oid)))
            && self.rest.iter().map(|t| tokens.raw(*t)).eq(rest.iter().map(|r| &**r));
        same.then(|| Arc::clone(key))
    }

    fn make(&self, template: &Template, tokens: &Tokens<'_>, slots: &[Slot]) -> Option<Arc<Key>> {
        if self.rest.iter().any(|token| is_fleeting(tokens, *token)) {
            return None;
        }
        let own = self.tokens.iter().map(|t| type_of(tokens, *t));
        let hidden = template.slots().iter().map(|s| slots.get(*s).map(Slot::type_oid));
        let types: Box<[u32]> = own.chain(hidden).collect::<Option<_>>()?;
        let key = Arc::new(Key::new(template.promoted(tokens, &self.tokens, slots).into(), types));
        if let Ok(mut last) = self.last.try_lock() {
            let rest = self.rest.iter().map(|t| tokens.raw(*t).into()).collect();
            *last = Some(Made { rest, key: Arc::clone(&key) });
        }
        Some(key)
    }
}
