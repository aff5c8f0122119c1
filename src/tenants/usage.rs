//! What tenants have used, as the registry keeps it: by day, what all proxies write added up. It counts nothing.

use super::store::{Store, Trouble, limited};
use crate::limits::{Day, Days, Each, Metric, Stock};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What makes the place for it, where there is none.
pub(super) const TABLE: &str = "CREATE TABLE IF NOT EXISTS pgmoat.usage (
  tenant text NOT NULL,
  day date NOT NULL,
  metric text NOT NULL,
  n int8 NOT NULL,
  PRIMARY KEY (tenant, day, metric)
);
CREATE INDEX IF NOT EXISTS usage_day ON pgmoat.usage (day)";
/// In one order: proxies that write at once do not wait for each other in a circle.
const ADD: &str = "INSERT INTO pgmoat.usage (tenant, day, metric, n)
 SELECT t, d::date, m, n FROM unnest($1::text[], $2::text[], $3::text[], $4::int8[]) AS u(t, d, m, n) ORDER BY 1, 2, 3
 ON CONFLICT (tenant, day, metric) DO UPDATE SET n = usage.n + excluded.n";
const TOTALS: &str = "SELECT tenant, metric, coalesce(sum(n) FILTER (WHERE day = $1::text::date), 0)::int8,
  coalesce(sum(n) FILTER (WHERE day <> $1::text::date), 0)::int8
 FROM pgmoat.usage WHERE day >= $2::text::date GROUP BY tenant, metric";
/// What is there is no sum: the last figure counts.
const HOLD: &str = "INSERT INTO pgmoat.usage (tenant, day, metric, n)
 SELECT t, $2::text::date, $3, n FROM unnest($1::text[], $4::int8[]) AS u(t, n) ORDER BY 1
 ON CONFLICT (tenant, day, metric) DO UPDATE SET n = excluded.n";
const HELD: &str = "SELECT DISTINCT ON (tenant) tenant, n FROM pgmoat.usage
 WHERE metric = $1 AND day >= $2::text::date - 31 ORDER BY tenant, day DESC";

/// Of whom a statement found no server connection, and when that was last: not a sum, and by the clock of the database.
const FAIL: &str = "INSERT INTO pgmoat.usage (tenant, day, metric, n)
 SELECT t, $2::text::date, 'failing', extract(epoch FROM now())::int8 FROM unnest($1::text[]) AS u(t) ORDER BY 1
 ON CONFLICT (tenant, day, metric) DO UPDATE SET n = excluded.n";
const FAILING: &str = "SELECT DISTINCT tenant FROM pgmoat.usage
 WHERE metric = 'failing' AND day >= $1::text::date - 1 AND n > extract(epoch FROM now())::int8 - 60";

/// What each tenant has used on a day, and before it in its month.
pub type Totals = BTreeMap<String, (Each<u64>, Each<u64>)>;

/// A number that the database has as a signed one.
fn number(n: i64) -> u64 {
    u64::try_from(n).unwrap_or(0)
}

fn signed(n: u64) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

impl Store {
    /// Adds what tenants have used, and reads what they have used by then on this day, and if `month` says so, before it in its month: all
    /// of it in one transaction.
    ///
    /// # Errors
    /// [`Trouble`]. When the connection is lost just as it is committed, it may have been added all the same.
    pub async fn add_usage(&self, used: &[(Arc<str>, Days)], today: Day, month: bool) -> Result<Totals, Trouble> {
        let (mut tenants, mut days, mut metrics, mut counts) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        let each = used.iter().flat_map(|(tenant, on)| on.iter().map(move |(day, each)| (tenant, day, each)));
        for (tenant, day, each) in each {
            for metric in Metric::ALL {
                let count = signed(*each.of(metric));
                if count > 0 {
                    tenants.push(&**tenant);
                    days.push(day.to_string());
                    metrics.push(metric.as_str());
                    counts.push(count);
                }
            }
        }
        let since = if month { today.month() } else { today };
        limited(async {
            let mut client = self.client().await?;
            let transaction = client.transaction().await?;
            if !counts.is_empty() {
                transaction.execute(ADD, &[&tenants, &days, &metrics, &counts]).await?;
            }
            let mut totals = Totals::new();
            for row in transaction.query(TOTALS, &[&today.to_string(), &since.to_string()]).await? {
                let metric: String = row.try_get(1)?;
                let Some(metric) = Metric::parse(&metric) else { continue };
                let (day, before) = totals.entry(row.try_get(0)?).or_default();
                *day.of_mut(metric) = number(row.try_get(2)?);
                *before.of_mut(metric) = number(row.try_get(3)?);
            }
            transaction.commit().await?;
            Ok(totals)
        })
        .await
    }

    /// Keeps that statements of these tenants found no server connection, or lost it.
    ///
    /// # Errors
    /// [`Trouble`].
    pub async fn keep_failing(&self, tenants: &[Arc<str>], today: Day) -> Result<(), Trouble> {
        let tenants: Vec<&str> = tenants.iter().map(|tenant| &**tenant).collect();
        limited(async {
            self.client().await?.execute(FAIL, &[&tenants, &today.to_string()]).await?;
            Ok(())
        })
        .await
    }

    /// Of whom that was kept within the last minute, by any proxy.
    ///
    /// # Errors
    /// [`Trouble`].
    pub async fn failing(&self, today: Day) -> Result<BTreeSet<String>, Trouble> {
        limited(async {
            let rows = self.client().await?.query(FAILING, &[&today.to_string()]).await?;
            rows.iter().map(|row| Ok(row.try_get(0)?)).collect()
        })
        .await
    }

    /// Keeps what tenants have on this day.
    ///
    /// # Errors
    /// [`Trouble`].
    pub async fn keep_held(&self, stock: Stock, held: &BTreeMap<Arc<str>, u64>, today: Day) -> Result<(), Trouble> {
        let (tenants, amounts): (Vec<&str>, Vec<i64>) = held.iter().map(|(tenant, n)| (&**tenant, signed(*n))).unzip();
        limited(async {
            let client = self.client().await?;
            client.execute(HOLD, &[&tenants, &today.to_string(), &stock.as_str(), &amounts]).await?;
            Ok(())
        })
        .await
    }

    /// What tenants had when that was last kept, within a month.
    ///
    /// # Errors
    /// [`Trouble`].
    pub async fn held(&self, stock: Stock, today: Day) -> Result<BTreeMap<Arc<str>, u64>, Trouble> {
        limited(async {
            let rows = self.client().await?.query(HELD, &[&stock.as_str(), &today.to_string()]).await?;
            rows.iter().map(|row| Ok((row.try_get::<_, String>(0)?.into(), number(row.try_get(1)?)))).collect()
        })
        .await
    }
}
