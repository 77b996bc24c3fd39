//! Sums.
// imports: taskscope::runtime::Result
// needs: in_64_bits
/// The sum of whole numbers.
fn sum(items: &[i64]) -> Result<i64> {
    items.iter().try_fold(0, |sum: i64, item| in_64_bits(sum.checked_add(*item)))
}
