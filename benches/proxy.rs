//! A whole point select through the proxy as a ratio to direct PostgreSQL: interleaved rounds of pgbench in simple, extended and prepared mode.
//! It starts a private server, so that its figures need nothing but this machine; it does not take the rewriter apart (`benches/rewrite.rs` does).
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
use proxy::{PASSWORD, Proxy, Setup};
use std::path::Path;
use std::process::Command;

/// Rows per tenant; two tenants.
const ROWS: usize = 50_000;
const CLIENTS: usize = 16;
const ROUNDS: usize = 5;
const SCRIPT: &str = "\\set id random(1, 50000)\nSELECT id, number, total FROM invoices WHERE id = :id;\n";
const TENANCY: &str = "[tenancy]\ncolumn = \"tenant_id\"\n[[tenants]]\nname = \"one\"\nid = 1\n[[tenants]]\nname = \"two\"\nid = 2\n\
                       [[users]]\nname = \"one_app\"\npassword = \"correct horse\"\ntenant = \"one\"\n";

fn machine() -> String {
    let info = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model =
        info.lines().find_map(|l| l.strip_prefix("model name")).map_or("unknown", |l| l.trim_start_matches([' ', '\t', ':']));
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    format!("{model}, {cores} cores")
}

/// Transactions per second of one pgbench run.
fn tps(port: u16, user: &str, database: &str, mode: &str, script: &Path, seconds: usize) -> f64 {
    let output = Command::new("pgbench")
        .args([
            "-n",
            "-h",
            "127.0.0.1",
            "-U",
            user,
            "-M",
            mode,
            "-c",
            &CLIENTS.to_string(),
            "-j",
            "2",
            "-T",
            &seconds.to_string(),
        ])
        .args(["-p", &port.to_string(), "-f"])
        .arg(script)
        .arg(database)
        .env("PGPASSWORD", PASSWORD)
        // Neither side speaks TLS here.
        .env("PGSSLMODE", "disable")
        .output()
        .expect("pgbench runs");
    let text = String::from_utf8_lossy(&output.stdout);
    let line = text
        .lines()
        .find_map(|l| l.strip_prefix("tps = "))
        .unwrap_or_else(|| panic!("{}", String::from_utf8_lossy(&output.stderr)));
    line.split(' ').next().and_then(|n| n.parse().ok()).expect("a number")
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

fn main() {
    let seconds: usize =
        std::env::var("PGMOAT_BENCH_SECONDS").map_or(2, |s| s.parse().expect("PGMOAT_BENCH_SECONDS is a number"));
    cluster().superuser("postgres").run("CREATE ROLE app LOGIN");
    let database = cluster().database("bench", "template0");
    cluster().superuser(&database).run(&format!(
        "CREATE TABLE invoices (id bigint PRIMARY KEY, tenant_id bigint NOT NULL, number text NOT NULL, total numeric(12,2) NOT NULL);
         INSERT INTO invoices SELECT n, 1 + n / {ROWS}, 'INV-' || n, n FROM generate_series(1, {ROWS} * 2 - 1) n;
         CREATE INDEX ON invoices (tenant_id); GRANT SELECT ON invoices TO app"
    ));
    cluster().superuser(&database).run("VACUUM ANALYZE");
    let directory = tempfile::tempdir().expect("temporary directory");
    let script = directory.path().join("select.sql");
    std::fs::write(&script, SCRIPT).expect("write");
    let proxy = Proxy::start(&Setup { pool_size: CLIENTS, ..Setup::new(&database, TENANCY) });
    println!(
        "point select, {CLIENTS} clients, {ROUNDS} rounds of {seconds} s, pgbench and PostgreSQL on the same machine: {}",
        machine()
    );
    for mode in ["simple", "extended", "prepared"] {
        let (mut direct, mut through, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            let d = tps(cluster().port, "app", &database, mode, &script, seconds);
            let p = tps(proxy.port, "one_app", &database, mode, &script, seconds);
            direct.push(d);
            through.push(p);
            ratios.push(p / d);
        }
        let spread = ratios.iter().map(|r| format!("{r:.2}")).collect::<Vec<_>>().join(" ");
        println!(
            "{mode:9} direct {:7.0} tps, through pgmoat {:7.0} tps, median ratio {:.3} (rounds: {spread})",
            median(direct),
            median(through),
            median(ratios)
        );
    }
}
