//! The check of a whole audit file: every line names the hash of the one before, and sequences have no gap.
//! It cannot see a tail that was cut off cleanly: keep the last hash elsewhere to notice that.

use super::NO_PREVIOUS;
use super::event::Kind;
use super::tail::{Link, hash};
use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::Path;

/// A file that is whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    /// How many records it holds.
    pub records: u64,
    /// How many lines a crash cut off, each named by the record after it.
    pub torn: u64,
    /// The hash of the last line, in hex: kept elsewhere it shows a cut tail.
    pub last: String,
}

/// Where a file is not whole; lines count from 1.
#[derive(Debug, thiserror::Error)]
pub enum Damage {
    /// The file cannot be read.
    #[error("cannot read the audit file")]
    Read(#[from] io::Error),
    /// A line is no record, and the next one does not say that a crash cut it off.
    #[error("line {line} is not an audit record")]
    NotARecord {
        /// The line.
        line: u64,
    },
    /// A line names another predecessor than the one that stands before it.
    #[error("line {line} does not follow the line before it: one of them was changed, removed or put in")]
    Broken {
        /// The line.
        line: u64,
    },
    /// A sequence number is not its predecessor's successor.
    #[error("line {line} has sequence {found} where {expected} should be")]
    Sequence {
        /// The line.
        line: u64,
        /// What it says.
        found: u64,
        /// What it should say.
        expected: u64,
    },
}

/// Reads the whole file and checks its chain.
///
/// # Errors
/// The first [`Damage`].
pub fn verify(path: &Path) -> Result<Verified, Damage> {
    let mut reader = BufReader::new(File::open(path)?);
    let mut verified = Verified { records: 0, torn: 0, last: NO_PREVIOUS.to_owned() };
    let (mut line, mut unread) = (0_u64, false);
    let mut bytes = Vec::new();
    loop {
        bytes.clear();
        if reader.read_until(b'\n', &mut bytes)? == 0 {
            break;
        }
        line += 1;
        let text = bytes.strip_suffix(b"\n").unwrap_or(&bytes);
        match serde_json::from_slice::<Link>(text) {
            Ok(link) => {
                if link.previous != verified.last {
                    return Err(Damage::Broken { line });
                }
                if link.sequence != verified.records + 1 {
                    return Err(Damage::Sequence { line, found: link.sequence, expected: verified.records + 1 });
                }
                if unread != (link.event == Kind::Torn.as_str()) {
                    return Err(Damage::NotARecord { line: line - u64::from(unread) });
                }
                verified.records += 1;
                verified.torn += u64::from(unread);
                unread = false;
            }
            Err(_) if unread => return Err(Damage::NotARecord { line: line - 1 }),
            Err(_) => unread = true,
        }
        verified.last = hash(text);
    }
    if unread {
        return Err(Damage::NotARecord { line });
    }
    Ok(verified)
}
