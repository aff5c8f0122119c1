//! References to other rows: a foreign key that does not hold the tenant column would accept another tenant's row, and its cascades would
//! reach another tenant's rows; neither is seen by PostgreSQL. It guards values and targets; it does not find where they stand.
//!
//! A guard is an expression that raises an error with a [`Marker`](super::marker::Marker) in its message.

use super::change::Target;
use super::filter::{Filter, Form, all_of};
use super::marker::Kept;
use super::plan::{Edit, Piece};
use super::scope::{Columns, Own};
use super::walk::{Walk, address, quoted};
use crate::catalog::{Action, Catalog, Column, ForeignKey, Identity, Relation, RelationKind};
use crate::error::{Refusal, Rule, SqlState};
use crate::policy::Access;
use crate::policy::allowed::{Declared, declared, family_of};
use crate::sql::{Keyword, Kind, quote_ident};
use sqlparser::ast::{Expr, Value};
use std::ops::Range;

/// Whether a row that is looked up was changed or locked by the transaction itself.
const OWN_XMAX: &str = "\"_p\".xmax OPERATOR(pg_catalog.=) pg_catalog.pg_current_xact_id_if_assigned()::pg_catalog.xid";

/// A foreign key whose values must be looked at, and the rows that they may name.
pub(super) struct Parent<'a> {
    holder: &'a Relation,
    index: usize,
    pub(super) relation: &'a Relation,
    key: &'a str,
    filter: Filter,
    /// The other columns of a key of several.
    others: Vec<Other<'a>>,
}

/// One more column of a key: what it holds in the row that is written, its type, and what it refers to.
struct Other<'a> {
    value: Vec<Piece>,
    own_type: &'a str,
    key: &'a str,
}

/// What a column holds in the row that is written, as far as it can be told at another column's place.
pub(super) enum Beside {
    /// What may be written once more: it is the same again.
    Value(Vec<Piece>),
    /// NULL: a key with it refers to nothing (MATCH SIMPLE).
    Null,
    /// It cannot be told.
    Unknown,
}

/// For callers that only ask whether there is something to look at.
pub(super) fn whatever(_column: &str) -> Beside {
    Beside::Value(Vec::new())
}

/// What stands for a column of a query that is wrapped for its values to be guarded.
pub(super) enum Wrapped<'a> {
    /// What the query yields there.
    Plain,
    /// What the query yields there, which must be the own value.
    Computed,
    /// What the query yields there, guarded.
    Guarded(&'a Column, Vec<Parent<'a>>, Nobody),
}

/// What a value stands among.
#[derive(Clone, Copy)]
pub(super) struct Around<'s> {
    /// The keys that rows beside it bring along.
    pub(super) siblings: &'s Siblings,
    /// Something of the row that it is for, where there is one already: what is computed of nothing of it is computed for each all the same.
    pub(super) row: Option<&'s str>,
}

/// A row of VALUES.
pub(super) struct Row<'e> {
    /// The tokens of each value.
    pub(super) items: Vec<Range<usize>>,
    pub(super) values: &'e [Expr],
    /// Its closing bracket.
    pub(super) close: usize,
}

/// What raises the error where a row would be nobody's: the value of the column that rows are known by is NULL.
pub(super) type Nobody = Option<String>;

/// Keys that other rows of the same VALUES bring along: tokens of constants.
pub(super) type Siblings = Vec<Range<usize>>;

impl Parent<'_> {
    /// A query for the own row that a value refers to.
    fn lookup(&self, name: &str, own_type: &str) -> Vec<Piece> {
        let only = if self.relation.kind == RelationKind::Partitioned { "" } else { "ONLY " };
        let (relation, key) = (quoted(self.relation), quote_ident(self.key));
        let from =
            format!("SELECT FROM {only}{relation} AS \"_p\" WHERE \"_p\".{key} OPERATOR(pg_catalog.=) {name}::{own_type} AND");
        let mut pieces = vec![Piece::Text(from)];
        for other in &self.others {
            pieces.push(Piece::Text(format!("\"_p\".{} OPERATOR(pg_catalog.=) (", quote_ident(other.key))));
            pieces.extend(other.value.clone());
            pieces.push(Piece::Text(format!(")::{} AND", other.own_type)));
        }
        pieces.extend(all_of(self.filter.predicates("\"_p\"", "_p", Form::Scan)));
        pieces
    }

    /// Whether its key has further columns, which each row has of its own.
    pub(super) fn is_composite(&self) -> bool {
        !self.others.is_empty()
    }
}

impl<'a> Walk<'a, '_> {
    /// The rows that a value for a column must name one of. None when the column refers to nothing that is a tenant's own, or when the value
    /// is known to be right.
    ///
    /// # Errors
    /// 0A000 for references that cannot be looked at.
    pub(super) fn parents(
        &self,
        column: &str,
        own: Option<Own>,
        beside: &dyn Fn(&str) -> Beside,
        target: &Target<'a>,
    ) -> Result<Vec<Parent<'a>>, Refusal> {
        let mut parents = Vec::new();
        for holder in self.ground.catalog.with_descendants(target.relation) {
            for (index, key) in holder.foreign_keys.iter().enumerate().filter(|(_, k)| k.columns.iter().any(|c| c == column)) {
                if holder.oid != target.relation.oid && is_inherited(self.ground.catalog, holder, key) {
                    continue;
                }
                parents.extend(self.parent(column, own, beside, target, (holder, index, key))?);
            }
        }
        Ok(parents)
    }

    fn parent(
        &self,
        column: &str,
        own: Option<Own>,
        beside: &dyn Fn(&str) -> Beside,
        target: &Target<'a>,
        (holder, index, key): (&'a Relation, usize, &'a ForeignKey),
    ) -> Result<Option<Parent<'a>>, Refusal> {
        let holds_tenant = key.columns.contains(&target.column);
        let cannot = |hint: String| {
            let message = format!("writing column \"{column}\" of \"{}\" is not supported through pgmoat", target.relation.name);
            Refusal::new(SqlState::FEATURE_NOT_SUPPORTED, Rule::Construct, message)
                .with_hint(format!("The foreign key \"{}\" {hint}", key.name))
                .about(target.relation.qualified())
        };
        let declare = || cannot("refers to a relation that is not known to be shared: the operator can declare it.".to_owned());
        let Some(relation) = self.ground.catalog.by_oid(key.references) else { return Err(declare()) };
        let access = self.ground.policy.scoping(relation);
        match access {
            Access::Scoped { column: _, slot: _ } | Access::Through(_) => {}
            Access::Shared => return Ok(None),
            // The tenant column itself is stamped: which row it names says nothing.
            Access::Hidden if holds_tenant => return Ok(None),
            Access::Hidden | Access::View | Access::Refused(_) => return Err(declare()),
        }
        let filter = Filter::of(&self.ground, relation, access).unwrap_or_default();
        let Some(filter) = filter else {
            return Err(cannot("refers to a relation whose rows are not known to be the user's.".to_owned()));
        };
        // Columns that hold the same own values on both sides.
        let carried = carried(key, &target.filter, &filter);
        if !filter.has_path() && filter.own().all(|(p, _)| carried.contains(&p)) {
            return Ok(None);
        }
        // What is stamped names own rows only; that a level's column holds one of the nodes does not say which.
        let stamped = |p: &str| carried.contains(&p) && filter.tenant.as_ref().is_some_and(|(tenant, _)| tenant == p);
        let rest: Vec<_> = key.columns.iter().zip(&key.referenced_columns).filter(|(_, p)| !stamped(p)).collect();
        let Some(&(_, referenced)) = rest.iter().find(|(c, _)| *c == column) else { return Ok(None) };
        let mut others = Vec::new();
        for (c, p) in rest.iter().filter(|(c, _)| *c != column) {
            let value = match beside(c) {
                Beside::Value(value) => value,
                Beside::Null => return Ok(None),
                Beside::Unknown => {
                    let composite = format!("({}, {}) references ...", target.key_column(), key.columns.join(", "));
                    return Err(cannot(format!(
                        "would accept another tenant's row, and \"{c}\" cannot be told here. Give literals or parameters, or let the key hold the tenant column: {composite}."
                    )));
                }
            };
            let own_type = holder.column(c).filter(|c| is_comparable(c)).map(|c| c.formatted_type.as_str());
            let own_type = own_type.ok_or_else(|| cannot("is on a type that pgmoat cannot compare.".to_owned()))?;
            others.push(Other { value, own_type, key: p });
        }
        let place = relation.columns.iter().position(|c| c.name == *referenced);
        let known = match own {
            Some(Own::Tenant(own)) => !filter.has_path() && filter.own().all(|(p, slot)| p == referenced && slot == own),
            // A row of a table that inherits from it is no row that the key can name.
            // What was only read may be gone, and another tenant's row be there by its key, before PostgreSQL looks.
            Some(Own::Written { relation: of, column }) => {
                let whole = relation.kind == RelationKind::Partitioned || !self.ground.catalog.has_children(relation);
                of == relation.oid && Some(column) == place && whole
            }
            Some(Own::Key { relation: _, column: _ } | Own::Perhaps(_) | Own::Function | Own::Row(_)) | None => false,
        };
        if known && others.is_empty() {
            return Ok(None);
        }
        if !holder.column(column).is_some_and(is_comparable) {
            return Err(cannot("is on a type that pgmoat cannot compare.".to_owned()));
        }
        Ok(Some(Parent { holder, index, relation, key: referenced, filter, others }))
    }

    /// What a column holds after its value has been guarded.
    pub(super) fn referred(&self, column: &str, target: &Target<'a>) -> Option<Own> {
        // A column that cannot be guarded cannot have been written to.
        let parents = self.parents(column, None, &whatever, target).unwrap_or_default();
        let [parent] = parents.as_slice() else { return None };
        if parent.is_composite() {
            return None;
        }
        let place = parent.relation.columns.iter().position(|c| c.name == parent.key);
        place.map(|column| Own::Written { relation: parent.relation.oid, column })
    }

    /// What is known of a value that refers to a row: it may be a sub-select's one value, or NULL where that has no row. A row that the
    /// statement itself inserts is seen by PostgreSQL's own check, not by a guard.
    pub(super) fn referring(&self, value: &Expr) -> Option<Own> {
        match value {
            Expr::Nested(inner) => self.referring(inner),
            Expr::Subquery(query) => match &self.selects.get(&address(query))?.columns {
                Columns::Known(columns) => match columns.as_slice() {
                    [column] => column.own.filter(|own| matches!(own, Own::Written { relation: _, column: _ })),
                    [] | [_, _, ..] => None,
                },
                Columns::Unknown | Columns::Partial(_) => None,
            },
            other => self.own(other),
        }
    }

    /// Guards a value where it stands. It is evaluated once, and keeps the type that it has there.
    pub(super) fn guard_value(
        &mut self,
        value: &Expr,
        tokens: Range<usize>,
        column: &str,
        parents: &[Parent<'a>],
        around: Around<'_>,
        target: &Target<'a>,
    ) -> Result<(), Refusal> {
        let Around { siblings, row } = around;
        let column = self.guarded_column(column, target)?;
        let nobody = self.nobody(column, target);
        if target.is_path(&column.name) && (is_null(value) || super::insert::is_default(value)) {
            return Err(super::plan::nobodys(&target.relation.name, &column.name).at(self.position(tokens.start)));
        }
        if (parents.is_empty() && nobody.is_none()) || is_null(value) {
            return Ok(());
        }
        if super::insert::is_default(value) {
            return self.guard_default(column, target);
        }
        let mut before = vec![Piece::Text("(SELECT".to_owned())];
        before.extend(self.guarded("\"_v\".\"v\"", column, parents, siblings, nobody.as_deref()));
        before.push(Piece::Text("FROM (SELECT".to_owned()));
        let cast = if self.is_untyped(value) { format!("::{}", plain_type(column)) } else { String::new() };
        // A sub-select in which nothing is of the row runs once for all of them.
        let calls = |i: usize| self.tokens.kind(i).is_some_and(Kind::is_name) && self.tokens.is_char(i.saturating_add(1), b'(');
        let calls = |i: usize| calls(i) && !is_select(value);
        let each =
            row.filter(|_| tokens.clone().any(calls)).map_or(String::new(), |row| format!(" WHERE ({row} IS NULL) IS NOT NULL"));
        self.edits.push(Edit::before(tokens.start, before));
        self.edits.push(Edit::before(tokens.end, vec![Piece::Text(format!("{cast} AS \"v\" OFFSET 0) AS \"_v\"{each})"))]));
        self.notes.push(format!("{}: {} must refer to an own row", target.relation.name, column.name));
        Ok(())
    }

    /// For a column that rows are known by and that may be NULL: what raises an error then.
    fn nobody(&self, column: &Column, target: &Target<'a>) -> Nobody {
        let holder = target.relation;
        let of_path = |key: &ForeignKey| matches!(key.columns.as_slice(), [only] if *only == column.name);
        let index = holder.foreign_keys.iter().position(of_path).unwrap_or(usize::MAX);
        (target.is_path(&column.name) && !column.not_null).then(|| self.ground.marker.raise(Kept::Reference(holder, index)))
    }

    pub(super) fn guarded_column(&self, name: &str, target: &Target<'a>) -> Result<&'a Column, Refusal> {
        target.relation.column(name).ok_or_else(|| self.construct("a column in this place", None))
    }

    /// A default that refers to a row is not known: it must be NULL.
    pub(super) fn guard_default(&self, column: &Column, target: &Target<'a>) -> Result<(), Refusal> {
        if column.has_default || column.generated || column.identity != Identity::None {
            let message = format!("the default of column \"{}\" of \"{}\" refers to a row", column.name, target.relation.name);
            return Err(Refusal::new(SqlState::FEATURE_NOT_SUPPORTED, Rule::Construct, message)
                .with_hint("It may be another tenant's row. Give a value for this column.")
                .about(target.relation.qualified()));
        }
        Ok(())
    }

    /// The columns that an INSERT does not name take their defaults, which may refer to rows.
    pub(super) fn guard_defaults(&self, listed: &[String], target: &Target<'a>) -> Result<(), Refusal> {
        for column in target.relation.columns.iter().filter(|c| c.name != target.column && !listed.contains(&c.name)) {
            if (column.has_default || column.generated || column.identity != Identity::None)
                && !self.parents(&column.name, None, &whatever, target)?.is_empty()
            {
                self.guard_default(column, target)?;
            }
        }
        Ok(())
    }

    /// Whether rows may be written whose values no guard can look at: those of COPY.
    ///
    /// # Errors
    /// 0A000 when a column, or the default of one that is left out, refers to rows that must be looked at.
    pub(super) fn guard_none(&self, listed: &[String], target: &Target<'a>) -> Result<(), Refusal> {
        for column in listed.iter().filter(|c| **c != target.column) {
            if let Some(parent) = self.parents(column, None, &whatever, target)?.first() {
                let message =
                    format!("COPY to column \"{column}\", which refers to \"{}\", is not supported", parent.relation.name);
                return Err(Refusal::new(SqlState::FEATURE_NOT_SUPPORTED, Rule::Construct, message)
                    .with_hint("Each value must be looked up first: use INSERT.")
                    .about(target.relation.qualified()));
            }
        }
        self.guard_defaults(listed, target)
    }

    /// `CASE`: the value where it may be, else an error. `name` is looked at several times and must be a column.
    pub(super) fn guarded(
        &self,
        name: &str,
        column: &Column,
        parents: &[Parent<'a>],
        siblings: &Siblings,
        nobody: Option<&str>,
    ) -> Vec<Piece> {
        let absent = nobody.map_or(name.to_owned(), |raise| format!("CASE WHEN {raise} THEN {name} END"));
        let mut pieces = vec![Piece::Text(format!("CASE WHEN {name} IS NULL THEN {absent}"))];
        for parent in parents {
            let own_type = &column.formatted_type;
            pieces.push(Piece::Text("WHEN".to_owned()));
            for other in &parent.others {
                pieces.push(Piece::Text("(".to_owned()));
                pieces.extend(other.value.clone());
                pieces.push(Piece::Text(format!(")::{} IS NOT NULL AND", other.own_type)));
            }
            // Else it may be gone before PostgreSQL looks, at the statement's end or the transaction's, and another tenant's row be there
            // by its key.
            let held = self.may_go(parent.relation);
            pieces.push(Piece::Text("NOT EXISTS (".to_owned()));
            pieces.extend(parent.lookup(name, own_type));
            pieces.push(Piece::Text(if held { "FOR KEY SHARE)" } else { ")" }.to_owned()));
            if held {
                // What another part of the statement has just changed, or a trigger, cannot be locked, and stays.
                pieces.push(Piece::Text("AND NOT EXISTS (".to_owned()));
                pieces.extend(parent.lookup(name, own_type));
                pieces.push(Piece::Text(format!("AND {OWN_XMAX})")));
            }
            for sibling in siblings {
                pieces.push(Piece::Text(format!("AND {name}::{own_type} OPERATOR(pg_catalog.<>)")));
                pieces.push(Piece::Tokens(sibling.clone()));
                pieces.push(Piece::Text(format!("::{own_type}")));
            }
            let raise = self.ground.marker.raise(Kept::Reference(parent.holder, parent.index));
            pieces.push(Piece::Text(format!("THEN CASE WHEN {raise} THEN {name} END")));
        }
        pieces.push(Piece::Text(format!("ELSE {name} END")));
        pieces
    }

    /// Whether rows of a relation may be deleted, or get another key, by what tenants send: by themselves, or with rows that they refer to.
    fn may_go(&self, relation: &Relation) -> bool {
        let follows = |key: &ForeignKey| key.on_delete != Action::None || key.on_update != Action::None;
        let mut family = self.ground.catalog.with_descendants(relation).into_iter();
        family.any(|r| r.changeable || r.foreign_keys.iter().any(follows))
    }

    /// Puts a query around the one in these tokens that guards what it yields. `added` is one more column.
    pub(super) fn wrap(&mut self, tokens: Range<usize>, columns: &[Wrapped<'a>], added: Option<usize>, target: &Target<'a>) {
        let mut pieces = vec![Piece::Text("SELECT".to_owned())];
        for (place, column) in columns.iter().enumerate() {
            if place > 0 {
                pieces.push(Piece::Text(",".to_owned()));
            }
            match column {
                Wrapped::Plain => pieces.push(Piece::Text(yields(place))),
                Wrapped::Computed => {
                    let (before, behind) = self.must_come_out(target);
                    pieces.extend(before);
                    pieces.push(Piece::Text(yields(place)));
                    pieces.extend(behind);
                }
                Wrapped::Guarded(column, parents, nobody) => {
                    pieces.extend(self.guarded(&yields(place), column, parents, &Siblings::new(), nobody.as_deref()));
                }
            }
        }
        pieces.extend(added.into_iter().flat_map(|slot| [Piece::Text(",".to_owned()), Piece::Value(slot)]));
        // Behind a fence: else PostgreSQL puts what is selected in each place of the guard, and a sub-select in it may yield another value
        // in each.
        pieces.push(Piece::Text("FROM (SELECT * FROM (".to_owned()));
        self.edits.push(Edit::before(tokens.start, pieces));
        let names: Vec<String> = (1..=columns.len()).map(|n| format!("\"{n}\"")).collect();
        let end = format!(") AS \"_s\" OFFSET 0) AS \"_s\"({})", names.join(", "));
        self.closing.push(Edit::before(tokens.end, vec![Piece::Text(end)]));
    }

    /// What stands for each of these columns of a query when it is wrapped, and whether it must be: one of them is guarded.
    pub(super) fn wrapping(
        &self,
        columns: &[String],
        yielded: &Columns,
        inserts: bool,
        target: &Target<'a>,
    ) -> Result<(Vec<Wrapped<'a>>, bool), Refusal> {
        let beside = |column: &str| match columns.iter().position(|c| c == column) {
            Some(_) | None if column == target.column => Beside::Value(vec![Piece::Value(target.slot)]),
            Some(place) => Beside::Value(vec![Piece::Text(yields(place))]),
            // A default that is not NULL is refused.
            None if inserts => Beside::Null,
            None => Beside::Unknown,
        };
        let mut all = Vec::with_capacity(columns.len());
        let mut needed = false;
        for (place, name) in columns.iter().enumerate() {
            if *name == target.column {
                // Its value is looked at in the query. Of a column that nobody asks for PostgreSQL would compute none.
                all.push(Wrapped::Plain);
                continue;
            }
            let own = match yielded {
                Columns::Known(c) => c.get(place).and_then(|c| c.own),
                Columns::Partial(_) | Columns::Unknown => None,
            };
            let parents = self.parents(name, own, &beside, target)?;
            let column = self.guarded_column(name, target)?;
            let nobody = self.nobody(column, target);
            if parents.is_empty() && nobody.is_none() {
                all.push(Wrapped::Plain);
            } else {
                needed = true;
                all.push(Wrapped::Guarded(column, parents, nobody));
            }
        }
        Ok((all, needed))
    }

    /// Whether PostgreSQL gives the value the type of the column that it is for, and would give it another in a sub-select.
    pub(super) fn is_untyped(&self, value: &Expr) -> bool {
        match value {
            Expr::Nested(inner) => self.is_untyped(inner),
            Expr::Value(v) => match &v.value {
                Value::Placeholder(name) => super::expression::parameter_number(name).is_some_and(|n| {
                    let oid = self.ground.declared.get(usize::from(n.saturating_sub(1))).copied().unwrap_or(0);
                    matches!(declared(oid), Declared::Open)
                }),
                Value::Number(_, _)
                | Value::Boolean(_)
                | Value::SingleQuotedByteStringLiteral(_)
                | Value::HexStringLiteral(_)
                | Value::NationalStringLiteral(_) => false,
                _text_or_null => true,
            },
            _ => false,
        }
    }

    /// Gives the untyped items of a select list the types of the columns that they are for.
    pub(super) fn type_item(&mut self, value: &Expr, column: &str, target: &Target<'a>) -> Result<(), Refusal> {
        if !self.is_untyped(value) {
            return Ok(());
        }
        let column = self.guarded_column(column, target)?;
        let mut inner = value;
        while let Expr::Nested(e) = inner {
            inner = e;
        }
        let Expr::Value(v) = inner else { return Ok(()) };
        let place = v.span.start;
        let token = usize::try_from(place.column).ok().filter(|i| place.line == 1 && self.range.contains(i));
        let token = token.ok_or_else(|| self.construct("a literal in this place", None))?;
        self.edits.push(Edit::before(token.saturating_add(1), vec![Piece::Text(format!("::{}", plain_type(column)))]));
        Ok(())
    }

    /// The keys that rows of the same VALUES bring along, for references among them. They are own rows once the statement has succeeded:
    /// the key is unique. Not where a row may be left out.
    pub(super) fn siblings(
        &self,
        rows: &[Row<'_>],
        listed: &[String],
        (column, parents): (&str, &[Parent<'a>]),
        target: &Target<'a>,
    ) -> Siblings {
        let [parent] = parents else { return Siblings::new() };
        // In another type two keys may be one: a shorter text, a rounded number.
        let of = |name: &str| target.relation.column(name).map(|c| (c.type_oid, c.formatted_type.as_str()));
        if of(column) != of(parent.key) {
            return Siblings::new();
        }
        let triggers = self.ground.catalog.with_descendants(target.relation).iter().any(|r| r.has_triggers);
        let place = listed.iter().position(|c| c == parent.key);
        let (Some(place), false) = (place, triggers) else { return Siblings::new() };
        if parent.is_composite() || parent.relation.oid != target.relation.oid || rows.len() > super::bulk::FEW {
            return Siblings::new();
        }
        let constant = |value: &Expr| matches!(value, Expr::Value(v) if !matches!(v.value, Value::Null));
        rows.iter()
            .filter(|row| row.values.get(place).is_some_and(constant))
            .filter_map(|row| row.items.get(place).cloned())
            .collect()
    }

    /// What a column is given, for another column's guard to look at as well.
    pub(super) fn beside(&self, column: &str, value: &Expr, tokens: Range<usize>, target: &Target<'a>) -> Beside {
        if column == target.column {
            return Beside::Value(vec![Piece::Value(target.slot)]);
        }
        if is_null(value) {
            return Beside::Null;
        }
        let repeats = match value {
            // A parameter for a level's column is replaced where it stands.
            Expr::Value(v) if matches!(v.value, Value::Placeholder(_)) => !target.filter.own().any(|(own, _)| own == column),
            Expr::Value(_) => true,
            // In a guard an unqualified name would mean the parent's column, and names with an underscore are our own.
            // Nor twice what a sub-select yields: PostgreSQL may put what it selects in both places, and a sample or a lock in it tell
            // something else each time.
            Expr::CompoundIdentifier(parts) => {
                let named = matches!(parts.as_slice(), [of, _] if !of.value.starts_with('_'));
                named && (self.is_of_table(value) || self.selects_nothing()) && !self.locks_rows()
            }
            _computed => false,
        };
        if repeats { Beside::Value(vec![Piece::Tokens(tokens)]) } else { Beside::Unknown }
    }

    /// Whether there is no sub-select in the statement, nor in a view that it names: only VALUES, functions and tables.
    fn selects_nothing(&self) -> bool {
        let select = |i: usize| matches!(self.tokens.keyword(i), Some(Keyword::Select | Keyword::Table | Keyword::With));
        let view = |r: &super::walk::Reference<'_>| matches!(r.what, super::walk::Referred::View(_));
        !self.shared && !self.range.clone().any(select) && !self.references.iter().any(view)
    }

    /// What a column of the target holds that an UPDATE leaves alone.
    pub(super) fn beside_unchanged(&self, column: &str, target: &Target<'a>) -> Beside {
        if target.alias.starts_with('_') {
            return Beside::Unknown;
        }
        Beside::Value(vec![Piece::Text(format!("{}.{}", target.qualifier, quote_ident(column)))])
    }
}

/// A column of a query that is wrapped, by its place.
fn yields(place: usize) -> String {
    format!("\"_s\".\"{}\"", place.saturating_add(1))
}

/// Whether values of the column's type can be compared in a look-up.
fn is_comparable(column: &Column) -> bool {
    column.builtin_type || column.enumeration || family_of(&column.base_type).is_some()
}

/// The referenced columns of a key that hold the same own values as the columns that refer to them.
pub(super) fn carried<'k>(key: &'k ForeignKey, own: &Filter, parents: &Filter) -> Vec<&'k str> {
    let same = |(c, p): &(&String, &String)| {
        own.own().any(|(column, slot)| column == *c && parents.own().any(|(parent, s)| parent == *p && s == slot))
    };
    key.columns.iter().zip(&key.referenced_columns).filter(same).map(|(_, p)| p.as_str()).collect()
}

/// Whether a partition's key is there because its parent has it.
pub(super) fn is_inherited(catalog: &Catalog, holder: &Relation, key: &ForeignKey) -> bool {
    let same = |parent: &Relation| {
        parent.kind == RelationKind::Partitioned
            && parent.foreign_keys.iter().any(|k| k.references == key.references && k.columns == key.columns)
    };
    holder.parents.iter().filter_map(|oid| catalog.by_oid(*oid)).any(same)
}

/// The column's type without a length: what an untyped literal or parameter becomes before the length is checked.
fn plain_type(column: &Column) -> String {
    // How many seconds a number is, its fields say.
    if column.builtin_type && column.base_type != "interval" {
        format!("pg_catalog.{}", quote_ident(&column.base_type))
    } else {
        column.formatted_type.clone()
    }
}

fn is_null(value: &Expr) -> bool {
    matches!(value, Expr::Value(v) if matches!(v.value, Value::Null))
}

/// Whether a value is a sub-select, which runs once for all rows if it names nothing of them.
fn is_select(value: &Expr) -> bool {
    match value {
        Expr::Nested(inner) => is_select(inner),
        other => matches!(other, Expr::Subquery(_)),
    }
}
