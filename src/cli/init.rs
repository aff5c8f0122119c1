//! `pgmoat init`: makes the registry in the database that the configuration names. It makes no tenant.

use super::{Exit, Outside, Trouble, registry, serve};
use crate::tenants::Store;
use std::io::Write;
use std::path::PathBuf;

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The configuration file
    #[arg(long, value_name = "FILE")]
    config: PathBuf,
    /// Log in as this role, which may make a schema; the role of [registry] is granted what it needs (its password: PGPASSWORD)
    #[arg(long, value_name = "ROLE")]
    owner: Option<String>,
}

pub(super) fn run(arguments: &Arguments, outside: &Outside) -> Result<Exit, Trouble> {
    let opened = registry::open(&arguments.config, outside)?;
    let mut named = opened.settings.registry.ok_or_else(|| Trouble::plain("there is no [registry]"))?;
    let reader = named.server.user.clone();
    if let Some(owner) = &arguments.owner {
        named.server.user.clone_from(owner);
        named.server.password = (outside.variable)("PGPASSWORD").map(crate::config::Secret::new);
    }
    let store = Store::new(&named).map_err(registry::refused)?;
    let made = serve::runtime()?.block_on(store.init(&reader)).map_err(registry::refused)?;
    let place = format!("schema pgmoat of database {} at {}:{}", named.server.database, named.server.host, named.server.port);
    if made {
        writeln!(
            std::io::stdout(),
            "made the registry: {place}\nnext: pgmoat tenant create NAME --id ID --user NAME --config FILE"
        )?;
    } else {
        writeln!(std::io::stdout(), "the registry is there already: {place}")?;
    }
    Ok(Exit::Done)
}
