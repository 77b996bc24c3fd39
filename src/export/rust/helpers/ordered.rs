//! The order of values.
// imports: std::cmp::Ordering, taskscope::runtime::Result
// errors: TypeError
// needs: Value
/// The order of two values; none for floats that have none.
fn order(a: &Value, b: &Value) -> Result<Option<Ordering>> {
    match (a, b) {
        (Value::Int(a), Value::Int(b)) | (Value::Duration(a), Value::Duration(b)) => Ok(Some(a.cmp(b))),
        (Value::Str(a), Value::Str(b)) => Ok(Some(a.cmp(b))),
        (a, b) => match (a.number(), b.number()) {
            (Some(a), Some(b)) => Ok(a.partial_cmp(&b)),
            _ => Err(TypeError(format!("{} and {} have no order", a.kind(), b.kind())).into()),
        },
    }
}

/// Whether two values stand in this order.
fn ordered(a: Value, b: Value, wanted: fn(Ordering) -> bool) -> Result<bool> {
    Ok(order(&a, &b)?.is_some_and(wanted))
}
