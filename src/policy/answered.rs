//! The functions that pgmoat answers itself: `tenant()`, `tenant_id()`, `tenant_setting('name')`, and for each level of nodes one such as
//! `property_ids()`.
//! It does not put the answers into statements: the rewriter does, as it does with the values that it compares columns with.

use super::judge::Judge;
use super::value::{Compared, Slot, TenantType};
use super::{Access, Declaration};
use ahash::AHashMap;

/// What a function of pgmoat's answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Answered {
    /// The value of this slot.
    pub slot: usize,
    /// Of a level: which one. A user who is not limited in it gets NULL, not a list.
    pub level: Option<usize>,
    /// It takes the name of something that is in the value.
    pub named: bool,
}

/// The functions by name. One that the operator lets tenants call under such a name is the one that is meant.
pub(super) fn functions(declaration: &Declaration, judge: &mut Judge<'_>) -> AHashMap<String, Answered> {
    let mut all = AHashMap::new();
    let name = judge.slot(Slot { of: Compared::Name, kind: TenantType::Text });
    all.insert("tenant".to_owned(), Answered { slot: name, level: None, named: false });
    let settings = judge.slot(Slot { of: Compared::Settings, kind: TenantType::Text });
    all.insert("tenant_setting".to_owned(), Answered { slot: settings, level: None, named: true });
    if let Some(slot) = tenant_id(judge) {
        all.insert("tenant_id".to_owned(), Answered { slot, level: None, named: false });
    }
    for (i, level) in declaration.levels().into_iter().enumerate() {
        let slot = judge.slots.iter().position(|s| matches!(&s.of, Compared::Level(of) if *of == level));
        if let Some(slot) = slot {
            all.insert(format!("{level}_ids"), Answered { slot, level: Some(i), named: false });
        }
    }
    let allowed = |name: &str| declaration.functions.iter().any(|f| f.split_once('.').is_some_and(|(_, f)| f == name));
    all.retain(|name, _| !allowed(name));
    all
}

/// The slot of the tenant's `id`: of several types the one that most relations compare it as.
fn tenant_id(judge: &Judge<'_>) -> Option<usize> {
    let compares = |slot: usize| {
        let this = |access: &&Access| matches!(access, Access::Scoped { column: _, slot: of } if *of == slot);
        judge.access.values().filter(this).count()
    };
    let ids = judge.slots.iter().enumerate().filter(|(_, s)| matches!(&s.of, Compared::Attribute(name) if name == "id"));
    // of two that are as frequent the first
    ids.map(|(slot, _)| slot).rev().max_by_key(|slot| compares(*slot))
}
