//! The admin console: its commands, who may give which, and its answers as tables. It carries no command out: `proxy` does, and hands
//! it what there is to show.

mod command;
mod own;
mod session;
mod settings;
mod show;
mod table;
mod view;

pub use command::{Command, Show, Target, Verb};
pub use session::{Session, Taken};
pub use table::Table;
pub use view::{ClientLine, Phase, TenantLine, View};

/// The database that the console answers for; no database behind is served under this name.
pub const DATABASE: &str = crate::config::CONSOLE;

/// What a command came to.
#[derive(Debug)]
pub enum Answer {
    /// A table to show.
    Table(Table),
    /// The list of commands.
    Help,
    /// It is done.
    Done,
}

/// The answer to a SHOW.
#[must_use]
pub fn show(show: Show, view: &View) -> Answer {
    if show == Show::Help { Answer::Help } else { Answer::Table(show::table(show, view)) }
}
