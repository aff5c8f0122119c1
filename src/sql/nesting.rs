//! How deep a statement nests and how long its operator chains are, measured token by token without recursion.
//! It does not know what the brackets mean; mismatched ones are the parser's affair.

use super::keyword::Keyword;
use super::token::Kind;

/// One open `(`, `[` or CASE.
#[derive(Clone, Copy, Debug, Default)]
struct Level {
    is_case: bool,
    /// Operators in the current list item.
    chain: u32,
    /// Set operations, which commas do not separate.
    sets: u32,
    /// Height of the highest closed level inside the current list item.
    inner: u32,
    /// Highest finished list item.
    best: u32,
    /// Joins whose ON or USING has not come yet: each stands inside the one before it.
    pending: u32,
}

impl Level {
    fn height(self) -> u32 {
        self.sets.saturating_add(self.best.max(self.chain.saturating_add(self.inner)))
    }
}

/// The running measure.
#[derive(Debug, Default)]
pub(crate) struct Nesting {
    outer: Level,
    open: Vec<Level>,
    /// Highest whole statement so far.
    tallest: u32,
    /// Joins of all open levels whose ON or USING has not come yet.
    pending: u32,
    /// JOINs of the current statement.
    joins: u32,
    /// NATURAL JOINs of the whole text: what they compare grows with the square of what stands before them.
    naturals: u32,
    /// Dots of the current dotted name.
    dots: u32,
    /// Whether the join that comes next has no condition: CROSS or NATURAL was seen.
    bare: bool,
    /// The token before.
    last: Last,
}

/// What the token before was, as far as the next one's meaning depends on it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Last {
    #[default]
    Other,
    Dot,
    /// `)` or `]`.
    Closing,
    /// A keyword after which a name comes, even one that is spelled like a keyword.
    Naming,
}

impl Nesting {
    /// Brackets and CASEs open now, and joins that wait for their conditions: what the parser is that many calls deep in.
    #[inline]
    pub(crate) fn depth(&self) -> usize {
        self.open.len().saturating_add(self.pending as usize)
    }

    /// JOINs of the current statement so far.
    #[inline]
    pub(crate) fn joins(&self) -> usize {
        self.joins as usize
    }

    /// NATURAL JOINs of the text so far.
    #[inline]
    pub(crate) fn naturals(&self) -> usize {
        self.naturals as usize
    }

    /// Dots of the current name so far.
    #[inline]
    pub(crate) fn dots(&self) -> usize {
        self.dots as usize
    }

    /// Bound on the height of the tree that a parser can build of what was seen.
    pub(crate) fn height(&mut self) -> u32 {
        while !self.open.is_empty() {
            self.close();
        }
        self.tallest.max(self.outer.height())
    }

    #[inline]
    fn top(&mut self) -> &mut Level {
        self.open.last_mut().unwrap_or(&mut self.outer)
    }

    #[inline]
    fn push(&mut self, is_case: bool) {
        self.open.push(Level { is_case, ..Level::default() });
    }

    fn close(&mut self) {
        if let Some(level) = self.open.pop() {
            let height = level.height().saturating_add(1);
            self.pending = self.pending.saturating_sub(level.pending);
            let top = self.top();
            top.inner = top.inner.max(height);
        }
    }

    /// Takes the next token into account; tells whether anything may have grown that is bounded as it grows.
    #[inline]
    pub(crate) fn see(&mut self, kind: Kind, keyword: Option<Keyword>) -> bool {
        let last = std::mem::replace(&mut self.last, Last::of(kind, keyword));
        if kind != Kind::Char(b'.') && last != Last::Dot {
            self.dots = 0;
        }
        match kind {
            Kind::Word => {
                if let Some(keyword) = keyword {
                    self.see_keyword(keyword);
                    self.see_join(keyword, last);
                    return true;
                }
            }
            Kind::Char(b'(') => {
                self.push(false);
                return true;
            }
            Kind::Char(b'[') => {
                self.top().chain += 1;
                self.push(false);
                return true;
            }
            Kind::Char(b')' | b']') => {
                // CASEs that were never ended (or were no CASEs) end here
                while self.open.last().is_some_and(|level| level.is_case) {
                    self.close();
                }
                self.close();
            }
            Kind::Char(b',') => {
                let top = self.top();
                top.best = top.best.max(top.chain.saturating_add(top.inner));
                (top.chain, top.inner) = (0, 0);
            }
            Kind::Char(b';') => {
                if self.open.is_empty() {
                    self.tallest = self.tallest.max(self.outer.height());
                    self.outer = Level::default();
                    (self.pending, self.joins) = (0, 0);
                }
            }
            Kind::Char(b'.') => {
                self.dots += 1;
                // the field of a row or of a subscript: one more step of the chain
                if last == Last::Closing {
                    self.top().chain += 1;
                }
                return true;
            }
            Kind::Char(_)
            | Kind::Operator
            | Kind::TypeCast
            | Kind::ColonEquals
            | Kind::EqualsGreater
            | Kind::LessEquals
            | Kind::GreaterEquals
            | Kind::NotEquals => self.top().chain += 1,
            Kind::QuotedIdent
            | Kind::UnicodeIdent
            | Kind::Param
            | Kind::Integer
            | Kind::Float
            | Kind::String
            | Kind::EscapeString
            | Kind::DollarString
            | Kind::BitString
            | Kind::HexString
            | Kind::NationalString
            | Kind::UnicodeString
            | Kind::DotDot => {}
        }
        false
    }

    #[inline]
    fn see_keyword(&mut self, keyword: Keyword) {
        if keyword == Keyword::Case {
            self.push(true);
        } else if keyword == Keyword::End {
            if self.open.last().is_some_and(|level| level.is_case) {
                self.close();
            }
        } else if matches!(keyword, Keyword::Union | Keyword::Intersect | Keyword::Except) {
            self.top().sets += 1;
        } else if is_joining(keyword) {
            self.top().chain += 1;
        }
    }

    /// Joins: `a join b join c on .. on ..` is a join inside a join, and the parser recurses for it without a bracket.
    #[inline]
    fn see_join(&mut self, keyword: Keyword, last: Last) {
        match keyword {
            Keyword::Natural => (self.naturals, self.bare) = (self.naturals.saturating_add(1), true),
            Keyword::Cross => self.bare = true,
            Keyword::Join => {
                self.joins = self.joins.saturating_add(1);
                if !std::mem::take(&mut self.bare) {
                    self.top().pending += 1;
                    self.pending += 1;
                }
            }
            // in the place of a name it is no condition
            Keyword::On | Keyword::Using if !matches!(last, Last::Dot | Last::Naming) => {
                let top = self.top();
                if top.pending > 0 {
                    top.pending -= 1;
                    self.pending = self.pending.saturating_sub(1);
                }
            }
            _no_part_of_a_join => {}
        }
    }
}

impl Last {
    #[inline]
    fn of(kind: Kind, keyword: Option<Keyword>) -> Self {
        match (kind, keyword) {
            (Kind::Char(b'.'), _) => Self::Dot,
            (Kind::Char(b')' | b']'), _) => Self::Closing,
            (_, Some(Keyword::As | Keyword::Join | Keyword::Lateral | Keyword::Only | Keyword::Tablesample)) => Self::Naming,
            (_, _) => Self::Other,
        }
    }
}

/// Keywords that make one expression out of two, or wrap one.
const fn is_joining(keyword: Keyword) -> bool {
    matches!(
        keyword,
        Keyword::And
            | Keyword::Or
            | Keyword::Not
            | Keyword::Is
            | Keyword::In
            | Keyword::Like
            | Keyword::Ilike
            | Keyword::Similar
            | Keyword::Between
            | Keyword::Collate
            | Keyword::At
            | Keyword::Isnull
            | Keyword::Notnull
            | Keyword::Overlaps
            | Keyword::Operator
    )
}
