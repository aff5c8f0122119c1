//! Keeps the catalog snapshot fresh: asks the server now and then whether its schema has changed, and then loads it anew.
//! It does not judge the schema: the policy does.

use super::{Shared, Trouble};
use crate::audit::{Event, Kind};
use crate::config::Settings;
use crate::policy::{Finding, Policy};
use crate::rewrite::Rewriters;
use crate::tenants::jwt::Issuer;
use crate::upstream::catalog;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::Mutex;

/// How old an answer may be that a login makes do with: many logins at once ask once.
const RECENT: Duration = Duration::from_millis(100);

/// What the server's catalog was known by when it was last asked, and when that was.
#[derive(Debug)]
pub(super) struct Known(Mutex<(String, Instant)>);

impl Known {
    /// `fingerprint` is what the server had before the snapshot was loaded: what changes between the two is seen as a change.
    pub(super) fn new(fingerprint: String) -> Self {
        Self(Mutex::new((fingerprint, Instant::now())))
    }
}

/// Asks again and again, for as long as the proxy runs.
pub(super) async fn watch(shared: Arc<Shared>) {
    let every = shared.settings.load().upstream.catalog_poll;
    if every.is_zero() {
        return;
    }
    let mut failing = false;
    loop {
        tokio::time::sleep(every).await;
        match ask(&shared).await {
            Ok(()) => failing = false,
            Err(trouble) if !failing => {
                tracing::error!(%trouble, "the catalog cannot be read anew; the old snapshot stays");
                failing = true;
            }
            Err(_) => {}
        }
    }
}

/// Asks before a client is let in: what was made before it came, or another database under the same name, is seen. Without an answer the
/// old snapshot stays, which the watch reports: the server is away, and then so is what it would be asked.
pub(super) async fn greet(shared: &Shared) {
    if shared.settings.load().upstream.catalog_poll.is_zero() {
        return;
    }
    if let Err(trouble) = ask(shared).await {
        tracing::debug!(%trouble, "the catalog cannot be read anew at a login");
    }
}

/// Asks, unless that has just been done, and loads the catalog anew if it has changed.
async fn ask(shared: &Shared) -> Result<(), Trouble> {
    // A pause promises that no connection is left.
    if shared.pool.is_paused() {
        return Ok(());
    }
    let mut known = shared.known.0.lock().await;
    if known.1.elapsed() < RECENT {
        return Ok(());
    }
    let asked = Instant::now();
    let answer = changed(shared, &known.0).await;
    // Who waited here need not wait for a server that is away once more.
    known.1 = if answer.is_ok() { asked } else { Instant::now() };
    if let Some(now) = answer? {
        known.0 = now;
    }
    Ok(())
}

/// What the catalog is known by now, if that is something else: then it was loaded anew.
async fn changed(shared: &Shared, known: &str) -> Result<Option<String>, Trouble> {
    let now = catalog::fingerprint(shared.pool.dialler()).await?;
    if now == known {
        return Ok(None);
    }
    refresh(shared).await?;
    Ok(Some(now))
}

/// Goes over to the catalog as it is now, under the same settings. Where the declaration no longer fits, what it says of that relation
/// is refused or hidden; a snapshot that is out of date would be no better for it.
async fn refresh(shared: &Shared) -> Result<(), Trouble> {
    let _alone = shared.reloading.lock().await;
    let catalog = catalog::load(shared.pool.dialler()).await?;
    let (policy, findings) = Policy::new(shared.settings.load().tenancy.clone(), &catalog);
    let fatal = findings.iter().filter(|f| f.fatal);
    fatal.for_each(|f| tracing::error!(subject = %f.subject, "the tenancy declaration no longer fits: {}", f.message));
    adopt(shared, Rewriters::new(policy, catalog, shared.nonce));
    tracing::info!("the schema has changed: its catalog was loaded anew");
    record(shared, "the schema has changed: catalog loaded anew").await;
    Ok(())
}

/// Goes over to other settings and a fresh catalog.
pub(super) async fn reload(shared: &Shared, settings: Arc<Settings>) -> Result<Vec<Finding>, Trouble> {
    let _alone = shared.reloading.lock().await;
    let catalog = catalog::load(shared.pool.dialler()).await?;
    let (rewriters, findings) = super::rewriters(&settings, catalog, shared.nonce)?;
    let registry = super::lifecycle::registry(&settings, shared.directory.as_ref(), Some(&shared.registry.load()))?;
    let issuer = settings.jwt.as_ref().map(Issuer::load).transpose()?;
    shared.pool.configure(&settings.upstream);
    adopt(shared, rewriters);
    shared.audit.configure(settings.alerts.clone());
    shared.settings.store(settings);
    shared.issuer.store(issuer.map(Arc::new));
    super::lifecycle::adopt(shared, registry).await;
    record(shared, "configuration and catalog loaded anew").await;
    Ok(findings)
}

/// From now on sessions take the new rewriter, each between two statements. Server connections go, one by one as they become free: what
/// is prepared on them has the columns that tables had before.
fn adopt(shared: &Shared, rewriters: Rewriters) {
    shared.rewriters.store(Arc::new(rewriters));
    shared.pool.retire();
}

async fn record(shared: &Shared, message: &str) {
    let event = Event { message: Some(message.to_owned()), ..Event::new(Kind::Reload) };
    if let Err(trouble) = shared.audit.record(event).await {
        tracing::error!(%trouble, "the reload could not be recorded");
    }
}
