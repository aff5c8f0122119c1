//! The parser's feed: our tokens of one statement, lowered, given to the parser crate; and its errors in PostgreSQL's words.
//! It does not know what a statement may do. It never lets the parser crate read text.
//!
//! Every AST identifier's span starts at `line: 1, column: token index`, so the tree leads back to the tokens. A location with line 0
//! is none; no token of the feed has it.

use std::ops::Range;

use sqlparser::ast::{Expr, Statement};
use sqlparser::parser::{Parser, ParserError, ParserOptions};
use sqlparser::tokenizer::{Location, Span, Token as Fed, TokenWithSpan, Word};

use super::dialect::{Feed, of_parser, parser_keyword};
use super::keyword::Keyword;
use super::lowering;
use super::token::{Bounds, Kind};
use super::tokens::Tokens;
use crate::error::{Refusal, Rule, SqlState};

/// Splits at the semicolons outside brackets; empty statements are dropped.
#[must_use]
pub fn split(tokens: &Tokens<'_>) -> Vec<Range<usize>> {
    let mut ranges = Vec::with_capacity(1);
    let mut start = 0;
    let mut depth = 0_usize;
    for (i, token) in tokens.as_slice().iter().enumerate() {
        match token.kind {
            Kind::Char(b'(' | b'[') => depth += 1,
            Kind::Char(b')' | b']') => depth = depth.saturating_sub(1),
            Kind::Char(b';') if depth == 0 => {
                if i > start {
                    ranges.push(start..i);
                }
                start = i + 1;
            }
            _inside => {}
        }
    }
    if tokens.len() > start {
        ranges.push(start..tokens.len());
    }
    ranges
}

/// Parses one statement ([`split`] gives the ranges).
///
/// # Errors
/// 42601 where the parser does not read the whole range, with PostgreSQL's wording and the place; that includes text that PostgreSQL
/// would accept and the parser does not know. 54001 where it nests too deeply for the parser.
pub fn parse(tokens: &Tokens<'_>, range: Range<usize>, bounds: &Bounds) -> Result<Statement, Refusal> {
    let end = range.end.min(tokens.len());
    let feed = lowering::lower(tokens, range.start..end)?;
    parse_feed(tokens, range.start..end, bounds, feed, |parser| parser.parse_statement())
}

/// Parses one expression: a part of a statement that the parser was not given.
///
/// # Errors
/// As [`parse`].
pub fn parse_expression(tokens: &Tokens<'_>, range: Range<usize>, bounds: &Bounds) -> Result<Expr, Refusal> {
    let end = range.end.min(tokens.len());
    let feed = lowering::lower_expression(tokens, range.start..end)?;
    parse_feed(tokens, range.start..end, bounds, feed, |parser| parser.parse_expr())
}

fn parse_feed<T>(
    tokens: &Tokens<'_>,
    range: Range<usize>,
    bounds: &Bounds,
    feed: Vec<TokenWithSpan>,
    read: impl FnOnce(&mut Parser<'_>) -> Result<T, ParserError>,
) -> Result<T, Refusal> {
    let end = range.end;
    let dialect = Feed::new(lowering::query_brackets(tokens, range), feed.len());
    let mut parser = Parser::new(&dialect)
        .with_options(ParserOptions::new().with_unescape(false).with_trailing_commas(false))
        // the parser counts its own levels: one for a bracket, two for a sub-select, one for a prefix operator
        .with_recursion_limit(bounds.max_depth)
        .with_tokens_with_locations(feed);
    match read(&mut parser) {
        Ok(parsed) => {
            let next = parser.peek_token_ref();
            match &next.token {
                Fed::EOF => Ok(parsed),
                _trailing => Err(near(tokens, index_of(next.span), end)),
            }
        }
        Err(ParserError::RecursionLimitExceeded) => {
            let message = "statement is nested too deeply";
            Err(Refusal::new(SqlState::STATEMENT_TOO_COMPLEX, Rule::Bounds, message))
        }
        Err(ParserError::ParserError(message) | ParserError::TokenizerError(message)) => {
            let index = column_in(&message).or_else(|| index_of(parser.peek_token_ref().span));
            Err(near(tokens, index, end))
        }
    }
}

/// The token index that a span of the AST starts at; `None` if it has no location.
#[must_use]
pub fn index_of(span: Span) -> Option<usize> {
    if span.start.line == 0 { None } else { usize::try_from(span.start.column).ok() }
}

/// The token index in a message of the parser: `.. at Line: 1, Column: 7`.
fn column_in(message: &str) -> Option<usize> {
    let (_, column) = message.rsplit_once("at Line: 1, Column: ")?;
    column.parse().ok()
}

/// PostgreSQL's syntax error at a token, literals left out.
pub(crate) fn near(tokens: &Tokens<'_>, index: Option<usize>, end: usize) -> Refusal {
    let index = index.filter(|&index| index < end);
    let place = index.and_then(|index| tokens.get(index));
    let message = match (index, place) {
        (Some(_), Some(token)) if token.kind.is_literal() => "syntax error at or near a literal".to_owned(),
        (Some(index), Some(_)) => format!("syntax error at or near \"{}\"", tokens.raw(index)),
        (_, _) => "syntax error at end of input".to_owned(),
    };
    let refusal = Refusal::new(SqlState::SYNTAX_ERROR, Rule::Syntax, message)
        .with_hint("If PostgreSQL takes this statement, it has a form that pgmoat does not read yet: write it another way.");
    match place {
        Some(token) => refusal.at(token.start),
        None => refusal,
    }
}

/// A token of the feed, with its token index as location.
pub(crate) fn located(token: Fed, index: usize) -> TokenWithSpan {
    let place = Location { line: 1, column: index as u64 };
    TokenWithSpan { token, span: Span { start: place, end: place } }
}

/// A keyword as the parser takes it.
pub(crate) fn word(keyword: Keyword) -> Fed {
    Fed::Word(Word { value: keyword.as_str().to_owned(), quote_style: None, keyword: of_parser(keyword) })
}

/// A name in quotes as the parser takes it.
pub(crate) fn quoted(name: &str) -> Fed {
    Fed::Word(Word { value: name.to_owned(), quote_style: Some('"'), keyword: sqlparser::keywords::Keyword::NoKeyword })
}

/// What the parser is given for one token; `None` for a token that no statement has.
pub(crate) fn feed_of(tokens: &Tokens<'_>, i: usize) -> Option<Fed> {
    let token = tokens.get(i)?;
    let owned = || tokens.value(i).into_owned();
    Some(match token.kind {
        Kind::Word => {
            let value = owned();
            let keyword = token.keyword.map_or_else(|| parser_keyword(&value), of_parser);
            Fed::Word(Word { value, quote_style: None, keyword })
        }
        Kind::QuotedIdent | Kind::UnicodeIdent => {
            Fed::Word(Word { value: owned(), quote_style: Some('"'), keyword: sqlparser::keywords::Keyword::NoKeyword })
        }
        Kind::Param => Fed::Placeholder(owned()),
        Kind::Integer | Kind::Float => Fed::Number(owned(), false),
        Kind::String | Kind::EscapeString | Kind::DollarString | Kind::UnicodeString => Fed::SingleQuotedString(owned()),
        Kind::BitString => Fed::SingleQuotedByteStringLiteral(owned()),
        Kind::HexString => Fed::HexStringLiteral(owned()),
        Kind::NationalString => Fed::NationalStringLiteral(owned()),
        Kind::Operator => operator(tokens.raw(i)),
        Kind::TypeCast => Fed::DoubleColon,
        Kind::ColonEquals => Fed::Assignment,
        Kind::EqualsGreater => Fed::RArrow,
        Kind::LessEquals => Fed::LtEq,
        Kind::GreaterEquals => Fed::GtEq,
        Kind::NotEquals => Fed::Neq,
        Kind::DotDot => return None,
        Kind::Char(c) => return single(c),
    })
}

fn single(c: u8) -> Option<Fed> {
    Some(match c {
        b',' => Fed::Comma,
        b'(' => Fed::LParen,
        b')' => Fed::RParen,
        b'[' => Fed::LBracket,
        b']' => Fed::RBracket,
        b'.' => Fed::Period,
        b';' => Fed::SemiColon,
        b':' => Fed::Colon,
        b'+' => Fed::Plus,
        b'-' => Fed::Minus,
        b'*' => Fed::Mul,
        b'/' => Fed::Div,
        b'%' => Fed::Mod,
        b'^' => Fed::Caret,
        b'<' => Fed::Lt,
        b'>' => Fed::Gt,
        b'=' => Fed::Eq,
        _no_character_of_the_grammar => return None,
    })
}

/// The parser's token for an operator. An operator that it gives a meaning which is not PostgreSQL's (`==`, `<=>`, `!`, `|>`) is a
/// custom one, like every operator that it does not know.
fn operator(text: &str) -> Fed {
    match text {
        "||" => Fed::StringConcat,
        "&" => Fed::Ampersand,
        "|" => Fed::Pipe,
        "#" => Fed::Sharp,
        "##" => Fed::DoubleSharp,
        "~" => Fed::Tilde,
        "~*" => Fed::TildeAsterisk,
        "!~" => Fed::ExclamationMarkTilde,
        "!~*" => Fed::ExclamationMarkTildeAsterisk,
        "~~" => Fed::DoubleTilde,
        "~~*" => Fed::DoubleTildeAsterisk,
        "!~~" => Fed::ExclamationMarkDoubleTilde,
        "!~~*" => Fed::ExclamationMarkDoubleTildeAsterisk,
        "<<" => Fed::ShiftLeft,
        ">>" => Fed::ShiftRight,
        "&&" => Fed::Overlap,
        "!!" => Fed::DoubleExclamationMark,
        "@" => Fed::AtSign,
        "^@" => Fed::CaretAt,
        "|/" => Fed::PGSquareRoot,
        "||/" => Fed::PGCubeRoot,
        "->" => Fed::Arrow,
        "->>" => Fed::LongArrow,
        "#>" => Fed::HashArrow,
        "#>>" => Fed::HashLongArrow,
        "@-@" => Fed::AtDashAt,
        "?-" => Fed::QuestionMarkDash,
        "&<" => Fed::AmpersandLeftAngleBracket,
        "&>" => Fed::AmpersandRightAngleBracket,
        "&<|" => Fed::AmpersandLeftAngleBracketVerticalBar,
        "|&>" => Fed::VerticalBarAmpersandRightAngleBracket,
        "<->" => Fed::TwoWayArrow,
        "<^" => Fed::LeftAngleBracketCaret,
        ">^" => Fed::RightAngleBracketCaret,
        "?#" => Fed::QuestionMarkSharp,
        "?-|" => Fed::QuestionMarkDashVerticalBar,
        "?||" => Fed::QuestionMarkDoubleVerticalBar,
        "~=" => Fed::TildeEqual,
        "<<|" => Fed::ShiftLeftVerticalBar,
        "|>>" => Fed::VerticalBarShiftRight,
        "@>" => Fed::AtArrow,
        "<@" => Fed::ArrowAt,
        "#-" => Fed::HashMinus,
        "@?" => Fed::AtQuestion,
        "@@" => Fed::AtAt,
        "?" => Fed::Question,
        "?&" => Fed::QuestionAnd,
        "?|" => Fed::QuestionPipe,
        other => Fed::CustomBinaryOperator(other.to_owned()),
    }
}
