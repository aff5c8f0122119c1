//! UPDATE and DELETE: the target is filtered in its own WHERE, assignments cannot move a row to another tenant.
//! It does not handle INSERT (`insert`).

use super::clauses;
use super::filter::{Filter, Form, equal};
use super::plan::{Check, Checked, Piece, foreign_node, foreign_value};
use super::scope::{Columns, Entry, Level, Own, relation_columns};
use super::walk::{Gate, Walk, quoted};
use crate::catalog::{ForeignKey, Relation, RelationKind};
use crate::error::{Refusal, Rule, SqlState};
use crate::policy::Access;
use crate::sql::{Keyword, Kind, quote_ident};
use sqlparser::ast::{
    Assignment, AssignmentTarget, DataType, Delete, Expr, FromTable, Ident, SelectItem, TableAlias, TableFactor, TableWithJoins,
    UnaryOperator, Update, UpdateTableFromKind, Value,
};

/// The relation that a statement writes to.
pub(super) struct Target<'a> {
    pub(super) relation: &'a Relation,
    /// The tenant column and its slot; of a relation that is reached through another, the foreign key's column and no slot.
    pub(super) column: String,
    pub(super) slot: usize,
    /// Which of its rows are the identity's.
    pub(super) filter: Filter,
    /// The user's alias; empty without one.
    pub(super) alias: String,
    /// What its columns are qualified with: the alias, or the qualified name.
    pub(super) qualifier: String,
}

/// What stands for the tenant column, once it is known to be the own value or to be checked.
pub(super) enum Given {
    /// A literal, checked when the plan is used.
    Literal,
    /// A parameter, checked at Bind.
    Parameter,
    /// The tenant column of a filtered relation.
    OwnColumn,
}

impl Target<'_> {
    /// The predicates on its rows. As conditions of its own scan: what is assigned is computed on what they let through.
    pub(super) fn predicates(&self) -> Vec<Vec<Piece>> {
        self.filter.predicates(&self.qualifier, &self.alias, Form::Scan)
    }

    /// Whether a foreign key carries along everything that a parent's rows are known by: then it can only name an own one.
    fn carries(&self, key: &ForeignKey, parents: &Filter) -> bool {
        let carried = |(column, slot): (&str, usize)| {
            key.columns
                .iter()
                .zip(&key.referenced_columns)
                .any(|(c, p)| p == column && self.filter.own().any(|own| own == (c.as_str(), slot)))
        };
        !parents.has_path() && parents.own().all(carried)
    }
}

impl<'a> Walk<'a, '_> {
    /// UPDATE.
    pub(super) fn update(&mut self, update: &Update) -> Result<Columns, Refusal> {
        let Update { update_token, optimizer_hints, table, assignments, from, selection, returning, output, or, order_by, limit } =
            update;
        self.demand(
            optimizer_hints.is_empty()
                && output.is_none()
                && or.is_none()
                && order_by.is_empty()
                && limit.is_none()
                && table.joins.is_empty(),
            "this clause of UPDATE",
        )?;
        let from = match from {
            None => &[],
            Some(UpdateTableFromKind::AfterSet(from)) => from.as_slice(),
            Some(UpdateTableFromKind::BeforeSet(_)) => return Err(self.construct("FROM before SET", None)),
        };
        let start = self.attached(update_token)?;
        let level = self.change_level(start, Keyword::From, !from.is_empty(), selection.is_some())?;
        let target = self.target(table, "UPDATE")?;
        self.from(from, level)?;
        self.assignments(assignments, &target)?;
        self.finish_change(&target, level, selection.as_ref(), returning.as_deref())
    }

    /// DELETE.
    pub(super) fn delete(&mut self, delete: &Delete) -> Result<Columns, Refusal> {
        let Delete { delete_token, optimizer_hints, tables, from, using, selection, returning, output, order_by, limit } = delete;
        self.demand(
            optimizer_hints.is_empty() && tables.is_empty() && output.is_none() && order_by.is_empty() && limit.is_none(),
            "this clause of DELETE",
        )?;
        let table = match from {
            FromTable::WithFromKeyword(tables) => match tables.as_slice() {
                [table] if table.joins.is_empty() => table,
                [] | [_, ..] => return Err(self.construct("DELETE from several relations", None)),
            },
            FromTable::WithoutKeyword(_) => return Err(self.construct("DELETE without FROM", None)),
        };
        let using = using.as_deref().unwrap_or_default();
        let start = self.attached(delete_token)?;
        let level = self.change_level(start, Keyword::Using, !using.is_empty(), selection.is_some())?;
        let target = self.target(table, "DELETE")?;
        self.from(using, level)?;
        self.finish_change(&target, level, selection.as_ref(), returning.as_deref())
    }

    /// Opens the level of an UPDATE or DELETE, its clauses held against the tree.
    fn change_level(&mut self, start: usize, from: Keyword, has_from: bool, has_where: bool) -> Result<usize, Refusal> {
        let found = clauses::find(self.tokens, start, self.range.end, from);
        self.demand(found.from.is_some() == has_from && found.condition.is_some() == has_where, "the layout of this statement")?;
        let level = self.clauses.len();
        self.clauses.push(found);
        self.levels.push(Level::default());
        Ok(level)
    }

    fn finish_change(
        &mut self,
        target: &Target<'a>,
        level: usize,
        selection: Option<&Expr>,
        returning: Option<&[SelectItem]>,
    ) -> Result<Columns, Refusal> {
        if let Some(condition) = selection {
            self.condition_expression(condition)?;
            let tokens = self.clauses.get(level).and_then(|c| c.condition.clone());
            self.condition(condition, tokens, "a condition in WHERE");
        }
        let mut predicates = target.predicates();
        if self.ground.fenced && !target.filter.is_plain() {
            let tokens = self.clauses.get(level).and_then(|c| c.condition.clone());
            let copies =
                selection.zip(tokens).map(|(condition, tokens)| self.safe_conjuncts(condition, tokens)).unwrap_or_default();
            self.gates.push(Gate { level, copies });
        } else if self.ground.fenced {
            // The second form is no equivalence class: the planner keeps it in its place before the user's conditions (threats, section 2).
            let mut guard = vec![Piece::Text("(".to_owned())];
            guard.extend(equal(&target.qualifier, &target.column, target.slot));
            guard.push(Piece::Text(") IS TRUE".to_owned()));
            predicates.push(guard);
        }
        self.targets.push((level, predicates));
        self.notes.push(format!("{}: target filtered in WHERE", target.relation.name));
        let columns = self.returning(returning)?;
        self.levels.pop();
        Ok(columns)
    }

    /// RETURNING.
    pub(super) fn returning(&mut self, returning: Option<&[SelectItem]>) -> Result<Columns, Refusal> {
        match returning {
            None => Ok(Columns::Known(Vec::new())),
            Some(items) => self.projection(items),
        }
    }

    /// The target of an UPDATE or DELETE.
    fn target(&mut self, table: &TableWithJoins, verb: &str) -> Result<Target<'a>, Refusal> {
        let TableWithJoins { relation, joins: _ } = table;
        let TableFactor::Table {
            name,
            alias,
            args,
            with_hints,
            version,
            with_ordinality,
            partitions,
            json_path,
            sample,
            index_hints,
        } = relation
        else {
            return Err(self.construct(&format!("{verb} of anything but a table"), None));
        };
        self.demand(
            args.is_none()
                && with_hints.is_empty()
                && version.is_none()
                && !with_ordinality
                && partitions.is_empty()
                && json_path.is_none()
                && sample.is_none()
                && index_hints.is_empty(),
            "this option of a relation",
        )?;
        self.writable(name, alias.as_ref(), verb)
    }

    /// A relation that tenants may write to, in sight under its alias.
    pub(super) fn writable(
        &mut self,
        name: &sqlparser::ast::ObjectName,
        alias: Option<&TableAlias>,
        verb: &str,
    ) -> Result<Target<'a>, Refusal> {
        let (schema, relation_name, tokens) = self.relation_name(name)?;
        let (relation, access) = self.relation(schema, relation_name, tokens.start)?;
        let refuse = |reason: &str| {
            Refusal::new(
                SqlState::INSUFFICIENT_PRIVILEGE,
                Rule::Relation,
                format!("permission denied for relation {relation_name}"),
            )
            .with_hint(format!("{verb}: {reason}."))
            .at(self.position(tokens.start))
            .about(relation.qualified())
        };
        let (column, slot) = match access {
            Access::Scoped { column, slot } => (column.clone(), *slot),
            // No value of the identity's is in the column itself.
            Access::Through(path) => (path.column.clone(), usize::MAX),
            Access::Shared => return Err(refuse("a shared relation is read only")),
            Access::View => return Err(refuse("views are read only through this version of pgmoat; write to the table")),
            Access::Hidden | Access::Refused(_) => return Err(refuse("it is not available")),
        };
        match relation.kind {
            RelationKind::Table | RelationKind::Partitioned => {}
            RelationKind::View
            | RelationKind::MaterializedView
            | RelationKind::Foreign
            | RelationKind::Sequence
            | RelationKind::Composite => {
                return Err(refuse("only tables can be written to"));
            }
        }
        if relation.has_rules {
            return Err(refuse("it has rules, which pgmoat cannot see through"));
        }
        let filter = self.filter(relation, access, tokens.start)?;
        match verb {
            "UPDATE" | "DELETE" => {}
            "INSERT" if !filter.has_path() => {}
            _ if filter.is_plain() => {}
            _ => {
                let what =
                    if filter.has_path() { "a relation that is scoped through another" } else { "this user, who is limited" };
                return Err(self.construct(&format!("{verb} for {what}"), Some(tokens.start)));
            }
        }
        let alias_name = match alias {
            Some(alias) => {
                self.demand(alias.columns.is_empty(), "column names on the target of a write")?;
                self.alias_names(alias)?;
                Some(alias.name.value.clone())
            }
            None => None,
        };
        let (only, around) = self.around_name(&tokens);
        self.replace(around, vec![Piece::Text(format!("{}{}", if only { "ONLY " } else { "" }, quoted(relation)))]);
        let qualifier = alias_name.as_deref().map_or_else(|| quoted(relation), quote_ident);
        let columns = relation_columns(relation, Some(&filter));
        let alias = alias_name.clone().unwrap_or_default();
        self.enter(Entry { alias: alias_name.unwrap_or_else(|| relation.name.clone()), columns, reference: None, base: true });
        Ok(Target { relation, column, slot, filter, alias, qualifier })
    }

    /// SET: the tenant column keeps the own value; a foreign key may not point at another tenant's row.
    pub(super) fn assignments(&mut self, assignments: &[Assignment], target: &Target<'a>) -> Result<(), Refusal> {
        for Assignment { target: assigned, value } in assignments {
            self.expression(value)?;
            match assigned {
                AssignmentTarget::ColumnName(name) => {
                    let names = self.column_names(std::slice::from_ref(name))?;
                    for column in names {
                        self.assignment(column, Some(value), target)?;
                    }
                }
                AssignmentTarget::Tuple(names) => {
                    let columns = self.column_names(names)?;
                    let values = match value {
                        Expr::Tuple(values) if values.len() == columns.len() => Some(values),
                        _ => None,
                    };
                    for (i, column) in columns.into_iter().enumerate() {
                        self.assignment(column, values.and_then(|v| v.get(i)), target)?;
                    }
                }
            }
        }
        Ok(())
    }

    fn assignment(&mut self, column: &Ident, value: Option<&Expr>, target: &Target<'a>) -> Result<(), Refusal> {
        let at = self.token_of(column)?;
        if target.filter.path_column() == Some(column.value.as_str()) {
            return Err(self.construct("SET of the column that says whose the row is", Some(at)));
        }
        if let Some((_, slot)) = target.filter.nodes.iter().find(|(name, _)| *name == column.value) {
            let value = value.ok_or_else(|| foreign_node(&target.relation.name).at(self.position(at)))?;
            self.must_be_own_node(value, *slot, target, at)?;
        }
        if column.value == target.column {
            let value = value.ok_or_else(|| foreign_value(&target.relation.name).at(self.position(at)))?;
            return self.must_be_own(value, target, at).map(|_| ());
        }
        self.reference_column(&column.value, value, target)
    }

    /// A value that stands for the tenant column: checked when the plan is used, or refused.
    pub(super) fn must_be_own(&mut self, value: &Expr, target: &Target<'a>, at: usize) -> Result<Given, Refusal> {
        let relation = target.relation.name.clone();
        let slot = target.slot;
        match self.constant(value)? {
            Some(what) => {
                let given = match what {
                    Checked::Parameter(_) => {
                        let token = self.placeholder(value).ok_or_else(|| foreign_value(&relation).at(self.position(at)))?;
                        self.own_instead(token, slot);
                        Given::Parameter
                    }
                    Checked::Literal { token: _, negative: _ } => Given::Literal,
                };
                self.checks.push(Check { slot, what, relation });
                Ok(given)
            }
            // A tenant column of a filtered relation holds the own value already.
            None if self.own(value) == Some(Own::Tenant(slot)) => Ok(Given::OwnColumn),
            None => Err(foreign_value(&relation).at(self.position(at))),
        }
    }

    /// A value that stands for the column of a level: one of the user's nodes, checked when the plan is used, or refused.
    pub(super) fn must_be_own_node(&mut self, value: &Expr, slot: usize, target: &Target<'a>, at: usize) -> Result<(), Refusal> {
        let relation = target.relation.name.clone();
        let Some(what) = self.constant(value)? else {
            // The column of a level of a filtered relation holds one of the nodes already.
            let own = self.own(value) == Some(Own::Tenant(slot));
            return if own { Ok(()) } else { Err(foreign_node(&relation).at(self.position(at))) };
        };
        if matches!(what, Checked::Parameter(_)) {
            let token = self.placeholder(value).ok_or_else(|| foreign_node(&relation).at(self.position(at)))?;
            self.own_node_instead(token, slot);
        }
        self.checks.push(Check { slot, what, relation });
        Ok(())
    }

    /// A parameter for the column of a level, held to the nodes by the server as well: see [`Self::own_instead`].
    fn own_node_instead(&mut self, token: usize, slot: usize) {
        let kind = self.ground.policy.slots().get(slot).map_or("text", |s| s.kind.name());
        let parameter = || Piece::Tokens(token..token.saturating_add(1));
        let text = |text: String| Piece::Text(text);
        let pieces = vec![
            text("(CASE WHEN".to_owned()),
            parameter(),
            text(format!("::{kind} OPERATOR(pg_catalog.=) ANY (")),
            Piece::Value(slot),
            text(") THEN".to_owned()),
            parameter(),
            text(format!("::{kind} ELSE (")),
            Piece::Value(slot),
            text(")[1] END)".to_owned()),
        ];
        self.replace(token..token.saturating_add(1), pieces);
    }

    /// The own value where a parameter stands. The parameter's value has been checked at Bind, but as the client says its bytes are:
    /// declared as float8, or taken for one elsewhere in the statement, the same eight bytes are another number. It stays inside, with
    /// the column's type, so that the server still knows the parameter and its type.
    fn own_instead(&mut self, token: usize, slot: usize) {
        let kind = self.ground.policy.slots().get(slot).map_or("text", |s| s.kind.name());
        let pieces = vec![
            Piece::Text("(CASE WHEN".to_owned()),
            Piece::Tokens(token..token.saturating_add(1)),
            Piece::Text(format!("::{kind} IS NULL THEN")),
            Piece::Value(slot),
            Piece::Text("ELSE".to_owned()),
            Piece::Value(slot),
            Piece::Text("END)".to_owned()),
        ];
        self.replace(token..token.saturating_add(1), pieces);
    }

    /// The token of the parameter that an expression is, as [`Self::constant`] finds it.
    fn placeholder(&self, value: &Expr) -> Option<usize> {
        match value {
            Expr::Nested(inner) => self.placeholder(inner),
            Expr::Cast { kind: _, expr, data_type: _, format: None } => self.placeholder(expr),
            Expr::Value(v) => {
                let place = v.span.start;
                let token = usize::try_from(place.column).ok().filter(|i| place.line == 1 && self.range.contains(i));
                token.filter(|i| self.tokens.kind(*i) == Some(Kind::Param))
            }
            _ => None,
        }
    }

    /// The literal or parameter that an expression is, casts to built-in types and parentheses left out.
    fn constant(&self, value: &Expr) -> Result<Option<Checked>, Refusal> {
        Ok(match value {
            Expr::Nested(inner) => self.constant(inner)?,
            Expr::Cast { kind: _, expr, data_type, format: None } => {
                // Only casts that keep the value as it is: a length would cut it to another.
                let kept = matches!(
                    data_type,
                    DataType::SmallInt(None)
                        | DataType::Int2(None)
                        | DataType::Int(None)
                        | DataType::Integer(None)
                        | DataType::Int4(None)
                        | DataType::BigInt(None)
                        | DataType::Int8(None)
                        | DataType::Text
                        | DataType::Varchar(None)
                        | DataType::Uuid
                );
                if kept { self.constant(expr)? } else { None }
            }
            Expr::UnaryOp { op: UnaryOperator::Minus, expr } => match self.constant(expr)? {
                Some(Checked::Literal { token, negative: false }) => Some(Checked::Literal { token, negative: true }),
                Some(Checked::Literal { token: _, negative: true } | Checked::Parameter(_)) | None => None,
            },
            Expr::Value(v) => match &v.value {
                Value::Number(_, false) | Value::SingleQuotedString(_) => {
                    let place = v.span.start;
                    let token = usize::try_from(place.column).ok().filter(|i| place.line == 1 && self.range.contains(i));
                    token.map(|token| Checked::Literal { token, negative: false })
                }
                Value::Placeholder(name) => super::expression::parameter_number(name).map(Checked::Parameter),
                _ => None,
            },
            _ => None,
        })
    }

    /// A column that references another scoped relation without the tenant in the key: PostgreSQL's own check would accept another tenant's row.
    pub(super) fn reference_column(&self, column: &str, value: Option<&Expr>, target: &Target<'a>) -> Result<(), Refusal> {
        if value.is_some_and(|v| matches!(v, Expr::Value(v) if matches!(v.value, Value::Null))) {
            return Ok(());
        }
        for key in target.relation.foreign_keys.iter().filter(|k| k.columns.iter().any(|c| c == column)) {
            let Some(parent) = self.ground.catalog.by_oid(key.references) else { continue };
            let access = self.ground.policy.access(parent);
            if !matches!(access, Access::Scoped { column: _, slot: _ } | Access::Through(_)) {
                continue;
            }
            let parents = Filter::of(&self.ground, parent, access).unwrap_or_default();
            if parents.as_ref().is_some_and(|parents| target.carries(key, parents)) {
                continue;
            }
            let parent_column = parents.iter().flat_map(Filter::own).map(|(c, _)| c.to_owned()).next().unwrap_or_default();
            return Err(Refusal::new(
                SqlState::FEATURE_NOT_SUPPORTED,
                Rule::Construct,
                format!("column \"{column}\" references \"{}\" by a key without the tenant column", parent.name),
            )
            .with_hint(format!(
                "The foreign key \"{}\" would accept another tenant's row. Make it composite: ({}, {}) references ({parent_column}, ...).",
                key.name,
                target.column,
                key.columns.join(", "),
            ))
            .about(target.relation.qualified()));
        }
        Ok(())
    }
}
