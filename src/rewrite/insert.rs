//! INSERT: the tenant column is stamped, never trusted; a conflict can only be with an own row.
//! It does not handle UPDATE's assignments by itself (`change`).

use super::change::{Given, Target};
use super::clauses;
use super::plan::{Edit, Piece};
use super::scope::{Columns, Entry, Level, Own, relation_columns};
use super::walk::Walk;
use crate::error::{Refusal, Rule, SqlState};
use crate::sql::{Bounds, Keyword, conflict_parts, parse_expression, quote_ident};
use sqlparser::ast::{
    ConflictTarget, DoUpdate, Expr, Ident, Insert, OnConflict, OnConflictAction, OnInsert, Parens, Query, Select, SelectItem,
    SetExpr, TableAliasWithoutColumns, TableObject, Values,
};
use std::ops::Range;

/// Where the tenant column is in the rows to insert.
enum Stamp {
    /// At this place in each row: it must be the own value.
    At(usize),
    /// Nowhere: it is added at the end.
    Added,
}

impl<'a> Walk<'a, '_> {
    /// INSERT.
    pub(super) fn insert(&mut self, insert: &Insert) -> Result<Columns, Refusal> {
        let Insert {
            insert_token,
            optimizer_hints,
            or,
            ignore,
            into,
            table,
            table_alias,
            columns,
            overwrite,
            source,
            assignments,
            partitioned,
            after_columns,
            has_table_keyword,
            on,
            returning,
            output,
            replace_into,
            priority,
            insert_alias,
            settings,
            format_clause,
            multi_table_insert_type,
            multi_table_into_clauses,
            multi_table_when_clauses,
            multi_table_else_clause,
        } = insert;
        self.demand(
            optimizer_hints.is_empty()
                && or.is_none()
                && !ignore
                && *into
                && !overwrite
                && assignments.is_empty()
                && partitioned.is_none()
                && after_columns.is_empty()
                && !has_table_keyword
                && output.is_none()
                && !replace_into
                && priority.is_none()
                && insert_alias.is_none()
                && settings.is_none()
                && format_clause.is_none()
                && multi_table_insert_type.is_none()
                && multi_table_into_clauses.is_empty()
                && multi_table_when_clauses.is_empty()
                && multi_table_else_clause.is_none(),
            "this clause of INSERT",
        )?;
        let start = self.attached(insert_token)?;
        let TableObject::TableName(name) = table else { return Err(self.construct("INSERT into a function or query", None)) };
        // The target is not in sight of the source; it is of ON CONFLICT and RETURNING.
        self.levels.push(Level::default());
        let target = self.insert_target(name, table_alias.as_ref())?;
        let target_level = self.levels.pop().unwrap_or_default();
        let names = self.column_names(columns)?;
        let name_end = self.target_end(name, table_alias.as_ref())?;
        match source {
            None => self.default_values(&target, name_end)?,
            Some(query) => self.source(query, &names, &target, name_end)?,
        }
        self.levels.push(target_level);
        if let Some(on) = on {
            self.on_conflict(on, &target, start)?;
        }
        let columns = self.returning(returning.as_deref())?;
        self.levels.pop();
        self.notes.push(format!("{}: tenant column stamped", target.relation.name));
        Ok(columns)
    }

    fn insert_target(
        &mut self,
        name: &sqlparser::ast::ObjectName,
        alias: Option<&TableAliasWithoutColumns>,
    ) -> Result<Target<'a>, Refusal> {
        let alias = alias.map(|TableAliasWithoutColumns { explicit, alias }| sqlparser::ast::TableAlias {
            explicit: *explicit,
            name: alias.clone(),
            columns: Vec::new(),
            at: None,
        });
        self.writable(name, alias.as_ref(), "INSERT")
    }

    /// The token after the target's name and alias, where its column list stands or would stand.
    fn target_end(&self, name: &sqlparser::ast::ObjectName, alias: Option<&TableAliasWithoutColumns>) -> Result<usize, Refusal> {
        match alias {
            Some(alias) => Ok(self.token_of(&alias.alias)?.saturating_add(1)),
            None => Ok(self.relation_name(name)?.2.end),
        }
    }

    /// DEFAULT VALUES: every column but the tenant's takes its default.
    fn default_values(&mut self, target: &Target<'a>, name_end: usize) -> Result<(), Refusal> {
        if !target.filter.nodes.is_empty() {
            return Err(super::plan::foreign_node(&target.relation.name).at(self.position(name_end)));
        }
        let mut at = name_end;
        if self.tokens.keyword(at) == Some(Keyword::Overriding) {
            at = at.saturating_add(3);
        }
        let values = self.tokens.keyword(at) == Some(Keyword::Default)
            && self.tokens.keyword(at.saturating_add(1)) == Some(Keyword::Values);
        self.demand(values, "this form of INSERT")?;
        self.edits.push(Edit::before(name_end, vec![Piece::Text(format!("({})", quote_ident(&target.column)))]));
        self.replace(
            at..at.saturating_add(2),
            vec![Piece::Text("VALUES (".to_owned()), Piece::Value(target.slot), Piece::Text(")".to_owned())],
        );
        Ok(())
    }

    /// The rows to insert, from VALUES or a query.
    fn source(&mut self, query: &Query, names: &[&Ident], target: &Target<'a>, name_end: usize) -> Result<(), Refusal> {
        let values = matches!(query.body.as_ref(), SetExpr::Values(_));
        let plain = query.order_by.is_none() && query.limit_clause.is_none() && query.fetch.is_none() && query.with.is_none();
        let yielded = self.query(query)?;
        let arity = match (&yielded, query.body.as_ref()) {
            (_, SetExpr::Values(values)) => values.rows.iter().map(|r| r.content.len()).max(),
            (Columns::Known(columns), _) => Some(columns.len()),
            (Columns::Unknown | Columns::Partial(_), _) => None,
        };
        if !names.is_empty() && arity.is_some_and(|n| n != names.len()) {
            let message = "INSERT has more or fewer expressions than target columns";
            return Err(Refusal::new(SqlState::SYNTAX_ERROR, Rule::Syntax, message));
        }
        let stamp = if names.is_empty() {
            // Without a list the columns are the relation's, in order, as many as there are values (PostgreSQL manual, INSERT).
            let arity = arity.ok_or_else(|| self.list_columns(target))?;
            let place = target.relation.columns.iter().position(|c| c.name == target.column).filter(|p| *p < arity);
            let listed: Vec<_> = target.relation.columns.iter().take(arity).collect();
            if arity > target.relation.columns.len() {
                return Err(Refusal::new(
                    SqlState::SYNTAX_ERROR,
                    Rule::Syntax,
                    "INSERT has more expressions than target columns",
                ));
            }
            let mut list: Vec<String> = listed.iter().map(|c| quote_ident(&c.name)).collect();
            if place.is_none() {
                list.push(quote_ident(&target.column));
            }
            self.edits.push(Edit::before(name_end, vec![Piece::Text(format!("({})", list.join(", ")))]));
            place.map_or(Stamp::Added, Stamp::At)
        } else {
            match names.iter().position(|n| n.value == target.column) {
                Some(place) => Stamp::At(place),
                None => {
                    let close = self.tokens.closing(name_end).filter(|_| self.tokens.is_char(name_end, b'('));
                    let close = close.ok_or_else(|| self.construct("this column list", Some(name_end)))?;
                    self.edits.push(Edit::before(close, vec![Piece::Text(format!(", {}", quote_ident(&target.column)))]));
                    Stamp::Added
                }
            }
        };
        let listed: Vec<String> = if names.is_empty() {
            target.relation.columns.iter().map(|c| c.name.clone()).collect()
        } else {
            names.iter().map(|n| n.value.clone()).collect()
        };
        self.check_nodes(query, listed.get(..arity.unwrap_or(listed.len())).unwrap_or(&listed), target, &yielded)?;
        if values && plain {
            let SetExpr::Values(values) = query.body.as_ref() else { return Ok(()) };
            return self.stamp_rows(values, &stamp, &listed, target);
        }
        for column in listed.iter().take(arity.unwrap_or(usize::MAX)) {
            self.reference_column(column, None, target)?;
        }
        self.stamp_query(query.body.as_ref(), &stamp, target, &yielded)
    }

    /// The columns of the levels that the user is limited in: each must be given, and be one of the user's nodes. None is filled in:
    /// that would be right for users of one node only, and all users that are limited in the same levels share plans.
    fn check_nodes(&mut self, query: &Query, listed: &[String], target: &Target<'a>, yielded: &Columns) -> Result<(), Refusal> {
        let start = self.range.start;
        for (column, slot) in &target.filter.nodes {
            let place = listed.iter().position(|c| c == column);
            let refusal = super::plan::foreign_node(&target.relation.name).at(self.position(start));
            let place = place.ok_or(refusal.clone())?;
            let own = matches!(yielded, Columns::Known(c) if c.get(place).is_some_and(|c| c.own == Some(Own::Tenant(*slot))));
            match query.body.as_ref() {
                SetExpr::Values(values) => {
                    for Parens { opening_token, content, closing_token: _ } in &values.rows {
                        let open = self.attached(opening_token)?;
                        // A row that is too short is the server's to refuse.
                        let Some(value) = content.get(place) else { continue };
                        self.must_be_own_node(value, *slot, target, open)?;
                    }
                }
                SetExpr::Select(_) if own => {}
                SetExpr::Select(select) => {
                    let plain = !self.row_star
                        && select
                            .projection
                            .iter()
                            .all(|i| matches!(i, SelectItem::UnnamedExpr(_) | SelectItem::ExprWithAlias { expr: _, alias: _ }));
                    let Some(SelectItem::UnnamedExpr(value) | SelectItem::ExprWithAlias { expr: value, alias: _ }) =
                        select.projection.get(place).filter(|_| plain)
                    else {
                        return Err(refusal);
                    };
                    self.must_be_own_node(value, *slot, target, start)?;
                }
                SetExpr::Query(_)
                | SetExpr::SetOperation { left: _, op: _, set_quantifier: _, right: _ }
                | SetExpr::Insert(_)
                | SetExpr::Update(_)
                | SetExpr::Delete(_)
                | SetExpr::Merge(_)
                | SetExpr::Table(_) => {
                    if !own {
                        return Err(refusal);
                    }
                }
            }
        }
        Ok(())
    }

    fn list_columns(&self, target: &Target<'_>) -> Refusal {
        self.construct(&format!("INSERT INTO \"{}\" without a column list from this query", target.relation.name), None)
    }

    fn stamp_rows(&mut self, values: &Values, stamp: &Stamp, listed: &[String], target: &Target<'a>) -> Result<(), Refusal> {
        for Parens { opening_token, content, closing_token } in &values.rows {
            let open = self.attached(opening_token)?;
            let close = self.attached(closing_token)?;
            for (column, value) in listed.iter().zip(content) {
                if *column != target.column && !is_default(value) {
                    self.reference_column(column, Some(value), target)?;
                }
            }
            match stamp {
                Stamp::Added => {
                    let comma = if content.is_empty() { "" } else { "," };
                    self.edits.push(Edit::before(close, vec![Piece::Text(comma.to_owned()), Piece::Value(target.slot)]));
                }
                Stamp::At(place) => {
                    // A row that is too short is the server's to refuse.
                    let Some(value) = content.get(*place) else { continue };
                    let items = clauses::items(self.tokens, open.saturating_add(1)..close);
                    let tokens = items.get(*place).cloned().filter(|_| items.len() == content.len());
                    let tokens = tokens.ok_or_else(|| self.construct("this row of VALUES", Some(open)))?;
                    self.stamp_value(value, tokens, target)?;
                }
            }
        }
        Ok(())
    }

    /// A value given for the tenant column: the default is replaced, a constant is checked, anything else is refused.
    fn stamp_value(&mut self, value: &Expr, tokens: Range<usize>, target: &Target<'a>) -> Result<(), Refusal> {
        if is_default(value) {
            self.replace(tokens, vec![Piece::Value(target.slot)]);
            return Ok(());
        }
        let at = tokens.start;
        match self.must_be_own(value, target, at)? {
            // The parameter itself has been replaced, inside whatever casts it stands.
            Given::Parameter => {}
            Given::Literal | Given::OwnColumn => self.replace(tokens, vec![Piece::Value(target.slot)]),
        }
        Ok(())
    }

    /// Stamps every arm of a query's body.
    fn stamp_query(&mut self, body: &SetExpr, stamp: &Stamp, target: &Target<'a>, yielded: &Columns) -> Result<(), Refusal> {
        match body {
            SetExpr::Select(select) => self.stamp_select(select, stamp, target, yielded),
            SetExpr::Query(query) => self.stamp_query(&query.body, stamp, target, yielded),
            SetExpr::SetOperation { left, op: _, set_quantifier: _, right } => {
                // Of two arms only constants can be known to be the own value in both.
                let unknown = Columns::Unknown;
                self.stamp_query(left, stamp, target, &unknown)?;
                self.stamp_query(right, stamp, target, &unknown)
            }
            SetExpr::Values(values) => self.stamp_rows(values, stamp, &[], target),
            SetExpr::Insert(_) | SetExpr::Update(_) | SetExpr::Delete(_) | SetExpr::Merge(_) | SetExpr::Table(_) => {
                Err(self.construct("this source of INSERT", None))
            }
        }
    }

    fn stamp_select(&mut self, select: &Select, stamp: &Stamp, target: &Target<'a>, yielded: &Columns) -> Result<(), Refusal> {
        let start = self.attached(&select.select_token)?;
        match stamp {
            Stamp::Added => {
                if self.tokens.keyword(start) == Some(Keyword::Table) {
                    return Err(self.construct("TABLE as the source of INSERT", Some(start)));
                }
                let found = clauses::find(self.tokens, start, self.range.end, Keyword::From);
                let comma = if select.projection.is_empty() { "" } else { "," };
                self.edits.push(Edit::before(found.list_end, vec![Piece::Text(comma.to_owned()), Piece::Value(target.slot)]));
                Ok(())
            }
            Stamp::At(place) => {
                // The place of a value in the list is its column only where each item is one column.
                let plain = !self.row_star
                    && select
                        .projection
                        .iter()
                        .all(|i| matches!(i, SelectItem::UnnamedExpr(_) | SelectItem::ExprWithAlias { expr: _, alias: _ }));
                if let (true, Some(SelectItem::UnnamedExpr(value) | SelectItem::ExprWithAlias { expr: value, alias: _ })) =
                    (plain, select.projection.get(*place))
                {
                    let own = matches!(yielded, Columns::Known(c) if c.get(*place).is_some_and(|c| c.own == Some(Own::Tenant(target.slot))));
                    return if own { Ok(()) } else { self.must_be_own(value, target, start).map(|_| ()) };
                }
                let own = matches!(yielded, Columns::Known(c) if c.get(*place).is_some_and(|c| c.own == Some(Own::Tenant(target.slot))));
                if own { Ok(()) } else { Err(super::plan::foreign_value(&target.relation.name).at(self.position(start))) }
            }
        }
    }

    /// ON CONFLICT: the key must hold the tenant column, so that the row in conflict is an own one.
    fn on_conflict(&mut self, on: &OnInsert, target: &Target<'a>, insert: usize) -> Result<(), Refusal> {
        let OnConflict { conflict_target, action } = match on {
            OnInsert::OnConflict(on) => on,
            OnInsert::DuplicateKeyUpdate(_) => return Err(self.construct("ON DUPLICATE KEY UPDATE", None)),
            // The enum is open: what a later parser adds is refused.
            _ => return Err(self.construct("this form of ON CONFLICT", None)),
        };
        self.conflict_target(insert)?;
        let relation = target.relation;
        // Every column that says whose the row in conflict is: the same values are in it, and those are own ones.
        let holds = |named: &dyn Fn(&str) -> bool| named(&target.column) && target.filter.own().all(|(column, _)| named(column));
        let holds_tenant = |unique: &crate::catalog::Unique| holds(&|column| unique.columns.iter().any(|c| c == column));
        let own = match conflict_target {
            None => relation.uniques.iter().all(holds_tenant),
            Some(ConflictTarget::Columns(columns)) => holds(&|column| columns.iter().any(|c| c.value == column)),
            Some(ConflictTarget::OnConstraint(name)) => {
                let parts = self.parts(name)?;
                let name = parts.last().map(|p| p.value.as_str()).unwrap_or_default();
                relation.uniques.iter().any(|u| u.name == name && holds_tenant(u))
            }
        };
        if !own {
            return Err(Refusal::new(
                SqlState::FEATURE_NOT_SUPPORTED,
                Rule::Construct,
                format!("ON CONFLICT on a key of \"{}\" without the tenant column is not supported", relation.name),
            )
            .with_hint(format!(
                "The row in conflict may be another tenant's. Name a unique key that includes \"{}\".",
                target.column
            ))
            .about(relation.qualified()));
        }
        match action {
            OnConflictAction::DoNothing => Ok(()),
            OnConflictAction::DoUpdate(DoUpdate { assignments, selection }) => {
                self.enter(Entry {
                    alias: "excluded".to_owned(),
                    columns: relation_columns(relation, Some(&target.filter)),
                    reference: None,
                    base: false,
                });
                self.assignments(assignments, target)?;
                if let Some(condition) = selection {
                    self.condition_expression(condition)?;
                }
                let done = self.conflict_condition(selection.is_some(), target, insert);
                if let Some(level) = self.levels.last_mut() {
                    level.entries.pop();
                }
                done
            }
        }
    }

    /// The expressions and the predicate of a conflict target, which the parser was not given: they are matched with indexes, not evaluated.
    fn conflict_target(&mut self, insert: usize) -> Result<(), Refusal> {
        let on = clauses::phrase(self.tokens, insert..self.range.end, &[Keyword::On, Keyword::Conflict]);
        let open = on.ok_or_else(|| self.construct("this form of ON CONFLICT", None))?.saturating_add(2);
        if !self.tokens.is_char(open, b'(') {
            return Ok(());
        }
        let parts = conflict_parts(self.tokens, open, self.range.end);
        let parts = parts.ok_or_else(|| self.construct("this target of ON CONFLICT", Some(open)))?;
        let expressions = parts.items.into_iter().filter(|(_, expression)| *expression).map(|(range, _)| range);
        for range in expressions.chain(parts.predicate) {
            let expression = parse_expression(self.tokens, range, &Bounds::default())?;
            self.expression(&expression)?;
        }
        Ok(())
    }

    /// The predicate on the row in conflict, beside the user's own condition.
    fn conflict_condition(&mut self, has_where: bool, target: &Target<'a>, insert: usize) -> Result<(), Refusal> {
        let update = clauses::phrase(self.tokens, insert..self.range.end, &[Keyword::Do, Keyword::Update, Keyword::Set]);
        let start = update.ok_or_else(|| self.construct("this form of ON CONFLICT", None))?.saturating_add(2);
        let found = clauses::find(self.tokens, start, self.range.end, Keyword::From);
        self.demand(found.condition.is_some() == has_where && found.from.is_none(), "the layout of ON CONFLICT")?;
        let level = self.clauses.len();
        self.clauses.push(found);
        self.targets.push((level, target.predicates()));
        Ok(())
    }
}

/// `DEFAULT` as a value, which the parser reads as a name.
fn is_default(value: &Expr) -> bool {
    match value {
        Expr::Identifier(ident) => ident.quote_style.is_none() && ident.value == "default",
        _ => false,
    }
}
