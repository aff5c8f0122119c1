//! Budgets of a tenant. Time is an argument: this room has no clock, and it does not wait.

mod calendar;
mod ceilings;
mod pace;
mod quota;
mod shares;
mod sources;

pub use calendar::Day;
pub use ceilings::{Ceilings, Size};
pub use pace::Pace;
pub use quota::{Account, Days, Each, Line, Meter, Metric, Period, Quota, Request, Standing, Stock, Subject};
pub use shares::{Share, Shares, Ticket};
pub use sources::Sources;

use crate::error::{Refusal, Rule, SqlState};
use governor::RateLimiter;
use governor::clock::{Clock, Reference};
use governor::middleware::StateInformationMiddleware;
use governor::nanos::Nanos;
use governor::state::{InMemoryState, NotKeyed};
use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

/// The latest time that a caller told, in nanoseconds; it never goes back.
#[derive(Clone, Debug, Default)]
struct Told(Arc<AtomicU64>);

impl Told {
    fn tell(&self, now: Duration) {
        self.0.fetch_max(u64::try_from(now.as_nanos()).unwrap_or(u64::MAX), Ordering::Relaxed);
    }
}

impl Clock for Told {
    type Instant = Nanos;

    fn now(&self) -> Nanos {
        self.0.load(Ordering::Relaxed).into()
    }
}

/// The longest time for which a session is not listened to after a refusal.
const PAUSE_LIMIT: Duration = Duration::from_secs(1);

/// Statements per second, and a burst; one for all sessions of a tenant.
#[derive(Debug)]
pub struct Rate {
    /// Its bucket holds what may come at once, and what may wait: who takes of the latter has its turn later.
    limiter: RateLimiter<NotKeyed, InMemoryState, Told, StateInformationMiddleware>,
    told: Told,
    /// Nanoseconds from one statement to the next.
    step: u64,
    burst: u32,
    /// So many statements may wait.
    queue: u32,
    /// When who is refused next may come again: each has a time of its own, so that those who come are as many as the rate admits.
    again: AtomicU64,
    /// What admits too what this one admits.
    above: Option<Arc<Self>>,
}

/// The rate is used up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Excess {
    /// What the client is told.
    pub refusal: Refusal,
    /// For how long its session is not listened to: one that goes on all the same is slowed down, not refused at full speed.
    pub pause: Duration,
}

impl Rate {
    /// A rate of `per_second` statements of which `burst` may come at once (default: one second's); one that is beyond it waits for its
    /// turn, if that comes within `wait`.
    #[must_use]
    pub fn new(per_second: NonZeroU32, burst: Option<NonZeroU32>, wait: Duration) -> Self {
        let (told, burst) = (Told::default(), burst.unwrap_or(per_second));
        let step = 1_000_000_000 / u64::from(per_second.get());
        let queue = u32::try_from(wait.as_nanos() / u128::from(step.max(1))).unwrap_or(u32::MAX);
        let quota = governor::Quota::per_second(per_second).allow_burst(burst.saturating_add(queue));
        let limiter = RateLimiter::direct_with_clock(quota, told.clone()).with_middleware();
        Self { limiter, told, step, burst: burst.get(), queue, again: AtomicU64::new(0), above: None }
    }

    /// The rate of some of those whose rate is `above`. What only that one refuses this one has counted.
    #[must_use]
    pub fn within(self, above: Option<Arc<Self>>) -> Self {
        Self { above, ..self }
    }

    /// Admits `statements` at the time `now` (since a moment that is the same for all calls): they may go on after the time returned.
    ///
    /// # Errors
    /// A refusal (53400) whose hint says after how many milliseconds it is worth trying again.
    pub fn admit(&self, statements: u32, now: Duration) -> Result<Duration, Excess> {
        let Some(cells) = NonZeroU32::new(statements) else { return Ok(Duration::ZERO) };
        self.told.tell(now);
        let refusal = |message: &str| Refusal::new(SqlState::CONFIGURATION_LIMIT_EXCEEDED, Rule::Limit, message);
        match (statements <= self.burst).then(|| self.limiter.check_n(cells)) {
            Some(Ok(Ok(state))) => {
                let behind = self.queue.saturating_sub(state.remaining_burst_capacity());
                let wait = Duration::from_nanos(self.step.saturating_mul(behind.into()));
                let above = self.above.as_ref().map_or(Ok(Duration::ZERO), |above| above.admit(statements, now));
                above.map(|longer| wait.max(longer))
            }
            Some(Ok(Err(not_until))) => {
                let least = not_until.earliest_possible().duration_since(self.told.now()).into();
                let pause = self.turn(least, statements);
                let millis = least.max(pause).as_nanos().div_ceil(1_000_000).max(1);
                let refusal = refusal("the tenant's statement rate is used up").with_hint(format!("retry_after_ms={millis}"));
                Err(Excess { refusal, pause })
            }
            Some(Err(_)) | None => {
                let refusal = refusal("the query has more statements than the tenant's burst allows at once");
                Err(Excess { refusal, pause: self.turn(Duration::ZERO, 1) })
            }
        }
    }

    /// How long until the turn of who is refused now, with so many statements: `least`, or behind those who were refused before; at most [`PAUSE_LIMIT`].
    fn turn(&self, least: Duration, statements: u32) -> Duration {
        let now = self.told.now().as_u64();
        let nanos = |d: Duration| u64::try_from(d.as_nanos()).unwrap_or(u64::MAX);
        let limit = now.saturating_add(nanos(PAUSE_LIMIT));
        let first = now.saturating_add(nanos(least));
        let next = |again: u64| again.max(first).saturating_add(self.step.saturating_mul(statements.into())).min(limit);
        let before = self.again.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |again| Some(next(again)));
        let turn = before.unwrap_or_default().max(first).min(limit);
        Duration::from_nanos(turn.saturating_sub(now))
    }
}

/// A number of places, of which each client connection takes one.
#[derive(Debug)]
pub struct Places {
    taken: AtomicUsize,
    limit: AtomicUsize,
}

/// One place that is taken; dropping it gives it back.
#[derive(Debug)]
pub struct Place(Arc<Places>);

impl Places {
    /// `limit` places.
    #[must_use]
    pub fn new(limit: usize) -> Arc<Self> {
        Arc::new(Self { taken: AtomicUsize::new(0), limit: AtomicUsize::new(limit) })
    }

    /// Changes how many there are. What is taken beyond it stays taken until it is given back.
    pub fn set_limit(&self, limit: usize) {
        self.limit.store(limit, Ordering::Release);
    }

    /// Takes a place; `None` when there is none.
    #[must_use]
    pub fn take(self: &Arc<Self>) -> Option<Place> {
        let limit = self.limit.load(Ordering::Acquire);
        let free = |n: usize| (n < limit).then(|| n + 1);
        self.taken.fetch_update(Ordering::AcqRel, Ordering::Acquire, free).map(|_| Place(Arc::clone(self))).ok()
    }

    /// How many are taken.
    #[must_use]
    pub fn taken(&self) -> usize {
        self.taken.load(Ordering::Acquire)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.0.taken.fetch_sub(1, Ordering::AcqRel);
    }
}
