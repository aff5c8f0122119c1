//! An immutable snapshot of what the server's catalogs say of the relations, keys, views and user objects of one database.
//! It does not load itself: `upstream` fills it; nor does it judge: [`crate::policy`] does.

mod objects;
mod signature;

pub use objects::{Address, Cast, Class, Constraint, FIRST_USER_OID, FunctionObject, Index, Objects, SystemColumn, TypeObject};
pub use signature::Signature;

use std::collections::{BTreeMap, BTreeSet, HashMap};

/// The schemas, relations and user-defined names of one database at one moment.
#[derive(Clone, Debug, Default)]
pub struct Catalog {
    /// The database's name.
    pub database: String,
    /// `server_version_num`, for example 150018.
    pub server_version: u32,
    /// The effective `search_path` of the server connections, without the implicit `pg_catalog`.
    pub search_path: Vec<String>,
    /// Settings that limit what a session may take, in milliseconds, as the server has them for the role: tenants may only lower them.
    pub timeouts: BTreeMap<String, u64>,
    /// Every relation outside the system schemas.
    relations: Vec<Relation>,
    by_name: HashMap<String, Vec<usize>>,
    by_oid: HashMap<u32, usize>,
    epoch: u64,
    /// The relations that inherit from one, or are its partitions, by its OID.
    children: HashMap<u32, Vec<usize>>,
    /// Names of the relations of `pg_catalog`.
    pub system_relations: BTreeSet<String>,
    /// The columns of the relations of `pg_catalog` and `information_schema`, by qualified name.
    pub system_columns: BTreeMap<String, Vec<SystemColumn>>,
    /// What else the database has.
    pub objects: Objects,
    /// Names of the functions of `pg_catalog`.
    pub system_functions: BTreeSet<String>,
    /// Names of the functions outside `pg_catalog`, by schema-qualified name.
    pub user_functions: BTreeMap<String, Vec<String>>,
    /// The functions of each schema-qualified name.
    pub signatures: BTreeMap<String, Vec<Signature>>,
    /// The extension that all functions of a schema-qualified name are of, where they are of one.
    pub extension_functions: BTreeMap<String, String>,
    /// The extensions that views are of, by the views' OIDs.
    pub extension_views: BTreeMap<u32, String>,
    /// Names of the operators outside `pg_catalog`, and the extensions that they are of; an empty one where one is of none.
    pub user_operators: BTreeMap<String, BTreeSet<String>>,
    /// Names of those of them that came with no extension.
    pub own_operators: BTreeSet<String>,
    /// The casts by functions that came neither with PostgreSQL nor with an extension.
    pub casts: Vec<Cast>,
    /// Names of the enum types outside `pg_catalog`, with their schemas.
    pub enum_types: BTreeMap<String, Vec<String>>,
    /// The extensions that types are of, by name, with the types' schemas.
    pub extension_types: BTreeMap<String, Vec<(String, String)>>,
    /// Names of the types outside `pg_catalog` (with their schemas), row types of relations left out.
    pub user_types: BTreeMap<String, Vec<String>>,
}

/// What kind of relation it is (`pg_class.relkind`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RelationKind {
    /// An ordinary table (`r`).
    Table,
    /// A partitioned table (`p`).
    Partitioned,
    /// A view (`v`).
    View,
    /// A materialized view (`m`).
    MaterializedView,
    /// A foreign table (`f`).
    Foreign,
    /// A sequence (`S`).
    Sequence,
    /// A composite type (`c`).
    Composite,
}

/// A table, view or sequence.
#[derive(Clone, Debug, Hash)]
pub struct Relation {
    /// `pg_class.oid`.
    pub oid: u32,
    /// The schema's name.
    pub schema: String,
    /// The relation's name.
    pub name: String,
    /// Its kind.
    pub kind: RelationKind,
    /// Its columns in order, dropped ones left out.
    pub columns: Vec<Column>,
    /// Column names of the primary key, in key order; empty without one.
    pub primary_key: Vec<String>,
    /// Unique indexes, the primary key's among them.
    pub uniques: Vec<Unique>,
    /// Foreign keys of this relation.
    pub foreign_keys: Vec<ForeignKey>,
    /// OIDs of the relations that this one inherits from or is a partition of.
    pub parents: Vec<u32>,
    /// For views: the definition by `pg_get_viewdef`, names qualified.
    pub definition: Option<String>,
    /// For sequences: the OID of the table that owns it.
    pub owned_by: Option<u32>,
    /// Whether it has triggers that are not internal.
    pub has_triggers: bool,
    /// Whether it has rules beside a view's own.
    pub has_rules: bool,
    /// Whether the role that pgmoat connects as may delete rows or change them.
    pub changeable: bool,
    /// For views: whether it has options, of which some change what is written through it (`check_option`, `security_barrier`).
    pub has_options: bool,
    /// Whether it has exclusion constraints.
    pub has_exclusions: bool,
}

/// A column.
#[derive(Clone, Debug, Hash)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// `atttypid`; for a domain the domain's own OID.
    pub type_oid: u32,
    /// The type's base type (domains resolved), by its `pg_type.typname`, for example `int8`.
    pub base_type: String,
    /// Whether the type's home is `pg_catalog`.
    pub builtin_type: bool,
    /// Whether it is an enum type.
    pub enumeration: bool,
    /// `format_type(atttypid, atttypmod)`.
    pub formatted_type: String,
    /// `attnotnull`.
    pub not_null: bool,
    /// Whether it has a default expression, of its own or its type's.
    pub has_default: bool,
    /// `attidentity`.
    pub identity: Identity,
    /// Whether it is a generated column.
    pub generated: bool,
    /// The columns that a generated column is computed from.
    pub generated_from: Vec<String>,
    /// Whether its collation is deterministic (true for types without one).
    pub deterministic: bool,
    /// Whether its collation is the database's default, or its type has none: two others in one comparison are an error at run time.
    pub plain_collation: bool,
}

/// `pg_attribute.attidentity`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Identity {
    /// Not an identity column.
    None,
    /// `GENERATED ALWAYS AS IDENTITY`.
    Always,
    /// `GENERATED BY DEFAULT AS IDENTITY`.
    ByDefault,
}

/// A unique index.
#[derive(Clone, Debug, Hash)]
pub struct Unique {
    /// The index's (and constraint's) name.
    pub name: String,
    /// Its key columns; an expression stands as an empty name.
    pub columns: Vec<String>,
    /// Whether it belongs to a constraint.
    pub constraint: bool,
    /// Whether it has a predicate.
    pub partial: bool,
    /// Whether no two rows ever have the same key: it is valid, and not checked at the end of the transaction only.
    pub immediate: bool,
}

/// A foreign key.
#[derive(Clone, Debug, Hash)]
pub struct ForeignKey {
    /// The constraint's name.
    pub name: String,
    /// The referencing columns.
    pub columns: Vec<String>,
    /// OID of the referenced relation.
    pub references: u32,
    /// The referenced columns, pairwise.
    pub referenced_columns: Vec<String>,
    /// Whether it holds of every row: not so after `NOT VALID`.
    pub validated: bool,
    /// What happens to the referencing rows when a referenced one is deleted.
    pub on_delete: Action,
    /// What happens to the referencing rows when a referenced key changes.
    pub on_update: Action,
}

/// What a foreign key does to the rows that refer to one that goes (`pg_constraint.confdeltype`, `confupdtype`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    /// Nothing: `NO ACTION`, `RESTRICT`. The statement fails.
    None,
    /// `CASCADE`: they go too, or follow.
    Cascade,
    /// `SET NULL`.
    SetNull,
    /// `SET DEFAULT`.
    SetDefault,
}

impl Catalog {
    /// Puts relations in, replacing those that were there.
    #[must_use]
    pub fn with_relations(mut self, relations: Vec<Relation>) -> Self {
        self.by_name.clear();
        self.by_oid.clear();
        self.children.clear();
        for (i, r) in relations.iter().enumerate() {
            self.by_name.entry(r.name.clone()).or_default().push(i);
            self.by_oid.insert(r.oid, i);
            for parent in &r.parents {
                self.children.entry(*parent).or_default().push(i);
            }
        }
        // Fixed seeds: equal tables, equal numbers.
        let hasher = ahash::RandomState::with_seeds(0x452821e6, 0x38d01377, 0xbe5466cf, 0x34e90c6c);
        let types: Vec<u32> = self.objects.types.iter().map(|t| t.oid).collect();
        self.epoch = hasher.hash_one((&relations, types));
        self.relations = relations;
        self
    }

    /// A number for what relations and types there are: a statement that was prepared under another may mean something else.
    #[must_use]
    pub fn epoch(&self) -> u64 {
        self.epoch
    }

    /// Every relation outside the system schemas.
    #[must_use]
    pub fn relations(&self) -> &[Relation] {
        &self.relations
    }

    /// The relation that a name means, by PostgreSQL's rule: the named schema, or else the first schema of the search path that has it.
    #[must_use]
    pub fn find(&self, schema: Option<&str>, name: &str) -> Option<&Relation> {
        let candidates = self.by_name.get(name)?;
        let in_schema = |s: &str| candidates.iter().filter_map(|&i| self.relations.get(i)).find(|r| r.schema == s);
        match schema {
            Some(s) => in_schema(s),
            None => self.search_path.iter().find_map(|s| in_schema(s)),
        }
    }

    /// Whether a relation has partitions, or others inherit from it.
    #[must_use]
    pub fn has_children(&self, relation: &Relation) -> bool {
        self.children.contains_key(&relation.oid)
    }

    /// A relation, its partitions and all that inherit from it.
    #[must_use]
    pub fn with_descendants<'c>(&'c self, relation: &'c Relation) -> Vec<&'c Relation> {
        let mut all = vec![relation];
        let mut at = 0;
        while let Some(parent) = all.get(at) {
            for child in self.children.get(&parent.oid).into_iter().flatten().filter_map(|&i| self.relations.get(i)) {
                if !all.iter().any(|r| r.oid == child.oid) {
                    all.push(child);
                }
            }
            at = at.saturating_add(1);
        }
        all
    }

    /// The foreign keys that refer to a relation: whose they are, and their places there.
    pub fn referring_to<'c>(&'c self, relation: &Relation) -> impl Iterator<Item = (&'c Relation, usize, &'c ForeignKey)> {
        let oid = relation.oid;
        let keys = |holder: &'c Relation| holder.foreign_keys.iter().enumerate().map(move |(i, key)| (holder, i, key));
        self.relations.iter().flat_map(keys).filter(move |(_, _, key)| key.references == oid)
    }

    /// The relation with this OID.
    #[must_use]
    pub fn by_oid(&self, oid: u32) -> Option<&Relation> {
        self.by_oid.get(&oid).and_then(|&i| self.relations.get(i))
    }
}

impl Relation {
    /// `schema.name`, for messages and configuration.
    #[must_use]
    pub fn qualified(&self) -> String {
        format!("{}.{}", self.schema, self.name)
    }

    /// The column of this name.
    #[must_use]
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|c| c.name == name)
    }
}
