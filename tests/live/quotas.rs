//! Quotas: kept over a kill and over several proxies, told before they end. How they are reckoned is `tests/core/quotas.rs`'s.

use crate::cluster::{cluster, wait_for};
use crate::proxy::{PASSWORD, Proxy, Setup, http_get};
use crate::sinks::receive;
use crate::wire::{Wire, bind, describe, execute, parse, query, sync};
use crate::world::{TENANCY, World};
use std::net::TcpListener;
use std::process::Command;
use std::time::Duration;

const LIMIT: Duration = Duration::from_secs(20);

/// Alder with this quota, and somebody who may look at the console.
fn setup(world: &World, quota: &str, more: &str) -> Setup {
    let tenancy = TENANCY.replacen("name = \"alder\"\n", "name = \"alder\"\nplan = \"small\"\n", 1);
    assert_ne!(tenancy, TENANCY);
    let looker = format!("[[users]]\nname = \"looker\"\npassword = \"{PASSWORD}\"\nconsole = \"stats\"\n");
    Setup::new(&world.real, &format!("{tenancy}\n{looker}\n[plans.small.quota]\n{quota}\n{more}\n"))
}

/// The same, with what is used kept in a registry.
fn kept(world: &World, quota: &str) -> Setup {
    let url = format!("postgres://postgres@127.0.0.1:{}/{}", cluster().port, world.real);
    setup(world, quota, &format!("[registry]\nurl = \"{url}\"\nflush = \"200ms\"\n"))
}

fn verb(setup: &Setup, arguments: &[&str]) -> String {
    tried(setup, arguments).unwrap_or_else(|complaint| panic!("{complaint}"))
}

/// What a verb says, or what it complains of.
fn tried(setup: &Setup, arguments: &[&str]) -> Result<String, String> {
    let directory = tempfile::tempdir().expect("directory");
    let config = directory.path().join("pgmoat.toml");
    std::fs::write(&config, setup.file("127.0.0.1:1")).expect("write");
    let output =
        Command::new(env!("CARGO_BIN_EXE_pgmoat")).args(arguments).arg("--config").arg(config).output().expect("pgmoat runs");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    if output.status.success() { Ok(text(&output.stdout)) } else { Err(text(&output.stderr)) }
}

/// How many statements are admitted until one is not.
fn admitted(client: &mut Wire) -> usize {
    let mut n = 0;
    loop {
        let reply = client.query("SELECT 1");
        match reply.sqlstate() {
            "00000" => n += 1,
            "53400" => {
                let hint = reply.error().and_then(|e| e.get(&'H')).expect("a hint").clone();
                let millis: u64 = hint.strip_prefix("retry_after_ms=").and_then(|ms| ms.parse().ok()).expect("a time");
                assert!((1..=86_400_000).contains(&millis), "{hint}");
                return n;
            }
            other => panic!("{other}"),
        }
        assert!(n < 1000, "it never ends");
    }
}

fn statements(client: &mut Wire, n: usize) {
    for _ in 0..n {
        client.run("SELECT 1");
    }
}

#[test]
fn what_was_used_survives_a_kill_and_adds_up() {
    let mut world = World::new();
    let setup = kept(&world, "queries_per_day = 60");
    assert!(verb(&setup, &["init"]).starts_with("made the registry"));
    let total = |world: &mut World| {
        let rows = world.inspect("SELECT coalesce(sum(n), 0) FROM pgmoat.usage WHERE tenant = 'alder' AND metric = 'queries'");
        rows[0][0].as_deref().and_then(|n| n.parse::<usize>().ok()).expect("a number")
    };
    let (mut first, second) = (Proxy::start(&setup), Proxy::start(&setup));
    let (mut one, mut other) = (first.client("alder_app"), second.client("alder_app"));
    statements(&mut one, 20);
    statements(&mut other, 20);
    wait_for("both to be kept", LIMIT, || total(&mut world) == 40);
    // What is not kept yet is lost by a kill, and no more than that.
    statements(&mut one, 5);
    first.signal("KILL");
    first.wait_end(LIMIT);
    let after = total(&mut world);
    assert!((40..=45).contains(&after), "{after}");
    let third = Proxy::start(&setup);
    let mut back = third.client("alder_app");
    assert_eq!(admitted(&mut back), 60 - after);
    wait_for("the other proxy to hear of it", LIMIT, || other.query("SELECT 1").sqlstate() == "53400");
    wait_for("all of it to be kept", LIMIT, || total(&mut world) >= 60);
    let told = verb(&setup, &["tenant", "usage", "alder"]);
    let used = told.lines().map(|l| l.split_whitespace().collect::<Vec<_>>()).find(|l| l[..3] == ["alder", "queries", "day"]);
    assert!(used.is_some_and(|l| l[4..6] == ["60", "over"] && l.last() == Some(&"over")), "{told}");
    assert_eq!(third.client("birch_app").query("SELECT 1").sqlstate(), "00000", "another tenant");
}

#[test]
fn a_proxy_that_ends_keeps_all_of_it() {
    let mut world = World::new();
    let mut setup = kept(&world, "queries_per_day = 60");
    setup.tenancy = setup.tenancy.replace("200ms", "1h");
    verb(&setup, &["init"]);
    let mut proxy = Proxy::start(&setup);
    let mut client = proxy.client("alder_app");
    statements(&mut client, 7);
    client.run("INSERT INTO assets (id, label) SELECT g, 'x' FROM generate_series(90000, 90009) g");
    drop(client);
    proxy.signal("TERM");
    proxy.wait_end(LIMIT);
    let kept = world.inspect("SELECT metric, n > 0, n FROM pgmoat.usage WHERE metric <> 'bytes' ORDER BY metric");
    let row = |metric: &str, n: &str| [Some(metric.to_owned()), Some("t".to_owned()), Some(n.to_owned())];
    assert_eq!(kept, [row("queries", "8"), row("rows_written", "10")]);
    assert_eq!(world.inspect("SELECT n > 100 FROM pgmoat.usage WHERE metric = 'bytes'"), [[Some("t".to_owned())]]);
}

/// Whoever finds no server connection is failing, for whoever asks the registry too.
#[test]
fn a_tenant_that_fails_is_told_by_usage() {
    let world = World::new();
    let mut setup = kept(&world, "queries_per_day = 1000");
    let plan = "[plans.small]\nmax_transactions = 1\n[plans.small.quota]";
    setup.tenancy = setup.tenancy.replacen("[plans.small.quota]", plan, 1);
    setup.upstream += "\nquery_wait_timeout = \"100ms\"";
    verb(&setup, &["init"]);
    let health = || {
        let told = verb(&setup, &["tenant", "usage", "alder"]);
        let line = told.lines().map(|l| l.split_whitespace().map(str::to_owned).collect::<Vec<_>>()).find(|l| l[1] == "queries");
        line.and_then(|mut l| l.pop())
    };
    let proxy = Proxy::start(&setup);
    let (mut holder, mut other) = (proxy.client("alder_app"), proxy.client("alder_app"));
    holder.run("BEGIN");
    holder.run("SELECT count(*) FROM assets");
    wait_for("what is used to be kept", LIMIT, || health().is_some());
    assert_eq!(health().as_deref(), Some("ok"));
    assert_eq!(other.query("SELECT count(*) FROM assets").sqlstate(), "53300");
    wait_for("it to be told", LIMIT, || health().as_deref() == Some("failing"));
    let told = verb(&setup, &["tenant", "usage", "birch"]);
    assert!(!told.contains("failing"), "nobody else is: {told}");
}

#[test]
fn a_quota_that_ends_is_told_before_and_shown() {
    let world = World::new();
    let proxy = Proxy::start(&setup(&world, "rows_written_per_month = 10\nsoft_percent = 50", ""));
    let mut looker = Wire::connect(proxy.port, "looker", "pgmoat", Some(PASSWORD)).expect("the console");
    let mut health = || {
        let rows = looker.run("SHOW TENANTS");
        rows.iter().find(|r| r[0].as_deref() == Some("alder")).and_then(|r| r.last().cloned()).flatten().expect("health")
    };
    assert_eq!(health(), "ok");
    let mut client = proxy.client("alder_app");
    client.run("INSERT INTO assets (id, label) SELECT g, 'x' FROM generate_series(90000, 90005) g");
    assert_eq!(health(), "near limit");
    client.run("BEGIN");
    client.run("UPDATE assets SET label = 'y' WHERE id BETWEEN 90000 AND 90003");
    assert_eq!(client.query("DELETE FROM assets WHERE id = 90000").sqlstate(), "53400");
    assert_eq!(client.query("SELECT 1").sqlstate(), "25P02", "the transaction has failed");
    client.run("ROLLBACK");
    assert_eq!(health(), "over");
    assert_eq!(client.query("SELECT count(*) FROM assets").sqlstate(), "00000", "reading goes on");
    assert_eq!(client.extended("DELETE FROM assets WHERE id = 90000", &[]).sqlstate(), "53400");
    let rows = looker.run("SHOW QUOTAS");
    let line = rows.iter().find(|r| r[0].as_deref() == Some("alder") && r[4].is_some()).expect("the quota");
    let cells: Vec<&str> = line.iter().map(|c| c.as_deref().unwrap_or("NULL")).collect();
    assert_eq!((&cells[1..6], cells[7]), (&["rows_written", "month", "10", "10", "over"][..], "over"));
    let metrics = http_get(proxy.http, "/metrics").expect("metrics").1;
    for line in ["tenants{health=\"over\"} 1", "quota_used{tenant=\"alder\",quota=\"rows_written_per_month\"} 10"] {
        assert!(metrics.contains(&format!("pgmoat_{line}")), "{line}: {metrics}");
    }
    let told = || proxy.audit().iter().filter(|r| r.contains("\"event\":\"quota\"")).cloned().collect::<Vec<_>>();
    wait_for("the record", LIMIT, || told().iter().any(|r| r.contains("rows_written_per_month is used up: 10 of 10")));
    assert!(told().len() <= 2, "once, and once before it: {:?}", told());
}

#[test]
fn a_webhook_hears_once_of_a_quota_that_is_nearly_used_up() {
    let world = World::new();
    let listener = TcpListener::bind("127.0.0.1:0").expect("bind");
    let port = listener.local_addr().expect("address").port();
    let mut setup = setup(&world, "queries_per_day = 10", "");
    setup.audit = format!("[[alerts]]\non = \"quota_near\"\nwebhook = \"http://127.0.0.1:{port}/\"\n");
    let proxy = Proxy::start(&setup);
    let mut client = proxy.client("alder_app");
    statements(&mut client, 8);
    let heard = receive(&listener);
    assert!(heard.contains("{\"alert\":\"quota_near\",\"tenant\":\"alder\",\"count\":1,"), "{heard}");
    // Not again when it is used up, nor for as long as it is.
    assert_eq!(admitted(&mut client), 2);
    let over = |r: &String| r.contains("\"event\":\"quota\"") && r.contains("is used up");
    wait_for("the record", LIMIT, || proxy.audit().iter().any(over));
    listener.set_nonblocking(true).expect("nonblocking");
    assert!(listener.accept().is_err(), "one alert");
}

/// What SHOW QUOTAS says of a tenant's stock: how much there is, and how that stands.
fn held(looker: &mut Wire, tenant: &str, what: &str) -> Option<(u64, String)> {
    let rows = looker.run("SHOW QUOTAS");
    let line = rows.into_iter().find(|r| r[0].as_deref() == Some(tenant) && r[1].as_deref() == Some(what))?;
    Some((line[3].as_deref()?.parse().ok()?, line[5].clone()?))
}

/// Sends messages; the types of those that come back, up to ReadyForQuery.
fn heard(wire: &mut Wire, bytes: &[u8]) -> String {
    wire.send(bytes).expect("sent");
    let mut tags = String::new();
    while !tags.ends_with('Z') {
        tags.push(wire.frame().expect("an answer").tag.into());
    }
    tags
}

/// Five rows of which no command tag tells count as any, once, and the client hears nothing of how that is known.
#[test]
fn rows_count_of_which_no_tag_tells() {
    let world = World::new();
    let proxy = Proxy::start(&setup(&world, "rows_written_per_month = 1000000", ""));
    let mut looker = Wire::connect(proxy.port, "looker", "pgmoat", Some(PASSWORD)).expect("the console");
    let mut before = 0;
    let mut more = || {
        let now = held(&mut looker, "alder", "rows_written").map_or(0, |(n, _)| n);
        now - std::mem::replace(&mut before, now)
    };
    let mut client = proxy.client("alder_app");
    let mut next = 90_000;
    let mut five = || {
        next += 5;
        format!("INSERT INTO assets (id, label) SELECT g, 'x' FROM generate_series({}, {next}) g RETURNING id", next - 4)
    };
    let asked =
        |sql: &str, rows: i32| [parse("", sql, &[]), bind("", "", &[]), describe(b'P', ""), execute("", rows), sync()].concat();
    let within = |five: String| format!("WITH w AS ({five}) SELECT count(*) FROM w");

    assert_eq!((&*heard(&mut client, &query(&within(five()))), more()), ("TDCZ", 5));
    let several = format!("SELECT 1; {}; SELECT 2", within(five()));
    assert_eq!((&*heard(&mut client, &query(&several)), more()), ("TDCTDCTDCZ", 5));
    assert_eq!((&*heard(&mut client, &asked(&within(five()), 0)), more()), ("12TDCZ", 5));
    let moved = "WITH w AS (DELETE FROM assets WHERE id BETWEEN 90001 AND 90005 RETURNING id) \
                 INSERT INTO assets (id, label) SELECT id + 1000, 'x' FROM w";
    assert_eq!((&*heard(&mut client, &query(moved)), more()), ("CZ", 10), "deleted and inserted");
    let copied = format!("COPY ({}) TO STDOUT", within(five()));
    assert_eq!((&*heard(&mut client, &query(&copied)), more()), ("HdcCZ", 5));
    assert_eq!((&*heard(&mut client, &query(&format!("WITH w AS ({}) SELECT 1 / 0", five()))), more()), ("EZ", 0));

    assert_eq!((&*heard(&mut client, &asked(&five(), 1)), more()), ("12TDsZ", 5), "the rest is written and not returned");
    assert_eq!((&*heard(&mut client, &asked(&five(), 9)), more()), ("12TDDDDDCZ", 5));
    client.run("BEGIN");
    let begun = [parse("", &five(), &[]), bind("p", "", &[]), execute("p", 2), sync()].concat();
    assert_eq!((&*heard(&mut client, &begun), more()), ("12DDsZ", 5));
    assert_eq!((&*heard(&mut client, &[execute("p", 2), sync()].concat()), more()), ("DDsZ", 0));
    assert_eq!((&*heard(&mut client, &[execute("p", 0), sync()].concat()), more()), ("DCZ", 0), "not a second time");
    assert_eq!((&*heard(&mut client, &query(&five())), more()), ("TDDDDDCZ", 5), "and then as ever");
    client.run("COMMIT");

    client.run(&format!("PREPARE s AS {}", within(five())));
    assert_eq!((&*heard(&mut client, &query("EXECUTE s")), more()), ("TDCZ", 5));
    client.run("DELETE FROM assets WHERE id > 90000");
    more();
    assert_eq!((&*heard(&mut client, &asked("EXECUTE s", 0)), more()), ("12TDCZ", 5));

    let wrong = format!("WITH w AS ({}) SELECT count(nosuch) FROM w", five());
    let reply = client.query(&wrong);
    let place = wrong.find("nosuch").expect("there") + 1;
    assert_eq!(reply.error().map(|e| (&*e[&'C'], &*e[&'P'])), Some(("42703", &*place.to_string())));
}

/// What is written counts, whoever is there to hear of it: who goes away, or asks for more than an answer may have, is counted all the same.
#[test]
fn rows_count_that_nobody_hears_of() {
    let world = World::new();
    let mut setup = setup(&world, "rows_written_per_month = 1000000", "");
    setup.tenancy =
        setup.tenancy.replacen("[plans.small.quota]", "[plans.small]\nrows_per_statement = 20\n[plans.small.quota]", 1);
    let proxy = Proxy::start(&setup);
    let mut looker = Wire::connect(proxy.port, "looker", "pgmoat", Some(PASSWORD)).expect("the console");
    let mut written = || held(&mut looker, "alder", "rows_written").map_or(0, |(n, _)| n);
    let mut inside = Wire::connect(cluster().port, "postgres", &world.real, None).expect("a look from inside");
    let mut there = || inside.run("SELECT count(*) FROM assets WHERE id > 90000").remove(0).remove(0).expect("a number");
    let insert = |from: u32| {
        format!(
            "INSERT INTO assets (id, label) SELECT g, repeat('x', 500) FROM generate_series({}, {}) g RETURNING *",
            from + 1,
            from + 3000
        )
    };

    let within = format!("WITH w AS ({}) SELECT id FROM w", insert(90_000));
    assert_eq!(proxy.client("alder_app").query(&within).sqlstate(), "53400", "it ends the session");
    wait_for("what is done to count", LIMIT, || written() == 3000 && there() == "3000");

    let mut client = proxy.client("alder_app");
    client.send(&query(&insert(100_000))).expect("sent");
    drop(client);
    // It is stopped, or was done before: what is there is what counts.
    wait_for("the connection to be closed", LIMIT, || {
        let rows = there();
        std::thread::park_timeout(Duration::from_millis(200));
        rows == there() && written().to_string() == rows
    });
}

#[test]
fn storage_is_measured_and_what_adds_to_it_stops() {
    const MEGABYTE: u64 = 1_000_000;
    let mut world = World::new();
    let mut setup = kept(&world, &format!("storage = {}", 20 * MEGABYTE));
    setup.upstream += "\nstorage_poll = \"50ms\"";
    verb(&setup, &["init"]);
    let fill = |tenant: usize, from: usize, rows: usize| {
        format!(
            "INSERT INTO assets (tenant_id, id, label) SELECT {tenant}, g, string_agg(md5(g::text || n), '')
             FROM generate_series({from}, {}) g, generate_series(1, 60) n GROUP BY g",
            from + rows - 1
        )
    };
    let tenants = world.inspect("SELECT DISTINCT tenant_id FROM assets ORDER BY 1");
    let (alder, birch) = (tenants[0][0].clone().expect("id"), tenants[1][0].clone().expect("id"));
    let proxy = Proxy::start(&setup);
    let mut looker = Wire::connect(proxy.port, "looker", "pgmoat", Some(PASSWORD)).expect("the console");
    wait_for("the first measuring", LIMIT, || held(&mut looker, "alder", "storage").is_some());
    let before = held(&mut looker, "birch", "storage").expect("measured").0;
    assert!(before > 0 && before < MEGABYTE, "{before}");
    // Ten megabytes each; the table of one is another's too.
    for (tenant, from) in [(&alder, 500_000), (&birch, 700_000)] {
        world.inspect(&fill(tenant.parse().expect("a number"), from, 5000));
    }
    let exact = world.inspect("SELECT pg_total_relation_size('assets')")[0][0]
        .as_deref()
        .and_then(|n| n.parse::<u64>().ok())
        .expect("size");
    let near = |n: u64| n.abs_diff(exact / 2) < exact / 20;
    wait_for("half of it each", LIMIT, || {
        ["alder", "birch"].iter().all(|t| held(&mut looker, t, "storage").is_some_and(|(n, _)| near(n)))
    });
    let mut client = proxy.client("alder_app");
    client.run("INSERT INTO assets (id, label) VALUES (77001, 'there is room')");
    world.inspect(&fill(alder.parse().expect("a number"), 600_000, 8000));
    wait_for("too much of it", LIMIT, || held(&mut looker, "alder", "storage").is_some_and(|(_, standing)| standing == "over"));
    for sql in [
        "INSERT INTO assets (id, label) VALUES (77002, 'no room')",
        "WITH more AS (INSERT INTO assets (id, label) VALUES (77002, 'no room') RETURNING id) SELECT * FROM more",
        "UPDATE assets SET label = label || label WHERE id = 77001",
        "COPY assets (id, label) FROM STDIN",
    ] {
        let reply = client.query(sql);
        assert_eq!(reply.sqlstate(), "53400", "{sql}");
        assert!(reply.error().is_some_and(|e| e[&'H'].starts_with("retry_after_ms=")), "{sql}");
    }
    assert_eq!(client.extended("INSERT INTO assets (id, label) VALUES (77002, 'no room')", &[]).sqlstate(), "53400");
    let mut other = proxy.client("birch_app");
    assert_eq!(other.query("INSERT INTO assets (id, label) VALUES (77003, 'room')").sqlstate(), "00000", "another tenant");
    // It is known from the start on, before anything is measured.
    let mut idle = kept(&world, &format!("storage = {}", 20 * MEGABYTE));
    idle.upstream += "\nstorage_poll = \"0s\"";
    let second = Proxy::start(&idle);
    assert_eq!(second.client("alder_app").query("INSERT INTO assets (id, label) VALUES (77002, 'no')").sqlstate(), "53400");
    let told = verb(&setup, &["tenant", "usage"]);
    assert!(told.lines().any(|l| l.starts_with("alder") && l.contains("storage") && l.contains("over")), "{told}");
    // What is deleted makes room once VACUUM has given it back.
    assert_eq!(client.query("DELETE FROM assets WHERE id >= 500000").sqlstate(), "00000");
    world.inspect("VACUUM FULL assets");
    wait_for("room again", LIMIT, || client.query("INSERT INTO assets (id, label) VALUES (77002, 'room')").sqlstate() == "00000");
}

#[test]
fn rows_that_are_a_tenant_s_through_others_and_partitions_count() {
    let mut world = World::new();
    let mut setup = setup(&world, "storage = 1000000000", "");
    setup.upstream += "\nstorage_poll = \"50ms\"";
    let proxy = Proxy::start(&setup);
    let mut looker = Wire::connect(proxy.port, "looker", "pgmoat", Some(PASSWORD)).expect("the console");
    wait_for("the first measuring", LIMIT, || held(&mut looker, "alder", "storage").is_some());
    let log = proxy.log();
    assert!(!log.contains("could not be measured") && !log.contains("cannot be measured"), "{log}");
    let before = held(&mut looker, "alder", "storage").expect("measured").0;
    let lines = world.inspect("SELECT count(*) FROM receipts r JOIN payments p ON p.id = r.payment_id");
    assert_ne!(lines, [[Some("0".to_owned())]], "there are rows to grow");
    world.inspect("ALTER TABLE receipts ADD COLUMN more text");
    world.inspect("UPDATE receipts SET more = (SELECT string_agg(md5(n::text), '') FROM generate_series(1, 30000) n)");
    drop(proxy);
    // A fresh one has the new column in its catalog.
    let proxy = Proxy::start(&setup);
    let mut looker = Wire::connect(proxy.port, "looker", "pgmoat", Some(PASSWORD)).expect("the console");
    wait_for("it to grow", LIMIT, || held(&mut looker, "alder", "storage").is_some_and(|(n, _)| n > before + 100_000));
}

#[test]
fn users_and_connections_have_quotas_too() {
    let world = World::new();
    let mut setup = kept(&world, "users = 2\nsoft_percent = 50");
    setup.tenancy = setup.tenancy.replacen("[plans.small.quota]", "[plans.small]\nmax_connections = 4\n[plans.small.quota]", 1);
    verb(&setup, &["init"]);
    let create = |user: &str| ["user", "create", user, "--tenant", "maple"].map(str::to_owned);
    let attributes = ["--attribute", "key=maple", "--attribute", "uuid=77777777-7777-7777-7777-777777777777"];
    let tenant = ["tenant", "create", "maple", "--id", "77", "--plan", "small", "--user", "maple_one"];
    verb(&setup, &[&tenant[..], &attributes].concat());
    let second = create("maple_two");
    verb(&setup, &second.iter().map(String::as_str).collect::<Vec<_>>());
    let third = create("maple_three");
    let refused = tried(&setup, &third.iter().map(String::as_str).collect::<Vec<_>>()).expect_err("one too many");
    assert!(refused.contains("has 2 users: its quota is 2"), "{refused}");
    let proxy = Proxy::start(&setup);
    let mut looker = Wire::connect(proxy.port, "looker", "pgmoat", Some(PASSWORD)).expect("the console");
    wait_for("the users", LIMIT, || held(&mut looker, "maple", "users") == Some((2, "over".to_owned())));
    let clients: Vec<Wire> = (0..2).map(|_| proxy.client("alder_app")).collect();
    wait_for("the connections", LIMIT, || held(&mut looker, "alder", "connections") == Some((2, "near limit".to_owned())));
    drop(clients);
    wait_for("none", LIMIT, || held(&mut looker, "alder", "connections") == Some((0, "ok".to_owned())));
}
