//! The binary: arguments -> settings -> run. It does not hold logic of its own.
fn main() {}
