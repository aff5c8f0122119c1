//! What the plan cache makes of a workload as ORMs send it: few kinds of statement, each text with literals of its own.
//! It does not test what the plans are.

use crate::billing;
use pgmoat::rewrite::CacheCounters;

/// Statements before the counting begins, and while it goes on.
const WARM_UP: usize = 6_000;
const COUNTED: usize = 20_000;

/// Numbers without a pattern, the same in every run (Knuth's generator).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % bound
    }

    /// A key.
    fn id(&mut self) -> u64 {
        1 + self.below(10_000_000)
    }

    /// A text as a literal, some with a quote in it, or with what would begin or end something outside of it.
    fn text(&mut self) -> String {
        let inner = ["", "''", " % ", " -- ", "/*", "$1", ";", "\\"][usize::try_from(self.below(8)).expect("small")];
        format!("'text {}{inner}{}'", self.id(), self.id())
    }

    fn money(&mut self) -> String {
        format!("{}{}.{:02}", if self.below(5) == 0 { "-" } else { "" }, self.below(100_000), self.below(100))
    }

    fn time(&mut self) -> String {
        format!("'2026-{:02}-{:02}T{:02}:{:02}:00+00:00'", 1 + self.below(12), 1 + self.below(28), self.below(24), self.below(60))
    }

    /// Up to `most` of them, between commas.
    fn list(&mut self, most: u64, mut one: impl FnMut(&mut Self) -> String) -> String {
        let count = 1 + self.below(most);
        (0..count).map(|_| one(self)).collect::<Vec<_>>().join(", ")
    }

    /// The next statement: Django's, Rails', SQLAlchemy's and Hibernate's way of writing, with the literals in the text.
    fn statement(&mut self) -> String {
        let n = self;
        match n.below(18) {
            0 => format!(
                r#"SELECT "invoices"."id", "invoices"."number", "invoices"."status", "invoices"."total" FROM "invoices" WHERE "invoices"."id" = {} LIMIT 21"#,
                n.id()
            ),
            1 => format!(
                r#"SELECT "meters"."id", "meters"."serial" FROM "meters" WHERE "meters"."property_id" IN ({})"#,
                n.list(20, |n| n.id().to_string())
            ),
            2 => format!(
                r#"SELECT COUNT(*) AS "__count" FROM "invoices" WHERE ("invoices"."status" = {} AND "invoices"."total" >= {})"#,
                n.text(),
                n.money()
            ),
            3 => format!(r#"SELECT (1) AS "a" FROM "properties" WHERE "properties"."name" = {} LIMIT 1"#, n.text()),
            4 => format!(
                r#"INSERT INTO "readings" ("meter_id", "taken_at", "value", "note") VALUES ({}, {}::timestamptz, {}, {})"#,
                n.id(),
                n.time(),
                n.money(),
                n.text()
            ),
            5 => format!(
                r#"INSERT INTO "properties" ("id", "name", "city") VALUES {} RETURNING "properties"."id""#,
                n.list(10, |n| format!("({}, {}, {})", n.id(), n.text(), n.text()))
            ),
            6 => format!(
                r#"UPDATE "invoices" SET "status" = {}, "total" = {} WHERE "invoices"."id" = {}"#,
                n.text(),
                n.money(),
                n.id()
            ),
            7 => format!(r#"DELETE FROM "meters" WHERE "meters"."id" IN ({})"#, n.list(20, |n| n.id().to_string())),
            8 => format!(
                r#"SELECT "invoices".* FROM "invoices" INNER JOIN "properties" ON "properties"."id" = "invoices"."property_id" WHERE "properties"."city" = {} AND "invoices"."status" != {} ORDER BY "invoices"."id" DESC LIMIT {} OFFSET {}"#,
                n.text(),
                n.text(),
                n.below(100),
                n.below(10_000)
            ),
            9 => format!(r#"SELECT 1 AS one FROM "properties" WHERE "properties"."id" = {} LIMIT 1"#, n.id()),
            10 => format!(
                "SELECT m.id AS m_id, m.serial AS m_serial, count(r.value) AS count_1 \nFROM meters AS m LEFT OUTER JOIN readings AS r ON m.id = r.meter_id AND r.taken_at > {} \nWHERE m.kind IN ({}) GROUP BY m.id, m.serial HAVING count(r.value) > {}",
                n.time(),
                n.list(4, Self::text),
                n.below(50)
            ),
            11 => format!(
                "select i1_0.id,i1_0.number,i1_0.total from invoices i1_0 where i1_0.number like {} escape '\\' fetch first {} rows only",
                n.text(),
                n.id()
            ),
            12 => format!(
                "INSERT INTO meters (id, serial) VALUES ({}, {}) ON CONFLICT (tenant_id, id) DO UPDATE SET serial = excluded.serial",
                n.id(),
                n.text()
            ),
            13 => "BEGIN".to_owned(),
            14 => "COMMIT".to_owned(),
            15 => format!("SAVEPOINT active_record_{}", 1 + n.below(3)),
            16 => format!("RELEASE SAVEPOINT active_record_{}", 1 + n.below(3)),
            _ => format!(
                "SELECT i.id FROM invoices i WHERE EXISTS (SELECT 1 FROM properties p WHERE p.id = i.property_id AND p.city = {}) AND i.issued_on BETWEEN DATE {} AND DATE {} AND (i.notes IS NULL OR i.notes <> {})",
                n.time(),
                n.time(),
                n.time(),
                n.text()
            ),
        }
    }
}

fn since(now: CacheCounters, then: CacheCounters) -> CacheCounters {
    CacheCounters {
        text_hits: now.text_hits - then.text_hits,
        shape_hits: now.shape_hits - then.shape_hits,
        misses: now.misses - then.misses,
    }
}

#[test]
fn an_orms_statements_are_parsed_once_for_each_kind() {
    let (rewriter, scope) = billing::rewriter();
    let mut numbers = Numbers(7);
    let mut run = |count: usize| {
        for _ in 0..count {
            let sql = numbers.statement();
            rewriter.simple(&sql, &scope).unwrap_or_else(|refusal| panic!("{refusal}: {sql}"));
        }
    };
    run(WARM_UP);
    let warm = rewriter.counters();
    run(COUNTED);
    let counted = since(rewriter.counters(), warm);
    let all = counted.text_hits + counted.shape_hits + counted.misses;
    assert_eq!(all, COUNTED as u64, "each statement is counted once: {counted:?}");
    // Most texts are new: it is their shape that is known.
    assert!(counted.shape_hits * 2 > all, "{counted:?}");
    assert!(counted.misses * 1000 <= all, "more than one of a thousand was parsed: {counted:?} after {warm:?}");
}
