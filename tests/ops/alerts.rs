//! Alerts as a webhook sees them: what is sent, that it is sent again, that it is not sent twice, over TLS too; and what rules may say.

use pgmoat::alerts::{Alerts, Occurrence, Rule, Target};
use rcgen::{CertificateParams, KeyPair};
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpListener;

const LIMIT: Duration = Duration::from_secs(20);

fn rule(on: Occurrence, count: u32, target: Target) -> Rule {
    Rule { on, count, within: Duration::from_secs(60), quiet: Duration::from_secs(600), target: Arc::new(target) }
}

/// Reads one request and answers it.
async fn answer(mut stream: impl AsyncRead + AsyncWrite + Unpin, status: &str) -> String {
    let mut text = Vec::new();
    while !text.ends_with(b"}") {
        assert!(stream.read_buf(&mut text).await.expect("read") > 0, "{}", String::from_utf8_lossy(&text));
    }
    stream.write_all(format!("HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n").as_bytes()).await.expect("write");
    stream.flush().await.expect("flush");
    String::from_utf8(text).expect("text")
}

async fn accepted(listener: &TcpListener) -> tokio::net::TcpStream {
    tokio::time::timeout(LIMIT, listener.accept()).await.expect("in time").expect("accept").0
}

/// Nobody connects for a while.
async fn is_quiet(listener: &TcpListener) -> bool {
    tokio::time::timeout(Duration::from_millis(1500), listener.accept()).await.is_err()
}

#[tokio::test]
async fn an_alert_is_sent_until_it_is_taken_and_not_again_while_quiet() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("bind");
    let url = format!("http://{}/in?key=1", listener.local_addr().expect("address"));
    let target = Target::parse(&url, Some("Authorization: Bearer hush"), None).expect("target");
    let (alerts, sending) = Alerts::start(vec![rule(Occurrence::Crossing, 2, target)]);
    let (acme, globex): (Arc<str>, Arc<str>) = ("acme".into(), "globex".into());
    for tenant in [Some(&acme), Some(&globex), None, Some(&acme), Some(&acme)] {
        alerts.occurred(Occurrence::Crossing, tenant);
        alerts.occurred(Occurrence::Refusal, tenant);
    }
    let first = answer(accepted(&listener).await, "503 Service Unavailable").await;
    // A connection that ends without an answer.
    drop(accepted(&listener).await);
    let third = answer(accepted(&listener).await, "200 OK").await;
    assert_eq!(first, third);
    let (head, body) = third.split_once("\r\n\r\n").expect("a head");
    assert!(head.starts_with("POST /in?key=1 HTTP/1.1\r\nHost: 127.0.0.1:"), "{head}");
    for line in ["Authorization: Bearer hush", "Content-Type: application/json", &format!("Content-Length: {}", body.len())] {
        assert!(head.lines().any(|l| l == line), "{line} in {head}");
    }
    let json: serde_json::Value = serde_json::from_str(body).expect("json");
    assert_eq!((&json["alert"], &json["tenant"], &json["count"]), (&"crossings".into(), &"acme".into(), &2.into()));
    assert_eq!(json["message"], "crossings of tenant acme: at least 2 within 1m");
    assert!(is_quiet(&listener).await, "told once");
    // Another tenant is another alert.
    alerts.occurred(Occurrence::Crossing, Some(&globex));
    assert!(answer(accepted(&listener).await, "204 No Content").await.contains("globex"));
    // Rules are gone, and with them what they counted.
    alerts.configure(Vec::new());
    alerts.occurred(Occurrence::Crossing, None);
    drop(alerts);
    tokio::time::timeout(LIMIT, sending).await.expect("it ends when nobody can tell it anything").expect("task");
}

#[tokio::test]
async fn what_a_webhook_will_never_take_is_given_up() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("bind");
    let target = Target::parse(&format!("http://{}", listener.local_addr().expect("address")), None, None).expect("target");
    let (alerts, sending) = Alerts::start(vec![rule(Occurrence::AuditFailing, 1, target)]);
    alerts.occurred(Occurrence::AuditFailing, None);
    answer(accepted(&listener).await, "404 Not Found").await;
    drop(alerts);
    tokio::time::timeout(LIMIT, sending).await.expect("given up").expect("task");
    assert!(is_quiet(&listener).await);
}

#[tokio::test]
async fn tls_is_checked_by_the_authorities_that_are_named() {
    let dir = tempfile::tempdir().expect("dir");
    let key = KeyPair::generate().expect("key");
    let certificate = CertificateParams::new(vec!["localhost".to_owned()]).expect("names").self_signed(&key).expect("sign");
    let ca = dir.path().join("ca.pem");
    std::fs::write(&ca, certificate.pem()).expect("write");
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], key.serialize_der().try_into().expect("key"))
        .expect("certificate");
    let acceptor = tokio_rustls::TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("bind");
    let port = listener.local_addr().expect("address").port();
    let target = |host: &str| Target::parse(&format!("https://{host}:{port}/"), None, Some(&ca)).expect("target");
    let (alerts, _sending) = Alerts::start(vec![rule(Occurrence::QuotaNear, 1, target("127.0.0.1"))]);
    alerts.occurred(Occurrence::QuotaNear, None);
    // The certificate is another's: nothing is said.
    assert!(acceptor.accept(accepted(&listener).await).await.is_err());
    alerts.configure(vec![rule(Occurrence::PoolExhausted, 1, target("localhost"))]);
    alerts.occurred(Occurrence::PoolExhausted, None);
    let heard = loop {
        // The first alert is still being tried.
        if let Ok(stream) = acceptor.accept(accepted(&listener).await).await {
            break answer(stream, "200 OK").await;
        }
    };
    assert!(heard.contains("\"alert\":\"pool_exhausted\""), "{heard}");
    let missing = Target::parse("https://localhost/", None, Some(&dir.path().join("none.pem"))).expect("target");
    assert!(missing.authorities().is_err());
}
