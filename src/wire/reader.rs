//! Reading the fields of one message's body; nothing beyond the body can be reached. It does not know the messages.

use crate::error::Fault;

/// A cursor over one body.
#[derive(Clone, Debug)]
pub struct Reader<'a> {
    rest: &'a [u8],
    message: &'static str,
}

impl<'a> Reader<'a> {
    /// Reads the body of the message that the protocol calls `message`.
    #[must_use]
    pub fn new(body: &'a [u8], message: &'static str) -> Self {
        Self { rest: body, message }
    }

    /// The fault of this message's form.
    #[must_use]
    pub fn malformed(&self) -> Fault {
        Fault::Malformed { message: self.message }
    }

    /// What has not been read.
    #[must_use]
    pub fn rest(&self) -> &'a [u8] {
        self.rest
    }

    fn chunk<const N: usize>(&mut self) -> Result<[u8; N], Fault> {
        let (head, tail) = self.rest.split_first_chunk::<N>().ok_or_else(|| self.malformed())?;
        self.rest = tail;
        Ok(*head)
    }

    /// One byte.
    ///
    /// # Errors
    /// [`Fault::Malformed`] at the body's end, as all readers here.
    pub fn byte(&mut self) -> Result<u8, Fault> {
        Ok(u8::from_be_bytes(self.chunk()?))
    }

    /// Two bytes.
    ///
    /// # Errors
    /// [`Fault::Malformed`].
    pub fn u16(&mut self) -> Result<u16, Fault> {
        Ok(u16::from_be_bytes(self.chunk()?))
    }

    /// Four bytes, signed.
    ///
    /// # Errors
    /// [`Fault::Malformed`].
    pub fn i32(&mut self) -> Result<i32, Fault> {
        Ok(i32::from_be_bytes(self.chunk()?))
    }

    /// Four bytes, unsigned.
    ///
    /// # Errors
    /// [`Fault::Malformed`].
    pub fn u32(&mut self) -> Result<u32, Fault> {
        Ok(u32::from_be_bytes(self.chunk()?))
    }

    /// `n` bytes.
    ///
    /// # Errors
    /// [`Fault::Malformed`].
    pub fn take(&mut self, n: usize) -> Result<&'a [u8], Fault> {
        let (head, tail) = self.rest.split_at_checked(n).ok_or_else(|| self.malformed())?;
        self.rest = tail;
        Ok(head)
    }

    /// The bytes up to the next NUL, which is consumed too.
    ///
    /// # Errors
    /// [`Fault::Malformed`] when there is no NUL in the rest of the body.
    pub fn string(&mut self) -> Result<&'a [u8], Fault> {
        let end = self.rest.iter().position(|&b| b == 0).ok_or_else(|| self.malformed())?;
        let text = self.take(end)?;
        self.take(1)?;
        Ok(text)
    }

    /// Like [`Self::string`], strictly UTF-8.
    ///
    /// # Errors
    /// [`Fault::Malformed`], also when it is not UTF-8.
    pub fn text(&mut self) -> Result<&'a str, Fault> {
        std::str::from_utf8(self.string()?).map_err(|_| self.malformed())
    }

    /// Checks that nothing is left.
    ///
    /// # Errors
    /// [`Fault::Malformed`] when something is.
    pub fn finish(self) -> Result<(), Fault> {
        if self.rest.is_empty() { Ok(()) } else { Err(self.malformed()) }
    }
}
