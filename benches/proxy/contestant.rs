//! Who is measured, and how each is reached: the server itself, PgBouncer before it, pgmoat before it. It does not load them.

use crate::cluster::{as_server_user, cluster, free_port, unprivileged, wait_for};
use crate::database;
use crate::proxy::{Proxy, Setup};
use crate::wire::Wire;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// Server connections that each pooler may have.
const POOL: usize = 20;

/// Who is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Contestant {
    /// No pooler. The statements name the tenant themselves; nothing enforces it.
    Direct,
    /// The same statements.
    Bouncer,
    /// Row-level security; each transaction begins by setting the tenant.
    BouncerRls,
    /// Statements that name no tenant, every one enforced.
    Moat,
}

impl Contestant {
    pub(crate) const ALL: [Self; 4] = [Self::Direct, Self::Bouncer, Self::BouncerRls, Self::Moat];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Direct => "direct",
            Self::Bouncer => "PgBouncer",
            Self::BouncerRls => "PgBouncer + RLS",
            Self::Moat => "pgmoat",
        }
    }
}

/// Where a contestant takes clients.
pub(crate) struct Place<'a> {
    pub(crate) port: u16,
    pub(crate) user: &'static str,
    pub(crate) database: &'a str,
    pub(crate) password: Option<&'static str>,
}

/// All contestants, running.
pub(crate) struct Field {
    database: String,
    bouncer: Bouncer,
    moat: Proxy,
}

impl Field {
    pub(crate) fn start(database: &str) -> Self {
        let moat = Proxy::start(&Setup { pool_size: POOL, ..database::setup(database) });
        Self { database: database.to_owned(), bouncer: Bouncer::start(database), moat }
    }

    pub(crate) fn at(&self, contestant: Contestant) -> Place<'_> {
        let place = |port, user, database| Place { port, user, database, password: None };
        match contestant {
            Contestant::Direct => place(cluster().port, "app", &self.database),
            Contestant::Bouncer => place(self.bouncer.port, "app", "plain"),
            Contestant::BouncerRls => place(self.bouncer.port, "confined", "confined"),
            Contestant::Moat => {
                Place { password: Some(crate::proxy::PASSWORD), ..place(self.moat.port, "one_app", &self.database) }
            }
        }
    }

    /// PgBouncer's version, and whether it knows prepared statements in transaction pooling (from 1.21 on).
    pub(crate) fn bouncer(&self) -> (&str, bool) {
        (&self.bouncer.version, self.bouncer.prepares)
    }
}

/// A private PgBouncer.
struct Bouncer {
    port: u16,
    version: String,
    prepares: bool,
    /// The shell that stops it when its standard input ends. The pipe closes with this process, however it dies.
    _keeper: Child,
}

/// Waits for its standard input to end, then stops PgBouncer and removes its directory.
const KEEPER: &str = r#""$1" -q "$2/pgbouncer.ini" >"$2/out" 2>&1 </dev/null &
bouncer=$!
read -r _
kill -TERM $bouncer
wait $bouncer
rm -rf "$2""#;

fn program() -> PathBuf {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let places = std::env::split_paths(&path).chain([PathBuf::from("/usr/sbin")]);
    places.map(|p| p.join("pgbouncer")).find(|p| p.is_file()).expect("no pgbouncer: install Debian's package `pgbouncer`")
}

impl Bouncer {
    fn start(database: &str) -> Self {
        let program = program();
        let said = Command::new(&program).arg("--version").output().expect("pgbouncer runs");
        let said = String::from_utf8_lossy(&said.stdout).into_owned();
        let version = said.lines().next().and_then(|l| l.strip_prefix("PgBouncer ")).unwrap_or("?").to_owned();
        let numbers: Vec<u32> = version.split('.').filter_map(|n| n.parse().ok()).collect();
        let prepares = numbers >= vec![1, 21];
        let who = unprivileged();
        let directory = tempfile::Builder::new().prefix("pgmoat-bench-").tempdir().expect("temporary directory").keep();
        std::os::unix::fs::chown(&directory, who.map(|w| w.0), who.map(|w| w.1)).expect("chown");
        let (port, server) = (free_port(), cluster().port);
        let prepared = if prepares { "max_prepared_statements = 200\n" } else { "" };
        let settings = format!(
            "[databases]\nplain = host=127.0.0.1 port={server} dbname={database} user=app\n\
             confined = host=127.0.0.1 port={server} dbname={database} user=confined\n\
             [pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\nunix_socket_dir =\nauth_type = any\npool_mode = transaction\n\
             default_pool_size = {POOL}\nmax_client_conn = 1000\n{prepared}logfile = {}/log\n",
            directory.display()
        );
        let file = directory.join("pgbouncer.ini");
        std::fs::write(&file, settings).expect("write");
        std::os::unix::fs::chown(&file, who.map(|w| w.0), who.map(|w| w.1)).expect("chown");
        let keeper = as_server_user("/bin/sh", who)
            .args(["-c", KEEPER, "sh"])
            .args([program.as_os_str(), directory.as_os_str()])
            .stdin(Stdio::piped())
            .spawn()
            .expect("sh runs");
        wait_for("PgBouncer to serve", Duration::from_secs(20), || Wire::connect(port, "app", "plain", None).is_ok());
        Self { port, version, prepares, _keeper: keeper }
    }
}
