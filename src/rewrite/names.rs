//! What a name in a string means that is cast to a look-up type (`'t'::regclass`), by PostgreSQL's rules, among what tenants may know of.
//! It does not look at tokens, and it asks no server.

use super::walk::Ground;
use crate::catalog::FIRST_USER_OID;
use crate::policy::allowed;
use crate::policy::catalogs::Named;
use crate::policy::exposure::ObjectKind;
use crate::sql::{fold, quote_ident, truncate};

/// The full name of what a text names, quoted as PostgreSQL reads it; `None` where nothing visible has the name.
pub(super) fn full_name(ground: Ground<'_>, kind: Named, text: &str) -> Option<String> {
    match kind {
        Named::Relation | Named::Whole | Named::View => {
            let (schema, name) = qualified(text)?;
            relation(ground, schema.as_deref(), &name).map(|s| full(&s, &name))
        }
        Named::Function => {
            let (text, arguments) = match text.split_once('(') {
                Some((name, types)) => (name, Some(types.trim_end().strip_suffix(')')?)),
                None => (text, None),
            };
            let (schema, name) = qualified(text)?;
            let full = full(&function(ground, schema.as_deref(), &name)?, &name);
            let Some(arguments) = arguments else { return Some(full) };
            // A type that does not exist is another error than a function that does not.
            let types = arguments.split(',').filter(|a| !a.trim().is_empty());
            let types: Option<Vec<String>> = types.map(|a| type_name(ground, a)).collect();
            Some(format!("{full}({})", types?.join(",")))
        }
        Named::Type => type_name(ground, text),
        Named::Schema => {
            let (None, name) = qualified(text)? else { return None };
            let known = |(oid, n): &(u32, String)| {
                *n == name && (*oid < FIRST_USER_OID || ground.exposure.shows(ObjectKind::Schema, *oid))
            };
            ground.catalog.objects.schemas.iter().any(known).then(|| quote_ident(&name))
        }
        Named::Role => {
            let (None, name) = qualified(text)? else { return None };
            (name == ground.catalog.objects.role_name).then(|| quote_ident(&name))
        }
        Named::Database | Named::Constraint | Named::Member | Named::Never => None,
    }
}

fn full(schema: &str, name: &str) -> String {
    format!("{}.{}", quote_ident(schema), quote_ident(name))
}

/// The schema of a relation or index.
fn relation(ground: Ground<'_>, schema: Option<&str>, name: &str) -> Option<String> {
    let system = |schema: &str| ground.catalog.system_columns.contains_key(&format!("{schema}.{name}"));
    let of_user = |schema: &str| {
        let shown = |oid: u32| ground.exposure.shows(ObjectKind::Relation, oid);
        let relation = ground.catalog.find(Some(schema), name).is_some_and(|r| shown(r.oid));
        let indexes = || ground.catalog.objects.indexes.iter();
        relation || indexes().any(|i| i.schema == schema && i.name == name && shown(i.oid))
    };
    in_path(ground, schema, |s| system(s) || of_user(s))
}

/// The schema of a function, whatever its arguments are.
fn function(ground: Ground<'_>, schema: Option<&str>, name: &str) -> Option<String> {
    let known = |schema: &str| {
        let system = schema == "pg_catalog" && ground.catalog.system_functions.contains(name);
        let mut functions = ground.catalog.objects.functions.iter();
        system || functions.any(|f| f.schema == schema && f.name == name && ground.exposure.shows(ObjectKind::Function, f.oid))
    };
    in_path(ground, schema, known)
}

/// A type: a word of the grammar, a built-in one, or a visible one of the database, with brackets behind it or not.
fn type_name(ground: Ground<'_>, text: &str) -> Option<String> {
    let (element, brackets) = text.trim().strip_suffix("[]").map_or((text.trim(), ""), |e| (e.trim(), "[]"));
    let words = [
        "bigint",
        "int",
        "integer",
        "smallint",
        "boolean",
        "decimal",
        "real",
        "double precision",
        "character varying",
        "character",
        "timestamp with time zone",
        "timestamp without time zone",
        "time with time zone",
        "time without time zone",
        "bit varying",
        "cstring",
        "internal",
    ];
    if words.contains(&element.to_ascii_lowercase().as_str()) {
        return Some(text.to_owned());
    }
    let (schema, name) = qualified(element)?;
    let types = || ground.catalog.objects.types.iter();
    let known = |schema: &str| {
        let builtin = schema == "pg_catalog" && allowed::named_type(&name).is_some();
        builtin || types().any(|t| t.schema == schema && t.name == name && ground.exposure.shows(ObjectKind::Type, t.oid))
    };
    in_path(ground, schema.as_deref(), known).map(|schema| format!("{}{brackets}", full(&schema, &name)))
}

/// The first schema that knows a name: the one that is written, or else `pg_catalog` and the search path.
fn in_path(ground: Ground<'_>, schema: Option<&str>, known: impl Fn(&str) -> bool) -> Option<String> {
    match schema {
        Some(schema) => known(schema).then(|| schema.to_owned()),
        None => {
            let path = std::iter::once("pg_catalog").chain(ground.catalog.search_path.iter().map(String::as_str));
            path.into_iter().find(|s| known(s)).map(str::to_owned)
        }
    }
}

/// The parts of a name as `stringToQualifiedNameList` reads them; `None` for what is none, or has three parts.
fn qualified(text: &str) -> Option<(Option<String>, String)> {
    let mut parts = Vec::new();
    let mut rest = text.trim();
    loop {
        let (part, after) = if let Some(quoted) = rest.strip_prefix('"') {
            quoted_part(quoted)?
        } else {
            let end = rest.find(|c: char| c == '.' || c.is_ascii_whitespace()).unwrap_or(rest.len());
            let (word, after) = rest.split_at(end);
            let plain = word.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_' || !c.is_ascii());
            let body = word.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '$' || !c.is_ascii());
            (plain && body).then(|| (fold(word).into_owned(), after))?
        };
        parts.push(truncate(&part).to_owned());
        let after = after.trim_start();
        if after.is_empty() {
            break;
        }
        rest = after.strip_prefix('.')?.trim_start();
    }
    let name = parts.pop()?;
    let schema = parts.pop();
    parts.is_empty().then_some((schema, name))
}

/// A part after its opening quote: what it says, and the text behind it.
fn quoted_part(text: &str) -> Option<(String, &str)> {
    let mut part = String::new();
    let mut rest = text;
    loop {
        let (before, after) = rest.split_once('"')?;
        part.push_str(before);
        match after.strip_prefix('"') {
            Some(more) => {
                part.push('"');
                rest = more;
            }
            None => return (!part.is_empty()).then_some((part, after)),
        }
    }
}
