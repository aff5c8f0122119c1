//! What an audit record says. It does not know where it is written.

use crate::error::{Refusal, Rule, SqlState};
use serde::{Deserialize, Serialize};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::SystemTime;

/// The longest statement that a record carries, bytes; the rest is cut off and marked with an ellipsis.
const STATEMENT_LIMIT: usize = 16 * 1024;

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A statement or message was refused.
    Refusal,
    /// A statement names a value beside a tenant column that is not the tenant's own. It was answered, as if there were no such tenant.
    Crossing,
    /// A bypass user's statement passed unrewritten.
    Bypass,
    /// A client has logged in.
    Login,
    /// A login failed.
    LoginFailed,
    /// The proxy started.
    Start,
    /// A session went over to another tenant, or back.
    Switch,
    /// Somebody changed the registry: a tenant, a user, a token.
    Lifecycle,
    /// A tenant has come near to a quota, or used it up.
    Quota,
    /// The configuration or the catalog was loaded anew.
    Reload,
    /// A command of the console that changes something.
    Console,
    /// A tenant was suspended: its sessions end, and it cannot log in.
    Suspend,
    /// A tenant's suspension ended.
    Resume,
    /// The proxy stopped.
    Stop,
    /// The line before was cut off by a crash. Only the log itself records this.
    Torn,
    /// The chain up to here is signed. Only the log itself records this.
    Checkpoint,
}

impl Kind {
    /// The name in snake case, as records carry it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Refusal => "refusal",
            Self::Crossing => "crossing",
            Self::Bypass => "bypass",
            Self::Login => "login",
            Self::LoginFailed => "login_failed",
            Self::Start => "start",
            Self::Switch => "switch",
            Self::Lifecycle => "lifecycle",
            Self::Quota => "quota",
            Self::Reload => "reload",
            Self::Console => "console",
            Self::Suspend => "suspend",
            Self::Resume => "resume",
            Self::Stop => "stop",
            Self::Torn => "torn",
            Self::Checkpoint => "checkpoint",
        }
    }
}

/// Which change of the registry: its number, and when it was made, as the registry's database has it. Another registry, or one that went back
/// to a backup, has another change of that number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangeId {
    /// Its number: later changes have larger ones.
    pub number: i64,
    /// When it was made, RFC 3339 in UTC.
    pub at: String,
}

/// One thing to record. Time, sequence and chain are the log's own.
#[derive(Clone, Debug)]
pub struct Event {
    /// What happened.
    pub kind: Kind,
    /// The tenant's name.
    pub tenant: Option<Arc<str>>,
    /// The user's name.
    pub user: Option<Arc<str>>,
    /// The client's address.
    pub client: Option<SocketAddr>,
    /// The SQLSTATE that the client gets.
    pub code: Option<SqlState>,
    /// The rule that said no.
    pub rule: Option<Rule>,
    /// The relations concerned, as the client may know them.
    pub relations: Vec<String>,
    /// The statement with its literals taken out.
    pub statement: Option<String>,
    /// One sentence, without literals.
    pub message: Option<String>,
    /// Who logged in, where the tenant is not the login's.
    pub switched: Option<Arc<str>>,
    /// The change of the registry that it tells of. The log keeps it in what follows too: the last record says how far changes are recorded.
    pub change: Option<ChangeId>,
}

impl Event {
    /// An event of a kind, with nothing else said.
    #[must_use]
    pub fn new(kind: Kind) -> Self {
        Self {
            kind,
            tenant: None,
            user: None,
            client: None,
            code: None,
            rule: None,
            relations: Vec::new(),
            statement: None,
            message: None,
            switched: None,
            change: None,
        }
    }

    /// The event of a refusal; who and what statement is the caller's to add.
    #[must_use]
    pub fn refusal(refusal: &Refusal) -> Self {
        Self {
            code: Some(refusal.code),
            rule: Some(refusal.rule),
            relations: refusal.relations.clone(),
            message: Some(refusal.redacted_message()),
            ..Self::new(Kind::Refusal)
        }
    }
}

/// The keys of a line, in their order; each line has all of them.
pub const KEYS: [&str; 14] = [
    "time",
    "sequence",
    "previous",
    "event",
    "tenant",
    "user",
    "client",
    "sqlstate",
    "rule",
    "relations",
    "statement",
    "message",
    "switched",
    "change",
];

/// The line's form: [`KEYS`].
#[derive(Serialize)]
struct Line<'a> {
    time: String,
    sequence: u64,
    previous: &'a str,
    event: &'static str,
    tenant: Option<&'a str>,
    user: Option<&'a str>,
    client: Option<SocketAddr>,
    sqlstate: Option<&'a str>,
    rule: Option<&'static str>,
    relations: &'a [String],
    statement: Option<&'a str>,
    message: Option<&'a str>,
    switched: Option<&'a str>,
    change: Option<&'a ChangeId>,
}

/// The record's line without its newline; `change` is the last change of the registry on record up to it, itself included.
///
/// # Errors
/// Never for these types; the serializer's signature has one.
pub(crate) fn encode(
    event: &Event,
    time: SystemTime,
    sequence: u64,
    previous: &str,
    change: Option<&ChangeId>,
) -> Result<Vec<u8>, serde_json::Error> {
    let cut = event.statement.as_deref().map(shorten);
    serde_json::to_vec(&Line {
        time: humantime::format_rfc3339_micros(time).to_string(),
        sequence,
        previous,
        event: event.kind.as_str(),
        tenant: event.tenant.as_deref(),
        user: event.user.as_deref(),
        client: event.client,
        sqlstate: event.code.as_ref().map(SqlState::as_str),
        rule: event.rule.map(Rule::as_str),
        relations: &event.relations,
        statement: cut.as_deref(),
        message: event.message.as_deref(),
        switched: event.switched.as_deref(),
        change,
    })
}

fn shorten(statement: &str) -> std::borrow::Cow<'_, str> {
    if statement.len() <= STATEMENT_LIMIT {
        return statement.into();
    }
    format!("{}\u{2026}", &statement[..statement.floor_char_boundary(STATEMENT_LIMIT)]).into()
}
