//! Statement + catalog + policy -> the text that the server may run, or a refusal.
//! It knows no wire, no session and no socket; it does not load catalogs and it does not keep sessions' state.

mod cleared;

pub use cleared::{Cleared, Command, Hidden};

use crate::catalog::Catalog;
use crate::error::{Refusal, Rule, SqlState};
use crate::policy::{Identity, Policy};
use std::sync::Arc;

/// The embeddable rewriter: immutable after construction, shared by all sessions.
///
/// The same text, identity, policy and catalog give the same result.
#[derive(Debug)]
pub struct Rewriter {
    policy: Arc<Policy>,
    catalog: Arc<Catalog>,
}

/// What the rewriter must know of an identity; computed once per session and rewriter.
#[derive(Clone, Debug)]
pub struct Scope {
    /// The tenant's value for each of the policy's slots.
    pub values: Arc<[Hidden]>,
    /// Whether statements pass unrewritten.
    pub bypass: bool,
}

impl Rewriter {
    /// A rewriter over one snapshot.
    #[must_use]
    pub fn new(policy: Arc<Policy>, catalog: Arc<Catalog>) -> Self {
        Self { policy, catalog }
    }

    /// The snapshot's catalog.
    #[must_use]
    pub fn catalog(&self) -> &Arc<Catalog> {
        &self.catalog
    }

    /// The snapshot's policy.
    #[must_use]
    pub fn policy(&self) -> &Arc<Policy> {
        &self.policy
    }

    /// What this rewriter must know of an identity.
    ///
    /// # Errors
    /// A refusal (28000) when the tenant has no value for an attribute that a scoped relation compares.
    pub fn scope(&self, identity: &Identity) -> Result<Scope, Refusal> {
        Ok(Scope { values: Arc::from(Vec::new()), bypass: identity.bypass })
    }

    /// Clears the text of a simple query: zero or more statements, in order.
    ///
    /// # Errors
    /// The first statement's refusal; then none of them may run.
    pub fn simple(&self, _text: &str, _scope: &Scope) -> Result<Vec<Cleared>, Refusal> {
        Err(Refusal::new(SqlState::FEATURE_NOT_SUPPORTED, Rule::Statement, "the rewriter is not built yet"))
    }

    /// Clears the text of a Parse message: at most one statement (`None`: an empty one). `declared` is the number of parameter types that it lists.
    ///
    /// # Errors
    /// The refusal.
    pub fn extended(&self, _text: &str, _declared: u16, _scope: &Scope) -> Result<Option<Cleared>, Refusal> {
        Err(Refusal::new(SqlState::FEATURE_NOT_SUPPORTED, Rule::Statement, "the rewriter is not built yet"))
    }
}
