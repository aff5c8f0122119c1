//! `[roles]` -> [`Role`]: the form of names and verbs, and that nothing is said that has no meaning. It does not know which relations exist.

use super::reader::{Section, section_of, suggest};
use super::tenancy::{check_name, check_qualified, qualified_names};
use crate::policy::{Declaration, Role, Switching, Verbs};
use std::collections::{BTreeMap, BTreeSet};
use toml::Spanned;

const VERBS: [&str; 4] = ["select", "insert", "update", "delete"];

const KEYS: &[&str] = &[
    "relations",
    "verbs",
    "read_only",
    "hide",
    "functions",
    "levels",
    "bypass",
    "may_switch",
    "tenants",
    "reason_required",
    "limits",
];

/// What narrows, and has no meaning for who sees everything.
const NARROWING: [&str; 7] = ["relations", "verbs", "read_only", "hide", "functions", "levels", "limits"];

/// Reads `[roles]`, of which users are by name.
pub(super) fn read(top: &Section<'_>, tenancy: Option<&Declaration>) -> BTreeMap<String, Role> {
    let Some(section) = top.section("roles", "[roles]".to_owned(), &[]) else { return BTreeMap::new() };
    let mut roles = BTreeMap::new();
    for (name, value) in section.entries() {
        check_name(&section, name.get_ref(), &name.span());
        let title = format!("[roles.{}]", name.get_ref());
        let Some(section) = section_of(section.reader, name.get_ref(), value, title, KEYS) else { continue };
        roles.insert(name.into_inner(), role(&section, tenancy));
    }
    roles
}

fn role(section: &Section<'_>, tenancy: Option<&Declaration>) -> Role {
    let is_given = |key: &str| section.place(key) != section.span;
    let bypass = section.boolean("bypass").unwrap_or(false);
    if let Some(key) = NARROWING.into_iter().find(|key| bypass && is_given(key)) {
        let help = Some("its users see everything, unrewritten: remove one of the two".to_owned());
        section.reader.problem(section.place(key), format!("`{key}` beside `bypass = true`"), "without effect", help);
    }
    let read_only = section.boolean("read_only").unwrap_or(false);
    if is_given("read_only") && is_given("verbs") {
        let help = Some("`read_only = true` is `verbs = [\"select\"]`".to_owned());
        section.reader.problem(section.place("verbs"), "`verbs` beside `read_only`", "the same again", help);
    }
    let verbs = if is_given("verbs") { verbs(section, &section.texts("verbs"), "verbs") } else { Verbs::ALL };
    Role {
        relations: if is_given("relations") { Some(relations(section)) } else { None },
        verbs: if read_only { Verbs::NONE } else { verbs },
        hide: hide(section),
        functions: functions(section, tenancy),
        levels: levels(section, tenancy),
        bypass,
        switch: switching(section),
    }
}

/// `may_switch = true` or `"signed"`, and what goes with it.
fn switching(section: &Section<'_>) -> Option<Switching> {
    let is_given = |key: &str| section.place(key) != section.span;
    let signed = match section.raw("may_switch") {
        Some("signed") => Some(true),
        Some(_unknown) => {
            let help = Some("true, or \"signed\": by tokens of [jwt] only".to_owned());
            section.reader.problem(section.place("may_switch"), "`may_switch` is true, false or \"signed\"", "neither", help);
            None
        }
        None => section.boolean("may_switch").unwrap_or(false).then_some(false),
    };
    if let Some(key) = ["tenants", "reason_required"].into_iter().find(|key| signed.is_none() && is_given(key)) {
        let help = Some("add `may_switch`".to_owned());
        section.reader.problem(section.place(key), format!("`{key}` without `may_switch`"), "without effect", help);
    }
    let tenants = || section.texts("tenants").into_iter().map(Spanned::into_inner).collect();
    Some(Switching {
        signed: signed?,
        tenants: is_given("tenants").then(tenants),
        reason: section.boolean("reason_required").unwrap_or(false),
    })
}

/// `relations = ["public.meters"]`, or `relations = { "public.meters" = ["select", "update"] }`.
fn relations(section: &Section<'_>) -> BTreeMap<String, Verbs> {
    if !section.is_table("relations") {
        let names = qualified_names(section, "relations");
        return names.into_iter().map(|name| (name.into_inner(), Verbs::ALL)).collect();
    }
    let title = format!("{} relations", section.name);
    let Some(listed) = section.section("relations", title, &[]) else { return BTreeMap::new() };
    let mut relations = BTreeMap::new();
    for (name, _) in listed.entries() {
        check_qualified(&listed, &name, "table");
        let verbs = verbs(&listed, &listed.texts(name.get_ref()), name.get_ref());
        relations.insert(name.into_inner(), verbs);
    }
    relations
}

/// Verbs, `select` among them: who may not read a relation has no use for it.
fn verbs(section: &Section<'_>, words: &[Spanned<String>], key: &str) -> Verbs {
    for word in words.iter().filter(|w| !VERBS.contains(&w.get_ref().as_str())) {
        let help = suggest(word.get_ref(), VERBS).or_else(|| Some(format!("verbs: {}", VERBS.join(", "))));
        section.reader.problem(word.span(), format!("there is no verb `{}`", word.get_ref()), "not a verb", help);
    }
    let named = |verb: &str| words.iter().any(|w| w.get_ref() == verb);
    if !named("select") {
        let help = Some("add \"select\"; a relation that a role may not read is left out of `relations`, or hidden".to_owned());
        section.reader.problem(section.place(key), "verbs without `select`", "who writes rows reads them too", help);
    }
    Verbs { insert: named("insert"), update: named("update"), delete: named("delete") }
}

/// `schema.relation`, or `schema.relation.column`.
fn hide(section: &Section<'_>) -> BTreeMap<String, BTreeSet<String>> {
    let mut hide: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut whole = BTreeSet::new();
    for name in section.texts("hide") {
        let parts: Vec<&str> = name.get_ref().split('.').collect();
        match parts.as_slice() {
            [schema, relation] | [schema, relation, _] => {
                for part in &parts {
                    check_name(section, part, &name.span());
                }
                let relation = format!("{schema}.{relation}");
                match parts.get(2) {
                    Some(column) => {
                        hide.entry(relation).or_default().insert((*column).to_owned());
                    }
                    None => {
                        whole.insert(relation);
                    }
                }
            }
            [] | [_] | [_, _, _, ..] => {
                let help = Some("for example \"public.customers.tax_id\", or \"public.salaries\" for all of it".to_owned());
                let message = "what is hidden must be given as schema.table or schema.table.column";
                section.reader.problem(name.span(), message, "two or three names", help);
            }
        }
    }
    // Nothing but the name: all of the relation.
    for relation in whole {
        hide.insert(relation, BTreeSet::new());
    }
    hide
}

fn functions(section: &Section<'_>, tenancy: Option<&Declaration>) -> BTreeSet<String> {
    let named = qualified_names(section, "functions");
    for name in &named {
        if tenancy.is_some_and(|t| !t.functions.contains(name.get_ref())) {
            let help = Some("a role takes away only: add it to [tenancy] functions".to_owned());
            let message = format!("tenants may not call `{}`", name.get_ref());
            section.reader.problem(name.span(), message, "not in [tenancy] functions", help);
        }
    }
    named.into_iter().map(Spanned::into_inner).collect()
}

fn levels(section: &Section<'_>, tenancy: Option<&Declaration>) -> BTreeSet<String> {
    let known = tenancy.map(Declaration::levels).unwrap_or_default();
    let named = section.texts("levels");
    for level in named.iter().filter(|l| !known.contains(l.get_ref())) {
        let help = suggest(level.get_ref(), known.iter().map(String::as_str));
        section.reader.problem(level.span(), format!("there is no level `{}`", level.get_ref()), "no table names it", help);
    }
    named.into_iter().map(Spanned::into_inner).collect()
}
