//! The tokens of one text, with what the parser's feed, the rewriter and the printer ask of them.
//! It does not know how they were recognised.

use std::borrow::Cow;
use std::sync::OnceLock;

use super::keyword::Keyword;
use super::lexer::lex_into;
use super::token::{Bounds, Kind, Token};
use super::value::text_of;
use crate::error::Refusal;

/// A text and its tokens. All access is by token index and total: an index past the end gives `None` or an empty text.
#[derive(Debug)]
pub struct Tokens<'a> {
    text: &'a str,
    tokens: Vec<Token>,
    /// For each token the index of its closing bracket, or [`NONE`]; filled when first asked for.
    closing: OnceLock<Vec<u32>>,
}

const NONE: u32 = u32::MAX;

impl<'a> Tokens<'a> {
    /// Lexes a whole text.
    ///
    /// # Errors
    /// As [`lex_into`].
    pub fn lex(text: &'a str, bounds: &Bounds) -> Result<Self, Refusal> {
        // a token is seldom shorter than four bytes with its space; a short text gets room at once
        let room = Vec::with_capacity((text.len() / 4 + 8).min(bounds.max_tokens));
        Self::lex_reusing(text, bounds, room)
    }

    /// Lexes a whole text into a vector that was used before ([`Self::into_vec`]), so that the hot path does not allocate.
    ///
    /// # Errors
    /// As [`lex_into`].
    pub fn lex_reusing(text: &'a str, bounds: &Bounds, mut tokens: Vec<Token>) -> Result<Self, Refusal> {
        lex_into(text, bounds, &mut tokens)?;
        Ok(Self { text, tokens, closing: OnceLock::new() })
    }

    /// Gives the vector back for the next text.
    #[must_use]
    pub fn into_vec(self) -> Vec<Token> {
        self.tokens
    }

    /// The whole text.
    #[must_use]
    pub fn text(&self) -> &'a str {
        self.text
    }

    /// How many tokens there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.tokens.len()
    }

    /// Whether there is none: white space and comments only.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.tokens.is_empty()
    }

    /// All tokens.
    #[must_use]
    pub fn as_slice(&self) -> &[Token] {
        &self.tokens
    }

    /// A token.
    #[must_use]
    pub fn get(&self, i: usize) -> Option<Token> {
        self.tokens.get(i).copied()
    }

    /// The kind of a token.
    #[must_use]
    pub fn kind(&self, i: usize) -> Option<Kind> {
        self.tokens.get(i).map(|token| token.kind)
    }

    /// The keyword that an unquoted word is.
    #[must_use]
    pub fn keyword(&self, i: usize) -> Option<Keyword> {
        self.tokens.get(i).and_then(|token| token.keyword)
    }

    /// Whether the token is this character.
    #[must_use]
    pub fn is_char(&self, i: usize, c: u8) -> bool {
        self.kind(i) == Some(Kind::Char(c))
    }

    /// The token as the client wrote it.
    #[must_use]
    pub fn raw(&self, i: usize) -> &'a str {
        self.get(i).and_then(|token| self.text.get(token.start as usize..token.end as usize)).unwrap_or_default()
    }

    /// What the token stands for: a name folded and cut to 63 bytes, a string's decoded contents, else the token as written.
    #[must_use]
    pub fn value(&self, i: usize) -> Cow<'a, str> {
        self.get(i).map_or(Cow::Borrowed(""), |token| text_of(self.text, token))
    }

    /// The number of a `$n` token.
    #[must_use]
    pub fn param(&self, i: usize) -> Option<u32> {
        if self.kind(i)? == Kind::Param { self.raw(i).get(1..)?.parse().ok() } else { None }
    }

    /// The index of the `)` or `]` that closes the `(` or `[` at `i`.
    #[must_use]
    pub fn closing(&self, i: usize) -> Option<usize> {
        let table = self.closing.get_or_init(|| match_brackets(&self.tokens));
        table.get(i).copied().filter(|&index| index != NONE).map(|index| index as usize)
    }
}

/// One pass with a stack; a bracket whose partner is missing or of the other form has none.
fn match_brackets(tokens: &[Token]) -> Vec<u32> {
    let mut table = vec![NONE; tokens.len()];
    let mut open: Vec<(usize, u8)> = Vec::new();
    for (i, token) in tokens.iter().enumerate() {
        match token.kind {
            Kind::Char(b'(') => open.push((i, b')')),
            Kind::Char(b'[') => open.push((i, b']')),
            Kind::Char(c @ (b')' | b']')) => {
                if let Some((opening, wanted)) = open.pop()
                    && wanted == c
                    && let (Some(slot), Ok(index)) = (table.get_mut(opening), u32::try_from(i))
                {
                    *slot = index;
                }
            }
            _no_bracket => {}
        }
    }
    table
}
