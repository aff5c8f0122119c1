//! The database that all contestants work on, and what pgmoat is told of it. It does not know what is measured.

use crate::cluster::cluster;
use crate::proxy::{PASSWORD, Setup};

/// The tenancy of the database: twenty tenants, of which the first is at work.
const TENANCY: &str =
    "[tenancy]\ncolumn = \"tenant_id\"\n[[tenants]]\nname = \"one\"\nid = 1\n[[tenants]]\nname = \"two\"\nid = 2\n";
/// Accounts of each tenant.
pub(crate) const ACCOUNTS: usize = 5_000;
/// Readings of each tenant.
pub(crate) const READINGS: usize = 20_000;
/// As in pgbench, ten tellers to a branch.
pub(crate) const BRANCHES: usize = 50;

/// `app` is not held by row-level security, `confined` is: the same rows serve both.
fn schema() -> String {
    let tellers = BRANCHES * 10;
    format!(
        "CREATE TABLE accounts (tenant_id bigint NOT NULL, id bigint NOT NULL, owner text, balance bigint NOT NULL, note text, PRIMARY KEY (tenant_id, id)) WITH (fillfactor = 80);
         INSERT INTO accounts SELECT t, i, 'owner ' || i, i % 1000, repeat('x', 80) FROM generate_series(1, 20) t, generate_series(1, {ACCOUNTS}) i;
         CREATE TABLE tellers (tenant_id bigint NOT NULL, id bigint NOT NULL, balance bigint NOT NULL, PRIMARY KEY (tenant_id, id)) WITH (fillfactor = 50);
         INSERT INTO tellers SELECT t, i, 0 FROM generate_series(1, 20) t, generate_series(1, {tellers}) i;
         CREATE TABLE branches (tenant_id bigint NOT NULL, id bigint NOT NULL, balance bigint NOT NULL, PRIMARY KEY (tenant_id, id)) WITH (fillfactor = 20);
         INSERT INTO branches SELECT t, i, 0 FROM generate_series(1, 20) t, generate_series(1, {BRANCHES}) i;
         CREATE TABLE history (tenant_id bigint NOT NULL, teller bigint, branch bigint, account bigint, delta bigint, at timestamptz);
         CREATE TABLE readings (tenant_id bigint NOT NULL, id bigint NOT NULL, meter text NOT NULL, taken_at timestamptz NOT NULL, value numeric(12,3), note text, PRIMARY KEY (tenant_id, id));
         INSERT INTO readings SELECT t, i, 'AC-' || i % 300, timestamptz '2026-01-01' + i * interval '1 minute', i * 1.125, 'as expected'
             FROM generate_series(1, 2) t, generate_series(1, {READINGS}) i;
         CREATE UNLOGGED TABLE imports (tenant_id bigint NOT NULL, id bigint NOT NULL, meter text NOT NULL, taken_at timestamptz NOT NULL, value numeric(12,3), note text);
         CREATE UNLOGGED TABLE sunk (tenant_id bigint NOT NULL, id bigint NOT NULL, body text);
         CREATE FUNCTION sink() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
         CREATE TRIGGER sink BEFORE INSERT ON sunk FOR EACH ROW EXECUTE FUNCTION sink();
         DO $do$ DECLARE t text; BEGIN
             FOREACH t IN ARRAY ARRAY['accounts', 'tellers', 'branches', 'history', 'readings'] LOOP
                 EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
                 EXECUTE format('CREATE POLICY own ON %I TO confined USING (tenant_id = current_setting(''app.tenant'')::bigint)', t);
             END LOOP;
         END $do$;
         GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO app, confined"
    )
}

/// Makes it; gives its name.
pub(crate) fn create() -> String {
    cluster().superuser("postgres").run("CREATE ROLE app LOGIN BYPASSRLS");
    cluster().superuser("postgres").run("CREATE ROLE confined LOGIN");
    let database = cluster().database("bench", "template0");
    cluster().superuser(&database).run(&schema());
    cluster().superuser(&database).run("VACUUM ANALYZE");
    database
}

/// A proxy before it. Nobody here speaks TLS to the server. The user's verifier has one iteration: what a client pays for its password is
/// not what is measured.
pub(crate) fn setup(database: &str) -> Setup {
    let user = format!("[[users]]\nname = \"one_app\"\npassword = \"{}\"\ntenant = \"one\"\n", verifier(PASSWORD));
    Setup { query: "sslmode=disable".to_owned(), ..Setup::new(database, &(TENANCY.to_owned() + &user)) }
}

/// A SCRAM verifier with one iteration (RFC 5802, section 3).
fn verifier(password: &str) -> String {
    use base64::Engine;
    use base64::engine::general_purpose::STANDARD;
    use ring::{digest, hmac};
    let salt = b"pgmoat bench";
    let sign = |key: &[u8], text: &[u8]| hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), text);
    // With one iteration the salted password is the first block itself.
    let salted = sign(password.as_bytes(), &[&salt[..], &[0, 0, 0, 1]].concat());
    let client = sign(salted.as_ref(), b"Client Key");
    let stored = digest::digest(&digest::SHA256, client.as_ref());
    let server = sign(salted.as_ref(), b"Server Key");
    let text = |bytes: &[u8]| STANDARD.encode(bytes);
    format!("SCRAM-SHA-256$1:{}${}:{}", text(salt), text(stored.as_ref()), text(server.as_ref()))
}
