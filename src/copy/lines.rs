//! Text and CSV data cut into lines, as PostgreSQL 15 does it (`CopyReadLineText`), whatever the borders of the pieces that it comes in.
//! It does not look into the fields of a line.

use super::incoming::Trouble;
use crate::error::{Refusal, Rule, SqlState};

/// Longest line, bytes.
const LINE_LIMIT: usize = 16 * 1024 * 1024;

/// Takes a line, its ending left out.
pub(super) type Take<'a> = &'a mut dyn FnMut(&[u8]) -> Result<(), Trouble>;

/// How lines end; the first one decides.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Ending {
    #[default]
    Unknown,
    Newline,
    Return,
    Both,
}

/// What the last byte leaves open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Open {
    #[default]
    Nothing,
    /// A carriage return that ends the line, alone or with a newline.
    Return,
    /// A backslash that may begin the end marker; in text any other byte after it is taken as it is.
    Backslash,
    /// `\.`
    Dot,
    /// `\.` and a carriage return, where lines end with both.
    DotReturn,
}

/// The cutter.
#[derive(Debug)]
pub(super) struct Lines {
    line: Vec<u8>,
    ending: Ending,
    open: Open,
    /// CSV: quote, and escape where it is another byte.
    csv: Option<(u8, Option<u8>)>,
    quoted: bool,
    escaped: bool,
    /// Nothing of the line has come yet.
    first: bool,
    ended: bool,
}

impl Lines {
    /// For text; with CSV's quote and escape for CSV.
    pub(super) fn new(csv: Option<(u8, u8)>) -> Self {
        let csv = csv.map(|(quote, escape)| (quote, Some(escape).filter(|e| *e != quote)));
        let (ending, open) = (Ending::default(), Open::default());
        Self { line: Vec::new(), ending, open, csv, quoted: false, escaped: false, first: true, ended: false }
    }

    /// Takes a piece and hands out the lines that it completes.
    pub(super) fn feed(&mut self, mut bytes: &[u8], take: Take<'_>) -> Result<(), Trouble> {
        while !self.ended && !bytes.is_empty() {
            let (run, rest) = bytes.split_at_checked(self.plain(bytes)).unwrap_or((bytes, &[]));
            // A line of text that is whole in this piece need not be collected.
            if let (Ending::Newline, [b'\n', behind @ ..]) = (self.ending, rest)
                && self.csv.is_none()
                && self.open == Open::Nothing
                && self.line.is_empty()
                && run.len() <= LINE_LIMIT
            {
                take(run)?;
                self.first = true;
                bytes = behind;
                continue;
            }
            if !run.is_empty() {
                self.line.extend_from_slice(run);
                self.first = false;
            }
            if self.line.len() > LINE_LIMIT {
                return Err(too_long());
            }
            let Some((&byte, rest)) = rest.split_first() else { return Ok(()) };
            bytes = rest;
            self.byte(byte, take)?;
        }
        Ok(())
    }

    /// The data is complete: what stands there is the last line.
    pub(super) fn finish(&mut self, take: Take<'_>) -> Result<(), Trouble> {
        match self.open {
            Open::Nothing | Open::Backslash => {}
            Open::Return => {
                self.returned(0)?;
                self.complete(take)?;
            }
            Open::Dot | Open::DotReturn => {
                self.no_marker(corrupt, take)?;
                return self.finish(take);
            }
        }
        if !self.ended && !self.line.is_empty() {
            self.complete(take)?;
        }
        self.ended = true;
        Ok(())
    }

    /// How many bytes at the beginning mean nothing here.
    fn plain(&self, bytes: &[u8]) -> usize {
        if self.open != Open::Nothing {
            return 0;
        }
        let special = |b: &u8| matches!(b, b'\\' | b'\r' | b'\n');
        let found = match self.csv {
            None => memchr::memchr3(b'\\', b'\r', b'\n', bytes),
            // After an escape any byte matters.
            Some(_) if self.escaped => Some(0),
            Some((quote, escape)) => bytes.iter().position(|b| special(b) || *b == quote || Some(*b) == escape),
        };
        found.unwrap_or(bytes.len())
    }

    fn byte(&mut self, byte: u8, take: Take<'_>) -> Result<(), Trouble> {
        match self.open {
            Open::Nothing => self.fresh(byte, take),
            Open::Return => {
                self.open = Open::Nothing;
                self.returned(byte)?;
                self.complete(take)?;
                if byte == b'\n' { Ok(()) } else { self.fresh(byte, take) }
            }
            Open::Backslash => {
                self.open = Open::Nothing;
                if byte == b'.' {
                    self.open = Open::Dot;
                } else if self.csv.is_none() {
                    self.line.push(byte);
                } else {
                    return self.fresh(byte, take);
                }
                Ok(())
            }
            Open::Dot => self.after_dot(byte, take),
            Open::DotReturn => self.marker_end(byte, take),
        }
    }

    fn fresh(&mut self, byte: u8, take: Take<'_>) -> Result<(), Trouble> {
        let first = std::mem::replace(&mut self.first, false);
        if let Some((quote, escape)) = self.csv {
            let is_escape = Some(byte) == escape;
            if self.quoted && is_escape {
                self.escaped = !self.escaped;
            }
            if byte == quote && !self.escaped {
                self.quoted = !self.quoted;
            }
            if !is_escape {
                self.escaped = false;
            }
        }
        match byte {
            b'\r' if !self.quoted => match self.ending {
                Ending::Unknown | Ending::Both => self.open = Open::Return,
                Ending::Return => return self.complete(take),
                Ending::Newline => return Err(self.literal("carriage return", "\\r")),
            },
            b'\n' if !self.quoted => match self.ending {
                Ending::Unknown | Ending::Newline => {
                    self.ending = Ending::Newline;
                    return self.complete(take);
                }
                Ending::Return | Ending::Both => return Err(self.literal("newline", "\\n")),
            },
            b'\\' if first || self.csv.is_none() => {
                self.line.push(byte);
                self.open = Open::Backslash;
            }
            _data => self.line.push(byte),
        }
        Ok(())
    }

    /// What comes after a carriage return that ends a line; NUL at the end of the data.
    fn returned(&mut self, byte: u8) -> Result<(), Trouble> {
        match (byte, self.ending) {
            (b'\n', _) => self.ending = Ending::Both,
            (_, Ending::Both) => return Err(self.literal("carriage return", "\\r")),
            (_, Ending::Unknown | Ending::Newline | Ending::Return) => self.ending = Ending::Return,
        }
        Ok(())
    }

    fn after_dot(&mut self, byte: u8, take: Take<'_>) -> Result<(), Trouble> {
        if self.ending != Ending::Both {
            return self.marker_end(byte, take);
        }
        match byte {
            b'\r' => {
                self.open = Open::DotReturn;
                Ok(())
            }
            b'\n' => self.no_marker_then(byte, mismatch, take),
            _other => self.no_marker_then(byte, corrupt, take),
        }
    }

    /// The byte that ends the line of the end marker.
    fn marker_end(&mut self, byte: u8, take: Take<'_>) -> Result<(), Trouble> {
        if !matches!(byte, b'\r' | b'\n') {
            return self.no_marker_then(byte, corrupt, take);
        }
        let fits = match self.ending {
            Ending::Unknown => true,
            Ending::Newline | Ending::Both => byte == b'\n',
            Ending::Return => byte == b'\r',
        };
        if !fits {
            return Err(mismatch());
        }
        // Only what stands before the marker is data.
        self.open = Open::Nothing;
        self.line.pop();
        if !self.line.is_empty() {
            self.complete(take)?;
        }
        self.ended = true;
        Ok(())
    }

    fn no_marker_then(&mut self, byte: u8, trouble: fn() -> Trouble, take: Take<'_>) -> Result<(), Trouble> {
        self.no_marker(trouble, take)?;
        // What was read ahead may have ended a line by a carriage return: it looks at the next byte.
        self.byte(byte, take)
    }

    /// It was no end marker: in text an error, in CSV data that is read once more.
    fn no_marker(&mut self, trouble: fn() -> Trouble, take: Take<'_>) -> Result<(), Trouble> {
        if self.csv.is_none() {
            return Err(trouble());
        }
        let returned = self.open == Open::DotReturn;
        self.open = Open::Nothing;
        self.byte(b'.', take)?;
        if returned { self.byte(b'\r', take) } else { Ok(()) }
    }

    fn complete(&mut self, take: Take<'_>) -> Result<(), Trouble> {
        take(&self.line)?;
        self.line.clear();
        self.first = true;
        self.quoted = false;
        self.escaped = false;
        Ok(())
    }

    fn literal(&self, what: &str, escape: &str) -> Trouble {
        match self.csv {
            None => {
                Trouble::format(&format!("literal {what} found in data"), Some(format!("Use \"{escape}\" to represent {what}.")))
            }
            Some(_) => Trouble::format(
                &format!("unquoted {what} found in data"),
                Some(format!("Use quoted CSV field to represent {what}.")),
            ),
        }
    }
}

fn too_long() -> Trouble {
    let message = "a row of COPY is longer than pgmoat takes";
    Trouble::Refused(
        Refusal::new(SqlState::PROGRAM_LIMIT_EXCEEDED, Rule::Bounds, message)
            .with_hint("Send the row by INSERT, with parameters."),
    )
}

fn corrupt() -> Trouble {
    Trouble::format("end-of-copy marker corrupt", None)
}

fn mismatch() -> Trouble {
    Trouble::format("end-of-copy marker does not match previous newline style", None)
}
