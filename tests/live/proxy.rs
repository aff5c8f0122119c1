//! The proxy under test: a configuration file, the real binary, its log; ended with the test, and checked for panics on the way out.
//! It does not speak the PostgreSQL protocol itself.

use crate::cluster::{cluster, free_port, wait_for};
use crate::wire::Wire;
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// The password of every user in the configurations that tests write.
pub(crate) const PASSWORD: &str = "correct horse";

/// What a configuration needs; everything else is text appended by the test.
pub(crate) struct Setup {
    /// The database behind.
    pub(crate) database: String,
    /// `[tenancy]`, `[[tenants]]` and `[[users]]`.
    pub(crate) tenancy: String,
    /// Server connections.
    pub(crate) pool_size: usize,
    /// The upstream's `user` or `user:password`.
    pub(crate) login: String,
    /// Query string of the upstream's URL, for example `sslmode=require`.
    pub(crate) query: String,
    /// More lines for `[listen]` (and tables below it).
    pub(crate) listen: String,
    /// More lines for `[upstream]`.
    pub(crate) upstream: String,
    /// More lines for `[audit]` (and tables behind it).
    pub(crate) audit: String,
    /// `RUST_LOG`; empty: as it is for the test.
    pub(crate) log: &'static str,
}

impl Setup {
    /// A proxy in front of this database, logging in as `app`. `PGMOAT_POOL_SIZE` is the size of its pool where a test does not care.
    pub(crate) fn new(database: &str, tenancy: &str) -> Self {
        Self {
            database: database.to_owned(),
            tenancy: tenancy.to_owned(),
            pool_size: std::env::var("PGMOAT_POOL_SIZE").map_or(8, |n| n.parse().expect("PGMOAT_POOL_SIZE is a number")),
            login: "app".to_owned(),
            query: String::new(),
            listen: String::new(),
            audit: String::new(),
            // Reading the schema takes locks that a test's own TRUNCATE may meet; what is read when is the life cycle's test.
            upstream: "catalog_poll = \"0s\"".to_owned(),
            log: "",
        }
    }

    /// The configuration of a proxy that would listen there, without HTTP.
    pub(crate) fn file(&self, address: &str) -> String {
        let text = self.toml(1, 1, "audit.jsonl");
        text.replace("127.0.0.1:1\"\n", &format!("{address}\"\n"))
    }

    fn toml(&self, port: u16, http: u16, audit: &str) -> String {
        let Self { database, tenancy, pool_size, login, query, listen, upstream, audit: more, log: _ } = self;
        let port_upstream = cluster().port;
        let mark = if query.is_empty() { "" } else { "?" };
        format!(
            "[listen]\naddress = \"127.0.0.1:{port}\"\n{listen}\n[http]\naddress = \"127.0.0.1:{http}\"\n[upstream]\n\
             url = \"postgres://{login}@127.0.0.1:{port_upstream}/{database}{mark}{query}\"\npool_size = {pool_size}\n{upstream}\n{tenancy}\n[audit]\npath = \"{audit}\"\n{more}\n"
        )
    }
}

/// What a process takes of memory, bytes.
pub(crate) struct Memory {
    /// Now.
    pub(crate) resident: usize,
    /// At most so far.
    pub(crate) peak: usize,
}

/// A running proxy.
pub(crate) struct Proxy {
    /// Where clients connect.
    pub(crate) port: u16,
    /// Where health and metrics are served.
    pub(crate) http: u16,
    /// The database behind.
    pub(crate) database: String,
    child: Child,
    /// Kills the proxy when this process dies without dropping it.
    keeper: Child,
    directory: TempDir,
    ended: bool,
}

impl Proxy {
    /// Starts the binary and waits until it is ready.
    pub(crate) fn start(setup: &Setup) -> Self {
        for _ in 0..3 {
            match Self::try_start(setup) {
                Ok(proxy) => return proxy,
                Err(log) if log.contains("in use") => {}
                Err(log) => panic!("the proxy did not become ready; its log:\n{log}"),
            }
        }
        panic!("no free port in three tries");
    }

    fn try_start(setup: &Setup) -> Result<Self, String> {
        let directory = tempfile::Builder::new().prefix("pgmoat-proxy-").tempdir().expect("temporary directory");
        let (port, http) = (free_port(), free_port());
        let audit = directory.path().join("audit.jsonl");
        std::fs::write(directory.path().join("pgmoat.toml"), setup.toml(port, http, &audit.display().to_string()))
            .expect("write");
        let talkative = Some(("RUST_LOG", setup.log)).filter(|(_, level)| !level.is_empty());
        let (child, keeper) = spawn(directory.path(), talkative);
        let mut proxy = Self { port, http, database: setup.database.clone(), child, keeper, directory, ended: false };
        if proxy.becomes_ready() {
            return Ok(proxy);
        }
        let log = proxy.log();
        proxy.kill();
        Err(if log.is_empty() { "(empty)".to_owned() } else { log })
    }

    fn becomes_ready(&mut self) -> bool {
        let deadline = Instant::now() + Duration::from_secs(20);
        loop {
            if matches!(http_get(self.http, "/readyz"), Some((200, _))) {
                return true;
            }
            if self.child.try_wait().expect("wait").is_some() || Instant::now() > deadline {
                return false;
            }
            std::thread::park_timeout(Duration::from_millis(10));
        }
    }

    /// Kills it, unless it has ended.
    pub(crate) fn end(&mut self) {
        self.kill();
    }

    /// Starts it once more, after its end, by the same files.
    pub(crate) fn again(&mut self) {
        assert!(self.ended, "it runs");
        // Who was to kill it does not live on: its number may be another's by now.
        self.kill();
        (self.child, self.keeper) = spawn(self.directory.path(), None);
        self.ended = false;
        assert!(self.becomes_ready(), "the proxy did not become ready again; its log:\n{}", self.log());
    }

    /// What it wrote so far.
    pub(crate) fn log(&self) -> String {
        String::from_utf8_lossy(&std::fs::read(self.directory.path().join("log")).unwrap_or_default()).into_owned()
    }

    /// The path of the configuration file.
    pub(crate) fn config(&self) -> PathBuf {
        self.directory.path().join("pgmoat.toml")
    }

    /// The audit records so far, one JSON text each.
    pub(crate) fn audit(&self) -> Vec<String> {
        let text = std::fs::read_to_string(self.directory.path().join("audit.jsonl")).unwrap_or_default();
        text.lines().map(str::to_owned).collect()
    }

    /// A logged-in client.
    pub(crate) fn client(&self, user: &str) -> Wire {
        match Wire::connect(self.port, user, &self.database, Some(PASSWORD)) {
            Ok(wire) => wire,
            Err(e) => panic!("{user} cannot log in: {e:?}; the proxy's log:\n{}", self.log()),
        }
    }

    /// A libpq URL for a user.
    pub(crate) fn url(&self, user: &str) -> String {
        format!("postgresql://{user}:{}@127.0.0.1:{}/{}", PASSWORD.replace(' ', "%20"), self.port, self.database)
    }

    /// What its process takes of memory.
    pub(crate) fn memory(&self) -> Memory {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).expect("its status");
        let bytes = |name: &str| {
            let line = status.lines().find_map(|l| l.strip_prefix(name)).expect("a line");
            line.trim_start_matches(':').trim().trim_end_matches(" kB").parse::<usize>().expect("a number") * 1024
        };
        Memory { resident: bytes("VmRSS"), peak: bytes("VmHWM") }
    }

    /// From now on the peak of its memory is measured anew.
    pub(crate) fn forget_peak(&self) {
        std::fs::write(format!("/proc/{}/clear_refs", self.child.id()), "5").expect("the peak is forgotten");
    }

    /// Sends a signal by name, for example `TERM`.
    pub(crate) fn signal(&self, name: &str) {
        let status = Command::new("kill").arg(format!("-{name}")).arg(self.child.id().to_string()).status().expect("kill runs");
        assert!(status.success(), "kill -{name}");
    }

    /// Waits for the process to end by itself.
    pub(crate) fn wait_end(&mut self, limit: Duration) -> ExitStatus {
        let mut status = None;
        wait_for("the proxy to end", limit, || {
            status = self.child.try_wait().expect("wait");
            status.is_some()
        });
        self.ended = true;
        status.expect("a status")
    }

    fn kill(&mut self) {
        if !self.ended {
            self.child.kill().expect("kill");
            self.child.wait().expect("wait");
            self.ended = true;
        }
        self.keeper.kill().expect("kill");
        self.keeper.wait().expect("wait");
    }
}

/// The binary, by the configuration in a folder, and who kills it when this process dies.
fn spawn(folder: &Path, variable: Option<(&str, &str)>) -> (Child, Child) {
    let log = std::fs::File::options().create(true).append(true).open(folder.join("log")).expect("log");
    let child = Command::new(env!("CARGO_BIN_EXE_pgmoat"))
        .envs(variable)
        .arg("serve")
        .arg("--config")
        .arg(folder.join("pgmoat.toml"))
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(log.try_clone().expect("log"))
        .stderr(log)
        .spawn()
        .expect("pgmoat runs");
    let keeper = Command::new("/bin/sh")
        .args(["-c", "read -r _; kill -KILL \"$1\"", "sh", &child.id().to_string()])
        .stdin(Stdio::piped())
        .spawn()
        .expect("sh runs");
    (child, keeper)
}

impl Drop for Proxy {
    fn drop(&mut self) {
        let early = if self.ended { None } else { self.child.try_wait().expect("wait") };
        self.ended |= early.is_some();
        self.kill();
        let log = self.log();
        if std::thread::panicking() {
            let tail: Vec<&str> = log.lines().rev().take(20).collect();
            eprintln!("the proxy's log ends with:\n{}", tail.into_iter().rev().collect::<Vec<_>>().join("\n"));
            return;
        }
        assert!(early.is_none(), "the proxy died ({early:?}):\n{log}");
        assert!(!log.contains("panicked at"), "the proxy panicked:\n{log}");
    }
}

/// The status and body of an HTTP GET; `None` where nobody answers.
pub(crate) fn http_get(port: u16, path: &str) -> Option<(u16, String)> {
    let mut stream = std::net::TcpStream::connect(("127.0.0.1", port)).ok()?;
    stream.set_read_timeout(Some(Duration::from_secs(5))).ok()?;
    write!(stream, "GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n").ok()?;
    let mut text = String::new();
    stream.read_to_string(&mut text).ok()?;
    let status = text.split(' ').nth(1)?.parse().ok()?;
    Some((status, text.split_once("\r\n\r\n")?.1.to_owned()))
}
