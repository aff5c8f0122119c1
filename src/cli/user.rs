//! `pgmoat user`: more users for a tenant of the registry, each with a password that is shown once. It makes no tenant: `tenant` does.

use super::registry::{self, Opened};
use super::{Exit, Outside, Trouble, serve, tenant};
use crate::config::Settings;
use crate::tenants::{Listing, NewCredential};
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
    /// Make a user of a tenant, and show its password once
    Create(Create),
    /// Give a user another role: its sessions end
    Set(Set),
    /// Take a user out: its sessions end
    Delete {
        /// Its name
        name: String,
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
struct Create {
    /// Its name
    name: String,
    /// The tenant
    #[arg(long, value_name = "NAME")]
    tenant: String,
    /// Nodes that it is limited to, as level=node,node
    #[arg(long, value_name = "LEVEL=NODES")]
    scope: Vec<String>,
    /// Its role, one of [roles]; without it the user may do what the tenant may
    #[arg(long, value_name = "ROLE")]
    role: Option<String>,
    #[command(flatten)]
    change: registry::Change,
}

#[derive(Debug, clap::Args)]
struct Set {
    /// Its name
    name: String,
    #[command(flatten)]
    to: To,
    #[command(flatten)]
    change: registry::Change,
}

#[derive(Debug, clap::Args)]
#[group(required = true, multiple = false)]
struct To {
    /// One of [roles]
    #[arg(long, value_name = "ROLE")]
    role: Option<String>,
    /// None: it may do what its tenant may
    #[arg(long)]
    no_role: bool,
}

pub(super) fn run(arguments: &Arguments, outside: &Outside) -> Result<Exit, Trouble> {
    let runtime = serve::runtime()?;
    match &arguments.verb {
        Verb::Create(create) => runtime.block_on(make(create, outside)),
        Verb::Set(set) => runtime.block_on(recast(set, outside)),
        Verb::Delete { name, change } => runtime.block_on(delete(name, change, outside)),
        Verb::List { tenant, config } => {
            let head = ["user", "tenant", "role", "scopes", "created"];
            runtime.block_on(registry::list(config, outside, Listing::Users, tenant.as_deref(), &head))
        }
    }
}

async fn make(create: &Create, outside: &Outside) -> Result<Exit, Trouble> {
    let Opened { settings, store } = registry::open(&create.change.config, outside)?;
    tenant::checked_name("user", &create.name)?;
    if settings.users.contains_key(&create.name) {
        return Err(Trouble::Usage(format!("the configuration has a user \"{}\" already", create.name)));
    }
    let secret = registry::secret()?;
    let nodes = registry::nodes(&create.scope, &settings)?;
    registry::cast(create.role.as_deref(), &nodes, &settings)?;
    let (verifier, role) = (registry::verifier(&secret), create.role.clone());
    let user = NewCredential { name: create.name.clone(), verifier, nodes, role };
    let most = registry::members(&settings).await?.budgets().get(create.tenant.as_str()).and_then(|b| b.plan.quota.users());
    let made = store.enrol(&create.change.author(outside), &create.tenant, &user, most).await;
    made.map_err(registry::refused)?;
    let url = registry::database_url(&settings, &user.name, &secret);
    let (name, tenant) = (&user.name, &create.tenant);
    writeln!(std::io::stdout(), "user {name} of tenant {tenant}; its password is shown this once\nDATABASE_URL={url}")?;
    Ok(Exit::Done)
}

async fn recast(set: &Set, outside: &Outside) -> Result<Exit, Trouble> {
    let Opened { settings, store } = registry::open(&set.change.config, outside)?;
    let Set { name, to: To { role, no_role: _ }, change } = set;
    elsewhere(name, &settings)?;
    let known = store.load().await.map_err(registry::refused)?;
    // One that is not there is told by the change itself.
    let nodes = known.credentials.iter().find(|c| *c.name == **name).map(|c| c.nodes.clone()).unwrap_or_default();
    registry::cast(role.as_deref(), &nodes, &settings)?;
    store.cast(&change.author(outside), name, role.as_deref()).await.map_err(registry::refused)?;
    writeln!(std::io::stdout(), "user {name}: {}", role.as_ref().map_or("no role".to_owned(), |role| format!("role {role}")))?;
    Ok(Exit::Done)
}

/// A user of the configuration is not the registry's to change.
fn elsewhere(name: &str, settings: &Settings) -> Result<(), Trouble> {
    if settings.users.contains_key(name) {
        return Err(Trouble::Usage(format!("user \"{name}\" stands in the configuration: change it there")));
    }
    Ok(())
}

async fn delete(name: &str, change: &registry::Change, outside: &Outside) -> Result<Exit, Trouble> {
    let Opened { settings, store } = registry::open(&change.config, outside)?;
    elsewhere(name, &settings)?;
    store.expel(&change.author(outside), name).await.map_err(registry::refused)?;
    writeln!(std::io::stdout(), "user {name} is deleted")?;
    Ok(Exit::Done)
}
