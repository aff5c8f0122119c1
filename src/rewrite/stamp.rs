//! The tenant column of rows to insert: the own value is added where it is not given, and what is given must be it.
//! It does not say which columns an INSERT lists (`insert`).

use super::change::{Given, Target};
use super::clauses;
use super::guard::{Around, Beside, Parent, Row, Siblings, whatever};
use super::insert::{column_name, is_default};
use super::marker::Kept;
use super::plan::{Edit, Piece};
use super::scope::{Columns, Own};
use super::walk::Walk;
use crate::error::Refusal;
use crate::sql::Keyword;
use sqlparser::ast::{Expr, Parens, Select, SelectItem, SetExpr, Values};
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
                rows.iter().filter_map(|row| row.values.get(place)).for_each(|value| self.free_value(value, column, target));
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
    pub(super) fn rows<'e>(&self, values: &'e Values) -> Result<Vec<Row<'e>>, Refusal> {
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
    pub(super) fn stamp_column(&mut self, rows: &[Row<'_>], stamp: &Stamp, target: &Target<'a>) -> Result<(), Refusal> {
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
    pub(super) fn stamp_query(
        &mut self,
        body: &SetExpr,
        stamp: &Stamp,
        target: &Target<'a>,
        yielded: &Columns,
    ) -> Result<(), Refusal> {
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
    pub(super) fn is_unproven(&self, body: &SetExpr, place: usize, target: &Target<'a>, yielded: &Columns) -> bool {
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
}
