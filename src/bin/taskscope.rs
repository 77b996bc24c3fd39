//! The `taskscope` command.
fn main() {}
