//! Keeps what tenants use: counted here, added up in the registry, where there is one; and has measured what their rows take.
//! It refuses nothing: the meters do.

use super::Shared;
use crate::alerts::Occurrence;
use crate::audit::{Event, Kind};
use crate::http::metrics::QuotaFigure;
use crate::limits::{Account, Day, Days, Line, Meter, Quota, Standing, Stock, Subject};
use crate::policy::{Compared, Policy};
use crate::tenants::{Budget, Registry, Totals};
use crate::upstream::{Trouble, storage};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant, SystemTime};

/// How often it is looked at what was used where there is no registry, and whether storage is to be measured.
const LOOK: Duration = Duration::from_secs(1);
/// So often what the registry has of a month before today is read: it changes only when a proxy was late.
const HOUR: u64 = 3600;

/// Each tenant's meter and account, by its name.
type Accounts = BTreeMap<Arc<str>, (Arc<Meter>, Account)>;

/// The accounts of all tenants.
#[derive(Debug, Default)]
pub(super) struct Usage {
    accounts: Mutex<Accounts>,
    stored: Mutex<Stored>,
    /// What was used could not be kept the last time.
    away: AtomicBool,
    /// The hour, counted from 1970, in which all of the month was read.
    read: AtomicU64,
}

/// What tenants' rows take.
#[derive(Debug, Default)]
struct Stored {
    /// Of each table, by its OID, as it was last measured.
    tables: BTreeMap<u32, Vec<(Arc<str>, u64)>>,
    /// Of all tables.
    sums: BTreeMap<Arc<str>, u64>,
    /// When it is measured next, since the start of the proxy.
    next: Duration,
}

/// How a tenant stands.
pub(super) struct Health {
    pub(super) lines: Vec<Line>,
    pub(super) words: &'static str,
}

fn now() -> Duration {
    SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default()
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Usage {
    /// Takes what the meters have counted. Says what is to be kept.
    fn turn(&self, registry: &Registry, today: Day) -> Vec<(Arc<str>, Days)> {
        let (mut accounts, budgets) = (locked(&self.accounts), registry.budgets());
        for (name, budget) in &budgets {
            let entry = accounts.entry(Arc::from(*name)).or_insert_with(|| {
                // What it had used before is not known yet.
                self.read.store(0, Ordering::Relaxed);
                (Arc::clone(&budget.meter), Account::default())
            });
            if !Arc::ptr_eq(&entry.0, &budget.meter) {
                entry.1.turn(&entry.0, today);
                entry.1.renew();
                entry.0 = Arc::clone(&budget.meter);
            }
        }
        for (meter, account) in accounts.values_mut() {
            account.turn(meter, today);
        }
        accounts.retain(|name, (_, account)| budgets.contains_key(&**name) || !account.pending().is_empty());
        let pending = accounts.iter().filter(|(_, (_, account))| !account.pending().is_empty());
        pending.map(|(name, (_, account))| (Arc::clone(name), account.pending().clone())).collect()
    }

    /// Takes over what is kept by now, of the month before today too if `month` says so; says to the meters where they stop, and what is new.
    fn settle(&self, shared: &Shared, totals: Option<&Totals>, month: bool, moment: Duration) -> Vec<(Arc<str>, Line)> {
        let (mut accounts, registry, stored) = (locked(&self.accounts), shared.registry.load(), locked(&self.stored));
        let (budgets, users, mut news) = (registry.budgets(), registry.users(), Vec::new());
        for (name, (meter, account)) in accounts.iter_mut() {
            if let Some(totals) = totals {
                let (day, before) = totals.get(&**name).copied().unwrap_or_default();
                account.keep(day, month.then_some(before));
            }
            let Some(budget) = budgets.get(&**name) else { continue };
            if let Some(bytes) = stored.sums.get(name) {
                account.hold(Stock::Storage, *bytes);
            }
            account.hold(Stock::Users, users.get(&**name).copied().unwrap_or(0));
            account.hold(Stock::Connections, u64::try_from(budget.places.taken()).unwrap_or(u64::MAX));
            let left = |day: Day| day.begins().saturating_sub(moment);
            account.bind(meter, &budget.plan.quota, shared.start.elapsed(), stored.next, left);
            news.extend(account.news(meter, &budget.plan.quota).into_iter().map(|line| (Arc::clone(name), line)));
        }
        news
    }

    /// Of whom a statement found no server connection since the turn before the last.
    fn failing(&self) -> Vec<Arc<str>> {
        locked(&self.accounts).iter().filter(|(_, (_, account))| account.failing).map(|(name, _)| Arc::clone(name)).collect()
    }

    /// How a tenant stands with its quotas.
    pub(super) fn health(&self, tenant: &str, budget: Option<&Arc<Budget>>) -> Health {
        let accounts = locked(&self.accounts);
        let none = Quota::default();
        let quota = budget.map_or(&none, |b| &b.plan.quota);
        let Some((meter, account)) = accounts.get(tenant) else { return Health { lines: Vec::new(), words: "ok" } };
        let lines: Vec<Line> = account.lines(meter, quota).collect();
        let standing = lines.iter().map(|l| l.standing).max().unwrap_or_default();
        let counted = quota.limits.keys().any(|subject| matches!(subject, Subject::Used(_, _)));
        let away = counted && self.away.load(Ordering::Relaxed);
        let words = if account.failing || away { "failing" } else { standing.as_str() };
        Health { lines, words }
    }
}

/// What is exported of a quota.
pub(super) fn figure(line: &Line) -> Option<QuotaFigure> {
    Some(QuotaFigure { quota: line.subject.to_string(), used: line.used, limit: line.limit? })
}

/// Takes what was used, keeps it, and says to the meters where they stop.
pub(super) async fn tick(shared: &Shared) {
    let (moment, usage) = (now(), &shared.usage);
    let (today, hour) = (Day::of(moment), moment.as_secs() / HOUR);
    let pending = usage.turn(&shared.registry.load(), today);
    let month = usage.read.load(Ordering::Relaxed) != hour;
    let totals = match &shared.directory {
        Some(directory) => match directory.store().add_usage(&pending, today, month).await {
            Ok(totals) => {
                usage.away.store(false, Ordering::Relaxed);
                usage.read.store(hour, Ordering::Relaxed);
                Some(totals)
            }
            Err(trouble) => {
                if !usage.away.swap(true, Ordering::Relaxed) {
                    let why = super::reasons(&trouble);
                    tracing::error!("what tenants use cannot be kept (`pgmoat init` makes the place for it): {why}");
                }
                None
            }
        },
        None => None,
    };
    let failing = usage.failing();
    if let (Some(directory), false) = (&shared.directory, failing.is_empty() || totals.is_none())
        && let Err(trouble) = directory.store().keep_failing(&failing, today).await
    {
        tracing::warn!(%trouble, "that tenants' statements fail could not be kept");
    }
    for (tenant, line) in usage.settle(shared, totals.as_ref(), month, moment) {
        record(shared, tenant, &line).await;
    }
}

async fn record(shared: &Shared, tenant: Arc<str>, line: &Line) {
    let what = if line.standing == Standing::Over { "is used up" } else { "is nearly used up" };
    let message = format!("{} {what}: {} of {}", line.subject, line.used, line.limit.unwrap_or(0));
    tracing::warn!(%tenant, "the quota {message}");
    shared.audit.occurred(Occurrence::QuotaNear, Some(&tenant));
    let event = Event { tenant: Some(tenant), message: Some(message), ..Event::new(Kind::Quota) };
    if let Err(trouble) = shared.audit.record(event).await {
        shared.metrics.audit_failed.inc();
        tracing::error!(%trouble, "a quota that is used up could not be recorded");
    }
}

/// What was used and stored before the proxy began.
pub(super) async fn recall(shared: &Shared) {
    if let Some(directory) = &shared.directory {
        match directory.store().held(Stock::Storage, Day::of(now())).await {
            Ok(sums) => locked(&shared.usage.stored).sums = sums,
            // The first tick says so.
            Err(trouble) => tracing::debug!(%trouble, "what tenants stored is not known"),
        }
    }
    tick(shared).await;
}

/// Ticks for as long as the proxy runs, and as a day begins.
pub(super) async fn watch(shared: Arc<Shared>) {
    let pause = shared.directory.as_ref().map_or(LOOK, super::lifecycle::Directory::flush);
    loop {
        let moment = now();
        let midnight = Day::of(moment).next().begins().saturating_sub(moment);
        tokio::time::sleep(pause.min(midnight)).await;
        tick(&shared).await;
    }
}

/// Has storage measured again and again, as soon and as long as a quota limits it.
pub(super) async fn survey(shared: Arc<Shared>) {
    let mut failing = false;
    let mut last: Option<Instant> = None;
    loop {
        let every = shared.settings.load().upstream.storage_poll;
        let limits = |budget: &&Arc<Budget>| budget.plan.quota.limits.contains_key(&Subject::Held(Stock::Storage));
        let wanted = !every.is_zero() && shared.registry.load().budgets().values().any(limits);
        // A pause promises that no connection is left.
        if wanted && !shared.pool.is_paused() && last.is_none_or(|last| last.elapsed() >= every) {
            let measured = measure(&shared).await;
            last = Some(Instant::now());
            locked(&shared.usage.stored).next = shared.start.elapsed().saturating_add(every);
            match &measured {
                Ok(0) => {}
                Ok(missed) => {
                    tracing::warn!("the storage of {missed} tables could not be measured: what was known of them stays")
                }
                Err(trouble) if !failing => tracing::error!(%trouble, "what tenants store cannot be measured"),
                Err(_) => {}
            }
            failing = measured.is_err();
        }
        tokio::time::sleep(if every.is_zero() { LOOK } else { LOOK.min(every) }).await;
    }
}

/// Measures what tenants' rows take, and keeps it. Says how many tables could not be measured.
async fn measure(shared: &Shared) -> Result<usize, Trouble> {
    let rewriter = Arc::clone(shared.rewriters.load().plain());
    let tables = storage::tables(rewriter.catalog(), rewriter.policy());
    let owners = owners(rewriter.policy(), &shared.registry.load());
    let tell = |table: &storage::Table, found: storage::Owners| {
        let of = |(value, bytes): (String, u64)| Some((Arc::clone(owners.get(&table.slot)?.get(&value)?), bytes));
        locked(&shared.usage.stored).tables.insert(table.oid, found.into_iter().filter_map(of).collect());
    };
    let missed = storage::measure(shared.pool.dialler(), &tables, tell).await?;
    let sums = {
        let there: BTreeSet<u32> = tables.iter().map(|table| table.oid).collect();
        let mut stored = locked(&shared.usage.stored);
        let Stored { tables, sums, next: _ } = &mut *stored;
        tables.retain(|oid, _| there.contains(oid));
        // Who has no rows left is known too.
        *sums = owners.values().flat_map(HashMap::values).map(|tenant| (Arc::clone(tenant), 0)).collect();
        for (tenant, bytes) in tables.values().flatten() {
            *sums.entry(Arc::clone(tenant)).or_default() += bytes;
        }
        sums.clone()
    };
    if let Some(directory) = &shared.directory
        && let Err(trouble) = directory.store().keep_held(Stock::Storage, &sums, Day::of(now())).await
    {
        tracing::warn!(%trouble, "what tenants store could not be kept");
    }
    Ok(missed)
}

/// By each slot that a tenant's attribute is compared in, its values and whose they are.
fn owners(policy: &Policy, registry: &Registry) -> BTreeMap<usize, HashMap<String, Arc<str>>> {
    let mut owners = BTreeMap::new();
    for (n, slot) in policy.slots().iter().enumerate() {
        let Compared::Attribute(attribute) = &slot.of else { continue };
        let value = |tenant: &crate::policy::Tenant| slot.kind.canonical(tenant.attributes.get(attribute)?);
        let values = registry.tenants().filter_map(|tenant| Some((value(tenant)?, Arc::clone(&tenant.name)))).collect();
        owners.insert(n, values);
    }
    owners
}
