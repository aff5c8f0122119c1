//! The protocol's state machine.
