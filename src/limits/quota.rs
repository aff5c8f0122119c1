//! What a tenant may use in a day and in a month, and have at once; what it has used, and where it must stop. It has no clock, and it
//! keeps and measures nothing.

use super::calendar::Day;
use crate::error::{Refusal, Rule, SqlState};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Metric {
    /// Statements, those that are refused for another reason included.
    Queries,
    /// Bytes that clients are sent.
    Bytes,
    /// Rows that statements say they have inserted, updated, deleted, merged or copied.
    RowsWritten,
}

impl Metric {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Queries, Self::Bytes, Self::RowsWritten];

    /// Its name, in settings and in the registry.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Queries => "queries",
            Self::Bytes => "bytes",
            Self::RowsWritten => "rows_written",
        }
    }

    /// The metric of this name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|m| m.as_str() == name)
    }
}

/// For how long it is counted: in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Period {
    /// From midnight to midnight.
    Day,
    /// A month of the calendar.
    Month,
}

impl Period {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Day, Self::Month];

    /// Its name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Month => "month",
        }
    }

    /// The first day of that of `day`.
    #[must_use]
    pub fn begins(self, day: Day) -> Day {
        match self {
            Self::Day => day,
            Self::Month => day.month(),
        }
    }

    /// The first day after that of `day`.
    #[must_use]
    pub fn ends(self, day: Day) -> Day {
        match self {
            Self::Day => day.next(),
            Self::Month => day.next_month(),
        }
    }
}

/// What a tenant has at one moment, which somebody tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stock {
    /// Bytes that its rows take in the database.
    Storage,
    /// Users.
    Users,
    /// Client connections.
    Connections,
}

impl Stock {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Storage, Self::Users, Self::Connections];

    /// Its name, in settings and in the registry.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Storage => "storage",
            Self::Users => "users",
            Self::Connections => "connections",
        }
    }
}

/// What a quota is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    /// What is used in a period.
    Used(Metric, Period),
    /// What is there at one moment.
    Held(Stock),
}

impl Subject {
    /// All of them.
    pub fn all() -> impl Iterator<Item = Self> {
        let used = Metric::ALL.into_iter().flat_map(|metric| Period::ALL.map(|period| Self::Used(metric, period)));
        used.chain(Stock::ALL.map(Self::Held))
    }

    /// What is counted.
    #[must_use]
    pub fn what(self) -> &'static str {
        match self {
            Self::Used(metric, _) => metric.as_str(),
            Self::Held(stock) => stock.as_str(),
        }
    }

    /// For how long; `None`: it does not end by itself.
    #[must_use]
    pub fn period(self) -> Option<Period> {
        match self {
            Self::Used(_, period) => Some(period),
            Self::Held(_) => None,
        }
    }
}

impl std::fmt::Display for Subject {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.period() {
            Some(period) => write!(f, "{}_per_{}", self.what(), period.as_str()),
            None => f.write_str(self.what()),
        }
    }
}

/// One of each metric.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Each<T> {
    queries: T,
    bytes: T,
    rows_written: T,
}

impl<T> Each<T> {
    /// That of a metric.
    pub fn of(&self, metric: Metric) -> &T {
        match metric {
            Metric::Queries => &self.queries,
            Metric::Bytes => &self.bytes,
            Metric::RowsWritten => &self.rows_written,
        }
    }

    /// That of a metric, to be changed.
    pub fn of_mut(&mut self, metric: Metric) -> &mut T {
        match metric {
            Metric::Queries => &mut self.queries,
            Metric::Bytes => &mut self.bytes,
            Metric::RowsWritten => &mut self.rows_written,
        }
    }
}

/// `[plans.NAME.quota]`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Quota {
    /// What may be used, and had.
    pub limits: BTreeMap<Subject, u64>,
    /// The part of it, in percent, from which on the tenant is near it; default 80.
    pub soft_percent: Option<u64>,
}

impl Quota {
    /// How many users there may be.
    #[must_use]
    pub fn users(&self) -> Option<u64> {
        self.limits.get(&Subject::Held(Stock::Users)).copied()
    }

    /// The quota of somebody to whom this one applies instead, in each that it names.
    #[must_use]
    pub fn with(mut self, own: &Self) -> Self {
        self.limits.extend(&own.limits);
        Self { soft_percent: own.soft_percent.or(self.soft_percent), ..self }
    }
}

/// How a tenant stands with its quotas.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// Within them.
    #[default]
    Good,
    /// Near one.
    Near,
    /// One is used up.
    Over,
}

impl Standing {
    /// The words for it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Good => "ok",
            Self::Near => "near limit",
            Self::Over => "over",
        }
    }
}

#[derive(Debug)]
struct Gauge {
    /// Since the start of the process.
    count: AtomicU64,
    /// The count beyond which nothing is admitted, and until when, nanoseconds.
    stop: AtomicU64,
    until: AtomicU64,
}

impl Default for Gauge {
    fn default() -> Self {
        Self { count: AtomicU64::new(0), stop: AtomicU64::new(u64::MAX), until: AtomicU64::new(0) }
    }
}

/// What the sessions of one tenant use, on the way of each statement: one addition and some look-ups, none of which waits.
#[derive(Debug, Default)]
pub struct Meter {
    gauges: Each<Gauge>,
    /// Until when nothing is added, nanoseconds: the storage is used up.
    full: AtomicU64,
    failures: AtomicU64,
}

/// What a client asks for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Request {
    /// So many statements.
    pub statements: usize,
    /// Whether one of them changes rows.
    pub writes: bool,
    /// Whether one of them adds rows, or makes some larger.
    pub adds: bool,
}

impl Meter {
    /// Counts.
    pub fn add(&self, metric: Metric, n: u64) {
        self.gauges.of(metric).count.fetch_add(n, Ordering::Relaxed);
    }

    /// Counts a statement that found no server connection, or lost it.
    pub fn fail(&self) {
        self.failures.fetch_add(1, Ordering::Relaxed);
    }

    /// What was counted since the start.
    #[must_use]
    pub fn count(&self, metric: Metric) -> u64 {
        self.gauges.of(metric).count.load(Ordering::Relaxed)
    }

    /// Admits what is asked for at the time `now` (since a moment that is the same for all calls), and counts it.
    ///
    /// # Errors
    /// A refusal (53400) that says when the period of what is used up ends, or storage is measured again. Rows written are looked at for
    /// statements that write only, storage for those that add.
    pub fn admit(&self, asked: Request, now: Duration) -> Result<(), Refusal> {
        let statements = u64::try_from(asked.statements).unwrap_or(u64::MAX);
        if asked.adds {
            let full = Duration::from_nanos(self.full.load(Ordering::Relaxed));
            if !full.is_zero() {
                return Err(refusal("storage", full.saturating_sub(now)));
            }
        }
        for (metric, more) in [(Metric::Queries, statements), (Metric::Bytes, 1), (Metric::RowsWritten, u64::from(asked.writes))]
        {
            let gauge = self.gauges.of(metric);
            if more > 0 && self.count(metric).saturating_add(more) > gauge.stop.load(Ordering::Relaxed) {
                let what = match metric {
                    Metric::Queries => "statements",
                    Metric::Bytes => "bytes of results",
                    Metric::RowsWritten => "written rows",
                };
                return Err(refusal(what, Duration::from_nanos(gauge.until.load(Ordering::Relaxed)).saturating_sub(now)));
            }
        }
        self.add(Metric::Queries, statements);
        Ok(())
    }
}

fn refusal(what: &str, wait: Duration) -> Refusal {
    Refusal::new(SqlState::CONFIGURATION_LIMIT_EXCEEDED, Rule::Quota, format!("the tenant's quota of {what} is used up"))
        .with_hint(format!("retry_after_ms={}", wait.as_millis().max(1)))
}

fn nanos(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
}

/// What was used on single days.
pub type Days = BTreeMap<Day, Each<u64>>;

/// One tenant's use: what is kept elsewhere, and what is still to be kept.
#[derive(Debug, Default)]
pub struct Account {
    /// The day of the last turn.
    day: Day,
    /// What the meter had counted then.
    base: Each<u64>,
    failures: u64,
    /// What is not kept yet.
    pending: Days,
    /// What was kept when it was last read: on that day, and before it in its month.
    kept: (Each<u64>, Each<u64>),
    kept_on: Day,
    held: BTreeMap<Stock, u64>,
    told: BTreeMap<Subject, (Day, Standing)>,
    /// A statement found no server connection since the turn before the last.
    pub failing: bool,
}

/// How one quota is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line {
    /// Which.
    pub subject: Subject,
    /// How much was used, or is there.
    pub used: u64,
    /// How much may be; `None`: without bounds.
    pub limit: Option<u64>,
    /// What that means.
    pub standing: Standing,
    /// The first day of the next period, if it has one.
    pub ends: Option<Day>,
}

impl Account {
    /// Takes what the meter has counted since the last turn; it belongs to the day of that turn. From now on it is `day`.
    pub fn turn(&mut self, meter: &Meter, day: Day) {
        let first = self.kept_on == Day::default() && self.pending.is_empty() && self.day == Day::default();
        let of = if first { day } else { self.day };
        for metric in Metric::ALL {
            let count = meter.count(metric);
            let more = count.saturating_sub(std::mem::replace(self.base.of_mut(metric), count));
            if more > 0 {
                *self.pending.entry(of).or_default().of_mut(metric) += more;
            }
        }
        let failures = meter.failures.load(Ordering::Relaxed);
        self.failing = failures != std::mem::replace(&mut self.failures, failures);
        self.day = day;
    }

    /// The tenant was made anew: its meter begins at nothing.
    pub fn renew(&mut self) {
        self.base = Each::default();
        self.failures = 0;
    }

    /// What is to be kept.
    #[must_use]
    pub fn pending(&self) -> &Days {
        &self.pending
    }

    /// What was pending is kept, and what is kept by now comes to this: on the day of the last turn, and before it in its month, unless
    /// that is as it was.
    pub fn keep(&mut self, day: Each<u64>, before: Option<Each<u64>>) {
        self.pending.clear();
        let before = before.unwrap_or(self.kept.1);
        self.kept = (day, before);
        self.kept_on = self.day;
    }

    /// So much is there now.
    pub fn hold(&mut self, stock: Stock, amount: u64) {
        self.held.insert(stock, amount);
    }

    /// What was used up to the last turn.
    #[must_use]
    pub fn used(&self, metric: Metric, period: Period) -> u64 {
        let begins = period.begins(self.day);
        let (day, before) = (*self.kept.0.of(metric), *self.kept.1.of(metric));
        let kept = match period {
            Period::Day => day,
            Period::Month => day.saturating_add(before),
        };
        let kept = if period.begins(self.kept_on) == begins { kept } else { 0 };
        self.pending.range(begins..).map(|(_, each)| *each.of(metric)).fold(kept, u64::saturating_add)
    }

    /// Says where the meter stops by this quota. `left` is how long it is until the beginning of a day, `now` the time of the meter,
    /// `measured` when storage will be measured again.
    pub fn bind(&self, meter: &Meter, quota: &Quota, now: Duration, measured: Duration, left: impl Fn(Day) -> Duration) {
        let storage = quota.limits.get(&Subject::Held(Stock::Storage)).zip(self.held.get(&Stock::Storage));
        let full = storage.filter(|(limit, held)| held >= limit).map_or(0, |_| nanos(measured).max(1));
        meter.full.store(full, Ordering::Relaxed);
        for metric in Metric::ALL {
            let stop = |period: Period| {
                let limit = quota.limits.get(&Subject::Used(metric, period))?;
                let left_over = limit.saturating_sub(self.used(metric, period));
                Some((self.base.of(metric).saturating_add(left_over), now.saturating_add(left(period.ends(self.day)))))
            };
            // What ends first stops first; of two that have, the later end counts.
            let stops = Period::ALL.into_iter().filter_map(stop);
            let count = meter.count(metric);
            let (stop, until) =
                stops.min_by_key(|(stop, until)| ((*stop).max(count), std::cmp::Reverse(*until))).unwrap_or((u64::MAX, now));
            let gauge = meter.gauges.of(metric);
            gauge.until.store(nanos(until), Ordering::Relaxed);
            gauge.stop.store(stop, Ordering::Relaxed);
        }
    }

    /// How each subject stands that is known, what has come since the last turn included.
    pub fn lines<'a>(&'a self, meter: &'a Meter, quota: &'a Quota) -> impl Iterator<Item = Line> + 'a {
        Subject::all().filter_map(|subject| {
            let used = match subject {
                Subject::Used(metric, period) => {
                    let since = meter.count(metric).saturating_sub(*self.base.of(metric));
                    self.used(metric, period).saturating_add(since)
                }
                Subject::Held(stock) => *self.held.get(&stock)?,
            };
            let limit = quota.limits.get(&subject).copied();
            let near = |limit: u64| u128::from(used) * 100 >= u128::from(limit) * u128::from(quota.soft_percent.unwrap_or(80));
            let standing = match limit {
                Some(limit) if used >= limit => Standing::Over,
                Some(limit) if near(limit) => Standing::Near,
                Some(_) | None => Standing::Good,
            };
            Some(Line { subject, used, limit, standing, ends: subject.period().map(|period| period.ends(self.day)) })
        })
    }

    /// The quotas that the tenant has come near to, or used up, since this was asked: each once in its period, or in a day.
    pub fn news(&mut self, meter: &Meter, quota: &Quota) -> Vec<Line> {
        let lines: Vec<Line> = self.lines(meter, quota).collect();
        let day = self.day;
        let told = &mut self.told;
        let is_new = |line: &Line| {
            let (key, begins) = (line.subject, line.subject.period().map_or(day, |period| period.begins(day)));
            let before = told.get(&key).filter(|(of, _)| *of == begins).map_or(Standing::Good, |(_, standing)| *standing);
            let new = line.standing > before;
            if new {
                told.insert(key, (begins, line.standing));
            }
            new
        };
        lines.into_iter().filter(is_new).collect()
    }
}
