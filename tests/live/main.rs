//! Tests against a real, private PostgreSQL and the real binary: isolation by the oracle of law 1, drivers, protocol, life cycle.
//! Nothing here reads the crate's insides, only the contract of the design's section 5; but `verdicts`, which asks the rewriter.

#[allow(dead_code)]
#[path = "../core/billing.rs"]
mod billing;
mod cases;
mod cluster;
mod computations;
mod console;
mod crossings;
mod day;
mod drivers;
mod early;
mod faults;
mod hoarding;
mod identity;
mod interleave;
mod isolation;
mod lifecycle;
mod limits;
mod named;
mod pipeline;
mod pool;
mod portals;
mod protocol;
mod proxy;
mod quotas;
mod random;
mod registry;
mod reply;
mod roles;
mod savepoints;
mod secrets;
mod sinks;
mod startup;
mod switching;
mod verbs;
mod verdicts;
mod windows;
mod wire;
mod world;
