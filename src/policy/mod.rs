//! What each relation, function, type and setting is to a tenant: allowed as it is, scoped, hidden or refused.
//! It does not read statements: [`crate::rewrite`] asks it while it walks them.

pub mod allowed;
mod answered;
pub mod catalogs;
pub mod declaration;
pub mod exposure;
pub mod identity;
mod judge;
mod role;
pub mod value;

pub use answered::Answered;
pub use declaration::{Declaration, LevelColumn, TableDeclaration, Through};
pub use identity::{Identity, Tenant};
pub use role::{Role, Switching, Verb, Verbs};
pub use value::{Compared, Slot, TenantType, TenantValue};

use crate::catalog::{Catalog, Relation};
use ahash::{AHashMap, AHashSet};
use judge::Judge;
use std::collections::BTreeMap;

/// What every relation of one catalog is to tenants, or to the users of one role.
#[derive(Clone, Debug)]
pub struct Policy {
    declaration: Declaration,
    access: AHashMap<u32, Access>,
    slots: Vec<Slot>,
    levels: Vec<String>,
    nodes: AHashMap<u32, BTreeMap<String, Node>>,
    functions: AHashSet<String>,
    answered: AHashMap<String, Answered>,
    narrowed: Option<role::Narrowed>,
}

/// What a relation is to a tenant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Access {
    /// Rows are a tenant's own by a column of the relation.
    Scoped {
        /// The tenant column.
        column: String,
        /// Index into [`Policy::slots`]: which tenant value it is compared with.
        slot: usize,
    },
    /// Rows are a tenant's own by the row that they reference.
    Through(Path),
    /// Every tenant may read it, none may write.
    Shared,
    /// A view: replaced by its definition, whose own relations are judged.
    View,
    /// It does not exist for tenants.
    Hidden,
    /// Tenants may not use it, for this reason.
    Refused(&'static str),
}

/// One step of transitive tenancy: a foreign key to the one row that says whose a row is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Path {
    /// The referencing column.
    pub column: String,
    /// OID of the referenced relation, which is scoped, or reached through another in turn.
    pub parent: u32,
    /// The referenced column: unique by itself.
    pub key: String,
}

/// What a relation says of a level: whose nodes its rows are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Node {
    /// The column that names the node, and the slot of the user's list.
    Column {
        /// The column.
        column: String,
        /// Index into [`Policy::slots`].
        slot: usize,
    },
    /// The level does not apply to it.
    Everywhere,
}

/// Something in the declaration that does not fit the catalog, or that the operator should know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Whether pgmoat must not start with it.
    pub fatal: bool,
    /// The relation or key concerned.
    pub subject: String,
    /// One sentence.
    pub message: String,
}

impl Finding {
    fn fatal(subject: impl Into<String>, message: impl Into<String>) -> Self {
        Self { fatal: true, subject: subject.into(), message: message.into() }
    }

    fn warning(subject: impl Into<String>, message: impl Into<String>) -> Self {
        Self { fatal: false, subject: subject.into(), message: message.into() }
    }
}

impl Policy {
    /// Judges every relation of the catalog by the declaration. What cannot be judged safely is refused or hidden, and named in the findings.
    #[must_use]
    pub fn new(declaration: Declaration, catalog: &Catalog) -> (Self, Vec<Finding>) {
        let mut findings = unknown_names(&declaration, catalog);
        findings.extend(role::unknown_names(&declaration.roles, catalog));
        let mut judge = Judge::of(&declaration, catalog, findings);
        let answered = answered::functions(&declaration, &mut judge);
        let Judge { access, nodes, slots, findings, .. } = judge;
        let functions = declaration.functions.iter().cloned().collect();
        let levels = declaration.levels();
        (Self { declaration, access, slots, levels, nodes, functions, answered, narrowed: None }, findings)
    }

    /// The levels below the tenant, in the order of the bits of a variant.
    #[must_use]
    pub fn levels(&self) -> &[String] {
        &self.levels
    }

    /// What a relation says of a level; `None`: nothing.
    #[must_use]
    pub fn node(&self, relation: &Relation, level: &str) -> Option<&Node> {
        self.nodes.get(&relation.oid)?.get(level)
    }

    /// The declaration it was made from.
    #[must_use]
    pub fn declaration(&self) -> &Declaration {
        &self.declaration
    }

    /// What a relation is to tenants, whatever a role takes away: whose its rows are. A relation that the policy has never seen is hidden.
    #[must_use]
    pub fn scoping(&self, relation: &Relation) -> &Access {
        self.access.get(&relation.oid).unwrap_or(&Access::Hidden)
    }

    /// The tenant values that statements compare with, by slot.
    #[must_use]
    pub fn slots(&self) -> &[Slot] {
        &self.slots
    }

    /// What a function without arguments answers, if it is one of pgmoat's own.
    #[must_use]
    pub fn answered(&self, name: &str) -> Option<Answered> {
        self.answered.get(name).copied()
    }

    /// Whether the operator allows this function outside `pg_catalog` to tenants, whatever a role takes away.
    #[must_use]
    pub fn allows_to_tenants(&self, schema: &str, name: &str) -> bool {
        self.functions.contains(&format!("{schema}.{name}"))
    }
}

/// Names in the declaration that the catalog does not have: a mistyped `hidden` would otherwise hide nothing.
fn unknown_names(declaration: &Declaration, catalog: &Catalog) -> Vec<Finding> {
    let named = |name: &String| name.split_once('.').is_some_and(|(s, n)| catalog.find(Some(s), n).is_some());
    let mut findings = Vec::new();
    for (key, names) in [("shared", &declaration.shared), ("hidden", &declaration.hidden)] {
        for name in names.iter().filter(|n| !named(n)) {
            findings.push(Finding::warning(format!("tenancy.{key}"), format!("relation {name} does not exist")));
        }
    }
    for name in declaration.tables.keys().filter(|n| !named(n)) {
        findings.push(Finding::warning("tenancy.tables", format!("relation {name} does not exist")));
    }
    for name in &declaration.functions {
        let known = name
            .split_once('.')
            .is_some_and(|(s, n)| catalog.user_functions.get(n).is_some_and(|in_| in_.iter().any(|x| x == s)));
        if !known {
            findings.push(Finding::warning("tenancy.functions", format!("function {name} does not exist")));
        }
    }
    findings
}
