//! Alerts: rules that count what happens, and webhooks that are told when it is too much. It records nothing: the audit log does.

mod post;

pub use post::{Target, TargetTrouble};

use serde::Serialize;
use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

/// Alerts that wait to be sent; one more is logged and lost.
const QUEUE: usize = 256;
/// Rules times tenants that are counted at once; beyond it what is over is forgotten first, then nothing new is counted.
const COUNTED: usize = 10_000;

/// What a rule counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Occurrence {
    /// A statement named another tenant's value.
    Crossing,
    /// A statement or message was refused.
    Refusal,
    /// A login failed.
    LoginFailed,
    /// A record could not be written, or a sink does not take them.
    AuditFailing,
    /// A tenant has used most of a quota.
    QuotaNear,
    /// A statement waited for a server connection in vain.
    PoolExhausted,
}

impl Occurrence {
    /// All of them, by the name that rules give them.
    pub const ALL: [(&'static str, Self); 6] = [
        ("crossings", Self::Crossing),
        ("refusals", Self::Refusal),
        ("logins_failed", Self::LoginFailed),
        ("audit_failing", Self::AuditFailing),
        ("quota_near", Self::QuotaNear),
        ("pool_exhausted", Self::PoolExhausted),
    ];

    /// The name that rules give it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        Self::ALL.into_iter().find(|(_, o)| *o == self).map_or("", |(name, _)| name)
    }
}

/// When somebody is told, and who.
#[derive(Clone, Debug)]
pub struct Rule {
    /// What is counted, of each tenant by itself.
    pub on: Occurrence,
    /// So often ...
    pub count: u32,
    /// ... in so long.
    pub within: Duration,
    /// For so long the same of the same tenant is not told again.
    pub quiet: Duration,
    /// Who is told.
    pub target: Arc<Target>,
}

/// What a webhook gets, as JSON.
#[derive(Clone, Debug, Serialize)]
pub struct Alert {
    /// [`Occurrence::as_str`].
    pub alert: &'static str,
    /// The tenant; `None` where it is of none.
    pub tenant: Option<String>,
    /// How often it has happened since the last alert, or since it began.
    pub count: u64,
    /// When it became too much, RFC 3339 in UTC.
    pub time: String,
    /// One sentence.
    pub message: String,
}

/// How often something happened to one tenant, by one rule.
#[derive(Debug, Default)]
struct Counted {
    /// The last times, as many as it takes for an alert.
    times: VecDeque<Instant>,
    /// How often it happened since somebody was told.
    total: u64,
    /// Until when nobody is told again.
    quiet_until: Option<Instant>,
}

impl Counted {
    /// Whether it may be forgotten.
    fn is_over(&self, rule: &Rule, now: Instant) -> bool {
        self.quiet_until.is_none_or(|until| until <= now)
            && self.times.back().is_none_or(|last| now.duration_since(*last) > rule.within)
    }
}

/// Which rule, and whose.
type Key = (usize, Option<Arc<str>>);

#[derive(Debug, Default)]
struct State {
    rules: Vec<Rule>,
    counted: HashMap<Key, Counted>,
}

/// Counts what happens, and has told who is to be told. Clones share it.
#[derive(Clone, Debug)]
pub struct Alerts {
    state: Arc<Mutex<State>>,
    queue: mpsc::Sender<(Arc<Target>, Alert)>,
}

impl Alerts {
    /// Begins with these rules; the task sends what is to be told, until the last clone is gone.
    #[must_use]
    pub fn start(rules: Vec<Rule>) -> (Self, JoinHandle<()>) {
        let (queue, waiting) = mpsc::channel(QUEUE);
        let state = Arc::new(Mutex::new(State { rules, counted: HashMap::new() }));
        (Self { state, queue }, tokio::spawn(post::run(waiting)))
    }

    /// Goes over to other rules. What was counted by the old ones is forgotten.
    pub fn configure(&self, rules: Vec<Rule>) {
        *self.state.lock().unwrap_or_else(PoisonError::into_inner) = State { rules, counted: HashMap::new() };
    }

    /// Something happened, to a tenant or to none. It waits for nobody.
    pub fn occurred(&self, what: Occurrence, tenant: Option<&Arc<str>>) {
        for (target, alert) in self.count(what, tenant, Instant::now()) {
            tracing::warn!(alert = alert.alert, tenant = alert.tenant.as_deref(), "{}", alert.message);
            if self.queue.try_send((target, alert)).is_err() {
                tracing::error!("an alert is lost: too many wait to be sent");
            }
        }
    }

    /// What is to be told, now that something has happened once more.
    fn count(&self, what: Occurrence, tenant: Option<&Arc<str>>, now: Instant) -> Vec<(Arc<Target>, Alert)> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let State { rules, counted } = &mut *state;
        let mut due = Vec::new();
        for (number, rule) in rules.iter().enumerate().filter(|(_, rule)| rule.on == what) {
            if counted.len() >= COUNTED {
                counted.retain(|(rule, _), one| rules.get(*rule).is_some_and(|rule| !one.is_over(rule, now)));
            }
            let key = (number, tenant.cloned());
            if counted.len() >= COUNTED && !counted.contains_key(&key) {
                continue;
            }
            let one = counted.entry(key).or_default();
            let enough = usize::try_from(rule.count).unwrap_or(usize::MAX).max(1);
            one.total = one.total.saturating_add(1);
            one.times.push_back(now);
            while one.times.len() > enough {
                one.times.pop_front();
            }
            let dense =
                one.times.len() == enough && one.times.front().is_some_and(|first| now.duration_since(*first) <= rule.within);
            if dense && one.quiet_until.is_none_or(|until| until <= now) {
                due.push((Arc::clone(&rule.target), rule.alert(tenant, one.total)));
                *one = Counted { quiet_until: Some(now + rule.quiet), ..Counted::default() };
            }
        }
        due
    }
}

impl Rule {
    fn alert(&self, tenant: Option<&Arc<str>>, count: u64) -> Alert {
        let of = tenant.map_or_else(String::new, |t| format!(" of tenant {t}"));
        let within = humantime::format_duration(self.within);
        Alert {
            alert: self.on.as_str(),
            tenant: tenant.map(|t| t.to_string()),
            count,
            time: humantime::format_rfc3339_millis(SystemTime::now()).to_string(),
            message: format!("{}{of}: at least {} within {within}", self.on.as_str(), self.count),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn alerts(count: u32) -> Alerts {
        let target = Arc::new(Target::parse("http://127.0.0.1:9/", None, None).unwrap());
        let (within, quiet) = (Duration::from_secs(10), Duration::from_secs(60));
        let rule = Rule { on: Occurrence::Crossing, count, within, quiet, target };
        let state = Arc::new(Mutex::new(State { rules: vec![rule], counted: HashMap::new() }));
        Alerts { state, queue: mpsc::channel(1).0 }
    }

    #[test]
    fn as_many_in_any_such_time_are_told_of_once_in_a_while() {
        let (alerts, start) = (alerts(3), Instant::now());
        let (one, other): (Arc<str>, Arc<str>) = ("acme".into(), "globex".into());
        let told = |tenant: &Arc<str>, second: u64| {
            alerts.count(Occurrence::Crossing, Some(tenant), start + Duration::from_secs(second)).pop().map(|(_, a)| a.count)
        };
        assert_eq!([0, 9, 11].map(|s| told(&one, s)), [None, None, None], "never three within ten seconds");
        assert_eq!(told(&other, 12), None, "another tenant's");
        assert_eq!(told(&one, 13), Some(4), "of 9, 11 and 13");
        assert_eq!((14..70).filter_map(|s| told(&one, s)).count(), 0, "quiet");
        assert_eq!(told(&one, 74), Some(57));
        assert_eq!(alerts.count(Occurrence::Refusal, Some(&one), start).len(), 0, "no rule");
    }
}
