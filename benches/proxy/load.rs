//! Running one load against one contestant: pgbench, or clients of our own where pgbench has no word for it (COPY).
//! Any error of a client ends the whole measurement: a figure with errors in it is none.

use crate::cluster::cluster;
use crate::contestant::{Contestant, Field, Place};
use crate::wire::{self, Wire};
use crate::workload::{self, Mode, Row, Workload};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::Command;
use std::sync::Barrier;
use std::time::{Duration, Instant};

/// What came of a run.
pub(crate) struct Measured {
    /// Transactions, or COPYs.
    pub(crate) per_second: f64,
    /// Of each transaction, microseconds; only where one client was at work.
    pub(crate) latencies: Vec<u32>,
}

/// Runs a row's load against a contestant.
pub(crate) fn run(field: &Field, row: &Row, contestant: Contestant, seconds: u64) -> Measured {
    let place = field.at(contestant);
    if row.workload.is_copy() {
        if row.workload == Workload::CopyIn {
            cluster().superuser(cluster_database(field)).run("TRUNCATE imports");
        }
        return Measured { per_second: copies(row, contestant, &place, seconds), latencies: Vec::new() };
    }
    pgbench(row, contestant, &place, seconds)
}

fn cluster_database(field: &Field) -> &str {
    field.at(Contestant::Direct).database
}

fn pgbench(row: &Row, contestant: Contestant, place: &Place<'_>, seconds: u64) -> Measured {
    let directory = tempfile::tempdir().expect("temporary directory");
    let script = directory.path().join("script.sql");
    std::fs::write(&script, workload::script(row.workload, contestant)).expect("write");
    let mut command = Command::new("pgbench");
    // A thread of pgbench prepares one client's statement at a time and waits for it: with all in one thread those whose transactions hold
    // the pool's connections would never go on. So each client has its own where statements are prepared amid transactions.
    let threads = if row.workload == Workload::Tpcb && row.mode == Mode::Prepared { row.clients } else { 1 };
    command.args(["-n", "-h", "127.0.0.1", "-U", place.user, "-M", row.mode.name(), "-j", &threads.to_string()]);
    command.args(["-p", &place.port.to_string(), "-c", &row.clients.to_string(), "-T", &seconds.to_string(), "-f"]).arg(&script);
    if row.clients == 1 {
        command.arg("-l").arg("--log-prefix").arg(directory.path().join("log"));
    }
    // Nobody speaks TLS here.
    command.arg(place.database).env("PGPASSWORD", place.password.unwrap_or_default()).env("PGSSLMODE", "disable");
    let output = command.output().expect("pgbench runs");
    let (said, complaints) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    let whole = output.status.success() && said.contains("number of failed transactions: 0 ") && !complaints.contains("error:");
    assert!(whole, "{} against {} failed:\n{said}\n{complaints}", row.name(), contestant.name());
    let tps = said.lines().find_map(|l| l.strip_prefix("tps = ")).and_then(|l| l.split(' ').next()).and_then(|n| n.parse().ok());
    let files = std::fs::read_dir(directory.path()).expect("the directory").flatten();
    let logs = files.filter(|f| f.file_name().to_string_lossy().starts_with("log")).map(|f| f.path());
    let latencies = logs.flat_map(|log| {
        let text = std::fs::read_to_string(log).expect("pgbench's log");
        // client, transaction, latency in microseconds, ...
        text.lines().map(|l| l.split(' ').nth(2).and_then(|n| n.parse().ok()).expect("a latency")).collect::<Vec<u32>>()
    });
    Measured { per_second: tps.expect("pgbench tells tps"), latencies: latencies.collect() }
}

/// A client that does not look at rows: it only finds where messages begin.
pub(crate) struct Sink {
    stream: TcpStream,
    buffer: Vec<u8>,
    /// What of `buffer` is still to be looked at.
    at: std::ops::Range<usize>,
    /// Bytes of the message at hand that are still to come.
    rest: usize,
}

impl Sink {
    pub(crate) fn connect(place: &Place<'_>) -> Self {
        let stream = wire::tcp(place.port).expect("connects");
        let handle = stream.try_clone().expect("a handle");
        let login = [("user", place.user), ("database", place.database)];
        // Up to its first ReadyForQuery, behind which nothing comes by itself.
        let wire = Wire::login(stream, &login, place.password);
        assert!(wire.is_ok(), "{} cannot log in at port {}: {:?}", place.user, place.port, wire.err());
        Self { stream: handle, buffer: vec![0; 128 * 1024], at: 0..0, rest: 0 }
    }

    pub(crate) fn send(&mut self, bytes: &[u8]) {
        self.stream.write_all(bytes).expect("sent");
    }

    /// Reads up to a message of this type; gives the bytes of data messages before it.
    pub(crate) fn read_to(&mut self, wanted: u8) -> usize {
        let mut data = 0;
        loop {
            let skipped = self.rest.min(self.at.len());
            self.at.start += skipped;
            self.rest -= skipped;
            let header = self.buffer.get(self.at.clone()).and_then(|b| b.first_chunk::<5>()).filter(|_| self.rest == 0);
            let Some(&[tag, a, b, c, d]) = header else {
                self.fill();
                continue;
            };
            let length = usize::try_from(u32::from_be_bytes([a, b, c, d])).expect("usize") - 4;
            if tag == b'E' {
                panic!("an error came: {}", String::from_utf8_lossy(&self.buffer[self.at.start + 5..self.at.end]));
            }
            self.at.start += 5;
            self.rest = length;
            if matches!(tag, b'd' | b'D') {
                data += length;
            }
            if tag == wanted {
                // It is short, and behind it comes nothing by itself.
                self.at.start += length;
                self.rest = self.at.start.saturating_sub(self.at.end);
                self.at.start = self.at.start.min(self.at.end);
                return data;
            }
        }
    }

    fn fill(&mut self) {
        self.buffer.copy_within(self.at.clone(), 0);
        self.at = 0..self.at.len();
        let n = self.stream.read(&mut self.buffer[self.at.end..]).expect("an answer");
        assert!(n > 0, "the connection ended");
        self.at.end += n;
    }
}

/// COPYs per second of some clients at once.
fn copies(row: &Row, contestant: Contestant, place: &Place<'_>, seconds: u64) -> f64 {
    let query = wire::query(&workload::copy(row.workload, contestant));
    let data = workload::copy_data(contestant);
    let start = Barrier::new(row.clients + 1);
    std::thread::scope(|scope| {
        let clients: Vec<_> = (0..row.clients)
            .map(|_| {
                scope.spawn(|| {
                    let mut sink = Sink::connect(place);
                    start.wait();
                    let deadline = Instant::now() + Duration::from_secs(seconds);
                    let mut done = 0_u32;
                    while Instant::now() < deadline {
                        sink.send(&query);
                        if row.workload == Workload::CopyIn {
                            sink.read_to(b'G');
                            sink.send(&data);
                        }
                        let bytes = sink.read_to(b'Z');
                        assert_eq!(bytes > 0, row.workload == Workload::CopyOut, "data where there should be none, or none");
                        done += 1;
                    }
                    done
                })
            })
            .collect();
        start.wait();
        let begun = Instant::now();
        let done: u32 = clients.into_iter().map(|c| c.join().expect("a client failed")).sum();
        f64::from(done) / begun.elapsed().as_secs_f64()
    })
}
