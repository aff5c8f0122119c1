//! How many connections a second log in: in plain, under TLS with a full handshake, and with one that resumes an earlier session.
//! It does not run queries.

use crate::database;
use crate::proxy::{PASSWORD, Proxy, Setup};
use crate::wire::{self, Wire};
use rustls::client::Resumption;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, HandshakeKind, StreamOwned};
use std::io::{Read as _, Write as _};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

/// Clients that connect one after the other, each of them.
const THREADS: usize = 8;
const SSL_REQUEST: [u8; 8] = [0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f];

fn tls(certificate: &rcgen::CertifiedKey<rcgen::KeyPair>) -> ClientConfig {
    let mut roots = rustls::RootCertStore::empty();
    roots.add(CertificateDer::from(certificate.cert.der().to_vec())).expect("root");
    ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_root_certificates(roots)
        .with_no_client_auth()
}

/// Logs in once; says how the TLS handshake went.
fn log_in(proxy: &Proxy, config: Option<&Arc<ClientConfig>>) -> Option<HandshakeKind> {
    let parameters = [("user", "one_app"), ("database", proxy.database.as_str())];
    let mut stream = wire::tcp(proxy.port).expect("connects");
    let Some(config) = config else {
        Wire::login(stream, &parameters, Some(PASSWORD)).unwrap_or_else(|e| panic!("cannot log in: {e:?}"));
        return None;
    };
    stream.write_all(&SSL_REQUEST).expect("write");
    let mut answer = [0];
    stream.read_exact(&mut answer).expect("an answer");
    assert_eq!(&answer, b"S");
    let name = ServerName::try_from("localhost").expect("name");
    let mut session = ClientConnection::new(Arc::clone(config), name).expect("session");
    while session.is_handshaking() {
        session.complete_io(&mut stream).expect("a handshake");
    }
    let kind = session.handshake_kind();
    Wire::login(StreamOwned::new(session, stream), &parameters, Some(PASSWORD))
        .unwrap_or_else(|e| panic!("cannot log in: {e:?}"));
    kind
}

pub(crate) fn measure(database: &str, seconds: u64) {
    let certificate = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).expect("certificate");
    let files = tempfile::tempdir().expect("temporary directory");
    std::fs::write(files.path().join("cert.pem"), certificate.cert.pem()).expect("write");
    std::fs::write(files.path().join("key.pem"), certificate.signing_key.serialize_pem()).expect("write");
    let listen = format!(
        "[listen.tls]\ncertificate = \"{0}/cert.pem\"\nkey = \"{0}/key.pem\"\nrequired = false\n",
        files.path().display()
    );
    let proxy = Proxy::start(&Setup { listen, ..database::setup(database) });
    let resuming = Arc::new(tls(&certificate));
    let mut config = tls(&certificate);
    config.resumption = Resumption::disabled();
    let full = Arc::new(config);
    // The first ones have nothing to resume.
    for _ in 0..THREADS {
        log_in(&proxy, Some(&resuming));
    }
    for (name, config, wanted) in [
        ("plain", None, None),
        ("TLS, full handshake", Some(&full), Some(HandshakeKind::Full)),
        ("TLS, resumed", Some(&resuming), Some(HandshakeKind::Resumed)),
    ] {
        let (done, other) = (AtomicU32::new(0), AtomicU32::new(0));
        let begun = Instant::now();
        let deadline = begun + Duration::from_secs(2 * seconds);
        std::thread::scope(|scope| {
            for _ in 0..THREADS {
                scope.spawn(|| {
                    while Instant::now() < deadline {
                        if log_in(&proxy, config) != wanted {
                            other.fetch_add(1, Ordering::Relaxed);
                        }
                        done.fetch_add(1, Ordering::Relaxed);
                    }
                });
            }
        });
        let (done, other) = (done.into_inner(), other.into_inner());
        assert!(other * 20 <= done, "{name}: {other} of {done} handshakes were of another kind");
        println!("logins by SCRAM, {name}: {:.0} per second", f64::from(done) / begun.elapsed().as_secs_f64());
    }
}
