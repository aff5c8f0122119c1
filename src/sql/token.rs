//! What the lexer yields: the kinds of token, their places in the text, and the bounds on a statement.
//! It does not know how a token is recognised or printed.

use super::keyword::Keyword;

/// One token of a statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    /// What it is.
    pub kind: Kind,
    /// Which keyword an unquoted word is; `None` for a plain identifier and for all other kinds.
    pub keyword: Option<Keyword>,
    /// Byte offset of its first byte in the text.
    pub start: u32,
    /// Byte offset after its last byte. A string that continues on another line, and `U&'..' UESCAPE '!'`, are one token.
    pub end: u32,
}

/// The kinds of token; the names are those of PostgreSQL's `scan.l` where it has one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// An unquoted identifier or a keyword.
    Word,
    /// `".."`.
    QuotedIdent,
    /// `U&".."`, with its UESCAPE clause if there is one.
    UnicodeIdent,
    /// `$1`.
    Param,
    /// An integer that fits 32 bits (ICONST).
    Integer,
    /// Any other number, larger integers included (FCONST).
    Float,
    /// `'..'`.
    String,
    /// `E'..'`.
    EscapeString,
    /// `$tag$..$tag$`.
    DollarString,
    /// `B'..'`.
    BitString,
    /// `X'..'`.
    HexString,
    /// `N'..'` (PostgreSQL's scanner yields the keyword NCHAR and a string).
    NationalString,
    /// `U&'..'`, with its UESCAPE clause if there is one.
    UnicodeString,
    /// An operator that is none of the following (Op).
    Operator,
    /// `::`.
    TypeCast,
    /// `..`.
    DotDot,
    /// `:=`.
    ColonEquals,
    /// `=>`.
    EqualsGreater,
    /// `<=`.
    LessEquals,
    /// `>=`.
    GreaterEquals,
    /// `<>` or `!=`.
    NotEquals,
    /// A single character: one of `, ( ) [ ] . ; : + - * / % ^ < > =`, or one that no statement has (`\`, `{` ..).
    Char(u8),
}

impl Kind {
    /// Whether it is a literal: what [`redact`](super::print::redact) hides and [`shape`](super::shape::shape) leaves out.
    #[must_use]
    pub const fn is_literal(self) -> bool {
        self.is_string() || matches!(self, Self::Integer | Self::Float)
    }

    /// Whether it is a string or bit-string literal of any spelling.
    #[must_use]
    pub const fn is_string(self) -> bool {
        matches!(
            self,
            Self::String
                | Self::EscapeString
                | Self::DollarString
                | Self::BitString
                | Self::HexString
                | Self::NationalString
                | Self::UnicodeString
        )
    }

    /// Whether it is an identifier or keyword of any spelling.
    #[must_use]
    pub const fn is_name(self) -> bool {
        matches!(self, Self::Word | Self::QuotedIdent | Self::UnicodeIdent)
    }
}

/// What a text may be at most; checked before anything that recurses sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// Bytes of text.
    pub max_bytes: usize,
    /// Tokens.
    pub max_tokens: usize,
    /// Nesting of `(`, `[` and CASE, and of joins that wait for their ON or USING.
    pub max_depth: usize,
    /// Height of the expression tree that chained operators can build: operators and joining keywords in one list item, summed
    /// over the nesting. The tree of `a + b + c ..` leans left, so its height is its length.
    pub max_chain: usize,
    /// JOINs of one statement: what USING compares grows with the square of them.
    pub max_joins: usize,
    /// NATURAL JOINs of one text: what they compare grows with the cube of them.
    pub max_naturals: usize,
    /// Statements of one text: each is planned, and a short one may stand for a long view.
    pub max_statements: usize,
    /// Dots of one dotted name; PostgreSQL's catalogs, schemas, tables and columns take three, fields of composite columns the others.
    pub max_dots: usize,
}

/// What a 2 MiB stack (a runtime's default) holds with room to spare, also without optimisation.
impl Default for Bounds {
    fn default() -> Self {
        Self {
            max_bytes: 1 << 20,
            max_tokens: 200_000,
            max_depth: 64,
            max_chain: 500,
            max_joins: 300,
            max_naturals: 16,
            max_statements: 5000,
            max_dots: 32,
        }
    }
}
