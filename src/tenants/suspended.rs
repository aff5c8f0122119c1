//! The tenants that are suspended in this proxy, until they are resumed or it ends. It ends no session: `proxy` does.

use arc_swap::ArcSwap;
use std::collections::BTreeSet;
use std::sync::Arc;

/// The names of suspended tenants.
#[derive(Debug, Default)]
pub struct Suspended(ArcSwap<BTreeSet<Arc<str>>>);

impl Suspended {
    /// Adds a tenant. Says whether it was not there.
    pub fn add(&self, tenant: &Arc<str>) -> bool {
        let before = self.0.rcu(|names| {
            let mut names = BTreeSet::clone(names);
            names.insert(Arc::clone(tenant));
            names
        });
        !before.contains(tenant)
    }

    /// Takes a tenant out. Says whether it was there.
    pub fn remove(&self, tenant: &str) -> bool {
        let before = self.0.rcu(|names| {
            let mut names = BTreeSet::clone(names);
            names.remove(tenant);
            names
        });
        before.contains(tenant)
    }

    /// Whether a tenant is suspended.
    #[must_use]
    pub fn contains(&self, tenant: &str) -> bool {
        self.0.load().contains(tenant)
    }
}
