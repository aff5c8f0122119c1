//! Answers that are longer than the plan allows. It does not test the configuration.

use super::*;
use pgmoat::limits::Ceilings;

fn limited(rows: Option<u64>, bytes: Option<u64>) -> Script {
    let mut script = Script::new();
    script.session.limit(None, Ceilings::new(rows, bytes));
    script
}

fn row(n: u8) -> Vec<u8> {
    message(b'D', &[n])
}

fn rows(n: u8) -> Vec<u8> {
    (0..n).flat_map(row).collect()
}

const HEAD: &[u8] = b"T\0\0\0\x06\0\0";

#[test]
fn the_error_stands_in_place_of_the_rest() {
    let mut s = limited(Some(2), None);
    s.client(&query("select name from properties"));
    let heard = s.server(&joined(&[HEAD, &rows(9)]));
    assert_eq!(heard, "T D:\0 D:\u{1} E53400".replace('\0', "|"));
    assert!(s.session.take_vain(), "the server should be canceled");
    assert_eq!(s.client(&query("select 1")), "", "what follows waits for the end");
    assert_eq!(s.server(&joined(&[&rows(5), &error("57014"), &ready(b'I')])), "Z:I");
    assert_eq!(s.codes(), ["53400"], "it is recorded, once");
    s.give_back();
    s.client(&query("select name from properties"));
    assert!(s.server(&joined(&[HEAD, &rows(2), &complete("SELECT 2"), &ready(b'I')])).ends_with("Z:I"), "as many as allowed");
    assert!(!s.session.take_vain());
}

#[test]
fn a_transaction_whose_server_was_done_before_it_could_be_canceled_is_failed() {
    let mut s = limited(Some(1), None);
    run(&mut s, "begin", "BEGIN", b'T');
    run(&mut s, "update properties set name = 'x'", "UPDATE 1", b'T');
    s.client(&query("select name from properties"));
    assert!(s.server(&joined(&[HEAD, &rows(3)])).ends_with("E53400"));
    assert_eq!(s.server(&joined(&[&complete("SELECT 3"), &ready(b'T')])), "", "the client does not hear of an open one");
    assert!(s.sent().starts_with("Q:"), "something that fails");
    assert_eq!(s.server(&joined(&[&error("42601"), &ready(b'E')])), "Z:E");
}

#[test]
fn what_was_sent_behind_it_has_not_happened() {
    let mut s = limited(Some(1), None);
    let cycle = [parse("a", "select name from properties"), bind("", "a", &[]), execute(""), parse("b", "select 2"), sync()];
    s.client(&cycle.concat());
    assert!(s.server(&joined(&[&PARSED, &BOUND, &rows(3)])).ends_with("E53400"));
    assert_eq!(s.server(&joined(&[&complete("SELECT 3"), &PARSED, &ready(b'I')])), "Z:I", "the server knows better");
    s.client(&joined(&[&bind("", "b", &[]), &sync()]));
    assert_eq!(s.heard(), "E26000", "the client's statement was never made");
    s.server(&joined(&[&error("26000"), &ready(b'I')]));
    assert_eq!(s.client(&joined(&[&parse("b", "select 2"), &sync()])), "S:", "and it can be, by the one that is there");
    assert_eq!(s.server(&ready(b'I')), "1 Z:I");
}

#[test]
fn up_to_a_sync_that_is_still_to_come_messages_are_skipped() {
    let mut s = limited(Some(1), None);
    s.client(&joined(&[&parse("", "select name from properties"), &bind("", "", &[]), &execute(""), &message(b'H', b"")]));
    assert!(s.server(&joined(&[&PARSED, &BOUND, &rows(3)])).ends_with("E53400"));
    assert_eq!(s.client(&joined(&[&parse("", "select 1"), &bind("", "", &[]), &execute("")])), "");
    assert_eq!(s.server(&error("57014")), "");
    assert_eq!(s.client(&sync()), "S:");
    assert_eq!(s.server(&ready(b'I')), "Z:I");
}

/// The session ends with the second row; nobody is told that something has not happened.
fn assert_ends(s: &mut Script, answer: &[u8], what: &str) {
    let ended = s.try_server(answer);
    assert!(matches!(&ended, Err(Broken::TooLong(message)) if message.contains("more than the 1 rows")), "{what}: {ended:?}");
    assert!(!s.heard().contains("E5"), "{what}");
    s.records.extend(s.session.take_records());
    assert_eq!(s.codes(), ["53400"], "{what}");
}

#[test]
fn the_session_ends_where_an_error_would_lie() {
    for sql in [
        "update properties set name = 'x' returning name",
        "select name from properties; update properties set name = 'x'",
        "with w as (delete from properties returning id) select id from w",
        "set timezone = 'UTC'; select name from properties",
        "select name from properties; reset timezone",
    ] {
        let mut s = limited(Some(1), None);
        s.client(&query(sql));
        let set = if sql.starts_with("set") { complete("SET") } else { Vec::new() };
        assert_ends(&mut s, &joined(&[&set, HEAD, &rows(3)]), sql);
        if sql.contains("timezone") {
            continue;
        }
        let mut s = limited(Some(1), None);
        run(&mut s, "begin", "BEGIN", b'T');
        s.client(&query(sql));
        assert!(s.server(&joined(&[HEAD, &rows(3)])).ends_with("E53400"), "in a transaction: {sql}");
    }
    let mut s = limited(Some(1), None);
    run(&mut s, "begin", "BEGIN", b'T');
    s.client(&query("select name from properties; commit"));
    assert_ends(&mut s, &joined(&[HEAD, &rows(3)]), "the commit is on its way");
    // Behind it, by the extended protocol.
    for behind in ["set timezone = 'UTC'", "commit"] {
        let mut s = limited(Some(1), None);
        let ask = |sql: &str| [parse("", sql), bind("", "", &[]), execute("")].concat();
        s.client(&joined(&[&ask("select name from properties"), &ask(behind), &sync()]));
        assert_ends(&mut s, &joined(&[&PARSED, &BOUND, &rows(3)]), behind);
    }
    // A transaction that is begun with it can be failed as a whole, and so can what came before in the same query.
    let mut s = limited(Some(1), None);
    s.client(&query("begin; update properties set name = 'x'; select name from properties"));
    let answer = joined(&[&complete("BEGIN"), &complete("UPDATE 1"), HEAD, &rows(3)]);
    assert!(s.server(&answer).ends_with("E53400"));
    s.server(&joined(&[&complete("SELECT 3"), &ready(b'T')]));
    assert_eq!(s.server(&joined(&[&error("42601"), &ready(b'E')])), "Z:E");
}

/// It is what it stands for, in either protocol.
#[test]
fn an_execute_in_sql_is_cut() {
    let extended = [parse("", "execute r"), bind("", "", &[]), execute(""), sync()].concat();
    for cycle in [query("execute r"), extended] {
        let mut s = limited(Some(1), None);
        s.client(&query("prepare r as select name from properties"));
        s.server(&joined(&[&PARSED, &ready(b'I')]));
        let simple = cycle.first() == Some(&b'Q');
        s.client(&cycle);
        let head = if simple { HEAD } else { &[] };
        assert!(s.server(&joined(&[&PARSED, &BOUND, head, &rows(3)])).ends_with("E53400"), "simple: {simple}");
        assert_eq!(s.server(&joined(&[&error("57014"), &ready(b'I')])), "Z:I");
    }
}

#[test]
fn bytes_count_with_their_frames_and_long_rows_before_they_come() {
    let mut s = limited(None, Some(12));
    s.client(&query("select name from properties"));
    assert_eq!(s.server(&joined(&[HEAD, &rows(2)])), "T D:| D:\u{1}");
    assert_eq!(s.server(&row(0)), "E53400");
    let mut s = limited(None, Some(100_000));
    s.client(&query("select name from properties"));
    let long = message(b'D', &vec![7; 200_000]);
    assert_eq!(s.server(long.get(..20_000).expect("long")), "E53400", "nothing of it is told");
    assert!(!s.session.is_streaming());
    assert_eq!(s.server(long.get(20_000..).expect("long")), "");
    assert_eq!(s.server(&joined(&[&error("57014"), &ready(b'I')])), "Z:I");
}

#[test]
fn each_statement_and_each_piece_counts_for_itself() {
    let mut s = limited(Some(2), None);
    s.client(&query("select 1; select 2"));
    let one = joined(&[HEAD, &rows(2), &complete("SELECT 2")]);
    assert!(s.server(&joined(&[&one, &one, &ready(b'I')])).ends_with("Z:I"));
    s.client(&joined(&[&parse("", "select name from properties"), &bind("", "", &[]), &execute(""), &execute(""), &sync()]));
    let piece = joined(&[&rows(2), &message(b's', b"")]);
    assert!(s.server(&joined(&[&PARSED, &BOUND, &piece, &piece, &ready(b'I')])).ends_with("s Z:I"));
}

#[test]
fn a_copy_to_the_client_is_cut_too() {
    let mut s = limited(Some(2), None);
    s.client(&query("copy properties to stdout"));
    let data = || message(b'd', b"1\tx\n");
    let begin = message(b'H', b"\0\0\x01\0\0");
    assert_eq!(s.server(&joined(&[&begin, &data(), &data(), &data()])), "H d d E53400");
    assert_eq!(s.server(&joined(&[&data(), &message(b'c', b""), &complete("COPY 4"), &ready(b'I')])), "Z:I");
    s.give_back();
}
