//! What a client that has proved who it is is let into, and the messages up to its first ReadyForQuery. It checks no proof.

use super::Shared;
use super::client::{Client, Ending};
use super::proof::{Proved, Token, prove};
use super::registry::{Entry, Who};
use super::startup::Request;
use crate::config::{CONSOLE, Console};
use crate::error::SqlState;
use crate::limits::{Place, Share};
use crate::policy::Identity;
use crate::rewrite::Rewriters;
use crate::session::{Broken, Session, is_reported};
use crate::tenants::{Budget, Login};
use crate::wire::answer;
use crate::wire::backend::Transaction;
use std::net::IpAddr;
use std::sync::Arc;

/// A client that is logged in.
pub(super) struct LoggedIn {
    pub(super) identity: Arc<Identity>,
    /// Those that the session's is of.
    pub(super) rewriters: Arc<Rewriters>,
    pub(super) session: Session,
    pub(super) entry: Entry,
    pub(super) place: Place,
    pub(super) budget: Arc<Budget>,
    /// The token that it came with.
    pub(super) token: Option<Token>,
}

/// Who is let in.
pub(super) enum Admitted {
    /// A client of the database.
    Client(Box<LoggedIn>),
    /// A user of the console.
    Operator(Operator),
}

/// A user of the console that is logged in.
pub(super) struct Operator {
    pub(super) user: Arc<str>,
    pub(super) role: Console,
    pub(super) entry: Entry,
}

/// A login that was turned away: what the audit log and the client hear.
pub(super) struct Denied {
    pub(super) code: SqlState,
    pub(super) message: String,
    /// Who it wanted to be.
    pub(super) user: Option<Arc<str>>,
    /// Whose connections are too many.
    pub(super) tenant: Option<Arc<str>>,
    /// What only the audit log hears.
    pub(super) why: Option<String>,
    /// A password was tried that is not the right one.
    pub(super) guessed: bool,
}

impl Denied {
    pub(super) fn new(code: SqlState, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), user: None, tenant: None, why: None, guessed: false }
    }
}

/// How a login failed.
pub(super) enum Failed {
    /// It was turned away.
    Denied(Denied),
    /// The connection ended.
    Ended(Ending),
}

impl<E: Into<Ending>> From<E> for Failed {
    fn from(ending: E) -> Self {
        Self::Ended(ending.into())
    }
}

pub(super) fn denied(code: SqlState, message: impl Into<String>) -> Failed {
    Failed::Denied(Denied::new(code, message))
}

impl Failed {
    /// What the audit log hears besides; it must hold nothing secret.
    pub(super) fn because(self, why: impl ToString) -> Self {
        match self {
            Self::Denied(denied) => Self::Denied(Denied { why: Some(why.to_string()), ..denied }),
            Self::Ended(ending) => Self::Ended(ending),
        }
    }
}

/// What somebody is told who has given this user, or from this address, too many wrong passwords of late.
pub(super) fn slowed(ip: IpAddr, user: &str, request: &Request, shared: &Shared) -> Option<Denied> {
    let wait = shared.guesses.wait(ip, user, shared.start.elapsed())?;
    shared.metrics.logins_slowed.inc();
    let message = format!("too many failed logins from this address: try again in {} s", wait.as_secs() + 1);
    Some(Denied { user: Some(request.user.as_str().into()), ..Denied::new(SqlState::INVALID_AUTHORIZATION, message) })
}

/// Runs the whole login.
pub(super) async fn log_in(client: &mut Client, ip: IpAddr, request: &Request, shared: &Shared) -> Result<Admitted, Failed> {
    let Proved { login, token } = prove(client, ip, request, shared).await?;
    if let Some(why) = &login.barred {
        return Err(denied(SqlState::INVALID_AUTHORIZATION, why.clone()));
    }
    if request.database == CONSOLE {
        return open_console(client, request, &login, shared).map(Admitted::Operator);
    }
    if request.database != *shared.settings.load().upstream.database {
        return Err(denied(SqlState::INVALID_CATALOG_NAME, "this database is not served here"));
    }
    open_database(client, request, &login, token, shared).await.map(|client| Admitted::Client(Box::new(client)))
}

/// Lets a user into the console who may.
fn open_console(client: &mut Client, request: &Request, login: &Arc<Login>, shared: &Shared) -> Result<Operator, Failed> {
    let Some(role) = login.console else {
        return Err(denied(SqlState::INSUFFICIENT_PRIVILEGE, format!("permission denied for database \"{CONSOLE}\"")));
    };
    let entry = enter(client, request, login, true, shared)?;
    // As below: from here on it is told.
    if let Err(why) = shared.registry.load().standing(login) {
        return Err(denied(SqlState::INVALID_AUTHORIZATION, why));
    }
    let version = concat!(env!("CARGO_PKG_VERSION"), "/pgmoat");
    let told = [
        ("server_version", version),
        ("server_encoding", "UTF8"),
        ("client_encoding", "UTF8"),
        ("DateStyle", "ISO, MDY"),
        ("TimeZone", "UTC"),
        ("integer_datetimes", "on"),
        ("standard_conforming_strings", "on"),
        ("is_superuser", "off"),
    ];
    greet(client, told.into_iter(), &entry);
    Ok(Operator { user: Arc::clone(&login.identity.user), role, entry })
}

/// The messages that end a login.
fn greet<'a>(client: &mut Client, told: impl Iterator<Item = (&'a str, &'a str)>, entry: &Entry) {
    let out = &mut client.outbox;
    answer::authentication_ok(out);
    told.for_each(|(name, value)| answer::parameter_status(out, name, value));
    answer::key_data(out, entry.process, entry.slot.secret());
    answer::ready(out, Transaction::Idle);
}

/// A place among the clients.
fn enter(client: &Client, request: &Request, login: &Arc<Login>, operates: bool, shared: &Shared) -> Result<Entry, Failed> {
    let who = Who {
        user: Arc::clone(&login.identity.user),
        tenant: login.identity.tenant.as_ref().map(|t| Arc::clone(&t.name)),
        application_name: clean(request.application_name.as_deref().unwrap_or_default()),
        address: client.stream.addresses(),
        tls: client.stream.is_tls(),
        operates,
    };
    let secret = if request.minor >= 2 { 32 } else { 4 };
    shared.clients.enter(secret, who, login).ok_or_else(|| denied(SqlState::INTERNAL_ERROR, "the system gives no random numbers"))
}

/// Lets a client into the database.
async fn open_database(
    client: &mut Client,
    request: &Request,
    login: &Arc<Login>,
    token: Option<Token>,
    shared: &Shared,
) -> Result<LoggedIn, Failed> {
    not_suspended(login, shared)?;
    let Some(place) = login.budget.places.take() else {
        let tenant = login.identity.tenant.as_ref().map(|t| Arc::clone(&t.name));
        let denied = Denied::new(SqlState::TOO_MANY_CONNECTIONS, "too many connections for this tenant");
        return Err(Failed::Denied(Denied { tenant, ..denied }));
    };
    super::freshness::greet(shared).await;
    let rewriters = shared.rewriters.load_full();
    let rewriter = rewriters.of(&login.identity).map_err(|r| denied(r.code, r.message))?;
    let scope = rewriter.scope(&login.identity).map_err(|r| denied(r.code, r.message))?;
    let told = statuses(request, login, shared).await?;
    let mut session = Session::new(Arc::clone(rewriter), scope, login.budget.rate.clone(), request.settings.clone(), told);
    if request.unchecked {
        settle(&mut session, &login.budget.share, shared).await?;
    }
    let entry = enter(client, request, login, false, shared)?;
    // What has changed while it logged in: from here on it is among those who are told.
    not_suspended(login, shared)?;
    let budget = match shared.registry.load().standing(login) {
        Ok(now) => Arc::clone(&now.budget),
        Err(why) => return Err(denied(SqlState::INVALID_AUTHORIZATION, why)),
    };
    session.limit(budget.rate.clone(), budget.ceilings);
    session.count_in(Arc::clone(&budget.meter));
    greet(client, session.told().iter().map(|(name, value)| (&**name, &**value)), &entry);
    Ok(LoggedIn { identity: Arc::clone(&login.identity), rewriters, session, entry, place, budget, token })
}

/// An application's name as the server would show it.
pub(super) fn clean(name: &str) -> Box<str> {
    name.chars().map(|c| if c.is_ascii_graphic() || c == ' ' { c } else { '?' }).take(63).collect()
}

/// Turns the users of a suspended tenant away.
fn not_suspended(login: &Login, shared: &Shared) -> Result<(), Failed> {
    match &login.identity.tenant {
        Some(tenant) if shared.suspended.contains(&tenant.name) => {
            Err(denied(SqlState::INVALID_AUTHORIZATION, "the tenant is suspended"))
        }
        Some(_) | None => Ok(()),
    }
}

type Told = Vec<(Box<str>, Box<str>)>;

/// The ParameterStatus values that the client is told: the server's own, with what is known of the client's settings.
async fn statuses(request: &Request, login: &Login, shared: &Shared) -> Result<Told, Failed> {
    let mut told = shared.pool.statuses();
    if told.is_empty() {
        let checkout = shared.pool.checkout(&login.budget.share).await.map_err(unreachable)?;
        told = shared.pool.statuses();
        drop(checkout);
    }
    told.retain(|(name, _)| is_reported(name));
    let clean = clean(request.application_name.as_deref().unwrap_or_default());
    let superuser = if login.identity.bypass { None } else { Some(("is_superuser".into(), "off".into())) };
    let own = [("application_name".into(), clean)].into_iter().chain(superuser).collect();
    merge(&mut told, own);
    Ok(told)
}

/// Tries the startup packet's settings on a server connection: only the server knows its time zones and date styles.
async fn settle(session: &mut Session, share: &Arc<Share>, shared: &Shared) -> Result<(), Failed> {
    let mut checkout = shared.pool.checkout(share).await.map_err(unreachable)?;
    let Some(server) = checkout.server() else { return Err(Failed::Ended(Ending::ServerLost)) };
    match super::relay::settle(server, session).await {
        Ok(()) => Ok(()),
        Err(Ending::Broken(Broken::Settings)) => {
            Err(denied(SqlState::INVALID_PARAMETER_VALUE, "invalid value for a setting in the startup packet"))
        }
        Err(ending) => Err(Failed::Ended(ending)),
    }
}

fn unreachable(trouble: crate::upstream::Trouble) -> Failed {
    tracing::warn!(%trouble, "no server connection for a login");
    let (code, message, _hint) = trouble.answer();
    denied(code, message)
}

fn merge(told: &mut Told, changed: Told) {
    for (name, value) in changed {
        match told.iter_mut().find(|(n, _)| *n == name) {
            Some((_, known)) => *known = value,
            None => told.push((name, value)),
        }
    }
}
