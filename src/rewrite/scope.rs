//! Names in sight: CTEs and the relations of the query levels around an expression, with what is known of their columns.
//! It does not place predicates and it does not refuse: the walk does.

use super::derived::Grouped;
use super::filter::Filter;
use crate::catalog::Relation;
use crate::policy::allowed::{Family, family_of};
use ahash::AHashMap;

/// What a column holds for certain, by what the enforcement does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Own {
    /// The tenant's own value of this slot, or one of the user's nodes where the slot is a level's; never NULL.
    Tenant(usize),
    /// NULL, or such a value, where a join may find no row. Nothing may be concluded from it.
    Perhaps(usize),
    /// NULL, or the value of this column (by place) in an own row of the relation with this OID: what may refer to it.
    Key { relation: u32, column: usize },
    /// NULL, or the same of a row that this statement writes: nobody takes it away before its transaction ends.
    Written { relation: u32, column: usize },
    /// The OID of a function, from a catalog whose column shows its name.
    Function,
    /// A row, with fields of these names: the how manieth that the walk noted.
    Row(usize),
}

/// A column of a query level's relation or of a sub-select's result.
#[derive(Clone, Debug)]
pub(super) struct OutColumn {
    /// Its name; empty when unknown.
    pub(super) name: String,
    /// The family of its values, where computing it cannot raise an error.
    pub(super) family: Option<Family>,
    /// What is known of its values.
    pub(super) own: Option<Own>,
}

/// What is known of a relation's columns.
#[derive(Clone, Debug)]
pub(super) enum Columns {
    /// All of them, in order.
    Known(Vec<OutColumn>),
    /// These by name, and perhaps more: functions in FROM with an alias list.
    Partial(Vec<OutColumn>),
    /// Nothing: functions in FROM, recursive references.
    Unknown,
}

/// A relation in a FROM list, or the target of a write.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub(super) alias: String,
    pub(super) columns: Columns,
    /// Index of the walk's reference, when it is a scoped relation that may take the derived form.
    pub(super) reference: Option<usize>,
    /// Whether it is a base relation in place: whole rows are of its type.
    pub(super) base: bool,
    /// Whether it has system columns.
    pub(super) system: bool,
    /// The columns of a catalog that its others depend on; empty for all else.
    pub(super) key: &'static [&'static str],
}

/// A column that USING or NATURAL makes of two: not always the left one's value (RIGHT, FULL).
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Merged {
    /// The how manieth that the level merged.
    pub(super) number: usize,
    pub(super) family: Option<Family>,
    pub(super) own: Option<Own>,
}

/// One query level.
#[derive(Clone, Debug)]
pub(super) struct Level {
    pub(super) entries: Vec<Entry>,
    /// What USING and NATURAL merged, by name: an unqualified name means these first.
    pub(super) merged: AHashMap<String, Merged>,
    /// How many columns were merged so far.
    pub(super) merges: usize,
    /// Whether a NATURAL join merged columns that are not known.
    pub(super) merged_unknown: bool,
    /// A sub-select in FROM without LATERAL does not see its siblings.
    pub(super) closed: bool,
    /// A join condition sees what the join has, not what stands before it in the FROM list: the entries and the merged columns from here on.
    pub(super) seen: Seen,
    /// The entry that is written to, where the role hides columns of it: one of them may have a name by now that is not known.
    pub(super) narrowed: Option<usize>,
    /// Its GROUP BY, once that was walked.
    pub(super) grouped: Option<Grouped>,
}

/// Where what a join condition sees begins: at the start of the level, elsewhere.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Seen {
    /// The first entry.
    pub(super) entry: usize,
    /// The first merged column, by its number.
    pub(super) merged: usize,
}

impl Default for Level {
    fn default() -> Self {
        Self {
            entries: Vec::new(),
            merged: AHashMap::new(),
            merges: 0,
            merged_unknown: false,
            closed: false,
            seen: Seen::default(),
            narrowed: None,
            grouped: None,
        }
    }
}

/// A CTE in sight.
#[derive(Clone, Debug)]
pub(super) struct Cte {
    pub(super) name: String,
    pub(super) columns: Columns,
    /// Whether computing it may raise an error.
    pub(super) fallible: bool,
}

/// What a name in an expression means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    /// A column: of which level and entry (from the outside), and its family.
    Column { level: usize, entry: usize, family: Option<Family>, own: Option<Own> },
    /// The whole row of a relation in sight.
    Row { level: usize, entry: usize },
    /// It may be a column of a relation whose columns are not known.
    Open,
    /// Nothing in sight has this name.
    Nothing,
}

/// The columns that every table has besides its own (PostgreSQL manual, section 5.5).
const SYSTEM_COLUMNS: [(&str, u32); 6] = [("tableoid", 26), ("xmin", 28), ("cmin", 29), ("xmax", 28), ("cmax", 29), ("ctid", 27)];

/// The columns of a base relation; of a scoped one they hold own values.
pub(super) fn relation_columns(relation: &Relation, filter: Option<&Filter>) -> Columns {
    let own = |c: &crate::catalog::Column, place: usize| {
        let one = filter?.own().find(|(name, _)| *name == c.name);
        Some(one.map_or(Own::Key { relation: relation.oid, column: place }, |(_, slot)| Own::Tenant(slot)))
    };
    let column = |(place, c): (usize, &crate::catalog::Column)| OutColumn {
        name: c.name.clone(),
        // Enums compare by their own operators, which PostgreSQL declares leakproof; other types of the database are not known.
        family: match (c.builtin_type, c.enumeration) {
            (true, _) => family_of(&c.base_type).filter(|_| c.plain_collation),
            (false, true) => Some(Family::Same(c.type_oid)),
            (false, false) => None,
        },
        own: own(c, place),
    };
    Columns::Known(relation.columns.iter().enumerate().map(column).collect())
}

/// Whether every table has a column of this name besides its own.
pub(super) fn is_system_column(name: &str) -> bool {
    SYSTEM_COLUMNS.iter().any(|(n, _)| *n == name)
}

impl Level {
    /// The relations whose names mean something here, and their places.
    pub(super) fn visible(&self) -> impl Iterator<Item = (usize, &Entry)> {
        self.entries.iter().enumerate().skip(self.seen.entry)
    }
}

impl Columns {
    /// Columns of these names, of which nothing else is known.
    pub(super) fn named(names: &[&str]) -> Self {
        Self::Known(names.iter().map(|n| OutColumn { name: (*n).to_owned(), family: None, own: None }).collect())
    }

    /// The columns that are known.
    pub(super) fn into_vec(self) -> Vec<OutColumn> {
        match self {
            Self::Known(columns) | Self::Partial(columns) => columns,
            Self::Unknown => Vec::new(),
        }
    }

    /// The same columns and after them these, of which only the names are known.
    pub(super) fn with_more(self, names: &[String]) -> Self {
        match self {
            Self::Unknown => Self::Unknown,
            Self::Known(mut columns) => {
                columns.extend(names.iter().map(|n| OutColumn { name: n.clone(), family: None, own: None }));
                Self::Known(columns)
            }
            Self::Partial(mut columns) => {
                columns.extend(names.iter().map(|n| OutColumn { name: n.clone(), family: None, own: None }));
                Self::Partial(columns)
            }
        }
    }

    /// The same columns, of which only the names are known.
    pub(super) fn without_families(self) -> Self {
        match self {
            Self::Unknown => Self::Unknown,
            Self::Partial(columns) => {
                Self::Partial(columns.into_iter().map(|c| OutColumn { family: None, own: None, ..c }).collect())
            }
            Self::Known(columns) => {
                Self::Known(columns.into_iter().map(|c| OutColumn { family: None, own: None, ..c }).collect())
            }
        }
    }

    /// The same columns, without what only the walk that saw them knows.
    pub(super) fn without_rows(mut self) -> Self {
        match &mut self {
            Self::Unknown => {}
            Self::Partial(columns) | Self::Known(columns) => {
                columns.iter_mut().for_each(|c| c.own = c.own.filter(|o| !matches!(o, Own::Row(_))));
            }
        }
        self
    }

    /// The same columns, NULL where a join finds no row: a NULL has no tenant.
    pub(super) fn make_nullable(&mut self) {
        match self {
            Self::Unknown => {}
            Self::Partial(columns) | Self::Known(columns) => columns.iter_mut().for_each(|c| c.own = nullable(c.own)),
        }
    }

    /// The same columns under the names of an alias list; a shorter list renames the first ones.
    pub(super) fn renamed(self, names: &[String]) -> Self {
        match self {
            Self::Unknown | Self::Partial(_) if names.is_empty() => self,
            Self::Unknown | Self::Partial(_) => {
                Self::Partial(names.iter().map(|n| OutColumn { name: n.clone(), family: None, own: None }).collect())
            }
            Self::Known(mut columns) => {
                // Where a list names more columns than are known, the others have its names too.
                columns.extend(names.iter().skip(columns.len()).map(|n| OutColumn { name: n.clone(), family: None, own: None }));
                for (column, name) in columns.iter_mut().zip(names) {
                    column.name.clone_from(name);
                }
                Self::Known(columns)
            }
        }
    }
}

/// What is still known of a column where a join finds no row: a reference may be NULL, the tenant column may not.
pub(super) fn nullable(own: Option<Own>) -> Option<Own> {
    own.map(|own| match own {
        Own::Tenant(slot) | Own::Perhaps(slot) => Own::Perhaps(slot),
        Own::Key { relation: _, column: _ } | Own::Written { relation: _, column: _ } | Own::Function | Own::Row(_) => own,
    })
}

impl Entry {
    fn column(&self, name: &str) -> Option<Option<&OutColumn>> {
        match &self.columns {
            Columns::Unknown => Some(None),
            Columns::Partial(columns) => Some(columns.iter().find(|c| c.name == name)),
            Columns::Known(columns) => match columns.iter().find(|c| c.name == name) {
                Some(column) => Some(Some(column)),
                // A column whose name is not known may have this one.
                None => columns.iter().any(|c| c.name.is_empty()).then_some(None),
            },
        }
    }

    fn system_column(&self, name: &str) -> Option<Family> {
        SYSTEM_COLUMNS.iter().find(|(n, _)| self.system && *n == name).map(|(_, oid)| Family::Same(*oid))
    }
}

/// What an unqualified name means: the innermost level that has it; a column before a whole row.
pub(super) fn unqualified(levels: &[Level], name: &str) -> Meaning {
    for (l, level) in levels.iter().enumerate().rev().filter(|(_, l)| !l.closed) {
        if level.merged_unknown {
            return Meaning::Open;
        }
        if let Some(merged) = level.merged.get(name).filter(|m| m.number >= level.seen.merged) {
            // Of no one entry: it is never repeated behind a fence.
            return Meaning::Column { level: l, entry: usize::MAX, family: merged.family, own: merged.own };
        }
        let mut open = false;
        for (e, entry) in level.visible() {
            match entry.column(name) {
                Some(Some(c)) => return Meaning::Column { level: l, entry: e, family: c.family, own: c.own },
                Some(None) => open = true,
                None => {
                    if let Some(family) = entry.system_column(name) {
                        return Meaning::Column { level: l, entry: e, family: Some(family), own: None };
                    }
                }
            }
        }
        if let Some((e, _)) = level.visible().find(|(_, e)| e.alias == name) {
            return Meaning::Row { level: l, entry: e };
        }
        if open {
            return Meaning::Open;
        }
    }
    Meaning::Nothing
}

/// What `relation.name` means.
pub(super) fn qualified(levels: &[Level], relation: &str, name: &str) -> Meaning {
    for (l, level) in levels.iter().enumerate().rev().filter(|(_, l)| !l.closed) {
        let Some((e, entry)) = level.visible().find(|(_, e)| e.alias == relation) else { continue };
        return match entry.column(name) {
            Some(Some(c)) => Meaning::Column { level: l, entry: e, family: c.family, own: c.own },
            Some(None) => Meaning::Open,
            None => match entry.system_column(name) {
                Some(family) => Meaning::Column { level: l, entry: e, family: Some(family), own: None },
                // `row.f` is `f(row)` when no column has that name.
                None => Meaning::Row { level: l, entry: e },
            },
        };
    }
    // What stands before a join and is not seen by its condition is an error, which the server tells in its turn; of no known value here.
    for (l, level) in levels.iter().enumerate().rev().filter(|(_, l)| !l.closed) {
        if let Some((e, entry)) = level.entries.iter().enumerate().find(|(_, e)| e.alias == relation) {
            return match entry.column(name) {
                Some(_) => Meaning::Column { level: l, entry: e, family: None, own: None },
                None => Meaning::Row { level: l, entry: e },
            };
        }
    }
    Meaning::Nothing
}
