//! The run told in order: exact sentences, for those who read rather than look.

use crate::event::{End, Event, Outcome, ScopeKind, Target, Wait};
use crate::ids::{ScopeId, TaskId};
use crate::span::Span;
use crate::time::Time;
use crate::trace::{Stamped, Trace};

use super::facts::Facts;
use super::why::{because, span_of_cause};
use super::words::{instant, kind, length, list};

/// One thing that happened, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sentence {
    /// When.
    pub at: Time,
    /// What, without a final stop. A story's sentences leave the instant to whoever shows it beside them.
    pub text: String,
    /// The place in the text that explains it.
    pub span: Option<Span>,
    /// Whom it is about.
    pub task: Option<TaskId>,
}

/// How many names a sentence holds at most.
const MAX_NAMES: usize = 6;

impl Sentence {
    /// With the line of the text that explains it, if that is known: `… because prefs failed (line 15)`.
    pub fn with_line(&self, line: Option<u32>) -> String {
        match line {
            Some(line) => format!("{} (line {line})", self.text),
            None => self.text.clone(),
        }
    }
}

/// A whole run in sentences, in order.
pub fn story(trace: &Trace) -> Vec<Sentence> {
    let facts = Facts::new(trace);
    let mut teller =
        Teller { facts: &facts, sentences: Vec::new(), cancels: 0, waits: vec![None; facts.tasks.len()] };
    let mut rest = &trace.events[..];
    while let Some(first) = rest.first() {
        let together = teller.together(rest);
        teller.tell(first, &rest[..together]);
        rest = &rest[together..];
    }
    teller.sentences
}

struct Teller<'a> {
    facts: &'a Facts,
    sentences: Vec<Sentence>,
    /// How many cancellations went by.
    cancels: usize,
    /// Since when each task waits, and on what.
    waits: Vec<Option<(Time, Wait, Option<Span>)>>,
}

impl Teller<'_> {
    fn say(&mut self, at: Time, task: Option<TaskId>, span: Option<Span>, text: String) {
        self.sentences.push(Sentence { at, text, span, task });
    }

    /// How many events from here on are told in one sentence: children spawned one after the other into
    /// one scope, and tasks that one cancellation ended at one instant.
    fn together(&self, rest: &[Stamped]) -> usize {
        let Some(first) = rest.first() else { return 0 };
        let alike = |other: &Stamped| {
            other.at == first.at
                && match (&first.event, &other.event) {
                    (Event::TaskSpawn { by, scope, .. }, Event::TaskSpawn { by: other, scope: into, .. }) => {
                        (by, scope) == (other, into) && by.is_some()
                    }
                    _ => false,
                }
        };
        rest.iter().take_while(|other| alike(other)).count().max(1)
    }

    fn tell(&mut self, Stamped { at, event }: &Stamped, together: &[Stamped]) {
        let (at, facts) = (*at, self.facts);
        match event {
            Event::TaskSpawn { by: Some(by), scope, span, .. } => {
                self.spawned(at, *by, *scope, *span, together)
            }
            Event::ScopeOpen { kind, task, name, span, .. } => self.opened(at, *kind, *task, name, *span),
            Event::DeadlineSet { scope, at: deadline } => self.deadline(at, *scope, *deadline),
            Event::WaitStart { task, on, span } => {
                if let Some(wait) = self.wait_of(*task) {
                    *wait = Some((at, on.clone(), *span));
                }
            }
            Event::WaitEnd { task } => self.woke(at, *task),
            Event::WorkStart { task, span } => {
                if let Some(wait) = self.wait_of(*task) {
                    *wait = Some((at, Wait::Other("".into()), *span));
                }
            }
            Event::WorkEnd { task } => self.worked(at, *task),
            Event::Cancel { target, .. } => self.cancelled(at, *target),
            Event::TaskEnd { task, result } => self.ended(at, *task, *result),
            Event::ErrorRaised { task, error, span, .. } => {
                let title = facts.error(*error).map_or_else(String::new, |raised| raised.title());
                self.say(at, Some(*task), *span, format!("{} raised {title}", facts.task_name(*task)));
            }
            Event::ErrorCaught { task, error, span } => {
                let title = facts.error(*error).map_or_else(String::new, |raised| raised.kind.to_string());
                self.say(at, Some(*task), *span, format!("{} caught {title}", facts.task_name(*task)));
            }
            Event::Log { task, text, span } => {
                self.say(at, Some(*task), *span, format!("{} logged “{text}”", facts.task_name(*task)))
            }
            Event::Mark { task, text, span } => {
                self.say(at, Some(*task), *span, format!("{} marked “{text}”", facts.task_name(*task)))
            }
            Event::Expect { task, held, text, span } => {
                let held = if *held { "held" } else { "did not hold" };
                self.say(at, Some(*task), *span, format!("the expectation “{text}” {held}"))
            }
            Event::RunEnd { outcome, notes, .. } => self.over(at, *outcome, notes),
            _ => {}
        }
    }

    fn wait_of(&mut self, task: TaskId) -> Option<&mut Option<(Time, Wait, Option<Span>)>> {
        let at = self.facts.tasks.binary_search_by_key(&task, |task| task.id).ok()?;
        self.waits.get_mut(at)
    }

    fn spawned(
        &mut self,
        at: Time,
        by: TaskId,
        scope: Option<ScopeId>,
        span: Option<Span>,
        together: &[Stamped],
    ) {
        let names = together.iter().filter_map(|stamped| match &stamped.event {
            Event::TaskSpawn { name, .. } => Some(&**name),
            _ => None,
        });
        let names: Vec<&str> = names.collect();
        let by = self.facts.task_name(by);
        let text = match scope {
            Some(scope) if self.facts.scope_name(scope).is_empty() => {
                format!("{by} started {}", list(&names, MAX_NAMES))
            }
            Some(scope) => {
                format!("{by} started {} in {}", list(&names, MAX_NAMES), self.facts.scope_name(scope))
            }
            None => format!("{by} started {}, which no scope waits for", list(&names, MAX_NAMES)),
        };
        let task = together.first().and_then(|stamped| match &stamped.event {
            Event::TaskSpawn { task, .. } => Some(*task),
            _ => None,
        });
        self.say(at, task, span, text);
    }

    fn opened(&mut self, at: Time, kind: ScopeKind, task: TaskId, name: &str, span: Option<Span>) {
        // The root's own scope has no name: the run itself.
        if name.is_empty() {
            return;
        }
        let who = self.facts.task_name(task);
        let what = match kind {
            ScopeKind::Scope => format!("opened the scope {name}"),
            ScopeKind::Collect => format!("opened the scope {name}, in which failures do not cancel"),
            ScopeKind::Race => format!("began the race {name}"),
            ScopeKind::Gather => format!("began to gather {name}"),
            // Told when its deadline is set.
            ScopeKind::Timeout => return,
            ScopeKind::Shield => "entered a shield".to_owned(),
            ScopeKind::Retry => "entered a retry".to_owned(),
        };
        self.say(at, Some(task), span, format!("{who} {what}"));
    }

    fn deadline(&mut self, at: Time, id: ScopeId, deadline: Option<Time>) {
        let Some(scope) = self.facts.scope(id) else { return };
        let who = self.facts.task_name(scope.task);
        let first = scope.deadlines.first() == Some(&(at, deadline));
        let text = match (deadline, first) {
            (Some(until), true) => {
                let long = until.as_us().saturating_sub(at.as_us());
                format!("{who} set a timeout of {}, until {}", length(long), instant(until))
            }
            (Some(until), false) => {
                format!("{who} moved the deadline of {} to {}", scope.name, instant(until))
            }
            (None, _) => format!("{who} took the deadline of {} away", scope.name),
        };
        self.say(at, Some(scope.task), scope.span, text);
    }

    /// Waits for a limiter and the like are worth telling once they took time; sleeping is not.
    fn woke(&mut self, at: Time, task: TaskId) {
        let Some((since, on, span)) = self.wait_of(task).and_then(Option::take) else { return };
        let long = at.as_us().saturating_sub(since.as_us());
        let Wait::Resource { resource, ahead } = on else { return };
        let Some(resource) = self.facts.resource(resource).filter(|_| long > 0) else { return };
        let behind = match ahead {
            0 => String::new(),
            ahead => format!(", behind {ahead}"),
        };
        let who = self.facts.task_name(task);
        let text =
            format!("{who} waited {} for {} {}{behind}", length(long), kind(resource.kind), resource.name);
        self.say(at, Some(task), span, text);
    }

    fn worked(&mut self, at: Time, task: TaskId) {
        let Some((since, _, span)) = self.wait_of(task).and_then(Option::take) else { return };
        let long = at.as_us().saturating_sub(since.as_us());
        if long > 0 {
            let who = self.facts.task_name(task);
            self.say(
                at,
                Some(task),
                span,
                format!("{who} held the loop for {}, nothing else ran", length(long)),
            );
        }
    }

    fn cancelled(&mut self, at: Time, target: Target) {
        let number = self.cancels;
        self.cancels += 1;
        let Some(cancel) = self.facts.cancels.get(number) else { return };
        let (what, task) = match target {
            Target::Task(task) => (self.facts.task_name(task), Some(task)),
            Target::Scope(scope) => {
                (self.facts.scope_name(scope), self.facts.scope(scope).map(|scope| scope.task))
            }
        };
        let text = format!("{what} was cancelled {}", because(self.facts, cancel));
        self.say(at, task, span_of_cause(self.facts, cancel), text);
    }

    fn ended(&mut self, at: Time, task: TaskId, result: End) {
        if let Some(wait) = self.wait_of(task) {
            *wait = None;
        }
        let Some(of) = self.facts.task(task) else { return };
        let how = match result {
            End::Ok => "ended",
            End::Failed => "failed",
            End::Cancelled => "ended, cancelled",
        };
        self.say(at, Some(task), of.span, format!("{} {how}", of.name));
    }

    fn over(&mut self, at: Time, outcome: Outcome, notes: &[String]) {
        let how = match outcome {
            Outcome::Ok => "the run ended well",
            Outcome::Failed => "the run failed",
            Outcome::Cancelled => "the run was shut down",
            Outcome::Deadlock => "the run ended in a deadlock",
            Outcome::Limit => "the run reached a limit",
        };
        self.say(at, None, None, how.to_owned());
        for note in notes {
            self.say(at, None, None, note.clone());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::script::order_dashboard;

    #[test]
    fn the_dashboard_told() {
        let told: Vec<String> =
            story(&order_dashboard()).into_iter().map(|s| format!("{} {}", instant(s.at), s.text)).collect();
        assert_eq!(
            told,
            [
                "0 s main set a timeout of 3 s, until 3 s",
                "0 s main opened the scope dashboard",
                "0 s main started user, orders and prefs in dashboard",
                "0.25 s prefs raised ValueError: prefs are corrupt",
                "0.25 s prefs failed",
                "0.25 s dashboard was cancelled because prefs failed",
                "0.25 s user ended, cancelled",
                "0.25 s orders ended, cancelled",
                "0.25 s main caught ValueError",
                "0.25 s main logged “lost: ValueError: prefs are corrupt”",
                "0.25 s main ended",
                "0.25 s the run ended well",
            ]
        );
    }
}
