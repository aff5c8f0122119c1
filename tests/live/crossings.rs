//! Crossings that were made before pgmoat, or past it: another tenant's row that refers to an own one. No cascade reaches it.
//! It does not test how they are kept from being made: the case files do.

use crate::wire::{bind, execute, message, parse, query, sync};
use crate::world::World;

/// A crossing, a statement that would reach the other tenant's row, what is asked of that row, and the constraint.
const CROSSINGS: [(&str, &str, &str, &str); 4] = [
    (
        "UPDATE payments SET invoice_id = 1001 WHERE id = 2003",
        "DELETE FROM invoices WHERE id = 1001",
        "SELECT invoice_id FROM payments WHERE id = 2003",
        "payments_invoice_id_fkey",
    ),
    (
        "UPDATE payments SET invoice_id = 1001 WHERE id = 2003",
        "WITH gone AS (DELETE FROM invoices i USING properties p WHERE p.id = i.property_id RETURNING i.id) SELECT count(*) FROM gone",
        "SELECT invoice_id FROM payments WHERE id = 2003",
        "payments_invoice_id_fkey",
    ),
    (
        "UPDATE payments SET invoice_id = 1001 WHERE id = 2003",
        "DELETE FROM invoices WHERE 1000 / id < 1 AND number LIKE 'INV-1'",
        "SELECT invoice_id FROM payments WHERE id = 2003",
        "payments_invoice_id_fkey",
    ),
    (
        "UPDATE payments SET invoice_id = 1001 WHERE id = 2003",
        "MERGE INTO invoices i USING (VALUES (1001)) v(id) ON i.id = v.id WHEN MATCHED AND i.total > 0 THEN DELETE",
        "SELECT invoice_id FROM payments WHERE id = 2003",
        "payments_invoice_id_fkey",
    ),
];

/// What a record says in words: before that stand hashes, times and ports.
fn said(record: &str) -> &str {
    record.split_once("\"statement\":").map_or(record, |(_, said)| said)
}

#[test]
fn no_cascade_reaches_another_tenants_row() {
    for (crossing, statement, question, constraint) in CROSSINGS {
        let mut world = World::new();
        world.inspect(&format!("{crossing} RETURNING 1"));
        let before = world.inspect(question);
        let proxy = world.proxy();
        let mut client = proxy.client("alder_app");
        let reply = client.query(statement);
        assert_eq!(reply.sqlstate(), "23503", "{statement}: {}", reply.summary());
        assert!(reply.summary().contains(constraint), "{statement}: {}", reply.summary());
        assert_eq!(world.inspect(question), before, "{statement}");
        let recorded = |line: &String| line.contains("\"rule\":\"foreign_key\"") && line.contains("\"tenant\":\"alder\"");
        let records: Vec<String> = proxy.audit().into_iter().filter(recorded).collect();
        let [record] = records.as_slice() else { panic!("{statement}: {records:?}") };
        assert!(record.contains("\"relations\":[\"public.payments\"]"), "{record}");
        let words = statement.split(' ').next().unwrap_or_default().to_lowercase();
        assert!(record.contains(&format!("\"statement\":\"{words} ")) && !said(record).contains("100"), "{record}");
        // Rows that no other tenant's row refers to go, with their own payments.
        let reply = client.query("DELETE FROM invoices WHERE id = 1002 RETURNING id");
        assert_eq!(reply.sqlstate(), "00000", "{}", reply.summary());
        assert_eq!(world.inspect("SELECT count(*) FROM payments WHERE id = 1002"), [[Some("0".to_owned())]]);
    }
}

/// Replies to replies: what a cascade reaches by a key of a table to itself, however deep. `branches` hang on replies.
const THREADS: &str = "CREATE TABLE replies (id int PRIMARY KEY, tenant_id bigint NOT NULL, parent_id int REFERENCES replies(id) ON DELETE CASCADE);
    CREATE TABLE branches (id int PRIMARY KEY, tenant_id bigint NOT NULL, reply_id int REFERENCES replies(id) ON DELETE CASCADE);
    CREATE TABLE eggs (id int PRIMARY KEY, tenant_id bigint NOT NULL);
    CREATE TABLE hens (id int PRIMARY KEY, tenant_id bigint NOT NULL, egg_id int REFERENCES eggs(id) ON DELETE CASCADE);
    ALTER TABLE eggs ADD hen_id int REFERENCES hens(id) ON DELETE CASCADE;
    INSERT INTO replies VALUES (1,1,NULL),(2,1,1),(3,1,2),(4,2,3), (11,1,NULL),(12,1,11),(13,1,12), (21,1,NULL),(22,1,21), (31,1,32),(32,1,31), (41,1,NULL),(42,2,41);
    INSERT INTO branches VALUES (1,1,13),(2,2,13),(3,1,22);
    INSERT INTO eggs VALUES (1,1,NULL);
    GRANT ALL ON replies, branches, eggs, hens TO PUBLIC;";

/// Statements, the SQLSTATE of each, and the constraint that is in its answer.
const DEEP: [(&str, &str, &str); 10] = [
    ("DELETE FROM replies WHERE id = 1", "23503", "replies_parent_id_fkey"),
    ("DELETE FROM replies WHERE id = 2", "23503", "replies_parent_id_fkey"),
    ("DELETE FROM replies WHERE id = 11", "23503", "branches_reply_id_fkey"),
    ("DELETE FROM replies AS \"_c1\" WHERE id = 41", "23503", "replies_parent_id_fkey"),
    ("DELETE FROM replies AS \"c1\" WHERE id = 41", "23503", "replies_parent_id_fkey"),
    ("DELETE FROM replies AS \"_k\" WHERE id = 1", "23503", "replies_parent_id_fkey"),
    (
        "MERGE INTO replies AS \"_c1\" USING (VALUES (41)) v(id) ON \"_c1\".id = v.id WHEN MATCHED THEN DELETE",
        "23503",
        "replies_parent_id_fkey",
    ),
    ("DELETE FROM eggs WHERE id = 1", "0A000", ""),
    ("DELETE FROM replies WHERE id = 21", "00000", ""),
    ("DELETE FROM replies WHERE id = 31", "00000", ""),
];

#[test]
fn no_cascade_reaches_another_tenants_row_by_whatever_depth_or_alias() {
    let mut world = World::new();
    world.inspect(THREADS);
    let proxy = world.proxy();
    let mut client = proxy.client("alder_app");
    for (statement, code, constraint) in DEEP {
        let reply = client.query(statement);
        assert_eq!(reply.sqlstate(), code, "{statement}: {}", reply.summary());
        assert!(reply.summary().contains(constraint), "{statement}: {}", reply.summary());
    }
    assert_eq!(world.inspect("SELECT count(*) FROM replies WHERE tenant_id = 2"), [[Some("2".to_owned())]]);
    assert_eq!(world.inspect("SELECT count(*) FROM branches WHERE tenant_id = 2"), [[Some("1".to_owned())]]);
    // The whole of a thread is gone, a circle too.
    assert_eq!(world.inspect("SELECT count(*) FROM replies WHERE id BETWEEN 21 AND 40"), [[Some("0".to_owned())]]);
    assert_eq!(world.inspect("SELECT count(*) FROM branches WHERE id = 3"), [[Some("0".to_owned())]]);
}

/// The record of what a guard stopped says which statement it was, however it was sent, and none of its values.
#[test]
fn what_a_guard_stops_is_recorded_with_its_statement() {
    let world = World::new();
    let proxy = world.proxy();
    let mut client = proxy.client("alder_app");
    let foreign = "UPDATE payments SET invoice_id = $2 WHERE id = $1";
    let long = format!("UPDATE payments SET invoice_id = 2001 /* {} */ WHERE id = 1003", "x".repeat(5000));
    let talks = [
        query("UPDATE payments SET invoice_id = 2001 WHERE id = 1003"),
        query(&long),
        [parse("", foreign, &[]), bind("", "", &[Some("1003"), Some("2001")]), execute("", 0), sync()].concat(),
        [
            parse("", "SELECT 1", &[]),
            bind("", "", &[]),
            execute("", 0),
            parse("", foreign, &[]),
            bind("", "", &[Some("1003"), Some("2001")]),
            execute("", 0),
            parse("", "SELECT 3", &[]),
            bind("", "", &[]),
            execute("", 0),
            sync(),
        ]
        .concat(),
    ];
    for talk in &talks {
        let reply = client.exchange(talk);
        assert_eq!(reply.sqlstate(), "23503", "{}", reply.summary());
    }
    // A COPY that is refused amid its data.
    let copy = [
        query("COPY assets (id, tenant_id, label) FROM STDIN (NULL 'secretly')"),
        message(b'd', b"1903\t2\tour secret\n"),
        message(b'c', b""),
    ];
    let reply = client.exchange(&copy.concat());
    assert_eq!(reply.sqlstate(), "42501", "{}", reply.summary());
    let records: Vec<String> = proxy.audit().into_iter().filter(|r| r.contains("\"rule\":\"tenant_column\"")).collect();
    let [record] = records.as_slice() else { panic!("{records:?}") };
    assert!(
        record.contains("\"statement\":\"copy assets(id, tenant_id, label) from stdin") && record.contains("assets\"]"),
        "{record}"
    );
    assert!(
        record.contains("\"sqlstate\":\"42501\"") && !said(record).contains("secret") && !said(record).contains("1903"),
        "{record}"
    );
    let recorded = |line: &String| line.contains("\"rule\":\"foreign_key\"");
    let records: Vec<String> = proxy.audit().into_iter().filter(recorded).collect();
    assert_eq!(records.len(), talks.len(), "{records:?}");
    for record in records {
        assert!(record.contains("\"statement\":\"update "), "{record}");
        assert!(record.contains("payments"), "{record}");
        assert!(record.contains("\"sqlstate\":\"23503\"") && record.contains("\"relations\":[\"public.payments\"]"), "{record}");
        assert!(["1003", "2001", "xxx"].iter().all(|value| !said(&record).contains(value)), "{record}");
    }
}
