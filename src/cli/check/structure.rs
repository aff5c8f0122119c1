//! What in the tables' own structure weakens the wall, found in the catalog snapshot. It reads no row and no privilege.

use crate::catalog::{Catalog, Relation};
use crate::policy::{Access, Node, Policy};

/// One sentence for each global unique key, exclusion constraints, foreign key that can leave its tenant, trigger and rule on a scoped
/// relation.
pub(super) fn warnings(catalog: &Catalog, policy: &Policy) -> Vec<String> {
    let mut found = Vec::new();
    for relation in catalog.relations() {
        let Some(column) = key_column(relation, policy) else { continue };
        let name = relation.qualified();
        for unique in relation.uniques.iter().filter(|u| !u.columns.contains(column)) {
            found.push(format!(
                "{name}: the unique key {} lacks {column}: it tells a tenant which values others have",
                unique.name
            ));
        }
        found.extend(policy.levels().iter().filter_map(|level| among_nodes(relation, column, level, policy)));
        found.extend(leaving(relation, column, catalog, policy));
        if relation.has_exclusions {
            found.push(format!(
                "{name}: its exclusion constraints tell a tenant which values others have, unless {column} is among them with ="
            ));
        }
        for (there, what) in [(relation.has_triggers, "triggers"), (relation.has_rules, "rules")] {
            if there {
                found.push(format!("{name}: it has {what}; pgmoat cannot see what they read and write"));
            }
        }
    }
    found
}

/// The column that says whose a row is.
fn key_column<'p>(relation: &Relation, policy: &'p Policy) -> Option<&'p String> {
    match policy.access(relation) {
        Access::Scoped { column, slot: _ } => Some(column),
        Access::Through(path) => Some(&path.column),
        Access::Shared | Access::View | Access::Hidden | Access::Refused(_) => None,
    }
}

/// Unique keys that keep to the tenant, but not to the node of a level.
fn among_nodes(relation: &Relation, column: &String, level: &str, policy: &Policy) -> Option<String> {
    let Some(Node::Column { column: node, slot: _ }) = policy.node(relation, level) else { return None };
    let lacks = relation.uniques.iter().filter(|u| u.columns.contains(column) && !u.columns.contains(node));
    let names: Vec<&str> = lacks.map(|u| u.name.as_str()).collect();
    let (keys, names) = (if names.len() == 1 { "key" } else { "keys" }, names.join(", "));
    (!names.is_empty()).then(|| {
        let told = format!("a user who is limited in {level} learns by conflicts which values other nodes have");
        format!("{}: the unique {keys} {names} without {node}: {told}", relation.qualified())
    })
}

/// Foreign keys between scoped tables that do not carry the tenant column along.
fn leaving(relation: &Relation, column: &str, catalog: &Catalog, policy: &Policy) -> Vec<String> {
    let mut found = Vec::new();
    for key in &relation.foreign_keys {
        let Some(parent) = catalog.by_oid(key.references) else { continue };
        let Some(parents) = key_column(parent, policy) else { continue };
        // What its rows are known by does not leave the tenant, and a parent that is known by what it references says nothing by itself.
        if matches!(policy.access(relation), Access::Through(path) if key.columns == [path.column.as_str()]) {
            continue;
        }
        let through = [relation, parent].into_iter().any(|r| matches!(policy.access(r), Access::Through(_)));
        if through
            || !key.columns.iter().zip(&key.referenced_columns).any(|(own, referenced)| own == column && referenced == parents)
        {
            let (name, target) = (relation.qualified(), parent.qualified());
            found.push(format!(
                "{name}: the foreign key {} to {target} lacks {column}: it would accept another tenant's row, so each value is looked up first",
                key.name
            ));
        }
    }
    found
}
