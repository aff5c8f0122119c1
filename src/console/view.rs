//! What there is to show, as it was at one moment. It does not collect it: `proxy` does.

use crate::audit::Refused;
use crate::config::{Plan, Settings};
use crate::http::metrics::{CacheTotals, Counts};
use crate::limits::Line;
use crate::upstream::Figures;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

/// Everything that a table may show.
#[derive(Debug)]
pub struct View {
    /// The settings in use.
    pub settings: Arc<Settings>,
    /// The pool.
    pub pool: Figures,
    /// The clients that are logged in, those of the console among them.
    pub clients: Vec<ClientLine>,
    /// All connections of clients, those that are not logged in among them.
    pub connections: u64,
    /// Since the start.
    pub totals: Counts,
    /// What [`Self::totals`] were at two moments, and the time between them.
    pub period: (Counts, Counts, Duration),
    /// The names of those who may log in, in order.
    pub users: Vec<Arc<str>>,
    /// The tenants.
    pub tenants: Vec<TenantLine>,
    /// What was refused.
    pub refused: Vec<Refused>,
    /// The cache of plans.
    pub cache: CacheTotals,
    /// Bytes of memory that the process holds; `None` where the system does not tell.
    pub resident: Option<u64>,
}

/// What a client does just now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// It holds a server connection.
    Active,
    /// It holds none.
    Idle,
    /// It has waited for one for so long.
    Waiting(Duration),
}

/// One client.
#[derive(Debug)]
pub struct ClientLine {
    /// Its number.
    pub number: u64,
    /// Its user.
    pub user: Arc<str>,
    /// Its tenant.
    pub tenant: Option<Arc<str>>,
    /// It uses the console.
    pub operates: bool,
    /// What it does.
    pub phase: Phase,
    /// Where it connected to, and from where.
    pub address: Option<(SocketAddr, SocketAddr)>,
    /// Whether it is encrypted.
    pub tls: bool,
    /// When it connected.
    pub since: SystemTime,
    /// When it last sent something.
    pub asked: SystemTime,
    /// The server's process that works for it.
    pub server: Option<i32>,
    /// What it calls itself.
    pub application_name: Box<str>,
}

/// One tenant.
#[derive(Debug)]
pub struct TenantLine {
    /// Its name.
    pub name: Arc<str>,
    /// Its plan's name.
    pub plan: Option<Arc<str>>,
    /// How it stands: ok, near limit, over, failing.
    pub health: &'static str,
    /// Its quotas.
    pub quotas: Vec<Line>,
    /// What it is limited to: by its plan, and by what is named for it alone.
    pub limits: Plan,
    /// Server connections that it holds.
    pub held: usize,
    /// Clients of it that wait for one.
    pub waiting: usize,
    /// How many users it has.
    pub users: usize,
    /// Where it is in its life.
    pub state: &'static str,
}
