//! Lowering of the clauses of INSERT and UPDATE, and of the commands that hold no expression.
//! It does not lower FROM lists or expressions.

use sqlparser::tokenizer::Token as Fed;

use super::Lowering;
use crate::sql::keyword::Keyword;
use crate::sql::parse::{feed_of, located, word};
use crate::sql::token::Kind;

impl Lowering<'_, '_> {
    /// `OVERRIDING SYSTEM VALUE` and `OVERRIDING USER VALUE` are dropped: three keywords.
    pub(super) fn overriding(&mut self, at: usize) -> Option<usize> {
        let kind = matches!(self.keyword(at + 1), Some(Keyword::System | Keyword::User));
        (kind && self.keyword(at + 2) == Some(Keyword::Value)).then_some(at + 3)
    }

    /// `ON CONFLICT (a COLLATE c ops, b) WHERE pred` becomes `ON CONFLICT (a, b)`, if neither list nor predicate has a bracket: what is
    /// dropped are collations, operator classes and comparisons of columns with literals. With a bracket (an expression, a function)
    /// the statement is left for the parser to refuse.
    pub(super) fn conflict_target(&mut self, at: usize) -> Option<usize> {
        let open = at + 1;
        if self.keyword_before(at) != Some(Keyword::On) || !self.is_char(open, b'(') {
            return None;
        }
        let close = self.tokens.closing(open).filter(|&close| close < self.end)?;
        let inside = open + 1..close;
        let bracket = |at: usize| matches!(self.kind(at), Some(Kind::Char(b'(' | b'[')));
        if inside.is_empty() || inside.clone().any(bracket) {
            return None;
        }
        let mut next = close + 1;
        if self.keyword(next) == Some(Keyword::Where) {
            next = (next..self.end).find(|&at| self.keyword(at) == Some(Keyword::Do))?;
            if (close + 1..next).any(|at| bracket(at) || self.kind(at) == Some(Kind::TypeCast)) {
                return None;
            }
        }
        let mut fed = vec![located(feed_of(self.tokens, at)?, at), located(Fed::LParen, open)];
        let mut wanted = true;
        for item in inside {
            if self.is_char(item, b',') {
                wanted = true;
                fed.push(located(Fed::Comma, item));
            } else if wanted {
                wanted = false;
                fed.push(located(feed_of(self.tokens, item).filter(|_| self.is_plain_name(item))?, item));
            } else if !(self.is_name(item) || self.is_char(item, b'.')) {
                return None;
            }
        }
        fed.push(located(Fed::RParen, close));
        self.feed.extend(fed);
        Some(next)
    }

    /// `SET a[1] = x` becomes `SET a = x`, where the subscripts hold only numbers, parameters, plain names, signs and colons: no
    /// bracket, so no sub-select and no call.
    pub(super) fn assigned_element(&mut self, at: usize) -> Option<usize> {
        if self.set_at? != self.depth {
            return None;
        }
        let column = self.before(at).filter(|&before| self.is_plain_name(before))?;
        let first = self.chain_start(column);
        if self.keyword_before(first) != Some(Keyword::Set) && !self.char_before(first, b',') {
            return None;
        }
        let mut next = at;
        while self.is_char(next, b'[') {
            let close = self.tokens.closing(next).filter(|&close| close < self.end)?;
            let plain = |at: usize| match self.kind(at) {
                Some(Kind::Integer | Kind::Param | Kind::Char(b':' | b'+' | b'-')) => true,
                Some(_) => self.is_plain_name(at) && self.keyword(at).is_none(),
                None => false,
            };
            if !(next + 1..close).all(plain) {
                return None;
            }
            next = close + 1;
        }
        self.is_char(next, b'=').then_some(next)
    }

    /// `[NOT] DEFERRABLE` among the modes of BEGIN and START TRANSACTION is dropped, with the comma before it: no expression stands there.
    pub(super) fn deferrable(&mut self, at: usize) -> Option<usize> {
        let begins = matches!(self.keyword(self.start), Some(Keyword::Begin | Keyword::Start));
        let mode = if self.keyword(at) == Some(Keyword::Not) { at + 1 } else { at };
        if !begins || self.keyword(mode) != Some(Keyword::Deferrable) {
            return None;
        }
        if self.feed.last().is_some_and(|fed| fed.token == Fed::Comma) {
            self.feed.pop();
        }
        Some(mode + 1)
    }

    /// FETCH and MOVE in the one form that the parser reads, `FETCH direction FROM cursor`; false if it is none of PostgreSQL's forms
    /// with a plain name at the end. A cursor is no relation.
    pub(super) fn fetch(&mut self) -> bool {
        let Some(cursor) = self.before(self.end).filter(|&at| at > self.start && self.is_plain_name(at)) else { return false };
        let from = matches!(self.keyword_before(cursor), Some(Keyword::From | Keyword::In));
        let directed = self.start + 1..if from { cursor - 1 } else { cursor };
        let Some(name) = feed_of(self.tokens, cursor) else { return false };
        self.push(word(Keyword::Fetch), self.start);
        match (directed.len(), self.keyword(directed.start)) {
            (0, _) => self.push(word(Keyword::Next), self.start),
            (1, Some(Keyword::Forward)) => self.push(word(Keyword::Next), directed.start),
            (1, Some(Keyword::Backward)) => self.push(word(Keyword::Prior), directed.start),
            (_, _) => {
                if self.keep_range(directed).is_none() {
                    self.feed.clear();
                    return false;
                }
            }
        }
        self.push(word(Keyword::From), cursor);
        self.push(name, cursor);
        true
    }

    /// After `COPY .. FROM STDIN` the parser wants a semicolon and data; it is given the semicolon.
    pub(super) fn copy_payload(&mut self) {
        let stdin = (self.start..self.end).any(|at| self.keyword(at) == Some(Keyword::Stdin));
        if let Some(last) = self.before(self.end).filter(|_| stdin) {
            self.push(Fed::SemiColon, last);
        }
    }
}
