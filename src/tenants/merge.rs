//! The users of the configuration and of the registry in one list. What contradicts the configuration, or is not certain, is left out.
//! It gives nobody a budget.

use super::{Enrolled, Proof, Snapshot, Trouble, castable, verifier};
use crate::config::{self, CertificateName, Console, Owned, Settings};
use crate::policy::{Identity, Tenant};
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;
use std::time::Instant;

/// Who may log in.
pub(super) struct Member {
    pub(super) identity: Identity,
    pub(super) proof: Proof,
    pub(super) certificate: Option<CertificateName>,
    pub(super) owned: Owned,
    /// Why it is not served, if it is not.
    pub(super) barred: Option<String>,
    /// What it may do in the console: nothing, unless the configuration says so.
    pub(super) console: Option<Console>,
}

/// Everybody, and every tenant.
pub(super) struct Members {
    pub(super) members: Vec<Member>,
    /// With the reason why it is not served, if it is not.
    pub(super) tenants: Vec<(Arc<Tenant>, Option<String>)>,
    /// A sentence about each of the registry who is left out, and about what is the matter with all of it.
    pub(super) left_out: Vec<String>,
}

/// Everybody at the moment `now`.
pub(super) fn members(settings: &Settings, snapshot: Option<&Snapshot>, now: Instant) -> Result<Members, Trouble> {
    let (mut members, mut left_out) = (Vec::new(), Vec::new());
    for user in settings.users.values() {
        let unreadable = || Trouble::Verifier(Arc::clone(&user.identity.user));
        let proof = match &user.proof {
            config::Proof::Password(password) => Proof::Password(verifier(password.expose()).ok_or_else(unreadable)?),
            config::Proof::Token => Proof::Token,
            config::Proof::Certificate => Proof::Certificate,
        };
        let (certificate, owned, identity) = (user.certificate.clone(), user.owned.clone(), user.identity.clone());
        members.push(Member { identity, proof, certificate, owned, barred: None, console: user.console });
    }
    let mut all: Vec<_> = settings.tenants.values().map(|tenant| (Arc::clone(tenant), None)).collect();
    let Some(snapshot) = snapshot else { return Ok(Members { members, tenants: all, left_out }) };
    left_out.extend(snapshot.outdated.map(|version| {
        format!(
            "the registry has version {version}: nobody in it has a role, and nothing in it can be changed until `pgmoat init --config FILE`, \
             which keeps what is in it, has been run; run it when no older proxy runs any more"
        )
    }));
    let tenants = tenants(settings, snapshot, &mut left_out);
    let unplanned = |enrolled: &Enrolled| {
        if let Err(why) = &enrolled.limits {
            return Some(format!("the limits of tenant \"{}\" cannot be read: {why}", enrolled.tenant.name));
        }
        let plan = enrolled.tenant.plan.as_deref().filter(|plan| !settings.plans.contains_key(*plan))?;
        Some(format!("the plan \"{plan}\" of tenant \"{}\" is not configured", enrolled.tenant.name))
    };
    all.extend(tenants.values().map(|e| (Arc::clone(&e.tenant), e.barred(now).or_else(|| unplanned(e)))));
    let levels = settings.tenancy.levels();
    let mut names: HashSet<Arc<str>> = settings.users.values().map(|u| Arc::clone(&u.identity.user)).collect();
    for credential in &snapshot.credentials {
        let name = &credential.name;
        let Some(enrolled) = tenants.get(credential.tenant.as_str()) else { continue };
        let parsed = verifier(credential.verifier.expose());
        let Some(verifier) = parsed.filter(|_| names.insert(Arc::clone(name))) else {
            left_out.push(format!(
                "user \"{name}\" of the registry is left out: another has that name, or its verifier cannot be read"
            ));
            continue;
        };
        // A level that no table names would limit it in nothing.
        let unknown = credential.nodes.keys().find(|level| !levels.contains(level));
        let unknown = unknown.map(|level| format!("\"{name}\" is limited in level \"{level}\", which no table has"));
        let plan = unplanned(enrolled);
        let role = credential.role.as_deref().map(|role| castable(settings, role, &credential.nodes)).transpose();
        let switches = role.as_ref().is_ok_and(|role| role.is_some_and(|role| role.switch.is_some()));
        let miscast = role.err().map(|why| why.to_string());
        let whys = unknown.iter().chain(&plan).chain(&miscast);
        left_out.extend(whys.map(|why| format!("user \"{name}\" is not served: {why}")));
        let identity = Identity {
            user: Arc::clone(name),
            tenant: Some(Arc::clone(&enrolled.tenant)),
            nodes: credential.nodes.clone(),
            bypass: false,
            switches,
            role: credential.role.clone(),
        };
        let barred = credential.barred(now).or_else(|| enrolled.barred(now)).or(plan).or(unknown).or(miscast);
        let owned = Owned::These(vec![Arc::clone(&enrolled.tenant.name)]);
        members.push(Member { identity, proof: Proof::Password(verifier), certificate: None, owned, barred, console: None });
    }
    Ok(Members { members, tenants: all, left_out })
}

/// The tenants of the registry that no other is taken for: by its name, or by a value that a table compares.
fn tenants<'a>(settings: &Settings, snapshot: &'a Snapshot, left_out: &mut Vec<String>) -> BTreeMap<&'a str, &'a Enrolled> {
    let named = settings.tenancy.tables.values().filter_map(|t| t.value.as_deref());
    let compared: BTreeSet<&str> = named.chain(["id"]).collect();
    let mut holders: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    let all = settings.tenants.values().chain(snapshot.tenants.values().map(|e| &e.tenant));
    for tenant in all {
        for value in values(tenant, &compared) {
            *holders.entry(value).or_default() += 1;
        }
    }
    let mut tenants = BTreeMap::new();
    for (name, enrolled) in &snapshot.tenants {
        let alike = values(&enrolled.tenant, &compared).find(|value| holders.get(value).is_some_and(|n| *n > 1));
        if settings.tenants.contains_key(name) {
            left_out.push(format!("tenant \"{name}\" of the registry is left out: the configuration has one of that name"));
        } else if let Some((attribute, _)) = alike {
            left_out.push(format!("tenant \"{name}\" of the registry is left out: another tenant has the same {attribute}"));
        } else {
            tenants.insert(name.as_str(), enrolled);
        }
    }
    tenants
}

fn values<'a>(tenant: &'a Tenant, compared: &'a BTreeSet<&'a str>) -> impl Iterator<Item = (&'a str, &'a str)> {
    tenant
        .attributes
        .iter()
        .filter(|(name, _)| compared.contains(name.as_str()))
        .map(|(name, value)| (name.as_str(), value.as_str()))
}
