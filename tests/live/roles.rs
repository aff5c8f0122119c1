//! Roles at work: who has which, what each refuses, and that a reload changes them for those who are connected.
//! What becomes of each statement is tested without a server (`tests/core/rewrite/clerk.sql`).

use crate::cluster::wait_for;
use crate::identity::{Signer, jwt};
use crate::proxy::{PASSWORD, Proxy, Setup};
use crate::wire::{Failure, Wire, bind, execute, parse, sync, tcp};
use crate::world::{TENANCY, World};
use serde_json::json;
use std::time::Duration;

const ROLES: &str = r#"
[roles.reader]
read_only = true
[roles.clerk]
relations = { "public.properties" = ["select"], "public.meters" = ["select", "insert", "update"], "public.receipts" = ["select", "delete"] }
[roles.warden]
levels = ["property"]
[roles.root]
bypass = true
[[users]]
name = "alder_reader"
password = "correct horse"
tenant = "alder"
role = "reader"
[[users]]
name = "alder_clerk"
password = "correct horse"
tenant = "alder"
role = "clerk"
[[users]]
name = "alder_warden"
password = "correct horse"
tenant = "alder"
role = "warden"
scopes = { property = [1001, 1002] }
[[users]]
name = "alder_loose"
password = "correct horse"
tenant = "alder"
role = "warden"
[[users]]
name = "boss"
password = "correct horse"
role = "root"
"#;

fn proxy(world: &World) -> Proxy {
    Proxy::start(&Setup::new(&world.real, &format!("{TENANCY}{ROLES}")))
}

/// The SQLSTATE of a statement, by the simple protocol and by the extended one, which agree.
fn code(wire: &mut Wire, sql: &str) -> String {
    let simple = wire.query(sql).sqlstate().to_owned();
    let extended = wire.extended(sql, &[]).sqlstate().to_owned();
    assert_eq!(simple, extended, "{sql}");
    simple
}

/// What PostgreSQL computes from a hidden column is hidden with it.
#[test]
fn a_column_that_is_generated_from_a_hidden_one_does_not_show() {
    const BLIND: &str = r#"
[roles.blind]
hide = ["public.invoice_lines.price"]
[[users]]
name = "alder_blind"
password = "correct horse"
tenant = "alder"
role = "blind"
"#;
    let world = World::new();
    let proxy = Proxy::start(&Setup::new(&world.real, &format!("{TENANCY}{BLIND}")));
    let mut blind = proxy.client("alder_blind");
    for column in ["price", "amount"] {
        assert_eq!(code(&mut blind, &format!("SELECT {column} FROM invoice_lines")), "42703", "{column}");
    }
    assert_eq!(code(&mut blind, "SELECT qty FROM invoice_lines"), "00000");
}

#[test]
fn each_role_does_what_it_may() {
    let world = World::new();
    let proxy = proxy(&world);
    let mut reader = proxy.client("alder_reader");
    assert_eq!(reader.run("SELECT count(*) FROM properties")[0][0].as_deref(), Some("5"));
    for sql in [
        "INSERT INTO visits DEFAULT VALUES",
        "UPDATE properties SET units = 1",
        "DELETE FROM properties",
        "MERGE INTO properties p USING meters m ON p.id = m.id WHEN MATCHED THEN DELETE",
        "WITH gone AS (DELETE FROM receipts RETURNING 1) SELECT count(*) FROM gone",
        "SELECT id FROM properties FOR SHARE",
        "COPY properties (name) FROM STDIN",
        "UPDATE open_invoices SET memo = 'x'",
        "SELECT add_vat(1)",
        "EXPLAIN UPDATE properties SET units = 1",
    ] {
        assert_eq!(code(&mut reader, sql), "42501", "{sql}");
    }
    assert_eq!(reader.query("PREPARE p AS DELETE FROM receipts").sqlstate(), "42501");
    let mut clerk = proxy.client("alder_clerk");
    assert_eq!(code(&mut clerk, "SELECT * FROM invoices"), "42P01");
    assert_eq!(code(&mut clerk, "UPDATE meters SET kind = 'x' WHERE id = 1"), "00000");
    assert_eq!(code(&mut clerk, "DELETE FROM meters"), "42501");
    assert_eq!(code(&mut clerk, "DELETE FROM receipts WHERE id < 0"), "00000");
    assert_eq!(code(&mut clerk, "UPDATE properties SET units = 1"), "42501");
    let visible =
        clerk.run("SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY 1");
    let visible: Vec<_> = visible.into_iter().flatten().flatten().collect();
    assert_eq!(visible, ["meters", "properties", "receipts"]);
    // Who has no role is as before, on the same server connections.
    let mut app = proxy.client("alder_app");
    for sql in ["DELETE FROM meters WHERE id < 0", "UPDATE properties SET units = units", "SELECT add_vat(1)"] {
        assert_eq!(code(&mut app, sql), "00000", "{sql}");
        assert_eq!(code(&mut clerk, sql), "42501", "{sql}");
        assert_eq!(code(&mut app, sql), "00000", "{sql}");
    }
    assert_eq!(proxy.client("boss").run("SELECT count(DISTINCT tenant_id) FROM properties")[0][0].as_deref(), Some("3"));
    let records = proxy.audit();
    let refused = |r: &&String| r.contains("\"rule\":\"role\"") && r.contains("role \\\"reader\\\" may not DELETE");
    assert!(records.iter().any(|r| refused(&r) && r.contains("\"tenant\":\"alder\"")), "{records:?}");
    assert!(records.iter().any(|r| r.contains("\"event\":\"bypass\"") && r.contains("\"user\":\"boss\"")));
}

/// What belongs to a relation of which columns are hidden is not in the catalogs; of others it is.
#[test]
fn what_names_hidden_columns_is_not_in_the_catalogs() {
    let mut world = World::new();
    world.inspect("COMMENT ON COLUMN meters.secret IS 'the secret of a meter'");
    let more = "[roles.hider]\nhide = [\"public.meters.secret\", \"public.serials.kind\", \"public.invoice_lines.price\"]\n[[users]]\nname = \"alder_hider\"\npassword = \"correct horse\"\ntenant = \"alder\"\nrole = \"hider\"\n";
    let proxy = Proxy::start(&Setup::new(&world.real, &format!("{TENANCY}{more}")));
    let (mut hider, mut app) = (proxy.client("alder_hider"), proxy.client("alder_app"));
    for (sql, shown) in [
        ("SELECT count(*) FROM pg_attribute WHERE attrelid = 'meters'::regclass AND attname = 'secret'", "1"),
        ("SELECT count(*) FROM information_schema.columns WHERE table_name = 'meters' AND column_name = 'secret'", "1"),
        ("SELECT count(*) FROM information_schema.column_privileges WHERE table_name = 'meters' AND column_name = 'secret'", ""),
        ("SELECT count(*) FROM pg_description WHERE description LIKE 'the secret%'", "1"),
        ("SELECT count(*) FROM pg_indexes WHERE tablename = 'meters' AND indexname = 'meters_secret'", "1"),
        ("SELECT count(*) FROM pg_index WHERE indrelid = 'meters'::regclass", ""),
        ("SELECT count(*) FROM pg_constraint WHERE conrelid = 'meters'::regclass OR confrelid = 'meters'::regclass", ""),
        ("SELECT count(*) FROM pg_attrdef WHERE adrelid = 'meters'::regclass", ""),
        ("SELECT count(*) FROM information_schema.table_constraints WHERE table_name = 'meters'", ""),
        ("SELECT count(*) FROM information_schema.key_column_usage WHERE table_name = 'meters'", ""),
        ("SELECT count(col_description('meters'::regclass, attnum)) FROM pg_attribute WHERE attrelid = 'meters'::regclass", "1"),
        ("SELECT count(has_column_privilege('meters', 'secret', 'select'))", "1"),
        ("SELECT count(*) FROM pg_class WHERE relname = 'meters_secret'", "1"),
        ("SELECT count(definition) FROM pg_views WHERE viewname = 'serials'", "1"),
        ("SELECT count(pg_get_viewdef('serials'::regclass))", "1"),
        ("SELECT count(generation_expression) FROM information_schema.columns WHERE table_name = 'invoice_lines'", "1"),
        ("SELECT count(*) FROM pg_class WHERE relname = 'sums'", "1"),
    ] {
        let count = |wire: &mut Wire| wire.run(sql).concat().remove(0).expect("a number");
        let (hidden, all) = (count(&mut hider), count(&mut app));
        assert_eq!(hidden, "0", "{sql}");
        assert!(all != "0" && (shown.is_empty() || shown == all), "{sql}: {all}");
    }
    let visible = hider.run("SELECT count(*) FROM pg_attribute WHERE attrelid = 'meters'::regclass AND attnum > 0");
    assert_eq!(visible.concat()[0].as_deref(), Some("7"));
    assert_ne!(
        hider.run("SELECT count(*) FROM pg_index WHERE indrelid = 'properties'::regclass").concat()[0].as_deref(),
        Some("0")
    );
    assert_eq!(code(&mut hider, "SELECT 'meters_secret'::regclass"), "42P01");
    // A materialized view was filled by somebody without the role.
    assert_eq!((code(&mut hider, "SELECT * FROM sums"), code(&mut app, "SELECT * FROM sums")), ("42P01".into(), "00000".into()));
}

/// A role that hides these, and somebody who has it.
fn hiding(names: &str) -> String {
    let user = "[[users]]\nname = \"alder_hider\"\npassword = \"correct horse\"\ntenant = \"alder\"\nrole = \"hider\"\n";
    format!("{TENANCY}[roles.hider]\nhide = [{names}]\n{user}")
}

/// Until it is noticed that a hidden column was renamed, no statement has it under its new name; then its relation is gone.
#[test]
fn a_hidden_column_is_not_to_be_had_under_another_name() {
    let mut world = World::new();
    let mut setup = Setup::new(&world.real, &hiding("\"public.meters.secret\""));
    setup.upstream = "catalog_poll = \"1h\"".to_owned();
    let proxy = Proxy::start(&setup);
    let mut hider = proxy.client("alder_hider");
    assert_eq!(code(&mut hider, "UPDATE meters SET kind = kind RETURNING id"), "00000");
    world.inspect("ALTER TABLE meters RENAME COLUMN secret TO hush");
    for sql in [
        "SELECT hush FROM meters",
        "UPDATE meters SET kind = kind RETURNING hush",
        "UPDATE meters SET kind = kind RETURNING meters.hush",
        "UPDATE meters m SET kind = m.hush",
        "UPDATE meters SET hush = 'x'",
        "DELETE FROM meters WHERE hush LIKE 'CANARY%'",
    ] {
        assert_eq!(code(&mut hider, sql), "42703", "{sql}");
    }
    // Whoever logs in has the schema looked at.
    let noticed = || proxy.client("alder_hider").query("SELECT id FROM meters").sqlstate() == "42P01";
    wait_for("it to be noticed", Duration::from_secs(10), noticed);
    assert_eq!(hider.query("SELECT id FROM meters").sqlstate(), "42P01");
}

/// A name that is mistyped shows nothing: nobody starts with it.
#[test]
fn a_mistyped_name_in_hide_keeps_the_proxy_from_starting() {
    let (world, folder) = (World::new(), tempfile::tempdir().expect("folder"));
    let config = folder.path().join("pgmoat.toml");
    for (names, told) in [
        ("\"public.metres\"", "`hide`: relation public.metres does not exist: did you mean public.meters?"),
        ("\"public.meters.secrets\"", "`hide`: column secrets of public.meters does not exist: did you mean secret?"),
    ] {
        std::fs::write(&config, Setup::new(&world.real, &hiding(names)).file("127.0.0.1:0")).expect("write");
        let serve = std::process::Command::new(env!("CARGO_BIN_EXE_pgmoat")).args(["serve", "--config"]).arg(&config).output();
        let output = serve.expect("pgmoat runs");
        let said = String::from_utf8_lossy(&output.stderr).split_whitespace().collect::<Vec<_>>().join(" ");
        assert_eq!(output.status.code(), Some(1), "{said}");
        assert!(said.contains("roles.hider") && said.contains(told), "{said}");
    }
}

fn log_in(proxy: &Proxy, user: &str, password: &str) -> Result<Wire, (String, String)> {
    match Wire::login(tcp(proxy.port).expect("tcp"), &[("user", user), ("database", &proxy.database)], Some(password)) {
        Ok(wire) => Ok(wire),
        Err(Failure::Refused(fields)) => Err((fields[&'C'].clone(), fields[&'M'].clone())),
        Err(Failure::Io(e)) => panic!("{e}"),
    }
}

/// A role may ask that its users be limited in a level: who is not is not let in.
#[test]
fn who_must_be_limited_is() {
    let world = World::new();
    let proxy = proxy(&world);
    assert_eq!(proxy.client("alder_warden").run("SELECT count(*) FROM properties")[0][0].as_deref(), Some("2"));
    let (code, message) = log_in(&proxy, "alder_loose", PASSWORD).err().expect("not limited");
    assert_eq!((code.as_str(), message.contains("must be limited in level \"property\"")), ("28000", true), "{message}");
}

/// A token may take away of what its user may do, and gives nothing.
#[test]
fn a_token_may_name_a_role_that_takes_away() {
    let (world, folder) = (World::new(), tempfile::tempdir().expect("folder"));
    let signer = Signer::new(folder.path());
    let more = "[[users]]\nname = \"web_reader\"\njwt = true\nrole = \"reader\"\n";
    let proxy = Proxy::start(&Setup::new(&world.real, &format!("{}{ROLES}{more}", jwt(folder.path(), ""))));
    let ask = |user: &str, claims: serde_json::Value| match log_in(&proxy, user, &signer.token(&claims)) {
        Ok(mut wire) => code(&mut wire, "UPDATE properties SET units = units"),
        Err((code, _)) => code,
    };
    let alder = |role: &str| json!({"tenant": "alder", "role": role});
    assert_eq!(ask("web", json!({"tenant": "alder"})), "00000");
    assert_eq!((ask("web", alder("reader")).as_str(), ask("web", alder("clerk")).as_str()), ("42501", "42501"));
    // It is limited in no level, as the role asks.
    assert_eq!(ask("web", alder("warden")), "28000");
    assert_eq!(ask("web", json!({"tenant": "alder", "role": "warden", "scopes": {"property": [1001]}})), "00000");
    for (user, role) in [("web", "root"), ("web", "nobody"), ("web_reader", "clerk"), ("web_reader", "root")] {
        assert_eq!(ask(user, alder(role)), "28P01", "{user} {role}");
    }
    assert_eq!(
        (ask("web_reader", alder("reader")), ask("web_reader", json!({"tenant": "alder"}))),
        ("42501".into(), "42501".into())
    );
}

/// What a role may do changes for those who are connected, prepared statements included; who gets another role logs in again.
#[test]
fn a_reload_changes_roles_of_those_who_are_connected() {
    let world = World::new();
    let proxy = proxy(&world);
    let mut clerk = proxy.client("alder_clerk");
    let mut reader = proxy.client("alder_reader");
    let update = "UPDATE meters SET kind = kind";
    let mut prepared = parse("keep", update, &[]);
    prepared.extend([bind("", "keep", &[]), execute("", 0), sync()].concat());
    assert_eq!(clerk.exchange(&prepared).sqlstate(), "00000");
    let run = [bind("", "keep", &[]), execute("", 0), sync()].concat();
    let (path, config) = (proxy.config(), std::fs::read_to_string(proxy.config()).expect("config"));
    let narrowed = config.replace("\"public.meters\" = [\"select\", \"insert\", \"update\"]", "\"public.meters\" = [\"select\"]");
    let narrowed = narrowed.replace("tenant = \"alder\"\nrole = \"reader\"", "tenant = \"alder\"\nrole = \"clerk\"");
    assert_ne!(config, narrowed);
    std::fs::write(&path, narrowed).expect("write");
    proxy.signal("HUP");
    wait_for("the reload", Duration::from_secs(10), || clerk.exchange(&run).sqlstate() == "42501");
    assert_eq!(clerk.query(update).sqlstate(), "42501");
    wait_for("its end", Duration::from_secs(10), || {
        let reply = reader.query("SELECT 1");
        reply.broken.is_some() || reply.sqlstate() == "57P01"
    });
    assert_eq!(proxy.client("alder_reader").query("SELECT * FROM invoices").sqlstate(), "42P01");
    // Without the role nobody has it.
    let without = config.replace("[roles.clerk]", "[roles.other]");
    std::fs::write(&path, without).expect("write");
    proxy.signal("HUP");
    wait_for("the complaint", Duration::from_secs(10), || proxy.log().contains("there is no role `clerk`"));
    assert_eq!(clerk.query("SELECT id FROM meters WHERE id < 0").sqlstate(), "00000", "what cannot be used changes nothing");
}
