//! What follows the audit file: every record, in order, once it is durable, over parts, failures and restarts; and syslog's messages.

use pgmoat::audit::{AuditLog, Event, Follower, Keeping, Kind, Last, Line, Sink, SinkTrouble, Syslog, SyslogAddress};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::net::{UdpSocket, UnixDatagram};

const LIMIT: Duration = Duration::from_secs(20);

/// A sink that keeps what it gets, and fails while it is told to.
#[derive(Clone, Default)]
struct Kept {
    lines: Arc<Mutex<Vec<Line>>>,
    failing: Arc<AtomicBool>,
    /// Whether it knows what it has.
    knows: bool,
}

impl Kept {
    fn sequences(&self) -> Vec<u64> {
        self.lines.lock().expect("lines").iter().map(|l| l.sequence).collect()
    }
}

impl Sink for Kept {
    fn name(&self) -> &'static str {
        "kept"
    }

    async fn last(&mut self) -> Result<Last, SinkTrouble> {
        if !self.knows {
            return Ok(Last::Forgotten);
        }
        Ok(self.lines.lock().expect("lines").last().map_or(Last::None, |l| Last::Record(l.sequence, l.text.clone())))
    }

    async fn deliver(&mut self, lines: &[Line]) -> Result<(), SinkTrouble> {
        if self.failing.load(Ordering::Relaxed) {
            return Err(SinkTrouble::Other("told to fail".to_owned()));
        }
        self.lines.lock().expect("lines").extend_from_slice(lines);
        Ok(())
    }
}

/// What was reported of a sink.
type Told = Arc<Mutex<Vec<Option<String>>>>;

fn start(log: &AuditLog, sink: impl Sink) -> (Follower, Told) {
    let told = Told::default();
    let report = Arc::clone(&told);
    let say = move |trouble: Option<&SinkTrouble>| report.lock().expect("told").push(trouble.map(ToString::to_string));
    (log.followed().start(sink, say), told)
}

async fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let waited = tokio::time::timeout(LIMIT, async {
        while !holds() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    });
    assert!(waited.await.is_ok(), "gave up waiting for {what}");
}

async fn open(path: &Path) -> (AuditLog, pgmoat::audit::Writer) {
    AuditLog::open(Keeping { rotate_size: 1000, ..Keeping::at(path) }).await.expect("open")
}

async fn record(log: &AuditLog, times: usize) {
    for n in 0..times {
        let event = Event { message: Some(format!("number {n}")), ..Event::new(Kind::Reload) };
        log.record(event).await.expect("record");
    }
}

#[tokio::test]
async fn every_record_comes_once_in_order_over_parts_failures_and_restarts() {
    for knows in [true, false] {
        let dir = tempfile::tempdir().expect("dir");
        let path = dir.path().join("audit.jsonl");
        let kept = Kept { knows, ..Kept::default() };
        let mut written = 0;
        for run in 0..3 {
            let (log, writer) = open(&path).await;
            let (follower, told) = start(&log, kept.clone());
            record(&log, 40).await;
            kept.failing.store(true, Ordering::Relaxed);
            record(&log, 40).await;
            until("the complaint", || told.lock().expect("told").contains(&Some("told to fail".to_owned()))).await;
            kept.failing.store(false, Ordering::Relaxed);
            if run != 1 {
                until("the all-clear", || told.lock().expect("told").last() == Some(&None)).await;
            }
            record(&log, 1).await;
            written += 81;
            follower.finish(LIMIT).await;
            // What nobody followed is followed later.
            record(&log, 5).await;
            written += 5;
            drop(log);
            writer.finished().await;
        }
        let (log, _writer) = open(&path).await;
        let (follower, _) = start(&log, kept.clone());
        until("the rest", || kept.sequences().len() >= written).await;
        assert_eq!(kept.sequences(), (1..=u64::try_from(written).expect("few")).collect::<Vec<_>>(), "knows: {knows}");
        follower.finish(LIMIT).await;
        assert!(std::fs::read_dir(dir.path()).expect("dir").count() > 10, "many parts");
    }
}

#[tokio::test]
async fn a_sink_of_another_chain_is_left_alone() {
    let dir = tempfile::tempdir().expect("dir");
    let (one, other) = (dir.path().join("one.jsonl"), dir.path().join("other.jsonl"));
    let kept = Kept { knows: true, ..Kept::default() };
    for (path, count) in [(&one, 3), (&other, 9)] {
        let (log, _writer) = open(path).await;
        let (follower, told) = start(&log, kept.clone());
        record(&log, count).await;
        if count == 3 {
            until("the records", || kept.sequences().len() == 3).await;
        } else {
            until("the complaint", || told.lock().expect("told").iter().flatten().any(|t| t.contains("another chain"))).await;
        }
        follower.finish(LIMIT).await;
        assert_eq!(kept.sequences(), [1, 2, 3]);
    }
}

#[tokio::test]
async fn syslog_gets_messages_by_its_rules_and_catches_up_when_it_comes_back() {
    let dir = tempfile::tempdir().expect("dir");
    let (path, socket) = (dir.path().join("audit.jsonl"), dir.path().join("log"));
    let (log, _writer) = open(&path).await;
    let syslog = UnixDatagram::bind(&socket).expect("bind");
    let (follower, told) = start(&log, Syslog::new(SyslogAddress::Unix(socket.clone())));
    let mut buffer = vec![0; 64 * 1024];
    log.record(Event { tenant: Some("acme".into()), ..Event::new(Kind::Crossing) }).await.expect("record");
    let n = tokio::time::timeout(LIMIT, syslog.recv(&mut buffer)).await.expect("in time").expect("a message");
    let message = String::from_utf8_lossy(&buffer[..n]).into_owned();
    let line = std::fs::read_to_string(&path).expect("read");
    let (head, text) = message.split_once(" - {").expect("a head");
    assert_eq!(format!("{{{text}"), line.trim_end());
    let words: Vec<&str> = head.split(' ').collect();
    let time = line.split('"').nth(3).expect("a time");
    // log audit, warning
    assert_eq!((words[0], words[1], words[3], words[5]), ("<108>1", time, "pgmoat", "crossing"), "{head}");
    assert_eq!((words[4], words.len()), (std::process::id().to_string().as_str(), 6), "{head}");
    // It is restarted: another socket under the same name.
    drop(syslog);
    std::fs::remove_file(&socket).expect("remove");
    record(&log, 3).await;
    until("the complaint", || told.lock().expect("told").iter().any(Option::is_some)).await;
    let syslog = UnixDatagram::bind(&socket).expect("bind");
    for number in 0..3 {
        let n = tokio::time::timeout(LIMIT, syslog.recv(&mut buffer)).await.expect("in time").expect("a message");
        let message = String::from_utf8_lossy(&buffer[..n]).into_owned();
        assert!(message.starts_with("<109>1 ") && message.contains(&format!("number {number}")), "{message}");
    }
    follower.finish(LIMIT).await;
}

#[tokio::test]
async fn syslog_over_the_network() {
    let dir = tempfile::tempdir().expect("dir");
    let (log, _writer) = open(&dir.path().join("audit.jsonl")).await;
    let syslog = UdpSocket::bind("127.0.0.1:0").await.expect("bind");
    let address = syslog.local_addr().expect("address");
    let (follower, _) = start(&log, Syslog::new(SyslogAddress::Udp(address)));
    // Longer than a datagram.
    let long = Event { message: Some("x".repeat(100_000)), ..Event::new(Kind::Reload) };
    log.record(long).await.expect("record");
    record(&log, 1).await;
    let mut buffer = vec![0; 64 * 1024];
    for expected in ["xxx", "number 0"] {
        let n = tokio::time::timeout(LIMIT, syslog.recv(&mut buffer)).await.expect("in time").expect("a message");
        assert!(String::from_utf8_lossy(&buffer[..n]).contains(expected) && n < 33_000, "{n}");
    }
    follower.finish(LIMIT).await;
}
