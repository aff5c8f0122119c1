//! Measures what tenants' rows take in the database: by samples of bounded size, one table after the other, slowly.
//! It does not say what is too much: the quotas do.
//!
//! Counting rows would read whole tables, and the planner's statistics name a hundred tenants of a table at most. `TABLESAMPLE SYSTEM` reads
//! as many pages as it is told: whose the rows on them are, by their size, is whose the table is with its indexes and all.

use super::catalog::with_client;
use super::{Dialler, Trouble};
use crate::catalog::{Catalog, Relation, RelationKind};
use crate::policy::{Access, Policy};
use crate::sql::quote_ident;
use std::time::{Duration, Instant};
use tokio_postgres::{Client, Row};

/// About so many pages of a table are read (32 MiB); one that has fewer is read whole.
const PAGES: f64 = 4096.0;
/// Steps from a table to the one that says whose its rows are.
const STEPS: usize = 16;
/// What comes of a row beside its columns: its header, and its place on the page.
const ROW: usize = 28;
/// After each table it rests so many times as long as the server worked on it: it takes less than a tenth of one process.
const REST: u32 = 9;
/// How long one statement may take, the network included.
const LIMIT: Duration = Duration::from_secs(15);
const SETTINGS: &str = "SET default_transaction_read_only = on; SET statement_timeout = '5s'; SET lock_timeout = '100ms';
 SET max_parallel_workers_per_gather = 0; SET search_path = ''";
/// No more than the size of files is asked for.
const SIZE: &str = "SELECT pg_catalog.pg_total_relation_size($1::oid),
 pg_catalog.pg_relation_size($1::oid) / pg_catalog.current_setting('block_size')::int8";

/// A table whose rows are tenants' own.
#[derive(Clone, Debug)]
pub struct Table {
    /// Its OID.
    pub oid: u32,
    /// Which tenant value says whose its rows are: an index into [`Policy::slots`].
    pub slot: usize,
    name: String,
    sample: String,
}

/// What a table takes, by the values that say whose its rows are: bytes.
pub type Owners = Vec<(String, u64)>;

/// The tables to be measured: each that has rows of its own, partitions among them.
#[must_use]
pub fn tables(catalog: &Catalog, policy: &Policy) -> Vec<Table> {
    let table = |relation: &Relation| {
        let (owner, slot) = owner(catalog, policy, relation, 0)?;
        let size = |column: &crate::catalog::Column| {
            format!(" + coalesce(pg_catalog.pg_column_size(t0.{}), 0)", quote_ident(&column.name))
        };
        let sizes: String = relation.columns.iter().map(size).collect();
        let sample = format!(
            "SELECT owner::text, sum(bytes)::int8 FROM (SELECT {owner} AS owner, {ROW}{sizes} AS bytes FROM ONLY {} AS t0 \
             TABLESAMPLE SYSTEM ($1)) AS sample GROUP BY 1",
            quoted(relation)
        );
        Some(Table { oid: relation.oid, slot, name: relation.qualified(), sample })
    };
    catalog.relations().iter().filter(|r| r.kind == RelationKind::Table).filter_map(table).collect()
}

fn quoted(relation: &Relation) -> String {
    format!("{}.{}", quote_ident(&relation.schema), quote_ident(&relation.name))
}

/// The expression that says whose a row of `t<step>` is: its column, or what is looked up by the referenced key.
fn owner(catalog: &Catalog, policy: &Policy, relation: &Relation, step: usize) -> Option<(String, usize)> {
    match policy.access(relation) {
        Access::Scoped { column, slot } => Some((format!("t{step}.{}", quote_ident(column)), *slot)),
        Access::Through(path) if step < STEPS => {
            let parent = catalog.by_oid(path.parent)?;
            let (of, slot) = owner(catalog, policy, parent, step + 1)?;
            let (column, key, next) = (quote_ident(&path.column), quote_ident(&path.key), step + 1);
            Some((format!("(SELECT {of} FROM {} AS t{next} WHERE t{next}.{key} = t{step}.{column})", quoted(parent)), slot))
        }
        Access::Through(_) | Access::Shared | Access::View | Access::Hidden | Access::Refused(_) => None,
    }
}

/// Measures them on a connection of its own, and tells what each comes to. Says how many could not be measured.
///
/// # Errors
/// [`Trouble`] when the server cannot be reached.
pub async fn measure(dialler: &Dialler, tables: &[Table], mut tell: impl FnMut(&Table, Owners)) -> Result<usize, Trouble> {
    with_client(dialler, async |client| {
        client.batch_execute(SETTINGS).await?;
        let mut missed = 0;
        for table in tables {
            let begun = Instant::now();
            match tokio::time::timeout(LIMIT, one(&client, table)).await {
                Ok(Ok(owners)) => tell(table, owners),
                Ok(Err(trouble)) if client.is_closed() => return Err(trouble),
                Ok(Err(trouble)) => {
                    tracing::debug!(table = table.name, %trouble, "a table could not be measured");
                    missed += 1;
                }
                Err(_) => return Err(Trouble::Timeout(LIMIT)),
            }
            tokio::time::sleep(begun.elapsed() * REST).await;
        }
        Ok(missed)
    })
    .await
}

async fn one(client: &Client, table: &Table) -> Result<Owners, Trouble> {
    let row = client.query_one(SIZE, &[&table.oid]).await?;
    let (Some(total), Some(pages)) = (row.try_get::<_, Option<i64>>(0)?, row.try_get::<_, Option<i64>>(1)?) else {
        return Ok(Owners::new());
    };
    let percent = (PAGES / (pages.max(1) as f64) * 100.0).min(100.0) as f32;
    let rows = client.query(&table.sample, &[&percent]).await?;
    let part = |row: &Row| Ok((row.try_get(0)?, row.try_get(1)?));
    let parts = rows.iter().map(part).collect::<Result<Vec<(Option<String>, i64)>, Trouble>>()?;
    // Rows that are nobody's take their part too.
    let sampled: i128 = parts.iter().map(|(_, bytes)| i128::from(*bytes)).sum();
    let part = |bytes: i64| u64::try_from(i128::from(total) * i128::from(bytes) / sampled.max(1)).unwrap_or(0);
    Ok(parts.into_iter().filter_map(|(owner, bytes)| Some((owner?, part(bytes)))).collect())
}
