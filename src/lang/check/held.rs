//! The warning about a lock that is held across a slow wait.
//!
//! A lock is there to be held for a moment. A request, blocking work or a long pause inside it makes everybody else
//! stand in line for all that time. Only a lock is meant: a limiter is there to be held meanwhile. Where nobody else can
//! want the lock, or a timeout bounds the wait, nothing is said.

use std::collections::{BTreeMap, BTreeSet};

use crate::lang::check::known::{Functions, MAX_CALLS, called, micros, tasks};
use crate::lang::message::Message;
use crate::lang::names::{Names, Thing};
use crate::lang::plan::Name;
use crate::lang::syntax::{Block, File, Stmt, StmtKind};
use crate::span::Span;

/// A pause from here on is slow.
const SLOW_US: i64 = 1_000_000;

/// Every such `with`.
pub fn held_across_waits(file: &File, names: &Names<'_>) -> Vec<(Span, Message)> {
    let functions = Functions::of(file, names);
    let mut holders: BTreeMap<&Name, Vec<(Span, &Block)>> = BTreeMap::new();
    let mut often = BTreeSet::new();
    for stmt in &file.statements {
        note_holders(std::slice::from_ref(stmt), names, false, &mut holders, &mut often);
    }
    let contended = holders.into_iter().filter(|(lock, places)| places.len() > 1 || often.contains(lock));
    let mut found = Vec::new();
    for (lock, places) in contended {
        for (head, body) in places {
            if let Some(wait) = slow_wait(&body.statements, names, &functions, &mut BTreeSet::new()) {
                found.push((head, Message::HeldAcross { lock: lock.to_string(), wait }));
            }
        }
    }
    found
}

/// Every `with` of a lock; `often` are the locks of which one stands where it may run more than once at a time.
fn note_holders<'a>(
    statements: &'a [Stmt],
    names: &Names<'_>,
    repeats: bool,
    holders: &mut BTreeMap<&'a Name, Vec<(Span, &'a Block)>>,
    often: &mut BTreeSet<&'a Name>,
) {
    for stmt in statements {
        let (kind, head) = stmt.action();
        if let StmtKind::With { held, body, .. } = kind
            && matches!(names.get(&held.text).map(|it| it.thing), Some(Thing::Lock(_)))
        {
            holders.entry(&held.text).or_default().push((head, body));
            if repeats {
                often.insert(&held.text);
            }
        }
        let repeats = repeats
            || matches!(
                kind,
                StmtKind::Fn { .. }
                    | StmtKind::While(..)
                    | StmtKind::Repeat(..)
                    | StmtKind::ForIn(..)
                    | StmtKind::ForRange { .. }
            );
        for block in stmt.all_blocks() {
            note_holders(&block.statements, names, repeats, holders, often);
        }
    }
}

/// The first slow wait of the holder itself: what its tasks do is theirs, unless a scope waits for them.
fn slow_wait<'a>(
    statements: &'a [Stmt],
    names: &Names<'_>,
    functions: &Functions<'a>,
    seen: &mut BTreeSet<&'a Name>,
) -> Option<Span> {
    statements.iter().find_map(|stmt| {
        let (kind, head) = stmt.action();
        match kind {
            StmtKind::Fetch { .. } | StmtKind::Offload { .. } => return Some(head),
            StmtKind::Sleep(length) if micros(&length.from, names).is_some_and(|us| us >= SLOW_US) => {
                return Some(head);
            }
            StmtKind::Timeout { .. } | StmtKind::Task(..) | StmtKind::Detach(..) => return None,
            StmtKind::Scope { body, .. } | StmtKind::Race { body, .. } | StmtKind::Gather { body, .. } => {
                let bodies = tasks(&body.statements).into_iter().flat_map(Stmt::all_blocks);
                let wait =
                    bodies.into_iter().find_map(|it| slow_wait(&it.statements, names, functions, seen));
                if wait.is_some() {
                    return wait;
                }
            }
            _ => {}
        }
        for name in called(kind) {
            let Some(function) = functions.get(name) else { continue };
            if seen.len() < MAX_CALLS && seen.insert(name) {
                let mut blocks = function.all_blocks().into_iter();
                let wait = blocks.find_map(|block| slow_wait(&block.statements, names, functions, seen));
                if wait.is_some() {
                    return wait;
                }
            }
        }
        stmt.all_blocks().into_iter().find_map(|block| slow_wait(&block.statements, names, functions, seen))
    })
}
