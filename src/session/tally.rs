//! Counts the rows that a statement changes where its command tag does not tell: by what PostgreSQL has counted in the transaction, asked
//! before and after. It does not say which statements those are: the rewriter does.

use super::backend::{Effect, Pending};
use super::outbox::Part;
use super::{Backend, Broken, Session};
use crate::limits::Metric;
use crate::rewrite::{Cleared, Key, Told};
use crate::wire::Frame;
use crate::wire::backend;
use crate::wire::request::Oversize;
use std::sync::{Arc, LazyLock};

/// How many rows of tables that are not the server's own were changed in this transaction, and perhaps in some that ended a moment before:
/// it is the difference that counts (manual, section 28.2.20). A row that an UPDATE moves to another partition is two of them, and those
/// of cascades and triggers are among them. With `track_counts` off there are none.
pub(super) const SQL: &str = "SELECT sum(pg_catalog.pg_stat_get_xact_tuples_inserted(oid) + pg_catalog.pg_stat_get_xact_tuples_updated(oid) \
    + pg_catalog.pg_stat_get_xact_tuples_deleted(oid)) FROM pg_catalog.pg_class WHERE relkind = 'r' AND oid >= 16384";

/// The server's prepared statement.
static KEY: LazyLock<Arc<Key>> = LazyLock::new(|| Arc::new(Key::new(SQL.into(), Box::default())));

impl Session {
    /// Whether what a statement changes is to be asked for when it is sent as a simple query.
    pub(super) fn is_tallied(&self, cleared: &Cleared) -> bool {
        self.meter.is_some() && cleared.told() == Told::Nowhere
    }

    /// The same when a portal is run for so many rows (0: all of them). Of one that was run for some, the tag tells of the last ones only.
    pub(super) fn is_portal_tallied(&mut self, name: &str, rows: i32) -> bool {
        let Some(portal) = self.portals.get_mut(name) else { return false };
        portal.begun = true;
        portal.limited |= rows > 0;
        let untold = match portal.told {
            Told::InTag => false,
            Told::AtEnd => portal.limited,
            Told::Nowhere => true,
        };
        untold && self.meter.is_some()
    }

    /// A row of such a question's. The first says what there was before.
    pub(super) fn tallied(&mut self, frame: &Frame<'_>) -> Result<(), Broken> {
        let count = backend::one_count(frame.body).map_err(Broken::Server)?;
        match self.tally.take() {
            None => self.tally = Some(count),
            Some(before) => {
                if let Some(meter) = &self.meter {
                    meter.add(Metric::RowsWritten, count.saturating_sub(before));
                }
            }
        }
        Ok(())
    }
}

impl Backend {
    /// Asks, amid extended messages. The portal is one that no client can name.
    pub(super) fn tally(&mut self) -> Result<(), Oversize> {
        let name = self.ensure(&KEY, Part::Own(SQL))?;
        self.outbox.bind_own(&name, &name)?;
        self.pending.push_back(Pending::Bind { relay: false, place: None, undo: None });
        self.outbox.execute(name.as_bytes(), 0)?;
        self.outbox.close_portal(name.as_bytes())?;
        self.pending.push_back(Pending::Tally);
        self.unsynced = true;
        Ok(())
    }

    /// Whether the server answers such a question amid a simple query.
    pub(super) fn is_tallying(&self) -> bool {
        matches!(self.effects.front(), Some(Effect::Tally))
    }
}
