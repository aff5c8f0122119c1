//! The client's last simple query and what was sent for it: what the position of a server's error is looked up in.
//! It decides nothing, and what it keeps is short.

use super::tally;
use crate::rewrite::{Batch, Cleared, Command};

/// Longest text that is kept, bytes: for a longer one positions are not told.
const TEXT_LIMIT: usize = 4096;

/// A simple query.
#[derive(Debug, Default)]
pub(super) struct Asked {
    /// Its buffer is used again by the next query.
    text: Vec<u8>,
    sent: Option<Batch>,
    /// Those of it, ascending, before and behind which something was asked.
    tallied: Vec<usize>,
}

impl Asked {
    /// Keeps a query's text, if it is not too long.
    pub(super) fn keep(&mut self, text: &[u8]) {
        self.text.clear();
        if text.len() <= TEXT_LIMIT {
            self.text.extend_from_slice(text);
        }
        self.sent = None;
    }

    /// Notes what was sent for it, and before and behind which of that, ascending, something was asked.
    pub(super) fn was_sent(&mut self, batch: &Batch, tallied: Vec<usize>) {
        self.sent = Some(Batch::clone(batch));
        self.tallied = tallied;
    }

    /// What was sent for it, which is sent no more.
    pub(super) fn take_sent(&mut self) -> Option<Batch> {
        self.sent.take()
    }

    /// The client's text; where it was not kept, what was sent for it, or what is sent `promoted`.
    pub(super) fn record(&self, promoted: Option<&Batch>) -> Option<Box<str>> {
        if !self.text.is_empty() {
            return Some(self.text().into());
        }
        let batch = promoted.or(self.sent.as_ref())?;
        Some(joined(batch, &[]).into())
    }

    /// The query is over.
    pub(super) fn done(&mut self) {
        self.text.clear();
        self.sent = None;
    }

    /// The client's text; empty where it was not kept.
    pub(super) fn text(&self) -> &str {
        std::str::from_utf8(&self.text).unwrap_or_default()
    }

    /// The query that the server got; empty where it was not only what was cleared: a RESET goes back to the startup packet's values.
    pub(super) fn sent(&self) -> String {
        let batch = self.sent.as_deref().unwrap_or_default();
        if self.text.is_empty()
            || batch.iter().any(|cleared| matches!(cleared.command(), Command::Reset { name: _, tag: _ } | Command::ResetAll))
        {
            return String::new();
        }
        joined(batch, &self.tallied)
    }
}

fn joined(batch: &[Cleared], tallied: &[usize]) -> String {
    let asked = |n: usize| if tallied.binary_search(&n).is_ok() { [tally::SQL, ";"] } else { [""; 2] };
    batch.iter().enumerate().flat_map(|(n, cleared)| [asked(n), [&**cleared.text(), ";"], asked(n)]).flatten().collect()
}
