//! COPY data on its way in: decoded piece by piece, and written anew with the own tenant's value in the tenant column. What is written is
//! text or binary data in PostgreSQL's own defaults, whatever the client sends. It does not know frames or who sends.

use super::binary::Binary;
use super::fields::{self, Fields};
use super::lines::Lines;
use super::options::{Format, Header, Options};
use crate::error::{Refusal, Rule, SqlState};
use crate::policy::TenantValue;
use std::sync::Arc;

/// What a COPY FROM STDIN fills. The server is told to expect the tenant column first where the client does not send it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// The relation's name, for refusals.
    pub relation: String,
    /// The columns that the client sends, in order.
    pub columns: Vec<String>,
    /// Which of them is the tenant column; `None` where it is added.
    pub tenant: Option<usize>,
    /// Which of the tenant's values it holds.
    pub slot: usize,
    /// The columns of the levels that the user is limited in, by their places among those sent, and the slots of the user's nodes.
    pub nodes: Vec<(usize, usize)>,
    /// How the client writes.
    pub options: Options,
}

/// Why data cannot be taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// PostgreSQL would have said this too.
    Wrong {
        /// The SQLSTATE.
        code: SqlState,
        /// What is wrong.
        message: String,
        /// What to do.
        hint: Option<String>,
    },
    /// Refused: to be recorded.
    Refused(Refusal),
}

impl Trouble {
    pub(super) fn format(message: &str, hint: Option<String>) -> Self {
        Self::Wrong { code: SqlState::BAD_COPY_FILE_FORMAT, message: message.to_owned(), hint }
    }
}

impl Target {
    /// Whether the data is binary.
    #[must_use]
    pub fn is_binary(&self) -> bool {
        self.options.format == Format::Binary
    }

    pub(super) fn foreign(&self) -> Trouble {
        let relation = &self.relation;
        let message = format!("the tenant column of relation \"{relation}\" must hold the own tenant's value");
        Trouble::Refused(
            Refusal::new(SqlState::INSUFFICIENT_PRIVILEGE, Rule::TenantColumn, message)
                .with_hint("Leave the column out of COPY's column list: pgmoat fills it in.")
                .about(relation),
        )
    }

    pub(super) fn foreign_node(&self) -> Trouble {
        let relation = &self.relation;
        let message = format!("the row of relation \"{relation}\" must belong to one of the user's own nodes");
        Trouble::Refused(
            Refusal::new(SqlState::INSUFFICIENT_PRIVILEGE, Rule::TenantColumn, message)
                .with_hint("The user is limited to some nodes: each row must name one of them.")
                .about(relation),
        )
    }
}

/// A column that must hold one of the user's nodes: its place among those sent, and the nodes.
pub type Limit = (usize, TenantValue);

/// One COPY FROM STDIN under way.
#[derive(Debug)]
pub struct Incoming {
    data: Data,
}

#[derive(Debug)]
enum Data {
    Lines(Lines, Rows),
    Binary(Binary),
}

impl Incoming {
    /// From its beginning, for who has these values, by slot; `None` where one of those that the target asks for is not there.
    #[must_use]
    pub fn new(target: Arc<Target>, values: &[TenantValue]) -> Option<Self> {
        let own = values.get(target.slot)?.clone();
        let limit = |(place, slot): &(usize, usize)| Some((*place, values.get(*slot)?.clone()));
        let limits: Vec<Limit> = target.nodes.iter().map(limit).collect::<Option<_>>()?;
        let data = match target.options.format {
            Format::Text => Data::Lines(Lines::new(None), Rows::new(target, own, limits)),
            Format::Csv => Data::Lines(Lines::new(Some(target.options.quote_and_escape())), Rows::new(target, own, limits)),
            Format::Binary => Data::Binary(Binary::new(target, own, limits)),
        };
        Some(Self { data })
    }

    /// Takes a piece of data and appends what the server is to get.
    ///
    /// # Errors
    /// [`Trouble`]: then the COPY must fail as a whole.
    pub fn feed(&mut self, bytes: &[u8], out: &mut Vec<u8>) -> Result<(), Trouble> {
        match &mut self.data {
            Data::Lines(lines, rows) => lines.feed(bytes, &mut |line| rows.line(line, out)),
            Data::Binary(binary) => binary.feed(bytes, out),
        }
    }

    /// The client has sent all.
    ///
    /// # Errors
    /// [`Trouble`]: then the COPY must fail as a whole.
    pub fn finish(&mut self, out: &mut Vec<u8>) -> Result<(), Trouble> {
        match &mut self.data {
            Data::Lines(lines, rows) => lines.finish(&mut |line| rows.line(line, out)),
            Data::Binary(binary) => binary.finish(out),
        }
    }
}

/// Lines to rows.
#[derive(Debug)]
struct Rows {
    target: Arc<Target>,
    own: TenantValue,
    /// The own value as text data.
    written: Vec<u8>,
    limits: Vec<Limit>,
    force_not_null: Vec<usize>,
    force_null: Vec<usize>,
    header: Header,
    /// Whether a line may be sent as it came: see [`fields::are_plain`].
    plain: bool,
    fields: Fields,
}

impl Rows {
    fn new(target: Arc<Target>, own: TenantValue, limits: Vec<Limit>) -> Self {
        let mut written = Vec::new();
        fields::write(Some(own.text.as_bytes()), &mut written);
        let places = |names: &[String]| {
            let listed = |(i, c): (usize, &String)| names.contains(c).then_some(i);
            target.columns.iter().enumerate().filter_map(listed).collect()
        };
        let (force_not_null, force_null) = (places(&target.options.force_not_null), places(&target.options.force_null));
        let header = target.options.header;
        let plain = target.options.are_those_of_the_server() && limits.is_empty();
        Self { target, own, written, limits, force_not_null, force_null, header, plain, fields: Fields::default() }
    }

    fn line(&mut self, line: &[u8], out: &mut Vec<u8>) -> Result<(), Trouble> {
        match std::mem::take(&mut self.header) {
            Header::None => {}
            Header::Skipped => return Ok(()),
            Header::Match => {
                self.fields.read(line, &self.target.options)?;
                return self.names();
            }
        }
        if self.plain && fields::are_plain(line) && self.pass(line, out) {
            return Ok(());
        }
        self.fields.read(line, &self.target.options)?;
        self.force();
        self.limit()?;
        let Some(tenant) = self.target.tenant else {
            out.extend_from_slice(&self.written);
            out.push(b'\t');
            self.write(None, out);
            return Ok(());
        };
        if let Some(given) = self.fields.get(tenant) {
            let given = given.and_then(|g| std::str::from_utf8(g).map_or(None, |g| self.own.kind.canonical(g)));
            if given.as_deref() != Some(&*self.own.text) {
                return Err(self.target.foreign());
            }
        }
        // A row that is too short for the tenant column is the server's to refuse.
        self.write(Some(tenant), out);
        Ok(())
    }

    /// Sends a line on that would be written anew as it is; not so where it has another way to write the own value.
    fn pass(&self, line: &[u8], out: &mut Vec<u8>) -> bool {
        match self.target.tenant {
            None => {
                out.extend_from_slice(&self.written);
                out.push(b'\t');
            }
            Some(place) if line.split(|b| *b == b'\t').nth(place) == Some(&self.written) => {}
            Some(_) => return false,
        }
        out.extend_from_slice(line);
        out.push(b'\n');
        true
    }

    /// The columns of levels hold own nodes, as the server will read them: what is sent on is the value that was looked at.
    fn limit(&mut self) -> Result<(), Trouble> {
        for (place, nodes) in &self.limits {
            // A row that is too short for the column is the server's to refuse.
            let Some(given) = self.fields.get(*place) else { continue };
            let given = given.and_then(|g| std::str::from_utf8(g).map_or(None, |g| nodes.kind.canonical(g)));
            let Some(given) = given.filter(|g| nodes.holds(g)) else { return Err(self.target.foreign_node()) };
            self.fields.set(*place, given.as_bytes());
        }
        Ok(())
    }

    /// FORCE_NOT_NULL and FORCE_NULL.
    fn force(&mut self) {
        if self.force_not_null.is_empty() && self.force_null.is_empty() {
            return;
        }
        let null = self.target.options.null().as_bytes();
        for i in 0..self.fields.len() {
            // One or the other: what FORCE_NOT_NULL has made of a NULL stays.
            if self.fields.get(i) == Some(None) {
                if self.force_not_null.contains(&i) {
                    self.fields.set(i, null);
                }
            } else if self.fields.get(i) == Some(Some(null)) && self.force_null.contains(&i) {
                self.fields.clear(i);
            }
        }
    }

    fn write(&self, tenant: Option<usize>, out: &mut Vec<u8>) {
        for i in 0..self.fields.len() {
            if i > 0 {
                out.push(b'\t');
            }
            if tenant == Some(i) {
                out.extend_from_slice(&self.written);
            } else {
                fields::write(self.fields.get(i).flatten(), out);
            }
        }
        out.push(b'\n');
    }

    /// HEADER MATCH.
    fn names(&self) -> Result<(), Trouble> {
        let (count, expected) = (self.fields.len(), self.target.columns.len());
        if count != expected {
            let message = format!("wrong number of fields in header line: got {count}, expected {expected}");
            return Err(Trouble::format(&message, None));
        }
        for (i, column) in self.target.columns.iter().enumerate() {
            let got = match self.fields.get(i).flatten() {
                Some(name) if name == column.as_bytes() => continue,
                Some(name) => format!("got \"{}\"", String::from_utf8_lossy(name)),
                None => format!("got null value (\"{}\")", self.target.options.null()),
            };
            let message = format!("column name mismatch in header line field {}: {got}, expected \"{column}\"", i + 1);
            return Err(Trouble::format(&message, None));
        }
        Ok(())
    }
}
