//! Reaching the server: TCP, then TLS as `sslmode` says. It does not log in.

use super::{Stream, Trouble, tls};
use crate::config::{SslMode, Upstream};
use crate::wire::request;
use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use socket2::{SockRef, TcpKeepalive};
use std::io;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

/// Knows how to reach one server.
#[derive(Clone, Debug)]
pub struct Dialler {
    upstream: Arc<Upstream>,
    tls: Option<Arc<ClientConfig>>,
}

impl Dialler {
    /// Reads the certificates that `sslmode` needs.
    ///
    /// # Errors
    /// [`Trouble`] when they cannot be read, or are missing.
    pub fn new(upstream: Arc<Upstream>) -> Result<Self, Trouble> {
        let tls = tls::client_config(&upstream)?;
        Ok(Self { upstream, tls })
    }

    /// The settings of the server.
    #[must_use]
    pub fn upstream(&self) -> &Arc<Upstream> {
        &self.upstream
    }

    /// A fresh stream, TLS done, nothing sent on it yet; within the configured `connect_timeout`.
    ///
    /// # Errors
    /// [`Trouble`] of the network or of TLS.
    pub async fn dial(&self) -> Result<Stream, Trouble> {
        let limit = self.upstream.connect_timeout;
        tokio::time::timeout(limit, self.reach()).await.map_err(|_| Trouble::Timeout(limit))?
    }

    async fn reach(&self) -> Result<Stream, Trouble> {
        let network = |source: io::Error| Trouble::Network { host: self.upstream.host.clone(), port: self.upstream.port, source };
        let mut socket = TcpStream::connect((self.upstream.host.as_str(), self.upstream.port)).await.map_err(network)?;
        socket.set_nodelay(true).map_err(network)?;
        keep_alive(&socket).map_err(network)?;
        let Some(config) = &self.tls else { return Ok(Stream::Plain(socket)) };
        socket.write_all(&request::tls()).await.map_err(network)?;
        match socket.read_u8().await.map_err(network)? {
            b'S' => {}
            b'N' => {
                return match self.upstream.sslmode {
                    SslMode::Prefer | SslMode::Disable => Ok(Stream::Plain(socket)),
                    SslMode::Require | SslMode::VerifyCa | SslMode::VerifyFull => Err(Trouble::NoTls),
                };
            }
            tag => return Err(crate::error::Fault::Unexpected { tag, state: "negotiating TLS with the server" }.into()),
        }
        // Exactly one byte was read: what an attacker sent in plain behind it goes into the handshake and breaks it (CVE-2021-23222).
        let name = ServerName::try_from(self.upstream.host.clone()).map_err(|_| Trouble::HostName(self.upstream.host.clone()))?;
        let stream = TlsConnector::from(Arc::clone(config)).connect(name, socket).await.map_err(network)?;
        Ok(Stream::Tls(Box::new(tokio_rustls::TlsStream::Client(stream))))
    }
}

/// Lets the system find out about a peer that is gone without a word: a minute of silence, then a probe every ten seconds.
pub(crate) fn keep_alive(socket: &TcpStream) -> io::Result<()> {
    let probes = TcpKeepalive::new().with_time(Duration::from_secs(60)).with_interval(Duration::from_secs(10));
    SockRef::from(socket).set_tcp_keepalive(&probes)
}

/// Sends a CancelRequest for a connection's key and waits until the server has closed: then the signal was sent.
///
/// # Errors
/// [`Trouble`] of the network.
pub async fn cancel(dialler: &Dialler, key: &super::CancelKey) -> Result<(), Trouble> {
    let mut stream = dialler.dial().await?;
    let mut packet = Vec::new();
    request::cancel(&mut packet, key.process, &key.secret)?;
    stream.write_all(&packet).await?;
    stream.flush().await?;
    let limit = dialler.upstream.connect_timeout;
    let mut rest = [0; 16];
    // The server sends nothing and closes.
    let closed = tokio::time::timeout(limit, stream.read(&mut rest)).await.map_err(|_| Trouble::Timeout(limit))?;
    match closed {
        Ok(_) => Ok(()),
        Err(e) if e.kind() == io::ErrorKind::UnexpectedEof || e.kind() == io::ErrorKind::ConnectionReset => Ok(()),
        Err(e) => Err(e.into()),
    }
}
