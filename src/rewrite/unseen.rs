//! Functions that a statement calls without naming them: through casts, operators and defaults that somebody made in this database.
//! It refuses where they could be called; functions that are named are `function`'s.

use super::walk::Walk;
use crate::catalog::{Address, Cast, Class, Relation};
use crate::error::{Refusal, Rule, SqlState};
use crate::sql::Keyword;
use sqlparser::ast::{ArrayElemTypeDef, DataType, Expr, Value};

/// The operators that IN, BETWEEN, CASE, LIKE, JOIN ... USING and their like stand for.
const IMPLIED: [&str; 10] = ["=", "<>", "<", "<=", ">", ">=", "~~", "!~~", "~~*", "!~~*"];

impl Walk<'_, '_> {
    /// The casts that call functions that tenants may not call.
    fn unseen_casts(&self) -> impl Iterator<Item = &Cast> {
        self.ground.catalog.casts.iter().filter(|cast| !self.ground.policy.allows_function(&cast.schema, &cast.function))
    }

    /// A cast that is written: PostgreSQL calls the function of a cast that somebody made between the two types. The type of the operand is
    /// not known here, so none to that type is let through.
    ///
    /// # Errors
    /// 42501 where there is such a cast.
    pub(super) fn seen_cast(&self, operand: &Expr, data_type: &DataType) -> Result<(), Refusal> {
        if matches!(operand, Expr::Value(v) if matches!(v.value, Value::SingleQuotedString(_) | Value::EscapedStringLiteral(_))) {
            // A string that stands alone is read by the type's own input function.
            return Ok(());
        }
        let mut element = data_type;
        while let DataType::Array(ArrayElemTypeDef::SquareBracket(inner, _) | ArrayElemTypeDef::Qualified(inner, _)) = element {
            element = inner;
        }
        let name = match element {
            DataType::Regclass => Some("regclass"),
            // A type of another schema has its own name there, by which the cast's target is known too.
            DataType::Custom(name, _) => name.0.last().and_then(|last| last.as_ident()).map(|last| last.value.as_str()),
            DataType::GeometricType(_) => None,
            other => super::safety::type_name(other),
        };
        match self.unseen_casts().find(|cast| !cast.of_row && name.is_none_or(|name| name == cast.target)) {
            Some(cast) => Err(calls(&format!("a cast to {}", cast.target), &cast.function)),
            None => Ok(()),
        }
    }

    /// A whole row: casts of row types are called for rows, and where they are implicit the row need not be cast to be.
    ///
    /// # Errors
    /// 42501 where there is a cast of a row type.
    pub(super) fn seen_row(&self) -> Result<(), Refusal> {
        match self.unseen_casts().find(|cast| cast.of_row) {
            Some(cast) => Err(calls("a whole row", &cast.function)),
            None => Ok(()),
        }
    }

    /// What applies wherever types differ, or comparisons are made, is in no place that could be pointed at.
    ///
    /// # Errors
    /// 42501 for all but lists of literals where the database has an implicit cast of that kind, or an operator of its own under the name
    /// of a comparison.
    pub(super) fn seen_everywhere(&self) -> Result<(), Refusal> {
        let plain = self.range.clone().enumerate().all(|(i, at)| match self.tokens.kind(at) {
            Some(kind) => {
                (i == 0 && self.tokens.keyword(at) == Some(Keyword::Select)) || kind.is_literal() || self.tokens.is_char(at, b',')
            }
            None => false,
        });
        if plain {
            return Ok(());
        }
        if let Some(cast) = self.unseen_casts().find(|cast| cast.implicit && !cast.of_row) {
            return Err(calls(&format!("an implicit cast to {}", cast.target), &cast.function));
        }
        match IMPLIED.iter().find(|name| self.ground.catalog.own_operators.contains(**name)) {
            Some(name) => Err(calls("an operator of this database", name)),
            None => Ok(()),
        }
    }

    /// Whether defaults or generated columns of a relation, or of what inherits from it, call a function that tenants may not call: its
    /// value would show in the new rows. An operator is a function's, and a domain's default is the column's.
    pub(super) fn has_unseen_defaults(&self, relation: &Relation) -> bool {
        let objects = &self.ground.catalog.objects;
        let relations = self.ground.catalog.with_descendants(relation);
        let of_relation = |from: &Address| match from.class {
            Class::Default => {
                let holder = objects.defaults.iter().find(|(default, _)| *default == from.oid).map(|(_, holder)| *holder);
                relations.iter().any(|r| Some(r.oid) == holder)
            }
            Class::Type => relations.iter().any(|r| r.columns.iter().any(|c| c.type_oid == from.oid)),
            Class::Relation | Class::Constraint | Class::Function | Class::Other => false,
        };
        let unseen = |function: &Address| {
            let found = objects.functions.iter().find(|f| f.oid == function.oid);
            let allowed = found.is_some_and(|f| self.ground.policy.allows_to_tenants(&f.schema, &f.name));
            !allowed && !objects.members.contains(function)
        };
        objects.dependencies.iter().any(|(from, on)| on.class == Class::Function && of_relation(from) && unseen(on))
    }
}

fn calls(what: &str, function: &str) -> Refusal {
    Refusal::new(SqlState::INSUFFICIENT_PRIVILEGE, Rule::Function, format!("permission denied for function {function}"))
        .with_hint(format!("It would be called by {what}. An operator may let tenants call a function by [tenancy] functions."))
}
