//! Milliseconds.
// imports: std::time::Duration
/// Milliseconds.
const fn ms(count: u64) -> Duration {
    Duration::from_millis(count)
}
