//! Serves the console: relays its messages, collects what it shows, and carries out what it is told.
//! It does not read commands: [`crate::console`] does.

use super::Shared;
use super::client::{Client, Ending};
use super::login::Operator;
use super::registry::{Phase, Slot};
use crate::audit::{Event, Kind};
use crate::config::Settings;
use crate::console::{self, Answer, ClientLine, Command, Session, Taken, Target, TenantLine, Verb, View};
use crate::error::{Refusal, Rule, SqlState};
use crate::http::metrics::{CacheTotals, Counts};
use crate::tenants::{Registry, Status};
use crate::wire::frontend;
use bytes::Buf;
use std::collections::{BTreeMap, BTreeSet};
use std::future::{Future, poll_fn};
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::Poll;
use std::time::{Duration, Instant, SystemTime};
use tokio::io::AsyncReadExt;
use tokio::sync::oneshot;

/// Largest message, bytes: commands are short.
const LIMIT: usize = 64 * 1024;

/// Serves a user of the console until it goes.
pub(super) async fn serve(client: &mut Client, operator: Operator, shared: &Shared, address: SocketAddr) -> Ending {
    let slot = Arc::clone(&operator.entry.slot);
    let mut console = Console { client, session: Session::new(operator.role), operator, shared, address };
    let ending = loop {
        if let Err(ending) = console.take().await {
            break ending;
        }
        let read = console.client.stream.read_buf(&mut console.client.inbox);
        tokio::select! {
            read = read => match read {
                Ok(0) => break Ending::Gone,
                Ok(_) => {}
                Err(error) => break error.into(),
            },
            () = slot.wake.notified() => {}
        }
        if let Some(ending) = slot.ending() {
            break ending;
        }
        if slot.phase() != Phase::Serving {
            break Ending::Shutdown;
        }
        if let Some(login) = slot.renewed() {
            match login.console {
                Some(role) => console.session.adopt(role),
                None => break Ending::dismissed("the user may not use the console any more"),
            }
        }
    };
    if matches!(ending, Ending::Audit) {
        // What waits may be the answer that could not be recorded.
        client.outbox.clear();
    }
    let limit = shared.farewell;
    if let Some((code, message)) = ending.farewell() {
        match tokio::time::timeout(limit, client.fatal(code, &message)).await {
            Ok(_) | Err(_) => {}
        }
    }
    ending
}

struct Console<'a> {
    client: &'a mut Client,
    session: Session,
    operator: Operator,
    shared: &'a Shared,
    address: SocketAddr,
}

impl Console<'_> {
    /// Writes what waits, and deals with what came.
    async fn take(&mut self) -> Result<(), Ending> {
        self.client.flush().await?;
        while let Some(frame) = frontend::next(&self.client.inbox, LIMIT)? {
            let taken = self.session.on_client(&frame, &mut self.client.outbox)?;
            let total = frame.whole.len();
            self.client.inbox.advance(total);
            while let Some(command) = self.session.next(&mut self.client.outbox) {
                match command {
                    Ok(command) => {
                        let done = self.run(&command).await?;
                        self.session.answer(&command, done, &mut self.client.outbox);
                    }
                    Err((command, refusal)) => {
                        self.shared.metrics.refusals(refusal.rule).inc();
                        self.record(Event { statement: Some(shown(&command)), ..Event::refusal(&refusal) }).await?;
                    }
                }
            }
            self.client.flush().await?;
            if taken == Taken::Ended {
                return Err(Ending::Gone);
            }
        }
        Ok(())
    }

    async fn run(&mut self, command: &Command) -> Result<Result<Answer, Refusal>, Ending> {
        match command {
            Command::Show(show) => Ok(Ok(console::show(*show, &self.view()))),
            Command::Change(verb) => {
                // What cannot be recorded is not done.
                self.record(Event { statement: Some(verb.to_string()), ..event(verb) }).await?;
                tracing::info!(user = %self.operator.user, command = %verb, "the console is told");
                self.change(verb).await
            }
        }
    }

    /// Carries out what changes something. What was to be recorded is.
    async fn change(&mut self, verb: &Verb) -> Result<Result<Answer, Refusal>, Ending> {
        let shared = self.shared;
        let done = match verb {
            Verb::Pause(target) => match self.served(target) {
                Ok(()) => return self.pause().await,
                Err(refusal) => Err(refusal),
            },
            Verb::Reload => self.reload().await,
            Verb::Resume(target) => self.served(target).and_then(|()| match shared.pool.resume() {
                true => Ok(()),
                false => Err(unfit("the database is not paused")),
            }),
            Verb::Reconnect(target) => self.served(target).map(|()| shared.pool.retire()),
            Verb::Kill(target) => self.served(target).map(|()| {
                // New statements wait until RESUME, as PgBouncer has it.
                shared.pool.pause();
                shared.clients.tell_those(Phase::Ending, |slot| !slot.who.operates);
            }),
            Verb::KillClient(id) => match shared.clients.tell_those(Phase::Ending, |slot| slot.number == *id) {
                0 => Err(Refusal::new(SqlState::UNDEFINED_OBJECT, Rule::Statement, format!("there is no client {id}"))),
                _told => Ok(()),
            },
            Verb::SuspendTenant(name) => self.tenant(name).and_then(|tenant| {
                if !shared.suspended.add(&tenant) {
                    return Err(unfit("the tenant is suspended already"));
                }
                shared.clients.dismiss(&tenant, "the tenant is suspended");
                Ok(())
            }),
            Verb::ResumeTenant(name) => match shared.suspended.remove(name) {
                true => Ok(()),
                false => Err(unfit("no tenant of this name is suspended")),
            },
        };
        Ok(done.map(|()| Answer::Done))
    }

    /// Waits until no server connection is left. A client that cancels, or goes, takes its pause back.
    async fn pause(&mut self) -> Result<Result<Answer, Refusal>, Ending> {
        if !self.shared.pool.pause() {
            return Ok(Err(unfit("the database is paused already")));
        }
        let (client, slot) = (&mut *self.client, &self.operator.entry.slot);
        let ended = {
            let mut paused = pin!(self.shared.pool.paused());
            poll_fn(|cx| {
                if let Poll::Ready(paused) = paused.as_mut().poll(cx) {
                    return Poll::Ready(Ok(Some(paused)));
                }
                if slot.wait(cx.waker()) {
                    return Poll::Ready(Ok(None));
                }
                if let Some(ending) = slot.ending() {
                    return Poll::Ready(Err(ending));
                }
                while client.inbox.len() < LIMIT
                    && let Poll::Ready(n) = pin!(client.stream.read_buf(&mut client.inbox)).poll(cx)
                {
                    if n? == 0 {
                        return Poll::Ready(Err(Ending::Gone));
                    }
                }
                Poll::Pending
            })
            .await
        };
        slot.release();
        match ended {
            Ok(Some(true)) => Ok(Ok(Answer::Done)),
            Ok(Some(false)) => Ok(Err(unfit("the pause was ended by somebody else"))),
            Ok(None) => {
                self.shared.pool.resume();
                let message = "canceling PAUSE due to user request: the database is not paused";
                Ok(Err(Refusal::new(SqlState::QUERY_CANCELED, Rule::Statement, message)))
            }
            Err(ending) => {
                self.shared.pool.resume();
                Err(ending)
            }
        }
    }

    async fn reload(&self) -> Result<(), Refusal> {
        let absent =
            || Refusal::new(SqlState::FEATURE_NOT_SUPPORTED, Rule::Statement, "there is no configuration file to reload");
        let (answer, answered) = oneshot::channel();
        self.shared.reload.as_ref().ok_or_else(absent)?.send(answer).await.map_err(|_| absent())?;
        match answered.await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(reason)) => {
                let message = "the new configuration cannot be used; the old one stays";
                Err(Refusal::new(SqlState::CONFIG_FILE_ERROR, Rule::Statement, message).with_hint(reason))
            }
            Err(_) => Err(absent()),
        }
    }

    /// The tenant of this name.
    fn tenant(&self, name: &str) -> Result<Arc<str>, Refusal> {
        let tenants = self.tenants(&self.shared.settings.load(), &self.shared.registry.load());
        tenants.into_iter().find(|tenant| *tenant.name == *name).map(|tenant| tenant.name).ok_or_else(|| {
            let message = format!("there is no tenant {name}");
            Refusal::new(SqlState::UNDEFINED_OBJECT, Rule::Statement, message).with_hint("SHOW TENANTS lists them.")
        })
    }

    /// Refuses another database than the one that is served.
    fn served(&self, target: &Target) -> Result<(), Refusal> {
        let settings = self.shared.settings.load();
        match target.as_deref() {
            Some(name) if name != settings.upstream.database => {
                let message = format!("no such database: {name}");
                Err(Refusal::new(SqlState::INVALID_CATALOG_NAME, Rule::Statement, message))
            }
            Some(_) | None => Ok(()),
        }
    }

    /// The tenants of the configuration and of the registry.
    fn tenants(&self, settings: &Settings, registry: &Registry) -> Vec<TenantLine> {
        let snapshot = registry.snapshot();
        let configured = |name: &str| settings.tenants.get(name).map(|tenant| (tenant, Status::Active));
        let enrolled = |name: &str| snapshot?.tenants.get(name).map(|enrolled| (&enrolled.tenant, enrolled.status));
        let budgets = registry.budgets();
        let mut users: BTreeMap<&str, usize> = BTreeMap::new();
        for tenant in registry.logins().flat_map(|login| login.tenants()) {
            *users.entry(tenant).or_default() += 1;
        }
        let line = |name: &String| {
            let (tenant, status) = configured(name).or_else(|| enrolled(name))?;
            let budget = budgets.get(name.as_str());
            let share = budget.map(|b| &b.share);
            let health = self.shared.usage.health(name, budget.copied());
            let suspended = self.shared.suspended.contains(name);
            Some(TenantLine {
                name: Arc::clone(&tenant.name),
                plan: tenant.plan.clone(),
                health: health.words,
                quotas: health.lines,
                limits: budget.map(|b| b.plan.clone()).unwrap_or_default(),
                held: share.map_or(0, |share| share.held()),
                waiting: share.map_or(0, |share| share.waiting()),
                users: users.get(name.as_str()).copied().unwrap_or(0),
                state: if suspended { Status::Suspended } else { status }.as_str(),
            })
        };
        let names: BTreeSet<&String> =
            settings.tenants.keys().chain(snapshot.into_iter().flat_map(|s| s.tenants.keys())).collect();
        names.into_iter().filter_map(line).collect()
    }

    fn view(&self) -> View {
        let shared = self.shared;
        let (now, clock) = (shared.start.elapsed(), SystemTime::now());
        let at = |micros: u64| clock.checked_sub(now.saturating_sub(Duration::from_micros(micros))).unwrap_or(clock);
        let client = |slot: &Slot| {
            let (waits, server) = (slot.waits.load(Ordering::Relaxed), slot.server());
            ClientLine {
                number: slot.number,
                user: Arc::clone(&slot.who.user),
                tenant: slot.tenant(),
                operates: slot.who.operates,
                phase: match (waits, server) {
                    (0, None) => console::Phase::Idle,
                    (0, Some(_)) => console::Phase::Active,
                    (since, _) => console::Phase::Waiting(now.saturating_sub(Duration::from_micros(since))),
                },
                address: slot.who.address,
                tls: slot.who.tls,
                since: slot.since,
                asked: match slot.asked.load(Ordering::Relaxed) {
                    0 => slot.since,
                    micros => at(micros),
                },
                server,
                application_name: slot.who.application_name.clone(),
            }
        };
        let mut clients = shared.clients.list(client);
        clients.sort_by_key(|client| client.number);
        let settings = shared.settings.load_full();
        let registry = shared.registry.load();
        let mut users: Vec<_> = registry.logins().map(|login| Arc::clone(&login.identity.user)).collect();
        users.sort_unstable();
        let totals = shared.metrics.counts();
        let cache = shared.rewriters.load().counters();
        View {
            pool: shared.pool.figures(),
            clients,
            connections: u64::try_from(shared.metrics.clients.get()).unwrap_or(0),
            totals,
            period: shared.period.of(totals),
            users,
            tenants: self.tenants(&settings, &registry),
            refused: shared.audit.refused(),
            cache: CacheTotals { text_hits: cache.text_hits, shape_hits: cache.shape_hits, misses: cache.misses },
            resident: resident(),
            settings,
        }
    }

    async fn record(&self, event: Event) -> Result<(), Ending> {
        let event = Event { user: Some(Arc::clone(&self.operator.user)), client: Some(self.address), ..event };
        match self.shared.audit.record(event).await {
            Ok(()) => {
                self.shared.metrics.audit_records.inc();
                Ok(())
            }
            Err(trouble) => {
                self.shared.metrics.audit_failed.inc();
                tracing::error!(%trouble, "a command of the console could not be recorded: it is not carried out");
                Err(Ending::Audit)
            }
        }
    }
}

/// What the audit log is told of a command.
fn shown(command: &Command) -> String {
    match command {
        Command::Show(_) => "SHOW".to_owned(),
        Command::Change(verb) => verb.to_string(),
    }
}

/// What kind of event a verb is, and of which tenant.
fn event(verb: &Verb) -> Event {
    let (kind, tenant) = match verb {
        Verb::SuspendTenant(name) => (Kind::Suspend, Some(Arc::from(&**name))),
        Verb::ResumeTenant(name) => (Kind::Resume, Some(Arc::from(&**name))),
        Verb::Reload | Verb::Pause(_) | Verb::Resume(_) | Verb::Reconnect(_) | Verb::Kill(_) | Verb::KillClient(_) => {
            (Kind::Console, None)
        }
    };
    Event { tenant, ..Event::new(kind) }
}

fn unfit(message: &str) -> Refusal {
    Refusal::new(SqlState::OBJECT_NOT_IN_PREREQUISITE_STATE, Rule::Statement, message)
}

/// Bytes of memory that the process holds, where the system tells.
fn resident() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    Some(line.trim().strip_suffix(" kB")?.parse::<u64>().ok()? * 1024)
}

/// How long a period of averages is, as PgBouncer's `stats_period`.
const PERIOD: Duration = Duration::from_secs(60);

/// What was counted at the ends of the last two periods, of which the averages are.
#[derive(Debug)]
pub(super) struct Period(Mutex<Ends>);

/// The end of the period before, and of the last one when there was one.
#[derive(Clone, Copy, Debug)]
struct Ends {
    before: (Instant, Counts),
    last: Option<(Instant, Counts)>,
}

impl Period {
    pub(super) fn new(counts: Counts) -> Self {
        Self(Mutex::new(Ends { before: (Instant::now(), counts), last: None }))
    }

    /// The counts at both ends of the last period, and its length. Until one has ended it is the time since the start.
    fn of(&self, now: Counts) -> (Counts, Counts, Duration) {
        let Ends { before, last } = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (at, counts) = last.unwrap_or_else(|| (Instant::now(), now));
        (before.1, counts, at.saturating_duration_since(before.0))
    }

    fn end(&self, now: Counts) {
        let mut ends = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let before = ends.last.unwrap_or(ends.before);
        *ends = Ends { before, last: Some((Instant::now(), now)) };
    }
}

/// Ends one period after another, for as long as the proxy runs.
pub(super) async fn watch(shared: Arc<Shared>) {
    loop {
        tokio::time::sleep(PERIOD).await;
        shared.period.end(shared.metrics.counts());
    }
}
