//! Going over from one tenant to another within a session: who may, where to, what is left of what was before, and what is on record.

use crate::cluster::wait_for;
use crate::identity::{Signer, jwt};
use crate::proxy::{Proxy, Setup};
use crate::wire::{Wire, bind, describe, execute, parse, sync};
use crate::world::{FOREIGN, World};
use serde_json::{Value, json};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

const ROLES: &str = r#"
[roles.platform]
may_switch = true
tenants = ["alder", "birch"]
[roles.support]
bypass = true
may_switch = true
reason_required = true
[roles.gateway]
may_switch = "signed"
functions = ["public.add_vat"]
[roles.reader]
read_only = true
[roles.caller]
functions = ["public.add_vat"]
[roles.narrow]
may_switch = true
hide = ["public.meters"]
[plans.small]
max_connections = 2
[[users]]
name = "platform"
password = "correct horse"
role = "platform"
[[users]]
name = "consultant_moving"
password = "correct horse"
tenants = ["alder", "cedar"]
role = "platform"
[[users]]
name = "support"
password = "correct horse"
role = "support"
[[users]]
name = "gateway"
password = "correct horse"
role = "gateway"
[[users]]
name = "narrow"
password = "correct horse"
role = "narrow"
[[users]]
name = "operator"
password = "correct horse"
console = "admin"
"#;

struct Place {
    world: World,
    folder: tempfile::TempDir,
    signer: Signer,
    proxy: Proxy,
}

fn place(more: &str) -> Place {
    let (world, folder) = (World::new(), tempfile::tempdir().expect("folder"));
    let signer = Signer::new(folder.path());
    let config = format!("{}{ROLES}", jwt(folder.path(), &format!("leeway = 0\n{more}")));
    let config = config.replace("name = \"cedar\"\nid = 3\n", "name = \"cedar\"\nid = 3\nplan = \"small\"\n");
    let proxy = Proxy::start(&Setup::new(&world.real, &config));
    Place { world, folder, signer, proxy }
}

/// Whose rows these are, by the helpers and by the rows.
fn who(wire: &mut Wire) -> String {
    let reply = wire.query("SELECT tenant(), count(*) FROM properties WHERE tenant_id = tenant_id() HAVING count(*) = (SELECT count(*) FROM properties)");
    match reply.error() {
        None => reply.last_rows().concat().into_iter().map(Option::unwrap_or_default).collect::<Vec<_>>().join(" "),
        Some(_) => reply.sqlstate().to_owned(),
    }
}

fn set(wire: &mut Wire, tenant: &str) -> String {
    let reply = wire.query(&format!("SET pgmoat.tenant = '{tenant}'"));
    let status = reply.status.map_or('-', char::from);
    format!("{} {status}", reply.sqlstate())
}

fn show(wire: &mut Wire, what: &str) -> String {
    wire.run(&format!("SHOW pgmoat.{what}")).concat().remove(0).expect("a text")
}

#[test]
fn a_platform_says_whose_rows_it_is_about() {
    let Place { proxy, world: _world, folder: _folder, .. } = place("");
    let mut wire = proxy.client("platform");
    assert_eq!(who(&mut wire), "42501");
    assert_eq!(wire.query("SELECT id FROM properties").error().expect("refused")[&'M'], "no tenant is chosen");
    assert_eq!(wire.query("SELECT 1").last_rows(), [[Some("1".to_owned())]]);
    assert_eq!(show(&mut wire, "tenant"), "");
    assert_eq!((set(&mut wire, "alder").as_str(), who(&mut wire).as_str()), ("00000 I", "alder 5"));
    let birch = {
        assert_eq!(wire.query("SET pgmoat.tenant TO birch").sqlstate(), "00000");
        who(&mut wire)
    };
    assert!(birch.starts_with("birch ") && show(&mut wire, "tenant") == "birch", "{birch}");
    // One that is out of reach and one that does not exist are told alike, and nothing changes.
    let told =
        |wire: &mut Wire, tenant: &str| wire.query(&format!("SET pgmoat.tenant = '{tenant}'")).error().cloned().expect("refused");
    let (cedar, nowhere) = (told(&mut wire, "cedar"), told(&mut wire, "nowhere"));
    assert_eq!((&cedar, cedar[&'C'].as_str(), who(&mut wire)), (&nowhere, "42501", birch.clone()));
    assert_eq!(wire.query("RESET pgmoat.tenant").sqlstate(), "00000");
    assert_eq!((who(&mut wire).as_str(), show(&mut wire, "tenant").as_str()), ("42501", ""));
    assert_eq!((set(&mut wire, "birch").as_str(), wire.query("SET pgmoat.tenant TO DEFAULT").sqlstate()), ("00000 I", "00000"));
    assert_eq!(who(&mut wire), "42501");
    // DISCARD ALL is what pools send before they lend a connection to somebody else.
    assert_eq!((set(&mut wire, "birch").as_str(), wire.query("DISCARD ALL").sqlstate()), ("00000 I", "00000"));
    assert_eq!(who(&mut wire), "42501");
    // Of one's own tenants, those that the role may switch to.
    let mut wire = proxy.client("consultant_moving.cedar");
    assert!(who(&mut wire).starts_with("cedar "));
    assert_eq!((set(&mut wire, "alder").as_str(), who(&mut wire).as_str()), ("00000 I", "alder 5"));
    assert_eq!((set(&mut wire, "birch").as_str(), set(&mut wire, "cedar").as_str()), ("42501 I", "42501 I"));
    assert_eq!(wire.query("RESET pgmoat.tenant").sqlstate(), "00000");
    assert!(who(&mut wire).starts_with("cedar "), "back to the login's");
    // Who may not, may not.
    let mut wire = proxy.client("alder_app");
    for sql in ["SET pgmoat.tenant = 'birch'", "RESET pgmoat.tenant", "SHOW pgmoat.tenant", "SET pgmoat.reason = 'x'"] {
        assert_eq!(wire.query(sql).sqlstate(), "42501", "{sql}");
    }
    assert_eq!(who(&mut wire), "alder 5");
}

/// What one tenant's session has made is not there for the next: statements are planned anew, portals are gone, a transaction must end first.
#[test]
fn nothing_of_one_tenant_is_left_for_the_next() {
    let Place { proxy, world: _world, folder: _folder, .. } = place("");
    let mut wire = proxy.client("platform");
    assert_eq!(set(&mut wire, "birch"), "00000 I");
    let run = [bind("", "keep", &[]), execute("", 0), sync()].concat();
    let first = [parse("keep", "SELECT tenant_id FROM meters LIMIT 1", &[]), run.clone()].concat();
    let tenant_of = |reply: crate::reply::Reply| reply.last_rows().concat().remove(0).expect("a number");
    assert_eq!(tenant_of(wire.exchange(&first)), "2");
    assert_eq!(wire.query("PREPARE mine AS SELECT tenant_id FROM meters LIMIT 1").sqlstate(), "00000");
    for _ in 0..3 {
        assert_eq!(tenant_of(wire.query("SELECT tenant_id FROM meters LIMIT 1")), "2");
    }
    wire.query("BEGIN");
    assert_eq!(set(&mut wire, "alder"), "25001 E");
    assert_eq!(wire.query("SELECT 1").sqlstate(), "25P02");
    wire.query("ROLLBACK");
    assert!(who(&mut wire).starts_with("birch "));
    assert_eq!(wire.query("SET pgmoat.tenant = 'alder'; SELECT 1").sqlstate(), "0A000");
    assert!(who(&mut wire).starts_with("birch "));
    // Bound for one tenant, it is not run for another.
    let pipelined = |sql: &str| {
        let switch = [parse("", sql, &[]), bind("s", "", &[]), execute("s", 0)].concat();
        [bind("p", "keep", &[]), switch, execute("p", 0), sync()].concat()
    };
    assert_eq!(wire.exchange(&pipelined("SET pgmoat.tenant = 'alder'")).sqlstate(), "25001");
    assert!(who(&mut wire).starts_with("birch "));
    wire.forbid(&FOREIGN);
    // By the extended protocol, and what follows in the same pipeline is the next tenant's.
    let switch = [parse("", "SET pgmoat.tenant = 'alder'", &[]), bind("", "", &[]), describe(b'P', ""), execute("", 0)].concat();
    let reply = wire.exchange(&[switch, run.clone()].concat());
    assert_eq!((reply.sqlstate(), tenant_of(reply.clone()).as_str()), ("00000", "1"), "{}", reply.summary());
    assert_eq!(tenant_of(wire.exchange(&run)), "1");
    assert_eq!(tenant_of(wire.query("EXECUTE mine")), "1");
    for _ in 0..3 {
        assert_eq!(tenant_of(wire.query("SELECT tenant_id FROM meters LIMIT 1")), "1");
    }
    // A portal of the proxy's own, which needs no server connection, is gone too.
    let local = [parse("l", "PREPARE theirs AS SELECT tenant_id FROM meters LIMIT 1", &[]), bind("l", "l", &[])].concat();
    let switch = [parse("", "SET pgmoat.tenant = 'birch'", &[]), bind("", "", &[]), execute("", 0)].concat();
    assert_eq!(wire.exchange(&[local, switch, execute("l", 0), sync()].concat()).sqlstate(), "34000");
    assert_eq!(wire.query("RESET pgmoat.tenant").sqlstate(), "00000");
    for sql in ["EXECUTE mine", "EXECUTE theirs"] {
        assert_ne!(wire.query(sql).sqlstate(), "00000", "{sql}");
    }
    assert_eq!(wire.exchange(&run).sqlstate(), "42501", "no tenant is chosen");
    // Rows are written as the tenant's.
    assert_eq!(set(&mut wire, "alder"), "00000 I");
    let rows = wire.run("BEGIN; INSERT INTO visits (who) VALUES ('CANARY_T1_x') RETURNING tenant_id; ROLLBACK");
    assert!(rows.is_empty());
    assert_eq!(wire.query("INSERT INTO visits (tenant_id) VALUES (2)").sqlstate(), "42501");
    assert!(wire.leaks.is_empty(), "{:?}", wire.leaks);
}

/// Who bypasses is confined after a switch; what it left on its connection is gone; a reason is asked for, and on record.
#[test]
fn support_is_confined_for_a_reason() {
    let Place { proxy, world: _world, folder: _folder, .. } = place("");
    let mut wire = proxy.client("support");
    let all = |wire: &mut Wire| wire.query("SELECT count(DISTINCT tenant_id) FROM properties").last_rows().concat().remove(0);
    assert_eq!(all(&mut wire).as_deref(), Some("3"));
    wire.run("PREPARE left_behind AS SELECT tenant_id FROM meters");
    wire.run("SET mine.behind = '1'");
    let refusal = wire.query("SET pgmoat.tenant = 'alder'").error().cloned().expect("a reason is asked for");
    assert_eq!((refusal[&'C'].as_str(), refusal[&'M'].as_str()), ("42501", "a switch needs a reason"));
    assert_eq!(all(&mut wire).as_deref(), Some("3"));
    assert_eq!(wire.query("SET pgmoat.reason = 'ticket 4711'").sqlstate(), "00000");
    assert_eq!(show(&mut wire, "reason"), "ticket 4711");
    wire.query("BEGIN");
    assert_eq!(set(&mut wire, "alder"), "25001 E");
    wire.query("ROLLBACK");
    assert_eq!(set(&mut wire, "alder"), "00000 I");
    assert_eq!((who(&mut wire).as_str(), show(&mut wire, "reason").as_str()), ("alder 5", ""));
    wire.forbid(&FOREIGN);
    assert_eq!(wire.query("EXECUTE left_behind").sqlstate(), "26000");
    assert_eq!(wire.query("SELECT * FROM staff_names").sqlstate(), "42P01");
    assert_eq!(wire.query("CREATE TABLE x (y int)").sqlstate(), "42501");
    assert_eq!(wire.query("SELECT add_vat(1)").sqlstate(), "42501");
    wire.run("SELECT * FROM meters");
    assert!(wire.leaks.is_empty(), "{:?}", wire.leaks);
    // Another one needs another reason; back needs none.
    assert_eq!(set(&mut wire, "birch"), "42501 I");
    assert_eq!(wire.query("RESET pgmoat.tenant").sqlstate(), "00000");
    assert_eq!(all(&mut wire).as_deref(), Some("3"));
    assert_eq!(wire.query("EXECUTE left_behind").sqlstate(), "26000", "its connection was closed");
    assert_eq!(wire.query("SHOW mine.behind").sqlstate(), "42704");
    // By the extended protocol, on a connection of its own.
    assert_eq!(wire.query("SET pgmoat.reason = 'again'").sqlstate(), "00000");
    assert_eq!(wire.extended("SET pgmoat.tenant = 'birch'", &[]).sqlstate(), "00000");
    assert!(who(&mut wire).starts_with("birch "));
    let records = proxy.audit();
    let of = |kind: &str| records.iter().filter(|r| r.contains(&format!("\"event\":\"{kind}\""))).cloned().collect::<Vec<_>>();
    let switches = of("switch");
    assert_eq!(switches.len(), 3, "{switches:?}");
    let first = "from no tenant to tenant \\\"alder\\\"; reason: ticket 4711";
    assert!(
        switches[0].contains(first)
            && switches[0].contains("\"user\":\"support\"")
            && switches[0].contains("\"tenant\":\"alder\"")
    );
    assert!(switches[1].contains("from tenant \\\"alder\\\" to no tenant\"") && switches[1].contains("\"switched\":null"));
    // What is recorded under a switch has both.
    let both = |r: &&String| {
        r.contains("\"tenant\":\"alder\"")
            && r.contains("\"user\":\"support\"")
            && r.contains("\"switched\":\"logged in to no tenant, as role \\\"support\\\"\"")
    };
    assert_eq!(of("refusal").iter().filter(both).count(), 4, "{:?}", of("refusal"));
    assert!(of("bypass").iter().all(|r| r.contains("\"tenant\":null") && r.contains("\"switched\":null")));
}

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_secs()
}

/// A context that an injection cannot forge: by a token, and by nothing else.
#[test]
fn a_token_says_whose_rows() {
    let Place { proxy, signer, world: _world, folder: _folder } = place("");
    let mut wire = proxy.client("gateway");
    let mut tokens = Vec::new();
    let mut context = |wire: &mut Wire, claims: Value| {
        let token = signer.token(&claims);
        tokens.push(token.clone());
        wire.query(&format!("SET pgmoat.context = '{token}'")).sqlstate().to_owned()
    };
    assert_eq!((set(&mut wire, "alder").as_str(), who(&mut wire).as_str()), ("42501 I", "42501"));
    assert_eq!((context(&mut wire, json!({"tenant": "alder"})).as_str(), who(&mut wire).as_str()), ("00000", "alder 5"));
    assert_eq!((show(&mut wire, "tenant").as_str(), show(&mut wire, "context").as_str()), ("alder", "u-17"));
    assert_eq!(wire.query("SELECT add_vat(1)").sqlstate(), "00000");
    // What an injection may do: nothing that gives it another tenant.
    assert_eq!((set(&mut wire, "birch").as_str(), who(&mut wire).as_str()), ("42501 I", "alder 5"));
    // A role and nodes take away.
    let reader = json!({"tenant": "alder", "role": "reader", "scopes": {"property": [1001]}});
    assert_eq!((context(&mut wire, reader).as_str(), who(&mut wire).as_str()), ("00000", "alder 1"));
    assert_eq!(wire.query("UPDATE properties SET units = units").sqlstate(), "42501");
    assert_eq!(wire.query("SELECT add_vat(1)").sqlstate(), "42501");
    assert_eq!(context(&mut wire, json!({"tenant": "alder", "role": "caller"})), "00000");
    assert_eq!(wire.query("UPDATE properties SET units = units WHERE id < 0").sqlstate(), "00000");
    let before = who(&mut wire);
    for (claims, code) in [
        (json!({"tenant": "nowhere"}), "42501"),
        (json!({"tenant": "alder", "role": "support"}), "42501"),
        (json!({"tenant": "alder", "role": "nobody"}), "42501"),
        (json!({"tenant": "alder", "scopes": {"floor": [1]}}), "42501"),
        (json!({}), "28000"),
        (json!({"tenant": "birch", "exp": now() - 1}), "28000"),
        (json!({"tenant": "birch", "nbf": now() + 600}), "28000"),
        (json!({"tenant": "birch", "aud": "other"}), "28000"),
        (json!({"tenant": "birch", "iss": "other"}), "28000"),
    ] {
        assert_eq!((context(&mut wire, claims.clone()).as_str(), who(&mut wire)), (code, before.clone()), "{claims}");
    }
    // Signed by somebody else, cut off, or with another's payload.
    let other = tempfile::tempdir().expect("folder");
    let forged = Signer::new(other.path()).token(&json!({"tenant": "birch"}));
    let good = signer.token(&json!({"tenant": "alder"}));
    let mixed = format!("{}.{}", forged.rsplit_once('.').expect("parts").0, good.rsplit_once('.').expect("parts").1);
    for token in [&forged, &mixed, &good[..good.len() - 2].to_owned(), &String::new(), &"x.y.z".to_owned()] {
        assert_eq!(wire.query(&format!("SET pgmoat.context = '{token}'")).sqlstate(), "28000");
        assert_eq!(wire.query(&format!("SET pgmoat.context = {token}")).sqlstate(), "42601");
    }
    assert_eq!(who(&mut wire), before);
    // Of a role that takes away none that gives can be had.
    let mut narrow = proxy.client("narrow");
    assert_eq!(context(&mut narrow, json!({"tenant": "birch", "role": "reader"})), "42501");
    assert_eq!(context(&mut narrow, json!({"tenant": "birch"})), "00000");
    assert_eq!(narrow.query("SELECT * FROM meters").sqlstate(), "42P01");
    // No token is anywhere.
    tokens.extend([forged, mixed, good]);
    let written = proxy.audit().concat() + &proxy.log();
    for token in &tokens {
        assert!(token.split('.').all(|part| part.len() < 8 || !written.contains(part)), "a part of a token is written down");
    }
    assert!(written.contains("\"statement\":\"set pgmoat.context = ?\""));
    assert!(written.contains("\"switched\":\"logged in to no tenant, for \\\"u-17\\\", as role \\\"reader\\\"\""));
}

#[test]
fn a_context_ends_with_its_token() {
    let Place { proxy, signer, world: _world, folder: _folder } = place("");
    let mut wire = proxy.client("gateway");
    let mut other = proxy.client("gateway");
    for wire in [&mut wire, &mut other] {
        let token = signer.token(&json!({"tenant": "alder", "exp": now() + 2}));
        assert_eq!(wire.query(&format!("SET pgmoat.context = '{token}'")).sqlstate(), "00000");
    }
    assert_eq!(other.query("RESET pgmoat.context").sqlstate(), "00000");
    wait_for("its end", Duration::from_secs(10), || {
        let reply = wire.query("SELECT 1");
        reply.broken.is_some() || reply.sqlstate() == "57P01"
    });
    assert_eq!(other.query("SELECT 1").sqlstate(), "00000", "what it went back from does not end it");
}

/// The suspension of a tenant ends the sessions that are about its rows, and nobody goes over to it; its plan counts them.
#[test]
fn who_goes_over_is_the_tenants_client() {
    let Place { proxy, mut world, folder: _folder, .. } = place("");
    let mut console = Wire::connect(proxy.port, "operator", "pgmoat", Some(crate::proxy::PASSWORD)).expect("console");
    let (mut there, mut here, mut later) = (proxy.client("platform"), proxy.client("platform"), proxy.client("platform"));
    assert_eq!((set(&mut there, "birch").as_str(), set(&mut here, "alder").as_str()), ("00000 I", "00000 I"));
    console.run("SUSPEND TENANT birch");
    wait_for("its end", Duration::from_secs(10), || {
        let reply = there.query("SELECT 1");
        reply.broken.is_some() || reply.sqlstate() == "57P01"
    });
    assert_eq!((set(&mut later, "birch").as_str(), set(&mut here, "birch").as_str()), ("28000 I", "28000 I"));
    assert_eq!(who(&mut here), "alder 5");
    console.run("RESUME TENANT birch");
    assert_eq!(set(&mut here, "birch"), "00000 I");
    // Two connections are all that cedar may have.
    let _one = proxy.client("cedar_app");
    let mut support: Vec<Wire> = (0..2).map(|_| proxy.client("support")).collect();
    let mut go = |n: usize| {
        support[n].query("SET pgmoat.reason = 'x'");
        set(&mut support[n], "cedar")
    };
    assert_eq!((go(0).as_str(), go(1).as_str()), ("00000 I", "53300 I"));
    assert_eq!(go(0), "00000 I", "it is there already");
    assert_eq!(support[0].query("RESET pgmoat.tenant").sqlstate(), "00000");
    support[1].query("SET pgmoat.reason = 'x'");
    assert_eq!(set(&mut support[1], "cedar"), "00000 I");
    assert!(!world.inspect("SELECT 1").is_empty());
}

/// What a role may reach changes by a reload: who is where it may no longer be, goes.
#[test]
fn a_reload_that_closes_a_way_ends_who_took_it() {
    let Place { proxy, world: _world, folder: _folder, .. } = place("");
    let (mut there, mut here) = (proxy.client("platform"), proxy.client("platform"));
    assert_eq!((set(&mut there, "birch").as_str(), set(&mut here, "alder").as_str()), ("00000 I", "00000 I"));
    let config = std::fs::read_to_string(proxy.config()).expect("config");
    std::fs::write(
        proxy.config(),
        config.replace("tenants = [\"alder\", \"birch\"]\n[roles.support]", "tenants = [\"alder\"]\n[roles.support]"),
    )
    .expect("write");
    proxy.signal("HUP");
    wait_for("its end", Duration::from_secs(10), || {
        let reply = there.query("SELECT 1");
        reply.broken.is_some() || reply.sqlstate() == "57P01"
    });
    assert_eq!(who(&mut here), "alder 5");
    assert_eq!(set(&mut here, "birch"), "42501 I");
}
