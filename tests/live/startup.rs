//! From the first byte to the first query: packets before authentication, TLS on both sides, passwords on both sides.
//! It does not test statements.

use crate::cluster::{cluster, wait_for};
use crate::proxy::{PASSWORD, Proxy, Setup, http_get};
use crate::wire::{Failure, Wire, startup, tcp, untagged};
use crate::world::{TENANCY, World};
use rustls::pki_types::{CertificateDer, ServerName};
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::sync::Arc;
use std::time::{Duration, Instant};

const SSL_REQUEST: i32 = 80_877_103;
const GSS_REQUEST: i32 = 80_877_104;

fn request(code: i32) -> Vec<u8> {
    untagged(&code.to_be_bytes())
}

fn refused(result: Result<Wire, Failure>) -> String {
    match result {
        Ok(_) => "accepted".to_owned(),
        Err(Failure::Refused(fields)) => fields.get(&'C').cloned().unwrap_or_default(),
        Err(Failure::Io(e)) => format!("{:?}", e.kind()),
    }
}

fn log_in(proxy: &Proxy, more: &[(&str, &str)]) -> Result<Wire, Failure> {
    let mut parameters = vec![("user", "alder_app"), ("database", proxy.database.as_str())];
    parameters.extend(more);
    Wire::login(tcp(proxy.port)?, &parameters, Some(PASSWORD))
}

#[test]
fn passwords_and_names() {
    let world = World::new();
    let proxy = world.proxy();
    let with = |user: &str, password: &str| Wire::connect(proxy.port, user, &proxy.database, Some(password));
    assert_eq!(refused(with("alder_app", "wrong")), "28P01");
    assert_eq!(refused(with("alder_app", "")), "28P01");
    assert_eq!(refused(with("nobody_here", PASSWORD)), "28P01");
    // PostgreSQL's own roles are not pgmoat's users.
    assert_eq!(refused(with("postgres", "")), "28P01");
    assert_eq!(refused(with("app", "")), "28P01");
    assert_eq!(refused(with("alder_app", PASSWORD)), "accepted");
    let failed: Vec<String> = proxy.audit().into_iter().filter(|r| r.contains("login_failed")).collect();
    assert_eq!(failed.len(), 5, "{failed:?}");
    wait_for("the record of the one that succeeded", Duration::from_secs(10), || {
        let all = proxy.audit();
        all.iter().filter(|r| r.contains("\"event\":\"login\"") && r.contains("\"user\":\"alder_app\"")).count() == 1
    });
    assert!(!failed.concat().contains(PASSWORD) && !failed.concat().contains("wrong"), "{failed:?}");
}

/// Guessing is slowed down for whoever guesses, whether the user exists or not, and the right password is not looked at meanwhile.
#[test]
fn too_many_wrong_passwords_are_not_listened_to() {
    let world = World::new();
    let proxy = world.proxy();
    let with = |user: &str, password: &str| refused(Wire::connect(proxy.port, user, &proxy.database, Some(password)));
    for user in ["alder_app", "nobody_here"] {
        let codes: Vec<String> = (0..14).map(|_| with(user, "wrong")).collect();
        assert!(codes[..10].iter().all(|c| c == "28P01") && codes.last().is_some_and(|c| c == "28000"), "{user}: {codes:?}");
        assert_eq!(with(user, PASSWORD), "28000");
    }
    assert_eq!(with("birch_app", PASSWORD), "accepted", "others are not concerned");
    let (_, text) = http_get(proxy.http, "/metrics").expect("metrics");
    let slowed = text.lines().find_map(|l| l.strip_prefix("pgmoat_logins_slowed_total ")).and_then(|n| n.parse::<u32>().ok());
    assert!(slowed.is_some_and(|n| n >= 4), "{text}");
    let told = proxy.audit().iter().filter(|r| r.contains("too many failed logins")).count();
    assert!(told >= 4, "each is on record: {told}");
}

/// Logins that were all begun before the first of them failed are no more guesses than others.
#[test]
fn guesses_side_by_side_are_slowed_like_others() {
    let world = World::new();
    let proxy = world.proxy();
    let begun: Vec<Wire> = (0..40)
        .map(|_| {
            let mut wire = Wire::raw(tcp(proxy.port).expect("tcp"));
            wire.send(&startup(&[("user", "alder_app"), ("database", &proxy.database)])).expect("send");
            wire
        })
        .collect();
    let last = begun.len() - 1;
    let guess = |(i, mut wire): (usize, Wire)| {
        let password = if i == last { PASSWORD } else { "wrong" };
        refused(wire.authenticate("alder_app", Some(password)).map(|()| wire))
    };
    let codes: Vec<String> = begun.into_iter().enumerate().map(guess).collect();
    // Time passes meanwhile: one more each three seconds.
    assert!(codes.iter().filter(|c| *c == "28P01").count() < 20, "{codes:?}");
    assert_eq!(codes[last], "28000", "{codes:?}");
}

/// An unknown user and a wrong password must look alike, message by message.
#[test]
fn an_unknown_user_looks_like_a_wrong_password() {
    let world = World::new();
    let proxy = world.proxy();
    let transcript = |user: &str| {
        let mut wire = Wire::raw(tcp(proxy.port).expect("tcp"));
        wire.send(&startup(&[("user", user), ("database", &proxy.database)])).expect("send");
        let first = wire.frame().expect("an authentication request");
        let failure = match Wire::connect(proxy.port, user, &proxy.database, Some("wrong")) {
            Err(Failure::Refused(fields)) => fields,
            Ok(_) => panic!("accepted"),
            Err(Failure::Io(e)) => panic!("{e}"),
        };
        let text = |f: &std::collections::BTreeMap<char, String>| format!("{:?}", f).replace(user, "USER");
        (first, text(&failure))
    };
    assert_eq!(transcript("alder_app"), transcript("alder_xyz"));
}

#[test]
fn start_up_parameters() {
    let world = World::new();
    let proxy = world.proxy();
    for replication in ["true", "database", "1", "on", "yes"] {
        assert_ne!(refused(log_in(&proxy, &[("replication", replication)])), "accepted", "replication={replication}");
    }
    for (name, value) in [
        ("search_path", "pg_temp"),
        ("options", "-c search_path=pg_temp"),
        ("options", "-csession_replication_role=replica"),
        ("options", "--role=postgres"),
        ("role", "postgres"),
        ("session_authorization", "postgres"),
        ("client_encoding", "SJIS"),
        ("standard_conforming_strings", "off"),
        ("row_security", "off"),
        ("no_such_setting", "1"),
    ] {
        assert_ne!(refused(log_in(&proxy, &[(name, value)])), "accepted", "{name}={value}");
    }
    let mut wire = log_in(
        &proxy,
        &[("application_name", "tests"), ("client_encoding", "UTF8"), ("DateStyle", "German"), ("TimeZone", "Asia/Tokyo")],
    )
    .unwrap_or_else(|e| panic!("{e:?}"));
    assert_eq!(wire.run("SHOW timezone"), [[Some("Asia/Tokyo".to_owned())]]);
    assert_eq!(wire.run("SELECT date '2025-12-31'"), [[Some("31.12.2025".to_owned())]]);
    assert_eq!(wire.run("SHOW application_name"), [[Some("tests".to_owned())]]);
    for name in ["server_version", "client_encoding", "standard_conforming_strings", "DateStyle", "TimeZone", "integer_datetimes"]
    {
        assert!(wire.parameters.contains_key(name), "{name} is not told: {:?}", wire.parameters);
    }
    assert!(wire.key.is_some(), "no BackendKeyData");
    // Startup settings are this client's own.
    let mut other = log_in(&proxy, &[]).unwrap_or_else(|e| panic!("{e:?}"));
    assert_eq!(other.run("SHOW timezone"), [[Some("UTC".to_owned())]]);
}

#[test]
fn protocol_versions() {
    let world = World::new();
    let proxy = world.proxy();
    let begin = |version: i32, more: &[(&str, &str)]| {
        let mut body = version.to_be_bytes().to_vec();
        for (k, v) in [("user", "alder_app"), ("database", proxy.database.as_str())].iter().chain(more) {
            body.extend(crate::wire::cstr(k));
            body.extend(crate::wire::cstr(v));
        }
        body.push(0);
        let mut wire = Wire::raw(tcp(proxy.port).expect("tcp"));
        wire.send(&untagged(&body)).expect("send");
        wire
    };
    // 3.99 is negotiated down (manual, section 55.7, NegotiateProtocolVersion), unknown options are named.
    let mut wire = begin(196_608 + 99, &[("_pq_.surprise", "1")]);
    let frame = wire.frame().expect("an answer");
    assert_eq!(frame.tag, b'v', "{frame:?}");
    assert!(String::from_utf8_lossy(&frame.body).contains("_pq_.surprise"));
    wire.authenticate("alder_app", Some(PASSWORD)).unwrap_or_else(|e| panic!("{e:?}"));
    assert_eq!(wire.run("SELECT 1"), [[Some("1".to_owned())]]);
    for version in [2 << 16, 4 << 16, 0, 1 << 16] {
        let mut wire = begin(version, &[]);
        match wire.frame() {
            Ok(frame) => assert_eq!(frame.tag, b'E', "version {version}: {frame:?}"),
            Err(e) => assert_ne!(e.kind(), std::io::ErrorKind::WouldBlock, "version {version}"),
        }
    }
}

#[test]
fn packets_before_authentication() {
    let world = World::new();
    let proxy = world.proxy();
    // No TLS configured: both requests are declined, and the start-up goes on in plain.
    let mut stream = tcp(proxy.port).expect("tcp");
    for code in [GSS_REQUEST, SSL_REQUEST] {
        stream.write_all(&request(code)).expect("write");
        let mut answer = [0];
        stream.read_exact(&mut answer).expect("an answer");
        assert_eq!(&answer, b"N");
    }
    let parameters = [("user", "alder_app"), ("database", proxy.database.as_str())];
    let mut wire = Wire::login(stream, &parameters, Some(PASSWORD)).unwrap_or_else(|e| panic!("{e:?}"));
    assert_eq!(wire.run("SELECT 1"), [[Some("1".to_owned())]]);
    // What is too large, or no packet at all, ends without an effect and without waiting for the rest.
    for (name, bytes) in [
        ("a start-up packet of 1 MiB", (1_i32 << 20).to_be_bytes().to_vec()),
        ("a start-up packet of 2 GiB", i32::MAX.to_be_bytes().to_vec()),
        ("a start-up packet of -1", (-1_i32).to_be_bytes().to_vec()),
        ("a start-up packet of 3", 3_i32.to_be_bytes().to_vec()),
        ("HTTP", b"GET / HTTP/1.1\r\n\r\n".to_vec()),
        ("a query first", crate::wire::query("SELECT 1")),
    ] {
        let mut stream = tcp(proxy.port).expect("tcp");
        stream.write_all(&bytes).expect("write");
        let mut rest = Vec::new();
        let end = stream.read_to_end(&mut rest);
        assert!(!matches!(&end, Err(e) if e.kind() == std::io::ErrorKind::WouldBlock), "{name}: still open");
    }
    // A password message far larger than any password.
    let mut wire = Wire::raw(tcp(proxy.port).expect("tcp"));
    wire.send(&startup(&parameters)).expect("send");
    wire.frame().expect("an authentication request");
    wire.send(&[&b"p"[..], &(64_i32 << 20).to_be_bytes()].concat()).expect("send");
    let reply = wire.until_ready();
    assert!(reply.error().is_some() || reply.broken.is_some_and(|k| k != std::io::ErrorKind::WouldBlock), "{}", reply.summary());
    // A query instead of a password.
    let mut wire = Wire::raw(tcp(proxy.port).expect("tcp"));
    wire.send(&startup(&parameters)).expect("send");
    wire.frame().expect("an authentication request");
    wire.send(&crate::wire::query("SELECT count(*) FROM properties")).expect("send");
    let reply = wire.until_ready();
    assert!(reply.last_rows().is_empty(), "{}", reply.summary());
}

/// Start-up packets that are not well formed let nobody in, and are not waited for.
#[test]
fn start_up_packets_that_lie() {
    let world = World::new();
    let proxy = world.proxy();
    let version = 196_608_i32.to_be_bytes();
    let body = |parameters: &[u8]| untagged(&[&version[..], parameters].concat());
    let many: Vec<u8> = (0..200).flat_map(|i| format!("_pq_.o{i}\0x\0").into_bytes()).chain(*b"user\0alder_app\0\0").collect();
    for (name, bytes) in [
        ("no end of the list", body(b"user\0alder_app\0")),
        ("a name without a value", body(b"user\0alder_app\0database\0")),
        ("bytes behind the end", body(b"user\0alder_app\0\0more\0")),
        ("no parameters", body(b"\0")),
        ("nothing", body(b"")),
        ("an empty user", body(b"user\0\0\0")),
        ("no user", body(b"database\0x\0\0")),
        ("a user that is not UTF-8", body(b"user\0\xff\xfe\0\0")),
        ("very many options", body(&many)),
        ("an unknown request", request(80_877_105)),
        ("a TLS request with a body", untagged(&[&SSL_REQUEST.to_be_bytes()[..], b"body"].concat())),
        ("a TLS request twice", [request(SSL_REQUEST), request(SSL_REQUEST)].concat()),
        ("a GSS request twice", [request(GSS_REQUEST), request(GSS_REQUEST)].concat()),
        ("a cancel request without a key", untagged(&[&80_877_102_i32.to_be_bytes()[..], &[0; 4]].concat())),
        ("a cancel request with a short key", untagged(&[&80_877_102_i32.to_be_bytes()[..], &[0; 7]].concat())),
        ("a cancel request with a very long key", untagged(&[&80_877_102_i32.to_be_bytes()[..], &[0; 4 + 257]].concat())),
        ("a cancel request with a key of protocol 3.2", untagged(&[&80_877_102_i32.to_be_bytes()[..], &[0; 4 + 256]].concat())),
    ] {
        let mut stream = tcp(proxy.port).expect("tcp");
        stream.write_all(&bytes).expect("write");
        let mut all = Vec::new();
        let end = stream.read_to_end(&mut all);
        assert!(!matches!(&end, Err(e) if e.kind() == std::io::ErrorKind::WouldBlock), "{name}: still open");
        let answer: Vec<u8> = all.into_iter().skip_while(|b| *b == b'N').collect();
        assert!(answer.is_empty() || answer[0] == b'E', "{name}: {answer:?}");
    }
    assert_eq!(proxy.client("alder_app").run("SELECT 1"), [[Some("1".to_owned())]]);
}

#[test]
fn slow_clients_do_not_hold_up_others() {
    let world = World::new();
    let proxy = world.proxy();
    let slow: Vec<TcpStream> = (0..40)
        .map(|i| {
            let mut stream = tcp(proxy.port).expect("tcp");
            stream.write_all(&startup(&[("user", "alder_app")])[..i % 9]).expect("write");
            stream
        })
        .collect();
    let started = Instant::now();
    let mut client = proxy.client("alder_app");
    assert_eq!(client.run("SELECT count(*) FROM meters"), [[Some("8".to_owned())]]);
    assert!(started.elapsed() < Duration::from_secs(5), "{:?}", started.elapsed());
    assert_eq!(slow.len(), 40);
}

#[test]
fn a_second_start_up_changes_nobody() {
    let world = World::new();
    let proxy = world.proxy();
    // During SCRAM: the packet of another user must not be taken for a new start (CVE-2026-107350 of another pooler).
    let mut wire = Wire::raw(tcp(proxy.port).expect("tcp"));
    wire.send(&startup(&[("user", "alder_app"), ("database", &proxy.database)])).expect("send");
    wire.frame().expect("an authentication request");
    wire.send(&startup(&[("user", "birch_app"), ("database", &proxy.database)])).expect("send");
    let reply = wire.until_ready();
    assert!(reply.status.is_none(), "{}", reply.summary());
}

#[test]
fn cancel_requests() {
    let mut world = World::new();
    let proxy = world.proxy();
    let mut client = proxy.client("alder_app");
    let key = client.key.expect("a key");
    client
        .send(&crate::wire::query(
            "SELECT count(*) FROM meters a, meters b, meters c, meters d, meters e, meters f, meters g, meters h, meters i",
        ))
        .expect("send");
    let database = world.real.clone();
    let active = |world: &mut World| {
        let rows = world.inspect(&format!("SELECT count(*) FROM pg_stat_activity WHERE datname = '{database}' AND state = 'active' AND query LIKE '%meters%' AND pid <> pg_backend_pid()"));
        rows[0][0].as_deref() == Some("1")
    };
    wait_for("the query to run", Duration::from_secs(10), || active(&mut world));
    // The wrong secret, the wrong process, and another client's key change nothing.
    let stranger = proxy.client("birch_app").key.expect("a key");
    for wrong in [(key.0, key.1 ^ 1), (key.0 ^ 1, key.1), (stranger.0, key.1), (0, 0), stranger] {
        assert!(crate::wire::cancel(proxy.port, wrong).is_ok());
    }
    for _ in 0..20 {
        assert!(active(&mut world), "a wrong key stopped the query");
    }
    assert!(crate::wire::cancel(proxy.port, key).is_ok());
    let reply = client.until_ready();
    assert_eq!(reply.sqlstate(), "57014", "{}", reply.summary());
    // A cancel that comes late hits nobody.
    assert!(crate::wire::cancel(proxy.port, key).is_ok());
    for _ in 0..20 {
        assert_eq!(client.run("SELECT count(*) FROM meters"), [[Some("8".to_owned())]]);
    }
}

/// A TLS listener and a client configuration that trusts it.
fn tls(required: bool) -> (World, Proxy, Arc<rustls::ClientConfig>, tempfile::TempDir) {
    let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).expect("certificate");
    let directory = tempfile::tempdir().expect("temporary directory");
    std::fs::write(directory.path().join("cert.pem"), made.cert.pem()).expect("write");
    std::fs::write(directory.path().join("key.pem"), made.signing_key.serialize_pem()).expect("write");
    let world = World::new();
    let listen = format!(
        "[listen.tls]\ncertificate = \"{0}/cert.pem\"\nkey = \"{0}/key.pem\"\nrequired = {required}\n",
        directory.path().display()
    );
    let proxy = Proxy::start(&Setup { listen, ..Setup::new(&world.real, TENANCY) });
    let mut roots = rustls::RootCertStore::empty();
    roots.add(CertificateDer::from(made.cert.der().to_vec())).expect("root");
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_root_certificates(roots)
        .with_no_client_auth();
    (world, proxy, Arc::new(config), directory)
}

#[test]
fn clients_speak_tls() {
    let (_world, proxy, config, _files) = tls(true);
    // The second time the session is resumed, without a certificate being shown; the password is asked for as ever.
    for kind in [rustls::HandshakeKind::Full, rustls::HandshakeKind::Resumed] {
        let mut stream = tcp(proxy.port).expect("tcp");
        stream.write_all(&request(SSL_REQUEST)).expect("write");
        let mut answer = [0];
        stream.read_exact(&mut answer).expect("an answer");
        assert_eq!(&answer, b"S");
        let name = ServerName::try_from("localhost").expect("name");
        let mut session = rustls::ClientConnection::new(Arc::clone(&config), name).expect("session");
        while session.is_handshaking() {
            session.complete_io(&mut stream).expect("a handshake");
        }
        assert_eq!(session.handshake_kind(), Some(kind));
        let parameters = [("user", "alder_app"), ("database", proxy.database.as_str())];
        let stream = rustls::StreamOwned::new(session, stream);
        let mut wire = Wire::login(stream, &parameters, Some(PASSWORD)).unwrap_or_else(|e| panic!("{e:?}"));
        assert_eq!(wire.run("SELECT count(*) FROM properties"), [[Some("5".to_owned())]]);
    }
    // Plain connections are refused before they can say a password.
    assert_ne!(refused(Wire::connect(proxy.port, "alder_app", &proxy.database, Some(PASSWORD))), "accepted");
}

/// Bytes that came before TLS must not be taken for bytes inside it (CVE-2021-23214 and its kin).
#[test]
fn plain_bytes_behind_a_tls_request_end_the_connection() {
    let (_world, proxy, _config, _files) = tls(false);
    let mut stream = tcp(proxy.port).expect("tcp");
    let smuggled = startup(&[("user", "alder_app"), ("database", &proxy.database)]);
    stream.write_all(&[request(SSL_REQUEST), smuggled].concat()).expect("write");
    let mut all = Vec::new();
    let end = stream.read_to_end(&mut all);
    assert!(!matches!(&end, Err(e) if e.kind() == std::io::ErrorKind::WouldBlock), "still open");
    // Nothing but at most the one-byte answer and an error or a TLS alert: no authentication request.
    assert!(!all.iter().skip(1).any(|b| *b == b'R') || all.len() < 9, "{all:?}");
    // Where TLS is not required, plain clients are served.
    assert_eq!(proxy.client("alder_app").run("SELECT 1"), [[Some("1".to_owned())]]);
}

#[test]
fn the_proxy_logs_in_by_every_password_method_and_over_tls() {
    let world = World::new();
    let files = tempfile::tempdir().expect("temporary directory");
    let root = files.path().join("root.pem");
    std::fs::write(&root, &cluster().certificate).expect("write");
    let verified = format!("sslmode=verify-full&sslrootcert={}", root.display());
    for (login, query) in [
        ("auth_password:pw%20one", "sslmode=disable"),
        ("auth_scram:pw%20two", "sslmode=disable"),
        ("auth_md5:pw%20three", "sslmode=disable"),
        ("app", "sslmode=require"),
        ("auth_scram:pw%20two", verified.as_str()),
    ] {
        let setup = Setup { login: login.to_owned(), query: query.to_owned(), ..Setup::new(&world.real, TENANCY) };
        let proxy = Proxy::start(&setup);
        assert_eq!(proxy.client("alder_app").run("SELECT count(*) FROM properties"), [[Some("5".to_owned())]], "{login} {query}");
        assert!(!proxy.log().contains("pw "), "a password in the log");
    }
}
