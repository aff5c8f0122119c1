//! Plans remembered: by text, so that a text seen before is not lexed; and by shape, so that one that differs in literals only is not parsed.
//! It holds nothing of a tenant: ten thousand tenants share one plan.

use super::cleared::{Batch, Facts, Promotion};
use super::plan::Template;
use super::statement::Step;
use crate::policy::{Slot, TenantValue};
use crate::sql::Tokens;
use ahash::RandomState;
use quick_cache::Equivalent;
use quick_cache::Weighter;
use quick_cache::sync::{Cache, DefaultLifecycle};
use std::hash::{Hash, Hasher};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock};

/// A text's statements, ready but for the tenant's values.
#[derive(Debug)]
pub(super) struct Known {
    pub(super) statements: Vec<KnownStatement>,
    /// What the simple protocol's last sender of it got, and for which values.
    last: Mutex<Option<(Arc<[TenantValue]>, Batch)>>,
}

/// One statement of a known text.
#[derive(Debug)]
pub(super) struct KnownStatement {
    /// The statement with its literals put in.
    pub(super) template: Template,
    pub(super) facts: Arc<Facts>,
    pub(super) notes: Arc<[String]>,
    pub(super) promotion: Option<Arc<Promotion>>,
    /// The text with hidden parameters after the client's own.
    pub(super) parameterised: OnceLock<Arc<str>>,
}

impl Known {
    /// The statements of a text, from the plans of its shape; `declared` parameter types came with it.
    pub(super) fn of(plans: &[Step], tokens: &Tokens<'_>, declared: usize, slots: &[Slot]) -> Self {
        let known = |step: &Step| KnownStatement {
            template: step.template.with_literals(tokens),
            facts: step.facts(tokens, declared),
            notes: Arc::clone(&step.notes),
            promotion: step.promotion(tokens, slots),
            parameterised: OnceLock::new(),
        };
        Self { statements: plans.iter().map(known).collect(), last: Mutex::new(None) }
    }

    /// What was cleared last, if it was for the same values: a tenant that sends the same text again gets the same batch.
    pub(super) fn last(&self, values: &Arc<[TenantValue]>) -> Option<Batch> {
        // Nobody waits here: whoever finds it taken makes the batch anew.
        let Ok(last) = self.last.try_lock() else { return None };
        last.as_ref().filter(|(of, _)| Arc::ptr_eq(of, values) || **of == **values).map(|(_, batch)| Arc::clone(batch))
    }

    /// Keeps what was cleared, for the next who sends it with these values.
    pub(super) fn keep(&self, values: &Arc<[TenantValue]>, batch: &Batch) {
        if let Ok(mut last) = self.last.try_lock() {
            *last = Some((Arc::clone(values), Arc::clone(batch)));
        }
    }
}

/// The plans of a shape's statements.
pub(super) type Plans = Arc<Vec<Step>>;

/// A text, the parameter types that were declared with it, and the kind of user that it is of.
#[derive(Debug, PartialEq, Eq)]
struct TextKey {
    text: Box<str>,
    declared: Box<[u32]>,
    variant: u32,
}

struct TextRef<'a> {
    text: &'a str,
    declared: &'a [u32],
    variant: u32,
}

impl Hash for TextKey {
    fn hash<H: Hasher>(&self, state: &mut H) {
        TextRef { text: &self.text, declared: &self.declared, variant: self.variant }.hash(state);
    }
}

impl Hash for TextRef<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write(self.text.as_bytes());
        for oid in self.declared {
            state.write_u32(*oid);
        }
        state.write_u32(self.variant);
    }
}

impl Equivalent<TextKey> for TextRef<'_> {
    fn equivalent(&self, key: &TextKey) -> bool {
        *self.text == *key.text && *self.declared == *key.declared && self.variant == key.variant
    }
}

/// How often each level of the cache answered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CacheCounters {
    /// Texts seen before.
    pub text_hits: u64,
    /// Texts of a shape seen before.
    pub shape_hits: u64,
    /// Texts that were parsed.
    pub misses: u64,
}

const SEEN: usize = 8192;

/// Most that each level holds, bytes, as [`Weight`] reckons them: a client that sends long texts drives out others, and fills no memory.
const BYTES: u64 = 64 << 20;

/// About the bytes that an entry takes: its key, and for each statement the texts that are made of its template.
#[derive(Clone, Copy, Debug)]
struct Weight;

/// What a statement takes beside its texts, bytes.
const STATEMENT: usize = 1024;

fn weight(key: usize, templates: impl Iterator<Item = usize>) -> u64 {
    let statements = templates.fold(0_usize, |sum, n| sum.saturating_add(n.saturating_mul(3)).saturating_add(STATEMENT));
    u64::try_from(key.saturating_add(statements)).unwrap_or(u64::MAX >> 16)
}

impl Weighter<TextKey, Arc<Known>> for Weight {
    fn weight(&self, key: &TextKey, known: &Arc<Known>) -> u64 {
        weight(key.text.len(), known.statements.iter().map(|s| s.template.len()))
    }
}

impl Weighter<Box<[u8]>, Plans> for Weight {
    fn weight(&self, key: &Box<[u8]>, plans: &Plans) -> u64 {
        weight(key.len(), plans.iter().map(|s| s.template.len()))
    }
}

/// The two levels.
pub(super) struct PlanCache {
    texts: Cache<TextKey, Arc<Known>, Weight, RandomState>,
    shapes: Cache<Box<[u8]>, Plans, Weight, RandomState>,
    /// Hashes of texts seen once: a text is kept from the second time on, so that literals that never come again do not fill the cache.
    seen: Box<[AtomicU64]>,
    hasher: RandomState,
    text_hits: AtomicU64,
    shape_hits: AtomicU64,
    misses: AtomicU64,
}

impl std::fmt::Debug for PlanCache {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PlanCache").field("counters", &self.counters()).finish_non_exhaustive()
    }
}

impl PlanCache {
    /// A cache for about this many texts and shapes of the usual length.
    pub(super) fn new(capacity: usize) -> Self {
        // Fixed seeds: full keys are compared, so an attacker who finds collisions gains slowness in one cache shard at most.
        let hasher = RandomState::with_seeds(0x51a7_e3c1, 0x9d2f_4b86, 0x6e0c_77d3, 0x2b15_90fa);
        Self {
            texts: Cache::with(capacity, BYTES, Weight, hasher.clone(), DefaultLifecycle::default()),
            shapes: Cache::with(capacity, BYTES, Weight, hasher.clone(), DefaultLifecycle::default()),
            seen: (0..SEEN).map(|_| AtomicU64::new(0)).collect(),
            hasher,
            text_hits: AtomicU64::new(0),
            shape_hits: AtomicU64::new(0),
            misses: AtomicU64::new(0),
        }
    }

    pub(super) fn text(&self, text: &str, declared: &[u32], variant: u32) -> Option<Arc<Known>> {
        let known = self.texts.get(&TextRef { text, declared, variant });
        if known.is_some() {
            self.text_hits.fetch_add(1, Ordering::Relaxed);
        }
        known
    }

    /// Whether a text that is not kept has come before: then it is worth keeping.
    pub(super) fn comes_again(&self, text: &str, declared: &[u32], variant: u32) -> bool {
        let hash = self.hasher.hash_one(TextRef { text, declared, variant }) | 1;
        let index = usize::try_from(hash >> 8).unwrap_or_default() % SEEN;
        self.seen.get(index).is_some_and(|s| s.swap(hash, Ordering::Relaxed) == hash)
    }

    pub(super) fn keep_text(&self, text: &str, declared: &[u32], variant: u32, known: &Arc<Known>) {
        self.texts.insert(TextKey { text: text.into(), declared: declared.into(), variant }, Arc::clone(known));
    }

    pub(super) fn shape(&self, shape: &[u8]) -> Option<Plans> {
        let plans = self.shapes.get(shape);
        if plans.is_some() {
            self.shape_hits.fetch_add(1, Ordering::Relaxed);
        }
        plans
    }

    pub(super) fn missed(&self) {
        self.misses.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn keep_shape(&self, shape: &[u8], plans: &Plans) {
        self.shapes.insert(shape.into(), Arc::clone(plans));
    }

    pub(super) fn counters(&self) -> CacheCounters {
        CacheCounters {
            text_hits: self.text_hits.load(Ordering::Relaxed),
            shape_hits: self.shape_hits.load(Ordering::Relaxed),
            misses: self.misses.load(Ordering::Relaxed),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_texts_fill_no_memory() {
        let cache = PlanCache::new(8192);
        let text = |n: usize| format!("{n}{}", " ".repeat(1 << 20));
        let known = Arc::new(Known { statements: Vec::new(), last: Mutex::new(None) });
        for n in 0..200 {
            cache.keep_text(&text(n), &[], 0, &known);
        }
        let kept = (0..200).filter(|n| cache.text(&text(*n), &[], 0).is_some()).count();
        assert!(kept <= 64, "{kept} MiB are kept");
        cache.keep_text("short", &[], 0, &known);
        assert!(cache.text("short", &[], 0).is_some());
    }
}
