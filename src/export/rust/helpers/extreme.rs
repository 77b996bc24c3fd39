//! The least and the greatest.
// imports: std::cmp::Ordering, taskscope::runtime::Result
// errors: TypeError, ValueError
// needs: Value, ordered
/// The least (`min`) or greatest (`max`) of a list; the first of several.
fn extreme(list: Value, name: &str) -> Result<Value> {
    let Value::List(items) = list else {
        return Err(TypeError(format!("`{name}` wants a list, not {}", list.kind())).into());
    };
    let wanted = if name == "min" { Ordering::Less } else { Ordering::Greater };
    let mut items = items.into_iter();
    let mut best = items.next().ok_or_else(|| ValueError(format!("`{name}` of nothing")))?;
    for item in items {
        if order(&item, &best)? == Some(wanted) {
            best = item;
        }
    }
    Ok(best)
}
