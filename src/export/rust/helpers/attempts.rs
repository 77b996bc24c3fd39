//! Numbers of attempts.
// imports: taskscope::runtime::Result
// errors: ValueError
// needs: Value
/// How often something is tried.
fn attempts(value: Value) -> Result<u32> {
    match value {
        Value::Int(attempts @ 1..) => Ok(u32::try_from(attempts).unwrap_or(u32::MAX)),
        other => Err(ValueError(format!("{other} attempts: at least 1 is needed")).into()),
    }
}
