//! Productions of `gram.y` that the parser crate lacks or reads in part, for the dialect's hooks to read from the parser's tokens.
//! It does not judge: whatever is an expression, a query or a type in them is read by the parser and stands in the tree.
//!
//! A production that the crate's tree has no node for becomes a call. Its name is the keyword, or has a blank in it where a function of
//! that name could exist: no function can be called by such a name without quotes.

use sqlparser::ast::{
    BinaryOperator, CastKind, Expr, Function, FunctionArg, FunctionArgExpr, FunctionArgumentList, FunctionArguments, Ident,
    ObjectName, Value, WindowType,
};
use sqlparser::keywords::Keyword as ParserKeyword;
use sqlparser::parser::{Parser, ParserError};
use sqlparser::tokenizer::{Span, Token};

use super::dialect::Feed;

/// The name of SQL/JSON's constructors in the tree.
pub(crate) const SQL_JSON: &str = "sql json";
/// The name of `x IS DOCUMENT` in the tree.
pub(crate) const IS_DOCUMENT: &str = "is document";
/// The name of `COLLATION FOR (x)` in the tree.
pub(crate) const COLLATION_FOR: &str = "collation for";

type Read<T> = Result<T, ParserError>;

/// Reads an expression that begins with one of these productions.
pub(super) fn prefix(feed: &Feed, parser: &mut Parser<'_>) -> Option<Read<Expr>> {
    if feed.at_query(parser) {
        return Some(query(parser));
    }
    let [first, second] = parser.peek_tokens_ref();
    let Token::Word(word) = &first.token else { return None };
    if word.quote_style.is_some() {
        return None;
    }
    let opens = second.token == Token::LParen;
    let span = first.span;
    let production: fn(&Feed, &mut Parser<'_>) -> Read<Vec<Expr>> = match word.value.as_str() {
        "xmlelement" if opens => xml_element,
        "xmlforest" if opens => |_, parser| labelled(parser),
        "xmlparse" if opens => xml_parse,
        "xmlpi" if opens => xml_pi,
        "xmlroot" if opens => xml_root,
        "xmlserialize" if opens => xml_serialize,
        "xmlexists" if opens => xml_exists,
        "json_object" | "json_array" | "json_objectagg" | "json_arrayagg" | "json_scalar" | "json_serialize" | "json"
            if opens =>
        {
            let name = word.value.clone();
            return Some(json_constructor(feed, parser, &name, span));
        }
        "collation" if is_word(&second.token, "for") => {
            parser.advance_token();
            parser.advance_token();
            return Some(bracketed(parser, |parser| Ok(vec![parser.parse_expr()?])).map(|args| call(COLLATION_FOR, span, args)));
        }
        _no_production => return None,
    };
    let name = word.value.clone();
    parser.advance_token();
    Some(bracketed(parser, |parser| production(feed, parser)).map(|args| call(&name, span, args)))
}

/// Reads what follows an operand. The hook lends the operand, so it is copied: never where it is such a copy itself, or the copies of a
/// long chain would take the square of its length. PostgreSQL has no such chains without brackets.
pub(super) fn infix(feed: &Feed, parser: &mut Parser<'_>, operand: &Expr) -> Option<Read<Expr>> {
    let [first, second, third] = parser.peek_tokens_ref();
    let not = is_word(&first.token, "not");
    let (head, after) = if not { (second, third) } else { (first, second) };
    let production = if is_word(&first.token, "is") {
        let negated = is_word(&second.token, "not");
        if !is_word(if negated { &third.token } else { &second.token }, "document") {
            return None;
        }
        Production::IsDocument { words: if negated { 3 } else { 2 } }
    } else if is_word(&head.token, "in") && after.token == Token::LParen {
        // of other lists the parser's own reading is right
        let nested = |parser: &Parser<'_>| {
            let inside = parser.peek_nth_token_ref(if not { 3 } else { 2 });
            inside.token == Token::LParen || is_word(&inside.token, "values")
        };
        if !nested(parser) {
            return None;
        }
        Production::In { negated: not }
    } else if is_quantifier(&after.token) && matches!(head.token, Token::Word(_)) {
        let op = like(&head.token, not)?;
        Production::Quantified { words: if not { 2 } else { 1 }, op }
    } else if is_word(&first.token, "collate") {
        if !matches!(operand, Expr::Cast { .. }) {
            return None;
        }
        Production::Collate
    } else if is_word(&first.token, "operator") {
        let close = (2..8).find(|n| parser.peek_nth_token_ref(*n).token == Token::RParen)?;
        if !is_quantifier(&parser.peek_nth_token_ref(close + 1).token) {
            return None;
        }
        Production::NamedOperator
    } else if is_quantifier(&second.token) && third.token == Token::LParen {
        let op = operator(&first.token)?;
        let native = !matches!(op, BinaryOperator::Custom(_));
        let inside = parser.peek_nth_token_ref(3);
        if native && !(inside.token == Token::LParen || is_word(&inside.token, "values")) {
            return None;
        }
        Production::Quantified { words: 1, op }
    } else {
        return None;
    };
    if is_copy(operand) {
        return Some(parser.expected_ref("an operator that associates", first));
    }
    Some(production.read(feed, parser, operand))
}

/// What follows an operand.
enum Production {
    /// `IS [NOT] DOCUMENT`.
    IsDocument { words: usize },
    /// `[NOT] IN (..)`.
    In { negated: bool },
    /// An operator of this many words before `ANY | SOME | ALL (..)`.
    Quantified { words: usize, op: BinaryOperator },
    /// `OPERATOR (schema.op) ANY (..)`.
    NamedOperator,
    /// `COLLATE name` after a cast.
    Collate,
}

impl Production {
    fn read(self, feed: &Feed, parser: &mut Parser<'_>, operand: &Expr) -> Read<Expr> {
        let span = parser.peek_token_ref().span;
        match self {
            Self::IsDocument { words } => {
                (0..words).for_each(|_| parser.advance_token());
                Ok(call(IS_DOCUMENT, span, vec![operand.clone()]))
            }
            Self::In { negated } => {
                (0..1 + usize::from(negated)).for_each(|_| parser.advance_token());
                membership(feed, parser, operand, negated)
            }
            Self::Quantified { words, op } => {
                (0..words).for_each(|_| parser.advance_token());
                quantified(feed, parser, operand, op)
            }
            Self::NamedOperator => {
                parser.advance_token();
                let parts = bracketed(parser, operator_name)?;
                quantified(feed, parser, operand, BinaryOperator::PGCustomBinaryOperator(parts))
            }
            Self::Collate => {
                parser.advance_token();
                let collation = parser.parse_object_name(false)?;
                Ok(Expr::Collate { expr: Box::new(operand.clone()), collation })
            }
        }
    }
}

/// Whether an expression is, without brackets, one that this file has copied an operand into.
fn is_copy(expr: &Expr) -> bool {
    match expr {
        Expr::InList { .. } | Expr::InSubquery { .. } | Expr::AnyOp { .. } | Expr::AllOp { .. } | Expr::Collate { .. } => true,
        Expr::Function(function) => {
            function.name.0.iter().any(|part| part.as_ident().is_some_and(|name| name.value == IS_DOCUMENT))
        }
        Expr::Cast { expr, kind: CastKind::DoubleColon, .. } => is_copy(expr),
        _other => false,
    }
}

/// LIKE and ILIKE as the operators that they are before ANY and ALL.
fn like(token: &Token, negated: bool) -> Option<BinaryOperator> {
    let Token::Word(word) = token else { return None };
    Some(match (word.keyword, negated) {
        (ParserKeyword::LIKE, false) => BinaryOperator::PGLikeMatch,
        (ParserKeyword::LIKE, true) => BinaryOperator::PGNotLikeMatch,
        (ParserKeyword::ILIKE, false) => BinaryOperator::PGILikeMatch,
        (ParserKeyword::ILIKE, true) => BinaryOperator::PGNotILikeMatch,
        (_, _) => return None,
    })
}

/// The name inside `OPERATOR (..)`.
fn operator_name(parser: &mut Parser<'_>) -> Read<Vec<String>> {
    let mut parts = Vec::new();
    while matches!(parser.peek_token_ref().token, Token::Word(_)) {
        parts.push(parser.parse_identifier()?.value);
        parser.expect_token(&Token::Period)?;
    }
    parts.push(parser.next_token().token.to_string());
    Ok(parts)
}

/// A query in brackets, as an expression.
fn query(parser: &mut Parser<'_>) -> Read<Expr> {
    bracketed(parser, |parser| parser.parse_query()).map(Expr::Subquery)
}

/// `IN (..)`, the keyword read.
fn membership(feed: &Feed, parser: &mut Parser<'_>, operand: &Expr, negated: bool) -> Read<Expr> {
    let expr = Box::new(operand.clone());
    if feed.at_query(parser) {
        let subquery = bracketed(parser, |parser| parser.parse_query())?;
        return Ok(Expr::InSubquery { expr, subquery, negated });
    }
    let list = bracketed(parser, |parser| parser.parse_comma_separated(Parser::parse_expr))?;
    Ok(Expr::InList { expr, list, negated })
}

/// `ANY | SOME | ALL (..)` after an operator.
fn quantified(feed: &Feed, parser: &mut Parser<'_>, operand: &Expr, compare_op: BinaryOperator) -> Read<Expr> {
    let keyword = parser.expect_one_of_keywords(&[ParserKeyword::ANY, ParserKeyword::SOME, ParserKeyword::ALL])?;
    let left = Box::new(operand.clone());
    let right = Box::new(if feed.at_query(parser) { query(parser)? } else { bracketed(parser, |parser| parser.parse_expr())? });
    Ok(if keyword == ParserKeyword::ALL {
        Expr::AllOp { left, compare_op, right }
    } else {
        Expr::AnyOp { left, compare_op, right, is_some: keyword == ParserKeyword::SOME }
    })
}

/// The operator that a token is, before ANY and ALL.
fn operator(token: &Token) -> Option<BinaryOperator> {
    Some(match token {
        Token::Eq => BinaryOperator::Eq,
        Token::Neq => BinaryOperator::NotEq,
        Token::Lt => BinaryOperator::Lt,
        Token::LtEq => BinaryOperator::LtEq,
        Token::Gt => BinaryOperator::Gt,
        Token::GtEq => BinaryOperator::GtEq,
        Token::Word(_) | Token::LParen | Token::RParen | Token::Comma | Token::Period | Token::DoubleColon => return None,
        other => BinaryOperator::Custom(other.to_string()),
    })
}

/// `NAME label [, XMLATTRIBUTES (..)] [, content ..]`.
fn xml_element(_: &Feed, parser: &mut Parser<'_>) -> Read<Vec<Expr>> {
    label(parser)?;
    let mut args = Vec::new();
    while parser.consume_token(&Token::Comma) {
        let [first, second] = parser.peek_tokens_ref();
        if is_word(&first.token, "xmlattributes") && second.token == Token::LParen {
            parser.advance_token();
            args.extend(bracketed(parser, labelled)?);
        } else {
            args.push(parser.parse_expr()?);
        }
    }
    Ok(args)
}

/// `expression [AS label], ..`.
fn labelled(parser: &mut Parser<'_>) -> Read<Vec<Expr>> {
    parser.parse_comma_separated(|parser| {
        let expr = parser.parse_expr()?;
        if parser.parse_keyword(ParserKeyword::AS) {
            parser.parse_identifier()?;
        }
        Ok(expr)
    })
}

/// `NAME label`: a name, not an expression.
fn label(parser: &mut Parser<'_>) -> Read<()> {
    expect_word(parser, "name")?;
    parser.parse_identifier().map(|_| ())
}

/// `DOCUMENT | CONTENT expression [PRESERVE | STRIP WHITESPACE]`.
fn xml_parse(_: &Feed, parser: &mut Parser<'_>) -> Read<Vec<Expr>> {
    document_or_content(parser)?;
    let expr = parser.parse_expr()?;
    if take_word(parser, "preserve") || take_word(parser, "strip") {
        expect_word(parser, "whitespace")?;
    }
    Ok(vec![expr])
}

fn document_or_content(parser: &mut Parser<'_>) -> Read<()> {
    if take_word(parser, "document") { Ok(()) } else { expect_word(parser, "content") }
}

/// `NAME label [, expression]`.
fn xml_pi(_: &Feed, parser: &mut Parser<'_>) -> Read<Vec<Expr>> {
    label(parser)?;
    let more = parser.consume_token(&Token::Comma);
    if more { Ok(vec![parser.parse_expr()?]) } else { Ok(Vec::new()) }
}

/// `expression, VERSION {expression | NO VALUE} [, STANDALONE {YES | NO | NO VALUE}]`.
fn xml_root(_: &Feed, parser: &mut Parser<'_>) -> Read<Vec<Expr>> {
    let mut args = vec![parser.parse_expr()?];
    parser.expect_token(&Token::Comma)?;
    expect_word(parser, "version")?;
    let [first, second] = parser.peek_tokens_ref();
    if is_word(&first.token, "no") && is_word(&second.token, "value") {
        parser.advance_token();
        parser.advance_token();
    } else {
        args.push(parser.parse_expr()?);
    }
    if parser.consume_token(&Token::Comma) {
        expect_word(parser, "standalone")?;
        if !take_word(parser, "yes") {
            expect_word(parser, "no")?;
            take_word(parser, "value");
        }
    }
    Ok(args)
}

/// `DOCUMENT | CONTENT expression AS type [[NO] INDENT]`: a cast.
fn xml_serialize(_: &Feed, parser: &mut Parser<'_>) -> Read<Vec<Expr>> {
    document_or_content(parser)?;
    let expr = Box::new(parser.parse_expr()?);
    parser.expect_keyword(ParserKeyword::AS)?;
    let data_type = parser.parse_data_type()?;
    if take_word(parser, "no") {
        expect_word(parser, "indent")?;
    } else {
        take_word(parser, "indent");
    }
    Ok(vec![Expr::Cast { kind: CastKind::Cast, expr, data_type, format: None }])
}

/// `expression PASSING [BY {REF | VALUE}] expression [BY {REF | VALUE}]`.
fn xml_exists(_: &Feed, parser: &mut Parser<'_>) -> Read<Vec<Expr>> {
    let path = parser.parse_expr()?;
    expect_word(parser, "passing")?;
    by_mechanism(parser)?;
    let document = parser.parse_expr()?;
    by_mechanism(parser)?;
    Ok(vec![path, document])
}

fn by_mechanism(parser: &mut Parser<'_>) -> Read<()> {
    if !take_word(parser, "by") || take_word(parser, "ref") {
        return Ok(());
    }
    expect_word(parser, "value")
}

/// SQL/JSON's constructors (PostgreSQL 16). Where all that stands in the brackets are arguments it is a call like any other:
/// `json_object(text[])` is a function.
fn json_constructor(feed: &Feed, parser: &mut Parser<'_>, name: &str, span: Span) -> Read<Expr> {
    parser.advance_token();
    let (args, constructor) = bracketed(parser, |parser| json_arguments(feed, parser))?;
    let mut function = function(if constructor { SQL_JSON } else { name }, span, args);
    if parser.parse_keyword(ParserKeyword::FILTER) {
        let filter = bracketed(parser, |parser| {
            parser.expect_keyword(ParserKeyword::WHERE)?;
            parser.parse_expr()
        })?;
        function.filter = Some(Box::new(filter));
    }
    if parser.parse_keyword(ParserKeyword::OVER) {
        function.over = Some(if parser.consume_token(&Token::LParen) {
            WindowType::WindowSpec(parser.parse_window_spec()?)
        } else {
            WindowType::NamedWindow(parser.parse_identifier()?)
        });
    }
    Ok(Expr::Function(function))
}

/// The expressions between the brackets of a constructor, and whether there is anything that only a constructor has.
fn json_arguments(feed: &Feed, parser: &mut Parser<'_>) -> Read<(Vec<Expr>, bool)> {
    let mut args = Vec::new();
    let mut constructor = false;
    if parser.peek_token_ref().token == Token::RParen {
        return Ok((args, false));
    }
    // JSON_ARRAY (query): the query stands between the constructor's own brackets
    if parser.peek_one_of_keywords(&[ParserKeyword::SELECT, ParserKeyword::WITH, ParserKeyword::VALUES]).is_some()
        || feed.at_query(parser)
    {
        args.push(Expr::Subquery(parser.parse_query()?));
        constructor = true;
        constructor |= format_json(parser)?;
    } else if !json_clause_follows(parser) {
        loop {
            args.push(parser.parse_expr()?);
            constructor |= format_json(parser)?;
            if parser.consume_token(&Token::Colon) || take_word(parser, "value") {
                constructor = true;
                args.push(parser.parse_expr()?);
                format_json(parser)?;
            }
            if !parser.consume_token(&Token::Comma) {
                break;
            }
        }
    }
    if parser.parse_keyword(ParserKeyword::ORDER) {
        parser.expect_keyword(ParserKeyword::BY)?;
        args.extend(parser.parse_comma_separated(Parser::parse_order_by_expr)?.into_iter().map(|order| order.expr));
    }
    if take_word(parser, "absent") || take_word(parser, "null") {
        expect_word(parser, "on")?;
        expect_word(parser, "null")?;
        constructor = true;
    }
    if take_word(parser, "with") || take_word(parser, "without") {
        expect_word(parser, "unique")?;
        take_word(parser, "keys");
        constructor = true;
    }
    if take_word(parser, "returning") {
        let data_type = parser.parse_data_type()?;
        format_json(parser)?;
        let null = Expr::Value(Value::Null.into());
        args.push(Expr::Cast { kind: CastKind::Cast, expr: Box::new(null), data_type, format: None });
        constructor = true;
    }
    Ok((args, constructor))
}

/// Whether a clause of a constructor comes next, with no argument before it.
fn json_clause_follows(parser: &Parser<'_>) -> bool {
    let [first, second] = parser.peek_tokens_ref();
    is_word(&first.token, "returning")
        || ((is_word(&first.token, "null") || is_word(&first.token, "absent")) && is_word(&second.token, "on"))
}

/// `FORMAT JSON [ENCODING name]`.
fn format_json(parser: &mut Parser<'_>) -> Read<bool> {
    if !take_word(parser, "format") {
        return Ok(false);
    }
    expect_word(parser, "json")?;
    if take_word(parser, "encoding") {
        parser.parse_identifier()?;
    }
    Ok(true)
}

fn call(name: &str, span: Span, args: Vec<Expr>) -> Expr {
    Expr::Function(function(name, span, args))
}

fn function(name: &str, span: Span, args: Vec<Expr>) -> Function {
    let args = args.into_iter().map(|arg| FunctionArg::Unnamed(FunctionArgExpr::Expr(arg))).collect();
    Function {
        name: ObjectName::from(vec![Ident::with_span(span, name)]),
        uses_odbc_syntax: false,
        parameters: FunctionArguments::None,
        args: FunctionArguments::List(FunctionArgumentList { duplicate_treatment: None, args, clauses: Vec::new() }),
        filter: None,
        null_treatment: None,
        over: None,
        within_group: Vec::new(),
    }
}

fn bracketed<T>(parser: &mut Parser<'_>, read: impl FnOnce(&mut Parser<'_>) -> Read<T>) -> Read<T> {
    parser.expect_token(&Token::LParen)?;
    let inside = read(parser)?;
    parser.expect_token(&Token::RParen)?;
    Ok(inside)
}

fn skip(parser: &mut Parser<'_>, one: bool) {
    if one {
        parser.advance_token();
    }
}

fn is_quantifier(token: &Token) -> bool {
    matches!(token, Token::Word(word) if matches!(word.keyword, ParserKeyword::ANY | ParserKeyword::SOME | ParserKeyword::ALL))
}

/// Whether a token is this keyword; a name in quotes is none.
fn is_word(token: &Token, text: &str) -> bool {
    matches!(token, Token::Word(word) if word.quote_style.is_none() && word.value == text)
}

fn take_word(parser: &mut Parser<'_>, text: &str) -> bool {
    let there = is_word(&parser.peek_token_ref().token, text);
    skip(parser, there);
    there
}

fn expect_word(parser: &mut Parser<'_>, text: &str) -> Read<()> {
    if take_word(parser, text) { Ok(()) } else { parser.expected_ref(text, parser.peek_token_ref()) }
}
