//! The first packets of a connection: TLS, cancel, start-up, and which parameters a client may give. It does not authenticate.

use super::Shared;
use super::client::{Client, Ending};
use super::login::Denied;
use crate::error::{Fault, SqlState};
use crate::session::{Settings, Value};
use crate::upstream::Stream;
use crate::wire::answer;
use crate::wire::startup::{Opening, length};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// Newest minor protocol version that is spoken.
const MINOR: u16 = 2;
/// Most names of unknown options that are told back.
const OPTIONS_LIMIT: usize = 16;

/// What a client asked for at start-up.
#[derive(Debug)]
pub(super) struct Request {
    pub(super) user: String,
    pub(super) database: String,
    /// The tenant that it names by `pgmoat.tenant`.
    pub(super) tenant: Option<String>,
    /// The minor version that both sides will speak.
    pub(super) minor: u16,
    /// Settings to start with.
    pub(super) settings: Settings,
    /// Its application's name, for ParameterStatus.
    pub(super) application_name: Option<String>,
    /// Whether a setting was given that only the server can check.
    pub(super) unchecked: bool,
}

/// What a new connection turned out to be.
pub(super) enum Opened {
    /// A client that wants to log in.
    Login(Client, Request),
    /// A client that asks for what is not allowed; it has not been told yet.
    Denied(Client, Denied),
    /// A cancel request. Its connection ends when the request has been dealt with: who waits for that knows that it will not come late.
    Cancel { stream: Stream, process: i32, secret: Vec<u8> },
    /// Nothing: it went away.
    Gone,
}

/// Reads one opening packet, exactly. `None` when the peer went away before the first byte.
async fn packet(stream: &mut Stream) -> Result<Option<Vec<u8>>, Ending> {
    let mut head = [0; 4];
    if stream.read(head.get_mut(..1).unwrap_or_default()).await? == 0 {
        return Ok(None);
    }
    stream.read_exact(head.get_mut(1..).unwrap_or_default()).await?;
    let total = length(&head)?.unwrap_or_default();
    let mut packet = vec![0; total];
    let (length, rest) = packet.split_at_mut_checked(4).ok_or(Fault::Malformed { message: "StartupMessage" })?;
    length.copy_from_slice(&head);
    stream.read_exact(rest).await?;
    Ok(Some(packet))
}

/// Brings a new connection to its startup packet.
pub(super) async fn open(socket: TcpStream, shared: &Shared) -> Result<Opened, Ending> {
    let mut first = [0; 1];
    if socket.peek(&mut first).await? == 0 {
        return Ok(Opened::Gone);
    }
    let mut stream = Stream::Plain(socket);
    // A TLS ClientHello at once; a length field cannot begin with this byte.
    if first == [0x16] {
        stream = direct(stream, shared).await?;
    }
    let (mut asked_tls, mut asked_gss) = (false, false);
    loop {
        let Some(bytes) = packet(&mut stream).await? else { return Ok(Opened::Gone) };
        match Opening::read(&bytes)? {
            Opening::Tls if !asked_tls && !stream.is_tls() => {
                asked_tls = true;
                match &shared.tls {
                    Some(_) => stream = handshake(stream, shared).await?,
                    None => stream.write_all(b"N").await?,
                }
            }
            Opening::Gss if !asked_gss && !stream.is_tls() => {
                asked_gss = true;
                stream.write_all(b"N").await?;
            }
            Opening::Tls | Opening::Gss => return Err(Fault::Malformed { message: "StartupMessage" }.into()),
            Opening::Cancel { process, secret } => {
                let secret = secret.to_vec();
                return Ok(Opened::Cancel { stream, process, secret });
            }
            Opening::Startup { major, minor, parameters } => {
                let mut client = Client::new(stream);
                if shared.tls_required && !client.stream.is_tls() {
                    let message = "this server accepts TLS connections only";
                    return Ok(Opened::Denied(client, Denied::new(SqlState::INVALID_AUTHORIZATION, message)));
                }
                return Ok(match request(major, minor, &parameters, &mut client) {
                    Ok(request) => Opened::Login(client, request),
                    Err((code, message)) => {
                        let user = parameters.iter().find(|(name, _)| *name == "user").map(|(_, user)| (*user).into());
                        Opened::Denied(client, Denied { user, ..Denied::new(code, message) })
                    }
                });
            }
        }
    }
}

/// TLS after an SSLRequest. Its eight bytes were read and none more; a byte that came in plain behind them would have been
/// sent by whoever sits between (CVE-2021-23214), so the connection ends.
async fn handshake(stream: Stream, shared: &Shared) -> Result<Stream, Ending> {
    let (Stream::Plain(mut socket), Some(tls)) = (stream, &shared.tls) else { return Err(Ending::Gone) };
    let mut byte = [0; 1];
    match socket.try_read(&mut byte) {
        Err(e) if e.kind() == std::io::ErrorKind::WouldBlock => {}
        Ok(0) => return Err(Ending::Gone),
        Ok(_) => return Err(Fault::Malformed { message: "SSLRequest" }.into()),
        Err(e) => return Err(e.into()),
    }
    socket.write_all(b"S").await?;
    let stream = tls.acceptor.accept(socket).await?;
    Ok(Stream::Tls(Box::new(tokio_rustls::TlsStream::Server(stream))))
}

/// TLS from the first byte on; the client must have named the protocol by ALPN (manual, section 55.2.11).
async fn direct(stream: Stream, shared: &Shared) -> Result<Stream, Ending> {
    let (Stream::Plain(socket), Some(tls)) = (stream, &shared.tls) else { return Err(Ending::Gone) };
    let stream = tls.acceptor.accept(socket).await?;
    if stream.get_ref().1.alpn_protocol() != Some(b"postgresql") {
        return Err(Ending::Gone);
    }
    Ok(Stream::Tls(Box::new(tokio_rustls::TlsStream::Server(stream))))
}

type Judged<T> = Result<T, (SqlState, String)>;

/// Judges a startup packet; negotiates the protocol version.
fn request(major: u16, minor: u16, parameters: &[(&str, &str)], client: &mut Client) -> Judged<Request> {
    if major != 3 {
        let message = format!("unsupported frontend protocol {major}.{minor}: server supports 3.0 to 3.{MINOR}");
        return Err((SqlState::FEATURE_NOT_SUPPORTED, message));
    }
    let mut request = Request {
        user: String::new(),
        database: String::new(),
        tenant: None,
        minor: if minor >= 2 { MINOR } else { 0 },
        settings: Settings::default(),
        application_name: None,
        unchecked: false,
    };
    let mut unknown = Vec::new();
    for &(name, value) in parameters {
        match name {
            "user" => request.user = value.to_owned(),
            "database" => request.database = value.to_owned(),
            "options" => options(value, &mut request)?,
            name if name.starts_with("_pq_.") => unknown.push(name),
            name => setting(name, value, &mut request)?,
        }
    }
    if request.user.is_empty() {
        return Err((SqlState::INVALID_AUTHORIZATION, "no PostgreSQL user name specified in startup packet".to_owned()));
    }
    if request.database.is_empty() {
        request.database.clone_from(&request.user);
    }
    if minor > MINOR || minor == 1 || !unknown.is_empty() {
        unknown.truncate(OPTIONS_LIMIT);
        answer::negotiate(&mut client.outbox, request.minor, &unknown);
    }
    Ok(request)
}

fn setting(name: &str, value: &str, request: &mut Request) -> Judged<()> {
    if name.eq_ignore_ascii_case("pgmoat.tenant") {
        request.tenant = Some(value.to_owned());
        return Ok(());
    }
    if name.eq_ignore_ascii_case("client_encoding") {
        let plain: String = value.chars().filter(|c| !matches!(c, '\'' | '"' | '-' | '_')).collect();
        if plain.eq_ignore_ascii_case("utf8") || plain.eq_ignore_ascii_case("unicode") {
            return Ok(());
        }
        return Err((SqlState::FEATURE_NOT_SUPPORTED, "client_encoding must be UTF8".to_owned()));
    }
    let Some((name, made)) = Value::startup(name, value) else {
        let shown: String = name.chars().filter(|c| c.is_ascii_graphic()).take(63).collect();
        return Err((
            SqlState::FEATURE_NOT_SUPPORTED,
            format!("startup parameter \"{shown}\" is not allowed, or its value is not"),
        ));
    };
    match name {
        "application_name" => request.application_name = Some(value.to_owned()),
        "extra_float_digits" => {
            if !value.parse().is_ok_and(|n: i32| (-15..=3).contains(&n)) {
                return Err((SqlState::INVALID_PARAMETER_VALUE, "invalid value for parameter \"extra_float_digits\"".to_owned()));
            }
        }
        _checked_by_the_server => request.unchecked = true,
    }
    request.settings.set(name, made);
    Ok(())
}

/// `options`: only `-c name=value` and `--name=value`, of the settings that may be given directly.
fn options(value: &str, request: &mut Request) -> Judged<()> {
    let bad = || (SqlState::FEATURE_NOT_SUPPORTED, "startup parameter \"options\" may only set allowed settings".to_owned());
    let mut words = split_options(value).into_iter();
    while let Some(word) = words.next() {
        let assignment = if word == "-c" {
            words.next().ok_or_else(bad)?
        } else if let Some(rest) = word.strip_prefix("-c").or_else(|| word.strip_prefix("--")) {
            rest.to_owned()
        } else {
            return Err(bad());
        };
        let (name, value) = assignment.split_once('=').ok_or_else(bad)?;
        // As the server does for command-line options.
        setting(&name.replace('-', "_"), value, request)?;
    }
    Ok(())
}

/// Splits at white space; a backslash takes the next character as it is (`pg_split_opts`).
fn split_options(value: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut chars = value.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => word.get_or_insert_default().extend(chars.next()),
            c if c.is_ascii_whitespace() => words.extend(word.take()),
            c => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    words
}
