//! One server connection that is logged in. It does not know who uses it.

use super::Stream;
use crate::session::Backend;
use bytes::BytesMut;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Waker};
use std::time::Duration;
use tokio::io::{AsyncRead, ReadBuf};

/// What it takes to cancel a connection's statement.
#[derive(Clone, Eq, PartialEq)]
pub struct CancelKey {
    pub(super) process: i32,
    pub(super) secret: Arc<[u8]>,
}

impl std::fmt::Debug for CancelKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "CancelKey({})", self.process)
    }
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
    statuses: Vec<(Box<str>, Box<str>)>,
    /// The pool's generation that it was made in.
    pub(super) generation: u64,
    /// By the pool's clock: when it was used last, and until when it may be.
    pub(super) idle_since: Duration,
    pub(super) expires: Duration,
}

impl Server {
    pub(super) fn new(stream: Stream, backend: Backend, key: Option<CancelKey>, statuses: Vec<(Box<str>, Box<str>)>) -> Self {
        Self {
            stream,
            inbox: BytesMut::new(),
            backend: Box::new(backend),
            key,
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
