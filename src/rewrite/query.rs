//! Queries: WITH, set operations, SELECT, VALUES and the clauses around them. Every struct is taken apart whole: what is not PostgreSQL's is refused.
//! It does not look at FROM lists (`from`) nor into expressions (`expression`).

use super::clauses::{self, Clauses};
use super::plan::Piece;
use super::scope::{Columns, Cte, Level, OutColumn};
use super::walk::{Referred, Walk};
use crate::error::{Refusal, Rule, SqlState};
use crate::policy::allowed::Family;
use crate::sql::Keyword;
use ahash::AHashSet;
use sqlparser::ast::{
    Distinct, Expr, Fetch, GroupByExpr, GroupByWithModifier, Interpolate, LimitClause, LockClause, NamedWindowDefinition,
    NamedWindowExpr, Offset, OrderBy, OrderByExpr, OrderByKind, OrderByOptions, Parens, Query, Select, SelectFlavor, SelectItem,
    SelectItemQualifiedWildcardKind, SetExpr, SetOperator, SetQuantifier, Values, WildcardAdditionalOptions, With,
};

/// How many columns a query yields at most (PostgreSQL's `MaxTupleAttributeNumber`).
const TARGETS: usize = 1664;

/// What a query yields.
struct Yield {
    columns: Columns,
    /// Never more than one row.
    single: bool,
}

impl Walk<'_, '_> {
    /// Walks a query and tells its columns.
    pub(super) fn query(&mut self, query: &Query) -> Result<Columns, Refusal> {
        let Query { with, body, order_by, limit_clause, fetch, locks, for_clause, settings, format_clause, pipe_operators } =
            query;
        self.demand(
            for_clause.is_none() && settings.is_none() && format_clause.is_none() && pipe_operators.is_empty(),
            "this clause of a query",
        )?;
        let visible = self.ctes.len();
        let around = std::mem::take(&mut self.reached);
        let depth = self.levels.len();
        if let Some(with) = with {
            self.with(with)?;
        }
        let yielded = self.set_expression(body)?;
        // ORDER BY, LIMIT and locking see the level of the query they follow; names there are resolved by the server.
        if let Some(order_by) = order_by {
            self.order_by(order_by)?;
        }
        let one = self.limit(limit_clause.as_ref())? | self.fetch(fetch.as_ref())?;
        for lock in locks {
            self.lock(lock)?;
        }
        if let (SetExpr::Select(select), false) = (body.as_ref(), locks.is_empty()) {
            // PostgreSQL moves conditions into a sub-select unless it has a LIMIT (`subquery_is_pushdown_safe`).
            let unseen = (self.lone && self.levels.len() == 1) || limit_clause.is_some() || fetch.is_some();
            self.gate_locked(select.selection.as_ref(), unseen);
        }
        self.leave();
        self.ctes.truncate(visible);
        let Yield { columns, single } = yielded;
        self.remember(query, columns.clone(), single || one);
        self.reached.retain(|level| *level < depth);
        self.reached.extend(around);
        Ok(columns)
    }

    /// CTEs: each sees the ones before it; with RECURSIVE all of them see all.
    fn with(&mut self, with: &With) -> Result<(), Refusal> {
        let With { with_token: _, recursive, cte_tables } = with;
        let first = self.ctes.len();
        self.within = self.within.saturating_add(1);
        if *recursive {
            for cte in cte_tables {
                let columns = first_labels(&cte.query).renamed(&self.alias_names(&cte.alias)?);
                self.ctes.push(Cte { name: cte.alias.name.value.clone(), columns, fallible: true });
            }
        }
        for (i, cte) in cte_tables.iter().enumerate() {
            let sqlparser::ast::Cte { alias, query, from, materialized: _, closing_paren_token } = cte;
            self.demand(from.is_none(), "FROM in a common table expression")?;
            // A CTE's body sees no relation of the levels around the query that declares it but the outer ones, which stay as they are.
            let outside = std::mem::take(&mut self.fallible);
            let columns = self.query(query)?;
            let fallible = std::mem::replace(&mut self.fallible, outside);
            let names = self.alias_names(alias)?;
            let added = crate::sql::recursion_columns(self.tokens, self.attached(closing_paren_token)?, self.range.end);
            match self.ctes.get_mut(first.saturating_add(i)).filter(|_| *recursive) {
                // The columns of a recursive query are those of its first term, but a family may change by the union: leave it open.
                Some(declared) => {
                    declared.columns = columns.renamed(&names).without_families().with_more(&added);
                    declared.fallible = fallible || !added.is_empty();
                }
                None => {
                    self.demand(added.is_empty(), "SEARCH or CYCLE without RECURSIVE")?;
                    self.ctes.push(Cte { name: alias.name.value.clone(), columns: columns.renamed(&names), fallible });
                }
            }
        }
        self.within = self.within.saturating_sub(1);
        Ok(())
    }

    /// A query's body. It leaves its level on the stack for ORDER BY, which its caller pops.
    fn set_expression(&mut self, body: &SetExpr) -> Result<Yield, Refusal> {
        match body {
            SetExpr::Select(select) => self.select(select),
            SetExpr::Query(query) => {
                let columns = self.query(query)?;
                self.levels.push(Level::default());
                let single = self.selects.get(&super::walk::address(query)).is_some_and(|s| s.single);
                Ok(Yield { columns, single })
            }
            SetExpr::SetOperation { left, op, set_quantifier, right } => {
                match op {
                    SetOperator::Union | SetOperator::Except | SetOperator::Intersect => {}
                    SetOperator::Minus => return Err(self.construct("MINUS", None)),
                }
                match set_quantifier {
                    SetQuantifier::All | SetQuantifier::Distinct | SetQuantifier::None => {}
                    SetQuantifier::ByName | SetQuantifier::AllByName | SetQuantifier::DistinctByName => {
                        return Err(self.construct("a set operation BY NAME", None));
                    }
                }
                let left = self.set_expression(left)?;
                self.leave();
                let right = self.set_expression(right)?;
                self.leave();
                self.levels.push(Level::default());
                if !alike(&left.columns, &right.columns) {
                    self.may_fail("a set operation on values of several types");
                }
                Ok(Yield { columns: united(left.columns, &right.columns), single: false })
            }
            SetExpr::Values(values) => self.values(values),
            SetExpr::Insert(statement) | SetExpr::Update(statement) | SetExpr::Delete(statement) | SetExpr::Merge(statement) => {
                let columns = self.statement(statement)?;
                self.levels.push(Level::default());
                Ok(Yield { columns, single: false })
            }
            SetExpr::Table(_) => Err(self.construct("TABLE in this place", None)),
        }
    }

    fn values(&mut self, values: &Values) -> Result<Yield, Refusal> {
        let Values { explicit_row, value_keyword, rows } = values;
        self.demand(!explicit_row && !value_keyword, "this form of VALUES")?;
        self.levels.push(Level::default());
        let mut columns: Option<Vec<OutColumn>> = None;
        // Of the values that are no literals, which get their type when the statement is analysed.
        let mut families: Vec<Option<Family>> = Vec::new();
        let mut alike = true;
        for Parens { opening_token: _, content, closing_token: _ } in rows {
            let mut row = Vec::with_capacity(content.len());
            for (i, value) in content.iter().enumerate() {
                self.expression(value)?;
                self.in_condition(value, "a value");
                let family = self.family(value).filter(|family| *family != Family::Constant);
                match families.get_mut(i) {
                    None => families.push(family),
                    Some(before) => {
                        alike &= before.zip(family).is_none_or(|(a, b)| is_common(a, b));
                        // Of several the type is the widest one's: an int fits into a numeric and a float, but not one of them into the other.
                        *before = if *before == Some(Family::Int) { family.or(*before) } else { before.or(family) };
                    }
                }
                row.push(OutColumn { name: format!("column{}", i.saturating_add(1)), family: self.settled(value), own: None });
            }
            columns = Some(match columns.take() {
                None => row,
                Some(before) => before.into_iter().zip(row).map(|(a, b)| merged(a, &b)).collect(),
            });
        }
        if !alike {
            self.may_fail("VALUES of several types");
        }
        Ok(Yield { columns: columns.map_or(Columns::Unknown, Columns::Known), single: rows.len() == 1 })
    }

    fn select(&mut self, select: &Select) -> Result<Yield, Refusal> {
        let Select {
            select_token,
            optimizer_hints,
            distinct,
            select_modifiers,
            top,
            top_before_distinct: _,
            projection,
            exclude,
            into,
            from,
            lateral_views,
            prewhere,
            selection,
            connect_by,
            group_by,
            cluster_by,
            distribute_by,
            sort_by,
            having,
            named_window,
            qualify,
            window_before_qualify: _,
            value_table_mode,
            flavor,
        } = select;
        self.demand(into.is_none(), "SELECT INTO")?;
        self.demand(
            optimizer_hints.is_empty()
                && select_modifiers.is_none()
                && top.is_none()
                && exclude.is_none()
                && lateral_views.is_empty()
                && prewhere.is_none()
                && connect_by.is_empty()
                && cluster_by.is_empty()
                && distribute_by.is_empty()
                && sort_by.is_empty()
                && qualify.is_none()
                && value_table_mode.is_none()
                && *flavor == SelectFlavor::Standard,
            "this clause of SELECT",
        )?;
        let start = self.attached(select_token)?;
        let clauses = self.select_clauses(start, !from.is_empty(), selection.is_some())?;
        let level = self.clauses.len();
        self.clauses.push(clauses.clone());
        self.levels.push(Level::default());
        self.from(from, level)?;
        if let Some(condition) = selection {
            self.condition_expression(condition)?;
            self.condition(condition, clauses.condition.clone(), "a condition in WHERE");
        }
        self.distinct(distinct.as_ref())?;
        self.group_by(group_by)?;
        self.grouped(clauses.condition.as_ref().map_or(clauses.from_end, |c| c.end), group_by, projection);
        if let Some(condition) = having {
            self.condition_expression(condition)?;
            self.having(condition);
            if clauses.condition.as_ref().is_some_and(|tokens| super::conjunct::has_select(self.tokens, tokens)) {
                self.beside_groups(condition);
            }
            self.in_condition(condition, "HAVING");
        }
        for window in named_window {
            self.named_window(window)?;
            self.may_fail("a window");
        }
        let mut columns = self.projection(projection)?;
        if self.lone && start == self.range.start && self.levels.len() == 1 {
            self.show_functions(projection)?;
        }
        if has_grouping_sets(group_by) {
            columns.make_nullable();
        }
        let aggregated = !projection.is_empty()
            && having.is_none()
            && *group_by == GroupByExpr::Expressions(Vec::new(), Vec::new())
            && projection.iter().all(|item| matches!(item, SelectItem::UnnamedExpr(e) | SelectItem::ExprWithAlias { expr: e, alias: _ } if self.is_aggregate(e)));
        let single = aggregated
            || (from.is_empty() && projection.iter().all(|item| matches!(item, SelectItem::UnnamedExpr(Expr::Value(_)))));
        Ok(Yield { columns, single })
    }

    /// Finds the clauses of a SELECT and holds them against the tree: if the two disagree, the text was not understood.
    fn select_clauses(&mut self, start: usize, has_from: bool, has_where: bool) -> Result<Clauses, Refusal> {
        if self.tokens.keyword(start) == Some(Keyword::Table) {
            // `TABLE t` is `SELECT * FROM t` (PostgreSQL manual, SELECT: TABLE Command).
            self.replace(start..start.saturating_add(1), vec![Piece::Text("SELECT * FROM".to_owned())]);
            let found = clauses::find(self.tokens, start, self.range.end, Keyword::From);
            return Ok(Clauses { from: Some(start), list_end: start, ..found });
        }
        self.demand(self.tokens.keyword(start) == Some(Keyword::Select), "this form of SELECT")?;
        let found = clauses::find(self.tokens, start, self.range.end, Keyword::From);
        self.demand(found.from.is_some() == has_from && found.condition.is_some() == has_where, "the layout of this SELECT")?;
        Ok(found)
    }

    /// The token of a keyword that the tree remembers.
    pub(super) fn attached(&self, token: &sqlparser::ast::helpers::attached_token::AttachedToken) -> Result<usize, Refusal> {
        let place = token.0.span.start;
        let index = usize::try_from(place.column).ok().filter(|i| place.line == 1 && self.range.contains(i));
        index.ok_or_else(|| self.construct("a keyword in this place", None))
    }

    fn distinct(&mut self, distinct: Option<&Distinct>) -> Result<(), Refusal> {
        match distinct {
            None | Some(Distinct::All | Distinct::Distinct) => Ok(()),
            Some(Distinct::On(expressions)) => {
                self.expressions(expressions)?;
                expressions.iter().for_each(|e| self.in_condition(e, "DISTINCT ON"));
                Ok(())
            }
        }
    }

    fn group_by(&mut self, group_by: &GroupByExpr) -> Result<(), Refusal> {
        match group_by {
            GroupByExpr::All(_) => Err(self.construct("GROUP BY ALL", None)),
            GroupByExpr::Expressions(expressions, modifiers) => {
                for modifier in modifiers {
                    match modifier {
                        GroupByWithModifier::GroupingSets(e) => self.expression(e)?,
                        GroupByWithModifier::Rollup | GroupByWithModifier::Cube | GroupByWithModifier::Totals => {
                            return Err(self.construct("GROUP BY ... WITH", None));
                        }
                    }
                }
                self.expressions(expressions)?;
                expressions.iter().for_each(|e| self.in_condition(e, "GROUP BY"));
                Ok(())
            }
        }
    }

    fn named_window(&mut self, window: &NamedWindowDefinition) -> Result<(), Refusal> {
        let NamedWindowDefinition(_, definition) = window;
        match definition {
            NamedWindowExpr::NamedWindow(_) => Err(self.construct("a window that names a window", None)),
            NamedWindowExpr::WindowSpec(spec) => self.window(spec),
        }
    }

    /// The select list (or RETURNING list), and the columns that it yields.
    pub(super) fn projection(&mut self, projection: &[SelectItem]) -> Result<Columns, Refusal> {
        let mut columns = (!self.row_star).then(|| Vec::with_capacity(projection.len()));
        let mut some = Vec::new();
        for item in projection {
            match item {
                SelectItem::UnnamedExpr(expr) => {
                    self.named_by_call(expr);
                    self.expression(expr)?;
                    self.in_condition(expr, "a column");
                    let column = OutColumn { name: label(expr), family: self.settled(expr), own: self.shown(expr) };
                    some.push(OutColumn { family: None, own: None, ..column.clone() });
                    columns.iter_mut().for_each(|c| c.push(column.clone()));
                }
                SelectItem::ExprWithAlias { expr, alias } => {
                    self.expression(expr)?;
                    self.in_condition(expr, "a column");
                    let column = OutColumn { name: alias.value.clone(), family: self.settled(expr), own: self.shown(expr) };
                    some.push(OutColumn { family: None, own: None, ..column.clone() });
                    columns.iter_mut().for_each(|c| c.push(column.clone()));
                }
                SelectItem::ExprWithAliases { expr: _, aliases: _ } => {
                    return Err(self.construct("several names for one expression", None));
                }
                SelectItem::Wildcard(options) => {
                    self.wildcard(options)?;
                    self.star(None, self.attached(&options.wildcard_token)?)?;
                    let all = self.visible_columns(None);
                    if all.is_none() {
                        some.extend(self.seen_columns(None));
                    }
                    columns = columns.zip(all).map(|(mut c, more)| {
                        c.extend(more);
                        c
                    });
                }
                SelectItem::QualifiedWildcard(kind, options) => {
                    self.wildcard(options)?;
                    let more = match kind {
                        SelectItemQualifiedWildcardKind::ObjectName(name) => {
                            let parts = self.parts(name)?;
                            self.row_name(name)?;
                            self.star(Some(name), self.attached(&options.wildcard_token)?)?;
                            let alias = parts.last().map(|last| last.value.as_str());
                            some.extend(self.seen_columns(alias));
                            alias.and_then(|alias| self.visible_columns(Some(alias)))
                        }
                        SelectItemQualifiedWildcardKind::Expr(expr) => {
                            self.expression(expr)?;
                            None
                        }
                    };
                    columns = columns.zip(more).map(|(mut c, more)| {
                        c.extend(more);
                        c
                    });
                }
            }
        }
        // Each of a chain of queries that join the one before with itself has twice as many.
        if columns.as_ref().is_some_and(|c| c.len() > TARGETS) {
            let message = format!("target lists can have at most {TARGETS} entries");
            return Err(Refusal::new(SqlState::PROGRAM_LIMIT_EXCEEDED, Rule::Bounds, message));
        }
        let mut names = AHashSet::with_capacity(some.len());
        some.retain(|c| names.insert(c.name.clone()));
        Ok(match columns {
            Some(columns) => Columns::Known(columns),
            None if some.is_empty() => Columns::Unknown,
            None => Columns::Partial(some),
        })
    }

    fn wildcard(&self, options: &WildcardAdditionalOptions) -> Result<(), Refusal> {
        let WildcardAdditionalOptions {
            wildcard_token: _,
            opt_ilike,
            opt_exclude,
            opt_except,
            opt_replace,
            opt_rename,
            opt_alias,
        } = options;
        self.demand(
            opt_ilike.is_none()
                && opt_exclude.is_none()
                && opt_except.is_none()
                && opt_replace.is_none()
                && opt_rename.is_none()
                && opt_alias.is_none(),
            "an option of *",
        )
    }

    /// The names of columns that `*` or `alias.*` stands for, among others; what is in them is left open.
    fn seen_columns(&self, alias: Option<&str>) -> Vec<OutColumn> {
        let entries = self.levels.last().map(|l| l.entries.as_slice()).unwrap_or_default();
        let entries = entries.iter().filter(|e| alias.is_none_or(|a| e.alias == a));
        entries.flat_map(|e| e.columns.clone().without_families().into_vec()).collect()
    }

    /// The columns that `*` or `alias.*` stands for, if all are known. A USING or NATURAL join merges some, so then none are told.
    fn visible_columns(&self, alias: Option<&str>) -> Option<Vec<OutColumn>> {
        let level = self.levels.last()?;
        let mut all = Vec::new();
        for entry in level.entries.iter().filter(|e| alias.is_none_or(|a| e.alias == a)) {
            match &entry.columns {
                Columns::Unknown | Columns::Partial(_) => return None,
                Columns::Known(columns) => all.extend(columns.iter().cloned()),
            }
        }
        (!all.is_empty() && (alias.is_some() || level.entries.len() == 1)).then_some(all)
    }

    fn order_by(&mut self, order_by: &OrderBy) -> Result<(), Refusal> {
        let OrderBy { kind, interpolate } = order_by;
        match interpolate {
            None => {}
            Some(Interpolate { exprs: _ }) => return Err(self.construct("INTERPOLATE", None)),
        }
        match kind {
            OrderByKind::All(_) => Err(self.construct("ORDER BY ALL", None)),
            OrderByKind::Expressions(expressions) => self.ordering(expressions),
        }
    }

    /// A list of ORDER BY expressions, wherever it stands.
    pub(super) fn ordering(&mut self, expressions: &[OrderByExpr]) -> Result<(), Refusal> {
        for OrderByExpr { expr, options, with_fill } in expressions {
            let OrderByOptions { sort, nulls_first: _ } = options;
            self.demand(with_fill.is_none(), "WITH FILL")?;
            match sort {
                None | Some(sqlparser::ast::OrderBySort::Asc | sqlparser::ast::OrderBySort::Desc) => {}
                Some(sqlparser::ast::OrderBySort::Using(name)) => self.sort_operator(name)?,
            }
            self.expression(expr)?;
            self.in_condition(expr, "ORDER BY");
        }
        Ok(())
    }

    fn sort_operator(&self, name: &sqlparser::ast::ObjectName) -> Result<(), Refusal> {
        let parts = self.parts(name)?;
        let plain =
            parts.len() == 1 && parts.iter().all(|p| p.value == "<" || p.value == ">" || p.value == "<=" || p.value == ">=");
        self.demand(plain, "ORDER BY USING this operator")
    }

    /// LIMIT and OFFSET; tells whether at most one row is left.
    fn limit(&mut self, clause: Option<&LimitClause>) -> Result<bool, Refusal> {
        match clause {
            None => Ok(false),
            Some(LimitClause::OffsetCommaLimit { offset: _, limit: _ }) => Err(self.construct("LIMIT with a comma", None)),
            Some(LimitClause::LimitOffset { limit, offset, limit_by }) => {
                self.demand(limit_by.is_empty(), "LIMIT BY")?;
                if let Some(Offset { value, rows: _ }) = offset {
                    self.count(value)?;
                }
                match limit {
                    None => Ok(false),
                    Some(limit) => {
                        self.count(limit)?;
                        Ok(self.is_one(limit))
                    }
                }
            }
        }
    }

    fn fetch(&mut self, fetch: Option<&Fetch>) -> Result<bool, Refusal> {
        match fetch {
            None => Ok(false),
            Some(Fetch { with_ties, percent, quantity }) => {
                self.demand(!percent, "FETCH ... PERCENT")?;
                match quantity {
                    None => Ok(!with_ties),
                    Some(quantity) => {
                        self.count(quantity)?;
                        Ok(!with_ties && self.is_one(quantity))
                    }
                }
            }
        }
    }

    /// How many rows LIMIT or OFFSET says: anything but a plain number may be negative, which is an error.
    fn count(&mut self, expr: &Expr) -> Result<(), Refusal> {
        let plain = matches!(expr, Expr::Value(v) if matches!(v.value, sqlparser::ast::Value::Number(_, false) | sqlparser::ast::Value::Null));
        if !plain {
            self.may_fail("LIMIT or OFFSET");
        }
        self.expression(expr)
    }

    /// Whether this is the literal 1. It stands in a sub-select mostly; the plan then holds for this text only.
    fn is_one(&mut self, expr: &Expr) -> bool {
        let one = matches!(expr, Expr::Value(v) if matches!(&v.value, sqlparser::ast::Value::Number(n, false) if n == "1"));
        if one && self.levels.len() > 1 {
            self.literal_dependent = true;
        }
        one
    }

    /// FOR UPDATE and its like. A lock on a shared row would hold up other tenants' writes that refer to it.
    fn lock(&mut self, lock: &LockClause) -> Result<(), Refusal> {
        let LockClause { lock_type: _, of, nonblock: _ } = lock;
        let own = match of {
            None => false,
            Some(of) => {
                let parts = self.parts(of)?;
                self.demand(parts.len() == 1, "a qualified name in FOR UPDATE OF")?;
                let rows = |r: usize| matches!(self.references.get(r).map(|r| &r.what), Some(Referred::Filtered(_)));
                let named = |e: &super::scope::Entry| parts.iter().any(|p| p.value == e.alias) && e.reference.is_some_and(rows);
                self.levels.last().is_some_and(|l| l.entries.iter().any(named))
            }
        };
        self.locks |= !own;
        self.locking = true;
        // Whether it runs would be seen: by the lock, by waiting for it, or by NOWAIT.
        self.fallible = true;
        if self.conditions > 0 {
            self.not_safe("FOR UPDATE or its like of a sub-select in a condition");
        }
        Ok(())
    }
}

/// Whether a column may be NULL in a group's row because the group is not by it.
pub(super) fn has_grouping_sets(group_by: &GroupByExpr) -> bool {
    match group_by {
        GroupByExpr::All(_) => true,
        GroupByExpr::Expressions(expressions, modifiers) => {
            let sets = |e: &Expr| matches!(e, Expr::GroupingSets(_) | Expr::Cube(_) | Expr::Rollup(_));
            !modifiers.is_empty() || expressions.iter().any(sets)
        }
    }
}

/// The names of a recursive query's columns, as far as its first term tells them by itself.
fn first_labels(query: &Query) -> Columns {
    let mut body = query.body.as_ref();
    while let SetExpr::SetOperation { left, op: _, set_quantifier: _, right: _ } = body {
        body = left;
    }
    let SetExpr::Select(select) = body else { return Columns::Unknown };
    let mut columns = Vec::with_capacity(select.projection.len());
    for item in &select.projection {
        let name = match item {
            SelectItem::UnnamedExpr(expr) => label(expr),
            SelectItem::ExprWithAlias { expr: _, alias } => alias.value.clone(),
            SelectItem::ExprWithAliases { expr: _, aliases: _ }
            | SelectItem::Wildcard(_)
            | SelectItem::QualifiedWildcard(_, _) => return Columns::Unknown,
        };
        columns.push(OutColumn { name, family: None, own: None });
    }
    Columns::Known(columns)
}

/// The columns of a set operation: the first one's names, a family where both agree.
fn united(left: Columns, right: &Columns) -> Columns {
    match (left, right) {
        (Columns::Known(left), Columns::Known(right)) if left.len() == right.len() => {
            Columns::Known(left.into_iter().zip(right).map(|(a, b)| merged(a, b)).collect())
        }
        (
            Columns::Known(_) | Columns::Partial(_) | Columns::Unknown,
            Columns::Known(_) | Columns::Partial(_) | Columns::Unknown,
        ) => Columns::Unknown,
    }
}

/// Whether PostgreSQL brings the columns of two queries together without a conversion that may fail.
fn alike(left: &Columns, right: &Columns) -> bool {
    match (left, right) {
        (Columns::Known(left), Columns::Known(right)) => {
            let common = |(a, b): (&OutColumn, &OutColumn)| a.family.zip(b.family).is_some_and(|(a, b)| is_common(a, b));
            left.len() == right.len() && left.iter().zip(right).all(common)
        }
        (
            Columns::Known(_) | Columns::Partial(_) | Columns::Unknown,
            Columns::Known(_) | Columns::Partial(_) | Columns::Unknown,
        ) => false,
    }
}

/// Whether values of two families have a common type that all of both fit into: a date may be no timestamp.
pub(super) fn is_common(a: Family, b: Family) -> bool {
    use Family::{Float, Int, Moment, Numeric};
    (a == b && a != Moment) || matches!((a, b), (Int, Numeric | Float) | (Numeric | Float, Int))
}

fn merged(a: OutColumn, b: &OutColumn) -> OutColumn {
    // A conversion between the two arms may raise an error unless they are of one family to begin with.
    let family = a.family.filter(|f| Some(*f) == b.family && is_common(*f, *f));
    OutColumn { name: a.name, family, own: a.own.filter(|s| Some(*s) == b.own) }
}

/// The name that PostgreSQL gives an unnamed column (`FigureColname` of `parse_target.c`); empty where that is not certain.
fn label(expr: &Expr) -> String {
    let fixed = match expr {
        Expr::Identifier(ident) => return ident.value.clone(),
        Expr::CompoundIdentifier(parts) => return parts.last().map(|p| p.value.clone()).unwrap_or_default(),
        Expr::Function(function) => {
            let name = function.name.0.last().and_then(|p| p.as_ident()).map(|i| i.value.as_str()).unwrap_or_default();
            // what has a blank in its name is no function
            return if name.contains(' ') { String::new() } else { name.to_owned() };
        }
        Expr::Nested(e) | Expr::Collate { expr: e, collation: _ } => return label(e),
        Expr::Cast { kind: _, expr, data_type, format: _ } => {
            let inner = label(expr);
            let plain = inner == UNNAMED;
            return if plain { super::safety::type_name(data_type).unwrap_or_default().to_owned() } else { inner };
        }
        Expr::Case { case_token: _, end_token: _, operand: _, conditions: _, else_result } => {
            let inner = else_result.as_ref().map_or(UNNAMED.to_owned(), |e| label(e));
            return if inner == UNNAMED { "case".to_owned() } else { inner };
        }
        Expr::Value(_) | Expr::BinaryOp { left: _, op: _, right: _ } | Expr::UnaryOp { op: _, expr: _ } => UNNAMED,
        Expr::IsNull(_) | Expr::IsNotNull(_) | Expr::Between { expr: _, negated: _, low: _, high: _ } => UNNAMED,
        Expr::Exists { subquery: _, negated: false } => "exists",
        Expr::Extract { field: _, syntax: _, expr: _ } => "extract",
        Expr::Overlay { expr: _, overlay_what: _, overlay_from: _, overlay_for: _ } => "overlay",
        Expr::Position { expr: _, r#in: _ } => "position",
        Expr::AtTimeZone { timestamp: _, time_zone: _ } => "timezone",
        Expr::Array(_) => "array",
        // The rest is not needed: a name that is not known makes a reference to it unsafe or refused, not wrong.
        _ => "",
    };
    fixed.to_owned()
}

/// What PostgreSQL calls a column that has no better name.
const UNNAMED: &str = "?column?";
