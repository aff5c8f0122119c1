//! Health, readiness and metrics, asked over a socket.

use pgmoat::error::Rule;
use pgmoat::http::metrics::{CacheTotals, Metrics};
use pgmoat::http::{Readiness, Refresh, serve};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

async fn get(address: std::net::SocketAddr, path: &str) -> String {
    let mut stream = TcpStream::connect(address).await.expect("connect");
    let request = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.expect("write");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.expect("read");
    answer
}

#[tokio::test]
async fn health_readiness_and_metrics() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("bind");
    let address = listener.local_addr().expect("address");
    let (metrics, readiness) = (Arc::new(Metrics::new()), Arc::new(Readiness::default()));
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let asked = Arc::new(AtomicU64::new(0));
    let cache = asked.clone();
    // A cache that hits twice between two looks, and begins anew before the third.
    let refresh: Refresh = Arc::new(move |metrics| {
        let totals = [(2, 1), (4, 1), (1, 0)][usize::try_from(cache.fetch_add(1, Ordering::Relaxed)).expect("few") % 3];
        metrics.take_cache(CacheTotals { text_hits: totals.0, shape_hits: 0, misses: totals.1 });
    });
    let server = tokio::spawn(serve(listener, metrics.clone(), readiness.clone(), refresh, async move {
        stopped.await.expect("stop");
    }));

    assert!(get(address, "/healthz").await.starts_with("HTTP/1.1 200"));
    assert!(get(address, "/nothing").await.starts_with("HTTP/1.1 404"));
    for (change, expected) in [
        ((|_| {}) as fn(&Readiness), "the catalog is not loaded"),
        (|r| r.set_catalog(true), "cannot be reached"),
        (|r| r.set_server(true), "HTTP/1.1 200"),
        (Readiness::drain, "shutting down"),
    ] {
        change(&readiness);
        let answer = get(address, "/readyz").await;
        assert!(answer.contains(expected), "{expected}: {answer}");
    }

    metrics.requests.inc_by(3);
    metrics.refusals(Rule::TenantColumn).inc();
    metrics.rewrite_seconds.observe(3e-6);
    metrics.pool_idle.set(2);
    let text = get(address, "/metrics").await;
    for line in [
        "pgmoat_requests_total 3",
        "pgmoat_refusals_total{rule=\"tenant_column\"} 1",
        "pgmoat_cache_hits_total{kind=\"shape\"} 0",
        "pgmoat_cache_hits_total{kind=\"text\"} 2",
        "pgmoat_cache_misses_total 1",
        "pgmoat_rewrite_seconds_bucket{le=\"0.000001\"} 0",
        "pgmoat_rewrite_seconds_count 1",
        "pgmoat_pool_idle 2",
        "pgmoat_pool_waiting 0",
        "pgmoat_clients 0",
        "pgmoat_logins_failed_total 0",
        "pgmoat_audit_records_total 0",
        "pgmoat_audit_failed_total 0",
    ] {
        assert!(text.lines().any(|l| l == line), "{line} is not in\n{text}");
    }
    for rule in Rule::ALL {
        assert!(text.contains(&format!("rule=\"{}\"", rule.as_str())), "{} has no zero", rule.as_str());
    }
    get(address, "/metrics").await;
    let text = get(address, "/metrics").await;
    assert!(text.contains("pgmoat_cache_hits_total{kind=\"text\"} 5") && text.contains("pgmoat_cache_misses_total 1"), "{text}");
    stop.send(()).expect("server");
    server.await.expect("task").expect("serve");
}
