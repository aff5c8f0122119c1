//! Hands the session over to its tenant's pipeline for a cycle that reads one row, and takes it back with the answer.
//! It does not decide what such a cycle is: the session does.

use super::super::client::Ending;
use super::super::registry::Slot;
use super::{CLIENT_READ, READ_AHEAD, Relay};
use crate::error::{Refusal, SqlState};
use crate::session::{Session, Settings};
use crate::upstream::Trouble;
use crate::upstream::pipeline::{Got, Outcome, Pipeline, Ticket, Work};
use bytes::Buf;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};
use tokio::time::sleep_until;

impl Relay<'_> {
    /// Whether the cycle that asks for a server connection is one for the pipeline, which has place or may be opened; its statement's hash.
    pub(super) fn joins(&mut self, now: Duration) -> Option<u64> {
        let budget = &self.budget;
        if !budget.pipeline.is_near(&budget.share)
            || self.checkout.is_some()
            || !self.client.outbox.is_empty()
            || self.session.has_records()
            || self.ahead.is_some()
            || budget.times.transaction.is_some()
        {
            return None;
        }
        let hash = self.session.shareable(&self.client.inbox, self.shared.max_message)?;
        (budget.pipeline.suits(hash) && self.session.admit_early(now)).then_some(hash)
    }

    /// Has the cycle carried out beside others of the tenant. Where that cannot be, it is left as it was, with a connection of its own: says
    /// which it is.
    pub(super) async fn share(&mut self, hash: u64) -> Result<bool, Ending> {
        let pipeline = Arc::clone(&self.budget.pipeline);
        let work = self.work(&pipeline)?;
        let got = match pipeline.join(work) {
            Ok(got) => got,
            Err(work) => {
                self.take_back(*work);
                return self.open(&pipeline, hash).await;
            }
        };
        self.shared_answer(&pipeline, hash, got).await
    }

    /// Takes a server connection, and opens the pipeline on it if others of the tenant have some too.
    async fn open(&mut self, pipeline: &Arc<Pipeline>, hash: u64) -> Result<bool, Ending> {
        self.check_out().await?;
        let several = pipeline.is_wanted(&self.budget.share) && self.shared.settings.load().upstream.shared_reads;
        // What came while it waited may have made more than one cycle of it.
        let still = self.session.shareable(&self.client.inbox, self.shared.max_message) == Some(hash);
        let Some(checkout) = self.checkout.take_if(|_| several && still) else { return Ok(false) };
        // A cancel request that has been let through follows the connection: then it is not for others.
        if !self.entry.slot.part() {
            self.checkout = Some(checkout);
            return Ok(false);
        }
        self.tally.release();
        let work = self.work(pipeline)?;
        match pipeline.open(checkout, work) {
            Ok(got) => self.shared_answer(pipeline, hash, got).await,
            Err(refused) => {
                let (checkout, work) = *refused;
                self.take_back(work);
                self.entry.slot.hold(checkout.key().cloned());
                self.tally.holds = Some(Instant::now());
                self.checkout = Some(checkout);
                Ok(false)
            }
        }
    }

    /// The session and its cycle; a session of the same identity, which has done nothing, stands in its place meanwhile.
    fn work(&mut self, pipeline: &Arc<Pipeline>) -> Result<Work, Ending> {
        let substitute = match self.substitute.take() {
            Some(substitute) => substitute,
            None => {
                let rewriter = self.session.rewriter();
                let denied = |refusal: Refusal| Ending::Denied(SqlState::ADMIN_SHUTDOWN, refusal.message);
                let scope = rewriter.scope(&self.identity).map_err(denied)?;
                Box::new(Session::new(Arc::clone(rewriter), scope, None, Settings::default(), Vec::new()))
            }
        };
        let ticket = match self.ticket.take().filter(|ticket| ticket.is_fresh(pipeline)) {
            Some(ticket) => ticket,
            None => Ticket::new(pipeline),
        };
        self.ticket = Some(Arc::clone(&ticket));
        Ok(Work {
            session: std::mem::replace(&mut self.session, substitute),
            inbox: std::mem::take(&mut self.client.inbox),
            outbox: std::mem::take(&mut self.client.outbox),
            ticket,
            limit: self.shared.max_message,
            now: self.shared.start.elapsed(),
        })
    }

    fn take_back(&mut self, work: Work) {
        let Work { session, mut inbox, outbox, ticket: _, limit: _, now: _ } = work;
        self.substitute = Some(std::mem::replace(&mut self.session, session));
        inbox.extend_from_slice(&self.client.inbox);
        self.client.inbox = inbox;
        self.client.outbox = outbox;
    }

    /// Waits for the answer, and deals with it as if the server had given it here.
    async fn shared_answer(&mut self, pipeline: &Arc<Pipeline>, hash: u64, mut got: Got) -> Result<bool, Ending> {
        self.tally.holds = Some(Instant::now());
        self.tally.works(true);
        let waited = self.wait_for_answer(&mut got).await;
        let canceled = self.entry.slot.release();
        self.tally.release();
        let (work, outcome) = waited?;
        let (cycle, first) = (work.inbox.len(), work.inbox.first().copied());
        self.take_back(work);
        match outcome {
            Outcome::Done => {}
            Outcome::Untouched | Outcome::TooLong if canceled => return self.answer_instead(&Trouble::Canceled).map(|()| false),
            Outcome::TooLong => {
                pipeline.avoid(hash);
                return self.check_out().await.map(|()| false);
            }
            Outcome::Untouched => return self.check_out().await.map(|()| false),
            Outcome::Broken(broken) => return Err(broken.into()),
        }
        let ended = self.session.ended();
        self.shared.metrics.shared_reads.inc();
        self.tally.assignments += 1;
        self.tally.transactions += 1;
        self.tally.client_parses += u64::from(first == Some(b'P'));
        self.tally.binds += u64::from(first != Some(b'Q'));
        self.ended = ended;
        self.client.inbox.advance(cycle);
        // Of one row there is nothing left that could be spared.
        let _in_vain: bool = self.session.take_vain();
        let (rows, elapsed) = (self.session.take_rows(), self.shared.start.elapsed());
        let bytes = self.budget.pace.as_ref().map(|pace| pace.spend(self.client.outbox.len(), elapsed));
        let rows = self.budget.row_pace.as_ref().map(|pace| pace.spend(usize::try_from(rows).unwrap_or(usize::MAX), elapsed));
        bytes.into_iter().chain(rows).for_each(|wait| self.get_ahead(wait));
        Ok(true)
    }

    /// Waits for as long as the client may; one whose time is up gives its cycle up, and is answered all the same.
    async fn wait_for_answer(&mut self, got: &mut Got) -> Result<(Work, Outcome), Ending> {
        let Self { client, entry, tally, ticket, timer, budget, .. } = self;
        let slot: &Slot = &entry.slot;
        let ticket = ticket.as_ref();
        let mut limit = budget.times.statement.map(|limit| {
            let at = (Instant::now() + limit).into();
            let timer = timer.get_or_insert_with(|| Box::pin(sleep_until(at)));
            timer.as_mut().reset(at);
            timer.as_mut()
        });
        let mut gone = false;
        poll_fn(|cx: &mut Context<'_>| {
            if let Poll::Ready(got) = Pin::new(&mut *got).poll(cx) {
                return Poll::Ready(got.map_err(|_lost| Ending::ServerLost));
            }
            if let Some(ticket) = ticket {
                slot.share(Arc::clone(ticket), cx.waker());
            }
            if let Some(ending) = slot.ending() {
                ticket.iter().for_each(|ticket| ticket.cancel());
                return Poll::Ready(Err(ending));
            }
            while !gone
                && client.inbox.len() < READ_AHEAD
                && client.stream.socket().poll_read_ready(cx).is_ready()
                && let Poll::Ready(n) = client.stream.poll_fill(&mut client.inbox, CLIENT_READ, cx)
            {
                let n = n.unwrap_or(0);
                gone = n == 0;
                tally.received += u64::try_from(n).unwrap_or(0);
            }
            let late = limit.as_mut().is_some_and(|limit| limit.as_mut().poll(cx).is_ready());
            // What nobody waits for any more ends soon by itself.
            if late {
                limit = None;
                ticket.iter().for_each(|ticket| ticket.cancel());
            }
            Poll::Pending
        })
        .await
    }
}
