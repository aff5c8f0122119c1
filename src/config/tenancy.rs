//! `[tenancy]` -> [`Declaration`]: the form of names, and that no relation is declared twice. It does not know which relations exist.

use super::reader::{Section, section_of};
use crate::policy::{Declaration, LevelColumn, TableDeclaration, Through};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use toml::Spanned;

/// PostgreSQL's limit on the length of names, bytes (NAMEDATALEN - 1).
const NAME_LIMIT: usize = 63;

/// Most levels below the tenant: each is a bit of what tells kinds of users apart.
const LEVELS: usize = 16;

/// Reads the section; `None` when it or its column is missing.
pub(super) fn read(top: &Section<'_>) -> Option<Declaration> {
    let Some(section) = top.section("tenancy", "[tenancy]".to_owned(), &["column", "shared", "hidden", "functions", "tables"])
    else {
        if top.place("tenancy") == top.span {
            let help = Some("add `[tenancy]` with the `column` that says whose a row is".to_owned());
            top.reader.problem(0..0, "the section [tenancy] is missing", "in this file", help);
        }
        return None;
    };
    let shared = qualified_names(&section, "shared");
    let hidden = qualified_names(&section, "hidden");
    let functions = qualified_names(&section, "functions");
    let tables = tables(&section);
    once(&section, &shared, &hidden, &tables);
    circles(&section, &tables);
    let levels: BTreeSet<&String> = tables.values().flat_map(|(_, t)| t.scopes.keys()).collect();
    if levels.len() > LEVELS {
        let message = format!("there are {} levels; at most {LEVELS} are supported", levels.len());
        section.reader.problem(section.place("tables"), message, "in these tables", None);
    }
    if section.place("column") == section.span {
        section.missing("column", "the column that says whose a row is, for example column = \"tenant_id\"");
    }
    let column = column(&section, "column")?;
    let names = |list: Vec<Spanned<String>>| list.into_iter().map(Spanned::into_inner).collect();
    let tables = tables.into_iter().map(|(name, (_, table))| (name, table)).collect();
    let roles = BTreeMap::new();
    Some(Declaration { column, shared: names(shared), hidden: names(hidden), functions: names(functions), tables, roles })
}

type Tables = BTreeMap<String, (Range<usize>, TableDeclaration)>;

fn tables(tenancy: &Section<'_>) -> Tables {
    let Some(section) = tenancy.section("tables", "[tenancy.tables]".to_owned(), &[]) else { return Tables::new() };
    let mut tables = Tables::new();
    for (name, value) in section.entries() {
        check_qualified(&section, &name, "table");
        let title = format!("[tenancy.tables.\"{}\"]", name.get_ref());
        let Some(table) = section_of(section.reader, name.get_ref(), value, title, &["column", "value", "scopes", "through"])
        else {
            continue;
        };
        let read = TableDeclaration {
            column: column(&table, "column"),
            value: column(&table, "value"),
            scopes: scopes(&table),
            through: through(&table),
        };
        if read.through.is_some() {
            for key in ["column", "value"] {
                if table.raw(key).is_some() {
                    let help = Some("a table has a tenant column of its own or is reached through another, not both".to_owned());
                    table.reader.problem(table.place(key), format!("`{key}` beside `through`"), "one of them is too many", help);
                }
            }
        }
        tables.insert(name.get_ref().clone(), (name.span(), read));
    }
    tables
}

/// The columns of the levels; `false` where one does not apply.
fn scopes(table: &Section<'_>) -> BTreeMap<String, LevelColumn> {
    let Some(section) = table.section("scopes", format!("{} scopes", table.name), &[]) else { return BTreeMap::new() };
    let mut levels = BTreeMap::new();
    for (level, value) in section.entries() {
        check_name(&section, level.get_ref(), &level.span());
        let says = match value.get_ref().as_bool() {
            Some(false) => Some(LevelColumn::DoesNotApply),
            Some(true) => {
                let help = Some(format!("the name of the column, or {} = false where the level does not apply", level.get_ref()));
                section.reader.problem(value.span(), "a level is the name of a column, or false", "not a column", help);
                None
            }
            None => column(&section, level.get_ref()).map(LevelColumn::Column),
        };
        levels.extend(says.map(|says| (level.into_inner(), says)));
    }
    levels
}

fn through(table: &Section<'_>) -> Option<Through> {
    let section = table.section("through", format!("{} through", table.name), &["column", "references"])?;
    for key in ["column", "references"] {
        if section.place(key) == section.span {
            section.missing(key, "for example through = { column = \"payment_id\", references = \"public.payments.id\" }");
        }
    }
    let column = column(&section, "column");
    let target = section.text("references")?;
    let parts: Vec<&str> = target.get_ref().split('.').collect();
    let [schema, relation, referenced] = parts[..] else {
        let help = Some("for example \"public.payments.id\"".to_owned());
        section.reader.problem(target.span(), "`references` must have the form schema.table.column", "three names", help);
        return None;
    };
    for part in [schema, relation, referenced] {
        check_name(&section, part, &target.span());
    }
    Some(Through { column: column?, relation: format!("{schema}.{relation}"), references: referenced.to_owned() })
}

/// A name of a column, attribute or level.
fn column(section: &Section<'_>, key: &str) -> Option<String> {
    let text = section.text(key)?;
    check_name(section, text.get_ref(), &text.span());
    Some(text.into_inner())
}

pub(super) fn check_name(section: &Section<'_>, name: &str, span: &Range<usize>) {
    if name.is_empty() || name.len() > NAME_LIMIT || name.contains('\0') {
        let message = format!("a name has between 1 and {NAME_LIMIT} bytes");
        section.reader.problem(span.clone(), message, format!("this one has {}", name.len()), None);
    }
}

pub(super) fn qualified_names(section: &Section<'_>, key: &str) -> Vec<Spanned<String>> {
    let names = section.texts(key);
    let noun = if key == "functions" { "function" } else { "table" };
    for name in &names {
        check_qualified(section, name, noun);
    }
    names
}

/// `schema.name`, exactly as the server's catalogs spell them: no quotes, no folding.
pub(super) fn check_qualified(section: &Section<'_>, name: &Spanned<String>, noun: &str) {
    let text = name.get_ref();
    let help = if text.contains('(') {
        Some("name the function without its arguments: every function of that name is meant".to_owned())
    } else if text.contains('"') {
        Some("write the name as the catalogs have it, without quotes".to_owned())
    } else if text.matches('.').count() != 1 {
        Some(if text.contains('.') { "schema.name".to_owned() } else { format!("did you mean `public.{text}`?") })
    } else {
        let (schema, relation) = text.split_once('.').unwrap_or_default();
        check_name(section, schema, &name.span());
        check_name(section, relation, &name.span());
        return;
    };
    section.reader.problem(name.span(), format!("a {noun} must be given as schema.name"), "not schema.name", help);
}

/// Whoever follows `through` must get to a tenant.
fn circles(section: &Section<'_>, tables: &Tables) {
    let next = |name: &str| tables.get(name).and_then(|(_, table)| table.through.as_ref()).map(|t| t.relation.as_str());
    for (name, (span, _)) in tables {
        let mut seen = vec![name.as_str()];
        while let Some(parent) = seen.last().and_then(|last| next(last)) {
            if parent == name {
                let way = seen.iter().chain([&parent]).copied().collect::<Vec<_>>().join(" -> ");
                let help = Some("one table on the way must have the tenant column".to_owned());
                section.reader.problem(span.clone(), "`through` leads in a circle", way, help);
            }
            if seen.contains(&parent) {
                break;
            }
            seen.push(parent);
        }
    }
}

/// A relation is shared, hidden or declared as a table: one of them.
fn once(section: &Section<'_>, shared: &[Spanned<String>], hidden: &[Spanned<String>], tables: &Tables) {
    let mut seen: BTreeMap<&str, &str> = BTreeMap::new();
    let tables = tables.iter().map(|(name, (span, _))| (name.as_str(), span.clone(), "in [tenancy.tables]"));
    let listed = |list: &'static str| move |n: &'_ Spanned<String>| (n.span(), list);
    let lists = shared.iter().map(|n| (n, listed("in `shared`")(n))).chain(hidden.iter().map(|n| (n, listed("in `hidden`")(n))));
    let lists = lists.map(|(name, (span, list))| (name.get_ref().as_str(), span, list));
    for (name, span, list) in tables.chain(lists) {
        if let Some(first) = seen.insert(name, list) {
            let message = format!("`{name}` is declared twice");
            section.reader.problem(span, message, format!("it is {first} too"), Some("keep one of them".to_owned()));
        }
    }
}
