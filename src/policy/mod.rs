//! What each relation, function, type and setting is to a tenant: allowed as it is, scoped, hidden or refused.
//! It does not read statements: [`crate::rewrite`] asks it while it walks them.

pub mod allowed;
pub mod declaration;
pub mod identity;
pub mod value;

pub use declaration::{Declaration, TableDeclaration, Through};
pub use identity::{Identity, Tenant};
pub use value::{Slot, TenantType, TenantValue};

use crate::catalog::{Catalog, Relation, RelationKind};
use ahash::{AHashMap, AHashSet};

/// What every relation of one catalog is to tenants.
#[derive(Debug)]
pub struct Policy {
    declaration: Declaration,
    access: AHashMap<u32, Access>,
    slots: Vec<Slot>,
    functions: AHashSet<String>,
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
    /// Every tenant may read it, none may write.
    Shared,
    /// A view: replaced by its definition, whose own relations are judged.
    View,
    /// It does not exist for tenants.
    Hidden,
    /// Tenants may not use it, for this reason.
    Refused(&'static str),
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
        let mut slots = Vec::new();
        let mut access = AHashMap::new();
        for relation in catalog.relations() {
            access.insert(relation.oid, judge(&declaration, catalog, relation, &mut slots, &mut findings));
        }
        let functions = declaration.functions.iter().cloned().collect();
        (Self { declaration, access, slots, functions }, findings)
    }

    /// The declaration it was made from.
    #[must_use]
    pub fn declaration(&self) -> &Declaration {
        &self.declaration
    }

    /// What a relation is to tenants. A relation that the policy has never seen is hidden.
    #[must_use]
    pub fn access(&self, relation: &Relation) -> &Access {
        self.access.get(&relation.oid).unwrap_or(&Access::Hidden)
    }

    /// The tenant values that statements compare with, by slot.
    #[must_use]
    pub fn slots(&self) -> &[Slot] {
        &self.slots
    }

    /// Whether the operator allows this function outside `pg_catalog`.
    #[must_use]
    pub fn allows_function(&self, schema: &str, name: &str) -> bool {
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

/// A declaration of the relation's own, or that of the parent it inherits from.
fn declared<'d>(
    declaration: &'d Declaration,
    catalog: &Catalog,
    relation: &Relation,
    depth: usize,
) -> Option<&'d TableDeclaration> {
    if let Some(own) = declaration.tables.get(&relation.qualified()) {
        return Some(own);
    }
    // Inheritance is acyclic in PostgreSQL; the bound only keeps a broken snapshot from looping.
    let next = depth.checked_sub(1)?;
    relation.parents.iter().filter_map(|oid| catalog.by_oid(*oid)).find_map(|parent| declared(declaration, catalog, parent, next))
}

fn judge(
    declaration: &Declaration,
    catalog: &Catalog,
    relation: &Relation,
    slots: &mut Vec<Slot>,
    findings: &mut Vec<Finding>,
) -> Access {
    let name = relation.qualified();
    if declaration.hidden.contains(&name) {
        return Access::Hidden;
    }
    if declaration.shared.contains(&name) {
        return match relation.kind {
            RelationKind::View => Access::View,
            RelationKind::Table | RelationKind::Partitioned | RelationKind::MaterializedView | RelationKind::Foreign => {
                Access::Shared
            }
            RelationKind::Sequence | RelationKind::Composite => Access::Hidden,
        };
    }
    let own = declared(declaration, catalog, relation, 32);
    if own.is_some_and(|o| o.through.is_some()) {
        return Access::Refused("tenancy `through` a foreign key is not enforced by this version");
    }
    if own.is_some_and(|o| !o.scopes.is_empty()) {
        findings.push(Finding::warning(
            &name,
            "`scopes` is not enforced by this version: users limited to some nodes are refused at login",
        ));
    }
    match relation.kind {
        RelationKind::View if own.is_none() => return Access::View,
        RelationKind::View => {}
        RelationKind::Sequence | RelationKind::Composite => return Access::Hidden,
        RelationKind::Foreign if own.is_none() => return Access::Refused("foreign tables must be declared in [tenancy.tables]"),
        RelationKind::Table | RelationKind::Partitioned | RelationKind::MaterializedView | RelationKind::Foreign => {}
    }
    let column_name = own.and_then(|o| o.column.as_deref()).unwrap_or(&declaration.column);
    let Some(column) = relation.column(column_name) else {
        if own.is_some_and(|o| o.column.is_some()) {
            findings.push(Finding::fatal(&name, format!("column {column_name} does not exist")));
        }
        return Access::Hidden;
    };
    let Some(kind) = TenantType::of(column) else {
        findings.push(Finding::fatal(
            &name,
            format!("column {column_name} of type {} cannot be a tenant column", column.formatted_type),
        ));
        return Access::Refused("its tenant column has a type that cannot be compared safely");
    };
    let attribute = own.and_then(|o| o.value.as_deref()).unwrap_or("id");
    let slot = Slot { attribute: attribute.to_owned(), kind };
    let index = slots.iter().position(|s| *s == slot).unwrap_or_else(|| {
        slots.push(slot);
        slots.len().saturating_sub(1)
    });
    Access::Scoped { column: column_name.to_owned(), slot: index }
}
