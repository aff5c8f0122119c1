//! Expressions: an exhaustive walk that checks every function, operator, type and name, and descends into every sub-select.
//! It does not judge whether a condition may raise an error: `safety` does.

use super::scope::{Meaning, Own, qualified, unqualified};
use super::walk::Walk;
use crate::error::{Refusal, Rule, SqlState};
use crate::policy::allowed::{Declared, declared};
use sqlparser::ast::{
    AccessExpr, Array, BinaryOperator, CaseWhen, CastKind, CeilFloorKind, DateTimeField, Expr, ExtractSyntax, Ident, Interval,
    Subscript, TypedString, Value, ValueWithSpan,
};

impl Walk<'_, '_> {
    /// Walks an expression.
    ///
    /// # Errors
    /// A refusal that names the construct, function, operator, type or name that is not allowed.
    pub(super) fn expression(&mut self, expr: &Expr) -> Result<(), Refusal> {
        self.walk_expression(expr)?;
        self.note_named(expr);
        Ok(())
    }

    #[expect(
        clippy::too_many_lines,
        reason = "one arm for each of the parser's sixty-odd expressions, none of them hidden by a wildcard"
    )]
    fn walk_expression(&mut self, expr: &Expr) -> Result<(), Refusal> {
        match expr {
            Expr::Identifier(ident) => self.identifier(ident),
            Expr::CompoundIdentifier(parts) => self.compound(parts),
            Expr::CompoundFieldAccess { root, access_chain } => self.field_access(root, access_chain),
            Expr::IsFalse(e)
            | Expr::IsNotFalse(e)
            | Expr::IsTrue(e)
            | Expr::IsNotTrue(e)
            | Expr::IsNull(e)
            | Expr::IsNotNull(e)
            | Expr::IsUnknown(e)
            | Expr::IsNotUnknown(e)
            | Expr::Nested(e) => self.expression(e),
            Expr::IsNormalized { expr, form: _, negated: _ } => self.expression(expr),
            Expr::IsDistinctFrom(a, b) | Expr::IsNotDistinctFrom(a, b) => {
                self.expression(a)?;
                self.expression(b)
            }
            Expr::InList { expr, list, negated: _ } => {
                self.expression(expr)?;
                self.expressions(list)
            }
            Expr::InSubquery { expr, subquery, negated: _ } => {
                self.expression(expr)?;
                self.sub_select(subquery)
            }
            Expr::Between { expr, negated: _, low, high } => {
                self.estimate(&BinaryOperator::GtEq, expr, low);
                self.estimate(&BinaryOperator::LtEq, expr, high);
                self.expression(expr)?;
                self.expression(low)?;
                self.expression(high)
            }
            Expr::BinaryOp { left, op, right } => {
                self.expression(left)?;
                self.expression(right)?;
                self.like_operator(op, left, right);
                self.estimate(op, left, right);
                self.operator(op, left, right)
            }
            Expr::Like { negated: _, any, expr, pattern, escape_char }
            | Expr::ILike { negated: _, any, expr, pattern, escape_char } => {
                self.demand(!any, "LIKE ANY in this form")?;
                self.expression(expr)?;
                self.expression(pattern)?;
                self.escaped(expr, pattern, escape_char.as_deref());
                escape_char.iter().try_for_each(|e| self.expression(e))
            }
            Expr::SimilarTo { negated: _, expr, pattern, escape_char } => {
                self.expression(expr)?;
                self.expression(pattern)?;
                escape_char.iter().try_for_each(|e| self.expression(e))
            }
            Expr::AnyOp { left, compare_op, right, is_some: _ } | Expr::AllOp { left, compare_op, right } => {
                self.expression(left)?;
                self.expression(right)?;
                self.like_operator(compare_op, left, right);
                self.estimate_each(compare_op, left, right);
                self.operator(compare_op, left, right)
            }
            Expr::UnaryOp { op, expr } => {
                self.unary_operator(*op, expr)?;
                self.expression(expr)
            }
            Expr::Cast { kind, expr, data_type, format } => {
                match kind {
                    CastKind::Cast | CastKind::DoubleColon => {}
                    CastKind::TryCast | CastKind::SafeCast => return Err(self.construct("TRY_CAST", None)),
                }
                self.demand(format.is_none(), "CAST ... FORMAT")?;
                self.expression(expr)?;
                self.cast_type(expr, data_type)
            }
            Expr::AtTimeZone { timestamp, time_zone } => {
                self.expression(timestamp)?;
                self.expression(time_zone)
            }
            Expr::Extract { field, syntax, expr } => {
                self.demand(*syntax == ExtractSyntax::From, "EXTRACT with a comma")?;
                self.field(field)?;
                self.expression(expr)
            }
            Expr::Ceil { expr, field } | Expr::Floor { expr, field } => {
                let plain = matches!(field, CeilFloorKind::DateTimeField(DateTimeField::NoDateTime));
                self.demand(plain, "CEIL or FLOOR with a second argument")?;
                self.expression(expr)
            }
            Expr::Position { expr, r#in } => {
                self.expression(expr)?;
                self.expression(r#in)
            }
            Expr::Substring { expr, substring_from, substring_for, special: _, shorthand: _ } => {
                self.expression(expr)?;
                substring_from.iter().chain(substring_for).try_for_each(|e| self.expression(e))
            }
            Expr::Trim { trim_where: _, trim_what, expr, trim_characters } => {
                self.expression(expr)?;
                trim_what.iter().try_for_each(|e| self.expression(e))?;
                trim_characters.iter().try_for_each(|list| self.expressions(list))
            }
            Expr::Overlay { expr, overlay_what, overlay_from, overlay_for } => {
                self.expression(expr)?;
                self.expression(overlay_what)?;
                self.expression(overlay_from)?;
                overlay_for.iter().try_for_each(|e| self.expression(e))
            }
            Expr::Collate { expr, collation } => {
                self.collation(collation)?;
                self.expression(expr)
            }
            Expr::Value(value) => self.value(value),
            Expr::TypedString(TypedString { data_type, value, uses_odbc_syntax }) => {
                self.demand(!uses_odbc_syntax, "an ODBC literal")?;
                self.data_type(data_type)?;
                self.value(value)
            }
            Expr::Function(function) => self.function(function),
            Expr::Case { case_token: _, end_token: _, operand, conditions, else_result } => {
                operand.iter().try_for_each(|e| self.expression(e))?;
                for CaseWhen { condition, result } in conditions {
                    self.expression(condition)?;
                    self.expression(result)?;
                }
                else_result.iter().try_for_each(|e| self.expression(e))
            }
            Expr::Exists { subquery, negated: _ } | Expr::Subquery(subquery) => self.sub_select(subquery),
            Expr::GroupingSets(sets) | Expr::Cube(sets) | Expr::Rollup(sets) => {
                sets.iter().try_for_each(|set| self.expressions(set))
            }
            Expr::Tuple(items) => self.expressions(items),
            Expr::Array(Array { elem, named: _ }) => self.expressions(elem),
            Expr::Interval(interval) => self.interval(interval),
            Expr::Wildcard(_) => Ok(()),
            Expr::QualifiedWildcard(name, _) => {
                self.seen_row()?;
                self.row_named(name)?;
                self.row_name(name)
            }
            Expr::IsJson { expr, kind: _, unique_keys: _, negated: _ } => self.expression(expr),
            Expr::JsonAccess { .. } => Err(self.construct("a JSON path access", None)),
            Expr::InUnnest { .. } => Err(self.construct("IN UNNEST", None)),
            Expr::RLike { .. } => Err(self.construct("RLIKE", None)),
            Expr::Convert { .. } => Err(self.construct("CONVERT", None)),
            Expr::Prefixed { .. } => Err(self.construct("a literal with a prefix", None)),
            Expr::Struct { .. } => Err(self.construct("STRUCT", None)),
            Expr::Named { .. } => Err(self.construct("a named expression", None)),
            Expr::Dictionary(_) => Err(self.construct("a dictionary", None)),
            Expr::Map(_) => Err(self.construct("a map", None)),
            Expr::MatchAgainst { .. } => Err(self.construct("MATCH AGAINST", None)),
            Expr::OuterJoin(_) => Err(self.construct("the (+) operator", None)),
            Expr::Prior(_) => Err(self.construct("PRIOR", None)),
            Expr::Lambda(_) => Err(self.construct("a lambda", None)),
            Expr::MemberOf(_) => Err(self.construct("MEMBER OF", None)),
        }
    }

    /// `~~` and its like are LIKE by another name, plain or as `OPERATOR(pg_catalog.~~)`.
    fn like_operator(&mut self, op: &BinaryOperator, of: &Expr, pattern: &Expr) {
        if op.to_string().contains("~~") {
            self.pattern(of, pattern);
        }
    }

    /// A bare name: a column, or the whole row of a relation in sight.
    fn identifier(&mut self, ident: &Ident) -> Result<(), Refusal> {
        self.system_column(None, &ident.value)?;
        match unqualified(&self.levels, &ident.value) {
            Meaning::Column { level, entry, family: _, own: _ } => {
                self.column_of(level, entry, &ident.value);
                Ok(())
            }
            Meaning::Open => Ok(()),
            Meaning::Row { level, entry } => self.whole_row(level, entry),
            // The server knows the name of an output column (ORDER BY, GROUP BY) or says that there is none. Keywords that are
            // parsed as names (current_date, default, user) are checked as the functions that they are.
            Meaning::Nothing => self.bare_word(ident).and_then(|()| self.known_in_write(ident)),
        }
    }

    /// `a.b`, `schema.a.b`: a column, or else the function `b` applied to the row `a`.
    fn compound(&mut self, parts: &[Ident]) -> Result<(), Refusal> {
        let (relation, name) = match parts {
            [relation, name] => (relation, name),
            [schema, relation, name] => {
                self.without_schema(schema, relation)?;
                (relation, name)
            }
            _ => return Err(self.construct("a name of four parts", None)),
        };
        self.system_column(Some(&relation.value), &name.value)?;
        match qualified(&self.levels, &relation.value, &name.value) {
            Meaning::Column { level, entry, family: _, own: _ } => {
                self.column_of(level, entry, &name.value);
                Ok(())
            }
            Meaning::Row { level, entry } => {
                self.known_of_target(level, entry, relation, name)?;
                self.attribute_function(Some(relation), name)?;
                self.arguments = self.arguments.saturating_add(1);
                self.whole_row(level, entry)?;
                self.arguments = self.arguments.saturating_sub(1);
                Ok(())
            }
            // A relation some of whose columns are not known: the name may be a column's, or call a function.
            Meaning::Open => self.attribute_function(Some(relation), name),
            Meaning::Nothing => {
                // As `errorMissingRTE` has it: one that stands elsewhere is spoken of.
                let name = &relation.value;
                let elsewhere = self.levels.iter().any(|l| l.entries.iter().any(|e| e.alias == *name));
                let message = if elsewhere { "invalid reference to" } else { "missing" };
                let message = format!("{message} FROM-clause entry for table \"{name}\"");
                let refusal = Refusal::new(SqlState::UNDEFINED_TABLE, Rule::Construct, message);
                let hint =
                    format!("There is an entry for table \"{name}\", but it cannot be referenced from this part of the query.");
                let refusal = if elsewhere { refusal.with_hint(hint) } else { refusal };
                Err(refusal.at(self.position(self.token_of(relation)?)))
            }
        }
    }

    /// A whole row needs its relation in place, unless a function takes it as any record.
    fn whole_row(&mut self, level: usize, entry: usize) -> Result<(), Refusal> {
        self.seen_row()?;
        self.row_of(level, entry);
        if self.arguments > 0 {
            return Ok(());
        }
        let reference = self.levels.get(level).and_then(|l| l.entries.get(entry)).and_then(|e| e.reference);
        if let Some(reference) = reference.and_then(|r| self.references.get_mut(r)) {
            reference.whole_row = true;
        }
        Ok(())
    }

    /// What follows an expression: `(row).field`, `(array)[1]`, or `a.b.c[1]`, which begins with a dotted name.
    fn field_access(&mut self, root: &Expr, chain: &[AccessExpr]) -> Result<(), Refusal> {
        let mut rest = chain;
        if let Expr::Identifier(first) = root {
            let mut name = vec![first.clone()];
            while let [AccessExpr::Dot(Expr::Identifier(next)), behind @ ..] = rest {
                name.push(next.clone());
                rest = behind;
            }
            if name.len() > 1 {
                self.compound(&name)?;
                return rest.iter().try_for_each(|access| self.access(access, None));
            }
        }
        self.expression(root)?;
        let of_row = self.row_columns(root);
        let of = |i: usize| if i == 0 { of_row.as_deref() } else { None };
        chain.iter().enumerate().try_for_each(|(i, access)| self.access(access, of(i)))
    }

    /// The names of the columns of the row that an expression is, where it is the whole row of a relation in sight, a column that is such a
    /// row, or what a function yields whose columns are known.
    fn row_columns(&self, expr: &Expr) -> Option<Vec<String>> {
        match expr {
            Expr::Nested(inner) => self.row_columns(inner),
            Expr::Identifier(_) | Expr::CompoundIdentifier(_) => match self.meaning(expr)? {
                Meaning::Row { level, entry } if matches!(expr, Expr::Identifier(_)) => {
                    match &self.levels.get(level)?.entries.get(entry)?.columns {
                        super::scope::Columns::Known(columns) => Some(columns.iter().map(|c| c.name.clone()).collect()),
                        super::scope::Columns::Unknown | super::scope::Columns::Partial(_) => None,
                    }
                }
                Meaning::Column { level: _, entry: _, family: _, own: Some(Own::Row(row)) } => self.rows.get(row).cloned(),
                Meaning::Column { level: _, entry: _, family: _, own: _ }
                | Meaning::Row { level: _, entry: _ }
                | Meaning::Open
                | Meaning::Nothing => None,
            },
            // The name is PostgreSQL's own: another schema's function of the name is never the one that is called.
            Expr::Function(function) => {
                let name = match function.name.0.as_slice() {
                    [name] => name.as_ident()?,
                    [schema, name] if schema.as_ident()?.value == "pg_catalog" => name.as_ident()?,
                    [] | [_, _] | [_, _, _, ..] => return None,
                };
                let each = matches!(name.value.as_str(), "json_each" | "jsonb_each" | "json_each_text" | "jsonb_each_text");
                each.then(|| vec!["key".to_owned(), "value".to_owned()])
            }
            _ => None,
        }
    }

    /// What is known of a column's values, where others name it: of a row, its fields, but for those that a function may be called like.
    pub(super) fn shown(&mut self, expr: &Expr) -> Option<Own> {
        let own = self.own(expr);
        let fields = self.row_columns(expr).filter(|_| own.is_none());
        own.or_else(|| {
            let known = |name: &String| !name.is_empty() && !self.ground.catalog.user_functions.contains_key(name);
            self.rows.push(fields?.into_iter().filter(known).collect());
            self.rows.len().checked_sub(1).map(Own::Row)
        })
    }

    /// A subscript, or a field of a row: a column's name of `row`, or else a call.
    fn access(&mut self, access: &AccessExpr, row: Option<&[String]>) -> Result<(), Refusal> {
        match access {
            AccessExpr::Dot(Expr::Identifier(field)) if row.is_some_and(|r| r.contains(&field.value)) => Ok(()),
            AccessExpr::Dot(Expr::Identifier(field)) => self.attribute_function(None, field),
            AccessExpr::Dot(Expr::Wildcard(_)) => Ok(()),
            AccessExpr::Dot(other) => {
                let _: &Expr = other;
                Err(self.construct("this field access", None))
            }
            AccessExpr::Subscript(Subscript::Index { index }) => self.expression(index),
            AccessExpr::Subscript(Subscript::Slice { lower_bound, upper_bound, stride }) => {
                self.demand(stride.is_none(), "a slice with a stride")?;
                lower_bound.iter().chain(upper_bound).try_for_each(|e| self.expression(e))
            }
        }
    }

    /// A literal or parameter.
    fn value(&mut self, value: &ValueWithSpan) -> Result<(), Refusal> {
        let ValueWithSpan { value, span } = value;
        match value {
            // Of UPDATE and DELETE it is the whole condition, and does not come here.
            Value::Boolean(true) if self.current_at(*span).is_some() => {
                Err(self.construct("WHERE CURRENT OF beside another condition, or of anything but UPDATE and DELETE,", None))
            }
            Value::Number(_, false)
            | Value::SingleQuotedString(_)
            | Value::DollarQuotedString(_)
            | Value::EscapedStringLiteral(_)
            | Value::UnicodeStringLiteral(_)
            | Value::NationalStringLiteral(_)
            | Value::HexStringLiteral(_)
            | Value::SingleQuotedByteStringLiteral(_)
            | Value::Boolean(_)
            | Value::Null => Ok(()),
            Value::Placeholder(name) => self.parameter(name),
            Value::Number(_, true)
            | Value::TripleSingleQuotedString(_)
            | Value::TripleDoubleQuotedString(_)
            | Value::DoubleQuotedByteStringLiteral(_)
            | Value::TripleSingleQuotedByteStringLiteral(_)
            | Value::TripleDoubleQuotedByteStringLiteral(_)
            | Value::SingleQuotedRawStringLiteral(_)
            | Value::DoubleQuotedRawStringLiteral(_)
            | Value::TripleSingleQuotedRawStringLiteral(_)
            | Value::TripleDoubleQuotedRawStringLiteral(_)
            | Value::QuoteDelimitedStringLiteral(_)
            | Value::NationalQuoteDelimitedStringLiteral(_)
            | Value::DoubleQuotedString(_) => Err(self.construct("this form of literal", None)),
        }
    }

    /// `$n`.
    fn parameter(&mut self, name: &str) -> Result<(), Refusal> {
        let Some(number) = parameter_number(name) else { return Err(self.construct("this form of parameter", None)) };
        self.parameters = self.parameters.max(number);
        let oid = self.ground.declared.get(usize::from(number.saturating_sub(1))).copied().unwrap_or(0);
        match declared(oid) {
            Declared::Open | Declared::Typed(_) => Ok(()),
            Declared::Refused => Err(self.construct(&format!("a parameter of the type with OID {oid}"), None)),
        }
    }

    fn interval(&mut self, interval: &Interval) -> Result<(), Refusal> {
        let Interval { value, leading_field, leading_precision: _, last_field, fractional_seconds_precision: _ } = interval;
        leading_field.iter().chain(last_field).try_for_each(|f| self.field(f))?;
        self.demand(matches!(value.as_ref(), Expr::Value(_)), "INTERVAL of an expression")?;
        self.expression(value)
    }

    /// The field of EXTRACT or INTERVAL is a word, not a name.
    fn field(&self, field: &DateTimeField) -> Result<(), Refusal> {
        self.demand(*field != DateTimeField::NoDateTime, "an empty field")
    }
}

/// The number of `$n`, 1 to 65535.
pub(super) fn parameter_number(name: &str) -> Option<u16> {
    name.strip_prefix('$')?.parse().ok().filter(|n| *n > 0)
}
