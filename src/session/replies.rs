//! What the server answers: relayed frame by frame, matched with what it was asked, reduced where it could tell too much.
//! Rows are not looked into: their type and length are read, and whole runs of frames are copied at once.

use super::backend::{Effect, Pending, Undo};
use super::copying::CopyIn;
use super::statement::Statement;
use super::{Backend, Broken, Record, Session};
use crate::error::{Fault, SqlState};
use crate::limits::{Metric, Size};
use crate::rewrite::{Savepoint, Violation};
use crate::wire::answer;
use crate::wire::backend::{self, Report, Transaction};
use crate::wire::{Frame, Header};
use std::sync::Arc;

/// Longest message of a server, bytes: PostgreSQL's own bound.
pub(super) const MESSAGE_LIMIT: usize = 0x3fff_ffff;
/// Messages of rows longer than this are relayed as they come, bytes; shorter ones are waited for.
const STREAM_FROM: usize = 8 * 1024;

/// Of an error or a notice that is longer, bytes, no more than the beginning is kept: the code and the message come first.
const REPORT_LIMIT: usize = 64 * 1024;

/// The settings of which a client hears (manual, section 55.2.7), in small letters.
const REPORTED: [&str; 13] = [
    "application_name",
    "client_encoding",
    "datestyle",
    "default_transaction_read_only",
    "in_hot_standby",
    "integer_datetimes",
    "intervalstyle",
    "is_superuser",
    "scram_iterations",
    "server_encoding",
    "server_version",
    "standard_conforming_strings",
    "timezone",
];

/// Whether a client may hear of a server's setting.
#[must_use]
pub fn is_reported(name: &str) -> bool {
    REPORTED.iter().any(|r| r.eq_ignore_ascii_case(name))
}

/// What becomes of one message of the server's.
enum Verdict {
    /// The client gets it as it is.
    Relay,
    /// The client gets what was written in its place, or nothing.
    Done,
}

impl Session {
    /// Takes what the server sent; returns how many bytes are done with. The rest is the beginning of a message.
    ///
    /// # Errors
    /// [`Broken`] when it does not fit what the server was asked, or when the server ends the connection.
    pub fn on_server(&mut self, bytes: &[u8], backend: &mut Backend, out: &mut Vec<u8>) -> Result<usize, Broken> {
        let mut at = 0;
        self.cut.reached = 0;
        loop {
            let rest = bytes.get(at..).unwrap_or_default();
            let dropping = self.cut.dropping;
            let taken = if dropping { self.drop_rest(rest, backend, out) } else { self.relay(rest, backend, out) };
            match taken {
                Ok(taken) => at += taken,
                Err(broken) => {
                    self.cut.reached = self.cut.reached.saturating_add(at);
                    self.cut.lost = !matches!(broken, Broken::TooLong(_));
                    return Err(broken);
                }
            }
            // Each goes on where the other has ended.
            if dropping == self.cut.dropping {
                return Ok(at);
            }
        }
    }

    /// Takes one whole message.
    pub(super) fn take_one(&mut self, whole: &[u8], backend: &mut Backend, out: &mut Vec<u8>) -> Result<usize, Broken> {
        self.relay(whole, backend, out)
    }

    /// Takes what the client is to hear of, up to where an answer is cut off.
    fn relay(&mut self, bytes: &[u8], backend: &mut Backend, out: &mut Vec<u8>) -> Result<usize, Broken> {
        let surplus = self.surplus.min(bytes.len());
        self.surplus -= surplus;
        let streamed = self.streaming.min(bytes.len() - surplus);
        self.streaming -= streamed;
        let mut at = surplus + streamed;
        // From here to `at` is a run that the client gets as it is.
        let mut run = surplus;
        while let Some(header) = Header::read(bytes.get(at..).unwrap_or_default(), MESSAGE_LIMIT).map_err(Broken::Server)? {
            let end = at.saturating_add(header.total());
            // The road of rows: nothing is looked at but type and length.
            let row = header.tag == b'D';
            let front = backend.pending.front();
            if (row || header.tag == b'C') && matches!(front, Some(Pending::Written { place: _ })) {
                out.extend_from_slice(bytes.get(run..at).unwrap_or_default());
                run = at;
                written(backend, out);
            }
            let streams = end > bytes.len() && header.total() > STREAM_FROM;
            let passes = matches!(header.tag, b'D' | b'd') && self.is_of_rows(header.tag, backend);
            if passes && (end <= bytes.len() || streams) && self.is_too_much(header.total()) {
                out.extend_from_slice(bytes.get(run..at).unwrap_or_default());
                self.cut.reached = at;
                self.may_be_cut(backend)?;
                self.cut.reached = 0;
                self.cut_off(backend, out);
                return Ok(at);
            }
            if passes && end <= bytes.len() {
                at = end;
                continue;
            }
            if let Some(short) = shortened(&header, bytes.get(at..).unwrap_or_default()) {
                out.extend_from_slice(bytes.get(run..at).unwrap_or_default());
                self.answered = Size::default();
                let frame = Frame { tag: header.tag, body: short.get(crate::wire::HEADER..).unwrap_or_default(), whole: &short };
                if matches!(self.judge(&frame, backend, out)?, Verdict::Relay) {
                    out.extend_from_slice(&short);
                }
                self.surplus = end.saturating_sub(bytes.len());
                at = end.min(bytes.len());
                run = at;
                if matches!(backend.pending.front(), Some(Pending::Local { length: _, undo: _ })) {
                    locals(backend, out);
                }
                continue;
            }
            if end > bytes.len() {
                if streams && passes {
                    self.streaming = end - bytes.len();
                    at = bytes.len();
                }
                break;
            }
            let whole = bytes.get(at..end).unwrap_or_default();
            let frame = Frame { tag: header.tag, body: whole.get(crate::wire::HEADER..).unwrap_or_default(), whole };
            let before = at;
            at = end;
            if !matches!(header.tag, b'd' | b'N' | b'S' | b'A') {
                self.answered = Size::default();
            }
            // What is written for this message, or after it, must stand behind the run.
            let verdict = match self.plain(&frame, backend)? {
                Some(verdict) => verdict,
                None => {
                    out.extend_from_slice(bytes.get(run..before).unwrap_or_default());
                    run = before;
                    self.judge(&frame, backend, out)?
                }
            };
            match verdict {
                Verdict::Relay => {}
                Verdict::Done => {
                    out.extend_from_slice(bytes.get(run..before).unwrap_or_default());
                    run = at;
                }
            }
            if matches!(backend.pending.front(), Some(Pending::Local { length: _, undo: _ })) {
                out.extend_from_slice(bytes.get(run..at).unwrap_or_default());
                run = at;
                locals(backend, out);
            }
        }
        out.extend_from_slice(bytes.get(run..at).unwrap_or_default());
        Ok(at)
    }

    /// Whether a message of this type is a row of the answer that is under way.
    pub(super) fn is_of_rows(&self, tag: u8, backend: &Backend) -> bool {
        match backend.pending.front() {
            Some(Pending::Query) if backend.is_tallying() => false,
            Some(Pending::Execute { effect: _, statement: _ } | Pending::Query) => tag == b'D' || self.copying_out,
            Some(_) | None => false,
        }
    }

    /// The messages that are relayed as they are and change nothing but the queue; `None` for all others.
    fn plain(&mut self, frame: &Frame<'_>, backend: &mut Backend) -> Result<Option<Verdict>, Broken> {
        let relay = match (backend.pending.front(), frame.tag) {
            (Some(Pending::Parse { relay, place: _, undo: _ }), b'1')
            | (Some(Pending::Bind { relay, place: _, undo: _ }), b'2') => *relay,
            (Some(Pending::Close { evicted, undo: _ }), b'3') => evicted.is_none(),
            (Some(Pending::Row { quiet: _ }), b'T') => true,
            (Some(Pending::Row { quiet }), b'n') => !quiet,
            (Some(Pending::Execute { effect: Effect::None, statement: _ }), b's' | b'I') => true,
            (Some(Pending::Query), b'T') if backend.is_tallying() => return Ok(Some(Verdict::Done)),
            (Some(Pending::Query), b'T' | b'I') => return Ok(Some(Verdict::Relay)),
            (Some(Pending::Execute { effect: _, statement: _ } | Pending::Query), b'd' | b'c') if self.copying_out => {
                self.copying_out = frame.tag == b'd';
                return Ok(Some(Verdict::Relay));
            }
            (Some(_) | None, _) => return Ok(None),
        };
        backend.pending.pop_front();
        Ok(Some(if relay { Verdict::Relay } else { Verdict::Done }))
    }

    /// Everything else.
    fn judge(&mut self, frame: &Frame<'_>, backend: &mut Backend, out: &mut Vec<u8>) -> Result<Verdict, Broken> {
        match frame.tag {
            b'E' => self.failure(frame, backend, out),
            b'N' => {
                let report = Report::read(frame.body).map_err(Broken::Server)?;
                match backend.pending.front() {
                    Some(Pending::Replay | Pending::Quiet | Pending::Refused) => {}
                    Some(_) | None if self.scope.bypass() => return Ok(Verdict::Relay),
                    Some(_) | None => answer::reduced(out, b'N', &report, None),
                }
                Ok(Verdict::Done)
            }
            b'S' => self.status(frame),
            // A notification: only a bypass user can have asked for one.
            b'A' => Ok(if backend.exclusive && self.scope.bypass() { Verdict::Relay } else { Verdict::Done }),
            b'C' => self.complete(frame, backend, out),
            b's' => self.suspend(frame, backend),
            b'D' if backend.is_tallying() || matches!(backend.pending.front(), Some(Pending::Tally)) => {
                self.tallied(frame)?;
                Ok(Verdict::Done)
            }
            b'3' if matches!(backend.pending.front(), Some(Pending::Tally)) => {
                backend.pending.pop_front();
                Ok(Verdict::Done)
            }
            b'Z' => self.ready(frame, backend),
            b'2' => promoted(frame, backend, out),
            b'T' | b'n' => learn(frame, backend),
            b't' => parameters(frame, backend, out),
            b'G' | b'H' => {
                let relay = self.copy_begins(frame.tag, backend, out)?;
                Ok(if relay { Verdict::Relay } else { Verdict::Done })
            }
            b'I' if matches!(backend.pending.front(), Some(Pending::Quiet)) => Ok(Verdict::Done),
            _other => Err(unexpected(frame)),
        }
    }

    /// ParameterStatus: the client hears of what it does not know yet.
    fn status(&mut self, frame: &Frame<'_>) -> Result<Verdict, Broken> {
        let (name, value) = backend::parameter_status(frame.body).map_err(Broken::Server)?;
        if !is_reported(name) {
            return Ok(Verdict::Done);
        }
        match self.told.iter_mut().find(|(n, _)| **n == *name) {
            Some((_, known)) if **known == *value => return Ok(Verdict::Done),
            Some((_, known)) => *known = value.into(),
            None => self.told.push((name.into(), value.into())),
        }
        Ok(Verdict::Relay)
    }

    fn complete(&mut self, frame: &Frame<'_>, backend: &mut Backend, out: &mut Vec<u8>) -> Result<Verdict, Broken> {
        let effect = match backend.pending.pop_front() {
            Some(Pending::Execute { effect, statement: _ }) => effect,
            Some(Pending::Query) => {
                backend.pending.push_front(Pending::Query);
                // More completions than statements would be a server that we do not understand.
                backend.effects.pop_front().ok_or_else(|| unexpected(frame))?
            }
            Some(own @ (Pending::Replay | Pending::Tally)) => {
                backend.pending.push_front(own);
                return Ok(Verdict::Done);
            }
            Some(_) | None => return Err(unexpected(frame)),
        };
        self.copying_out = false;
        backend.copy_in = CopyIn::No;
        // A portal that has run to its end and is executed again does nothing a second time.
        let tag = backend::command_tag(frame.body).map_err(Broken::Server)?;
        let again = tag == "SELECT 0";
        match effect {
            Effect::Set { name: _, value: _ } | Effect::Reset { name: _, tag: _ } if again => {}
            Effect::Passing(tags) if again && tags.contains(&"SELECT 1") => {}
            // Defence in depth: it was something else.
            Effect::Set { name: _, value: _ } | Effect::Reset { name: _, tag: _ } | Effect::ResetAll
                if !matches!(tag, "SET" | "RESET" | "SELECT 1") =>
            {
                backend.exclusive = true;
            }
            Effect::None if backend.exclusive => {
                if matches!(backend::command_tag(frame.body).map_err(Broken::Server)?, "DISCARD ALL" | "DEALLOCATE ALL") {
                    backend.forget_all();
                }
            }
            // Defence in depth: when it was not what it was taken for, nobody else gets this connection.
            Effect::None => {
                let tag = backend::command_tag(frame.body).map_err(Broken::Server)?;
                backend.exclusive = !touches_rows(tag);
                self.count_written(tag);
            }
            Effect::Passing(tags) => {
                backend.exclusive |= !tags.contains(&backend::command_tag(frame.body).map_err(Broken::Server)?);
            }
            // It was never asked for data: what has completed is something else.
            Effect::CopyIn(Some(_)) => return Err(unexpected(frame)),
            Effect::CopyOut { writes: _ } | Effect::CopyIn(None) => {
                let tag = backend::command_tag(frame.body).map_err(Broken::Server)?;
                backend.exclusive |= !tag.starts_with("COPY ");
                if matches!(effect, Effect::CopyIn(None) | Effect::CopyOut { writes: true }) {
                    self.count_written(tag);
                }
            }
            Effect::Hidden | Effect::Tally => return Ok(Verdict::Done),
            Effect::End => match backend::command_tag(frame.body).map_err(Broken::Server)? {
                "COMMIT" => self.settings.commit(),
                "ROLLBACK" => self.settings.rollback(),
                _other => return Err(unexpected(frame)),
            },
            Effect::Savepoint(savepoint) => match (savepoint, backend::command_tag(frame.body).map_err(Broken::Server)?) {
                (Savepoint::Made(name), "SAVEPOINT") => self.settings.savepoint(name),
                (Savepoint::Released(name), "RELEASE") => self.settings.release(&name),
                (Savepoint::Restored(name), "ROLLBACK") => self.settings.restore(&name),
                // It was not what it was taken for: nobody else gets this connection.
                (_, _) => backend.exclusive = true,
            },
            Effect::Set { name, value } => self.settings.set(&name, value),
            Effect::ResetAll => self.settings.reset_all(),
            Effect::Reset { name, tag } => {
                self.settings.reset(&name);
                answer::command_complete(out, tag);
                return Ok(Verdict::Done);
            }
        }
        Ok(Verdict::Relay)
    }

    /// PortalSuspended: as many rows came as were asked for. What they did is done: a setting is set by the row that tells of it.
    fn suspend(&mut self, frame: &Frame<'_>, backend: &mut Backend) -> Result<Verdict, Broken> {
        match backend.pending.pop_front() {
            Some(Pending::Execute { effect, statement: _ }) => match effect {
                Effect::None | Effect::Passing(_) => {}
                Effect::Set { name, value } => self.settings.set(&name, value),
                Effect::Reset { name, tag: _ } => self.settings.reset(&name),
                Effect::End
                | Effect::Savepoint(_)
                | Effect::ResetAll
                | Effect::CopyOut { writes: _ }
                | Effect::CopyIn(_)
                | Effect::Hidden
                | Effect::Tally => return Err(unexpected(frame)),
            },
            Some(_) | None => return Err(unexpected(frame)),
        }
        Ok(Verdict::Relay)
    }

    /// Counts the rows that a command says it has written, unless they are counted otherwise.
    fn count_written(&self, tag: &str) {
        if self.tally.is_some() {
            return;
        }
        let mut words = tag.split(' ');
        if let (Some("INSERT" | "UPDATE" | "DELETE" | "MERGE" | "COPY"), Some(rows)) = (words.next(), words.next_back())
            && let (Some(meter), Ok(rows)) = (&self.meter, rows.parse())
        {
            meter.add(Metric::RowsWritten, rows);
        }
    }

    fn ready(&mut self, frame: &Frame<'_>, backend: &mut Backend) -> Result<Verdict, Broken> {
        let transaction = backend::ready(frame.body).map_err(Broken::Server)?;
        let verdict = match backend.pending.pop_front() {
            Some(Pending::Replay) if transaction == Transaction::Idle => return Ok(Verdict::Done),
            Some(Pending::Sync | Pending::Query | Pending::Quiet) => Verdict::Relay,
            Some(_) | None => return Err(unexpected(frame)),
        };
        backend.transaction = transaction;
        backend.settle();
        backend.unsynced = false;
        backend.copy_in = CopyIn::No;
        backend.copy_failure = None;
        backend.effects.clear();
        self.copying_out = false;
        let promoted = self.promoted.take();
        if let (true, Some(batch)) = (std::mem::take(&mut self.again), promoted) {
            self.send_plain(&batch, backend)?;
            return Ok(Verdict::Done);
        }
        if self.must_fail(transaction, backend)? {
            return Ok(Verdict::Done);
        }
        self.asked.done();
        self.end_cycle(transaction);
        if transaction == Transaction::Idle {
            backend.applied = self.settings.committed.clone();
        }
        Ok(verdict)
    }

    /// An ErrorResponse.
    fn failure(&mut self, frame: &Frame<'_>, backend: &mut Backend, out: &mut Vec<u8>) -> Result<Verdict, Broken> {
        let report = Report::read(frame.body).map_err(Broken::Server)?;
        backend.copy_in = CopyIn::No;
        self.copying_out = false;
        if report.fatal() {
            backend.broken = true;
            answer::reduced(out, b'E', &report, None);
            return Err(Broken::ServerEnded);
        }
        let promoted = match backend.pending.front() {
            Some(Pending::BindPromoted { place, writes: _ } | Pending::LearnParameters { place } | Pending::Learn { place }) => {
                Some(place)
            }
            Some(_) | None => None,
        };
        // "cached plan must not change result type": the tables changed under the statement. Nothing of it has run.
        if let Some(place) = promoted.filter(|_| report.code == b"0A000").cloned() {
            backend.forget(&place, true);
            if backend.transaction == Transaction::Idle {
                self.skip(backend);
                self.again = true;
                return Ok(Verdict::Done);
            }
        }
        self.failed = true;
        let position = self.position(report.position, backend);
        let violation = self.rewriter.violation(report.code, report.message).filter(|_| !self.scope.bypass());
        let subject = violation.as_ref().and_then(|_| self.subject(backend));
        let quiet = match backend.pending.front() {
            Some(Pending::Replay) => {
                backend.broken = true;
                return Err(Broken::Settings);
            }
            Some(Pending::Query) => {
                backend.effects.clear();
                false
            }
            Some(Pending::Quiet) => true,
            Some(Pending::Sync) => false,
            Some(Pending::Refused) => {
                self.skip(backend);
                true
            }
            Some(
                Pending::Parse { relay: _, place: _, undo: _ }
                | Pending::Bind { relay: _, place: _, undo: _ }
                | Pending::BindPromoted { place: _, writes: _ }
                | Pending::Written { place: _ }
                | Pending::LearnParameters { place: _ }
                | Pending::Learn { place: _ }
                | Pending::Parameters { hidden: _ }
                | Pending::Row { quiet: _ }
                | Pending::Tally
                | Pending::Execute { effect: _, statement: _ }
                | Pending::Close { evicted: _, undo: _ },
            ) => {
                if let Some(Pending::Bind { relay: _, place: Some(place), undo: _ }) = backend.pending.front() {
                    // "cached plan must not change result type": the tables changed under the statement.
                    if report.code == b"0A000" {
                        let place = place.clone();
                        backend.forget(&place, true);
                    }
                }
                self.skip(backend);
                self.skipping = !matches!(backend.pending.front(), Some(Pending::Sync));
                false
            }
            Some(Pending::Local { length: _, undo: _ }) | None => return Err(unexpected(frame)),
        };
        if quiet {
            return Ok(Verdict::Done);
        }
        let failure = backend.copy_failure.take();
        if self.scope.bypass() {
            return Ok(Verdict::Relay);
        }
        if let Some(violation) = violation {
            self.answer_violation(violation, &report, subject, out);
            return Ok(Verdict::Done);
        }
        match failure.filter(|_| report.code == SqlState::QUERY_CANCELED.as_str().as_bytes()) {
            Some(failure) => out.extend_from_slice(&failure),
            None => answer::reduced(out, b'E', &report, position),
        }
        Ok(Verdict::Done)
    }

    /// An error's position in the client's own text, where it can be told; `position` is that in what the server got.
    fn position(&self, position: u32, backend: &Backend) -> Option<u32> {
        if position == 0 || self.scope.bypass() {
            return None;
        }
        match (backend.pending.front(), &self.promoted) {
            (Some(Pending::Query), _) => self.rewriter.locate(self.asked.text(), &self.asked.sent(), position),
            // What was read without an error is read again when it is bound after the tables have changed.
            (
                Some(Pending::Parse { relay: _, place: Some(place), undo: _ } | Pending::BindPromoted { place, writes: _ }),
                Some(_),
            ) => self.rewriter.locate(self.asked.text(), place.text(), position),
            (
                Some(
                    Pending::Parse { relay: true, place: Some(place), undo: Some(undo) }
                    | Pending::Bind { relay: true, place: Some(place), undo: Some(undo) },
                ),
                None,
            ) => {
                let made = self.made(undo, backend)?;
                let same = made.key.as_deref().is_some_and(|k| *k.text == *place.text());
                self.rewriter.locate(&made.text, place.text(), position).filter(|_| same)
            }
            // What fails when it is run is told without a place.
            (Some(_) | None, _) => None,
        }
    }

    /// The statement that the message at hand has prepared or bound; `None` where its name has gone to another one since.
    fn made(&self, undo: &Undo, backend: &Backend) -> Option<&Arc<Statement>> {
        let later = backend.pending.iter().skip(1).filter_map(Pending::undo);
        match undo {
            Undo::Statement { name, previous: _ } => {
                let taken = |u: &Undo| matches!(u, Undo::Statement { name: n, previous: _ } if n == name);
                if later.into_iter().any(|u| taken(u) || matches!(u, Undo::Statements(_))) {
                    None
                } else {
                    self.statements.get(name)
                }
            }
            Undo::Statements(_) => None,
            Undo::Portal { name, previous: _ } => {
                let taken = |u: &Undo| matches!(u, Undo::Portal { name: n, previous: _ } if n == name);
                if later.into_iter().any(taken) { None } else { self.portals.get(name).map(|p| &p.statement) }
            }
        }
    }

    /// The client's text that the server's answer is about, for records; what was sent for it where the text was too long to be kept.
    pub(super) fn subject(&self, backend: &Backend) -> Option<Box<str>> {
        match backend.pending.front() {
            Some(Pending::Execute { effect: _, statement: Some(statement) }) => Some(statement.text.clone()),
            Some(Pending::Bind { relay: _, place: _, undo: Some(undo) }) => self.made(undo, backend).map(|s| s.text.clone()),
            Some(_) | None => self.asked.record(self.promoted.as_ref()),
        }
    }

    /// A guard's error is told as PostgreSQL would have told the one that it stands for. A crossing it may have been, so it is recorded.
    fn answer_violation(&mut self, violation: Violation, report: &Report<'_>, statement: Option<Box<str>>, out: &mut Vec<u8>) {
        let Violation { refusal, schema, table, constraint } = violation;
        let said = Report {
            code: refusal.code.as_str().as_bytes(),
            message: refusal.message.as_bytes(),
            names: [schema.as_bytes(), table.as_bytes(), b"", constraint.as_bytes()],
            hint: b"",
            ..*report
        };
        answer::reduced(out, b'E', &said, None);
        self.records.push(Record::Refusal { refusal, statement });
    }

    /// The server skips to the next Sync: what it will not answer is taken back, the latest first.
    fn skip(&mut self, backend: &mut Backend) {
        let upto = backend.pending.iter().position(|p| matches!(p, Pending::Sync)).unwrap_or(backend.pending.len());
        let skipped: Vec<Pending> = backend.pending.drain(..upto).collect();
        for pending in skipped.iter().filter(|p| matches!(p, Pending::Local { length: _, undo: _ })) {
            if let Pending::Local { length, undo: _ } = pending {
                backend.take_local(*length, None);
            }
        }
        for pending in skipped.into_iter().rev() {
            let undo = match pending {
                Pending::Parse { relay: _, place, undo } => {
                    if let Some(place) = place {
                        backend.forget(&place, false);
                    }
                    undo
                }
                Pending::Close { evicted, undo } => {
                    if let Some(name) = evicted {
                        backend.close_again(name);
                    }
                    undo
                }
                Pending::Query => {
                    backend.effects.clear();
                    self.waiting = false;
                    None
                }
                Pending::Quiet => {
                    self.waiting = false;
                    None
                }
                Pending::Local { length: _, undo } | Pending::Bind { relay: _, place: _, undo } => undo,
                Pending::Execute { effect: Effect::CopyIn(_), statement: _ } => {
                    self.waiting = false;
                    None
                }
                Pending::Parameters { hidden: _ }
                | Pending::BindPromoted { place: _, writes: _ }
                | Pending::Written { place: _ }
                | Pending::LearnParameters { place: _ }
                | Pending::Learn { place: _ }
                | Pending::Row { quiet: _ }
                | Pending::Tally
                | Pending::Execute { effect: _, statement: _ }
                | Pending::Sync
                | Pending::Replay
                | Pending::Refused => None,
            };
            undo.into_iter().for_each(|undo| self.take_back(undo));
        }
    }

    /// Goes the way back from a change of the client's names.
    pub(super) fn take_back(&mut self, undo: Undo) {
        match undo {
            Undo::Statement { name, previous } => drop(self.statements.replace(&name, previous)),
            Undo::Statements(all) => self.statements = *all,
            Undo::Portal { name, previous } => drop(self.portals.replace(&name, previous)),
        }
    }
}

/// Whether a command completes so that reads or writes rows, explains or shows, and leaves nothing in the session.
fn touches_rows(tag: &str) -> bool {
    let verb = tag.split(' ').next().unwrap_or_default();
    matches!(verb, "SELECT" | "FETCH" | "MOVE" | "INSERT" | "UPDATE" | "DELETE" | "MERGE" | "COPY" | "EXPLAIN" | "SHOW")
}

/// Hands out the proxy's own answers whose turn it is.
fn locals(backend: &mut Backend, out: &mut Vec<u8>) {
    while let Some(Pending::Local { length, undo: _ }) = backend.pending.front() {
        let length = *length;
        backend.pending.pop_front();
        backend.take_local(length, Some(out));
    }
}

/// BindComplete of a promoted statement: a simple query's answer begins with the rows' description.
fn promoted(frame: &Frame<'_>, backend: &mut Backend, out: &mut Vec<u8>) -> Result<Verdict, Broken> {
    let Some(Pending::BindPromoted { place, writes }) = backend.pending.pop_front() else { return Err(unexpected(frame)) };
    let description = backend.description(&place).ok_or_else(|| unexpected(frame))?;
    if !writes {
        out.extend_from_slice(description);
    } else if !description.is_empty() {
        backend.pending.push_front(Pending::Written { place });
    }
    Ok(Verdict::Done)
}

/// A promoted statement that writes has run: PostgreSQL describes its rows now, and not at all when it fails.
fn written(backend: &mut Backend, out: &mut Vec<u8>) {
    if let Some(Pending::Written { place }) = backend.pending.pop_front() {
        out.extend_from_slice(backend.description(&place).unwrap_or_default());
    }
}

/// RowDescription or NoData of a statement that is promoted for the first time.
fn learn(frame: &Frame<'_>, backend: &mut Backend) -> Result<Verdict, Broken> {
    let Some(Pending::Learn { place }) = backend.pending.pop_front() else { return Err(unexpected(frame)) };
    backend.learn(&place, if frame.tag == b'T' { frame.whole } else { &[] });
    Ok(Verdict::Done)
}

/// ParameterDescription: the proxy's own parameters stand last, and the client does not hear of them.
fn parameters(frame: &Frame<'_>, backend: &mut Backend, out: &mut Vec<u8>) -> Result<Verdict, Broken> {
    let hidden = match backend.pending.pop_front() {
        Some(Pending::Parameters { hidden }) => hidden,
        Some(Pending::LearnParameters { place }) => {
            backend.pending.push_front(Pending::Learn { place });
            return Ok(Verdict::Done);
        }
        Some(_) | None => return Err(unexpected(frame)),
    };
    backend.pending.push_front(Pending::Row { quiet: false });
    let types = backend::parameter_types(frame.body).map_err(Broken::Server)?;
    if hidden == 0 {
        return Ok(Verdict::Relay);
    }
    let own = types.len().checked_sub(hidden).and_then(|n| types.get(..n)).ok_or_else(|| unexpected(frame))?;
    answer::parameter_types(out, own);
    Ok(Verdict::Done)
}

fn unexpected(frame: &Frame<'_>) -> Broken {
    Broken::Server(Fault::Unexpected { tag: frame.tag, state: "reading the server's answers" })
}

/// The beginning of a report that is too long to be waited for, as a message of its own; `None` of any other message, and of one of which
/// that has not come. What is left out is the end of a field, and the fields behind it.
pub(super) fn shortened(header: &Header, rest: &[u8]) -> Option<Vec<u8>> {
    if !matches!(header.tag, b'E' | b'N') || header.total() <= REPORT_LIMIT {
        return None;
    }
    let mut short = rest.get(..REPORT_LIMIT - 2)?.to_vec();
    // Both what ends the field and what ends the fields.
    short.extend_from_slice(&[0, 0]);
    let length = u32::try_from(short.len().saturating_sub(1)).unwrap_or(u32::MAX);
    short.get_mut(1..crate::wire::HEADER)?.copy_from_slice(&length.to_be_bytes());
    Some(short)
}
