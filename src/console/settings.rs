//! SHOW CONFIG: PgBouncer's keys where there is one for it, in PgBouncer's units, then pgmoat's own. It shows no secret.

use super::table::{Cell, Column, text};
use crate::config::Settings;
use std::time::Duration;

pub(super) const CONFIG: &[Column] = &[text("key"), text("value"), text("default"), text("changeable")];

/// Each key with its value, its default, and whether a reload may change it.
pub(super) fn rows(settings: &Settings) -> Vec<Vec<Cell>> {
    let (listen, upstream) = (&settings.listen, &settings.upstream);
    let seconds = |d: Duration| d.as_secs_f64().to_string();
    let switch = |on: bool| if on { "1" } else { "0" }.to_owned();
    [
        ("listen_addr", listen.address.ip().to_string(), "127.0.0.1", false),
        ("listen_port", listen.address.port().to_string(), "6432", false),
        ("max_client_conn", listen.max_clients.to_string(), "10000", false),
        ("client_login_timeout", seconds(listen.login_timeout), "60", true),
        ("pool_mode", "transaction".to_owned(), "transaction", false),
        ("default_pool_size", upstream.pool_size.to_string(), "20", true),
        ("min_pool_size", upstream.min_pool_size.to_string(), "0", true),
        ("max_user_connections", "0".to_owned(), "0", false),
        ("query_wait_timeout", seconds(upstream.query_wait_timeout), "30", true),
        ("idle_transaction_timeout", seconds(upstream.idle_transaction_timeout), "300", true),
        ("server_lifetime", seconds(upstream.server_lifetime), "3600", true),
        ("server_idle_timeout", seconds(upstream.server_idle_timeout), "600", true),
        ("server_login_retry", seconds(upstream.server_login_retry), "2", true),
        ("server_connect_timeout", seconds(upstream.connect_timeout), "5", false),
        ("max_message", listen.max_message.to_string(), "16777216", false),
        ("drain_timeout", seconds(listen.drain_timeout), "30", true),
        ("catalog_poll", seconds(upstream.catalog_poll), "5", false),
        ("storage_poll", seconds(upstream.storage_poll), "600", true),
        ("shared_plans", switch(upstream.shared_plans), "1", false),
        ("shared_reads", switch(upstream.shared_reads), "1", true),
    ]
    .into_iter()
    .map(|(key, value, default, changeable)| {
        vec![key.into(), value.into(), default.into(), if changeable { "yes" } else { "no" }.into()]
    })
    .collect()
}
