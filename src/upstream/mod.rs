//! Server connections: dialling, logging in, the pool, pipelines, the catalog's loader, what tenants' rows take.
//! It does not know clients, and it writes nothing on a client's behalf but what is in a [`crate::session::Outbox`].

pub mod catalog;
mod dial;
mod login;
mod objects;
pub mod pipeline;
mod pool;
pub mod privilege;
mod server;
pub mod storage;
mod stream;
mod tls;
mod upkeep;

pub(crate) use dial::keep_alive;
pub use dial::{Dialler, cancel};
pub use pool::{Checkout, Figures, Pool};
pub use server::{CancelKey, Server, ServerLine};
pub use stream::Stream;
pub(crate) use tls::{authorities, certificates};

use crate::error::{Fault, SqlState};
use std::io;
use std::time::Duration;

/// Why a server connection cannot be had, or a query of the proxy's own failed.
#[derive(Debug, thiserror::Error)]
pub enum Trouble {
    /// The network said no.
    #[error("cannot reach the server at {host}:{port}: {source}")]
    Network {
        /// Host of the server.
        host: String,
        /// Its port.
        port: u16,
        /// What the system said.
        source: io::Error,
    },
    /// It took too long.
    #[error("the server did not answer within {0:?}")]
    Timeout(Duration),
    /// TLS is asked for and the server does not offer it.
    #[error("the server does not support TLS, but sslmode requires it")]
    NoTls,
    /// A file with certificates cannot be used.
    #[error("cannot use the certificates in {path}: {reason}")]
    Certificates {
        /// The file.
        path: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The TLS settings contradict themselves.
    #[error("sslmode {0} needs sslrootcert")]
    NoRoot(&'static str),
    /// The host's name cannot stand in a certificate.
    #[error("the host name {0:?} cannot be verified by TLS")]
    HostName(String),
    /// The TLS library said no.
    #[error("TLS: {0}")]
    Tls(#[from] rustls::Error),
    /// The server's messages cannot be understood.
    #[error("the server's start-up messages cannot be understood: {0}")]
    Protocol(#[from] Fault),
    /// A message is too long.
    #[error(transparent)]
    Oversize(#[from] crate::wire::request::Oversize),
    /// The server closed the connection.
    #[error("the server closed the connection during start-up")]
    Closed,
    /// The server refused the connection.
    #[error("the server refused the connection: {message} ({code})")]
    Refused {
        /// The SQLSTATE.
        code: String,
        /// The server's message.
        message: String,
    },
    /// The server asks for a password and none is configured.
    #[error("the server asks for a password and none is configured")]
    NoPassword,
    /// The server asks for an authentication that is not supported, or did not prove that it knows the password.
    #[error("authentication with the server failed: {0}")]
    Authentication(String),
    /// The network broke in the middle.
    #[error("the connection to the server broke: {0}")]
    Broken(#[from] io::Error),
    /// Every connection is in use.
    #[error("no server connection became free within {0:?}")]
    Exhausted(Duration),
    /// No connection could be made.
    #[error("the server could not be connected to for {waited:?}: {reason}")]
    Away {
        /// How long a client waited.
        waited: Duration,
        /// Why the last try failed.
        reason: String,
    },
    /// The client asked for its statement to be canceled.
    #[error("the client canceled")]
    Canceled,
    /// A catalog query failed.
    #[error("cannot read the catalog: {0}")]
    Catalog(#[from] tokio_postgres::Error),
    /// The catalog says something that cannot be understood.
    #[error("cannot understand the catalog: {0}")]
    Strange(String),
}

impl Trouble {
    /// The SQLSTATE, message and hint that a client gets who needed the server: never what it takes for a broken network.
    #[must_use]
    pub fn answer(&self) -> (SqlState, &'static str, Option<&'static str>) {
        match self {
            Self::Exhausted(_) => (
                SqlState::TOO_MANY_CONNECTIONS,
                "no server connection is available",
                Some(
                    "All that this tenant may use were taken for as long as query_wait_timeout: use shorter transactions, or fewer at once.",
                ),
            ),
            Self::Canceled => (SqlState::QUERY_CANCELED, "canceling statement due to user request", None),
            Self::Network { host: _, port: _, source: _ }
            | Self::Timeout(_)
            | Self::NoTls
            | Self::Certificates { path: _, reason: _ }
            | Self::NoRoot(_)
            | Self::HostName(_)
            | Self::Tls(_)
            | Self::Protocol(_)
            | Self::Oversize(_)
            | Self::Closed
            | Self::Refused { code: _, message: _ }
            | Self::NoPassword
            | Self::Authentication(_)
            | Self::Broken(_)
            | Self::Away { waited: _, reason: _ }
            | Self::Catalog(_)
            | Self::Strange(_) => (SqlState::CANNOT_CONNECT_NOW, "no server connection is available", Some("Try again later.")),
        }
    }
}
