//! Makes the pool's connections, few at a time and with pauses while the server is away, and closes those that are old, idle or gone.
//! It does not lend them: `pool` does.

use super::login::log_in;
use super::pool::{Pool, State};
use super::{Server, Trouble};
use ring::rand::SecureRandom;
use std::sync::{Arc, Weak};
use std::time::Duration;

/// Most connections that are made at the same time: a server that comes back is not asked for all of them at once.
const AT_ONCE: usize = 4;
/// First pause after a connection could not be made; it doubles up to `server_login_retry`.
const PAUSE: Duration = Duration::from_millis(50);
/// How often idle connections are looked after, at most and at least.
const ROUND: (Duration, Duration) = (Duration::from_millis(50), Duration::from_secs(1));

/// A connection that is being made; dropping it without one gives its place up.
struct Making(Arc<Pool>);

impl Drop for Making {
    fn drop(&mut self) {
        let mut state = self.0.lock();
        state.connecting = state.connecting.saturating_sub(1);
        state.open = state.open.saturating_sub(1);
        drop(state);
        self.0.closed.notify_waiters();
    }
}

impl State {
    /// How many connections more there should be.
    fn wanted(&self) -> usize {
        let served = self.shares.servable().saturating_sub(self.idle.len() + self.connecting);
        let kept = self.bounds.least.saturating_sub(self.open);
        served.max(kept).min(self.bounds.size.saturating_sub(self.open))
    }
}

impl Pool {
    /// Has connections made for those who wait, and to keep the least number.
    pub(super) fn want(self: &Arc<Self>, state: &mut State) {
        let at_once = if state.failing.is_some() { 1 } else { AT_ONCE };
        while !state.closing && !state.paused && state.connecting < at_once && state.wanted() > 0 {
            state.connecting += 1;
            state.open += 1;
            let making = Making(Arc::clone(self));
            self.runtime.spawn(making.run());
        }
    }

    /// A number that nobody can guess.
    fn dice(&self) -> Result<u64, Trouble> {
        let mut bytes = [0; 8];
        self.random.fill(&mut bytes).map_err(|_| Trouble::Authentication("no random numbers".to_owned()))?;
        Ok(u64::from_be_bytes(bytes))
    }

    /// The duration, shorter by up to a tenth: what begins together does not end together.
    fn shortened(&self, duration: Duration) -> Result<Duration, Trouble> {
        let share = u32::try_from(self.dice()? % 1000).unwrap_or(0);
        Ok(duration - duration / 10 * share / 1000)
    }

    async fn connect(&self) -> Result<Server, Trouble> {
        let (generation, lifetime) = {
            let state = self.lock();
            (state.generation, state.bounds.lifetime)
        };
        let stream = self.dialler.dial().await?;
        let limit = self.dialler.upstream().connect_timeout;
        let login = log_in(stream, self.dialler.upstream(), &self.search_path, self.dice()?);
        let mut server = tokio::time::timeout(limit, login).await.map_err(|_| Trouble::Timeout(limit))??;
        server.generation = generation;
        if !lifetime.is_zero() {
            server.expires = self.start.elapsed() + self.shortened(lifetime)?;
        }
        Ok(server)
    }

    /// Closes idle connections that are gone, old, or not needed, and makes up for the least number.
    fn look_after(self: &Arc<Self>) -> Duration {
        let mut state = self.lock();
        let now = self.start.elapsed();
        state.now = now;
        let bounds = state.bounds;
        let mut at = 0;
        // The longest unused come first.
        loop {
            let open = state.open;
            let Some(server) = state.idle.get_mut(at) else { break };
            let unused = !bounds.idle.is_zero() && now.saturating_sub(server.idle_since) >= bounds.idle;
            let useless = server.expires <= now || open > bounds.size || !server.is_alive();
            if useless || (unused && open > bounds.least) {
                self.close_idle(&mut state, at);
            } else {
                at += 1;
            }
        }
        drop(state);
        self.serve();
        let shortest = [bounds.idle, bounds.lifetime].into_iter().filter(|d| !d.is_zero()).min().unwrap_or(ROUND.1);
        (shortest / 4).clamp(ROUND.0, ROUND.1)
    }
}

impl Making {
    /// Makes the connection. While the server is away one maker goes on trying, for as long as a connection is wanted.
    async fn run(self) {
        loop {
            match self.0.connect().await {
                Ok(server) => return self.done(server),
                Err(trouble) => {
                    let Some(pause) = self.failed(&trouble) else { return };
                    tokio::time::sleep(pause).await;
                    // Nobody may want it any more, or the pool is full without it.
                    let state = self.0.lock();
                    let wanted = state.shares.servable() > state.idle.len() || state.open <= state.bounds.least;
                    if state.closing || state.paused || !wanted {
                        return;
                    }
                }
            }
        }
    }

    /// The connection is the pool's from now on.
    fn done(self, mut server: Server) {
        let pool = Arc::clone(&self.0);
        let mut state = pool.lock();
        state.failing = None;
        state.statuses = server.statuses().to_vec();
        if !state.closing && !state.paused && server.generation == state.generation && state.open <= state.bounds.size {
            server.idle_since = state.now;
            state.lines.retain(|line| line.strong_count() > 0);
            state.lines.push(Arc::downgrade(&server.line));
            state.idle.push(server);
            // What `drop` takes away when this ends without a connection.
            state.open += 1;
            pool.metrics.pool_size.inc();
            pool.metrics.pool_idle.inc();
        }
        drop(state);
        drop(self);
        pool.serve();
    }

    /// Says how long to wait before the next try; `None` where another maker goes on trying.
    fn failed(&self, trouble: &Trouble) -> Option<Duration> {
        tracing::warn!(%trouble, "cannot connect to the server");
        self.0.metrics.pool_failures.inc();
        let mut state = self.0.lock();
        if state.connecting > 1 {
            return None;
        }
        let last = state.failing.take().map_or(Duration::ZERO, |(pause, _)| pause);
        let pause = (last * 2).clamp(PAUSE, state.bounds.retry.max(PAUSE));
        state.failing = Some((pause, trouble.to_string()));
        drop(state);
        self.0.shortened(pause).ok().or(Some(pause))
    }
}

/// Looks after the pool again and again, for as long as it is there.
pub(super) async fn keep(pool: Weak<Pool>) {
    loop {
        let Some(pool) = pool.upgrade() else { return };
        let pause = pool.look_after();
        drop(pool);
        tokio::time::sleep(pause).await;
    }
}
