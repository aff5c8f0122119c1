//! Conditions, conjunct by conjunct: which are safe, which are repeated behind a fence, and which are on groups.
//! It does not say what is safe (`safety`).

use super::clauses;
use super::safety::{function_name, is_comparison};
use super::scope::{Meaning, qualified, unqualified};
use super::walk::{Placement, Referred, Walk, address};
use crate::error::Refusal;
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
            } else if self.asks(conjunct, tokens.is_some()) && !(tokens.is_some() && self.is_lone(condition)) {
                self.not_safe("a sub-select that is run when a row asks for it, in a condition,");
            } else if let Some(range) = ranges.as_ref().and_then(|r| r.get(i)) {
                self.copy(conjunct, range.clone());
            }
        }
    }

    /// A sub-select in an expression. PostgreSQL runs it once, when the first row asks for its value, and moves the value to wherever it is
    /// asked for: an error in it, a lock, or that it takes too long would tell that a condition beside it has found somebody else's row.
    /// Those of a condition are judged with it; nothing beside the outermost select list asks for what is in that.
    pub(super) fn sub_select(&mut self, query: &Query) -> Result<(), Refusal> {
        let here = self.levels.len();
        let judged = self.conditions > 0 && self.judged == Some(here);
        let outermost = self.conditions == 0 && self.within == 0 && here <= 1;
        if !judged && !outermost {
            self.lazy = true;
            self.not_safe("a sub-select within another query");
        }
        self.query(query).map(|_| ())
    }

    /// Whether a conjunct asks for the value of a sub-select. Of columns in a sub-select that depends on nothing, a bare IN in WHERE,
    /// PostgreSQL makes a join (`convert_ANY_sublink_to_join`), and of a bare EXISTS too, or else it looks at it before any row.
    fn asks(&self, conjunct: &Expr, bare: bool) -> bool {
        let asked = match conjunct {
            Expr::Nested(inner) => return self.asks(inner, bare),
            Expr::Exists { subquery: _, negated: _ } if bare => return false,
            Expr::UnaryOp { op: UnaryOperator::Not, expr }
                if bare && matches!(**expr, Expr::Exists { subquery: _, negated: _ }) =>
            {
                return false;
            }
            // Of what is volatile, as clock_timestamp() is, it makes none.
            Expr::InSubquery { expr, subquery, negated: false }
                if bare && is_of_columns(expr) && self.selects.get(&address(subquery)).is_some_and(|s| !s.correlated) =>
            {
                return false;
            }
            other => other,
        };
        let mut names = Vec::new();
        columns_of(asked, &mut names);
        names.iter().any(|name| matches!(name, Name::Select))
    }

    /// Whether a condition is one comparison of a column with a sub-select, of the outermost query's one relation: nothing stands beside it
    /// that finds rows.
    fn is_lone(&self, condition: &Expr) -> bool {
        let column = is_column;
        let select = |e: &Expr| matches!(e, Expr::Subquery(_));
        let plain = match condition {
            Expr::Nested(inner) => return self.is_lone(inner),
            Expr::BinaryOp { left, op, right } if is_comparison(op) => {
                (column(left) && select(right)) || (select(left) && column(right))
            }
            Expr::InSubquery { expr, subquery: _, negated: true } => column(expr),
            other => {
                let _: &Expr = other;
                false
            }
        };
        let one = match self.levels.as_slice() {
            [level] => matches!(level.entries.as_slice(), [entry] if self.is_row_of_table(entry)),
            [] | [_, _, ..] => false,
        };
        plain && one && self.within == 0
    }

    /// Whether an entry's columns are a table's own.
    fn is_row_of_table(&self, entry: &super::scope::Entry) -> bool {
        match entry.reference.and_then(|r| self.references.get(r)).map(|r| &r.what) {
            Some(Referred::Filtered(_)) => true,
            Some(Referred::View(_)) => false,
            None => entry.base,
        }
    }

    /// Whether a conjunct names columns of tables alone: another's may be a sub-select's value.
    fn is_of_tables(&self, conjunct: &Expr) -> bool {
        let mut names = Vec::new();
        columns_of(conjunct, &mut names);
        names.iter().all(|name| match self.meant(name) {
            Some(Meaning::Column { level, entry, family: _, own: _ }) => {
                let entry = self.levels.get(level).and_then(|l| l.entries.get(entry));
                entry.is_some_and(|entry| self.is_row_of_table(entry))
            }
            Some(Meaning::Row { level: _, entry: _ } | Meaning::Open | Meaning::Nothing) | None => false,
        })
    }

    /// The conjuncts that can never raise an error, whatever rows they see, and whether that is all of them.
    pub(super) fn safe_conjuncts(&self, condition: &Expr, tokens: Range<usize>) -> (Vec<Range<usize>>, bool) {
        let (conjuncts, ranges) = (flatten(condition), clauses::conjuncts(self.tokens, tokens));
        if conjuncts.len() != ranges.len() {
            return (Vec::new(), false);
        }
        let number = conjuncts.len();
        let safe = |(conjunct, range): &(&Expr, Range<usize>)| {
            let known = !self.lazy || self.is_of_tables(conjunct);
            known && self.is_safe(conjunct) && !has_select(self.tokens, range) && !self.is_edited(range)
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
            Name::Select => None,
        }
    }

    /// Conditions on groups are evaluated on rows when they name no aggregate.
    pub(super) fn having(&mut self, condition: &Expr) {
        for conjunct in flatten(condition) {
            if !self.contains_aggregate(conjunct) && (!self.is_safe(conjunct) || self.asks(conjunct, false)) {
                self.not_safe("a condition in HAVING");
            }
        }
    }

    /// A condition on groups that PostgreSQL makes one on rows stands beside those of WHERE, which have a sub-select.
    pub(super) fn beside_groups(&mut self, condition: &Expr) {
        if flatten(condition).into_iter().any(|conjunct| !self.contains_aggregate(conjunct)) {
            self.not_safe("a condition in HAVING beside a sub-select in WHERE");
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

fn is_column(expr: &Expr) -> bool {
    matches!(expr, Expr::Identifier(_) | Expr::CompoundIdentifier(_))
}

/// Whether an expression is a column, or a row of columns.
fn is_of_columns(expr: &Expr) -> bool {
    match expr {
        Expr::Nested(inner) => is_of_columns(inner),
        Expr::Tuple(items) => items.iter().all(is_column),
        other => is_column(other),
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
    Select,
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
        Expr::InSubquery { expr, subquery: _, negated: _ } => {
            columns_of(expr, names);
            names.push(Name::Select);
        }
        Expr::Subquery(_) | Expr::Exists { subquery: _, negated: _ } => names.push(Name::Select),
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
