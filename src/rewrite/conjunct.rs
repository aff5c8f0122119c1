//! Conditions, conjunct by conjunct: which are safe, which are repeated behind a fence, and which are on groups.
//! It does not say what is safe (`safety`).

use super::clauses;
use super::safety::function_name;
use super::scope::{Meaning, qualified, unqualified};
use super::walk::{Placement, Reference, Referred, Walk, address};
use crate::policy::allowed::{self, Family, FunctionKind};
use crate::sql::Tokens;
use sqlparser::ast::{Array, BinaryOperator, Expr, FunctionArg, FunctionArgExpr, FunctionArguments, Ident, Query, UnaryOperator};
use std::ops::Range;

impl Walk<'_, '_> {
    /// Judges a condition, conjunct by conjunct. Behind a fence, the safe conjuncts on one relation are noted to be repeated inside.
    pub(super) fn condition(&mut self, condition: &Expr, tokens: Option<Range<usize>>, what: &str) {
        self.free_condition(condition);
        let conjuncts = flatten(condition);
        let ranges = tokens.clone().map(|t| clauses::conjuncts(self.tokens, t)).filter(|r| r.len() == conjuncts.len());
        for (i, conjunct) in conjuncts.iter().enumerate() {
            if !self.is_safe(conjunct) {
                self.not_safe(what);
            } else if self.is_run_by_a_row(conjunct) {
                self.order(conjunct, tokens.as_ref());
            } else if let Some(range) = ranges.as_ref().and_then(|r| r.get(i)) {
                self.copy(conjunct, range.clone());
            }
        }
    }

    /// Whether a conjunct has a sub-select that PostgreSQL runs once, and only if a row asks for its value: what that costs, or that it
    /// takes too long, would tell of the row. Of a bare IN or EXISTS it makes a join, or looks at it before any row.
    fn is_run_by_a_row(&self, conjunct: &Expr) -> bool {
        let asked = match conjunct {
            Expr::Nested(inner) => return self.is_run_by_a_row(inner),
            Expr::Exists { subquery: _, negated: _ } => return false,
            Expr::InSubquery { expr, subquery: _, negated: false } => expr.as_ref(),
            other => other,
        };
        let mut names = Vec::new();
        columns_of(asked, &mut names);
        let once = |name: &Name<'_>| match name {
            Name::Select(query) => self.selects.get(&address(query)).is_none_or(|s| !s.correlated) || self.has_paths,
            Name::Bare(_) | Name::Qualified(_, _) => false,
        };
        names.iter().any(once)
    }

    /// Has the predicates of the level's relations evaluated before such a conjunct, which is as dear as they are: PostgreSQL keeps the order
    /// of what costs the same (`order_qual_clauses`), but puts a comparison with a constant last. Where that does not hold, behind a fence.
    fn order(&mut self, conjunct: &Expr, tokens: Option<&Range<usize>>) {
        if self.ground.fenced {
            return;
        }
        let level = tokens.and_then(|t| self.clauses.iter().rposition(|c| c.condition.as_ref() == Some(t)));
        let plain = |reference: &Reference<'_>| match &reference.what {
            Referred::Filtered(filter) => filter.is_one_comparison(),
            Referred::View(_) => true,
        };
        match level {
            Some(level) if is_dear(conjunct) && self.references.iter().filter(|r| r.level == level).all(plain) => {
                self.ordered.push(level);
            }
            Some(_) | None => self.not_safe("a sub-select in a condition"),
        }
    }

    /// The conjuncts that can never raise an error, whatever rows they see, and whether that is all of them.
    pub(super) fn safe_conjuncts(&self, condition: &Expr, tokens: Range<usize>) -> (Vec<Range<usize>>, bool) {
        let (conjuncts, ranges) = (flatten(condition), clauses::conjuncts(self.tokens, tokens));
        if conjuncts.len() != ranges.len() {
            return (Vec::new(), false);
        }
        let number = conjuncts.len();
        let safe = |(conjunct, range): &(&Expr, Range<usize>)| {
            self.is_safe(conjunct) && !has_select(self.tokens, range) && !self.is_edited(range)
        };
        let copies: Vec<Range<usize>> = conjuncts.into_iter().zip(ranges).filter(safe).map(|(_, range)| range).collect();
        let all = copies.len() == number;
        (copies, all)
    }

    /// Whether something in these tokens is replaced: they are not repeated as they stand.
    pub(super) fn is_edited(&self, range: &Range<usize>) -> bool {
        self.edits.iter().any(|edit| range.contains(&edit.start))
    }

    /// Whether a conjunct can never raise an error.
    fn is_safe(&self, conjunct: &Expr) -> bool {
        if self.family(conjunct) == Some(Family::Bool) {
            return true;
        }
        self.alone.set(self.is_of_one_relation(conjunct));
        let safe = self.alone.get() && self.family(conjunct) == Some(Family::Bool);
        self.alone.set(false);
        safe
    }

    /// Whether an expression names no columns but those of one relation of the current level.
    fn is_of_one_relation(&self, expr: &Expr) -> bool {
        let mut names = Vec::new();
        columns_of(expr, &mut names);
        let here = self.levels.len().checked_sub(1);
        let mut only = None;
        names.into_iter().all(|name| match self.meant(&name) {
            Some(Meaning::Column { level, entry, family: _, own: _ }) => {
                Some(level) == here && entry != usize::MAX && *only.get_or_insert(entry) == entry
            }
            Some(Meaning::Row { level: _, entry: _ } | Meaning::Open | Meaning::Nothing) | None => false,
        })
    }

    fn meant(&self, name: &Name<'_>) -> Option<Meaning> {
        match name {
            Name::Bare(ident) => Some(unqualified(&self.levels, &ident.value)),
            Name::Qualified(relation, column) => Some(qualified(&self.levels, &relation.value, &column.value)),
            Name::Select(_) => None,
        }
    }

    /// Conditions on groups are evaluated on rows when they name no aggregate.
    pub(super) fn having(&mut self, condition: &Expr) {
        for conjunct in flatten(condition) {
            if !self.contains_aggregate(conjunct) && !self.is_safe(conjunct) {
                self.not_safe("a condition in HAVING");
            }
        }
    }

    /// Repeats a safe conjunct behind the fence of the one relation that it is on.
    fn copy(&mut self, conjunct: &Expr, range: Range<usize>) {
        // What is repeated is repeated as it was written: nothing in it may have been replaced.
        if !self.ground.fenced || self.is_edited(&range) || has_select(self.tokens, &range) {
            return;
        }
        let mut names = Vec::new();
        columns_of(conjunct, &mut names);
        let mut only = None;
        for name in names {
            match self.meant(&name) {
                Some(Meaning::Column { level, entry, family: _, own: _ }) if only.is_none_or(|o| o == (level, entry)) => {
                    only = Some((level, entry))
                }
                Some(
                    Meaning::Column { level: _, entry: _, family: _, own: _ }
                    | Meaning::Row { level: _, entry: _ }
                    | Meaning::Open
                    | Meaning::Nothing,
                )
                | None => return,
            }
        }
        let here = self.levels.len().checked_sub(1);
        let reference = only
            .filter(|(level, _)| Some(*level) == here)
            .and_then(|(level, entry)| self.levels.get(level)?.entries.get(entry)?.reference);
        if let Some(reference) = reference.and_then(|r| self.references.get_mut(r)) {
            let behind = matches!(reference.what, Referred::Filtered(_));
            if behind && reference.placement == Placement::Where && !reference.column_aliases {
                reference.copies.push(range);
            }
        }
    }

    /// Whether an expression is one call of an aggregate of this query level: without GROUP BY it yields exactly one row.
    ///
    /// An aggregate belongs to the level of the columns in it (manual, section 4.2.7): of an outer level's it is a plain value here.
    pub(super) fn is_aggregate(&self, expr: &Expr) -> bool {
        match expr {
            Expr::Function(function) => {
                let aggregate =
                    function_name(function).and_then(allowed::function).is_some_and(|f| f.kind == FunctionKind::Aggregate);
                aggregate && function.over.is_none() && self.is_local(&function.args)
            }
            Expr::Nested(e) => self.is_aggregate(e),
            _ => false,
        }
    }

    /// Whether the arguments are `*` or name a column of this level, by themselves.
    fn is_local(&self, arguments: &FunctionArguments) -> bool {
        let here = self.levels.len().checked_sub(1);
        let FunctionArguments::List(list) = arguments else { return false };
        let local = |argument: &FunctionArg| match argument {
            FunctionArg::Unnamed(FunctionArgExpr::Wildcard) => true,
            FunctionArg::Unnamed(FunctionArgExpr::Expr(e)) => {
                let mut names = Vec::new();
                columns_of(e, &mut names);
                names.iter().any(|name| {
                    matches!(self.meant(name), Some(Meaning::Column { level, entry: _, family: _, own: _ }) if Some(level) == here)
                })
            }
            _ => false,
        };
        list.args.iter().any(local)
    }

    /// Whether an aggregate of this level stands anywhere in a condition outside its sub-selects: then it is evaluated on groups.
    fn contains_aggregate(&self, expr: &Expr) -> bool {
        match expr {
            Expr::BinaryOp { left, op: _, right } => self.contains_aggregate(left) || self.contains_aggregate(right),
            Expr::UnaryOp { op: _, expr } | Expr::Nested(expr) | Expr::IsNull(expr) | Expr::IsNotNull(expr) => {
                self.contains_aggregate(expr)
            }
            Expr::Cast { kind: _, expr, data_type: _, format: _ } => self.contains_aggregate(expr),
            Expr::Between { expr, negated: _, low, high } => [expr, low, high].into_iter().any(|e| self.contains_aggregate(e)),
            Expr::InList { expr, list: _, negated: _ } => self.contains_aggregate(expr),
            other => self.is_aggregate(other),
        }
    }
}

/// Whether evaluating a conjunct costs no less than one comparison does. What stands in brackets of its own may cost nothing.
fn is_dear(conjunct: &Expr) -> bool {
    match conjunct {
        Expr::Nested(inner) | Expr::UnaryOp { op: UnaryOperator::Not, expr: inner } => is_dear(inner),
        Expr::BinaryOp { left, op: BinaryOperator::And | BinaryOperator::Or, right } => is_dear(left) || is_dear(right),
        Expr::BinaryOp { left: _, op: _, right: _ }
        | Expr::Between { expr: _, negated: _, low: _, high: _ }
        | Expr::InSubquery { expr: _, subquery: _, negated: _ } => true,
        other => {
            let _: &Expr = other;
            false
        }
    }
}

/// The conjuncts of a condition.
pub(super) fn flatten(expr: &Expr) -> Vec<&Expr> {
    match expr {
        Expr::BinaryOp { left, op: BinaryOperator::And, right } => {
            let mut all = flatten(left);
            all.extend(flatten(right));
            all
        }
        other => vec![other],
    }
}

enum Name<'e> {
    Bare(&'e Ident),
    Qualified(&'e Ident, &'e Ident),
    /// A sub-select, whatever it names.
    Select(&'e Query),
}

/// The columns that a safe expression names. Expressions that `family` has no rule for do not come here.
fn columns_of<'e>(expr: &'e Expr, names: &mut Vec<Name<'e>>) {
    match expr {
        Expr::Identifier(ident) => names.push(Name::Bare(ident)),
        Expr::CompoundIdentifier(parts) => match parts.as_slice() {
            // A schema before the relation is taken off where it becomes a derived table.
            [relation, column] | [_, relation, column] => names.push(Name::Qualified(relation, column)),
            other => names.extend(other.iter().flat_map(|i| [Name::Qualified(i, i)])),
        },
        Expr::Nested(e)
        | Expr::UnaryOp { op: _, expr: e }
        | Expr::Cast { kind: _, expr: e, data_type: _, format: _ }
        | Expr::Collate { expr: e, collation: _ } => {
            columns_of(e, names);
        }
        Expr::IsNull(e)
        | Expr::IsNotNull(e)
        | Expr::IsTrue(e)
        | Expr::IsNotTrue(e)
        | Expr::IsFalse(e)
        | Expr::IsNotFalse(e)
        | Expr::IsUnknown(e)
        | Expr::IsNotUnknown(e) => columns_of(e, names),
        Expr::IsDistinctFrom(a, b)
        | Expr::IsNotDistinctFrom(a, b)
        | Expr::BinaryOp { left: a, op: _, right: b }
        | Expr::AnyOp { left: a, compare_op: _, right: b, is_some: _ }
        | Expr::AllOp { left: a, compare_op: _, right: b }
        | Expr::Like { negated: _, any: _, expr: a, pattern: b, escape_char: _ }
        | Expr::ILike { negated: _, any: _, expr: a, pattern: b, escape_char: _ } => {
            columns_of(a, names);
            columns_of(b, names);
        }
        Expr::Between { expr, negated: _, low, high } => [expr, low, high].into_iter().for_each(|e| columns_of(e, names)),
        Expr::InList { expr, list, negated: _ } => {
            columns_of(expr, names);
            list.iter().for_each(|e| columns_of(e, names));
        }
        Expr::InSubquery { expr, subquery, negated: _ } => {
            columns_of(expr, names);
            names.push(Name::Select(subquery));
        }
        Expr::Subquery(subquery) | Expr::Exists { subquery, negated: _ } => names.push(Name::Select(subquery)),
        Expr::Tuple(items) | Expr::Array(Array { elem: items, named: _ }) => items.iter().for_each(|e| columns_of(e, names)),
        Expr::Case { case_token: _, end_token: _, operand, conditions, else_result } => {
            operand.iter().chain(else_result).for_each(|e| columns_of(e, names));
            for when in conditions {
                columns_of(&when.condition, names);
                columns_of(&when.result, names);
            }
        }
        Expr::Function(function) => {
            if let FunctionArguments::List(list) = &function.args {
                for argument in &list.args {
                    if let FunctionArg::Unnamed(FunctionArgExpr::Expr(e)) = argument {
                        columns_of(e, names);
                    }
                }
            }
        }
        other => {
            let _: &Expr = other;
        }
    }
}

/// Whether a sub-select, or anything else that must not stand twice, is among the tokens.
pub(super) fn has_select(tokens: &Tokens<'_>, range: &Range<usize>) -> bool {
    use crate::sql::Keyword::{Select, Table, Values, With};
    range.clone().any(|i| tokens.keyword(i).is_some_and(|k| matches!(k, Select | Table | Values | With)))
}
