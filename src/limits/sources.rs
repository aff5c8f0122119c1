//! A rate for each of many sources that are not known beforehand, in a fixed amount of memory. It does not know what a source is.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// Sources are told apart up to this many; two that fall together share a rate.
const SLOTS: usize = 1024;

/// The rates.
#[derive(Debug)]
pub struct Sources {
    /// When each has used up what it was admitted, nanoseconds.
    until: Box<[AtomicU64]>,
    step: u64,
    burst: u64,
}

impl Sources {
    /// Each source may come once in `step`, and `burst` times at once.
    #[must_use]
    pub fn new(step: Duration, burst: u32) -> Self {
        let step = u64::try_from(step.as_nanos()).unwrap_or(u64::MAX);
        Self {
            until: std::iter::repeat_with(AtomicU64::default).take(SLOTS).collect(),
            step,
            burst: step.saturating_mul(burst.into()),
        }
    }

    /// How long until a source, named by its hash, may come again; `None`: it may now. Nothing is counted.
    #[must_use]
    pub fn wait(&self, source: u64, now: Duration) -> Option<Duration> {
        let now = u64::try_from(now.as_nanos()).unwrap_or(u64::MAX);
        let until = self.slot(source)?.load(Ordering::Relaxed);
        let next = until.max(now).saturating_add(self.step);
        (next - now).checked_sub(self.burst).filter(|wait| *wait > 0).map(Duration::from_nanos)
    }

    fn slot(&self, source: u64) -> Option<&AtomicU64> {
        self.until.get(usize::try_from(source % SLOTS as u64).unwrap_or_default())
    }

    /// Whether a source, named by its hash, may come at the time `now` (since a moment that is the same for all calls).
    #[must_use]
    pub fn admit(&self, source: u64, now: Duration) -> bool {
        let now = u64::try_from(now.as_nanos()).unwrap_or(u64::MAX);
        let next = |until: u64| {
            let next = until.max(now).saturating_add(self.step);
            (next - now <= self.burst).then_some(next)
        };
        self.slot(source).is_some_and(|slot| slot.fetch_update(Ordering::Relaxed, Ordering::Relaxed, next).is_ok())
    }
}
