//! The console, as psql and drivers see it: what it shows and in which columns, who may do what, and what comes of it.

use crate::cluster::wait_for;
use crate::proxy::{PASSWORD, Proxy, Setup};
use crate::reply::{Outcome, Reply};
use crate::wire::{Failure, Wire};
use crate::world::{TENANCY, World};
use std::process::Command;
use std::time::Duration;

/// Users of the console beside those of the billing database.
fn operators() -> String {
    let user = |name: &str, more: &str| format!("\n[[users]]\nname = \"{name}\"\npassword = \"{PASSWORD}\"\n{more}\n");
    [
        user("boss", "console = \"admin\""),
        user("looker", "console = \"stats\""),
        user("dba_boss", "bypass = true\nconsole = \"admin\""),
    ]
    .concat()
}

/// With room for the transactions that tests hold open.
fn start(world: &World) -> Proxy {
    Proxy::start(&Setup { pool_size: 8, ..Setup::new(&world.real, &format!("{TENANCY}{}", operators())) })
}

fn console(proxy: &Proxy, user: &str) -> Wire {
    Wire::connect(proxy.port, user, "pgmoat", Some(PASSWORD)).unwrap_or_else(|e| panic!("{user}: {e:?}"))
}

/// What psql prints, errors among it.
fn psql(proxy: &Proxy, user: &str, commands: &[&str]) -> String {
    let url = format!("postgresql://{user}:{}@127.0.0.1:{}/pgmoat", PASSWORD.replace(' ', "%20"), proxy.port);
    let mut psql = Command::new("psql");
    psql.arg("-X").arg(url);
    for command in commands {
        psql.args(["-c", command]);
    }
    let output = psql.output().expect("psql runs");
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

#[test]
fn psql_asks_for_the_version() {
    let world = World::new();
    let proxy = start(&world);
    let told = psql(&proxy, "looker", &["show version;", "SHOW HELP", "SELECT 1"]);
    assert!(told.contains(&format!("\n pgmoat {}\n(1 row)\n", env!("CARGO_PKG_VERSION"))), "{told}");
    assert!(told.contains("NOTICE:  Console usage") && told.contains("SHOW HELP|VERSION|"), "{told}");
    assert!(told.contains("ERROR:  not a command of the console, use SHOW HELP"), "{told}");
}

#[test]
fn who_gets_in() {
    let world = World::new();
    let proxy = start(&world);
    let code = |user: &str, database: &str, password: &str| match Wire::connect(proxy.port, user, database, Some(password)) {
        Ok(_) => "accepted".to_owned(),
        Err(Failure::Refused(fields)) => fields.get(&'C').cloned().unwrap_or_default(),
        Err(Failure::Io(e)) => panic!("{e}"),
    };
    for (user, database, password, wanted) in [
        ("boss", "pgmoat", PASSWORD, "accepted"),
        ("looker", "pgmoat", PASSWORD, "accepted"),
        ("dba_boss", "pgmoat", PASSWORD, "accepted"),
        ("dba_boss", world.real.as_str(), PASSWORD, "accepted"),
        // A tenant's user, and one who bypasses, are not let in by that.
        ("alder_app", "pgmoat", PASSWORD, "42501"),
        ("dba", "pgmoat", PASSWORD, "42501"),
        ("boss", "pgmoat", "wrong", "28P01"),
        // Who has nothing but the console has no rows.
        ("boss", world.real.as_str(), PASSWORD, "28000"),
        ("looker", world.real.as_str(), PASSWORD, "28000"),
    ] {
        assert_eq!(code(user, database, password), wanted, "{user} at {database}");
    }
    let failed: Vec<String> = proxy.audit().into_iter().filter(|r| r.contains("login_failed")).collect();
    assert_eq!(failed.len(), 5, "{failed:?}");
    assert!(failed.iter().any(|r| r.contains("\"dba\"") && r.contains("42501")), "{failed:?}");
}

/// PgBouncer 1.25's columns, in its order; a type is told where it is not text: i is int4, n numeric.
const COLUMNS: &[(&str, &str)] = &[
    ("VERSION", "version"),
    (
        "POOLS",
        "database user cl_active:i cl_waiting:i cl_active_cancel_req:i cl_waiting_cancel_req:i sv_active:i sv_active_cancel:i \
         sv_being_canceled:i sv_idle:i sv_used:i sv_tested:i sv_login:i maxwait:i maxwait_us:i pool_mode load_balance_hosts",
    ),
    (
        "STATS",
        "database total_server_assignment_count:n total_xact_count:n total_query_count:n total_received:n total_sent:n \
         total_xact_time:n total_query_time:n total_wait_time:n total_client_parse_count:n total_server_parse_count:n \
         total_bind_count:n total_client_login_count:n avg_server_assignment_count:n avg_xact_count:n avg_query_count:n avg_recv:n \
         avg_sent:n avg_xact_time:n avg_query_time:n avg_wait_time:n avg_client_parse_count:n avg_server_parse_count:n \
         avg_bind_count:n avg_client_login_count:n",
    ),
    (
        "STATS_TOTALS",
        "database server_assignment_count:n xact_count:n query_count:n bytes_received:n bytes_sent:n xact_time:n query_time:n \
         wait_time:n client_parse_count:n server_parse_count:n bind_count:n client_login_count:n",
    ),
    (
        "STATS_AVERAGES",
        "database server_assignment_count:n xact_count:n query_count:n bytes_received:n bytes_sent:n xact_time:n query_time:n \
         wait_time:n avg_client_parse_count:n avg_server_parse_count:n avg_bind_count:n avg_client_login_count:n",
    ),
    ("TOTALS", "name value:n"),
    (
        "CLIENTS",
        "type user database replication state addr port:i local_addr local_port:i connect_time request_time wait:i wait_us:i \
         close_needed:i ptr link remote_pid:i tls application_name prepared_statements:i id:i",
    ),
    (
        "SERVERS",
        "type user database replication state addr port:i local_addr local_port:i connect_time request_time wait:i wait_us:i \
         close_needed:i ptr link remote_pid:i tls application_name prepared_statements:i id:i",
    ),
    (
        "DATABASES",
        "name host port:i database force_user pool_size:i min_pool_size:i reserve_pool_size:i server_lifetime:i pool_mode \
         load_balance_hosts max_connections:i current_connections:i max_client_connections:i current_client_connections:i paused:i \
         disabled:i",
    ),
    (
        "USERS",
        "name pool_size reserve_pool_size pool_mode max_user_connections:i current_connections:i max_user_client_connections:i \
         current_client_connections:i",
    ),
    ("LISTS", "list items:i"),
    ("CONFIG", "key value default changeable"),
    ("MEM", "name size:i used:i free:i memtotal:i"),
    ("STATE", "key value"),
];

/// The columns of the last table, in the notation of [`COLUMNS`].
fn columns(reply: &Reply) -> String {
    let Some(Outcome::Done { columns: Some(columns), .. }) = reply.outcomes.last() else { panic!("{}", reply.summary()) };
    let kind = |oid: u32| match oid {
        25 => "",
        23 => ":i",
        1700 => ":n",
        other => panic!("type {other}"),
    };
    columns.iter().map(|c| format!("{}{}", c.name, kind(c.type_oid))).collect::<Vec<_>>().join(" ")
}

#[test]
fn columns_are_those_of_pgbouncer() {
    let world = World::new();
    let proxy = start(&world);
    let mut looker = console(&proxy, "looker");
    for (show, wanted) in COLUMNS {
        let reply = looker.query(&format!("SHOW {show}"));
        assert_eq!(columns(&reply), *wanted, "{show}");
        let named: Vec<&str> = wanted.split(' ').map(|c| c.trim_end_matches(":i").trim_end_matches(":n")).collect();
        let extended = looker.extended(&format!("SHOW {show};"), &[]);
        assert_eq!(columns(&extended), *wanted, "{show} by the extended protocol");
        assert!(reply.last_rows().iter().all(|row| row.len() == named.len()), "{show}");
    }
    let told = looker.query("SHOW VERSION; show lists;").outcomes.len();
    assert_eq!(told, 2);
    assert_eq!(looker.query(";").outcomes, [Outcome::Empty]);
}

/// What pgbouncer_exporter 0.11 reads of each table by name. (`reserve_pool` and `requests`, which it reads too, PgBouncer has no longer either.)
const EXPORTED: [(&str, &str, &str); 3] = [
    (
        "DATABASES",
        "name host port database force_user pool_mode",
        "pool_size max_connections current_connections paused disabled",
    ),
    (
        "STATS_TOTALS",
        "database",
        "query_count query_time bytes_received bytes_sent wait_time xact_count xact_time client_parse_count server_parse_count \
         bind_count",
    ),
    (
        "POOLS",
        "database user",
        "cl_active cl_active_cancel_req cl_waiting cl_waiting_cancel_req sv_active sv_active_cancel sv_being_canceled sv_idle \
         sv_used sv_tested sv_login maxwait",
    ),
];

#[test]
fn an_exporter_of_pgbouncers_metrics_is_answered() {
    let world = World::new();
    let proxy = start(&world);
    // As lib/pq begins, and as the exporter asks: by the simple protocol, with a semicolon.
    let parameters = [
        ("user", "looker"),
        ("database", "pgmoat"),
        ("client_encoding", "UTF8"),
        ("datestyle", "ISO, MDY"),
        ("extra_float_digits", "2"),
    ];
    let mut exporter = Wire::login(crate::wire::tcp(proxy.port).expect("tcp"), &parameters, Some(PASSWORD)).expect("logs in");
    let client = proxy.client("alder_app");
    assert_eq!(exporter.query("SHOW STATS").sqlstate(), "00000", "the first, to see whether anybody answers");
    let float = |cell: &Option<String>| cell.as_deref().and_then(|text| text.parse::<f64>().ok());
    for (show, labels, metrics) in EXPORTED {
        let reply = exporter.query(&format!("SHOW {show};"));
        let Some(Outcome::Done { columns: Some(columns), .. }) = reply.outcomes.last() else { panic!("{}", reply.summary()) };
        let place = |name: &str| columns.iter().position(|c| c.name == name).unwrap_or_else(|| panic!("{show}: {name}"));
        let rows = reply.last_rows();
        assert!(!rows.is_empty(), "{show}");
        for label in labels.split(' ') {
            // It takes texts and whole numbers for labels, and nothing else.
            assert!([25, 23].contains(&columns[place(label)].type_oid), "{show}: {label}");
        }
        for metric in metrics.split(' ') {
            assert!(rows.iter().all(|row| float(&row[place(metric)]).is_some()), "{show}: {metric}");
        }
        let names: std::collections::BTreeSet<Vec<&str>> =
            rows.iter().map(|row| labels.split(' ').map(|l| row[place(l)].as_deref().unwrap_or("")).collect()).collect();
        assert_eq!(names.len(), rows.len(), "{show}: one row for the same labels");
    }
    let lists = exporter.run("SHOW LISTS;");
    assert!(lists.iter().all(|row| row.len() == 2 && float(&row[1]).is_some()), "{lists:?}");
    for list in
        "databases users pools free_clients used_clients login_clients free_servers used_servers dns_names dns_zones dns_queries"
            .split(' ')
    {
        assert!(lists.iter().any(|row| row[0].as_deref() == Some(list)), "{list}");
    }
    let config = exporter.run("SHOW CONFIG;");
    assert!(config.iter().all(|row| row.len() == 4 && row[0].is_some() && row[3].is_some()), "{config:?}");
    for key in ["max_client_conn", "max_user_connections"] {
        assert!(config.iter().any(|row| row[0].as_deref() == Some(key) && float(&row[1]).is_some()), "{key}");
    }
    let version = exporter.query("SHOW VERSION;");
    assert_eq!((columns(&version).as_str(), version.last_rows().len()), ("version", 1));
    drop(client);
}

/// A cell of the only row, by its column's name.
fn cell(console: &mut Wire, show: &str, column: &str) -> String {
    let reply = console.query(&format!("SHOW {show}"));
    let Some(Outcome::Done { columns: Some(columns), rows, .. }) = reply.outcomes.last() else { panic!("{}", reply.summary()) };
    let at = columns.iter().position(|c| c.name == column).expect("a column");
    assert_eq!(rows.len(), 1, "{show}");
    String::from_utf8(rows[0][at].clone().unwrap_or_default()).expect("text")
}

fn number(console: &mut Wire, show: &str, column: &str) -> u64 {
    cell(console, show, column).parse().expect("a number")
}

#[test]
fn figures_are_counted() {
    let world = World::new();
    let proxy = start(&world);
    let mut boss = console(&proxy, "boss");
    let mut client = proxy.client("alder_app");
    assert_eq!((number(&mut boss, "STATS", "total_xact_count"), number(&mut boss, "POOLS", "cl_active")), (0, 1));
    for _ in 0..3 {
        client.run("SELECT count(*) FROM properties");
    }
    client.run("BEGIN");
    client.run("SELECT count(*) FROM meters");
    assert_eq!(number(&mut boss, "POOLS", "sv_active"), 1);
    let clients = boss.run("SHOW CLIENTS");
    let states: Vec<(&str, &str)> =
        clients.iter().map(|c| (c[1].as_deref().expect("user"), c[4].as_deref().expect("state"))).collect();
    assert_eq!(states, [("boss", "idle"), ("alder_app", "active")]);
    let servers = boss.run("SHOW SERVERS");
    let held = servers.iter().find(|s| s[4].as_deref() == Some("active")).expect("an active server");
    assert_eq!((&held[15], &clients[1][15]), (&clients[1][14], &held[14]), "both say whom they are linked with");
    client.run("COMMIT");
    let reply = client.extended("SELECT name FROM properties WHERE id = $1", &[Some("1001")]);
    assert_eq!(reply.sqlstate(), "00000");
    assert!(client.query("SELECT * FROM staff_names").is_refusal());
    wait_for("the figures to be counted", Duration::from_secs(5), || number(&mut boss, "STATS", "total_xact_count") == 5);
    // 3 alone, BEGIN, SELECT, COMMIT, the prepared one, the refused one.
    assert_eq!(number(&mut boss, "STATS_TOTALS", "query_count"), 8);
    assert_eq!(number(&mut boss, "STATS_TOTALS", "client_parse_count"), 1);
    assert_eq!(number(&mut boss, "STATS_TOTALS", "bind_count"), 1);
    assert_eq!(number(&mut boss, "STATS_TOTALS", "client_login_count"), 1);
    assert!(number(&mut boss, "STATS", "total_server_assignment_count") >= 5);
    for column in ["total_received", "total_sent", "total_xact_time", "total_query_time"] {
        assert!(number(&mut boss, "STATS", column) > 0, "{column}");
    }
    assert!(number(&mut boss, "STATS", "total_xact_time") >= number(&mut boss, "STATS", "total_query_time"));
    let refused = boss.run("SHOW REFUSALS");
    let row: Vec<&str> = refused[0].iter().map(|c| c.as_deref().unwrap_or("")).collect();
    assert_eq!(
        (refused.len(), row[0], row[1], row[2], row[4], row[6]),
        (1, "alder", "hidden_relation", "1", "alder_app", "42P01")
    );
    assert_eq!(row[8], "select * from staff_names");
    let tenants = boss.run("SHOW TENANTS");
    let alder = tenants.iter().find(|t| t[0].as_deref() == Some("alder")).expect("alder");
    assert_eq!((alder[2].as_deref(), alder[4].as_deref(), alder[7].as_deref()), (Some("active"), Some("1"), Some("1")));
    for show in ["LIMITS", "PLANS", "CACHE", "MEM"] {
        assert_eq!(boss.query(&format!("SHOW {show}")).sqlstate(), "00000", "{show}");
    }
}

#[test]
fn what_changes_takes_an_admin() {
    let world = World::new();
    let proxy = start(&world);
    let mut looker = console(&proxy, "looker");
    let verbs = [
        "RELOAD",
        "PAUSE",
        "RESUME",
        "RECONNECT",
        "KILL",
        "KILL_CLIENT 1",
        "KILL CLIENT 1",
        "SUSPEND TENANT alder",
        "RESUME TENANT alder",
    ];
    for verb in verbs {
        let reply = looker.query(&format!("SHOW VERSION; {verb}; SHOW VERSION"));
        assert_eq!((reply.outcomes.len(), reply.sqlstate()), (2, "42501"), "{verb}");
        assert_eq!(looker.extended(verb, &[]).sqlstate(), "42501", "{verb}");
    }
    assert_eq!(proxy.client("alder_app").run("SELECT count(*) FROM properties"), [[Some("5".to_owned())]]);
    let audit = proxy.audit();
    let refused = audit.iter().filter(|r| r.contains("\"refusal\"") && r.contains("\"looker\"")).count();
    assert_eq!(refused, 2 * verbs.len(), "{audit:?}");
    assert!(!audit.iter().any(|r| r.contains("\"event\":\"console\"")), "{audit:?}");
    let mut boss = console(&proxy, "boss");
    for (verb, code) in [
        ("RELOAD", "00000"),
        ("RECONNECT", "00000"),
        ("RESUME", "55000"),
        ("PAUSE nowhere", "3D000"),
        ("KILL_CLIENT 999", "42704"),
        ("SUSPEND TENANT nobody", "42704"),
        ("RESUME TENANT alder", "55000"),
        ("SHUTDOWN", "0A000"),
        ("DROP TABLE meters", "42601"),
    ] {
        assert_eq!(boss.query(verb).sqlstate(), code, "{verb}");
    }
    let told: Vec<String> = proxy.audit().into_iter().filter(|r| r.contains("\"console\"") && r.contains("\"boss\"")).collect();
    assert_eq!(told.len(), 5, "what is no command, or not of the tenant's, is none of these: {told:?}");
}

#[test]
fn a_pause_lets_transactions_end_and_statements_wait() {
    let world = World::new();
    let proxy = start(&world);
    let (mut boss, mut other) = (console(&proxy, "boss"), console(&proxy, "dba_boss"));
    let (mut open, mut late) = (proxy.client("alder_app"), proxy.client("birch_app"));
    open.run("BEGIN");
    open.run("SELECT count(*) FROM properties");
    std::thread::scope(|scope| {
        let pausing = scope.spawn(|| boss.query("PAUSE").sqlstate().to_owned());
        wait_for("the pause", Duration::from_secs(5), || number(&mut other, "DATABASES", "paused") == 1);
        let waiting = scope.spawn(|| late.run("SELECT count(*) FROM properties"));
        wait_for("a client that waits", Duration::from_secs(5), || number(&mut other, "POOLS", "cl_waiting") == 1);
        assert!(!pausing.is_finished(), "a transaction is open");
        open.run("COMMIT");
        assert_eq!(pausing.join().expect("it ends"), "00000");
        assert_eq!(other.run("SHOW SERVERS").len(), 0, "no connection is left");
        assert_eq!(other.query("PAUSE").sqlstate(), "55000");
        assert!(!waiting.is_finished(), "it waits");
        // Who logs in meanwhile makes no connection.
        let _late = proxy.client("alder_app");
        assert_eq!(other.run("SHOW SERVERS").len(), 0, "no connection is left");
        assert_eq!(other.query(&format!("RESUME \"{}\"", world.real)).sqlstate(), "00000");
        assert_eq!(waiting.join().expect("it goes on").len(), 1);
    });
    // A pause that is given up is taken back.
    open.run("BEGIN");
    open.run("SELECT count(*) FROM properties");
    let mut gone = console(&proxy, "boss");
    gone.send(&crate::wire::query("PAUSE")).expect("send");
    wait_for("the pause", Duration::from_secs(5), || number(&mut other, "DATABASES", "paused") == 1);
    drop(gone);
    wait_for("its end", Duration::from_secs(5), || number(&mut other, "DATABASES", "paused") == 0);
    assert_eq!(late.run("SELECT count(*) FROM properties").len(), 1);
}

#[test]
fn kill_ends_clients() {
    let world = World::new();
    let proxy = start(&world);
    let mut boss = console(&proxy, "boss");
    let (mut one, mut two) = (proxy.client("alder_app"), proxy.client("birch_app"));
    let id = |boss: &mut Wire, user: &str| {
        let clients = boss.run("SHOW CLIENTS");
        clients.iter().find(|c| c[1].as_deref() == Some(user)).and_then(|c| c[20].clone()).expect("its id")
    };
    two.run("BEGIN");
    two.run("UPDATE properties SET units = 7");
    let victim = id(&mut boss, "birch_app");
    assert_eq!(boss.query(&format!("KILL_CLIENT {victim}")).sqlstate(), "00000");
    assert_eq!(two.until_ready().sqlstate(), "57P01");
    assert_eq!(proxy.client("birch_app").run("SELECT count(*) FROM properties WHERE units = 7"), [[Some("0".to_owned())]]);
    assert_eq!(boss.query("KILL").sqlstate(), "00000");
    assert_eq!(one.until_ready().sqlstate(), "57P01");
    let mut late = proxy.client("alder_app");
    std::thread::scope(|scope| {
        let waiting = scope.spawn(|| late.run("SELECT count(*) FROM properties"));
        wait_for("a client that waits", Duration::from_secs(5), || number(&mut boss, "POOLS", "cl_waiting") == 1);
        assert_eq!(boss.query("RESUME").sqlstate(), "00000");
        assert_eq!(waiting.join().expect("it goes on"), [[Some("5".to_owned())]]);
    });
}

#[test]
fn a_suspended_tenant_is_out_until_it_is_resumed() {
    let world = World::new();
    let proxy = start(&world);
    let mut boss = console(&proxy, "boss");
    let (mut idle, mut busy, mut other) = (proxy.client("alder_app"), proxy.client("alder_app"), proxy.client("birch_app"));
    busy.run("BEGIN");
    busy.run("UPDATE properties SET units = 9");
    other.run("SELECT 1");
    assert_eq!(boss.query("SUSPEND TENANT alder").sqlstate(), "00000");
    for client in [&mut idle, &mut busy] {
        let reply = client.until_ready();
        assert_eq!(reply.sqlstate(), "57P01");
        assert!(reply.error().is_some_and(|f| f[&'M'].contains("suspended")), "{}", reply.summary());
    }
    assert_eq!(boss.query("SUSPEND TENANT alder").sqlstate(), "55000");
    let login = |user: &str| match Wire::connect(proxy.port, user, &proxy.database, Some(PASSWORD)) {
        Ok(_) => "accepted".to_owned(),
        Err(Failure::Refused(fields)) => fields.get(&'C').cloned().unwrap_or_default(),
        Err(Failure::Io(e)) => panic!("{e}"),
    };
    assert_eq!((login("alder_app"), login("birch_app")), ("28000".to_owned(), "accepted".to_owned()));
    assert_eq!(other.run("SELECT 1").len(), 1);
    proxy.signal("HUP");
    wait_for("the reload", Duration::from_secs(10), || proxy.audit().iter().any(|r| r.contains("\"reload\"")));
    assert_eq!(login("alder_app"), "28000", "a reload changes nothing about it");
    assert_eq!(boss.query("RESUME TENANT alder").sqlstate(), "00000");
    assert_eq!(proxy.client("alder_app").run("SELECT count(*) FROM properties WHERE units = 9"), [[Some("0".to_owned())]]);
    let audit = proxy.audit();
    for kind in ["suspend", "resume"] {
        let is = |r: &&String| r.contains(&format!("\"event\":\"{kind}\"")) && r.contains("\"boss\"") && r.contains("\"alder\"");
        assert!(audit.iter().any(|r| is(&r)), "{kind}: {audit:?}");
    }
}

/// What a user may do is what the configuration says now, not what it said when the user logged in.
#[test]
fn a_reload_takes_roles_away() {
    let world = World::new();
    let proxy = start(&world);
    let (mut boss, mut looker) = (console(&proxy, "boss"), console(&proxy, "looker"));
    let config = std::fs::read_to_string(proxy.config()).expect("config");
    let less = config
        .replace("name = \"looker\"\npassword = \"correct horse\"\nconsole = \"stats\"", "")
        .replace("[[users]]\n\n", "")
        .replacen("console = \"admin\"", "console = \"stats\"", 1);
    assert!(!less.contains("looker") && less != config);
    std::fs::write(proxy.config(), less).expect("write");
    assert_eq!(boss.query("RELOAD").sqlstate(), "00000");
    assert_eq!(looker.until_ready().sqlstate(), "57P01");
    assert_eq!(boss.query("PAUSE").sqlstate(), "42501");
    assert_eq!(boss.query("SHOW POOLS").sqlstate(), "00000");
}
