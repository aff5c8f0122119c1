//! Which statements read one row at most, found by a key, and compute nothing: those may be under way beside others on one connection.
//! It does not send any.

use crate::billing;

const POINTS: &[&str] = &[
    "SELECT * FROM properties WHERE id = 7",
    "SELECT id, name AS called FROM public.properties p WHERE p.id = 7",
    "select p.* from properties as p where (p.id = '7') and name = 'x' limit 2",
    "SELECT name FROM properties WHERE 7 = \"id\" AND tenant_id = 1",
    "SELECT name FROM properties WHERE id = -7",
    "SELECT name FROM properties WHERE id = $1",
];

const OTHERS: &[&str] = &[
    // no key, or not all of it
    "SELECT * FROM properties",
    "SELECT * FROM properties WHERE name = 'x'",
    "SELECT * FROM properties WHERE id > 7",
    "SELECT * FROM properties WHERE id = 7 OR id = 8",
    "SELECT * FROM properties WHERE id IN (7)",
    "SELECT * FROM properties WHERE NOT id = 7",
    "SELECT * FROM properties WHERE id = 7 AND name LIKE 'x%'",
    // no index serves
    "SELECT * FROM properties WHERE id = 7.0",
    "SELECT * FROM properties WHERE id = 1e3",
    "SELECT * FROM properties WHERE id = 12345678901234567890",
    "SELECT * FROM properties WHERE id + 0 = 7",
    "SELECT * FROM properties WHERE id::int8 = 7",
    "SELECT * FROM properties WHERE id = (7)::int8",
    // something is computed, or waited for
    "SELECT repeat(name, 1000000) FROM properties WHERE id = 7",
    "SELECT count(*) FROM properties WHERE id = 7",
    "SELECT name || name FROM properties WHERE id = 7",
    "SELECT name FROM properties WHERE id = 7 GROUP BY name HAVING count(*) > 0",
    "SELECT DISTINCT name FROM properties WHERE id = 7",
    "SELECT name FROM properties WHERE id = 7 ORDER BY upper(name)",
    "SELECT name FROM properties WHERE id = 7 OFFSET 1",
    "SELECT name FROM properties WHERE id = 7 FOR UPDATE",
    "SELECT (SELECT count(*) FROM meters) FROM properties WHERE id = 7",
    "SELECT name FROM properties WHERE id = 7 AND EXISTS (SELECT FROM meters)",
    "SELECT name FROM properties WHERE id = 7 LIMIT (SELECT count(*) FROM meters)",
    // more than one relation, or none of the tenant's
    "SELECT p.name FROM properties p, meters m WHERE p.id = 7",
    "SELECT p.name FROM (properties p CROSS JOIN tariffs t) WHERE p.id = 7",
    "SELECT x FROM (properties p CROSS JOIN generate_series(1, 1000000) x) WHERE p.id = 7",
    "SELECT p.name FROM properties p, tariffs t WHERE p.id = 7",
    "SELECT p.name FROM (properties p CROSS JOIN (VALUES (1), (2)) v) WHERE p.id = 7",
    "SELECT p.to_jsonb FROM properties p WHERE id = 7",
    "SELECT p FROM properties p WHERE id = 7",
    "SELECT p.name FROM properties p JOIN meters m ON m.property_id = p.id WHERE p.id = 7",
    "SELECT x FROM generate_series(1, 1000000) x, properties WHERE id = 7",
    "WITH p AS (SELECT * FROM properties WHERE id = 7) SELECT * FROM p",
    "SELECT * FROM (SELECT * FROM properties WHERE id = 7) p",
    "SELECT name FROM properties WHERE id = 7 UNION SELECT name FROM properties WHERE id = 8",
    "SELECT name FROM properties AS p (id) WHERE id = 7",
    "SELECT 1",
    // not a read by itself
    "UPDATE properties SET name = 'x' WHERE id = 7 RETURNING name",
    "EXPLAIN SELECT * FROM tariffs WHERE code = 'W1'",
    "PREPARE a AS SELECT * FROM properties WHERE id = 7",
    "BEGIN",
];

#[test]
fn points_are_known_and_nothing_else_is() {
    let (rewriter, scope) = billing::rewriter();
    for (statements, expected) in [(POINTS, true), (OTHERS, false)] {
        for sql in statements {
            let cleared = rewriter.extended(sql, &[], &scope).unwrap_or_else(|e| panic!("{sql}: {e:?}")).expect("a statement");
            assert_eq!(cleared.is_point(), expected, "{sql}");
        }
    }
}

#[test]
fn a_parameter_of_a_type_that_no_index_serves_finds_nothing() {
    let (rewriter, scope) = billing::rewriter();
    let sql = "SELECT name FROM properties WHERE id = $1";
    for (oid, expected) in [(0, true), (20, true), (23, true), (21, true), (1700, false), (701, false), (25, false)] {
        let cleared = rewriter.extended(sql, &[oid], &scope).expect("cleared").expect("a statement");
        assert_eq!(cleared.is_point(), expected, "{oid}");
    }
}
