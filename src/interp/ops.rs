//! Operators and built-in calls: from values to a value, or a fault.

use std::cmp::Ordering;
use std::rc::Rc;

use crate::lang::plan::{BinaryOp, Field, UnaryOp};
use crate::runtime::{Error, Leaf};

use super::fault::{Fault, kind};
use super::limits::{Limit, MAX_LENGTH};
use super::list::List;
use super::value::Value;

/// Why an expression has no value.
pub(crate) enum Problem {
    /// The scenario can catch it.
    Fault(Fault),
    /// The same, raised before.
    Error(Error),
    /// It cannot: the run stops.
    Limit(Limit),
}

impl From<Fault> for Problem {
    fn from(fault: Fault) -> Problem {
        Problem::Fault(fault)
    }
}

type Outcome = Result<Value, Problem>;

pub(crate) fn type_error(message: String) -> Problem {
    Fault::new(kind::TYPE_ERROR, message).into()
}

fn overflow(what: &str) -> Problem {
    Fault::new(kind::OVERFLOW, format!("{what} is too large for 64 bits")).into()
}

fn zero() -> Problem {
    Fault::new(kind::ZERO_DIVISION, "division by zero").into()
}

/// `-x` and `not x`.
pub(crate) fn unary(op: UnaryOp, value: Value) -> Outcome {
    match (op, value) {
        (UnaryOp::Not, Value::Bool(value)) => Ok(Value::Bool(!value)),
        (UnaryOp::Neg, Value::Int(value)) => {
            value.checked_neg().map(Value::Int).ok_or_else(|| overflow("the negated number"))
        }
        (UnaryOp::Neg, Value::Float(value)) => Ok(Value::Float(-value)),
        (UnaryOp::Neg, Value::Duration(us)) => {
            us.checked_neg().map(Value::Duration).ok_or_else(|| overflow("the negated duration"))
        }
        (UnaryOp::Not, value) => Err(type_error(format!("`not` wants a boolean, not {}", value.kind()))),
        (UnaryOp::Neg, value) => {
            Err(type_error(format!("`-` wants a number or a duration, not {}", value.kind())))
        }
    }
}

/// Everything between two operands but `and` and `or`, which do not always look at the right one.
pub(crate) fn binary(op: BinaryOp, a: Value, b: Value) -> Outcome {
    match op {
        BinaryOp::Add => add(a, b),
        BinaryOp::Sub | BinaryOp::Mul | BinaryOp::Div | BinaryOp::FloorDiv | BinaryOp::Rem => {
            arithmetic(op, a, b)
        }
        BinaryOp::Eq => Ok(Value::Bool(a.equals(&b))),
        BinaryOp::Ne => Ok(Value::Bool(!a.equals(&b))),
        BinaryOp::Lt => compare(&a, &b).map(|order| Value::Bool(order == Some(Ordering::Less))),
        BinaryOp::Gt => compare(&a, &b).map(|order| Value::Bool(order == Some(Ordering::Greater))),
        BinaryOp::Le => compare(&a, &b).map(|order| Value::Bool(order.is_some_and(Ordering::is_le))),
        BinaryOp::Ge => compare(&a, &b).map(|order| Value::Bool(order.is_some_and(Ordering::is_ge))),
        BinaryOp::And | BinaryOp::Or => Err(type_error("`and` and `or` want booleans".into())),
    }
}

fn add(a: Value, b: Value) -> Outcome {
    match (a, b) {
        (Value::Str(a), Value::Str(b)) => {
            check_length(a.len() + b.len())?;
            Ok(Value::Str(format!("{a}{b}").into()))
        }
        (Value::List(a), Value::List(b)) => {
            check_length(a.len() + b.len())?;
            List::new(a.iter().chain(b.iter()).cloned().collect()).map(Value::List)
        }
        (a, b) => arithmetic(BinaryOp::Add, a, b),
    }
}

/// Keeps texts and lists below the limit.
pub(crate) fn check_length(length: usize) -> Result<(), Problem> {
    if length > MAX_LENGTH { Err(Problem::Limit(Limit::Length)) } else { Ok(()) }
}

fn arithmetic(op: BinaryOp, a: Value, b: Value) -> Outcome {
    match (a, b) {
        (Value::Int(a), Value::Int(b)) => ints(op, a, b),
        (Value::Float(a), Value::Float(b)) => floats(op, a, b),
        (Value::Int(a), Value::Float(b)) => floats(op, a as f64, b),
        (Value::Float(a), Value::Int(b)) => floats(op, a, b as f64),
        (Value::Duration(a), Value::Duration(b)) => durations(op, a, b),
        (Value::Duration(us), number @ (Value::Int(_) | Value::Float(_))) => scale(op, us, &number),
        (number @ (Value::Int(_) | Value::Float(_)), Value::Duration(us)) if op == BinaryOp::Mul => {
            scale(op, us, &number)
        }
        (a, b) => Err(type_error(format!("`{}` does not go with {} and {}", op.text(), a.kind(), b.kind()))),
    }
}

fn ints(op: BinaryOp, a: i64, b: i64) -> Outcome {
    let checked = match op {
        BinaryOp::Add => a.checked_add(b),
        BinaryOp::Sub => a.checked_sub(b),
        BinaryOp::Mul => a.checked_mul(b),
        _ if b == 0 => return Err(zero()),
        BinaryOp::Div => return Ok(Value::Float(a as f64 / b as f64)),
        BinaryOp::FloorDiv => floor_div(a, b),
        _ => a
            .checked_rem(b)
            .map_or(Some(0), |rest| Some(if rest != 0 && (rest < 0) != (b < 0) { rest + b } else { rest })),
    };
    checked.map(Value::Int).ok_or_else(|| overflow("the result"))
}

fn floor_div(a: i64, b: i64) -> Option<i64> {
    let quotient = a.checked_div(b)?;
    Some(if a % b != 0 && (a < 0) != (b < 0) { quotient - 1 } else { quotient })
}

fn floats(op: BinaryOp, a: f64, b: f64) -> Outcome {
    let result = match op {
        BinaryOp::Add => a + b,
        BinaryOp::Sub => a - b,
        BinaryOp::Mul => a * b,
        _ if b == 0.0 => return Err(zero()),
        BinaryOp::Div => a / b,
        BinaryOp::FloorDiv => (a / b).floor(),
        _ => {
            let rest = a % b;
            if rest != 0.0 && (rest < 0.0) != (b < 0.0) { rest + b } else { rest }
        }
    };
    if result.is_finite() { Ok(Value::Float(result)) } else { Err(overflow("the result")) }
}

fn durations(op: BinaryOp, a: i64, b: i64) -> Outcome {
    let checked = match op {
        BinaryOp::Add => a.checked_add(b),
        BinaryOp::Sub => a.checked_sub(b),
        BinaryOp::Mul => return Err(type_error("`*` does not go with two durations".into())),
        _ if b == 0 => return Err(zero()),
        BinaryOp::Div => return Ok(Value::Float(a as f64 / b as f64)),
        BinaryOp::FloorDiv => return floor_div(a, b).map(Value::Int).ok_or_else(|| overflow("the result")),
        _ => match ints(op, a, b)? {
            Value::Int(us) => Some(us),
            _ => None,
        },
    };
    checked.map(Value::Duration).ok_or_else(|| overflow("the duration"))
}

fn scale(op: BinaryOp, us: i64, number: &Value) -> Outcome {
    let by = match number {
        Value::Int(by) => match op {
            BinaryOp::Mul => {
                return us.checked_mul(*by).map(Value::Duration).ok_or_else(|| overflow("the duration"));
            }
            _ => *by as f64,
        },
        Value::Float(by) => *by,
        _ => return Err(type_error("a duration is scaled by a number".into())),
    };
    let result = match op {
        BinaryOp::Mul => us as f64 * by,
        BinaryOp::Div | BinaryOp::FloorDiv if by == 0.0 => return Err(zero()),
        BinaryOp::Div => us as f64 / by,
        BinaryOp::FloorDiv => (us as f64 / by).floor(),
        _ => return Err(type_error(format!("`{}` does not go with a duration and a number", op.text()))),
    };
    if result.abs() < i64::MAX as f64 {
        Ok(Value::Duration(result.round() as i64))
    } else {
        Err(overflow("the duration"))
    }
}

/// The order of two values; none for floats that have none.
pub(crate) fn compare(a: &Value, b: &Value) -> Result<Option<Ordering>, Problem> {
    match (a, b) {
        (Value::Int(a), Value::Int(b)) | (Value::Duration(a), Value::Duration(b)) => Ok(Some(a.cmp(b))),
        (Value::Float(a), Value::Float(b)) => Ok(a.partial_cmp(b)),
        (Value::Int(a), Value::Float(b)) => Ok((*a as f64).partial_cmp(b)),
        (Value::Float(a), Value::Int(b)) => Ok(a.partial_cmp(&(*b as f64))),
        (Value::Str(a), Value::Str(b)) => Ok(Some(a.cmp(b))),
        (a, b) => Err(type_error(format!("{} and {} have no order", a.kind(), b.kind()))),
    }
}

/// `xs[i]`; negative numbers count from the end.
pub(crate) fn index(of: &Value, at: &Value) -> Outcome {
    let Value::Int(at) = at else {
        return Err(type_error(format!("an index is an integer, not {}", at.kind())));
    };
    let length = match of {
        Value::List(items) => items.len(),
        Value::Str(text) => text.chars().count(),
        other => return Err(type_error(format!("{} has no items", other.kind()))),
    };
    let from_end = if *at < 0 { at.checked_add(length as i64) } else { Some(*at) };
    let position = from_end.and_then(|at| usize::try_from(at).ok()).filter(|at| *at < length);
    let Some(position) = position else {
        let items = if length == 1 { "1 item".to_string() } else { format!("{length} items") };
        return Err(Fault::new(kind::INDEX_ERROR, format!("index {at} of {items}")).into());
    };
    match of {
        Value::List(items) => Ok(items.get(position).cloned().unwrap_or(Value::None)),
        Value::Str(text) => {
            Ok(text.chars().nth(position).map_or(Value::None, |c| Value::Str(c.to_string().into())))
        }
        _ => Ok(Value::None),
    }
}

/// `e.message`, `response.status`.
pub(crate) fn field(of: &Value, field: Field) -> Outcome {
    match (of, field) {
        (Value::Error(error), Field::Count) => Ok(Value::Int(error.leaves().count() as i64)),
        (Value::Error(error), Field::Leaves) => {
            let leaf = |leaf: &Leaf| Value::Error(Error::Leaf(leaf.clone()));
            List::new(error.leaves().map(leaf).collect()).map(Value::List)
        }
        (Value::Error(error), Field::Kind | Field::Message | Field::Task) => {
            let text = |leaf: &Leaf| match field {
                Field::Kind => Fault::of(leaf).kind,
                Field::Message => Fault::of(leaf).message,
                _ => leaf.path().into(),
            };
            let texts: Vec<Rc<str>> = error.leaves().map(text).collect();
            Ok(Value::Str(texts.join("; ").into()))
        }
        (Value::Response { status, .. }, Field::Status) => Ok(Value::Int(i64::from(*status))),
        (Value::Response { body, .. }, Field::Body) => Ok(Value::Str(body.clone())),
        (other, _) => Err(type_error(format!("{} has no such part", other.kind()))),
    }
}
