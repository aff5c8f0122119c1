//! The fields of one line of text or CSV data, decoded as PostgreSQL 15 does it (`CopyReadAttributesText`, `CopyReadAttributesCSV`), and
//! written as text data that can be read in one way only. It does not know what the fields mean.

use super::incoming::Trouble;
use super::options::{Format, Options};
use std::ops::Range;

/// The fields of a line; the room is used again for the next one.
#[derive(Debug, Default)]
pub(super) struct Fields {
    bytes: Vec<u8>,
    /// Where each field is in the bytes; `None` is NULL.
    places: Vec<Option<Range<usize>>>,
}

impl Fields {
    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.places.len()
    }

    /// A field; `None` when there is none, `Some(None)` when it is NULL.
    pub(super) fn get(&self, i: usize) -> Option<Option<&[u8]>> {
        let place = self.places.get(i)?;
        Some(place.as_ref().map(|p| self.bytes.get(p.clone()).unwrap_or_default()))
    }

    /// Makes a field NULL.
    pub(super) fn clear(&mut self, i: usize) {
        if let Some(place) = self.places.get_mut(i) {
            *place = None;
        }
    }

    /// Gives a field another value.
    pub(super) fn set(&mut self, i: usize, value: &[u8]) {
        let start = self.bytes.len();
        self.bytes.extend_from_slice(value);
        if let Some(place) = self.places.get_mut(i) {
            *place = Some(start..self.bytes.len());
        }
    }

    /// Decodes a line.
    pub(super) fn read(&mut self, line: &[u8], options: &Options) -> Result<(), Trouble> {
        self.bytes.clear();
        self.places.clear();
        match options.format {
            Format::Csv => self.csv(line, options),
            Format::Text | Format::Binary => {
                self.text(line, options);
                Ok(())
            }
        }
    }

    fn text(&mut self, line: &[u8], options: &Options) {
        let (delimiter, null) = (options.delimiter(), options.null().as_bytes());
        let mut at = 0;
        loop {
            let (start, from) = (self.bytes.len(), at);
            let mut delimited = false;
            let mut end;
            loop {
                let rest = line.get(at..).unwrap_or_default();
                let run = rest.iter().position(|b| *b == delimiter || *b == b'\\').unwrap_or(rest.len());
                self.bytes.extend_from_slice(rest.get(..run).unwrap_or_default());
                at += run;
                end = at;
                let Some(&byte) = line.get(at) else { break };
                at += 1;
                if byte == delimiter {
                    delimited = true;
                    break;
                }
                // A backslash at the very end stands for nothing.
                let Some((decoded, length)) = line.get(at..).and_then(escape) else { break };
                self.bytes.push(decoded);
                at += length;
            }
            // The NULL string is looked for in what was sent, not in what it means.
            let is_null = line.get(from..end) == Some(null);
            self.places.push((!is_null).then_some(start..self.bytes.len()));
            if !delimited {
                return;
            }
        }
    }

    fn csv(&mut self, line: &[u8], options: &Options) -> Result<(), Trouble> {
        let (delimiter, null) = (options.delimiter(), options.null().as_bytes());
        let (quote, escape) = options.quote_and_escape();
        let mut at = 0;
        loop {
            let (start, from) = (self.bytes.len(), at);
            let (mut delimited, mut saw_quote, mut inside) = (false, false, false);
            let mut end = at;
            while let Some(&byte) = line.get(at) {
                at += 1;
                if !inside {
                    if byte == delimiter {
                        delimited = true;
                        break;
                    }
                    end = at;
                    if byte == quote {
                        saw_quote = true;
                        inside = true;
                    } else {
                        self.bytes.push(byte);
                    }
                    continue;
                }
                end = at;
                if byte == escape
                    && let Some(&next) = line.get(at)
                    && (next == escape || next == quote)
                {
                    self.bytes.push(next);
                    at += 1;
                    end = at;
                } else if byte == quote {
                    inside = false;
                } else {
                    self.bytes.push(byte);
                }
            }
            if inside {
                return Err(Trouble::format("unterminated CSV quoted field", None));
            }
            let is_null = !saw_quote && line.get(from..end) == Some(null);
            self.places.push((!is_null).then_some(start..self.bytes.len()));
            if !delimited {
                return Ok(());
            }
        }
    }
}

/// Whether the fields of a line of text, with tabs between them and `\N` for NULL, are written just as [`write`] would: its only backslashes
/// are those of NULLs.
pub(super) fn are_plain(line: &[u8]) -> bool {
    memchr::memchr_iter(b'\\', line).all(|at| {
        let begins = at.checked_sub(1).is_none_or(|before| line.get(before) == Some(&b'\t'));
        let ends = matches!(line.get(at..), Some([b'\\', b'N'] | [b'\\', b'N', b'\t', ..]));
        begins && ends
    })
}

/// What stands behind a backslash: the byte that is meant, and how many bytes say so.
fn escape(rest: &[u8]) -> Option<(u8, usize)> {
    let (&first, rest) = rest.split_first()?;
    let digit = |i: usize, radix: u32| rest.get(i).and_then(|b| char::from(*b).to_digit(radix));
    let number = |first: u32, from: usize, most: usize, radix: u32| {
        let mut value = first;
        let mut length = from;
        while length < most
            && let Some(d) = digit(length, radix)
        {
            value = value.wrapping_mul(radix).wrapping_add(d);
            length += 1;
        }
        // As in C: what does not fit a byte is cut off.
        (value.to_le_bytes().first().copied().unwrap_or_default(), length + 1)
    };
    Some(match first {
        b'0'..=b'7' => number(u32::from(first - b'0'), 0, 2, 8),
        b'x' => match digit(0, 16) {
            Some(high) => number(high, 1, 2, 16),
            None => (b'x', 1),
        },
        b'b' => (0x08, 1),
        b'f' => (0x0c, 1),
        b'n' => (b'\n', 1),
        b'r' => (b'\r', 1),
        b't' => (b'\t', 1),
        b'v' => (0x0b, 1),
        other => (other, 1),
    })
}

/// Writes a field as text data.
pub(super) fn write(field: Option<&[u8]>, out: &mut Vec<u8>) {
    let Some(mut rest) = field else {
        out.extend_from_slice(b"\\N");
        return;
    };
    while let Some(at) = rest.iter().position(|b| matches!(b, b'\\' | b'\t' | b'\n' | b'\r')) {
        let (run, tail) = rest.split_at_checked(at).unwrap_or((rest, &[]));
        out.extend_from_slice(run);
        let Some((&byte, tail)) = tail.split_first() else { return };
        out.push(b'\\');
        out.push(match byte {
            b'\t' => b't',
            b'\n' => b'n',
            b'\r' => b'r',
            other => other,
        });
        rest = tail;
    }
    out.extend_from_slice(rest);
}
