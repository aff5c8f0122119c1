//! UPDATE and DELETE: the target is filtered in its own WHERE, assignments cannot move a row to another tenant.
//! It does not handle INSERT (`insert`).

use super::clauses;
use super::filter::{Filter, Form};
use super::guard::{Around, Beside, Siblings};
use super::plan::{Check, Checked, Piece, foreign_node, foreign_value};
use super::scope::{Columns, Entry, Level, Own};
use super::updatable::{Through, base_name, tables_only};
use super::walk::{Gate, Walk, address, quoted};
use crate::catalog::{Relation, RelationKind};
use crate::error::{Refusal, Rule, SqlState};
use crate::policy::{Access, Verb};
use crate::sql::{Keyword, Kind, quote_ident};
use sqlparser::ast::{
    Assignment, AssignmentTarget, DataType, Delete, Expr, FromTable, Ident, SelectItem, TableAlias, TableFactor, UnaryOperator,
    Update, UpdateTableFromKind, Value,
};
use std::ops::Range;

/// The relation that a statement writes to.
pub(super) struct Target<'a> {
    pub(super) relation: &'a Relation,
    /// The tenant column and its slot; a relation that is reached through another has neither: no column has an empty name.
    pub(super) column: String,
    pub(super) slot: usize,
    /// Which of its rows are the identity's.
    pub(super) filter: Filter,
    /// The user's alias; empty without one.
    pub(super) alias: String,
    /// What its columns are qualified with: the alias, or the qualified name.
    pub(super) qualifier: String,
    /// The token after its name and alias.
    pub(super) end: usize,
    /// The view that was named in its place.
    pub(super) through: Option<Through<'a>>,
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

/// A column that SET names, and the value that it is given with its tokens, where that is one by itself.
type Assigned<'e> = (String, Option<(&'e Expr, Range<usize>)>);

impl Target<'_> {
    /// Whether this column names the row that says whose a row is.
    pub(super) fn is_path(&self, column: &str) -> bool {
        self.filter.path_column() == Some(column)
    }

    /// The columns that can be named, in order: the relation's, or the view's.
    pub(super) fn columns(&self) -> Vec<&str> {
        match &self.through {
            Some(through) => through.columns.iter().map(String::as_str).collect(),
            None => self.relation.columns.iter().map(|c| c.name.as_str()).collect(),
        }
    }

    /// A column that says whose a row is.
    pub(super) fn key_column(&self) -> &str {
        self.filter.path_column().unwrap_or(&self.column)
    }

    /// The predicates on its rows. As conditions of its own scan: what is assigned is computed on what they let through.
    pub(super) fn predicates(&self) -> Vec<Vec<Piece>> {
        self.filter.predicates(&self.qualifier, &self.alias, Form::Scan)
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
        let target = self.target(&table.relation, "UPDATE")?;
        self.from(from, level)?;
        let set = (target.end..self.range.end).find(|i| self.tokens.keyword(*i) == Some(Keyword::Set));
        let set = set.ok_or_else(|| self.construct("the layout of this statement", None))?;
        let list_end = self.clauses.get(level).map_or(set, |c| c.list_end);
        let changed = self.assignments(assignments, set.saturating_add(1)..list_end, &target)?;
        let cascades = self.cascades(&target, Some(&changed))?;
        self.finish_change(&target, level, selection.as_ref(), cascades, returning.as_deref())
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
        let target = self.target(&table.relation, "DELETE")?;
        self.from(using, level)?;
        let cascades = self.cascades(&target, None)?;
        self.finish_change(&target, level, selection.as_ref(), cascades, returning.as_deref())
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
        cascades: Option<Vec<Piece>>,
        returning: Option<&[SelectItem]>,
    ) -> Result<Columns, Refusal> {
        if let Some(at) = self.current_of(selection) {
            return self.finish_current(target, level, at, cascades.is_some(), returning);
        }
        if let Some(condition) = selection {
            self.condition_expression(condition)?;
            let tokens = self.clauses.get(level).and_then(|c| c.condition.clone());
            self.condition(condition, tokens, "a condition in WHERE");
        }
        let mut predicates = target.predicates();
        let tokens = self.clauses.get(level).and_then(|c| c.condition.clone());
        if let Some((condition, tokens)) = selection.zip(tokens).filter(|_| self.ground.fenced) {
            // The planner puts conditions in the order of what they cost, and some that can raise an error cost nothing.
            let (copies, all) = self.safe_conjuncts(condition, tokens);
            if !all {
                self.gates.push(Gate { level, own: predicates.clone(), copies });
            }
        }
        if let Some(cascades) = cascades {
            self.notes.push(format!("{}: cascades must reach own rows only", target.relation.name));
            predicates.push(cascades);
        }
        if let Some(through) = &target.through {
            predicates.extend(through.condition.clone().map(|condition| vec![Piece::Text(condition)]));
            let several = self.clauses.last().is_none_or(|c| c.from.is_some());
            self.view_star(through, target, returning, several)?;
        }
        self.targets.push((level, predicates));
        self.notes.push(format!("{}: target filtered in WHERE", target.relation.name));
        let columns = self.returning(returning)?;
        self.levels.pop();
        Ok(columns)
    }

    /// The token of CURRENT in `WHERE CURRENT OF`, which the parser's feed has this `true` for.
    pub(super) fn current_at(&self, span: sqlparser::tokenizer::Span) -> Option<usize> {
        crate::sql::index_of(span).filter(|at| self.tokens.keyword(*at) == Some(Keyword::Current))
    }

    /// Whether a condition is `WHERE CURRENT OF`: the token of CURRENT.
    fn current_of(&self, selection: Option<&Expr>) -> Option<usize> {
        let Expr::Value(value) = selection? else { return None };
        self.current_at(value.span)
    }

    /// `WHERE CURRENT OF cursor` stands alone: no predicate can be added. The session lets it pass where the cursor has locked its row.
    fn finish_current(
        &mut self,
        target: &Target<'a>,
        level: usize,
        at: usize,
        cascades: bool,
        returning: Option<&[SelectItem]>,
    ) -> Result<Columns, Refusal> {
        let joined = self.clauses.get(level).is_none_or(|c| c.from.is_some());
        let named = at.saturating_add(2);
        // The cursor may have left out partitions that PostgreSQL would look for it in, and name in its error.
        let whole = self.ground.catalog.with_descendants(target.relation).len() == 1;
        let plain = !joined && !cascades && whole && target.through.is_none();
        let plain = plain && self.tokens.kind(named).is_some_and(Kind::is_name);
        if !plain {
            let message = "WHERE CURRENT OF is not supported through pgmoat beside other relations, for views, for tables with partitions or children, and where rows of others could go too";
            return Err(Refusal::new(SqlState::FEATURE_NOT_SUPPORTED, Rule::Construct, message)
                .with_hint("Fetch the key with the row, and name the row by its key.")
                .at(self.position(at)));
        }
        self.cursors.push(self.tokens.value(named).into_owned());
        self.notes.push(format!("{}: the row that a cursor has locked", target.relation.name));
        let columns = self.returning(returning)?;
        self.levels.pop();
        Ok(columns)
    }

    /// RETURNING.
    pub(super) fn returning(&mut self, returning: Option<&[SelectItem]>) -> Result<Columns, Refusal> {
        match returning {
            None => Ok(Columns::Known(Vec::new())),
            Some(items) => {
                // The first in sight is the target.
                let target = self.levels.last_mut().and_then(|level| level.entries.first_mut());
                if let Some(Columns::Known(columns)) = target.map(|entry| &mut entry.columns) {
                    for column in columns {
                        if let Some(Own::Key { relation, column: place }) = column.own {
                            column.own = Some(Own::Written { relation, column: place });
                        }
                    }
                }
                self.projection(items)
            }
        }
    }

    /// The target of an UPDATE, DELETE or MERGE.
    pub(super) fn target(&mut self, relation: &TableFactor, verb: &str) -> Result<Target<'a>, Refusal> {
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
        let (named, access) = self.relation(schema, relation_name, tokens.start)?;
        let called = alias.map_or(named.name.as_str(), |a| a.name.value.as_str());
        let through = match (access, verb) {
            (Access::View, "INSERT" | "UPDATE" | "DELETE") => Some(self.updatable(named, called, verb, &tokens)?),
            (Access::View, _merge_or_copy) => return Err(tables_only(named, verb).at(self.position(tokens.start))),
            (
                Access::Scoped { column: _, slot: _ } | Access::Through(_) | Access::Shared | Access::Hidden | Access::Refused(_),
                _any,
            ) => self.narrowed_target(named, verb, &tokens)?,
        };
        // What follows an INSERT's rows is looked at there: its source does not see the target.
        if let Some(through) = through.as_ref().filter(|_| matches!(verb, "UPDATE" | "DELETE")) {
            let end = alias.map_or(Ok(tokens.end), |a| self.token_of(&a.name).map(|t| t.saturating_add(1)))?;
            self.sees_the_view_only(through, &[called], self.range.clone(), &(tokens.start..end))?;
        }
        let (relation, access) = through.as_ref().map_or((named, access), |t| (t.base, self.ground.policy.access(t.base)));
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
            Access::Through(_) => (String::new(), usize::MAX),
            Access::Shared => return Err(refuse("a shared relation is read only")),
            Access::View | Access::Hidden | Access::Refused(_) => return Err(refuse("it is not available")),
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
        for written in [named, relation] {
            self.permit_verb(written, verb, tokens.start)?;
        }
        if relation.has_rules {
            return Err(refuse("it has rules, which pgmoat cannot see through"));
        }
        if verb != "DELETE" && self.has_unseen_defaults(relation) {
            return Err(refuse("a default or generated column of it calls a function that tenants may not call"));
        }
        let filter = self.filter(relation, access, tokens.start)?;
        if verb == "COPY FROM" && filter.has_path() {
            let message = "COPY FROM for a relation that is scoped through another is not supported through pgmoat";
            return Err(Refusal::new(SqlState::FEATURE_NOT_SUPPORTED, Rule::Construct, message)
                .with_hint("The row that each row refers to must be looked up first: use INSERT.")
                .at(self.position(tokens.start))
                .about(relation.qualified()));
        }
        let alias_name = match alias {
            Some(alias) => {
                self.demand(alias.columns.is_empty(), "column names on the target of a write")?;
                self.alias_names(alias)?;
                Some(alias.name.value.clone())
            }
            None => through.as_ref().map(|_| named.name.clone()),
        };
        let (only, around) = self.around_name(&tokens);
        let end = match alias {
            Some(alias) => self.token_of(&alias.name)?.saturating_add(1),
            None => around.end,
        };
        let called = alias_name.as_deref().filter(|_| through.is_some() && alias.is_none());
        self.replace(around, vec![Piece::Text(format!("{}{}", if only { "ONLY " } else { "" }, base_name(relation, called)))]);
        let qualifier = alias_name.as_deref().map_or_else(|| quoted(relation), quote_ident);
        let mut columns = self.columns_of(relation, Some(&filter));
        if let Some(through) = &through {
            let all = columns.into_vec();
            let of_view = through.columns.iter().filter_map(|name| all.iter().find(|c| c.name == *name).cloned());
            columns = Columns::Known(of_view.collect());
        }
        if let Some(level) = self.levels.last_mut().filter(|_| through.as_ref().is_some_and(Through::is_narrowed)) {
            level.narrowed = Some(level.entries.len());
        }
        let alias = alias_name.clone().unwrap_or_default();
        self.enter(Entry {
            alias: alias_name.unwrap_or_else(|| relation.name.clone()),
            columns,
            reference: None,
            base: true,
            system: true,
            key: &[],
        });
        Ok(Target { relation, column, slot, filter, alias, qualifier, end, through })
    }

    /// What a verb of SQL asks of the role; of MERGE each WHEN does by itself.
    fn permit_verb(&self, relation: &Relation, verb: &str, at: usize) -> Result<(), Refusal> {
        let verb = match verb {
            "MERGE" => return Ok(()),
            "UPDATE" => Verb::Update,
            "DELETE" => Verb::Delete,
            _insert_or_copy => Verb::Insert,
        };
        self.permit(relation, verb, at)
    }

    /// SET: the tenant column keeps the own value; a foreign key may not point at another tenant's row. `list` are the tokens of the
    /// assignments. Tells the columns.
    pub(super) fn assignments(
        &mut self,
        assignments: &[Assignment],
        list: Range<usize>,
        target: &Target<'a>,
    ) -> Result<Vec<String>, Refusal> {
        let values = clauses::assigned(self.tokens, list);
        let paired = values.len() == assignments.len();
        let mut given: Vec<Assigned<'_>> = Vec::new();
        for (Assignment { target: assigned, value }, tokens) in assignments.iter().zip(&values).filter(|_| paired) {
            match assigned {
                AssignmentTarget::ColumnName(name) => {
                    let names = self.column_names(std::slice::from_ref(name))?;
                    given.extend(names.iter().map(|c| (c.value.clone(), Some((value, tokens.clone())))));
                }
                AssignmentTarget::Tuple(names) => {
                    given.extend(self.column_names(names)?.iter().map(|c| (c.value.clone(), None)));
                }
            }
        }
        let mut changed = Vec::new();
        for (i, Assignment { target: assigned, value }) in assignments.iter().enumerate() {
            self.expression(value)?;
            let tokens = values.get(i).cloned().filter(|_| paired);
            match assigned {
                AssignmentTarget::ColumnName(name) => {
                    for column in self.column_names(std::slice::from_ref(name))? {
                        self.assignable(column, target)?;
                        self.assignment(column, value, tokens.clone(), &given, target)?;
                        changed.push(column.value.clone());
                    }
                }
                AssignmentTarget::Tuple(names) => {
                    let columns = self.column_names(names)?;
                    columns.iter().try_for_each(|column| self.assignable(column, target))?;
                    self.assign_row(&columns, value, tokens, &given, target)?;
                    changed.extend(columns.into_iter().map(|c| c.value.clone()));
                }
            }
        }
        self.generates(target, &changed)?;
        Ok(changed)
    }

    fn assignment(
        &mut self,
        column: &Ident,
        value: &Expr,
        tokens: Option<Range<usize>>,
        given: &[Assigned<'_>],
        target: &Target<'a>,
    ) -> Result<(), Refusal> {
        let at = self.token_of(column)?;
        if let Some((_, slot)) = target.filter.nodes.iter().find(|(name, _)| *name == column.value) {
            self.must_be_own_node(value, *slot, target, at)?;
        }
        if column.value == target.column && self.is_refused_null(value, target) {
            return Ok(());
        }
        if column.value == target.column {
            let computed = !super::insert::is_default(value) && self.is_computed(value, target)?;
            if let (true, Some(tokens)) = (computed, tokens) {
                self.stamp_computed(tokens, target);
                return Ok(());
            }
            return self.must_be_own(value, target, at).map(|_| ());
        }
        let beside = |name: &str| match given.iter().find(|(column, _)| column == name) {
            Some((_, Some((value, tokens)))) => self.beside(name, value, tokens.clone(), target),
            Some((_, None)) => Beside::Unknown,
            None => self.beside_unchanged(name, target),
        };
        let parents = self.parents(&column.value, self.referring(value), &beside, target)?;
        if parents.is_empty() && !target.is_path(&column.value) {
            self.free_value(value, &column.value, target);
            return Ok(());
        }
        let tokens = tokens.ok_or_else(|| self.construct("the layout of SET", None))?;
        let row = format!("{}.ctid", target.qualifier);
        self.guard_value(value, tokens, &column.value, &parents, Around { siblings: &Siblings::new(), row: Some(&row) }, target)
    }

    /// `(a, b) = (x, y)`, or a sub-select.
    fn assign_row(
        &mut self,
        columns: &[&Ident],
        value: &Expr,
        tokens: Option<Range<usize>>,
        given: &[Assigned<'_>],
        target: &Target<'a>,
    ) -> Result<(), Refusal> {
        if let Expr::Tuple(values) = value
            && values.len() == columns.len()
        {
            let open = tokens.map(|t| t.start).filter(|open| self.tokens.is_char(*open, b'('));
            let items = open.and_then(|open| Some(open.saturating_add(1)..self.tokens.closing(open)?));
            let items = items.map(|list| clauses::items(self.tokens, list)).filter(|items| items.len() == values.len());
            for (i, (column, value)) in columns.iter().zip(values).enumerate() {
                self.assignment(column, value, items.as_ref().and_then(|items| items.get(i).cloned()), given, target)?;
            }
            return Ok(());
        }
        let names: Vec<String> = columns.iter().map(|c| c.value.clone()).collect();
        for column in columns {
            let at = self.token_of(column)?;
            // A sub-select without a row makes all of them NULL, whatever is written in it.
            let nullable = target.relation.column(&column.value).is_none_or(|c| !c.not_null);
            if target.is_path(&column.value) && nullable {
                return Err(self.construct("SET of the column that says whose the row is, among others", Some(at)));
            }
            if target.filter.own().any(|(name, _)| name == column.value) {
                return Err(foreign_value(&target.relation.name).at(self.position(at)));
            }
        }
        let yielded = match value {
            Expr::Subquery(query) => self.selects.get(&address(query)).map(|s| s.columns.clone()),
            _ => None,
        };
        let (wrapped, needed) = self.wrapping(&names, &yielded.clone().unwrap_or(Columns::Unknown), false, target)?;
        if !needed {
            return Ok(());
        }
        let known = matches!(&yielded, Some(Columns::Known(c)) if c.len() == columns.len());
        let inside = tokens.filter(|t| known && self.tokens.is_char(t.start, b'('));
        let inside = inside.and_then(|t| Some(t.start.saturating_add(1)..self.tokens.closing(t.start)?));
        let inside = inside.ok_or_else(|| self.construct("a foreign key in this form of SET", None))?;
        self.wrap(inside, &wrapped, None, target);
        Ok(())
    }

    /// A value that stands for the tenant column: checked when the plan is used, or refused.
    pub(super) fn must_be_own(&mut self, value: &Expr, target: &Target<'a>, at: usize) -> Result<Given, Refusal> {
        let relation = target.relation.name.clone();
        let slot = target.slot;
        match self.constant(value)? {
            Some(what) => {
                let given = match what {
                    Checked::Parameter(_) | Checked::Pattern(_) => {
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

    /// Whether PostgreSQL refuses NULL for the tenant column, in the relation and wherever its rows may be.
    pub(super) fn refuses_null(&self, target: &Target<'a>) -> bool {
        let all = self.ground.catalog.with_descendants(target.relation);
        target.through.is_none() && all.iter().all(|r| r.column(&target.column).is_some_and(|c| c.not_null))
    }

    /// Whether a value is NULL, whatever type it is cast to, where PostgreSQL refuses that: a row would be nobody's.
    pub(super) fn is_refused_null(&self, value: &Expr, target: &Target<'a>) -> bool {
        match value {
            Expr::Nested(inner) | Expr::Cast { kind: _, expr: inner, data_type: _, format: None } => {
                self.is_refused_null(inner, target)
            }
            Expr::Value(v) => v.value == Value::Null && self.refuses_null(target),
            other => {
                let _: &Expr = other;
                false
            }
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
    pub(super) fn constant(&self, value: &Expr) -> Result<Option<Checked>, Refusal> {
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
                Some(Checked::Literal { token: _, negative: true } | Checked::Parameter(_) | Checked::Pattern(_)) | None => None,
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
}
