//! The rewriters of one snapshot: that of the users without a role, and one for each role, each with a policy and a cache of its own, so
//! that no plan made for one role is ever looked up for another. It decides nothing.

use super::{CacheCounters, Rewriter};
use crate::catalog::Catalog;
use crate::error::{Refusal, Rule, SqlState};
use crate::policy::{Identity, Policy};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The rewriters of one snapshot.
#[derive(Debug)]
pub struct Rewriters {
    plain: Arc<Rewriter>,
    roles: BTreeMap<String, Arc<Rewriter>>,
}

impl Rewriters {
    /// The rewriters over one snapshot; `nonce` as in [`Rewriter::with_nonce`].
    #[must_use]
    pub fn new(policy: Policy, catalog: Catalog, nonce: u128) -> Self {
        let catalog = Arc::new(catalog);
        let over = |policy: Policy| Arc::new(Rewriter::new(Arc::new(policy), Arc::clone(&catalog)).with_nonce(nonce));
        let names = policy.declaration().roles.keys();
        let roles = names.filter_map(|name| Some((name.clone(), over(policy.narrowed(name, &catalog)?)))).collect();
        Self { roles, plain: over(policy) }
    }

    /// The rewriter of an identity.
    ///
    /// # Errors
    /// A refusal (28000) where there is no such role.
    pub fn of(&self, identity: &Identity) -> Result<&Arc<Rewriter>, Refusal> {
        let Some(role) = &identity.role else { return Ok(&self.plain) };
        self.roles.get(&**role).ok_or_else(|| {
            let message = format!("user \"{}\" has the role \"{role}\", which does not exist", identity.user);
            Refusal::new(SqlState::INVALID_AUTHORIZATION, Rule::Login, message)
                .with_hint("Ask the operator to add it to [roles].")
        })
    }

    /// That of the users without a role.
    #[must_use]
    pub fn plain(&self) -> &Arc<Rewriter> {
        &self.plain
    }

    /// How often the caches answered, together.
    #[must_use]
    pub fn counters(&self) -> CacheCounters {
        self.roles.values().fold(self.plain.counters(), |sum, rewriter| {
            let CacheCounters { text_hits, shape_hits, misses } = rewriter.counters();
            CacheCounters {
                text_hits: sum.text_hits.saturating_add(text_hits),
                shape_hits: sum.shape_hits.saturating_add(shape_hits),
                misses: sum.misses.saturating_add(misses),
            }
        })
    }
}
