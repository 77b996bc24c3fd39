//! Overflow.
// imports: taskscope::runtime::Result
// errors: Overflow
/// What fits into 64 bits.
fn in_64_bits(result: Option<i64>) -> Result<i64> {
    Ok(result.ok_or_else(|| Overflow::from("the result is too large for 64 bits"))?)
}
