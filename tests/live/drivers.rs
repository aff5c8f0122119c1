//! Real clients: tokio-postgres, psycopg 3, node-postgres, pgbench and psql, each as tenant 1 of the billing database.
//! The drivers of other languages live under `target/drivers`, where `tests/prepare` puts them.

use crate::cluster::cluster;
use crate::proxy::{PASSWORD, Proxy, Setup};
use crate::world::World;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::Once;

/// Where `tests/prepare` puts drivers; runs it when they are missing.
fn drivers() -> PathBuf {
    static PREPARED: Once = Once::new();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let place = root.join("target/drivers");
    PREPARED.call_once(|| {
        if !place.join("python/bin/python").exists() || !place.join("node/node_modules/pg").exists() {
            let status = Command::new(root.join("tests/prepare")).status().expect("tests/prepare runs");
            assert!(status.success(), "tests/prepare: {status}");
        }
    });
    place
}

fn text(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

fn succeed(command: &mut Command) -> String {
    let output = command.stdin(Stdio::null()).output().unwrap_or_else(|e| panic!("{command:?}: {e}"));
    assert!(output.status.success(), "{command:?}: {}\n{}", output.status, text(&output));
    text(&output)
}

#[test]
fn psycopg() {
    let world = World::new();
    let proxy = world.proxy();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/drivers/psycopg_session.py");
    let told = succeed(Command::new(drivers().join("python/bin/python")).arg(script).arg(proxy.url("alder_app")));
    assert!(told.contains("psycopg ok"), "{told}");
}

#[test]
fn node_postgres() {
    let world = World::new();
    let proxy = world.proxy();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/drivers/node_session.js");
    let told = succeed(
        Command::new("node").env("NODE_PATH", drivers().join("node/node_modules")).arg(script).arg(proxy.url("alder_app")),
    );
    assert!(told.contains("node ok"), "{told}");
}

/// A database for pgbench's transactions: branch, teller and account numbers alternate between two tenants.
fn bank(world: &str) -> String {
    let database = cluster().database("bank", world);
    cluster().superuser(&database).run(
        "CREATE TABLE branches (bid int PRIMARY KEY, tenant_id bigint NOT NULL, bbalance int NOT NULL DEFAULT 0);
         CREATE TABLE tellers (tid int PRIMARY KEY, tenant_id bigint NOT NULL, tbalance int NOT NULL DEFAULT 0);
         CREATE TABLE accounts (aid int PRIMARY KEY, tenant_id bigint NOT NULL, abalance int NOT NULL DEFAULT 0);
         CREATE TABLE history (tid int, bid int, aid int, delta int, mtime timestamptz, tenant_id bigint NOT NULL);
         INSERT INTO branches SELECT n, 1 + n % 2 FROM generate_series(1, 2) n;
         INSERT INTO tellers SELECT n, 1 + n % 2 FROM generate_series(1, 20) n;
         INSERT INTO accounts SELECT n, 1 + n % 2 FROM generate_series(1, 2000) n;
         GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO app",
    );
    database
}

#[test]
fn pgbench_in_all_three_modes() {
    crate::world::roles();
    let database = bank("template0");
    let tenancy = "[tenancy]\ncolumn = \"tenant_id\"\n[[tenants]]\nname = \"one\"\nid = 1\n[[tenants]]\nname = \"two\"\nid = 2\n\
                   [[users]]\nname = \"one_app\"\npassword = \"correct horse\"\ntenant = \"one\"\n";
    let proxy = Proxy::start(&Setup { pool_size: 4, ..Setup::new(&database, tenancy) });
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/drivers/pgbench_like.sql");
    let (clients, transactions) = (6, 40);
    for mode in ["simple", "extended", "prepared"] {
        let told = succeed(
            Command::new("pgbench")
                .args([
                    "-n",
                    "-h",
                    "127.0.0.1",
                    "-U",
                    "one_app",
                    "-M",
                    mode,
                    "-c",
                    &clients.to_string(),
                    // A thread for each: pgbench prepares statements with a call that blocks its thread, and the other clients of
                    // that thread would hold their transactions, and so their server connections, for as long.
                    "-j",
                    &clients.to_string(),
                    "-t",
                    &transactions.to_string(),
                ])
                .arg("-p")
                .arg(proxy.port.to_string())
                .arg("-f")
                .arg(&script)
                .arg(&database)
                .env("PGPASSWORD", PASSWORD),
        );
        let expected = format!("number of transactions actually processed: {0}/{0}", clients * transactions);
        assert!(told.contains(&expected), "{mode}: {told}");
        assert!(told.contains("number of failed transactions: 0"), "{mode}: {told}");
    }
    let mut admin = cluster().superuser(&database);
    let one = |sql: &str| -> Vec<Vec<Option<String>>> { cluster().superuser(&database).run(sql) };
    assert_eq!(
        admin.run("SELECT count(*), count(*) FILTER (WHERE tenant_id = 1) FROM history"),
        [[Some("720".to_owned()), Some("720".to_owned())]]
    );
    assert_eq!(one("SELECT count(*) FROM accounts WHERE tenant_id = 2 AND abalance <> 0"), [[Some("0".to_owned())]]);
    let same = "SELECT (SELECT sum(abalance) FROM accounts) = (SELECT sum(delta) FROM history h JOIN accounts a USING (aid) WHERE a.tenant_id = 1), \
                (SELECT sum(tbalance) FROM tellers) = (SELECT sum(delta) FROM history h JOIN tellers a USING (tid) WHERE a.tenant_id = 1)";
    assert_eq!(admin.run(same), [[Some("t".to_owned()), Some("t".to_owned())]]);
}

/// psql with a script on its command line; gives what it printed, errors among it.
fn psql(proxy: &Proxy, arguments: &[&str]) -> String {
    let output = Command::new("psql")
        .args(["-X", "-A", "-t", "-h", "127.0.0.1", "-U", "alder_app", "-d", &proxy.database, "-p", &proxy.port.to_string()])
        .args(arguments)
        .env("PGPASSWORD", PASSWORD)
        .stdin(Stdio::null())
        .output()
        .expect("psql runs");
    text(&output)
}

#[test]
fn psql_runs_statements_and_survives_what_is_refused() {
    let world = World::new();
    let proxy = world.proxy();
    assert_eq!(psql(&proxy, &["-c", "SELECT count(*) FROM properties"]).trim(), "5");
    assert_eq!(psql(&proxy, &["-c", "SELECT 1; SELECT name FROM properties WHERE id = 1001"]).trim(), "1\nCANARY_T1_house1");
    let told =
        psql(&proxy, &["-c", "\\set VERBOSITY verbose", "-c", "SELECT * FROM staff_names", "-c", "SELECT count(*) FROM meters"]);
    assert!(
        told.contains("42P01") && told.contains("relation \"staff_names\" does not exist") && told.lines().any(|l| l == "8"),
        "{told}"
    );
    let told = psql(
        &proxy,
        &[
            "-c",
            "\\conninfo",
            "-c",
            "\\timing on",
            "-c",
            "BEGIN",
            "-c",
            "UPDATE properties SET units = 3 WHERE id = 2001",
            "-c",
            "COMMIT",
        ],
    );
    assert!(told.contains("UPDATE 0"), "{told}");
    // An error's place is told in the client's text, whether the statement goes as text or, the second time, as a prepared one.
    let wrong = "SELECT 1;\nSELECT name, nothing\n  FROM properties WHERE id > 1001";
    let alone = "SELECT name,  nothing FROM properties WHERE id > 1001";
    for (sql, line) in
        [(wrong, "LINE 2: SELECT name, nothing"), (alone, "LINE 1: SELECT name,  nothing FROM"), (alone, "LINE 1: ")]
    {
        let told = psql(&proxy, &["-c", sql]);
        let mut lines = told.lines().skip_while(|l| !l.starts_with(line));
        let (shown, caret) = (lines.next().unwrap_or_default(), lines.next().unwrap_or_default());
        assert!(shown.contains("nothing") && shown.find("nothing") == caret.find('^'), "{told}");
    }
    // Variables, \gdesc, \bind and single transactions use other messages.
    let told = psql(&proxy, &["-1", "-v", "id=1002", "-c", "SELECT 2", "-c", "\\echo done"]);
    assert!(told.contains("done"), "{told}");
}

/// What psql's commands show through the proxy is what they show of the database that has no hidden tables, but for who owns what and the
/// bounds of partitions, which name tenants.
#[test]
fn psql_describes_what_a_tenant_may_see() {
    let world = World::new();
    let proxy = world.proxy();
    let oracle = |command: &str| {
        let output = Command::new("psql")
            .args([
                "-X",
                "-A",
                "-t",
                "-h",
                "127.0.0.1",
                "-U",
                "app",
                "-d",
                &world.oracle,
                "-p",
                &cluster().port.to_string(),
                "-c",
                command,
            ])
            .stdin(Stdio::null())
            .output()
            .expect("psql runs");
        text(&output)
    };
    let alike = [
        "\\d properties",
        "\\d+ properties",
        "\\d meters",
        "\\d+ meters",
        "\\d invoices",
        "\\d payments",
        "\\d \"Meter Notes\"",
        "\\d vehicles",
        "\\d assets",
        "\\d journal",
        "\\d readings",
        "\\d open_invoices",
        "\\d+ open_invoices",
        "\\d tariffs",
        "\\d visits_id_seq",
        "\\d meters_pkey",
        "\\d staff_names",
        "\\dT mood",
        "\\dT+ mood",
        "\\dD",
        "\\dx",
        "\\dp meters",
        "\\z tariffs",
        "\\sv open_invoices",
    ];
    for command in alike {
        let (told, expected) = (psql(&proxy, &["-c", command]), oracle(command).replace("postgres|app=", "app|app="));
        let without_grants = |text: &str| text.lines().filter(|l| !l.contains("=arwd")).map(str::to_owned).collect::<Vec<_>>();
        if command.starts_with("\\dp") || command.starts_with("\\z") || command.starts_with("\\dT+") {
            assert!(!told.contains("ERROR") && !told.trim().is_empty(), "{command}: {told}");
        } else {
            assert_eq!(without_grants(&told), without_grants(&expected), "{command}");
        }
    }
}

/// Every listing command works, and none shows what is hidden: tables, functions, roles, databases, partition bounds.
#[test]
fn psql_lists_nothing_hidden() {
    let world = World::new();
    let proxy = world.proxy();
    for command in [
        "\\d",
        "\\dt",
        "\\dt+",
        "\\dn",
        "\\dn+",
        "\\df",
        "\\l",
        "\\l+",
        "\\du",
        "\\dg",
        "\\dv",
        "\\di",
        "\\di+",
        "\\ds",
        "\\dT",
        "\\dT+",
        "\\dp",
        "\\z",
        "\\da",
        "\\do",
        "\\dC",
        "\\dA",
        "\\dO",
        "\\dP",
        "\\dc",
        "\\des",
        "\\ddp",
        "\\drds",
        "\\dRp",
        "\\dy",
        "\\dF",
        "\\dm",
        "\\dE",
        "\\db",
        "\\d+ journal",
        "\\d journal_2",
    ] {
        let told = psql(&proxy, &["-c", command]);
        assert!(!told.contains("ERROR"), "{command}: {told}");
        for hidden in ["staff_names", "revenue", "every_meter", "run_text", "alder_rls", "auth_scram", "template1", "FOR VALUES"]
        {
            assert!(!told.contains(hidden), "{command} shows {hidden}: {told}");
        }
    }
    let tables = psql(&proxy, &["-c", "\\dt"]);
    assert!(["|meters|", "|journal_2|", "|tariffs|"].iter().all(|t| tables.contains(t)), "{tables}");
    assert!(psql(&proxy, &["-c", "\\df"]).contains("add_vat"));
}

#[test]
fn tokio_postgres_in_binary() {
    let world = World::new();
    let proxy = world.proxy();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("runtime");
    runtime.block_on(async {
        let (mut client, connection) = tokio_postgres::connect(&proxy.url("alder_app"), tokio_postgres::NoTls).await.expect("connects");
        let driver = tokio::spawn(connection);
        let rows = client.query("SELECT id, name, units FROM properties WHERE id >= $1 ORDER BY id", &[&1004_i64]).await.expect("rows");
        assert_eq!(rows.iter().map(|r| (r.get::<_, i64>(0), r.get::<_, i32>(2))).collect::<Vec<_>>(), [(1004, 4), (1005, 5)]);
        let by_id = client.prepare("SELECT name FROM properties WHERE id = $1").await.expect("prepared");
        assert_eq!(by_id.params().len(), 1, "hidden parameters do not show");
        // Pipelined: all are sent before the first is answered.
        let ids = [1001_i64, 2001, 1003];
        let parameters: [[&(dyn tokio_postgres::types::ToSql + Sync); 1]; 3] = [[&ids[0]], [&ids[1]], [&ids[2]]];
        let (a, b, c) = tokio::join!(
            client.query_opt(&by_id, &parameters[0]),
            client.query_opt(&by_id, &parameters[1]),
            client.query_opt(&by_id, &parameters[2]),
        );
        let name = |r: Result<Option<tokio_postgres::Row>, tokio_postgres::Error>| r.expect("ran").map(|r| r.get::<_, String>(0));
        assert_eq!([name(a), name(b), name(c)], [Some("CANARY_T1_house1".to_owned()), None, Some("CANARY_T1_house3".to_owned())]);
        let transaction = client.transaction().await.expect("begins");
        let changed = transaction.execute("UPDATE properties SET units = $1", &[&9_i32]).await.expect("updates");
        assert_eq!(changed, 5);
        let portal = transaction.bind("SELECT id FROM meters ORDER BY id", &[]).await.expect("portal");
        assert_eq!(transaction.query_portal(&portal, 3).await.expect("rows").len(), 3);
        assert_eq!(transaction.query_portal(&portal, 0).await.expect("rows").len(), 5);
        transaction.rollback().await.expect("rolls back");
        let stamped = client.query_one("INSERT INTO visits (who) VALUES ($1) RETURNING tenant_id", &[&"x"]).await.expect("inserted");
        assert_eq!(stamped.get::<_, i64>(0), 1);
        let refused = client.execute("INSERT INTO visits (tenant_id, who) VALUES ($1, 'x')", &[&2_i64]).await.expect_err("refused");
        assert_eq!(refused.code(), Some(&tokio_postgres::error::SqlState::INSUFFICIENT_PRIVILEGE));
        let messages = client.simple_query("SELECT 1; SELECT count(*) FROM meters").await.expect("batch");
        let told: Vec<String> = messages
            .iter()
            .filter_map(|m| match m {
                tokio_postgres::SimpleQueryMessage::Row(r) => r.get(0).map(str::to_owned),
                _ => None,
            })
            .collect();
        assert_eq!(told, ["1", "8"]);
        // A cancel request by the driver's own token.
        let token = client.cancel_token();
        let slow = client.simple_query("SELECT count(*) FROM meters a, meters b, meters c, meters d, meters e, meters f, meters g, meters h, meters i");
        let stop = async {
            let mut world = world;
            loop {
                let rows = world.inspect("SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query LIKE '%meters%' AND datname = (SELECT datname FROM pg_database WHERE oid = (SELECT datid FROM pg_stat_activity WHERE pid = pg_backend_pid())) AND pid <> pg_backend_pid()");
                if rows[0][0].as_deref() != Some("0") {
                    break token.cancel_query(tokio_postgres::NoTls).await;
                }
                tokio::task::yield_now().await;
            }
        };
        let (result, cancelled) = tokio::join!(slow, stop);
        cancelled.expect("cancel");
        assert_eq!(result.expect_err("cancelled").code(), Some(&tokio_postgres::error::SqlState::QUERY_CANCELED));
        assert_eq!(client.query_one("SELECT count(*) FROM meters", &[]).await.expect("alive").get::<_, i64>(0), 8);
        drop(client);
        driver.await.expect("joined").expect("the connection ended well");
    });
}
