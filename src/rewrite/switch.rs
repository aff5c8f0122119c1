//! SET, RESET and SHOW of `pgmoat.tenant`, `pgmoat.reason` and `pgmoat.context`: whose rows a session is about, for those who may say so.
//! It knows no tenants and verifies no token: the proxy does. What is written behind `pgmoat.context` is repeated nowhere.

use super::cleared::Command;
use super::command::{Kindred, Reader, refuse_setting};
use crate::error::{Refusal, Rule, SqlState};
use crate::sql::{Keyword, Kind, Tokens};
use std::ops::Range;

/// How the names of these settings begin.
const PREFIX: &str = "pgmoat.";
/// Longest reason, bytes.
const REASON_LIMIT: usize = 500;

/// A change, or a question, of whose rows the session is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Switch {
    /// To the tenant of this name.
    Tenant(Box<str>),
    /// To what a token says.
    Context(Token),
    /// Back to what the login gave.
    Back,
    /// Why the next switch is made; `None` takes it back.
    Reason(Option<Box<str>>),
    /// What it is now.
    Show(Switched),
}

/// One of the settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Switched {
    /// `pgmoat.tenant`
    Tenant,
    /// `pgmoat.reason`
    Reason,
    /// `pgmoat.context`: whom the token was given to.
    Context,
}

/// A token, which never shows in Debug output.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(Box<str>);

impl Token {
    /// The token itself: only to be verified.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("***")
    }
}

impl Switched {
    fn of(setting: &str) -> Option<Self> {
        Some(match setting.strip_prefix(PREFIX)? {
            "tenant" => Self::Tenant,
            "reason" => Self::Reason,
            "context" => Self::Context,
            _unknown => return None,
        })
    }

    /// The setting's name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Tenant => "pgmoat.tenant",
            Self::Reason => "pgmoat.reason",
            Self::Context => "pgmoat.context",
        }
    }

    fn reset(self) -> Switch {
        match self {
            Self::Tenant | Self::Context => Switch::Back,
            Self::Reason => Switch::Reason(None),
        }
    }
}

/// Whether this is the name of one of the settings.
pub(super) fn is_own(setting: &str) -> bool {
    Switched::of(setting).is_some()
}

/// Whether a statement is a SET, RESET or SHOW of a setting under pgmoat's name, as the client may have meant it.
pub(super) fn is_switch(tokens: &Tokens<'_>, range: &Range<usize>) -> bool {
    let mut at = range.start;
    if !matches!(tokens.keyword(at), Some(Keyword::Set | Keyword::Reset | Keyword::Show)) {
        return false;
    }
    at = at.saturating_add(1);
    if matches!(tokens.keyword(at), Some(Keyword::Session | Keyword::Local)) {
        at = at.saturating_add(1);
    }
    tokens.value(at).eq_ignore_ascii_case("pgmoat") && tokens.is_char(at.saturating_add(1), b'.')
}

/// The refusal of what names one of these settings other than by a SET, RESET or SHOW of its own, for who bypasses: the server would take it
/// for one of its own making and the client for a switch, and what stands beside it may be a token, which the server would log. `switches`
/// says whether the user may switch: then a name that is not written out is refused too.
pub(super) fn refuse_elsewhere(tokens: &Tokens<'_>, range: &Range<usize>, switches: bool) -> Result<(), Refusal> {
    let hint = "Say SET pgmoat.tenant = '...', as a statement of its own.";
    for i in range.clone() {
        let (dot, name) = (i.saturating_add(1), i.saturating_add(2));
        let string = tokens.kind(i).is_some_and(Kind::is_string);
        let spelt = if string {
            within(&tokens.value(i))
        } else if tokens.value(i).eq_ignore_ascii_case("pgmoat") && tokens.is_char(dot, b'.') {
            Switched::of(&format!("{PREFIX}{}", tokens.value(name).to_ascii_lowercase()))
        } else {
            None
        };
        if let Some(known) = spelt {
            return Err(refuse_setting(known.name()).with_hint(hint));
        }
    }
    for i in range.clone().filter(|i| tokens.value(*i).eq_ignore_ascii_case("set_config")) {
        let (open, name) = (i.saturating_add(1), i.saturating_add(2));
        let written = tokens.kind(name).is_some_and(Kind::is_string) && tokens.is_char(name.saturating_add(1), b',');
        if switches && tokens.is_char(open, b'(') && !written {
            let message = "the name of a setting in set_config must be written out";
            return Err(Refusal::new(SqlState::FEATURE_NOT_SUPPORTED, Rule::Setting, message)
                .with_hint(format!("It might be one that says whose rows are seen. {hint}")));
        }
        let (open, name) = (i.saturating_add(1), i.saturating_add(2));
        let string = tokens.kind(name).is_some_and(Kind::is_string);
        let setting = tokens.value(name).trim().to_ascii_lowercase();
        if tokens.is_char(open, b'(') && string && setting.starts_with(PREFIX) {
            let known = Switched::of(&setting).map_or("pgmoat", Switched::name);
            return Err(refuse_setting(known).with_hint(hint));
        }
    }
    Ok(())
}

/// The setting that a text names, as the body of a DO does, however it spaces and quotes the name.
fn within(text: &str) -> Option<Switched> {
    let text = text.to_ascii_lowercase();
    let gap = |c: char| c.is_whitespace() || c == '"';
    text.split("pgmoat").skip(1).find_map(|rest| {
        let name = rest.trim_start_matches(gap).strip_prefix('.')?.trim_start_matches(gap);
        let name = name.split(|c: char| !c.is_alphanumeric() && c != '_').next()?;
        Switched::of(&format!("{PREFIX}{name}"))
    })
}

/// The refusal of who may not switch: as of any setting that is not allowed.
pub(super) fn refused(switch: &Switch) -> Refusal {
    refuse_setting(match switch {
        Switch::Tenant(_) | Switch::Back => Switched::Tenant.name(),
        Switch::Context(_) => Switched::Context.name(),
        Switch::Reason(_) => Switched::Reason.name(),
        Switch::Show(shown) => shown.name(),
    })
}

/// The refusal of a statement for which a tenant must be chosen first.
pub(super) fn nowhere() -> Refusal {
    Refusal::new(SqlState::INSUFFICIENT_PRIVILEGE, Rule::Role, "no tenant is chosen")
        .with_hint("SET pgmoat.tenant = '...' first, or SET pgmoat.context to a token.")
}

impl Reader<'_> {
    /// The rest of `SET pgmoat.x {TO | =} value`, if the name is one of these.
    pub(super) fn set_switch(&mut self, name: &str, local: bool) -> Option<Result<Kindred, Refusal>> {
        Some(self.switch_value(Switched::of(name)?, local))
    }

    fn switch_value(&mut self, what: Switched, local: bool) -> Result<Kindred, Refusal> {
        let name = what.name();
        // Nothing of the text is in any of these errors.
        let wrong = |form: &str| Refusal::new(SqlState::SYNTAX_ERROR, Rule::Syntax, format!("{name} takes {form}"));
        if local {
            let message = format!("SET LOCAL {name} is not supported");
            return Err(Refusal::new(SqlState::FEATURE_NOT_SUPPORTED, Rule::Setting, message)
                .with_hint("Whose rows a session is about cannot change in a transaction: SET it before, RESET it afterwards."));
        }
        let form = "one string";
        let equals = self.skip(Keyword::To) || self.skip_char(b'=');
        let token = self.at;
        if !equals || token.saturating_add(1) != self.end {
            return Err(wrong(form));
        }
        self.at = self.end;
        if self.tokens.keyword(token) == Some(Keyword::Default) {
            return Ok(switch(what.reset(), "SET"));
        }
        let kind = self.tokens.kind(token);
        let string = kind.is_some_and(Kind::is_string);
        let word = matches!(kind, Some(Kind::Word | Kind::QuotedIdent)) && what == Switched::Tenant;
        if !string && !word {
            return Err(wrong(form));
        }
        let value = self.tokens.value(token);
        Ok(match what {
            Switched::Tenant => switch(Switch::Tenant(value.into()), "SET"),
            Switched::Context => switch(Switch::Context(Token(value.into())), "SET"),
            Switched::Reason => {
                if value.len() > REASON_LIMIT || value.chars().any(char::is_control) {
                    return Err(wrong(&format!("up to {REASON_LIMIT} bytes in one line")));
                }
                let said = Some(value.trim()).filter(|v| !v.is_empty());
                switch(Switch::Reason(said.map(Into::into)), "SET")
            }
        })
    }

    /// The rest of `RESET pgmoat.x` or `SHOW pgmoat.x`, if the name is one of these.
    pub(super) fn other_switch(&self, name: &str, shows: bool) -> Option<Result<Kindred, Refusal>> {
        let what = Switched::of(name)?;
        let kindred = if shows { switch(Switch::Show(what), "SHOW") } else { switch(what.reset(), "RESET") };
        // What stands there may be a token.
        let wrong = || Refusal::new(SqlState::SYNTAX_ERROR, Rule::Syntax, format!("nothing may stand behind {}", what.name()));
        Some(if self.at_end() { Ok(kindred) } else { Err(wrong()) })
    }
}

/// What it is called stands for it wherever its text would: the value is nobody's to read.
fn switch(switch: Switch, tag: &'static str) -> Kindred {
    let text = Some(format!("{tag} pgmoat"));
    Kindred::Plain { command: Command::Switch { switch, tag }, text }
}
