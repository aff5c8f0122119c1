//! One statement of a text, planned: what kind it is, how it is printed, and what it does to the session.
//! It does not cache and it knows no tenant.

use super::cleared::Command;
use super::command::{Kindred, sort};
use super::plan::{Edit, Piece, Plan, Template};
use super::walk::{Ground, plan, plan_expressions};
use crate::catalog::Catalog;
use crate::error::{Refusal, Rule, SqlState};
use crate::policy::{Policy, allowed};
use crate::sql::{Bounds, Tokens, parse, print_range};
use sqlparser::ast::Statement;
use std::ops::Range;

/// A planned statement: good for every text of its shape, unless it depends on literals.
#[derive(Debug)]
pub(super) struct Step {
    pub(super) range: Range<usize>,
    pub(super) plan: Plan,
    pub(super) kind: StepKind,
}

/// What is made of a planned statement.
#[derive(Debug)]
pub(super) enum StepKind {
    /// The plan's own text.
    Rows,
    /// A command, with its text if that is not the plan's.
    Plain { command: Command, text: Option<String> },
    /// PREPARE of what the plan prints.
    Prepare { name: String, oids: Vec<u32>, inner: Range<usize> },
    /// EXECUTE with these arguments, each printed by the plan.
    Execute { name: String, arguments: Vec<Range<usize>>, explain: Option<String> },
}

impl Step {
    /// Plans one statement.
    pub(super) fn plan(
        catalog: &Catalog,
        policy: &Policy,
        declared: &[u32],
        tokens: &Tokens<'_>,
        range: Range<usize>,
        bounds: &Bounds,
    ) -> Result<Self, Refusal> {
        let kindred = sort(tokens, range.clone())?;
        let ground = Ground::new(catalog, policy, declared);
        match kindred {
            Kindred::Rows => {
                let statement = parse(tokens, range.clone(), bounds)?;
                let planned = plan(ground, tokens, range.clone(), &statement)?;
                Ok(Self { range, plan: planned.plan, kind: StepKind::Rows })
            }
            Kindred::Plain { command, text } => {
                let literal_dependent = text.is_some();
                Ok(Self { range, plan: Plan { literal_dependent, ..Plan::default() }, kind: StepKind::Plain { command, text } })
            }
            Kindred::Explain { options, inner } => Self::explain(ground, tokens, range, options, inner, bounds),
            Kindred::Prepare { name, types, inner } => {
                let oids = declared_types(tokens, &types)?;
                let kind = sort(tokens, inner.clone())?;
                if !matches!(kind, Kindred::Rows) {
                    return Err(Refusal::new(SqlState::SYNTAX_ERROR, Rule::Syntax, "only statements that return or change rows can be prepared"));
                }
                let statement = parse(tokens, inner.clone(), bounds)?;
                let planned = plan(Ground::new(catalog, policy, &oids), tokens, inner.clone(), &statement)?;
                let plan = Plan { literal_dependent: true, ..planned.plan };
                Ok(Self { range, plan, kind: StepKind::Prepare { name, oids, inner } })
            }
            Kindred::Execute { name, arguments } => {
                let plan = arguments_plan(ground, tokens, range.clone(), bounds)?;
                Ok(Self { range, plan, kind: StepKind::Execute { name, arguments, explain: None } })
            }
        }
    }

    fn explain(ground: Ground<'_>, tokens: &Tokens<'_>, range: Range<usize>, options: String, inner: Range<usize>, bounds: &Bounds) -> Result<Self, Refusal> {
        match sort(tokens, inner.clone())? {
            Kindred::Rows => {
                let statement = parse(tokens, inner.clone(), bounds)?;
                let mut planned = plan(ground, tokens, inner.clone(), &statement)?.plan;
                planned.edits.insert(0, Edit { start: range.start, end: inner.start, pieces: vec![Piece::Text(options)] });
                planned.literal_dependent = true;
                Ok(Self { range, plan: planned, kind: StepKind::Rows })
            }
            Kindred::Execute { name, arguments } => {
                let plan = arguments_plan(ground, tokens, inner, bounds)?;
                Ok(Self { range, plan, kind: StepKind::Execute { name, arguments, explain: Some(options) } })
            }
            Kindred::Explain { options: _, inner: _ } | Kindred::Prepare { name: _, types: _, inner: _ } | Kindred::Plain { command: _, text: _ } => {
                Err(Refusal::new(SqlState::SYNTAX_ERROR, Rule::Syntax, "this kind of statement cannot be explained"))
            }
        }
    }

    /// Renders the statement of this text.
    pub(super) fn render(&self, tokens: &Tokens<'_>) -> Template {
        match &self.kind {
            StepKind::Rows => self.plan.render(tokens, self.range.clone()),
            StepKind::Prepare { name: _, oids: _, inner } => self.plan.render(tokens, inner.clone()),
            StepKind::Plain { command: _, text: Some(text) } => Template::of(text.clone()),
            StepKind::Plain { command: _, text: None } => {
                let mut text = String::new();
                print_range(tokens, self.range.clone(), &mut text);
                Template::of(text)
            }
            StepKind::Execute { name: _, arguments: _, explain: _ } => Template::of(String::new()),
        }
    }
}

/// Parses EXECUTE and walks its arguments.
fn arguments_plan(ground: Ground<'_>, tokens: &Tokens<'_>, range: Range<usize>, bounds: &Bounds) -> Result<Plan, Refusal> {
    let statement = parse(tokens, range.clone(), bounds)?;
    let Statement::Execute { name: _, parameters, has_parentheses: _, immediate, into, using, output, default } = &statement else {
        return Err(Refusal::new(SqlState::SYNTAX_ERROR, Rule::Syntax, "this form of EXECUTE is not understood"));
    };
    if *immediate || !into.is_empty() || !using.is_empty() || *output || *default {
        return Err(Refusal::new(SqlState::SYNTAX_ERROR, Rule::Syntax, "this form of EXECUTE is not understood"));
    }
    let plan = plan_expressions(ground, tokens, range, parameters)?;
    Ok(Plan { literal_dependent: true, ..plan })
}

/// OIDs of the types that PREPARE declares.
fn declared_types(tokens: &Tokens<'_>, types: &[Range<usize>]) -> Result<Vec<u32>, Refusal> {
    let mut oids = Vec::with_capacity(types.len());
    for range in types {
        let mut text = String::new();
        print_range(tokens, range.clone(), &mut text);
        let oid = prepared_type(&text).ok_or_else(|| {
            Refusal::new(SqlState::INSUFFICIENT_PRIVILEGE, Rule::Type, format!("type {text} cannot be declared for a prepared statement"))
                .with_hint("Declare one of PostgreSQL's data types without a modifier, or leave the type list out.")
        })?;
        oids.push(oid);
    }
    Ok(oids)
}

/// The OID of a type as PREPARE names it: the words of the grammar, or `pg_type.typname`.
fn prepared_type(text: &str) -> Option<u32> {
    let name = match text {
        "bigint" => "int8",
        "int" | "integer" => "int4",
        "smallint" => "int2",
        "boolean" => "bool",
        "decimal" | "dec" => "numeric",
        "real" => "float4",
        "double precision" | "float" => "float8",
        "character varying" => "varchar",
        "timestamp with time zone" => "timestamptz",
        "timestamp without time zone" => "timestamp",
        "time with time zone" => "timetz",
        "time without time zone" => "time",
        "bit varying" => "varbit",
        other => other.strip_prefix("pg_catalog.").unwrap_or(other),
    };
    if let Some(element) = name.strip_suffix("[]") {
        let element = prepared_type(element.trim())?;
        return allowed::array_of(element);
    }
    allowed::named_type(name).map(|t| t.oid)
}
