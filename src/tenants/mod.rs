//! Who may log in, how each proves it, and what each tenant's sessions share: a rate, a number of places, a share of the pool.
//! It does not speak the protocol: `proxy` does.

use crate::config::{Plan, Settings, User};
use crate::limits::{Pace, Places, Rate, Share};
use crate::policy::Identity;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use pgwire::api::auth::sasl::scram::ScramSecret;
use ring::hmac;
use ring::rand::SystemRandom;
use std::collections::{BTreeMap, HashMap};
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

/// What a verifier begins with (PostgreSQL's `pg_authid.rolpassword`).
const SCHEME: &str = "SCRAM-SHA-256$";
/// Iterations of the verifiers made here, and of the one that unknown users are shown.
const ITERATIONS: usize = 4096;

/// Why the users cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Trouble {
    /// A verifier is not well formed.
    #[error("the SCRAM verifier of user {0:?} cannot be read")]
    Verifier(Arc<str>),
    /// The system has no random numbers.
    #[error("the system gives no random numbers")]
    Random,
}

/// A user that may log in.
#[derive(Debug)]
pub struct Login {
    /// Who it is once it has proved it.
    pub identity: Arc<Identity>,
    /// What the sessions of its tenant share.
    pub budget: Arc<Budget>,
    verifier: Verifier,
}

/// What the sessions of one tenant share.
#[derive(Debug)]
pub struct Budget {
    /// Statements per second.
    pub rate: Option<Arc<Rate>>,
    /// Client connections.
    pub places: Option<Arc<Places>>,
    /// Server connections.
    pub share: Arc<Share>,
    /// Bytes of results.
    pub pace: Option<Arc<Pace>>,
    /// How long statements and transactions may take.
    pub times: Times,
    plan: Plan,
}

/// How long what a session does may take; what is `None` may take as long as it will.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Times {
    /// The server, for what one cycle of messages asks.
    pub statement: Option<Duration>,
    /// A transaction.
    pub transaction: Option<Duration>,
    /// A transaction in which nothing happens.
    pub idle: Option<Duration>,
}

impl Budget {
    /// A budget by a plan. A tenant keeps its share whatever becomes of its plan: what its sessions hold is held by it.
    fn new(plan: Plan, kept: Option<&Arc<Share>>) -> Self {
        let weight = plan.weight.unwrap_or(1);
        let share = kept.map_or_else(|| Share::new(weight), Arc::clone);
        share.set_weight(weight);
        share.set_most(plan.max_transactions);
        let rate = plan.queries_per_second.and_then(NonZeroU32::new);
        let burst = plan.burst.and_then(NonZeroU32::new);
        let times = Times {
            statement: plan.statement_timeout,
            transaction: plan.transaction_timeout,
            idle: plan.idle_transaction_timeout,
        };
        Self {
            rate: rate.map(|r| Arc::new(Rate::new(r, burst))),
            places: plan.max_connections.map(Places::new),
            share,
            pace: plan.bytes_per_second.map(|n| Arc::new(Pace::new(n))),
            times,
            plan,
        }
    }
}

#[derive(Clone)]
struct Verifier {
    salt: Vec<u8>,
    iterations: usize,
    stored_key: Vec<u8>,
    server_key: Vec<u8>,
}

impl std::fmt::Debug for Verifier {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Verifier(***)")
    }
}

impl Verifier {
    /// `SCRAM-SHA-256$<iterations>:<salt>$<stored key>:<server key>`
    fn parse(text: &str) -> Option<Self> {
        let (head, keys) = text.strip_prefix(SCHEME)?.split_once('$')?;
        let (iterations, salt) = head.split_once(':')?;
        let (stored, server) = keys.split_once(':')?;
        let decode = |s: &str| STANDARD.decode(s).ok();
        let verifier = Self {
            salt: decode(salt)?,
            iterations: iterations.parse().ok()?,
            stored_key: decode(stored)?,
            server_key: decode(server)?,
        };
        let right = verifier.stored_key.len() == 32 && verifier.server_key.len() == 32 && verifier.iterations > 0;
        right.then_some(verifier)
    }

    fn secret(&self) -> ScramSecret {
        ScramSecret::Verifier {
            salt: self.salt.clone(),
            iterations: self.iterations,
            stored_key: self.stored_key.clone(),
            server_key: self.server_key.clone(),
        }
    }
}

/// Whose a share of the pool is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Holder<'a> {
    Tenant(&'a str),
    Bypass(&'a str),
}

fn holder(identity: &Identity) -> Holder<'_> {
    identity.tenant.as_ref().map_or(Holder::Bypass(&identity.user), |tenant| Holder::Tenant(&tenant.name))
}

/// Every user of one configuration.
#[derive(Debug)]
pub struct Registry {
    logins: HashMap<Arc<str>, Arc<Login>>,
    /// Makes up the salts of users that do not exist: the same for the same name, unguessable without it.
    mock: hmac::Key,
}

impl Registry {
    /// The users of the settings. A plain password becomes a verifier here, which takes about a millisecond each.
    /// Tenants that `previous` knew under the same plan keep their budgets; a user who bypasses has one of its own.
    ///
    /// # Errors
    /// [`Trouble`] when a verifier is malformed.
    pub fn new(settings: &Settings, previous: Option<&Self>) -> Result<Self, Trouble> {
        let mut budgets: HashMap<Arc<str>, Arc<Budget>> = HashMap::new();
        let known = previous.into_iter().flat_map(|p| p.logins.values());
        let shares: HashMap<Holder<'_>, &Arc<Share>> = known.map(|l| (holder(&l.identity), &l.budget.share)).collect();
        let mut logins = HashMap::new();
        for (name, user) in &settings.users {
            let name: Arc<str> = name.as_str().into();
            let kept = previous.and_then(|p| p.logins.get(&name));
            let verifier = verifier(&name, user)?;
            let budget = match &user.identity.tenant {
                Some(tenant) => {
                    let entry = budgets.entry(Arc::clone(&tenant.name)).or_insert_with(|| {
                        let plan = tenant.plan.as_deref().and_then(|p| settings.plans.get(p)).cloned().unwrap_or_default();
                        let same = kept.filter(|k| k.identity.tenant.as_ref() == Some(tenant) && k.budget.plan == plan);
                        let share = shares.get(&Holder::Tenant(&tenant.name)).copied();
                        same.map_or_else(|| Arc::new(Budget::new(plan, share)), |k| Arc::clone(&k.budget))
                    });
                    Arc::clone(entry)
                }
                None => Arc::new(Budget::new(Plan::default(), shares.get(&Holder::Bypass(&name)).copied())),
            };
            logins.insert(name, Arc::new(Login { identity: Arc::new(user.identity.clone()), budget, verifier }));
        }
        let mock = match previous {
            Some(previous) => previous.mock.clone(),
            None => hmac::Key::generate(hmac::HMAC_SHA256, &SystemRandom::new()).map_err(|_| Trouble::Random)?,
        };
        Ok(Self { logins, mock })
    }

    /// The user of this name.
    #[must_use]
    pub fn find(&self, user: &str) -> Option<&Arc<Login>> {
        self.logins.get(user)
    }

    /// The share of each tenant that holds server connections or waits for one, by its name.
    #[must_use]
    pub fn busy_shares(&self) -> BTreeMap<&str, &Arc<Share>> {
        let tenants = self.logins.values().filter_map(|l| l.identity.tenant.as_ref().map(|t| (&*t.name, &l.budget.share)));
        tenants.filter(|(_, share)| share.held() + share.waiting() > 0).collect()
    }

    /// What to run the SCRAM exchange with: for a user that does not exist, something that looks the same and that nobody can satisfy.
    #[must_use]
    pub fn secret(&self, user: &str) -> ScramSecret {
        if let Some(login) = self.logins.get(user) {
            return login.verifier.secret();
        }
        let part = |label: &str| {
            let mut context = hmac::Context::with_key(&self.mock);
            context.update(label.as_bytes());
            context.update(&[0]);
            context.update(user.as_bytes());
            context.sign().as_ref().to_vec()
        };
        let mut salt = part("salt");
        salt.truncate(16);
        Verifier { salt, iterations: ITERATIONS, stored_key: part("stored"), server_key: part("server") }.secret()
    }
}

fn verifier(name: &Arc<str>, user: &User) -> Result<Verifier, Trouble> {
    let text = user.password.expose();
    let made;
    let text = if text.starts_with(SCHEME) {
        text
    } else {
        made = postgres_protocol::password::scram_sha_256(text.as_bytes());
        &made
    };
    Verifier::parse(text).ok_or_else(|| Trouble::Verifier(Arc::clone(name)))
}
