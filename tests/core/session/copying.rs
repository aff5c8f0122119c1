//! COPY through the session: what the server gets of the client's data, and who hears what when it fails.
//! It does not test the formats: `copying` of the core tests does.

use super::*;
use pgmoat::limits::{Meter, Metric};

const COPY: &str = "COPY \"public\".\"properties\" (\"tenant_id\", \"id\", \"name\") FROM STDIN WITH (FORMAT text)";

fn data(bytes: &[u8]) -> Vec<u8> {
    message(b'd', bytes)
}

fn ask(s: &mut Script, bytes: &[u8]) -> Vec<u8> {
    let backend = s.backend.as_mut().expect("a server connection");
    s.session.on_server(bytes, backend, &mut s.heard).expect("understood");
    std::mem::take(&mut s.heard)
}

/// A session whose COPY the server has asked for data of.
fn copying() -> Script {
    let mut s = Script::new();
    assert_eq!(s.client(&query("copy properties (id, name) from stdin")), format!("Q:{COPY};|"));
    let heard = ask(&mut s, &message(b'G', b"\0\0\x03\0\0\0\0\0\0"));
    assert_eq!(heard, message(b'G', b"\0\0\x02\0\0\0\0"), "the column that is added does not show");
    s
}

/// What it sends back it has written.
#[test]
fn rows_that_a_copy_writes_on_its_way_out_count() {
    for (sql, written) in [
        ("copy (insert into properties (id, name) values (7, 'x') returning id) to stdout", 1),
        ("copy (select id from properties) to stdout", 0),
    ] {
        let (mut s, meter) = (Script::new(), Arc::new(Meter::default()));
        s.session.count_in(Arc::clone(&meter));
        s.client(&query(sql));
        ask(
            &mut s,
            &joined(&[&message(b'H', b"\0\0\x01\0\0"), &data(b"7\n"), &message(b'c', b""), &complete("COPY 1"), &ready(b'I')]),
        );
        assert_eq!(meter.count(Metric::RowsWritten), written, "{sql}");
    }
}

#[test]
fn data_is_stamped_wherever_it_is_cut() {
    let mut s = copying();
    let sent = s.client(&joined(&[&data(b"7\tho"), &data(b"use\\"), &data(b"n\n8\t\\N"), &message(b'c', b"")]));
    let frames = ["d", "d", "c"];
    assert_eq!(sent, frames.join(" "));
    assert_eq!(s.server(&joined(&[&complete("COPY 2"), &ready(b'I')])), "C:COPY 2| Z:I");
    s.give_back();
}

#[test]
fn copy_from_the_client_takes_copy_messages_only() {
    let mut s = copying();
    assert_eq!(s.client(&joined(&[&data(b"1\tx\n"), &sync(), &message(b'H', b"")])), "d");
    assert!(matches!(s.try_client(&query("select 'smuggled'")), Err(Broken::Client(_))));
    assert!(!s.is_clean());
}

#[test]
fn a_foreign_row_fails_the_whole_copy_and_is_recorded() {
    let mut s = Script::new();
    s.client(&query("copy properties (id, tenant_id, name) from stdin"));
    s.server(&message(b'G', b"\0\0\x03\0\0\0\0\0\0"));
    s.heard();
    assert_eq!(s.client(&joined(&[&data(b"7\t1\tours\n"), &data(b"8\t2\ttheirs\n"), &data(b"9\t1\tours\n")])), "d f");
    assert_eq!(s.codes(), ["42501"]);
    assert_eq!(s.heard(), "", "the server has not failed yet");
    assert_eq!(s.server(&joined(&[&error("57014"), &ready(b'I')])), "E42501 Z:I");
    s.client(&joined(&[&data(b"late\n"), &message(b'c', b"")]));
    s.give_back();
}

#[test]
fn the_clients_own_failure_comes_back_in_its_words() {
    let mut s = copying();
    assert_eq!(s.client(&joined(&[&data(b"1\tx\n"), &message(b'f', b"no more\0")])), "d f");
    let heard = ask(&mut s, &joined(&[&error("57014"), &ready(b'I')]));
    assert!(text(&heard).contains("MCOPY from stdin failed: no more|"), "{}", text(&heard));
    s.give_back();
}

#[test]
fn an_error_of_the_servers_amid_data_is_the_answer() {
    let mut s = copying();
    s.client(&data(b"x\ty\n"));
    assert_eq!(s.server(&joined(&[&error("22P02"), &ready(b'I')])), "E22P02 Z:I");
    assert_eq!(s.client(&joined(&[&data(b"2\tz\n"), &message(b'c', b"")])), "", "what comes late is dropped");
    s.give_back();
}

#[test]
fn extended_data_waits_until_the_server_asks_for_it() {
    let mut s = Script::new();
    let sent = s.client(&joined(&[&parse("", "copy properties (id, name) from stdin"), &bind("", "", &[]), &execute("")]));
    assert!(sent.ends_with("E:|||||"), "{sent}");
    let rest = joined(&[&data(b"1\tx\n"), &message(b'c', b""), &sync()]);
    assert_eq!(s.client(&rest), "");
    assert_eq!(s.taken, [Taken::Hold]);
    s.server(&joined(&[&PARSED, &BOUND, &message(b'G', b"\0\0\x03\0\0\0\0\0\0")]));
    assert_eq!(s.client(&rest), "d c S:");
    assert_eq!(s.server(&joined(&[&complete("COPY 1"), &ready(b'I')])), "C:COPY 1| Z:I");
    s.give_back();
}

#[test]
fn an_extended_copy_that_fails_at_once_skips_to_sync() {
    let mut s = Script::new();
    s.client(&joined(&[&parse("", "copy properties (id, name) from stdin"), &bind("", "", &[]), &execute("")]));
    let rest = joined(&[&data(b"1\tx\n"), &message(b'c', b""), &sync()]);
    assert_eq!(s.client(&rest), "");
    assert_eq!(s.server(&joined(&[&PARSED, &BOUND, &error("42501")])), "1 2 E42501");
    assert_eq!(s.client(&rest), "S:");
    assert_eq!(s.server(&ready(b'I')), "Z:I");
    s.give_back();
}

#[test]
fn a_server_that_is_slow_is_not_drowned() {
    let mut s = copying();
    let rows = data(&b"1\n".repeat(1 << 20));
    let frame = Frame::read(&rows, 1 << 24).expect("well framed").expect("whole");
    let mut fed = 0;
    loop {
        let backend = s.backend.as_mut();
        let taken = s.session.on_client(&frame, backend, Duration::ZERO, &mut s.heard).expect("no fault");
        let waits = s.backend.as_mut().expect("there").outbox().unwritten().len();
        assert!(waits < 1 << 20, "{waits} bytes wait");
        fed += waits;
        s.backend.as_mut().expect("there").outbox().wrote(waits);
        match taken {
            Taken::Full => {}
            Taken::Done => break,
            Taken::Hold | Taken::Ended | Taken::NeedsServer | Taken::Switch => panic!("{taken:?}"),
        }
    }
    assert!(fed > 4 << 20, "all of it went: {fed}");
}
