//! Quotas: kept over a kill and over several proxies, told before they end. How they are reckoned is `tests/core/quotas.rs`'s.

use crate::cluster::{cluster, wait_for};
use crate::proxy::{PASSWORD, Proxy, Setup};
use crate::sinks::receive;
use crate::wire::Wire;
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
    let directory = tempfile::tempdir().expect("directory");
    let config = directory.path().join("pgmoat.toml");
    std::fs::write(&config, setup.file("127.0.0.1:1")).expect("write");
    let output =
        Command::new(env!("CARGO_BIN_EXE_pgmoat")).args(arguments).arg("--config").arg(config).output().expect("pgmoat runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
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
    assert!(told.lines().any(|l| l.split_whitespace().take(2).eq(["alder", "queries"])), "{told}");
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
    assert_eq!(cells[1..6], ["rows_written", "month", "10", "10", "over"]);
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
