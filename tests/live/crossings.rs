//! Crossings that were made before pgmoat, or past it: another tenant's row that refers to an own one. No cascade reaches it.
//! It does not test how they are kept from being made: the case files do.

use crate::proxy::{Proxy, Setup};
use crate::wire::{bind, execute, message, parse, query, sync};
use crate::world::{FOREIGN, TENANCY, World};
use std::time::Duration;

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

/// Columns that change without being named: generated ones, those that follow a key, and those that a key's action gives their default.
const UNNAMED: &str = "CREATE TABLE own_by_id (id int PRIMARY KEY, tenant_id bigint GENERATED ALWAYS AS (id / 1000) STORED, note text);
    CREATE TABLE slips (id int PRIMARY KEY, a int, payment_id bigint GENERATED ALWAYS AS (a) STORED REFERENCES payments, text text);
    CREATE TABLE spots (id int PRIMARY KEY, tenant_id bigint NOT NULL, a bigint, property_id bigint GENERATED ALWAYS AS (a) STORED);
    CREATE TABLE bills (id int PRIMARY KEY, tenant_id bigint NOT NULL, x int, note text, invoice_id bigint GENERATED ALWAYS AS (x + 0) STORED REFERENCES invoices);
    CREATE TABLE base (id int PRIMARY KEY, tenant_id bigint NOT NULL, x int);
    CREATE TABLE derived (invoice_id bigint GENERATED ALWAYS AS (x) STORED REFERENCES invoices) INHERITS (base);
    CREATE TABLE keys (id int PRIMARY KEY, tenant_id bigint NOT NULL, k int UNIQUE);
    CREATE TABLE followers (id int PRIMARY KEY, tenant_id bigint NOT NULL, k int REFERENCES keys(k) ON UPDATE CASCADE, g bigint GENERATED ALWAYS AS (k) STORED REFERENCES invoices);
    CREATE TABLE twofold (id int PRIMARY KEY, tenant_id bigint NOT NULL, k int REFERENCES keys(k) ON UPDATE CASCADE REFERENCES invoices);
    CREATE TABLE peaceful (id int PRIMARY KEY, tenant_id bigint NOT NULL, k int REFERENCES keys(k) ON UPDATE CASCADE ON DELETE CASCADE);
    CREATE TABLE defaulting (id int PRIMARY KEY, tenant_id bigint NOT NULL, parent_id int DEFAULT 2003 REFERENCES categories ON DELETE SET DEFAULT);
    CREATE TABLE moved (id int PRIMARY KEY, tenant_id bigint NOT NULL, k int UNIQUE);
    CREATE TABLE mover (id int PRIMARY KEY, tenant_id bigint NOT NULL, k int DEFAULT 2001 REFERENCES moved(k) ON UPDATE SET DEFAULT);
    CREATE TABLE part_keys (id int PRIMARY KEY, tenant_id bigint NOT NULL, k int UNIQUE);
    CREATE TABLE parts (id int, tenant_id bigint NOT NULL, k int REFERENCES part_keys(k) ON UPDATE CASCADE) PARTITION BY RANGE (id);
    CREATE TABLE part_1 PARTITION OF parts FOR VALUES FROM (0) TO (10);
    ALTER TABLE part_1 ADD FOREIGN KEY (k) REFERENCES invoices;
    INSERT INTO part_keys VALUES (1, 1, 1001);
    CREATE DOMAIN invoice_ref AS bigint DEFAULT 2001;
    CREATE TABLE by_domain (id int PRIMARY KEY, tenant_id bigint NOT NULL, invoice_id invoice_ref REFERENCES invoices, note text);
    INSERT INTO own_by_id (id) VALUES (1001), (2001);
    INSERT INTO slips (id, a, text) VALUES (1, 1001, 'x');
    INSERT INTO spots (id, tenant_id, a) VALUES (1, 1, 1001);
    INSERT INTO bills (id, tenant_id, x) VALUES (1, 1, 1001);
    INSERT INTO derived (id, tenant_id, x) VALUES (1, 1, 1001);
    INSERT INTO keys VALUES (1, 1, 1001), (2, 2, 2001);
    INSERT INTO followers (id, tenant_id, k) VALUES (1, 1, 1001);
    INSERT INTO peaceful VALUES (1, 1, 1001);
    INSERT INTO moved VALUES (1, 1, 1001), (2, 2, 2001);
    INSERT INTO mover VALUES (1, 1, 1001);
    INSERT INTO by_domain VALUES (1, 1, 1001);
    GRANT ALL ON own_by_id, slips, spots, bills, base, derived, keys, followers, twofold, peaceful, defaulting, moved, mover, by_domain, part_keys, parts, part_1 TO PUBLIC";

/// Statements of a user, and the SQLSTATE of each.
const UNNAMED_CHANGES: [(&str, &str, &str); 25] = [
    ("alder_app", "UPDATE own_by_id SET note = 'x', id = 2900 WHERE id = 1001", "0A000"),
    ("alder_app", "UPDATE own_by_id SET (note, id) = ('x', 2900) WHERE id = 1001", "0A000"),
    (
        "alder_app",
        "MERGE INTO own_by_id o USING (SELECT 1001 AS i) s ON s.i = o.id WHEN MATCHED THEN UPDATE SET id = 2900",
        "0A000",
    ),
    ("alder_app", "UPDATE own_by_id SET note = 'x' WHERE id = 1001", "00000"),
    ("alder_app", "UPDATE slips SET a = 2001 WHERE id = 1", "0A000"),
    ("alder_app", "UPDATE slips SET a = 9999 WHERE id = 1", "0A000"),
    ("alder_app", "UPDATE slips SET text = 'y' WHERE id = 1", "00000"),
    ("alder_east", "UPDATE spots SET a = 1005 WHERE id = 1", "0A000"),
    ("alder_app", "UPDATE spots SET a = 1005 WHERE id = 1", "00000"),
    ("alder_app", "UPDATE bills SET x = 2001 WHERE id = 1", "0A000"),
    ("alder_app", "UPDATE bills SET (x, note) = (SELECT 2001, 'a') WHERE id = 1", "0A000"),
    ("alder_app", "INSERT INTO bills (id, tenant_id, x) VALUES (1, 1, 1) ON CONFLICT (id) DO UPDATE SET x = 2001", "0A000"),
    ("alder_app", "UPDATE bills SET note = 'y' WHERE id = 1", "00000"),
    ("alder_app", "UPDATE base SET x = 2001 WHERE id = 1", "0A000"),
    ("alder_app", "UPDATE derived SET x = 2001 WHERE id = 1", "0A000"),
    ("alder_app", "UPDATE keys SET k = 2002 WHERE id = 1", "0A000"),
    ("alder_app", "DELETE FROM categories WHERE id = 1001", "0A000"),
    ("alder_app", "UPDATE moved SET k = 1002 WHERE id = 1", "0A000"),
    ("alder_app", "UPDATE part_keys SET k = 2001 WHERE id = 1", "0A000"),
    ("alder_app", "INSERT INTO by_domain (id, tenant_id) VALUES (900, 1)", "0A000"),
    ("alder_app", "INSERT INTO by_domain (id, tenant_id, invoice_id) VALUES (900, 1, DEFAULT)", "0A000"),
    ("alder_app", "INSERT INTO by_domain (id, tenant_id) SELECT 900, 1", "0A000"),
    ("alder_app", "UPDATE by_domain SET invoice_id = DEFAULT WHERE id = 1", "0A000"),
    ("alder_app", "UPDATE by_domain SET note = 'x' WHERE id = 1", "00000"),
    ("alder_app", "COPY by_domain (id, tenant_id) FROM STDIN", "0A000"),
];

#[test]
fn no_column_that_is_not_named_makes_a_row_another_tenants_or_refer_to_anothers() {
    let mut world = World::new();
    world.inspect(UNNAMED);
    let tables = "[tenancy.tables.\"public.slips\"]\nthrough = { column = \"payment_id\", references = \"public.payments.id\" }
[tenancy.tables.\"public.spots\"]\nscopes = { property = \"property_id\" }\n";
    let tenancy = TENANCY.replacen("[[tenants]]", &format!("{tables}[[tenants]]"), 1);
    let proxy = Proxy::start(&Setup::new(&world.real, &tenancy));
    for (user, statement, code) in UNNAMED_CHANGES {
        let reply = proxy.client(user).query(statement);
        assert_eq!(reply.sqlstate(), code, "{user}: {statement}: {}", reply.summary());
    }
    // A key that nothing but rows of the same tenant follow may change.
    world.inspect("DROP TABLE followers, twofold");
    let proxy = Proxy::start(&Setup::new(&world.real, &tenancy));
    let reply = proxy.client("alder_app").query("UPDATE keys SET k = 3001 WHERE id = 1");
    assert_eq!(reply.sqlstate(), "00000", "{}", reply.summary());
    assert_eq!(world.inspect("SELECT k FROM peaceful"), [[Some("3001".to_owned())]]);
}

/// PostgreSQL overrides the numbers that OVERRIDING USER VALUE gives for identity columns: none of those is looked at in vain.
#[test]
fn no_number_that_is_overridden_makes_a_row_another_tenants_or_refer_to_anothers() {
    let mut world = World::new();
    world.inspect(
        "CREATE TABLE orgs (id bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, name text);
         CREATE TABLE parts (id int GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, tenant_id bigint NOT NULL, part_of int REFERENCES parts(id));
         CREATE TABLE plain (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, tenant_id bigint NOT NULL, part_of int REFERENCES parts(id));
         INSERT INTO parts VALUES (2001, 2, NULL), (1001, 1, NULL);
         GRANT ALL ON orgs, parts, plain TO PUBLIC; GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO PUBLIC",
    );
    let tables = "[tenancy.tables.\"public.orgs\"]\ncolumn = \"id\"\n";
    let tenancy = TENANCY.replacen("[[tenants]]", &format!("{tables}[[tenants]]"), 1);
    let proxy = Proxy::start(&Setup::new(&world.real, &tenancy));
    for (user, statement, code) in [
        ("alder_app", "INSERT INTO orgs (id, name) OVERRIDING USER VALUE VALUES (1, 'x')", "0A000"),
        ("alder_app", "INSERT INTO orgs (name) overriding/**/user\nVALUE VALUES ('x')", "0A000"),
        ("alder_app", "INSERT INTO orgs OVERRIDING USER VALUE DEFAULT VALUES", "0A000"),
        ("alder_app", "INSERT INTO orgs OVERRIDING USER VALUE SELECT 1, 'x'", "0A000"),
        (
            "alder_app",
            "MERGE INTO orgs o USING (VALUES (1)) v(a) ON false WHEN NOT MATCHED THEN INSERT (id, name) OVERRIDING USER VALUE VALUES (1, 'x')",
            "0A000",
        ),
        ("alder_app", "INSERT INTO parts (id, part_of) OVERRIDING USER VALUE VALUES (2001, NULL), (5, 2001)", "0A000"),
        (
            "alder_app",
            "WITH w AS (INSERT INTO parts (id, part_of) OVERRIDING USER VALUE VALUES (2001, 2001) RETURNING id) SELECT 1 FROM w",
            "0A000",
        ),
        ("alder_app", "INSERT INTO plain (id, part_of) OVERRIDING USER VALUE VALUES (1, 2001)", "23503"),
        ("alder_app", "INSERT INTO plain (id, part_of) OVERRIDING USER VALUE VALUES (1, 1001)", "00000"),
        ("alder_app", "INSERT INTO plain (id, part_of) OVERRIDING USER VALUE VALUES (1, 1001) ON CONFLICT DO NOTHING", "0A000"),
        ("alder_east", "INSERT INTO properties (id, name, code) OVERRIDING USER VALUE VALUES (1001, 'x', '1')", "0A000"),
        (
            "alder_east",
            "INSERT INTO properties (id, name, code) OVERRIDING USER VALUE SELECT id, name, code FROM properties",
            "0A000",
        ),
    ] {
        let reply = proxy.client(user).query(statement);
        assert_eq!(reply.sqlstate(), code, "{user}: {statement}: {}", reply.summary());
    }
    assert_eq!(world.inspect("SELECT count(*) FROM orgs"), [[Some("0".to_owned())]]);
}

/// What another tenant's row excludes is not told by a row that ON CONFLICT leaves out.
#[test]
fn no_exclusion_is_told_by_a_row_that_is_left_out() {
    let mut world = World::new();
    world.inspect(
        "CREATE TABLE bookings (id int, tenant_id bigint NOT NULL, during int4range, PRIMARY KEY (tenant_id, id), EXCLUDE USING gist (during WITH &&));
         INSERT INTO bookings VALUES (1, 2, '[2010,2015)'); GRANT ALL ON bookings TO PUBLIC",
    );
    let proxy = world.proxy();
    let mut client = proxy.client("alder_app");
    for (statement, code) in [
        ("INSERT INTO bookings (id, during) VALUES (5, '[2010,2012)') ON CONFLICT DO NOTHING", "0A000"),
        (
            "INSERT INTO bookings (id, during) VALUES (5, '[2010,2012)') ON CONFLICT ON CONSTRAINT bookings_during_excl DO NOTHING",
            "0A000",
        ),
        ("INSERT INTO bookings (id, during) VALUES (5, '[1,2)') ON CONFLICT (tenant_id, id) DO NOTHING", "00000"),
        ("INSERT INTO bookings (id, during) VALUES (5, '[1,2)') ON CONFLICT (tenant_id, id) DO NOTHING", "00000"),
    ] {
        let reply = client.query(statement);
        assert_eq!(reply.sqlstate(), code, "{statement}: {}", reply.summary());
    }
}

/// A function that tenants may not call is called by no operator, domain or child in the place of a default either.
#[test]
fn no_default_calls_what_may_not_be_called() {
    let mut world = World::new();
    world.inspect(
        "CREATE FUNCTION peek(bigint) RETURNS text IMMUTABLE SECURITY DEFINER LANGUAGE sql AS $$SELECT secret FROM meters WHERE id = $1$$;
         CREATE OPERATOR #@# (FUNCTION = peek, RIGHTARG = bigint);
         CREATE TABLE by_operator (id int PRIMARY KEY, tenant_id bigint NOT NULL, s text DEFAULT (#@# 2001::bigint));
         CREATE TABLE computed (id bigint PRIMARY KEY, tenant_id bigint NOT NULL, s text GENERATED ALWAYS AS (#@# id) STORED);
         CREATE DOMAIN peeked AS text DEFAULT peek(2001);
         CREATE TABLE by_domain (id int PRIMARY KEY, tenant_id bigint NOT NULL, s peeked);
         CREATE TABLE base (id bigint PRIMARY KEY, tenant_id bigint NOT NULL, x bigint);
         CREATE TABLE derived (s text GENERATED ALWAYS AS (peek(x)) STORED) INHERITS (base);
         INSERT INTO derived VALUES (1, 1, 1001);
         CREATE DOMAIN plain AS text DEFAULT 'x';
         CREATE TABLE plainly (id int PRIMARY KEY, tenant_id bigint NOT NULL, s plain);
         GRANT ALL ON by_operator, computed, by_domain, base, derived, plainly TO PUBLIC",
    );
    let proxy = world.proxy();
    let mut client = proxy.client("alder_app");
    client.forbid(&FOREIGN);
    for statement in [
        "INSERT INTO by_operator (id) VALUES (900) RETURNING *",
        "INSERT INTO computed (id) VALUES (2001) RETURNING *",
        "INSERT INTO by_domain (id) VALUES (900) RETURNING *",
        "INSERT INTO by_domain (id, s) VALUES (900, DEFAULT) RETURNING *",
        "UPDATE base SET x = 2001 WHERE id = 1",
        "MERGE INTO base b USING (VALUES (1)) v(i) ON b.id = v.i WHEN MATCHED THEN UPDATE SET x = 2001",
    ] {
        let reply = client.query(statement);
        assert_eq!(reply.sqlstate(), "42501", "{statement}: {}", reply.summary());
    }
    assert_eq!(client.run("INSERT INTO plainly (id) VALUES (900) RETURNING s"), [[Some("x".to_owned())]]);
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

/// A key by a sub-select that skips rows that are locked: it yields another one as soon as they are not. What is looked at is what is stored.
#[test]
fn a_key_that_changes_while_it_is_looked_at_is_stored_as_it_was_looked_at() {
    const KEY: &str = "(SELECT units FROM properties p WHERE id IN (1001, 1002) \
        AND (SELECT count(*) FROM generate_series(1, 300000) g WHERE g <> p.id) > 5 ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED)";
    let statements = [
        format!("INSERT INTO payments (tenant_id, invoice_id, amount) SELECT 1, {KEY}, 77"),
        format!("UPDATE payments SET (invoice_id, amount) = (SELECT {KEY}, 77) WHERE id = 1001"),
        format!("UPDATE payments SET invoice_id = {KEY}, amount = 77 WHERE id = 1001"),
        format!("INSERT INTO payments (tenant_id, invoice_id, amount) VALUES (1, {KEY}, 77)"),
        format!("INSERT INTO receipts (id, payment_id, text, code) SELECT (SELECT max(id) + 1 FROM receipts), {KEY}, 'r', 'c'"),
    ];
    let mut world = World::new();
    world.inspect("UPDATE properties SET units = CASE id WHEN 1001 THEN 2001 ELSE 1002 END WHERE id IN (1001, 1002)");
    let proxy = world.proxy();
    let (mut holder, mut writer) = (proxy.client("alder_app"), proxy.client("alder_app"));
    let mut stored = 0;
    for statement in &statements {
        for pause in (0..12).map(|step| Duration::from_millis(5 + 12 * step)) {
            assert_eq!(holder.query("BEGIN; SELECT id FROM properties WHERE id = 1001 FOR UPDATE").sqlstate(), "00000");
            std::thread::scope(|scope| {
                let answer = scope.spawn(|| writer.query(statement));
                std::thread::sleep(pause);
                assert_eq!(holder.query("ROLLBACK").sqlstate(), "00000");
                let answer = answer.join().expect("an answer");
                let code = answer.sqlstate();
                assert!(["00000", "23503"].contains(&code), "{statement}: {}", answer.summary());
                stored += usize::from(code == "00000");
            });
        }
    }
    println!("{stored} of {} were stored", statements.len() * 12);
    assert!(stored > statements.len(), "the look-ups found nothing");
    let crossed = "SELECT count(*) FROM payments p JOIN invoices i ON i.id = p.invoice_id WHERE p.tenant_id <> i.tenant_id";
    assert_eq!(world.inspect(crossed), [[Some("0".to_owned())]]);
    let planted =
        "SELECT count(*) FROM receipts r JOIN payments p ON p.id = r.payment_id WHERE r.text = 'r' AND p.tenant_id <> 1";
    assert_eq!(world.inspect(planted), [[Some("0".to_owned())]]);
}

/// Rows of one INSERT may refer to one another: not because a key is cut to the length of the column that refers to it.
#[test]
fn a_row_refers_to_another_by_its_whole_key_only() {
    let mut world = World::new();
    world.inspect(
        "CREATE TABLE branches_by_code (code varchar(20) PRIMARY KEY, tenant_id bigint NOT NULL, parent varchar(10) REFERENCES branches_by_code(code));
         CREATE TABLE amounts (n numeric PRIMARY KEY, tenant_id bigint NOT NULL, of numeric(5,0) REFERENCES amounts(n));
         INSERT INTO branches_by_code VALUES ('abcdefghij', 2, NULL);
         INSERT INTO amounts VALUES (7, 2, NULL);
         GRANT ALL ON branches_by_code, amounts TO PUBLIC;",
    );
    let proxy = world.proxy();
    let mut client = proxy.client("alder_app");
    for statement in [
        "INSERT INTO branches_by_code (code, parent) VALUES ('abcdefghijX', 'abcdefghij')",
        "INSERT INTO branches_by_code (code, parent) VALUES ('abcdefghij', 'abcdefghij')",
        "INSERT INTO amounts (n, of) VALUES (7.25, 7)",
    ] {
        let reply = client.query(statement);
        assert_eq!(reply.sqlstate().get(..2), Some("23"), "{statement}: {}", reply.summary());
    }
    for table in ["branches_by_code", "amounts"] {
        let own = world.inspect(&format!("SELECT count(*) FROM {table} WHERE tenant_id = 1"));
        assert_eq!(own, [[Some("0".to_owned())]], "{table}");
    }
}

/// A number that another tenant has chosen leaves no row out where a statement says nothing of it: neither silently nor as told by ON CONFLICT.
#[test]
fn a_number_that_is_drawn_leaves_no_row_out_for_another_tenants_sake() {
    let mut world = World::new();
    world.inspect(
        "CREATE TABLE bills (id int GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, tenant_id bigint NOT NULL, number text NOT NULL, \
         UNIQUE (tenant_id, number)); \
         CREATE TABLE slips (id int GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, tenant_id bigint NOT NULL, number text NOT NULL); \
         GRANT ALL ON bills, slips TO PUBLIC",
    );
    let proxy = world.proxy();
    let (mut alder, mut birch) = (proxy.client("alder_app"), proxy.client("birch_app"));
    for table in ["bills", "slips"] {
        let chosen = format!("INSERT INTO {table} (id, number) VALUES (1, 'b-1'), (2, 'b-2')");
        assert_eq!(birch.query(&chosen).sqlstate(), "00000");
        let insert = |number: &str| format!("INSERT INTO {table} (number) VALUES ('{number}') ON CONFLICT DO NOTHING");
        for number in ["a-1", "a-2"] {
            let reply = alder.query(&insert(number));
            assert_eq!(reply.sqlstate(), "23505", "{table}: {}", reply.summary());
        }
        let reply = alder.query(&insert("a-3"));
        assert!(reply.summary().contains("INSERT 0 1"), "{table}: {}", reply.summary());
    }
    let reply = alder.query("INSERT INTO bills (number) VALUES ('a-3') ON CONFLICT DO NOTHING");
    assert!(reply.summary().contains("INSERT 0 0"), "{}", reply.summary());
}
