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
}

impl Nesting {
    /// Brackets and CASEs open now.
    #[inline]
    pub(crate) fn depth(&self) -> usize {
        self.open.len()
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
            let top = self.top();
            top.inner = top.inner.max(height);
        }
    }

    /// Takes the next token into account.
    #[inline]
    pub(crate) fn see(&mut self, kind: Kind, keyword: Option<Keyword>) {
        match kind {
            Kind::Word => {
                if let Some(keyword) = keyword {
                    self.see_keyword(keyword);
                }
            }
            Kind::Char(b'(') => self.push(false),
            Kind::Char(b'[') => {
                self.top().chain += 1;
                self.push(false);
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
                }
            }
            Kind::Char(b'.') => {}
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
