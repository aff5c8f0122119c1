//! Lowering of how a relation or function is named in FROM, and of row locks.
//! It does not lower statements or expressions.

use sqlparser::tokenizer::Token as Fed;

use super::Lowering;
use crate::sql::keyword::Keyword;
use crate::sql::parse::{feed_of, word};
use crate::sql::token::Kind;
use crate::sql::tokens::Tokens;

impl Lowering<'_, '_> {
    /// `ONLY t` and `ONLY (t)` become `t` where a relation may stand; the parser takes ONLY for the relation's name (S4). The relation's own
    /// tokens stay. ONLY is reserved, so an unquoted one is never a name; that of a type, which the parser would take, is refused.
    pub(super) fn only(&mut self, at: usize) -> Option<usize> {
        let list = self.before(at).is_some_and(|before| self.is_char(before, b',') || self.is_char(before, b'('));
        let named = matches!(
            self.keyword_before(at),
            Some(Keyword::From | Keyword::Join | Keyword::Using | Keyword::Update | Keyword::Into | Keyword::Table)
        );
        if !list && !named {
            return None;
        }
        if self.is_name(at + 1) {
            return Some(at + 1);
        }
        let name = at + 2;
        let last = self.chain_end(name);
        if !(self.is_char(at + 1, b'(') && self.is_name(name) && self.is_char(last + 1, b')')) {
            return None;
        }
        self.keep_range(name..last + 1)?;
        Some(last + 2)
    }

    /// `FROM t *` (the opposite of ONLY, and the default) loses its star, where what follows shows that it is no multiplication. One
    /// punctuation mark is dropped.
    pub(super) fn descendants(&mut self, at: usize) -> Option<usize> {
        let before = self.before(at).filter(|&before| self.is_plain_name(before))?;
        let introduced = self.keyword_before(self.chain_start(before));
        if !matches!(introduced, Some(Keyword::From | Keyword::Join | Keyword::Update | Keyword::Table | Keyword::Only)) {
            return None;
        }
        let ends = match self.kind(at + 1) {
            None | Some(Kind::Char(b')' | b',')) => true,
            Some(Kind::Word) => matches!(
                self.keyword(at + 1),
                Some(
                    Keyword::As
                        | Keyword::Where
                        | Keyword::Set
                        | Keyword::On
                        | Keyword::Using
                        | Keyword::Join
                        | Keyword::Inner
                        | Keyword::Left
                        | Keyword::Right
                        | Keyword::Full
                        | Keyword::Cross
                        | Keyword::Natural
                        | Keyword::Group
                        | Keyword::Order
                        | Keyword::Having
                        | Keyword::Limit
                        | Keyword::Offset
                        | Keyword::Fetch
                        | Keyword::For
                        | Keyword::Union
                        | Keyword::Intersect
                        | Keyword::Except
                        | Keyword::Returning
                        | Keyword::Tablesample
                )
            ),
            Some(_) => false,
        };
        let aliased =
            || self.is_name(at + 1) && self.keyword(at + 1).is_none() && self.is_from_clause(self.chain_start(before) - 1);
        (ends || aliased()).then_some(at + 1)
    }

    /// Whether a FROM is a query's: not that of EXTRACT, SUBSTRING, TRIM and the like, nor of IS DISTINCT FROM.
    fn is_from_clause(&self, from: usize) -> bool {
        if self.keyword(from) != Some(Keyword::From) || self.keyword_before(from) == Some(Keyword::Distinct) {
            return false;
        }
        // the bracket that the FROM stands in
        let mut at = from;
        while let Some(before) = self.before(at) {
            if self.is_char(before, b'(') {
                return matches!(self.keyword(before + 1), Some(Keyword::Select | Keyword::With));
            }
            at = if self.is_char(before, b')') { self.opening(before).unwrap_or(before) } else { before };
        }
        true
    }

    /// `LATERAL XMLTABLE (` loses LATERAL, which a function in FROM has anyway.
    pub(super) fn lateral(&mut self, at: usize) -> Option<usize> {
        (self.keyword(at + 1) == Some(Keyword::Xmltable)).then_some(at + 1)
    }

    /// `TABLE t` as a query becomes `SELECT * FROM t`; the parser keeps the name as mere text, without its place. The relation's tokens
    /// stay, and all three keywords put in carry the index of TABLE, by which the rewriter knows the form.
    pub(super) fn table_command(&mut self, at: usize) -> Option<usize> {
        let other = matches!(
            self.keyword_before(at),
            Some(
                Keyword::Into
                    | Keyword::Create
                    | Keyword::Temp
                    | Keyword::Temporary
                    | Keyword::Local
                    | Keyword::Global
                    | Keyword::Unlogged
            )
        );
        if other || !self.is_name(at + 1) {
            return None;
        }
        // in CREATE VIEW, COPY and the like a query stands behind AS or a bracket
        if !self.query && self.keyword_before(at) != Some(Keyword::As) && !self.char_before(at, b'(') {
            return None;
        }
        self.push(word(Keyword::Select), at);
        self.push(Fed::Mul, at);
        self.push(word(Keyword::From), at);
        Some(at + 1)
    }

    /// `FOR NO KEY UPDATE` becomes FOR UPDATE, `FOR KEY SHARE` FOR SHARE: two or one keywords are dropped. `OF t, u` becomes one clause for
    /// each name, so that all are looked at.
    pub(super) fn lock_strength(&mut self, at: usize) -> Option<usize> {
        let strength = match (self.keyword(at + 1), self.keyword(at + 2), self.keyword(at + 3)) {
            (Some(Keyword::No), Some(Keyword::Key), Some(Keyword::Update)) => at + 3,
            (Some(Keyword::Key), Some(Keyword::Share), _) => at + 2,
            (Some(Keyword::Update | Keyword::Share), _, _) => at + 1,
            (_, _, _) => return None,
        };
        self.push(word(Keyword::For), at);
        if self.keyword(strength + 1) != Some(Keyword::Of) || !self.is_name(strength + 2) {
            return Some(strength);
        }
        let mut name = strength + 2;
        let mut end = self.chain_end(name);
        self.keep_range(strength..end + 1)?;
        while self.is_char(end + 1, b',') && self.is_name(end + 2) {
            name = end + 2;
            end = self.chain_end(name);
            self.push(word(Keyword::For), at);
            self.keep_range(strength..strength + 2)?;
            self.keep_range(name..end + 1)?;
        }
        Some(end + 1)
    }

    /// `ROWS FROM (f(..), g(..))` becomes `rows (f(..), g(..))`: one keyword is dropped. The rewriter knows the form by the keyword after.
    pub(super) fn rows_from(&mut self, at: usize) -> Option<usize> {
        let introduced =
            matches!(self.keyword_before(at), Some(Keyword::From | Keyword::Join | Keyword::Lateral | Keyword::Using))
                || self.char_before(at, b',')
                || self.char_before(at, b'(');
        if !introduced || self.keyword(at + 1) != Some(Keyword::From) || !self.is_char(at + 2, b'(') {
            return None;
        }
        let close = self.tokens.closing(at + 2).filter(|&close| close < self.end)?;
        self.rows.push(close);
        self.push(word(Keyword::Rows), at);
        Some(at + 2)
    }

    /// `JOIN t USING (a, b) AS j` loses the alias: two tokens, after a list of plain names. The rewriter finds it by its tokens
    /// ([`using_alias`]).
    pub(super) fn join_alias(&mut self, at: usize) -> Option<usize> {
        let close = self.before(at)?;
        let open = self.opening(close).filter(|&open| self.keyword_before(open) == Some(Keyword::Using))?;
        let plain =
            (open + 1..close).enumerate().all(|(i, at)| if i % 2 == 0 { self.is_plain_name(at) } else { self.is_char(at, b',') });
        (plain && using_alias(self.tokens, close, self.end).is_some()).then_some(at + 2)
    }

    /// `FROM f(..) AS (a int)` becomes `FROM f(..) AS f (a int)`: PostgreSQL names the row by the function as well. Nothing is dropped.
    pub(super) fn column_definitions(&mut self, at: usize) -> Option<usize> {
        if !self.query || !self.char_before(at, b')') || !self.is_char(at + 1, b'(') {
            return None;
        }
        // `WITH x(a) AS (SELECT ..` has the same look up to here
        if !(self.is_plain_name(at + 2) && self.keyword(at + 2).is_none() && self.is_name(at + 3)) {
            return None;
        }
        if self.rows.last().is_some_and(|&close| at < close) {
            return self.rows_definitions(at + 1);
        }
        let name = self.opening(at - 1).and_then(|open| self.before(open)).filter(|&name| self.is_plain_name(name))?;
        let fed = feed_of(self.tokens, name)?;
        self.push(word(Keyword::As), at);
        self.push(fed, name);
        Some(at + 1)
    }

    /// Inside ROWS FROM, `f(..) AS (a int, b text)` becomes `f(..), NULL::int, NULL::text`: the types stay, the columns' names are dropped.
    fn rows_definitions(&mut self, open: usize) -> Option<usize> {
        let close = self.tokens.closing(open).filter(|&close| close < self.end)?;
        let place = self.feed.len();
        let mut at = open + 1;
        while at < close {
            let mut end = at;
            while end < close && !self.is_char(end, b',') && self.keyword(end) != Some(Keyword::Collate) {
                end = if self.is_char(end, b'(') { self.tokens.closing(end)? + 1 } else { end + 1 };
            }
            self.push(Fed::Comma, at);
            self.push(word(Keyword::Null), at);
            self.push(Fed::DoubleColon, at);
            if !self.is_plain_name(at) || end == at + 1 || self.keep_range(at + 1..end).is_none() {
                self.feed.truncate(place);
                return None;
            }
            while end < close && !self.is_char(end, b',') {
                end += 1;
            }
            at = end + 1;
        }
        Some(close + 1)
    }
}

/// The alias of a join, where one stands after the USING list that closes at `close`.
#[must_use]
pub fn using_alias(tokens: &Tokens<'_>, close: usize, end: usize) -> Option<usize> {
    let alias = close.checked_add(2).filter(|&alias| alias < end)?;
    let named = tokens.kind(alias).is_some_and(Kind::is_name) && tokens.keyword(alias).is_none_or(|k| !k.is_reserved());
    (tokens.keyword(close + 1) == Some(Keyword::As) && named).then_some(alias)
}
