//! COPY FROM STDIN: the client's data is decoded and stamped on its way to the server. It does not know the formats: `copy` does.

use super::backend::{Effect, Pending};
use super::{Backend, Broken, Record, Session, Taken};
use crate::copy::{Incoming, Target, Trouble};
use crate::error::{Fault, SqlState};
use crate::rewrite::Cleared;
use crate::wire::Frame;
use crate::wire::answer::{self, Report, Severity};
use crate::wire::frontend::Frontend;
use std::sync::Arc;

/// Data is decoded in pieces of this size, bytes: a piece grows by at most the tenant's value for each of its bytes.
const PIECE: usize = 16 * 1024;
/// While more than this waits for the server, bytes, no more data is decoded.
const BACKLOG: usize = 256 * 1024;

/// A COPY that takes data.
#[derive(Debug)]
pub(super) struct Copying {
    target: Arc<Target>,
    incoming: Incoming,
    /// What the server was sent, for records.
    text: Arc<str>,
    /// How much of the CopyData message at hand has been decoded, bytes.
    taken: usize,
}

impl Copying {
    pub(super) fn of(cleared: &Cleared) -> Option<Box<Self>> {
        let (target, incoming) = cleared.incoming()?;
        Some(Box::new(Self { target, incoming, text: Arc::clone(cleared.text()), taken: 0 }))
    }
}

/// Whether the server asks for COPY data.
#[derive(Debug, Default)]
pub(super) enum CopyIn {
    /// No.
    #[default]
    No,
    /// From a bypass user, whose data passes as it is.
    Raw,
    /// From a tenant.
    Decoded(Box<Copying>),
}

impl CopyIn {
    pub(super) fn is_on(&self) -> bool {
        !matches!(self, Self::No)
    }
}

impl Session {
    /// A message of the client's while the server asks for COPY data.
    pub(super) fn copy_message(&mut self, frame: &Frame<'_>, backend: &mut Backend) -> Result<Taken, Broken> {
        match Frontend::read(frame)? {
            Frontend::CopyData => match std::mem::take(&mut backend.copy_in) {
                CopyIn::No => Ok(Taken::Done),
                CopyIn::Raw => {
                    backend.outbox.copy_bytes(frame.whole);
                    backend.copy_in = CopyIn::Raw;
                    Ok(Taken::Done)
                }
                CopyIn::Decoded(copying) => self.copy_data(frame.body, copying, backend),
            },
            Frontend::CopyDone => {
                if let CopyIn::Decoded(mut copying) = std::mem::take(&mut backend.copy_in)
                    && let Err(trouble) = backend.outbox.copy_data(|out| copying.incoming.finish(out))?
                {
                    self.fail_copy(trouble, &copying, backend);
                    return Ok(Taken::Done);
                }
                backend.outbox.copy_done();
                Ok(Taken::Done)
            }
            Frontend::CopyFail(reason) => {
                if matches!(std::mem::take(&mut backend.copy_in), CopyIn::Raw) {
                    backend.outbox.copy_bytes(frame.whole);
                    return Ok(Taken::Done);
                }
                let message = format!("COPY from stdin failed: {}", String::from_utf8_lossy(reason));
                backend.copy_failure = Some(report(SqlState::QUERY_CANCELED, &message, None));
                backend.outbox.copy_fail();
                Ok(Taken::Done)
            }
            // PostgreSQL ignores these two here.
            Frontend::Sync | Frontend::Flush => Ok(Taken::Done),
            Frontend::Terminate => Ok(Taken::Ended),
            Frontend::Query(_)
            | Frontend::Parse(_)
            | Frontend::Bind(_)
            | Frontend::Describe(_)
            | Frontend::Execute { portal: _, rows: _ }
            | Frontend::Close(_)
            | Frontend::FunctionCall => {
                backend.broken = true;
                Err(Broken::Client(Fault::Unexpected { tag: frame.tag, state: "COPY from the client is under way" }))
            }
        }
    }

    /// Decodes one CopyData message, as far as there is room.
    fn copy_data(&mut self, body: &[u8], mut copying: Box<Copying>, backend: &mut Backend) -> Result<Taken, Broken> {
        loop {
            let rest = body.get(copying.taken..).unwrap_or_default();
            if rest.is_empty() {
                copying.taken = 0;
                backend.copy_in = CopyIn::Decoded(copying);
                return Ok(Taken::Done);
            }
            if backend.outbox.unwritten().len() > BACKLOG {
                backend.copy_in = CopyIn::Decoded(copying);
                return Ok(Taken::Full);
            }
            let piece = rest.get(..PIECE).unwrap_or(rest);
            copying.taken = copying.taken.saturating_add(piece.len());
            if let Err(trouble) = backend.outbox.copy_data(|out| copying.incoming.feed(piece, out))? {
                self.fail_copy(trouble, &copying, backend);
                return Ok(Taken::Done);
            }
        }
    }

    /// The COPY fails as a whole: nothing of it stays. What the client sends for it still is dropped.
    fn fail_copy(&mut self, trouble: Trouble, copying: &Copying, backend: &mut Backend) {
        let failure = match trouble {
            Trouble::Wrong { code, message, hint } => report(code, &message, hint.as_deref()),
            Trouble::Refused(mut refusal) => {
                if refusal.relations.is_empty() {
                    refusal = refusal.about(&copying.target.relation);
                }
                let failure = report(refusal.code, &refusal.message, refusal.hint.as_deref());
                let statement = self.subject(backend).or_else(|| Some((*copying.text).into()));
                self.records.push(Record::Refusal { refusal, statement });
                failure
            }
        };
        backend.copy_failure = Some(failure);
        backend.outbox.copy_fail();
    }

    /// Ends a COPY from the client whose time is up. Says whether there was one.
    pub fn stop_copy(&mut self, backend: &mut Backend) -> bool {
        if !backend.copy_in.is_on() {
            return false;
        }
        backend.copy_in = CopyIn::No;
        backend.copy_failure = Some(report(SqlState::QUERY_CANCELED, "canceling statement due to statement timeout", None));
        backend.outbox.copy_fail();
        true
    }

    /// CopyInResponse or CopyOutResponse. Says whether the client gets it as it is.
    pub(super) fn copy_begins(&mut self, tag: u8, backend: &mut Backend, out: &mut Vec<u8>) -> Result<bool, Broken> {
        let fault = || Broken::Server(Fault::Unexpected { tag, state: "reading the server's answers" });
        let extended = matches!(backend.pending.front(), Some(Pending::Execute { effect: _, statement: _ }));
        let effect = match backend.pending.front_mut() {
            Some(Pending::Query) => backend.effects.front_mut(),
            Some(Pending::Execute { effect, statement: _ }) => Some(effect),
            Some(_) | None => None,
        };
        match (tag, effect) {
            // Of a batch whose answer was cut off nothing goes on.
            (b'G', Some(Effect::CopyIn(_))) if self.cut.dropping => {
                backend.outbox.copy_fail();
                self.waiting &= !extended;
                Ok(false)
            }
            (b'G', Some(Effect::CopyIn(copying))) => {
                let copying = copying.take().ok_or_else(fault)?;
                answer::copy_in(out, copying.target.is_binary(), copying.target.columns.len());
                backend.copy_in = CopyIn::Decoded(copying);
                self.waiting &= !extended;
                Ok(false)
            }
            (b'H', Some(Effect::CopyOut { writes: _ })) => {
                self.copying_out = true;
                Ok(true)
            }
            (b'H', Some(Effect::None)) if self.scope.bypass() => {
                self.copying_out = true;
                Ok(true)
            }
            (b'G', Some(Effect::None)) if self.scope.bypass() => {
                // The server ignores a Sync that came with the Execute; anything else it takes for the end of the COPY.
                if backend.pending.iter().skip(1).any(|p| !matches!(p, Pending::Sync)) {
                    return Err(fault());
                }
                backend.pending.truncate(1);
                self.waiting &= !extended;
                backend.copy_in = CopyIn::Raw;
                Ok(true)
            }
            (_, _) => Err(fault()),
        }
    }
}

fn report(code: SqlState, message: &str, hint: Option<&str>) -> Vec<u8> {
    let mut out = Vec::new();
    Report { severity: Severity::Error, code, message, hint, position: None }.write(&mut out);
    out
}
