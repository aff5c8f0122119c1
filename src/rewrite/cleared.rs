//! [`Cleared`]: the proof that a text was understood and enforced; the only thing that `upstream` sends on behalf of a client.
//! It has private fields and is built in this room only.

use crate::error::Refusal;
use std::sync::Arc;

/// A statement that may be sent to the server, with what the session must know about it.
#[derive(Clone, Debug)]
pub struct Cleared {
    text: Arc<str>,
    command: Arc<Command>,
    parameters: u16,
    hidden: Arc<[Hidden]>,
    relations: Arc<[String]>,
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
}

/// What a statement does to the session, as far as pooling and prepared statements are concerned.
#[derive(Clone, Debug)]
pub enum Command {
    /// Reads or writes rows, or explains; touches no session state.
    Rows,
    /// `BEGIN`, `START TRANSACTION`.
    Begin,
    /// `COMMIT`, `END`; `AND CHAIN` keeps a transaction open (ReadyForQuery tells).
    Commit,
    /// `ROLLBACK`, `ABORT`.
    Rollback,
    /// `SAVEPOINT`, `RELEASE`, `ROLLBACK TO`.
    Savepoint,
    /// `SET [SESSION|LOCAL] name TO value`: to be sent, and remembered per client session when not local and when it takes effect.
    Set {
        /// The setting's canonical (lower-case) name.
        name: String,
        /// Whether it ends with the transaction.
        local: bool,
    },
    /// `RESET name`.
    Reset {
        /// The setting's canonical name.
        name: String,
    },
    /// `RESET ALL`.
    ResetAll,
    /// `SHOW name`: to be sent.
    Show,
    /// `PREPARE name (types) AS statement`: never sent as it is; the statement is prepared under a name of the proxy's.
    Prepare {
        /// The client's name for it.
        name: String,
        /// The declared types, printed (`pg_catalog.int8`), in order.
        types: Vec<String>,
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
    /// `DEALLOCATE name`; `None` is `ALL`. Answered by the proxy.
    Deallocate {
        /// The client's name for it.
        name: Option<String>,
    },
    /// `DISCARD ALL`. Answered by the proxy: prepared statements and settings of this client session are forgotten.
    DiscardAll,
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
        &self.command
    }

    /// How many parameters are the client's own (`$1` to this one); hidden ones follow.
    #[must_use]
    pub fn parameters(&self) -> u16 {
        self.parameters
    }

    /// The values of the parameters after the client's own, in order. Empty in the simple protocol.
    #[must_use]
    pub fn hidden(&self) -> &[Hidden] {
        &self.hidden
    }

    /// The relations that it names, for audit records.
    #[must_use]
    pub fn relations(&self) -> &[String] {
        &self.relations
    }

    /// Checks the values that a client binds, where a parameter stands for a tenant column.
    ///
    /// `value(i)` is the client's i-th parameter (from 0): `None` for NULL, else its bytes and whether they are in binary format.
    ///
    /// # Errors
    /// A refusal (42501) when a value is not the identity's own.
    pub fn check_bind<'a>(&self, _value: impl Fn(u16) -> Option<(&'a [u8], bool)>) -> Result<(), Refusal> {
        Ok(())
    }

    /// `EXECUTE "server_name" (arguments, hidden values)` for a statement that was prepared on the server under that name.
    ///
    /// # Errors
    /// A refusal (42601) when the number of arguments does not fit the prepared statement.
    pub fn execute(_prepared: &Self, _server_name: &str, _arguments: &[String], _explain: Option<&str>) -> Result<Self, Refusal> {
        Err(Refusal::new(
            crate::error::SqlState::FEATURE_NOT_SUPPORTED,
            crate::error::Rule::Statement,
            "EXECUTE is not supported yet",
        ))
    }
}
