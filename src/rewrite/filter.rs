//! Which rows of a relation an identity reaches, as predicates: by its tenant column, by the nodes that the user is limited to, and by
//! the row that it references. It does not say where they are placed: `place` does.

use super::plan::Piece;
use super::walk::{Ground, quoted};
use crate::catalog::{Relation, RelationKind};
use crate::policy::{Access, Node, Path};
use crate::sql::quote_ident;

/// How many relations a path may lead through; the policy allows fewer.
const PATH_LIMIT: usize = 16;

/// The rows of one relation that an identity of one kind reaches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Filter {
    /// The tenant column and its slot.
    pub(super) tenant: Option<(String, usize)>,
    /// The columns of the levels that the user is limited in, and the slots of its lists.
    pub(super) nodes: Vec<(String, usize)>,
    path: Option<Hop>,
}

/// One step along a foreign key.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Hop {
    column: String,
    /// The parent as FROM names it.
    parent: String,
    key: String,
    filter: Box<Filter>,
}

/// How a path's condition is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// As a join, where nothing in the statement can raise an error: what is computed on a row before the join would see foreign ones.
    Join,
    /// As a condition of the row's own scan, which nothing is computed before but other conditions: PostgreSQL makes a join of a bare
    /// EXISTS only (`pull_up_sublinks`).
    Scan,
}

impl Filter {
    /// The filter of a relation; of a level that it is silent about, the level's name.
    pub(super) fn of(ground: &Ground<'_>, relation: &Relation, access: &Access) -> Result<Option<Self>, String> {
        Self::after(ground, relation, access, &[], PATH_LIMIT)
    }

    /// As [`Self::of`], where a child has named these levels already.
    fn after(
        ground: &Ground<'_>,
        relation: &Relation,
        access: &Access,
        named: &[&str],
        steps: usize,
    ) -> Result<Option<Self>, String> {
        let mut nodes = Vec::new();
        let mut open = Vec::new();
        let mut named = named.to_vec();
        for level in ground.limited() {
            match ground.policy.node(relation, level) {
                Some(Node::Column { column, slot }) => {
                    nodes.push((column.clone(), *slot));
                    named.push(level);
                }
                Some(Node::Everywhere) => {}
                None => open.push(level),
            }
        }
        match access {
            Access::Scoped { column, slot } => match open.into_iter().find(|level| !named.contains(level)) {
                Some(silent) => Err(silent.to_owned()),
                None => Ok(Some(Self { tenant: Some((column.clone(), *slot)), nodes, path: None })),
            },
            Access::Through(Path { column, parent, key }) => {
                let Some((parent, steps)) = ground.catalog.by_oid(*parent).zip(steps.checked_sub(1)) else { return Ok(None) };
                let filter = Self::after(ground, parent, ground.policy.scoping(parent), &named, steps)?;
                // A foreign key is to the rows of the table itself, whatever inherits from it.
                let only = if parent.kind == RelationKind::Partitioned { "" } else { "ONLY " };
                Ok(filter.map(|filter| {
                    let parent = format!("{only}{}", quoted(parent));
                    let path = Hop { column: column.clone(), parent, key: key.clone(), filter: Box::new(filter) };
                    Self { tenant: None, nodes, path: Some(path) }
                }))
            }
            Access::Shared | Access::View | Access::Hidden | Access::Refused(_) => Ok(None),
        }
    }

    /// Whether rows are known by a row that they reference.
    pub(super) fn has_path(&self) -> bool {
        self.path.is_some()
    }

    /// The column of the foreign key that rows are known by.
    pub(super) fn path_column(&self) -> Option<&str> {
        self.path.as_ref().map(|p| p.column.as_str())
    }

    /// The columns that hold one of the identity's own values in every row that passes, with their slots.
    pub(super) fn own(&self) -> impl Iterator<Item = (&str, usize)> {
        self.tenant.iter().chain(&self.nodes).map(|(column, slot)| (column.as_str(), *slot))
    }

    /// The predicates on the relation that `qualifier` names (quoted). No name of our own may be the user's alias: `taken`.
    pub(super) fn predicates(&self, qualifier: &str, taken: &str, form: Form) -> Vec<Vec<Piece>> {
        self.at_depth(qualifier, taken, form, 1)
    }

    fn at_depth(&self, qualifier: &str, taken: &str, form: Form, depth: usize) -> Vec<Vec<Piece>> {
        let Self { tenant, nodes, path } = self;
        let mut all: Vec<Vec<Piece>> = tenant.iter().map(|(column, slot)| equal(qualifier, column, *slot)).collect();
        all.extend(nodes.iter().map(|(column, slot)| one_of(qualifier, column, *slot)));
        if let Some(Hop { column, parent, key, filter }) = path {
            // Begins otherwise than the user's alias, which the condition names.
            let alias = quote_ident(&format!("{}{depth}", if taken.starts_with('_') { "m" } else { "_" }));
            let (open, close) = match form {
                Form::Join => ("EXISTS (SELECT FROM", ")"),
                Form::Scan => ("(EXISTS (SELECT FROM", ")) IS TRUE"),
            };
            let mut pieces = vec![Piece::Text(format!(
                "{open} {parent} AS {alias} WHERE {alias}.{} OPERATOR(pg_catalog.=) {qualifier}.{}",
                quote_ident(key),
                quote_ident(column)
            ))];
            for predicate in filter.at_depth(&alias, taken, Form::Join, depth.saturating_add(1)) {
                pieces.push(Piece::Text("AND".to_owned()));
                pieces.extend(predicate);
            }
            pieces.push(Piece::Text(close.to_owned()));
            all.push(pieces);
        }
        all
    }
}

/// `qualifier."column" = value`, with the operator named in full so that no other can be meant.
pub(super) fn equal(qualifier: &str, column: &str, slot: usize) -> Vec<Piece> {
    vec![Piece::Text(format!("{qualifier}.{} OPERATOR(pg_catalog.=)", quote_ident(column))), Piece::Value(slot)]
}

/// `qualifier."column" = ANY (list)`.
fn one_of(qualifier: &str, column: &str, slot: usize) -> Vec<Piece> {
    vec![
        Piece::Text(format!("{qualifier}.{} OPERATOR(pg_catalog.=) ANY (", quote_ident(column))),
        Piece::Value(slot),
        Piece::Text(")".to_owned()),
    ]
}

/// `a AND b AND c`.
pub(super) fn all_of(predicates: Vec<Vec<Piece>>) -> Vec<Piece> {
    let mut pieces = Vec::new();
    for predicate in predicates {
        if !pieces.is_empty() {
            pieces.push(Piece::Text("AND".to_owned()));
        }
        pieces.extend(predicate);
    }
    pieces
}
