//! The options of COPY: PostgreSQL's own checks of them (`ProcessCopyOptions`), and one spelling for the server.
//! It does not read tokens: names and arguments come read.

use crate::error::{Refusal, Rule, SqlState};
use crate::sql::{quote_ident, quote_literal};

/// How the data is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// Backslash escapes, tabs between fields.
    #[default]
    Text,
    /// Quotes, commas between fields.
    Csv,
    /// Lengths and bytes.
    Binary,
}

/// What the first line is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Header {
    /// Data.
    #[default]
    None,
    /// Names that nobody looks at.
    Skipped,
    /// The names of the columns, in order.
    Match,
}

/// What an option is given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Argument {
    /// Nothing.
    None,
    /// A word, a string or a number.
    Text(String),
    /// `*`.
    Star,
    /// `(a, b)`.
    List(Vec<String>),
}

/// Checked options; a `None` is the format's default.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// The format.
    pub format: Format,
    /// The header line.
    pub header: Header,
    delimiter: Option<String>,
    null: Option<String>,
    quote: Option<String>,
    escape: Option<String>,
    force_quote: Option<Argument>,
    /// Columns whose NULL string is a value.
    pub force_not_null: Vec<String>,
    /// Columns whose quoted NULL string is NULL too.
    pub force_null: Vec<String>,
}

impl Options {
    /// Checks a list of options. `from` says that data comes in.
    ///
    /// # Errors
    /// As PostgreSQL's; 0A000 for FREEZE and for encodings other than UTF8.
    pub fn read(list: Vec<(String, Argument)>, from: bool) -> Result<Self, Refusal> {
        let mut options = Self::default();
        let mut seen: Vec<String> = Vec::new();
        for (name, argument) in list {
            if seen.contains(&name) {
                return Err(syntax("conflicting or redundant options"));
            }
            options.option(&name, argument, from)?;
            seen.push(name);
        }
        options.check(from)?;
        Ok(options)
    }

    /// Whether data that comes in is text just as the server takes it without options.
    pub(super) fn are_those_of_the_server(&self) -> bool {
        self.format == Format::Text && self.delimiter() == b'\t' && self.null() == "\\N"
    }

    fn option(&mut self, name: &str, argument: Argument, from: bool) -> Result<(), Refusal> {
        match name {
            "format" => {
                let format = text(name, argument)?;
                self.format = match format.as_str() {
                    "text" => Format::Text,
                    "csv" => Format::Csv,
                    "binary" => Format::Binary,
                    other => return Err(value(format!("COPY format \"{other}\" not recognized"))),
                };
            }
            "delimiter" => self.delimiter = Some(text(name, argument)?),
            "null" => self.null = Some(text(name, argument)?),
            "quote" => self.quote = Some(text(name, argument)?),
            "escape" => self.escape = Some(text(name, argument)?),
            "header" => self.header = header(argument, from)?,
            "freeze" => {
                let off = matches!(&argument, Argument::Text(word) if ["false", "off", "0"].contains(&word.to_ascii_lowercase().as_str()));
                if !off {
                    return Err(unsupported("COPY with FREEZE is not supported through pgmoat").with_hint("Leave FREEZE out."));
                }
            }
            "encoding" => {
                let given: String = text(name, argument)?.chars().filter(|c| c.is_ascii_alphanumeric()).collect();
                if !["utf8", "unicode"].contains(&given.to_ascii_lowercase().as_str()) {
                    let message = "COPY in an encoding other than UTF8 is not supported through pgmoat";
                    return Err(unsupported(message).with_hint("Convert the data to UTF8."));
                }
            }
            "force_quote" => match argument {
                Argument::Star | Argument::List(_) => self.force_quote = Some(argument),
                Argument::None | Argument::Text(_) => return Err(not_a_list(name)),
            },
            "force_not_null" => self.force_not_null = list(name, argument)?,
            "force_null" => self.force_null = list(name, argument)?,
            other => return Err(syntax(format!("option \"{other}\" not recognized"))),
        }
        Ok(())
    }

    fn check(&self, from: bool) -> Result<(), Refusal> {
        let (csv, binary) = (self.format == Format::Csv, self.format == Format::Binary);
        let refuse = |holds: bool, refusal: fn(&'static str) -> Refusal, message: &'static str| {
            if holds { Err(refusal(message)) } else { Ok(()) }
        };
        refuse(binary && self.delimiter.is_some(), syntax, "cannot specify DELIMITER in BINARY mode")?;
        refuse(binary && self.null.is_some(), syntax, "cannot specify NULL in BINARY mode")?;
        let (delimiter, null) = (self.delimiter.as_deref().unwrap_or(if csv { "," } else { "\t" }), self.null());
        let [byte] = delimiter.as_bytes() else {
            return Err(unsupported("COPY delimiter must be a single one-byte character"));
        };
        let line = |s: &str| s.contains(['\r', '\n']);
        refuse(line(delimiter), value, "COPY delimiter cannot be newline or carriage return")?;
        refuse(line(null), value, "COPY null representation cannot use newline or carriage return")?;
        if !csv && (matches!(byte, b'\\' | b'.') || byte.is_ascii_lowercase() || byte.is_ascii_digit()) {
            return Err(value(format!("COPY delimiter cannot be \"{delimiter}\"")));
        }
        refuse(binary && self.header != Header::None, unsupported, "cannot specify HEADER in BINARY mode")?;
        refuse(!csv && self.quote.is_some(), unsupported, "COPY quote available only in CSV mode")?;
        let quote = self.quote.as_deref().unwrap_or("\"");
        refuse(csv && quote.len() != 1, unsupported, "COPY quote must be a single one-byte character")?;
        refuse(csv && delimiter == quote, value, "COPY delimiter and quote must be different")?;
        refuse(!csv && self.escape.is_some(), unsupported, "COPY escape available only in CSV mode")?;
        let escape = self.escape.as_deref().unwrap_or(quote);
        refuse(csv && escape.len() != 1, unsupported, "COPY escape must be a single one-byte character")?;
        refuse(!csv && self.force_quote.is_some(), unsupported, "COPY force quote available only in CSV mode")?;
        refuse(from && self.force_quote.is_some(), unsupported, "COPY force quote only available using COPY TO")?;
        let (not_null, to_null) = (!self.force_not_null.is_empty(), !self.force_null.is_empty());
        refuse(!csv && not_null, unsupported, "COPY force not null available only in CSV mode")?;
        refuse(!from && not_null, unsupported, "COPY force not null only available using COPY FROM")?;
        refuse(!csv && to_null, unsupported, "COPY force null available only in CSV mode")?;
        refuse(!from && to_null, unsupported, "COPY force null only available using COPY FROM")?;
        refuse(null.contains(delimiter), unsupported, "COPY delimiter must not appear in the NULL specification")?;
        refuse(csv && null.contains(quote), unsupported, "CSV quote character must not appear in the NULL specification")
    }

    /// The columns of FORCE_QUOTE.
    #[must_use]
    pub fn force_quote(&self) -> &[String] {
        match &self.force_quote {
            Some(Argument::List(columns)) => columns,
            Some(Argument::Star | Argument::None | Argument::Text(_)) | None => &[],
        }
    }

    /// The byte between two fields.
    #[must_use]
    pub fn delimiter(&self) -> u8 {
        let default = if self.format == Format::Csv { b',' } else { b'\t' };
        first(self.delimiter.as_deref(), default)
    }

    /// What stands for NULL.
    #[must_use]
    pub fn null(&self) -> &str {
        self.null.as_deref().unwrap_or(if self.format == Format::Csv { "" } else { "\\N" })
    }

    /// CSV's quote and escape.
    #[must_use]
    pub fn quote_and_escape(&self) -> (u8, u8) {
        let quote = first(self.quote.as_deref(), b'"');
        (quote, first(self.escape.as_deref(), quote))
    }

    /// `WITH (...)` for the server, for data that goes out; empty when there is nothing to say.
    #[must_use]
    pub fn outgoing(&self) -> String {
        let mut parts = Vec::new();
        match self.format {
            Format::Text => {}
            Format::Csv => parts.push("FORMAT csv".to_owned()),
            Format::Binary => parts.push("FORMAT binary".to_owned()),
        }
        let texts = [("DELIMITER", &self.delimiter), ("NULL", &self.null), ("QUOTE", &self.quote), ("ESCAPE", &self.escape)];
        parts.extend(texts.iter().filter_map(|(name, text)| text.as_deref().map(|t| format!("{name} {}", quote_literal(t)))));
        if self.header != Header::None {
            parts.push("HEADER true".to_owned());
        }
        match &self.force_quote {
            Some(Argument::Star) => parts.push("FORCE_QUOTE *".to_owned()),
            Some(Argument::List(columns)) => {
                let columns: Vec<String> = columns.iter().map(|c| quote_ident(c)).collect();
                parts.push(format!("FORCE_QUOTE ({})", columns.join(", ")));
            }
            Some(Argument::None | Argument::Text(_)) | None => {}
        }
        if parts.is_empty() { String::new() } else { format!(" WITH ({})", parts.join(", ")) }
    }
}

fn first(text: Option<&str>, default: u8) -> u8 {
    text.and_then(|t| t.as_bytes().first()).copied().unwrap_or(default)
}

fn header(argument: Argument, from: bool) -> Result<Header, Refusal> {
    let word = match argument {
        Argument::None => return Ok(Header::Skipped),
        Argument::Text(word) => word.to_ascii_lowercase(),
        Argument::Star | Argument::List(_) => String::new(),
    };
    match word.as_str() {
        "true" | "on" | "1" => Ok(Header::Skipped),
        "false" | "off" | "0" => Ok(Header::None),
        "match" if from => Ok(Header::Match),
        "match" => Err(unsupported("cannot use \"match\" with HEADER in COPY TO")),
        _other => Err(syntax("header requires a Boolean value or \"match\"")),
    }
}

fn text(name: &str, argument: Argument) -> Result<String, Refusal> {
    match argument {
        Argument::Text(text) => Ok(text),
        Argument::None => Err(syntax(format!("{name} requires a parameter"))),
        Argument::Star => Ok("*".to_owned()),
        Argument::List(list) => Ok(list.join(".")),
    }
}

fn list(name: &str, argument: Argument) -> Result<Vec<String>, Refusal> {
    match argument {
        Argument::List(list) => Ok(list),
        Argument::None | Argument::Text(_) | Argument::Star => Err(not_a_list(name)),
    }
}

fn not_a_list(name: &str) -> Refusal {
    value(format!("argument to option \"{name}\" must be a list of column names"))
}

fn syntax(message: impl Into<String>) -> Refusal {
    Refusal::new(SqlState::SYNTAX_ERROR, Rule::Syntax, message)
}

fn value(message: impl Into<String>) -> Refusal {
    Refusal::new(SqlState::INVALID_PARAMETER_VALUE, Rule::Construct, message)
}

fn unsupported(message: impl Into<String>) -> Refusal {
    Refusal::new(SqlState::FEATURE_NOT_SUPPORTED, Rule::Construct, message)
}
