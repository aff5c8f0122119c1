//! PREPARE, EXECUTE, DEALLOCATE and DISCARD ALL in SQL: they work on the client's own names, which a server does not know.
//! It does not clear the statements: the rewriter has.

use super::backend::{Effect, Pending, Undo};
use super::outbox::Part;
use super::statement::{Execute, Nature, Origin, Special, Statement};
use super::{Backend, Broken, Desk, Record, Session, Stash, Taken};
use crate::error::{Refusal, Rule, SqlState};
use crate::rewrite::{Batch, Cleared, Switch, not_explained};
use crate::wire::answer;
use crate::wire::request::Oversize;
use std::sync::Arc;

/// What PostgreSQL says to anything but the end of a failed transaction.
pub(super) const ABORTED: &str = "current transaction is aborted, commands ignored until end of transaction block";

/// What PostgreSQL says of a prepared statement that yields something else than when it was made: drivers make it anew.
pub(super) const STALE: &str = "cached plan must not change result type";

/// Why a special command was not carried out.
pub(super) enum Failure {
    /// As PostgreSQL would have failed.
    Error(SqlState, String),
    /// Refused.
    Refusal(Refusal),
    Broken(Broken),
}

impl From<Oversize> for Failure {
    fn from(oversize: Oversize) -> Self {
        Self::Broken(oversize.into())
    }
}

impl Session {
    /// One of the special commands as a simple query of its own.
    pub(super) fn special_query(
        &mut self,
        cleared: &Cleared,
        source: &str,
        batch: Batch,
        desk: &mut Desk<'_>,
    ) -> Result<Taken, Broken> {
        let nature = Nature::of(cleared);
        if self.is_aborted(nature) {
            self.answer_error(SqlState::IN_FAILED_SQL_TRANSACTION, ABORTED, desk);
            return self.fail_query(desk);
        }
        let Nature::Special(special) = nature else { return self.send_batch(batch, desk) };
        let server = match special {
            Special::Prepare { name: _, types: _, statement: _ } | Special::Execute(_) => true,
            Special::ExplainRewrite(_, _) | Special::Deallocate(_) | Special::DiscardAll | Special::Switch(_, _) => false,
        };
        if server && desk.backend.is_none() {
            self.stash = Some(Stash::Query(batch));
            return Ok(Taken::NeedsServer);
        }
        if nature.is_explained() {
            desk.local(None, answer::query_plan);
        }
        if let Some(shown) = nature.shown() {
            desk.local(None, |b| Self::describe_switch(shown, b));
        }
        match self.special(special, source, desk) {
            Ok(None) => {
                self.stash = Some(Stash::Query(batch));
                Ok(Taken::Switch)
            }
            Ok(Some(())) if server => {
                // Sent as extended messages: after a failure the server skips to this Sync, and nothing else can run.
                if let Some(backend) = desk.backend.as_mut() {
                    backend.outbox.sync();
                    backend.pending.push_back(Pending::Sync);
                    self.waiting = true;
                }
                Ok(Taken::Done)
            }
            Ok(Some(())) => self.finish_query(desk),
            Err(Failure::Error(code, message)) => {
                self.answer_error(code, &message, desk);
                self.fail_special_query(desk)
            }
            Err(Failure::Refusal(refusal)) => {
                self.answer_refusal(refusal, Some(source), desk);
                self.fail_special_query(desk)
            }
            Err(Failure::Broken(broken)) => Err(broken),
        }
    }

    /// Like a failed query's end; but extended messages may be under way, after whose failure a query would not be heard.
    fn fail_special_query(&mut self, desk: &mut Desk<'_>) -> Result<Taken, Broken> {
        let Some(backend) = desk.backend.as_mut() else { return self.fail_query(desk) };
        backend.outbox.parse_refused()?;
        backend.pending.push_back(Pending::Refused);
        backend.outbox.sync();
        backend.pending.push_back(Pending::Sync);
        self.waiting = true;
        Ok(Taken::Done)
    }

    /// Carries a special command out, up to its CommandComplete; EXECUTE as the simple protocol has it, with its rows described. `None`: it
    /// is a switch, on which somebody has to decide first.
    pub(super) fn special(&mut self, special: Special<'_>, source: &str, desk: &mut Desk<'_>) -> Result<Option<()>, Failure> {
        let done = match special {
            Special::Switch(switch, tag) => return self.switch(switch, tag, desk),
            Special::Prepare { name, types, statement } => self.sql_prepare(name, types, statement, source, desk),
            Special::Execute(execute) => {
                let text = self.expand(execute, Some(source), desk)?;
                self.note_sent(&text);
                let tallied = self.is_tallied(&text);
                let Some(backend) = desk.backend.as_mut() else { return Ok(Some(())) };
                execute_text(backend, &text)?;
                if tallied {
                    backend.tally()?;
                }
                backend.outbox.execute(b"", 0)?;
                backend.pending.push_back(Pending::Execute { effect: Effect::None, statement: None });
                if tallied {
                    backend.tally()?;
                }
                Ok(())
            }
            Special::ExplainRewrite(cleared, notes) => {
                let lines = cleared.explained(notes);
                desk.local(None, |b| {
                    lines.iter().for_each(|line| answer::text_row(b, line));
                    answer::command_complete(b, "EXPLAIN");
                });
                Ok(())
            }
            Special::Deallocate(name) => self.deallocate(name, desk),
            Special::DiscardAll if self.is_away() => {
                let gone = self.switch(&Switch::Back, "DISCARD ALL", desk)?;
                if gone.is_some() {
                    self.forget(desk);
                }
                return Ok(gone);
            }
            Special::DiscardAll => self.discard_all(desk),
        };
        done.map(Some)
    }

    fn sql_prepare(
        &mut self,
        name: &str,
        declared: &[u32],
        cleared: &Cleared,
        source: &str,
        desk: &mut Desk<'_>,
    ) -> Result<(), Failure> {
        if self.statements.get(name).is_some() {
            let message = format!("prepared statement \"{name}\" already exists");
            return Err(Failure::Error(SqlState::DUPLICATE_PREPARED_STATEMENT, message));
        }
        let key = Statement::key_of(cleared, cleared.text(), declared);
        if let Some(backend) = desk.backend.as_mut() {
            if cleared.is_fleeting() {
                backend.read_anew();
            }
            backend.ensure(&key, Part::Cleared(cleared))?;
        }
        let statement = Statement {
            text: source.into(),
            declared: declared.into(),
            origin: Origin::Sql,
            generation: self.generation,
            snapshot: self.rewriter.snapshot(),
            stale: false,
            cleared: Some(cleared.clone()),
            key: Some(key),
        };
        let undo = self.rename(name, Some(Arc::new(statement))).map_err(Failure::Refusal)?;
        desk.local(Some(undo), |b| answer::command_complete(b, "PREPARE"));
        Ok(())
    }

    /// The `EXECUTE` that the server gets for a client's, after making sure that the connection knows the statement. Where it is to be run its
    /// text is given, for the audit log.
    pub(super) fn expand(&mut self, execute: Execute<'_>, source: Option<&str>, desk: &mut Desk<'_>) -> Result<Cleared, Failure> {
        let Execute { name, arguments, explain } = execute;
        let missing =
            || Failure::Error(SqlState::INVALID_SQL_STATEMENT_NAME, format!("prepared statement \"{name}\" does not exist"));
        let statement = self.current(name).map_err(Failure::Refusal)?.ok_or_else(missing)?;
        if statement.stale {
            return Err(Failure::Error(SqlState::FEATURE_NOT_SUPPORTED, STALE.to_owned()));
        }
        let (Some(cleared), Some(key)) = (&statement.cleared, &statement.key) else {
            let refusal = Refusal::new(
                SqlState::FEATURE_NOT_SUPPORTED,
                Rule::Statement,
                "EXECUTE of an empty statement, or of PREPARE, EXECUTE, DEALLOCATE or DISCARD is not supported",
            );
            return Err(Failure::Refusal(refusal));
        };
        // What changes settings or transactions would do so behind the back of the session, to which an EXECUTE has no effect.
        if !matches!(Nature::of(cleared), Nature::Plain) {
            let message = "EXECUTE of a prepared statement that is not a query is not supported";
            let refusal = Refusal::new(SqlState::FEATURE_NOT_SUPPORTED, Rule::Statement, message)
                .with_hint("Bind and execute it by protocol messages, or send the statement itself.");
            return Err(Failure::Refusal(refusal));
        }
        if explain.is_some() && !cleared.relations().is_empty() {
            return Err(Failure::Refusal(not_explained()));
        }
        if let Some(cursor) = cleared.cursors().first() {
            // Whether that holds its row is asked where such a statement is bound.
            let message = format!("EXECUTE of a statement that is WHERE CURRENT OF \"{cursor}\" is not supported");
            let refusal = Refusal::new(SqlState::FEATURE_NOT_SUPPORTED, Rule::Statement, message)
                .with_hint("Bind and execute it by protocol messages, or send the statement itself.");
            return Err(Failure::Refusal(refusal));
        }
        if source.is_some() && explain.is_none() {
            self.admit_prepared(cleared, desk.now).map_err(Failure::Refusal)?;
        }
        if let Some((source, crossing)) = source.zip(cleared.crossing_with(arguments)) {
            let relations = cleared.relations().to_vec();
            self.records.push(Record::Crossing { crossing, statement: source.into(), relations });
        }
        let Some(backend) = desk.backend.as_mut() else { return Err(missing()) };
        if cleared.is_fleeting() {
            backend.read_anew();
        }
        let server_name = backend.ensure(key, super::query::part(&self.settings, cleared))?;
        Cleared::execute(cleared, &server_name, arguments, explain).map_err(Failure::Refusal)
    }

    fn deallocate(&mut self, name: Option<&str>, desk: &mut Desk<'_>) -> Result<(), Failure> {
        match name {
            Some(name) => {
                if self.statements.get(name).is_none() {
                    let message = format!("prepared statement \"{name}\" does not exist");
                    return Err(Failure::Error(SqlState::INVALID_SQL_STATEMENT_NAME, message));
                }
                let undo = self.rename(name, None).map_err(Failure::Refusal)?;
                desk.local(Some(undo), |b| answer::command_complete(b, "DEALLOCATE"));
            }
            None => {
                let undo = Undo::Statements(Box::new(std::mem::take(&mut self.statements)));
                desk.local(Some(undo), |b| answer::command_complete(b, "DEALLOCATE ALL"));
            }
        }
        Ok(())
    }

    fn discard_all(&mut self, desk: &mut Desk<'_>) -> Result<(), Failure> {
        // A server connection is held in a transaction block, or in the implicit one of a pipeline.
        if desk.backend.as_ref().is_some_and(|backend| !backend.is_quiet()) {
            let message = "DISCARD ALL cannot run inside a transaction block".to_owned();
            return Err(Failure::Error(SqlState::ACTIVE_SQL_TRANSACTION, message));
        }
        self.begin_anew();
        // One that is still held from the statement before is brought to that.
        if let Some(backend) = desk.backend.as_mut() {
            self.attach(backend).map_err(Failure::Broken)?;
        }
        desk.local(None, |b| answer::command_complete(b, "DISCARD ALL"));
        Ok(())
    }

    /// What a connection begins with is left. A server connection that is taken in the same cycle is brought to that; one that is still
    /// held has the old settings, and nobody gets it after this client.
    fn forget(&mut self, desk: &mut Desk<'_>) {
        self.begin_anew();
        if let Some(backend) = desk.backend.as_mut() {
            backend.exclusive = true;
        }
    }

    fn begin_anew(&mut self) {
        self.statements.clear();
        self.portals.clear();
        self.settings.restart();
    }

    /// Gives a name another statement, or none; the answer to it must carry the way back.
    pub(super) fn rename(&mut self, name: &str, statement: Option<Arc<Statement>>) -> Result<Undo, Refusal> {
        let length = statement.as_ref().filter(|_| !name.is_empty()).map(|s| s.text.len());
        let texts = || self.statements.named().map(|s| s.text.len()).sum::<usize>();
        let too_many = length.is_some() && self.statements.len() >= super::STATEMENTS_LIMIT;
        if too_many || length.is_some_and(|n| n > super::SHORT && texts().saturating_add(n) > super::TEXTS_LIMIT) {
            return Err(Refusal::new(
                SqlState::CONFIGURATION_LIMIT_EXCEEDED,
                Rule::Limit,
                "the session has too many prepared statements, or too long ones",
            )
            .with_hint("Deallocate some that are no longer used."));
        }
        let previous = self.statements.replace(name, statement);
        Ok(Undo::Statement { name: name.into(), previous })
    }
}

/// Sends an expanded EXECUTE as the unnamed statement and binds the unnamed portal to it.
fn execute_text(backend: &mut Backend, text: &Cleared) -> Result<(), Oversize> {
    backend.outbox.parse("", Part::Cleared(text), &[])?;
    backend.pending.push_back(Pending::Parse { relay: false, place: None, undo: None });
    backend.outbox.bind_unnamed()?;
    backend.pending.push_back(Pending::Bind { relay: false, place: None, undo: None });
    backend.unsynced = true;
    backend.outbox.describe_portal(b"")?;
    backend.pending.push_back(Pending::Row { quiet: true });
    Ok(())
}
