//! `SELECT set_config('name', 'value', false)` by itself: SET as drivers and frameworks send it, with a row for an answer.
//! It does not judge which settings tenants may set: `command` does. Any other call of set_config is refused as a function is.

use super::cleared::Command;
use super::command::{Reader, TIMEOUTS, may_set, milliseconds, search_path, shortened};
use crate::catalog::Catalog;
use crate::error::Refusal;
use crate::sql::{Keyword, Kind, quote_ident, quote_literal};

/// What such a statement says.
pub(super) struct SetConfig {
    /// The setting, in lower case.
    name: String,
    value: String,
    /// Whether it ends with the transaction.
    local: bool,
    /// What the column is called.
    label: String,
}

impl Reader<'_> {
    /// The rest of the statement after SELECT, if it is nothing but a call of set_config with literals. pgAdmin has it once for each row of
    /// the settings that is of the same name, which is one.
    pub(super) fn set_config(&mut self) -> Option<SetConfig> {
        let start = self.at;
        let read = self.read_set_config();
        if read.is_none() {
            self.at = start;
        }
        read
    }

    fn read_set_config(&mut self) -> Option<SetConfig> {
        if self.plain_word("pg_catalog") {
            self.punctuation(b'.')?;
        }
        if !self.plain_word("set_config") {
            return None;
        }
        self.punctuation(b'(')?;
        // Whether plans are compiled is looked at wherever the call stands (`lookup`).
        let name = self.text().map(|name| name.to_ascii_lowercase()).filter(|name| name != "jit")?;
        self.punctuation(b',')?;
        let value = self.text()?;
        self.punctuation(b',')?;
        let local = if self.skip(Keyword::True) { true } else { self.expect(Keyword::False).map_or(None, |()| Some(false))? };
        self.punctuation(b')')?;
        let mut label = "set_config".to_owned();
        if self.skip(Keyword::As) {
            let Ok(name) = self.name() else { return None };
            label = name;
        }
        if self.skip(Keyword::From) {
            if self.plain_word("pg_catalog") {
                self.punctuation(b'.')?;
            }
            if self.plain_word("pg_show_all_settings") {
                self.punctuation(b'(')?;
                self.punctuation(b')')?;
            } else if !self.plain_word("pg_settings") {
                return None;
            }
            if !self.skip(Keyword::Where) || !self.plain_word("name") {
                return None;
            }
            self.punctuation(b'=')?;
            if self.text()? != name {
                return None;
            }
        }
        self.at_end().then_some(SetConfig { name, value, local, label })
    }

    fn plain_word(&mut self, word: &str) -> bool {
        let there = self.at < self.end && self.tokens.kind(self.at) == Some(Kind::Word) && self.tokens.value(self.at) == word;
        if there {
            self.at = self.at.saturating_add(1);
        }
        there
    }

    fn punctuation(&mut self, c: u8) -> Option<()> {
        self.skip_char(c).then_some(())
    }

    fn text(&mut self) -> Option<String> {
        let there = self.at < self.end && self.tokens.kind(self.at).is_some_and(is_text);
        let value = there.then(|| self.tokens.value(self.at).into_owned());
        self.at = self.at.saturating_add(usize::from(there));
        value
    }
}

fn is_text(kind: Kind) -> bool {
    matches!(kind, Kind::String | Kind::EscapeString | Kind::DollarString | Kind::UnicodeString)
}

impl SetConfig {
    /// What it does, and the text for the server.
    ///
    /// # Errors
    /// As SET of this value.
    pub(super) fn plan(self, catalog: &Catalog) -> Result<(Command, String), Refusal> {
        let Self { name, mut value, local, label } = self;
        let label = quote_ident(&label);
        if name == "search_path" {
            let unquoted = |part: &str| match part.trim().strip_prefix('"').and_then(|p| p.strip_suffix('"')) {
                Some(quoted) => quoted.to_owned(),
                None => part.trim().to_ascii_lowercase(),
            };
            let names: Vec<String> = value.split(',').map(unquoted).filter(|n| !n.is_empty()).collect();
            search_path(&names, &catalog.search_path)?;
            return Ok((Command::Show, format!("SELECT {}::pg_catalog.text AS {label}", quote_literal(&value))));
        }
        let passing = may_set(&name, Some(&value), false)?;
        if TIMEOUTS.contains(&name.as_str()) {
            value = shortened(&name, milliseconds(&value), catalog.timeouts.get(&name))?.to_string();
        }
        let (given, local) = (quote_literal(&value), local || passing);
        let text = format!("SELECT pg_catalog.set_config({}, {given}, {local}) AS {label}", quote_literal(&name));
        let replay = Some(format!("SET {} TO {given}", quote_ident(&name)).into());
        Ok((Command::Set { name, local, replay }, text))
    }
}
