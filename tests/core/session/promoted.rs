//! Simple queries that come again, as prepared statements. It does not test which literals become parameters: `rewrite/promotion.sql` does.

use super::*;

const PARAMETERS: &[u8] = b"\0\x02\0\0\0\x17\0\0\0\x14";
const ROW: &str = "T D:|| C:SELECT 1| Z:I";

fn parameters() -> Vec<u8> {
    message(b't', PARAMETERS)
}

fn rows() -> Vec<u8> {
    joined(&[&message(b'D', b"\0\0"), &complete("SELECT 1"), &ready(b'I')])
}

fn described() -> Vec<u8> {
    message(b'T', b"\0\0")
}

fn select(id: u32) -> Vec<u8> {
    query(&format!("select total from invoices where id = {id}"))
}

/// Sent once as text, then prepared.
fn prepared() -> Script {
    let mut s = Script::new();
    assert!(s.client(&select(1)).starts_with("Q:select total "));
    assert_eq!(s.server(&joined(&[&described(), &rows()])), ROW);
    let sent = s.client(&select(2));
    assert!(
        sent.starts_with("P:pgmoat_0_1|select total from ") && sent.contains("( id = $1 ) D:Spgmoat_0_1| B:|pgmoat_0_1|"),
        "{sent}"
    );
    assert!(sent.ends_with(" E:||||| S:"), "{sent}");
    let answer = joined(&[&PARSED, &parameters(), &described(), &BOUND, &rows()]);
    assert_eq!(s.server(&answer), ROW, "the client hears what a simple query answers");
    s
}

#[test]
fn the_third_time_it_is_bound_only() {
    let mut s = prepared();
    let sent = s.client(&select(3));
    assert!(sent.starts_with("B:|pgmoat_0_1|") && sent.ends_with(" E:||||| S:"), "{sent}");
    assert_eq!(s.server(&joined(&[&BOUND, &rows()])), ROW, "the description is remembered");
    s.give_back();
}

#[test]
fn a_plan_that_no_longer_fits_is_asked_for_anew_unseen() {
    let mut s = prepared();
    s.client(&select(3));
    assert_eq!(s.server(&joined(&[&error("0A000"), &ready(b'I')])), "", "nothing of it has run");
    assert!(s.sent().starts_with("Q:select total "), "it is sent as it is");
    assert_eq!(s.server(&joined(&[&described(), &rows()])), ROW);
    // The statement is closed before it is made again.
    let sent = s.client(&select(4));
    assert!(sent.starts_with("C:Spgmoat_0_1| P:pgmoat_0_2|"), "{sent}");
    let answer = joined(&[&CLOSED, &PARSED, &parameters(), &described(), &BOUND, &rows()]);
    assert_eq!(s.server(&answer), ROW);
    s.give_back();
}

#[test]
fn in_a_transaction_it_fails_as_the_server_says() {
    let mut s = prepared();
    run(&mut s, "begin", "BEGIN", b'T');
    s.client(&select(3));
    assert_eq!(s.server(&joined(&[&error("0A000"), &ready(b'E')])), "E0A000 Z:E");
    assert!(s.client(&select(3)).starts_with("Q:"), "in a failed transaction nothing is prepared");
}

#[test]
fn an_error_ends_the_query_only() {
    let mut s = prepared();
    s.client(&select(3));
    assert_eq!(s.server(&joined(&[&error("22003"), &ready(b'I')])), "E22003 Z:I");
    assert!(s.client(&select(3)).starts_with("B:|pgmoat_0_1|"));
}

#[test]
fn a_statement_that_cannot_be_prepared_is_forgotten() {
    let mut s = Script::new();
    s.client(&select(1));
    s.server(&joined(&[&described(), &rows()]));
    s.client(&select(2));
    assert_eq!(s.server(&joined(&[&error("42703"), &ready(b'I')])), "E42703 Z:I");
    assert!(s.client(&select(3)).starts_with("P:pgmoat_0_2|"));
}

#[test]
fn what_has_no_rows_has_no_description() {
    let mut s = Script::new();
    let update = |n: u32| query(&format!("update invoices set total = {n} where id = 1"));
    let done = joined(&[&complete("UPDATE 1"), &ready(b'I')]);
    s.client(&update(1));
    s.server(&done);
    s.client(&update(2));
    assert_eq!(s.server(&joined(&[&PARSED, &parameters(), &NO_DATA, &BOUND, &done])), "C:UPDATE 1| Z:I");
    s.client(&update(3));
    assert_eq!(s.server(&joined(&[&BOUND, &done])), "C:UPDATE 1| Z:I");
}

#[test]
fn another_date_style_is_another_statement() {
    let mut s = prepared();
    run(&mut s, "set datestyle to 'German'", "SET", b'I');
    assert!(s.client(&select(3)).starts_with("P:pgmoat_0_2|"), "literals left in the text may mean something else");
    s.server(&joined(&[&PARSED, &parameters(), &described(), &BOUND, &rows()]));
    run(&mut s, "reset datestyle", "RESET", b'I');
    assert!(s.client(&select(4)).starts_with("B:|pgmoat_0_1|"));
    s.server(&joined(&[&BOUND, &rows()]));
    run(&mut s, "set application_name to 'x'", "SET", b'I');
    assert!(s.client(&select(4)).starts_with("B:|pgmoat_0_1|"), "a name changes no meaning");
}

#[test]
fn while_settings_are_local_nothing_is_shared() {
    let mut s = prepared();
    run(&mut s, "begin", "BEGIN", b'T');
    run(&mut s, "set local datestyle to 'German'", "SET", b'T');
    assert!(s.client(&select(3)).starts_with("Q:"));
    s.server(&joined(&[&described(), &message(b'D', b"\0\0"), &complete("SELECT 1"), &ready(b'T')]));
    let sent =
        s.client(&joined(&[&parse("", "select total from invoices where id = 5"), &bind("", "", &[]), &execute(""), &sync()]));
    assert!(sent.starts_with("P:pgmoat_0_2|"), "{sent}");
    s.server(&joined(&[&PARSED, &BOUND, &complete("SELECT 0"), &ready(b'T')]));
    run(&mut s, "rollback", "ROLLBACK", b'I');
    assert!(s.client(&select(4)).starts_with("B:|pgmoat_0_1|"));
    s.server(&joined(&[&BOUND, &rows()]));
    let sent = s.client(&joined(&[&parse("", "select total from invoices where id = 5"), &sync()]));
    assert!(sent.starts_with("C:Spgmoat_0_2| P:pgmoat_0_3|"), "what was read under a local setting is nobody's: {sent}");
}

#[test]
fn a_setting_in_the_same_pipeline_counts() {
    let mut s = Script::new();
    let set = [parse("", "set datestyle to 'German'"), bind("", "", &[]), execute("")].concat();
    let select = [parse("", "select total from invoices where id = 5"), bind("", "", &[]), execute(""), sync()].concat();
    s.client(&joined(&[&set, &select]));
    s.server(&joined(&[&PARSED, &BOUND, &complete("SET"), &PARSED, &BOUND, &complete("SELECT 0"), &ready(b'I')]));
    run(&mut s, "reset datestyle", "RESET", b'I');
    let sent = s.client(&select);
    assert!(sent.starts_with("C:Spgmoat_0_2| P:pgmoat_0_3|"), "{sent}");
}

#[test]
fn a_statement_that_a_driver_prepared_is_asked_for_anew_too() {
    let text = "select id from invoices";
    let mut s = Script::new();
    s.client(&query(text));
    s.server(&joined(&[&described(), &rows()]));
    s.client(&joined(&[&parse("p", text), &sync()]));
    s.server(&joined(&[&PARSED, &ready(b'I')]));
    let sent = s.client(&query(text));
    assert!(sent.starts_with("D:Spgmoat_0_1| B:"), "the same statement: {sent}");
    assert_eq!(s.server(&joined(&[&error("0A000"), &ready(b'I')])), "", "nothing of it has run");
    assert!(s.sent().starts_with("Q:select id "));
    assert_eq!(s.server(&joined(&[&described(), &rows()])), ROW);
}

fn update(id: u32) -> Vec<u8> {
    query(&format!("update invoices set total = {id} where id = 1 returning id"))
}

/// An UPDATE ... RETURNING that is prepared, and sent a third time.
fn returning() -> Script {
    let mut s = Script::new();
    s.client(&update(1));
    s.server(&joined(&[&described(), &rows()]));
    s.client(&update(2));
    assert_eq!(s.server(&joined(&[&PARSED, &parameters(), &described(), &BOUND, &rows()])), ROW);
    let sent = s.client(&update(3));
    assert!(sent.starts_with("B:|pgmoat_0_1|"), "{sent}");
    s
}

#[test]
fn rows_that_are_written_are_described_when_they_are_there() {
    let mut s = returning();
    assert_eq!(s.server(&BOUND), "");
    let notice = message(b'N', b"SNOTICE\0VNOTICE\0C00000\0Mhm\0\0");
    assert_eq!(s.server(&notice), "N", "a trigger's notice comes before");
    assert_eq!(s.server(&rows()), ROW);
    s.client(&update(4));
    let nothing = joined(&[&BOUND, &complete("UPDATE 0"), &ready(b'I')]);
    assert_eq!(s.server(&nothing), "T C:UPDATE 0| Z:I", "no row is described too");
    s.give_back();
}

#[test]
fn a_write_that_fails_is_answered_by_the_error_alone() {
    let mut s = returning();
    assert_eq!(s.server(&joined(&[&BOUND, &error("23505"), &ready(b'I')])), "E23505 Z:I");
    s.client(&update(4));
    assert_eq!(s.server(&joined(&[&BOUND, &rows()])), ROW);
    s.give_back();
}

#[test]
fn a_read_that_fails_has_been_described() {
    let mut s = prepared();
    s.client(&select(3));
    assert_eq!(s.server(&joined(&[&BOUND, &error("22012"), &ready(b'I')])), "T E22012 Z:I", "as PostgreSQL does");
}

#[test]
fn a_large_row_that_is_written_is_described_before_it_streams() {
    let mut s = returning();
    let row = message(b'D', &[b'x'; 100_000]);
    let backend = s.backend.as_mut().expect("there");
    let first = joined(&[&BOUND, &row[..50_000]]);
    assert_eq!(s.session.on_server(&first, backend, &mut s.heard).expect("understood"), first.len());
    assert_eq!(s.heard, joined(&[&described(), &row[..50_000]]));
    s.heard.clear();
    s.session.on_server(&row[50_000..], s.backend.as_mut().expect("there"), &mut s.heard).expect("understood");
    assert_eq!(s.heard, &row[50_000..]);
    s.heard.clear();
    assert_eq!(s.server(&joined(&[&complete("UPDATE 1"), &ready(b'I')])), "C:UPDATE 1| Z:I");
}
