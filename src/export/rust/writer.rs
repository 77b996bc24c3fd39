//! What is known of a program while it is written.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use crate::export::tree::infer::Types;
use crate::export::tree::raises::Errors;
use crate::export::tree::types::Type;
use crate::export::tree::{Expr, Op, Tree, VarId};

use super::captures::Captures;
use super::declare::Declared;
use super::leaves::Leaves;
use super::names::Names;
use super::types::Ty;

/// What only shows while a program is written, and changes what was written before. It grows from pass to pass.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// The functions whose value somebody wants.
    pub wanted: BTreeSet<u32>,
    /// Somebody wants what tasks give.
    pub awaits: bool,
    /// Handles of tasks that give different things are mixed: all tasks give a `Value`.
    pub alike: bool,
}

/// What becomes of the value of a block or statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Want {
    /// Nobody asks for it.
    Nothing,
    /// The code is an expression of this type.
    Value(Ty),
    /// The code ends an asynchronous block or function, whose output is a `Result` of this type.
    End(End),
}

/// How an asynchronous block or function ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct End {
    /// What it gives.
    pub ty: Ty,
    /// It may be left early by ways that lead further than its own end.
    pub flow: bool,
    /// What nothing else tells the compiler.
    pub spelled: Spelled,
}

/// What has to be written out of an output's type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spelled {
    Nothing,
    /// What a block gives that always fails.
    Value,
    /// That, and what its error is.
    Whole,
}

/// An asynchronous block or function that is being written.
#[derive(Clone, Debug)]
pub struct Frame {
    /// What the function or task around returns.
    pub returns: Ty,
    /// Whether it is part of a function or task: `return` leads further than its end.
    pub inner: bool,
    /// Loops around, in the same frame.
    pub loops: u32,
}

/// Where tasks are spawned into.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    Scope,
    /// Contenders of a race give all the same.
    Race(Ty),
}

/// How an expression is written that has a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// A value of its own.
    Owned,
    /// Somebody else's: to keep it is to clone it.
    Place,
    /// A `&str`.
    Text,
}

/// An expression.
#[derive(Clone, Debug)]
pub struct Code {
    pub text: String,
    pub ty: Ty,
    pub form: Form,
    /// It needs no parentheses as an operand.
    pub atom: bool,
    /// It is a call of a function of the program, with `.await?` behind it.
    pub is_call: bool,
}

impl Code {
    /// A value of its own that needs no parentheses.
    pub fn owned(text: impl Into<String>, ty: Ty) -> Code {
        Code { text: text.into(), ty, form: Form::Owned, atom: true, is_call: false }
    }

    /// The same, with operators.
    pub fn loose(text: impl Into<String>, ty: Ty) -> Code {
        Code { atom: false, ..Code::owned(text, ty) }
    }

    /// As an operand, or before a dot.
    pub fn operand(&self) -> String {
        if self.atom { self.text.clone() } else { format!("({})", self.text) }
    }
}

pub struct Writer<'t> {
    pub tree: &'t Tree<'t>,
    pub types: RefCell<Types<'t>>,
    pub errors: Errors<'t>,
    pub captures: Captures,
    pub names: Names,
    pub declared: Declared,
    pub functions: Vec<String>,
    /// What the variables are called.
    pub vars: BTreeMap<VarId, String>,
    /// Variables that are constants of the whole program, by their names.
    pub constants: BTreeMap<VarId, String>,
    pub imports: BTreeSet<String>,
    pub helpers: BTreeSet<&'static str>,
    /// The kinds of errors that the program raises by types of its own.
    pub kinds: BTreeSet<String>,
    pub frames: Vec<Frame>,
    /// Where tasks are spawned into.
    pub into: Target,
    pub known: Found,
    pub found: Found,
    pub refused: Option<String>,
    /// Lifetime of what is declared.
    pub env: &'static str,
}

impl Writer<'_> {
    /// There is no form for this.
    pub fn refuse(&mut self, reason: &str) {
        self.refused.get_or_insert_with(|| reason.to_owned());
    }

    /// The name of something of the library's runtime, imported.
    pub fn rt(&mut self, name: &'static str) -> &'static str {
        self.imports.insert(format!("taskscope::runtime::{name}"));
        name
    }

    /// The name of something that is imported.
    pub fn import(&mut self, path: &'static str) -> &'static str {
        self.imports.insert(path.to_owned());
        path.rsplit("::").next().unwrap_or(path)
    }

    /// The name of a helper, which is written below the program.
    pub fn helper(&mut self, name: &'static str) -> &'static str {
        self.helpers.insert(name);
        name
    }

    /// The type that raises errors of this kind.
    pub fn error_type(&mut self, kind: &str) -> String {
        let name = super::declare::error_name(kind);
        self.kinds.insert(name.clone());
        self.helpers.insert("errors");
        name
    }

    /// Rust's type of a kind of value.
    pub fn ty(&self, known: &Type) -> Ty {
        self.adapted(Ty::of(known))
    }

    fn adapted(&self, ty: Ty) -> Ty {
        match ty {
            Ty::Task(_) if self.known.alike => Ty::Task(Box::new(Ty::Value)),
            Ty::Task(_) if !self.known.awaits => Ty::Task(Box::new(Ty::Unit)),
            Ty::Task(given) => Ty::Task(Box::new(self.adapted(*given))),
            Ty::List(item) => Ty::List(Box::new(self.adapted(*item))),
            ty => ty,
        }
    }

    /// The type of a variable.
    pub fn var_ty(&mut self, var: VarId) -> Ty {
        let known = self.types.borrow().var(var);
        self.named(self.ty(&known))
    }

    /// The type of an expression's value.
    pub fn expr_ty(&mut self, expr: &Expr) -> Ty {
        let known = self.types.borrow_mut().expr(expr);
        self.named(self.ty(&known))
    }

    /// The type of what an action gives.
    pub fn op_ty(&mut self, op: &Op) -> Ty {
        let known = self.types.borrow_mut().op(op);
        self.named(self.ty(&known))
    }

    /// Imports what the type's name needs.
    pub fn named(&mut self, ty: Ty) -> Ty {
        match &ty {
            Ty::Duration => drop(self.import("std::time::Duration")),
            Ty::List(item) => drop(self.named((**item).clone())),
            Ty::Task(given) => {
                self.rt("Task");
                self.named((**given).clone());
            }
            Ty::Error => drop(self.rt("Error")),
            Ty::Response => drop(self.import("taskscope::host::Response")),
            Ty::Deadline => drop(self.rt("TimeoutHandle")),
            Ty::Value => drop(self.helper("Value")),
            _ => {}
        }
        ty
    }

    /// The frame that is being written.
    pub fn frame(&mut self) -> &mut Frame {
        if self.frames.is_empty() {
            self.frames.push(Frame { returns: Ty::Unit, inner: false, loops: 0 });
        }
        let last = self.frames.len() - 1;
        &mut self.frames[last]
    }

    /// Writes inside of a function or task that returns this.
    pub fn in_unit<T>(&mut self, returns: Ty, write: impl FnOnce(&mut Self) -> T) -> T {
        self.frames.push(Frame { returns, inner: false, loops: 0 });
        let written = write(self);
        self.frames.pop();
        written
    }

    /// Writes inside of an asynchronous block that is part of a function or task.
    pub fn in_part<T>(&mut self, write: impl FnOnce(&mut Self) -> T) -> T {
        let returns = self.frame().returns.clone();
        self.frames.push(Frame { returns, inner: true, loops: 0 });
        let written = write(self);
        self.frames.pop();
        written
    }

    /// Notes that ways out of a part lead further.
    pub fn flow(&mut self, leaves: Leaves) -> bool {
        if leaves.any() {
            self.helper("Flow");
        }
        leaves.any()
    }
}
