//! Runs random statements on the proxy and on the oracle, compares, and shrinks what differs to a small case.
//! It does not decide what statements look like.

use super::choice::{Choices, smaller};
use super::expression::{Generated, Generator};
use super::schema::Schema;
use crate::cluster::cluster;
use crate::proxy::{Proxy, Setup};
use crate::reply::{Order, Reply, difference};
use crate::wire::Wire;
use crate::world::{FOREIGN, roles};
use std::fmt::Write as _;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// Statements in a run without `PGMOAT_RANDOM`.
const STATEMENTS: usize = 10_000;
/// Statements on one schema.
const PER_SCHEMA: usize = 625;
/// Statements on the same rows, where none of them changed any.
const PER_ROWS: usize = 50;
/// Most statements out of 100 that may be refused though they cross no line: every kind in the generator is one that pgmoat claims to support.
const REFUSED_PERCENT: usize = 10;
/// Most statements out of 100 that may fail on both sides alike: beyond it the generator would test error messages only.
const ERROR_PERCENT: usize = 20;

/// Failures after which a run stops.
const MOST_FAILURES: usize = 6;

/// How statements ended.
#[derive(Debug, Default)]
struct Tally {
    same: AtomicUsize,
    same_error: AtomicUsize,
    refused: AtomicUsize,
    crossing_refused: AtomicUsize,
    reasons: Mutex<std::collections::BTreeMap<String, usize>>,
    failures: Mutex<Vec<String>>,
}

#[derive(Debug)]
enum Verdict {
    Same,
    SameError,
    Refused(String),
    CrossingRefused,
    Wrong(String),
}

/// What stands between the client and the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Between {
    /// pgmoat.
    Proxy,
    /// Nothing: the run must notice.
    Nothing,
    /// Nothing, and the database holds tenant 1's rows only: there must be no difference, or the generator is at fault.
    NothingNeeded,
}

/// One random schema in two databases, with a client to each side.
struct Arena {
    schema: Schema,
    between: Between,
    proxy: Option<Proxy>,
    real_database: String,
    oracle_database: String,
    client: Wire,
    oracle: Wire,
    real_admin: Wire,
    oracle_admin: Wire,
    rows: u64,
    changed: bool,
}

impl Arena {
    fn new(seed: u64, between: Between) -> Self {
        roles();
        let schema = Schema::random(&mut Choices::seeded(seed));
        let real = cluster().database("random", "template0");
        let oracle_database = cluster().database("random_oracle", "template0");
        for database in [&real, &oracle_database] {
            let mut admin = cluster().superuser(database);
            admin.run(&schema.ddl());
            admin.run(&format!("ALTER DATABASE {database} SET statement_timeout = '10s'"));
        }
        let proxy =
            (between == Between::Proxy).then(|| Proxy::start(&Setup { pool_size: 2, ..Setup::new(&real, &schema.tenancy()) }));
        let mut arena = Self {
            client: Self::log_in(proxy.as_ref(), &real),
            between,
            oracle: Wire::connect(cluster().port, "app", &oracle_database, None).expect("oracle"),
            real_admin: cluster().superuser(&real),
            oracle_admin: cluster().superuser(&oracle_database),
            schema,
            proxy,
            real_database: real,
            oracle_database,
            rows: 0,
            changed: true,
        };
        arena.reset(seed);
        arena
    }

    fn log_in(proxy: Option<&Proxy>, database: &str) -> Wire {
        let mut client = match proxy {
            Some(proxy) => proxy.client("user1"),
            None => Wire::connect(cluster().port, "app", database, None).expect("connects"),
        };
        client.forbid(&FOREIGN);
        client
    }

    /// Fresh rows.
    fn reset(&mut self, rows: u64) {
        self.rows = rows;
        self.changed = false;
        self.real_admin.run(&self.schema.rows(rows, self.between == Between::NothingNeeded));
        self.oracle_admin.run(&self.schema.rows(rows, true));
    }

    fn ask(wire: &mut Wire, text: &str, statement: &Generated) -> Reply {
        // A third of the simple ones twice without effect: then the statement comes as a prepared one.
        if !statement.extended && statement.for_oracle().len().is_multiple_of(3) {
            for _ in 0..2 {
                wire.query("BEGIN");
                wire.query(text);
                wire.query("ROLLBACK");
            }
        }
        if statement.extended {
            let values: Vec<Option<&str>> = statement.parameters.iter().map(Option::as_deref).collect();
            wire.extended(text, &values)
        } else {
            wire.query(text)
        }
    }

    /// Runs a statement on both sides.
    fn judge(&mut self, statement: &Generated) -> Verdict {
        let before = statement.writes.then(|| self.real_admin.run(&self.schema.fingerprint()));
        let text = if self.between == Between::Proxy { statement.for_proxy() } else { statement.for_oracle() };
        let got = Self::ask(&mut self.client, &text, statement);
        let leaks = std::mem::take(&mut self.client.leaks);
        if got.broken.is_some() {
            self.client = Self::log_in(self.proxy.as_ref(), &self.real_database);
            return Verdict::Wrong(format!("the connection ended: {}", got.summary()));
        }
        if !leaks.is_empty() {
            self.changed = true;
            return Verdict::Wrong(format!("LEAK {}", leaks.join("; ")));
        }
        if statement.crossing && self.between == Between::NothingNeeded {
            self.changed = true;
            return Verdict::CrossingRefused;
        }
        let after = statement.writes.then(|| self.real_admin.run(&self.schema.fingerprint()));
        let foreign = |rows: &Option<Vec<Vec<Option<String>>>>| -> Vec<Option<String>> {
            rows.iter().flatten().map(|r| r[2].clone()).collect()
        };
        if foreign(&before) != foreign(&after) {
            self.changed = true;
            return Verdict::Wrong(format!("rows of other tenants changed; the answer was {}", got.summary()));
        }
        self.changed |= before != after;
        if statement.crossing {
            return match got.sqlstate() {
                "42501" => Verdict::CrossingRefused,
                // Refused for another reason, or wrong on its own: as long as nothing was written.
                _ if got.error().is_some() => Verdict::Refused(reason(&got)),
                _ if before == after && !got.summary().contains(" 0 ") => Verdict::Same,
                _ => Verdict::Wrong(format!("a write into another tenant was not refused: {}", got.summary())),
            };
        }
        let want = Self::ask(&mut self.oracle, &statement.for_oracle(), statement);
        let got = if text == statement.for_oracle() { got } else { got.without_positions() };
        let order = if statement.ordered { Order::Kept } else { Order::Free };
        let Some(difference) = difference(&got, &want, order) else {
            if statement.writes && want.error().is_none() {
                return self.compare_rows(after.as_ref());
            }
            return if got.error().is_some() { Verdict::SameError } else { Verdict::Same };
        };
        // A busy machine may hit the time limit on one side only: that says nothing, and is counted apart by its SQLSTATE.
        if got.sqlstate() == "57014" || want.sqlstate() == "57014" {
            self.changed = true;
            return Verdict::Refused("57014 statement timeout on one side".to_owned());
        }
        // A statement with two mistakes: pgmoat misses a column before PostgreSQL finds the other one. Both fail before any row is read.
        if got.sqlstate() == "42703" && want.sqlstate().starts_with("42") {
            return Verdict::SameError;
        }
        // And pgmoat looks a reference up before PostgreSQL looks at the rest of the row.
        if got.sqlstate() == "23503" && (want.sqlstate().starts_with("22") || want.sqlstate().starts_with("23")) {
            return Verdict::SameError;
        }
        // Also before it is known whether the row is one to insert: ON CONFLICT may make none of it.
        if got.sqlstate() == "23503" && want.error().is_none() && self.refers_to_nothing(statement) {
            self.changed = true;
            return Verdict::Refused("23503 in a row that would have been in conflict".to_owned());
        }
        if matches!(got.sqlstate(), "42501" | "0A000" | "54000" | "54001") || got.is_unread() {
            // It never ran here, so what the oracle did must be undone: the rows are made anew. (42601: pgmoat's parser could not read it.)
            self.changed |= statement.writes;
            return Verdict::Refused(reason(&got));
        }
        if got.error().is_some() && self.fails_on_own_rows(&text, &got) {
            return Verdict::SameError;
        }
        self.changed |= statement.writes;
        Verdict::Wrong(format!("{difference}\n  expected: {}\n  got:      {}", want.summary(), got.summary()))
    }

    /// Whether a query that pgmoat wrote anew fails over tenant 1's rows alone as it failed here. PostgreSQL leaves open whether a condition
    /// is evaluated that may raise an error; where that happens without anybody else's row, it tells nothing.
    fn fails_on_own_rows(&mut self, text: &str, got: &Reply) -> bool {
        let shown = self.client.query(&format!("EXPLAIN (REWRITE) {text}"));
        let rows = shown.last_rows();
        let line = rows.first().and_then(|row| row.first()).and_then(|line| line.as_deref());
        let Some(rewritten) = line.and_then(|line| line.strip_prefix("Rewritten: ")) else { return false };
        // Nothing that writes: what the oracle holds must stay.
        self.oracle.query("BEGIN READ ONLY");
        let own = self.oracle.query(rewritten);
        self.oracle.query("ROLLBACK");
        let status = |reply: &Reply| (reply.sqlstate().to_owned(), reply.error().and_then(|f| f.get(&'M').cloned()));
        own.error().is_some() && status(&own) == status(got)
    }

    /// Whether the rows of an INSERT, were they in nobody's way, would break a foreign key over tenant 1's rows alone.
    fn refers_to_nothing(&mut self, statement: &Generated) -> bool {
        let Some(text) = statement.unopposed() else { return false };
        self.oracle.query("BEGIN");
        let values: Vec<Option<&str>> = statement.parameters.iter().map(Option::as_deref).collect();
        let reply = if statement.extended { self.oracle.extended(&text, &values) } else { self.oracle.query(&text) };
        self.oracle.query("ROLLBACK");
        reply.sqlstate() == "23503"
    }

    fn compare_rows(&mut self, after: Option<&Vec<Vec<Option<String>>>>) -> Verdict {
        let own = |rows: &[Vec<Option<String>>]| -> Vec<Option<String>> { rows.iter().map(|r| r[1].clone()).collect() };
        let oracle = self.oracle_admin.run(&self.schema.fingerprint());
        let real = after.map(|r| own(r)).unwrap_or_default();
        if own(&oracle) == real {
            Verdict::Same
        } else {
            Verdict::Wrong("tenant 1's rows differ from the oracle's afterwards".to_owned())
        }
    }

    /// Makes a failing statement smaller as long as it fails in the same way.
    fn shrink(&mut self, choices: Vec<u32>, rows: u64) -> Option<(Generated, String)> {
        let mut best = choices;
        let deadline = Instant::now() + Duration::from_secs(20);
        let again = |arena: &mut Self, taken: &[u32]| -> Option<(Generated, String)> {
            let statement = statement(&arena.schema, Choices::replayed(taken.to_vec()));
            arena.reset(rows);
            match arena.judge(&statement) {
                Verdict::Wrong(why) => Some((statement, why)),
                Verdict::Same | Verdict::SameError | Verdict::Refused(_) | Verdict::CrossingRefused => None,
            }
        };
        let mut found = again(self, &best);
        'smaller: while Instant::now() < deadline && found.is_some() {
            for candidate in smaller(&best) {
                if Instant::now() > deadline {
                    break 'smaller;
                }
                let length = |g: &Option<(Generated, String)>| g.as_ref().map_or(usize::MAX, |f| f.0.text.len());
                let tried = again(self, &candidate);
                if tried.is_some() && (length(&tried), candidate.len()) < (length(&found), best.len()) {
                    best = candidate;
                    found = tried;
                    continue 'smaller;
                }
            }
            break;
        }
        found
    }
}

fn statement(schema: &Schema, choices: Choices) -> Generated {
    let mut generator = Generator::new(schema, choices);
    if generator.choices.chance(30) { generator.writing() } else { generator.reading() }
}

/// A refusal's SQLSTATE and hint (or message), for the tally.
fn reason(reply: &Reply) -> String {
    let field = |c: char| reply.error().and_then(|f| f.get(&c)).cloned().unwrap_or_default();
    let text: String = field('M').chars().take(70).collect();
    format!("{} {text}", field('C'))
}

fn seed_of_run() -> u64 {
    match std::env::var("PGMOAT_SEED") {
        Ok(text) => text.parse().expect("PGMOAT_SEED is a number"),
        Err(_) => std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("a clock").as_secs(),
    }
}

fn work(between: Between, seed: u64, arenas: usize, next: &AtomicUsize, tally: &Tally) {
    loop {
        let n = next.fetch_add(1, Ordering::Relaxed);
        if n >= arenas {
            return;
        }
        let arena_seed = seed.wrapping_add(u64::try_from(n).expect("small") * 1_000_003);
        let mut arena = Arena::new(arena_seed, between);
        for i in 0..PER_SCHEMA {
            let i = u64::try_from(i).expect("small");
            if arena.changed || i % u64::try_from(PER_ROWS).expect("small") == 0 {
                arena.reset(arena_seed.wrapping_add(i));
            }
            let rows = arena.rows;
            let made = statement(&arena.schema, Choices::seeded(arena_seed.wrapping_mul(7919).wrapping_add(i)));
            let counter = match arena.judge(&made) {
                Verdict::Same => &tally.same,
                Verdict::SameError => &tally.same_error,
                Verdict::Refused(why) => {
                    *tally.reasons.lock().expect("lock").entry(why).or_default() += 1;
                    &tally.refused
                }
                Verdict::CrossingRefused => &tally.crossing_refused,
                Verdict::Wrong(first) => {
                    if tally.failures.lock().expect("lock").len() >= MOST_FAILURES {
                        return;
                    }
                    // What fails only once is reported as it was.
                    let (small, why) =
                        arena.shrink(made.taken.clone(), rows).unwrap_or_else(|| (made.clone(), format!("once only: {first}")));
                    let report = describe(&arena, &small, &why, arena_seed, i);
                    tally.failures.lock().expect("lock").push(report);
                    arena.changed = true;
                    continue;
                }
            };
            counter.fetch_add(1, Ordering::Relaxed);
        }
    }
}

/// A report that can be read alone, and is kept as a file.
fn describe(arena: &Arena, statement: &Generated, why: &str, seed: u64, i: u64) -> String {
    let mut out = String::new();
    writeln!(out, "seed {seed}, statement {i}, rows {}: {why}", arena.rows).expect("write");
    writeln!(out, "  statement ({}): {}", if statement.extended { "extended" } else { "simple" }, statement.for_proxy())
        .expect("write");
    if statement.extended {
        writeln!(out, "  parameters: {:?}", statement.parameters).expect("write");
    }
    let directory = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("random-failures");
    std::fs::create_dir_all(&directory).expect("directory");
    let file = directory.join(format!("{seed}-{i}.sql"));
    let oracle = statement.for_oracle();
    let rows = arena.schema.rows(arena.rows, false);
    std::fs::write(
        &file,
        format!(
            "-- {}\n{}\n{rows}\n-- oracle: {oracle}\n{};\n",
            why.replace('\n', "\n-- "),
            arena.schema.ddl(),
            statement.for_proxy()
        ),
    )
    .expect("write");
    writeln!(out, "  kept in {} (oracle database {})", file.display(), arena.oracle_database).expect("write");
    out
}

/// Runs about so many statements on three threads.
fn run(between: Between, wanted: usize, seed: u64) -> Tally {
    let started = Instant::now();
    let (tally, next) = (Tally::default(), AtomicUsize::new(0));
    let arenas = wanted.div_ceil(PER_SCHEMA);
    std::thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| work(between, seed, arenas, &next, &tally));
        }
    });
    println!("{between:?}: {} in {:?}, PGMOAT_SEED={seed}", tally.summary(), started.elapsed());
    tally
}

impl Tally {
    fn numbers(&self) -> [usize; 5] {
        let n = |a: &AtomicUsize| a.load(Ordering::Relaxed);
        let wrong = self.failures.lock().expect("lock").len();
        [n(&self.same), n(&self.same_error), n(&self.refused), n(&self.crossing_refused), wrong]
    }

    fn summary(&self) -> String {
        let [same, same_error, refused, crossing, wrong] = self.numbers();
        let total = same + same_error + refused + crossing + wrong;
        let mut out = format!(
            "{total} random statements: {same} the same, {same_error} the same error, {refused} refused, {crossing} crossings refused, {wrong} wrong"
        );
        for (why, count) in self.reasons.lock().expect("lock").iter() {
            write!(out, "\n  {count} x {why}").expect("write");
        }
        out
    }
}

#[test]
fn random_statements_answer_as_the_one_tenant_database_or_are_refused() {
    let wanted: usize = std::env::var("PGMOAT_RANDOM").map_or(STATEMENTS, |t| t.parse().expect("PGMOAT_RANDOM is a number"));
    let seed = seed_of_run();
    let tally = run(Between::Proxy, wanted, seed);
    let [same, same_error, refused, crossing, _] = tally.numbers();
    let total = same + same_error + refused + crossing;
    let failures = tally.failures.into_inner().expect("lock");
    assert!(failures.is_empty(), "seed {seed}:\n{}", failures.join("\n"));
    assert!(total >= wanted, "only {total} statements");
    assert!(refused * 100 <= total * REFUSED_PERCENT, "{refused} of {total} refused: more than {REFUSED_PERCENT} %");
    assert!(same_error * 100 <= total * ERROR_PERCENT, "{same_error} of {total} fail on both sides: more than {ERROR_PERCENT} %");
    assert!(crossing > total / 500, "only {crossing} crossings");
}

/// The generator itself: on a database with one tenant there is no difference, so a difference is never its own noise.
#[test]
fn random_statements_are_determined() {
    let seed = seed_of_run();
    let tally = run(Between::NothingNeeded, 1_250, seed);
    let failures = tally.failures.into_inner().expect("lock");
    assert!(failures.is_empty(), "seed {seed}:\n{}", failures.join("\n"));
}

/// The run itself must be able to fail.
#[test]
fn random_statements_notice_that_no_proxy_is_there() {
    let tally = run(Between::Nothing, PER_SCHEMA, 1);
    assert!(tally.numbers()[4] >= MOST_FAILURES, "{}", tally.summary());
}
