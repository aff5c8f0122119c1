//! Simple queries. It does not test what is cleared.

use super::*;
use pgmoat::error::SqlState;

#[test]
fn statements_of_one_query_go_as_one_query_and_come_back_whole() {
    let mut s = Script::new();
    assert_eq!(s.client(&query("select 1; select 2 -- x")), "Q:select 1;select 2;|");
    assert!(!s.is_clean());
    let rows = [message(b'T', b"\0\0"), message(b'D', b"\0\0"), complete("SELECT 1")].concat();
    assert_eq!(s.server(&joined(&[&rows, &rows, &ready(b'I')])), "T D:|| C:SELECT 1| T D:|| C:SELECT 1| Z:I");
    s.give_back();
}

#[test]
fn an_empty_query_needs_no_server() {
    let mut s = Script::new();
    assert_eq!(s.client(&query(" ; -- nothing")), "");
    assert_eq!(s.heard(), "I Z:I");
}

#[test]
fn the_next_message_waits_for_the_answer() {
    let mut s = Script::new();
    s.client(&joined(&[&query("select 1"), &query("select 2")]));
    assert_eq!(s.taken, [Taken::NeedsServer, Taken::Done, Taken::Hold]);
}

#[test]
fn a_refusal_outside_of_a_transaction_is_answered_here() {
    let mut s = Script::new();
    assert_eq!(s.client(&query("select 1; select * from operators_notes; select 2")), "");
    assert_eq!(s.heard(), "E42P01 Z:I");
    assert_eq!(s.codes(), ["42P01"]);
    assert!(s.backend.is_none(), "nothing of the query ran");
}

#[test]
fn a_refusal_in_a_transaction_makes_the_server_fail_too() {
    let mut s = Script::new();
    run(&mut s, "begin", "BEGIN", b'T');
    assert_eq!(s.client(&query("select * from operators_notes")), "Q:refused by pgmoat|");
    assert_eq!(s.heard(), "E42P01");
    assert_eq!(s.server(&joined(&[&error("42601"), &ready(b'E')])), "Z:E", "the server's own error is not the client's");
    assert!(!s.is_clean());
    // Recovering by a savepoint, or ending, is the server's business again.
    assert_eq!(s.client(&query("rollback")), "Q:rollback;|");
    assert_eq!(s.server(&joined(&[&complete("ROLLBACK"), &ready(b'I')])), "C:ROLLBACK| Z:I");
    s.give_back();
}

#[test]
fn text_that_is_not_utf8_is_an_error_and_the_session_lives() {
    let mut s = Script::new();
    s.client(&message(b'Q', b"select '\xff'\0"));
    assert_eq!(s.heard(), "E22021 Z:I");
}

#[test]
fn copy_messages_outside_of_copy_are_dropped() {
    let mut s = Script::new();
    assert_eq!(
        s.client(&joined(&[&message(b'd', b"row"), &message(b'c', b""), &message(b'f', b"why\0"), &query("select 1")])),
        "Q:select 1;|"
    );
}

#[test]
fn a_function_call_is_refused_and_answered_by_ready() {
    let mut s = Script::new();
    assert_eq!(s.client(&message(b'F', b"\0\0\0\0")), "");
    assert_eq!(s.heard(), "E42501 Z:I");
    assert_eq!(s.codes(), ["42501"]);
}

#[test]
fn goodbye() {
    let mut s = Script::new();
    s.client(&message(b'X', b""));
    assert_eq!(s.taken, [Taken::Ended]);
}

#[test]
fn without_a_server_a_query_is_an_error_and_the_session_lives() {
    let mut s = Script::new();
    let bytes = query("select 1");
    let frame = Frame::read(&bytes, 1 << 20).expect("bounds").expect("whole");
    let mut out = Vec::new();
    assert_eq!(s.session.on_client(&frame, None, Duration::ZERO, &mut out), Ok(Taken::NeedsServer));
    s.session.unavailable(&frame, (SqlState::CANNOT_CONNECT_NOW, "no server connection is available", None), &mut s.heard);
    assert_eq!(s.heard(), "E57P03 Z:I");
    assert_eq!(s.client(&query("select 2")), "Q:select 2;|");
}

#[test]
fn a_query_of_very_many_statements_is_refused() {
    let mut s = Script::new();
    s.client(&query(&"select 1;".repeat(5001)));
    assert_eq!(s.heard(), "E54000 Z:I");
    assert!(s.client(&query(&"select 1;".repeat(5000))).starts_with("Q:select 1;select 1;"));
}
