//! The pool of server connections: the latest returned goes out first, and who waits longest is served first.
//! It does not clean connections: what is not clean when it comes back is closed.

use super::login::log_in;
use super::{Dialler, Server, Trouble};
use crate::http::metrics::Metrics;
use ring::rand::{SecureRandom, SystemRandom};
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::oneshot;
use tokio::time::Instant;

/// First pause after a failed connection; it doubles up to [`PAUSE_LIMIT`].
const PAUSE: Duration = Duration::from_millis(50);
const PAUSE_LIMIT: Duration = Duration::from_secs(2);

/// Connections to one server as one role.
#[derive(Debug)]
pub struct Pool {
    dialler: Dialler,
    search_path: String,
    metrics: Arc<Metrics>,
    random: SystemRandom,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    idle: Vec<Server>,
    open: usize,
    waiting: VecDeque<oneshot::Sender<Checkout>>,
    statuses: Vec<(Box<str>, Box<str>)>,
    closing: bool,
    /// Connections of an earlier generation are not given out again.
    generation: u64,
    /// After failures: when the next try may be made, and the pause after that one.
    retry: Option<(Instant, Duration)>,
}

/// The right to one of the pool's connections, and the connection. Dropping it returns a clean connection and closes any other.
#[derive(Debug)]
pub struct Checkout {
    pool: Arc<Pool>,
    server: Option<Server>,
    /// A cancel request was sent for it, which may still arrive: it must not be another client's then.
    pub(crate) canceled: bool,
}

impl Checkout {
    /// The connection. It is there in every checkout that [`Pool::checkout`] gave out, until it is closed.
    pub fn server(&mut self) -> Option<&mut Server> {
        self.server.as_mut()
    }

    /// The connection's cancel key.
    #[must_use]
    pub fn key(&self) -> Option<&super::CancelKey> {
        self.server.as_ref().and_then(Server::key)
    }

    /// Whether nothing of a client is left on the connection.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.server.as_ref().is_some_and(Server::is_clean)
    }

    /// Gives the connection up while the server may be at work for a client that is gone: asks it to stop, then closes.
    pub fn abandon(self) {
        let Some(key) = self.key().cloned() else { return };
        let dialler = self.pool.dialler.clone();
        tokio::spawn(async move {
            if let Err(trouble) = super::cancel(&dialler, &key).await {
                tracing::debug!(%trouble, "an abandoned statement could not be canceled");
            }
            // Only now may the place be taken again: the server's own connections are counted too.
            drop(self);
        });
    }
}

impl Drop for Checkout {
    fn drop(&mut self) {
        let reusable = self.server.take().filter(|s| s.is_clean() && !self.canceled);
        self.pool.put_back(reusable);
    }
}

impl Pool {
    /// A pool without connections. `search_path` is the schemas that unqualified names are looked up in, in order.
    #[must_use]
    pub fn new(dialler: Dialler, search_path: &[String], metrics: Arc<Metrics>) -> Arc<Self> {
        let quoted: Vec<String> = search_path.iter().map(|s| format!("\"{}\"", s.replace('"', "\"\""))).collect();
        Arc::new(Self { dialler, search_path: quoted.join(", "), metrics, random: SystemRandom::new(), state: Mutex::default() })
    }

    /// How the server is reached.
    #[must_use]
    pub fn dialler(&self) -> &Dialler {
        &self.dialler
    }

    /// The ParameterStatus values of the connection that was made last.
    #[must_use]
    pub fn statuses(&self) -> Vec<(Box<str>, Box<str>)> {
        self.lock().statuses.clone()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // Every change under this lock is complete in itself.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A connection: an idle one, a new one, or the next that comes back; within the configured `pool_timeout`.
    ///
    /// # Errors
    /// [`Trouble::Exhausted`] when all are in use for that long; the last trouble of connecting when the server is down for that long.
    pub async fn checkout(self: &Arc<Self>) -> Result<Checkout, Trouble> {
        if let Some(checkout) = self.idle() {
            return Ok(checkout);
        }
        let limit = self.dialler.upstream().pool_timeout;
        let deadline = Instant::now() + limit;
        let place = self.place();
        let mut checkout = match place {
            Ok(checkout) => checkout,
            Err(turn) => {
                self.metrics.pool_waiting.inc();
                let got = tokio::time::timeout_at(deadline, turn).await;
                self.metrics.pool_waiting.dec();
                match got {
                    Ok(Ok(checkout)) => checkout,
                    Ok(Err(_)) => return Err(Trouble::Closed),
                    Err(_) => return Err(Trouble::Exhausted(limit)),
                }
            }
        };
        if checkout.server.as_mut().is_some_and(|s| !s.is_alive()) {
            checkout.server = None;
        }
        if checkout.server.is_none() {
            checkout.server = Some(self.connect(deadline).await?);
        }
        Ok(checkout)
    }

    /// An idle connection, if nobody waits for one.
    fn idle(self: &Arc<Self>) -> Option<Checkout> {
        loop {
            let mut server = {
                let mut state = self.lock();
                if !state.waiting.is_empty() {
                    return None;
                }
                state.idle.pop()?
            };
            self.metrics.pool_idle.dec();
            let alive = server.is_alive();
            let checkout = self.hold(alive.then_some(server));
            if alive {
                return Some(checkout);
            }
        }
    }

    /// A free place for a connection, or a turn in the queue.
    fn place(self: &Arc<Self>) -> Result<Checkout, oneshot::Receiver<Checkout>> {
        let mut state = self.lock();
        if state.waiting.is_empty() {
            if let Some(server) = state.idle.pop() {
                drop(state);
                self.metrics.pool_idle.dec();
                return Ok(self.hold(Some(server)));
            }
            if state.open < self.dialler.upstream().pool_size {
                state.open += 1;
                drop(state);
                self.metrics.pool_size.inc();
                return Ok(self.hold(None));
            }
        }
        let (sender, receiver) = oneshot::channel();
        state.waiting.push_back(sender);
        Err(receiver)
    }

    fn hold(self: &Arc<Self>, server: Option<Server>) -> Checkout {
        self.metrics.pool_active.inc();
        Checkout { pool: Arc::clone(self), server, canceled: false }
    }

    /// Takes back a place, with a connection or without.
    fn put_back(self: &Arc<Self>, server: Option<Server>) {
        self.metrics.pool_active.dec();
        let mut state = self.lock();
        let mut server = server.filter(|s| !state.closing && s.generation == state.generation);
        // Who waits longest is next; one who has given up has dropped the receiver.
        while let Some(next) = state.waiting.pop_front() {
            if next.is_closed() {
                continue;
            }
            drop(state);
            // Should the receiver go just now, the checkout comes back here by being dropped.
            let _gone: Result<(), Checkout> = next.send(self.hold(server.take()));
            return;
        }
        if let Some(mut server) = server {
            server.shrink();
            state.idle.push(server);
            drop(state);
            self.metrics.pool_idle.inc();
        } else {
            state.open -= 1;
            drop(state);
            self.metrics.pool_size.dec();
        }
    }

    /// Connects, again and again until it works or `deadline` is over.
    async fn connect(&self, deadline: Instant) -> Result<Server, Trouble> {
        let generation = self.lock().generation;
        loop {
            let until = self.lock().retry.map(|(at, _)| at).filter(|&at| at > Instant::now());
            if let Some(at) = until {
                tokio::time::sleep_until(at.min(deadline)).await;
            }
            let trouble = match tokio::time::timeout_at(deadline, self.connect_once()).await {
                Ok(Ok(mut server)) => {
                    let mut state = self.lock();
                    server.generation = generation;
                    state.retry = None;
                    state.statuses = server.statuses().to_vec();
                    return Ok(server);
                }
                Ok(Err(trouble)) => trouble,
                Err(_) => Trouble::Timeout(self.dialler.upstream().connect_timeout),
            };
            tracing::warn!(trouble = %trouble, "cannot connect to the server");
            let mut state = self.lock();
            let pause = state.retry.map_or(PAUSE, |(_, pause)| (pause * 2).min(PAUSE_LIMIT));
            let at = Instant::now() + pause;
            state.retry = Some((at, pause));
            if at >= deadline {
                return Err(trouble);
            }
        }
    }

    async fn connect_once(&self) -> Result<Server, Trouble> {
        let mut prefix = [0; 8];
        self.random.fill(&mut prefix).map_err(|_| Trouble::Authentication("no random numbers".to_owned()))?;
        let stream = self.dialler.dial().await?;
        let limit = self.dialler.upstream().connect_timeout;
        let login = log_in(stream, self.dialler.upstream(), &self.search_path, u64::from_be_bytes(prefix));
        tokio::time::timeout(limit, login).await.map_err(|_| Trouble::Timeout(limit))?
    }

    /// Closes idle connections, and those that are in use as they come back: others take their places.
    pub fn retire(&self) {
        let mut state = self.lock();
        state.generation += 1;
        let idle = std::mem::take(&mut state.idle);
        state.open = state.open.saturating_sub(idle.len());
        drop(state);
        for _ in idle {
            self.metrics.pool_idle.dec();
            self.metrics.pool_size.dec();
        }
    }

    /// Closes idle connections, and those that come back from now on.
    pub fn close(&self) {
        let mut state = self.lock();
        state.closing = true;
        let idle = std::mem::take(&mut state.idle);
        state.open = state.open.saturating_sub(idle.len());
    }
}
