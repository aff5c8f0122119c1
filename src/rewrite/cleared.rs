//! [`Cleared`]: the proof that a text was understood and enforced; the only thing that `upstream` sends on behalf of a client.
//! It has private fields and is built in this room only.

use super::crossing::{Crossing, Written, crossing, plain_literal};
use super::marker::Marker;
use super::plan::{Resolved, check_parameters};
use super::switch::Switch;
use crate::copy::{Incoming, Target};
use crate::error::{Refusal, Rule, SqlState};
use crate::policy::TenantValue;
use crate::sql::quote_ident;
use std::sync::Arc;

/// A statement that may be sent to the server, with what the session must know about it.
#[derive(Clone, Debug)]
pub struct Cleared {
    pub(super) text: Arc<str>,
    pub(super) facts: Arc<Facts>,
    pub(super) hidden: Arc<[Hidden]>,
    pub(super) values: Arc<[TenantValue]>,
    pub(super) promotion: Option<Arc<Promotion>>,
}

/// What makes two prepared statements of a server one: the text that it gets and the parameter types.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    /// The text.
    pub text: Arc<str>,
    /// OIDs of the parameters' types, in order; 0 where one is left to the server.
    pub types: Box<[u32]>,
    hash: u64,
}

/// A statement of the simple protocol as a prepared one: the same answer, without parsing and planning it each time.
#[derive(Clone, Debug)]
pub struct Promotion {
    pub(super) key: Arc<Key>,
    /// The literals' values, in text format, one behind the other.
    pub(super) values: String,
    pub(super) ends: Vec<usize>,
    pub(super) writes: bool,
}

impl Key {
    /// The key of a text with these parameter types.
    #[must_use]
    pub fn new(text: Arc<str>, types: Box<[u32]>) -> Self {
        // Fixed seeds: whoever finds collisions makes a look-up of one connection slower; what is found is compared as a whole.
        let hasher = ahash::RandomState::with_seeds(0x1f83_d9ab, 0x5be0_cd19, 0x9b05_688c, 0x510e_527f);
        let hash = hasher.hash_one((&*text, &*types));
        Self { text, types, hash }
    }

    /// A hash of all of it.
    #[must_use]
    pub fn hash_value(&self) -> u64 {
        self.hash
    }
}

impl std::hash::Hash for Key {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        state.write_u64(self.hash);
    }
}

impl Promotion {
    /// The prepared statement.
    #[must_use]
    pub fn key(&self) -> &Arc<Key> {
        &self.key
    }

    /// Whether it changes rows: then PostgreSQL runs it to its end before it describes the rows that it returns.
    #[must_use]
    pub fn writes(&self) -> bool {
        self.writes
    }

    /// The values of its parameters in text format, in order; the statement's hidden ones ([`Cleared::hidden`]) follow.
    pub fn values(&self) -> impl ExactSizeIterator<Item = &[u8]> {
        self.ends.iter().enumerate().map(|(i, end)| {
            let start = i.checked_sub(1).and_then(|i| self.ends.get(i)).copied().unwrap_or(0);
            self.values.as_bytes().get(start..*end).unwrap_or_default()
        })
    }
}

/// The statements of a simple query, in order; shared by all who send the same text for the same tenant.
pub type Batch = Arc<[Cleared]>;

/// Where PostgreSQL tells how many rows a statement has changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Told {
    /// In its command tag, or it changes none.
    #[default]
    InTag,
    /// There too, but behind the rows that it returns: where a row limit ends those, all are changed and no tag comes.
    AtEnd,
    /// Nowhere: it changes rows in a WITH, of which the tag does not know.
    Nowhere,
}

/// What a cleared statement is, whoever sends it.
#[derive(Clone, Debug)]
pub(super) struct Facts {
    pub(super) command: Command,
    pub(super) parameters: u16,
    pub(super) relations: Box<[String]>,
    pub(super) checks: Box<[Resolved]>,
    pub(super) named: Box<[Written]>,
    /// Whether it changes rows.
    pub(super) writes: bool,
    /// Whether it may add some, or make some larger.
    pub(super) adds: bool,
    /// Where the number of the rows is told that it changes.
    pub(super) told: Told,
    /// Whether it reads one at most, found by a key, and computes nothing.
    pub(super) point: bool,
    /// Whether a literal of its text may mean the moment at which it is read.
    pub(super) fleeting: bool,
    /// The cursors whose row it changes.
    pub(super) cursors: Box<[String]>,
}

/// A tenant value, in each form that the protocol may ask for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hidden {
    /// The value in text format.
    pub text: Box<[u8]>,
    /// The value in binary format.
    pub binary: Box<[u8]>,
    /// Its type's OID.
    pub type_oid: u32,
    /// The value as a typed literal.
    pub literal: Box<str>,
}

impl Hidden {
    pub(super) fn new(value: &TenantValue) -> Self {
        Self {
            text: value.text.as_bytes().into(),
            binary: value.binary.clone(),
            type_oid: value.type_oid,
            literal: value.literal.clone(),
        }
    }
}

/// What happens to a savepoint of this name, of several to the one made last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Savepoint {
    /// `SAVEPOINT`.
    Made(Box<str>),
    /// `RELEASE`: it is gone with those made since, what was done since stays.
    Released(Box<str>),
    /// `ROLLBACK TO`: those made since are gone, and what was done since.
    Restored(Box<str>),
}

/// What a statement does to the session, as far as pooling and prepared statements are concerned.
#[derive(Clone, Debug)]
pub enum Command {
    /// Reads or writes rows, or explains; touches no session state.
    Rows,
    /// `DECLARE`: the transaction has a cursor from here on.
    Declare {
        /// Its name.
        name: Box<str>,
        /// Whether it locks each row that it comes to against changes: `FOR UPDATE`, `FOR NO KEY UPDATE`, `FOR SHARE`.
        locks: bool,
    },
    /// `FETCH`, `MOVE`: what it returns depends on the cursor of that name.
    Fetch {
        /// The cursor's name.
        name: Box<str>,
    },
    /// `CLOSE` of one cursor.
    Close {
        /// Its name.
        name: Box<str>,
    },
    /// `COPY ... TO STDOUT`. It takes no parameters: the tenant's values stand in its text, in the extended protocol too.
    CopyOut,
    /// `COPY ... FROM STDIN`: the server gets what [`Cleared::incoming`] makes of the client's data.
    CopyIn(Arc<Target>),
    /// `BEGIN`, `START TRANSACTION`.
    Begin,
    /// `COMMIT`, `END`; `AND CHAIN` keeps a transaction open (ReadyForQuery tells).
    Commit,
    /// `ROLLBACK`, `ABORT`.
    Rollback,
    /// `SAVEPOINT`, `RELEASE`, `ROLLBACK TO`.
    Savepoint(Savepoint),
    /// `SET [SESSION|LOCAL] name TO value`: to be sent, and remembered per client session when not local and when it takes effect.
    /// `SET TRANSACTION modes` is one of `transaction`, and local.
    Set {
        /// The setting's canonical (lower-case) name.
        name: String,
        /// Whether it ends with the transaction.
        local: bool,
        /// What a server connection is told later, where that is not the statement itself: `SELECT set_config(..)` answers with a row.
        replay: Option<Arc<str>>,
    },
    /// `RESET name`, `SET name TO DEFAULT`.
    Reset {
        /// The setting's canonical name.
        name: String,
        /// What it completes with.
        tag: &'static str,
    },
    /// `RESET ALL`.
    ResetAll,
    /// A statement that leaves nothing in the session: `UNLISTEN`, `DISCARD PLANS`, `SET CONSTRAINTS`. With what it completes with.
    Passing(&'static [&'static str]),
    /// `SHOW name`: to be sent.
    Show,
    /// `PREPARE name (types) AS statement`: never sent as it is; the statement is prepared under a name of the proxy's.
    Prepare {
        /// The client's name for it.
        name: String,
        /// OIDs of the declared types, in order; 0 where one is left to the server.
        types: Vec<u32>,
        /// The prepared statement, with `$n` for the hidden values appended after the declared types.
        statement: Cleared,
    },
    /// `EXECUTE name (arguments)`: see [`Cleared::execute`].
    Execute {
        /// The client's name for it.
        name: String,
        /// The arguments, each printed canonically.
        arguments: Vec<String>,
        /// `EXPLAIN (...)` text that stands before it, if any, printed canonically.
        explain: Option<String>,
    },
    /// `EXPLAIN (REWRITE) statement`. Answered by the proxy: [`Cleared::explained`].
    ExplainRewrite {
        /// The rules applied, in words.
        notes: Vec<String>,
    },
    /// `DEALLOCATE name`; `None` is `ALL`. Answered by the proxy.
    Deallocate {
        /// The client's name for it.
        name: Option<String>,
    },
    /// `DISCARD ALL`. Answered by the proxy: prepared statements and settings of this client session are forgotten.
    DiscardAll,
    /// `SET`, `RESET` and `SHOW` of `pgmoat.tenant` and its like. Answered by the proxy.
    Switch {
        /// What is asked for.
        switch: Switch,
        /// What it completes with.
        tag: &'static str,
    },
    /// A statement of a bypass user: it may change any session state, so the server connection is this session's until its end, then closed.
    Unchecked,
}

impl Cleared {
    /// What the server gets: one statement without a trailing semicolon.
    #[must_use]
    pub fn text(&self) -> &Arc<str> {
        &self.text
    }

    /// What it does to the session.
    #[must_use]
    pub fn command(&self) -> &Command {
        &self.facts.command
    }

    /// Whether it changes rows, as far as its text tells: what a function that it calls does is not known.
    #[must_use]
    pub fn writes(&self) -> bool {
        self.facts.writes || matches!(self.facts.command, Command::CopyIn(_) | Command::Unchecked)
    }

    /// Whether it may add rows, or make some larger, as far as its text tells.
    #[must_use]
    pub fn adds(&self) -> bool {
        self.facts.adds || matches!(self.facts.command, Command::CopyIn(_) | Command::Unchecked)
    }

    /// Where PostgreSQL tells how many rows it has changed.
    #[must_use]
    pub fn told(&self) -> Told {
        self.facts.told
    }

    /// The cursors whose row it changes, by `WHERE CURRENT OF`. No predicate stands beside that: the session lets it pass only where the
    /// cursor has locked the row, which was an own one when it was locked and has been since.
    #[must_use]
    pub fn cursors(&self) -> &[String] {
        &self.facts.cursors
    }

    /// Whether it reads one row at most, found by a unique key, and computes nothing: it takes neither long nor much, whatever the table
    /// holds.
    #[must_use]
    pub fn is_point(&self) -> bool {
        self.facts.point && !self.facts.fleeting
    }

    /// Whether a literal of it may mean the moment at which the server reads it, as `'now'` does: then it is read anew each time.
    #[must_use]
    pub fn is_fleeting(&self) -> bool {
        self.facts.fleeting
    }

    /// How many parameters are the client's own (`$1` to this one); hidden ones follow.
    #[must_use]
    pub fn parameters(&self) -> u16 {
        self.facts.parameters
    }

    /// The values of the parameters after the client's own, in order. In the simple protocol those of the promotion, if there is one.
    #[must_use]
    pub fn hidden(&self) -> &[Hidden] {
        &self.hidden
    }

    /// The same statement as a prepared one, where it may be one: in the simple protocol only.
    #[must_use]
    pub fn promotion(&self) -> Option<&Promotion> {
        self.promotion.as_deref()
    }

    /// The lines that answer an `EXPLAIN (REWRITE)`: what the server would get for the statement, and the rules applied.
    #[must_use]
    pub fn explained(&self, notes: &[String]) -> Vec<String> {
        let rules = notes.iter().map(|note| format!("Rule: {note}"));
        std::iter::once(format!("Rewritten: {}", self.text)).chain(rules).collect()
    }

    /// The relations that it names, for audit records.
    #[must_use]
    pub fn relations(&self) -> &[String] {
        &self.facts.relations
    }

    /// The way of the client's data to the server, for a COPY that takes data.
    #[must_use]
    pub fn incoming(&self) -> Option<(Arc<Target>, Incoming)> {
        let Command::CopyIn(target) = &self.facts.command else { return None };
        Some((Arc::clone(target), Incoming::new(Arc::clone(target), &self.values)?))
    }

    /// Checks the values that a client binds, where a parameter stands for a tenant column.
    ///
    /// `value(i)` is the client's i-th parameter (from 0): `None` for NULL, else its bytes and whether they are in binary format.
    ///
    /// # Errors
    /// A refusal (42501) when a value is not the identity's own.
    pub fn check_bind<'a>(&self, value: impl Fn(u16) -> Option<(&'a [u8], bool)>) -> Result<(), Refusal> {
        check_parameters(&self.facts.checks, &self.values, value)
    }

    /// What it names beside tenant columns that is not the identity's own: for the audit log, it runs all the same. `value` as in
    /// [`Self::check_bind`]; in the simple protocol there is none.
    #[must_use]
    pub fn crossing<'a>(&self, value: impl Fn(u16) -> Option<(&'a [u8], bool)>) -> Option<Crossing> {
        if self.facts.named.is_empty() { None } else { crossing(&self.facts.named, &self.values, value) }
    }

    /// As [`Self::crossing`], of a prepared statement with the arguments of an EXECUTE, where these are plain literals.
    #[must_use]
    pub fn crossing_with(&self, arguments: &[String]) -> Option<Crossing> {
        if self.facts.named.is_empty() {
            return None;
        }
        let written: Vec<Option<String>> = arguments.iter().map(|argument| plain_literal(argument)).collect();
        self.crossing(|i| Some((written.get(usize::from(i))?.as_deref()?.as_bytes(), false)))
    }

    /// Whether the values that a client binds are asked for.
    #[must_use]
    pub fn asks_for_values(&self) -> bool {
        !self.facts.checks.is_empty() || !self.facts.named.is_empty()
    }

    /// `EXECUTE "server_name" (arguments, hidden values)` for a statement that was prepared on the server under that name.
    ///
    /// # Errors
    /// A refusal (42601) when the number of arguments does not fit the prepared statement, and (0A000) where an argument stands for a
    /// tenant column: there only a protocol-level parameter can be checked.
    pub fn execute(prepared: &Self, server_name: &str, arguments: &[String], explain: Option<&str>) -> Result<Self, Refusal> {
        if arguments.len() != usize::from(prepared.facts.parameters) {
            let message = format!(
                "wrong number of parameters for prepared statement: {} given, {} expected",
                arguments.len(),
                prepared.facts.parameters
            );
            return Err(Refusal::new(SqlState::SYNTAX_ERROR, Rule::Name, message));
        }
        if prepared.facts.checks.iter().any(Resolved::is_parameter) {
            let message =
                "EXECUTE with an argument for a tenant column, or for a pattern in a write, is not supported through pgmoat";
            return Err(Refusal::new(SqlState::FEATURE_NOT_SUPPORTED, Rule::TenantColumn, message)
                .with_hint("Leave the tenant column out of the INSERT: pgmoat fills it in."));
        }
        if explain.is_some() && Marker::is_in(&prepared.text) {
            // The plan would show what the errors of guards carry.
            let message = "EXPLAIN EXECUTE of a statement that writes references is not supported through pgmoat";
            return Err(Refusal::new(SqlState::FEATURE_NOT_SUPPORTED, Rule::Construct, message)
                .with_hint("EXPLAIN the statement itself."));
        }
        let hidden = prepared.hidden.iter().map(|h| &*h.literal);
        let all: Vec<&str> = arguments.iter().map(String::as_str).chain(hidden).collect();
        let explain = explain.map(|e| format!("{e} ")).unwrap_or_default();
        let list = if all.is_empty() { String::new() } else { format!(" ({})", all.join(", ")) };
        let text = format!("{explain}EXECUTE {}{list}", quote_ident(server_name));
        let facts = Facts {
            command: Command::Rows,
            parameters: 0,
            relations: prepared.facts.relations.clone(),
            checks: Box::default(),
            named: Box::default(),
            writes: prepared.facts.writes,
            adds: prepared.facts.adds,
            told: prepared.facts.told,
            point: false,
            fleeting: false,
            cursors: Box::default(),
        };
        Ok(Self {
            text: text.into(),
            facts: Arc::new(facts),
            hidden: Arc::default(),
            values: Arc::clone(&prepared.values),
            promotion: None,
        })
    }
}
