//! The Grafana dashboard asks for nothing that `/metrics` does not show.

use pgmoat::http::metrics::Metrics;
use pgmoat::http::{Readiness, serve};
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// Every `expr` in a JSON text.
fn expressions(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            found.extend(fields.get("expr").and_then(Value::as_str).map(str::to_owned));
            fields.values().for_each(|v| expressions(v, found));
        }
        Value::Array(items) => items.iter().for_each(|v| expressions(v, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// The metrics that an expression names.
fn metrics(expression: &str) -> impl Iterator<Item = &str> {
    expression.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').filter(|word| word.starts_with("pgmoat_"))
}

#[tokio::test]
async fn the_dashboard_asks_for_what_is_exported() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("bind");
    let address = listener.local_addr().expect("address");
    let refresh = Arc::new(|metrics: &Metrics| metrics.take_tenants([("acme", 1, 0)].into_iter()));
    tokio::spawn(serve(listener, Arc::new(Metrics::new()), Arc::new(Readiness::default()), refresh, std::future::pending()));
    let mut stream = TcpStream::connect(address).await.expect("connect");
    stream.write_all(b"GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").await.expect("write");
    let mut text = String::new();
    stream.read_to_string(&mut text).await.expect("read");
    let shown: BTreeSet<&str> =
        text.lines().filter_map(|l| l.split(['{', ' ']).next()).filter(|w| w.starts_with("pgmoat_")).collect();

    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docker/grafana-dashboard.json");
    let json: Value = serde_json::from_str(&std::fs::read_to_string(path).expect("the dashboard")).expect("JSON");
    let mut asked = Vec::new();
    expressions(&json, &mut asked);
    assert!(asked.iter().all(|e| metrics(e).next().is_some()) && asked.len() > 20, "{asked:?}");
    let missing: Vec<&str> = asked.iter().flat_map(|e| metrics(e)).filter(|name| !shown.contains(name)).collect();
    assert!(missing.is_empty(), "{missing:?} are not in\n{text}");
}
