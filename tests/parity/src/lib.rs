//! What the comparisons with PostgreSQL's own scanner and parser share: the regression SQL, a source of made-up text, and the
//! reading of libpg_query's answers. It does not know pgmoat's rewriter.

mod tree;

pub use tree::Tree;

use std::io::Read;
use std::sync::{Mutex, MutexGuard, PoisonError};

use pg_query::protobuf::ScanToken;

/// The regression SQL, one `(file name, contents)` each.
///
/// # Panics
/// If the data file of this package does not unpack.
#[must_use]
pub fn regression_files() -> Vec<(String, String)> {
    let packed = include_bytes!("../sql/regress.sql.gz");
    let mut bytes = Vec::new();
    flate2::read::GzDecoder::new(packed.as_slice()).read_to_end(&mut bytes).expect("the regression SQL unpacks");
    let text = String::from_utf8_lossy(&bytes);
    let files = text.split("--=== ").skip(1);
    files.filter_map(|file| file.split_once('\n')).map(|(name, sql)| (name.to_owned(), sql.to_owned())).collect()
}

/// The regression SQL's statements that PostgreSQL's parser accepts, psql's commands and COPY data left out, each once.
#[must_use]
pub fn statements() -> Vec<String> {
    let mut seen = std::collections::HashSet::new();
    let mut found = Vec::new();
    for (_, sql) in regression_files() {
        let mut open = String::new();
        let mut data = false;
        for line in sql.lines() {
            if data {
                data = line != "\\.";
                continue;
            }
            if line.starts_with('\\') {
                open.clear();
                continue;
            }
            open.push_str(line);
            open.push('\n');
            // a statement ends where the scanner is between tokens and the last one is a semicolon
            let ends =
                line.contains(';') && scan(&open).is_ok_and(|tokens| tokens.last().is_some_and(|t| t.token == i32::from(b';')));
            if ends {
                let text = open.trim().trim_end_matches(';').to_owned();
                open.clear();
                data = text.to_ascii_lowercase().contains("from stdin");
                for statement in parts(&text) {
                    if seen.insert(statement.clone()) {
                        found.push(statement);
                    }
                }
            }
        }
    }
    found
}

/// The statements that a tenant's data passes through, by first word.
const DATA_PLANE: &[&str] = &[
    "select",
    "with",
    "values",
    "table",
    "(",
    "insert",
    "update",
    "delete",
    "merge",
    "copy",
    "explain",
    "prepare",
    "execute",
    "deallocate",
    "declare",
    "fetch",
    "move",
    "close",
    "set",
    "show",
    "reset",
    "begin",
    "start",
    "commit",
    "end",
    "rollback",
    "abort",
    "savepoint",
    "release",
    "lock",
    "truncate",
    "call",
    "discard",
];

/// Whether a tenant's data passes through a statement of this kind.
#[must_use]
pub fn is_data_plane(text: &str) -> bool {
    let first = text.split(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or_default();
    let first = if text.starts_with('(') { "(" } else { first };
    DATA_PLANE.iter().any(|kind| kind.eq_ignore_ascii_case(first))
}

/// The single statements of a text, if PostgreSQL's parser accepts it.
fn parts(text: &str) -> Vec<String> {
    if parse(text).is_err() {
        return Vec::new();
    }
    let _turn = turn();
    let parts = pg_query::split_with_parser(text).unwrap_or_default();
    parts.into_iter().map(|part| part.trim().to_owned()).filter(|part| !part.is_empty()).collect()
}

/// libpg_query redirects the process's standard error while it works, so only one call at a time.
fn turn() -> MutexGuard<'static, ()> {
    static TURN: Mutex<()> = Mutex::new(());
    TURN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// PostgreSQL's tokens, comments left out.
///
/// # Errors
/// The scanner's message.
pub fn scan(text: &str) -> Result<Vec<ScanToken>, String> {
    let _turn = turn();
    let comment = |token: &ScanToken| {
        token.token == pg_query::protobuf::Token::SqlComment as i32 || token.token == pg_query::protobuf::Token::CComment as i32
    };
    match pg_query::scan(text).map(|result| result.tokens) {
        Ok(tokens) => Ok(tokens.into_iter().filter(|token| !comment(token)).collect()),
        Err(error) => Err(error.to_string()),
    }
}

/// PostgreSQL's parse of a text.
///
/// # Errors
/// The parser's message.
pub fn parse(text: &str) -> Result<pg_query::ParseResult, String> {
    let _turn = turn();
    pg_query::parse(text, pg_query::ParserOptions::default()).map_err(|error| error.to_string())
}

/// PostgreSQL's parse tree of a text, places in the source left out.
///
/// # Errors
/// The parser's message.
pub fn tree(text: &str) -> Result<Tree, String> {
    Ok(Tree::read(&format!("{:?}", parse(text)?.protobuf.stmts)))
}

/// The names of all relations that PostgreSQL's tree refers to, references to CTEs included; sorted, each once.
///
/// # Errors
/// The parser's message.
pub fn relations(text: &str) -> Result<Vec<String>, String> {
    let mut names = std::collections::BTreeSet::new();
    tree(text)?.walk(&mut |node| {
        if node.name() == "RangeVar" {
            names.insert(node.field("relname").word().replace("\\\"", "\"").replace("\\\\", "\\").replace("\\'", "'"));
        }
    });
    Ok(names.into_iter().collect())
}

/// A small generator of pseudo-random numbers (xorshift64*), so that a run can be repeated from its seed.
#[derive(Debug)]
pub struct Dice(u64);

impl Dice {
    /// Starts from a seed.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    /// A number below `sides`.
    pub fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let number = self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33;
        number as usize % sides.max(1)
    }

    /// One of these.
    pub fn pick<'a, T: ?Sized>(&mut self, choices: &[&'a T]) -> &'a T {
        choices[self.roll(choices.len())]
    }
}

/// Pieces on which scanners differ.
const FRAGMENTS: &[&str] = &[
    " ",
    " ",
    " ",
    "\n",
    "\r",
    "\t",
    "\u{b}",
    "\u{c}",
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
    "$é$",
    "$1",
    "$0",
    "$2147483648",
    "E'",
    "e'\\",
    "B'",
    "X'",
    "N'",
    "U&'",
    "u&\"",
    "U&",
    " UESCAPE '!'",
    " uescape $$!$$",
    "\\0041",
    "!0041",
    "\\+000041",
    "\\D83D\\DE00",
    "\\u0041",
    "\\ud83d",
    "\\ude00",
    "\\U0001F600",
    "\\101",
    "\\303\\251",
    "\\xc3\\xa9",
    "\\x41",
    "\\v",
    "'a'",
    "\"a\"",
    "E'\\''",
    "$$x$$",
    "b'01'",
    "x'1f'",
    "n'a\\b'",
    "'\n'",
    "'--c\n'",
    "1",
    "0",
    "0x1F",
    "0x",
    "0b",
    "0o17",
    "1_0",
    "_",
    "1.",
    ".5",
    ".",
    "..",
    "e5",
    "E",
    "1e+",
    "2147483647",
    "2147483648",
    "a",
    "é",
    "\u{a0}",
    "Ab",
    "select",
    "CASE",
    "end",
    "from",
    "json_table",
    "uescape",
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
    "\u{7f}",
    "\u{1}",
];

/// Made-up text: pieces strung together, or a statement that was damaged.
pub fn made_up(dice: &mut Dice, statements: &[String]) -> String {
    let mut text = String::new();
    if dice.roll(2) == 0 && !statements.is_empty() {
        text.push_str(&statements[dice.roll(statements.len())]);
        let from = text.floor_char_boundary(dice.roll(text.len() + 1));
        let to = text.ceil_char_boundary((from + 20 + dice.roll(200)).min(text.len()));
        text = text[from..to].to_owned();
        for _ in 0..1 + dice.roll(4) {
            let at = text.floor_char_boundary(dice.roll(text.len() + 1));
            let end = text.ceil_char_boundary((at + dice.roll(4)).min(text.len()));
            text.replace_range(at..end, dice.pick(FRAGMENTS));
        }
    } else {
        for _ in 0..dice.roll(16) {
            text.push_str(dice.pick(FRAGMENTS));
        }
    }
    if dice.roll(50) == 0 {
        // names and operators longer than PostgreSQL keeps
        let piece = *["a", "é", "@", "\"x", "+-"].get(dice.roll(5)).unwrap_or(&"a");
        let at = text.floor_char_boundary(dice.roll(text.len() + 1));
        text.insert_str(at, &piece.repeat(30 + dice.roll(40)));
    }
    text
}

/// Pieces by which a parser may be led past a relation.
const DECOYS: &[&str] = &[
    "/*'*/",
    "--'\n",
    "/**/",
    "--\n",
    " only ",
    " ONLY (victims) ",
    " * ",
    "<>",
    ">=-",
    "<",
    "-",
    "E'\\''",
    " 'x' ",
    "'\\'",
    "::",
    " table victims ",
    " lateral ",
    " semi ",
    " asof ",
    " global ",
    " final ",
    " pivot ",
    " qualify ",
    " xor ",
    " \"x\" ",
    " union select 1 from victims ",
    ", victims ",
    " join victims on true ",
    " $$'$$ ",
    " isnull ",
    " (select 1 from victims) ",
    " exists (table victims) ",
    " variadic ",
    " for no key update ",
    " as ",
    " x ",
    " a.b ",
    ".*",
    "[1]",
    " not ",
    " using ",
    " natural join victims ",
    " u&'\\0027' ",
    " n'' ",
    " interval '1' ",
    " date '2020-01-01' ",
    " == ",
    " ! ",
    " := 1 ",
    " => 1 ",
    " ?| ",
    " @- ",
    " in (select 1 from victims) ",
    " any (select 1 from victims) ",
    " with v as (table victims) ",
    " tablesample system (1) ",
    " with ordinality ",
    " rows from (f()) ",
    " rows from (f(), g((select 1 from victims))) ",
    " rows from (f() as (a int)) ",
    " search depth first by a set b ",
    " cycle a set b using c ",
    " cycle a set b to (select 1 from victims) default 0 using c ",
    " using (a) as j ",
    " as j ",
    "[1].f",
    "[(select 1 from victims)]",
    " set (a.b) = (select 1 from victims), ",
    " current of c ",
    " grouping sets ((), rollup (a, (select 1 from victims))) ",
    " group by all rollup ((select 1 from victims)) ",
    " in (values ((select 1 from victims))) ",
    " = any ((select 1 from victims) union select 2) ",
    " like any (select 1 from victims) ",
    " xmlelement(name a, xmlattributes((select 1 from victims) as b)) ",
    " xmlserialize(content (select 1 from victims) as text) ",
    " is not document ",
    " json_object((select 1 from victims) : 2) ",
    " json_array(select 1 from victims) ",
    " collation for ((select 1 from victims)) ",
    " on conflict ((select 1 from victims)) do nothing ",
    " on conflict (lower(a)) where (select 1 from victims) do nothing ",
    "* v ",
    " trim(from (select 1 from victims)) ",
    "::text collate \"C\" ",
    " (victims) ",
    " (victims v join x on true) ",
    " collate \"C\" ",
    " at time zone 'x' ",
];

/// A whole statement with a decoy or two put in.
pub fn damaged(dice: &mut Dice, statements: &[String]) -> String {
    let mut text = statements[dice.roll(statements.len())].clone();
    for _ in 0..1 + dice.roll(2) {
        // mostly between words, where the outcome is more often a statement
        let spaces: Vec<usize> = text.match_indices([' ', '\n', '(', ',']).map(|(at, _)| at).collect();
        let at = if spaces.is_empty() || dice.roll(5) == 0 { dice.roll(text.len() + 1) } else { spaces[dice.roll(spaces.len())] };
        text.insert_str(text.floor_char_boundary(at), dice.pick(DECOYS));
    }
    text
}

/// A count from the environment, for longer runs.
///
/// # Panics
/// If the variable is set to something else than a number.
#[must_use]
pub fn count(variable: &str, default: usize) -> usize {
    std::env::var(variable).map_or(default, |value| value.parse().expect("a number"))
}
