//! Short reads of many clients of a tenant on one server connection: each hears its own answer, whatever the others meet.
//! It does not measure anything.

use crate::cluster::wait_for;
use crate::proxy::{Proxy, Setup};
use crate::wire::{bind, cancel, execute, parse, sync};
use crate::world::{TENANCY, World};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

const CLIENTS: usize = 24;
const ROUNDS: usize = 150;
const LIMIT: Duration = Duration::from_secs(20);

/// The clients stop when the test is done, or has failed.
struct Stops<'a>(&'a AtomicBool);

impl Drop for Stops<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

fn proxy(world: &World, more: &str) -> Proxy {
    let upstream = format!("catalog_poll = \"0s\"\n{more}");
    Proxy::start(&Setup { pool_size: 12, upstream, ..Setup::new(&world.real, TENANCY) })
}

/// The tenant's own documents, each with a body of its own; some are long.
fn documents(world: &mut World) {
    world.inspect(
        "INSERT INTO properties (id, tenant_id, name, code) SELECT t * 100000 + i, t, 'tenant ' || t || ' row ' || i, 'c' \
         FROM generate_series(1, 3) t, generate_series(1, 400) i",
    );
    world.inspect("UPDATE properties SET town = repeat(name, 20000) WHERE id % 100000 IN (7, 77, 177)");
}

fn id(tenant: usize, n: usize) -> usize {
    tenant * 100_000 + 1 + n % 400
}

/// One read in one of the ways in which clients send them, and what it must answer.
fn read(client: &mut crate::wire::Wire, tenant: usize, n: usize) {
    let id = id(tenant, n);
    let expected = format!("tenant {tenant} row {}", id % 100_000);
    let reply = match n % 7 {
        0 | 1 => client.query(&format!("SELECT name FROM properties WHERE id = {id}")),
        2 | 3 => {
            let sql = "SELECT name FROM properties WHERE id = $1";
            client.exchange(&[parse("", sql, &[]), bind("", "", &[Some(&id.to_string())]), execute("", 0), sync()].concat())
        }
        4 => client.exchange(&[bind("", "read", &[Some(&id.to_string())]), execute("", 0), sync()].concat()),
        // Long rows are among them.
        5 => client.query(&format!("SELECT name, town FROM properties WHERE id = {id}")),
        // Another tenant's row, a value that is none, and no row.
        _ => {
            let wrong = [format!("{}", (tenant % 3 + 1) * 100_000 + 5), "'none'".to_owned(), "-1".to_owned()];
            let reply = client.query(&format!("SELECT name FROM properties WHERE id = {}", wrong[n / 7 % 3]));
            if n / 7 % 3 == 1 {
                assert_eq!(reply.sqlstate(), "22P02", "{}", reply.summary());
            } else {
                assert!(reply.last_rows().is_empty(), "{}", reply.summary());
            }
            return;
        }
    };
    let rows = reply.last_rows();
    assert_eq!(rows.len(), 1, "{id}: {}", reply.summary());
    assert_eq!(rows[0][0].as_deref(), Some(&*expected));
    if n % 7 == 5 && [7, 77, 177].contains(&(id % 100_000)) {
        assert_eq!(rows[0][1].as_ref().map(String::len), Some(expected.len() * 20_000));
    }
}

fn prepared(proxy: &Proxy, user: &str) -> crate::wire::Wire {
    let mut client = proxy.client(user);
    client.exchange(&[parse("read", "SELECT name FROM properties WHERE id = $1", &[]), sync()].concat());
    client
}

#[test]
fn everybody_hears_its_own_answer() {
    let mut world = World::new();
    documents(&mut world);
    let proxy = proxy(&world, "");
    std::thread::scope(|scope| {
        for n in 0..CLIENTS {
            let proxy = &proxy;
            scope.spawn(move || {
                let (tenant, user) = [(1, "alder_app"), (1, "alder_app"), (2, "birch_app"), (3, "cedar_app")][n % 4];
                let mut client = prepared(proxy, user);
                for round in 0..ROUNDS {
                    read(&mut client, tenant, n * 31 + round);
                    // Now and then something that is no read of one row.
                    if round % 40 == n {
                        let reply = client.query("BEGIN; UPDATE properties SET units = units + 1 WHERE units < 0; COMMIT");
                        assert_eq!(reply.sqlstate(), "00000", "{}", reply.summary());
                    }
                }
            });
        }
    });
    let shared = crate::faults::gauge(&proxy, "pgmoat_shared_reads_total").expect("counted");
    println!("{shared} of {} reads shared a connection", CLIENTS * ROUNDS);
    assert!(shared > 0, "none did");
}

/// A key that no row has is waited for by nobody; a lock on the table is, and can be canceled.
#[test]
fn who_waits_for_a_lock_can_be_canceled_and_goes_on() {
    let mut world = World::new();
    documents(&mut world);
    let proxy = proxy(&world, "");
    let stop = AtomicBool::new(false);
    let (answered, canceled) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let mut owner = crate::cluster::cluster().superuser(&world.real);
    std::thread::scope(|scope| {
        let _stops = Stops(&stop);
        let mut keys = Vec::new();
        for n in 0..CLIENTS {
            let mut client = proxy.client("alder_app");
            keys.push(client.key.expect("a key"));
            let (stop, answered, canceled) = (&stop, &answered, &canceled);
            scope.spawn(move || {
                for round in 0.. {
                    if stop.load(Ordering::Relaxed) {
                        break;
                    }
                    let id = id(1, n * 17 + round);
                    let reply = client.query(&format!("SELECT name FROM properties WHERE id = {id}"));
                    match reply.sqlstate() {
                        "00000" => {
                            assert_eq!(reply.last_rows()[0][0], Some(format!("tenant 1 row {}", id % 100_000)));
                            answered.fetch_add(1, Ordering::Relaxed);
                        }
                        "57014" => {
                            canceled.fetch_add(1, Ordering::Relaxed);
                        }
                        other => panic!("{other}: {}", reply.summary()),
                    }
                }
            });
        }
        wait_for("some reads", LIMIT, || answered.load(Ordering::Relaxed) > 10 * CLIENTS);
        owner.query("BEGIN; LOCK TABLE properties");
        let mut before = usize::MAX;
        wait_for("everybody to wait", LIMIT, || {
            let now = answered.load(Ordering::Relaxed);
            std::mem::replace(&mut before, now) == now
        });
        wait_for("a cancel to be heard", LIMIT, || {
            for (process, secret) in &keys {
                cancel(proxy.port, (*process, *secret)).expect("sent");
            }
            canceled.load(Ordering::Relaxed) > 0
        });
        owner.query("COMMIT");
        let begun = answered.load(Ordering::Relaxed);
        wait_for("the others to go on", LIMIT, || answered.load(Ordering::Relaxed) > begun + 10 * CLIENTS);
    });
}

/// The server's processes end again and again: clients hear their own answer, asked for again where it must be; only who had a connection of
/// its own may lose its session.
#[test]
fn a_server_that_dies_takes_nobody_elses_answer_along() {
    let mut world = World::new();
    documents(&mut world);
    let proxy = proxy(&world, "");
    let stop = AtomicBool::new(false);
    let (answered, lost) = (AtomicUsize::new(0), AtomicUsize::new(0));
    std::thread::scope(|scope| {
        let _stops = Stops(&stop);
        for n in 0..CLIENTS {
            let (proxy, stop, answered, lost) = (&proxy, &stop, &answered, &lost);
            scope.spawn(move || {
                let mut client = proxy.client("birch_app");
                for round in 0.. {
                    if stop.load(Ordering::Relaxed) {
                        break;
                    }
                    let id = id(2, n * 17 + round);
                    let reply = client.query(&format!("SELECT name FROM properties WHERE id = {id}"));
                    if reply.broken.is_some() || reply.sqlstate() == "57P01" {
                        lost.fetch_add(1, Ordering::Relaxed);
                        client = proxy.client("birch_app");
                        continue;
                    }
                    assert_eq!(reply.last_rows()[0][0], Some(format!("tenant 2 row {}", id % 100_000)), "{}", reply.summary());
                    answered.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
        for round in 1..=5 {
            wait_for("some reads", LIMIT, || answered.load(Ordering::Relaxed) > round * 5 * CLIENTS);
            let of_the_proxy = format!("datname = '{}' AND usename = 'app'", world.real);
            world.inspect(&format!("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {of_the_proxy}"));
            let begun = answered.load(Ordering::Relaxed);
            wait_for("the others to go on", LIMIT, || answered.load(Ordering::Relaxed) > begun + 5 * CLIENTS);
        }
        let begun = answered.load(Ordering::Relaxed);
        wait_for("the others to go on", LIMIT, || answered.load(Ordering::Relaxed) > begun + 5 * CLIENTS);
    });
    println!("{} answers, {} sessions lost", answered.load(Ordering::Relaxed), lost.load(Ordering::Relaxed));
    // Nothing is held by anybody any more.
    wait_for("all connections to come back", LIMIT, || crate::faults::gauge(&proxy, "pgmoat_pool_active") == Some(0));
}

/// Limits of the plan hold for what is read beside others too.
#[test]
fn statements_are_counted_and_switched_off_as_configured() {
    let mut world = World::new();
    documents(&mut world);
    let proxy = proxy(&world, "shared_reads = false");
    std::thread::scope(|scope| {
        for n in 0..CLIENTS {
            let proxy = &proxy;
            scope.spawn(move || {
                let mut client = prepared(proxy, "cedar_app");
                (0..ROUNDS / 3).for_each(|round| read(&mut client, 3, n * 31 + round));
            });
        }
    });
    assert_eq!(crate::faults::gauge(&proxy, "pgmoat_shared_reads_total"), Some(0));
}
