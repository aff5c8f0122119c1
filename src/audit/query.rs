//! Looking records up in a chain's files. It does not check the chain: [`super::verify()`] does.

use super::{ChangeId, parts};
use serde::{Deserialize, Serialize};
use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::net::{IpAddr, SocketAddr};
use std::path::Path;
use std::time::SystemTime;

/// A record as it stands in the file.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Entry {
    /// When it was written, RFC 3339 in UTC.
    pub time: String,
    /// Its number.
    pub sequence: u64,
    /// The hash of the line before.
    pub previous: String,
    /// What happened: see [`super::Kind::as_str`].
    pub event: String,
    /// The tenant's name.
    pub tenant: Option<String>,
    /// The user's name.
    pub user: Option<String>,
    /// The client's address.
    pub client: Option<SocketAddr>,
    /// The SQLSTATE that the client got.
    pub sqlstate: Option<String>,
    /// The rule that said no.
    pub rule: Option<String>,
    /// The relations concerned.
    pub relations: Vec<String>,
    /// The statement with its literals taken out.
    pub statement: Option<String>,
    /// One sentence.
    pub message: Option<String>,
    /// Who logged in, where the tenant is not the login's.
    #[serde(default)]
    pub switched: Option<String>,
    /// The last change of the registry that is on record up to here.
    #[serde(default)]
    pub change: Option<ChangeId>,
}

/// What is looked for; what is not set is not asked for. A list is met by any of its items.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Kinds of events.
    pub events: Vec<String>,
    /// Tenants.
    pub tenants: Vec<String>,
    /// Users.
    pub users: Vec<String>,
    /// SQLSTATEs.
    pub sqlstates: Vec<String>,
    /// Rules.
    pub rules: Vec<String>,
    /// Relations, `schema.name` or the name alone.
    pub relations: Vec<String>,
    /// The client's address, whatever its port.
    pub client: Option<IpAddr>,
    /// Not before.
    pub since: Option<SystemTime>,
    /// Not after.
    pub until: Option<SystemTime>,
}

impl Filter {
    fn passes(&self, entry: &Entry) -> bool {
        let among = |wanted: &[String], found: Option<&str>| {
            wanted.is_empty() || found.is_some_and(|found| wanted.iter().any(|w| w == found))
        };
        let related = |wanted: &String| {
            entry.relations.iter().any(|r| r == wanted || r.rsplit_once('.').is_some_and(|(_, name)| name == wanted))
        };
        let time = humantime::parse_rfc3339(&entry.time).ok();
        among(&self.events, Some(&entry.event))
            && among(&self.tenants, entry.tenant.as_deref())
            && among(&self.users, entry.user.as_deref())
            && among(&self.sqlstates, entry.sqlstate.as_deref())
            && among(&self.rules, entry.rule.as_deref())
            && (self.relations.is_empty() || self.relations.iter().any(related))
            && self.client.is_none_or(|wanted| entry.client.is_some_and(|c| c.ip() == wanted))
            && self.since.is_none_or(|since| time.is_some_and(|t| t >= since))
            && self.until.is_none_or(|until| time.is_some_and(|t| t <= until))
    }
}

/// How a search went.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Searched {
    /// Records that were read.
    pub records: u64,
    /// Lines that are no records.
    pub unread: u64,
}

/// Gives `found` each record of the chain that passes, the oldest first, until it returns an error.
///
/// # Errors
/// A file that cannot be read, or what `found` returned.
pub fn query(path: &Path, filter: &Filter, mut found: impl FnMut(Entry) -> io::Result<()>) -> io::Result<Searched> {
    let mut searched = Searched::default();
    for file in parts::all(path)? {
        let mut reader = BufReader::new(File::open(file)?);
        let mut line = Vec::new();
        while reader.read_until(b'\n', &mut line)? > 0 {
            match serde_json::from_slice::<Entry>(&line) {
                Ok(entry) => {
                    searched.records += 1;
                    if filter.passes(&entry) {
                        found(entry)?;
                    }
                }
                Err(_) => searched.unread += 1,
            }
            line.clear();
        }
    }
    Ok(searched)
}
