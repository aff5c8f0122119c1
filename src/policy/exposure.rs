//! Which objects of a database tenants may know of, by OID: what the policy lets them use, and what belongs to that.
//! It does not read statements, and an object that the snapshot does not have is never among them.

use super::{Access, Policy};
use crate::catalog::{Address, Catalog, Class, Index, RelationKind, TypeObject};
use ahash::{AHashMap, AHashSet};

/// The kinds of object that are told apart by OID.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ObjectKind {
    /// Tables, views, sequences, indexes (`pg_class`).
    Relation,
    /// Those of them of which no column is hidden.
    Whole,
    /// Views whose definition tenants may read.
    View,
    /// `pg_type`.
    Type,
    /// `pg_constraint`.
    Constraint,
    /// `pg_proc`.
    Function,
    /// `pg_namespace`.
    Schema,
    /// `pg_attrdef`.
    Default,
    /// Extensions' own objects of any kind.
    Member,
}

/// The visible objects of users, by kind. PostgreSQL's own objects are not listed: they show by their low OIDs.
#[derive(Debug, Default)]
pub struct Exposure {
    relations: Set,
    whole: Set,
    views: Set,
    types: Set,
    constraints: Set,
    functions: Set,
    schemas: Set,
    defaults: Set,
    members: Set,
}

/// OIDs in order, and the same as an array literal.
#[derive(Debug, Default)]
struct Set {
    oids: Vec<u32>,
    array: String,
}

impl Set {
    fn of(oids: AHashSet<u32>) -> Self {
        let mut sorted: Vec<u32> = oids.into_iter().collect();
        sorted.sort_unstable();
        let mut array = String::with_capacity(sorted.len().saturating_mul(7));
        for (i, oid) in sorted.iter().enumerate() {
            array.push_str(&format!("{}{oid}", if i == 0 { "" } else { "," }));
        }
        Self { oids: sorted, array }
    }
}

impl Exposure {
    /// Computes the visible objects. `views` are the views that can be confined: the others are not visible, for they may name what is hidden.
    #[must_use]
    pub fn new(policy: &Policy, catalog: &Catalog, views: &AHashSet<u32>) -> Self {
        let objects = &catalog.objects;
        let extension =
            |class: Class| -> AHashSet<u32> { objects.members.iter().filter(|m| m.class == class).map(|m| m.oid).collect() };
        let mut relations: AHashSet<u32> =
            catalog.relations().iter().filter(|r| usable(policy, views, r)).map(|r| r.oid).collect();
        let tables = relations.clone();
        // What belongs to a relation names its columns: where a role hides some, none of it shows.
        let narrowed: AHashSet<u32> = catalog.relations().iter().filter(|r| policy.hides(r).is_some()).map(|r| r.oid).collect();
        let whole: AHashSet<u32> = tables.difference(&narrowed).copied().collect();
        let mut functions = extension(Class::Function);
        functions.extend(objects.functions.iter().filter(|f| policy.allows_function(&f.schema, &f.name)).map(|f| f.oid));
        relations.extend(sequences(catalog, &whole));
        let types = types(catalog, &tables, extension(Class::Type));
        relations.extend(objects.types.iter().filter(|t| t.relation != 0 && types.contains(&t.oid)).map(|t| t.relation));
        let mut needs: AHashMap<Address, Vec<Address>> = AHashMap::new();
        for (from, on) in &objects.dependencies {
            needs.entry(*from).or_default().push(*on);
        }
        let clean = |class: Class, oid: u32, relations: &AHashSet<u32>| {
            let needs = needs.get(&Address { class, oid }).map(Vec::as_slice).unwrap_or_default();
            needs.iter().all(|on| visible(*on, relations, &functions))
        };
        // A partition's index needs that of its parent.
        loop {
            let before = relations.len();
            let shown = |i: &&Index| whole.contains(&i.relation) && clean(Class::Relation, i.oid, &relations);
            let indexes: Vec<u32> = objects.indexes.iter().filter(shown).map(|i| i.oid).collect();
            relations.extend(indexes);
            if relations.len() == before {
                break;
            }
        }
        let constraints = objects
            .constraints
            .iter()
            .filter(|c| {
                let on = if c.relation == 0 { types.contains(&c.domain) } else { whole.contains(&c.relation) };
                on && (c.references == 0 || whole.contains(&c.references)) && clean(Class::Constraint, c.oid, &relations)
            })
            .map(|c| c.oid)
            .collect();
        let defaults = objects
            .defaults
            .iter()
            .filter(|(oid, relation)| whole.contains(relation) && clean(Class::Default, *oid, &relations))
            .map(|(oid, _)| *oid)
            .collect();
        Self {
            schemas: Set::of(schemas(catalog, &relations, &types, &functions)),
            whole: Set::of(relations.difference(&narrowed).copied().collect()),
            relations: Set::of(relations),
            views: Set::of(views.difference(&narrowed).copied().collect()),
            types: Set::of(types),
            constraints: Set::of(constraints),
            functions: Set::of(functions),
            defaults: Set::of(defaults),
            members: Set::of(objects.members.iter().map(|m| m.oid).collect()),
        }
    }

    fn set(&self, kind: ObjectKind) -> &Set {
        match kind {
            ObjectKind::Relation => &self.relations,
            ObjectKind::Whole => &self.whole,
            ObjectKind::View => &self.views,
            ObjectKind::Type => &self.types,
            ObjectKind::Constraint => &self.constraints,
            ObjectKind::Function => &self.functions,
            ObjectKind::Schema => &self.schemas,
            ObjectKind::Default => &self.defaults,
            ObjectKind::Member => &self.members,
        }
    }

    /// Whether an object of users is visible.
    #[must_use]
    pub fn shows(&self, kind: ObjectKind, oid: u32) -> bool {
        self.set(kind).oids.binary_search(&oid).is_ok()
    }

    /// The OIDs of a kind, separated by commas.
    #[must_use]
    pub fn array(&self, kind: ObjectKind) -> &str {
        &self.set(kind).array
    }
}

/// Whether tenants may name a relation in a statement.
fn usable(policy: &Policy, views: &AHashSet<u32>, relation: &crate::catalog::Relation) -> bool {
    match policy.access(relation) {
        Access::Scoped { column: _, slot: _ } | Access::Through(_) | Access::Shared => true,
        Access::View => views.contains(&relation.oid),
        Access::Hidden | Access::Refused(_) => false,
    }
}

/// The sequences that a visible table owns, or that a default of one names.
fn sequences(catalog: &Catalog, tables: &AHashSet<u32>) -> AHashSet<u32> {
    let defaults = catalog.objects.defaults.iter().filter(|(_, relation)| tables.contains(relation));
    let defaults: AHashSet<u32> = defaults.map(|(oid, _)| *oid).collect();
    let named: AHashSet<u32> = catalog
        .objects
        .dependencies
        .iter()
        .filter(|(from, on)| from.class == Class::Default && on.class == Class::Relation && defaults.contains(&from.oid))
        .map(|(_, on)| on.oid)
        .collect();
    let sequences = catalog.relations().iter().filter(|r| r.kind == RelationKind::Sequence);
    sequences.filter(|s| named.contains(&s.oid) || s.owned_by.is_some_and(|t| tables.contains(&t))).map(|s| s.oid).collect()
}

/// The types of visible relations and their columns, those that no relation uses, and what all of them are made of.
fn types(catalog: &Catalog, tables: &AHashSet<u32>, extension: AHashSet<u32>) -> AHashSet<u32> {
    let types = &catalog.objects.types;
    let columns = |oid: u32| catalog.by_oid(oid).map(|r| r.columns.as_slice()).unwrap_or_default().iter().map(|c| c.type_oid);
    let composite = |t: &TypeObject| catalog.by_oid(t.relation).is_some_and(|r| r.kind == RelationKind::Composite);
    // With a type come the types that it is made of, its arrays, and the columns of a composite one.
    let close = |mut found: AHashSet<u32>| loop {
        let before = found.len();
        for t in types {
            if found.contains(&t.oid) {
                found.extend(t.parts.iter().filter(|p| **p != 0));
                if composite(t) {
                    found.extend(columns(t.relation));
                }
            } else if t.parts.first().is_some_and(|element| *element != 0 && found.contains(element)) {
                found.insert(t.oid);
            }
        }
        if found.len() == before {
            break found;
        }
    };
    let named = |t: &TypeObject| t.relation == 0 || composite(t);
    let relations = catalog.relations().iter().filter(|r| r.kind != RelationKind::Composite);
    let used = close(relations.flat_map(|r| r.columns.iter().map(|c| c.type_oid)).collect());
    // Rows of hidden relations, and arrays of them, are used by none and are no types of their own.
    let rows: AHashSet<u32> = types.iter().filter(|t| !named(t)).map(|t| t.oid).collect();
    let free = types
        .iter()
        .filter(|t| named(t) && !used.contains(&t.oid) && !t.parts.iter().any(|p| rows.contains(p) || used.contains(p)));
    let mut seeds: AHashSet<u32> = free.map(|t| t.oid).collect();
    seeds.extend(extension);
    seeds.extend(types.iter().filter(|t| tables.contains(&t.relation)).map(|t| t.oid));
    seeds.extend(tables.iter().flat_map(|oid| columns(*oid)));
    close(seeds)
}

/// Whether an index, constraint or default may name this without telling of what is hidden.
fn visible(on: Address, relations: &AHashSet<u32>, functions: &AHashSet<u32>) -> bool {
    match on.class {
        Class::Relation => relations.contains(&on.oid),
        Class::Function => functions.contains(&on.oid),
        Class::Default | Class::Constraint | Class::Type | Class::Other => false,
    }
}

/// The schemas of visible objects, and those that names are looked up in.
fn schemas(catalog: &Catalog, relations: &AHashSet<u32>, types: &AHashSet<u32>, functions: &AHashSet<u32>) -> AHashSet<u32> {
    let mut names: AHashSet<&str> = catalog.search_path.iter().map(String::as_str).collect();
    names.extend(catalog.relations().iter().filter(|r| relations.contains(&r.oid)).map(|r| r.schema.as_str()));
    names.extend(catalog.objects.types.iter().filter(|t| types.contains(&t.oid)).map(|t| t.schema.as_str()));
    names.extend(catalog.objects.functions.iter().filter(|f| functions.contains(&f.oid)).map(|f| f.schema.as_str()));
    catalog.objects.schemas.iter().filter(|(_, name)| names.contains(name.as_str())).map(|(oid, _)| *oid).collect()
}
