//! What the operator declares about tenancy: the `[tenancy]` section, checked for form but not yet against a catalog.
//! It does not decide anything: [`super::Policy`] does, from this and a catalog.

use std::collections::BTreeMap;

/// The `[tenancy]` section of the configuration.
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
}

/// One `[tenancy.tables."schema.name"]`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TableDeclaration {
    /// The tenant column, where it is not the general one.
    pub column: Option<String>,
    /// The tenant's attribute that the column holds; `id` when absent.
    pub value: Option<String>,
    /// Sub-scope levels: level name to column.
    pub scopes: BTreeMap<String, String>,
    /// Transitive tenancy along a foreign key.
    pub through: Option<Through>,
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
