//! The protocol by raw socket: what PostgreSQL answers to unusual message sequences, pgmoat answers too; what breaks the protocol ends
//! that session and no other. It does not test SQL.

#![expect(clippy::too_many_lines, reason = "a script reads best in one piece")]

use crate::cluster::{cluster, wait_for};
use crate::proxy::{Proxy, Setup};
use crate::reply::{Order, difference};
use crate::wire::{self, Wire, bind, bind_formats, close, cstr, describe, execute, message, parse, query, sync};
use crate::world::{FOREIGN, TENANCY, World};
use std::time::Duration;

/// A name, the bytes, and how many ReadyForQuery they lead to.
type Exchange = (&'static str, Vec<u8>, usize);

fn pipelining() -> Vec<Exchange> {
    let count = "SELECT count(*) FROM properties";
    vec![
        (
            "skip to sync",
            [
                parse("", count, &[]),
                bind("", "", &[]),
                execute("", 0),
                parse("", "SELECT 1 / 0", &[]),
                bind("", "", &[]),
                execute("", 0),
                parse("", "SELECT 3", &[]),
                bind("", "", &[]),
                execute("", 0),
                sync(),
                query(count),
            ]
            .concat(),
            2,
        ),
        (
            "many statements before one sync",
            [
                parse("", count, &[]),
                bind("", "", &[]),
                execute("", 0),
                parse("", "SELECT max(id) FROM meters", &[]),
                bind("", "", &[]),
                describe(b'P', ""),
                execute("", 0),
                parse("", "SELECT $1::text", &[]),
                bind("", "", &[Some("x")]),
                execute("", 0),
                sync(),
            ]
            .concat(),
            1,
        ),
        (
            "an error undoes the pipeline's writes",
            [
                parse("", "INSERT INTO assets (id, tenant_id, label) VALUES (1901, 1, 'x')", &[]),
                bind("", "", &[]),
                execute("", 0),
                parse("", "SELECT 1 / 0", &[]),
                bind("", "", &[]),
                execute("", 0),
                sync(),
                query("SELECT count(*) FROM assets"),
            ]
            .concat(),
            2,
        ),
        (
            "each sync is a transaction",
            [
                parse("", "INSERT INTO assets (id, tenant_id, label) VALUES (1901, 1, 'x')", &[]),
                bind("", "", &[]),
                execute("", 0),
                sync(),
                parse("", "SELECT 1 / 0", &[]),
                bind("", "", &[]),
                execute("", 0),
                sync(),
                query("DELETE FROM assets WHERE id = 1901"),
            ]
            .concat(),
            3,
        ),
        ("syncs alone", [sync(), sync(), sync()].concat(), 3),
        ("several queries at once", [query(count), query("SELECT 1; SELECT 2"), query("SELECT nothing"), query("")].concat(), 4),
        (
            "a query amid extended messages",
            [parse("s", count, &[]), query("SELECT 7"), bind("", "s", &[]), execute("", 0), sync()].concat(),
            2,
        ),
        (
            "a transaction over syncs",
            [
                query("BEGIN"),
                parse("", "UPDATE properties SET units = 1", &[]),
                bind("", "", &[]),
                execute("", 0),
                sync(),
                query("SELECT sum(units) FROM properties"),
                query("ROLLBACK"),
                query("SELECT sum(units) FROM properties"),
            ]
            .concat(),
            5,
        ),
        (
            "messages in a failed transaction",
            [
                query("BEGIN"),
                query("SELECT 1 / 0"),
                parse("", "SELECT 1", &[]),
                sync(),
                parse("", "ROLLBACK", &[]),
                bind("", "", &[]),
                execute("", 0),
                sync(),
                query("SELECT 1"),
            ]
            .concat(),
            5,
        ),
        (
            "begin and commit by extended messages",
            [
                parse("", "BEGIN", &[]),
                bind("", "", &[]),
                execute("", 0),
                parse("", "DELETE FROM payments WHERE id = 1001", &[]),
                bind("", "", &[]),
                execute("", 0),
                parse("", "ROLLBACK", &[]),
                bind("", "", &[]),
                execute("", 0),
                sync(),
                query("SELECT count(*) FROM payments"),
            ]
            .concat(),
            2,
        ),
        (
            "copy messages outside copy",
            [message(b'd', b"data"), message(b'c', b""), message(b'f', b"why\0"), query("SELECT 1")].concat(),
            1,
        ),
        (
            "a query that is skipped, and a flush",
            [
                parse("", "SELECT nothing", &[]),
                message(b'H', b""),
                query("SELECT 'skipped'"),
                message(b'H', b""),
                message(b'd', b"skipped"),
                close(b'S', "skipped"),
                sync(),
                query(count),
            ]
            .concat(),
            2,
        ),
        (
            "a flush in a failed pipeline, a copy in a later one",
            [
                parse("", "SELECT 1 / 0", &[]),
                bind("", "", &[]),
                execute("", 0),
                message(b'H', b""),
                sync(),
                parse("", "COPY tariffs TO STDOUT", &[]),
                bind("", "", &[]),
                execute("", 0),
                parse("", count, &[]),
                bind("", "", &[]),
                execute("", 0),
                sync(),
            ]
            .concat(),
            2,
        ),
        (
            "flush in between",
            [parse("", count, &[]), message(b'H', b""), bind("", "", &[]), execute("", 0), message(b'H', b""), sync()].concat(),
            1,
        ),
    ]
}

fn statements() -> Vec<Exchange> {
    let by_id = "SELECT name FROM properties WHERE id = $1";
    let one = 1001_i64.to_be_bytes();
    vec![
        (
            "the same name twice",
            [parse("s", "SELECT 1", &[]), parse("s", "SELECT 2", &[]), sync(), bind("", "s", &[]), execute("", 0), sync()]
                .concat(),
            2,
        ),
        (
            "closed and prepared anew",
            [
                parse("s", "SELECT 1", &[]),
                close(b'S', "s"),
                parse("s", "SELECT count(*) FROM meters", &[]),
                bind("", "s", &[]),
                execute("", 0),
                sync(),
            ]
            .concat(),
            1,
        ),
        (
            "the unnamed statement is replaced",
            [
                parse("", "SELECT 1", &[]),
                parse("", "SELECT 2", &[]),
                bind("", "", &[]),
                execute("", 0),
                sync(),
                bind("", "", &[]),
                execute("", 0),
                sync(),
            ]
            .concat(),
            2,
        ),
        (
            "a simple query drops the unnamed statement",
            [parse("", "SELECT 1", &[]), sync(), query("SELECT 2"), bind("", "", &[]), execute("", 0), sync()].concat(),
            3,
        ),
        ("describe a statement", [parse("s", by_id, &[]), describe(b'S', "s"), sync()].concat(), 1),
        (
            "describe a statement with declared types",
            [parse("s", "SELECT $1, $2", &[20, 25]), describe(b'S', "s"), sync()].concat(),
            1,
        ),
        (
            "describe an insert",
            [parse("s", "INSERT INTO assets (id, tenant_id, label) VALUES ($1, $2, $3)", &[]), describe(b'S', "s"), sync()]
                .concat(),
            1,
        ),
        (
            "describe an update with returning",
            [parse("s", "UPDATE properties SET town = $2 WHERE id = $1 RETURNING id, town", &[]), describe(b'S', "s"), sync()]
                .concat(),
            1,
        ),
        (
            "describe a statement without parameters",
            [parse("s", "SELECT * FROM meters m JOIN properties p ON p.id = m.property_id", &[]), describe(b'S', "s"), sync()]
                .concat(),
            1,
        ),
        (
            "describe a text-tenant statement",
            [parse("s", "SELECT * FROM documents WHERE id = $1 AND title = $2", &[]), describe(b'S', "s"), sync()].concat(),
            1,
        ),
        (
            "one statement, many binds",
            [
                parse("s", by_id, &[]),
                bind("", "s", &[Some("1001")]),
                execute("", 0),
                bind("", "s", &[Some("2001")]),
                execute("", 0),
                bind("", "s", &[None]),
                execute("", 0),
                sync(),
                bind("", "s", &[Some("1002")]),
                execute("", 0),
                sync(),
            ]
            .concat(),
            2,
        ),
        (
            "binary parameters and results",
            [
                parse("s", "SELECT id, name, units, built FROM properties WHERE id = $1", &[]),
                bind_formats("", "s", &[1], &[Some(&one)], &[1]),
                describe(b'P', ""),
                execute("", 0),
                sync(),
            ]
            .concat(),
            1,
        ),
        (
            "a binary result format for each column",
            [
                parse("s", "SELECT id, name FROM properties", &[]),
                bind_formats("", "s", &[], &[], &[1, 0]),
                describe(b'P', ""),
                execute("", 0),
                sync(),
            ]
            .concat(),
            1,
        ),
        (
            "a binary tenant value",
            [
                parse("s", "INSERT INTO assets (id, tenant_id, label) VALUES ($1, $2, 'b') RETURNING tenant_id", &[20, 20]),
                bind_formats("", "s", &[1], &[Some(&1901_i64.to_be_bytes()), Some(&1_i64.to_be_bytes())], &[]),
                execute("", 0),
                sync(),
                query("DELETE FROM assets WHERE id = 1901"),
            ]
            .concat(),
            2,
        ),
        (
            "too many result formats",
            [parse("s", "SELECT 1", &[]), bind_formats("", "s", &[], &[], &[0, 0, 0]), execute("", 0), sync()].concat(),
            1,
        ),
        (
            "too many parameter formats",
            [parse("s", by_id, &[]), bind_formats("", "s", &[0, 0], &[Some(b"1")], &[]), execute("", 0), sync()].concat(),
            1,
        ),
        (
            "an unknown format",
            [parse("s", by_id, &[]), bind_formats("", "s", &[7], &[Some(b"1")], &[]), execute("", 0), sync()].concat(),
            1,
        ),
        ("too few parameters", [parse("s", by_id, &[]), bind("", "s", &[]), execute("", 0), sync()].concat(), 1),
        (
            "too many parameters",
            [parse("s", by_id, &[]), bind("", "s", &[Some("1"), Some("2")]), execute("", 0), sync()].concat(),
            1,
        ),
        ("no such statement", [bind("", "nothing", &[]), execute("", 0), sync()].concat(), 1),
        ("no such statement to describe", [describe(b'S', "nothing"), sync()].concat(), 1),
        ("no such portal", [execute("nothing", 0), sync()].concat(), 1),
        ("no such portal to describe", [describe(b'P', "nothing"), sync()].concat(), 1),
        ("closing what is not there", [close(b'S', "nothing"), close(b'P', "nothing"), sync()].concat(), 1),
        (
            "an empty statement",
            [parse("", "", &[]), describe(b'S', ""), bind("", "", &[]), describe(b'P', ""), execute("", 0), sync()].concat(),
            1,
        ),
        (
            "two commands in one parse",
            [parse("", "SELECT 1; SELECT 2", &[]), bind("", "", &[]), execute("", 0), sync()].concat(),
            1,
        ),
        (
            "rows in portions",
            [
                query("BEGIN"),
                parse("", "SELECT id FROM meters ORDER BY id", &[]),
                bind("p", "", &[]),
                execute("p", 3),
                sync(),
                execute("p", 3),
                execute("p", 0),
                close(b'P', "p"),
                sync(),
                query("COMMIT"),
            ]
            .concat(),
            4,
        ),
        (
            "a portal ends with its transaction",
            [parse("", "SELECT id FROM meters", &[]), bind("p", "", &[]), execute("p", 1), sync(), execute("p", 1), sync()]
                .concat(),
            2,
        ),
        (
            "a cursor is a portal",
            [
                query("BEGIN"),
                query("DECLARE dc CURSOR FOR SELECT id FROM meters ORDER BY id"),
                describe(b'P', "dc"),
                execute("dc", 2),
                sync(),
                query("FETCH 1 FROM dc"),
                close(b'P', "dc"),
                execute("dc", 1),
                sync(),
                query("ROLLBACK"),
            ]
            .concat(),
            6,
        ),
        (
            "a closed portal",
            [parse("", "SELECT 1", &[]), bind("p", "", &[]), close(b'P', "p"), execute("p", 0), sync()].concat(),
            1,
        ),
        (
            "a portal outlives the name of its statement",
            [
                parse("s", "SELECT min(id) FROM meters", &[]),
                bind("p", "s", &[]),
                close(b'S', "s"),
                execute("p", 0),
                parse("", "SELECT 1", &[]),
                bind("q", "", &[]),
                parse("", "SELECT 2", &[]),
                execute("q", 0),
                sync(),
            ]
            .concat(),
            1,
        ),
        (
            "a limit below zero is none",
            [parse("", "SELECT id FROM meters ORDER BY id", &[]), bind("", "", &[]), execute("", -1), sync()].concat(),
            1,
        ),
        (
            "a limit on what writes",
            [
                query("BEGIN"),
                parse("", "UPDATE meters SET divisor = divisor RETURNING 1", &[]),
                bind("", "", &[]),
                execute("", 2),
                execute("", 0),
                execute("", 0),
                sync(),
                query("ROLLBACK"),
            ]
            .concat(),
            3,
        ),
        (
            "run to its end, and once more",
            [parse("", "SELECT 1", &[]), bind("", "", &[]), execute("", 0), execute("", 0), sync()].concat(),
            1,
        ),
        (
            "text that is not UTF-8 as a parameter",
            [parse("", "SELECT $1::text", &[]), bind_formats("", "", &[], &[Some(b"\xff\xfe")], &[]), execute("", 0), sync()]
                .concat(),
            1,
        ),
        (
            "a zero byte in a parameter",
            [parse("", "SELECT $1::text", &[]), bind_formats("", "", &[], &[Some(b"a\0b")], &[]), execute("", 0), sync()]
                .concat(),
            1,
        ),
        (
            "a binary parameter of the wrong length",
            [parse("s", by_id, &[20]), bind_formats("", "s", &[1], &[Some(b"\x01")], &[]), execute("", 0), sync()].concat(),
            1,
        ),
        (
            "the same portal twice",
            [query("BEGIN"), parse("", "SELECT 1", &[]), bind("p", "", &[]), bind("p", "", &[]), sync(), query("ROLLBACK")]
                .concat(),
            3,
        ),
        (
            "a statement prepared by SQL is bound",
            [query("PREPARE p AS SELECT 42"), bind("", "p", &[]), execute("", 0), sync(), query("DEALLOCATE p")].concat(),
            3,
        ),
        (
            "a statement prepared by Parse is executed by SQL",
            [parse("p", "SELECT 43", &[]), sync(), query("EXECUTE p"), query("DEALLOCATE p")].concat(),
            3,
        ),
        (
            "deallocate all closes them",
            [parse("p", "SELECT 43", &[]), sync(), query("DEALLOCATE ALL"), bind("", "p", &[]), sync()].concat(),
            3,
        ),
        (
            "a name of 63 bytes and more",
            {
                let long = "n".repeat(80);
                [parse(&long, "SELECT 1", &[]), bind("", &long, &[]), execute("", 0), sync()].concat()
            },
            1,
        ),
        (
            "a statement that fails at bind",
            [parse("s", by_id, &[]), bind("", "s", &[Some("word")]), execute("", 0), sync(), query("SELECT 1")].concat(),
            2,
        ),
        (
            "no rows, no data",
            [
                parse("s", "DELETE FROM payments WHERE id = 0", &[]),
                describe(b'S', "s"),
                bind("", "s", &[]),
                describe(b'P', ""),
                execute("", 0),
                sync(),
            ]
            .concat(),
            1,
        ),
    ]
}

/// The same bytes to the proxy and to the one-tenant database: the same answers.
#[test]
fn unusual_sequences_are_answered_as_postgresql_answers_them() {
    let world = World::new();
    let proxy = world.proxy();
    let mut problems = Vec::new();
    let mut all = pipelining();
    all.extend(statements());
    for (name, bytes, replies) in all {
        let mut client = proxy.client("alder_app");
        client.forbid(&FOREIGN);
        let mut oracle = world.ask_oracle();
        client.send(&bytes).expect("send");
        oracle.send(&bytes).expect("send");
        for n in 0..replies {
            let (got, want) = (client.until_ready(), oracle.until_ready());
            if let Some(d) = difference(&got, &want, Order::Free) {
                problems.push(format!("{name}, reply {n}: {d}\n  expected: {}\n  got:      {}", want.summary(), got.summary()));
                break;
            }
        }
        problems.extend(client.leaks.iter().map(|l| format!("{name}: LEAK {l}")));
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn a_refusal_amid_a_pipeline_skips_to_sync_and_hides_nothing() {
    let world = World::new();
    let proxy = world.proxy();
    let mut client = proxy.client("alder_app");
    let run = |sql: &str| [parse("", sql, &[]), bind("", "", &[]), execute("", 0)].concat();
    let bytes = [
        run("INSERT INTO assets (id, tenant_id, label) VALUES (1901, 1, 'x')"),
        run("SELECT * FROM staff_names"),
        run("SELECT 5"),
        sync(),
    ]
    .concat();
    let reply = client.exchange(&bytes);
    assert_eq!(reply.sqlstate(), "42P01", "{}", reply.summary());
    assert_eq!(reply.outcomes.len(), 2, "{}", reply.summary());
    assert_eq!(reply.status, Some(b'I'));
    assert_eq!(
        client.run("SELECT count(*) FROM assets WHERE id = 1901"),
        [[Some("0".to_owned())]],
        "the pipeline is one transaction"
    );
    // A binary tenant value that is not the own.
    let bytes = [
        parse("s", "INSERT INTO assets (id, tenant_id, label) VALUES (1901, $1, 'b')", &[20]),
        bind_formats("", "s", &[1], &[Some(&2_i64.to_be_bytes())], &[]),
        execute("", 0),
        sync(),
    ];
    assert_eq!(client.exchange(&bytes.concat()).sqlstate(), "42501");
    // The next value is judged anew.
    let bytes = [bind_formats("", "s", &[1], &[Some(&1_i64.to_be_bytes())], &[]), execute("", 0), sync()];
    assert_eq!(client.exchange(&bytes.concat()).sqlstate(), "00000");
    let bytes = [bind_formats("", "s", &[0], &[Some(b"2")], &[]), execute("", 0), sync()];
    assert_eq!(client.exchange(&bytes.concat()).sqlstate(), "42501");
    assert_eq!(client.run("SELECT count(*) FROM assets"), [[Some("4".to_owned())]]);
}

/// The bytes of the own tenant's value are another number where the client says that they are a float: what is stored is the own value.
#[test]
fn a_tenant_value_is_the_own_one_whatever_its_bytes_are_declared_as() {
    let mut world = World::new();
    let proxy = world.proxy();
    let (eight, four) = (1_i64.to_be_bytes(), 1_i32.to_be_bytes());
    let insert = "INSERT INTO assets (id, tenant_id, label) VALUES (1901, $1, 'b') RETURNING tenant_id";
    let float_elsewhere =
        "INSERT INTO assets (id, tenant_id, label) VALUES (($1::float8)::int + 1901, $1, 'b') RETURNING tenant_id";
    let update = "UPDATE assets SET label = ($1::float8)::text, tenant_id = $1 WHERE id = 1001 RETURNING tenant_id";
    let cases: [(&str, &str, &[u32], &[u8]); 7] = [
        ("as it is", insert, &[], &eight),
        ("float8", insert, &[701], &eight),
        ("float4", insert, &[700], &four),
        ("numeric", insert, &[1700], &eight),
        ("int2", insert, &[21], &1_i16.to_be_bytes()),
        ("a float elsewhere", float_elsewhere, &[], &eight),
        ("a float elsewhere in UPDATE", update, &[], &eight),
    ];
    for (name, sql, types, value) in cases {
        let mut client = proxy.client("alder_app");
        client.run("BEGIN");
        let bytes = [parse("s", sql, types), bind_formats("", "s", &[1], &[Some(value)], &[]), execute("", 0), sync()].concat();
        let reply = client.exchange(&bytes);
        let stored = reply.sqlstate() == "00000";
        assert!(!stored || reply.last_rows().iter().all(|row| *row == [Some("1".to_owned())]), "{name}: {}", reply.summary());
        client.run("COMMIT");
        client.run("DELETE FROM assets WHERE id >= 1901");
        assert_eq!(
            world.inspect("SELECT count(*) FROM assets WHERE tenant_id NOT IN (1, 2, 3)"),
            [[Some("0".to_owned())]],
            "{name}"
        );
    }
}

/// What is not the protocol: an error or the end of that connection, never an effect, never another client's trouble.
#[test]
fn broken_messages_end_their_own_session_only() {
    let world = World::new();
    let proxy = world.proxy();
    let mut bystander = proxy.client("birch_app");
    let raw = |tag: u8, length: i32, body: &[u8]| [&[tag], &length.to_be_bytes()[..], body].concat();
    let delete = "DELETE FROM payments";
    let mut bad_bind = cstr("");
    bad_bind.extend(cstr(""));
    bad_bind.extend([0, 0, 0, 1, 0x7f, 0xff, 0xff, 0xff]);
    let cases: Vec<(&str, Vec<u8>)> = vec![
        ("a zero byte within a query", message(b'Q', b"SELECT 1\0; DELETE FROM payments\0")),
        ("a query without its end", message(b'Q', b"DELETE FROM payments")),
        ("an empty query message", message(b'Q', b"")),
        ("length 3", raw(b'Q', 3, &cstr(delete))),
        ("length 0", raw(b'Q', 0, &cstr(delete))),
        ("length -1", raw(b'Q', -1, &cstr(delete))),
        ("length of 2 GiB", raw(b'Q', i32::MAX, &cstr(delete))),
        ("an unknown message", [message(b'!', b""), query(delete)].concat()),
        ("a password when none is asked", message(b'p', b"pw\0")),
        ("a start-up packet again", [wire::startup(&[("user", "birch_app")]), query(delete)].concat()),
        ("a cut parse", message(b'P', b"s\0DELETE FROM payments")),
        ("a parse that counts too many types", message(b'P', b"\0SELECT 1\0\x7f\xff")),
        ("a parse with a negative count", message(b'P', b"\0SELECT 1\0\xff\xff")),
        ("a parse with bytes left over", message(b'P', b"\0SELECT 1\0\0\0more")),
        ("a bind that claims 2 GiB", [parse("", "SELECT $1::text", &[]), message(b'B', &bad_bind)].concat()),
        ("a describe of nothing known", message(b'D', b"X\0")),
        ("an execute without a count", message(b'E', b"\0")),
        ("a zero byte within a name", [parse("", "SELECT 1", &[]), message(b'B', b"a\0b\0c\0\0\0\0\0\0\0")].concat()),
        ("a sync with a body", [message(b'S', b"x"), query(delete)].concat()),
        ("a flush with a body", [message(b'H', b"x"), query(delete)].concat()),
        ("a copy done with a body", [message(b'c', b"x"), query(delete)].concat()),
        ("a close of nothing known", message(b'C', b"X\0")),
        ("a close without its end", message(b'C', b"Sname")),
        ("an execute with bytes left over", message(b'E', b"\0\0\0\0\0\0")),
        ("a bind with a negative number of formats", message(b'B', b"\0\0\xff\xff\0\0\0\0")),
        ("a bind with a negative number of result formats", message(b'B', b"\0\0\0\0\0\0\xff\xff")),
        ("a bind with a parameter of length -2", message(b'B', b"\0\0\0\0\0\x01\xff\xff\xff\xfe\0\0")),
        ("a name that is not UTF-8", message(b'P', b"\xff\xfe\0SELECT 1\0\0\0")),
        ("a portal's name that is not UTF-8", [parse("", "SELECT 1", &[]), message(b'B', b"\xff\0\0\0\0\0\0\0\0")].concat()),
        ("an execute of a name that is not UTF-8", message(b'E', b"\xff\0\0\0\0\0")),
        ("text that is not UTF-8 in a parse", message(b'P', b"\0SELECT '\xc3'\0\0\0")),
        ("text that is not UTF-8", message(b'Q', b"SELECT '\xff\xfe'\0")),
        ("overlong UTF-8", message(b'Q', b"SELECT '\xc0\xa7 OR 1=1 --'\0")),
    ];
    for (name, bytes) in cases {
        let mut client = proxy.client("alder_app");
        // The proxy may close while the bytes are on their way: then the answer or the end of the connection is still to be read.
        let reply = match client.send(&[bytes, sync()].concat()) {
            Ok(()) | Err(_) => client.until_ready(),
        };
        assert!(reply.error().is_some() || reply.broken.is_some(), "{name}: {}", reply.summary());
        assert_ne!(reply.broken, Some(std::io::ErrorKind::WouldBlock), "{name}: no answer in time");
        assert_eq!(bystander.run("SELECT count(*) FROM payments"), [[Some("5".to_owned())]], "{name}");
    }
    let mut world = world;
    assert_eq!(world.inspect("SELECT count(*) FROM payments"), [[Some("15".to_owned())]]);
}

/// FunctionCall names a function by number and goes round all SQL: refused, and the session lives.
#[test]
fn function_calls_are_refused() {
    let world = World::new();
    let proxy = world.proxy();
    let mut client = proxy.client("alder_app");
    let mut body = 2274_i32.to_be_bytes().to_vec();
    body.extend([0, 0, 0, 0, 0, 0]);
    let reply = client.exchange(&message(b'F', &body));
    assert!(reply.is_refusal(), "{}", reply.summary());
    assert_eq!(reply.status, Some(b'I'), "{}", reply.summary());
    assert_eq!(client.run("SELECT 1"), [[Some("1".to_owned())]]);
    // Within a failed pipeline it is skipped like anything else.
    let reply = client
        .exchange(&[parse("", "SELECT 1 / 0", &[]), bind("", "", &[]), execute("", 0), message(b'F', &body), sync()].concat());
    assert_eq!(reply.sqlstate(), "22012", "{}", reply.summary());
}

/// A prepared statement's name belongs to one client, though all share one server connection.
#[test]
fn names_of_prepared_statements_are_each_clients_own() {
    let world = World::new();
    let proxy = Proxy::start(&Setup { pool_size: 1, ..Setup::new(&world.real, TENANCY) });
    let mut alder = proxy.client("alder_app");
    let mut birch = proxy.client("birch_app");
    let mut second = proxy.client("alder_app");
    let prepare = [parse("s", "SELECT min(name) FROM properties", &[]), sync()].concat();
    let use_it = [bind("", "s", &[]), execute("", 0), sync()].concat();
    for client in [&mut alder, &mut birch] {
        assert_eq!(client.exchange(&prepare).sqlstate(), "00000");
    }
    assert_eq!(second.exchange(&use_it).sqlstate(), "26000", "another client of the same user");
    for _ in 0..3 {
        assert_eq!(alder.exchange(&use_it).last_rows(), [[Some("CANARY_T1_house1".to_owned())]]);
        assert_eq!(birch.exchange(&use_it).last_rows(), [[Some("CANARY_T2_house1".to_owned())]]);
    }
    drop(alder);
    assert_eq!(birch.exchange(&use_it).last_rows(), [[Some("CANARY_T2_house1".to_owned())]]);
    let mut third = proxy.client("cedar_app");
    assert_eq!(third.exchange(&use_it).sqlstate(), "26000", "a client that came after");
}

#[test]
fn a_bypass_user_sees_everything_and_is_audited() {
    let world = World::new();
    let proxy = world.proxy();
    let mut dba = proxy.client("dba");
    assert_eq!(dba.run("SELECT count(*) FROM properties"), [[Some("15".to_owned())]]);
    assert_eq!(dba.run("SELECT count(*) FROM staff_names WHERE name <> 'a secret literal'"), [[Some("3".to_owned())]]);
    let records = proxy.audit();
    let of_dba: Vec<&String> = records.iter().filter(|r| r.contains("\"dba\"") && r.contains("staff_names")).collect();
    assert_eq!(of_dba.len(), 1, "{records:?}");
    assert!(!records.concat().contains("a secret literal"));
}

/// An open transaction ends with its client, and its settings with it.
#[test]
fn a_dropped_client_leaves_no_transaction_behind() {
    let world = World::new();
    let proxy = Proxy::start(&Setup { pool_size: 1, ..Setup::new(&world.real, TENANCY) });
    let mut alder = proxy.client("alder_app");
    alder.run("BEGIN");
    alder.run("UPDATE properties SET units = 99");
    alder.run("SET LOCAL timezone = 'Asia/Tokyo'");
    drop(alder);
    let mut birch: Wire = proxy.client("birch_app");
    assert_eq!(birch.run("SELECT count(*) FROM properties WHERE units = 99"), [[Some("0".to_owned())]]);
    assert_eq!(birch.run("SHOW timezone"), [[Some("UTC".to_owned())]]);
    let mut again = proxy.client("alder_app");
    assert_eq!(again.run("SELECT count(*) FROM properties WHERE units = 99"), [[Some("0".to_owned())]]);
}

/// Simple queries become prepared statements as they come again; whatever changes under them, the answers stay those of plain ones.
#[test]
fn repeated_queries_follow_the_tables_and_the_settings() {
    let world = World::new();
    let proxy = Proxy::start(&Setup { pool_size: 1, ..Setup::new(&world.real, TENANCY) });
    let mut admin = cluster().superuser(&world.real);
    let mut client = proxy.client("alder_app");
    client.forbid(&FOREIGN);
    let mut oracle = world.ask_oracle();
    let mut oracle_admin = cluster().superuser(&world.oracle);
    let select = |n: usize| format!("SELECT * FROM meters WHERE id < {n} AND serial_no <> 'x' ORDER BY id");
    let dates = "SELECT id, '02/03/2024'::date + id::int4 FROM meters WHERE id > 0 ORDER BY id";
    let mut compare = |sql: &str, client: &mut Wire| {
        let (got, want) = (client.query(sql), oracle.query(sql));
        assert_eq!(difference(&got, &want, Order::Kept), None, "{sql}: {} instead of {}", got.summary(), want.summary());
    };
    for change in [
        "SELECT 1",
        "ALTER TABLE meters ADD COLUMN extra int DEFAULT 5",
        "ALTER TABLE meters ALTER COLUMN extra TYPE text",
        "ALTER TABLE meters RENAME COLUMN extra TO more",
        "ALTER TABLE meters DROP COLUMN more",
    ] {
        admin.run(change);
        oracle_admin.run(change);
        for n in 1..6 {
            compare(&select(n * 400), &mut client);
        }
    }
    for style in ["SET datestyle = 'ISO, DMY'", "SET datestyle = 'ISO, MDY'", "SET TimeZone = 'Asia/Tokyo'", "RESET datestyle"] {
        compare(style, &mut client);
        for _ in 0..4 {
            compare(dates, &mut client);
        }
        // Another client, without the setting, on the same server connection.
        let mut other = proxy.client("alder_app");
        let mut plain = world.ask_oracle();
        for _ in 0..3 {
            let (got, want) = (other.query(dates), plain.query(dates));
            assert_eq!(difference(&got, &want, Order::Kept), None, "beside {style}");
        }
    }
    for sql in ["BEGIN", "SET LOCAL datestyle = 'ISO, DMY'", dates, dates, dates, "ROLLBACK", dates, dates, dates] {
        compare(sql, &mut client);
    }
}

/// A plan keeps a text that was computed when it was made: who makes texts in another way has plans of its own.
#[test]
fn a_text_that_a_plan_keeps_is_of_the_own_settings() {
    let world = World::new();
    let proxy = Proxy::start(&Setup { pool_size: 1, ..Setup::new(&world.real, TENANCY) });
    for (setting, sql) in [
        ("bytea_output = 'escape'", "SELECT id, '\\x41'::bytea::text FROM meters WHERE id = 1001"),
        ("extra_float_digits = -15", "SELECT id, (0.1::float8 + 0.2::float8)::text FROM meters WHERE id = 1001"),
        ("intervalstyle = 'iso_8601'", "SELECT id, '1 day'::interval::text FROM meters WHERE id = 1001"),
        ("datestyle = 'German'", "SELECT id, '2024-02-03'::date::text FROM meters WHERE id = 1001"),
    ] {
        let (mut one, mut other) = (proxy.client("alder_app"), proxy.client("alder_app"));
        let (mut alone, mut plain) = (world.ask_oracle(), world.ask_oracle());
        one.run(&format!("SET {setting}"));
        alone.run(&format!("SET {setting}"));
        for round in 0..8 {
            for (client, oracle) in [(&mut one, &mut alone), (&mut other, &mut plain)] {
                let (got, want) = (client.query(sql), oracle.query(sql));
                assert_eq!(difference(&got, &want, Order::Kept), None, "{setting}, round {round}");
            }
        }
        one.run("RESET ALL");
        let (got, want) = (one.query(sql), plain.query(sql));
        assert_eq!(difference(&got, &want, Order::Kept), None, "{setting}, when it is reset");
    }
}

/// A row that was referred to stays until the transaction ends, though PostgreSQL would look for it only then: in its place another tenant's
/// could be.
#[test]
fn a_row_that_is_referred_to_is_held() {
    let world = World::new();
    let proxy = Proxy::start(&Setup::new(&world.real, TENANCY));
    let mut admin = cluster().superuser(&world.real);
    admin.run("SET lock_timeout = '200ms'");
    for write in [
        "INSERT INTO receipts (id, payment_id, text, code) VALUES (1950, 1005, 'x', '1')",
        "INSERT INTO receipts (id, payment_id, text, code) SELECT 1950, id, 'x', '1' FROM payments WHERE id = 1005",
        "UPDATE receipts SET payment_id = 1005 WHERE id = 1001",
        "UPDATE receipts SET payment_id = (SELECT id FROM payments WHERE id = 1005) WHERE id = 1001",
        "MERGE INTO receipts r USING payments p ON r.id = 1001 AND p.id = 1005 WHEN MATCHED THEN UPDATE SET payment_id = p.id",
    ] {
        let mut client = proxy.client("alder_app");
        client.run("BEGIN");
        client.run("SET CONSTRAINTS ALL DEFERRED");
        client.run(write);
        let answer = admin.query("DELETE FROM payments WHERE id = 1005");
        assert!(answer.summary().contains("55P03"), "{write}: {}", answer.summary());
        client.run("ROLLBACK");
    }
    // A trigger of the first row changes the row that the second refers to: it cannot be locked any more, and stays all the same.
    admin.run("CREATE FUNCTION touch_payment() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN UPDATE payments SET amount = amount + 1 WHERE id = new.payment_id; RETURN new; END$$");
    admin.run("CREATE TRIGGER touch BEFORE INSERT ON receipts FOR EACH ROW EXECUTE FUNCTION touch_payment()");
    let mut client = proxy.client("alder_app");
    client.run("BEGIN");
    client.run("INSERT INTO receipts (id, payment_id, text, code) VALUES (1951, 1005, 'x', '1'), (1952, 1005, 'y', '2')");
    client.run("ROLLBACK");
}

/// When rows are described is PostgreSQL's order to the message: those that are read before the first, those that are written at the end.
#[test]
fn rows_are_described_when_postgresql_describes_them() {
    let world = World::new();
    let proxy = Proxy::start(&Setup { pool_size: 1, ..Setup::new(&world.real, TENANCY) });
    let mut client = proxy.client("alder_app");
    let mut oracle = world.ask_oracle();
    let tags = |wire: &mut Wire, sql: &str| {
        wire.send(&query(sql)).expect("send");
        let mut tags = String::new();
        while !tags.ends_with('Z') {
            tags.push(char::from(wire.frame().expect("an answer").tag));
        }
        tags
    };
    for sql in [
        "INSERT INTO assets (id, tenant_id, label) VALUES (1902, 1, 'x') RETURNING id",
        "INSERT INTO assets (id, tenant_id, label) VALUES (1902, 1, 'x') ON CONFLICT (id) DO NOTHING RETURNING id",
        "SELECT 1 / (id - id) FROM meters WHERE id = 1001",
        "SELECT id FROM meters WHERE id = 7",
        "UPDATE assets SET label = 'y' WHERE id = 1902 RETURNING 1 / (id - 1902)",
        "UPDATE assets SET label = 'y' WHERE id = 1902 RETURNING label",
        "UPDATE assets SET label = 'y' WHERE id = 1902",
        "WITH gone AS (DELETE FROM assets WHERE id = 1902 RETURNING 1 / (id - 1902) AS n) SELECT * FROM gone",
        "WITH some AS (SELECT 1 / (id - 1001) AS n FROM meters WHERE id = 1001) SELECT * FROM some",
        "SELECT 1; SELECT 1 / (id - id) FROM meters; SELECT 2",
        "INSERT INTO assets (id, tenant_id, label) VALUES (1903, 1, 'x') RETURNING id; INSERT INTO assets (id, tenant_id, label) VALUES (1902, 1, 'x') RETURNING id",
        "",
    ] {
        for time in 0..4 {
            let (got, want) = (tags(&mut client, sql), tags(&mut oracle, sql));
            assert_eq!(got, want, "{sql}, time {time}");
        }
    }
}

/// A goodbye amid a transaction undoes it, as does a connection that just ends within a message.
#[test]
fn a_goodbye_amid_a_transaction_undoes_it() {
    let world = World::new();
    let proxy = Proxy::start(&Setup { pool_size: 1, ..Setup::new(&world.real, TENANCY) });
    let change = [parse("", "UPDATE properties SET units = 77", &[]), bind("", "", &[]), execute("", 0)].concat();
    for end in [message(b'X', b""), [change.clone(), message(b'X', b"")].concat(), message(b'Q', b"COMMIT\0")[..8].to_vec()] {
        let mut client = proxy.client("alder_app");
        client.run("BEGIN");
        client.exchange(&[change.clone(), sync()].concat());
        client.send(&end).expect("send");
        drop(client);
        let mut other = proxy.client("alder_app");
        assert_eq!(other.run("SELECT count(*) FROM properties WHERE units = 77"), [[Some("0".to_owned())]]);
    }
}

/// Data on its way to a COPY that has failed is dropped, in whatever protocol, and the next message is heard.
#[test]
fn the_data_of_a_copy_that_failed_is_dropped() {
    let world = World::new();
    let proxy = world.proxy();
    let (mut client, mut oracle) = (proxy.client("alder_app"), world.ask_oracle());
    let data = [message(b'd', b"1\tdata\n"), message(b'c', b""), message(b'f', b"why\0")].concat();
    let bytes = [
        query("COPY nope FROM STDIN"),
        data.clone(),
        query("SELECT 'after'"),
        query("COPY properties (nothing) FROM STDIN"),
        data.clone(),
        parse("", "COPY nope FROM STDIN", &[]),
        bind("", "", &[]),
        execute("", 0),
        data,
        sync(),
        query("SELECT 'after all'"),
    ]
    .concat();
    client.send(&bytes).expect("send");
    oracle.send(&bytes).expect("send");
    for n in 0..5 {
        let (got, want) = (client.until_ready().without_positions(), oracle.until_ready().without_positions());
        assert_eq!(difference(&got, &want, Order::Kept), None, "reply {n}: {} instead of {}", got.summary(), want.summary());
    }
}

/// A row that a cursor holds is changed by it, in the extended protocol too; a portal with the name of such a cursor holds none.
#[test]
fn a_portal_with_the_name_of_a_cursor_holds_no_row() {
    let world = World::new();
    let proxy = world.proxy();
    let mut client = proxy.client("alder_app");
    let run = |sql: &str| [parse("", sql, &[]), bind("", "", &[]), execute("", 0)].concat();
    let declare = run("DECLARE c CURSOR FOR SELECT id FROM properties ORDER BY id FOR UPDATE");
    let change = run("UPDATE properties SET units = 1 WHERE CURRENT OF c");
    let changed =
        client.exchange(&[run("BEGIN"), declare.clone(), run("FETCH c"), change.clone(), run("CLOSE c"), sync()].concat());
    assert_eq!(changed.error(), None, "{}", changed.summary());
    let other = [parse("", "SELECT id FROM properties ORDER BY id DESC", &[]), bind("c", "", &[]), execute("c", 1)].concat();
    let refused = client.exchange(&[other, change, sync()].concat());
    assert_eq!(refused.sqlstate(), "0A000", "{}", refused.summary());
    client.run("ROLLBACK");
}

/// By an EXECUTE of a statement that a Parse has prepared, no row is changed that a cursor does not hold, nor one that it does.
#[test]
fn an_execute_of_a_parsed_statement_changes_no_row_of_a_cursor() {
    let world = World::new();
    let proxy = world.proxy();
    let mut client = proxy.client("alder_app");
    let prepared = client.exchange(&[parse("p", "UPDATE properties SET units = 1 WHERE CURRENT OF c", &[]), sync()].concat());
    assert_eq!(prepared.error(), None, "{}", prepared.summary());
    let by_query = query("EXECUTE p");
    let by_message = [parse("", "EXECUTE p", &[]), bind("", "", &[]), execute("", 0), sync()].concat();
    for lock in ["", "FOR UPDATE"] {
        for change in [&by_query, &by_message] {
            client.run(&format!("BEGIN; DECLARE c CURSOR FOR SELECT id FROM properties {lock}; FETCH c"));
            let refused = client.exchange(change);
            assert_eq!(refused.sqlstate(), "0A000", "{}", refused.summary());
            client.run("ROLLBACK");
        }
    }
}

/// A text that is too long is an error, which tells of no row but one's own: another condition would choose which.
#[test]
fn a_text_that_is_too_long_tells_of_no_other_row() {
    let world = World::new();
    let proxy = world.proxy();
    let mut client = proxy.client("alder_app");
    let long = "x".repeat(12 << 20);
    let many = vec!["$1"; 90].join(", ");
    let mut ask = |secret: &str| {
        let sql = format!("SELECT id FROM meters WHERE secret LIKE '{secret}%' AND concat({many}, secret) IS NULL");
        client.exchange(&[parse("", &sql, &[25]), bind("", "", &[Some(&long)]), execute("", 0), sync()].concat())
    };
    let own = ask("CANARY_T1");
    assert_eq!(own.sqlstate(), "54000", "{}", own.summary());
    let foreign = ask("CANARY_T2");
    assert_eq!(foreign.error(), None, "{}", foreign.summary());
}

/// What stands for a call may not make a text many times as long.
#[test]
fn a_long_text_is_not_told_many_times() {
    let world = World::new();
    let proxy = world.proxy();
    let mut client = proxy.client("alder_app");
    let calls = vec!["(current_query())"; 1000].join(", ");
    let reply = client.query(&format!("SELECT count(*) FROM (VALUES {calls}) AS v"));
    assert_eq!(reply.sqlstate(), "54000", "{}", reply.summary());
}

/// What a session sets in unusual ways is its own, and is known: a settings change that the proxy missed would be the next client's.
#[test]
fn what_a_session_has_set_is_nobody_elses() {
    const STATE: &str =
        "SELECT current_setting('default_transaction_read_only'), current_setting('timezone'), current_setting('datestyle')";
    let world = World::new();
    let proxy = Proxy::start(&Setup { pool_size: 1, ..Setup::new(&world.real, TENANCY) });
    let once = |sql: &str, rows: i32| [parse("", sql, &[]), bind("", "", &[]), execute("", rows)].concat();
    let set = |name: &str, value: &str| format!("SELECT set_config('{name}', '{value}', false)");
    let dirty = "SET default_transaction_read_only = on; SET timezone = 'Asia/Tokyo'; SET datestyle = 'SQL, DMY'";
    for (what, steps) in [
        (
            "DISCARD ALL before another statement",
            vec![query(dirty), [once("DISCARD ALL", 0), once("SELECT 1", 0), sync()].concat()],
        ),
        ("DISCARD ALL before a query", vec![query(dirty), [once("DISCARD ALL", 0), query("SELECT 1")].concat()]),
        ("set_config with a limit", vec![[once(&set("default_transaction_read_only", "on"), 1), sync()].concat()]),
        (
            "set_config with a limit, in a transaction",
            vec![query("BEGIN"), [once(&set("datestyle", "SQL, DMY"), 1), sync()].concat(), query("COMMIT")],
        ),
        (
            "set_config executed again after another SET",
            vec![
                query("BEGIN"),
                [
                    parse("", &set("timezone", "Asia/Tokyo"), &[]),
                    bind("p", "", &[]),
                    execute("p", 0),
                    once("SET timezone = 'Europe/Rome'", 0),
                    execute("p", 0),
                    sync(),
                ]
                .concat(),
                query("COMMIT"),
            ],
        ),
        (
            "set_config resumed after another SET",
            vec![
                [
                    parse("", &set("timezone", "Asia/Tokyo"), &[]),
                    bind("p", "", &[]),
                    execute("p", 1),
                    once("SET timezone = 'Europe/Rome'", 0),
                    execute("p", 1),
                    sync(),
                ]
                .concat(),
            ],
        ),
    ] {
        let (mut client, mut alone) = (proxy.client("alder_app"), world.ask_oracle());
        let mut last = [Vec::new(), Vec::new()];
        for step in steps {
            for (session, bytes) in [&mut client, &mut alone].into_iter().zip(&mut last) {
                let reply = session.exchange(&step);
                assert_eq!(reply.error(), None, "{what}: {}", reply.summary());
                *bytes = session.run(STATE);
            }
        }
        assert_eq!(last[0], last[1], "{what}: the client's own settings");
        let mut other = proxy.client("birch_app");
        assert_eq!(other.run(STATE), world.ask_oracle().run(STATE), "{what}: the next client's settings");
        other.run("UPDATE properties SET units = units");
        drop((client, other));
    }
}

/// `'now'` is the moment at which a statement is read, which for a simple query and an unnamed statement is each time that it is sent.
#[test]
fn now_is_not_when_another_asked() {
    let world = World::new();
    let proxy = Proxy::start(&Setup { pool_size: 1, ..Setup::new(&world.real, TENANCY) });
    let texts = [
        "SELECT timestamptz 'now' FROM properties WHERE id = 1001",
        "SELECT 'Now'::timestamp FROM properties WHERE id > 1001 LIMIT 1",
        "SELECT CAST('now' AS timestamptz)",
        "SELECT (ARRAY['now'])::timestamptz[]",
        "SELECT '{now,now}'::timestamptz[]",
        "SELECT '[now,infinity)'::tstzrange",
        "SELECT E'n\\x6fw'::timestamptz",
        "SELECT $$ now $$::time",
        "SELECT 'n'\n'ow'::timestamptz",
    ];
    let mut clients = [proxy.client("alder_app"), proxy.client("alder_app"), proxy.client("alder_app")];
    for text in texts {
        let mut seen = Vec::new();
        for _round in 0..3 {
            for client in &mut clients {
                seen.push(client.run(text));
                seen.push(client.extended(text, &[]).last_rows());
            }
        }
        let number = seen.len();
        seen.sort();
        seen.dedup();
        assert_eq!(seen.len(), number, "{text}: a moment was kept");
    }
    // In the same transaction it is the same, and a named statement is read when it is bound.
    let [client, ..] = &mut clients;
    client.run("BEGIN");
    assert_eq!(client.run(texts[2]), client.extended(texts[2], &[]).last_rows());
    client.run("COMMIT");
    client.run(&format!("PREPARE s AS {}", texts[0]));
    assert_ne!(client.run("EXECUTE s"), client.run(texts[0]));
    assert_eq!(client.run("SELECT note FROM readings WHERE note = 'now' AND taken_on < 'today'"), Vec::<Vec<_>>::new());
}

/// The tenant's values are parameters too: who leaves them no room hears so, and goes on.
#[test]
fn a_statement_may_have_too_many_parameters() {
    let world = World::new();
    let proxy = world.proxy();
    let mut client = proxy.client("alder_app");
    let refused = client.exchange(&[parse("", "SELECT id FROM properties WHERE id = $65535", &[]), sync()].concat());
    assert_eq!(refused.sqlstate(), "54000", "{}", refused.summary());
    client.run("SELECT 1");
}

/// A statement that yields something else than when it was prepared is an error each time, as drivers expect who read by what they were told;
/// one that does not goes on, and so does who prepares the same text anew.
#[test]
fn a_prepared_statement_does_not_change_what_it_yields() {
    let world = World::new();
    let upstream = "catalog_poll = \"100ms\"".to_owned();
    let proxy = Proxy::start(&Setup { pool_size: 1, upstream, ..Setup::new(&world.real, TENANCY) });
    let mut admin = cluster().superuser(&world.real);
    let mut client = proxy.client("alder_app");
    let texts = [
        ("retyped", "SELECT id, who FROM visits WHERE id = 1001", true),
        ("all", "SELECT * FROM visits WHERE id = 1001", true),
        ("qualified", "SELECT v.* FROM visits v WHERE id = 1001", true),
        ("others", "SELECT id, tenant_id FROM visits WHERE id = 1001", false),
        ("counted", "SELECT count(*) FROM visits", false),
        ("elsewhere", "SELECT * FROM assets", false),
    ];
    for (name, text, _) in texts {
        let told = client.exchange(&[parse(name, text, &[]), describe(b'S', name), sync()].concat());
        assert_eq!(told.error(), None, "{}", told.summary());
        client.run(&format!("PREPARE sql_{name} AS {text}"));
    }
    let answer = |client: &mut Wire, name: &str| {
        let bytes = [bind("", name, &[]), execute("", 0), sync()].concat();
        (client.exchange(&bytes), client.query(&format!("EXECUTE sql_{name}")))
    };
    for (name, _, _) in texts {
        let (by_message, by_query) = answer(&mut client, name);
        assert_eq!((by_message.sqlstate(), by_query.sqlstate()), ("00000", "00000"), "{name}");
    }
    admin.run("ALTER TABLE visits ALTER COLUMN who TYPE varchar(200)");
    admin.run("ALTER TABLE visits ADD COLUMN more int");
    admin.run("CREATE TABLE last_made (tenant_id bigint NOT NULL); GRANT SELECT ON last_made TO app");
    wait_for("the catalog to be loaded anew", Duration::from_secs(20), || {
        proxy.client("alder_app").query("SELECT * FROM last_made").error().is_none()
    });
    for round in 0..3 {
        for (name, text, changed) in texts {
            let (by_message, by_query) = answer(&mut client, name);
            let code = if changed { "0A000" } else { "00000" };
            assert_eq!(
                (by_message.sqlstate(), by_query.sqlstate()),
                (code, code),
                "{name}, round {round}: {}",
                by_message.summary()
            );
            if changed {
                assert!(by_message.summary().contains("cached plan must not change result type"), "{}", by_message.summary());
            }
            // Who asks for it now gets it as it is now.
            let anew = client.exchange(&[parse("", text, &[]), bind("", "", &[]), execute("", 0), sync()].concat());
            assert_eq!(anew.error(), None, "{name}: {}", anew.summary());
        }
    }
}

/// What PostgreSQL advises in words that are always the same arrives; what it advises by names does not: they may be hidden ones.
#[test]
fn hints_without_names_arrive() {
    let world = World::new();
    let proxy = world.proxy();
    let mut client = proxy.client("alder_app");
    let reply = client.query("SELECT units + name FROM properties");
    assert_eq!(reply.sqlstate(), "42883", "{}", reply.summary());
    assert!(reply.summary().contains("You might need to add explicit type casts."), "{}", reply.summary());
    let reply = client.query("SELECT nam FROM properties");
    assert_eq!(reply.sqlstate(), "42703", "{}", reply.summary());
    assert!(!reply.summary().contains("Perhaps"), "{}", reply.summary());
}

/// What a literal means is told by its column where that keeps some fields of an interval only: sent often, it means the same still.
#[test]
fn a_literal_of_an_interval_means_the_same_however_often_it_is_sent() {
    let mut world = World::new();
    world.inspect("CREATE TABLE waits (tenant_id bigint, id int, span interval minute); GRANT ALL ON waits TO PUBLIC");
    let proxy = world.proxy();
    let mut client = proxy.client("alder_app");
    for id in 1..=6 {
        assert_eq!(client.query(&format!("INSERT INTO waits (id, span) VALUES ({id}, '5')")).sqlstate(), "00000");
        assert_eq!(client.query(&format!("UPDATE waits SET span = '6' WHERE id = {id} AND id > 3")).sqlstate(), "00000");
    }
    let stored = world.inspect("SELECT span, count(*) FROM waits GROUP BY span ORDER BY span");
    let row = |span: &str| vec![Some(span.to_owned()), Some("3".to_owned())];
    assert_eq!(stored, [row("00:05:00"), row("00:06:00")]);
}
