//! The messages that a client sends after start-up, read strictly: every byte of a frame belongs to a field.
//! Texts stay bytes here, free of NUL: the session answers for their encoding.

use super::{Frame, Reader};
use crate::error::Fault;

/// Longest message of the kinds that carry no text of the client's but names, bytes; PostgreSQL's `PQ_SMALL_MESSAGE_LIMIT`.
const SMALL_LIMIT: usize = 10_000;

/// The message at the beginning of what an authenticated client sent; `None` when it has not come completely.
///
/// Its type is checked before its length, and both before the rest is waited for. `limit` is the largest length field, bytes.
///
/// # Errors
/// [`Fault::Unexpected`] for a type that does not exist, [`Fault::Length`] for a length out of its type's bounds.
pub fn next(buffer: &[u8], limit: usize) -> Result<Option<Frame<'_>>, Fault> {
    let limit = match buffer.first() {
        None => return Ok(None),
        Some(b'Q' | b'P' | b'B' | b'F' | b'd') => limit,
        Some(b'D' | b'C' | b'E' | b'S' | b'H' | b'c' | b'f' | b'X') => limit.min(SMALL_LIMIT),
        Some(&tag) => return Err(Fault::Unexpected { tag, state: "reading a command" }),
    };
    Frame::read(buffer, limit)
}

/// A client's message (manual, section 55.7).
#[derive(Clone, Debug)]
pub enum Frontend<'a> {
    /// `Q`: a simple query.
    Query(&'a [u8]),
    /// `P`: prepare a statement.
    Parse(Parse<'a>),
    /// `B`: make a portal.
    Bind(Bind<'a>),
    /// `D`.
    Describe(Target<'a>),
    /// `E`: run a portal.
    Execute {
        /// The portal's name.
        portal: &'a [u8],
        /// Most rows to return; 0 or less means all.
        rows: i32,
    },
    /// `C`.
    Close(Target<'a>),
    /// `S`.
    Sync,
    /// `H`.
    Flush,
    /// `F`: the obsolete function call; its body is not read.
    FunctionCall,
    /// `d`.
    CopyData,
    /// `c`.
    CopyDone,
    /// `f`: why.
    CopyFail(&'a [u8]),
    /// `X`.
    Terminate,
}

/// What Describe and Close name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target<'a> {
    /// A prepared statement.
    Statement(&'a [u8]),
    /// A portal.
    Portal(&'a [u8]),
}

/// `P`.
#[derive(Clone, Debug)]
pub struct Parse<'a> {
    /// The statement's name; empty for the unnamed one.
    pub name: &'a [u8],
    /// The SQL.
    pub text: &'a [u8],
    types: &'a [u8],
}

impl<'a> Parse<'a> {
    /// The declared parameter types; 0 leaves one to the server.
    pub fn types(&self) -> impl ExactSizeIterator<Item = u32> + use<'a> {
        let (quads, _) = self.types.as_chunks::<4>();
        quads.iter().map(|&q| u32::from_be_bytes(q))
    }

    /// How many parameter types are declared.
    #[must_use]
    pub fn declared(&self) -> u16 {
        u16::try_from(self.types.len() / 4).unwrap_or(u16::MAX)
    }

    /// The types as they came, for comparison.
    #[must_use]
    pub fn raw_types(&self) -> &'a [u8] {
        self.types
    }
}

/// `B`.
#[derive(Clone, Debug)]
pub struct Bind<'a> {
    /// The portal's name.
    pub portal: &'a [u8],
    /// The statement's name.
    pub statement: &'a [u8],
    /// Parameter formats, two bytes each: none, one for all, or one for each.
    pub formats: &'a [u8],
    /// How many parameters follow.
    pub count: u16,
    /// The parameters: each a length (-1 for NULL) and its bytes.
    pub values: &'a [u8],
    /// The rest: the count of result formats and these formats.
    pub results: &'a [u8],
}

impl<'a> Bind<'a> {
    fn read(body: &'a [u8]) -> Result<Self, Fault> {
        let mut reader = Reader::new(body, "Bind");
        let portal = reader.string()?;
        let statement = reader.string()?;
        let formats = reader.u16()?;
        let formats = reader.take(usize::from(formats) * 2)?;
        let count = reader.u16()?;
        let begin = reader.rest();
        for _ in 0..count {
            // -1 is NULL; any other negative length is malformed.
            match reader.i32()? {
                -1 => {}
                n => {
                    let n = usize::try_from(n).map_err(|_| reader.malformed())?;
                    reader.take(n)?;
                }
            }
        }
        let results = reader.rest();
        let values = begin.get(..begin.len() - results.len()).unwrap_or_default();
        let n = reader.u16()?;
        reader.take(usize::from(n) * 2)?;
        reader.finish()?;
        Ok(Self { portal, statement, formats, count, values, results })
    }

    /// How many parameter formats there are.
    #[must_use]
    pub fn format_count(&self) -> usize {
        self.formats.len() / 2
    }

    /// The format code of the `i`-th parameter (from 0); 0 is text.
    #[must_use]
    pub fn format(&self, i: u16) -> u16 {
        let (pairs, _) = self.formats.as_chunks::<2>();
        let code = if pairs.len() == 1 { pairs.first() } else { pairs.get(usize::from(i)) };
        code.map_or(0, |&c| u16::from_be_bytes(c))
    }

    /// The parameters in order: `None` is NULL.
    pub fn parameters(&self) -> impl Iterator<Item = Option<&'a [u8]>> + use<'a> {
        let mut reader = Reader::new(self.values, "Bind");
        // The form was checked by `read`: the first failure is the end.
        std::iter::from_fn(move || match reader.i32() {
            Ok(-1) => Some(None),
            Ok(n) => usize::try_from(n).map_or(None, |n| reader.take(n).map_or(None, |v| Some(Some(v)))),
            Err(_) => None,
        })
    }
}

impl<'a> Frontend<'a> {
    /// Reads a message of an authenticated client.
    ///
    /// # Errors
    /// [`Fault::Malformed`] when the body has not exactly its type's form; [`Fault::Unexpected`] when the type does not exist.
    pub fn read(frame: &Frame<'a>) -> Result<Self, Fault> {
        let body = frame.body;
        match frame.tag {
            b'Q' => {
                let mut reader = Reader::new(body, "Query");
                let text = reader.string()?;
                reader.finish()?;
                Ok(Self::Query(text))
            }
            b'P' => {
                let mut reader = Reader::new(body, "Parse");
                let (name, text) = (reader.string()?, reader.string()?);
                let declared = reader.u16()?;
                let types = reader.take(usize::from(declared) * 4)?;
                reader.finish()?;
                Ok(Self::Parse(Parse { name, text, types }))
            }
            b'B' => Ok(Self::Bind(Bind::read(body)?)),
            b'D' => Ok(Self::Describe(Target::read(body, "Describe")?)),
            b'C' => Ok(Self::Close(Target::read(body, "Close")?)),
            b'E' => {
                let mut reader = Reader::new(body, "Execute");
                let (portal, rows) = (reader.string()?, reader.i32()?);
                reader.finish()?;
                Ok(Self::Execute { portal, rows })
            }
            b'S' => Reader::new(body, "Sync").finish().map(|()| Self::Sync),
            b'H' => Reader::new(body, "Flush").finish().map(|()| Self::Flush),
            b'F' => Ok(Self::FunctionCall),
            b'd' => Ok(Self::CopyData),
            b'c' => Reader::new(body, "CopyDone").finish().map(|()| Self::CopyDone),
            b'f' => {
                let mut reader = Reader::new(body, "CopyFail");
                let reason = reader.string()?;
                reader.finish()?;
                Ok(Self::CopyFail(reason))
            }
            b'X' => Reader::new(body, "Terminate").finish().map(|()| Self::Terminate),
            tag => Err(Fault::Unexpected { tag, state: "reading a command" }),
        }
    }
}

impl<'a> Target<'a> {
    fn read(body: &'a [u8], message: &'static str) -> Result<Self, Fault> {
        let mut reader = Reader::new(body, message);
        let kind = reader.byte()?;
        let name = reader.string()?;
        let target = match kind {
            b'S' => Self::Statement(name),
            b'P' => Self::Portal(name),
            _unknown => return Err(reader.malformed()),
        };
        reader.finish()?;
        Ok(target)
    }
}

/// `p` while a SASL mechanism is being chosen: its name and the initial response.
///
/// # Errors
/// [`Fault`] when the frame is not a well-formed SASLInitialResponse.
pub fn sasl_initial<'a>(frame: &Frame<'a>) -> Result<(&'a str, &'a [u8]), Fault> {
    if frame.tag != b'p' {
        return Err(Fault::Unexpected { tag: frame.tag, state: "expecting a SASL response" });
    }
    let mut reader = Reader::new(frame.body, "SASLInitialResponse");
    let mechanism = reader.text()?;
    let length = usize::try_from(reader.i32()?).map_err(|_| reader.malformed())?;
    let data = reader.take(length)?;
    reader.finish()?;
    Ok((mechanism, data))
}

/// `p` in answer to a request for a password in clear.
///
/// # Errors
/// [`Fault`] for any other message, and for one that is not one text.
pub fn password<'a>(frame: &Frame<'a>) -> Result<&'a str, Fault> {
    if frame.tag != b'p' {
        return Err(Fault::Unexpected { tag: frame.tag, state: "expecting a password" });
    }
    let mut reader = Reader::new(frame.body, "PasswordMessage");
    let password = reader.text()?;
    reader.finish()?;
    Ok(password)
}

/// `p` in the middle of a SASL exchange: its data.
///
/// # Errors
/// [`Fault::Unexpected`] for any other message.
pub fn sasl_response<'a>(frame: &Frame<'a>) -> Result<&'a [u8], Fault> {
    if frame.tag == b'p' { Ok(frame.body) } else { Err(Fault::Unexpected { tag: frame.tag, state: "expecting a SASL response" }) }
}
