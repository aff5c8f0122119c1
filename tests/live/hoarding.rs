//! Nobody keeps a server connection that it does nothing with, nor more of the proxy's memory than others: by messages that ask for nothing,
//! by not reading, by data that does not come, or by always asking for more. It does not test the windows of plain results: `windows` does.

use crate::cluster::wait_for;
use crate::proxy::{PASSWORD, Proxy, Setup};
use crate::wire::{self, Wire, bind, cancel, execute, message, parse, query, sync};
use crate::world::{TENANCY, World};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

const LIMIT: Duration = Duration::from_secs(20);
/// What the proxy may grow by, bytes; see `windows`.
const WINDOW: usize = 24 << 20;

fn flush() -> Vec<u8> {
    message(b'H', &[])
}

/// A proxy with one server connection, and this plan for alder.
fn proxy(world: &World, plan: &str) -> Proxy {
    let tenancy = TENANCY.replacen("name = \"alder\"\n", "name = \"alder\"\nplan = \"small\"\n", 1);
    Proxy::start(&Setup { pool_size: 1, ..Setup::new(&world.real, &format!("{tenancy}\n[plans.small]\n{plan}\n")) })
}

/// Whether another tenant gets the one connection, within a time.
fn assert_free(proxy: &Proxy, what: &str) {
    let begun = Instant::now();
    let reply = proxy.client("birch_app").query("SELECT count(*) FROM meters");
    assert_eq!(reply.sqlstate(), "00000", "{what}: {}", reply.summary());
    assert!(begun.elapsed() < LIMIT, "{what}: it took {:?}", begun.elapsed());
}

/// A client whose socket takes little of what it does not read.
fn small(proxy: &Proxy) -> Wire {
    let stream = wire::tcp(proxy.port).expect("connects");
    Wire::login(stream, &[("user", "alder_app"), ("database", proxy.database.as_str())], Some(PASSWORD)).expect("logs in")
}

#[test]
fn a_flush_behind_an_answer_keeps_no_connection() {
    let world = World::new();
    let proxy = proxy(&world, "");
    let cycle = [parse("", "SELECT 1", &[]), bind("", "", &[]), execute("", 0), sync()].concat();
    for (what, bytes) in [("a query", query("SELECT 1")), ("a cycle", cycle)] {
        let mut client = proxy.client("alder_app");
        client.send(&[bytes, flush()].concat()).expect("sent");
        assert_eq!(client.until_ready().sqlstate(), "00000");
        assert_free(&proxy, what);
    }
}

#[test]
fn who_does_not_read_or_send_is_ended_at_its_limit() {
    let world = World::new();
    let proxy = proxy(&world, "statement_timeout = \"300ms\"");
    let mut unread = small(&proxy);
    unread.send(&query("SELECT repeat('x', 1024) FROM generate_series(1, 1000000)")).expect("sent");
    assert_free(&proxy, "a result that is not read");
    let mut copying = proxy.client("alder_app");
    copying.send(&query("COPY properties (name) FROM STDIN")).expect("sent");
    let reply = copying.collect(None, false);
    assert_eq!(reply.sqlstate(), "57014", "{}", reply.summary());
    assert_free(&proxy, "a COPY without data");
    assert_eq!(copying.query("SELECT 1").sqlstate(), "00000", "its session lives");
}

#[test]
fn data_that_comes_to_nothing_is_no_going_on() {
    let world = World::new();
    let proxy = proxy(&world, "idle_transaction_timeout = \"700ms\"");
    let mut client = proxy.client("alder_app");
    client.send(&query("COPY properties (name) FROM STDIN")).expect("sent");
    let mut ended = false;
    let begun = Instant::now();
    while !ended && begun.elapsed() < LIMIT {
        // An endless line, a byte at a time, and messages without data.
        let sent = client.send(&[message(b'd', b"x"), message(b'd', b""), flush()].concat());
        ended = sent.is_err();
        std::thread::sleep(Duration::from_millis(100));
    }
    assert!(ended, "it goes on still");
    assert_free(&proxy, "a COPY of one line");
    // Nor is a result that is not read.
    let mut unread = small(&proxy);
    unread.send(&query("SELECT repeat('x', 1024) FROM generate_series(1, 1000000)")).expect("sent");
    assert_free(&proxy, "a result that is not read");
}

#[test]
fn who_always_asks_for_more_lets_others_have_their_turn() {
    let world = World::new();
    let proxy = proxy(&world, "");
    let mut client = proxy.client("alder_app");
    client.send(&query("SELECT 1").repeat(4)).expect("sent");
    std::thread::scope(|scope| {
        let other = scope.spawn(|| assert_free(&proxy, "a queue of queries"));
        let begun = Instant::now();
        while !other.is_finished() && begun.elapsed() < LIMIT {
            client.send(&query("SELECT 1")).expect("sent");
            assert_eq!(client.until_ready().sqlstate(), "00000");
        }
        other.join().expect("another tenant's turn");
    });
}

#[test]
fn answers_of_the_proxys_own_wait_until_they_are_read() {
    let world = World::new();
    let proxy = proxy(&world, "");
    let mut client = small(&proxy);
    let long = format!("EXPLAIN (REWRITE) SELECT '{}'", "x".repeat(100_000));
    let first = client.exchange(&[parse("", &long, &[]), bind("p", "", &[]), execute("p", 0), sync()].concat());
    assert_eq!(first.sqlstate(), "00000", "{}", first.summary());
    proxy.forget_peak();
    let before = proxy.memory().resident;
    let mut asked = [parse("", &long, &[]), bind("p", "", &[])].concat();
    asked.extend(execute("p", 0).repeat(2000));
    asked.extend(sync());
    client.send(&asked).expect("sent");
    assert_free(&proxy, "answers that are not read");
    std::thread::sleep(Duration::from_secs(1));
    let grown = proxy.memory().peak.saturating_sub(before);
    assert!(grown < WINDOW, "the proxy's memory grew by {} KiB", grown / 1024);
    let mut rows = 0;
    loop {
        let frame = client.frame().expect("an answer");
        rows += usize::from(frame.tag == b'D');
        if frame.tag == b'Z' {
            break;
        }
    }
    assert!(rows >= 2000, "{rows} rows came");
}

#[test]
fn an_error_as_long_as_its_value_is_not_kept() {
    let world = World::new();
    let proxy = proxy(&world, "");
    let mut client = proxy.client("alder_app");
    assert_eq!(client.query("SELECT 'x'::int").sqlstate(), "22P02");
    proxy.forget_peak();
    let before = proxy.memory().resident;
    let reply = client.query("SELECT repeat('x', 200000000)::int");
    assert_eq!(reply.sqlstate(), "22P02");
    assert!(reply.error().is_some_and(|e| e[&'M'].starts_with("invalid input syntax for type integer: \"xxxx")));
    let grown = proxy.memory().peak.saturating_sub(before);
    assert!(grown < WINDOW, "the proxy's memory grew by {} KiB", grown / 1024);
    assert_eq!(client.query("SELECT 1").sqlstate(), "00000", "its session lives");
    let extended = client.extended("SELECT repeat('x', 50000000)::int", &[]);
    assert_eq!(extended.sqlstate(), "22P02");
    assert_eq!(client.extended("SELECT 1", &[]).sqlstate(), "00000", "its session lives");
}

#[test]
fn a_copy_behind_an_answer_that_was_cut_off_is_given_up() {
    let world = World::new();
    let proxy = proxy(&world, "rows_per_statement = 5");
    let mut client = proxy.client("alder_app");
    let both = "BEGIN; SELECT g FROM generate_series(1, 2000) g; COPY properties (name) FROM STDIN";
    assert_eq!(client.query(both).sqlstate(), "53400");
    // The cancel request that the cut has sent may come this late.
    let back = |client: &mut Wire| {
        wait_for("the transaction to end", LIMIT, || client.query("ROLLBACK").sqlstate() == "00000");
    };
    back(&mut client);
    assert_eq!(client.query("BEGIN").sqlstate(), "00000");
    let rows = [parse("", "SELECT g FROM generate_series(1, 2000) g", &[]), bind("", "", &[]), execute("", 0)].concat();
    let copy = [parse("", "COPY properties (name) FROM STDIN", &[]), bind("", "", &[]), execute("", 0), sync()].concat();
    assert_eq!(client.exchange(&[rows, copy].concat()).sqlstate(), "53400");
    back(&mut client);
    assert_free(&proxy, "a COPY that was given up");
}

#[test]
fn a_statement_that_waits_for_its_turn_can_be_canceled() {
    let world = World::new();
    let proxy = proxy(&world, "queries_per_second = 1\nburst = 1\nrate_wait = \"15s\"");
    let mut clients: Vec<Wire> = (0..8).map(|_| proxy.client("alder_app")).collect();
    for client in &mut clients {
        client.send(&query("SELECT count(*) FROM properties")).expect("sent");
    }
    // The last ones have their turn in some seconds.
    let begun = Instant::now();
    let stop = AtomicBool::new(false);
    let keys: Vec<(i32, i32)> = clients.iter().map(|client| client.key.expect("a key")).collect();
    let codes: Vec<String> = std::thread::scope(|scope| {
        let (stopped, port) = (&stop, proxy.port);
        scope.spawn(move || {
            while !stopped.load(Ordering::Relaxed) {
                keys.iter().for_each(|key| cancel(port, *key).expect("sent"));
                std::thread::sleep(Duration::from_millis(50));
            }
        });
        let codes = clients.iter_mut().map(|client| client.until_ready().sqlstate().to_owned()).collect();
        stop.store(true, Ordering::Relaxed);
        codes
    });
    let canceled = codes.iter().filter(|code| *code == "57014").count();
    assert!(canceled >= 4 && begun.elapsed() < Duration::from_secs(4), "{codes:?} in {:?}", begun.elapsed());
}

#[test]
fn a_session_begins_anew_behind_another_statement() {
    let world = World::new();
    let proxy = proxy(&world, "");
    let mut client = proxy.client("alder_app");
    client
        .send(
            &[query("SET application_name = 'one'"), query("SELECT 1"), query("DISCARD ALL"), query("SHOW application_name")]
                .concat(),
        )
        .expect("sent");
    let replies: Vec<String> = (0..4).map(|_| client.until_ready().summary()).collect();
    assert!(replies[2].contains("DISCARD ALL"), "{replies:?}");
    assert!(!replies[3].contains("one"), "{replies:?}");
    wait_for("the connection to be free", LIMIT, || proxy.client("birch_app").query("SELECT 1").sqlstate() == "00000");
}
