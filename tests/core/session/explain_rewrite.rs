//! EXPLAIN (REWRITE): answered without a server. It does not test how statements are rewritten.

use super::*;

/// What the client heard, where the server must not have been asked.
#[track_caller]
fn check(s: &mut Script, sent: &[u8], heard: &str) {
    assert_eq!(s.client(sent), "", "nothing goes to a server");
    assert_eq!(s.heard(), heard);
    assert!(s.backend.is_none(), "nor is one taken");
}

#[test]
fn the_simple_protocol_shows_the_statement_and_the_rules() {
    let mut s = Script::new();
    s.client(&query("explain (rewrite, verbose) select name from properties where id = 7"));
    let heard = s.heard();
    assert!(heard.starts_with("T D:") && heard.ends_with("C:EXPLAIN| Z:I"), "{heard}");
    let line = "Rewritten: select name from \"public\".\"properties\" where \"public\".\"properties\".\"tenant_id\" \
                OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND ( id = 7 )";
    assert!(heard.contains(line) && heard.contains("Rule: properties: predicate in place"), "{heard}");
    assert!(s.backend.is_none(), "no server is taken");
}

#[test]
fn a_refusal_is_that_of_the_statement() {
    let mut s = Script::new();
    check(&mut s, &query("explain (rewrite) select * from secrets"), "E42P01 Z:I");
    check(&mut s, &query("explain (rewrite) insert into properties (tenant_id, id) values (2, 1)"), "E42501 Z:I");
    check(&mut s, &query("explain (rewrite) begin"), "E42601 Z:I");
    check(&mut s, &query("explain (rewrite) select $1"), "E42P02 Z:I");
    check(&mut s, &query("explain (rewrite) select 1; select 2"), "E0A000 Z:I");
}

#[test]
fn the_extended_protocol_describes_and_runs_it() {
    let mut s = Script::new();
    let sql = "explain (rewrite) select name from properties where id = $1";
    s.client(&joined(&[&parse("e", sql), &describe('S', "e"), &sync()]));
    assert_eq!(s.heard(), "1 t T Z:I");
    s.client(&joined(&[&bind("p", "e", &["7"]), &describe('P', "p"), &execute("p"), &sync()]));
    let heard = s.heard();
    assert!(heard.starts_with("2 T D:") && heard.contains("$2::pg_catalog.int8 AND ( id = $1 )"), "{heard}");
    assert!(heard.ends_with("C:EXPLAIN| Z:I"), "{heard}");
    check(&mut s, &joined(&[&bind("", "e", &[]), &sync()]), "E08P01 Z:I");
}

#[test]
fn neither_views_nor_secrets_show() {
    let mut s = Script::new();
    s.client(&query("explain (rewrite) select number from open_invoices"));
    let heard = s.heard();
    assert!(heard.contains("(definition of view \"public\".\"open_invoices\", filtered)"), "{heard}");
    assert!(!heard.contains("status") && !heard.contains("Rule: view"), "{heard}");
    s.client(&query("explain (rewrite) insert into invoice_lines (id, invoice_id) values (1, 2)"));
    let heard = s.heard();
    assert!(heard.contains(&format!("'pgmoat_{}_f", "0".repeat(32))), "{heard}");
    s.client(&query("explain verbose insert into invoice_lines (id, invoice_id) values (1, 2)"));
    assert_eq!(s.heard(), "E0A000 Z:I");
}

#[test]
fn in_a_failed_transaction_it_fails() {
    let mut s = Script::new();
    run(&mut s, "begin", "BEGIN", b'T');
    s.client(&query("select name from properties"));
    s.server(&joined(&[&error("22012"), &ready(b'E')]));
    s.client(&query("explain (rewrite) select 1"));
    assert!(s.heard().ends_with("E25P02"));
}
