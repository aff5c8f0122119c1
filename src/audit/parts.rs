//! The files that one chain is kept in: the one that is written, and the parts that were closed before it, named by their last record.
//! It reads no records.

use std::io;
use std::path::{Path, PathBuf};

/// Digits of a sequence number in a part's name: names sort as their chain goes on.
const DIGITS: usize = 20;

/// What the part of `path` is called whose last record is number `last`: `audit.jsonl.00000000000000001234`.
pub(crate) fn part(path: &Path, last: u64) -> PathBuf {
    beside(path, &format!(".{last:0DIGITS$}"))
}

/// The file that says where the chain of `path` ends.
pub(crate) fn head(path: &Path) -> PathBuf {
    beside(path, ".head")
}

/// `path` with more behind its name.
pub(crate) fn beside(path: &Path, more: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(more);
    PathBuf::from(name)
}

/// The folder of `path`.
pub(crate) fn folder(path: &Path) -> &Path {
    path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// The closed parts of `path`, the oldest first.
///
/// # Errors
/// When the folder cannot be read.
pub(crate) fn closed(path: &Path) -> io::Result<Vec<PathBuf>> {
    let Some(name) = path.file_name() else { return Ok(Vec::new()) };
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder(path))? {
        let entry = entry?.file_name();
        let end = entry.as_encoded_bytes().strip_prefix(name.as_encoded_bytes()).and_then(|rest| rest.strip_prefix(b"."));
        if end.is_some_and(|end| end.len() == DIGITS && end.iter().all(u8::is_ascii_digit)) {
            found.push(path.with_file_name(entry));
        }
    }
    found.sort();
    Ok(found)
}

/// Every file of the chain, the oldest first; the one that is written is last.
///
/// # Errors
/// When the folder cannot be read.
pub(crate) fn all(path: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = closed(path)?;
    files.push(path.to_path_buf());
    Ok(files)
}
