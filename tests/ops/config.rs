//! The configuration: what it means, and what each mistake in it looks like to the one who made it.

use pgmoat::config::{self, SslMode};
use pgmoat::policy::{LevelColumn, Verbs};
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::time::Duration;

fn environment(name: &str) -> Option<String> {
    match name {
        "ACME_PASSWORD" => Some("s3cret".to_owned()),
        "DB_HOST" => Some("127.0.0.1".to_owned()),
        _ => None,
    }
}

fn file(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// Each case of `tests/ops/config/errors.txt` is a title after `### `, a configuration, and after `---` what the operator reads.
/// `UPDATE_EXPECT=1` writes what is printed now into the file.
#[test]
fn each_mistake_reads_as_expected() {
    let path = file("tests/ops/config/errors.txt");
    let text = std::fs::read_to_string(&path).expect("cases");
    let (mut found, mut different) = (String::new(), Vec::new());
    for case in text.split("### ").skip(1) {
        let (title, rest) = case.split_once('\n').expect("title");
        let (toml, expected) = rest.split_once("---\n").expect("---");
        let said = match config::parse("pgmoat.toml", toml, &environment) {
            Ok(loaded) => loaded.warnings.iter().fold(String::new(), |all, w| all + "warning: " + w + "\n"),
            Err(problems) => problems.render(false),
        };
        let said = said.lines().map(str::trim_end).collect::<Vec<_>>().join("\n").trim_matches('\n').to_owned();
        assert!(!said.is_empty(), "{title}: nothing is said");
        assert!(!said.contains("s3cret") && !said.contains("hunter2"), "{title}: a password shows\n{said}");
        if said != expected.trim_matches('\n') {
            different.push(format!("{title}:\n{said}"));
        }
        write!(found, "### {title}\n{toml}---\n{said}\n\n").expect("write");
    }
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        std::fs::write(&path, found).expect("bless");
    } else {
        assert!(different.is_empty(), "{}", different.join("\n\n"));
    }
}

#[test]
fn the_documented_file_loads_and_says_the_defaults() {
    let loaded = config::load(&file("config/pgmoat.toml"), &environment).expect("loads");
    assert_eq!(loaded.warnings, Vec::<String>::new());
    let full = loaded.settings;
    let bare = "[upstream]\nurl = \"postgres://app@127.0.0.1:5432/app\"\n[http]\n[tenancy]\ncolumn = \"tenant_id\"\n";
    let bare = config::parse("bare", bare, &environment).expect("loads").settings;
    // What the file calls the default is the default.
    let shown = |s: &config::Settings| format!("{:?} {:?} {:?} {:?}", s.listen, s.http, s.upstream, s.audit);
    assert_eq!(shown(&full), shown(&bare));

    assert_eq!(full.upstream.sslmode, SslMode::Prefer);
    assert_eq!(full.listen.login_timeout, Duration::from_secs(60));
    assert_eq!(full.tenancy.tables["public.payment_lines"].through.as_ref().expect("through").relation, "public.payments");
    assert_eq!(full.tenancy.tables["public.meters"].scopes["property"], LevelColumn::Column("property_id".to_owned()));
    let acme = &full.users["acme_app"];
    assert!(matches!(&acme.proof, config::Proof::Password(password) if password.expose() == "s3cret"));
    assert!(!acme.identity.bypass && full.users["dba"].identity.bypass && full.users["dba"].identity.tenant.is_none());
    let tenant = acme.identity.tenant.as_ref().expect("tenant");
    assert_eq!((tenant.attributes["id"].as_str(), &tenant.attributes["uuid"][..8]), ("1", "11111111"));
    let roles: Vec<_> = full.tenancy.roles.keys().map(String::as_str).collect();
    assert_eq!(roles, ["admin", "manager", "resident", "superadmin", "support"]);
    assert!(full.tenancy.roles["support"].switch.as_ref().is_some_and(|rule| rule.reason && !rule.signed));
    assert_eq!(full.tenancy.roles["resident"].verbs, Verbs::NONE);
    assert_eq!(full.users["acme_warden"].identity.role.as_deref(), Some("manager"));
    assert_eq!(full.plans["standard"].burst, Some(1000));
    assert!(!format!("{full:?}").contains("s3cret"), "Debug output is for logs");
}

#[test]
fn the_compose_file_s_configuration_loads() {
    let password = |name: &str| (name == "PGMOAT_PASSWORD").then(|| "x".to_owned());
    let loaded = config::load(&file("docker/pgmoat.toml"), &password).expect("loads");
    assert_eq!(loaded.settings.users.len(), 2);
}

#[test]
fn ids_durations_and_urls_have_their_other_forms() {
    let text = r#"
        [listen]
        login_timeout = 5
        drain_timeout = "500ms"
        [upstream]
        url = "postgresql://app@${DB_HOST}/app?sslmode=disable"
        password = "p@ss/word%"
        [tenancy]
        column = "tenant_id"
        [[tenants]]
        name = "acme"
        id = "0f9e"
    "#;
    let settings = config::parse("forms", text, &environment).expect("loads").settings;
    assert_eq!(
        (settings.listen.login_timeout, settings.listen.drain_timeout),
        (Duration::from_secs(5), Duration::from_millis(500))
    );
    assert_eq!((settings.upstream.host.as_str(), settings.upstream.port, settings.http), ("127.0.0.1", 5432, None));
    assert_eq!(settings.upstream.password.expect("password").expose(), "p@ss/word%");
    assert_eq!(settings.tenants["acme"].attributes["id"], "0f9e");
}

#[test]
fn a_file_that_is_not_there_is_named() {
    let trouble = config::load(Path::new("no-such.toml"), &environment).expect_err("missing");
    assert_eq!(trouble.to_string(), "cannot read the configuration file no-such.toml");
}
