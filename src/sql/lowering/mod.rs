//! Lowering: what PostgreSQL's grammar has and the parser has not is dropped or replaced in the parser's copy of the tokens.
//! It does not touch what is emitted: that keeps the user's tokens. It does not judge statements.
//!
//! Each rule is one method and says why it cannot hide a relation. All share this: a rule drops or replaces tokens that it names one by
//! one, never an open stretch that could hold an expression, unless it has seen that the stretch has no bracket at all (no
//! bracket: no sub-select, no function call). A token that stands in for another carries that token's index.

mod clauses;
mod expressions;
mod relations;

pub use clauses::{ConflictParts, conflict_parts, recursion_columns};
pub use relations::using_alias;

use std::cell::OnceCell;
use std::ops::Range;

use sqlparser::tokenizer::{Token as Fed, TokenWithSpan};

use crate::error::Refusal;
use crate::sql::keyword::{Category, Keyword};
use crate::sql::parse::{feed_of, located, near};
use crate::sql::token::Kind;
use crate::sql::tokens::Tokens;

/// The feed for the statement in `range`.
///
/// # Errors
/// 42601 at a token that no statement of PostgreSQL has, or has there.
pub(crate) fn lower(tokens: &Tokens<'_>, range: Range<usize>) -> Result<Vec<TokenWithSpan>, Refusal> {
    let query = is_query(tokens, range.start);
    lower_as(tokens, range, query)
}

/// The feed for the expression in `range`.
///
/// # Errors
/// As [`lower`].
pub(crate) fn lower_expression(tokens: &Tokens<'_>, range: Range<usize>) -> Result<Vec<TokenWithSpan>, Refusal> {
    lower_as(tokens, range, true)
}

fn lower_as(tokens: &Tokens<'_>, range: Range<usize>, query: bool) -> Result<Vec<TokenWithSpan>, Refusal> {
    let first = tokens.keyword(range.start);
    let feed = Vec::with_capacity(range.len() + 8);
    let mut lowering = Lowering {
        tokens,
        start: range.start,
        end: range.end,
        query,
        depth: 0,
        set_at: None,
        grouping: Vec::new(),
        rows: Vec::new(),
        commas: Vec::new(),
        openings: OnceCell::new(),
        feed,
    };
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
    /// The depths inside the open grouping sets, and where each closes.
    grouping: Vec<(usize, usize)>,
    /// Where the open ROWS FROM lists close.
    rows: Vec<usize>,
    /// The keywords in calls of SUBSTRING that are given as commas.
    commas: Vec<usize>,
    /// For each closing bracket the one that it closes; filled when first asked for.
    openings: OnceCell<Vec<Option<usize>>>,
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
        let table = self.openings.get_or_init(|| {
            let mut table = vec![None; self.end - self.start];
            for open in self.start..self.end {
                let close = self.tokens.closing(open).and_then(|close| close.checked_sub(self.start));
                if let Some(slot) = close.and_then(|close| table.get_mut(close)) {
                    *slot = Some(open);
                }
            }
            table
        });
        table.get(at.checked_sub(self.start)?).copied().flatten()
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
                self.grouping.pop_if(|(_, close)| *close <= at);
                self.rows.pop_if(|close| *close <= at);
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
                Some(Keyword::For) => self.comma(at).or_else(|| self.lock_strength(at)),
                Some(Keyword::Similar) => self.comma(at),
                Some(Keyword::Escape) => self.comma(at).or_else(|| self.typed_literal(at)),
                Some(Keyword::Substring) => self.substring_words(at),
                Some(Keyword::Select) => self.empty_select(at),
                Some(Keyword::Overriding) => self.overriding(at),
                Some(Keyword::Conflict) => self.conflict_target(at),
                Some(Keyword::Symmetric | Keyword::Asymmetric) => self.between_symmetry(at),
                Some(Keyword::Not | Keyword::Deferrable) => self.deferrable(at),
                Some(Keyword::Isnull | Keyword::Notnull) => self.null_test(at),
                Some(Keyword::Table) => self.table_command(at),
                Some(Keyword::Variadic) => self.variadic(at),
                Some(Keyword::Interval) => self.interval_precision(at),
                Some(Keyword::Exclude) => self.frame_exclusion(at),
                Some(Keyword::As) => self.join_alias(at).or_else(|| self.column_definitions(at)),
                Some(Keyword::Rows) => self.rows_from(at),
                Some(Keyword::Lateral) => self.lateral(at),
                Some(Keyword::From) => self.comma(at).or_else(|| self.trim_from(at)),
                Some(Keyword::Current) => self.current_of(at),
                Some(Keyword::Search) => self.search(at).or_else(|| self.typed_literal(at)),
                Some(Keyword::Cycle) => self.cycle(at).or_else(|| self.typed_literal(at)),
                Some(Keyword::All | Keyword::Distinct) => self.group_quantifier(at),
                Some(Keyword::Grouping | Keyword::Rollup | Keyword::Cube) => {
                    self.grouping_set(at).or_else(|| self.typed_literal(at))
                }
                Some(keyword) if keyword.category() == Category::Unreserved || expressions::is_plain_type(keyword) => {
                    self.typed_literal(at)
                }
                Some(_) => None,
            },
            Kind::QuotedIdent | Kind::UnicodeIdent => self.typed_literal(at),
            Kind::String | Kind::EscapeString | Kind::DollarString | Kind::UnicodeString => self.frame_bound(at),
            Kind::Char(b'*') => self.descendants(at),
            Kind::Char(b'.') => self.composite_star(at).or_else(|| self.cast_row(at)).or_else(|| self.assigned_part(at)),
            Kind::Char(b'[') => self.assigned_part(at),
            Kind::Char(b'(') => self.inserted_columns(at).or_else(|| self.empty_set(at)),
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

    /// Feeds a range as it is; `None`, with nothing fed, if it holds a token that no statement has.
    fn keep_range(&mut self, range: Range<usize>) -> Option<()> {
        let fed: Option<Vec<_>> = range.map(|at| feed_of(self.tokens, at).map(|token| located(token, at))).collect();
        self.feed.extend(fed?);
        Some(())
    }
}

/// The brackets of `range` that open a query (`select_with_parens` of `gram.y`), by token index, ascending: those before SELECT, VALUES,
/// WITH or TABLE, and those before such a bracket that is all there is inside, or that a clause of a query follows.
pub(crate) fn query_brackets(tokens: &Tokens<'_>, range: Range<usize>) -> Vec<usize> {
    let mut found = Vec::new();
    for at in range.clone().rev().filter(|&at| tokens.is_char(at, b'(')) {
        let first = at + 1;
        let opens = match tokens.keyword(first) {
            Some(Keyword::Select | Keyword::With | Keyword::Table) => true,
            Some(Keyword::Values) => tokens.is_char(first + 1, b'('),
            Some(_) => false,
            None => {
                // brackets further in were looked at before, the nearest last
                let nested = tokens.is_char(first, b'(') && found.last() == Some(&first);
                let after = tokens.closing(first).filter(|_| nested).map(|close| close + 1);
                after.is_some_and(|after| {
                    tokens.closing(at) == Some(after)
                        || matches!(
                            tokens.keyword(after),
                            Some(
                                Keyword::Union
                                    | Keyword::Intersect
                                    | Keyword::Except
                                    | Keyword::Order
                                    | Keyword::Limit
                                    | Keyword::Offset
                                    | Keyword::Fetch
                                    | Keyword::For
                            )
                        )
                })
            }
        };
        if opens {
            found.push(at);
        }
    }
    found.reverse();
    found
}
