//! SET, RESET and SHOW of whose rows the session is about: between transactions only, and nothing of what was before stays in sight.
//! It does not decide who may be what: it asks, and goes over to what it is told.

use super::special::Failure;
use super::{Desk, Session, Undo};
use crate::error::{Refusal, SqlState};
use crate::limits::{Ceilings, Meter, Rate};
use crate::rewrite::{Rewriter, Scope, Switch, Switched};
use crate::wire::answer::{self, Column};
use std::sync::Arc;

/// What a session goes over to.
#[derive(Debug)]
pub struct Destination {
    /// The rewriter, and what it knows of the identity.
    pub rewriter: Arc<Rewriter>,
    /// See [`Destination::rewriter`].
    pub scope: Scope,
    /// The tenant's rate.
    pub rate: Option<Arc<Rate>>,
    /// The ceilings of one statement.
    pub ceilings: Ceilings,
    /// What the tenant uses of its quotas.
    pub meter: Arc<Meter>,
    /// What `SHOW pgmoat.tenant` says: empty after a RESET.
    pub tenant: Option<Arc<str>>,
    /// What `SHOW pgmoat.context` says: whom the token was given to.
    pub subject: Option<Arc<str>>,
}

/// A switch that somebody has to decide on.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// What is asked for.
    pub switch: Switch,
    /// Why, as the client says.
    pub reason: Option<Box<str>>,
}

/// Whose rows the session is about, as far as the client has said so.
#[derive(Debug, Default)]
pub(super) struct Context {
    tenant: Option<Arc<str>>,
    subject: Option<Arc<str>>,
    reason: Option<Box<str>>,
    wanted: Option<Wanted>,
    decided: Option<Result<Destination, Refusal>>,
}

impl Session {
    /// Whether it is about another tenant's rows than at its login.
    pub(super) fn is_away(&self) -> bool {
        self.context.tenant.is_some()
    }

    /// The switch that is to be decided on, after [`super::Taken::Switch`].
    pub fn take_wanted(&mut self) -> Option<Wanted> {
        self.context.wanted.take()
    }

    /// What was decided: the message that asked for it is to be handed in again, without a server connection where it goes over.
    pub fn decide(&mut self, decided: Result<Destination, Refusal>) {
        self.context.decided = Some(decided);
    }

    /// Carries out a switch, up to its CommandComplete. `None`: it is to be decided on first.
    pub(super) fn switch(&mut self, switch: &Switch, tag: &'static str, desk: &mut Desk<'_>) -> Result<Option<()>, Failure> {
        match switch {
            Switch::Show(what) => {
                let value = match what {
                    Switched::Tenant => self.context.tenant.as_deref(),
                    Switched::Context => self.context.subject.as_deref(),
                    Switched::Reason => self.context.reason.as_deref(),
                };
                let value = value.unwrap_or_default();
                desk.local(None, |b| {
                    answer::text_row(b, value);
                    answer::command_complete(b, tag);
                });
            }
            Switch::Reason(reason) => {
                self.context.reason.clone_from(reason);
                desk.local(None::<Undo>, |b| answer::command_complete(b, tag));
            }
            Switch::Tenant(_) | Switch::Context(_) | Switch::Back => {
                // A connection that is the session's own is closed by whoever decides; on any other nothing may be under way.
                if desk.backend.as_ref().is_some_and(|backend| !backend.is_quiet()) {
                    let name = match (switch, tag) {
                        (_, "DISCARD ALL") => "",
                        (Switch::Context(_), _) => " pgmoat.context",
                        (_, _) => " pgmoat.tenant",
                    };
                    let message = format!("{tag}{name} cannot run inside a transaction block");
                    return Err(Failure::Error(SqlState::ACTIVE_SQL_TRANSACTION, message));
                }
                match self.context.decided.take() {
                    None => {
                        let reason = self.context.reason.clone();
                        self.context.wanted = Some(Wanted { switch: switch.clone(), reason });
                        return Ok(None);
                    }
                    Some(Err(refusal)) => return Err(Failure::Refusal(refusal)),
                    Some(Ok(destination)) => {
                        self.go_over(destination);
                        desk.local(None, |b| answer::command_complete(b, tag));
                    }
                }
            }
        }
        Ok(Some(()))
    }

    /// What a SHOW is described by.
    pub(super) fn describe_switch(shown: Switched, out: &mut Vec<u8>) {
        answer::row_description(out, &[Column { name: shown.name(), kind: 25, width: -1 }], false);
    }

    /// From here on nothing that was cleared before is used: prepared statements are cleared again, portals are gone.
    fn go_over(&mut self, destination: Destination) {
        let Destination { rewriter, scope, rate, ceilings, meter, tenant, subject } = destination;
        self.adopt(rewriter, scope);
        self.portals.clear();
        self.promoted = None;
        self.asked.done();
        self.limit(rate, ceilings);
        self.count_in(meter);
        self.context = Context { tenant, subject, ..Context::default() };
    }
}
