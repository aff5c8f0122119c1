//! Random statements over random schemas and rows: the proxy as one tenant against the database that holds that tenant alone.
//! The parts: choices that can be shrunk, a schema, a generator, and the run that compares.

mod choice;
mod expression;
mod query;
mod run;
mod schema;
mod write;
