//! Which conditions can never raise an error, whatever row they see: PostgreSQL may evaluate them before the tenant predicate.
//! What is not known to be safe is not. It does not refuse anything: an unsafe condition makes the statement take the fenced form.

use super::answered::Answer;
use super::expression::parameter_number;
use super::scope::{Columns, Meaning, Own, qualified, unqualified};
use super::walk::{Walk, address};
use crate::policy::allowed::{self, Declared, Family, comparable};
use crate::sql::shape::is_deep;
use crate::sql::{Keyword, Kind};
use sqlparser::ast::{
    Array, ArrayElemTypeDef, BinaryOperator, CaseWhen, DataType, Expr, Function, FunctionArg, FunctionArgExpr, FunctionArguments,
    Query, TimezoneInfo, TypedString, UnaryOperator, Value,
};

/// `FirstNormalObjectId` of PostgreSQL: what a database's users have made has this OID or a higher one.
const FIRST_OWN_OID: u32 = 16384;

impl Walk<'_, '_> {
    /// What is known of the values of an expression that is a column.
    pub(super) fn own(&self, expr: &Expr) -> Option<Own> {
        if let Expr::Function(function) = expr {
            return match self.answered(function)?.answer {
                Answer::Own(answered) => answered.level.is_none().then_some(Own::Tenant(answered.slot)),
                Answer::Setting(_) | Answer::Masked(_) | Answer::Query => None,
            };
        }
        match self.meaning(expr)? {
            Meaning::Column { level: _, entry: _, family: _, own } => own,
            Meaning::Row { level: _, entry: _ } | Meaning::Open | Meaning::Nothing => None,
        }
    }

    pub(super) fn meaning(&self, expr: &Expr) -> Option<Meaning> {
        match expr {
            Expr::Identifier(ident) => Some(unqualified(&self.levels, &ident.value)),
            Expr::CompoundIdentifier(parts) => match parts.as_slice() {
                [relation, column] | [_, relation, column] => Some(qualified(&self.levels, &relation.value, &column.value)),
                [] | [_] | [_, _, _, _, ..] => None,
            },
            other => {
                let _: &Expr = other;
                None
            }
        }
    }

    /// The family of an expression's values if evaluating it can never raise an error; `None` when it may, or is not known.
    pub(super) fn family(&self, expr: &Expr) -> Option<Family> {
        match expr {
            Expr::Identifier(_) | Expr::CompoundIdentifier(_) => match self.meaning(expr)? {
                Meaning::Column { level: _, entry: _, family, own: _ } => family,
                Meaning::Row { level: _, entry: _ } | Meaning::Open => None,
                Meaning::Nothing => match expr {
                    Expr::Identifier(ident) if ident.quote_style.is_none() => word(&ident.value),
                    _ => None,
                },
            },
            Expr::Nested(e) => self.family(e),
            Expr::Value(value) => match &value.value {
                Value::Boolean(_) => Some(Family::Bool),
                Value::Placeholder(name) => self.parameter_family(name),
                Value::Number(_, false) | Value::SingleQuotedString(_) | Value::Null => Some(Family::Constant),
                _ => None,
            },
            Expr::TypedString(TypedString { data_type, value: _, uses_odbc_syntax: _ }) => {
                allowed::family_of(type_name(data_type)?)
            }
            Expr::UnaryOp { op: UnaryOperator::Not, expr } => self.boolean(expr),
            Expr::UnaryOp { op: UnaryOperator::Minus | UnaryOperator::Plus, expr } => {
                matches!(expr.as_ref(), Expr::Value(v) if matches!(v.value, Value::Number(_, false))).then_some(Family::Constant)
            }
            Expr::IsNull(e) | Expr::IsNotNull(e) => {
                // Of a row its fields are looked at, not what is in them.
                let row =
                    matches!(self.meaning(e), Some(Meaning::Row { level: _, entry: _ })) && matches!(**e, Expr::Identifier(_));
                if row { Some(Family::Bool) } else { self.family(e).map(|_| Family::Bool) }
            }
            Expr::IsTrue(e)
            | Expr::IsNotTrue(e)
            | Expr::IsFalse(e)
            | Expr::IsNotFalse(e)
            | Expr::IsUnknown(e)
            | Expr::IsNotUnknown(e) => self.boolean(e),
            Expr::IsDistinctFrom(a, b) | Expr::IsNotDistinctFrom(a, b) => self.compared(a, b),
            Expr::BinaryOp { left, op, right } => self.binary(left, op, right),
            Expr::Between { expr, negated: _, low, high } => {
                let of = self.family(expr)?;
                self.compared_with(expr, of, low)?;
                self.compared_with(expr, of, high).map(|_| Family::Bool)
            }
            Expr::InList { expr, list, negated: _ } => self.in_list(expr, list),
            Expr::InSubquery { expr, subquery, negated: _ } => {
                let of = self.family(expr)?;
                comparable(of, self.only_column(subquery)?).then_some(Family::Bool)
            }
            Expr::Exists { subquery: _, negated: _ } => Some(Family::Bool),
            Expr::Subquery(subquery) => {
                let single = self.selects.get(&address(subquery)).is_some_and(|s| s.single);
                if single { self.only_column(subquery) } else { None }
            }
            Expr::Like { negated: _, any: false, expr, pattern, escape_char: None } => {
                (self.family(expr) == Some(Family::Text) && self.plain_pattern(pattern)).then_some(Family::Bool)
            }
            // It is a LIKE of lower(..).
            Expr::ILike { negated: _, any: false, expr, pattern, escape_char: None } => (self.alone.get()
                && self.is_stored_text(expr)
                && self.family(expr) == Some(Family::Text)
                && self.plain_pattern(pattern))
            .then_some(Family::Bool),
            Expr::AnyOp { left, compare_op, right, is_some: _ } | Expr::AllOp { left, compare_op, right } => {
                self.quantified(left, compare_op, right)
            }
            Expr::Cast { kind: _, expr, data_type, format: None } => self.cast(expr, data_type),
            Expr::Case { case_token: _, end_token: _, operand, conditions, else_result } => {
                self.case(operand.as_deref(), conditions, else_result.as_deref())
            }
            Expr::Function(function) => self.call(function),
            // Two collations in one comparison are an error that is raised only when a row is seen.
            Expr::Collate { expr: _, collation: _ } => None,
            // Everything else may raise an error, or is not known not to.
            _ => None,
        }
    }

    fn case(&self, operand: Option<&Expr>, conditions: &[CaseWhen], else_result: Option<&Expr>) -> Option<Family> {
        // It is a value of its own before it is compared.
        let operand = match operand {
            Some(operand) => Some((operand, self.settled(operand)?)),
            None => None,
        };
        for when in conditions {
            match operand {
                Some((operand, of)) => self.compared_with(operand, of, &when.condition).map(|_| ())?,
                None => self.boolean(&when.condition).map(|_| ())?,
            }
        }
        let results = conditions.iter().map(|when| &when.result).chain(else_result);
        self.alternatives(&results.collect::<Vec<_>>())
    }

    fn boolean(&self, expr: &Expr) -> Option<Family> {
        self.family(expr).filter(|f| matches!(f, Family::Bool | Family::Constant)).map(|_| Family::Bool)
    }

    fn compared(&self, a: &Expr, b: &Expr) -> Option<Family> {
        let of = self.family(a)?;
        self.compared_with(a, of, b).map(|_| Family::Bool)
    }

    /// The family of `b`, where comparing it with `a`, which is of this family, cannot fail. Whoever compares `a` several times asks for its
    /// family once: a comparison within a comparison would be looked at for each combination otherwise.
    fn compared_with(&self, a: &Expr, of: Family, b: &Expr) -> Option<Family> {
        let other = self.family(b)?;
        let kept = |e: &Expr, beside: Family| !self.is_typed_elsewhere(e) || keeps_its_type(beside);
        (comparable(of, other) && kept(a, other) && kept(b, of)).then_some(other)
    }

    /// Whether an expression is a parameter that may have got its type from another use of it: it is then converted while rows are read.
    fn is_typed_elsewhere(&self, expr: &Expr) -> bool {
        match expr {
            Expr::Nested(e) => self.is_typed_elsewhere(e),
            Expr::Value(v) => match &v.value {
                Value::Placeholder(name) => parameter_number(name).is_none_or(|number| {
                    let declared = self.ground.declared.get(usize::from(number.saturating_sub(1))).copied().unwrap_or(0);
                    allowed::declared(declared) == Declared::Open && self.uses(number).len() > 1
                }),
                _ => false,
            },
            _ => false,
        }
    }

    /// Where a parameter is used in the statement.
    pub(super) fn uses(&self, number: u16) -> &[usize] {
        let all = self.uses.get_or_init(|| {
            let mut all: ahash::AHashMap<u32, Vec<usize>> = ahash::AHashMap::new();
            for (i, number) in (0..self.tokens.len()).filter_map(|i| Some((i, self.tokens.param(i)?))) {
                all.entry(number).or_default().push(i);
            }
            all
        });
        all.get(&u32::from(number)).map(Vec::as_slice).unwrap_or_default()
    }

    /// The family of a value that is no literal any more, as a column's, an alternative's or a sub-select's is not: literals have got a type.
    pub(super) fn settled(&self, expr: &Expr) -> Option<Family> {
        match self.family(expr)? {
            Family::Constant => self.literal(expr),
            other => Some(other),
        }
    }

    /// The family of the type that a literal has by itself. What tells numbers apart is in the shape of a statement.
    fn literal(&self, expr: &Expr) -> Option<Family> {
        match expr {
            Expr::Nested(e) | Expr::UnaryOp { op: UnaryOperator::Minus | UnaryOperator::Plus, expr: e } => self.literal(e),
            Expr::Value(v) => match &v.value {
                Value::Number(number, false) => Some(if is_int4(number) { Family::Int } else { Family::Numeric }),
                Value::SingleQuotedString(_) | Value::Null => Some(Family::Text),
                Value::Placeholder(_) => (!self.is_typed_elsewhere(expr)).then_some(Family::Text),
                _ => None,
            },
            Expr::Identifier(_) => Some(Family::Text),
            _ => None,
        }
    }

    /// The family of what is one of these. The server converts those that are of another type to the one that it chooses, while rows are
    /// read: that must not fail, nor may what comes of it be taken for a literal.
    fn alternatives(&self, all: &[&Expr]) -> Option<Family> {
        let (mut common, mut typed, mut literals) = (None, 0_usize, Vec::new());
        for expr in all {
            match self.family(expr)? {
                Family::Constant => literals.push(*expr),
                family if common.is_none_or(|c| c == family) => {
                    common = Some(family);
                    typed = typed.saturating_add(1);
                }
                _another => return None,
            }
        }
        // A date may be no timestamp.
        if typed > 1 && common == Some(Family::Moment) {
            return None;
        }
        for literal in literals {
            if is_null(literal) {
                continue;
            }
            let of = self.literal(literal)?;
            common = Some(match (common, of) {
                (None, of) => of,
                // A string has the type of the others, when the statement is analysed; beside a number that is a literal too, it may not.
                (Some(common), Family::Text) if typed > 0 || common == Family::Text => common,
                (Some(common), of) if common == of => common,
                (Some(Family::Numeric | Family::Float), Family::Int) => common?,
                (Some(Family::Int), Family::Numeric) => Family::Numeric,
                (Some(_), _) => return None,
            });
        }
        // Of NULLs only: a text. A document of several is nobody's column: see `is_stored_json`.
        Some(common.unwrap_or(Family::Text)).filter(|family| *family != Family::Jsonb)
    }

    fn parameter_family(&self, name: &str) -> Option<Family> {
        let number = parameter_number(name)?;
        let oid = self.ground.declared.get(usize::from(number.saturating_sub(1))).copied().unwrap_or(0);
        match allowed::declared(oid) {
            Declared::Open => Some(Family::Constant),
            Declared::Typed(family) => family,
            Declared::Refused => None,
        }
    }

    fn binary(&self, left: &Expr, op: &BinaryOperator, right: &Expr) -> Option<Family> {
        match op {
            BinaryOperator::And | BinaryOperator::Or => self.boolean(left).and(self.boolean(right)),
            BinaryOperator::Eq
            | BinaryOperator::NotEq
            | BinaryOperator::Lt
            | BinaryOperator::LtEq
            | BinaryOperator::Gt
            | BinaryOperator::GtEq => self.compared(left, right),
            // Operators on a jsonb column with a constant at the right: NULL or false where it does not fit.
            BinaryOperator::Arrow | BinaryOperator::HashArrow => self.json(left, right).map(|()| Family::Jsonb),
            BinaryOperator::LongArrow | BinaryOperator::HashLongArrow => {
                self.json(left, right).filter(|()| self.alone.get()).map(|()| Family::Text)
            }
            BinaryOperator::AtArrow | BinaryOperator::ArrowAt => {
                self.json(left, right).filter(|()| is_shallow(right)).map(|()| Family::Bool)
            }
            BinaryOperator::Question | BinaryOperator::QuestionAnd | BinaryOperator::QuestionPipe => {
                self.json(left, right).map(|()| Family::Bool)
            }
            BinaryOperator::PGOverlap => match (self.family(left)?, self.family(right)?) {
                (Family::ArrayOf(a), Family::ArrayOf(b)) if a == b => Some(Family::Bool),
                (Family::ArrayOf(_), Family::Constant) => Some(Family::Bool),
                _ => None,
            },
            _ => None,
        }
    }

    fn json(&self, left: &Expr, right: &Expr) -> Option<()> {
        let constant =
            matches!(right, Expr::Value(v) if matches!(v.value, Value::SingleQuotedString(_) | Value::Number(_, false)));
        (self.is_stored_json(left) && constant).then_some(())
    }

    /// Whether a document is a table's column, or a part of one: one that is put together may be as deep, or as long as a text, as its author
    /// wants it to be.
    fn is_stored_json(&self, expr: &Expr) -> bool {
        match expr {
            Expr::Nested(inner) => self.is_stored_json(inner),
            Expr::BinaryOp { left, op: BinaryOperator::Arrow | BinaryOperator::HashArrow, right } => {
                self.json(left, right).is_some()
            }
            Expr::Identifier(_) | Expr::CompoundIdentifier(_) => self.family(expr) == Some(Family::Jsonb) && self.is_stored(expr),
            _computed => false,
        }
    }

    /// Whether a text is a table's column, or no more than was made of one: others are as long as their author wants them to be.
    fn is_stored_text(&self, expr: &Expr) -> bool {
        match expr {
            Expr::Nested(inner) => self.is_stored_text(inner),
            Expr::Function(function) => match &function.args {
                FunctionArguments::List(list) => match list.args.first() {
                    // Of those that are safe none makes a text longer.
                    Some(FunctionArg::Unnamed(FunctionArgExpr::Expr(of))) => !is_alternative(function) && self.is_stored_text(of),
                    Some(_) | None => false,
                },
                FunctionArguments::None | FunctionArguments::Subquery(_) => false,
            },
            other => self.is_stored(other),
        }
    }

    fn in_list(&self, expr: &Expr, list: &[Expr]) -> Option<Family> {
        if let Expr::Tuple(items) = expr {
            let of = items.iter().map(|item| self.family(item)).collect::<Option<Vec<_>>>()?;
            for row in list {
                let Expr::Tuple(row) = row else { return None };
                if row.len() != items.len() {
                    return None;
                }
                for ((a, of), b) in items.iter().zip(&of).zip(row) {
                    self.compared_with(a, *of, b)?;
                }
            }
            return Some(Family::Bool);
        }
        let (of, mut typed) = (self.family(expr)?, None);
        self.is_bounded(list)?;
        for item in list {
            // Several that are no columns become an array of one type, which the value is converted to.
            match self.compared_with(expr, of, item)? {
                Family::Constant => {}
                Family::Moment if list.len() > 1 => return None,
                family if typed.is_none_or(|t| t == family) => typed = Some(family),
                _another => return None,
            }
        }
        Some(Family::Bool)
    }

    /// Whether an array of these is no longer than what the client sent: stored values in it, or one parameter many times, may be.
    fn is_bounded(&self, list: &[Expr]) -> Option<()> {
        let mut parameters = ahash::AHashSet::new();
        let bounded = list.iter().all(|item| match written(item) {
            Some(Value::Placeholder(name)) => parameters.insert(name.as_str()),
            Some(_) => true,
            None => match self.family(item) {
                Some(Family::Text | Family::Jsonb | Family::ArrayOf(_) | Family::Numeric | Family::Same(_)) | None => false,
                Some(Family::Constant | Family::Int | Family::Float | Family::Bool | Family::Moment) => true,
            },
        });
        bounded.then_some(())
    }

    fn only_column(&self, subquery: &Query) -> Option<Family> {
        match &self.selects.get(&address(subquery))?.columns {
            Columns::Known(columns) => match columns.as_slice() {
                [column] => column.family,
                [] | [_, _, ..] => None,
            },
            Columns::Unknown | Columns::Partial(_) => None,
        }
    }

    fn quantified(&self, left: &Expr, op: &BinaryOperator, right: &Expr) -> Option<Family> {
        let of = self.family(left).filter(|_| is_comparison(op))?;
        let element = match right {
            Expr::Array(Array { elem, named: _ }) => {
                if elem.is_empty() {
                    Family::Constant
                } else {
                    self.is_bounded(elem)?;
                    // Arrays in an array must be of one size.
                    self.alternatives(&elem.iter().collect::<Vec<_>>()).filter(|of| !matches!(of, Family::ArrayOf(_)))?
                }
            }
            Expr::Subquery(subquery) => self.only_column(subquery)?,
            other if self.is_typed_elsewhere(other) => return None,
            other => match self.family(other)? {
                Family::ArrayOf(allowed::Element::Int) => Family::Int,
                Family::ArrayOf(allowed::Element::Text) => Family::Text,
                Family::ArrayOf(allowed::Element::Other(oid)) => element_family(oid)?,
                Family::Constant => Family::Constant,
                _ => return None,
            },
        };
        let kept = !self.is_typed_elsewhere(left) || keeps_its_type(element);
        (kept && comparable(of, element)).then_some(Family::Bool)
    }

    /// A cast of a constant is made when the statement is planned, of a parameter it is the parameter's type; the rest by what cannot fail.
    fn cast(&self, expr: &Expr, data_type: &DataType) -> Option<Family> {
        let (target, plain) = cast_target(data_type)?;
        match expr {
            Expr::Value(v) => match &v.value {
                Value::SingleQuotedString(_) | Value::Null => return Some(target),
                // Of some types, such as money, it is made of a number when a row is seen.
                Value::Number(_, false) | Value::Boolean(_) => {
                    let computed = matches!(target, Family::Int | Family::Numeric | Family::Float | Family::Text | Family::Bool);
                    return computed.then_some(target);
                }
                Value::Placeholder(name) => {
                    let own = !self.is_typed_elsewhere(expr) || self.is_always_cast(name);
                    let fits = |f: &Family| match f {
                        Family::Constant => own && !has_precision(data_type),
                        typed => *typed == target && self.keeps_values(name, data_type),
                    };
                    return self.parameter_family(name).filter(fits).map(|_| target);
                }
                _ => return None,
            },
            Expr::Nested(inner) => return self.cast(inner, data_type),
            _ => {}
        }
        let from = self.family(expr)?;
        let widens = match target {
            Family::Text => {
                plain && (has_short_text(from) || (from == Family::Jsonb && self.alone.get() && self.is_stored_json(expr)))
            }
            Family::Numeric => plain && from == Family::Int,
            Family::Float => from == Family::Int && matches!(data_type, DataType::DoublePrecision | DataType::Float8),
            Family::Int => from == Family::Int && matches!(data_type, DataType::BigInt(None) | DataType::Int8(None)),
            _ => false,
        };
        widens.then_some(target)
    }

    /// Whether a parameter's declared type has no values that a cast to another type of its family fails on. In a plan that is kept for any
    /// value it is made while rows are read.
    fn keeps_values(&self, name: &str, data_type: &DataType) -> bool {
        let number = parameter_number(name).unwrap_or_default();
        let declared = self.ground.declared.get(usize::from(number.saturating_sub(1))).copied().unwrap_or(0);
        let target = match data_type {
            DataType::Array(ArrayElemTypeDef::SquareBracket(element, None)) => {
                type_name(element).and_then(|element| allowed::oid_of(&format!("_{element}")))
            }
            other => type_name(other).and_then(allowed::oid_of),
        };
        // int2 and int4 fit into int8, int2 into int4, float4 into float8; every text is one of the others, if a shorter one.
        let widens = |target: u32| match target {
            20 => matches!(declared, 21 | 23),
            23 => declared == 21,
            701 => declared == 700,
            25 | 1042 | 1043 => matches!(declared, 25 | 1042 | 1043),
            other => {
                let _no_narrower: u32 = other;
                false
            }
        };
        target.is_some_and(|target| target == declared || widens(target)) && !has_precision(data_type)
    }

    /// Whether each use of a parameter has the same cast behind it, which is its type then.
    fn is_always_cast(&self, name: &str) -> bool {
        let Some(number) = parameter_number(name) else { return false };
        let mut casts = self.uses(number).iter().map(|&i| {
            let (operator, word, behind) = (i.saturating_add(1), i.saturating_add(2), i.saturating_add(3));
            let simple = self.tokens.kind(operator) == Some(Kind::TypeCast)
                && self.tokens.kind(word) == Some(Kind::Word)
                && ![b'.', b'(', b'['].iter().any(|c| self.tokens.is_char(behind, *c));
            simple.then(|| self.tokens.value(word))
        });
        let first = casts.next().flatten();
        first.is_some() && casts.all(|other| other == first)
    }

    fn call(&self, function: &Function) -> Option<Family> {
        if let Some(call) = self.answered(function) {
            return self.answered_family(call.answer);
        }
        if function.over.is_some() || function.filter.is_some() || !function.within_group.is_empty() {
            return None;
        }
        let name = function_name(function)?;
        let arguments = match &function.args {
            FunctionArguments::None => return word(name),
            FunctionArguments::Subquery(_) => return None,
            FunctionArguments::List(list) if list.clauses.is_empty() && list.duplicate_treatment.is_none() => &list.args,
            FunctionArguments::List(_) => return None,
        };
        let mut given = Vec::with_capacity(arguments.len());
        for argument in arguments {
            match argument {
                FunctionArg::Unnamed(FunctionArgExpr::Expr(e)) => given.push(e),
                FunctionArg::Unnamed(FunctionArgExpr::Wildcard) if name == "count" => {}
                _ => return None,
            }
        }
        match name {
            "count" => given.into_iter().try_for_each(|e| self.family(e).map(|_| ())).map(|()| Family::Int),
            "coalesce" | "greatest" | "least" | "nullif" => self.alternatives(&given),
            // Over groups: the value of a row, or how many there are.
            "min" | "max" => match given.as_slice() {
                [one] => self.settled(one),
                [] | [_, _, ..] => None,
            },
            _ => {
                let user = self.ground.catalog.user_functions.contains_key(name);
                let safe = allowed::function(name).filter(|_| !user)?.error_safe?;
                let bounded = given.first().is_none_or(|of| self.alone.get() && self.is_stored_text(of));
                let families = given.into_iter().map(|e| self.family(e)).collect::<Option<Vec<_>>>()?;
                let plain = families.iter().all(|f| matches!(f, Family::Text | Family::Constant | Family::Int));
                // Of a text of 128 MB and more several can make nothing. A foreign one is not the client's; one of its own may be.
                (plain && bounded && text_form(name, &families)).then_some(safe)
            }
        }
    }
}

/// `=`, `<>`, `<`, `<=`, `>`, `>=`.
pub(super) fn is_comparison(op: &BinaryOperator) -> bool {
    use BinaryOperator::{Eq, Gt, GtEq, Lt, LtEq, NotEq};
    matches!(op, Eq | NotEq | Lt | LtEq | Gt | GtEq)
}

/// Whether a call yields one of its arguments.
fn is_alternative(function: &Function) -> bool {
    matches!(function_name(function), Some("coalesce" | "greatest" | "least" | "nullif") | None)
}

/// Whether these arguments mean the function of texts that is known to raise no error, and not one of the same name for other types:
/// `length(bytea, name)` fails on an unknown encoding.
fn text_form(name: &str, families: &[Family]) -> bool {
    let count = families.len();
    match name {
        "now" | "statement_timestamp" | "transaction_timestamp" | "clock_timestamp" => count == 0,
        _ if families.first() != Some(&Family::Text) => false,
        "left" | "right" | "strpos" | "starts_with" => count == 2,
        _ => count == 1,
    }
}

/// Whether the texts of a family's values are never longer than PostgreSQL can make them: a bytea's has two letters a byte.
fn has_short_text(family: Family) -> bool {
    // uuid, and enums, which are the database's own
    matches!(
        family,
        Family::Constant | Family::Int | Family::Numeric | Family::Float | Family::Text | Family::Bool | Family::Moment
    ) || matches!(family, Family::Same(oid) if oid == 2950 || oid >= FIRST_OWN_OID)
}

/// Whether a document that is written here is not so deep that looking for it in another needs more stack than there is.
fn is_shallow(expr: &Expr) -> bool {
    match written(expr) {
        Some(Value::SingleQuotedString(text)) => !is_deep(text),
        Some(_) => true,
        None => false,
    }
}

/// The literal or parameter that an expression is, whatever type it is cast to.
fn written(expr: &Expr) -> Option<&Value> {
    match expr {
        Expr::Value(value) => Some(&value.value),
        Expr::TypedString(TypedString { data_type: _, value, uses_odbc_syntax: _ }) => Some(&value.value),
        Expr::Nested(e)
        | Expr::UnaryOp { op: UnaryOperator::Minus | UnaryOperator::Plus, expr: e }
        | Expr::Cast { kind: _, expr: e, data_type: _, format: _ } => written(e),
        _computed => None,
    }
}

/// Whether a number is written as an int4 is: PostgreSQL reads a longer one, or one with a point or an exponent, as another type.
pub(super) fn is_int4(number: &str) -> bool {
    number.bytes().all(|b| b.is_ascii_digit()) && number.parse::<i32>().is_ok()
}

/// NULL, without a type.
fn is_null(expr: &Expr) -> bool {
    match expr {
        Expr::Nested(e) => is_null(e),
        Expr::Value(v) => v.value == Value::Null,
        Expr::Identifier(ident) => ident.quote_style.is_none() && ident.value == "null",
        _ => false,
    }
}

/// Whether values of a family are compared with a parameter of any type without a conversion that may fail.
fn keeps_its_type(family: Family) -> bool {
    // uuid
    // Not numbers: of an oid beside it PostgreSQL makes an oid of an int8, which not every one is.
    matches!(family, Family::Text | Family::Bool | Family::Moment | Family::Same(2950))
}

/// Words of the grammar that are values.
fn word(name: &str) -> Option<Family> {
    match name {
        "current_date" | "current_timestamp" | "localtimestamp" => Some(Family::Moment),
        "true" | "false" => Some(Family::Bool),
        "null" => Some(Family::Constant),
        _ => None,
    }
}

fn element_family(oid: u32) -> Option<Family> {
    match allowed::declared(oid) {
        Declared::Typed(family) => family,
        Declared::Open | Declared::Refused => None,
    }
}

pub(super) fn function_name(function: &Function) -> Option<&str> {
    match function.name.0.as_slice() {
        [name] => name.as_ident().map(|i| i.value.as_str()),
        [schema, name] => {
            name.as_ident().filter(|_| schema.as_ident().is_some_and(|s| s.value == "pg_catalog")).map(|i| i.value.as_str())
        }
        [] | [_, _, _, ..] => None,
    }
}

impl Walk<'_, '_> {
    /// Whether this is a column of a table itself, be it filtered, and of nothing that is computed.
    pub(super) fn is_of_table(&self, expr: &Expr) -> bool {
        let Some(Meaning::Column { level, entry, family: _, own: _ }) = self.meaning(expr) else { return false };
        let excluding = self.excluding && level.saturating_add(1) == self.levels.len();
        let entry = self.levels.get(level).and_then(|l| l.entries.get(entry));
        let filtered = |r: usize| matches!(self.references.get(r).map(|r| &r.what), Some(super::walk::Referred::Filtered(_)));
        // A shared relation may be a view, of which nothing is known.
        entry.is_some_and(|e| {
            (e.base && !self.shared) || e.reference.is_some_and(filtered) || (excluding && e.alias == "excluded")
        })
    }

    /// Whether FOR UPDATE or its like stands in the statement.
    pub(super) fn locks_rows(&self) -> bool {
        let locks = |i: usize| {
            self.tokens.keyword(i) == Some(Keyword::For)
                && matches!(
                    self.tokens.keyword(i.saturating_add(1)),
                    Some(Keyword::Update | Keyword::Share | Keyword::No | Keyword::Key)
                )
        };
        self.range.clone().any(locks)
    }
}

/// Whether a cast to this type brings values to a precision, which not all of them can be brought to.
fn has_precision(data_type: &DataType) -> bool {
    use sqlparser::ast::ExactNumberInfo;
    match data_type {
        DataType::Numeric(info) | DataType::Decimal(info) | DataType::Dec(info) => *info != ExactNumberInfo::None,
        DataType::Time(precision, _) | DataType::Timestamp(precision, _) => precision.is_some(),
        DataType::Interval { fields, precision } => fields.is_some() || precision.is_some(),
        DataType::Array(ArrayElemTypeDef::SquareBracket(element, None)) => has_precision(element),
        // A text or a row of bits is cut off where it is too long.
        other => {
            let _: &DataType = other;
            false
        }
    }
}

/// The family that a cast yields, and whether the type stands without a modifier.
fn cast_target(data_type: &DataType) -> Option<(Family, bool)> {
    match data_type {
        DataType::Array(ArrayElemTypeDef::SquareBracket(element, None)) => {
            let name = format!("_{}", type_name(element)?);
            Some((allowed::family_of(&name)?, true))
        }
        other => {
            let plain = matches!(
                other,
                DataType::Text
                    | DataType::Varchar(None)
                    | DataType::CharacterVarying(None)
                    | DataType::Numeric(sqlparser::ast::ExactNumberInfo::None)
                    | DataType::Decimal(sqlparser::ast::ExactNumberInfo::None)
            );
            Some((allowed::family_of(type_name(other)?)?, plain))
        }
    }
}

/// `pg_type.typname` of a type that the grammar or the list knows; `None` for all that PostgreSQL does not have under this name.
pub(super) fn type_name(data_type: &DataType) -> Option<&str> {
    Some(match data_type {
        DataType::Character(_) | DataType::Char(_) => "bpchar",
        DataType::CharacterVarying(_) | DataType::CharVarying(_) | DataType::Varchar(_) => "varchar",
        DataType::Text => "text",
        DataType::Uuid => "uuid",
        DataType::Numeric(_) | DataType::Decimal(_) | DataType::Dec(_) => "numeric",
        DataType::SmallInt(None) | DataType::Int2(None) => "int2",
        DataType::Int(None) | DataType::Integer(None) | DataType::Int4(None) => "int4",
        DataType::BigInt(None) | DataType::Int8(None) => "int8",
        DataType::Float(sqlparser::ast::ExactNumberInfo::None) | DataType::Float8 | DataType::DoublePrecision => "float8",
        DataType::Real | DataType::Float4 => "float4",
        DataType::Bool | DataType::Boolean => "bool",
        DataType::Date => "date",
        DataType::Time(_, TimezoneInfo::None | TimezoneInfo::WithoutTimeZone) => "time",
        DataType::Time(_, TimezoneInfo::WithTimeZone | TimezoneInfo::Tz) => "timetz",
        DataType::Timestamp(_, TimezoneInfo::None | TimezoneInfo::WithoutTimeZone) => "timestamp",
        DataType::Timestamp(_, TimezoneInfo::WithTimeZone | TimezoneInfo::Tz) => "timestamptz",
        DataType::Interval { fields: _, precision: _ } => "interval",
        DataType::JSON => "json",
        DataType::JSONB => "jsonb",
        DataType::Bytea => "bytea",
        DataType::Bit(_) => "bit",
        DataType::BitVarying(_) | DataType::VarBit(_) => "varbit",
        DataType::TsVector => "tsvector",
        DataType::TsQuery => "tsquery",
        DataType::GeometricType(_) => "point",
        DataType::Custom(name, modifiers) if modifiers.is_empty() => match name.0.as_slice() {
            [name] => name.as_ident().map(|i| i.value.as_str()).filter(|n| allowed::named_type(n).is_some())?,
            _ => return None,
        },
        _ => return None,
    })
}
