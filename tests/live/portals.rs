//! Portals that a client has bound and cursors that SQL has declared: to PostgreSQL both are one, and nothing of a portal is to be had by the
//! other way. What a portal is run for is `protocol.rs`'s.

use crate::cluster::wait_for;
use crate::proxy::{Proxy, Setup};
use crate::wire::{Wire, bind, cancel, close, describe, execute, parse, query, sync};
use crate::world::{TENANCY, World};
use std::time::Duration;

const LIMIT: Duration = Duration::from_secs(20);
const SET: &str = "SELECT set_config('DateStyle', 'German', false)";

/// A proxy with one server connection: whatever is left on it is the next client's.
fn narrow(world: &World) -> Proxy {
    Proxy::start(&Setup { pool_size: 1, ..Setup::new(&world.real, TENANCY) })
}

fn style(proxy: &Proxy) -> String {
    proxy.client("birch_app").run("SHOW DateStyle").remove(0).remove(0).expect("a style")
}

fn bound(portal: &str, sql: &str) -> Vec<u8> {
    [parse("", sql, &[]), bind(portal, "", &[]), sync()].concat()
}

/// Sends messages that must be answered without an error.
fn sent(client: &mut Wire, bytes: &[u8]) {
    let reply = client.exchange(bytes);
    assert_eq!(reply.error(), None, "{}", reply.summary());
}

#[test]
fn sql_does_not_reach_what_a_portal_does() {
    let world = World::new();
    let proxy = narrow(&world);
    for sql in ["FETCH 1 FROM p", "MOVE 1 FROM p", "CLOSE p", "DECLARE p CURSOR FOR SELECT 1"] {
        for extended in [false, true] {
            let mut client = proxy.client("alder_app");
            client.run("BEGIN");
            sent(&mut client, &bound("p", SET));
            let reply = if extended { client.extended(sql, &[]) } else { client.query(sql) };
            assert_eq!(reply.sqlstate(), "0A000", "{sql}: {}", reply.summary());
            client.run("ROLLBACK");
            drop(client);
            assert_eq!(style(&proxy), "ISO, MDY", "{sql}");
        }
    }
    // A FETCH that was bound before the portal that it would run was there.
    let mut client = proxy.client("alder_app");
    client.run("BEGIN; DECLARE p CURSOR FOR SELECT 1");
    sent(&mut client, &bound("q", "FETCH 1 FROM p"));
    client.run("CLOSE p");
    sent(&mut client, &bound("p", SET));
    let reply = client.exchange(&[execute("q", 0), sync()].concat());
    assert_eq!(reply.sqlstate(), "0A000", "{}", reply.summary());
    drop(client);
    assert_eq!(style(&proxy), "ISO, MDY");
}

/// Two names that PostgreSQL takes for one are one here.
#[test]
fn a_long_name_is_what_postgresql_keeps_of_it() {
    let world = World::new();
    let proxy = narrow(&world);
    let kept = "a".repeat(63);
    let (one, other) = (format!("{kept}x"), format!("{kept}y"));
    let mut client = proxy.client("alder_app");
    client.run("BEGIN; DECLARE c CURSOR FOR SELECT 1");
    let reply = client.exchange(&[parse("", SET, &[]), bind(&one, "", &[]), execute(&other, 1), sync()].concat());
    assert_eq!(reply.error(), None, "{}", reply.summary());
    client.run("COMMIT");
    assert_eq!(client.run("SHOW DateStyle"), [[Some("German, DMY".to_owned())]], "the client's own setting is known");
    client.run("BEGIN");
    sent(&mut client, &bound(&one, SET));
    assert_eq!(client.query(&format!("FETCH 1 FROM {kept}")).sqlstate(), "0A000");
    client.run("ROLLBACK");
    let within = format!("{}é", "a".repeat(62));
    assert_eq!(client.exchange(&bound(&within, SET)).sqlstate(), "0A000", "cut off within a character");
    drop(client);
    assert_eq!(style(&proxy), "ISO, MDY");
}

#[test]
fn the_unnamed_portal_ends_with_any_query() {
    let world = World::new();
    let proxy = narrow(&world);
    for between in ["", "EXPLAIN (REWRITE) SELECT 1"] {
        let mut client = proxy.client("alder_app");
        client.run("BEGIN; DECLARE c CURSOR FOR SELECT 1");
        sent(&mut client, &bound("", SET));
        client.query(between);
        let reply = client.exchange(&[execute("", 0), sync()].concat());
        assert_eq!(reply.sqlstate(), "34000", "{}", reply.summary());
        drop(client);
        assert_eq!(style(&proxy), "ISO, MDY");
    }
}

/// What a FETCH returns is its own cursor's matter, which PostgreSQL does not look for where it is gone.
#[test]
fn a_fetch_is_described_by_its_own_cursor() {
    let world = World::new();
    let proxy = narrow(&world);
    let since = || world_started(&proxy);
    let begun = since();
    let fetch = |name: &str| [parse(name, "FETCH 1 FROM c", &[]), sync()].concat();
    let mut birch = proxy.client("birch_app");
    birch.run("BEGIN; DECLARE c CURSOR FOR SELECT 1 AS mine");
    sent(&mut birch, &fetch("g"));
    birch.run("COMMIT");
    let mut alder = proxy.client("alder_app");
    alder.run("BEGIN; DECLARE c CURSOR FOR SELECT 1 AS secret, 2 AS more");
    sent(&mut alder, &fetch("f"));
    alder.run("COMMIT");
    birch.run("BEGIN; DECLARE c CURSOR FOR SELECT 1 AS mine");
    birch.send(&[describe(b'S', "g"), sync()].concat()).expect("sent");
    let described = std::iter::from_fn(|| birch.frame().ok()).find(|frame| matches!(frame.tag, b'T' | b'n')).expect("described");
    let text = String::from_utf8_lossy(&described.body).into_owned();
    assert!(described.tag == b'T' && text.contains("mine") && !text.contains("secret"), "{text:?}");
    birch.until_ready();
    // Those from which PostgreSQL 15 does not recover.
    sent(
        &mut birch,
        &[parse("", "FETCH 1 FROM c", &[]), bind("p", "", &[]), describe(b'P', "p"), execute("p", 0), sync()].concat(),
    );
    sent(&mut birch, &[bind("q", "g", &[]), sync()].concat());
    birch.run("CLOSE c");
    let reply = birch.exchange(&[describe(b'P', "q"), sync()].concat());
    assert_eq!(reply.sqlstate(), "0A000", "{}", reply.summary());
    birch.run("ROLLBACK");
    birch.run("BEGIN; DECLARE c CURSOR FOR SELECT 1");
    let late = [parse("h", "FETCH 1 FROM c", &[]), parse("", "CLOSE c", &[]), bind("", "", &[]), execute("", 0)].concat();
    sent(&mut birch, &[late, describe(b'S', "h"), sync()].concat());
    birch.run("ROLLBACK");
    sent(&mut birch, &[describe(b'S', "g"), sync()].concat());
    assert_eq!(since(), begun, "the server has not begun anew");
}

/// The rows of another cursor are not read as if they were those of the one that had its name before: PostgreSQL would go by the old types.
#[test]
fn a_fetch_returns_rows_of_the_cursor_that_it_was_bound_for() {
    let world = World::new();
    let proxy = narrow(&world);
    let mut client = proxy.client("alder_app");
    let run = |sql: &str| [parse("", sql, &[]), bind("", "", &[]), execute("", 0)].concat();
    let other = "DECLARE x CURSOR FOR SELECT 4000000::int4";
    for between in [query(&format!("CLOSE x; {other}")), [run("CLOSE x"), run(other), sync()].concat()] {
        client.run("BEGIN; DECLARE x CURSOR FOR SELECT 'a'::text");
        sent(&mut client, &bound("p", "FETCH 1 FROM x"));
        sent(&mut client, &between);
        let reply = client.exchange(&[execute("p", 0), sync()].concat());
        assert_eq!(reply.sqlstate(), "0A000", "{}", reply.summary());
        client.run("ROLLBACK");
        // Another statement of the same text does not make the portal a fresh one.
        client.run("BEGIN; DECLARE x CURSOR FOR SELECT 1");
        sent(&mut client, &[parse("f", "FETCH 1 FROM x", &[]), bind("p", "f", &[]), sync()].concat());
        client.run("CLOSE x");
        let again = [parse("", "FETCH 1 FROM x", &[]), describe(b'P', "p"), sync()].concat();
        assert_eq!(client.exchange(&again).sqlstate(), "0A000");
        client.run("ROLLBACK");
        client.exchange(&[close(b'S', "f"), sync()].concat());
    }
    client.run("BEGIN; DECLARE x CURSOR FOR SELECT generate_series(1, 9)");
    sent(&mut client, &[parse("", "FETCH 5 FROM x", &[]), bind("p", "", &[]), describe(b'P', "p"), sync()].concat());
    sent(&mut client, &[parse("", "FETCH 1 FROM x", &[]), bind("q", "", &[]), sync()].concat());
    let first = client.exchange(&[execute("p", 2), execute("q", 0), sync()].concat());
    assert_eq!(first.error(), None, "{}", first.summary());
    client.run("SELECT 1");
    let rest = client.exchange(&[execute("p", 0), sync()].concat());
    assert_eq!(rest.last_rows(), [[Some("3".to_owned())], [Some("4".to_owned())], [Some("5".to_owned())]]);
    client.run("COMMIT");
}

fn world_started(proxy: &Proxy) -> String {
    let mut root = proxy.client("alder_app");
    drop(root.run("SELECT 1"));
    let mut inside = Wire::connect(crate::cluster::cluster().port, "postgres", "postgres", None).expect("a look from inside");
    // Of a restart after a crash the shared memory tells: statistics since then.
    inside
        .run("SELECT pg_conf_load_time(), (SELECT min(backend_start) FROM pg_stat_activity WHERE backend_type = 'checkpointer')")
        .remove(0)
        .into_iter()
        .map(Option::unwrap_or_default)
        .collect::<Vec<_>>()
        .join(" ")
}

/// A portal that has told of its setting and is run again says nothing, and the connection is another's at once.
#[test]
fn a_setting_s_portal_that_is_run_again_holds_nothing() {
    let world = World::new();
    let proxy = narrow(&world);
    let mut client = proxy.client("alder_app");
    let set = parse("", "SELECT set_config('DateStyle', 'SQL', true)", &[]);
    sent(&mut client, &[set, bind("", "", &[]), execute("", 0), execute("", 0), sync()].concat());
    assert_eq!(style(&proxy), "ISO, MDY");
    client.run("DISCARD ALL");
}

#[test]
fn portals_are_not_kept_without_end() {
    let world = World::new();
    let proxy = narrow(&world);
    let mut client = proxy.client("alder_app");
    let many: Vec<u8> = (0..6000).flat_map(|n| bind(&format!("p{n}"), "", &[])).collect();
    let reply = client.exchange(&[parse("", "", &[]), many, sync()].concat());
    assert_eq!(reply.sqlstate(), "53400", "{}", reply.summary());
    let long = format!("SELECT '{}'", "x".repeat(500_000));
    client.run("BEGIN");
    let refused = (0..100).map(|n| client.exchange(&[parse("", &long, &[]), bind(&format!("p{n}"), "", &[]), sync()].concat()));
    let refused = refused.map(|reply| reply.sqlstate().to_owned()).find(|code| code != "00000");
    assert_eq!(refused.as_deref(), Some("53400"));
    client.run("ROLLBACK");
    sent(&mut client, &[parse("s", "SELECT 1", &[]), bind("p", "s", &[]), close(b'P', "p"), sync()].concat());
}

#[test]
fn a_transaction_s_statements_can_be_canceled_one_after_the_other() {
    let world = World::new();
    let proxy = narrow(&world);
    let mut client = proxy.client("alder_app");
    let key = client.key.expect("a key");
    client.run("BEGIN; SAVEPOINT s");
    for _twice in 0..2 {
        client.send(&query("SELECT count(*) FROM generate_series(1, 1000000000)")).expect("sent");
        std::thread::park_timeout(Duration::from_millis(200));
        cancel(proxy.port, key).expect("canceled");
        assert_eq!(client.until_ready().sqlstate(), "57014");
        client.run("ROLLBACK TO s");
    }
    client.run("ROLLBACK");
    wait_for("another connection", LIMIT, || style(&proxy) == "ISO, MDY");
}
