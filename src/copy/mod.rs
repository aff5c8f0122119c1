//! COPY's data and options, as PostgreSQL 15 reads them: what a client sends is decoded and written anew with the own tenant's value.
//! It does not read SQL, frames or catalogs, and it does not decide who may copy what: `rewrite` does.

mod binary;
mod fields;
mod incoming;
mod lines;
mod options;

pub use incoming::{Incoming, Limit, Target, Trouble};
pub use options::{Argument, Format, Header, Options};
