//! Who does not read is not read from: whatever one side sends while the other does not take it, the proxy keeps a fixed window of it, and
//! others go on. The proxy's memory is looked at from outside. It does not test what the answers are.

use crate::cluster::wait_for;
use crate::proxy::{Proxy, Setup};
use crate::wire::{self, Wire, bind, close, describe, execute, message, parse, query, sync};
use crate::world::{TENANCY, World};
use std::io::{ErrorKind, Write as _};
use std::net::TcpStream;
use std::process::Command;
use std::time::Duration;

/// What is sent in all, bytes.
const ALL: usize = 64 << 20;
/// What the proxy may grow by meanwhile, bytes. Its windows are some hundred kilobytes, but what the allocator keeps and pages of code that
/// run for the first time count too; who kept what is sent would grow by all of it.
const WINDOW: usize = 24 << 20;
/// A body of a kilobyte, as often as makes it all.
const ROWS: &str = "SELECT repeat('x', 1024) FROM generate_series(1, 65536)";

fn proxy(world: &World) -> Proxy {
    Proxy::start(&Setup { pool_size: 2, ..Setup::new(&world.real, TENANCY) })
}

/// A client and its socket.
fn client(proxy: &Proxy) -> (Wire, TcpStream) {
    let stream = wire::tcp(proxy.port).expect("connects");
    let handle = stream.try_clone().expect("a handle");
    let login = [("user", "alder_app"), ("database", proxy.database.as_str())];
    (Wire::login(stream, &login, Some(crate::proxy::PASSWORD)).expect("logs in"), handle)
}

/// Reads up to ReadyForQuery; says how much came.
fn drain(client: &mut Wire, what: &str) -> usize {
    let mut bytes = 0;
    loop {
        let frame = client.frame().unwrap_or_else(|e| panic!("{what}: {e}"));
        assert_ne!(frame.tag, b'E', "{what}: {}", String::from_utf8_lossy(&frame.body));
        if frame.tag == b'Z' {
            return bytes;
        }
        bytes += frame.body.len();
    }
}

/// Sends until nobody has taken anything for a second; says how much of `bytes` is on its way.
fn send_until_stalled(stream: &mut TcpStream, bytes: &[u8]) -> usize {
    stream.set_write_timeout(Some(Duration::from_secs(1))).expect("a limit");
    let mut sent = 0;
    while sent < bytes.len() {
        match stream.write(&bytes[sent..]) {
            Ok(n) => sent += n,
            Err(e) if matches!(e.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => break,
            Err(e) => panic!("{e}"),
        }
    }
    stream.set_write_timeout(None).expect("no limit");
    sent
}

fn assert_window(proxy: &Proxy, before: usize, what: &str) {
    let grown = proxy.memory().peak.saturating_sub(before);
    println!("{what}: the proxy's memory grew by {} KiB", grown / 1024);
    assert!(grown < WINDOW, "{what}: the proxy's memory grew by {} KiB", grown / 1024);
}

/// What the proxy takes now; its peak is measured from now on.
fn resident(proxy: &Proxy) -> usize {
    proxy.forget_peak();
    proxy.memory().resident
}

#[test]
fn a_client_that_does_not_read_its_result() {
    let mut world = World::new();
    let proxy = proxy(&world);
    let answers = [
        ("rows", query(ROWS)),
        ("a promoted query's rows", query(ROWS)),
        ("one row", query("SELECT repeat('x', 67108864)")),
        ("extended", [parse("", ROWS, &[]), bind("", "", &[]), describe(b'P', ""), execute("", 0), sync()].concat()),
        ("COPY", query(&format!("COPY ({ROWS}) TO STDOUT"))),
    ];
    for (what, bytes) in answers {
        let (mut slow, _) = client(&proxy);
        // What the code itself takes when it first runs is not counted.
        drop(slow.exchange(&query("SELECT repeat('x', 1024) FROM generate_series(1, 8192)")));
        proxy.client("birch_app").run("SELECT count(*) FROM meters");
        let before = resident(&proxy);
        slow.send(&bytes).expect("sent");
        wait_for(&format!("the server to wait for {what} to be read"), Duration::from_secs(30), || {
            let waiting =
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'ClientWrite'";
            world.inspect(waiting) == [[Some("1".to_owned())]]
        });
        assert_window(&proxy, before, what);
        for _ in 0..20 {
            assert_eq!(proxy.client("birch_app").run("SELECT count(*) FROM meters").len(), 1, "{what}: others go on");
        }
        assert!(drain(&mut slow, what) >= ALL, "{what}: not all came");
        assert_window(&proxy, before, what);
    }
}

#[test]
fn a_client_that_asks_and_does_not_read() {
    let world = World::new();
    let proxy = proxy(&world);
    let many = |messages: Vec<u8>| messages.repeat(ALL.div_ceil(messages.len()));
    let unanswered = parse("s", "SELECT 1", &[]);
    let questions = [
        ("nothing", Vec::new(), many(sync())),
        ("what the proxy answers", Vec::new(), many(query(""))),
        ("what cannot be read", Vec::new(), many(query("SELECT ' "))),
        ("queries", Vec::new(), many(query("SELECT 1"))),
        ("Close behind what nobody has asked the answer of", unanswered.clone(), many(close(b'S', "nothing"))),
        ("Bind without Sync", unanswered, many(bind("", "s", &[]))),
    ];
    for (what, first, all) in questions {
        let (mut asking, mut stream) = client(&proxy);
        asking.send(&first).expect("sent");
        let before = resident(&proxy);
        let sent = send_until_stalled(&mut stream, &all);
        assert!(sent < all.len(), "{what}: all of it was taken");
        assert_window(&proxy, before, what);
        assert_eq!(proxy.client("birch_app").run("SELECT count(*) FROM meters").len(), 1, "{what}: others go on");
    }
}

#[test]
fn a_server_that_does_not_read() {
    let mut world = World::new();
    let proxy = proxy(&world);
    let (mut copying, mut stream) = client(&proxy);
    copying.send(&query("COPY assets (id, label) FROM STDIN")).expect("sent");
    assert_eq!(copying.frame().expect("an answer").tag, b'G');
    let pid = world.inspect(
        "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND query ILIKE 'copy %' AND usename = 'app'",
    );
    let pid = pid[0][0].clone().expect("a process");
    let signal = |name: &str| {
        let status = Command::new("kill").args([name, &pid]).status().expect("kill runs");
        assert!(status.success(), "kill {name} {pid}");
    };
    let rows: String = (0..ALL / 1024).map(|i| format!("{}\t{}\n", 5_000_000 + i, "x".repeat(1015))).collect();
    let data: Vec<u8> = rows.as_bytes().chunks(32 * 1024).flat_map(|c| message(b'd', c)).collect();
    let before = resident(&proxy);
    signal("-STOP");
    let sent = send_until_stalled(&mut stream, &data);
    let grown = proxy.memory().peak.saturating_sub(before);
    signal("-CONT");
    assert!(sent < data.len(), "all of it was taken");
    assert!(grown < WINDOW, "the proxy's memory grew by {} KiB", grown / 1024);
    // Now that the server reads, the rest goes through in constant memory.
    copying.send(&data[sent..]).expect("sent");
    let reply = copying.exchange(&message(b'c', &[]));
    assert!(reply.error().is_none(), "{}", reply.summary());
    assert_window(&proxy, before, "COPY");
    let count = proxy.client("alder_app").run("SELECT count(*) FROM assets WHERE id >= 5000000");
    assert_eq!(count, [[Some((ALL / 1024).to_string())]]);
}
