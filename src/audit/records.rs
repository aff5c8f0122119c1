//! Reading a chain's records from one on, over its parts, as they become durable: what follows the log reads them so. It checks no chain.

use super::parts;
use super::tail::Link;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Seek, SeekFrom};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// Most records that are read at once, and most bytes, give or take a record.
const BATCH: (usize, usize) = (256, 1 << 20);

/// One record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Its number.
    pub sequence: u64,
    /// The hash that it names as its predecessor's.
    pub(super) previous: String,
    /// What happened: see [`super::Kind::as_str`].
    pub event: String,
    /// The whole of it, without the newline.
    pub text: String,
}

/// A file that is read.
#[derive(Debug)]
struct Open {
    reader: BufReader<File>,
    /// Up to where its lines have been taken, bytes.
    offset: u64,
}

/// Where in the chain one is.
#[derive(Debug)]
pub(super) struct Records {
    path: PathBuf,
    /// The last record that was taken.
    after: u64,
    open: Option<Open>,
}

impl Records {
    pub(super) fn after(path: &Path, after: u64) -> Self {
        Self { path: path.to_path_buf(), after, open: None }
    }

    /// The next records up to number `until`; none where there are none yet.
    pub(super) fn next(&mut self, until: u64) -> io::Result<Vec<Line>> {
        let (mut batch, mut bytes) = (Vec::new(), 0);
        while batch.len() < BATCH.0 && bytes < BATCH.1 && self.after < until {
            match self.line()? {
                // Written, but not durable yet: it may be taken back.
                Some(line) if line.sequence > until => {
                    self.open = None;
                    break;
                }
                Some(line) => {
                    self.after = line.sequence;
                    bytes += line.text.len();
                    batch.push(line);
                }
                None => break,
            }
        }
        Ok(batch)
    }

    /// The next record that is complete, in this file or a later one.
    fn line(&mut self) -> io::Result<Option<Line>> {
        let mut text = Vec::new();
        loop {
            let open = match &mut self.open {
                Some(open) => open,
                None => self.open.insert(find(&self.path, self.after)?),
            };
            text.clear();
            let read = open.reader.read_until(b'\n', &mut text)?;
            if text.pop() != Some(b'\n') {
                open.reader.seek(SeekFrom::Start(open.offset))?;
                if read > 0 || !is_closed(open.reader.get_ref(), &self.path)? {
                    return Ok(None);
                }
                self.open = None;
                continue;
            }
            open.offset += read as u64;
            // What a crash cut off is no record: the one behind it says so.
            let Ok(Link { sequence, previous, event, message: _, change: _ }) = serde_json::from_slice(&text) else { continue };
            if sequence > self.after {
                let text = String::from_utf8(std::mem::take(&mut text)).map_err(io::Error::other)?;
                return Ok(Some(Line { sequence, previous, event, text }));
            }
        }
    }
}

/// The file that has the first record after one: parts are named by their last.
fn find(path: &Path, after: u64) -> io::Result<Open> {
    let last = |part: &Path| part.extension().and_then(|e| e.to_str()).and_then(|e| e.parse::<u64>().ok());
    let part = parts::closed(path)?.into_iter().find(|part| last(part).is_some_and(|last| last > after));
    let file = File::open(part.as_deref().unwrap_or(path))?;
    Ok(Open { reader: BufReader::new(file), offset: 0 })
}

/// Whether a file that has been read to its end is not the one that is written (any more).
fn is_closed(file: &File, path: &Path) -> io::Result<bool> {
    let (read, written) = (file.metadata()?, std::fs::metadata(path)?);
    Ok((read.dev(), read.ino()) != (written.dev(), written.ino()))
}
