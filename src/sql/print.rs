//! Canonical printing: one spelling for every token, chosen so that it lexes to the same token on PostgreSQL 15 to 18 whatever
//! `standard_conforming_strings` is. It does not know what the rewriter splices in between.
//!
//! Between two tokens stands one space, or nothing where [`glued`] has proved that nothing can merge.

use std::ops::Range;

use super::literal;
use super::token::{Kind, Token};
use super::tokens::Tokens;

/// Appends a name in double quotes.
pub fn quote_ident_into(name: &str, out: &mut String) {
    out.push('"');
    push_doubled(name, '"', out);
    out.push('"');
}

/// A name in double quotes.
#[must_use]
pub fn quote_ident(name: &str) -> String {
    let mut out = String::with_capacity(name.len() + 2);
    quote_ident_into(name, &mut out);
    out
}

/// Appends a string literal: `'..'` without a backslash, else `E'..'` with each backslash and quote doubled.
///
/// The value must not contain NUL; PostgreSQL has no such text.
pub fn quote_literal_into(value: &str, out: &mut String) {
    if !value.contains('\\') {
        out.push('\'');
        push_doubled(value, '\'', out);
        out.push('\'');
        return;
    }
    out.push_str("E'");
    for c in value.chars() {
        if c == '\\' || c == '\'' {
            out.push(c);
        }
        out.push(c);
    }
    out.push('\'');
}

/// A string literal, as [`quote_literal_into`].
#[must_use]
pub fn quote_literal(value: &str) -> String {
    let mut out = String::with_capacity(value.len() + 2);
    quote_literal_into(value, &mut out);
    out
}

/// Appends `text` with each `quote` in it doubled.
fn push_doubled(text: &str, quote: char, out: &mut String) {
    for (i, piece) in text.split(quote).enumerate() {
        if i > 0 {
            out.push(quote);
            out.push(quote);
        }
        out.push_str(piece);
    }
}

/// Appends one token in its canonical spelling, without any space.
pub fn print_token(tokens: &Tokens<'_>, i: usize, out: &mut String) {
    let Some(token) = tokens.get(i) else { return };
    match token.kind {
        Kind::Word => push_folded(tokens.raw(i), out),
        Kind::QuotedIdent | Kind::UnicodeIdent => quote_ident_into(&tokens.value(i), out),
        Kind::String | Kind::EscapeString | Kind::DollarString | Kind::UnicodeString => {
            quote_literal_into(&tokens.value(i), out);
        }
        Kind::BitString => push_bits('B', &tokens.value(i), out),
        Kind::HexString => push_bits('X', &tokens.value(i), out),
        Kind::NationalString => {
            let value = tokens.value(i);
            // no `N'..'` with a backslash is safe from the setting; this is what PostgreSQL's scanner makes of `N'..'`
            out.push_str(if value.contains('\\') { "nchar " } else { "N" });
            quote_literal_into(&value, out);
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
        | Kind::Char(_) => out.push_str(tokens.raw(i)),
    }
}

fn push_folded(word: &str, out: &mut String) {
    let start = out.len();
    out.push_str(literal::truncate(word));
    if let Some(pushed) = out.get_mut(start..) {
        pushed.make_ascii_lowercase();
    }
}

/// `B'..'` or `X'..'`: these know neither escapes nor doubled quotes, and have no quote inside.
fn push_bits(prefix: char, value: &str, out: &mut String) {
    out.push(prefix);
    out.push('\'');
    out.push_str(value);
    out.push('\'');
}

/// Whether nothing needs to stand between these two tokens when printed in this order.
///
/// Only four joins are ever made, and none can lex otherwise:
/// - around `(` `)` `[` `]` `,` `;`: no rule of the scanner that has begun elsewhere runs over one of these, or begins with one;
///   dollar quotes and quoted things are closed when their token ends;
/// - `name.name`, `).name`, `].name`, `name.*`: a name ends at a dot, and a dot before a letter, a quote or `*` stands alone;
///   numbers, which could take the dot, are not joined to it;
/// - `x::name` after a name, literal, parameter or closing bracket: no such token goes on with a colon, and `::` takes no third character.
#[must_use]
pub fn glued(prev: Token, next: Token) -> bool {
    if matches!(next.kind, Kind::Char(b')' | b']' | b',' | b';')) || matches!(prev.kind, Kind::Char(b'(' | b'[')) {
        return true;
    }
    let closed = matches!(prev.kind, Kind::Char(b')' | b']'));
    match next.kind {
        // style only: `count(x)`, but `in (x)`
        Kind::Char(b'(') => prev.kind.is_name() && prev.keyword.is_none(),
        Kind::Char(b'[') => closed || prev.kind.is_name(),
        Kind::Char(b'.') => closed || prev.kind.is_name(),
        Kind::TypeCast => closed || prev.kind.is_name() || prev.kind.is_literal() || prev.kind == Kind::Param,
        Kind::Char(b'*') => prev.kind == Kind::Char(b'.'),
        _any_other => matches!(prev.kind, Kind::Char(b'.') | Kind::TypeCast) && next.kind.is_name(),
    }
}

/// Appends the tokens of a range with [`glued`]'s spacing.
pub fn print_range(tokens: &Tokens<'_>, range: Range<usize>, out: &mut String) {
    print_with(tokens, range, out, print_token);
}

/// Appends all tokens with every literal replaced by `?`, and all behind `pgmoat.context`, for audit records. Parameters stay `$n`; comments are gone.
pub fn redact(tokens: &Tokens<'_>, out: &mut String) {
    // Who sends a token without quotes has sent it all the same.
    let mut secret = false;
    print_with(tokens, 0..tokens.len(), out, |tokens, i, out| {
        secret = (secret && !tokens.is_char(i, b';')) || follows_context(tokens, i);
        let hidden = (secret && !tokens.is_char(i, b'=')) || tokens.kind(i).is_some_and(Kind::is_literal);
        if hidden { out.push('?') } else { print_token(tokens, i, out) }
    });
}

/// Whether `pgmoat.context` stands right before this token.
fn follows_context(tokens: &Tokens<'_>, i: usize) -> bool {
    let before = |n: usize| i.checked_sub(n).map(|at| tokens.value(at).to_ascii_lowercase()).unwrap_or_default();
    i.checked_sub(2).is_some_and(|dot| tokens.is_char(dot, b'.')) && before(1) == "context" && before(3) == "pgmoat"
}

fn print_with(
    tokens: &Tokens<'_>,
    range: Range<usize>,
    out: &mut String,
    mut print: impl FnMut(&Tokens<'_>, usize, &mut String),
) {
    let mut prev: Option<Token> = None;
    for i in range {
        let Some(token) = tokens.get(i) else { return };
        if prev.is_some_and(|prev| !glued(prev, token)) {
            out.push(' ');
        }
        print(tokens, i, out);
        prev = Some(token);
    }
}
