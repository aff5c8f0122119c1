//! From references to edits: in place where that is right, as a derived table where it is not, behind a fence where a condition may raise an error.
//! It does not look at expressions.

use super::conjunct::has_select;
use super::filter::{Filter, Form, all_of};
use super::plan::{Edit, Piece, Plan};
use super::walk::{Gate, Placement, Reference, Referred, Walk, quoted};
use crate::error::Refusal;
use crate::sql::quote_ident;
use sqlparser::ast::Expr;
use std::collections::BTreeMap;
use std::ops::Range;

/// The predicates to add at one place.
type Predicates = Vec<Vec<Piece>>;

impl Walk<'_, '_> {
    /// Makes the plan.
    ///
    /// # Errors
    /// A refusal where a relation must be a derived table but is used in a way that only a base relation can be.
    pub(super) fn finish(mut self) -> Result<Plan, Refusal> {
        self.place_guards();
        if self.catalogs {
            // Its text holds a list of all that is visible: nothing to keep prepared on every connection.
            self.free.clear();
        }
        let mut conditions: BTreeMap<usize, (usize, Predicates)> = BTreeMap::new();
        let mut wheres: BTreeMap<usize, Predicates> = BTreeMap::new();
        let mut derived = false;
        for (number, reference) in std::mem::take(&mut self.references).into_iter().enumerate() {
            let name = &reference.relation.name;
            if let Some(filter) = in_place(&reference, self.ground.fenced && !reference.gated) {
                let only = if reference.only { "ONLY " } else { "" };
                self.replace(reference.name.clone(), vec![Piece::Text(format!("{only}{}", quoted(reference.relation)))]);
                self.notes.push(format!("{name}: predicate in place{}", also(filter)));
                let form = if reference.gated { Form::Scan } else { self.form() };
                let predicates = self.in_place_predicates(&reference, filter, form);
                match &reference.placement {
                    Placement::On(range) => {
                        conditions.entry(range.start).or_insert((range.end, Vec::new())).1.extend(predicates);
                    }
                    Placement::Where | Placement::Derived => {
                        wheres.entry(reference.level).or_default().extend(predicates);
                    }
                }
            } else {
                derived = true;
                if reference.whole_row {
                    return Err(self.construct(
                        "a whole-row reference to a relation that must be filtered as a derived table",
                        Some(reference.name.start),
                    ));
                }
                let more = match &reference.what {
                    Referred::Filtered(filter) => also(filter),
                    Referred::View(_) => String::new(),
                };
                self.make_up(number, &reference)?;
                self.notes.push(format!(
                    "{name}: {}{more}",
                    if self.ground.fenced { "filtered behind a fence" } else { "filtered as a derived table" }
                ));
                let unnamed: Vec<Range<usize>> =
                    self.qualifiers.iter().filter(|(of, _)| *of == number).map(|(_, tokens)| tokens.clone()).collect();
                self.derive(&reference, &unnamed);
                unnamed.into_iter().for_each(|tokens| self.replace(tokens, Vec::new()));
            }
        }
        // Inner conditions end before outer ones begin; of edits at one place, joins come before WHERE.
        for (start, (end, predicates)) in conditions {
            self.replace(start..start, vec![Piece::Text("(".to_owned())]);
            let mut after = vec![Piece::Text(")".to_owned())];
            after.extend(joined(predicates, "AND"));
            self.replace(end..end, after);
        }
        for (level, predicates) in std::mem::take(&mut self.targets) {
            let all = wheres.entry(level).or_default();
            all.splice(0..0, predicates);
        }
        for (level, predicates) in wheres {
            self.add_condition(level, predicates)?;
        }
        let mut edits = std::mem::take(&mut self.edits);
        edits.append(&mut self.closing);
        // Stable: edits at one place keep the order in which they were made.
        edits.sort_by_key(|e| (e.start, e.end > e.start));
        Ok(Plan {
            edits,
            checks: self.checks,
            named: self.named,
            parameters: self.parameters,
            relations: self.relations,
            notes: self.notes,
            literal_dependent: self.literal_dependent,
            free: self.free,
            writes: self.writes,
            adds: self.adds,
            told: self.told,
            point: false,
            cursors: self.cursors,
            derived,
        })
    }

    /// Adds predicates to the WHERE of a level.
    fn add_condition(&mut self, level: usize, predicates: Predicates) -> Result<(), Refusal> {
        let Some(clauses) = self.clauses.get(level).cloned() else {
            return Err(self.construct("a relation in this place", None));
        };
        match clauses.condition {
            Some(Range { start, end }) => {
                let mut before = all_of(predicates);
                // Of two conditions the planner may evaluate either first, but of a CASE the condition comes before the result.
                if let Some(gate) = self.gates.iter().find(|g| g.level == level) {
                    for copy in &gate.copies {
                        before.push(Piece::Text("AND (".to_owned()));
                        before.push(Piece::Tokens(copy.clone()));
                        before.push(Piece::Text(")".to_owned()));
                    }
                    before.push(Piece::Text("AND CASE WHEN".to_owned()));
                    before.extend(all_of(gate.own.clone()));
                    before.push(Piece::Text("THEN (".to_owned()));
                    self.replace(end..end, vec![Piece::Text(") ELSE false END".to_owned())]);
                } else {
                    before.push(Piece::Text("AND (".to_owned()));
                    self.replace(end..end, vec![Piece::Text(")".to_owned())]);
                }
                self.replace(start..start, before);
            }
            None => {
                let at = clauses.from_end;
                let mut pieces = vec![Piece::Text("WHERE".to_owned())];
                pieces.extend(all_of(predicates));
                self.replace(at..at, pieces);
            }
        }
        Ok(())
    }

    /// How conditions on referenced rows are written here. Behind a fence nothing but error-safe conditions stands beside them.
    pub(super) fn form(&self) -> Form {
        if self.ground.fenced || self.ground.infallible { Form::Join } else { Form::Scan }
    }

    /// Has the condition beside the only relation of the current level, whose rows are locked, evaluated on own rows only. Behind a fence
    /// all own rows would be locked before it is. `unseen`: no condition from outside ends up beside it.
    pub(super) fn gate_locked(&mut self, condition: Option<&Expr>, unseen: bool) {
        let Some([entry]) = self.levels.last().map(|l| l.entries.as_slice()) else { return };
        let Some((number, reference)) = entry.reference.and_then(|r| Some((r, self.references.get(r)?))) else { return };
        let tokens = self.clauses.get(reference.level).and_then(|c| c.condition.clone());
        let Some((condition, tokens)) = condition.zip(tokens).filter(|_| self.ground.fenced && unseen) else { return };
        // A sub-select behind a gate would be run for each row.
        if reference.placement != Placement::Where || has_select(self.tokens, &tokens) {
            return;
        }
        let Some(filter) = in_place(reference, false) else { return };
        let own = self.in_place_predicates(reference, filter, Form::Scan);
        let level = reference.level;
        let (copies, all) = self.safe_conjuncts(condition, tokens);
        if !all {
            self.gates.push(Gate { level, own, copies });
        }
        if let Some(reference) = self.references.get_mut(number) {
            reference.gated = true;
        }
    }

    /// `"alias"."tenant_id" = value` and its like, where the alias is the user's or the relation's qualified name.
    fn in_place_predicates(&self, reference: &Reference<'_>, filter: &Filter, form: Form) -> Predicates {
        match &reference.alias {
            Some(alias) => filter.predicates(&quote_ident(alias), alias, form),
            None => filter.predicates(&quoted(reference.relation), "", form),
        }
    }

    /// Replaces a reference by a derived table that holds the tenant's rows only.
    /// `unnamed` are the tokens of its schema where columns are named by it.
    fn derive(&mut self, reference: &Reference<'_>, unnamed: &[Range<usize>]) {
        let alias = reference.alias.clone().unwrap_or_else(|| reference.relation.name.clone());
        let taken = alias.as_str();
        let alias = quote_ident(taken);
        let mut pieces = Vec::new();
        match &reference.what {
            Referred::View(_) if self.ground.shown => {
                pieces.push(Piece::Text(format!("(definition of view {}, filtered)", quoted(reference.relation))));
            }
            Referred::View(definition) => {
                let (open, close) = match &reference.shown {
                    Some(shown) => (format!("(SELECT {shown} FROM ("), format!(") AS {alias})")),
                    None => ("(".to_owned(), ")".to_owned()),
                };
                pieces.push(Piece::Text(open));
                pieces.extend(definition.iter().cloned());
                pieces.push(Piece::Text(close));
            }
            Referred::Filtered(filter) => {
                let predicates = filter.predicates(&alias, taken, self.form());
                let only = if reference.only { "ONLY " } else { "" };
                let mut shown = reference.shown.clone().unwrap_or_else(|| "*".to_owned());
                for column in &reference.system {
                    shown += &format!(", {alias}.{column}");
                }
                // A sample is drawn once for the statement, however often a join or an outer query comes back to it.
                let open = if reference.sample.is_some() { "(WITH s AS MATERIALIZED (" } else { "(" };
                pieces.push(Piece::Text(format!("{open}SELECT {shown} FROM {only}{} AS {alias}", quoted(reference.relation))));
                pieces.push(Piece::Text("WHERE".to_owned()));
                pieces.extend(all_of(predicates.clone()));
                for copy in &reference.copies {
                    pieces.push(Piece::Text("AND (".to_owned()));
                    pieces.extend(without(copy, unnamed).map(Piece::Tokens));
                    pieces.push(Piece::Text(")".to_owned()));
                }
                if let Some(share) = &reference.sample {
                    pieces.push(Piece::Text(format!(
                        "AND (pg_catalog.random() OPERATOR(pg_catalog.*) '100'::pg_catalog.float8) OPERATOR(pg_catalog.<) \
                         '{share}'::pg_catalog.float8"
                    )));
                }
                if self.ground.opaque {
                    // PostgreSQL looks through OFFSET 0 for statistics, but not through a set operation (`examine_simple_variable`).
                    pieces.push(Piece::Text(format!(
                        "UNION ALL SELECT {shown} FROM {only}{} AS {alias} WHERE",
                        quoted(reference.relation)
                    )));
                    pieces.extend(all_of(predicates));
                    pieces.push(Piece::Text("AND false".to_owned()));
                }
                pieces.push(Piece::Text(if self.ground.fenced { "OFFSET 0)" } else { ")" }.to_owned()));
                if reference.sample.is_some() {
                    pieces.push(Piece::Text("SELECT * FROM s)".to_owned()));
                }
            }
        }
        if reference.alias.is_none() {
            pieces.push(Piece::Text(format!("AS {alias}")));
        }
        self.replace(reference.name.clone(), pieces);
    }
}

/// The filter of a reference that stays in place.
fn in_place<'r>(reference: &'r Reference<'_>, fenced: bool) -> Option<&'r Filter> {
    match &reference.what {
        Referred::Filtered(filter)
            if !fenced
                && !reference.column_aliases
                && reference.shown.is_none()
                && reference.sample.is_none()
                && reference.placement != Placement::Derived =>
        {
            Some(filter)
        }
        Referred::View(_) | Referred::Filtered(_) => None,
    }
}

/// The ranges that are left of one without others.
fn without<'r>(range: &Range<usize>, others: &'r [Range<usize>]) -> impl Iterator<Item = Range<usize>> + use<'r> {
    let mut inside: Vec<&Range<usize>> = others.iter().filter(|o| o.start >= range.start && o.end <= range.end).collect();
    inside.sort_by_key(|o| o.start);
    let starts: Vec<usize> = std::iter::once(range.start).chain(inside.iter().map(|o| o.end)).collect();
    let ends: Vec<usize> = inside.iter().map(|o| o.start).chain(std::iter::once(range.end)).collect();
    starts.into_iter().zip(ends).map(|(start, end)| start..end).filter(|r| !r.is_empty())
}

/// What else than the tenant column rows are known by, in words.
fn also(filter: &Filter) -> String {
    let mut text = String::new();
    if let Some(column) = filter.path_column() {
        text += &format!(", through {column}");
    }
    for (column, _) in &filter.nodes {
        text += &format!(", the user's nodes by {column}");
    }
    text
}

/// `AND a AND b`.
fn joined(predicates: Predicates, word: &'static str) -> impl Iterator<Item = Piece> {
    predicates.into_iter().flat_map(move |p| std::iter::once(Piece::Text(word.to_owned())).chain(p))
}

impl Edit {
    /// An insertion before a token.
    pub(super) fn before(at: usize, pieces: Vec<Piece>) -> Self {
        Self { start: at, end: at, pieces }
    }
}
