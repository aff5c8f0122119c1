//! The lexer's and the printer's rules, one line a case, and their properties over made-up text.

use proptest::prelude::*;

use super::*;
use crate::error::{Refusal, SqlState};

fn lex(text: &str) -> Result<Tokens<'_>, Refusal> {
    Tokens::lex(text, &Bounds::default())
}

/// Kinds and values, one token a piece: `Word:select Integer:1`.
fn told(text: &str) -> String {
    match lex(text) {
        Ok(tokens) => (0..tokens.len())
            .map(|i| match tokens.kind(i) {
                Some(Kind::Char(c)) => char::from(c).to_string(),
                Some(kind) => format!("{kind:?}:{}", tokens.value(i)),
                None => "?".to_owned(),
            })
            .collect::<Vec<_>>()
            .join(" "),
        Err(refusal) => format!("! {} {:?}", refusal.message, refusal.position),
    }
}

#[track_caller]
fn check(text: &str, expected: &str) {
    assert_eq!(told(text), expected, "lexing {text:?}");
}

#[test]
fn every_keyword_is_found_and_nothing_else() {
    for &keyword in Keyword::ALL {
        assert_eq!(Keyword::lookup(keyword.as_str().as_bytes()), Some(keyword));
        assert_eq!(lex(&keyword.as_str().to_uppercase()).unwrap().keyword(0), Some(keyword));
        assert_eq!(Keyword::lookup(keyword.as_str().to_uppercase().as_bytes()), None, "look-up takes lower case only");
        assert_eq!(Keyword::lookup(format!("{}x", keyword.as_str()).as_bytes()), None);
    }
    assert_eq!(Keyword::ALL.len(), 495);
    assert_eq!(Keyword::lookup(b""), None);
    assert_eq!(Keyword::Select.category(), Category::Reserved);
    assert_eq!(Keyword::Only.category(), Category::Reserved);
    assert_eq!(Keyword::Left.category(), Category::TypeFunctionName);
    assert_eq!(Keyword::Coalesce.category(), Category::ColumnName);
    assert_eq!(Keyword::Zone.category(), Category::Unreserved);
    assert!(!Keyword::As.is_bare_label() && Keyword::Zone.is_bare_label());
}

#[test]
fn identifiers_fold_ascii_only_and_are_cut_on_a_character() {
    check("SELECT FooBar", "Word:select Word:foobar");
    check("ÀB", "Word:Àb");
    check("foo$$bar a$1", "Word:foo$$bar Word:a$1");
    check("a\u{a0}b", "Word:a\u{a0}b");
    check("\"Foo\"\"Bar\"", "QuotedIdent:Foo\"Bar");
    check("\"a\nb\"", "QuotedIdent:a\nb");
    check(&"x".repeat(70), &format!("Word:{}", "x".repeat(63)));
    check(&format!("{}é", "x".repeat(62)), &format!("Word:{}", "x".repeat(62)));
    check(&format!("\"{}é\"", "X".repeat(62)), &format!("QuotedIdent:{}", "X".repeat(62)));
    check("\"\"", "! zero-length delimited identifier at or near \"\"\"\" Some(0)");
    check(" \"abc", "! unterminated quoted identifier at or near \"\"\" Some(1)");
}

#[test]
fn strings_of_every_kind() {
    check("'a''b' ''", "String:a'b String:");
    check("'a\\'", "String:a\\");
    check("'a' \n -- c\n\t'b' 'c'", "String:ab String:c");
    check("'a' -- c\n'b'", "String:ab");
    check("'a' /* c */\n'b'", "String:a String:b");
    check("e'a\\'b' E'\\n\\101\\x41\\u00e9\\U0001F600\\q\\\\'''", "EscapeString:a'b EscapeString:\nAAé😀q\\'");
    check("E'\\ud83d\\ude00'", "EscapeString:😀");
    check("E'\\xc3\\xa9'", "EscapeString:é");
    check("E'a'\n'\\t'", "EscapeString:a\t");
    check("b'01'\n'1' X'fF' n'x''y'", "BitString:011 HexString:fF NationalString:x'y");
    check("B'1''0'", "BitString:1 String:0");
    check("$$a'b$$ $t$x$$y$t$ $é$z$é$", "DollarString:a'b DollarString:x$$y DollarString:z");
    check("$a$ $b$a$", "DollarString: $b");
    check("$1$ $x", "Param:$1 $ $ Word:x");
    check("U&'d\\0061t\\+000061' u&\"\\0041\"", "UnicodeString:data UnicodeIdent:A");
    check("U&'d!0061!!' uescape '!' , U&\"d!0061\" UESCAPE e'!'", "UnicodeString:da! , UnicodeIdent:da");
    check("U&'\\D83D\\DE00'", "UnicodeString:😀");
    check("U & 'x' u&a", "Word:u Operator:& String:x Word:u Operator:& Word:a");
}

#[test]
fn bad_strings_are_refused_without_their_contents() {
    check("x 'secret", "! unterminated quoted string at or near \"'\" Some(2)");
    check("E'secret\\'", "! unterminated quoted string at or near \"E'\" Some(0)");
    check("$q$secret$q", "! unterminated dollar-quoted string at or near \"$q$\" Some(0)");
    check("b'0", "! unterminated bit string literal at or near \"b'\" Some(0)");
    check("/* /* */ secret", "! unterminated /* comment at or near \"/*\" Some(0)");
    check("E'ab\\u12'", "! invalid Unicode escape Some(4)");
    check("E'\\ud800x'", "! invalid Unicode surrogate pair Some(8)");
    check("E'\\udc00'", "! invalid Unicode surrogate pair Some(2)");
    check("E'\\U00110000'", "! invalid Unicode escape value Some(2)");
    check("E'\\u0000'", "! invalid Unicode escape value Some(2)");
    check("U&'\\00'", "! invalid Unicode escape Some(3)");
    check("U&'\\DC00'", "! invalid Unicode surrogate pair Some(3)");
    check("U&'a' UESCAPE 'bb'", "! invalid Unicode escape character Some(14)");
    check("U&'a' UESCAPE 'f'", "! invalid Unicode escape character Some(14)");
    check("U&'a' UESCAPE x", "! UESCAPE must be followed by a simple string literal Some(0)");
    for text in ["E'\\xff'", "E'\\0'", "E'\\000'", "E'\\300'", "'a\0b'", "a\0"] {
        assert_eq!(lex(text).unwrap_err().code, SqlState::CHARACTER_NOT_IN_REPERTOIRE, "{text:?}");
    }
}

#[test]
fn operators_stop_where_postgresql_stops() {
    check("a<>/*'*/ 5", "Word:a NotEquals:<> Integer:5");
    check("a>=-1", "Word:a GreaterEquals:>= - Integer:1");
    check("a<>-1 b!=-1", "Word:a NotEquals:<> - Integer:1 Word:b Operator:!=- Integer:1");
    check("a@-1 a?-b a=@-1", "Word:a Operator:@- Integer:1 Word:a Operator:?- Word:b Word:a Operator:=@- Integer:1");
    check("a*-1 a<-1 a=+-1", "Word:a * - Integer:1 Word:a < - Integer:1 Word:a = + - Integer:1");
    check("a--b", "Word:a");
    check("a*--b\n*c", "Word:a * * Word:c");
    check("-- x\r1", "Integer:1");
    check("-- x\u{2028}1", "");
    check("/* /* */ */ 1/**/", "Integer:1");
    check(
        "a||b a->>'x' a=>b a:=b a::b",
        "Word:a Operator:|| Word:b Word:a Operator:->> String:x Word:a EqualsGreater:=> Word:b Word:a ColonEquals::= Word:b Word:a TypeCast::: Word:b",
    );
    check("a+*b :::", "Word:a Operator:+* Word:b TypeCast::: :");
    check(&"@".repeat(63), &format!("Operator:{}", "@".repeat(63)));
    check(&"@".repeat(64), "! operator too long Some(0)");
    check("{ \\ }", "{ \\ }");
}

#[test]
fn numbers_and_their_junk() {
    check("1 1.5 .5 1. 1e5 1.e+5 1.5E-1_0", "Integer:1 Float:1.5 Float:.5 Float:1. Float:1e5 Float:1.e+5 Float:1.5E-1_0");
    check("0x1F 0o17 0b1_0 1_000", "Integer:0x1F Integer:0o17 Integer:0b1_0 Integer:1_000");
    check(
        "2147483647 2147483648 0x7fffffff 0x80000000",
        "Integer:2147483647 Float:2147483648 Integer:0x7fffffff Float:0x80000000",
    );
    check("1..2 a[1:2] 1.5..3", "Integer:1 DotDot:.. Integer:2 Word:a [ Integer:1 : Integer:2 ] Float:1.5 DotDot:.. Integer:3");
    check("1$1 1e+5$ 1_0.5$1", "Integer:1 Param:$1 Float:1e+5 $ Float:1_0.5 Param:$1");
    for junk in [
        "1a", "1_", "1__0", "1.5x", "1e", "1e+", "1e5a", "1e5$", "1_0$", "1.5_0$1", "1e+5_0$", "0x1Fg", "0b12", "0o8", "1._5",
        "0x1$", "1é", ".5a", "0xg",
    ] {
        check(junk, "! trailing junk after numeric literal Some(0)");
    }
    check("0x", "! invalid hexadecimal integer Some(0)");
    check("$1a", "! trailing junk after parameter Some(0)");
    check("$2147483648", "! parameter number too large at or near \"$2147483648\" Some(0)");
}

#[test]
fn places_are_byte_offsets() {
    let tokens = lex("é 'x'\n'y' 1").unwrap();
    let places: Vec<_> = tokens.as_slice().iter().map(|t| (t.start, t.end)).collect();
    assert_eq!(places, [(0, 2), (3, 10), (11, 12)]);
    assert_eq!(tokens.raw(1), "'x'\n'y'");
    assert_eq!((tokens.get(9), tokens.raw(9), tokens.value(9).as_ref()), (None, "", ""));
}

#[test]
fn brackets_find_their_partners() {
    let tokens = lex("(a[1](b)) (] )").unwrap();
    let pairs: Vec<_> = (0..tokens.len()).filter_map(|i| tokens.closing(i).map(|j| (i, j))).collect();
    assert_eq!(pairs, [(0, 8), (2, 4), (5, 7)]);
}

#[test]
fn bounds_hold_before_anything_recurses() {
    let refused = |text: &str| lex(text).unwrap_err().code;
    assert_eq!(refused(&"(".repeat(65)), SqlState::STATEMENT_TOO_COMPLEX);
    assert_eq!(refused(&"[".repeat(65)), SqlState::STATEMENT_TOO_COMPLEX);
    assert_eq!(refused(&"case when ".repeat(65)), SqlState::STATEMENT_TOO_COMPLEX);
    assert!(lex(&"(1),".repeat(1000)).is_ok());
    assert!(lex(&"case when a then b end,".repeat(1000)).is_ok());
    assert!(lex(&"(case),".repeat(1000)).is_ok(), "a column label may be called case");
    assert_eq!(refused(&"1+".repeat(501)), SqlState::STATEMENT_TOO_COMPLEX);
    assert_eq!(refused(&"select a, b union ".repeat(501)), SqlState::STATEMENT_TOO_COMPLEX);
    assert_eq!(refused(&format!("({}1){}", "1+".repeat(300), "+1".repeat(300))), SqlState::STATEMENT_TOO_COMPLEX);
    assert!(lex(&format!("({}1),(1{})", "1+".repeat(300), "+1".repeat(300))).is_ok(), "siblings do not add up");
    assert!(lex(&"select 1+1;".repeat(5000)).is_ok());
    assert_eq!(refused(&" ".repeat((1 << 20) + 1)), SqlState::PROGRAM_LIMIT_EXCEEDED);
    assert_eq!(refused(&"a ".repeat(200_001)), SqlState::PROGRAM_LIMIT_EXCEEDED);
}

fn printed(text: &str) -> String {
    let tokens = lex(text).unwrap();
    let mut out = String::new();
    print_range(&tokens, 0..tokens.len(), &mut out);
    out
}

#[test]
fn printing_is_canonical() {
    assert_eq!(
        printed("SELECT  Count( * ),A . b,\"X\"\"y\" FROM T/* c */WHERE x=-1"),
        "select count(*), a.b, \"X\"\"y\" from t where x = - 1"
    );
    assert_eq!(printed("$$a'b$$,E'a\\\\b',U&'\\0041',n'x',N'a\\b'"), "'a''b', E'a\\\\b', 'A', N'x', nchar E'a\\\\b'");
    assert_eq!(printed("a :: int [ ] , $1::text, 'x' :: text, t . *"), "a::int[], $1::text, 'x'::text, t.*");
    assert_eq!(printed("x in (1 , 2) and f ( a [ 1 ] )"), "x in (1, 2) and f(a[1])");
    assert_eq!(printed("a - - 1 , a / * 2"), "a - - 1, a / * 2");
    assert_eq!(quote_ident("a\"b"), "\"a\"\"b\"");
    assert_eq!(quote_literal("a'b"), "'a''b'");
    assert_eq!(quote_literal("a'\\"), "E'a''\\\\'");
}

#[test]
fn audit_text_has_no_literal() {
    let tokens = lex("SELECT 'secret' /* secret */, 42, B'1', $1, \"Q\", E'\\'secret', 4.2 -- secret").unwrap();
    let mut out = String::new();
    redact(&tokens, &mut out);
    assert_eq!(out, "select ?, ?, ?, $1, \"Q\", ?, ?");
}

/// Pieces of SQL and of what lies between the rules.
fn fragment() -> impl Strategy<Value = String> {
    let fixed = prop::sample::select(vec![
        " ",
        " ",
        "\n",
        "\r",
        "\t",
        "--",
        "/*",
        "*/",
        "'",
        "''",
        "\"",
        "\"\"",
        "\\",
        "$",
        "$$",
        "$a$",
        "$1",
        "E'",
        "e'\\",
        "B'",
        "X'",
        "N'",
        "U&'",
        "u&\"",
        " UESCAPE '!'",
        "\\0041",
        "!0041",
        "\\+000041",
        "\\u0041",
        "\\ud83d\\ude00",
        "\\101",
        "\\x41",
        "'a'",
        "\"a\"",
        "E'\\''",
        "$$x$$",
        "b'01'",
        "x'1f'",
        "n'a\\b'",
        "1",
        "0",
        "0x1F",
        "0b",
        "1_0",
        "1.",
        ".5",
        "..",
        "e5",
        "1e+",
        "a",
        "_",
        "é",
        "Ab",
        "select",
        "CASE",
        " LIKE ",
        "~~",
        "end",
        ".",
        ",",
        "(",
        ")",
        "[",
        "]",
        ";",
        ":",
        "::",
        ":=",
        "=>",
        "<=",
        ">=",
        "<>",
        "!=",
        "+",
        "-",
        "*",
        "/",
        "%",
        "^",
        "<",
        ">",
        "=",
        "~",
        "!",
        "@",
        "#",
        "&",
        "|",
        "`",
        "?",
        "{",
        "}",
    ]);
    prop_oneof![9 => fixed.prop_map(str::to_owned), 1 => "[ -~é\u{2028}]{1,3}"]
}

fn soup() -> impl Strategy<Value = String> {
    prop::collection::vec(fragment(), 0..24).prop_map(|pieces| pieces.concat())
}

/// What the server sees of each token, spelling apart.
fn meaning(tokens: &Tokens<'_>) -> Vec<(Kind, Option<Keyword>, String)> {
    let mut out = Vec::new();
    for i in 0..tokens.len() {
        let value = tokens.value(i).into_owned();
        match tokens.kind(i).unwrap() {
            Kind::UnicodeIdent => out.push((Kind::QuotedIdent, None, value)),
            Kind::EscapeString | Kind::DollarString | Kind::UnicodeString => out.push((Kind::String, None, value)),
            Kind::NationalString => {
                out.push((Kind::Word, Some(Keyword::Nchar), "nchar".to_owned()));
                out.push((Kind::String, None, value));
            }
            kind => out.push((kind, tokens.keyword(i), value)),
        }
    }
    out
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4000, ..ProptestConfig::default() })]

    #[test]
    fn printed_tokens_lex_to_the_same_tokens(text in soup()) {
        if let Ok(tokens) = lex(&text) {
            let mut out = String::new();
            print_range(&tokens, 0..tokens.len(), &mut out);
            let again = lex(&out).map_err(|e| TestCaseError::fail(format!("{out:?}: {e}")))?;
            prop_assert_eq!(meaning(&again), meaning(&tokens), "printed as {:?}", &out);
            // nothing in it depends on standard_conforming_strings: no backslash outside E'..' strings, names and bit strings
            for (i, token) in again.as_slice().iter().enumerate() {
                if matches!(token.kind, Kind::String | Kind::NationalString) {
                    prop_assert!(!again.raw(i).contains('\\'), "{}", again.raw(i));
                }
            }
            let mut twice = String::new();
            print_range(&again, 0..again.len(), &mut twice);
            if !out.contains("nchar E") {
                prop_assert_eq!(out, twice, "printing what was printed changes nothing");
            }
        }
    }

    #[test]
    fn tokens_cover_the_text_in_order(text in soup()) {
        if let Ok(tokens) = lex(&text) {
            let mut end = 0;
            for token in tokens.as_slice() {
                prop_assert!(token.start >= end && token.end > token.start);
                end = token.end;
            }
            prop_assert!(end as usize <= text.len());
        }
    }
}

fn shaped(text: &str) -> Vec<u8> {
    let mut out = Vec::new();
    shape(&lex(text).unwrap(), &mut out);
    out
}

#[test]
fn shapes_differ_in_anything_but_literal_values() {
    let same = [
        ("SELECT 1", "select/**/42"),
        ("select 'a'", "select $$b$$"),
        ("select 'a'", "select E'\\x41'"),
        ("select 'a\\'", "select U&'a\\005C'"),
        ("like 'a\\'", "like U&'a\\005C'"),
        ("select 'a\\'", "select ''"),
        ("~ 'a\\'", "~ 'a'"),
        ("\"a\"", "U&\"\\0061\""),
        ("x'1f'", "X'00'"),
        ("1.5", "1e3"),
        ("88888888888", "99999999999"),
        ("$1", "$01"),
    ];
    for (a, b) in same {
        assert_eq!(shaped(a), shaped(b), "{a} and {b}");
    }
    let different = [
        ("select 1", "select 1.0"),
        ("1.5", "99999999999"),
        ("select 1", "select '1'"),
        ("like 'a'", "like 'a\\b'"),
        ("'a' ~~ 'a'", "'a' ~~ 'a\\b'"),
        ("'a' OPERATOR(pg_catalog.!~~*) 'a'", "'a' OPERATOR(pg_catalog.!~~*) ''"),
        ("not 'a' ILIKE 'a'", "not '' ILIKE 'a'"),
        ("select 'a'", "select n'a'"),
        ("select b'1'", "select x'1'"),
        ("like ''", "like 'a'"),
        ("like '\\'", "like '\\\\'"),
        ("like '\\'", "like 'a\\'"),
        ("like 'a\\a'", "like 'aa\\'"),
        ("like 'a\\\\'", "like 'aa\\'"),
        ("like ''\n''", "like ''\n'a'"),
        ("a", "\"a\""),
        ("a", "b"),
        ("a b", "ab"),
        ("$1", "$2"),
        ("a <= b", "a < = b"),
        ("a @> b", "a @ > b"),
        ("select", "\"select\""),
        ("1, 2", "1"),
    ];
    for (a, b) in different {
        assert_ne!(shaped(a), shaped(b), "{a} and {b}");
    }
}

/// The tokens without their values: what a shape must tell apart, written without any coding.
fn skeleton(text: &str) -> Vec<(String, Option<&'static str>)> {
    let tokens = lex(text).unwrap();
    let likes = |i| match tokens.kind(i) {
        Some(Kind::Word) => ["like", "ilike"].contains(&tokens.value(i).as_ref()),
        kind => kind == Some(Kind::Operator) && tokens.raw(i).contains("~~"),
    };
    let likes = (0..tokens.len()).any(likes);
    (0..tokens.len())
        .map(|i| {
            let value = tokens.value(i);
            let text = likes.then(|| match value.as_ref() {
                "" => "empty",
                "\\" => "one backslash",
                value => match (value.contains('\\'), value.chars().rev().take_while(|c| *c == '\\').count() % 2) {
                    (false, _) => "plain",
                    (true, 0) => "escapes",
                    (true, _) => "open",
                },
            });
            match tokens.kind(i).unwrap() {
                Kind::String | Kind::EscapeString | Kind::DollarString | Kind::UnicodeString => ("string".to_owned(), text),
                Kind::NationalString => ("national".to_owned(), text),
                kind @ (Kind::Integer | Kind::Float | Kind::BitString | Kind::HexString) => (format!("{kind:?}"), None),
                Kind::UnicodeIdent => (format!("QuotedIdent {value}"), None),
                Kind::Param => (format!("param {:?}", tokens.param(i)), None),
                kind => (format!("{kind:?} {value}"), None),
            }
        })
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4000, ..ProptestConfig::default() })]

    #[test]
    fn shapes_are_equal_exactly_when_only_values_differ(a in soup(), b in soup(), at in 0_usize..64, piece in fragment()) {
        // b: unrelated, and c: a with a small change, which is what a bad coding would mix up
        let cut = a.floor_char_boundary(at.min(a.len()));
        let c = format!("{}{piece}{}", &a[..cut], &a[cut..]);
        for other in [&b, &c] {
            if lex(&a).is_ok() && lex(other).is_ok() {
                prop_assert_eq!(shaped(&a) == shaped(other), skeleton(&a) == skeleton(other), "{:?} {:?}", &a, other);
            }
        }
    }
}
