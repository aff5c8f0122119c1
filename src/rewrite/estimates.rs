//! Which operators may raise an error when a statement is planned: their selectivity is estimated by more than comparisons, on statistics of all
//! tenants' values, and PostgreSQL looks through `OFFSET 0` for those. It does not judge what they do on rows: `safety` does.
//!
//! For a range, distances to the bounds in the histogram are computed, and one between two numerics may not fit (`rangesel`,
//! `multirangesel`). A jsonpath is evaluated on the values themselves (`matchingsel`), and comparing moments with and without a zone is an
//! error even where errors are kept quiet.

use super::safety::{function_name, type_name};
use super::walk::Walk;
use crate::policy::allowed::{Family, family_of};
use sqlparser::ast::{BinaryOperator, Expr};

/// Operators that yield no truth value, that are compared for equality only, or whose estimates match texts against a pattern.
const QUIET: [&str; 31] = [
    "=", "<>", "!=", "+", "-", "*", "/", "%", "^", "|", "&", "#", "||", "->", "->>", "#>", "#>>", "#-", "~", "~*", "!~", "!~*",
    "~~", "~~*", "!~~", "!~~*", "^@", "AND", "OR", "OVERLAPS", "<->",
];

impl Walk<'_, '_> {
    /// Notes an operator whose estimate may raise an error.
    pub(super) fn estimate(&mut self, op: &BinaryOperator, left: &Expr, right: &Expr) {
        self.estimated |= self.estimate_may_fail(op, left, right);
    }

    fn estimate_may_fail(&self, op: &BinaryOperator, left: &Expr, right: &Expr) -> bool {
        let written = match op {
            BinaryOperator::PGCustomBinaryOperator(parts) => parts.last().cloned().unwrap_or_default(),
            plain => plain.to_string(),
        };
        let name = written.as_str();
        if QUIET.contains(&name) {
            return false;
        }
        if ["<", "<=", ">", ">="].contains(&name) {
            return self.may_be_range(left) || self.may_be_range(right);
        }
        // One side says for which types the operator is. Of an element `<@` a range it does not.
        let settles = |e: &Expr| match self.family(e) {
            Some(Family::ArrayOf(_)) => true,
            Some(Family::Jsonb) => !["@@", "@?"].contains(&name),
            Some(Family::Constant) | None => matches!(e, Expr::Array(_)),
            Some(_scalar) => !["@>", "<@"].contains(&name),
        };
        !settles(left) && !settles(right)
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
