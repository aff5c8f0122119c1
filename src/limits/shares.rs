//! Who is next when server connections run short: each tenant's share by what it holds and by its weight, and the lines of those who wait.
//! It has no clock, it does not wait, and it does not know what the places are.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, AtomicUsize, Ordering};

/// What one place of a tenant of weight 1 counts.
const UNIT: u64 = 1 << 20;

/// One tenant's share. Its figures change only in the hands of the [`Shares`] that it waits in, which needs `&mut` for it.
#[derive(Debug)]
pub struct Share {
    /// Tells shares apart that are otherwise equal.
    number: u64,
    /// What is configured by now; it counts from the next time on that nobody of the tenant waits.
    configured: AtomicU32,
    weight: AtomicU32,
    /// The most places that it may hold.
    most: AtomicUsize,
    held: AtomicUsize,
    waiting: AtomicUsize,
    /// Turns that it had while others waited, by weight: who has had fewer is first among those who hold equally much.
    turns: AtomicU64,
}

impl Share {
    /// A share of this weight, holding nothing.
    #[must_use]
    pub fn new(weight: u32) -> Arc<Self> {
        static NUMBERS: AtomicU64 = AtomicU64::new(0);
        Arc::new(Self {
            number: NUMBERS.fetch_add(1, Ordering::Relaxed),
            configured: AtomicU32::new(weight.max(1)),
            weight: AtomicU32::new(weight.max(1)),
            most: AtomicUsize::new(usize::MAX),
            held: AtomicUsize::new(0),
            waiting: AtomicUsize::new(0),
            turns: AtomicU64::new(0),
        })
    }

    /// Gives it another weight.
    pub fn set_weight(&self, weight: u32) {
        self.configured.store(weight.max(1), Ordering::Relaxed);
    }

    /// Changes the most places that it may hold, at least one; what it holds beyond it stays held until it is given back.
    pub fn set_most(&self, most: Option<usize>) {
        self.most.store(most.unwrap_or(usize::MAX).max(1), Ordering::Relaxed);
    }

    /// How many more it may hold.
    fn room(&self) -> usize {
        self.most.load(Ordering::Relaxed).saturating_sub(self.held())
    }

    /// How many places it holds.
    #[must_use]
    pub fn held(&self) -> usize {
        self.held.load(Ordering::Relaxed)
    }

    /// How many wait for one.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.waiting.load(Ordering::Relaxed)
    }

    fn unit(&self) -> u64 {
        UNIT / u64::from(self.weight.load(Ordering::Relaxed)).max(1)
    }

    fn order(&self) -> Order {
        let held = u64::try_from(self.held()).unwrap_or(u64::MAX);
        Order { held: held.saturating_mul(self.unit()), turns: self.turns.load(Ordering::Relaxed), number: self.number }
    }
}

/// Who is first: who holds least for its weight, then who has had the fewest turns for its weight.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Order {
    held: u64,
    turns: u64,
    number: u64,
}

/// Those of one tenant who wait, in the order in which they came.
#[derive(Debug)]
struct Line<T> {
    share: Arc<Share>,
    turns: VecDeque<(Ticket, T)>,
}

/// One who waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ticket(u64);

/// A number of places that tenants share. The last free place is only for a tenant that holds none: whatever a tenant does with its
/// places, and for however long, it cannot hold them all (unless there is one only).
#[derive(Debug)]
pub struct Shares<T> {
    places: usize,
    taken: usize,
    waiting: usize,
    lines: BTreeMap<Order, Line<T>>,
    /// The turns of who was served last: who comes back from a pause has no more to claim than that.
    turns: u64,
    tickets: u64,
}

impl<T> Shares<T> {
    /// This many places, none of them taken.
    #[must_use]
    pub fn new(places: usize) -> Self {
        Self { places, taken: 0, waiting: 0, lines: BTreeMap::new(), turns: 0, tickets: 0 }
    }

    /// Changes the number of places. What is taken beyond it stays taken until it is given back.
    pub fn set_places(&mut self, places: usize) {
        self.places = places;
    }

    /// How many wait.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.waiting
    }

    fn free(&self) -> usize {
        self.places.saturating_sub(self.taken)
    }

    fn may_hold_one_more(&self, held: u64) -> bool {
        match self.free() {
            0 => false,
            1 => held == 0,
            _several => true,
        }
    }

    /// How many more could be served now, at most.
    #[must_use]
    pub fn servable(&self) -> usize {
        let free = self.free();
        let mut servable: usize = 0;
        for (order, line) in &self.lines {
            // They are in the order of what they hold: whoever follows may not either.
            if servable >= free || !self.may_hold_one_more(order.held) {
                break;
            }
            servable = servable.saturating_add(line.share.room().min(line.turns.len()));
        }
        servable.min(free)
    }

    /// Who is next.
    fn next(&self) -> Option<Order> {
        let who = self.lines.iter().find(|(_, line)| line.share.room() > 0)?;
        self.may_hold_one_more(who.0.held).then_some(*who.0)
    }

    /// Takes a place without waiting. Says whether it did: not before one who waits and could have it.
    pub fn take(&mut self, share: &Share) -> bool {
        let may = share.room() > 0 && self.may_hold_one_more(share.order().held) && self.next().is_none();
        if may {
            self.hold(share);
        }
        may
    }

    fn hold(&mut self, share: &Share) {
        self.taken += 1;
        share.held.fetch_add(1, Ordering::Relaxed);
    }

    /// Stands in line.
    pub fn wait(&mut self, share: &Arc<Share>, turn: T) -> Ticket {
        if share.waiting() == 0 {
            share.weight.store(share.configured.load(Ordering::Relaxed), Ordering::Relaxed);
            share.turns.fetch_max(self.turns, Ordering::Relaxed);
        }
        self.tickets += 1;
        let ticket = Ticket(self.tickets);
        let line = self.lines.entry(share.order()).or_insert_with(|| Line { share: Arc::clone(share), turns: VecDeque::new() });
        line.turns.push_back((ticket, turn));
        self.count(share, true);
        ticket
    }

    fn count(&mut self, share: &Share, more: bool) {
        if more {
            self.waiting += 1;
            share.waiting.fetch_add(1, Ordering::Relaxed);
        } else {
            self.waiting = self.waiting.saturating_sub(1);
            share.waiting.fetch_sub(1, Ordering::Relaxed);
        }
    }

    /// Leaves the line, if it is not served yet.
    pub fn leave(&mut self, share: &Share, ticket: Ticket) {
        let order = share.order();
        let Some(line) = self.lines.get_mut(&order) else { return };
        let Some(at) = line.turns.iter().position(|(t, _)| *t == ticket) else { return };
        line.turns.remove(at);
        if line.turns.is_empty() {
            self.lines.remove(&order);
        }
        self.count(share, false);
    }

    /// Takes a place for who is next; `None` when nobody waits who may have one.
    pub fn serve(&mut self) -> Option<(Arc<Share>, T)> {
        let mut line = self.lines.remove(&self.next()?)?;
        let (_, turn) = line.turns.pop_front()?;
        let share = Arc::clone(&line.share);
        self.count(&share, false);
        self.hold(&share);
        self.turns = self.turns.max(share.turns.fetch_add(share.unit(), Ordering::Relaxed));
        if !line.turns.is_empty() {
            self.lines.insert(share.order(), line);
        }
        Some((share, turn))
    }

    /// Gives a place back.
    pub fn give_back(&mut self, share: &Share) {
        let line = if share.waiting() > 0 { self.lines.remove(&share.order()) } else { None };
        self.taken = self.taken.saturating_sub(1);
        share.held.fetch_sub(1, Ordering::Relaxed);
        if let Some(line) = line {
            self.lines.insert(share.order(), line);
        }
    }

    /// Nobody waits any more: what each brought is dropped.
    pub fn dismiss(&mut self) {
        for line in std::mem::take(&mut self.lines).into_values() {
            for _turn in line.turns {
                self.count(&line.share, false);
            }
        }
    }
}
