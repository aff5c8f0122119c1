//! The command line: one file per verb, and the one place where exit codes are decided. It does not do the verbs' work.

mod audit;
mod check;
mod demo;
mod explain;
mod init;
mod log;
mod registry;
mod serve;
mod sinks;
mod tenant;
mod token;
mod trouble;
mod user;

use clap::{Parser, Subcommand, ValueEnum};
use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

pub use trouble::Trouble;

/// What the binary takes from the process's surroundings; nothing else reads them.
#[derive(Clone, Debug)]
pub struct Outside {
    /// The value of an environment variable.
    pub variable: fn(&str) -> Option<String>,
    /// Where temporary files go.
    pub temporary: PathBuf,
}

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// It did what was asked.
    Done,
    /// It could not; the reason is on standard error.
    Trouble,
    /// The arguments or the configuration cannot be used.
    Usage,
    /// `explain`: the statement is refused.
    Refused,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Done => 0,
            Exit::Trouble => 1,
            Exit::Usage => 2,
            Exit::Refused => 3,
        })
    }
}

/// A PostgreSQL proxy that keeps the tenants of a shared database apart.
#[derive(Debug, Parser)]
#[command(name = "pgmoat", version, after_help = "Exit codes: 0 done, 1 trouble, 2 usage or configuration, 3 refused (explain).")]
struct Arguments {
    #[command(subcommand)]
    verb: Verb,
    /// How log lines on standard error look
    #[arg(long, global = true, value_enum, default_value_t = LogFormat::Text, value_name = "FORMAT")]
    log_format: LogFormat,
}

/// How log lines look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Serve until SIGTERM or SIGINT; SIGHUP reloads the configuration and the catalog
    Serve(ConfigFile),
    /// Check a configuration against the live catalog: what is scoped, shared, hidden, refused
    Check(ConfigFile),
    /// Print what the server would get for a user's statement, or why it is refused
    Explain(explain::Arguments),
    /// Start a private PostgreSQL with two tenants and the proxy, and show them kept apart
    Demo(demo::Arguments),
    /// Make the registry: schema pgmoat in the database that [registry] names
    Init(init::Arguments),
    /// Make tenants of the registry, and lead them through their lives
    Tenant(tenant::Arguments),
    /// Make, delete and list users of tenants of the registry
    User(user::Arguments),
    /// Make, revoke and list tokens of tenants
    Token(token::Arguments),
    /// Work with an audit file
    Audit(audit::Arguments),
}

#[derive(Debug, clap::Args)]
struct ConfigFile {
    /// The configuration file
    #[arg(long, value_name = "FILE")]
    config: PathBuf,
}

/// Runs the program; `arguments` begin with its name.
#[must_use]
pub fn run(arguments: impl IntoIterator<Item = OsString>, outside: &Outside) -> Exit {
    let arguments = match Arguments::try_parse_from(arguments) {
        Ok(arguments) => arguments,
        Err(e) => {
            // Nothing is left to tell where standard error is closed.
            drop(e.print());
            return if e.use_stderr() { Exit::Usage } else { Exit::Done };
        }
    };
    let quiet = !matches!(arguments.verb, Verb::Serve(_));
    let done = log::start(arguments.log_format, quiet, outside).and_then(|()| match arguments.verb {
        Verb::Serve(file) => serve::run(&file.config, outside),
        Verb::Check(file) => check::run(&file.config, outside),
        Verb::Explain(arguments) => explain::run(&arguments, outside),
        Verb::Demo(arguments) => demo::run(&arguments, outside),
        Verb::Init(arguments) => init::run(&arguments, outside),
        Verb::Tenant(arguments) => tenant::run(&arguments, outside),
        Verb::User(arguments) => user::run(&arguments, outside),
        Verb::Token(arguments) => token::run(&arguments, outside),
        Verb::Audit(arguments) => audit::run(&arguments),
    });
    done.unwrap_or_else(|trouble| trouble.report())
}
