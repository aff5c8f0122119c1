//! The billing database of the hand-written cases: the real one with three tenants, and the oracle with tenant 1 alone.
//! It holds data and fingerprints; it does not judge answers.

use crate::cluster::{cluster, wait_for};
use crate::proxy::{Proxy, Setup};
use crate::wire::Wire;
use std::sync::OnceLock;
use std::time::Duration;

/// Texts that tenant 1 must never see.
pub(crate) const FOREIGN: [&str; 2] = ["CANARY_T2_", "CANARY_T3_"];

const SCHEMA: &str = include_str!("world/schema.sql");
const SEED: &str = include_str!("world/seed.sql");
const ORACLE: &str = include_str!("world/oracle.sql");

/// What the operator declares about it.
pub(crate) const TENANCY: &str = r#"
[tenancy]
column = "tenant_id"
shared = ["public.tariffs"]
hidden = ["public.staff_names", "public.revenue"]
functions = ["public.add_vat"]
[tenancy.tables."public.organisations"]
column = "id"
[tenancy.tables."public.documents"]
column = "tenant_key"
value = "key"
scopes = { property = false }
[tenancy.tables."public.api_keys"]
column = "tenant_uuid"
value = "uuid"
[tenancy.tables."public.properties"]
scopes = { property = "id" }
[tenancy.tables."public.meters"]
scopes = { property = "property_id" }
[tenancy.tables."public.invoices"]
scopes = { property = "property_id" }
[tenancy.tables."public.ticks"]
scopes = { property = "property_id" }
[tenancy.tables."public.receipts"]
through = { column = "payment_id", references = "public.payments.id" }
[tenancy.tables."public.stamps"]
through = { column = "receipt_id", references = "public.receipts.id" }
[tenancy.tables."public.reminders"]
through = { column = "invoice_id", references = "public.invoices.id" }
[tenancy.tables."public.scribbles"]
through = { column = "payment_id", references = "public.payments.id" }
[[tenants]]
name = "alder"
id = 1
attributes = { key = "alder", uuid = "11111111-1111-1111-1111-111111111111" }
[[tenants]]
name = "birch"
id = 2
attributes = { key = "birch", uuid = "22222222-2222-2222-2222-222222222222" }
[[tenants]]
name = "cedar"
id = 3
attributes = { key = "cedar", uuid = "33333333-3333-3333-3333-333333333333" }
[[users]]
name = "alder_app"
password = "correct horse"
tenant = "alder"
[[users]]
name = "alder_east"
password = "correct horse"
tenant = "alder"
scopes = { property = [1001, 1002] }
[[users]]
name = "birch_app"
password = "correct horse"
tenant = "birch"
[[users]]
name = "cedar_app"
password = "correct horse"
tenant = "cedar"
[[users]]
name = "dba"
password = "correct horse"
bypass = true
"#;

/// Every base table with the predicate of tenant 1's rows.
const TABLES: [(&str, &str); 27] = [
    ("organisations", "id = 1"),
    ("tariffs", "false"),
    ("properties", "tenant_id = 1"),
    ("meters", "tenant_id = 1"),
    ("readings", "tenant_id = 1"),
    ("journal", "tenant_id = 1"),
    ("invoices", "tenant_id = 1"),
    ("invoice_lines", "tenant_id = 1"),
    ("payments", "tenant_id = 1"),
    ("documents", "tenant_key = 'alder'"),
    ("api_keys", "tenant_uuid = '11111111-1111-1111-1111-111111111111'"),
    ("categories", "tenant_id = 1"),
    ("ONLY assets", "tenant_id = 1"),
    ("contacts", "tenant_id = 1"),
    ("vehicles", "tenant_id = 1"),
    ("\"Meter Notes\"", "tenant_id = 1"),
    ("work_orders_with_a_name_that_is_exactly_sixty_three_bytes_long1", "tenant_id = 1"),
    ("visits", "tenant_id = 1"),
    ("racks", "tenant_id = 1"),
    ("devices", "tenant_id = 1"),
    ("receipts", "payment_id IN (SELECT id FROM payments WHERE tenant_id = 1)"),
    ("stamps", "receipt_id IN (SELECT id FROM receipts WHERE payment_id IN (SELECT id FROM payments WHERE tenant_id = 1))"),
    ("reminders", "invoice_id IN (SELECT id FROM invoices WHERE tenant_id = 1)"),
    ("scribbles", "false"),
    ("ticks", "tenant_id = 1"),
    ("staff_names", "false"),
    ("revenue", "false"),
];

/// The predicates of the rows of a user of tenant 1 who is limited to two properties; of tables that are not here nothing is such a user's.
const EAST: [(&str, &str); 7] = [
    ("ticks", "tenant_id = 1 AND property_id IN (1001, 1002)"),
    ("properties", "id IN (1001, 1002)"),
    ("meters", "property_id IN (1001, 1002)"),
    ("invoices", "property_id IN (1001, 1002)"),
    ("documents", "tenant_key = 'alder'"),
    ("tariffs", "false"),
    ("reminders", "invoice_id IN (SELECT id FROM invoices WHERE property_id IN (1001, 1002))"),
];

/// Leaves that user's rows only.
const EAST_ORACLE: &str = "SET session_replication_role = replica;
DELETE FROM reminders WHERE invoice_id NOT IN (SELECT id FROM invoices WHERE property_id IN (1001, 1002));
DELETE FROM ticks WHERE property_id IS NULL OR property_id NOT IN (1001, 1002);
DELETE FROM properties WHERE id NOT IN (1001, 1002);
DELETE FROM meters WHERE property_id NOT IN (1001, 1002);
DELETE FROM invoices WHERE property_id NOT IN (1001, 1002);
RESET session_replication_role;";

/// A role that hides columns of every kind of relation, and who has it.
const HIDER: &str = r#"
[roles.hider]
hide = [
  "public.meters.secret", "public.readings.note", "public.invoices.memo", "public.tariffs.price", "public.properties.tags",
  "public.properties.extra", "public.documents.tenant_key", "public.receipts.code", "public.receipts.payment_id", "public.visits.who",
  "public.metered_kinds.id",
]
[[users]]
name = "alder_hider"
password = "correct horse"
tenant = "alder"
role = "hider"
"#;

/// The same for the oracle: there are no such columns.
const HIDER_ORACLE: &str = "ALTER TABLE meters DROP COLUMN secret CASCADE;
ALTER TABLE readings DROP COLUMN note CASCADE;
ALTER TABLE invoices DROP COLUMN memo CASCADE;
ALTER TABLE tariffs DROP COLUMN price CASCADE;
ALTER TABLE properties DROP COLUMN tags CASCADE, DROP COLUMN extra CASCADE;
ALTER TABLE documents DROP COLUMN tenant_key CASCADE;
ALTER TABLE receipts DROP COLUMN code CASCADE, DROP COLUMN payment_id CASCADE;
ALTER TABLE visits DROP COLUMN who CASCADE;
DROP VIEW metered_kinds;
CREATE VIEW metered_kinds AS SELECT kind, divisor FROM meters WHERE kind IN ('water', 'power', 'heat') AND (divisor <> 3 OR tariff IS NULL);
GRANT SELECT, INSERT, UPDATE, DELETE ON metered_kinds TO app;";

/// Tables that only the real database has: hidden from tenants.
const HIDDEN: [&str; 2] = ["staff_names", "revenue"];

const SEQUENCES: &str = "SELECT setval('properties_id_seq', 90000), setval('meters_id_seq', 90000), setval('invoices_id_seq', 90000), setval('payments_id_seq', 90000), setval('visits_id_seq', 90000)";

/// The hidden table's rows, which only the real database has.
const STAFF: &str =
    "DELETE FROM staff_names; INSERT INTO staff_names SELECT t, 'CANARY_T'||t||'_staff' FROM generate_series(1, 3) t";

/// A real and an oracle database, seeded, with a superuser's connection to each.
pub(crate) struct World {
    /// The name of the shared database.
    pub(crate) real: String,
    /// The name of the database with tenant 1's rows only.
    pub(crate) oracle: String,
    /// Whose rows the oracle has.
    pub(crate) user: &'static str,
    tables: Vec<(&'static str, &'static str)>,
    oracle_more: &'static str,
    /// What the configuration has besides.
    more: &'static str,
    real_admin: Wire,
    oracle_admin: Wire,
    pristine: Fingerprint,
}

/// One line per table: tenant 1's rows, and everybody else's.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Fingerprint {
    real: Vec<Vec<Option<String>>>,
    oracle: Vec<Vec<Option<String>>>,
}

fn templates() -> &'static (String, String) {
    static TEMPLATES: OnceLock<(String, String)> = OnceLock::new();
    TEMPLATES.get_or_init(|| {
        let cluster = cluster();
        cluster
            .superuser("postgres")
            .run("CREATE ROLE app LOGIN; CREATE ROLE alder_rls LOGIN; CREATE ROLE auth_password LOGIN PASSWORD 'pw one'; CREATE ROLE auth_scram LOGIN PASSWORD 'pw two'; SET password_encryption = md5; CREATE ROLE auth_md5 LOGIN PASSWORD 'pw three'; GRANT app TO auth_password, auth_md5, auth_scram");
        let real = cluster.database("world", "template0");
        let mut admin = cluster.superuser(&real);
        admin.run(SCHEMA);
        admin.run(SEED);
        admin.run(STAFF);
        admin.run("REFRESH MATERIALIZED VIEW revenue; REFRESH MATERIALIZED VIEW sums; ANALYZE");
        drop(admin);
        let oracle = cluster.database("oracle", &real);
        let mut admin = cluster.superuser(&oracle);
        admin.run("DROP TABLE staff_names CASCADE; DROP MATERIALIZED VIEW revenue CASCADE");
        admin.run(ORACLE);
        admin.run("REFRESH MATERIALIZED VIEW sums; ANALYZE");
        (real, oracle)
    })
}

/// Makes the roles that tests log in with; the first caller does.
pub(crate) fn roles() {
    templates();
}

impl World {
    /// A fresh pair of databases.
    pub(crate) fn new() -> Self {
        Self::of("alder_app", TABLES.to_vec(), "")
    }

    /// The same for a user of tenant 1 who is limited to two properties.
    pub(crate) fn limited() -> Self {
        let own = |table: &str| EAST.iter().find(|(t, _)| *t == table).map_or("false", |(_, own)| own);
        Self::of("alder_east", TABLES.iter().map(|(table, _)| (*table, own(table))).collect(), EAST_ORACLE)
    }

    /// The same for a user of tenant 1 whose role hides columns: the oracle has none of them, and nothing may change its rows for good.
    pub(crate) fn without_columns() -> Self {
        let common = |(table, _): &(&str, &str)| !["documents", "receipts", "stamps"].contains(table);
        let mut world = Self::of("alder_hider", TABLES.into_iter().filter(common).collect(), HIDER_ORACLE);
        world.more = HIDER;
        world
    }

    fn of(user: &'static str, tables: Vec<(&'static str, &'static str)>, oracle_more: &'static str) -> Self {
        let (real, oracle) = templates();
        let real = cluster().database("real", real);
        let oracle = cluster().database("oracle", oracle);
        let mut world = Self {
            real_admin: cluster().superuser(&real),
            oracle_admin: cluster().superuser(&oracle),
            real,
            oracle,
            user,
            tables,
            oracle_more,
            more: "",
            pristine: Fingerprint { real: Vec::new(), oracle: Vec::new() },
        };
        world.oracle_admin.run(oracle_more);
        world.pristine = world.fingerprint();
        world
    }

    /// The database that the real ones are made from; nobody is connected to it.
    pub(crate) fn template() -> &'static str {
        &templates().0
    }

    /// A proxy in front of the real database.
    pub(crate) fn proxy(&self) -> Proxy {
        Proxy::start(&Setup::new(&self.real, &format!("{TENANCY}{}", self.more)))
    }

    /// A connection to the oracle, as the role that the proxy logs in with.
    pub(crate) fn ask_oracle(&self) -> Wire {
        Wire::connect(cluster().port, "app", &self.oracle, None).expect("the oracle answers")
    }

    /// Puts the sequences of both databases to the same place.
    pub(crate) fn align_sequences(&mut self) {
        self.real_admin.run(SEQUENCES);
        self.oracle_admin.run(SEQUENCES);
    }

    /// Compares the databases after a case and restores the seed where something changed.
    ///
    /// Gives what is wrong: a row of another tenant (or a shared or hidden one) changed, or tenant 1's rows differ from the oracle's.
    /// Without `own` the second is not looked at: the case was not run on the oracle in the same way.
    pub(crate) fn settle(&mut self, own: bool) -> Option<String> {
        let now = self.fingerprint();
        if now == self.pristine {
            return None;
        }
        let column = |rows: &[Vec<Option<String>>], n: usize| -> Vec<(String, Option<String>)> {
            rows.iter().map(|r| (r[0].clone().unwrap_or_default(), r[n].clone())).collect()
        };
        let foreign = column(&now.real, 2).into_iter().zip(column(&self.pristine.real, 2)).find(|(a, b)| a != b);
        let differing =
            column(&now.oracle, 1).into_iter().find(|(t, h)| column(&now.real, 1).iter().any(|(rt, rh)| rt == t && rh != h));
        self.restore();
        if let Some(((table, _), _)) = foreign {
            return Some(format!("rows that are not tenant 1's changed in {table}"));
        }
        differing.filter(|_| own).map(|(table, _)| format!("tenant 1's rows of {table} are not those of the oracle"))
    }

    /// Brings both databases back to the seed.
    pub(crate) fn restore(&mut self) {
        // The proxy reads the schema when it starts, and the definitions of views with it: a TRUNCATE of many tables may meet that crosswise.
        wait_for("the seed", Duration::from_secs(30), || {
            let seeded = self.real_admin.query(SEED);
            assert!(seeded.error().is_none() || seeded.sqlstate() == "40P01", "{}", seeded.summary());
            seeded.error().is_none()
        });
        self.real_admin.run(STAFF);
        self.oracle_admin.run(SEED);
        self.oracle_admin.run(ORACLE);
        self.oracle_admin.run(self.oracle_more);
    }

    /// A superuser's answer from the real database.
    pub(crate) fn inspect(&mut self, sql: &str) -> Vec<Vec<Option<String>>> {
        self.real_admin.run(sql)
    }

    fn fingerprint(&mut self) -> Fingerprint {
        let sql = |tables: &mut dyn Iterator<Item = &(&str, &str)>| -> String {
            let hash = |p: &str| format!("md5(string_agg(x::text, '|' ORDER BY x::text) FILTER (WHERE {p}))");
            let parts: Vec<String> = tables
                .map(|(t, own)| {
                    format!(
                        "SELECT '{}', {}, {} FROM {t} x",
                        t.replace('\'', ""),
                        hash(own),
                        hash(&format!("({own}) IS NOT TRUE"))
                    )
                })
                .collect();
            format!("{} ORDER BY 1", parts.join(" UNION ALL "))
        };
        let real = self.real_admin.run(&sql(&mut self.tables.iter()));
        let oracle = self.oracle_admin.run(&sql(&mut self.tables.iter().filter(|(t, _)| !HIDDEN.contains(t))));
        Fingerprint { real, oracle }
    }

    /// Row-level security on the real database for a role of tenant 1: what the harness checks itself against.
    pub(crate) fn with_row_level_security(&mut self) -> Wire {
        let mut sql = String::from(
            "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO alder_rls; GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO alder_rls; REVOKE ALL ON staff_names, revenue FROM alder_rls; REVOKE INSERT, UPDATE, DELETE ON tariffs FROM alder_rls;",
        );
        for (table, own) in TABLES.iter().filter(|(t, _)| !HIDDEN.contains(t) && *t != "tariffs") {
            let table = table.trim_start_matches("ONLY ");
            sql.push_str(&format!(
                "ALTER TABLE {table} ENABLE ROW LEVEL SECURITY; CREATE POLICY own ON {table} TO alder_rls USING ({own});"
            ));
        }
        for partition in ["readings_2024", "readings_2025", "readings_rest", "journal_1", "journal_2", "journal_rest"] {
            sql.push_str(&format!("ALTER TABLE {partition} ENABLE ROW LEVEL SECURITY; CREATE POLICY own ON {partition} TO alder_rls USING (tenant_id = 1);"));
        }
        for view in ["open_invoices", "property_totals", "serials"] {
            sql.push_str(&format!("ALTER VIEW {view} SET (security_invoker = true);"));
        }
        self.real_admin.run(&sql);
        Wire::connect(cluster().port, "alder_rls", &self.real, None).expect("connects")
    }
}
