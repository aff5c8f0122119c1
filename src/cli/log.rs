//! Where log lines go and how they look. It does not decide what is logged; no room logs secrets or literals.

use super::{LogFormat, Outside, Trouble};
use std::io::IsTerminal;
use tracing_subscriber::EnvFilter;

/// Starts logging to standard error. `RUST_LOG` filters; without it `info`, or `warn` for verbs that are `quiet`.
pub(super) fn start(format: LogFormat, quiet: bool, outside: &Outside) -> Result<(), Trouble> {
    let filter = (outside.variable)("RUST_LOG").unwrap_or_else(|| if quiet { "warn" } else { "info" }.to_owned());
    let filter = EnvFilter::try_new(&filter).map_err(|e| Trouble::Usage(format!("RUST_LOG: {e}")))?;
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    let started = match format {
        LogFormat::Text => lines.with_ansi(std::io::stderr().is_terminal()).try_init(),
        LogFormat::Json => lines.json().try_init(),
    };
    started.map_err(|e| Trouble::plain(format!("cannot start logging: {e}")))
}
