//! Whose turn it is when places run short, and how who comes too often is slowed down: told by counting, no clock is asked.

use pgmoat::limits::{Pace, Rate, Share, Shares, Sources, Ticket};
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

/// Serves all who can be; gives the numbers that they brought.
fn serve(shares: &mut Shares<usize>) -> Vec<usize> {
    std::iter::from_fn(|| shares.serve().map(|(_, n)| n)).collect()
}

/// Tenants that always have more to do than places: each one who is served gives its place back after the others of its round.
/// Says how often each was served in `rounds` returns.
fn contend(places: usize, weights: &[u32], rounds: usize) -> Vec<usize> {
    let tenants: Vec<Arc<Share>> = weights.iter().map(|&w| Share::new(w)).collect();
    let mut shares = Shares::new(places);
    let mut holding = std::collections::VecDeque::new();
    let mut served = vec![0; weights.len()];
    for (n, share) in tenants.iter().enumerate() {
        for _ in 0..places + 1 {
            shares.wait(share, n);
        }
    }
    for round in 0..rounds + places {
        for n in serve(&mut shares) {
            holding.push_back(n);
            if round >= places {
                served[n] += 1;
            }
            shares.wait(&tenants[n], n);
        }
        let n = holding.pop_front().expect("somebody holds a place");
        shares.give_back(&tenants[n]);
    }
    served
}

#[test]
fn who_floods_waits_behind_who_does_not() {
    let (flood, calm, third) = (Share::new(1), Share::new(1), Share::new(1));
    let mut shares = Shares::new(4);
    assert!((0..3).all(|_| shares.take(&flood)));
    assert!(!shares.take(&flood), "the last place is for somebody else");
    for _ in 0..1000 {
        shares.wait(&flood, 0);
    }
    assert_eq!(serve(&mut shares), [0; 0]);
    assert!(shares.take(&calm), "at once, past a thousand who wait");
    shares.wait(&calm, 1);
    shares.wait(&calm, 2);
    // Both hold some: the place that comes back is kept for a third.
    shares.give_back(&flood);
    assert_eq!(serve(&mut shares), [0; 0]);
    assert!(shares.take(&third));
    // Of 2 and 1 the one that comes back goes to who holds fewer, past a thousand again.
    shares.give_back(&third);
    shares.give_back(&calm);
    assert_eq!(serve(&mut shares), [1]);
    shares.give_back(&calm);
    assert_eq!(serve(&mut shares), [2]);
    shares.give_back(&calm);
    assert_eq!(serve(&mut shares), [0]);
    assert_eq!((flood.held(), calm.held(), flood.waiting(), calm.waiting(), shares.waiting()), (3, 0, 999, 0, 999));
}

#[test]
fn nobody_can_hold_them_all() {
    for places in 2..6 {
        let (hog, other) = (Share::new(1000), Share::new(1));
        let mut shares = Shares::new(places);
        for _ in 0..places * 3 {
            if !shares.take(&hog) {
                shares.wait(&hog, 0);
            }
        }
        serve(&mut shares);
        assert_eq!(hog.held(), places - 1);
        assert!(shares.take(&other), "{places} places");
        assert!(!shares.take(&Share::new(1)), "there are no more");
    }
    // But one place is one place.
    let only = Share::new(1);
    let mut shares = Shares::<()>::new(1);
    assert!(shares.take(&only) && !shares.take(&only));
}

#[test]
fn turns_go_by_weight() {
    assert_eq!(contend(1, &[1, 1], 100), [50, 50]);
    assert_eq!(contend(1, &[3, 1], 100), [75, 25]);
    assert_eq!(contend(7, &[1, 1, 1], 90), [30, 30, 30]);
    let (four, one) = <[usize; 2]>::try_from(contend(21, &[4, 1], 1000)).map(Into::into).expect("two");
    assert!((750..=850).contains(&four) && four + one == 1000, "{four} and {one}");
    // Whatever the weights and however few the places, nobody is left out.
    assert!(contend(3, &[1000, 1000, 1], 100)[2] >= 30);
    assert!(contend(1, &[100, 1], 303)[1] >= 3);
}

#[test]
fn a_pause_earns_no_credit() {
    let (busy, rare) = (Share::new(1), Share::new(1));
    let mut shares = Shares::new(1);
    assert!(shares.take(&busy));
    for _ in 0..100 {
        shares.wait(&busy, 0);
        shares.give_back(&busy);
        assert_eq!(serve(&mut shares), [0]);
    }
    for _ in 0..10 {
        shares.wait(&busy, 0);
        shares.wait(&rare, 1);
    }
    let mut order = Vec::new();
    let mut last = busy.clone();
    for _ in 0..10 {
        shares.give_back(&last);
        let n = serve(&mut shares)[0];
        last = if n == 0 { busy.clone() } else { rare.clone() };
        order.push(n);
    }
    assert_eq!(order.iter().sum::<usize>(), 5, "{order:?}");
}

#[test]
fn who_leaves_is_not_served() {
    let (one, two) = (Share::new(1), Share::new(1));
    let mut shares = Shares::new(1);
    assert!(shares.take(&one));
    let tickets: Vec<Ticket> = (0..3).map(|n| shares.wait(&two, n)).collect();
    shares.leave(&two, tickets[0]);
    shares.leave(&two, tickets[0]);
    shares.leave(&two, tickets[2]);
    shares.give_back(&one);
    assert_eq!(serve(&mut shares), [1]);
    shares.leave(&two, tickets[1]);
    assert_eq!((two.waiting(), shares.waiting(), two.held()), (0, 0, 1));
    shares.wait(&one, 7);
    shares.dismiss();
    shares.give_back(&two);
    assert_eq!((serve(&mut shares), one.waiting()), (vec![], 0));
}

/// Any order of taking, waiting, leaving, giving back and other numbers of places and weights: no place is lent twice, no line is lost.
#[test]
fn the_figures_always_agree() {
    let mut seed = 7_u64;
    let mut dice = |n: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(seed >> 33).expect("small") % n
    };
    for _ in 0..200 {
        let tenants: Vec<Arc<Share>> = (0..4).map(|_| Share::new(1)).collect();
        let mut places = 1 + dice(5);
        let mut shares = Shares::new(places);
        let mut lines: Vec<Vec<(Ticket, usize)>> = vec![Vec::new(); 4];
        let mut held = [0; 4];
        for step in 0..200 {
            let n = dice(4);
            match dice(7) {
                0 => held[n] += usize::from(shares.take(&tenants[n])),
                1 | 2 => {
                    let ticket = shares.wait(&tenants[n], step);
                    lines[n].push((ticket, step));
                }
                3 if !lines[n].is_empty() => {
                    let at = dice(lines[n].len());
                    shares.leave(&tenants[n], lines[n].remove(at).0);
                }
                4 | 5 if held[n] > 0 => {
                    shares.give_back(&tenants[n]);
                    held[n] -= 1;
                }
                6 => tenants[n].set_weight(u32::try_from(dice(5)).expect("small")),
                _ => {
                    places = 1 + dice(5);
                    shares.set_places(places);
                }
            }
            while let Some((share, brought)) = shares.serve() {
                let n = tenants.iter().position(|t| Arc::ptr_eq(t, &share)).expect("one of them");
                assert_eq!(lines[n].remove(0).1, brought, "in the order in which they came");
                held[n] += 1;
                assert!(held.iter().sum::<usize>() <= places, "a place was lent twice");
                assert!(places == 1 || held[n] == 1 || held[n] < places, "one holds them all");
            }
            for n in 0..4 {
                assert_eq!((tenants[n].held(), tenants[n].waiting()), (held[n], lines[n].len()));
            }
            let free = places.saturating_sub(held.iter().sum());
            let could = (0..4).any(|n| !lines[n].is_empty() && (free > 1 || (free == 1 && held[n] == 0)));
            assert!(!could, "somebody waits in vain: {held:?} of {places}, {lines:?}");
        }
    }
}

/// Clients that come again as soon as they are listened to, whatever they were told: those who are refused are about as many as those who
/// are admitted, however many clients there are.
#[test]
fn a_flood_is_refused_at_its_rate_and_not_at_its_speed() {
    const RATE: u32 = 100;
    for (clients, at_once) in [(1, 1), (16, 1), (200, 1), (16, 10)] {
        let rate = Rate::new(NonZeroU32::new(RATE).expect("positive"), NonZeroU32::new(at_once), Duration::ZERO);
        let (mut admitted, mut refused) = (0, 0);
        // When each comes next, microseconds: at fifty times the rate, all of them together.
        let mut next = vec![0_u64; clients];
        let gap = 1_000_000 * clients as u64 / (50 * u64::from(RATE));
        while let Some((at, client)) = next.iter().copied().zip(0..).min().filter(|(at, _)| *at < 10_000_000) {
            let wait = match rate.admit(at_once, Duration::from_micros(at)) {
                Ok(wait) => {
                    admitted += at_once;
                    wait
                }
                Err(excess) => {
                    refused += at_once;
                    assert_eq!(excess.refusal.code.as_str(), "53400");
                    let hint = excess.refusal.hint.expect("a hint");
                    let millis: u128 = hint.strip_prefix("retry_after_ms=").and_then(|n| n.parse().ok()).expect("a number");
                    assert_eq!(
                        millis,
                        excess.pause.as_nanos().div_ceil(1_000_000).max(1),
                        "who waits as told is not kept waiting"
                    );
                    excess.pause
                }
            };
            next[client] = at + gap.max(u64::try_from(wait.as_micros()).expect("small") + 1);
        }
        assert!((900..=1010).contains(&admitted), "{clients} clients: {admitted} admitted in ten seconds of 100 a second");
        let most = 1100 + clients * 10 * usize::try_from(at_once).expect("small");
        assert!(usize::try_from(refused).expect("small") <= most, "{clients} clients: {refused} refused");
    }
}

/// Clients that always have more to ask, for a minute after the burst is used up, refused or kept waiting: the rate is what is admitted.
#[test]
fn a_minute_of_flood_is_admitted_at_the_rate() {
    for (per_second, wait, clients) in [100, 1000, 10_000].into_iter().flat_map(|r| [(r, 0, 16), (r, 50, 16), (r, 50, 200)]) {
        let per = NonZeroU32::new(per_second).expect("positive");
        let rate = Rate::new(per, None, Duration::from_millis(wait));
        let (mut next, mut admitted) = (vec![Duration::ZERO; clients], 0);
        let end = Duration::from_secs(70);
        while let Some((at, client)) = next.iter().copied().zip(0..).min().filter(|(at, _)| *at < end) {
            let pause = match rate.admit(1, at) {
                Ok(turn) => {
                    assert!(turn <= Duration::from_millis(wait) + Duration::from_secs(1) / per_second, "{turn:?}");
                    admitted += u32::from((Duration::from_secs(10)..end).contains(&(at + turn)));
                    turn
                }
                Err(excess) => excess.pause,
            };
            // The answer takes a moment, and timers are as coarse as a millisecond.
            next[client] = at + Duration::from_millis(u64::from(!pause.is_zero())) + pause + Duration::from_micros(100);
        }
        let off = f64::from(admitted) / f64::from(per_second * 60) - 1.0;
        assert!(off.abs() < 0.01, "{per_second} a second, {clients} clients, wait {wait} ms: {admitted} admitted");
    }
}

#[test]
fn who_is_beyond_the_rate_waits_for_its_turn_and_then_is_refused() {
    let rate = Rate::new(NonZeroU32::new(10).expect("positive"), NonZeroU32::new(2), Duration::from_millis(300));
    let admit = |statements, at| rate.admit(statements, Duration::from_millis(at)).map(|turn| turn.as_millis());
    assert_eq!([0; 2].map(|at| admit(1, at)), [Ok(0), Ok(0)], "the burst");
    assert_eq!([0; 3].map(|at| admit(1, at)), [Ok(100), Ok(200), Ok(300)]);
    let excess = rate.admit(1, Duration::ZERO).expect_err("the queue is full");
    assert_eq!((excess.refusal.hint.as_deref(), excess.pause.as_millis()), (Some("retry_after_ms=100"), 100));
    assert_eq!((admit(1, 100), admit(2, 1000), admit(1, 1000)), (Ok(300), Ok(0), Ok(100)));
    assert_eq!(admit(3, 60_000).map_err(|e| e.refusal.hint), Err(None), "never at once");
    assert_eq!(admit(2, 60_000), Ok(0), "and it has taken nothing");
}

#[test]
fn a_rate_within_another_is_limited_by_both() {
    let rate = |per_second, burst, wait| {
        Rate::new(NonZeroU32::new(per_second).expect("positive"), NonZeroU32::new(burst), Duration::from_millis(wait))
    };
    let tenant = Arc::new(rate(10, 5, 0));
    let role = rate(5, 2, 400).within(Some(Arc::clone(&tenant)));
    let admit = |at| role.admit(1, Duration::from_millis(at)).map_err(|e| e.refusal.hint);
    assert_eq!([0; 4].map(admit), [0, 0, 200, 400].map(|ms| Ok(Duration::from_millis(ms))));
    assert_eq!(admit(0), Err(Some("retry_after_ms=200".to_owned())), "by the role");
    assert_eq!([0; 2].map(|at| tenant.admit(1, Duration::from_millis(at)).is_ok()), [true, false]);
    // What the role admits is the tenant's too.
    assert_eq!(tenant.admit(5, Duration::from_secs(10)), Ok(Duration::ZERO));
    assert_eq!(admit(10_000), Err(Some("retry_after_ms=100".to_owned())), "by the tenant");
}

#[test]
fn each_source_has_its_own_rate() {
    let sources = Sources::new(Duration::from_millis(100), 3);
    let admitted = |source: u64, at: u64| (0..10).filter(|_| sources.admit(source, Duration::from_millis(at))).count();
    assert_eq!((admitted(1, 0), admitted(2, 0), admitted(1, 0)), (3, 3, 0));
    assert_eq!((admitted(1, 200), admitted(1, 10_000), admitted(2, 100)), (2, 3, 1));
    let wait = |source: u64, at: u64| sources.wait(source, Duration::from_millis(at));
    assert_eq!(
        (wait(1, 10_000), wait(1, 10_040), wait(1, 10_100), wait(3, 0)),
        (Some(Duration::from_millis(100)), Some(Duration::from_millis(60)), None, None)
    );
}

#[test]
fn a_share_has_its_own_most() {
    let (capped, other) = (Share::new(1000), Share::new(1));
    capped.set_most(Some(2));
    let mut shares = Shares::new(8);
    assert!(shares.take(&capped) && shares.take(&capped) && !shares.take(&capped));
    for n in 0..3 {
        shares.wait(&capped, n);
    }
    assert_eq!((shares.servable(), serve(&mut shares)), (0, vec![]));
    assert!(shares.take(&other), "those who wait for their own sake keep nobody else waiting");
    shares.wait(&other, 7);
    assert_eq!((shares.servable(), serve(&mut shares)), (1, vec![7]));
    shares.give_back(&capped);
    assert_eq!((shares.servable(), serve(&mut shares)), (1, vec![0]));
    capped.set_most(None);
    assert_eq!((shares.servable(), serve(&mut shares)), (2, vec![1, 2]));
}

#[test]
fn a_pace_makes_wait_for_what_is_beyond_one_second() {
    let pace = Pace::new(1000);
    let spend = |bytes, at| pace.spend(bytes, Duration::from_millis(at)).as_millis();
    assert_eq!((spend(1000, 0), spend(500, 0), spend(500, 0)), (0, 500, 1000));
    assert_eq!((spend(0, 900), spend(0, 1000), spend(1000, 60_000), spend(1, 60_000)), (100, 0, 0, 1));
    // Whatever the numbers, it neither overflows nor waits for ever at once.
    assert!(Pace::new(u64::MAX).spend(usize::MAX, Duration::MAX).as_secs() < 60);
}
