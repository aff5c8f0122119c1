//! What comes in floods: of each tenant and limit so many records in a while are written one by one, the rest is counted and becomes one record.
//! It writes nothing itself.

use super::Kind;
use crate::error::Rule;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// What may be held back: nothing else is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Sort {
    /// Statements that name another tenant's value.
    Crossing,
    /// Refusals by a rate, a quota or a cap: a client that is over it tries again and again.
    Limit,
    /// Logins that are one too many.
    Cap,
}

impl Sort {
    pub(super) fn of(kind: Kind, rule: Option<Rule>) -> Option<Self> {
        match (kind, rule) {
            (Kind::Crossing, _) => Some(Self::Crossing),
            (Kind::Refusal, Some(Rule::Limit)) => Some(Self::Limit),
            (Kind::LoginFailed, Some(Rule::Limit)) => Some(Self::Cap),
            (_, _) => None,
        }
    }

    /// So many are written one by one, in so long.
    fn most(self) -> (u32, Duration) {
        match self {
            Self::Crossing => (10, Duration::from_secs(1)),
            Self::Limit | Self::Cap => (1, Duration::from_secs(10)),
        }
    }
}

/// One tenant's.
#[derive(Debug)]
struct Flood {
    until: Instant,
    written: u32,
    held: u64,
}

/// Of what sort, whose, and by which limit, where it is by one: who runs into several leaves a record of each.
pub(super) type Key = (Sort, Option<Arc<str>>, Box<str>);

/// All that is under way: of a tenant that is quiet there is none.
#[derive(Debug, Default)]
pub(super) struct Floods(Mutex<HashMap<Key, Flood>>);

impl Floods {
    /// Whether one more is counted only.
    pub(super) fn holds_back(&self, sort: Sort, tenant: Option<&Arc<str>>, limit: &str, now: Instant) -> bool {
        let (most, window) = sort.most();
        let mut floods = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let new = || Flood { until: now + window, written: 0, held: 0 };
        let flood = floods.entry((sort, tenant.cloned(), limit.into())).or_insert_with(new);
        if flood.until <= now {
            // What was held back is still to be told of.
            (flood.until, flood.written) = (now + window, 0);
        }
        let hold = flood.written >= most;
        if hold {
            flood.held += 1;
        } else {
            flood.written += 1;
        }
        hold
    }

    /// What was held back in the whiles that are over by now, and how much; with `all` in the others too.
    pub(super) fn over(&self, now: Instant, all: bool) -> Vec<(Key, u64)> {
        let mut floods = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut over = Vec::new();
        floods.retain(|key, flood| {
            let go = all || flood.until <= now;
            if go && flood.held > 0 {
                over.push((key.clone(), flood.held));
            }
            !go
        });
        over
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_flood_some_are_written_and_the_rest_is_counted_by_tenant() {
        let (floods, start) = (Floods::default(), Instant::now());
        let (one, other) = (Arc::from("acme"), Arc::from("globex"));
        let written = |tenant, at| (0..100).filter(|_| !floods.holds_back(Sort::Crossing, Some(tenant), "", at)).count();
        assert_eq!((written(&one, start), written(&other, start)), (10, 10));
        assert_eq!(floods.over(start, false).len(), 0);
        let later = start + Duration::from_secs(1);
        assert_eq!(written(&one, later), 10, "the next second");
        let mut over = floods.over(later, false);
        assert_eq!(over.pop(), Some(((Sort::Crossing, Some(other), "".into()), 90)));
        assert_eq!(over, []);
        assert_eq!(floods.over(later, true), [((Sort::Crossing, Some(one), "".into()), 180)]);
        assert_eq!(floods.over(later + Duration::from_secs(9), true), []);
    }

    #[test]
    fn each_limit_is_a_flood_of_its_own() {
        let (floods, start, one) = (Floods::default(), Instant::now(), Arc::from("acme"));
        let written = |limit| (0..5).filter(|_| !floods.holds_back(Sort::Limit, Some(&one), limit, start)).count();
        assert_eq!((written("the rate"), written("the rows"), written("the rate")), (1, 1, 0));
        let held = floods.over(start, true);
        assert_eq!(held.iter().map(|((_, _, limit), n)| (&**limit, *n)).max(), Some(("the rows", 4)));
        assert_eq!(held.iter().map(|(_, n)| n).sum::<u64>(), 13);
    }
}
