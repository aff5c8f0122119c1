//! Keeps what tenants use: counted here, added up in the registry, where there is one. It refuses nothing: the meters do.

use super::Shared;
use crate::alerts::Occurrence;
use crate::audit::{Event, Kind};
use crate::limits::{Account, Day, Days, Line, Meter, Quota, Standing};
use crate::tenants::{Budget, Registry};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

/// How often it is looked at what was used where there is no registry.
const LOOK: Duration = Duration::from_secs(1);

/// Each tenant's meter and account, by its name.
type Accounts = BTreeMap<Arc<str>, (Arc<Meter>, Account)>;

/// The accounts of all tenants.
#[derive(Debug, Default)]
pub(super) struct Usage {
    accounts: Mutex<Accounts>,
    /// What was used could not be kept the last time.
    away: std::sync::atomic::AtomicBool,
}

/// How a tenant stands.
pub(super) struct Health {
    pub(super) lines: Vec<Line>,
    pub(super) words: &'static str,
}

fn now() -> Duration {
    SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default()
}

impl Usage {
    fn accounts(&self) -> MutexGuard<'_, Accounts> {
        self.accounts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes what the meters have counted. Says what is to be kept.
    fn turn(&self, registry: &Registry, today: Day) -> Vec<(Arc<str>, Days)> {
        let (mut accounts, budgets) = (self.accounts(), registry.budgets());
        for (name, budget) in &budgets {
            let entry = accounts.entry(Arc::from(*name)).or_insert_with(|| (Arc::clone(&budget.meter), Account::default()));
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

    /// How a tenant stands with its quotas.
    pub(super) fn health(&self, tenant: &str, budget: Option<&Arc<Budget>>) -> Health {
        let accounts = self.accounts();
        let none = Quota::default();
        let quota = budget.map_or(&none, |b| &b.plan.quota);
        let Some((meter, account)) = accounts.get(tenant) else { return Health { lines: Vec::new(), words: "ok" } };
        let lines: Vec<Line> = account.lines(meter, quota).collect();
        let standing = lines.iter().map(|l| l.standing).max().unwrap_or_default();
        let limited = !quota.limits.is_empty();
        let away = limited && self.away.load(std::sync::atomic::Ordering::Relaxed);
        let words = if account.failing || away { "failing" } else { standing.as_str() };
        Health { lines, words }
    }
}

/// Takes what was used, keeps it, and says to the meters where they stop.
pub(super) async fn tick(shared: &Shared) {
    let (moment, usage) = (now(), &shared.usage);
    let today = Day::of(moment);
    let pending = usage.turn(&shared.registry.load(), today);
    let totals = match &shared.directory {
        Some(directory) => match directory.store().add_usage(&pending, today).await {
            Ok(totals) => Some(totals),
            Err(trouble) => {
                if !usage.away.swap(true, std::sync::atomic::Ordering::Relaxed) {
                    let why = super::reasons(&trouble);
                    tracing::error!("what tenants use cannot be kept (`pgmoat init` makes the place for it): {why}");
                }
                None
            }
        },
        None => None,
    };
    let mut news = Vec::new();
    {
        let (mut accounts, registry) = (usage.accounts(), shared.registry.load());
        if totals.is_some() {
            usage.away.store(false, std::sync::atomic::Ordering::Relaxed);
        }
        let budgets = registry.budgets();
        for (name, (meter, account)) in accounts.iter_mut() {
            if let Some(totals) = &totals {
                let (day, month) = totals.get(&**name).copied().unwrap_or_default();
                account.keep(day, month);
            }
            let Some(budget) = budgets.get(&**name) else { continue };
            account.bind(meter, &budget.plan.quota, shared.start.elapsed(), |day| day.begins().saturating_sub(moment));
            news.extend(account.news(meter, &budget.plan.quota).into_iter().map(|line| (Arc::clone(name), line)));
        }
    }
    for (tenant, line) in news {
        record(shared, tenant, &line).await;
    }
}

async fn record(shared: &Shared, tenant: Arc<str>, line: &Line) {
    let what = if line.standing == Standing::Over { "is used up" } else { "is nearly used up" };
    let (metric, period, limit) = (line.metric.as_str(), line.period.as_str(), line.limit.unwrap_or(0));
    let message = format!("{metric}_per_{period} {what}: {} of {limit}", line.used);
    tracing::warn!(%tenant, "the quota {message}");
    shared.audit.occurred(Occurrence::QuotaNear, Some(&tenant));
    let event = Event { tenant: Some(tenant), message: Some(message), ..Event::new(Kind::Quota) };
    if let Err(trouble) = shared.audit.record(event).await {
        shared.metrics.audit_failed.inc();
        tracing::error!(%trouble, "a quota that is used up could not be recorded");
    }
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
