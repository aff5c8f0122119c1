//! What a base relation has that a derived table in its place has not by itself: system columns, and a key that its other columns depend on.
//! It does not decide where a relation becomes a derived table: `place` does.

use super::plan::Piece;
use super::scope::{Columns, Entry, Meaning, OutColumn, is_system_column};
use super::walk::{Reference, Walk};
use crate::catalog::{Column, Relation};
use crate::error::Refusal;
use crate::policy::allowed::family_of;
use crate::sql::quote_ident;
use sqlparser::ast::{Expr, GroupByExpr, ObjectName, SelectItem, Value};
use std::collections::BTreeSet;
use std::ops::Range;

/// The `*` or `alias.*` of a select list.
#[derive(Debug)]
pub(super) struct Star {
    tokens: Range<usize>,
    /// The references whose columns it stands for, among others.
    covers: Vec<usize>,
    /// The columns by name, where all are known.
    columns: Option<String>,
}

/// A query level's GROUP BY, and what its select list, HAVING and ORDER BY name besides the aggregates' keys.
#[derive(Clone, Debug)]
pub(super) struct Grouped {
    /// The token behind it.
    end: usize,
    /// The columns that it names by themselves: entry and name.
    keys: BTreeSet<(usize, String)>,
    used: BTreeSet<(usize, String)>,
    /// The entries whose whole rows are used.
    rows: BTreeSet<usize>,
}

/// What is to be grouped by as well where this reference is a derived table.
#[derive(Debug)]
pub(super) struct Dependent {
    reference: usize,
    end: usize,
    columns: Vec<String>,
}

impl Walk<'_, '_> {
    /// Notes what a name means where that may be a system column: the derived table of a relation must have it too, or the name would mean
    /// the one of a query further out. As in PostgreSQL, it is of the innermost level that has any.
    pub(super) fn system_column(&mut self, relation: Option<&str>, name: &str) -> Result<(), Refusal> {
        if !is_system_column(name) {
            return Ok(());
        }
        let of = |entry: &&Entry| entry.system && relation.is_none_or(|r| entry.alias == r);
        let seen = |entry: &Entry| match (&entry.columns, relation) {
            (_, Some(relation)) => entry.alias == relation,
            (Columns::Known(columns), None) => columns.iter().any(|c| c.name == name),
            // What is not known may have it or not: then the level behind is provided for as well.
            (Columns::Partial(_) | Columns::Unknown, None) => false,
        };
        for level in self.levels.iter().rev().filter(|l| !l.closed) {
            for entry in level.visible().map(|(_, entry)| entry).filter(of) {
                match entry.reference.and_then(|r| self.references.get_mut(r)) {
                    Some(reference) => {
                        reference.system.insert(name.to_owned());
                    }
                    None if entry.base => {}
                    None => return Err(self.construct("a system column of a relation of which the role hides columns", None)),
                }
            }
            if level.visible().any(|(_, entry)| of(&entry) || seen(entry)) {
                break;
            }
        }
        Ok(())
    }

    /// Notes a `*` at the current level, or that of one relation.
    pub(super) fn star(&mut self, relation: Option<&ObjectName>, star: usize) -> Result<(), Refusal> {
        let parts = relation.map(|name| self.parts(name)).transpose()?.unwrap_or_default();
        let start = parts.first().map(|first| self.token_of(first)).transpose()?.unwrap_or(star);
        let alias = parts.last().map(|last| last.value.as_str());
        let Some(level) = self.levels.last() else { return Ok(()) };
        let entries = || level.entries.iter().enumerate().filter(|(_, e)| alias.is_none_or(|a| e.alias == a));
        let covers = entries().filter_map(|(_, e)| e.reference).collect();
        // A schema before the name is taken out in an edit of its own.
        let plain = parts.len() < 2 && (alias.is_some() || (level.merges == 0 && !level.merged_unknown));
        let columns: Option<Vec<String>> = plain.then(|| entries().map(|(_, e)| all_columns(e)).collect()).flatten();
        self.stars.push(Star { tokens: start..star.saturating_add(1), covers, columns: columns.map(|c| c.join(", ")) });
        let level = self.levels.last_mut().and_then(|l| l.grouped.as_mut().map(|g| (&l.entries, g)));
        if let Some((entries, grouped)) = level {
            for (e, entry) in entries.iter().enumerate().filter(|(_, e)| parts.is_empty() || alias == Some(&e.alias)) {
                grouped.used.extend(entry.columns.clone().into_vec().into_iter().map(|c| (e, c.name)));
            }
        }
        Ok(())
    }

    /// Notes that a whole row of a relation in sight is used.
    pub(super) fn row_of(&mut self, level: usize, entry: usize) {
        let Some(level) = self.levels.get_mut(level) else { return };
        if let Some(grouped) = &mut level.grouped {
            grouped.rows.insert(entry);
        }
        if let Some(reference) = level.entries.get(entry).and_then(|e| e.reference).and_then(|r| self.references.get_mut(r)) {
            reference.row = true;
        }
    }

    /// Notes that a whole row is used, as `alias.*`.
    pub(super) fn row_named(&mut self, name: &ObjectName) -> Result<(), Refusal> {
        let parts = self.parts(name)?;
        let Some(alias) = parts.last() else { return Ok(()) };
        let find = |level: &super::scope::Level| level.visible().find(|(_, e)| e.alias == alias.value).map(|(place, _)| place);
        let found = self.levels.iter().enumerate().rev().filter(|(_, l)| !l.closed).find_map(|(i, l)| Some((i, find(l)?)));
        if let Some((level, entry)) = found {
            self.row_of(level, entry);
        }
        Ok(())
    }

    /// Notes that whole rows of all relations of the level are compared, column by column.
    pub(super) fn rows_of_level(&mut self) {
        let entries = self.levels.last().map(|l| l.entries.as_slice()).unwrap_or_default();
        for reference in entries.iter().filter_map(|e| e.reference) {
            if let Some(reference) = self.references.get_mut(reference) {
                reference.row = true;
            }
        }
    }

    /// Notes that a column is used.
    pub(super) fn column_of(&mut self, level: usize, entry: usize, name: &str) {
        self.reached.insert(level);
        if let Some(grouped) = self.levels.get_mut(level).and_then(|l| l.grouped.as_mut()) {
            grouped.used.insert((entry, name.to_owned()));
        }
    }

    /// From here on, what is used at the level depends on these groups. `group` is the token of GROUP.
    pub(super) fn grouped(&mut self, group: usize, by: &GroupByExpr, list: &[SelectItem]) {
        let GroupByExpr::Expressions(expressions, _) = by else { return };
        // Of sets PostgreSQL asks that the key is in each: a column beside them would be in each as well.
        if expressions.is_empty() || super::query::has_grouping_sets(by) {
            return;
        }
        let mut keys = BTreeSet::new();
        let mut open: Vec<&Expr> = expressions.iter().collect();
        while let Some(expr) = open.pop() {
            match expr {
                Expr::Nested(inner) => open.push(inner),
                Expr::Tuple(items) => open.extend(items),
                column => keys.extend(self.key(column, list)),
            }
        }
        let end = super::clauses::group_end(self.tokens, group, self.range.end);
        if let Some(level) = self.levels.last_mut() {
            level.grouped = Some(Grouped { end, keys, used: BTreeSet::new(), rows: BTreeSet::new() });
        }
    }

    /// The column that an item of GROUP BY is: by name, or by the name or place of a column of the select list.
    fn key(&mut self, expr: &Expr, list: &[SelectItem]) -> Option<(usize, String)> {
        let current = self.levels.len().checked_sub(1)?;
        match (self.meaning(expr), expr) {
            (Some(Meaning::Column { level, entry, family: _, own: _ }), _) if level == current => {
                Some((entry, name_of(expr)?.to_owned()))
            }
            (Some(Meaning::Nothing), Expr::Identifier(ident)) => list.iter().find_map(|item| match item {
                SelectItem::ExprWithAlias { expr, alias } if alias.value == ident.value => self.key(expr, &[]),
                _unnamed => None,
            }),
            (_, Expr::Value(value)) => {
                let Value::Number(number, false) = &value.value else { return None };
                // The next statement of this shape may name another.
                self.literal_dependent = true;
                let place = number.parse::<usize>().ok()?.checked_sub(1)?;
                let before = list.get(..=place)?;
                match before.last()? {
                    SelectItem::UnnamedExpr(expr) | SelectItem::ExprWithAlias { expr, alias: _ } => {
                        let plain = |i: &SelectItem| {
                            matches!(i, SelectItem::UnnamedExpr(_) | SelectItem::ExprWithAlias { expr: _, alias: _ })
                        };
                        before.iter().all(plain).then(|| self.key(expr, &[])).flatten()
                    }
                    _several => None,
                }
            }
            _computed => None,
        }
    }

    /// Leaves the current query level.
    pub(super) fn leave(&mut self) {
        let Some(level) = self.levels.pop() else { return };
        let Some(grouped) = level.grouped else { return };
        for (e, entry) in level.entries.iter().enumerate() {
            self.depend_on_catalog(e, entry, &grouped);
            let Some((number, reference)) = entry.reference.and_then(|r| Some((r, self.references.get(r)?))) else { continue };
            let key = &reference.relation.primary_key;
            // Under other names no key is looked for.
            if key.is_empty() || reference.column_aliases || !key.iter().all(|k| grouped.keys.contains(&(e, k.clone()))) {
                continue;
            }
            let alias = quote_ident(&entry.alias);
            let more = grouped.used.iter().filter(|used| used.0 == e && !grouped.keys.contains(*used)).map(|(_, name)| name);
            let mut columns: Vec<String> = more
                .filter(|name| is_system_column(name) || is_grouped(reference.relation, name))
                .map(|name| format!("{alias}.{}", quote_ident(name)))
                .collect();
            let all = self.ground.columns(reference.relation);
            let mut names = reference.relation.columns.iter().map(|c| &c.name);
            if grouped.rows.contains(&e) && all.into_iter().all(has_equality) && !names.any(|n| *n == entry.alias) {
                columns.push(alias);
            }
            self.dependents.push(Dependent { reference: number, end: grouped.end, columns });
        }
    }

    /// The same of a catalog, which is a derived table always.
    fn depend_on_catalog(&mut self, e: usize, entry: &Entry, grouped: &Grouped) {
        let Columns::Known(columns) = &entry.columns else { return };
        if entry.key.is_empty() || !entry.key.iter().all(|k| grouped.keys.contains(&(e, (*k).to_owned()))) {
            return;
        }
        let depends = |c: &&OutColumn| {
            let named = (e, c.name.clone());
            c.family.is_some() && grouped.used.contains(&named) && !grouped.keys.contains(&named)
        };
        for column in columns.iter().filter(depends) {
            let text = format!(", {}.{}", quote_ident(&entry.alias), quote_ident(&column.name));
            self.replace(grouped.end..grouped.end, vec![Piece::Text(text)]);
        }
    }

    /// Makes up for what a derived table lacks.
    ///
    /// # Errors
    /// A refusal where a system column would become one of `*` or of a whole row.
    pub(super) fn make_up(&mut self, number: usize, reference: &Reference<'_>) -> Result<(), Refusal> {
        for Dependent { reference: _, end, columns } in
            self.dependents.extract_if(.., |d| d.reference == number).collect::<Vec<_>>()
        {
            for column in columns {
                self.replace(end..end, vec![Piece::Text(format!(", {column}"))]);
            }
        }
        if reference.system.is_empty() {
            return Ok(());
        }
        let beside = "a system column beside the whole row of a relation that must be filtered as a derived table";
        if reference.row {
            return Err(self.construct(beside, Some(reference.name.start)));
        }
        for Star { tokens, covers: _, columns } in self.stars.extract_if(.., |s| s.covers.contains(&number)).collect::<Vec<_>>() {
            let columns = columns.ok_or_else(|| self.construct(beside, Some(tokens.start)))?;
            self.replace(tokens, vec![Piece::Text(columns)]);
        }
        Ok(())
    }
}

/// The last part of a column's name.
fn name_of(expr: &Expr) -> Option<&str> {
    match expr {
        Expr::Identifier(ident) => Some(&ident.value),
        Expr::CompoundIdentifier(parts) => parts.last().map(|p| p.value.as_str()),
        _computed => None,
    }
}

/// The columns of a relation in sight, each by its full name.
fn all_columns(entry: &Entry) -> Option<String> {
    let Columns::Known(columns) = &entry.columns else { return None };
    let named = !entry.alias.is_empty() && columns.iter().all(|c| !c.name.is_empty());
    let alias = quote_ident(&entry.alias);
    let all: Vec<String> = columns.iter().map(|c| format!("{alias}.{}", quote_ident(&c.name))).collect();
    (named && !all.is_empty()).then(|| all.join(", "))
}

/// Whether there can be groups by this column.
fn is_grouped(relation: &Relation, name: &str) -> bool {
    relation.columns.iter().find(|c| c.name == name).is_some_and(has_equality)
}

/// Whether the column's values can be compared: not so those of json, xml, and of types that are not known.
fn has_equality(column: &Column) -> bool {
    if column.builtin_type { family_of(&column.base_type).is_some() } else { column.enumeration }
}
