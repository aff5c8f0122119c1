//! Binary COPY data: its header and the field counts and lengths of its rows are checked, and each row is given the own tenant's value.
//! Other fields pass as they come, without being kept; it does not look into them.

use super::incoming::{Limit, Target, Trouble};
use crate::policy::TenantValue;
use std::sync::Arc;

const SIGNATURE: &[u8] = b"PGCOPY\n\xff\r\n\0";
/// Signature, flags, and the length of the header's extension.
const HEADER: usize = SIGNATURE.len() + 8;

/// What comes next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Next {
    Header,
    /// This much of the header's extension.
    Extension(usize),
    /// How many fields the next row has, or the end.
    Count,
    /// The length of this field.
    Length(usize),
    /// This field's value, of which this much is still to come.
    Value(usize, usize),
    /// The tenant column's value.
    Tenant(usize, usize),
    /// The value of a level's column.
    Node(usize, usize),
    /// Nothing: the end marker has come.
    Nothing,
}

/// A binary COPY under way.
#[derive(Debug)]
pub(super) struct Binary {
    target: Arc<Target>,
    own: TenantValue,
    /// The columns of levels, and the most bytes that one of the nodes has.
    limits: Vec<(Limit, usize)>,
    next: Next,
    /// The beginning of what is not complete yet: a length, the header, the value of the tenant or of a node.
    held: Vec<u8>,
}

impl Binary {
    pub(super) fn new(target: Arc<Target>, own: TenantValue, limits: Vec<Limit>) -> Self {
        let measured = |limit: Limit| {
            let longest = limit.1.longest();
            (limit, longest)
        };
        Self { target, own, limits: limits.into_iter().map(measured).collect(), next: Next::Header, held: Vec::new() }
    }

    pub(super) fn feed(&mut self, mut bytes: &[u8], out: &mut Vec<u8>) -> Result<(), Trouble> {
        while !bytes.is_empty() {
            bytes = self.step(bytes, out)?;
        }
        Ok(())
    }

    pub(super) fn finish(&mut self, out: &mut Vec<u8>) -> Result<(), Trouble> {
        match self.next {
            Next::Header if self.held.len() < SIGNATURE.len() => {
                return Err(Trouble::format("COPY file signature not recognized", None));
            }
            Next::Header if self.held.len() < SIGNATURE.len() + 4 => {
                return Err(Trouble::format("invalid COPY file header (missing flags)", None));
            }
            Next::Header => return Err(Trouble::format("invalid COPY file header (missing length)", None)),
            Next::Extension(_) => return Err(Trouble::format("invalid COPY file header (wrong length)", None)),
            Next::Length(_) | Next::Value(_, _) | Next::Tenant(_, _) | Next::Node(_, _) => return Err(eof()),
            // The end marker may be missing.
            Next::Count | Next::Nothing => {}
        }
        out.extend_from_slice(&(-1_i16).to_be_bytes());
        Ok(())
    }

    /// Takes some of the bytes, and gives the rest back.
    fn step<'b>(&mut self, bytes: &'b [u8], out: &mut Vec<u8>) -> Result<&'b [u8], Trouble> {
        match self.next {
            Next::Header => {
                let Some((header, rest)) = self.gather::<HEADER>(bytes) else { return Ok(&[]) };
                self.header(&header)?;
                out.extend_from_slice(SIGNATURE);
                out.extend_from_slice(&[0; 8]);
                Ok(rest)
            }
            Next::Extension(left) => {
                let taken = left.min(bytes.len());
                self.next = if taken == left { Next::Count } else { Next::Extension(left - taken) };
                Ok(bytes.get(taken..).unwrap_or_default())
            }
            Next::Count => {
                let Some((count, rest)) = self.gather::<2>(bytes) else { return Ok(&[]) };
                self.count(i16::from_be_bytes(count), out)?;
                Ok(rest)
            }
            Next::Length(field) => {
                let Some((length, rest)) = self.gather::<4>(bytes) else { return Ok(&[]) };
                self.length(field, i32::from_be_bytes(length), out)?;
                Ok(rest)
            }
            Next::Value(field, left) => {
                let taken = left.min(bytes.len());
                let (value, rest) = bytes.split_at_checked(taken).unwrap_or((bytes, &[]));
                out.extend_from_slice(value);
                self.next = if taken == left { self.after(field) } else { Next::Value(field, left - taken) };
                Ok(rest)
            }
            Next::Tenant(field, left) => {
                let taken = left.min(bytes.len());
                let (value, rest) = bytes.split_at_checked(taken).unwrap_or((bytes, &[]));
                self.held.extend_from_slice(value);
                self.next = Next::Tenant(field, left - taken);
                if taken == left {
                    self.tenant(field, out)?;
                }
                Ok(rest)
            }
            Next::Node(field, left) => {
                let taken = left.min(bytes.len());
                let (value, rest) = bytes.split_at_checked(taken).unwrap_or((bytes, &[]));
                self.held.extend_from_slice(value);
                self.next = Next::Node(field, left - taken);
                if taken == left {
                    self.node(field, out)?;
                }
                Ok(rest)
            }
            Next::Nothing => Err(Trouble::format("received copy data after EOF marker", None)),
        }
    }

    /// `N` bytes in a row, from what is held and what has come; `None` while there are fewer.
    fn gather<'b, const N: usize>(&mut self, bytes: &'b [u8]) -> Option<([u8; N], &'b [u8])> {
        let missing = N.saturating_sub(self.held.len());
        let (taken, rest) = bytes.split_at_checked(missing).unwrap_or((bytes, &[]));
        self.held.extend_from_slice(taken);
        let whole = *self.held.first_chunk::<N>()?;
        self.held.clear();
        Some((whole, rest))
    }

    fn header(&mut self, header: &[u8; HEADER]) -> Result<(), Trouble> {
        let (signature, rest) = header.split_at_checked(SIGNATURE.len()).unwrap_or_default();
        let numbers = rest.as_chunks::<4>().0;
        let [flags, extension] = numbers else { return Err(eof()) };
        if signature != SIGNATURE {
            return Err(Trouble::format("COPY file signature not recognized", None));
        }
        let flags = u32::from_be_bytes(*flags);
        if flags & 1 << 16 != 0 {
            return Err(Trouble::format("invalid COPY file header (WITH OIDS)", None));
        }
        if flags >> 16 != 0 {
            return Err(Trouble::format("unrecognized critical flags in COPY file header", None));
        }
        let extension = usize::try_from(i32::from_be_bytes(*extension))
            .map_err(|_| Trouble::format("invalid COPY file header (missing length)", None))?;
        self.next = if extension == 0 { Next::Count } else { Next::Extension(extension) };
        Ok(())
    }

    fn count(&mut self, count: i16, out: &mut Vec<u8>) -> Result<(), Trouble> {
        if count == -1 {
            self.next = Next::Nothing;
            return Ok(());
        }
        let expected = self.target.columns.len();
        if usize::try_from(count) != Ok(expected) {
            return Err(Trouble::format(&format!("row field count is {count}, expected {expected}"), None));
        }
        let added = self.target.tenant.is_none();
        let sent = i16::try_from(expected.saturating_add(usize::from(added))).map_err(|_| eof())?;
        out.extend_from_slice(&sent.to_be_bytes());
        if added {
            self.stamp(out)?;
        }
        self.next = if expected == 0 { Next::Count } else { Next::Length(0) };
        Ok(())
    }

    fn length(&mut self, field: usize, length: i32, out: &mut Vec<u8>) -> Result<(), Trouble> {
        let tenant = self.target.tenant == Some(field);
        if let Some((_, longest)) = self.limits.iter().find(|((place, _), _)| *place == field).filter(|_| !tenant) {
            return match usize::try_from(length) {
                Ok(0) => self.node(field, out),
                // No node is longer: nothing longer is kept.
                Ok(n) if n <= *longest => {
                    self.next = Next::Node(field, n);
                    Ok(())
                }
                Ok(_) => Err(self.target.foreign_node()),
                Err(_) if length == -1 => Err(self.target.foreign_node()),
                Err(_) => Err(Trouble::format("invalid field size", None)),
            };
        }
        match usize::try_from(length) {
            Err(_) if length == -1 && !tenant => {
                out.extend_from_slice(&length.to_be_bytes());
                self.next = self.after(field);
            }
            Err(_) if length == -1 => return Err(self.target.foreign()),
            Err(_) => return Err(Trouble::format("invalid field size", None)),
            // The own value has this length in this type: another length is another value.
            Ok(n) if tenant && n != self.own.binary.len() => return Err(self.target.foreign()),
            Ok(0) if tenant => self.tenant(field, out)?,
            Ok(n) if tenant => self.next = Next::Tenant(field, n),
            Ok(n) => {
                out.extend_from_slice(&length.to_be_bytes());
                self.next = if n == 0 { self.after(field) } else { Next::Value(field, n) };
            }
        }
        Ok(())
    }

    fn tenant(&mut self, field: usize, out: &mut Vec<u8>) -> Result<(), Trouble> {
        if *self.held != *self.own.binary {
            return Err(self.target.foreign());
        }
        if !self.is_own_node(field) {
            return Err(self.target.foreign_node());
        }
        self.held.clear();
        self.next = self.after(field);
        self.stamp(out)
    }

    fn node(&mut self, field: usize, out: &mut Vec<u8>) -> Result<(), Trouble> {
        if !self.is_own_node(field) {
            return Err(self.target.foreign_node());
        }
        let length = i32::try_from(self.held.len()).map_err(|_| eof())?;
        out.extend_from_slice(&length.to_be_bytes());
        out.append(&mut self.held);
        self.next = self.after(field);
        Ok(())
    }

    /// Whether what is held is one of the nodes of every level that this field is the column of.
    fn is_own_node(&self, field: usize) -> bool {
        self.limits.iter().filter(|((place, _), _)| *place == field).all(|((_, nodes), _)| nodes.holds_binary(&self.held))
    }

    /// The own value as a field.
    fn stamp(&self, out: &mut Vec<u8>) -> Result<(), Trouble> {
        let length = i32::try_from(self.own.binary.len()).map_err(|_| eof())?;
        out.extend_from_slice(&length.to_be_bytes());
        out.extend_from_slice(&self.own.binary);
        Ok(())
    }

    fn after(&self, field: usize) -> Next {
        let next = field.saturating_add(1);
        if next >= self.target.columns.len() { Next::Count } else { Next::Length(next) }
    }
}

fn eof() -> Trouble {
    Trouble::format("unexpected EOF in COPY data", None)
}
