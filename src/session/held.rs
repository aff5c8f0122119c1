//! Which cursors of a transaction lock the rows that they come to: `WHERE CURRENT OF` one of those reaches own rows only. It does not know
//! whether a cursor is still there: PostgreSQL does.

use super::Session;
use super::statement::Nature;
use crate::error::{Refusal, Rule, SqlState};
use crate::rewrite::{Cleared, Command, Savepoint};
use std::collections::BTreeSet;

/// Most names that are remembered: of further cursors no row can be changed.
const LIMIT: usize = 1000;

/// The names of cursors that were declared so in the open transaction. One may be gone, but none of them is another cursor: a name goes
/// where another cursor is declared under it, and all of them where a failure may have brought an earlier one back, or a savepoint has taken
/// the locks away.
#[derive(Debug, Default)]
pub(super) struct Held(BTreeSet<Box<str>>);

impl Held {
    /// Forgets all.
    pub(super) fn clear(&mut self) {
        self.0.clear();
    }
}

impl Session {
    /// Refuses SQL on a cursor that has the name of a portal of the client's: to PostgreSQL both are one, and what a portal does beside
    /// its rows happens when it is run, by whatever way. So a portal that is known here is never a cursor.
    pub(super) fn keep_apart(&self, cleared: &Cleared) -> Result<(), Refusal> {
        let (Command::Declare { name, locks: _ } | Command::Fetch { name } | Command::Close { name }) = cleared.command() else {
            return Ok(());
        };
        if self.portals.get(name).is_none() {
            return Ok(());
        }
        let message = format!("SQL on a cursor with the name of a portal, \"{name}\", is not supported through pgmoat");
        Err(Refusal::new(SqlState::FEATURE_NOT_SUPPORTED, Rule::Construct, message)
            .with_hint("Run and close the portal by protocol messages, or give the cursor another name."))
    }

    /// Notes a cursor that a statement declares, and refuses a statement that would change the row of one that has not locked it: the row
    /// may be another tenant's by now, and no predicate stands beside WHERE CURRENT OF.
    pub(super) fn hold_rows(&mut self, cleared: &Cleared) -> Result<(), Refusal> {
        self.keep_apart(cleared)?;
        match Nature::of(cleared) {
            Nature::Declare(name, locks) => {
                self.held.0.remove(name);
                if locks && self.held.0.len() < LIMIT {
                    self.held.0.insert(name.into());
                }
            }
            // The cursor stays where it is, but a row that it has come to since is locked no more.
            Nature::Savepoint(Savepoint::Restored(_)) => self.held.clear(),
            Nature::Savepoint(Savepoint::Made(_) | Savepoint::Released(_))
            | Nature::Plain
            | Nature::Fetch
            | Nature::CopyOut
            | Nature::CopyIn
            | Nature::Passing(_)
            | Nature::End
            | Nature::Set(_)
            | Nature::Reset(_, _)
            | Nature::ResetAll
            | Nature::Special(_)
            | Nature::Unchecked => {}
        }
        // A portal that the client has bound may have the name of a cursor that is closed.
        let free = |name: &&String| !self.held.0.contains(name.as_str()) || self.portals.get(name).is_some();
        let Some(name) = cleared.cursors().iter().find(free) else { return Ok(()) };
        let message = format!("WHERE CURRENT OF \"{name}\", which does not hold its row, is not supported through pgmoat");
        Err(Refusal::new(SqlState::FEATURE_NOT_SUPPORTED, Rule::Construct, message)
            .with_hint("DECLARE the cursor FOR UPDATE in this transaction, as PostgreSQL recommends."))
    }
}
