//! Splitting a stream of bytes into frames: a type byte, a length that counts itself, a body. It does not look into bodies.

use crate::error::Fault;

/// Bytes of a type byte and a length field.
pub const HEADER: usize = 5;
/// Longest startup packet, bytes; PostgreSQL's `MAX_STARTUP_PACKET_LENGTH`.
pub const STARTUP_LIMIT: usize = 10_000;
/// Longest message before authentication is done, bytes; PostgreSQL's `PG_MAX_AUTH_TOKEN_LENGTH`.
pub const AUTHENTICATION_LIMIT: usize = 65_535;

/// The first five bytes of a message, checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    /// The message's type.
    pub tag: u8,
    /// Bytes of the body.
    pub body: usize,
}

impl Header {
    /// The header at the beginning of `buffer`; `None` when it has not come completely.
    ///
    /// `limit` is the largest length field that is accepted, bytes. It is checked before any byte of the body is waited for.
    ///
    /// # Errors
    /// [`Fault::Length`] when the length field is below 4 or over the limit.
    pub fn read(buffer: &[u8], limit: usize) -> Result<Option<Self>, Fault> {
        let Some((&[tag, a, b, c, d], _)) = buffer.split_first_chunk::<HEADER>() else { return Ok(None) };
        let length = i32::from_be_bytes([a, b, c, d]);
        match usize::try_from(length) {
            Ok(n) if (4..=limit).contains(&n) => Ok(Some(Self { tag, body: n - 4 })),
            Ok(_) | Err(_) => Err(Fault::Length { tag: char::from(tag), length: i64::from(length), limit }),
        }
    }

    /// Bytes of the whole message.
    #[must_use]
    pub fn total(self) -> usize {
        self.body.saturating_add(HEADER)
    }
}

/// One complete message.
#[derive(Clone, Copy, Debug)]
pub struct Frame<'a> {
    /// The message's type.
    pub tag: u8,
    /// What follows the length field.
    pub body: &'a [u8],
    /// All of it, type and length included.
    pub whole: &'a [u8],
}

impl<'a> Frame<'a> {
    /// The message at the beginning of `buffer`; `None` when it has not come completely.
    ///
    /// # Errors
    /// [`Fault::Length`], see [`Header::read`].
    pub fn read(buffer: &'a [u8], limit: usize) -> Result<Option<Self>, Fault> {
        let Some(header) = Header::read(buffer, limit)? else { return Ok(None) };
        let Some(whole) = buffer.get(..header.total()) else { return Ok(None) };
        let body = whole.get(HEADER..).unwrap_or_default();
        Ok(Some(Self { tag: header.tag, body, whole }))
    }
}
