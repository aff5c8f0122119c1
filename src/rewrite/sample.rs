//! TABLESAMPLE: a sample of everything, and no other.
//! It does not place the predicate of the relation that is sampled.

use super::walk::Walk;
use crate::error::Refusal;
use crate::sql::Keyword;
use sqlparser::ast::{Expr, ObjectName, TableSample, TableSampleKind, TableSampleMethod, TableSampleQuantity, Value};

impl Walk<'_, '_> {
    /// TABLESAMPLE picks pages, or rows by their place in them, of all tenants: the share that is picked of the own rows, and which they are,
    /// would tell how many others there are and where. A sample of everything tells nothing, and is no sample: the clause is left out,
    /// because a relation behind a fence could not have it.
    pub(super) fn sample(&mut self, name: &ObjectName, sample: &TableSampleKind) -> Result<(), Refusal> {
        let refusal = self.construct("TABLESAMPLE of less than everything", None);
        let refusal = refusal.with_hint(
            "Which rows a sample has depends on other tenants' rows. Sample own rows by ORDER BY random() LIMIT, or by a condition.",
        );
        let TableSampleKind::AfterTableAlias(sample) = sample else { return Err(refusal) };
        let TableSample { modifier: _, name: method, quantity, seed, bucket: None, offset: None } = sample.as_ref() else {
            return Err(refusal);
        };
        let Some(TableSampleQuantity { parenthesized: true, value: Expr::Value(value), unit: None }) = quantity else {
            return Err(refusal);
        };
        let Value::Number(number, false) = &value.value else { return Err(refusal) };
        let all = number.parse() == Ok(100.0_f64);
        let own = matches!(method, Some(TableSampleMethod::System | TableSampleMethod::Bernoulli));
        let base = self.levels.last().and_then(|l| l.entries.last()).is_some_and(|e| e.base);
        let (_, _, written) = self.relation_name(name)?;
        let at = (written.end..self.range.end).find(|at| self.tokens.keyword(*at) == Some(Keyword::Tablesample));
        let close = at.and_then(|at| self.tokens.closing(at.saturating_add(2)));
        let end = match (close, seed) {
            (Some(close), Some(_)) => self.tokens.closing(close.saturating_add(2)),
            (close, _) => close,
        };
        let (Some(at), Some(end), true) = (at, end, all && own && base) else { return Err(refusal) };
        // The percentage is a literal: another one is another statement.
        self.literal_dependent = true;
        self.replace(at..end.saturating_add(1), Vec::new());
        Ok(())
    }
}
