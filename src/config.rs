//! The configuration: raw TOML in, checked and immutable [`Settings`] out. It does not look at the database: `check` does.

mod blot;
mod check;
mod identities;
mod jwt;
mod plans;
mod proof;
mod reader;
mod recording;
mod roles;
mod tenancy;
mod trouble;
mod upstream_url;

pub use jwt::{Algorithm as JwtAlgorithm, Claims as JwtClaims, Jwt};
pub use plans::overrides;
pub use reader::Lookup;
pub use trouble::{ConfigTrouble, Problem, Problems};

use crate::alerts;
use crate::audit::SyslogAddress;
use crate::limits::Quota;
use crate::policy::Declaration;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

/// The database that clients name to reach the console: no database behind may be called so.
pub const CONSOLE: &str = "pgmoat";

/// A configuration that can be used, and what its operator should know nevertheless.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// What it says.
    pub settings: Settings,
    /// One sentence each.
    pub warnings: Vec<String>,
}

/// Reads and checks a file. `environment` gives the values of `${NAME}`; paths in the file are relative to the working directory.
///
/// # Errors
/// Every [`Problem`] of the file at once, or why it cannot be read.
pub fn load(path: &Path, environment: Lookup<'_>) -> Result<Loaded, ConfigTrouble> {
    let text = std::fs::read_to_string(path).map_err(|source| ConfigTrouble::Read { path: path.to_path_buf(), source })?;
    Ok(parse(&path.display().to_string(), &text, environment)?)
}

/// Checks a configuration's text; `name` is what reports call it.
///
/// # Errors
/// Every [`Problem`] of the text at once.
pub fn parse(name: &str, text: &str, environment: Lookup<'_>) -> Result<Loaded, Problems> {
    check::check(text, environment).map_err(|problems| Problems::new(name, text, problems))
}

/// Everything that the configuration file says, checked.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where clients connect.
    pub listen: Listen,
    /// Where metrics and health are served; `None` turns them off.
    pub http: Option<SocketAddr>,
    /// The database behind.
    pub upstream: Upstream,
    /// `[tenancy]`.
    pub tenancy: Declaration,
    /// `[[tenants]]` by name.
    pub tenants: BTreeMap<String, Arc<crate::policy::Tenant>>,
    /// `limits` of `[[tenants]]` by name: each that is named applies instead of the plan's.
    pub limits: BTreeMap<String, Plan>,
    /// `limits` of `[roles]` by name: they apply beside the tenant's.
    pub role_limits: BTreeMap<String, Plan>,
    /// `[[users]]` by name.
    pub users: BTreeMap<String, User>,
    /// `[registry]`: where tenants and users are besides those above.
    pub registry: Option<Registry>,
    /// `[jwt]`: whose tokens are taken for a password; `None`: nobody's.
    pub jwt: Option<Jwt>,
    /// `[plans.*]` by name.
    pub plans: BTreeMap<String, Plan>,
    /// `[audit]`.
    pub audit: Audit,
    /// `[[alerts]]`.
    pub alerts: Vec<alerts::Rule>,
}

/// `[listen]`.
#[derive(Clone, Debug)]
pub struct Listen {
    /// The address; default 127.0.0.1:6432.
    pub address: SocketAddr,
    /// `[listen.tls]`; without it clients connect in plain.
    pub tls: Option<ListenTls>,
    /// Most clients at once; default 10,000.
    pub max_clients: usize,
    /// Largest message that an authenticated client may send, bytes; default 16 MiB.
    pub max_message: usize,
    /// How long a client may take to log in; default 60 s (as PostgreSQL's authentication_timeout).
    pub login_timeout: Duration,
    /// How long a drain waits for open transactions at shutdown; default 30 s.
    pub drain_timeout: Duration,
}

/// `[listen.tls]`.
#[derive(Clone, Debug)]
pub struct ListenTls {
    /// PEM file of the certificate chain.
    pub certificate: PathBuf,
    /// PEM file of the key.
    pub key: PathBuf,
    /// PEM file of the authorities that client certificates must come from.
    pub client_ca: Option<PathBuf>,
    /// Whether clients without such a certificate are refused, whoever they want to be; default yes.
    pub client_required: bool,
    /// Whether plain connections are refused.
    pub required: bool,
}

/// `[upstream]`.
#[derive(Clone, Debug)]
pub struct Upstream {
    /// Host name or address.
    pub host: String,
    /// Port.
    pub port: u16,
    /// The role that server connections log in as.
    pub user: String,
    /// Its password.
    pub password: Option<Secret>,
    /// The database.
    pub database: String,
    /// `sslmode`.
    pub sslmode: SslMode,
    /// `sslrootcert`.
    pub sslrootcert: Option<PathBuf>,
    /// Most server connections; default 20.
    pub pool_size: usize,
    /// Server connections that are kept open, whatever is asked for; default 0.
    pub min_pool_size: usize,
    /// How long a client waits for a server connection; default 30 s.
    pub query_wait_timeout: Duration,
    /// How long a server connection is used; default an hour, zero: for ever.
    pub server_lifetime: Duration,
    /// How long a server connection may be idle; default 10 min, zero: for ever.
    pub server_idle_timeout: Duration,
    /// How long a client may hold a server connection without using it; default 5 min, zero: for ever.
    pub idle_transaction_timeout: Duration,
    /// The longest pause after a connection could not be made; default 2 s.
    pub server_login_retry: Duration,
    /// How long connecting may take; default 5 s.
    pub connect_timeout: Duration,
    /// How often the server is asked whether its schema has changed; default 5 s, zero: never.
    pub catalog_poll: Duration,
    /// How often the storage of tenants is measured, where a quota limits it; default 10 min, zero: never.
    pub storage_poll: Duration,
    /// Whether simple queries that come again are sent as prepared statements, their literals as parameters; default yes.
    pub shared_plans: bool,
    /// Whether short reads of one tenant's sessions share a server connection, several under way at once; default yes.
    pub shared_reads: bool,
}

/// libpq's `sslmode` (manual, section 34.19.3); `allow` is read as `prefer`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SslMode {
    /// Never TLS.
    Disable,
    /// TLS where the server offers it.
    Prefer,
    /// TLS, certificate unchecked.
    Require,
    /// TLS, certificate chain checked.
    VerifyCa,
    /// TLS, certificate chain and host name checked.
    VerifyFull,
}

/// A text that never shows in Debug output.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Wraps a text.
    #[must_use]
    pub fn new(text: String) -> Self {
        Self(text)
    }

    /// The text itself: only for authentication.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("***")
    }
}

/// One of `[[users]]`.
#[derive(Clone, Debug)]
pub struct User {
    /// How it proves who it is.
    pub proof: Proof,
    /// What its client certificate must be called, besides.
    pub certificate: Option<CertificateName>,
    /// Who it is once authenticated, if it names no tenant.
    pub identity: crate::policy::Identity,
    /// The tenants that it may name.
    pub owned: Owned,
    /// What it may do in the console; `None`: it does not get in.
    pub console: Option<Console>,
}

/// What a user shows to prove who it is.
#[derive(Clone, Debug)]
pub enum Proof {
    /// What fits a plain password or a `SCRAM-SHA-256$` verifier.
    Password(Secret),
    /// A token of `[jwt]`.
    Token,
    /// Its client certificate, and nothing else.
    Certificate,
}

/// The tenants that a user may name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Owned {
    /// These.
    These(Vec<Arc<str>>),
    /// The one that its token names, whichever it is.
    Any,
}

/// A name that a client certificate may have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CertificateName {
    /// The common name of its subject.
    Common(String),
    /// An alternative name: DNS, URI or e-mail address.
    Alternative(AlternativeName, String),
}

/// The kinds of alternative names that are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AlternativeName {
    /// dNSName.
    Dns,
    /// uniformResourceIdentifier, as SPIFFE's.
    Uri,
    /// rfc822Name.
    Email,
}

impl CertificateName {
    /// `DNS:`, `URI:` or `email:` and what follows, or else a common name.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let kinds = [("DNS:", AlternativeName::Dns), ("URI:", AlternativeName::Uri), ("email:", AlternativeName::Email)];
        let found = kinds.into_iter().find_map(|(prefix, kind)| Some((kind, text.strip_prefix(prefix)?)));
        let (name, rest) = match found {
            Some((kind, rest)) => (Self::Alternative(kind, rest.to_owned()), rest),
            None => (Self::Common(text.to_owned()), text),
        };
        (!rest.is_empty() && !rest.contains('\0')).then_some(name)
    }
}

/// `console` of a user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Console {
    /// Everything, as PgBouncer's `admin_users`.
    Admin,
    /// SHOW only, as PgBouncer's `stats_users`.
    Stats,
}

/// One of `[plans.*]`. Absent limits are unlimited.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// Statements per second and tenant.
    pub queries_per_second: Option<u32>,
    /// Statements that may come at once.
    pub burst: Option<u32>,
    /// How long one that is beyond the rate waits for its turn, before it is refused; default: not at all.
    pub rate_wait: Option<Duration>,
    /// Client connections per tenant.
    pub max_connections: Option<usize>,
    /// Server connections that the tenant may hold at once: open transactions, and statements outside of one.
    pub max_transactions: Option<usize>,
    /// How long the server may take for what one cycle of messages asks.
    pub statement_timeout: Option<Duration>,
    /// How long a transaction may be open.
    pub transaction_timeout: Option<Duration>,
    /// How long a transaction may be open without a word from the client; beside `[upstream] idle_transaction_timeout`.
    pub idle_transaction_timeout: Option<Duration>,
    /// Bytes that the tenant's sessions together are sent by the server, a second.
    pub bytes_per_second: Option<u64>,
    /// Rows that the tenant's sessions together are sent by the server, a second.
    pub rows_per_second: Option<u64>,
    /// Rows that one statement may return.
    pub rows_per_statement: Option<u64>,
    /// Bytes of rows that one statement may return.
    pub bytes_per_statement: Option<u64>,
    /// What the tenant may use in a day and in a month.
    pub quota: Quota,
    /// The tenant's share of server connections, compared with others', while they are short; default 1.
    pub weight: Option<u32>,
}

/// `[registry]`.
#[derive(Clone, Debug)]
pub struct Registry {
    /// The database; what the pool of an upstream is told is without meaning here.
    pub server: Upstream,
    /// How often it is read, besides whenever it changes; default 10 s.
    pub refresh: Duration,
    /// How often what was used is written to it; default 5 s.
    pub flush: Duration,
}

/// `[audit]`.
#[derive(Clone, Debug)]
pub struct Audit {
    /// The file of hash-chained JSON lines; default `audit.jsonl`.
    pub path: PathBuf,
    /// A file of so many bytes is closed and another begun; default 1 GiB, 0: never.
    pub rotate_size: u64,
    /// PEM file of the key that signs checkpoints; default: none are made.
    pub signing_key: Option<PathBuf>,
    /// After so many records one is a checkpoint; default 1,000.
    pub checkpoint_every: u64,
    /// Whether logins that succeed are recorded as those that fail are; default yes.
    pub logins: bool,
    /// What becomes of a statement that must be recorded and cannot be; default: its session ends.
    pub on_failure: OnFailure,
    /// What tells this log from those of other proxies in one table; default `pgmoat`.
    pub name: String,
    /// Whether records go to standard output too; default no.
    pub stdout: bool,
    /// Where syslog is that records go to too; default none.
    pub syslog: Option<SyslogAddress>,
    /// Whether records go to the registry's database too; default no.
    pub table: bool,
}

/// What follows when an audit record cannot be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnFailure {
    /// The session ends, and its answer does not leave.
    Refuse,
    /// The answer leaves, and the log and the metrics say what was lost.
    Degrade,
}
