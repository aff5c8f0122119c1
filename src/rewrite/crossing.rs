//! What a statement names beside a tenant column: the literals and parameters that are compared with it, so that the audit log can hear of
//! values that are not the identity's own. It refuses nothing: the answer is empty by the predicates, as if there were no such tenant.
//!
//! Seen are `=`, `<>`, IS [NOT] DISTINCT FROM, CASE, [NOT] IN and = ANY of lists, rows of such; in conditions of reads and writes, and wherever
//! else an expression stands. Not seen are ranges, what is computed (`1 + 1`), lists that are sub-selects or VALUES, and columns that are the
//! tenant's only through another table.

use super::expression::parameter_number;
use super::scope::Own;
use super::walk::Walk;
use crate::policy::TenantValue;
use crate::sql::{Kind, Tokens, index_of};
use sqlparser::ast::{Array, BinaryOperator, CaseWhen, Expr, TypedString, UnaryOperator, Value, ValueWithSpan};

/// Most values of one statement that are looked at: of a longer list the first.
const MOST: usize = 100;

/// A value that is compared with a tenant column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Named {
    slot: usize,
    what: What,
    /// Whether it is an array of such values.
    list: bool,
}

/// Where the value stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum What {
    /// A literal at this token, with a minus sign before it or not.
    Literal { token: usize, negative: bool },
    /// The client's parameter of this number, from 1.
    Parameter(u16),
}

/// One with the literal that a text has for it.
#[derive(Clone, Debug)]
pub(super) struct Written {
    slot: usize,
    given: Given,
    list: bool,
}

#[derive(Clone, Debug)]
enum Given {
    /// What is written, and whether as a number.
    Literal(Box<str>, bool),
    /// The client's parameter of this number, from 1.
    Parameter(u16),
}

/// What a statement names that is not the identity's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Crossing {
    /// A value that is not the tenant's.
    Tenant,
    /// A node that the user is not limited to, of the tenant's or not.
    Node,
}

impl Walk<'_, '_> {
    /// Notes what an expression, which has been walked, names beside a tenant column.
    pub(super) fn note_named(&mut self, expr: &Expr) {
        match expr {
            Expr::BinaryOp { left, op, right } if tells_equal(op) => self.pair(left, right),
            Expr::IsDistinctFrom(left, right) | Expr::IsNotDistinctFrom(left, right) => self.pair(left, right),
            Expr::InList { expr, list, negated: _ } => list.iter().for_each(|item| self.pair(expr, item)),
            Expr::AnyOp { left, compare_op, right, is_some: _ } | Expr::AllOp { left, compare_op, right }
                if tells_equal(compare_op) =>
            {
                if let Some(slot) = self.slot_of(left) {
                    self.name_values(slot, right, false, true);
                }
            }
            Expr::Case { case_token: _, end_token: _, operand: Some(operand), conditions, else_result: _ } => {
                conditions.iter().for_each(|CaseWhen { condition, result: _ }| self.pair(operand, condition));
            }
            // Whatever else it is, nothing is enforced here.
            other => {
                let _: &Expr = other;
            }
        }
    }

    fn pair(&mut self, left: &Expr, right: &Expr) {
        match (left, right) {
            (Expr::Nested(left), right) => self.pair(left, right),
            (left, Expr::Nested(right)) => self.pair(left, right),
            (Expr::Tuple(left), Expr::Tuple(right)) => left.iter().zip(right).for_each(|(l, r)| self.pair(l, r)),
            (left, right) => {
                for (column, value) in [(left, right), (right, left)] {
                    if let Some(slot) = self.slot_of(column) {
                        self.name_values(slot, value, false, false);
                    }
                }
            }
        }
    }

    /// The slot of the value that a column holds, or would hold if a join found a row.
    fn slot_of(&self, expr: &Expr) -> Option<usize> {
        if let Expr::Nested(inner) | Expr::Cast { kind: _, expr: inner, data_type: _, format: None } = expr {
            return self.slot_of(inner);
        }
        match self.own(expr)? {
            Own::Tenant(slot) | Own::Perhaps(slot) => Some(slot),
            Own::Key { relation: _, column: _ } | Own::Written { relation: _, column: _ } | Own::Function | Own::Row(_) => None,
        }
    }

    /// Notes the literal or parameter that an expression is, or those of an array.
    fn name_values(&mut self, slot: usize, expr: &Expr, negative: bool, list: bool) {
        let what = match expr {
            Expr::Nested(inner) | Expr::Cast { kind: _, expr: inner, data_type: _, format: None } => {
                return self.name_values(slot, inner, negative, list);
            }
            Expr::UnaryOp { op: UnaryOperator::Minus, expr } if !list => return self.name_values(slot, expr, !negative, list),
            Expr::UnaryOp { op: UnaryOperator::Plus, expr } if !list => return self.name_values(slot, expr, negative, list),
            Expr::Array(Array { elem, named: _ }) if list => {
                return elem.iter().for_each(|item| self.name_values(slot, item, false, false));
            }
            Expr::Value(value) | Expr::TypedString(TypedString { data_type: _, value, uses_odbc_syntax: false }) => {
                self.constant_at(value, negative)
            }
            other => {
                let _: &Expr = other;
                None
            }
        };
        let Some(what) = what else { return };
        let named = Named { slot, what, list };
        if self.named.len() < MOST && !self.named.contains(&named) {
            self.named.push(named);
        }
    }

    fn constant_at(&self, value: &ValueWithSpan, negative: bool) -> Option<What> {
        let ValueWithSpan { value, span } = value;
        if let Value::Placeholder(name) = value {
            return parameter_number(name).filter(|_| !negative).map(What::Parameter);
        }
        let token = index_of(*span).filter(|i| self.range.contains(i))?;
        let literal = self.tokens.kind(token).is_some_and(|k| k.is_string() || matches!(k, Kind::Integer | Kind::Float));
        literal.then_some(What::Literal { token, negative })
    }
}

/// `=`, `<>`, and the same by their full names.
fn tells_equal(op: &BinaryOperator) -> bool {
    match op {
        BinaryOperator::Eq | BinaryOperator::NotEq => true,
        BinaryOperator::PGCustomBinaryOperator(parts) => parts.last().is_some_and(|name| name == "=" || name == "<>"),
        other => {
            let _: &BinaryOperator = other;
            false
        }
    }
}

/// What is named, with the literals that a text has for it.
pub(super) fn written(named: &[Named], tokens: &Tokens<'_>) -> Box<[Written]> {
    let written = |named: &Named| {
        let given = match named.what {
            What::Parameter(number) => Given::Parameter(number),
            What::Literal { token, negative } => {
                let number = matches!(tokens.kind(token), Some(Kind::Integer | Kind::Float));
                let sign = if negative { "-" } else { "" };
                Given::Literal(format!("{sign}{}", tokens.value(token)).into(), number)
            }
        };
        Written { slot: named.slot, given, list: named.list }
    };
    named.iter().map(written).collect()
}

/// Whether something is named that is not the identity's own. `value(i)` is the client's i-th parameter, from 0.
pub(super) fn crossing<'a>(
    named: &[Written],
    values: &[TenantValue],
    value: impl Fn(u16) -> Option<(&'a [u8], bool)>,
) -> Option<Crossing> {
    let foreign = |Written { slot, given, list }: &Written| {
        let own = values.get(*slot)?;
        let crossing = if own.is_list() { Crossing::Node } else { Crossing::Tenant };
        let other = |text: &str| own.kind.canonical(text).is_some_and(|text| !own.holds(&text));
        let other_bytes = |bytes: &[u8], binary: bool| {
            let text = if binary { own.kind.from_binary(bytes) } else { std::str::from_utf8(bytes).ok().map(str::to_owned) };
            text.is_some_and(|text| other(&text))
        };
        let is_foreign = match given {
            Given::Literal(text, _) if *list => elements(text).any(|element| other(&element)),
            Given::Literal(text, number) => (!number || own.kind.is_number()) && other(text),
            Given::Parameter(n) => match value(n.saturating_sub(1)) {
                None => false,
                Some((bytes, binary)) if !list => other_bytes(bytes, binary),
                Some((bytes, true)) => binary_elements(bytes).any(|element| other_bytes(element, true)),
                Some((bytes, false)) => std::str::from_utf8(bytes).is_ok_and(|text| elements(text).any(|e| other(&e))),
            },
        };
        is_foreign.then_some(crossing)
    };
    let mut found = named.iter().filter_map(foreign);
    let first = found.next()?;
    Some(if found.any(|c| c == Crossing::Tenant) { Crossing::Tenant } else { first })
}

/// What a canonically printed argument stands for, where it is a number or a string without escapes.
pub(super) fn plain_literal(printed: &str) -> Option<String> {
    if let Some(inner) = printed.strip_prefix('\'').and_then(|p| p.strip_suffix('\'')) {
        let parts: Vec<&str> = inner.split("''").collect();
        return (!parts.iter().any(|part| part.contains('\''))).then(|| parts.join("'"));
    }
    let digits = printed.strip_prefix('-').map_or(printed, str::trim_start);
    let number = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    number.then(|| format!("{}{digits}", if digits.len() < printed.len() { "-" } else { "" }))
}

/// The elements of an array in text format (PostgreSQL manual, section 8.15.6), the first ones; nested ones are taken for one.
fn elements(text: &str) -> impl Iterator<Item = String> {
    let inner = text.trim().strip_prefix('{').and_then(|t| t.strip_suffix('}')).unwrap_or_default();
    let mut rest = inner.chars().peekable();
    let next = move || {
        rest.peek()?;
        let (mut element, mut quoted, mut plain) = (String::new(), false, true);
        while let Some(c) = rest.next() {
            match c {
                '\\' => element.extend(rest.next()),
                '"' => (quoted, plain) = (!quoted, false),
                ',' if !quoted => break,
                other => element.push(other),
            }
        }
        Some(if plain { element.trim().to_owned() } else { element })
    };
    std::iter::from_fn(next).filter(|e| !e.eq_ignore_ascii_case("null")).take(MOST)
}

/// The elements of an array in binary format (`array_send`), the first ones.
fn binary_elements(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    let number = |at: usize| bytes.get(at..at.saturating_add(4)).and_then(|b| b.try_into().ok()).map(i32::from_be_bytes);
    let dimensions = number(0).and_then(|n| usize::try_from(n).ok()).unwrap_or(0);
    let mut at = dimensions.saturating_mul(8).saturating_add(12);
    let next = move || {
        loop {
            let length = number(at)?;
            at = at.saturating_add(4);
            // A NULL.
            let Ok(length) = usize::try_from(length) else { continue };
            let element = bytes.get(at..at.saturating_add(length))?;
            at = at.saturating_add(length);
            return Some(element);
        }
    };
    std::iter::from_fn(next).take(MOST)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::TenantType;

    #[test]
    fn arguments_that_are_literals_are_read() {
        for (printed, read) in
            [("2", Some("2")), ("- 2", Some("-2")), ("-2", Some("-2")), ("'a''b'", Some("a'b")), ("''", Some(""))]
        {
            assert_eq!(plain_literal(printed).as_deref(), read, "{printed}");
        }
        for printed in ["", "-", "1 + 1", "'a' || 'b'", "E'a'", "'", "now()"] {
            assert_eq!(plain_literal(printed), None, "{printed}");
        }
    }

    #[test]
    fn arrays_are_read_in_both_formats() {
        let read = |text: &str| elements(text).collect::<Vec<_>>();
        assert_eq!(read(r#"{1, 2 ,NULL,"a,\"b"}"#), ["1", "2", "a,\"b"]);
        assert_eq!(read("{}"), [] as [&str; 0]);
        assert_eq!(read("no array"), [] as [&str; 0]);
        let list = TenantType::Int8.list(&["11".to_owned(), "12".to_owned()]).unwrap();
        let read: Vec<_> = binary_elements(&list.binary).map(|e| TenantType::Int8.from_binary(e).unwrap()).collect();
        assert_eq!(read, ["11", "12"]);
        for cut in 0..list.binary.len() {
            let torn = list.binary.get(..cut).unwrap_or_default();
            assert!(binary_elements(torn).count() < 2);
        }
        // Lengths that lie.
        assert_eq!(binary_elements(&[0xff; 40]).count(), 0);
    }
}
