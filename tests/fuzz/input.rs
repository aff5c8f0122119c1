//! Where made-up input comes from: the statements of the case files, changed. It does not know what they are fed to.

use crate::choice::Choices;
use std::path::Path;

/// Statements that mean something.
pub(crate) struct Seeds {
    pub(crate) statements: Vec<String>,
}

/// Pieces at which readers of SQL have gone astray.
const PIECES: [&str; 64] = [
    "'",
    "''",
    "\"",
    "\"\"",
    "\\",
    "\\'",
    "$$",
    "$a$",
    "$1",
    "$65536",
    "--",
    "/*",
    "*/",
    ";",
    "(",
    ")",
    "[",
    "]",
    "E'",
    "U&'",
    "U&\"",
    "UESCAPE '!'",
    "B'",
    "X'",
    "N'",
    "\0",
    "\u{a0}",
    "\u{feff}",
    "::",
    ":=",
    "=>",
    "..",
    ".",
    "*",
    "0x",
    "1e",
    "1_0",
    "99999999999999999999",
    " ONLY ",
    " AS ",
    " JOIN ",
    " NATURAL JOIN ",
    " UNION ALL ",
    " WITH RECURSIVE ",
    " LATERAL ",
    " VALUES ",
    " TABLE ",
    " CASE ",
    " END ",
    " NOT ",
    " OR ",
    " AND ",
    " IN (",
    " tenant_id ",
    " invoices ",
    " RETURNING ",
    " ON CONFLICT ",
    " DO UPDATE SET ",
    " MERGE INTO ",
    " COPY ",
    " FETCH ",
    " EXPLAIN ",
    " OPERATOR(pg_catalog.+) ",
    "\u{1F9EA}",
];

impl Seeds {
    /// The statements of every case file.
    pub(crate) fn read() -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
        let mut statements = Vec::new();
        for folder in ["core/rewrite", "live/cases"] {
            for entry in std::fs::read_dir(root.join(folder)).expect("case files") {
                let text = std::fs::read_to_string(entry.expect("a file").path()).expect("text");
                let kept = text.replace("\r\n", "\n");
                statements.extend(kept.split("\n\n").flat_map(|block| block.split("\n--")).filter_map(|block| {
                    let sql = |l: &&str| !["--", "=>", "$>", "!!", "p>"].iter().any(|mark| l.starts_with(mark));
                    let sql: Vec<&str> = block.lines().skip(1).filter(sql).collect();
                    (!sql.is_empty()).then(|| sql.join("\n"))
                }));
            }
        }
        assert!(statements.len() > 500, "only {} statements were found", statements.len());
        Self { statements }
    }

    /// A statement, changed a little or not at all.
    pub(crate) fn text(&self, choices: &mut Choices) -> String {
        let mut text = choices.of(&self.statements).clone();
        for _ in 0..choices.below(5) {
            let at = cut(&text, choices);
            match choices.below(6) {
                0 => text.insert_str(at, choices.of::<&str>(&PIECES)),
                1 => {
                    let to = cut(&text, choices);
                    text.replace_range(at.min(to)..at.max(to), "");
                }
                2 => {
                    let other = choices.of(&self.statements);
                    let from = cut(other, choices);
                    text.insert_str(at, &other[from..]);
                }
                3 => {
                    let to = cut(&text, choices);
                    let piece = text[at.min(to)..at.max(to)].to_owned();
                    for _ in 0..choices.below(if piece.len() > 100 { 3 } else { 80 }) {
                        text.insert_str(at, &piece);
                    }
                }
                4 => text.truncate(at),
                _ => text.insert(at, char::from_u32(u32::try_from(choices.below(0x3000)).expect("small")).unwrap_or(' ')),
            }
        }
        if text.len() > 20_000 {
            let end = text.floor_char_boundary(20_000);
            text.truncate(end);
        }
        text
    }
}

/// A place in a text, between two characters.
fn cut(text: &str, choices: &mut Choices) -> usize {
    text.floor_char_boundary(choices.below(text.len() + 1))
}

/// Some bytes.
pub(crate) fn bytes(choices: &mut Choices, most: usize) -> Vec<u8> {
    (0..choices.below(most + 1)).map(|_| byte(choices)).collect()
}

/// A byte, often one with a meaning.
pub(crate) fn byte(choices: &mut Choices) -> u8 {
    const LIKELY: [u8; 23] = *b"\0\x01\x7f\xff\\'\"\n\r\t.,;$NSTIE012a";
    if choices.chance(60) { *choices.of(&LIKELY) } else { u8::try_from(choices.below(256)).expect("a byte") }
}

/// Changes some bytes.
pub(crate) fn damage(bytes: &mut Vec<u8>, choices: &mut Choices) {
    for _ in 0..choices.below(4) {
        let at = choices.below(bytes.len() + 1);
        match choices.below(4) {
            0 if at < bytes.len() => bytes[at] = byte(choices),
            1 if at < bytes.len() => drop(bytes.remove(at)),
            2 => bytes.truncate(at),
            _ => bytes.insert(at, byte(choices)),
        }
    }
}

/// A message with a right length field.
pub(crate) fn message(tag: u8, body: &[u8]) -> Vec<u8> {
    let length = u32::try_from(body.len() + 4).expect("short");
    [&[tag][..], &length.to_be_bytes(), body].concat()
}
