//! The tables that PgBouncer has not: tenants, limits, plans, refusals. It does not count: it shows what was counted.

use super::show::moment;
use super::table::{Cell, Column, big, int, text};
use super::view::{TenantLine, View};
use crate::config::Plan;
use crate::limits::{Line, Period};
use std::time::Duration;

pub(super) const TENANTS: &[Column] = &[
    text("tenant"),
    text("plan"),
    text("state"),
    int("users"),
    int("clients"),
    int("sv_active"),
    int("cl_waiting"),
    big("refusals"),
    text("health"),
];
pub(super) const PLANS: &[Column] = &[
    text("plan"),
    int("tenants"),
    int("queries_per_second"),
    int("burst"),
    text("rate_wait"),
    int("max_connections"),
    int("max_transactions"),
    text("statement_timeout"),
    text("transaction_timeout"),
    text("idle_transaction_timeout"),
    big("bytes_per_second"),
    big("rows_per_second"),
    big("rows_per_statement"),
    big("bytes_per_statement"),
    int("weight"),
];
pub(super) const LIMITS: &[Column] = &[
    text("tenant"),
    text("plan"),
    int("clients"),
    int("sv_active"),
    int("queries_per_second"),
    int("burst"),
    text("rate_wait"),
    int("max_connections"),
    int("max_transactions"),
    text("statement_timeout"),
    text("transaction_timeout"),
    text("idle_transaction_timeout"),
    big("bytes_per_second"),
    big("rows_per_second"),
    big("rows_per_statement"),
    big("bytes_per_statement"),
    int("weight"),
];
pub(super) const REFUSALS: &[Column] = &[
    text("tenant"),
    text("rule"),
    big("count"),
    text("last_time"),
    text("last_user"),
    text("last_client"),
    text("last_sqlstate"),
    text("last_message"),
    text("last_statement"),
];

pub(super) const QUOTAS: &[Column] =
    &[text("tenant"), text("metric"), text("period"), big("used"), big("hard"), text("status"), text("resets"), text("health")];

type Rows = Vec<Vec<Cell>>;

fn clients(tenant: &TenantLine, view: &View) -> usize {
    view.clients.iter().filter(|c| !c.operates && c.tenant.as_deref() == Some(&tenant.name)).count()
}

pub(super) fn tenants(view: &View) -> Rows {
    let row = |tenant: &TenantLine| {
        let refused = view.refused.iter().filter(|r| r.tenant.as_ref() == Some(&tenant.name)).map(|r| r.count);
        vec![
            (&*tenant.name).into(),
            tenant.plan.as_deref().into(),
            tenant.state.into(),
            tenant.users.into(),
            clients(tenant, view).into(),
            tenant.held.into(),
            tenant.waiting.into(),
            refused.sum::<u64>().into(),
            tenant.health.into(),
        ]
    };
    view.tenants.iter().map(row).collect()
}

/// What a plan limits; NULL is no limit.
fn limited(plan: &Plan) -> [Cell; 13] {
    let time = |limit: Option<Duration>| limit.map(|d| humantime::format_duration(d).to_string()).into();
    [
        plan.queries_per_second.into(),
        plan.burst.into(),
        time(plan.rate_wait),
        plan.max_connections.into(),
        plan.max_transactions.into(),
        time(plan.statement_timeout),
        time(plan.transaction_timeout),
        time(plan.idle_transaction_timeout),
        plan.bytes_per_second.into(),
        plan.rows_per_second.into(),
        plan.rows_per_statement.into(),
        plan.bytes_per_statement.into(),
        plan.weight.unwrap_or(1).into(),
    ]
}

pub(super) fn plans(view: &View) -> Rows {
    let row = |(name, plan): (&String, &Plan)| {
        let tenants = view.tenants.iter().filter(|t| t.plan.as_deref() == Some(name)).count();
        [name.as_str().into(), tenants.into()].into_iter().chain(limited(plan)).collect()
    };
    view.settings.plans.iter().map(row).collect()
}

/// What was used; the quota is NULL where there is none. It begins anew at midnight UTC of the day given.
pub(super) fn quotas(view: &View) -> Rows {
    let row = |tenant: &TenantLine, line: &Line| {
        vec![
            (&*tenant.name).into(),
            line.subject.what().into(),
            line.subject.period().map_or("now", Period::as_str).into(),
            line.used.into(),
            line.limit.into(),
            line.standing.as_str().into(),
            line.ends.map(|day| day.to_string()).into(),
            tenant.health.into(),
        ]
    };
    view.tenants.iter().flat_map(|tenant| tenant.quotas.iter().map(move |line| row(tenant, line))).collect()
}

pub(super) fn limits(view: &View) -> Rows {
    let row = |tenant: &TenantLine| {
        let first = [(&*tenant.name).into(), tenant.plan.as_deref().into(), clients(tenant, view).into(), tenant.held.into()];
        first.into_iter().chain(limited(&tenant.limits)).collect()
    };
    view.tenants.iter().map(row).collect()
}

pub(super) fn refusals(view: &View) -> Rows {
    let row = |refused: &crate::audit::Refused| {
        let last = &refused.last;
        vec![
            refused.tenant.as_deref().into(),
            refused.rule.as_str().into(),
            refused.count.into(),
            moment(refused.time),
            last.user.as_deref().into(),
            last.client.map(|address| address.to_string()).into(),
            last.code.map(|code| code.to_string()).into(),
            last.message.as_deref().into(),
            last.statement.as_deref().into(),
        ]
    };
    view.refused.iter().map(row).collect()
}
