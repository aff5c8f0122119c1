//! Tenants in a registry: making one, onboarding, suspending, plans, trials, tokens, and what happens while its database is away.
//! The registry is in the database that is served, or in one that goes away.

use crate::cluster::{cluster, wait_for};
use crate::proxy::{Proxy, Setup, http_get};
use crate::wire::{Failure, Wire, fields, query};
use crate::world::{TENANCY, World};
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

/// What is declared of the tables, without the tenants and users; the world's rows are those of tenants 1 to 3.
fn tenancy(registry: &str) -> String {
    let tables = TENANCY.split("[[tenants]]").next().expect("tables").replace("scopes = { property = false }\n", "");
    let plans = "[plans.slow]\nqueries_per_second = 1\nburst = 2\n[plans.fast]\nqueries_per_second = 100000\n";
    let roles = "[roles.reader]\nread_only = true\n[roles.clerk]\nhide = [\"public.properties.units\"]\n\
                 [roles.warden]\nlevels = [\"property\"]\n[roles.helper]\nmay_switch = true\n[roles.root]\nbypass = true\n";
    format!(
        "{tables}\n{plans}\n{roles}\n[registry]\nurl = \"postgres://postgres@127.0.0.1:{}/{registry}\"\nrefresh = \"1s\"\n",
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
            let fields = fields(&frame.body);
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
    let made =
        |l: &String| l.contains("\"lifecycle\"") && l.contains("\"tenant\":\"birch\"") && l.contains("\"user\":\"mallory\"");
    wait_for("the record", Duration::from_secs(1), || proxy.audit().iter().any(made));
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

/// What was changed while no proxy ran, and while one was killed, is in the audit file after the next start: all of it, each once, in order.
#[test]
fn what_was_changed_while_no_proxy_ran_is_on_record_once() {
    let mut registered = Registered::new();
    registered.tenant("alder", "1", &["--reason", "they signed"]);
    let mut proxy = Proxy::start(&Setup { audit: "rotate_size = 4096".to_owned(), ..setup(&registered.world) });
    let file = proxy.config().with_file_name("audit.jsonl");
    let file = file.to_str().expect("a path").to_owned();
    let recorded = || {
        let output = Command::new(env!("CARGO_BIN_EXE_pgmoat"))
            .args(["audit", "query", &file, "--event", "lifecycle", "--json"])
            .output()
            .expect("pgmoat runs");
        let text = String::from_utf8(output.stdout).expect("text");
        let record = |line: &str| serde_json::from_str::<serde_json::Value>(line).expect("a record");
        text.lines().map(|line| record(line)["message"].as_str().expect("a message").to_owned()).collect::<Vec<_>>()
    };
    let changes = |registered: &mut Registered| {
        let sql = "SELECT concat(verb, ': ', detail, '; reason: ' || why) FROM pgmoat.changes ORDER BY number";
        registered.world.inspect(sql).into_iter().map(|mut row| row.remove(0).expect("a text")).collect::<Vec<_>>()
    };
    let complete = |registered: &mut Registered, what: &str| {
        let expected = changes(registered);
        wait_for(what, Duration::from_secs(5), || recorded().len() >= expected.len());
        assert_eq!(recorded(), expected, "{what}");
    };
    complete(&mut registered, "what was changed before the first start");
    assert!(recorded()[0] == "init: version 2" && recorded()[1].ends_with("user alder_app; reason: they signed"));
    registered.verb(&["user", "create", "alder_two", "--tenant", "alder"]);
    complete(&mut registered, "what is changed meanwhile");
    proxy.signal("TERM");
    proxy.wait_end(Duration::from_secs(10));
    registered.verb(&["tenant", "set", "alder", "plan=fast", "--reason", "an upgrade"]);
    proxy.again();
    complete(&mut registered, "what was changed after an end");
    // Killed at any moment: before it has heard, while it records, after.
    for n in 0..8 {
        let mut pending = Vec::new();
        for m in 0..4 {
            let setting = format!("settings.n={}", 10 * n + m);
            let mut command = Command::new(env!("CARGO_BIN_EXE_pgmoat"));
            command.args(["tenant", "set", "alder", &setting, "--config"]).arg(registered.config());
            pending.push(command.stdout(std::process::Stdio::null()).spawn().expect("pgmoat runs"));
        }
        pending[n % 4].wait().expect("it ends");
        proxy.end();
        pending.iter_mut().for_each(|child| assert!(child.wait().expect("it ends").success()));
        proxy.again();
    }
    complete(&mut registered, "what was changed while it was killed");
    assert!(std::fs::read_dir(proxy.config().parent().expect("a folder")).expect("read").count() > 6, "several parts");
    proxy.end();
    proxy.again();
    proxy.end();
    // The same with a registry that went back to a backup, or is another: what it has is recorded, and nothing taken for what was.
    let before = recorded();
    registered.world.inspect("DROP SCHEMA pgmoat CASCADE");
    registered.verb(&["init"]);
    registered.tenant("birch", "2", &[]);
    proxy.again();
    let expected = [before, changes(&mut registered)].concat();
    wait_for("another registry's", Duration::from_secs(5), || recorded().len() >= expected.len());
    assert_eq!(recorded(), expected);
    let verified = Command::new(env!("CARGO_BIN_EXE_pgmoat")).args(["audit", "verify", &file]).output().expect("pgmoat runs");
    assert!(verified.status.success(), "{}", String::from_utf8_lossy(&verified.stderr));
    // A log of its own has all of it, in the words of people too.
    let other = registered.proxy();
    wait_for("another log", Duration::from_secs(5), || other.audit().concat().matches("\"lifecycle\"").count() == 2);
    let query = ["audit", "query", &other.config().with_file_name("audit.jsonl").display().to_string(), "--tenant", "birch"]
        .map(str::to_owned);
    let told = Command::new(env!("CARGO_BIN_EXE_pgmoat")).args(query).output().expect("pgmoat runs");
    let told = String::from_utf8(told.stdout).expect("text");
    assert!(told.contains("birch/mallory") && told.contains("change 2 of the registry, made at 2"), "{told}");
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

/// Who is in the midst of something is limited at once too: a plan's times need no word of the client's to begin.
#[test]
fn a_plan_limits_what_is_under_way() {
    let registered = Registered::new();
    let alder = registered.tenant("alder", "1", &["--plan", "fast"]);
    let proxy = registered.proxy();
    let mut works = log_in(&proxy, "alder_app", &alder).expect("logs in");
    let mut idles = log_in(&proxy, "alder_app", &alder).expect("logs in");
    works.send(&query("SELECT count(*) FROM generate_series(1, 1000000000)")).expect("sent");
    idles.run("BEGIN");
    idles.run("SELECT count(*) FROM properties");
    let limits = r#"settings.limits={"statement_timeout": "100ms", "idle_transaction_timeout": "100ms"}"#;
    registered.verb(&["tenant", "set", "alder", limits]);
    assert_eq!(works.until_ready().sqlstate(), "57014");
    let frame = idles.frame().expect("a last word");
    assert_eq!((frame.tag, fields(&frame.body)[&'C'].as_str()), (b'E', "25P03"));
    works.run("SELECT count(*) FROM properties");
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
    assert_eq!(lines[0], ["user", "tenant", "role", "scopes", "created"]);
    assert!(lines[1].starts_with(&["alder_app", "alder", "-", "{}"]) && lines[2].starts_with(&["alder_two", "alder"]), "{list}");
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

/// The SQLSTATEs of a read, of a read of a column that the role `clerk` hides, and of a write.
fn may(wire: &mut Wire) -> [String; 3] {
    ["SELECT name FROM properties", "SELECT units FROM properties", "UPDATE properties SET name = name"]
        .map(|sql| wire.query(sql).sqlstate().to_owned())
}

const EVERYTHING: [&str; 3] = ["00000", "00000", "00000"];
const READER: [&str; 3] = ["00000", "00000", "42501"];
const CLERK: [&str; 3] = ["00000", "42703", "00000"];

#[test]
fn users_and_tokens_have_roles() {
    let registered = Registered::new();
    let alder = registered.tenant("alder", "1", &["--role", "clerk"]);
    let user = |name: &str, more: &[&str]| {
        password(&registered.verb(&[&["user", "create", name, "--tenant", "alder"][..], more].concat()))
    };
    let (reader, free) = (user("alder_reader", &["--role", "reader"]), user("alder_free", &[]));
    let warden = user("alder_warden", &["--role", "warden", "--scope", "property=1001"]);
    let helper = user("alder_helper", &["--role", "helper"]);
    let told = registered.verb(&["token", "issue", "alder", "--role", "reader", "--user", "reports"]);
    let secret = password(&told);
    let token = format!("token-{}", secret.split('_').nth(1).expect("an id"));
    let proxy = registered.proxy();
    for (name, secret, expected) in [
        ("alder_app", &alder, CLERK),
        ("alder_reader", &reader, READER),
        ("alder_free", &free, EVERYTHING),
        ("alder_warden", &warden, EVERYTHING),
        (token.as_str(), &secret, READER),
    ] {
        assert_eq!(may(&mut log_in(&proxy, name, secret).expect("logs in")), expected, "{name}");
    }
    // Who may switch reaches no tenant but its own.
    registered.tenant("birch", "2", &[]);
    let mut wire = log_in(&proxy, "alder_helper", &helper).expect("logs in");
    for (tenant, code) in [("birch", "42501"), ("elder", "42501"), ("alder", "00000")] {
        assert_eq!(wire.query(&format!("SET pgmoat.tenant = '{tenant}'")).sqlstate(), code, "{tenant}");
    }
    // It is seen.
    for (arguments, row) in [
        (&["user", "list", "alder"][..], &["alder_reader", "alder", "reader", "{}"][..]),
        (&["user", "list"], &["alder_free", "alder", "-", "{}"]),
        (&["token", "list"], &[&token, "alder", "reports", "reader", "{}", "never", "good"]),
        (&["tenant", "show", "alder"], &["user", "alder_app", "role=clerk", "{}"]),
    ] {
        let list = registered.verb(arguments);
        let rows: Vec<Vec<&str>> = list.lines().map(|line| line.split_whitespace().collect()).collect();
        assert!(rows.iter().any(|r| r.starts_with(row)), "{arguments:?}: {list}");
    }
    let show = registered.verb(&["tenant", "show", "alder"]);
    for change in ["user alder_app, role clerk", "create user: alder_reader, role reader", ", role reader, for reports"] {
        assert!(show.contains(change), "{change}: {show}");
    }
    assert!(registered.verb(&["check"]).contains("of alder_reader, token-"), "{}", registered.verb(&["check"]));
    assert!(registered.verb(&["explain", "--user", "alder_free", "UPDATE meters SET kind = 'x'"]).contains("update"));
    assert_eq!(verb(&registered.config(), &["explain", "--user", "alder_reader", "UPDATE meters SET kind = 'x'"]).0, Some(3));
    // Another role is another reach: who is there logs in again.
    let (mut live, mut other) =
        (log_in(&proxy, "alder_reader", &reader).expect("logs in"), log_in(&proxy, "alder_free", &free).expect("logs in"));
    let begun = Instant::now();
    registered.verb(&["user", "set", "alder_reader", "--role", "clerk", "--reason", "promoted"]);
    let (code, message) = farewell(&mut live);
    assert!(code == "57P01" && message.contains("what user \"alder_reader\" may reach has changed"), "{code} {message}");
    assert!(begun.elapsed() < Duration::from_secs(1), "{:?}", begun.elapsed());
    assert_eq!(may(&mut log_in(&proxy, "alder_reader", &reader).expect("logs in")), CLERK);
    registered.verb(&["user", "set", "alder_reader", "--no-role"]);
    wait_for("no role", Duration::from_secs(1), || {
        log_in(&proxy, "alder_reader", &reader).is_ok_and(|mut wire| may(&mut wire) == EVERYTHING)
    });
    assert_eq!(may(&mut other), EVERYTHING, "nobody else has noticed");
    for record in ["set user: alder_reader, role clerk; reason: promoted", "set user: alder_reader, no role"] {
        wait_for(record, Duration::from_secs(1), || proxy.audit().concat().contains(record));
    }
}

#[test]
fn a_role_that_nobody_may_have_is_told() {
    let registered = Registered::new();
    registered.tenant("alder", "1", &[]);
    let known = "known: clerk, helper, reader, root, warden";
    for (arguments, said) in [
        (&["user", "create", "x", "--tenant", "alder", "--role", "ghost"][..], known),
        (&["user", "set", "alder_app", "--role", "ghost"], known),
        (&["token", "issue", "alder", "--role", "ghost"], known),
        (&["tenant", "create", "birch", "--id", "2", "--user", "x", "--role", "ghost"], known),
        (&["tenant", "create", "birch", "--id", "2", "--role", "reader"], "--user"),
        (&["user", "set", "alder_app"], "--no-role"),
        (&["user", "set", "alder_app", "--role", "reader", "--no-role"], "cannot be used with"),
        (&["user", "set", "alder_app", "--role", "root"], "role \"root\" bypasses"),
        (&["user", "set", "alder_app", "--role", "warden"], "make one with --scope property=NODES"),
        (&["user", "set", "nobody", "--role", "reader"], "there is no user \"nobody\""),
    ] {
        let (code, text) = verb(&registered.config(), arguments);
        assert!(code == Some(2) && text.contains(said), "{arguments:?}: {code:?} {text}");
    }
    assert!(!registered.verb(&["tenant", "show", "alder"]).contains("role"), "nothing was changed");
}

/// A role takes away. Where it is not known what, nobody who has it is served, and that is on record.
#[test]
fn who_has_an_unknown_role_is_turned_away() {
    let mut registered = Registered::new();
    let alder = registered.tenant("alder", "1", &["--role", "reader"]);
    let secret = password(&registered.verb(&["token", "issue", "alder", "--role", "reader"]));
    let token = format!("token-{}", secret.split('_').nth(1).expect("an id"));
    let proxy = registered.proxy();
    let turned_away = |user: &str, secret: &str, role: &str| {
        let why = format!("there is no role \"{role}\" in the configuration");
        assert_eq!(log_in(&proxy, user, secret).err(), Some(("28000".to_owned(), why.clone())), "{user}");
        assert_eq!(log_in(&proxy, user, "wrong").err().expect("refused").0, "28P01", "{user}");
        let json = why.replace('"', "\\\"");
        let is = |l: &String| l.contains("login_failed") && l.contains(user) && l.contains("\"28000\"") && l.contains(&json);
        assert!(proxy.audit().iter().any(is), "{user}");
        assert!(proxy.log().contains(&format!("user \"{user}\" is not served: {why}")), "{}", proxy.log());
    };
    let expelled = |wire: &mut Wire, why: &str| {
        let (code, message) = farewell(wire);
        assert!(code == "57P01" && message.contains(why), "{code} {message}");
    };
    // Out of the configuration.
    let (mut wire, mut other) =
        (log_in(&proxy, "alder_app", &alder).expect("logs in"), log_in(&proxy, &token, &secret).expect("logs in"));
    let text = std::fs::read_to_string(proxy.config()).expect("read");
    std::fs::write(proxy.config(), text.replace("[roles.reader]", "[roles.other]")).expect("write");
    proxy.signal("HUP");
    for wire in [&mut wire, &mut other] {
        expelled(wire, "there is no role \"reader\"");
    }
    turned_away("alder_app", &alder, "reader");
    turned_away(&token, &secret, "reader");
    assert!(registered.verb(&["check"]).contains("reader: "));
    std::fs::write(proxy.config(), &text).expect("write");
    assert!(done(&proxy.config(), &["check"]).contains("of alder_app, token-"));
    proxy.signal("HUP");
    wait_for("the role", Duration::from_secs(5), || log_in(&proxy, "alder_app", &alder).is_ok());
    let (mut wire, mut other) =
        (log_in(&proxy, "alder_app", &alder).expect("logs in"), log_in(&proxy, &token, &secret).expect("logs in"));
    assert_eq!((may(&mut wire), may(&mut other)), (READER.map(str::to_owned), READER.map(str::to_owned)));
    // Into the registry, by nobody who asked pgmoat.
    registered.world.inspect("UPDATE pgmoat.users SET role = 'ghost'; UPDATE pgmoat.tokens SET role = 'root'");
    expelled(&mut wire, "there is no role \"ghost\"");
    expelled(&mut other, "role \"root\" bypasses");
    turned_away("alder_app", &alder, "ghost");
    let (code, message) = log_in(&proxy, &token, &secret).err().expect("refused");
    assert!(code == "28000" && message.contains("role \"root\" bypasses"), "{code} {message}");
    let checked = registered.verb(&["check"]);
    assert!(checked.contains("users that cannot log in\n  alder_app: there is no role \"ghost\""), "{checked}");
}

/// What `pgmoat init` made before there were roles, with a tenant, a user and a token.
const VERSION_1: &str = include_str!("../../src/tenants/registry.sql");

#[test]
fn a_registry_from_before_is_served_and_renewed() {
    let mut registered = Registered::new();
    let alder = registered.tenant("alder", "1", &[]);
    let secret = password(&registered.verb(&["token", "issue", "alder", "--scope", "property=1001"]));
    let token = format!("token-{}", secret.split('_').nth(1).expect("an id"));
    let moved = |registered: &mut Registered, sql: &str| registered.world.inspect(sql);
    moved(&mut registered, "ALTER SCHEMA pgmoat RENAME TO newer");
    moved(&mut registered, VERSION_1);
    moved(
        &mut registered,
        "INSERT INTO pgmoat.tenants SELECT * FROM newer.tenants;
         INSERT INTO pgmoat.users SELECT name, tenant, verifier, scopes, created FROM newer.users;
         INSERT INTO pgmoat.tokens SELECT id, tenant, label, verifier, scopes, expires, revoked, created FROM newer.tokens;
         INSERT INTO pgmoat.changes (at, who, why, verb, tenant, detail) SELECT at, who, why, verb, tenant, detail FROM newer.changes
          WHERE tenant IS NOT NULL ORDER BY number;
         DROP SCHEMA newer CASCADE",
    );
    let proxy = registered.proxy();
    for told in [proxy.log(), registered.verb(&["check"])] {
        assert!(told.contains("the registry has version 1: ") && told.contains("until `pgmoat init --config FILE`"), "{told}");
    }
    let mut wire = log_in(&proxy, "alder_app", &alder).expect("logs in");
    assert_eq!(
        log_in(&proxy, &token, &secret).expect("logs in").run("SELECT count(*) FROM properties"),
        [[Some("1".to_owned())]]
    );
    for arguments in [
        &["tenant", "suspend", "alder"][..],
        &["user", "create", "x", "--tenant", "alder", "--role", "reader"],
        &["user", "set", "alder_app", "--role", "reader"],
        &["token", "list"],
    ] {
        let (code, text) = verb(&registered.config(), arguments);
        assert!(code == Some(1) && text.contains("run `pgmoat init --config FILE`"), "{arguments:?}: {code:?} {text}");
    }
    let rows = "SELECT (SELECT string_agg(concat(t), ',') FROM pgmoat.tenants t), (SELECT string_agg(verifier, ',') FROM pgmoat.users),
      (SELECT string_agg(concat(id, verifier, scopes), ',') FROM pgmoat.tokens), (SELECT count(*) FROM pgmoat.changes WHERE tenant = 'alder')";
    let before = registered.world.inspect(rows);
    let told = registered.verb(&["init", "--reason", "roles", "--by", "olga"]);
    assert!(told.starts_with("the registry had version 1 and has version 2 now"), "{told}");
    assert!(registered.verb(&["init"]).starts_with("the registry is there already"));
    assert_eq!(registered.world.inspect(rows), before);
    let changes = registered.world.inspect("SELECT who, why, verb, detail FROM pgmoat.changes WHERE tenant IS NULL");
    assert_eq!(changes, [["olga", "roles", "init", "version 1 to 2"].map(|s| Some(s.to_owned()))]);
    // Nobody has noticed, and there are roles from now on.
    assert_eq!(may(&mut wire), EVERYTHING);
    registered.verb(&["user", "set", "alder_app", "--role", "reader"]);
    assert_eq!(farewell(&mut wire).0, "57P01");
    assert_eq!(may(&mut log_in(&proxy, "alder_app", &alder).expect("logs in")), READER);
    // The next version is another program's.
    registered.world.inspect("UPDATE pgmoat.version SET version = 3");
    std::fs::write(registered.config(), setup(&registered.world).file("127.0.0.1:0")).expect("write");
    for arguments in [&["init"][..], &["tenant", "list"], &["serve"]] {
        let (code, text) = verb(&registered.config(), arguments);
        assert!(code == Some(1) && text.contains("the registry has version 3"), "{arguments:?}: {code:?} {text}");
    }
    let stale = || {
        http_get(proxy.http, "/readyz").is_some_and(|(status, text)| status == 200 && text.contains("registry: stale since 2"))
    };
    wait_for("it to be noticed", Duration::from_secs(5), stale);
    assert_eq!(may(&mut log_in(&proxy, "alder_app", &alder).expect("logs in")), READER);
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
