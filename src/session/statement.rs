//! A client session's prepared statements and portals, and under which key a server knows a statement.
//! It does not send anything.

use crate::rewrite::{Cleared, Command, Key, Savepoint, Snapshot, Switch, Switched, Told};
use std::collections::HashMap;
use std::sync::Arc;

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
    /// The snapshot that it was cleared under.
    pub(super) snapshot: Snapshot,
    /// What it yields has changed since the client made it: it must be made anew.
    pub(super) stale: bool,
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
        Arc::new(Key::new(Arc::clone(text), types.into()))
    }
}

/// What a command means to the session. This is the one place where commands are sorted.
#[derive(Clone, Copy, Debug)]
pub(super) enum Nature<'a> {
    /// It touches nothing that the session keeps.
    Plain,
    /// It makes a cursor of this name, which locks each row that it comes to, or not.
    Declare(&'a str, bool),
    /// It returns rows of a cursor.
    Fetch,
    /// It sends data to the client.
    CopyOut,
    /// It takes data from the client.
    CopyIn,
    /// It changes what ends with the transaction: a BEGIN, a SET LOCAL. With the tags that it completes with.
    Passing(&'static [&'static str]),
    /// It ends a transaction.
    End,
    /// It makes, goes back to or gives up a savepoint.
    Savepoint(&'a Savepoint),
    /// It changes a setting beyond the transaction.
    Set(&'a str),
    /// It takes a setting back, and completes with this tag.
    Reset(&'a str, &'static str),
    /// It takes every setting back.
    ResetAll,
    /// The proxy carries it out.
    Special(Special<'a>),
    /// Nobody knows what it does.
    Unchecked,
}

/// A command that the proxy carries out, beside or instead of the server.
#[derive(Clone, Copy, Debug)]
pub(super) enum Special<'a> {
    Prepare {
        name: &'a str,
        types: &'a [u32],
        statement: &'a Cleared,
    },
    Execute(Execute<'a>),
    /// `EXPLAIN (REWRITE)`, with the rules applied.
    ExplainRewrite(&'a Cleared, &'a [String]),
    Deallocate(Option<&'a str>),
    DiscardAll,
    /// Whose rows the session is about, and what it completes with.
    Switch(&'a Switch, &'static str),
}

/// An `EXECUTE`, or an `EXPLAIN` of one.
#[derive(Clone, Copy, Debug)]
pub(super) struct Execute<'a> {
    pub(super) name: &'a str,
    pub(super) arguments: &'a [String],
    pub(super) explain: Option<&'a str>,
}

impl<'a> Nature<'a> {
    pub(super) fn of(cleared: &'a Cleared) -> Self {
        match cleared.command() {
            Command::Rows | Command::Show => Self::Plain,
            Command::Declare { name, locks } => Self::Declare(name, *locks),
            Command::Fetch { name: _ } => Self::Fetch,
            Command::Close { name: _ } => Self::Passing(&["CLOSE CURSOR"]),
            Command::CopyOut => Self::CopyOut,
            Command::CopyIn(_) => Self::CopyIn,
            Command::Begin => Self::Passing(&["BEGIN", "START TRANSACTION"]),
            Command::Set { name: _, local: true, replay: None } => Self::Passing(&["SET"]),
            Command::Set { name: _, local: true, replay: Some(_) } => Self::Passing(&["SELECT 1"]),
            Command::Commit | Command::Rollback => Self::End,
            Command::Savepoint(savepoint) => Self::Savepoint(savepoint),
            Command::Set { name, local: false, replay: _ } => Self::Set(name),
            Command::Reset { name, tag } => Self::Reset(name, tag),
            Command::Passing(tags) => Self::Passing(tags),
            Command::ResetAll => Self::ResetAll,
            Command::Prepare { name, types, statement } => Self::Special(Special::Prepare { name, types, statement }),
            Command::Execute { name, arguments, explain } => {
                Self::Special(Special::Execute(Execute { name, arguments, explain: explain.as_deref() }))
            }
            Command::ExplainRewrite { notes } => Self::Special(Special::ExplainRewrite(cleared, notes)),
            Command::Deallocate { name } => Self::Special(Special::Deallocate(name.as_deref())),
            Command::DiscardAll => Self::Special(Special::DiscardAll),
            Command::Switch { switch, tag } => Self::Special(Special::Switch(switch, tag)),
            Command::Unchecked => Self::Unchecked,
        }
    }

    /// Whether the proxy carries it out.
    pub(super) fn is_special(self) -> bool {
        matches!(self, Self::Special(_))
    }

    /// Whether it is answered with rows of an EXPLAIN that the proxy makes.
    pub(super) fn is_explained(self) -> bool {
        matches!(self, Self::Special(Special::ExplainRewrite(_, _)))
    }

    /// The setting of the proxy's own that it shows.
    pub(super) fn shown(self) -> Option<Switched> {
        match self {
            Self::Special(Special::Switch(Switch::Show(shown), _)) => Some(*shown),
            _other => None,
        }
    }

    /// Whether it is accepted in a failed transaction; of an unchecked one only the server knows.
    pub(super) fn ends_failure(self) -> bool {
        matches!(self, Self::End | Self::Savepoint(_) | Self::Unchecked)
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

    pub(super) fn get_mut(&mut self, name: &str) -> Option<&mut T> {
        if name.is_empty() { self.unnamed.as_mut() } else { self.named.get_mut(name) }
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

    pub(super) fn named(&self) -> impl Iterator<Item = &T> {
        self.named.values()
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
    /// Where the number of the rows is told that it changes.
    pub(super) told: Told,
    /// It was run, and for so many rows at most.
    pub(super) begun: bool,
    pub(super) limited: bool,
    /// What [`super::Session::stirred`] was when it was bound.
    pub(super) bound_at: u64,
}

impl Portal {
    /// One that a server knows, and that was not run yet.
    pub(super) fn of(statement: Arc<Statement>, bound_at: u64) -> Self {
        let told = statement.cleared.as_ref().map_or(Told::InTag, Cleared::told);
        Self { statement, local: false, told, begun: false, limited: false, bound_at }
    }
}
