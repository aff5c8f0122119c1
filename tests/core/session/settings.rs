//! Settings that follow a client from connection to connection. It does not test what is cleared.

use super::*;

/// The client sets a time zone in one go, and the connection is returned.
fn set(script: &mut Script) -> Backend {
    let sent = script.client(&query("set timezone to 'Asia/Tokyo'"));
    assert!(sent.to_lowercase().contains("asia/tokyo"), "{sent}");
    script.server(&joined(&[&complete("SET"), &message(b'S', b"TimeZone\0Asia/Tokyo\0"), &ready(b'I')]));
    assert_eq!(script.heard(), "");
    script.give_back()
}

#[test]
fn a_setting_is_brought_to_another_connection_in_the_same_write() {
    let mut s = Script::new();
    set(&mut s);
    let sent = s.client(&query("select 1"));
    assert!(sent.to_lowercase().starts_with("q:set") && sent.ends_with("Q:select 1;|"), "{sent}");
    let replayed = joined(&[&complete("SET"), &message(b'S', b"TimeZone\0Asia/Tokyo\0"), &ready(b'I')]);
    assert_eq!(s.server(&joined(&[&replayed, &complete("SELECT 1"), &ready(b'I')])), "C:SELECT 1| Z:I", "nothing of it is heard");
}

#[test]
fn a_connection_that_has_it_is_used_as_it_is_and_another_client_gets_its_own() {
    let mut s = Script::new();
    let backend = set(&mut s);
    s.backend = Some(backend);
    s.session.attach(s.backend.as_mut().expect("there")).expect("attached");
    assert_eq!(s.sent(), "");
    let mut other = Script::new();
    let mut backend = s.give_back();
    other.session.attach(&mut backend).expect("attached");
    other.backend = Some(backend);
    assert_eq!(other.sent(), "Q:reset \"timezone\";|");
    assert_eq!(other.server(&joined(&[&complete("RESET"), &message(b'S', b"TimeZone\0UTC\0"), &ready(b'I')])), "");
}

#[test]
fn a_rollback_takes_it_back() {
    let mut s = Script::new();
    run(&mut s, "begin", "BEGIN", b'T');
    run(&mut s, "set timezone to 'Asia/Tokyo'", "SET", b'T');
    run(&mut s, "rollback", "ROLLBACK", b'I');
    s.give_back();
    assert_eq!(s.client(&query("select 1")), "Q:select 1;|");
}

#[test]
fn a_failed_query_takes_it_back() {
    let mut s = Script::new();
    s.client(&query("set timezone to 'Asia/Tokyo'; select 1 / 0"));
    s.server(&joined(&[&complete("SET"), &error("22012"), &ready(b'I')]));
    s.give_back();
    s.heard();
    assert_eq!(s.client(&query("select 1")), "Q:select 1;|");
}

#[test]
fn what_a_commit_in_the_same_query_made_lasting_stays() {
    let mut s = Script::new();
    s.client(&query("begin; set timezone to 'Asia/Tokyo'; commit; select 1 / 0"));
    s.server(&joined(&[&complete("BEGIN"), &complete("SET"), &complete("COMMIT"), &error("22012"), &ready(b'I')]));
    s.give_back();
    assert!(s.client(&query("select 1")).to_lowercase().starts_with("q:set"));
}

#[test]
fn set_local_is_not_remembered() {
    let mut s = Script::new();
    run(&mut s, "begin", "BEGIN", b'T');
    run(&mut s, "set local timezone to 'Asia/Tokyo'", "SET", b'T');
    run(&mut s, "commit", "COMMIT", b'I');
    s.give_back();
    assert_eq!(s.client(&query("select 1")), "Q:select 1;|");
}

#[test]
fn a_savepoint_brings_back_what_was_set_before_it() {
    let mut s = Script::new();
    let zone = |s: &mut Script, zone: &str| run(s, &format!("set timezone to '{zone}'"), "SET", b'T');
    run(&mut s, "begin", "BEGIN", b'T');
    zone(&mut s, "Asia/Tokyo");
    run(&mut s, "savepoint a", "SAVEPOINT", b'T');
    zone(&mut s, "Europe/Paris");
    run(&mut s, "savepoint b", "SAVEPOINT", b'T');
    zone(&mut s, "Europe/Rome");
    run(&mut s, "release b", "RELEASE", b'T');
    run(&mut s, "rollback to a", "ROLLBACK", b'T');
    run(&mut s, "commit", "COMMIT", b'I');
    s.give_back();
    assert_eq!(s.client(&query("select 1")), "Q:SET \"timezone\" TO 'Asia/Tokyo';| Q:select 1;|");
}

#[test]
fn of_two_savepoints_of_a_name_the_last_is_meant() {
    let mut s = Script::new();
    run(&mut s, "begin", "BEGIN", b'T');
    run(&mut s, "savepoint \"A\"", "SAVEPOINT", b'T');
    run(&mut s, "set timezone to 'Asia/Tokyo'", "SET", b'T');
    run(&mut s, "savepoint \"A\"", "SAVEPOINT", b'T');
    run(&mut s, "set timezone to 'Europe/Paris'", "SET", b'T');
    // A failed one changes nothing, and what came back is there before the transaction's end.
    s.client(&query("rollback to a; set timezone to 'Europe/Rome'"));
    s.server(&joined(&[&error("3B001"), &ready(b'E')]));
    run(&mut s, "rollback to \"A\"", "ROLLBACK", b'T');
    run(&mut s, "release \"A\"", "RELEASE", b'T');
    run(&mut s, "commit", "COMMIT", b'I');
    s.give_back();
    assert_eq!(s.client(&query("select 1")), "Q:SET \"timezone\" TO 'Asia/Tokyo';| Q:select 1;|");
}

#[test]
fn reset_goes_back_to_the_startup_packets_value() {
    let mut settings = Settings::default();
    let (name, value) = Value::startup("TimeZone", "Europe/Paris").expect("allowed");
    settings.set(name, value);
    let mut s = Script::with(settings);
    assert_eq!(s.client(&query("reset timezone")), "Q:set timezone to 'Europe/Paris';| Q:set timezone to 'Europe/Paris';|");
    let done = joined(&[&complete("SET"), &ready(b'I')]);
    assert_eq!(s.server(&joined(&[&done, &done])), "C:RESET| Z:I");
}

#[test]
fn a_startup_value_cannot_end_its_literal() {
    let (_, value) = Value::startup("application_name", "x'; drop table t; --").expect("quotes are doubled");
    let mut settings = Settings::default();
    settings.set("application_name", value);
    let mut s = Script::with(settings);
    let sent = s.client(&query("select 1"));
    assert!(sent.starts_with("Q:set application_name to 'x''; drop table t; --';|"), "{sent}");
    for bad in ["back\\slash", "new\nline", "nul\0", &"x".repeat(2000)] {
        assert!(Value::startup("application_name", bad).is_none(), "{bad:?}");
    }
    for name in ["search_path", "role", "standard_conforming_strings", "replication", "session_authorization", "options"] {
        assert!(Value::startup(name, "x").is_none(), "{name}");
    }
}

#[test]
fn when_it_cannot_be_restored_the_session_ends() {
    let mut s = Script::new();
    set(&mut s);
    s.client(&query("select 1"));
    assert_eq!(s.try_server(&error("22023")), Err(Broken::Settings));
    assert!(!s.is_clean());
}
