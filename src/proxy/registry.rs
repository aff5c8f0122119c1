//! The clients that are connected: by which key each may be canceled, and which server connection it holds just now.
//! It does not send cancel requests: it says whether and whom.

use super::client::Ending;
use crate::tenants::{Login, Registry};
use crate::upstream::CancelKey;
use crate::upstream::pipeline::Ticket;
use dashmap::DashMap;
use ring::rand::{SecureRandom, SystemRandom};
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::task::Waker;
use std::time::SystemTime;
use tokio::sync::Notify;

/// Every client that is connected.
#[derive(Debug)]
pub(super) struct Clients {
    slots: DashMap<i32, Arc<Slot>>,
    random: SystemRandom,
    numbers: AtomicU64,
}

/// How far a shutdown has come, of the proxy or of one client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Phase {
    /// None is under way.
    Serving = 0,
    /// Idle clients go, busy ones finish.
    Draining = 1,
    /// All go.
    Ending = 2,
}

/// Who a client is.
#[derive(Debug)]
pub(super) struct Who {
    pub(super) user: Arc<str>,
    pub(super) tenant: Option<Arc<str>>,
    pub(super) application_name: Box<str>,
    /// Where it connected to, and from where.
    pub(super) address: Option<(SocketAddr, SocketAddr)>,
    pub(super) tls: bool,
    /// It uses the console.
    pub(super) operates: bool,
}

/// One client.
#[derive(Debug)]
pub(super) struct Slot {
    /// Its number; no two have the same.
    pub(super) number: u64,
    pub(super) who: Who,
    pub(super) since: SystemTime,
    /// When it last sent something, and since when it waits for a server connection (0: it does not); microseconds since the start.
    pub(super) asked: AtomicU64,
    pub(super) waits: AtomicU64,
    secret: Box<[u8]>,
    held: Mutex<Held>,
    phase: AtomicU8,
    /// Who it is, by the registry as it is now.
    login: Mutex<Arc<Login>>,
    /// That has changed, and the client's task has not seen it.
    renewed: AtomicBool,
    /// Why it must go.
    dismissed: OnceLock<String>,
    pub(super) wake: Notify,
}

#[derive(Debug, Default)]
struct Held {
    key: Option<CancelKey>,
    /// Its place among others on one connection.
    ticket: Option<Arc<Ticket>>,
    canceled: bool,
    /// Wakes the client while it waits for a connection.
    waiting: Option<Waker>,
}

/// A client's place among the others; dropping it takes it out.
#[derive(Debug)]
pub(super) struct Entry {
    clients: Arc<Clients>,
    pub(super) process: i32,
    pub(super) slot: Arc<Slot>,
}

impl Drop for Entry {
    fn drop(&mut self) {
        self.clients.slots.remove(&self.process);
    }
}

impl Clients {
    pub(super) fn new() -> Arc<Self> {
        Arc::new(Self { slots: DashMap::new(), random: SystemRandom::new(), numbers: AtomicU64::new(1) })
    }

    /// Gives a client that logged in as `login` a process number and a secret of `length` bytes, both random. `None` when the system has
    /// no random numbers.
    pub(super) fn enter(self: &Arc<Self>, length: usize, who: Who, login: &Arc<Login>) -> Option<Entry> {
        let mut secret = vec![0; length];
        self.random.fill(&mut secret).ok()?;
        let slot = Arc::new(Slot {
            number: self.numbers.fetch_add(1, Ordering::Relaxed),
            who,
            since: SystemTime::now(),
            asked: AtomicU64::new(0),
            waits: AtomicU64::new(0),
            secret: secret.into(),
            held: Mutex::default(),
            phase: AtomicU8::new(Phase::Serving as u8),
            login: Mutex::new(Arc::clone(login)),
            renewed: AtomicBool::new(false),
            dismissed: OnceLock::new(),
            wake: Notify::new(),
        });
        loop {
            let mut number = [0; 4];
            self.random.fill(&mut number).ok()?;
            let process = i32::from_be_bytes(number) & i32::MAX;
            match self.slots.entry(process) {
                dashmap::Entry::Occupied(_) => {}
                dashmap::Entry::Vacant(vacant) => {
                    vacant.insert(Arc::clone(&slot));
                    return Some(Entry { clients: Arc::clone(self), process, slot });
                }
            }
        }
    }

    /// Whom to cancel for this request: nobody, unless the secret is right and the client holds a server connection, which nobody gets
    /// after it then. A client that waits for one waits no longer.
    pub(super) fn cancel(&self, process: i32, secret: &[u8]) -> Option<CancelKey> {
        let slot = self.slots.get(&process).map(|s| Arc::clone(&s))?;
        if !same(&slot.secret, secret) {
            return None;
        }
        let mut held = slot.held();
        let waiting = held.waiting.take();
        held.canceled |= held.key.is_some() || waiting.is_some();
        held.ticket.iter().for_each(|ticket| ticket.cancel());
        waiting.into_iter().for_each(Waker::wake);
        held.key.clone()
    }

    /// Tells every client how far the shutdown is.
    pub(super) fn tell(&self, phase: Phase) {
        self.tell_those(phase, |_| true);
    }

    /// Tells the clients that are meant. Says how many there are.
    pub(super) fn tell_those(&self, phase: Phase, meant: impl Fn(&Slot) -> bool) -> usize {
        let told = self.slots.iter().filter(|slot| meant(slot));
        told.map(|slot| {
            slot.phase.fetch_max(phase as u8, Ordering::AcqRel);
            slot.wake.notify_one();
            // Who waits for a connection hears of it there; not at a drain, which lets it finish.
            if phase > Phase::Draining {
                slot.held().waiting.take().into_iter().for_each(Waker::wake);
            }
        })
        .count()
    }

    /// Ends the sessions of a tenant.
    pub(super) fn dismiss(&self, tenant: &str, why: &str) {
        let its = |slot: &Slot| !slot.who.operates && slot.is_of(tenant);
        self.slots.iter().filter(|slot| its(slot)).for_each(|slot| slot.dismiss(why.to_owned()));
    }

    /// What `show` makes of each client.
    pub(super) fn list<T>(&self, show: impl Fn(&Slot) -> T) -> Vec<T> {
        self.slots.iter().map(|slot| show(&slot)).collect()
    }

    /// Tells every client what it is by the registry now, or that it must go.
    pub(super) fn judge(&self, registry: &Registry) {
        for slot in &self.slots {
            let mut login = slot.login.lock().unwrap_or_else(PoisonError::into_inner);
            match registry.standing(&login) {
                Ok(now) => {
                    // Who is limited otherwise from now on is so at once, whether it speaks or not.
                    let limited = !Arc::ptr_eq(&now.budget, &login.budget);
                    *login = now;
                    slot.renewed.store(true, Ordering::Release);
                    if limited {
                        slot.wake.notify_one();
                    }
                }
                Err(why) => slot.dismiss(why),
            }
        }
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.slots.len()
    }
}

impl Slot {
    fn held(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Ends the client's session: what waits, waits no longer.
    pub(super) fn dismiss(&self, why: String) {
        // The first reason stays.
        let _told = self.dismissed.set(why);
        self.wake.notify_one();
        let waiting = self.held().waiting.take();
        waiting.into_iter().for_each(Waker::wake);
    }

    /// Who the client is, by the registry as it is now.
    pub(super) fn login(&self) -> Arc<Login> {
        Arc::clone(&self.login.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// From now on the client is this one.
    pub(super) fn turn_into(&self, login: &Arc<Login>) {
        *self.login.lock().unwrap_or_else(PoisonError::into_inner) = Arc::clone(login);
    }

    /// Whose rows it is about.
    pub(super) fn tenant(&self) -> Option<Arc<str>> {
        self.login().identity.tenant.as_ref().map(|tenant| Arc::clone(&tenant.name))
    }

    /// Whether it is about this tenant's rows, or logged in to it.
    fn is_of(&self, tenant: &str) -> bool {
        self.who.tenant.as_deref() == Some(tenant) || self.tenant().as_deref() == Some(tenant)
    }

    /// Why the client must go, if it must.
    pub(super) fn dismissed(&self) -> Option<&str> {
        self.dismissed.get().map(String::as_str)
    }

    /// Who the client is now, if that has changed since it was asked last.
    pub(super) fn renewed(&self) -> Option<Arc<Login>> {
        let renewed = self.renewed.load(Ordering::Relaxed) && self.renewed.swap(false, Ordering::Acquire);
        renewed.then(|| Arc::clone(&self.login.lock().unwrap_or_else(PoisonError::into_inner)))
    }

    /// From now on cancel requests go to this connection. Says whether one has come while the client waited for it.
    pub(super) fn hold(&self, key: Option<CancelKey>) -> bool {
        std::mem::replace(&mut *self.held(), Held { key, ticket: None, canceled: false, waiting: None }).canceled
    }

    /// From now on they go to its place among others; what ends the client wakes it there.
    pub(super) fn share(&self, ticket: Arc<Ticket>, waker: &Waker) {
        let mut held = self.held();
        held.ticket = Some(ticket);
        held.waiting = Some(waker.clone());
    }

    /// The client waits for a connection. Says whether it has been canceled meanwhile.
    pub(super) fn wait(&self, waker: &Waker) -> bool {
        let mut held = self.held();
        held.waiting = Some(waker.clone());
        held.canceled
    }

    /// Whom to cancel because the client's time is up; `None` when nothing is held. A request may be on its way already, or be lost, or have
    /// ended what the client did before in the same transaction: the connection is closed after the first, so that more do no harm.
    pub(super) fn overdue(&self) -> Option<CancelKey> {
        let mut held = self.held();
        held.canceled |= held.key.is_some();
        held.key.clone()
    }

    /// From now on they go nowhere. Says whether one was let through while the connection was held: it may still be on its way.
    pub(super) fn release(&self) -> bool {
        std::mem::take(&mut *self.held()).canceled
    }

    /// The same, but only if none was let through. Says whether they go nowhere now.
    pub(super) fn part(&self) -> bool {
        let mut held = self.held();
        let parts = !held.canceled;
        if parts {
            *held = Held::default();
        }
        parts
    }

    pub(super) fn phase(&self) -> Phase {
        match self.phase.load(Ordering::Acquire) {
            0 => Phase::Serving,
            1 => Phase::Draining,
            _ending => Phase::Ending,
        }
    }

    /// Why the client has to go at once.
    pub(super) fn ending(&self) -> Option<Ending> {
        match (self.dismissed(), self.phase()) {
            (Some(why), _) => Some(Ending::dismissed(why)),
            (None, Phase::Ending) => Some(Ending::Shutdown),
            (None, Phase::Serving | Phase::Draining) => None,
        }
    }

    /// The server's process that works for it.
    pub(super) fn server(&self) -> Option<i32> {
        self.held().key.as_ref().map(|key| key.process)
    }

    pub(super) fn secret(&self) -> &[u8] {
        &self.secret
    }
}

/// Compares in a time that does not depend on where the first difference is.
fn same(a: &[u8], b: &[u8]) -> bool {
    a.len() == b.len() && std::hint::black_box(a.iter().zip(b).fold(0, |acc, (x, y)| acc | (x ^ y))) == 0
}
