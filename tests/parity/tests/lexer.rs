//! pgmoat's lexer against PostgreSQL's scanner: the same tokens at the same places, and no to the same texts.
//!
//! `PGMOAT_PARITY_FUZZ` sets the number of made-up texts (default 100,000), `PGMOAT_PARITY_SEED` where they start.

use pg_query::protobuf::{KeywordKind, ScanToken, Token as Theirs};
use pgmoat::sql::{Bounds, Category, Keyword, Kind, Tokens};
use pgmoat_parity::{Dice, count, made_up, parse, regression_files, scan, statements};

/// PostgreSQL refuses by memory only; so do we here.
const BOUNDS: Bounds = Bounds {
    max_bytes: 1 << 26,
    max_tokens: 1 << 24,
    max_depth: 1 << 20,
    max_statements: 1 << 20,
    max_chain: 1 << 24,
    max_joins: 1 << 24,
    max_naturals: 1 << 24,
    max_dots: 1 << 24,
};

/// One of PostgreSQL's tokens: number, keyword kind, place.
type Seen = (i32, i32, i32, i32);

fn kind_of(keyword: Keyword) -> i32 {
    (match keyword.category() {
        Category::Unreserved => KeywordKind::UnreservedKeyword,
        Category::ColumnName => KeywordKind::ColNameKeyword,
        Category::TypeFunctionName => KeywordKind::TypeFuncNameKeyword,
        Category::Reserved => KeywordKind::ReservedKeyword,
    }) as i32
}

/// The number of a keyword's token; PostgreSQL's name for it has `_P` where a C macro would clash.
fn number_of(keyword: Keyword) -> Option<i32> {
    let name = keyword.as_str().to_ascii_uppercase();
    Theirs::from_str_name(&name).or_else(|| Theirs::from_str_name(&format!("{name}_P"))).map(|token| token as i32)
}

/// What PostgreSQL's scanner gives for our tokens.
fn ours(tokens: &Tokens<'_>, theirs: &[Seen]) -> Vec<Seen> {
    let mut out: Vec<Seen> = Vec::new();
    for (i, token) in tokens.as_slice().iter().enumerate() {
        let (start, end) = (token.start as i32, token.end as i32);
        let mut put = |number: Theirs, start: i32, end: i32| out.push((number as i32, 0, start, end));
        match token.kind {
            Kind::Word => match token.keyword {
                // a keyword up to PostgreSQL 16 that 18 has not
                Some(Keyword::Recheck) | None => put(Theirs::Ident, start, end),
                Some(keyword) => out.push((number_of(keyword).expect("a keyword of theirs"), kind_of(keyword), start, end)),
            },
            Kind::QuotedIdent => put(Theirs::Ident, start, end),
            Kind::UnicodeIdent | Kind::UnicodeString => {
                let first = if token.kind == Kind::UnicodeIdent { Theirs::Uident } else { Theirs::Usconst };
                // we join a UESCAPE clause to it, as PostgreSQL does one step after its scanner
                let inside: Vec<&Seen> = theirs.iter().filter(|seen| seen.2 >= start && seen.3 <= end).collect();
                match inside.as_slice() {
                    [_] => put(first, start, end),
                    [quoted, keyword, string] => {
                        put(first, start, quoted.3);
                        out.push((Theirs::Uescape as i32, KeywordKind::UnreservedKeyword as i32, keyword.2, keyword.3));
                        out.push((Theirs::Sconst as i32, 0, string.2, end));
                    }
                    _neither => put(first, start, end),
                }
            }
            Kind::NationalString => {
                out.push((Theirs::Nchar as i32, KeywordKind::ColNameKeyword as i32, start, start + 1));
                out.push((Theirs::Sconst as i32, 0, start + 1, end));
            }
            Kind::Param => put(Theirs::Param, start, end),
            Kind::Integer => put(Theirs::Iconst, start, end),
            Kind::Float => put(Theirs::Fconst, start, end),
            Kind::String | Kind::EscapeString | Kind::DollarString => put(Theirs::Sconst, start, end),
            Kind::BitString => put(Theirs::Bconst, start, end),
            Kind::HexString => put(Theirs::Xconst, start, end),
            Kind::Operator => put(Theirs::Op, start, end),
            Kind::TypeCast => put(Theirs::Typecast, start, end),
            Kind::DotDot => put(Theirs::DotDot, start, end),
            Kind::ColonEquals => put(Theirs::ColonEquals, start, end),
            Kind::EqualsGreater => put(Theirs::EqualsGreater, start, end),
            Kind::LessEquals => put(Theirs::LessEquals, start, end),
            Kind::GreaterEquals => put(Theirs::GreaterEquals, start, end),
            Kind::NotEquals => put(Theirs::NotEquals, start, end),
            Kind::Char(c) => {
                assert_eq!(tokens.raw(i).as_bytes(), [c]);
                out.push((i32::from(c), 0, start, end));
            }
        }
    }
    out
}

/// `Ok(true)`: both accept, with the same tokens. `Ok(false)`: both refuse.
fn compare(text: &str) -> Result<bool, String> {
    let theirs = scan(text);
    match (Tokens::lex(text, &BOUNDS), theirs) {
        (Err(_), Err(_)) => Ok(false),
        (Ok(tokens), Ok(theirs)) => {
            let theirs: Vec<Seen> =
                theirs.iter().map(|&ScanToken { start, end, token, keyword_kind }| (token, keyword_kind, start, end)).collect();
            let ours = ours(&tokens, &theirs);
            if ours == theirs { Ok(true) } else { Err(format!("{text:?}\n ours   {ours:?}\n theirs {theirs:?}")) }
        }
        (Ok(_), Err(message)) => Err(format!("{text:?}: only PostgreSQL refuses: {message}")),
        // libpg_query takes the rule {param_junk} out of scan.l; PostgreSQL 15 and later refuse `$1a`. The rest must be alike.
        (Err(refusal), Ok(_)) if refusal.message == "trailing junk after parameter" => {
            let at = refusal.position.expect("a place") as usize + 1;
            let digits = text[at..].bytes().take_while(u8::is_ascii_digit).count();
            compare(&format!("{} {}", &text[..at + digits], &text[at + digits..])).map(|_| false)
        }
        // PostgreSQL decodes U& tokens after its scanner, before its grammar
        (Err(_), Ok(_)) if text.contains('&') && parse(text).is_err_and(|message| is_unicode(&message) || other_error(text)) => {
            Ok(false)
        }
        (Err(refusal), Ok(_)) => Err(format!("{text:?}: only we refuse: {refusal}")),
    }
}

fn is_unicode(message: &str) -> bool {
    message.contains("Unicode") || message.contains("UESCAPE")
}

/// The grammar stops at the first error, which may stand before the `U&` token: ask about that token alone.
fn other_error(text: &str) -> bool {
    let Ok(tokens) = scan(text) else { return false };
    tokens.iter().enumerate().any(|(i, token)| {
        let unicode = token.token == Theirs::Usconst as i32 || token.token == Theirs::Uident as i32;
        let escaped = tokens.get(i + 1).is_some_and(|next| next.token == Theirs::Uescape as i32);
        let last = tokens.get(if escaped { i + 2 } else { i }).unwrap_or(token);
        let alone = format!("select {}", &text[token.start as usize..last.end.max(token.end) as usize]);
        let alone = if escaped && tokens.get(i + 2).is_none() { format!("{alone} uescape") } else { alone };
        unicode && parse(&alone).is_err_and(|message| is_unicode(&message))
    })
}

#[test]
fn the_regression_sql_has_the_same_tokens() {
    let mut compared = 0;
    let mut differing = Vec::new();
    for (name, sql) in regression_files() {
        // whole files, as far as psql's own commands let them be lexed, and each line by itself
        for text in std::iter::once(sql.as_str()).chain(sql.lines()) {
            compared += 1;
            if let Err(difference) = compare(text) {
                differing.push(format!("{name}: {difference}"));
            }
        }
    }
    let statements = statements();
    for text in &statements {
        compared += 1;
        match compare(text) {
            Ok(accepted) => assert!(accepted, "{text}"),
            Err(difference) => differing.push(difference),
        }
    }
    println!("regression SQL: {compared} texts compared, {} of them statements, {} differ", statements.len(), differing.len());
    assert!(statements.len() > 30_000, "only {} statements were found", statements.len());
    assert!(differing.is_empty(), "{}", differing.iter().take(20).cloned().collect::<Vec<_>>().join("\n"));
}

#[test]
fn made_up_text_has_the_same_tokens() {
    let wanted = count("PGMOAT_PARITY_FUZZ", 100_000);
    let seed = count("PGMOAT_PARITY_SEED", 1);
    let statements = statements();
    let mut dice = Dice::new(seed as u64);
    let (mut accepted, mut refused) = (0_usize, 0_usize);
    let mut differing = Vec::new();
    for _ in 0..wanted {
        let text = made_up(&mut dice, &statements);
        if text.contains('\0') {
            continue;
        }
        match compare(&text) {
            Ok(true) => accepted += 1,
            Ok(false) => refused += 1,
            Err(difference) => differing.push(difference),
        }
    }
    println!("made-up text: {accepted} accepted by both, {refused} refused by both, {} differ", differing.len());
    assert!(accepted > wanted / 4 && refused > wanted / 20, "the made-up text is too tame or too wild");
    assert!(differing.is_empty(), "{}", differing.iter().take(20).cloned().collect::<Vec<_>>().join("\n"));
}
