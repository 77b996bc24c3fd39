//! Values whose kind only shows while the program runs.
// imports: std::fmt, std::time::Duration, taskscope::host::Response, taskscope::program::kind, taskscope::program::message, taskscope::program::told, taskscope::runtime::Error, taskscope::runtime::Leaf, taskscope::runtime::Length, taskscope::runtime::Result, taskscope::runtime::Task, taskscope::runtime::TimeoutHandle
// errors: Overflow, TypeError, ValueError, ZeroDivision
// needs: deadline, joined, json, letter, position, quoted
/// A value whose kind only shows while the program runs.
#[derive(Clone)]
#[allow(dead_code)]
enum Value {
    None,
    Bool(bool),
    Int(i64),
    Float(f64),
    /// In microseconds; may be less than zero.
    Duration(i64),
    Str(String),
    List(Vec<Value>),
    Task(Task<Value>),
    Error(Error),
    Response(Response),
    Deadline(TimeoutHandle),
}

macro_rules! values {
    ($($type:ty: $value:ident => $made:expr, $name:ident: $pattern:pat => $taken:expr;)*) => {
        $(impl From<$type> for Value {
            fn from($value: $type) -> Value {
                $made
            }
        })*

        /// What is known to be of one kind, as that.
        #[allow(dead_code)]
        impl Value {
            $(fn $name(self) -> $type {
                match self {
                    $pattern => $taken,
                    other => unreachable!("{} has another kind than was found out", other.kind()),
                }
            })*
        }
    };
}

values! {
    (): it => { let () = it; Value::None }, none: Value::None => ();
    bool: it => Value::Bool(it), bool: Value::Bool(it) => it;
    i64: it => Value::Int(it), int: Value::Int(it) => it;
    f64: it => Value::Float(it), float: Value::Float(it) => it;
    Duration: it => Value::Duration(i64::try_from(it.as_micros()).unwrap_or(i64::MAX)),
        duration: Value::Duration(us @ 0..) => Duration::from_micros(us.unsigned_abs());
    String: it => Value::Str(it), text: Value::Str(it) => it;
    Vec<Value>: it => Value::List(it), list: Value::List(it) => it;
    Task<Value>: it => Value::Task(it), task: Value::Task(it) => it;
    Error: it => Value::Error(it), error: Value::Error(it) => it;
    Response: it => Value::Response(it), response: Value::Response(it) => it;
    TimeoutHandle: it => Value::Deadline(it), deadline: Value::Deadline(it) => it;
}

impl From<&str> for Value {
    fn from(text: &str) -> Value {
        Value::Str(text.to_owned())
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::None => f.write_str("none"),
            Value::Bool(it) => write!(f, "{it}"),
            Value::Int(it) => write!(f, "{it}"),
            Value::Float(it) => write!(f, "{it:?}"),
            Value::Duration(us) => {
                let sign = if *us < 0 { "-" } else { "" };
                write!(f, "{sign}{}", Length(Duration::from_micros(us.unsigned_abs())))
            }
            Value::Str(it) => f.write_str(it),
            Value::List(items) => f.write_str(&json(items.iter().map(Value::json))),
            Value::Task(task) => write!(f, "<task {}>", task.path()),
            Value::Error(error) => f.write_str(&told(error)),
            Value::Response(response) => write!(f, "<response {}>", response.status),
            Value::Deadline(handle) => f.write_str(&deadline(handle)),
        }
    }
}

#[allow(dead_code)]
impl Value {
    /// What kind of value, with its article.
    fn kind(&self) -> &'static str {
        match self {
            Value::None => "none",
            Value::Bool(_) => "a boolean",
            Value::Int(_) => "an integer",
            Value::Float(_) => "a float",
            Value::Duration(_) => "a duration",
            Value::Str(_) => "a string",
            Value::List(_) => "a list",
            Value::Task(_) => "a task",
            Value::Error(_) => "an error",
            Value::Response(_) => "a response",
            Value::Deadline(_) => "a deadline",
        }
    }

    /// As it stands in a list.
    fn json(&self) -> String {
        match self {
            Value::None => "null".to_owned(),
            Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::List(_) => self.to_string(),
            other => quoted(&other.to_string()),
        }
    }

    fn wrong<T>(&self, what: &str) -> Result<T> {
        Err(TypeError(format!("{what} {}", self.kind())).into())
    }

    /// A number as a float.
    fn number(&self) -> Option<f64> {
        match self {
            Value::Int(it) => Some(*it as f64),
            Value::Float(it) => Some(*it),
            _ => None,
        }
    }

    /// A condition.
    fn truth(&self) -> Result<bool> {
        if let Value::Bool(it) = self { Ok(*it) } else { self.wrong("a condition is true or false, not") }
    }

    /// A length of time that can be waited for.
    fn length(&self) -> Result<Duration> {
        match self {
            Value::Duration(us) => match u64::try_from(*us) {
                Ok(us) => Ok(Duration::from_micros(us)),
                Err(_) => Err(ValueError(format!("{self} is less than no time")).into()),
            },
            other => other.wrong("a length of time is a duration such as 200ms, not"),
        }
    }

    /// A whole number for this purpose.
    fn whole(&self, what: &str) -> Result<i64> {
        if let Value::Int(it) = self { Ok(*it) } else { self.wrong(what) }
    }

    /// What a loop goes through.
    fn items(self) -> Result<Vec<Value>> {
        if let Value::List(it) = self { Ok(it) } else { self.wrong("`for … in` wants a list or a queue, not") }
    }

    fn not(self) -> Result<Value> {
        if let Value::Bool(it) = self { Ok(Value::Bool(!it)) } else { self.wrong("`not` wants a boolean, not") }
    }

    fn neg(self) -> Result<Value> {
        match self {
            Value::Int(it) => fits(it.checked_neg(), "the negated number").map(Value::Int),
            Value::Float(it) => Ok(Value::Float(-it)),
            Value::Duration(us) => fits(us.checked_neg(), "the negated duration").map(Value::Duration),
            other => other.wrong("`-` wants a number or a duration, not"),
        }
    }

    /// Numbers compare across integer and float; handles by identity.
    fn equals(&self, other: &Value) -> bool {
        match (self, other) {
            (Value::None, Value::None) => true,
            (Value::Bool(a), Value::Bool(b)) => a == b,
            (Value::Int(a), Value::Int(b)) | (Value::Duration(a), Value::Duration(b)) => a == b,
            (Value::Str(a), Value::Str(b)) => a == b,
            (Value::List(a), Value::List(b)) => {
                a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.equals(b))
            }
            (Value::Task(a), Value::Task(b)) => a.id() == b.id(),
            (Value::Error(a), Value::Error(b)) => a.leaves().map(Leaf::id).eq(b.leaves().map(Leaf::id)),
            (Value::Response(a), Value::Response(b)) => a == b,
            (a, b) => matches!((a.number(), b.number()), (Some(a), Some(b)) if a == b),
        }
    }

    fn add(self, other: Value) -> Result<Value> {
        match (self, other) {
            (Value::Str(a), Value::Str(b)) => Ok(Value::Str(a + &b)),
            (Value::List(a), Value::List(b)) => Ok(Value::List([a, b].concat())),
            (a, b) => arithmetic("+", a, b),
        }
    }

    fn sub(self, other: Value) -> Result<Value> {
        arithmetic("-", self, other)
    }

    fn mul(self, other: Value) -> Result<Value> {
        arithmetic("*", self, other)
    }

    fn div(self, other: Value) -> Result<Value> {
        arithmetic("/", self, other)
    }

    fn floor_div(self, other: Value) -> Result<Value> {
        arithmetic("//", self, other)
    }

    fn rem(self, other: Value) -> Result<Value> {
        arithmetic("%", self, other)
    }

    fn len(&self) -> Result<i64> {
        match self {
            Value::Str(text) => Ok(text.chars().count() as i64),
            Value::List(items) => Ok(items.len() as i64),
            other => other.wrong("`len` wants a string or a list, not"),
        }
    }

    fn sum(self) -> Result<Value> {
        let Value::List(items) = self else { return self.wrong("`sum` wants a list, not") };
        let mut items = items.into_iter();
        let first = items.next().unwrap_or(Value::Int(0));
        items.try_fold(first, Value::add)
    }

    fn index(self, at: Value) -> Result<Value> {
        let Value::Int(at) = at else { return at.wrong("an index is an integer, not") };
        match self {
            Value::List(items) => Ok(items[position(at, items.len())?].clone()),
            Value::Str(text) => Ok(Value::Str(letter(&text, at)?)),
            other => Err(TypeError(format!("{} has no items", other.kind())).into()),
        }
    }

    /// The error that it is, to raise.
    fn raised(self) -> Error {
        match self {
            Value::Error(error) => error,
            other => TypeError(format!("`raise` wants an error, not {}", other.kind())).into(),
        }
    }

    fn cancel(&self) -> Result<()> {
        match self {
            Value::Task(task) => {
                task.cancel();
                Ok(())
            }
            other => other.wrong("`cancel` wants a task, not"),
        }
    }

    fn extend(&self, by: Duration) -> Result<()> {
        match self {
            Value::Deadline(handle) => {
                handle.extend(by);
                Ok(())
            }
            other => other.wrong("`extend` wants a deadline, not"),
        }
    }

    async fn joined(&self) -> Result<Value> {
        match self {
            Value::Task(task) => Ok(task.join().await?),
            other => other.wrong("`await` wants a task, not"),
        }
    }

    fn no_part<T>(&self) -> Result<T> {
        Err(TypeError(format!("{} has no such part", self.kind())).into())
    }

    fn of_error<T>(&self, part: impl FnOnce(&Error) -> T) -> Result<T> {
        if let Value::Error(error) = self { Ok(part(error)) } else { self.no_part() }
    }

    fn count(&self) -> Result<Value> {
        self.of_error(|error| Value::Int(error.leaves().count() as i64))
    }

    fn leaves(&self) -> Result<Value> {
        let leaf = |leaf: &Leaf| Value::Error(Error::Leaf(leaf.clone()));
        self.of_error(|error| Value::List(error.leaves().map(leaf).collect()))
    }

    fn kinds(&self) -> Result<Value> {
        self.of_error(|error| Value::Str(joined(error, |leaf| kind(leaf).to_owned())))
    }

    fn messages(&self) -> Result<Value> {
        self.of_error(|error| Value::Str(joined(error, message)))
    }

    fn tasks(&self) -> Result<Value> {
        self.of_error(|error| Value::Str(joined(error, Leaf::path)))
    }

    fn status(&self) -> Result<Value> {
        if let Value::Response(it) = self { Ok(Value::Int(i64::from(it.status))) } else { self.no_part() }
    }

    fn body(&self) -> Result<Value> {
        if let Value::Response(it) = self { Ok(Value::Str(it.body.to_string())) } else { self.no_part() }
    }
}

fn fits<T>(result: Option<T>, what: &str) -> Result<T> {
    Ok(result.ok_or_else(|| Overflow(format!("{what} is too large for 64 bits")))?)
}

fn divisor(is_zero: bool) -> Result<()> {
    if is_zero { Err(ZeroDivision::from("division by zero").into()) } else { Ok(()) }
}

fn arithmetic(op: &str, a: Value, b: Value) -> Result<Value> {
    match (&a, &b) {
        (Value::Int(x), Value::Int(y)) if op == "/" => {
            divisor(*y == 0)?;
            Ok(Value::Float(*x as f64 / *y as f64))
        }
        (Value::Int(x), Value::Int(y)) => whole(op, *x, *y, "the result").map(Value::Int),
        (Value::Duration(x), Value::Duration(y)) => match op {
            "*" => Err(TypeError::from("`*` does not go with two durations").into()),
            "/" => {
                divisor(*y == 0)?;
                Ok(Value::Float(*x as f64 / *y as f64))
            }
            "//" => whole(op, *x, *y, "the result").map(Value::Int),
            "%" => whole(op, *x, *y, "the result").map(Value::Duration),
            op => whole(op, *x, *y, "the duration").map(Value::Duration),
        },
        (Value::Duration(us), number) if number.number().is_some() => scaled(op, *us, number),
        (number, Value::Duration(us)) if op == "*" && number.number().is_some() => scaled(op, *us, number),
        (x, y) => match (x.number(), y.number()) {
            (Some(x), Some(y)) => fraction(op, x, y),
            _ => Err(TypeError(format!("`{op}` does not go with {} and {}", x.kind(), y.kind())).into()),
        },
    }
}

fn whole(op: &str, a: i64, b: i64, what: &str) -> Result<i64> {
    let result = match op {
        "+" => a.checked_add(b),
        "-" => a.checked_sub(b),
        "*" => a.checked_mul(b),
        "//" => {
            divisor(b == 0)?;
            a.checked_div(b).map(|quotient| quotient - i64::from(a % b != 0 && (a < 0) != (b < 0)))
        }
        _ => {
            divisor(b == 0)?;
            let rest = a.checked_rem(b).unwrap_or(0);
            Some(if rest != 0 && (rest < 0) != (b < 0) { rest + b } else { rest })
        }
    };
    fits(result, what)
}

fn fraction(op: &str, a: f64, b: f64) -> Result<Value> {
    let result = match op {
        "+" => a + b,
        "-" => a - b,
        "*" => a * b,
        "/" => {
            divisor(b == 0.0)?;
            a / b
        }
        "//" => {
            divisor(b == 0.0)?;
            (a / b).floor()
        }
        _ => {
            divisor(b == 0.0)?;
            let rest = a % b;
            if rest != 0.0 && (rest < 0.0) != (b < 0.0) { rest + b } else { rest }
        }
    };
    fits(Some(result).filter(|it| it.is_finite()), "the result").map(Value::Float)
}

fn scaled(op: &str, us: i64, number: &Value) -> Result<Value> {
    if let ("*", Value::Int(by)) = (op, number) {
        return fits(us.checked_mul(*by), "the duration").map(Value::Duration);
    }
    let (us, by) = (us as f64, number.number().unwrap_or_default());
    let result = match op {
        "*" => us * by,
        "/" => {
            divisor(by == 0.0)?;
            us / by
        }
        "//" => {
            divisor(by == 0.0)?;
            (us / by).floor()
        }
        op => return Err(TypeError(format!("`{op}` does not go with a duration and a number")).into()),
    };
    fits(Some(result).filter(|it| it.abs() < i64::MAX as f64), "the duration").map(|us| Value::Duration(us.round() as i64))
}
