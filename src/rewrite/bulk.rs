//! INSERT of many VALUES whose keys must be looked up: whether they can be one query's rows, for which PostgreSQL plans one look-up, not one
//! a row. It does not wrap the query: `guard` does.

use super::change::Target;
use super::guard::Wrapped;
use super::safety::type_name;
use super::scope::Columns;
use super::walk::Walk;
use crate::catalog::Column;
use crate::error::Refusal;
use crate::policy::allowed::{Family, family_of};
use sqlparser::ast::{Expr, UnaryOperator, Value, Values};

/// Of so few rows that may refer to one another each is looked up by itself.
pub(super) const FEW: usize = 64;
/// Of so few rows each is looked up by itself in any case: their literals may be parameters then (measured).
const SOME: usize = 8;

impl<'a> Walk<'a, '_> {
    /// What stands for each column where many VALUES are to be wrapped as a query, which gives each literal the type of its column. `None`
    /// where they are few, nothing is looked up, or a value might have another type in a query than as a row's.
    pub(super) fn bulk(
        &mut self,
        values: &Values,
        listed: &[String],
        target: &Target<'a>,
    ) -> Result<Option<Vec<Wrapped<'a>>>, Refusal> {
        let Values { explicit_row: _, value_keyword: _, rows } = values;
        if rows.len() <= SOME || !target.filter.nodes.is_empty() {
            return Ok(None);
        }
        let (wrapped, needed) = self.wrapping(listed, &Columns::Unknown, true, target)?;
        let siblings = |column: &Wrapped<'_>| match column {
            Wrapped::Guarded(_, parents, _) => parents.iter().any(|parent| parent.relation.oid == target.relation.oid),
            Wrapped::Plain | Wrapped::Computed => false,
        };
        if !needed || (rows.len() <= FEW && wrapped.iter().any(siblings)) {
            return Ok(None);
        }
        for row in rows.iter().map(|row| row.content.as_slice()) {
            if row.len() != listed.len() {
                return Ok(None);
            }
            for (value, name) in row.iter().zip(listed) {
                let column = self.guarded_column(name, target)?;
                // What is given for the tenant column is looked at as a row's.
                let own = *name == target.column && matches!(value, Expr::Value(v) if !matches!(v.value, Value::Null));
                // Of a row that is nobody's the refusal says more than the server's error.
                let nobodys = target.is_path(name) && matches!(value, Expr::Value(v) if v.value == Value::Null);
                if !own && (*name == target.column || nobodys || !self.keeps_type(value, column)) {
                    return Ok(None);
                }
            }
        }
        for row in rows.iter().map(|row| row.content.as_slice()) {
            for (value, name) in row.iter().zip(listed).filter(|(_, name)| **name != target.column) {
                self.type_item(value, name, target)?;
            }
        }
        Ok(Some(wrapped))
    }

    /// Whether a value comes to the column the same from a query whose column has other such values as from a row of its own. An untyped
    /// one is given the column's type; numbers of all types become one another on the way, as PostgreSQL's assignment makes them.
    fn keeps_type(&self, value: &Expr, column: &Column) -> bool {
        let number = matches!(family_of(&column.base_type), Some(Family::Int | Family::Numeric | Family::Float));
        match value {
            Expr::Nested(inner) => self.keeps_type(inner, column),
            Expr::UnaryOp { op: UnaryOperator::Minus, expr } => {
                number && matches!(expr.as_ref(), Expr::Value(v) if is_number(&v.value))
            }
            Expr::Value(v) if is_number(&v.value) => number,
            Expr::Value(v) if matches!(v.value, Value::Boolean(_)) => column.base_type == "bool",
            Expr::Value(_) => !super::insert::is_default(value) && self.is_untyped(value),
            Expr::Cast { kind: _, expr, data_type, format: None } => {
                column.builtin_type && self.is_untyped(expr) && type_name(data_type) == Some(column.base_type.as_str())
            }
            _computed => false,
        }
    }
}

fn is_number(value: &Value) -> bool {
    matches!(value, Value::Number(_, _))
}
