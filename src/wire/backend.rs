//! The messages that a server sends, as far as they are looked into: the server is input too. It does not decide what is relayed.

use super::Reader;
use crate::error::Fault;

/// Longest secret of a server, bytes (protocol 3.2 allows up to 256).
const SECRET_LIMIT: usize = 256;

/// The server's view of the transaction, from ReadyForQuery.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Transaction {
    /// `I`: none is open.
    #[default]
    Idle,
    /// `T`: one is open.
    Open,
    /// `E`: one is open and has failed.
    Failed,
}

impl Transaction {
    /// The byte of the protocol.
    #[must_use]
    pub fn code(self) -> u8 {
        match self {
            Self::Idle => b'I',
            Self::Open => b'T',
            Self::Failed => b'E',
        }
    }
}

/// The status in a ReadyForQuery.
///
/// # Errors
/// [`Fault::Malformed`] when it is not one of the three.
pub fn ready(body: &[u8]) -> Result<Transaction, Fault> {
    match body {
        b"I" => Ok(Transaction::Idle),
        b"T" => Ok(Transaction::Open),
        b"E" => Ok(Transaction::Failed),
        _unknown => Err(Fault::Malformed { message: "ReadyForQuery" }),
    }
}

/// The tag in a CommandComplete.
///
/// # Errors
/// [`Fault::Malformed`].
pub fn command_tag(body: &[u8]) -> Result<&str, Fault> {
    let mut reader = Reader::new(body, "CommandComplete");
    let tag = reader.text()?;
    reader.finish()?;
    Ok(tag)
}

/// The count in a DataRow of one column in text format; NULL is none.
///
/// # Errors
/// [`Fault::Malformed`].
pub fn one_count(body: &[u8]) -> Result<u64, Fault> {
    let mut reader = Reader::new(body, "DataRow");
    if reader.u16()? != 1 {
        return Err(reader.malformed());
    }
    let length = reader.i32()?;
    let digits = reader.take(usize::try_from(length).unwrap_or(0))?;
    let count = if length == -1 { Some(0) } else { std::str::from_utf8(digits).ok().and_then(|digits| digits.parse().ok()) };
    let count = count.ok_or_else(|| reader.malformed())?;
    reader.finish()?;
    Ok(count)
}

/// Name and value in a ParameterStatus.
///
/// # Errors
/// [`Fault::Malformed`].
pub fn parameter_status(body: &[u8]) -> Result<(&str, &str), Fault> {
    let mut reader = Reader::new(body, "ParameterStatus");
    let pair = (reader.text()?, reader.text()?);
    reader.finish()?;
    Ok(pair)
}

/// Process number and secret in a BackendKeyData.
///
/// # Errors
/// [`Fault::Malformed`].
pub fn key_data(body: &[u8]) -> Result<(i32, &[u8]), Fault> {
    let mut reader = Reader::new(body, "BackendKeyData");
    let process = reader.i32()?;
    let secret = reader.rest();
    if (4..=SECRET_LIMIT).contains(&secret.len()) { Ok((process, secret)) } else { Err(reader.malformed()) }
}

/// The type OIDs in a ParameterDescription.
///
/// # Errors
/// [`Fault::Malformed`].
pub fn parameter_types(body: &[u8]) -> Result<&[[u8; 4]], Fault> {
    let mut reader = Reader::new(body, "ParameterDescription");
    let count = reader.u16()?;
    let types = reader.take(usize::from(count) * 4)?;
    reader.finish()?;
    Ok(types.as_chunks::<4>().0)
}

/// The fields of an ErrorResponse or NoticeResponse that are looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Report<'a> {
    /// `V`: the severity, never localized; `S` where a server has none.
    pub severity: &'a [u8],
    /// `C`: the SQLSTATE; empty where it is missing.
    pub code: &'a [u8],
    /// `M`: the message.
    pub message: &'a [u8],
    /// `s`, `t`, `c`, `n`: the schema, table, column and constraint concerned, each empty where it is missing.
    pub names: [&'a [u8]; 4],
    /// `H`: the hint; empty where it is missing.
    pub hint: &'a [u8],
    /// `P`: the character, from 1, of the text that the server got; 0 where it is missing.
    pub position: u32,
}

impl<'a> Report<'a> {
    /// Reads the fields.
    ///
    /// # Errors
    /// [`Fault::Malformed`] when a field is not terminated, or the list is not.
    pub fn read(body: &'a [u8]) -> Result<Self, Fault> {
        let mut reader = Reader::new(body, "ErrorResponse");
        let mut report = Self::default();
        let mut local = &b"ERROR"[..];
        loop {
            match reader.byte()? {
                0 => break,
                b'S' => local = reader.string()?,
                b'V' => report.severity = reader.string()?,
                b'C' => report.code = reader.string()?,
                b'M' => report.message = reader.string()?,
                b's' => report.names[0] = reader.string()?,
                b't' => report.names[1] = reader.string()?,
                b'c' => report.names[2] = reader.string()?,
                b'n' => report.names[3] = reader.string()?,
                b'P' => report.position = reader.text()?.parse().unwrap_or(0),
                b'H' => report.hint = reader.string()?,
                // Detail, inner positions, context, source: may carry what is another tenant's.
                _other => {
                    reader.string()?;
                }
            }
        }
        reader.finish()?;
        if report.severity.is_empty() {
            report.severity = local;
        }
        Ok(report)
    }

    /// Whether the server ends the connection after it.
    #[must_use]
    pub fn fatal(&self) -> bool {
        self.severity == b"FATAL" || self.severity == b"PANIC"
    }
}

/// An Authentication message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Authentication<'a> {
    /// Done.
    Ok,
    /// The password in clear.
    Cleartext,
    /// The password hashed with this salt.
    Md5([u8; 4]),
    /// One of these mechanisms.
    Sasl(Vec<&'a str>),
    /// The server's challenge.
    SaslContinue(&'a [u8]),
    /// The server's proof.
    SaslFinal(&'a [u8]),
}

/// Reads an Authentication message.
///
/// # Errors
/// [`Fault::Malformed`], also for a method that is not supported here.
pub fn authentication(body: &[u8]) -> Result<Authentication<'_>, Fault> {
    let mut reader = Reader::new(body, "Authentication");
    match reader.i32()? {
        0 => reader.finish().map(|()| Authentication::Ok),
        3 => reader.finish().map(|()| Authentication::Cleartext),
        5 => {
            let salt = reader.u32()?.to_be_bytes();
            reader.finish()?;
            Ok(Authentication::Md5(salt))
        }
        10 => {
            let mut mechanisms = Vec::new();
            loop {
                let name = reader.text()?;
                if name.is_empty() {
                    break;
                }
                mechanisms.push(name);
            }
            reader.finish()?;
            Ok(Authentication::Sasl(mechanisms))
        }
        11 => Ok(Authentication::SaslContinue(reader.rest())),
        12 => Ok(Authentication::SaslFinal(reader.rest())),
        _unsupported => Err(reader.malformed()),
    }
}
