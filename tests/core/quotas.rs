//! Quotas: days and months, what was used and where a tenant stops. The time is made up. It does not test who keeps what was used.

use pgmoat::limits::{Account, Day, Each, Meter, Metric, Period, Quota, Request, Standing, Stock, Subject};
use std::time::Duration;

const DAY: Duration = Duration::from_secs(86_400);

fn day(days: u32) -> Day {
    Day::of(DAY * days)
}

#[test]
fn days_have_the_names_of_the_calendar() {
    for (days, name, month, next) in [
        (0, "1970-01-01", "1970-01-01", "1970-02-01"),
        (58, "1970-02-28", "1970-02-01", "1970-03-01"),
        (11_016, "2000-02-29", "2000-02-01", "2000-03-01"),
        (11_017, "2000-03-01", "2000-03-01", "2000-04-01"),
        (20_818, "2026-12-31", "2026-12-01", "2027-01-01"),
        (47_540, "2100-02-28", "2100-02-01", "2100-03-01"),
        (47_541, "2100-03-01", "2100-03-01", "2100-04-01"),
    ] {
        let day = day(days);
        assert_eq!([day, day.month(), day.next_month()].map(|d| d.to_string()), [name, month, next]);
        assert_eq!(Day::of(day.begins() + DAY - Duration::from_nanos(1)), day);
    }
}

fn quota(limits: &[(Metric, Period, u64)]) -> Quota {
    Quota { limits: limits.iter().map(|(m, p, n)| (Subject::Used(*m, *p), *n)).collect(), soft_percent: None }
}

fn reading(statements: usize) -> Request {
    Request { statements, ..Request::default() }
}

fn writing(statements: usize) -> Request {
    Request { writes: true, ..reading(statements) }
}

/// How many single statements are admitted.
fn admitted(meter: &Meter, now: Duration) -> usize {
    (0..1000).take_while(|_| meter.admit(reading(1), now).is_ok()).count()
}

fn bind(account: &Account, meter: &Meter, quota: &Quota, moment: Duration) {
    account.bind(meter, quota, Duration::from_secs(7), Duration::from_secs(60), |day| day.begins().saturating_sub(moment));
}

#[test]
fn a_day_ends_and_its_month_goes_on() {
    let quota = quota(&[(Metric::Queries, Period::Day, 10), (Metric::Queries, Period::Month, 25)]);
    let (meter, mut account) = (Meter::default(), Account::default());
    let mut used = Vec::new();
    // The last one is the first of another month.
    for days in [20_815, 20_816, 20_817, 20_818, 20_819] {
        account.turn(&meter, day(days));
        bind(&account, &meter, &quota, DAY * days + DAY / 2);
        used.push(admitted(&meter, Duration::from_secs(7)));
    }
    assert_eq!(used, [10, 10, 5, 0, 10]);
}

#[test]
fn the_refusal_says_when_the_period_ends() {
    let limits = [(Metric::Queries, Period::Day, 1), (Metric::Bytes, Period::Month, 100)];
    let (meter, mut account) = (Meter::default(), Account::default());
    let moment = DAY * 20_816 + DAY - Duration::from_secs(90);
    account.turn(&meter, day(20_816));
    bind(&account, &meter, &quota(&limits), moment);
    meter.admit(reading(1), Duration::from_secs(7)).expect("the first");
    let refusal = meter.admit(writing(1), Duration::from_secs(17)).expect_err("the second");
    assert_eq!((refusal.code.to_string().as_str(), refusal.hint.as_deref()), ("53400", Some("retry_after_ms=80000")));
    assert_eq!(meter.count(Metric::Queries), 1, "what is refused is not used");
    meter.add(Metric::Bytes, 100);
    account.turn(&meter, day(20_817));
    bind(&account, &meter, &quota(&limits), DAY * 20_817);
    let refusal = meter.admit(reading(1), Duration::from_secs(7)).expect_err("the month");
    assert_eq!(refusal.hint, Some(format!("retry_after_ms={}", 2 * 86_400_000)));
}

#[test]
fn written_rows_stop_what_writes() {
    let (meter, mut account) = (Meter::default(), Account::default());
    account.turn(&meter, day(3));
    bind(&account, &meter, &quota(&[(Metric::RowsWritten, Period::Day, 5)]), DAY * 3);
    meter.admit(writing(1), Duration::ZERO).expect("before");
    meter.add(Metric::RowsWritten, 7);
    meter.admit(writing(1), Duration::ZERO).expect_err("after");
    meter.admit(reading(1), Duration::ZERO).expect("reading goes on");
}

#[test]
fn what_others_have_used_counts_and_nothing_is_kept_twice() {
    let quota = quota(&[(Metric::Queries, Period::Day, 100)]);
    let (meter, mut account) = (Meter::default(), Account::default());
    account.turn(&meter, day(9));
    bind(&account, &meter, &quota, DAY * 9);
    meter.admit(reading(30), Duration::ZERO).expect("admitted");
    account.turn(&meter, day(9));
    let pending: Vec<_> = account.pending().iter().map(|(day, each)| (*day, *each.of(Metric::Queries))).collect();
    assert_eq!(pending, [(day(9), 30)]);
    // The place where it is kept is away: what was used counts all the same, and is added to.
    meter.admit(reading(5), Duration::ZERO).expect("admitted");
    account.turn(&meter, day(9));
    assert_eq!((account.used(Metric::Queries, Period::Day), account.pending().len()), (35, 1));
    let mut total = Each::default();
    *total.of_mut(Metric::Queries) = 95;
    account.keep(total, None);
    assert!(account.pending().is_empty());
    bind(&account, &meter, &quota, DAY * 9);
    assert_eq!(admitted(&meter, Duration::ZERO), 5, "another proxy has used 60");
}

#[test]
fn what_comes_near_is_told_once_in_its_period() {
    let quota = quota(&[(Metric::Queries, Period::Day, 10)]);
    let (meter, mut account) = (Meter::default(), Account::default());
    let mut told = Vec::new();
    for (days, more) in [(4, 7), (4, 1), (4, 0), (4, 5), (4, 1), (5, 0), (5, 12)] {
        meter.add(Metric::Queries, more);
        account.turn(&meter, day(days));
        told.push(account.news(&meter, &quota).first().map(|line| (line.used, line.standing)));
    }
    let (near, over) = (Some((8, Standing::Near)), Some((13, Standing::Over)));
    // What came before the turn to another day is that day's before.
    assert_eq!(told, [None, near, None, over, None, None, Some((12, Standing::Over))]);
}

#[test]
fn a_month_is_what_came_before_today_and_today() {
    let quota = quota(&[(Metric::Queries, Period::Month, 100)]);
    let (meter, mut account) = (Meter::default(), Account::default());
    let each = |n: u64| {
        let mut each = Each::default();
        *each.of_mut(Metric::Queries) = n;
        each
    };
    let mut used = Vec::new();
    for (days, today, before) in [(20_816, 10, Some(50)), (20_816, 15, None), (20_817, 1, Some(65)), (20_819, 2, Some(0))] {
        account.turn(&meter, day(days));
        account.keep(each(today), before.map(each));
        bind(&account, &meter, &quota, DAY * days);
        used.push((account.used(Metric::Queries, Period::Month), admitted(&meter, Duration::ZERO)));
        account.turn(&meter, day(days));
    }
    assert_eq!(used[0], (60, 40));
    assert_eq!(used.iter().map(|(used, _)| *used).collect::<Vec<_>>(), [60, 65, 66, 2], "of another month nothing");
}

#[test]
fn storage_that_is_used_up_stops_what_adds() {
    let mut quota = quota(&[]);
    quota.limits.insert(Subject::Held(Stock::Storage), 100);
    let (meter, mut account) = (Meter::default(), Account::default());
    account.turn(&meter, day(3));
    let adding = Request { adds: true, ..writing(1) };
    let mut stands = Vec::new();
    for bytes in [None, Some(79), Some(80), Some(99), Some(100), Some(30), Some(200)] {
        bytes.into_iter().for_each(|bytes| account.hold(Stock::Storage, bytes));
        bind(&account, &meter, &quota, DAY * 3);
        meter.admit(writing(1), Duration::ZERO).expect("what takes rows away goes on");
        let told = account.news(&meter, &quota).first().map(|line| line.standing);
        stands.push((meter.admit(adding, Duration::from_secs(7)).err().and_then(|refusal| refusal.hint), told));
    }
    let full = || Some("retry_after_ms=53000".to_owned());
    let (near, over) = (Some(Standing::Near), Some(Standing::Over));
    assert_eq!(stands, [(None, None), (None, None), (None, near), (None, None), (full(), over), (None, None), (full(), None)]);
}
