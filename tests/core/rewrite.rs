//! The rewriter over case files: a statement, and what becomes of it. It does not run anything on a server; `tests/live` does.
//!
//! A case is a line `-- name`, the statement, and lines `=> text` (what the server gets, simple protocol), `$> text` (extended protocol) or
//! `!! code rule message`; in `promotion.sql` lines `p> text | types | values`: the statement as a prepared one.
//! The user of `limited.sql` is limited to two properties, those of `clerk.sql` and `hider.sql` have these roles; all others see all of their tenant. `UPDATE_EXPECT=1 cargo test` writes what came out into the files; read the difference before committing it.

#[path = "named.rs"]
mod named;

use crate::billing;
use pgmoat::rewrite::{Rewriter, Scope};
use std::fmt::Write as _;
use std::path::Path;

/// The text that the server gets, without the OIDs of what is visible: [`catalog_texts_hold_visible_oids_only`] looks at them.
fn shown(text: &str) -> String {
    let mut pieces = text.split("ANY ('{");
    let mut out = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let (_, rest) = piece.split_once("}'").unwrap();
        out += "ANY ('{..}'";
        out += rest;
    }
    out
}

/// A plan that is remembered for a short pattern is not used for one that needs more of the server's stack.
#[test]
fn a_deep_literal_has_a_plan_of_its_own() {
    let (rewriter, scope) = billing::rewriter();
    let percents = "%e".repeat(1001);
    for (form, deep) in [
        ("SELECT id FROM invoices WHERE number LIKE '?'", percents.clone()),
        ("SELECT id FROM invoices WHERE number LIKE E'?'", "\\x25e".repeat(1001)),
        ("SELECT id FROM properties WHERE name LIKE '?' AND id = 7", percents),
        ("SELECT id FROM documents WHERE doc @> '?'", "[".repeat(1001)),
    ] {
        for text in ["a%".to_owned(), deep.clone(), "b%".to_owned()] {
            let emitted = rewriter.simple(&form.replace('?', &text), &scope).unwrap()[0].text().to_string();
            let fenced = emitted.contains("OFFSET 0");
            assert_eq!(fenced, text == deep, "{form}: {emitted:.300}");
        }
    }
}

/// What is hidden is in no list of OIDs, and what is visible is in the list of its kind.
#[test]
fn catalog_texts_hold_visible_oids_only() {
    let (rewriter, scope) = billing::rewriter();
    let lists = |sql: &str| -> Vec<Vec<u32>> {
        let text = rewriter.simple(sql, &scope).unwrap()[0].text().to_string();
        let list = |piece: &str| {
            piece.split_once("}'").unwrap().0.split(',').filter(|o| !o.is_empty()).map(|o| o.parse().unwrap()).collect()
        };
        text.split("ANY ('{").skip(1).map(list).collect()
    };
    let holds = |sql: &str, visible: &[u32], hidden: &[u32]| {
        for list in lists(sql) {
            assert!(visible.iter().all(|oid| list.contains(oid)), "{sql}: {list:?}");
            assert!(!hidden.iter().any(|oid| list.contains(oid)), "{sql}: {list:?}");
        }
    };
    holds("SELECT oid FROM pg_class", &[10, 11, 12, 18, 20, 20003], &[19, 20004, 20005]);
    holds("SELECT oid FROM pg_constraint", &[20005], &[20006]);
    holds("SELECT oid FROM pg_type", &[20001], &[19]);
    holds("SELECT pg_get_constraintdef(20006)", &[20005], &[20006]);
    holds("SELECT 19::regclass::text", &[12], &[19, 20004]);
    holds("SELECT pg_get_viewdef(20)", &[20], &[10, 19]);
    assert_eq!(lists("SELECT oid FROM pg_class").len(), 1);
}

fn outcome(rewriter: &Rewriter, scope: &Scope, sql: &str) -> String {
    let mut out = String::new();
    match rewriter.simple(sql, scope) {
        Ok(statements) => {
            for cleared in &*statements {
                writeln!(out, "{}", format!("=> {}", shown(cleared.text())).trim_end()).unwrap();
            }
            if let ([only], Ok(Some(cleared))) = (&*statements, rewriter.extended(sql, &[], scope))
                && cleared.text() != only.text()
            {
                writeln!(out, "$> {}", shown(cleared.text())).unwrap();
            }
        }
        Err(refusal) if refusal.message == "there is no parameter $1" => match rewriter.extended(sql, &[], scope) {
            Ok(cleared) => writeln!(out, "$> {}", cleared.map(|c| shown(c.text())).unwrap_or_default()).unwrap(),
            Err(refusal) => writeln!(out, "!! {} {} {}", refusal.code, refusal.rule.as_str(), refusal.message).unwrap(),
        },
        Err(refusal) => writeln!(out, "!! {} {} {}", refusal.code, refusal.rule.as_str(), refusal.message).unwrap(),
    }
    out
}

/// What a prepared statement in its place would be.
fn promoted(rewriter: &Rewriter, scope: &Scope, sql: &str) -> String {
    let Ok(statements) = rewriter.simple(sql, scope) else { return String::new() };
    let Some(promotion) = statements.first().and_then(|c| c.promotion()) else { return "p> none\n".to_owned() };
    let values: Vec<_> = promotion.values().map(String::from_utf8_lossy).collect();
    format!("p> {} | {:?} | {values:?}\n", promotion.key().text, promotion.key().types)
}

fn check_file(path: &Path) -> Result<usize, String> {
    let text = std::fs::read_to_string(path).unwrap();
    let limited = path.file_stem().is_some_and(|name| name == "limited");
    let nodes = limited.then(|| ("property".to_owned(), vec!["11".to_owned(), "12".to_owned()]));
    let role = path.file_stem().and_then(|name| name.to_str()).filter(|name| ["clerk", "hider"].contains(name));
    let identity = billing::identity(role, nodes.into_iter().collect());
    let rewriters = billing::rewriters();
    let rewriter = rewriters.of(&identity).unwrap();
    let scope = rewriter.scope(&identity).unwrap();
    let (mut blessed, mut failures, mut count) = (String::new(), String::new(), 0);
    for case in text.split("\n\n").map(str::trim).filter(|c| !c.is_empty()) {
        let (head, rest) = case.split_once('\n').unwrap_or((case, ""));
        if rest.is_empty() {
            writeln!(blessed, "{head}\n").unwrap();
            continue;
        }
        let is_expectation = |l: &&str| l.starts_with("=>") || l.starts_with("$>") || l.starts_with("!!") || l.starts_with("p>");
        let sql: Vec<&str> = rest.lines().take_while(|l| !is_expectation(l)).collect();
        let expected: String = rest.lines().skip_while(|l| !is_expectation(l)).fold(String::new(), |s, l| s + l + "\n");
        let sql = sql.join("\n");
        let mut got = outcome(rewriter, &scope, &sql);
        // Once more: what the cache answers must be the same.
        assert_eq!(got, outcome(rewriter, &scope, &sql), "cached answer differs for {head}");
        if path.file_stem().is_some_and(|name| name == "promotion") {
            got.push_str(&promoted(rewriter, &scope, &sql));
        }
        writeln!(blessed, "{head}\n{sql}\n{got}").unwrap();
        if got != expected {
            write!(failures, "{head}\n{sql}\n  expected:\n{expected}  got:\n{got}\n").unwrap();
        }
        count += 1;
    }
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        std::fs::write(path, blessed.trim_end().to_owned() + "\n").unwrap();
        return Ok(count);
    }
    if failures.is_empty() { Ok(count) } else { Err(failures) }
}

#[test]
fn case_files() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/core/rewrite");
    let mut count = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        count += check_file(&entry.unwrap().path()).unwrap_or_else(|failures| panic!("\n{failures}"));
    }
    assert!(count > 100, "only {count} cases were read");
}

/// What a literal says is in the error, not in the record of it.
#[test]
fn a_record_has_no_literal() {
    let (rewriter, scope) = billing::rewriter();
    for kind in ["regclass", "regtype"] {
        let refusal = rewriter.simple(&format!("SELECT 'hunter2'::{kind}"), &scope).unwrap_err();
        assert!(refusal.message.contains("hunter2"), "{}", refusal.message);
        assert!(!refusal.redacted_message().contains("hunter2"), "{}", refusal.redacted_message());
    }
    let refusal = rewriter.simple("SELECT 1 FROM no_such_table", &scope).unwrap_err();
    assert_eq!(refusal.redacted_message(), refusal.message);
}

/// Joins that wait for their conditions are joins inside joins: what the bounds let pass is planned on a stack of 2 MiB.
#[test]
fn pending_joins_keep_the_stack() {
    let work = || {
        let (rewriter, scope) = billing::rewriter();
        let pending = |n: usize| format!("select 1 from meters {}{}", "join meters b ".repeat(n), "on true ".repeat(n));
        let nested = |n: usize| {
            let open = "select 1 from meters m join meters b join (".repeat(n);
            format!("{open}select 1{}", ") c on true on true".repeat(n))
        };
        let planned = [pending(40), pending(60), nested(8)].iter().filter(|text| rewriter.simple(text, &scope).is_ok()).count();
        for text in [pending(64), pending(250), nested(20), nested(21), nested(22), nested(60)] {
            drop(rewriter.simple(&text, &scope));
        }
        planned
    };
    let thread = std::thread::Builder::new().stack_size(2 << 20).spawn(work).unwrap();
    assert_eq!(thread.join().unwrap(), 3);
}

/// A comparison within a comparison within ... is looked at once: were a part looked at twice at each depth, this would not end.
#[test]
fn nested_conditions_take_no_longer_than_they_are_long() {
    let (rewriter, scope) = billing::rewriter();
    let within = |before: &str, behind: &str, of: &str| format!("{}{of}{}", before.repeat(50), behind.repeat(50));
    for condition in [
        within("(", " BETWEEN true AND true)", "active"),
        within("(true BETWEEN ", " AND true)", "active"),
        within("(", " IN (true, false, NULL))", "active"),
        within("(true IN (true, ", "))", "active"),
        within("((", ", 1) IN ((true, 1), (false, 2), (NULL, 3)))", "active"),
        within("(CASE ", " WHEN true THEN true WHEN false THEN false END)", "active"),
        within("(CASE true WHEN ", " THEN true ELSE false END)", "active"),
        within("coalesce(", ", true, false)", "active"),
        within("nullif(", ", true)", "active"),
        within("(", " = ANY (ARRAY[true, false]))", "active"),
        within("(true = ANY (ARRAY[true, ", "]))", "active"),
        within("((", ") IS DISTINCT FROM true IS NOT NULL)", "active"),
        within("(SELECT ", ")", "active"),
        within("(true IN (SELECT ", "))", "active"),
        within("lower((", ")::text)::text", "notes"),
    ] {
        for text in [format!("SELECT id FROM meters WHERE {condition} IS NOT NULL"), format!("SELECT {condition} FROM meters")] {
            // Refused or not: it ends.
            drop(rewriter.simple(&text, &scope));
            drop(rewriter.simple(&text.replace("SELECT id FROM meters", "UPDATE meters SET id = id"), &scope));
        }
    }
}

/// Where a parameter stands is looked up once for all of them: were the text read again for each, this would take minutes.
#[test]
fn many_parameters_take_no_longer_than_they_are_long() {
    let (rewriter, scope) = billing::rewriter();
    let list = |behind: &str| (1..=30_000).map(|n| format!("${n}{behind}")).collect::<Vec<_>>().join(", ");
    for (behind, text) in [("", "notes"), ("::text", "notes"), ("", "number"), ("", "id")] {
        drop(rewriter.extended(&format!("SELECT id FROM invoices WHERE {text} IN ({})", list(behind)), &[], &scope));
    }
    let likes = (1..=10_000).map(|n| format!("notes LIKE ${n}")).collect::<Vec<_>>().join(" OR ");
    drop(rewriter.extended(&format!("DELETE FROM invoices WHERE {likes}"), &[], &scope));
}

/// Parameters of EXECUTE's arguments are refused wherever they stand.
#[test]
fn execute_has_no_parameters() {
    let (rewriter, scope) = billing::rewriter();
    for text in ["EXECUTE p ($1)", "EXECUTE p (ARRAY[1, $2])"] {
        let refusal = rewriter.extended(text, &[], &scope).unwrap_err();
        assert!(refusal.message.contains("a parameter in EXECUTE"), "{text}: {}", refusal.message);
    }
}

/// What a pool cannot carry is refused with what to do instead.
#[test]
fn what_belongs_to_a_connection_is_refused_with_a_way_out() {
    let (rewriter, scope) = billing::rewriter();
    for (text, way) in [
        ("LISTEN news", "Ask for changes by a query, or use a bypass user"),
        ("NOTIFY news, 'x'", "Ask for changes by a query, or use a bypass user"),
        ("CREATE TEMP TABLE t (id int)", "Use WITH for what one statement needs"),
        ("CREATE TEMPORARY TABLE t AS SELECT 1", "Use WITH for what one statement needs"),
        ("CREATE TABLE t (id int)", "Schema changes and administration go to the database directly"),
        ("DECLARE c CURSOR WITH HOLD FOR SELECT 1", "Fetch from it inside the transaction"),
        ("SELECT pg_advisory_lock(1)", "lock a row, SELECT ... FOR UPDATE"),
        ("SELECT pg_try_advisory_xact_lock(1)", "lock a row, SELECT ... FOR UPDATE"),
        ("DO 'BEGIN END'", "send the statements themselves"),
    ] {
        let refusal = rewriter.simple(text, &scope).unwrap_err();
        let hint = refusal.hint.unwrap_or_default();
        assert!(hint.contains(way), "{text}: {} {hint}", refusal.message);
    }
}

/// A chain of casts is gone through, not down.
#[test]
fn many_casts_behind_a_look_up_are_read_or_refused() {
    let (rewriter, scope) = billing::rewriter();
    for number in [1, 40, 100_000] {
        let text = format!("SELECT $1::regtype{}", "::text".repeat(number));
        let cleared = rewriter.extended(&text, &[], &scope);
        assert!(number > 40 || cleared.is_ok(), "{number}: {cleared:?}");
    }
}
