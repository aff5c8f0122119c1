//! Cycles of several sessions on one server connection at once: each session sees of the connection what is its own, and nothing else.
//! It does not say which cycles come when: their answers come in the order in which they were sent.

use super::backend::{Backend, Effect, Pending};
use super::replies::MESSAGE_LIMIT;
use super::statement::Nature;
use super::{Broken, Session, Stash, Taken};
use crate::error::{Fault, SqlState};
use crate::limits::{Request, Size};
use crate::rewrite::Cleared;
use crate::wire::backend::{Report, Transaction};
use crate::wire::frontend::{self, Frontend, Target};
use crate::wire::{HEADER, Header};
use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

/// An answer longer than this is not kept for its client while others' wait behind it, bytes.
const ANSWER_LIMIT: usize = 64 * 1024;
/// A cycle longer than this does not keep others waiting, bytes.
const CYCLE_LIMIT: usize = 16 * 1024;
/// More parameters than these are not for here: each is a type of the server's statement.
const PARAMETERS_LIMIT: u16 = 1024;

/// What one session's cycle, sent on a connection that others use as well, has still to be answered.
#[derive(Debug, Default)]
pub struct Cycle {
    pending: VecDeque<Pending>,
    effects: VecDeque<Effect>,
    locals: Vec<u8>,
    locals_read: usize,
    /// How many ReadyForQuery are to come for it.
    ends: usize,
    /// How many rows have come.
    rows: usize,
}

/// How far the answer to a cycle has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// More of it is to come.
    Under,
    /// All of it has come.
    Ended,
    /// Nothing of it has run, and it was sent once more: it is answered behind what others have sent meanwhile.
    Again,
    /// It is given back: the session is as it was before the cycle, which is to be sent on a connection of its own. What the server still
    /// says up to the cycle's end is nobody's.
    GivenBack {
        /// What drops that.
        drain: Drain,
        /// Whether that is because the answer is too long to be kept here.
        long: bool,
    },
}

impl Cycle {
    /// Whether it prepares a statement: until that is answered nobody else may count on the statement.
    #[must_use]
    pub fn prepares(&self) -> bool {
        self.pending
            .iter()
            .any(|p| matches!(p, Pending::Parse { relay: _, place: _, undo: _ } | Pending::LearnParameters { place: _ }))
    }

    /// What drops the rest of its answer.
    #[must_use]
    pub fn drain(&self) -> Drain {
        Drain { rest: 0, ends: self.ends }
    }

    /// What is to be answered in it.
    pub(super) fn pending(&self) -> impl Iterator<Item = &Pending> {
        self.pending.iter()
    }

    fn count_ends(&mut self) {
        let end = |p: &&Pending| matches!(p, Pending::Sync | Pending::Query | Pending::Quiet | Pending::Replay);
        self.ends = self.pending.iter().filter(end).count();
    }
}

impl Backend {
    /// Exchanges what is to be answered on the connection.
    fn exchange(&mut self, cycle: &mut Cycle) {
        std::mem::swap(&mut self.pending, &mut cycle.pending);
        std::mem::swap(&mut self.effects, &mut cycle.effects);
        std::mem::swap(&mut self.locals, &mut cycle.locals);
        std::mem::swap(&mut self.locals_read, &mut cycle.locals_read);
    }

    /// Sets aside what was just sent, so that the next session finds a connection on which nothing is under way.
    pub fn set_aside(&mut self) -> Cycle {
        let mut cycle = Cycle::default();
        self.exchange(&mut cycle);
        cycle.count_ends();
        self.unsynced = false;
        cycle
    }

    /// Nobody uses the connection again.
    pub fn give_up(&mut self) {
        self.broken = true;
    }
}

impl Session {
    /// Whether all that the client has sent is one cycle that may stand between those of others: it reads one row at most, found by a
    /// key, and leaves nothing. To be asked when a message was answered by [`Taken::NeedsServer`]; `limit` is the longest message, bytes.
    /// Its hash comes back: what is too long today may be tomorrow.
    #[must_use]
    pub fn shareable(&self, inbox: &[u8], limit: usize) -> Option<u64> {
        if self.waiting
            || self.skipping
            || self.aborted
            || self.local_settings
            || self.scope.bypass()
            || inbox.len() > CYCLE_LIMIT
        {
            return None;
        }
        let (mut rest, mut parsed, mut bound, mut executed) = (inbox, false, None, false);
        while let Ok(Some(frame)) = frontend::next(rest, limit) {
            rest = rest.get(frame.whole.len()..).unwrap_or_default();
            let Ok(message) = Frontend::read(&frame) else { return None };
            match message {
                Frontend::Query(_) => {
                    let Some(Stash::Query(batch)) = &self.stash else { return None };
                    let [one] = &**batch else { return None };
                    let hash = one.promotion()?.key().hash_value();
                    return (rest.is_empty() && !parsed && bound.is_none() && is_point(one)).then_some(hash);
                }
                Frontend::Parse(parse) if !parsed && bound.is_none() && parse.name.is_empty() => parsed = true,
                Frontend::Bind(bind) if bound.is_none() && bind.portal.is_empty() => {
                    let statement = match (&self.stash, parsed) {
                        (Some(Stash::Parse(parsed)), true) if bind.statement.is_empty() => Some(parsed),
                        (Some(Stash::Bind), false) => {
                            std::str::from_utf8(bind.statement).map_or(None, |name| self.statements.get(name))
                        }
                        (Some(Stash::Query(_) | Stash::Parse(_) | Stash::Bind) | None, _) => None,
                    };
                    let statement = statement.filter(|s| s.generation == self.generation)?;
                    let cleared = statement.cleared.as_ref().filter(|c| is_point(c))?;
                    // What a Bind of a statement that is only now prepared carries is admitted before it is looked at.
                    if parsed && cleared.asks_for_values() {
                        return None;
                    }
                    bound = Some(statement.key.as_ref()?.hash_value());
                }
                Frontend::Describe(Target::Statement(name)) if parsed && name.is_empty() => {}
                Frontend::Describe(Target::Portal(name)) if bound.is_some() && name.is_empty() => {}
                Frontend::Execute { portal, rows: _ } if portal.is_empty() && bound.is_some() && !executed => executed = true,
                Frontend::Sync => return bound.filter(|_| rest.is_empty() && executed),
                Frontend::Parse(_)
                | Frontend::Bind(_)
                | Frontend::Describe(Target::Statement(_) | Target::Portal(_))
                | Frontend::Execute { portal: _, rows: _ }
                | Frontend::Close(_)
                | Frontend::Flush
                | Frontend::FunctionCall
                | Frontend::CopyData
                | Frontend::CopyDone
                | Frontend::CopyFail(_)
                | Frontend::Terminate => return None,
            }
        }
        None
    }

    /// Admits the Bind behind a Parse that waits for a server, if there is one: on a connection that is shared nobody can wait for the
    /// rate between the two. Says whether the cycle may be sent at once.
    pub fn admit_early(&mut self, now: Duration) -> bool {
        match &self.stash {
            Some(Stash::Parse(_)) if self.rate.is_some() || self.meter.is_some() => {}
            Some(Stash::Query(_) | Stash::Parse(_) | Stash::Bind) => return true,
            None => return false,
        }
        if !self.admitted {
            match self.admit(Request { statements: 1, writes: false, adds: false }, now) {
                Ok(()) => self.admitted = true,
                Err(refusal) => {
                    self.refused = Some(refusal);
                    return false;
                }
            }
        }
        !self.waits_its_turn(now)
    }

    /// Whether a connection has the session's settings.
    #[must_use]
    pub fn fits(&self, backend: &Backend) -> bool {
        let wanted = &self.settings.committed;
        Arc::ptr_eq(wanted, &backend.applied) || **wanted == *backend.applied
    }

    /// Sends the cycle that [`Session::shareable`] was said of; what is to be answered for it comes back. `None` is a connection that
    /// others have brought to another state than it needs: nothing was sent.
    ///
    /// # Errors
    /// See [`Session::on_client`]; the connection must not be used any more, and the session is over.
    pub fn send_shared(
        &mut self,
        inbox: &[u8],
        backend: &mut Backend,
        limit: usize,
        now: Duration,
        out: &mut Vec<u8>,
    ) -> Result<Option<Cycle>, Broken> {
        if !self.fits(backend) {
            return Ok(None);
        }
        let mut rest = inbox;
        while let Some(frame) = frontend::next(rest, limit)? {
            rest = rest.get(frame.whole.len()..).unwrap_or_default();
            match self.on_client(&frame, Some(backend), now, out)? {
                Taken::Done => {}
                // It was found out before that none of these comes.
                Taken::NeedsServer | Taken::Hold | Taken::Full | Taken::Switch | Taken::Ended => {
                    return Err(Broken::Client(Fault::Unexpected { tag: frame.tag, state: "sending one of several cycles" }));
                }
            }
        }
        Ok(Some(backend.set_aside()))
    }

    /// Takes what the server sent in answer to a cycle of this session's, up to the cycle's end; says how many bytes are done with.
    /// `first` is the type of the cycle's first message. `spared`: the server was asked to stop what somebody else has asked for, and
    /// what it stops is perhaps this.
    ///
    /// # Errors
    /// See [`Session::on_server`]; the connection must not be used any more.
    pub fn on_shared(
        &mut self,
        bytes: &[u8],
        backend: &mut Backend,
        cycle: &mut Cycle,
        first: u8,
        spared: bool,
        out: &mut Vec<u8>,
    ) -> Result<(usize, Progress), Broken> {
        let Seen { length, rows, sight } = look(bytes, spared)?;
        cycle.rows = cycle.rows.saturating_add(rows);
        // More than one row is not what it was taken for, and may be very many.
        let long = sight == Sight::Long || cycle.rows > 1 || out.len().saturating_add(length) > ANSWER_LIMIT;
        if long || sight == Sight::Stopped {
            let drain = cycle.drain();
            self.rewind(cycle, first);
            out.clear();
            return Ok((0, Progress::GivenBack { drain, long }));
        }
        let own = bytes.get(..length).unwrap_or_default();
        backend.exchange(cycle);
        let taken = self.on_server(own, backend, out)?;
        backend.exchange(cycle);
        if backend.transaction != Transaction::Idle || taken != length {
            return Err(amiss());
        }
        if sight == Sight::Part {
            return Ok((taken, Progress::Under));
        }
        cycle.ends = cycle.ends.saturating_sub(1);
        match (self.waiting, cycle.ends) {
            (true, 0) => {
                cycle.count_ends();
                if cycle.ends == 0 { Err(amiss()) } else { Ok((taken, Progress::Again)) }
            }
            (true, _) => Ok((taken, Progress::Under)),
            (false, 0) if cycle.pending.is_empty() => Ok((taken, Progress::Ended)),
            (false, _) => Err(amiss()),
        }
    }

    /// Goes back to before a cycle of which the client has heard nothing: as if its first message, of type `first`, had just asked for a
    /// server.
    pub fn rewind(&mut self, cycle: &mut Cycle, first: u8) {
        let undone: Vec<_> = cycle.pending.iter_mut().filter_map(Pending::take_undo).collect();
        undone.into_iter().rev().for_each(|undo| self.take_back(undo));
        *cycle = Cycle::default();
        let batch = self.promoted.take().or_else(|| self.asked.take_sent());
        self.stash = match first {
            b'Q' => batch.map(Stash::Query),
            b'B' => Some(Stash::Bind),
            b'P' => {
                self.admitted = true;
                None
            }
            // No such cycle is sent: whatever it was is read, cleared and admitted anew.
            _other => None,
        };
        self.waiting = false;
        self.skipping = false;
        self.failed = false;
        self.again = false;
        self.streaming = 0;
        self.surplus = 0;
        self.asked.done();
        self.answered = Size::default();
        self.cut = super::cut::Cut::default();
    }
}

/// What stands at the beginning of what a server sent.
struct Seen {
    /// Bytes of the whole messages up to the first ReadyForQuery.
    length: usize,
    /// Rows among them.
    rows: usize,
    sight: Sight,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sight {
    /// No ReadyForQuery.
    Part,
    /// Messages up to a ReadyForQuery.
    End,
    /// A message that is too long, somewhere before that.
    Long,
    /// The error of a statement that was stopped.
    Stopped,
}

/// Looks at whole messages up to the first ReadyForQuery.
fn look(bytes: &[u8], spared: bool) -> Result<Seen, Broken> {
    let mut seen = Seen { length: 0, rows: 0, sight: Sight::Part };
    while let Some(header) = Header::read(bytes.get(seen.length..).unwrap_or_default(), MESSAGE_LIMIT).map_err(Broken::Server)? {
        if header.total() > ANSWER_LIMIT {
            seen.sight = Sight::Long;
            break;
        }
        let end = seen.length.saturating_add(header.total());
        let Some(whole) = bytes.get(seen.length..end) else { break };
        if spared && header.tag == b'E' {
            let report = Report::read(whole.get(HEADER..).unwrap_or_default()).map_err(Broken::Server)?;
            if report.code == SqlState::QUERY_CANCELED.as_str().as_bytes() {
                seen.sight = Sight::Stopped;
                break;
            }
        }
        seen.length = end;
        seen.rows += usize::from(header.tag == b'D');
        if header.tag == b'Z' {
            seen.sight = Sight::End;
            break;
        }
    }
    Ok(seen)
}

/// Drops what a server says of a cycle that is nobody's any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Drain {
    /// The rest of a message, bytes.
    rest: usize,
    /// How many ReadyForQuery are to come.
    ends: usize,
}

impl Drain {
    /// How many bytes to drop, and whether the cycle's end was among them.
    ///
    /// # Errors
    /// [`Broken`] when they are no messages.
    pub fn drop_some(&mut self, bytes: &[u8]) -> Result<(usize, bool), Broken> {
        let mut at = self.rest.min(bytes.len());
        self.rest = self.rest.saturating_sub(at);
        while self.ends > 0 {
            let rest = bytes.get(at..).unwrap_or_default();
            let Some(header) = Header::read(rest, MESSAGE_LIMIT).map_err(Broken::Server)? else { break };
            if header.tag == b'Z' {
                let Some(_whole) = rest.get(..header.total()) else { break };
                self.ends = self.ends.saturating_sub(1);
            }
            let length = header.total().min(rest.len());
            self.rest = header.total().saturating_sub(length);
            at = at.saturating_add(length);
        }
        Ok((at, self.ends == 0))
    }
}

fn amiss() -> Broken {
    Broken::Server(Fault::Unexpected { tag: b'Z', state: "reading the answer to one of several cycles" })
}

/// Whether a statement reads one row at most and leaves nothing in the session.
fn is_point(cleared: &Cleared) -> bool {
    cleared.is_point() && cleared.parameters() <= PARAMETERS_LIMIT && matches!(Nature::of(cleared), Nature::Plain)
}
