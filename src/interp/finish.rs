//! The end of a run: its outcome, its errors, and what was expected of it.

use crate::event::{Event, Leaf, Observer, Outcome, Role};
use crate::ids::{ScopeId, TaskId};
use crate::lang::plan::Expectation;
use crate::runtime::{Error, RunError};

use super::eval::{eval, printed, truth};
use super::fault::Fault;
use super::world::World;

/// Says how the run ended, as its last events.
pub(crate) fn finish(world: &World, result: std::result::Result<(), RunError>) -> Outcome {
    let (mut outcome, errors, notes) = match result {
        // What is left undone is asked for by nobody here.
        Ok(()) | Err(RunError::Lints(_)) => (Outcome::Ok, Vec::new(), Vec::new()),
        Err(RunError::Failed(error)) => match leaves(&error) {
            none if none.is_empty() => (Outcome::Cancelled, none, Vec::new()),
            leaves => (Outcome::Failed, leaves, Vec::new()),
        },
        Err(RunError::Stuck(stuck)) => (Outcome::Deadlock, Vec::new(), stuck.sentences()),
        Err(RunError::Cancelled | RunError::Nested) => (Outcome::Cancelled, Vec::new(), Vec::new()),
        Err(RunError::Stopped) => match world.limit() {
            Some(limit) => (Outcome::Limit, Vec::new(), vec![limit.message()]),
            None => (Outcome::Cancelled, Vec::new(), Vec::new()),
        },
    };
    if outcome == Outcome::Ok && world.expectation_failed.get() {
        outcome = Outcome::Failed;
    }
    world.facts.outcome.set(outcome);
    let plan = world.plan.clone();
    // All are checked, whatever the first of them says.
    let broken = plan.expectations.iter().filter(|expectation| !check(world, expectation)).count();
    if broken > 0 && outcome == Outcome::Ok {
        outcome = Outcome::Failed;
    }
    world.facts.on_event(world.now(), &Event::RunEnd { outcome, errors, notes });
    outcome
}

/// Holds one expectation against the run that has ended.
fn check(world: &World, expectation: &Expectation) -> bool {
    let condition = eval(world, &expectation.condition, &world.top);
    let held = condition.and_then(|value| truth(&value)).unwrap_or(false);
    let message = expectation.message.as_ref().and_then(|message| {
        let message = eval(world, message, &world.top).ok()?;
        printed(&message).ok()
    });
    let text = message.unwrap_or_else(|| expectation.text.clone());
    let event = Event::Expect { task: TaskId::ROOT, held, text, span: Some(expectation.span) };
    world.facts.on_event(world.now(), &event);
    held
}

/// Every error of the tree with the scopes that it left.
fn leaves(error: &Error) -> Vec<Leaf> {
    let mut found = Vec::new();
    let mut rest: Vec<(&Error, Role, Vec<ScopeId>)> = vec![(error, Role::Body, Vec::new())];
    while let Some((error, role, groups)) = rest.pop() {
        match error {
            Error::Leaf(leaf) => {
                let Fault { kind, message } = Fault::of(leaf);
                found.push(Leaf {
                    error: leaf.id(),
                    kind,
                    message,
                    task: leaf.task(),
                    at: leaf.at(),
                    role,
                    groups,
                });
            }
            Error::Group(group) => {
                let mut groups = groups;
                groups.extend(group.scope());
                rest.extend(
                    group.entries().iter().rev().map(|entry| (&entry.error, entry.role, groups.clone())),
                );
            }
        }
    }
    found
}
