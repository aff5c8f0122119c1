//! MERGE: the source is filtered as a derived table, the target by its predicate in ON, so that another tenant's row counts as not matched;
//! inserted rows are stamped. It does not handle assignments (`change`) nor rows of VALUES (`insert`) by itself.

use super::change::Target;
use super::clauses::{self, Clauses};
use super::conjunct::{flatten, has_select};
use super::filter::all_of;
use super::plan::{Edit, Piece};
use super::scope::{Columns, Level, Meaning, qualified, unqualified};
use super::stamp::Stamp;
use super::walk::{Placement, Walk};
use crate::error::Refusal;
use crate::policy::Verb;
use crate::policy::allowed::Family;
use crate::sql::{Keyword, quote_ident};
use sqlparser::ast::{
    BinaryOperator, Expr, Merge, MergeAction, MergeClause, MergeClauseKind, MergeInsertExpr, MergeInsertKind, MergeUpdateExpr,
    MergeUpdateKind, Values,
};
use std::ops::Range;

impl<'a> Walk<'a, '_> {
    /// MERGE.
    pub(super) fn merge(&mut self, merge: &Merge) -> Result<Columns, Refusal> {
        let Merge { merge_token, optimizer_hints, into, table, source, on, clauses, output } = merge;
        self.demand(optimizer_hints.is_empty() && *into && output.is_none(), "this clause of MERGE")?;
        let start = self.attached(merge_token)?;
        let (end, _) = clauses::source_end(self.tokens, start.saturating_add(1)..self.range.end);
        // The source does not see the target. There is no WHERE: what it names is filtered as derived tables.
        let level = self.clauses.len();
        self.clauses.push(Clauses { from: None, from_end: end, condition: None, list_end: end });
        self.levels.push(Level::default());
        let first = self.references.len();
        self.factor(source, level)?;
        self.move_predicates(level, first..usize::MAX, &Placement::Derived);
        let sources = self.levels.pop().unwrap_or_default();
        self.levels.push(Level::default());
        let target = self.target(table, "MERGE")?;
        if let Some(both) = self.levels.last_mut() {
            both.entries.extend(sources.entries.iter().cloned());
            both.merged.clone_from(&sources.merged);
            both.merged_unknown = sources.merged_unknown;
        }
        let mut whens = Vec::with_capacity(clauses.len());
        for clause in clauses {
            whens.push(self.attached(&clause.when_token)?);
        }
        let first = whens.first().copied().ok_or_else(|| self.construct("MERGE without WHEN", None))?;
        self.merge_condition(on, target.end..first, &target)?;
        for (i, clause) in clauses.iter().enumerate() {
            let stop = whens.get(i.saturating_add(1)).copied().unwrap_or(end);
            self.merge_clause(clause, stop, &sources, &target)?;
        }
        self.levels.pop();
        self.merges = true;
        self.notes.push(format!("{}: target filtered in ON", target.relation.name));
        Ok(Columns::Known(Vec::new()))
    }

    /// ON, with the target's predicate beside it. PostgreSQL may evaluate it on others' rows first: where a part of it may raise an error, all
    /// of it is evaluated on own rows only, and what may not is repeated outside, for its indexes.
    fn merge_condition(&mut self, on: &Expr, tokens: Range<usize>, target: &Target<'a>) -> Result<(), Refusal> {
        self.condition_expression(on)?;
        self.condition(on, None, "a condition of MERGE");
        let using = clauses::phrase(self.tokens, tokens.clone(), &[Keyword::Using]);
        let place = using.and_then(|using| clauses::phrase(self.tokens, using..tokens.end, &[Keyword::On]));
        let place = place.ok_or_else(|| self.construct("the layout of MERGE", None))?.saturating_add(1);
        let condition = place..tokens.end;
        let (copies, all) = self.safe_conjuncts(on, condition.clone());
        let mut before = all_of(target.predicates());
        if self.ground.fenced && !all {
            let keys = self.compared_with_source(on, condition, target);
            let keys = keys.into_iter().filter(|key| !copies.contains(key)).collect::<Vec<_>>();
            for copy in copies.into_iter().chain(keys) {
                before.push(Piece::Text("AND (".to_owned()));
                before.push(Piece::Tokens(copy));
                before.push(Piece::Text(")".to_owned()));
            }
            before.push(Piece::Text("AND CASE WHEN".to_owned()));
            before.extend(all_of(target.predicates()));
            before.push(Piece::Text("THEN (".to_owned()));
            self.edits.push(Edit::before(tokens.end, vec![Piece::Text(") ELSE false END".to_owned())]));
        } else {
            before.push(Piece::Text("AND (".to_owned()));
            self.edits.push(Edit::before(tokens.end, vec![Piece::Text(")".to_owned())]));
        }
        self.edits.push(Edit::before(place, before));
        Ok(())
    }

    /// The conjuncts that compare a column of the target with what the source alone says, which may raise an error. It is an index's key, or
    /// else dearer than the comparison of the tenant column, which PostgreSQL then makes first (`order_qual_clauses`). Other predicates may
    /// be dearer still.
    fn compared_with_source(&self, on: &Expr, tokens: Range<usize>, target: &Target<'a>) -> Vec<Range<usize>> {
        if self.lazy || target.filter.has_path() || !target.filter.nodes.is_empty() || target.through.is_some() {
            return Vec::new();
        }
        let (conjuncts, ranges) = (flatten(on), clauses::conjuncts(self.tokens, tokens));
        let same = conjuncts.len() == ranges.len();
        let pairs = conjuncts.into_iter().zip(ranges).filter(|_| same);
        pairs
            .filter(|(c, range)| self.is_key(c) && !has_select(self.tokens, range) && !self.is_edited(range))
            .map(|(_, range)| range)
            .collect()
    }

    /// Whether this is such a comparison; of several in parentheses it is none.
    fn is_key(&self, conjunct: &Expr) -> bool {
        match conjunct {
            Expr::BinaryOp { left, op: BinaryOperator::Eq, right } => {
                (self.is_comparable(left) && self.is_of_source(right)) || (self.is_of_source(left) && self.is_comparable(right))
            }
            _other => false,
        }
    }

    /// One WHEN. Its condition is evaluated on rows that matched, which are own ones, or on rows of the source.
    fn merge_clause(&mut self, clause: &MergeClause, stop: usize, sources: &Level, target: &Target<'a>) -> Result<(), Refusal> {
        let MergeClause { when_token, clause_kind, predicate, action } = clause;
        let when = self.attached(when_token)?;
        match clause_kind {
            MergeClauseKind::Matched | MergeClauseKind::NotMatched => {}
            // Every row of another tenant is not matched by a source.
            MergeClauseKind::NotMatchedBySource => return Err(self.construct("WHEN NOT MATCHED BY SOURCE", Some(when))),
            MergeClauseKind::NotMatchedByTarget => return Err(self.construct("WHEN NOT MATCHED BY TARGET", Some(when))),
        }
        let matched = *clause_kind == MergeClauseKind::Matched;
        let both = (!matched).then(|| self.levels.last_mut().map(|level| std::mem::replace(level, sources.clone()))).flatten();
        if let Some(condition) = predicate {
            self.expression(condition)?;
        }
        match action {
            MergeAction::Insert(insert) => {
                self.permit(target.relation, Verb::Insert, when)?;
                self.demand(!matched, "INSERT of what matched")?;
                self.merge_insert(insert, target)?;
            }
            MergeAction::Update(MergeUpdateExpr { update_token, kind, update_predicate, delete_predicate }) => {
                self.permit(target.relation, Verb::Update, when)?;
                self.demand(matched && update_predicate.is_none() && delete_predicate.is_none(), "this form of UPDATE in MERGE")?;
                let MergeUpdateKind::Set(assignments) = kind else { return Err(self.construct("UPDATE SET *", Some(when))) };
                let update = self.attached(update_token)?;
                let set = update.saturating_add(1);
                self.demand(self.tokens.keyword(set) == Some(Keyword::Set), "the layout of MERGE")?;
                let changed = self.assignments(assignments, set.saturating_add(1)..stop, target)?;
                let cascades = self.cascades(target, Some(&changed))?;
                self.merge_guard(when, update, predicate.is_some(), cascades)?;
            }
            MergeAction::Delete { delete_token } => {
                self.permit(target.relation, Verb::Delete, when)?;
                self.demand(matched, "DELETE of what did not match")?;
                let delete = self.attached(delete_token)?;
                let cascades = self.cascades(target, None)?;
                self.merge_guard(when, delete, predicate.is_some(), cascades)?;
            }
            MergeAction::DoNothing { do_token: _, nothing_token: _ } => {}
        }
        if let (Some(level), Some(both)) = (self.levels.last_mut(), both) {
            *level = both;
        }
        Ok(())
    }

    /// What must hold of a row that is changed or deleted, behind the user's own condition.
    fn merge_guard(&mut self, when: usize, action: usize, has_condition: bool, guard: Option<Vec<Piece>>) -> Result<(), Refusal> {
        let Some(guard) = guard else { return Ok(()) };
        let then = action.saturating_sub(1);
        let and = when.saturating_add(2);
        let laid_out = self.tokens.keyword(then) == Some(Keyword::Then)
            && self.tokens.keyword(and) == Some(if has_condition { Keyword::And } else { Keyword::Then });
        self.demand(laid_out, "the layout of MERGE")?;
        let mut pieces = Vec::new();
        if has_condition {
            self.edits.push(Edit::before(and.saturating_add(1), vec![Piece::Text("(".to_owned())]));
            pieces.push(Piece::Text(")".to_owned()));
        }
        pieces.push(Piece::Text("AND".to_owned()));
        pieces.extend(guard);
        self.edits.push(Edit::before(then, pieces));
        Ok(())
    }

    /// INSERT of a row of the source: its tenant column is stamped.
    fn merge_insert(&mut self, insert: &MergeInsertExpr, target: &Target<'a>) -> Result<(), Refusal> {
        let MergeInsertExpr { insert_token, columns, kind_token: _, kind, insert_predicate } = insert;
        self.check_overriding(target, false)?;
        let MergeInsertKind::Values(values) = kind else { return Err(self.construct("this form of INSERT in MERGE", None)) };
        self.demand(insert_predicate.is_none() && values.rows.len() == 1, "this form of INSERT in MERGE")?;
        let list = self.attached(insert_token)?.saturating_add(1);
        for row in &values.rows {
            self.expressions(&row.content)?;
        }
        let given = values.rows.first().map_or(0, |row| row.content.len());
        let names = self.column_names(columns)?;
        let listed: Vec<String> = if names.is_empty() {
            target.relation.columns.iter().take(given).map(|c| c.name.clone()).collect()
        } else {
            names.iter().map(|n| n.value.clone()).collect()
        };
        self.demand(listed.len() == given, "INSERT in MERGE with more or fewer values than columns")?;
        self.merge_nodes(values, &listed, list, target)?;
        let stamp = match (&target.filter.tenant, listed.iter().position(|c| *c == target.column)) {
            (None, _) => Stamp::None,
            (Some(_), None) => Stamp::Added,
            (Some(_), Some(place)) => Stamp::At(place),
        };
        let added = matches!(stamp, Stamp::Added).then_some(&target.column);
        if names.is_empty() {
            let all: Vec<String> = listed.iter().chain(added).map(|c| quote_ident(c)).collect();
            self.edits.push(Edit::before(list, vec![Piece::Text(format!("({})", all.join(", ")))]));
        } else if let Some(column) = added {
            let close = self.tokens.closing(list).filter(|_| self.tokens.is_char(list, b'('));
            let close = close.ok_or_else(|| self.construct("this column list", Some(list)))?;
            self.edits.push(Edit::before(close, vec![Piece::Text(format!(", {}", quote_ident(column)))]));
        }
        self.guard_defaults(&listed, target)?;
        let source = self.levels.last().and_then(|l| l.entries.first()).filter(|e| !e.alias.is_empty());
        let source = source.map(|e| format!("{}.*", quote_ident(&e.alias)));
        self.stamp_rows(values, &stamp, &listed, true, source.as_deref(), target)
    }

    /// The columns that say whose the row is beside the tenant column: each must be given, as for INSERT.
    fn merge_nodes(&mut self, values: &Values, listed: &[String], at: usize, target: &Target<'a>) -> Result<(), Refusal> {
        if let Some(column) = target.filter.path_column().filter(|column| !listed.iter().any(|l| l == column)) {
            return Err(super::plan::nobodys(&target.relation.name, column).at(self.position(at)));
        }
        for (column, slot) in &target.filter.nodes {
            let place = listed.iter().position(|c| c == column);
            let value = place.and_then(|place| values.rows.first()?.content.get(place));
            let value = value.ok_or_else(|| super::plan::foreign_node(&target.relation.name).at(self.position(at)))?;
            self.must_be_own_node(value, *slot, target, at)?;
        }
        Ok(())
    }

    /// Whether this is a column that can be compared with a value of whatever type without an error: what it may be converted to
    /// for that holds all its values.
    fn is_comparable(&self, expr: &Expr) -> bool {
        let column = matches!(expr, Expr::Identifier(_) | Expr::CompoundIdentifier(_));
        column && matches!(self.family(expr), Some(Family::Int | Family::Text | Family::Bool | Family::Same(_)))
    }

    /// Whether an expression is known not to look at the target. A function may give another value each time.
    fn is_of_source(&self, expr: &Expr) -> bool {
        let here = self.levels.len().saturating_sub(1);
        // The target is the level's first entry.
        let other = |meaning: Meaning| match meaning {
            Meaning::Column { level, entry, family: _, own: _ } => level == here && entry != 0,
            Meaning::Row { level: _, entry: _ } | Meaning::Open | Meaning::Nothing => false,
        };
        match expr {
            Expr::Value(_) | Expr::TypedString(_) => true,
            Expr::Identifier(ident) => other(unqualified(&self.levels, &ident.value)),
            Expr::CompoundIdentifier(parts) => match parts.as_slice() {
                [relation, column] => other(qualified(&self.levels, &relation.value, &column.value)),
                _ => false,
            },
            Expr::Nested(e)
            | Expr::UnaryOp { op: _, expr: e }
            | Expr::Cast { kind: _, expr: e, data_type: _, format: None }
            | Expr::IsNull(e)
            | Expr::IsNotNull(e) => self.is_of_source(e),
            Expr::BinaryOp { left, op: _, right } => self.is_of_source(left) && self.is_of_source(right),
            _other => false,
        }
    }
}
