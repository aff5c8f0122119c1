//! Judges each relation of a catalog by the declaration: whose its rows are, by a column or through a foreign key.
//! It reads no statement; what cannot be judged safely is refused or hidden, and named in the findings.

use super::declaration::{Declaration, LevelColumn, TableDeclaration, Through};
use super::value::{Compared, Slot, TenantType};
use super::{Access, Finding, Node, Path};
use crate::catalog::{Catalog, Column, Relation, RelationKind};
use ahash::AHashMap;
use std::collections::BTreeMap;

/// How many relations a path to the tenant may lead through.
const PATH_LIMIT: usize = 8;

/// pgmoat's own schema: whatever columns its tables have, and whatever is declared of them, they are not the tenants'.
const REGISTRY: &str = "pgmoat";

/// The verdicts so far.
pub(super) struct Judge<'a> {
    declaration: &'a Declaration,
    catalog: &'a Catalog,
    pub(super) access: AHashMap<u32, Access>,
    pub(super) nodes: AHashMap<u32, BTreeMap<String, Node>>,
    pub(super) slots: Vec<Slot>,
    pub(super) findings: Vec<Finding>,
}

impl<'a> Judge<'a> {
    /// Judges every relation.
    pub(super) fn of(declaration: &'a Declaration, catalog: &'a Catalog, findings: Vec<Finding>) -> Self {
        let mut judge =
            Self { declaration, catalog, access: AHashMap::new(), nodes: AHashMap::new(), slots: Vec::new(), findings };
        let mut through = Vec::new();
        for relation in catalog.relations() {
            let own = judge.declared(relation, 32);
            if let Some(path) = own.and_then(|o| o.through.as_ref()).filter(|_| judge.may_lead(relation)) {
                through.push((relation, path));
            } else {
                let access = judge.relation(relation, own);
                let access = judge.readable(relation, access);
                judge.access.insert(relation.oid, access);
            }
            if let Some(own) = own {
                judge.levels(relation, own);
            }
        }
        judge.paths(through);
        judge
    }

    /// A declaration of the relation's own, or that of the parent it inherits from.
    fn declared(&self, relation: &Relation, depth: usize) -> Option<&'a TableDeclaration> {
        if let Some(own) = self.declaration.tables.get(&relation.qualified()) {
            return Some(own);
        }
        // Inheritance is acyclic in PostgreSQL; the bound only keeps a broken snapshot from looping.
        let next = depth.checked_sub(1)?;
        relation.parents.iter().filter_map(|oid| self.catalog.by_oid(*oid)).find_map(|parent| self.declared(parent, next))
    }

    /// Whether `through` is what decides: `hidden` and `shared` come first.
    fn may_lead(&self, relation: &Relation) -> bool {
        let name = relation.qualified();
        relation.schema != REGISTRY && !self.declaration.hidden.contains(&name) && !self.declaration.shared.contains(&name)
    }

    fn relation(&mut self, relation: &Relation, own: Option<&TableDeclaration>) -> Access {
        let name = relation.qualified();
        if self.declaration.hidden.contains(&name) || relation.schema == REGISTRY {
            return Access::Hidden;
        }
        if self.declaration.shared.contains(&name) {
            return match relation.kind {
                RelationKind::View => Access::View,
                RelationKind::Table | RelationKind::Partitioned | RelationKind::MaterializedView | RelationKind::Foreign => {
                    Access::Shared
                }
                RelationKind::Sequence | RelationKind::Composite => Access::Hidden,
            };
        }
        match relation.kind {
            RelationKind::View if own.is_none() => return Access::View,
            RelationKind::View => {}
            RelationKind::Sequence | RelationKind::Composite => return Access::Hidden,
            RelationKind::Foreign if own.is_none() => {
                return Access::Refused("foreign tables must be declared in [tenancy.tables]");
            }
            RelationKind::Table | RelationKind::Partitioned | RelationKind::MaterializedView | RelationKind::Foreign => {}
        }
        let column_name = own.and_then(|o| o.column.as_deref()).unwrap_or(&self.declaration.column);
        let Some(column) = relation.column(column_name) else {
            if own.is_some_and(|o| o.column.is_some()) {
                self.findings.push(Finding::fatal(&name, format!("column {column_name} does not exist")));
            }
            return Access::Hidden;
        };
        let Some(kind) = TenantType::of(column) else {
            self.findings.push(Finding::fatal(
                &name,
                format!("column {column_name} of type {} cannot be a tenant column", column.formatted_type),
            ));
            return Access::Refused("its tenant column has a type that cannot be compared safely");
        };
        let attribute = own.and_then(|o| o.value.as_deref()).unwrap_or("id");
        let slot = self.slot(Slot { of: Compared::Attribute(attribute.to_owned()), kind });
        Access::Scoped { column: column_name.to_owned(), slot }
    }

    /// A relation is refused where a column's values are names that the server looks up: a literal beside it would be looked up among
    /// all objects, hidden ones too, and a number that is stored there would be shown as the name of any.
    fn readable(&mut self, relation: &Relation, access: Access) -> Access {
        let column = match access {
            Access::Scoped { column: _, slot: _ } | Access::Through(_) | Access::Shared => {
                relation.columns.iter().find(|c| looks_up(self.catalog, c.type_oid, TYPE_DEPTH))
            }
            Access::View | Access::Hidden | Access::Refused(_) => None,
        };
        let Some(column) = column else { return access };
        let message = format!(
            "column {} of type {} shows names of any object, so the table is refused",
            column.name, column.formatted_type
        );
        self.findings.push(Finding::warning(relation.qualified(), message));
        Access::Refused("a column of it has a type that looks names up")
    }

    /// The place of a slot, which is added where it is new.
    pub(super) fn slot(&mut self, slot: Slot) -> usize {
        self.slots.iter().position(|s| *s == slot).unwrap_or_else(|| {
            self.slots.push(slot);
            self.slots.len().saturating_sub(1)
        })
    }

    /// What the relation says of each level.
    fn levels(&mut self, relation: &Relation, own: &TableDeclaration) {
        for (level, says) in &own.scopes {
            let node = match says {
                LevelColumn::DoesNotApply => Node::Everywhere,
                LevelColumn::Column(name) => {
                    let Some(column) = relation.column(name) else {
                        let message = format!("column {name} of level {level} does not exist");
                        self.findings.push(Finding::fatal(relation.qualified(), message));
                        continue;
                    };
                    let Some(kind) = TenantType::of(column) else {
                        let message =
                            format!("column {name} of type {} cannot be the column of level {level}", column.formatted_type);
                        self.findings.push(Finding::fatal(relation.qualified(), message));
                        continue;
                    };
                    let slot = self.slot(Slot { of: Compared::Level(level.clone()), kind });
                    Node::Column { column: name.clone(), slot }
                }
            };
            self.nodes.entry(relation.oid).or_default().insert(level.clone(), node);
        }
    }

    /// Judges the relations that are reached through others, from the tenant outwards. What is left leads in a circle, or too far.
    fn paths(&mut self, mut left: Vec<(&'a Relation, &'a Through)>) {
        for _ in 0..PATH_LIMIT {
            let ready = |judge: &Self, through: &Through| {
                judge.parent(through).is_none_or(|parent| judge.access.contains_key(&parent.oid))
            };
            let (now, later): (Vec<_>, Vec<_>) = left.into_iter().partition(|(_, through)| ready(self, through));
            let judged: Vec<_> = now.into_iter().map(|(relation, through)| (relation, self.path(relation, through))).collect();
            for (relation, access) in judged {
                let access = access.unwrap_or_else(|(why, message)| {
                    self.findings.push(Finding::warning(relation.qualified(), message));
                    Access::Refused(why)
                });
                let access = self.readable(relation, access);
                self.access.insert(relation.oid, access);
            }
            left = later;
        }
        for (relation, _) in left {
            let message = format!("`through` does not lead to a tenant in {PATH_LIMIT} steps: the table is refused");
            self.findings.push(Finding::fatal(relation.qualified(), message));
            self.access.insert(relation.oid, Access::Refused("`through` does not lead to a tenant"));
        }
    }

    fn parent(&self, through: &Through) -> Option<&'a Relation> {
        let (schema, name) = through.relation.split_once('.')?;
        self.catalog.find(Some(schema), name)
    }

    /// Whether each row surely belongs to one tenant by the row that it references: the reason, and a sentence, where not.
    fn path(&self, relation: &Relation, through: &Through) -> Result<Access, (&'static str, String)> {
        let Through { column, relation: target, references } = through;
        let no =
            |why: &'static str, more: String| Err((why, format!("`through` cannot be kept, so the table is refused: {more}")));
        match relation.kind {
            RelationKind::Table | RelationKind::Partitioned => {}
            RelationKind::View
            | RelationKind::MaterializedView
            | RelationKind::Foreign
            | RelationKind::Sequence
            | RelationKind::Composite => {
                return no("only tables have foreign keys to be reached through", "it is not a table".to_owned());
            }
        }
        let Some(parent) = self.parent(through) else {
            return no("the table that it is reached through does not exist", format!("{target} does not exist"));
        };
        match self.access.get(&parent.oid) {
            Some(Access::Scoped { column: _, slot: _ } | Access::Through(_)) => {}
            Some(Access::Shared | Access::View | Access::Hidden | Access::Refused(_)) | None => {
                return no("the table that it is reached through is no tenant's", format!("{target} is not scoped"));
            }
        }
        let missing = |name: &str| format!("column {name} does not exist");
        let Some(own) = relation.column(column) else {
            return no("its foreign key column does not exist", missing(column));
        };
        let Some(key) = parent.column(references) else {
            return no("the column that it references does not exist", missing(&format!("{target}.{references}")));
        };
        if !comparable(own, key) {
            let types = format!("{column} is {}, {target}.{references} {}", own.formatted_type, key.formatted_type);
            return no("its foreign key has a type that cannot be compared safely", types);
        }
        let alone = |u: &&crate::catalog::Unique| u.immediate && !u.partial && u.columns == [references.as_str()];
        if parent.uniques.iter().find(alone).is_none() {
            let message = format!("{target}.{references} is not unique by itself: one row could belong to several tenants");
            return no("what it references is not unique by itself", message);
        }
        let key_there = |k: &&crate::catalog::ForeignKey| {
            k.validated
                && k.references == parent.oid
                && k.columns == [column.as_str()]
                && k.referenced_columns == [references.as_str()]
        };
        if relation.foreign_keys.iter().find(key_there).is_none() {
            let message = format!(
                "there is no validated foreign key from {column} to {target} ({references}): a row without its parent would be whose, who takes its number"
            );
            return no("there is no foreign key that it is reached through", message);
        }
        if relation.kind == RelationKind::Table && self.catalog.has_children(relation) {
            return no(
                "its children do not have its foreign key",
                "other tables inherit from it, but not its foreign key".to_owned(),
            );
        }
        Ok(Access::Through(Path { column: column.clone(), parent: parent.oid, key: references.clone() }))
    }
}

/// How deep types are looked into: arrays, domains and rows of one another.
const TYPE_DEPTH: usize = 16;

/// The types of PostgreSQL whose values are names of objects, and their arrays: `regproc`, `regprocedure`, `regoper`, `regoperator`,
/// `regclass`, `regtype`, `regnamespace`, `regrole`, `regcollation`. Those of text search name what any tenant may name.
const NAMES: [u32; 18] =
    [24, 2202, 2203, 2204, 2205, 2206, 4089, 4096, 4191, 1008, 2207, 2208, 2209, 2210, 2211, 4090, 4097, 4192];

/// Whether a value of this type is, or may hold, a name that is looked up. Of what is too deep that is not known to be otherwise.
fn looks_up(catalog: &Catalog, type_oid: u32, depth: usize) -> bool {
    let Some(depth) = depth.checked_sub(1) else { return true };
    if NAMES.contains(&type_oid) {
        return true;
    }
    let Some(made) = catalog.objects.types.iter().find(|t| t.oid == type_oid) else { return false };
    let row = catalog.by_oid(made.relation).map(|r| r.columns.as_slice()).unwrap_or_default();
    let parts = made.parts.iter().copied().filter(|part| *part != 0);
    parts.chain(row.iter().map(|c| c.type_oid)).any(|part| looks_up(catalog, part, depth))
}

/// Whether two columns hold values of one type, whose equality is PostgreSQL's own.
fn comparable(a: &Column, b: &Column) -> bool {
    let same = TenantType::of(a).is_some_and(|kind| Some(kind) == TenantType::of(b));
    same && a.plain_collation && b.plain_collation
}
