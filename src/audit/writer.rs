//! The one thread that writes: it takes all records that wait, writes them, syncs once, then answers each. It does not retry.

use super::event::{self, Event, Kind};
use super::{AuditTrouble, tail};
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::SystemTime;
use tokio::sync::{mpsc, oneshot};

/// The most records that share one sync.
const BATCH: usize = 256;

/// A record that waits, and where its writer is told.
#[derive(Debug)]
pub(crate) struct Request {
    pub(crate) event: Event,
    pub(crate) done: oneshot::Sender<Result<(), AuditTrouble>>,
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

/// An audit file and the end of its chain.
#[derive(Debug)]
pub(crate) struct ChainedFile {
    file: File,
    length: u64,
    sequence: u64,
    previous: String,
    dead: bool,
}

impl ChainedFile {
    /// Opens or creates the file, locks it, and closes the chain over a torn line.
    pub(crate) fn open(path: &Path) -> Result<Self, AuditTrouble> {
        let failed = |e: io::Error| AuditTrouble::Open { path: path.to_path_buf(), source: Arc::new(e) };
        let mut file = OpenOptions::new().read(true).append(true).create(true).mode(0o600).open(path).map_err(failed)?;
        file.try_lock().map_err(|e| match e {
            TryLockError::WouldBlock => AuditTrouble::InUse { path: path.to_path_buf() },
            TryLockError::Error(e) => failed(e),
        })?;
        // A new file's name must survive a crash as well as its content.
        let directory = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
        File::open(directory).and_then(|d| d.sync_all()).map_err(failed)?;
        let tail = tail::read(&mut file, path)?;
        let length = file.metadata().map_err(failed)?.len();
        let mut chained = Self { file, length, sequence: tail.sequence, previous: tail.previous, dead: false };
        if tail.open_line {
            chained.append(b"\n")?;
        }
        if let Some(bytes) = tail.torn {
            let mut event = Event::new(Kind::Torn);
            event.message = Some(format!("the line before was cut off after {bytes} bytes"));
            chained.write(&[event])?;
        }
        Ok(chained)
    }

    /// Writes the events as one batch; all of them are durable, or none is in the file.
    fn write(&mut self, events: &[Event]) -> Result<(), AuditTrouble> {
        if self.dead {
            return Err(AuditTrouble::Dead);
        }
        let (mut sequence, mut previous, mut bytes) = (self.sequence, self.previous.clone(), Vec::new());
        for event in events {
            sequence += 1;
            let line = event::encode(event, SystemTime::now(), sequence, &previous)
                .map_err(|e| AuditTrouble::Write(Arc::new(io::Error::other(e))))?;
            previous = tail::hash(&line);
            bytes.extend_from_slice(&line);
            bytes.push(b'\n');
        }
        self.append(&bytes)?;
        (self.sequence, self.previous) = (sequence, previous);
        Ok(())
    }

    fn append(&mut self, bytes: &[u8]) -> Result<(), AuditTrouble> {
        if let Err(e) = self.file.write_all(bytes) {
            // Part of a line may be in the file: take it out, or else never write again.
            self.dead = self.file.set_len(self.length).is_err();
            return Err(AuditTrouble::Write(Arc::new(e)));
        }
        if let Err(e) = self.file.sync_data() {
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
            // A client that went away no longer waits for its record; the record stands all the same.
            drop(done.send(result.clone()));
        }
    }
}
