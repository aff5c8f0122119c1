//! Patterns of LIKE: an escape at the end of one is an error that is raised when a value is matched with it, or its statistics are read.
//! It does not judge other operators (`safety`).

use super::expression::parameter_number;
use super::plan::{Check, Checked};
use super::safety::function_name;
use super::scope::Meaning;
use super::walk::Walk;
use crate::policy::allowed::Family;
use crate::sql::Keyword;
use crate::sql::shape::{has_pattern, is_deep};
use sqlparser::ast::{Array, BinaryOperator, DataType, Expr, FunctionArg, FunctionArgExpr, FunctionArguments, Value};

impl Walk<'_, '_> {
    /// A constant pattern in which no backslash escapes anything: an escape at its end would be an error.
    pub(super) fn plain_pattern(&self, pattern: &Expr) -> bool {
        let plain = |s: &str| !s.contains('\\') && !is_deep(s);
        let plain = matches!(pattern, Expr::Value(v) if matches!(&v.value, Value::SingleQuotedString(s) if plain(s)));
        plain && has_pattern(self.tokens)
    }

    /// Notes whether a LIKE of this pattern may raise an error on a value: its last character escapes nothing. A pattern that is not known
    /// may; where no fence hides statistics, a parameter is looked at when it is bound.
    pub(super) fn pattern(&mut self, of: &Expr, pattern: &Expr) {
        if self.is_stored(pattern) {
            // When it is planned there is no pattern yet that values could be matched with.
            return;
        }
        let mut parameters = Vec::new();
        // Whatever its size is.
        self.alone.set(true);
        let text = self.family(of) == Some(Family::Text);
        self.alone.set(false);
        // Else the next statement of this shape may have another pattern.
        let ends = has_pattern(self.tokens) && self.ends(text, pattern, &mut parameters);
        let known = |n: &u16| self.is_bound_as_text(*n);
        if !ends || !(parameters.is_empty() || (self.is_in_place() && text && parameters.iter().all(known))) {
            self.reads_statistics = true;
            return;
        }
        for number in parameters {
            self.checks.push(Check { slot: 0, what: Checked::Pattern(number), relation: String::new() });
        }
    }

    /// Whether this is a column of a table, whatever type it is cast to: its value is known when a row is read, never before.
    pub(super) fn is_stored(&self, expr: &Expr) -> bool {
        match expr {
            Expr::Nested(inner) | Expr::Cast { kind: _, expr: inner, data_type: _, format: None } => self.is_stored(inner),
            column => match self.meaning(column) {
                Some(Meaning::Column { level, entry, family: _, own: _ }) => {
                    self.levels.get(level).and_then(|l| l.entries.get(entry)).is_some_and(|e| e.base)
                }
                Some(Meaning::Row { level: _, entry: _ } | Meaning::Open | Meaning::Nothing) | None => false,
            },
        }
    }

    /// Whether no fence hides statistics in this statement: it changes rows, or locks them, which PostgreSQL does not do through one.
    fn is_in_place(&self) -> bool {
        self.writes || self.locks_rows()
    }

    /// Whether what is bound to this parameter is the very text that it is a pattern as: no other use of it gives it a type that cuts it.
    fn is_bound_as_text(&self, number: u16) -> bool {
        let declared = self.ground.declared.get(usize::from(number.saturating_sub(1))).copied().unwrap_or(0);
        let uses = self.uses(number);
        let pattern =
            |i: &usize| i.checked_sub(1).is_some_and(|b| matches!(self.tokens.keyword(b), Some(Keyword::Like | Keyword::Ilike)));
        matches!(declared, 0 | 25 | 705 | 1043) && (uses.len() == 1 || uses.iter().all(pattern))
    }

    /// A pattern with an ESCAPE: a backslash is what PostgreSQL has without, and with none nothing is escaped.
    pub(super) fn escaped(&mut self, of: &Expr, pattern: &Expr, escape: Option<&Expr>) {
        let Some(escape) = escape else { return self.pattern(of, pattern) };
        let written = match escape {
            Expr::Value(v) => match &v.value {
                Value::SingleQuotedString(written) => Some(written.as_str()),
                _ => None,
            },
            _ => None,
        };
        match written.filter(|_| has_pattern(self.tokens)) {
            Some("\\") => self.pattern(of, pattern),
            Some("") => {}
            Some(_) | None => self.reads_statistics = true,
        }
    }

    /// Whether a pattern's last character escapes nothing that is missing, if that holds of these parameters.
    fn ends(&mut self, text: bool, pattern: &Expr, parameters: &mut Vec<u16>) -> bool {
        match pattern {
            Expr::Nested(inner) => self.ends(text, inner, parameters),
            Expr::Value(v) => match &v.value {
                Value::SingleQuotedString(written) => {
                    let odd = written.len().saturating_sub(written.trim_end_matches('\\').len()) % 2 == 1;
                    // In bytes a backslash is written in other ways.
                    !odd && (text || !written.contains('\\'))
                }
                // Nothing matches it, and nothing is escaped in it.
                Value::Null => true,
                Value::Placeholder(name) => parameter_number(name).is_some_and(|number| {
                    parameters.push(number);
                    true
                }),
                _ => false,
            },
            // What is behind something else is the end of both.
            Expr::BinaryOp { left: _, op: BinaryOperator::StringConcat, right } => match right.as_ref() {
                Expr::Value(v) => match &v.value {
                    Value::SingleQuotedString(written) => !written.is_empty() && !written.contains('\\'),
                    _ => false,
                },
                _ => false,
            },
            Expr::Cast { kind: _, expr, data_type: DataType::Text | DataType::Varchar(None), format: None } => {
                self.ends(text, expr, parameters)
            }
            Expr::Array(Array { elem, named: _ }) => elem.iter().all(|one| self.ends(text, one, parameters)),
            Expr::Function(function)
                if function_name(function) == Some("concat") && !self.ground.catalog.user_functions.contains_key("concat") =>
            {
                let FunctionArguments::List(list) = &function.args else { return false };
                match list.args.last() {
                    Some(FunctionArg::Unnamed(FunctionArgExpr::Expr(Expr::Value(v)))) => match &v.value {
                        Value::SingleQuotedString(written) => !written.is_empty() && !written.contains('\\'),
                        _other => false,
                    },
                    Some(_) | None => false,
                }
            }
            Expr::Function(function) if matches!(function_name(function), Some("lower" | "upper")) => match &function.args {
                FunctionArguments::List(list) => match list.args.as_slice() {
                    [FunctionArg::Unnamed(FunctionArgExpr::Expr(inner))] => self.ends(text, inner, parameters),
                    _ => false,
                },
                FunctionArguments::None | FunctionArguments::Subquery(_) => false,
            },
            _ => false,
        }
    }
}
