//! Statements that touch the session or the transaction and name no relation: a small grammar of their own over the tokens.
//! It does not read anything that may hold an expression but EXECUTE's arguments, which the walk checks.

use super::clauses;
use super::cleared::{Command, Savepoint};
use super::constraints::Constraints;
use super::copy::Copy;
use super::set_config::SetConfig;
use super::walk::refuse_statement;
use crate::error::{Refusal, Rule, SqlState};
use crate::policy::allowed::{SettingKind, setting};
use crate::sql::{Keyword, Kind, Tokens, print_range, quote_ident};
use std::ops::Range;

/// What the first words of a statement make of it.
pub(super) enum Kindred {
    /// Rows: to be parsed and walked.
    Rows,
    /// EXPLAIN: the options, whether it asks for what is made of the statement, and where the explained statement begins.
    Explain { options: String, rewrite: bool, inner: Range<usize> },
    /// PREPARE: the name, the types, and where the prepared statement begins.
    Prepare { name: String, types: Vec<Range<usize>>, inner: Range<usize> },
    /// EXECUTE: the name and the arguments.
    Execute { name: String, arguments: Vec<Range<usize>> },
    /// DECLARE: the name, what stands before its query, and the query.
    Declare { name: String, head: String, inner: Range<usize> },
    /// COPY.
    Copy(Copy),
    /// A SET of a timeout that tenants may only lower; `None` where it is not understood how long it is.
    Timeout { name: String, local: bool, millis: Option<u64> },
    /// `SET search_path` to these.
    SearchPath(Vec<String>),
    /// `SET CONSTRAINTS` by name.
    Constraints(Constraints),
    /// `SELECT set_config(..)` by itself.
    SetConfig(SetConfig),
    /// A command whose text is printed as it was read, or as given.
    Plain { command: Command, text: Option<String> },
}

/// A reader over the tokens of one statement.
pub(super) struct Reader<'t> {
    pub(super) tokens: &'t Tokens<'t>,
    pub(super) at: usize,
    pub(super) end: usize,
}

/// Sorts a statement by its first word.
///
/// # Errors
/// A refusal of the kinds of statement that tenants may not use, or a syntax error.
pub(super) fn sort(tokens: &Tokens<'_>, range: Range<usize>) -> Result<Kindred, Refusal> {
    let mut reader = Reader { tokens, at: range.start, end: range.end };
    if tokens.is_char(range.start, b'(') {
        return Ok(Kindred::Rows);
    }
    let Some(word) = reader.word() else { return Err(reader.error()) };
    match word {
        Keyword::Select => Ok(reader.set_config().map_or(Kindred::Rows, Kindred::SetConfig)),
        Keyword::With
        | Keyword::Values
        | Keyword::Table
        | Keyword::Insert
        | Keyword::Update
        | Keyword::Delete
        | Keyword::Merge => Ok(Kindred::Rows),
        Keyword::Copy => reader.copy(),
        Keyword::Declare => reader.declare(),
        Keyword::Fetch => reader.fetch("FETCH"),
        Keyword::Move => reader.fetch("MOVE"),
        Keyword::Close => reader.close(),
        Keyword::Explain => reader.explain(),
        Keyword::Prepare => reader.prepare(),
        Keyword::Execute => reader.execute(),
        Keyword::Begin => reader.begin(Command::Begin),
        Keyword::Start => {
            reader.expect(Keyword::Transaction)?;
            reader.begin(Command::Begin)
        }
        Keyword::Commit | Keyword::End => reader.finish_transaction(Command::Commit),
        Keyword::Abort => reader.finish_transaction(Command::Rollback),
        Keyword::Rollback => reader.rollback(),
        Keyword::Savepoint => {
            let name = reader.name()?;
            reader.done(Command::Savepoint(Savepoint::Made(name.into())))
        }
        Keyword::Release => {
            reader.skip(Keyword::Savepoint);
            let name = reader.name()?;
            reader.done(Command::Savepoint(Savepoint::Released(name.into())))
        }
        Keyword::Set => reader.set(),
        Keyword::Reset => reader.reset(),
        Keyword::Show => reader.show(),
        Keyword::Deallocate => reader.deallocate(),
        Keyword::Discard => reader.discard(),
        Keyword::Unlisten => reader.unlisten(),
        Keyword::Listen | Keyword::Notify => Err(channels(word)),
        _ => Err(refuse_statement(&statement_kind(tokens, &range)).at(tokens.get(range.start).map_or(0, |t| t.start))),
    }
}

/// The words that name a kind of statement in a refusal: the first, and the second where it is a keyword.
fn statement_kind(tokens: &Tokens<'_>, range: &Range<usize>) -> String {
    let word = |i: usize| tokens.keyword(i).filter(|_| range.contains(&i)).map(|k| k.as_str().to_ascii_uppercase());
    let first = word(range.start).unwrap_or_else(|| "This statement".to_owned());
    let two = matches!(first.as_str(), "CREATE" | "ALTER" | "DROP" | "LOCK" | "REFRESH" | "SECURITY" | "IMPORT" | "REASSIGN");
    match word(range.start.saturating_add(1)).filter(|_| two) {
        Some(second) => format!("{first} {second}"),
        None => first,
    }
}

impl Reader<'_> {
    fn word(&mut self) -> Option<Keyword> {
        let word = self.peek()?;
        self.at = self.at.saturating_add(1);
        Some(word)
    }

    pub(super) fn peek(&self) -> Option<Keyword> {
        if self.at < self.end { self.tokens.keyword(self.at) } else { None }
    }

    pub(super) fn skip(&mut self, word: Keyword) -> bool {
        let there = self.peek() == Some(word);
        if there {
            self.at = self.at.saturating_add(1);
        }
        there
    }

    pub(super) fn expect(&mut self, word: Keyword) -> Result<(), Refusal> {
        if self.skip(word) { Ok(()) } else { Err(self.error()) }
    }

    pub(super) fn error(&self) -> Refusal {
        let (what, at) = if self.at < self.end {
            (format!("at or near \"{}\"", self.tokens.raw(self.at)), self.tokens.get(self.at).map_or(0, |t| t.start))
        } else {
            ("at end of input".to_owned(), u32::try_from(self.tokens.text().len()).unwrap_or(0))
        };
        // A literal is not repeated in an error.
        let literal = self
            .tokens
            .kind(self.at)
            .is_some_and(|k| !matches!(k, Kind::Word | Kind::QuotedIdent | Kind::Char(_) | Kind::Operator));
        let what = if literal && self.at < self.end { "at or near a literal".to_owned() } else { what };
        Refusal::new(SqlState::SYNTAX_ERROR, Rule::Syntax, format!("syntax error {what}")).at(at)
    }

    pub(super) fn at_end(&self) -> bool {
        self.at >= self.end
    }

    pub(super) fn name(&mut self) -> Result<String, Refusal> {
        let named =
            self.at < self.end && matches!(self.tokens.kind(self.at), Some(Kind::Word | Kind::QuotedIdent | Kind::UnicodeIdent));
        let reserved = self.tokens.keyword(self.at).is_some_and(|k| k.category() == crate::sql::Category::Reserved);
        if !named || reserved {
            return Err(self.error());
        }
        let name = self.tokens.value(self.at).into_owned();
        self.at = self.at.saturating_add(1);
        Ok(name)
    }

    fn done(&self, command: Command) -> Result<Kindred, Refusal> {
        if self.at_end() { Ok(Kindred::Plain { command, text: None }) } else { Err(self.error()) }
    }

    /// `[WORK | TRANSACTION] [modes]`.
    fn begin(&mut self, command: Command) -> Result<Kindred, Refusal> {
        if !self.skip(Keyword::Work) {
            self.skip(Keyword::Transaction);
        }
        self.transaction_modes()?;
        self.done(command)
    }

    /// `ISOLATION LEVEL .. | READ WRITE | READ ONLY | [NOT] DEFERRABLE`, with or without commas.
    fn transaction_modes(&mut self) -> Result<(), Refusal> {
        while let Some(word) = self.word() {
            match word {
                Keyword::Isolation => {
                    self.expect(Keyword::Level)?;
                    match self.word() {
                        Some(Keyword::Serializable) => {}
                        Some(Keyword::Repeatable) => self.expect(Keyword::Read)?,
                        Some(Keyword::Read) if self.skip(Keyword::Committed) || self.skip(Keyword::Uncommitted) => {}
                        _ => return Err(self.error()),
                    }
                }
                Keyword::Read if self.skip(Keyword::Only) || self.skip(Keyword::Write) => {}
                Keyword::Not => self.expect(Keyword::Deferrable)?,
                Keyword::Deferrable => {}
                _ => {
                    self.at = self.at.saturating_sub(1);
                    return Err(self.error());
                }
            }
            if self.tokens.is_char(self.at, b',') && self.at.saturating_add(1) < self.end {
                self.at = self.at.saturating_add(1);
            }
        }
        Ok(())
    }

    /// `[WORK | TRANSACTION] [AND [NO] CHAIN]`.
    fn finish_transaction(&mut self, command: Command) -> Result<Kindred, Refusal> {
        if self.peek() == Some(Keyword::Prepared) {
            return Err(refuse_statement("Two-phase commit"));
        }
        if !self.skip(Keyword::Work) {
            self.skip(Keyword::Transaction);
        }
        if self.skip(Keyword::And) {
            self.skip(Keyword::No);
            self.expect(Keyword::Chain)?;
        }
        self.done(command)
    }

    fn rollback(&mut self) -> Result<Kindred, Refusal> {
        let start = self.at;
        if !self.skip(Keyword::Work) {
            self.skip(Keyword::Transaction);
        }
        if self.skip(Keyword::To) {
            self.skip(Keyword::Savepoint);
            let name = self.name()?;
            return self.done(Command::Savepoint(Savepoint::Restored(name.into())));
        }
        self.at = start;
        self.finish_transaction(Command::Rollback)
    }

    /// `EXPLAIN [(options)] statement`: never run, never with estimates, which come from all tenants' rows.
    fn explain(&mut self) -> Result<Kindred, Refusal> {
        let mut options = vec!["COSTS OFF".to_owned()];
        let mut rewrite = false;
        let refused = |what: &str| {
            Refusal::new(
                SqlState::FEATURE_NOT_SUPPORTED,
                Rule::Construct,
                format!("EXPLAIN with {what} is not supported through pgmoat"),
            )
            .with_hint("Its figures come from all tenants' rows. Use EXPLAIN (REWRITE), which shows what is sent.")
        };
        if self.tokens.is_char(self.at, b'(') && !self.opens_query() {
            let close = self.tokens.closing(self.at).ok_or_else(|| self.error())?;
            for item in clauses::items(self.tokens, self.at.saturating_add(1)..close) {
                let name = self.tokens.value(item.start).into_owned();
                let value = self.tokens.value(item.start.saturating_add(1)).to_ascii_lowercase();
                let bare = item.len() == 1;
                let off = !bare && matches!(value.as_str(), "off" | "false" | "0");
                match name.as_str() {
                    "costs" | "analyze" | "buffers" | "wal" | "timing" | "summary" | "settings" if off => {}
                    "costs" if bare || matches!(value.as_str(), "on" | "true" | "1") => {}
                    "verbose" if bare || matches!(value.as_str(), "on" | "true" | "1") => options.push("VERBOSE".to_owned()),
                    "verbose" | "rewrite" if off => {}
                    "rewrite" if bare || matches!(value.as_str(), "on" | "true" | "1") => rewrite = true,
                    "format" if item.len() == 2 && matches!(value.as_str(), "text" | "xml" | "json" | "yaml") => {
                        options.push(format!("FORMAT {value}"))
                    }
                    other => return Err(refused(&other.to_ascii_uppercase())),
                }
            }
            self.at = close.saturating_add(1);
        } else {
            if self.skip(Keyword::Analyze) || self.skip(Keyword::Analyse) {
                return Err(refused("ANALYZE"));
            }
            if self.skip(Keyword::Verbose) {
                options.push("VERBOSE".to_owned());
            }
        }
        Ok(Kindred::Explain { options: format!("EXPLAIN ({})", options.join(", ")), rewrite, inner: self.at..self.end })
    }

    /// Whether the parenthesis here opens the statement to explain, not the options.
    fn opens_query(&self) -> bool {
        let mut at = self.at;
        while self.tokens.is_char(at, b'(') {
            at = at.saturating_add(1);
        }
        matches!(self.tokens.keyword(at), Some(Keyword::Select | Keyword::With | Keyword::Values | Keyword::Table))
    }

    /// `PREPARE name [(types)] AS statement`.
    fn prepare(&mut self) -> Result<Kindred, Refusal> {
        if self.peek() == Some(Keyword::Transaction) {
            return Err(refuse_statement("Two-phase commit"));
        }
        let name = self.name()?;
        let mut types = Vec::new();
        if self.tokens.is_char(self.at, b'(') {
            let close = self.tokens.closing(self.at).ok_or_else(|| self.error())?;
            types = clauses::items(self.tokens, self.at.saturating_add(1)..close);
            self.at = close.saturating_add(1);
        }
        self.expect(Keyword::As)?;
        Ok(Kindred::Prepare { name, types, inner: self.at..self.end })
    }

    /// `EXECUTE name [(arguments)]`.
    fn execute(&mut self) -> Result<Kindred, Refusal> {
        let name = self.name()?;
        let mut arguments = Vec::new();
        if self.tokens.is_char(self.at, b'(') {
            let close = self.tokens.closing(self.at).ok_or_else(|| self.error())?;
            arguments = clauses::items(self.tokens, self.at.saturating_add(1)..close);
            self.at = close.saturating_add(1);
        }
        if self.at_end() { Ok(Kindred::Execute { name, arguments }) } else { Err(self.error()) }
    }

    /// `SET [SESSION | LOCAL] name {TO | =} value | TIME ZONE value | NAMES value | TRANSACTION modes`.
    fn set(&mut self) -> Result<Kindred, Refusal> {
        let local = self.skip(Keyword::Local);
        if !local && self.peek() == Some(Keyword::Session) && !self.tokens.is_char(self.at.saturating_add(1), b'=') {
            self.skip(Keyword::Session);
        }
        if !local && self.skip(Keyword::Transaction) {
            if self.peek() == Some(Keyword::Snapshot) {
                return Err(refuse_statement("SET TRANSACTION SNAPSHOT"));
            }
            self.transaction_modes()?;
            return self.done(Command::Set { name: "transaction".to_owned(), local: true, replay: None });
        }
        if !local && self.skip(Keyword::Characteristics) {
            return self.characteristics();
        }
        if !local && self.skip(Keyword::Constraints) {
            return self.constraints();
        }
        let word = if local { "LOCAL " } else { "" };
        let name = if self.skip(Keyword::Time) {
            self.expect(Keyword::Zone)?;
            "timezone".to_owned()
        } else if self.skip(Keyword::Names) {
            "client_encoding".to_owned()
        } else if let Some(other) = self.refused_set() {
            return Err(refuse_setting(other));
        } else {
            let name = self.setting_name()?;
            if let Some(switch) = self.set_switch(&name, local) {
                return switch;
            }
            if !(self.skip(Keyword::To) || self.skip_char(b'=')) {
                return Err(self.error());
            }
            name
        };
        let value = self.at..self.end;
        self.setting_value()?;
        if name == "search_path" {
            let names = value.filter(|i| !self.tokens.is_char(*i, b',')).map(|i| self.tokens.value(i).into_owned());
            return Ok(Kindred::SearchPath(names.collect()));
        }
        let is_default = value.len() == 1 && self.tokens.keyword(value.start) == Some(Keyword::Default);
        let here = name == "timezone" && self.tokens.keyword(value.start) == Some(Keyword::Local);
        let is_default = is_default || (here && value.len() == 1);
        let given = self.tokens.value(value.start);
        let single = Some(&*given).filter(|_| value.len() == 1);
        let passing = local | may_set(&name, single, is_default)?;
        if !is_default && TIMEOUTS.contains(&name.as_str()) {
            return Ok(Kindred::Timeout { millis: single.and_then(milliseconds), name, local });
        }
        if is_default && !passing {
            let text = format!("RESET {}", quote_ident(&name));
            return Ok(Kindred::Plain { command: Command::Reset { name, tag: "SET" }, text: Some(text) });
        }
        // An interval is a time zone in that form only.
        let interval = name == "timezone" && self.tokens.keyword(value.start) == Some(Keyword::Interval);
        let mut text = if interval { format!("SET {word}TIME ZONE ") } else { format!("SET {word}{} TO ", quote_ident(&name)) };
        print_range(self.tokens, value, &mut text);
        Ok(Kindred::Plain { command: Command::Set { name, local: passing, replay: None }, text: Some(text) })
    }

    /// Forms of SET that are no settings: the role, the session's user, constraints.
    fn refused_set(&self) -> Option<&'static str> {
        match self.peek() {
            Some(Keyword::Role) => Some("role"),
            Some(Keyword::Authorization) => Some("session_authorization"),
            Some(Keyword::Schema) => Some("search_path"),
            Some(Keyword::Constraints) => Some("constraints"),
            Some(Keyword::Xml) => Some("xml option"),
            _ => None,
        }
    }

    pub(super) fn skip_char(&mut self, c: u8) -> bool {
        let there = self.at < self.end && self.tokens.is_char(self.at, c);
        if there {
            self.at = self.at.saturating_add(1);
        }
        there
    }

    /// A setting's name in lower case; one with a dot is a custom one, of which none is allowed.
    fn setting_name(&mut self) -> Result<String, Refusal> {
        let mut name = self.name()?.to_ascii_lowercase();
        while self.skip_char(b'.') {
            // What stands behind one of pgmoat's own may be a token: it is in no error.
            if super::switch::is_own(&name) {
                return Err(refuse_setting(&name));
            }
            name.push('.');
            name.push_str(&self.name()?.to_ascii_lowercase());
        }
        Ok(name)
    }

    /// A list of words, strings and numbers, as PostgreSQL's `var_list`.
    fn setting_value(&mut self) -> Result<(), Refusal> {
        if self.at_end() {
            return Err(self.error());
        }
        while self.at < self.end {
            let interval = self.skip(Keyword::Interval);
            if self.tokens.is_char(self.at, b'-') || self.tokens.is_char(self.at, b'+') {
                self.at = self.at.saturating_add(1);
            }
            let value = matches!(
                self.tokens.kind(self.at),
                Some(
                    Kind::Word
                        | Kind::QuotedIdent
                        | Kind::String
                        | Kind::EscapeString
                        | Kind::DollarString
                        | Kind::UnicodeString
                        | Kind::Integer
                        | Kind::Float
                )
            );
            if self.at_end() || !value {
                return Err(self.error());
            }
            self.at = self.at.saturating_add(1);
            if interval && !self.at_end() {
                self.skip(Keyword::Hour);
                if self.skip(Keyword::To) {
                    self.expect(Keyword::Minute)?;
                }
            }
            // Either the list ends here, or a comma and another value follow.
            let more = self.skip_char(b',');
            if more == self.at_end() {
                return Err(self.error());
            }
        }
        Ok(())
    }

    fn reset(&mut self) -> Result<Kindred, Refusal> {
        if self.skip(Keyword::All) {
            return self.done(Command::ResetAll);
        }
        let name = if self.skip(Keyword::Time) {
            self.expect(Keyword::Zone)?;
            "timezone".to_owned()
        } else if let Some(other) =
            self.refused_set().or_else(|| (self.peek() == Some(Keyword::Session)).then_some("session_authorization"))
        {
            return Err(refuse_setting(other));
        } else {
            self.setting_name()?
        };
        if let Some(switch) = self.other_switch(&name, false) {
            return switch;
        }
        match setting(&name) {
            Some(SettingKind::Free | SettingKind::Choice(_) | SettingKind::Pinned(_)) => {}
            Some(SettingKind::Transaction | SettingKind::ReadOnly) | None => return Err(refuse_setting(&name)),
        }
        let text = format!("RESET {}", quote_ident(&name));
        if self.at_end() {
            Ok(Kindred::Plain { command: Command::Reset { name, tag: "RESET" }, text: Some(text) })
        } else {
            Err(self.error())
        }
    }

    fn show(&mut self) -> Result<Kindred, Refusal> {
        let name = if self.skip(Keyword::Time) {
            self.expect(Keyword::Zone)?;
            "timezone".to_owned()
        } else if self.skip(Keyword::Transaction) {
            self.expect(Keyword::Isolation)?;
            self.expect(Keyword::Level)?;
            "transaction_isolation".to_owned()
        } else if self.peek() == Some(Keyword::Session) || self.peek() == Some(Keyword::All) {
            return Err(refuse_setting(if self.peek() == Some(Keyword::All) { "all" } else { "session_authorization" }));
        } else {
            self.setting_name()?
        };
        if let Some(switch) = self.other_switch(&name, true) {
            return switch;
        }
        if setting(&name).is_none() {
            return Err(refuse_setting(&name));
        }
        let text = format!("SHOW {}", quote_ident(&name));
        if self.at_end() { Ok(Kindred::Plain { command: Command::Show, text: Some(text) }) } else { Err(self.error()) }
    }

    fn deallocate(&mut self) -> Result<Kindred, Refusal> {
        // `DEALLOCATE prepare` names a statement "prepare" when nothing follows.
        if self.peek() == Some(Keyword::Prepare) && self.at.saturating_add(1) < self.end {
            self.at = self.at.saturating_add(1);
        }
        let name = if self.skip(Keyword::All) { None } else { Some(self.name()?) };
        self.done(Command::Deallocate { name })
    }

    fn discard(&mut self) -> Result<Kindred, Refusal> {
        if self.skip(Keyword::All) {
            return self.done(Command::DiscardAll);
        }
        let (text, tags): (&str, &'static [&'static str]) = match self.word() {
            Some(Keyword::Plans) => ("DISCARD PLANS", &["DISCARD PLANS"]),
            Some(Keyword::Sequences) => ("DISCARD SEQUENCES", &["DISCARD SEQUENCES"]),
            Some(Keyword::Temp | Keyword::Temporary) => ("DISCARD TEMP", &["DISCARD TEMP"]),
            _ => return Err(self.error()),
        };
        self.passing(text, tags)
    }

    /// `UNLISTEN {name | *}`: nothing was listened to.
    fn unlisten(&mut self) -> Result<Kindred, Refusal> {
        if !self.skip_char(b'*') {
            self.name()?;
        }
        self.passing("UNLISTEN *", &["UNLISTEN"])
    }

    pub(super) fn passing(&self, text: &str, tags: &'static [&'static str]) -> Result<Kindred, Refusal> {
        let command = Command::Passing(tags);
        if self.at_end() { Ok(Kindred::Plain { command, text: Some(text.to_owned()) }) } else { Err(self.error()) }
    }

    /// `SET SESSION CHARACTERISTICS AS TRANSACTION mode`: a default of the transactions to come, as a setting.
    fn characteristics(&mut self) -> Result<Kindred, Refusal> {
        self.expect(Keyword::As)?;
        self.expect(Keyword::Transaction)?;
        let begin = self.at;
        self.transaction_modes()?;
        let end = std::mem::replace(&mut self.at, begin);
        let (name, value) = match self.word() {
            Some(Keyword::Isolation) => {
                self.expect(Keyword::Level)?;
                ("default_transaction_isolation", self.isolation_level()?)
            }
            Some(Keyword::Read) => {
                ("default_transaction_read_only", if self.word() == Some(Keyword::Only) { "on" } else { "off" })
            }
            Some(Keyword::Deferrable) => ("default_transaction_deferrable", "on"),
            Some(Keyword::Not) => {
                self.expect(Keyword::Deferrable)?;
                ("default_transaction_deferrable", "off")
            }
            _ => return Err(self.error()),
        };
        if self.at != end {
            let message = "SET SESSION CHARACTERISTICS with several modes is not supported through pgmoat";
            return Err(
                Refusal::new(SqlState::FEATURE_NOT_SUPPORTED, Rule::Setting, message).with_hint("Set one mode at a time.")
            );
        }
        let text = format!("SET {} TO '{value}'", quote_ident(name));
        Ok(Kindred::Plain { command: Command::Set { name: name.to_owned(), local: false, replay: None }, text: Some(text) })
    }

    fn isolation_level(&mut self) -> Result<&'static str, Refusal> {
        if self.skip(Keyword::Serializable) {
            return Ok("serializable");
        }
        if self.skip(Keyword::Repeatable) {
            self.expect(Keyword::Read)?;
            return Ok("repeatable read");
        }
        self.expect(Keyword::Read)?;
        if self.skip(Keyword::Uncommitted) {
            return Ok("read uncommitted");
        }
        self.expect(Keyword::Committed)?;
        Ok("read committed")
    }
}

/// Names of channels are the database's, not a tenant's.
fn channels(word: Keyword) -> Refusal {
    let message = format!("{} is not supported through pgmoat", word.as_str().to_ascii_uppercase());
    Refusal::new(SqlState::FEATURE_NOT_SUPPORTED, Rule::Statement, message).with_hint(
        "Channels are shared by all tenants of the database, and a connection by several clients. Ask for changes by a query, or use a bypass user.",
    )
}

/// `SET search_path` to what it is anyway; names are resolved by pgmoat.
pub(super) fn search_path(names: &[String], actual: &[String]) -> Result<(Command, String), Refusal> {
    let named = names.iter().filter(|n| !matches!(n.as_str(), "$user" | "pg_catalog"));
    if !named.eq(actual) {
        return Err(refuse_setting("search_path").with_hint("Names are looked up as the operator has set it. Qualify them."));
    }
    // What says SET and changes nothing.
    Ok((Command::Passing(&["SET"]), "SET standard_conforming_strings TO on".to_owned()))
}

/// Settings of which the server's own value is the most that a tenant may have.
pub(super) const TIMEOUTS: [&str; 3] = ["idle_in_transaction_session_timeout", "lock_timeout", "statement_timeout"];

/// How long a timeout is: a whole number of milliseconds, or of the unit behind it.
pub(super) fn milliseconds(written: &str) -> Option<u64> {
    let written = written.trim();
    let digits = written.find(|c: char| !c.is_ascii_digit()).unwrap_or(written.len());
    let (number, unit) = written.split_at_checked(digits)?;
    let scale = match unit.trim() {
        "" | "ms" => 1,
        "s" => 1000,
        "min" => 60_000,
        "h" => 3_600_000,
        "d" => 86_400_000,
        _unknown => return None,
    };
    number.parse::<u64>().map_or(None, |n| n.checked_mul(scale))
}

/// What a timeout is set to: no longer than the server's own. No timeout at all is the longest.
pub(super) fn shortened(name: &str, millis: Option<u64>, most: Option<&u64>) -> Result<u64, Refusal> {
    let Some(millis) = millis else {
        let message = format!("this value of \"{name}\" is not supported through pgmoat");
        return Err(Refusal::new(SqlState::FEATURE_NOT_SUPPORTED, Rule::Setting, message)
            .with_hint("Write a whole number of milliseconds, or one with the unit ms, s, min, h or d."));
    };
    Ok(most.map_or(millis, |most| if millis == 0 { *most } else { millis.min(*most) }))
}

/// SET of a timeout.
pub(super) fn timeout(name: String, local: bool, millis: Option<u64>, most: Option<&u64>) -> Result<(Command, String), Refusal> {
    let millis = shortened(&name, millis, most)?;
    let text = format!("SET {}{} TO {millis}", if local { "LOCAL " } else { "" }, quote_ident(&name));
    Ok((Command::Set { name, local, replay: None }, text))
}

/// Whether a setting ends with the transaction; refused where tenants may not give it this value, where it is one value.
pub(super) fn may_set(name: &str, given: Option<&str>, is_default: bool) -> Result<bool, Refusal> {
    let one_of = |all: &str| given.is_some_and(|given| all.split('|').any(|only| same_value(given, only)));
    match setting(name) {
        Some(SettingKind::Free) => Ok(false),
        Some(SettingKind::Choice(all)) if one_of(all) => Ok(false),
        Some(SettingKind::Pinned(only)) if one_of(only) => Ok(false),
        Some(SettingKind::Choice(_) | SettingKind::Pinned(_)) if is_default => Ok(false),
        Some(SettingKind::Transaction) => Ok(true),
        Some(SettingKind::Choice(_) | SettingKind::Pinned(_) | SettingKind::ReadOnly) | None => Err(refuse_setting(name)),
    }
}

fn same_value(written: &str, only: &str) -> bool {
    let plain = |s: &str| s.chars().filter(|c| *c != '-' && *c != '_').map(|c| c.to_ascii_lowercase()).collect::<String>();
    plain(written) == plain(only)
}

pub(super) fn refuse_setting(name: &str) -> Refusal {
    let known = setting(name).is_some();
    let message = if known {
        format!("parameter \"{name}\" cannot be changed")
    } else {
        format!("permission denied for parameter \"{name}\"")
    };
    Refusal::new(SqlState::INSUFFICIENT_PRIVILEGE, Rule::Setting, message)
        .with_hint("Tenants may set DateStyle, TimeZone, application_name, statement_timeout and the like; what decides whose rows are seen is pgmoat's.")
}
