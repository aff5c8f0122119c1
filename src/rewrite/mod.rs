//! Statement + catalog + policy -> the text that the server may run, or a refusal.
//! It knows no wire, no session and no socket; it does not load catalogs and it does not keep sessions' state.
//!
//! The way of a statement: [`command`] sorts it by its first word; `walk` (with `query`, `from`, `expression`, `function`, `insert`,
//! `change`) goes over every node of its tree and notes references, names and checks; `safety` judges its conditions; `place` turns the
//! references into edits; `plan` splices the edits between the tokens. `cache` remembers plans by text and by shape.

mod answered;
mod bulk;
mod cache;
mod cascade;
mod catalogs;
mod change;
mod clauses;
mod cleared;
mod command;
mod conflict;
mod conjunct;
mod constraints;
mod copy;
mod crossing;
mod cursor;
mod denied;
mod derived;
mod estimates;
mod expression;
mod filter;
mod from;
mod function;
mod guard;
mod hidden;
mod insert;
mod lookup;
mod marker;
mod merge;
mod names;
mod pattern;
mod place;
mod plan;
mod point;
mod promotion;
mod query;
mod roles;
mod safety;
mod sample;
mod scope;
mod set_config;
mod snapshot;
mod stamp;
mod statement;
mod switch;
mod table_function;
mod unseen;
mod updatable;
mod walk;

pub use cache::CacheCounters;
pub use cleared::{Batch, Cleared, Command, Hidden, Key, Promotion, Savepoint, Told};
pub use crossing::Crossing;
pub use hidden::not_explained;
pub use marker::Violation;
pub use roles::Rewriters;
pub use snapshot::Snapshot;
pub use switch::{Switch, Switched, Token};

use crate::catalog::{Catalog, Relation};
use crate::error::{Refusal, Rule, SqlState};
use crate::policy::exposure::Exposure;
use crate::policy::{Access, Compared, Identity, Policy, TenantValue};
use crate::sql::{Bounds, Tokens, locate, print_range, quote_ident, shape, split};
use ahash::AHashSet;
use cache::{Known, KnownStatement, PlanCache, Plans};
use cleared::Facts;
use marker::Marker;
use plan::{Template, check_literals};
use statement::{Planner, Step};
use std::sync::Arc;

/// How many texts, and how many shapes, a rewriter remembers.
const CACHE_CAPACITY: usize = 8192;

/// The embeddable rewriter: immutable after construction but for its cache, shared by all sessions.
///
/// The same text, identity, policy and catalog give the same result.
#[derive(Debug)]
pub struct Rewriter {
    policy: Arc<Policy>,
    catalog: Arc<Catalog>,
    marker: Marker,
    exposure: Exposure,
    bounds: Bounds,
    cache: PlanCache,
}

/// What the rewriter must know of an identity; computed once per session and rewriter.
#[derive(Clone, Debug)]
pub struct Scope {
    values: Arc<[TenantValue]>,
    hidden: Vec<Hidden>,
    /// For each slot the one hidden value, shared by all statements that have only it.
    single: Vec<Arc<[Hidden]>>,
    bypass: bool,
    /// Whether it may say whose rows it is about, and whether it has not yet.
    switches: bool,
    nowhere: bool,
    /// The levels that the user is limited in: who is limited in the same ones shares plans.
    variant: u32,
}

/// A statement and what was done to it.
#[derive(Clone, Debug)]
pub struct Explained {
    /// What the server would get in the simple protocol.
    pub text: String,
    /// The rules applied, in words.
    pub notes: Vec<String>,
    /// The relations it names.
    pub relations: Vec<String>,
}

impl Scope {
    /// Whether statements pass unrewritten.
    #[must_use]
    pub fn bypass(&self) -> bool {
        self.bypass
    }

    fn hidden(&self, slots: &[usize]) -> Arc<[Hidden]> {
        match slots {
            [] => Arc::default(),
            [one] => self.single.get(*one).cloned().unwrap_or_default(),
            several => several.iter().filter_map(|s| self.hidden.get(*s).cloned()).collect(),
        }
    }
}

impl Rewriter {
    /// A rewriter over one snapshot.
    #[must_use]
    pub fn new(policy: Arc<Policy>, catalog: Arc<Catalog>) -> Self {
        let (exposure, bounds, cache) = (Exposure::default(), Bounds::default(), PlanCache::new(CACHE_CAPACITY));
        let mut rewriter = Self { policy, catalog, exposure, marker: Marker::new(0), bounds, cache };
        rewriter.exposure = Exposure::new(&rewriter.policy, &rewriter.catalog, &rewriter.confined_views());
        rewriter
    }

    /// The same, its guards' errors marked by a number that clients cannot guess: one for the process, so that a statement that was
    /// prepared by one rewriter is understood by the next.
    #[must_use]
    pub fn with_nonce(self, nonce: u128) -> Self {
        Self { marker: Marker::new(nonce), ..self }
    }

    /// What an error of the server means, if a guard raised it: the client gets this instead.
    #[must_use]
    pub fn violation(&self, code: &[u8], message: &[u8]) -> Option<Violation> {
        self.marker.read(&self.catalog, code, message)
    }

    /// The character (from 1) of a client's text at which the token stands that is at the character `position` of what was sent for it;
    /// `None` where it was spliced in, or where there is a doubt.
    #[must_use]
    pub fn locate(&self, written: &str, sent: &str, position: u32) -> Option<u32> {
        locate(written, sent, position, &self.bounds)
    }

    /// The views whose definitions can be confined.
    fn confined_views(&self) -> AHashSet<u32> {
        let views = self.catalog.relations().iter().filter(|r| *self.policy.access(r) == Access::View);
        let plans = |r: &&Relation| {
            let text = format!("SELECT FROM {}.{}", quote_ident(&r.schema), quote_ident(&r.name));
            Tokens::lex(&text, &self.bounds).is_ok_and(|tokens| self.plans(&tokens, &[], 0).is_ok())
        };
        views.filter(plans).map(|r| r.oid).collect()
    }

    /// The snapshot's catalog.
    #[must_use]
    pub fn catalog(&self) -> &Arc<Catalog> {
        &self.catalog
    }

    /// The snapshot's policy.
    #[must_use]
    pub fn policy(&self) -> &Arc<Policy> {
        &self.policy
    }

    /// How often the cache answered.
    #[must_use]
    pub fn counters(&self) -> CacheCounters {
        self.cache.counters()
    }

    /// What this rewriter must know of an identity.
    ///
    /// # Errors
    /// A refusal (28000) when the tenant has no value of the right type for an attribute that a scoped relation compares.
    pub fn scope(&self, identity: &Identity) -> Result<Scope, Refusal> {
        // A plan made for one role serves no other: who comes here is of the role that this one is for.
        if identity.role.as_ref() != self.policy.role() {
            let message = format!("user \"{}\" is not of the role that this was planned for", identity.user);
            return Err(Refusal::new(SqlState::INTERNAL_ERROR, Rule::Login, message));
        }
        if let Some(level) = self.policy.unlimited_in(&identity.nodes).filter(|_| !identity.bypass) {
            let role = identity.role.as_deref().unwrap_or_default();
            let message = format!("user \"{}\" of role \"{role}\" must be limited in level \"{level}\"", identity.user);
            return Err(Refusal::new(SqlState::INVALID_AUTHORIZATION, Rule::Login, message)
                .with_hint("Ask the operator to give the user nodes of the level (scopes)."));
        }
        let nowhere = identity.tenant.is_none() && !identity.bypass;
        if nowhere && !identity.switches {
            let message = format!("user \"{}\" has no tenant: it may use the console only", identity.user);
            return Err(Refusal::new(SqlState::INVALID_AUTHORIZATION, Rule::Login, message));
        }
        let mut values = Vec::new();
        if let Some(tenant) = &identity.tenant {
            let (tenant_name, settings) = ("name".to_owned(), "settings".to_owned());
            for slot in self.policy.slots() {
                let (attribute, value) = match &slot.of {
                    Compared::Attribute(attribute) => {
                        (attribute, tenant.attributes.get(attribute).and_then(|a| slot.kind.value(a)))
                    }
                    Compared::Name => (&tenant_name, slot.kind.value(&tenant.name)),
                    Compared::Settings => (&settings, slot.kind.value(&tenant.settings)),
                    // Without a limit no statement has this value in it; the empty list lets no row through.
                    Compared::Level(level) => (level, slot.kind.list(identity.nodes.get(level).map_or(&[], Vec::as_slice))),
                };
                values.push(value.ok_or_else(|| {
                    let message = format!(
                        "tenant \"{}\" or user \"{}\" has no value for \"{attribute}\" of type {}",
                        tenant.name,
                        identity.user,
                        slot.kind.name()
                    );
                    Refusal::new(SqlState::INVALID_AUTHORIZATION, Rule::Login, message)
                        .with_hint("Ask the operator to correct the tenant's attributes, or the user's scopes.")
                })?);
            }
        }
        let hidden: Vec<Hidden> = values.iter().map(Hidden::new).collect();
        let single = hidden.iter().map(|h| Arc::from(vec![h.clone()])).collect();
        let (bypass, switches, variant) = (identity.bypass, identity.switches, self.variant(identity)?);
        Ok(Scope { values: values.into(), hidden, single, bypass, switches, nowhere, variant })
    }

    /// The levels that a user is limited in, bit i for the policy's level i.
    fn variant(&self, identity: &Identity) -> Result<u32, Refusal> {
        let mut variant = 0;
        for level in identity.nodes.keys() {
            let bit = self.policy.levels().iter().position(|l| l == level).and_then(|i| u32::try_from(i).ok());
            let bit = bit.and_then(|i| 1_u32.checked_shl(i)).ok_or_else(|| {
                let message = format!("user \"{}\" is limited in level \"{level}\", which no table names", identity.user);
                Refusal::new(SqlState::INVALID_AUTHORIZATION, Rule::Login, message)
                    .with_hint("Ask the operator to declare the level's columns in [tenancy.tables].")
            })?;
            variant |= bit;
        }
        Ok(variant)
    }

    /// Clears the text of a simple query: zero or more statements, in order.
    ///
    /// # Errors
    /// The first statement's refusal; then none of them may run.
    pub fn simple(&self, text: &str, scope: &Scope) -> Result<Batch, Refusal> {
        if scope.bypass {
            return Ok(self.unchecked(text, scope)?.into());
        }
        if let Some(known) = self.cache.text(text, &[], scope.variant) {
            if let Some(batch) = known.last(&scope.values).filter(|_| !scope.nowhere) {
                return Ok(batch);
            }
            let batch =
                batch_of(&known.statements, |s| simple(&s.template, None, Arc::clone(&s.facts), s.promotion.clone(), scope))?;
            known.keep(&scope.values, &batch);
            return Ok(batch);
        }
        let tokens = Tokens::lex(text, &self.bounds)?;
        let plans = self.plans_of(&tokens, &[], scope.variant)?;
        if is_kept(&plans) && self.cache.comes_again(text, &[], scope.variant) {
            self.cache.keep_text(text, &[], scope.variant, &Arc::new(Known::of(&plans, &tokens, 0, self.policy.slots())));
        }
        batch_of(&plans, |step| self.simple_step(step, &tokens, scope))
    }

    /// Clears the text of a Parse message: at most one statement (`None`: an empty one). `declared` are the parameter types that it lists.
    ///
    /// # Errors
    /// The refusal.
    pub fn extended(&self, text: &str, declared: &[u32], scope: &Scope) -> Result<Option<Cleared>, Refusal> {
        if scope.bypass {
            let mut all = self.unchecked(text, scope)?;
            one_statement(all.len())?;
            let parameters = u16::try_from(declared.len()).unwrap_or(u16::MAX);
            return Ok(all.pop().map(|cleared| {
                let parameters = parameters.max(cleared.facts.parameters);
                Cleared { facts: Arc::new(Facts { parameters, ..Facts::clone(&cleared.facts) }), ..cleared }
            }));
        }
        if let Some(known) = self.cache.text(text, declared, scope.variant) {
            one_statement(known.statements.len())?;
            return known.statements.first().map(|s| self.extended_known(s, scope)).transpose();
        }
        let tokens = Tokens::lex(text, &self.bounds)?;
        let plans = self.plans_of(&tokens, declared, scope.variant)?;
        one_statement(plans.len())?;
        let known = Arc::new(Known::of(&plans, &tokens, declared.len(), self.policy.slots()));
        if is_kept(&plans) && self.cache.comes_again(text, declared, scope.variant) {
            self.cache.keep_text(text, declared, scope.variant, &known);
        }
        known.statements.first().map(|s| self.extended_known(s, scope)).transpose()
    }

    /// The relations that a view stands on.
    ///
    /// # Errors
    /// Why tenants cannot read it, for the operator: it may name what is hidden from them.
    pub fn view(&self, view: &Relation) -> Result<Vec<String>, Refusal> {
        let text = format!("SELECT * FROM {}", walk::quoted(view));
        let tokens = Tokens::lex(&text, &self.bounds)?;
        let planner = Planner { frank: true, ..self.planner(0) };
        let plans: Vec<Step> =
            split(&tokens).into_iter().map(|range| planner.plan(&[], &tokens, range)).collect::<Result<_, _>>()?;
        let known = Known::of(&plans, &tokens, 0, self.policy.slots());
        let name = view.qualified();
        let over = known.statements.iter().flat_map(|s| s.facts.relations.iter());
        Ok(over.filter(|r| **r != name).cloned().collect())
    }

    /// What would be sent for a text, and why; for people.
    ///
    /// # Errors
    /// The refusal.
    pub fn explain(&self, text: &str, scope: &Scope) -> Result<Vec<Explained>, Refusal> {
        if scope.bypass {
            let explained = |c: Cleared| Explained {
                text: c.text.to_string(),
                notes: vec!["bypass: not rewritten".to_owned()],
                relations: Vec::new(),
            };
            return Ok(self.unchecked(text, scope)?.into_iter().map(explained).collect());
        }
        let tokens = Tokens::lex(text, &self.bounds)?;
        let known = Known::of(&self.plans(&tokens, &[], scope.variant)?, &tokens, 0, self.policy.slots());
        let explained = |s: &KnownStatement| {
            permitted(&s.facts, &s.template, scope)?;
            check_literals(&s.facts.checks, &scope.values)?;
            Ok(Explained {
                text: s.template.literal(None, &scope.values),
                notes: s.notes.to_vec(),
                relations: s.facts.relations.to_vec(),
            })
        };
        known.statements.iter().map(explained).collect()
    }

    /// Clears a text as if it had never been seen: for measurements.
    ///
    /// # Errors
    /// As [`Self::simple`].
    pub fn cold(&self, text: &str, scope: &Scope) -> Result<Batch, Refusal> {
        let tokens = Tokens::lex(text, &self.bounds)?;
        let plans = self.plans(&tokens, &[], scope.variant)?;
        batch_of(&plans, |step| self.simple_step(step, &tokens, scope))
    }

    /// The plans of a text's shape, remembered or made.
    fn plans_of(&self, tokens: &Tokens<'_>, declared: &[u32], variant: u32) -> Result<Plans, Refusal> {
        let mut key = Vec::with_capacity(tokens.text().len().saturating_add(16));
        shape(tokens, &mut key);
        // Behind the tokens: the declared types and how many they are, which keeps the two apart; and the kind of user.
        for oid in declared {
            key.extend_from_slice(&oid.to_be_bytes());
        }
        key.extend_from_slice(&declared.len().to_be_bytes());
        key.extend_from_slice(&variant.to_be_bytes());
        if let Some(plans) = self.cache.shape(&key) {
            return Ok(plans);
        }
        self.cache.missed();
        let plans = Arc::new(self.plans(tokens, declared, variant)?);
        if !plans.iter().any(|step| step.literal_dependent) {
            self.cache.keep_shape(&key, &plans);
        }
        Ok(plans)
    }

    fn plans(&self, tokens: &Tokens<'_>, declared: &[u32], variant: u32) -> Result<Vec<Step>, Refusal> {
        let planner = self.planner(variant);
        let statements = split(tokens);
        let most = self.bounds.max_statements;
        if statements.len() > most {
            let message = format!("the text has {} statements, more than {most}", statements.len());
            return Err(Refusal::new(SqlState::PROGRAM_LIMIT_EXCEEDED, Rule::Bounds, message)
                .with_hint("Send it as several queries, within BEGIN and COMMIT where they must be one."));
        }
        statements.into_iter().map(|range| planner.plan(declared, tokens, range)).collect()
    }

    fn planner(&self, variant: u32) -> Planner<'_> {
        let Self { policy, catalog, marker, exposure, bounds, cache: _ } = self;
        Planner { catalog, policy, marker, exposure, bounds, variant, frank: false }
    }

    fn simple_step(&self, step: &Step, tokens: &Tokens<'_>, scope: &Scope) -> Result<Cleared, Refusal> {
        let promotion = step.promotion(tokens, self.policy.slots());
        simple(&step.template, Some(tokens), step.facts(tokens, 0), promotion, scope)
    }

    fn extended_known(&self, statement: &KnownStatement, scope: &Scope) -> Result<Cleared, Refusal> {
        let KnownStatement { template, facts, notes: _, promotion: _, parameterised } = statement;
        permitted(facts, template, scope)?;
        if matches!(facts.command, Command::CopyOut | Command::CopyIn(_)) {
            return simple(template, None, Arc::clone(facts), None, scope);
        }
        check_literals(&facts.checks, &scope.values)?;
        let text = parameterised.get_or_init(|| template.parameterised(None, facts.parameters, self.policy.slots()).into());
        Ok(Cleared {
            text: Arc::clone(text),
            facts: scoped_facts(facts, template, scope),
            hidden: scope.hidden(template.slots()),
            values: Arc::clone(&scope.values),
            promotion: None,
        })
    }

    /// A bypass user's text: lexed and printed canonically, nothing else.
    fn unchecked(&self, text: &str, scope: &Scope) -> Result<Vec<Cleared>, Refusal> {
        let tokens = Tokens::lex(text, &self.bounds)?;
        let cleared = |range: std::ops::Range<usize>| {
            // The server would take it for a setting of its own making, and the client for a switch.
            if switch::is_switch(&tokens, &range) {
                let step = self.planner(0).plan(&[], &tokens, range)?;
                return simple(&step.template, Some(&tokens), step.facts(&tokens, 0), None, scope);
            }
            switch::refuse_elsewhere(&tokens, &range, scope.switches)?;
            let mut text = String::new();
            let parameters = highest_parameter(&tokens, range.clone());
            print_range(&tokens, range, &mut text);
            Ok(Cleared {
                text: text.into(),
                facts: Arc::new(Facts {
                    command: Command::Unchecked,
                    parameters,
                    relations: Box::default(),
                    checks: Box::default(),
                    named: Box::default(),
                    writes: true,
                    adds: true,
                    told: Told::InTag,
                    point: false,
                    fleeting: false,
                    cursors: Box::default(),
                }),
                hidden: Arc::default(),
                values: Arc::default(),
                promotion: None,
            })
        };
        split(&tokens).into_iter().map(cleared).collect()
    }
}

fn highest_parameter(tokens: &Tokens<'_>, range: std::ops::Range<usize>) -> u16 {
    let number = |i: usize| {
        (tokens.kind(i) == Some(crate::sql::Kind::Param)).then(|| expression::parameter_number(&tokens.value(i))).flatten()
    };
    range.filter_map(number).max().unwrap_or(0)
}

fn one_statement(count: usize) -> Result<(), Refusal> {
    if count > 1 {
        return Err(Refusal::new(
            SqlState::SYNTAX_ERROR,
            Rule::Syntax,
            "cannot insert multiple commands into a prepared statement",
        ));
    }
    Ok(())
}

/// One statement for the simple protocol. `tokens` are the text that its literals come from, unless the template has them.
fn simple(
    template: &Template,
    tokens: Option<&Tokens<'_>>,
    facts: Arc<Facts>,
    promotion: Option<Arc<Promotion>>,
    scope: &Scope,
) -> Result<Cleared, Refusal> {
    permitted(&facts, template, scope)?;
    check_literals(&facts.checks, &scope.values)?;
    if facts.parameters > 0 {
        return Err(Refusal::new(SqlState::UNDEFINED_PARAMETER, Rule::Syntax, "there is no parameter $1"));
    }
    Ok(Cleared {
        text: template.literal(tokens, &scope.values).into(),
        facts: scoped_facts(&facts, template, scope),
        hidden: if promotion.is_some() { scope.hidden(template.slots()) } else { Arc::default() },
        values: Arc::clone(&scope.values),
        promotion,
    })
}

/// Who may not switch does not, and who has no tenant yet reaches nothing.
fn permitted(facts: &Facts, template: &Template, scope: &Scope) -> Result<(), Refusal> {
    if let Command::Switch { switch, tag: _ } = &facts.command
        && !scope.switches
    {
        return Err(switch::refused(switch));
    }
    let reaches = !template.slots().is_empty() || !facts.relations.is_empty();
    if scope.nowhere && reaches { Err(switch::nowhere()) } else { Ok(()) }
}

/// Whether the text of these may be remembered: not where it may hold a token.
fn is_kept(plans: &[Step]) -> bool {
    !plans.iter().any(Step::is_switch)
}

/// A batch; for one statement, which is the rule, with one allocation.
fn batch_of<T>(statements: &[T], clear: impl Fn(&T) -> Result<Cleared, Refusal>) -> Result<Batch, Refusal> {
    match statements {
        [one] => Ok(Arc::new([clear(one)?])),
        several => several.iter().map(clear).collect(),
    }
}

/// The facts with the tenant's values where the command carries a statement of its own.
fn scoped_facts(facts: &Arc<Facts>, template: &Template, scope: &Scope) -> Arc<Facts> {
    match &facts.command {
        Command::Prepare { name, types, statement } => {
            let hidden = scope.hidden(template.slots());
            let statement = Cleared { hidden, values: Arc::clone(&scope.values), ..statement.clone() };
            let command = Command::Prepare { name: name.clone(), types: types.clone(), statement };
            Arc::new(Facts { command, ..Facts::clone(facts) })
        }
        Command::Rows
        | Command::Declare { name: _, locks: _ }
        | Command::Fetch { name: _ }
        | Command::Close { name: _ }
        | Command::CopyOut
        | Command::CopyIn(_)
        | Command::Begin
        | Command::Commit
        | Command::Rollback
        | Command::Savepoint(_)
        | Command::Set { name: _, local: _, replay: _ }
        | Command::Reset { name: _, tag: _ }
        | Command::Passing(_)
        | Command::ResetAll
        | Command::Show
        | Command::Execute { name: _, arguments: _, explain: _ }
        | Command::ExplainRewrite { notes: _ }
        | Command::Deallocate { name: _ }
        | Command::DiscardAll
        | Command::Switch { switch: _, tag: _ }
        | Command::Unchecked => Arc::clone(facts),
    }
}
