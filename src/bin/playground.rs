//! Starts the playground in a page.
fn main() {}
