//! What the verbs on the registry share: the configuration, its registry, and who makes a change. It changes nothing by itself.

use super::{Exit, Outside, Trouble};
use crate::config::{self, Settings};
use crate::tenants::{Author, Listing, Miscast, Registry, Store, StoreTrouble, castable};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::rand::{SecureRandom, SystemRandom};
use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

/// Which registry is changed, by whom, and why.
#[derive(Debug, clap::Args)]
pub(super) struct Change {
    /// The configuration file
    #[arg(long, value_name = "FILE")]
    pub(super) config: PathBuf,
    /// Why: recorded with the change
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
    /// Who makes the change (default: the user of the operating system, or else the database's role)
    #[arg(long, value_name = "NAME")]
    by: Option<String>,
}

impl Change {
    pub(super) fn author(&self, outside: &Outside) -> Author {
        let who = self.by.clone().or_else(|| ["USER", "LOGNAME"].into_iter().find_map(outside.variable));
        Author { who: who.filter(|w| !w.is_empty()), why: self.reason.clone() }
    }
}

/// A configuration and the registry that it names.
pub(super) struct Opened {
    pub(super) settings: Settings,
    pub(super) store: Store,
}

pub(super) fn open(config: &Path, outside: &Outside) -> Result<Opened, Trouble> {
    let settings = config::load(config, &outside.variable)?.settings;
    let Some(registry) = &settings.registry else {
        let message = format!("{} has no [registry]: add `[registry]` with a `url`", config.display());
        return Err(Trouble::Usage(message));
    };
    let store = Store::new(registry).map_err(refused)?;
    Ok(Opened { settings, store })
}

/// Everybody who may log in by the configuration and by its registry, if it names one.
pub(super) async fn members(settings: &Settings) -> Result<Registry, Trouble> {
    let snapshot = match &settings.registry {
        Some(registry) => Some(Store::new(registry).map_err(refused)?.load().await.map_err(refused)?),
        None => None,
    };
    Registry::new(settings, snapshot.map(Arc::new), Instant::now(), None).map_err(Trouble::of("cannot use the configuration"))
}

/// What names something that is not there, is there already, or may not be, is the caller's mistake.
pub(super) fn refused(trouble: StoreTrouble) -> Trouble {
    match trouble {
        StoreTrouble::Unknown { .. } | StoreTrouble::Taken(_) | StoreTrouble::Full(_) => Trouble::Usage(trouble.to_string()),
        other => Trouble::of("cannot use the registry")(other),
    }
}

/// `bytes` random bytes as text that needs no encoding in a URL.
pub(super) fn random(bytes: usize) -> Result<Vec<u8>, Trouble> {
    let mut buffer = vec![0; bytes];
    SystemRandom::new().fill(&mut buffer).map_err(|_| Trouble::plain("the system gives no random numbers"))?;
    Ok(buffer)
}

/// A secret of 256 bits.
pub(super) fn secret() -> Result<String, Trouble> {
    Ok(URL_SAFE_NO_PAD.encode(random(32)?))
}

/// What is kept of a password or token.
pub(super) fn verifier(secret: &str) -> String {
    postgres_protocol::password::scram_sha_256(secret.as_bytes())
}

/// `level=node,node` of each level.
pub(super) fn nodes(scopes: &[String], settings: &Settings) -> Result<BTreeMap<String, Vec<String>>, Trouble> {
    let levels = settings.tenancy.levels();
    let mut nodes = BTreeMap::new();
    for scope in scopes {
        let parts = scope.split_once('=').map(|(level, list)| (level, list.split(',').map(str::to_owned).collect::<Vec<_>>()));
        let Some((level, list)) = parts.filter(|(_, list)| list.iter().all(|node| !node.is_empty())) else {
            return Err(Trouble::Usage(format!("`{scope}` is not of the form level=node,node")));
        };
        if !levels.iter().any(|known| known == level) {
            let known = if levels.is_empty() { "none".to_owned() } else { levels.join(", ") };
            return Err(Trouble::Usage(format!("there is no level `{level}` in [tenancy.tables]; known: {known}")));
        }
        nodes.insert(level.to_owned(), list);
    }
    Ok(nodes)
}

/// That somebody who is limited to these nodes may have this role.
pub(super) fn cast(role: Option<&str>, nodes: &BTreeMap<String, Vec<String>>, settings: &Settings) -> Result<(), Trouble> {
    let Some(role) = role else { return Ok(()) };
    castable(settings, role, nodes).map(|_| ()).map_err(|why| {
        let help = match &why {
            Miscast::Unknown(_) if settings.tenancy.roles.is_empty() => "it has none: add [roles]".to_owned(),
            Miscast::Unknown(_) => {
                let known: Vec<&str> = settings.tenancy.roles.keys().map(String::as_str).collect();
                format!("known: {}", known.join(", "))
            }
            Miscast::Bypass(_) => "give this one another role".to_owned(),
            Miscast::Unlimited { role: _, level } => format!("make one with --scope {level}=NODES"),
        };
        Trouble::Usage(format!("{why}; {help}"))
    })
}

/// Prints a list, its columns aligned.
pub(super) async fn list(
    config: &Path,
    outside: &Outside,
    what: Listing,
    of: Option<&str>,
    head: &[&str],
) -> Result<Exit, Trouble> {
    let rows = open(config, outside)?.store.list(what, of).await.map_err(refused)?;
    if let (Listing::Tenant, Some(name), true) = (what, of, rows.is_empty()) {
        return Err(refused(StoreTrouble::Unknown { noun: "tenant", name: name.to_owned() }));
    }
    show(head, rows)
}

/// Prints rows below their heads, if they have any, the columns aligned.
pub(super) fn show(head: &[&str], rows: Vec<Vec<String>>) -> Result<Exit, Trouble> {
    let head: Vec<String> = head.iter().map(|h| (*h).to_owned()).collect();
    let rows: Vec<Vec<String>> = Some(head).filter(|h| !h.is_empty()).into_iter().chain(rows).collect();
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |n: usize| rows.iter().filter_map(|r| r.get(n)).map(|c| c.chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let mut text = String::new();
    for row in &rows {
        let cells: Vec<String> = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}")).collect();
        text += &format!("{}\n", cells.join("  ").trim_end());
    }
    std::io::stdout().write_all(text.as_bytes())?;
    Ok(Exit::Done)
}

/// Where a client logs in.
pub(super) fn database_url(settings: &Settings, user: &str, secret: &str) -> String {
    let listen = &settings.listen;
    let host = if listen.address.ip().is_unspecified() { "127.0.0.1".to_owned() } else { host(listen.address) };
    let database = encoded(&settings.upstream.database);
    let tls = if listen.tls.as_ref().is_some_and(|t| t.required) { "?sslmode=require" } else { "" };
    format!("postgresql://{}:{secret}@{host}:{}/{database}{tls}", encoded(user), listen.address.port())
}

fn host(address: std::net::SocketAddr) -> String {
    match address {
        std::net::SocketAddr::V4(v4) => v4.ip().to_string(),
        std::net::SocketAddr::V6(v6) => format!("[{}]", v6.ip()),
    }
}

/// Percent-encoded, but for what needs it nowhere (RFC 3986, section 2.3).
fn encoded(text: &str) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-._~".contains(&b);
    text.bytes().map(|b| if plain(b) { char::from(b).to_string() } else { format!("%{b:02X}") }).collect()
}
