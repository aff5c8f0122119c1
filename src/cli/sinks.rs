//! Starts what follows the audit file, and says loudly when one of them does not take its records. It writes none itself.

use crate::alerts::Occurrence;
use crate::audit::{AuditLog, Follower, Last, Line, Sink, SinkTrouble, Stdout, Syslog};
use crate::config::Settings;
use crate::http::Readiness;
use crate::http::metrics::Metrics;
use crate::tenants::{Store, StoreTrouble};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::SystemTime;

/// The table in the registry's database.
struct Table {
    store: Store,
    /// What this log is called there.
    log: String,
}

impl Sink for Table {
    fn name(&self) -> &'static str {
        "table"
    }

    async fn last(&mut self) -> Result<Last, SinkTrouble> {
        let last = self.store.last_record(&self.log).await.map_err(said)?;
        Ok(last.map_or(Last::None, |(sequence, text)| Last::Record(u64::try_from(sequence).unwrap_or(0), text)))
    }

    async fn deliver(&mut self, lines: &[Line]) -> Result<(), SinkTrouble> {
        let numbers: Vec<i64> = lines.iter().map(|line| i64::try_from(line.sequence).unwrap_or(i64::MAX)).collect();
        let records: Vec<&str> = lines.iter().map(|line| line.text.as_str()).collect();
        self.store.append(&self.log, &numbers, &records).await.map_err(said)
    }
}

/// With its reasons: what the database said stands in the last of them.
fn said(trouble: StoreTrouble) -> SinkTrouble {
    let mut text = trouble.to_string();
    let mut source = std::error::Error::source(&trouble);
    while let Some(reason) = source {
        text = format!("{text}: {reason}");
        source = reason.source();
    }
    SinkTrouble::Other(text)
}

/// Starts the sinks that the settings name.
///
/// # Errors
/// When the registry's certificates cannot be read.
pub(super) fn start(
    settings: &Settings,
    audit: &AuditLog,
    metrics: &Arc<Metrics>,
    readiness: &Arc<Readiness>,
) -> Result<Vec<Follower>, StoreTrouble> {
    let mut followers = Vec::new();
    if settings.audit.stdout {
        followers.push(audit.followed().start(Stdout::default(), report("stdout", audit, metrics, readiness)));
    }
    if let Some(address) = &settings.audit.syslog {
        followers.push(audit.followed().start(Syslog::new(address.clone()), report("syslog", audit, metrics, readiness)));
    }
    if let Some(registry) = settings.registry.as_ref().filter(|_| settings.audit.table) {
        let table = Table { store: Store::new(registry)?, log: settings.audit.name.clone() };
        followers.push(audit.followed().start(table, report("table", audit, metrics, readiness)));
    }
    Ok(followers)
}

/// Tells the log, `/readyz`, the metrics and the alerts.
fn report(
    name: &'static str,
    audit: &AuditLog,
    metrics: &Arc<Metrics>,
    readiness: &Arc<Readiness>,
) -> impl Fn(Option<&SinkTrouble>) + Send + 'static {
    let (alerts, metrics, readiness) = (audit.alerts(), Arc::clone(metrics), Arc::clone(readiness));
    let failing = AtomicBool::new(false);
    move |trouble| {
        let before = failing.swap(trouble.is_some(), Ordering::Relaxed);
        match trouble {
            Some(trouble) => {
                if let Some(alerts) = &alerts {
                    alerts.occurred(Occurrence::AuditFailing, None);
                }
                if !before {
                    metrics.audit_sinks_failing.inc();
                    readiness.sink_fails(name, SystemTime::now());
                    tracing::error!(sink = name, %trouble, "audit records do not arrive; they stay in the file and are sent when it works again");
                }
            }
            None if before => {
                metrics.audit_sinks_failing.dec();
                readiness.sink_works(name);
                tracing::info!(sink = name, "audit records arrive again, all of them");
            }
            None => {}
        }
    }
}
