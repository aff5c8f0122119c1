//! Secrets of every kind go in; the log at its most talkative, the audit file, metrics, the console, the verbs and what clients are told
//! of logins come out, and none of the secrets is in them.

use crate::identity::{Authority, Signer, jwt};
use crate::proxy::{PASSWORD, Proxy, Setup, http_get};
use crate::wire::{Failure, Wire, bind, execute, parse, sync, tcp};
use crate::world::World;
use serde_json::json;
use std::net::TcpListener;
use std::path::Path;
use std::process::Command;

/// Statements with a secret in each, for whoever may run them; most are refused, some by PostgreSQL.
const STATEMENTS: [&str; 22] = [
    "SELECT 'SECRET'",
    "SELECT E'SECRET\\n' AS x",
    "SELECT U&'SECRET'",
    "SELECT $$SECRET$$",
    "SELECT $tag$SECRET$tag$ FROM staff_names",
    "SELECT 1 /* SECRET */ FROM staff_names -- SECRET",
    "SELECT * FROM meters WHERE tenant_id = 2 AND serial = 'SECRET'",
    "INSERT INTO meters (tenant_id, serial) VALUES (2, 'SECRET')",
    "UPDATE meters SET serial = 'SECRET', tenant_id = 2",
    "CREATE ROLE x LOGIN PASSWORD 'SECRET'",
    "ALTER ROLE app PASSWORD 'SECRET'",
    "ALTER USER app WITH ENCRYPTED PASSWORD 'SECRET'",
    "SET pgmoat.context = 'SECRET'",
    "SET SESSION AUTHORIZATION 'SECRET'",
    "SELECT set_config('pgmoat.context', 'SECRET', false)",
    "SELECT pg_read_file('SECRET')",
    "COPY meters FROM PROGRAM 'SECRET'",
    "SELECT 'SECRET",
    "SELEC 'SECRET'",
    "SELECT 'SECRET'::int",
    "SELECT dblink('host=x password=SECRET')",
    "DO $$ BEGIN RAISE NOTICE 'SECRET'; END $$",
];

/// What was planted: what it is, and a text that must not come out.
struct Planted(Vec<(String, String)>);

impl Planted {
    fn add(&mut self, what: &str, text: impl Into<String>) -> String {
        let text = text.into();
        self.0.push((what.to_owned(), text.clone()));
        text
    }

    fn look(&self, place: &str, text: &str) {
        assert!(!text.is_empty(), "nothing comes out of {place}");
        for (what, secret) in &self.0 {
            let at = text.find(secret.as_str());
            let around = at.and_then(|at| text.get(at.saturating_sub(300)..(at + 100).min(text.len())));
            assert!(at.is_none(), "{what} in {place}: {around:?}");
        }
    }
}

/// What a login that fails is told.
fn told(result: Result<Wire, Failure>) -> String {
    match result {
        Ok(_) => "let in".to_owned(),
        Err(Failure::Refused(fields)) => format!("{fields:?}"),
        Err(Failure::Io(e)) => e.to_string(),
    }
}

/// `[audit]` with a key that signs, and alerts for a webhook at which somebody listens and nobody answers.
fn recorded(folder: &Path, planted: &mut Planted) -> (String, TcpListener) {
    let signing = folder.join("audit.key");
    let made = Command::new(env!("CARGO_BIN_EXE_pgmoat")).args(["audit", "key"]).arg(&signing).output().expect("runs");
    let key = std::fs::read_to_string(&signing).expect("key");
    planted.add("the audit key", key.lines().nth(1).expect("a line"));
    planted.look("the making of a key", &String::from_utf8_lossy(&made.stdout));
    let silent = TcpListener::bind("127.0.0.1:0").expect("bind");
    let hook = planted.add("the webhook's path", "planted-path-41d8");
    let header = planted.add("the webhook's header", "planted-header-c07a");
    let address = silent.local_addr().expect("address");
    let alert = |on: &str| {
        format!("[[alerts]]\non = \"{on}\"\nwebhook = \"http://{address}/{hook}\"\nheader = \"Authorization: Bearer {header}\"\n")
    };
    let alerts = ["refusals", "logins_failed", "crossings"].map(alert).concat();
    let audit = format!("signing_key = \"{}\"\ncheckpoint_every = 3\nstdout = true\n{alerts}", signing.display());
    (audit, silent)
}

/// Statements, and parameters, of all sorts of users.
fn statements(proxy: &Proxy, plain: &str, planted: &mut Planted) {
    for user in ["plain", "dba", "boss"] {
        let password = if user == "plain" { plain } else { PASSWORD };
        let database = if user == "boss" { "pgmoat" } else { &proxy.database };
        let mut wire = Wire::connect(proxy.port, user, database, Some(password)).unwrap_or_else(|e| panic!("{user}: {e:?}"));
        for (n, statement) in STATEMENTS.iter().enumerate() {
            let secret = planted.add(statement, format!("planted-{user}-{n}-x"));
            let statement = statement.replace("SECRET", &secret);
            // What changes something for all is not for who may.
            if user != "dba" || statement.starts_with("SELEC") {
                wire.query(&statement);
            }
        }
        if user == "plain" {
            let value = planted.add("a parameter", "planted-parameter-0");
            for sql in ["SELECT id FROM meters WHERE serial = $1", "INSERT INTO meters (tenant_id, serial) VALUES (2, $1)"] {
                wire.exchange(&[parse("", sql, &[]), bind("", "", &[Some(&value)]), execute("", 0), sync()].concat());
            }
            let value = planted.add("a parameter of another tenant's row", "777002777");
            let sql = "INSERT INTO meters (tenant_id, serial) VALUES ($1, 'x')";
            wire.exchange(&[parse("", sql, &[]), bind("", "", &[Some(&value)]), execute("", 0), sync()].concat());
        }
    }
}

#[test]
fn no_secret_comes_out() {
    let (world, folder, authority) = (World::new(), tempfile::tempdir().expect("folder"), Authority::new());
    let mut planted = Planted(Vec::new());
    let signer = Signer::new(folder.path());
    let key = signer.private_pem();
    planted.add("the issuer's private key", key.lines().nth(1).expect("a line"));
    planted.add("the upstream's password", "pw two");
    planted.add("the upstream's password, encoded", "pw%20two");
    planted.add("the password of all users", PASSWORD);
    let plain = planted.add("a plain password", "planted-plain-9f31");
    let verifier = postgres_protocol::password::scram_sha_256(b"planted-verified-77c2");
    planted.add("a password of a verifier", "planted-verified-77c2");
    planted.add("a verifier's keys", verifier.rsplit('$').next().expect("keys"));
    let users = format!(
        "[[users]]\nname = \"plain\"\npassword = \"{plain}\"\ntenant = \"alder\"\n[[users]]\nname = \"verified\"\npassword = \"{verifier}\"\ntenant = \"alder\"\n\
         [[users]]\nname = \"boss\"\npassword = \"{PASSWORD}\"\nconsole = \"admin\"\n"
    );
    let tenancy = jwt(folder.path(), "").replacen("[jwt]", &format!("{users}[jwt]"), 1);
    let listen = authority.listen("client_required = false\nrequired = false\n");
    let tls = std::fs::read_to_string(authority.file("proxy.key")).expect("key");
    planted.add("the TLS key", tls.lines().nth(1).expect("a line"));
    let login = "auth_scram:pw%20two".to_owned();
    let (audit, silent) = recorded(folder.path(), &mut planted);
    let proxy = Proxy::start(&Setup { login, listen, audit, log: "trace", ..Setup::new(&world.real, &tenancy) });

    // Logins, good and bad.
    let mut heard = String::new();
    let mut log_in = |user: &str, password: &str| {
        let parameters = [("user", user), ("database", proxy.database.as_str())];
        let result = Wire::login(tcp(proxy.port).expect("tcp"), &parameters, Some(password));
        let good = result.is_ok();
        heard += &told(result);
        good
    };
    assert!(log_in("plain", &plain) && log_in("verified", "planted-verified-77c2"));
    let wrong = planted.add("a wrong password", "planted-wrong-5c05");
    assert!(!log_in("plain", &wrong) && !log_in("nobody", &wrong) && !log_in("web", &wrong));
    for (what, claims, good) in [
        ("a good token", json!({"tenant": "alder"}), true),
        ("an expired token", json!({"tenant": "alder", "exp": 1}), false),
        ("a token for somebody else", json!({"tenant": "alder", "aud": "x"}), false),
        ("a token of nobody's", json!({"tenant": "planted-claim-1b"}), false),
        ("a token with a role", json!({"tenant": "alder", "role": "planted-claim-2b"}), false),
    ] {
        let token = signer.token(&claims);
        token.split('.').enumerate().filter(|(part, _)| *part > 0).for_each(|(_, part)| drop(planted.add(what, part)));
        assert_eq!(log_in("web", &token), good, "{what}");
    }
    planted.add("a claim", "planted-claim");
    planted.look("what logins are told", &heard);

    statements(&proxy, &plain, &mut planted);

    // All that says something.
    let config = proxy.config();
    let verb = |arguments: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_pgmoat")).args(arguments).env("RUST_LOG", "trace").output().expect("runs");
        format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
    };
    let file = config.to_str().expect("a path");
    planted.look("check", &verb(&["check", "--config", file]));
    let broken = folder.path().join("broken.toml");
    let text = std::fs::read_to_string(&config).expect("configuration");
    std::fs::write(
        &broken,
        text.replace("password =", "passwort =")
            .replace("jwt = true", "jwt = 3")
            .replace("Authorization: ", "Authorization ")
            .replace("http://", "htp://"),
    )
    .expect("write");
    planted.look("a complaint about the configuration", &verb(&["check", "--config", broken.to_str().expect("a path")]));
    proxy.signal("HUP");
    let mut console = Wire::connect(proxy.port, "boss", "pgmoat", Some(PASSWORD)).unwrap_or_else(|e| panic!("{e:?}"));
    for table in ["CONFIG", "CLIENTS", "SERVERS", "USERS", "TENANTS", "DATABASES", "REFUSALS", "STATS", "POOLS"] {
        let told = console.query(&format!("SHOW {table}"));
        planted.look(table, &format!("{told:?}"));
    }
    let (_, metrics) = http_get(proxy.http, "/metrics").expect("metrics");
    planted.look("the metrics", &metrics);
    let audit = proxy.audit().join("\n");
    assert!(audit.contains("\"event\":\"checkpoint\""), "nothing is signed");
    planted.look("the audit file", &audit);
    let file = config.with_file_name("audit.jsonl");
    planted.look("audit query", &verb(&["audit", "query", file.to_str().expect("a path")]));
    planted.look("audit verify", &verb(&["audit", "verify", file.to_str().expect("a path")]));
    // Both had their turn: what was sent there is the header, and nowhere else.
    let (mut heard, _) = silent.accept().expect("an alert");
    let mut sent = vec![0; 4096];
    let n = std::io::Read::read(&mut heard, &mut sent).expect("read");
    assert!(String::from_utf8_lossy(sent.get(..n).expect("bytes")).contains("planted-header-c07a"));
    let log = proxy.log();
    assert!(log.contains("DEBUG") || log.contains("TRACE"), "the log says less than it could:\n{log}");
    planted.look("the log", &log);
}
