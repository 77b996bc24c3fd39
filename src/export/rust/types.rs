//! Rust's types for what the tree knows of values.

use crate::export::tree::types::{Kind, Type};

/// A type of the written program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ty {
    /// Nothing ever stands there.
    Never,
    Unit,
    Bool,
    Int,
    Float,
    Duration,
    Str,
    List(Box<Ty>),
    Task(Box<Ty>),
    Error,
    Response,
    Deadline,
    /// Only the value itself can tell.
    Value,
}

impl Ty {
    /// The type for values of a kind; where there are several kinds, only the value itself can tell.
    pub fn of(known: &Type) -> Ty {
        let mut kinds = known.each();
        let (Some(kind), None) = (kinds.next(), kinds.next()) else {
            return if known.is_never() { Ty::Never } else { Ty::Value };
        };
        match kind {
            Kind::None => Ty::Unit,
            Kind::Bool => Ty::Bool,
            Kind::Int => Ty::Int,
            Kind::Float => Ty::Float,
            // Rust's are never less than zero.
            Kind::Duration if known.negative => Ty::Value,
            Kind::Duration => Ty::Duration,
            Kind::Str => Ty::Str,
            Kind::List => Ty::List(Box::new(Ty::of(&known.item()))),
            Kind::Task => Ty::Task(Box::new(Ty::of(&known.given()))),
            Kind::Error => Ty::Error,
            Kind::Response => Ty::Response,
            Kind::Deadline => Ty::Deadline,
        }
    }

    /// As it is written. What never stands anywhere is nothing.
    pub fn name(&self) -> String {
        match self {
            Ty::Never | Ty::Unit => "()".into(),
            Ty::Bool => "bool".into(),
            Ty::Int => "i64".into(),
            Ty::Float => "f64".into(),
            Ty::Duration => "Duration".into(),
            Ty::Str => "String".into(),
            Ty::List(item) => format!("Vec<{}>", item.name()),
            Ty::Task(given) => format!("Task<{}>", given.name()),
            Ty::Error => "Error".into(),
            Ty::Response => "Response".into(),
            Ty::Deadline => "TimeoutHandle".into(),
            Ty::Value => "Value".into(),
        }
    }

    /// Whether its values are copied where they are used.
    pub fn is_copy(&self) -> bool {
        matches!(self, Ty::Never | Ty::Unit | Ty::Bool | Ty::Int | Ty::Float | Ty::Duration)
    }

    /// A value to begin with, where there is one.
    pub fn default(&self) -> Option<&'static str> {
        Some(match self {
            Ty::Never | Ty::Unit => "()",
            Ty::Bool => "false",
            Ty::Int => "0",
            Ty::Float => "0.0",
            Ty::Duration => "Duration::ZERO",
            Ty::Str => "String::new()",
            Ty::List(_) => "Vec::new()",
            Ty::Value => "Value::None",
            Ty::Task(_) | Ty::Error | Ty::Response | Ty::Deadline => return None,
        })
    }

    /// Whether nothing is gained from having it.
    pub fn is_nothing(&self) -> bool {
        matches!(self, Ty::Never | Ty::Unit)
    }
}
