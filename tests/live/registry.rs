//! Tenants in a registry: making one, onboarding, suspending, plans, trials, tokens, and what happens while its database is away.
//! The registry is in the database that is served, or in one that goes away.

use crate::cluster::{cluster, wait_for};
use crate::proxy::{Proxy, Setup, http_get};
use crate::wire::{Failure, Wire};
use crate::world::{TENANCY, World};
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

/// What is declared of the tables, without the tenants and users; the world's rows are those of tenants 1 to 3.
fn tenancy(registry: &str) -> String {
    let tables = TENANCY.split("[[tenants]]").next().expect("tables").replace("scopes = { property = false }\n", "");
    let plans = "[plans.slow]\nqueries_per_second = 1\nburst = 2\n[plans.fast]\nqueries_per_second = 100000\n";
    format!(
        "{tables}\n{plans}\n[registry]\nurl = \"postgres://postgres@127.0.0.1:{}/{registry}\"\nrefresh = \"1s\"\n",
        cluster().port
    )
}

fn setup(world: &World) -> Setup {
    Setup::new(&world.real, &tenancy(&world.real))
}

/// Runs a verb and gives its exit code and what it said.
fn verb(config: &Path, arguments: &[&str]) -> (Option<i32>, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_pgmoat"));
    let output = command.args(arguments).arg("--config").arg(config).env("USER", "mallory").output().expect("pgmoat runs");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code(), text(&output.stdout) + &text(&output.stderr))
}

fn done(config: &Path, arguments: &[&str]) -> String {
    let (code, text) = verb(config, arguments);
    assert_eq!(code, Some(0), "{arguments:?}: {text}");
    text
}

/// A configuration without a running proxy, its registry made.
struct Registered {
    world: World,
    directory: tempfile::TempDir,
}

impl Registered {
    fn new() -> Self {
        let world = World::new();
        let directory = tempfile::tempdir().expect("directory");
        let registered = Self { world, directory };
        std::fs::write(registered.config(), setup(&registered.world).file("127.0.0.1:1")).expect("write");
        assert!(done(&registered.config(), &["init"]).starts_with("made the registry"));
        registered
    }

    fn config(&self) -> std::path::PathBuf {
        self.directory.path().join("pgmoat.toml")
    }

    fn verb(&self, arguments: &[&str]) -> String {
        done(&self.config(), arguments)
    }

    fn proxy(&self) -> Proxy {
        Proxy::start(&setup(&self.world))
    }

    /// Makes a tenant of the world and gives its user's password.
    fn tenant(&self, name: &str, id: &str, more: &[&str]) -> String {
        let key = format!("key={name}");
        let uuid = format!("uuid={}", "11111111-1111-1111-1111-111111111111".replace('1', id));
        let user = format!("{name}_app");
        let arguments = ["tenant", "create", name, "--id", id, "--attribute", &key, "--attribute", &uuid, "--user", &user];
        let text = self.verb(&[&arguments[..], more].concat());
        password(&text)
    }
}

/// The password in a printed `DATABASE_URL`.
fn password(text: &str) -> String {
    let url = text.lines().find_map(|l| l.strip_prefix("DATABASE_URL=")).unwrap_or_else(|| panic!("no URL in {text}"));
    url.split_once("://")
        .and_then(|(_, r)| r.split_once('@'))
        .and_then(|(c, _)| c.split_once(':'))
        .expect("a password")
        .1
        .to_owned()
}

fn log_in(proxy: &Proxy, user: &str, password: &str) -> Result<Wire, (String, String)> {
    match Wire::connect(proxy.port, user, &proxy.database, Some(password)) {
        Ok(wire) => Ok(wire),
        Err(Failure::Refused(fields)) => Err((fields[&'C'].clone(), fields[&'M'].clone())),
        Err(Failure::Io(e)) => panic!("{e}"),
    }
}

/// Waits for the error with which an idle session ends, and gives its code and message.
fn farewell(wire: &mut Wire) -> (String, String) {
    loop {
        let frame = wire.frame().expect("a last word");
        if frame.tag == b'E' {
            let fields = crate::wire::fields(&frame.body);
            return (fields[&'C'].clone(), fields[&'M'].clone());
        }
    }
}

#[test]
fn a_tenant_is_made_and_its_user_logs_in() {
    let mut registered = Registered::new();
    assert!(registered.verb(&["init"]).starts_with("the registry is there already"));
    let alder = registered.tenant("alder", "1", &["--plan", "fast", "--reason", "they signed"]);
    let proxy = registered.proxy();
    let mut wire = log_in(&proxy, "alder_app", &alder).expect("logs in");
    assert_eq!(
        wire.run("SELECT count(*), min(tenant_id), max(tenant_id) FROM properties"),
        [["5", "1", "1"].map(|s| Some(s.to_owned()))]
    );
    assert_eq!(wire.run("SELECT tenant()"), [[Some("alder".to_owned())]]);
    // While it runs.
    let birch = registered.tenant("birch", "2", &[]);
    wait_for("the second tenant", Duration::from_secs(1), || log_in(&proxy, "birch_app", &birch).is_ok());
    let mut other = log_in(&proxy, "birch_app", &birch).expect("logs in");
    assert_eq!(other.run("SELECT min(tenant_id), max(tenant_id) FROM properties"), [["2", "2"].map(|s| Some(s.to_owned()))]);
    assert_eq!(log_in(&proxy, "birch_app", &alder).err().expect("refused").0, "28P01");
    // Neither secret is kept, nor told.
    let kept = registered.world.inspect("SELECT string_agg(u::text, '') FROM pgmoat.users u");
    let kept = kept[0][0].clone().expect("users");
    let audit = proxy.audit().concat();
    for secret in [&alder, &birch] {
        assert!(!kept.contains(secret.as_str()) && !proxy.log().contains(secret.as_str()) && !audit.contains(secret.as_str()));
    }
    // What was changed is on record here, and there.
    let show = registered.verb(&["tenant", "show", "alder"]);
    assert!(show.contains("mallory: create: id=1, status=active, plan=fast, user alder_app (they signed)"), "{show}");
    let record = proxy.audit().into_iter().find(|l| l.contains("\"lifecycle\"")).expect("a record");
    assert!(record.contains("\"tenant\":\"birch\"") && record.contains("\"user\":\"mallory\""), "{record}");
}

#[test]
fn what_is_not_there_or_there_already_is_told() {
    let registered = Registered::new();
    registered.tenant("alder", "1", &[]);
    let say = |arguments: &[&str]| verb(&registered.config(), arguments);
    let uuid = ["--attribute", "uuid=11111111-1111-1111-1111-111111111111", "--attribute", "key=x"];
    let other = ["--attribute", "uuid=22222222-2222-2222-2222-222222222222", "--attribute", "key=x"];
    for (arguments, said) in [
        (&["tenant", "suspend", "elder"][..], "there is no tenant \"elder\" in the registry"),
        (&["tenant", "show", "elder"], "there is no tenant \"elder\" in the registry"),
        (&["tenant", "set", "alder", r#"settings.limits={"rows": 5}"#], "`settings.limits`: unknown key `rows` in limits"),
        (&["tenant", "set", "elder", "plan=fast"], "there is no tenant \"elder\" in the registry"),
        (&["token", "issue", "elder"], "there is no tenant \"elder\" in the registry"),
        (&["token", "revoke", "token-1"], "there is no token that is not revoked \"token-1\""),
        (&[&["tenant", "create", "alder", "--id", "9"][..], &uuid].concat(), "there is a tenant \"alder\" already"),
        (&[&["tenant", "create", "birch", "--id", "01"][..], &uuid].concat(), "tenant \"alder\" has the same"),
        (&[&["tenant", "create", "birch", "--id", "two"][..], &other].concat(), "of type pg_catalog.int8"),
        (&["tenant", "create", "birch", "--id", "2"], "has no value for"),
    ] {
        let (code, text) = say(arguments);
        assert_eq!(code, Some(2), "{arguments:?}: {text}");
        assert!(text.contains(said), "{arguments:?}: {text}");
    }
    // Before `init`.
    let other = cluster().database("registry", "template0");
    let mut setup = setup(&registered.world);
    setup.tenancy = tenancy(&other);
    std::fs::write(registered.config(), setup.file("127.0.0.1:0")).expect("write");
    for arguments in [&["tenant", "list"][..], &["tenant", "suspend", "alder"], &["token", "issue", "alder"], &["serve"]] {
        let (code, text) = say(arguments);
        assert_eq!(code, Some(1), "{arguments:?}: {text}");
        assert!(text.contains("run `pgmoat init --config FILE` first"), "{arguments:?}: {text}");
    }
}

/// A role that may only read and write the registry's rows is enough, once another has made it.
#[test]
fn the_owner_makes_the_registry_for_another_role() {
    let mut registered = Registered::new();
    registered.world.inspect("DROP SCHEMA pgmoat CASCADE");
    let text = std::fs::read_to_string(registered.config())
        .expect("read")
        .replace("postgres://postgres@", "postgres://auth_scram:pw%20two@");
    std::fs::write(registered.config(), text).expect("write");
    let (code, text) = verb(&registered.config(), &["init"]);
    assert_eq!(code, Some(1));
    assert!(text.contains("permission denied") && !text.contains("pw two"), "{text}");
    registered.verb(&["init", "--owner", "postgres"]);
    registered.tenant("alder", "1", &[]);
    registered.verb(&["tenant", "suspend", "alder"]);
    assert!(registered.verb(&["tenant", "show", "alder"]).contains("mallory: suspend"));
}

/// The registry may be in the database that is served, with columns that look like a tenant's.
#[test]
fn the_registry_does_not_exist_for_tenants() {
    let mut registered = Registered::new();
    let alder = registered.tenant("alder", "1", &[]);
    registered.world.inspect(
        "GRANT USAGE ON SCHEMA pgmoat TO PUBLIC; GRANT ALL ON ALL TABLES IN SCHEMA pgmoat TO PUBLIC;
     ALTER TABLE pgmoat.users ADD tenant_id bigint DEFAULT 1; ALTER TABLE pgmoat.tenants ADD tenant_id bigint DEFAULT 1",
    );
    let proxy = registered.proxy();
    let mut wire = log_in(&proxy, "alder_app", &alder).expect("logs in");
    for sql in [
        "SELECT * FROM pgmoat.users",
        "SELECT verifier FROM pgmoat.users WHERE tenant_id = 1",
        "UPDATE pgmoat.tenants SET status = 'active'",
        "INSERT INTO pgmoat.users (name, tenant, verifier) VALUES ('x', 'alder', 'SCRAM-SHA-256$')",
        "DELETE FROM pgmoat.changes",
        "TABLE pgmoat.tokens",
    ] {
        let reply = wire.query(sql);
        assert!(["42P01", "42501"].contains(&reply.sqlstate()), "{sql}: {}", reply.summary());
    }
    let listed =
        wire.run("SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'pgmoat'");
    assert_eq!(listed, [[Some("0".to_owned())]]);
}

#[test]
fn a_suspension_ends_the_sessions_of_every_proxy_within_a_second() {
    let registered = Registered::new();
    let alder = registered.tenant("alder", "1", &[]);
    let birch = registered.tenant("birch", "2", &[]);
    let proxies = [registered.proxy(), registered.proxy()];
    let mut idle: Vec<Wire> = proxies.iter().map(|p| log_in(p, "alder_app", &alder).expect("logs in")).collect();
    let mut busy = log_in(&proxies[0], "alder_app", &alder).expect("logs in");
    busy.run("BEGIN");
    busy.run("UPDATE properties SET units = 77");
    let mut other = log_in(&proxies[0], "birch_app", &birch).expect("logs in");
    registered.verb(&["tenant", "suspend", "alder", "--reason", "unpaid", "--by", "billing"]);
    let begun = Instant::now();
    for wire in idle.iter_mut().chain([&mut busy]) {
        let (code, message) = farewell(wire);
        assert_eq!(code, "57P01");
        assert!(message.contains("tenant \"alder\" is suspended"), "{message}");
    }
    assert!(begun.elapsed() < Duration::from_secs(1), "{:?}", begun.elapsed());
    for proxy in &proxies {
        let (code, message) = log_in(proxy, "alder_app", &alder).err().expect("refused");
        assert_eq!((code.as_str(), message.as_str()), ("28000", "tenant \"alder\" is suspended"));
        // Who does not know the password is not told.
        assert_eq!(log_in(proxy, "alder_app", "wrong").err().expect("refused").0, "28P01");
        wait_for("the record", Duration::from_secs(2), || {
            proxy
                .audit()
                .iter()
                .any(|l| l.contains("suspend: status=suspended; reason: unpaid") && l.contains("\"user\":\"billing\""))
        });
    }
    assert_eq!(other.run("SELECT tenant()"), [[Some("birch".to_owned())]]);
    registered.verb(&["tenant", "resume", "alder"]);
    wait_for("the tenant to be back", Duration::from_secs(1), || log_in(&proxies[1], "alder_app", &alder).is_ok());
    let mut back = log_in(&proxies[1], "alder_app", &alder).expect("logs in");
    assert_eq!(back.run("SELECT count(*) FROM properties WHERE units = 77"), [[Some("0".to_owned())]]);
    registered.verb(&["tenant", "delete", "alder"]);
    assert_eq!(farewell(&mut back).0, "57P01");
    wait_for("the other proxy to hear of it", Duration::from_secs(1), || {
        log_in(&proxies[0], "alder_app", &alder).is_err_and(|(code, _)| code == "28P01")
    });
}

#[test]
fn a_plan_changes_the_rate_of_a_live_session() {
    let registered = Registered::new();
    let alder = registered.tenant("alder", "1", &["--plan", "slow"]);
    let proxy = registered.proxy();
    let mut wire = log_in(&proxy, "alder_app", &alder).expect("logs in");
    let refused = |wire: &mut Wire| (0..20).filter(|_| wire.query("SELECT 1").sqlstate() == "53400").count();
    assert!(wire.query("SELECT 1; SELECT 2; SELECT 3").sqlstate() == "53400");
    registered.verb(&["tenant", "set", "alder", "plan=fast", "settings.currency=EUR"]);
    wait_for("the other plan", Duration::from_secs(1), || wire.query("SELECT 1; SELECT 2; SELECT 3").sqlstate() == "00000");
    assert_eq!(refused(&mut wire), 0);
    registered.verb(&["tenant", "set", "alder", "plan=slow"]);
    wait_for("the old plan", Duration::from_secs(1), || wire.query("SELECT 1; SELECT 2; SELECT 3").sqlstate() == "53400");
    assert!(registered.verb(&["tenant", "show", "alder"]).contains(r#"{"currency": "EUR"}"#));
}

/// A live session reads its own tenant's as they are now, by one plan for all; nobody reads another's, nor the limits among them.
#[test]
fn a_tenants_settings_are_read_in_sql() {
    let registered = Registered::new();
    let (alder, birch) = (registered.tenant("alder", "1", &[]), registered.tenant("birch", "2", &[]));
    let proxy = registered.proxy();
    let mut wire = log_in(&proxy, "alder_app", &alder).expect("logs in");
    let mut other = log_in(&proxy, "birch_app", &birch).expect("logs in");
    let text = |s: &str| Some(s.to_owned());
    let read = "SELECT tenant_setting('currency'), tenant_setting('floors')::int + 1, tenant_setting('limits')";
    assert_eq!(wire.run(read), [[None, None, None]]);
    registered.verb(&["tenant", "set", "birch", "settings.currency=USD"]);
    let limits = r#"settings.limits={"rows_per_statement": 500}"#;
    registered.verb(&["tenant", "set", "alder", "settings.currency=EUR", "settings.floors=3", limits]);
    wait_for("the settings", Duration::from_secs(1), || wire.run(read) == [[text("EUR"), text("4"), None]]);
    assert_eq!(other.run(read), [[text("USD"), None, None]]);
    let rows = "SELECT DISTINCT tenant_setting('currency') FROM meters WHERE tenant_setting('currency') IN ('EUR', 'USD')";
    assert_eq!((wire.run(rows), other.run(rows)), (vec![vec![text("EUR")]], vec![vec![text("USD")]]));
    assert_eq!(wire.query("SELECT tenant_setting(serial_no) FROM meters").sqlstate(), "42501", "a name is a constant");
}

#[test]
fn a_tenant_has_limits_of_its_own() {
    let registered = Registered::new();
    let alder = registered.tenant("alder", "1", &["--plan", "fast"]);
    let proxy = registered.proxy();
    let mut wire = log_in(&proxy, "alder_app", &alder).expect("logs in");
    let mut seven = |code: &str| wire.query("SELECT g FROM generate_series(1, 7) g").sqlstate() == code;
    assert!(seven("00000"));
    registered.verb(&["tenant", "set", "alder", r#"settings.limits={"rows_per_statement": 5, "statement_timeout": "9s"}"#]);
    wait_for("the limit", Duration::from_secs(1), || seven("53400"));
    registered.verb(&["tenant", "set", "alder", "settings.limits="]);
    wait_for("its end", Duration::from_secs(1), || seven("00000"));
}

#[test]
fn a_trial_ends_by_itself() {
    let registered = Registered::new();
    let proxy = registered.proxy();
    let alder = registered.tenant("alder", "1", &["--trial", "3s"]);
    wait_for("the tenant", Duration::from_secs(1), || log_in(&proxy, "alder_app", &alder).is_ok());
    let mut wire = log_in(&proxy, "alder_app", &alder).expect("logs in");
    let (code, message) = farewell(&mut wire);
    assert_eq!(code, "57P01");
    assert!(message.contains("the trial of tenant \"alder\" has expired"), "{message}");
    assert_eq!(log_in(&proxy, "alder_app", &alder).err().expect("refused").0, "28000");
    assert!(registered.verb(&["tenant", "list"]).contains("trial (expired)"));
    registered.verb(&["tenant", "set", "alder", "status=active"]);
    wait_for("the tenant", Duration::from_secs(1), || log_in(&proxy, "alder_app", &alder).is_ok());
}

#[test]
fn a_token_logs_in_until_it_is_revoked() {
    let registered = Registered::new();
    registered.tenant("alder", "1", &[]);
    let proxy = registered.proxy();
    let text =
        registered.verb(&["token", "issue", "alder", "--user", "reports", "--scope", "property=1001,1002", "--expires", "30d"]);
    let secret = password(&text);
    let token = format!("token-{}", secret.split('_').nth(1).expect("an id"));
    wait_for("the token", Duration::from_secs(1), || log_in(&proxy, &token, &secret).is_ok());
    let mut wire = log_in(&proxy, &token, &secret).expect("logs in");
    assert_eq!(wire.run("SELECT count(*) FROM properties"), [[Some("2".to_owned())]]);
    let list = registered.verb(&["token", "list", "alder"]);
    assert!(list.contains(&token) && list.contains("reports") && list.contains("good") && !list.contains(&secret), "{list}");
    registered.verb(&["token", "revoke", &token, "--reason", "leaked"]);
    let (code, message) = farewell(&mut wire);
    assert_eq!(code, "57P01");
    assert!(message.contains("was revoked"), "{message}");
    assert_eq!(log_in(&proxy, &token, &secret).err().expect("refused").0, "28000");
    assert_eq!(log_in(&proxy, &token, "wrong").err().expect("refused").0, "28P01");
    assert!(registered.verb(&["token", "list"]).contains("revoked"));
    // One that expires.
    let secret = password(&registered.verb(&["token", "issue", "alder", "--expires", "2s"]));
    let token = format!("token-{}", secret.split('_').nth(1).expect("an id"));
    wait_for("the token", Duration::from_secs(1), || log_in(&proxy, &token, &secret).is_ok());
    let mut wire = log_in(&proxy, &token, &secret).expect("logs in");
    assert!(farewell(&mut wire).1.contains("has expired"));
    // Nobody has done it, and it is on record.
    let ended = format!("expire: \\\"{token}\\\" has expired");
    wait_for("the record", Duration::from_secs(2), || proxy.audit().concat().contains(&ended));
    assert!(!proxy.log().contains(&secret) && !proxy.audit().concat().contains(&secret));
}

#[test]
fn a_tenant_has_more_users() {
    let registered = Registered::new();
    registered.tenant("alder", "1", &[]);
    let proxy = registered.proxy();
    let made = ["user", "create", "alder_two", "--tenant", "alder", "--scope", "property=1001,1002", "--reason", "reports"];
    let secret = password(&registered.verb(&made));
    wait_for("the user", Duration::from_secs(1), || log_in(&proxy, "alder_two", &secret).is_ok());
    let mut wire = log_in(&proxy, "alder_two.alder", &secret).expect("logs in");
    assert_eq!(wire.run("SELECT tenant(), count(*) FROM properties"), [["alder", "2"].map(|s| Some(s.to_owned()))]);
    let list = registered.verb(&["user", "list", "alder"]);
    let lines: Vec<Vec<&str>> = list.lines().map(|line| line.split_whitespace().collect()).collect();
    assert_eq!(lines[0], ["user", "tenant", "scopes", "created"]);
    assert!(lines[1].starts_with(&["alder_app", "alder", "{}"]) && lines[2].starts_with(&["alder_two", "alder"]), "{list}");
    assert!(!list.contains(&secret) && registered.verb(&["user", "list", "birch"]).lines().count() == 1, "{list}");
    // `explain` and `check` know those of the registry.
    let explained = registered.verb(&["explain", "--user", "alder_two", "SELECT id FROM meters"]);
    assert!(explained.contains("'{\"1001\",\"1002\"}'"), "{explained}");
    assert!(registered.verb(&["explain", "--user", "alder_app.alder", "SELECT id FROM meters"]).contains("tenant_id"));
    assert!(registered.verb(&["check"]).contains("property: limited to nodes: alder_two (1001, 1002)"));
    registered.verb(&["tenant", "suspend", "alder"]);
    let checked = registered.verb(&["check"]);
    assert!(checked.contains("users that cannot log in\n  alder_app: tenant \"alder\" is suspended\n  alder_two:"), "{checked}");
    registered.verb(&["tenant", "resume", "alder"]);
    for (arguments, expected) in [
        (&["user", "create", "alder_two", "--tenant", "alder"][..], "there is a user \"alder_two\" already"),
        (&["user", "create", "x", "--tenant", "nobody"], "there is no tenant \"nobody\""),
        (&["user", "create", "token-1", "--tenant", "alder"], "cannot be the name of a user"),
        (&["user", "create", "x", "--tenant", "alder", "--scope", "district=1"], "there is no level `district`"),
        (&["user", "delete", "nobody"], "there is no user \"nobody\""),
        (&["explain", "--user", "alder_app.birch", "SELECT 1"], "user `alder_app` has no tenant `birch`"),
        (&["explain", "--user", "nobody", "SELECT 1"], "there are: alder_app, alder_two"),
    ] {
        let (code, text) = verb(&registered.config(), arguments);
        assert!(code == Some(2) && text.contains(expected), "{arguments:?}: {code:?} {text}");
    }
    let secret = password(&registered.verb(&["user", "create", "alder_three", "--tenant", "alder"]));
    wait_for("the user", Duration::from_secs(1), || log_in(&proxy, "alder_three", &secret).is_ok());
    let mut wire = log_in(&proxy, "alder_three", &secret).expect("logs in");
    registered.verb(&["user", "delete", "alder_three", "--reason", "left"]);
    let (code, message) = farewell(&mut wire);
    assert!(code == "57P01" && message.contains("user \"alder_three\" was removed"), "{code} {message}");
    assert_eq!(log_in(&proxy, "alder_three", &secret).err().expect("refused").0, "28P01");
    // A change is on record once it is in force.
    for record in ["create user: alder_two; reason: reports", "delete user: alder_three; reason: left"] {
        wait_for(record, Duration::from_secs(1), || proxy.audit().concat().contains(record));
    }
}

#[test]
fn the_last_snapshot_serves_while_the_registry_is_away() {
    let registered = Registered::new();
    let name = cluster().database("registry", "template0");
    let mut setup = setup(&registered.world);
    setup.tenancy = tenancy(&name);
    std::fs::write(registered.config(), setup.file("127.0.0.1:1")).expect("write");
    registered.verb(&["init"]);
    let alder = registered.tenant("alder", "1", &[]);
    let proxy = Proxy::start(&setup);
    let mut wire = log_in(&proxy, "alder_app", &alder).expect("logs in");
    let mut admin = cluster().superuser("postgres");
    let terminate = format!("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'");
    admin.run(&format!("ALTER DATABASE {name} ALLOW_CONNECTIONS false"));
    admin.run(&terminate);
    let stale = || {
        http_get(proxy.http, "/readyz").is_some_and(|(status, text)| status == 200 && text.contains("registry: stale since 2"))
    };
    wait_for("it to be noticed", Duration::from_secs(5), stale);
    assert_eq!(wire.run("SELECT tenant()"), [[Some("alder".to_owned())]]);
    assert!(log_in(&proxy, "alder_app", &alder).is_ok());
    // The verbs say so.
    let (code, text) = verb(&registered.config(), &["tenant", "suspend", "alder"]);
    assert_eq!(code, Some(1), "{text}");
    admin.run(&format!("ALTER DATABASE {name} ALLOW_CONNECTIONS true"));
    registered.verb(&["tenant", "suspend", "alder"]);
    assert_eq!(farewell(&mut wire).0, "57P01");
    wait_for("it to be noticed", Duration::from_secs(5), || {
        http_get(proxy.http, "/readyz").is_some_and(|(_, text)| text == "ready\n")
    });
}
