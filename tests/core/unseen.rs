//! Functions that nobody names: casts, operators and defaults that somebody made in the database call them.
//! It runs nothing; what PostgreSQL makes of them is in `tests/live/lifecycle.rs`.

use crate::billing;
use pgmoat::catalog::{Address, Cast, Catalog, Class, FunctionObject};
use pgmoat::rewrite::{Rewriter, Scope};
use std::collections::BTreeSet;

fn made(change: impl FnOnce(&mut Catalog)) -> (Rewriter, Scope) {
    let mut catalog = billing::catalog();
    change(&mut catalog);
    billing::rewriter_over(catalog, std::collections::BTreeMap::new())
}

fn cast(function: &str, of_row: bool, implicit: bool, target: &str) -> Cast {
    Cast { schema: "public".to_owned(), function: function.to_owned(), of_row, implicit, target: target.to_owned() }
}

fn check((rewriter, scope): &(Rewriter, Scope), refused: &[&str], allowed: &[&str]) {
    for sql in refused {
        let refusal = rewriter.simple(sql, scope).err();
        assert_eq!(refusal.map(|r| r.code.as_str().to_owned()).as_deref(), Some("42501"), "{sql}");
    }
    for sql in allowed {
        assert!(rewriter.simple(sql, scope).is_ok(), "{sql}: {:?}", rewriter.simple(sql, scope).err());
    }
}

#[test]
fn casts_of_rows_are_called_for_whole_rows() {
    let ground = made(|c| c.casts.push(cast("leak", true, true, "text")));
    let rows = [
        "SELECT m FROM meters m",
        "SELECT m::text FROM meters m",
        "SELECT (m.*)::text FROM meters m",
        "SELECT upper(m) FROM meters m",
        "SELECT concat(m.*) FROM meters m",
        "SELECT m.to_jsonb FROM meters m",
        "SELECT t FROM tariffs t",
        "DELETE FROM meters WHERE id = 1 RETURNING meters",
    ];
    check(&ground, &rows, &["SELECT m.*, m.id::text FROM meters m", "SELECT count(*) FROM meters"]);
}

#[test]
fn a_cast_that_is_written_may_be_one_of_the_databases_own() {
    let ground = made(|c| c.casts.push(cast("leak", false, false, "jsonb")));
    let casts = ["SELECT true::jsonb", "SELECT CAST(id AS jsonb) FROM meters", "SELECT ARRAY[true]::jsonb[]"];
    check(&ground, &casts, &["SELECT id::text FROM meters", "SELECT jsonb '1', '1'::jsonb", "SELECT to_jsonb(m) FROM meters m"]);
    // The operator has vouched for this one.
    check(&made(|c| c.casts.push(cast("add_tax", false, true, "jsonb"))), &[], &casts[..3]);
}

#[test]
fn what_applies_everywhere_leaves_literals_only() {
    let casts = made(|c| c.casts.push(cast("leak", false, true, "bool")));
    let operators = made(|c| {
        c.user_operators.insert("=".to_owned(), BTreeSet::from([String::new()]));
        c.own_operators.insert("=".to_owned());
    });
    let any =
        ["SELECT id FROM meters", "SELECT 1 WHERE 1", "SELECT true UNION SELECT 1", "SELECT upper('a')", "VALUES (1), (true)"];
    check(&casts, &any, &["SELECT 1", "SELECT 1, 'a'"]);
    check(&operators, &["SELECT id FROM meters WHERE serial IN ('a')", "SELECT 1 = 2"], &["SELECT 1"]);
}

#[test]
fn operators_of_the_databases_own_are_refused_for_numbers_too() {
    let ground = made(|c| {
        c.user_operators.extend(["->>", "@@@", "+"].map(|name| (name.to_owned(), BTreeSet::from([String::new()]))));
        c.own_operators.extend(["@@@", "+"].map(str::to_owned));
    });
    let refused = [
        "SELECT 1 @@@ 1",
        "SELECT 1 + 1",
        "SELECT id @@@ 1 FROM meters",
        "SELECT 1 ->> 1",
        "SELECT id ->> 1 FROM meters",
        "SELECT + serial FROM meters",
    ];
    check(&ground, &refused, &["SELECT 1 % 1, + 1, - id FROM meters", "SELECT id * 2 FROM meters"]);
}

#[test]
fn a_default_that_calls_a_function_shows_its_value() {
    let ground = made(|c| {
        let meters = c.find(Some("public"), "meters").map(|r| r.oid).unwrap();
        let address = |class, oid| Address { class, oid };
        c.objects.functions.push(FunctionObject { oid: 30_001, schema: "public".to_owned(), name: "leak".to_owned() });
        c.objects.defaults.push((30_000, meters));
        c.objects.dependencies.push((address(Class::Default, 30_000), address(Class::Function, 30_001)));
    });
    let refused =
        ["INSERT INTO meters (id) VALUES (1)", "UPDATE meters SET serial = DEFAULT", "INSERT INTO meters DEFAULT VALUES"];
    check(&ground, &refused, &["DELETE FROM meters", "SELECT * FROM meters"]);
}

/// Each of these has twice the columns of the one before.
#[test]
fn columns_do_not_grow_without_bound() {
    let chain = |from: &str| {
        let more: Vec<String> =
            (1..60).map(|i| format!("t{i} AS (SELECT {})", from.replace('?', &format!("t{}", i - 1)))).collect();
        format!("WITH t0 AS (SELECT id, serial FROM meters), {} SELECT count(*) FROM t59", more.join(", "))
    };
    let (rewriter, scope) = billing::rewriter();
    let merged = rewriter.simple(&chain("* FROM ? JOIN ? AS b USING (id, serial)"), &scope);
    assert!(merged.is_ok(), "{:?}", merged.err());
    let refusal = rewriter.simple(&chain("a.*, b.* FROM ? AS a, ? AS b"), &scope).err();
    assert_eq!(refusal.map(|r| r.message).as_deref(), Some("target lists can have at most 1664 entries"));
}
