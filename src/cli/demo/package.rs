//! The PostgreSQL server programs: where they are, and how they get onto a Debian machine that has none.
//! It never creates nor starts a cluster, and it installs nothing but the server package.

use super::super::{Outside, Trouble};
use std::fs;
use std::path::{Path, PathBuf};
use tokio::process::Command;

/// What decides whether Debian's packages create a cluster of their own.
const CREATE_CLUSTER: &str = "/etc/postgresql-common/createcluster.conf";

/// The directory with `initdb`, `postgres` and `pg_ctl`, or `None`.
///
/// Asked in this order: `PGMOAT_PG_BIN`, `PATH`, `pg_config --bindir`, Debian's directories from the newest version on.
pub(super) async fn find(outside: &Outside) -> Result<Option<PathBuf>, Trouble> {
    if let Some(dir) = (outside.variable)("PGMOAT_PG_BIN") {
        let dir = PathBuf::from(dir);
        return match has_server(&dir) {
            true => Ok(Some(dir)),
            false => Err(Trouble::Usage(format!("PGMOAT_PG_BIN: {} has no initdb, postgres and pg_ctl", dir.display()))),
        };
    }
    let path = (outside.variable)("PATH").unwrap_or_default();
    if let Some(dir) = path.split(':').filter(|d| !d.is_empty()).map(PathBuf::from).find(|d| has_server(d)) {
        return Ok(Some(dir));
    }
    if let Ok(output) = Command::new("pg_config").arg("--bindir").output().await {
        let dir = PathBuf::from(String::from_utf8_lossy(&output.stdout).trim());
        if output.status.success() && has_server(&dir) {
            return Ok(Some(dir));
        }
    }
    Ok(debian())
}

fn has_server(dir: &Path) -> bool {
    ["initdb", "postgres", "pg_ctl"].iter().all(|program| dir.join(program).is_file())
}

/// `/usr/lib/postgresql/<version>/bin` of the highest version.
fn debian() -> Option<PathBuf> {
    let entries = fs::read_dir("/usr/lib/postgresql").ok()?;
    let versioned = entries.filter_map(|entry| {
        let path = entry.ok()?.path();
        let version: u32 = path.file_name()?.to_str()?.parse().ok()?;
        Some((version, path.join("bin")))
    });
    versioned.filter(|(_, dir)| has_server(dir)).max_by_key(|(version, _)| *version).map(|(_, dir)| dir)
}

/// Installs Debian's server package, or says what to type.
pub(super) async fn install(root: bool) -> Result<PathBuf, Trouble> {
    let advice = "PostgreSQL's server programs are not installed. On Debian or Ubuntu:\n\n    sudo apt-get install postgresql\n\n\
                  or point PGMOAT_PG_BIN at the directory that has initdb, postgres and pg_ctl";
    if !root || !Path::new("/usr/bin/apt-get").exists() {
        return Err(Trouble::plain(advice));
    }
    super::say("PostgreSQL's server programs are not installed: apt-get install postgresql (no cluster of its own is created)")?;
    // The package that creates clusters is told not to before the one that asks it to comes.
    if apt_get(&["install", "postgresql-common"]).await.is_err() {
        apt_get(&["update"]).await?;
        apt_get(&["install", "postgresql-common"]).await?;
    }
    let cannot = || Trouble::of(format!("cannot change {CREATE_CLUSTER}"));
    let before = fs::read_to_string(CREATE_CLUSTER).map_err(cannot())?;
    fs::write(CREATE_CLUSTER, format!("{before}\ncreate_main_cluster = false\n")).map_err(cannot())?;
    let installed = apt_get(&["install", "postgresql"]).await;
    fs::write(CREATE_CLUSTER, before).map_err(cannot())?;
    installed?;
    debian().ok_or_else(|| Trouble::plain(advice))
}

async fn apt_get(arguments: &[&str]) -> Result<(), Trouble> {
    let mut command = Command::new("apt-get");
    command.args(["-y", "-q", "--no-install-recommends"]).args(arguments).env("DEBIAN_FRONTEND", "noninteractive");
    let what = format!("apt-get {}", arguments.join(" "));
    // Its own lines go where ours go; they are long, and of interest only when it fails.
    let output = command.kill_on_drop(true).output().await.map_err(Trouble::of(format!("cannot run {what}")))?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(Trouble::plain(format!("{what} failed ({}): {}", output.status, said.trim())))
}
