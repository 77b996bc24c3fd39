//! What is wrong with a tree that could be read, and what does harm.
//!
//! Says only what it can prove: a value whose type is not known is right everywhere.

use std::collections::BTreeMap;

use crate::diag::Diagnostic;
use crate::lang::check::types::Type;
use crate::lang::habit;
use crate::lang::message::Message;
use crate::lang::names::{Declared, Names, Thing};
use crate::lang::near::nearest;
use crate::lang::parser::MAX_DIAGNOSTICS;
use crate::lang::plan::Name;
use crate::lang::syntax::{Block, Clauses, File, Ident, Stmt, StmtKind};
use crate::order;
use crate::span::Span;

mod caught;
mod declare;
mod expr;
mod held;
mod hidden;
mod hold;
mod joined;
mod known;
mod retried;
mod stale;
mod statement;
mod types;
mod warn;

pub use expr::can_be_held;

/// Checks `file`: errors and warnings in the order of the text. Without an error it can be lowered and run.
pub fn check(file: &File) -> Vec<Diagnostic> {
    let mut checker = Checker {
        names: Names::of(file),
        frames: Vec::new(),
        blocks: Vec::new(),
        around: Around::default(),
        items_of: None,
        said_once: BTreeMap::new(),
        diagnostics: Vec::new(),
    };
    checker.statements(&file.statements, &[]);
    let mut diagnostics = checker.diagnostics;
    diagnostics.extend(warn::warnings(file, &checker.names));
    let names = &checker.names;
    let harm = [
        hold::adding_up(file, names),
        held::held_across_waits(file, names),
        stale::stale_writes(file, names),
        joined::never_done(file, names),
        hidden::hidden_timeouts(file),
        retried::in_vain(file, names),
        caught::slips(file),
    ];
    diagnostics.extend(harm.into_iter().flatten().map(|(span, message)| message.at(span)));
    order::by_key(&mut diagnostics, |it| (it.span.start, it.severity));
    diagnostics.truncate(MAX_DIAGNOSTICS);
    diagnostics
}

/// What stands around a statement, as far as it matters.
#[derive(Clone, Copy, Default)]
struct Around {
    /// A loop in the same function or task.
    in_loop: bool,
    /// A function or task, which `return` ends.
    in_function: bool,
    /// A handler in the same function or task.
    in_handler: bool,
    /// A `finally` that `return` would leave; the loops inside it are its own.
    in_finally: bool,
    /// Some block.
    in_block: bool,
    /// An expectation over the whole run.
    in_expectation: bool,
}

/// A variable that can be seen.
#[derive(Clone, Copy)]
struct Variable {
    span: Span,
    kind: Type,
}

struct Checker<'a> {
    names: Names<'a>,
    /// The variables of the blocks around, outermost first.
    frames: Vec<BTreeMap<Name, Variable>>,
    /// The statements of the same blocks: what is declared further down.
    blocks: Vec<&'a [Stmt]>,
    around: Around,
    /// What the loop that is looked at goes through.
    items_of: Option<Span>,
    /// Settings that stand once in a file, and where.
    said_once: BTreeMap<&'static str, Span>,
    diagnostics: Vec<Diagnostic>,
}

impl<'a> Checker<'a> {
    fn report(&mut self, message: Message, span: Span) {
        if !self.is_full() {
            self.diagnostics.push(message.at(span));
        }
    }

    /// Whether enough was said: what is looked up for a message would be lost.
    fn is_full(&self) -> bool {
        self.diagnostics.len() >= MAX_DIAGNOSTICS
    }

    // Blocks.

    /// Statements in a frame of their own, with the variables that it begins with.
    fn statements(&mut self, statements: &'a [Stmt], inputs: &[(&Ident, Type)]) {
        self.frames.push(BTreeMap::new());
        self.blocks.push(statements);
        for (name, kind) in inputs {
            self.declare(name, *kind);
        }
        for stmt in statements {
            self.statement(stmt);
        }
        self.blocks.pop();
        self.frames.pop();
    }

    fn block(&mut self, block: &'a Block, inputs: &[(&Ident, Type)]) {
        let around = self.around;
        self.around.in_block = true;
        self.statements(&block.statements, inputs);
        self.around = around;
    }

    fn inside(&mut self, around: Around, block: &'a Block, inputs: &[(&Ident, Type)]) {
        let before = std::mem::replace(&mut self.around, around);
        self.block(block, inputs);
        self.around = before;
    }

    /// The body of a loop.
    fn loop_body(&mut self, block: &'a Block, inputs: &[(&Ident, Type)]) {
        self.inside(Around { in_loop: true, ..self.around }, block, inputs);
    }

    /// The body of a function or task, which the control flow around it does not reach.
    fn body(&mut self, block: &'a Block, clauses: &'a Clauses, inputs: &[(&Ident, Type)]) {
        let around = Around { in_function: true, in_block: true, ..Around::default() };
        let before = std::mem::replace(&mut self.around, around);
        self.frames.push(BTreeMap::new());
        self.blocks.push(&[]);
        for (name, kind) in inputs {
            self.declare(name, *kind);
        }
        self.block(block, &[]);
        self.clauses(clauses);
        self.blocks.pop();
        self.frames.pop();
        self.around = before;
    }

    fn clauses(&mut self, clauses: &'a Clauses) {
        for catch in &clauses.catches {
            let inputs: Vec<(&Ident, Type)> = catch.name.iter().map(|name| (name, Type::Error)).collect();
            self.inside(Around { in_handler: true, ..self.around }, &catch.body, &inputs);
        }
        if let Some(block) = &clauses.finally {
            self.inside(Around { in_finally: true, in_loop: false, ..self.around }, block, &[]);
        }
    }

    // Names.

    /// Declares a variable in the innermost block.
    fn declare(&mut self, name: &Ident, kind: Type) {
        if name.text.is_empty() {
            return;
        }
        if let Some(declared) = self.names.get(&name.text) {
            let what = declared.thing.text();
            self.report(
                Message::Duplicate { name: name.text.to_string(), first: Some(declared.span), what },
                name.span,
            );
        }
        let kind = if self.names.is_assigned(&name.text) { Type::Unknown } else { kind };
        let variable = Variable { span: name.span, kind };
        let before = self.frames.last_mut().and_then(|frame| frame.insert(name.text.clone(), variable));
        if let Some(before) = before {
            let (name, first, what) = (name.text.to_string(), Some(before.span), "a variable of this block");
            self.report(Message::Duplicate { name, first, what }, variable.span);
        }
    }

    fn variable(&self, name: &str) -> Option<Variable> {
        self.frames.iter().rev().find_map(|frame| frame.get(name)).copied()
    }

    /// A variable that is read or assigned; its type.
    fn use_variable(&mut self, name: &str, span: Span) -> Type {
        if name.is_empty() {
            return Type::Unknown;
        }
        if let Some(variable) = self.variable(name) {
            return variable.kind;
        }
        if self.is_full() {
            return Type::Unknown;
        }
        let name = name.to_owned();
        if let Some(Declared { thing, span: declared }) = self.names.get(&name) {
            let (found, declared) = (thing.text(), Some(declared));
            self.report(Message::NotAValue { name, found, declared }, span);
        } else if let Some(declared) = self.declared_later(&name) {
            self.report(Message::UsedBefore { name, declared }, span);
        } else {
            let known = self.frames.iter().rev().flat_map(|frame| frame.keys().map(|name| &**name));
            let near = nearest(&name, known).map(str::to_owned);
            let advice = if near.is_none() { habit::name(&name, span) } else { None };
            self.report(Message::Undeclared { name, near, span, advice }, span);
        }
        Type::Unknown
    }

    /// Where a `let` of `name` stands further down in a block around.
    fn declared_later(&self, name: &str) -> Option<Span> {
        self.blocks.iter().rev().flat_map(|block| block.iter()).find_map(|stmt| match &stmt.kind {
            StmtKind::Let(ident, _) if &*ident.text == name => Some(ident.span),
            _ => None,
        })
    }

    /// Something shared of a kind that `fits`; `wanted` says which in words.
    fn thing(
        &mut self,
        name: &Ident,
        wanted: &'static str,
        hint: Option<&'static str>,
        fits: fn(Thing) -> bool,
    ) {
        if name.text.is_empty() || self.is_full() {
            return;
        }
        let text = name.text.to_string();
        match self.names.get(&name.text) {
            Some(declared) if fits(declared.thing) => {}
            Some(Declared { thing, span: declared }) => {
                let found = thing.text();
                self.report(Message::WrongThing { name: text, found, wanted, declared, hint }, name.span);
            }
            None => match self.variable(&name.text) {
                Some(variable) => {
                    let (found, declared) = ("a variable", variable.span);
                    self.report(Message::WrongThing { name: text, found, wanted, declared, hint }, name.span);
                }
                None => {
                    let fitting = self.names.all().filter(|it| fits(it.1)).map(|it| it.0);
                    let near = nearest(&text, fitting).map(str::to_owned);
                    let span = name.span;
                    self.report(Message::UndeclaredThing { name: text, near, wanted, span }, span);
                }
            },
        }
    }
}
