//! `[plans]`, and what single tenants are allowed instead: in the configuration, and as the registry has it. It limits nobody.

use super::reader::{Reader, Section, section_of};
use super::{Plan, Problems};
use crate::limits::{Quota, Stock, Subject};
use std::collections::BTreeMap;
use toml::de::DeTable;

const KEYS: &[&str] = &[
    "queries_per_second",
    "burst",
    "rate_wait",
    "max_connections",
    "max_transactions",
    "statement_timeout",
    "transaction_timeout",
    "idle_transaction_timeout",
    "bytes_per_second",
    "rows_per_second",
    "rows_per_statement",
    "bytes_per_statement",
    "quota",
    "weight",
];

/// Those that may stand at a role.
const ROLE_KEYS: &[&str] = &[
    "queries_per_second",
    "burst",
    "rate_wait",
    "statement_timeout",
    "transaction_timeout",
    "idle_transaction_timeout",
    "rows_per_statement",
    "bytes_per_statement",
];

const QUOTA_KEYS: &[&str] = &[
    "queries_per_day",
    "queries_per_month",
    "bytes_per_day",
    "bytes_per_month",
    "rows_written_per_day",
    "rows_written_per_month",
    "storage",
    "users",
    "soft_percent",
];

/// Reads `[plans]`.
pub(super) fn read(top: &Section<'_>) -> BTreeMap<String, Plan> {
    let Some(section) = top.section("plans", "[plans]".to_owned(), &[]) else { return BTreeMap::new() };
    let mut plans = BTreeMap::new();
    for (name, value) in section.entries() {
        let title = format!("[plans.{}]", name.get_ref());
        let Some(section) = section_of(section.reader, name.get_ref(), value, title, KEYS) else { continue };
        let plan = plan(&section);
        let is_given = |key: &str| section.place(key) != section.span;
        for (key, label) in [("burst", "a burst of what?"), ("rate_wait", "a wait for what?")] {
            if is_given(key) && !is_given("queries_per_second") {
                let help = Some("add `queries_per_second`".to_owned());
                section.reader.problem(section.place(key), format!("`{key}` without `queries_per_second`"), label, help);
            }
        }
        plans.insert(name.into_inner(), plan);
    }
    plans
}

/// Reads `limits` of a tenant.
pub(super) fn limits(tenant: &Section<'_>) -> Option<Plan> {
    tenant.section("limits", "limits".to_owned(), KEYS).map(|section| plan(&section))
}

/// Reads `limits` of `[roles]`, by role. What else is said of roles, and what is no table, is not looked at here.
pub(super) fn roles(top: &Section<'_>) -> BTreeMap<String, Plan> {
    let Some(roles) = table(top, "roles", "[roles]") else { return BTreeMap::new() };
    let limits = |name: &str| {
        let title = format!("[roles.{name}]");
        let limits = table(&roles, name, &title)?.section("limits", format!("{title} limits"), ROLE_KEYS)?;
        Some((name.to_owned(), plan(&limits)))
    };
    roles.entries().filter_map(|(name, _)| limits(name.get_ref())).collect()
}

fn table<'a>(of: &Section<'a>, key: &str, title: &str) -> Option<Section<'a>> {
    if of.is_table(key) { of.section(key, title.to_owned(), &[]) } else { None }
}

fn plan(section: &Section<'_>) -> Plan {
    let limit = |key: &str| section.duration(key).filter(|d| !d.is_zero());
    let max_connections = section.number("max_connections", 1..=1_000_000);
    Plan {
        queries_per_second: section.number("queries_per_second", 1..=1_000_000_000),
        burst: section.number("burst", 1..=1_000_000_000),
        rate_wait: limit("rate_wait"),
        max_connections,
        max_transactions: section.number("max_transactions", 1..=10_000),
        statement_timeout: limit("statement_timeout"),
        transaction_timeout: limit("transaction_timeout"),
        idle_transaction_timeout: limit("idle_transaction_timeout"),
        bytes_per_second: section.number("bytes_per_second", 1024..=1 << 50),
        rows_per_second: section.number("rows_per_second", 1..=1 << 50),
        rows_per_statement: section.number("rows_per_statement", 1..=1 << 50),
        bytes_per_statement: section.number("bytes_per_statement", 1..=1 << 50),
        quota: quota(section, max_connections),
        weight: section.number("weight", 1..=1000),
    }
}

fn quota(plan: &Section<'_>, max_connections: Option<usize>) -> Quota {
    // Connections are limited by the plan itself; how near it they are is told with the others.
    let own = max_connections.map(|n| (Subject::Held(Stock::Connections), u64::try_from(n).unwrap_or(u64::MAX)));
    let Some(section) = plan.section("quota", format!("{} quota", plan.name), QUOTA_KEYS) else {
        return Quota { limits: own.into_iter().collect(), soft_percent: None };
    };
    let named = Subject::all().filter(|subject| *subject != Subject::Held(Stock::Connections));
    let limits = named.filter_map(|subject| Some((subject, section.number(&subject.to_string(), 1..=1 << 60)?)));
    Quota { limits: limits.chain(own).collect(), soft_percent: section.number("soft_percent", 1..=100) }
}

/// Reads limits that are kept as key and value, the value as TOML has it, or a bare duration.
///
/// # Errors
/// Every problem at once, as of the file `name`.
pub fn overrides(name: &str, entries: impl Iterator<Item = (String, String)>) -> Result<Plan, Problems> {
    let text: String = entries.map(|(key, value)| format!("{} = {value}\n", toml::Value::String(key))).collect();
    let (table, errors) = DeTable::parse_recoverable(&text);
    let reader = Reader::new(&|_| None);
    for error in errors.iter().take(1) {
        reader.problem(error.span().unwrap_or(0..0), error.message(), "here", None);
    }
    let plan = plan(&Section::new(&reader, table.get_ref(), 0..0, "limits".to_owned(), KEYS));
    let (problems, _warnings) = reader.finish();
    if problems.is_empty() { Ok(plan) } else { Err(Problems::new(name, &text, problems)) }
}

impl Plan {
    /// The plan of somebody to whom these limits apply instead, each that is named.
    #[must_use]
    pub fn with(self, own: &Self) -> Self {
        Self {
            queries_per_second: own.queries_per_second.or(self.queries_per_second),
            burst: own.burst.or(self.burst.filter(|_| own.queries_per_second.is_none())),
            rate_wait: own.rate_wait.or(self.rate_wait),
            max_connections: own.max_connections.or(self.max_connections),
            max_transactions: own.max_transactions.or(self.max_transactions),
            statement_timeout: own.statement_timeout.or(self.statement_timeout),
            transaction_timeout: own.transaction_timeout.or(self.transaction_timeout),
            idle_transaction_timeout: own.idle_transaction_timeout.or(self.idle_transaction_timeout),
            bytes_per_second: own.bytes_per_second.or(self.bytes_per_second),
            rows_per_second: own.rows_per_second.or(self.rows_per_second),
            rows_per_statement: own.rows_per_statement.or(self.rows_per_statement),
            bytes_per_statement: own.bytes_per_statement.or(self.bytes_per_statement),
            quota: self.quota.with(&own.quota),
            weight: own.weight.or(self.weight),
        }
    }
}
