//! PREPARE, EXECUTE, DEALLOCATE and DISCARD ALL in SQL. It does not test what is cleared.

use super::*;
use pgmoat::limits::{Account, Meter, Metric, Period, Quota, Subject};

#[test]
fn prepare_execute_deallocate() {
    let mut s = Script::new();
    let sent = s.client(&query("prepare p (int8) as select name from properties where id = $1"));
    assert!(sent.starts_with("P:pgmoat_0_1|select") && sent.ends_with("S:"), "{sent}");
    assert_eq!(s.server(&joined(&[&PARSED, &ready(b'I')])), "C:PREPARE| Z:I");
    let sent = s.client(&query("execute p (7)"));
    assert!(sent.contains("EXECUTE \"pgmoat_0_1\" (7") && sent.ends_with("S:"), "{sent}");
    let rows = joined(&[&PARSED, &BOUND, &message(b'T', b"\0\0"), &message(b'D', b"\0\0"), &complete("SELECT 1"), &ready(b'I')]);
    assert_eq!(s.server(&rows), "T D:|| C:SELECT 1| Z:I", "as the simple protocol has it");
    s.give_back();
    s.client(&query("deallocate p"));
    assert_eq!(s.heard(), "C:DEALLOCATE| Z:I");
    s.client(&query("execute p (7)"));
    assert!(s.heard().starts_with("E26000"));
}

#[test]
fn a_failed_prepare_leaves_no_name() {
    let mut s = Script::new();
    s.client(&query("prepare p as select name from properties"));
    assert_eq!(s.server(&joined(&[&error("42703"), &ready(b'I')])), "E42703 Z:I");
    s.client(&query("deallocate p"));
    assert_eq!(s.heard(), "E26000", "the connection was still there: its answer tells the end");
}

#[test]
fn beside_other_statements_they_are_refused() {
    let mut s = Script::new();
    s.client(&query("select 1; deallocate all"));
    assert_eq!(s.heard(), "E0A000 Z:I");
}

#[test]
fn discard_all_forgets_and_is_refused_in_a_transaction() {
    let mut s = Script::new();
    s.client(&joined(&[&parse("a", "select 1"), &sync()]));
    s.server(&joined(&[&PARSED, &ready(b'I')]));
    s.give_back();
    s.heard();
    s.client(&query("discard all"));
    assert_eq!(s.heard(), "C:DISCARD ALL| Z:I");
    s.client(&joined(&[&bind("", "a", &[]), &sync()]));
    assert_eq!(s.heard(), "E26000 Z:I");
    run(&mut s, "begin", "BEGIN", b'T');
    s.client(&query("discard all"));
    assert_eq!(s.heard(), "E25001");
}

#[test]
fn in_the_extended_protocol_they_have_no_parameters_of_their_own() {
    let mut s = Script::new();
    let prepare = parse("", "prepare p (int8) as select name from properties where id = $1");
    s.client(&joined(&[&prepare, &bind("", "", &[]), &describe('P', ""), &execute(""), &sync()]));
    assert_eq!(s.server(&joined(&[&PARSED, &ready(b'I')])), "1 2 n C:PREPARE| Z:I");
    let sent = s.client(&joined(&[&parse("", "execute p (7)"), &bind("", "", &[]), &describe('P', ""), &execute(""), &sync()]));
    assert!(sent.contains("EXECUTE \"pgmoat_0_1\" (7") && sent.ends_with("D:P| E:||||| S:"), "{sent}");
    let rows = joined(&[&PARSED, &BOUND, &message(b'T', b"\0\0"), &message(b'D', b"\0\0"), &complete("SELECT 1"), &ready(b'I')]);
    assert_eq!(s.server(&rows), "1 2 T D:|| C:SELECT 1| Z:I");
    s.client(&joined(&[&parse("", "deallocate p"), &bind("", "", &[]), &execute(""), &sync()]));
    assert!(s.heard().starts_with("1 2 C:DEALLOCATE|"));
}

#[test]
fn what_changes_settings_or_transactions_is_not_executed_in_sql() {
    // An EXECUTE completes without an effect on the session: the setting would stay on the connection for the next client.
    for sql in [
        "set lock_timeout to 13",
        "set local lock_timeout to 13",
        "reset lock_timeout",
        "reset all",
        "begin",
        "commit",
        "rollback",
        "savepoint a",
        "set transaction read only",
    ] {
        for execution in ["execute s", "explain execute s"] {
            let mut s = Script::new();
            s.client(&joined(&[&parse("s", sql), &sync()]));
            s.server(&joined(&[&PARSED, &ready(b'I')]));
            s.give_back();
            let sent = s.client(&query(execution));
            assert_eq!(sent, "P:|refused by pgmoat S:", "{execution}: {sql}");
            assert_eq!(s.heard(), "E0A000", "{execution}: {sql}");
            assert_eq!(s.server(&joined(&[&error("42601"), &ready(b'I')])), "Z:I");
            let sent = s.client(&joined(&[&parse("", execution), &bind("", "", &[]), &execute(""), &sync()]));
            assert!(!sent.to_lowercase().contains("execute"), "{sent}");
            assert!(s.heard().ends_with("E0A000"), "{execution}: {sql}");
        }
    }
}

#[test]
fn a_protocols_statement_that_is_a_query_is_executed_in_sql() {
    for sql in ["select 1", "show timezone"] {
        let mut s = Script::new();
        s.client(&joined(&[&parse("s", sql), &sync()]));
        s.server(&joined(&[&PARSED, &ready(b'I')]));
        let sent = s.client(&query("execute s"));
        assert!(sent.contains("EXECUTE \"pgmoat_0_1\""), "{sent}");
    }
}

/// What an EXECUTE stands for is admitted each time, as if it had been sent itself: it may have been prepared before a quota was used up.
#[test]
fn a_quota_that_is_used_up_stops_what_was_prepared_before() {
    let extended = [parse("", "execute w"), bind("", "", &[]), execute(""), sync()].concat();
    for (cycle, stopped) in [(query("execute w"), true), (extended, true), (query("execute r"), false)] {
        let (meter, account) = (Arc::new(Meter::default()), Account::default());
        let quota = Quota { limits: [(Subject::Used(Metric::RowsWritten, Period::Day), 5)].into(), soft_percent: None };
        account.bind(&meter, &quota, Duration::ZERO, Duration::ZERO, |_| Duration::from_secs(60));
        let mut s = Script::new();
        s.session.count_in(Arc::clone(&meter));
        for sql in ["prepare w as update properties set name = 'x'", "prepare r as select name from properties"] {
            s.client(&query(sql));
            assert_eq!(s.server(&joined(&[&PARSED, &ready(b'I')])), "C:PREPARE| Z:I");
        }
        meter.add(Metric::RowsWritten, 5);
        let sent = s.client(&cycle);
        assert_eq!((!sent.contains("EXECUTE"), s.heard().contains("E53400")), (stopped, stopped), "{sent}");
    }
}
