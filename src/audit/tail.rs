//! Where the chain of an existing audit file ends. It reads the end of the file only; [`super::verify()`] reads all of it.

use super::{AuditTrouble, ChangeId, NO_PREVIOUS};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;
use std::sync::Arc;

/// How much of the end is read at first, bytes; doubled until it holds two lines.
const WINDOW: u64 = 256 * 1024;

/// The end of a chain.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Tail {
    /// The sequence number of the last record; 0 in an empty file.
    pub(crate) sequence: u64,
    /// The hash of the last line's bytes, in hex, torn or not.
    pub(crate) previous: String,
    /// How many bytes a crash left of a line that was never completed.
    pub(crate) torn: Option<usize>,
    /// Whether the file's last byte is not a newline.
    pub(crate) open_line: bool,
    /// The last change of the registry that is on record.
    pub(crate) change: Option<ChangeId>,
}

/// What the chain needs of a record.
#[derive(Deserialize)]
pub(crate) struct Link {
    pub(crate) sequence: u64,
    pub(crate) previous: String,
    pub(crate) event: String,
    pub(crate) message: Option<String>,
    /// Records from before it was kept have none.
    #[serde(default)]
    pub(crate) change: Option<ChangeId>,
}

/// The lower-case hex SHA-256 of a line's bytes without its newline.
pub(crate) fn hash(line: &[u8]) -> String {
    Sha256::digest(line).iter().map(|b| format!("{b:02x}")).collect()
}

/// Reads where the chain ends.
///
/// # Errors
/// [`AuditTrouble::Open`] on a read error; [`AuditTrouble::Damaged`] when the line before an unreadable last line is unreadable too.
pub(crate) fn read(file: &mut File, path: &Path) -> Result<Tail, AuditTrouble> {
    let failed = |e: io::Error| AuditTrouble::Open { path: path.to_path_buf(), source: Arc::new(e) };
    let length = file.metadata().map_err(failed)?.len();
    let mut window = WINDOW.min(length);
    let bytes = loop {
        let bytes = last_bytes(file, length, window).map_err(failed)?;
        let body = bytes.strip_suffix(b"\n").unwrap_or(&bytes);
        if window == length || body.iter().filter(|&&b| b == b'\n').count() >= 2 {
            break bytes;
        }
        window = (window * 2).min(length);
    };
    let open_line = bytes.last().is_some_and(|&b| b != b'\n');
    let body = bytes.strip_suffix(b"\n").unwrap_or(&bytes);
    let mut lines = body.rsplit(|&b| b == b'\n');
    let last = lines.next().unwrap_or_default();
    if length == 0 {
        return Ok(Tail { sequence: 0, previous: NO_PREVIOUS.to_owned(), torn: None, open_line, change: None });
    }
    if let Ok(link) = serde_json::from_slice::<Link>(last) {
        return Ok(Tail { sequence: link.sequence, previous: hash(last), torn: None, open_line, change: link.change });
    }
    let (sequence, change) = match lines.next() {
        None => (0, None),
        Some(before) => {
            let link = serde_json::from_slice::<Link>(before).map_err(|_| AuditTrouble::Damaged { path: path.to_path_buf() })?;
            (link.sequence, link.change)
        }
    };
    Ok(Tail { sequence, previous: hash(last), torn: Some(last.len()), open_line, change })
}

fn last_bytes(file: &mut File, length: u64, window: u64) -> io::Result<Vec<u8>> {
    file.seek(SeekFrom::Start(length - window))?;
    let mut bytes = Vec::new();
    file.take(window).read_to_end(&mut bytes)?;
    Ok(bytes)
}
