//! A small blocking client of the PostgreSQL protocol that shows every byte: for pipelining, malformed messages and canaries.
//! It does not interpret values.

use crate::reply::{Column, Outcome, Reply};
use postgres_protocol::authentication::{md5_hash, sasl};
use std::collections::BTreeMap;
use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

/// What a blocking transport must do.
pub(crate) trait Transport: Read + Write + Send {}
impl<T: Read + Write + Send> Transport for T {}

/// One message from the server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Frame {
    pub(crate) tag: u8,
    pub(crate) body: Vec<u8>,
}

/// A connection.
pub(crate) struct Wire {
    stream: Box<dyn Transport>,
    buffer: Vec<u8>,
    start: usize,
    /// ParameterStatus values as last told.
    pub(crate) parameters: BTreeMap<String, String>,
    /// BackendKeyData: process id and secret key.
    pub(crate) key: Option<(i32, i32)>,
    /// Texts that must never arrive.
    forbidden: Vec<String>,
    /// Messages in which a forbidden text arrived.
    pub(crate) leaks: Vec<String>,
}

/// Why connecting failed.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The transport broke.
    Io(io::Error),
    /// The server said no: the fields of its ErrorResponse.
    Refused(BTreeMap<char, String>),
}

impl From<io::Error> for Failure {
    fn from(e: io::Error) -> Self {
        Self::Io(e)
    }
}

/// No answer in this time fails a test.
const PATIENCE: Duration = Duration::from_secs(30);

/// A message with its tag and length.
pub(crate) fn message(tag: u8, body: &[u8]) -> Vec<u8> {
    let mut out = vec![tag];
    out.extend(i32::try_from(body.len() + 4).expect("length").to_be_bytes());
    out.extend(body);
    out
}

/// The text with its terminating zero byte.
pub(crate) fn cstr(text: &str) -> Vec<u8> {
    let mut out = text.as_bytes().to_vec();
    out.push(0);
    out
}

/// A StartupMessage of protocol 3.0.
pub(crate) fn startup(parameters: &[(&str, &str)]) -> Vec<u8> {
    let mut body = 196_608_i32.to_be_bytes().to_vec();
    for (k, v) in parameters {
        body.extend(cstr(k));
        body.extend(cstr(v));
    }
    body.push(0);
    untagged(&body)
}

/// A message of the start-up phase: a length and no tag.
pub(crate) fn untagged(body: &[u8]) -> Vec<u8> {
    let mut out = i32::try_from(body.len() + 4).expect("length").to_be_bytes().to_vec();
    out.extend(body);
    out
}

/// A simple Query.
pub(crate) fn query(sql: &str) -> Vec<u8> {
    message(b'Q', &cstr(sql))
}

/// Parse with declared parameter types.
pub(crate) fn parse(name: &str, sql: &str, types: &[u32]) -> Vec<u8> {
    let mut body = cstr(name);
    body.extend(cstr(sql));
    body.extend(i16::try_from(types.len()).expect("count").to_be_bytes());
    types.iter().for_each(|t| body.extend(t.to_be_bytes()));
    message(b'P', &body)
}

/// Bind with text parameters and text results.
pub(crate) fn bind(portal: &str, statement: &str, values: &[Option<&str>]) -> Vec<u8> {
    let values: Vec<Option<&[u8]>> = values.iter().map(|v| v.map(str::as_bytes)).collect();
    bind_formats(portal, statement, &[], &values, &[])
}

/// Bind with format codes.
pub(crate) fn bind_formats(portal: &str, statement: &str, formats: &[i16], values: &[Option<&[u8]>], results: &[i16]) -> Vec<u8> {
    let mut body = cstr(portal);
    body.extend(cstr(statement));
    body.extend(i16::try_from(formats.len()).expect("count").to_be_bytes());
    formats.iter().for_each(|f| body.extend(f.to_be_bytes()));
    body.extend(i16::try_from(values.len()).expect("count").to_be_bytes());
    for value in values {
        match value {
            None => body.extend((-1_i32).to_be_bytes()),
            Some(v) => {
                body.extend(i32::try_from(v.len()).expect("length").to_be_bytes());
                body.extend(*v);
            }
        }
    }
    body.extend(i16::try_from(results.len()).expect("count").to_be_bytes());
    results.iter().for_each(|f| body.extend(f.to_be_bytes()));
    message(b'B', &body)
}

/// Describe a statement (`S`) or a portal (`P`).
pub(crate) fn describe(kind: u8, name: &str) -> Vec<u8> {
    let mut body = vec![kind];
    body.extend(cstr(name));
    message(b'D', &body)
}

/// Close a statement (`S`) or a portal (`P`).
pub(crate) fn close(kind: u8, name: &str) -> Vec<u8> {
    let mut body = vec![kind];
    body.extend(cstr(name));
    message(b'C', &body)
}

/// Execute a portal; 0 rows means all.
pub(crate) fn execute(portal: &str, rows: i32) -> Vec<u8> {
    let mut body = cstr(portal);
    body.extend(rows.to_be_bytes());
    message(b'E', &body)
}

/// Sync.
pub(crate) fn sync() -> Vec<u8> {
    message(b'S', &[])
}

/// CancelRequest for a key.
pub(crate) fn cancel(port: u16, key: (i32, i32)) -> io::Result<()> {
    let mut body = 80_877_102_i32.to_be_bytes().to_vec();
    body.extend(key.0.to_be_bytes());
    body.extend(key.1.to_be_bytes());
    let mut stream = TcpStream::connect(("127.0.0.1", port))?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.write_all(&untagged(&body))?;
    // The server closes without an answer.
    stream.read_to_end(&mut Vec::new()).map(|_| ())
}

/// A TCP connection that fails rather than hangs.
pub(crate) fn tcp(port: u16) -> io::Result<TcpStream> {
    let stream = TcpStream::connect(("127.0.0.1", port))?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_nodelay(true)?;
    Ok(stream)
}

impl Wire {
    /// A connection before its StartupMessage.
    pub(crate) fn raw(stream: impl Transport + 'static) -> Self {
        Self {
            stream: Box::new(stream),
            buffer: Vec::new(),
            start: 0,
            parameters: BTreeMap::new(),
            key: None,
            forbidden: Vec::new(),
            leaks: Vec::new(),
        }
    }

    /// Connects and authenticates.
    pub(crate) fn connect(port: u16, user: &str, database: &str, password: Option<&str>) -> Result<Self, Failure> {
        Self::login(tcp(port)?, &[("user", user), ("database", database)], password)
    }

    /// Authenticates on a transport, with these startup parameters.
    pub(crate) fn login(
        stream: impl Transport + 'static,
        parameters: &[(&str, &str)],
        password: Option<&str>,
    ) -> Result<Self, Failure> {
        let mut wire = Self::raw(stream);
        wire.send(&startup(parameters))?;
        wire.authenticate(parameters.first().map_or("", |p| p.1), password)?;
        Ok(wire)
    }

    /// Answers the server's authentication requests up to the first ReadyForQuery.
    pub(crate) fn authenticate(&mut self, user: &str, password: Option<&str>) -> Result<(), Failure> {
        let secret = password.unwrap_or("");
        let mut scram = None;
        loop {
            let frame = self.frame()?;
            match frame.tag {
                b'R' => {
                    let (kind, rest) = frame.body.split_at(4);
                    match i32::from_be_bytes(kind.try_into().expect("four bytes")) {
                        0 => {}
                        3 => self.send(&message(b'p', &cstr(secret)))?,
                        5 => {
                            let salt = rest.try_into().expect("salt");
                            self.send(&message(b'p', &cstr(&md5_hash(user.as_bytes(), secret.as_bytes(), salt))))?;
                        }
                        10 => {
                            let s = sasl::ScramSha256::new(secret.as_bytes(), sasl::ChannelBinding::unsupported());
                            let mut body = cstr("SCRAM-SHA-256");
                            body.extend(i32::try_from(s.message().len()).expect("length").to_be_bytes());
                            body.extend(s.message());
                            self.send(&message(b'p', &body))?;
                            scram = Some(s);
                        }
                        11 => {
                            let s = scram.as_mut().expect("SASL began");
                            s.update(rest)?;
                            let body = s.message().to_vec();
                            self.send(&message(b'p', &body))?;
                        }
                        12 => scram.as_mut().expect("SASL began").finish(rest)?,
                        other => return Err(io::Error::other(format!("authentication request {other}")).into()),
                    }
                }
                b'K' => {
                    let n = |r: std::ops::Range<usize>| i32::from_be_bytes(frame.body[r].try_into().expect("four bytes"));
                    self.key = Some((n(0..4), n(4..8)));
                }
                b'E' => return Err(Failure::Refused(fields(&frame.body))),
                b'Z' => return Ok(()),
                b'S' | b'N' | b'v' => {}
                other => return Err(io::Error::other(format!("message {:?} during start-up", char::from(other))).into()),
            }
        }
    }

    /// From now on any message holding one of these texts is recorded as a leak.
    pub(crate) fn forbid(&mut self, texts: &[&str]) {
        self.forbidden = texts.iter().map(|t| (*t).to_owned()).collect();
    }

    /// Sends bytes as they are.
    pub(crate) fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.stream.write_all(bytes)?;
        self.stream.flush()
    }

    /// The next message.
    pub(crate) fn frame(&mut self) -> io::Result<Frame> {
        loop {
            let pending = &self.buffer[self.start..];
            if let Some(head) = pending.get(1..5) {
                let length = usize::try_from(u32::from_be_bytes(head.try_into().expect("four bytes"))).expect("usize");
                if pending.len() > length {
                    let frame = Frame { tag: pending[0], body: pending[5..=length].to_vec() };
                    self.start += length + 1;
                    self.inspect(&frame);
                    return Ok(frame);
                }
            }
            self.buffer.drain(..self.start);
            self.start = 0;
            let mut chunk = [0; 16 * 1024];
            match self.stream.read(&mut chunk)? {
                0 => return Err(io::ErrorKind::UnexpectedEof.into()),
                n => self.buffer.extend(&chunk[..n]),
            }
        }
    }

    fn inspect(&mut self, frame: &Frame) {
        if frame.tag == b'S' {
            let mut parts = frame.body.split(|b| *b == 0).map(|p| String::from_utf8_lossy(p).into_owned());
            self.parameters.insert(parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        }
        if self.forbidden.is_empty() {
            return;
        }
        let text = String::from_utf8_lossy(&frame.body);
        if let Some(found) = self.forbidden.iter().find(|f| text.contains(f.as_str())) {
            self.leaks.push(format!("{found} in message {:?}: {}", char::from(frame.tag), text.escape_debug()));
        }
    }

    /// Messages up to and including the next ReadyForQuery, or up to the end of the connection.
    pub(crate) fn until_ready(&mut self) -> Reply {
        self.collect(None, false)
    }

    /// As [`Self::until_ready`], giving `copy` when the server asks for data; without it the COPY is failed.
    /// In the extended protocol a Sync goes with it: the one before is lost in the COPY.
    pub(crate) fn collect(&mut self, copy: Option<&[u8]>, extended: bool) -> Reply {
        let mut reply = Reply::default();
        let mut columns: Option<Vec<Column>> = None;
        let mut rows = Vec::new();
        loop {
            let frame = match self.frame() {
                Ok(f) => f,
                Err(e) => {
                    reply.broken = Some(e.kind());
                    return reply;
                }
            };
            match frame.tag {
                b'T' => columns = Some(described(&frame.body)),
                b'D' => rows.push(values(&frame.body)),
                b'C' | b's' => {
                    let tag = String::from_utf8_lossy(frame.body.split_last().map_or(&[], |l| l.1)).into_owned();
                    reply.outcomes.push(Outcome::Done { columns: columns.take(), rows: std::mem::take(&mut rows), tag });
                }
                b'I' => reply.outcomes.push(Outcome::Empty),
                b'E' => {
                    columns = None;
                    rows.clear();
                    reply.outcomes.push(Outcome::Error(fields(&frame.body)));
                }
                b'N' => reply.notices.push(fields(&frame.body)),
                b'H' => columns = None,
                b'd' => rows.push(vec![Some(frame.body)]),
                b'G' => {
                    let answer = match copy {
                        Some(data) => [message(b'd', data), message(b'c', &[])].concat(),
                        None => message(b'f', &cstr("no data at hand")),
                    };
                    let answer = if extended { [answer, sync()].concat() } else { answer };
                    if let Err(e) = self.send(&answer) {
                        reply.broken = Some(e.kind());
                        return reply;
                    }
                }
                b'Z' => {
                    reply.status = frame.body.first().copied();
                    return reply;
                }
                b't' => reply.parameter_types.push(types(&frame.body)),
                b'1' | b'2' | b'3' | b'n' | b'c' | b'S' | b'A' | b'W' => {}
                other => panic!("unexpected message {:?}", char::from(other)),
            }
        }
    }

    /// Runs a simple query.
    pub(crate) fn query(&mut self, sql: &str) -> Reply {
        self.exchange(&query(sql))
    }

    /// Runs a simple query that must succeed and gives its last result's rows as texts.
    pub(crate) fn run(&mut self, sql: &str) -> Vec<Vec<Option<String>>> {
        let reply = self.query(sql);
        if let Some(error) = reply.error() {
            panic!("{error:?} from: {sql}");
        }
        reply.last_rows()
    }

    /// Parse, Bind, Describe, Execute, Sync with text parameters.
    pub(crate) fn extended(&mut self, sql: &str, values: &[Option<&str>]) -> Reply {
        let bytes = [parse("", sql, &[]), bind("", "", values), describe(b'P', ""), execute("", 0), sync()].concat();
        self.exchange(&bytes)
    }

    /// Sends, and reads up to ReadyForQuery.
    pub(crate) fn exchange(&mut self, bytes: &[u8]) -> Reply {
        match self.send(bytes) {
            Ok(()) => self.until_ready(),
            Err(e) => Reply { broken: Some(e.kind()), ..Reply::default() },
        }
    }
}

/// The fields of an ErrorResponse or NoticeResponse.
pub(crate) fn fields(body: &[u8]) -> BTreeMap<char, String> {
    body.split(|b| *b == 0)
        .filter_map(|f| f.split_first())
        .map(|(k, v)| (char::from(*k), String::from_utf8_lossy(v).into_owned()))
        .collect()
}

fn take<const N: usize>(body: &mut &[u8]) -> [u8; N] {
    let (head, rest) = body.split_first_chunk::<N>().expect("a whole message");
    *body = rest;
    *head
}

fn described(mut body: &[u8]) -> Vec<Column> {
    let n = i16::from_be_bytes(take(&mut body));
    (0..n)
        .map(|_| {
            let end = body.iter().position(|b| *b == 0).expect("a name");
            let name = String::from_utf8_lossy(&body[..end]).into_owned();
            body = &body[end + 1..];
            let _origin: [u8; 6] = take(&mut body);
            let type_oid = u32::from_be_bytes(take(&mut body));
            let _size: [u8; 2] = take(&mut body);
            let modifier = i32::from_be_bytes(take(&mut body));
            let format = i16::from_be_bytes(take(&mut body));
            Column { name, type_oid, modifier, format }
        })
        .collect()
}

fn values(mut body: &[u8]) -> Vec<Option<Vec<u8>>> {
    let n = i16::from_be_bytes(take(&mut body));
    (0..n)
        .map(|_| {
            let length = usize::try_from(i32::from_be_bytes(take(&mut body))).ok()?;
            let (value, rest) = body.split_at(length);
            body = rest;
            Some(value.to_vec())
        })
        .collect()
}

fn types(mut body: &[u8]) -> Vec<u32> {
    let n = i16::from_be_bytes(take(&mut body));
    (0..n).map(|_| u32::from_be_bytes(take(&mut body))).collect()
}
