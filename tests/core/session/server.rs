//! The server's answers, right and wrong. It does not test what is cleared.

use super::*;

#[test]
fn errors_and_notices_are_reduced_and_the_rest_kept_back() {
    let mut s = Script::new();
    s.client(&query("select 1"));
    let notice = message(b'N', b"SNOTICE\0VNOTICE\0C00000\0Mhm\0Wwhere\0\0");
    let told = message(b'A', b"\0\0\0\x01channel\0payload\0");
    let hidden = message(b'S', b"search_path\0public\0");
    let zone = message(b'S', b"TimeZone\0Asia/Tokyo\0");
    s.session
        .on_server(
            &joined(&[&notice, &told, &hidden, &zone, &error("22P02"), &ready(b'I')]),
            s.backend.as_mut().expect("there"),
            &mut s.heard,
        )
        .expect("understood");
    let heard = text(&s.heard);
    assert!(
        !heard.contains("where") && !heard.contains("payload") && !heard.contains("search_path") && !heard.contains("secret"),
        "{heard}"
    );
    assert_eq!(s.heard(), "N S:TimeZone|Asia/Tokyo| E22P02 Z:I");
}

#[test]
fn what_was_not_asked_for_breaks_the_session() {
    for (name, bytes) in [
        ("a ready too many", [complete("SELECT 1"), ready(b'I'), ready(b'I')].concat()),
        ("a completion too many", [complete("SELECT 1"), complete("SELECT 1")].concat()),
        ("a bind complete", BOUND.to_vec()),
        ("an authentication request", message(b'R', b"\0\0\0\x03")),
        ("an unknown message", message(b'?', b"")),
        ("an unknown status", [complete("SELECT 1"), message(b'Z', b"X")].concat()),
        ("copy data out of copy", message(b'd', b"x")),
        ("copy both", message(b'W', b"\0\0\0")),
        ("a length of 3", vec![b'C', 0, 0, 0, 3]),
        ("a length of 2 GiB", vec![b'D', 0x7f, 0xff, 0xff, 0xff]),
    ] {
        let mut s = Script::new();
        s.client(&query("select 1"));
        assert!(matches!(s.try_server(&bytes), Err(Broken::Server(_))), "{name}");
    }
}

#[test]
fn a_row_that_is_long_is_relayed_as_it_comes() {
    let mut s = Script::new();
    s.client(&query("select 1"));
    let row = message(b'D', &vec![7; 100_000]);
    let all = joined(&[&message(b'T', b"\0\0"), &row, &complete("SELECT 1"), &ready(b'I')]);
    let mut heard = Vec::new();
    let backend = s.backend.as_mut().expect("there");
    let mut waiting: Vec<u8> = Vec::new();
    for chunk in all.chunks(9_000) {
        waiting.extend(chunk);
        let taken = s.session.on_server(&waiting, backend, &mut heard).expect("understood");
        waiting.drain(..taken);
        assert!(waiting.len() < 9_000, "nothing piles up");
    }
    assert_eq!(heard, all);
    assert!(!s.session.is_streaming() && s.is_clean());
}

#[test]
fn any_cut_of_an_answer_comes_to_the_same() {
    let all = joined(&[
        &PARSED,
        &BOUND,
        &message(b'T', b"\0\0"),
        &message(b'D', b"\0\0"),
        &message(b'D', b"\0\x01\0\0\0\x01x"),
        &complete("SELECT 2"),
        &CLOSED,
        &BOUND,
        &NO_DATA,
        &ready(b'I'),
    ]);
    let ask = joined(&[
        &parse("", "select 1"),
        &bind("", "", &[]),
        &describe('P', ""),
        &execute(""),
        &close('P', ""),
        &bind("x", "", &[]),
        &describe('P', "x"),
        &sync(),
    ]);
    for cut in 0..all.len() {
        let mut s = Script::new();
        s.client(&ask);
        let backend = s.backend.as_mut().expect("there");
        let taken = s.session.on_server(&all[..cut], backend, &mut s.heard).expect("understood");
        s.session.on_server(&all[taken..], backend, &mut s.heard).expect("understood");
        assert_eq!(s.heard(), "1 2 T D:|| D:|\u{1}|||\u{1}x C:SELECT 2| 3 2 n Z:I", "cut at {cut}");
    }
}

#[test]
fn the_servers_last_words_end_the_session() {
    let mut s = Script::new();
    s.client(&query("select 1"));
    let last = message(b'E', b"SFATAL\0VFATAL\0C57P01\0Mterminating connection due to administrator command\0\0");
    assert_eq!(s.try_server(&last), Err(Broken::ServerEnded));
    assert_eq!(s.heard(), "E57P01");
    assert!(!s.is_clean());
}

#[test]
fn an_empty_query_ends_a_cycle_that_was_answered_here() {
    let mut s = Script::new();
    run(&mut s, "begin", "BEGIN", b'T');
    assert_eq!(s.client(&query("")), "Q:|");
    assert_eq!(s.heard(), "I");
    assert_eq!(s.server(&joined(&[&EMPTY, &ready(b'T')])), "Z:T");
}
