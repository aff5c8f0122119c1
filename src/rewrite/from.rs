//! FROM lists: relations, joins and what stands on their nullable sides, sub-selects and functions as relations.
//! It does not make edits: it records references and where their predicates may go.

use super::clauses;
use super::plan::Piece;
use super::query::is_common;
use super::scope::{Columns, Entry, Merged, OutColumn, Seen, nullable};
use super::walk::{Placement, Reference, Referred, Walk};
use crate::catalog::{Relation, RelationKind};
use crate::error::{Refusal, Rule, SqlState};
use crate::policy::Access;
use crate::policy::allowed::{comparable, extension_empty_view};
use crate::sql::{Tokens, parse, quote_ident, split};
use ahash::AHashMap;
use sqlparser::ast::{
    Expr, Ident, Join, JoinConstraint, JoinOperator, ObjectName, TableAlias, TableFactor, TableFunctionArgs, TableWithJoins,
};
use std::ops::Range;

/// Which sides of a join get rows of NULLs.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Nullable {
    Neither,
    Left,
    Right,
    Both,
}

/// The columns of one side of a join by name. It grows with the FROM list, so that a long one is not read again at each join.
struct Side {
    /// Where a column of this name is: the entry, and the column of it. The last entry that has one counts.
    names: AHashMap<String, (usize, usize)>,
    /// Whether some entry has columns that are not known.
    unknown: bool,
    /// The entries from here on have not been looked at.
    next: usize,
    /// How many columns the level had merged before this side.
    merges: usize,
    /// The columns that a right side has merged within itself.
    merged: AHashMap<String, Merged>,
}

impl Side {
    /// A side that begins with this entry, where so many columns were merged before.
    fn from(entry: usize, merges: usize) -> Self {
        Self { names: AHashMap::new(), unknown: false, next: entry, merges, merged: AHashMap::new() }
    }

    fn extend(&mut self, entries: &[Entry], end: usize) {
        for (e, entry) in entries.iter().enumerate().take(end).skip(self.next) {
            match &entry.columns {
                Columns::Unknown | Columns::Partial(_) => self.unknown = true,
                Columns::Known(columns) => {
                    // one whose name is not known may have any
                    self.unknown |= columns.iter().any(|c| c.name.is_empty());
                    // of two columns of one name in one entry, the first
                    for (c, column) in columns.iter().enumerate().rev() {
                        self.names.insert(column.name.clone(), (e, c));
                    }
                }
            }
        }
        self.next = self.next.max(end);
    }

    fn column(&self, entries: &[Entry], name: &str) -> Merged {
        let found = self.names.get(name).filter(|_| !self.unknown);
        let column = found.and_then(|(entry, column)| match &entries.get(*entry)?.columns {
            Columns::Known(columns) => columns.get(*column),
            Columns::Unknown | Columns::Partial(_) => None,
        });
        column.map(|c| Merged { number: 0, family: c.family, own: c.own }).unwrap_or_default()
    }
}

impl Walk<'_, '_> {
    /// Walks the FROM list of a level.
    pub(super) fn from(&mut self, list: &[TableWithJoins], level: usize) -> Result<(), Refusal> {
        let conditions = self.clauses.get(level).and_then(|c| c.from.map(|from| from.saturating_add(1)..c.from_end));
        let conditions = conditions.map(|list| clauses::join_conditions(self.tokens, list)).unwrap_or_default();
        let expected = list
            .iter()
            .flat_map(|t| &t.joins)
            .filter(|j| matches!(constraint(&j.join_operator), Some((JoinConstraint::On(_), _))))
            .count();
        // Where joins are nested without parentheses, conditions do not stand in the order of the joins: then none is used to place anything.
        let mut places = if conditions.len() == expected { conditions } else { Vec::new() }.into_iter();
        for item in list {
            self.item(item, level, &mut places)?;
        }
        Ok(())
    }

    /// One item of a FROM list: a relation and what is joined to it, from the left.
    fn item(
        &mut self,
        item: &TableWithJoins,
        level: usize,
        places: &mut impl Iterator<Item = Range<usize>>,
    ) -> Result<(), Refusal> {
        let TableWithJoins { relation, joins } = item;
        let left = self.references.len();
        let (entries, merges) = self.levels.last().map_or((0, 0), |l| (l.entries.len(), l.merges));
        self.factor(relation, level)?;
        let mut left_side = Side::from(entries, merges);
        for join in joins {
            let Join { relation, global, join_operator } = join;
            self.demand(!global, "a GLOBAL join")?;
            let (constraint, nullable) = constraint(join_operator).ok_or_else(|| self.construct("this kind of join", None))?;
            let right = self.references.len();
            let (right_entries, right_merges) = self.levels.last().map_or((0, 0), |l| (l.entries.len(), l.merges));
            let left_merged = self.levels.last().map_or_else(AHashMap::new, |l| l.merged.clone());
            self.factor(relation, level)?;
            let merged = self.levels.last().map_or(0, |l| l.merges);
            let mut right_side = Side::from(right_entries, right_merges);
            self.part(&mut right_side, left_merged);
            let place = match constraint {
                JoinConstraint::On(condition) => {
                    let place = places.next();
                    let seen = self.see(Seen { entry: entries, merged: left_side.merges });
                    self.condition_expression(condition)?;
                    self.condition(condition, None, "a join condition");
                    self.see(seen);
                    place
                }
                JoinConstraint::Using(columns) => {
                    self.fill(&mut left_side, &mut right_side);
                    for column in columns {
                        let parts = self.parts(column)?;
                        self.demand(parts.len() == 1, "a qualified name in USING")?;
                        let name = parts.first().map(|p| p.value.clone()).unwrap_or_default();
                        self.merged_column(&name, &left_side, &right_side);
                    }
                    self.join_alias(columns)?;
                    None
                }
                JoinConstraint::Natural => {
                    self.fill(&mut left_side, &mut right_side);
                    self.natural(&left_side, &right_side);
                    None
                }
                JoinConstraint::None => None,
            };
            self.unsettle(&right_side);
            let placement = place.map_or(Placement::Derived, Placement::On);
            match nullable {
                Nullable::Neither => {}
                Nullable::Right => {
                    self.move_predicates(level, right..usize::MAX, &placement);
                    self.make_nullable(right_entries..usize::MAX, merged);
                }
                Nullable::Left => {
                    self.move_predicates(level, left..right, &placement);
                    self.make_nullable(entries..right_entries, merged);
                }
                Nullable::Both => {
                    self.move_predicates(level, left..usize::MAX, &Placement::Derived);
                    self.make_nullable(entries..usize::MAX, merged);
                }
            }
        }
        Ok(())
    }

    /// These relations of the level may stand for a row of NULLs, which has no tenant: their tenant columns are no longer the own value for
    /// certain, nor are the columns that joins before this one merged, on whichever side they are.
    fn make_nullable(&mut self, entries: Range<usize>, merged: usize) {
        let Some(level) = self.levels.last_mut() else { return };
        let end = entries.end.min(level.entries.len());
        level.entries.get_mut(entries.start..end).unwrap_or_default().iter_mut().for_each(|e| e.columns.make_nullable());
        level.merged.values_mut().filter(|m| m.number < merged).for_each(|m| m.own = nullable(m.own));
    }

    /// The predicates of these references can no longer go to WHERE. Those that found an inner condition already stay there.
    /// Those of sub-selects are on a level of their own and stay.
    pub(super) fn move_predicates(&mut self, level: usize, references: Range<usize>, placement: &Placement) {
        let end = references.end.min(self.references.len());
        for reference in self.references.get_mut(references.start..end).unwrap_or_default() {
            if reference.level == level && reference.placement == Placement::Where {
                reference.placement = placement.clone();
            }
        }
    }

    /// The alias of a USING list puts the merged columns in sight under a name of their own.
    fn join_alias(&mut self, columns: &[ObjectName]) -> Result<(), Refusal> {
        let names = self.column_names(columns)?;
        let Some(last) = names.last() else { return Ok(()) };
        let close = self.token_of(last)?.saturating_add(1);
        let alias = crate::sql::using_alias(self.tokens, close, self.range.end).filter(|_| self.tokens.is_char(close, b')'));
        if let Some(alias) = alias {
            let columns: Vec<&str> = names.iter().map(|n| n.value.as_str()).collect();
            let alias = self.tokens.value(alias).into_owned();
            self.enter(Entry { alias, columns: Columns::named(&columns), reference: None, base: false, system: false, key: &[] });
        }
        Ok(())
    }

    /// From where on the names of this level are seen; gives what was so before.
    fn see(&mut self, seen: Seen) -> Seen {
        self.levels.last_mut().map(|level| std::mem::replace(&mut level.seen, seen)).unwrap_or_default()
    }

    /// Keeps apart what the right side of a join has merged on its own: it is not the left side's column of that name.
    fn part(&mut self, right: &mut Side, left: AHashMap<String, Merged>) {
        let Some(level) = self.levels.last_mut() else { return };
        if level.merges == right.merges {
            return;
        }
        right.merged = level.merged.iter().filter(|(_, m)| m.number >= right.merges).map(|(n, m)| (n.clone(), *m)).collect();
        level.merged.extend(left);
    }

    /// Where both sides of a join have merged a column of one name, and the join did not merge the two, the name alone means neither.
    fn unsettle(&mut self, right: &Side) {
        let Some(level) = self.levels.last_mut() else { return };
        for name in right.merged.keys() {
            let Some(merged) = level.merged.get_mut(name).filter(|m| m.number < right.merges) else { continue };
            *merged = Merged { number: merged.number, ..Merged::default() };
        }
    }

    /// Brings both sides of a join by columns up to date: the left one up to where the right one begins.
    fn fill(&self, left: &mut Side, right: &mut Side) {
        let entries = self.levels.last().map(|l| l.entries.as_slice()).unwrap_or_default();
        left.extend(entries, right.next);
        right.extend(entries, entries.len());
    }

    /// A column that USING merges is compared: safe when both sides are known and of one family. What it then means is neither side's column.
    fn merged_column(&mut self, name: &str, left: &Side, right: &Side) {
        let Some(level) = self.levels.last_mut() else { return };
        let before = level.merged.get(name).copied().filter(|m| m.number >= left.merges && m.number < right.merges);
        let left = before.unwrap_or_else(|| left.column(&level.entries, name));
        let right = right.merged.get(name).copied().unwrap_or_else(|| right.column(&level.entries, name));
        let safe = matches!((left.family, right.family), (Some(a), Some(b)) if comparable(a, b));
        let common = matches!((left.family, right.family), (Some(a), Some(b)) if is_common(a, b));
        let family = left.family.filter(|f| Some(*f) == right.family && common);
        let own = left.own.filter(|o| Some(*o) == right.own);
        level.merged.insert(name.to_owned(), Merged { number: level.merges, family, own });
        level.merges = level.merges.saturating_add(1);
        if !safe {
            self.not_safe("a join USING columns");
        }
        if !common {
            // Of an outer join's two columns one is made, of one type.
            self.may_fail("a join USING columns of several types");
        }
    }

    fn natural(&mut self, left: &Side, right: &Side) {
        self.rows_of_level();
        if left.unknown || right.unknown {
            if let Some(level) = self.levels.last_mut() {
                level.merged_unknown = true;
            }
            self.not_safe("a NATURAL join");
            return;
        }
        for name in right.names.keys().filter(|n| left.names.contains_key(*n)) {
            self.merged_column(name, left, right);
        }
    }

    /// One relation of a FROM list.
    pub(super) fn factor(&mut self, factor: &TableFactor, level: usize) -> Result<(), Refusal> {
        match factor {
            TableFactor::Table {
                name,
                alias,
                args,
                with_hints,
                version,
                with_ordinality,
                partitions,
                json_path,
                sample,
                index_hints,
            } => {
                self.demand(
                    with_hints.is_empty()
                        && version.is_none()
                        && partitions.is_empty()
                        && json_path.is_none()
                        && index_hints.is_empty(),
                    "this option of a relation",
                )?;
                match args {
                    Some(TableFunctionArgs { args, settings }) => {
                        self.demand(settings.is_none() && sample.is_none(), "this option of a function in FROM")?;
                        self.function_relation(name, args, *with_ordinality, alias.as_ref())
                    }
                    None => {
                        self.demand(!with_ordinality, "WITH ORDINALITY on a relation")?;
                        self.relation_reference(name, alias.as_ref(), level)?;
                        sample.iter().try_for_each(|sample| self.sample(name, sample))
                    }
                }
            }
            TableFactor::Function { lateral: _, name, args, with_ordinality, alias } => {
                self.function_relation(name, args, *with_ordinality, alias.as_ref())
            }
            TableFactor::Derived { lateral, subquery, alias, sample } => {
                self.demand(sample.is_none(), "TABLESAMPLE on a sub-select")?;
                let columns = self.derived(*lateral, subquery)?;
                self.name_relation(alias.as_ref(), columns)
            }
            TableFactor::UNNEST { alias, array_exprs, with_offset, with_offset_alias, with_ordinality } => {
                self.demand(!with_offset && with_offset_alias.is_none(), "UNNEST WITH OFFSET")?;
                self.expressions(array_exprs)?;
                self.name_elements(array_exprs, *with_ordinality, alias.as_ref())
            }
            TableFactor::NestedJoin { table_with_joins, alias } => {
                let first = self.references.len();
                let outside = self.levels.last().map(|l| (l.entries.len(), l.merges, l.merged.clone(), l.merged_unknown));
                self.item(table_with_joins, level, &mut std::iter::empty())?;
                if let Some(alias) = alias {
                    // The alias hides the names inside: no predicate beside it can name them.
                    self.alias_names(alias)?;
                    self.move_predicates(level, first..usize::MAX, &Placement::Derived);
                    // Nor is it known which columns are whose: a system column would be one of them.
                    self.references.iter_mut().skip(first).for_each(|r| r.row = true);
                    let columns = self.levels.last_mut().zip(outside).map(|(level, (entries, merges, merged, unknown))| {
                        let merges = level.merges > merges || level.merged_unknown;
                        (level.merged, level.merged_unknown) = (merged, unknown);
                        joined(level.entries.drain(entries..), merges)
                    });
                    let columns = columns.unwrap_or(Columns::Unknown);
                    self.name_relation(Some(alias), columns)?;
                }
                Ok(())
            }
            TableFactor::TableFunction { expr: _, alias: _ } => Err(self.construct("TABLE(...) in FROM", None)),
            TableFactor::JsonTable { json_expr: _, json_path: _, columns: _, alias: _ } => {
                Err(self.construct("JSON_TABLE", None))
            }
            TableFactor::OpenJsonTable { json_expr: _, json_path: _, columns: _, alias: _ } => {
                Err(self.construct("OPENJSON", None))
            }
            TableFactor::Pivot { .. } => Err(self.construct("PIVOT", None)),
            TableFactor::Unpivot { .. } => Err(self.construct("UNPIVOT", None)),
            TableFactor::UnpivotExpr { .. } => Err(self.construct("UNPIVOT", None)),
            TableFactor::MatchRecognize { .. } => Err(self.construct("MATCH_RECOGNIZE", None)),
            TableFactor::XmlTable { .. } => Err(self.construct("XMLTABLE", None)),
            TableFactor::SemanticView { .. } => Err(self.construct("SEMANTIC_VIEW", None)),
        }
    }

    /// A sub-select in FROM. Without LATERAL it does not see its siblings.
    fn derived(&mut self, lateral: bool, subquery: &sqlparser::ast::Query) -> Result<Columns, Refusal> {
        if let Some(level) = self.levels.last_mut() {
            level.closed = !lateral;
        }
        let columns = self.query(subquery);
        if let Some(level) = self.levels.last_mut() {
            level.closed = false;
        }
        columns
    }

    fn name_relation(&mut self, alias: Option<&TableAlias>, columns: Columns) -> Result<(), Refusal> {
        let (name, columns) = match alias {
            Some(alias) => {
                let names = self.alias_names(alias)?;
                (alias.name.value.clone(), columns.renamed(&names))
            }
            None => (String::new(), columns),
        };
        self.enter(Entry { alias: name, columns, reference: None, base: false, system: false, key: &[] });
        Ok(())
    }

    /// The column names of an alias; their types, where given, must be allowed.
    pub(super) fn alias_names(&self, alias: &TableAlias) -> Result<Vec<String>, Refusal> {
        let TableAlias { explicit: _, name, columns, at } = alias;
        self.demand(at.is_none(), "AT in an alias")?;
        let token = self.token_of(name)?;
        if self.tokens.keyword(token).is_some_and(|k| k.category() == crate::sql::Category::Reserved) {
            return Err(self.syntax_error(token));
        }
        columns
            .iter()
            .map(|column| {
                if let Some(data_type) = &column.data_type {
                    self.data_type(data_type)?;
                }
                Ok(column.name.value.clone())
            })
            .collect()
    }

    /// A relation, view or CTE by name.
    fn relation_reference(&mut self, name: &ObjectName, alias: Option<&TableAlias>, level: usize) -> Result<(), Refusal> {
        let (schema, relation_name, tokens) = self.relation_name(name)?;
        let names = alias.map(|a| self.alias_names(a)).transpose()?.unwrap_or_default();
        let alias_name = alias.map(|a| a.name.value.clone());
        if let Some(cte) = self.cte(schema, relation_name) {
            let (columns, fallible) = (cte.columns.clone().renamed(&names), cte.fallible);
            if fallible {
                self.may_fail("a common table expression");
            }
            self.enter(Entry {
                alias: alias_name.unwrap_or_else(|| relation_name.to_owned()),
                columns,
                reference: None,
                base: false,
                system: false,
                key: &[],
            });
            return Ok(());
        }
        if let Some(system) = self.system_schema(schema, relation_name) {
            return self.system_reference(system, relation_name, &tokens, alias_name.as_deref(), &names);
        }
        let (relation, access) = self.relation(schema, relation_name, tokens.start)?;
        let (only, around) = self.around_name(&tokens);
        let shown = self.shown_columns(relation);
        let (what, columns, base) = match access {
            Access::Scoped { column: _, slot: _ } | Access::Through(_) => {
                let filter = self.filter(relation, access, tokens.start)?;
                let columns = self.columns_of(relation, Some(&filter));
                (Referred::Filtered(filter), columns, shown.is_none())
            }
            Access::View => {
                let (pieces, columns) = self.view(relation, tokens.start)?;
                (Referred::View(pieces), self.without_hidden(relation, columns), false)
            }
            Access::Shared => {
                let only_word = if only { "ONLY " } else { "" };
                let mut text = format!("{only_word}{}", super::walk::quoted(relation));
                if let Some(shown) = &shown {
                    let named = if alias.is_none() { format!(" AS {}", quote_ident(&relation.name)) } else { String::new() };
                    text = format!("(SELECT {shown} FROM {text}){named}");
                }
                self.replace(around, vec![Piece::Text(text)]);
                let columns = self.columns_of(relation, None).renamed(&names);
                self.shared = true;
                self.enter(Entry {
                    alias: alias_name.unwrap_or_else(|| relation.name.clone()),
                    columns,
                    reference: None,
                    base: shown.is_none(),
                    system: true,
                    key: &[],
                });
                return Ok(());
            }
            Access::Hidden | Access::Refused(_) => return Err(self.construct("this relation", Some(tokens.start))),
        };
        let (reference, system) = (self.references.len(), matches!(what, Referred::Filtered(_)));
        self.references.push(Reference {
            relation,
            what,
            name: around,
            only,
            alias: alias_name.clone(),
            column_aliases: !names.is_empty(),
            placement: Placement::Where,
            level,
            whole_row: false,
            row: false,
            system: std::collections::BTreeSet::new(),
            copies: Vec::new(),
            sample: None,
            shown,
            gated: false,
        });
        let columns = columns.renamed(&names);
        self.enter(Entry {
            alias: alias_name.unwrap_or_else(|| relation.name.clone()),
            columns,
            reference: Some(reference),
            base,
            system,
            key: &[],
        });
        Ok(())
    }

    /// A view's definition, enforced by itself: its pieces and columns. Views that stand on views are expanded in turn.
    pub(super) fn view(&mut self, relation: &Relation, at: usize) -> Result<(Vec<Piece>, Columns), Refusal> {
        let cannot = |what: &str| {
            Refusal::new(
                SqlState::FEATURE_NOT_SUPPORTED,
                Rule::Relation,
                format!("permission denied for view {}: {what}", relation.name),
            )
            .with_hint("Ask the operator to simplify the view or to declare it: `pgmoat check` says why.")
            .about(relation.qualified())
        };
        let position = self.position(at);
        let extension = self.ground.catalog.extension_views.get(&relation.oid);
        if extension.is_some_and(|e| extension_empty_view(e, &relation.name)) {
            self.notes.push(format!("view {}: without a row, its figures are of all tenants", relation.name));
            return Ok((vec![Piece::Text(no_rows(relation))], self.columns_of(relation, None)));
        }
        let views = self.ground.views.checked_sub(1).ok_or_else(|| cannot("views are nested too deeply").at(position))?;
        let definition = relation.definition.as_deref().filter(|_| relation.kind == RelationKind::View);
        let definition = definition.ok_or_else(|| cannot("its definition is not known").at(position))?;
        // What stands in it may be hidden from the client.
        let inner = |refusal: Refusal| {
            cannot(if self.ground.frank { &refusal.message } else { "its definition cannot be confined" }).at(position)
        };
        let bounds = crate::sql::Bounds::default();
        let tokens = Tokens::lex(definition, &bounds).map_err(inner)?;
        let statements = split(&tokens);
        let [range] = statements.as_slice() else { return Err(cannot("its definition is not one statement").at(position)) };
        let statement = parse(&tokens, range.clone(), &bounds).map_err(inner)?;
        let ground = super::walk::Ground { declared: &[], views, conditions: self.conditions, answers: false, ..self.ground };
        // Planned with the fence that this statement has; an unsafe condition inside fences the whole statement.
        let planned = super::walk::plan_view(ground, &tokens, range.clone(), &statement).map_err(inner)?;
        self.reads_statistics |= planned.reads_statistics;
        self.estimated |= planned.estimated;
        self.ever_fallible |= planned.fallible;
        self.has_paths |= planned.has_paths;
        self.shared |= planned.shared;
        self.locking |= planned.locking;
        self.lazy |= planned.lazy;
        self.sampled |= planned.sampled;
        if self.names_hidden(&tokens, &planned.plan.relations) {
            return Err(cannot("its definition cannot be confined").at(position));
        }
        if let Some(reason) = planned.unsafe_condition {
            self.not_safe(format!("view {}: {reason}", relation.name));
        }
        for name in planned.plan.relations.iter().filter(|n| !self.relations.contains(n)).cloned().collect::<Vec<_>>() {
            self.relations.push(name);
        }
        self.notes.extend(planned.plan.notes.iter().map(|n| format!("view {}: {n}", relation.name)));
        let columns = match planned.columns {
            Columns::Known(columns) => {
                let named = relation.columns.iter().zip(columns);
                Columns::Known(named.map(|(c, out)| OutColumn { name: c.name.clone(), ..out }).collect())
            }
            Columns::Unknown | Columns::Partial(_) => Columns::Known(
                relation.columns.iter().map(|c| OutColumn { name: c.name.clone(), family: None, own: None }).collect(),
            ),
        };
        Ok((planned.plan.render(&tokens, range.clone()).embed(&tokens), columns))
    }

    /// The tokens of an identifier list, for the callers that name columns.
    pub(super) fn column_names<'n>(&self, names: &'n [ObjectName]) -> Result<Vec<&'n Ident>, Refusal> {
        names
            .iter()
            .map(|name| match self.parts(name)?.as_slice() {
                [column] => Ok(*column),
                [] | [_, _, ..] => Err(self.construct("a qualified or composite column name here", None)),
            })
            .collect()
    }

    /// Walks several expressions.
    pub(super) fn expressions(&mut self, expressions: &[Expr]) -> Result<(), Refusal> {
        expressions.iter().try_for_each(|e| self.expression(e))
    }
}

/// A query that has a relation's columns and no row, and does not name it.
fn no_rows(relation: &Relation) -> String {
    let column = |c: &crate::catalog::Column| format!("NULL::{} AS {}", c.formatted_type, quote_ident(&c.name));
    let columns: Vec<String> = relation.columns.iter().map(column).collect();
    format!("SELECT {} WHERE false", columns.join(", "))
}

/// The columns of a join that has an alias: those of its sides in order, of which only the names are known. Where some are merged, they
/// stand elsewhere, and once.
fn joined(sides: impl Iterator<Item = Entry>, merged: bool) -> Columns {
    let mut known = !merged;
    let mut names = Vec::new();
    for side in sides {
        known &= matches!(side.columns, Columns::Known(_));
        names.extend(side.columns.without_families().into_vec());
    }
    if known { Columns::Known(names) } else { Columns::Partial(names) }
}

/// A join's constraint and nullable sides; `None` for the kinds that PostgreSQL does not have.
fn constraint(operator: &JoinOperator) -> Option<(&JoinConstraint, Nullable)> {
    match operator {
        JoinOperator::Join(c) | JoinOperator::Inner(c) | JoinOperator::CrossJoin(c) => Some((c, Nullable::Neither)),
        JoinOperator::Left(c) | JoinOperator::LeftOuter(c) => Some((c, Nullable::Right)),
        JoinOperator::Right(c) | JoinOperator::RightOuter(c) => Some((c, Nullable::Left)),
        JoinOperator::FullOuter(c) => Some((c, Nullable::Both)),
        JoinOperator::Semi(_)
        | JoinOperator::LeftSemi(_)
        | JoinOperator::RightSemi(_)
        | JoinOperator::Anti(_)
        | JoinOperator::LeftAnti(_)
        | JoinOperator::RightAnti(_)
        | JoinOperator::CrossApply
        | JoinOperator::OuterApply
        | JoinOperator::AsOf { match_condition: _, constraint: _ }
        | JoinOperator::StraightJoin(_)
        | JoinOperator::ArrayJoin
        | JoinOperator::LeftArrayJoin
        | JoinOperator::InnerArrayJoin => None,
    }
}
