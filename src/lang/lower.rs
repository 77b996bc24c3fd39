//! Tree to plan: names become places and indices, calls leave the expressions.
//!
//! Meant for a file in which the checker found no error. Of any other it makes a plan too, which leaves out
//! what cannot be said; such a plan must not be run.

use std::collections::BTreeMap;

use crate::lang::names::Names;
use crate::lang::plan::{
    Block, Declarations, Expr, ExprKind, Function, Handler, Literal, Name, Op, Place, Plan, Step, Target, Try,
};
use crate::lang::syntax::{self, Clauses, File, Ident, Stmt, StmtKind};
use crate::span::Span;

mod declare;
mod expr;
mod statement;

pub use expr::has_fact;

/// Lowers `file`.
pub fn lower(file: &File) -> Plan {
    let plan = Plan {
        scenario: None,
        seed: None,
        workers: None,
        declarations: Declarations::default(),
        functions: Vec::new(),
        body: Block::default(),
        stimuli: Vec::new(),
        expectations: Vec::new(),
    };
    let names = Names::of(file);
    let mut lowerer = Lowerer { names, plan, frames: Vec::new(), handlers: Vec::new(), before_run: false };
    lowerer.push_frame(&[]);
    let mut steps = Vec::new();
    for stmt in &file.statements {
        if !lowerer.declaration(stmt) {
            lowerer.statement(stmt, &mut steps);
        }
    }
    let end = file.statements.last().map_or(0, |stmt| stmt.span.end);
    lowerer.plan.body = lowerer.pop_frame(0, steps, Span::new(0, end));
    lowerer.plan
}

/// The slots of a block that is being lowered.
struct Frame {
    slots: Vec<Name>,
    /// The variables that can be seen by now. A second `let` of a name hides the first.
    visible: BTreeMap<Name, u32>,
}

struct Lowerer<'a> {
    names: Names<'a>,
    plan: Plan,
    /// Outermost first. In a function: the top level's and the function's own.
    frames: Vec<Frame>,
    /// The handlers around, innermost last: how many frames there were with its own.
    handlers: Vec<usize>,
    /// Whether an expression is lowered that is evaluated before the run: variables become their values.
    before_run: bool,
}

impl Lowerer<'_> {
    // Frames.

    fn push_frame(&mut self, inputs: &[Option<&Ident>]) {
        self.frames.push(Frame { slots: Vec::new(), visible: BTreeMap::new() });
        for input in inputs {
            self.declare(input.map_or(Name::from(""), |ident| ident.text.clone()));
        }
    }

    fn pop_frame(&mut self, inputs: usize, steps: Vec<Step>, span: Span) -> Block {
        let slots = self.frames.pop().map(|frame| frame.slots).unwrap_or_default();
        Block { slots: slots.into(), inputs: inputs as u32, steps: steps.into(), span }
    }

    /// A new slot of the innermost frame; without a name it is a temporary.
    fn declare(&mut self, name: Name) -> Place {
        let Some(frame) = self.frames.last_mut() else { return Place { hops: 0, slot: 0 } };
        let slot = frame.slots.len() as u32;
        if !name.is_empty() {
            frame.visible.insert(name.clone(), slot);
        }
        frame.slots.push(name);
        Place { hops: 0, slot }
    }

    fn resolve(&self, name: &str) -> Option<Place> {
        let frames = self.frames.iter().rev().zip(0..);
        frames.filter_map(|(frame, hops)| frame.visible.get(name).map(|&slot| Place { hops, slot })).next()
    }

    // Blocks.

    fn block(&mut self, block: &syntax::Block, inputs: &[Option<&Ident>]) -> Block {
        self.push_frame(inputs);
        let mut steps = Vec::new();
        for stmt in &block.statements {
            self.statement(stmt, &mut steps);
        }
        self.pop_frame(inputs.len(), steps, block.span)
    }

    /// The body of a function or task: what follows it guards it from inside.
    fn body(
        &mut self,
        block: &syntax::Block,
        clauses: &Clauses,
        inputs: &[Option<&Ident>],
        head: Span,
    ) -> Block {
        let handlers = std::mem::take(&mut self.handlers);
        let body = if clauses.is_empty() {
            self.block(block, inputs)
        } else {
            self.push_frame(inputs);
            let guarded = self.block(block, &[]);
            let op = self.guard(guarded, clauses);
            self.pop_frame(inputs.len(), vec![Step { op, into: None, span: head }], block.span)
        };
        self.handlers = handlers;
        body
    }

    /// `body catch … finally …`.
    fn guard(&mut self, body: Block, clauses: &Clauses) -> Op {
        let handlers = clauses.catches.iter().map(|catch| {
            self.handlers.push(self.frames.len() + 1);
            let body = self.block(&catch.body, &[catch.name.as_ref()]);
            self.handlers.pop();
            Handler { kind: catch.kind.as_ref().map(|kind| kind.text.clone()), body, span: catch.head }
        });
        let handlers = handlers.collect();
        let finally = clauses.finally.as_ref().map(|block| self.block(block, &[]));
        Op::Try(Box::new(Try { body, handlers, finally }))
    }

    /// What a bare `raise` sends on.
    fn taken(&self, span: Span) -> Expr {
        let hops = self.handlers.last().map_or(0, |depth| self.frames.len().saturating_sub(*depth)) as u32;
        Expr { kind: ExprKind::Var(Place { hops, slot: 0 }), span }
    }

    // Statements.

    fn statement(&mut self, stmt: &Stmt, out: &mut Vec<Step>) {
        let span = stmt.head;
        match &stmt.kind {
            StmtKind::Let(name, value) => {
                let op = self.guarded_op(&value.kind, &stmt.clauses, span, out);
                // After its value: `let x = x + 1` reads the outer one.
                let place = self.declare(name.text.clone());
                out.push(Step { op, into: Some(Target { place, declares: true }), span });
            }
            StmtKind::Assign(name, value) => {
                let op = self.guarded_op(&value.kind, &stmt.clauses, span, out);
                let into = self.resolve(&name.text).map(|place| Target { place, declares: false });
                out.push(Step { op, into, span });
            }
            StmtKind::Return(Some(value)) => {
                let value = match &value.kind {
                    StmtKind::Expr(expr) if stmt.clauses.is_empty() => self.expr(expr, out),
                    kind => {
                        let op = self.guarded_op(kind, &stmt.clauses, span, out);
                        self.keep(op, span, out)
                    }
                };
                out.push(Step { op: Op::Return(Some(value)), into: None, span });
            }
            StmtKind::Broken(blocks) => {
                for block in blocks {
                    self.block(block, &[]);
                }
            }
            kind => {
                let op = self.guarded_op(kind, &stmt.clauses, span, out);
                out.push(Step { op, into: None, span });
            }
        }
    }

    /// An action, with the clauses that follow its block.
    fn guarded_op(&mut self, kind: &StmtKind, clauses: &Clauses, span: Span, out: &mut Vec<Step>) -> Op {
        match kind {
            StmtKind::Task(..) | StmtKind::Detach(..) => self.op(kind, clauses, span, out),
            StmtKind::Try(block) => {
                let body = self.block(block, &[]);
                self.guard(body, clauses)
            }
            _ if clauses.is_empty() => self.op(kind, clauses, span, out),
            _ => {
                self.push_frame(&[]);
                let mut steps = Vec::new();
                let op = self.op(kind, clauses, span, &mut steps);
                steps.push(Step { op, into: None, span });
                let body = self.pop_frame(0, steps, span);
                self.guard(body, clauses)
            }
        }
    }

    /// A temporary with the value of `op`.
    fn keep(&mut self, op: Op, span: Span, out: &mut Vec<Step>) -> Expr {
        let place = self.declare(Name::from(""));
        out.push(Step { op, into: Some(Target { place, declares: true }), span });
        Expr { kind: ExprKind::Var(place), span }
    }

    fn function(&mut self, name: &Ident, params: &[Ident], body: &syntax::Block, stmt: &Stmt) {
        let inputs: Vec<Option<&Ident>> = params.iter().map(Some).collect();
        let body = self.body(body, &stmt.clauses, &inputs, stmt.head);
        self.plan.functions.push(Function { name: name.text.clone(), body, span: stmt.head });
    }
}

fn literal(literal: Literal, span: Span) -> Expr {
    Expr { kind: ExprKind::Literal(literal), span }
}
