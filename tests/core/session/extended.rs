//! Parse, Bind, Describe, Execute, Close, Sync. It does not test what is cleared.

use super::*;

const ONE: &str = "pgmoat_0_1";

#[test]
fn a_statement_is_prepared_once_and_its_parse_is_answered_here_from_then_on() {
    let mut s = Script::new();
    let cycle = joined(&[&parse("", "select $1::int8"), &bind("", "", &["5"]), &describe('P', ""), &execute(""), &sync()]);
    let sent = s.client(&cycle);
    assert!(sent.starts_with(&format!("P:{ONE}|")), "{sent}");
    assert!(sent.contains(&format!("B:|{ONE}|")) && sent.ends_with("S:"), "{sent}");
    let rows = joined(&[&BOUND, &message(b'T', b"\0\0"), &message(b'D', b"\0\0"), &complete("SELECT 1"), &ready(b'I')]);
    assert_eq!(s.server(&joined(&[&PARSED, &rows])), "1 2 T D:|| C:SELECT 1| Z:I");
    let again = s.client(&cycle);
    assert!(again.starts_with("B:"), "{again}");
    assert_eq!(s.server(&rows), "1 2 T D:|| C:SELECT 1| Z:I");
    s.give_back();
}

#[test]
fn answers_of_the_proxy_stand_in_order_between_the_servers() {
    let mut s = Script::new();
    let first = joined(&[&parse("a", "select 1"), &sync()]);
    s.client(&first);
    s.server(&joined(&[&PARSED, &ready(b'I')]));
    s.heard();
    s.client(&joined(&[
        &bind("", "a", &[]),
        &execute(""),
        &parse("b", "select 1"),
        &close('S', "a"),
        &bind("", "b", &[]),
        &execute(""),
        &sync(),
    ]));
    let run = joined(&[&BOUND, &complete("SELECT 1")]);
    assert_eq!(s.heard(), "", "nothing before its turn");
    assert_eq!(s.server(&run), "2 C:SELECT 1| 1 3");
    assert_eq!(s.server(&joined(&[&run, &ready(b'I')])), "2 C:SELECT 1| Z:I");
}

#[test]
fn the_tenants_parameter_is_appended_and_not_described() {
    let mut s = Script::new();
    let sent = s.client(&joined(&[
        &parse("", "select name from properties where id = $1"),
        &describe('S', ""),
        &bind("", "", &["7"]),
        &sync(),
    ]));
    assert!(sent.contains("$2::pg_catalog.int8"), "{sent}");
    assert!(
        sent.contains(&format!("B:|{ONE}||||\u{2}|||\u{1}7|||\u{1}1||")),
        "the tenant's value follows the client's: {sent:?}"
    );
    let described = message(b't', &[&[0, 2][..], &20_u32.to_be_bytes(), &20_u32.to_be_bytes()].concat());
    let backend = s.backend.as_mut().expect("a server connection");
    let mut out = Vec::new();
    s.session.on_server(&joined(&[&PARSED, &described]), backend, &mut out).expect("understood");
    assert_eq!(out[5..], message(b't', &[&[0, 1][..], &20_u32.to_be_bytes()].concat()));
}

#[test]
fn after_an_error_everything_up_to_sync_is_taken_back() {
    let mut s = Script::new();
    s.client(&joined(&[&parse("keep", "select 0"), &sync()]));
    s.server(&joined(&[&PARSED, &ready(b'I')]));
    s.heard();
    // The server fails at the second message; the names made after it, and the close, never happened.
    s.client(&joined(&[
        &parse("x", "select 1 / 0"),
        &bind("", "x", &[]),
        &execute(""),
        &parse("late", "select 0"),
        &close('S', "keep"),
        &sync(),
    ]));
    assert_eq!(s.server(&joined(&[&PARSED, &BOUND, &error("22012"), &ready(b'I')])), "1 2 E22012 Z:I");
    s.give_back();
    s.client(&joined(&[&bind("", "late", &[]), &sync()]));
    assert_eq!(s.heard(), "E26000 Z:I");
    let sent = s.client(&joined(&[&bind("", "keep", &[]), &execute(""), &sync()]));
    assert!(sent.contains("select 0") && sent.contains("B:"), "{sent}");
}

#[test]
fn a_statement_that_the_server_refuses_is_not_there() {
    let mut s = Script::new();
    s.client(&joined(&[&parse("x", "select 1"), &sync()]));
    assert_eq!(s.server(&joined(&[&error("42883"), &ready(b'I')])), "E42883 Z:I");
    let sent = s.client(&joined(&[&parse("x", "select 1"), &sync()]));
    assert!(sent.starts_with("P:pgmoat_0_2|"), "neither name is taken: {sent}");
}

#[test]
fn a_refusal_in_a_pipeline_undoes_what_the_pipeline_did() {
    let mut s = Script::new();
    let sent = s.client(&joined(&[
        &parse("", "delete from meters"),
        &bind("", "", &[]),
        &execute(""),
        &parse("", "select * from operators_notes"),
        &bind("", "", &[]),
        &execute(""),
        &sync(),
    ]));
    assert!(sent.ends_with("E:||||| P:|refused by pgmoat S:"), "{sent}");
    assert_eq!(s.heard(), "");
    let done = joined(&[&PARSED, &BOUND, &complete("DELETE 1"), &error("42601"), &ready(b'I')]);
    assert_eq!(s.server(&done), "1 2 C:DELETE 1| E42P01 Z:I");
    assert_eq!(s.codes(), ["42P01"]);
    s.give_back();
}

#[test]
fn an_earlier_error_of_the_server_comes_first_and_alone() {
    let mut s = Script::new();
    s.client(&joined(&[
        &parse("", "select 1 / 0"),
        &bind("", "", &[]),
        &execute(""),
        &parse("", "select * from operators_notes"),
        &sync(),
    ]));
    assert_eq!(s.server(&joined(&[&PARSED, &BOUND, &error("22012"), &ready(b'I')])), "1 2 E22012 Z:I");
    assert_eq!(s.codes(), ["42P01"], "but the refusal is on record");
}

#[test]
fn a_refusal_alone_needs_no_server() {
    let mut s = Script::new();
    assert_eq!(s.client(&joined(&[&parse("", "select * from operators_notes"), &bind("", "", &[]), &execute(""), &sync()])), "");
    assert_eq!(s.heard(), "E42P01 Z:I");
}

#[test]
fn a_tenant_value_that_is_another_tenants_is_refused_at_bind() {
    let mut s = Script::new();
    s.client(&joined(&[&parse("i", "insert into properties (tenant_id, id, name) values ($1, $2, 'x')"), &sync()]));
    s.server(&joined(&[&PARSED, &ready(b'I')]));
    s.heard();
    let sent = s.client(&joined(&[&bind("", "i", &["2", "9"]), &execute(""), &sync()]));
    assert!(!sent.contains("B:"), "{sent}");
    assert!(s.heard().starts_with("E42501"));
    assert_eq!(s.codes(), ["42501"]);
}

#[test]
fn counts_of_a_bind_are_checked_before_ours_are_added() {
    for (values, code) in [(&[][..], "E08P01"), (&["1", "2"], "E08P01")] {
        let mut s = Script::new();
        s.client(&joined(&[&parse("", "select name from properties where id = $1"), &sync()]));
        s.server(&joined(&[&PARSED, &ready(b'I')]));
        s.heard();
        s.client(&bind("", "", values));
        assert_eq!(s.heard(), code);
    }
}

#[test]
fn local_ends_of_messages_without_a_server() {
    let mut s = Script::new();
    s.client(&joined(&[
        &parse("e", ""),
        &describe('S', "e"),
        &bind("p", "e", &[]),
        &describe('P', "p"),
        &execute("p"),
        &close('P', "p"),
        &close('S', "e"),
        &sync(),
    ]));
    assert_eq!(s.heard(), "1 t n 2 n I 3 3 Z:I");
    s.client(&joined(&[&describe('P', "none"), &sync()]));
    assert_eq!(s.heard(), "E34000 Z:I");
}

#[test]
fn a_connection_in_the_middle_of_a_pipeline_is_not_clean() {
    let mut s = Script::new();
    s.client(&joined(&[&parse("", "select 1"), &message(b'H', b"")]));
    assert_eq!(s.server(&PARSED), "1");
    assert!(!s.is_clean(), "an implicit transaction is open until Sync");
    s.client(&sync());
    s.server(&ready(b'I'));
    assert!(s.is_clean());
}

#[test]
fn in_a_failed_transaction_only_its_end_is_parsed() {
    let mut s = Script::new();
    run(&mut s, "begin", "BEGIN", b'T');
    s.client(&query("select 1 / 0"));
    s.server(&joined(&[&error("22012"), &ready(b'E')]));
    s.heard();
    s.client(&joined(&[&parse("", "select 1"), &sync()]));
    assert_eq!(s.heard(), "E25P02");
    assert_eq!(s.server(&joined(&[&error("25P02"), &ready(b'E')])), "Z:E");
    let sent = s.client(&joined(&[&parse("", "rollback"), &bind("", "", &[]), &execute(""), &sync()]));
    assert!(sent.contains("|rollback "), "{sent}");
}

#[test]
fn prepared_statements_are_bounded_in_number_and_in_bytes() {
    for (length, most) in [(10, 4096), (1_000_000, 16)] {
        let mut s = Script::new();
        let long = format!("select 1{}", " ".repeat(length));
        for i in 0..most {
            s.client(&joined(&[&parse(&format!("s{i}"), &long), &sync()]));
            let answer = if i == 0 { joined(&[&PARSED, &ready(b'I')]) } else { ready(b'I').clone() };
            assert_eq!(s.server(&answer), "1 Z:I", "statement {i} of {length} bytes");
        }
        s.client(&parse("more", &long));
        assert_eq!(s.heard(), "E53400", "{length} bytes");
    }
}
