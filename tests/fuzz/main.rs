//! Made-up input for everything that reads what a client or a server sends: frames, opening packets, text, statements, COPY data, whole
//! sessions. It looks for panics, for input that takes seconds, and for answers that depend on how the input was cut; what the answers
//! should be is the affair of the other suites.
//!
//! `PGMOAT_FUZZ_SECONDS` for each target (2), `PGMOAT_SEED` to begin elsewhere; arguments name targets. A failure prints the input's seed.

#[allow(dead_code)]
#[path = "../core/billing.rs"]
mod billing;
#[path = "../live/random/choice.rs"]
#[allow(dead_code, reason = "the random statements shrink their choices; bytes are printed whole")]
mod choice;
mod input;
mod targets;

use choice::Choices;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// Longer than this for one input is a finding.
const PATIENCE: Duration = Duration::from_secs(10);

/// One kind of input: its name, and what is done with one.
type Target = (&'static str, fn(&input::Seeds, &mut Choices));

const TARGETS: [Target; 7] = [
    ("frames", targets::frames),
    ("startup", targets::startup),
    ("answers", targets::answers),
    ("lexer", targets::lexer),
    ("rewriter", targets::statements),
    ("copy", targets::copy),
    ("session", targets::session),
];

fn number(name: &str, default: u64) -> u64 {
    std::env::var(name).map_or(default, |text| text.parse().unwrap_or_else(|_| panic!("{name} must be a number")))
}

/// Runs one target for a while; says how many inputs it had, or the seed of the one that failed.
fn run((name, target): Target, seeds: &input::Seeds, time: Duration, first: u64) -> Result<u64, u64> {
    let current = Arc::new(AtomicU64::new(first));
    let (watched, ended) = (Arc::clone(&current), Arc::new(AtomicU64::new(0)));
    let end = Arc::clone(&ended);
    let watch = std::thread::spawn(move || {
        let (mut last, mut since) = (u64::MAX, Instant::now());
        while end.load(Ordering::Relaxed) == 0 {
            let now = watched.load(Ordering::Relaxed);
            if now != last {
                (last, since) = (now, Instant::now());
            } else if since.elapsed() > PATIENCE {
                eprintln!("{name}: the input of seed {now} takes longer than {PATIENCE:?}");
                std::process::abort();
            }
            std::thread::park_timeout(Duration::from_millis(200));
        }
    });
    let begun = Instant::now();
    let mut seed = first;
    let mut failed = None;
    while failed.is_none() && (seed == first || begun.elapsed() < time) {
        current.store(seed, Ordering::Relaxed);
        let mut choices = Choices::seeded(seed);
        failed = catch_unwind(AssertUnwindSafe(|| target(seeds, &mut choices))).is_err().then_some(seed);
        seed += 1;
    }
    ended.store(1, Ordering::Relaxed);
    watch.thread().unpark();
    watch.join().expect("the watch ends");
    failed.map_or(Ok(seed - first), Err)
}

fn main() -> ExitCode {
    let time = Duration::from_secs(number("PGMOAT_FUZZ_SECONDS", 2));
    let first = number("PGMOAT_SEED", 1) << 32;
    // What the test harness hands on (`--nocapture` and the like) names no target.
    let only: Vec<String> = std::env::args().skip(1).filter(|a| !a.starts_with('-')).collect();
    let chosen = |name: &str| only.is_empty() || only.iter().any(|o| o == name);
    let exact = std::env::var("PGMOAT_FUZZ_INPUT").ok().map(|text| text.parse::<u64>().expect("a seed"));
    let seeds = input::Seeds::read();
    let mut findings = 0;
    for target in TARGETS.into_iter().filter(|(name, _)| chosen(name)) {
        let ran = match exact {
            Some(seed) => run(target, &seeds, Duration::from_nanos(1), seed),
            None => run(target, &seeds, time, first),
        };
        match ran {
            Ok(inputs) => println!("fuzz {}: {inputs} inputs, no finding", target.0),
            Err(seed) => {
                findings += 1;
                println!("fuzz {0}: FAILED; again with PGMOAT_FUZZ_INPUT={seed} cargo test --test fuzz {0}", target.0);
            }
        }
    }
    if findings == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
