//! The pool: whose turn it is when server connections are short, and what clients notice of servers that restart, die or are renewed.
//! What is fair is told by counting who was served, not by the clock.

use crate::cluster::{cluster, wait_for};
use crate::faults::gauge;
use crate::proxy::{Proxy, Setup, http_get};
use crate::wire::{bind, cancel, execute, parse, query};
use crate::world::{TENANCY, World};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

const LIMIT: Duration = Duration::from_secs(20);
const COUNT: &str = "SELECT count(*) FROM properties";

fn proxy(world: &World, pool_size: usize, more: &str) -> Proxy {
    let upstream = format!("catalog_poll = \"0s\"\n{more}");
    Proxy::start(&Setup { pool_size, upstream, ..Setup::new(&world.real, TENANCY) })
}

/// The server's processes for the proxy, as the superuser's session sees them.
fn processes(world: &mut World) -> Vec<String> {
    let of_the_proxy = format!("datname = '{}' AND usename = 'app'", world.real);
    let rows = world.inspect(&format!("SELECT pid FROM pg_stat_activity WHERE {of_the_proxy} ORDER BY pid"));
    rows.into_iter().flatten().flatten().collect()
}

/// Ends them, and waits until they are gone.
fn terminate(world: &mut World) -> usize {
    let old = processes(world);
    world.inspect(&format!("SELECT pg_terminate_backend(pid) FROM unnest('{{{}}}'::int[]) pid", old.join(",")));
    wait_for("the server's processes to end", LIMIT, || processes(world).iter().all(|pid| !old.contains(pid)));
    old.len()
}

/// Two tenants do what they can: one floods, one holds a transaction open. A third is served among them as if they were few.
#[test]
fn a_flood_does_not_starve_the_others() {
    const CLIENTS: usize = 40;
    const CALM: usize = 25;
    let world = World::new();
    let proxy = proxy(&world, 3, "");
    let mut idle = proxy.client("birch_app");
    idle.run("BEGIN");
    let mut calm = proxy.client("cedar_app");
    let (served, stop) = (AtomicUsize::new(0), AtomicBool::new(false));
    let between = std::thread::scope(|scope| {
        for _ in 0..CLIENTS {
            scope.spawn(|| {
                let mut client = proxy.client("alder_app");
                while !stop.load(Ordering::Relaxed) {
                    client.run("SELECT count(*) FROM generate_series(1, 20000)");
                    served.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
        wait_for("the flood", LIMIT, || gauge(&proxy, "pgmoat_pool_waiting") > Some(CLIENTS as i64 / 2));
        let mut between = 0;
        for _ in 0..CALM {
            let before = served.load(Ordering::Relaxed);
            assert_eq!(calm.run(COUNT), [[Some("5".to_owned())]]);
            between += served.load(Ordering::Relaxed) - before;
        }
        let (_, text) = http_get(proxy.http, "/metrics").expect("metrics");
        stop.store(true, Ordering::Relaxed);
        let waiting = text.lines().find_map(|l| l.strip_prefix("pgmoat_tenant_waiting{tenant=\"alder\"} ")).expect("alder waits");
        assert!(waiting.parse().is_ok_and(|n: usize| n > CLIENTS / 2), "{waiting}");
        assert!(text.contains("pgmoat_tenant_active{tenant=\"birch\"} 1"), "{text}");
        between
    });
    // First come, first served would be a whole round of the flood for each.
    println!("between {CALM} queries of one tenant, {between} of {CLIENTS} flooding clients were served");
    assert!(between < CALM * CLIENTS / 4, "{between} of the flood before {CALM} of the calm");
    assert_eq!(idle.query("COMMIT").sqlstate(), "00000");
}

/// However many transactions a tenant leaves open, one connection is left for others; its own clients are told why they wait in vain.
#[test]
fn open_transactions_leave_a_connection_for_others() {
    let world = World::new();
    let proxy = proxy(&world, 3, "query_wait_timeout = \"500ms\"");
    let mut hog: Vec<_> = (0..4).map(|_| proxy.client("alder_app")).collect();
    hog[0].run("BEGIN");
    hog[1].run("BEGIN");
    hog[2].send(&query("BEGIN")).expect("sent");
    hog[3].send(&query(COUNT)).expect("sent");
    let mut other = proxy.client("birch_app");
    for _ in 0..20 {
        assert_eq!(other.run(COUNT), [[Some("5".to_owned())]]);
    }
    for client in &mut hog[2..] {
        let reply = client.until_ready();
        assert_eq!(reply.sqlstate(), "53300", "{}", reply.summary());
        let hint = reply.error().and_then(|e| e.get(&'H')).cloned().unwrap_or_default();
        assert!(hint.contains("query_wait_timeout"), "{hint}");
    }
    for client in &mut hog[..2] {
        assert_eq!(client.query("ROLLBACK").sqlstate(), "00000");
    }
    for client in &mut hog {
        assert_eq!(client.run(COUNT), [[Some("5".to_owned())]]);
    }
}

/// The server turns everybody away for a while: clients wait, few connections are tried, and all go on afterwards.
#[test]
fn clients_go_on_after_a_restart() {
    const CLIENTS: usize = 8;
    let mut world = World::new();
    let proxy = proxy(&world, 6, "");
    let mut admin = cluster().superuser("postgres");
    let (served, lost, stop) = (AtomicUsize::new(0), AtomicUsize::new(0), AtomicBool::new(false));
    std::thread::scope(|scope| {
        for n in 0..CLIENTS {
            let (proxy, served, lost, stop) = (&proxy, &served, &lost, &stop);
            scope.spawn(move || {
                let user = ["alder_app", "birch_app", "cedar_app"][n % 3];
                let mut client = proxy.client(user);
                while !stop.load(Ordering::Relaxed) {
                    let reply = client.query(COUNT);
                    if reply.broken.is_some() {
                        // Its statement was under way: that it is lost must be told.
                        assert!(["57P01", "00000"].contains(&reply.sqlstate()), "{}", reply.summary());
                        lost.fetch_add(1, Ordering::Relaxed);
                        client = proxy.client(user);
                    } else {
                        assert_eq!(reply.sqlstate(), "00000", "{}", reply.summary());
                        served.fetch_add(1, Ordering::Relaxed);
                    }
                }
            });
        }
        wait_for("clients to be served", LIMIT, || served.load(Ordering::Relaxed) > 50);
        admin.run(&format!("ALTER DATABASE {} ALLOW_CONNECTIONS false", world.real));
        assert!(terminate(&mut world) > 0);
        wait_for("tries in vain", LIMIT, || gauge(&proxy, "pgmoat_pool_failures_total") > Some(2));
        wait_for("all clients to wait", LIMIT, || gauge(&proxy, "pgmoat_pool_waiting") == Some(CLIENTS as i64));
        let before = served.load(Ordering::Relaxed);
        admin.run(&format!("ALTER DATABASE {} ALLOW_CONNECTIONS true", world.real));
        wait_for("clients to be served again", LIMIT, || served.load(Ordering::Relaxed) > before + 200);
        stop.store(true, Ordering::Relaxed);
    });
    let lost = lost.load(Ordering::Relaxed);
    assert!(lost <= 6, "{lost} clients lost a connection, of which there were 6");
    let failures = gauge(&proxy, "pgmoat_pool_failures_total").expect("a figure");
    assert!(failures < 50, "{failures} tries: no pauses?");
}

/// Connections that the server closes while they are idle trouble nobody.
#[test]
fn connections_that_die_idle_are_not_handed_out() {
    let mut world = World::new();
    let proxy = proxy(&world, 4, "min_pool_size = 3");
    wait_for("the least number of connections", LIMIT, || processes(&mut world).len() == 3);
    let mut clients: Vec<_> = ["alder_app", "birch_app", "cedar_app"].map(|user| proxy.client(user)).into_iter().collect();
    for round in 0..10 {
        for client in &mut clients {
            let reply = client.query(COUNT);
            assert_eq!(reply.sqlstate(), "00000", "round {round}: {}", reply.summary());
        }
        assert!(terminate(&mut world) >= 1);
    }
    for client in &mut clients {
        client.run(COUNT);
    }
    wait_for("the least number of connections again", LIMIT, || processes(&mut world).len() == 3);
}

/// Old connections are replaced, and those that are not needed go, while clients are served.
#[test]
fn connections_are_renewed_and_given_up() {
    let mut world = World::new();
    let proxy = proxy(&world, 5, "min_pool_size = 1\nserver_lifetime = \"400ms\"\nserver_idle_timeout = \"200ms\"");
    let mut client = proxy.client("alder_app");
    client.run(COUNT);
    let first = processes(&mut world);
    wait_for("the first connections to be replaced", LIMIT, || {
        client.run(COUNT);
        processes(&mut world).iter().all(|pid| !first.contains(pid))
    });
    // A transaction outlives its connection's time.
    client.run("BEGIN");
    let now = client.run("SELECT now()");
    let others: Vec<_> = ["birch_app", "birch_app", "cedar_app"]
        .map(|user| {
            let mut other = proxy.client(user);
            other.run("BEGIN");
            other
        })
        .into_iter()
        .collect();
    let held = processes(&mut world);
    assert!(held.len() >= 4, "{held:?}");
    wait_for("the connection to be old", LIMIT, || {
        world.inspect(&format!(
            "SELECT bool_and(now() - backend_start > '600ms') FROM pg_stat_activity WHERE pid IN ({})",
            held.join(",")
        )) == [[Some("t".to_owned())]]
    });
    assert_eq!(client.run("SELECT now()"), now, "it is the same transaction");
    drop(others);
    assert_eq!(client.query("COMMIT").sqlstate(), "00000");
    wait_for("the held connections to be closed, and all but one", LIMIT, || {
        let left = processes(&mut world);
        left.len() == 1 && left.iter().all(|pid| !held.contains(pid))
    });
}

/// A reload changes the sizes and timeouts for those who are connected.
#[test]
fn the_pool_s_size_can_be_reloaded() {
    let mut world = World::new();
    let proxy = proxy(&world, 2, "min_pool_size = 0");
    let mut clients: Vec<_> = ["alder_app", "birch_app", "cedar_app"].map(|user| proxy.client(user)).into_iter().collect();
    clients[0].run("BEGIN");
    clients[1].run("BEGIN");
    clients[2].send(&query(COUNT)).expect("sent");
    wait_for("the third to wait", LIMIT, || gauge(&proxy, "pgmoat_pool_waiting") == Some(1));
    let config = std::fs::read_to_string(proxy.config()).expect("config");
    std::fs::write(
        proxy.config(),
        config.replace("pool_size = 2\n", "pool_size = 4\n").replace("min_pool_size = 0", "min_pool_size = 4"),
    )
    .expect("write");
    proxy.signal("HUP");
    let reply = clients[2].until_ready();
    assert_eq!(reply.sqlstate(), "00000", "{}", reply.summary());
    wait_for("the larger pool", LIMIT, || processes(&mut world).len() == 4);
    std::fs::write(proxy.config(), config.replace("pool_size = 2\n", "pool_size = 1\n")).expect("write");
    proxy.signal("HUP");
    wait_for("the smaller pool, but for what is in use", LIMIT, || processes(&mut world).len() == 2);
    clients[0].run("ROLLBACK");
    clients[1].run("ROLLBACK");
    for client in &mut clients {
        client.run(COUNT);
    }
    wait_for("the smaller pool", LIMIT, || processes(&mut world).len() == 1);
}

/// A client that leaves a server connection waiting for it is ended, however it does that; the server's own work is not hurried.
#[test]
fn what_is_left_open_ends() {
    let mut world = World::new();
    let proxy = proxy(&world, 2, "idle_transaction_timeout = \"1s\"");
    let flush = vec![b'H', 0, 0, 0, 4];
    let rows = [parse("", COUNT, &[]), bind("", "", &[]), execute("", 0), flush].concat();
    for (what, begin) in [
        ("a transaction", query("BEGIN")),
        ("a failed one", query("BEGIN; SELECT 1 / 0")),
        ("a COPY", query("COPY assets (id, label) FROM STDIN")),
        ("messages without a Sync", rows),
    ] {
        let mut client = proxy.client("alder_app");
        client.send(&begin).expect("sent");
        let mut last = None;
        while let Ok(frame) = client.frame() {
            last = Some(frame);
        }
        let last = last.unwrap_or_else(|| panic!("{what}: nothing came"));
        assert_eq!(last.tag, b'E', "{what}");
        assert_eq!(crate::wire::fields(&last.body).get(&'C').map(String::as_str), Some("25P03"), "{what}");
    }
    let mut dba = proxy.client("dba");
    dba.run("BEGIN");
    dba.run("SELECT pg_sleep(1.5)");
    assert_eq!(dba.query("COMMIT").sqlstate(), "00000");
    assert_eq!(world.settle(false), None, "rows");
}

/// Who waits for a connection can give up: by a cancel request, which leaves the session alive, or by going away.
#[test]
fn who_waits_can_give_up() {
    let mut world = World::new();
    let proxy = proxy(&world, 1, "");
    let waiting = |n| wait_for("clients to wait", LIMIT, || gauge(&proxy, "pgmoat_pool_waiting") == Some(n));
    let mut holder = proxy.client("alder_app");
    holder.run("BEGIN");
    let mut canceled = proxy.client("birch_app");
    let key = canceled.key.expect("a key");
    canceled.send(&query(COUNT)).expect("sent");
    waiting(1);
    cancel(proxy.port, (key.0, key.1 ^ 1)).expect("sent");
    cancel(proxy.port, key).expect("sent");
    let reply = canceled.until_ready();
    assert_eq!((reply.sqlstate(), reply.status), ("57014", Some(b'I')), "{}", reply.summary());
    let mut gone = proxy.client("cedar_app");
    gone.send(&query("INSERT INTO assets (id, label) VALUES (77002, 'from nobody')")).expect("sent");
    waiting(1);
    drop(gone);
    waiting(0);
    assert_eq!(holder.query("COMMIT").sqlstate(), "00000");
    assert_eq!(canceled.run(COUNT), [[Some("5".to_owned())]]);
    assert_eq!(world.inspect("SELECT count(*) FROM assets WHERE id = 77002"), [[Some("0".to_owned())]]);
}

/// Cancel requests that arrive at any moment, while one server connection goes from tenant to tenant: they reach their own client only.
#[test]
fn a_cancel_request_never_reaches_another() {
    let world = World::new();
    let proxy = proxy(&world, 1, "");
    let (stop, own) = (AtomicBool::new(false), AtomicUsize::new(0));
    std::thread::scope(|scope| {
        let mut target = proxy.client("alder_app");
        let key = target.key.expect("a key");
        let (stop, own, proxy) = (&stop, &own, &proxy);
        scope.spawn(move || {
            while !stop.load(Ordering::Relaxed) {
                let reply = target.query("SELECT count(*) FROM generate_series(1, 30000)");
                assert!(["00000", "57014"].contains(&reply.sqlstate()), "{}", reply.summary());
                own.fetch_add(usize::from(reply.sqlstate() == "57014"), Ordering::Relaxed);
            }
        });
        for user in ["birch_app", "cedar_app", "alder_app"] {
            scope.spawn(move || {
                let mut other = proxy.client(user);
                while !stop.load(Ordering::Relaxed) {
                    let reply = other.query("SELECT count(*) FROM generate_series(1, 3000)");
                    assert_eq!(reply.sqlstate(), "00000", "{user}: {}", reply.summary());
                }
            });
        }
        // As many as are let through from one address, and some more. Each comes when the one before has been dealt with.
        for _ in 0..80 {
            cancel(proxy.port, key).expect("sent");
        }
        wait_for("a cancel request to hit", LIMIT, || {
            cancel(proxy.port, key).expect("sent");
            own.load(Ordering::Relaxed) > 0
        });
        stop.store(true, Ordering::Relaxed);
    });
    assert!(proxy.log().contains("too many cancel requests"), "{}", proxy.log());
}

/// Beyond its rate a client gets refusals at its rate, however fast it asks; the end of its transaction is not refused.
#[test]
fn beyond_the_rate_a_client_is_slowed_down() {
    let world = World::new();
    let tenancy = TENANCY.replacen("name = \"alder\"", "name = \"alder\"\nplan = \"small\"", 1);
    let tenancy = format!("{tenancy}\n[plans.small]\nqueries_per_second = 20\nburst = 5\n");
    let proxy = Proxy::start(&Setup::new(&world.real, &tenancy));
    let mut client = proxy.client("alder_app");
    let mut codes = Vec::new();
    for n in 0..60 {
        // Refused statements count too, and messages of the extended protocol.
        let reply = match n % 3 {
            0 => client.query(COUNT),
            1 => client.query("SELECT * FROM staff_names"),
            _ => client.extended(COUNT, &[]),
        };
        assert_eq!(reply.status, Some(b'I'), "{}", reply.summary());
        codes.push(reply.sqlstate().to_owned());
    }
    let refused = codes.iter().filter(|c| *c == "53400").count();
    assert!(refused > 5, "{codes:?}");
    assert!(refused < 40, "as many as at full speed: {codes:?}");
    while client.query("BEGIN").sqlstate() != "00000" {}
    while client.query(COUNT).sqlstate() != "53400" {}
    assert_eq!(client.query("ROLLBACK").sqlstate(), "00000");
    assert_eq!(proxy.client("birch_app").run(COUNT), [[Some("5".to_owned())]]);
}
