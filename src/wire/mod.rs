//! Frames and messages of the PostgreSQL protocol 3.x: read confined to their frame, written with their lengths patched afterwards.
//! It knows no SQL, no tenant and no state: which message may come when is [`crate::session`]'s.

pub mod answer;
pub mod backend;
mod frame;
pub mod frontend;
mod reader;
pub mod request;
pub mod startup;

pub use frame::{AUTHENTICATION_LIMIT, Frame, HEADER, Header, STARTUP_LIMIT};
pub use reader::Reader;
