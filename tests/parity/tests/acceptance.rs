//! pgmoat's feed to the parser against PostgreSQL's parser: how much is read, and that no relation is missing from what is read.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

use pgmoat::sql::{Bounds, Keyword, Tokens, parse};
use pgmoat_parity::{Dice, count, damaged, is_data_plane, relations, statements};
use sqlparser::ast::{ObjectNamePart, Statement, visit_relations};

/// The names of the relations that the parser's own visitor finds.
fn visited(statement: &Statement) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let flow = visit_relations(statement, |name| {
        if let Some(ObjectNamePart::Identifier(ident)) = name.0.last() {
            names.insert(ident.value.clone());
        }
        ControlFlow::<()>::Continue(())
    });
    assert!(flow.is_continue());
    names
}

/// Statements of which the parser's visitor does not tell the relations; pgmoat's own walk is what counts there.
fn is_beyond_the_visitor(tokens: &Tokens<'_>, kind: &str) -> bool {
    let keywords: Vec<Keyword> = (0..tokens.len()).filter_map(|i| tokens.keyword(i)).collect();
    let count = |wanted: Keyword| keywords.iter().filter(|keyword| **keyword == wanted).count();
    // SELECT INTO: the visitor has no eye for it, and no tenant may use it
    kind == "copy" || count(Keyword::Into) > count(Keyword::Insert) || keywords.contains(&Keyword::Create)
}

#[test]
fn the_data_plane_is_read() {
    let bounds = Bounds::default();
    let mut by_kind: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    let mut causes: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut missing = Vec::new();
    let mut compared = 0;
    for text in statements() {
        let Ok(tokens) = Tokens::lex(&text, &bounds) else { continue };
        let kind = tokens.value(0).into_owned();
        if !is_data_plane(&text) {
            continue;
        }
        let (all, read) = by_kind.entry(kind.clone()).or_default();
        *all += 1;
        match parse(&tokens, 0..tokens.len(), &bounds) {
            Ok(statement) => {
                *read += 1;
                if is_beyond_the_visitor(&tokens, &kind) {
                    continue;
                }
                compared += 1;
                let seen = visited(&statement);
                let theirs = relations(&text).expect("PostgreSQL accepted it before");
                // FOR UPDATE OF names relations by alias, which the visitor leaves out
                let lost: Vec<_> = theirs.into_iter().filter(|name| !seen.contains(name)).collect();
                let locked = |name: &String| text.to_ascii_lowercase().contains(&format!("of {name}"));
                if !lost.iter().all(locked) {
                    missing.push(format!("{lost:?} in {text}"));
                }
            }
            Err(refusal) => causes.entry(format!("{kind}: {}", refusal.message)).or_default().push(text.replace('\n', " ")),
        }
    }
    let (all, read) = by_kind.values().fold((0, 0), |(a, r), (all, read)| (a + all, r + read));
    for (kind, (all, read)) in &by_kind {
        println!("{kind:>10} {read:>6} of {all:>6}  {:.1} %", 100.0 * *read as f64 / *all as f64);
    }
    println!("{:>10} {read:>6} of {all:>6}  {:.2} %", "all", 100.0 * read as f64 / all as f64);
    let mut causes: Vec<_> = causes.into_iter().collect();
    causes.sort_by_key(|(_, texts)| std::cmp::Reverse(texts.len()));
    for (cause, texts) in &causes {
        let example: String =
            texts.iter().min_by_key(|text| text.len()).map(|text| text.chars().take(150).collect()).unwrap_or_default();
        println!("{:>5} {cause}   {example}", texts.len());
    }
    println!("relations: {compared} statements compared, {} with a relation missing", missing.len());
    assert!(missing.is_empty(), "{}", missing.iter().take(30).cloned().collect::<Vec<_>>().join("\n"));
    assert!(all > 18_000, "only {all} statements");
    assert!(read * 1000 >= all * 993, "{read} of {all} are read");
}

/// Whatever both parsers read of damaged statements, no relation is missing from it. `PGMOAT_PARITY_PARSE` texts (default 100,000).
#[test]
fn no_relation_is_lost_in_damaged_statements() {
    let bounds = Bounds::default();
    let statements: Vec<String> = statements()
        .into_iter()
        .filter(|text| text.len() < 220 && Tokens::lex(text, &bounds).is_ok() && is_data_plane(text))
        .collect();
    let mut dice = Dice::new(count("PGMOAT_PARITY_SEED", 3) as u64);
    let (mut compared, mut ours_only, mut refused) = (0, 0, 0);
    let mut slowest = (std::time::Duration::ZERO, String::new());
    for _ in 0..count("PGMOAT_PARITY_PARSE", 100_000) {
        let text = damaged(&mut dice, &statements);
        let Ok(tokens) = Tokens::lex(&text, &bounds) else { continue };
        let started = std::time::Instant::now();
        let parsed = parse(&tokens, 0..tokens.len(), &bounds);
        let took = started.elapsed();
        if took > slowest.0 {
            slowest = (took, text.clone());
        }
        let kind = tokens.value(0).into_owned();
        let Ok(statement) = parsed else {
            refused += 1;
            continue;
        };
        if !is_data_plane(&text) || is_beyond_the_visitor(&tokens, &kind) {
            continue;
        }
        match relations(&text) {
            Ok(theirs) => {
                compared += 1;
                let seen = visited(&statement);
                let locks = text.to_ascii_lowercase().contains("for ");
                let lost: Vec<_> = theirs.into_iter().filter(|name| !seen.contains(name)).collect();
                assert!(lost.is_empty() || locks, "{lost:?} in {text:?}");
            }
            // PostgreSQL will refuse what the parser took for a statement
            Err(_) => ours_only += 1,
        }
    }
    println!(
        "damaged statements: {compared} compared, {ours_only} read by us only, {refused} refused; the slowest took {slowest:?}"
    );
    assert!(compared > 1_000);
}
