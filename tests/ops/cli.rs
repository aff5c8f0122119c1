//! The command line from outside: exit codes, what goes to which stream, and that no password is told.

use std::fs;
use std::process::{Command, Output};
use tempfile::TempDir;

fn pgmoat(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_pgmoat"));
    command.args(arguments).env_remove("RUST_LOG").env("ACME_PASSWORD", "s3cret");
    command
}

fn run(arguments: &[&str]) -> (i32, String, String) {
    told(&pgmoat(arguments).output().expect("run"))
}

fn told(output: &Output) -> (i32, String, String) {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("UTF-8");
    (output.status.code().expect("exit code"), text(&output.stdout), text(&output.stderr))
}

fn file(dir: &TempDir, content: &str) -> String {
    let path = dir.path().join("pgmoat.toml");
    fs::write(&path, content).expect("write");
    path.to_str().expect("path").to_owned()
}

#[test]
fn help_is_asked_for_or_an_error() {
    let (code, out, err) = run(&["--help"]);
    assert_eq!((code, err.as_str()), (0, ""));
    for verb in ["serve", "check", "explain", "demo", "init", "tenant", "token", "audit"] {
        assert!(out.contains(verb), "{verb}: {out}");
    }
    for wrong in [&[][..], &["server"], &["serve"], &["explain", "--config", "x", "SELECT 1"]] {
        let (code, out, err) = run(wrong);
        assert_eq!((code, out.as_str()), (2, ""), "{wrong:?}");
        assert!(!err.is_empty(), "{wrong:?}");
    }
}

#[test]
fn a_configuration_that_cannot_be_used_is_usage() {
    let dir = tempfile::tempdir().expect("dir");
    let config =
        file(&dir, "[upstream]\nurl = \"postgres://app:hunter2@127.0.0.1/app\"\npool_sze = 3\n[tenancy]\ncolumn = \"t\"\n");
    for verb in [&["serve"][..], &["check"], &["explain", "--user", "u", "SELECT 1"]] {
        let arguments: Vec<&str> = [verb[0], "--config", &config].into_iter().chain(verb[1..].iter().copied()).collect();
        let (code, out, err) = run(&arguments);
        assert_eq!((code, out.as_str()), (2, ""), "{verb:?}: {err}");
        assert!(err.contains("did you mean `pool_size`?") && err.contains(":3:1"), "{err}");
        assert!(!err.contains("hunter2"), "{err}");
    }
    let (code, _, err) = run(&["check", "--config", "/no/such/file.toml"]);
    assert_eq!(code, 2);
    assert!(err.contains("/no/such/file.toml") && err.contains("No such file"), "{err}");
}

#[test]
fn a_user_that_is_not_there_is_usage() {
    let dir = tempfile::tempdir().expect("dir");
    let config = file(
        &dir,
        "[upstream]\nurl = \"postgres://app@127.0.0.1:1/app\"\n[tenancy]\ncolumn = \"t\"\n[[tenants]]\nname = \"acme\"\nid = 1\n\
         [[users]]\nname = \"acme_app\"\npassword = \"${ACME_PASSWORD}\"\ntenant = \"acme\"\n",
    );
    let (code, _, err) = run(&["explain", "--config", &config, "--user", "acme", "SELECT 1"]);
    assert_eq!(code, 2);
    assert!(err.contains("acme_app"), "{err}");
    // A server that cannot be reached is trouble.
    for arguments in [&["check", "--config", &config][..], &["explain", "--config", &config, "--user", "acme_app", "SELECT 1"]] {
        let (code, out, err) = run(arguments);
        assert_eq!((code, out.as_str()), (1, ""), "{err}");
        assert!(err.contains("127.0.0.1:1") && !err.contains("s3cret"), "{err}");
    }
}

#[test]
fn an_audit_file_is_verified() {
    let dir = tempfile::tempdir().expect("dir");
    let path = dir.path().join("audit.jsonl");
    let path = path.to_str().expect("path");
    fs::write(path, "").expect("write");
    let (code, out, _) = run(&["audit", "verify", path]);
    assert_eq!(code, 0);
    assert!(out.contains("0 records"), "{out}");
    fs::write(path, "{}\n").expect("write");
    let (code, _, err) = run(&["audit", "verify", path]);
    assert_eq!(code, 1);
    assert!(err.contains("line 1"), "{err}");
}

#[test]
fn a_log_filter_that_cannot_be_read_is_usage() {
    let output = pgmoat(&["audit", "verify", "/dev/null"]).env("RUST_LOG", "pgmoat=loud").output().expect("run");
    let (code, _, err) = told(&output);
    assert_eq!(code, 2);
    assert!(err.contains("RUST_LOG"), "{err}");
}

const REGISTRY: &str = "[upstream]\nurl = \"postgres://app@127.0.0.1:1/app\"\n[tenancy]\ncolumn = \"t\"\n[[tenants]]\nname = \"acme\"\nid = 1\n\
     [[users]]\nname = \"acme_app\"\npassword = \"${ACME_PASSWORD}\"\ntenant = \"acme\"\n[plans.standard]\n";

#[test]
fn verbs_on_the_registry_say_what_is_wrong_with_them() {
    let dir = tempfile::tempdir().expect("dir");
    let config = file(&dir, REGISTRY);
    for verb in [&["init"][..], &["tenant", "list"], &["tenant", "suspend", "x"], &["token", "issue", "x"], &["token", "list"]] {
        let (code, out, err) = run(&[verb, &["--config", &config]].concat());
        assert_eq!((code, out.as_str()), (2, ""), "{verb:?}: {err}");
        assert!(err.contains("has no [registry]: add `[registry]` with a `url`"), "{err}");
    }
    let config = file(&dir, &format!("{REGISTRY}[registry]\nurl = \"postgres://app:hunter2@127.0.0.1:1/app\"\n"));
    for (verb, said) in [
        (&["tenant", "create", "acme", "--id", "1"][..], "the configuration has a tenant \"acme\" already"),
        (&["tenant", "create", "globex", "--id", "2", "--user", "acme_app"], "the configuration has a user \"acme_app\" already"),
        (&["tenant", "create", "glo bex", "--id", "2"], "cannot be the name of a tenant"),
        (&["tenant", "create", "globex", "--id", "2", "--user", "token-1"], "cannot be the name of a user"),
        (
            &["tenant", "create", "globex", "--id", "2", "--plan", "pro"],
            "there is no plan `pro` in the configuration; known: standard",
        ),
        (&["tenant", "create", "globex", "--id", "2", "--user", "g", "--scope", "site=1"], "there is no level `site`"),
        (&["tenant", "create", "globex", "--id", "2", "--attribute", "id=3"], "is not of the form name=value"),
        (&["tenant", "create", "globex", "--id", "2", "--trial", "soon"], "`soon` is not a duration"),
        (&["tenant", "suspend", "acme"], "tenant \"acme\" stands in the configuration: change it there"),
        (&["tenant", "set", "globex", "plan=pro"], "there is no plan `pro`"),
        (
            &["tenant", "set", "globex", "status=gone"],
            "`gone` is not a status; known: trial, active, past_due, suspended, archived",
        ),
        (&["tenant", "set", "globex", "colour=red"], "`colour` cannot be set; known: plan, trial, status, settings.NAME"),
        (&["token", "issue", "globex", "--scope", "site"], "is not of the form level=node,node"),
    ] {
        let (code, out, err) = run(&[verb, &["--config", &config]].concat());
        assert_eq!((code, out.as_str()), (2, ""), "{verb:?}: {err}");
        assert!(err.contains(said), "{verb:?}: {err}");
    }
    // A database that cannot be reached is trouble.
    for verb in [&["init"][..], &["tenant", "list"], &["tenant", "suspend", "x"], &["serve"]] {
        let (code, out, err) = run(&[verb, &["--config", &config]].concat());
        assert_eq!((code, out.as_str()), (1, ""), "{verb:?}: {err}");
        assert!(err.contains("127.0.0.1:1") && !err.contains("hunter2"), "{verb:?}: {err}");
    }
}
