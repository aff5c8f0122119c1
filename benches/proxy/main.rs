//! What pgmoat costs and saves, measured side by side in one run: direct PostgreSQL, PgBouncer, PgBouncer with row-level security, pgmoat.
//! It starts all of them itself and ends them. It does not take the rewriter apart (`benches/rewrite.rs` does).
//!
//! `cargo bench --bench proxy -- [--seconds N] [--rounds N] [WHAT ...]`, where WHAT is a part of a row's name, for example `select/simple/16`,
//! `copy`, or one of `idle`, `logins`, `streams`. Without WHAT everything is measured, and the picture of it is drawn anew.
#![allow(dead_code, reason = "the fixtures are those of the live tests, which use more of them")]

mod chart;
mod contestant;
mod database;
mod idle;
mod load;
mod logins;
mod streams;
mod table;
mod workload;

#[path = "../../tests/live/cluster.rs"]
mod cluster;
#[path = "../../tests/live/proxy.rs"]
mod proxy;
#[path = "../../tests/live/reply.rs"]
mod reply;
#[path = "../../tests/live/wire.rs"]
mod wire;

use contestant::Field;
use std::time::Instant;
use workload::Row;

/// Where the picture is.
const CHART: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/speed.svg");

/// What was asked for on the command line.
struct Options {
    /// Of one run.
    seconds: u64,
    /// Interleaved: each contestant runs once in each.
    rounds: usize,
    /// Parts of names; none means all.
    what: Vec<String>,
}

impl Options {
    fn read(arguments: impl Iterator<Item = String>) -> Self {
        let mut options = Self { seconds: 1, rounds: 3, what: Vec::new() };
        let mut arguments = arguments.filter(|a| a != "--bench");
        while let Some(argument) = arguments.next() {
            let mut number = || {
                let value = arguments.next().and_then(|v| v.parse().ok()).filter(|&n| n > 0);
                value.unwrap_or_else(|| panic!("{argument} takes a number above 0"))
            };
            match argument.as_str() {
                "--seconds" => options.seconds = number(),
                "--rounds" => options.rounds = usize::try_from(number()).expect("a number of rounds"),
                what if !what.starts_with('-') => options.what.push(argument),
                other => panic!("unknown option {other}: there are --seconds N and --rounds N, and parts of the names of rows"),
            }
        }
        options
    }

    /// Whether a row was asked for; the whole name of a row means that row alone.
    fn wants(&self, name: &str) -> bool {
        let asked =
            |what: &String| name == what || (name.contains(what.as_str()) && !Row::all().iter().any(|r| r.name() == *what));
        self.what.is_empty() || self.what.iter().any(asked)
    }
}

fn machine() -> String {
    let info = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model =
        info.lines().find_map(|l| l.strip_prefix("model name")).map_or("unknown", |l| l.trim_start_matches([' ', '\t', ':']));
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    format!("{model}, {cores} cores")
}

fn main() {
    let options = Options::read(std::env::args().skip(1));
    let begun = Instant::now();
    let rows: Vec<Row> = Row::all().into_iter().filter(|r| options.wants(&r.name())).collect();
    println!("load, proxies and server on one machine: {}", machine());
    let database = database::create();
    if !rows.is_empty() {
        let field = Field::start(&database);
        let results = table::measure(&field, &rows, options.rounds, options.seconds);
        table::print_added_latency(&results);
        if options.what.is_empty() {
            std::fs::write(CHART, chart::draw(&results, &field, &machine())).expect("the picture is written");
            println!("drawn: {CHART}");
        }
    }
    if options.wants("idle") {
        idle::measure(&database);
    }
    if options.wants("logins") {
        logins::measure(&database, options.seconds);
    }
    if options.wants("streams") {
        streams::measure(&database);
    }
    println!("measured in {} s", begun.elapsed().as_secs());
}
