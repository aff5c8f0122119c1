//! Roles over the billing catalog: who gets which rewriter, and that no role reaches more than none does. What becomes of statements is in
//! `rewrite/clerk.sql`.

use crate::billing::{identity, rewriters};
use std::collections::BTreeMap;

/// What each of these becomes for somebody.
fn texts(role: Option<&str>, statements: &[&str]) -> Vec<Result<String, String>> {
    let (rewriters, who) = (rewriters(), identity(role, BTreeMap::new()));
    let rewriter = rewriters.of(&who).unwrap();
    let scope = rewriter.scope(&who).unwrap();
    let text = |sql: &&str| match rewriter.simple(sql, &scope) {
        Ok(batch) => Ok(batch.iter().map(|c| c.text().to_string()).collect()),
        Err(refusal) => Err(refusal.code.to_string()),
    };
    statements.iter().map(text).collect()
}

const STATEMENTS: [&str; 10] = [
    "SELECT id FROM meters WHERE serial = 'x'",
    "SELECT * FROM payments",
    "INSERT INTO meters (id) VALUES (1)",
    "UPDATE meters SET serial = 'x'",
    "DELETE FROM invoices",
    "SELECT id FROM invoices FOR UPDATE",
    "COPY meters (id) FROM STDIN",
    "SELECT add_tax(1)",
    "BEGIN",
    "SHOW timezone",
];

/// What a role lets through is what the server would get without it.
#[test]
fn a_role_takes_away_only() {
    let plain = texts(None, &STATEMENTS);
    for role in ["clerk", "reader"] {
        let narrowed = texts(Some(role), &STATEMENTS);
        for ((sql, plain), narrowed) in STATEMENTS.iter().zip(&plain).zip(&narrowed) {
            assert!(narrowed.is_err() || narrowed == plain, "{role}: {sql}: {narrowed:?}");
        }
    }
    let reader: Vec<bool> = texts(Some("reader"), &STATEMENTS).iter().map(Result::is_ok).collect();
    assert_eq!(reader, [true, true, false, false, false, false, false, false, true, true]);
}

/// A scope is of the rewriter of its role, and of no other; whoever has a role that is not there gets none.
#[test]
fn no_plan_serves_another_role() {
    let rewriters = rewriters();
    let roles = [None, Some("clerk"), Some("reader")];
    for of in roles {
        let rewriter = rewriters.of(&identity(of, BTreeMap::new())).unwrap();
        for role in roles {
            let scope = rewriter.scope(&identity(role, BTreeMap::new()));
            assert_eq!(scope.is_ok(), of == role, "{of:?} {role:?}");
        }
    }
    let refusal = rewriters.of(&identity(Some("nobody"), BTreeMap::new())).unwrap_err();
    assert_eq!(refusal.code.as_str(), "28000");
    // What one role's statements left in a cache is not found by another's.
    let ask = |role: &str, sql: &str| {
        let who = identity(Some(role), BTreeMap::new());
        let rewriter = rewriters.of(&who).unwrap();
        rewriter.simple(sql, &rewriter.scope(&who).unwrap()).is_ok()
    };
    for _ in 0..3 {
        assert!(ask("clerk", "UPDATE meters SET serial = 'x'") && !ask("reader", "UPDATE meters SET serial = 'x'"));
    }
}

/// Users of a role with levels are limited in them, or let in not at all.
#[test]
fn a_role_may_ask_for_limits() {
    let rewriters = rewriters();
    let scope = |nodes: BTreeMap<String, Vec<String>>| {
        let who = identity(Some("warden"), nodes);
        rewriters.of(&who).unwrap().scope(&who).map(|_| ()).map_err(|refusal| refusal.code.to_string())
    };
    assert_eq!(scope(BTreeMap::new()), Err("28000".to_owned()));
    assert_eq!(scope(BTreeMap::from([("property".to_owned(), vec!["11".to_owned()])])), Ok(()));
}
