//! The messages that the proxy itself sends to a client. It does not decide which.

use super::backend::Transaction;
use crate::error::SqlState;

/// Longest text in an answer of the proxy's own, bytes; longer ones are cut.
const TEXT_LIMIT: usize = 16 * 1024;

/// Longest text in a row of the proxy's own, bytes.
const ROW_LIMIT: usize = 4 * 1024 * 1024;

/// How grave a report is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    /// The statement failed.
    Error,
    /// The connection ends.
    Fatal,
    /// Something to know.
    Warning,
}

impl Severity {
    fn as_str(self) -> &'static str {
        match self {
            Self::Error => "ERROR",
            Self::Fatal => "FATAL",
            Self::Warning => "WARNING",
        }
    }
}

/// Appends one message. Its body is short by the limits of this file, so its length fits.
fn framed(out: &mut Vec<u8>, tag: u8, fill: impl FnOnce(&mut Vec<u8>)) {
    out.push(tag);
    let at = out.len();
    out.extend_from_slice(&[0; 4]);
    fill(out);
    let length = i32::try_from(out.len() - at).unwrap_or(i32::MAX);
    if let Some(field) = out.get_mut(at..at + 4) {
        field.copy_from_slice(&length.to_be_bytes());
    }
}

/// Appends a text without NULs, cut at the limit, and its terminator.
fn text(out: &mut Vec<u8>, text: &[u8]) {
    let end = text.iter().position(|&b| b == 0).unwrap_or(text.len()).min(TEXT_LIMIT);
    out.extend_from_slice(text.get(..end).unwrap_or_default());
    out.push(0);
}

/// One report: ErrorResponse or NoticeResponse.
#[derive(Clone, Copy, Debug)]
pub struct Report<'a> {
    /// How grave.
    pub severity: Severity,
    /// The SQLSTATE.
    pub code: SqlState,
    /// What happened.
    pub message: &'a str,
    /// What to do.
    pub hint: Option<&'a str>,
    /// The character in the client's text, from 1.
    pub position: Option<u32>,
}

impl Report<'_> {
    /// Appends it as an ErrorResponse, or as a NoticeResponse when it is a warning.
    pub fn write(&self, out: &mut Vec<u8>) {
        let tag = match self.severity {
            Severity::Error | Severity::Fatal => b'E',
            Severity::Warning => b'N',
        };
        framed(out, tag, |b| {
            for (field, value) in [(b'S', self.severity.as_str()), (b'V', self.severity.as_str()), (b'C', self.code.as_str())] {
                b.push(field);
                text(b, value.as_bytes());
            }
            b.push(b'M');
            text(b, self.message.as_bytes());
            if let Some(hint) = self.hint {
                b.push(b'H');
                text(b, hint.as_bytes());
            }
            if let Some(position) = self.position {
                b.push(b'P');
                text(b, position.to_string().as_bytes());
            }
            b.push(0);
        });
    }
}

/// The hints of a server that say nothing of its own.
const HINTS: &str = include_str!("hints.txt");

/// A server's report, reduced to what a tenant may see: severity, code, message, a hint that is always the same, and of a violated
/// constraint the names, which the message has as well. `position` is the character in the client's own text, from 1.
pub fn reduced(out: &mut Vec<u8>, tag: u8, report: &super::backend::Report<'_>, position: Option<u32>) {
    framed(out, tag, |b| {
        for (field, value) in [(b'S', report.severity), (b'V', report.severity), (b'C', report.code), (b'M', report.message)] {
            b.push(field);
            text(b, value);
        }
        if !report.hint.is_empty() && HINTS.lines().any(|known| known.as_bytes() == report.hint) {
            b.push(b'H');
            text(b, report.hint);
        }
        if report.code.starts_with(b"23") {
            for (field, value) in [b's', b't', b'c', b'n'].into_iter().zip(report.names).filter(|(_, v)| !v.is_empty()) {
                b.push(field);
                text(b, value);
            }
        }
        if let Some(position) = position {
            b.push(b'P');
            text(b, position.to_string().as_bytes());
        }
        b.push(0);
    });
}

/// ReadyForQuery.
pub fn ready(out: &mut Vec<u8>, transaction: Transaction) {
    out.extend_from_slice(&[b'Z', 0, 0, 0, 5, transaction.code()]);
}

/// ParseComplete.
pub fn parse_complete(out: &mut Vec<u8>) {
    out.extend_from_slice(&[b'1', 0, 0, 0, 4]);
}

/// BindComplete.
pub fn bind_complete(out: &mut Vec<u8>) {
    out.extend_from_slice(&[b'2', 0, 0, 0, 4]);
}

/// CloseComplete.
pub fn close_complete(out: &mut Vec<u8>) {
    out.extend_from_slice(&[b'3', 0, 0, 0, 4]);
}

/// NoData.
pub fn no_data(out: &mut Vec<u8>) {
    out.extend_from_slice(&[b'n', 0, 0, 0, 4]);
}

/// EmptyQueryResponse.
pub fn empty_query(out: &mut Vec<u8>) {
    out.extend_from_slice(&[b'I', 0, 0, 0, 4]);
}

/// CommandComplete.
pub fn command_complete(out: &mut Vec<u8>, tag: &str) {
    framed(out, b'C', |b| text(b, tag.as_bytes()));
}

/// CopyInResponse: of so many columns, all in text or all in binary format.
pub fn copy_in(out: &mut Vec<u8>, binary: bool, columns: usize) {
    framed(out, b'G', |b| {
        b.push(u8::from(binary));
        let columns = u16::try_from(columns).unwrap_or(u16::MAX);
        b.extend_from_slice(&columns.to_be_bytes());
        for _ in 0..columns {
            b.extend_from_slice(&u16::from(binary).to_be_bytes());
        }
    });
}

/// ParameterDescription.
pub fn parameter_types(out: &mut Vec<u8>, types: &[[u8; 4]]) {
    framed(out, b't', |b| {
        b.extend_from_slice(&u16::try_from(types.len()).unwrap_or(u16::MAX).to_be_bytes());
        b.extend_from_slice(types.as_flattened());
    });
}

/// One column of a table of the proxy's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column<'a> {
    /// Its name.
    pub name: &'a str,
    /// The OID of its type.
    pub kind: u32,
    /// Bytes of the type; -1 when they vary.
    pub width: i16,
}

/// RowDescription of columns that belong to no table, all in text or all in binary format.
pub fn row_description(out: &mut Vec<u8>, columns: &[Column<'_>], binary: bool) {
    framed(out, b'T', |b| {
        b.extend_from_slice(&u16::try_from(columns.len()).unwrap_or(u16::MAX).to_be_bytes());
        for column in columns {
            text(b, column.name.as_bytes());
            // no table and no column of one
            b.extend_from_slice(&0_u32.to_be_bytes());
            b.extend_from_slice(&0_u16.to_be_bytes());
            b.extend_from_slice(&column.kind.to_be_bytes());
            b.extend_from_slice(&column.width.to_be_bytes());
            // no modifier
            b.extend_from_slice(&(-1_i32).to_be_bytes());
            b.extend_from_slice(&u16::from(binary).to_be_bytes());
        }
    });
}

/// RowDescription of an EXPLAIN: one column of text, "QUERY PLAN".
pub fn query_plan(out: &mut Vec<u8>) {
    row_description(out, &[Column { name: "QUERY PLAN", kind: 25, width: -1 }], false);
}

/// DataRow; `None` is NULL. A longer value than a row may be is left out.
pub fn data_row<'a>(out: &mut Vec<u8>, values: impl ExactSizeIterator<Item = Option<&'a [u8]>>) {
    framed(out, b'D', |b| {
        b.extend_from_slice(&u16::try_from(values.len()).unwrap_or(u16::MAX).to_be_bytes());
        for value in values {
            match value.filter(|v| v.len() <= ROW_LIMIT) {
                Some(value) => {
                    b.extend_from_slice(&i32::try_from(value.len()).unwrap_or(0).to_be_bytes());
                    b.extend_from_slice(value);
                }
                None => b.extend_from_slice(&(-1_i32).to_be_bytes()),
            }
        }
    });
}

/// NoticeResponse of something that is neither an error nor a warning.
pub fn notice(out: &mut Vec<u8>, message: &str, detail: &str) {
    framed(out, b'N', |b| {
        for (field, value) in [(b'S', "NOTICE"), (b'V', "NOTICE"), (b'C', "00000"), (b'M', message), (b'D', detail)] {
            b.push(field);
            text(b, value.as_bytes());
        }
        b.push(0);
    });
}

/// DataRow of one text, which is the same in both formats; a longer one than a row may be is cut.
pub fn text_row(out: &mut Vec<u8>, value: &str) {
    let value = value.get(..value.floor_char_boundary(ROW_LIMIT)).unwrap_or_default();
    data_row(out, [Some(value.as_bytes())].into_iter());
}

/// ParameterStatus.
pub fn parameter_status(out: &mut Vec<u8>, name: &str, value: &str) {
    framed(out, b'S', |b| {
        text(b, name.as_bytes());
        text(b, value.as_bytes());
    });
}

/// BackendKeyData.
pub fn key_data(out: &mut Vec<u8>, process: i32, secret: &[u8]) {
    framed(out, b'K', |b| {
        b.extend_from_slice(&process.to_be_bytes());
        b.extend_from_slice(secret);
    });
}

/// AuthenticationOk.
pub fn authentication_ok(out: &mut Vec<u8>) {
    out.extend_from_slice(&[b'R', 0, 0, 0, 8, 0, 0, 0, 0]);
}

/// AuthenticationCleartextPassword.
pub fn cleartext_password(out: &mut Vec<u8>) {
    framed(out, b'R', |b| b.extend_from_slice(&3_i32.to_be_bytes()));
}

/// AuthenticationSASL.
pub fn sasl(out: &mut Vec<u8>, mechanisms: &[&str]) {
    framed(out, b'R', |b| {
        b.extend_from_slice(&10_i32.to_be_bytes());
        for mechanism in mechanisms {
            text(b, mechanism.as_bytes());
        }
        b.push(0);
    });
}

/// AuthenticationSASLContinue.
pub fn sasl_continue(out: &mut Vec<u8>, data: &[u8]) {
    framed(out, b'R', |b| {
        b.extend_from_slice(&11_i32.to_be_bytes());
        b.extend_from_slice(data);
    });
}

/// AuthenticationSASLFinal.
pub fn sasl_final(out: &mut Vec<u8>, data: &[u8]) {
    framed(out, b'R', |b| {
        b.extend_from_slice(&12_i32.to_be_bytes());
        b.extend_from_slice(data);
    });
}

/// NegotiateProtocolVersion: the newest minor version that is supported, and the options that are not.
pub fn negotiate(out: &mut Vec<u8>, minor: u16, options: &[&str]) {
    framed(out, b'v', |b| {
        b.extend_from_slice(&(0x0003_0000_i32 | i32::from(minor)).to_be_bytes());
        b.extend_from_slice(&i32::try_from(options.len()).unwrap_or(i32::MAX).to_be_bytes());
        for option in options {
            text(b, option.as_bytes());
        }
    });
}
