//! What a plan allows: how long statements and transactions may take, how many there may be at once, how fast results may come.
//! The rate of statements is `tests/core/limits.rs`'s; whose turn it is, `pool`'s.

use crate::cluster::wait_for;
use crate::faults::gauge;
use crate::proxy::{PASSWORD, Proxy, Setup};
use crate::wire::{Wire, query};
use crate::world::{TENANCY, World};
use std::time::{Duration, Instant};

const LIMIT: Duration = Duration::from_secs(20);
const LONG: &str = "SELECT count(*) FROM generate_series(1, 1000000000)";
const COUNT: &str = "SELECT count(*) FROM properties";

/// A proxy that gives alder this plan, and the others none.
fn proxy(world: &World, plan: &str) -> Proxy {
    let tenancy = TENANCY.replacen("name = \"alder\"\n", "name = \"alder\"\nplan = \"small\"\n", 1);
    assert_ne!(tenancy, TENANCY);
    // Room for the transactions that tests hold open: what limits them here is the plan.
    Proxy::start(&Setup { pool_size: 8, ..Setup::new(&world.real, &format!("{tenancy}\n[plans.small]\n{plan}\n")) })
}

/// The SQLSTATE of the last error that comes before the connection ends.
fn ending(client: &mut Wire) -> Option<String> {
    let mut code = None;
    while let Ok(frame) = client.frame() {
        if frame.tag == b'E' {
            code = crate::wire::fields(&frame.body).remove(&'C');
        }
    }
    code
}

#[test]
fn a_statement_beyond_the_rate_waits_for_its_turn_before_it_is_refused() {
    let world = World::new();
    let proxy = proxy(&world, "queries_per_second = 5\nburst = 1\nrate_wait = \"450ms\"\nidle_transaction_timeout = \"100ms\"");
    let begun = Instant::now();
    let mut client = proxy.client("alder_app");
    for n in 0..3 {
        let reply = if n == 1 { client.extended(COUNT, &[]) } else { client.query(COUNT) };
        assert_eq!(reply.sqlstate(), "00000");
    }
    assert!(begun.elapsed() >= Duration::from_millis(400), "{:?}", begun.elapsed());
    // In a transaction too, which is not idle while the proxy keeps it waiting; COMMIT is not counted.
    for sql in ["BEGIN", COUNT, COUNT, "COMMIT"] {
        assert_eq!(client.query(sql).sqlstate(), "00000", "{sql}");
    }
    assert!(begun.elapsed() >= Duration::from_millis(1000), "{:?}", begun.elapsed());
    // The queue has an end.
    let mut clients: Vec<Wire> = (0..4).map(|_| proxy.client("alder_app")).collect();
    for client in &mut clients {
        client.send(&query(COUNT)).expect("sent");
    }
    let replies: Vec<_> = clients.iter_mut().map(Wire::until_ready).collect();
    let refused: Vec<_> = replies.iter().filter(|r| r.sqlstate() == "53400").collect();
    assert!((1..=2).contains(&refused.len()), "{}", refused.len());
    assert!(refused.iter().all(|r| r.error().is_some_and(|e| e[&'H'].starts_with("retry_after_ms="))));
}

#[test]
fn a_role_is_limited_besides() {
    let world = World::new();
    let user = |name: &str, tenant: &str| {
        format!("[[users]]\nname = \"{name}\"\npassword = \"{PASSWORD}\"\ntenant = \"{tenant}\"\nrole = \"reader\"\n")
    };
    let roles =
        "[roles.reader]\nlimits = { rows_per_statement = 3, queries_per_second = 1, burst = 2, statement_timeout = \"300ms\" }\n";
    let tenancy = TENANCY.replacen("name = \"alder\"\n", "name = \"alder\"\nplan = \"small\"\n", 1);
    let users: String =
        [("one", "alder"), ("two", "alder"), ("three", "birch")].map(|(name, tenant)| user(name, tenant)).concat();
    let plan = "[plans.small]\nrows_per_statement = 5\n";
    let proxy = Proxy::start(&Setup::new(&world.real, &format!("{tenancy}\n{users}{roles}{plan}")));
    let rows = |n: usize| format!("SELECT g FROM generate_series(1, {n}) g");
    let (mut one, mut two, mut three) = (proxy.client("one"), proxy.client("two"), proxy.client("three"));
    assert_eq!((one.run(&rows(3)).len(), two.query(&rows(4)).sqlstate()), (3, "53400"));
    let reply = one.query(&rows(1));
    assert_eq!(reply.sqlstate(), "53400", "those of one tenant share the role's rate");
    assert!(reply.error().is_some_and(|e| e[&'H'].starts_with("retry_after_ms=")), "{}", reply.summary());
    assert_eq!(three.query(LONG).sqlstate(), "57014", "another tenant's do not");
    let mut plain = proxy.client("alder_app");
    for _ in 0..4 {
        assert_eq!((plain.run(&rows(5)).len(), plain.query(&rows(6)).sqlstate()), (5, "53400"), "without the role");
    }
}

#[test]
fn a_statement_that_takes_too_long_is_canceled_and_its_session_lives() {
    let world = World::new();
    let proxy = proxy(&world, "statement_timeout = \"300ms\"");
    let mut client = proxy.client("alder_app");
    for _ in 0..2 {
        let reply = client.query(LONG);
        assert_eq!((reply.sqlstate(), reply.status), ("57014", Some(b'I')), "{}", reply.summary());
        assert_eq!(client.run(COUNT).len(), 1);
    }
    client.run("BEGIN");
    let reply = client.query(LONG);
    assert_eq!((reply.sqlstate(), reply.status), ("57014", Some(b'E')), "{}", reply.summary());
    assert_eq!(client.query(COUNT).sqlstate(), "25P02");
    assert_eq!(client.query("ROLLBACK").sqlstate(), "00000");
    // Many short ones together are not one that is long, and an idle transaction is no statement.
    let begun = Instant::now();
    while begun.elapsed() < Duration::from_millis(700) {
        client.run(COUNT);
    }
    let mut other = proxy.client("birch_app");
    assert_eq!(other.query("SELECT count(*) FROM generate_series(1, 3000000)").sqlstate(), "00000", "another plan");
}

#[test]
fn a_transaction_that_is_open_too_long_ends_its_session() {
    let mut world = World::new();
    let proxy = proxy(&world, "transaction_timeout = \"500ms\"");
    let mut client = proxy.client("alder_app");
    let begun = Instant::now();
    while begun.elapsed() < Duration::from_millis(800) {
        client.run(COUNT);
    }
    client.send(&query("BEGIN; INSERT INTO assets (id, label) VALUES (77003, 'too late')")).expect("sent");
    assert_eq!(ending(&mut client).as_deref(), Some("25P04"));
    let mut busy = proxy.client("alder_app");
    busy.run("BEGIN");
    busy.send(&query(LONG)).expect("sent");
    assert_eq!(ending(&mut busy).as_deref(), Some("25P04"), "also while the server works");
    wait_for("what they held to be given up", LIMIT, || gauge(&proxy, "pgmoat_pool_active") == Some(0));
    assert_eq!(world.inspect("SELECT count(*) FROM assets WHERE id = 77003"), [[Some("0".to_owned())]]);
}

#[test]
fn a_plan_has_an_idle_time_of_its_own() {
    let world = World::new();
    let proxy = proxy(&world, "idle_transaction_timeout = \"300ms\"");
    let (mut client, mut other) = (proxy.client("alder_app"), proxy.client("birch_app"));
    other.run("BEGIN");
    client.run("BEGIN");
    assert_eq!(ending(&mut client).as_deref(), Some("25P03"));
    assert_eq!(other.query("COMMIT").sqlstate(), "00000", "the others have that of [upstream]");
}

#[test]
fn a_tenant_holds_no_more_transactions_than_its_plan_says() {
    let world = World::new();
    let proxy = proxy(&world, "max_transactions = 2");
    let mut holders: Vec<Wire> = (0..2).map(|_| proxy.client("alder_app")).collect();
    for holder in &mut holders {
        holder.run("BEGIN");
    }
    let mut third = proxy.client("alder_app");
    third.send(&query(COUNT)).expect("sent");
    wait_for("the third to wait", LIMIT, || gauge(&proxy, "pgmoat_pool_waiting") == Some(1));
    let mut others: Vec<Wire> = (0..3).map(|_| proxy.client("birch_app")).collect();
    for other in &mut others {
        other.run("BEGIN");
        other.run(COUNT);
    }
    assert_eq!(gauge(&proxy, "pgmoat_pool_waiting"), Some(1), "others go past it");
    holders[0].run("COMMIT");
    assert_eq!(third.until_ready().sqlstate(), "00000");
}

#[test]
fn results_come_no_faster_than_the_plan_says() {
    const ROWS: usize = 3000;
    let world = World::new();
    let proxy = proxy(&world, "bytes_per_second = 1000000");
    let text = format!("SELECT repeat('x', 1000) FROM generate_series(1, {ROWS})");
    let timed = |user: &str| {
        let mut client = proxy.client(user);
        let begun = Instant::now();
        assert_eq!(client.run(&text).len(), ROWS);
        begun.elapsed()
    };
    // Three megabytes, of which one second's come at once.
    let slow = timed("alder_app");
    assert!(slow >= Duration::from_millis(1800), "{slow:?}");
    assert!(timed("birch_app") < slow, "others are not slowed");
}

/// How many rows come before which error.
fn cut_off(client: &mut Wire, sql: &str) -> (usize, String) {
    client.send(&query(sql)).expect("sent");
    let (mut rows, mut code) = (0, None);
    loop {
        let frame = client.frame().expect("a frame");
        match frame.tag {
            b'D' => rows += 1,
            b'E' => code = crate::wire::fields(&frame.body).remove(&'C'),
            b'Z' => return (rows, code.expect("an error")),
            _other => assert!(code.is_none(), "nothing follows the error"),
        }
    }
}

#[test]
fn an_answer_that_is_too_long_is_cut_off_and_its_session_lives() {
    let mut world = World::new();
    let proxy = proxy(&world, "rows_per_statement = 1000\nbytes_per_statement = 1000000");
    let mut client = proxy.client("alder_app");
    for (sql, rows) in [
        ("SELECT g FROM generate_series(1, 1001) g", 1000),
        ("SELECT g FROM generate_series(1, 100000000) g", 1000),
        ("SELECT repeat('x', 100000) FROM generate_series(1, 20)", 9),
        ("SELECT repeat('x', 2000000)", 0),
    ] {
        // The second time it is a prepared statement.
        for _ in 0..3 {
            assert_eq!(cut_off(&mut client, sql), (rows, "53400".to_owned()), "{sql}");
            assert_eq!(client.run("SELECT g FROM generate_series(1, 1000) g").len(), 1000);
        }
    }
    client.run("BEGIN");
    client.run("INSERT INTO assets (id, label) VALUES (77004, 'not to stay')");
    let reply = client.query("INSERT INTO assets (id, label) SELECT g, 'many' FROM generate_series(80000, 82000) g RETURNING id");
    assert_eq!((reply.sqlstate(), reply.status), ("53400", Some(b'E')), "{}", reply.summary());
    assert_eq!(client.query(COUNT).sqlstate(), "25P02");
    client.run("ROLLBACK");
    let reply = client.query("COPY (SELECT g FROM generate_series(1, 5000) g) TO STDOUT");
    assert_eq!((reply.sqlstate(), reply.status), ("53400", Some(b'I')), "{}", reply.summary());
    client.run("BEGIN");
    client.run("DECLARE many CURSOR FOR SELECT g FROM generate_series(1, 3000) g");
    for _ in 0..3 {
        assert_eq!(client.run("FETCH 1000 FROM many").len(), 1000, "piece by piece it comes");
    }
    client.run("COMMIT");
    assert_eq!(world.inspect("SELECT count(*) FROM assets WHERE id >= 77004"), [[Some("0".to_owned())]]);
    let mut other = proxy.client("birch_app");
    assert_eq!(other.run("SELECT g FROM generate_series(1, 5000) g").len(), 5000, "another plan");
}

/// Where an error would be a lie, because something was sent with it that lasts, the session ends; what stands for a statement is that statement.
#[test]
fn an_answer_beside_what_lasts_is_cut_off_too() {
    const MANY: &str = "SELECT g FROM generate_series(1, 200000) g";
    let world = World::new();
    let proxy = proxy(&world, "rows_per_statement = 1000");
    for (before, sql) in [
        ("", format!("SET timezone = 'Asia/Tokyo'; {MANY}")),
        ("", format!("UPDATE assets SET label = label; {MANY}")),
        ("BEGIN", format!("{MANY}; COMMIT")),
    ] {
        let mut client = proxy.client("alder_app");
        client.query(before);
        client.send(&query(&sql)).expect("sent");
        assert_eq!(ending(&mut client).as_deref(), Some("53400"), "{sql}");
    }
    let mut client = proxy.client("alder_app");
    let ask =
        |sql: &str| [crate::wire::parse("", sql, &[]), crate::wire::bind("", "", &[]), crate::wire::execute("", 0)].concat();
    client.send(&[ask(MANY), ask("SET timezone = 'Asia/Tokyo'"), crate::wire::sync()].concat()).expect("sent");
    assert_eq!(ending(&mut client).as_deref(), Some("53400"), "behind it");
    let mut client = proxy.client("alder_app");
    client.run(&format!("PREPARE many AS {MANY}"));
    for _ in 0..2 {
        assert_eq!(client.extended("EXECUTE many", &[]).sqlstate(), "53400");
        assert_eq!(client.query("EXECUTE many").sqlstate(), "53400");
        assert_eq!(client.run("SHOW timezone"), [[Some("UTC".to_owned())]]);
    }
    let recorded = proxy.audit().iter().filter(|r| r.contains("more than the 1000 rows")).count();
    assert!(recorded >= 1, "{:?}", proxy.audit());
}

#[test]
fn rows_come_no_faster_than_the_plan_says() {
    let world = World::new();
    let proxy = proxy(&world, "rows_per_second = 10000");
    let mut client = proxy.client("alder_app");
    let begun = Instant::now();
    assert_eq!(client.run("SELECT g FROM generate_series(1, 30000) g").len(), 30_000);
    // One second's come at once.
    assert_eq!(client.run(COUNT).len(), 1);
    assert!(begun.elapsed() >= Duration::from_millis(1800), "{:?}", begun.elapsed());
}

#[test]
fn a_tenant_has_limits_of_its_own() {
    let world = World::new();
    let limits = "name = \"alder\"\nlimits = { rows_per_statement = 5 }\n";
    let tenancy = TENANCY.replacen("name = \"alder\"\n", limits, 1);
    assert_ne!(tenancy, TENANCY);
    let proxy = Proxy::start(&Setup::new(&world.real, &tenancy));
    let mut client = proxy.client("alder_app");
    assert_eq!(client.query("SELECT g FROM generate_series(1, 6) g").sqlstate(), "53400");
    assert_eq!(client.run("SELECT g FROM generate_series(1, 5) g").len(), 5);
    assert_eq!(proxy.client("birch_app").run("SELECT g FROM generate_series(1, 6) g").len(), 6);
}

/// A request to cancel that comes before the server has begun, or the second in one transaction, is not lost.
#[test]
fn a_statement_that_was_not_stopped_is_stopped_again() {
    let mut world = World::new();
    let proxy = proxy(&world, "statement_timeout = \"200ms\"");
    let mut client = proxy.client("alder_app");
    client.run("BEGIN");
    client.run(COUNT);
    let found =
        world.inspect("SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND state = 'idle in transaction'");
    let pid = found.iter().flatten().flatten().next().expect("the server's process").clone();
    let signal = |name: &str| {
        let status = std::process::Command::new("kill").args([name, &pid]).status().expect("kill runs");
        assert!(status.success(), "kill {name} {pid}");
    };
    signal("-STOP");
    client.send(&query(LONG)).expect("sent");
    // The limit passes, and the request comes, while the server sleeps.
    std::thread::park_timeout(Duration::from_millis(400));
    signal("-CONT");
    let begun = Instant::now();
    assert_eq!(client.until_ready().sqlstate(), "57014");
    assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
    client.run("ROLLBACK");
    client.run("BEGIN");
    client.run("SAVEPOINT s");
    for _ in 0..2 {
        assert_eq!(client.query(LONG).sqlstate(), "57014", "in one transaction each is");
        client.run("ROLLBACK TO s");
    }
    client.run("ROLLBACK");
}
