//! Calls that are answered here: `tenant()`, `tenant_id()`, `property_ids()` become the identity's values, as typed literals or hidden
//! parameters, `tenant_setting('name')` takes a value out of one, `current_query()` the client's text; functions that tell of the whole server
//! tell of none. It does not decide
//! what they answer: the policy does.

use super::plan::Piece;
use super::walk::Walk;
use crate::error::{Refusal, Rule, SqlState};
use crate::policy::Answered;
use crate::policy::allowed::{Declared, Family, Masked, declared, masked};
use crate::sql::{quote_ident, quote_literal};
use sqlparser::ast::{
    Expr, Function, FunctionArg, FunctionArgExpr, FunctionArgumentList, FunctionArguments, Ident, ObjectName, Value,
};

/// Longest text that calls of `current_query()` stand in, bytes: each becomes the whole of it.
const QUERY_LIMIT: usize = 4096;

/// What stands in the place of a call.
#[derive(Clone, Copy)]
pub(super) enum Answer {
    /// The identity's value.
    Own(Answered),
    /// What the identity's value of this slot, a JSON object, has under the name that is given.
    Setting(usize),
    /// What a server would say that nobody else uses.
    Masked(&'static str),
    /// The client's own text: the server has another.
    Query,
}

/// A call that is answered here.
pub(super) struct Call {
    pub(super) answer: Answer,
    /// What its first token was read into: its name, or the schema before it.
    first: Ident,
    name: Ident,
}

impl Walk<'_, '_> {
    /// What a call answers, if it is answered here: no argument and no clause, and of pgmoat's own functions the unqualified name.
    pub(super) fn answered(&self, function: &Function) -> Option<Call> {
        let args = plain_arguments(function)?;
        let plain = args.is_empty();
        let own = |name: &Ident| self.ground.policy.answered(&name.value).filter(|_| self.ground.answers);
        // Of a statement that runs by itself: PREPARE, DECLARE and COPY are others' texts when their query runs.
        let alone = self.ground.answers && self.range.start.checked_sub(1).is_none_or(|before| self.tokens.is_char(before, b';'));
        let instead = |name: &Ident| match masked(&name.value) {
            Some(Masked::Answer(instead)) => Some(Answer::Masked(instead)),
            Some(Masked::Argument(_)) => None,
            None => (alone && name.value == "current_query").then_some(Answer::Query),
        };
        let (first, name, answer) = match function.name.0.as_slice() {
            [name] => {
                let name = name.as_ident()?;
                let answer = match own(name) {
                    Some(answered) if answered.named => is_text(args).then_some(Answer::Setting(answered.slot))?,
                    Some(answered) => plain.then_some(Answer::Own(answered))?,
                    None => instead(name).filter(|_| plain)?,
                };
                (name, name, answer)
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

    /// Puts the value in the place of the call.
    pub(super) fn answer(&mut self, call: &Call) -> Result<(), Refusal> {
        let (start, at) = (self.token_of(&call.first)?, self.token_of(&call.name)?);
        let (open, inner) = (at.saturating_add(1), at.saturating_add(2));
        // PostgreSQL names a column by the function, or by the type of a value.
        let label = quote_ident(&call.name.value);
        let naming = self.naming.iter().find(|(token, _)| *token == at).map(|(_, itself)| *itself);
        if let Answer::Setting(slot) = call.answer {
            let close = inner.saturating_add(1);
            let form = self.tokens.is_char(open, b'(') && self.tokens.is_char(close, b')');
            self.demand(form, "this form of a function call")?;
            let (before, after) = match naming {
                Some(true) => ("", format!(") AS {label}")),
                Some(false) => ("(SELECT ", format!(") AS {label})")),
                None => ("", ")".to_owned()),
            };
            let function = Piece::Text(format!("{before}pg_catalog.jsonb_extract_path_text(CAST("));
            self.replace(start..inner, vec![function, Piece::Value(slot), Piece::Text("AS pg_catalog.jsonb),".to_owned())]);
            self.replace(close..close.saturating_add(1), vec![Piece::Text(after)]);
            return Ok(());
        }
        let end = at.saturating_add(3);
        let form = self.tokens.is_char(open, b'(') && self.tokens.is_char(inner, b')');
        self.demand(form, "this form of a function call")?;
        let value = match call.answer {
            Answer::Masked(instead) => Piece::Text(instead.to_owned()),
            Answer::Query => {
                let text = self.tokens.text();
                if text.len() > QUERY_LIMIT {
                    let message = format!("current_query() of a text of more than {QUERY_LIMIT} bytes");
                    return Err(Refusal::new(SqlState::PROGRAM_LIMIT_EXCEEDED, Rule::Bounds, message)
                        .with_hint("Send the call in a query of its own.")
                        .at(self.position(at)));
                }
                self.literal_dependent = true;
                Piece::Text(format!("{}::pg_catalog.text", quote_literal(text)))
            }
            Answer::Setting(slot) => Piece::Value(slot),
            Answer::Own(answered) if self.is_limited(answered) => Piece::Value(answered.slot),
            Answer::Own(answered) => {
                let slot = self.ground.policy.slots().get(answered.slot);
                Piece::Text(format!("NULL::{}", slot.map_or("pg_catalog.text", crate::policy::Slot::type_name)))
            }
        };
        let text = |text: String| Piece::Text(text);
        let pieces = match naming {
            Some(true) => vec![value, text(format!("AS {label}"))],
            Some(false) => vec![text("(SELECT".to_owned()), value, text(format!("AS {label})"))],
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
    pub(super) fn answered_family(&self, answer: Answer) -> Option<Family> {
        let answered = match answer {
            Answer::Own(answered) => answered,
            // What is taken out of an object is a text, or NULL.
            Answer::Setting(_) | Answer::Query => return Some(Family::Text),
            Answer::Masked(_) => return None,
        };
        match declared(self.ground.policy.slots().get(answered.slot)?.type_oid()) {
            Declared::Typed(family) => family,
            Declared::Open | Declared::Refused => None,
        }
    }

    /// Notes the call that an unnamed column takes its name from: something else may come to stand in its place.
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
        if let Some(name) = function.name.0.last().and_then(|part| part.as_ident())
            && let Ok(at) = self.token_of(name)
        {
            self.naming.push((at, std::ptr::eq(inner, expr)));
        }
    }
}

/// The arguments of a call that has nothing else.
pub(super) fn plain_arguments(function: &Function) -> Option<&[FunctionArg]> {
    let Function {
        name: _,
        uses_odbc_syntax: false,
        parameters: FunctionArguments::None,
        args: FunctionArguments::List(FunctionArgumentList { duplicate_treatment: None, args, clauses }),
        within_group,
        filter: None,
        null_treatment: None,
        over: None,
    } = function
    else {
        return None;
    };
    (clauses.is_empty() && within_group.is_empty()).then_some(args)
}

/// Whether the arguments are one string.
fn is_text(arguments: &[FunctionArg]) -> bool {
    match arguments {
        [FunctionArg::Unnamed(FunctionArgExpr::Expr(Expr::Value(value)))] => matches!(
            value.value,
            Value::SingleQuotedString(_)
                | Value::EscapedStringLiteral(_)
                | Value::DollarQuotedString(_)
                | Value::UnicodeStringLiteral(_)
        ),
        [] | [_, ..] => false,
    }
}
