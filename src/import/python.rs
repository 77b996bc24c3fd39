//! As much of Python's syntax as the importer understands; the rest stands here as [`ExprKind::Other`].

use crate::span::Span;

/// An argument that is given by its name.
pub type Named = (String, Expr);

/// An expression and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Expr {
    /// What it is.
    pub kind: ExprKind,
    /// Its bytes in the text.
    pub span: Span,
}

/// What an expression is.
#[derive(Clone, Debug, PartialEq)]
pub enum ExprKind {
    /// `None`.
    None,
    /// `True`, `False`.
    Bool(bool),
    /// A whole number of 64 bits.
    Int(i64),
    /// Any other number.
    Float(f64),
    /// A text.
    Text(String),
    /// An f-string.
    Format(Vec<Piece>),
    /// A name.
    Name(String),
    /// `value.name`.
    Field(Box<Expr>, String),
    /// A call: what is called, plain arguments, arguments by name.
    Call(Box<Expr>, Vec<Expr>, Vec<(String, Expr)>),
    /// `await value`.
    Await(Box<Expr>),
    /// `yield value`.
    Yield(Option<Box<Expr>>),
    /// A list or a tuple.
    List(Vec<Expr>),
    /// A dictionary without `**`.
    Dict(Vec<(Expr, Expr)>),
    /// `value[index]`.
    Index(Box<Expr>, Box<Expr>),
    /// `not value`.
    Not(Box<Expr>),
    /// `-value`.
    Minus(Box<Expr>),
    /// An operator between two values, as the scenario language spells it.
    Binary(&'static str, Box<Expr>, Box<Expr>),
    /// `[item for target in list if condition]`, also as a generator.
    Each {
        /// What each turn gives.
        item: Box<Expr>,
        /// The name of the turn's value.
        target: Box<Expr>,
        /// Where the values come from.
        list: Box<Expr>,
        /// What a value must meet.
        condition: Option<Box<Expr>>,
    },
    /// `yes if test else no`: test, yes, no.
    Choice(Box<Expr>, Box<Expr>, Box<Expr>),
    /// `(name := value)`.
    Named(String, Box<Expr>),
    /// `*value`.
    Spread(Box<Expr>),
    /// Something else, and what it is called.
    Other(&'static str),
}

/// A piece of an f-string.
#[derive(Clone, Debug, PartialEq)]
pub enum Piece {
    /// Characters.
    Text(String),
    /// A value that prints without conversion and format.
    Value(Expr),
    /// A value with either.
    Formatted,
}

/// A statement and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Stmt {
    /// What it is.
    pub kind: StmtKind,
    /// Its bytes in the text.
    pub span: Span,
}

/// What a statement is.
#[derive(Clone, Debug, PartialEq)]
pub enum StmtKind {
    /// An expression by itself.
    Expr(Expr),
    /// `target = value`, annotated or not.
    Assign(Expr, Expr),
    /// `target += value` with the operator.
    Change(Expr, &'static str, Expr),
    /// `return`.
    Return(Option<Expr>),
    /// The branches in order; the last may have no condition.
    If(Vec<(Option<Expr>, Vec<Stmt>)>),
    /// `while`.
    While(Expr, Vec<Stmt>),
    /// `for` and `async for`.
    For {
        /// Whether it is `async for`.
        is_async: bool,
        /// What takes each value.
        target: Expr,
        /// Where they come from.
        list: Expr,
        /// What is done with each.
        body: Vec<Stmt>,
    },
    /// `with` and `async with`.
    With(Vec<(Expr, Option<Expr>)>, Vec<Stmt>),
    /// `try`.
    Try(Try),
    /// `raise`.
    Raise(Option<Expr>),
    /// A function.
    Fn(Fn),
    /// A class.
    Class(Class),
    /// `pass`, `global`, `import`, a docstring: says nothing that a scenario would have to say.
    Nothing,
    /// `break`.
    Break,
    /// `continue`.
    Continue,
    /// Something else, and what it is called.
    Other(&'static str),
}

/// `try` with its clauses.
#[derive(Clone, Debug, PartialEq)]
pub struct Try {
    /// What is tried.
    pub body: Vec<Stmt>,
    /// The handlers.
    pub handlers: Vec<Handler>,
    /// `else`.
    pub otherwise: Vec<Stmt>,
    /// `finally`.
    pub finally: Vec<Stmt>,
    /// Whether it is `except*`.
    pub is_star: bool,
}

/// One `except`.
#[derive(Clone, Debug, PartialEq)]
pub struct Handler {
    /// The kinds that it takes, without their modules; empty for a bare `except`.
    pub kinds: Vec<String>,
    /// `as name`.
    pub name: Option<String>,
    /// What it does.
    pub body: Vec<Stmt>,
    /// Where its first line stands.
    pub span: Span,
}

/// A function.
#[derive(Clone, Debug, PartialEq)]
pub struct Fn {
    /// What it is called.
    pub name: String,
    /// Whether it is `async def`.
    pub is_async: bool,
    /// Its parameters with their annotations and defaults.
    pub params: Vec<Param>,
    /// Whether it takes `*args` or `**kwargs`.
    pub is_variadic: bool,
    /// Its decorators' names, without their modules.
    pub decorators: Vec<String>,
    /// What it does.
    pub body: Vec<Stmt>,
}

/// A parameter.
#[derive(Clone, Debug, PartialEq)]
pub struct Param {
    /// What it is called.
    pub name: String,
    /// The last name of its annotation: `Queue` of `asyncio.Queue`.
    pub annotation: Option<String>,
    /// Its value where none is given.
    pub default: Option<Expr>,
}

/// A class.
#[derive(Clone, Debug, PartialEq)]
pub struct Class {
    /// What it is called.
    pub name: String,
    /// The last names of its bases.
    pub bases: Vec<String>,
    /// What stands in it.
    pub body: Vec<Stmt>,
}

impl Expr {
    /// The name, if it is one.
    pub fn name(&self) -> Option<&str> {
        match &self.kind {
            ExprKind::Name(name) => Some(name),
            _ => None,
        }
    }

    /// `a.b.c` as one text, if it is names and dots.
    pub fn path(&self) -> Option<String> {
        match &self.kind {
            ExprKind::Name(name) => Some(name.clone()),
            ExprKind::Field(of, name) => Some(format!("{}.{name}", of.path()?)),
            _ => None,
        }
    }

    /// The path of what is called, and the arguments, if it is a call.
    pub fn call(&self) -> Option<(String, &[Expr], &[Named])> {
        match &self.kind {
            ExprKind::Call(function, args, named) => Some((function.path()?, args, named)),
            _ => None,
        }
    }

    /// The expressions right inside it.
    pub fn inside(&self) -> Vec<&Expr> {
        match &self.kind {
            ExprKind::Field(of, _)
            | ExprKind::Await(of)
            | ExprKind::Not(of)
            | ExprKind::Minus(of)
            | ExprKind::Spread(of)
            | ExprKind::Named(_, of)
            | ExprKind::Yield(Some(of)) => vec![of],
            ExprKind::Index(of, at) => vec![of, at],
            ExprKind::Choice(test, yes, no) => vec![test, yes, no],
            ExprKind::Binary(_, left, right) => vec![left, right],
            ExprKind::List(items) => items.iter().collect(),
            ExprKind::Dict(items) => items.iter().flat_map(|(key, value)| [key, value]).collect(),
            ExprKind::Call(function, args, named) => {
                let named = named.iter().map(|(_, value)| value);
                std::iter::once(&**function).chain(args).chain(named).collect()
            }
            ExprKind::Each { item, target, list, condition } => {
                [item, target, list].into_iter().map(|it| &**it).chain(condition.as_deref()).collect()
            }
            ExprKind::Format(pieces) => pieces
                .iter()
                .filter_map(|piece| match piece {
                    Piece::Value(value) => Some(value),
                    _ => None,
                })
                .collect(),
            _ => Vec::new(),
        }
    }

    /// Calls `see` with it and everything inside it.
    pub fn walk<'a>(&'a self, see: &mut dyn FnMut(&'a Expr)) {
        see(self);
        self.inside().into_iter().for_each(|it| it.walk(see));
    }
}

impl Stmt {
    /// The expressions that stand in it, blocks left out.
    pub fn exprs(&self) -> Vec<&Expr> {
        match &self.kind {
            StmtKind::Expr(it) | StmtKind::While(it, _) => vec![it],
            StmtKind::Return(it) | StmtKind::Raise(it) => it.iter().collect(),
            StmtKind::Assign(target, value) | StmtKind::Change(target, _, value) => vec![target, value],
            StmtKind::If(branches) => branches.iter().filter_map(|(test, _)| test.as_ref()).collect(),
            StmtKind::For { target, list, .. } => vec![target, list],
            StmtKind::With(items, _) => {
                items.iter().flat_map(|(value, name)| std::iter::once(value).chain(name)).collect()
            }
            _ => Vec::new(),
        }
    }

    /// The blocks that stand in it; those of functions and classes are their own affair.
    pub fn blocks(&self) -> Vec<&[Stmt]> {
        match &self.kind {
            StmtKind::If(branches) => branches.iter().map(|(_, body)| body.as_slice()).collect(),
            StmtKind::While(_, body) | StmtKind::With(_, body) | StmtKind::For { body, .. } => vec![body],
            StmtKind::Try(it) => {
                let handlers = it.handlers.iter().map(|handler| handler.body.as_slice());
                let mut blocks = vec![it.body.as_slice()];
                blocks.extend(handlers);
                blocks.extend([it.otherwise.as_slice(), it.finally.as_slice()]);
                blocks
            }
            _ => Vec::new(),
        }
    }
}

/// Calls `see` with each statement and all that are inside it.
pub fn each_stmt<'a>(body: &'a [Stmt], see: &mut dyn FnMut(&'a Stmt)) {
    for stmt in body {
        see(stmt);
        stmt.blocks().into_iter().for_each(|block| each_stmt(block, see));
    }
}

/// Calls `see` with each expression of these statements, inner ones included.
pub fn each_expr<'a>(body: &'a [Stmt], see: &mut dyn FnMut(&'a Expr)) {
    each_stmt(body, &mut |stmt| stmt.exprs().into_iter().for_each(|expr| expr.walk(see)));
}
