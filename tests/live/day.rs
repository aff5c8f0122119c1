//! A day in the life of a platform: everything that its operator does and its tenants run into, by the real binary, and what of each step is
//! in the audit file in the evening. How each of these behaves at its edges is other tests' matter.

use crate::cluster::{cluster, wait_for};
use crate::identity::{Authority, Signer, psql};
use crate::proxy::{PASSWORD, Proxy, Setup};
use crate::wire::{Failure, Wire, query, tcp};
use crate::world::{TENANCY, World};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

const LIMIT: Duration = Duration::from_secs(10);
const COUNT: &str = "SELECT count(*) FROM properties";
const LONG: &str = "SELECT count(*) FROM generate_series(1, 1000000000)";

/// The platform's own people and programs. Its customers are in the registry, but for one.
const PEOPLE: &str = r#"
[[tenants]]
name = "cedar"
id = 3
attributes = { key = "cedar", uuid = "33333333-3333-3333-3333-333333333333" }
[roles.superadmin]
bypass = true
may_switch = true
reason_required = true
[roles.gateway]
may_switch = "signed"
[roles.auditor]
read_only = true
[[users]]
name = "root"
password = "correct horse"
role = "superadmin"
[[users]]
name = "gateway"
password = "correct horse"
role = "gateway"
[[users]]
name = "web"
jwt = true
[[users]]
name = "robot"
certificate = "billing"
tenant = "cedar"
[[users]]
name = "operator"
password = "correct horse"
console = "admin"
[plans.free]
queries_per_second = 1
burst = 2
[plans.pro]
max_connections = 50
"#;

/// What a plan says, what is then done, the SQLSTATE (and the beginning of the message) that it ends with, and how the record tells of it.
type Bound = (&'static str, fn(&Day) -> String, &'static str, &'static str);

/// Limits of plans.
const LIMITS: [Bound; 9] = [
    ("queries_per_second = 1\nburst = 1", too_fast, "53400", "the tenant's statement rate is used up"),
    ("max_connections = 1", two_clients, "53300", "too many connections for this tenant"),
    ("max_transactions = 1", two_transactions, "53300", "no server connection is available"),
    ("rows_per_statement = 2", one_statement, "53400 the answer has", "more than the 2 rows"),
    ("bytes_per_statement = 30", one_statement, "53400 the answer is", "longer than the 30 bytes"),
    ("statement_timeout = \"100ms\"", long_statement, "57014", "a statement took longer than the plan allows"),
    ("transaction_timeout = \"150ms\"", open_transaction, "25P04", "a transaction was open for longer than the plan allows"),
    (
        "idle_transaction_timeout = \"150ms\"",
        open_transaction,
        "25P03",
        "a transaction was left open without a word for too long",
    ),
    (
        "queries_per_second = 5\nburst = 1\nrate_wait = \"10ms\"",
        too_many_at_once,
        "53400 the query has",
        "more statements than the tenant's burst",
    ),
];

/// Quotas of plans.
const QUOTAS: [Bound; 9] = [
    ("queries_per_day = 1", one_statement, "53400 the tenant's quota of statements", "queries_per_day is used up"),
    ("queries_per_month = 1", one_statement, "53400 the tenant's quota of statements", "queries_per_month is used up"),
    ("bytes_per_day = 1", one_statement, "53400 the tenant's quota of bytes of results", "bytes_per_day is used up"),
    ("bytes_per_month = 1", one_statement, "53400 the tenant's quota of bytes of results", "bytes_per_month is used up"),
    ("rows_written_per_day = 1", one_write, "53400 the tenant's quota of written rows", "rows_written_per_day is used up"),
    ("rows_written_per_month = 1", one_write, "53400 the tenant's quota of written rows", "rows_written_per_month is used up"),
    ("storage = 1", one_write, "53400 the tenant's quota of storage", "storage is used up"),
    ("users = 1", one_more_user, "exit code 2", "users is used up"),
    // Of connections the quota is the plan's limit.
    ("soft_percent = 50", two_clients, "53300", "connections is used up"),
];

/// The proxy of that day, and what its audit file must say in the evening.
struct Day {
    proxy: Proxy,
    world: World,
    folder: tempfile::TempDir,
    signer: Signer,
    authority: Authority,
    /// The passwords of alder's and birch's first users.
    secrets: [String; 2],
    /// The step, what `audit query` is asked, and what one of the records found says.
    left: Vec<(String, Vec<&'static str>, String)>,
}

fn plans() -> String {
    let limits = LIMITS.iter().enumerate().map(|(n, (plan, ..))| format!("[plans.limit_{n}]\n{plan}\n"));
    let quotas = QUOTAS.iter().enumerate().map(|(n, (quota, ..))| {
        let connections =
            if quota.starts_with("soft") { format!("[plans.quota_{n}]\nmax_connections = 1\n") } else { String::new() };
        format!("{connections}[plans.quota_{n}.quota]\n{quota}\n")
    });
    limits.chain(quotas).collect()
}

/// Runs a verb and gives its exit code and what it said.
fn verb(arguments: &[&str]) -> (Option<i32>, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_pgmoat")).args(arguments).env("USER", "olga").output().expect("pgmoat runs");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code(), text(&output.stdout) + &text(&output.stderr))
}

fn done(arguments: &[&str]) -> String {
    let (code, text) = verb(arguments);
    assert_eq!(code, Some(0), "{arguments:?}: {text}");
    text
}

/// The printed `DATABASE_URL`, and the user and password in it.
fn credentials(text: &str) -> (String, String, String) {
    let url = text.lines().find_map(|l| l.strip_prefix("DATABASE_URL=")).unwrap_or_else(|| panic!("no URL in {text}"));
    let (user, rest) = url.split_once("://").and_then(|(_, rest)| rest.split_once(':')).expect("a user");
    (url.to_owned(), user.to_owned(), rest.split_once('@').expect("a password").0.to_owned())
}

/// In the morning there is nothing but a database, a configuration and a key: the registry is made, and the proxy starts.
fn morning() -> Day {
    let (world, folder, authority) = (World::new(), tempfile::tempdir().expect("folder"), Authority::new());
    let signer = Signer::new(folder.path());
    let key = folder.path().join("audit.key");
    done(&["audit", "key", key.to_str().expect("a path")]);
    let tables = TENANCY.split("[[tenants]]").next().expect("tables").replace("scopes = { property = false }\n", "");
    let jwt = format!(
        "[jwt]\nkeys = \"{}\"\nalgorithms = [\"EdDSA\"]\nissuer = \"https://login.test\"\naudience = \"moat\"\n",
        folder.path().join("keys.pem").display()
    );
    let url = format!("postgres://postgres@127.0.0.1:{}/{}", cluster().port, world.real);
    let registry = format!("[registry]\nurl = \"{url}\"\nrefresh = \"1s\"\nflush = \"50ms\"\n");
    let mut setup = Setup::new(&world.real, &format!("{tables}{PEOPLE}{}{jwt}{registry}", plans()));
    setup.listen = authority.listen("client_required = false\nrequired = false\n");
    setup.upstream += "\nstorage_poll = \"50ms\"\nquery_wait_timeout = \"300ms\"";
    setup.audit = format!("signing_key = \"{}\"", key.display());
    let config = folder.path().join("pgmoat.toml");
    std::fs::write(&config, setup.file("127.0.0.1:1")).expect("write");
    assert!(done(&["init", "--config", config.to_str().expect("a path")]).starts_with("made the registry"));
    let proxy = Proxy::start(&setup);
    let mut day = Day { proxy, world, folder, signer, authority, secrets: Default::default(), left: Vec::new() };
    day.leaves("the registry is made", &["--event", "lifecycle", "--user", "olga"], "init: version 2");
    day.leaves("the proxy starts", &["--event", "start"], "");
    day
}

impl Day {
    /// A verb on the proxy's own configuration.
    fn verb(&self, arguments: &[&str]) -> (Option<i32>, String) {
        verb(&[arguments, &["--config", self.proxy.config().to_str().expect("a path")]].concat())
    }

    fn done(&self, arguments: &[&str]) -> String {
        let (code, text) = self.verb(arguments);
        assert_eq!(code, Some(0), "{arguments:?}: {text}");
        text
    }

    /// A step must be on record in the evening.
    fn leaves(&mut self, step: &str, sought: &[&'static str], says: &str) {
        self.left.push((step.to_owned(), sought.to_vec(), says.to_owned()));
    }

    fn audit(&self) -> PathBuf {
        self.proxy.config().with_file_name("audit.jsonl")
    }

    /// A login, or the SQLSTATE and message of its refusal.
    fn try_log_in(&self, user: &str, password: &str, options: &str) -> Result<Wire, (String, String)> {
        let mut parameters = vec![("user", user), ("database", self.proxy.database.as_str())];
        parameters.extend((!options.is_empty()).then_some(("options", options)));
        match Wire::login(tcp(self.proxy.port).expect("tcp"), &parameters, Some(password)) {
            Ok(wire) => Ok(wire),
            Err(Failure::Refused(fields)) => Err((fields[&'C'].clone(), fields[&'M'].clone())),
            Err(Failure::Io(e)) => panic!("{e}"),
        }
    }

    fn log_in(&self, user: &str, password: &str) -> Wire {
        self.try_log_in(user, password, "").unwrap_or_else(|e| panic!("{user}: {e:?}; {}", self.proxy.log()))
    }

    /// Alder's first user.
    fn alder(&self) -> Result<Wire, (String, String)> {
        self.try_log_in("alder_app", &self.secrets[0], "")
    }
}

/// The tenant that a session is in and how many properties it sees: only its own.
fn who(wire: &mut Wire) -> String {
    let row = wire.run("SELECT tenant(), count(*), count(*) FILTER (WHERE tenant_id <> tenant_id()) FROM properties").remove(0);
    row.into_iter().map(Option::unwrap_or_default).collect::<Vec<_>>().join(" ")
}

/// The SQLSTATE of the error with which a session ends, and its message.
fn farewell(wire: &mut Wire) -> (String, String) {
    loop {
        let frame = wire.frame().expect("a last word");
        if frame.tag == b'E' {
            let fields = crate::wire::fields(&frame.body);
            return (fields[&'C'].clone(), fields[&'M'].clone());
        }
    }
}

/// The SQLSTATE of a statement in a session of its own, and what else it is told.
fn asked(day: &Day, sql: &str) -> String {
    match day.alder() {
        Ok(mut wire) => {
            let reply = wire.query(sql);
            let message = reply.error().map_or("", |e| &e[&'M']);
            assert!(!message.contains("quota") || reply.error().is_some_and(|e| e[&'H'].starts_with("retry_after_ms=")));
            format!("{} {message}", reply.sqlstate())
        }
        Err((code, message)) => format!("{code} {message}"),
    }
}

fn one_statement(day: &Day) -> String {
    asked(day, "SELECT name FROM properties")
}

fn one_write(day: &Day) -> String {
    asked(day, "UPDATE assets SET label = label")
}

fn long_statement(day: &Day) -> String {
    asked(day, LONG)
}

fn too_many_at_once(day: &Day) -> String {
    asked(day, "SELECT 1; SELECT 2")
}

fn too_fast(day: &Day) -> String {
    let Ok(mut wire) = day.alder() else { return String::new() };
    let reply = (0..3).map(|_| wire.query(COUNT)).find(|reply| reply.sqlstate() != "00000");
    let Some(reply) = reply else { return "00000".to_owned() };
    assert!(reply.error().is_some_and(|e| e[&'H'].starts_with("retry_after_ms=")), "{}", reply.summary());
    assert_eq!(reply.status, Some(b'I'), "the session is intact");
    reply.sqlstate().to_owned()
}

fn two_clients(day: &Day) -> String {
    let _one = day.alder();
    day.alder().err().map_or_else(|| "00000".to_owned(), |(code, _)| code)
}

fn two_transactions(day: &Day) -> String {
    let (Ok(mut holder), Ok(mut other)) = (day.alder(), day.alder()) else { return String::new() };
    holder.run("BEGIN");
    holder.run(COUNT);
    other.query(COUNT).sqlstate().to_owned()
}

/// A transaction in which nothing happens; the code by which it ends, where it does within a moment.
fn open_transaction(day: &Day) -> String {
    let Ok(mut wire) = day.alder() else { return String::new() };
    wire.run("BEGIN");
    wire.send(&query("SELECT count(*) FROM generate_series(1, 1000)")).expect("sent");
    wire.until_ready();
    farewell(&mut wire).0
}

fn one_more_user(day: &Day) -> String {
    let (code, text) = day.verb(&["user", "create", "alder_two", "--tenant", "alder"]);
    assert!(text.contains("has 1 users: its quota is 1"), "{text}");
    format!("exit code {}", code.expect("a code"))
}

/// Two tenants, each with its first user, and one of them with a token.
fn onboarding(day: &mut Day) {
    for (n, (name, id, more)) in [("alder", "1", ["--plan", "free"]), ("birch", "2", ["--trial", "14d"])].into_iter().enumerate()
    {
        let (key, uuid) = (format!("key={name}"), format!("uuid={}", "11111111-1111-1111-1111-111111111111".replace('1', id)));
        let user = format!("{name}_app");
        let create = ["tenant", "create", name, "--id", id, "--attribute", &key, "--attribute", &uuid, "--user", &user];
        let told = day.done(&[&create[..], &more, &["--reason", "they signed"]].concat());
        assert!(told.contains("tables scoped"), "the schema is checked: {told}");
        let (url, user, secret) = credentials(&told);
        // What was printed is all that it takes.
        let mut said = String::new();
        wait_for("the tenant", LIMIT, || {
            let sql = "SELECT tenant(), min(tenant_id), max(tenant_id) FROM properties";
            let output = Command::new("psql").args(["-XAtw", "-c", sql]).arg(&url).output().expect("psql runs");
            said = String::from_utf8_lossy(&output.stdout).trim().to_owned();
            !said.is_empty()
        });
        assert_eq!(said, format!("{name}|{id}|{id}"));
        day.secrets[n] = secret;
        day.leaves(&format!("{name} is made"), &["--event", "lifecycle", "--user", "olga"], &format!("create: id={id}"));
        day.leaves(&format!("{user} logs in"), &["--event", "login", "--tenant", if n == 0 { "alder" } else { "birch" }], "");
    }
    let (_, token, secret) =
        credentials(&day.done(&["token", "issue", "birch", "--user", "reports", "--role", "auditor", "--expires", "30d"]));
    wait_for("the token", LIMIT, || day.try_log_in(&token, &secret, "").is_ok());
    assert!(who(&mut day.log_in(&token, &secret)).starts_with("birch "));
    day.leaves(
        "a token is issued",
        &["--event", "lifecycle", "--tenant", "birch"],
        &format!("{token}, role auditor, for reports"),
    );
    assert_eq!(day.log_in(&token, &secret).query("DELETE FROM properties").sqlstate(), "42501");
    day.leaves("it may only read", &["--event", "refusal", "--tenant", "birch", "--rule", "role"], "");
    day.done(&["user", "set", "birch_app", "--role", "auditor", "--reason", "a rehearsal"]);
    let secret_of_birch = day.secrets[1].clone();
    // Who logs in just when it changes is told to log in again.
    let code = |day: &Day| match day.try_log_in("birch_app", &secret_of_birch, "") {
        Ok(mut wire) => wire.query("DELETE FROM properties WHERE id < 0").sqlstate().to_owned(),
        Err((code, _)) => code,
    };
    wait_for("the role", LIMIT, || code(day) == "42501");
    day.done(&["user", "set", "birch_app", "--no-role", "--reason", "the rehearsal is over"]);
    wait_for("no role", LIMIT, || code(day) == "00000");
    day.leaves("a user gets a role", &["--event", "lifecycle", "--tenant", "birch"], "set user: birch_app, role auditor");
    day.leaves("and loses it", &["--event", "lifecycle", "--tenant", "birch"], "set user: birch_app, no role");
    day.done(&["token", "revoke", &token, "--reason", "a rehearsal"]);
    wait_for("the token's end", LIMIT, || day.try_log_in(&token, &secret, "").is_err_and(|(code, _)| code == "28000"));
    day.leaves("a token is revoked", &["--event", "lifecycle", "--tenant", "birch"], "a rehearsal");
    day.leaves("the revoked token is turned away", &["--event", "login_failed", "--sqlstate", "28000"], "was revoked");
}

/// Every way in.
fn logins(day: &mut Day) {
    let birch = day.secrets[1].clone();
    assert!(who(&mut day.log_in("birch_app", &birch)).starts_with("birch "));
    assert!(who(&mut day.log_in("birch_app.birch", &birch)).starts_with("birch "));
    let mut named = day.try_log_in("birch_app", &birch, "-c pgmoat.tenant=birch").expect("logs in");
    assert!(who(&mut named).starts_with("birch "));
    let token = day.signer.token(&json!({"tenant": "birch"}));
    assert!(who(&mut day.log_in("web", &token)).starts_with("birch "));
    let certificate = day.authority.sign("billing", &["x.test"]);
    assert!(psql(&day.proxy, "robot", "", &certificate, &[]).starts_with("cedar|"));
    for (user, says) in [("birch_app", ""), ("web", "by a token for u-17"), ("robot", "")] {
        day.leaves(
            &format!("{user} logs in"),
            &["--event", "login", "--tenant", if user == "robot" { "cedar" } else { "birch" }],
            says,
        );
        day.left.last_mut().expect("one").1.extend(["--user", user]);
    }
    // And who must not.
    for (user, password, options) in [
        ("birch_app", "wrong", ""),
        ("birch_app.alder", birch.as_str(), ""),
        ("birch_app", birch.as_str(), "-c pgmoat.tenant=alder"),
        ("web", "no.such.token", ""),
        ("robot", PASSWORD, ""),
        ("nobody", PASSWORD, ""),
    ] {
        let (code, _) = day.try_log_in(user, password, options).err().unwrap_or_else(|| panic!("{user} {options}"));
        assert_eq!(code, "28P01", "{user} {options}");
    }
    for user in ["birch_app", "birch_app.alder", "web", "robot", "nobody"] {
        day.leaves(&format!("{user} is turned away"), &["--event", "login_failed", "--sqlstate", "28P01", "--user", user], "");
    }
}

/// The superadmin helps a customer; the platform's app works for another; both are seen.
fn switches(day: &mut Day) {
    let mut root = day.log_in("root", PASSWORD);
    assert_eq!(root.run("SELECT count(DISTINCT tenant_id) FROM properties"), [[Some("3".to_owned())]]);
    day.leaves("the superadmin looks at everything", &["--event", "bypass", "--user", "root"], "select count");
    assert_eq!(root.query("SET pgmoat.tenant = 'birch'").sqlstate(), "42501");
    day.leaves("a switch without a reason is refused", &["--event", "refusal", "--user", "root"], "a switch needs a reason");
    root.run("SET pgmoat.reason = 'ticket 4711'");
    root.run("SET pgmoat.tenant = 'birch'");
    assert!(who(&mut root).starts_with("birch "));
    day.leaves("the superadmin switches", &["--event", "switch", "--tenant", "birch", "--user", "root"], "reason: ticket 4711");
    assert_eq!(root.query("UPDATE meters SET tenant_id = 1").sqlstate(), "42501");
    day.leaves(
        "what it does there is on record for both",
        &["--event", "refusal", "--tenant", "birch", "--user", "root", "--rule", "tenant_column"],
        "logged in to no tenant, as role \"superadmin\"",
    );
    root.run("SELECT count(*) FROM meters WHERE tenant_id = 1");
    day.leaves(
        "a crossing is noticed",
        &["--event", "crossing", "--tenant", "birch", "--relation", "meters"],
        "not the tenant's own",
    );
    root.run("RESET pgmoat.tenant");
    day.leaves("it goes back", &["--event", "switch", "--user", "root"], "to no tenant");
    let mut gateway = day.log_in("gateway", PASSWORD);
    assert_eq!(gateway.query("SET pgmoat.tenant = 'birch'").sqlstate(), "42501");
    day.leaves("an unsigned switch is refused", &["--event", "refusal", "--user", "gateway"], "permission denied for parameter");
    let token = day.signer.token(&json!({"tenant": "birch"}));
    gateway.run(&format!("SET pgmoat.context = '{token}'"));
    assert!(who(&mut gateway).starts_with("birch "));
    day.leaves("a signed one is not", &["--event", "switch", "--tenant", "birch", "--user", "gateway"], "for \"u-17\"");
}

/// Runs into a limit within a while: what a session before it held may not be given back at once.
fn runs_into(day: &Day, what: &str, run_into: fn(&Day) -> String, code: &str) {
    let (start, mut said) = (Instant::now(), Vec::new());
    while said.last().is_none_or(|last: &String| !last.starts_with(code)) {
        assert!(start.elapsed() < LIMIT, "{what}: not {code} but {said:?} within {LIMIT:?}");
        said.push(run_into(day));
    }
}

/// One plan after the other, each with one limit, for sessions that are there and those that come.
fn limits(day: &mut Day) {
    for (n, (limit, run_into, code, says)) in LIMITS.into_iter().enumerate() {
        let plan = format!("plan=limit_{n}");
        day.done(&["tenant", "set", "alder", &plan]);
        wait_for(limit, LIMIT, || day.set_plan() == format!("limit_{n}"));
        runs_into(day, limit, run_into, code);
        day.leaves(limit, &["--tenant", "alder", "--rule", "limit", "--sqlstate", &code[..5]], says);
        day.leaves(&plan, &["--event", "lifecycle", "--tenant", "alder"], &plan);
    }
}

/// The same with quotas: each is used up by what was done before, and none stops what another plan allows.
fn quotas(day: &mut Day) {
    day.done(&["tenant", "set", "alder", "plan=pro"]);
    wait_for("to write", LIMIT, || asked(day, "INSERT INTO assets (id, label) VALUES (90001, 'a'), (90002, 'b')") == "00000 ");
    for (n, (quota, run_into, code, says)) in QUOTAS.into_iter().enumerate() {
        let plan = format!("plan=quota_{n}");
        day.done(&["tenant", "set", "alder", &plan]);
        wait_for(quota, LIMIT, || day.set_plan() == format!("quota_{n}"));
        runs_into(day, quota, run_into, code);
        // Connections are counted while they are there.
        let held = day.alder();
        day.leaves(quota, &["--event", "quota", "--tenant", "alder"], says);
        wait_for(quota, LIMIT, || day.found(&["--event", "quota", "--tenant", "alder"], says));
        drop(held);
    }
    for what in ["statements", "bytes of results", "written rows", "storage"] {
        let says = format!("the tenant's quota of {what} is used up");
        day.leaves(&says, &["--event", "refusal", "--rule", "quota", "--sqlstate", "53400", "--tenant", "alder"], &says);
    }
    assert!(day.done(&["tenant", "usage", "alder"]).contains("queries"));
}

impl Day {
    /// The plan that alder is under, as the proxy knows by now.
    fn set_plan(&self) -> String {
        let mut console = Wire::connect(self.proxy.port, "operator", "pgmoat", Some(PASSWORD)).expect("the console");
        let rows = console.run("SHOW TENANTS");
        rows.into_iter().find(|r| r[0].as_deref() == Some("alder")).and_then(|mut r| r[1].take()).unwrap_or_default()
    }

    /// Whether one of the records that `audit query` finds says this.
    fn found(&self, sought: &[&str], says: &str) -> bool {
        let file = self.audit();
        let told = done(&[&["audit", "query", file.to_str().expect("a path"), "--json"], sought].concat());
        let text = |record: &Value| {
            let keys = ["message", "statement", "switched"];
            keys.map(|key| record[key].as_str().unwrap_or_default().to_owned()).join("\n")
        };
        told.lines().any(|line| text(&serde_json::from_str(line).expect("a record")).contains(says))
    }
}

/// A customer does not pay, pays, pays for more; another's trial ends.
fn lifecycle(day: &mut Day) {
    day.done(&["tenant", "set", "alder", "plan=free"]);
    wait_for("the small plan", LIMIT, || day.set_plan() == "free");
    let (mut idle, mut busy) = (day.alder().expect("logs in"), day.alder().expect("logs in"));
    wait_for("a statement", LIMIT, || busy.query("BEGIN").sqlstate() == "00000");
    day.done(&["tenant", "suspend", "alder", "--reason", "unpaid", "--by", "billing"]);
    for wire in [&mut idle, &mut busy] {
        let (code, message) = farewell(wire);
        assert!(code == "57P01" && message.contains("tenant \"alder\" is suspended"), "{code} {message}");
    }
    assert_eq!(day.alder().err().expect("refused").0, "28000");
    day.leaves("alder is suspended", &["--event", "lifecycle", "--tenant", "alder", "--user", "billing"], "reason: unpaid");
    day.leaves("it is turned away", &["--event", "login_failed", "--sqlstate", "28000", "--user", "alder_app"], "is suspended");
    day.done(&["tenant", "resume", "alder", "--reason", "paid"]);
    wait_for("alder to be back", LIMIT, || day.alder().is_ok());
    day.leaves("alder is served again", &["--event", "lifecycle", "--tenant", "alder", "--user", "olga"], "resume: ");
    let mut live = day.alder().expect("logs in");
    let mut three = || live.query("SELECT 1; SELECT 2; SELECT 3").sqlstate().to_owned();
    assert_eq!(three(), "53400");
    day.done(&["tenant", "set", "alder", "plan=pro", "--reason", "an upgrade"]);
    wait_for("the session to have it", Duration::from_secs(1), || three() == "00000");
    day.leaves("alder has a larger plan", &["--event", "lifecycle", "--tenant", "alder"], "reason: an upgrade");
    let mut trial = day.log_in("birch_app", &day.secrets[1]);
    day.done(&["tenant", "set", "birch", "trial=1s"]);
    let (code, message) = farewell(&mut trial);
    assert!(code == "57P01" && message.contains("the trial of tenant \"birch\" has expired"), "{code} {message}");
    assert_eq!(day.try_log_in("birch_app", &day.secrets[1], "").err().expect("refused").0, "28000");
    day.leaves(
        "the trial is over",
        &["--event", "lifecycle", "--tenant", "birch"],
        "expire: the trial of tenant \"birch\" has expired",
    );
    day.leaves(
        "birch is turned away",
        &["--event", "login_failed", "--user", "birch_app"],
        "the trial of tenant \"birch\" has expired",
    );
    let mut console = Wire::connect(day.proxy.port, "operator", "pgmoat", Some(PASSWORD)).expect("the console");
    console.run("SUSPEND TENANT cedar");
    console.run("RESUME TENANT cedar");
    console.run("RELOAD");
    day.leaves("the console is used", &["--event", "console", "--user", "operator"], "");
    day.leaves("cedar is suspended at the console", &["--event", "suspend", "--tenant", "cedar"], "");
    day.leaves("and back", &["--event", "resume", "--tenant", "cedar"], "");
    day.leaves("the configuration is read anew", &["--event", "reload"], "");
}

/// What `audit verify` says of a file with these bytes in the place of the chain's, its head and the key as they are.
fn verified(day: &Day, bytes: &[u8]) -> (Option<i32>, String) {
    let folder = tempfile::tempdir_in(day.folder.path()).expect("folder");
    let (file, head) = (folder.path().join("audit.jsonl"), "audit.jsonl.head");
    std::fs::write(&file, bytes).expect("write");
    std::fs::copy(day.audit().with_file_name(head), folder.path().join(head)).expect("copy");
    let text = |path: &Path| path.to_str().expect("a path").to_owned();
    verb(&["audit", "verify", &text(&file), "--public-key", &text(&day.folder.path().join("audit.key.pub"))])
}

/// In the evening the whole day is on record, and nobody can take anything out of it unseen.
fn evening(mut day: Day) {
    let left = std::mem::take(&mut day.left);
    for (step, sought, says) in &left {
        wait_for(&format!("the record of: {step} ({sought:?} {says:?})"), LIMIT, || day.found(sought, says));
    }
    day.proxy.signal("TERM");
    day.proxy.wait_end(LIMIT);
    assert!(day.found(&["--event", "stop"], ""));
    let whole = std::fs::read(day.audit()).expect("the file");
    let (code, told) = verified(&day, &whole);
    assert_eq!(code, Some(0), "{told}");
    assert!(told.contains("0 torn lines, whole") && told.contains("checkpoints, signed with this key"), "{told}");
    let ends: Vec<usize> = whole.iter().enumerate().filter(|(_, b)| **b == b'\n').map(|(at, _)| at + 1).collect();
    let lines = ends.len();
    assert!(lines > left.len(), "{lines} lines");
    // One flipped byte, in the middle of a record; one deleted line; one tail that is cut off, at the end of a line and within one.
    let mut flipped = whole.clone();
    flipped[ends[9] + 40] ^= 1;
    let deleted = [&whole[..ends[9]], &whole[ends[10]..]].concat();
    let follows = "this record does not follow the one before it: one of them was changed, removed or put in";
    let cut = format!("the tail was cut off: the last record here is {}, and there was a record {lines}", lines - 3);
    for (what, bytes, line, said) in [
        ("a flipped byte", &flipped[..], 12, follows),
        ("a deleted line", &deleted, 11, follows),
        ("a truncated tail", &whole[..ends[lines - 4]], lines - 3, &cut),
        ("a tail that was cut within a line", &whole[..ends[lines - 4] - 20], lines - 3, "this is not an audit record"),
    ] {
        let (code, told) = verified(&day, bytes);
        assert_eq!(code, Some(1), "{what}: {told}");
        let told = told.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(told.contains(&format!("audit.jsonl, line {line}: ")) && told.contains(said), "{what}: {told}");
    }
    let everything = String::from_utf8(whole).expect("text") + &day.proxy.log();
    for secret in &day.secrets {
        assert!(!everything.contains(secret.as_str()), "a password is written down");
    }
    drop(day.world);
}

#[test]
fn a_day_in_the_life() {
    let mut day = morning();
    onboarding(&mut day);
    logins(&mut day);
    switches(&mut day);
    limits(&mut day);
    quotas(&mut day);
    lifecycle(&mut day);
    evening(day);
}
