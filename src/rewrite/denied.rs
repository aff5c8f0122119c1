//! Calls that tenants may not make: where it is certain which function is meant, an expression of its type stands in its place that raises
//! the refusal when it is evaluated, so that PostgreSQL says first what else is wrong with the statement. The function itself is not named to
//! the server. It does not decide who may call what: the policy does.

use super::marker::{Kept, Marker};
use super::plan::{Edit, Piece};
use super::walk::Walk;
use crate::catalog::Signature;
use crate::error::Refusal;
use crate::policy::allowed;
use crate::sql::{Keyword, quote_ident};
use sqlparser::ast::{ArrayElemTypeDef, DataType, Expr, Function, FunctionArg, FunctionArgExpr, Ident, ObjectName, Value};
use std::ops::Range;

/// A call that raises the refusal where it is evaluated.
pub(super) struct Denied<'a> {
    function: &'a Signature,
    /// What its first token was read into: its name, or the schema before it.
    first: Ident,
    name: Ident,
    given: Vec<Given>,
}

/// What is known of an argument.
#[derive(Clone, Copy)]
enum Given {
    /// It is of the type that the function takes.
    Typed,
    /// It is a literal or a parameter, which PostgreSQL gives that type.
    Converted,
}

impl<'a> Walk<'a, '_> {
    /// The call, if it is certain which function it means: by arguments that are of its very types, or literals where there is one function
    /// only. Who asks has found that tenants may not call it.
    pub(super) fn denied(&self, function: &Function) -> Option<Denied<'a>> {
        if !self.ground.answers {
            return None;
        }
        let arguments = expressions(super::answered::plain_arguments(function)?)?;
        let (first, schema, name) = match function.name.0.as_slice() {
            [name] => (name.as_ident()?, None, name.as_ident()?),
            [schema, name] => (schema.as_ident()?, Some(schema.as_ident()?.value.as_str()), name.as_ident()?),
            [] | [_, _, _, ..] => return None,
        };
        // An application that takes such a lock is told at once what to do instead.
        if super::function::is_advisory(&name.value) {
            return None;
        }
        let candidates = self.ground.catalog.candidates(schema, &name.value, arguments.len());
        let exact = |s: &&&Signature| s.arguments.iter().zip(&arguments).all(|(t, a)| self.exact_type(a).as_deref() == Some(t));
        let (function, given) = match (candidates.as_slice(), candidates.iter().find(exact)) {
            (_, Some(exact)) => (*exact, vec![Given::Typed; arguments.len()]),
            ([only], None) => {
                let given = only.arguments.iter().zip(&arguments).map(|(t, a)| self.given(t, a));
                (*only, given.collect::<Option<Vec<Given>>>()?)
            }
            ([] | [_, _, ..], None) => return None,
        };
        // A literal beside a NULL of such a type would be read as one.
        let literal = |a: &&Expr| matches!(a, Expr::Value(v) if !matches!(v.value, Value::Number(_, _) | Value::Boolean(_)));
        let apart = || !arguments.iter().any(literal);
        let fits =
            function.scalar && (allowed::plain_type(&function.result) || (allowed::null_type(&function.result) && apart()));
        fits.then(|| Denied { function, first: first.clone(), name: name.clone(), given })
    }

    /// What is known of an argument for the only function that may be meant.
    fn given(&self, wanted: &str, argument: &Expr) -> Option<Given> {
        let literal = |argument: &Expr| match argument {
            Expr::Value(value) => matches!(value.value, Value::SingleQuotedString(_) | Value::Null | Value::Placeholder(_)),
            other => {
                let _: &Expr = other;
                false
            }
        };
        match self.exact_type(argument) {
            Some(of) if of == wanted => Some(Given::Typed),
            // PostgreSQL converts an integer to these by itself.
            Some(of) if of == "int4" && matches!(argument, Expr::Value(_)) => {
                matches!(wanted, "int8" | "numeric" | "float4" | "float8" | "oid").then_some(Given::Converted)
            }
            Some(_) => None,
            None => (literal(argument) && allowed::plain_type(wanted)).then_some(Given::Converted),
        }
    }

    /// The type of an expression, by `pg_type.typname`, where that is certain.
    pub(super) fn exact_type(&self, expr: &Expr) -> Option<String> {
        match expr {
            Expr::Nested(inner) => self.exact_type(inner),
            Expr::Cast { kind: _, expr: _, data_type, format: None } => written_type(data_type),
            Expr::Value(value) => match &value.value {
                Value::Boolean(_) => Some("bool".to_owned()),
                Value::Number(number, false) if super::safety::is_int4(number) => Some("int4".to_owned()),
                other => {
                    let _: &Value = other;
                    None
                }
            },
            Expr::Case { case_token: _, end_token: _, operand: _, conditions, else_result } => {
                self.common_type(conditions.iter().map(|when| &when.result).chain(else_result.as_deref()))
            }
            Expr::Function(function) => match function.name.0.as_slice() {
                [name] if name.as_ident().is_some_and(|i| i.quote_style.is_none() && i.value == "coalesce") => {
                    self.common_type(expressions(super::answered::plain_arguments(function)?)?.into_iter())
                }
                // What is compared as another type comes out as that.
                [name] if name.as_ident().is_some_and(|i| i.quote_style.is_none() && i.value == "nullif") => {
                    let of = self.common_type(expressions(super::answered::plain_arguments(function)?)?.into_iter());
                    of.filter(|of| !matches!(of.as_str(), "varchar" | "cidr") && !of.starts_with("pg_"))
                }
                [] | [_, ..] => self.denied(function).map(|call| call.function.result.clone()),
            },
            other => {
                let _: &Expr = other;
                None
            }
        }
    }

    /// The one type that all of these have.
    fn common_type<'e>(&self, mut all: impl Iterator<Item = &'e Expr>) -> Option<String> {
        let first = self.exact_type(all.next()?)?;
        all.all(|e| self.exact_type(e).as_ref() == Some(&first)).then_some(first)
    }

    /// Puts what raises the refusal in the place of the call. The arguments stay, for their own errors and their aggregates, behind what
    /// raises it: they are never evaluated.
    pub(super) fn refuse_evaluated(&mut self, call: &Denied<'_>, function: &Function) -> Result<(), Refusal> {
        let (start, at) = (self.token_of(&call.first)?, self.token_of(&call.name)?);
        let open = at.saturating_add(1);
        let close = self.tokens.closing(open).filter(|_| self.tokens.is_char(open, b'('));
        let close = close.ok_or_else(|| self.construct("this form of a function call", Some(at)))?;
        let arguments = super::lookup::arguments(self.tokens, open.saturating_add(1)..close);
        let plain = |argument: &Range<usize>| self.tokens.keyword(argument.start) != Some(Keyword::Variadic);
        let understood = arguments.len() == call.given.len() && arguments.iter().all(plain);
        self.demand(understood, "this form of a function call")?;
        let naming = self.naming.iter().find(|(token, _)| *token == at).map(|(_, itself)| *itself);
        let Signature { oid: _, name, arguments: types, defaults: _, variadic: _, result, scalar: _, volatile: _, permitted } =
            call.function;
        let null = format!("NULL::pg_catalog.{}", quote_ident(result));
        let raise = self.ground.marker.raise(Kept::Function(call.function));
        let init = if *permitted { String::new() } else { format!(" WHEN {} THEN {null}", Marker::never_run(&raise)) };
        // A column that nothing else names has the function's name.
        let label = quote_ident(&call.name.value);
        let end = match naming {
            Some(true) => format!("END) AS {label}"),
            Some(false) => format!("ELSE (SELECT {null} AS {label}) END)"),
            None => "END)".to_owned(),
        };
        self.notes.push(format!("{name}: refused where it is evaluated"));
        self.null_types |= allowed::null_type(result);
        let begin = format!("(CASE WHEN {raise} THEN {null}{init}");
        if arguments.is_empty() {
            self.replace(start..close.saturating_add(1), vec![Piece::Text(format!("{begin} {end}"))]);
            return Ok(());
        }
        self.arguments = self.arguments.saturating_add(1);
        let walked = self.function_arguments(&function.args);
        self.arguments = self.arguments.saturating_sub(1);
        walked?;
        self.replace(start..open, vec![Piece::Text(format!("{begin} WHEN ROW"))]);
        for ((tokens, given), wanted) in arguments.iter().zip(&call.given).zip(types) {
            if matches!(given, Given::Converted) {
                self.edits.push(Edit::before(tokens.start, vec![Piece::Text("CAST(".to_owned())]));
                let of = format!("AS pg_catalog.{})", quote_ident(wanted));
                self.edits.push(Edit::before(tokens.end, vec![Piece::Text(of)]));
            }
        }
        self.replace(close..close.saturating_add(1), vec![Piece::Text(format!(") IS NULL THEN {null} {end}"))]);
        Ok(())
    }

    /// Puts what PostgreSQL cannot read in the place of a call of which it is not certain what it yields: the statement ends there, before
    /// it is planned, unless PostgreSQL finds something wrong with what it reads before. The arguments stay, as they are read before.
    ///
    /// # Errors
    /// The refusal itself where the text is shown, not sent, or not run; where it says more than that the call is denied; and of what is not known at all.
    pub(super) fn refuse_analysed(&mut self, refusal: Refusal, function: &Function) -> Result<(), Refusal> {
        let ground = self.ground;
        let parts = self.parts(&function.name)?;
        let (first, schema, name) = match parts.as_slice() {
            [name] => (*name, None, *name),
            [schema, name] => (*schema, Some(schema.value.as_str()), *name),
            [] | [_, _, _, ..] => return Err(refusal),
        };
        let plain = super::answered::plain_arguments(function).is_some_and(|arguments| expressions(arguments).is_some());
        let hinted = super::function::is_sequence(&name.value) || super::function::is_advisory(&name.value);
        let sent = ground.answers && !(ground.shown || ground.frank || ground.apart);
        let known = ground.catalog.named(schema, &name.value).first().filter(|_| sent && plain && !hinted);
        let Some(known) = known else { return Err(refusal) };
        let (start, at) = (self.token_of(first)?, self.token_of(name)?);
        let open = at.saturating_add(1);
        let Some(close) = self.tokens.closing(open).filter(|_| self.tokens.is_char(open, b'(')) else { return Err(refusal) };
        if self.tokens.keyword(open.saturating_add(1)) == Some(Keyword::Variadic) {
            return Err(refusal);
        }
        let Some(never) = ground.marker.unreadable(Kept::Function(known)) else { return Err(refusal) };
        self.notes.push(format!("{}: refused where it is read", known.name));
        self.arguments = self.arguments.saturating_add(1);
        let walked = self.function_arguments(&function.args);
        self.arguments = self.arguments.saturating_sub(1);
        walked?;
        if close == open.saturating_add(1) {
            self.replace(start..close.saturating_add(1), vec![Piece::Text(format!("({never})"))]);
            return Ok(());
        }
        self.replace(start..open, vec![Piece::Text("(CASE WHEN ROW".to_owned())]);
        self.replace(close..close.saturating_add(1), vec![Piece::Text(format!(") IS NULL THEN {never} END)"))]);
        Ok(())
    }

    /// A cast that makes nothing but a NULL, of a type of which there are no others: of NULL, or of what is of that type already.
    pub(super) fn is_cast_of_null(&mut self, expr: &Expr, data_type: &DataType) -> bool {
        let Some(name) = written_type(data_type).filter(|name| allowed::null_type(name)) else { return false };
        let null = matches!(expr, Expr::Value(value) if value.value == Value::Null) || self.exact_type(expr) == Some(name);
        self.null_types |= null;
        null
    }

    /// Beside a value of such a type no literal may stand that is not of another: it would be read as one, which looks up the roles in it.
    pub(super) fn literals_are_cast(&self) -> Result<(), Refusal> {
        let literal = |i: &usize| {
            self.tokens.kind(*i).is_some_and(crate::sql::Kind::is_string) || self.tokens.kind(*i) == Some(crate::sql::Kind::Param)
        };
        let cast = |i: usize| {
            let behind = i.saturating_add(1);
            let called = i.checked_sub(2).is_some_and(|b| self.tokens.keyword(b) == Some(Keyword::Cast));
            self.tokens.kind(behind) == Some(crate::sql::Kind::TypeCast)
                || (called && self.tokens.keyword(behind) == Some(Keyword::As))
        };
        let all = self.range.clone().filter(literal).all(cast);
        self.demand(all, "a literal without a cast beside a NULL of such a type")
    }
}

/// The arguments, if each is a plain expression.
fn expressions(arguments: &[FunctionArg]) -> Option<Vec<&Expr>> {
    let expression = |argument| match argument {
        &FunctionArg::Unnamed(FunctionArgExpr::Expr(ref e)) => Some(e),
        FunctionArg::Unnamed(
            FunctionArgExpr::Wildcard | FunctionArgExpr::QualifiedWildcard(_) | FunctionArgExpr::WildcardWithOptions(_),
        )
        | FunctionArg::Named { name: _, arg: _, operator: _ }
        | FunctionArg::ExprNamed { name: _, arg: _, operator: _ } => None,
    };
    arguments.iter().map(expression).collect()
}

/// The type of `pg_catalog` that is written, by `pg_type.typname`.
fn written_type(data_type: &DataType) -> Option<String> {
    match data_type {
        DataType::Array(ArrayElemTypeDef::SquareBracket(element, _) | ArrayElemTypeDef::Qualified(element, _)) => {
            written_type(element).filter(|element| !element.starts_with('_')).map(|element| format!("_{element}"))
        }
        DataType::Custom(ObjectName(parts), modifiers) if modifiers.is_empty() => {
            let name = match parts.as_slice() {
                [name] => name.as_ident()?,
                [schema, name] if schema.as_ident()?.value == "pg_catalog" => name.as_ident()?,
                [] | [_, _] | [_, _, _, ..] => return None,
            };
            let known = allowed::plain_type(&name.value) || allowed::null_type(&name.value);
            known.then(|| name.value.clone())
        }
        other => super::safety::type_name(other).map(str::to_owned),
    }
}
