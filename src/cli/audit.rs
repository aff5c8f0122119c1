//! `pgmoat audit`: reads audit files. It never writes one.

use super::{Exit, Trouble};
use crate::audit;
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
    /// Check the chain of a whole file
    Verify {
        /// The file
        file: PathBuf,
    },
}

pub(super) fn run(arguments: &Arguments) -> Result<Exit, Trouble> {
    let Verb::Verify { file } = &arguments.verb;
    let verified = audit::verify(file).map_err(Trouble::of(file.display().to_string()))?;
    writeln!(
        std::io::stdout(),
        "{}: {} records, {} torn lines, whole; last hash {}",
        file.display(),
        verified.records,
        verified.torn,
        verified.last
    )?;
    Ok(Exit::Done)
}
