//! `pgmoat init`: makes the registry in the database that the configuration names, or the present one of one from before. It makes no tenant.

use super::{Exit, Outside, Trouble, registry, serve};
use crate::tenants::{Store, VERSION};
use std::io::Write;

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Log in as this role, which may make a schema; the role of [registry] is granted what it needs (its password: PGPASSWORD)
    #[arg(long, value_name = "ROLE")]
    owner: Option<String>,
    #[command(flatten)]
    change: registry::Change,
}

pub(super) fn run(arguments: &Arguments, outside: &Outside) -> Result<Exit, Trouble> {
    let opened = registry::open(&arguments.change.config, outside)?;
    let mut named = opened.settings.registry.ok_or_else(|| Trouble::plain("there is no [registry]"))?;
    let reader = named.server.user.clone();
    if let Some(owner) = &arguments.owner {
        named.server.user.clone_from(owner);
        named.server.password = (outside.variable)("PGPASSWORD").map(crate::config::Secret::new);
    }
    let store = Store::new(&named).map_err(registry::refused)?;
    let author = arguments.change.author(outside);
    let before = serve::runtime()?.block_on(store.init(&author, &reader)).map_err(registry::refused)?;
    let place = format!("schema pgmoat of database {} at {}:{}", named.server.database, named.server.host, named.server.port);
    let text = match before {
        None => format!("made the registry: {place}\nnext: pgmoat tenant create NAME --id ID --user NAME --config FILE"),
        Some(VERSION) => format!("the registry is there already: {place}"),
        Some(before) => {
            format!("the registry had version {before} and has version {VERSION} now, with all that is in it: {place}")
        }
    };
    writeln!(std::io::stdout(), "{text}")?;
    Ok(Exit::Done)
}
