//! The allow-lists of functions, types and settings, read from the data files beside this one.
//! It does not know what is installed in a particular database: [`super::Policy`] adds what the operator allows there.

use ahash::{AHashMap, AHashSet};
use std::sync::LazyLock;

/// What a function of `pg_catalog` is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FunctionKind {
    /// An ordinary or set-returning function.
    Function,
    /// An aggregate.
    Aggregate,
    /// A window function.
    Window,
}

/// A set of types whose values compare with one another without ever raising an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Family {
    /// A literal, a parameter of undeclared type, NULL: takes the type of its neighbour when the statement is analysed.
    Constant,
    /// `int2`, `int4`, `int8`: not `oid`, which PostgreSQL makes of an `int8` beside one, where it can.
    Int,
    /// `numeric`.
    Numeric,
    /// `float4`, `float8`.
    Float,
    /// `text`, `varchar`, `bpchar`, `name`.
    Text,
    /// `bool`.
    Bool,
    /// `date`, `timestamp`, `timestamptz`.
    Moment,
    /// `jsonb`.
    Jsonb,
    /// Any other built-in type: compares with its own kind only. The number is the type's OID.
    Same(u32),
    /// An array of a family's type; the element's family by OID group.
    ArrayOf(Element),
}

/// The element family of an array.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Element {
    /// Elements of [`Family::Int`].
    Int,
    /// Elements of [`Family::Text`].
    Text,
    /// Elements of another built-in type, by OID.
    Other(u32),
}

/// A function that tenants may call.
#[derive(Clone, Copy, Debug)]
pub struct Function {
    /// What it is.
    pub kind: FunctionKind,
    /// Where it cannot raise an error on arguments of the text family: the family of its result.
    pub error_safe: Option<Family>,
}

/// A type that tenants may name.
#[derive(Clone, Copy, Debug)]
pub struct Type {
    /// Its family, where its values may be compared without error.
    pub family: Option<Family>,
    /// Its OID in `pg_type`.
    pub oid: u32,
}

/// How a setting is handled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SettingKind {
    /// May be set to any value the server takes; replayed per client session.
    Free,
    /// May be set to the value that it has only, here in all its spellings, which `|` separates (compared without case, `-` and `_`).
    Pinned(&'static str),
    /// May be shown, not set.
    ReadOnly,
    /// It may be set to one of these values, which `|` separates.
    Choice(&'static str),
    /// It may be set for the transaction: it ends with it, whatever is written.
    Transaction,
}

/// What tenants are told instead of what a function tells of the whole server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Masked {
    /// The call has no arguments, and this expression stands in its place.
    Answer(&'static str),
    /// This expression, which names nothing that is, stands in the place of its one argument.
    Argument(&'static str),
}

/// The word for pseudo-types in the list of types.
const PSEUDO: &str = "pseudo";
/// The word for types of which there are NULLs only.
const NULL: &str = "null";

static FUNCTIONS: LazyLock<AHashMap<&'static str, Function>> = LazyLock::new(|| {
    let computations = lines(include_str!("computations.txt")).flat_map(str::split_whitespace);
    let computations = computations.map(|name| (name, Function { kind: FunctionKind::Function, error_safe: None }));
    let functions = rows(include_str!("functions.txt")).map(|[name, kind, safe]| {
        let kind = match kind {
            "aggregate" => FunctionKind::Aggregate,
            "window" => FunctionKind::Window,
            _ => FunctionKind::Function,
        };
        (name, Function { kind, error_safe: family(safe, 0) })
    });
    computations.chain(functions).collect()
});

static PSEUDO_TYPES: LazyLock<AHashSet<&'static str>> =
    LazyLock::new(|| rows(include_str!("types.txt")).filter(|[_, group, _]| *group == PSEUDO).map(|[name, _, _]| name).collect());

static EXTENSIONS: LazyLock<AHashSet<[&'static str; 3]>> = LazyLock::new(|| {
    let names = |[extension, kind, names]: [&'static str; 3]| names.split(' ').map(move |name| [extension, kind, name]);
    rows(include_str!("extensions.txt")).flat_map(names).collect()
});

static MASKED: LazyLock<AHashMap<&'static str, Masked>> = LazyLock::new(|| {
    let of = |kind: &str, instead| if kind == "answer" { Masked::Answer(instead) } else { Masked::Argument(instead) };
    rows(include_str!("masked.txt")).map(|[name, kind, instead]| (name, of(kind, instead))).collect()
});

static NULL_TYPES: LazyLock<AHashSet<&'static str>> =
    LazyLock::new(|| rows(include_str!("types.txt")).filter(|[_, group, _]| *group == NULL).map(|[name, _, _]| name).collect());

static TYPES: LazyLock<AHashMap<&'static str, Type>> = LazyLock::new(|| {
    rows(include_str!("types.txt"))
        .filter(|[_, group, _]| *group != PSEUDO && *group != NULL)
        .filter_map(|[name, group, oid]| oid.parse().map(|oid| (name, Type { family: family(group, oid), oid })).ok())
        .collect()
});

static OPERATORS: LazyLock<AHashSet<&'static str>> =
    LazyLock::new(|| rows(include_str!("operators.txt")).map(|[name, _, _]| name).collect());

static SETTINGS: LazyLock<AHashMap<&'static str, SettingKind>> = LazyLock::new(|| {
    rows(include_str!("settings.txt"))
        .map(|[name, kind, value]| {
            let kind = match kind {
                "free" => SettingKind::Free,
                "pinned" => SettingKind::Pinned(value),
                "choice" => SettingKind::Choice(value),
                "transaction" => SettingKind::Transaction,
                _ => SettingKind::ReadOnly,
            };
            (name, kind)
        })
        .collect()
});

/// The lines of a data file without its comments.
fn lines(text: &'static str) -> impl Iterator<Item = &'static str> {
    text.lines().filter(|l| !l.starts_with("# "))
}

/// The rows of a data file: three columns separated by tabs, comments and empty lines left out.
pub(super) fn rows(text: &'static str) -> impl Iterator<Item = [&'static str; 3]> {
    lines(text).filter_map(|l| {
        let mut columns = l.split('\t');
        Some([columns.next()?, columns.next()?, columns.next()?])
    })
}

fn family(group: &str, oid: u32) -> Option<Family> {
    Some(match group {
        "-" => return None,
        "int" => Family::Int,
        "numeric" => Family::Numeric,
        "float" => Family::Float,
        "text" => Family::Text,
        "bool" => Family::Bool,
        "moment" => Family::Moment,
        "jsonb" => Family::Jsonb,
        "inet" => Family::Same(869),
        "bit" => Family::Same(1562),
        // Every other group is a type of its own.
        _ => Family::Same(oid),
    })
}

/// The function of `pg_catalog` of this name, if tenants may call it.
#[must_use]
pub fn function(name: &str) -> Option<Function> {
    FUNCTIONS.get(name).copied()
}

/// What tenants are told instead of what the function of `pg_catalog` of this name tells of the whole server.
#[must_use]
pub fn masked(name: &str) -> Option<Masked> {
    MASKED.get(name).copied()
}

/// Whether `pg_catalog` has an operator of this name.
#[must_use]
pub fn is_operator(name: &str) -> bool {
    OPERATORS.contains(name)
}

/// The type of `pg_catalog` of this name (`pg_type.typname`), if tenants may name it.
#[must_use]
pub fn named_type(name: &str) -> Option<Type> {
    TYPES.get(name).copied()
}

/// Whether this is a type of `pg_catalog`, by `typname`, that tenants may name, or an array of one.
#[must_use]
pub fn plain_type(name: &str) -> bool {
    let element = name.strip_prefix('_').unwrap_or(name);
    named_type(element).is_some() || element == "cstring"
}

/// Whether this is a type, or an array of one, of which tenants may have NULLs only.
#[must_use]
pub fn null_type(name: &str) -> bool {
    NULL_TYPES.contains(name) || name.strip_prefix('_').is_some_and(|element| NULL_TYPES.contains(element))
}

/// Whether this is a pseudo-type that tenants may name in a cast, or arrays of one.
#[must_use]
pub fn pseudo_type(name: &str) -> bool {
    PSEUDO_TYPES.contains(name) || name.strip_prefix('_').is_some_and(|element| PSEUDO_TYPES.contains(element))
}

/// Whether tenants may call a function of this name that is an extension's.
#[must_use]
pub fn extension_function(extension: &str, name: &str) -> bool {
    EXTENSIONS.contains(&[extension, "functions", name])
}

/// Whether tenants may use an operator of this name that is an extension's.
#[must_use]
pub fn extension_operator(extension: &str, name: &str) -> bool {
    EXTENSIONS.contains(&[extension, "operators", name])
}

/// Whether tenants may name a type of this name that is an extension's: its input function computes, and looks nothing up.
#[must_use]
pub fn extension_type(extension: &str, name: &str) -> bool {
    EXTENSIONS.contains(&[extension, "types", name])
}

/// Whether an extension's view of this name has no row for tenants.
#[must_use]
pub fn extension_empty_view(extension: &str, name: &str) -> bool {
    EXTENSIONS.contains(&[extension, "empty", name])
}

/// The family of the values of a built-in type by its `typname`, arrays included; `None` where comparing may raise an error.
#[must_use]
pub fn family_of(type_name: &str) -> Option<Family> {
    if let Some(element) = type_name.strip_prefix('_') {
        // Values of xid have no order, which arrays of them are found not to have when they are compared.
        let element = named_type(element).filter(|_| element != "xid")?;
        return Some(Family::ArrayOf(match element.family? {
            Family::Int => Element::Int,
            Family::Text => Element::Text,
            Family::Constant
            | Family::Numeric
            | Family::Float
            | Family::Bool
            | Family::Moment
            | Family::Jsonb
            | Family::Same(_)
            | Family::ArrayOf(_) => Element::Other(element.oid),
        }));
    }
    match type_name {
        "tid" => Some(Family::Same(27)),
        "cid" => Some(Family::Same(29)),
        other => named_type(other)?.family,
    }
}

/// The family of a parameter whose type a client declared by OID: `None` where it is not on the list (or not comparable).
///
/// 0 and 705 (`unknown`) leave the type to the server.
#[must_use]
pub fn declared(oid: u32) -> Declared {
    if oid == 0 || oid == 705 {
        return Declared::Open;
    }
    let element = ARRAYS.iter().find(|(array, _)| *array == oid).map(|(_, element)| *element);
    let wanted = element.unwrap_or(oid);
    match TYPES.iter().find(|(_, t)| t.oid == wanted) {
        None => Declared::Refused,
        Some((_, t)) if element.is_none() => Declared::Typed(t.family),
        Some((name, _)) => Declared::Typed(family_of(&format!("_{name}"))),
    }
}

/// What a declared parameter type is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Declared {
    /// Left to the server.
    Open,
    /// On the list, with its family.
    Typed(Option<Family>),
    /// Not on the list.
    Refused,
}

/// Array types of the listed types (`pg_type.typarray`, fixed since they exist).
const ARRAYS: [(u32, u32); 32] = [
    (1000, 16),
    (1011, 28),
    (1001, 17),
    (1002, 18),
    (1003, 19),
    (1016, 20),
    (1005, 21),
    (1007, 23),
    (1009, 25),
    (1028, 26),
    (199, 114),
    (1021, 700),
    (1022, 701),
    (791, 790),
    (1040, 829),
    (1041, 869),
    (651, 650),
    (775, 774),
    (1014, 1042),
    (1015, 1043),
    (1182, 1082),
    (1183, 1083),
    (1115, 1114),
    (1185, 1184),
    (1187, 1186),
    (1270, 1266),
    (1561, 1560),
    (1563, 1562),
    (1231, 1700),
    (2951, 2950),
    (3807, 3802),
    (2287, 2249),
];

/// The OID of a listed type, or of an array of one (`_` before its name).
#[must_use]
pub fn oid_of(name: &str) -> Option<u32> {
    match name.strip_prefix('_') {
        Some(element) => array_of(named_type(element)?.oid),
        None => named_type(name).map(|t| t.oid),
    }
}

/// The OID of the array type of a listed type.
#[must_use]
pub fn array_of(element: u32) -> Option<u32> {
    ARRAYS.iter().find(|(_, e)| *e == element).map(|(array, _)| *array)
}

/// How a setting is handled; `None`: tenants may neither set nor show it.
#[must_use]
pub fn setting(name: &str) -> Option<SettingKind> {
    SETTINGS.get(name).copied()
}

/// The settings that tenants may show.
pub fn visible_settings() -> impl Iterator<Item = &'static str> {
    rows(include_str!("settings.txt")).map(|[name, _, _]| name)
}

/// Whether two families compare (`=`, `<`, ...) without ever raising an error that depends on a value.
///
/// `numeric` with a float is not: a large numeric does not fit.
#[must_use]
pub fn comparable(a: Family, b: Family) -> bool {
    use Family::{Constant, Float, Int, Numeric};
    matches!((a, b), (Constant, _) | (_, Constant) | (Int, Numeric | Float) | (Numeric | Float, Int)) || a == b
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_well_formed() {
        for text in [
            include_str!("functions.txt"),
            include_str!("types.txt"),
            include_str!("settings.txt"),
            include_str!("operators.txt"),
            include_str!("extensions.txt"),
            include_str!("masked.txt"),
        ] {
            for line in text.lines().filter(|l| !l.starts_with("# ")) {
                assert_eq!(line.split('\t').count(), 3, "{line}");
            }
        }
        for kind in rows(include_str!("functions.txt")).map(|[_, kind, _]| kind) {
            assert!(["function", "aggregate", "window"].contains(&kind), "{kind}");
        }
        for kind in rows(include_str!("extensions.txt")).map(|[_, kind, _]| kind) {
            assert!(["functions", "operators", "types", "empty"].contains(&kind), "{kind}");
        }
        for [name, kind, _] in rows(include_str!("masked.txt")) {
            assert!(["answer", "argument"].contains(&kind) && function(name).is_none(), "{name} {kind}");
        }
        let reviewed: AHashSet<&str> = rows(include_str!("functions.txt")).map(|[name, _, _]| name).collect();
        for name in lines(include_str!("computations.txt")).flat_map(str::split_whitespace) {
            assert!(!reviewed.contains(name), "{name} is on both lists");
        }
        for kind in rows(include_str!("settings.txt")).map(|[_, kind, _]| kind) {
            assert!(["free", "pinned", "choice", "transaction", "show"].contains(&kind), "{kind}");
        }
    }

    #[test]
    fn what_reaches_beyond_a_tenant_is_not_listed() {
        for name in [
            "query_to_xml",
            "ts_stat",
            "pg_read_file",
            "lo_get",
            "pg_terminate_backend",
            "pg_sleep",
            "pg_notify",
            "set_config",
            "current_setting",
            "nextval",
            "setval",
            "lastval",
            "pg_relation_size",
            "pg_stat_get_live_tuples",
            "has_table_privilege",
            "row_security_active",
            "to_regclass",
            "txid_current",
            "pg_advisory_lock",
            "pg_export_snapshot",
            "current_query",
            "setseed",
            "dblink",
            "array_in",
            "record_in",
            "domain_in",
            "enum_in",
            "regclassin",
            "aclitemin",
            "textlike",
            "like",
            "notlike",
            "satisfies_hash_partition",
            "pg_current_xact_id",
            "inet_server_addr",
        ] {
            assert!(function(name).is_none(), "{name}");
        }
        for name in ["regclass", "regproc", "internal", "cstring", "pg_node_tree", "pg_snapshot", "aclitem"] {
            assert!(named_type(name).is_none(), "{name}");
        }
        for name in ["regclass", "regproc", "internal", "pg_node_tree", "trigger", "any", "pg_snapshot", "aclitem", "_aclitem"] {
            assert!(!pseudo_type(name) && !plain_type(name), "{name}");
        }
        assert!(!extension_function("pg_trgm", "set_limit") && !extension_function("dblink", "similarity"));
    }

    #[test]
    fn declared_types_go_by_oid() {
        assert_eq!(declared(0), Declared::Open);
        assert_eq!(declared(20), Declared::Typed(Some(Family::Int)));
        assert_eq!(declared(1016), Declared::Typed(Some(Family::ArrayOf(Element::Int))));
        assert_eq!(declared(2205), Declared::Refused, "regclass");
        assert_eq!(declared(2970), Declared::Refused, "txid_snapshot");
        assert_eq!(declared(2275), Declared::Refused, "cstring");
        assert_eq!(declared(4294967295), Declared::Refused);
    }
}
