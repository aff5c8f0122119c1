//! Calls of pgmoat's own functions: `tenant()`, `tenant_id()`, `property_ids()` become the identity's values, as typed literals or hidden
//! parameters. It does not decide what they answer: the policy does.

use super::plan::Piece;
use super::walk::Walk;
use crate::error::Refusal;
use crate::policy::Answered;
use crate::policy::allowed::{Declared, Family, declared};
use crate::sql::quote_ident;
use sqlparser::ast::{Expr, Function, FunctionArgumentList, FunctionArguments, Ident};

impl Walk<'_, '_> {
    /// What a call answers, if it is one of pgmoat's own functions: its unqualified name, no argument and no clause.
    pub(super) fn answered(&self, function: &Function) -> Option<(Answered, Ident)> {
        let Function {
            name,
            uses_odbc_syntax: false,
            parameters,
            args,
            within_group,
            filter: None,
            null_treatment: None,
            over: None,
        } = function
        else {
            return None;
        };
        let FunctionArguments::List(FunctionArgumentList { duplicate_treatment: None, args, clauses }) = args else {
            return None;
        };
        let plain = args.is_empty() && clauses.is_empty() && within_group.is_empty() && *parameters == FunctionArguments::None;
        let [name] = name.0.as_slice() else { return None };
        let ident = name.as_ident().filter(|_| plain && self.ground.answers)?;
        self.ground.policy.answered(&ident.value).map(|answered| (answered, ident.clone()))
    }

    /// Puts the value in the place of the call.
    pub(super) fn answer(&mut self, answered: Answered, name: &Ident) -> Result<(), Refusal> {
        let at = self.token_of(name)?;
        let end = at.saturating_add(3);
        let call = self.tokens.is_char(at.saturating_add(1), b'(') && self.tokens.is_char(at.saturating_add(2), b')');
        self.demand(call, "this form of a function call")?;
        let value = if self.is_limited(answered) {
            Piece::Value(answered.slot)
        } else {
            let kind = self.ground.policy.slots().get(answered.slot).map_or("pg_catalog.text", crate::policy::Slot::type_name);
            Piece::Text(format!("NULL::{kind}"))
        };
        let text = |text: String| Piece::Text(text);
        // PostgreSQL names a column by the function, or by the type of a value.
        let label = quote_ident(&name.value);
        let pieces = match self.naming.iter().find(|(token, _)| *token == at) {
            Some((_, true)) => vec![value, text(format!("AS {label}"))],
            Some((_, false)) => vec![text("(SELECT".to_owned()), value, text(format!("AS {label})"))],
            None => vec![value],
        };
        self.replace(at..end, pieces);
        Ok(())
    }

    /// Whether there is a value: of a level only where the user is limited in it.
    fn is_limited(&self, answered: Answered) -> bool {
        let bit = |level: usize| u32::try_from(level).ok().and_then(|level| self.ground.variant.checked_shr(level));
        answered.level.is_none_or(|level| bit(level).unwrap_or(0) & 1 == 1)
    }

    /// The family of what a call answers: a value of a type cannot raise an error.
    pub(super) fn answered_family(&self, answered: Answered) -> Option<Family> {
        match declared(self.ground.policy.slots().get(answered.slot)?.type_oid()) {
            Declared::Typed(family) => family,
            Declared::Open | Declared::Refused => None,
        }
    }

    /// Notes the call that an unnamed column takes its name from, if it is one of pgmoat's own functions.
    pub(super) fn named_by_call(&mut self, expr: &Expr) {
        let mut inner = expr;
        while let Expr::Cast { kind: _, expr: next, data_type: _, format: _ }
        | Expr::Nested(next)
        | Expr::Collate { expr: next, collation: _ }
        | Expr::Case { case_token: _, end_token: _, operand: _, conditions: _, else_result: Some(next) } = inner
        {
            inner = next;
        }
        let Expr::Function(function) = inner else { return };
        if let Some((_, name)) = self.answered(function)
            && let Ok(at) = self.token_of(&name)
        {
            self.naming.push((at, std::ptr::eq(inner, expr)));
        }
    }
}
