//! `pgmoat user`: more users for a tenant of the registry, each with a password that is shown once. It makes no tenant: `tenant` does.

use super::registry::{self, Opened};
use super::{Exit, Outside, Trouble, serve, tenant};
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
    #[command(flatten)]
    change: registry::Change,
}

pub(super) fn run(arguments: &Arguments, outside: &Outside) -> Result<Exit, Trouble> {
    let runtime = serve::runtime()?;
    match &arguments.verb {
        Verb::Create(create) => runtime.block_on(make(create, outside)),
        Verb::Delete { name, change } => runtime.block_on(delete(name, change, outside)),
        Verb::List { tenant, config } => {
            let head = ["user", "tenant", "scopes", "created"];
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
    let user = NewCredential { name: create.name.clone(), verifier: registry::verifier(&secret), nodes };
    let most = registry::members(&settings).await?.budgets().get(create.tenant.as_str()).and_then(|b| b.plan.quota.users());
    let made = store.enrol(&create.change.author(outside), &create.tenant, &user, most).await;
    made.map_err(registry::refused)?;
    let url = registry::database_url(&settings, &user.name, &secret);
    let (name, tenant) = (&user.name, &create.tenant);
    writeln!(std::io::stdout(), "user {name} of tenant {tenant}; its password is shown this once\nDATABASE_URL={url}")?;
    Ok(Exit::Done)
}

async fn delete(name: &str, change: &registry::Change, outside: &Outside) -> Result<Exit, Trouble> {
    let Opened { settings, store } = registry::open(&change.config, outside)?;
    if settings.users.contains_key(name) {
        return Err(Trouble::Usage(format!("user \"{name}\" stands in the configuration: change it there")));
    }
    store.expel(&change.author(outside), name).await.map_err(registry::refused)?;
    writeln!(std::io::stdout(), "user {name} is deleted")?;
    Ok(Exit::Done)
}
