//! A private PostgreSQL cluster in a temporary directory that ends and vanishes with its value.
//! It does not install PostgreSQL, nor does it know what the database is for.

use super::super::{Outside, Trouble};
use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};
use tokio::process::{Child, Command};

/// How long the server may take to accept connections.
const START_LIMIT: Duration = Duration::from_secs(20);

/// A directory of the demo's own; removed with its value.
pub(super) struct Workspace {
    path: PathBuf,
    /// The uid and gid that PostgreSQL runs under, where it is not ours.
    account: Option<(u32, u32)>,
}

impl Workspace {
    /// Makes the directory. As root it belongs to `postgres`, or else `nobody`: PostgreSQL refuses to run as root.
    pub(super) fn new(outside: &Outside) -> Result<Self, Trouble> {
        let path = outside.temporary.join(format!("pgmoat-demo-{}", std::process::id()));
        let cannot = || Trouble::of(format!("cannot make the directory {}", path.display()));
        fs::DirBuilder::new().mode(0o700).create(&path).map_err(cannot())?;
        let mut workspace = Self { path: path.clone(), account: None };
        if fs::metadata(&path).map_err(cannot())?.uid() == 0 {
            let (uid, gid) = account(&fs::read_to_string("/etc/passwd").map_err(Trouble::of("cannot read /etc/passwd"))?)
                .ok_or_else(|| {
                    Trouble::plain("PostgreSQL does not run as root, and there is neither a user postgres nor nobody")
                })?;
            chown(&path, Some(uid), Some(gid)).map_err(cannot())?;
            workspace.account = Some((uid, gid));
        }
        Ok(workspace)
    }

    /// Where it is.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Whether we are root.
    pub(super) fn root(&self) -> bool {
        self.account.is_some()
    }

    /// Writes a file that only its owner, PostgreSQL's user, and we may read.
    pub(super) fn write(&self, name: &str, content: &str) -> Result<PathBuf, Trouble> {
        let path = self.path.join(name);
        let cannot = || Trouble::of(format!("cannot write {}", path.display()));
        fs::write(&path, content).map_err(cannot())?;
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).map_err(cannot())?;
        if let Some((uid, gid)) = self.account {
            chown(&path, Some(uid), Some(gid)).map_err(cannot())?;
        }
        Ok(path)
    }

    /// A command under PostgreSQL's user, in a process group of its own so that Ctrl-C reaches us alone.
    fn command(&self, program: PathBuf) -> std::process::Command {
        let mut command = std::process::Command::new(program);
        command.current_dir(&self.path).stdin(Stdio::null()).process_group(0);
        if let Some((uid, gid)) = self.account {
            command.uid(uid).gid(gid);
        }
        command
    }
}

impl Drop for Workspace {
    fn drop(&mut self) {
        // A killed initdb's own children may write for a moment more. What cannot be removed at all goes when the
        // temporary directory is cleaned.
        let deadline = Instant::now() + Duration::from_secs(2);
        while fs::remove_dir_all(&self.path).is_err() && self.path.exists() && Instant::now() < deadline {
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

/// uid and gid of `postgres`, or else of `nobody`, from the text of /etc/passwd.
fn account(passwd: &str) -> Option<(u32, u32)> {
    let of = |wanted: &str| {
        let fields: Vec<&str> = passwd.lines().map(|l| l.split(':').collect::<Vec<_>>()).find(|f| f.first() == Some(&wanted))?;
        Some((fields.get(2)?.parse().ok()?, fields.get(3)?.parse().ok()?))
    };
    of("postgres").or_else(|| of("nobody"))
}

/// Waits for the end of its input, which comes when this process ends in whatever way; then stops the server and removes its directory.
const KEEPER: &str = r#"read -r _; "$1" --pgdata=data --mode=immediate --wait stop >/dev/null 2>&1; rm -rf "$2""#;

/// A running server. Dropping it stops the server at once.
pub(super) struct Cluster {
    keeper: std::process::Child,
    server: Child,
    /// It goes after the server: fields are dropped in this order.
    pub(super) workspace: Workspace,
    /// The port on 127.0.0.1.
    pub(super) port: u16,
    /// The superuser `postgres`'s password.
    pub(super) password: String,
}

impl Cluster {
    /// Creates the cluster with a random superuser password.
    pub(super) async fn create(workspace: Workspace, bin: PathBuf, password: String) -> Result<Self, Trouble> {
        let password_file = workspace.write("superuser", &password)?;
        let mut initdb = Command::from(workspace.command(bin.join("initdb")));
        initdb.args([
            "--pgdata=data",
            "--username=postgres",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--locale=C",
            "--no-sync",
        ]);
        initdb.arg("--pwfile").arg(&password_file).kill_on_drop(true);
        let output = initdb.output().await.map_err(Trouble::of("cannot run initdb"))?;
        if !output.status.success() {
            return Err(Trouble::plain(format!("initdb failed: {}", String::from_utf8_lossy(&output.stderr).trim())));
        }
        let (server, port) = start(&workspace, &bin)?;
        let mut keeper = workspace.command(PathBuf::from("/bin/sh"));
        keeper.args(["-c", KEEPER, "keeper"]).arg(bin.join("pg_ctl")).arg(workspace.path()).stdin(Stdio::piped());
        let keeper = keeper.spawn().map_err(Trouble::of("cannot run /bin/sh"))?;
        let mut cluster = Self { keeper, server, workspace, port, password };
        cluster.wait_until_ready().await?;
        Ok(cluster)
    }

    /// Waits until the server accepts connections; its log is told when it ends before.
    async fn wait_until_ready(&mut self) -> Result<(), Trouble> {
        let deadline = Instant::now() + START_LIMIT;
        loop {
            if super::client::connect(self.port, "postgres", &self.password, "postgres").await.is_ok() {
                return Ok(());
            }
            let ended = self.server.try_wait().map_err(Trouble::of("cannot watch the PostgreSQL server"))?;
            if ended.is_some() || Instant::now() > deadline {
                let log = fs::read_to_string(self.workspace.path.join("server.log")).unwrap_or_default();
                return Err(Trouble::plain(format!("the PostgreSQL server did not start:\n{}", log.trim())));
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
}

fn start(workspace: &Workspace, bin: &Path) -> Result<(Child, u16), Trouble> {
    let port = free_port()?;
    let log = fs::File::create(workspace.path.join("server.log")).map_err(Trouble::of("cannot write the server's log"))?;
    let error = log.try_clone().map_err(Trouble::of("cannot write the server's log"))?;
    let mut postgres = workspace.command(bin.join("postgres"));
    postgres.args(["-D", "data", "-p", &port.to_string(), "-k"]).arg(&workspace.path).stdout(log).stderr(error);
    // Nothing of it outlives the demo: it need not survive a crash.
    for setting in
        ["listen_addresses=127.0.0.1", "fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=60"]
    {
        postgres.args(["-c", setting]);
    }
    let server = Command::from(postgres).kill_on_drop(true).spawn().map_err(Trouble::of("cannot run postgres"))?;
    Ok((server, port))
}

/// A port on 127.0.0.1 that nobody has now.
fn free_port() -> Result<u16, Trouble> {
    let cannot = || Trouble::of("cannot find a free port on 127.0.0.1");
    let listener = TcpListener::bind(("127.0.0.1", 0)).map_err(cannot())?;
    Ok(listener.local_addr().map_err(cannot())?.port())
}

impl Drop for Cluster {
    fn drop(&mut self) {
        drop(self.keeper.stdin.take());
        // If the keeper fails, the server is killed when its own value is dropped.
        drop(self.keeper.wait());
    }
}

#[cfg(test)]
mod tests {
    use super::account;

    #[test]
    fn the_account_is_postgres_or_nobody() {
        let nobody = "root:x:0:0::/root:/bin/sh\nnobody:x:65534:65533::/:/bin/false\n";
        assert_eq!(account(nobody), Some((65534, 65533)));
        assert_eq!(account(&format!("{nobody}postgres:x:101:104::/:/bin/sh\n")), Some((101, 104)));
        assert_eq!(account("root:x:0:0::/root:/bin/sh\n"), None);
    }
}
