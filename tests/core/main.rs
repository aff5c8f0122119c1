//! The core and the house's own rules. One binary; it needs no database.

mod arrows;
mod billing;
mod copying;
mod limits;
mod points;
mod quotas;
mod remembered;
mod rewrite;
mod roles;
mod session;
mod unseen;
mod wire;
