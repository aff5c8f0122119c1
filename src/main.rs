//! The binary: arguments -> settings -> run. It holds no logic of its own; it is the only place that reads the environment.

use pgmoat::cli::{Outside, run};
use std::process::ExitCode;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let outside = Outside { variable: |name| std::env::var(name).ok(), temporary: std::env::temp_dir() };
    run(std::env::args_os(), &outside).into()
}
