//! What is known of one server connection: what it still has to answer, its transaction, its prepared statements, its settings.
//! It does not read or write the connection: `upstream` does.

use super::copying::{CopyIn, Copying};
use super::outbox::{Outbox, Part};
use super::settings::{Settings, Value};
use super::statement::{Names, Portal, Statement};
use crate::rewrite::{Hidden, Key, Promotion, Savepoint};
use crate::wire::backend::Transaction;
use crate::wire::request::Oversize;
use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

/// Most prepared statements that a server connection keeps.
const STATEMENTS_LIMIT: usize = 500;

/// With more answers outstanding than this they are waited for.
const PENDING_LIMIT: usize = 2048;
/// Or with more than this of the proxy's own, bytes.
const LOCALS_LIMIT: usize = 256 * 1024;

/// Something that the server, or the proxy in its place, still has to answer; in order.
#[derive(Debug)]
pub(super) enum Pending {
    /// ParseComplete. When it does not come, the connection does not know the statement.
    Parse { relay: bool, place: Option<Place>, undo: Option<Undo> },
    /// BindComplete.
    Bind { relay: bool, place: Option<Place>, undo: Option<Undo> },
    /// BindComplete of a promoted statement: in its place the client gets the rows' description; of one that writes it does so when it
    /// has run.
    BindPromoted { place: Place, writes: bool },
    /// The first row of a promoted statement that writes, or its completion: before it the client gets the rows' description. Then
    /// [`Pending::Execute`].
    Written { place: Place },
    /// ParameterDescription of a statement that is new on this connection, kept from the client; then [`Pending::Learn`].
    LearnParameters { place: Place },
    /// RowDescription or NoData of such a statement, to be remembered.
    Learn { place: Place },
    /// ParameterDescription, of which the last `hidden` types are the proxy's own; then [`Pending::Row`].
    Parameters { hidden: usize },
    /// RowDescription or NoData; `quiet` keeps a NoData from the client.
    Row { quiet: bool },
    /// Rows, then the completion of one command.
    Execute {
        effect: Effect,
        /// What the client prepared and runs; `None` in the simple protocol.
        statement: Option<Arc<Statement>>,
    },
    /// The answer to a question of the proxy's own: a row, its completion, CloseComplete.
    Tally,
    /// CloseComplete; a name that was evicted is tried again when it does not come.
    Close { evicted: Option<Arc<str>>, undo: Option<Undo> },
    /// ReadyForQuery at a Sync.
    Sync,
    /// Everything that a simple query answers.
    Query,
    /// A simple query of the proxy's own, of which the client gets the ReadyForQuery only.
    Quiet,
    /// A simple query of the proxy's own that sets settings: nothing of it reaches the client.
    Replay,
    /// A Parse that fails on purpose.
    Refused,
    /// An answer of the proxy's own, the next `length` bytes of [`Backend::locals`].
    Local { length: usize, undo: Option<Undo> },
}

/// The way back from a change of the client's names, for when the message that made it is skipped.
#[derive(Debug)]
pub(super) enum Undo {
    /// A prepared statement was made or closed.
    Statement { name: Box<str>, previous: Option<Arc<Statement>> },
    /// All were closed.
    Statements(Box<Names<Arc<Statement>>>),
    /// A portal was made or closed.
    Portal { name: Box<str>, previous: Option<Portal> },
}

impl Pending {
    /// Takes the way back out of it.
    pub(super) fn take_undo(&mut self) -> Option<Undo> {
        match self {
            Self::Parse { relay: _, place: _, undo }
            | Self::Bind { relay: _, place: _, undo }
            | Self::Close { evicted: _, undo }
            | Self::Local { length: _, undo } => undo.take(),
            Self::BindPromoted { place: _, writes: _ }
            | Self::Written { place: _ }
            | Self::LearnParameters { place: _ }
            | Self::Learn { place: _ }
            | Self::Parameters { hidden: _ }
            | Self::Row { quiet: _ }
            | Self::Tally
            | Self::Execute { effect: _, statement: _ }
            | Self::Sync
            | Self::Query
            | Self::Quiet
            | Self::Replay
            | Self::Refused => None,
        }
    }

    /// The way back from what the message has changed.
    pub(super) fn undo(&self) -> Option<&Undo> {
        match self {
            Self::Parse { relay: _, place: _, undo }
            | Self::Bind { relay: _, place: _, undo }
            | Self::Close { evicted: _, undo }
            | Self::Local { length: _, undo } => undo.as_ref(),
            Self::BindPromoted { place: _, writes: _ }
            | Self::Written { place: _ }
            | Self::LearnParameters { place: _ }
            | Self::Learn { place: _ }
            | Self::Parameters { hidden: _ }
            | Self::Row { quiet: _ }
            | Self::Tally
            | Self::Execute { effect: _, statement: _ }
            | Self::Sync
            | Self::Query
            | Self::Quiet
            | Self::Replay
            | Self::Refused => None,
        }
    }
}

/// What the completion of a command does to the session.
#[derive(Debug)]
pub(super) enum Effect {
    /// Nothing: it reads or writes rows, or shows a setting.
    None,
    /// Nothing beyond the transaction; it completes with one of these tags.
    Passing(&'static [&'static str]),
    /// It ends a transaction, or continues it: the tag tells.
    End,
    /// A savepoint: it keeps what the settings are.
    Savepoint(Savepoint),
    /// A setting.
    Set { name: Box<str>, value: Value },
    /// A setting's reset; the client gets this tag, whatever it was done by.
    Reset { name: Box<str>, tag: &'static str },
    /// All settings' reset.
    ResetAll,
    /// It sends data to the client; whether it writes the rows that it sends.
    CopyOut { writes: bool },
    /// It takes data from the client; `None` once the server has asked for it.
    CopyIn(Option<Box<Copying>>),
    /// The proxy's own statement inside the client's query: its completion is kept from the client.
    Hidden,
    /// The same of one that is answered with a count, which is the proxy's to know.
    Tally,
}

/// One server connection, as the session sees it.
#[derive(Debug)]
pub struct Backend {
    pub(super) outbox: Outbox,
    pub(super) pending: VecDeque<Pending>,
    /// The effects of the statements of the simple query that is under way, in order.
    pub(super) effects: VecDeque<Effect>,
    pub(super) locals: Vec<u8>,
    pub(super) locals_read: usize,
    pub(super) transaction: Transaction,
    /// Whether extended messages were sent since the last ReadyForQuery.
    pub(super) unsynced: bool,
    /// Whether the server asks for COPY data.
    pub(super) copy_in: CopyIn,
    /// The answer of the proxy's to a COPY that it has failed, in place of the server's.
    pub(super) copy_failure: Option<Vec<u8>>,
    /// Whether something happened after which the connection must not be used again.
    pub(super) broken: bool,
    /// A statement was sent that may have changed the session's state: the connection is this client's until it is closed.
    pub(super) exclusive: bool,
    pub(super) applied: Arc<Settings>,
    statements: HashMap<Place, Known, ahash::RandomState>,
    /// Statements of the simple protocol seen once, by hash: the second time one comes it is prepared.
    seen: Box<[u64]>,
    /// What statements are read under now.
    reading: u64,
    /// What the tables are known as now.
    epoch: u64,
    /// What they are read under while settings are changing: shared by nobody.
    private: u64,
    /// Whether something was prepared that nobody else may use, nor this client later.
    apart: bool,
    /// Whether a statement is under way that changes what others are read under.
    pub(super) unsettled: bool,
    /// Whether simple queries may be promoted to prepared statements.
    promotes: bool,
    unclosed: Vec<Arc<str>>,
    prefix: u64,
    counter: u64,
    tick: u64,
}

/// Under which key a connection knows a statement: two sessions whose settings give its text another meaning do not share it, nor do two
/// that know the tables as they were at different times.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Place {
    key: Arc<Key>,
    reading: u64,
    epoch: u64,
}

#[derive(Debug)]
struct Known {
    name: Arc<str>,
    used: u64,
    /// The RowDescription as the server sent it, empty for NoData; `None` where it was not asked for.
    description: Option<Box<[u8]>>,
}

/// How many hashes of statements seen once a connection remembers.
const SEEN: usize = 256;
/// Set in what statements are read under while nobody else may share them.
const PRIVATE: u64 = 1 << 63;

impl Place {
    /// The text that the server got.
    pub(super) fn text(&self) -> &str {
        &self.key.text
    }
}

impl Backend {
    /// A connection that has just said ReadyForQuery for the first time. `prefix` makes the names of its statements unguessable.
    #[must_use]
    pub fn new(prefix: u64) -> Self {
        Self {
            outbox: Outbox::default(),
            pending: VecDeque::new(),
            effects: VecDeque::new(),
            locals: Vec::new(),
            locals_read: 0,
            transaction: Transaction::Idle,
            unsynced: false,
            copy_in: CopyIn::No,
            copy_failure: None,
            broken: false,
            exclusive: false,
            applied: Arc::default(),
            statements: HashMap::with_hasher(ahash::RandomState::with_seeds(prefix, 0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e)),
            seen: Box::default(),
            reading: 0,
            epoch: 0,
            private: PRIVATE,
            apart: false,
            unsettled: false,
            promotes: true,
            unclosed: Vec::new(),
            prefix,
            counter: 0,
            tick: 0,
        }
    }

    /// The same connection, which promotes simple queries to prepared statements or does not.
    #[must_use]
    pub fn promoting(self, promotes: bool) -> Self {
        Self { promotes, ..self }
    }

    /// Says under which settings the next statements are read (`None` while that is not certain), and as what the tables are known.
    pub(super) fn read_under(&mut self, reading: Option<u64>, epoch: u64) {
        self.epoch = epoch;
        self.reading = reading.filter(|_| !self.unsettled).unwrap_or(self.private);
    }

    /// The next statement's literals are read anew, in this cycle's messages once.
    pub(super) fn read_anew(&mut self) {
        self.reading = self.private;
    }

    /// A ReadyForQuery has come: what settings are in effect is known again.
    pub(super) fn settle(&mut self) {
        if self.apart {
            self.private = self.private.wrapping_add(1) | PRIVATE;
            let apart: Vec<Place> = self.statements.keys().filter(|place| place.reading >= PRIVATE).cloned().collect();
            apart.iter().for_each(|place| self.forget(place, true));
        }
        self.apart = false;
        self.unsettled = false;
    }

    /// Where this connection knows a statement, or would, as it is read now.
    pub(super) fn place(&self, key: &Arc<Key>) -> Place {
        Place { key: Arc::clone(key), reading: self.reading, epoch: self.epoch }
    }

    /// What waits to be written to the server.
    pub fn outbox(&mut self) -> &mut Outbox {
        &mut self.outbox
    }

    /// Whether nothing of this client is left on the connection: no answer outstanding, no transaction, nothing unwritten.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.is_quiet() && !self.exclusive
    }

    /// Whether the server has something to answer still.
    #[must_use]
    pub fn is_working(&self) -> bool {
        !self.pending.is_empty()
    }

    /// Whether the server waits for the client to go on with what it has begun: a transaction, a COPY, messages up to a Sync.
    #[must_use]
    pub fn is_left_open(&self) -> bool {
        (self.pending.is_empty() || self.copy_in.is_on()) && self.outbox.is_empty() && !self.is_quiet()
    }

    /// Whether so much is to be answered that nothing should be asked before it is.
    pub(super) fn is_crowded(&self) -> bool {
        self.pending.len() > PENDING_LIMIT || self.locals.len() > LOCALS_LIMIT
    }

    /// Whether nothing is under way on the connection, no transaction either.
    #[must_use]
    pub fn is_quiet(&self) -> bool {
        self.pending.is_empty()
            && self.outbox.is_empty()
            && self.transaction == Transaction::Idle
            && self.effects.is_empty()
            && !self.unsynced
            && !self.copy_in.is_on()
            && !self.broken
    }

    /// Notes an answer of the proxy's own behind what the server still has to answer.
    pub(super) fn local(&mut self, undo: Option<Undo>, write: impl FnOnce(&mut Vec<u8>)) {
        let before = self.locals.len();
        write(&mut self.locals);
        let length = self.locals.len().saturating_sub(before);
        self.pending.push_back(Pending::Local { length, undo });
    }

    /// Moves the next local answer to the client's bytes, or drops it.
    pub(super) fn take_local(&mut self, length: usize, out: Option<&mut Vec<u8>>) {
        let end = self.locals_read.saturating_add(length);
        if let (Some(out), Some(bytes)) = (out, self.locals.get(self.locals_read..end)) {
            out.extend_from_slice(bytes);
        }
        self.locals_read = end;
        if self.locals_read >= self.locals.len() {
            self.locals.clear();
            self.locals_read = 0;
        }
    }

    /// The name by which this connection knows a statement, if it does.
    pub(super) fn known(&mut self, key: &Arc<Key>) -> Option<Arc<str>> {
        self.tick += 1;
        let (tick, place) = (self.tick, self.place(key));
        self.statements.get_mut(&place).map(|known| {
            known.used = tick;
            Arc::clone(&known.name)
        })
    }

    /// Sends a Parse for a statement that this connection does not know, and closes one that was not used for long.
    pub(super) fn prepare(
        &mut self,
        key: &Arc<Key>,
        part: Part<'_>,
        relay: bool,
        undo: Option<Undo>,
    ) -> Result<Arc<str>, Oversize> {
        self.make_room()?;
        self.counter += 1;
        self.tick += 1;
        let name: Arc<str> = format!("pgmoat_{:x}_{}", self.prefix, self.counter).into();
        self.outbox.parse(&name, part, &key.types)?;
        self.unsynced = true;
        let place = self.place(key);
        self.apart |= place.reading >= PRIVATE;
        self.statements.insert(place.clone(), Known { name: Arc::clone(&name), used: self.tick, description: None });
        self.pending.push_back(Pending::Parse { relay, place: Some(place), undo });
        Ok(name)
    }

    /// The name by which this connection knows a statement, after an injected Parse where it does not yet.
    pub(super) fn ensure(&mut self, key: &Arc<Key>, part: Part<'_>) -> Result<Arc<str>, Oversize> {
        match self.known(key) {
            Some(name) => Ok(name),
            None => self.prepare(key, part, false, None),
        }
    }

    /// Sends a simple query as a prepared statement, up to its Sync. Says whether it did: a statement that comes for the first time is
    /// not worth preparing, and while settings change it is safer not to.
    pub(super) fn promote(&mut self, promotion: &Promotion, hidden: &[Hidden]) -> Result<bool, Oversize> {
        let key = promotion.key();
        if !self.promotes || self.reading >= PRIVATE {
            return Ok(false);
        }
        let place = self.place(key);
        self.tick += 1;
        let (found, described) = match self.statements.get_mut(&place) {
            Some(known) => {
                known.used = self.tick;
                (true, known.description.is_some().then(|| Arc::clone(&known.name)))
            }
            None => (false, None),
        };
        if !found && !self.comes_again(key.hash_value()) {
            return Ok(false);
        }
        let name = match described {
            Some(name) => name,
            None => {
                let name = self.ensure(key, Part::Promoted(promotion))?;
                self.outbox.describe_statement(&name)?;
                self.pending.push_back(Pending::LearnParameters { place: place.clone() });
                name
            }
        };
        self.outbox.bind_promoted(&name, promotion, hidden)?;
        self.pending.push_back(Pending::BindPromoted { place, writes: promotion.writes() });
        self.outbox.execute(b"", 0)?;
        self.pending.push_back(Pending::Execute { effect: Effect::None, statement: None });
        self.outbox.sync();
        self.pending.push_back(Pending::Sync);
        self.unsynced = true;
        Ok(true)
    }

    /// Whether a statement was seen here before.
    fn comes_again(&mut self, hash: u64) -> bool {
        if self.seen.is_empty() {
            self.seen = vec![0; SEEN].into();
        }
        let index = usize::try_from(hash % SEEN as u64).unwrap_or(0);
        self.seen.get_mut(index).is_some_and(|seen| std::mem::replace(seen, hash) == hash)
    }

    /// Remembers the answer to a Describe.
    pub(super) fn learn(&mut self, place: &Place, description: &[u8]) {
        if let Some(known) = self.statements.get_mut(place) {
            known.description = Some(description.into());
        }
    }

    /// The remembered answer to a Describe.
    pub(super) fn description(&self, place: &Place) -> Option<&[u8]> {
        self.statements.get(place)?.description.as_deref()
    }

    /// Forgets a statement that the server refused, or that no longer fits the tables; where it may exist it will be closed.
    pub(super) fn forget(&mut self, place: &Place, exists: bool) {
        if let Some(known) = self.statements.remove(place).filter(|_| exists) {
            self.unclosed.push(known.name);
        }
    }

    /// Forgets the statements that a cycle prepares whose answer nobody will read: the server may refuse them.
    pub fn distrust(&mut self, cycle: &super::Cycle) {
        for pending in cycle.pending() {
            if let Pending::Parse { relay: _, place: Some(place), undo: _ }
            | Pending::LearnParameters { place }
            | Pending::Learn { place } = pending
            {
                self.forget(place, true);
            }
        }
    }

    /// The server has dropped every prepared statement.
    pub(super) fn forget_all(&mut self) {
        self.statements.clear();
        self.unclosed.clear();
    }

    pub(super) fn close_again(&mut self, name: Arc<str>) {
        self.unclosed.push(name);
    }

    fn make_room(&mut self) -> Result<(), Oversize> {
        if self.statements.len() >= STATEMENTS_LIMIT {
            let oldest = self.statements.iter().min_by_key(|(_, known)| known.used).map(|(place, _)| place.clone());
            if let Some(known) = oldest.and_then(|place| self.statements.remove(&place)) {
                self.unclosed.push(known.name);
            }
        }
        while let Some(name) = self.unclosed.pop() {
            self.outbox.close_statement(&name)?;
            self.unsynced = true;
            self.pending.push_back(Pending::Close { evicted: Some(name), undo: None });
        }
        Ok(())
    }
}
