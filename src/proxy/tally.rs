//! What one client's task counts for itself until it has nothing else to do: the shared counters are touched once per transaction.
//! It does not know what is counted elsewhere.

use crate::http::metrics::Metrics;
use crate::limits::{Meter, Metric};
use std::time::{Duration, Instant};

/// What was counted and is not in the shared counters.
#[derive(Debug, Default)]
pub(super) struct Tally {
    pub(super) assignments: u64,
    pub(super) received: u64,
    pub(super) client_parses: u64,
    pub(super) server_parses: u64,
    pub(super) binds: u64,
    pub(super) transactions: u64,
    held: Duration,
    worked: Duration,
    /// Since when a server connection is held, and since when it works.
    pub(super) holds: Option<Instant>,
    works: Option<Instant>,
}

impl Tally {
    /// The server connection is gone.
    pub(super) fn release(&mut self) {
        self.works(false);
        self.held += self.holds.take().map_or(Duration::ZERO, |since| since.elapsed());
    }

    /// Whether the server works on something just now.
    pub(super) fn works(&mut self, now: bool) {
        match (self.works, now) {
            (None, true) => self.works = Some(Instant::now()),
            (Some(since), false) => {
                self.worked += since.elapsed();
                self.works = None;
            }
            (None, false) | (Some(_), true) => {}
        }
    }

    /// Adds it to the shared counters; `sent` is what has been written to the client.
    pub(super) fn pour(&mut self, sent: &mut u64, metrics: &Metrics, meter: &Meter) {
        if *sent > 0 {
            meter.add(Metric::Bytes, *sent);
        }
        let micros = |d: &mut Duration| u64::try_from(std::mem::take(d).as_micros()).unwrap_or(u64::MAX);
        for (counter, n) in [
            (&metrics.assignments, std::mem::take(&mut self.assignments)),
            (&metrics.transactions, std::mem::take(&mut self.transactions)),
            (&metrics.received_bytes, std::mem::take(&mut self.received)),
            (&metrics.sent_bytes, std::mem::take(sent)),
            (&metrics.client_parses, std::mem::take(&mut self.client_parses)),
            (&metrics.server_parses, std::mem::take(&mut self.server_parses)),
            (&metrics.binds, std::mem::take(&mut self.binds)),
            (&metrics.transaction_microseconds, micros(&mut self.held)),
            (&metrics.query_microseconds, micros(&mut self.worked)),
        ] {
            if n > 0 {
                counter.inc_by(n);
            }
        }
    }
}
