//! An answer that is longer than the plan allows: an error stands in place of its rest, which is dropped up to ReadyForQuery. Where that would
//! not be the truth, because something was sent with it that lasts, the session ends. It does not cancel the server's work: it says that it
//! should be.

use super::backend::{Backend, Pending, Undo};
use super::replies::{MESSAGE_LIMIT, shortened};
use super::statement::Nature;
use super::{Broken, Record, Session};
use crate::error::Refusal;
use crate::limits::Ceilings;
use crate::rewrite::{Cleared, Command};
use crate::wire::Header;
use crate::wire::answer::{Report, Severity};
use crate::wire::backend::Transaction;

/// What is known of the cycle for cutting an answer in it.
#[derive(Debug, Default)]
pub(super) struct Cut {
    /// The rest of the cycle's answer is dropped.
    pub(super) dropping: bool,
    /// The rest of a message that is dropped as it comes, bytes.
    streaming: usize,
    /// How much of what came last was dealt with when an answer became too long, bytes.
    pub(super) reached: usize,
    /// What was dealt with of what came last is not known: it was not understood.
    pub(super) lost: bool,
    /// The server works on what nobody will hear of.
    in_vain: bool,
    /// Something was sent that may change rows.
    wrote: bool,
    /// Something was sent that lasts, whatever becomes of what stands before it: the end of a transaction, a savepoint, a setting.
    lasts: bool,
    /// A transaction was begun: what was sent with it can be failed as a whole.
    begun: bool,
}

impl Cut {
    pub(super) fn end_cycle(&mut self) {
        (self.wrote, self.lasts, self.begun) = (false, false, false);
    }
}

impl Session {
    /// Notes what a statement that is sent may do.
    pub(super) fn note_sent(&mut self, cleared: &Cleared) {
        let (writes, lasts) = match Nature::of(cleared) {
            Nature::Plain | Nature::Declare(_, _) | Nature::Fetch | Nature::CopyOut | Nature::Passing(_) => {
                (cleared.writes(), false)
            }
            Nature::CopyIn => (true, false),
            Nature::End
            | Nature::Savepoint(_)
            | Nature::Set(_)
            | Nature::Reset(_, _)
            | Nature::ResetAll
            | Nature::Special(_)
            | Nature::Unchecked => (true, true),
        };
        self.cut.wrote |= writes;
        self.cut.lasts |= lasts;
        self.cut.begun |= matches!(cleared.command(), Command::Begin);
    }

    /// Whether something was sent in this cycle that may change rows, and what the server says of it can be followed.
    #[must_use]
    pub fn has_written(&self) -> bool {
        self.cut.wrote && !self.cut.lost
    }

    /// The client is gone, and nobody will hear of the rest: nothing is too long. Says how many bytes of what came last were dealt with.
    pub fn forsake(&mut self) -> usize {
        self.ceilings = Ceilings::default();
        std::mem::take(&mut self.cut.reached)
    }

    /// Notes for the audit log that a limit was passed which is not this room's to see, with what the server works on.
    pub fn overrun(&mut self, refusal: Refusal, backend: Option<&Backend>) {
        let statement = backend.filter(|b| b.is_working()).and_then(|b| self.subject(b));
        self.records.push(Record::Refusal { refusal, statement });
    }

    /// How many rows came since the last call.
    pub fn take_rows(&mut self) -> u64 {
        std::mem::take(&mut self.rows)
    }

    /// Whether what the server works on should be canceled, since the last call.
    pub fn take_vain(&mut self) -> bool {
        std::mem::take(&mut self.cut.in_vain)
    }

    /// Counts a row of the answer. Says whether it is one too many.
    pub(super) fn is_too_much(&mut self, bytes: usize) -> bool {
        self.rows = self.rows.wrapping_add(1);
        self.answered.add(bytes);
        self.ceilings.are_passed(&self.answered)
    }

    /// Ends the session with the answer, unless an error in the place of its rest would be the truth. That it is while all that was sent
    /// with it only reads, or while the transaction can be failed as a whole.
    pub(super) fn may_be_cut(&mut self, backend: &Backend) -> Result<(), Broken> {
        let undone = !self.cut.wrote || self.cut.begun || backend.transaction == Transaction::Open;
        if undone && !self.cut.lasts {
            return Ok(());
        }
        let refusal = self.ceilings.refusal(&self.answered);
        let message = refusal.message.clone();
        let statement = self.subject(backend);
        self.records.push(Record::Refusal { refusal, statement });
        Err(Broken::TooLong(message))
    }

    /// The error in place of the rest. What the client sent behind the statement has not happened.
    pub(super) fn cut_off(&mut self, backend: &mut Backend, out: &mut Vec<u8>) {
        let refusal = self.ceilings.refusal(&self.answered);
        let (code, message, hint) = (refusal.code, &refusal.message, refusal.hint.as_deref());
        Report { severity: Severity::Error, code, message, hint, position: None }.write(out);
        let statement = self.subject(backend);
        self.records.push(Record::Refusal { refusal, statement });
        let upto = backend.pending.iter().position(|p| matches!(p, Pending::Sync)).unwrap_or(backend.pending.len());
        let undone: Vec<Undo> = backend.pending.iter_mut().take(upto).skip(1).filter_map(Pending::take_undo).collect();
        undone.into_iter().rev().for_each(|undo| self.take_back(undo));
        let extended = matches!(backend.pending.front(), Some(Pending::Execute { effect: _, statement: _ }));
        self.skipping = extended && upto == backend.pending.len();
        self.stash = None;
        self.failed = true;
        self.cut.dropping = true;
        self.cut.in_vain = true;
    }

    /// Takes what the server sends of an answer that was cut off; the client gets what does not belong to it, and the end of the cycle.
    pub(super) fn drop_rest(&mut self, bytes: &[u8], backend: &mut Backend, out: &mut Vec<u8>) -> Result<usize, Broken> {
        let mut at = self.cut.streaming.min(bytes.len());
        self.cut.streaming -= at;
        while self.cut.dropping {
            let rest = bytes.get(at..).unwrap_or_default();
            let Some(header) = Header::read(rest, MESSAGE_LIMIT).map_err(Broken::Server)? else { break };
            if matches!(header.tag, b'D' | b'd') && self.is_of_rows(header.tag, backend) {
                let length = header.total().min(rest.len());
                self.cut.streaming = header.total() - length;
                at += length;
                continue;
            }
            let mut said = Vec::new();
            if let Some(short) = shortened(&header, rest) {
                self.take_one(&short, backend, &mut said)?;
                let length = header.total().min(rest.len());
                self.cut.streaming = header.total() - length;
                at += length;
                continue;
            }
            let Some(whole) = rest.get(..header.total()) else { break };
            at += self.take_one(whole, backend, &mut said)?;
            // The settings that a server tells of are no answer.
            if matches!(header.tag, b'Z' | b'S') {
                out.extend_from_slice(&said);
            }
        }
        Ok(at)
    }

    /// The cycle is over in which an answer was cut off: where the server was done before it could be canceled, and a transaction goes on,
    /// that is failed. Says whether it is.
    pub(super) fn must_fail(&mut self, transaction: Transaction, backend: &mut Backend) -> Result<bool, Broken> {
        if !std::mem::take(&mut self.cut.dropping) || transaction != Transaction::Open {
            return Ok(false);
        }
        backend.outbox.query_refused()?;
        backend.pending.push_back(Pending::Quiet);
        Ok(true)
    }
}
