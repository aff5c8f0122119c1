//! One server connection on which several sessions of a tenant have cycles under way at once, each of which reads one row at most: the
//! server finds the next one in its buffer instead of waiting for it, and one write carries many.
//! It does not decide which cycles may come, and it serves one tenant only.

use super::Checkout;
use crate::limits::Share;
use crate::session::{Broken, Cycle, Drain, Progress, Session};
use bytes::{Buf, BytesMut};
use std::collections::VecDeque;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};
use tokio::io::AsyncWrite;
use tokio::sync::oneshot;
use tokio::time::{Sleep, sleep};

/// Most cycles under way: behind them the others take connections of their own.
const DEPTH: usize = 48;
/// After so many cycles the connection goes back to the pool, where others may wait for it.
const TERM: usize = 16 * 1024;
/// Nobody joins while the first in line waits for longer than this: something holds the server up.
const PATIENCE: Duration = Duration::from_millis(20);
/// It is opened when its tenant uses more connections than these at once: fewer clients are served sooner by one each (measured).
const FEW: usize = 2;
/// Read from the server at once, bytes.
const READ: usize = 32 * 1024;
/// How many statements are remembered whose rows are too long.
const LONG: usize = 64;

/// Where a tenant's sessions meet; it has a connection only while several of them ask at once.
#[derive(Debug)]
pub struct Pipeline {
    state: Mutex<State>,
    /// Whether somebody may join, looked at without the lock.
    open: AtomicBool,
    /// Hashes of statements whose rows were too long, each at its own place.
    long: [AtomicU64; LONG],
}

#[derive(Debug, Default)]
struct State {
    /// A task serves it.
    served: bool,
    /// Nobody joins any more.
    closing: bool,
    /// How many cycles have joined this time, and how many of them are not done.
    joined: usize,
    aboard: usize,
    /// Those that were not sent yet.
    entering: Vec<(Work, Back)>,
    waker: Option<Waker>,
    /// When the server answered last, or had nothing to answer.
    answered: Option<Instant>,
}

/// A session's cycle, with all that it takes to carry it out.
#[derive(Debug)]
pub struct Work {
    /// The session, as its client left it.
    pub session: Box<Session>,
    /// The cycle.
    pub inbox: BytesMut,
    /// The answer.
    pub outbox: Vec<u8>,
    /// Where its client may give it up.
    pub ticket: Arc<Ticket>,
    /// The longest message of a client's, bytes.
    pub limit: usize,
    /// The time since some fixed moment, as the session knows it.
    pub now: Duration,
}

/// A client's way to give its cycle up.
#[derive(Debug)]
pub struct Ticket {
    pipeline: Arc<Pipeline>,
    canceled: AtomicBool,
}

impl Ticket {
    /// One for this pipeline.
    #[must_use]
    pub fn new(pipeline: &Arc<Pipeline>) -> Arc<Self> {
        Arc::new(Self { pipeline: Arc::clone(pipeline), canceled: AtomicBool::new(false) })
    }

    /// Whether it is for this pipeline, and may be used once more.
    #[must_use]
    pub fn is_fresh(&self, pipeline: &Arc<Pipeline>) -> bool {
        Arc::ptr_eq(&self.pipeline, pipeline) && !self.canceled.load(Ordering::Relaxed)
    }

    fn is_canceled(&self) -> bool {
        self.canceled.load(Ordering::Acquire)
    }

    /// The client wants no answer: when its cycle is the server's to answer, the server is asked to stop.
    pub fn cancel(&self) {
        self.canceled.store(true, Ordering::Release);
        let waker = self.pipeline.lock().waker.take();
        waker.into_iter().for_each(Waker::wake);
    }
}

/// What became of a cycle.
#[derive(Debug)]
pub enum Outcome {
    /// It was answered.
    Done,
    /// Nothing of it has happened: it needs a connection of its own.
    Untouched,
    /// The same, because its answer is too long to be kept here.
    TooLong,
    /// The session is over.
    Broken(Broken),
}

/// Where who waits for a cycle gets it back.
pub type Got = oneshot::Receiver<(Work, Outcome)>;

/// Its other end.
type Back = oneshot::Sender<(Work, Outcome)>;

/// What the server answers next.
#[derive(Debug)]
#[expect(
    clippy::large_enum_variant,
    reason = "nearly all are of the larger variant, and a box for each is an allocation for each query"
)]
enum Answer {
    /// A cycle of a session's.
    Cycle(Sent),
    /// The rest of one that has been given back.
    Nobodys(Drain),
}

/// A cycle that was sent.
#[derive(Debug)]
struct Sent {
    work: Work,
    back: Back,
    cycle: Cycle,
    /// The type of its first message.
    first: u8,
}

impl Default for Pipeline {
    fn default() -> Self {
        Self { state: Mutex::default(), open: AtomicBool::new(false), long: [const { AtomicU64::new(0) }; LONG] }
    }
}

impl Pipeline {
    fn lock(&self) -> MutexGuard<'_, State> {
        // Every change under this lock is complete in itself.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether it is worth asking whether a cycle may join: it is open, or about to be.
    #[must_use]
    pub fn is_near(&self, share: &Share) -> bool {
        self.open.load(Ordering::Relaxed) || share.held() >= FEW
    }

    /// Whether it should be opened on the latest of the connections that its tenant holds.
    #[must_use]
    pub fn is_wanted(&self, share: &Share) -> bool {
        share.held() > FEW
    }

    /// Whether a cycle of the statement with this hash may join, as far as the length of its rows is known.
    #[must_use]
    pub fn suits(&self, hash: u64) -> bool {
        self.place(hash).is_none_or(|place| place.load(Ordering::Relaxed) != hash)
    }

    /// Remembers that the rows of a statement are too long.
    pub fn avoid(&self, hash: u64) {
        if let Some(place) = self.place(hash) {
            place.store(hash, Ordering::Relaxed);
        }
    }

    fn place(&self, hash: u64) -> Option<&AtomicU64> {
        usize::try_from(hash % LONG as u64).map_or(None, |at| self.long.get(at)).filter(|_| hash != 0)
    }

    /// Joins the cycles that are under way; the work comes back when there are none, or too many.
    ///
    /// # Errors
    /// The work itself, untouched.
    pub fn join(&self, work: Work) -> Result<Got, Box<Work>> {
        let mut state = self.lock();
        let stuck = state.answered.is_some_and(|at| at.elapsed() > PATIENCE);
        if !state.served || state.closing || state.aboard >= DEPTH || stuck {
            return Err(Box::new(work));
        }
        let got = state.enter(work);
        let waker = state.waker.take();
        drop(state);
        waker.into_iter().for_each(Waker::wake);
        Ok(got)
    }

    /// Opens it on a connection that nobody else uses, with the first cycle; what the session has sent there already belongs to it.
    ///
    /// # Errors
    /// Both, untouched, when it is open already.
    pub fn open(self: &Arc<Self>, checkout: Checkout, work: Work) -> Result<Got, Box<(Checkout, Work)>> {
        let mut state = self.lock();
        if state.served {
            return Err(Box::new((checkout, work)));
        }
        let got = state.enter(work);
        state.served = true;
        drop(state);
        self.open.store(true, Ordering::Relaxed);
        let service = Service {
            pipeline: Arc::clone(self),
            checkout,
            line: VecDeque::new(),
            alone: false,
            stopped: false,
            tick: Box::pin(sleep(PATIENCE)),
        };
        tokio::spawn(service.serve());
        Ok(got)
    }
}

impl State {
    fn enter(&mut self, work: Work) -> Got {
        let (back, got) = oneshot::channel();
        self.entering.push((work, back));
        self.joined += 1;
        self.aboard += 1;
        self.closing |= self.joined >= TERM;
        got
    }
}

/// The task that serves a pipeline while there is something to do.
struct Service {
    pipeline: Arc<Pipeline>,
    checkout: Checkout,
    line: VecDeque<Answer>,
    /// What was sent last prepares a statement: nobody follows before that is answered.
    alone: bool,
    /// The server was asked to stop something: nobody follows, and what else it stops by that is asked for again elsewhere.
    stopped: bool,
    /// When to look whether the server answers.
    tick: Pin<Box<Sleep>>,
}

impl Service {
    async fn serve(mut self) {
        while let Some(mut entering) = self.next() {
            if !entering.is_empty() {
                // The others that are ready now, and those whose bytes have come, are sent by the same write.
                tokio::task::yield_now().await;
                tokio::task::yield_now().await;
                entering.append(&mut self.pipeline.lock().entering);
            }
            let mut entering = entering.into_iter();
            while let Some((work, back)) = entering.next() {
                if !self.send(work, back) {
                    entering.for_each(|(work, back)| give(back, work, Outcome::Untouched));
                    return;
                }
                if self.alone {
                    // Before those that have come meanwhile.
                    self.pipeline.lock().entering.splice(0..0, entering);
                    break;
                }
            }
            if poll_fn(|cx| self.step(cx)).await.is_err() {
                return;
            }
        }
    }

    /// Those who can be sent now; `None` when there is nothing left to do.
    fn next(&mut self) -> Option<Vec<(Work, Back)>> {
        let mut state = self.pipeline.lock();
        self.alone &= !self.line.is_empty();
        if self.line.is_empty() && (self.stopped || state.entering.is_empty()) {
            return None;
        }
        Some(if self.alone || self.stopped { Vec::new() } else { std::mem::take(&mut state.entering) })
    }

    /// Sends one. Says whether the connection is still good.
    fn send(&mut self, mut work: Work, back: Back) -> bool {
        let Some(server) = self.checkout.server() else { return false };
        let first = work.inbox.first().copied().unwrap_or_default();
        let sent = work.session.send_shared(&work.inbox, &mut server.backend, work.limit, work.now, &mut work.outbox);
        match sent {
            Ok(Some(cycle)) if work.session.awaits_server() => {
                self.alone = cycle.prepares();
                if self.line.is_empty() {
                    self.pipeline.lock().answered = Some(Instant::now());
                }
                self.line.push_back(Answer::Cycle(Sent { work, back, cycle, first }));
                true
            }
            Ok(None) => {
                self.pipeline.lock().aboard -= 1;
                give(back, work, Outcome::Untouched);
                true
            }
            // A Sync or a query always asks the server.
            Ok(Some(_)) => {
                server.backend.give_up();
                give(back, work, Outcome::Broken(Broken::ServerEnded));
                false
            }
            Err(broken) => {
                server.backend.give_up();
                give(back, work, Outcome::Broken(broken));
                false
            }
        }
    }

    /// Writes and reads until there is somebody new to be sent, or nothing left to answer. An error is the end of the connection.
    fn step(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Broke>> {
        let mut done = 0;
        loop {
            self.write(cx)?;
            let Some(server) = self.checkout.server() else { return Poll::Ready(Err(Broke)) };
            let Poll::Ready(read) = server.stream.poll_fill(&mut server.inbox, READ, cx) else { break };
            if !matches!(read, Ok(1..)) {
                return Poll::Ready(Err(Broke));
            }
            done += self.answer()?;
            if done > 0 {
                break;
            }
        }
        let due = self.tick.as_mut().poll(cx).is_ready();
        {
            let mut state = self.pipeline.lock();
            if done > 0 {
                state.aboard -= done;
                state.answered = Some(Instant::now());
            }
            // Before it is looked who has been canceled: whoever is later wakes this task.
            state.waker = Some(cx.waker().clone());
        }
        if due {
            self.look();
            // It was due: it is waited for anew.
            self.tick.as_mut().reset(tokio::time::Instant::now() + PATIENCE);
            let _pending: Poll<()> = self.tick.as_mut().poll(cx);
        }
        self.stop_if_canceled();
        let more = !self.alone && !self.stopped && !self.pipeline.lock().entering.is_empty();
        if done > 0 || self.line.is_empty() || more { Poll::Ready(Ok(())) } else { Poll::Pending }
    }

    fn write(&mut self, cx: &mut Context<'_>) -> Result<(), Broke> {
        let server = self.checkout.server().ok_or(Broke)?;
        while !server.backend.outbox().is_empty() {
            match Pin::new(&mut server.stream).poll_write(cx, server.backend.outbox().unwritten()) {
                Poll::Ready(Ok(n)) => server.backend.outbox().wrote(n),
                Poll::Ready(Err(_)) => return Err(Broke),
                Poll::Pending => break,
            }
        }
        if server.stream.is_tls() && matches!(Pin::new(&mut server.stream).poll_flush(cx), Poll::Ready(Err(_))) {
            return Err(Broke);
        }
        Ok(())
    }

    /// Gives what the server has answered to those who wait for it. Says how many have theirs.
    fn answer(&mut self) -> Result<usize, Broke> {
        let server = self.checkout.server().ok_or(Broke)?;
        let mut done = 0;
        while let Some(head) = self.line.pop_front() {
            let mut sent = match head {
                Answer::Cycle(sent) => sent,
                Answer::Nobodys(mut drain) => {
                    let (dropped, ended) = drain.drop_some(&server.inbox).map_err(|_broken| Broke)?;
                    server.inbox.advance(dropped);
                    if !ended {
                        self.line.push_front(Answer::Nobodys(drain));
                        break;
                    }
                    continue;
                }
            };
            let spared = self.stopped && !sent.work.ticket.is_canceled();
            let Sent { work, back: _, cycle, first } = &mut sent;
            let progress = work.session.on_shared(&server.inbox, &mut server.backend, cycle, *first, spared, &mut work.outbox);
            let Ok((taken, progress)) = progress else {
                // Whatever it was: its client has heard nothing, and hears it on a connection of its own.
                sent.give_back(Outcome::Untouched);
                return Err(Broke);
            };
            server.inbox.advance(taken);
            match progress {
                Progress::Under => {
                    self.line.push_front(Answer::Cycle(sent));
                    if taken == 0 {
                        break;
                    }
                    continue;
                }
                Progress::Again => {
                    self.line.push_back(Answer::Cycle(sent));
                    continue;
                }
                Progress::Ended => give(sent.back, sent.work, Outcome::Done),
                Progress::GivenBack { drain, long } => {
                    self.line.push_front(Answer::Nobodys(drain));
                    give(sent.back, sent.work, if long { Outcome::TooLong } else { Outcome::Untouched });
                }
            }
            done += 1;
        }
        Ok(done)
    }

    /// Looks whether the connection is still wanted, and whether the server has answered for a while: if not, something holds it up, and
    /// those behind the first are not kept waiting for that.
    fn look(&mut self) {
        let mut state = self.pipeline.lock();
        state.closing |= !self.checkout.is_wanted();
        if state.answered.is_none_or(|at| at.elapsed() < PATIENCE) {
            return;
        }
        state.closing = true;
        let entering = std::mem::take(&mut state.entering);
        state.aboard -= entering.len();
        let mut behind = 0;
        for answer in self.line.iter_mut().skip(1) {
            let Answer::Cycle(sent) = answer else { continue };
            let drain = sent.cycle.drain();
            if let Some(server) = self.checkout.server() {
                server.backend.distrust(&sent.cycle);
            }
            if let Answer::Cycle(sent) = std::mem::replace(answer, Answer::Nobodys(drain)) {
                sent.give_back(Outcome::Untouched);
                behind += 1;
            }
        }
        state.aboard -= behind;
        drop(state);
        for (work, back) in entering {
            give(back, work, Outcome::Untouched);
        }
    }

    /// Asks the server to stop what it answers now, if its client wants no answer. The request may arrive late, and stop what comes next:
    /// nobody joins any more.
    fn stop_if_canceled(&mut self) {
        if let Some(Answer::Cycle(sent)) = self.line.front()
            && !self.stopped
            && sent.work.ticket.is_canceled()
        {
            self.stopped = true;
            self.checkout.stop();
            self.pipeline.lock().closing = true;
        }
    }
}

impl Sent {
    /// Gives a cycle back as if it had not been sent: its client has heard nothing of it.
    fn give_back(mut self, outcome: Outcome) {
        self.work.session.rewind(&mut self.cycle, self.first);
        self.work.outbox.clear();
        give(self.back, self.work, outcome);
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        self.pipeline.open.store(false, Ordering::Relaxed);
        let left = std::mem::take(&mut *self.pipeline.lock());
        for (work, back) in left.entering {
            give(back, work, Outcome::Untouched);
        }
        // What is to be answered was set aside: the connection does not know that it is in use.
        if let Some(server) = self.checkout.server().filter(|_| !self.line.is_empty()) {
            server.backend.give_up();
        }
        self.checkout.count_parses();
        for answer in self.line.drain(..) {
            match answer {
                Answer::Cycle(sent) => sent.give_back(Outcome::Untouched),
                Answer::Nobodys(_) => {}
            }
        }
    }
}

/// The connection is of no use any more.
#[derive(Debug)]
struct Broke;

/// Gives a cycle back; when its client is gone, nobody wants it.
fn give(back: Back, work: Work, outcome: Outcome) {
    let _gone: Result<(), (Work, Outcome)> = back.send((work, outcome));
}
