//! Pauses between attempts.
// imports: std::time::Duration, taskscope::runtime::Backoff, taskscope::runtime::Result
// errors: ValueError
/// Pauses that double.
fn backoff(first: Duration, cap: Duration, jitter: bool) -> Result<Backoff> {
    if cap < first {
        return Err(ValueError::from("the longest pause is shorter than the first").into());
    }
    Ok(Backoff { first, cap, jitter })
}
