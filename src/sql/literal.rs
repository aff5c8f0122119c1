//! The inside of quoted things: where a string or quoted identifier ends, and what it stands for.
//! It does not know which token begins where; the lexer calls it after an opening quote.
//!
//! One walk serves both purposes, finding the end and decoding, so the two cannot disagree: the [`Sink`] decides whether the
//! contents are kept. The rules are those of `scan.l` (states xq, xe, xb, xh, xus, xd, xui) and of `parser.c` (`str_udeescape`).

use std::borrow::Cow;

/// Most bytes of an identifier that count (NAMEDATALEN - 1).
pub const MAX_IDENT: usize = 63;

/// What a quoted thing's walk is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Style {
    /// `'..'`, `N'..'`, `U&'..'`: a doubled quote is a quote.
    Plain,
    /// `E'..'`: also backslash escapes.
    Escape,
    /// `B'..'`, `X'..'`: no quote inside.
    Bits,
}

/// Why a quoted thing is not one; the offset is where the error points.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Flaw {
    /// The closing quote is missing.
    Unterminated,
    /// PostgreSQL's message for a bad escape, at this byte offset.
    Escape(&'static str, usize),
    /// The decoded bytes are not UTF-8 text without NUL.
    Encoding,
}

/// Takes a string's contents as they are decoded.
pub(crate) trait Sink {
    /// Takes the next bytes.
    fn put(&mut self, bytes: &[u8]);
}

/// Drops the contents: only the end is wanted.
pub(crate) struct Nowhere;

impl Sink for Nowhere {
    #[inline]
    fn put(&mut self, _bytes: &[u8]) {}
}

impl Sink for Vec<u8> {
    #[inline]
    fn put(&mut self, bytes: &[u8]) {
        self.extend_from_slice(bytes);
    }
}

/// `scan.l` {space}, as of PostgreSQL 16 with the vertical tab.
#[inline]
pub(crate) const fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | 0x0b | 0x0c)
}

/// Where a string goes on after its closing quote at `at - 1` (`scan.l` {quotecontinue}): the offset after the next opening quote,
/// if only white space with at least one newline, and comments, stand between.
fn continuation(bytes: &[u8], mut at: usize) -> Option<usize> {
    let mut newline = false;
    loop {
        let byte = *bytes.get(at)?;
        if is_space(byte) {
            newline |= byte == b'\n' || byte == b'\r';
            at += 1;
        } else if byte == b'-' && bytes.get(at + 1) == Some(&b'-') {
            at += bytes.get(at..)?.iter().position(|&b| b == b'\n' || b == b'\r')?;
        } else if byte == b'\'' && newline {
            return Some(at + 1);
        } else {
            return None;
        }
    }
}

/// Walks a string from after its opening quote; returns the offset after its last closing quote.
pub(crate) fn string_end<S: Sink>(bytes: &[u8], start: usize, style: Style, sink: &mut S) -> Result<usize, Flaw> {
    let mut at = start;
    let mut kept = start; // contents before this offset are in the sink
    loop {
        let rest = bytes.get(at..).ok_or(Flaw::Unterminated)?;
        let escapes = style == Style::Escape;
        at += rest.iter().position(|&b| b == b'\'' || (b == b'\\' && escapes)).ok_or(Flaw::Unterminated)?;
        sink.put(bytes.get(kept..at).unwrap_or_default());
        if bytes.get(at) == Some(&b'\\') {
            at = escape(bytes, at, sink)?;
        } else if style != Style::Bits && bytes.get(at + 1) == Some(&b'\'') {
            sink.put(b"'");
            at += 2;
        } else {
            match continuation(bytes, at + 1) {
                Some(next) => at = next,
                None => return Ok(at + 1),
            }
        }
        kept = at;
    }
}

/// Walks one backslash escape of an `E'..'` string; returns the offset after it.
fn escape<S: Sink>(bytes: &[u8], at: usize, sink: &mut S) -> Result<usize, Flaw> {
    let Some(&byte) = bytes.get(at + 1) else { return Err(Flaw::Unterminated) };
    let mut after = at + 2;
    let decoded = match byte {
        b'b' => 0x08,
        b'f' => 0x0c,
        b'n' => b'\n',
        b'r' => b'\r',
        b't' => b'\t',
        b'v' => 0x0b,
        b'0'..=b'7' => {
            let (value, end) = digits(bytes, at + 1, 3, 8);
            after = end;
            (value & 0xff) as u8
        }
        b'x' => {
            let (value, end) = digits(bytes, at + 2, 2, 16);
            if end == at + 2 {
                b'x'
            } else {
                after = end;
                value as u8
            }
        }
        b'u' | b'U' => return unicode_escape(bytes, at, sink),
        other => other,
    };
    sink.put(&[decoded]);
    Ok(after)
}

/// The value of up to `most` digits in this base, and the offset after them.
fn digits(bytes: &[u8], start: usize, most: usize, base: u32) -> (u32, usize) {
    let mut value = 0_u32;
    let mut at = start;
    while at < start + most {
        let Some(digit) = bytes.get(at).and_then(|&b| char::from(b).to_digit(base)) else { break };
        value = value.wrapping_mul(base).wrapping_add(digit);
        at += 1;
    }
    (value, at)
}

/// `\uXXXX` or `\UXXXXXXXX` at `at`: its value and the offset after it.
fn unicode_digits(bytes: &[u8], at: usize) -> Option<(u32, usize)> {
    let most = match (bytes.get(at), bytes.get(at + 1)) {
        (Some(b'\\'), Some(b'u')) => 4,
        (Some(b'\\'), Some(b'U')) => 8,
        (_, _) => return None,
    };
    let (value, end) = digits(bytes, at + 2, most, 16);
    (end == at + 2 + most).then_some((value, end))
}

const BAD_PAIR: &str = "invalid Unicode surrogate pair";
const BAD_ESCAPE: &str = "invalid Unicode escape";
const BAD_VALUE: &str = "invalid Unicode escape value";

const fn is_first(c: u32) -> bool {
    0xD800 <= c && c <= 0xDBFF
}

const fn is_second(c: u32) -> bool {
    0xDC00 <= c && c <= 0xDFFF
}

const fn pair(first: u32, second: u32) -> u32 {
    ((first & 0x3FF) << 10) + 0x10000 + (second & 0x3FF)
}

fn put_char<S: Sink>(c: u32, at: usize, sink: &mut S) -> Result<(), Flaw> {
    let c = char::from_u32(c).filter(|&c| c != '\0').ok_or(Flaw::Escape(BAD_VALUE, at))?;
    sink.put(c.encode_utf8(&mut [0; 4]).as_bytes());
    Ok(())
}

fn unicode_escape<S: Sink>(bytes: &[u8], at: usize, sink: &mut S) -> Result<usize, Flaw> {
    let (value, end) = unicode_digits(bytes, at).ok_or(Flaw::Escape(BAD_ESCAPE, at))?;
    if is_second(value) {
        return Err(Flaw::Escape(BAD_PAIR, at));
    }
    if !is_first(value) {
        put_char(value, at, sink)?;
        return Ok(end);
    }
    match unicode_digits(bytes, end) {
        Some((second, after)) if is_second(second) => {
            put_char(pair(value, second), at, sink)?;
            Ok(after)
        }
        Some((_, _)) | None => Err(Flaw::Escape(BAD_PAIR, end)),
    }
}

/// Walks a quoted identifier from after its opening quote; returns the offset after its closing one.
pub(crate) fn ident_end<S: Sink>(bytes: &[u8], start: usize, sink: &mut S) -> Result<usize, Flaw> {
    let mut at = start;
    loop {
        let rest = bytes.get(at..).ok_or(Flaw::Unterminated)?;
        let quote = at + rest.iter().position(|&b| b == b'"').ok_or(Flaw::Unterminated)?;
        sink.put(bytes.get(at..quote).unwrap_or_default());
        if bytes.get(quote + 1) != Some(&b'"') {
            return Ok(quote + 1);
        }
        sink.put(b"\"");
        at = quote + 2;
    }
}

/// The delimiter `$tag$` that begins at `at` (`scan.l` {dolqdelim}): the offset after it.
pub(crate) fn dollar_delimiter(bytes: &[u8], at: usize) -> Option<usize> {
    let mut end = at + 1;
    loop {
        match *bytes.get(end)? {
            b'$' => return Some(end + 1),
            b'0'..=b'9' if end == at + 1 => return None,
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'_' | 0x80..=0xff => end += 1,
            _other_byte => return None,
        }
    }
}

/// Where the dollar string whose delimiter is `at..body` ends: the offset of its closing delimiter.
///
/// A plain search is exact: every `$` of the body is tried as the start of a delimiter by `scan.l` as well.
pub(crate) fn dollar_close(text: &str, at: usize, body: usize) -> Option<usize> {
    let delimiter = text.get(at..body)?;
    text.get(body..)?.find(delimiter).map(|offset| body + offset)
}

/// Whether this byte may be the character of a UESCAPE clause.
pub(crate) const fn is_uescape(byte: u8) -> bool {
    !(byte.is_ascii_hexdigit() || matches!(byte, b'+' | b'\'' | b'"') || is_space(byte))
}

/// Decodes the contents of `U&'..'` or `U&".."`, quotes already un-doubled (`parser.c`, `str_udeescape`).
pub(crate) fn decode_unicode(contents: &[u8], escape: u8) -> Result<Vec<u8>, Flaw> {
    let mut out = Vec::with_capacity(contents.len());
    let mut first: Option<u32> = None;
    let mut at = 0;
    while let Some(&byte) = contents.get(at) {
        let next = contents.get(at + 1).copied();
        if byte != escape || next == Some(escape) {
            if first.is_some() {
                return Err(Flaw::Escape(BAD_PAIR, at));
            }
            out.push(byte);
            at += if byte == escape { 2 } else { 1 };
            continue;
        }
        let (start, most) = if next == Some(b'+') { (at + 2, 6) } else { (at + 1, 4) };
        let (value, end) = digits(contents, start, most, 16);
        if end != start + most {
            return Err(Flaw::Escape(BAD_ESCAPE, at));
        }
        match (first.take(), is_first(value), is_second(value)) {
            (None, true, _) => first = Some(value),
            (None, false, false) => put_char(value, at, &mut out)?,
            (Some(high), _, true) => put_char(pair(high, value), at, &mut out)?,
            (None, false, true) | (Some(_), _, false) => return Err(Flaw::Escape(BAD_PAIR, at)),
        }
        at = end;
    }
    if first.is_some() { Err(Flaw::Escape(BAD_PAIR, at)) } else { Ok(out) }
}

/// Cuts a name to what PostgreSQL keeps of it: 63 bytes, on a character boundary.
#[must_use]
pub fn truncate(name: &str) -> &str {
    name.get(..name.floor_char_boundary(MAX_IDENT)).unwrap_or(name)
}

/// An unquoted identifier as PostgreSQL sees it: ASCII letters in lower case, cut to 63 bytes.
#[must_use]
pub fn fold(word: &str) -> Cow<'_, str> {
    let word = truncate(word);
    if word.bytes().any(|b| b.is_ascii_uppercase()) { Cow::Owned(word.to_ascii_lowercase()) } else { Cow::Borrowed(word) }
}

/// Text from bytes that the lexer has found to be UTF-8.
pub(crate) fn into_text(bytes: Vec<u8>) -> String {
    // The lexer refused the text if this were lossy; replacing is the harmless way out of a contradiction.
    String::from_utf8(bytes).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
}
