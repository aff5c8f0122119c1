//! What of a statement the audit log hears of that ran all the same: values beside a tenant column that are not the identity's own.
//! It does not test that the answer is empty: the isolation cases do.

use crate::billing;
use pgmoat::rewrite::{Crossing, Rewriter, Scope};

/// What a text names, as a simple query.
fn simple(rewriter: &Rewriter, scope: &Scope, sql: &str) -> Option<Crossing> {
    let batch = rewriter.simple(sql, scope).unwrap_or_else(|r| panic!("{sql}: {}", r.message));
    batch.iter().find_map(|cleared| cleared.crossing(|_| None))
}

/// What a text names with these values bound to it, text or binary.
fn bound(sql: &str, values: &[(&[u8], bool)]) -> Option<Crossing> {
    let (rewriter, scope) = billing::rewriter();
    let cleared = rewriter.extended(sql, &[], &scope).unwrap_or_else(|r| panic!("{sql}: {}", r.message)).expect("a statement");
    cleared.crossing(|i| values.get(usize::from(i)).copied())
}

/// Conditions that name another tenant.
const FOREIGN: [&str; 24] = [
    "tenant_id = 2",
    "2 = tenant_id",
    "(tenant_id) = (2)",
    "m.tenant_id <> 2",
    "tenant_id = -1",
    "tenant_id = '2'",
    "tenant_id = ' 2 '::bigint",
    "tenant_id = E'\\x32'",
    "tenant_id = $x$2$x$",
    "tenant_id = bigint '2'",
    "tenant_id::text = '2'",
    "tenant_id IN (1, 2)",
    "tenant_id NOT IN (2)",
    "tenant_id = ANY ('{1,2}')",
    "tenant_id = ANY (ARRAY[1, 2])",
    "tenant_id <> ALL (ARRAY[2]::bigint[])",
    "tenant_id IS DISTINCT FROM 2",
    "(tenant_id, id) = (2, 5)",
    "(id, tenant_id) IN ((5, 1), (5, 2))",
    "CASE tenant_id WHEN 2 THEN true ELSE false END",
    "tenant_id OPERATOR(pg_catalog.=) 2",
    "EXISTS (SELECT FROM properties p WHERE p.id = m.property_id AND p.tenant_id = 2)",
    "tenant_id() = 2",
    "tenant() = 'globex'",
];

/// Conditions that name nobody else.
const OWN: [&str; 14] = [
    "id = 2",
    "tenant_id = 1",
    "tenant_id = '01'",
    "tenant_id IN (1)",
    "tenant_id IN (1, NULL)",
    "tenant_id IS NULL",
    "tenant_id = ANY ('{1,NULL}')",
    "tenant_id > 0",
    "tenant_id = tenant_id()",
    "(tenant_id, id) = (1, 2)",
    "tenant_id = property_id AND property_id = 2",
    "EXISTS (SELECT FROM properties p WHERE p.tenant_id = m.tenant_id AND p.id = 2)",
    "tenant() = 'acme'",
    "serial = '2'",
];

#[test]
fn values_of_others_are_seen_wherever_they_stand() {
    let (rewriter, scope) = billing::rewriter();
    let forms = [
        "SELECT id FROM meters m WHERE ?",
        "SELECT ? FROM meters m",
        "UPDATE meters m SET kind = 'gas' WHERE ?",
        "DELETE FROM meters m WHERE ?",
        "SELECT count(*) FILTER (WHERE ?) FROM meters m",
        "SELECT p.name FROM properties p LEFT JOIN meters m ON ? WHERE p.id = 1",
        "WITH m AS (SELECT * FROM meters) SELECT id FROM m WHERE ?",
        "EXPLAIN (REWRITE) SELECT id FROM meters m WHERE ?",
    ];
    let mut asked = 0;
    for form in forms {
        for (conditions, expected) in [(&FOREIGN[..], Some(Crossing::Tenant)), (&OWN[..], None)] {
            for condition in conditions {
                // Where a relation is joined, its columns need its name.
                let joined = form.contains("JOIN");
                if joined && !condition.contains("m.") {
                    continue;
                }
                let sql = form.replace('?', condition);
                if rewriter.simple(&sql, &scope).is_err() {
                    continue;
                }
                // Once as it is planned, then as the shape's, then as the text's plan.
                for _ in 0..3 {
                    assert_eq!(simple(&rewriter, &scope, &sql), expected, "{sql}");
                }
                asked += 1;
            }
        }
    }
    assert!(asked > 220, "{asked}: most of them are understood");
}

#[test]
fn one_plan_serves_every_value() {
    let (rewriter, scope) = billing::rewriter();
    for (id, expected) in [("1", None), ("2", Some(Crossing::Tenant)), ("1", None), ("33", Some(Crossing::Tenant))] {
        let sql = format!("SELECT id FROM meters WHERE tenant_id = {id} AND kind = 'gas'");
        assert_eq!(simple(&rewriter, &scope, &sql), expected, "{sql}");
    }
    assert_eq!(rewriter.counters().misses, 1);
}

#[test]
fn other_types_other_columns_and_joins_that_find_nothing() {
    let (rewriter, scope) = billing::rewriter();
    let cases = [
        ("SELECT 1 FROM organisations WHERE id = 2", true),
        ("SELECT 1 FROM organisations WHERE id = 1", false),
        ("SELECT 1 FROM documents WHERE tenant_key = 'globex'", true),
        ("SELECT 1 FROM documents WHERE tenant_key = N'globex'", true),
        ("SELECT 1 FROM api_keys WHERE tenant_uuid = '{22222222222222222222222222222222}'", true),
        ("SELECT 1 FROM open_invoices WHERE tenant_id = 2", true),
        ("SELECT 1 FROM properties p LEFT JOIN meters m ON m.property_id = p.id WHERE m.tenant_id = 2", true),
        (
            "SELECT 1 FROM properties p LEFT JOIN meters m ON m.property_id = p.id WHERE m.tenant_id IS NULL OR m.tenant_id = 1",
            false,
        ),
        ("SELECT 1 FROM properties p JOIN meters m USING (tenant_id) WHERE tenant_id = 2", true),
        ("SELECT 1 FROM (SELECT tenant_id AS t FROM meters) s WHERE t = 2", true),
        ("SELECT 1 FROM (SELECT 1 AS tenant_id) s WHERE tenant_id = 2", false),
    ];
    for (sql, crosses) in cases {
        assert_eq!(simple(&rewriter, &scope, sql).is_some(), crosses, "{sql}");
    }
}

#[test]
fn nodes_that_a_user_is_not_limited_to() {
    let nodes = [("property".to_owned(), vec!["11".to_owned(), "12".to_owned()])];
    let (rewriter, scope) = billing::rewriter_for(nodes.into_iter().collect());
    assert_eq!(simple(&rewriter, &scope, "SELECT 1 FROM meters WHERE property_id = 13"), Some(Crossing::Node));
    assert_eq!(simple(&rewriter, &scope, "SELECT 1 FROM meters WHERE property_id IN (11, 12)"), None);
    let both = "SELECT 1 FROM meters WHERE property_id = 13 AND tenant_id = 2";
    assert_eq!(simple(&rewriter, &scope, both), Some(Crossing::Tenant));
    let (rewriter, scope) = billing::rewriter();
    assert_eq!(simple(&rewriter, &scope, "SELECT 1 FROM meters WHERE property_id = 13"), None, "not limited");
}

#[test]
fn parameters_are_seen_when_they_are_bound() {
    let one = "SELECT id FROM meters WHERE id = $1 AND tenant_id = $2";
    assert_eq!(bound(one, &[(b"2", false), (b"1", false)]), None);
    assert_eq!(bound(one, &[(b"1", false), (b"2", false)]), Some(Crossing::Tenant));
    assert_eq!(bound(one, &[(b"1", false), (&2_i64.to_be_bytes(), true)]), Some(Crossing::Tenant));
    assert_eq!(bound(one, &[(b"1", false), (&1_i32.to_be_bytes(), true)]), None);
    assert_eq!(bound(one, &[(b"1", false)]), None, "NULL");
    let list = "SELECT id FROM meters WHERE tenant_id = ANY ($1)";
    assert_eq!(bound(list, &[(b"{1,1}", false)]), None);
    assert_eq!(bound(list, &[(b"{1,2}", false)]), Some(Crossing::Tenant));
    let array = |ids: &[i64]| {
        let count = i32::try_from(ids.len()).expect("few");
        let mut bytes: Vec<u8> = [1, 0, 20, count, 1].into_iter().flat_map(i32::to_be_bytes).collect();
        ids.iter().for_each(|id| bytes.extend([&8_i32.to_be_bytes()[..], &id.to_be_bytes()].concat()));
        bytes
    };
    assert_eq!(bound(list, &[(&array(&[1]), true)]), None);
    assert_eq!(bound(list, &[(&array(&[1, 7]), true)]), Some(Crossing::Tenant));
    // Its value is in the statement, whatever is bound.
    assert_eq!(bound("SELECT id FROM meters WHERE id = $1 AND tenant_id = 2", &[(b"1", false)]), Some(Crossing::Tenant));
}
