//! Who may log in, how each proves it, and what each tenant's sessions share: a rate, a number of places, a share of the pool.
//! It does not speak the protocol: `proxy` does.

mod certificate;
mod change;
mod choice;
mod der;
pub mod jwt;
mod merge;
mod records;
mod role;
mod snapshot;
mod store;
mod suspended;
mod usage;

pub use certificate::is_called;
pub use change::{Author, Listing, NewCredential, NewTenant, Setting};
pub use choice::{Aim, Choice, Unsettled};
pub use role::{Miscast, castable};
pub use snapshot::{Change, Credential, Enrolled, Snapshot, Status};
pub use store::{Listener, Store, Trouble as StoreTrouble, VERSION, limits};
pub use suspended::Suspended;
pub use usage::Totals;

use crate::config::{CertificateName, Console, Owned, Plan, Settings};
use crate::limits::{Ceilings, Meter, Pace, Places, Rate, Share};
use crate::policy::{Identity, Role, Tenant};
use crate::upstream::pipeline::Pipeline;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use pgwire::api::auth::sasl::scram::ScramSecret;
use ring::hmac;
use ring::rand::SystemRandom;
use std::collections::{BTreeMap, HashMap};
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// What the names of tokens begin with, and no others.
pub const TOKEN: &str = "token-";
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
    /// Why it is not served, if it is not: told to who proves to be it.
    pub barred: Option<String>,
    /// What it may do in the console.
    pub console: Option<Console>,
    /// What it shows to prove who it is.
    pub proof: Proof,
    /// What its client certificate is called besides, if it needs one.
    pub certificate: Option<CertificateName>,
    owned: Owned,
    choice: Choice,
}

impl Login {
    /// The tenants that it may name; of a user whose token names one they are not known.
    #[must_use]
    pub fn tenants(&self) -> &[Arc<str>] {
        match &self.owned {
            Owned::These(names) => names,
            Owned::Any => &[],
        }
    }
}

/// What somebody shows to prove who it is.
#[derive(Clone, Debug)]
pub enum Proof {
    /// That it knows a password.
    Password(Verifier),
    /// A token that an issuer signed.
    Token,
    /// Its client certificate alone.
    Certificate,
}

/// What the sessions of one tenant share.
#[derive(Debug)]
pub struct Budget {
    /// Statements per second.
    pub rate: Option<Arc<Rate>>,
    /// Client connections.
    pub places: Arc<Places>,
    /// Server connections.
    pub share: Arc<Share>,
    /// Where its sessions' short reads meet on one server connection.
    pub pipeline: Arc<Pipeline>,
    /// Bytes of results.
    pub pace: Option<Arc<Pace>>,
    /// Rows of results.
    pub row_pace: Option<Arc<Pace>>,
    /// What is used of its quotas.
    pub meter: Arc<Meter>,
    /// What one statement may return.
    pub ceilings: Ceilings,
    /// How long statements and transactions may take.
    pub times: Times,
    /// What it is by: the tenant's plan with what is named for it alone, or what is named for a role.
    pub plan: Plan,
    /// Of a role: its tenant's.
    above: Option<Arc<Self>>,
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

impl Times {
    fn of(plan: &Plan) -> Self {
        Self { statement: plan.statement_timeout, transaction: plan.transaction_timeout, idle: plan.idle_transaction_timeout }
    }

    /// The shorter of both.
    fn within(self, other: Self) -> Self {
        let shorter = |one: Option<Duration>, other: Option<Duration>| one.into_iter().chain(other).min();
        Self {
            statement: shorter(self.statement, other.statement),
            transaction: shorter(self.transaction, other.transaction),
            idle: shorter(self.idle, other.idle),
        }
    }
}

impl Budget {
    /// A budget by a plan. A tenant keeps its share and its places whatever becomes of its plan: what its sessions hold is held by it.
    fn by(plan: Plan, kept: Option<&Arc<Self>>) -> Arc<Self> {
        if let Some(same) = kept.filter(|k| k.plan == plan) {
            return Arc::clone(same);
        }
        let weight = plan.weight.unwrap_or(1);
        let limit = plan.max_connections.unwrap_or(usize::MAX);
        let share = kept.map_or_else(|| Share::new(weight), |k| Arc::clone(&k.share));
        share.set_weight(weight);
        share.set_most(plan.max_transactions);
        let places = kept.map_or_else(|| Places::new(limit), |k| Arc::clone(&k.places));
        places.set_limit(limit);
        Arc::new(Self {
            rate: rate(&plan).map(Arc::new),
            places,
            share,
            pipeline: kept.map_or_else(Arc::default, |k| Arc::clone(&k.pipeline)),
            pace: plan.bytes_per_second.map(|n| Arc::new(Pace::new(n))),
            meter: kept.map_or_else(Arc::default, |k| Arc::clone(&k.meter)),
            row_pace: plan.rows_per_second.map(|n| Arc::new(Pace::new(n))),
            ceilings: Ceilings::new(plan.rows_per_statement, plan.bytes_per_statement),
            times: Times::of(&plan),
            plan,
            above: None,
        })
    }

    /// The budget of a tenant's users with a role: by the tenant's, and by what the role is limited to besides.
    fn narrowed(above: &Arc<Self>, limits: &Plan, kept: Option<&Arc<Self>>) -> Arc<Self> {
        let same = |kept: &&Arc<Self>| kept.plan == *limits && kept.above.as_ref().is_some_and(|a| Arc::ptr_eq(a, above));
        if let Some(same) = kept.filter(same) {
            return Arc::clone(same);
        }
        Arc::new(Self {
            rate: rate(limits).map(|own| Arc::new(own.within(above.rate.clone()))).or_else(|| above.rate.clone()),
            places: Arc::clone(&above.places),
            share: Arc::clone(&above.share),
            pipeline: Arc::clone(&above.pipeline),
            pace: above.pace.clone(),
            row_pace: above.row_pace.clone(),
            meter: Arc::clone(&above.meter),
            ceilings: Ceilings::new(limits.rows_per_statement, limits.bytes_per_statement).within(above.ceilings),
            times: Times::of(limits).within(above.times),
            plan: limits.clone(),
            above: Some(Arc::clone(above)),
        })
    }
}

/// The rate of a plan, if it has one.
fn rate(plan: &Plan) -> Option<Rate> {
    let burst = plan.burst.and_then(NonZeroU32::new);
    Some(Rate::new(plan.queries_per_second.and_then(NonZeroU32::new)?, burst, plan.rate_wait.unwrap_or_default()))
}

/// What is kept of a password (RFC 5802).
#[derive(Clone)]
pub struct Verifier {
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
    /// A user without a tenant.
    Itself(&'a str),
}

/// A tenant, whoever is in it.
#[derive(Debug)]
struct Home {
    tenant: Arc<Tenant>,
    budget: Arc<Budget>,
    /// Those of the roles that are limited besides.
    roles: BTreeMap<String, Arc<Budget>>,
    /// Why it is not served, if it is not.
    barred: Option<String>,
}

impl Home {
    /// The budget of somebody in it who has this role, or none.
    fn budget(&self, role: Option<&Arc<str>>) -> Arc<Budget> {
        Arc::clone(role.and_then(|role| self.roles.get(&**role)).unwrap_or(&self.budget))
    }
}

/// Every user of one configuration.
#[derive(Debug)]
pub struct Registry {
    logins: HashMap<Arc<str>, Arc<Login>>,
    homes: BTreeMap<Arc<str>, Home>,
    levels: Vec<String>,
    roles: BTreeMap<String, Role>,
    /// Makes up the salts of users that do not exist: the same for the same name, unguessable without it.
    mock: hmac::Key,
    left_out: Vec<String>,
    judged: Instant,
    snapshot: Option<Arc<Snapshot>>,
}

impl Registry {
    /// The users of the settings, and of the registry as it was last read, at the moment `now`. A plain password becomes a verifier here,
    /// which takes about a millisecond each. Tenants that `previous` knew keep what their sessions hold, and under the same plan all of
    /// their budgets; a user who bypasses has one of its own.
    ///
    /// # Errors
    /// [`Trouble`] when a verifier of the settings is malformed.
    pub fn new(
        settings: &Settings,
        enrolled: Option<Arc<Snapshot>>,
        now: Instant,
        previous: Option<&Self>,
    ) -> Result<Self, Trouble> {
        let snapshot = enrolled.as_deref();
        let kept = |whose: Holder<'_>| {
            let previous = previous?;
            match whose {
                Holder::Tenant(name) => previous.homes.get(name).map(|home| &home.budget),
                Holder::Itself(user) => previous.logins.get(user).filter(|l| l.identity.tenant.is_none()).map(|l| &l.budget),
            }
        };
        let merge::Members { members, tenants, left_out } = merge::members(settings, snapshot, now)?;
        let home = |(tenant, barred): (Arc<Tenant>, Option<String>)| {
            let plan = tenant.plan.as_deref().and_then(|p| settings.plans.get(p)).cloned().unwrap_or_default();
            let own = settings.limits.get(&*tenant.name).or_else(|| snapshot?.tenants.get(&*tenant.name)?.limits.as_ref().ok());
            let plan = own.map_or_else(|| plan.clone(), |own| plan.clone().with(own));
            let budget = Budget::by(plan, kept(Holder::Tenant(&tenant.name)));
            let before = previous.and_then(|p| p.homes.get(&tenant.name)).map(|home| &home.roles);
            let narrowed = |(role, limits): (&String, &Plan)| {
                (role.clone(), Budget::narrowed(&budget, limits, before.and_then(|roles| roles.get(role))))
            };
            let roles = settings.role_limits.iter().map(narrowed).collect();
            (Arc::clone(&tenant.name), Home { tenant, budget, roles, barred })
        };
        let homes: BTreeMap<Arc<str>, Home> = tenants.into_iter().map(home).collect();
        let login = |member: merge::Member| {
            let merge::Member { identity, proof, certificate, owned, barred, console } = member;
            let home = identity.tenant.as_ref().and_then(|tenant| homes.get(&tenant.name));
            let own = || Budget::by(Plan::default(), kept(Holder::Itself(&identity.user)));
            let budget = home.map_or_else(own, |home| home.budget(identity.role.as_ref()));
            let choice = Choice::default();
            let user = Arc::clone(&identity.user);
            (user, Arc::new(Login { identity: Arc::new(identity), budget, barred, console, proof, certificate, owned, choice }))
        };
        let logins = members.into_iter().map(login).collect();
        let levels = settings.tenancy.levels();
        let mock = match previous {
            Some(previous) => previous.mock.clone(),
            None => hmac::Key::generate(hmac::HMAC_SHA256, &SystemRandom::new()).map_err(|_| Trouble::Random)?,
        };
        let roles = settings.tenancy.roles.clone();
        Ok(Self { logins, homes, levels, roles, mock, left_out, judged: now, snapshot: enrolled })
    }

    /// The moment at which it was found out who is served.
    #[must_use]
    pub fn judged(&self) -> Instant {
        self.judged
    }

    /// What of the registry is not served, and why, or is the matter with it: one sentence each.
    #[must_use]
    pub fn left_out(&self) -> &[String] {
        &self.left_out
    }

    /// Whose time is over by now, and was not when `previous` was made, by what the registry says: the tenant of each, and one sentence.
    #[must_use]
    pub fn run_out(&self, previous: &Self, snapshot: &Snapshot) -> Vec<(Arc<str>, String)> {
        let served = |name: &str| previous.homes.get(name).is_some_and(|home| home.barred.is_none());
        let trials = snapshot.tenants.values().filter(|t| t.status == Status::Trial && served(&t.tenant.name));
        let trials = trials.filter_map(|t| Some((Arc::clone(&t.tenant.name), t.barred(self.judged)?)));
        let good = |name: &str| previous.logins.get(name).is_some_and(|login| login.barred.is_none());
        let tokens = snapshot.credentials.iter().filter(|c| !c.revoked && good(&c.name));
        trials.chain(tokens.filter_map(|c| Some((c.tenant.as_str().into(), c.barred(self.judged)?)))).collect()
    }

    /// Who logged in as `login` by now, or why its sessions cannot go on.
    ///
    /// # Errors
    /// One sentence.
    pub fn standing(&self, login: &Login) -> Result<Arc<Login>, String> {
        let user = &login.identity.user;
        let Some(now) = self.logins.get(user) else { return Err(format!("user \"{user}\" was removed")) };
        let changed = || format!("what user \"{user}\" may reach has changed: log in again");
        let now = self.settle(now, &login.choice).map_err(|_| changed())?;
        match &now.barred {
            Some(why) => Err(why.clone()),
            None if now.identity.reaches_as(&login.identity) => Ok(now),
            None => Err(changed()),
        }
    }

    /// The user of this name.
    #[must_use]
    pub fn find(&self, user: &str) -> Option<&Arc<Login>> {
        self.logins.get(user)
    }

    /// The share of each tenant that holds server connections or waits for one, by its name.
    #[must_use]
    pub fn busy_shares(&self) -> BTreeMap<&str, &Arc<Share>> {
        self.shares().into_iter().filter(|(_, share)| share.held() + share.waiting() > 0).collect()
    }

    /// Everybody who may log in, and those who are known and not served.
    pub fn logins(&self) -> impl Iterator<Item = &Arc<Login>> {
        self.logins.values()
    }

    /// The tenants.
    pub fn tenants(&self) -> impl Iterator<Item = &Arc<Tenant>> {
        self.homes.values().map(|home| &home.tenant)
    }

    /// How many users each tenant has, by its name: who may name several counts for each; tokens are none.
    #[must_use]
    pub fn users(&self) -> BTreeMap<&str, u64> {
        let mut users = BTreeMap::new();
        let named = self.logins.values().filter(|login| !login.identity.user.starts_with(TOKEN));
        for tenant in named.flat_map(|login| login.tenants()) {
            *users.entry(&**tenant).or_default() += 1;
        }
        users
    }

    /// What the registry's database said when these were judged; `None` without one.
    #[must_use]
    pub fn snapshot(&self) -> Option<&Snapshot> {
        self.snapshot.as_deref()
    }

    /// The budget of each tenant, by its name.
    #[must_use]
    pub fn budgets(&self) -> BTreeMap<&str, &Arc<Budget>> {
        self.homes.iter().map(|(name, home)| (&**name, &home.budget)).collect()
    }

    /// The share of each tenant, by its name.
    #[must_use]
    pub fn shares(&self) -> BTreeMap<&str, &Arc<Share>> {
        self.homes.iter().map(|(name, home)| (&**name, &home.budget.share)).collect()
    }

    /// What to run the SCRAM exchange with: for a user that does not exist, or has no password, something that looks the same and that nobody can satisfy.
    #[must_use]
    pub fn secret(&self, user: &str) -> ScramSecret {
        if let Some(Proof::Password(verifier)) = self.logins.get(user).map(|login| &login.proof) {
            return verifier.secret();
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

/// The verifier of a password, which may be one.
fn verifier(password: &str) -> Option<Verifier> {
    if password.starts_with(SCHEME) {
        return Verifier::parse(password);
    }
    Verifier::parse(&postgres_protocol::password::scram_sha_256(password.as_bytes()))
}
