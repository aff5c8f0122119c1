//! Which operators may raise an error when a statement is planned: their selectivity is estimated by more than comparisons, on statistics of all
//! tenants' values, and PostgreSQL looks through `OFFSET 0` for those. It does not judge what they do on rows: `safety` does.
//!
//! For a range, distances to the bounds in the histogram are computed, and one between two numerics may not fit (`rangesel`,
//! `multirangesel`). A jsonpath is evaluated on the values themselves (`matchingsel`), and comparing moments with and without a zone is an
//! error even where errors are kept quiet.

use super::safety::{function_name, type_name};
use super::walk::Walk;
use crate::policy::allowed::{Element, Family, family_of};
use sqlparser::ast::{Array, BinaryOperator, Expr};

/// Operators that yield no truth value, that are compared for equality only, or whose estimates match texts against a pattern.
const QUIET: [&str; 31] = [
    "=", "<>", "!=", "+", "-", "*", "/", "%", "^", "|", "&", "#", "||", "->", "->>", "#>", "#>>", "#-", "~", "~*", "!~", "!~*",
    "~~", "~~*", "!~~", "!~~*", "^@", "AND", "OR", "OVERLAPS", "<->",
];

impl Walk<'_, '_> {
    /// Notes an operator whose estimate may raise an error.
    pub(super) fn estimate(&mut self, op: &BinaryOperator, left: &Expr, right: &Expr) {
        let name = written(op);
        self.estimated |= match kind(&name) {
            Kind::Quiet => false,
            Kind::Order => self.may_be_range(left) || self.may_be_range(right),
            Kind::Other => !self.settles(&name, left) && !self.settles(&name, right),
        };
    }

    /// Notes one that is used with each element of an array: the elements say for which types it is, not that they stand in an array.
    pub(super) fn estimate_each(&mut self, op: &BinaryOperator, left: &Expr, array: &Expr) {
        match array {
            Expr::Nested(inner) => return self.estimate_each(op, left, inner),
            Expr::Array(Array { elem, named: _ }) => return elem.iter().for_each(|e| self.estimate_each(op, left, e)),
            _list_or_element => {}
        }
        let name = written(op);
        match (self.family(array), kind(&name)) {
            (_, Kind::Quiet) => {}
            (Some(Family::ArrayOf(Element::Int | Element::Text)), Kind::Order) => self.estimated |= self.may_be_range(left),
            (Some(Family::ArrayOf(Element::Int | Element::Text)), Kind::Other) => {
                self.estimated |= !self.settles(&name, left) && ["@>", "<@"].contains(&name.as_str());
            }
            (_, Kind::Order) => self.estimated |= self.may_be_range(left) || self.may_be_range(array),
            (Some(Family::ArrayOf(Element::Other(_))) | None, Kind::Other) => self.estimated |= !self.settles(&name, left),
            (Some(_scalar), Kind::Other) => self.estimate(op, left, array),
        }
    }

    /// Whether one side says that the operator is for types whose estimates raise no errors. Of an element `<@` a range it does not.
    fn settles(&self, name: &str, side: &Expr) -> bool {
        match self.family(side) {
            Some(Family::ArrayOf(_)) => true,
            Some(Family::Jsonb) => !["@@", "@?"].contains(&name),
            Some(Family::Constant) | None => matches!(side, Expr::Array(_)),
            Some(_scalar) => !["@>", "<@"].contains(&name),
        }
    }

    /// Whether this may be a range that statistics are kept of: a column, or what an index may be on.
    fn may_be_range(&self, expr: &Expr) -> bool {
        match expr {
            Expr::Nested(e) => self.may_be_range(e),
            Expr::Tuple(items) => items.iter().any(|e| self.may_be_range(e)),
            Expr::Identifier(_) | Expr::CompoundIdentifier(_) => self.family(expr).is_none(),
            Expr::Cast { kind: _, expr: _, data_type, format: _ } => {
                type_name(data_type).is_none_or(|name| family_of(name).is_none())
            }
            Expr::Function(function) => function_name(function).is_none_or(|name| name.contains("range")),
            _literal_or_computed => false,
        }
    }
}

/// What an operator's estimate looks at.
enum Kind {
    /// Nothing that raises an error.
    Quiet,
    /// How values are ordered: of ranges by their bounds.
    Order,
    /// What is for some types a containment or a path.
    Other,
}

fn kind(name: &str) -> Kind {
    match name {
        "<" | "<=" | ">" | ">=" => Kind::Order,
        quiet if QUIET.contains(&quiet) => Kind::Quiet,
        _other => Kind::Other,
    }
}

/// The operator without its schema.
fn written(op: &BinaryOperator) -> String {
    match op {
        BinaryOperator::PGCustomBinaryOperator(parts) => parts.last().cloned().unwrap_or_default(),
        plain => plain.to_string(),
    }
}
