//! One server connection that is logged in. It does not know who uses it.

use super::Stream;
use crate::session::{Backend, Session};
use bytes::{Buf, BytesMut};
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Waker};
use std::time::{Duration, SystemTime};
use tokio::io::{AsyncRead, AsyncReadExt, ReadBuf};

/// What it takes to cancel a connection's statement.
#[derive(Clone, Eq, PartialEq)]
pub struct CancelKey {
    pub(crate) process: i32,
    pub(super) secret: Arc<[u8]>,
}

impl std::fmt::Debug for CancelKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "CancelKey({})", self.process)
    }
}

/// What there is to show of a server connection.
#[derive(Clone, Debug)]
pub struct ServerLine {
    /// Its number; no two have the same.
    pub number: u64,
    /// The server's process.
    pub process: Option<i32>,
    /// Where it begins and where it ends.
    pub address: Option<(SocketAddr, SocketAddr)>,
    /// Whether it is encrypted.
    pub tls: bool,
    /// When it was made.
    pub since: SystemTime,
}

/// A server connection: its stream, what came and is not dealt with, and what the session knows of it.
#[derive(Debug)]
pub struct Server {
    /// The stream.
    pub(crate) stream: Stream,
    /// What came and is not dealt with.
    pub(crate) inbox: BytesMut,
    /// What the session knows of it; in a box, because the rest moves from the pool to a client and back with every transaction.
    pub(crate) backend: Box<Backend>,
    key: Option<CancelKey>,
    /// What the pool's list of connections has of it.
    pub(super) line: Arc<ServerLine>,
    statuses: Vec<(Box<str>, Box<str>)>,
    /// The pool's generation that it was made in.
    pub(super) generation: u64,
    /// By the pool's clock: when it was used last, and until when it may be.
    pub(super) idle_since: Duration,
    pub(super) expires: Duration,
}

impl Server {
    /// Takes what the server has still to answer, for nobody; nothing more is asked of it.
    pub(super) async fn hear_out(&mut self, session: &mut Session) {
        let mut nobody = Vec::new();
        while self.backend.is_working() {
            let Ok(taken) = session.on_server(&self.inbox, &mut self.backend, &mut nobody) else { return };
            self.inbox.advance(taken);
            nobody.clear();
            if self.backend.is_working() && !matches!(self.stream.read_buf(&mut self.inbox).await, Ok(1..)) {
                return;
            }
        }
    }

    pub(super) fn new(stream: Stream, backend: Backend, key: Option<CancelKey>, statuses: Vec<(Box<str>, Box<str>)>) -> Self {
        static NUMBERS: AtomicU64 = AtomicU64::new(1);
        let line = ServerLine {
            number: NUMBERS.fetch_add(1, Ordering::Relaxed),
            process: key.as_ref().map(|key| key.process),
            address: stream.addresses(),
            tls: stream.is_tls(),
            since: SystemTime::now(),
        };
        Self {
            stream,
            inbox: BytesMut::new(),
            backend: Box::new(backend),
            key,
            line: Arc::new(line),
            statuses,
            generation: 0,
            idle_since: Duration::ZERO,
            expires: Duration::MAX,
        }
    }

    /// The key of its CancelRequest.
    #[must_use]
    pub fn key(&self) -> Option<&CancelKey> {
        self.key.as_ref()
    }

    /// The ParameterStatus values of its start-up.
    #[must_use]
    pub fn statuses(&self) -> &[(Box<str>, Box<str>)] {
        &self.statuses
    }

    /// Whether nothing of a client is left on it.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.inbox.is_empty() && self.backend.is_clean()
    }

    /// Whether an idle connection is still there. Anything that a server says to nobody (its shutdown, mostly) makes it useless too.
    pub(super) fn is_alive(&mut self) -> bool {
        let mut byte = [0; 1];
        let mut buffer = ReadBuf::new(&mut byte);
        Pin::new(&mut self.stream).poll_read(&mut Context::from_waker(Waker::noop()), &mut buffer).is_pending()
    }

    /// Gives memory back that large messages took.
    pub(super) fn shrink(&mut self) {
        const KEEP: usize = 16 * 1024;
        if self.inbox.capacity() > 4 * KEEP {
            self.inbox = BytesMut::new();
        }
        self.backend.outbox().shrink(KEEP);
    }
}
