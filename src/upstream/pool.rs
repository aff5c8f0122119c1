//! The pool of server connections: the latest returned goes out first, and tenants that wait are served by their shares.
//! It does not clean connections: what is not clean when it comes back is closed.

use super::{Dialler, Server, ServerLine, Trouble};
use crate::config::Upstream;
use crate::http::metrics::Metrics;
use crate::limits::{Share, Shares, Ticket};
use crate::session::Session;
use bytes::Buf;
use ring::rand::SystemRandom;
use std::collections::HashSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;
use tokio::runtime::Handle;
use tokio::sync::{Notify, oneshot};
use tokio::time::Instant;

/// For how long it is listened to what becomes of the changes of a client that is gone.
const FORSAKEN: Duration = Duration::from_secs(2);

/// Connections to one server as one role.
#[derive(Debug)]
pub struct Pool {
    pub(super) dialler: Dialler,
    pub(super) search_path: String,
    pub(super) metrics: Arc<Metrics>,
    pub(super) random: SystemRandom,
    pub(super) runtime: Handle,
    pub(super) start: Instant,
    pub(super) state: Mutex<State>,
    /// Tells who pauses that a connection was closed.
    pub(super) closed: Notify,
}

/// What there is to show of a pool.
#[derive(Debug)]
pub struct Figures {
    /// Connections that are made just now.
    pub connecting: usize,
    /// Whether it is paused.
    pub paused: bool,
    /// The connections that are there, and whether each is idle.
    pub servers: Vec<(Arc<ServerLine>, bool)>,
}

/// The keys of `[upstream]` that a reload may change.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bounds {
    pub(super) size: usize,
    pub(super) least: usize,
    wait: Duration,
    pub(super) lifetime: Duration,
    pub(super) idle: Duration,
    pub(super) retry: Duration,
}

impl Bounds {
    fn of(upstream: &Upstream) -> Self {
        Self {
            size: upstream.pool_size,
            least: upstream.min_pool_size,
            wait: upstream.query_wait_timeout,
            lifetime: upstream.server_lifetime,
            idle: upstream.server_idle_timeout,
            retry: upstream.server_login_retry,
        }
    }
}

#[derive(Debug)]
pub(super) struct State {
    pub(super) bounds: Bounds,
    pub(super) idle: Vec<Server>,
    /// Connections that are there, and those that are being made.
    pub(super) open: usize,
    /// Those that are being made.
    pub(super) connecting: usize,
    /// Nobody waits for long while there is an idle connection that it may have: see [`Pool::serve`].
    pub(super) shares: Shares<oneshot::Sender<Checkout>>,
    pub(super) statuses: Vec<(Box<str>, Box<str>)>,
    pub(super) closing: bool,
    /// Nobody gets a connection for now, and none is kept.
    pub(super) paused: bool,
    /// Every connection that was made and may still be there.
    pub(super) lines: Vec<Weak<ServerLine>>,
    /// Connections of an earlier generation are not given out again.
    pub(super) generation: u64,
    /// While no connection can be made: the pause before the next try, and why the last one failed.
    pub(super) failing: Option<(Duration, String)>,
    /// The time since the start at the latest [`Pool::keep`]: no use of a connection asks for the time.
    pub(super) now: Duration,
}

impl State {
    /// Whether a connection that comes back is given out again.
    fn fits(&self, server: &Server) -> bool {
        !self.closing
            && !self.paused
            && server.generation == self.generation
            && server.expires > self.now
            && self.open <= self.bounds.size
    }
}

/// The right to one of the pool's connections, and the connection. Dropping it returns a clean connection and closes any other.
#[derive(Debug)]
pub struct Checkout {
    pool: Arc<Pool>,
    share: Arc<Share>,
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

    /// Asks the server to stop what it works on. The request may arrive late: the connection is not used again.
    pub(super) fn stop(&mut self) {
        self.canceled = true;
        let Some(key) = self.key().cloned() else { return };
        let dialler = self.pool.dialler.clone();
        tokio::spawn(async move {
            if let Err(trouble) = super::cancel(&dialler, &key).await {
                tracing::warn!(%trouble, "a statement could not be canceled");
            }
        });
    }

    /// Whether the pool would take it back to give it out again.
    pub(super) fn is_wanted(&self) -> bool {
        let state = self.pool.lock();
        self.server.as_ref().is_some_and(|server| state.fits(server))
    }

    /// Whether it should come back as soon as it is clean: others wait for one, or the pool would close it.
    #[must_use]
    pub fn is_due(&self) -> bool {
        let state = self.pool.lock();
        state.paused || state.shares.waiting() > 0 || self.server.as_ref().is_none_or(|server| !state.fits(server))
    }

    /// Counts the statements that were prepared on it.
    pub(super) fn count_parses(&mut self) {
        let parses = self.server.as_mut().map_or(0, |server| server.backend.outbox().take_parses());
        self.pool.metrics.server_parses.inc_by(parses);
    }

    /// Gives the connection up while the server may be at work for a client that is gone: asks it to stop, then closes. Where what was sent
    /// may have changed rows, the session hears first, for a while, how that ended: what is done counts.
    pub fn abandon(mut self, mut session: Box<Session>) {
        // A request may arrive late, this one or the client's: clean or not, the connection is not used again.
        self.canceled = true;
        let Some(key) = self.key().cloned() else { return };
        let dialler = self.pool.dialler.clone();
        tokio::spawn(async move {
            if let Err(trouble) = super::cancel(&dialler, &key).await {
                tracing::debug!(%trouble, "an abandoned statement could not be canceled");
            }
            if let Some(server) = self.server.as_mut().filter(|_| session.has_written()) {
                server.inbox.advance(session.forsake().min(server.inbox.len()));
                match tokio::time::timeout(FORSAKEN, server.hear_out(&mut session)).await {
                    Ok(()) | Err(_) => {}
                }
            }
            // Only now may the place be taken again: the server's own connections are counted too.
            drop(self);
        });
    }
}

impl Drop for Checkout {
    fn drop(&mut self) {
        let reusable = self.server.take().filter(|s| s.is_clean() && !self.canceled);
        self.pool.put_back(&self.share, reusable);
    }
}

/// A place in a tenant's line; dropping it leaves the line.
struct Turn<'a> {
    pool: &'a Pool,
    share: &'a Share,
    ticket: Ticket,
    got: oneshot::Receiver<Checkout>,
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.pool.lock().shares.leave(self.share, self.ticket);
        self.pool.metrics.pool_waiting.dec();
    }
}

impl Pool {
    /// A pool without connections. `search_path` is the schemas that unqualified names are looked up in, in order.
    /// To be called within the runtime that its connections are to live in.
    #[must_use]
    pub fn new(dialler: Dialler, search_path: &[String], metrics: Arc<Metrics>) -> Arc<Self> {
        // As PostgreSQL would show it: quoted where a name needs it.
        let plain = |s: &str| {
            !s.is_empty()
                && !s.starts_with(|c: char| c.is_ascii_digit())
                && s.chars().all(|c| matches!(c, 'a'..='z' | '0'..='9' | '_'))
        };
        let name = |s: &String| if plain(s) { s.clone() } else { format!("\"{}\"", s.replace('"', "\"\"")) };
        let quoted: Vec<String> = search_path.iter().map(name).collect();
        let bounds = Bounds::of(dialler.upstream());
        let state = State {
            bounds,
            idle: Vec::new(),
            open: 0,
            connecting: 0,
            shares: Shares::new(bounds.size),
            statuses: Vec::new(),
            closing: false,
            paused: false,
            lines: Vec::new(),
            generation: 0,
            failing: None,
            now: Duration::ZERO,
        };
        let pool = Arc::new(Self {
            dialler,
            search_path: quoted.join(", "),
            metrics,
            random: SystemRandom::new(),
            runtime: Handle::current(),
            start: Instant::now(),
            state: Mutex::new(state),
            closed: Notify::new(),
        });
        pool.runtime.spawn(super::upkeep::keep(Arc::downgrade(&pool)));
        pool
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

    pub(super) fn lock(&self) -> MutexGuard<'_, State> {
        // Every change under this lock is complete in itself.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes over the sizes and timeouts of other settings.
    pub fn configure(self: &Arc<Self>, upstream: &Upstream) {
        let mut state = self.lock();
        state.bounds = Bounds::of(upstream);
        let size = state.bounds.size;
        state.shares.set_places(size);
        while state.open > size && self.close_idle(&mut state, 0) {}
        drop(state);
        self.serve();
    }

    /// A connection: an idle one, or the next that there is for this share; within the configured `query_wait_timeout`.
    ///
    /// # Errors
    /// [`Trouble::Exhausted`] when there was none for that long, [`Trouble::Away`] when the server is down.
    pub async fn checkout(self: &Arc<Self>, share: &Arc<Share>) -> Result<Checkout, Trouble> {
        let (mut turn, limit) = {
            let mut state = self.lock();
            if state.closing {
                return Err(Trouble::Closed);
            }
            self.drop_dead(&mut state);
            if !state.paused && !state.idle.is_empty() && state.shares.take(share) {
                let server = state.idle.pop();
                drop(state);
                self.metrics.pool_idle.dec();
                return Ok(self.hold(Arc::clone(share), server));
            }
            let (sender, got) = oneshot::channel();
            self.metrics.pool_waiting.inc();
            let turn = Turn { pool: self, share, ticket: state.shares.wait(share, sender), got };
            (turn, state.bounds.wait)
        };
        self.serve();
        let begun = Instant::now();
        let got = loop {
            let got = tokio::time::timeout(limit, &mut turn.got).await;
            // The time in which nobody gets one counts for nobody.
            if got.is_ok() || !self.lock().paused {
                break got;
            }
        };
        let waited = begun.elapsed();
        self.metrics.pool_wait_seconds.observe(waited.as_secs_f64());
        self.metrics.wait_microseconds.inc_by(u64::try_from(waited.as_micros()).unwrap_or(u64::MAX));
        match got {
            Ok(Ok(checkout)) => Ok(checkout),
            Ok(Err(_)) => Err(Trouble::Closed),
            Err(_) => {
                let reason = self.lock().failing.as_ref().map(|(_, reason)| reason.clone());
                Err(reason.map_or(Trouble::Exhausted(limit), |reason| Trouble::Away { waited: limit, reason }))
            }
        }
    }

    fn hold(self: &Arc<Self>, share: Arc<Share>, server: Option<Server>) -> Checkout {
        self.metrics.pool_active.inc();
        Checkout { pool: Arc::clone(self), share, server, canceled: false }
    }

    /// Closes what is next in turn but is not there any more.
    fn drop_dead(&self, state: &mut State) {
        while state.idle.last_mut().is_some_and(|server| !server.is_alive()) {
            let at = state.idle.len() - 1;
            self.close_idle(state, at);
        }
    }

    /// Closes an idle connection. Says whether there was one.
    pub(super) fn close_idle(&self, state: &mut State, at: usize) -> bool {
        if at >= state.idle.len() {
            return false;
        }
        state.idle.remove(at);
        state.open -= 1;
        self.metrics.pool_idle.dec();
        self.metrics.pool_size.dec();
        true
    }

    /// Gives idle connections to those who wait, and has others made where they are wanted.
    pub(super) fn serve(self: &Arc<Self>) {
        loop {
            let mut state = self.lock();
            self.drop_dead(&mut state);
            if !state.paused
                && !state.idle.is_empty()
                && let Some((share, turn)) = state.shares.serve()
            {
                let server = state.idle.pop();
                drop(state);
                self.metrics.pool_idle.dec();
                // Should whoever waited be gone just now, the checkout comes back by being dropped.
                let _gone: Result<(), Checkout> = turn.send(self.hold(share, server));
                continue;
            }
            self.want(&mut state);
            return;
        }
    }

    /// Takes back a place, with a connection or without.
    fn put_back(self: &Arc<Self>, share: &Share, server: Option<Server>) {
        self.metrics.pool_active.dec();
        let mut state = self.lock();
        state.shares.give_back(share);
        match server.filter(|server| state.fits(server)) {
            Some(mut server) => {
                server.shrink();
                server.idle_since = state.now;
                state.idle.push(server);
                self.metrics.pool_idle.inc();
            }
            None => {
                state.open = state.open.saturating_sub(1);
                self.metrics.pool_size.dec();
                self.closed.notify_waiters();
            }
        }
        let quiet = state.shares.waiting() == 0 && state.open >= state.bounds.least;
        drop(state);
        if !quiet {
            self.serve();
        }
    }

    /// Closes idle connections, and those that are in use as they come back: others take their places.
    pub fn retire(self: &Arc<Self>) {
        let mut state = self.lock();
        state.generation += 1;
        while self.close_idle(&mut state, 0) {}
        drop(state);
        self.serve();
    }

    /// From now on nobody gets a connection: idle ones are closed, and those in use as they come back. Says whether it was not so before.
    pub fn pause(&self) -> bool {
        let mut state = self.lock();
        while self.close_idle(&mut state, 0) {}
        !std::mem::replace(&mut state.paused, true)
    }

    /// Waits until no connection is left, or the pause is over. Says whether it is not.
    pub async fn paused(&self) -> bool {
        loop {
            let mut closed = std::pin::pin!(self.closed.notified());
            closed.as_mut().enable();
            {
                let state = self.lock();
                if !state.paused || state.open == 0 {
                    return state.paused;
                }
            }
            closed.await;
        }
    }

    /// Ends a pause. Says whether there was one.
    pub fn resume(self: &Arc<Self>) -> bool {
        let was = std::mem::take(&mut self.lock().paused);
        self.closed.notify_waiters();
        self.serve();
        was
    }

    /// Whether it is paused.
    #[must_use]
    pub fn is_paused(&self) -> bool {
        self.lock().paused
    }

    /// What there is to show of it.
    #[must_use]
    pub fn figures(&self) -> Figures {
        let mut state = self.lock();
        state.lines.retain(|line| line.strong_count() > 0);
        let idle: HashSet<u64> = state.idle.iter().map(|server| server.line.number).collect();
        let servers = state.lines.iter().filter_map(Weak::upgrade).map(|line| (Arc::clone(&line), idle.contains(&line.number)));
        Figures { connecting: state.connecting, paused: state.paused, servers: servers.collect() }
    }

    /// Closes idle connections, and those that come back from now on. Nobody gets one any more.
    pub fn close(&self) {
        let mut state = self.lock();
        state.closing = true;
        state.shares.dismiss();
        while self.close_idle(&mut state, 0) {}
    }
}
