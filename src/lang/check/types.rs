//! Types, as far as they can be known before the run.

use crate::lang::plan::{BinaryOp, Field, Literal};

/// What kind of value an expression has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Type {
    /// Not known, so right everywhere.
    Unknown,
    None,
    Bool,
    Int,
    Float,
    Str,
    Duration,
    List,
    Task,
    Error,
    Response,
    Deadline,
}

impl Type {
    /// As messages say it.
    pub fn text(self) -> &'static str {
        match self {
            Type::Unknown => "a value",
            Type::None => "`none`",
            Type::Bool => "true or false",
            Type::Int => "a whole number",
            Type::Float => "a fraction",
            Type::Str => "a text",
            Type::Duration => "a length of time",
            Type::List => "a list",
            Type::Task => "a task",
            Type::Error => "an error",
            Type::Response => "a response",
            Type::Deadline => "a deadline",
        }
    }

    /// The type of a literal.
    pub fn of(literal: &Literal) -> Type {
        match literal {
            Literal::None => Type::None,
            Literal::Bool(_) => Type::Bool,
            Literal::Int(_) => Type::Int,
            Literal::Float(_) => Type::Float,
            Literal::Duration(_) => Type::Duration,
            Literal::Str(_) => Type::Str,
        }
    }

    /// Whether a value of this type may stand where `wanted` is.
    pub fn fits(self, wanted: Type) -> bool {
        self == wanted || self == Type::Unknown || wanted == Type::Unknown
    }

    /// Whether it counts.
    pub fn is_number(self) -> bool {
        matches!(self, Type::Int | Type::Float)
    }

    /// Whether a value of this type can have the field.
    pub fn has(self, field: Field) -> bool {
        match self {
            Type::Unknown => true,
            Type::Error => !matches!(field, Field::Status | Field::Body),
            Type::Response => matches!(field, Field::Status | Field::Body),
            _ => false,
        }
    }
}

/// What `left op right` gives; None where it certainly is a `TypeError`.
pub fn binary(op: BinaryOp, left: Type, right: Type) -> Option<Type> {
    use BinaryOp::{Add, And, Div, Eq, FloorDiv, Ge, Gt, Le, Lt, Mul, Ne, Or, Rem, Sub};
    let number = if left == Type::Float || right == Type::Float { Type::Float } else { Type::Int };
    let numbers = left.is_number() && right.is_number();
    let same = left == right;
    match op {
        Eq | Ne => return Some(Type::Bool),
        And | Or if left.fits(Type::Bool) && right.fits(Type::Bool) => return Some(Type::Bool),
        And | Or => return None,
        _ => {}
    }
    if left == Type::Unknown || right == Type::Unknown {
        let other = if left == Type::Unknown { right } else { left };
        return one_known(op, other);
    }
    match op {
        Lt | Le | Gt | Ge => {
            let ordered = numbers || (same && matches!(left, Type::Duration | Type::Str));
            ordered.then_some(Type::Bool)
        }
        Div if numbers => Some(Type::Float),
        Add | Sub | Mul | FloorDiv | Rem if numbers => Some(number),
        Add if same && matches!(left, Type::Str | Type::List | Type::Duration) => Some(left),
        Sub if same && left == Type::Duration => Some(left),
        Div if same && left == Type::Duration => Some(Type::Float),
        // How the two divide is the run's business; both are lengths, so it is no mistake of type.
        FloorDiv | Rem if same && left == Type::Duration => Some(Type::Unknown),
        Mul if left == Type::Duration && right.is_number() => Some(left),
        Mul if right == Type::Duration && left.is_number() => Some(right),
        Div | FloorDiv | Rem if left == Type::Duration && right.is_number() => Some(left),
        _ => None,
    }
}

/// The same where only one side is known.
fn one_known(op: BinaryOp, known: Type) -> Option<Type> {
    let compares = matches!(op, BinaryOp::Lt | BinaryOp::Le | BinaryOp::Gt | BinaryOp::Ge);
    let fits = match known {
        Type::Unknown | Type::Int | Type::Float | Type::Duration => true,
        Type::Str => op == BinaryOp::Add || compares,
        Type::List => op == BinaryOp::Add,
        _ => false,
    };
    fits.then_some(match (compares, known, op) {
        (true, ..) => Type::Bool,
        (false, Type::Str | Type::List, _) => known,
        _ => Type::Unknown,
    })
}
