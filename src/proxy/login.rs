//! Authentication of a client by SCRAM-SHA-256, and the messages up to its first ReadyForQuery.
//! An unknown user goes through the same exchange as a known one.

use super::Shared;
use super::client::{Client, Ending};
use super::registry::{Entry, Who};
use super::startup::Request;
use crate::config::{CONSOLE, Console};
use crate::error::{Fault, SqlState};
use crate::limits::{Place, Share};
use crate::policy::Identity;
use crate::session::{Broken, Session, is_reported};
use crate::tenants::{Budget, Login};
use crate::wire::backend::Transaction;
use crate::wire::{AUTHENTICATION_LIMIT, Frame, answer, frontend};
use pgwire::api::auth::sasl::scram::ScramServerAuth;
use std::sync::Arc;

const PLAIN: &str = "SCRAM-SHA-256";
const PLUS: &str = "SCRAM-SHA-256-PLUS";

/// A client that is logged in.
pub(super) struct LoggedIn {
    pub(super) identity: Arc<Identity>,
    pub(super) session: Session,
    pub(super) entry: Entry,
    pub(super) place: Place,
    pub(super) budget: Arc<Budget>,
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

fn denied(code: SqlState, message: impl Into<String>) -> Failed {
    Failed::Denied(Denied { code, message: message.into(), user: None })
}

/// Runs the whole login.
pub(super) async fn log_in(client: &mut Client, request: &Request, shared: &Shared) -> Result<Admitted, Failed> {
    let login = authenticate(client, request, shared).await?;
    if let Some(why) = &login.barred {
        return Err(denied(SqlState::INVALID_AUTHORIZATION, why.clone()));
    }
    if request.database == CONSOLE {
        return open_console(client, request, &login, shared).map(Admitted::Operator);
    }
    if request.database != *shared.settings.load().upstream.database {
        return Err(denied(SqlState::INVALID_CATALOG_NAME, "this database is not served here"));
    }
    open_database(client, request, &login, shared).await.map(|client| Admitted::Client(Box::new(client)))
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
async fn open_database(client: &mut Client, request: &Request, login: &Arc<Login>, shared: &Shared) -> Result<LoggedIn, Failed> {
    not_suspended(login, shared)?;
    let Some(place) = login.budget.places.take() else {
        return Err(denied(SqlState::TOO_MANY_CONNECTIONS, "too many connections for this tenant"));
    };
    super::freshness::greet(shared).await;
    let rewriter = shared.rewriter.load_full();
    let scope = rewriter.scope(&login.identity).map_err(|r| denied(r.code, r.message))?;
    let told = statuses(request, login, shared).await?;
    let mut session = Session::new(rewriter, scope, login.budget.rate.clone(), request.settings.clone(), told);
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
    session.limit(budget.rate.clone());
    greet(client, session.told().iter().map(|(name, value)| (&**name, &**value)), &entry);
    Ok(LoggedIn { identity: Arc::clone(&login.identity), session, entry, place, budget })
}

async fn authenticate(client: &mut Client, request: &Request, shared: &Shared) -> Result<Arc<Login>, Failed> {
    let wrong = || denied(SqlState::INVALID_PASSWORD, format!("password authentication failed for user \"{}\"", request.user));
    let plain = ScramServerAuth::new();
    let bound = shared.tls.as_ref().filter(|_| client.stream.is_tls()).and_then(|t| t.bound.as_ref());
    match bound {
        Some(_) => answer::sasl(&mut client.outbox, &[PLUS, PLAIN]),
        None => answer::sasl(&mut client.outbox, &[PLAIN]),
    }
    client.flush().await?;
    let (tag, body) = client.message(AUTHENTICATION_LIMIT).await?;
    let frame = Frame { tag, body: &body, whole: &[] };
    let (mechanism, first) = frontend::sasl_initial(&frame)?;
    let server = match (mechanism, bound) {
        (PLUS, Some(bound)) | (PLAIN, Some(bound)) => bound,
        (PLAIN, None) => &plain,
        (_other, _) => return Err(Fault::Malformed { message: "SASLInitialResponse" }.into()),
    };
    // The binding flag and the mechanism must agree (RFC 5802, section 6).
    if first.starts_with(b"p=") != (mechanism == PLUS) {
        return Err(Fault::Malformed { message: "SASLInitialResponse" }.into());
    }
    let registry = shared.registry.load_full();
    let secret = registry.secret(&request.user);
    let Ok((challenge, waiting)) = server.on_client_first_message_with_secret(first, secret) else { return Err(wrong()) };
    answer::sasl_continue(&mut client.outbox, challenge.as_bytes());
    client.flush().await?;
    let (tag, body) = client.message(AUTHENTICATION_LIMIT).await?;
    let frame = Frame { tag, body: &body, whole: &[] };
    let Ok(proof) = waiting.on_client_final_message(frontend::sasl_response(&frame)?) else { return Err(wrong()) };
    let Some(login) = registry.find(&request.user) else { return Err(wrong()) };
    answer::sasl_final(&mut client.outbox, proof.as_bytes());
    Ok(Arc::clone(login))
}

/// An application's name as the server would show it.
fn clean(name: &str) -> Box<str> {
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
