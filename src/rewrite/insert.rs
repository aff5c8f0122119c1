//! INSERT: the tenant column is stamped, never trusted; a conflict with another tenant's row is an error.
//! It does not handle UPDATE's assignments by itself (`change`).

use super::change::{Given, Target};
use super::clauses;
use super::filter::all_of;
use super::guard::{Around, Beside, Kept, Parent, Row, Siblings, Wrapped, whatever};
use super::plan::{Edit, Piece};
use super::scope::{Columns, Entry, Level, Own};
use super::walk::Walk;
use crate::catalog::{Column, ForeignKey, Identity, Relation, Unique};
use crate::error::{Refusal, Rule, SqlState};
use crate::policy::Verb;
use crate::sql::{Bounds, Keyword, conflict_parts, parse_expression, quote_ident};
use sqlparser::ast::{
    ConflictTarget, DoUpdate, Expr, Ident, Insert, OnConflict, OnConflictAction, OnInsert, Parens, Query, Select, SelectItem,
    SetExpr, TableAliasWithoutColumns, TableObject, Values,
};
use std::ops::Range;

/// Where the tenant column is in the rows to insert.
pub(super) enum Stamp {
    /// At this place in each row: it must be the own value.
    At(usize),
    /// Nowhere: it is added at the end.
    Added,
    /// There is none: rows are known by what they reference.
    None,
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

    pub(super) fn stamp_rows(
        &mut self,
        values: &Values,
        stamp: &Stamp,
        listed: &[String],
        conflict: bool,
        source: Option<&str>,
        target: &Target<'a>,
    ) -> Result<(), Refusal> {
        let rows = self.rows(values)?;
        for (place, column) in listed.iter().enumerate().filter(|(_, column)| **column != target.column) {
            let parents = self.parents(column, None, &whatever, target)?;
            if parents.is_empty() && !target.is_path(column) {
                rows.iter().filter_map(|row| row.values.get(place)).for_each(|value| self.free_value(value));
                continue;
            }
            let siblings = if conflict { Siblings::new() } else { self.siblings(&rows, listed, (column, &parents), target) };
            let around = Around { siblings: &siblings, row: source };
            for row in &rows {
                if let (Some(value), Some(tokens)) = (row.values.get(place), row.items.get(place)) {
                    let beside = |name: &str| match listed.iter().position(|l| l == name) {
                        Some(place) => match (row.values.get(place), row.items.get(place)) {
                            (Some(value), Some(tokens)) => self.beside(name, value, tokens.clone(), target),
                            (_, _) => Beside::Unknown,
                        },
                        None if name == target.column => Beside::Value(vec![Piece::Value(target.slot)]),
                        // A default that is not NULL is refused.
                        None => Beside::Null,
                    };
                    // In MERGE a value may be a column of the source.
                    let own = self.referring(value);
                    if own.is_some_and(|own| !matches!(own, Own::Perhaps(_)))
                        && !target.is_path(column)
                        && self.parents(column, own, &beside, target)?.is_empty()
                    {
                        continue;
                    }
                    if parents.iter().any(Parent::is_composite) {
                        let parents = self.parents(column, None, &beside, target)?;
                        self.guard_value(value, tokens.clone(), column, &parents, around, target)?;
                    } else {
                        self.guard_value(value, tokens.clone(), column, &parents, around, target)?;
                    }
                }
            }
        }
        self.stamp_column(&rows, stamp, target)
    }

    /// The rows of VALUES with their tokens.
    fn rows<'e>(&self, values: &'e Values) -> Result<Vec<Row<'e>>, Refusal> {
        let mut rows = Vec::with_capacity(values.rows.len());
        for Parens { opening_token, content, closing_token } in &values.rows {
            let open = self.attached(opening_token)?;
            let close = self.attached(closing_token)?;
            let items = clauses::items(self.tokens, open.saturating_add(1)..close);
            self.demand(items.len() == content.len(), "this row of VALUES")?;
            rows.push(Row { items, values: content, close });
        }
        Ok(rows)
    }

    /// The tenant column of each row: checked where it is given, added where it is not.
    fn stamp_column(&mut self, rows: &[Row<'_>], stamp: &Stamp, target: &Target<'a>) -> Result<(), Refusal> {
        for Row { items, values: content, close } in rows {
            match stamp {
                Stamp::None => {}
                Stamp::Added => {
                    let comma = if content.is_empty() { "" } else { "," };
                    self.edits.push(Edit::before(*close, vec![Piece::Text(comma.to_owned()), Piece::Value(target.slot)]));
                }
                Stamp::At(place) => {
                    // A row that is too short is the server's to refuse.
                    let Some(value) = content.get(*place) else { continue };
                    let tokens = items.get(*place).cloned().ok_or_else(|| self.construct("this row of VALUES", Some(*close)))?;
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
        if self.is_refused_null(value, target) {
            return Ok(());
        }
        if self.is_computed(value, target)? {
            self.stamp_computed(tokens, target);
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

    /// Whether a value given for the tenant column is known to the server only: a column's is, though it be the own tenant's by its name.
    pub(super) fn is_computed(&self, value: &Expr, target: &Target<'a>) -> Result<bool, Refusal> {
        let answered = matches!(value, Expr::Function(_)) && self.own(value) == Some(Own::Tenant(target.slot));
        Ok(!answered && !matches!(value, Expr::Value(_)) && self.constant(value)?.is_none())
    }

    /// A value that is computed must come out as the own one: what is written is the own one. Or as NULL, where PostgreSQL refuses that.
    pub(super) fn stamp_computed(&mut self, tokens: Range<usize>, target: &Target<'a>) {
        let (begin, end) = self.must_come_out(target);
        self.edits.push(Edit::before(tokens.start, begin));
        self.edits.push(Edit::before(tokens.end, end));
    }

    /// What stands before and behind a value that must come out as the own one.
    pub(super) fn must_come_out(&mut self, target: &Target<'a>) -> (Vec<Piece>, Vec<Piece>) {
        let own = || Piece::Value(target.slot);
        let text = |text: String| Piece::Text(text);
        let kept = Kept::Tenant(target.relation);
        let (begin, end) = if self.refuses_null(target) {
            // Of NULL a NULL comes.
            let said = self.ground.marker.said(kept);
            ("pg_catalog.replace(((", format!(")::pg_catalog.text, 'false', {said})::pg_catalog.bool"))
        } else {
            ("CASE WHEN (", format!("THEN true ELSE {} END", self.ground.marker.raise(kept)))
        };
        let end =
            vec![text(") OPERATOR(pg_catalog.=)".to_owned()), own(), text(format!("{end} THEN")), own(), text("END".to_owned())];
        self.notes.push(format!("{}: the tenant column must come out as the own value", target.relation.name));
        (vec![text(format!("CASE WHEN {begin}"))], end)
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
            SetExpr::Values(values) => self.stamp_rows(values, stamp, &[], true, None, target),
            SetExpr::Insert(_) | SetExpr::Update(_) | SetExpr::Delete(_) | SetExpr::Merge(_) | SetExpr::Table(_) => {
                Err(self.construct("this source of INSERT", None))
            }
        }
    }

    fn stamp_select(&mut self, select: &Select, stamp: &Stamp, target: &Target<'a>, yielded: &Columns) -> Result<(), Refusal> {
        let start = self.attached(&select.select_token)?;
        match stamp {
            Stamp::None => Ok(()),
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
                let own = matches!(yielded, Columns::Known(c) if c.get(*place).is_some_and(|c| c.own == Some(Own::Tenant(target.slot))));
                // The place of a value in the list is its column only where each item is one column.
                let plain = !self.row_star
                    && select
                        .projection
                        .iter()
                        .all(|i| matches!(i, SelectItem::UnnamedExpr(_) | SelectItem::ExprWithAlias { expr: _, alias: _ }));
                if let (true, Some(SelectItem::UnnamedExpr(value) | SelectItem::ExprWithAlias { expr: value, alias: _ })) =
                    (plain, select.projection.get(*place))
                {
                    if let (true, Some(tokens)) = (self.is_computed(value, target)?, self.item_tokens(select, start, *place)?) {
                        let end = tokens.end;
                        self.stamp_computed(tokens, target);
                        // What sorts the rows may name the column.
                        if let (Some(SelectItem::UnnamedExpr(_)), Some(name)) =
                            (select.projection.get(*place), column_name(value))
                        {
                            let name = self.token_of(name)?;
                            let name = vec![Piece::Text("AS".to_owned()), Piece::Tokens(name..name.saturating_add(1))];
                            self.edits.push(Edit::before(end, name));
                        }
                        return Ok(());
                    }
                    return if own { Ok(()) } else { self.must_be_own(value, target, start).map(|_| ()) };
                }
                if own { Ok(()) } else { Err(super::plan::foreign_value(&target.relation.name).at(self.position(start))) }
            }
        }
    }

    /// Whether the value for the tenant column stands in no item of its own, and is not known to be the own one: it is in a `*`.
    fn is_unproven(&self, body: &SetExpr, place: usize, target: &Target<'a>, yielded: &Columns) -> bool {
        match body {
            SetExpr::Select(select) => {
                let plain =
                    |i: &SelectItem| matches!(i, SelectItem::UnnamedExpr(_) | SelectItem::ExprWithAlias { expr: _, alias: _ });
                let own =
                    matches!(yielded, Columns::Known(c) if c.get(place).is_some_and(|c| c.own == Some(Own::Tenant(target.slot))));
                !own && (self.row_star || !select.projection.iter().all(plain))
            }
            SetExpr::Query(query) => self.is_unproven(&query.body, place, target, yielded),
            SetExpr::SetOperation { left, op: _, set_quantifier: _, right } => {
                self.is_unproven(left, place, target, &Columns::Unknown)
                    || self.is_unproven(right, place, target, &Columns::Unknown)
            }
            SetExpr::Values(_)
            | SetExpr::Insert(_)
            | SetExpr::Update(_)
            | SetExpr::Delete(_)
            | SetExpr::Merge(_)
            | SetExpr::Table(_) => false,
        }
    }

    /// The tokens of an item of a select list without its alias; none where they cannot be told.
    fn item_tokens(&self, select: &Select, start: usize, place: usize) -> Result<Option<Range<usize>>, Refusal> {
        let first = start.saturating_add(1);
        if select.distinct.is_some() || self.tokens.keyword(first) == Some(Keyword::All) {
            return Ok(None);
        }
        let list = first..clauses::find(self.tokens, start, self.range.end, Keyword::From).list_end;
        let items = clauses::items(self.tokens, list);
        let (Some(tokens), Some(item), true) =
            (items.get(place), select.projection.get(place), items.len() == select.projection.len())
        else {
            return Ok(None);
        };
        let SelectItem::ExprWithAlias { expr: _, alias } = item else { return Ok(Some(tokens.clone())) };
        let name = self.token_of(alias)?;
        let written = name.checked_sub(1).filter(|before| self.tokens.keyword(*before) == Some(Keyword::As));
        Ok(Some(tokens.start..written.unwrap_or(name)))
    }

    /// ON CONFLICT: where the key holds the tenant column the row in conflict is an own one; where it does not, it is looked at first.
    fn on_conflict(&mut self, on: &OnInsert, listed: &[String], target: &Target<'a>, insert: usize) -> Result<(), Refusal> {
        let OnConflict { conflict_target, action } = match on {
            OnInsert::OnConflict(on) => on,
            OnInsert::DuplicateKeyUpdate(_) => return Err(self.construct("ON DUPLICATE KEY UPDATE", None)),
            // The enum is open: what a later parser adds is refused.
            _ => return Err(self.construct("this form of ON CONFLICT", None)),
        };
        let expressions = self.conflict_target(insert)?;
        let key = self.conflict_key(conflict_target.as_ref(), expressions, listed, target)?;
        match action {
            OnConflictAction::DoNothing => match key {
                None => Ok(()),
                Some(key) => self.nothing(key, conflict_target.is_none(), target, insert),
            },
            OnConflictAction::DoUpdate(DoUpdate { assignments, selection }) => {
                let written = [Some(target.relation), target.through.as_ref().map(|t| t.view)];
                written.into_iter().flatten().try_for_each(|relation| self.permit(relation, Verb::Update, insert))?;
                self.enter(Entry {
                    alias: "excluded".to_owned(),
                    columns: self.excluded(target),
                    reference: None,
                    base: false,
                    system: false,
                    key: &[],
                });
                let set = clauses::phrase(self.tokens, insert..self.range.end, &[Keyword::Do, Keyword::Update, Keyword::Set]);
                let set = set.ok_or_else(|| self.construct("this form of ON CONFLICT", None))?.saturating_add(2);
                let found = clauses::find(self.tokens, set, self.range.end, Keyword::From);
                let has_where = selection.is_some();
                self.demand(found.condition.is_some() == has_where && found.from.is_none(), "the layout of ON CONFLICT")?;
                self.excluding = true;
                let changed = self.assignments(assignments, set.saturating_add(1)..found.list_end, target)?;
                self.excluding = false;
                if let Some(condition) = selection {
                    self.condition_expression(condition)?;
                }
                let mut predicates = match (key, found.condition.clone()) {
                    (None, _) => target.predicates(),
                    (Some(key), None) => vec![self.own_conflict(key, "true", target)],
                    (Some(key), Some(condition)) => {
                        self.condition_of_own(key, condition, target);
                        Vec::new()
                    }
                };
                predicates.extend(self.cascades(target, Some(&changed))?);
                if !predicates.is_empty() {
                    self.targets.push((self.clauses.len(), predicates));
                }
                self.clauses.push(found);
                if let Some(level) = self.levels.last_mut() {
                    level.entries.pop();
                }
                Ok(())
            }
        }
    }

    /// The expressions and the predicate of a conflict target, which the parser was not given: they are matched with indexes, not evaluated.
    /// Tells whether there are expressions.
    fn conflict_target(&mut self, insert: usize) -> Result<bool, Refusal> {
        let on = clauses::phrase(self.tokens, insert..self.range.end, &[Keyword::On, Keyword::Conflict]);
        let open = on.ok_or_else(|| self.construct("this form of ON CONFLICT", None))?.saturating_add(2);
        if !self.tokens.is_char(open, b'(') {
            return Ok(false);
        }
        let parts = conflict_parts(self.tokens, open, self.range.end);
        let parts = parts.ok_or_else(|| self.construct("this target of ON CONFLICT", Some(open)))?;
        let any = parts.items.iter().any(|(_, expression)| *expression);
        let expressions = parts.items.into_iter().filter(|(_, expression)| *expression).map(|(range, _)| range);
        for range in expressions.chain(parts.predicate) {
            let expression = parse_expression(self.tokens, range, &Bounds::default())?;
            self.expression(&expression)?;
        }
        Ok(any)
    }

    /// The unique key without the tenant column that a conflict may be on; none when every such key holds it.
    fn conflict_key(
        &self,
        conflict_target: Option<&ConflictTarget>,
        expressions: bool,
        listed: &[String],
        target: &Target<'a>,
    ) -> Result<Option<usize>, Refusal> {
        let relation = target.relation;
        // Every column that says whose the row in conflict is: the same values are in it, and those are own ones.
        let holds =
            |named: &dyn Fn(&str) -> bool| named(target.key_column()) && target.filter.own().all(|(column, _)| named(column));
        let own = |unique: &Unique| holds(&|column| unique.columns.iter().any(|c| c == column));
        let found = match conflict_target {
            None => {
                let all = self.ground.catalog.with_descendants(relation);
                // A row in conflict by another operator than = may be anybody's, and it cannot be asked whose.
                if all.iter().any(|r| r.has_exclusions) {
                    return Err(self.unknown_conflict(target));
                }
                let foreign = |u: &Unique| !own(u) && !is_numbered(relation, u, listed);
                if !all.iter().any(|r| r.uniques.iter().any(foreign)) {
                    return Ok(None);
                }
                // Only of one key can it be told that a conflict is on it; on numbers of the relation's own making there is none.
                let mut others = relation.uniques.iter().enumerate().filter(|(_, u)| !is_numbered(relation, u, listed));
                match (all.as_slice(), others.next(), others.next()) {
                    ([_], Some((place, only)), None) if !only.partial && !only.columns.iter().any(String::is_empty) => {
                        Some(place)
                    }
                    (_, _, _) => None,
                }
            }
            Some(ConflictTarget::Columns(columns)) if holds(&|column| columns.iter().any(|c| c.value == column)) => {
                return Ok(None);
            }
            Some(ConflictTarget::Columns(columns)) => {
                let same = |u: &Unique| {
                    u.columns.len() == columns.len() && u.columns.iter().all(|name| columns.iter().any(|c| c.value == *name))
                };
                relation.uniques.iter().position(same).filter(|_| !expressions)
            }
            Some(ConflictTarget::OnConstraint(name)) if target.through.is_some() => {
                let constraint = self.parts(name)?.last().map(|p| p.value.clone()).unwrap_or_default();
                let message = format!("constraint \"{constraint}\" of a table in a write to its view does not exist");
                return Err(Refusal::new(SqlState::UNDEFINED_OBJECT, Rule::Construct, message));
            }
            Some(ConflictTarget::OnConstraint(name)) => {
                let parts = self.parts(name)?;
                let name = parts.last().map(|p| p.value.as_str()).unwrap_or_default();
                match relation.uniques.iter().position(|u| u.name == name) {
                    Some(place) if relation.uniques.get(place).is_some_and(own) => return Ok(None),
                    // PostgreSQL finds no index of it, and says so.
                    None if relation.foreign_keys.iter().any(|f| f.name == name) => return Ok(None),
                    found => found,
                }
            }
        };
        found.map(Some).ok_or_else(|| self.unknown_conflict(target))
    }

    /// An ON CONFLICT of which it is not known whose the row in conflict may be.
    fn unknown_conflict(&self, target: &Target<'a>) -> Refusal {
        let relation = target.relation;
        let message = format!("this ON CONFLICT on \"{}\" is not supported through pgmoat", relation.name);
        Refusal::new(SqlState::FEATURE_NOT_SUPPORTED, Rule::Construct, message)
            .with_hint(format!(
                "The row in conflict may be another tenant's. Name the columns of one unique key, best of one that includes \"{}\".",
                target.key_column()
            ))
            .about(relation.qualified())
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

    /// A condition that raises an error unless the row in conflict is an own one; then it is `own`.
    fn own_conflict(&self, key: usize, own: &str, target: &Target<'a>) -> Vec<Piece> {
        let mut pieces = vec![Piece::Text("CASE WHEN".to_owned())];
        pieces.extend(all_of(target.predicates()));
        let raise = self.ground.marker.raise(Kept::Unique(target.relation, key));
        pieces.push(Piece::Text(format!("THEN {own} ELSE {raise} END")));
        pieces
    }

    /// The condition of a DO UPDATE, which raises an error unless the row in conflict is an own one. Beside it PostgreSQL would look at what
    /// raises the error no more where the condition is known to be false.
    fn condition_of_own(&mut self, key: usize, condition: Range<usize>, target: &Target<'a>) {
        let mut pieces = vec![Piece::Text("CASE WHEN".to_owned())];
        pieces.extend(all_of(target.predicates()));
        pieces.push(Piece::Text("THEN (".to_owned()));
        self.edits.push(Edit::before(condition.start, pieces));
        let raise = self.ground.marker.raise(Kept::Unique(target.relation, key));
        self.closing.push(Edit::before(condition.end, vec![Piece::Text(format!(") ELSE {raise} END"))]));
    }

    /// DO NOTHING on a key that others' rows may have: an update that never happens looks at the row in conflict.
    fn nothing(&mut self, key: usize, untargeted: bool, target: &Target<'a>, insert: usize) -> Result<(), Refusal> {
        let at = clauses::phrase(self.tokens, insert..self.range.end, &[Keyword::Do, Keyword::Nothing]);
        let at = at.ok_or_else(|| self.construct("this form of ON CONFLICT", None))?;
        let columns = target.relation.uniques.get(key).map(|u| u.columns.as_slice()).unwrap_or_default();
        let columns: Vec<String> = columns.iter().filter(|_| untargeted).map(|c| quote_ident(c)).collect();
        let inferred = if untargeted { format!("({}) ", columns.join(", ")) } else { String::new() };
        let column = quote_ident(target.key_column());
        let mut pieces = vec![Piece::Text(format!("{inferred}DO UPDATE SET {column} = {}.{column} WHERE", target.qualifier))];
        pieces.extend(self.own_conflict(key, "false", target));
        self.replace(at..at.saturating_add(2), pieces);
        Ok(())
    }

    /// What is known of the row that was to be inserted: its references have been looked at, but it is no row.
    fn excluded(&self, target: &Target<'a>) -> Columns {
        let mut columns = self.columns_of(target.relation, Some(&target.filter)).into_vec();
        columns.retain(|c| target.columns().contains(&c.name.as_str()));
        for column in columns.iter_mut().filter(|c| !matches!(c.own, Some(Own::Tenant(_)))) {
            column.own = self.referred(&column.name, target);
        }
        Columns::Known(columns)
    }
}

/// Whether a key holds a number of the relation's own making: then no statement chooses it.
fn is_numbered(relation: &Relation, unique: &Unique, listed: &[String]) -> bool {
    let made = |c: &Column| {
        let number = matches!(c.base_type.as_str(), "int2" | "int4" | "int8");
        c.not_null && (c.identity != Identity::None || (number && c.has_default))
    };
    unique.columns.iter().any(|name| !listed.contains(name) && relation.column(name).is_some_and(made))
}

/// `DEFAULT` as a value, which the parser reads as a name.
pub(super) fn is_default(value: &Expr) -> bool {
    match value {
        Expr::Identifier(ident) => ident.quote_style.is_none() && ident.value == "default",
        _ => false,
    }
}

/// The name that a select list gives a column of a relation.
fn column_name(value: &Expr) -> Option<&Ident> {
    match value {
        Expr::Identifier(name) => Some(name),
        Expr::CompoundIdentifier(parts) => parts.last(),
        other => {
            let _: &Expr = other;
            None
        }
    }
}
