//! Values of a running scenario, and how they print.

use std::fmt;
use std::rc::Rc;
use std::time::Duration;

use crate::runtime::{Error, Leaf, Length, Task, TimeoutHandle};

use super::fault::Fault;
use super::list::List;

/// A value. Cloning is cheap.
#[derive(Clone)]
pub enum Value {
    /// `none`.
    None,
    /// `true` and `false`.
    Bool(bool),
    /// A 64-bit integer.
    Int(i64),
    /// A float.
    Float(f64),
    /// A length of time in microseconds; may be negative.
    Duration(i64),
    /// A text.
    Str(Rc<str>),
    /// A list.
    List(List),
    /// A task's handle.
    Task(Task<Value>),
    /// An error, or a group of them.
    Error(Error),
    /// What `fetch` gives.
    Response {
        /// The HTTP status.
        status: u16,
        /// The body.
        body: Rc<str>,
    },
    /// What `timeout … as t` names.
    Deadline(TimeoutHandle),
}

impl Value {
    /// What kind of value, with its article, for messages.
    pub fn kind(&self) -> &'static str {
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
            Value::Response { .. } => "a response",
            Value::Deadline(_) => "a deadline",
        }
    }

    /// Whether two values are equal. Numbers compare across integer and float; handles by identity.
    pub fn equals(&self, other: &Value) -> bool {
        match (self, other) {
            (Value::None, Value::None) => true,
            (Value::Bool(a), Value::Bool(b)) => a == b,
            (Value::Int(a), Value::Int(b)) | (Value::Duration(a), Value::Duration(b)) => a == b,
            (Value::Float(a), Value::Float(b)) => a == b,
            (Value::Int(a), Value::Float(b)) | (Value::Float(b), Value::Int(a)) => *a as f64 == *b,
            (Value::Str(a), Value::Str(b)) => a == b,
            (Value::List(a), Value::List(b)) => {
                a.len() == b.len() && a.iter().zip(b.iter()).all(|(a, b)| a.equals(b))
            }
            (Value::Task(a), Value::Task(b)) => a.id() == b.id(),
            (Value::Error(a), Value::Error(b)) => {
                let ids = |error: &Error| error.leaves().map(Leaf::id).collect::<Vec<_>>();
                ids(a) == ids(b)
            }
            (Value::Response { status: a, body: x }, Value::Response { status: b, body: y }) => {
                a == b && x == y
            }
            _ => false,
        }
    }
}

impl Value {
    /// As it stands in a list: what JSON has no form for is a text there.
    fn write_json(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::None => f.write_str("null"),
            Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::List(_) => write!(f, "{self}"),
            other => f.write_str(&serde_json::to_string(&other.to_string()).unwrap_or_default()),
        }
    }
}

impl fmt::Display for Value {
    /// As `log` and `str` print it. Lists are JSON without spaces.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::None => f.write_str("none"),
            Value::Bool(value) => write!(f, "{value}"),
            Value::Int(value) => write!(f, "{value}"),
            Value::Float(value) => f.write_str(&float(*value)),
            Value::Duration(us) => f.write_str(&duration(*us)),
            Value::Str(text) => f.write_str(text),
            Value::List(items) => {
                f.write_str("[")?;
                for (index, item) in items.iter().enumerate() {
                    f.write_str(if index == 0 { "" } else { "," })?;
                    item.write_json(f)?;
                }
                f.write_str("]")
            }
            Value::Task(task) => write!(f, "<task {}>", task.path()),
            Value::Error(error) => f.write_str(&Fault::describe(error)),
            Value::Response { status, .. } => write!(f, "<response {status}>"),
            Value::Deadline(deadline) => match deadline.deadline() {
                Some(at) => write!(f, "<deadline at {at}>"),
                None => f.write_str("<deadline>"),
            },
        }
    }
}

/// A float as the language prints it: shortest, whole ones with `.0`.
pub fn float(value: f64) -> String {
    if value.is_finite() { format!("{value:?}") } else { format!("{value}").to_ascii_lowercase() }
}

/// A length of time as the language prints it, in microseconds.
pub fn duration(us: i64) -> String {
    let sign = if us < 0 { "-" } else { "" };
    format!("{sign}{}", Length(Duration::from_micros(us.unsigned_abs())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prints_as_the_language_says() {
        let cases = [
            (Value::Float(3.0), "3.0"),
            (Value::Float(0.1), "0.1"),
            (Value::Duration(0), "0s"),
            (Value::Duration(250_000), "250ms"),
            (Value::Duration(1_500_000), "1.5s"),
            (Value::Duration(90_000_000), "90s"),
            (Value::Duration(40), "40us"),
            (Value::Duration(-2_000_000), "-2s"),
            (Value::Duration(1_000_001), "1.000001s"),
        ];
        for (value, want) in cases {
            assert_eq!(value.to_string(), want);
        }
        let items = vec![Value::Str("a\"b".into()), Value::Int(1), Value::None, Value::Duration(40)];
        let list = List::new(items).ok().map(|list| Value::List(list).to_string());
        assert_eq!(list.as_deref(), Some(r#"["a\"b",1,null,"40us"]"#));
    }
}
