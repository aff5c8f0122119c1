//! Crossings that were made before pgmoat, or past it: another tenant's row that refers to an own one. No cascade reaches it.
//! It does not test how they are kept from being made: the case files do.

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
        assert_eq!(proxy.audit().iter().filter(|line| recorded(line)).count(), 1, "{statement}");
        // Rows that no other tenant's row refers to go, with their own payments.
        let reply = client.query("DELETE FROM invoices WHERE id = 1002 RETURNING id");
        assert_eq!(reply.sqlstate(), "00000", "{}", reply.summary());
        assert_eq!(world.inspect("SELECT count(*) FROM payments WHERE id = 1002"), [[Some("0".to_owned())]]);
    }
}
