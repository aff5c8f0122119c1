//! What the answer to one statement may come to. It does not cut answers: the session does.

use crate::error::{Refusal, Rule, SqlState};

/// The most that one statement is answered with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ceilings {
    rows: u64,
    bytes: u64,
}

impl Default for Ceilings {
    fn default() -> Self {
        Self::new(None, None)
    }
}

impl Ceilings {
    /// So many rows, and so many bytes of them as the server sends them.
    #[must_use]
    pub fn new(rows: Option<u64>, bytes: Option<u64>) -> Self {
        Self { rows: rows.unwrap_or(u64::MAX), bytes: bytes.unwrap_or(u64::MAX) }
    }

    /// The lower of both.
    #[must_use]
    pub fn within(self, other: Self) -> Self {
        Self { rows: self.rows.min(other.rows), bytes: self.bytes.min(other.bytes) }
    }

    /// Whether an answer of this size is more than that.
    #[must_use]
    pub fn are_passed(&self, answer: &Size) -> bool {
        answer.rows > self.rows || answer.bytes > self.bytes
    }

    /// What the client is told in place of the rest.
    #[must_use]
    pub fn refusal(&self, answer: &Size) -> Refusal {
        let message = if answer.rows > self.rows {
            format!("the answer has more than the {} rows that one statement may return", self.rows)
        } else {
            format!("the answer is longer than the {} bytes that one statement may return", self.bytes)
        };
        Refusal::new(SqlState::CONFIGURATION_LIMIT_EXCEEDED, Rule::Limit, message)
            .with_hint("Ask for less, or read it piece by piece: LIMIT, a cursor, or a row limit in Execute.")
    }
}

/// What an answer has come to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Size {
    /// Rows.
    pub rows: u64,
    /// Bytes, each row with its frame.
    pub bytes: u64,
}

impl Size {
    /// One more row.
    pub fn add(&mut self, bytes: usize) {
        self.rows = self.rows.saturating_add(1);
        self.bytes = self.bytes.saturating_add(u64::try_from(bytes).unwrap_or(u64::MAX));
    }
}
