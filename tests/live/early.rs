//! What stands beside a condition that finds another tenant's row by an index is not run because that row is there: not seen by its error,
//! by a lock, by waiting for one, nor by how long it takes. It does not test what is evaluated on rows themselves: the case files do.

use crate::world::World;

/// A code of the other tenant's, and one that nobody has.
const CODES: [&str; 2] = ["birch-7", "nobody-7"];

/// So many rows that PostgreSQL looks for a code in its index.
const PARCELS: &str = "CREATE TABLE parcels (tenant_id bigint NOT NULL, id int PRIMARY KEY, code text NOT NULL, n bigint NOT NULL,
        weight numeric, sent date, seen timestamp);
    INSERT INTO parcels SELECT 1 + g % 2, g, CASE WHEN g % 2 = 0 THEN 'alder-' ELSE 'birch-' END || g, g, 1, '2026-01-01', '2026-01-01'
        FROM generate_series(1, 20000) g;
    UPDATE parcels SET weight = '1e400', sent = '5000000-01-01' WHERE id = 20;
    CREATE INDEX ON parcels (code); CREATE INDEX ON parcels (tenant_id); ANALYZE parcels;
    CREATE VIEW sendings AS SELECT id, code, n FROM parcels;
    CREATE VIEW peaks AS SELECT id, code, n, (SELECT max(p.n) FROM parcels p) AS top FROM parcels;
    GRANT ALL ON parcels, sendings, peaks TO PUBLIC;";

/// A sub-select that fails when it runs, one that takes too long, and one whose value is a condition and takes too long.
const PARTS: [(&str, &str); 3] = [
    ("FAILS", "(SELECT max(n) FROM (SELECT n FROM parcels ORDER BY 1 / (n - n) LIMIT 5) q)"),
    ("TAKES", "(SELECT max(a.n) FROM parcels a CROSS JOIN parcels b CROSS JOIN parcels c)"),
    ("HOLDS", "(SELECT a.n > 0 FROM parcels a CROSS JOIN parcels b CROSS JOIN parcels c ORDER BY a.weight, b.weight LIMIT 1)"),
];

/// What would tell, with the code to be put in.
const STATEMENTS: [&str; 49] = [
    "SELECT id FROM parcels WHERE code = '{}' AND n >= (SELECT n FROM parcels c WHERE c.id = 40 LIMIT 1 FOR UPDATE NOWAIT)",
    "SELECT id FROM parcels WHERE code = '{}' AND n >= (SELECT max(n) FROM (SELECT n FROM parcels c WHERE c.id = 40 LIMIT 1 FOR UPDATE NOWAIT) s)",
    "WITH x AS (SELECT n FROM parcels c WHERE c.id = 40 FOR UPDATE NOWAIT) SELECT id FROM parcels WHERE code = '{}' AND n >= (SELECT max(n) FROM x)",
    "SELECT id FROM parcels WHERE code = '{}' AND n >= (SELECT count(*) FROM (SELECT weight FROM parcels c UNION SELECT 1.0::float8) s)",
    "SELECT id FROM parcels WHERE code = '{}' AND n >= (SELECT count(*) FROM (SELECT sent FROM parcels c UNION SELECT localtimestamp) s)",
    "SELECT id FROM parcels WHERE code = '{}' AND n >= (SELECT count(*) FROM (SELECT sent AS d FROM parcels) a FULL JOIN (SELECT seen AS d FROM parcels WHERE id < 9) b USING (d) WHERE d IS NOT NULL)",
    "SELECT id FROM parcels WHERE code = '{}' AND n >= (SELECT count(*) FROM parcels a, parcels b, parcels c)",
    "SELECT id FROM parcels WHERE code = '{}' AND (n IS NULL OR (SELECT count(*) > 5 FROM parcels a, parcels b, parcels c))",
    "SELECT id FROM parcels WHERE code = '{}' AND n NOT IN (SELECT a.n FROM parcels a, parcels b, parcels c)",
    "UPDATE parcels SET weight = 2 WHERE code = '{}' AND n >= (SELECT count(*) FROM parcels a, parcels b, parcels c)",
    "DELETE FROM parcels WHERE code = '{}' AND n >= (SELECT count(*) FROM parcels a, parcels b, parcels c)",
    "SELECT p.id FROM parcels o JOIN parcels p ON p.code = '{}' AND p.n >= (SELECT count(*) FROM parcels a, parcels b, parcels c) WHERE o.id = 40",
    "SELECT 1 FROM parcels, (SELECT FAILS AS m) s WHERE parcels.code = '{}' AND parcels.n > s.m",
    "SELECT 1 FROM parcels, (SELECT (SELECT n FROM parcels WHERE id = 40 LIMIT 1 FOR UPDATE NOWAIT) AS m) s WHERE parcels.code = '{}' AND parcels.n > s.m",
    "SELECT 1 FROM parcels, (VALUES (FAILS)) s(m) WHERE parcels.code = '{}' AND parcels.n > s.m",
    "SELECT 1 FROM parcels JOIN (SELECT FAILS AS n) s USING (n) WHERE parcels.code = '{}'",
    "SELECT 1 FROM parcels NATURAL JOIN (SELECT FAILS AS n) s WHERE parcels.code = '{}'",
    "SELECT 1 FROM parcels JOIN (SELECT FAILS AS m) s ON parcels.n > s.m WHERE parcels.code = '{}'",
    "SELECT 1 FROM parcels LEFT JOIN (SELECT FAILS AS m) s ON true WHERE parcels.code = '{}' AND parcels.n > s.m",
    "WITH s AS (SELECT FAILS AS m) SELECT 1 FROM parcels, s WHERE parcels.code = '{}' AND parcels.n > s.m",
    "SELECT 1 FROM (SELECT code, n, FAILS AS m FROM parcels) s WHERE s.code = '{}' AND s.n > s.m",
    "SELECT 1 FROM (SELECT code, n, ARRAY(SELECT 1 / (n - n) FROM parcels) AS m FROM parcels) s WHERE s.code = '{}' AND s.m IS NOT NULL",
    "SELECT 1 FROM sendings, (SELECT FAILS AS m) s WHERE sendings.code = '{}' AND sendings.n > s.m",
    "UPDATE parcels SET weight = 1 FROM (SELECT FAILS AS m) s WHERE code = '{}' AND parcels.n > s.m",
    "DELETE FROM parcels USING (SELECT FAILS AS m) s WHERE code = '{}' AND parcels.n > s.m",
    "MERGE INTO parcels t USING (SELECT FAILS AS m) s ON t.code = '{}' AND t.n > s.m WHEN MATCHED THEN DO NOTHING",
    "INSERT INTO parcels (id, code, n) SELECT 99999, p.code, p.n FROM parcels p, (SELECT FAILS AS m) s WHERE p.code = '{}' AND p.n > s.m",
    "UPDATE parcels SET weight = 1 FROM (SELECT FAILS AS m) s WHERE code = '{}' AND parcels.n > m AND 1 / parcels.n >= 0",
    "DELETE FROM parcels USING (SELECT FAILS AS m) s WHERE code = '{}' AND parcels.n > m AND 1 / parcels.n >= 0",
    "DELETE FROM parcels USING (SELECT FAILS AS m) s WHERE code = '{}' AND parcels.n = m AND 1 / parcels.n >= 0",
    "MERGE INTO parcels t USING (SELECT FAILS AS m) s ON t.code = '{}' AND t.n > s.m AND 1 / t.n >= 0 WHEN MATCHED THEN DO NOTHING",
    "MERGE INTO parcels t USING (SELECT FAILS AS m) s ON t.code = '{}' AND t.n = s.m AND 1 / t.n >= 0 WHEN MATCHED THEN DO NOTHING",
    "SELECT * FROM (SELECT code, n FROM parcels) s WHERE s.code = '{}' AND s.n > TAKES",
    "SELECT * FROM (SELECT code, n FROM parcels WHERE n > TAKES) s WHERE s.code = '{}'",
    "SELECT * FROM (SELECT code, n FROM parcels WHERE code = '{}') s WHERE s.n > TAKES",
    "SELECT * FROM sendings WHERE code = '{}' AND n > TAKES",
    "SELECT * FROM sendings WHERE code = '{}' AND n NOT IN TAKES",
    "WITH s AS (SELECT code, n FROM parcels) SELECT * FROM s WHERE code = '{}' AND n > TAKES",
    "SELECT 1 FROM parcels AS b(a1, a2, a3, a4) WHERE a3 = '{}' AND a4 > TAKES",
    "SELECT 1 FROM parcels x FULL JOIN parcels y ON x.id = y.id WHERE x.code = '{}' AND x.n > TAKES",
    "SELECT code, n FROM parcels WHERE code = '{}' GROUP BY code, n HAVING n > TAKES",
    "SELECT code FROM parcels WHERE n > TAKES GROUP BY code HAVING code = '{}'",
    "SELECT code, n FROM parcels GROUP BY code, n HAVING n > TAKES AND code = '{}'",
    "SELECT id FROM parcels WHERE code = '{}' AND ((HOLDS OR n IS NULL) AND n = 5)",
    "SELECT id FROM parcels WHERE code = '{}' AND (HOLDS OR n IS NULL OR 1 = 2)",
    "SELECT id FROM parcels WHERE code = '{}' AND ((HOLDS OR n IS NULL) = true)",
    "SELECT id FROM parcels WHERE code = '{}' AND n > (SELECT max(a.n) FROM parcels a CROSS JOIN parcels b CROSS JOIN parcels c WHERE parcels.n = 1 OR true)",
    "SELECT id FROM parcels WHERE code = '{}' AND n IN (SELECT a.n FROM parcels a CROSS JOIN parcels b CROSS JOIN parcels c WHERE parcels.n = 1 OR true)",
    "SELECT id FROM parcels WHERE code = '{}' AND n > (SELECT max(a.n) FROM (SELECT n, parcels.n AS z FROM parcels q) a CROSS JOIN parcels b CROSS JOIN parcels c)",
];

/// Prepared, with values that fail once the plan is kept for any.
const PREPARED: [(&str, &str, &str); 3] = [
    ("text, int8", "SELECT id FROM parcels WHERE code = $1 AND (n IS NULL OR $2::int2 IS NULL)", "100000"),
    ("text, numeric", "SELECT id FROM parcels WHERE code = $1 AND (n IS NULL OR $2::numeric(3,1) IS NULL)", "100000"),
    ("text, float8", "SELECT id FROM parcels WHERE code = $1 AND (n IS NULL OR $2::float4 IS NULL)", "1e200"),
];

#[test]
fn what_a_condition_runs_does_not_tell_of_another_tenants_row() {
    let mut world = World::new();
    world.inspect(PARCELS);
    let proxy = world.proxy();
    let (mut holder, mut client) = (proxy.client("alder_app"), proxy.client("alder_app"));
    assert_eq!(holder.query("BEGIN; SELECT id FROM parcels WHERE id = 40 FOR UPDATE").sqlstate(), "00000");
    assert_eq!(client.query("SET statement_timeout = '2s'").sqlstate(), "00000");
    for statement in STATEMENTS {
        let statement = PARTS.iter().fold(statement.to_owned(), |text, (name, part)| text.replace(name, part));
        let [there, nowhere] = CODES.map(|code| client.query(&statement.replace("{}", code)));
        assert_eq!(there.summary(), nowhere.summary(), "{statement}");
    }
    for (i, (types, statement, value)) in PREPARED.into_iter().enumerate() {
        assert_eq!(client.query(&format!("PREPARE p{i}({types}) AS {statement}")).sqlstate(), "00000", "{statement}");
        for _ in 0..8 {
            assert_eq!(client.query(&format!("EXECUTE p{i}('nobody-7', 1)")).sqlstate(), "00000", "{statement}");
        }
        let [there, nowhere] = CODES.map(|code| client.query(&format!("EXECUTE p{i}('{code}', {value})")));
        assert_eq!(there.summary(), nowhere.summary(), "{statement}");
    }
    // An own row's condition is evaluated.
    let own =
        client.query("SELECT id FROM parcels WHERE code = 'alder-42' AND n >= (SELECT n FROM parcels c WHERE c.id = 40 LIMIT 1)");
    assert!(own.summary().contains("42"), "{}", own.summary());
}
