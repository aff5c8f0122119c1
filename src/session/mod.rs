//! The protocol's state machine between one client and, at times, one server connection.
//! It knows no socket and no clock: bytes, frames and the time are arguments, and what it wants is its return value.

mod asked;
mod backend;
mod copying;
mod cut;
mod extended;
mod held;
mod outbox;
mod query;
mod replies;
mod settings;
mod shared;
mod special;
mod statement;
mod switching;
mod tally;

pub use backend::Backend;
pub use outbox::Outbox;
pub use replies::is_reported;
pub use settings::{Settings, Value};
pub use shared::{Cycle, Drain, Progress};
pub use switching::{Destination, Wanted};

use crate::error::{Fault, Refusal, Rule, SqlState};
use crate::limits::{Ceilings, Meter, Rate, Request, Size};
use crate::rewrite::{Batch, Cleared, Crossing, Rewriter, Scope};
use crate::wire::Frame;
use crate::wire::answer::{self, Severity};
use crate::wire::backend::Transaction;
use crate::wire::frontend::Frontend;
use crate::wire::request::Oversize;
use asked::Asked;
use backend::{Pending, Place, Undo};
use held::Held;
use settings::Tracked;
use statement::{Names, Portal, Statement};
use std::sync::Arc;
use std::time::Duration;

/// What PostgreSQL keeps of a name, bytes: `NAMEDATALEN` less one.
const NAME_KEPT: usize = 63;

/// Most named prepared statements of one client, and most of its named portals.
const STATEMENTS_LIMIT: usize = 4096;
/// Most bytes of text in a client's prepared statements, and in those of its portals; shorter ones than [`SHORT`] are not counted, their
/// number is bounded.
const TEXTS_LIMIT: usize = 16 * 1024 * 1024;
/// For how long a session is not listened to after its tenant's quota was found used up.
const OVER_QUOTA_PAUSE: Duration = Duration::from_millis(100);
/// See [`TEXTS_LIMIT`], bytes.
const SHORT: usize = 4096;
/// With so many records, nothing more is taken before they are written.
const RECORDS: usize = 32;

/// What the session did with a client's message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    /// It is done with: go on with the next.
    Done,
    /// It was not touched: call again with a server connection.
    NeedsServer,
    /// It was not touched: call again after the server has answered.
    Hold,
    /// It was taken in part: call again after what waits for the server has been written.
    Full,
    /// It was not touched: call again after [`Session::take_wanted`] was answered by [`Session::decide`].
    Switch,
    /// The client said goodbye.
    Ended,
}

/// Why a session ends that did not want to.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Broken {
    /// The client broke the protocol.
    #[error(transparent)]
    Client(#[from] Fault),
    /// The server sent what does not fit what it was asked.
    #[error("the server's answer cannot be understood: {0}")]
    Server(Fault),
    /// The server ended the connection, and the client has been told why.
    #[error("the server ended the connection")]
    ServerEnded,
    /// The session's settings could not be brought to the server connection.
    #[error("the session's settings could not be restored")]
    Settings,
    /// An answer is longer than the plan allows, and what was sent with it cannot be taken back.
    #[error("{0}")]
    TooLong(String),
    /// A message would be too long for the protocol.
    #[error(transparent)]
    Oversize(#[from] Oversize),
}

/// What must be in the audit log before the next byte leaves, in either direction.
#[derive(Clone, Debug)]
pub enum Record {
    /// A refusal, and the client's text if there is one: literals are still in it.
    Refusal {
        /// What was refused.
        refusal: Refusal,
        /// The client's text.
        statement: Option<Box<str>>,
    },
    /// A statement that names what is not the identity's own; it ran all the same, and nobody waits for this.
    Crossing {
        /// What it names.
        crossing: Crossing,
        /// The client's text, literals still in it.
        statement: Box<str>,
        /// The relations that it names.
        relations: Vec<String>,
    },
    /// A statement of a bypass user, literals still in it.
    Bypass {
        /// The client's text.
        statement: Box<str>,
        /// The relations that it names.
        relations: Vec<String>,
    },
}

/// One client's session, from its first ReadyForQuery on.
#[derive(Debug)]
pub struct Session {
    rewriter: Arc<Rewriter>,
    scope: Scope,
    generation: u64,
    rate: Option<Arc<Rate>>,
    /// Until when no message is taken: the rate is used up.
    paused: Duration,
    /// The open transaction's end was admitted without being counted; once in a cycle.
    ended: bool,
    statements: Names<Arc<Statement>>,
    portals: Names<Portal>,
    settings: Tracked,
    /// ParameterStatus values that the client was told.
    told: Vec<(Box<str>, Box<str>)>,
    /// Messages up to the next Sync are skipped.
    skipping: bool,
    /// A Sync or a query is under way: the next message waits for its ReadyForQuery.
    waiting: bool,
    /// An error has been answered since the last ReadyForQuery.
    failed: bool,
    /// A cursor was declared in the open transaction.
    cursors: bool,
    /// Which cursors hold their rows.
    held: Held,
    /// The failed transaction that the last ReadyForQuery told of has not been dealt with by this cycle's messages.
    aborted: bool,
    /// The rest of a message of rows that is relayed as it comes, bytes.
    streaming: usize,
    /// The rest of a message of the server's that is dropped as it comes, bytes.
    surplus: usize,
    copying_out: bool,
    /// A Flush was sent for a message that waits.
    flushed: bool,
    stash: Option<Stash>,
    /// The Bind behind a Parse was admitted early: see [`Session::admit_early`]; or it was not, and why.
    admitted: bool,
    refused: Option<Refusal>,
    /// The simple query that is under way as a prepared statement: it is sent as it is when the server's plan no longer fits the tables.
    promoted: Option<Batch>,
    /// What the client's last simple query was, for the positions of errors.
    asked: Asked,
    /// The promoted query has to be sent again, at the next ReadyForQuery.
    again: bool,
    /// A SET LOCAL is in effect on which the meaning of statements depends.
    local_settings: bool,
    ceilings: Ceilings,
    /// What its tenant uses of its quotas.
    meter: Option<Arc<Meter>>,
    /// Whose rows the session is about, as far as the client has said so.
    context: switching::Context,
    /// What the answer that is under way has come to.
    answered: Size,
    /// The rows that came since they were asked for last.
    rows: u64,
    cut: cut::Cut,
    /// How often something came that may change what cursors there are.
    stirred: u64,
    /// The FETCH that was parsed last on the connection that is held, and what `stirred` was then.
    fetching: Option<(Place, u64)>,
    /// How many rows the transaction had changed before the statement that is tallied.
    tally: Option<u64>,
    records: Vec<Record>,
    requests: u64,
    ended_cycles: u64,
    ended_transactions: u64,
}

/// What was found out about a message that then had to wait for a server connection.
#[derive(Debug)]
enum Stash {
    Query(Batch),
    Parse(Arc<Statement>),
    /// A Bind that the rate has admitted, perhaps for later, and the audit log has.
    Bind,
}

impl Session {
    /// A session of an identity that has been authenticated.
    ///
    /// `startup` are the settings of its startup packet, `told` the ParameterStatus values that it was sent.
    #[must_use]
    pub fn new(
        rewriter: Arc<Rewriter>,
        scope: Scope,
        rate: Option<Arc<Rate>>,
        startup: Settings,
        told: Vec<(Box<str>, Box<str>)>,
    ) -> Self {
        Self {
            rewriter,
            scope,
            generation: 0,
            rate,
            paused: Duration::ZERO,
            ended: false,
            statements: Names::default(),
            portals: Names::default(),
            settings: Tracked::new(startup),
            told,
            skipping: false,
            waiting: false,
            failed: false,
            cursors: false,
            held: Held::default(),
            aborted: false,
            streaming: 0,
            surplus: 0,
            copying_out: false,
            flushed: false,
            stash: None,
            admitted: false,
            refused: None,
            promoted: None,
            asked: Asked::default(),
            again: false,
            local_settings: false,
            ceilings: Ceilings::default(),
            meter: None,
            context: switching::Context::default(),
            answered: Size::default(),
            rows: 0,
            cut: cut::Cut::default(),
            stirred: 0,
            fetching: None,
            tally: None,
            records: Vec::new(),
            requests: 0,
            ended_cycles: 0,
            ended_transactions: 0,
        }
    }

    /// The rewriter in use.
    #[must_use]
    pub fn rewriter(&self) -> &Arc<Rewriter> {
        &self.rewriter
    }

    /// Whether the client has got the beginning of a message whose rest is still to come: nothing else can be said now.
    #[must_use]
    pub fn is_streaming(&self) -> bool {
        self.streaming > 0
    }

    /// The ParameterStatus values that the client has been told, or is about to be.
    #[must_use]
    pub fn told(&self) -> &[(Box<str>, Box<str>)] {
        &self.told
    }

    /// Goes over to another rewriter; prepared statements are cleared again when they are used.
    pub fn adopt(&mut self, rewriter: Arc<Rewriter>, scope: Scope) {
        self.rewriter = rewriter;
        self.scope = scope;
        self.generation += 1;
        self.stash = None;
    }

    /// What must be recorded before the next byte leaves.
    pub fn take_records(&mut self) -> Vec<Record> {
        std::mem::take(&mut self.records)
    }

    /// Whether there is something to record.
    #[must_use]
    pub fn has_records(&self) -> bool {
        !self.records.is_empty()
    }

    /// Whether so much is to be recorded that it should be before the next message is taken.
    #[must_use]
    pub fn is_full_of_records(&self) -> bool {
        self.records.len() >= RECORDS
    }

    /// How many statements the client asked for since the last call.
    pub fn take_requests(&mut self) -> u64 {
        std::mem::take(&mut self.requests)
    }

    /// How many cycles of messages have ended, and how many of them with no transaction open.
    #[must_use]
    pub fn ended(&self) -> (u64, u64) {
        (self.ended_cycles, self.ended_transactions)
    }

    /// Whether the session is between two cycles: nothing skipped, nothing under way.
    #[must_use]
    pub fn is_idle(&self) -> bool {
        !self.waiting && !self.skipping && self.stash.is_none()
    }

    /// Whether a ReadyForQuery of the server's will come: until then the client has asked for no answer by itself.
    #[must_use]
    pub fn awaits_server(&self) -> bool {
        self.waiting
    }

    /// Whether a statement is kept back until its turn has come, or a server connection is there.
    #[must_use]
    pub fn holds_back(&self) -> bool {
        self.stash.is_some()
    }

    /// For how long no message will be taken: until the turn of the one that waits, or after a refusal; then not between the messages of
    /// a cycle, whose answer the client waits for.
    #[must_use]
    pub fn pause(&self, now: Duration) -> Option<Duration> {
        let left = self.paused.checked_sub(now).filter(|left| !left.is_zero())?;
        (self.stash.is_some() || self.is_idle()).then_some(left)
    }

    /// Takes a server connection into use: brings the session's settings to it, in the same write as what follows.
    ///
    /// # Errors
    /// [`Broken`] when that cannot be written.
    pub fn attach(&mut self, backend: &mut Backend) -> Result<(), Broken> {
        let wanted = &self.settings.committed;
        if !Arc::ptr_eq(wanted, &backend.applied) {
            if **wanted != *backend.applied {
                backend.outbox.replay(wanted, &backend.applied)?;
                backend.pending.push_back(Pending::Replay);
            }
            backend.applied = Arc::clone(wanted);
        }
        Ok(())
    }

    /// Takes one message of the client's. `now` is the time since some fixed moment.
    ///
    /// # Errors
    /// [`Broken`] when the client broke the protocol; the session is over then.
    pub fn on_client(
        &mut self,
        frame: &Frame<'_>,
        backend: Option<&mut Backend>,
        now: Duration,
        out: &mut Vec<u8>,
    ) -> Result<Taken, Broken> {
        let mut desk = Desk { backend, now, out };
        if let Some(backend) = desk.backend.as_mut() {
            if backend.copy_in.is_on() {
                return self.copy_message(frame, backend);
            }
            let reading = Some(self.settings.reading()).filter(|_| !self.local_settings);
            backend.read_under(reading, self.rewriter.catalog().epoch());
        }
        if self.waiting {
            return Ok(Taken::Hold);
        }
        // Before it is read: what is held comes again, and may be long.
        let is_query = matches!(frame.tag, b'Q' | b'F');
        if !self.skipping && desk.backend.as_mut().is_some_and(|b| self.flush_before(is_query, b)) {
            return Ok(Taken::Hold);
        }
        let message = Frontend::read(frame)?;
        if self.skipping && !matches!(message, Frontend::Sync | Frontend::Terminate) {
            self.stash = None;
            return Ok(Taken::Done);
        }
        match message {
            Frontend::Query(text) => {
                self.stirred += 1;
                self.query(text, &mut desk)
            }
            Frontend::Parse(parse) => self.parse(&parse, &mut desk),
            Frontend::Bind(bind) => self.bind(&bind, &mut desk),
            Frontend::Describe(target) => self.describe(target, &mut desk),
            Frontend::Execute { portal, rows } => self.execute(portal, rows, &mut desk),
            Frontend::Close(target) => {
                self.stirred += 1;
                self.close(target, &mut desk)
            }
            Frontend::Sync => Ok(self.sync(&mut desk)),
            Frontend::Flush => {
                // Of a server that has nothing to say nothing would come: the connection would wait for it, clean.
                if let Some(backend) = desk.backend.filter(|backend| backend.is_working()) {
                    backend.outbox.flush();
                }
                Ok(Taken::Done)
            }
            Frontend::FunctionCall => {
                let refusal =
                    Refusal::new(SqlState::INSUFFICIENT_PRIVILEGE, Rule::Message, "function call messages are not allowed")
                        .with_hint("Call the function in SQL.");
                self.refuse_query(refusal, None, &mut desk)
            }
            // Outside of COPY these are ignored, as PostgreSQL does: the client may not know yet that its COPY failed.
            Frontend::CopyData | Frontend::CopyDone | Frontend::CopyFail(_) => Ok(Taken::Done),
            Frontend::Terminate => Ok(Taken::Ended),
        }
    }

    /// A query amid extended messages is skipped when one of them fails: their answers are asked for first. So they are when many are
    /// outstanding: nobody makes the queue of them longer without end. Says whether to wait.
    fn flush_before(&mut self, is_query: bool, backend: &mut Backend) -> bool {
        let wait = backend.unsynced && ((is_query && backend.is_working()) || backend.is_crowded());
        if wait && !self.flushed {
            backend.outbox.flush();
        }
        self.flushed = wait;
        wait
    }

    fn sync(&mut self, desk: &mut Desk<'_>) -> Taken {
        self.skipping = false;
        match desk.backend.as_mut() {
            Some(backend) => {
                backend.outbox.sync();
                backend.pending.push_back(Pending::Sync);
                self.waiting = true;
            }
            None => {
                self.end_cycle(Transaction::Idle);
                answer::ready(desk.out, Transaction::Idle);
            }
        }
        Taken::Done
    }

    /// What a ReadyForQuery means to the session.
    fn end_cycle(&mut self, transaction: Transaction) {
        self.waiting = false;
        self.ended_cycles += 1;
        self.ended_transactions += u64::from(transaction == Transaction::Idle);
        self.aborted = transaction == Transaction::Failed;
        if self.failed {
            self.held.clear();
        }
        match transaction {
            Transaction::Idle => {
                if self.failed {
                    self.settings.rollback();
                } else {
                    self.settings.commit();
                }
                self.cursors = false;
                self.held.clear();
                self.local_settings = false;
                self.fetching = None;
                self.portals.clear();
            }
            Transaction::Open | Transaction::Failed => {}
        }
        self.failed = false;
        self.ended = false;
        self.admitted = false;
        self.refused = None;
        self.tally = None;
        self.cut.end_cycle();
    }

    /// From now on the tenant's rate is this, and one statement is answered with so much.
    pub fn limit(&mut self, rate: Option<Arc<Rate>>, ceilings: Ceilings) {
        self.ceilings = ceilings;
        let same = match (&self.rate, &rate) {
            (Some(old), Some(new)) => Arc::ptr_eq(old, new),
            (old, new) => old.is_none() && new.is_none(),
        };
        if !same {
            self.rate = rate;
            self.paused = Duration::ZERO;
        }
    }

    /// From now on what it uses is counted here.
    pub fn count_in(&mut self, meter: Arc<Meter>) {
        self.meter = Some(meter);
    }

    /// Admits what is asked for by the tenant's quotas and its rate, which may say that they wait: see [`Self::waits_its_turn`].
    fn admit(&mut self, asked: Request, now: Duration) -> Result<(), Refusal> {
        self.admit_use(asked, now)?;
        self.admit_rate(asked, now)
    }

    fn admit_rate(&mut self, asked: Request, now: Duration) -> Result<(), Refusal> {
        self.requests = self.requests.saturating_add(u64::try_from(asked.statements).unwrap_or(u64::MAX));
        let Some(rate) = &self.rate else { return Ok(()) };
        let (pause, refusal) = match rate.admit(u32::try_from(asked.statements).unwrap_or(u32::MAX), now) {
            Ok(Duration::ZERO) => return Ok(()),
            Ok(wait) => (wait, None),
            Err(excess) => (excess.pause, Some(excess.refusal)),
        };
        self.paused = now.saturating_add(pause);
        refusal.map_or(Ok(()), Err)
    }

    fn admit_use(&mut self, asked: Request, now: Duration) -> Result<(), Refusal> {
        let Some(meter) = &self.meter else { return Ok(()) };
        // Who goes on all the same is slowed down: each refusal costs a record.
        meter.admit(asked, now).inspect_err(|_| self.paused = now.saturating_add(OVER_QUOTA_PAUSE))
    }

    /// Whether a statement says whose rows the session is about. It uses nothing of a tenant's: who has used up its quotas can be left.
    fn is_of_switch(&self, cleared: &Cleared) -> bool {
        match statement::Nature::of(cleared) {
            statement::Nature::Special(statement::Special::Switch(_, _)) => true,
            statement::Nature::Special(statement::Special::DiscardAll) => self.is_away(),
            _other => false,
        }
    }

    /// Admits what an EXECUTE, which has been counted, stands for.
    fn admit_prepared(&mut self, cleared: &Cleared, now: Duration) -> Result<(), Refusal> {
        self.admit_use(Request { statements: 0, writes: cleared.writes(), adds: cleared.adds() }, now)
    }

    /// Whether what was just admitted has still to wait.
    fn waits_its_turn(&self, now: Duration) -> bool {
        self.paused > now
    }

    /// Whether a statement is the end of an open transaction, which the rate does not count: it gives a server connection back.
    fn is_release(&mut self, cleared: &Cleared, desk: &Desk<'_>) -> bool {
        let open = desk.backend.as_ref().is_some_and(|b| b.transaction != Transaction::Idle);
        let release = open && !self.ended && matches!(statement::Nature::of(cleared), statement::Nature::End);
        self.ended |= release;
        self.requests += u64::from(release);
        release
    }

    /// Notes the refusal for the audit log and answers it.
    fn answer_refusal(&mut self, refusal: Refusal, text: Option<&str>, desk: &mut Desk<'_>) {
        let position = refusal.position.zip(text).and_then(|(at, text)| {
            let before = text.get(..usize::try_from(at).ok()?)?;
            u32::try_from(before.chars().count()).ok()?.checked_add(1)
        });
        desk.local(None, |b| {
            let hint = refusal.hint.as_deref();
            answer::Report { severity: Severity::Error, code: refusal.code, message: &refusal.message, hint, position }.write(b);
        });
        // What is refused for another reason counts too: each costs a record.
        if let (Some(rate), true) = (&self.rate, refusal.rule != Rule::Limit) {
            let pause = rate.admit(1, desk.now).unwrap_or_else(|excess| excess.pause);
            self.paused = self.paused.max(desk.now.saturating_add(pause));
        }
        self.records.push(Record::Refusal { refusal, statement: text.map(Into::into) });
        self.failed = true;
    }

    /// Answers an error that PostgreSQL would have given too: it is no refusal, nothing is recorded.
    fn answer_error(&mut self, code: SqlState, message: &str, desk: &mut Desk<'_>) {
        desk.local(None, |b| {
            answer::Report { severity: Severity::Error, code, message, hint: None, position: None }.write(b);
        });
        self.failed = true;
    }

    /// Refuses a simple query or a function call: nothing of it runs, and an open transaction fails.
    fn refuse_query(&mut self, refusal: Refusal, text: Option<&str>, desk: &mut Desk<'_>) -> Result<Taken, Broken> {
        self.answer_refusal(refusal, text, desk);
        self.fail_query(desk)
    }

    /// Ends a simple query that failed here.
    fn fail_query(&mut self, desk: &mut Desk<'_>) -> Result<Taken, Broken> {
        match desk.backend.as_mut() {
            Some(backend) => {
                backend.outbox.query_refused()?;
                backend.pending.push_back(Pending::Quiet);
                self.waiting = true;
            }
            None => {
                self.end_cycle(Transaction::Idle);
                answer::ready(desk.out, Transaction::Idle);
            }
        }
        Ok(Taken::Done)
    }

    /// Ends a simple query that the proxy answered itself.
    fn finish_query(&mut self, desk: &mut Desk<'_>) -> Result<Taken, Broken> {
        match desk.backend.as_mut() {
            Some(backend) => {
                backend.outbox.query_empty()?;
                backend.pending.push_back(Pending::Quiet);
                self.waiting = true;
            }
            None => {
                self.end_cycle(Transaction::Idle);
                answer::ready(desk.out, Transaction::Idle);
            }
        }
        Ok(Taken::Done)
    }

    /// Refuses an extended message: what follows up to Sync is skipped, and an open transaction fails.
    fn refuse_message(&mut self, refusal: Refusal, text: Option<&str>, desk: &mut Desk<'_>) -> Result<Taken, Broken> {
        self.answer_refusal(refusal, text, desk);
        self.fail_message(desk)
    }

    /// An error of an extended message that PostgreSQL would have given too.
    fn err_message(&mut self, code: SqlState, message: &str, desk: &mut Desk<'_>) -> Result<Taken, Broken> {
        self.answer_error(code, message, desk);
        self.fail_message(desk)
    }

    /// Answers a message for which no server connection could be had.
    pub fn unavailable(&mut self, frame: &Frame<'_>, why: (SqlState, &str, Option<&str>), out: &mut Vec<u8>) {
        self.stash = None;
        let (code, message, hint) = why;
        answer::Report { severity: Severity::Error, code, message, hint, position: None }.write(out);
        self.failed = true;
        if frame.tag == b'Q' {
            self.end_cycle(Transaction::Idle);
            answer::ready(out, Transaction::Idle);
        } else {
            self.skipping = true;
        }
    }

    fn fail_message(&mut self, desk: &mut Desk<'_>) -> Result<Taken, Broken> {
        self.skipping = true;
        self.stash = None;
        if let Some(backend) = desk.backend.as_mut() {
            backend.outbox.parse_refused()?;
            backend.unsynced = true;
            backend.pending.push_back(Pending::Refused);
        }
        Ok(Taken::Done)
    }
}

/// What one call works on: the server connection in use, the time, the bytes for the client.
struct Desk<'a> {
    backend: Option<&'a mut Backend>,
    now: Duration,
    out: &'a mut Vec<u8>,
}

impl Desk<'_> {
    /// Answers in the server's place: at once, or in its turn behind what the server still has to answer.
    fn local(&mut self, undo: Option<Undo>, write: impl FnOnce(&mut Vec<u8>)) {
        match self.backend.as_mut().filter(|b| !b.pending.is_empty()) {
            Some(backend) => backend.local(undo, write),
            None => write(self.out),
        }
    }
}

/// A name of the client's, which must be UTF-8: what PostgreSQL keeps of it, 63 bytes. Of two that are the same to the server one must not
/// be known here only.
fn name(bytes: &[u8]) -> Result<&str, Refusal> {
    let whole = text(bytes)?;
    let name = whole.get(..whole.floor_char_boundary(NAME_KEPT)).unwrap_or_default();
    if name.len() < whole.len().min(NAME_KEPT) {
        let message = "a name of a statement or portal that is cut off within a character at 63 bytes is not supported";
        return Err(Refusal::new(SqlState::FEATURE_NOT_SUPPORTED, Rule::Message, message).with_hint("Use a shorter name."));
    }
    Ok(name)
}

/// A text of the client's, which must be UTF-8.
fn text(bytes: &[u8]) -> Result<&str, Refusal> {
    std::str::from_utf8(bytes).map_err(|_| {
        Refusal::new(SqlState::CHARACTER_NOT_IN_REPERTOIRE, Rule::Syntax, "invalid byte sequence for encoding \"UTF8\"")
    })
}
