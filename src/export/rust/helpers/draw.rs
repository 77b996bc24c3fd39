//! Random values.
// imports: taskscope::runtime::random, taskscope::runtime::Result
// errors: TypeError, ValueError
// needs: Value, between
/// A value between two, drawn from the seed.
fn draw(from: Value, to: Value) -> Result<Value> {
    match (&from, &to) {
        (Value::Int(a), Value::Int(b)) => Ok(Value::Int(between(*a, *b)?)),
        (Value::Duration(a), Value::Duration(b)) if a <= b => Ok(Value::Duration(between(*a, *b)?)),
        (Value::Duration(_), Value::Duration(_)) => {
            Err(ValueError(format!("the range {from}..{to} is reversed")).into())
        }
        (a, b) => {
            let (Some(x), Some(y)) = (a.number(), b.number()) else {
                let kinds = format!("not {} and {}", a.kind(), b.kind());
                return Err(TypeError(format!("a range goes between two numbers or durations, {kinds}")).into());
            };
            let part = (random() >> 11) as f64 / (1u64 << 53) as f64;
            if x > y {
                return Err(ValueError(format!("the range {from}..{to} is reversed")).into());
            }
            Ok(Value::Float(x + (y - x) * part))
        }
    }
}
