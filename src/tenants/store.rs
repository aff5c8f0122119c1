//! The registry's database: making it, reading it, hearing of changes. What is changed in it is in `change`. It serves nobody.

use super::change::{Author, note};
use super::snapshot::{Change, Credential, Enrolled, Snapshot, Status};
use crate::config::{self, Plan, Secret, Upstream};
use crate::policy::Tenant;
use crate::upstream::{self, Dialler, Stream};
use deadpool_postgres::{BuildError, Connect, GenericClient, Manager, ManagerConfig, Object, Pool, PoolError};
use std::collections::BTreeMap;
use std::future::{Future, poll_fn};
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio_postgres::error::SqlState;
use tokio_postgres::{AsyncMessage, Client, Config, NoTls};

/// How long one piece of work may take.
const LIMIT: Duration = Duration::from_secs(10);
/// Most connections of one process, besides the one that listens.
const CONNECTIONS: usize = 2;
/// The registry's form that this program writes. It reads the ones before too, so that proxies can be renewed one by one before it is made.
pub const VERSION: i32 = 2;
/// What makes its first form.
const SCHEMA: &str = include_str!("registry.sql");
/// What makes each form of the one before.
const UPGRADES: [(i32, &str); 1] = [(2, include_str!("registry_2.sql"))];
/// What makes the table of audit records, which came later.
const AUDIT: &str = include_str!("audit.sql");
/// Those who change something come one after the other: numbers of changes become visible in their order.
pub(super) const ONE_BY_ONE: &str = "SELECT pg_catalog.pg_advisory_xact_lock(8098412067)";

const TENANTS: &str = "SELECT name, id, attributes::text, plan, status, extract(epoch FROM trial_ends - now())::float8,
  settings -> 'limits' #>> '{}', (settings - 'limits')::text FROM pgmoat.tenants";
const CREDENTIALS: &str = "SELECT name, tenant, verifier, scopes::text, NULL::float8, false, role FROM pgmoat.users
 UNION ALL SELECT id, tenant, verifier, scopes::text, extract(epoch FROM expires - now())::float8, revoked IS NOT NULL, role
 FROM pgmoat.tokens ORDER BY 1";
/// Of version 1, in which nobody has a role.
const CREDENTIALS_1: &str = "SELECT name, tenant, verifier, scopes::text, NULL::float8, false, NULL::text FROM pgmoat.users
 UNION ALL SELECT id, tenant, verifier, scopes::text, extract(epoch FROM expires - now())::float8, revoked IS NOT NULL, NULL
 FROM pgmoat.tokens ORDER BY 1";
/// Those who follow read anew; what changes rows says so by itself.
const TELL: &str = "SELECT pg_catalog.pg_notify('pgmoat_registry', '')";
const LAST: &str = "SELECT coalesce(max(number), 0) FROM pgmoat.changes";
const CHANGES: &str =
    "SELECT number, to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"'), who, why, verb, tenant, detail
 FROM pgmoat.changes WHERE number >= $1 ORDER BY number LIMIT 256";

/// Why the registry could not be read or changed.
#[derive(Debug, thiserror::Error)]
pub enum Trouble {
    /// Its database cannot be reached.
    #[error(transparent)]
    Reach(#[from] upstream::Trouble),
    /// Its database said no.
    #[error("the registry's database says")]
    Database(#[from] tokio_postgres::Error),
    /// No connection could be had.
    #[error("the registry's database cannot be reached")]
    Pool(#[from] PoolError),
    /// The pool of connections could not be made.
    #[error("the registry's connections")]
    Build(#[from] BuildError),
    /// It took too long.
    #[error("the registry's database did not answer within {LIMIT:?}")]
    Slow,
    /// The connection that listens is gone.
    #[error("the connection to the registry's database is lost")]
    Lost,
    /// It has not been made.
    #[error("there is no registry in this database: run `pgmoat init --config FILE` first")]
    Missing,
    /// It has a form that is not known.
    #[error("the registry has version {0}, this program knows version {VERSION}: use the program that made it, or a newer one")]
    Version(i32),
    /// It has a form from before.
    #[error(
        "the registry has version {0}, this program changes version {VERSION}: run `pgmoat init --config FILE`, which keeps what is in it"
    )]
    Outdated(i32),
    /// It holds something that cannot be understood.
    #[error("the registry holds {0}")]
    Strange(String),
    /// What is to be changed is not there.
    #[error("there is no {noun} \"{name}\" in the registry")]
    Unknown {
        /// What sort of thing.
        noun: &'static str,
        /// Its name.
        name: String,
    },
    /// There may be no more of what is to be made.
    #[error("{0}")]
    Full(String),
    /// What is to be made is there already.
    #[error("{0}")]
    Taken(String),
}

/// The registry's database.
#[derive(Clone, Debug)]
pub struct Store {
    dialler: Dialler,
    pool: Pool,
}

/// Connects by the rules of an upstream: address, TLS, time limit.
struct Dial(Dialler);

/// A stream, or why there is none: what the driver takes, and tells as its own error.
struct Dialled(Result<Stream, upstream::Trouble>);

impl Dialled {
    fn stream(&mut self) -> io::Result<Pin<&mut Stream>> {
        match &mut self.0 {
            Ok(stream) => Ok(Pin::new(stream)),
            Err(trouble) => Err(io::Error::other(trouble.to_string())),
        }
    }
}

impl AsyncRead for Dialled {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        self.get_mut().stream()?.poll_read(cx, buf)
    }
}

impl AsyncWrite for Dialled {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        self.get_mut().stream()?.poll_write(cx, buf)
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.get_mut().stream()?.poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.get_mut().stream()?.poll_shutdown(cx)
    }
}

type Connected<'a> = Pin<Box<dyn Future<Output = Result<(Client, JoinHandle<()>), tokio_postgres::Error>> + Send + 'a>>;

impl Connect for Dial {
    fn connect(&self, config: &Config) -> Connected<'_> {
        let config = config.clone();
        Box::pin(async move {
            let (client, connection) = config.connect_raw(Dialled(self.0.dial().await), NoTls).await?;
            let task = tokio::spawn(async move {
                if let Err(error) = connection.await {
                    tracing::debug!(%error, "a connection to the registry broke");
                }
            });
            Ok((client, task))
        })
    }
}

fn driver(server: &Upstream) -> Config {
    let mut config = Config::new();
    config.user(&server.user).dbname(&server.database).application_name("pgmoat registry");
    // TLS is done when dialling.
    config.ssl_mode(tokio_postgres::config::SslMode::Disable);
    if let Some(password) = server.password.as_ref().map(Secret::expose) {
        config.password(password);
    }
    config
}

/// Hears of changes, on a connection of its own.
#[derive(Debug)]
pub struct Listener {
    client: Client,
    heard: mpsc::Receiver<()>,
    task: JoinHandle<()>,
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Listener {
    /// Waits for the next change; `false`: the connection is lost.
    pub async fn changed(&mut self) -> bool {
        self.heard.recv().await.is_some()
    }

    /// Makes sure that the connection is there, which a silent network does not tell.
    ///
    /// # Errors
    /// [`Trouble`] when it is not.
    pub async fn check(&self) -> Result<(), Trouble> {
        limited(async { Ok(self.client.batch_execute("LISTEN pgmoat_registry").await?) }).await
    }
}

/// The work, within the time that it may take.
pub(super) async fn limited<T>(work: impl Future<Output = Result<T, Trouble>>) -> Result<T, Trouble> {
    tokio::time::timeout(LIMIT, work).await.unwrap_or(Err(Trouble::Slow))
}

impl Store {
    /// The registry that the configuration names. It does not connect yet.
    ///
    /// # Errors
    /// [`Trouble`] when certificates cannot be read.
    pub fn new(registry: &config::Registry) -> Result<Self, Trouble> {
        let dialler = Dialler::new(Arc::new(registry.server.clone()))?;
        let manager = Manager::from_connect(driver(&registry.server), Dial(dialler.clone()), ManagerConfig::default());
        Ok(Self { dialler, pool: Pool::builder(manager).max_size(CONNECTIONS).build()? })
    }

    pub(super) async fn client(&self) -> Result<Object, Trouble> {
        Ok(self.pool.get().await?)
    }

    /// Makes the registry, or of one from before the present one, or nothing where that is there. `reader` is given what the program needs,
    /// if it is another role. Says which version there was, if there was one.
    ///
    /// # Errors
    /// [`Trouble`].
    pub async fn init(&self, author: &Author, reader: &str) -> Result<Option<i32>, Trouble> {
        limited(async {
            let mut client = self.client().await?;
            let transaction = client.transaction().await?;
            transaction.batch_execute(ONE_BY_ONE).await?;
            let there = transaction.query_one("SELECT pg_catalog.to_regclass('pgmoat.version') IS NOT NULL", &[]).await?;
            let before = if there.try_get(0)? { Some(version(&transaction).await?) } else { None };
            if before.is_none() {
                transaction.batch_execute(SCHEMA).await?;
            }
            for (_, upgrade) in UPGRADES.into_iter().filter(|(version, _)| before.is_none_or(|before| before < *version)) {
                transaction.batch_execute(upgrade).await?;
            }
            if before != Some(VERSION) {
                let detail = before.map_or_else(|| format!("version {VERSION}"), |before| format!("version {before} to {VERSION}"));
                note(&transaction, author, "init", None, &detail).await?;
                transaction.batch_execute(TELL).await?;
            }
            transaction.batch_execute(super::usage::TABLE).await?;
            let audit = transaction.query_one("SELECT pg_catalog.to_regclass('pgmoat.audit') IS NULL", &[]).await?;
            if audit.try_get(0)? {
                transaction.batch_execute(AUDIT).await?;
            }
            let grants = "SELECT pg_catalog.format('GRANT USAGE ON SCHEMA pgmoat TO %1$I; GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA pgmoat TO %1$I; REVOKE UPDATE, DELETE ON pgmoat.audit FROM %1$I', $1::text)
             WHERE $1::text <> current_user";
            if let Some(row) = transaction.query_opt(grants, &[&reader]).await? {
                transaction.batch_execute(row.try_get(0)?).await?;
            }
            transaction.commit().await?;
            Ok(before)
        })
        .await
    }

    /// Begins to listen: what changes from now on is heard.
    ///
    /// # Errors
    /// [`Trouble`].
    pub async fn listen(&self) -> Result<Listener, Trouble> {
        limited(async {
            let stream = self.dialler.dial().await?;
            let (client, mut connection) = driver(self.dialler.upstream()).connect_raw(stream, NoTls).await?;
            // One place: who hears that something has changed reads all of it.
            let (tell, heard) = mpsc::channel(1);
            let task = tokio::spawn(async move {
                while let Some(Ok(message)) = poll_fn(|cx| connection.poll_message(cx)).await {
                    if matches!(message, AsyncMessage::Notification(_)) && tell.try_send(()).is_err() {
                        tracing::trace!("a change of the registry before the last one was read");
                    }
                }
            });
            let listener = Listener { client, heard, task };
            listener.check().await?;
            Ok(listener)
        })
        .await
    }

    /// Reads everything, as of one moment.
    ///
    /// # Errors
    /// [`Trouble`].
    pub async fn load(&self) -> Result<Snapshot, Trouble> {
        limited(async {
            let mut client = self.client().await?;
            let begun =
                client.build_transaction().isolation_level(tokio_postgres::IsolationLevel::RepeatableRead).read_only(true);
            let transaction = begun.start().await?;
            let version = version(&transaction).await?;
            let now = Instant::now();
            let mut snapshot = Snapshot { outdated: (version < VERSION).then_some(version), ..Snapshot::default() };
            for row in transaction.query(TENANTS, &[]).await? {
                let (name, id): (String, String) = (row.try_get(0)?, row.try_get(1)?);
                let mut attributes: BTreeMap<String, String> = json(row.try_get(2)?)?;
                attributes.insert("id".to_owned(), id);
                let status: String = row.try_get(4)?;
                let status = Status::parse(&status).ok_or_else(|| Trouble::Strange(format!("a status {status:?}")))?;
                let plan: Option<String> = row.try_get(3)?;
                let (called, settings) = (name.as_str().into(), row.try_get::<_, &str>(7)?.into());
                let tenant = Arc::new(Tenant { name: called, attributes, settings, plan: plan.map(Into::into) });
                let (trial_ends, limits) = (moment(now, row.try_get(5)?), limits(row.try_get(6)?));
                snapshot.tenants.insert(name, Enrolled { tenant, status, trial_ends, limits });
            }
            let credentials = if version < VERSION { CREDENTIALS_1 } else { CREDENTIALS };
            for row in transaction.query(credentials, &[]).await? {
                snapshot.credentials.push(Credential {
                    name: row.try_get::<_, String>(0)?.into(),
                    tenant: row.try_get(1)?,
                    verifier: Secret::new(row.try_get(2)?),
                    nodes: json(row.try_get(3)?)?,
                    expires: moment(now, row.try_get(4)?),
                    revoked: row.try_get(5)?,
                    role: row.try_get::<_, Option<&str>>(6)?.map(Into::into),
                });
            }
            snapshot.last = transaction.query_one(LAST, &[]).await?.try_get(0)?;
            transaction.commit().await?;
            Ok(snapshot)
        })
        .await
    }

    /// The next changes, that of number `from` first: some, of many.
    ///
    /// # Errors
    /// [`Trouble`].
    pub async fn changes(&self, from: i64) -> Result<Vec<Change>, Trouble> {
        limited(async {
            let change = |row: &tokio_postgres::Row| {
                Ok(Change {
                    number: row.try_get(0)?,
                    at: row.try_get(1)?,
                    who: row.try_get(2)?,
                    why: row.try_get(3)?,
                    verb: row.try_get(4)?,
                    tenant: row.try_get(5)?,
                    detail: row.try_get(6)?,
                })
            };
            self.client().await?.query(CHANGES, &[&from]).await?.iter().map(change).collect()
        })
        .await
    }
}

/// The registry's form, if it is there and in one that is known.
async fn version(client: &impl GenericClient) -> Result<i32, Trouble> {
    let version: i32 = match client.query_one("SELECT max(version) FROM pgmoat.version", &[]).await {
        Ok(row) => row.try_get(0)?,
        Err(e) if [Some(&SqlState::UNDEFINED_TABLE), Some(&SqlState::INVALID_SCHEMA_NAME)].contains(&e.code()) => {
            return Err(Trouble::Missing);
        }
        Err(e) => return Err(e.into()),
    };
    if (1..=VERSION).contains(&version) { Ok(version) } else { Err(Trouble::Version(version)) }
}

/// That the registry is there, in the form that this program writes.
pub(super) async fn formed(client: &impl GenericClient) -> Result<(), Trouble> {
    match version(client).await? {
        VERSION => Ok(()),
        before => Err(Trouble::Outdated(before)),
    }
}

fn json<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, Trouble> {
    serde_json::from_str(text).map_err(|e| Trouble::Strange(format!("what is not of its form: {e}")))
}

/// What a tenant's setting `limits` says: an object, its keys those of a plan.
///
/// # Errors
/// Why it cannot be read.
pub fn limits(text: Option<&str>) -> Result<Plan, String> {
    let Some(text) = text else { return Ok(Plan::default()) };
    let entries: BTreeMap<String, serde_json::Value> = serde_json::from_str(text).map_err(|e| e.to_string())?;
    config::overrides("limits", entries.into_iter().map(|(key, value)| (key, toml_of(&value))))
        .map_err(|p| p.messages().collect::<Vec<_>>().join("; "))
}

/// A value as TOML has it.
fn toml_of(value: &serde_json::Value) -> String {
    match value {
        serde_json::Value::Object(entries) => {
            let entries: Vec<String> =
                entries.iter().map(|(k, v)| format!("{} = {}", serde_json::Value::from(k.as_str()), toml_of(v))).collect();
            format!("{{ {} }}", entries.join(", "))
        }
        // Strings and numbers are alike in both; of the others none is what a limit may be.
        other => other.to_string(),
    }
}

/// The moment that is so many seconds from now; what is too far away to tell is never.
fn moment(now: Instant, seconds: Option<f64>) -> Option<Instant> {
    let seconds = seconds?;
    if seconds <= 0.0 {
        return Some(now);
    }
    Duration::try_from_secs_f64(seconds).ok().and_then(|d| now.checked_add(d))
}
