//! The check of a whole chain, over all its parts: every line names the hash of the one before, sequences have no gap, checkpoints are
//! signed, and the chain reaches as far as its head says. It repairs nothing.

use super::NO_PREVIOUS;
use super::event::Kind;
use super::head::Head;
use super::parts;
use super::signature::{About, PublicKey};
use super::tail::{Link, hash};
use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::{Path, PathBuf};

/// What is known beforehand of a chain.
#[derive(Clone, Debug, Default)]
pub struct Expectation {
    /// Whose signatures checkpoints and the head must carry.
    pub key: Option<PublicKey>,
    /// The oldest parts may be gone: the chain may begin with any record.
    pub continued: bool,
}

/// A chain that is whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    /// How many records it holds.
    pub records: u64,
    /// The number of its first record; 1 unless older parts are gone.
    pub first: u64,
    /// How many lines a crash cut off, each named by the record after it.
    pub torn: u64,
    /// How many checkpoints it holds; all are signed where a key was given.
    pub checkpoints: u64,
    /// In how many files it is kept.
    pub files: usize,
    /// The hash of the last line, in hex: kept elsewhere it shows a cut tail.
    pub last: String,
    /// Whether a head file vouches for the end.
    pub head: bool,
}

/// Where a chain is not whole.
#[derive(Debug, thiserror::Error)]
#[error("{}, line {line}: {flaw}", file.display())]
pub struct Damage {
    /// The file.
    pub file: PathBuf,
    /// The line, from 1 on.
    pub line: u64,
    /// What is wrong.
    pub flaw: Flaw,
}

/// What is wrong with a line.
#[derive(Debug, thiserror::Error)]
pub enum Flaw {
    /// The file cannot be read.
    #[error("it cannot be read: {0}")]
    Read(#[from] io::Error),
    /// A line is no record, and the next one does not say that a crash cut it off.
    #[error("this is not an audit record")]
    NotARecord,
    /// A line names another predecessor than the one that stands before it.
    #[error("this record does not follow the one before it: one of them was changed, removed or put in")]
    Broken,
    /// A sequence number is not its predecessor's successor.
    #[error("this record has sequence {found} where {expected} should be")]
    Sequence {
        /// What it says.
        found: u64,
        /// What it should say.
        expected: u64,
    },
    /// The chain does not begin with its first record.
    #[error("the chain begins with record {found}: older parts are missing (`--continued` allows it)")]
    Beginning {
        /// The record that it begins with.
        found: u64,
    },
    /// A checkpoint's signature is not the key's.
    #[error("this checkpoint is not signed with this key")]
    Unsigned,
    /// The head file is none, or is not signed with the key.
    #[error("the head file cannot be believed: {0}")]
    Head(&'static str),
    /// Records are gone from the end.
    #[error("the tail was cut off: the last record here is {found}, and there was a record {recorded}")]
    Cut {
        /// The last record.
        found: u64,
        /// The last that the head knows.
        recorded: u64,
    },
    /// The record that the head knows is another one.
    #[error("record {0} is not the one that was written: the tail was made up anew")]
    Replaced(u64),
}

/// How far the check has come.
struct Walk<'a> {
    expectation: &'a Expectation,
    head: Option<Head>,
    verified: Verified,
    sequence: u64,
    /// The line before is no record: the next must say so.
    unread: bool,
}

impl Walk<'_> {
    /// One line, without its newline.
    fn step(&mut self, text: &[u8]) -> Result<(), (u64, Flaw)> {
        let Ok(link) = serde_json::from_slice::<Link>(text) else {
            if self.unread {
                return Err((1, Flaw::NotARecord));
            }
            self.unread = true;
            self.verified.last = hash(text);
            return Ok(());
        };
        let begins = self.verified.records == 0 && !self.unread && self.verified.last == NO_PREVIOUS;
        if begins && link.sequence != 1 && self.expectation.continued {
            (self.verified.first, self.sequence) = (link.sequence, link.sequence - 1);
        } else if begins && link.sequence != 1 {
            return Err((0, Flaw::Beginning { found: link.sequence }));
        } else if link.previous != self.verified.last {
            return Err((0, Flaw::Broken));
        }
        let expected = self.sequence.saturating_add(1);
        if link.sequence != expected {
            return Err((0, Flaw::Sequence { found: link.sequence, expected }));
        }
        if self.unread != (link.event == Kind::Torn.as_str()) {
            return Err((u64::from(self.unread), Flaw::NotARecord));
        }
        if link.event == Kind::Checkpoint.as_str() {
            let signature = link.message.as_deref().unwrap_or_default();
            let signed = |key: &PublicKey| key.accepts(About::Checkpoint, link.sequence, &link.previous, signature);
            if !self.expectation.key.as_ref().is_none_or(signed) {
                return Err((0, Flaw::Unsigned));
            }
            self.verified.checkpoints += 1;
        }
        self.verified.records += 1;
        self.verified.torn += u64::from(self.unread);
        self.unread = false;
        self.sequence = link.sequence;
        self.verified.last = hash(text);
        if self.head.as_ref().is_some_and(|head| head.sequence == link.sequence && head.hash != self.verified.last) {
            return Err((0, Flaw::Replaced(link.sequence)));
        }
        Ok(())
    }
}

/// Reads every file of the chain and checks it.
///
/// # Errors
/// The first [`Damage`].
pub fn verify(path: &Path, expectation: &Expectation) -> Result<Verified, Damage> {
    let at = |file: &Path, line: u64, flaw: Flaw| Damage { file: file.to_path_buf(), line, flaw };
    let files = parts::all(path).map_err(|e| at(path, 0, e.into()))?;
    let head = Head::read(path).map_err(|_| at(&parts::head(path), 1, Flaw::Head("it is not a head")))?;
    if let (Some(head), Some(key)) = (&head, &expectation.key)
        && !head.is_signed_by(key)
    {
        return Err(at(&parts::head(path), 1, Flaw::Head("it is not signed with this key")));
    }
    let verified = Verified {
        records: 0,
        first: 1,
        torn: 0,
        checkpoints: 0,
        files: files.len(),
        last: NO_PREVIOUS.to_owned(),
        head: head.is_some(),
    };
    let mut walk = Walk { expectation, head, verified, sequence: 0, unread: false };
    let (mut line, mut bytes) = (0, Vec::new());
    for file in &files {
        line = 0;
        let mut reader = BufReader::new(File::open(file).map_err(|e| at(file, line, e.into()))?);
        loop {
            bytes.clear();
            if reader.read_until(b'\n', &mut bytes).map_err(|e| at(file, line, e.into()))? == 0 {
                break;
            }
            line += 1;
            walk.step(bytes.strip_suffix(b"\n").unwrap_or(&bytes)).map_err(|(back, flaw)| at(file, line - back, flaw))?;
        }
    }
    if walk.unread {
        return Err(at(path, line, Flaw::NotARecord));
    }
    match walk.head {
        Some(head) if head.sequence > walk.sequence => {
            Err(at(path, line, Flaw::Cut { found: walk.sequence, recorded: head.sequence }))
        }
        Some(_) | None => Ok(walk.verified),
    }
}
