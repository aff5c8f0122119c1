//! The simple query protocol: a text of several statements, sent as one query when all of them are cleared.
//! It does not relay answers: `replies` does.

use super::backend::{Backend, Effect, Pending};
use super::copying::Copying;
use super::outbox::Part;
use super::settings::{Tracked, Value, is_read_by};
use super::statement::Nature;
use super::{Broken, Desk, Record, Session, Stash, Taken, tally, text};
use crate::error::{Refusal, Rule, SqlState};
use crate::limits::Request;
use crate::rewrite::{Batch, Cleared, Command, Savepoint};
use crate::wire::answer;

/// Most savepoints of one transaction.
const SAVEPOINTS_LIMIT: usize = 10_000;

impl Session {
    pub(super) fn query(&mut self, bytes: &[u8], desk: &mut Desk<'_>) -> Result<Taken, Broken> {
        let batch = match self.stash.take() {
            Some(Stash::Query(batch)) => batch,
            Some(Stash::Parse(_) | Stash::Bind) | None => {
                // As PostgreSQL: a simple query ends the unnamed statement and the unnamed portal. The server keeps the portal when
                // the query is empty or fails early; without its place here it cannot be run.
                self.statements.replace("", None);
                self.portals.replace("", None);
                let source = match text(bytes) {
                    Ok(source) => source,
                    Err(refusal) => return self.refuse_query(refusal, None, desk),
                };
                match self.clear_batch(source, desk) {
                    Ok(batch) if self.waits_its_turn(desk.now) => {
                        self.stash = Some(Stash::Query(batch));
                        return Ok(Taken::Hold);
                    }
                    Ok(batch) => batch,
                    Err(refusal) => return self.refuse_query(refusal, Some(source), desk),
                }
            }
        };
        self.asked.keep(bytes);
        match &*batch {
            [] => {
                desk.local(None, answer::empty_query);
                self.finish_query(desk)
            }
            [one] if Nature::of(one).is_special() => {
                let one = one.clone();
                let source = text(bytes).unwrap_or_default();
                self.special_query(&one, source, batch, desk)
            }
            _several => self.send_batch(batch, desk),
        }
    }

    /// Clears a text; the audit log hears of a bypass user's.
    fn clear_batch(&mut self, source: &str, desk: &Desk<'_>) -> Result<Batch, Refusal> {
        let batch = match self.rewriter.simple(source, &self.scope) {
            Ok(batch) => batch,
            Err(refusal) => {
                self.requests += 1;
                return Err(refusal);
            }
        };
        if !matches!(&*batch, [one] if self.is_release(one, desk)) {
            let (writes, adds) = (batch.iter().any(Cleared::writes), batch.iter().any(Cleared::adds));
            let asked = Request { statements: batch.len(), writes, adds };
            match &*batch {
                [one] if self.is_of_switch(one) => self.admit_rate(asked, desk.now)?,
                _others => self.admit(asked, desk.now)?,
            }
        }
        if self.scope.bypass() {
            let relations = batch.iter().flat_map(|c| c.relations().iter().cloned()).collect();
            self.records.push(Record::Bypass { statement: source.into(), relations });
        }
        if let Some((crossing, crossed)) = batch.iter().find_map(|c| Some((c.crossing(|_| None)?, c))) {
            let relations = crossed.relations().to_vec();
            self.records.push(Record::Crossing { crossing, statement: source.into(), relations });
        }
        let mut savepoints = self.settings.savepoints();
        for cleared in batch.iter() {
            let nature = Nature::of(cleared);
            if batch.len() > 1 && nature.is_special() {
                return Err(beside_others());
            }
            check_savepoint(nature, savepoints)?;
            self.hold_rows(cleared)?;
            savepoints = savepoints.saturating_add(usize::from(matches!(nature, Nature::Savepoint(Savepoint::Made(_)))));
        }
        Ok(batch)
    }

    pub(super) fn send_batch(&mut self, batch: Batch, desk: &mut Desk<'_>) -> Result<Taken, Broken> {
        let Some(backend) = desk.backend.as_mut() else {
            self.stash = Some(Stash::Query(batch));
            return Ok(Taken::NeedsServer);
        };
        // Amid extended messages a failure would undo what they did: there is no second try then.
        if let [one] = &*batch
            && !backend.unsynced
            && let Some(promotion) =
                one.promotion().filter(|_| !self.aborted && matches!(Nature::of(one), Nature::Plain) && !self.is_tallied(one))
            && backend.promote(promotion, one.hidden())?
        {
            self.note_sent(one);
            self.promoted = Some(Batch::clone(&batch));
        } else {
            self.send_plain(&batch, backend)?;
        }
        self.waiting = true;
        Ok(Taken::Done)
    }

    /// Sends a batch as one query.
    pub(super) fn send_plain(&mut self, batch: &Batch, backend: &mut Backend) -> Result<(), Broken> {
        let mut parts: Vec<Part<'_>> = Vec::with_capacity(batch.len());
        let mut tallied = Vec::new();
        for (n, cleared) in batch.iter().enumerate() {
            let tally = self.is_tallied(cleared).then_some(Part::Own(tally::SQL));
            tallied.extend(tally.map(|_| n));
            parts.extend(tally);
            backend.effects.extend(tally.map(|_| Effect::Tally));
            parts.push(part(&self.settings, cleared));
            backend.effects.push_back(effect(cleared));
            parts.extend(tally);
            backend.effects.extend(tally.map(|_| Effect::Tally));
            match Nature::of(cleared) {
                Nature::ResetAll => {
                    for value in self.settings.startup.values() {
                        parts.push(Part::Setting(value));
                        backend.effects.push_back(Effect::Hidden);
                    }
                }
                Nature::Unchecked => backend.exclusive = true,
                Nature::Declare(_, _) => self.cursors = true,
                Nature::Plain
                | Nature::Fetch
                | Nature::CopyOut
                | Nature::CopyIn
                | Nature::Passing(_)
                | Nature::End
                | Nature::Savepoint(_)
                | Nature::Set(_)
                | Nature::Reset(_, _)
                | Nature::Special(_) => {}
            }
        }
        backend.outbox.query(parts.into_iter())?;
        backend.pending.push_back(Pending::Query);
        self.asked.was_sent(batch, tallied);
        for cleared in batch.iter() {
            self.note_sent(cleared);
            self.note_reading(cleared, backend);
        }
        Ok(())
    }

    /// Notes when a statement changes what others are read under: until the server has said how it ended, that is not certain.
    pub(super) fn note_reading(&mut self, cleared: &Cleared, backend: &mut Backend) {
        let changes = match cleared.command() {
            Command::Set { name, local, replay: _ } => {
                let changes = is_read_by(name);
                self.local_settings |= changes && *local;
                changes
            }
            Command::Reset { name, tag: _ } => is_read_by(name),
            Command::ResetAll => true,
            Command::Commit | Command::Rollback | Command::Savepoint(_) => self.local_settings || self.settings.is_changed(),
            Command::Rows
            | Command::Passing(_)
            | Command::Declare { name: _, locks: _ }
            | Command::Fetch { name: _ }
            | Command::Close { name: _ }
            | Command::CopyOut
            | Command::CopyIn(_)
            | Command::Begin
            | Command::Show
            | Command::Prepare { name: _, types: _, statement: _ }
            | Command::Execute { name: _, arguments: _, explain: _ }
            | Command::ExplainRewrite { notes: _ }
            | Command::Deallocate { name: _ }
            | Command::DiscardAll
            | Command::Switch { switch: _, tag: _ } => false,
            Command::Unchecked => true,
        };
        backend.unsettled |= changes;
    }

    /// Whether the transaction has failed and this statement does not end that.
    pub(super) fn is_aborted(&self, nature: Nature<'_>) -> bool {
        self.aborted && !nature.ends_failure()
    }
}

/// Each savepoint keeps the settings that it goes back to.
pub(super) fn check_savepoint(nature: Nature<'_>, savepoints: usize) -> Result<(), Refusal> {
    if savepoints < SAVEPOINTS_LIMIT || !matches!(nature, Nature::Savepoint(Savepoint::Made(_))) {
        return Ok(());
    }
    let message = format!("the transaction has more than {SAVEPOINTS_LIMIT} savepoints");
    Err(Refusal::new(SqlState::PROGRAM_LIMIT_EXCEEDED, Rule::Bounds, message)
        .with_hint("RELEASE those that are no longer needed, or commit more often."))
}

/// What the server gets for a cleared statement: a RESET goes back to the startup packet's value, not to the server's.
pub(super) fn part<'a>(settings: &'a Tracked, cleared: &'a Cleared) -> Part<'a> {
    match Nature::of(cleared) {
        Nature::Reset(name, _) => settings.startup.get(name).map_or(Part::Cleared(cleared), Part::Setting),
        Nature::Plain
        | Nature::Declare(_, _)
        | Nature::Fetch
        | Nature::CopyOut
        | Nature::CopyIn
        | Nature::Passing(_)
        | Nature::End
        | Nature::Savepoint(_)
        | Nature::Set(_)
        | Nature::ResetAll
        | Nature::Special(_)
        | Nature::Unchecked => Part::Cleared(cleared),
    }
}

/// What the completion of a cleared statement does to the session.
pub(super) fn effect(cleared: &Cleared) -> Effect {
    match Nature::of(cleared) {
        Nature::End => Effect::End,
        Nature::Set(name) => Effect::Set { name: name.into(), value: Value::cleared(cleared) },
        Nature::Reset(name, tag) => Effect::Reset { name: name.into(), tag },
        Nature::ResetAll => Effect::ResetAll,
        Nature::Passing(tags) => Effect::Passing(tags),
        Nature::Savepoint(savepoint) => Effect::Savepoint(savepoint.clone()),
        Nature::CopyOut => Effect::CopyOut { writes: cleared.writes() },
        Nature::CopyIn => Effect::CopyIn(Copying::of(cleared)),
        Nature::Declare(_, _) => Effect::Passing(&["DECLARE CURSOR"]),
        Nature::Plain | Nature::Fetch | Nature::Special(_) | Nature::Unchecked => Effect::None,
    }
}

fn beside_others() -> Refusal {
    Refusal::new(
        SqlState::FEATURE_NOT_SUPPORTED,
        Rule::Statement,
        "PREPARE, EXECUTE, DEALLOCATE, DISCARD ALL and SET of whose rows a session is about are not supported beside other statements in one query",
    )
    .with_hint("Send it as a query of its own.")
}
