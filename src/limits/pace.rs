//! A pace: so many bytes a second, and one second's at once. Who is ahead of it waits; nothing is refused.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// What may come at once beyond the pace.
const BURST: u64 = 1_000_000_000;

/// One pace for all sessions of a tenant.
#[derive(Debug)]
pub struct Pace {
    per_second: u64,
    /// When all that was counted is paid for, nanoseconds.
    until: AtomicU64,
}

impl Pace {
    /// `per_second` bytes, at least one.
    #[must_use]
    pub fn new(per_second: u64) -> Self {
        Self { per_second: per_second.max(1), until: AtomicU64::new(0) }
    }

    /// Counts `bytes` that came at the time `now` (since a moment that is the same for all calls); returns for how long nothing more
    /// should be taken, zero while it is within the pace.
    #[must_use]
    pub fn spend(&self, bytes: usize, now: Duration) -> Duration {
        let now = u64::try_from(now.as_nanos()).unwrap_or(u64::MAX);
        let cost = u128::try_from(bytes).unwrap_or(u128::MAX).saturating_mul(1_000_000_000) / u128::from(self.per_second);
        let cost = u64::try_from(cost).unwrap_or(u64::MAX);
        let next = |until: u64| until.max(now).saturating_add(cost);
        let before = self.until.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |until| Some(next(until)));
        let until = next(before.unwrap_or_default());
        Duration::from_nanos((until - now).saturating_sub(BURST))
    }
}
