//! Cycles of two sessions on one server connection at once. It does not test whose turn it is: the pipeline's is.

use super::*;
use pgmoat::session::{Cycle, Progress};

const LIMIT: usize = 1 << 24;
const SQL: &str = "select name from properties where id = $1";
const ROW: &str = "2 D:|| C:SELECT 1| Z:I";

/// A client's part of a connection that several share.
struct Rider {
    session: Session,
    inbox: Vec<u8>,
    heard: Vec<u8>,
    cycle: Cycle,
    /// The server was asked to stop something of somebody else's.
    spared: bool,
}

impl Rider {
    fn new() -> Self {
        let Script { session, backend: _, heard, records: _, taken: _ } = Script::new();
        Self { session, inbox: Vec::new(), heard, cycle: Cycle::default(), spared: false }
    }

    /// What the client sends, up to where it takes a server; whether it may share one.
    fn asks(&mut self, bytes: &[u8]) -> bool {
        self.inbox = bytes.to_vec();
        let frame = Frame::read(bytes, LIMIT).expect("well framed").expect("a frame");
        let taken = self.session.on_client(&frame, None, Duration::ZERO, &mut self.heard).expect("no fault");
        assert_eq!(taken, Taken::NeedsServer);
        self.session.shareable(&self.inbox, LIMIT).is_some()
    }

    fn sends(&mut self, backend: &mut Backend) -> String {
        let out = &mut self.heard;
        self.cycle = self.session.send_shared(&self.inbox, backend, LIMIT, Duration::ZERO, out).expect("sent").expect("it fits");
        let bytes = backend.outbox().unwritten().to_vec();
        backend.outbox().wrote(bytes.len());
        summary(&bytes)
    }

    /// What it takes of the server's bytes, and how far it is then.
    fn hears(&mut self, bytes: &[u8], backend: &mut Backend) -> (usize, Progress, String) {
        let first = self.inbox[0];
        let (taken, progress) =
            self.session.on_shared(bytes, backend, &mut self.cycle, first, self.spared, &mut self.heard).expect("understood");
        (taken, progress, summary(&std::mem::take(&mut self.heard)))
    }
}

fn cycle(id: &str) -> Vec<u8> {
    joined(&[&parse("", SQL), &bind("", "", &[id]), &execute(""), &sync()])
}

fn row() -> Vec<u8> {
    joined(&[&BOUND, &message(b'D', b"\0\0"), &complete("SELECT 1"), &ready(b'I')])
}

/// Two sessions, of which the first has prepared the statement on a connection.
fn two() -> (Rider, Rider, Backend) {
    let (mut a, b, mut backend) = (Rider::new(), Rider::new(), Backend::new(0));
    assert!(a.asks(&cycle("1")));
    let sent = a.sends(&mut backend);
    assert!(sent.starts_with("P:pgmoat_0_1|select") && sent.ends_with("S:"), "{sent}");
    assert!(a.cycle.prepares(), "nobody may count on it yet");
    let answer = joined(&[&PARSED, &row()]);
    assert_eq!(a.hears(&answer, &mut backend), (answer.len(), Progress::Ended, format!("1 {ROW}")));
    assert!(a.session.is_idle() && backend.is_clean());
    (a, b, backend)
}

#[test]
fn each_hears_its_own_answer() {
    let (mut a, mut b, mut backend) = two();
    assert!(a.asks(&cycle("1")) && b.asks(&cycle("2")));
    let (first, second) = (a.sends(&mut backend), b.sends(&mut backend));
    assert!(first.contains("|1|") || first.contains('1'), "{first}");
    assert!(first.starts_with("B:|pgmoat_0_1|") && second.starts_with("B:|pgmoat_0_1|") && first != second, "{first} {second}");
    assert!(!a.cycle.prepares() && !b.cycle.prepares());
    let (one, two) = (message(b'D', b"\0\x01\0\0\0\x01a"), message(b'D', b"\0\x01\0\0\0\x01b"));
    let end = joined(&[&complete("SELECT 1"), &ready(b'I')]);
    let bytes = joined(&[&BOUND, &one, &end, &BOUND, &two, &end]);
    let (taken, progress, heard) = a.hears(&bytes, &mut backend);
    // Of its Parse the proxy answers itself.
    assert_eq!((progress, heard.as_str()), (Progress::Ended, "1 2 D:|\u{1}|||\u{1}a C:SELECT 1| Z:I"));
    assert_eq!(taken * 2, bytes.len(), "and no byte of the other's");
    let (rest, progress, heard) = b.hears(&bytes[taken..], &mut backend);
    assert_eq!((rest, progress, heard.as_str()), (taken, Progress::Ended, "1 2 D:|\u{1}|||\u{1}b C:SELECT 1| Z:I"));
    assert!(backend.is_clean() && a.session.is_idle() && b.session.is_idle());
}

#[test]
fn an_answer_may_come_in_pieces() {
    let (mut a, mut b, mut backend) = two();
    assert!(a.asks(&cycle("1")) && b.asks(&cycle("2")));
    a.sends(&mut backend);
    b.sends(&mut backend);
    let bytes = joined(&[&row(), &row()]);
    let mut heard = [String::new(), String::new()];
    let (mut at, mut who) = (0, 0);
    for upto in 0..=bytes.len() {
        while who < 2 {
            let rider = if who == 0 { &mut a } else { &mut b };
            let (taken, progress, words) = rider.hears(&bytes[at..upto], &mut backend);
            at += taken;
            heard[who] += &words;
            heard[who] += if words.is_empty() { "" } else { " " };
            match progress {
                Progress::Ended => who += 1,
                Progress::Under => break,
                Progress::Again | Progress::GivenBack { .. } => panic!("{progress:?}"),
            }
        }
    }
    assert_eq!((at, who), (bytes.len(), 2));
    assert_eq!(heard[0].trim(), format!("1 {ROW}"));
    assert_eq!(heard[1].trim(), format!("1 {ROW}"));
}

#[test]
fn an_error_is_its_senders_only() {
    let (mut a, mut b, mut backend) = two();
    assert!(a.asks(&cycle("x")) && b.asks(&cycle("2")));
    a.sends(&mut backend);
    b.sends(&mut backend);
    let bytes = joined(&[&error("22P02"), &ready(b'I'), &row()]);
    let (taken, progress, heard) = a.hears(&bytes, &mut backend);
    assert_eq!((progress, heard.as_str()), (Progress::Ended, "1 E22P02 Z:I"));
    assert_eq!(b.hears(&bytes[taken..], &mut backend).2, format!("1 {ROW}"));
    // And the connection is as good as before.
    assert!(a.asks(&cycle("3")));
    a.sends(&mut backend);
    assert_eq!(a.hears(&row(), &mut backend).1, Progress::Ended);
    assert!(backend.is_clean());
}

#[test]
fn a_row_that_is_too_long_is_asked_for_again_elsewhere() {
    let (mut a, mut b, mut backend) = two();
    assert!(a.asks(&cycle("1")) && b.asks(&cycle("2")));
    a.sends(&mut backend);
    b.sends(&mut backend);
    let long = message(b'D', &vec![0; 1 << 20]);
    let bytes = joined(&[&BOUND, &long, &complete("SELECT 1"), &ready(b'I'), &row()]);
    // Its length is enough to know.
    let (taken, progress, heard) = a.hears(&bytes[..10], &mut backend);
    let Progress::GivenBack { mut drain, long: true } = progress else { panic!("{progress:?}") };
    assert_eq!((taken, heard.as_str()), (0, ""));
    let mut at = 0;
    loop {
        let upto = (at + 1000).min(bytes.len());
        let (dropped, ended) = drain.drop_some(&bytes[at..upto]).expect("messages");
        at += dropped;
        if ended {
            break;
        }
    }
    assert_eq!(b.hears(&bytes[at..], &mut backend).2, format!("1 {ROW}"));
    // The first goes on as if it had just been asked.
    let mut own = Backend::new(1);
    a.session.attach(&mut own).expect("attached");
    let mut rest = &a.inbox[..];
    while let Some(frame) = Frame::read(rest, LIMIT).expect("well framed") {
        let taken = a.session.on_client(&frame, Some(&mut own), Duration::ZERO, &mut a.heard).expect("no fault");
        assert_eq!(taken, Taken::Done);
        rest = &rest[frame.whole.len()..];
    }
    let sent = own.outbox().unwritten().len();
    own.outbox().wrote(sent);
    let answer = joined(&[&PARSED, &BOUND, &long, &complete("SELECT 1"), &ready(b'I')]);
    assert_eq!(a.session.on_server(&answer, &mut own, &mut a.heard).expect("understood"), answer.len());
    assert_eq!(a.heard.len(), answer.len(), "all of it");
    assert!(own.is_clean() && a.session.is_idle());
}

#[test]
fn a_simple_query_that_is_too_long_is_asked_for_again_too() {
    let (mut a, mut backend) = (Rider::new(), Backend::new(0));
    let text = query("select name from properties where id = 1");
    assert!(a.asks(&text));
    assert!(a.sends(&mut backend).starts_with("Q:select "));
    let head = message(b'T', b"\0\0");
    let bytes = joined(&[&head, &message(b'D', &vec![0; 1 << 20])]);
    let (taken, progress, heard) = a.hears(&head, &mut backend);
    assert_eq!((taken, progress, heard.as_str()), (head.len(), Progress::Under, "T"));
    assert!(matches!(a.hears(&bytes[taken..taken + 9], &mut backend).1, Progress::GivenBack { long: true, .. }));
    let mut own = Backend::new(1);
    a.session.attach(&mut own).expect("attached");
    let frame = Frame::read(&a.inbox, LIMIT).expect("well framed").expect("a frame");
    let taken = a.session.on_client(&frame, Some(&mut own), Duration::ZERO, &mut a.heard).expect("no fault");
    assert_eq!(taken, Taken::Done);
    assert!(own.outbox().unwritten().starts_with(b"Q"));
}

#[test]
fn what_was_stopped_for_somebody_else_is_asked_for_again() {
    let (mut a, mut b, mut backend) = two();
    assert!(a.asks(&cycle("1")) && b.asks(&cycle("2")));
    a.sends(&mut backend);
    b.sends(&mut backend);
    a.spared = true;
    let bytes = joined(&[&error("57014"), &ready(b'I'), &error("57014"), &ready(b'I')]);
    let (taken, progress, heard) = a.hears(&bytes, &mut backend);
    let Progress::GivenBack { mut drain, long: false } = progress else { panic!("{progress:?}") };
    assert_eq!((taken, heard.as_str()), (0, ""));
    let (at, ended) = drain.drop_some(&bytes).expect("messages");
    assert!(ended);
    // The other one was canceled itself.
    assert_eq!(b.hears(&bytes[at..], &mut backend).2, "1 E57014 Z:I");
    assert!(a.asks(&cycle("1")), "it is where it was");
}

#[test]
fn more_than_one_row_is_not_what_it_was_taken_for() {
    let (mut a, _, mut backend) = two();
    assert!(a.asks(&cycle("1")));
    a.sends(&mut backend);
    let row = message(b'D', b"\0\0");
    let (taken, progress, heard) = a.hears(&joined(&[&BOUND, &row]), &mut backend);
    assert_eq!((progress, heard.as_str()), (Progress::Under, "1 2 D:||"));
    assert!(taken > 0);
    // What was kept of it until now was kept here: the client has not heard it.
    assert!(matches!(a.hears(&row, &mut backend).1, Progress::GivenBack { long: true, .. }));
}

#[test]
fn what_is_sent_once_more_is_answered_behind_the_others() {
    let (mut a, mut b, mut backend) = (Rider::new(), Rider::new(), Backend::new(0));
    let text = query("select name from properties where id = 1");
    for described in [false, false, true] {
        // Sent as text, then prepared, then bound only.
        assert!(a.asks(&text));
        let sent = a.sends(&mut backend);
        let head = message(b'T', b"\0\0");
        let end = joined(&[&message(b'D', b"\0\0"), &complete("SELECT 1"), &ready(b'I')]);
        let answer = match (sent.as_bytes()[0], described) {
            (b'Q', false) => joined(&[&head, &end]),
            (b'P', false) => joined(&[&PARSED, &message(b't', b"\0\x02\0\0\0\x17\0\0\0\x14"), &head, &BOUND, &end]),
            (b'B', true) => break,
            (_, _) => panic!("{sent}"),
        };
        assert_eq!(a.hears(&answer, &mut backend).2, "T D:|| C:SELECT 1| Z:I");
    }
    assert!(b.asks(&text));
    b.sends(&mut backend);
    let stale = joined(&[&error("0A000"), &ready(b'I')]);
    let (_, progress, heard) = a.hears(&stale, &mut backend);
    assert_eq!((progress, heard.as_str()), (Progress::Again, ""));
    assert!(backend.outbox().unwritten().starts_with(b"Q"), "it is sent as it is");
    assert_eq!(b.hears(&stale, &mut backend).1, Progress::Again);
    let answer = joined(&[&message(b'T', b"\0\0"), &message(b'D', b"\0\0"), &complete("SELECT 1"), &ready(b'I')]);
    for rider in [&mut a, &mut b] {
        assert_eq!(rider.hears(&answer, &mut backend), (answer.len(), Progress::Ended, "T D:|| C:SELECT 1| Z:I".to_owned()));
    }
}

#[test]
fn what_a_server_says_out_of_place_ends_it() {
    for amiss in [ready(b'T'), joined(&[&BOUND, &ready(b'I')]), message(b'G', b"\0\0\0")] {
        let (mut a, _, mut backend) = two();
        assert!(a.asks(&cycle("1")));
        a.sends(&mut backend);
        let answered = a.session.on_shared(&amiss, &mut backend, &mut a.cycle, b'P', false, &mut a.heard);
        assert!(matches!(answered, Err(Broken::Server(_))), "{amiss:?} {answered:?}");
    }
}

#[test]
fn only_whole_cycles_that_read_one_row_share() {
    let point = || [parse("", SQL), bind("", "", &["1"]), describe('P', ""), execute(""), sync()];
    let whole = point().concat();
    let mut a = Rider::new();
    assert!(a.asks(&whole));
    let others: [Vec<u8>; 12] = [
        // not whole, or more than one
        whole[..whole.len() - 5].to_vec(),
        joined(&[&whole, &query("select 1")]),
        joined(&[&whole, &sync()]),
        // another portal, another statement, no statement
        joined(&[&parse("", SQL), &bind("p", "", &["1"]), &execute("p"), &sync()]),
        joined(&[&parse("s", SQL), &bind("", "s", &["1"]), &execute(""), &sync()]),
        joined(&[&parse("", SQL), &sync()]),
        // messages that leave something, or ask for something
        joined(&[&parse("", SQL), &bind("", "", &["1"]), &execute(""), &close('P', ""), &sync()]),
        // very many messages, very long ones
        joined(&[&parse("", SQL), &bind("", "", &["1"]), &execute("").repeat(2), &sync()]),
        joined(&[&parse("", SQL), &bind("", "", &[&"1".repeat(20_000)]), &execute(""), &sync()]),
        joined(&[&parse("", "select name from properties where id = $60000"), &bind("", "", &["1"]), &execute(""), &sync()]),
        // not a point
        joined(&[&parse("", "select name from properties where name = $1"), &bind("", "", &["1"]), &execute(""), &sync()]),
        query("select name from properties; select name from properties where id = 1"),
    ];
    for other in others {
        let mut a = Rider::new();
        assert!(!a.asks(&other), "{}", text(&other));
    }
}

#[test]
fn a_connection_with_other_settings_is_not_for_it() {
    let (mut a, _, mut backend) = two();
    let mut abroad = Script::with(Settings::default());
    run_set(&mut abroad);
    let mut b = Rider { session: abroad.session, inbox: Vec::new(), heard: Vec::new(), cycle: Cycle::default(), spared: false };
    assert!(b.asks(&cycle("1")));
    let sent = b.session.send_shared(&b.inbox, &mut backend, LIMIT, Duration::ZERO, &mut b.heard).expect("no fault");
    assert!(sent.is_none() && backend.outbox().is_empty(), "nothing was sent");
    assert!(a.asks(&cycle("1")));
    a.sends(&mut backend);
}

fn run_set(script: &mut Script) {
    script.client(&query("set timezone = 'Asia/Tokyo'"));
    script.server(&joined(&[&complete("SET"), &ready(b'I')]));
    script.give_back();
    script.heard();
}
