//! The audit log: one JSON object a line, each naming the hash of the line before it, durable before its writer hears of it.
//! It does not decide what is recorded, and it never sees a literal: its callers hand it statements with their literals taken out.

mod event;
mod floods;
mod follow;
mod head;
mod parts;
mod query;
mod records;
mod refusals;
mod signature;
mod sinks;
mod tail;
mod verify;
mod writer;

pub use event::{ChangeId, Event, KEYS, Kind};
pub use follow::{Followed, Follower, Last, Sink, SinkTrouble};
pub use head::Head;
pub use query::{Entry, Filter, Searched, query};
pub use records::Line;
pub use refusals::Refused;
pub use signature::{PublicKey, Signer, generate};
pub use sinks::{Stdout, Syslog, SyslogAddress};
pub use verify::{Damage, Expectation, Flaw, Verified, verify};
pub use writer::Writer;

use crate::alerts::{self, Alerts, Occurrence};
use crate::error::Rule;
use floods::{Floods, Sort};
use refusals::Refusals;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;
use tokio::sync::{mpsc, oneshot};

/// How many records may wait for the writer; beyond it [`AuditLog::record`] waits for a place.
const QUEUE: usize = 1024;

/// The hash that the first line names as its predecessor's.
pub(crate) const NO_PREVIOUS: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// How a chain is kept.
#[derive(Debug)]
pub struct Keeping {
    /// The file that is written. Closed parts, and the head, stand beside it.
    pub path: PathBuf,
    /// A file that has grown to so many bytes is closed and another begun; 0: never.
    pub rotate_size: u64,
    /// Who signs; `None`: nobody.
    pub signer: Option<Signer>,
    /// After so many records one signs the chain; another does at the end of each file, and when the log is closed.
    pub checkpoint_every: u64,
    /// Who hears of what is recorded, and of what cannot be.
    pub alerts: Option<Alerts>,
}

impl Keeping {
    /// A chain in one file for ever, signed by nobody.
    #[must_use]
    pub fn at(path: &Path) -> Self {
        Self { path: path.to_path_buf(), rotate_size: 0, signer: None, checkpoint_every: 1000, alerts: None }
    }
}

/// A handle to the one writer of an audit file. Clones share it; the writer ends when the last of them is gone.
#[derive(Clone, Debug)]
pub struct AuditLog {
    requests: mpsc::Sender<writer::Request>,
    refusals: Arc<Refusals>,
    floods: Arc<Floods>,
    alerts: Option<Alerts>,
    followed: Followed,
    /// The last change of the registry that was on record when the log was opened.
    change: Option<ChangeId>,
}

/// Why a record is not durable.
#[derive(Clone, Debug, thiserror::Error)]
pub enum AuditTrouble {
    /// The file cannot be opened or read.
    #[error("cannot open the audit file {path}")]
    Open {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: Arc<io::Error>,
    },
    /// Another process has the file.
    #[error("the audit file {path} is in use by another process")]
    InUse {
        /// The file.
        path: PathBuf,
    },
    /// More than the last line of the file is unreadable: it cannot be continued.
    #[error("the audit file {path} is damaged before its last line; move it away and keep it")]
    Damaged {
        /// The file.
        path: PathBuf,
    },
    /// Records are gone from the end of the chain.
    #[error(
        "the audit file {path} ends with record {found}, and there was a record {recorded}: its tail was cut off; move it and what stands beside it away, and keep them"
    )]
    Cut {
        /// The file.
        path: PathBuf,
        /// The last record in it.
        found: u64,
        /// The last record that its head knows.
        recorded: u64,
    },
    /// A key cannot be used.
    #[error("cannot use the audit key {path}: {message}")]
    Key {
        /// The file.
        path: PathBuf,
        /// Why.
        message: &'static str,
    },
    /// The record could not be written; the file is as it was before.
    #[error("cannot write to the audit file")]
    Write(#[source] Arc<io::Error>),
    /// The file is in an unknown state after an earlier failure: nothing more is written to it until it is opened anew.
    #[error("the audit file is out of service after an earlier failure")]
    Dead,
}

impl AuditLog {
    /// Opens or creates the file (mode 0600), reads where its chain ends and starts its writer on a thread of its own.
    ///
    /// A last line that was cut off by a crash stays in the file, and the first new record names it.
    ///
    /// # Errors
    /// [`AuditTrouble`] when the file cannot be opened, is in use, or is damaged before its last line.
    pub async fn open(keeping: Keeping) -> Result<(Self, Writer), AuditTrouble> {
        let (path, alerts) = (keeping.path.clone(), keeping.alerts.clone());
        let failed = |source: io::Error| AuditTrouble::Open { path: path.clone(), source: Arc::new(source) };
        let file = tokio::task::spawn_blocking(move || writer::ChainedFile::open(keeping))
            .await
            .map_err(|e| failed(io::Error::other(e)))??;
        let followed = Followed { path: path.clone(), durable: file.durable() };
        let change = file.change().cloned();
        let (requests, receiver) = mpsc::channel(QUEUE);
        let writer = Writer::start(file, receiver).map_err(failed)?;
        Ok((Self { requests, refusals: Arc::default(), floods: Arc::default(), alerts, followed, change }, writer))
    }

    /// Records an event; returns when it is on the disk.
    ///
    /// # Errors
    /// [`AuditTrouble`] when it is not: then what was to be recorded must not happen.
    pub async fn record(&self, event: Event) -> Result<(), AuditTrouble> {
        self.refusals.count(&event, 1);
        self.alert(event.kind, event.tenant.as_ref());
        let (done, answer) = oneshot::channel();
        let written = match self.requests.send(writer::Request { event, done: Some(done) }).await {
            Ok(()) => answer.await.unwrap_or(Err(AuditTrouble::Dead)),
            Err(_) => Err(AuditTrouble::Dead),
        };
        if written.is_err() {
            self.occurred(Occurrence::AuditFailing, None);
        }
        written
    }

    /// Has an event recorded without waiting until it is; waits for a place in line only. A failure is logged.
    pub async fn tell(&self, event: Event) {
        self.alert(event.kind, event.tenant.as_ref());
        self.send(event).await;
    }

    async fn send(&self, event: Event) {
        if self.requests.send(writer::Request { event, done: None }).await.is_err() {
            self.occurred(Occurrence::AuditFailing, None);
            tracing::error!("a record is lost: {}", AuditTrouble::Dead);
        }
    }

    /// Whether one more of these is to be counted only, because there are so many of this tenant's by the limit that this message names:
    /// then [`Self::settle`] tells of it.
    #[must_use]
    pub fn holds_back(&self, kind: Kind, rule: Option<Rule>, tenant: Option<&Arc<str>>, limit: &str) -> bool {
        let holds_back = Sort::of(kind, rule).is_some_and(|sort| self.floods.holds_back(sort, tenant, limit, Instant::now()));
        if holds_back {
            self.alert(kind, tenant);
        }
        holds_back
    }

    /// Tells of what was held back: of what is over, or of all.
    pub async fn settle(&self, all: bool) {
        for ((sort, tenant, limit), held) in self.floods.over(Instant::now(), all) {
            let (kind, rule, what) = match sort {
                Sort::Crossing => (Kind::Crossing, None, "statements that name another tenant's value"),
                Sort::Limit => (Kind::Refusal, Some(Rule::Limit), "refusals by a limit"),
                Sort::Cap => (Kind::LoginFailed, Some(Rule::Limit), "logins over a limit"),
            };
            let limit = if limit.is_empty() { String::new() } else { format!(": {limit}") };
            let message = Some(format!("{held} more {what} were counted only{limit}"));
            let event = Event { tenant, rule, message, ..Event::new(kind) };
            self.refusals.count(&event, held);
            self.send(event).await;
        }
    }

    /// Counts what alerts may be about and no record is.
    pub fn occurred(&self, what: Occurrence, tenant: Option<&Arc<str>>) {
        if let Some(alerts) = &self.alerts {
            alerts.occurred(what, tenant);
        }
    }

    /// Who hears of what is recorded. A handle that does not keep the log open.
    #[must_use]
    pub fn alerts(&self) -> Option<Alerts> {
        self.alerts.clone()
    }

    /// Goes over to other rules of alerts.
    pub fn configure(&self, rules: Vec<alerts::Rule>) {
        if let Some(alerts) = &self.alerts {
            alerts.configure(rules);
        }
    }

    /// The last change of the registry that was on record when the log was opened: the record that tells of one and what says how far one
    /// has come are the same line, so that a crash parts them as little as a rotation does.
    #[must_use]
    pub fn last_change(&self) -> Option<&ChangeId> {
        self.change.as_ref()
    }

    /// What follows the log reads it so.
    #[must_use]
    pub fn followed(&self) -> Followed {
        self.followed.clone()
    }

    fn alert(&self, kind: Kind, tenant: Option<&Arc<str>>) {
        let what = match kind {
            Kind::Crossing => Occurrence::Crossing,
            Kind::Refusal => Occurrence::Refusal,
            Kind::LoginFailed => Occurrence::LoginFailed,
            _ => return,
        };
        self.occurred(what, tenant);
    }

    /// What was refused since the start, by tenant and rule.
    #[must_use]
    pub fn refused(&self) -> Vec<Refused> {
        self.refusals.list()
    }
}
