//! A client session's prepared statements and portals, and under which key a server knows a statement.
//! It does not send anything.

use crate::rewrite::{Cleared, Command};
use std::collections::HashMap;
use std::sync::Arc;

/// What makes two prepared statements of a server one: the text that it gets and the parameter types.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Key {
    pub(super) text: Arc<str>,
    pub(super) types: Box<[u32]>,
}

/// How the client made the statement, to clear it again under a new policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    /// A Parse message.
    Message,
    /// `PREPARE` in SQL; the text is the whole of it.
    Sql,
}

/// One prepared statement of a client.
#[derive(Clone, Debug)]
pub(super) struct Statement {
    /// The client's text.
    pub(super) text: Box<str>,
    /// The types that the client declared.
    pub(super) declared: Box<[u32]>,
    pub(super) origin: Origin,
    /// Which rewriter cleared it.
    pub(super) generation: u64,
    /// `None` for an empty statement.
    pub(super) cleared: Option<Cleared>,
    /// How a server knows it; `None` when the proxy answers for it.
    pub(super) key: Option<Arc<Key>>,
}

impl Statement {
    /// How a server will know a cleared statement: the declared types, then those of the hidden parameters.
    pub(super) fn key_of(cleared: &Cleared, text: &Arc<str>, declared: &[u32]) -> Arc<Key> {
        let own = usize::from(cleared.parameters());
        let mut types: Vec<u32> = declared.to_vec();
        if !cleared.hidden().is_empty() {
            types.resize(own.max(declared.len()), 0);
            types.extend(cleared.hidden().iter().map(|h| h.type_oid));
        }
        Arc::new(Key { text: Arc::clone(text), types: types.into() })
    }
}

/// Whether the proxy carries a command out itself, beside or instead of the server.
pub(super) fn is_special(command: &Command) -> bool {
    match command {
        Command::Prepare { .. } | Command::Execute { .. } | Command::Deallocate { .. } | Command::DiscardAll => true,
        Command::Rows
        | Command::Begin
        | Command::Commit
        | Command::Rollback
        | Command::Savepoint
        | Command::Set { .. }
        | Command::Reset { .. }
        | Command::ResetAll
        | Command::Show
        | Command::Unchecked => false,
    }
}

/// Whether a command is accepted in a failed transaction.
pub(super) fn ends_failure(command: &Command) -> bool {
    match command {
        // Of an unchecked one only the server knows.
        Command::Commit | Command::Rollback | Command::Savepoint | Command::Unchecked => true,
        Command::Rows
        | Command::Begin
        | Command::Set { .. }
        | Command::Reset { .. }
        | Command::ResetAll
        | Command::Show
        | Command::Prepare { .. }
        | Command::Execute { .. }
        | Command::Deallocate { .. }
        | Command::DiscardAll => false,
    }
}

/// A name space; the empty name has a place of its own, so that the unnamed one costs no look-up.
#[derive(Debug)]
pub(super) struct Names<T> {
    unnamed: Option<T>,
    named: HashMap<Box<str>, T>,
}

impl<T> Default for Names<T> {
    fn default() -> Self {
        Self { unnamed: None, named: HashMap::new() }
    }
}

impl<T> Names<T> {
    pub(super) fn get(&self, name: &str) -> Option<&T> {
        if name.is_empty() { self.unnamed.as_ref() } else { self.named.get(name) }
    }

    /// Puts one in, or takes it out; returns what was there.
    pub(super) fn replace(&mut self, name: &str, value: Option<T>) -> Option<T> {
        match value {
            value if name.is_empty() => std::mem::replace(&mut self.unnamed, value),
            Some(value) => self.named.insert(name.into(), value),
            None => self.named.remove(name),
        }
    }

    pub(super) fn len(&self) -> usize {
        self.named.len()
    }

    pub(super) fn clear(&mut self) {
        self.unnamed = None;
        if !self.named.is_empty() {
            self.named = HashMap::new();
        }
    }
}

/// What a portal of the client's runs.
#[derive(Clone, Debug)]
pub(super) struct Portal {
    pub(super) statement: Arc<Statement>,
    /// The proxy answers for it; a server does not know it.
    pub(super) local: bool,
}
