//! What can be seen from a place in the text: the variables there, and what the place is in.

use crate::lang::plan::Name;
use crate::lang::syntax::{Block, Catch, File, Ident, Stmt, StmtKind};
use crate::span::Span;

/// What a variable holds, as far as its declaration says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holds {
    /// Anything.
    Value,
    /// What `catch … as` took.
    Error,
    /// What `fetch` gave.
    Response,
    /// The handle of a task.
    Task,
    /// What `timeout … as` named.
    Deadline,
    /// What `with … as` named.
    Connection,
    /// What the caller passes.
    Parameter,
}

/// A variable that can be seen.
#[derive(Clone, Debug, PartialEq)]
pub struct Variable {
    pub name: Name,
    pub holds: Holds,
    /// Where it is declared.
    pub span: Span,
}

/// A byte of a text.
#[derive(Clone, Copy)]
struct Point<'a> {
    text: &'a str,
    at: u32,
}

impl Point<'_> {
    /// Whether it is between the braces of `block`; one that is not closed yet goes on.
    fn is_in(self, block: &Block) -> bool {
        let closed = self.text.get(block.span.range()).is_some_and(|it| it.len() > 1 && it.ends_with('}'));
        block.span.start < self.at && (!closed || self.at < block.span.end)
    }

    fn is_in_clause(self, catches: &[Catch]) -> bool {
        catches.iter().any(|catch| self.is_in(&catch.body))
    }
}

/// A place in the text.
#[derive(Clone, Debug, Default)]
pub struct Around {
    /// Outermost first; of two of a name the last counts.
    pub variables: Vec<Variable>,
    /// Some block.
    pub in_block: bool,
    /// A loop of the same function or task.
    pub in_loop: bool,
    /// A function or task, which `return` ends.
    pub in_function: bool,
    /// A handler, in which `raise` needs no error.
    pub in_handler: bool,
    /// A race or gather, which holds only tasks.
    pub only_tasks: bool,
    /// A resource, between its parts.
    pub in_resource: bool,
}

/// What is around the byte `at` of `text`, whose tree is `file`.
pub fn around(text: &str, file: &File, at: u32) -> Around {
    let mut place = Around::default();
    place.list(&file.statements, Point { text, at });
    // The last of a name hides the others.
    let mut seen = Vec::new();
    place.variables.reverse();
    place.variables.retain(|it| {
        !seen.contains(&it.name) && {
            seen.push(it.name.clone());
            true
        }
    });
    place.variables.reverse();
    place
}

impl Around {
    /// Statements of which one may hold the place; what stands above it can be seen.
    fn list(&mut self, statements: &[Stmt], point: Point<'_>) {
        for stmt in statements {
            if stmt.span.start >= point.at {
                return;
            }
            if self.inside(stmt, point) {
                return;
            }
            if let StmtKind::Let(name, value) = &stmt.kind
                && stmt.span.end < point.at
            {
                self.declare(name, held(&value.kind));
            }
        }
    }

    fn declare(&mut self, name: &Ident, holds: Holds) {
        if !name.text.is_empty() {
            self.variables.push(Variable { name: name.text.clone(), holds, span: name.span });
        }
    }

    /// Goes into the block of `stmt` that holds the place; whether there is one.
    fn inside(&mut self, stmt: &Stmt, point: Point<'_>) -> bool {
        let (kind, _) = stmt.action();
        if let StmtKind::Resource { name, open, close } = kind
            && name.span.end < point.at
            && point.at <= stmt.span.end
        {
            let parts = open.iter().chain(close);
            self.in_block = true;
            let mut part =
                parts.filter(|body| point.is_in(&body.block) || point.is_in_clause(&body.clauses.catches));
            match part.next() {
                Some(body) => {
                    self.function();
                    self.list(&body.block.statements, point);
                }
                None => self.in_resource = true,
            }
            return true;
        }
        if let Some(catch) = stmt.clauses.catches.iter().find(|catch| point.is_in(&catch.body)) {
            if matches!(
                kind,
                StmtKind::Fn { .. } | StmtKind::Task(..) | StmtKind::Detach(..) | StmtKind::At(..)
            ) {
                self.function();
                self.parameters(kind);
            }
            (self.in_block, self.in_handler, self.only_tasks) = (true, true, false);
            catch.name.iter().for_each(|name| self.declare(name, Holds::Error));
            self.list(&catch.body.statements, point);
            return true;
        }
        let Some(block) = stmt.all_blocks().into_iter().find(|block| point.is_in(block)) else {
            return false;
        };
        self.enter(kind, block);
        self.list(&block.statements, point);
        true
    }

    /// What the block of a statement changes.
    fn enter(&mut self, kind: &StmtKind, block: &Block) {
        self.in_block = true;
        self.only_tasks = matches!(kind, StmtKind::Race { .. } | StmtKind::Gather { .. });
        match kind {
            StmtKind::Fn { .. } | StmtKind::Task(..) | StmtKind::Detach(..) | StmtKind::At(..) => {
                self.function();
                self.parameters(kind);
            }
            StmtKind::While(..) | StmtKind::Repeat(..) => self.in_loop = true,
            StmtKind::ForIn(name, ..) | StmtKind::ForRange { name, .. } => {
                self.in_loop = true;
                self.declare(name, Holds::Value);
            }
            StmtKind::Timeout { name: Some(name), body, .. } if body.span == block.span => {
                self.declare(name, Holds::Deadline);
            }
            StmtKind::With { name: Some(name), .. } => self.declare(name, Holds::Connection),
            _ => {}
        }
    }

    /// The control flow around does not reach into a function or task.
    fn function(&mut self) {
        (self.in_function, self.in_loop, self.in_handler, self.in_block) = (true, false, false, true);
    }

    fn parameters(&mut self, kind: &StmtKind) {
        if let StmtKind::Fn { params, .. } = kind {
            params.iter().for_each(|param| self.declare(param, Holds::Parameter));
        }
    }
}

/// What the value right of a `let` is.
fn held(kind: &StmtKind) -> Holds {
    match kind {
        StmtKind::Task(..) | StmtKind::Detach(..) => Holds::Task,
        StmtKind::Fetch { .. } => Holds::Response,
        _ => Holds::Value,
    }
}
