//! Which system relations and look-up functions tenants may use, and what of them, read from the data files beside this one.
//! It does not know which objects of a database are visible: [`super::exposure`] does.

use super::allowed::rows;
use ahash::AHashMap;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// A relation of `pg_catalog` or `information_schema` that tenants may read.
#[derive(Debug, Default)]
pub struct SystemRelation {
    /// The condition on its rows, called `r`, with `@` macros.
    pub rows: &'static str,
    /// The condition of rows that tell of columns that a role hides; empty where none do.
    pub hidden: &'static str,
    /// The columns of its primary key; empty where it has none.
    pub key: Vec<&'static str>,
    /// Whether its rows are so dear that they are made once for a statement, however often a join comes back to them.
    pub once: bool,
    columns: BTreeMap<&'static str, Shown>,
}

/// What a column of a system relation shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    /// What is in it.
    Itself,
    /// This expression over the row `r` instead.
    Instead(&'static str),
    /// NULL.
    Nothing,
}

/// A function of `pg_catalog` that looks an object up.
#[derive(Clone, Debug)]
pub struct LookUp {
    /// What each argument names.
    pub arguments: Vec<Argument>,
    /// How many arguments it has at least.
    pub least: usize,
}

/// What an argument of a look-up function is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Argument {
    /// It names no object.
    Plain,
    /// An object, by OID or name.
    Object(Named),
    /// A relation of which no column is hidden, by its name in a text.
    WholeText,
    /// An object of the class that the next argument, a literal, says.
    Described,
    /// A setting, by a literal.
    Setting,
    /// A relation, of which the call yields the visible ancestors.
    Descendant,
    /// What is measured: beside catalogs it is shown as NULL.
    Measured,
}

/// The kinds of object that an argument or a cast can name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Named {
    /// `pg_class`.
    Relation,
    /// The same, none of whose columns is hidden.
    Whole,
    /// A view, for its definition.
    View,
    /// `pg_type`.
    Type,
    /// `pg_constraint`.
    Constraint,
    /// `pg_proc`.
    Function,
    /// `pg_namespace`.
    Schema,
    /// A role.
    Role,
    /// A database.
    Database,
    /// An object of another kind.
    Member,
    /// No object is ever shown.
    Never,
}

static RELATIONS: LazyLock<AHashMap<&'static str, SystemRelation>> = LazyLock::new(|| {
    let mut all: AHashMap<&'static str, SystemRelation> = AHashMap::new();
    let mut relation = "";
    for line in include_str!("catalogs.txt").lines().filter(|l| !l.starts_with("# ")) {
        if let Some(name) = line.strip_prefix('[').and_then(|l| l.strip_suffix(']')) {
            relation = name;
            all.insert(name, SystemRelation { rows: "false", ..SystemRelation::default() });
            continue;
        }
        let Some(((key, value), found)) = line.split_once(" = ").zip(all.get_mut(relation)) else { continue };
        match key {
            "rows" => found.rows = value,
            "hidden" => found.hidden = value,
            "once" => found.once = value == "true",
            "key" => found.key = value.split(' ').collect(),
            "pass" => found.columns.extend(value.split(' ').map(|column| (column, Shown::Itself))),
            column => {
                found.columns.insert(column, Shown::Instead(value));
            }
        }
    }
    all
});

static LOOK_UPS: LazyLock<AHashMap<&'static str, LookUp>> = LazyLock::new(|| {
    rows(include_str!("catalog_functions.txt"))
        .filter_map(|[name, arguments, least]| {
            let arguments: Option<Vec<Argument>> = arguments.split(',').map(argument).collect();
            Some((name, LookUp { arguments: arguments?, least: least.parse().ok()? }))
        })
        .collect()
});

fn argument(word: &str) -> Option<Argument> {
    Some(match word {
        "-" => Argument::Plain,
        "whole text" => Argument::WholeText,
        "described" => Argument::Described,
        "setting" => Argument::Setting,
        "descendant" => Argument::Descendant,
        "measured" => Argument::Measured,
        other => Argument::Object(named(other)?),
    })
}

fn named(word: &str) -> Option<Named> {
    Some(match word {
        "relation" => Named::Relation,
        "whole" => Named::Whole,
        "view" => Named::View,
        "type" => Named::Type,
        "constraint" => Named::Constraint,
        "function" => Named::Function,
        "schema" => Named::Schema,
        "role" => Named::Role,
        "database" => Named::Database,
        "member" => Named::Member,
        "never" => Named::Never,
        _ => return None,
    })
}

/// The system relation of this name that tenants may read.
#[must_use]
pub fn system_relation(qualified: &str) -> Option<&'static SystemRelation> {
    RELATIONS.get(qualified)
}

/// The look-up function of this name that tenants may call. Those of `information_schema` go by their qualified name.
#[must_use]
pub fn look_up(name: &str) -> Option<&'static LookUp> {
    LOOK_UPS.get(name)
}

/// The kind of object whose comments are under this catalog's name (`obj_description`, `shobj_description`).
#[must_use]
pub fn described(catalog: &str) -> Named {
    match catalog {
        "pg_class" => Named::Relation,
        "pg_type" => Named::Type,
        "pg_constraint" => Named::Constraint,
        "pg_proc" => Named::Function,
        "pg_namespace" => Named::Schema,
        "pg_database" => Named::Database,
        "pg_authid" => Named::Role,
        // Rules, triggers, policies and what else hangs on a relation is not shown.
        "pg_rewrite" | "pg_trigger" | "pg_policy" | "pg_attrdef" => Named::Never,
        _ => Named::Member,
    }
}

/// The look-up types: their `pg_type.typname`, what they name, and the function that looks a name up without an error.
#[must_use]
pub fn look_up_type(name: &str) -> Option<Named> {
    Some(match name {
        "regclass" => Named::Relation,
        "regtype" => Named::Type,
        "regproc" | "regprocedure" => Named::Function,
        "regnamespace" => Named::Schema,
        "regrole" => Named::Role,
        _ => return None,
    })
}

impl SystemRelation {
    /// What a column shows; those that are not listed show nothing.
    #[must_use]
    pub fn shown(&self, column: &str) -> Shown {
        self.columns.get(column).copied().unwrap_or(Shown::Nothing)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_well_formed() {
        let lines = || include_str!("catalogs.txt").lines().filter(|l| !l.starts_with("# ") && !l.is_empty());
        for line in lines() {
            assert!(line.starts_with('[') || line.contains(" = "), "{line}");
        }
        assert_eq!(lines().filter(|l| l.starts_with('[')).count(), RELATIONS.len(), "a relation stands twice");
        let functions = include_str!("catalog_functions.txt").lines().filter(|l| !l.starts_with("# ")).count();
        assert_eq!(functions, LOOK_UPS.len(), "a function stands twice or is not understood");
        for name in LOOK_UPS.keys() {
            assert!(super::super::allowed::function(name).is_none(), "{name} is on both lists");
        }
    }

    #[test]
    fn what_tells_of_others_is_not_listed() {
        for name in
            ["pg_stats", "pg_statistic", "pg_stat_activity", "pg_authid", "pg_shadow", "pg_largeobject", "pg_locks", "pg_cursors"]
        {
            assert!(system_relation(&format!("pg_catalog.{name}")).is_none(), "{name}");
        }
        let masked = [
            ("pg_class", ["reltuples", "relpages", "relpartbound", "relacl"]),
            ("pg_attribute", ["attmissingval", "attacl", "attfdwoptions", "atthasmissing"]),
            ("pg_roles", ["rolconfig", "rolvaliduntil", "a column of a later version", "rolvaliduntil"]),
        ];
        for (relation, columns) in masked {
            let relation = system_relation(&format!("pg_catalog.{relation}")).unwrap();
            for column in columns {
                assert_ne!(relation.shown(column), Shown::Itself, "{column}");
            }
        }
    }
}
