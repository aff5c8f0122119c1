//! The house's arrows: which room may name which. An arrow that is not in the table fails, and so does a room without a row.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Core rooms: pure values in, pure values out.
const CORE: &[(&str, &[&str])] = &[
    ("error", &[]),
    ("catalog", &[]),
    ("sql", &["error"]),
    ("policy", &["error", "catalog", "sql"]),
    ("copy", &["error", "sql", "policy"]),
    ("rewrite", &["error", "sql", "policy", "catalog", "copy"]),
    ("wire", &["error"]),
    ("limits", &["error"]),
    ("session", &["error", "wire", "rewrite", "policy", "copy", "limits"]),
];

/// Shell rooms: sockets, clocks, files.
const SHELL: &[(&str, &[&str])] = &[
    ("alerts", &[]),
    ("audit", &["error", "alerts"]),
    ("config", &["policy", "limits", "alerts", "audit"]),
    ("http", &["error"]),
    ("upstream", &["error", "catalog", "sql", "policy", "rewrite", "wire", "limits", "session", "config", "http"]),
    ("tenants", &["error", "policy", "wire", "limits", "config", "upstream"]),
    ("console", &["error", "wire", "limits", "config", "audit", "http", "upstream"]),
    (
        "proxy",
        &[
            "error", "catalog", "sql", "policy", "rewrite", "wire", "limits", "session", "config", "alerts", "audit", "http",
            "upstream", "tenants", "console",
        ],
    ),
    (
        "cli",
        &[
            "error", "catalog", "sql", "policy", "rewrite", "wire", "limits", "session", "config", "alerts", "audit", "http",
            "upstream", "tenants", "proxy",
        ],
    ),
];

/// What core rooms do not name: clocks, randomness, the runtime, the log, the outside.
const IMPURE: &[&str] = &[
    "tokio",
    "Instant::now",
    "SystemTime",
    "std::fs",
    "std::net",
    "std::io",
    "std::process",
    "std::thread",
    "tracing",
    "ring",
    "println!",
];

fn src() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// Every source file, as its path under `src` and its code without comments.
fn sources() -> BTreeMap<String, String> {
    let (mut found, mut folders) = (BTreeMap::new(), vec![src()]);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("folder") {
            let path = entry.expect("entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "rs") {
                let text = fs::read_to_string(&path).expect("source");
                let name = path.strip_prefix(src()).expect("under src").to_str().expect("name").to_owned();
                found.insert(name, text.lines().map(without_comment).collect::<Vec<_>>().join("\n"));
            }
        }
    }
    found
}

/// The line up to a comment. A `//` inside a string is rare, and cutting there hides nothing that names a room.
fn without_comment(line: &str) -> &str {
    line.split_once("//").map_or(line, |(code, _)| code)
}

/// The room that a file belongs to: its folder, or its own name.
fn room(file: &str) -> &str {
    file.split_once('/').map_or_else(|| file.trim_end_matches(".rs"), |(folder, _)| folder)
}

/// The rooms that code names by `crate::`.
fn named(code: &str) -> BTreeSet<String> {
    let mut rooms = BTreeSet::new();
    for (at, _) in code.match_indices("crate::") {
        let rest = &code[at + "crate::".len()..];
        match rest.strip_prefix('{') {
            // `use crate::{a::x, b::{y, z}}`: what stands at the first level.
            Some(group) => rooms.extend(first_level(group)),
            None => rooms.extend(word(rest)),
        }
    }
    rooms
}

fn first_level(group: &str) -> Vec<String> {
    let (mut depth, mut found, mut expect) = (0_usize, Vec::new(), true);
    for (at, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => expect = true,
            c if expect && depth == 0 && !c.is_whitespace() => {
                found.extend(word(&group[at..]));
                expect = false;
            }
            _ => {}
        }
    }
    found
}

fn word(text: &str) -> Option<String> {
    let word: String = text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
    (!word.is_empty()).then_some(word)
}

#[test]
fn every_arrow_is_in_the_table() {
    let table: BTreeMap<&str, &[&str]> = CORE.iter().chain(SHELL).copied().collect();
    let mut wrong = Vec::new();
    for (file, code) in sources() {
        let from = room(&file);
        if ["lib", "main"].contains(&from) {
            continue;
        }
        let Some(allowed) = table.get(from) else {
            wrong.push(format!("src/{file}: the room `{from}` is not in the table"));
            continue;
        };
        for to in named(&code).iter().filter(|to| *to != from && !allowed.contains(&to.as_str())) {
            wrong.push(format!("src/{file}: {from} -> {to}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_table_has_no_circle() {
    // Every row names rooms of rows above it only, but for the core's, which all stand above the shell's.
    let mut above = BTreeSet::new();
    for (room, allowed) in CORE.iter().chain(SHELL) {
        for to in *allowed {
            assert!(above.contains(to), "{room} -> {to}, which stands below it");
        }
        above.insert(*room);
    }
    assert!(above.iter().all(|room| src().join(room).is_dir() || src().join(format!("{room}.rs")).is_file()));
}

#[test]
fn core_rooms_name_nothing_of_the_outside() {
    let core: BTreeSet<&str> = CORE.iter().map(|(room, _)| *room).collect();
    let mut wrong = Vec::new();
    // Tests beside the code may use threads and files: they are not part of the core.
    let is_test = |file: &str| file.ends_with("tests.rs");
    for (file, code) in sources().iter().filter(|(file, _)| core.contains(room(file)) && !is_test(file)) {
        for impure in IMPURE {
            // As a word: `string` is not `ring`.
            let is = code.match_indices(impure).any(|(at, _)| {
                let before = code[..at].chars().next_back();
                let after = code[at + impure.len()..].chars().next();
                let part = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
                !part(before) && !part(after)
            });
            if is {
                wrong.push(format!("src/{file} names {impure}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn only_main_reads_the_environment() {
    for (file, code) in sources().iter().filter(|(file, _)| *file != "main.rs") {
        assert!(!code.contains("env::var") && !code.contains("env::args") && !code.contains("env::temp_dir"), "src/{file}");
        assert!(!code.contains("use std::env"), "src/{file}");
    }
}

#[test]
fn every_file_opens_with_its_duty() {
    for file in sources().keys() {
        let text = fs::read_to_string(src().join(file)).expect("source");
        assert!(text.starts_with("//! "), "src/{file} does not say what it is for");
    }
}

#[test]
fn the_reader_of_arrows_reads() {
    let code = "use crate::{wire, sql::{lexer, token}, policy as p};\nfn f(x: crate::error::Rule) {}\nuse crate::limits;";
    assert_eq!(named(code), ["error", "limits", "policy", "sql", "wire"].map(str::to_owned).into());
    assert_eq!(named("use self::x; use super::y;"), BTreeSet::new());
}
