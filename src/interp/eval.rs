//! Expressions: pure, at once, one function per node.

use std::fmt::Write;
use std::rc::Rc;

use crate::lang::plan::{BinaryOp, Builtin, Expr, ExprKind, Fact, Literal, Part};

use super::fault::{Fault, kind};
use super::frame::Frame;
use super::limits::{Limit, MAX_LENGTH};
use super::list::List;
use super::ops::{self, Problem, check_length, type_error};
use super::value::Value;
use super::world::World;

type Evaluated = Result<Value, Problem>;

/// Computes `expr` with the variables of `frame`.
pub(crate) fn eval(world: &World, expr: &Expr, frame: &Frame) -> Evaluated {
    match &expr.kind {
        ExprKind::Literal(literal) => Ok(self::literal(literal)),
        ExprKind::Text(parts) => text(world, parts, frame),
        ExprKind::List(items) => List::new(all(world, items, frame)?).map(Value::List),
        ExprKind::Var(place) => Ok(frame.get(*place)),
        ExprKind::Unary(op, operand) => ops::unary(*op, eval(world, operand, frame)?),
        ExprKind::Binary(op @ (BinaryOp::And | BinaryOp::Or), left, right) => {
            logic(world, *op == BinaryOp::Or, left, right, frame)
        }
        ExprKind::Binary(op, left, right) => {
            let left = eval(world, left, frame)?;
            let right = eval(world, right, frame)?;
            world.charge(&[&left, &right])?;
            ops::binary(*op, left, right)
        }
        ExprKind::Index(of, at) => {
            let of = eval(world, of, frame)?;
            world.charge(&[&of])?;
            ops::index(&of, &eval(world, at, frame)?)
        }
        ExprKind::Field(of, field) => ops::field(&eval(world, of, frame)?, *field),
        ExprKind::Builtin(builtin, args) => self::builtin(world, *builtin, all(world, args, frame)?),
        ExprKind::Fact(fact) => self::fact(world, fact, frame),
    }
}

/// Computes several, from left to right.
pub(crate) fn all(world: &World, exprs: &[Expr], frame: &Frame) -> Result<Vec<Value>, Problem> {
    exprs.iter().map(|expr| eval(world, expr, frame)).collect()
}

fn literal(literal: &Literal) -> Value {
    match literal {
        Literal::None => Value::None,
        Literal::Bool(value) => Value::Bool(*value),
        Literal::Int(value) => Value::Int(*value),
        Literal::Float(value) => Value::Float(*value),
        Literal::Duration(us) => Value::Duration(*us),
        Literal::Str(text) => Value::Str(text.clone()),
    }
}

fn text(world: &World, parts: &[Part], frame: &Frame) -> Evaluated {
    let mut text = String::new();
    for part in parts {
        match part {
            Part::Text(fixed) => text.push_str(fixed),
            Part::Hole(expr) => {
                let value = eval(world, expr, frame)?;
                world.charge(&[&value])?;
                push(&mut text, &value)?;
            }
        }
        check_length(text.len())?;
    }
    Ok(Value::Str(text.into()))
}

/// Prints `value` at the end of `text`. A list that holds itself many times
/// over is small in memory and endless in print, so printing has the limit.
pub(crate) fn push(text: &mut String, value: &Value) -> Result<(), Problem> {
    struct Bounded<'text>(&'text mut String);

    impl Write for Bounded<'_> {
        fn write_str(&mut self, more: &str) -> std::fmt::Result {
            if self.0.len() + more.len() > MAX_LENGTH {
                return Err(std::fmt::Error);
            }
            self.0.push_str(more);
            Ok(())
        }
    }

    write!(Bounded(text), "{value}").map_err(|_| Problem::Limit(Limit::Length))
}

/// `value` as `log` and `str` print it.
pub(crate) fn printed(value: &Value) -> Result<Rc<str>, Problem> {
    if let Value::Str(text) = value {
        return Ok(text.clone());
    }
    let mut text = String::new();
    push(&mut text, value)?;
    Ok(text.into())
}

fn logic(world: &World, decided_by: bool, left: &Expr, right: &Expr, frame: &Frame) -> Evaluated {
    let left = truth(&eval(world, left, frame)?)?;
    if left == decided_by {
        Ok(Value::Bool(left))
    } else {
        truth(&eval(world, right, frame)?).map(Value::Bool)
    }
}

/// A condition's value.
pub(crate) fn truth(value: &Value) -> Result<bool, Problem> {
    match value {
        Value::Bool(value) => Ok(*value),
        other => Err(type_error(format!("a condition is true or false, not {}", other.kind()))),
    }
}

fn builtin(world: &World, builtin: Builtin, args: Vec<Value>) -> Evaluated {
    let first = args.first().cloned().unwrap_or(Value::None);
    world.charge(&args.iter().collect::<Vec<_>>())?;
    match builtin {
        Builtin::Len => match &first {
            Value::Str(text) => Ok(Value::Int(text.chars().count() as i64)),
            Value::List(items) => Ok(Value::Int(items.len() as i64)),
            other => Err(type_error(format!("`len` wants a string or a list, not {}", other.kind()))),
        },
        Builtin::Now => Ok(Value::Duration(micros(world.now().as_us()))),
        Builtin::Random => draw(world, &first, args.get(1).unwrap_or(&Value::None)),
        Builtin::Sum => {
            let items = list_of(&first, "sum")?;
            let Some((head, rest)) = items.split_first() else { return Ok(Value::Int(0)) };
            rest.iter().cloned().try_fold(head.clone(), |sum, item| {
                world.charge(&[&sum, &item])?;
                ops::binary(BinaryOp::Add, sum, item)
            })
        }
        Builtin::Min => extreme(args, "min", std::cmp::Ordering::Less),
        Builtin::Max => extreme(args, "max", std::cmp::Ordering::Greater),
        Builtin::Str => printed(&first).map(Value::Str),
    }
}

fn list_of<'value>(value: &'value Value, wanted_by: &str) -> Result<&'value [Value], Problem> {
    match value {
        Value::List(items) => Ok(items),
        other => Err(type_error(format!("`{wanted_by}` wants a list, not {}", other.kind()))),
    }
}

fn extreme(args: Vec<Value>, name: &str, wanted: std::cmp::Ordering) -> Evaluated {
    let items = match &args[..] {
        [list] => list_of(list, name)?,
        several => several,
    };
    let mut items = items.iter();
    let Some(mut best) = items.next() else {
        return Err(Fault::new(kind::VALUE_ERROR, format!("`{name}` of nothing")).into());
    };
    for item in items {
        if ops::compare(item, best)? == Some(wanted) {
            best = item;
        }
    }
    Ok(best.clone())
}

/// A value between two, both included, from the seed.
pub(crate) fn draw(world: &World, from: &Value, to: &Value) -> Evaluated {
    let reversed = || Fault::new(kind::VALUE_ERROR, format!("the range {from}..{to} is reversed")).into();
    match (from, to) {
        (Value::Int(a), Value::Int(b)) if a <= b => Ok(Value::Int(between(world, *a, *b))),
        (Value::Duration(a), Value::Duration(b)) if a <= b => Ok(Value::Duration(between(world, *a, *b))),
        (Value::Int(_), Value::Int(_)) | (Value::Duration(_), Value::Duration(_)) => Err(reversed()),
        (Value::Int(_) | Value::Float(_), Value::Int(_) | Value::Float(_)) => {
            let (a, b) = (number(from), number(to));
            // 53 bits: all that a float can tell apart between 0 and 1.
            let part = (world.host.random() >> 11) as f64 / (1u64 << 53) as f64;
            if a <= b { Ok(Value::Float(a + (b - a) * part)) } else { Err(reversed()) }
        }
        (a, b) => Err(type_error(format!(
            "a range goes between two numbers or durations, not {} and {}",
            a.kind(),
            b.kind()
        ))),
    }
}

fn number(value: &Value) -> f64 {
    match value {
        Value::Int(value) => *value as f64,
        Value::Float(value) => *value,
        _ => 0.0,
    }
}

/// The remainder favours small numbers by less than one in 2^40 for ranges that a person types.
fn between(world: &World, a: i64, b: i64) -> i64 {
    let width = (b as i128 - a as i128 + 1) as u128;
    let offset = u128::from(world.host.random()) % width;
    (a as i128 + offset as i128) as i64
}

/// Microseconds as the language counts them.
pub(crate) fn micros(us: u64) -> i64 {
    i64::try_from(us).unwrap_or(i64::MAX)
}

fn fact(world: &World, fact: &Fact, frame: &Frame) -> Evaluated {
    let facts = &world.facts;
    Ok(match fact {
        Fact::Elapsed => Value::Duration(micros(world.now().as_us())),
        Fact::Outcome => Value::Str(facts.outcome.get().name().into()),
        Fact::Peak(held) => Value::Int(world.peak(*held)),
        Fact::Logged(text) => {
            let text = printed(&eval(world, text, frame)?)?;
            Value::Bool(facts.logged.borrow().contains(&text))
        }
        Fact::Cancelled(path) => {
            let path = printed(&eval(world, path, frame)?)?;
            let cancelled = facts.cancelled.borrow();
            Value::Bool(cancelled.contains(&*path) || cancelled.contains(&*format!("main/{path}")))
        }
    })
}
