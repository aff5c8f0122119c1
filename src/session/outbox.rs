//! What waits to be written to one server connection. Only cleared statements, typed messages and texts that were written here can get in:
//! there is no method that takes a client's text, but for a bypass user's COPY data. It does not know what the server answers.

use super::settings::{Settings, Value};
use crate::rewrite::{Cleared, Hidden, Promotion};
use crate::wire::frontend::Bind;
use crate::wire::request::{self, Oversize};

/// A text that no server accepts: it makes a transaction fail on which a refusal fell.
const REFUSED: &str = "refused by pgmoat";

/// What has been written is given up from this much on, bytes, where more follows it.
const WRITTEN_KEPT: usize = 256 * 1024;

/// The bytes that wait to be written to a server.
#[derive(Debug, Default)]
pub struct Outbox {
    bytes: Vec<u8>,
    written: usize,
    parses: u64,
}

/// One statement of a simple query.
#[derive(Clone, Copy, Debug)]
pub(super) enum Part<'a> {
    /// The client's, cleared.
    Cleared(&'a Cleared),
    /// A cleared statement as a prepared one.
    Promoted(&'a Promotion),
    /// A setting's value from the startup packet.
    Setting(&'a Value),
    /// A question of the proxy's own.
    Own(&'static str),
}

impl<'a> Part<'a> {
    pub(super) fn sql(self) -> &'a str {
        match self {
            Self::Cleared(cleared) => cleared.text(),
            Self::Promoted(promotion) => &promotion.key().text,
            Self::Setting(value) => value.sql(),
            Self::Own(sql) => sql,
        }
    }
}

impl Outbox {
    /// What is still to be written.
    #[must_use]
    pub fn unwritten(&self) -> &[u8] {
        self.bytes.get(self.written..).unwrap_or_default()
    }

    /// Whether all is written.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.written >= self.bytes.len()
    }

    /// Says that `n` bytes more were written.
    pub fn wrote(&mut self, n: usize) {
        self.written = self.written.saturating_add(n);
        if self.is_empty() {
            self.bytes.clear();
            self.written = 0;
        } else if self.written > WRITTEN_KEPT {
            // A server that is slower than its client may never have taken all of it.
            self.bytes.drain(..self.written);
            self.written = 0;
        }
    }

    /// How many statements were sent to be prepared since the last call.
    pub fn take_parses(&mut self) -> u64 {
        std::mem::take(&mut self.parses)
    }

    /// Gives memory back that a large message took; `keep` bytes may stay.
    pub fn shrink(&mut self, keep: usize) {
        if self.is_empty() {
            self.bytes.shrink_to(keep);
        }
    }

    pub(super) fn query<'a>(&mut self, parts: impl Iterator<Item = Part<'a>>) -> Result<(), Oversize> {
        request::query(&mut self.bytes, parts.flat_map(|p| [p.sql(), ";"]))
    }

    /// An empty query: its ReadyForQuery tells the transaction's state, and it ends an implicit transaction.
    pub(super) fn query_empty(&mut self) -> Result<(), Oversize> {
        request::query(&mut self.bytes, std::iter::empty())
    }

    /// A query that fails.
    pub(super) fn query_refused(&mut self) -> Result<(), Oversize> {
        request::query(&mut self.bytes, std::iter::once(REFUSED))
    }

    /// A Parse that fails.
    pub(super) fn parse_refused(&mut self) -> Result<(), Oversize> {
        request::parse(&mut self.bytes, "", std::iter::once(REFUSED), &[])
    }

    pub(super) fn replay(&mut self, wanted: &Settings, applied: &Settings) -> Result<(), Oversize> {
        request::query(&mut self.bytes, wanted.replay(applied))
    }

    pub(super) fn parse(&mut self, name: &str, part: Part<'_>, types: &[u32]) -> Result<(), Oversize> {
        self.parses += 1;
        request::parse(&mut self.bytes, name, std::iter::once(part.sql()), types)
    }

    pub(super) fn bind(&mut self, name: &str, bind: &Bind<'_>, cleared: &Cleared) -> Result<(), Oversize> {
        request::bind(&mut self.bytes, bind.portal, name, bind, |binary| {
            cleared.hidden().iter().map(move |h| if binary { &*h.binary } else { &*h.text })
        })
    }

    /// Binds the unnamed portal to a promoted statement, all values and results as text.
    pub(super) fn bind_promoted(&mut self, name: &str, promotion: &Promotion, hidden: &[Hidden]) -> Result<(), Oversize> {
        let count = promotion.values().len().saturating_add(hidden.len());
        request::bind_values(&mut self.bytes, name, count, promotion.values().chain(hidden.iter().map(|h| &*h.text)))
    }

    /// Binds the unnamed portal to the unnamed statement, which [`Self::parse`] made of an EXECUTE.
    pub(super) fn bind_unnamed(&mut self) -> Result<(), Oversize> {
        request::bind_plain(&mut self.bytes, b"", "")
    }

    /// Binds a portal to a statement without parameters.
    pub(super) fn bind_own(&mut self, portal: &str, name: &str) -> Result<(), Oversize> {
        request::bind_plain(&mut self.bytes, portal.as_bytes(), name)
    }

    pub(super) fn describe_statement(&mut self, name: &str) -> Result<(), Oversize> {
        request::describe_statement(&mut self.bytes, name)
    }

    pub(super) fn describe_portal(&mut self, name: &[u8]) -> Result<(), Oversize> {
        request::describe_portal(&mut self.bytes, name)
    }

    pub(super) fn execute(&mut self, portal: &[u8], rows: i32) -> Result<(), Oversize> {
        request::execute(&mut self.bytes, portal, rows)
    }

    pub(super) fn close_statement(&mut self, name: &str) -> Result<(), Oversize> {
        request::close_statement(&mut self.bytes, name)
    }

    pub(super) fn close_portal(&mut self, name: &[u8]) -> Result<(), Oversize> {
        request::close_portal(&mut self.bytes, name)
    }

    pub(super) fn sync(&mut self) {
        request::sync(&mut self.bytes);
    }

    pub(super) fn flush(&mut self) {
        request::flush(&mut self.bytes);
    }

    /// CopyData of what is written by [`crate::copy`], unless that is nothing or fails.
    pub(super) fn copy_data<E>(&mut self, write: impl FnOnce(&mut Vec<u8>) -> Result<(), E>) -> Result<Result<(), E>, Oversize> {
        request::copy_data(&mut self.bytes, write)
    }

    pub(super) fn copy_done(&mut self) {
        request::copy_done(&mut self.bytes);
    }

    pub(super) fn copy_fail(&mut self) {
        request::copy_fail(&mut self.bytes);
    }

    /// A COPY message of a bypass user's, while the server asks for data.
    pub(super) fn copy_bytes(&mut self, whole: &[u8]) {
        self.bytes.extend_from_slice(whole);
    }
}
