//! What each relation, function, operator, type and setting is to a tenant: allowed as it is, scoped, hidden or refused.
//! It does not read statements: [`crate::rewrite`] asks it while it walks them.

pub mod declaration;
pub mod identity;

pub use declaration::{Declaration, TableDeclaration, Through};
pub use identity::{Identity, Tenant};
