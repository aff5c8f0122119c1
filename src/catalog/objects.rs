//! What a database has besides its relations: indexes, constraints, types, functions, schemas, and what depends on what.
//! It holds the objects of users only (PostgreSQL's own have OIDs below [`FIRST_USER_OID`]), and it does not judge which of them show.

/// The first OID that is given to an object after a cluster was made (`FirstNormalObjectId`).
pub const FIRST_USER_OID: u32 = 16384;

/// The objects of one database that are no tables, views or sequences.
#[derive(Clone, Debug, Default)]
pub struct Objects {
    /// The OID of the role that the catalog was read as.
    pub role: u32,
    /// Its name.
    pub role_name: String,
    /// `pg_namespace`: OID and name, the system's among them.
    pub schemas: Vec<(u32, String)>,
    /// `pg_index`: the index's OID, schema and name, and its relation's OID.
    pub indexes: Vec<Index>,
    /// `pg_constraint`.
    pub constraints: Vec<Constraint>,
    /// `pg_attrdef`: OID, and its relation's OID.
    pub defaults: Vec<(u32, u32)>,
    /// `pg_type`.
    pub types: Vec<TypeObject>,
    /// `pg_proc`.
    pub functions: Vec<FunctionObject>,
    /// The members of extensions.
    pub members: Vec<Address>,
    /// What indexes, constraints and defaults need (`pg_depend`).
    pub dependencies: Vec<(Address, Address)>,
}

/// An object: the catalog that it is in and its OID there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Address {
    /// Which catalog.
    pub class: Class,
    /// The object's OID.
    pub oid: u32,
}

/// The catalogs whose objects depend on one another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Class {
    /// `pg_class`.
    Relation,
    /// `pg_attrdef`.
    Default,
    /// `pg_constraint`.
    Constraint,
    /// `pg_type`.
    Type,
    /// `pg_proc`.
    Function,
    /// Any other.
    Other,
}

/// A cast that calls a function.
#[derive(Clone, Debug)]
pub struct Cast {
    /// The function's schema.
    pub schema: String,
    /// The function's name.
    pub function: String,
    /// Whether it is a cast of a relation's row type.
    pub of_row: bool,
    /// Whether it applies where no cast is written.
    pub implicit: bool,
    /// `pg_type.typname` of the type that it makes.
    pub target: String,
}

/// An index.
#[derive(Clone, Debug)]
pub struct Index {
    /// `pg_index.indexrelid`.
    pub oid: u32,
    /// The schema's name.
    pub schema: String,
    /// Its name.
    pub name: String,
    /// `pg_index.indrelid`.
    pub relation: u32,
}

/// A constraint.
#[derive(Clone, Debug)]
pub struct Constraint {
    /// `pg_constraint.oid`.
    pub oid: u32,
    /// `conrelid`; 0 for a domain's.
    pub relation: u32,
    /// `contypid`; 0 for a relation's.
    pub domain: u32,
    /// `confrelid`; 0 where it is no foreign key.
    pub references: u32,
}

/// A type.
#[derive(Clone, Debug)]
pub struct TypeObject {
    /// `pg_type.oid`.
    pub oid: u32,
    /// The schema's name.
    pub schema: String,
    /// Its name.
    pub name: String,
    /// `typrelid`: of a row type, its relation.
    pub relation: u32,
    /// What it is made of: `typelem`, `typbasetype`, a range's element.
    pub parts: Vec<u32>,
}

/// A function, procedure or aggregate.
#[derive(Clone, Debug)]
pub struct FunctionObject {
    /// `pg_proc.oid`.
    pub oid: u32,
    /// The schema's name.
    pub schema: String,
    /// Its name.
    pub name: String,
}

/// A column of one of the system's own relations.
#[derive(Clone, Debug)]
pub struct SystemColumn {
    /// Its name.
    pub name: String,
    /// Its type by `pg_type.typname`, domains resolved.
    pub type_name: String,
}
