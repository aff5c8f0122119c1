//! The one thread that writes: it takes all records that wait, writes them, syncs once, then answers each. It does not retry.

use super::event::{self, ChangeId, Event, Kind};
use super::head::Head;
use super::parts;
use super::signature::{About, Signer};
use super::tail::{self, Tail};
use super::{AuditTrouble, Keeping};
use crate::alerts::Occurrence;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::SystemTime;
use tokio::sync::{mpsc, oneshot, watch};

/// The most records that share one sync.
const BATCH: usize = 256;

/// A record that waits, and where its writer is told.
#[derive(Debug)]
pub(crate) struct Request {
    pub(crate) event: Event,
    /// `None`: nobody waits for it.
    pub(crate) done: Option<oneshot::Sender<Result<(), AuditTrouble>>>,
}

/// The writer's thread.
#[derive(Debug)]
pub struct Writer(JoinHandle<()>);

impl Writer {
    pub(crate) fn start(file: ChainedFile, requests: mpsc::Receiver<Request>) -> io::Result<Self> {
        std::thread::Builder::new().name("audit".to_owned()).spawn(move || run(file, requests)).map(Self)
    }

    /// Waits until the last [`super::AuditLog`] is gone and the file is closed.
    pub async fn finished(self) {
        // A panic of the thread has already failed every record that waited.
        drop(tokio::task::spawn_blocking(move || self.0.join()).await);
    }
}

/// A file that nobody else writes, for as long as this is there.
#[derive(Debug)]
struct Locked(File);

/// An audit file and the end of its chain.
#[derive(Debug)]
pub(crate) struct ChainedFile {
    keeping: Keeping,
    file: Locked,
    length: u64,
    sequence: u64,
    previous: String,
    /// The last change of the registry that is on record.
    change: Option<ChangeId>,
    /// Records since the last checkpoint, or since the file was opened.
    unsigned: u64,
    /// The number of the last record that is durable, for those who follow.
    durable: watch::Sender<u64>,
    dead: bool,
}

/// Lines that are not in the file yet.
struct Draft {
    sequence: u64,
    previous: String,
    change: Option<ChangeId>,
    bytes: Vec<u8>,
}

impl Draft {
    fn push(&mut self, event: &Event) -> Result<(), AuditTrouble> {
        if event.change.is_some() {
            self.change.clone_from(&event.change);
        }
        let line = event::encode(event, SystemTime::now(), self.sequence + 1, &self.previous, self.change.as_ref())
            .map_err(|e| AuditTrouble::Write(Arc::new(io::Error::other(e))))?;
        self.sequence += 1;
        self.previous = tail::hash(&line);
        self.bytes.extend_from_slice(&line);
        self.bytes.push(b'\n');
        Ok(())
    }

    /// A record that signs what is before it.
    fn push_checkpoint(&mut self, signer: &Signer) -> Result<(), AuditTrouble> {
        let mut event = Event::new(Kind::Checkpoint);
        event.message = Some(signer.sign(About::Checkpoint, self.sequence + 1, &self.previous));
        self.push(&event)
    }
}

/// Opens or creates a file that nobody else writes.
fn open_locked(path: &Path) -> Result<Locked, AuditTrouble> {
    let failed = |e: io::Error| AuditTrouble::Open { path: path.to_path_buf(), source: Arc::new(e) };
    let file = OpenOptions::new().read(true).append(true).create(true).mode(0o600).open(path).map_err(failed)?;
    file.try_lock().map_err(|e| match e {
        TryLockError::WouldBlock => AuditTrouble::InUse { path: path.to_path_buf() },
        TryLockError::Error(e) => failed(e),
    })?;
    let locked = Locked(file);
    // A new file's name must survive a crash as well as its content.
    sync_folder(path).map_err(failed)?;
    Ok(locked)
}

fn sync_folder(path: &Path) -> io::Result<()> {
    File::open(parts::folder(path))?.sync_all()
}

impl Drop for Locked {
    /// Gives the lock up by name: a process that is being started may hold a copy of the descriptor until it executes
    /// its program (flock(2)), and closing ours would leave the file locked for that long.
    fn drop(&mut self) {
        if let Err(error) = self.0.unlock() {
            tracing::warn!(%error, "the audit file could not be unlocked");
        }
    }
}

impl ChainedFile {
    /// Opens or creates the file, locks it, and closes the chain over a torn line.
    pub(crate) fn open(keeping: Keeping) -> Result<Self, AuditTrouble> {
        let path = keeping.path.as_path();
        let failed = |e: io::Error| AuditTrouble::Open { path: path.to_path_buf(), source: Arc::new(e) };
        let mut file = open_locked(path)?;
        let length = file.0.metadata().map_err(failed)?.len();
        // A crash may have come between the closing of one part and the first record of the next.
        let before = if length == 0 { parts::closed(path).map_err(failed)?.pop() } else { None };
        let tail = match &before {
            Some(part) => tail::read(&mut File::open(part).map_err(failed)?, part)?,
            None => tail::read(&mut file.0, path)?,
        };
        let recorded = Head::read(path).map_err(failed)?.map_or(0, |head| head.sequence);
        if recorded > tail.sequence {
            return Err(AuditTrouble::Cut { path: path.to_path_buf(), found: tail.sequence, recorded });
        }
        let Tail { sequence, previous, torn, open_line, change } = tail;
        let (durable, _) = watch::channel(sequence);
        let mut chained = Self { keeping, file, length, sequence, previous, change, unsigned: 0, durable, dead: false };
        if open_line {
            chained.append(b"\n")?;
        }
        if let Some(bytes) = torn {
            let mut event = Event::new(Kind::Torn);
            event.message = Some(format!("the line before was cut off after {bytes} bytes"));
            chained.write(&[event])?;
        }
        Ok(chained)
    }

    /// Hears of every batch that has become durable.
    pub(crate) fn durable(&self) -> watch::Receiver<u64> {
        self.durable.subscribe()
    }

    /// The last change of the registry that is on record.
    pub(crate) fn change(&self) -> Option<&ChangeId> {
        self.change.as_ref()
    }

    /// Writes the events as one batch; all of them are durable, or none is in the file.
    fn write(&mut self, events: &[Event]) -> Result<(), AuditTrouble> {
        if self.dead {
            return Err(AuditTrouble::Dead);
        }
        let mut draft = self.draft();
        for event in events {
            draft.push(event)?;
        }
        self.unsigned += draft.sequence - self.sequence;
        // The process that stops does not wait for the end of this thread.
        let due = self.unsigned >= self.keeping.checkpoint_every || events.iter().any(|event| event.kind == Kind::Stop);
        if let Some(signer) = self.keeping.signer.as_ref().filter(|_| due) {
            draft.push_checkpoint(signer)?;
            self.unsigned = 0;
        }
        self.commit(draft)?;
        if self.keeping.rotate_size > 0 && self.length >= self.keeping.rotate_size {
            self.rotate();
        }
        Ok(())
    }

    fn draft(&self) -> Draft {
        let change = self.change.clone();
        Draft { sequence: self.sequence, previous: self.previous.clone(), change, bytes: Vec::new() }
    }

    fn commit(&mut self, draft: Draft) -> Result<(), AuditTrouble> {
        self.append(&draft.bytes)?;
        (self.sequence, self.previous, self.change) = (draft.sequence, draft.previous, draft.change);
        self.durable.send_replace(self.sequence);
        let head = Head::new(self.sequence, &self.previous, self.keeping.signer.as_ref());
        if let Err(error) = head.write(&self.keeping.path) {
            // The records are safe: only a tail cut off later would not show.
            tracing::error!(%error, "the head of the audit log could not be written");
        }
        Ok(())
    }

    /// Signs what was written since the last checkpoint.
    fn sign(&mut self) -> Result<(), AuditTrouble> {
        let Some(signer) = self.keeping.signer.as_ref().filter(|_| self.unsigned > 0 && !self.dead) else { return Ok(()) };
        let mut draft = self.draft();
        draft.push_checkpoint(signer)?;
        self.unsigned = 0;
        self.commit(draft)
    }

    /// Closes this part and begins the next. Where that fails this one goes on growing.
    fn rotate(&mut self) {
        let done = self.sign().map_err(io::Error::other).and_then(|()| self.begin_part());
        if let Err(error) = done {
            tracing::error!(%error, "the audit file could not be rotated: it goes on growing");
        }
    }

    fn begin_part(&mut self) -> io::Result<()> {
        let path = self.keeping.path.as_path();
        let new = parts::beside(path, ".new");
        // It is locked before it has the name by which others look for it.
        let file = open_locked(&new).map_err(io::Error::other)?;
        file.0.set_len(0)?;
        let closed = parts::part(path, self.sequence);
        std::fs::rename(path, &closed)?;
        if let Err(e) = std::fs::rename(&new, path) {
            std::fs::rename(&closed, path)?;
            return Err(e);
        }
        sync_folder(path)?;
        (self.file, self.length) = (file, 0);
        Ok(())
    }

    fn append(&mut self, bytes: &[u8]) -> Result<(), AuditTrouble> {
        if let Err(e) = self.file.0.write_all(bytes) {
            // Part of a line may be in the file: take it out, or else never write again.
            self.dead = self.file.0.set_len(self.length).is_err();
            return Err(AuditTrouble::Write(Arc::new(e)));
        }
        if let Err(e) = self.file.0.sync_data() {
            // After a failed sync the kernel may call lost pages clean: a second try would lie.
            self.dead = true;
            return Err(AuditTrouble::Write(Arc::new(e)));
        }
        self.length += bytes.len() as u64;
        Ok(())
    }
}

fn run(mut file: ChainedFile, mut requests: mpsc::Receiver<Request>) {
    let (mut events, mut waiting) = (Vec::with_capacity(BATCH), Vec::with_capacity(BATCH));
    while let Some(first) = requests.blocking_recv() {
        let mut next = Some(first);
        while let Some(Request { event, done }) = next {
            events.push(event);
            waiting.push(done);
            next = if events.len() < BATCH { requests.try_recv().ok() } else { None };
        }
        let result = file.write(&events);
        events.clear();
        for done in waiting.drain(..) {
            match (done, &result) {
                // A client that went away no longer waits for its record; the record stands all the same.
                (Some(done), _) => drop(done.send(result.clone())),
                (None, Err(error)) => {
                    if let Some(alerts) = &file.keeping.alerts {
                        alerts.occurred(Occurrence::AuditFailing, None);
                    }
                    tracing::error!(%error, "an audit record is lost");
                }
                (None, Ok(())) => {}
            }
        }
    }
    if let Err(error) = file.sign() {
        tracing::error!(%error, "the end of the audit log could not be signed");
    }
}
