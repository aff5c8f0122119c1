//! Statements that name another tenant are answered as if there were none, and are on record; floods of records are counted.
//! It does not test what counts as naming one: `tests/core/named.rs` does.

use crate::cluster::wait_for;
use crate::proxy::{PASSWORD, Proxy, Setup};
use crate::wire::{bind, execute, parse, sync};
use crate::world::{TENANCY, World};
use std::time::Duration;

const LIMIT: Duration = Duration::from_secs(20);

fn records(proxy: &Proxy, event: &str) -> Vec<String> {
    proxy.audit().into_iter().filter(|r| r.contains(&format!("\"event\":\"{event}\""))).collect()
}

/// How many were told of, one by one or together.
fn told(records: &[String]) -> usize {
    let held = |r: &String| r.split_once("\"message\":\"")?.1.split_once(" more ")?.0.parse().ok();
    records.iter().map(|r| held(r).unwrap_or(1)).sum()
}

#[test]
fn who_names_another_tenant_gets_nothing_and_is_on_record() {
    let world = World::new();
    let proxy = world.proxy();
    let mut client = proxy.client("alder_app");
    let mut count = 0;
    let mut last = |expected: usize| {
        count += expected;
        wait_for("the record", LIMIT, || records(&proxy, "crossing").len() >= count);
        let found = records(&proxy, "crossing");
        assert_eq!(found.len(), count, "{found:#?}");
        found.last().cloned().unwrap_or_default()
    };
    assert!(client.run("SELECT id FROM properties WHERE tenant_id = 2 AND name <> 'a secret'").is_empty());
    let record = last(1);
    assert!(record.contains("\"tenant\":\"alder\",\"user\":\"alder_app\",\"client\":\"127.0.0.1:"), "{record}");
    assert!(record.contains("\"sqlstate\":null,\"rule\":null,\"relations\":[\"public.properties\"]"), "{record}");
    assert!(record.contains("where tenant_id =") && !record.contains("secret") && !record.contains("= 2"), "{record}");
    // The shape is known by now, and then the text.
    for _ in 0..2 {
        assert!(client.run("SELECT id FROM properties WHERE tenant_id = 3 AND name <> 'x'").is_empty());
        last(1);
    }
    assert_eq!(
        client.run("UPDATE properties SET name = 'ours' WHERE tenant_id = 2 RETURNING id"),
        [] as [Vec<Option<String>>; 0]
    );
    last(1);
    assert!(!client.run("SELECT id FROM properties WHERE tenant_id = 1").is_empty());
    let statement = "SELECT id FROM properties WHERE tenant_id = ANY ($1)";
    assert!(client.extended(statement, &[Some("{2,3}")]).last_rows().is_empty());
    last(1);
    assert!(!client.extended(statement, &[Some("{1}")]).last_rows().is_empty());
    client.run("PREPARE mine (bigint) AS SELECT id FROM properties WHERE tenant_id = $1");
    assert!(client.run("EXECUTE mine (2)").is_empty() && !client.run("EXECUTE mine ('1')").is_empty());
    assert!(last(1).contains("execute mine("));
    // Prepared once, bound twice: each Bind has its values.
    let talk = [
        parse("p", "SELECT id FROM organisations WHERE id = $1", &[]),
        bind("", "p", &[Some("2")]),
        execute("", 0),
        bind("", "p", &[Some("1")]),
        execute("", 0),
        sync(),
    ];
    let reply = client.exchange(&talk.concat());
    assert_eq!(reply.sqlstate(), "00000", "{}", reply.summary());
    let record = last(1);
    assert!(record.contains("organisations") && !record.contains("= 2"), "{record}");
}

#[test]
fn a_flood_of_crossings_is_counted() {
    let world = World::new();
    let mut proxy = world.proxy();
    let mut client = proxy.client("alder_app");
    const MANY: usize = 300;
    for id in 0..MANY {
        assert!(client.run(&format!("SELECT id FROM properties WHERE tenant_id = {}", id + 2)).is_empty());
    }
    drop(client);
    proxy.signal("TERM");
    proxy.wait_end(LIMIT);
    let found = records(&proxy, "crossing");
    assert_eq!(told(&found), MANY, "{found:#?}");
    assert!(found.len() < MANY / 2, "{}", found.len());
    assert!(found.iter().all(|r| r.contains("\"tenant\":\"alder\"")), "{found:#?}");
}

#[test]
fn who_is_over_its_rate_is_on_record_once_in_a_while() {
    let world = World::new();
    let tenancy = TENANCY.replacen("name = \"alder\"\n", "name = \"alder\"\nplan = \"small\"\n", 1);
    let plan = "[plans.small]\nqueries_per_second = 20\nburst = 5\n";
    let mut proxy = Proxy::start(&Setup::new(&world.real, &format!("{tenancy}\n{plan}")));
    let mut client = proxy.client("alder_app");
    let refused = (0..60).filter(|_| client.query("SELECT 1").sqlstate() == "53400").count();
    assert!(refused > 2, "{refused}");
    let first = records(&proxy, "refusal");
    assert!(first.len() == 1 && first.iter().all(|r| r.contains("\"rule\":\"limit\"")), "{first:#?}");
    // Another refusal is none of them.
    assert_eq!(client.query("TRUNCATE properties").sqlstate(), "42501");
    drop(client);
    proxy.signal("TERM");
    proxy.wait_end(LIMIT);
    let (limits, others): (Vec<_>, Vec<_>) =
        records(&proxy, "refusal").into_iter().partition(|r| r.contains("\"rule\":\"limit\""));
    assert_eq!((told(&limits), others.len()), (refused, 1), "{limits:#?}");
    assert!(limits.len() <= 3, "{limits:#?}");
}

#[test]
fn logins_that_are_one_too_many_are_on_record_once_in_a_while() {
    let world = World::new();
    let tenancy = TENANCY.replacen("name = \"alder\"\n", "name = \"alder\"\nplan = \"small\"\n", 1);
    let mut proxy = Proxy::start(&Setup::new(&world.real, &format!("{tenancy}\n[plans.small]\nmax_connections = 1\n")));
    let client = proxy.client("alder_app");
    for _ in 0..8 {
        assert!(crate::wire::Wire::connect(proxy.port, "alder_app", &proxy.database, Some(PASSWORD)).is_err());
    }
    assert!(crate::wire::Wire::connect(proxy.port, "alder_app", &proxy.database, Some("wrong")).is_err());
    drop(client);
    proxy.signal("TERM");
    proxy.wait_end(LIMIT);
    let (over, others): (Vec<_>, Vec<_>) =
        records(&proxy, "login_failed").into_iter().partition(|r| r.contains("\"tenant\":\"alder\""));
    assert_eq!((told(&over), others.len()), (8, 1), "{over:#?}");
    assert!(over.len() <= 3 && over[0].contains("\"sqlstate\":\"53300\",\"rule\":\"limit\""), "{over:#?}");
}
