//! Lowering inside expressions: literals with types, tests, arguments and window frames.
//! It does not lower FROM lists or statements.

use sqlparser::tokenizer::Token as Fed;

use super::Lowering;
use crate::sql::keyword::Keyword;
use crate::sql::parse::{feed_of, word};
use crate::sql::token::Kind;

impl Lowering<'_, '_> {
    /// `x ISNULL` becomes `x IS NULL`, `x NOTNULL` `x IS NOT NULL`: one keyword for others. Only after an operand, so a function or
    /// label of that name is left alone.
    pub(super) fn null_test(&mut self, at: usize) -> Option<usize> {
        let operand = self.before(at).is_some_and(|before| match self.kind(before) {
            Some(Kind::Char(b')' | b']') | Kind::Param) => true,
            Some(kind) if kind.is_literal() => true,
            Some(_) => self.is_plain_name(before),
            None => false,
        });
        if !operand || self.is_char(at + 1, b'(') {
            return None;
        }
        self.push(word(Keyword::Is), at);
        if self.keyword(at) == Some(Keyword::Notnull) {
            self.push(word(Keyword::Not), at);
        }
        self.push(word(Keyword::Null), at);
        Some(at + 1)
    }

    /// `f(VARIADIC x)` becomes `f(x)`: one keyword, reserved, so never a name.
    pub(super) fn variadic(&mut self, at: usize) -> Option<usize> {
        (self.char_before(at, b'(') || self.char_before(at, b',')).then_some(at + 1)
    }

    /// `interval(2) '1 day'` becomes `interval '1 day'`: a bracketed integer is dropped.
    pub(super) fn interval_precision(&mut self, at: usize) -> Option<usize> {
        let precision = self.is_char(at + 1, b'(') && self.kind(at + 2) == Some(Kind::Integer) && self.is_char(at + 3, b')');
        if !precision || !self.kind(at + 4).is_some_and(Kind::is_string) {
            return None;
        }
        self.push(word(Keyword::Interval), at);
        Some(at + 4)
    }

    /// The string in `RANGE '1 day'::interval PRECEDING` is fed as one with escapes, because the parser reads `'1 day'` as an interval
    /// there and no cast after it.
    pub(super) fn frame_bound(&mut self, at: usize) -> Option<usize> {
        let mut next = at + 1;
        if self.kind(next) == Some(Kind::TypeCast) && self.is_name(next + 1) {
            next = self.chain_end(next + 1) + 1;
        }
        if !matches!(self.keyword(next), Some(Keyword::Preceding | Keyword::Following)) {
            return None;
        }
        self.push(Fed::EscapedStringLiteral(self.tokens.value(at).into_owned()), at);
        Some(at + 1)
    }

    /// `TRIM (TRAILING FROM x)` and `TRIM (FROM x)` lose FROM, which is reserved, so never a name.
    pub(super) fn trim_from(&mut self, at: usize) -> Option<usize> {
        let before = self.before(at)?;
        let side = matches!(self.keyword(before), Some(Keyword::Leading | Keyword::Trailing | Keyword::Both));
        let open = if side { self.before(before)? } else { before };
        (self.is_char(open, b'(') && self.keyword_before(open) == Some(Keyword::Trim)).then_some(at + 1)
    }

    /// `SUBSTRING (x SIMILAR y ESCAPE z)` and `SUBSTRING (x FOR n FROM m)` get commas for their keywords, which are reserved but for ESCAPE.
    /// Nothing is dropped.
    pub(super) fn substring_words(&mut self, at: usize) -> Option<usize> {
        let close = self.tokens.closing(at + 1).filter(|&close| self.is_char(at + 1, b'(') && close < self.end)?;
        let mut depth = 0_usize;
        let mut words = Vec::new();
        for i in at + 2..close {
            match self.kind(i) {
                Some(Kind::Char(b'(' | b'[')) => depth += 1,
                Some(Kind::Char(b')' | b']')) => depth = depth.saturating_sub(1),
                Some(_) | None => {}
            }
            match self.keyword(i).filter(|_| depth == 0) {
                Some(Keyword::Similar) if self.keyword(i + 1) == Some(Keyword::To) => {}
                Some(Keyword::From) if self.keyword_before(i) == Some(Keyword::Distinct) => {}
                Some(found @ (Keyword::Similar | Keyword::Escape | Keyword::From | Keyword::For)) => words.push((found, i)),
                Some(_) | None => {}
            }
        }
        match words.as_slice() {
            [(Keyword::Similar, a), (Keyword::Escape, b)] | [(Keyword::For, a), (Keyword::From, b)] => {
                self.commas.extend([*a, *b]);
            }
            _other_forms_are_read_as_they_are => {}
        }
        None
    }

    /// A keyword that [`Self::substring_words`] has a comma for.
    pub(super) fn comma(&mut self, at: usize) -> Option<usize> {
        let there = self.commas.contains(&at);
        if there {
            self.push(Fed::Comma, at);
        }
        there.then_some(at + 1)
    }

    /// `SELECT` with nothing to select is given a NULL: before the end, a closing bracket, WHERE or what combines queries.
    pub(super) fn empty_select(&mut self, at: usize) -> Option<usize> {
        let next = at + 1;
        let nothing = next >= self.end
            || self.is_char(next, b')')
            || matches!(
                self.keyword(next),
                Some(Keyword::Where | Keyword::Union | Keyword::Intersect | Keyword::Except | Keyword::Order | Keyword::Limit)
            );
        if !nothing {
            return None;
        }
        self.push(word(Keyword::Select), at);
        self.push(word(Keyword::Null), at);
        Some(next)
    }

    /// A window frame's `EXCLUDE CURRENT ROW | GROUP | TIES | NO OTHERS` is dropped: two or three keywords before the closing bracket.
    pub(super) fn frame_exclusion(&mut self, at: usize) -> Option<usize> {
        let next = match (self.keyword(at + 1), self.keyword(at + 2)) {
            (Some(Keyword::Current), Some(Keyword::Row)) | (Some(Keyword::No), Some(Keyword::Others)) => at + 3,
            (Some(Keyword::Group | Keyword::Ties), _) => at + 2,
            (_, _) => return None,
        };
        self.is_char(next, b')').then_some(next)
    }

    /// `BETWEEN SYMMETRIC a AND b` loses the keyword, which is reserved, so never a name.
    pub(super) fn between_symmetry(&mut self, at: usize) -> Option<usize> {
        (self.keyword_before(at) == Some(Keyword::Between)).then_some(at + 1)
    }

    /// `type 'literal'` becomes `'literal'::type` (S6: the parser takes it for a column and a string alias, except for types that it
    /// knows). All tokens stay, in another order; a type's name is no relation.
    pub(super) fn typed_literal(&mut self, at: usize) -> Option<usize> {
        let last = self.chain_end(at);
        let literal = last + 1;
        let string =
            matches!(self.kind(literal), Some(Kind::String | Kind::EscapeString | Kind::DollarString | Kind::UnicodeString));
        if !self.query || !string || self.char_before(at, b'.') {
            return None;
        }
        if last == at && self.keyword(at).is_some_and(introduces_string) {
            return None;
        }
        let value = feed_of(self.tokens, literal)?;
        let place = self.feed.len();
        self.push(value, literal);
        self.push(Fed::DoubleColon, literal);
        if self.keep_range(at..last + 1).is_none() {
            self.feed.truncate(place);
            return None;
        }
        Some(literal + 1)
    }

    /// `t.*::type` becomes `row(t.*)::type`, because the parser ends an argument at the star. Nothing is dropped.
    pub(super) fn cast_row(&mut self, at: usize) -> Option<usize> {
        let before = self.before(at).filter(|&before| self.query && self.is_plain_name(before))?;
        if !self.is_char(at + 1, b'*') || self.kind(at + 2) != Some(Kind::TypeCast) {
            return None;
        }
        let first = self.chain_start(before);
        let place = self.feed.len().checked_sub(before + 1 - first)?;
        self.feed.truncate(place);
        self.push(word(Keyword::Row), first);
        self.push(Fed::LParen, first);
        self.keep_range(first..at + 2)?;
        self.push(Fed::RParen, at + 1);
        Some(at + 2)
    }

    /// `(composite).*` becomes `(composite)`: two punctuation marks are dropped after a closing bracket.
    pub(super) fn composite_star(&mut self, at: usize) -> Option<usize> {
        (self.query && self.char_before(at, b')') && self.is_char(at + 1, b'*')).then_some(at + 2)
    }
}

/// Unreserved keywords that a string may follow in an expression or clause; after any other one it is a literal of a type so named.
fn introduces_string(keyword: Keyword) -> bool {
    matches!(
        keyword,
        Keyword::Escape
            | Keyword::Uescape
            | Keyword::Zone
            | Keyword::Document
            | Keyword::Content
            | Keyword::Version
            | Keyword::Value
            | Keyword::Key
            | Keyword::Path
            | Keyword::Passing
            | Keyword::By
            | Keyword::Ref
            | Keyword::Range
            | Keyword::Rows
            | Keyword::Groups
            | Keyword::Format
            | Keyword::Encoding
            | Keyword::Delimiter
            | Keyword::Text
            | Keyword::Json
            | Keyword::Varying
            | Keyword::Year
            | Keyword::Month
            | Keyword::Day
            | Keyword::Hour
            | Keyword::Minute
            | Keyword::Second
    )
}

/// Keywords that are a type of one word (INTERVAL, TIME and TIMESTAMP may have more words after them).
pub(super) fn is_plain_type(keyword: Keyword) -> bool {
    matches!(
        keyword,
        Keyword::Bigint
            | Keyword::Bit
            | Keyword::Boolean
            | Keyword::Char
            | Keyword::Character
            | Keyword::Dec
            | Keyword::Decimal
            | Keyword::Float
            | Keyword::Int
            | Keyword::Integer
            | Keyword::Nchar
            | Keyword::Numeric
            | Keyword::Real
            | Keyword::Smallint
            | Keyword::Varchar
    )
}
