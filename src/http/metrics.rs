//! Every figure that pgmoat exports, as typed handles: one field, one metric. It does not know who counts.

use crate::error::Rule;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::Registry;
use std::sync::{Mutex, PoisonError};

type Labels = [(&'static str, &'static str); 1];

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
    /// `clients`: clients that are connected.
    pub clients: Gauge,
    /// `logins_failed`: logins that were turned away.
    pub logins_failed: Counter,
    /// `audit_records`: audit records that are durable.
    pub audit_records: Counter,
    /// `audit_failed`: audit records that could not be made durable.
    pub audit_failed: Counter,
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
        let text_cache_hits = hits.get_or_create(&[("kind", "text")]).clone();
        let shape_cache_hits = hits.get_or_create(&[("kind", "shape")]).clone();
        Self {
            requests: counter(&mut registry, "requests", "Statements that clients sent"),
            refusals,
            rewrite_seconds,
            text_cache_hits,
            shape_cache_hits,
            cache_misses: counter(&mut registry, "cache_misses", "Statements parsed and rewritten from scratch"),
            last_cache: Mutex::default(),
            pool_size: gauge(&mut registry, "pool_size", "Server connections that are open"),
            pool_idle: gauge(&mut registry, "pool_idle", "Server connections that wait for work"),
            pool_active: gauge(&mut registry, "pool_active", "Server connections that a client holds"),
            pool_waiting: gauge(&mut registry, "pool_waiting", "Clients that wait for a server connection"),
            clients: gauge(&mut registry, "clients", "Clients that are connected"),
            logins_failed: counter(&mut registry, "logins_failed", "Logins that were turned away"),
            audit_records: counter(&mut registry, "audit_records", "Audit records that are durable"),
            audit_failed: counter(&mut registry, "audit_failed", "Audit records that could not be made durable"),
            registry,
        }
    }

    /// `refusals{rule="..."}`: the counter of one rule.
    #[must_use]
    pub fn refusals(&self, rule: Rule) -> Counter {
        self.refusals.get_or_create(&[("rule", rule.as_str())]).clone()
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
