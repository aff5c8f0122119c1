//! The kinds of no: [`Refusal`] (policy or syntax said no; the session lives on) and [`Fault`] (the protocol is broken; the session ends).
//! It does not know what the shell's own troubles are: each shell room has its own error type.

use std::fmt;

/// A SQLSTATE, five ASCII characters (PostgreSQL manual, appendix A).
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct SqlState([u8; 5]);

impl SqlState {
    /// Protocol violation.
    pub const PROTOCOL_VIOLATION: Self = Self(*b"08P01");
    /// The construct is not understood, or not provably safe.
    pub const FEATURE_NOT_SUPPORTED: Self = Self(*b"0A000");
    /// A value does not fit its column or context.
    pub const INVALID_PARAMETER_VALUE: Self = Self(*b"22023");
    /// A text is not valid in the session's encoding.
    pub const CHARACTER_NOT_IN_REPERTOIRE: Self = Self(*b"22021");
    /// A command that may not run inside a transaction block.
    pub const ACTIVE_SQL_TRANSACTION: Self = Self(*b"25001");
    /// The transaction has failed; only its end is accepted.
    pub const IN_FAILED_SQL_TRANSACTION: Self = Self(*b"25P02");
    /// The client left a transaction open for too long.
    pub const IDLE_IN_TRANSACTION_SESSION_TIMEOUT: Self = Self(*b"25P03");
    /// transaction_timeout (since PostgreSQL 17).
    pub const TRANSACTION_TIMEOUT: Self = Self(*b"25P04");
    /// The named prepared statement does not exist.
    pub const INVALID_SQL_STATEMENT_NAME: Self = Self(*b"26000");
    /// The named portal does not exist.
    pub const INVALID_CURSOR_NAME: Self = Self(*b"34000");
    /// COPY data that does not have its format.
    pub const BAD_COPY_FILE_FORMAT: Self = Self(*b"22P04");
    /// The command does not fit the kind of object.
    pub const WRONG_OBJECT_TYPE: Self = Self(*b"42809");
    /// A column is named twice.
    pub const DUPLICATE_COLUMN: Self = Self(*b"42701");
    /// A column that may not be named here.
    pub const INVALID_COLUMN_REFERENCE: Self = Self(*b"42P10");
    /// A login that is not allowed (suspended, not permitted).
    pub const INVALID_AUTHORIZATION: Self = Self(*b"28000");
    /// A wrong user or password.
    pub const INVALID_PASSWORD: Self = Self(*b"28P01");
    /// The database named at start-up is not served here.
    pub const INVALID_CATALOG_NAME: Self = Self(*b"3D000");
    /// A foreign key's value names no row.
    pub const FOREIGN_KEY_VIOLATION: Self = Self(*b"23503");
    /// A unique key's value is there already.
    pub const UNIQUE_VIOLATION: Self = Self(*b"23505");
    /// A schema that does not exist.
    pub const INVALID_SCHEMA_NAME: Self = Self(*b"3F000");
    /// A view that cannot be written to.
    pub const OBJECT_NOT_IN_PREREQUISITE_STATE: Self = Self(*b"55000");
    /// A pattern that ends with what should escape something.
    pub const INVALID_ESCAPE_SEQUENCE: Self = Self(*b"22025");
    /// A syntax error.
    pub const SYNTAX_ERROR: Self = Self(*b"42601");
    /// A crossing, or a forbidden object.
    pub const INSUFFICIENT_PRIVILEGE: Self = Self(*b"42501");
    /// A column that does not exist.
    pub const UNDEFINED_COLUMN: Self = Self(*b"42703");
    /// A function that does not exist.
    pub const UNDEFINED_FUNCTION: Self = Self(*b"42883");
    /// A relation that does not exist, or is hidden.
    pub const UNDEFINED_TABLE: Self = Self(*b"42P01");
    /// A parameter `$n` without a place.
    pub const UNDEFINED_PARAMETER: Self = Self(*b"42P02");
    /// A portal of that name exists already.
    pub const DUPLICATE_CURSOR: Self = Self(*b"42P03");
    /// A prepared statement of that name exists already.
    pub const DUPLICATE_PREPARED_STATEMENT: Self = Self(*b"42P05");
    /// An unknown setting.
    pub const UNDEFINED_OBJECT: Self = Self(*b"42704");
    /// The configuration cannot be used.
    pub const CONFIG_FILE_ERROR: Self = Self(*b"F0000");
    /// The cap on connections is reached.
    pub const TOO_MANY_CONNECTIONS: Self = Self(*b"53300");
    /// A rate or quota is used up.
    pub const CONFIGURATION_LIMIT_EXCEEDED: Self = Self(*b"53400");
    /// A statement or message is too large.
    pub const PROGRAM_LIMIT_EXCEEDED: Self = Self(*b"54000");
    /// A statement is nested too deeply.
    pub const STATEMENT_TOO_COMPLEX: Self = Self(*b"54001");
    /// The statement was canceled or timed out.
    pub const QUERY_CANCELED: Self = Self(*b"57014");
    /// The server, or this proxy, is shutting down; or the tenant was suspended.
    pub const ADMIN_SHUTDOWN: Self = Self(*b"57P01");
    /// The server cannot accept connections now.
    pub const CANNOT_CONNECT_NOW: Self = Self(*b"57P03");
    /// An error inside the proxy.
    pub const INTERNAL_ERROR: Self = Self(*b"XX000");

    /// The five characters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("XX000")
    }
}

impl fmt::Display for SqlState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for SqlState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The rule that a refusal names, in audit records, metrics and hints.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Rule {
    /// The text does not lex or parse.
    Syntax,
    /// The text or its nesting is over a bound.
    Bounds,
    /// The kind of statement is not allowed to tenants.
    Statement,
    /// A construct that is not understood, or not provably safe.
    Construct,
    /// A relation that is hidden or does not exist.
    HiddenRelation,
    /// A relation that tenants may not use, or not in this way.
    Relation,
    /// What the user's role may not do.
    Role,
    /// A function outside the allow-list.
    Function,
    /// An operator outside `pg_catalog`.
    Operator,
    /// A type outside the allow-list.
    Type,
    /// A setting outside the allow-list.
    Setting,
    /// A tenant column that is given another tenant's value, or changed.
    TenantColumn,
    /// A foreign key that would refer to another tenant's row, or a cascade that would reach one; or to no row at all.
    ForeignKey,
    /// A conflict with another tenant's row.
    UniqueKey,
    /// A message or startup parameter that is not allowed.
    Message,
    /// A login.
    Login,
    /// A rate, a quota or a cap.
    Limit,
    /// A quota is used up.
    Quota,
    /// A prepared statement, portal or cursor name.
    Name,
}

impl Rule {
    /// Every rule, in a fixed order (for metrics, which export a zero for each).
    pub const ALL: [Self; 19] = [
        Self::Syntax,
        Self::Bounds,
        Self::Statement,
        Self::Construct,
        Self::HiddenRelation,
        Self::Relation,
        Self::Role,
        Self::Function,
        Self::Operator,
        Self::Type,
        Self::Setting,
        Self::TenantColumn,
        Self::ForeignKey,
        Self::UniqueKey,
        Self::Message,
        Self::Login,
        Self::Limit,
        Self::Quota,
        Self::Name,
    ];

    /// The name in snake case, as audit records and metric labels carry it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Syntax => "syntax",
            Self::Bounds => "bounds",
            Self::Statement => "statement",
            Self::Construct => "construct",
            Self::HiddenRelation => "hidden_relation",
            Self::Relation => "relation",
            Self::Role => "role",
            Self::Function => "function",
            Self::Operator => "operator",
            Self::Type => "type",
            Self::Setting => "setting",
            Self::TenantColumn => "tenant_column",
            Self::ForeignKey => "foreign_key",
            Self::UniqueKey => "unique_key",
            Self::Message => "message",
            Self::Login => "login",
            Self::Limit => "limit",
            Self::Quota => "quota",
            Self::Name => "name",
        }
    }
}

/// A normal answer that says no. The session lives on; the shell records it before the client sees it.
///
/// The message never carries another tenant's data nor a literal of the statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The SQLSTATE that the client gets.
    pub code: SqlState,
    /// The rule that said no.
    pub rule: Rule,
    /// One sentence: what was refused.
    pub message: String,
    /// What to do about it.
    pub hint: Option<String>,
    /// Byte offset in the client's text that the error points at.
    pub position: Option<u32>,
    /// The relations concerned, as the client may know them.
    pub relations: Vec<String>,
    /// Whether what the message has in quotes is the value of a literal in the client's text: no record has it.
    pub quotes_literal: bool,
}

impl Refusal {
    /// A refusal with a code, a rule and a message.
    pub fn new(code: SqlState, rule: Rule, message: impl Into<String>) -> Self {
        Self { code, rule, message: message.into(), hint: None, position: None, relations: Vec::new(), quotes_literal: false }
    }

    /// Adds what to do about it.
    #[must_use]
    pub fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Adds the byte offset in the client's text.
    #[must_use]
    pub fn at(mut self, position: u32) -> Self {
        self.position = Some(position);
        self
    }

    /// Says that what the message has in quotes is a literal's value.
    #[must_use]
    pub fn quoting_literal(mut self) -> Self {
        self.quotes_literal = true;
        self
    }

    /// The message without what was a literal's value.
    #[must_use]
    pub fn redacted_message(&self) -> String {
        match (self.message.split_once('"'), self.message.rsplit_once('"')) {
            (Some((before, _)), Some((_, behind))) if self.quotes_literal => format!("{before}?{behind}"),
            (_, _) => self.message.clone(),
        }
    }

    /// Adds a relation concerned.
    #[must_use]
    pub fn about(mut self, relation: impl Into<String>) -> Self {
        self.relations.push(relation.into());
        self
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({}): {}", self.code, self.rule.as_str(), self.message)
    }
}

impl std::error::Error for Refusal {}

/// The peer broke the protocol: the connection ends after this message, if it can still be sent.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// A length field outside its bounds.
    #[error("invalid message length {length} for message type {tag:?} (limit {limit})")]
    Length {
        /// The message's type byte, as a character.
        tag: char,
        /// What the length field said.
        length: i64,
        /// The most that is accepted.
        limit: usize,
    },
    /// A message whose body does not have the form that its type asks for.
    #[error("invalid format of message {message}")]
    Malformed {
        /// The protocol's name of the message.
        message: &'static str,
    },
    /// A message type that does not exist, or may not come now.
    #[error("unexpected message type {tag:#04x} while {state}")]
    Unexpected {
        /// The type byte.
        tag: u8,
        /// What the session was waiting for.
        state: &'static str,
    },
}

impl Fault {
    /// The SQLSTATE that the client gets, where it can still get one.
    #[must_use]
    pub fn code(&self) -> SqlState {
        SqlState::PROTOCOL_VIOLATION
    }
}
