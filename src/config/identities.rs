//! `[[tenants]]` and `[[users]]`: who may be known, by what, and that no two tenants are known by the same. It authenticates nobody.

use super::proof::{self, Given};
use super::reader::{Section, scalar_of, suggest};
use super::{Console, Owned, Plan, User};
use crate::policy::{Declaration, Identity, Tenant};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;
use toml::Spanned;
use toml::de::DeValue;

/// The attribute that a table compares when it names none.
const ID: &str = "id";

/// Reads `[[tenants]]`.
pub(super) fn tenants(
    top: &Section<'_>,
    plans: &BTreeMap<String, Plan>,
    tenancy: Option<&Declaration>,
) -> (BTreeMap<String, Arc<Tenant>>, BTreeMap<String, Plan>) {
    let compared = compared(tenancy);
    let (mut tenants, mut limits) = (BTreeMap::new(), BTreeMap::new());
    let mut holders: HashMap<(String, String), String> = HashMap::new();
    for section in top.sections("tenants", &["name", "id", "attributes", "settings", "plan", "limits"]) {
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
        limits.extend(super::plans::limits(&section).map(|own| (name.get_ref().clone(), own)));
        let tenant = Tenant {
            name: Arc::from(name.get_ref().as_str()),
            attributes: attributes.into_iter().map(|(k, v)| (k, v.into_inner())).collect(),
            settings: settings(&section).to_string().into(),
            plan: plan.map(|p| Arc::from(p.into_inner())),
        };
        if tenants.insert(name.get_ref().clone(), Arc::new(tenant)).is_some() {
            let message = format!("there are two tenants `{}`", name.get_ref());
            section.reader.problem(name.span(), message, "the second", Some("names of tenants are unique".to_owned()));
        }
    }
    (tenants, limits)
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

/// What `tenant_setting()` shows: strings, integers and booleans.
fn settings(section: &Section<'_>) -> serde_json::Value {
    let table = section.section("settings", "settings".to_owned(), &[]);
    let entry = |(key, value): (Spanned<String>, &Spanned<DeValue<'_>>)| {
        let json = match value.get_ref() {
            DeValue::Boolean(truth) => (*truth).into(),
            DeValue::Integer(_) => scalar_of(section.reader, key.get_ref(), value)?.get_ref().parse::<i64>().ok()?.into(),
            _string => scalar_of(section.reader, key.get_ref(), value)?.into_inner().into(),
        };
        Some((key.into_inner(), json))
    };
    table.iter().flat_map(Section::entries).filter_map(entry).collect::<serde_json::Map<_, _>>().into()
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
    given: Given,
) -> BTreeMap<String, User> {
    const KEYS: &[&str] = &["name", "password", "jwt", "certificate", "tenant", "tenants", "role", "bypass", "scopes", "console"];
    let levels = tenancy.map(Declaration::levels).unwrap_or_default();
    let mut users = BTreeMap::new();
    for section in top.sections("users", KEYS) {
        let name = name(&section, "user");
        let console = console(&section);
        let Cast { role, passes, switches } = role(&section, tenancy);
        let identity = belonging(&section, tenants, console.is_some(), passes, switches);
        let proof = proof::read(&section, name.as_ref().map(|n| n.get_ref().as_str()), given);
        let nodes = nodes(&section, &levels);
        if !nodes.is_empty() && matches!(identity, Some((_, _, true))) {
            let help = Some("a bypass user sees every row: remove one of the two".to_owned());
            section.reader.problem(section.place("scopes"), "a bypass user cannot be limited", "beside `bypass = true`", help);
        }
        let (Some(name), Some((tenant, owned, bypass)), Some((proof, certificate))) = (name, identity, proof) else { continue };
        let identity = Identity { user: Arc::from(name.get_ref().as_str()), tenant, nodes, bypass, switches, role };
        if users.insert(name.get_ref().clone(), User { proof, certificate, identity, owned, console }).is_some() {
            let message = format!("there are two users `{}`", name.get_ref());
            section.reader.problem(name.span(), message, "the second", Some("names of users are unique".to_owned()));
        }
    }
    users
}

/// The user's role, and what comes with it.
#[derive(Default)]
struct Cast {
    role: Option<Arc<str>>,
    /// It passes unrewritten.
    passes: bool,
    /// It may say whose rows it is about.
    switches: bool,
}

/// The user's role. Where the role is not known the file is not used.
fn role(section: &Section<'_>, tenancy: Option<&Declaration>) -> Cast {
    let Some(name) = section.text("role") else { return Cast::default() };
    let roles = || tenancy.iter().flat_map(|t| &t.roles);
    let found = roles().find(|(role, _)| *role == name.get_ref());
    if found.is_none() {
        let help = suggest(name.get_ref(), roles().map(|(role, _)| role.as_str()))
            .or_else(|| Some(format!("add [roles.{}]", name.get_ref())));
        section.reader.problem(name.span(), format!("there is no role `{}`", name.get_ref()), "not in [roles]", help);
    }
    if section.place("bypass") != section.span {
        let help = Some("a role takes away, and who bypasses is asked nothing: give `bypass` to the role".to_owned());
        section.reader.problem(section.place("bypass"), "`bypass` beside `role`", "one of them is too many", help);
    }
    let passes = found.is_some_and(|(_, role)| role.bypass);
    let switches = found.is_some_and(|(_, role)| role.switch.is_some());
    if (passes || switches) && section.boolean("jwt") == Some(true) {
        let help = Some("give such a user a password or a certificate of its own".to_owned());
        let message = "tokens do not open a role with `bypass` or `may_switch`";
        section.reader.problem(name.span(), message, "any token of the issuer would", help);
    }
    Cast { role: Some(Arc::from(name.into_inner())), passes, switches }
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

/// The tenant that a user is in when it names none, those that it may name, and whether it bypasses.
type Belonging = (Option<Arc<Tenant>>, Owned, bool);

/// The user's tenants, or that it bypasses: one of them, or neither for who uses the console only, or shows tokens that name a tenant.
fn belonging(
    section: &Section<'_>,
    tenants: &BTreeMap<String, Arc<Tenant>>,
    operates: bool,
    passes: bool,
    switches: bool,
) -> Option<Belonging> {
    let bypass = passes || section.boolean("bypass").unwrap_or(false);
    let is_given = |key: &str| section.place(key) != section.span;
    let several = is_given("tenants");
    if several && is_given("tenant") {
        let help = Some("remove one of the two".to_owned());
        section.reader.problem(section.place("tenants"), "`tenants` beside `tenant`", "the same again", help);
    }
    let named = if several { section.texts("tenants") } else { section.text("tenant").into_iter().collect() };
    match (named.as_slice(), bypass) {
        ([first, ..], true) => {
            let help = Some("a bypass user sees every tenant's rows: remove one of the two".to_owned());
            section.reader.problem(first.span(), "a user has a tenant or bypasses, not both", "beside `bypass`", help);
            None
        }
        ([], true) => Some((None, Owned::These(Vec::new()), true)),
        ([], false) if !several && !is_given("tenant") && section.boolean("jwt") == Some(true) => Some((None, Owned::Any, false)),
        ([], false) if !several && !is_given("tenant") && (operates || switches) => Some((None, Owned::These(Vec::new()), false)),
        ([], false) => {
            if !is_given("tenant") {
                section.missing(
                    "tenant",
                    "a user belongs to a tenant, or else has `bypass = true`, `console`, or a role that may switch",
                );
            }
            None
        }
        (named, false) => {
            let found: Vec<Arc<Tenant>> = named.iter().filter_map(|name| tenant(section, name, tenants)).collect();
            if operates {
                let list: Vec<&str> = named.iter().map(|n| n.get_ref().as_str()).collect();
                section.reader.warn(format!("a user of tenant `{}` has `console`, which shows all tenants", list.join("`, `")));
            }
            let owned = Owned::These(found.iter().map(|t| Arc::clone(&t.name)).collect());
            let own = if let [one] = found.as_slice() { Some(Arc::clone(one)) } else { None };
            (found.len() == named.len()).then_some((own, owned, false))
        }
    }
}

fn tenant(section: &Section<'_>, name: &Spanned<String>, tenants: &BTreeMap<String, Arc<Tenant>>) -> Option<Arc<Tenant>> {
    let found = tenants.get(name.get_ref());
    if found.is_none() {
        let help = suggest(name.get_ref(), tenants.keys().map(String::as_str))
            .or_else(|| Some(format!("add [[tenants]] with name = \"{}\"", name.get_ref())));
        section.reader.problem(name.span(), format!("there is no tenant `{}`", name.get_ref()), "not in [[tenants]]", help);
    }
    found.cloned()
}
