//! ON CONFLICT: where the key holds the tenant column the row in conflict is an own one; where it does not, it is looked at first.
//! It does not stamp the rows that are inserted (`stamp`).

use super::change::Target;
use super::clauses;
use super::filter::all_of;
use super::marker::Kept;
use super::plan::{Edit, Piece};
use super::scope::{Columns, Entry, Own};
use super::walk::Walk;
use crate::catalog::{Column, Identity, Relation, Unique};
use crate::error::{Refusal, Rule, SqlState};
use crate::policy::Verb;
use crate::sql::{Bounds, Keyword, conflict_parts, parse_expression, quote_ident};
use sqlparser::ast::{ConflictTarget, DoUpdate, OnConflict, OnConflictAction, OnInsert};
use std::ops::Range;

impl<'a> Walk<'a, '_> {
    /// ON CONFLICT: where the key holds the tenant column the row in conflict is an own one; where it does not, it is looked at first.
    pub(super) fn on_conflict(
        &mut self,
        on: &OnInsert,
        listed: &[String],
        target: &Target<'a>,
        insert: usize,
    ) -> Result<(), Refusal> {
        let OnConflict { conflict_target, action } = match on {
            OnInsert::OnConflict(on) => on,
            OnInsert::DuplicateKeyUpdate(_) => return Err(self.construct("ON DUPLICATE KEY UPDATE", None)),
            // The enum is open: what a later parser adds is refused.
            _ => return Err(self.construct("this form of ON CONFLICT", None)),
        };
        let expressions = self.conflict_target(insert)?;
        let key = self.conflict_key(conflict_target.as_ref(), expressions, listed, target)?;
        match action {
            OnConflictAction::DoNothing => match key {
                None if conflict_target.is_none() => self.name_own_key(target, insert),
                None => Ok(()),
                Some(key) => self.nothing(key, conflict_target.is_none(), target, insert),
            },
            OnConflictAction::DoUpdate(DoUpdate { assignments, selection }) => {
                let written = [Some(target.relation), target.through.as_ref().map(|t| t.view)];
                written.into_iter().flatten().try_for_each(|relation| self.permit(relation, Verb::Update, insert))?;
                self.enter(Entry {
                    alias: "excluded".to_owned(),
                    columns: self.excluded(target),
                    reference: None,
                    base: false,
                    system: false,
                    key: &[],
                });
                let set = clauses::phrase(self.tokens, insert..self.range.end, &[Keyword::Do, Keyword::Update, Keyword::Set]);
                let set = set.ok_or_else(|| self.construct("this form of ON CONFLICT", None))?.saturating_add(2);
                let found = clauses::find(self.tokens, set, self.range.end, Keyword::From);
                let has_where = selection.is_some();
                self.demand(found.condition.is_some() == has_where && found.from.is_none(), "the layout of ON CONFLICT")?;
                self.excluding = true;
                let changed = self.assignments(assignments, set.saturating_add(1)..found.list_end, target)?;
                self.excluding = false;
                if let Some(condition) = selection {
                    self.condition_expression(condition)?;
                }
                let mut predicates = match (key, found.condition.clone()) {
                    (None, _) => target.predicates(),
                    (Some(key), None) => vec![self.own_conflict(key, "true", target)],
                    (Some(key), Some(condition)) => {
                        self.condition_of_own(key, condition, target);
                        Vec::new()
                    }
                };
                predicates.extend(self.cascades(target, Some(&changed))?);
                if !predicates.is_empty() {
                    self.targets.push((self.clauses.len(), predicates));
                }
                self.clauses.push(found);
                if let Some(level) = self.levels.last_mut() {
                    level.entries.pop();
                }
                Ok(())
            }
        }
    }

    /// The expressions and the predicate of a conflict target, which the parser was not given: they are matched with indexes, not evaluated.
    /// Tells whether there are expressions.
    fn conflict_target(&mut self, insert: usize) -> Result<bool, Refusal> {
        let on = clauses::phrase(self.tokens, insert..self.range.end, &[Keyword::On, Keyword::Conflict]);
        let open = on.ok_or_else(|| self.construct("this form of ON CONFLICT", None))?.saturating_add(2);
        if !self.tokens.is_char(open, b'(') {
            return Ok(false);
        }
        let parts = conflict_parts(self.tokens, open, self.range.end);
        let parts = parts.ok_or_else(|| self.construct("this target of ON CONFLICT", Some(open)))?;
        let any = parts.items.iter().any(|(_, expression)| *expression);
        let expressions = parts.items.into_iter().filter(|(_, expression)| *expression).map(|(range, _)| range);
        for range in expressions.chain(parts.predicate) {
            let expression = parse_expression(self.tokens, range, &Bounds::default())?;
            self.expression(&expression)?;
        }
        Ok(any)
    }

    /// The unique key without the tenant column that a conflict may be on; none when every such key holds it.
    fn conflict_key(
        &self,
        conflict_target: Option<&ConflictTarget>,
        expressions: bool,
        listed: &[String],
        target: &Target<'a>,
    ) -> Result<Option<usize>, Refusal> {
        let relation = target.relation;
        let own = |unique: &Unique| is_own(unique, target);
        let found = match conflict_target {
            None => {
                let all = self.ground.catalog.with_descendants(relation);
                // A row in conflict by another operator than = may be anybody's, and it cannot be asked whose.
                if all.iter().any(|r| r.has_exclusions) {
                    return Err(self.unknown_conflict(target));
                }
                let foreign = |u: &Unique| !own(u) && !is_numbered(relation, u, listed);
                if !all.iter().any(|r| r.uniques.iter().any(foreign)) {
                    // Numbers are drawn, but another tenant may have chosen one: where no other key is, a conflict is on that.
                    let alone =
                        matches!((all.as_slice(), relation.uniques.as_slice()), ([_], [only]) if !own(only) && is_whole(only));
                    return Ok(alone.then_some(0));
                }
                // Only of one key can it be told that a conflict is on it; on numbers of the relation's own making there is none.
                let mut others = relation.uniques.iter().enumerate().filter(|(_, u)| !is_numbered(relation, u, listed));
                match (all.as_slice(), others.next(), others.next()) {
                    ([_], Some((place, only)), None) if is_whole(only) => Some(place),
                    (_, _, _) => None,
                }
            }
            Some(ConflictTarget::Columns(columns)) if holds_own(target, |column| columns.iter().any(|c| c.value == column)) => {
                return Ok(None);
            }
            Some(ConflictTarget::Columns(columns)) => {
                let same = |u: &Unique| {
                    u.columns.len() == columns.len() && u.columns.iter().all(|name| columns.iter().any(|c| c.value == *name))
                };
                relation.uniques.iter().position(same).filter(|_| !expressions)
            }
            Some(ConflictTarget::OnConstraint(name)) if target.through.is_some() => {
                let constraint = self.parts(name)?.last().map(|p| p.value.clone()).unwrap_or_default();
                let message = format!("constraint \"{constraint}\" of a table in a write to its view does not exist");
                return Err(Refusal::new(SqlState::UNDEFINED_OBJECT, Rule::Construct, message));
            }
            Some(ConflictTarget::OnConstraint(name)) => {
                let parts = self.parts(name)?;
                let name = parts.last().map(|p| p.value.as_str()).unwrap_or_default();
                match relation.uniques.iter().position(|u| u.name == name) {
                    Some(place) if relation.uniques.get(place).is_some_and(own) => return Ok(None),
                    // PostgreSQL finds no index of it, and says so.
                    None if relation.foreign_keys.iter().any(|f| f.name == name) => return Ok(None),
                    found => found,
                }
            }
        };
        found.map(Some).ok_or_else(|| self.unknown_conflict(target))
    }

    /// DO NOTHING without a target, where nothing but a number that is drawn may be another tenant's too: with the one key that holds the
    /// tenant column for its target, a row is not left out for the number's sake.
    fn name_own_key(&mut self, target: &Target<'a>, insert: usize) -> Result<(), Refusal> {
        let relation = target.relation;
        let (own, others): (Vec<&Unique>, Vec<&Unique>) = relation.uniques.iter().partition(|u| is_own(u, target));
        let ([key], [_, ..]) = (own.as_slice(), others.as_slice()) else { return Ok(()) };
        if !is_whole(key) || self.ground.catalog.with_descendants(relation).len() != 1 {
            return Ok(());
        }
        let at = clauses::phrase(self.tokens, insert..self.range.end, &[Keyword::Do, Keyword::Nothing]);
        let at = at.ok_or_else(|| self.construct("this form of ON CONFLICT", None))?;
        let columns: Vec<String> = key.columns.iter().map(|c| quote_ident(c)).collect();
        self.edits.push(Edit::before(at, vec![Piece::Text(format!("({})", columns.join(", ")))]));
        Ok(())
    }

    /// An ON CONFLICT of which it is not known whose the row in conflict may be.
    fn unknown_conflict(&self, target: &Target<'a>) -> Refusal {
        let relation = target.relation;
        let message = format!("this ON CONFLICT on \"{}\" is not supported through pgmoat", relation.name);
        Refusal::new(SqlState::FEATURE_NOT_SUPPORTED, Rule::Construct, message)
            .with_hint(format!(
                "The row in conflict may be another tenant's. Name the columns of one unique key, best of one that includes \"{}\".",
                target.key_column()
            ))
            .about(relation.qualified())
    }

    /// A condition that raises an error unless the row in conflict is an own one; then it is `own`.
    fn own_conflict(&self, key: usize, own: &str, target: &Target<'a>) -> Vec<Piece> {
        let mut pieces = vec![Piece::Text("CASE WHEN".to_owned())];
        pieces.extend(all_of(target.predicates()));
        let raise = self.ground.marker.raise(Kept::Unique(target.relation, key));
        pieces.push(Piece::Text(format!("THEN {own} ELSE {raise} END")));
        pieces
    }

    /// The condition of a DO UPDATE, which raises an error unless the row in conflict is an own one. Beside it PostgreSQL would look at what
    /// raises the error no more where the condition is known to be false.
    fn condition_of_own(&mut self, key: usize, condition: Range<usize>, target: &Target<'a>) {
        let mut pieces = vec![Piece::Text("CASE WHEN".to_owned())];
        pieces.extend(all_of(target.predicates()));
        pieces.push(Piece::Text("THEN (".to_owned()));
        self.edits.push(Edit::before(condition.start, pieces));
        let raise = self.ground.marker.raise(Kept::Unique(target.relation, key));
        self.closing.push(Edit::before(condition.end, vec![Piece::Text(format!(") ELSE {raise} END"))]));
    }

    /// DO NOTHING on a key that others' rows may have: an update that never happens looks at the row in conflict.
    fn nothing(&mut self, key: usize, untargeted: bool, target: &Target<'a>, insert: usize) -> Result<(), Refusal> {
        let at = clauses::phrase(self.tokens, insert..self.range.end, &[Keyword::Do, Keyword::Nothing]);
        let at = at.ok_or_else(|| self.construct("this form of ON CONFLICT", None))?;
        let columns = target.relation.uniques.get(key).map(|u| u.columns.as_slice()).unwrap_or_default();
        let columns: Vec<String> = columns.iter().filter(|_| untargeted).map(|c| quote_ident(c)).collect();
        let inferred = if untargeted { format!("({}) ", columns.join(", ")) } else { String::new() };
        let column = quote_ident(target.key_column());
        let mut pieces = vec![Piece::Text(format!("{inferred}DO UPDATE SET {column} = {}.{column} WHERE", target.qualifier))];
        pieces.extend(self.own_conflict(key, "false", target));
        self.replace(at..at.saturating_add(2), pieces);
        Ok(())
    }

    /// What is known of the row that was to be inserted: its references have been looked at, but it is no row.
    fn excluded(&self, target: &Target<'a>) -> Columns {
        let mut columns = self.columns_of(target.relation, Some(&target.filter)).into_vec();
        columns.retain(|c| target.columns().contains(&c.name.as_str()));
        for column in columns.iter_mut().filter(|c| !matches!(c.own, Some(Own::Tenant(_)))) {
            column.own = self.referred(&column.name, target);
        }
        Columns::Known(columns)
    }
}

/// Whether every column that says whose a row is is among these: the same values are in a row in conflict, and those are own ones.
fn holds_own(target: &Target<'_>, has: impl Fn(&str) -> bool) -> bool {
    has(target.key_column()) && target.filter.own().all(|(column, _)| has(column))
}

fn is_own(unique: &Unique, target: &Target<'_>) -> bool {
    holds_own(target, |column| unique.columns.iter().any(|c| c == column))
}

/// Whether a key is of columns alone, and of every row.
fn is_whole(unique: &Unique) -> bool {
    !unique.partial && !unique.columns.iter().any(String::is_empty)
}

/// Whether a key holds a number of the relation's own making: then no statement chooses it.
fn is_numbered(relation: &Relation, unique: &Unique, listed: &[String]) -> bool {
    let made = |c: &Column| {
        let number = matches!(c.base_type.as_str(), "int2" | "int4" | "int8");
        c.not_null && (c.identity != Identity::None || (number && c.has_default))
    };
    unique.columns.iter().any(|name| !listed.contains(name) && relation.column(name).is_some_and(made))
}
