//! Clients and servers that go away at every step of a conversation: nobody gets a wrong answer, no connection and no transaction is left
//! behind, no refusal is missing in the audit log. It does not test what the steps answer when nothing happens.

use crate::cluster::wait_for;
use crate::lifecycle::assert_chained;
use crate::proxy::{Proxy, Setup, http_get};
use crate::wire::{self, Wire, bind, cstr, describe, execute, message, parse, query, sync};
use crate::world::{FOREIGN, TENANCY, World};
use std::net::{Shutdown, TcpStream};
use std::time::Duration;

/// How far a conversation has come.
struct Step {
    name: &'static str,
    /// What the client sends, and up to which answer it then reads.
    talk: Vec<(Vec<u8>, Option<u8>)>,
    /// Refusals that this leads to.
    refusals: usize,
}

/// What then happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fault {
    ClientCloses,
    ClientResets,
    ClientHalfCloses,
    ServerDies,
}

const FAULTS: [Fault; 4] = [Fault::ClientCloses, Fault::ClientResets, Fault::ClientHalfCloses, Fault::ServerDies];
const FLUSH: [u8; 5] = [b'H', 0, 0, 0, 4];
const INSERT: &str = "INSERT INTO assets (id, label) VALUES (77001, 'left behind')";

fn step(name: &'static str, refusals: usize, talk: Vec<(Vec<u8>, Option<u8>)>) -> Step {
    Step { name, talk, refusals }
}

fn flushed(messages: &[Vec<u8>]) -> Vec<u8> {
    [&messages.concat()[..], &FLUSH].concat()
}

fn steps() -> Vec<Step> {
    let begin = || (query("BEGIN"), Some(b'Z'));
    let select = "SELECT count(*) FROM properties WHERE id > 1";
    let rows = "SELECT repeat('x', 1000) FROM generate_series(1, 100000)";
    vec![
        step("logged in", 0, vec![]),
        step("half a message", 0, vec![(query(select)[..9].to_vec(), None)]),
        step("a query under way", 0, vec![(query("SELECT count(*) FROM generate_series(1, 30000000)"), None)]),
        step("a result half read", 0, vec![(query(rows), Some(b'T'))]),
        step(
            "a promoted query's result half read",
            0,
            vec![(query(rows), Some(b'Z')), (query(rows), Some(b'Z')), (query(rows), Some(b'T'))],
        ),
        step("Parse", 0, vec![(flushed(&[parse("s", select, &[])]), Some(b'1'))]),
        step("Bind", 0, vec![(flushed(&[parse("", select, &[]), bind("", "", &[])]), Some(b'2'))]),
        step("Describe", 0, vec![(flushed(&[parse("", select, &[]), describe(b'S', "")]), Some(b'T'))]),
        step("Execute before Sync", 0, vec![(flushed(&[parse("", INSERT, &[]), bind("", "", &[]), execute("", 0)]), Some(b'C'))]),
        step(
            "a portal half read",
            0,
            vec![begin(), (flushed(&[parse("", rows, &[]), bind("p", "", &[]), execute("p", 3)]), Some(b's'))],
        ),
        step(
            "skipping to Sync",
            0,
            vec![(flushed(&[parse("", "SELECT 1/0", &[]), bind("", "", &[]), execute("", 0)]), Some(b'E'))],
        ),
        step("refused before Sync", 1, vec![(flushed(&[parse("", "SELECT * FROM staff_names", &[])]), Some(b'E'))]),
        step("a transaction with a write", 0, vec![begin(), (query(INSERT), Some(b'Z'))]),
        step("a transaction with a setting", 0, vec![begin(), (query("SET datestyle = 'German'"), Some(b'Z'))]),
        step("a failed transaction", 0, vec![begin(), (query("SELECT 1/0"), Some(b'Z'))]),
        step("a transaction refused", 1, vec![begin(), (query(INSERT), Some(b'Z')), (query("TRUNCATE assets"), Some(b'Z'))]),
        step("a refusal, then a transaction", 1, vec![(query("TRUNCATE assets"), Some(b'Z')), begin()]),
        step(
            "COPY from the client",
            0,
            vec![(query("COPY assets (id, label) FROM STDIN"), Some(b'G')), (message(b'd', b"77001\tleft be"), None)],
        ),
        step(
            "COPY refused for its data",
            1,
            vec![
                (query("COPY assets (id, tenant_id, label) FROM STDIN"), Some(b'G')),
                (message(b'd', b"77001\t2\tx\n"), Some(b'E')),
            ],
        ),
        step("COPY to the client", 0, vec![(query(&format!("COPY ({rows}) TO STDOUT")), Some(b'H'))]),
        step(
            "Sync without an answer read",
            0,
            vec![([parse("", select, &[]), bind("", "", &[]), execute("", 0), sync()].concat(), None)],
        ),
    ]
}

/// Steps before anybody is logged in; the server has no part in them.
fn openings() -> Vec<(&'static str, Vec<u8>)> {
    let user = wire::startup(&[("user", "alder_app"), ("database", "any")]);
    vec![
        ("connected", Vec::new()),
        ("half an opening packet", user[..10].to_vec()),
        ("asked for a password", user.clone()),
        ("half a SASL answer", [&user[..], &message(b'p', &cstr("SCRAM-SHA-256"))[..8]].concat()),
    ]
}

pub(crate) fn gauge(proxy: &Proxy, name: &str) -> Option<i64> {
    let (_, text) = http_get(proxy.http, "/metrics")?;
    text.lines().find(|l| l.starts_with(name) && !l.starts_with('#'))?.rsplit(' ').next()?.parse().ok()
}

fn reset(stream: &TcpStream) {
    socket2::SockRef::from(stream).set_linger(Some(Duration::ZERO)).expect("linger");
}

/// Reads what still comes; a half-closed client must be told goodbye or dropped, not kept.
fn drain(client: &mut Wire) {
    loop {
        match client.frame() {
            Ok(_) => {}
            Err(e) => {
                assert!(!matches!(e.kind(), std::io::ErrorKind::WouldBlock | std::io::ErrorKind::TimedOut), "it is kept: {e}");
                return;
            }
        }
    }
}

fn nobody_is_left(proxy: &Proxy, what: &str) {
    wait_for(&format!("no client and no held connection after {what}"), Duration::from_secs(20), || {
        let names = ["pgmoat_clients", "pgmoat_pool_active", "pgmoat_pool_waiting"];
        names.iter().all(|name| gauge(proxy, name) == Some(0))
    });
}

#[test]
fn whoever_goes_away_leaves_nothing_behind() {
    let mut world = World::new();
    let proxy = Proxy::start(&Setup { pool_size: 2, ..Setup::new(&world.real, TENANCY) });
    assert_eq!(gauge(&proxy, "pgmoat_clients"), Some(0), "{:?}", http_get(proxy.http, "/metrics"));
    let database = world.real.clone();
    let properties = proxy.client("birch_app").run("SELECT count(*) FROM properties");
    let mut refused = 0;
    let mut tried = 0;
    for step in steps() {
        for fault in FAULTS {
            let what = format!("{} / {fault:?}", step.name);
            let stream = wire::tcp(proxy.port).expect("connects");
            let handle = stream.try_clone().expect("a handle");
            let login = [("user", "alder_app"), ("database", database.as_str())];
            let mut client = Wire::login(stream, &login, Some(crate::proxy::PASSWORD)).expect("logs in");
            client.forbid(&FOREIGN);
            for (bytes, until) in &step.talk {
                client.send(bytes).expect("sent");
                while let Some(tag) = until {
                    let frame = client.frame().unwrap_or_else(|e| panic!("{what}: {e}"));
                    if frame.tag == *tag {
                        break;
                    }
                }
            }
            match fault {
                Fault::ClientCloses => drop((client, handle)),
                Fault::ClientResets => {
                    reset(&handle);
                    drop((client, handle));
                }
                Fault::ClientHalfCloses => {
                    handle.shutdown(Shutdown::Write).expect("shutdown");
                    drain(&mut client);
                    assert!(client.leaks.is_empty(), "{what}: {:?}", client.leaks);
                }
                Fault::ServerDies => {
                    let of_the_proxy = format!("datname = '{database}' AND usename = 'app'");
                    let killed =
                        world.inspect(&format!("SELECT string_agg(pid::text, ',') FROM pg_stat_activity WHERE {of_the_proxy}"));
                    if let Some(Some(pids)) = killed.first().and_then(|row| row.first()) {
                        world.inspect(&format!("SELECT pg_terminate_backend(pid) FROM unnest('{{{pids}}}'::int[]) pid"));
                        wait_for("the server's processes to end", Duration::from_secs(20), || {
                            let left = world.inspect(&format!("SELECT count(*) FROM pg_stat_activity WHERE pid IN ({pids})"));
                            left == [[Some("0".to_owned())]]
                        });
                    }
                    // It may be told of an error or be dropped; with a whole message it may also get another connection and go on.
                    drop((client, handle));
                }
            }
            nobody_is_left(&proxy, &what);
            refused += step.refusals;
            let recorded = proxy.audit().iter().filter(|r| r.contains("\"event\":\"refusal\"")).count();
            assert_eq!(recorded, refused, "{what}: refusals in the audit log");
            // Both connections of the pool serve other tenants, as if nothing had been. (They have equally many rows.)
            let (mut one, mut two) = (proxy.client("cedar_app"), proxy.client("birch_app"));
            one.run("BEGIN");
            for other in [&mut two, &mut one] {
                assert_eq!(other.run("SELECT count(*) FROM properties"), properties, "{what}");
                assert_eq!(other.run("SHOW datestyle"), [[Some("ISO, MDY".to_owned())]], "{what}");
            }
            one.run("ROLLBACK");
            assert_eq!(world.settle(false), None, "{what}: rows");
            let left = world.inspect("SELECT count(*) FROM assets WHERE id = 77001");
            assert_eq!(left, [[Some("0".to_owned())]], "{what}: a row was left behind");
            tried += 1;
        }
    }
    for (name, bytes) in openings() {
        for fault in [Fault::ClientCloses, Fault::ClientResets, Fault::ClientHalfCloses] {
            let stream = wire::tcp(proxy.port).expect("connects");
            let handle = stream.try_clone().expect("a handle");
            let mut client = Wire::raw(stream);
            client.send(&bytes).expect("sent");
            match fault {
                Fault::ClientHalfCloses => {
                    handle.shutdown(Shutdown::Write).expect("shutdown");
                    drain(&mut client);
                }
                Fault::ClientResets => reset(&handle),
                Fault::ClientCloses | Fault::ServerDies => {}
            }
            drop((client, handle));
            nobody_is_left(&proxy, &format!("{name} / {fault:?}"));
            tried += 1;
        }
    }
    assert_chained(&proxy.audit());
    println!("faults: {tried} endings at {} steps left nothing behind", steps().len() + openings().len());
}
