//! The one loop between a client, its session and, at times, a server connection. The client's own task reads and writes both
//! sockets: a query crosses no channel and wakes no other task, but where it is one of many short reads, which `sharing` hands over.
//! It does not judge messages: the session does.

mod sharing;
mod switching;

use super::Shared;
use super::client::{Client, Ending};
use super::login::LoggedIn;
use super::registry::{Entry, Phase};
use super::tally::Tally;
use crate::alerts::Occurrence;
use crate::audit::{Event, Kind};
use crate::config::OnFailure;
use crate::error::{Refusal, Rule, SqlState};
use crate::limits::Place;
use crate::policy::Identity;
use crate::rewrite::{Crossing, Rewriters};
use crate::session::{Broken, Record, Session, Taken};
use crate::sql::{Bounds, Tokens, redact};
use crate::tenants::{Budget, Login};
use crate::upstream::pipeline::Ticket;
use crate::upstream::{Checkout, Server, Trouble};
use crate::wire::frontend;
use bytes::{Buf, BytesMut};
use std::future::{Future, poll_fn};
use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};
use switching::Away;
use tokio::io::{AsyncReadExt, AsyncWrite};
use tokio::sync::futures::Notified;
use tokio::time::{Sleep, sleep_until};

/// Read from a client at once, bytes.
const CLIENT_READ: usize = 4 * 1024;
/// Read from a server at once, bytes.
const SERVER_READ: usize = 32 * 1024;
/// While more than this waits for the client, bytes, the server is not read.
const CLIENT_BACKLOG: usize = 256 * 1024;
/// While this much waits for the server, bytes, the client is not read.
const SERVER_BACKLOG: usize = 256 * 1024;
/// While the session does not take messages, no more than this is read ahead, bytes.
const READ_AHEAD: usize = 64 * 1024;
/// A statement that is beyond its limit and goes on is canceled again after this: a request that comes before the server has begun is lost.
const CANCELED_AGAIN: Duration = Duration::from_millis(500);
/// A statement that goes on after so many of these requests is ended with its connection.
const CANCELS: u32 = 10;
/// No more bytes than these are left uncounted while a transaction goes on.
const COUNTED: u64 = 64 * 1024;
/// Buffers larger than this are given back when they are empty, bytes.
const KEEP: usize = 8 * 1024;

/// One client at work.
pub(super) struct Relay<'a> {
    client: &'a mut Client,
    session: Box<Session>,
    /// Stands in the session's place while that is elsewhere.
    substitute: Option<Box<Session>>,
    ticket: Option<Arc<Ticket>>,
    /// Those that the session's is of.
    rewriters: Arc<Rewriters>,
    shared: &'a Shared,
    identity: Arc<Identity>,
    /// Who logged in, whoever it is now.
    home: Arc<Login>,
    away: Away,
    /// Its tenant is not what the session knows of it.
    changed: bool,
    address: SocketAddr,
    entry: Entry,
    _place: Place,
    budget: Arc<Budget>,
    checkout: Option<Checkout>,
    /// The session waits for the server: what the client sends stays in its buffer.
    holding: bool,
    /// So much waits for the client that nothing more is answered.
    choked: bool,
    /// A message was taken in part, until the server has taken what waits for it.
    full: bool,
    /// What waits for the client are the proxy's own answers in a cycle that the server has still to answer: one write for all.
    early: bool,
    /// The session takes nothing for so long: its tenant's rate is used up, and a statement waits for its turn or was refused.
    paused: Option<Duration>,
    /// Since when the server waits for the client to go on.
    left_open: Option<Instant>,
    /// Since when the server works on what the client has asked, and since when a transaction is open; where the plan limits it.
    working: Option<Instant>,
    /// When that was canceled for its time being up, and how often.
    stopped: Option<Instant>,
    cancels: u32,
    /// How much the client had been sent, bytes, when it was seen not to read, and since when it is.
    unread: Option<(u64, Instant)>,
    open: Option<Instant>,
    /// What [`Session::ended`] was when these two were looked at.
    ended: (u64, u64),
    /// Until when the server is not read: the tenant's results are ahead of their pace.
    ahead: Option<Instant>,
    tally: Tally,
    /// Ends the waiting for one of both.
    timer: Option<Pin<Box<Sleep>>>,
}

/// What a wait ended with; reads say how many bytes came, 0 at the end of the stream.
#[derive(Default)]
struct Woken {
    client: Option<usize>,
    server: Option<usize>,
    told: bool,
    expired: bool,
}

/// What is up when a time is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Limit {
    /// The pause while the rate is used up.
    Pause,
    /// The wait of a tenant whose results are ahead of their pace.
    Pace,
    /// The time for what the client has asked.
    Statement,
    /// The time for its transaction.
    Transaction,
    /// The time for saying something in it.
    Idle,
    /// The time for reading an answer.
    Unread,
}

impl<'a> Relay<'a> {
    pub(super) fn new(client: &'a mut Client, logged_in: LoggedIn, shared: &'a Shared, address: SocketAddr) -> Self {
        let LoggedIn { identity, rewriters, session, entry, place, budget, token: _ } = logged_in;
        Self {
            client,
            session: Box::new(session),
            substitute: None,
            ticket: None,
            rewriters,
            shared,
            identity,
            home: entry.slot.login(),
            away: Away::default(),
            changed: false,
            address,
            entry,
            _place: place,
            budget,
            checkout: None,
            holding: false,
            choked: false,
            full: false,
            early: false,
            paused: None,
            left_open: None,
            working: None,
            stopped: None,
            cancels: 0,
            unread: None,
            open: None,
            ended: (0, 0),
            ahead: None,
            tally: Tally::default(),
            timer: None,
        }
    }

    /// Serves the client until it ends.
    pub(super) async fn run(mut self) -> Ending {
        let slot = Arc::clone(&self.entry.slot);
        let mut notified = pin!(slot.wake.notified());
        let mut draining = slot.phase() != Phase::Serving;
        loop {
            let ending = match self.turn(notified.as_mut(), &mut draining).await {
                Ok(told) => {
                    if told {
                        notified.set(slot.wake.notified());
                        draining = slot.phase() != Phase::Serving;
                        self.renew();
                    }
                    match slot.ending() {
                        Some(ending) => ending,
                        None => continue,
                    }
                }
                Err(ending) => ending,
            };
            return Box::pin(self.end(ending)).await;
        }
    }

    /// Deals with what came, then waits for more. Says whether the client's task has been told something.
    async fn turn(&mut self, notified: Pin<&mut Notified<'_>>, draining: &mut bool) -> Result<bool, Ending> {
        self.take_client().await?;
        self.let_go();
        if *draining && self.is_idle() {
            return Err(Ending::Shutdown);
        }
        let deadline = self.deadline();
        let takes_turns = self.takes_turns();
        let woken = self.wait(notified, deadline.map(|(at, _)| at)).await?;
        if takes_turns && self.entry.slot.release() {
            self.answer_instead(&Trouble::Canceled)?;
        }
        if let (Some(read), Some(pace)) = (woken.server, &self.budget.pace) {
            let wait = pace.spend(read, self.shared.start.elapsed());
            self.get_ahead(wait);
        }
        if woken.server == Some(0) {
            // What it said last may be a reason that the client should hear.
            self.take_server().await?;
            return Err(Ending::ServerLost);
        }
        if woken.server.is_some() {
            self.take_server().await?;
        }
        self.tally.received += woken.client.and_then(|n| u64::try_from(n).ok()).unwrap_or(0);
        if woken.client == Some(0) {
            return Err(Ending::Gone);
        }
        if let Some((_, limit)) = deadline.filter(|_| woken.expired && woken.client.is_none() && woken.server.is_none()) {
            self.expire(limit)?;
            self.record().await?;
        }
        Ok(woken.told)
    }

    /// Whether a statement waits for its turn without a server connection: a cancel request ends the waiting.
    fn takes_turns(&self) -> bool {
        self.paused.is_some() && self.checkout.is_none() && self.session.holds_back()
    }

    /// A time is up.
    fn expire(&mut self, limit: Limit) -> Result<(), Ending> {
        match limit {
            Limit::Pause => Ok(()),
            Limit::Pace => {
                self.ahead = None;
                Ok(())
            }
            Limit::Idle => {
                self.overrun(
                    SqlState::IDLE_IN_TRANSACTION_SESSION_TIMEOUT,
                    "a transaction was left open without a word for too long",
                );
                Err(Ending::LeftOpen)
            }
            Limit::Unread if self.unread.is_some_and(|(moved, _)| moved != self.client.moved) => Ok(()),
            Limit::Unread => {
                self.overrun(SqlState::IDLE_IN_TRANSACTION_SESSION_TIMEOUT, "an answer was not read for too long");
                Err(Ending::LeftOpen)
            }
            Limit::Transaction => {
                self.overrun(SqlState::TRANSACTION_TIMEOUT, "a transaction was open for longer than the plan allows");
                Err(Ending::Overlong)
            }
            Limit::Statement => {
                if self.stopped.is_none() {
                    self.overrun(SqlState::QUERY_CANCELED, "a statement took longer than the plan allows");
                }
                self.stopped = Some(Instant::now());
                // A server that waits for data does not hear of cancel requests.
                let backend = self.checkout.as_mut().and_then(Checkout::server).map(|s| &mut *s.backend);
                if backend.is_some_and(|backend| self.session.stop_copy(backend)) {
                    return Ok(());
                }
                // Nor does one that cannot send, because nobody reads what it says.
                self.cancels += 1;
                if self.cancels > CANCELS {
                    return Err(Ending::Unstoppable);
                }
                // The server's answer to it is the client's error; the connection is not used again.
                self.cancel();
                Ok(())
            }
        }
    }

    /// Has it recorded that a limit of time was passed; the client hears of it later, if it can.
    fn overrun(&mut self, code: SqlState, message: &str) {
        let backend = self.checkout.as_mut().and_then(Checkout::server).map(|s| &*s.backend);
        self.session.overrun(Refusal::new(code, Rule::Limit, message), backend);
    }

    /// Has the server stop what it works on; its connection is not used again.
    fn cancel(&self) {
        if let Some(key) = self.entry.slot.overdue() {
            let pool = Arc::clone(&self.shared.pool);
            tokio::spawn(async move {
                if let Err(trouble) = crate::upstream::cancel(pool.dialler(), &key).await {
                    tracing::warn!(%trouble, "a statement beyond its limit could not be canceled");
                }
            });
        }
    }

    /// The results are so far ahead of a pace of theirs.
    fn get_ahead(&mut self, wait: Duration) {
        if !wait.is_zero() {
            self.ahead = self.ahead.max(Some(Instant::now() + wait));
        }
    }

    /// Until when to wait for what comes, and what is up then; the first of them.
    fn deadline(&mut self) -> Option<(Instant, Limit)> {
        let pause = self.paused.map(|pause| (Instant::now() + pause, Limit::Pause));
        let pace = self.ahead.map(|at| (at, Limit::Pace));
        let Some(backend) = self.checkout.as_mut().and_then(Checkout::server).map(|s| &s.backend) else {
            (self.left_open, self.working, self.stopped, self.open, self.unread) = (None, None, None, None, None);
            return pause.into_iter().chain(pace).min_by_key(|(at, _)| *at);
        };
        let times = self.budget.times;
        let (cycles, transactions) = std::mem::replace(&mut self.ended, self.session.ended());
        if cycles != self.ended.0 {
            (self.working, self.stopped) = (None, None);
        }
        if transactions != self.ended.1 {
            self.open = None;
        }
        let since = |begun: &mut Option<Instant>, limit: Option<Duration>, holds: bool| {
            *begun = if holds { begun.or_else(|| limit.map(|_| Instant::now())) } else { None };
            begun.zip(limit).map(|(at, limit)| at + limit)
        };
        let statement = since(&mut self.working, times.statement, backend.is_working());
        // Without a statement at work, or under a plan without the limit, nothing is to be stopped.
        self.stopped = self.stopped.filter(|_| statement.is_some());
        self.cancels = if self.stopped.is_some() { self.cancels } else { 0 };
        let statement = self.stopped.map(|at| at + CANCELED_AGAIN).or(statement);
        let transaction = since(&mut self.open, times.transaction, true);
        let idle_limit = || {
            let common = self.shared.settings.load().upstream.idle_transaction_timeout;
            times.idle.into_iter().chain((!common.is_zero()).then_some(common)).min()
        };
        // Who waits for its turn is not idle.
        let idle = if backend.is_left_open() && pause.is_none() {
            since(&mut self.left_open, idle_limit(), true)
        } else {
            self.left_open = None;
            None
        };
        let unread = if self.client.backlog() >= CLIENT_BACKLOG {
            let now = self.client.moved;
            let (_, at) = *self.unread.insert(self.unread.filter(|(moved, _)| *moved == now).unwrap_or((now, Instant::now())));
            idle_limit().map(|limit| at + limit)
        } else {
            self.unread = None;
            None
        };
        let limits = [
            pause,
            pace,
            statement.map(|at| (at, Limit::Statement)),
            transaction.map(|at| (at, Limit::Transaction)),
            idle.map(|at| (at, Limit::Idle)),
            unread.map(|at| (at, Limit::Unread)),
        ];
        limits.into_iter().flatten().min_by_key(|(at, _)| *at)
    }

    fn is_idle(&mut self) -> bool {
        let quiet = self.checkout.as_mut().and_then(Checkout::server).is_none_or(|s| s.backend.is_quiet());
        quiet && self.session.is_idle() && self.client.inbox.is_empty()
    }

    /// Hands the client's messages to the session, as many as it takes.
    async fn take_client(&mut self) -> Result<(), Ending> {
        self.holding = false;
        self.full = false;
        self.choked = false;
        self.paused = None;
        if self.client.inbox.is_empty() {
            return Ok(());
        }
        self.put_down();
        self.refresh()?;
        let now = self.shared.start.elapsed();
        self.entry.slot.asked.store(micros(now), Ordering::Relaxed);
        let limit = self.shared.max_message;
        let begun_before = self.session.awaits_server();
        let mut early = self.client.outbox.is_empty();
        let mut shared = false;
        while let Some(frame) = frontend::next(&self.client.inbox, limit).map_err(Broken::Client)? {
            self.paused = self.session.pause(now);
            if self.paused.is_some() {
                self.holding = true;
                break;
            }
            let backend = self.checkout.as_mut().and_then(Checkout::server).map(|s| &mut *s.backend);
            // Query and Parse carry a text to be rewritten; what else is done with them is little.
            let begun = matches!(frame.tag, b'Q' | b'P').then(Instant::now);
            let taken = self.session.on_client(&frame, backend, now, &mut self.client.outbox)?;
            if let (Some(begun), Taken::Done) = (begun, &taken) {
                self.shared.metrics.rewrite_seconds.observe(begun.elapsed().as_secs_f64());
            }
            let total = frame.whole.len();
            match taken {
                Taken::Done => {
                    self.tally.client_parses += u64::from(frame.tag == b'P');
                    self.tally.binds += u64::from(frame.tag == b'B');
                    // A cycle that ended here, or a Flush: the client waits for what there is.
                    early &= !matches!(frame.tag, b'Q' | b'S' | b'F' | b'H') || self.session.awaits_server();
                    // What sends the server nothing does not go on with anything.
                    if !self.checkout.as_mut().and_then(Checkout::server).is_some_and(|s| s.backend.is_left_open()) {
                        self.left_open = None;
                    }
                    self.client.inbox.advance(total);
                    if self.session.is_full_of_records() {
                        self.record().await?;
                    }
                    if self.client.backlog() > CLIENT_BACKLOG {
                        self.holding = true;
                        self.choked = true;
                        break;
                    }
                }
                Taken::Hold => {
                    self.paused = self.session.pause(now);
                    self.holding = true;
                    break;
                }
                Taken::Full => {
                    self.holding = true;
                    self.full = true;
                    break;
                }
                Taken::Ended => {
                    // What waits is written at the end, for a while: the connection is not kept for a client that does not read.
                    self.record().await?;
                    return Err(Ending::Gone);
                }
                // What was answered beside others is not kept while the next cycle waits.
                Taken::NeedsServer if shared && !self.client.outbox.is_empty() => {
                    self.holding = true;
                    self.full = true;
                    break;
                }
                Taken::NeedsServer => match self.joins(now) {
                    Some(hash) => shared |= self.share(hash).await?,
                    None => self.check_out().await?,
                },
                Taken::Switch => Box::pin(self.switch()).await?,
            }
        }
        self.record().await?;
        let requests = self.session.take_requests();
        if requests > 0 {
            self.shared.metrics.requests.inc_by(requests);
        }
        self.note();
        let awaits = self.session.awaits_server();
        self.early = awaits && !self.choked && if begun_before { self.early } else { early };
        Ok(())
    }

    /// Goes over to the newest rewriter, between two statements.
    fn refresh(&mut self) -> Result<(), Ending> {
        if let Some(why) = self.entry.slot.dismissed() {
            return Err(Ending::dismissed(why));
        }
        self.renew();
        let newest = self.shared.rewriters.load();
        let same = Arc::ptr_eq(&newest, &self.rewriters) && !self.changed;
        if same || self.checkout.is_some() || !self.session.is_idle() {
            return Ok(());
        }
        self.changed = false;
        let gone = |r: Refusal| Ending::Denied(SqlState::ADMIN_SHUTDOWN, r.message);
        let rewriter = newest.of(&self.identity).map_err(gone)?;
        let scope = rewriter.scope(&self.identity).map_err(gone)?;
        self.session.adopt(Arc::clone(rewriter), scope);
        self.rewriters = Arc::clone(&newest);
        Ok(())
    }

    /// Goes over to the limits that the registry has for it now; those that measure time begin to measure it.
    fn renew(&mut self) {
        if let Some(login) = self.entry.slot.renewed() {
            self.budget = Arc::clone(&login.budget);
            self.session.limit(self.budget.rate.clone(), self.budget.ceilings);
            self.session.count_in(Arc::clone(&self.budget.meter));
            // It reaches the same; what is said of its tenant may be something else.
            self.changed |= login.identity.tenant != self.identity.tenant;
            self.identity = Arc::clone(&login.identity);
        }
    }

    /// Takes a server connection for the message that is next; without one the message is answered by an error.
    async fn check_out(&mut self) -> Result<(), Ending> {
        let got = self.wait_for_server().await;
        self.entry.slot.waits.store(0, Ordering::Relaxed);
        let got = got?;
        let got = got.and_then(|checkout| {
            let canceled = self.entry.slot.hold(checkout.key().cloned());
            if canceled {
                // At the last moment. The connection goes to somebody else: from here on no cancel request may follow it.
                self.entry.slot.release();
            }
            if canceled { Err(Trouble::Canceled) } else { Ok(checkout) }
        });
        match got {
            Ok(mut checkout) => {
                if let Some(server) = checkout.server() {
                    self.session.attach(&mut server.backend)?;
                }
                self.checkout = Some(checkout);
                self.tally.assignments += 1;
                self.tally.holds = Some(Instant::now());
            }
            Err(trouble) => {
                self.entry.slot.release();
                self.budget.meter.fail();
                tracing::warn!(user = %self.identity.user, %trouble, "no server connection for a statement");
                if matches!(trouble, Trouble::Exhausted(_)) {
                    let tenant = self.identity.tenant.as_ref().map(|t| &t.name);
                    self.shared.audit.occurred(Occurrence::PoolExhausted, tenant);
                    let (code, message, _) = trouble.answer();
                    self.session.overrun(Refusal::new(code, Rule::Limit, message), None);
                }
                self.answer_instead(&trouble)?;
            }
        }
        Ok(())
    }

    /// Answers the message that is next in the server's place.
    fn answer_instead(&mut self, trouble: &Trouble) -> Result<(), Ending> {
        if let Some(frame) = frontend::next(&self.client.inbox, self.shared.max_message).map_err(Broken::Client)? {
            self.session.unavailable(&frame, trouble.answer(), &mut self.client.outbox);
            let total = frame.whole.len();
            self.client.inbox.advance(total);
        }
        Ok(())
    }

    /// Waits for a server connection for as long as the client is there, and has not canceled.
    async fn wait_for_server(&mut self) -> Result<Result<Checkout, Trouble>, Ending> {
        let (client, slot, tally) = (&mut *self.client, &self.entry.slot, &mut self.tally);
        let start = self.shared.start;
        let mut checkout = pin!(self.shared.pool.checkout(&self.budget.share));
        poll_fn(|cx| {
            if let Poll::Ready(got) = checkout.as_mut().poll(cx) {
                return Poll::Ready(Ok(got));
            }
            if slot.wait(cx.waker()) {
                return Poll::Ready(Ok(Err(Trouble::Canceled)));
            }
            if let Some(ending) = slot.ending() {
                return Poll::Ready(Err(ending));
            }
            if slot.waits.load(Ordering::Relaxed) == 0 {
                slot.waits.store(micros(start.elapsed()).max(1), Ordering::Relaxed);
            }
            while client.inbox.len() < READ_AHEAD
                && let Poll::Ready(n) = client.stream.poll_fill(&mut client.inbox, CLIENT_READ, cx)
            {
                let n = n?;
                if n == 0 {
                    return Poll::Ready(Err(Ending::Gone));
                }
                tally.received += u64::try_from(n).unwrap_or(0);
            }
            Poll::Pending
        })
        .await
    }

    /// Returns the server connection when nothing of this client is left on it, and it does not go on at once.
    fn let_go(&mut self) {
        if self.checkout.as_ref().is_some_and(Checkout::is_clean) && (self.session.is_idle() || self.paused.is_some()) {
            self.give_back();
        }
    }

    /// Between two cycles, with the next one there already: returns the server connection if others wait for it, and where the tables or
    /// what is known of them have changed, which the session goes over to without one.
    fn put_down(&mut self) {
        if !self.session.is_idle() {
            return;
        }
        if let Some(checkout) = self.checkout.as_ref().filter(|checkout| checkout.is_clean()) {
            let stale = self.changed || !Arc::ptr_eq(&self.shared.rewriters.load(), &self.rewriters);
            if stale || checkout.is_due() {
                self.give_back();
            }
        }
    }

    fn give_back(&mut self) {
        if let Some(mut checkout) = self.checkout.take() {
            checkout.canceled = self.entry.slot.release();
            self.tally.server_parses += checkout.server().map_or(0, |server| server.backend.outbox().take_parses());
            self.tally.release();
            drop(checkout);
        }
    }

    async fn take_server(&mut self) -> Result<(), Ending> {
        let Some(server) = self.checkout.as_mut().and_then(Checkout::server) else { return Ok(()) };
        let ended = self.session.ended().1;
        let taken = self.session.on_server(&server.inbox, &mut server.backend, &mut self.client.outbox)?;
        server.inbox.advance(taken);
        // What ended without the server was none.
        self.tally.transactions += self.session.ended().1.saturating_sub(ended);
        self.early = false;
        let rows = self.session.take_rows();
        if let (1.., Some(pace)) = (rows, &self.budget.row_pace) {
            let wait = pace.spend(usize::try_from(rows).unwrap_or(usize::MAX), self.shared.start.elapsed());
            self.get_ahead(wait);
        }
        if self.session.take_vain() {
            self.cancel();
        }
        self.note();
        self.record().await
    }

    /// Notes whether the server works.
    fn note(&mut self) {
        let works = self.checkout.as_mut().and_then(Checkout::server).is_some_and(|s| s.backend.is_working());
        self.tally.works(works);
    }

    /// Writes to the audit log what must be there before another byte leaves.
    async fn record(&mut self) -> Result<(), Ending> {
        if self.session.has_records() { Box::pin(self.write_records()).await } else { Ok(()) }
    }

    async fn write_records(&mut self) -> Result<(), Ending> {
        for record in self.session.take_records() {
            let tenant = self.identity.tenant.as_ref().map(|t| Arc::clone(&t.name));
            let audit = &self.shared.audit;
            let (mut event, waits) = match record {
                Record::Refusal { refusal, statement } => {
                    self.shared.metrics.refusals(refusal.rule).inc();
                    if audit.holds_back(Kind::Refusal, Some(refusal.rule), tenant.as_ref(), &refusal.message) {
                        continue;
                    }
                    let event = Event { statement: statement.map(|s| redacted(&s)), ..Event::refusal(&refusal) };
                    (event, true)
                }
                Record::Crossing { crossing, statement, relations } => {
                    self.shared.metrics.crossings.inc();
                    if audit.holds_back(Kind::Crossing, None, tenant.as_ref(), "") {
                        continue;
                    }
                    let message = match crossing {
                        Crossing::Tenant => "the statement names a value that is not the tenant's own",
                        Crossing::Node => "the statement names a node that the user is not limited to",
                    };
                    let (statement, message) = (Some(redacted(&statement)), Some(message.to_owned()));
                    (Event { statement, relations, message, ..Event::new(Kind::Crossing) }, false)
                }
                Record::Bypass { statement, relations } => {
                    (Event { statement: Some(redacted(&statement)), relations, ..Event::new(Kind::Bypass) }, true)
                }
            };
            event.user = Some(Arc::clone(&self.identity.user));
            event.tenant = tenant;
            event.switched.clone_from(&self.away.switched);
            event.client = Some(self.address);
            if !waits {
                audit.tell(event).await;
                continue;
            }
            match audit.record(event).await {
                Ok(()) => {
                    self.shared.metrics.audit_records.inc();
                }
                Err(trouble) => {
                    self.shared.metrics.audit_failed.inc();
                    match self.shared.settings.load().audit.on_failure {
                        OnFailure::Refuse => {
                            tracing::error!(%trouble, "a record could not be written: the session ends");
                            return Err(Ending::Audit);
                        }
                        OnFailure::Degrade => tracing::error!(%trouble, "a record could not be written and is lost"),
                    }
                }
            }
        }
        Ok(())
    }

    /// Writes what waits to be written, until something comes in.
    async fn wait(&mut self, mut notified: Pin<&mut Notified<'_>>, deadline: Option<Instant>) -> Result<Woken, Ending> {
        let turns = self.takes_turns();
        let mut timer = deadline.map(|at| {
            let at = tokio::time::Instant::from_std(at);
            let timer = self.timer.get_or_insert_with(|| Box::pin(sleep_until(at)));
            timer.as_mut().reset(at);
            timer.as_mut()
        });
        let (holding, full, choked, early, ahead) = (self.holding, self.full, self.choked, self.early, self.ahead.is_some());
        let slot = turns.then_some(&self.entry.slot);
        let client = &mut *self.client;
        let (tally, metrics, meter) = (&mut self.tally, &self.shared.metrics, &self.budget.meter);
        let mut server = self.checkout.as_mut().and_then(Checkout::server);
        if client.inbox.is_empty() && client.inbox.capacity() > KEEP {
            client.inbox = BytesMut::new();
        }
        if client.outbox.is_empty() {
            client.outbox.shrink_to(KEEP);
        }
        poll_fn(|cx| {
            let mut woken = Woken::default();
            let mut clean = false;
            if let Some(server) = server.as_deref_mut() {
                while !server.backend.outbox().is_empty() {
                    match Pin::new(&mut server.stream).poll_write(cx, server.backend.outbox().unwritten()) {
                        Poll::Ready(Ok(n)) => {
                            server.backend.outbox().wrote(n);
                            clean = server.backend.is_clean();
                        }
                        Poll::Ready(Err(_)) => return Poll::Ready(Err(Ending::ServerLost)),
                        Poll::Pending => break,
                    }
                }
                if server.stream.is_tls() {
                    // What is pending goes out when the socket can take it: the flush has asked to be woken.
                    let _pending: Poll<()> = Pin::new(&mut server.stream).poll_flush(cx)?;
                }
            }
            let written = early || write_client(client, cx)?.is_ready();
            let has_room = written || client.backlog() < CLIENT_BACKLOG;
            if let Some(server) = server.as_deref_mut().filter(|_| has_room && !ahead)
                && let Poll::Ready(n) = server.stream.poll_fill(&mut server.inbox, SERVER_READ, cx)
            {
                // An error of the network is an end too; what came before it has been dealt with.
                woken.server = Some(n.unwrap_or(0));
            }
            let crowded = server.as_deref_mut().is_some_and(|s| s.backend.outbox().unwritten().len() > SERVER_BACKLOG);
            // Who does not read what the proxy says is not read from either.
            let wanted = has_room && !crowded && (!holding || client.inbox.len() < READ_AHEAD);
            if wanted && let Poll::Ready(n) = client.stream.poll_fill(&mut client.inbox, CLIENT_READ, cx) {
                woken.client = Some(n?);
            }
            woken.told = notified.as_mut().poll(cx).is_ready();
            // The rest of the message that was taken in part can be taken now, or the next one; or the connection can be let go.
            if (full && !crowded) || (choked && has_room) || clean {
                return Poll::Ready(Ok(woken));
            }
            if slot.is_some_and(|slot| slot.wait(cx.waker())) {
                return Poll::Ready(Ok(woken));
            }
            woken.expired = timer.as_mut().is_some_and(|timer| timer.as_mut().poll(cx).is_ready());
            if woken.client.is_some() || woken.server.is_some() || woken.told || woken.expired {
                return Poll::Ready(Ok(woken));
            }
            if server.is_none() {
                client.rest();
            }
            if server.is_none() || client.sent + tally.received > COUNTED {
                tally.pour(&mut client.sent, metrics, meter);
            }
            Poll::Pending
        })
        .await
    }

    /// Says goodbye as well as that still works.
    async fn end(mut self, ending: Ending) -> Ending {
        // An answer that waits to be written may be a refusal's.
        let ending = match self.record().await {
            Ok(()) => ending,
            Err(audit) => audit,
        };
        let busy = self.checkout.as_mut().and_then(Checkout::server).is_some_and(|s| s.backend.is_working());
        let abandoned = self.checkout.take_if(|_| busy);
        if abandoned.is_some() {
            self.entry.slot.release();
            self.tally.release();
        }
        self.give_back();
        self.tally.pour(&mut self.client.sent, &self.shared.metrics, &self.budget.meter);
        let midway = self.session.is_streaming();
        if let Some(checkout) = abandoned {
            checkout.abandon(self.session);
        }
        if matches!(ending, Ending::Audit) {
            // What waits may hold the answer that could not be recorded: none of it leaves.
            if self.client.written > 0 || self.client.midway {
                return ending;
            }
            self.client.outbox.clear();
        }
        // In the middle of a message nothing else can be said.
        if midway {
            return ending;
        }
        let limit = self.shared.farewell;
        let client = self.client;
        match ending.farewell() {
            Some((code, message)) => match tokio::time::timeout(limit, client.fatal(code, &message)).await {
                Ok(_) | Err(_) => ending,
            },
            None => match tokio::time::timeout(limit, client.flush()).await {
                Ok(_) | Err(_) => ending,
            },
        }
    }
}

/// Microseconds since the proxy's start.
fn micros(since: Duration) -> u64 {
    u64::try_from(since.as_micros()).unwrap_or(u64::MAX)
}

/// The text with its literals taken out; nothing of it where it cannot be lexed.
fn redacted(text: &str) -> String {
    let mut out = String::new();
    match Tokens::lex(text, &Bounds::default()) {
        Ok(tokens) => redact(&tokens, &mut out),
        Err(refusal) => out.push_str(&format!("<{} bytes that do not lex: {}>", text.len(), refusal.message)),
    }
    out
}

fn write_client(client: &mut Client, cx: &mut Context<'_>) -> Result<Poll<()>, Ending> {
    while client.written < client.outbox.len() {
        let rest = client.outbox.get(client.written..).unwrap_or_default();
        match Pin::new(&mut client.stream).poll_write(cx, rest)? {
            Poll::Ready(n) => {
                client.written += n;
                client.sent += u64::try_from(n).unwrap_or(0);
                client.moved = client.moved.wrapping_add(u64::try_from(n).unwrap_or(0));
            }
            Poll::Pending => {
                // What is written need not be kept while a slow client takes the rest.
                if client.written > CLIENT_BACKLOG {
                    client.outbox.drain(..client.written);
                    client.written = 0;
                    client.midway = true;
                }
                return Ok(Poll::Pending);
            }
        }
    }
    client.outbox.clear();
    client.written = 0;
    client.midway = false;
    if client.stream.is_tls() { Ok(Pin::new(&mut client.stream).poll_flush(cx)?) } else { Ok(Poll::Ready(())) }
}

/// Brings a session's settings to a server connection that nobody else uses, and waits for the answer.
pub(super) async fn settle(server: &mut Server, session: &mut Session) -> Result<(), Ending> {
    use tokio::io::AsyncWriteExt;
    session.attach(&mut server.backend)?;
    let mut nobody = Vec::new();
    while !server.is_clean() {
        let n = server.stream.write(server.backend.outbox().unwritten()).await?;
        server.backend.outbox().wrote(n);
        if server.backend.outbox().is_empty() {
            server.stream.flush().await?;
            if server.stream.read_buf(&mut server.inbox).await? == 0 {
                return Err(Ending::ServerLost);
            }
            let taken = session.on_server(&server.inbox, &mut server.backend, &mut nobody)?;
            server.inbox.advance(taken);
        }
    }
    Ok(())
}
