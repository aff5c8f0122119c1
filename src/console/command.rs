//! The console's commands, read from text. It does not carry them out, and it does not know who gives them.

use crate::error::{Refusal, Rule, SqlState};
use std::fmt;

/// Most statements in one query.
const STATEMENTS: usize = 100;

/// A command that is understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// It changes nothing.
    Show(Show),
    /// It changes something.
    Change(Verb),
}

/// What can be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Show {
    /// The program's version.
    Version,
    /// The list of commands.
    Help,
    /// The pool.
    Pools,
    /// Totals and averages.
    Stats,
    /// Totals.
    StatsTotals,
    /// Averages.
    StatsAverages,
    /// Totals and averages of all databases, one a row.
    Totals,
    /// Who is connected.
    Clients,
    /// Server connections.
    Servers,
    /// The database that is served.
    Databases,
    /// Who may log in.
    Users,
    /// How many there are of what.
    Lists,
    /// The settings.
    Config,
    /// What the process takes of memory.
    Mem,
    /// Whether the pool is paused.
    State,
    /// Tenants and what each uses.
    Tenants,
    /// What each tenant may use.
    Limits,
    /// The plans.
    Plans,
    /// What was refused, by tenant and rule.
    Refusals,
    /// What tenants have used of their quotas.
    Quotas,
    /// The cache of plans.
    Cache,
}

/// Every SHOW by its word, in the order in which help lists them.
const SHOWS: [(&str, Show); 21] = [
    ("HELP", Show::Help),
    ("VERSION", Show::Version),
    ("CONFIG", Show::Config),
    ("DATABASES", Show::Databases),
    ("POOLS", Show::Pools),
    ("CLIENTS", Show::Clients),
    ("SERVERS", Show::Servers),
    ("USERS", Show::Users),
    ("LISTS", Show::Lists),
    ("MEM", Show::Mem),
    ("STATE", Show::State),
    ("STATS", Show::Stats),
    ("STATS_TOTALS", Show::StatsTotals),
    ("STATS_AVERAGES", Show::StatsAverages),
    ("TOTALS", Show::Totals),
    ("TENANTS", Show::Tenants),
    ("LIMITS", Show::Limits),
    ("PLANS", Show::Plans),
    ("REFUSALS", Show::Refusals),
    ("QUOTAS", Show::Quotas),
    ("CACHE", Show::Cache),
];

/// What else help lists.
const CHANGES: &str = "RELOAD\n\tPAUSE [<db>]\n\tRESUME [<db>]\n\tRECONNECT [<db>]\n\tKILL [<db>]\n\tKILL_CLIENT <id>\n\
     \tSUSPEND TENANT <name>\n\tRESUME TENANT <name>";

/// PgBouncer's commands that are known and not there.
const ABSENT: [&str; 14] = [
    "SHOW FDS",
    "SHOW SOCKETS",
    "SHOW ACTIVE_SOCKETS",
    "SHOW DNS_HOSTS",
    "SHOW DNS_ZONES",
    "SHOW PEERS",
    "SHOW PEER_POOLS",
    "SET",
    "DISABLE",
    "ENABLE",
    "SUSPEND",
    "SHUTDOWN",
    "WAIT_CLOSE",
    "KILL TENANT",
];

/// Which database a verb is for: the one that is named, or all, which is the one there is.
pub type Target = Option<Box<str>>;

/// A command that changes something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verb {
    /// Configuration and catalog are loaded anew.
    Reload,
    /// No server connection is lent any more; waits until none is left.
    Pause(Target),
    /// Ends a pause.
    Resume(Target),
    /// Server connections are replaced as they come back.
    Reconnect(Target),
    /// All clients go, and the pool is paused.
    Kill(Target),
    /// One client goes.
    KillClient(u64),
    /// A tenant's clients go and cannot come back.
    SuspendTenant(Box<str>),
    /// They can.
    ResumeTenant(Box<str>),
}

impl Verb {
    /// What CommandComplete says.
    #[must_use]
    pub fn tag(&self) -> &'static str {
        match self {
            Self::Reload => "RELOAD",
            Self::Pause(_) => "PAUSE",
            Self::Resume(_) | Self::ResumeTenant(_) => "RESUME",
            Self::Reconnect(_) => "RECONNECT",
            Self::Kill(_) => "KILL",
            Self::KillClient(_) => "KILL_CLIENT",
            Self::SuspendTenant(_) => "SUSPEND",
        }
    }
}

impl fmt::Display for Verb {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.tag())?;
        match self {
            Self::Reload => Ok(()),
            Self::Pause(target) | Self::Resume(target) | Self::Reconnect(target) | Self::Kill(target) => match target {
                Some(database) => write!(f, " \"{database}\""),
                None => Ok(()),
            },
            Self::KillClient(id) => write!(f, " {id}"),
            Self::SuspendTenant(name) | Self::ResumeTenant(name) => write!(f, " TENANT \"{name}\""),
        }
    }
}

/// The list of commands, as help shows it.
#[must_use]
pub(super) fn help() -> String {
    let shows: Vec<&str> = SHOWS.iter().map(|(word, _)| *word).collect();
    format!("\n\tSHOW {}\n\t{CHANGES}", shows.join("|"))
}

/// A word of a statement: case does not matter unless it is quoted.
#[derive(Debug, PartialEq, Eq)]
struct Word {
    text: String,
    quoted: bool,
}

impl Word {
    fn is(&self, word: &str) -> bool {
        !self.quoted && self.text.eq_ignore_ascii_case(word)
    }
}

/// Every command of a query's text.
///
/// # Errors
/// 42601 for what is not understood, 0A000 for what PgBouncer has and this console has not, 54000 for too many statements.
pub(super) fn read(text: &str) -> Result<Vec<Command>, Refusal> {
    let statements = split(text)?;
    if statements.len() > STATEMENTS {
        let message = format!("more than {STATEMENTS} console commands in one query");
        return Err(Refusal::new(SqlState::PROGRAM_LIMIT_EXCEEDED, Rule::Bounds, message));
    }
    statements.iter().map(|words| command(words)).collect()
}

fn command(words: &[Word]) -> Result<Command, Refusal> {
    let unknown = || unknown(words);
    let [verb, rest @ ..] = words else { return Err(unknown()) };
    let target = || match rest {
        [] => Ok(None),
        [name] => Ok(Some(name.text.as_str().into())),
        [_, ..] => Err(unknown()),
    };
    let change = if verb.is("SHOW") {
        let [what] = rest else { return Err(unknown()) };
        let known = SHOWS.iter().find(|(word, _)| what.is(word));
        return known.map(|(_, show)| Command::Show(*show)).ok_or_else(unknown);
    } else if verb.is("RELOAD") && rest.is_empty() {
        Verb::Reload
    } else if verb.is("PAUSE") {
        Verb::Pause(target()?)
    } else if verb.is("RECONNECT") {
        Verb::Reconnect(target()?)
    } else if verb.is("RESUME") {
        match rest {
            [word, name] if word.is("TENANT") => Verb::ResumeTenant(name.text.as_str().into()),
            _target => Verb::Resume(target()?),
        }
    } else if verb.is("SUSPEND") {
        match rest {
            [word, name] if word.is("TENANT") => Verb::SuspendTenant(name.text.as_str().into()),
            _other => return Err(unknown()),
        }
    } else if verb.is("KILL_CLIENT") {
        let [id] = rest else { return Err(unknown()) };
        Verb::KillClient(number(id)?)
    } else if verb.is("KILL") {
        match rest {
            [word, id] if word.is("CLIENT") => Verb::KillClient(number(id)?),
            _target => Verb::Kill(target()?),
        }
    } else {
        return Err(unknown());
    };
    Ok(Command::Change(change))
}

fn number(word: &Word) -> Result<u64, Refusal> {
    word.text.parse().map_err(|_| {
        let message = "the client is named by its number";
        Refusal::new(SqlState::SYNTAX_ERROR, Rule::Syntax, message).with_hint("It is the id in SHOW CLIENTS.")
    })
}

/// Why a statement is no command: the words that name a command are told back, the rest is not.
fn unknown(words: &[Word]) -> Refusal {
    let named = |absent: &&&str| absent.split(' ').zip(words).filter(|(a, b)| b.is(a)).count() == absent.split(' ').count();
    match ABSENT.iter().find(named) {
        Some(absent) => Refusal::new(SqlState::FEATURE_NOT_SUPPORTED, Rule::Statement, format!("{absent} is not supported here"))
            .with_hint("SHOW HELP lists the console's commands."),
        None => Refusal::new(SqlState::SYNTAX_ERROR, Rule::Syntax, "not a command of the console, use SHOW HELP")
            .with_hint(format!("This is pgmoat's console, not the database behind it. Commands:{}", help())),
    }
}

/// Splits a text into statements of words: at semicolons outside of quotes, without comments, empty ones left out.
fn split(text: &str) -> Result<Vec<Vec<Word>>, Refusal> {
    let (mut statements, mut words) = (Vec::new(), Vec::new());
    let mut rest = text;
    loop {
        rest = rest.trim_start();
        let Some(first) = rest.chars().next() else { break };
        let after = rest.get(first.len_utf8()..).unwrap_or_default();
        rest = match first {
            ';' => {
                statements.push(std::mem::take(&mut words));
                after
            }
            '-' if after.starts_with('-') => after.split_once('\n').map_or("", |(_, next)| next),
            '/' if after.starts_with('*') => after.split_once("*/").map(|(_, next)| next).ok_or_else(|| unended("comment"))?,
            '\'' | '"' => {
                let (quoted, next) = quoted(first, after)?;
                words.push(Word { text: quoted, quoted: true });
                next
            }
            _bare => {
                let end = rest.find(|c: char| c.is_whitespace() || matches!(c, ';' | '\'' | '"')).unwrap_or(rest.len());
                let (word, next) = rest.split_at(end);
                words.push(Word { text: word.to_owned(), quoted: false });
                next
            }
        };
    }
    statements.push(words);
    statements.retain(|words| !words.is_empty());
    Ok(statements)
}

fn unended(what: &str) -> Refusal {
    Refusal::new(SqlState::SYNTAX_ERROR, Rule::Syntax, format!("the {what} does not end"))
}

/// What stands between quotes, which stand for themselves when doubled, and what follows.
fn quoted(quote: char, text: &str) -> Result<(String, &str), Refusal> {
    let (mut inside, mut rest) = (String::new(), text);
    loop {
        let Some((part, after)) = rest.split_once(quote) else { return Err(unended("quoted name")) };
        inside.push_str(part);
        match after.strip_prefix(quote) {
            Some(next) => {
                inside.push(quote);
                rest = next;
            }
            None => return Ok((inside, after)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(text: &str) -> Target {
        Some(text.into())
    }

    #[test]
    fn commands_are_read() {
        for (text, wanted) in [
            ("", vec![]),
            (" ; ;", vec![]),
            ("-- nothing", vec![]),
            ("SHOW VERSION", vec![Command::Show(Show::Version)]),
            ("show\n\tStats_Totals ;", vec![Command::Show(Show::StatsTotals)]),
            ("/* who */ SHOW CLIENTS; reload;", vec![Command::Show(Show::Clients), Command::Change(Verb::Reload)]),
            ("PAUSE", vec![Command::Change(Verb::Pause(None))]),
            ("pause app-db -- now", vec![Command::Change(Verb::Pause(name("app-db")))]),
            ("RESUME \"a;b\"\"c\"", vec![Command::Change(Verb::Resume(name("a;b\"c")))]),
            ("RESUME tenant", vec![Command::Change(Verb::Resume(name("tenant")))]),
            ("RESUME tenant Acme", vec![Command::Change(Verb::ResumeTenant("Acme".into()))]),
            ("SUSPEND TENANT 'a-b.c@d'", vec![Command::Change(Verb::SuspendTenant("a-b.c@d".into()))]),
            ("KILL", vec![Command::Change(Verb::Kill(None))]),
            ("KILL CLIENT 7;KILL_CLIENT 8", vec![Command::Change(Verb::KillClient(7)), Command::Change(Verb::KillClient(8))]),
        ] {
            assert_eq!(read(text), Ok(wanted), "{text}");
        }
    }

    #[test]
    fn what_is_no_command_is_refused() {
        for (text, code) in [
            ("SELECT 1", SqlState::SYNTAX_ERROR),
            ("SHOW", SqlState::SYNTAX_ERROR),
            ("SHOW \"VERSION\"", SqlState::SYNTAX_ERROR),
            ("SHOW VERSION now", SqlState::SYNTAX_ERROR),
            ("PAUSE a b", SqlState::SYNTAX_ERROR),
            ("SHOW VERSION; SHOW NOTHING", SqlState::SYNTAX_ERROR),
            ("KILL CLIENT x", SqlState::SYNTAX_ERROR),
            ("KILL_CLIENT -1", SqlState::SYNTAX_ERROR),
            ("RESUME 'a", SqlState::SYNTAX_ERROR),
            ("/* ", SqlState::SYNTAX_ERROR),
            ("SUSPEND", SqlState::FEATURE_NOT_SUPPORTED),
            ("show fds", SqlState::FEATURE_NOT_SUPPORTED),
            ("SET a = 1", SqlState::FEATURE_NOT_SUPPORTED),
        ] {
            assert_eq!(read(text).map_err(|r| r.code), Err(code), "{text}");
        }
        assert_eq!(read(&"PAUSE;".repeat(101)).map_err(|r| r.code), Err(SqlState::PROGRAM_LIMIT_EXCEEDED));
    }

    #[test]
    fn help_lists_every_show() {
        let refusal = read("SELECT 1").expect_err("no command");
        assert!(SHOWS.iter().all(|(word, _)| refusal.hint.as_ref().is_some_and(|h| h.contains(word))), "{refusal:?}");
    }
}
