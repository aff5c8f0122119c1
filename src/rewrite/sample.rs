//! TABLESAMPLE: a sample of the own rows.
//! It does not place the predicate of the relation that is sampled.

use super::walk::Walk;
use crate::error::Refusal;
use crate::sql::Keyword;
use sqlparser::ast::{Expr, ObjectName, TableSample, TableSampleKind, TableSampleMethod, TableSampleQuantity, Value};

impl Walk<'_, '_> {
    /// TABLESAMPLE picks pages, or rows by their place in them, of all tenants: which of the own rows are picked would tell how many others
    /// there are and where. So a sample of a tenant's relation is drawn of the own rows, each by the same chance, as BERNOULLI does: behind
    /// the filter stands `random() < share`. A sample of everything needs none of it. REPEATABLE wants the same rows again, which only the
    /// place of a row could give: refused. The rows of a shared relation are everybody's, and so is their place: it is sampled by the server.
    pub(super) fn sample(&mut self, name: &ObjectName, sample: &TableSampleKind) -> Result<(), Refusal> {
        let refusal = self.construct("this form of TABLESAMPLE", None);
        let refusal = refusal.with_hint(
            "Which rows a sample has depends on other tenants' rows. Sample tables by SYSTEM or BERNOULLI and a plain percentage, without REPEATABLE.",
        );
        let TableSampleKind::AfterTableAlias(sample) = sample else { return Err(refusal) };
        let TableSample { modifier: _, name: method, quantity, seed, bucket: None, offset: None } = sample.as_ref() else {
            return Err(refusal);
        };
        let Some(TableSampleQuantity { parenthesized: true, value: Expr::Value(value), unit: None }) = quantity else {
            return Err(refusal);
        };
        let Value::Number(number, false) = &value.value else { return Err(refusal) };
        let plain = seed.as_ref().is_none_or(|seed| matches!(seed.value.value, Value::Number(_, false)));
        let share = number.parse::<f64>().unwrap_or(f64::NAN);
        let method = matches!(method, Some(TableSampleMethod::System | TableSampleMethod::Bernoulli));
        let entry = self.levels.last().and_then(|l| l.entries.last());
        let (Some(entry), true, true) = (entry.filter(|e| e.base), method && plain, (0.0..=100.0).contains(&share)) else {
            return Err(refusal);
        };
        let reference = entry.reference;
        let (_, _, written) = self.relation_name(name)?;
        let at = (written.end..self.range.end).find(|at| self.tokens.keyword(*at) == Some(Keyword::Tablesample));
        let close = at.and_then(|at| self.tokens.closing(at.saturating_add(2)));
        let end = match (close, seed) {
            (Some(close), Some(_)) => self.tokens.closing(close.saturating_add(2)),
            (close, _) => close,
        };
        let (Some(at), Some(end)) = (at, end) else { return Err(refusal) };
        let Some(reference) = reference.and_then(|r| self.references.get_mut(r)) else { return Ok(()) };
        if share < 100.0 {
            if seed.is_some() {
                return Err(refusal);
            }
            reference.sample = Some(number.clone());
            self.sampled = true;
        }
        // The percentage is a literal: another one is another statement.
        self.literal_dependent = true;
        self.replace(at..end.saturating_add(1), Vec::new());
        Ok(())
    }
}
