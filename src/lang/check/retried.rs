//! The warning about a retry around something that fails every time.

use std::collections::BTreeMap;

use crate::lang::check::known::{Functions, MAX_CALLS, called, micros};
use crate::lang::message::Message;
use crate::lang::names::Names;
use crate::lang::plan::Name;
use crate::lang::syntax::{File, Job, Stmt, StmtKind, each_statement};
use crate::span::Span;

/// Every such retry, with what fails in it.
pub fn in_vain(file: &File, names: &Names<'_>) -> Vec<(Span, Message)> {
    let mut search =
        Search { names, functions: Functions::of(file, names), failing: BTreeMap::new(), calls: 0 };
    let mut found = Vec::new();
    each_statement(&file.statements, &mut |stmt| {
        if let (StmtKind::Retry { body, .. }, head) = stmt.action()
            && let Some(fails) = search.fails(&body.statements)
        {
            found.push((head, Message::InVain { fails }));
        }
    });
    found
}

struct Search<'a, 'n> {
    names: &'n Names<'a>,
    functions: Functions<'a>,
    /// Whether a function certainly fails; one that is being looked at, and so calls itself, may come back or not.
    failing: BTreeMap<&'a Name, bool>,
    /// Calls around what is looked at.
    calls: usize,
}

impl<'a> Search<'a, '_> {
    /// What certainly fails of these statements, before anything can leave them otherwise.
    fn fails(&mut self, statements: &'a [Stmt]) -> Option<Span> {
        for stmt in statements {
            // Whether a handler takes it is not looked into.
            if stmt.clauses.catches.is_empty()
                && let Some(fails) = self.statement(stmt)
            {
                return Some(fails);
            }
            if may_leave(stmt) {
                return None;
            }
        }
        None
    }

    fn statement(&mut self, stmt: &'a Stmt) -> Option<Span> {
        let (kind, head) = stmt.action();
        let by_call = called(kind).into_iter().find_map(|name| self.call(name, head));
        if by_call.is_some() {
            return by_call;
        }
        match kind {
            StmtKind::Fail(..) | StmtKind::Raise(Some(_)) => Some(head),
            StmtKind::Scope { body, .. }
            | StmtKind::With { body, .. }
            | StmtKind::Shield(_, body)
            | StmtKind::Try(body) => self.fails(&body.statements),
            StmtKind::Timeout { length, body, otherwise: None, .. } => {
                let too_slow =
                    micros(length, self.names).is_some_and(|most| self.least(&body.statements) >= most);
                if too_slow { Some(head) } else { self.fails(&body.statements) }
            }
            StmtKind::If { arms, otherwise: Some(otherwise) } => {
                let mut blocks = arms.iter().map(|arm| &arm.1).chain([otherwise]);
                let first = self.fails(&blocks.next()?.statements)?;
                blocks.all(|block| self.fails(&block.statements).is_some()).then_some(first)
            }
            _ => None,
        }
    }

    fn call(&mut self, name: &'a Name, head: Span) -> Option<Span> {
        let function = self.functions.get(name).filter(|it| it.clauses.catches.is_empty())?;
        let StmtKind::Fn { body, .. } = &function.kind else { return None };
        if !self.failing.contains_key(name) && self.calls < MAX_CALLS {
            self.failing.insert(name, false);
            self.calls += 1;
            let fails = self.fails(&body.statements).is_some();
            self.calls -= 1;
            self.failing.insert(name, fails);
        }
        self.failing.get(name).is_some_and(|fails| *fails).then_some(head)
    }

    /// How long these statements certainly take, up to the first of which that is not known.
    fn least(&self, statements: &[Stmt]) -> i64 {
        let mut sum = 0_i64;
        for stmt in statements {
            let length = match stmt.action().0 {
                StmtKind::Sleep(length) | StmtKind::Offload { job: Job::Block(length), .. } => length,
                StmtKind::Log(_) | StmtKind::Mark(_) => continue,
                _ => break,
            };
            sum = sum.saturating_add(micros(&length.from, self.names).unwrap_or(0));
        }
        sum
    }
}

/// Whether a statement can leave the block it stands in other than by an error.
fn may_leave(stmt: &Stmt) -> bool {
    let mut leaves = false;
    each_statement(std::slice::from_ref(stmt), &mut |stmt| {
        leaves |= matches!(stmt.kind, StmtKind::Return(_) | StmtKind::Break | StmtKind::Continue);
    });
    leaves
}
