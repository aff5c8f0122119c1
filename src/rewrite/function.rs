//! Functions, operators, types and collations: allowed by list, and named in full where another schema has the same name.
//! It does not know which of them may raise errors.

use super::plan::Piece;
use super::walk::Walk;
use crate::error::{Refusal, Rule, SqlState};
use crate::policy::allowed;
use crate::policy::catalogs::look_up_type;
use crate::sql::{Keyword, Kind};
use sqlparser::ast::{
    ArrayElemTypeDef, BinaryOperator, DataType, Expr, Function, FunctionArg, FunctionArgExpr, FunctionArgOperator,
    FunctionArgumentClause, FunctionArgumentList, FunctionArguments, Ident, ObjectName, UnaryOperator, Value, WindowFrame,
    WindowFrameBound, WindowSpec, WindowType,
};
use std::ops::Range;

/// Words that PostgreSQL's grammar reads as functions without parentheses, and that tell nothing of other tenants.
const WORDS: [&str; 12] = [
    "current_date",
    "current_time",
    "current_timestamp",
    "localtime",
    "localtimestamp",
    "current_user",
    "session_user",
    "user",
    "current_role",
    "current_catalog",
    "current_schema",
    "default",
];

/// Functions that PostgreSQL's grammar has of its own: they are in no catalog under these names, or always those of `pg_catalog`.
const GRAMMAR: [&str; 21] = [
    // with a precision
    "current_time",
    "current_timestamp",
    "localtime",
    "localtimestamp",
    "coalesce",
    "nullif",
    "greatest",
    "least",
    "grouping",
    "row",
    "xmlconcat",
    "xmlelement",
    "xmlexists",
    "xmlforest",
    "xmlparse",
    "xmlpi",
    "xmlroot",
    "xmlserialize",
    crate::sql::SQL_JSON,
    crate::sql::IS_DOCUMENT,
    crate::sql::COLLATION_FOR,
];

impl<'a> Walk<'a, '_> {
    /// A function call: its name, arguments and clauses.
    pub(super) fn function(&mut self, function: &Function) -> Result<(), Refusal> {
        if let Some(call) = self.answered(function) {
            return self.answer(&call);
        }
        let Function { name, uses_odbc_syntax, parameters, args, within_group, filter, null_treatment, over } = function;
        self.demand(
            !uses_odbc_syntax && *parameters == FunctionArguments::None && null_treatment.is_none(),
            "this form of a function call",
        )?;
        let bare = *args == FunctionArguments::None;
        let parts = self.parts(name)?;
        match parts.as_slice() {
            [word] if bare && WORDS.contains(&word.value.as_str()) && word.quote_style.is_none() => {}
            [word] if word.value == "array" && word.quote_style.is_none() && matches!(args, FunctionArguments::Subquery(_)) => {}
            [word] if GRAMMAR.contains(&word.value.as_str()) && word.quote_style.is_none() => {}
            _ => match (self.function_name(name), self.denied(function)) {
                (Ok(()), _) => {}
                // Whether it is called is known when the statement runs; before that PostgreSQL says what else is wrong with it.
                (Err(refusal), Some(call)) if refusal.rule == Rule::Function => return self.refuse_evaluated(&call, function),
                // Nor is it in the way of what PostgreSQL reads before it.
                (Err(refusal), None) if refusal.rule == Rule::Function => return self.refuse_analysed(refusal, function),
                (Err(refusal), _) => return Err(refusal),
            },
        }
        self.arguments = self.arguments.saturating_add(1);
        let walked = self.function_arguments(args);
        self.arguments = self.arguments.saturating_sub(1);
        walked?;
        self.ordering(within_group)?;
        filter.iter().try_for_each(|f| self.expression(f))?;
        match over {
            None | Some(WindowType::NamedWindow(_)) => Ok(()),
            Some(WindowType::WindowSpec(spec)) => self.window(spec),
        }
    }

    pub(super) fn function_arguments(&mut self, args: &FunctionArguments) -> Result<(), Refusal> {
        match args {
            FunctionArguments::None => Ok(()),
            FunctionArguments::Subquery(query) => self.sub_select(query),
            FunctionArguments::List(FunctionArgumentList { duplicate_treatment: _, args, clauses }) => {
                self.arguments(args)?;
                for clause in clauses {
                    match clause {
                        FunctionArgumentClause::OrderBy(expressions) => self.ordering(expressions)?,
                        FunctionArgumentClause::IgnoreOrRespectNulls(_)
                        | FunctionArgumentClause::Where(_)
                        | FunctionArgumentClause::Limit(_)
                        | FunctionArgumentClause::OnOverflow(_)
                        | FunctionArgumentClause::Having(_)
                        | FunctionArgumentClause::Separator(_)
                        | FunctionArgumentClause::JsonNullClause(_)
                        | FunctionArgumentClause::JsonReturningClause(_) => {
                            return Err(self.construct("this clause of a function call", None));
                        }
                    }
                }
                Ok(())
            }
        }
    }

    /// The arguments of a function.
    pub(super) fn arguments(&mut self, args: &[FunctionArg]) -> Result<(), Refusal> {
        for arg in args {
            let arg = match arg {
                FunctionArg::Unnamed(arg) => arg,
                FunctionArg::Named { name: _, arg, operator: _ } => arg,
                // `name => value`: the name is no column
                FunctionArg::ExprNamed {
                    name: Expr::Identifier(_),
                    arg,
                    operator: FunctionArgOperator::RightArrow | FunctionArgOperator::Assignment,
                } => arg,
                FunctionArg::ExprNamed { name: _, arg: _, operator: _ } => {
                    return Err(self.construct("an argument named by an expression", None));
                }
            };
            match arg {
                FunctionArgExpr::Expr(expr) => self.expression(expr)?,
                FunctionArgExpr::Wildcard => {}
                FunctionArgExpr::QualifiedWildcard(name) => {
                    self.seen_row()?;
                    self.row_named(name)?;
                    self.row_name(name)?;
                }
                FunctionArgExpr::WildcardWithOptions(_) => return Err(self.construct("an option of *", None)),
            }
        }
        Ok(())
    }

    /// A window's definition.
    pub(super) fn window(&mut self, spec: &WindowSpec) -> Result<(), Refusal> {
        let WindowSpec { window_name: _, partition_by, order_by, window_frame } = spec;
        self.expressions(partition_by)?;
        self.ordering(order_by)?;
        if let Some(WindowFrame { units: _, start_bound, end_bound }) = window_frame {
            for bound in std::iter::once(start_bound).chain(end_bound) {
                match bound {
                    WindowFrameBound::CurrentRow | WindowFrameBound::Preceding(None) | WindowFrameBound::Following(None) => {}
                    WindowFrameBound::Preceding(Some(e)) | WindowFrameBound::Following(Some(e)) => self.expression(e)?,
                }
            }
        }
        Ok(())
    }

    /// The name of a function that is called: one of `pg_catalog` on the list, or one that the operator allows.
    pub(super) fn function_name(&mut self, name: &ObjectName) -> Result<(), Refusal> {
        if self.look_up_call(name)? || self.mask_argument(name)? {
            return Ok(());
        }
        let parts = self.parts(name)?;
        let (schema, ident) = match parts.as_slice() {
            [ident] => (None, *ident),
            [schema, ident] => (Some(schema.value.as_str()), *ident),
            [] | [_, _, _, ..] => return Err(self.construct("a function name of three parts", None)),
        };
        let elsewhere = self.ground.catalog.user_functions.get(&ident.value).map(Vec::as_slice).unwrap_or_default();
        let token = self.token_of(ident)?;
        if ident.value == "age" && schema.is_none_or(|s| s == "pg_catalog") {
            self.count_from_today(token);
        }
        match schema {
            Some("pg_catalog") if allowed::function(&ident.value).is_some() => Ok(()),
            None if allowed::function(&ident.value).is_some() => {
                if !elsewhere.is_empty() {
                    // A better match in another schema would be called instead.
                    self.replace(
                        token..token.saturating_add(1),
                        vec![Piece::Text(format!("pg_catalog.{}", crate::sql::quote_ident(&ident.value)))],
                    );
                }
                Ok(())
            }
            Some(schema) if self.allows_function(schema, &ident.value) => Ok(()),
            None => {
                let home = self.ground.catalog.search_path.iter().find(|s| elsewhere.contains(s));
                match home.filter(|s| self.allows_function(s, &ident.value)) {
                    Some(home) => {
                        let full = format!("{}.{}", crate::sql::quote_ident(home), crate::sql::quote_ident(&ident.value));
                        self.replace(token..token.saturating_add(1), vec![Piece::Text(full)]);
                        Ok(())
                    }
                    None => Err(self.refuse_function(ident, token)),
                }
            }
            Some(_) => Err(self.refuse_function(ident, token)),
        }
    }

    /// `age(x)`, of a moment, is `age(current_date, x)`; of a transaction it would tell how many all tenants have begun since.
    fn count_from_today(&mut self, name: usize) {
        let open = name.saturating_add(1);
        let Some(close) = self.tokens.closing(open).filter(|_| self.tokens.is_char(open, b'(')) else { return };
        let arguments = super::lookup::arguments(self.tokens, open.saturating_add(1)..close);
        // PostgreSQL does not know which is meant by a literal alone: its error stays.
        let untyped = |argument: &Range<usize>| {
            let null = self.tokens.keyword(argument.start) == Some(Keyword::Null);
            argument.len() == 1 && (null || self.tokens.kind(argument.start).is_some_and(Kind::is_string))
        };
        if let [argument] = arguments.as_slice()
            && !untyped(argument)
        {
            self.replace(open..open.saturating_add(1), vec![Piece::Text("(CURRENT_DATE,".to_owned())]);
        }
    }

    /// Whether tenants may call the functions of this name in a schema of users: the operator allows them, or they are an extension's.
    fn allows_function(&self, schema: &str, name: &str) -> bool {
        let extension = self.ground.catalog.extension_functions.get(&format!("{schema}.{name}"));
        self.ground.policy.allows_function(schema, name) || extension.is_some_and(|e| allowed::extension_function(e, name))
    }

    /// Whether an operator of this name may be one that is neither PostgreSQL's nor an allowed one of an extension.
    fn is_foreign_operator(&self, name: &str) -> bool {
        let from = self.ground.catalog.user_operators.get(name);
        from.is_some_and(|from| !from.iter().all(|extension| allowed::extension_operator(extension, name)))
    }

    pub(super) fn refuse_function(&self, ident: &Ident, token: usize) -> Refusal {
        denied(&ident.value).at(self.position(token))
    }

    /// `row.f`, which calls `f(row)` where `f` is no column: allowed where the call would be.
    ///
    /// A name that is not known at all is refused as PostgreSQL does: the snapshot may be older than a function of that name.
    pub(super) fn attribute_function(&self, row: Option<&Ident>, name: &Ident) -> Result<(), Refusal> {
        let user = self.ground.catalog.user_functions.contains_key(&name.value);
        if allowed::function(&name.value).is_some() && !user {
            return Ok(());
        }
        // The fields of what `_pg_expandarray` yields, as JDBC asks for them.
        if self.catalogs && !user && (name.value == "x" || name.value == "n") {
            return Ok(());
        }
        let token = self.token_of(name)?;
        if user || self.ground.catalog.system_functions.contains(&name.value) {
            return Err(self.refuse_function(name, token));
        }
        let (message, token) = match row {
            Some(row) => (format!("column {}.{} does not exist", row.value, name.value), self.token_of(row)?),
            None => (format!("column \"{}\" does not exist", name.value), token),
        };
        Err(Refusal::new(SqlState::UNDEFINED_COLUMN, Rule::Construct, message).at(self.position(token)))
    }

    /// A bare word that names nothing in sight.
    pub(super) fn bare_word(&self, ident: &Ident) -> Result<(), Refusal> {
        let token = self.token_of(ident)?;
        let reserved = self.tokens.keyword(token).is_some_and(|k| k.category() == crate::sql::Category::Reserved);
        if reserved && !WORDS.contains(&ident.value.as_str()) {
            return Err(self.syntax_error(token));
        }
        Ok(())
    }

    /// An operator of a binary expression: one of `pg_catalog`.
    pub(super) fn operator(&self, op: &BinaryOperator, left: &Expr, right: &Expr) -> Result<(), Refusal> {
        let name = match op {
            BinaryOperator::And | BinaryOperator::Or | BinaryOperator::Overlaps => return Ok(()),
            BinaryOperator::Xor
            | BinaryOperator::DuckIntegerDivide
            | BinaryOperator::MyIntegerDivide
            | BinaryOperator::Match
            | BinaryOperator::Regexp
            | BinaryOperator::Glob
            | BinaryOperator::Assignment => return Err(self.construct("this operator", None)),
            BinaryOperator::PGCustomBinaryOperator(parts) => {
                return match parts.as_slice() {
                    [schema, _] if schema == "pg_catalog" => Ok(()),
                    other => Err(refused_operator(other.last().map_or("", String::as_str))),
                };
            }
            other => other.to_string(),
        };
        let foreign = self.is_foreign_operator(&name);
        if !allowed::is_operator(&name) && (foreign || !self.ground.catalog.user_operators.contains_key(&name)) {
            return Err(refused_operator(&name));
        }
        if !foreign {
            return Ok(());
        }
        // Another schema has an operator of this name too. Between built-in types of one family it is PostgreSQL's own all the same, as
        // exact matches of pg_catalog win; for arithmetic that means numbers. That is so of extensions' operators, which are for types of
        // theirs; what else somebody made may be for any types.
        if self.ground.catalog.own_operators.contains(&name) {
            return Err(refused_operator(&name));
        }
        let comparison = ["=", "<>", "<", "<=", ">", ">="].contains(&name.as_str());
        let arithmetic = comparison || ["+", "-", "*", "/", "%", "&", "|", "#", "<<", ">>"].contains(&name.as_str());
        let literal = |e: &Expr| matches!(e, Expr::Value(v) if matches!(v.value, Value::Number(_, false)));
        if arithmetic && literal(left) && literal(right) {
            return Ok(());
        }
        let (left, right) = (self.family(left), self.family(right));
        let number = |f| matches!(f, Some(allowed::Family::Int | allowed::Family::Numeric | allowed::Family::Float));
        let built_in = (arithmetic && (number(left) || number(right)))
            || (comparison && left.zip(right).is_some_and(|(a, b)| allowed::comparable(a, b)));
        if built_in { Ok(()) } else { Err(refused_operator(&name)) }
    }

    /// A prefix operator: one of `pg_catalog`.
    pub(super) fn unary_operator(&self, op: UnaryOperator, operand: &Expr) -> Result<(), Refusal> {
        let name = match op {
            UnaryOperator::Not => return Ok(()),
            UnaryOperator::Plus | UnaryOperator::Minus => {
                // A sign before a number is part of it.
                let number = matches!(operand, Expr::Value(v) if matches!(v.value, Value::Number(_, false)));
                let name = op.to_string();
                let own = self.ground.catalog.own_operators.contains(&name);
                return if number || !own { Ok(()) } else { Err(refused_operator(&name)) };
            }
            UnaryOperator::BitwiseNot
            | UnaryOperator::PGSquareRoot
            | UnaryOperator::PGCubeRoot
            | UnaryOperator::PGAbs
            | UnaryOperator::AtDashAt
            | UnaryOperator::DoubleAt
            | UnaryOperator::Hash
            | UnaryOperator::PGPrefixFactorial
            | UnaryOperator::QuestionDash
            | UnaryOperator::QuestionPipe => op.to_string(),
            // the parser's feed has it for every prefix operator that PostgreSQL does not have of its own
            UnaryOperator::BangNot | UnaryOperator::PGPostfixFactorial => return Err(refused_operator("in this place")),
        };
        let own = allowed::is_operator(&name) && !self.is_foreign_operator(&name);
        if own { Ok(()) } else { Err(refused_operator(&name)) }
    }

    /// A cast. The name of the relation that an own row is in may be shown; names are not looked up otherwise.
    pub(super) fn cast_type(&mut self, expr: &Expr, data_type: &DataType) -> Result<(), Refusal> {
        self.seen_cast(expr, data_type)?;
        let tableoid = match expr {
            Expr::Identifier(ident) => ident.value == "tableoid",
            Expr::CompoundIdentifier(parts) => parts.last().is_some_and(|p| p.value == "tableoid"),
            _ => false,
        };
        if *data_type == DataType::Regclass && tableoid && self.family(expr) == Some(allowed::Family::Same(26)) {
            self.tableoid_casts = self.tableoid_casts.saturating_add(1);
            return Ok(());
        }
        if is_look_up(data_type) {
            self.look_up_casts = self.look_up_casts.saturating_add(1);
            return Ok(());
        }
        if self.is_row_of_nulls(expr, data_type)? || self.is_cast_of_null(expr, data_type) {
            return Ok(());
        }
        if is_pseudo(data_type) { Ok(()) } else { self.data_type(data_type) }
    }

    /// `NULL::t`, the row type of a relation that tenants may name, for `jsonb_populate_record`: if all its columns are of built-in types and
    /// enums, no function that somebody made is called.
    fn is_row_of_nulls(&mut self, expr: &Expr, data_type: &DataType) -> Result<bool, Refusal> {
        let Some((relation, parts)) = self.row_type(expr, data_type)? else { return Ok(false) };
        let first = parts.first().map_or(Ok(0), |i| self.token_of(i))?;
        let end = parts.last().map_or(Ok(0), |i| self.token_of(i))?.saturating_add(1);
        self.replace(first..end, vec![Piece::Text(super::walk::quoted(relation))]);
        Ok(true)
    }

    /// The relation whose row type such a NULL is cast to, and its name's parts.
    fn row_type<'e>(
        &self,
        expr: &Expr,
        data_type: &'e DataType,
    ) -> Result<Option<(&'a crate::catalog::Relation, Vec<&'e Ident>)>, Refusal> {
        let (DataType::Custom(name, modifiers), Expr::Value(value)) = (data_type, expr) else { return Ok(None) };
        if !modifiers.is_empty() || value.value != Value::Null {
            return Ok(None);
        }
        let parts = self.parts(name)?;
        let (schema, last) = match parts.as_slice() {
            [last] => (None, *last),
            [schema, last] => (Some(schema.value.as_str()), *last),
            [] | [_, _, _, ..] => return Ok(None),
        };
        let found = self.ground.catalog.find(schema, &last.value).filter(|_| allowed::named_type(&last.value).is_none());
        let shown = |oid: u32| self.ground.exposure.shows(crate::policy::exposure::ObjectKind::Relation, oid);
        let plain = |c: &crate::catalog::Column| c.builtin_type || c.enumeration;
        // Its fields are all of the columns.
        let whole = |r: &crate::catalog::Relation| self.ground.policy.hides(r).is_none();
        let found = found.filter(|r| shown(r.oid) && whole(r) && r.columns.iter().all(plain));
        Ok(found.map(|relation| (relation, parts)))
    }

    /// The columns of `jsonb_populate_recordset(NULL::t, ..)` in FROM: those of the row type.
    pub(super) fn populated(&self, function: &str, args: &[FunctionArg]) -> Result<Option<Vec<String>>, Refusal> {
        const POPULATE: [&str; 4] =
            ["json_populate_record", "jsonb_populate_record", "json_populate_recordset", "jsonb_populate_recordset"];
        let Some(FunctionArg::Unnamed(FunctionArgExpr::Expr(Expr::Cast { kind: _, expr, data_type, format: None }))) =
            args.first()
        else {
            return Ok(None);
        };
        let found = if POPULATE.contains(&function) { self.row_type(expr, data_type)? } else { None };
        Ok(found.map(|(relation, _)| relation.columns.iter().map(|c| c.name.clone()).collect()))
    }

    /// A type in a cast or column definition.
    pub(super) fn data_type(&self, data_type: &DataType) -> Result<(), Refusal> {
        match data_type {
            DataType::Array(ArrayElemTypeDef::SquareBracket(element, _) | ArrayElemTypeDef::Qualified(element, _)) => {
                self.data_type(element)
            }
            DataType::Custom(name, _) => self.named_type(name),
            other => match super::safety::type_name(other) {
                Some(_) => Ok(()),
                None => Err(self.refuse_type(&other.to_string())),
            },
        }
    }

    fn named_type(&self, name: &ObjectName) -> Result<(), Refusal> {
        let parts = self.parts(name)?;
        let (schema, ident) = match parts.as_slice() {
            [ident] => (None, *ident),
            [schema, ident] => (Some(schema.value.as_str()), *ident),
            [] | [_, _, _, ..] => return Err(self.construct("a type name of three parts", None)),
        };
        let enums = self.ground.catalog.enum_types.get(&ident.value).into_iter().flatten();
        let extended = self.ground.catalog.extension_types.get(&ident.value).into_iter().flatten();
        let extended =
            extended.filter(|(_, extension)| allowed::extension_type(extension, &ident.value)).map(|(schema, _)| schema);
        let elsewhere: Vec<&String> = enums.chain(extended).collect();
        let shadowed = self.ground.catalog.user_types.contains_key(&ident.value);
        let builtin = allowed::named_type(&ident.value).is_some()
            || ident.value.strip_prefix('_').is_some_and(|e| allowed::named_type(e).is_some());
        let known = match schema {
            Some("pg_catalog") => builtin,
            // pg_catalog comes first in the search path: a type of the same name elsewhere is not meant.
            None => builtin || (!elsewhere.is_empty() && shadowed),
            Some(schema) => elsewhere.iter().any(|s| *s == schema),
        };
        if known { Ok(()) } else { Err(self.refuse_type(&ident.value)) }
    }

    fn refuse_type(&self, name: &str) -> Refusal {
        Refusal::new(SqlState::INSUFFICIENT_PRIVILEGE, Rule::Type, format!("permission denied for type {}", name.to_ascii_lowercase()))
            .with_hint("Tenants may name PostgreSQL's data types, the enums of this database and some types of extensions; types that look names up (regclass ...) are refused.")
    }

    /// COLLATE with a built-in collation, or none of ours to judge: collations compare, they do not read.
    pub(super) fn collation(&self, name: &ObjectName) -> Result<(), Refusal> {
        self.parts(name).map(|_| ())
    }
}

/// Whether a type is a pseudo-type that may be named in a cast: `anyarray`, `pg_catalog.cstring`.
fn is_pseudo(data_type: &DataType) -> bool {
    match data_type {
        DataType::Custom(name, modifiers) if modifiers.is_empty() => match name.0.as_slice() {
            [name] => name.as_ident().is_some_and(|i| allowed::pseudo_type(&i.value)),
            [schema, name] if schema.as_ident().is_some_and(|s| s.value == "pg_catalog") => {
                name.as_ident().is_some_and(|i| allowed::pseudo_type(&i.value))
            }
            [] | [_, _] | [_, _, _, ..] => false,
        },
        other => {
            let _: &DataType = other;
            false
        }
    }
}

fn refused_operator(what: &str) -> Refusal {
    Refusal::new(SqlState::INSUFFICIENT_PRIVILEGE, Rule::Operator, format!("permission denied for operator {what}"))
        .with_hint("Only the operators of pg_catalog are available to tenants; name one in full as OPERATOR(pg_catalog.x).")
}

/// Whether a type looks up the name that it is given: casts to it are guarded (`lookup`).
fn is_look_up(data_type: &DataType) -> bool {
    match data_type {
        DataType::Regclass => true,
        DataType::Custom(name, modifiers) if modifiers.is_empty() => match name.0.as_slice() {
            [name] => name.as_ident().is_some_and(|i| look_up_type(&i.value).is_some()),
            [schema, name] => {
                let system = schema.as_ident().is_some_and(|s| s.value == "pg_catalog");
                system && name.as_ident().is_some_and(|i| look_up_type(&i.value).is_some())
            }
            [] | [_, _, _, ..] => false,
        },
        other => {
            let _: &DataType = other;
            false
        }
    }
}

/// Whether a function draws from a sequence, or tells what was drawn.
pub(super) fn is_sequence(name: &str) -> bool {
    matches!(name, "nextval" | "currval" | "lastval" | "setval")
}

/// Whether a function takes or releases an advisory lock.
pub(super) fn is_advisory(name: &str) -> bool {
    name.starts_with("pg_advisory_") || name.starts_with("pg_try_advisory_")
}

/// The refusal of a function that tenants may not call.
pub(super) fn denied(name: &str) -> Refusal {
    let hint = match name {
        _ if is_sequence(name) => {
            "A sequence counts for all tenants. Let the column's default draw from it, and read the value by RETURNING."
        }
        _ if is_advisory(name) => {
            "Advisory locks are shared by all tenants, and a connection by several clients: lock a row, SELECT ... FOR UPDATE. Migrations run as a bypass user."
        }
        "pg_notify" => "Notifications reach all tenants. Write to a table, and ask it.",
        _other => {
            "Tenants may call the functions of PostgreSQL that cannot reach beyond their rows, and those named in [tenancy] functions."
        }
    };
    Refusal::new(SqlState::INSUFFICIENT_PRIVILEGE, Rule::Function, format!("permission denied for function {name}"))
        .with_hint(hint)
}

/// The refusal of a function that the role of the server connections may not call either.
pub(super) fn denied_to_role() -> Refusal {
    let message = "permission denied for a function of this statement";
    Refusal::new(SqlState::INSUFFICIENT_PRIVILEGE, Rule::Function, message)
        .with_hint("The role that pgmoat logs in with may not call it, nor may tenants.")
}
