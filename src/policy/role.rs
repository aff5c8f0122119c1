//! Roles: what of all that its tenant may do a user may. A role takes away and never gives: what tenancy refuses stays refused.
//! It does not know which relations exist: [`super::Policy::narrowed`] holds it against a catalog.

use super::{Access, Finding, Policy};
use crate::catalog::{Catalog, Relation, RelationKind};
use crate::sql::{Bounds, Tokens};
use ahash::{AHashMap, AHashSet};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What a statement does to rows, besides reading them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verb {
    /// INSERT, COPY FROM, and the same in MERGE.
    Insert,
    /// UPDATE, the same in MERGE and ON CONFLICT, and locks (FOR UPDATE, FOR SHARE).
    Update,
    /// DELETE, and the same in MERGE.
    Delete,
}

impl Verb {
    /// As statements spell it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Insert => "INSERT",
            Self::Update => "UPDATE",
            Self::Delete => "DELETE",
        }
    }
}

/// The verbs that are allowed; reading always is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verbs {
    /// [`Verb::Insert`].
    pub insert: bool,
    /// [`Verb::Update`].
    pub update: bool,
    /// [`Verb::Delete`].
    pub delete: bool,
}

impl Verbs {
    /// Every verb.
    pub const ALL: Self = Self { insert: true, update: true, delete: true };
    /// Reading only.
    pub const NONE: Self = Self { insert: false, update: false, delete: false };

    /// Whether a verb is among them.
    #[must_use]
    pub fn allow(self, verb: Verb) -> bool {
        match verb {
            Verb::Insert => self.insert,
            Verb::Update => self.update,
            Verb::Delete => self.delete,
        }
    }

    /// Those that both allow.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self { insert: self.insert && other.insert, update: self.update && other.update, delete: self.delete && other.delete }
    }
}

/// One of `[roles]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Role {
    /// The relations that exist for it, `schema.name`, and what it may do to their rows; `None`: all.
    pub relations: Option<BTreeMap<String, Verbs>>,
    /// What it may do to the rows of any relation.
    pub verbs: Verbs,
    /// What does not exist for it: relations, `schema.name`, with nothing, or columns of them.
    pub hide: BTreeMap<String, BTreeSet<String>>,
    /// The functions of `[tenancy] functions` that it may call.
    pub functions: BTreeSet<String>,
    /// The levels that its users must be limited in.
    pub levels: BTreeSet<String>,
    /// Whether its users pass unrewritten: then nothing above is asked.
    pub bypass: bool,
    /// Whether and how its users may say whose rows they are about.
    pub switch: Option<Switching>,
}

/// How users may say whose rows they are about, other than at the login.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Switching {
    /// By a signed token only.
    pub signed: bool,
    /// To these tenants; `None`: to all that the user may reach.
    pub tenants: Option<BTreeSet<String>>,
    /// A reason must be given each time.
    pub reason: bool,
}

impl Default for Role {
    fn default() -> Self {
        Self {
            relations: None,
            verbs: Verbs::ALL,
            hide: BTreeMap::new(),
            functions: BTreeSet::new(),
            levels: BTreeSet::new(),
            bypass: false,
            switch: None,
        }
    }
}

impl Role {
    /// Whether whoever has this role may do all that one with the other may.
    #[must_use]
    pub fn covers(&self, other: &Self) -> bool {
        let Self { relations, verbs, hide, functions, levels, bypass, switch: _ } = self;
        let whole = relations.is_none() && *verbs == Verbs::ALL && hide.is_empty() && levels.is_empty();
        let calls = *bypass || other.functions.is_subset(functions);
        whole && calls && !other.bypass
    }
}

/// What a role leaves of one catalog. What is not in here does not exist for it.
#[derive(Clone, Debug)]
pub(super) struct Narrowed {
    pub(super) name: Arc<str>,
    pub(super) levels: BTreeSet<String>,
    relations: AHashMap<u32, Verbs>,
    columns: AHashMap<u32, BTreeSet<String>>,
    functions: AHashSet<String>,
}

impl Narrowed {
    fn of(name: Arc<str>, role: &Role, catalog: &Catalog) -> Self {
        let mut hidden = gone(role, catalog);
        let columns = columns(role, catalog);
        // Their rows were read by somebody without the role. One that the role names is the operator's to answer for.
        let copies = catalog.relations().iter().filter(|r| r.kind == RelationKind::MaterializedView && role.relations.is_none());
        let told = |r: &&Relation| tells(catalog, r, |on| hidden.contains(&on.oid) || columns.contains_key(&on.oid));
        let telling: Vec<u32> = copies.filter(told).map(|r| r.oid).collect();
        hidden.extend(telling);
        let verbs = |r: &Relation| match &role.relations {
            None => Some(role.verbs),
            Some(listed) => listed.get(&r.qualified()).map(|verbs| verbs.and(role.verbs)),
        };
        // A relation that the role hides and that is not there may be there under another name: which, nobody can tell.
        let lost = role.hide.keys().any(|name| find(catalog, name).is_none());
        let visible = catalog.relations().iter().filter(|r| !lost && !hidden.contains(&r.oid));
        let relations = visible.filter_map(|r| Some((r.oid, verbs(r)?))).collect();
        Self { name, levels: role.levels.clone(), relations, columns, functions: role.functions.iter().cloned().collect() }
    }
}

/// The relations that the role hides as a whole: those that it says, and those that no longer have a column that it hides. That may be there
/// under another name.
fn gone(role: &Role, catalog: &Catalog) -> AHashSet<u32> {
    let whole = |r: &&Relation| {
        let hide = role.hide.get(&r.qualified());
        hide.is_some_and(|columns| columns.is_empty() || columns.iter().any(|c| r.column(c).is_none()))
    };
    catalog.relations().iter().filter(whole).flat_map(|r| catalog.with_descendants(r)).map(|r| r.oid).collect()
}

/// The columns that the role hides: of a relation, of its partitions and what else inherits from it, and of those that it is read through.
fn columns(role: &Role, catalog: &Catalog) -> AHashMap<u32, BTreeSet<String>> {
    let mut columns: AHashMap<u32, BTreeSet<String>> = AHashMap::new();
    for relation in catalog.relations() {
        let family = catalog.with_descendants(relation);
        let names = family.iter().filter_map(|r| role.hide.get(&r.qualified())).flatten();
        let mut names: BTreeSet<String> = names.filter(|c| relation.column(c).is_some()).cloned().collect();
        // What is computed from them tells of them; nothing is computed from that in turn.
        let tells = |c: &&crate::catalog::Column| c.generated_from.iter().any(|from| names.contains(from));
        let computed: Vec<String> = relation.columns.iter().filter(tells).map(|c| c.name.clone()).collect();
        names.extend(computed);
        if !names.is_empty() {
            family.iter().for_each(|holder| columns.entry(holder.oid).or_default().extend(names.iter().cloned()));
        }
    }
    columns
}

/// Whether a view's definition names, or what it names does, a relation of this kind. One that cannot be read may.
fn tells(catalog: &Catalog, view: &Relation, of: impl Fn(&Relation) -> bool) -> bool {
    let (mut found, mut at) = (vec![view], 0);
    while let Some(relation) = found.get(at) {
        if of(relation) {
            return true;
        }
        at = at.saturating_add(1);
        let Some(definition) = &relation.definition else { continue };
        let Ok(tokens) = Tokens::lex(definition, &Bounds::default()) else { return true };
        // Names stand there with their schemas.
        for i in (0..tokens.len()).filter(|i| tokens.is_char(i.saturating_add(1), b'.')) {
            let named = catalog.find(Some(&tokens.value(i)), &tokens.value(i.saturating_add(2)));
            found.extend(named.filter(|on| found.iter().all(|r| r.oid != on.oid)));
        }
    }
    false
}

impl Policy {
    /// The policy of the users of a role: this one without what the role takes away. `None` where there is no such role.
    #[must_use]
    pub fn narrowed(&self, role: &str, catalog: &Catalog) -> Option<Self> {
        let (name, role) = self.declaration.roles.get_key_value(role)?;
        Some(Self { narrowed: Some(Narrowed::of(Arc::from(name.as_str()), role, catalog)), ..self.clone() })
    }

    /// The role whose users this is the policy of.
    #[must_use]
    pub fn role(&self) -> Option<&Arc<str>> {
        self.narrowed.as_ref().map(|n| &n.name)
    }

    /// A level that users of the role must be limited in, and are not by these.
    #[must_use]
    pub fn unlimited_in<T>(&self, nodes: &BTreeMap<String, T>) -> Option<&str> {
        self.narrowed.as_ref()?.levels.iter().find(|level| !nodes.contains_key(*level)).map(String::as_str)
    }

    /// What a relation is to the users of the role. A relation that the policy has never seen is hidden, and so is one that the role has not.
    #[must_use]
    pub fn access(&self, relation: &Relation) -> &Access {
        match &self.narrowed {
            Some(narrowed) if !narrowed.relations.contains_key(&relation.oid) => &Access::Hidden,
            Some(_) | None => self.scoping(relation),
        }
    }

    /// Whether the role lets its users do this to the rows of a relation, which tenants may.
    #[must_use]
    pub fn may(&self, relation: &Relation, verb: Verb) -> bool {
        let Some(narrowed) = &self.narrowed else { return true };
        narrowed.relations.get(&relation.oid).is_some_and(|verbs| verbs.allow(verb))
    }

    /// The columns of a relation that do not exist for the users of the role; `None`: all do.
    #[must_use]
    pub fn hides(&self, relation: &Relation) -> Option<&BTreeSet<String>> {
        self.narrowed.as_ref()?.columns.get(&relation.oid).filter(|hidden| !hidden.is_empty())
    }

    /// Whether the role hides columns of any relation.
    #[must_use]
    pub fn hides_columns(&self) -> bool {
        self.narrowed.as_ref().is_some_and(|n| n.columns.values().any(|hidden| !hidden.is_empty()))
    }

    /// Whether the users of the role may call this function outside `pg_catalog`.
    #[must_use]
    pub fn allows_function(&self, schema: &str, name: &str) -> bool {
        let full = format!("{schema}.{name}");
        self.functions.contains(&full) && self.narrowed.as_ref().is_none_or(|n| n.functions.contains(&full))
    }
}

/// The relation of a full name.
fn find<'a>(catalog: &'a Catalog, name: &str) -> Option<&'a Relation> {
    name.split_once('.').and_then(|(schema, name)| catalog.find(Some(schema), name))
}

/// How many characters must be changed, put in or taken out to make one text of the other.
fn distance(one: &str, other: &str) -> usize {
    let mut row: Vec<usize> = (0..=other.chars().count()).collect();
    for (i, a) in one.chars().enumerate() {
        let (mut corner, mut left) = (i, i.saturating_add(1));
        let mut next = vec![left];
        for (above, b) in row.iter().skip(1).zip(other.chars()) {
            let best = corner.saturating_add(usize::from(a != b)).min(above.saturating_add(1)).min(left.saturating_add(1));
            (corner, left) = (*above, best);
            next.push(best);
        }
        row = next;
    }
    row.last().copied().unwrap_or(0)
}

/// `: did you mean ...?`, where one of the names is close.
fn meant<'a>(name: &str, names: impl Iterator<Item = std::borrow::Cow<'a, str>>) -> String {
    let near = names.map(|known| (distance(name, &known), known)).min_by(|(a, _), (b, _)| a.cmp(b));
    let near = near.filter(|(far, _)| *far <= (name.chars().count() / 4).clamp(1, 3));
    near.map(|(_, known)| format!(": did you mean {known}?")).unwrap_or_default()
}

/// Names in roles that the catalog does not have. A mistyped `hide` would hide something else than was meant, so nobody starts with it; of
/// `relations` it shows less than was meant, which is told.
pub(super) fn unknown_names(roles: &BTreeMap<String, Role>, catalog: &Catalog) -> Vec<Finding> {
    let relations = |name: &str| meant(name, catalog.relations().iter().map(|r| r.qualified().into()));
    let mut findings = Vec::new();
    for (name, role) in roles {
        let subject = format!("roles.{name}");
        for relation in role.relations.iter().flat_map(BTreeMap::keys).filter(|name| find(catalog, name).is_none()) {
            let message = format!("`relations`: relation {relation} does not exist{}", relations(relation));
            findings.push(Finding::warning(subject.clone(), message));
        }
        for (relation, columns) in &role.hide {
            let Some(found) = find(catalog, relation) else {
                let message = format!("`hide`: relation {relation} does not exist{}", relations(relation));
                findings.push(Finding::fatal(subject.clone(), message));
                continue;
            };
            for column in columns.iter().filter(|c| found.column(c).is_none()) {
                let near = meant(column, found.columns.iter().map(|c| c.name.as_str().into()));
                let message = format!("`hide`: column {column} of {relation} does not exist{near}");
                findings.push(Finding::fatal(subject.clone(), message));
            }
        }
    }
    findings
}
