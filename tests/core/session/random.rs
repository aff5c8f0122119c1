//! Random sequences of messages against a small model of a server: sent one by one or all at once, they are answered alike.
//! It does not test what is cleared.

use super::*;
use std::collections::HashMap;

/// As much of a server as the session can tell from one.
#[derive(Default)]
struct Model {
    statements: HashMap<String, String>,
    portals: HashMap<String, String>,
    failed: bool,
    open: bool,
    skipping: bool,
    problems: Vec<String>,
}

fn strings(body: &[u8], n: usize) -> Vec<String> {
    body.split(|&b| b == 0).take(n).map(|s| String::from_utf8_lossy(s).into_owned()).collect()
}

impl Model {
    fn status(&self) -> u8 {
        match (self.open, self.failed) {
            (false, _) => b'I',
            (true, false) => b'T',
            (true, true) => b'E',
        }
    }

    fn end(&mut self) -> Vec<u8> {
        if !self.open {
            self.portals.clear();
        }
        ready(self.status())
    }

    /// One statement: its completion, or an error.
    fn run(&mut self, sql: &str) -> Result<Vec<u8>, Vec<u8>> {
        let sql = sql.trim();
        let tag = match sql.split([' ', '\'']).next().unwrap_or_default() {
            "commit" | "rollback" => {
                let tag = if self.failed || sql == "rollback" { "ROLLBACK" } else { "COMMIT" };
                (self.open, self.failed) = (false, false);
                self.portals.clear();
                tag
            }
            _ if self.failed => return Err(error("25P02")),
            _ if sql.contains("refused by") => return Err(error("42601")),
            _ if sql.contains("/ 0") => return Err(error("22012")),
            "begin" => {
                self.open = true;
                "BEGIN"
            }
            "set" | "reset" => "SET",
            _ => "SELECT 1",
        };
        Ok(complete(tag))
    }

    fn fails(&mut self, answer: Vec<u8>, extended: bool) -> Vec<u8> {
        self.failed = self.open;
        self.skipping = extended;
        answer
    }

    fn answer(&mut self, tag: u8, body: &[u8]) -> Vec<u8> {
        if self.skipping && tag != b'S' {
            return Vec::new();
        }
        match tag {
            b'Q' => {
                let sql = strings(body, 1).remove(0);
                let mut out = Vec::new();
                if sql.is_empty() {
                    out.extend(EMPTY);
                }
                for part in sql.split(';').filter(|s| !s.trim().is_empty()) {
                    match self.run(part) {
                        Ok(done) => out.extend(done),
                        Err(failure) => {
                            out.extend(self.fails(failure, false));
                            break;
                        }
                    }
                }
                out.extend(self.end());
                out
            }
            b'P' => {
                let parts = strings(body, 2);
                let ends = ["commit", "rollback"].contains(&parts[1].as_str());
                if parts[1].contains("refused by") {
                    return self.fails(error("42601"), true);
                }
                if self.failed && !ends {
                    return self.fails(error("25P02"), true);
                }
                if parts[1].contains("nothere") {
                    return self.fails(error("42703"), true);
                }
                if !parts[0].is_empty() && self.statements.contains_key(&parts[0]) {
                    self.problems.push(format!("{} is prepared twice", parts[0]));
                }
                self.statements.insert(parts[0].clone(), parts[1].clone());
                PARSED.to_vec()
            }
            b'B' => {
                let parts = strings(body, 2);
                let Some(sql) = self.statements.get(&parts[1]).cloned() else {
                    self.problems.push(format!("{:?} is bound and not there", parts[1]));
                    return self.fails(error("26000"), true);
                };
                if self.failed && !["commit", "rollback"].contains(&sql.as_str()) {
                    return self.fails(error("25P02"), true);
                }
                if !parts[0].is_empty() && self.portals.contains_key(&parts[0]) {
                    return self.fails(error("42P03"), true);
                }
                self.portals.insert(parts[0].clone(), sql);
                BOUND.to_vec()
            }
            b'D' if body.first() == Some(&b'S') => {
                let sql = self.statements.get(&strings(&body[1..], 1)[0]);
                if sql.is_none() {
                    self.problems.push("a statement is described and not there".to_owned());
                }
                // Every text of the menu has the tenant's parameter or none.
                let types: &[u8] = if sql.is_some_and(|s| s.contains("$1")) { b"\0\x01\0\0\0\x14" } else { b"\0\0" };
                [message(b't', types), NO_DATA.to_vec()].concat()
            }
            b'D' => match self.portals.contains_key(&strings(&body[1..], 1)[0]) {
                true => NO_DATA.to_vec(),
                false => self.fails(error("34000"), true),
            },
            b'E' => match self.portals.get(&strings(body, 1)[0]).cloned() {
                None => self.fails(error("34000"), true),
                Some(sql) => match self.run(&sql) {
                    Ok(done) => done,
                    Err(failure) => self.fails(failure, true),
                },
            },
            b'C' => {
                let name = &strings(&body[1..], 1)[0];
                match body.first() {
                    Some(b'S') => self.statements.remove(name),
                    _ => self.portals.remove(name),
                };
                CLOSED.to_vec()
            }
            b'S' => {
                self.skipping = false;
                self.end()
            }
            b'H' => Vec::new(),
            other => panic!("a server is sent {:?}", char::from(other)),
        }
    }
}

/// The client's choices.
fn menu() -> Vec<Vec<u8>> {
    let mut all = vec![
        query("select 1"),
        query("select 1 / 0"),
        query("select 1; select 1 / 0; select 2"),
        query("begin"),
        query("commit"),
        query("rollback"),
        query("select * from operators_notes"),
        query(""),
        query("deallocate a"),
        query("prepare a as select name from properties"),
        query("execute a"),
        query("set timezone to 'Asia/Tokyo'"),
        message(b'F', b"\0"),
        message(b'H', b""),
        message(b'd', b"row"),
        sync(),
        sync(),
        sync(),
    ];
    for name in ["", "a"] {
        for sql in [
            "select 1",
            "select 1 / 0",
            "begin",
            "commit",
            "select * from operators_notes",
            "deallocate all",
            "prepare a as select 2",
            "select nothere from properties",
            "",
        ] {
            all.push(parse(name, sql));
        }
        all.extend([bind("", name, &[]), bind("p", name, &[]), describe('S', name), close('S', name)]);
    }
    for portal in ["", "p"] {
        all.extend([execute(portal), execute(portal), describe('P', portal), close('P', portal)]);
    }
    all
}

/// One client, one server, and a pool of that one connection.
#[derive(Default)]
struct Conversation {
    idle: Option<Backend>,
    model: Model,
}

impl Conversation {
    /// Hands the session messages until it wants to wait; says how many bytes it took.
    fn take(&mut self, s: &mut Script, bytes: &[u8]) -> usize {
        let mut at = 0;
        while let Some(frame) = Frame::read(&bytes[at..], 1 << 20).expect("well framed") {
            match s.session.on_client(&frame, s.backend.as_mut(), Duration::ZERO, &mut s.heard).expect("no fault") {
                Taken::Done => at += frame.whole.len(),
                Taken::NeedsServer => {
                    let mut backend = self.idle.take().unwrap_or_else(|| Backend::new(0));
                    s.session.attach(&mut backend).expect("attached");
                    s.backend = Some(backend);
                }
                Taken::Hold | Taken::Full | Taken::Ended | Taken::Switch => break,
            }
        }
        at
    }

    /// The server answers everything that it was sent; says how many bytes.
    fn serve(&mut self, s: &mut Script) -> usize {
        let Some(backend) = s.backend.as_mut() else { return 0 };
        let sent = backend.outbox().unwritten().to_vec();
        backend.outbox().wrote(sent.len());
        let (mut rest, mut answers) = (sent.as_slice(), Vec::new());
        while let Some(frame) = Frame::read(rest, 1 << 20).expect("well framed") {
            answers.extend(self.model.answer(frame.tag, frame.body));
            rest = &rest[frame.whole.len()..];
        }
        let taken = s.session.on_server(&answers, backend, &mut s.heard).expect("understood");
        assert_eq!(taken, answers.len());
        if s.is_clean() && s.session.is_idle() {
            self.idle = Some(s.give_back());
        }
        answers.len()
    }

    /// Sends the messages in pieces of `at_once` of them; the server answers after each piece. Says what was heard.
    fn run(&mut self, messages: &[Vec<u8>], at_once: usize) -> String {
        let mut s = Script::new();
        for piece in messages.chunks(at_once) {
            let mut bytes = piece.concat();
            loop {
                let taken = self.take(&mut s, &bytes);
                bytes.drain(..taken);
                if self.serve(&mut s) == 0 && taken == 0 {
                    break;
                }
            }
            assert!(bytes.is_empty(), "the session takes no more, and the server has answered everything");
        }
        summary(&s.heard)
    }
}

proptest::proptest! {
    #![proptest_config(proptest::test_runner::Config { cases: 3000, ..proptest::test_runner::Config::default() })]

    /// A pipeline is answered as the same messages one by one are; what is bound exists; at the end of a cycle nothing is left over.
    #[test]
    fn pipelined_or_not(choices in proptest::collection::vec(0_usize..1000, 1..30), at_once in 2_usize..30) {
        let menu = menu();
        let mut messages: Vec<Vec<u8>> = choices.iter().map(|i| menu[i % menu.len()].clone()).collect();
        messages.extend([sync(), query("rollback")]);
        let (mut one, mut many) = (Conversation::default(), Conversation::default());
        let (slow, fast) = (one.run(&messages, 1), many.run(&messages, at_once));
        proptest::prop_assert_eq!(&slow, &fast);
        proptest::prop_assert!(slow.ends_with("Z:I"), "{}", slow);
        for conversation in [one, many] {
            proptest::prop_assert!(conversation.model.problems.is_empty(), "{:?}", conversation.model.problems);
            proptest::prop_assert!(conversation.model.portals.is_empty());
        }
    }
}
