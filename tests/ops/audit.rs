//! The audit log: durable, chained over restarts, and telling when it was tampered with.

use pgmoat::audit::{
    AuditLog, AuditTrouble, ChangeId, Damage, Event, Expectation, Filter, Flaw, KEYS, Keeping, Kind, PublicKey, Signer, Verified,
    generate, query, verify,
};
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
    let (log, writer) = AuditLog::open(Keeping::at(path)).await.expect("open");
    for n in 0..count {
        log.record(refusal(n)).await.expect("record");
    }
    drop(log);
    writer.finished().await;
}

/// The check with nothing known beforehand.
fn checked(path: &Path) -> Result<Verified, Damage> {
    verify(path, &Expectation::default())
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
    let verified = checked(&path).expect("whole");
    assert_eq!((verified.records, verified.torn), (12, 0));
}

/// A process that is being started has copies of all descriptors, and with them of the lock, until it executes.
#[tokio::test]
async fn a_process_that_starts_meanwhile_does_not_keep_the_file_locked() {
    let dir = tempfile::tempdir().expect("dir");
    let path = dir.path().join("audit.jsonl");
    let done = std::sync::atomic::AtomicBool::new(false);
    let starting = || {
        while !done.load(std::sync::atomic::Ordering::Relaxed) {
            std::process::Command::new("true").status().expect("a process");
        }
    };
    let opened = std::thread::scope(|scope| {
        scope.spawn(starting);
        scope.spawn(starting);
        let opening = scope.spawn(|| {
            let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
            runtime.block_on(async {
                for _ in 0..200 {
                    append(&path, 1).await;
                }
            });
        });
        let opened = opening.join();
        done.store(true, std::sync::atomic::Ordering::Relaxed);
        opened
    });
    opened.expect("each opening after each closing");
    assert_eq!(checked(&path).expect("whole").records, 200);
}

#[tokio::test]
async fn records_of_many_tasks_at_once_are_all_there() {
    let dir = tempfile::tempdir().expect("dir");
    let path = dir.path().join("audit.jsonl");
    let (log, writer) = AuditLog::open(Keeping::at(&path)).await.expect("open");
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
    assert_eq!(checked(&path).expect("whole").records, 500);
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
        assert!(checked(&path).is_err(), "byte {at}");
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
        checked(&path)
    };
    assert!(pick(&[0, 1, 2, 3]).is_ok());
    for (order, line) in [(&[1, 2, 3][..], 1), (&[0, 2, 3], 2), (&[0, 2, 1, 3], 2), (&[0, 1, 1, 2, 3], 3)] {
        match pick(order) {
            Err(Damage { line: found, flaw: Flaw::Broken | Flaw::Beginning { .. }, .. }) => assert_eq!(found, line, "{order:?}"),
            other => panic!("{order:?}: {other:?}"),
        }
    }
}

#[tokio::test]
async fn a_torn_line_is_kept_and_named() {
    let dir = tempfile::tempdir().expect("dir");
    let path = dir.path().join("audit.jsonl");
    // A crash tears a line of which nobody heard that it is durable: the head tells of the two before.
    append(&path, 2).await;
    let head = std::fs::read(dir.path().join("audit.jsonl.head")).expect("head");
    append(&path, 1).await;
    let whole = std::fs::read(&path).expect("read");
    let torn = &whole[..whole.len() - 20];
    std::fs::write(&path, torn).expect("write");
    assert!(matches!(checked(&path), Err(Damage { line: 3, flaw: Flaw::NotARecord, .. })));
    assert!(matches!(AuditLog::open(Keeping::at(&path)).await, Err(AuditTrouble::Cut { found: 2, recorded: 3, .. })));
    std::fs::write(dir.path().join("audit.jsonl.head"), head).expect("write");
    append(&path, 2).await;
    assert!(std::fs::read(&path).expect("read").starts_with(torn), "what the crash left stays");
    assert!(lines(&path)[3].contains("\"event\":\"torn\""), "{}", lines(&path)[3]);
    let verified = checked(&path).expect("whole again");
    assert_eq!((verified.records, verified.torn), (5, 1));
}

/// How far the changes of a registry are on record is told by the last record, whatever it is about: over restarts, parts and torn lines.
#[tokio::test]
async fn the_log_knows_the_last_change_on_record() {
    let dir = tempfile::tempdir().expect("dir");
    let path = dir.path().join("audit.jsonl");
    let open = || async {
        let (log, writer) = AuditLog::open(Keeping { rotate_size: 900, ..Keeping::at(&path) }).await.expect("open");
        (log.last_change().map(|change| change.number), log, writer)
    };
    let (last, log, writer) = open().await;
    assert_eq!(last, None);
    log.record(refusal(0)).await.expect("record");
    for number in 1..=9 {
        let change = ChangeId { number, at: format!("2026-01-0{number}T00:00:00.000000Z") };
        log.record(Event { change: Some(change), ..Event::new(Kind::Lifecycle) }).await.expect("record");
    }
    drop(log);
    writer.finished().await;
    for _ in 0..4 {
        let (last, log, writer) = open().await;
        assert_eq!(last, Some(9));
        log.record(refusal(1)).await.expect("record");
        drop(log);
        writer.finished().await;
    }
    assert!(files(dir.path()).len() > 2);
    // A crash within the next: it is not on record.
    let torn = lines(&path).last().expect("a line").replace("\"number\":9", "\"number\":10");
    let mut file = std::fs::OpenOptions::new().append(true).open(&path).expect("open");
    std::io::Write::write_all(&mut file, &torn.as_bytes()[..torn.len() - 1]).expect("write");
    let (last, log, writer) = open().await;
    assert_eq!(last, Some(9));
    drop(log);
    writer.finished().await;
    assert_eq!(checked(&path).expect("whole").torn, 1);
    let mut found = Vec::new();
    query(&path, &Filter::default(), |entry| {
        found.extend(entry.change.map(|change| (change.number, change.at, entry.event)));
        Ok(())
    })
    .expect("read");
    let made: Vec<_> =
        found.iter().filter(|(_, _, event)| event == "lifecycle").map(|(number, at, _)| (*number, &at[8..10])).collect();
    assert_eq!(made, (1..=9).zip(["01", "02", "03", "04", "05", "06", "07", "08", "09"]).collect::<Vec<_>>());
    assert!(
        found.len() > 13 && found[9..].iter().all(|(number, at, _)| *number == 9 && at.starts_with("2026-01-09")),
        "{found:?}"
    );
}

/// A log from before changes were numbered in it is one that knows of none.
#[tokio::test]
async fn records_without_a_change_are_read() {
    let dir = tempfile::tempdir().expect("dir");
    let path = dir.path().join("audit.jsonl");
    append(&path, 1).await;
    let old = lines(&path).remove(0).replace(",\"change\":null", "") + "\n";
    std::fs::write(&path, &old).expect("write");
    std::fs::remove_file(dir.path().join("audit.jsonl.head")).expect("remove");
    append(&path, 1).await;
    assert_eq!(checked(&path).expect("whole").records, 2);
    let (log, _writer) = AuditLog::open(Keeping::at(&path)).await.expect("open");
    assert_eq!(log.last_change(), None);
    let searched = query(&path, &Filter::default(), |_| Ok(())).expect("read");
    assert_eq!((searched.records, searched.unread), (2, 0));
}

#[tokio::test]
async fn damage_before_the_last_line_stops_the_start() {
    let dir = tempfile::tempdir().expect("dir");
    let path = dir.path().join("audit.jsonl");
    std::fs::write(&path, "no record\nneither\n").expect("write");
    assert!(matches!(AuditLog::open(Keeping::at(&path)).await, Err(AuditTrouble::Damaged { .. })));
}

#[tokio::test]
async fn two_writers_of_one_file_are_not_allowed() {
    let dir = tempfile::tempdir().expect("dir");
    let path = dir.path().join("audit.jsonl");
    let first = AuditLog::open(Keeping::at(&path)).await.expect("open");
    assert!(matches!(AuditLog::open(Keeping::at(&path)).await, Err(AuditTrouble::InUse { .. })));
    drop(first);
}

#[tokio::test]
async fn a_full_disk_fails_the_record() {
    let (log, _writer) = AuditLog::open(Keeping::at(Path::new("/dev/full"))).await.expect("open");
    assert!(matches!(log.record(refusal(0)).await, Err(AuditTrouble::Write(_))));
    assert!(log.record(Event::new(Kind::Stop)).await.is_err(), "and it goes on failing");
}

/// A log that signs every third record and begins a new file after about two lines.
async fn append_signed(path: &Path, key: &Path, count: usize) {
    let signer = Some(Signer::load(key).expect("key"));
    let keeping = Keeping { rotate_size: 900, signer, checkpoint_every: 3, ..Keeping::at(path) };
    let (log, writer) = AuditLog::open(keeping).await.expect("open");
    for n in 0..count {
        log.record(refusal(n)).await.expect("record");
    }
    drop(log);
    writer.finished().await;
}

fn files(dir: &Path) -> Vec<std::path::PathBuf> {
    let mut found: Vec<_> = std::fs::read_dir(dir).expect("dir").map(|e| e.expect("entry").path()).collect();
    found.retain(|p| p.file_name().is_some_and(|n| n.to_string_lossy().starts_with("audit.jsonl.0")));
    found.sort();
    found
}

#[tokio::test]
async fn a_signed_chain_goes_on_over_its_parts_and_every_forgery_is_named() {
    let dir = tempfile::tempdir().expect("dir");
    let (path, key) = (dir.path().join("audit.jsonl"), dir.path().join("audit.key"));
    let public = generate(&key).expect("key");
    assert_eq!(std::fs::metadata(&key).expect("stat").permissions().mode() & 0o777, 0o600);
    assert!(matches!(generate(&key), Err(AuditTrouble::Open { .. })), "a key is not overwritten");
    for _ in 0..2 {
        append_signed(&path, &key, 10).await;
    }
    let expectation = Expectation { key: Some(PublicKey::load(&public).expect("key")), continued: false };
    let verified = verify(&path, &expectation).expect("whole");
    let parts = files(dir.path());
    assert!(parts.len() >= 3 && verified.files == parts.len() + 1, "{parts:?}");
    assert!(verified.head && verified.first == 1 && verified.checkpoints >= 6, "{verified:?}");
    assert_eq!(verified.records, 20 + verified.checkpoints);

    // Somebody else's key.
    let other = PublicKey::load(&generate(&dir.path().join("other.key")).expect("key")).expect("key");
    let damage = verify(&path, &Expectation { key: Some(other), continued: false }).expect_err("not signed by it");
    assert!(matches!(damage.flaw, Flaw::Head(_)), "{damage}");

    // A part in the middle is gone; the oldest is.
    let hidden = dir.path().join("hidden");
    for (part, continued) in [(&parts[1], true), (&parts[0], false)] {
        std::fs::rename(part, &hidden).expect("move");
        let expectation = Expectation { continued, ..expectation.clone() };
        let damage = verify(&path, &expectation).expect_err("a part is gone");
        assert!(matches!(damage.flaw, Flaw::Broken | Flaw::Beginning { .. }), "{damage}");
        assert_eq!(damage.line, 1);
        std::fs::rename(&hidden, part).expect("move");
    }
    std::fs::remove_file(&parts[0]).expect("remove");
    let verified = verify(&path, &Expectation { continued: true, ..expectation.clone() }).expect("archived");
    assert!(verified.first > 1, "{verified:?}");
}

#[tokio::test]
async fn a_chain_made_up_anew_lacks_the_signatures() {
    let dir = tempfile::tempdir().expect("dir");
    let (path, key, forged) = (dir.path().join("audit.jsonl"), dir.path().join("audit.key"), dir.path().join("forged.key"));
    let public = generate(&key).expect("key");
    generate(&forged).expect("key");
    append_signed(&path, &forged, 4).await;
    std::fs::remove_file(dir.path().join("audit.jsonl.head")).expect("remove");
    let expectation = Expectation { key: Some(PublicKey::load(&public).expect("key")), continued: false };
    let damage = verify(&path, &expectation).expect_err("forged");
    assert!(matches!(damage.flaw, Flaw::Unsigned), "{damage}");
}

#[tokio::test]
async fn a_tail_that_was_cut_off_or_made_up_anew_is_named() {
    let dir = tempfile::tempdir().expect("dir");
    let path = dir.path().join("audit.jsonl");
    append(&path, 5).await;
    let before = lines(&path);
    let text: String = before[..3].iter().map(|l| format!("{l}\n")).collect();
    std::fs::write(&path, &text).expect("write");
    let damage = checked(&path).expect_err("cut");
    assert!(matches!(damage.flaw, Flaw::Cut { found: 3, recorded: 5 }) && damage.line == 3, "{damage}");
    let reopened = AuditLog::open(Keeping::at(&path)).await;
    assert!(matches!(reopened, Err(AuditTrouble::Cut { found: 3, recorded: 5, .. })), "a restart does not hide it");
    // The same number of records again, by whoever has no key.
    let head = std::fs::read(dir.path().join("audit.jsonl.head")).expect("head");
    std::fs::remove_file(dir.path().join("audit.jsonl.head")).expect("remove");
    append(&path, 2).await;
    std::fs::write(dir.path().join("audit.jsonl.head"), head).expect("write");
    let damage = checked(&path).expect_err("another tail");
    assert!(matches!(damage.flaw, Flaw::Replaced(5)) && damage.line == 5, "{damage}");
}

#[tokio::test]
async fn records_are_found_by_what_they_say() {
    let dir = tempfile::tempdir().expect("dir");
    let path = dir.path().join("audit.jsonl");
    let (log, writer) = AuditLog::open(Keeping { rotate_size: 1000, ..Keeping::at(&path) }).await.expect("open");
    for n in 0..6 {
        log.record(Event { tenant: Some(if n % 2 == 0 { "acme" } else { "globex" }.into()), ..refusal(n) })
            .await
            .expect("record");
    }
    log.record(Event::new(Kind::Stop)).await.expect("record");
    drop(log);
    writer.finished().await;
    let found = |filter: Filter| {
        let mut sequences = Vec::new();
        let searched = query(&path, &filter, |entry| {
            sequences.push(entry.sequence);
            Ok(())
        });
        assert_eq!(searched.expect("read").records, 7);
        sequences
    };
    let list = |text: &str| vec![text.to_owned()];
    assert_eq!(found(Filter::default()), [1, 2, 3, 4, 5, 6, 7]);
    assert_eq!(found(Filter { tenants: list("globex"), ..Filter::default() }), [2, 4, 6]);
    assert_eq!(found(Filter { events: list("stop"), ..Filter::default() }), [7]);
    assert_eq!(found(Filter { relations: list("meters"), tenants: list("acme"), ..Filter::default() }), [1, 3, 5]);
    assert_eq!(found(Filter { relations: list("public.meter"), ..Filter::default() }), [] as [u64; 0]);
    assert_eq!(found(Filter { client: Some([127, 0, 0, 2].into()), ..Filter::default() }), [] as [u64; 0]);
    let now = std::time::SystemTime::now();
    assert_eq!(found(Filter { since: Some(now), ..Filter::default() }), [] as [u64; 0]);
    assert_eq!(found(Filter { until: Some(now), sqlstates: list("42501"), ..Filter::default() }), [1, 2, 3, 4, 5, 6]);
}
