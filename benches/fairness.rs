//! One tenant at many times its rate, and what another tenant notices: its p50 and p99 alone and beside the flood, in interleaved rounds.
//! It starts a private server; it does not compare with the direct connection (`benches/proxy.rs` does).
#![allow(dead_code, reason = "the fixtures are those of the live tests, which use more of them")]

#[path = "../tests/live/cluster.rs"]
mod cluster;
#[path = "../tests/live/proxy.rs"]
mod proxy;
#[path = "../tests/live/reply.rs"]
mod reply;
#[path = "../tests/live/wire.rs"]
mod wire;

use cluster::cluster;
use proxy::{Proxy, Setup};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

const ROWS: usize = 20_000;
/// What the flooding tenant may do, statements a second; it tries fifty times that.
const RATE: usize = 100;
const TIMES: usize = 50;
const FLOODING: usize = 16;
/// The calm tenant's clients, and the pause of each between two queries.
const CALM: usize = 2;
const PAUSE: Duration = Duration::from_millis(2);
const ROUNDS: usize = 6;

fn select(n: usize) -> String {
    format!("SELECT id, number, total FROM invoices WHERE id = {}", 1 + n * 7919 % ROWS)
}

/// The calm tenant for a while: how long each query took, microseconds.
fn calm(proxy: &Proxy, duration: Duration) -> Vec<u64> {
    let one = |seed: usize| {
        let mut client = proxy.client("calm_app");
        let (begun, mut took) = (Instant::now(), Vec::new());
        while begun.elapsed() < duration {
            let asked = Instant::now();
            client.run(&select(seed + took.len()));
            took.push(u64::try_from(asked.elapsed().as_micros()).expect("short"));
            std::thread::sleep(PAUSE);
        }
        took
    };
    std::thread::scope(|scope| {
        let clients: Vec<_> = (0..CALM).map(|n| scope.spawn(move || one(n * 1000))).collect();
        clients.into_iter().flat_map(|c| c.join().expect("calm")).collect()
    })
}

/// The flood, until it is told to stop: each client asks at its part of fifty times the rate, or as fast as it is answered.
fn flood(proxy: &Proxy, stop: &AtomicBool, answered: &AtomicUsize, refused: &AtomicUsize) {
    let gap = Duration::from_secs(1) / u32::try_from(RATE * TIMES / FLOODING).expect("small");
    std::thread::scope(|scope| {
        for seed in 0..FLOODING {
            scope.spawn(move || {
                let mut client = proxy.client("flood_app");
                let mut n = seed * 1000;
                while !stop.load(Ordering::Relaxed) {
                    let asked = Instant::now();
                    let reply = client.query(&select(n));
                    answered.fetch_add(1, Ordering::Relaxed);
                    refused.fetch_add(usize::from(reply.sqlstate() == "53400"), Ordering::Relaxed);
                    n += 1;
                    std::thread::sleep(gap.saturating_sub(asked.elapsed()));
                }
            });
        }
    });
}

fn percentile(sorted: &[u64], percent: usize) -> u64 {
    sorted.get((sorted.len() * percent / 100).min(sorted.len().saturating_sub(1))).copied().unwrap_or_default()
}

fn told(name: &str, mut took: Vec<u64>) -> u64 {
    took.sort_unstable();
    let p99 = percentile(&took, 99);
    println!("{name:16} {:6} queries, p50 {:5} us, p99 {p99:6} us", took.len(), percentile(&took, 50));
    p99
}

fn main() {
    let seconds: u64 = std::env::var("PGMOAT_BENCH_SECONDS").map_or(3, |s| s.parse().expect("PGMOAT_BENCH_SECONDS is a number"));
    cluster().superuser("postgres").run("CREATE ROLE app LOGIN");
    let database = cluster().database("bench", "template0");
    cluster().superuser(&database).run(&format!(
        "CREATE TABLE invoices (id bigint PRIMARY KEY, tenant_id bigint NOT NULL, number text NOT NULL, total numeric(12,2) NOT NULL);
         INSERT INTO invoices SELECT n, 1 + n % 2, 'INV-' || n, n FROM generate_series(1, {ROWS}) n; GRANT SELECT ON invoices TO app"
    ));
    cluster().superuser(&database).run("VACUUM ANALYZE");
    let tenancy = format!(
        "[tenancy]\ncolumn = \"tenant_id\"\n[[tenants]]\nname = \"calm\"\nid = 1\n[[tenants]]\nname = \"flood\"\nid = 2\nplan = \"small\"\n\
         [[users]]\nname = \"calm_app\"\npassword = \"correct horse\"\ntenant = \"calm\"\n\
         [[users]]\nname = \"flood_app\"\npassword = \"correct horse\"\ntenant = \"flood\"\n\
         [plans.small]\nqueries_per_second = {RATE}\nburst = {RATE}\n"
    );
    let proxy = Proxy::start(&Setup { pool_size: 8, ..Setup::new(&database, &tenancy) });
    println!(
        "{FLOODING} clients of one tenant ask {TIMES} times their {RATE} queries a second; {CALM} clients of another, {ROUNDS} rounds of {seconds} s each"
    );
    let (mut alone, mut beside) = (Vec::new(), Vec::new());
    let (answered, refused) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let duration = Duration::from_secs(seconds);
    // What is prepared once is.
    calm(&proxy, Duration::from_millis(500));
    for _ in 0..ROUNDS {
        alone.extend(calm(&proxy, duration));
        let stop = AtomicBool::new(false);
        std::thread::scope(|scope| {
            scope.spawn(|| flood(&proxy, &stop, &answered, &refused));
            beside.extend(calm(&proxy, duration));
            stop.store(true, Ordering::Relaxed);
        });
    }
    let (alone, beside) = (told("alone", alone), told("beside the flood", beside));
    let per_second = |n: &AtomicUsize| n.load(Ordering::Relaxed) / (ROUNDS * usize::try_from(seconds).expect("small"));
    println!("the flood got {} answers a second, {} of them refusals", per_second(&answered), per_second(&refused));
    println!("p99 beside the flood / alone: {:.2}", beside as f64 / alone as f64);
}
