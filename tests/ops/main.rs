//! What operators see: configuration, audit log, metrics and the command line. One binary; it needs no database.

mod alerts;
mod audit;
mod cli;
mod config;
mod dashboard;
mod demo;
mod http;
mod sinks;
