//! What the operator declares about tenancy: the sections `[tenancy]` and `[roles]`, checked for form but not yet against a catalog.
//! It does not decide anything: [`super::Policy`] does, from this and a catalog.

use super::Role;
use std::collections::{BTreeMap, BTreeSet};

/// The `[tenancy]` section of the configuration, and `[roles]`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Declaration {
    /// The column that makes a table scoped where it is present.
    pub column: String,
    /// Relations that every tenant may read and none may write, `schema.name`.
    pub shared: Vec<String>,
    /// Relations that do not exist for tenants, `schema.name`.
    pub hidden: Vec<String>,
    /// Functions outside `pg_catalog` that tenants may call, `schema.name`.
    pub functions: Vec<String>,
    /// Tables with a declaration of their own, by `schema.name`.
    pub tables: BTreeMap<String, TableDeclaration>,
    /// Roles by name.
    pub roles: BTreeMap<String, Role>,
}

impl Declaration {
    /// The levels that tables name, sorted.
    #[must_use]
    pub fn levels(&self) -> Vec<String> {
        let all: BTreeSet<&String> = self.tables.values().flat_map(|t| t.scopes.keys()).collect();
        all.into_iter().cloned().collect()
    }
}

/// One `[tenancy.tables."schema.name"]`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TableDeclaration {
    /// The tenant column, where it is not the general one.
    pub column: Option<String>,
    /// The tenant's attribute that the column holds; `id` when absent.
    pub value: Option<String>,
    /// What the table says of the levels below the tenant, by level. Of a level that it is silent about nobody knows whose its rows are.
    pub scopes: BTreeMap<String, LevelColumn>,
    /// Transitive tenancy along a foreign key.
    pub through: Option<Through>,
}

/// What a table says of one level.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LevelColumn {
    /// This column names the row's node.
    Column(String),
    /// `false`: the level does not apply, every user of the tenant reaches all of the tenant's rows.
    DoesNotApply,
}

/// `through = { column = "payment_id", references = "public.payments.id" }`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Through {
    /// The referencing column of this table.
    pub column: String,
    /// The parent's `schema.name`.
    pub relation: String,
    /// The parent's referenced column.
    pub references: String,
}
