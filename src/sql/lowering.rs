//! Lowering: what PostgreSQL's grammar has and the parser has not is dropped or replaced in the parser's copy of the tokens.
//! It does not touch what is emitted: that keeps the user's tokens. It does not judge statements.
//!
//! Each rule is one method and says why it cannot hide a relation. All share this: a rule drops or replaces tokens that it names one by
//! one, never an open stretch that could hold an expression, unless it has seen that the stretch has no bracket at all (no
//! bracket: no sub-select, no function call). A token that stands in for another carries that token's index.

use std::ops::Range;

use sqlparser::tokenizer::{Token as Fed, TokenWithSpan};

use super::keyword::{Category, Keyword};
use super::parse::{feed_of, located, near, word};
use super::token::Kind;
use super::tokens::Tokens;
use crate::error::Refusal;

/// The feed for the statement in `range`.
///
/// # Errors
/// 42601 at a token that no statement of PostgreSQL has, or has there.
pub(crate) fn lower(tokens: &Tokens<'_>, range: Range<usize>) -> Result<Vec<TokenWithSpan>, Refusal> {
    let first = tokens.keyword(range.start);
    let query = is_query(tokens, range.start);
    let feed = Vec::with_capacity(range.len() + 8);
    let mut lowering = Lowering { tokens, start: range.start, end: range.end, query, depth: 0, set_at: None, feed };
    if matches!(first, Some(Keyword::Fetch | Keyword::Move)) && lowering.fetch() {
        return Ok(lowering.feed);
    }
    let mut at = range.start;
    while at < range.end {
        lowering.check_string(at)?;
        at = match lowering.rule(at) {
            Some(next) => next,
            None => {
                lowering.keep(at)?;
                at + 1
            }
        };
    }
    if first == Some(Keyword::Copy) {
        lowering.copy_payload();
    }
    Ok(lowering.feed)
}

/// Whether the statement is made of queries: expressions follow PostgreSQL's expression grammar everywhere in it.
fn is_query(tokens: &Tokens<'_>, start: usize) -> bool {
    tokens.is_char(start, b'(')
        || matches!(
            tokens.keyword(start),
            Some(
                Keyword::Select
                    | Keyword::With
                    | Keyword::Values
                    | Keyword::Table
                    | Keyword::Insert
                    | Keyword::Update
                    | Keyword::Delete
                    | Keyword::Merge
                    | Keyword::Explain
                    | Keyword::Prepare
                    | Keyword::Execute
                    | Keyword::Declare
                    | Keyword::Call
            )
        )
}

struct Lowering<'t, 'a> {
    tokens: &'t Tokens<'a>,
    start: usize,
    end: usize,
    /// [`is_query`].
    query: bool,
    /// Brackets open at the current token.
    depth: usize,
    /// At which depth a SET clause of UPDATE is open.
    set_at: Option<usize>,
    feed: Vec<TokenWithSpan>,
}

impl Lowering<'_, '_> {
    fn keyword(&self, at: usize) -> Option<Keyword> {
        if at < self.end { self.tokens.keyword(at) } else { None }
    }

    fn kind(&self, at: usize) -> Option<Kind> {
        if at < self.end { self.tokens.kind(at) } else { None }
    }

    fn is_char(&self, at: usize, c: u8) -> bool {
        self.kind(at) == Some(Kind::Char(c))
    }

    fn is_name(&self, at: usize) -> bool {
        self.kind(at).is_some_and(Kind::is_name)
    }

    /// The token before, inside the statement.
    fn before(&self, at: usize) -> Option<usize> {
        at.checked_sub(1).filter(|&at| at >= self.start)
    }

    fn keyword_before(&self, at: usize) -> Option<Keyword> {
        self.keyword(self.before(at)?)
    }

    fn char_before(&self, at: usize, c: u8) -> bool {
        self.before(at).is_some_and(|at| self.is_char(at, c))
    }

    /// A word that is an identifier here for PostgreSQL, unless the grammar has a use for the keyword.
    fn is_plain_name(&self, at: usize) -> bool {
        self.is_name(at) && self.keyword(at).is_none_or(|keyword| !keyword.is_reserved())
    }

    /// The last token of `name.name..` that begins at `at`.
    fn chain_end(&self, mut at: usize) -> usize {
        while self.is_char(at + 1, b'.') && self.is_name(at + 2) {
            at += 2;
        }
        at
    }

    /// The first token of `name.name..` that ends at `at`.
    fn chain_start(&self, mut at: usize) -> usize {
        while self.char_before(at, b'.') && at >= self.start + 2 && self.is_name(at - 2) {
            at -= 2;
        }
        at
    }

    /// The bracket that the one at `at` closes.
    fn opening(&self, at: usize) -> Option<usize> {
        (self.start..at).rev().find(|&open| self.tokens.closing(open) == Some(at))
    }

    fn push(&mut self, token: Fed, index: usize) {
        self.feed.push(located(token, index));
    }

    /// Feeds a token as it is, and keeps track of brackets and SET clauses.
    fn keep(&mut self, at: usize) -> Result<(), Refusal> {
        match self.kind(at) {
            Some(Kind::Char(b'(' | b'[')) => self.depth += 1,
            Some(Kind::Char(b')' | b']')) => {
                self.depth = self.depth.saturating_sub(1);
                self.set_at = self.set_at.filter(|&depth| depth <= self.depth);
            }
            Some(Kind::Word) => match self.keyword(at) {
                Some(Keyword::Set) => self.set_at = Some(self.depth),
                Some(Keyword::Where | Keyword::From | Keyword::Returning | Keyword::When) => {
                    self.set_at = self.set_at.filter(|&depth| depth != self.depth);
                }
                Some(_) | None => {}
            },
            Some(_) | None => {}
        }
        let token = feed_of(self.tokens, at).ok_or_else(|| near(self.tokens, Some(at), self.end))?;
        self.push(token, at);
        Ok(())
    }

    /// Applies the rule that begins at this token, if one does; gives the token to go on with.
    fn rule(&mut self, at: usize) -> Option<usize> {
        match self.kind(at)? {
            Kind::Word => match self.keyword(at) {
                None => self.typed_literal(at),
                Some(Keyword::Only) => self.only(at),
                Some(Keyword::For) => self.lock_strength(at),
                Some(Keyword::Overriding) => self.overriding(at),
                Some(Keyword::Conflict) => self.conflict_target(at),
                Some(Keyword::Symmetric | Keyword::Asymmetric) => self.between_symmetry(at),
                Some(Keyword::Not | Keyword::Deferrable) => self.deferrable(at),
                Some(Keyword::Isnull | Keyword::Notnull) => self.null_test(at),
                Some(Keyword::Table) => self.table_command(at),
                Some(Keyword::Variadic) => self.variadic(at),
                Some(Keyword::Interval) => self.interval_precision(at),
                Some(Keyword::Exclude) => self.frame_exclusion(at),
                Some(Keyword::As) => self.column_definitions(at),
                Some(keyword) if keyword.category() == Category::Unreserved || is_plain_type(keyword) => self.typed_literal(at),
                Some(_) => None,
            },
            Kind::QuotedIdent | Kind::UnicodeIdent => self.typed_literal(at),
            Kind::Char(b'*') => self.descendants(at),
            Kind::Char(b'.') => self.composite_star(at),
            Kind::Char(b'[') => self.assigned_element(at),
            _no_rule_begins_here => None,
        }
    }

    /// Refuses a string where PostgreSQL refuses it and the parser would take it for an alias or join it to the one before.
    fn check_string(&self, at: usize) -> Result<(), Refusal> {
        let string = self.kind(at).is_some_and(Kind::is_string);
        let Some(before) = self.before(at).filter(|_| string && self.query) else { return Ok(()) };
        let after_call = self.is_char(before, b')')
            && self.opening(before).and_then(|open| self.before(open)).is_some_and(|name| {
                self.is_name(name)
                    && self.keyword(name) != Some(Keyword::Operator)
                    && self.keyword(name).is_none_or(|keyword| keyword.category() == Category::Unreserved)
            });
        let after_operand =
            self.kind(before).is_some_and(|kind| kind.is_literal() || kind == Kind::Param) || self.is_char(before, b']');
        if after_call || after_operand || self.keyword(before) == Some(Keyword::As) {
            return Err(near(self.tokens, Some(at), self.end));
        }
        Ok(())
    }

    /// `ONLY t` and `ONLY (t)` become `t`; the parser takes ONLY for the relation's name (S4). The relation's own tokens stay. ONLY is
    /// reserved, so an unquoted one is never a name; `FETCH FIRST ROW ONLY` and `READ ONLY` are not followed by a name or bracket
    /// there, and are told by the word before.
    fn only(&mut self, at: usize) -> Option<usize> {
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

    /// Feeds a range as it is; `None`, with nothing fed, if it holds a token that no statement has.
    fn keep_range(&mut self, range: Range<usize>) -> Option<()> {
        let fed: Option<Vec<_>> = range.map(|at| feed_of(self.tokens, at).map(|token| located(token, at))).collect();
        self.feed.extend(fed?);
        Some(())
    }

    /// `FROM t *` (the opposite of ONLY, and the default) loses its star, where what follows shows that it is no multiplication. One
    /// punctuation mark is dropped.
    fn descendants(&mut self, at: usize) -> Option<usize> {
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

    /// `FOR NO KEY UPDATE` becomes FOR UPDATE, `FOR KEY SHARE` FOR SHARE. Two or one keywords are dropped; `OF t` stays.
    fn lock_strength(&mut self, at: usize) -> Option<usize> {
        let strength = match (self.keyword(at + 1), self.keyword(at + 2), self.keyword(at + 3)) {
            (Some(Keyword::No), Some(Keyword::Key), Some(Keyword::Update)) => at + 3,
            (Some(Keyword::Key), Some(Keyword::Share), _) => at + 2,
            (_, _, _) => return None,
        };
        self.push(word(Keyword::For), at);
        Some(strength)
    }

    /// `OVERRIDING SYSTEM VALUE` and `OVERRIDING USER VALUE` are dropped: three keywords.
    fn overriding(&mut self, at: usize) -> Option<usize> {
        let kind = matches!(self.keyword(at + 1), Some(Keyword::System | Keyword::User));
        (kind && self.keyword(at + 2) == Some(Keyword::Value)).then_some(at + 3)
    }

    /// `ON CONFLICT (a COLLATE c ops, b) WHERE pred` becomes `ON CONFLICT (a, b)`, if neither list nor predicate has a bracket: what is
    /// dropped are collations, operator classes and comparisons of columns with literals. With a bracket (an expression, a function)
    /// the statement is left for the parser to refuse.
    fn conflict_target(&mut self, at: usize) -> Option<usize> {
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

    /// `x ISNULL` becomes `x IS NULL`, `x NOTNULL` `x IS NOT NULL`: one keyword for others. Only after an operand, so a function or
    /// label of that name is left alone.
    fn null_test(&mut self, at: usize) -> Option<usize> {
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

    /// `TABLE t` as a query becomes `SELECT * FROM t`; the parser keeps the name as mere text, without its place. The relation's tokens
    /// stay, and all three keywords put in carry the index of TABLE, by which the rewriter knows the form.
    fn table_command(&mut self, at: usize) -> Option<usize> {
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

    /// `f(VARIADIC x)` becomes `f(x)`: one keyword, reserved, so never a name.
    fn variadic(&mut self, at: usize) -> Option<usize> {
        (self.char_before(at, b'(') || self.char_before(at, b',')).then_some(at + 1)
    }

    /// `interval(2) '1 day'` becomes `interval '1 day'`: a bracketed integer is dropped.
    fn interval_precision(&mut self, at: usize) -> Option<usize> {
        let precision = self.is_char(at + 1, b'(') && self.kind(at + 2) == Some(Kind::Integer) && self.is_char(at + 3, b')');
        if !precision || !self.kind(at + 4).is_some_and(Kind::is_string) {
            return None;
        }
        self.push(word(Keyword::Interval), at);
        Some(at + 4)
    }

    /// A window frame's `EXCLUDE CURRENT ROW | GROUP | TIES | NO OTHERS` is dropped: two or three keywords before the closing bracket.
    fn frame_exclusion(&mut self, at: usize) -> Option<usize> {
        let next = match (self.keyword(at + 1), self.keyword(at + 2)) {
            (Some(Keyword::Current), Some(Keyword::Row)) | (Some(Keyword::No), Some(Keyword::Others)) => at + 3,
            (Some(Keyword::Group | Keyword::Ties), _) => at + 2,
            (_, _) => return None,
        };
        self.is_char(next, b')').then_some(next)
    }

    /// `BETWEEN SYMMETRIC a AND b` loses the keyword, which is reserved, so never a name.
    fn between_symmetry(&mut self, at: usize) -> Option<usize> {
        (self.keyword_before(at) == Some(Keyword::Between)).then_some(at + 1)
    }

    /// `[NOT] DEFERRABLE` among the modes of BEGIN and START TRANSACTION is dropped, with the comma before it: no expression stands there.
    fn deferrable(&mut self, at: usize) -> Option<usize> {
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

    /// `type 'literal'` becomes `'literal'::type` (S6: the parser takes it for a column and a string alias, except for types that it
    /// knows). All tokens stay, in another order; a type's name is no relation.
    fn typed_literal(&mut self, at: usize) -> Option<usize> {
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

    /// `(composite).*` becomes `(composite)`: two punctuation marks are dropped after a closing bracket.
    fn composite_star(&mut self, at: usize) -> Option<usize> {
        (self.query && self.char_before(at, b')') && self.is_char(at + 1, b'*')).then_some(at + 2)
    }

    /// `SET a[1] = x` becomes `SET a = x`, where the subscripts hold only numbers, parameters, plain names, signs and colons: no
    /// bracket, so no sub-select and no call.
    fn assigned_element(&mut self, at: usize) -> Option<usize> {
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

    /// `FROM f(..) AS (a int)` becomes `FROM f(..) AS f (a int)`: PostgreSQL names the row by the function as well. Nothing is dropped.
    fn column_definitions(&mut self, at: usize) -> Option<usize> {
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

    /// FETCH and MOVE in the one form that the parser reads, `FETCH direction FROM cursor`; false if it is none of PostgreSQL's forms
    /// with a plain name at the end. A cursor is no relation.
    fn fetch(&mut self) -> bool {
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
    fn copy_payload(&mut self) {
        let stdin = (self.start..self.end).any(|at| self.keyword(at) == Some(Keyword::Stdin));
        if let Some(last) = self.before(self.end).filter(|_| stdin) {
            self.push(Fed::SemiColon, last);
        }
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
fn is_plain_type(keyword: Keyword) -> bool {
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

/// Whether the relation whose first token this is stands behind ONLY, written `ONLY t` or `ONLY (t)`: gives the index of ONLY.
#[must_use]
pub fn only_before(tokens: &Tokens<'_>, relation: usize) -> Option<usize> {
    let before = relation.checked_sub(1)?;
    let at = if tokens.is_char(before, b'(') { before.checked_sub(1)? } else { before };
    (tokens.keyword(at) == Some(Keyword::Only)).then_some(at)
}

/// Whether the relation whose first token this is stands in a `TABLE t` command: gives the index of TABLE. The parser was given
/// `SELECT * FROM t` for it.
#[must_use]
pub fn table_command_before(tokens: &Tokens<'_>, relation: usize) -> Option<usize> {
    let first = only_before(tokens, relation).unwrap_or(relation);
    first.checked_sub(1).filter(|&at| tokens.keyword(at) == Some(Keyword::Table))
}
