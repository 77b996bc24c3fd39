//! Items of lists.
// imports: taskscope::runtime::Result
// needs: position
/// The item with this number; numbers below zero count from the end.
fn item<T: Clone>(items: &[T], at: i64) -> Result<T> {
    Ok(items[position(at, items.len())?].clone())
}
