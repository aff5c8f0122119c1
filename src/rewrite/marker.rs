//! What the error of a guard carries, and what PostgreSQL would have said in its place.
//! It does not decide what is guarded (`guard`, `cascade`).

use crate::catalog::{Catalog, Relation, Signature};
use crate::error::{Refusal, Rule, SqlState};

/// A type of PostgreSQL's own without an order, that no value of a tenant's statement has.
const UNORDERED: &str = "gtsvector";

/// How a marker begins.
const PREFIX: &str = "pgmoat_";

/// What the error of a guard carries: nobody else's error does.
#[derive(Clone, Debug)]
pub(super) struct Marker {
    text: String,
    /// Whether an error with it is understood when the server raises it.
    understood: bool,
}

/// An error that a guard raised, as PostgreSQL would have told it had the foreign row not been there, or had it not been foreign.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// The refusal: code, rule, message and the relation that was written to.
    pub refusal: Refusal,
    /// The schema of the table that the constraint is of.
    pub schema: String,
    /// The table that the constraint is of.
    pub table: String,
    /// The constraint.
    pub constraint: String,
}

impl Violation {
    /// One of no constraint.
    fn of(refusal: Refusal) -> Self {
        Self { refusal, schema: String::new(), table: String::new(), constraint: String::new() }
    }
}

/// What a guard looks after.
#[derive(Clone, Copy)]
pub(super) enum Kept<'a> {
    /// A foreign key's value is the key of an own row.
    Reference(&'a Relation, usize),
    /// A row that is deleted, or whose key changes, takes no other tenant's row with it.
    Cascade(&'a Relation, usize),
    /// A row in conflict is an own one.
    Unique(&'a Relation, usize),
    /// What is computed for the tenant column is the own value.
    Tenant(&'a Relation),
    /// A function that tenants may not call is not evaluated.
    Function(&'a Signature),
}

impl Marker {
    pub(super) fn new(nonce: u128) -> Self {
        Self { text: format!("{PREFIX}{nonce:032x}_"), understood: true }
    }

    /// A condition that is never true: it raises the error. `concat` is stable, so it is not evaluated when the statement is planned.
    pub(super) fn raise(&self, kept: Kept<'_>) -> String {
        format!("{}::pg_catalog.bool", self.said(kept))
    }

    /// What is read as a truth value when the statement is analysed, and is none: the error is raised then and there. Nothing where that
    /// would not be understood.
    pub(super) fn unreadable(&self, kept: Kept<'_>) -> Option<String> {
        self.understood.then(|| format!("'{}'::pg_catalog.bool", self.payload(kept)))
    }

    /// The text that no truth value is.
    pub(super) fn said(&self, kept: Kept<'_>) -> String {
        let volatile = match kept {
            // It is evaluated wherever what it stands for would be.
            Kept::Function(function) if function.volatile => " ', pg_catalog.clock_timestamp()",
            Kept::Function(_) | Kept::Reference(_, _) | Kept::Cascade(_, _) | Kept::Unique(_, _) | Kept::Tenant(_) => "'",
        };
        format!("pg_catalog.concat('{}{volatile})", self.payload(kept))
    }

    fn payload(&self, kept: Kept<'_>) -> String {
        let (kind, oid, index) = match kept {
            Kept::Reference(relation, index) => ('f', relation.oid, index),
            Kept::Cascade(relation, index) => ('c', relation.oid, index),
            Kept::Unique(relation, index) => ('u', relation.oid, index),
            Kept::Tenant(relation) => ('t', relation.oid, 0),
            Kept::Function(function) => ('x', function.oid, 0),
        };
        format!("{}{kind}{oid}_{index}", self.text)
    }

    /// A condition without which PostgreSQL begins to run nothing: as where the role may not call a function, it looks at that before the
    /// first row, if the planner has left it in the statement. There is no order of the type, which tenants cannot name.
    pub(super) fn never_run(raise: &str) -> String {
        let null = format!("NULL::pg_catalog.{UNORDERED}");
        format!("GREATEST({null}, CASE WHEN {raise} THEN {null} END) IS NULL")
    }

    /// One for statements that are not run, whose text is shown: it tells nothing of the real one.
    pub(super) fn blank() -> Self {
        Self { understood: false, ..Self::new(0) }
    }

    /// Whether a text has a marker in it.
    pub(super) fn is_in(text: &str) -> bool {
        text.contains(PREFIX)
    }

    /// What a server's error message says, if it is a guard's.
    pub(super) fn read(&self, catalog: &Catalog, code: &[u8], message: &[u8]) -> Option<Violation> {
        let message = std::str::from_utf8(message).map_or("", |m| m);
        if code == b"42883" && message.contains(UNORDERED) {
            return Some(Violation::of(super::function::denied_to_role()));
        }
        if code != b"22P02" {
            return None;
        }
        let (_, said) = message.split_once(&self.text)?;
        let end = said.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(said.len());
        Some(violation(catalog, said.get(..end).unwrap_or_default()))
    }
}

/// The violation that a guard's payload names; without names where the catalog has changed since.
fn violation(catalog: &Catalog, said: &str) -> Violation {
    let kind = said.chars().next().unwrap_or_default();
    let place = said.get(kind.len_utf8()..).and_then(|s| s.split_once('_'));
    let numbers = place.map(|(oid, index)| (oid.parse::<u32>().unwrap_or(0), index.parse::<usize>().unwrap_or(usize::MAX)));
    let (oid, index) = numbers.unwrap_or((0, usize::MAX));
    let relation = catalog.by_oid(oid);
    let table = relation.map(|r| r.name.clone()).unwrap_or_default();
    let key = relation.and_then(|r| r.foreign_keys.get(index));
    let (code, rule, constraint, message) = match kind {
        'u' => {
            let name = relation.and_then(|r| r.uniques.get(index)).map(|u| u.name.clone()).unwrap_or_default();
            let message = format!("duplicate key value violates unique constraint \"{name}\"");
            (SqlState::UNIQUE_VIOLATION, Rule::UniqueKey, name, message)
        }
        'c' => {
            let name = key.map(|k| k.name.clone()).unwrap_or_default();
            let parent = key.and_then(|k| catalog.by_oid(k.references)).map(|r| r.name.clone()).unwrap_or_default();
            let message =
                format!("update or delete on table \"{parent}\" violates foreign key constraint \"{name}\" on table \"{table}\"");
            (SqlState::FOREIGN_KEY_VIOLATION, Rule::ForeignKey, name, message)
        }
        't' => {
            let refusal = super::plan::foreign_value(&table).about(relation.map(Relation::qualified).unwrap_or_default());
            return Violation::of(refusal);
        }
        'x' => return Violation::of(super::function::denied(catalog.function_name(oid).unwrap_or_default())),
        _reference => {
            let name = key.map(|k| k.name.clone()).unwrap_or_default();
            let message = format!("insert or update on table \"{table}\" violates foreign key constraint \"{name}\"");
            (SqlState::FOREIGN_KEY_VIOLATION, Rule::ForeignKey, name, message)
        }
    };
    let refusal = Refusal::new(code, rule, message).about(relation.map(Relation::qualified).unwrap_or_default());
    Violation { refusal, schema: relation.map(|r| r.schema.clone()).unwrap_or_default(), table, constraint }
}
