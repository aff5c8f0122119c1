//! Columns that a role hides. Where rows are read, a derived table without them stands in the relation's place: the server itself knows of
//! no such column, whatever names it. Where rows are written, the relation is like a view of the columns that are left (`updatable`).

use super::change::Target;
use super::plan::Plan;
use super::scope::{Columns, relation_columns};
use super::updatable::Through;
use super::walk::{Ground, Walk};
use crate::catalog::{Column, Identity, Relation};
use crate::error::{Refusal, Rule, SqlState};
use crate::policy::Access;
use crate::sql::{Category, Kind, Tokens, quote_ident};
use sqlparser::ast::Ident;
use std::ops::Range;

impl<'a> Ground<'a> {
    /// The columns of a relation that exist for the user's role.
    pub(super) fn columns(&self, relation: &'a Relation) -> impl Iterator<Item = &'a Column> {
        let hidden = self.policy.hides(relation);
        relation.columns.iter().filter(move |c| hidden.is_none_or(|hidden| !hidden.contains(&c.name)))
    }

    /// Whether the role hides columns of one of these relations.
    fn hides_some(&self, relations: &[String]) -> bool {
        let mut named = self.catalog.relations().iter().filter(|r| self.policy.hides(r).is_some());
        self.policy.hides_columns() && named.any(|r| relations.contains(&r.qualified()))
    }

    /// That a plan may be shown to the client: what is left of the relations is not all that stands in it.
    pub(super) fn may_show(&self, plan: &Plan) -> Result<(), Refusal> {
        if self.hides_some(&plan.relations) { Err(not_shown()) } else { Ok(()) }
    }

    /// That PostgreSQL's plan may be shown to the client: how it finds a tenant's rows depends on how often a value is found in all rows.
    pub(super) fn may_explain(&self, plan: &Plan) -> Result<(), Refusal> {
        let named = self.catalog.relations().iter().filter(|r| plan.relations.contains(&r.qualified()));
        let common = |r: &Relation| match self.policy.access(r) {
            Access::Scoped { column: _, slot: _ } | Access::Through(_) => false,
            Access::Shared | Access::View | Access::Hidden | Access::Refused(_) => true,
        };
        if named.into_iter().all(common) { Ok(()) } else { Err(not_explained()) }
    }
}

impl<'a> Walk<'a, '_> {
    /// The columns that are left of a relation of which the role hides some, as a select list.
    pub(super) fn shown_columns(&self, relation: &'a Relation) -> Option<String> {
        self.ground.policy.hides(relation)?;
        let names: Vec<String> = self.ground.columns(relation).map(|c| quote_ident(&c.name)).collect();
        Some(names.join(", "))
    }

    /// What is known of the columns of a relation that exist for the user's role.
    pub(super) fn columns_of(&self, relation: &Relation, filter: Option<&super::filter::Filter>) -> Columns {
        self.without_hidden(relation, relation_columns(relation, filter))
    }

    /// The columns of a relation without those that the role hides.
    pub(super) fn without_hidden(&self, relation: &Relation, columns: Columns) -> Columns {
        let Some(hidden) = self.ground.policy.hides(relation) else { return columns };
        Columns::Known(columns.into_vec().into_iter().filter(|c| !hidden.contains(&c.name)).collect())
    }

    /// Whether a view's definition may name a column that the role hides of a relation that it stands on.
    pub(super) fn names_hidden(&self, definition: &Tokens<'_>, relations: &[String]) -> bool {
        if !self.ground.policy.hides_columns() {
            return false;
        }
        let named = self.ground.catalog.relations().iter().filter(|r| relations.contains(&r.qualified()));
        named.filter_map(|r| self.ground.policy.hides(r)).any(|hidden| {
            let is_name = |i: &usize| definition.kind(*i).is_some_and(Kind::is_name);
            (0..definition.len()).filter(is_name).any(|i| hidden.contains(&*definition.value(i)))
        })
    }

    /// A relation of which the role hides columns, as the target of a write: a view of those that are left. None: the role hides none.
    pub(super) fn narrowed_target(
        &self,
        relation: &'a Relation,
        verb: &str,
        name: &Range<usize>,
    ) -> Result<Option<Through<'a>>, Refusal> {
        let Some(hidden) = self.ground.policy.hides(relation) else { return Ok(None) };
        let (only, around) = self.around_name(name);
        self.demand(verb != "MERGE", "MERGE into a relation of which the role hides columns")?;
        self.demand(!only && around == *name, "ONLY or * beside the name of a relation of which the role hides columns")?;
        // What the role cannot give and nothing else gives.
        let missing = |c: &&Column| {
            let given = c.has_default || c.generated || c.identity != Identity::None || !c.not_null;
            !given && hidden.contains(&c.name) && !self.is_own_column(relation, &c.name)
        };
        if matches!(verb, "INSERT" | "COPY FROM") && relation.columns.iter().any(|c| missing(&c)) {
            let role = self.ground.policy.role().map_or("", |role| role);
            let message = format!("permission denied for relation {}: role \"{role}\" may not INSERT", relation.name);
            return Err(Refusal::new(SqlState::INSUFFICIENT_PRIVILEGE, Rule::Role, message)
                .with_hint("The relation has columns that a row needs and that the role does not have.")
                .at(self.position(name.start))
                .about(relation.qualified()));
        }
        let columns = self.ground.columns(relation).map(|c| c.name.clone()).collect();
        Ok(Some(Through { base: relation, view: relation, columns, condition: None }))
    }

    /// A name that nothing in sight has, where a relation is written to of which the role hides columns: the server might find it there,
    /// after a hidden column was renamed. A word of the grammar that is read as a name is none.
    ///
    /// # Errors
    /// 42703, as PostgreSQL has it.
    pub(super) fn known_in_write(&self, ident: &Ident) -> Result<(), Refusal> {
        let token = self.token_of(ident)?;
        let reserved = self.tokens.keyword(token).is_some_and(|k| k.category() == Category::Reserved);
        if reserved || self.levels.iter().all(|level| level.narrowed.is_none()) {
            return Ok(());
        }
        let message = format!("column \"{}\" does not exist", ident.value);
        Err(Refusal::new(SqlState::UNDEFINED_COLUMN, Rule::Construct, message).at(self.position(token)))
    }

    /// The same of a name behind that of a relation in sight, which knows no such column.
    ///
    /// # Errors
    /// 42703, as PostgreSQL has it.
    pub(super) fn known_of_target(&self, level: usize, entry: usize, relation: &Ident, name: &Ident) -> Result<(), Refusal> {
        if self.levels.get(level).is_none_or(|level| level.narrowed != Some(entry)) {
            return Ok(());
        }
        let message = format!("column {}.{} does not exist", relation.value, name.value);
        Err(Refusal::new(SqlState::UNDEFINED_COLUMN, Rule::Construct, message).at(self.position(self.token_of(relation)?)))
    }

    /// That a column which is assigned to is one of those that are left.
    ///
    /// # Errors
    /// 42703, as PostgreSQL has it.
    pub(super) fn assignable(&self, column: &Ident, target: &Target<'a>) -> Result<(), Refusal> {
        let through = target.through.as_ref().filter(|through| through.is_narrowed());
        if through.is_none_or(|through| through.columns.contains(&column.value)) {
            return Ok(());
        }
        let message = format!("column \"{}\" of relation \"{}\" does not exist", column.value, target.relation.name);
        Err(Refusal::new(SqlState::UNDEFINED_COLUMN, Rule::Construct, message).at(self.position(self.token_of(column)?)))
    }

    /// Whether a column is the tenant's, which pgmoat fills in.
    fn is_own_column(&self, relation: &Relation, column: &str) -> bool {
        matches!(self.ground.policy.scoping(relation), Access::Scoped { column: own, slot: _ } if own == column)
    }
}

/// The refusal of PostgreSQL's plan of a statement on tenants' rows.
#[must_use]
pub fn not_explained() -> Refusal {
    let message = "EXPLAIN of a statement on tenants' rows is not supported through pgmoat";
    Refusal::new(SqlState::FEATURE_NOT_SUPPORTED, Rule::Construct, message).with_hint(
        "The plan tells how common values are among all tenants. EXPLAIN (REWRITE) shows what is sent; the operator, or a bypass user, can explain that.",
    )
}

/// The refusal of a plan's text.
pub(super) fn not_shown() -> Refusal {
    let message = "EXPLAIN with VERBOSE or REWRITE is not supported for a relation of which the role hides columns";
    Refusal::new(SqlState::FEATURE_NOT_SUPPORTED, Rule::Role, message).with_hint("Ask the operator what stands in it.")
}
