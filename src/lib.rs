//! pgmoat keeps the tenants of a shared PostgreSQL database apart: it parses each statement, rewrites it so that it reaches the
//! rows of the authenticated identity's tenant only, and refuses and audits what would cross the line.
//!
//! # The house
//!
//! ```text
//!            bytes                                                               bytes
//! client ---------> wire --> session --> rewrite --> Cleared --> upstream ---------> server
//!                  frames    states      |   |       the only     prepared statements,
//!                                       sql policy   thing a      pool
//!                                            catalog server gets
//! ```
//!
//! | room | kind | knows | does not know |
//! |---|---|---|---|
//! | [`sql`] | core | PostgreSQL's lexical rules; how to feed the parser | tenants, wire |
//! | [`catalog`] | core | an immutable snapshot of schemas, tables, keys, views, functions | how it was loaded |
//! | [`policy`] | core | what a relation, function, setting is to a tenant | statements |
//! | [`copy`] | core | COPY's options and data: decoding, stamping, writing anew | SQL, frames |
//! | [`rewrite`] | core | statement + catalog + policy -> plan or refusal | wire, session, sockets |
//! | [`wire`] | core | frames and messages | SQL, tenants |
//! | [`session`] | core | the protocol's states | sockets, clocks |
//! | [`limits`] | core | budgets, and whose turn it is; time is an argument | what is waited for |
//! | `console` | shell | the admin console's commands and tables | sockets, and how commands are carried out |
//! | `config` `upstream` `tenants` `proxy` `audit` `alerts` `http` `cli` | shell | tokio and the outside world | |
//!
//! Short reads of one tenant's sessions meet on one server connection (`upstream::pipeline`); all else has one to itself.
//!
//! Arrows point from shell to core and downwards only; a test (`tests/core/arrows.rs`) fails on an arrow that is not in its table.
//! The core has no tokio, no clock, no randomness, no environment and no log. It builds with `--no-default-features` and can be
//! embedded: see [`rewrite::Rewriter`].

pub mod catalog;
pub mod copy;
pub mod error;
pub mod limits;
pub mod policy;
pub mod rewrite;
pub mod session;
pub mod sql;
pub mod wire;

#[cfg(feature = "shell")]
pub mod alerts;
#[cfg(feature = "shell")]
pub mod audit;
#[cfg(feature = "shell")]
pub mod cli;
#[cfg(feature = "shell")]
pub mod config;
#[cfg(feature = "shell")]
pub mod console;
#[cfg(feature = "shell")]
pub mod http;
#[cfg(feature = "shell")]
pub mod proxy;
#[cfg(feature = "shell")]
pub mod tenants;
#[cfg(feature = "shell")]
pub mod upstream;
