//! The table: interleaved rounds, medians, ratios to the direct connection. It does not run loads.

use crate::contestant::{Contestant, Field};
use crate::load;
use crate::workload::{Mode, Row, Workload};

/// What a contestant did in a row.
pub(crate) struct Cell {
    pub(crate) contestant: Contestant,
    /// The median of the rounds.
    pub(crate) per_second: f64,
    /// The median of the rounds' ratios to the direct connection.
    pub(crate) ratio: f64,
    /// Of all rounds, sorted, microseconds.
    latencies: Vec<u32>,
}

/// A row with its cells; who cannot run it has none.
pub(crate) struct Measurement {
    pub(crate) row: Row,
    pub(crate) cells: Vec<Cell>,
}

impl Measurement {
    pub(crate) fn of(&self, contestant: Contestant) -> Option<&Cell> {
        self.cells.iter().find(|c| c.contestant == contestant)
    }
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// Runs all rows and prints each as it is done.
pub(crate) fn measure(field: &Field, rows: &[Row], rounds: usize, seconds: u64) -> Vec<Measurement> {
    let (version, prepares) = field.bouncer();
    println!("medians of {rounds} interleaved rounds of {seconds} s, per second and as a ratio to direct; PgBouncer {version}\n");
    let header: String = Contestant::ALL.iter().skip(1).map(|c| format!("  {:>16}", c.name())).collect();
    println!("{:<12} {:<9} {:>7}  {:>8}{header}", "", "", "clients", "direct");
    let mut measured = Vec::new();
    for row in rows {
        let running: Vec<Contestant> = Contestant::ALL.into_iter().filter(|c| row.runs_on(*c, prepares)).collect();
        let mut runs: Vec<Vec<load::Measured>> = running.iter().map(|_| Vec::new()).collect();
        for _ in 0..rounds {
            for (contestant, runs) in running.iter().zip(&mut runs) {
                runs.push(load::run(field, row, *contestant, seconds));
            }
        }
        let direct: Vec<f64> = runs[0].iter().map(|m| m.per_second).collect();
        let cells = running.into_iter().zip(runs).map(|(contestant, runs)| cell(contestant, &runs, &direct)).collect();
        let measurement = Measurement { row: *row, cells };
        print(&measurement);
        measured.push(measurement);
    }
    measured
}

fn cell(contestant: Contestant, runs: &[load::Measured], direct: &[f64]) -> Cell {
    let mut latencies: Vec<u32> = runs.iter().flat_map(|m| m.latencies.iter().copied()).collect();
    latencies.sort_unstable();
    Cell {
        contestant,
        per_second: median(runs.iter().map(|m| m.per_second).collect()),
        ratio: median(runs.iter().zip(direct).map(|(m, d)| m.per_second / d).collect()),
        latencies,
    }
}

fn print(measurement: &Measurement) {
    let row = measurement.row;
    let cells: String = Contestant::ALL
        .iter()
        .skip(1)
        .map(|c| match measurement.of(*c) {
            Some(cell) => format!("  {:>10.0} {:>5.2}", cell.per_second, cell.ratio),
            None => format!("  {:>16}", "-"),
        })
        .collect();
    let direct = measurement.of(Contestant::Direct).map_or(0.0, |c| c.per_second);
    println!("{:<12} {:<9} {:>7}  {:>8.0}{cells}", row.workload.title(), row.mode.name(), row.clients, direct);
}

/// What each contestant adds to a query's time: one client, point select.
pub(crate) fn print_added_latency(measured: &[Measurement]) {
    let at = |cell: &Cell, percent: usize| cell.latencies.get(cell.latencies.len() * percent / 100).copied().map_or(0, i64::from);
    for mode in Mode::ALL {
        let row = Row { workload: Workload::Select, mode, clients: 1 };
        let Some(measurement) = measured.iter().find(|m| m.row == row) else { continue };
        let Some(direct) = measurement.of(Contestant::Direct) else { continue };
        let (p50, p99) = (at(direct, 50), at(direct, 99));
        let added: Vec<String> = measurement
            .cells
            .iter()
            .skip(1)
            .map(|c| format!("{} {:+} / {:+}", c.contestant.name(), at(c, 50) - p50, at(c, 99) - p99))
            .collect();
        println!(
            "latency of one client's point select, {}: direct p50 {p50} us, p99 {p99} us; added p50 / p99: {}",
            mode.name(),
            added.join(", ")
        );
    }
}
