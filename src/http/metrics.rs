//! Every figure that pgmoat exports, as typed handles: one field, one metric. It does not know who counts.

use crate::error::Rule;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::Registry;
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

type Labels = [(&'static str, &'static str); 1];
type Tenants = Family<[(&'static str, String); 1], Gauge>;
type Quotas = Family<[(&'static str, String); 2], Gauge>;

/// So many tenants have figures of their own, the busiest; the others are one.
const TENANTS: usize = 20;
/// What the others are called: no tenant has such a name.
const OTHERS: &str = "(others)";

/// What [`Metrics::counts`] says, times in microseconds.
pub type Counts = [u64; 12];

/// How much of a quota a tenant has used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuotaFigure {
    /// Its name.
    pub quota: String,
    /// How much.
    pub used: u64,
    /// Of how much.
    pub limit: u64,
}

/// What a cache of plans has counted since it was made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CacheTotals {
    /// `cache_hits{kind="text"}`: the very text was known.
    pub text_hits: u64,
    /// `cache_hits{kind="shape"}`: the text was new, its shape known.
    pub shape_hits: u64,
    /// `cache_misses`: the statement was parsed and rewritten from scratch.
    pub misses: u64,
}

/// The metrics of one proxy. Names carry the prefix `pgmoat_`; counters end in `_total`.
#[derive(Debug)]
pub struct Metrics {
    registry: Registry,
    /// `requests`: statements that clients sent, refused ones included.
    pub requests: Counter,
    refusals: Family<Labels, Counter>,
    /// `crossings`: statements that named a value beside a tenant column that is not the tenant's own.
    pub crossings: Counter,
    /// `rewrite_seconds`: time from a statement's text to its plan or refusal.
    pub rewrite_seconds: Histogram,
    text_cache_hits: Counter,
    shape_cache_hits: Counter,
    cache_misses: Counter,
    last_cache: Mutex<CacheTotals>,
    /// `pool_size`: server connections that are open.
    pub pool_size: Gauge,
    /// `pool_idle`: server connections that wait for work.
    pub pool_idle: Gauge,
    /// `pool_active`: server connections that a client holds.
    pub pool_active: Gauge,
    /// `pool_waiting`: clients that wait for a server connection.
    pub pool_waiting: Gauge,
    /// `pool_wait_seconds`: how long clients waited that had to wait for a server connection.
    pub pool_wait_seconds: Histogram,
    /// `pool_failures`: server connections that could not be made.
    pub pool_failures: Counter,
    tenant_active: Tenants,
    tenant_waiting: Tenants,
    tenants: Family<Labels, Gauge>,
    quota_used: Quotas,
    quota_limit: Quotas,
    /// `assignments`: server connections that were lent to a client.
    pub assignments: Counter,
    /// `transactions`: transactions that ended.
    pub transactions: Counter,
    /// `received_bytes`: what clients sent.
    pub received_bytes: Counter,
    /// `sent_bytes`: what clients were sent.
    pub sent_bytes: Counter,
    /// `transaction_microseconds`: for so long clients held server connections.
    pub transaction_microseconds: Counter,
    /// `query_microseconds`: for so long the server worked on what clients asked.
    pub query_microseconds: Counter,
    /// `wait_microseconds`: for so long clients waited for a server connection.
    pub wait_microseconds: Counter,
    /// `client_parses`: Parse messages of clients.
    pub client_parses: Counter,
    /// `shared_reads`: cycles that were answered beside others on one server connection.
    pub shared_reads: Counter,
    /// `server_parses`: Parse messages to the server.
    pub server_parses: Counter,
    /// `binds`: Bind messages of clients.
    pub binds: Counter,
    /// `logins`: clients that logged in.
    pub logins: Counter,
    /// `clients`: clients that are connected.
    pub clients: Gauge,
    /// `logins_failed`: logins that were turned away.
    pub logins_failed: Counter,
    /// `logins_slowed`: logins that were turned away unheard, after too many failures.
    pub logins_slowed: Counter,
    /// `audit_records`: audit records that are durable.
    pub audit_records: Counter,
    /// `audit_failed`: audit records that could not be made durable.
    pub audit_failed: Counter,
    /// `audit_sinks_failing`: sinks that do not take their records.
    pub audit_sinks_failing: Gauge,
}

impl Default for Metrics {
    fn default() -> Self {
        Self::new()
    }
}

impl Metrics {
    /// All of them at zero.
    #[must_use]
    pub fn new() -> Self {
        let mut registry = Registry::with_prefix("pgmoat");
        let refusals = Family::<Labels, Counter>::default();
        for rule in Rule::ALL {
            // Touching it exports the zero: an alert on a rule must not wait for the first refusal.
            let _touched = refusals.get_or_create(&[("rule", rule.as_str())]);
        }
        let hits = Family::<Labels, Counter>::default();
        // 1 us, 2 us, ... 524 ms.
        let rewrite_seconds = Histogram::new(exponential_buckets(1e-6, 2.0, 20));
        registry.register("refusals", "Statements and messages refused, by rule", refusals.clone());
        registry.register("cache_hits", "Statements answered from a cache of plans, by kind of key", hits.clone());
        registry.register("rewrite_seconds", "Time from a statement's text to its plan or refusal", rewrite_seconds.clone());
        // 100 us, 400 us, ... 105 s.
        let pool_wait_seconds = Histogram::new(exponential_buckets(1e-4, 4.0, 11));
        let (tenant_active, tenant_waiting) = (Tenants::default(), Tenants::default());
        let help = "Time for which clients waited that had to wait for a server connection";
        registry.register("pool_wait_seconds", help, pool_wait_seconds.clone());
        registry.register("tenant_active", "Server connections that a tenant holds, of the busiest", tenant_active.clone());
        registry.register("tenant_waiting", "Clients of a tenant that wait for one, of the busiest", tenant_waiting.clone());
        let tenants = Family::<Labels, Gauge>::default();
        let (quota_used, quota_limit) = (Quotas::default(), Quotas::default());
        registry.register("tenants", "Tenants, by how they stand with their quotas", tenants.clone());
        registry.register("quota_used", "What tenants have used of quotas, of those nearest to them", quota_used.clone());
        registry.register("quota_limit", "The quotas of the same tenants", quota_limit.clone());
        let text_cache_hits = hits.get_or_create(&[("kind", "text")]).clone();
        let shape_cache_hits = hits.get_or_create(&[("kind", "shape")]).clone();
        Self {
            requests: counter(&mut registry, "requests", "Statements that clients sent"),
            refusals,
            crossings: counter(&mut registry, "crossings", "Statements that named another tenant's value"),
            rewrite_seconds,
            text_cache_hits,
            shape_cache_hits,
            cache_misses: counter(&mut registry, "cache_misses", "Statements parsed and rewritten from scratch"),
            last_cache: Mutex::default(),
            pool_size: gauge(&mut registry, "pool_size", "Server connections that are open"),
            pool_idle: gauge(&mut registry, "pool_idle", "Server connections that wait for work"),
            pool_active: gauge(&mut registry, "pool_active", "Server connections that a client holds"),
            pool_waiting: gauge(&mut registry, "pool_waiting", "Clients that wait for a server connection"),
            pool_wait_seconds,
            pool_failures: counter(&mut registry, "pool_failures", "Server connections that could not be made"),
            tenant_active,
            tenant_waiting,
            tenants,
            quota_used,
            quota_limit,
            assignments: counter(&mut registry, "assignments", "Server connections lent to a client"),
            transactions: counter(&mut registry, "transactions", "Transactions that ended"),
            received_bytes: counter(&mut registry, "received_bytes", "Bytes that clients sent"),
            sent_bytes: counter(&mut registry, "sent_bytes", "Bytes that clients were sent"),
            transaction_microseconds: counter(
                &mut registry,
                "transaction_microseconds",
                "Time for which clients held server connections",
            ),
            query_microseconds: counter(
                &mut registry,
                "query_microseconds",
                "Time for which the server worked on what clients asked",
            ),
            wait_microseconds: counter(
                &mut registry,
                "wait_microseconds",
                "Time for which clients waited for a server connection",
            ),
            client_parses: counter(&mut registry, "client_parses", "Parse messages of clients"),
            shared_reads: counter(&mut registry, "shared_reads", "Reads of one row that shared a server connection with others"),
            server_parses: counter(&mut registry, "server_parses", "Parse messages to the server"),
            binds: counter(&mut registry, "binds", "Bind messages of clients"),
            logins: counter(&mut registry, "logins", "Clients that logged in"),
            clients: gauge(&mut registry, "clients", "Clients that are connected"),
            logins_failed: counter(&mut registry, "logins_failed", "Logins that were turned away"),
            logins_slowed: counter(
                &mut registry,
                "logins_slowed",
                "Logins that were turned away unheard, after too many failures",
            ),
            audit_records: counter(&mut registry, "audit_records", "Audit records that are durable"),
            audit_failed: counter(&mut registry, "audit_failed", "Audit records that could not be made durable"),
            audit_sinks_failing: gauge(&mut registry, "audit_sinks_failing", "Sinks that do not take their audit records"),
            registry,
        }
    }

    /// `refusals{rule="..."}`: the counter of one rule.
    #[must_use]
    pub fn refusals(&self, rule: Rule) -> Counter {
        self.refusals.get_or_create(&[("rule", rule.as_str())]).clone()
    }

    /// What is counted of the traffic since the start: connections lent, transactions, statements, bytes received, bytes sent, the times
    /// of transactions, of queries and of waiting, Parse messages of clients and to the server, Bind messages, logins.
    #[must_use]
    pub fn counts(&self) -> Counts {
        [
            &self.assignments,
            &self.transactions,
            &self.requests,
            &self.received_bytes,
            &self.sent_bytes,
            &self.transaction_microseconds,
            &self.query_microseconds,
            &self.wait_microseconds,
            &self.client_parses,
            &self.server_parses,
            &self.binds,
            &self.logins,
        ]
        .map(Counter::get)
    }

    /// Takes over what the cache has counted by now. A cache that begins anew, as after a reload, counts on from what is shown.
    pub fn take_cache(&self, now: CacheTotals) {
        let mut last = self.last_cache.lock().unwrap_or_else(PoisonError::into_inner);
        let anew = now.text_hits < last.text_hits || now.shape_hits < last.shape_hits || now.misses < last.misses;
        let before = if anew { CacheTotals::default() } else { *last };
        self.text_cache_hits.inc_by(now.text_hits - before.text_hits);
        self.shape_cache_hits.inc_by(now.shape_hits - before.shape_hits);
        self.cache_misses.inc_by(now.misses - before.misses);
        *last = now;
    }

    /// Takes over what each tenant holds of the pool, and how many of its clients wait.
    pub fn take_tenants<'a>(&self, tenants: impl Iterator<Item = (&'a str, usize, usize)>) {
        let mut tenants: Vec<_> = tenants.collect();
        tenants.sort_by_key(|(_, held, waiting)| std::cmp::Reverse(held + waiting));
        let rest = tenants.split_off(TENANTS.min(tenants.len()));
        let sum = |all: (usize, usize), one: &(&str, usize, usize)| (all.0 + one.1, all.1 + one.2);
        let others = rest.iter().fold((0, 0), sum);
        self.tenant_active.clear();
        self.tenant_waiting.clear();
        for (name, held, waiting) in tenants.into_iter().chain([(OTHERS, others.0, others.1)]) {
            for (family, figure) in [(&self.tenant_active, held), (&self.tenant_waiting, waiting)] {
                family.get_or_create(&[("tenant", name.to_owned())]).set(i64::try_from(figure).unwrap_or(i64::MAX));
            }
        }
    }

    /// Takes over how each tenant stands with its quotas, in words, and what it has used of which.
    pub fn take_quotas<'a>(&self, tenants: impl Iterator<Item = (&'a str, &'static str, Vec<QuotaFigure>)>) {
        let (mut standing, mut limited) = (BTreeMap::<_, i64>::new(), Vec::new());
        for (name, health, figures) in tenants {
            *standing.entry(health).or_default() += 1;
            let most = figures.iter().map(|f| f.used as f64 / f.limit.max(1) as f64).fold(0.0, f64::max);
            if !figures.is_empty() {
                limited.push((most, name, figures));
            }
        }
        limited.sort_by(|a, b| b.0.total_cmp(&a.0));
        self.tenants.clear();
        for (health, n) in standing {
            self.tenants.get_or_create(&[("health", health)]).set(n);
        }
        self.quota_used.clear();
        self.quota_limit.clear();
        for (_, name, figures) in limited.into_iter().take(TENANTS) {
            for QuotaFigure { quota, used, limit } in figures {
                let labels = [("tenant", name.to_owned()), ("quota", quota)];
                for (family, figure) in [(&self.quota_used, used), (&self.quota_limit, limit)] {
                    family.get_or_create(&labels).set(i64::try_from(figure).unwrap_or(i64::MAX));
                }
            }
        }
    }

    /// The OpenMetrics text.
    ///
    /// # Errors
    /// Never in practice: a `String` takes what is written to it.
    pub fn encode(&self) -> Result<String, std::fmt::Error> {
        let mut text = String::new();
        encode(&mut text, &self.registry)?;
        Ok(text)
    }
}

fn counter(registry: &mut Registry, name: &str, help: &str) -> Counter {
    let metric = Counter::default();
    registry.register(name, help, metric.clone());
    metric
}

fn gauge(registry: &mut Registry, name: &str, help: &str) -> Gauge {
    let metric = Gauge::default();
    registry.register(name, help, metric.clone());
    metric
}
