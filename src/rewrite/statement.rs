//! One statement of a text, planned: what kind it is, how it is printed, and what it does to the session.
//! It does not cache and it knows no tenant.

use super::cleared::{Cleared, Command, Facts, Promotion, Told};
use super::command::{Kindred, search_path, sort, timeout};
use super::crossing::{Named, written};
use super::marker::Marker;
use super::plan::{Check, Checked, Edit, Piece, Plan, Template, resolve};
use super::promotion::{Free, is_fleeting};
use super::walk::{Ground, plan, plan_expressions};
use crate::catalog::Catalog;
use crate::error::{Refusal, Rule, SqlState};
use crate::policy::exposure::Exposure;
use crate::policy::{Policy, Slot, allowed};
use crate::sql::{Bounds, Tokens, parse, print_range};
use sqlparser::ast::Statement;
use std::ops::Range;
use std::sync::Arc;

/// A planned statement: good for every text of its shape, unless it depends on literals.
#[derive(Debug)]
pub(super) struct Step {
    /// What the server gets, its literals and the tenant's values still open.
    pub(super) template: Template,
    /// What it is, but for the checks, which need a text's literals.
    facts: Arc<Facts>,
    checks: Vec<Check>,
    named: Vec<Named>,
    /// What was done, in words.
    pub(super) notes: Arc<[String]>,
    /// Whether only the same text may use it, not the same shape.
    pub(super) literal_dependent: bool,
    /// The literals that may be parameters; `None` where the statement is sent as it is.
    free: Option<Free>,
}

/// What statements are planned against.
#[derive(Clone, Copy, Debug)]
pub(super) struct Planner<'a> {
    pub(super) catalog: &'a Catalog,
    pub(super) policy: &'a Policy,
    pub(super) marker: &'a Marker,
    pub(super) exposure: &'a Exposure,
    pub(super) bounds: &'a Bounds,
    /// The levels that the user is limited in.
    pub(super) variant: u32,
    /// Whether refusals are the operator's to read.
    pub(super) frank: bool,
}

impl Planner<'_> {
    /// Plans one statement; `declared` are the parameter types that the client lists.
    pub(super) fn plan(self, declared: &[u32], tokens: &Tokens<'_>, range: Range<usize>) -> Result<Step, Refusal> {
        match sort(tokens, range.clone())? {
            Kindred::Rows => {
                let mut plan = self.rows(declared, tokens, range.clone())?;
                let free = Some(std::mem::take(&mut plan.free)).filter(|_| !plan.literal_dependent);
                let template = plan.render(tokens, range);
                let free = free.and_then(|free| Free::of(free, &template, plan.writes));
                Ok(Step { free, ..Step::of(template, Command::Rows, plan) })
            }
            Kindred::Plain { command, text } => {
                let plan = Plan { literal_dependent: text.is_some(), ..Plan::default() };
                let template = text.map_or_else(|| plan.render(tokens, range), Template::of);
                Ok(Step::of(template, command, plan))
            }
            Kindred::Explain { options: _, rewrite: true, inner } => self.explain_rewrite(declared, tokens, inner),
            Kindred::Explain { options, rewrite: false, inner } => self.explain(declared, tokens, range, options, inner),
            Kindred::Prepare { name, types, inner } => self.prepare(tokens, name, &types, inner),
            Kindred::Execute { name, arguments } => self.execute(tokens, range, name, &arguments, None),
            Kindred::Timeout { name, local, millis } => {
                let (command, text) = timeout(name.clone(), local, millis, self.catalog.timeouts.get(&name))?;
                let plan = Plan { literal_dependent: true, ..Plan::default() };
                Ok(Step::of(Template::of(text), command, plan))
            }
            Kindred::SetConfig(set) => {
                let (command, text) = set.plan(self.catalog)?;
                let plan = Plan { literal_dependent: true, ..Plan::default() };
                Ok(Step::of(Template::of(text), command, plan))
            }
            Kindred::SearchPath(names) => {
                let (command, text) = search_path(&names, &self.catalog.search_path)?;
                let plan = Plan { literal_dependent: true, ..Plan::default() };
                Ok(Step::of(Template::of(text), command, plan))
            }
            Kindred::Constraints(constraints) => {
                let (command, text) = self.constraints(constraints)?;
                let plan = Plan { literal_dependent: true, ..Plan::default() };
                Ok(Step::of(Template::of(text), command, plan))
            }
            Kindred::Declare { name, head, inner } => self.cursor(declared, tokens, range, (name, head), inner),
            Kindred::Copy(copy) => self.copy(tokens, range, copy),
        }
    }

    pub(super) fn ground<'d>(&'d self, declared: &'d [u32]) -> Ground<'d> {
        Ground {
            variant: self.variant,
            frank: self.frank,
            ..Ground::new(self.catalog, self.policy, self.exposure, self.marker, declared)
        }
    }

    pub(super) fn rows(self, declared: &[u32], tokens: &Tokens<'_>, range: Range<usize>) -> Result<Plan, Refusal> {
        let statement = parse(tokens, range.clone(), self.bounds)?;
        let plan = plan(self.ground(declared), tokens, range, &statement)?;
        // The protocol counts parameters in sixteen bits, and the tenant's values are some.
        let room = usize::from(u16::MAX).saturating_sub(self.policy.slots().len());
        let own = usize::from(plan.parameters).max(declared.len());
        if own > room && !plan.relations.is_empty() {
            let message = format!("a statement may have {room} parameters here, and this one has {own}");
            return Err(Refusal::new(SqlState::PROGRAM_LIMIT_EXCEEDED, Rule::Bounds, message)
                .with_hint("Send fewer rows at once, or an array."));
        }
        Ok(plan)
    }

    fn explain(
        self,
        declared: &[u32],
        tokens: &Tokens<'_>,
        range: Range<usize>,
        options: String,
        inner: Range<usize>,
    ) -> Result<Step, Refusal> {
        match sort(tokens, inner.clone())? {
            Kindred::Rows => {
                // It is not run, and its plan shows what stands in it.
                let marker = Marker::blank();
                let mut plan = Planner { marker: &marker, ..self }.rows(declared, tokens, inner.clone())?;
                let ground = self.ground(declared);
                if options.contains("VERBOSE") {
                    ground.may_show(&plan)?;
                }
                ground.may_explain(&plan)?;
                plan.edits.insert(0, Edit { start: range.start, end: inner.start, pieces: vec![Piece::Text(options)] });
                plan.literal_dependent = true;
                plan.point = false;
                Ok(Step::of(plan.render(tokens, range), Command::Rows, plan))
            }
            Kindred::Execute { name: _, arguments: _ } if options.contains("VERBOSE") && self.policy.hides_columns() => {
                Err(super::hidden::not_shown())
            }
            Kindred::Execute { name, arguments } => self.execute(tokens, inner, name, &arguments, Some(options)),
            Kindred::Explain { options: _, rewrite: _, inner: _ }
            | Kindred::Prepare { name: _, types: _, inner: _ }
            | Kindred::Copy(_)
            | Kindred::Declare { name: _, head: _, inner: _ }
            | Kindred::SearchPath(_)
            | Kindred::Constraints(_)
            | Kindred::SetConfig(_)
            | Kindred::Timeout { name: _, local: _, millis: _ }
            | Kindred::Plain { command: _, text: _ } => {
                Err(Refusal::new(SqlState::SYNTAX_ERROR, Rule::Syntax, "this kind of statement cannot be explained"))
            }
        }
    }

    /// `EXPLAIN (REWRITE)`: what would be sent, and the rules applied, for the session to show. Of views and catalogs it tells nothing that
    /// they do not tell themselves.
    fn explain_rewrite(self, declared: &[u32], tokens: &Tokens<'_>, inner: Range<usize>) -> Result<Step, Refusal> {
        if !matches!(sort(tokens, inner.clone())?, Kindred::Rows) {
            return Err(Refusal::new(SqlState::SYNTAX_ERROR, Rule::Syntax, "this kind of statement cannot be explained"));
        }
        let statement = parse(tokens, inner.clone(), self.bounds)?;
        let marker = Marker::blank();
        let ground = Ground { shown: true, marker: &marker, ..self.ground(declared) };
        let plan = plan(ground, tokens, inner.clone(), &statement)?;
        ground.may_show(&plan)?;
        let plan = Plan { literal_dependent: true, ..plan };
        let notes = plan.notes.iter().filter(|note| !note.starts_with("view ")).cloned().collect();
        Ok(Step::of(plan.render(tokens, inner), Command::ExplainRewrite { notes }, plan))
    }

    fn prepare(self, tokens: &Tokens<'_>, name: String, types: &[Range<usize>], inner: Range<usize>) -> Result<Step, Refusal> {
        let oids = declared_types(tokens, types)?;
        if !matches!(sort(tokens, inner.clone())?, Kindred::Rows) {
            return Err(Refusal::new(
                SqlState::SYNTAX_ERROR,
                Rule::Syntax,
                "only statements that return or change rows can be prepared",
            ));
        }
        let plan = Plan { literal_dependent: true, ..self.rows(&oids, tokens, inner.clone())? };
        if !plan.cursors.is_empty() {
            let message = "WHERE CURRENT OF in PREPARE is not supported through pgmoat";
            return Err(Refusal::new(SqlState::FEATURE_NOT_SUPPORTED, Rule::Construct, message)
                .with_hint("Which cursor is meant is known when it runs: send the statement itself."));
        }
        let template = plan.render(tokens, inner);
        let parameters = plan.parameters.max(u16::try_from(oids.len()).unwrap_or(u16::MAX));
        let statement = Cleared {
            text: template.parameterised(Some(tokens), parameters, self.policy.slots()).into(),
            facts: Arc::new(Facts {
                command: Command::Rows,
                parameters,
                relations: plan.relations.clone().into(),
                checks: plan.resolve(tokens).into(),
                named: written(&plan.named, tokens),
                writes: plan.writes,
                adds: plan.adds,
                told: plan.told,
                point: false,
                fleeting: template.literals().any(|token| is_fleeting(tokens, token)),
                cursors: Box::default(),
            }),
            hidden: Arc::default(),
            values: Arc::default(),
            promotion: None,
        };
        // The parameters are those of the prepared statement: PREPARE itself has none, and nothing to check of them.
        let checks =
            plan.checks.iter().filter(|c| matches!(c.what, Checked::Literal { token: _, negative: _ })).cloned().collect();
        let plan = Plan { parameters: 0, checks, ..plan };
        Ok(Step::of(template, Command::Prepare { name, types: oids, statement }, plan))
    }

    /// EXECUTE: its arguments are expressions, walked like any other.
    fn execute(
        self,
        tokens: &Tokens<'_>,
        range: Range<usize>,
        name: String,
        arguments: &[Range<usize>],
        explain: Option<String>,
    ) -> Result<Step, Refusal> {
        let statement = parse(tokens, range.clone(), self.bounds)?;
        let Statement::Execute {
            name: _,
            parameters,
            has_parentheses: _,
            immediate: false,
            into,
            using,
            output: false,
            default: false,
        } = &statement
        else {
            return Err(Refusal::new(SqlState::SYNTAX_ERROR, Rule::Syntax, "this form of EXECUTE is not understood"));
        };
        if !into.is_empty() || !using.is_empty() {
            return Err(Refusal::new(SqlState::SYNTAX_ERROR, Rule::Syntax, "this form of EXECUTE is not understood"));
        }
        let plan = plan_expressions(self.ground(&[]), tokens, range, parameters)?;
        let plan = Plan { literal_dependent: true, ..plan };
        let rendered: Vec<Template> = arguments.iter().map(|range| plan.render(tokens, range.clone())).collect();
        if rendered.iter().any(|argument| !argument.slots().is_empty()) {
            // Only a relation is compared with the tenant's value here.
            return Err(Refusal::new(
                SqlState::FEATURE_NOT_SUPPORTED,
                Rule::Construct,
                "cannot use subquery in EXECUTE parameter",
            ));
        }
        let arguments = rendered.iter().map(|argument| argument.literal(Some(tokens), &[])).collect();
        Ok(Step::of(Template::default(), Command::Execute { name, arguments, explain }, plan))
    }
}

impl Step {
    pub(super) fn of(template: Template, command: Command, plan: Plan) -> Self {
        let Plan {
            edits: _,
            checks,
            named,
            parameters,
            relations,
            notes,
            literal_dependent,
            free: _,
            writes,
            adds,
            told,
            point,
            cursors,
            derived: _,
        } = plan;
        let (checked, seen) = (Box::default(), Box::default());
        let relations = relations.into();
        // Of an EXPLAIN or a PREPARE it is the statement inside that does.
        let point = point && matches!(command, Command::Rows);
        let cursors = cursors.into();
        // Whose literals mean what is seen in each text.
        let fleeting = false;
        // An EXPLAIN changes nothing; of a PREPARE it is told where it is carried out.
        let told = if matches!(command, Command::Rows | Command::CopyOut) { told } else { Told::InTag };
        let facts =
            Facts { command, parameters, relations, checks: checked, named: seen, writes, adds, told, point, fleeting, cursors };
        let facts = Arc::new(facts);
        Self { template, facts, checks, named, notes: notes.into(), literal_dependent, free: None }
    }

    /// Whether it changes, or asks, whose rows the session is about.
    pub(super) fn is_switch(&self) -> bool {
        matches!(self.facts.command, Command::Switch { switch: _, tag: _ })
    }

    /// The statement as a prepared one with this text's literals as values, where it may be one.
    pub(super) fn promotion(&self, tokens: &Tokens<'_>, slots: &[Slot]) -> Option<Arc<Promotion>> {
        self.free.as_ref()?.promote(&self.template, tokens, slots).map(Arc::new)
    }

    /// What the statement is in one text; `declared` parameter types came with it.
    pub(super) fn facts(&self, tokens: &Tokens<'_>, declared: usize) -> Arc<Facts> {
        let parameters = self.facts.parameters.max(u16::try_from(declared).unwrap_or(u16::MAX));
        let fleeting = self.template.literals().any(|token| is_fleeting(tokens, token));
        if self.checks.is_empty() && self.named.is_empty() && parameters == self.facts.parameters && !fleeting {
            return Arc::clone(&self.facts);
        }
        let (checks, named) = (resolve(&self.checks, tokens).into(), written(&self.named, tokens));
        Arc::new(Facts { parameters, checks, named, fleeting, ..Facts::clone(&self.facts) })
    }
}

/// OIDs of the types that PREPARE declares.
fn declared_types(tokens: &Tokens<'_>, types: &[Range<usize>]) -> Result<Vec<u32>, Refusal> {
    let mut oids = Vec::with_capacity(types.len());
    for range in types {
        let mut text = String::new();
        print_range(tokens, range.clone(), &mut text);
        let oid = prepared_type(&text).ok_or_else(|| {
            Refusal::new(
                SqlState::INSUFFICIENT_PRIVILEGE,
                Rule::Type,
                format!("type {text} cannot be declared for a prepared statement"),
            )
            .with_hint("Declare one of PostgreSQL's data types without a modifier, or leave the type list out.")
        })?;
        oids.push(oid);
    }
    Ok(oids)
}

/// The OID of a type as PREPARE names it: the words of the grammar, or `pg_type.typname`.
fn prepared_type(text: &str) -> Option<u32> {
    let name = typname(text);
    if let Some(element) = name.strip_suffix("[]") {
        let element = prepared_type(element.trim())?;
        return allowed::array_of(element);
    }
    allowed::named_type(name).map(|t| t.oid)
}

/// `pg_type.typname` of a type by a word of the grammar.
pub(super) fn typname(text: &str) -> &str {
    match text {
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
    }
}
