//! The status of an answer.
// imports: taskscope::runtime::Result
// errors: ValueError
// needs: Value
/// The status of a simulated answer.
fn status(value: Value) -> Result<u16> {
    match value {
        Value::Int(status @ 100..=599) => Ok(status as u16),
        other => Err(ValueError(format!("{other} is no HTTP status")).into()),
    }
}
