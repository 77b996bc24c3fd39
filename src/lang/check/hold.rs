//! The warning about short pieces of work that add up: no task has its turn between them.
//!
//! Looks at what certainly follows each other without a wait: statements in a row, turns of a loop that runs a known
//! number of times, calls of functions that do nothing else.

use std::collections::BTreeMap;

use crate::lang::check::known::{Functions, MAX_CALLS, called, items, micros, whole};
use crate::lang::check::warn::LONG_WORK_US;
use crate::lang::message::Message;
use crate::lang::names::Names;
use crate::lang::plan::Name;
use crate::lang::syntax::{File, Stmt, StmtKind, each_statement};
use crate::span::Span;

/// Every such row of statements.
pub fn adding_up(file: &File, names: &Names<'_>) -> Vec<(Span, Message)> {
    let mut search =
        Search { names, functions: Functions::of(file, names), known: BTreeMap::new(), calls: 0 };
    let mut found = Vec::new();
    search.row(&file.statements, &mut found);
    each_statement(&file.statements, &mut |stmt| {
        stmt.all_blocks().into_iter().for_each(|block| search.row(&block.statements, &mut found));
    });
    found
}

/// For how long something certainly holds the event loop.
#[derive(Clone, Copy, Default)]
struct Hold {
    us: i64,
    /// Whether a part of it alone is too long, and is warned about in its place.
    said: bool,
}

struct Search<'a, 'n> {
    names: &'n Names<'a>,
    functions: Functions<'a>,
    /// Of functions. None: not known, or being looked at.
    known: BTreeMap<Name, Option<Hold>>,
    /// Calls around what is looked at.
    calls: usize,
}

impl<'a> Search<'a, '_> {
    /// Statements in a row, cut where one may wait or leave.
    fn row(&mut self, statements: &'a [Stmt], found: &mut Vec<(Span, Message)>) {
        let (mut sum, mut first, mut last) = (Hold::default(), None, None);
        for at in 0..=statements.len() {
            let hold = statements.get(at).and_then(|stmt| Some((stmt.action().1, self.statement(stmt)?)));
            if let Some((head, hold)) = hold {
                sum = Hold { us: sum.us.saturating_add(hold.us), said: sum.said || hold.said };
                if hold.us > 0 {
                    first = first.or(Some(head));
                    last = Some(head).filter(|head| first != Some(*head));
                }
                continue;
            }
            if let (true, false, Some(first)) = (sum.us > LONG_WORK_US, sum.said, first) {
                found.push((first, Message::AddsUp { us: sum.us, last }));
            }
            (sum, first, last) = (Hold::default(), None, None);
        }
    }

    /// How long a block holds the loop, if it does nothing else.
    fn all(&mut self, statements: &'a [Stmt]) -> Option<Hold> {
        let mut sum = Hold::default();
        for stmt in statements {
            let hold = self.statement(stmt)?;
            sum = Hold { us: sum.us.saturating_add(hold.us), said: sum.said || hold.said };
        }
        // Said where it stands.
        Some(Hold { said: sum.said || sum.us > LONG_WORK_US, ..sum })
    }

    /// How long a statement holds the loop; None where it may wait, or leave the row.
    fn statement(&mut self, stmt: &'a Stmt) -> Option<Hold> {
        if !stmt.clauses.is_empty() || matches!(stmt.kind, StmtKind::Return(_)) {
            return None;
        }
        let (kind, _) = stmt.action();
        let own = match kind {
            StmtKind::Work(length) => {
                let us = micros(&length.from, self.names).unwrap_or(0);
                Hold { us, said: us > LONG_WORK_US }
            }
            StmtKind::Expr(_) | StmtKind::Log(_) | StmtKind::Mark(_) | StmtKind::Expect { .. } => {
                Hold::default()
            }
            StmtKind::Set(_) | StmtKind::Clear(_) | StmtKind::Done(_) | StmtKind::Close(_) => Hold::default(),
            // What they do is done in turns of their own.
            StmtKind::Task(..) | StmtKind::Detach(..) => Hold::default(),
            StmtKind::Repeat(times, body) => self.times(whole(times, self.names)?, &body.statements)?,
            StmtKind::ForRange { from, to, every: None, body, .. } => {
                let count = whole(to, self.names)?.checked_sub(whole(from, self.names)?)?.checked_add(1)?;
                self.times(count, &body.statements)?
            }
            StmtKind::ForIn(_, list, body) => self.times(items(list, self.names)?, &body.statements)?,
            _ => return None,
        };
        let mut sum = own;
        for name in called(kind) {
            let hold = self.function(name)?;
            sum = Hold { us: sum.us.saturating_add(hold.us), said: sum.said || hold.said };
        }
        Some(sum)
    }

    fn times(&mut self, count: i64, body: &'a [Stmt]) -> Option<Hold> {
        let once = self.all(body)?;
        Some(Hold { us: once.us.saturating_mul(count.max(0)), ..once })
    }

    /// How long a call holds the loop; built-in ones do not.
    fn function(&mut self, name: &Name) -> Option<Hold> {
        let Some(function) = self.functions.get(name) else { return Some(Hold::default()) };
        if let Some(known) = self.known.get(name) {
            return *known;
        }
        if self.calls == MAX_CALLS {
            return None;
        }
        // A function that calls itself holds the loop for who knows how long.
        self.known.insert(name.clone(), None);
        let StmtKind::Fn { body, .. } = &function.kind else { return None };
        self.calls += 1;
        let hold = if function.clauses.is_empty() { self.all(&body.statements) } else { None };
        self.calls -= 1;
        self.known.insert(name.clone(), hold);
        hold
    }
}
