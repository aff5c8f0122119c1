//! Tenants interleaved on a proxy with one server connection, with two and with many: whatever the order of their transactions, settings, prepared statements,
//! errors and disconnects, each tenant's answers are those of a database of its own.

use crate::cluster::cluster;
use crate::proxy::{Proxy, Setup};
use crate::reply::{Order, Reply, difference};
use crate::wire::{Wire, bind, close, describe, execute, parse, sync};
use crate::world::{TENANCY, World};
use std::fmt::Write as _;

/// One tenant: its user, its client at the proxy, and the same client at the database that holds its rows alone.
struct Tenant {
    user: &'static str,
    number: u32,
    client: Wire,
    oracle: Wire,
    oracle_database: String,
    in_transaction: bool,
}

/// One thing that a tenant does. `{t}` is its number.
#[derive(Clone, Debug)]
enum Act {
    /// A simple query.
    Query(String),
    /// Extended messages up to a Sync.
    Messages(Vec<u8>, &'static str),
    /// Goes away without a word, and comes back.
    Disconnect,
}

/// SplitMix64, as in the random statements.
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    pub(crate) fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((z ^ (z >> 31)) % u64::try_from(n).expect("small")).expect("usize")
    }
}

/// What a tenant may do now. Inside a transaction it soon ends it: the others wait for the one server connection.
fn act(tenant: &Tenant, dice: &mut Dice) -> Act {
    let t = tenant.number;
    let id = u32::try_from(dice.below(5)).expect("small") + 1 + t * 1000;
    let foreign = u32::try_from(dice.below(5)).expect("small") + 1 + (t % 3 + 1) * 1000;
    let name = ["", "s", "plan"][dice.below(3)];
    let query = |text: String| Act::Query(text);
    if tenant.in_transaction {
        return match dice.below(12) {
            0..=2 => query("COMMIT".to_owned()),
            3 | 4 => query("ROLLBACK".to_owned()),
            5 => query(format!("UPDATE properties SET units = units + 1 WHERE id IN ({id}, {foreign}) RETURNING id, units")),
            6 => query("SAVEPOINT a; DELETE FROM payments; ROLLBACK TO a".to_owned()),
            7 => query("SELECT 1 / 0".to_owned()),
            8 => query("SET LOCAL timezone = 'Asia/Tokyo'".to_owned()),
            9 => query("SET timezone = 'America/New_York'".to_owned()),
            10 => Act::Disconnect,
            _ => query("SELECT max(paid_at), sum(amount) FROM payments".to_owned()),
        };
    }
    match dice.below(22) {
        0 | 1 => query("BEGIN".to_owned()),
        2 => query("SELECT id, name, units FROM properties ORDER BY id".to_owned()),
        3 => query(format!(
            "SELECT p.name, m.serial_no FROM properties p LEFT JOIN meters m ON m.property_id = p.id WHERE p.id = {id}"
        )),
        4 => query(format!("UPDATE properties SET units = {} WHERE id = {id}", dice.below(50))),
        5 => query(format!("UPDATE properties SET units = 1000 WHERE id = {foreign}")),
        6 => query(
            ["SET timezone = 'Europe/Berlin'", "SET DateStyle = 'German'", "RESET timezone", "RESET ALL"][dice.below(4)]
                .to_owned(),
        ),
        7 => query(["SHOW timezone", "SHOW DateStyle", "SHOW application_name"][dice.below(3)].to_owned()),
        8 => query("SELECT paid_at, (SELECT min(due) FROM invoices) FROM payments ORDER BY id".to_owned()),
        9 => query(format!("SET application_name = 'app of {t}'")),
        10 => query(format!("SELECT count(*) FROM meters; SELECT 1 / {}; SELECT 2", dice.below(2))),
        11 => query(format!("PREPARE q AS SELECT '{t}', count(*), min(secret) FROM meters WHERE kind <> $1")),
        12 => query(format!("EXECUTE q ('{}')", ["water", "heat", "none"][dice.below(3)])),
        13 => query("DEALLOCATE q".to_owned()),
        14 => query("BEGIN; UPDATE invoices SET memo = 'x'; SELECT 1 / 0".to_owned()),
        15 => Act::Messages(
            [
                parse(name, &format!("SELECT {t} AS t, id, name FROM properties WHERE id >= $1 ORDER BY id"), &[]),
                describe(b'S', name),
                sync(),
            ]
            .concat(),
            "parse",
        ),
        16 | 17 => {
            Act::Messages([bind("", name, &[Some(&id.to_string())]), describe(b'P', ""), execute("", 0), sync()].concat(), "bind")
        }
        18 => Act::Messages([close(b'S', name), sync()].concat(), "close"),
        19 => Act::Messages(
            [
                parse("", "DELETE FROM invoice_lines WHERE line = $1", &[]),
                bind("", "", &[Some("9")]),
                execute("", 0),
                parse("", "SELECT 1 / $1::int", &[]),
                bind("", "", &[Some(["0", "1"][dice.below(2)])]),
                execute("", 0),
                sync(),
            ]
            .concat(),
            "pipeline",
        ),
        20 => Act::Disconnect,
        _ => query(format!("SELECT count(*) FROM readings WHERE meter_id IN ({id}, {foreign})")),
    }
}

impl Tenant {
    fn new(user: &'static str, number: u32, proxy: &Proxy) -> Self {
        let oracle_database = cluster().database("alone", World::template());
        let mut admin = cluster().superuser(&oracle_database);
        // Only this tenant's rows: what `oracle.sql` does for tenant 1.
        for table in [
            "properties",
            "meters",
            "readings",
            "journal",
            "invoices",
            "invoice_lines",
            "payments",
            "categories",
            "assets",
            "\"Meter Notes\"",
            "visits",
        ] {
            admin.run(&format!("SET session_replication_role = replica; DELETE FROM {table} WHERE tenant_id <> {number}"));
        }
        admin.run(&format!("SET session_replication_role = replica; DELETE FROM organisations WHERE id <> {number}"));
        let client = proxy.client(user);
        let mut tenant =
            Self { user, number, client, oracle: Self::alone(&oracle_database), oracle_database, in_transaction: false };
        tenant.watch();
        tenant
    }

    fn alone(database: &str) -> Wire {
        Wire::connect(cluster().port, "app", database, None).expect("the oracle answers")
    }

    fn watch(&mut self) {
        let others: Vec<String> = (1..=3).filter(|n| *n != self.number).map(|n| format!("CANARY_T{n}_")).collect();
        self.client.forbid(&others.iter().map(String::as_str).collect::<Vec<_>>());
    }

    /// Does it on both sides; gives the difference.
    fn perform(&mut self, act: &Act, proxy: &Proxy) -> Option<String> {
        let got: Reply = match act {
            Act::Query(sql) => self.client.query(sql),
            Act::Messages(bytes, _) => self.client.exchange(bytes),
            Act::Disconnect => {
                self.client = proxy.client(self.user);
                self.oracle = Self::alone(&self.oracle_database);
                self.in_transaction = false;
                self.watch();
                return None;
            }
        };
        // A refused statement never ran; in the oracle an error of the same weight takes its place.
        let refused = got.sqlstate() == "0A000" && got.error().is_some_and(|f| f.contains_key(&'H'));
        let want = match act {
            _ if refused => {
                let stand_in = self.oracle.query("refused");
                self.in_transaction = matches!(got.status, Some(b'T' | b'E'));
                return (stand_in.status != got.status).then(|| format!("after a refusal: {}", got.summary()));
            }
            Act::Query(sql) => self.oracle.query(sql),
            Act::Messages(bytes, _) => self.oracle.exchange(bytes),
            Act::Disconnect => return None,
        };
        self.in_transaction = matches!(got.status, Some(b'T' | b'E'));
        let leak = self.client.leaks.pop().map(|l| format!("LEAK {l}"));
        leak.or_else(|| {
            difference(&got, &want, Order::Free)
                .map(|d| format!("{d}\n  expected: {}\n  got:      {}", want.summary(), got.summary()))
        })
    }
}

/// Three tenants, few server connections. A tenant inside a transaction holds one: when all are held, only those tenants act until one ends.
fn run(seed: u64, acts: usize, pool_size: usize) {
    let world = World::new();
    let proxy = Proxy::start(&Setup { pool_size, ..Setup::new(&world.real, TENANCY) });
    let mut tenants: Vec<Tenant> = [("alder_app", 1), ("birch_app", 2), ("cedar_app", 3)]
        .into_iter()
        .map(|(user, n)| Tenant::new(user, n, &proxy))
        .collect();
    let mut dice = Dice(seed);
    let mut history = String::new();
    for n in 0..acts {
        let holders: Vec<usize> = (0..3).filter(|&n| tenants[n].in_transaction).collect();
        let who = if holders.len() >= pool_size { holders[dice.below(holders.len())] } else { dice.below(3) };
        let what = act(&tenants[who], &mut dice);
        writeln!(history, "{n}: {}: {}", tenants[who].user, told(&what)).expect("write");
        if let Some(problem) = tenants[who].perform(&what, &proxy) {
            let last: Vec<&str> = history.lines().rev().take(30).collect();
            panic!("seed {seed}, pool of {pool_size}, act {n}: {problem}\nthe last acts, newest first:\n{}", last.join("\n"));
        }
    }
}

fn told(act: &Act) -> String {
    match act {
        Act::Query(sql) => sql.clone(),
        Act::Messages(_, name) => (*name).to_owned(),
        Act::Disconnect => "disconnects".to_owned(),
    }
}

#[test]
fn interleaved_tenants_on_few_server_connections() {
    for (seed, pool_size) in (1..).zip([1, 1, 1, 2, 2, 20]) {
        run(seed, 250, pool_size);
    }
}
