//! Keeps who is served up to date: hears of the registry's changes, reads it anew, and ends the sessions of those who are not served any
//! more. While the registry's database is away, the last snapshot serves. It does not decide who is served: the tenants' room does; and what
//! was changed is recorded by `changes`.

use super::Shared;
use crate::audit::{Event, Kind};
use crate::config::Settings;
use crate::tenants::{Listener, Registry, Snapshot, Store, StoreTrouble, Trouble};
use arc_swap::ArcSwap;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};
use tokio::sync::Notify;

/// First pause after the registry could not be reached; it doubles up to the last.
const PAUSES: (Duration, Duration) = (Duration::from_millis(50), Duration::from_secs(1));

/// The registry's database, and what it last said.
#[derive(Debug)]
pub(super) struct Directory {
    store: Store,
    snapshot: ArcSwap<Snapshot>,
    refresh: Duration,
    flush: Duration,
    /// Told whenever it has been read.
    read: Notify,
}

impl Directory {
    /// Reads the registry that the settings name, if they name one.
    pub(super) async fn open(settings: &Settings) -> Result<Option<Self>, StoreTrouble> {
        let Some(registry) = &settings.registry else { return Ok(None) };
        let store = Store::new(registry)?;
        let snapshot = store.load().await?;
        let (snapshot, refresh, flush) = (ArcSwap::from_pointee(snapshot), registry.refresh, registry.flush);
        Ok(Some(Self { store, snapshot, refresh, flush, read: Notify::new() }))
    }

    /// Its database.
    pub(super) fn store(&self) -> &Store {
        &self.store
    }

    /// How often what was used is written to it.
    pub(super) fn flush(&self) -> Duration {
        self.flush
    }

    /// Waits until it has been read once more.
    pub(super) async fn read(&self) {
        self.read.notified().await;
    }

    /// What it last said.
    pub(super) fn snapshot(&self) -> Arc<Snapshot> {
        self.snapshot.load_full()
    }
}

/// Who is served at this moment, by these settings and what the registry last said.
pub(super) fn registry(
    settings: &Settings,
    directory: Option<&Directory>,
    previous: Option<&Registry>,
) -> Result<Registry, Trouble> {
    let snapshot = directory.map(Directory::snapshot);
    let registry = Registry::new(settings, snapshot, Instant::now(), previous)?;
    let told = previous.map(Registry::left_out).unwrap_or_default();
    for sentence in registry.left_out().iter().filter(|s| !told.contains(s)) {
        tracing::error!("{sentence}");
    }
    Ok(registry)
}

/// From now on these are served. Who logs in meanwhile sees it, or is seen here. Whose time has run out is on record: nobody else has
/// changed anything then.
pub(super) async fn adopt(shared: &Shared, registry: Registry) {
    let registry = Arc::new(registry);
    let before = shared.registry.swap(Arc::clone(&registry));
    shared.clients.judge(&registry);
    let snapshot = shared.directory.as_ref().map(Directory::snapshot);
    for (tenant, why) in snapshot.map(|snapshot| registry.run_out(&before, &snapshot)).unwrap_or_default() {
        let event = Event { tenant: Some(tenant), message: Some(format!("expire: {why}")), ..Event::new(Kind::Lifecycle) };
        note(shared, event).await;
    }
}

/// Listens for as long as the proxy runs.
pub(super) async fn watch(shared: Arc<Shared>) {
    let Some(directory) = &shared.directory else { return };
    let mut pause = PAUSES.0;
    loop {
        let Err(trouble) = follow(&shared, directory, &mut pause).await;
        if shared.readiness.registry_away(SystemTime::now()) {
            tracing::error!(%trouble, "the registry is away; what it last said is served");
        }
        // Trials and tokens end all the same.
        let wake = ends(&shared, directory, pause);
        tokio::time::sleep(wake).await;
        if wake < pause {
            rebuild(&shared).await;
        }
        pause = (pause * 2).min(PAUSES.1);
    }
}

/// How long to wait: `most`, or until somebody's time is over.
fn ends(shared: &Shared, directory: &Directory, most: Duration) -> Duration {
    let end = directory.snapshot.load().next_end(shared.registry.load().judged());
    end.map_or(most, |end| end.saturating_duration_since(Instant::now()).min(most))
}

/// Reads the registry and whatever changes in it, until its database cannot be reached.
async fn follow(shared: &Shared, directory: &Directory, pause: &mut Duration) -> Result<std::convert::Infallible, StoreTrouble> {
    // It listens before it reads: nothing happens between the two unheard.
    let mut listener = directory.store.listen().await?;
    read(shared, directory).await?;
    shared.readiness.registry_back();
    *pause = PAUSES.0;
    let mut checked = Instant::now();
    loop {
        let wait = ends(shared, directory, directory.refresh.saturating_sub(checked.elapsed()));
        match tokio::time::timeout(wait, listener.changed()).await {
            Ok(true) => read(shared, directory).await?,
            Ok(false) => return Err(StoreTrouble::Lost),
            Err(_) if checked.elapsed() >= directory.refresh => {
                look(shared, directory, &listener).await?;
                checked = Instant::now();
            }
            Err(_) => rebuild(shared).await,
        }
    }
}

/// Sees to it that nothing was missed.
async fn look(shared: &Shared, directory: &Directory, listener: &Listener) -> Result<(), StoreTrouble> {
    listener.check().await?;
    read(shared, directory).await
}

/// Reads the registry anew and goes over to it. What was changed is recorded by who waits for that.
async fn read(shared: &Shared, directory: &Directory) -> Result<(), StoreTrouble> {
    let snapshot = directory.store.load().await?;
    if !snapshot.is_like(&directory.snapshot()) {
        directory.snapshot.store(Arc::new(snapshot));
        rebuild(shared).await;
    }
    directory.read.notify_one();
    Ok(())
}

/// Judges everybody anew, by what is known.
async fn rebuild(shared: &Shared) {
    let _alone = shared.reloading.lock().await;
    match registry(&shared.settings.load(), shared.directory.as_ref(), Some(&shared.registry.load())) {
        Ok(registry) => adopt(shared, registry).await,
        Err(trouble) => tracing::error!(%trouble, "who is served cannot be said anew"),
    }
}

async fn note(shared: &Shared, event: Event) {
    if let Err(trouble) = shared.audit.record(event).await {
        shared.metrics.audit_failed.inc();
        tracing::error!(%trouble, "the end of a trial or token could not be recorded");
    }
}
