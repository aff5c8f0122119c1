//! Which portal a client's name stands for, when the server and the session could come to think differently.
//! It does not test what is cleared.

use super::*;

/// `BEGIN`, then a named portal `p` that is bound to a SET and not run yet.
fn bound_to_a_set() -> Script {
    let mut s = Script::new();
    run(&mut s, "begin", "BEGIN", b'T');
    s.client(&joined(&[&parse("a", "set timezone to 'Asia/Tokyo'"), &bind("p", "a", &[]), &sync()]));
    s.server(&joined(&[&PARSED, &BOUND, &ready(b'T')]));
    run(&mut s, "savepoint s", "SAVEPOINT", b'T');
    s
}

/// The portal is run: that its setting is brought to the next connection shows that it is known for a SET.
fn is_known_for_a_set(s: &mut Script, portal: &str) {
    // A simple query would end the unnamed portal.
    s.client(&joined(&[&parse("back", "rollback to s"), &bind("back", "back", &[]), &execute("back"), &sync()]));
    s.server(&joined(&[&PARSED, &BOUND, &complete("ROLLBACK"), &ready(b'T')]));
    s.heard();
    let sent = s.client(&joined(&[&execute(portal), &sync()]));
    assert!(sent.starts_with(&format!("E:{portal}|")), "{sent}");
    assert_eq!(s.server(&joined(&[&complete("SET"), &ready(b'T')])), "C:SET| Z:T");
    run(s, "commit", "COMMIT", b'I');
    s.give_back();
    let sent = s.client(&query("select 1"));
    assert!(sent.contains("Asia/Tokyo"), "{sent}");
}

#[test]
fn a_bind_that_fails_does_not_rename_the_portal() {
    let mut s = bound_to_a_set();
    s.client(&joined(&[&parse("b", "select 1"), &bind("p", "b", &[]), &sync()]));
    assert_eq!(s.server(&joined(&[&PARSED, &error("42P03"), &ready(b'E')])), "1 E42P03 Z:E");
    is_known_for_a_set(&mut s, "p");
}

#[test]
fn a_bind_or_close_that_the_server_skips_does_not_rename_the_portal() {
    for message in [bind("p", "b", &[]), close('P', "p")] {
        let mut s = bound_to_a_set();
        s.client(&joined(&[&parse("b", "select 1"), &parse("", "select nothere from properties"), &message, &sync()]));
        assert_eq!(s.server(&joined(&[&PARSED, &error("42703"), &ready(b'E')])), "1 E42703 Z:E");
        is_known_for_a_set(&mut s, "p");
    }
}

#[test]
fn the_unnamed_portal_is_not_renamed_by_a_skipped_bind_either() {
    let mut s = Script::new();
    run(&mut s, "begin", "BEGIN", b'T');
    s.client(&joined(&[&parse("a", "savepoint s"), &parse("b", "select 1"), &sync()]));
    s.server(&joined(&[&PARSED, &PARSED, &ready(b'T')]));
    s.client(&joined(&[&parse("", "set timezone to 'Asia/Tokyo'"), &bind("", "", &[]), &sync()]));
    s.server(&joined(&[&PARSED, &BOUND, &ready(b'T')]));
    s.client(&joined(&[&bind("q", "a", &[]), &execute("q"), &sync()]));
    s.server(&joined(&[&BOUND, &complete("SAVEPOINT"), &ready(b'T')]));
    s.client(&joined(&[&parse("x", "select nothere from properties"), &bind("", "b", &[]), &sync()]));
    s.server(&joined(&[&error("42703"), &ready(b'E')]));
    s.heard();
    is_known_for_a_set(&mut s, "");
}

#[test]
fn a_portal_that_an_empty_query_made_forgotten_is_not_run() {
    for message in [execute(""), describe('P', "")] {
        let mut s = Script::new();
        run(&mut s, "begin", "BEGIN", b'T');
        s.client(&joined(&[&parse("", "set statement_timeout to 7"), &bind("", "", &[]), &sync()]));
        s.server(&joined(&[&PARSED, &BOUND, &ready(b'T')]));
        s.client(&query(""));
        s.server(&joined(&[&EMPTY, &ready(b'T')]));
        s.heard();
        let sent = s.client(&joined(&[&message, &sync()]));
        assert_eq!(sent, "P:|refused by pgmoat S:");
        assert_eq!(s.heard(), "E34000");
        assert_eq!(s.server(&joined(&[&error("42601"), &ready(b'E')])), "Z:E");
    }
}

#[test]
fn a_named_portal_of_an_empty_statement_is_in_the_way_of_another() {
    let mut s = Script::new();
    s.client(&joined(&[&parse("e", ""), &parse("a", "select 1"), &sync()]));
    s.server(&joined(&[&PARSED, &ready(b'I')]));
    s.heard();
    for second in ["e", "a"] {
        s.client(&joined(&[&bind("p", "e", &[]), &bind("p", second, &[])]));
        s.client(&sync());
        let heard = s.server(&joined(&[&error("42601"), &ready(b'I')]));
        assert_eq!(heard, "2 E42P03 Z:I", "{second}");
    }
}

#[test]
fn a_completion_that_does_not_fit_keeps_the_connection_from_other_clients() {
    for (sql, tag, clean) in [
        ("select 1", "SET", false),
        ("select 1", "RESET", false),
        ("select 1", "BEGIN", false),
        ("select 1", "COMMIT", false),
        ("select 1", "DISCARD ALL", false),
        ("select 1", "LISTEN", false),
        ("select 1", "PREPARE TRANSACTION", false),
        ("begin", "SET", false),
        ("set local timezone to 'UTC'", "BEGIN", false),
        ("savepoint a", "SET", false),
        ("select 1", "SELECT 1", true),
        ("delete from properties where id = 1", "DELETE 1", true),
        ("explain select 1", "EXPLAIN", true),
        ("show timezone", "SHOW", true),
        ("begin", "BEGIN", true),
        ("start transaction", "START TRANSACTION", true),
        ("set local timezone to 'UTC'", "SET", true),
        ("set transaction read only", "SET", true),
        ("savepoint a", "SAVEPOINT", true),
        ("release a", "RELEASE", true),
        ("rollback to a", "ROLLBACK", true),
    ] {
        let mut s = Script::new();
        run(&mut s, sql, tag, b'I');
        assert_eq!(s.is_clean(), clean, "{sql}: {tag}");
        let mut s = Script::new();
        s.client(&joined(&[&parse("", sql), &bind("", "", &[]), &execute(""), &sync()]));
        s.server(&joined(&[&PARSED, &BOUND, &complete(tag), &ready(b'I')]));
        assert_eq!(s.is_clean(), clean, "{sql}: {tag}");
    }
}
