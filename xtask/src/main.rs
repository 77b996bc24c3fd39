//! Builds, serves and tests the project: the two commands of the README.
fn main() {}
