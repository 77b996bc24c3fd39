//! Warnings: what runs, and does harm that can be proved from the text.
//!
//! A request is bounded where a timeout encloses it in the same task, or encloses the scope that the task
//! belongs to. Functions are walked from every kind of place that calls them, so that a `fetch` in a function
//! is blamed only if some call of it is unbounded.

use std::collections::{BTreeMap, BTreeSet};

use crate::diag::Diagnostic;
use crate::lang::check::known::{Functions, MAX_CALLS, called, items, micros, whole};
use crate::lang::message::Message;
use crate::lang::names::{Names, Thing};
use crate::lang::plan::Name;
use crate::lang::syntax::{Block, File, Stmt, StmtKind};
use crate::span::Span;

/// Computing for longer than this between two waits is felt: browsers call it a long task.
pub const LONG_WORK_US: i64 = 50_000;

/// So many requests at once are nobody's harm.
const FEW_TASKS: i64 = 10;

/// Every warning about `file`.
pub fn warnings<'a>(file: &'a File, names: &Names<'a>) -> Vec<Diagnostic> {
    let mut walk = Walk {
        names,
        functions: Functions::of(file, names),
        walked: BTreeSet::new(),
        to_walk: Vec::new(),
        found: BTreeMap::new(),
    };
    let outside = Place { bound: false, scope_bound: false, timeout: None };
    walk.statements(&file.statements, outside);
    walk.functions();
    // Functions that nobody calls, and what opens and closes: only what is wrong anywhere.
    let anywhere = Place { bound: true, scope_bound: true, timeout: None };
    for stmt in &file.statements {
        let called = matches!(&stmt.kind, StmtKind::Fn { name, .. } if walk.is_walked(&name.text));
        if matches!(stmt.kind, StmtKind::Fn { .. } | StmtKind::Resource { .. }) && !called {
            stmt.all_blocks().into_iter().for_each(|block| walk.statements(&block.statements, anywhere));
            walk.functions();
        }
    }
    walk.found.into_iter().map(|((span, _), message)| message.at(span)).collect()
}

/// What bounds a statement.
#[derive(Clone, Copy, PartialEq)]
struct Place {
    /// A timeout would cut it.
    bound: bool,
    /// A timeout would cut a task that is spawned here.
    scope_bound: bool,
    /// The timeout around it inside the nearest scope, which would not.
    timeout: Option<Span>,
}

struct Walk<'a, 'n> {
    names: &'n Names<'a>,
    functions: Functions<'a>,
    walked: BTreeSet<(Name, bool, bool)>,
    /// Functions that are called, and what bounds the call.
    to_walk: Vec<(&'a Stmt, Place)>,
    /// By place and code: functions are walked more than once.
    found: BTreeMap<(Span, u8), Message>,
}

impl<'a> Walk<'a, '_> {
    fn is_walked(&self, name: &Name) -> bool {
        let contexts = [(false, false), (false, true), (true, false), (true, true)];
        contexts.iter().any(|it| self.walked.contains(&(name.clone(), it.0, it.1)))
    }

    /// Walks the functions that were found to be called, until no more are found.
    fn functions(&mut self) {
        while let Some((stmt, place)) = self.to_walk.pop() {
            stmt.all_blocks().into_iter().for_each(|block| self.block(block, place));
        }
    }

    fn say(&mut self, span: Span, kind: u8, message: Message) {
        self.found.insert((span, kind), message);
    }

    fn statements(&mut self, statements: &'a [Stmt], place: Place) {
        for stmt in statements {
            self.statement(stmt, place);
        }
    }

    fn block(&mut self, block: &'a Block, place: Place) {
        self.statements(&block.statements, place);
    }

    fn statement(&mut self, stmt: &'a Stmt, place: Place) {
        let apart = Place { bound: false, scope_bound: false, timeout: None };
        match &stmt.kind {
            StmtKind::Fn { .. } | StmtKind::Resource { .. } => return,
            StmtKind::At(_, body) => {
                self.block(body, apart);
                return self.clauses(stmt, apart);
            }
            _ => {}
        }
        let (kind, head) = stmt.action();
        self.calls(kind, place);
        let child = Place { bound: place.scope_bound, scope_bound: place.scope_bound, timeout: None };
        let inner = Place { bound: place.bound, scope_bound: place.bound, timeout: None };
        match kind {
            StmtKind::Detach(_, body) => {
                self.say(head, 1, Message::Leaked);
                self.block(body, apart);
                return self.clauses(stmt, apart);
            }
            StmtKind::Task(_, body) => {
                if let Some(timeout) = place.timeout {
                    self.say(head, 12, Message::Unbound { timeout });
                }
                self.block(body, child);
                return self.clauses(stmt, child);
            }
            StmtKind::Gather { body, keep, .. } => {
                self.say(head, 2, Message::Gathered { keep: *keep });
                self.block(body, Place { timeout: None, ..place });
            }
            StmtKind::Scope { body, .. } | StmtKind::Race { body, .. } => self.block(body, inner),
            StmtKind::Timeout { body, otherwise, .. } => {
                self.block(body, Place { bound: true, timeout: Some(head), ..place });
                otherwise.iter().for_each(|block| self.block(block, place));
            }
            _ => {
                self.lone(kind, head, place);
                kind.blocks().into_iter().for_each(|block| self.block(block, place));
            }
        }
        self.clauses(stmt, place);
    }

    fn clauses(&mut self, stmt: &'a Stmt, place: Place) {
        stmt.clauses.catches.iter().for_each(|catch| self.block(&catch.body, place));
        stmt.clauses.finally.iter().for_each(|block| self.block(block, place));
    }

    /// Statements that are wrong by themselves.
    fn lone(&mut self, kind: &'a StmtKind, head: Span, place: Place) {
        match kind {
            StmtKind::Work(length)
                if micros(&length.from, self.names).is_some_and(|us| us > LONG_WORK_US) =>
            {
                self.say(head, 3, Message::Blocking)
            }
            StmtKind::Fetch { .. } if !place.bound => self.say(head, 5, Message::NoTimeout),
            StmtKind::While(_, body) => self.fan_out(body),
            StmtKind::Repeat(times, body) if !is_few(whole(times, self.names)) => self.fan_out(body),
            StmtKind::ForRange { from, to, every: None, body, .. } => {
                let count = whole(to, self.names)
                    .zip(whole(from, self.names))
                    .map(|(to, from)| to.saturating_sub(from).saturating_add(1));
                if !is_few(count) {
                    self.fan_out(body);
                }
            }
            StmtKind::ForIn(_, list, body) if !is_few(items(list, self.names)) => self.fan_out(body),
            _ => {}
        }
    }

    /// Notes the functions that the expressions of a statement call. They are walked later: a chain of calls
    /// may be as long as the text.
    fn calls(&mut self, kind: &'a StmtKind, place: Place) {
        for name in called(kind) {
            let Some(stmt) = self.functions.get(name) else { continue };
            if self.walked.insert((name.clone(), place.bound, place.scope_bound)) {
                self.to_walk.push((stmt, Place { timeout: None, ..place }));
            }
        }
    }

    // Fan-out.

    /// A loop that runs many times: does it spawn tasks that fetch, with nothing that holds them back?
    fn fan_out(&mut self, body: &'a Block) {
        // Where it waits for something in each turn, how many run at once is not known.
        if waits(&body.statements, self.names) {
            return;
        }
        for task in spawned(&body.statements, self.names) {
            let mut seen = BTreeSet::new();
            let fetch =
                task.all_blocks().into_iter().find_map(|it| self.free_fetch(&it.statements, &mut seen));
            if let Some(fetch) = fetch {
                self.say(task.head, 6, Message::FanOut { fetch });
            }
        }
    }

    /// The first request that is made without holding anything.
    fn free_fetch(&self, statements: &'a [Stmt], seen: &mut BTreeSet<Name>) -> Option<Span> {
        statements.iter().find_map(|stmt| {
            let (kind, head) = stmt.action();
            match kind {
                StmtKind::Fetch { .. } => return Some(head),
                StmtKind::With { .. } => return None,
                _ => {}
            }
            let by_call = called(kind).into_iter().find_map(|name| {
                let function = self.functions.get(name)?;
                let fresh = seen.len() < MAX_CALLS && seen.insert(name.clone());
                let mut blocks = function.all_blocks().into_iter();
                if fresh { blocks.find_map(|block| self.free_fetch(&block.statements, seen)) } else { None }
            });
            by_call.or_else(|| {
                stmt.all_blocks().into_iter().find_map(|block| self.free_fetch(&block.statements, seen))
            })
        })
    }
}

/// The tasks that these statements spawn into a scope around them, with nothing held meanwhile.
fn spawned<'a>(statements: &'a [Stmt], names: &Names<'_>) -> Vec<&'a Stmt> {
    let mut tasks = Vec::new();
    for stmt in statements {
        match &stmt.kind {
            StmtKind::Task(..) => tasks.push(stmt),
            StmtKind::Let(_, value) if matches!(value.kind, StmtKind::Task(..)) => tasks.push(stmt),
            StmtKind::If { .. } | StmtKind::Try(_) | StmtKind::Timeout { .. } => {
                stmt.all_blocks().into_iter().for_each(|it| tasks.extend(spawned(&it.statements, names)));
            }
            // A limiter around the spawning does not hold while the task runs, but a resource may be meant.
            StmtKind::With { held, body, .. } => {
                if matches!(
                    names.get(&held.text).map(|it| it.thing),
                    Some(Thing::Limiter(_) | Thing::Lock(_))
                ) {
                    tasks.extend(spawned(&body.statements, names));
                }
            }
            _ => {}
        }
    }
    tasks
}

/// Whether these statements wait by themselves, not in a task of theirs.
fn waits(statements: &[Stmt], names: &Names<'_>) -> bool {
    statements.iter().any(|stmt| {
        let (kind, _) = stmt.action();
        match kind {
            StmtKind::Task(..) | StmtKind::Detach(..) => false,
            StmtKind::Break | StmtKind::Return(_) => true,
            StmtKind::ForIn(_, list, _) if names.is_queue(list) => true,
            kind => kind.suspends() || stmt.all_blocks().iter().any(|block| waits(&block.statements, names)),
        }
    })
}

fn is_few(count: Option<i64>) -> bool {
    count.is_some_and(|count| count <= FEW_TASKS)
}
