//! What follows the audit file while a proxy runs, and who is told of what is in it: standard output, a table, webhooks.
//! What a follower does when its sink fails is `tests/ops/sinks.rs`'s; what a webhook's answer does, `tests/ops/alerts.rs`'s.

use crate::cluster::{cluster, wait_for};
use crate::proxy::{Proxy, Setup, http_get};
use crate::world::{TENANCY, World};
use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::process::Command;
use std::time::Duration;

const LIMIT: Duration = Duration::from_secs(20);
const REFUSED: &str = "TRUNCATE properties";

fn refuse(proxy: &Proxy, times: usize) {
    let mut client = proxy.client("alder_app");
    for _ in 0..times {
        assert_eq!(client.query(REFUSED).sqlstate(), "42501");
    }
}

fn readiness(proxy: &Proxy) -> String {
    http_get(proxy.http, "/readyz").expect("an answer").1
}

#[test]
fn records_go_to_standard_output_up_to_the_last() {
    let world = World::new();
    let mut proxy = Proxy::start(&Setup { audit: "stdout = true".to_owned(), ..Setup::new(&world.real, TENANCY) });
    refuse(&proxy, 5);
    proxy.signal("TERM");
    proxy.wait_end(LIMIT);
    let log = proxy.log();
    let shown: Vec<&str> = log.lines().filter(|l| l.starts_with("{\"time\"")).collect();
    assert_eq!(shown, proxy.audit(), "all of them, in order");
    assert!(shown.len() >= 7 && shown.last().is_some_and(|l| l.contains("\"event\":\"stop\"")), "{shown:#?}");
}

#[test]
fn a_table_has_every_record_and_catches_up_when_it_was_away() {
    let mut world = World::new();
    let registry = format!("[registry]\nurl = \"postgres://postgres@127.0.0.1:{}/{}\"\n", cluster().port, world.real);
    let audit = "table = true\nname = \"one\"".to_owned();
    let setup = Setup { audit, ..Setup::new(&world.real, &format!("{TENANCY}\n{registry}")) };
    let directory = tempfile::tempdir().expect("directory");
    let config = directory.path().join("pgmoat.toml");
    std::fs::write(&config, setup.file("127.0.0.1:1")).expect("write");
    let init = Command::new(env!("CARGO_BIN_EXE_pgmoat")).args(["init", "--config"]).arg(&config).output().expect("pgmoat runs");
    assert!(init.status.success(), "{init:?}");

    let mut proxy = Proxy::start(&setup);
    refuse(&proxy, 3);
    let rows = "SELECT record::text FROM pgmoat.audit WHERE log = 'one' ORDER BY sequence";
    let table = |world: &mut World| -> Vec<String> { world.inspect(rows).into_iter().filter_map(|mut r| r.pop()?).collect() };
    wait_for("the rows", LIMIT, || table(&mut world) == proxy.audit());
    let refused = "SELECT count(*) FROM pgmoat.audit WHERE tenant = 'alder' AND event = 'refusal' AND sqlstate = '42501' AND time > now() - interval '1 hour'";
    assert_eq!(world.inspect(refused), [[Some("3".to_owned())]]);
    // Rows are added, and never changed, by whomever.
    for change in ["UPDATE pgmoat.audit SET event = ''", "DELETE FROM pgmoat.audit", "TRUNCATE pgmoat.audit"] {
        let sql = format!("DO $$ BEGIN {change}; EXCEPTION WHEN insufficient_privilege THEN RAISE NOTICE 'kept'; END $$");
        world.inspect(&sql);
    }
    assert_eq!(table(&mut world), proxy.audit());
    // A tenant knows of no such table.
    assert_eq!(proxy.client("alder_app").query("SELECT * FROM pgmoat.audit").sqlstate(), "42P01");
    // It is away: that is told loudly, and the proxy serves.
    world.inspect("ALTER TABLE pgmoat.audit RENAME TO elsewhere");
    refuse(&proxy, 3);
    wait_for("the complaint", LIMIT, || readiness(&proxy).contains("audit: table degraded"));
    assert!(proxy.log().contains("audit records do not arrive"), "{}", proxy.log());
    assert!(http_get(proxy.http, "/metrics").expect("metrics").1.contains("pgmoat_audit_sinks_failing 1"));
    refuse(&proxy, 3);
    world.inspect("ALTER TABLE pgmoat.elsewhere RENAME TO audit");
    wait_for("the rest", LIMIT, || table(&mut world) == proxy.audit());
    wait_for("the all-clear", LIMIT, || readiness(&proxy) == "ready\n");
    proxy.signal("TERM");
    proxy.wait_end(LIMIT);
    assert_eq!(table(&mut world), proxy.audit(), "the last of them too");
    // Another proxy's log under the same name is not mixed with it.
    let other = Proxy::start(&setup);
    wait_for("the complaint", LIMIT, || other.log().contains("another chain under this name"));
    assert_eq!(table(&mut world), proxy.audit());
}

/// Takes one POST and answers it; gives what was sent.
pub(crate) fn receive(listener: &TcpListener) -> String {
    let (mut stream, _) = listener.accept().expect("accept");
    stream.set_read_timeout(Some(LIMIT)).expect("timeout");
    let mut text = Vec::new();
    while !text.ends_with(b"}") {
        let mut some = [0; 4096];
        let n = stream.read(&mut some).expect("read");
        assert!(n > 0, "{}", String::from_utf8_lossy(&text));
        text.extend_from_slice(&some[..n]);
    }
    stream.write_all(b"HTTP/1.1 204 No Content\r\n\r\n").expect("write");
    String::from_utf8(text).expect("text")
}

#[test]
fn a_webhook_hears_of_crossings_by_the_rule_in_force() {
    let world = World::new();
    let listener = TcpListener::bind("127.0.0.1:0").expect("bind");
    let port = listener.local_addr().expect("address").port();
    let rule = |on: &str, count: usize| {
        format!(
            "[[alerts]]\non = \"{on}\"\ncount = {count}\nwithin = \"1m\"\nquiet = \"1h\"\nwebhook = \"http://127.0.0.1:{port}/hush\"\nheader = \"X-Key: hush\"\n"
        )
    };
    let proxy = Proxy::start(&Setup { audit: rule("crossings", 3), ..Setup::new(&world.real, TENANCY) });
    let mut client = proxy.client("alder_app");
    for id in 2..6 {
        assert!(client.run(&format!("SELECT id FROM properties WHERE tenant_id = {id}")).is_empty());
    }
    let heard = receive(&listener);
    assert!(heard.starts_with("POST /hush HTTP/1.1\r\n") && heard.contains("\r\nX-Key: hush\r\n"), "{heard}");
    assert!(heard.contains("{\"alert\":\"crossings\",\"tenant\":\"alder\",\"count\":3,"), "{heard}");
    // Other rules, without a restart; and a pool in which nothing becomes free.
    let text = std::fs::read_to_string(proxy.config()).expect("read").replace("\"crossings\"", "\"logins_failed\"");
    std::fs::write(proxy.config(), text).expect("write");
    proxy.signal("HUP");
    wait_for("the reload", LIMIT, || proxy.audit().iter().any(|r| r.contains("\"event\":\"reload\"")));
    for _ in 0..3 {
        assert!(crate::wire::Wire::connect(proxy.port, "alder_app", &proxy.database, Some("wrong")).is_err());
    }
    let heard = receive(&listener);
    assert!(heard.contains("{\"alert\":\"logins_failed\",\"tenant\":null,\"count\":3,"), "{heard}");
    // A configuration that cannot be used is on record too.
    std::fs::write(proxy.config(), "[listen]\nport = 1\n").expect("write");
    proxy.signal("HUP");
    wait_for("the record", LIMIT, || proxy.audit().iter().any(|r| r.contains("cannot be used; the old one stays")));
    assert!(!proxy.log().contains("hush"), "{}", proxy.log());
}
