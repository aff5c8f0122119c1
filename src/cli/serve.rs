//! `pgmoat serve`: from a configuration file to a running proxy, and the signals that end or reload it.
//! It does not serve clients itself: [`crate::proxy`] does.

use super::{Exit, Outside, Trouble, check, registry, sinks};
use crate::alerts::{self, Alerts};
use crate::audit::{AuditLog, Event, Follower, Keeping, Kind, Signer};
use crate::config::{self, ConfigTrouble, Settings};
use crate::http::metrics::Metrics;
use crate::http::{self, Readiness, Refresh};
use crate::proxy::{self, Handle, Parts};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;

/// For so long a sink may still take records when the proxy has ended.
const LAST_RECORDS: Duration = Duration::from_secs(5);

pub(super) fn run(config: &Path, outside: &Outside) -> Result<Exit, Trouble> {
    runtime()?.block_on(async {
        let mut ended = Ended::listen()?;
        let mut hangup = listen(SignalKind::hangup())?;
        let (reload, mut asked) = mpsc::channel(1);
        let proxy = tokio::select! {
            proxy = start(config, outside, Some(reload)) => proxy?,
            () = ended.wait() => return Ok(Exit::Done),
        };
        let http = proxy.http.map_or_else(|| "off".to_owned(), |address| address.to_string());
        tracing::info!(address = %proxy.address, %http, "serving");
        loop {
            tokio::select! {
                () = ended.wait() => break,
                _ = hangup.recv() => drop(proxy.reload(outside).await),
                Some(answer) = asked.recv() => {
                    let _gone: Result<(), _> = answer.send(proxy.reload(outside).await);
                }
            }
        }
        proxy.stop().await?;
        Ok(Exit::Done)
    })
}

/// The runtime that all verbs use.
pub(super) fn runtime() -> Result<Runtime, Trouble> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(Trouble::of("cannot start the runtime"))
}

fn listen(kind: SignalKind) -> Result<Signal, Trouble> {
    signal(kind).map_err(Trouble::of("cannot listen to signals"))
}

/// SIGINT and SIGTERM, from the moment of listening on.
pub(super) struct Ended {
    interrupt: Signal,
    terminate: Signal,
}

impl Ended {
    pub(super) fn listen() -> Result<Self, Trouble> {
        Ok(Self { interrupt: listen(SignalKind::interrupt())?, terminate: listen(SignalKind::terminate())? })
    }

    /// Waits for one of them.
    pub(super) async fn wait(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}

/// Why an alert could never be sent.
fn usable(rules: &[alerts::Rule]) -> Result<(), String> {
    let trouble = rules.iter().find_map(|rule| Some((rule, rule.target.authorities().err()?)));
    trouble.map_or(Ok(()), |(rule, trouble)| Err(format!("cannot send alerts to {}: {trouble}", rule.target)))
}

/// A running proxy with all that belongs to it.
pub(super) struct Proxy {
    /// Where clients connect.
    pub(super) address: SocketAddr,
    /// Where health and metrics are.
    pub(super) http: Option<SocketAddr>,
    config: PathBuf,
    handle: Handle,
    audit: AuditLog,
    sinks: Vec<Follower>,
    stop: oneshot::Sender<()>,
    serving: JoinHandle<()>,
    stop_http: oneshot::Sender<()>,
}

/// Starts a proxy by a configuration file. Health is served while it starts; it takes clients when this returns.
pub(super) async fn start(config: &Path, outside: &Outside, reload: Option<proxy::Reload>) -> Result<Proxy, Trouble> {
    let loaded = config::load(config, &outside.variable)?;
    for warning in &loaded.warnings {
        tracing::warn!("{warning}");
    }
    let settings = Arc::new(loaded.settings);
    let (metrics, readiness) = (Arc::new(Metrics::new()), Arc::new(Readiness::default()));
    let (stop_http, http_stopped) = oneshot::channel();
    // Empty until the proxy is there.
    let running: Arc<OnceLock<Handle>> = Arc::default();
    let http = match settings.http {
        Some(address) => Some(serve_http(address, &metrics, &readiness, refresh(&running), http_stopped).await?),
        None => None,
    };
    let cannot = || Trouble::of("cannot start the audit log");
    let signer = settings.audit.signing_key.as_deref().map(Signer::load).transpose().map_err(cannot())?;
    let config::Audit { path, rotate_size, checkpoint_every, .. } = settings.audit.clone();
    usable(&settings.alerts).map_err(Trouble::plain)?;
    let (alerts, _sending) = Alerts::start(settings.alerts.clone());
    let keeping = Keeping { path, rotate_size, signer, checkpoint_every, alerts: Some(alerts) };
    let (audit, writer) = AuditLog::open(keeping).await.map_err(cannot())?;
    let sinks = sinks::start(&settings, &audit, &metrics, &readiness).map_err(registry::refused)?;
    let parts = Parts { audit: audit.clone(), metrics, readiness, reload };
    let proxy = match proxy::Proxy::bind(Arc::clone(&settings), parts).await {
        Ok(proxy) => proxy,
        Err(e) => {
            // The file is closed, and free for whoever tries again.
            drop(audit);
            writer.finished().await;
            return Err(Trouble::of("cannot start")(e));
        }
    };
    let handle = proxy.handle().map_err(Trouble::of("cannot start"))?;
    let handle = running.get_or_init(|| handle).clone();
    audit.record(Event::new(Kind::Start)).await.map_err(Trouble::of("cannot record the start"))?;
    let (stop, stopped) = oneshot::channel::<()>();
    // A handle that is dropped stops the proxy as well.
    let serving = tokio::spawn(proxy.run(async { drop(stopped.await) }));
    tokio::spawn(warn(settings));
    let config = config.to_path_buf();
    Ok(Proxy { address: handle.address(), http, config, handle, audit, sinks, stop, serving, stop_http })
}

/// Takes over what the proxy counts by itself when metrics are asked for.
fn refresh(running: &Arc<OnceLock<Handle>>) -> Refresh {
    let running = Arc::clone(running);
    Arc::new(move |metrics| {
        if let Some(handle) = running.get() {
            handle.refresh(metrics);
        }
    })
}

async fn serve_http(
    address: SocketAddr,
    metrics: &Arc<Metrics>,
    readiness: &Arc<Readiness>,
    refresh: Refresh,
    stopped: oneshot::Receiver<()>,
) -> Result<SocketAddr, Trouble> {
    let cannot = || Trouble::of(format!("cannot listen on {address} for HTTP"));
    let listener = TcpListener::bind(address).await.map_err(cannot())?;
    let bound = listener.local_addr().map_err(cannot())?;
    let serving = http::serve(listener, Arc::clone(metrics), Arc::clone(readiness), refresh, async { drop(stopped.await) });
    tokio::spawn(async move {
        if let Err(error) = serving.await {
            tracing::error!(%error, "HTTP ended");
        }
    });
    Ok(bound)
}

/// Logs what the server allows that it should not. It delays nobody: the wall stands without it.
async fn warn(settings: Arc<Settings>) {
    match check::weaknesses(&settings).await {
        Ok(found) => found.iter().for_each(|weakness| tracing::warn!("{weakness}")),
        Err(trouble) => tracing::warn!(%trouble, "cannot tell what the server allows that it should not"),
    }
}

impl Proxy {
    /// Goes over to the configuration file as it is now, and a fresh catalog. When it cannot be used, the old one stays.
    async fn reload(&self, outside: &Outside) -> Result<(), String> {
        let done = self.try_reload(outside).await;
        if let Err(problems) = &done {
            let message = "the new configuration cannot be used; the old one stays";
            tracing::error!(%problems, "{message}");
            let event = Event { message: Some(message.to_owned()), ..Event::new(Kind::Reload) };
            if let Err(trouble) = self.audit.record(event).await {
                tracing::error!(%trouble, "the reload could not be recorded");
            }
        }
        done
    }

    async fn try_reload(&self, outside: &Outside) -> Result<(), String> {
        let loaded = config::load(&self.config, &outside.variable).map_err(|trouble| match trouble {
            ConfigTrouble::Problems(problems) => problems.messages().collect::<Vec<_>>().join("; "),
            other => other.to_string(),
        })?;
        for warning in &loaded.warnings {
            tracing::warn!("{warning}");
        }
        usable(&loaded.settings.alerts)?;
        let findings = self.handle.reload(Arc::new(loaded.settings)).await.map_err(|trouble| trouble.to_string())?;
        for finding in findings {
            tracing::warn!(subject = %finding.subject, "{}", finding.message);
        }
        tracing::info!(
            "reloaded users, tenants, plans, alerts, [tenancy], the pool's sizes and timeouts, and the catalog; the rest needs a restart"
        );
        Ok(())
    }

    /// Drains and ends. Health is served until it has.
    pub(super) async fn stop(self) -> Result<(), Trouble> {
        drop(self.stop);
        self.serving.await.map_err(Trouble::of("the proxy broke"))?;
        drop(self.stop_http);
        self.audit.record(Event::new(Kind::Stop)).await.map_err(Trouble::of("cannot record the stop"))?;
        for sink in self.sinks {
            sink.finish(LAST_RECORDS).await;
        }
        Ok(())
    }

    /// Waits until the proxy ends by itself, which it does only when it breaks.
    pub(super) async fn broken(self) -> Result<(), Trouble> {
        self.serving.await.map_err(Trouble::of("the proxy broke"))
    }
}
