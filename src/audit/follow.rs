//! What follows the audit file: standard output, syslog, a table. Each reads the file from its own place on, so that a slow one holds up
//! nobody, and one that was dead catches up. The file is the truth: nothing is taken from it because a follower has it.

use super::parts::beside;
use super::records::{Line, Records};
use super::tail;
use std::future::Future;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tokio::sync::{oneshot, watch};
use tokio::task::JoinHandle;

/// First pause after a failure; it doubles up to the last.
const PAUSES: (Duration, Duration) = (Duration::from_millis(100), Duration::from_secs(5));
/// A delivery that takes longer has failed.
const LIMIT: Duration = Duration::from_secs(30);

/// Where records go besides the file.
pub trait Sink: Send + 'static {
    /// Its name, in words for people and in the name of the file that remembers its place.
    fn name(&self) -> &'static str;

    /// The last record that it has.
    fn last(&mut self) -> impl Future<Output = Result<Last, SinkTrouble>> + Send;

    /// Takes records, in order. What it has taken when it fails comes again.
    fn deliver(&mut self, lines: &[Line]) -> impl Future<Output = Result<(), SinkTrouble>> + Send;
}

/// The last record that a sink has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Last {
    /// It cannot tell: a file beside the log remembers.
    Forgotten,
    /// None.
    None,
    /// This one, with its text.
    Record(u64, String),
}

/// Why a sink did not take what it was given.
#[derive(Debug, thiserror::Error)]
pub enum SinkTrouble {
    /// The system.
    #[error(transparent)]
    System(#[from] io::Error),
    /// It took too long.
    #[error("it did not take them within {LIMIT:?}")]
    Slow,
    /// What it has is not the beginning of this chain.
    #[error("it has records of another chain under this name: give this one another `name` in [audit]")]
    OtherChain,
    /// Something of its own.
    #[error("{0}")]
    Other(String),
}

/// A log that can be followed.
#[derive(Clone, Debug)]
pub struct Followed {
    pub(super) path: PathBuf,
    /// The number of the last record that is durable.
    pub(super) durable: watch::Receiver<u64>,
}

/// A sink at work.
#[derive(Debug)]
pub struct Follower {
    stop: oneshot::Sender<()>,
    task: JoinHandle<()>,
}

impl Follower {
    /// Has the sink take what there is and end; a dead one is not waited for longer than `limit`.
    pub async fn finish(self, limit: Duration) {
        drop(self.stop);
        let abort = self.task.abort_handle();
        if tokio::time::timeout(limit, self.task).await.is_err() {
            abort.abort();
        }
    }
}

impl Followed {
    /// Starts a sink. `report` hears of each failure (`Some`), and when it works again (`None`).
    pub fn start(self, sink: impl Sink, report: impl Fn(Option<&SinkTrouble>) + Send + 'static) -> Follower {
        let (stop, stopped) = oneshot::channel();
        // What is new is so from here on, not from when the task comes to run.
        let begun = *self.durable.borrow();
        Follower { stop, task: tokio::spawn(follow(sink, self, begun, stopped, report)) }
    }
}

/// A sink's place in the chain.
struct Place {
    records: Records,
    /// What was read and is not delivered yet.
    pending: Vec<Line>,
    /// The last record that it has, and the hash of its line, where that is known.
    last: Option<(u64, String)>,
    /// The file that remembers its place, where it cannot.
    file: Option<PathBuf>,
}

async fn follow(
    mut sink: impl Sink,
    log: Followed,
    begun: u64,
    mut stop: oneshot::Receiver<()>,
    report: impl Fn(Option<&SinkTrouble>) + Send + 'static,
) {
    let (mut durable, path) = (log.durable.clone(), log.path);
    let (mut place, mut pause, mut failures, mut stopping) = (None, PAUSES.0, 0_u32, false);
    loop {
        let until = *durable.borrow_and_update();
        match advance(&mut sink, &path, &mut place, begun, until).await {
            Ok(more) => {
                if failures > 1 {
                    report(None);
                }
                (failures, pause) = (0, PAUSES.0);
                if more {
                    continue;
                }
                if stopping {
                    return;
                }
                tokio::select! {
                    changed = durable.changed() => stopping = changed.is_err(),
                    _ = &mut stop => stopping = true,
                }
            }
            Err(trouble) => {
                failures = failures.saturating_add(1);
                // Once is nothing: a part was being closed, a connection was an old one.
                if failures > 1 {
                    report(Some(&trouble));
                }
                if stopping {
                    return;
                }
                tokio::select! {
                    () = tokio::time::sleep(pause) => pause = (pause * 2).min(PAUSES.1),
                    _ = &mut stop => stopping = true,
                }
            }
        }
    }
}

/// Gives the sink what is next. Says whether there was something.
async fn advance(sink: &mut impl Sink, path: &Path, at: &mut Option<Place>, begun: u64, until: u64) -> Result<bool, SinkTrouble> {
    let mut place = match at.take() {
        Some(place) => place,
        None => locate(sink, path, begun, until).await?,
    };
    if place.pending.is_empty() {
        let read = tokio::task::spawn_blocking(move || {
            place.pending = place.records.next(until)?;
            Ok::<_, io::Error>(place)
        });
        place = read.await.map_err(io::Error::other)??;
    }
    let delivered = deliver(sink, &mut place).await;
    *at = (!matches!(delivered, Err(SinkTrouble::OtherChain))).then_some(place);
    delivered
}

async fn deliver(sink: &mut impl Sink, place: &mut Place) -> Result<bool, SinkTrouble> {
    let (Some(first), Some(last)) = (place.pending.first(), place.pending.last()) else { return Ok(false) };
    if let Some((sequence, hash)) = &place.last {
        if first.sequence != sequence + 1 {
            tracing::error!(
                sink = sink.name(),
                "records {} to {} are no longer in the audit files",
                sequence + 1,
                first.sequence - 1
            );
        } else if *hash != first.previous {
            return Err(SinkTrouble::OtherChain);
        }
    }
    within(sink.deliver(&place.pending)).await?;
    place.last = None;
    if let Some(file) = &place.file {
        let new = beside(file, ".new");
        tokio::fs::write(&new, format!("{}\n", last.sequence)).await?;
        tokio::fs::rename(&new, file).await?;
    }
    place.pending.clear();
    Ok(true)
}

async fn within<T>(work: impl Future<Output = Result<T, SinkTrouble>>) -> Result<T, SinkTrouble> {
    tokio::time::timeout(LIMIT, work).await.unwrap_or(Err(SinkTrouble::Slow))
}

/// Where the sink is. One that was never used begins with what is new; a table with all that there is.
async fn locate(sink: &mut impl Sink, path: &Path, begun: u64, until: u64) -> Result<Place, SinkTrouble> {
    let (after, last, file) = match within(sink.last()).await? {
        Last::None => (0, None, None),
        Last::Record(sequence, _) if sequence > until => return Err(SinkTrouble::OtherChain),
        Last::Record(sequence, text) => (sequence, Some((sequence, tail::hash(text.as_bytes()))), None),
        Last::Forgotten => {
            let file = beside(path, &format!(".at-{}", sink.name()));
            let remembered = match tokio::fs::read_to_string(&file).await {
                Ok(text) => text.trim().parse().ok().filter(|at| *at <= until),
                Err(e) if e.kind() == io::ErrorKind::NotFound => None,
                Err(e) => return Err(e.into()),
            };
            if remembered.is_none() {
                tokio::fs::write(&file, format!("{begun}\n")).await?;
            }
            (remembered.unwrap_or(begun), None, Some(file))
        }
    };
    Ok(Place { records: Records::after(path, after), pending: Vec::new(), last, file })
}
