//! How a client proves who it is: SCRAM-SHA-256, a token in the place of the password, a client certificate. What it may do is not
//! settled here.
//!
//! An unknown user goes through the same exchange as one with a password, and hears the same as a wrong password, a tenant that is not the
//! user's, and a certificate that is not.

use super::Shared;
use super::client::Client;
use super::login::{Denied, Failed, denied, slowed};
use super::startup::Request;
use crate::error::{Fault, SqlState};
use crate::tenants::jwt::Claims;
use crate::tenants::{Choice, Login, Proof, Registry, Unsettled, is_called};
use crate::wire::{AUTHENTICATION_LIMIT, Frame, answer, frontend};
use pgwire::api::auth::sasl::scram::ScramServerAuth;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::SystemTime;

const PLAIN: &str = "SCRAM-SHA-256";
const PLUS: &str = "SCRAM-SHA-256-PLUS";

/// A client that is who it says.
pub(super) struct Proved {
    pub(super) login: Arc<Login>,
    /// What its token said, if it showed one, and when its session ends with it.
    pub(super) token: Option<Token>,
}

/// What of a token outlives the login.
pub(super) struct Token {
    pub(super) subject: Option<String>,
    pub(super) until: Option<SystemTime>,
}

/// What everybody hears who is not who it says. Whether it is counted as a wrong password: a token that its issuer signed is none.
fn wrong(request: &Request, guessed: bool) -> Failed {
    let message = format!("password authentication failed for user \"{}\"", request.user);
    Failed::Denied(Denied { guessed, ..Denied::new(SqlState::INVALID_PASSWORD, message) })
}

/// Runs the exchange that the user's kind of proof takes.
pub(super) async fn prove(client: &mut Client, ip: IpAddr, request: &Request, shared: &Shared) -> Result<Proved, Failed> {
    let registry = shared.registry.load_full();
    let (user, named) = registry.named(&request.user);
    let login = registry.find(user);
    let certified = login.is_some_and(|login| is_certified(client, login));
    let mut choice = Choice { tenant: named.or(request.tenant.as_deref()).map(Arc::from), ..Choice::default() };
    let mut token = None;
    match login.map(|login| &login.proof) {
        Some(Proof::Token) => {
            let (claims, until) = by_token(client, request, shared).await?;
            token = Some(Token { subject: claims.subject.clone(), until });
            claim(&mut choice, claims).map_err(|why| wrong(request, false).because(why))?;
        }
        Some(Proof::Certificate) if certified => {}
        Some(Proof::Password(_) | Proof::Certificate) | None => by_password(client, ip, request, shared, &registry, user).await?,
    }
    let wrong = || wrong(request, token.is_none());
    let Some(login) = login else { return Err(wrong()) };
    if !certified {
        return Err(wrong().because("its client certificate is missing, or has another name"));
    }
    if named.is_some() && request.tenant.is_some() && named != request.tenant.as_deref() {
        return Err(wrong().because("it names two tenants"));
    }
    match registry.settle(login, &choice) {
        Ok(login) => Ok(Proved { login, token }),
        Err(Unsettled::Foreign) => Err(wrong().because("the tenant, a node or the role that it names is not one of its own")),
        Err(Unsettled::Unnamed) => {
            let message =
                format!("user \"{user}\" has to name a tenant: log in as \"{user}.TENANT\", or with the option pgmoat.tenant");
            Err(denied(SqlState::INVALID_AUTHORIZATION, message))
        }
    }
}

/// Whether the client has the certificate that the user needs, if it needs one.
fn is_certified(client: &Client, login: &Login) -> bool {
    match &login.certificate {
        Some(name) => client.stream.peer_certificate().is_some_and(|certificate| is_called(certificate, name)),
        None => true,
    }
}

/// SCRAM-SHA-256 (RFC 5802, RFC 7677).
async fn by_password(
    client: &mut Client,
    ip: IpAddr,
    request: &Request,
    shared: &Shared,
    registry: &Registry,
    user: &str,
) -> Result<(), Failed> {
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
    let secret = registry.secret(user);
    let Ok((challenge, waiting)) = server.on_client_first_message_with_secret(first, secret) else {
        return Err(wrong(request, true));
    };
    answer::sasl_continue(&mut client.outbox, challenge.as_bytes());
    client.flush().await?;
    let (tag, body) = client.message(AUTHENTICATION_LIMIT).await?;
    let frame = Frame { tag, body: &body, whole: &[] };
    // Once more: whoever guesses may have begun many logins before the first of them failed.
    if let Some(denied) = slowed(ip, user, request, shared) {
        return Err(Failed::Denied(denied));
    }
    let proof = waiting.on_client_final_message(frontend::sasl_response(&frame)?);
    let proof = proof.map_err(|_| wrong(request, true))?;
    answer::sasl_final(&mut client.outbox, proof.as_bytes());
    Ok(())
}

/// A token, sent as a password in clear: over TLS, or to this very machine.
async fn by_token(client: &mut Client, request: &Request, shared: &Shared) -> Result<(Claims, Option<SystemTime>), Failed> {
    let peer = client.stream.addresses().map(|(_, peer)| peer.ip());
    if !client.stream.is_tls() && !is_near(peer) {
        return Err(denied(SqlState::INVALID_AUTHORIZATION, "tokens are taken over TLS only"));
    }
    answer::cleartext_password(&mut client.outbox);
    client.flush().await?;
    let (tag, body) = client.message(AUTHENTICATION_LIMIT).await?;
    let token = frontend::password(&Frame { tag, body: &body, whole: &[] })?;
    let issuer = shared.issuer.load_full();
    let Some(issuer) = issuer.as_ref() else { return Err(wrong(request, false).because("there is no [jwt] any more")) };
    // One that its issuer signed is no guess: tokens expire. Whatever nobody signed may be one.
    let claims = issuer.verify(token, SystemTime::now()).map_err(|why| wrong(request, why.is_forged()).because(why))?;
    let until = issuer.end_at_expiry().then_some(claims.expiry);
    Ok((claims, until))
}

/// Whether what the peer sends does not leave this machine.
pub(super) fn is_near(peer: Option<IpAddr>) -> bool {
    peer.is_some_and(|peer| peer.to_canonical().is_loopback())
}

/// What a token says of the tenant goes before what the client says, which must not differ.
fn claim(choice: &mut Choice, claims: Claims) -> Result<(), &'static str> {
    if let Some(tenant) = claims.tenant {
        if choice.tenant.as_deref().is_some_and(|named| *named != *tenant) {
            return Err("it names another tenant than its token");
        }
        choice.tenant = Some(tenant.into());
        choice.vouched = true;
    }
    choice.nodes = claims.scopes;
    choice.role = claims.role.map(Arc::from);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::is_near;

    #[test]
    fn only_this_machine_is_near() {
        let near = |text: &str| is_near(Some(text.parse().expect("an address")));
        assert!(["127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"].into_iter().all(near));
        assert!(!["10.0.0.1", "0.0.0.0", "::", "::ffff:10.0.0.1", "fe80::1", "128.0.0.1"].into_iter().any(near));
        assert!(!is_near(None));
    }
}
