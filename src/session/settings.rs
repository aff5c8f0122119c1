//! The settings that a client session has asked for, as statements that bring them about on any server connection.
//! It does not judge which settings may be set in SQL: [`crate::rewrite`] does.

use crate::rewrite::{Cleared, Command};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Longest value of a startup setting, bytes.
const VALUE_LIMIT: usize = 1024;

/// The settings that a client may give at start-up, by their canonical names. `client_encoding` is checked apart.
const STARTUP: [&str; 5] = ["application_name", "datestyle", "extra_float_digits", "intervalstyle", "timezone"];

/// A statement that sets one setting. It is made of cleared text, or of an allow-listed name and a quoted value, of nothing else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Value {
    sql: Arc<str>,
}

impl Value {
    /// What a cleared SET does.
    #[must_use]
    pub fn cleared(statement: &Cleared) -> Self {
        if let Command::Set { name: _, local: _, replay: Some(sql) } = statement.command() {
            return Self { sql: Arc::clone(sql) };
        }
        Self { sql: Arc::clone(statement.text()) }
    }

    /// What a startup parameter does: its canonical name and the statement. `None` when the name is not allowed, or the value is
    /// over 1 kB or has control characters or backslashes.
    #[must_use]
    pub fn startup(name: &str, value: &str) -> Option<(&'static str, Self)> {
        let name = STARTUP.into_iter().find(|n| n.eq_ignore_ascii_case(name))?;
        if value.len() > VALUE_LIMIT || value.bytes().any(|b| b < b' ' || b == b'\\' || b == 0x7f) {
            return None;
        }
        Some((name, Self { sql: format!("set {name} to '{}'", value.replace('\'', "''")).into() }))
    }

    pub(super) fn sql(&self) -> &str {
        &self.sql
    }
}

/// Settings that change nothing in how a statement's text is read: neither what its literals mean nor how its plan is made. With any other
/// setting, a prepared statement serves those only who have it too: a plan keeps what was computed when it was made, such as the text of
/// `0.3::float8`, which `extra_float_digits` has a say in.
const INERT: [&str; 9] = [
    "application_name",
    "client_encoding",
    "client_min_messages",
    "idle_in_transaction_session_timeout",
    "lock_timeout",
    "statement_timeout",
    "transaction",
    "transaction_isolation",
    "transaction_read_only",
];

/// Whether a setting has a say in what a statement's text means (a date's order, a time zone).
pub(super) fn is_read_by(name: &str) -> bool {
    !INERT.contains(&name)
}

/// Settings by canonical name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    values: BTreeMap<Arc<str>, Value>,
    /// What those that a statement's text is read under are, as a number; 0 for none.
    reading: u64,
}

impl Settings {
    /// Remembers one.
    pub fn set(&mut self, name: &str, value: Value) {
        self.values.insert(name.into(), value);
        self.read();
    }

    /// What one was set to.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.values.get(name)
    }

    /// Forgets one.
    pub fn remove(&mut self, name: &str) {
        self.values.remove(name);
        self.read();
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// All of them, by name.
    pub fn values(&self) -> impl Iterator<Item = &Value> {
        self.values.values()
    }

    fn read(&mut self) {
        let read: Vec<_> = self.values.iter().filter(|(name, _)| is_read_by(name)).map(|(name, v)| (name, v.sql())).collect();
        // The topmost bit is for what nobody shares. Fixed seeds: the numbers are compared between sessions.
        let hasher = ahash::RandomState::with_seeds(0xa4093822, 0x299f31d0, 0x082efa98, 0xec4e6c89);
        self.reading = if read.is_empty() { 0 } else { hasher.hash_one(read) >> 1 | 1 };
    }

    /// The parts of the query that makes a connection with `applied` settings one with these.
    pub(super) fn replay<'a>(&'a self, applied: &'a Self) -> impl Iterator<Item = &'a str> {
        let gone = applied.values.keys().filter(|n| !self.values.contains_key(*n)).flat_map(|n| ["reset \"", &**n, "\";"]);
        let wanted = self.values.iter().filter(|(n, v)| applied.values.get(*n) != Some(*v)).flat_map(|(_, v)| [v.sql(), ";"]);
        gone.chain(wanted)
    }
}

/// What one client session has set.
#[derive(Clone, Debug, Default)]
pub(super) struct Tracked {
    /// From the startup packet: what RESET goes back to.
    pub(super) startup: Arc<Settings>,
    /// In effect outside of the open transaction.
    pub(super) committed: Arc<Settings>,
    /// In effect now.
    working: Option<Arc<Settings>>,
    /// The savepoints of the open transaction, and what was in effect when each was made. As PostgreSQL keeps them: what a SET LOCAL does
    /// besides ends with the transaction whatever happens here.
    savepoints: Vec<(Box<str>, Option<Arc<Settings>>)>,
}

impl Tracked {
    pub(super) fn new(startup: Settings) -> Self {
        let startup = Arc::new(startup);
        Self { committed: Arc::clone(&startup), startup, working: None, savepoints: Vec::new() }
    }

    /// What a statement's text is read under now: equal numbers, equal meaning.
    pub(super) fn reading(&self) -> u64 {
        self.working.as_ref().unwrap_or(&self.committed).reading
    }

    /// Whether the open transaction has changed settings.
    pub(super) fn is_changed(&self) -> bool {
        self.working.is_some()
    }

    fn change(&mut self, change: impl FnOnce(&mut Settings)) {
        let working = self.working.get_or_insert_with(|| Arc::clone(&self.committed));
        change(Arc::make_mut(working));
    }

    pub(super) fn set(&mut self, name: &str, value: Value) {
        self.change(|s| s.set(name, value));
    }

    pub(super) fn reset(&mut self, name: &str) {
        let startup = self.startup.get(name).cloned();
        self.change(|s| match startup {
            Some(value) => s.set(name, value),
            None => s.remove(name),
        });
    }

    /// Back to the startup packet's, at once and for good: no server connection is held that has others.
    pub(super) fn restart(&mut self) {
        self.rollback();
        self.committed = Arc::clone(&self.startup);
    }

    pub(super) fn reset_all(&mut self) {
        self.working = Some(Arc::clone(&self.startup));
    }

    /// How many savepoints the open transaction has.
    pub(super) fn savepoints(&self) -> usize {
        self.savepoints.len()
    }

    pub(super) fn savepoint(&mut self, name: Box<str>) {
        self.savepoints.push((name, self.working.clone()));
    }

    /// The savepoint of this name, and those made since, are given up.
    pub(super) fn release(&mut self, name: &str) {
        if let Some(at) = self.savepoints.iter().rposition(|(n, _)| **n == *name) {
            self.savepoints.truncate(at);
        }
    }

    /// Back to the savepoint of this name, which stays.
    pub(super) fn restore(&mut self, name: &str) {
        if let Some(at) = self.savepoints.iter().rposition(|(n, _)| **n == *name) {
            self.savepoints.truncate(at.saturating_add(1));
            self.working = self.savepoints.last().and_then(|(_, then)| then.clone());
        }
    }

    pub(super) fn commit(&mut self) {
        self.savepoints = Vec::new();
        if let Some(working) = self.working.take() {
            self.committed = working;
        }
    }

    pub(super) fn rollback(&mut self) {
        self.savepoints = Vec::new();
        self.working = None;
    }
}
