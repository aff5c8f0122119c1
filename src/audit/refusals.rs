//! What was refused since the start, by tenant and rule, and the last record of each. It keeps no literal: records have none.

use super::Event;
use crate::error::Rule;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

/// What was refused to one tenant by one rule.
#[derive(Clone, Debug)]
pub struct Refused {
    /// The tenant; `None` for logins and users without one.
    pub tenant: Option<Arc<str>>,
    /// The rule.
    pub rule: Rule,
    /// How often.
    pub count: u64,
    /// When it was last.
    pub time: SystemTime,
    /// The last record.
    pub last: Event,
}

/// Whose, and by which rule.
type Key = (Option<Arc<str>>, Rule);

/// All of them: as many at most as there are tenants, times rules.
#[derive(Debug, Default)]
pub(super) struct Refusals(Mutex<BTreeMap<Key, Refused>>);

impl Refusals {
    /// Counts an event that names a rule, so many times.
    pub(super) fn count(&self, event: &Event, times: u64) {
        let Some(rule) = event.rule else { return };
        let key = (event.tenant.clone(), rule);
        let mut refused = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = refused.get(&key).map_or(times, |before| before.count + times);
        let tenant = event.tenant.clone();
        refused.insert(key, Refused { tenant, rule, count, time: SystemTime::now(), last: event.clone() });
    }

    /// All of them, by tenant and rule.
    pub(super) fn list(&self) -> Vec<Refused> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).values().cloned().collect()
    }
}
