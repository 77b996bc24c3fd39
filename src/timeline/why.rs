//! Why a task was cancelled or failed: the chain from it to the first cause.

use crate::event::words::{self, Names};
use crate::event::{End, Reason, Target};
use crate::ids::{ScopeId, TaskId};
use crate::time::Time;

use super::facts::{Cancelled, Facts};
use super::layout::Layout;
use super::story::Sentence;

/// No chain is longer than this; a damaged trace could lead in a circle.
const MAX_CHAIN: usize = 100;

/// Why `task` ended as it did: first what happened to it, then what caused that, up to the first cause.
/// Empty for a task that ended well or goes on.
pub fn why(layout: &Layout, task: TaskId) -> Vec<Sentence> {
    let facts = &layout.facts;
    let mut chain: Vec<Sentence> = Vec::new();
    let mut next = Some(task);
    while let Some(id) = next.filter(|_| chain.len() < MAX_CHAIN) {
        let Some(task) = facts.task(id) else { break };
        next = match task.ended {
            Some((_, End::Cancelled)) => {
                let Some(number) = layout.struck.cancel_of(facts, id) else { break };
                let last = cancellations(layout, id, &task.name, number, &mut chain);
                facts
                    .cancels
                    .get(last as usize)
                    .and_then(|cancel| cause(facts, cancel))
                    .filter(|cause| *cause != id)
            }
            Some((at, End::Failed)) => {
                let raised = task.error.and_then(|error| facts.error(error));
                let text = words::failed(&task.name, at, raised.map(|raised| raised.title()).as_deref());
                let span = raised.and_then(|raised| raised.span).or(task.span);
                chain.push(Sentence { at, text, span, task: Some(id) });
                None
            }
            _ => None,
        };
    }
    chain
}

/// Tells a cancellation and those that it followed from; gives the number of the first of them all.
fn cancellations(layout: &Layout, task: TaskId, name: &str, number: u32, chain: &mut Vec<Sentence>) -> u32 {
    let facts = &layout.facts;
    let (mut number, mut name, mut task) = (number, name.to_owned(), task);
    while let Some(cancel) = facts.cancels.get(number as usize) {
        chain.push(cancelled(facts, &name, task, cancel));
        let Some(earlier) = layout.struck.before(facts, number).filter(|_| chain.len() < MAX_CHAIN) else {
            break;
        };
        (name, task) = match cancel.reason {
            Reason::ScopeDropped(scope) => {
                let of = facts.scope(scope).map_or(task, |scope| scope.task);
                (facts.scope_name(scope).to_string(), of)
            }
            Reason::ParentCancelled(parent) => (facts.task_name(parent).to_string(), parent),
            _ => break,
        };
        number = earlier;
    }
    number
}

/// `orders was cancelled at 0.25 s because prefs failed`.
fn cancelled(facts: &Facts, name: &str, task: TaskId, cancel: &Cancelled) -> Sentence {
    let text = words::cancelled(name, cancel.at, &because(facts, cancel));
    Sentence { at: cancel.at, text, span: span_of_cause(facts, cancel), task: Some(task) }
}

/// The reason of a cancellation as the end of a sentence.
pub fn because(facts: &Facts, cancel: &Cancelled) -> String {
    words::because(facts, cancel.reason, cancel.by)
}

impl Names for Facts {
    fn task(&self, task: TaskId) -> String {
        self.task_name(task).to_string()
    }

    fn scope(&self, scope: ScopeId) -> String {
        self.scope_name(scope).to_string()
    }

    fn deadline(&self, scope: ScopeId) -> Option<Time> {
        Facts::scope(self, scope).and_then(|scope| scope.fired.or(scope.deadline()))
    }
}

/// The task whose fate explains a cancellation.
fn cause(facts: &Facts, cancel: &Cancelled) -> Option<TaskId> {
    match super::links::cause(facts, cancel) {
        Some(Target::Task(task)) => Some(task),
        _ => None,
    }
}

/// The place in the text that explains a cancellation: the statement that failed, the timeout, the race.
pub fn span_of_cause(facts: &Facts, cancel: &Cancelled) -> Option<crate::span::Span> {
    let failed = |task: TaskId| {
        let task = facts.task(task)?;
        let raised = task.error.and_then(|error| facts.error(error));
        raised.and_then(|raised| raised.span).or(task.span)
    };
    match cancel.reason {
        Reason::Timeout(scope) | Reason::GraceSpent(scope) => facts.scope(scope).and_then(|scope| scope.span),
        Reason::BodyFailed(scope) => facts.scope(scope).and_then(|scope| failed(scope.task)),
        _ => cause(facts, cancel).and_then(failed),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::{ScopeKind, Target};
    use crate::trace::Trace;
    use crate::trace::script::{Script, order_dashboard};

    fn check(trace: &Trace, task: TaskId, expected: &[&str]) {
        let chain: Vec<String> = why(&Layout::new(trace), task).into_iter().map(|s| s.text).collect();
        assert_eq!(chain, expected);
    }

    #[test]
    fn a_failure_travels_to_its_siblings() {
        check(
            &order_dashboard(),
            TaskId(2),
            &[
                "orders was cancelled at 0.25 s because prefs failed",
                "prefs failed at 0.25 s: ValueError: prefs are corrupt",
            ],
        );
        check(&order_dashboard(), TaskId::ROOT, &[]);
    }

    #[test]
    fn a_timeout_around_a_scope_is_found_behind_it() {
        let main = TaskId::ROOT;
        let mut run = Script::new("");
        let timeout = run.open(main, None, ScopeKind::Timeout, "timeout");
        run.deadline(timeout, 1000);
        let scope = run.open(main, Some(timeout), ScopeKind::Scope, "thumbnails");
        let forest = run.spawn(main, Some(scope), "forest");
        run.at_ms(1000).cancel(Target::Scope(timeout), Reason::Timeout(timeout), None);
        run.cancel(Target::Task(forest), Reason::ScopeDropped(scope), Some(main));
        run.finish(forest, End::Cancelled);
        let trace = run.end();
        check(
            &trace,
            forest,
            &[
                "forest was cancelled at 1 s because thumbnails was left",
                "thumbnails was cancelled at 1 s because the deadline of timeout at 1 s came",
            ],
        );
        let links = Layout::new(&trace).links;
        assert_eq!((links[0].cause.lane, links[0].victim.lane), (1, 2), "from the deadline's flag");
    }

    #[test]
    fn a_timeout_travels_inwards() {
        let main = TaskId::ROOT;
        let mut run = Script::new("");
        let timeout = run.open(main, None, ScopeKind::Timeout, "timeout");
        run.deadline(timeout, 100);
        let outer = run.open(main, Some(timeout), ScopeKind::Scope, "outer");
        let a = run.spawn(main, Some(outer), "a");
        let inner = run.open(a, Some(outer), ScopeKind::Scope, "inner");
        let b = run.spawn(a, Some(inner), "b");
        run.at_ms(100).cancel(Target::Scope(timeout), Reason::Timeout(timeout), None);
        run.cancel(Target::Task(b), Reason::ParentCancelled(a), None);
        run.finish(b, End::Cancelled).finish(a, End::Cancelled);
        check(
            &run.end(),
            b,
            &[
                "b was cancelled at 0.1 s because a was cancelled",
                "a was cancelled at 0.1 s because the deadline of timeout at 0.1 s came",
            ],
        );
    }
}
