//! The process: draining, reloading, health, metrics, and what the audit log holds afterwards.
//! It does not test statements.

use crate::cluster::wait_for;
use crate::proxy::{Proxy, Setup, http_get};
use crate::wire::{Wire, bind, execute, parse, sync};
use crate::world::{FOREIGN, TENANCY, World};
use sha2::{Digest as _, Sha256};
use std::time::Duration;

/// Refusals of every kind, each with a literal that must not be recorded.
const REFUSED: [(&str, &str); 8] = [
    ("INSERT INTO assets (id, tenant_id, label) VALUES (1901, 2, 'literal one')", "42501"),
    ("UPDATE properties SET tenant_id = 3, name = 'literal two'", "42501"),
    ("SELECT * FROM staff_names WHERE name = 'literal three'", "42P01"),
    ("SELECT pg_read_file('literal four')", "42501"),
    ("CREATE TABLE t AS SELECT 'literal five' AS x", "0A000"),
    ("SELECT query FROM pg_stat_activity WHERE query = $q$literal six$q$", "42501"),
    ("SET search_path = 'literal seven'", "42501"),
    ("DO $$ BEGIN RAISE NOTICE 'literal eight'; END $$", "0A000"),
];

fn refusals(proxy: &Proxy) -> Vec<String> {
    proxy.audit().into_iter().filter(|r| r.contains("\"event\":\"refusal\"")).collect()
}

/// Each line names the hash of the one before; sequences have no gap.
pub(crate) fn assert_chained(lines: &[String]) {
    let field = |line: &str, name: &str| -> serde_json::Value {
        let value: serde_json::Value = serde_json::from_str(line).unwrap_or_else(|e| panic!("{e}: {line}"));
        value.get(name).cloned().unwrap_or_else(|| panic!("no {name}: {line}"))
    };
    for (n, pair) in lines.windows(2).enumerate() {
        let hash: String = Sha256::digest(pair[0].as_bytes()).iter().map(|b| format!("{b:02x}")).collect();
        assert_eq!(field(&pair[1], "previous"), hash, "line {}", n + 2);
        let (a, b) = (field(&pair[0], "sequence").as_u64(), field(&pair[1], "sequence").as_u64());
        assert_eq!(a.map(|s| s + 1), b, "line {}", n + 2);
    }
}

#[test]
fn every_refusal_is_recorded_once_and_without_a_literal() {
    let world = World::new();
    let proxy = world.proxy();
    let mut client = proxy.client("alder_app");
    for (n, (sql, code)) in REFUSED.iter().enumerate() {
        let reply = client.query(sql);
        assert!(reply.is_refusal(), "{sql}: {}", reply.summary());
        // Durable before the refusal is sent: no waiting here.
        let records = refusals(&proxy);
        assert_eq!(records.len(), 2 * n + 1, "{sql}: {records:?}");
        let last: serde_json::Value = serde_json::from_str(&records[2 * n]).expect("JSON");
        assert_eq!(last["sqlstate"], reply.sqlstate(), "{sql}");
        assert!([*code, "0A000", "42501"].contains(&reply.sqlstate()), "{sql}: {}", reply.summary());
        assert_eq!(last["user"], "alder_app");
        assert_eq!(last["tenant"], "alder");
        assert!(last["statement"].as_str().is_some_and(|s| !s.is_empty()), "{last}");
        assert!(last["rule"].as_str().is_some_and(|s| !s.is_empty()), "{last}");
        assert!(last["client"].as_str().is_some_and(|s| s.starts_with("127.0.0.1")), "{last}");
        let extended = client.exchange(&[parse("", sql, &[]), bind("", "", &[]), execute("", 0), sync()].concat());
        assert_eq!(extended.sqlstate(), reply.sqlstate(), "{sql}");
        assert_eq!(refusals(&proxy).len(), 2 * n + 2, "{sql}");
    }
    // A bound value that crosses.
    let insert = [
        parse("", "INSERT INTO assets (id, tenant_id, label) VALUES (1901, $1, 'literal nine')", &[]),
        bind("", "", &[Some("2")]),
        execute("", 0),
        sync(),
    ];
    assert_eq!(client.exchange(&insert.concat()).sqlstate(), "42501");
    assert_eq!(refusals(&proxy).len(), 2 * REFUSED.len() + 1);
    // PostgreSQL's own errors and ordinary statements are no refusals.
    client.query("SELECT 1 / 0");
    client.query("SELECT nothing_of_the_kind");
    client.query("SELECT count(*) FROM properties");
    assert_eq!(refusals(&proxy).len(), 2 * REFUSED.len() + 1);
    let all = proxy.audit();
    assert!(!all.concat().contains("literal"), "{all:?}");
    assert!(!proxy.log().contains("literal"), "a literal in the log");
    assert_chained(&all);
}

#[test]
fn health_and_metrics() {
    let world = World::new();
    let proxy = world.proxy();
    let mut client = proxy.client("alder_app");
    client.run("SELECT count(*) FROM properties");
    client.query("SELECT * FROM staff_names");
    assert_eq!(http_get(proxy.http, "/healthz").map(|a| a.0), Some(200));
    assert_eq!(http_get(proxy.http, "/readyz").map(|a| a.0), Some(200));
    assert_eq!(http_get(proxy.http, "/nothing").map(|a| a.0), Some(404));
    let (status, text) = http_get(proxy.http, "/metrics").expect("metrics");
    assert_eq!(status, 200);
    for word in ["# TYPE", "refus", "# EOF"] {
        assert!(text.contains(word), "{word} is not in:\n{text}");
    }
    let refused = text.lines().any(|l| {
        !l.starts_with('#')
            && l.contains("refus")
            && l.rsplit(' ').next().is_some_and(|v| v.parse::<f64>().is_ok_and(|n| n >= 1.0))
    });
    assert!(refused, "no refusal counted:\n{text}");
    assert!(!text.contains("CANARY"), "rows in the metrics");
}

/// SIGTERM: no new clients, open transactions may end, then exit 0.
#[test]
fn sigterm_drains() {
    let world = World::new();
    let mut proxy = world.proxy();
    let mut busy = proxy.client("alder_app");
    let mut idle = proxy.client("birch_app");
    busy.run("BEGIN");
    busy.run("UPDATE properties SET units = 77 WHERE id = 1001");
    proxy.signal("TERM");
    let port = proxy.port;
    let database = proxy.database.clone();
    wait_for("new clients to be turned away", Duration::from_secs(5), || {
        Wire::connect(port, "alder_app", &database, Some(crate::proxy::PASSWORD)).is_err()
    });
    assert_eq!(busy.run("SELECT units FROM properties WHERE id = 1001"), [[Some("77".to_owned())]]);
    let reply = busy.query("COMMIT");
    assert_eq!(reply.sqlstate(), "00000", "{}", reply.summary());
    let reply = idle.until_ready();
    assert!(reply.broken.is_some(), "{}", reply.summary());
    assert!(["57P01", "00000"].contains(&reply.sqlstate()), "{}", reply.summary());
    let status = proxy.wait_end(Duration::from_secs(10));
    assert!(status.success(), "{status:?}\n{}", proxy.log());
    let mut world = world;
    assert_eq!(world.inspect("SELECT units FROM properties WHERE id = 1001"), [[Some("77".to_owned())]]);
    assert_chained(&proxy.audit());
}

/// SIGHUP: a new table and a new user are known, clients stay, and a configuration with a mistake changes nothing.
#[test]
fn sighup_reloads() {
    let mut world = World::new();
    let proxy = world.proxy();
    let mut client = proxy.client("alder_app");
    world.inspect("CREATE TABLE notes (id int PRIMARY KEY, tenant_id bigint NOT NULL, note text); INSERT INTO notes SELECT t, t, 'CANARY_T'||t||'_n' FROM generate_series(1, 3) t; GRANT SELECT ON notes TO app");
    let config = std::fs::read_to_string(proxy.config()).expect("config");
    let more = "[[users]]\nname = \"alder_two\"\npassword = \"correct horse\"\ntenant = \"alder\"\n";
    std::fs::write(proxy.config(), format!("{config}\n{more}")).expect("write");
    proxy.signal("HUP");
    wait_for("the new user", Duration::from_secs(10), || {
        Wire::connect(proxy.port, "alder_two", &proxy.database, Some(crate::proxy::PASSWORD)).is_ok()
    });
    wait_for("the new table", Duration::from_secs(10), || client.query("SELECT note FROM notes").error().is_none());
    assert_eq!(client.run("SELECT note FROM notes"), [[Some("CANARY_T1_n".to_owned())]]);
    std::fs::write(proxy.config(), format!("{config}\n[no_such_section]\n")).expect("write");
    proxy.signal("HUP");
    wait_for("the complaint", Duration::from_secs(10), || proxy.log().contains("no_such_section"));
    assert_eq!(proxy.client("alder_two").run("SELECT note FROM notes"), [[Some("CANARY_T1_n".to_owned())]]);
}

/// Without being told: what is new is there, and what lost its tenant column is gone, for clients that stay and for what they prepared.
#[test]
fn changes_of_the_schema_are_noticed() {
    let mut world = World::new();
    let mut setup = Setup::new(&world.real, TENANCY);
    setup.upstream = "catalog_poll = \"100ms\"".to_owned();
    let proxy = Proxy::start(&setup);
    let mut client = proxy.client("alder_app");
    client.forbid(&FOREIGN);
    let limit = Duration::from_secs(20);
    assert_eq!(client.query("SELECT note FROM notes").sqlstate(), "42P01");
    world.inspect("CREATE TABLE notes (id int PRIMARY KEY, tenant_id bigint NOT NULL, note text); INSERT INTO notes SELECT t, t, 'CANARY_T'||t||'_n' FROM generate_series(1, 3) t; GRANT SELECT, UPDATE ON notes TO app");
    wait_for("the new table", limit, || client.query("SELECT note FROM notes").error().is_none());
    // Prepared under this snapshot, and a column more than before.
    client.exchange(&[parse("all", "SELECT * FROM notes", &[]), sync()].concat());
    let ask = || [bind("", "all", &[]), execute("", 0), sync()].concat();
    assert_eq!(client.exchange(&ask()).last_rows(), [["1", "1", "CANARY_T1_n"].map(|v| Some(v.to_owned()))]);
    world.inspect("ALTER TABLE notes ADD COLUMN n int DEFAULT 4");
    wait_for("the new column", limit, || client.query("SELECT n FROM notes").error().is_none());
    assert_eq!(client.run("SELECT * FROM notes"), [["1", "1", "CANARY_T1_n", "4"].map(|v| Some(v.to_owned()))]);
    world.inspect("CREATE VIEW loud AS SELECT upper(note) AS note, tenant_id FROM notes; CREATE VIEW all_notes AS SELECT 12 / (4 - tenant_id) AS x, note FROM notes; GRANT SELECT ON loud, all_notes TO app");
    wait_for("the new views", limit, || client.query("SELECT note FROM loud").error().is_none());
    assert_eq!(client.run("SELECT * FROM all_notes"), [["4", "CANARY_T1_n"].map(|v| Some(v.to_owned()))]);
    // A table takes the place of another.
    world.inspect("DROP VIEW loud, all_notes; ALTER TABLE notes RENAME TO old_notes; CREATE TABLE notes (id int, owner bigint, note text); INSERT INTO notes SELECT 1, owner, 'CANARY_T2_x' FROM generate_series(1, 3) owner; GRANT SELECT ON notes TO app");
    wait_for("the table without a tenant to be gone", limit, || client.query("SELECT note FROM notes").sqlstate() == "42P01");
    assert_eq!(client.exchange(&ask()).sqlstate(), "42P01");
    // The tenant column goes.
    world.inspect("ALTER TABLE old_notes DROP COLUMN tenant_id");
    wait_for("the table that lost its tenant to be gone", limit, || {
        client.query("SELECT note FROM old_notes").sqlstate() == "42P01"
    });
    assert!(client.query("UPDATE old_notes SET note = 'x'").is_refusal());
    // A foreign key that rows were known by goes.
    assert_eq!(client.run("SELECT count(*) FROM receipts"), [[Some("6".to_owned())]]);
    world.inspect("ALTER TABLE receipts DROP CONSTRAINT receipts_payment_id_fkey");
    wait_for("the table without its foreign key to be refused", limit, || client.query("SELECT id FROM receipts").is_refusal());
    assert!(client.leaks.is_empty(), "{:?}", client.leaks);
    assert_chained(&proxy.audit());
}

/// Casts, operators and defaults that call functions: who logs in after they were made meets none of them, however seldom the schema is
/// looked at.
#[test]
fn functions_that_nobody_names_are_not_called_after_a_login() {
    let mut world = World::new();
    let mut setup = Setup::new(&world.real, TENANCY);
    setup.upstream = "catalog_poll = \"1h\"".to_owned();
    let proxy = Proxy::start(&setup);
    let mut before = proxy.client("alder_app");
    before.forbid(&FOREIGN);
    assert_eq!(before.query("SELECT 1 + 1, true::text").sqlstate(), "00000");
    let all = "SELECT string_agg(secret, '','') FROM public.meters";
    let made: [(&str, &[&str]); 5] = [
        (
            "CREATE FUNCTION of_meter(meters) RETURNS text LANGUAGE sql AS '?'; CREATE CAST (meters AS text) WITH FUNCTION of_meter(meters) AS IMPLICIT",
            &["SELECT m::text FROM meters m", "SELECT upper(m) FROM meters m", "SELECT (m.*)::text FROM meters m"],
        ),
        (
            "CREATE FUNCTION of_bool(bool) RETURNS xml LANGUAGE sql AS 'SELECT xmlelement(name a, (?))'; CREATE CAST (bool AS xml) WITH FUNCTION of_bool(bool)",
            &["SELECT true::xml", "SELECT CAST(id > 0 AS xml) FROM meters", "SELECT ARRAY[true]::xml[]"],
        ),
        (
            "CREATE FUNCTION two(int, int) RETURNS text LANGUAGE sql AS '?'; CREATE OPERATOR -> (leftarg = int, rightarg = int, function = two)",
            &["SELECT 1 -> 1", "SELECT 1 OPERATOR(public.->) 1", "SELECT sum(1 -> 1)"],
        ),
        (
            "CREATE FUNCTION given() RETURNS text LANGUAGE sql AS '?'; ALTER TABLE notes_of ALTER note SET DEFAULT given()",
            &["INSERT INTO notes_of (id) VALUES (1) RETURNING note", "UPDATE notes_of SET note = DEFAULT RETURNING note"],
        ),
        ("CREATE RULE more AS ON DELETE TO notes_of DO ALSO SELECT secret FROM meters", &["DELETE FROM notes_of"]),
    ];
    world.inspect("CREATE TABLE notes_of (id int PRIMARY KEY, tenant_id bigint NOT NULL, note text); INSERT INTO notes_of SELECT t, t, 'x' FROM generate_series(5, 7) t; GRANT ALL ON notes_of TO PUBLIC");
    for (making, statements) in made {
        // An answer that is younger than this serves another login.
        std::thread::sleep(Duration::from_millis(150));
        world.inspect(&making.replace('?', all));
        let mut client = proxy.client("alder_app");
        client.forbid(&FOREIGN);
        for statement in statements {
            assert!(client.query(statement).is_refusal(), "{statement}");
        }
        assert!(client.leaks.is_empty(), "{:?}", client.leaks);
    }
    assert_eq!(before.query("SELECT count(*) FROM meters").sqlstate(), "00000");
    assert!(before.leaks.is_empty(), "{:?}", before.leaks);
}

/// A user who is taken away by a reload cannot log in again.
#[test]
fn a_removed_user_cannot_log_in() {
    let world = World::new();
    let proxy = world.proxy();
    assert_eq!(proxy.client("cedar_app").run("SELECT 1"), [[Some("1".to_owned())]]);
    let config = std::fs::read_to_string(proxy.config()).expect("config");
    std::fs::write(proxy.config(), config.replace("cedar_app", "cedar_new")).expect("write");
    proxy.signal("HUP");
    wait_for("the old user to be gone", Duration::from_secs(10), || {
        Wire::connect(proxy.port, "cedar_app", &proxy.database, Some(crate::proxy::PASSWORD)).is_err()
    });
    assert_eq!(proxy.client("cedar_new").run("SELECT count(*) FROM properties"), [[Some("5".to_owned())]]);
}

/// A server connection that dies is one client's trouble, and not for long.
#[test]
fn server_connections_that_die_are_replaced() {
    let mut world = World::new();
    let proxy = world.proxy();
    let mut client = proxy.client("alder_app");
    let mut other = proxy.client("birch_app");
    client.run("BEGIN");
    client.run("UPDATE properties SET units = 5");
    let database = world.real.clone();
    world.inspect(&format!(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{database}' AND usename = 'app'"
    ));
    let reply = client.query("SELECT count(*) FROM properties");
    assert!(reply.error().is_some() || reply.broken.is_some(), "the transaction is lost and that is told: {}", reply.summary());
    wait_for("the other client to be served", Duration::from_secs(10), || {
        other.query("SELECT count(*) FROM properties").error().is_none()
    });
    assert_eq!(proxy.client("alder_app").run("SELECT count(*) FROM properties WHERE units = 5"), [[Some("1".to_owned())]]);
}
