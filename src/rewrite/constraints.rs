//! `SET CONSTRAINTS`: the names are those of foreign keys and unique constraints of relations that tenants may see, others do not exist.
//! It does not say which can be deferred: PostgreSQL does.

use super::cleared::Command;
use super::command::{Kindred, Reader};
use super::statement::Planner;
use crate::catalog::Relation;
use crate::error::{Refusal, Rule, SqlState};
use crate::policy::exposure::ObjectKind;
use crate::sql::{Keyword, quote_ident};

const TAGS: &[&str] = &["SET CONSTRAINTS"];

/// A constraint by its name, with the schema where one is written.
type Name = (Option<String>, String);

/// What is set, and of which constraints.
#[derive(Debug)]
pub(super) struct Constraints {
    named: Vec<Name>,
    mode: &'static str,
}

impl Reader<'_> {
    /// `SET CONSTRAINTS {ALL | name [, ...]} {DEFERRED | IMMEDIATE}`.
    pub(super) fn constraints(&mut self) -> Result<Kindred, Refusal> {
        let all = self.skip(Keyword::All);
        let mut named = Vec::new();
        let mut more = !all;
        while more {
            let first = self.name()?;
            named.push(if self.skip_char(b'.') { (Some(first), self.name()?) } else { (None, first) });
            more = self.skip_char(b',');
        }
        let mode = if self.skip(Keyword::Deferred) {
            "DEFERRED"
        } else {
            self.expect(Keyword::Immediate)?;
            "IMMEDIATE"
        };
        if all {
            return self.passing(&format!("SET CONSTRAINTS ALL {mode}"), TAGS);
        }
        if self.at_end() { Ok(Kindred::Constraints(Constraints { named, mode })) } else { Err(self.error()) }
    }
}

impl Planner<'_> {
    /// The command, with each name's schema: PostgreSQL looks at all constraints of that name in it, and so in the first of the search
    /// path that has one.
    pub(super) fn constraints(self, Constraints { named, mode }: Constraints) -> Result<(Command, String), Refusal> {
        let full = named.iter().map(|name| self.full(name)).collect::<Result<Vec<String>, Refusal>>()?;
        Ok((Command::Passing(TAGS), format!("SET CONSTRAINTS {} {mode}", full.join(", "))))
    }

    fn full(self, (schema, name): &Name) -> Result<String, Refusal> {
        let has = |relation: &&Relation| {
            relation.foreign_keys.iter().any(|key| key.name == *name)
                || relation.uniques.iter().any(|unique| unique.constraint && unique.name == *name)
        };
        // Of a relation of which columns are hidden no constraint shows.
        let visible = |relation: &Relation| {
            self.exposure.shows(ObjectKind::Relation, relation.oid) && self.policy.hides(relation).is_none()
        };
        let in_schema = |of: &String| {
            let mut all = self.catalog.relations().iter().filter(|r| r.schema == *of && has(r)).peekable();
            // PostgreSQL would answer for all that have the name.
            all.peek().is_some() && all.all(visible)
        };
        let found = match schema {
            Some(schema) => Some(schema).filter(|schema| in_schema(schema)),
            None => self.catalog.search_path.iter().find(|schema| in_schema(schema)),
        };
        let missing = || Refusal::new(SqlState::UNDEFINED_OBJECT, Rule::Setting, format!("constraint \"{name}\" does not exist"));
        found.map(|schema| format!("{}.{}", quote_ident(schema), quote_ident(name))).ok_or_else(missing)
    }
}
