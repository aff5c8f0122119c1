//! The audit log: durable, chained over restarts, and telling when it was tampered with.

use pgmoat::audit::{AuditLog, AuditTrouble, Damage, Event, KEYS, Kind, Verified, verify};
use pgmoat::error::{Refusal, Rule, SqlState};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

fn refusal(n: usize) -> Event {
    let refusal = Refusal::new(SqlState::INSUFFICIENT_PRIVILEGE, Rule::TenantColumn, "crossing").about("public.meters");
    Event {
        tenant: Some("acme".into()),
        user: Some("acme_app".into()),
        client: Some(([127, 0, 0, 1], 5000).into()),
        statement: Some(format!("UPDATE meters_{n} SET organisation_id = $1")),
        ..Event::refusal(&refusal)
    }
}

/// Opens the log, records so many refusals and closes it again.
async fn append(path: &Path, count: usize) {
    let (log, writer) = AuditLog::open(path).await.expect("open");
    for n in 0..count {
        log.record(refusal(n)).await.expect("record");
    }
    drop(log);
    writer.finished().await;
}

fn lines(path: &Path) -> Vec<String> {
    std::fs::read_to_string(path).expect("read").lines().map(str::to_owned).collect()
}

#[tokio::test]
async fn a_record_has_every_key_in_order_and_the_file_is_private() {
    let dir = tempfile::tempdir().expect("dir");
    let path = dir.path().join("audit.jsonl");
    append(&path, 1).await;
    let line = lines(&path).remove(0);
    let places: Vec<_> =
        KEYS.iter().map(|k| line.find(&format!("\"{k}\":")).unwrap_or_else(|| panic!("no {k} in {line}"))).collect();
    assert!(places.is_sorted(), "{line}");
    let json: serde_json::Value = serde_json::from_str(&line).expect("json");
    assert_eq!((&json["sqlstate"], &json["rule"], &json["sequence"]), (&"42501".into(), &"tenant_column".into(), &1.into()));
    assert_eq!(json["client"], "127.0.0.1:5000");
    let time = json["time"].as_str().expect("time");
    assert!(time.len() == "2026-01-01T00:00:00.000000Z".len() && time.ends_with('Z'), "{time}");
    assert_eq!(std::fs::metadata(&path).expect("stat").permissions().mode() & 0o777, 0o600);
}

#[tokio::test]
async fn the_chain_goes_on_over_restarts() {
    let dir = tempfile::tempdir().expect("dir");
    let path = dir.path().join("audit.jsonl");
    for _ in 0..3 {
        append(&path, 4).await;
    }
    let verified = verify(&path).expect("whole");
    assert_eq!((verified.records, verified.torn), (12, 0));
}

#[tokio::test]
async fn records_of_many_tasks_at_once_are_all_there() {
    let dir = tempfile::tempdir().expect("dir");
    let path = dir.path().join("audit.jsonl");
    let (log, writer) = AuditLog::open(&path).await.expect("open");
    let tasks: Vec<_> = (0..500)
        .map(|n| {
            let log = log.clone();
            tokio::spawn(async move { log.record(refusal(n)).await })
        })
        .collect();
    for task in tasks {
        task.await.expect("task").expect("record");
    }
    drop(log);
    writer.finished().await;
    assert_eq!(verify(&path).expect("whole").records, 500);
}

#[tokio::test]
async fn every_flipped_byte_is_found() {
    let dir = tempfile::tempdir().expect("dir");
    let path = dir.path().join("audit.jsonl");
    append(&path, 3).await;
    let whole = std::fs::read(&path).expect("read");
    // The last line has no successor that would name its hash: there only its own form is checked.
    let guarded = whole[..whole.len() - 1].iter().rposition(|&b| b == b'\n').expect("lines") + 1;
    for at in (0..guarded).step_by(7) {
        let mut flipped = whole.clone();
        flipped[at] ^= 1;
        std::fs::write(&path, &flipped).expect("write");
        assert!(verify(&path).is_err(), "byte {at}");
    }
}

#[tokio::test]
async fn a_deleted_swapped_or_doubled_line_is_found() {
    let dir = tempfile::tempdir().expect("dir");
    let path = dir.path().join("audit.jsonl");
    append(&path, 4).await;
    let whole = lines(&path);
    let pick = |order: &[usize]| -> Result<Verified, Damage> {
        let text: String = order.iter().map(|&i| format!("{}\n", whole[i])).collect();
        std::fs::write(&path, text).expect("write");
        verify(&path)
    };
    assert!(pick(&[0, 1, 2, 3]).is_ok());
    for (order, line) in [(&[1, 2, 3][..], 1), (&[0, 2, 3], 2), (&[0, 2, 1, 3], 2), (&[0, 1, 1, 2, 3], 3)] {
        match pick(order) {
            Err(Damage::Broken { line: found }) => assert_eq!(found, line, "{order:?}"),
            other => panic!("{order:?}: {other:?}"),
        }
    }
}

#[tokio::test]
async fn a_torn_line_is_kept_and_named() {
    let dir = tempfile::tempdir().expect("dir");
    let path = dir.path().join("audit.jsonl");
    append(&path, 3).await;
    let whole = std::fs::read(&path).expect("read");
    let torn = &whole[..whole.len() - 20];
    std::fs::write(&path, torn).expect("write");
    assert!(matches!(verify(&path), Err(Damage::NotARecord { line: 3 })));
    append(&path, 2).await;
    assert!(std::fs::read(&path).expect("read").starts_with(torn), "what the crash left stays");
    assert!(lines(&path)[3].contains("\"event\":\"torn\""), "{}", lines(&path)[3]);
    let verified = verify(&path).expect("whole again");
    assert_eq!((verified.records, verified.torn), (5, 1));
}

#[tokio::test]
async fn damage_before_the_last_line_stops_the_start() {
    let dir = tempfile::tempdir().expect("dir");
    let path = dir.path().join("audit.jsonl");
    std::fs::write(&path, "no record\nneither\n").expect("write");
    assert!(matches!(AuditLog::open(&path).await, Err(AuditTrouble::Damaged { .. })));
}

#[tokio::test]
async fn two_writers_of_one_file_are_not_allowed() {
    let dir = tempfile::tempdir().expect("dir");
    let path = dir.path().join("audit.jsonl");
    let first = AuditLog::open(&path).await.expect("open");
    assert!(matches!(AuditLog::open(&path).await, Err(AuditTrouble::InUse { .. })));
    drop(first);
}

#[tokio::test]
async fn a_full_disk_fails_the_record() {
    let (log, _writer) = AuditLog::open(Path::new("/dev/full")).await.expect("open");
    assert!(matches!(log.record(refusal(0)).await, Err(AuditTrouble::Write(_))));
    assert!(log.record(Event::new(Kind::Stop)).await.is_err(), "and it goes on failing");
}
