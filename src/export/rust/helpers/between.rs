//! Random whole numbers.
// imports: taskscope::runtime::random, taskscope::runtime::Result
// errors: ValueError
/// A number from `a` to `b`, both included, drawn from the seed.
fn between(a: i64, b: i64) -> Result<i64> {
    if a > b {
        return Err(ValueError(format!("the range {a}..{b} is reversed")).into());
    }
    let width = (b as i128 - a as i128 + 1) as u128;
    Ok((a as i128 + (u128::from(random()) % width) as i128) as i64)
}
