//! Going over to another tenant: what the session asks for, and what is left of what was before. It does not test who may.

use super::*;
use pgmoat::limits::{Account, Ceilings, Meter, Metric, Period, Quota, Subject};
use pgmoat::policy::{Identity, Tenant};
use pgmoat::rewrite::{Rewriter, Scope, Switch};
use pgmoat::session::Destination;
use std::collections::BTreeMap;

/// A rewriter and the scope of somebody who may switch, in this tenant.
fn mover(rewriter: &Rewriter, tenant: &str) -> Scope {
    let plain = billing::identity(None, BTreeMap::new());
    let attributes = plain.tenant.as_ref().expect("a tenant").attributes.clone();
    let id = attributes.into_iter().map(|(name, value)| if name == "id" { (name, tenant.to_owned()) } else { (name, value) });
    let tenant = Tenant { name: tenant.into(), attributes: id.collect(), settings: "{}".into(), plan: None };
    rewriter.scope(&Identity { switches: true, tenant: Some(Arc::new(tenant)), ..plain }).expect("a scope")
}

fn script() -> (Script, Arc<Rewriter>) {
    let rewriter = Arc::new(billing::rewriter().0);
    let session = Session::new(Arc::clone(&rewriter), mover(&rewriter, "1"), None, Settings::default(), Vec::new());
    (Script { session, ..Script::new() }, rewriter)
}

fn to(rewriter: &Arc<Rewriter>, tenant: &str) -> Destination {
    Destination {
        rewriter: Arc::clone(rewriter),
        scope: mover(rewriter, tenant),
        rate: None,
        ceilings: Ceilings::default(),
        meter: Arc::new(Meter::default()),
        tenant: Some(tenant.into()),
        subject: None,
    }
}

/// Who has used up a tenant's quota is not kept in it; the rate of statements holds for switches too.
#[test]
fn a_tenant_whose_quota_is_used_up_can_be_left() {
    let extended = [parse("", "set pgmoat.tenant = '7'"), bind("", "", &[]), execute(""), sync()].concat();
    for cycle in [query("set pgmoat.tenant = '7'"), extended] {
        let (mut s, _rewriter) = script();
        let (meter, account) = (Arc::new(Meter::default()), Account::default());
        let quota = Quota { limits: [(Subject::Used(Metric::Queries, Period::Day), 1)].into(), soft_percent: None };
        account.bind(&meter, &quota, Duration::ZERO, Duration::ZERO, |_| Duration::from_secs(60));
        meter.add(Metric::Queries, 1);
        s.session.count_in(Arc::clone(&meter));
        s.client(&cycle);
        assert!(s.taken.contains(&Taken::Switch), "{:?}", s.taken);
        assert_eq!(meter.count(Metric::Queries), 1, "it is not of the tenant that is left");
        let asked = s.session.take_wanted().expect("a switch").switch;
        assert_eq!(asked, Switch::Tenant("7".into()));
        // What is not about that is refused as ever.
        let (mut s, _) = script();
        s.session.count_in(meter);
        s.client(&query("select 1"));
        assert_eq!(s.heard(), "E53400 Z:I");
    }
}

#[test]
fn it_asks_and_goes_over() {
    let (mut s, rewriter) = script();
    let set = query("set pgmoat.tenant = '7'");
    s.client(&query("set pgmoat.reason = 'why'"));
    assert_eq!(s.heard(), "C:SET| Z:I");
    s.client(&set);
    assert_eq!(s.taken, [Taken::Switch]);
    let wanted = s.session.take_wanted().expect("a switch");
    assert_eq!((wanted.switch, wanted.reason.as_deref()), (Switch::Tenant("7".into()), Some("why")));
    assert_eq!(s.heard(), "", "nothing is said before it is decided");
    s.session.decide(Ok(to(&rewriter, "7")));
    s.client(&set);
    assert_eq!((s.heard().as_str(), s.taken.as_slice()), ("C:SET| Z:I", [Taken::Done].as_slice()));
    assert!(s.client(&query("select id from meters")).contains("'7'::pg_catalog.int8"));
    // A refusal leaves everything as it was; the reason was for the one switch.
    s.server(&joined(&[&complete("SELECT 0"), &ready(b'I')]));
    s.give_back();
    s.client(&set);
    assert_eq!(s.session.take_wanted().expect("a switch").reason, None);
    let refusal = pgmoat::error::Refusal::new(pgmoat::error::SqlState::INSUFFICIENT_PRIVILEGE, pgmoat::error::Rule::Role, "no");
    s.session.decide(Err(refusal));
    s.client(&set);
    assert_eq!(s.heard(), "E42501 Z:I");
    assert!(s.client(&query("select id from meters")).contains("'7'::pg_catalog.int8"));
}

#[test]
fn not_within_a_transaction_or_a_pipeline() {
    let (mut s, _) = script();
    s.client(&query("begin"));
    s.server(&joined(&[&complete("BEGIN"), &ready(b'T')]));
    s.client(&query("set pgmoat.tenant = '7'"));
    assert_eq!(s.taken, [Taken::Done]);
    assert!(s.heard().contains("E25001"));
    assert!(s.session.take_wanted().is_none());
    let (mut s, _) = script();
    let begun = [parse("", "select id from meters"), bind("", "", &[])].concat();
    let switch = [parse("s", "set pgmoat.tenant = '7'"), bind("s", "s", &[]), execute("s")].concat();
    s.client(&[begun, switch].concat());
    assert!(!s.taken.contains(&Taken::Switch) && s.session.take_wanted().is_none(), "{:?}", s.taken);
}

/// A statement that was prepared for one tenant is planned again for the next; what was bound is gone.
#[test]
fn what_was_prepared_is_planned_again() {
    let (mut s, rewriter) = script();
    s.client(&[parse("keep", "select id from meters"), sync()].concat());
    s.server(&joined(&[&PARSED, &ready(b'I')]));
    s.give_back();
    let switch = [parse("s", "set pgmoat.tenant = '7'"), bind("s", "s", &[])].concat();
    s.client(&[switch, parse("l", "deallocate all"), bind("l", "l", &[])].concat());
    assert!(s.backend.is_none(), "no server has a part in it");
    s.client(&execute("s"));
    assert_eq!(s.taken, [Taken::Switch]);
    s.session.take_wanted().expect("a switch");
    s.session.decide(Ok(to(&rewriter, "7")));
    s.client(&[execute("s"), execute("l"), sync()].concat());
    let heard = s.heard();
    assert!(heard.contains("C:SET|") && heard.contains("E34000") && !heard.contains("DEALLOCATE"), "{heard}");
    // The tenant is a parameter: the statement is the same, the value is another.
    let sent = s.client(&[bind("", "keep", &[]), execute(""), sync()].concat());
    assert!(sent.contains("$1::pg_catalog.int8"), "{sent}");
    assert!(sent.contains("|||\u{1}7"), "the value is the next tenant's: {sent:?}");
}
