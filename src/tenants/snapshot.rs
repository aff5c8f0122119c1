//! What the registry said when it was last read: tenants, their users and tokens, and until when each is served. It reads nothing itself.

use crate::config::{Plan, Secret};
use crate::policy::Tenant;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Where a tenant is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// On trial: served until the trial ends.
    Trial,
    /// Served.
    Active,
    /// Served, though it owes something.
    PastDue,
    /// Not served for now.
    Suspended,
    /// Not served any more.
    Archived,
}

impl Status {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Trial, Self::Active, Self::PastDue, Self::Suspended, Self::Archived];

    /// The name that the registry has for it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Trial => "trial",
            Self::Active => "active",
            Self::PastDue => "past_due",
            Self::Suspended => "suspended",
            Self::Archived => "archived",
        }
    }

    /// The status of this name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.as_str() == name)
    }
}

/// A tenant of the registry.
#[derive(Clone, Debug)]
pub struct Enrolled {
    /// Who it is.
    pub tenant: Arc<Tenant>,
    /// Where it is in its life.
    pub status: Status,
    /// When its trial ends; `None`: never.
    pub trial_ends: Option<Instant>,
    /// What applies to it instead of its plan, or why that cannot be read.
    pub limits: Result<Plan, String>,
}

impl Enrolled {
    /// Why it is not served at this moment, if it is not.
    #[must_use]
    pub fn barred(&self, now: Instant) -> Option<String> {
        let name = &self.tenant.name;
        match self.status {
            Status::Active | Status::PastDue => None,
            Status::Trial => {
                self.trial_ends.is_some_and(|end| end <= now).then(|| format!("the trial of tenant \"{name}\" has expired"))
            }
            Status::Suspended => Some(format!("tenant \"{name}\" is suspended")),
            Status::Archived => Some(format!("tenant \"{name}\" is archived")),
        }
    }
}

/// A user of a tenant, or a token: what logs in.
#[derive(Clone, Debug)]
pub struct Credential {
    /// What it logs in as.
    pub name: Arc<str>,
    /// Its tenant's name.
    pub tenant: String,
    /// A SCRAM verifier.
    pub verifier: Secret,
    /// The nodes that it is limited to, by level.
    pub nodes: BTreeMap<String, Vec<String>>,
    /// The name of its role, which the configuration may not have.
    pub role: Option<Arc<str>>,
    /// When it expires; `None`: never.
    pub expires: Option<Instant>,
    /// Whether it was revoked.
    pub revoked: bool,
}

impl Credential {
    /// Why it is not good at this moment, if it is not.
    #[must_use]
    pub fn barred(&self, now: Instant) -> Option<String> {
        if self.revoked {
            Some(format!("\"{}\" was revoked", self.name))
        } else {
            self.expires.is_some_and(|end| end <= now).then(|| format!("\"{}\" has expired", self.name))
        }
    }
}

/// A change that somebody made.
#[derive(Clone, Debug)]
pub struct Change {
    /// Its number: later changes have larger ones.
    pub number: i64,
    /// When it was made, RFC 3339 in UTC.
    pub at: String,
    /// Who made it.
    pub who: String,
    /// Why, as far as they said.
    pub why: Option<String>,
    /// What was done.
    pub verb: String,
    /// The tenant concerned; `None`: the registry itself.
    pub tenant: Option<String>,
    /// What it is now.
    pub detail: String,
}

/// Everything at one moment.
#[derive(Clone, Debug, Default)]
pub struct Snapshot {
    /// By name.
    pub tenants: BTreeMap<String, Enrolled>,
    /// Users and tokens.
    pub credentials: Vec<Credential>,
    /// The number of the last change.
    pub last: i64,
    /// The registry's version, where it is older than what this program makes: nobody in it has a role, and nothing in it can be changed.
    pub outdated: Option<i32>,
}

/// How far the same moment may seem to move from one reading to the next: clocks and network are not exact.
const SLACK: Duration = Duration::from_secs(1);

fn same_moment(a: Option<Instant>, b: Option<Instant>) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => a.max(b) - a.min(b) <= SLACK,
        (a, b) => a.is_none() && b.is_none(),
    }
}

impl Snapshot {
    /// Whether it says what the other does.
    #[must_use]
    pub fn is_like(&self, other: &Self) -> bool {
        let tenant = |(a, b): (&Enrolled, &Enrolled)| {
            a.tenant == b.tenant && a.limits == b.limits && a.status == b.status && same_moment(a.trial_ends, b.trial_ends)
        };
        let credential = |(a, b): (&Credential, &Credential)| {
            let same = a.name == b.name && a.tenant == b.tenant && a.verifier == b.verifier && a.nodes == b.nodes;
            same && a.role == b.role && a.revoked == b.revoked && same_moment(a.expires, b.expires)
        };
        self.last == other.last
            && self.tenants.len() == other.tenants.len()
            && self.credentials.len() == other.credentials.len()
            && self.tenants.values().zip(other.tenants.values()).all(tenant)
            && self.credentials.iter().zip(&other.credentials).all(credential)
    }

    /// When somebody is not served any more without a change, next after this moment.
    #[must_use]
    pub fn next_end(&self, after: Instant) -> Option<Instant> {
        let trials = self.tenants.values().filter(|t| t.status == Status::Trial).filter_map(|t| t.trial_ends);
        trials.chain(self.credentials.iter().filter_map(|c| c.expires)).filter(|end| *end > after).min()
    }
}
