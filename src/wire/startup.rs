//! The untyped packets that open a connection: start-up, TLS and GSS requests, cancel requests. It does not judge parameters.

use super::{Reader, STARTUP_LIMIT};
use crate::error::Fault;

/// Most parameters that a startup packet may carry.
const PARAMETERS_LIMIT: usize = 64;
/// Longest secret of a cancel request, bytes (protocol 3.2).
const SECRET_LIMIT: usize = 256;

/// The first packet of a connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Opening<'a> {
    /// `SSLRequest`.
    Tls,
    /// `GSSENCRequest`.
    Gss,
    /// `CancelRequest`.
    Cancel {
        /// The process number of the connection to cancel.
        process: i32,
        /// The secret that proves the right to.
        secret: &'a [u8],
    },
    /// `StartupMessage`.
    Startup {
        /// The protocol's major version.
        major: u16,
        /// The protocol's minor version.
        minor: u16,
        /// Names and values, in order.
        parameters: Vec<(&'a str, &'a str)>,
    },
}

/// Bytes of an opening packet, its length field included; `None` when the field has not come completely.
///
/// # Errors
/// [`Fault::Length`] when it is below 8 or over [`STARTUP_LIMIT`].
pub fn length(buffer: &[u8]) -> Result<Option<usize>, Fault> {
    let Some((&field, _)) = buffer.split_first_chunk::<4>() else { return Ok(None) };
    let length = i32::from_be_bytes(field);
    match usize::try_from(length) {
        Ok(n) if (8..=STARTUP_LIMIT).contains(&n) => Ok(Some(n)),
        Ok(_) | Err(_) => Err(Fault::Length { tag: ' ', length: i64::from(length), limit: STARTUP_LIMIT }),
    }
}

impl<'a> Opening<'a> {
    /// Reads a whole packet, its length field included.
    ///
    /// # Errors
    /// [`Fault`] when the packet has not the form of any of the four, exactly.
    pub fn read(packet: &'a [u8]) -> Result<Self, Fault> {
        let mut reader = Reader::new(packet, "StartupMessage");
        if usize::try_from(reader.i32()?).ok() != Some(packet.len()) {
            return Err(reader.malformed());
        }
        let (major, minor) = (reader.u16()?, reader.u16()?);
        match (major, minor) {
            (1234, 5679) => reader.finish().map(|()| Self::Tls),
            (1234, 5680) => reader.finish().map(|()| Self::Gss),
            (1234, 5678) => Self::cancel(reader),
            (1234, _unknown) => Err(reader.malformed()),
            (3, minor) => Ok(Self::Startup { major, minor, parameters: parameters(reader)? }),
            (major, minor) => Ok(Self::Startup { major, minor, parameters: Vec::new() }),
        }
    }

    fn cancel(mut reader: Reader<'a>) -> Result<Self, Fault> {
        let process = reader.i32()?;
        let secret = reader.rest();
        if (4..=SECRET_LIMIT).contains(&secret.len()) { Ok(Self::Cancel { process, secret }) } else { Err(reader.malformed()) }
    }
}

fn parameters(mut reader: Reader<'_>) -> Result<Vec<(&str, &str)>, Fault> {
    let mut found = Vec::new();
    loop {
        let name = reader.text()?;
        if name.is_empty() {
            reader.finish()?;
            return Ok(found);
        }
        if found.len() == PARAMETERS_LIMIT {
            return Err(reader.malformed());
        }
        found.push((name, reader.text()?));
    }
}
