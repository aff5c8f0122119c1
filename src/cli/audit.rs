//! `pgmoat audit`: checks and searches audit files, and makes the keys that sign them. It never writes a record.

use super::{Exit, Trouble};
use crate::audit::{self, Entry, Expectation, Filter, Kind, PublicKey};
use clap::Subcommand;
use std::collections::VecDeque;
use std::io::{self, BufWriter, Write};
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Check a whole chain: the file and the parts that were closed before it
    Verify {
        /// The file that is written
        file: PathBuf,
        /// Whose signature checkpoints and the head must carry: the `.pub` file of `audit key`
        #[arg(long, value_name = "FILE")]
        public_key: Option<PathBuf>,
        /// The oldest parts are gone: the chain may begin with any record
        #[arg(long)]
        continued: bool,
    },
    /// Print the records that fit, the oldest first
    Query(Box<Query>),
    /// Make a key that signs checkpoints, and its public half beside it
    Key {
        /// The new file, for `signing_key` in [audit]
        file: PathBuf,
    },
}

/// Options that can be given more than once are met by any of their values.
#[derive(Debug, clap::Args)]
struct Query {
    /// The file that is written; parts that were closed before it are read too
    file: PathBuf,
    /// Kind of event, such as refusal, bypass, login_failed
    #[arg(long, value_name = "EVENT")]
    event: Vec<String>,
    #[arg(long, value_name = "NAME", help = "Tenant")]
    tenant: Vec<String>,
    #[arg(long, value_name = "NAME", help = "User")]
    user: Vec<String>,
    /// Such as 42501
    #[arg(long, value_name = "CODE")]
    sqlstate: Vec<String>,
    /// Such as tenant_column
    #[arg(long, value_name = "RULE")]
    rule: Vec<String>,
    /// schema.name, or the name alone
    #[arg(long, value_name = "NAME")]
    relation: Vec<String>,
    /// The client's address, without its port
    #[arg(long, value_name = "IP")]
    client: Option<IpAddr>,
    /// Not before: a time as in the records, or how long ago (2h, 30m)
    #[arg(long, value_name = "TIME", value_parser = time)]
    since: Option<SystemTime>,
    /// Not after: as --since
    #[arg(long, value_name = "TIME", value_parser = time)]
    until: Option<SystemTime>,
    /// Only the last so many of those that fit
    #[arg(long, value_name = "N")]
    last: Option<usize>,
    /// One JSON object a line, as in the file
    #[arg(long)]
    json: bool,
}

/// `2026-01-31T12:00:00Z`, `2026-01-31`, or how long ago.
fn time(text: &str) -> Result<SystemTime, String> {
    let whole = if text.len() == "2026-01-31".len() { format!("{text}T00:00:00Z") } else { text.to_owned() };
    if let Ok(time) = humantime::parse_rfc3339_weak(&whole) {
        return Ok(time);
    }
    let ago = humantime::parse_duration(text)
        .map_err(|_| "neither a time such as 2026-01-31T12:00:00Z nor a duration such as 2h".to_owned())?;
    SystemTime::now().checked_sub(ago).ok_or_else(|| "that is too long ago".to_owned())
}

pub(super) fn run(arguments: &Arguments) -> Result<Exit, Trouble> {
    match &arguments.verb {
        Verb::Verify { file, public_key, continued } => verify(file, public_key.as_deref(), *continued),
        Verb::Query(query) => search(query),
        Verb::Key { file } => {
            let public = audit::generate(file).map_err(Trouble::of("cannot make a key"))?;
            let mut out = io::stdout();
            writeln!(out, "{}: the key, for `signing_key` in [audit]; whoever reads it can sign", file.display())?;
            writeln!(out, "{}: for `pgmoat audit verify --public-key`; keep a copy where pgmoat cannot write", public.display())?;
            Ok(Exit::Done)
        }
    }
}

fn verify(file: &Path, public_key: Option<&Path>, continued: bool) -> Result<Exit, Trouble> {
    let key = public_key.map(PublicKey::load).transpose().map_err(Trouble::of("cannot check signatures"))?;
    let signed = key.is_some();
    let verified = audit::verify(file, &Expectation { key, continued }).map_err(Trouble::of(file.display().to_string()))?;
    let mut out = io::stdout();
    writeln!(
        out,
        "{}: {} records, {} torn lines, whole; last hash {}",
        file.display(),
        verified.records,
        verified.torn,
        verified.last
    )?;
    if verified.first > 1 {
        writeln!(out, "it begins with record {}: what was before is not here", verified.first)?;
    }
    if verified.files > 1 {
        writeln!(out, "in {} files", verified.files)?;
    }
    match (verified.checkpoints, signed) {
        (0, _) => writeln!(out, "no checkpoints: nothing is signed")?,
        (n, true) => writeln!(out, "{n} checkpoints, signed with this key")?,
        (n, false) => writeln!(out, "{n} checkpoints, their signatures not checked: give --public-key")?,
    }
    if !verified.head {
        writeln!(out, "there is no head beside it: a tail that was cut off would not show")?;
    }
    Ok(Exit::Done)
}

fn search(query: &Query) -> Result<Exit, Trouble> {
    let filter = Filter {
        events: query.event.clone(),
        tenants: query.tenant.clone(),
        users: query.user.clone(),
        sqlstates: query.sqlstate.clone(),
        rules: query.rule.clone(),
        relations: query.relation.clone(),
        client: query.client,
        since: query.since,
        until: query.until,
    };
    let mut out = BufWriter::new(io::stdout());
    let mut kept = VecDeque::new();
    let searched = audit::query(&query.file, &filter, |entry| match query.last {
        None => print(&mut out, &entry, query.json),
        Some(last) => {
            kept.push_back(entry);
            if kept.len() > last {
                kept.pop_front();
            }
            Ok(())
        }
    });
    let searched = match searched {
        Ok(searched) => searched,
        // Whoever reads has seen enough, as in `| head`.
        Err(e) if e.kind() == io::ErrorKind::BrokenPipe => return Ok(Exit::Done),
        Err(e) => return Err(Trouble::of(format!("cannot read {}", query.file.display()))(e)),
    };
    for entry in kept {
        print(&mut out, &entry, query.json)?;
    }
    out.flush()?;
    if searched.unread > 0 {
        writeln!(io::stderr(), "{} lines are no records: `pgmoat audit verify` names the first", searched.unread)?;
    }
    Ok(Exit::Done)
}

fn print(out: &mut impl Write, entry: &Entry, json: bool) -> io::Result<()> {
    if json {
        serde_json::to_writer(&mut *out, entry)?;
        return writeln!(out);
    }
    let who = match (&entry.tenant, &entry.user) {
        (Some(tenant), Some(user)) => format!("{tenant}/{user}"),
        (Some(one), None) | (None, Some(one)) => one.clone(),
        (None, None) => "-".to_owned(),
    };
    let client = entry.client.map_or_else(|| "-".to_owned(), |c| c.to_string());
    let code = entry.sqlstate.as_deref().unwrap_or("-");
    let rule = entry.rule.as_deref().unwrap_or("-");
    write!(out, "{:>6}  {}  {:<12}  {}  {}  {}  {}", entry.sequence, entry.time, entry.event, plain(&who), client, code, rule)?;
    // What was changed while no proxy ran is recorded later.
    let changed = entry.change.as_ref().filter(|_| entry.event == Kind::Lifecycle.as_str() && entry.user.is_some());
    let rest = [
        (!entry.relations.is_empty()).then(|| entry.relations.join(", ")),
        entry.message.clone(),
        entry.statement.clone(),
        changed.map(|change| format!("change {} of the registry, made at {}", change.number, change.at)),
    ];
    for text in rest.into_iter().flatten() {
        write!(out, "\n          {}", plain(&text))?;
    }
    writeln!(out)
}

/// Names and statements come from clients: what a terminal would obey is spelt out.
fn plain(text: &str) -> String {
    text.chars().flat_map(|c| if c.is_control() { c.escape_default().collect::<Vec<_>>() } else { vec![c] }).collect()
}
