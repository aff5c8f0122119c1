//! Sees to it that every change of the registry is in the audit log, once: those that are made while the proxy runs, and those that were made
//! while none did. It does not act on them: `lifecycle` does, and waits for none of this.
//!
//! How far a log has come stands in the log itself: each record names the last change on record. So a proxy that was killed goes on where its
//! log ends, several proxies keep a log each, and a log that knows of no change yet gets all that the registry has.

use super::Shared;
use crate::audit::{AuditTrouble, ChangeId, Event, Kind};
use crate::tenants::{Change, Store, StoreTrouble};
use std::sync::Arc;
use std::time::Duration;

/// First pause after a failure; it doubles up to the last.
const PAUSES: (Duration, Duration) = (Duration::from_millis(100), Duration::from_secs(5));

/// Why changes are not on record yet.
#[derive(Debug, thiserror::Error)]
enum Behind {
    /// The registry cannot be read.
    #[error(transparent)]
    Registry(#[from] StoreTrouble),
    /// The log takes no records.
    #[error(transparent)]
    Audit(#[from] AuditTrouble),
}

/// Records for as long as the proxy runs, whenever the registry has been read.
pub(super) async fn watch(shared: Arc<Shared>) {
    let Some(directory) = &shared.directory else { return };
    let (mut last, mut pause) = (shared.audit.last_change().cloned(), PAUSES.0);
    loop {
        match catch_up(&shared, directory.store(), &mut last).await {
            Ok(()) => {
                pause = PAUSES.0;
                directory.read().await;
            }
            Err(trouble) => {
                if matches!(trouble, Behind::Audit(_)) {
                    shared.metrics.audit_failed.inc();
                }
                tracing::error!(%trouble, "changes of the registry are not on record yet");
                tokio::time::sleep(pause).await;
                pause = (pause * 2).min(PAUSES.1);
            }
        }
    }
}

/// Records what comes after the last change on record. One record is durable before the next is written: no gap can arise.
async fn catch_up(shared: &Shared, store: &Store, last: &mut Option<ChangeId>) -> Result<(), Behind> {
    loop {
        let mut changes = store.changes(last.as_ref().map_or(0, |last| last.number)).await?.into_iter();
        if let Some(recorded) = last.as_ref()
            && changes.next().is_none_or(|first| id(&first) != *recorded)
        {
            tracing::warn!(
                number = recorded.number,
                "the last change on record is not in the registry, which is another one or went back: all that it has is recorded anew"
            );
            *last = None;
            continue;
        }
        let mut some = false;
        for change in changes {
            let id = id(&change);
            record(shared, change, &id).await?;
            (*last, some) = (Some(id), true);
        }
        if !some {
            return Ok(());
        }
    }
}

fn id(change: &Change) -> ChangeId {
    ChangeId { number: change.number, at: change.at.clone() }
}

async fn record(shared: &Shared, change: Change, id: &ChangeId) -> Result<(), AuditTrouble> {
    let why = change.why.map(|why| format!("; reason: {why}")).unwrap_or_default();
    let event = Event {
        tenant: change.tenant.map(Into::into),
        user: Some(change.who.into()),
        message: Some(format!("{}: {}{why}", change.verb, change.detail)),
        change: Some(id.clone()),
        ..Event::new(Kind::Lifecycle)
    };
    tracing::info!(tenant = event.tenant.as_deref(), by = event.user.as_deref(), "the registry has changed: {}", change.verb);
    shared.audit.record(event).await
}
