//! Numbers of items.
// imports: taskscope::runtime::Result
// errors: IndexError
/// Where the item with this number stands among so many.
fn position(at: i64, length: usize) -> Result<usize> {
    let from_start = if at < 0 { at.checked_add(length as i64) } else { Some(at) };
    let position = from_start.and_then(|at| usize::try_from(at).ok()).filter(|at| *at < length);
    let items = if length == 1 { "item" } else { "items" };
    Ok(position.ok_or_else(|| IndexError(format!("index {at} of {length} {items}")))?)
}
