//! COPY of gigabytes either way: how fast, and what the proxy's memory grew by meanwhile. It does not compare with anybody.

use crate::contestant::Place;
use crate::database;
use crate::load::Sink;
use crate::proxy::Proxy;
use crate::wire;
use std::time::Instant;

/// How much goes each way, GB, if `PGMOAT_BENCH_COPY_GB` does not say otherwise.
const GIGABYTES: usize = 2;
/// Bytes of a row's body.
const BODY: usize = 1000;
/// Rows in one CopyData message.
const ROWS: usize = 64;

pub(crate) fn measure(database: &str) {
    let gigabytes =
        std::env::var("PGMOAT_BENCH_COPY_GB").map_or(GIGABYTES, |n| n.parse().expect("PGMOAT_BENCH_COPY_GB is a number"));
    let rows = gigabytes * 1_000_000_000 / BODY;
    let proxy = Proxy::start(&database::setup(database));
    let place = Place { port: proxy.port, user: "one_app", database, password: Some(crate::proxy::PASSWORD) };
    let mut sink = Sink::connect(&place);
    let mut report = |name: &str, stream: &mut dyn FnMut(&mut Sink, usize)| {
        // What it takes at all is taken by a small one.
        stream(&mut sink, 10_000);
        let before = proxy.memory().resident;
        proxy.forget_peak();
        let begun = Instant::now();
        stream(&mut sink, rows);
        let speed = (rows * BODY) as f64 / 1e6 / begun.elapsed().as_secs_f64();
        let grown = proxy.memory().peak.saturating_sub(before);
        println!("COPY {name}, {gigabytes} GB: {speed:.0} MB/s, the proxy's memory grew by {} KiB at most", grown / 1024);
    };
    report("out", &mut |sink, rows| {
        sink.send(&wire::query(&format!("COPY (SELECT repeat('x', {BODY}) FROM generate_series(1, {rows})) TO STDOUT")));
        assert_eq!(sink.read_to(b'Z'), rows * (BODY + 1));
    });
    let row = format!("7\t{}\n", "x".repeat(BODY));
    let piece = wire::message(b'd', row.repeat(ROWS).as_bytes());
    // The server throws the rows away: no disk is measured.
    report("in", &mut |sink, rows| {
        sink.send(&wire::query("COPY sunk (id, body) FROM STDIN"));
        sink.read_to(b'G');
        (0..rows.div_ceil(ROWS)).for_each(|_| sink.send(&piece));
        sink.send(&wire::message(b'c', &[]));
        sink.read_to(b'Z');
    });
}
