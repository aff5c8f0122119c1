//! `[[tenants]]` and `[[users]]`: who may be known, by what, and that no two tenants are known by the same. It authenticates nobody.

use super::reader::{Section, scalar_of, suggest};
use super::{Console, Plan, Secret, User};
use crate::policy::{Declaration, Identity, Tenant};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;
use toml::Spanned;

/// The attribute that a table compares when it names none.
const ID: &str = "id";

/// Reads `[[tenants]]`.
pub(super) fn tenants(
    top: &Section<'_>,
    plans: &BTreeMap<String, Plan>,
    tenancy: Option<&Declaration>,
) -> BTreeMap<String, Arc<Tenant>> {
    let compared = compared(tenancy);
    let mut tenants = BTreeMap::new();
    let mut holders: HashMap<(String, String), String> = HashMap::new();
    for section in top.sections("tenants", &["name", "id", "attributes", "plan"]) {
        let Some(name) = name(&section, "tenant") else { continue };
        let attributes = attributes(&section, name.get_ref(), &compared);
        for (attribute, value) in attributes.iter().filter(|(a, _)| compared.contains(a.as_str())) {
            if let Some(other) = holders.insert((attribute.clone(), value.get_ref().clone()), name.get_ref().clone()) {
                let message = format!("tenants `{other}` and `{}` have the same `{attribute}`", name.get_ref());
                section.reader.problem(value.span(), message, "each would see the other's rows", None);
            }
        }
        let plan = section.text("plan");
        if let Some(plan) = plan.as_ref().filter(|p| !plans.contains_key(p.get_ref())) {
            let help = suggest(plan.get_ref(), plans.keys().map(String::as_str))
                .or_else(|| Some(format!("add [plans.{}]", plan.get_ref())));
            section.reader.problem(plan.span(), format!("there is no plan `{}`", plan.get_ref()), "not in [plans]", help);
        }
        let tenant = Tenant {
            name: Arc::from(name.get_ref().as_str()),
            attributes: attributes.into_iter().map(|(k, v)| (k, v.into_inner())).collect(),
            plan: plan.map(|p| Arc::from(p.into_inner())),
        };
        if tenants.insert(name.get_ref().clone(), Arc::new(tenant)).is_some() {
            let message = format!("there are two tenants `{}`", name.get_ref());
            section.reader.problem(name.span(), message, "the second", Some("names of tenants are unique".to_owned()));
        }
    }
    tenants
}

/// The attributes that some table compares its tenant column with.
fn compared(tenancy: Option<&Declaration>) -> BTreeSet<&str> {
    let named = tenancy.iter().flat_map(|t| t.tables.values()).filter_map(|t| t.value.as_deref());
    named.chain([ID]).collect()
}

fn attributes(section: &Section<'_>, tenant: &str, compared: &BTreeSet<&str>) -> BTreeMap<String, Spanned<String>> {
    let mut attributes = BTreeMap::new();
    let table = section.section("attributes", "attributes".to_owned(), &[]);
    for (key, value) in table.iter().flat_map(Section::entries) {
        if key.get_ref() == ID {
            let help = Some("write `id = ...` of the tenant itself".to_owned());
            section.reader.problem(key.span(), "`id` is not one of the attributes", "not here", help);
        } else if let Some(value) = scalar_of(section.reader, key.get_ref(), value) {
            attributes.insert(key.into_inner(), value);
        }
    }
    let read: BTreeSet<String> = table.iter().flat_map(Section::entries).map(|(k, _)| k.into_inner()).collect();
    match section.scalar(ID) {
        Some(id) => drop(attributes.insert(ID.to_owned(), id)),
        None if section.place(ID) == section.span => section.missing(ID, "the value of the tenant column in this tenant's rows"),
        None => {}
    }
    for attribute in compared.iter().filter(|a| **a != ID && !read.contains(**a)) {
        let message =
            format!("tenant `{tenant}` has no attribute `{attribute}`, by which a table in [tenancy.tables] is compared");
        let help = Some(format!("add attributes = {{ {attribute} = ... }}"));
        section.reader.problem(section.place("attributes"), message, "not here", help);
    }
    attributes
}

/// A name of a tenant or user: 1 to 63 bytes without control characters.
fn name(section: &Section<'_>, noun: &str) -> Option<Spanned<String>> {
    if section.place("name") == section.span {
        section.missing("name", &format!("every {noun} has a name"));
    }
    let name = section.text("name")?;
    let text = name.get_ref();
    let simple = |c: char| c.is_ascii_alphanumeric() || "_-.@".contains(c);
    if text.is_empty() || text.len() > 63 || !text.chars().all(simple) {
        let help = Some("1 to 63 of A-Z a-z 0-9 _ - . @".to_owned());
        section.reader.problem(name.span(), format!("not a name of a {noun}"), "not a name", help);
    }
    Some(name)
}

/// Reads `[[users]]`.
pub(super) fn users(
    top: &Section<'_>,
    tenants: &BTreeMap<String, Arc<Tenant>>,
    tenancy: Option<&Declaration>,
) -> BTreeMap<String, User> {
    let levels = tenancy.map(Declaration::levels).unwrap_or_default();
    let mut users = BTreeMap::new();
    for section in top.sections("users", &["name", "password", "tenant", "bypass", "scopes", "console"]) {
        let name = name(&section, "user");
        let console = console(&section);
        let identity = belonging(&section, tenants, console.is_some());
        let password = password(&section, name.as_ref().map(|n| n.get_ref().as_str()));
        let nodes = nodes(&section, &levels);
        if !nodes.is_empty() && matches!(identity, Some((_, true))) {
            let help = Some("a bypass user sees every row: remove one of the two".to_owned());
            section.reader.problem(section.place("scopes"), "a bypass user cannot be limited", "beside `bypass = true`", help);
        }
        let (Some(name), Some((tenant, bypass)), Some(password)) = (name, identity, password) else { continue };
        let identity = Identity { user: Arc::from(name.get_ref().as_str()), tenant, nodes, bypass };
        if users.insert(name.get_ref().clone(), User { password, identity, console }).is_some() {
            let message = format!("there are two users `{}`", name.get_ref());
            section.reader.problem(name.span(), message, "the second", Some("names of users are unique".to_owned()));
        }
    }
    users
}

/// The nodes that the user is limited to, by level.
fn nodes(section: &Section<'_>, levels: &[String]) -> BTreeMap<String, Vec<String>> {
    let Some(scopes) = section.section("scopes", "scopes".to_owned(), &[]) else { return BTreeMap::new() };
    let mut nodes = BTreeMap::new();
    for (level, value) in scopes.entries() {
        if !levels.contains(level.get_ref()) {
            let help = suggest(level.get_ref(), levels.iter().map(String::as_str)).or_else(|| {
                let level = level.get_ref();
                Some(format!("name its columns: [tenancy.tables.\"schema.name\"] with scopes = {{ {level} = \"...\" }}"))
            });
            let message = format!("there is no level `{}`", level.get_ref());
            section.reader.problem(level.span(), message, "no table names it", help);
        }
        let Some(array) = value.get_ref().as_array().filter(|a| !a.is_empty()) else {
            let help = Some(format!("for example {} = [11, 12]; without the key the user reaches all", level.get_ref()));
            section.reader.problem(
                value.span(),
                "the nodes must be an array that is not empty",
                value.get_ref().type_str(),
                help,
            );
            continue;
        };
        let list = array.iter().filter_map(|item| scalar_of(section.reader, level.get_ref(), item)).map(Spanned::into_inner);
        let list = list.collect();
        nodes.insert(level.into_inner(), list);
    }
    nodes
}

/// What the user may do in the console.
fn console(section: &Section<'_>) -> Option<Console> {
    let named = section.text("console")?;
    match named.get_ref().as_str() {
        "admin" => Some(Console::Admin),
        "stats" => Some(Console::Stats),
        _unknown => {
            let help = Some("\"stats\" may SHOW, \"admin\" may do everything; without the key the console is closed".to_owned());
            section.reader.problem(named.span(), "`console` is \"admin\" or \"stats\"", "neither", help);
            None
        }
    }
}

/// The user's tenant, or that it bypasses: one of them, or neither for who uses the console only.
fn belonging(
    section: &Section<'_>,
    tenants: &BTreeMap<String, Arc<Tenant>>,
    operates: bool,
) -> Option<(Option<Arc<Tenant>>, bool)> {
    let bypass = section.boolean("bypass").unwrap_or(false);
    let named = section.text("tenant");
    match (named, bypass) {
        (Some(named), true) => {
            let help = Some("a bypass user sees every tenant's rows: remove one of the two".to_owned());
            section.reader.problem(named.span(), "a user has a tenant or bypasses, not both", "beside `bypass = true`", help);
            None
        }
        (None, false) if operates && section.place("tenant") == section.span => Some((None, false)),
        (None, false) => {
            if section.place("tenant") == section.span {
                section.missing("tenant", "a user belongs to a tenant, or else has `bypass = true` or `console`");
            }
            None
        }
        (None, true) => Some((None, true)),
        (Some(named), false) => {
            let tenant = tenants.get(named.get_ref());
            if tenant.is_none() {
                let help = suggest(named.get_ref(), tenants.keys().map(String::as_str))
                    .or_else(|| Some(format!("add [[tenants]] with name = \"{}\"", named.get_ref())));
                section.reader.problem(
                    named.span(),
                    format!("there is no tenant `{}`", named.get_ref()),
                    "not in [[tenants]]",
                    help,
                );
            }
            if operates {
                section.reader.warn(format!("a user of tenant `{}` has `console`, which shows all tenants", named.get_ref()));
            }
            tenant.map(|t| (Some(t.clone()), false))
        }
    }
}

fn password(section: &Section<'_>, user: Option<&str>) -> Option<Secret> {
    if section.place("password") == section.span {
        section.missing("password", "a SCRAM-SHA-256$ verifier, or a plain password");
    }
    let password = section.text("password")?;
    let text = password.get_ref();
    if text.is_empty() {
        section.reader.problem(password.span(), "`password` is empty", "anybody could log in", None);
    } else if text.starts_with("SCRAM-") {
        if !is_verifier(text) {
            let help = Some(
                "the form is SCRAM-SHA-256$<iterations>:<salt>$<StoredKey>:<ServerKey>, as in pg_authid.rolpassword".to_owned(),
            );
            section.reader.problem(password.span(), "not a SCRAM-SHA-256 verifier", "not a verifier", help);
        }
    } else if text.len() == 35 && text.starts_with("md5") && text[3..].bytes().all(|b| b.is_ascii_hexdigit()) {
        let help = Some("set the password anew with password_encryption = 'scram-sha-256' and copy that verifier".to_owned());
        section.reader.problem(password.span(), "MD5 password hashes are not supported", "an MD5 hash", help);
    } else if !section.raw("password").is_some_and(|raw| raw.contains("${")) {
        section.reader.warn(format!(
            "user `{}` has a plain password in the configuration: put a SCRAM-SHA-256$ verifier or ${{ENV}} there",
            user.unwrap_or("?")
        ));
    }
    Some(Secret::new(password.into_inner()))
}

/// `SCRAM-SHA-256$<iterations>:<salt>$<StoredKey>:<ServerKey>` (PostgreSQL's pg_authid; RFC 5803).
fn is_verifier(text: &str) -> bool {
    let base64 = |part: &str| {
        let body = part.trim_end_matches('=');
        !body.is_empty()
            && part.len().is_multiple_of(4)
            && part.len() - body.len() <= 2
            && body.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'+' || b == b'/')
    };
    // 32 bytes, SHA-256's length, are 44 characters with one `=`.
    let key = |part: &str| base64(part) && part.len() == 44 && part.ends_with('=') && !part.ends_with("==");
    let parts: Option<_> = text.strip_prefix("SCRAM-SHA-256$").and_then(|rest| rest.split_once('$'));
    let Some(((iterations, salt), (stored, server))) =
        parts.and_then(|(first, second)| Some((first.split_once(':')?, second.split_once(':')?)))
    else {
        return false;
    };
    iterations.parse::<u32>().is_ok_and(|n| n > 0) && base64(salt) && key(stored) && key(server)
}
