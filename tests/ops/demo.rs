//! The demo, as a newcomer runs it: the tour behaves as told, and nothing outlives it.

use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

struct Demo {
    child: Child,
    directory: PathBuf,
}

impl Drop for Demo {
    fn drop(&mut self) {
        // Only where a test fails half-way: then the keeper of the cluster sees to the rest.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

fn demo(temporary: &Path, arguments: &[&str]) -> Demo {
    let mut command = Command::new(env!("CARGO_BIN_EXE_pgmoat"));
    command.arg("demo").args(arguments).env("TMPDIR", temporary).stdout(Stdio::piped()).stderr(Stdio::inherit());
    let child = command.spawn().expect("spawn");
    let directory = temporary.join(format!("pgmoat-demo-{}", child.id()));
    Demo { child, directory }
}

/// PostgreSQL's user must reach what lies in it.
fn temporary() -> tempfile::TempDir {
    use std::os::unix::fs::PermissionsExt;
    let dir = tempfile::tempdir().expect("dir");
    std::fs::set_permissions(dir.path(), std::fs::Permissions::from_mode(0o777)).expect("permissions");
    dir
}

/// Children of a killed initdb may need a moment to notice.
fn leaves_nothing(demo: &Demo) {
    let name = demo.directory.file_name().expect("name").to_str().expect("name").to_owned();
    let deadline = Instant::now() + Duration::from_secs(5);
    loop {
        let processes = Command::new("ps").args(["-eo", "args"]).output().expect("ps").stdout;
        let running = String::from_utf8_lossy(&processes).contains(&name);
        if !running && !demo.directory.exists() {
            return;
        }
        assert!(Instant::now() < deadline, "still there: {} or a process of it ({running})", demo.directory.display());
        std::thread::park_timeout(Duration::from_millis(20));
    }
}

#[test]
fn the_tour_behaves_as_told_and_leaves_nothing() {
    let temporary = temporary();
    let begun = Instant::now();
    let mut demo = demo(temporary.path(), &["--tour"]);
    let mut told = String::new();
    demo.child.stdout.take().expect("stdout").read_to_string(&mut told).expect("read");
    let status = demo.child.wait().expect("wait");
    assert!(status.success(), "{status}:\n{told}");
    assert!(begun.elapsed() < Duration::from_secs(30), "it took {:?}", begun.elapsed());
    for expected in ["Acme Energie", "Globex Eaux", "42501", "42P01", "sqlstate  42501"] {
        assert!(told.contains(expected), "{expected} is not in\n{told}");
    }
    assert!(!told.contains("NOT SO"), "{told}");
    leaves_nothing(&demo);
}

#[test]
fn a_signal_ends_it_cleanly_while_it_serves_and_while_it_starts() {
    let temporary = temporary();
    for (line, signal) in [("Try it:", "INT"), ("-- a private PostgreSQL", "TERM")] {
        let mut demo = demo(temporary.path(), &[]);
        let mut lines = BufReader::new(demo.child.stdout.take().expect("stdout")).lines();
        assert!(lines.any(|l| l.expect("line").starts_with(line)), "{line} never came");
        let sent = Command::new("kill").args([&format!("-{signal}"), &demo.child.id().to_string()]).status().expect("kill");
        assert!(sent.success());
        let rest: Vec<String> = lines.map(|l| l.expect("line")).collect();
        assert!(demo.child.wait().expect("wait").success(), "{rest:?}");
        leaves_nothing(&demo);
    }
}
