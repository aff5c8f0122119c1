//! Functions in FROM: one by itself, or several in ROWS FROM, and the names of their columns.
//! It does not judge functions by name: `function` does.

use super::safety::type_name;
use super::scope::{Columns, Entry};
use super::walk::Walk;
use crate::error::Refusal;
use crate::policy::allowed::Family;
use crate::sql::Keyword;
use sqlparser::ast::{ArrayElemTypeDef, DataType, Expr, FunctionArg, FunctionArgExpr, ObjectName, TableAlias};

impl Walk<'_, '_> {
    /// A function as a relation.
    pub(super) fn function_relation(
        &mut self,
        name: &ObjectName,
        args: &[FunctionArg],
        ordinality: bool,
        alias: Option<&TableAlias>,
    ) -> Result<(), Refusal> {
        let parts = self.parts(name)?;
        let function = parts.last().map(|p| p.value.clone()).unwrap_or_default();
        let rows = parts.last().map(|p| self.token_of(p)).transpose()?;
        if rows.is_some_and(|at| {
            self.tokens.keyword(at) == Some(Keyword::Rows) && self.tokens.keyword(at.saturating_add(1)) == Some(Keyword::From)
        }) {
            return self.rows_from(args, alias);
        }
        self.function_name(name)?;
        self.arguments(args)?;
        if let Some(last) = parts.last() {
            let open = self.token_of(last)?.saturating_add(1);
            let end = self.tokens.closing(open).map_or(open, |close| close.saturating_add(1));
            self.name_ancestors(&function, end, alias)?;
        }
        if function == "unnest" {
            let array = |argument: &FunctionArg| match argument {
                FunctionArg::Unnamed(FunctionArgExpr::Expr(array)) => Some(array.clone()),
                _named => None,
            };
            if let Some(arrays) = args.iter().map(array).collect::<Option<Vec<_>>>() {
                return self.name_elements(&arrays, ordinality, alias);
            }
        }
        let fields = self.populated(&function, args)?;
        self.name_function(&function, fields.as_deref(), ordinality, alias)
    }

    /// `ROWS FROM (f(..), g(..))`: the parser is given a call of ROWS, whose arguments are the functions, and NULLs of the types of their
    /// columns.
    fn rows_from(&mut self, args: &[FunctionArg], alias: Option<&TableAlias>) -> Result<(), Refusal> {
        self.arguments(args)?;
        let first = match args.first() {
            Some(FunctionArg::Unnamed(FunctionArgExpr::Expr(Expr::Function(function)))) => {
                function.name.0.last().and_then(|p| p.as_ident())
            }
            Some(_) | None => None,
        };
        self.may_fail("a function in FROM");
        let name = alias.map(|a| a.name.value.clone()).or_else(|| first.map(|f| f.value.clone())).unwrap_or_default();
        let listed = alias.map(|a| self.alias_names(a)).transpose()?.unwrap_or_default();
        let columns = Columns::Partial(Columns::named(&[&name]).into_vec()).renamed(&listed);
        self.enter(Entry { alias: name, columns, reference: None, base: false, system: false, key: &[] });
        Ok(())
    }

    /// A function in FROM, in sight with the names of its columns where they are known: a scalar one's is the alias.
    /// `fields` are the columns of the rows that it yields, where their type says.
    pub(super) fn name_function(
        &mut self,
        function: &str,
        fields: Option<&[String]>,
        ordinality: bool,
        alias: Option<&TableAlias>,
    ) -> Result<(), Refusal> {
        self.may_fail("a function in FROM");
        let name = alias.map_or(function, |a| a.name.value.as_str()).to_owned();
        let columns = match function {
            _ if fields.is_some() => Columns::named(&fields.unwrap_or_default().iter().map(String::as_str).collect::<Vec<_>>()),
            "json_each" | "jsonb_each" | "json_each_text" | "jsonb_each_text" => Columns::named(&["key", "value"]),
            "json_array_elements" | "jsonb_array_elements" | "json_array_elements_text" | "jsonb_array_elements_text" => {
                Columns::named(&["value"])
            }
            // Functions that never yield a row of several columns, whatever their arguments are.
            "generate_series"
            | "generate_subscripts"
            | "regexp_split_to_table"
            | "string_to_table"
            | "json_object_keys"
            | "jsonb_object_keys"
            | "regexp_matches"
            | "jsonb_path_query" => Columns::named(&[&name]),
            _ => Columns::Unknown,
        };
        let columns = if ordinality { columns.with_more(&["ordinality".to_owned()]) } else { columns };
        let listed = alias.map(|a| self.alias_names(a)).transpose()?.unwrap_or_default();
        // Where each has a type, they are all that there are.
        let columns = match alias.map(|a| a.columns.as_slice()) {
            Some([first, rest @ ..]) if first.data_type.is_some() && rest.iter().all(|c| c.data_type.is_some()) => {
                Columns::Known(Vec::new())
            }
            Some(_) | None => columns,
        };
        // `FROM f(x) v`: `v` and `v.v` are the value of a scalar function; of any other they are a row.
        let columns = match columns.renamed(&listed) {
            Columns::Unknown if ordinality => Columns::Partial(Columns::named(&[&name, "ordinality"]).into_vec()),
            Columns::Unknown => Columns::Partial(Columns::named(&[&name]).into_vec()),
            known => known,
        };
        self.enter(Entry { alias: name, columns, reference: None, base: false, system: false, key: &[] });
        Ok(())
    }

    /// UNNEST: a column for each array, where none of them is of rows.
    pub(super) fn name_elements(&mut self, arrays: &[Expr], ordinality: bool, alias: Option<&TableAlias>) -> Result<(), Refusal> {
        let scalar = |array: &Expr| match array {
            Expr::Cast {
                kind: _,
                expr: _,
                data_type: DataType::Array(ArrayElemTypeDef::SquareBracket(of, None)),
                format: None,
            } => type_name(of).is_some(),
            other => matches!(self.family(other), Some(Family::ArrayOf(_))),
        };
        if !arrays.iter().all(scalar) {
            return self.name_function("unnest", None, ordinality, alias);
        }
        self.may_fail("a function in FROM");
        let listed = alias.map(|a| self.alias_names(a)).transpose()?.unwrap_or_default();
        let name = alias.map_or("unnest", |a| a.name.value.as_str());
        // The column of one array is called like the relation.
        let columns = Columns::named(&if let [_] = arrays { vec![name] } else { vec!["unnest"; arrays.len()] });
        let columns = if ordinality { columns.with_more(&["ordinality".to_owned()]) } else { columns };
        self.enter(Entry {
            alias: name.to_owned(),
            columns: columns.renamed(&listed),
            reference: None,
            base: false,
            system: false,
            key: &[],
        });
        Ok(())
    }
}
