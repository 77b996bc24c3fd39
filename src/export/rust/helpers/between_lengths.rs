//! Random lengths of time.
// imports: std::time::Duration, taskscope::runtime::random, taskscope::runtime::Length, taskscope::runtime::Result
// errors: ValueError
/// A length of time from `a` to `b`, both included, in whole microseconds, drawn from the seed.
fn between_lengths(a: Duration, b: Duration) -> Result<Duration> {
    if a > b {
        return Err(ValueError(format!("the range {}..{} is reversed", Length(a), Length(b))).into());
    }
    let width = (b - a).as_micros() + 1;
    Ok(a + Duration::from_micros((u128::from(random()) % width) as u64))
}
