//! One private PostgreSQL cluster per run of the test binary: found, initialised, started, and stopped and removed even when the binary is killed.
//! It does not know the proxy nor any schema.

use crate::wire::Wire;
use std::io::Write as _;
use std::net::TcpListener;
use std::os::unix::fs::MetadataExt as _;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

/// A running private server. Trust authentication for everybody but the roles `auth_*`.
pub(crate) struct Cluster {
    /// Its TCP port on 127.0.0.1.
    pub(crate) port: u16,
    /// The PEM text of the certificate that it shows (self-signed, for `localhost` and 127.0.0.1).
    pub(crate) certificate: String,
    /// The shell that stops the server when its standard input ends. The pipe closes with this process, however it dies.
    _keeper: Child,
}

static CLUSTER: OnceLock<Cluster> = OnceLock::new();
static DATABASES: AtomicU32 = AtomicU32::new(0);

/// The cluster of this process; the first caller starts it.
pub(crate) fn cluster() -> &'static Cluster {
    CLUSTER.get_or_init(Cluster::start)
}

/// A TCP port that was free a moment ago.
pub(crate) fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").expect("bind").local_addr().expect("address").port()
}

/// Polls until `ready` says yes.
pub(crate) fn wait_for(what: &str, limit: Duration, mut ready: impl FnMut() -> bool) {
    let deadline = Instant::now() + limit;
    while !ready() {
        assert!(Instant::now() < deadline, "gave up waiting for {what} after {limit:?}");
        std::thread::park_timeout(Duration::from_millis(5));
    }
}

/// Where the server binaries are: `PGMOAT_PG_BIN`, `PATH`, or Debian's place (the newest version).
pub(crate) fn server_binaries() -> PathBuf {
    let mut places: Vec<PathBuf> = std::env::var_os("PGMOAT_PG_BIN").map(PathBuf::from).into_iter().collect();
    places.extend(std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default()));
    let mut debian: Vec<PathBuf> =
        std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten().map(|e| e.path().join("bin")).collect();
    debian.sort();
    places.extend(debian.into_iter().rev());
    places
        .into_iter()
        .find(|p| p.join("initdb").is_file() && p.join("postgres").is_file())
        .expect("no PostgreSQL server binaries: install Debian's `postgresql` package or set PGMOAT_PG_BIN")
}

/// The uid and gid to run the server under: PostgreSQL refuses root.
pub(crate) fn unprivileged() -> Option<(u32, u32)> {
    if std::fs::metadata("/proc/self").expect("/proc/self").uid() != 0 {
        return None;
    }
    let passwd = std::fs::read_to_string("/etc/passwd").expect("/etc/passwd");
    let ids = |name: &str| {
        let line = passwd.lines().find(|l| l.split(':').next() == Some(name))?;
        let mut fields = line.split(':').skip(2);
        Some((fields.next()?.parse().ok()?, fields.next()?.parse().ok()?))
    };
    Some(ids("postgres").or_else(|| ids("nobody")).expect("a user `postgres` or `nobody`"))
}

/// A command under that uid, in a process group of its own.
pub(crate) fn as_server_user(program: impl AsRef<std::ffi::OsStr>, who: Option<(u32, u32)>) -> Command {
    let mut command = Command::new(program);
    if let Some((uid, gid)) = who {
        command.uid(uid).gid(gid);
    }
    command.env("LC_ALL", "C.UTF-8").env("HOME", "/").current_dir("/").process_group(0);
    command
}

const HBA: &str = "host all auth_password 127.0.0.1/32 password\n\
     host all auth_md5 127.0.0.1/32 md5\n\
     host all auth_scram 127.0.0.1/32 scram-sha-256\n\
     host all all 127.0.0.1/32 trust\n";

/// Waits for its standard input to end, then stops the server and removes its directory.
const KEEPER: &str = r#"bin="$1"; dir="$2"; port="$3"
"$bin/postgres" -D "$dir/data" -p "$port" -k "$dir" >"$dir/log" 2>&1 </dev/null &
server=$!
read -r _
kill -QUIT $server
wait $server
rm -rf "$dir""#;

impl Cluster {
    fn start() -> Self {
        let bin = server_binaries();
        let who = unprivileged();
        let directory = tempfile::Builder::new().prefix("pgmoat-live-").tempdir().expect("temporary directory").keep();
        std::os::unix::fs::chown(&directory, who.map(|w| w.0), who.map(|w| w.1)).expect("chown");
        let data = directory.join("data");
        let initdb = as_server_user(bin.join("initdb"), who)
            .args(["-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-N", "-D"])
            .arg(&data)
            .stdin(Stdio::null())
            .output()
            .expect("initdb runs");
        assert!(initdb.status.success(), "initdb: {}", String::from_utf8_lossy(&initdb.stderr));
        let certificate = configure(&data, who);
        for _ in 0..3 {
            let port = free_port();
            let mut keeper = as_server_user("/bin/sh", who)
                .args(["-c", KEEPER, "sh"])
                .args([bin.as_os_str(), directory.as_os_str()])
                .arg(port.to_string())
                .stdin(Stdio::piped())
                .spawn()
                .expect("sh runs");
            let deadline = Instant::now() + Duration::from_secs(30);
            while Instant::now() < deadline {
                if Wire::connect(port, "postgres", "postgres", None).is_ok() {
                    return Self { port, certificate, _keeper: keeper };
                }
                let log = std::fs::read_to_string(directory.join("log")).unwrap_or_default();
                if log.contains("could not bind") {
                    break;
                }
                std::thread::park_timeout(Duration::from_millis(20));
            }
            drop(keeper.stdin.take());
            keeper.wait().expect("keeper ends");
        }
        panic!("PostgreSQL did not start; see {}", directory.join("log").display());
    }

    /// A superuser's connection.
    pub(crate) fn superuser(&self, database: &str) -> Wire {
        Wire::connect(self.port, "postgres", database, None).expect("superuser connects")
    }

    /// A new database made from a template, with a name of its own that starts with `prefix`.
    pub(crate) fn database(&self, prefix: &str, template: &str) -> String {
        let name = format!("{prefix}_{}", DATABASES.fetch_add(1, Ordering::Relaxed));
        let mut admin = self.superuser("postgres");
        admin.run(&format!("CREATE DATABASE {name} TEMPLATE {template} STRATEGY wal_log"));
        admin.run(&format!("REVOKE TEMPORARY ON DATABASE {name} FROM PUBLIC"));
        name
    }
}

/// Writes the server's settings, access rules and certificate; gives the certificate.
fn configure(data: &Path, who: Option<(u32, u32)>) -> String {
    let names = vec!["localhost".to_owned(), "127.0.0.1".to_owned()];
    let made = rcgen::generate_simple_self_signed(names).expect("certificate");
    let write = |name: &str, text: &str, mode: u32| {
        let path = data.join(name);
        std::fs::write(&path, text).expect("write");
        std::os::unix::fs::chown(&path, who.map(|w| w.0), who.map(|w| w.1)).expect("chown");
        std::fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(mode)).expect("chmod");
    };
    write("server.crt", &made.cert.pem(), 0o600);
    write("server.key", &made.signing_key.serialize_pem(), 0o600);
    write("pg_hba.conf", HBA, 0o600);
    let mut settings = std::fs::OpenOptions::new().append(true).open(data.join("postgresql.conf")).expect("postgresql.conf");
    settings
        .write_all(
            b"listen_addresses = '127.0.0.1'\nfsync = off\nsynchronous_commit = off\nfull_page_writes = off\nautovacuum = off\njit = off\n\
              shared_buffers = 64MB\nmax_connections = 300\nssl = on\ntimezone = 'UTC'\nlog_statement = none\nwal_level = minimal\nmax_wal_senders = 0\n",
        )
        .expect("settings");
    made.cert.pem()
}
