//! Telling a webhook: one HTTP POST a try, by HTTP/1.1 and a connection of its own, retried for a while. It decides nothing about alerts.

use super::Alert;
use rustls::pki_types::ServerName;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};
use std::fmt;
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio_rustls::TlsConnector;

/// How long one try may take.
const LIMIT: Duration = Duration::from_secs(10);
/// The pauses between tries: each doubled, and less by up to a half, so that many do not come at once.
const PAUSES: (Duration, u32) = (Duration::from_millis(500), 7);
/// Alerts under way at once.
const AT_ONCE: usize = 8;
/// As much of an answer is read as its first line may take.
const ANSWER: usize = 8 * 1024;
/// Where systems keep the authorities that they believe.
const ROOTS: [&str; 3] = ["/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/cert.pem"];

/// Who is told. Neither its path nor its header is shown: webhooks have their secrets there.
pub struct Target {
    tls: bool,
    host: String,
    port: u16,
    path: String,
    header: Option<(String, String)>,
    roots: Option<std::path::PathBuf>,
}

impl fmt::Debug for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}", if self.tls { "https" } else { "http" }, self.authority())
    }
}

/// Why a webhook cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum TargetTrouble {
    /// The URL is none that is understood.
    #[error("{0}")]
    Url(&'static str),
    /// The header is none.
    #[error("the header must be of the form \"Name: value\"")]
    Header,
    /// The authorities cannot be read.
    #[error("cannot read the authorities that its certificate is checked by: {0}")]
    Roots(String),
}

/// Why an alert was not taken.
#[derive(Debug, thiserror::Error)]
enum Trouble {
    #[error(transparent)]
    System(#[from] io::Error),
    #[error(transparent)]
    Target(#[from] TargetTrouble),
    #[error("it did not answer within {LIMIT:?}")]
    Slow,
    #[error("it answered with status {0}")]
    Status(u16),
    #[error("its answer is not HTTP")]
    NotHttp,
}

impl Trouble {
    /// Whether another try may do better.
    fn may_pass(&self) -> bool {
        !matches!(self, Self::Status(code) if (400..500).contains(code) && ![408, 429].contains(code))
    }
}

impl Target {
    /// Reads a URL, `http` or `https`, and a header `Name: value`. `roots` are the authorities to believe instead of the system's.
    ///
    /// # Errors
    /// [`TargetTrouble`], without the URL or the header in it.
    pub fn parse(url: &str, header: Option<&str>, roots: Option<&Path>) -> Result<Self, TargetTrouble> {
        let wrong = |what| Err(TargetTrouble::Url(what));
        let (tls, rest) = match (url.strip_prefix("https://"), url.strip_prefix("http://")) {
            (Some(rest), _) => (true, rest),
            (None, Some(rest)) => (false, rest),
            (None, None) => return wrong("the webhook must begin with https:// or http://"),
        };
        if !url.chars().all(|c| c.is_ascii_graphic()) {
            return wrong("the webhook has a character that must be percent-encoded");
        }
        let rest = rest.split('#').next().unwrap_or_default();
        let (authority, path) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
        if authority.contains('@') {
            return wrong("the webhook names a user: give a `header` instead");
        }
        let (host, port) = match authority.strip_prefix('[').and_then(|a| a.split_once(']')) {
            Some((host, port)) => (host, port.strip_prefix(':')),
            None => authority.split_once(':').map_or((authority, None), |(host, port)| (host, Some(port))),
        };
        let default = if tls { 443 } else { 80 };
        let Ok(port) = port.map_or(Ok(default), str::parse) else { return wrong("the webhook's port is not a number") };
        if ServerName::try_from(host).is_err() {
            return wrong("the webhook names no host");
        }
        let header =
            header.map(|h| h.split_once(':').map(|(name, value)| (name.trim(), value.trim())).ok_or(TargetTrouble::Header));
        let header = header.transpose()?;
        let token = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
        let printable = |c: char| c == ' ' || c.is_ascii_graphic();
        let ours = ["host", "content-length", "content-type", "connection", "transfer-encoding"];
        let is_header = |(name, value): &(&str, &str)| {
            !name.is_empty()
                && name.chars().all(token)
                && value.chars().all(printable)
                && !ours.iter().any(|o| name.eq_ignore_ascii_case(o))
        };
        if !header.as_ref().is_none_or(is_header) {
            return Err(TargetTrouble::Header);
        }
        let path = if path.starts_with('/') { path.to_owned() } else { format!("/{path}") };
        let header = header.map(|(name, value)| (name.to_owned(), value.to_owned()));
        Ok(Self { tls, host: host.to_owned(), port, path, header, roots: roots.map(Path::to_path_buf) })
    }

    /// Whether what is sent can be read on the way.
    #[must_use]
    pub fn is_exposed(&self) -> bool {
        let local = self.host == "localhost" || self.host.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback());
        !self.tls && !local
    }

    fn authority(&self) -> String {
        let host = if self.host.contains(':') { format!("[{}]", self.host) } else { self.host.clone() };
        format!("{host}:{}", self.port)
    }

    /// The authorities that a certificate of its is checked by; `None` without TLS.
    ///
    /// # Errors
    /// [`TargetTrouble::Roots`].
    pub fn authorities(&self) -> Result<Option<Arc<ClientConfig>>, TargetTrouble> {
        if !self.tls {
            return Ok(None);
        }
        let wrong = |e: &dyn fmt::Display| TargetTrouble::Roots(e.to_string());
        let system = || ROOTS.iter().map(Path::new).find(|path| path.exists());
        let path = self.roots.as_deref().or_else(system).ok_or_else(|| wrong(&"the system has none: name a file by `ca`"))?;
        let mut store = RootCertStore::empty();
        for certificate in rustls::pki_types::CertificateDer::pem_file_iter(path).map_err(|e| wrong(&e))? {
            // Among the system's there are old ones that are not understood.
            let (_added, _ignored) = store.add_parsable_certificates([certificate.map_err(|e| wrong(&e))?]);
        }
        if store.is_empty() {
            return Err(wrong(&format!("there is none in {}", path.display())));
        }
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config =
            ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions().map_err(|e| wrong(&e))?;
        Ok(Some(Arc::new(config.with_root_certificates(store).with_no_client_auth())))
    }

    async fn post(&self, body: &[u8]) -> Result<(), Trouble> {
        let socket = TcpStream::connect((self.host.as_str(), self.port)).await?;
        match self.authorities()? {
            None => self.exchange(socket, body).await,
            Some(config) => {
                let name = ServerName::try_from(self.host.clone()).map_err(io::Error::other)?;
                self.exchange(TlsConnector::from(config).connect(name, socket).await?, body).await
            }
        }
    }

    async fn exchange(&self, mut stream: impl AsyncRead + AsyncWrite + Unpin, body: &[u8]) -> Result<(), Trouble> {
        let header = self.header.as_ref().map_or_else(String::new, |(name, value)| format!("{name}: {value}\r\n"));
        let head = format!(
            "POST {} HTTP/1.1\r\nHost: {}\r\nUser-Agent: pgmoat\r\n{header}Content-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
            self.path,
            self.authority(),
            body.len()
        );
        stream.write_all(&[head.as_bytes(), body].concat()).await?;
        stream.flush().await?;
        let mut answer = Vec::new();
        while !answer.contains(&b'\n') && answer.len() < ANSWER {
            if stream.read_buf(&mut answer).await? == 0 {
                break;
            }
        }
        match status(&answer) {
            Some(200..300) => Ok(()),
            Some(other) => Err(Trouble::Status(other)),
            None => Err(Trouble::NotHttp),
        }
    }
}

/// The status of an answer: `HTTP/1.1 204 ...`.
fn status(answer: &[u8]) -> Option<u16> {
    let line = answer.split(|b| *b == b'\r' || *b == b'\n').next()?;
    let mut words = std::str::from_utf8(line).ok()?.split(' ');
    words.next().filter(|version| version.starts_with("HTTP/1."))?;
    words.next()?.parse().ok()
}

/// Sends what comes, until nothing can come any more and all is sent or given up.
pub(super) async fn run(mut waiting: mpsc::Receiver<(Arc<Target>, Alert)>) {
    let mut sending = JoinSet::new();
    while let Some((target, alert)) = waiting.recv().await {
        while sending.len() >= AT_ONCE {
            drop(sending.join_next().await);
        }
        sending.spawn(send(target, alert));
    }
    while sending.join_next().await.is_some() {}
}

async fn send(target: Arc<Target>, alert: Alert) {
    let Ok(body) = serde_json::to_vec(&alert) else { return };
    let (first, tries) = PAUSES;
    for number in 0..=tries {
        let trouble = match tokio::time::timeout(LIMIT, target.post(&body)).await {
            Ok(Ok(())) => return,
            Ok(Err(trouble)) => trouble,
            Err(_) => Trouble::Slow,
        };
        if number == tries || !trouble.may_pass() {
            tracing::error!(webhook = %target, alert = alert.alert, %trouble, "an alert is lost");
            return;
        }
        tracing::warn!(webhook = %target, alert = alert.alert, %trouble, "an alert could not be sent; it will be tried again");
        tokio::time::sleep(jittered(first.saturating_mul(1 << number))).await;
    }
}

/// Between half of a pause and all of it.
fn jittered(pause: Duration) -> Duration {
    use std::hash::{BuildHasher, RandomState};
    // Its keys are random: that is random enough for a pause.
    let part = RandomState::new().hash_one(()) % 512;
    pause / 2 + pause.mul_f64(f64::from(u16::try_from(part).unwrap_or(0)) / 1024.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_are_read_and_not_shown() {
        let target =
            Target::parse("https://hooks.example.com/services/T0/secret?x=1", Some("Authorization: Bearer abc"), None).unwrap();
        assert_eq!((target.path.as_str(), target.port), ("/services/T0/secret?x=1", 443));
        let shown = format!("{target} {target:?}");
        assert_eq!(shown, "https://hooks.example.com:443 https://hooks.example.com:443");
        let target = Target::parse("http://[::1]:8080", None, None).unwrap();
        assert_eq!((target.authority().as_str(), target.path.as_str(), target.is_exposed()), ("[::1]:8080", "/", false));
        assert!(Target::parse("http://10.0.0.1?a", None, None).unwrap().is_exposed());
        for url in [
            "ftp://x",
            "https://",
            "https://user@host/",
            "https://host:x/",
            "https://ho st/",
            "https://host/\r\nX: y",
            "https://:1",
        ] {
            assert!(matches!(Target::parse(url, None, None), Err(TargetTrouble::Url(_))), "{url}");
        }
        for header in ["none", ": x", "A b: c", "A: b\r\nC: d", "Host: x", "content-length: 1"] {
            assert!(matches!(Target::parse("http://x/", Some(header), None), Err(TargetTrouble::Header)), "{header}");
        }
    }

    #[test]
    fn answers_are_read_by_their_first_line() {
        assert_eq!(status(b"HTTP/1.1 204 No Content\r\nX: y"), Some(204));
        assert_eq!(status(b"HTTP/1.0 500\r\n"), Some(500));
        assert_eq!([&b""[..], b"SMTP 1", b"HTTP/1.1", b"HTTP/1.1 x", b"\xff\xff 200"].map(status), [None; 5]);
    }

    #[test]
    fn pauses_are_at_least_half() {
        let pause = Duration::from_secs(4);
        assert!((0..100).map(|_| jittered(pause)).all(|p| p >= pause / 2 && p <= pause));
    }
}
