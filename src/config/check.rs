//! Raw TOML -> [`Settings`]: the sections about the proxy itself, and the assembly of all of them.
//! What tenants, users and relations are is checked in [`super::identities`] and [`super::tenancy`].

use super::reader::{Lookup, Reader, Section};
use super::trouble::Problem;
use super::{
    Listen, ListenTls, Loaded, Registry, Secret, Settings, SslMode, Upstream, identities, jwt, plans, proof, recording, roles,
    tenancy, upstream_url,
};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;
use toml::de::DeTable;

const TOP: &[&str] =
    &["listen", "http", "upstream", "tenancy", "roles", "tenants", "users", "registry", "jwt", "plans", "audit", "alerts"];

/// The settings that a text means, or everything that is wrong with it.
pub(super) fn check(text: &str, environment: Lookup<'_>) -> Result<Loaded, Vec<Problem>> {
    let (table, errors) = DeTable::parse_recoverable(text);
    if !errors.is_empty() {
        let problem = |e: toml::de::Error| Problem {
            message: format!("not TOML: {}", e.message()),
            label: "here".to_owned(),
            help: None,
            span: e.span().unwrap_or(0..0),
        };
        // What follows the first one is mostly its consequence.
        return Err(errors.into_iter().take(1).map(problem).collect());
    }
    let reader = Reader::new(environment);
    let top = Section::new(&reader, table.get_ref(), 0..0, String::new(), TOP);
    let settings = settings(&top);
    drop(top);
    let (problems, warnings) = reader.finish();
    match settings {
        Some(settings) if problems.is_empty() => Ok(Loaded { settings, warnings }),
        _ => Err(problems),
    }
}

/// Every section is read, whatever the others say, so that all problems show at once.
fn settings(top: &Section<'_>) -> Option<Settings> {
    let listen = listen(top);
    let http = http(top);
    let upstream = upstream(top);
    let mut tenancy = tenancy::read(top);
    let roles = roles::read(top, tenancy.as_ref());
    if let Some(tenancy) = &mut tenancy {
        tenancy.roles = roles;
    }
    let plans = plans::read(top);
    let role_limits = plans::roles(top);
    let (tenants, limits) = identities::tenants(top, &plans, tenancy.as_ref());
    let jwt = jwt::read(top);
    let client_ca = listen.tls.as_ref().is_some_and(|t| t.client_ca.is_some());
    let given = proof::Given { jwt: top.place("jwt") != top.span, client_ca };
    let users = identities::users(top, &tenants, tenancy.as_ref(), given);
    let registry = registry(top);
    let audit = recording::audit(top, registry.is_some());
    let alerts = recording::alerts(top);
    Some(Settings {
        listen,
        http,
        upstream: upstream?,
        tenancy: tenancy?,
        tenants,
        limits,
        role_limits,
        users,
        registry,
        jwt,
        plans,
        audit,
        alerts,
    })
}

fn address(section: &Section<'_>, default: SocketAddr) -> SocketAddr {
    let Some(text) = section.text("address") else { return default };
    text.get_ref().parse().unwrap_or_else(|_| {
        let help = format!("an IP address and a port, for example \"{default}\"");
        section.reader.problem(text.span(), "`address` is not an address", "not an address", Some(help));
        default
    })
}

fn listen(top: &Section<'_>) -> Listen {
    const KEYS: &[&str] = &["address", "tls", "max_clients", "max_message", "login_timeout", "drain_timeout"];
    let mut listen = Listen {
        address: SocketAddr::from(([127, 0, 0, 1], 6432)),
        tls: None,
        max_clients: 10_000,
        max_message: 16 * 1024 * 1024,
        login_timeout: Duration::from_secs(60),
        drain_timeout: Duration::from_secs(30),
    };
    let Some(section) = top.section("listen", "[listen]".to_owned(), KEYS) else { return listen };
    listen.address = address(&section, listen.address);
    listen.max_clients = section.number("max_clients", 1..=1_000_000).unwrap_or(listen.max_clients);
    listen.max_message = section.number("max_message", 8192..=1 << 28).unwrap_or(listen.max_message);
    listen.login_timeout = section.duration("login_timeout").unwrap_or(listen.login_timeout);
    listen.drain_timeout = section.duration("drain_timeout").unwrap_or(listen.drain_timeout);
    if listen.login_timeout.is_zero() {
        section.reader.problem(section.place("login_timeout"), "`login_timeout` must not be zero", "nobody could log in", None);
    }
    listen.tls = listen_tls(&section);
    if listen.tls.is_none() && !listen.address.ip().is_loopback() {
        section.reader.warn(format!("clients reach {} without TLS: add [listen.tls]", listen.address));
    }
    listen
}

fn listen_tls(listen: &Section<'_>) -> Option<ListenTls> {
    const KEYS: &[&str] = &["certificate", "key", "client_ca", "client_required", "required"];
    let tls = listen.section("tls", "[listen.tls]".to_owned(), KEYS)?;
    for key in ["certificate", "key"] {
        if tls.raw(key).is_none() {
            tls.missing(key, "the path of a PEM file");
        }
    }
    if tls.raw("client_ca").is_none() && tls.place("client_required") != tls.span {
        let help = Some("add `client_ca`".to_owned());
        tls.reader.problem(tls.place("client_required"), "`client_required` without `client_ca`", "whose certificates?", help);
    }
    Some(ListenTls {
        certificate: path(&tls, "certificate")?,
        key: path(&tls, "key")?,
        client_ca: path(&tls, "client_ca"),
        client_required: tls.boolean("client_required").unwrap_or(true),
        required: tls.boolean("required").unwrap_or(true),
    })
}

pub(super) fn path(section: &Section<'_>, key: &str) -> Option<PathBuf> {
    let text = section.text(key)?;
    if text.get_ref().is_empty() {
        section.reader.problem(text.span(), format!("`{key}` is empty"), "a path is wanted", None);
        return None;
    }
    Some(PathBuf::from(text.into_inner()))
}

fn http(top: &Section<'_>) -> Option<SocketAddr> {
    let section = top.section("http", "[http]".to_owned(), &["address"])?;
    let address = address(&section, SocketAddr::from(([127, 0, 0, 1], 6480)));
    if !address.ip().is_loopback() {
        section.reader.warn(format!("metrics at {address} are open to whoever reaches that address"));
    }
    Some(address)
}

fn upstream(top: &Section<'_>) -> Option<Upstream> {
    const KEYS: &[&str] = &[
        "url",
        "password",
        "pool_size",
        "min_pool_size",
        "query_wait_timeout",
        "idle_transaction_timeout",
        "server_lifetime",
        "server_idle_timeout",
        "server_login_retry",
        "connect_timeout",
        "catalog_poll",
        "storage_poll",
        "shared_plans",
        "shared_reads",
    ];
    let Some(section) = top.section("upstream", "[upstream]".to_owned(), KEYS) else {
        if top.place("upstream") == top.span {
            top.reader.problem(
                0..0,
                "the section [upstream] is missing",
                "in this file",
                Some("add `[upstream]` with a `url`".to_owned()),
            );
        }
        return None;
    };
    server(&section)
}

/// `[registry]`: a server too, of which fewer keys mean something.
fn registry(top: &Section<'_>) -> Option<Registry> {
    let section =
        top.section("registry", "[registry]".to_owned(), &["url", "password", "connect_timeout", "refresh", "flush"])?;
    let refresh = section.duration("refresh").unwrap_or(Duration::from_secs(10));
    if refresh.is_zero() {
        section.reader.problem(
            section.place("refresh"),
            "`refresh` must not be zero",
            "what is lost would never be noticed",
            None,
        );
    }
    let flush = section.duration("flush").unwrap_or(Duration::from_secs(5));
    if flush.is_zero() {
        section.reader.problem(section.place("flush"), "`flush` must not be zero", "without a pause", None);
    }
    Some(Registry { server: server(&section)?, refresh, flush })
}

/// A server, its URL first; keys that the section may not have are at their defaults.
fn server(section: &Section<'_>) -> Option<Upstream> {
    let pool_size = section.number("pool_size", 1..=10_000).unwrap_or(20);
    let min_pool_size = section.number("min_pool_size", 0..=10_000).unwrap_or(0);
    if min_pool_size > pool_size {
        let help = Some(format!("at most {pool_size}, which is `pool_size`"));
        section.reader.problem(section.place("min_pool_size"), "`min_pool_size` is larger than `pool_size`", "too many", help);
    }
    let query_wait_timeout = section.duration("query_wait_timeout").unwrap_or(Duration::from_secs(30));
    if query_wait_timeout.is_zero() {
        let label = "a connection that has to be made takes a moment";
        section.reader.problem(section.place("query_wait_timeout"), "`query_wait_timeout` must not be zero", label, None);
    }
    let server_lifetime = section.duration("server_lifetime").unwrap_or(Duration::from_secs(3600));
    let server_idle_timeout = section.duration("server_idle_timeout").unwrap_or(Duration::from_secs(600));
    let idle_transaction_timeout = section.duration("idle_transaction_timeout").unwrap_or(Duration::from_secs(300));
    let server_login_retry = section.duration("server_login_retry").unwrap_or(Duration::from_secs(2));
    let connect_timeout = section.duration("connect_timeout").unwrap_or(Duration::from_secs(5));
    let catalog_poll = section.duration("catalog_poll").unwrap_or(Duration::from_secs(5));
    let storage_poll = section.duration("storage_poll").unwrap_or(Duration::from_secs(600));
    let shared_plans = section.boolean("shared_plans").unwrap_or(true);
    let shared_reads = section.boolean("shared_reads").unwrap_or(true);
    let separate = section.text("password");
    if section.place("url") == section.span {
        section.missing("url", "for example url = \"postgres://app@127.0.0.1:5432/app\"");
    }
    let text = section.text("url")?;
    let url = match upstream_url::parse(text.get_ref()) {
        Ok(url) => url,
        Err((message, help)) => {
            section.reader.problem(text.span(), message, "this URL", help);
            return None;
        }
    };
    if let (Some(_), Some(separate)) = (&url.password, &separate) {
        section.reader.problem(
            separate.span(),
            "the password is given twice",
            "and in the URL",
            Some("keep one of them".to_owned()),
        );
    }
    if url.database == super::CONSOLE {
        let help = Some("give the database another name: clients that ask for this one get the console".to_owned());
        section.reader.problem(
            text.span(),
            format!("the database `{}` is the console's", super::CONSOLE),
            "a reserved name",
            help,
        );
    }
    let local = url.host == "localhost" || url.host.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback());
    if !local && matches!(url.sslmode, SslMode::Disable | SslMode::Prefer) {
        section.reader.warn(format!("the connection to {} may be in plain: add sslmode=verify-full to its URL", url.host));
    }
    Some(Upstream {
        host: url.host,
        port: url.port,
        user: url.user,
        password: url.password.or(separate.map(toml::Spanned::into_inner)).map(Secret::new),
        database: url.database,
        sslmode: url.sslmode,
        sslrootcert: url.sslrootcert,
        pool_size,
        min_pool_size,
        query_wait_timeout,
        idle_transaction_timeout,
        server_lifetime,
        server_idle_timeout,
        server_login_retry,
        connect_timeout,
        catalog_poll,
        storage_poll,
        shared_plans,
        shared_reads,
    })
}
