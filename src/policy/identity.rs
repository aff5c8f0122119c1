//! Who speaks: a user, the tenant it belongs to, and the values by which the tenant's rows are known.
//! It does not authenticate anybody: `proxy` does, and builds these values once per login.

use std::collections::BTreeMap;
use std::sync::Arc;

/// An authenticated identity. It is fixed for the life of a session.
#[derive(Clone, Debug)]
pub struct Identity {
    /// The user's name.
    pub user: Arc<str>,
    /// The tenant whose rows it reaches; `None` for a bypass user, and for one that is let into the console only.
    pub tenant: Option<Arc<Tenant>>,
    /// The nodes that it is limited to, by level, as text; of the levels that are not here it reaches all.
    pub nodes: BTreeMap<String, Vec<String>>,
    /// Whether statements pass unrewritten (each is audited).
    pub bypass: bool,
    /// Whether its login lets it say whose rows it is about.
    pub switches: bool,
    /// Its role, which takes away of what it reaches.
    pub role: Option<Arc<str>>,
}

impl Identity {
    /// Whether it reaches what the other does.
    #[must_use]
    pub fn reaches_as(&self, other: &Self) -> bool {
        let whose = |identity: &Self| identity.tenant.as_ref().map(|t| (Arc::clone(&t.name), t.attributes.clone()));
        whose(self) == whose(other)
            && self.nodes == other.nodes
            && self.bypass == other.bypass
            && self.switches == other.switches
            && self.role == other.role
    }
}

/// A tenant, as the configuration or the registry names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tenant {
    /// Its unique name.
    pub name: Arc<str>,
    /// What a table may compare its tenant column with: `id`, and whatever else is configured, as text.
    pub attributes: BTreeMap<String, String>,
    /// What else is said of it, a JSON object: `tenant_setting()` shows it.
    pub settings: Arc<str>,
    /// The name of its plan.
    pub plan: Option<Arc<str>>,
}
