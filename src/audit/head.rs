//! Where the chain ends, in a small file beside it: a tail that was cut off cleanly shows by it. It is no record itself.
//!
//! It is written after the records are durable, and not synced: after a crash of the machine it may say less than there is, never more.
//! Whoever can write the log can put an older one in its place: a copy elsewhere cannot be taken back.

use super::parts::{beside, head};
use super::signature::{About, PublicKey, Signer};
use serde::{Deserialize, Serialize};
use std::io;
use std::path::Path;

/// The end of a chain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// The last record's number.
    pub sequence: u64,
    /// The hash of its line, in hex.
    pub hash: String,
    /// The signature, base64; `None` where no key is configured.
    pub signature: Option<String>,
}

impl Head {
    pub(crate) fn new(sequence: u64, hash: &str, signer: Option<&Signer>) -> Self {
        let signature = signer.map(|s| s.sign(About::Head, sequence, hash));
        Self { sequence, hash: hash.to_owned(), signature }
    }

    /// Puts it in the place of the one before.
    pub(crate) fn write(&self, path: &Path) -> io::Result<()> {
        let new = beside(path, ".head.new");
        let mut line = serde_json::to_vec(self).map_err(io::Error::other)?;
        line.push(b'\n');
        std::fs::write(&new, line)?;
        std::fs::rename(new, head(path))
    }

    /// Reads the one of `path`; `None` when there is none.
    ///
    /// # Errors
    /// When it cannot be read, or is none.
    pub(crate) fn read(path: &Path) -> io::Result<Option<Self>> {
        match std::fs::read(head(path)) {
            Ok(bytes) => serde_json::from_slice(&bytes).map(Some).map_err(io::Error::other),
            Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(e) => Err(e),
        }
    }

    pub(crate) fn is_signed_by(&self, key: &PublicKey) -> bool {
        self.signature.as_deref().is_some_and(|s| key.accepts(About::Head, self.sequence, &self.hash, s))
    }
}
