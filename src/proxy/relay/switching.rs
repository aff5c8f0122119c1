//! Goes over from one tenant to another within a session, for those who may: who is let in is decided anew, recorded, and then told to the
//! session. It does not read SQL, and it checks tokens as a login does.

use super::super::client::Ending;
use super::super::login::clean;
use super::super::proof::is_near;
use super::Relay;
use crate::audit::{Event, Kind};
use crate::config::OnFailure;
use crate::error::{Refusal, Rule, SqlState};
use crate::limits::Place;
use crate::rewrite::{Switch, Token};
use crate::session::{Destination, Wanted};
use crate::tenants::{Aim, Login, Registry};
use std::sync::Arc;
use std::time::SystemTime;
use tokio::task::JoinSet;

/// What a session has become by a switch; it is gone with the next.
#[derive(Debug, Default)]
pub(super) struct Away {
    /// Who logged in, and for whom, as records of what is done meanwhile carry it.
    pub(super) switched: Option<Arc<str>>,
    /// A place among the clients of the tenant, beside that of the login.
    place: Option<Place>,
    /// Ends the session when the token does.
    expiry: JoinSet<()>,
}

/// Whom a switch leads to.
struct Arrival {
    login: Arc<Login>,
    subject: Option<Arc<str>>,
    until: Option<SystemTime>,
    away: bool,
}

/// Where a token leads, whom it was given to, and until when it is good.
type Vouched = (Aim, Option<Arc<str>>, Option<SystemTime>);

fn denied(message: impl Into<String>) -> Refusal {
    Refusal::new(SqlState::INSUFFICIENT_PRIVILEGE, Rule::Role, message)
}

impl Relay<'_> {
    /// Decides on the switch that the session waits for, and tells it. A switch is on record before the client hears of it.
    pub(super) async fn switch(&mut self) -> Result<(), Ending> {
        let Some(wanted) = self.session.take_wanted() else { return Ok(()) };
        // What was done before is recorded of who it was before.
        self.record().await?;
        match self.arrive(&wanted) {
            Ok((destination, mut away, arrival)) => {
                if arrival.away {
                    let Some(place) = self.place_among(&arrival.login) else {
                        let message = "too many connections for this tenant";
                        self.session.decide(Err(Refusal::new(SqlState::TOO_MANY_CONNECTIONS, Rule::Limit, message)));
                        return Ok(());
                    };
                    away.place = Some(place);
                }
                // From here on the tenant's suspension, and whatever the registry says of it, finds this session.
                self.entry.slot.turn_into(&arrival.login);
                self.still_served(&arrival.login)?;
                self.record_switch(&arrival, away.switched.as_ref(), wanted.reason.as_deref()).await?;
                // A connection of the session's own has what was set on it: nobody uses it again.
                self.give_back();
                self.tally.pour(&mut self.client.sent, &self.shared.metrics, &self.budget.meter);
                self.ahead = None;
                self.identity = Arc::clone(&arrival.login.identity);
                self.budget = Arc::clone(&arrival.login.budget);
                self.away = away;
                self.session.decide(Ok(destination));
            }
            Err(refusal) => self.session.decide(Err(refusal)),
        }
        Ok(())
    }

    /// A place among the clients of a tenant: the one that the session has there already, or another.
    fn place_among(&mut self, login: &Login) -> Option<Place> {
        let same = Arc::ptr_eq(&self.budget.places, &login.budget.places);
        let kept = if same { self.away.place.take() } else { None };
        kept.or_else(|| login.budget.places.take())
    }

    /// Everything that a session needs to go over.
    fn arrive(&self, wanted: &Wanted) -> Result<(Destination, Away, Arrival), Refusal> {
        let registry = self.shared.registry.load();
        let arrival = self.arrival(wanted, &registry)?;
        let Arrival { login, subject, until, away } = &arrival;
        let identity = &login.identity;
        if let Some(why) = &login.barred {
            return Err(Refusal::new(SqlState::INVALID_AUTHORIZATION, Rule::Login, why.clone()));
        }
        if identity.tenant.as_ref().is_some_and(|tenant| self.shared.suspended.contains(&tenant.name)) {
            return Err(Refusal::new(SqlState::INVALID_AUTHORIZATION, Rule::Login, "the tenant is suspended"));
        }
        let rewriter = self.rewriters.of(identity)?;
        let scope = rewriter.scope(identity)?;
        let mut state = Away::default();
        if *away {
            state.switched = Some(self.both(subject.as_deref(), identity.role.as_deref()));
        }
        if let Some(until) = until {
            let (slot, left) = (Arc::clone(&self.entry.slot), until.duration_since(SystemTime::now()).unwrap_or_default());
            state.expiry.spawn(async move {
                tokio::time::sleep(left).await;
                slot.dismiss("the token of its context has expired".to_owned());
            });
        }
        let destination = Destination {
            rewriter: Arc::clone(rewriter),
            scope,
            rate: login.budget.rate.clone(),
            ceilings: login.budget.ceilings,
            meter: Arc::clone(&login.budget.meter),
            tenant: identity.tenant.as_ref().filter(|_| *away).map(|tenant| Arc::clone(&tenant.name)),
            subject: subject.clone(),
        };
        Ok((destination, state, arrival))
    }

    /// Who the client is to be.
    fn arrival(&self, wanted: &Wanted, registry: &Registry) -> Result<Arrival, Refusal> {
        let (aim, subject, until) = match &wanted.switch {
            Switch::Back => {
                let login = registry.standing(&self.home).map_err(denied)?;
                return Ok(Arrival { login, subject: None, until: None, away: false });
            }
            Switch::Tenant(name) => (Aim { tenant: Arc::from(&**name), ..Aim::default() }, None, None),
            Switch::Context(token) => self.vouched(token)?,
            Switch::Reason(_) | Switch::Show(_) => return Err(denied("this is no switch")),
        };
        let rule = registry.switching(&self.home).ok_or_else(|| denied("permission denied to switch"))?;
        if rule.signed && !aim.signed {
            return Err(denied("permission denied for parameter \"pgmoat.tenant\"")
                .with_hint("The role may switch by a signed token only: SET pgmoat.context = '...'."));
        }
        if rule.reason && wanted.reason.is_none() {
            return Err(denied("a switch needs a reason").with_hint("SET pgmoat.reason = '...' first, before each switch."));
        }
        // Tenants that do not exist and those that are out of reach are told alike.
        let elsewhere = || {
            denied("permission denied to switch to this tenant")
                .with_hint("The tenant, the role or a node is not one that the user may reach, or does not exist.")
        };
        let login = registry.switched(&self.home, aim).map_err(|_| elsewhere())?;
        Ok(Arrival { login, subject, until, away: true })
    }

    /// What a token says, which is not sent in clear over a network.
    fn vouched(&self, token: &Token) -> Result<Vouched, Refusal> {
        let bad = |why: &str| {
            let message = format!("the token of pgmoat.context is not taken: {why}");
            Refusal::new(SqlState::INVALID_AUTHORIZATION, Rule::Login, message)
        };
        if !self.client.stream.is_tls() && !is_near(self.client.stream.addresses().map(|(_, peer)| peer.ip())) {
            return Err(bad("tokens are taken over TLS only"));
        }
        let issuer = self.shared.issuer.load();
        let issuer = issuer.as_ref().ok_or_else(|| bad("there is no [jwt]"))?;
        let claims = issuer.verify(token.expose(), SystemTime::now()).map_err(|why| bad(&why.to_string()))?;
        let tenant = claims.tenant.ok_or_else(|| bad("it names no tenant"))?;
        let subject = claims.subject.as_deref().map(|subject| Arc::from(clean(subject)));
        let aim = Aim { tenant: tenant.into(), signed: true, nodes: claims.scopes, role: claims.role.map(Arc::from) };
        Ok((aim, subject, Some(claims.expiry)))
    }

    /// That nothing has changed about who is served meanwhile.
    fn still_served(&self, login: &Login) -> Result<(), Ending> {
        if login.identity.tenant.as_ref().is_some_and(|tenant| self.shared.suspended.contains(&tenant.name)) {
            return Err(Ending::dismissed("the tenant is suspended"));
        }
        self.shared.registry.load().standing(login).map(|_| ()).map_err(|why| Ending::dismissed(&why))
    }

    /// Who logged in, and for whom: one sentence.
    fn both(&self, subject: Option<&str>, role: Option<&str>) -> Arc<str> {
        let home = match &self.home.identity.tenant {
            Some(tenant) => format!("logged in to tenant \"{}\"", tenant.name),
            None => "logged in to no tenant".to_owned(),
        };
        let subject = subject.map(|s| format!(", for \"{s}\"")).unwrap_or_default();
        let role = role.map(|r| format!(", as role \"{r}\"")).unwrap_or_default();
        format!("{home}{subject}{role}").into()
    }

    async fn record_switch(&self, arrival: &Arrival, switched: Option<&Arc<str>>, reason: Option<&str>) -> Result<(), Ending> {
        let tenant = arrival.login.identity.tenant.as_ref().map(|t| Arc::clone(&t.name));
        let to = tenant.as_ref().map_or_else(|| "no tenant".to_owned(), |t| format!("tenant \"{t}\""));
        let before = self.identity.tenant.as_ref().map_or_else(|| "no tenant".to_owned(), |t| format!("tenant \"{}\"", t.name));
        let reason = reason.map(|r| format!("; reason: {r}")).unwrap_or_default();
        let event = Event {
            user: Some(Arc::clone(&self.identity.user)),
            tenant,
            client: Some(self.address),
            switched: switched.cloned(),
            message: Some(format!("from {before} to {to}{reason}")),
            ..Event::new(Kind::Switch)
        };
        let Err(trouble) = self.shared.audit.record(event).await else {
            self.shared.metrics.audit_records.inc();
            return Ok(());
        };
        self.shared.metrics.audit_failed.inc();
        tracing::error!(%trouble, "a switch could not be recorded");
        match self.shared.settings.load().audit.on_failure {
            OnFailure::Refuse => Err(Ending::Audit),
            OnFailure::Degrade => Ok(()),
        }
    }
}
