//! The lexer: a port of the rules of PostgreSQL 18's `scan.l`, for UTF-8 text with `standard_conforming_strings` on.
//! It does not know the grammar; of `parser.c` it does only the UESCAPE look-ahead, as PostgreSQL does before its grammar sees a token.
//!
//! It never recurses, and it stops at the bounds before anything that does. Differences between servers that the text cannot hide:
//! PostgreSQL 15 has no vertical tab as white space (we drop white space), and no `0x1F` or `1_000` (we print numbers as read, and it
//! refuses them).

use super::keyword::{HASH_START, Keyword, hash_step};
use super::literal::{self, Flaw, Nowhere, Style};
use super::nesting::Nesting;
use super::token::{Bounds, Kind, Token};
use super::value::{decoded, uescape_character};
use crate::error::{Refusal, Rule, SqlState};

/// What a byte can begin.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Space,
    Ident,
    Digit,
    Quote,
    DoubleQuote,
    Dollar,
    Dot,
    Colon,
    /// `( ) [ ] , ;`
    Mark,
    /// A character of operators.
    Op,
    Other,
}

static CLASSES: [Class; 256] = classes();

const fn classes() -> [Class; 256] {
    let mut table = [Class::Other; 256];
    let mut i = 0;
    while i < 256 {
        table[i] = match i as u8 {
            b' ' | b'\t' | b'\n' | b'\r' | 0x0b | 0x0c => Class::Space,
            b'A'..=b'Z' | b'a'..=b'z' | b'_' | 0x80..=0xff => Class::Ident,
            b'0'..=b'9' => Class::Digit,
            b'\'' => Class::Quote,
            b'"' => Class::DoubleQuote,
            b'$' => Class::Dollar,
            b'.' => Class::Dot,
            b':' => Class::Colon,
            b'(' | b')' | b'[' | b']' | b',' | b';' => Class::Mark,
            b'~' | b'!' | b'@' | b'#' | b'^' | b'&' | b'|' | b'`' | b'?' | b'+' | b'-' | b'*' | b'/' | b'%' | b'<' | b'>'
            | b'=' => Class::Op,
            _other_byte => Class::Other,
        };
        i += 1;
    }
    table
}

#[inline]
fn class(byte: u8) -> Class {
    CLASSES[byte as usize]
}

/// `scan.l` {ident_cont}.
#[inline]
fn continues_ident(byte: u8) -> bool {
    matches!(class(byte), Class::Ident | Class::Digit | Class::Dollar)
}

/// Lexes a whole text into `out`, whose former contents are dropped and whose memory is used again.
///
/// # Errors
/// 42601 with PostgreSQL's wording, literal contents left out, where its scanner refuses; 22021 for text that is not UTF-8 without
/// NUL once decoded; 54000 and 54001 over the bounds.
pub fn lex_into(text: &str, bounds: &Bounds, out: &mut Vec<Token>) -> Result<(), Refusal> {
    out.clear();
    if text.len() > bounds.max_bytes || u32::try_from(text.len()).is_err() {
        let message = format!("statement is longer than {} bytes", bounds.max_bytes);
        return Err(Refusal::new(SqlState::PROGRAM_LIMIT_EXCEEDED, Rule::Bounds, message));
    }
    // Asked first without the place: that looks at many bytes at once.
    if text.as_bytes().contains(&0) {
        return Err(not_utf8("0x00", text.bytes().position(|byte| byte == 0).unwrap_or(0)));
    }
    let mut lexer = Lexer { text, bytes: text.as_bytes(), at: 0 };
    let mut nesting = Nesting::default();
    let mut unicode = false;
    while let Some(token) = lexer.next_token()? {
        if out.len() >= bounds.max_tokens {
            let message = format!("statement has more than {} tokens", bounds.max_tokens);
            return Err(Refusal::new(SqlState::PROGRAM_LIMIT_EXCEEDED, Rule::Bounds, message).at(token.start));
        }
        if nesting.see(token.kind, token.keyword) {
            within(&nesting, bounds).map_err(|refusal| refusal.at(token.start))?;
        }
        unicode |= matches!(token.kind, Kind::UnicodeIdent | Kind::UnicodeString);
        out.push(token);
    }
    if nesting.height() as usize > bounds.max_chain {
        let message = format!("statement chains more than {} operators", bounds.max_chain);
        return Err(Refusal::new(SqlState::STATEMENT_TOO_COMPLEX, Rule::Bounds, message));
    }
    if unicode { join_uescape(text, out) } else { Ok(()) }
}

/// Checks what was seen so far against the bounds.
fn within(nesting: &Nesting, bounds: &Bounds) -> Result<(), Refusal> {
    let message = if nesting.depth() > bounds.max_depth {
        format!("statement is nested deeper than {} levels", bounds.max_depth)
    } else if nesting.joins() > bounds.max_joins {
        format!("statement has more than {} joins", bounds.max_joins)
    } else if nesting.naturals() > bounds.max_naturals {
        format!("statement has more than {} natural joins", bounds.max_naturals)
    } else if nesting.dots() > bounds.max_dots {
        format!("name has more than {} dots", bounds.max_dots)
    } else {
        return Ok(());
    };
    Err(Refusal::new(SqlState::STATEMENT_TOO_COMPLEX, Rule::Bounds, message))
}

pub(crate) struct Lexer<'a> {
    pub(crate) text: &'a str,
    pub(crate) bytes: &'a [u8],
    pub(crate) at: usize,
}

impl Lexer<'_> {
    /// The byte at an offset; 0, which no text has, after the end.
    #[inline]
    fn peek(&self, at: usize) -> u8 {
        self.bytes.get(at).copied().unwrap_or(0)
    }

    #[inline]
    pub(crate) fn next_token(&mut self) -> Result<Option<Token>, Refusal> {
        loop {
            // Spaces and words are most of a text: the two tests are cheaper than the way through the match.
            while self.peek(self.at) == b' ' {
                self.at += 1;
            }
            let start = self.at;
            let Some(&byte) = self.bytes.get(start) else { return Ok(None) };
            let class = class(byte);
            if class == Class::Ident {
                let (kind, keyword) = self.word(start)?;
                return Ok(Some(self.token(kind, keyword, start)));
            }
            let kind = match class {
                Class::Space => {
                    self.at += 1;
                    continue;
                }
                Class::Digit => self.number(start)?,
                Class::Quote => self.string(start, 1, Style::Plain, Kind::String)?,
                Class::DoubleQuote => self.quoted_ident(start, 1, Kind::QuotedIdent)?,
                Class::Dollar => self.dollar(start)?,
                Class::Dot => match self.peek(start + 1) {
                    b'.' => self.take(2, Kind::DotDot),
                    b'0'..=b'9' => self.number(start)?,
                    _other_byte => self.take(1, Kind::Char(byte)),
                },
                Class::Colon => match self.peek(start + 1) {
                    b':' => self.take(2, Kind::TypeCast),
                    b'=' => self.take(2, Kind::ColonEquals),
                    _other_byte => self.take(1, Kind::Char(byte)),
                },
                Class::Op => match (byte, self.peek(start + 1)) {
                    (b'-', b'-') => {
                        self.line_comment();
                        continue;
                    }
                    (b'/', b'*') => {
                        self.block_comment(start)?;
                        continue;
                    }
                    (_, _) => self.operator(start)?,
                },
                Class::Mark | Class::Other | Class::Ident => self.take(1, Kind::Char(byte)),
            };
            return Ok(Some(self.token(kind, None, start)));
        }
    }

    /// The token from `start` to here.
    #[inline]
    fn token(&self, kind: Kind, keyword: Option<Keyword>, start: usize) -> Token {
        // both fit: the text's length does
        Token { kind, keyword, start: start as u32, end: self.at as u32 }
    }

    #[inline]
    fn take(&mut self, length: usize, kind: Kind) -> Kind {
        self.at += length;
        kind
    }

    fn line_comment(&mut self) {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        self.at += rest.iter().position(|&b| b == b'\n' || b == b'\r').unwrap_or(rest.len());
    }

    fn block_comment(&mut self, start: usize) -> Result<(), Refusal> {
        let mut depth = 1_usize;
        self.at += 2;
        while depth > 0 {
            match (self.bytes.get(self.at), self.peek(self.at + 1)) {
                (None, _) => return Err(syntax("unterminated /* comment at or near \"/*\"", start)),
                (Some(b'/'), b'*') => {
                    depth += 1;
                    self.at += 2;
                }
                (Some(b'*'), b'/') => {
                    depth -= 1;
                    self.at += 2;
                }
                (Some(_), _) => self.at += 1,
            }
        }
        Ok(())
    }

    /// An identifier, a keyword, or a string whose prefix is a letter.
    #[inline]
    fn word(&mut self, start: usize) -> Result<(Kind, Option<Keyword>), Refusal> {
        let mut hash = HASH_START;
        let mut end = start;
        for &byte in self.bytes.get(start..).unwrap_or_default() {
            if !continues_ident(byte) {
                break;
            }
            hash = hash_step(hash, byte);
            end += 1;
        }
        if end == start + 1
            && let Some(kind) = self.prefixed(start)?
        {
            return Ok((kind, None));
        }
        self.at = end;
        Ok((Kind::Word, Keyword::lookup_hashed(self.bytes.get(start..end).unwrap_or_default(), hash)))
    }

    /// `B'` `X'` `N'` `E'` `U&'` `U&"`, if the one-letter word at `start` is one of their prefixes.
    fn prefixed(&mut self, start: usize) -> Result<Option<Kind>, Refusal> {
        let kind = match (self.peek(start), self.peek(start + 1), self.peek(start + 2)) {
            (b'b' | b'B', b'\'', _) => self.string(start, 2, Style::Bits, Kind::BitString)?,
            (b'x' | b'X', b'\'', _) => self.string(start, 2, Style::Bits, Kind::HexString)?,
            (b'n' | b'N', b'\'', _) => self.string(start, 2, Style::Plain, Kind::NationalString)?,
            (b'e' | b'E', b'\'', _) => self.string(start, 2, Style::Escape, Kind::EscapeString)?,
            (b'u' | b'U', b'&', b'\'') => self.string(start, 3, Style::Plain, Kind::UnicodeString)?,
            (b'u' | b'U', b'&', b'"') => self.quoted_ident(start, 3, Kind::UnicodeIdent)?,
            (_, _, _) => return Ok(None),
        };
        Ok(Some(kind))
    }

    fn string(&mut self, start: usize, prefix: usize, style: Style, kind: Kind) -> Result<Kind, Refusal> {
        let body = start + prefix;
        let end = literal::string_end(self.bytes, body, style, &mut Nowhere);
        self.at = end.map_err(|flaw| self.flawed(flaw, start, prefix, kind))?;
        if kind == Kind::EscapeString && self.bytes.get(body..self.at).unwrap_or_default().contains(&b'\\') {
            // an escape may have made bytes that are not UTF-8, or NUL
            let mut decoded = Vec::new();
            let checked = literal::string_end(self.bytes, body, style, &mut decoded);
            checked.map_err(|flaw| self.flawed(flaw, start, prefix, kind))?;
            if decoded.contains(&0) || std::str::from_utf8(&decoded).is_err() {
                return Err(self.flawed(Flaw::Encoding, start, prefix, kind));
            }
        }
        Ok(kind)
    }

    fn quoted_ident(&mut self, start: usize, prefix: usize, kind: Kind) -> Result<Kind, Refusal> {
        let end = literal::ident_end(self.bytes, start + prefix, &mut Nowhere);
        self.at = end.map_err(|flaw| self.flawed(flaw, start, prefix, kind))?;
        if self.at == start + prefix + 1 {
            return Err(syntax("zero-length delimited identifier at or near \"\"\"\"", start));
        }
        Ok(kind)
    }

    /// PostgreSQL's message for a flaw, with the opening of the literal in place of its contents.
    fn flawed(&self, flaw: Flaw, start: usize, prefix: usize, kind: Kind) -> Refusal {
        let what = match kind {
            Kind::QuotedIdent | Kind::UnicodeIdent => "quoted identifier",
            Kind::BitString => "bit string literal",
            Kind::HexString => "hexadecimal string literal",
            Kind::DollarString => "dollar-quoted string",
            Kind::Word
            | Kind::Param
            | Kind::Integer
            | Kind::Float
            | Kind::String
            | Kind::EscapeString
            | Kind::NationalString
            | Kind::UnicodeString
            | Kind::Operator
            | Kind::TypeCast
            | Kind::DotDot
            | Kind::ColonEquals
            | Kind::EqualsGreater
            | Kind::LessEquals
            | Kind::GreaterEquals
            | Kind::NotEquals
            | Kind::Char(_) => "quoted string",
        };
        match flaw {
            Flaw::Unterminated => {
                let opening = self.text.get(start..start + prefix).unwrap_or_default();
                syntax(&format!("unterminated {what} at or near \"{opening}\""), start)
            }
            Flaw::Escape(message, at) => syntax(message, at),
            Flaw::Encoding => not_utf8("an escape in a string", start),
        }
    }

    fn dollar(&mut self, start: usize) -> Result<Kind, Refusal> {
        let first = self.peek(start + 1);
        if first.is_ascii_digit() {
            return self.param(start);
        }
        let Some(body) = literal::dollar_delimiter(self.bytes, start) else {
            return Ok(self.take(1, Kind::Char(b'$')));
        };
        let close = literal::dollar_close(self.text, start, body);
        let close = close.ok_or(Flaw::Unterminated).map_err(|f| self.flawed(f, start, body - start, Kind::DollarString))?;
        self.at = close + (body - start);
        Ok(Kind::DollarString)
    }

    fn param(&mut self, start: usize) -> Result<Kind, Refusal> {
        let digits = self.bytes.get(start + 1..).unwrap_or_default().iter().take_while(|b| b.is_ascii_digit()).count();
        let end = start + 1 + digits;
        if class(self.peek(end)) == Class::Ident {
            return Err(syntax("trailing junk after parameter", start));
        }
        let number = self.text.get(start + 1..end).unwrap_or_default();
        if number.parse::<i32>().is_err() {
            return Err(syntax(&format!("parameter number too large at or near \"${number}\""), start));
        }
        Ok(self.take(end - start, Kind::Param))
    }

    /// `scan.l` {decinteger} from a digit: the offset after it.
    fn digits(&self, mut at: usize) -> usize {
        while self.peek(at).is_ascii_digit() || (self.peek(at) == b'_' && self.peek(at + 1).is_ascii_digit()) {
            at += 1;
        }
        at
    }

    fn number(&mut self, start: usize) -> Result<Kind, Refusal> {
        let junk = || syntax("trailing junk after numeric literal", start);
        if self.peek(start) == b'0' {
            let radix = match self.peek(start + 1) {
                b'x' | b'X' => Some((16, "hexadecimal")),
                b'o' | b'O' => Some((8, "octal")),
                b'b' | b'B' => Some((2, "binary")),
                _other_byte => None,
            };
            if let Some((radix, name)) = radix {
                return self.radix_number(start, radix, name);
            }
        }
        let mut end = start;
        let mut kind = Kind::Integer;
        if self.peek(end) != b'.' {
            end = self.digits(end);
        }
        if self.peek(end) == b'.' && self.peek(end + 1) != b'.' {
            kind = Kind::Float;
            end += 1;
            if self.peek(end).is_ascii_digit() {
                end = self.digits(end);
            }
        }
        if matches!(self.peek(end), b'e' | b'E') {
            let signed = matches!(self.peek(end + 1), b'+' | b'-');
            let exponent = end + 1 + usize::from(signed);
            if !self.peek(exponent).is_ascii_digit() {
                return Err(junk());
            }
            end = self.digits(exponent);
            kind = Kind::Float;
        }
        // "number, then identifier": the identifier may begin inside, at an underscore or an exponent's letter, and match further over a `$`
        let word = |byte: &&u8| matches!(class(**byte), Class::Ident | Class::Digit);
        let mut tail = self.bytes.get(start..end).unwrap_or_default().iter().rev().take_while(word);
        if class(self.peek(end)) == Class::Ident || (self.peek(end) == b'$' && tail.any(|&byte| class(byte) == Class::Ident)) {
            return Err(junk());
        }
        self.at = end;
        if kind == Kind::Integer && !fits_i32(self.bytes.get(start..end).unwrap_or_default(), 10) {
            kind = Kind::Float;
        }
        Ok(kind)
    }

    fn radix_number(&mut self, start: usize, radix: u32, name: &str) -> Result<Kind, Refusal> {
        let is_digit = |byte: u8| char::from(byte).is_digit(radix);
        let body = start + 2;
        let mut end = body;
        while is_digit(self.peek(end)) || (self.peek(end) == b'_' && is_digit(self.peek(end + 1))) {
            end += 1;
        }
        if end == body && !continues_ident(self.peek(body)) {
            return Err(syntax(&format!("invalid {name} integer"), start));
        }
        // the rule "number, then identifier" matches the whole word from the `x` on, `$` included
        if end == body || continues_ident(self.peek(end)) {
            return Err(syntax("trailing junk after numeric literal", start));
        }
        self.at = end;
        let fits = fits_i32(self.bytes.get(body..end).unwrap_or_default(), radix);
        Ok(if fits { Kind::Integer } else { Kind::Float })
    }

    fn operator(&mut self, start: usize) -> Result<Kind, Refusal> {
        let rest = self.bytes.get(start..).unwrap_or_default();
        let run = rest.iter().take_while(|&&b| class(b) == Class::Op).count();
        let run = rest.get(..run).unwrap_or_default();
        // a comment start ends the operator
        let comment = run.windows(2).position(|two| two == b"/*" || two == b"--");
        let mut length = comment.unwrap_or(run.len());
        // a trailing + or - belongs to it only if it has a character that SQL's own operators have not
        let is_sign = |at: usize| matches!(run.get(at), Some(b'+' | b'-'));
        if length > 1 && is_sign(length - 1) {
            let rare = |b: &u8| matches!(b, b'~' | b'!' | b'@' | b'#' | b'^' | b'&' | b'|' | b'`' | b'?' | b'%');
            if !run.iter().take(length - 1).any(rare) {
                while length > 1 && is_sign(length - 1) {
                    length -= 1;
                }
            }
        }
        let kind = match run.get(..length).unwrap_or_default() {
            &[single @ (b'+' | b'-' | b'*' | b'/' | b'%' | b'^' | b'<' | b'>' | b'=')] => Kind::Char(single),
            b"=>" => Kind::EqualsGreater,
            b"<=" => Kind::LessEquals,
            b">=" => Kind::GreaterEquals,
            b"<>" | b"!=" => Kind::NotEquals,
            operator if operator.len() > literal::MAX_IDENT => return Err(syntax("operator too long", start)),
            _any_other_operator => Kind::Operator,
        };
        Ok(self.take(length, kind))
    }
}

/// Whether digits with underscores are at most 2147483647 (`pg_strtoint32_safe`).
fn fits_i32(digits: &[u8], radix: u32) -> bool {
    let mut value = 0_u64;
    for &byte in digits {
        if let Some(digit) = char::from(byte).to_digit(radix) {
            value = value * u64::from(radix) + u64::from(digit);
            if value > i32::MAX as u64 {
                return false;
            }
        }
    }
    true
}

/// `parser.c`, `base_yylex`: a UESCAPE clause belongs to the `U&` token before it; decodes each `U&` token once to check it.
fn join_uescape(text: &str, tokens: &mut Vec<Token>) -> Result<(), Refusal> {
    let mut kept = 0;
    let mut at = 0;
    while let Some(&token) = tokens.get(at) {
        at += 1;
        let mut token = token;
        if matches!(token.kind, Kind::UnicodeIdent | Kind::UnicodeString) {
            let mut escape = b'\\';
            if tokens.get(at).is_some_and(|next| next.keyword == Some(Keyword::Uescape)) {
                let clause = tokens.get(at + 1).copied();
                let (character, end) = uescape_character(text, clause, token.start)?;
                (escape, token.end) = (character, end);
                at += 2;
            }
            decoded(text, token, escape)?;
        }
        if let Some(slot) = tokens.get_mut(kept) {
            *slot = token;
        }
        kept += 1;
    }
    tokens.truncate(kept);
    Ok(())
}

pub(crate) fn syntax(message: &str, at: usize) -> Refusal {
    Refusal::new(SqlState::SYNTAX_ERROR, Rule::Syntax, message).at(u32::try_from(at).unwrap_or(u32::MAX))
}

fn not_utf8(what: &str, at: usize) -> Refusal {
    let message = format!("invalid byte sequence for encoding \"UTF8\": {what}");
    Refusal::new(SqlState::CHARACTER_NOT_IN_REPERTOIRE, Rule::Syntax, message).at(u32::try_from(at).unwrap_or(u32::MAX))
}
