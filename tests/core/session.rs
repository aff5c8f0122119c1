//! Scripts of the session: what a client sends, what the server is sent, what it answers, what the client hears.
//! It does not test the rewriter: the statements are simple ones over the fixture.

mod copying;
mod cut;
mod explain_rewrite;
mod extended;
mod portals;
mod positions;
mod prepared_in_sql;
mod promoted;
mod random;
mod server;
mod settings;
mod shared;
mod simple;
mod switching;

use crate::billing;
use crate::wire::message;
use pgmoat::session::{Backend, Broken, Record, Session, Settings, Taken, Value};
use pgmoat::wire::Frame;
use std::sync::Arc;
use std::time::Duration;

/// One session with at most one server connection at a time.
struct Script {
    session: Session,
    backend: Option<Backend>,
    heard: Vec<u8>,
    records: Vec<Record>,
    taken: Vec<Taken>,
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).replace('\0', "|")
}

/// Each frame as its type and what matters of its body.
fn summary(mut bytes: &[u8]) -> String {
    let mut words = Vec::new();
    while let Some(frame) = Frame::read(bytes, 1 << 24).expect("well framed") {
        let body = frame.body;
        words.push(match frame.tag {
            b'E' if body.starts_with(b"S") => {
                let code = body.split(|&b| b == 0).find(|f| f.first() == Some(&b'C')).expect("a code");
                format!("E{}", text(&code[1..]))
            }
            b'Q' | b'C' | b'Z' | b'B' | b'D' | b'E' | b'S' => format!("{}:{}", char::from(frame.tag), text(body)),
            b'P' => {
                let mut parts = body.split(|&b| b == 0);
                let (name, sql) = (parts.next().expect("name"), parts.next().expect("text"));
                format!("P:{}|{}", text(name), text(sql))
            }
            tag => char::from(tag).to_string(),
        });
        bytes = &bytes[frame.whole.len()..];
    }
    assert!(bytes.is_empty(), "half a message");
    words.join(" ")
}

impl Script {
    fn new() -> Self {
        Self::with(Settings::default())
    }

    fn with(settings: Settings) -> Self {
        let (rewriter, scope) = billing::rewriter();
        let told = vec![("TimeZone".into(), "UTC".into())];
        let session = Session::new(Arc::new(rewriter), scope, None, settings, told);
        Self { session, backend: None, heard: Vec::new(), records: Vec::new(), taken: Vec::new() }
    }

    /// The client sends these messages; the session takes what it takes. Says what the server was sent.
    fn client(&mut self, bytes: &[u8]) -> String {
        self.try_client(bytes).expect("no fault")
    }

    fn try_client(&mut self, mut bytes: &[u8]) -> Result<String, Broken> {
        self.taken.clear();
        while let Some(frame) = Frame::read(bytes, 1 << 24).expect("well framed") {
            let taken = self.session.on_client(&frame, self.backend.as_mut(), Duration::ZERO, &mut self.heard)?;
            self.taken.push(taken);
            match taken {
                Taken::NeedsServer => {
                    assert!(self.backend.is_none(), "it has one");
                    let mut backend = Backend::new(0);
                    self.session.attach(&mut backend)?;
                    self.backend = Some(backend);
                }
                Taken::Done => bytes = &bytes[frame.whole.len()..],
                Taken::Hold | Taken::Full | Taken::Ended | Taken::Switch => break,
            }
        }
        self.records.extend(self.session.take_records());
        Ok(self.sent())
    }

    fn sent(&mut self) -> String {
        let Some(backend) = &mut self.backend else { return String::new() };
        let bytes = backend.outbox().unwritten().to_vec();
        backend.outbox().wrote(bytes.len());
        summary(&bytes)
    }

    /// The server sends this. Says what the client hears.
    fn server(&mut self, bytes: &[u8]) -> String {
        self.try_server(bytes).expect("understood")
    }

    fn try_server(&mut self, bytes: &[u8]) -> Result<String, Broken> {
        let backend = self.backend.as_mut().expect("a server connection");
        let taken = self.session.on_server(bytes, backend, &mut self.heard)?;
        assert_eq!(taken, bytes.len(), "all is taken");
        Ok(self.heard())
    }

    fn heard(&mut self) -> String {
        summary(&std::mem::take(&mut self.heard))
    }

    fn is_clean(&self) -> bool {
        self.backend.as_ref().is_none_or(Backend::is_clean)
    }

    /// Returns the connection, which must be clean.
    fn give_back(&mut self) -> Backend {
        assert!(self.is_clean() && self.session.is_idle());
        self.backend.take().expect("a server connection")
    }

    fn codes(&self) -> Vec<String> {
        let code = |r: &Record| match r {
            Record::Refusal { refusal, statement: _ } => refusal.code.to_string(),
            Record::Bypass { statement, relations: _ } => statement.to_string(),
            Record::Crossing { crossing, statement: _, relations: _ } => format!("{crossing:?}"),
        };
        self.records.iter().map(code).collect()
    }
}

fn query(sql: &str) -> Vec<u8> {
    message(b'Q', &[sql.as_bytes(), b"\0"].concat())
}

fn parse(name: &str, sql: &str) -> Vec<u8> {
    message(b'P', format!("{name}\0{sql}\0\0\0").as_bytes())
}

fn bind(portal: &str, name: &str, values: &[&str]) -> Vec<u8> {
    let mut body = format!("{portal}\0{name}\0\0\0").into_bytes();
    body.extend(u16::try_from(values.len()).expect("few").to_be_bytes());
    for value in values {
        body.extend(u32::try_from(value.len()).expect("short").to_be_bytes());
        body.extend(value.as_bytes());
    }
    body.extend([0, 0]);
    message(b'B', &body)
}

fn execute(portal: &str) -> Vec<u8> {
    message(b'E', format!("{portal}\0\0\0\0\0").as_bytes())
}

fn describe(kind: char, name: &str) -> Vec<u8> {
    message(b'D', format!("{kind}{name}\0").as_bytes())
}

fn close(kind: char, name: &str) -> Vec<u8> {
    message(b'C', format!("{kind}{name}\0").as_bytes())
}

fn sync() -> Vec<u8> {
    message(b'S', b"")
}

fn ready(status: u8) -> Vec<u8> {
    message(b'Z', &[status])
}

fn complete(tag: &str) -> Vec<u8> {
    message(b'C', format!("{tag}\0").as_bytes())
}

fn error(code: &str) -> Vec<u8> {
    message(b'E', format!("SERROR\0VERROR\0C{code}\0Mno\0DKey (id)=(secret)\0\0").as_bytes())
}

const PARSED: [u8; 5] = [b'1', 0, 0, 0, 4];
const BOUND: [u8; 5] = [b'2', 0, 0, 0, 4];
const CLOSED: [u8; 5] = [b'3', 0, 0, 0, 4];
const NO_DATA: [u8; 5] = [b'n', 0, 0, 0, 4];
const EMPTY: [u8; 5] = [b'I', 0, 0, 0, 4];

fn joined(parts: &[&[u8]]) -> Vec<u8> {
    parts.concat()
}

/// Runs a transaction command, with the status that it ends in.
fn run(script: &mut Script, sql: &str, tag: &str, status: u8) {
    script.client(&query(sql));
    script.server(&joined(&[&complete(tag), &ready(status)]));
    script.heard();
}
