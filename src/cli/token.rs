//! `pgmoat token`: credentials of programs, shown once, of which only a SCRAM verifier is kept. It checks none: the proxy does at a login.

use super::registry::{self, Opened};
use super::{Exit, Outside, Trouble, serve, tenant};
use crate::tenants::{Listing, NewCredential, TOKEN};
use clap::Subcommand;
use std::io::Write;
use std::path::PathBuf;

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Make a token of a tenant, and show it once
    Issue(Issue),
    /// Revoke a token: its sessions end
    Revoke {
        /// Its id
        id: String,
        #[command(flatten)]
        change: registry::Change,
    },
    /// Say which there are
    List {
        /// Of this tenant only
        tenant: Option<String>,
        /// The configuration file
        #[arg(long, value_name = "FILE")]
        config: PathBuf,
    },
}

#[derive(Debug, clap::Args)]
struct Issue {
    /// The tenant
    tenant: String,
    /// Whom it is for: noted on the list
    #[arg(long, value_name = "NAME")]
    user: Option<String>,
    /// It is good for so long, such as 30d (default: until it is revoked)
    #[arg(long, value_name = "DURATION")]
    expires: Option<String>,
    /// Nodes that it is limited to, as level=node,node
    #[arg(long, value_name = "LEVEL=NODES")]
    scope: Vec<String>,
    /// Its role, one of [roles]; without it the token may do what the tenant may
    #[arg(long, value_name = "ROLE")]
    role: Option<String>,
    #[command(flatten)]
    change: registry::Change,
}

pub(super) fn run(arguments: &Arguments, outside: &Outside) -> Result<Exit, Trouble> {
    let runtime = serve::runtime()?;
    match &arguments.verb {
        Verb::Issue(issue) => runtime.block_on(make(issue, outside)),
        Verb::Revoke { id, change } => runtime.block_on(revoke(id, change, outside)),
        Verb::List { tenant, config } => {
            let head = ["token", "tenant", "for", "role", "scopes", "expires", "state"];
            runtime.block_on(registry::list(config, outside, Listing::Tokens, tenant.as_deref(), &head))
        }
    }
}

async fn make(issue: &Issue, outside: &Outside) -> Result<Exit, Trouble> {
    let Opened { settings, store } = registry::open(&issue.change.config, outside)?;
    let seconds = issue.expires.as_deref().map(tenant::seconds).transpose()?;
    let nodes = registry::nodes(&issue.scope, &settings)?;
    registry::cast(issue.role.as_deref(), &nodes, &settings)?;
    let number: String = registry::random(8)?.iter().map(|b| format!("{b:02x}")).collect();
    let secret = format!("pgmoat_{number}_{}", registry::secret()?);
    let (verifier, role) = (registry::verifier(&secret), issue.role.clone());
    let token = NewCredential { name: format!("{TOKEN}{number}"), verifier, nodes, role };
    let author = issue.change.author(outside);
    let made = store.issue(&author, &issue.tenant, &token, issue.user.as_deref(), seconds).await;
    made.map_err(registry::refused)?;
    let url = registry::database_url(&settings, &token.name, &secret);
    let until = issue.expires.as_ref().map_or_else(|| "until it is revoked".to_owned(), |d| format!("for {d}"));
    writeln!(
        std::io::stdout(),
        "{} of tenant {}, good {until}; it is shown this once\nTOKEN={secret}\nDATABASE_URL={url}",
        token.name,
        issue.tenant
    )?;
    Ok(Exit::Done)
}

async fn revoke(id: &str, change: &registry::Change, outside: &Outside) -> Result<Exit, Trouble> {
    let Opened { settings: _, store } = registry::open(&change.config, outside)?;
    store.revoke(&change.author(outside), id).await.map_err(registry::refused)?;
    writeln!(std::io::stdout(), "{id} is revoked")?;
    Ok(Exit::Done)
}
