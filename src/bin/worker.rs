//! The program that a web worker runs: blocking work for a page.

fn main() {
    taskscope::host::browser::serve::serve();
}
