//! The table of audit records in the registry's database: appending, and where it ends. It does not read the audit file.

use super::store::{Store, Trouble, limited};

const LAST: &str = "SELECT sequence, record::text FROM pgmoat.audit WHERE log = $1 ORDER BY sequence DESC LIMIT 1";
/// A record that is there already is this one: whoever appends has looked at the last.
const APPEND: &str = "INSERT INTO pgmoat.audit (log, sequence, time, event, tenant, \"user\", sqlstate, rule, record)
 SELECT $1, r.sequence, (r.record ->> 'time')::timestamptz, r.record ->> 'event', r.record ->> 'tenant', r.record ->> 'user',
  r.record ->> 'sqlstate', r.record ->> 'rule', r.record
 FROM (SELECT s AS sequence, t::json AS record FROM unnest($2::int8[], $3::text[]) AS u (s, t)) AS r
 ON CONFLICT (log, sequence) DO NOTHING";

impl Store {
    /// The last record of a log: its number and its text.
    ///
    /// # Errors
    /// [`Trouble`].
    pub async fn last_record(&self, log: &str) -> Result<Option<(i64, String)>, Trouble> {
        limited(async {
            let row = self.client().await?.query_opt(LAST, &[&log]).await?;
            row.map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).transpose()
        })
        .await
    }

    /// Appends records to a log, all of them or none.
    ///
    /// # Errors
    /// [`Trouble`].
    pub async fn append(&self, log: &str, numbers: &[i64], records: &[&str]) -> Result<(), Trouble> {
        limited(async {
            self.client().await?.execute(APPEND, &[&log, &numbers, &records]).await?;
            Ok(())
        })
        .await
    }
}
