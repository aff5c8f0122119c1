//! INSERT: the tenant column is stamped, never trusted; a conflict with another tenant's row is an error.
//! It does not handle UPDATE's assignments by itself (`change`).

use super::change::Target;
use super::clauses;
use super::guard::Wrapped;
use super::plan::{Edit, Piece};
use super::scope::{Columns, Level, Own};
use super::stamp::Stamp;
use super::walk::Walk;
use crate::catalog::{Column, ForeignKey, Identity};
use crate::error::{Refusal, Rule, SqlState};
use crate::sql::{Keyword, quote_ident};
use sqlparser::ast::{Expr, Ident, Insert, Parens, Query, SelectItem, SetExpr, TableAliasWithoutColumns, TableObject, Values};

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
        if let Some(unknown) = names.iter().find(|n| target.through.as_ref().is_some_and(|t| !t.columns.contains(&n.value))) {
            let message = format!("column \"{}\" of relation \"{}\" does not exist", unknown.value, self.named(name)?);
            let position = self.position(self.token_of(unknown)?);
            return Err(Refusal::new(SqlState::UNDEFINED_COLUMN, Rule::Syntax, message).at(position));
        }
        self.check_overriding(&target, on.is_some())?;
        let name_end = self.target_end(name, table_alias.as_ref())?;
        let listed = match source {
            None => {
                self.default_values(&target, name_end)?;
                Vec::new()
            }
            Some(query) => self.source(query, &names, &target, name_end, on.is_some())?,
        };
        if let Some(through) = &target.through {
            let (end, _) = clauses::source_end(self.tokens, name_end..self.range.end);
            let rest = end..clauses::level_end(self.tokens, end..self.range.end);
            self.sees_the_view_only(through, &[&target.alias, "excluded"], rest, &(end..end))?;
            self.view_star(through, &target, returning.as_deref(), false)?;
        }
        self.levels.push(target_level);
        if let Some(on) = on {
            self.on_conflict(on, &listed, &target, start)?;
        }
        let columns = self.returning(returning.as_deref())?;
        self.levels.pop();
        if target.filter.tenant.is_some() {
            self.notes.push(format!("{}: tenant column stamped", target.relation.name));
        }
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

    /// The relation as it is named.
    fn named<'n>(&self, name: &'n sqlparser::ast::ObjectName) -> Result<&'n str, Refusal> {
        self.relation_name(name).map(|(_, name, _)| name)
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
        if let Some(column) = target.filter.path_column() {
            return Err(super::plan::nobodys(&target.relation.name, column).at(self.position(name_end)));
        }
        if !target.filter.nodes.is_empty() {
            return Err(super::plan::foreign_node(&target.relation.name).at(self.position(name_end)));
        }
        self.guard_defaults(&[], target)?;
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

    /// The rows to insert, from VALUES or a query. Tells their columns.
    fn source(
        &mut self,
        query: &Query,
        names: &[&Ident],
        target: &Target<'a>,
        name_end: usize,
        conflict: bool,
    ) -> Result<Vec<String>, Refusal> {
        let values = matches!(query.body.as_ref(), SetExpr::Values(_));
        let plain = query.order_by.is_none() && query.limit_clause.is_none() && query.fetch.is_none() && query.with.is_none();
        let yielded = self.query(query)?;
        if let SetExpr::Values(values) = query.body.as_ref() {
            self.same_length(values)?;
        }
        let arity = match (&yielded, query.body.as_ref()) {
            (_, SetExpr::Values(values)) => values.rows.first().map(|r| r.content.len()),
            (Columns::Known(columns), _) => Some(columns.len()),
            (Columns::Unknown | Columns::Partial(_), _) => None,
        };
        if let Some(given) = arity.filter(|given| !names.is_empty() && *given != names.len()) {
            return Err(self.unequal(query.body.as_ref(), names, given)?);
        }
        let stamp = if names.is_empty() {
            // Without a list the columns are the relation's, in order, as many as there are values (PostgreSQL manual, INSERT).
            let arity = arity.ok_or_else(|| self.list_columns(target))?;
            let all = target.columns();
            let place = all.iter().position(|c| *c == target.column).filter(|p| *p < arity);
            if arity > all.len() {
                return Err(Refusal::new(
                    SqlState::SYNTAX_ERROR,
                    Rule::Syntax,
                    "INSERT has more expressions than target columns",
                ));
            }
            let mut list: Vec<String> = all.iter().take(arity).map(|c| quote_ident(c)).collect();
            if place.is_none() && target.filter.tenant.is_some() {
                list.push(quote_ident(&target.column));
            }
            self.edits.push(Edit::before(name_end, vec![Piece::Text(format!("({})", list.join(", ")))]));
            if target.filter.tenant.is_some() { place.map_or(Stamp::Added, Stamp::At) } else { Stamp::None }
        } else if target.filter.tenant.is_none() {
            Stamp::None
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
            target.columns().into_iter().take(arity.unwrap_or(usize::MAX)).map(str::to_owned).collect()
        } else {
            names.iter().map(|n| n.value.clone()).collect()
        };
        if let Some(column) = target.filter.path_column().filter(|column| !listed.iter().any(|l| l == column)) {
            return Err(super::plan::nobodys(&target.relation.name, column).at(self.position(name_end)));
        }
        self.check_nodes(query, &listed, target, &yielded)?;
        self.guard_defaults(&listed, target)?;
        if values && plain {
            let SetExpr::Values(values) = query.body.as_ref() else { return Ok(listed) };
            if let Some(wrapped) = self.bulk(values, &listed, target)? {
                let added = matches!(stamp, Stamp::Added).then_some(target.slot);
                if added.is_none() {
                    self.stamp_column(&self.rows(values)?, &stamp, target)?;
                }
                self.wrap_source(name_end, !names.is_empty(), conflict, &wrapped, added, target)?;
                return Ok(listed);
            }
            self.stamp_rows(values, &stamp, &listed, conflict, None, target)?;
            return Ok(listed);
        }
        let (mut wrapped, needed) = self.wrapping(&listed, &yielded, true, target)?;
        let unproven = matches!(stamp, Stamp::At(place) if self.is_unproven(query.body.as_ref(), place, target, &yielded));
        if let (Stamp::At(place), true) = (&stamp, unproven)
            && let Some(column) = wrapped.get_mut(*place)
        {
            *column = Wrapped::Computed;
        }
        if !needed && !unproven {
            self.stamp_query(query.body.as_ref(), &stamp, target, &yielded)?;
            return Ok(listed);
        }
        if !matches!(&yielded, Columns::Known(c) if c.len() == listed.len()) {
            return Err(self.list_columns(target));
        }
        let added = match stamp {
            Stamp::Added => Some(target.slot),
            Stamp::None => None,
            Stamp::At(_) if unproven => None,
            Stamp::At(_) => {
                self.stamp_query(query.body.as_ref(), &stamp, target, &yielded)?;
                None
            }
        };
        self.type_items(query.body.as_ref(), &listed, target)?;
        self.wrap_source(name_end, !names.is_empty(), conflict, &wrapped, added, target)?;
        Ok(listed)
    }

    /// Puts a query around the source.
    fn wrap_source(
        &mut self,
        name_end: usize,
        has_list: bool,
        conflict: bool,
        wrapped: &[Wrapped<'a>],
        added: Option<usize>,
        target: &Target<'a>,
    ) -> Result<(), Refusal> {
        let start = self.source_start(name_end, has_list);
        let (end, conflicts) = clauses::source_end(self.tokens, start..self.range.end);
        self.demand(conflicts == usize::from(conflict), "the layout of this INSERT")?;
        self.wrap(start..end, wrapped, added, target);
        if wrapped.iter().any(|column| matches!(column, Wrapped::Guarded(_, _, _))) {
            self.notes.push(format!("{}: what is selected must refer to own rows", target.relation.name));
        }
        Ok(())
    }

    /// Each row of VALUES has as many values as the first.
    fn same_length(&self, values: &Values) -> Result<(), Refusal> {
        let first = values.rows.first().map_or(0, |row| row.content.len());
        match values.rows.iter().find(|row| row.content.len() != first) {
            None => Ok(()),
            Some(other) => {
                let at = self.attached(&other.opening_token)?.saturating_add(1);
                let message = "VALUES lists must all be the same length";
                Err(Refusal::new(SqlState::SYNTAX_ERROR, Rule::Syntax, message).at(self.position(at)))
            }
        }
    }

    /// What PostgreSQL says of more or fewer values than columns, and where (`transformInsertRow`).
    fn unequal(&self, body: &SetExpr, names: &[&Ident], given: usize) -> Result<Refusal, Refusal> {
        let refusal = |message: &str| Refusal::new(SqlState::SYNTAX_ERROR, Rule::Syntax, message);
        if let Some(name) = names.get(given) {
            let at = self.position(self.token_of(name)?);
            return Ok(refusal("INSERT has more target columns than expressions").at(at));
        }
        let refusal = refusal("INSERT has more expressions than target columns");
        let SetExpr::Values(values) = body else { return Ok(refusal) };
        let row = self.rows(values)?.into_iter().next();
        let at = row.and_then(|row| row.items.get(names.len()).map(|tokens| tokens.start));
        Ok(at.map_or_else(|| refusal.clone(), |at| refusal.clone().at(self.position(at))))
    }

    /// The first token of the source, behind the column list and OVERRIDING.
    fn source_start(&self, name_end: usize, has_list: bool) -> usize {
        let list = self.tokens.closing(name_end).filter(|_| has_list && self.tokens.is_char(name_end, b'('));
        let start = list.map_or(name_end, |close| close.saturating_add(1));
        if self.tokens.keyword(start) == Some(Keyword::Overriding) { start.saturating_add(3) } else { start }
    }

    /// Untyped literals and parameters of a select list take the types of the columns that they are for; in a sub-select they would be texts.
    fn type_items(&mut self, body: &SetExpr, listed: &[String], target: &Target<'a>) -> Result<(), Refusal> {
        let select = match body {
            SetExpr::Query(query) => return self.type_items(&query.body, listed, target),
            SetExpr::Select(select) => select,
            // Of these PostgreSQL itself makes texts, as of those of a select list whose rows it compares.
            SetExpr::SetOperation { left: _, op: _, set_quantifier: _, right: _ }
            | SetExpr::Values(_)
            | SetExpr::Insert(_)
            | SetExpr::Update(_)
            | SetExpr::Delete(_)
            | SetExpr::Merge(_)
            | SetExpr::Table(_) => return Ok(()),
        };
        if select.distinct.is_some() || select.projection.len() != listed.len() {
            return Ok(());
        }
        for (item, column) in select.projection.iter().zip(listed).filter(|(_, column)| **column != target.column) {
            if let SelectItem::UnnamedExpr(value) | SelectItem::ExprWithAlias { expr: value, alias: _ } = item {
                self.type_item(value, column, target)?;
            }
        }
        Ok(())
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
        self.construct(
            &format!("INSERT INTO \"{}\" from a query whose columns are not known by name", target.relation.name),
            None,
        )
    }

    /// Refuses OVERRIDING USER VALUE where PostgreSQL would put numbers of its own into a column that is looked at: one that says whose the
    /// row is, one that refers to a row, one that rows of the same statement may refer to, and any where there is an ON CONFLICT.
    pub(super) fn check_overriding(&self, target: &Target<'a>, conflict: bool) -> Result<(), Refusal> {
        let words = [Keyword::Overriding, Keyword::User, Keyword::Value];
        let here = |at: &usize| words.iter().zip(*at..).all(|(word, at)| self.tokens.keyword(at) == Some(*word));
        let Some(at) = self.range.clone().find(here) else { return Ok(()) };
        let relation = target.relation;
        let own = |name: &str| target.filter.own().any(|(c, _)| c == name) || target.filter.path_column() == Some(name);
        let refers = |name: &str| {
            let itself = |key: &ForeignKey| key.references == relation.oid && key.referenced_columns.iter().any(|c| c == name);
            relation.foreign_keys.iter().any(|key| key.columns.iter().any(|c| c == name) || itself(key))
        };
        let looked_at = |name: &str| conflict || name == target.column || own(name) || refers(name);
        let computes =
            |name: &str| relation.columns.iter().any(|c| looked_at(&c.name) && c.generated_from.iter().any(|g| g == name));
        let overridden = |c: &&Column| c.identity != Identity::None && (looked_at(&c.name) || computes(&c.name));
        match relation.columns.iter().find(overridden) {
            Some(_) => Err(self.construct(
                "OVERRIDING USER VALUE with an identity column that says whose a row is or is referred to, or with ON CONFLICT,",
                Some(at),
            )),
            None => Ok(()),
        }
    }
}

/// `DEFAULT` as a value, which the parser reads as a name.
pub(super) fn is_default(value: &Expr) -> bool {
    match value {
        Expr::Identifier(ident) => ident.quote_style.is_none() && ident.value == "default",
        _ => false,
    }
}

/// The name that a select list gives a column of a relation.
pub(super) fn column_name(value: &Expr) -> Option<&Ident> {
    match value {
        Expr::Identifier(name) => Some(name),
        Expr::CompoundIdentifier(parts) => parts.last(),
        other => {
            let _: &Expr = other;
            None
        }
    }
}
