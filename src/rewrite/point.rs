//! Recognises a read of one row at most: one relation, found by all columns of a unique key, and nothing computed.
//! Such a statement takes neither long nor much room, whatever the table holds. It does not judge what may be read.

use super::walk::{Referred, Walk};
use crate::catalog::{Column, Relation, RelationKind};
use sqlparser::ast::{
    BinaryOperator, Expr, GroupByExpr, Ident, LimitClause, Query, Select, SelectItem, SetExpr, Statement, TableFactor,
    UnaryOperator, Value, ValueWithSpan,
};

/// OIDs of the integer types: a key of one is found by a value of another.
const INTEGERS: [u32; 3] = [20, 21, 23];
/// OIDs of text and varchar, alike.
const TEXTS: [u32; 2] = [25, 1043];

impl Walk<'_, '_> {
    /// Whether a statement that was walked reads one row at most, found by a key, and computes nothing.
    pub(super) fn is_point(&self, statement: &Statement) -> bool {
        let [reference] = &*self.references else { return false };
        let Referred::Filtered(filter) = &reference.what else { return false };
        let plain = matches!(reference.relation.kind, RelationKind::Table)
            && reference.sample.is_none()
            && !reference.column_aliases
            && !self.ground.catalog.has_children(reference.relation)
            && !(self.ground.fenced || self.locking || self.writes || self.catalogs)
            && self.clauses.len() == 1
            && filter.path_column().is_none();
        let Some(select) = plain.then(|| lone_select(statement)).flatten() else { return false };
        let Some(condition) = &select.selection else { return false };
        let mut keys: Vec<&str> = filter.tenant.iter().map(|(column, _)| column.as_str()).collect();
        select.projection.iter().all(|item| is_plain(item, reference.relation))
            && self.finds(condition, reference.relation, &mut keys)
            && reference.relation.uniques.iter().any(|unique| {
                unique.immediate && !unique.partial && unique.columns.iter().all(|c| !c.is_empty() && keys.contains(&c.as_str()))
            })
    }

    /// Collects the columns that a conjunction compares with one value each. Says whether it holds nothing else.
    fn finds<'r>(&self, condition: &Expr, relation: &'r Relation, keys: &mut Vec<&'r str>) -> bool {
        match condition {
            Expr::Nested(inner) => self.finds(inner, relation, keys),
            Expr::BinaryOp { left, op: BinaryOperator::And, right } => {
                self.finds(left, relation, keys) && self.finds(right, relation, keys)
            }
            Expr::BinaryOp { left, op: BinaryOperator::Eq, right } => {
                let compared =
                    column_of(left, relation).map(|c| (c, right)).or_else(|| column_of(right, relation).map(|c| (c, left)));
                // An index of another collation than the column's does not serve, and of some collations several values are equal.
                let finds = |c: &Column, value: &Expr| c.deterministic && c.plain_collation && self.is_value_of(value, c);
                let Some((column, _)) = compared.filter(|(column, value)| finds(column, value)) else { return false };
                keys.push(&column.name);
                true
            }
            // Whatever else it is: it is not known to be cheap.
            other => {
                let _: &Expr = other;
                false
            }
        }
    }

    /// Whether an expression is a literal or parameter by which an index on the column serves.
    fn is_value_of(&self, value: &Expr, column: &Column) -> bool {
        match value {
            Expr::Value(ValueWithSpan { value: Value::Number(digits, false), span: _ }) => {
                digits.bytes().all(|b| b.is_ascii_digit()) && digits.len() < 19
            }
            Expr::Value(ValueWithSpan { value: Value::SingleQuotedString(_), span: _ }) => true,
            Expr::Value(ValueWithSpan { value: Value::Placeholder(name), span: _ }) => {
                let number = name.strip_prefix('$').and_then(|n| n.parse::<usize>().ok()).and_then(|n| n.checked_sub(1));
                let declared = number.and_then(|n| self.ground.declared.get(n)).copied().unwrap_or(0);
                let alike = |group: &[u32]| group.contains(&declared) && group.contains(&column.type_oid);
                declared == 0 || declared == column.type_oid || alike(&INTEGERS) || alike(&TEXTS)
            }
            Expr::UnaryOp { op: UnaryOperator::Minus, expr } => {
                matches!(&**expr, Expr::Value(ValueWithSpan { value: Value::Number(digits, false), span: _ })
                    if digits.bytes().all(|b| b.is_ascii_digit()) && digits.len() < 19)
            }
            other => {
                let _: &Expr = other;
                false
            }
        }
    }
}

/// The statement's one SELECT, if that is all it is.
fn lone_select(statement: &Statement) -> Option<&Select> {
    let Statement::Query(query) = statement else { return None };
    let Query {
        with: None,
        body,
        order_by: None,
        limit_clause,
        fetch: None,
        locks,
        for_clause: None,
        settings: None,
        format_clause: None,
        pipe_operators,
    } = &**query
    else {
        return None;
    };
    let limited = match limit_clause {
        None => true,
        Some(LimitClause::LimitOffset { limit, offset: None, limit_by }) => {
            limit_by.is_empty() && limit.as_ref().is_none_or(|limit| matches!(limit, Expr::Value(_)))
        }
        Some(
            LimitClause::LimitOffset { limit: _, offset: Some(_), limit_by: _ }
            | LimitClause::OffsetCommaLimit { offset: _, limit: _ },
        ) => false,
    };
    let SetExpr::Select(select) = &**body else { return None };
    let ungrouped = matches!(&select.group_by, GroupByExpr::Expressions(by, with) if by.is_empty() && with.is_empty());
    let bare = limited
        && locks.is_empty()
        && pipe_operators.is_empty()
        && ungrouped
        && select.having.is_none()
        && select.distinct.is_none()
        && select.named_window.is_empty()
        && select.qualify.is_none()
        && select.into.is_none();
    let [one] = &*select.from else { return None };
    (bare && one.joins.is_empty() && is_table(&one.relation)).then_some(&**select)
}

/// Whether it is a table by itself: not several in parentheses, and no function.
fn is_table(factor: &TableFactor) -> bool {
    matches!(
        factor,
        TableFactor::Table {
            name: _,
            alias: _,
            args: None,
            with_hints: _,
            version: None,
            with_ordinality: false,
            partitions: _,
            json_path: None,
            sample: None,
            index_hints: _,
        }
    )
}

/// Whether an item of a select list is one or all columns, or a literal: a name may be a function's too, of the row.
fn is_plain(item: &SelectItem, relation: &Relation) -> bool {
    match item {
        SelectItem::UnnamedExpr(expr) | SelectItem::ExprWithAlias { expr, alias: _ } => {
            column_of(expr, relation).is_some()
                || matches!(
                    expr,
                    Expr::Value(ValueWithSpan { value: Value::Number(_, _) | Value::SingleQuotedString(_), span: _ })
                )
        }
        SelectItem::Wildcard(_) | SelectItem::QualifiedWildcard(_, _) => true,
        SelectItem::ExprWithAliases { expr: _, aliases: _ } => false,
    }
}

/// The column that an expression is: its last name, for a statement has one relation, and the walk has found the others right.
fn column_of<'r>(expr: &Expr, relation: &'r Relation) -> Option<&'r Column> {
    let last: &Ident = match expr {
        Expr::Identifier(name) => name,
        Expr::CompoundIdentifier(names) => names.last()?,
        other => {
            let _: &Expr = other;
            return None;
        }
    };
    let folded = if last.quote_style.is_some() { last.value.clone() } else { last.value.to_ascii_lowercase() };
    relation.column(&folded)
}
