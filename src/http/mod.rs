//! Health, readiness and metrics over HTTP. It does not measure: the rooms count into [`metrics::Metrics`], this one shows it.

pub mod metrics;

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use metrics::Metrics;
use std::collections::BTreeMap;
use std::future::Future;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;
use tokio::net::TcpListener;

/// What `/readyz` asks; the shell keeps it up to date. A fresh one is not ready.
#[derive(Debug, Default)]
pub struct Readiness {
    catalog: AtomicBool,
    server: AtomicBool,
    draining: AtomicBool,
    /// Since when the registry's database is away.
    registry_away: Mutex<Option<SystemTime>>,
    /// The sinks of the audit log that fail, and since when.
    sinks: Mutex<BTreeMap<&'static str, SystemTime>>,
}

impl Readiness {
    /// Says whether a catalog snapshot is loaded.
    pub fn set_catalog(&self, loaded: bool) {
        self.catalog.store(loaded, Ordering::Relaxed);
    }

    /// Says whether the last try to reach the server worked.
    pub fn set_server(&self, reachable: bool) {
        self.server.store(reachable, Ordering::Relaxed);
    }

    /// Says that the registry's database is away. Says whether that is new.
    pub fn registry_away(&self, now: SystemTime) -> bool {
        let mut away = self.registry_away.lock().unwrap_or_else(PoisonError::into_inner);
        let new = away.is_none();
        away.get_or_insert(now);
        new
    }

    /// Says that the registry's database answers.
    pub fn registry_back(&self) {
        *self.registry_away.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// What is not as it should be, though the proxy serves: lines.
    #[must_use]
    pub fn concern(&self) -> Option<String> {
        let registry = *self.registry_away.lock().unwrap_or_else(PoisonError::into_inner);
        let registry = registry.map(|since| format!("registry: stale since {}\n", humantime::format_rfc3339_seconds(since)));
        let sinks = self.sinks.lock().unwrap_or_else(PoisonError::into_inner);
        let sink = |(name, since): (&&str, &SystemTime)| {
            format!("audit: {name} degraded, records wait since {}\n", humantime::format_rfc3339_seconds(*since))
        };
        let all: String = registry.into_iter().chain(sinks.iter().map(sink)).collect();
        (!all.is_empty()).then_some(all)
    }

    /// Says that a sink of the audit log does not take its records.
    pub fn sink_fails(&self, name: &'static str, now: SystemTime) {
        self.sinks.lock().unwrap_or_else(PoisonError::into_inner).entry(name).or_insert(now);
    }

    /// Says that a sink of the audit log takes its records again.
    pub fn sink_works(&self, name: &'static str) {
        self.sinks.lock().unwrap_or_else(PoisonError::into_inner).remove(name);
    }

    /// Says that the proxy is shutting down; there is no way back.
    pub fn drain(&self) {
        self.draining.store(true, Ordering::Relaxed);
    }

    /// Why the proxy is not ready, or `Ok`.
    ///
    /// # Errors
    /// The first reason, one sentence.
    pub fn check(&self) -> Result<(), &'static str> {
        if self.draining.load(Ordering::Relaxed) {
            Err("shutting down")
        } else if !self.catalog.load(Ordering::Relaxed) {
            Err("the catalog is not loaded")
        } else if !self.server.load(Ordering::Relaxed) {
            Err("the PostgreSQL server cannot be reached")
        } else {
            Ok(())
        }
    }
}

#[derive(Clone)]
struct Shown {
    metrics: Arc<Metrics>,
    readiness: Arc<Readiness>,
    refresh: Refresh,
}

/// Brings up to date what is not counted as it happens; called before metrics are shown.
pub type Refresh = Arc<dyn Fn(&Metrics) + Send + Sync>;

/// Serves until `shutdown` ends.
///
/// # Errors
/// What the listener's `accept` says.
pub async fn serve(
    listener: TcpListener,
    metrics: Arc<Metrics>,
    readiness: Arc<Readiness>,
    refresh: Refresh,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    axum::serve(listener, router(Shown { metrics, readiness, refresh })).with_graceful_shutdown(shutdown).await
}

fn router(shown: Shown) -> Router {
    Router::new()
        .route("/", get(index))
        .route("/healthz", get(|| async { "ok\n" }))
        .route("/readyz", get(ready))
        .route("/metrics", get(exposition))
        .with_state(shown)
}

async fn index() -> Html<&'static str> {
    Html(
        "<!doctype html><title>pgmoat</title><h1>pgmoat</h1><ul><li><a href=/metrics>/metrics</a><li><a href=/healthz>/healthz</a>\
         <li><a href=/readyz>/readyz</a></ul>",
    )
}

async fn ready(State(shown): State<Shown>) -> (StatusCode, String) {
    match shown.readiness.check() {
        Ok(()) => (StatusCode::OK, format!("ready\n{}", shown.readiness.concern().unwrap_or_default())),
        Err(reason) => (StatusCode::SERVICE_UNAVAILABLE, format!("{reason}\n")),
    }
}

async fn exposition(State(shown): State<Shown>) -> Response {
    (shown.refresh)(&shown.metrics);
    match shown.metrics.encode() {
        Ok(text) => {
            ([(header::CONTENT_TYPE, "application/openmetrics-text; version=1.0.0; charset=utf-8")], text).into_response()
        }
        Err(e) => (StatusCode::INTERNAL_SERVER_ERROR, e.to_string()).into_response(),
    }
}
