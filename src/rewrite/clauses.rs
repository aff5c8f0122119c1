//! Where the clauses of a query level stand among the tokens: the syntax tree has no places for keywords.
//! It reads reserved words at the level's own depth of parentheses only; it does not read expressions.

use crate::sql::{Keyword, Tokens};
use std::ops::Range;

/// The places of a SELECT, UPDATE or DELETE that predicates are spliced at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Clauses {
    /// The FROM keyword (of DELETE: USING).
    pub(super) from: Option<usize>,
    /// The end of the FROM list; without one, the end of the select list or of SET.
    pub(super) from_end: usize,
    /// The tokens of the WHERE condition, the keyword left out.
    pub(super) condition: Option<Range<usize>>,
    /// Where the select list ends.
    pub(super) list_end: usize,
}

/// Finds the clauses of the level that begins with the keyword at `start`, looking no further than `end`.
///
/// `from` is the keyword that opens the list of relations: FROM, or USING for DELETE.
pub(super) fn find(tokens: &Tokens<'_>, start: usize, end: usize, from: Keyword) -> Clauses {
    let mut found = Clauses { from: None, from_end: end, condition: None, list_end: end };
    let mut where_at = None;
    let mut at = start.saturating_add(1);
    let mut stop = end;
    while at < end {
        if let Some(next) = over_group(tokens, at) {
            at = next;
            continue;
        }
        if closes(tokens, at) {
            stop = at;
            break;
        }
        if let Some(word) = clause_word(tokens, at) {
            if word == from && found.from.is_none() && where_at.is_none() {
                found.from = Some(at);
                found.list_end = at;
            } else if word == Keyword::Where && where_at.is_none() {
                where_at = Some(at);
            } else if ends_level(tokens, at, word) {
                stop = at;
                break;
            }
        }
        at = at.saturating_add(1);
    }
    found.from_end = where_at.unwrap_or(stop);
    if found.from.is_none() {
        found.list_end = found.from_end;
    }
    found.condition = where_at.map(|w| w.saturating_add(1)..stop);
    found
}

/// Where the GROUP BY whose first word is at `group` ends.
pub(super) fn group_end(tokens: &Tokens<'_>, group: usize, end: usize) -> usize {
    let mut at = group.saturating_add(2);
    while at < end && !closes(tokens, at) && !clause_word(tokens, at).is_some_and(|word| ends_level(tokens, at, word)) {
        at = over_group(tokens, at).unwrap_or_else(|| at.saturating_add(1));
    }
    at.min(end)
}

/// The token after the group that opens at `at`, if one does.
fn over_group(tokens: &Tokens<'_>, at: usize) -> Option<usize> {
    (tokens.is_char(at, b'(') || tokens.is_char(at, b'[')).then(|| tokens.closing(at).map_or(usize::MAX, |c| c.saturating_add(1)))
}

fn closes(tokens: &Tokens<'_>, at: usize) -> bool {
    tokens.is_char(at, b')') || tokens.is_char(at, b']') || tokens.is_char(at, b';')
}

/// The keyword at `at`, unless it stands as a label (`AS where`) or a field (`c.from`), or inside `IS [NOT] DISTINCT FROM`.
fn clause_word(tokens: &Tokens<'_>, at: usize) -> Option<Keyword> {
    let word = tokens.keyword(at)?;
    let before = at.checked_sub(1);
    let label = before.is_some_and(|b| tokens.keyword(b) == Some(Keyword::As) || tokens.is_char(b, b'.'));
    let distinct_from = word == Keyword::From && before.is_some_and(|b| tokens.keyword(b) == Some(Keyword::Distinct));
    (!label && !distinct_from).then_some(word)
}

/// Whether this reserved word ends the FROM list and the WHERE condition of its level.
fn ends_level(tokens: &Tokens<'_>, at: usize, word: Keyword) -> bool {
    let next = tokens.keyword(at.saturating_add(1));
    match word {
        // Reserved words that need AS to be labels (PostgreSQL's kwlist: AS_LABEL), so that they can only open their clause.
        Keyword::Having
        | Keyword::Window
        | Keyword::Union
        | Keyword::Intersect
        | Keyword::Except
        | Keyword::Order
        | Keyword::Limit
        | Keyword::Offset
        | Keyword::Fetch
        | Keyword::Returning => true,
        // COLLATION FOR ( ... ) is not a clause.
        Keyword::For => at.checked_sub(1).is_none_or(|before| tokens.keyword(before) != Some(Keyword::Collation)),
        // WITHIN GROUP ( ... ) is not a clause.
        Keyword::Group => next == Some(Keyword::By),
        // INSERT ... SELECT ... ON CONFLICT. A join's ON is followed by an expression; a column called "conflict" would be refused below,
        // as the tree then has a join condition where none was found.
        Keyword::On => next == Some(Keyword::Conflict),
        _ => false,
    }
}

/// Where the source of an INSERT ends, and how often `ON CONFLICT` stands behind it: a join's condition may look like that.
pub(super) fn source_end(tokens: &Tokens<'_>, source: Range<usize>) -> (usize, usize) {
    let (mut at, mut stop, mut conflicts) = (source.start, source.end, 0_usize);
    while at < source.end && !closes(tokens, at) {
        if let Some(next) = over_group(tokens, at) {
            at = next;
            continue;
        }
        let word = clause_word(tokens, at);
        let conflict = word == Some(Keyword::On) && tokens.keyword(at.saturating_add(1)) == Some(Keyword::Conflict);
        if conflict {
            conflicts = conflicts.saturating_add(1);
        }
        if conflict || word == Some(Keyword::Returning) {
            stop = stop.min(at);
        }
        at = at.saturating_add(1);
    }
    (stop.min(at), conflicts)
}

/// Where the level that these tokens stand in ends.
pub(super) fn level_end(tokens: &Tokens<'_>, range: Range<usize>) -> usize {
    let mut at = range.start;
    while at < range.end && !closes(tokens, at) {
        at = over_group(tokens, at).unwrap_or_else(|| at.saturating_add(1));
    }
    at.min(range.end)
}

/// The values that a SET list gives, each after its `=`.
pub(super) fn assigned(tokens: &Tokens<'_>, list: Range<usize>) -> Vec<Range<usize>> {
    let value = |item: Range<usize>| {
        let mut at = item.start;
        while at < item.end && !tokens.is_char(at, b'=') {
            at = over_group(tokens, at).unwrap_or_else(|| at.saturating_add(1));
        }
        at.saturating_add(1)..item.end
    };
    items(tokens, list).into_iter().map(value).collect()
}

/// The ON conditions of the joins of one FROM list, in order, each without its keyword.
pub(super) fn join_conditions(tokens: &Tokens<'_>, list: Range<usize>) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    let mut open: Option<usize> = None;
    let mut at = list.start;
    while at < list.end {
        if let Some(next) = over_group(tokens, at) {
            at = next;
            continue;
        }
        let word = clause_word(tokens, at);
        if word == Some(Keyword::On) || tokens.is_char(at, b',') || word.is_some_and(|w| starts_join(tokens, at, w)) {
            found.extend(open.take().map(|o| o..at));
            if word == Some(Keyword::On) {
                open = Some(at.saturating_add(1));
            }
        }
        at = at.saturating_add(1);
    }
    found.extend(open.map(|o| o..list.end));
    found
}

fn starts_join(tokens: &Tokens<'_>, at: usize, word: Keyword) -> bool {
    let next = tokens.keyword(at.saturating_add(1));
    match word {
        Keyword::Join => true,
        Keyword::Inner | Keyword::Cross => next == Some(Keyword::Join),
        Keyword::Left | Keyword::Right | Keyword::Full => matches!(next, Some(Keyword::Join | Keyword::Outer)),
        Keyword::Natural => {
            matches!(next, Some(Keyword::Join | Keyword::Inner | Keyword::Left | Keyword::Right | Keyword::Full))
        }
        _ => false,
    }
}

/// The conjuncts of a condition: its tokens cut at the ANDs of its own depth (those of BETWEEN and within CASE left out).
pub(super) fn conjuncts(tokens: &Tokens<'_>, condition: Range<usize>) -> Vec<Range<usize>> {
    let mut parts = Vec::new();
    let (mut start, mut at) = (condition.start, condition.start);
    let (mut between, mut cases) = (0_usize, 0_usize);
    while at < condition.end {
        if let Some(next) = over_group(tokens, at) {
            at = next;
            continue;
        }
        match clause_word(tokens, at) {
            Some(Keyword::Case) => cases = cases.saturating_add(1),
            Some(Keyword::End) => cases = cases.saturating_sub(1),
            Some(Keyword::Between) if cases == 0 => between = between.saturating_add(1),
            Some(Keyword::And) if cases == 0 && between > 0 => between = between.saturating_sub(1),
            Some(Keyword::And) if cases == 0 => {
                parts.push(start..at);
                start = at.saturating_add(1);
            }
            _ => {}
        }
        at = at.saturating_add(1);
    }
    parts.push(start..condition.end);
    parts
}

/// Cuts a list at the commas of its own depth.
pub(super) fn items(tokens: &Tokens<'_>, list: Range<usize>) -> Vec<Range<usize>> {
    let mut parts = Vec::new();
    let (mut start, mut at) = (list.start, list.start);
    while at < list.end {
        if let Some(next) = over_group(tokens, at) {
            at = next;
            continue;
        }
        if tokens.is_char(at, b',') {
            parts.push(start..at);
            start = at.saturating_add(1);
        }
        at = at.saturating_add(1);
    }
    if !list.is_empty() {
        parts.push(start..list.end);
    }
    parts
}

/// Where these keywords first follow one another at the range's own depth.
pub(super) fn phrase(tokens: &Tokens<'_>, range: Range<usize>, words: &[Keyword]) -> Option<usize> {
    let mut at = range.start;
    while at < range.end && !closes(tokens, at) {
        if let Some(next) = over_group(tokens, at) {
            at = next;
            continue;
        }
        if words.iter().enumerate().all(|(i, w)| tokens.keyword(at.saturating_add(i)) == Some(*w)) {
            return Some(at);
        }
        at = at.saturating_add(1);
    }
    None
}
