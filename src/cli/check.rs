//! `pgmoat check`: what a configuration means for the database behind, and what there weakens the wall. It changes nothing.

mod structure;

use super::{Exit, Outside, Trouble, registry, serve};
use crate::catalog::{Catalog, Relation, RelationKind};
use crate::config::{self, Settings, Upstream};
use crate::policy::{Access, Compared, Finding, Node, Path, Policy, Verb};
use crate::rewrite::{Rewriter, Rewriters};
use crate::tenants::jwt::Issuer;
use crate::tenants::{Choice, Login, Registry};
use crate::upstream::{Dialler, catalog, privilege};
use std::io::Write;
use std::sync::Arc;

pub(super) fn run(config: &std::path::Path, outside: &Outside) -> Result<Exit, Trouble> {
    let loaded = config::load(config, &outside.variable)?;
    let upstream = &loaded.settings.upstream;
    let runtime = serve::runtime()?;
    let (catalog, privileges) = runtime.block_on(read(upstream))?;
    let (members, mut wrong) = members(&loaded.settings, &runtime)?;
    let (policy, findings) = Policy::new(loaded.settings.tenancy.clone(), &catalog);
    let mut text = format!(
        "database {} at {}:{} as {}, PostgreSQL {}.{}\n\n",
        catalog.database,
        upstream.host,
        upstream.port,
        upstream.user,
        catalog.server_version / 10_000,
        catalog.server_version % 10_000
    );
    let rewriters = Rewriters::new(policy, catalog, 0);
    let rewriter = rewriters.plain();
    text += &relations(rewriter);
    let mut logins: Vec<_> = members.logins().collect();
    logins.sort_unstable_by(|a, b| a.identity.user.cmp(&b.identity.user));
    text += &list("levels below the tenant", rewriter.policy().levels().iter().map(|level| limited(level, &logins)));
    text += &list("roles", rewriter.policy().declaration().roles.keys().map(|role| cast(role, rewriter, &logins)));
    text += &list("users that cannot log in", logins.iter().flat_map(|login| turned_away(login, &members, &rewriters)));
    let told = |f: &Finding| format!("{}: {}", f.subject, f.message);
    let (fatal, other): (Vec<&Finding>, Vec<&Finding>) = findings.iter().partition(|f| f.fatal);
    let weak = privileges.into_iter().chain(structure::warnings(rewriter.catalog(), rewriter.policy()));
    let left_out = members.left_out().iter().cloned();
    text += &list("warnings", loaded.warnings.into_iter().chain(left_out).chain(other.into_iter().map(told)).chain(weak));
    wrong.extend(fatal.into_iter().map(told));
    text += &list("errors: pgmoat does not start with these", wrong.iter().cloned());
    std::io::stdout().write_all(text.as_bytes())?;
    Ok(if wrong.is_empty() { Exit::Done } else { Exit::Usage })
}

/// Everybody who may log in, and why pgmoat would not start with them: without the registry, those of the configuration.
fn members(settings: &Settings, runtime: &tokio::runtime::Runtime) -> Result<(Registry, Vec<String>), Trouble> {
    let mut wrong = Vec::new();
    if let Some(Err(trouble)) = settings.jwt.as_ref().map(Issuer::load) {
        wrong.push(trouble.to_string());
    }
    match runtime.block_on(registry::members(settings)) {
        Ok(members) => Ok((members, wrong)),
        Err(trouble) if settings.registry.is_some() => {
            wrong.push(trouble.to_string());
            let configured = Settings { registry: None, ..settings.clone() };
            Ok((runtime.block_on(registry::members(&configured))?, wrong))
        }
        Err(trouble) => Err(trouble),
    }
}

/// A level, and who is limited in it.
fn limited(level: &str, logins: &[&Arc<Login>]) -> String {
    let nodes = |login: &&Arc<Login>| {
        let identity = &login.identity;
        Some(format!("{} ({})", identity.user, identity.nodes.get(level)?.join(", ")))
    };
    let users: Vec<String> = logins.iter().filter_map(nodes).collect();
    if users.is_empty() {
        format!("{level}: no user is limited in it")
    } else {
        format!("{level}: limited to nodes: {}", users.join(", "))
    }
}

/// A role: what it leaves, and who has it.
fn cast(name: &str, rewriter: &Rewriter, logins: &[&Arc<Login>]) -> String {
    let (catalog, plain) = (rewriter.catalog(), rewriter.policy());
    let Some(policy) = plain.narrowed(name, catalog) else { return name.to_owned() };
    let has = |login: &&&Arc<Login>| login.identity.role.as_deref() == Some(name);
    let users: Vec<&str> = logins.iter().filter(has).map(|login| &*login.identity.user).collect();
    let users = if users.is_empty() { "no user has it".to_owned() } else { format!("of {}", users.join(", ")) };
    if plain.declaration().roles.get(name).is_some_and(|role| role.bypass) {
        return format!("{name}: bypasses; {users}");
    }
    let usable = |policy: &Policy| {
        let is = |r: &&Relation| is_listed(r) && !matches!(policy.access(r), Access::Hidden | Access::Refused(_));
        catalog.relations().iter().filter(is).count()
    };
    let able = |verb: Verb| {
        let is = |r: &&Relation| {
            matches!(policy.access(r), Access::Scoped { column: _, slot: _ } | Access::Through(_)) && policy.may(r, verb)
        };
        format!("{} {}", verb.as_str(), catalog.relations().iter().filter(is).count())
    };
    let verbs = [Verb::Insert, Verb::Update, Verb::Delete].map(able).join(", ");
    format!("{name}: {} of {} relations, of which it may {verbs}; {users}", usable(&policy), usable(plain))
}

/// Why a user cannot log in, for each of its tenants: it is not served, or a value is missing or is not one of the column's type.
fn turned_away(login: &Arc<Login>, members: &Registry, rewriters: &Rewriters) -> Vec<String> {
    let user = &login.identity.user;
    let in_tenant = |tenant: &Arc<str>| {
        let choice = Choice { tenant: Some(Arc::clone(tenant)), ..Choice::default() };
        let Ok(login) = members.settle(login, &choice) else { return Some(format!("{user}: there is no tenant \"{tenant}\"")) };
        let scope = || rewriters.of(&login.identity).and_then(|rewriter| rewriter.scope(&login.identity));
        let refused = || scope().err().map(|refusal| refusal.message);
        login.barred.clone().or_else(refused).map(|why| format!("{user}: {why}"))
    };
    login.tenants().iter().filter_map(in_tenant).collect()
}

/// What the server and the tables' structure allow that they should not: one sentence each.
pub(super) async fn weaknesses(settings: &Settings) -> Result<Vec<String>, Trouble> {
    let (catalog, privileges) = read(&settings.upstream).await?;
    let (policy, _) = Policy::new(settings.tenancy.clone(), &catalog);
    Ok(privileges.into_iter().chain(structure::warnings(&catalog, &policy)).collect())
}

/// Every relation, by what it is to tenants.
fn relations(rewriter: &Rewriter) -> String {
    let mut rows: Vec<(&str, String, String)> = Vec::new();
    for relation in rewriter.catalog().relations().iter().filter(|r| is_listed(r)) {
        let (kind, detail) = match (rewriter.policy().access(relation), rewriter.view(relation)) {
            (Access::View, Ok(over)) if over.is_empty() => ("view", "replaced by its definition, over no relation".to_owned()),
            (Access::View, Ok(over)) => ("view", format!("replaced by its definition, over {}", over.join(", "))),
            (Access::View, Err(refusal)) => ("refused", refusal.message),
            (
                Access::Scoped { column: _, slot: _ } | Access::Through(_) | Access::Shared | Access::Hidden | Access::Refused(_),
                _,
            ) => judgement(relation, rewriter.catalog(), rewriter.policy()),
        };
        rows.push((kind, relation.qualified(), detail));
    }
    let order = ["scoped", "view", "shared", "hidden", "refused"];
    rows.sort_by_key(|(kind, name, _)| (order.iter().position(|o| o == kind), name.clone()));
    let width = rows.iter().map(|(_, name, _)| name.chars().count()).max().unwrap_or(0);
    let mut text = String::new();
    for (kind, name, detail) in rows {
        text += format!("{kind:<8} {name:<width$}  {detail}").trim_end();
        text.push('\n');
    }
    text
}

/// Sequences and row types come along with their tables.
pub(super) fn is_listed(relation: &Relation) -> bool {
    match relation.kind {
        RelationKind::Sequence | RelationKind::Composite => false,
        RelationKind::Table
        | RelationKind::Partitioned
        | RelationKind::View
        | RelationKind::MaterializedView
        | RelationKind::Foreign => true,
    }
}

/// What a relation is to tenants: a word, and why.
pub(super) fn judgement(relation: &Relation, catalog: &Catalog, policy: &Policy) -> (&'static str, String) {
    match policy.access(relation) {
        Access::Scoped { column, slot } => {
            let attribute = match policy.slots().get(*slot).map(|s| &s.of) {
                Some(Compared::Attribute(attribute)) => attribute.as_str(),
                Some(Compared::Level(_) | Compared::Name | Compared::Settings) | None => "id",
            };
            ("scoped", format!("by {column} = the tenant's {attribute}{}", levels(relation, policy)))
        }
        Access::Through(Path { column, parent, key }) => {
            let parent = catalog.by_oid(*parent).map(Relation::qualified).unwrap_or_default();
            ("scoped", format!("through {column} = {parent}.{key}{}", levels(relation, policy)))
        }
        Access::Shared => ("shared", "every tenant may read it, none may write".to_owned()),
        Access::View => ("view", "replaced by its definition, whose tables are judged one by one".to_owned()),
        Access::Hidden => ("hidden", String::new()),
        Access::Refused(why) => ("refused", (*why).to_owned()),
    }
}

/// What the relation says of each level, and which users do not reach it.
fn levels(relation: &Relation, policy: &Policy) -> String {
    let mut text = String::new();
    for level in policy.levels() {
        match policy.node(relation, level) {
            Some(Node::Column { column, slot: _ }) => text += &format!(", {level} by {column}"),
            Some(Node::Everywhere) => text += &format!(", whatever the {level}"),
            None if matches!(policy.access(relation), Access::Through(_)) => text += &format!(", {level} as there"),
            None => text += &format!(", refused to users limited in {level}"),
        }
    }
    text
}

fn list(title: &str, items: impl Iterator<Item = String>) -> String {
    let mut text = String::new();
    for item in items {
        text += &format!("  {item}\n");
    }
    if text.is_empty() { text } else { format!("\n{title}\n{text}") }
}

/// The catalog, and the sentences about the role's privileges.
pub(super) async fn read(upstream: &Upstream) -> Result<(Catalog, Vec<String>), Trouble> {
    let cannot = || Trouble::of("cannot read the catalog");
    let dialler = Dialler::new(Arc::new(upstream.clone())).map_err(cannot())?;
    let catalog = catalog::load(&dialler).await.map_err(cannot())?;
    let privileges = privilege::excess(&dialler).await.map_err(cannot())?;
    Ok((catalog, privileges))
}
