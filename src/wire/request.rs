//! The messages that the proxy sends to a server, as bytes. It does not know who may send what: on a session's behalf only
//! [`crate::session::Outbox`] writes to a server, and that takes cleared statements.

use super::frontend::Bind;

/// A message that would not fit the protocol's length field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the message is longer than the protocol can carry")]
pub struct Oversize;

/// Largest length field that PostgreSQL accepts, bytes.
const LIMIT: usize = 0x3fff_ffff;

/// Appends one message; on failure nothing is appended.
fn framed(out: &mut Vec<u8>, tag: Option<u8>, fill: impl FnOnce(&mut Vec<u8>) -> Result<(), Oversize>) -> Result<(), Oversize> {
    let begin = out.len();
    out.extend(tag);
    let at = out.len();
    out.extend_from_slice(&[0; 4]);
    let filled = fill(out);
    let length = out.len() - at;
    match (filled, i32::try_from(length), out.get_mut(at..at + 4)) {
        (Ok(()), Ok(n), Some(field)) if length <= LIMIT => {
            field.copy_from_slice(&n.to_be_bytes());
            Ok(())
        }
        (_, _, _) => {
            out.truncate(begin);
            Err(Oversize)
        }
    }
}

/// Appends a text and its terminator. A NUL inside would end it early, so it is an error.
fn text(out: &mut Vec<u8>, text: &[u8]) -> Result<(), Oversize> {
    if text.contains(&0) {
        return Err(Oversize);
    }
    out.extend_from_slice(text);
    out.push(0);
    Ok(())
}

fn count(out: &mut Vec<u8>, n: usize) -> Result<(), Oversize> {
    out.extend_from_slice(&u16::try_from(n).map_err(|_| Oversize)?.to_be_bytes());
    Ok(())
}

/// SSLRequest.
#[must_use]
pub fn tls() -> [u8; 8] {
    [0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f]
}

/// StartupMessage, protocol 3.0.
///
/// # Errors
/// [`Oversize`].
pub fn startup(out: &mut Vec<u8>, parameters: &[(&str, &str)]) -> Result<(), Oversize> {
    framed(out, None, |b| {
        b.extend_from_slice(&0x0003_0000_i32.to_be_bytes());
        for (name, value) in parameters {
            text(b, name.as_bytes())?;
            text(b, value.as_bytes())?;
        }
        b.push(0);
        Ok(())
    })
}

/// CancelRequest.
///
/// # Errors
/// [`Oversize`].
pub fn cancel(out: &mut Vec<u8>, process: i32, secret: &[u8]) -> Result<(), Oversize> {
    framed(out, None, |b| {
        b.extend_from_slice(&[0x04, 0xd2, 0x16, 0x2e]);
        b.extend_from_slice(&process.to_be_bytes());
        b.extend_from_slice(secret);
        Ok(())
    })
}

/// PasswordMessage.
///
/// # Errors
/// [`Oversize`].
pub fn password(out: &mut Vec<u8>, password: &[u8]) -> Result<(), Oversize> {
    framed(out, Some(b'p'), |b| text(b, password))
}

/// SASLInitialResponse.
///
/// # Errors
/// [`Oversize`].
pub fn sasl_initial(out: &mut Vec<u8>, mechanism: &str, data: &[u8]) -> Result<(), Oversize> {
    framed(out, Some(b'p'), |b| {
        text(b, mechanism.as_bytes())?;
        b.extend_from_slice(&i32::try_from(data.len()).map_err(|_| Oversize)?.to_be_bytes());
        b.extend_from_slice(data);
        Ok(())
    })
}

/// SASLResponse.
///
/// # Errors
/// [`Oversize`].
pub fn sasl_response(out: &mut Vec<u8>, data: &[u8]) -> Result<(), Oversize> {
    framed(out, Some(b'p'), |b| {
        b.extend_from_slice(data);
        Ok(())
    })
}

/// Query: the parts joined without a separator.
///
/// # Errors
/// [`Oversize`].
pub fn query<'a>(out: &mut Vec<u8>, parts: impl Iterator<Item = &'a str>) -> Result<(), Oversize> {
    framed(out, Some(b'Q'), |b| {
        for part in parts {
            if part.as_bytes().contains(&0) {
                return Err(Oversize);
            }
            b.extend_from_slice(part.as_bytes());
        }
        b.push(0);
        Ok(())
    })
}

/// Parse: the parts of the text joined without a separator.
///
/// # Errors
/// [`Oversize`].
pub fn parse<'a>(out: &mut Vec<u8>, name: &str, parts: impl Iterator<Item = &'a str>, types: &[u32]) -> Result<(), Oversize> {
    framed(out, Some(b'P'), |b| {
        text(b, name.as_bytes())?;
        for part in parts {
            if part.as_bytes().contains(&0) {
                return Err(Oversize);
            }
            b.extend_from_slice(part.as_bytes());
        }
        b.push(0);
        count(b, types.len())?;
        for oid in types {
            b.extend_from_slice(&oid.to_be_bytes());
        }
        Ok(())
    })
}

/// A client's Bind for a statement that the server knows by another name, with values of the proxy's own after the client's.
///
/// `own` yields each of these values in the format that is asked for: `true` is binary.
///
/// # Errors
/// [`Oversize`].
pub fn bind<'a, I>(out: &mut Vec<u8>, portal: &[u8], name: &str, bind: &Bind<'_>, own: impl Fn(bool) -> I) -> Result<(), Oversize>
where
    I: ExactSizeIterator<Item = &'a [u8]>,
{
    framed(out, Some(b'B'), |b| {
        text(b, portal)?;
        text(b, name.as_bytes())?;
        // One format for all covers our values too; with a list of formats ours are text.
        let binary = bind.format_count() == 1 && bind.format(0) == 1;
        let own = own(binary);
        let listed = if bind.format_count() > 1 { own.len() } else { 0 };
        count(b, bind.format_count() + listed)?;
        b.extend_from_slice(bind.formats);
        b.extend(std::iter::repeat_n(0, listed * 2));
        count(b, usize::from(bind.count) + own.len())?;
        b.extend_from_slice(bind.values);
        for value in own {
            b.extend_from_slice(&i32::try_from(value.len()).map_err(|_| Oversize)?.to_be_bytes());
            b.extend_from_slice(value);
        }
        b.extend_from_slice(bind.results);
        Ok(())
    })
}

/// A Bind of the unnamed portal with `values`, which are `n`, all of them and the results as text.
///
/// # Errors
/// [`Oversize`].
pub fn bind_values<'a>(out: &mut Vec<u8>, name: &str, n: usize, values: impl Iterator<Item = &'a [u8]>) -> Result<(), Oversize> {
    framed(out, Some(b'B'), |b| {
        b.push(0);
        text(b, name.as_bytes())?;
        count(b, 0)?;
        count(b, n)?;
        for value in values {
            b.extend_from_slice(&i32::try_from(value.len()).map_err(|_| Oversize)?.to_be_bytes());
            b.extend_from_slice(value);
        }
        count(b, 0)
    })
}

/// A Bind without parameters, results as text.
///
/// # Errors
/// [`Oversize`].
pub fn bind_plain(out: &mut Vec<u8>, portal: &[u8], name: &str) -> Result<(), Oversize> {
    framed(out, Some(b'B'), |b| {
        text(b, portal)?;
        text(b, name.as_bytes())?;
        b.extend_from_slice(&[0; 6]);
        Ok(())
    })
}

fn target(out: &mut Vec<u8>, tag: u8, kind: u8, name: &[u8]) -> Result<(), Oversize> {
    framed(out, Some(tag), |b| {
        b.push(kind);
        text(b, name)
    })
}

/// Describe of a statement.
///
/// # Errors
/// [`Oversize`].
pub fn describe_statement(out: &mut Vec<u8>, name: &str) -> Result<(), Oversize> {
    target(out, b'D', b'S', name.as_bytes())
}

/// Describe of a portal.
///
/// # Errors
/// [`Oversize`].
pub fn describe_portal(out: &mut Vec<u8>, name: &[u8]) -> Result<(), Oversize> {
    target(out, b'D', b'P', name)
}

/// Close of a statement.
///
/// # Errors
/// [`Oversize`].
pub fn close_statement(out: &mut Vec<u8>, name: &str) -> Result<(), Oversize> {
    target(out, b'C', b'S', name.as_bytes())
}

/// Close of a portal.
///
/// # Errors
/// [`Oversize`].
pub fn close_portal(out: &mut Vec<u8>, name: &[u8]) -> Result<(), Oversize> {
    target(out, b'C', b'P', name)
}

/// Execute; 0 rows means all.
///
/// # Errors
/// [`Oversize`].
pub fn execute(out: &mut Vec<u8>, portal: &[u8], rows: i32) -> Result<(), Oversize> {
    framed(out, Some(b'E'), |b| {
        text(b, portal)?;
        b.extend_from_slice(&rows.to_be_bytes());
        Ok(())
    })
}

/// Sync.
pub fn sync(out: &mut Vec<u8>) {
    out.extend_from_slice(&[b'S', 0, 0, 0, 4]);
}

/// Flush.
pub fn flush(out: &mut Vec<u8>) {
    out.extend_from_slice(&[b'H', 0, 0, 0, 4]);
}

/// CopyData of what `write` appends; nothing when that is nothing, or when it fails.
///
/// # Errors
/// [`Oversize`].
pub fn copy_data<E>(out: &mut Vec<u8>, write: impl FnOnce(&mut Vec<u8>) -> Result<(), E>) -> Result<Result<(), E>, Oversize> {
    let begin = out.len();
    let mut written = Ok(());
    framed(out, Some(b'd'), |b| {
        written = write(b);
        Ok(())
    })?;
    if written.is_err() || out.len() == begin + super::frame::HEADER {
        out.truncate(begin);
    }
    Ok(written)
}

/// CopyDone.
pub fn copy_done(out: &mut Vec<u8>) {
    out.extend_from_slice(&[b'c', 0, 0, 0, 4]);
}

/// CopyFail with a fixed text.
pub fn copy_fail(out: &mut Vec<u8>) {
    out.extend_from_slice(b"f\0\0\0\x0crefused\0"); // 4 + 7 letters + NUL
}

/// Terminate.
pub fn terminate(out: &mut Vec<u8>) {
    out.extend_from_slice(&[b'X', 0, 0, 0, 4]);
}
