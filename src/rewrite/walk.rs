//! The walk over one statement's syntax tree: its state, names, and the dispatch by kind of statement.
//! It does not print: it collects edits, references and checks, from which `place` makes the plan.

use super::clauses::Clauses;
use super::cleared::Told;
use super::crossing::Named;
use super::derived::{Dependent, Star};
use super::filter::Filter;
use super::highest_parameter;
use super::lookup::Guard;
use super::marker::Marker;
use super::plan::{Check, Edit, Piece, Plan};
use super::scope::{Columns, Cte, Entry, Level};
use crate::catalog::{Catalog, Relation};
use crate::error::{Refusal, Rule, SqlState};
use crate::policy::exposure::Exposure;
use crate::policy::{Access, Policy, Verb};
use crate::sql::{Keyword, Tokens, quote_ident};
use ahash::AHashMap;
use sqlparser::ast::{Expr, Ident, ObjectName, ObjectNamePart, Query, SetExpr, Statement};
use std::ops::Range;

/// How deep views may stand on views.
const VIEW_DEPTH: usize = 16;

/// What a statement is planned against.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ground<'a> {
    pub(super) catalog: &'a Catalog,
    pub(super) policy: &'a Policy,
    /// What of the catalogs tenants may know of.
    pub(super) exposure: &'a Exposure,
    /// The parameter types that the client declared.
    pub(super) declared: &'a [u32],
    /// Whether every scoped relation is fenced: some condition may raise an error.
    pub(super) fenced: bool,
    /// How many more views may be expanded into one another.
    pub(super) views: usize,
    /// How many conditions a view's definition stands inside of.
    pub(super) conditions: usize,
    /// Whether a fence must hide the columns' statistics as well: an operator may raise an error on them when the statement is planned.
    pub(super) opaque: bool,
    /// The levels that the user is limited in: bit i is the policy's level i.
    pub(super) variant: u32,
    /// Whether nothing in the whole statement can raise an error: rows may then be filtered by joins.
    pub(super) infallible: bool,
    /// What the errors of guards carry.
    pub(super) marker: &'a Marker,
    /// Whether the plan is to be shown to the client: views then stay by name.
    pub(super) shown: bool,
    /// Whether pgmoat's own functions are known: not in a view, where another of the name is meant, nor where no value can be put in.
    pub(super) answers: bool,
    /// Whether a refusal may say what stands in a view's definition: to the operator, not to a client, for whom that may be hidden.
    pub(super) frank: bool,
    /// Whether functions that look objects up are not called: they stand beside a tenant's table.
    pub(super) apart: bool,
}

impl<'a> Ground<'a> {
    pub(super) fn new(
        catalog: &'a Catalog,
        policy: &'a Policy,
        exposure: &'a Exposure,
        marker: &'a Marker,
        declared: &'a [u32],
    ) -> Self {
        Self {
            catalog,
            policy,
            exposure,
            declared,
            fenced: false,
            views: VIEW_DEPTH,
            conditions: 0,
            opaque: false,
            variant: 0,
            infallible: false,
            marker,
            shown: false,
            frank: false,
            apart: false,
            answers: true,
        }
    }

    /// The levels that the user is limited in.
    pub(super) fn limited(&self) -> impl Iterator<Item = &'a str> {
        let variant = self.variant;
        let limited = move |i: &usize| u32::try_from(*i).is_ok_and(|i| variant.checked_shr(i).unwrap_or(0) & 1 == 1);
        self.policy.levels().iter().enumerate().filter(move |(i, _)| limited(i)).map(|(_, level)| level.as_str())
    }
}

/// Where the predicate of a reference may be placed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Placement {
    /// In the WHERE of its query level.
    Where,
    /// In this ON condition: the relation is on the nullable side of that join.
    On(Range<usize>),
    /// Nowhere in place: it must be a derived table.
    Derived,
}

/// A reference to a scoped relation or a view in a FROM list.
#[derive(Debug)]
pub(super) struct Reference<'a> {
    pub(super) relation: &'a Relation,
    pub(super) what: Referred,
    /// The tokens of the name, with ONLY before and `*` after it.
    pub(super) name: Range<usize>,
    pub(super) only: bool,
    pub(super) alias: Option<String>,
    pub(super) column_aliases: bool,
    pub(super) placement: Placement,
    /// Index of its query level's clauses.
    pub(super) level: usize,
    /// Whether the statement uses its whole row other than as a function's argument.
    pub(super) whole_row: bool,
    /// Whether its whole row is used in any way but `*`.
    pub(super) row: bool,
    /// The system columns of it that are named.
    pub(super) system: std::collections::BTreeSet<String>,
    /// Error-safe conditions on it alone, to be repeated behind a fence.
    pub(super) copies: Vec<Range<usize>>,
    /// The percentage of the own rows that are asked for, when it is not all of them.
    pub(super) sample: Option<String>,
    /// The columns that exist for the user's role, where it hides some.
    pub(super) shown: Option<String>,
    /// Whether the conditions beside it stand behind a gate, so that it may stay in place where all others are fenced.
    pub(super) gated: bool,
}

/// What a reference is to.
#[derive(Clone, Debug)]
pub(super) enum Referred {
    /// A relation of which only some rows are the identity's.
    Filtered(Filter),
    /// A view, replaced by these pieces.
    View(Vec<Piece>),
}

/// Conditions that are evaluated only on the identity's own rows.
#[derive(Debug)]
pub(super) struct Gate {
    pub(super) level: usize,
    /// What an own row fulfils.
    pub(super) own: Vec<Vec<Piece>>,
    /// The conditions among them that are error-safe: repeated outside, so that their indexes still serve.
    pub(super) copies: Vec<Range<usize>>,
}

/// What is known of a sub-select that stands in an expression.
#[derive(Clone, Debug)]
pub(super) struct SubSelect {
    pub(super) columns: Columns,
    /// Whether it can never yield more than one row.
    pub(super) single: bool,
    /// Whether it names something of the level that it stands in: it is run for each row then, else once, when the first row asks for it.
    pub(super) correlated: bool,
}

/// The walk's state.
pub(super) struct Walk<'a, 't> {
    pub(super) ground: Ground<'a>,
    pub(super) tokens: &'t Tokens<'t>,
    /// The statement's tokens.
    pub(super) range: Range<usize>,
    pub(super) ctes: Vec<Cte>,
    pub(super) levels: Vec<Level>,
    pub(super) references: Vec<Reference<'a>>,
    /// The clauses of every query level that was walked.
    pub(super) clauses: Vec<Clauses>,
    /// The sub-selects seen, by the address of their node, which does not move during the walk.
    pub(super) selects: AHashMap<usize, SubSelect>,
    pub(super) edits: Vec<Edit>,
    /// Edits that stand behind all others at their place: they close what is put around a whole query.
    pub(super) closing: Vec<Edit>,
    pub(super) checks: Vec<Check>,
    pub(super) named: Vec<Named>,
    pub(super) parameters: u16,
    pub(super) relations: Vec<String>,
    pub(super) notes: Vec<String>,
    pub(super) literal_dependent: bool,
    /// The tokens of the literals that may be parameters.
    pub(super) free: Vec<usize>,
    /// The first condition that may raise an error, in words.
    pub(super) unsafe_condition: Option<String>,
    /// How deep the walk is inside function arguments.
    pub(super) arguments: usize,
    /// How many conditions the walk is inside of. A sub-select in a condition runs, or not, as a foreign row decides: whatever in it may
    /// raise an error is then a condition that may.
    pub(super) conditions: usize,
    /// Whether a LIKE may raise an error on a column's statistics, which are of all tenants.
    pub(super) reads_statistics: bool,
    /// Whether another operator may. A condition on the target of a write stands behind a gate, where nothing is estimated.
    pub(super) estimated: bool,
    /// The predicates of the targets of writes, by level.
    pub(super) targets: Vec<(usize, Vec<Vec<Piece>>)>,
    /// The levels of targets whose user's conditions may raise an error and are evaluated only on rows that passed the predicates.
    pub(super) gates: Vec<Gate>,
    /// Whether rows of more than the own relations are locked, and whether a shared relation is read.
    pub(super) locks: bool,
    pub(super) shared: bool,
    /// Whether rows are locked at all, and whether a sample of own rows is drawn, which no lock reaches.
    pub(super) locking: bool,
    pub(super) sampled: bool,
    /// Whether something outside conditions may raise an error: of interest for CTEs, which run when a condition first asks for them.
    pub(super) fallible: bool,
    /// The levels that names have led to, in the sub-select at hand.
    pub(super) reached: std::collections::BTreeSet<usize>,
    /// The level whose condition is walked: its sub-selects are judged with it.
    pub(super) judged: Option<usize>,
    /// Inside WITH or a view's definition.
    pub(super) within: usize,
    /// Something in sight may be a sub-select that runs when a row asks for it.
    pub(super) lazy: bool,
    /// Whether anything in the statement may raise an error, wherever it stands; and whether rows are known by what they reference.
    pub(super) ever_fallible: bool,
    pub(super) has_paths: bool,
    /// Whether `(row).*` stands somewhere: the tree shows it as one expression, but it is as many columns as the row has.
    pub(super) row_star: bool,
    /// The client's statement is one SELECT: what its list shows is what the client gets.
    pub(super) lone: bool,
    /// Whether it reads catalogs or looks objects up.
    pub(super) catalogs: bool,
    /// Whether it changes rows.
    pub(super) writes: bool,
    /// Whether a part of the statement adds rows, or makes some larger.
    pub(super) adds: bool,
    /// How many parts of it change rows.
    changes: usize,
    /// Where the number of those rows is told.
    pub(super) told: Told,
    /// Whether there are NULLs of a type of which there may be no others.
    pub(super) null_types: bool,
    /// What is looked up, by OID or name.
    pub(super) guards: Vec<Guard>,
    /// What takes the look-up type off a cast.
    pub(super) conversions: Vec<Edit>,
    /// How many casts to look-up types the tree has.
    pub(super) look_up_casts: usize,
    /// How many `tableoid::regclass` of own rows it has.
    pub(super) tableoid_casts: usize,
    /// The calls of pgmoat's own functions that a column is named by, by token; and whether they are all that the column is.
    pub(super) naming: Vec<(usize, bool)>,
    /// The names of the fields of rows that are columns.
    pub(super) rows: Vec<Vec<String>>,
    /// Where each parameter is used in the statement, once that is asked.
    pub(super) uses: std::cell::OnceCell<AHashMap<u32, Vec<usize>>>,
    /// Whether the condition that is judged names columns of one relation only: then what it computes of a row is no longer than the row.
    pub(super) alone: std::cell::Cell<bool>,
    /// The cursors whose row is changed.
    pub(super) cursors: Vec<String>,
    /// Whether the assignments of ON CONFLICT are walked: `excluded` at their level is the row that was not inserted.
    pub(super) excluding: bool,
    /// Whether there is a MERGE, whose target is behind no fence.
    pub(super) merges: bool,
    /// The tokens of the schemas that names of columns begin with, and the references meant: a derived table has no schema.
    pub(super) qualifiers: Vec<(usize, Range<usize>)>,
    /// The `*` of select lists.
    pub(super) stars: Vec<Star>,
    /// The columns that depend on a key that is grouped by.
    pub(super) dependents: Vec<Dependent>,
}

/// Plans one statement that returns or changes rows.
pub(super) fn plan(ground: Ground<'_>, tokens: &Tokens<'_>, range: Range<usize>, statement: &Statement) -> Result<Plan, Refusal> {
    let (walk, _) = walked(ground, tokens, range.clone(), statement)?;
    walk.demand(!(ground.shown && walk.catalogs), "EXPLAIN (REWRITE) of a statement that reads the system catalogs")?;
    let Some(reason) = walk.unsafe_condition.clone() else {
        if walk.has_paths && !walk.ever_fallible {
            return walked(Ground { infallible: true, ..ground }, tokens, range, statement)?.0.finish();
        }
        let point = walk.is_point(statement);
        return Ok(Plan { point, ..walk.finish()? });
    };
    let opaque = walk.reads_statistics || walk.estimated;
    if walk.reads_statistics && (walk.merges || !walk.targets.is_empty()) {
        return Err(walk.construct("LIKE with this pattern in UPDATE, DELETE, MERGE or ON CONFLICT", None));
    }
    walk.demand(!walk.reads_statistics || !walk.locking, "LIKE with this pattern beside FOR UPDATE or its like")?;
    walk.demand(
        !opaque || !walk.locking,
        "an operator that may raise an error when it is planned beside FOR UPDATE or its like",
    )?;
    let (mut fenced, _) = walked(Ground { fenced: true, opaque, ..ground }, tokens, range, statement)?;
    if !fenced.references.is_empty() {
        fenced.notes.push(format!("{reason} may raise an error: every relation is filtered behind a fence first"));
    }
    fenced.finish()
}

/// Plans expressions that stand outside any query: the arguments of EXECUTE.
pub(super) fn plan_expressions(
    ground: Ground<'_>,
    tokens: &Tokens<'_>,
    range: Range<usize>,
    expressions: &[Expr],
) -> Result<Plan, Refusal> {
    let mut walk = Walk::new(Ground { answers: false, ..ground }, tokens, range);
    walk.expressions(expressions)?;
    walk.look_up_casts()?;
    walk.seen_everywhere()?;
    walk.demand(!walk.catalogs, "a function that looks objects up in EXECUTE")?;
    walk.demand(walk.parameters == 0, "a parameter in EXECUTE")?;
    walk.finish()
}

/// A view's plan, and whether one of its conditions may raise an error.
pub(super) struct PlannedView {
    pub(super) plan: Plan,
    pub(super) columns: Columns,
    pub(super) unsafe_condition: Option<String>,
    pub(super) reads_statistics: bool,
    pub(super) estimated: bool,
    pub(super) fallible: bool,
    pub(super) has_paths: bool,
    pub(super) sampled: bool,
    /// Whether a shared relation is read in it, and whether rows are locked.
    pub(super) shared: bool,
    pub(super) locking: bool,
    /// Whether a column of it may be a sub-select that runs when a row asks for it.
    pub(super) lazy: bool,
}

/// Plans the definition of a view. It is not fenced by itself: the statement that names the view is planned anew, fenced, when need be.
pub(super) fn plan_view(
    ground: Ground<'_>,
    tokens: &Tokens<'_>,
    range: Range<usize>,
    statement: &Statement,
) -> Result<PlannedView, Refusal> {
    let (walk, columns) = walked(ground, tokens, range, statement)?;
    let (unsafe_condition, reads_statistics, estimated) = (walk.unsafe_condition.clone(), walk.reads_statistics, walk.estimated);
    let (fallible, has_paths, sampled) = (walk.ever_fallible, walk.has_paths, walk.sampled);
    let (shared, locking, lazy) = (walk.shared, walk.locking, walk.lazy);
    let columns = columns.without_rows();
    Ok(PlannedView {
        plan: walk.finish()?,
        columns,
        unsafe_condition,
        reads_statistics,
        estimated,
        fallible,
        has_paths,
        sampled,
        shared,
        locking,
        lazy,
    })
}

/// Where the number of the rows is told that a statement changes in so many parts: its tag knows of the outermost only.
fn told(statement: &Statement, changes: usize) -> Told {
    let outermost = match statement {
        Statement::Query(query) => match query.body.as_ref() {
            SetExpr::Insert(inner) | SetExpr::Update(inner) | SetExpr::Delete(inner) | SetExpr::Merge(inner) => inner,
            _rows => statement,
        },
        _other => statement,
    };
    let returning = match outermost {
        Statement::Insert(insert) => Some(insert.returning.is_some()),
        Statement::Update(update) => Some(update.returning.is_some()),
        Statement::Delete(delete) => Some(delete.returning.is_some()),
        Statement::Merge(_) => Some(false),
        _rows => None,
    };
    match (changes, returning) {
        (0, _) | (1, Some(false)) => Told::InTag,
        (1, Some(true)) => Told::AtEnd,
        (_, _) => Told::Nowhere,
    }
}

fn walked<'a, 't>(
    ground: Ground<'a>,
    tokens: &'t Tokens<'t>,
    range: Range<usize>,
    statement: &Statement,
) -> Result<(Walk<'a, 't>, Columns), Refusal> {
    let mut walk = Walk::new(ground, tokens, range.clone());
    let columns = walk.statement(statement)?;
    walk.told = told(statement, walk.changes);
    walk.look_up_casts()?;
    walk.seen_everywhere()?;
    if walk.catalogs && (walk.writes || !walk.references.is_empty()) {
        let refusal = walk.construct("a catalog, or a function that looks objects up, beside a tenant's table", None);
        // What is not evaluated may stand there.
        return if ground.apart {
            Err(refusal)
        } else {
            walked(Ground { apart: true, ..ground }, tokens, range, statement).map_err(|_| refusal)
        };
    }
    if walk.null_types {
        walk.literals_are_cast()?;
    }
    walk.demand(!(walk.locking && walk.sampled), "FOR UPDATE or its like beside TABLESAMPLE")?;
    if walk.locking {
        walk.permit_locks()?;
    }
    if walk.locks && walk.shared {
        return Err(Refusal::new(
            SqlState::INSUFFICIENT_PRIVILEGE,
            Rule::Relation,
            "permission denied to lock rows of a shared relation",
        )
        .with_hint("Name the relation whose rows are to be locked: FOR UPDATE OF ..."));
    }
    Ok((walk, columns))
}

impl<'a, 't> Walk<'a, 't> {
    pub(super) fn new(ground: Ground<'a>, tokens: &'t Tokens<'t>, range: Range<usize>) -> Self {
        let star = |i: usize| {
            tokens.is_char(i, b')') && tokens.is_char(i.saturating_add(1), b'.') && tokens.is_char(i.saturating_add(2), b'*')
        };
        let row_star = range.clone().any(star);
        // Of the tokens, not of the tree: lowering takes away what the parser does not read (subscripts in SET, the condition of a
        // conflict target), and a parameter there is the client's all the same.
        let parameters = highest_parameter(tokens, range.clone());
        Self {
            ground,
            tokens,
            range,
            ctes: Vec::new(),
            levels: Vec::new(),
            references: Vec::new(),
            clauses: Vec::new(),
            selects: AHashMap::new(),
            edits: Vec::new(),
            closing: Vec::new(),
            checks: Vec::new(),
            named: Vec::new(),
            parameters,
            relations: Vec::new(),
            notes: Vec::new(),
            literal_dependent: false,
            free: Vec::new(),
            unsafe_condition: None,
            arguments: 0,
            conditions: ground.conditions,
            reads_statistics: false,
            estimated: false,
            targets: Vec::new(),
            gates: Vec::new(),
            locks: false,
            shared: false,
            locking: false,
            sampled: false,
            fallible: false,
            ever_fallible: false,
            reached: std::collections::BTreeSet::new(),
            judged: None,
            within: usize::from(ground.views < VIEW_DEPTH),
            lazy: false,
            has_paths: false,
            row_star,
            lone: false,
            catalogs: false,
            writes: false,
            adds: false,
            changes: 0,
            told: Told::InTag,
            null_types: false,
            guards: Vec::new(),
            conversions: Vec::new(),
            look_up_casts: 0,
            tableoid_casts: 0,
            naming: Vec::new(),
            qualifiers: Vec::new(),
            stars: Vec::new(),
            dependents: Vec::new(),
            excluding: false,
            merges: false,
            cursors: Vec::new(),
            rows: Vec::new(),
            uses: std::cell::OnceCell::new(),
            alone: std::cell::Cell::new(false),
        }
    }

    /// Walks a statement that returns or changes rows.
    pub(super) fn statement(&mut self, statement: &Statement) -> Result<Columns, Refusal> {
        match statement {
            Statement::Query(query) => {
                self.lone = self.ground.answers && matches!(query.body.as_ref(), SetExpr::Select(_));
                self.query(query)
            }
            Statement::Insert(insert) => {
                (self.writes, self.adds) = (true, true);
                self.changes += 1;
                self.insert(insert)
            }
            Statement::Update(update) => {
                (self.writes, self.adds) = (true, true);
                self.changes += 1;
                self.update(update)
            }
            Statement::Delete(delete) => {
                self.writes = true;
                self.changes += 1;
                self.delete(delete)
            }
            Statement::Merge(merge) => {
                (self.writes, self.adds) = (true, true);
                self.changes += 1;
                self.merge(merge)
            }
            other => Err(self.refuse_kind(other)),
        }
    }

    fn refuse_kind(&self, _statement: &Statement) -> Refusal {
        let first = self.tokens.raw(self.range.start).to_ascii_uppercase();
        refuse_statement(&first)
    }

    /// A construct that is not understood, or not provably safe.
    pub(super) fn construct(&self, what: &str, at: Option<usize>) -> Refusal {
        let refusal =
            Refusal::new(SqlState::FEATURE_NOT_SUPPORTED, Rule::Construct, format!("{what} is not supported through pgmoat")).with_hint(
                format!("The statement uses {what}, which is not provably confined to one tenant. Rewrite it without, or ask the operator for a bypass user."),
            );
        match at.and_then(|t| self.tokens.get(t)) {
            Some(token) => refusal.at(token.start),
            None => refusal,
        }
    }

    /// Fails with [`Self::construct`] unless the condition holds.
    pub(super) fn demand(&self, holds: bool, what: &str) -> Result<(), Refusal> {
        if holds { Ok(()) } else { Err(self.construct(what, None)) }
    }

    /// The token that an identifier was read from.
    pub(super) fn token_of(&self, ident: &Ident) -> Result<usize, Refusal> {
        let place = ident.span.start;
        let index = usize::try_from(place.column).ok().filter(|i| place.line == 1 && self.range.contains(i));
        index.ok_or_else(|| self.construct("a name in this place", None))
    }

    /// The identifiers of a dotted name.
    pub(super) fn parts<'n>(&self, name: &'n ObjectName) -> Result<Vec<&'n Ident>, Refusal> {
        let ObjectName(parts) = name;
        let ident = |part: &'n ObjectNamePart| match part {
            ObjectNamePart::Identifier(ident) => Ok(ident),
            ObjectNamePart::Function(_) => Err(self.construct("a function call as a name", None)),
        };
        parts.iter().map(ident).collect()
    }

    /// The schema and name that a relation name says; a database part must be this database.
    pub(super) fn relation_name<'n>(&self, name: &'n ObjectName) -> Result<(Option<&'n str>, &'n str, Range<usize>), Refusal> {
        let parts = self.parts(name)?;
        let (schema, ident) = match parts.as_slice() {
            [name] => (None, *name),
            [schema, name] => (Some(schema.value.as_str()), *name),
            [database, schema, name] if database.value == self.ground.catalog.database => (Some(schema.value.as_str()), *name),
            [] | [_, _, _, ..] => {
                return Err(Refusal::new(
                    SqlState::FEATURE_NOT_SUPPORTED,
                    Rule::Relation,
                    "cross-database references are not implemented",
                ));
            }
        };
        let first = parts.first().map_or(Ok(0), |i| self.token_of(i))?;
        let last = self.token_of(ident)?;
        // An unquoted reserved word is never a name in PostgreSQL, whatever the parser makes of it (`FROM ONLY`).
        if self.tokens.keyword(last).is_some_and(|k| k.category() == crate::sql::Category::Reserved) && parts.len() == 1 {
            return Err(self.syntax_error(last));
        }
        Ok((schema, ident.value.as_str(), first..last.saturating_add(1)))
    }

    pub(super) fn syntax_error(&self, at: usize) -> Refusal {
        let place = self.tokens.get(at).map_or(0, |t| t.start);
        Refusal::new(SqlState::SYNTAX_ERROR, Rule::Syntax, format!("syntax error at or near \"{}\"", self.tokens.raw(at)))
            .at(place)
    }

    /// The CTE that an unqualified relation name means, if one is in sight.
    pub(super) fn cte(&self, schema: Option<&str>, name: &str) -> Option<&Cte> {
        if schema.is_some() { None } else { self.ctes.iter().rev().find(|c| c.name == name) }
    }

    /// The relation that a name means and what it is to tenants; hidden and unknown ones end the same way.
    pub(super) fn relation(
        &mut self,
        schema: Option<&str>,
        name: &str,
        at: usize,
    ) -> Result<(&'a Relation, &'a Access), Refusal> {
        let catalog = self.ground.catalog;
        let system = match schema {
            None => catalog.system_relations.contains(name),
            Some(schema) => {
                schema == "pg_catalog" || schema == "information_schema" || schema == "pg_toast" || schema.starts_with("pg_temp")
            }
        };
        if system {
            return Err(Refusal::new(
                SqlState::INSUFFICIENT_PRIVILEGE,
                Rule::Relation,
                format!("permission denied for relation {name}"),
            )
            .with_hint("Tenants may read some of the system catalogs, and change none.")
            .at(self.position(at))
            .about(name));
        }
        let relation = catalog.find(schema, name);
        let written = schema.map_or_else(|| name.to_owned(), |s| format!("{s}.{name}"));
        let Some(relation) = relation else { return Err(self.hidden(&written, at)) };
        let access = self.ground.policy.access(relation);
        match access {
            Access::Hidden => Err(self.hidden(&written, at)),
            Access::Refused(reason) => Err(Refusal::new(
                SqlState::INSUFFICIENT_PRIVILEGE,
                Rule::Relation,
                format!("permission denied for relation {written}"),
            )
            .with_hint(format!("It is not available to tenants: {reason}."))
            .at(self.position(at))
            .about(written)),
            Access::Scoped { column: _, slot: _ } | Access::Through(_) | Access::Shared | Access::View => {
                let name = relation.qualified();
                if !self.relations.contains(&name) {
                    self.relations.push(name);
                }
                Ok((relation, access))
            }
        }
    }

    /// The filter of a scoped relation. A user that is limited in a level reaches no relation that is silent about that level.
    pub(super) fn filter(&mut self, relation: &Relation, access: &Access, at: usize) -> Result<Filter, Refusal> {
        let filter = Filter::of(&self.ground, relation, access).map_err(|level| {
            Refusal::new(
                SqlState::INSUFFICIENT_PRIVILEGE,
                Rule::Relation,
                format!("permission denied for relation {}", relation.name),
            )
            .with_hint(format!(
                "The user is limited in level \"{level}\", which the relation does not name. Ask the operator to declare its column: \
                 scopes = {{ {level} = \"...\" }}, or {level} = false where the level does not apply."
            ))
            .at(self.position(at))
            .about(relation.qualified())
        })?;
        let filter = filter.ok_or_else(|| self.construct("this relation", Some(at)))?;
        self.has_paths |= filter.has_path();
        Ok(filter)
    }

    /// That the user's role may do this to the rows of a relation.
    pub(super) fn permit(&self, relation: &Relation, verb: Verb, at: usize) -> Result<(), Refusal> {
        if self.ground.policy.may(relation, verb) {
            return Ok(());
        }
        let role = self.ground.policy.role().map_or("", |role| role);
        let verb = verb.as_str();
        let message = format!("permission denied for relation {}: role \"{role}\" may not {verb}", relation.name);
        Err(Refusal::new(SqlState::INSUFFICIENT_PRIVILEGE, Rule::Role, message)
            .with_hint(format!("The operator says in [roles.{role}] which verbs the role has for which relations."))
            .at(self.position(at))
            .about(relation.qualified()))
    }

    /// Who locks rows holds up others as if it changed them. Of every relation that the statement names: a lock may be on any of them.
    fn permit_locks(&self) -> Result<(), Refusal> {
        if self.ground.policy.role().is_none() {
            return Ok(());
        }
        let named = self.ground.catalog.relations().iter().filter(|r| self.relations.contains(&r.qualified()));
        let own =
            |r: &&Relation| matches!(self.ground.policy.access(r), Access::Scoped { column: _, slot: _ } | Access::Through(_));
        named.filter(own).try_for_each(|relation| self.permit(relation, Verb::Update, self.range.start))
    }

    /// Exactly what PostgreSQL says of a relation that does not exist.
    fn hidden(&self, written: &str, at: usize) -> Refusal {
        Refusal::new(SqlState::UNDEFINED_TABLE, Rule::HiddenRelation, format!("relation \"{written}\" does not exist"))
            .at(self.position(at))
            .about(written)
    }

    pub(super) fn position(&self, token: usize) -> u32 {
        self.tokens.get(token).map_or(0, |t| t.start)
    }

    /// Whether ONLY stands before the name at this token, and where the whole name then begins and ends (`ONLY (t)`, `t *`).
    pub(super) fn around_name(&self, name: &Range<usize>) -> (bool, Range<usize>) {
        let is_only = |i: Option<usize>| i.is_some_and(|i| self.tokens.keyword(i) == Some(Keyword::Only));
        let one = name.start.checked_sub(1);
        let two = name.start.checked_sub(2);
        if is_only(one) {
            return (true, name.start.saturating_sub(1)..name.end);
        }
        if one.is_some_and(|i| self.tokens.is_char(i, b'(')) && is_only(two) && self.tokens.is_char(name.end, b')') {
            return (true, name.start.saturating_sub(2)..name.end.saturating_add(1));
        }
        let star = self.tokens.is_char(name.end, b'*');
        (false, name.start..name.end.saturating_add(usize::from(star)))
    }

    /// Notes a condition that may raise an error.
    pub(super) fn not_safe(&mut self, what: impl Into<String>) {
        self.unsafe_condition.get_or_insert_with(|| what.into());
    }

    /// Notes an expression outside conditions, if it may raise an error: in a sub-select of a condition it is one.
    pub(super) fn in_condition(&mut self, expr: &Expr, what: &str) {
        if self.family(expr).is_none() {
            self.may_fail(what);
        }
    }

    /// Notes that something outside conditions may raise an error.
    pub(super) fn may_fail(&mut self, what: &str) {
        self.fallible = true;
        self.ever_fallible = true;
        if self.conditions > 0 {
            self.not_safe(format!("{what} of a sub-select in a condition"));
        }
    }

    /// Walks a condition.
    pub(super) fn condition_expression(&mut self, condition: &Expr) -> Result<(), Refusal> {
        self.conditions = self.conditions.saturating_add(1);
        let outer = self.judged.replace(self.levels.len());
        let walked = self.expression(condition);
        self.judged = outer;
        self.conditions = self.conditions.saturating_sub(1);
        walked
    }

    /// Puts a relation in sight at the current level.
    pub(super) fn enter(&mut self, entry: Entry) {
        if let Some(level) = self.levels.last_mut() {
            level.entries.push(entry);
        }
    }

    pub(super) fn replace(&mut self, range: Range<usize>, pieces: Vec<Piece>) {
        self.edits.push(Edit { start: range.start, end: range.end, pieces });
    }

    /// Remembers what a sub-select yields, for the judgement of the condition it stands in.
    pub(super) fn remember(&mut self, query: &Query, columns: Columns, single: bool) {
        let around = self.levels.len().checked_sub(1);
        let correlated = around.is_some_and(|level| self.reached.contains(&level));
        self.selects.insert(address(query), SubSelect { columns, single, correlated });
    }
}

/// A node's address: a key that is good for as long as the tree is borrowed.
pub(super) fn address(query: &Query) -> usize {
    std::ptr::from_ref(query).addr()
}

/// `"schema"."name"`.
pub(super) fn quoted(relation: &Relation) -> String {
    format!("{}.{}", quote_ident(&relation.schema), quote_ident(&relation.name))
}

/// The refusal of a kind of statement.
pub(super) fn refuse_statement(kind: &str) -> Refusal {
    let hint = match kind.split(' ').next().unwrap_or_default() {
        "CREATE" if kind.contains(" TEMP") => {
            "A server connection serves several clients. Use WITH for what one statement needs, or a table with the tenant column."
        }
        "DO" | "CALL" => {
            "What it runs is not seen: send the statements themselves, or put them into a function that the operator allows."
        }
        "TRUNCATE" => "It would take every tenant's rows: use DELETE.",
        "LOCK" => "It would hold up every tenant: lock rows with SELECT ... FOR UPDATE.",
        _ => {
            "Tenants may read and write rows. Schema changes and administration go to the database directly, or through a bypass user."
        }
    };
    Refusal::new(SqlState::INSUFFICIENT_PRIVILEGE, Rule::Statement, format!("{kind} is not allowed to tenants")).with_hint(hint)
}
