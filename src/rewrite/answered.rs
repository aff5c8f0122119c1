//! Calls that are answered here: `tenant()`, `tenant_id()`, `property_ids()` become the identity's values, as typed literals or hidden
//! parameters; functions that tell of the whole server tell of none. It does not decide what they answer: the policy does.

use super::guard::Kept;
use super::plan::Piece;
use super::walk::Walk;
use crate::catalog::Niladic;
use crate::error::Refusal;
use crate::policy::Answered;
use crate::policy::allowed::{Declared, Family, Masked, declared, masked};
use crate::sql::quote_ident;
use sqlparser::ast::{Expr, Function, FunctionArgumentList, FunctionArguments, Ident, ObjectName};

/// What stands in the place of a call.
#[derive(Clone, Copy)]
pub(super) enum Answer<'a> {
    /// The identity's value.
    Own(Answered),
    /// What a server would say that nobody else uses.
    Masked(&'static str),
    /// Nothing: tenants may not call it. Where it is evaluated, that is an error.
    Denied(&'a Niladic),
}

/// A call that is answered here.
pub(super) struct Call<'a> {
    pub(super) answer: Answer<'a>,
    /// What its first token was read into: its name, or the schema before it.
    first: Ident,
    name: Ident,
}

impl<'a> Walk<'a, '_> {
    /// What a call answers, if it is answered here: no argument and no clause, and of pgmoat's own functions the unqualified name.
    pub(super) fn answered(&self, function: &Function) -> Option<Call<'a>> {
        let plain = is_plain(function)?;
        let own = |name: &Ident| self.ground.policy.answered(&name.value).filter(|_| self.ground.answers).map(Answer::Own);
        let instead = |name: &Ident| match masked(&name.value)? {
            Masked::Answer(instead) => Some(Answer::Masked(instead)),
            Masked::Argument(_) => None,
        };
        let (first, name, answer) = match function.name.0.as_slice() {
            [name] => {
                let name = name.as_ident().filter(|_| plain)?;
                (name, name, own(name).or_else(|| instead(name))?)
            }
            [schema, name] => {
                let schema = schema.as_ident().filter(|schema| plain && schema.value == "pg_catalog")?;
                let name = name.as_ident()?;
                (schema, name, instead(name)?)
            }
            [] | [_, _, _, ..] => return None,
        };
        Some(Call { answer, first: first.clone(), name: name.clone() })
    }

    /// A call without arguments of a function that yields one value. Who asks has found that tenants may not call it.
    pub(super) fn denied(&self, function: &Function) -> Option<Call<'a>> {
        if !self.ground.answers || !is_plain(function)? {
            return None;
        }
        let (first, schema, name) = match function.name.0.as_slice() {
            [name] => (name.as_ident()?, None, name.as_ident()?),
            [schema, name] => (schema.as_ident()?, Some(schema.as_ident()?.value.as_str()), name.as_ident()?),
            [] | [_, _, _, ..] => return None,
        };
        let answer = Answer::Denied(self.ground.catalog.niladic(schema, &name.value)?);
        Some(Call { answer, first: first.clone(), name: name.clone() })
    }

    /// Puts the value in the place of the call.
    pub(super) fn answer(&mut self, call: &Call<'_>) -> Result<(), Refusal> {
        let (start, at) = (self.token_of(&call.first)?, self.token_of(&call.name)?);
        let end = at.saturating_add(3);
        let form = self.tokens.is_char(at.saturating_add(1), b'(') && self.tokens.is_char(at.saturating_add(2), b')');
        self.demand(form, "this form of a function call")?;
        let value = match call.answer {
            Answer::Masked(instead) => Piece::Text(instead.to_owned()),
            Answer::Denied(function) => {
                self.notes.push(format!("{}: refused where it is evaluated", function.name));
                let raise = self.ground.marker.raise(Kept::Function(function));
                Piece::Text(format!("(CASE WHEN {raise} THEN NULL::{} END)", function.result))
            }
            Answer::Own(answered) if self.is_limited(answered) => Piece::Value(answered.slot),
            Answer::Own(answered) => {
                let slot = self.ground.policy.slots().get(answered.slot);
                Piece::Text(format!("NULL::{}", slot.map_or("pg_catalog.text", crate::policy::Slot::type_name)))
            }
        };
        let text = |text: String| Piece::Text(text);
        // PostgreSQL names a column by the function, or by the type of a value.
        let label = quote_ident(&call.name.value);
        let pieces = match self.naming.iter().find(|(token, _)| *token == at) {
            Some((_, true)) => vec![value, text(format!("AS {label}"))],
            Some((_, false)) => vec![text("(SELECT".to_owned()), value, text(format!("AS {label})"))],
            None => vec![value],
        };
        self.replace(start..end, pieces);
        Ok(())
    }

    /// Puts what names nothing in the place of the argument, if the function of this name tells of the whole server.
    pub(super) fn mask_argument(&mut self, name: &ObjectName) -> Result<bool, Refusal> {
        let parts = self.parts(name)?;
        let (first, ident) = match parts.as_slice() {
            [ident] => (*ident, *ident),
            [schema, ident] if schema.value == "pg_catalog" => (*schema, *ident),
            [] | [_, _] | [_, _, _, ..] => return Ok(false),
        };
        let instead = match masked(&ident.value) {
            Some(Masked::Argument(instead)) => instead,
            Some(Masked::Answer(_)) | None => return Ok(false),
        };
        let (start, token) = (self.token_of(first)?, self.token_of(ident)?);
        let open = token.saturating_add(1);
        let close = self.tokens.closing(open).filter(|_| self.tokens.is_char(open, b'('));
        let one = close.filter(|close| super::lookup::arguments(self.tokens, open.saturating_add(1)..*close).len() == 1);
        let close = one.ok_or_else(|| self.construct(&format!("{} with this number of arguments", ident.value), Some(token)))?;
        // The argument stays, for its aggregates and its type, and is never evaluated: what stands before it is not null.
        let full = format!("pg_catalog.{}(COALESCE({instead},", quote_ident(&ident.value));
        self.replace(start..open.saturating_add(1), vec![Piece::Text(full)]);
        self.replace(close..close.saturating_add(1), vec![Piece::Text("))".to_owned())]);
        Ok(true)
    }

    /// Whether there is a value: of a level only where the user is limited in it.
    fn is_limited(&self, answered: Answered) -> bool {
        let bit = |level: usize| u32::try_from(level).ok().and_then(|level| self.ground.variant.checked_shr(level));
        answered.level.is_none_or(|level| bit(level).unwrap_or(0) & 1 == 1)
    }

    /// The family of what a call answers: a value of a type cannot raise an error.
    pub(super) fn answered_family(&self, answer: Answer<'_>) -> Option<Family> {
        let Answer::Own(answered) = answer else { return None };
        match declared(self.ground.policy.slots().get(answered.slot)?.type_oid()) {
            Declared::Typed(family) => family,
            Declared::Open | Declared::Refused => None,
        }
    }

    /// Notes the call that an unnamed column takes its name from, if it is answered here.
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
        if let Some(call) = self.answered(function).or_else(|| self.denied(function))
            && let Ok(at) = self.token_of(&call.name)
        {
            self.naming.push((at, std::ptr::eq(inner, expr)));
        }
    }
}

/// Whether a call has no argument; `None` where it has a clause.
fn is_plain(function: &Function) -> Option<bool> {
    let Function {
        name: _,
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
    Some(args.is_empty() && clauses.is_empty() && within_group.is_empty() && *parameters == FunctionArguments::None)
}
