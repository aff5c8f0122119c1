//! What tenants have used, as the registry keeps it: by day, what all proxies write added up. It counts nothing.

use super::store::{Store, Trouble, limited};
use crate::limits::{Day, Days, Each, Metric};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What makes the place for it, where there is none.
pub(super) const TABLE: &str = "CREATE TABLE IF NOT EXISTS pgmoat.usage (
  tenant text NOT NULL,
  day date NOT NULL,
  metric text NOT NULL,
  n int8 NOT NULL,
  PRIMARY KEY (tenant, day, metric)
)";
/// In one order: proxies that write at once do not wait for each other in a circle.
const ADD: &str = "INSERT INTO pgmoat.usage (tenant, day, metric, n)
 SELECT t, d::date, m, n FROM unnest($1::text[], $2::text[], $3::text[], $4::int8[]) AS u(t, d, m, n) ORDER BY 1, 2, 3
 ON CONFLICT (tenant, day, metric) DO UPDATE SET n = usage.n + excluded.n";
const TOTALS: &str = "SELECT tenant, metric, coalesce(sum(n) FILTER (WHERE day = $1::text::date), 0)::int8, sum(n)::int8
 FROM pgmoat.usage WHERE day >= $2::text::date GROUP BY tenant, metric";

/// What each tenant has used on a day, and in its month.
pub(super) type Totals = BTreeMap<String, (Each<u64>, Each<u64>)>;

impl Store {
    /// Adds what tenants have used, and reads what they have used by then, on this day and in its month: all of it in one transaction.
    ///
    /// # Errors
    /// [`Trouble`]. When the connection is lost just as it is committed, it may have been added all the same.
    pub async fn add_usage(&self, used: &[(Arc<str>, Days)], today: Day) -> Result<Totals, Trouble> {
        let (mut tenants, mut days, mut metrics, mut counts) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        let each = used.iter().flat_map(|(tenant, on)| on.iter().map(move |(day, each)| (tenant, day, each)));
        for (tenant, day, each) in each {
            for metric in Metric::ALL {
                let count = i64::try_from(*each.of(metric)).unwrap_or(i64::MAX);
                if count > 0 {
                    tenants.push(&**tenant);
                    days.push(day.to_string());
                    metrics.push(metric.as_str());
                    counts.push(count);
                }
            }
        }
        limited(async {
            let mut client = self.client().await?;
            let transaction = client.transaction().await?;
            if !counts.is_empty() {
                transaction.execute(ADD, &[&tenants, &days, &metrics, &counts]).await?;
            }
            let mut totals = Totals::new();
            for row in transaction.query(TOTALS, &[&today.to_string(), &today.month().to_string()]).await? {
                let metric: String = row.try_get(1)?;
                let Some(metric) = Metric::parse(&metric) else { continue };
                let number = |n: i64| u64::try_from(n).unwrap_or(0);
                let (day, month) = totals.entry(row.try_get(0)?).or_default();
                *day.of_mut(metric) = number(row.try_get(2)?);
                *month.of_mut(metric) = number(row.try_get(3)?);
            }
            transaction.commit().await?;
            Ok(totals)
        })
        .await
    }
}
