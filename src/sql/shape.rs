//! The shape of a statement: its tokens with the literals' values taken out, as a byte key for the plan cache.
//! It does not know what a plan depends on; whoever caches by shape must have it depend on nothing else of the text than
//! [`shape`] keeps, or check the literals again on each use.
//!
//! Kept: the order and class of all tokens, names (folded, cut, and whether they were quoted), keywords, operators, parameter
//! numbers. Of a literal only its class is kept (integer, longer integer, other number, string, national, bit, hex), and of the strings
//! beside a LIKE ([`has_pattern`]) what they are as a pattern and as an ESCAPE ([`Text`]): whether LIKE may raise an error depends on it.
//! Of every string it is kept whether it is deep ([`is_deep`]).
//!
//! The key is a prefix code: the first byte of each token's piece gives the piece's length or is followed by it, so two texts have
//! one key only if their tokens are the same but for the values of literals.

use super::keyword::Keyword;
use super::literal;
use super::token::Kind;
use super::tokens::Tokens;

const KEYWORD: u8 = 1;
const WORD: u8 = 2;
const QUOTED: u8 = 3;
const PARAM: u8 = 4;
const INTEGER: u8 = 5;
const FLOAT: u8 = 6;
const STRING: u8 = 7;
const NATIONAL: u8 = 8;
const BITS: u8 = 9;
const HEX: u8 = 10;
const OPERATOR: u8 = 13;
const TYPE_CAST: u8 = 14;
const DOT_DOT: u8 = 15;
const COLON_EQUALS: u8 = 16;
const EQUALS_GREATER: u8 = 17;
const LESS_EQUALS: u8 = 18;
const GREATER_EQUALS: u8 = 19;
const NOT_EQUALS: u8 = 20;
const CHAR: u8 = 21;
const LONG: u8 = 22;

/// Appends the shape of all tokens to `out`.
///
/// About 4 bytes a token and the lengths of the names; linear in the text.
pub fn shape(tokens: &Tokens<'_>, out: &mut Vec<u8>) {
    let mut patterns = None;
    let mut kept = |i: usize| match text(tokens, i) {
        plain @ (Text::Plain | Text::Deep) => plain,
        // Only now: most statements have no other.
        other if *patterns.get_or_insert_with(|| has_pattern(tokens)) => other,
        _unread => Text::Plain,
    };
    for (i, token) in tokens.as_slice().iter().enumerate() {
        match token.kind {
            Kind::Word => match token.keyword {
                Some(keyword) => {
                    let [low, high] = (keyword as u16).to_le_bytes();
                    out.extend_from_slice(&[KEYWORD, low, high]);
                }
                None => counted(WORD, literal::truncate(tokens.raw(i)), |byte| byte.to_ascii_lowercase(), out),
            },
            Kind::QuotedIdent | Kind::UnicodeIdent => counted(QUOTED, &tokens.value(i), |byte| byte, out),
            Kind::Param => {
                out.push(PARAM);
                out.extend_from_slice(&tokens.param(i).unwrap_or(0).to_le_bytes());
            }
            Kind::Integer => out.push(INTEGER),
            Kind::Float => out.push(if tokens.raw(i).bytes().all(|b| b.is_ascii_digit()) { LONG } else { FLOAT }),
            Kind::String | Kind::EscapeString | Kind::DollarString | Kind::UnicodeString => {
                out.extend_from_slice(&[STRING, kept(i) as u8]);
            }
            Kind::NationalString => out.extend_from_slice(&[NATIONAL, kept(i) as u8]),
            Kind::BitString => out.push(BITS),
            Kind::HexString => out.push(HEX),
            Kind::Operator => counted(OPERATOR, tokens.raw(i), |byte| byte, out),
            Kind::TypeCast => out.push(TYPE_CAST),
            Kind::DotDot => out.push(DOT_DOT),
            Kind::ColonEquals => out.push(COLON_EQUALS),
            Kind::EqualsGreater => out.push(EQUALS_GREATER),
            Kind::LessEquals => out.push(LESS_EQUALS),
            Kind::GreaterEquals => out.push(GREATER_EQUALS),
            Kind::NotEquals => out.push(NOT_EQUALS),
            Kind::Char(c) => out.extend_from_slice(&[CHAR, c]),
        }
    }
}

/// Whether a LIKE may stand in the statement, as a word or as an operator. If none does, a plan must not depend on what any string is as
/// a pattern: its shape does not tell.
#[must_use]
pub fn has_pattern(tokens: &Tokens<'_>) -> bool {
    (0..tokens.len()).any(|i| match tokens.kind(i) {
        Some(Kind::Word) => matches!(tokens.keyword(i), Some(Keyword::Like | Keyword::Ilike)),
        Some(Kind::Operator) => tokens.raw(i).contains("~~"),
        Some(_) | None => false,
    })
}

/// `%`, `[` and `{` in one string that PostgreSQL surely has the stack for, at most.
const LEVELS: usize = 1000;

/// Whether a string, as a pattern or as a document, may take more of the server's stack than there is: matching goes one call deeper for
/// each `%`, and looking for a document in another for each level.
#[must_use]
pub fn is_deep(value: &str) -> bool {
    value.len() > LEVELS && value.bytes().filter(|b| matches!(b, b'%' | b'[' | b'{')).count() > LEVELS
}

/// A piece with its length; names and operators have at most 63 bytes, which the lexer sees to.
#[inline]
fn counted(tag: u8, text: &str, fold: impl Fn(u8) -> u8, out: &mut Vec<u8>) {
    let text = literal::truncate(text);
    out.extend_from_slice(&[tag, u8::try_from(text.len()).unwrap_or(u8::MAX)]);
    out.extend(text.bytes().map(fold));
}

/// What of a string's value is in the shape.
#[derive(Clone, Copy)]
#[repr(u8)]
enum Text {
    /// Without a backslash.
    Plain,
    Empty,
    /// One backslash and nothing else.
    Backslash,
    /// With backslashes, of which the last escapes what is behind it, or is escaped.
    Escapes,
    /// With backslashes, of which the last has nothing behind it to escape.
    Open,
    /// [`is_deep`], whatever else it is.
    Deep,
}

/// What the decoded value is.
fn text(tokens: &Tokens<'_>, i: usize) -> Text {
    // most strings are written without a backslash, and then there is none unless an escape or a UESCAPE clause makes one
    let raw = tokens.raw(i);
    // No character of the value is written in less than a byte.
    if raw.len() > LEVELS && is_deep(&tokens.value(i)) {
        return Text::Deep;
    }
    let simple = matches!(tokens.kind(i), Some(Kind::String)) && !raw.starts_with("''");
    if simple && !raw.contains('\\') {
        return Text::Plain;
    }
    let value = tokens.value(i);
    let last = value.len().saturating_sub(value.trim_end_matches('\\').len());
    match value.as_ref() {
        "" => Text::Empty,
        "\\" => Text::Backslash,
        value if !value.contains('\\') => Text::Plain,
        _ if last.is_multiple_of(2) => Text::Escapes,
        _ => Text::Open,
    }
}
