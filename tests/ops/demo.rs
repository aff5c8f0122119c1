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

/// The demo that serves, up to the line that says so.
fn serving(temporary: &Path) -> Demo {
    let mut demo = demo(temporary, &[]);
    let mut lines = BufReader::new(demo.child.stdout.take().expect("stdout")).lines();
    assert!(lines.any(|l| l.expect("line").starts_with("Try it:")), "it never served");
    // Kept open: the demo still writes.
    std::thread::spawn(move || lines.count());
    demo
}

fn verb(arguments: &[&str]) -> (i32, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_pgmoat")).args(arguments).output().expect("run");
    let text = String::from_utf8(output.stdout).expect("UTF-8") + &String::from_utf8(output.stderr).expect("UTF-8");
    (output.status.code().expect("code"), text)
}

#[test]
fn explain_shows_what_the_server_gets_or_why_not() {
    let temporary = temporary();
    let demo = serving(temporary.path());
    let config = demo.directory.join("pgmoat.toml");
    let config = config.to_str().expect("path");
    let explain = |user, sql| verb(&["explain", "--config", config, "--user", user, sql]);

    let (code, text) = explain("globex_app", "SELECT serial FROM meters WHERE id = 7; SELECT code FROM tariffs");
    assert_eq!(code, 0, "{text}");
    for expected in [
        "\"organisation_id\" OPERATOR(pg_catalog.=) '2'::pg_catalog.int8",
        "-- public.meters: scoped, by organisation_id = the tenant's id",
        "-- public.tariffs: shared",
    ] {
        assert!(text.contains(expected), "{expected} is not in\n{text}");
    }
    let (code, text) = explain("acme_app", "SELECT 1;\nSELECT * FROM operator_notes");
    assert_eq!(code, 3, "{text}");
    for expected in ["ERROR:  42P01", "LINE 2: SELECT * FROM operator_notes\n                      ^\n", "RULE:  hidden_relation"]
    {
        assert!(text.contains(expected), "{expected} is not in\n{text}");
    }
}

#[tokio::test]
async fn check_lists_every_relation_and_what_weakens_the_wall() {
    let temporary = temporary();
    let demo = serving(temporary.path());
    let config = demo.directory.join("pgmoat.toml");
    let toml = std::fs::read_to_string(&config).expect("configuration");
    let (code, text) = verb(&["check", "--config", config.to_str().expect("path")]);
    assert_eq!(code, 0, "{text}");
    for expected in [
        "scoped   public.organisations     by id = the tenant's id",
        "scoped   public.readings          by organisation_id = the tenant's id",
        "view     public.invoice_balances",
        "shared   public.tariffs",
        "hidden   public.operator_notes",
    ] {
        assert!(text.contains(expected), "{expected} is not in\n{text}");
    }
    assert!(!text.contains("warnings"), "the demo is as the README recommends:\n{text}");

    // Now everything that is not recommended, and the superuser.
    let password = std::fs::read_to_string(demo.directory.join("superuser")).expect("password");
    let url = toml.split('"').find(|t| t.starts_with("postgres://")).expect("URL");
    let super_url = format!("postgres://postgres:{password}@{}", url.split_once('@').expect("host").1);
    let (client, connection) = tokio_postgres::connect(&super_url, tokio_postgres::NoTls).await.expect("connect");
    tokio::spawn(connection);
    let weak = "
        CREATE TABLE visits (id bigint PRIMARY KEY, organisation_id bigint, meter_org bigint, meter_id bigint,
            FOREIGN KEY (meter_org, meter_id) REFERENCES meters);
        CREATE FUNCTION peek() RETURNS bigint LANGUAGE sql SECURITY DEFINER AS 'SELECT 1::bigint';
        ALTER TABLE visits ALTER organisation_id SET DEFAULT peek();
        CREATE FUNCTION noted() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
        CREATE TRIGGER noted BEFORE INSERT ON visits FOR EACH ROW EXECUTE FUNCTION noted();
        CREATE RULE quiet AS ON DELETE TO visits DO INSTEAD NOTHING;
        GRANT CREATE ON SCHEMA public TO pgmoat; GRANT TEMPORARY ON DATABASE billing TO pgmoat;
        GRANT pg_read_server_files TO pgmoat; ALTER TABLE operator_notes OWNER TO pgmoat";
    client.batch_execute(weak).await.expect("weaken");
    let (code, text) = verb(&["check", "--config", config.to_str().expect("path")]);
    assert_eq!(code, 0, "{text}");
    for expected in [
        "public.visits: the unique key visits_pkey lacks organisation_id",
        "public.visits: the foreign key visits_meter_org_meter_id_fkey to public.meters lacks organisation_id",
        "public.visits: it has triggers",
        "public.visits: it has rules",
        "public.visits: the default of organisation_id calls peek",
        "public.peek: a SECURITY DEFINER function",
        "schema public: the role may CREATE there",
        "database billing: the role may TEMPORARY there",
        "role pgmoat: is a member of pg_read_server_files",
        "public.operator_notes: the role owns it",
    ] {
        assert!(text.contains(expected), "{expected} is not in\n{text}");
    }
    let other = temporary.path().join("super.toml");
    std::fs::write(&other, toml.replace(url, &super_url).replace("\"public.organisations\"", "\"public.visits\""))
        .expect("write");
    let (code, text) = verb(&["check", "--config", other.to_str().expect("path")]);
    assert_eq!(code, 0, "{text}");
    assert!(text.contains("role postgres: is a superuser") && text.contains("scoped   public.visits            by id"), "{text}");
    std::fs::write(&other, toml.replace("column = \"id\"", "column = \"nobody\"")).expect("write");
    let (code, text) = verb(&["check", "--config", other.to_str().expect("path")]);
    assert_eq!(code, 2, "{text}");
    assert!(text.contains("errors") && text.contains("public.organisations: column nobody does not exist"), "{text}");
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
