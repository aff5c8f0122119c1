//! The proxy itself: accepting clients, logging them in, relaying, canceling, draining.
//! It does not judge statements: [`crate::rewrite`] does, behind [`crate::session`].

mod changes;
mod client;
mod console;
mod freshness;
mod guesses;
mod lifecycle;
mod login;
mod proof;
mod registry;
mod relay;
mod startup;
mod tally;
mod tls;
mod usage;

use crate::audit::{AuditLog, Event, Kind};
use crate::catalog::Catalog;
use crate::config::{OnFailure, Settings};
use crate::error::{Rule, SqlState};
use crate::http::Readiness;
use crate::http::metrics::{CacheTotals, Metrics};
use crate::limits::{Places, Share, Sources};
use crate::policy::{Finding, Policy};
use crate::rewrite::Rewriters;
use crate::tenants::jwt::Issuer;
use crate::tenants::{self, Registry, Suspended};
use crate::upstream::{self, Dialler, Pool};
use arc_swap::{ArcSwap, ArcSwapOption};
use client::Ending;
use guesses::Guesses;
use registry::{Clients, Phase};
use ring::rand::{SecureRandom, SystemRandom};
use startup::Opened;
use std::future::Future;
use std::hash::{BuildHasher, RandomState};
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

/// How long a client may take to read its last message.
const FAREWELL: Duration = Duration::from_secs(2);

/// So often the audit log tells of what it counted only.
const SETTLE: Duration = Duration::from_secs(1);

/// So often cancel requests are taken from one address, and so many at once.
const CANCEL_STEP: Duration = Duration::from_millis(100);
const CANCEL_BURST: u32 = 50;

/// Why the proxy cannot start, or go on.
#[derive(Debug, thiserror::Error)]
pub enum Trouble {
    /// The address cannot be listened on.
    #[error("cannot listen on {address}: {source}")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// What the system said.
        source: std::io::Error,
    },
    /// The server or the certificates.
    #[error(transparent)]
    Upstream(#[from] upstream::Trouble),
    /// The users.
    #[error(transparent)]
    Tenants(#[from] tenants::Trouble),
    /// The keys of `[jwt]`.
    #[error(transparent)]
    Keys(#[from] tenants::jwt::KeyTrouble),
    /// The registry.
    #[error("the registry: {}", reasons(.0))]
    Registry(#[from] tenants::StoreTrouble),
    /// The declaration does not fit the catalog.
    #[error("the tenancy declaration does not fit the database: {}", fatal(.0))]
    Policy(Vec<Finding>),
    /// The system.
    #[error("the system gives no random numbers")]
    Random,
}

/// What it says, with its reasons.
fn reasons(trouble: &dyn std::error::Error) -> String {
    let source = trouble.source().map(|s| format!(": {}", reasons(s))).unwrap_or_default();
    format!("{trouble}{source}")
}

fn fatal(findings: &[Finding]) -> String {
    let lines: Vec<String> = findings.iter().filter(|f| f.fatal).map(|f| format!("{}: {}", f.subject, f.message)).collect();
    lines.join("; ")
}

/// What the proxy is given by who starts it.
#[derive(Clone, Debug)]
pub struct Parts {
    /// Where refusals are recorded.
    pub audit: AuditLog,
    /// What is counted.
    pub metrics: Arc<Metrics>,
    /// What `/readyz` says.
    pub readiness: Arc<Readiness>,
    /// Who loads the configuration anew when the console asks for it; without it the console cannot.
    pub reload: Option<Reload>,
}

/// Asks for the configuration to be loaded anew; the answer is why it cannot be used.
pub type Reload = tokio::sync::mpsc::Sender<tokio::sync::oneshot::Sender<Result<(), String>>>;

/// What every client's task shares.
#[derive(Debug)]
struct Shared {
    settings: ArcSwap<Settings>,
    rewriters: ArcSwap<Rewriters>,
    /// See [`crate::rewrite::Rewriter::with_nonce`].
    nonce: u128,
    registry: ArcSwap<Registry>,
    directory: Option<lifecycle::Directory>,
    /// Whose tokens are believed.
    issuer: ArcSwapOption<Issuer>,
    pool: Arc<Pool>,
    clients: Arc<Clients>,
    audit: AuditLog,
    metrics: Arc<Metrics>,
    readiness: Arc<Readiness>,
    tls: Option<tls::ClientTls>,
    tls_required: bool,
    max_message: usize,
    /// Cancel requests by address: each that is passed on costs the server a process, and the pool a connection.
    cancels: Sources,
    guesses: Guesses,
    hasher: RandomState,
    farewell: Duration,
    start: Instant,
    /// One reload at a time: none puts an older snapshot over a newer one.
    reloading: tokio::sync::Mutex<()>,
    known: freshness::Known,
    suspended: Suspended,
    usage: usage::Usage,
    period: console::Period,
    reload: Option<Reload>,
}

/// A proxy that listens and does not serve yet.
#[derive(Debug)]
pub struct Proxy {
    listener: TcpListener,
    shared: Arc<Shared>,
}

/// A handle on a running proxy.
#[derive(Clone, Debug)]
pub struct Handle {
    shared: Arc<Shared>,
    address: SocketAddr,
}

/// A catalog judged by a declaration.
fn rewriters(settings: &Settings, catalog: Catalog, nonce: u128) -> Result<(Rewriters, Vec<Finding>), Trouble> {
    let (policy, findings) = Policy::new(settings.tenancy.clone(), &catalog);
    if findings.iter().any(|f| f.fatal) {
        return Err(Trouble::Policy(findings));
    }
    Ok((Rewriters::new(policy, catalog, nonce), findings))
}

impl Proxy {
    /// Loads the catalog, makes the first server connection and listens; port 0 takes any.
    ///
    /// # Errors
    /// [`Trouble`].
    pub async fn bind(settings: Arc<Settings>, parts: Parts) -> Result<Self, Trouble> {
        let dialler = Dialler::new(Arc::new(settings.upstream.clone()))?;
        let fingerprint = upstream::catalog::fingerprint(&dialler).await?;
        let catalog = upstream::catalog::load(&dialler).await?;
        let search_path = catalog.search_path.clone();
        let mut nonce = [0; 16];
        SystemRandom::new().fill(&mut nonce).map_err(|_| Trouble::Random)?;
        let nonce = u128::from_be_bytes(nonce);
        let (rewriters, findings) = rewriters(&settings, catalog, nonce)?;
        for finding in findings {
            tracing::warn!(subject = %finding.subject, "{}", finding.message);
        }
        let pool = Pool::new(dialler, &search_path, Arc::clone(&parts.metrics));
        drop(pool.checkout(&Share::new(1)).await?);
        let address = settings.listen.address;
        let listener = TcpListener::bind(address).await.map_err(|source| Trouble::Listen { address, source })?;
        let tls = settings.listen.tls.as_ref().map(tls::load).transpose()?;
        let directory = lifecycle::Directory::open(&settings).await?;
        let registry = lifecycle::registry(&settings, directory.as_ref(), None)?;
        let issuer = settings.jwt.as_ref().map(Issuer::load).transpose()?;
        let metrics = parts.metrics;
        parts.readiness.set_catalog(true);
        parts.readiness.set_server(true);
        let shared = Arc::new(Shared {
            tls_required: settings.listen.tls.as_ref().is_some_and(|t| t.required),
            max_message: settings.listen.max_message,
            registry: ArcSwap::from_pointee(registry),
            directory,
            issuer: ArcSwapOption::from_pointee(issuer),
            rewriters: ArcSwap::from_pointee(rewriters),
            nonce,
            settings: ArcSwap::new(settings),
            pool,
            clients: Clients::new(),
            audit: parts.audit,
            metrics: Arc::clone(&metrics),
            readiness: parts.readiness,
            tls,
            cancels: Sources::new(CANCEL_STEP, CANCEL_BURST),
            guesses: Guesses::new(),
            hasher: RandomState::new(),
            farewell: FAREWELL,
            start: Instant::now(),
            reloading: tokio::sync::Mutex::default(),
            known: freshness::Known::new(fingerprint),
            suspended: Suspended::default(),
            usage: usage::Usage::default(),
            period: console::Period::new(metrics.counts()),
            reload: parts.reload,
        });
        Ok(Self { listener, shared })
    }

    /// The handle.
    ///
    /// # Errors
    /// [`Trouble::Listen`] when the system does not tell the address.
    pub fn handle(&self) -> Result<Handle, Trouble> {
        let configured = self.shared.settings.load().listen.address;
        let address = self.listener.local_addr().map_err(|source| Trouble::Listen { address: configured, source })?;
        Ok(Handle { shared: Arc::clone(&self.shared), address })
    }

    /// Serves until `shutdown` ends; then waits for open transactions, up to the configured `drain_timeout`.
    pub async fn run(self, shutdown: impl Future<Output = ()>) {
        let places = Places::new(self.shared.settings.load().listen.max_clients);
        let mut tasks = JoinSet::new();
        let mut watching = JoinSet::new();
        watching.spawn(freshness::watch(Arc::clone(&self.shared)));
        watching.spawn(lifecycle::watch(Arc::clone(&self.shared)));
        watching.spawn(changes::watch(Arc::clone(&self.shared)));
        watching.spawn(console::watch(Arc::clone(&self.shared)));
        watching.spawn(settle(Arc::clone(&self.shared)));
        // What was used before is known before anybody is served.
        usage::recall(&self.shared).await;
        watching.spawn(usage::watch(Arc::clone(&self.shared)));
        watching.spawn(usage::survey(Arc::clone(&self.shared)));
        let mut shutdown = std::pin::pin!(shutdown);
        loop {
            tokio::select! {
                accepted = self.listener.accept() => match accepted {
                    Ok((socket, address)) => {
                        let (shared, place) = (Arc::clone(&self.shared), places.take());
                        tasks.spawn(async move {
                            let _counted = Counted::new(&shared.metrics);
                            let full = place.is_none();
                            serve_client(socket, address, &shared, full).await;
                            drop(place);
                        });
                    }
                    Err(error) => {
                        // Out of file descriptors, mostly: clients that go make room.
                        tracing::error!(%error, "cannot accept a connection");
                        tokio::time::sleep(Duration::from_millis(50)).await;
                    }
                },
                Some(ended) = tasks.join_next() => reap(ended),
                () = &mut shutdown => break,
            }
        }
        drop(self.listener);
        watching.abort_all();
        drain(&self.shared, tasks).await;
        usage::tick(&self.shared).await;
        self.shared.audit.settle(true).await;
    }
}

/// Binds, then serves until `shutdown` ends.
///
/// # Errors
/// [`Trouble`] while starting.
pub async fn serve(settings: Arc<Settings>, parts: Parts, shutdown: impl Future<Output = ()>) -> Result<(), Trouble> {
    Proxy::bind(settings, parts).await?.run(shutdown).await;
    Ok(())
}

fn reap(ended: Result<(), tokio::task::JoinError>) {
    if let Err(error) = ended {
        tracing::error!(%error, "a client's task broke");
    }
}

/// Has the audit log tell of what it counted only, for as long as the proxy runs.
async fn settle(shared: Arc<Shared>) {
    loop {
        tokio::time::sleep(SETTLE).await;
        shared.audit.settle(false).await;
    }
}

async fn drain(shared: &Shared, mut tasks: JoinSet<()>) {
    shared.readiness.drain();
    tracing::info!(clients = shared.clients.len(), "draining");
    let deadline = shared.settings.load().listen.drain_timeout;
    for (phase, limit) in [(Phase::Draining, deadline), (Phase::Ending, 2 * FAREWELL)] {
        shared.clients.tell(phase);
        let all = async {
            while let Some(ended) = tasks.join_next().await {
                reap(ended);
            }
        };
        if tokio::time::timeout(limit, all).await.is_ok() {
            break;
        }
    }
    tasks.abort_all();
    shared.pool.close();
}

impl Handle {
    /// Where clients connect.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Brings up to date what is not counted as it happens.
    pub fn refresh(&self, metrics: &Metrics) {
        let now = self.shared.rewriters.load().counters();
        metrics.take_cache(CacheTotals { text_hits: now.text_hits, shape_hits: now.shape_hits, misses: now.misses });
        let registry = self.shared.registry.load();
        metrics.take_tenants(registry.busy_shares().into_iter().map(|(name, share)| (name, share.held(), share.waiting())));
        let quotas = |(name, budget)| {
            let health = self.shared.usage.health(name, Some(budget));
            (name, health.words, health.lines.iter().filter_map(usage::figure).collect())
        };
        metrics.take_quotas(registry.budgets().into_iter().map(quotas));
    }

    /// Goes over to other settings and a fresh catalog: users, tenants, plans, the tenancy declaration, and the pool's sizes and
    /// timeouts. Where clients connect, and the server, stay as they were.
    ///
    /// # Errors
    /// [`Trouble`]; then everything stays as it was.
    pub async fn reload(&self, settings: Arc<Settings>) -> Result<Vec<Finding>, Trouble> {
        freshness::reload(&self.shared, settings).await
    }
}

/// Counts a client for as long as it lives.
struct Counted(Arc<Metrics>);

impl Counted {
    fn new(metrics: &Arc<Metrics>) -> Self {
        metrics.clients.inc();
        Self(Arc::clone(metrics))
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.clients.dec();
    }
}

/// A client's whole life.
async fn serve_client(socket: TcpStream, address: SocketAddr, shared: &Shared, full: bool) {
    let mut client = None;
    let limit = shared.settings.load().listen.login_timeout;
    // Boxed: what logging in takes is given back when the client is logged in.
    let admitting = Box::pin(tokio::time::timeout(limit, admit(socket, address, shared, full, &mut client)));
    let admitted = match admitting.await {
        Ok(admitted) => admitted,
        Err(_) => Err(Ending::TooSlow),
    };
    let Some(mut client) = client else {
        if let Err(ending) = admitted {
            tracing::debug!(%address, %ending, "a connection ended before it was a client");
        }
        return;
    };
    let ending = match admitted {
        Ok(Some(login::Admitted::Client(logged_in))) => {
            tracing::debug!(%address, user = %logged_in.identity.user, "logged in");
            shared.metrics.logins.inc();
            let tenant = logged_in.identity.tenant.as_ref().map(|t| Arc::clone(&t.name));
            let token = logged_in.token.as_ref();
            let subject = token.map(|t| format!("by a token for {}", t.subject.as_deref().map_or("nobody".into(), login::clean)));
            let until = token.and_then(|t| t.until);
            Box::pin(note_login(shared, &logged_in.identity.user, tenant, address, subject.as_deref())).await;
            let slot = Arc::clone(&logged_in.entry.slot);
            let session = std::pin::pin!(relay::Relay::new(&mut client, *logged_in, shared, address).run());
            within(session, &slot, until).await
        }
        Ok(Some(login::Admitted::Operator(operator))) => {
            tracing::info!(%address, user = %operator.user, "logged in to the console");
            Box::pin(note_login(shared, &operator.user, None, address, Some("to the console"))).await;
            Box::pin(console::serve(&mut client, operator, shared, address)).await
        }
        Ok(None) => return,
        Err(ending) => {
            if let Some((code, message)) = ending.farewell() {
                match Box::pin(tokio::time::timeout(FAREWELL, client.fatal(code, &message))).await {
                    Ok(_) | Err(_) => {}
                }
            }
            ending
        }
    };
    tracing::debug!(%address, %ending, "a client ended");
}

/// A session that is dismissed at a moment, if there is one and it goes on for so long.
async fn within(mut session: Pin<&mut impl Future<Output = Ending>>, slot: &registry::Slot, until: Option<SystemTime>) -> Ending {
    if let Some(until) = until {
        let left = until.duration_since(SystemTime::now()).unwrap_or_default();
        match tokio::time::timeout(left, session.as_mut()).await {
            Ok(ending) => return ending,
            Err(_) => slot.dismiss("its token has expired".to_owned()),
        }
    }
    session.await
}

/// From the socket to a client that is logged in; `None` when the connection was for something else.
async fn admit(
    socket: TcpStream,
    address: SocketAddr,
    shared: &Shared,
    full: bool,
    place: &mut Option<client::Client>,
) -> Result<Option<login::Admitted>, Ending> {
    socket.set_nodelay(true)?;
    upstream::keep_alive(&socket)?;
    let (client, request) = match startup::open(socket, shared).await? {
        Opened::Login(client, request) => (place.insert(client), request),
        Opened::Denied(client, denied) => return Err(deny(place.insert(client), denied, address, shared).await),
        Opened::Cancel { stream, process, secret } => {
            cancel(shared, address.ip(), process, &secret).await;
            drop(stream);
            return Ok(None);
        }
        Opened::Gone => return Ok(None),
    };
    if full {
        let user = Some(request.user.as_str().into());
        let denied = login::Denied::new(SqlState::TOO_MANY_CONNECTIONS, "sorry, too many clients already");
        return Err(deny(client, login::Denied { user, ..denied }, address, shared).await);
    }
    let ip = address.ip();
    // Whatever tenant is named with it.
    let guessed = shared.registry.load().named(&request.user).0.to_owned();
    if let Some(denied) = login::slowed(ip, &guessed, &request, shared) {
        return Err(deny(client, denied, address, shared).await);
    }
    match login::log_in(client, ip, &request, shared).await {
        Ok(admitted) => Ok(Some(admitted)),
        Err(login::Failed::Ended(ending)) => Err(ending),
        Err(login::Failed::Denied(denied)) => {
            if denied.guessed {
                shared.guesses.count(ip, &guessed, shared.start.elapsed());
            }
            let denied = login::Denied { user: Some(request.user.as_str().into()), ..denied };
            Err(deny(client, denied, address, shared).await)
        }
    }
}

/// Has a login recorded, where logins are.
async fn note_login(shared: &Shared, user: &Arc<str>, tenant: Option<Arc<str>>, client: SocketAddr, message: Option<&str>) {
    if shared.settings.load().audit.logins {
        let (user, message) = (Some(Arc::clone(user)), message.map(str::to_owned));
        shared.audit.tell(Event { user, tenant, client: Some(client), message, ..Event::new(Kind::Login) }).await;
    }
}

/// Turns a login away: first the record, then the answer.
async fn deny(client: &mut client::Client, denied: login::Denied, address: SocketAddr, shared: &Shared) -> Ending {
    shared.metrics.logins_failed.inc();
    // What was prepared for a success must not leave.
    client.outbox.clear();
    let rule = if denied.code == SqlState::TOO_MANY_CONNECTIONS { Rule::Limit } else { Rule::Login };
    if shared.audit.holds_back(Kind::LoginFailed, Some(rule), denied.tenant.as_ref(), &denied.message) {
        return client.fatal(denied.code, &denied.message).await;
    }
    let event = Event {
        user: denied.user,
        tenant: denied.tenant,
        client: Some(address),
        code: Some(denied.code),
        rule: Some(rule),
        message: Some(denied.why.iter().fold(denied.message.clone(), |message, why| format!("{message}: {why}"))),
        ..Event::new(Kind::LoginFailed)
    };
    if let Err(trouble) = shared.audit.record(event).await {
        shared.metrics.audit_failed.inc();
        tracing::error!(%trouble, "a failed login could not be recorded");
        match shared.settings.load().audit.on_failure {
            OnFailure::Refuse => return Ending::Audit,
            OnFailure::Degrade => {}
        }
    } else {
        shared.metrics.audit_records.inc();
    }
    client.fatal(denied.code, &denied.message).await
}

/// Passes a cancel request on, if it is one's own and the client holds a server connection. Nobody is told what becomes of it.
async fn cancel(shared: &Shared, address: IpAddr, process: i32, secret: &[u8]) {
    let source = shared.hasher.hash_one(guesses::holder(address));
    if !shared.cancels.admit(source, shared.start.elapsed()) {
        tracing::warn!(%address, "too many cancel requests from this address: one was ignored");
        return;
    }
    let Some(key) = shared.clients.cancel(process, secret) else {
        tracing::debug!("a cancel request without effect");
        return;
    };
    if let Err(trouble) = upstream::cancel(shared.pool.dialler(), &key).await {
        tracing::warn!(%trouble, "a cancel request could not be passed on");
    }
}
