//! The extended query protocol: Parse, Bind, Describe, Execute, Close, pipelined up to Sync.
//! It does not relay answers: `replies` does.

use super::backend::{Effect, Pending, Place, Undo};
use super::outbox::Part;
use super::query::{check_savepoint, effect, part};
use super::special::{ABORTED, Failure, STALE};
use super::statement::{Execute, Nature, Origin, Portal, Special, Statement};
use super::{Backend, Broken, Desk, Record, Session, Settings, Stash, Taken, name, text};
use crate::error::{Refusal, Rule, SqlState};
use crate::limits::Request;
use crate::rewrite::{Cleared, Key};
use crate::wire::answer;
use crate::wire::frontend::{Bind, Parse, Target};
use crate::wire::request::Oversize;
use std::sync::Arc;

impl Session {
    pub(super) fn parse(&mut self, message: &Parse<'_>, desk: &mut Desk<'_>) -> Result<Taken, Broken> {
        let (client_name, source) = match (name(message.name), text(message.text)) {
            (Ok(client_name), Ok(source)) => (client_name, source),
            (Err(refusal), _) | (_, Err(refusal)) => return self.refuse_message(refusal, None, desk),
        };
        let statement = match self.stash.take() {
            Some(Stash::Parse(statement)) => statement,
            Some(Stash::Query(_) | Stash::Bind) | None => match self.clear_parse(message, source) {
                Ok(statement) => statement,
                Err(refusal) => {
                    self.requests += 1;
                    return self.refuse_message(refusal, Some(source), desk);
                }
            },
        };
        if statement.cleared.as_ref().is_some_and(|c| self.is_aborted(Nature::of(c))) {
            return self.err_message(SqlState::IN_FAILED_SQL_TRANSACTION, ABORTED, desk);
        }
        if !client_name.is_empty() && self.statements.get(client_name).is_some() {
            let message = format!("prepared statement \"{client_name}\" already exists");
            return self.err_message(SqlState::DUPLICATE_PREPARED_STATEMENT, &message, desk);
        }
        let Some((cleared, key)) = statement.cleared.as_ref().zip(statement.key.as_ref()) else {
            return match self.rename(client_name, Some(Arc::clone(&statement))) {
                Ok(undo) => {
                    desk.local(Some(undo), answer::parse_complete);
                    Ok(Taken::Done)
                }
                Err(refusal) => self.refuse_message(refusal, Some(source), desk),
            };
        };
        if desk.backend.is_none() {
            self.stash = Some(Stash::Parse(statement));
            return Ok(Taken::NeedsServer);
        }
        let undo = match self.rename(client_name, Some(Arc::clone(&statement))) {
            Ok(undo) => undo,
            Err(refusal) => return self.refuse_message(refusal, Some(source), desk),
        };
        let Some(backend) = desk.backend.as_mut() else { return Ok(Taken::NeedsServer) };
        if cleared.is_fleeting() {
            backend.read_anew();
        }
        self.fetching = None;
        fetch_anew((&mut self.fetching, self.stirred), cleared, key, backend);
        if backend.known(key).is_some() {
            desk.local(Some(undo), answer::parse_complete);
        } else {
            backend.prepare(key, part(&self.settings, cleared), true, Some(undo))?;
        }
        Ok(Taken::Done)
    }

    fn clear_parse(&mut self, message: &Parse<'_>, source: &str) -> Result<Arc<Statement>, Refusal> {
        let same = self.statements.get("").filter(|s| s.generation == self.generation && s.origin == Origin::Message);
        if let Some(same) = same.filter(|s| *s.text == *source && s.declared.iter().copied().eq(message.types())) {
            return Ok(Arc::clone(same));
        }
        let declared: Box<[u32]> = message.types().collect();
        let cleared = self.rewriter.extended(source, &declared, &self.scope)?;
        Ok(Arc::new(self.statement(source, declared, Origin::Message, cleared)))
    }

    fn statement(&self, source: &str, declared: Box<[u32]>, origin: Origin, cleared: Option<Cleared>) -> Statement {
        let key = cleared.as_ref().filter(|c| !Nature::of(c).is_special()).map(|c| match part(&self.settings, c) {
            Part::Cleared(c) => Statement::key_of(c, c.text(), &declared),
            Part::Promoted(promotion) => Arc::clone(promotion.key()),
            own @ (Part::Setting(_) | Part::Own(_)) => Arc::new(Key::new(own.sql().into(), Box::default())),
        });
        let (generation, snapshot) = (self.generation, self.rewriter.snapshot());
        Statement { text: source.into(), declared, origin, generation, snapshot, stale: false, cleared, key }
    }

    /// A prepared statement by the client's name, cleared again if the rewriter has changed since.
    pub(super) fn current(&mut self, client_name: &str) -> Result<Option<Arc<Statement>>, Refusal> {
        let Some(statement) = self.statements.get(client_name) else { return Ok(None) };
        if statement.generation == self.generation {
            return Ok(Some(Arc::clone(statement)));
        }
        let old = Arc::clone(statement);
        let fresh = match old.origin {
            Origin::Message => {
                let cleared = self.rewriter.extended(&old.text, &old.declared, &self.scope)?;
                self.statement(&old.text, old.declared.clone(), Origin::Message, cleared)
            }
            Origin::Sql => {
                let batch = self.rewriter.simple(&old.text, &self.scope)?;
                let inner = batch.last().map(Nature::of).and_then(|nature| match nature {
                    Nature::Special(Special::Prepare { name: _, types: _, statement }) => Some(statement.clone()),
                    Nature::Special(
                        Special::Execute(_)
                        | Special::ExplainRewrite(_, _)
                        | Special::Deallocate(_)
                        | Special::DiscardAll
                        | Special::Switch(_, _),
                    )
                    | Nature::Plain
                    | Nature::Declare(_, _)
                    | Nature::Fetch
                    | Nature::CopyOut
                    | Nature::CopyIn
                    | Nature::Passing(_)
                    | Nature::End
                    | Nature::Savepoint(_)
                    | Nature::Set(_)
                    | Nature::Reset(_, _)
                    | Nature::ResetAll
                    | Nature::Unchecked => None,
                });
                self.statement(&old.text, old.declared.clone(), Origin::Sql, inner)
            }
        };
        let relations = fresh.cleared.as_ref().map(Cleared::relations).unwrap_or_default();
        let stale = old.stale || self.rewriter.yields_otherwise(&old.snapshot, &old.text, relations);
        let fresh = Arc::new(Statement { stale, ..fresh });
        self.statements.replace(client_name, Some(Arc::clone(&fresh)));
        Ok(Some(fresh))
    }

    pub(super) fn bind(&mut self, message: &Bind<'_>, desk: &mut Desk<'_>) -> Result<Taken, Broken> {
        let early = std::mem::take(&mut self.admitted);
        let admitted = matches!(self.stash.take(), Some(Stash::Bind));
        let (client_name, portal) = match (name(message.statement), name(message.portal)) {
            (Ok(client_name), Ok(portal)) => (client_name, portal),
            (Err(refusal), _) | (_, Err(refusal)) => return self.refuse_message(refusal, None, desk),
        };
        let statement = match self.current(client_name) {
            Ok(Some(statement)) => statement,
            Ok(None) => return self.no_statement(client_name, desk),
            Err(refusal) => return self.refuse_message(refusal, None, desk),
        };
        if statement.stale {
            return self.err_message(SqlState::FEATURE_NOT_SUPPORTED, STALE, desk);
        }
        let asked = statement.cleared.as_ref().is_some_and(Cleared::asks_for_values);
        let values: Vec<_> = if asked { message.parameters().collect() } else { Vec::new() };
        if !admitted {
            let release = statement.cleared.as_ref().is_some_and(|c| self.is_release(c, desk));
            let does = |what: fn(&Cleared) -> bool| statement.cleared.as_ref().is_some_and(what);
            let asked = Request { statements: 1, writes: does(Cleared::writes), adds: does(Cleared::adds) };
            let switches = statement.cleared.as_ref().is_some_and(|c| self.is_of_switch(c));
            let admitted = match self.refused.take() {
                Some(refusal) => Err(refusal),
                None if release || early => Ok(()),
                None if switches => self.admit_rate(asked, desk.now),
                None => self.admit(asked, desk.now),
            };
            if let Err(refusal) = admitted {
                return self.refuse_message(refusal, Some(&statement.text), desk);
            }
            if self.scope.bypass() {
                let relations = statement.cleared.as_ref().map(|c| c.relations().to_vec()).unwrap_or_default();
                self.records.push(Record::Bypass { statement: statement.text.clone(), relations });
            }
            let crossed = statement.cleared.as_ref().and_then(|c| Some((c.crossing(|i| bound(message, &values, i))?, c)));
            if let Some((crossing, crossed)) = crossed {
                let relations = crossed.relations().to_vec();
                self.records.push(Record::Crossing { crossing, statement: statement.text.clone(), relations });
            }
            if self.waits_its_turn(desk.now) {
                self.stash = Some(Stash::Bind);
                return Ok(Taken::Hold);
            }
        }
        if let Err((code, complaint)) = check_counts(message, &statement, client_name) {
            return self.err_message(code, &complaint, desk);
        }
        let Some(cleared) = &statement.cleared else { return self.bind_local(portal, &statement, desk) };
        // A special one binds nothing: what it checks are the parameters of the statement inside.
        let checked = if Nature::of(cleared).is_special() { Ok(()) } else { cleared.check_bind(|i| bound(message, &values, i)) };
        let fits = |()| self.keep_apart(cleared).and_then(|()| self.check_portals(portal, &statement));
        if let Err(refusal) = checked.and_then(fits) {
            return self.refuse_message(refusal, Some(&statement.text), desk);
        }
        if self.is_aborted(Nature::of(cleared)) {
            return self.err_message(SqlState::IN_FAILED_SQL_TRANSACTION, ABORTED, desk);
        }
        let execute = execute_of(Some(cleared));
        if statement.key.is_none() && execute.is_none() {
            return self.bind_local(portal, &statement, desk);
        }
        // Of the server's own portals it knows itself which are still there.
        if !portal.is_empty() && self.portals.get(portal).is_some_and(|p| p.local) {
            return self.portal_exists(portal, desk);
        }
        if desk.backend.is_none() {
            self.stash = Some(Stash::Bind);
            return Ok(Taken::NeedsServer);
        }
        if let Some(execute) = execute {
            return match self.expand(execute, Some(&statement.text), desk) {
                Ok(expanded) => {
                    let Some(backend) = desk.backend.as_mut() else { return Ok(Taken::NeedsServer) };
                    parse_unnamed(backend, &expanded)?;
                    backend.outbox.bind("", message, &expanded)?;
                    // What it may do is known here; when it is run, a transaction is open or this is the same cycle.
                    self.note_sent(&expanded);
                    let undo = self.rebind(portal, Some(Portal { told: expanded.told(), ..Portal::of(statement, self.stirred) }));
                    backend.pending.push_back(Pending::Bind { relay: true, place: None, undo: Some(undo) });
                    Ok(Taken::Done)
                }
                Err(failure) => self.fail_special(failure, &statement.text, desk),
            };
        }
        let (Some(backend), Some(key)) = (desk.backend.as_mut(), &statement.key) else { return Ok(Taken::NeedsServer) };
        if cleared.is_fleeting() {
            backend.read_anew();
        }
        fetch_anew((&mut self.fetching, self.stirred), cleared, key, backend);
        let server_name = backend.ensure(key, part(&self.settings, cleared))?;
        backend.outbox.bind(&server_name, message, cleared)?;
        backend.unsynced = true;
        let place = Some(backend.place(key));
        let undo = self.rebind(portal, Some(Portal::of(statement, self.stirred)));
        backend.pending.push_back(Pending::Bind { relay: true, place, undo: Some(undo) });
        Ok(Taken::Done)
    }

    fn bind_local(&mut self, portal: &str, statement: &Arc<Statement>, desk: &mut Desk<'_>) -> Result<Taken, Broken> {
        if !portal.is_empty() && self.portals.get(portal).is_some() {
            return self.portal_exists(portal, desk);
        }
        if let Err(refusal) = self.check_portals(portal, statement) {
            return self.refuse_message(refusal, None, desk);
        }
        let undo = self.rebind(portal, Some(Portal { local: true, ..Portal::of(Arc::clone(statement), self.stirred) }));
        desk.local(Some(undo), answer::bind_complete);
        Ok(Taken::Done)
    }

    fn portal_exists(&mut self, portal: &str, desk: &mut Desk<'_>) -> Result<Taken, Broken> {
        self.err_message(SqlState::DUPLICATE_CURSOR, &format!("cursor \"{portal}\" already exists"), desk)
    }

    /// Gives a name another portal, or none; the answer to it must carry the way back.
    fn rebind(&mut self, name: &str, portal: Option<Portal>) -> Undo {
        let previous = self.portals.replace(name, portal);
        Undo::Portal { name: name.into(), previous }
    }

    /// Whether a portal may be asked for that was not bound here: a cursor that SQL declared is one too, and only the server knows
    /// it. The unnamed one is none. A portal that the client has bound is known here for as long as the server may have it.
    fn may_be_cursor(&self, portal: &str, desk: &Desk<'_>) -> bool {
        !portal.is_empty() && (self.cursors || (self.scope.bypass() && desk.backend.as_ref().is_some_and(|b| b.exclusive)))
    }

    fn no_statement(&mut self, client_name: &str, desk: &mut Desk<'_>) -> Result<Taken, Broken> {
        let message = if client_name.is_empty() {
            "unnamed prepared statement does not exist".to_owned()
        } else {
            format!("prepared statement \"{client_name}\" does not exist")
        };
        self.err_message(SqlState::INVALID_SQL_STATEMENT_NAME, &message, desk)
    }

    pub(super) fn describe(&mut self, target: Target<'_>, desk: &mut Desk<'_>) -> Result<Taken, Broken> {
        let (bytes, is_statement) = match target {
            Target::Statement(bytes) => (bytes, true),
            Target::Portal(bytes) => (bytes, false),
        };
        let client_name = match name(bytes) {
            Ok(client_name) => client_name,
            Err(refusal) => return self.refuse_message(refusal, None, desk),
        };
        if is_statement { self.describe_statement(client_name, desk) } else { self.describe_portal(client_name, desk) }
    }

    fn describe_statement(&mut self, client_name: &str, desk: &mut Desk<'_>) -> Result<Taken, Broken> {
        let statement = match self.current(client_name) {
            Ok(Some(statement)) => statement,
            Ok(None) => return self.no_statement(client_name, desk),
            Err(refusal) => return self.refuse_message(refusal, None, desk),
        };
        if statement.stale {
            return self.err_message(SqlState::FEATURE_NOT_SUPPORTED, STALE, desk);
        }
        let Some((cleared, key)) = statement.cleared.as_ref().zip(statement.key.as_ref()) else {
            if let Some(execute) = execute_of(statement.cleared.as_ref()) {
                return self.describe_execute(execute, &statement.text, desk);
            }
            let explained = statement.cleared.as_ref().filter(|c| Nature::of(c).is_explained());
            let types = explained.map(|c| parameter_types(c, &statement.declared)).unwrap_or_default();
            let rows = explained.is_some();
            let shown = statement.cleared.as_ref().and_then(|c| Nature::of(c).shown());
            desk.local(None, |b| {
                answer::parameter_types(b, &types);
                match shown {
                    Some(shown) => Self::describe_switch(shown, b),
                    None if rows => answer::query_plan(b),
                    None => answer::no_data(b),
                }
            });
            return Ok(Taken::Done);
        };
        if let Err(refusal) = self.keep_apart(cleared) {
            return self.refuse_message(refusal, Some(&statement.text), desk);
        }
        let Some(backend) = desk.backend.as_mut() else { return Ok(Taken::NeedsServer) };
        if cleared.is_fleeting() {
            backend.read_anew();
        }
        fetch_anew((&mut self.fetching, self.stirred), cleared, key, backend);
        let server_name = backend.ensure(key, part(&self.settings, cleared))?;
        backend.outbox.describe_statement(&server_name)?;
        backend.unsynced = true;
        backend.pending.push_back(Pending::Parameters { hidden: cleared.hidden().len() });
        Ok(Taken::Done)
    }

    fn describe_execute(&mut self, execute: Execute<'_>, source: &str, desk: &mut Desk<'_>) -> Result<Taken, Broken> {
        if desk.backend.is_none() {
            return Ok(Taken::NeedsServer);
        }
        match self.expand(execute, None, desk) {
            Ok(expanded) => {
                let Some(backend) = desk.backend.as_mut() else { return Ok(Taken::NeedsServer) };
                parse_unnamed(backend, &expanded)?;
                backend.outbox.describe_statement("")?;
                backend.pending.push_back(Pending::Parameters { hidden: 0 });
                Ok(Taken::Done)
            }
            Err(failure) => self.fail_special(failure, source, desk),
        }
    }

    fn describe_portal(&mut self, portal: &str, desk: &mut Desk<'_>) -> Result<Taken, Broken> {
        match self.portals.get(portal) {
            Some(found) if found.local => {
                let nature = found.statement.cleared.as_ref().map(Nature::of);
                let (rows, shown) = (nature.is_some_and(Nature::is_explained), nature.and_then(Nature::shown));
                desk.local(None, |b| match shown {
                    Some(shown) => Self::describe_switch(shown, b),
                    None if rows => answer::query_plan(b),
                    None => answer::no_data(b),
                });
                return Ok(Taken::Done);
            }
            // PostgreSQL looks the cursor of a FETCH up to describe its rows, and dies where it is gone.
            Some(found) if found.bound_at != self.stirred && is_fetch(found) => {
                return self.refuse_message(late_fetch(), None, desk);
            }
            Some(_) => {}
            None if self.may_be_cursor(portal, desk) => {}
            None => return self.no_portal(portal, desk),
        }
        let Some(backend) = desk.backend.as_mut() else { return self.no_portal(portal, desk) };
        backend.outbox.describe_portal(portal.as_bytes())?;
        backend.unsynced = true;
        backend.pending.push_back(Pending::Row { quiet: false });
        Ok(Taken::Done)
    }

    /// Refuses to keep very many portals, or very long texts for them.
    fn check_portals(&self, portal: &str, statement: &Statement) -> Result<(), Refusal> {
        if portal.is_empty() {
            return Ok(());
        }
        let texts = || self.portals.named().map(|p| p.statement.text.len()).sum::<usize>();
        let long = statement.text.len();
        let too_long = long > super::SHORT && texts().saturating_add(long) > super::TEXTS_LIMIT;
        if !too_long && self.portals.len() < super::STATEMENTS_LIMIT {
            return Ok(());
        }
        let message = "the session has too many portals, or too long statements in them";
        Err(Refusal::new(SqlState::CONFIGURATION_LIMIT_EXCEEDED, Rule::Limit, message)
            .with_hint("Close some that are no longer used."))
    }

    fn no_portal(&mut self, portal: &str, desk: &mut Desk<'_>) -> Result<Taken, Broken> {
        let message = format!("portal \"{portal}\" does not exist");
        self.err_message(SqlState::INVALID_CURSOR_NAME, &message, desk)
    }

    fn fail_special(&mut self, failure: Failure, source: &str, desk: &mut Desk<'_>) -> Result<Taken, Broken> {
        match failure {
            Failure::Error(code, message) => self.err_message(code, &message, desk),
            Failure::Refusal(refusal) => self.refuse_message(refusal, Some(source), desk),
            Failure::Broken(broken) => Err(broken),
        }
    }

    pub(super) fn execute(&mut self, portal: &[u8], rows: i32, desk: &mut Desk<'_>) -> Result<Taken, Broken> {
        let portal = match name(portal) {
            Ok(portal) => portal,
            Err(refusal) => return self.refuse_message(refusal, None, desk),
        };
        let found = self.portals.get(portal).cloned();
        let known = found.as_ref().map(|p| &p.statement);
        let cleared = known.and_then(|s| s.cleared.as_ref());
        match (known, cleared) {
            (Some(_), None) => {
                desk.local(None, answer::empty_query);
                return Ok(Taken::Done);
            }
            (Some(statement), Some(cleared)) if found.as_ref().is_some_and(|p| p.local) => {
                return self.execute_special(statement, cleared, desk);
            }
            (None, _) if !self.may_be_cursor(portal, desk) => return self.no_portal(portal, desk),
            (Some(_), Some(_)) | (None, _) => {}
        }
        let nature = cleared.map_or(Nature::Plain, Nature::of);
        // It would return rows of the cursor that has the name now as if they were those of the one that had it.
        if found.as_ref().is_some_and(|p| !p.begun && p.bound_at != self.stirred && is_fetch(p)) {
            return self.refuse_message(late_fetch(), known.map(|s| &*s.text), desk);
        }
        if !matches!(nature, Nature::Fetch) {
            self.stirred += 1;
        }
        let checked = check_savepoint(nature, self.settings.savepoints());
        if let Err(refusal) = checked.and_then(|()| cleared.map_or(Ok(()), |cleared| self.hold_rows(cleared))) {
            return self.refuse_message(refusal, known.map(|s| &*s.text), desk);
        }
        let tallied = self.is_portal_tallied(portal, rows);
        let Some(backend) = desk.backend.as_mut() else { return self.no_portal(portal, desk) };
        if tallied {
            backend.tally()?;
        }
        backend.outbox.execute(portal.as_bytes(), rows)?;
        backend.unsynced = true;
        let effect = cleared.map_or(Effect::None, effect);
        backend.pending.push_back(Pending::Execute { effect, statement: known.cloned() });
        if tallied {
            backend.tally()?;
        }
        if let Some(cleared) = cleared {
            if execute_of(Some(cleared)).is_none() {
                self.note_sent(cleared);
            }
            self.note_reading(cleared, backend);
        }
        match nature {
            Nature::Savepoint(_) | Nature::End => self.aborted = false,
            Nature::Unchecked => backend.exclusive = true,
            // The server asks for data or fails; before that nothing else may reach it, nor may data be dropped.
            Nature::CopyIn => self.waiting = true,
            Nature::ResetAll => restart(&self.settings.startup, backend)?,
            Nature::Declare(_, _) => self.cursors = true,
            Nature::Plain
            | Nature::Fetch
            | Nature::CopyOut
            | Nature::Passing(_)
            | Nature::Set(_)
            | Nature::Reset(_, _)
            | Nature::Special(_) => {}
        }
        Ok(Taken::Done)
    }

    fn execute_special(&mut self, statement: &Statement, cleared: &Cleared, desk: &mut Desk<'_>) -> Result<Taken, Broken> {
        let nature = Nature::of(cleared);
        if self.is_aborted(nature) {
            return self.err_message(SqlState::IN_FAILED_SQL_TRANSACTION, ABORTED, desk);
        }
        let Nature::Special(special) = nature else { return Ok(Taken::Done) };
        if matches!(special, Special::Prepare { name: _, types: _, statement: _ }) && desk.backend.is_none() {
            return Ok(Taken::NeedsServer);
        }
        match self.special(special, &statement.text, desk) {
            Ok(Some(())) => Ok(Taken::Done),
            Ok(None) => Ok(Taken::Switch),
            Err(failure) => self.fail_special(failure, &statement.text, desk),
        }
    }

    pub(super) fn close(&mut self, target: Target<'_>, desk: &mut Desk<'_>) -> Result<Taken, Broken> {
        let (bytes, is_statement) = match target {
            Target::Statement(bytes) => (bytes, true),
            Target::Portal(bytes) => (bytes, false),
        };
        let client_name = match name(bytes) {
            Ok(client_name) => client_name,
            Err(refusal) => return self.refuse_message(refusal, None, desk),
        };
        if is_statement {
            match self.rename(client_name, None) {
                Ok(undo) => desk.local(Some(undo), answer::close_complete),
                Err(refusal) => return self.refuse_message(refusal, None, desk),
            }
            return Ok(Taken::Done);
        }
        let local = self.portals.get(client_name).is_some_and(|p| p.local);
        let undo = Some(self.rebind(client_name, None));
        match desk.backend.as_mut().filter(|_| !local) {
            Some(backend) => {
                backend.outbox.close_portal(client_name.as_bytes())?;
                backend.unsynced = true;
                backend.pending.push_back(Pending::Close { evicted: None, undo });
            }
            None => desk.local(undo, answer::close_complete),
        }
        Ok(Taken::Done)
    }
}

fn is_fetch(portal: &Portal) -> bool {
    portal.statement.cleared.as_ref().is_some_and(|c| matches!(Nature::of(c), Nature::Fetch))
}

fn late_fetch() -> Refusal {
    let message = "to describe or run a portal of FETCH or MOVE behind what may change cursors is not supported through pgmoat";
    Refusal::new(SqlState::FEATURE_NOT_SUPPORTED, Rule::Message, message).with_hint("Do so behind its Bind, or bind it anew.")
}

/// What a FETCH returns is settled when it is parsed, and another cursor may have this name by now, or none: it is parsed anew, unless
/// nothing can have changed since it was.
fn fetch_anew(last: (&mut Option<(Place, u64)>, u64), cleared: &Cleared, key: &Arc<Key>, backend: &mut Backend) {
    if !matches!(Nature::of(cleared), Nature::Fetch) {
        return;
    }
    let (fetching, stirred) = last;
    let now = Some((backend.place(key), stirred));
    if let (true, Some((place, _))) = (*fetching != now, &now) {
        backend.forget(place, true);
        *fetching = now;
    }
}

/// The types of the parameters of a statement that no server has seen: as declared, else text.
fn parameter_types(cleared: &Cleared, declared: &[u32]) -> Vec<[u8; 4]> {
    let kind = |i: usize| declared.get(i).copied().filter(|oid| *oid != 0).unwrap_or(25);
    (0..usize::from(cleared.parameters())).map(|i| kind(i).to_be_bytes()).collect()
}

/// The EXECUTE that a statement is, if it is one.
fn execute_of(cleared: Option<&Cleared>) -> Option<Execute<'_>> {
    match cleared.map(Nature::of) {
        Some(Nature::Special(Special::Execute(execute))) => Some(execute),
        Some(_) | None => None,
    }
}

/// Sends an expanded EXECUTE as the server's unnamed statement, which nothing else uses.
fn parse_unnamed(backend: &mut Backend, expanded: &Cleared) -> Result<(), Oversize> {
    backend.outbox.parse("", Part::Cleared(expanded), &[])?;
    backend.unsynced = true;
    backend.pending.push_back(Pending::Parse { relay: false, place: None, undo: None });
    Ok(())
}

/// Behind a RESET ALL: the startup packet's settings, by the unnamed statement and portal.
fn restart(startup: &Settings, backend: &mut Backend) -> Result<(), Oversize> {
    for value in startup.values() {
        backend.outbox.parse("", Part::Setting(value), &[])?;
        backend.pending.push_back(Pending::Parse { relay: false, place: None, undo: None });
        backend.outbox.bind_unnamed()?;
        backend.pending.push_back(Pending::Bind { relay: false, place: None, undo: None });
        backend.outbox.execute(b"", 0)?;
        backend.pending.push_back(Pending::Execute { effect: Effect::Hidden, statement: None });
    }
    Ok(())
}

/// PostgreSQL's own checks of a Bind, made before the proxy's parameters are added.
fn check_counts(message: &Bind<'_>, statement: &Statement, client_name: &str) -> Result<(), (SqlState, String)> {
    let supplied = usize::from(message.count);
    let formats = message.format_count();
    if formats > 1 && formats != supplied {
        let complaint = format!("bind message has {formats} parameter formats but {supplied} parameters");
        return Err((SqlState::PROTOCOL_VIOLATION, complaint));
    }
    // The parameters of a statement inside a PREPARE are not the PREPARE's.
    let own = statement.cleared.as_ref().filter(|c| !Nature::of(c).is_special() || Nature::of(c).is_explained());
    let required = own.map_or(0, |c| usize::from(c.parameters()));
    if supplied == required {
        return Ok(());
    }
    let complaint =
        format!("bind message supplies {supplied} parameters, but prepared statement \"{client_name}\" requires {required}");
    Err((SqlState::PROTOCOL_VIOLATION, complaint))
}

/// A parameter's value of a Bind's, and whether it is in binary format.
fn bound<'a>(message: &Bind<'a>, values: &[Option<&'a [u8]>], i: u16) -> Option<(&'a [u8], bool)> {
    let value = values.get(usize::from(i)).copied().flatten()?;
    Some((value, message.format(i) == 1))
}
