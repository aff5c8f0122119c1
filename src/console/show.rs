//! The tables of the console, with PgBouncer's columns where PgBouncer has the command. It does not count: it shows what was counted.

use super::command::Show;
use super::table::{Cell, Column, Table, big, int, numeric, text};
use super::view::{ClientLine, Phase, View};
use super::{own, settings};
use crate::http::metrics::Counts;
use crate::upstream::ServerLine;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

const VERSION: &[Column] = &[text("version")];
const STATE: &[Column] = &[text("key"), text("value")];
const LISTS: &[Column] = &[text("list"), int("items")];
const MEM: &[Column] = &[text("name"), int("size"), int("used"), int("free"), int("memtotal")];
const TOTALS: &[Column] = &[text("name"), numeric("value")];
const POOLS: &[Column] = &[
    text("database"),
    text("user"),
    int("cl_active"),
    int("cl_waiting"),
    int("cl_active_cancel_req"),
    int("cl_waiting_cancel_req"),
    int("sv_active"),
    int("sv_active_cancel"),
    int("sv_being_canceled"),
    int("sv_idle"),
    int("sv_used"),
    int("sv_tested"),
    int("sv_login"),
    int("maxwait"),
    int("maxwait_us"),
    text("pool_mode"),
    text("load_balance_hosts"),
];
const DATABASES: &[Column] = &[
    text("name"),
    text("host"),
    int("port"),
    text("database"),
    text("force_user"),
    int("pool_size"),
    int("min_pool_size"),
    int("reserve_pool_size"),
    int("server_lifetime"),
    text("pool_mode"),
    text("load_balance_hosts"),
    int("max_connections"),
    int("current_connections"),
    int("max_client_connections"),
    int("current_client_connections"),
    int("paused"),
    int("disabled"),
];
const USERS: &[Column] = &[
    text("name"),
    text("pool_size"),
    text("reserve_pool_size"),
    text("pool_mode"),
    int("max_user_connections"),
    int("current_connections"),
    int("max_user_client_connections"),
    int("current_client_connections"),
];
/// Of CLIENTS and of SERVERS.
const SOCKETS: &[Column] = &[
    text("type"),
    text("user"),
    text("database"),
    text("replication"),
    text("state"),
    text("addr"),
    int("port"),
    text("local_addr"),
    int("local_port"),
    text("connect_time"),
    text("request_time"),
    int("wait"),
    int("wait_us"),
    int("close_needed"),
    text("ptr"),
    text("link"),
    int("remote_pid"),
    text("tls"),
    text("application_name"),
    int("prepared_statements"),
    int("id"),
];
const STATS: &[Column] = &[
    text("database"),
    numeric("total_server_assignment_count"),
    numeric("total_xact_count"),
    numeric("total_query_count"),
    numeric("total_received"),
    numeric("total_sent"),
    numeric("total_xact_time"),
    numeric("total_query_time"),
    numeric("total_wait_time"),
    numeric("total_client_parse_count"),
    numeric("total_server_parse_count"),
    numeric("total_bind_count"),
    numeric("total_client_login_count"),
    numeric("avg_server_assignment_count"),
    numeric("avg_xact_count"),
    numeric("avg_query_count"),
    numeric("avg_recv"),
    numeric("avg_sent"),
    numeric("avg_xact_time"),
    numeric("avg_query_time"),
    numeric("avg_wait_time"),
    numeric("avg_client_parse_count"),
    numeric("avg_server_parse_count"),
    numeric("avg_bind_count"),
    numeric("avg_client_login_count"),
];
const STATS_TOTALS: &[Column] = &[
    text("database"),
    numeric("server_assignment_count"),
    numeric("xact_count"),
    numeric("query_count"),
    numeric("bytes_received"),
    numeric("bytes_sent"),
    numeric("xact_time"),
    numeric("query_time"),
    numeric("wait_time"),
    numeric("client_parse_count"),
    numeric("server_parse_count"),
    numeric("bind_count"),
    numeric("client_login_count"),
];
const STATS_AVERAGES: &[Column] = &[
    text("database"),
    numeric("server_assignment_count"),
    numeric("xact_count"),
    numeric("query_count"),
    numeric("bytes_received"),
    numeric("bytes_sent"),
    numeric("xact_time"),
    numeric("query_time"),
    numeric("wait_time"),
    numeric("avg_client_parse_count"),
    numeric("avg_server_parse_count"),
    numeric("avg_bind_count"),
    numeric("avg_client_login_count"),
];
/// The figures by their names in TOTALS.
const FIGURES: [&str; 12] = [
    "server_assignment_count",
    "xact_count",
    "query_count",
    "client_bytes",
    "server_bytes",
    "xact_time",
    "query_time",
    "wait_time",
    "ps_client_parse_count",
    "ps_server_parse_count",
    "ps_bind_count",
    "client_login_count",
];
const CACHE: &[Column] = &[text("found"), big("count")];

/// The columns of a table.
pub(super) fn columns(show: Show) -> &'static [Column] {
    match show {
        Show::Help => &[],
        Show::Version => VERSION,
        Show::Pools => POOLS,
        Show::Stats => STATS,
        Show::StatsTotals => STATS_TOTALS,
        Show::StatsAverages => STATS_AVERAGES,
        Show::Totals => TOTALS,
        Show::Clients | Show::Servers => SOCKETS,
        Show::Databases => DATABASES,
        Show::Users => USERS,
        Show::Lists => LISTS,
        Show::Config => settings::CONFIG,
        Show::Mem => MEM,
        Show::State => STATE,
        Show::Tenants => own::TENANTS,
        Show::Limits => own::LIMITS,
        Show::Plans => own::PLANS,
        Show::Refusals => own::REFUSALS,
        Show::Quotas => own::QUOTAS,
        Show::Cache => CACHE,
    }
}

type Rows = Vec<Vec<Cell>>;

/// The table.
pub(super) fn table(show: Show, view: &View) -> Table {
    let database = || Cell::from(view.settings.upstream.database.as_str());
    let row = |figures: &[&[u64]]| {
        let figures = figures.iter().flat_map(|f| f.iter()).map(|n| Cell::Number(*n));
        vec![[database()].into_iter().chain(figures).collect()]
    };
    let rows = match show {
        Show::Help => vec![],
        Show::Version => vec![vec![concat!("pgmoat ", env!("CARGO_PKG_VERSION")).into()]],
        Show::Pools => pools(view),
        Show::Stats => row(&[&view.totals, &averages(view)]),
        Show::StatsTotals => row(&[&view.totals]),
        Show::StatsAverages => row(&[&averages(view)]),
        Show::Totals => totals(view),
        Show::Clients => view.clients.iter().map(|client| of_client(client, view)).collect(),
        Show::Servers => view.pool.servers.iter().map(|(server, idle)| of_server(server, *idle, view)).collect(),
        Show::Databases => databases(view),
        Show::Users => users(view),
        Show::Lists => lists(view),
        Show::Config => settings::rows(&view.settings),
        Show::Mem => memory(view),
        Show::State => state(view),
        Show::Tenants => own::tenants(view),
        Show::Limits => own::limits(view),
        Show::Plans => own::plans(view),
        Show::Refusals => own::refusals(view),
        Show::Quotas => own::quotas(view),
        Show::Cache => {
            let cache = view.cache;
            let figures = [("text", cache.text_hits), ("shape", cache.shape_hits), ("nothing", cache.misses)];
            figures.into_iter().map(|(found, n)| vec![found.into(), n.into()]).collect()
        }
    };
    Table { columns: columns(show), rows }
}

/// The averages of the last period: of counts and bytes a second, of times each.
fn averages(view: &View) -> Counts {
    let (before, after, period) = &view.period;
    let mut grown = [0; 12];
    for (grown, (after, before)) in grown.iter_mut().zip(after.iter().zip(before)) {
        *grown = after.saturating_sub(*before);
    }
    let [assignments, transactions, queries, received, sent, transaction, query, wait, parses, server_parses, binds, logins] =
        grown;
    let micros = u64::try_from(period.as_micros()).unwrap_or(u64::MAX).max(1);
    let second = |n: u64| n.saturating_mul(1_000_000) / micros;
    let each = |time: u64, n: u64| time.checked_div(n).unwrap_or(0);
    [
        second(assignments),
        second(transactions),
        second(queries),
        second(received),
        second(sent),
        each(transaction, transactions),
        each(query, queries),
        each(wait, assignments),
        second(parses),
        second(server_parses),
        second(binds),
        second(logins),
    ]
}

fn totals(view: &View) -> Rows {
    let named = |prefix: &'static str, counts: Counts| {
        FIGURES.iter().zip(counts).map(move |(name, n)| vec![format!("{prefix}_{name}").into(), n.into()])
    };
    named("total", view.totals).chain(named("avg", averages(view))).collect()
}

/// The clients of the database: those of the console are none.
fn of_database(view: &View) -> impl Iterator<Item = &ClientLine> {
    view.clients.iter().filter(|client| !client.operates)
}

fn pools(view: &View) -> Rows {
    let waits = || of_database(view).filter_map(|client| waited(client.phase));
    let (waiting, longest) = (waits().count(), waits().max().unwrap_or_default());
    let idle = view.pool.servers.iter().filter(|(_, idle)| *idle).count();
    let none = || Cell::Number(0);
    vec![vec![
        view.settings.upstream.database.as_str().into(),
        view.settings.upstream.user.as_str().into(),
        (of_database(view).count() - waiting).into(),
        waiting.into(),
        none(),
        none(),
        (view.pool.servers.len() - idle).into(),
        none(),
        none(),
        idle.into(),
        none(),
        none(),
        view.pool.connecting.into(),
        longest.as_secs().into(),
        longest.subsec_micros().into(),
        "transaction".into(),
        Cell::Null,
    ]]
}

fn waited(phase: Phase) -> Option<Duration> {
    match phase {
        Phase::Active | Phase::Idle => None,
        Phase::Waiting(time) => Some(time),
    }
}

fn databases(view: &View) -> Rows {
    let upstream = &view.settings.upstream;
    vec![vec![
        upstream.database.as_str().into(),
        upstream.host.as_str().into(),
        upstream.port.into(),
        upstream.database.as_str().into(),
        upstream.user.as_str().into(),
        upstream.pool_size.into(),
        upstream.min_pool_size.into(),
        Cell::Number(0),
        upstream.server_lifetime.as_secs().into(),
        "transaction".into(),
        Cell::Null,
        upstream.pool_size.into(),
        view.pool.servers.len().into(),
        view.settings.listen.max_clients.into(),
        of_database(view).count().into(),
        view.pool.paused.into(),
        Cell::Number(0),
    ]]
}

fn users(view: &View) -> Rows {
    let of = |name: &str| view.clients.iter().filter(|client| *client.user == *name).collect::<Vec<_>>();
    let row = |name: &Arc<str>| {
        let clients = of(name);
        let active = clients.iter().filter(|client| client.phase == Phase::Active).count();
        let unset = || Cell::from("");
        vec![
            (&**name).into(),
            unset(),
            unset(),
            Cell::Null,
            Cell::Number(0),
            active.into(),
            Cell::Number(0),
            clients.len().into(),
        ]
    };
    view.users.iter().map(row).collect()
}

fn lists(view: &View) -> Rows {
    let logged_in = u64::try_from(view.clients.len()).unwrap_or(u64::MAX);
    let servers = view.pool.servers.len();
    [
        ("databases", Cell::Number(1)),
        ("users", view.users.len().into()),
        ("peers", Cell::Number(0)),
        ("pools", Cell::Number(1)),
        ("peer_pools", Cell::Number(0)),
        ("free_clients", Cell::Number(0)),
        ("used_clients", view.clients.len().into()),
        ("login_clients", view.connections.saturating_sub(logged_in).into()),
        ("free_servers", Cell::Number(0)),
        ("used_servers", servers.into()),
        ("dns_names", Cell::Number(0)),
        ("dns_zones", Cell::Number(0)),
        ("dns_queries", Cell::Number(0)),
        ("dns_pending", Cell::Number(0)),
    ]
    .into_iter()
    .map(|(name, items)| vec![name.into(), items])
    .collect()
}

/// The system's pages that the process holds: what there is to know of memory that has no slabs.
fn memory(view: &View) -> Rows {
    const PAGE: u64 = 4096;
    let row = |bytes: u64| vec!["resident".into(), PAGE.into(), (bytes / PAGE).into(), Cell::Number(0), bytes.into()];
    view.resident.map(row).into_iter().collect()
}

fn state(view: &View) -> Rows {
    let yes = |is: bool| if is { "yes" } else { "no" };
    let paused = view.pool.paused;
    [("active", !paused), ("paused", paused), ("suspended", false)]
        .into_iter()
        .map(|(key, is)| vec![key.into(), yes(is).into()])
        .collect()
}

/// A moment as PgBouncer writes it.
pub(super) fn moment(time: SystemTime) -> Cell {
    humantime::format_rfc3339_seconds(time).to_string().replace('T', " ").replace('Z', " UTC").into()
}

/// Another end's address and port, and the own.
fn ends(ends: Option<(SocketAddr, SocketAddr)>) -> [Cell; 4] {
    let cells = |end: SocketAddr| [end.ip().to_canonical().to_string().into(), end.port().into()];
    let [[addr, port], [local_addr, local_port]] = match ends {
        Some((own, other)) => [cells(other), cells(own)],
        None => [[Cell::Null, Cell::Null], [Cell::Null, Cell::Null]],
    };
    [addr, port, local_addr, local_port]
}

fn pointer(kind: char, number: u64) -> Cell {
    format!("{kind}{number}").into()
}

fn of_client(client: &ClientLine, view: &View) -> Vec<Cell> {
    let state = match client.phase {
        Phase::Active => "active",
        Phase::Idle => "idle",
        Phase::Waiting(_) => "waiting",
    };
    let wait = waited(client.phase).unwrap_or_default();
    let database = if client.operates { super::DATABASE } else { &view.settings.upstream.database };
    let mut servers = view.pool.servers.iter().filter(|(server, _)| client.server.is_some() && server.process == client.server);
    let link = servers.next().map(|(server, _)| pointer('S', server.number));
    let [addr, port, local_addr, local_port] = ends(client.address);
    vec![
        "C".into(),
        (&*client.user).into(),
        database.into(),
        "none".into(),
        state.into(),
        addr,
        port,
        local_addr,
        local_port,
        moment(client.since),
        moment(client.asked),
        wait.as_secs().into(),
        wait.subsec_micros().into(),
        Cell::Number(0),
        pointer('C', client.number),
        link.unwrap_or_else(|| "".into()),
        Cell::Number(0),
        if client.tls { "TLS" } else { "" }.into(),
        (&*client.application_name).into(),
        Cell::Number(0),
        client.number.into(),
    ]
}

fn of_server(server: &ServerLine, idle: bool, view: &View) -> Vec<Cell> {
    let client = view.clients.iter().find(|client| !idle && client.server.is_some() && client.server == server.process);
    let [addr, port, local_addr, local_port] = ends(server.address);
    let process = server.process.and_then(|process| u64::try_from(process).ok());
    vec![
        "S".into(),
        view.settings.upstream.user.as_str().into(),
        view.settings.upstream.database.as_str().into(),
        "none".into(),
        if idle { "idle" } else { "active" }.into(),
        addr,
        port,
        local_addr,
        local_port,
        moment(server.since),
        client.map_or_else(|| moment(server.since), |client| moment(client.asked)),
        Cell::Number(0),
        Cell::Number(0),
        Cell::Number(0),
        pointer('S', server.number),
        client.map_or_else(|| "".into(), |client| pointer('C', client.number)),
        process.unwrap_or(0).into(),
        if server.tls { "TLS" } else { "" }.into(),
        client.map_or_else(|| "".into(), |client| Cell::from(&*client.application_name)),
        Cell::Number(0),
        server.number.into(),
    ]
}
