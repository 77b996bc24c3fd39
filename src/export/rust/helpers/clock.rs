//! The clock.
// imports: std::time::Duration, taskscope::runtime::now
/// Since the run began.
fn clock() -> Duration {
    Duration::from_micros(now().as_us())
}
