//! The place of a server's error in the client's own text. It does not test how a token is found: `sql::locate` does.

use super::*;

fn error_at(position: usize) -> Vec<u8> {
    message(b'E', format!("SERROR\0VERROR\0C42703\0Mno\0P{position}\0p7\0qselect inner\0\0").as_bytes())
}

/// The character, from 1, at which the text that the server got has `mark`.
fn place(sent: &str, mark: &str) -> usize {
    sent.split('|').find_map(|text| text.find(mark)).expect("it was sent") + 1
}

/// The P field that the client hears.
fn told(s: &mut Script, answer: &[u8]) -> Option<String> {
    let backend = s.backend.as_mut().expect("a server connection");
    s.session.on_server(answer, backend, &mut s.heard).expect("understood");
    let bytes = std::mem::take(&mut s.heard);
    let frame = Frame::read(&bytes, 1 << 24).expect("well framed").expect("an error");
    assert_eq!(frame.tag, b'E');
    let fields: Vec<String> = frame.body.split(|&b| b == 0).map(text).collect();
    assert!(!fields.iter().any(|f| f.starts_with(['p', 'q'])), "{fields:?}");
    fields.iter().find_map(|f| f.strip_prefix('P').map(str::to_owned))
}

#[test]
fn the_place_in_a_query_is_told_in_its_own_text() {
    let mut s = Script::new();
    let sent = s.client(&query("SELECT  'Ä'; SELECT nothing FROM properties"));
    let sent = sent.strip_prefix("Q:").expect("a query");
    // `find` counts bytes: one of them is the second of Ä
    let at = place(sent, "nothing") - 1;
    assert_eq!(told(&mut s, &joined(&[&error_at(at), &ready(b'I')])).as_deref(), Some("21"));
}

#[test]
fn a_place_in_what_was_spliced_in_is_not_told() {
    for mark in ["OPERATOR", "\"public\"", "tenant_id"] {
        let mut s = Script::new();
        let sent = s.client(&query("SELECT name FROM properties"));
        let at = place(sent.strip_prefix("Q:").expect("a query"), mark);
        assert_eq!(told(&mut s, &joined(&[&error_at(at), &ready(b'I')])), None, "{mark} in {sent}");
    }
}

#[test]
fn the_place_in_a_promoted_query_is_told_in_its_own_text() {
    let mut s = Script::new();
    let answer = joined(&[&error_at(8), &ready(b'I')]);
    s.client(&query("SELECT   nothing FROM properties WHERE id = 1"));
    assert_eq!(told(&mut s, &answer).as_deref(), Some("10"));
    let sent = s.client(&query("SELECT    nothing FROM properties WHERE id = 2"));
    assert!(sent.starts_with("P:pgmoat_0_1|select nothing from "), "{sent}");
    assert_eq!(told(&mut s, &answer).as_deref(), Some("11"));
}

#[test]
fn the_place_in_a_parsed_statement_is_told_in_its_own_text() {
    let mut s = Script::new();
    let sent = s.client(&joined(&[&parse("a", "SELECT   nothing FROM properties"), &sync()]));
    assert!(sent.starts_with("P:pgmoat_0_1|select nothing from "), "{sent}");
    assert_eq!(told(&mut s, &joined(&[&error_at(8), &ready(b'I')])).as_deref(), Some("10"));
    // Of two with one name, the server's error is the first's, which is gone.
    let mut s = Script::new();
    s.client(&joined(&[&parse("", "SELECT   nothing FROM properties"), &parse("", "SELECT    id FROM properties"), &sync()]));
    assert_eq!(told(&mut s, &joined(&[&error_at(8), &ready(b'I')])), None);
}

#[test]
fn the_place_in_a_statement_that_no_longer_fits_is_told_in_its_own_text() {
    let parsed = |s: &mut Script, name: &str, sql: &str| {
        let sent = s.client(&joined(&[&parse(name, sql), &sync()]));
        let answer = if sent.starts_with('P') { joined(&[&PARSED, &ready(b'I')]) } else { ready(b'I') };
        s.server(&answer);
    };
    // The tables changed between Parse and Bind.
    let mut s = Script::new();
    parsed(&mut s, "a", "SELECT   nothing FROM properties");
    s.client(&joined(&[&bind("", "a", &[]), &execute(""), &sync()]));
    assert_eq!(told(&mut s, &joined(&[&error_at(8), &ready(b'I')])).as_deref(), Some("10"));
    // Two texts that are one statement of the server's: the portal's name belongs to the second by now.
    let mut s = Script::new();
    parsed(&mut s, "a", "SELECT   nothing FROM properties");
    parsed(&mut s, "b", "SELECT     nothing FROM properties");
    s.client(&joined(&[&bind("", "a", &[]), &execute(""), &bind("", "b", &[]), &execute(""), &sync()]));
    assert_eq!(told(&mut s, &joined(&[&error_at(8), &ready(b'I')])), None);
    // What fails as it runs has no place.
    let mut s = Script::new();
    parsed(&mut s, "a", "SELECT   nothing FROM properties");
    s.client(&joined(&[&bind("", "a", &[]), &execute(""), &sync()]));
    assert_eq!(s.server(&BOUND), "2");
    assert_eq!(told(&mut s, &joined(&[&error_at(8), &ready(b'I')])), None);
}

#[test]
fn two_texts_of_one_name_are_not_taken_for_one_another() {
    let mut s = Script::new();
    s.client(&joined(&[
        &parse("", "SELECT   nothing FROM properties"),
        &parse("", "SELECT     nothing FROM properties"),
        &sync(),
    ]));
    assert_eq!(told(&mut s, &joined(&[&error_at(8), &ready(b'I')])), None);
}

#[test]
fn a_notice_has_no_place() {
    let mut s = Script::new();
    s.client(&query("SELECT   1"));
    let notice = message(b'N', b"SNOTICE\0VNOTICE\0C00000\0Mhm\0P8\0\0");
    s.session.on_server(&notice, s.backend.as_mut().expect("there"), &mut s.heard).expect("understood");
    assert!(!text(&s.heard).contains("|P"), "{}", text(&s.heard));
}
