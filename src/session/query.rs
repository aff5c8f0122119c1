//! The simple query protocol: a text of several statements, sent as one query when all of them are cleared.
//! It does not relay answers: `replies` does.

use super::backend::{Effect, Pending};
use super::copying::Copying;
use super::outbox::Part;
use super::settings::Tracked;
use super::settings::Value;
use super::statement::Nature;
use super::{Broken, Desk, Record, Session, Stash, Taken, text};
use crate::error::{Refusal, Rule, SqlState};
use crate::rewrite::{Batch, Cleared};
use crate::wire::answer;

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
                    Ok(batch) => batch,
                    Err(refusal) => return self.refuse_query(refusal, Some(source), desk),
                }
            }
        };
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
        self.admit(batch.len(), desk.now)?;
        if self.scope.bypass() {
            let relations = batch.iter().flat_map(|c| c.relations().iter().cloned()).collect();
            self.records.push(Record::Bypass { statement: source.into(), relations });
        }
        let mut savepoint = self.savepoint;
        for cleared in batch.iter() {
            let nature = Nature::of(cleared);
            if batch.len() > 1 && nature.is_special() {
                return Err(beside_others());
            }
            check_setting(nature, savepoint)?;
            savepoint = savepoint || matches!(nature, Nature::Savepoint);
        }
        Ok(batch)
    }

    pub(super) fn send_batch(&mut self, batch: Batch, desk: &mut Desk<'_>) -> Result<Taken, Broken> {
        let Some(backend) = desk.backend.as_mut() else {
            self.stash = Some(Stash::Query(batch));
            return Ok(Taken::NeedsServer);
        };
        let mut parts: Vec<Part<'_>> = Vec::with_capacity(batch.len());
        for cleared in batch.iter() {
            parts.push(part(&self.settings, cleared));
            backend.effects.push_back(effect(cleared));
            match Nature::of(cleared) {
                Nature::ResetAll => {
                    for value in self.settings.startup.values() {
                        parts.push(Part::Setting(value));
                        backend.effects.push_back(Effect::Hidden);
                    }
                }
                Nature::Savepoint => self.savepoint = true,
                Nature::Unchecked => backend.exclusive = true,
                Nature::Plain
                | Nature::CopyOut
                | Nature::CopyIn
                | Nature::Passing(_)
                | Nature::End
                | Nature::Set(_)
                | Nature::Reset(_)
                | Nature::Special(_) => {}
            }
        }
        backend.outbox.query(parts.into_iter())?;
        backend.pending.push_back(Pending::Query);
        self.waiting = true;
        Ok(Taken::Done)
    }

    /// Whether the transaction has failed and this statement does not end that.
    pub(super) fn is_aborted(&self, nature: Nature<'_>) -> bool {
        self.aborted && !nature.ends_failure()
    }
}

/// A setting after a savepoint could be undone by ROLLBACK TO, which is not followed here.
pub(super) fn check_setting(nature: Nature<'_>, savepoint: bool) -> Result<(), Refusal> {
    if !savepoint || !nature.is_lasting_setting() {
        return Ok(());
    }
    let message = "a setting cannot be changed after SAVEPOINT in the same transaction";
    Err(Refusal::new(SqlState::FEATURE_NOT_SUPPORTED, Rule::Setting, message)
        .with_hint("Use SET LOCAL, or set it before the savepoint."))
}

/// What the server gets for a cleared statement: a RESET goes back to the startup packet's value, not to the server's.
pub(super) fn part<'a>(settings: &'a Tracked, cleared: &'a Cleared) -> Part<'a> {
    match Nature::of(cleared) {
        Nature::Reset(name) => settings.startup.get(name).map_or(Part::Cleared(cleared), Part::Setting),
        Nature::Plain
        | Nature::CopyOut
        | Nature::CopyIn
        | Nature::Passing(_)
        | Nature::End
        | Nature::Savepoint
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
        Nature::Reset(name) => Effect::Reset { name: name.into() },
        Nature::ResetAll => Effect::ResetAll,
        Nature::Passing(tags) => Effect::Passing(tags),
        Nature::Savepoint => Effect::Passing(&["SAVEPOINT", "RELEASE", "ROLLBACK"]),
        Nature::CopyOut => Effect::CopyOut,
        Nature::CopyIn => Effect::CopyIn(Copying::of(cleared)),
        Nature::Plain | Nature::Special(_) | Nature::Unchecked => Effect::None,
    }
}

fn beside_others() -> Refusal {
    Refusal::new(
        SqlState::FEATURE_NOT_SUPPORTED,
        Rule::Statement,
        "PREPARE, EXECUTE, DEALLOCATE and DISCARD ALL are not supported beside other statements in one query",
    )
    .with_hint("Send it as a query of its own.")
}
