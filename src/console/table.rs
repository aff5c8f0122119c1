//! A table that the console shows: its columns with their types, its rows, and both as messages. It does not know what is in it.

use crate::wire::answer;

/// A column's type: those that PgBouncer uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Text,
    Int,
    Big,
    Numeric,
}

/// A column.
#[derive(Clone, Copy, Debug)]
pub(super) struct Column {
    name: &'static str,
    kind: Kind,
}

pub(super) const fn text(name: &'static str) -> Column {
    Column { name, kind: Kind::Text }
}

pub(super) const fn int(name: &'static str) -> Column {
    Column { name, kind: Kind::Int }
}

pub(super) const fn big(name: &'static str) -> Column {
    Column { name, kind: Kind::Big }
}

pub(super) const fn numeric(name: &'static str) -> Column {
    Column { name, kind: Kind::Numeric }
}

/// What stands in a column of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Cell {
    Null,
    Text(String),
    Number(u64),
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<u64> for Cell {
    fn from(number: u64) -> Self {
        Self::Number(number)
    }
}

impl From<u32> for Cell {
    fn from(number: u32) -> Self {
        Self::Number(number.into())
    }
}

impl From<u16> for Cell {
    fn from(number: u16) -> Self {
        Self::Number(number.into())
    }
}

impl From<bool> for Cell {
    fn from(yes: bool) -> Self {
        Self::Number(yes.into())
    }
}

impl From<usize> for Cell {
    fn from(number: usize) -> Self {
        Self::Number(u64::try_from(number).unwrap_or(u64::MAX))
    }
}

impl<T: Into<Self>> From<Option<T>> for Cell {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

/// A table.
#[derive(Debug)]
pub struct Table {
    pub(super) columns: &'static [Column],
    pub(super) rows: Vec<Vec<Cell>>,
}

/// RowDescription of a table's columns.
pub(super) fn describe(columns: &[Column], out: &mut Vec<u8>) {
    let typed = |column: &Column| {
        let (kind, width) = match column.kind {
            Kind::Text => (25, -1),
            Kind::Int => (23, 4),
            Kind::Big => (20, 8),
            Kind::Numeric => (1700, -1),
        };
        answer::Column { name: column.name, kind, width }
    };
    let columns: Vec<_> = columns.iter().map(typed).collect();
    answer::row_description(out, &columns, false);
}

impl Table {
    /// DataRow for each of its rows, in text.
    pub(super) fn write(&self, out: &mut Vec<u8>) {
        for row in &self.rows {
            let shown: Vec<Option<String>> =
                row.iter().zip(self.columns).map(|(cell, column)| shown(cell, column.kind)).collect();
            answer::data_row(out, shown.iter().map(|cell| cell.as_ref().map(String::as_bytes)));
        }
    }
}

/// A cell as text; a number that its column's type cannot hold is the largest that it can.
fn shown(cell: &Cell, kind: Kind) -> Option<String> {
    let most = match kind {
        Kind::Text | Kind::Numeric => u64::MAX,
        Kind::Int => i32::MAX.unsigned_abs().into(),
        Kind::Big => i64::MAX.unsigned_abs(),
    };
    match cell {
        Cell::Null => None,
        Cell::Text(text) => Some(text.clone()),
        Cell::Number(number) => Some(number.min(&most).to_string()),
    }
}
