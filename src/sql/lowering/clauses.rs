//! Lowering of the clauses of INSERT and UPDATE, and of the commands that hold no expression.
//! It does not lower FROM lists or expressions.

use std::ops::Range;

use sqlparser::tokenizer::Token as Fed;

use super::Lowering;
use crate::sql::keyword::Keyword;
use crate::sql::parse::{feed_of, located, quoted, word};
use crate::sql::token::Kind;
use crate::sql::tokens::Tokens;

impl Lowering<'_, '_> {
    /// `OVERRIDING SYSTEM VALUE` and `OVERRIDING USER VALUE` are dropped: three keywords.
    pub(super) fn overriding(&mut self, at: usize) -> Option<usize> {
        let kind = matches!(self.keyword(at + 1), Some(Keyword::System | Keyword::User));
        (kind && self.keyword(at + 2) == Some(Keyword::Value)).then_some(at + 3)
    }

    /// `ON CONFLICT (a COLLATE c ops, lower(b)) WHERE pred` becomes `ON CONFLICT (a, "")`: collations and operator classes are dropped, a
    /// name without letters, which no column has, stands for an expression. The expressions and the predicate are hidden from the
    /// parser here: whoever walks the clause reads them from their tokens ([`conflict_parts`]), or refuses it.
    pub(super) fn conflict_target(&mut self, at: usize) -> Option<usize> {
        let open = at + 1;
        if self.keyword_before(at) != Some(Keyword::On) {
            return None;
        }
        let ConflictParts { items, predicate, end } = conflict_parts(self.tokens, open, self.end)?;
        let close = self.tokens.closing(open)?;
        let plain = predicate.is_none() && items.iter().all(|(_, expression)| !expression);
        if plain && close - open == 2 * items.len() {
            return None;
        }
        let mut fed = vec![located(feed_of(self.tokens, at)?, at), located(Fed::LParen, open)];
        for (number, (item, expression)) in items.iter().enumerate() {
            if number > 0 {
                fed.push(located(Fed::Comma, item.start - 1));
            }
            let name = if *expression { quoted("") } else { feed_of(self.tokens, item.start)? };
            fed.push(located(name, item.start));
        }
        fed.push(located(Fed::RParen, close));
        self.feed.extend(fed);
        Some(end)
    }

    /// `SET a[1].f = x` and `SET (a.f, b[1:2]) = ..` become `SET a = x` and `SET (a, b) = ..`: the column is what is written. The
    /// subscripts hold only literals, parameters, plain names, signs and colons: no bracket, so no sub-select and no call.
    pub(super) fn assigned_part(&mut self, at: usize) -> Option<usize> {
        let column = self.before(at).filter(|&before| self.is_plain_name(before))?;
        let listed = match self.set_at? {
            depth if depth == self.depth => false,
            depth if depth + 1 == self.depth => true,
            _elsewhere => return None,
        };
        let next = self.after_parts(at)?;
        let before = self.before(column)?;
        if !listed {
            let begins = self.keyword(before) == Some(Keyword::Set) || self.is_char(before, b',');
            return (begins && self.is_char(next, b'=')).then_some(next);
        }
        // `SET (` or `, (` up to `) =`
        let mut open = before;
        while open > self.start && !self.is_char(open, b'(') {
            open -= 1;
        }
        let begins = self.keyword_before(open) == Some(Keyword::Set) || self.char_before(open, b',');
        let ends = self.tokens.closing(open).is_some_and(|close| self.is_char(close + 1, b'='));
        let item = self.is_char(before, b'(') || self.is_char(before, b',');
        (begins && ends && item && (self.is_char(next, b',') || self.is_char(next, b')'))).then_some(next)
    }

    /// `INSERT INTO t (a[1], b.f)` becomes `INSERT INTO t (a, b)`, in the same way.
    pub(super) fn inserted_columns(&mut self, at: usize) -> Option<usize> {
        let mut name = self.before(at).filter(|&before| self.is_plain_name(before))?;
        if self.keyword_before(name) == Some(Keyword::As) {
            name = self.before(name)?.checked_sub(1)?;
        }
        if self.keyword_before(self.chain_start(name)) != Some(Keyword::Into) {
            return None;
        }
        let close = self.tokens.closing(at).filter(|&close| close < self.end)?;
        let part = |at: usize| self.is_char(at, b'[') || self.is_char(at, b'.');
        if !(at + 1..close).any(part) {
            return None;
        }
        let mut fed = vec![located(Fed::LParen, at)];
        let mut next = at + 1;
        loop {
            fed.push(located(feed_of(self.tokens, next).filter(|_| self.is_plain_name(next))?, next));
            next = self.after_parts(next + 1)?;
            if next == close {
                break;
            }
            fed.push(located(Fed::Comma, next));
            next = if self.is_char(next, b',') { next + 1 } else { return None };
        }
        fed.push(located(Fed::RParen, close));
        self.feed.extend(fed);
        Some(close + 1)
    }

    /// The token after the subscripts and fields that begin at `at`, if there is nothing in them that could be a call or a sub-select.
    fn after_parts(&self, mut at: usize) -> Option<usize> {
        loop {
            if self.is_char(at, b'.') && self.is_name(at + 1) {
                at += 2;
            } else if self.is_char(at, b'[') {
                let close = self.tokens.closing(at).filter(|&close| close < self.end)?;
                let plain = |at: usize| match self.kind(at) {
                    Some(Kind::Param | Kind::Char(b':' | b'+' | b'-')) => true,
                    Some(kind) if kind.is_literal() => true,
                    Some(_) => self.keyword(at).is_none_or(|k| k == Keyword::Null) && self.is_name(at),
                    None => false,
                };
                if !(at + 1..close).all(plain) {
                    return None;
                }
                at = close + 1;
            } else {
                return Some(at);
            }
        }
    }

    /// `SEARCH BREADTH | DEPTH FIRST BY a, b SET c` after a common table expression is dropped: keywords and names. The column that it
    /// adds is found by its tokens ([`recursion_columns`]).
    pub(super) fn search(&mut self, at: usize) -> Option<usize> {
        let after_query = self.feed.last().is_some_and(|fed| fed.token == Fed::RParen);
        search_end(self.tokens, at, self.end).filter(|_| after_query)
    }

    /// `CYCLE a, b SET c [TO literal DEFAULT literal] USING d` after a common table expression is dropped likewise.
    pub(super) fn cycle(&mut self, at: usize) -> Option<usize> {
        let after_query = self.feed.last().is_some_and(|fed| fed.token == Fed::RParen);
        cycle_end(self.tokens, at, self.end).filter(|_| after_query)
    }

    /// `WHERE CURRENT OF c` becomes `WHERE true`, whose place is that of CURRENT: the rewriter knows the form by it. A cursor is no relation.
    pub(super) fn current_of(&mut self, at: usize) -> Option<usize> {
        let current = self.keyword_before(at) == Some(Keyword::Where)
            && self.keyword(at + 1) == Some(Keyword::Of)
            && (self.is_plain_name(at + 2) || self.kind(at + 2) == Some(Kind::Param));
        if !current {
            return None;
        }
        self.push(word(Keyword::True), at);
        Some(at + 3)
    }

    /// `GROUP BY ALL | DISTINCT ..` loses the keyword, which is reserved, so never a name.
    pub(super) fn group_quantifier(&mut self, at: usize) -> Option<usize> {
        let group = self
            .before(at)
            .is_some_and(|by| self.keyword(by) == Some(Keyword::By) && self.keyword_before(by) == Some(Keyword::Group));
        group.then_some(at + 1)
    }

    /// Inside `GROUPING SETS (..)`, `ROLLUP (`, `CUBE (` and `GROUPING SETS (` become `row (`, and so does the bracket of `()`: the parser
    /// would read a call there. Every grouped expression stays.
    pub(super) fn grouping_set(&mut self, at: usize) -> Option<usize> {
        let open = match self.keyword(at)? {
            Keyword::Grouping if self.keyword(at + 1) == Some(Keyword::Sets) => at + 2,
            Keyword::Rollup | Keyword::Cube => at + 1,
            _no_set => return None,
        };
        if !self.is_char(open, b'(') {
            return None;
        }
        let close = self.tokens.closing(open).filter(|&close| close < self.end)?;
        let nested = self.grouping.last().is_some_and(|&(depth, end)| depth == self.depth && end > at);
        if nested {
            self.push(word(Keyword::Row), at);
        } else if open == at + 2 {
            self.keep_range(at..open)?;
        } else {
            return None;
        }
        self.grouping.push((self.depth + 1, close));
        Some(open)
    }

    /// The empty grouping set, where it is nested.
    pub(super) fn empty_set(&mut self, at: usize) -> Option<usize> {
        let nested = self.grouping.len() > 1 && self.grouping.last().is_some_and(|&(depth, end)| depth == self.depth && end > at);
        if !(nested && self.is_char(at + 1, b')')) {
            return None;
        }
        self.push(word(Keyword::Row), at);
        self.push(Fed::LParen, at);
        self.push(Fed::RParen, at + 1);
        Some(at + 2)
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

/// The parts of `ON CONFLICT (..) [WHERE ..]`, of which the parser gets the columns only.
#[derive(Debug)]
pub struct ConflictParts {
    /// Each item's column or expression, without collation and operator class, and whether it is an expression.
    pub items: Vec<(Range<usize>, bool)>,
    /// The predicate.
    pub predicate: Option<Range<usize>>,
    /// The token after all of it.
    pub end: usize,
}

/// Reads the target of an ON CONFLICT whose bracket opens at `open`, as `gram.y` has it: an index element is a column, a call or an
/// expression in brackets, with a collation and an operator class after it. PostgreSQL has no sub-select there: with one it is not read.
#[must_use]
pub fn conflict_parts(tokens: &Tokens<'_>, open: usize, end: usize) -> Option<ConflictParts> {
    let close = tokens.closing(open).filter(|&close| tokens.is_char(open, b'(') && close < end)?;
    let selects =
        |at: usize| matches!(tokens.keyword(at), Some(Keyword::Select | Keyword::With | Keyword::Values | Keyword::Table));
    let mut items = Vec::new();
    let mut at = open + 1;
    loop {
        let start = at;
        let expression = tokens.is_char(start, b'(') || {
            let mut name = start;
            while tokens.is_char(name + 1, b'.') {
                name += 2;
            }
            at = name + 1;
            tokens.is_char(at, b'(')
        };
        let named = tokens.kind(start).is_some_and(Kind::is_name) && tokens.keyword(start).is_none_or(|k| !k.is_reserved());
        if expression {
            at = tokens.closing(if tokens.is_char(start, b'(') { start } else { at })?.checked_add(1)?;
        } else if !named || at != start + 1 {
            return None;
        }
        items.push((start..at, expression));
        // collation and operator class: names and dots
        while at < close && !tokens.is_char(at, b',') {
            if !(tokens.kind(at).is_some_and(Kind::is_name) || tokens.is_char(at, b'.')) {
                return None;
            }
            at += 1;
        }
        if at >= close {
            break;
        }
        at += 1;
    }
    if tokens.keyword(close + 1) != Some(Keyword::Where) {
        let read = at == close && !(open..close).any(selects);
        return read.then_some(ConflictParts { items, predicate: None, end: close + 1 });
    }
    let mut next = close + 2;
    while next < end && tokens.keyword(next) != Some(Keyword::Do) {
        next = if tokens.is_char(next, b'(') || tokens.is_char(next, b'[') { tokens.closing(next)? + 1 } else { next + 1 };
    }
    (at == close && next < end && !(open..next).any(selects)).then_some(ConflictParts {
        items,
        predicate: Some(close + 2..next),
        end: next,
    })
}

/// The columns that SEARCH and CYCLE clauses add to the common table expression whose query ends at the bracket `close`.
#[must_use]
pub fn recursion_columns(tokens: &Tokens<'_>, close: usize, end: usize) -> Vec<String> {
    let mut columns = Vec::new();
    let mut at = close + 1;
    if let Some(next) = search_end(tokens, at, end) {
        columns.push(tokens.value(next - 1).into_owned());
        at = next;
    }
    if let Some(next) = cycle_end(tokens, at, end) {
        let set = (at..next).find(|&at| tokens.keyword(at) == Some(Keyword::Set));
        columns.extend(set.map(|set| tokens.value(set + 1).into_owned()));
        columns.push(tokens.value(next - 1).into_owned());
    }
    columns
}

fn search_end(tokens: &Tokens<'_>, at: usize, end: usize) -> Option<usize> {
    let begins = tokens.keyword(at) == Some(Keyword::Search)
        && matches!(tokens.keyword(at + 1), Some(Keyword::Breadth | Keyword::Depth))
        && tokens.keyword(at + 2) == Some(Keyword::First)
        && tokens.keyword(at + 3) == Some(Keyword::By);
    let set = names_end(tokens, at + 4).filter(|_| begins)?;
    let named = tokens.keyword(set) == Some(Keyword::Set) && is_name(tokens, set + 1) && set + 1 < end;
    named.then_some(set + 2)
}

fn cycle_end(tokens: &Tokens<'_>, at: usize, end: usize) -> Option<usize> {
    let set = names_end(tokens, at + 1).filter(|_| tokens.keyword(at) == Some(Keyword::Cycle))?;
    if tokens.keyword(set) != Some(Keyword::Set) || !is_name(tokens, set + 1) {
        return None;
    }
    let mut next = set + 2;
    if tokens.keyword(next) == Some(Keyword::To) {
        next = literal_end(tokens, next + 1)?;
        next = literal_end(tokens, next + 1).filter(|_| tokens.keyword(next) == Some(Keyword::Default))?;
    }
    let named = tokens.keyword(next) == Some(Keyword::Using) && is_name(tokens, next + 1) && next + 1 < end;
    named.then_some(next + 2)
}

/// The token after a list of plain names.
fn names_end(tokens: &Tokens<'_>, mut at: usize) -> Option<usize> {
    while is_name(tokens, at) {
        if !tokens.is_char(at + 1, b',') {
            return Some(at + 1);
        }
        at += 2;
    }
    None
}

fn is_name(tokens: &Tokens<'_>, at: usize) -> bool {
    tokens.kind(at).is_some_and(Kind::is_name) && tokens.keyword(at).is_none_or(|keyword| !keyword.is_reserved())
}

/// The token after a literal: a number with or without a sign, a string with or without a type's name, TRUE, FALSE or NULL.
fn literal_end(tokens: &Tokens<'_>, at: usize) -> Option<usize> {
    let literal = |at: usize| tokens.kind(at).is_some_and(Kind::is_literal);
    let constant = matches!(tokens.keyword(at), Some(Keyword::True | Keyword::False | Keyword::Null));
    let prefixed = tokens.is_char(at, b'-') || tokens.is_char(at, b'+') || is_name(tokens, at);
    if literal(at) || constant {
        return Some(at + 1);
    }
    (prefixed && literal(at + 1)).then_some(at + 2)
}
