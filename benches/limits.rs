//! How exact the rate of statements is over a minute through a whole proxy, and what limits cost a point select that stays within them.
//! It starts a private server; whom a flood disturbs is `benches/fairness.rs`'s to tell.
//!
//! The burst is used up before the minute begins: what it lets through at once is no inaccuracy.
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
use pgmoat::limits::{Account, Day, Meter, Metric, Period, Quota, Rate, Request, Subject};
use proxy::{Proxy, Setup};
use std::hint::black_box;
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use wire::Wire;

const ROWS: usize = 20_000;
/// Statements a second, how many a client sends at once, and how many clients there are.
const RATES: [(usize, usize, usize); 3] = [(100, 1, 8), (1000, 1, 8), (10_000, 10, 16)];
/// For so long nothing is counted: a burst is a tenth of a second's.
const WARM_UP: Duration = Duration::from_secs(2);
const ROUNDS: usize = 21;
/// Queries of each of the two in a round.
const QUERIES: usize = 2000;

fn select(n: usize) -> String {
    format!("SELECT id, number, total FROM invoices WHERE id = {}", 1 + n * 7919 % ROWS)
}

/// How many statements were admitted and refused in the time, clients asking as fast as they are answered.
fn flood(proxy: &Proxy, user: &str, at_once: usize, clients: usize, time: Duration) -> (usize, usize) {
    let (admitted, refused) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let begin = Instant::now() + WARM_UP;
    std::thread::scope(|scope| {
        for seed in 0..clients {
            let (admitted, refused) = (&admitted, &refused);
            scope.spawn(move || {
                let (mut client, mut n) = (proxy.client(user), seed * 1000);
                loop {
                    n += 1;
                    let reply = client.query(&vec![select(n); at_once].join("; "));
                    let now = Instant::now();
                    if now >= begin + time {
                        break;
                    }
                    let counter = match reply.sqlstate() {
                        "00000" => admitted,
                        "53400" => refused,
                        other => panic!("{other}"),
                    };
                    if now >= begin {
                        counter.fetch_add(at_once, Ordering::Relaxed);
                    }
                }
            });
        }
    });
    (admitted.into_inner(), refused.into_inner())
}

fn accuracy(proxy: &Proxy, time: Duration) {
    println!("clients that ask as fast as they are answered, for {time:?} after the burst is used up\n");
    println!(
        "{:>8} {:>14} {:>8} {:>10} {:>10} {:>10} {:>8}",
        "rate/s", "beyond it", "clients", "admitted", "refused", "per second", "off"
    );
    for (rate, at_once, clients) in RATES {
        for (name, what) in [("refused", "refused"), ("queued", "waits 100 ms")] {
            let (admitted, refused) = flood(proxy, &format!("{name}_{rate}"), at_once, clients, time);
            let per_second = admitted as f64 / time.as_secs_f64();
            let off = (per_second / rate as f64 - 1.0) * 100.0;
            println!("{rate:>8} {what:>14} {clients:>8} {admitted:>10} {refused:>10} {per_second:>10.1} {off:>+7.2}%");
        }
    }
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or_default()
}

/// How long one query takes, microseconds.
fn timed(client: &mut Wire, n: usize) -> f64 {
    let text = select(n);
    let asked = Instant::now();
    client.run(&text);
    asked.elapsed().as_secs_f64() * 1e6
}

/// The same queries in turn with limits and without: what differs is the limits, whatever else the machine does meanwhile.
fn cost(proxy: &Proxy) {
    let (mut free, mut limited) = (proxy.client("free_app"), proxy.client("limited_app"));
    let mut round = |keep: bool| {
        let (mut without, mut with) = (Vec::new(), Vec::new());
        for n in 0..QUERIES {
            if n % 2 == 0 {
                without.push(timed(&mut free, n));
                with.push(timed(&mut limited, n));
            } else {
                with.push(timed(&mut limited, n));
                without.push(timed(&mut free, n));
            }
        }
        keep.then(|| (median(without), median(with)))
    };
    round(false);
    let rounds: Vec<(f64, f64)> = (0..ROUNDS).filter_map(|_| round(true)).collect();
    let mut ratios: Vec<f64> = rounds.iter().map(|(without, with)| with / without).collect();
    ratios.sort_by(f64::total_cmp);
    let quarter = |n: usize| ratios.get(ratios.len() * n / 4).copied().unwrap_or_default();
    let p50 = |which: fn(&(f64, f64)) -> f64| median(rounds.iter().map(which).collect());
    println!(
        "\na point select, {ROUNDS} rounds of {QUERIES} in turn: {:.1} us without limits, {:.1} us with all of them",
        p50(|r| r.0),
        p50(|r| r.1)
    );
    println!("with / without: {:.4} (half of the rounds between {:.4} and {:.4})", quarter(2), quarter(1), quarter(3));
}

/// What the core takes for it by itself.
fn alone() {
    const TIMES: u32 = 5_000_000;
    let rate = Rate::new(NonZeroU32::MAX, None, Duration::from_millis(100));
    let (meter, mut account) = (Meter::default(), Account::default());
    let limits = Subject::all().map(|subject| (subject, 1 << 60)).collect();
    account.turn(&meter, Day::of(Duration::ZERO));
    account.bind(&meter, &Quota { limits, soft_percent: None }, Duration::ZERO, Duration::ZERO, Day::begins);
    let begun = Instant::now();
    for n in 0..TIMES {
        let now = Duration::from_nanos(u64::from(n) * 100);
        let asked = Request { statements: 1, writes: false, adds: false };
        black_box(meter.admit(black_box(asked), now).is_ok() && rate.admit(1, now).is_ok());
    }
    assert_eq!((meter.count(Metric::Queries), account.used(Metric::Queries, Period::Day)), (u64::from(TIMES), 0));
    println!("admitting a statement by quotas and rate: {:.1} ns", begun.elapsed().as_nanos() as f64 / f64::from(TIMES));
}

fn main() {
    let seconds: u64 = std::env::var("PGMOAT_BENCH_SECONDS").map_or(60, |s| s.parse().expect("PGMOAT_BENCH_SECONDS is a number"));
    cluster().superuser("postgres").run("CREATE ROLE app LOGIN");
    let database = cluster().database("bench", "template0");
    cluster().superuser(&database).run(&format!(
        "CREATE TABLE invoices (tenant_id bigint, id bigint, number text NOT NULL, total numeric(12,2) NOT NULL, PRIMARY KEY (tenant_id, id));
         INSERT INTO invoices SELECT t, n, 'INV-' || n, n FROM generate_series(1, 8) t, generate_series(1, {ROWS}) n; GRANT SELECT ON invoices TO app"
    ));
    cluster().superuser(&database).run("VACUUM ANALYZE");
    let mut tenancy = "[tenancy]\ncolumn = \"tenant_id\"\n".to_owned();
    let mut tenant = |name: &str, plan: &str| {
        let id = 1 + tenancy.matches("[[tenants]]").count();
        tenancy += &format!(
            "[[tenants]]\nname = \"{name}\"\nid = {id}\nplan = \"{name}\"\n[plans.{name}]\n{plan}\n\
             [[users]]\nname = \"{name}\"\npassword = \"{}\"\ntenant = \"{name}\"\n",
            proxy::PASSWORD
        );
    };
    for (rate, _, _) in RATES {
        let plan = format!("queries_per_second = {rate}\nburst = {}", rate / 10);
        tenant(&format!("refused_{rate}"), &plan);
        tenant(&format!("queued_{rate}"), &format!("{plan}\nrate_wait = \"100ms\""));
    }
    tenant("free_app", "");
    let many = 1_u64 << 40;
    tenant(
        "limited_app",
        &format!(
            "queries_per_second = 1000000000\nrate_wait = \"100ms\"\nmax_connections = 1000\nmax_transactions = 1000\n\
             statement_timeout = \"1m\"\ntransaction_timeout = \"1m\"\nidle_transaction_timeout = \"1m\"\nbytes_per_second = {many}\n\
             rows_per_second = {many}\nrows_per_statement = {many}\nbytes_per_statement = {many}\n[plans.limited_app.quota]\n\
             queries_per_day = {many}\nbytes_per_month = {many}\nrows_written_per_day = {many}\nstorage = {many}"
        ),
    );
    let proxy = Proxy::start(&Setup { pool_size: 8, ..Setup::new(&database, &tenancy) });
    alone();
    cost(&proxy);
    accuracy(&proxy, Duration::from_secs(seconds));
}
