//! What an idle client costs: thousands that have logged in and run a query, and what the proxy's memory has grown by.
//! It does not measure speed.

use crate::contestant::Place;
use crate::database;
use crate::load::Sink;
use crate::proxy::{Proxy, Setup};
use crate::wire;

/// How many.
const CLIENTS: usize = 5_000;
/// Goal, bytes.
const GOAL: usize = 12 * 1024;

/// How many files this process may open.
fn files() -> usize {
    let limits = std::fs::read_to_string("/proc/self/limits").expect("/proc/self/limits");
    let line = limits.lines().find_map(|l| l.strip_prefix("Max open files")).expect("a limit of files");
    line.split_whitespace().next().and_then(|n| n.parse().ok()).unwrap_or(usize::MAX)
}

pub(crate) fn measure(database: &str) {
    assert!(files() > CLIENTS + 200, "{CLIENTS} clients need as many files here and in the proxy: ulimit -n {}", CLIENTS * 2);
    let proxy = Proxy::start(&Setup { pool_size: 20, ..database::setup(database) });
    let place = Place { port: proxy.port, user: "one_app", database, password: Some(crate::proxy::PASSWORD) };
    let client = || {
        let mut sink = Sink::connect(&place);
        sink.send(&wire::query("SELECT id, owner, balance, note FROM accounts WHERE id = 7"));
        assert!(sink.read_to(b'Z') > 0, "a row");
        sink
    };
    // What the first ones make grow is the proxy's own.
    drop((0..50).map(|_| client()).collect::<Vec<_>>());
    let before = proxy.memory().resident;
    let clients: Vec<Sink> = (0..CLIENTS).map(|_| client()).collect();
    let after = proxy.memory().resident;
    let each = after.saturating_sub(before) / clients.len();
    println!(
        "idle clients: {} that have run a query: {} bytes resident each ({} KiB before, {} KiB with them), goal {GOAL}",
        clients.len(),
        each,
        before / 1024,
        after / 1024
    );
}
