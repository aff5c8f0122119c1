//! The connection URL of the database behind (PostgreSQL manual, section 34.1.1.2), as far as pgmoat honours it.
//! It does not connect, and its errors never show a password.

use super::SslMode;
use super::reader::suggest;
use std::path::PathBuf;

/// The parts of `postgres://user:password@host:port/database?sslmode=..&sslrootcert=..`.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct UpstreamUrl {
    pub(super) user: String,
    pub(super) password: Option<String>,
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) database: String,
    pub(super) sslmode: SslMode,
    pub(super) sslrootcert: Option<PathBuf>,
}

/// What is wrong, and what to do.
type Wrong = (String, Option<String>);

const FORM: &str = "postgres://user:password@host:5432/database?sslmode=verify-full&sslrootcert=/path/ca.pem";

/// The modes, by libpq's names.
const MODES: [(&str, SslMode); 6] = [
    ("disable", SslMode::Disable),
    ("allow", SslMode::Prefer),
    ("prefer", SslMode::Prefer),
    ("require", SslMode::Require),
    ("verify-ca", SslMode::VerifyCa),
    ("verify-full", SslMode::VerifyFull),
];

fn wrong<T>(message: &str) -> Result<T, Wrong> {
    Err((message.to_owned(), Some(format!("the form is {FORM}"))))
}

/// Reads a URL.
pub(super) fn parse(url: &str) -> Result<UpstreamUrl, Wrong> {
    let Some(rest) = url.strip_prefix("postgres://").or_else(|| url.strip_prefix("postgresql://")) else {
        return wrong("the upstream URL must begin with `postgres://`");
    };
    let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
    let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
    let Some((credentials, address)) = authority.rsplit_once('@') else {
        return wrong("the upstream URL names no user");
    };
    let (user, password) = match credentials.split_once(':') {
        Some((user, password)) => (user, Some(decode(password)?)),
        None => (credentials, None),
    };
    let user = decode(user)?;
    if user.is_empty() {
        return wrong("the upstream URL names no user");
    }
    let (host, port) = host_and_port(address)?;
    let database = if path.is_empty() { user.clone() } else { decode(path)? };
    let (sslmode, sslrootcert) = parameters(query)?;
    Ok(UpstreamUrl { user, password, host, port, database, sslmode, sslrootcert })
}

fn host_and_port(address: &str) -> Result<(String, u16), Wrong> {
    if address.contains(',') {
        return wrong("the upstream URL names more than one host");
    }
    let (host, port) = match address.strip_prefix('[') {
        Some(v6) => match v6.split_once(']') {
            Some((host, port)) => (host.to_owned(), port.strip_prefix(':')),
            None => return wrong("the upstream URL has `[` without `]`"),
        },
        None => match address.split_once(':') {
            Some((host, port)) => (decode(host)?, Some(port)),
            None => (decode(address)?, None),
        },
    };
    if host.is_empty() || host.starts_with('/') {
        return wrong("the upstream URL names no host; Unix sockets are not supported");
    }
    let port = match port {
        None => 5432,
        Some(port) => match port.parse::<u16>() {
            Ok(port) if port > 0 => port,
            _ => return wrong("the upstream URL's port is not a number between 1 and 65535"),
        },
    };
    Ok((host, port))
}

fn parameters(query: &str) -> Result<(SslMode, Option<PathBuf>), Wrong> {
    let (mut sslmode, mut sslrootcert) = (SslMode::Prefer, None);
    for pair in query.split('&').filter(|p| !p.is_empty()) {
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        let value = decode(value)?;
        match key {
            "sslmode" => match MODES.iter().find(|(name, _)| *name == value) {
                Some((_, mode)) => sslmode = *mode,
                None => {
                    let help = suggest(&value, MODES.iter().map(|m| m.0));
                    return Err((format!("`{value}` is not an sslmode"), help));
                }
            },
            "sslrootcert" => sslrootcert = Some(PathBuf::from(value)),
            other => {
                let help = suggest(other, ["sslmode", "sslrootcert"]).or(Some("known: sslmode, sslrootcert".to_owned()));
                return Err((format!("the upstream URL has an unknown parameter `{other}`"), help));
            }
        }
    }
    match (sslmode, &sslrootcert) {
        (SslMode::VerifyCa | SslMode::VerifyFull, None) => Err((
            "this sslmode checks the server's certificate, but no authority is named".to_owned(),
            Some("add `&sslrootcert=/path/ca.pem`".to_owned()),
        )),
        // As libpq does for compatibility (manual, 34.19.1): a root certificate makes `require` check the chain.
        (SslMode::Require, Some(_)) => Ok((SslMode::VerifyCa, sslrootcert)),
        _ => Ok((sslmode, sslrootcert)),
    }
}

/// Undoes percent-encoding (RFC 3986, section 2.1).
fn decode(text: &str) -> Result<String, Wrong> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, tail)) = rest.split_first() {
        rest = tail;
        if first != b'%' {
            bytes.push(first);
            continue;
        }
        let digits = tail.get(..2).and_then(|d| std::str::from_utf8(d).ok()).filter(|d| d.bytes().all(|b| b.is_ascii_hexdigit()));
        let Some(byte) = digits.and_then(|d| u8::from_str_radix(d, 16).ok()).filter(|b| *b != 0) else {
            return Err((
                "the upstream URL has a `%` that two hex digits do not follow".to_owned(),
                Some("write `%25` for `%`".to_owned()),
            ));
        };
        bytes.push(byte);
        rest = tail.get(2..).unwrap_or_default();
    }
    String::from_utf8(bytes).map_err(|_| ("the upstream URL is not UTF-8 once decoded".to_owned(), None))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_is_read() {
        let url = parse("postgresql://a%40b:p%3A%2F@[::1]:6000/d%20b?sslmode=verify-full&sslrootcert=%2Fca.pem").expect("url");
        assert_eq!((url.user.as_str(), url.password.as_deref(), url.host.as_str(), url.port), ("a@b", Some("p:/"), "::1", 6000));
        assert_eq!((url.database.as_str(), url.sslmode, url.sslrootcert), ("d b", SslMode::VerifyFull, Some("/ca.pem".into())));
        let url = parse("postgres://app@db.internal").expect("url");
        assert_eq!((url.password, url.port, url.database.as_str(), url.sslmode), (None, 5432, "app", SslMode::Prefer));
    }

    #[test]
    fn what_is_not_honoured_is_an_error() {
        for url in [
            "mysql://a@b/c",
            "postgres://b/c",
            "postgres://:p@b/c",
            "postgres://a@/c",
            "postgres://a@%2Ftmp/c",
            "postgres://a@b,c/d",
            "postgres://a@b:0/c",
            "postgres://a@b:99999/c",
            "postgres://a@[::1/c",
            "postgres://a:%zz@b/c",
            "postgres://a:%00@b/c",
            "postgres://a@b/c?sslmode=on",
            "postgres://a@b/c?options=-c",
            "postgres://a@b/c?sslmode=verify-ca",
        ] {
            assert!(parse(url).is_err(), "{url}");
        }
    }
}
