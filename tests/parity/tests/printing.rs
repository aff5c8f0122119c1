//! pgmoat's canonical printing against PostgreSQL's parser: what is printed has the same tree as what was written.

use pgmoat::sql::{Bounds, Kind, Tokens, print_range};
use pgmoat_parity::{Dice, count, statements, tree};

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

fn printed(text: &str) -> String {
    let tokens = Tokens::lex(text, &BOUNDS).expect("it was lexed before");
    let mut out = String::new();
    print_range(&tokens, 0..tokens.len(), &mut out);
    out
}

#[test]
fn the_regression_sql_keeps_its_trees() {
    let (mut same, mut differing) = (0, Vec::new());
    for text in statements() {
        let out = printed(&text);
        match (tree(&text), tree(&out)) {
            (Ok(a), Ok(b)) if a == b => same += 1,
            (Ok(_), Ok(_)) => differing.push(format!("{text}\n  as {out}")),
            (Ok(_), Err(message)) => differing.push(format!("{text}\n  as {out}\n  {message}")),
            (Err(message), _) => panic!("{text}: {message}"),
        }
    }
    println!("printing: {same} statements keep their tree, {} do not", differing.len());
    assert!(same > 30_000);
    assert!(differing.is_empty(), "{}", differing.iter().take(10).cloned().collect::<Vec<_>>().join("\n"));
}

/// One literal or name as a driver or a person might write it.
fn made_up_word(dice: &mut Dice) -> String {
    let pieces = [
        "a",
        "Z",
        "é",
        " ",
        "\n",
        "''",
        "\\\\",
        "\\n",
        "\\'",
        "\\x41",
        "\\xc3\\xa9",
        "\\101",
        "\\u00e9",
        "\\ud83d\\ude00",
        "\\0041",
        "\\+000041",
        "\\d83d\\de00",
        "!0041",
        "!!",
        "$",
        "--",
        "/*",
        "*/",
        ";",
        "\"\"",
        "\u{2028}",
        "😀",
        "\\",
        "\\v",
        "\\q",
        "'\n'",
        "' -- c\n '",
    ];
    let (open, close) = *[
        ("'", "'"),
        ("E'", "'"),
        ("e'", "'"),
        ("N'", "'"),
        ("U&'", "'"),
        ("U&'", "' UESCAPE '!'"),
        ("$$", "$$"),
        ("$a$", "$a$"),
        ("\"", "\""),
        ("U&\"", "\""),
        ("u&\"", "\" uescape E'!'"),
        ("B'", "'"),
        ("X'", "'"),
    ]
    .get(dice.roll(13))
    .expect("one of them");
    let inside: String = (0..dice.roll(6)).map(|_| dice.pick(&pieces)).collect();
    let long = if dice.roll(10) == 0 { "é".repeat(dice.roll(40)) } else { String::new() };
    format!("{open}{inside}{long}{close}")
}

/// The decoded values are PostgreSQL's: `PGMOAT_PARITY_VALUES` literals (default 20,000), compared by the tree of what we print.
#[test]
fn made_up_literals_keep_their_values() {
    let wanted = count("PGMOAT_PARITY_VALUES", 20_000);
    let mut dice = Dice::new(count("PGMOAT_PARITY_SEED", 7) as u64);
    let (mut same, mut refused) = (0, 0);
    for _ in 0..wanted {
        let text = format!("select {} as x", made_up_word(&mut dice));
        match (Tokens::lex(&text, &BOUNDS), tree(&text)) {
            (Ok(tokens), Ok(theirs)) => {
                let mut out = String::new();
                print_range(&tokens, 0..tokens.len(), &mut out);
                assert_eq!(tree(&out).as_ref(), Ok(&theirs), "{text:?} was printed as {out:?}");
                assert!(tokens.as_slice().iter().all(|token| token.kind != Kind::Char(b'\\')), "{text:?}");
                same += 1;
            }
            (Err(_), Err(_)) => refused += 1,
            // a literal may end early and leave a text that lexes and is no statement
            (Ok(_), Err(_)) => refused += 1,
            (Err(refusal), Ok(_)) => panic!("{text:?}: only we refuse: {refusal}"),
        }
    }
    println!("literals: {same} with the same value, {refused} refused");
    assert!(same > wanted / 4);
}
