//! A client's connection: its stream and the bytes on their way, and why it ends. It does not know the protocol's states.

use crate::error::{Fault, SqlState};
use crate::session::Broken;
use crate::upstream::Stream;
use crate::wire::answer::{Report, Severity};
use bytes::{Buf, BytesMut};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

/// Why a client's connection ends.
#[derive(Debug, thiserror::Error)]
pub(super) enum Ending {
    /// The client went away or said goodbye.
    #[error("the client went away")]
    Gone,
    /// The network broke.
    #[error("the connection broke: {0}")]
    Network(#[from] std::io::Error),
    /// The client broke the protocol before it was logged in.
    #[error("{0}")]
    Fault(#[from] Fault),
    /// The session broke.
    #[error("{0}")]
    Broken(#[from] Broken),
    /// It was told why.
    #[error("{1} ({0})")]
    Fatal(SqlState, String),
    /// Its identity is not served any more.
    #[error("{1} ({0})")]
    Denied(SqlState, String),
    /// It took too long to log in.
    #[error("the client did not log in in time")]
    TooSlow,
    /// The server connection was lost.
    #[error("the server connection was lost")]
    ServerLost,
    /// It held a server connection for too long without using it.
    #[error("the client left a transaction open")]
    LeftOpen,
    /// Its transaction was open for longer than its plan allows.
    #[error("a transaction took too long")]
    Overlong,
    /// A statement went on after it was canceled, again and again.
    #[error("a statement could not be canceled")]
    Unstoppable,
    /// A refusal could not be recorded.
    #[error("the audit log is out of service")]
    Audit,
    /// The proxy shuts down.
    #[error("the proxy is shutting down")]
    Shutdown,
}

impl Ending {
    /// It must go, for this reason.
    pub(super) fn dismissed(why: &str) -> Self {
        Self::Denied(SqlState::ADMIN_SHUTDOWN, format!("terminating connection: {why}"))
    }

    /// The SQLSTATE and the words that the client gets, if it can still get some.
    pub(super) fn farewell(&self) -> Option<(SqlState, String)> {
        match self {
            Self::Gone | Self::Network(_) | Self::Fatal(_, _) | Self::Broken(Broken::ServerEnded) => None,
            Self::Denied(code, message) => Some((*code, message.clone())),
            Self::Fault(fault) | Self::Broken(Broken::Client(fault)) => Some((fault.code(), fault.to_string())),
            Self::Broken(Broken::Server(_) | Broken::Settings) => {
                Some((SqlState::ADMIN_SHUTDOWN, "terminating connection: the server's answer could not be understood".to_owned()))
            }
            Self::Broken(Broken::TooLong(message)) => {
                Some((SqlState::CONFIGURATION_LIMIT_EXCEEDED, format!("terminating connection: {message}")))
            }
            Self::Broken(Broken::Oversize(oversize)) => Some((SqlState::PROGRAM_LIMIT_EXCEEDED, oversize.to_string())),
            Self::TooSlow => Some((SqlState::INVALID_AUTHORIZATION, "canceling authentication due to timeout".to_owned())),
            Self::ServerLost => {
                Some((SqlState::ADMIN_SHUTDOWN, "terminating connection: the server connection was lost".to_owned()))
            }
            Self::LeftOpen => Some((
                SqlState::IDLE_IN_TRANSACTION_SESSION_TIMEOUT,
                "terminating connection due to idle-in-transaction timeout".to_owned(),
            )),
            Self::Overlong => {
                Some((SqlState::TRANSACTION_TIMEOUT, "terminating connection due to transaction timeout".to_owned()))
            }
            Self::Unstoppable => Some((
                SqlState::QUERY_CANCELED,
                "terminating connection: a statement that took too long could not be canceled".to_owned(),
            )),
            Self::Audit => Some((SqlState::ADMIN_SHUTDOWN, "terminating connection: the audit log is out of service".to_owned())),
            Self::Shutdown => Some((SqlState::ADMIN_SHUTDOWN, "terminating connection due to administrator command".to_owned())),
        }
    }
}

/// A client's stream and buffers.
#[derive(Debug)]
pub(super) struct Client {
    pub(super) stream: Stream,
    /// What came and is not dealt with.
    pub(super) inbox: BytesMut,
    /// What waits to be written.
    pub(super) outbox: Vec<u8>,
    /// How much of it is written.
    pub(super) written: usize,
    /// What waits begins in the middle of a message.
    pub(super) midway: bool,
    /// What was written and is not counted.
    pub(super) sent: u64,
    /// How much was written, bytes: it tells whether the client reads.
    pub(super) moved: u64,
}

impl Client {
    pub(super) fn new(stream: Stream) -> Self {
        Self { stream, inbox: BytesMut::new(), outbox: Vec::new(), written: 0, midway: false, sent: 0, moved: 0 }
    }

    /// Gives the buffers back: an idle client needs none.
    pub(super) fn rest(&mut self) {
        if self.inbox.is_empty() {
            self.inbox = BytesMut::new();
        }
        if self.outbox.is_empty() {
            self.outbox = Vec::new();
        }
    }

    /// How much waits to be written, bytes.
    pub(super) fn backlog(&self) -> usize {
        self.outbox.len().saturating_sub(self.written)
    }

    /// Writes all that waits.
    pub(super) async fn flush(&mut self) -> Result<(), Ending> {
        let rest = self.outbox.get(self.written..).unwrap_or_default();
        self.stream.write_all(rest).await?;
        self.sent += u64::try_from(rest.len()).unwrap_or(0);
        self.stream.flush().await?;
        self.outbox.clear();
        self.written = 0;
        Ok(())
    }

    /// One message of at most `limit` bytes: its type and its body.
    pub(super) async fn message(&mut self, limit: usize) -> Result<(u8, Vec<u8>), Ending> {
        loop {
            if let Some(frame) = crate::wire::Frame::read(&self.inbox, limit)? {
                let message = (frame.tag, frame.body.to_vec());
                let total = frame.whole.len();
                self.inbox.advance(total);
                return Ok(message);
            }
            self.inbox.reserve(1024);
            if self.stream.read_buf(&mut self.inbox).await? == 0 {
                return Err(Ending::Gone);
            }
        }
    }

    /// Tells the client why it ends, as well as that works, and makes an ending of it.
    pub(super) async fn fatal(&mut self, code: SqlState, message: &str) -> Ending {
        Report { severity: Severity::Fatal, code, message, hint: None, position: None }.write(&mut self.outbox);
        match self.flush().await {
            Ok(()) => {}
            Err(lost) => tracing::debug!(%lost, "the client did not hear why it ends"),
        }
        match self.stream.shutdown().await {
            Ok(()) | Err(_) => {}
        }
        Ending::Fatal(code, message.to_owned())
    }
}
