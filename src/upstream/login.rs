//! Start-up and authentication with a server, up to its first ReadyForQuery. It does not keep the connection.

use super::server::{CancelKey, Server};
use super::{Stream, Trouble};
use crate::config::{Secret, Upstream};
use crate::session::Backend;
use crate::wire::backend::{self, Authentication, Report, Transaction};
use crate::wire::{AUTHENTICATION_LIMIT, Frame, request};
use bytes::{Buf, BytesMut};
use postgres_protocol::authentication::md5_hash;
use postgres_protocol::authentication::sasl::{ChannelBinding, SCRAM_SHA_256, ScramSha256};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

/// Most messages between start-up and ReadyForQuery.
const MESSAGES_LIMIT: usize = 256;

/// One message of the server's during start-up.
struct Message {
    tag: u8,
    body: Vec<u8>,
}

struct Conversation {
    stream: Stream,
    inbox: BytesMut,
    outbox: Vec<u8>,
    read: usize,
}

impl Conversation {
    async fn send(&mut self) -> Result<(), Trouble> {
        self.stream.write_all(&self.outbox).await?;
        self.stream.flush().await?;
        self.outbox.clear();
        Ok(())
    }

    /// The next message, notices left out; an ErrorResponse is an error.
    async fn receive(&mut self) -> Result<Message, Trouble> {
        loop {
            if let Some(frame) = Frame::read(&self.inbox, AUTHENTICATION_LIMIT)? {
                let message = Message { tag: frame.tag, body: frame.body.to_vec() };
                let length = frame.whole.len();
                self.inbox.advance(length);
                self.read += 1;
                if self.read > MESSAGES_LIMIT {
                    return Err(unexpected(message.tag));
                }
                match message.tag {
                    b'N' => continue,
                    b'E' => {
                        let report = Report::read(&message.body)?;
                        let text = |b: &[u8]| String::from_utf8_lossy(b).into_owned();
                        return Err(Trouble::Refused { code: text(report.code), message: text(report.message) });
                    }
                    _other => return Ok(message),
                }
            }
            if self.stream.read_buf(&mut self.inbox).await? == 0 {
                return Err(Trouble::Closed);
            }
        }
    }

    async fn authenticate(&mut self, upstream: &Upstream) -> Result<(), Trouble> {
        let password = || upstream.password.as_ref().map(Secret::expose).ok_or(Trouble::NoPassword);
        let message = self.receive_authentication().await?;
        match backend::authentication(&message)? {
            Authentication::Ok => return Ok(()),
            Authentication::Cleartext => request::password(&mut self.outbox, password()?.as_bytes())?,
            Authentication::Md5(salt) => {
                let hash = md5_hash(upstream.user.as_bytes(), password()?.as_bytes(), salt);
                request::password(&mut self.outbox, hash.as_bytes())?;
            }
            Authentication::Sasl(mechanisms) if mechanisms.contains(&SCRAM_SHA_256) => self.scram(password()?).await?,
            Authentication::Sasl(_) => return Err(Trouble::Authentication("it offers no SCRAM-SHA-256".to_owned())),
            Authentication::SaslContinue(_) | Authentication::SaslFinal(_) => return Err(unexpected(b'R')),
        }
        self.send().await?;
        let message = self.receive_authentication().await?;
        if backend::authentication(&message)? == Authentication::Ok { Ok(()) } else { Err(unexpected(b'R')) }
    }

    /// SCRAM up to and including the server's proof.
    async fn scram(&mut self, password: &str) -> Result<(), Trouble> {
        let failed = |e: std::io::Error| Trouble::Authentication(e.to_string());
        let mut scram = ScramSha256::new(password.as_bytes(), ChannelBinding::unsupported());
        request::sasl_initial(&mut self.outbox, SCRAM_SHA_256, scram.message())?;
        self.send().await?;
        let message = self.receive_authentication().await?;
        let Authentication::SaslContinue(challenge) = backend::authentication(&message)? else { return Err(unexpected(b'R')) };
        scram.update(challenge).map_err(failed)?;
        request::sasl_response(&mut self.outbox, scram.message())?;
        self.send().await?;
        let message = self.receive_authentication().await?;
        let Authentication::SaslFinal(proof) = backend::authentication(&message)? else { return Err(unexpected(b'R')) };
        scram.finish(proof).map_err(failed)
    }

    async fn receive_authentication(&mut self) -> Result<Vec<u8>, Trouble> {
        let message = self.receive().await?;
        if message.tag == b'R' { Ok(message.body) } else { Err(unexpected(message.tag)) }
    }
}

fn unexpected(tag: u8) -> Trouble {
    crate::error::Fault::Unexpected { tag, state: "logging in to the server" }.into()
}

/// Logs in on a fresh stream. `search_path` is pinned as the connection's default; `prefix` goes into its statements' names.
pub(super) async fn log_in(stream: Stream, upstream: &Upstream, search_path: &str, prefix: u64) -> Result<Server, Trouble> {
    let mut talk = Conversation { stream, inbox: BytesMut::with_capacity(4096), outbox: Vec::new(), read: 0 };
    // No application_name: a client that gives none must see none.
    let parameters = [
        ("user", upstream.user.as_str()),
        ("database", upstream.database.as_str()),
        ("client_encoding", "UTF8"),
        ("standard_conforming_strings", "on"),
        ("search_path", search_path),
    ];
    request::startup(&mut talk.outbox, &parameters)?;
    talk.send().await?;
    talk.authenticate(upstream).await?;
    let mut statuses = Vec::new();
    let mut key = None;
    loop {
        let message = talk.receive().await?;
        match message.tag {
            b'S' => {
                let (name, value) = backend::parameter_status(&message.body)?;
                statuses.push((name.into(), value.into()));
            }
            b'K' => {
                let (process, secret) = backend::key_data(&message.body)?;
                key = Some(CancelKey { process, secret: secret.into() });
            }
            b'Z' => {
                if backend::ready(&message.body)? != Transaction::Idle || !talk.inbox.is_empty() {
                    return Err(unexpected(b'Z'));
                }
                return Ok(Server::new(talk.stream, Backend::new(prefix).promoting(upstream.shared_plans), key, statuses));
            }
            tag => return Err(unexpected(tag)),
        }
    }
}
