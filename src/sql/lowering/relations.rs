//! Lowering of how a relation or function is named in FROM, and of row locks.
//! It does not lower statements or expressions.

use sqlparser::tokenizer::Token as Fed;

use super::Lowering;
use crate::sql::keyword::Keyword;
use crate::sql::parse::{feed_of, word};
use crate::sql::token::Kind;

impl Lowering<'_, '_> {
    /// `ONLY t` and `ONLY (t)` become `t`; the parser takes ONLY for the relation's name (S4). The relation's own tokens stay. ONLY is
    /// reserved, so an unquoted one is never a name; `FETCH FIRST ROW ONLY` and `READ ONLY` are not followed by a name or bracket
    /// there, and are told by the word before.
    pub(super) fn only(&mut self, at: usize) -> Option<usize> {
        if matches!(self.keyword_before(at), Some(Keyword::Row | Keyword::Rows | Keyword::Read)) {
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
        ends.then_some(at + 1)
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

    /// `FOR NO KEY UPDATE` becomes FOR UPDATE, `FOR KEY SHARE` FOR SHARE. Two or one keywords are dropped; `OF t` stays.
    pub(super) fn lock_strength(&mut self, at: usize) -> Option<usize> {
        let strength = match (self.keyword(at + 1), self.keyword(at + 2), self.keyword(at + 3)) {
            (Some(Keyword::No), Some(Keyword::Key), Some(Keyword::Update)) => at + 3,
            (Some(Keyword::Key), Some(Keyword::Share), _) => at + 2,
            (_, _, _) => return None,
        };
        self.push(word(Keyword::For), at);
        Some(strength)
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
        let name = self.opening(at - 1).and_then(|open| self.before(open)).filter(|&name| self.is_plain_name(name))?;
        let fed = feed_of(self.tokens, name)?;
        self.push(word(Keyword::As), at);
        self.push(fed, name);
        Some(at + 1)
    }
}
