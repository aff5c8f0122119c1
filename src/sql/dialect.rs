//! PostgreSQL's grammar as the parser crate is told it: the crate's own dialect, corrected where it differs from `gram.y`.
//! It does not know tokens' origins; the feed is [`parse`](super::parse).
//!
//! Corrected: the precedence of the `~` family and of prefix operators, and which words may be a label without AS. Words that are
//! no keywords of PostgreSQL reach the parser as plain identifiers (see [`parser_keyword`]), so that QUALIFY, PIVOT, XOR, TOP, REGEXP,
//! SEMI JOIN and the like of other products cannot be read into a text in which PostgreSQL sees names.

use std::any::TypeId;
use std::cell::Cell;
use std::sync::OnceLock;

use sqlparser::ast::{Expr, UnaryOperator};
use sqlparser::dialect::{Dialect, PostgreSqlDialect, Precedence};
use sqlparser::keywords::{ALL_KEYWORDS, ALL_KEYWORDS_INDEX, Keyword as ParserKeyword};
use sqlparser::parser::{Parser, ParserError};
use sqlparser::tokenizer::Token;

use super::grammar;
use super::keyword::{Category, Keyword};
use super::parse::index_of;

/// The crate's PostgreSQL dialect with corrections.
#[derive(Debug)]
pub(crate) struct Feed {
    base: PostgreSqlDialect,
    /// The brackets that open a query, by token index, ascending.
    queries: Vec<usize>,
    /// How many expressions the parser may still begin. Where two readings are possible it tries both, on every level of brackets.
    left: Cell<usize>,
}

impl Feed {
    /// The dialect for a statement of so many tokens whose queries in brackets open at these.
    pub(crate) fn new(queries: Vec<usize>, tokens: usize) -> Self {
        Self { base: PostgreSqlDialect {}, queries, left: Cell::new(tokens.saturating_mul(TRIES).saturating_add(FIRST_TRIES)) }
    }

    /// Whether the parser's next token is a bracket that opens a query.
    pub(super) fn at_query(&self, parser: &Parser<'_>) -> bool {
        let next = parser.peek_token_ref();
        next.token == Token::LParen && index_of(next.span).is_some_and(|index| self.queries.binary_search(&index).is_ok())
    }
}

/// How many expressions the parser may begin for each token, and for any statement.
const TRIES: usize = 8;
const FIRST_TRIES: usize = 1024;

/// `gram.y`: COLLATE binds weaker than a sign.
const SIGN: u8 = 120;
/// `gram.y`: "all other operators".
const OTHER: u8 = 70;

/// The two keyword lists laid side by side.
struct Pairs {
    /// By PostgreSQL's keyword.
    parser: Vec<ParserKeyword>,
    /// By the parser's keyword.
    postgres: Vec<Option<Keyword>>,
}

fn pairs() -> &'static Pairs {
    static PAIRS: OnceLock<Pairs> = OnceLock::new();
    PAIRS.get_or_init(|| {
        let find = |keyword: &Keyword| {
            let upper = keyword.as_str().to_ascii_uppercase();
            let index = ALL_KEYWORDS.binary_search(&upper.as_str()).ok();
            index.and_then(|index| ALL_KEYWORDS_INDEX.get(index)).copied().unwrap_or(ParserKeyword::NoKeyword)
        };
        let mut postgres = vec![None; ALL_KEYWORDS.len() + 1];
        for (text, found) in ALL_KEYWORDS.iter().zip(ALL_KEYWORDS_INDEX) {
            if let Some(slot) = postgres.get_mut(*found as usize) {
                *slot = Keyword::lookup(text.to_ascii_lowercase().as_bytes());
            }
        }
        Pairs { parser: Keyword::ALL.iter().map(find).collect(), postgres }
    })
}

/// The keyword of PostgreSQL that a keyword of the parser is, if it is one.
pub(super) fn of_postgres(keyword: ParserKeyword) -> Option<Keyword> {
    pairs().postgres.get(keyword as usize).copied().flatten()
}

/// The parser's keyword for one of PostgreSQL's; none for those that it does not know.
pub(crate) fn of_parser(keyword: Keyword) -> ParserKeyword {
    pairs().parser.get(keyword as usize).copied().unwrap_or(ParserKeyword::NoKeyword)
}

/// The parser's keyword for an unquoted word that PostgreSQL takes for a plain identifier: only type names that PostgreSQL knows
/// without having a keyword for them, a method of sampling, and names of COPY options.
pub(crate) fn parser_keyword(folded: &str) -> ParserKeyword {
    match folded {
        "bool" => ParserKeyword::BOOL,
        "bytea" => ParserKeyword::BYTEA,
        "date" => ParserKeyword::DATE,
        "float4" => ParserKeyword::FLOAT4,
        "float8" => ParserKeyword::FLOAT8,
        "int2" => ParserKeyword::INT2,
        "int4" => ParserKeyword::INT4,
        "int8" => ParserKeyword::INT8,
        "jsonb" => ParserKeyword::JSONB,
        "regclass" => ParserKeyword::REGCLASS,
        "timestamptz" => ParserKeyword::TIMESTAMPTZ,
        "timetz" => ParserKeyword::TIMETZ,
        "tsquery" => ParserKeyword::TSQUERY,
        "tsvector" => ParserKeyword::TSVECTOR,
        "uuid" => ParserKeyword::UUID,
        "bernoulli" => ParserKeyword::BERNOULLI,
        "force_quote" => ParserKeyword::FORCE_QUOTE,
        "force_not_null" => ParserKeyword::FORCE_NOT_NULL,
        "force_null" => ParserKeyword::FORCE_NULL,
        _identifier => ParserKeyword::NoKeyword,
    }
}

/// The prefix operator that a token is, and how strongly it binds.
fn prefix(token: &Token) -> Option<(UnaryOperator, u8)> {
    let operator = match token {
        Token::Minus => return Some((UnaryOperator::Minus, SIGN)),
        Token::Plus => return Some((UnaryOperator::Plus, SIGN)),
        Token::DoubleExclamationMark => UnaryOperator::PGPrefixFactorial,
        Token::PGSquareRoot => UnaryOperator::PGSquareRoot,
        Token::PGCubeRoot => UnaryOperator::PGCubeRoot,
        Token::AtSign => UnaryOperator::PGAbs,
        Token::Tilde => UnaryOperator::BitwiseNot,
        Token::Sharp => UnaryOperator::Hash,
        Token::AtDashAt => UnaryOperator::AtDashAt,
        Token::AtAt => UnaryOperator::DoubleAt,
        Token::QuestionMarkDash => UnaryOperator::QuestionDash,
        Token::QuestionPipe => UnaryOperator::QuestionPipe,
        // none of PostgreSQL's own: the parser's tree has one that PostgreSQL has not, which stands for all of them
        Token::CustomBinaryOperator(_) => UnaryOperator::BangNot,
        _no_prefix_operator => return None,
    };
    Some((operator, OTHER))
}

/// The reserved words that an expression of `gram.y` can begin with; and DEFAULT, ALL, ANY, SOME, DISTINCT, SELECT and ON (`SET x = on`), which can
/// stand where the parser reads an expression.
fn begins_expression(keyword: Keyword) -> bool {
    matches!(
        keyword,
        Keyword::Array
            | Keyword::Case
            | Keyword::Cast
            | Keyword::CurrentCatalog
            | Keyword::CurrentDate
            | Keyword::CurrentRole
            | Keyword::CurrentTime
            | Keyword::CurrentTimestamp
            | Keyword::CurrentUser
            | Keyword::False
            | Keyword::Localtime
            | Keyword::Localtimestamp
            | Keyword::Not
            | Keyword::Null
            | Keyword::SessionUser
            | Keyword::SystemUser
            | Keyword::True
            | Keyword::User
            | Keyword::Default
            | Keyword::All
            | Keyword::Any
            | Keyword::Some
            | Keyword::Distinct
            | Keyword::Select
            | Keyword::On
    )
}

macro_rules! as_postgres {
    ($($name:ident)*) => { $( fn $name(&self) -> bool { self.base.$name() } )* };
}

impl Dialect for Feed {
    fn dialect(&self) -> TypeId {
        self.base.dialect()
    }

    fn identifier_quote_style(&self, identifier: &str) -> Option<char> {
        self.base.identifier_quote_style(identifier)
    }

    fn is_delimited_identifier_start(&self, ch: char) -> bool {
        self.base.is_delimited_identifier_start(ch)
    }

    fn is_identifier_start(&self, ch: char) -> bool {
        self.base.is_identifier_start(ch)
    }

    fn is_identifier_part(&self, ch: char) -> bool {
        self.base.is_identifier_part(ch)
    }

    fn is_custom_operator_part(&self, ch: char) -> bool {
        self.base.is_custom_operator_part(ch)
    }

    fn is_reserved_for_identifier(&self, keyword: ParserKeyword) -> bool {
        self.base.is_reserved_for_identifier(keyword)
    }

    /// `gram.y` BareColLabel.
    fn is_column_alias(&self, keyword: &ParserKeyword, _parser: &mut Parser<'_>) -> bool {
        of_postgres(*keyword).is_none_or(Keyword::is_bare_label)
    }

    /// `gram.y` ColId; SET is one, but after `UPDATE t` it is not taken for an alias, and elsewhere nobody calls a table that.
    fn is_table_alias(&self, keyword: &ParserKeyword, _parser: &mut Parser<'_>) -> bool {
        of_postgres(*keyword).is_none_or(|keyword| !keyword.is_reserved() && keyword != Keyword::Set)
    }

    fn get_next_precedence(&self, parser: &Parser<'_>) -> Option<Result<u8, ParserError>> {
        match &parser.peek_token_ref().token {
            Token::Tilde
            | Token::TildeAsterisk
            | Token::ExclamationMarkTilde
            | Token::ExclamationMarkTildeAsterisk
            | Token::DoubleTilde
            | Token::DoubleTildeAsterisk
            | Token::ExclamationMarkDoubleTilde
            | Token::ExclamationMarkDoubleTildeAsterisk => Some(Ok(OTHER)),
            // `name := value` is an argument, not an operation
            Token::Assignment => Some(Ok(self.base.prec_unknown())),
            // `x OPERATOR(pg_catalog.+) y` binds like any other operator, not like BETWEEN
            Token::Word(word) if word.keyword == ParserKeyword::OPERATOR => Some(Ok(OTHER)),
            _any_other => self.base.get_next_precedence(parser),
        }
    }

    fn prec_value(&self, prec: Precedence) -> u8 {
        self.base.prec_value(prec)
    }

    /// Prefix operators with `gram.y`'s precedence: `- a ^ b` is `(- a) ^ b`, and `@ a + b` is `@ (a + b)`. A reserved word that begins
    /// no expression is refused; the parser would take it for a column.
    fn parse_prefix(&self, parser: &mut Parser<'_>) -> Option<Result<Expr, ParserError>> {
        match self.left.get().checked_sub(1) {
            Some(left) => self.left.set(left),
            None => return Some(Err(ParserError::RecursionLimitExceeded)),
        }
        if let Some(read) = grammar::prefix(self, parser) {
            return Some(read);
        }
        let next = parser.peek_token_ref();
        if let Token::Word(word) = &next.token {
            let barred = of_postgres(word.keyword).is_some_and(|k| k.category() == Category::Reserved && !begins_expression(k));
            return barred.then(|| parser.expected_ref("an expression", next));
        }
        let (op, precedence) = prefix(&next.token)?;
        parser.advance_token();
        Some(parser.parse_subexpr(precedence).map(|expr| Expr::UnaryOp { op, expr: Box::new(expr) }))
    }

    fn parse_infix(&self, parser: &mut Parser<'_>, operand: &Expr, _precedence: u8) -> Option<Result<Expr, ParserError>> {
        grammar::infix(self, parser, operand)
    }

    fn supports_named_fn_args_with_assignment_operator(&self) -> bool {
        true
    }

    as_postgres! {
        supports_unicode_string_literal supports_filter_during_aggregation supports_group_by_expr
        supports_alter_user_as_alter_role allow_extract_custom allow_extract_single_quotes supports_create_index_with_clause
        supports_explain_with_utility_options supports_listen_notify supports_exclude_constraint supports_factorial_operator
        supports_bitwise_shift_operators supports_comment_on supports_load_extension
        supports_named_fn_args_with_colon_operator supports_named_fn_args_with_expr_name supports_empty_projections
        supports_nested_comments supports_string_escape_constant supports_numeric_literal_underscores
        supports_array_typedef_with_brackets supports_geometric_types supports_order_by_using_operator supports_set_names
        supports_alter_column_type_using supports_left_associative_joins_without_parens supports_notnull_operator
        supports_interval_options supports_insert_table_alias supports_create_table_like_parenthesized
        supports_select_wildcard_with_alias supports_comma_separated_trim supports_xml_expressions
        supports_aliased_function_args
    }
}
