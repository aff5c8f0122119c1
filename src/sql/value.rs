//! What a token stands for: the folded name, the decoded string, the text of a number or operator.
//! It does not know the tokens around it, except that a UESCAPE clause is inside its `U&` token.

use std::borrow::Cow;

use super::lexer::{Lexer, syntax};
use super::literal::{self, Flaw, Style};
use super::token::{Kind, Token};
use crate::error::Refusal;

/// The character of a UESCAPE clause whose string is this token, and the offset after it.
pub(crate) fn uescape_character(text: &str, clause: Option<Token>, at: u32) -> Result<(u8, u32), Refusal> {
    let string = clause.filter(|t| matches!(t.kind, Kind::String | Kind::EscapeString | Kind::DollarString));
    let string = string.ok_or_else(|| syntax("UESCAPE must be followed by a simple string literal", at as usize))?;
    match text_of(text, string).as_bytes() {
        &[character] if literal::is_uescape(character) => Ok((character, string.end)),
        _other_text => Err(syntax("invalid Unicode escape character", string.start as usize)),
    }
}

/// The escape character of a `U&` token whose UESCAPE clause, if any, is inside it from `at` on.
fn escape_of(text: &str, at: usize, end: usize) -> u8 {
    let mut lexer =
        Lexer { text: text.get(..end).unwrap_or_default(), bytes: text.as_bytes().get(..end).unwrap_or_default(), at };
    let mut escape = b'\\';
    // the keyword, then the string; the lexer has accepted both already
    while let Ok(Some(token)) = lexer.next_token() {
        if token.kind.is_string() {
            escape = text_of(text, token).bytes().next().unwrap_or(escape);
        }
    }
    escape
}

/// Decodes a `U&` token (up to the end of its quotes) with this escape character.
pub(crate) fn decoded(text: &str, token: Token, escape: u8) -> Result<String, Refusal> {
    let (contents, _) = unicode_contents(text, token).map_err(|_| syntax("invalid Unicode escape", token.start as usize))?;
    literal::decode_unicode(&contents, escape).map(literal::into_text).map_err(|flaw| match flaw {
        Flaw::Escape(message, at) => syntax(message, token.start as usize + 3 + at),
        Flaw::Unterminated | Flaw::Encoding => syntax("invalid Unicode escape", token.start as usize),
    })
}

/// What stands between the quotes of a `U&` token, quotes un-doubled; and the offset after its closing quote.
fn unicode_contents(text: &str, token: Token) -> Result<(Vec<u8>, usize), Flaw> {
    let mut contents = Vec::new();
    let body = token.start as usize + 3;
    let end = if token.kind == Kind::UnicodeIdent {
        literal::ident_end(text.as_bytes(), body, &mut contents)?
    } else {
        literal::string_end(text.as_bytes(), body, Style::Plain, &mut contents)?
    };
    Ok((contents, end))
}

/// The contents of a string token, or the name of an identifier token; any other token as written.
pub(crate) fn text_of(text: &str, token: Token) -> Cow<'_, str> {
    let raw = text.get(token.start as usize..token.end as usize).unwrap_or_default();
    match token.kind {
        Kind::Word => literal::fold(raw),
        Kind::QuotedIdent => {
            let inner = raw.get(1..raw.len().saturating_sub(1)).unwrap_or_default();
            if inner.contains('"') {
                Cow::Owned(literal::truncate(&inner.replace("\"\"", "\"")).to_owned())
            } else {
                Cow::Borrowed(literal::truncate(inner))
            }
        }
        Kind::String => quoted(raw, 1, Style::Plain),
        Kind::NationalString => quoted(raw, 2, Style::Plain),
        Kind::BitString | Kind::HexString => quoted(raw, 2, Style::Bits),
        Kind::EscapeString => quoted(raw, 2, Style::Escape),
        Kind::DollarString => {
            let delimiter = literal::dollar_delimiter(raw.as_bytes(), 0).unwrap_or(0);
            Cow::Borrowed(raw.get(delimiter..raw.len().saturating_sub(delimiter)).unwrap_or_default())
        }
        Kind::UnicodeIdent | Kind::UnicodeString => {
            let end = unicode_contents(text, token).map_or(token.end as usize, |(_, end)| end);
            // accepted by the lexer with this very escape, so it decodes
            let value = decoded(text, token, escape_of(text, end, token.end as usize)).unwrap_or_default();
            if token.kind == Kind::UnicodeIdent { Cow::Owned(literal::truncate(&value).to_owned()) } else { Cow::Owned(value) }
        }
        Kind::Param
        | Kind::Integer
        | Kind::Float
        | Kind::Operator
        | Kind::TypeCast
        | Kind::DotDot
        | Kind::ColonEquals
        | Kind::EqualsGreater
        | Kind::LessEquals
        | Kind::GreaterEquals
        | Kind::NotEquals
        | Kind::Char(_) => Cow::Borrowed(raw),
    }
}

/// The contents of a quoted string whose prefix is this long.
fn quoted(raw: &str, prefix: usize, style: Style) -> Cow<'_, str> {
    let inner = raw.get(prefix..raw.len().saturating_sub(1)).unwrap_or_default();
    if !inner.bytes().any(|b| b == b'\'' || (b == b'\\' && style == Style::Escape)) {
        return Cow::Borrowed(inner);
    }
    let mut contents = Vec::with_capacity(inner.len());
    // accepted by the lexer, so it has an end
    match literal::string_end(raw.as_bytes(), prefix, style, &mut contents) {
        Ok(_) => Cow::Owned(literal::into_text(contents)),
        Err(Flaw::Unterminated | Flaw::Escape(_, _) | Flaw::Encoding) => Cow::Borrowed(""),
    }
}
