//! PostgreSQL's lexical rules, the parser's feed, and canonical printing.
//! It does not know tenants, catalogs or the wire.

mod dialect;
mod grammar;
pub mod keyword;
pub mod lexer;
mod literal;
mod locate;
mod lowering;
mod nesting;
pub mod parse;
pub mod print;
pub mod shape;
pub mod token;
mod tokens;
mod value;

#[cfg(test)]
mod parse_tests;
#[cfg(test)]
mod tests;

pub(crate) use grammar::{COLLATION_FOR, IS_DOCUMENT, SQL_JSON};
pub use keyword::{Category, Keyword};
pub use lexer::lex_into;
pub use literal::{MAX_IDENT, fold, truncate};
pub use locate::locate;
pub use lowering::{ConflictParts, conflict_parts, recursion_columns, using_alias};
pub use parse::{index_of, parse, parse_expression, split};
pub use print::{glued, print_range, print_token, quote_ident, quote_literal, redact};
pub use shape::shape;
pub use token::{Bounds, Kind, Token};
pub use tokens::Tokens;
