//! What the inspector says about a thing on the timeline, and about a run as a whole.

use crate::event::{End, ScopeKind};
use crate::span::Span;
use crate::timeline::{Hit, Lane, LaneKind, Sentence, describe_hit, instant, lane_of, length, why};

use super::run::Run;

/// What is known about something.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct About {
    /// Its name.
    pub title: String,
    /// Its path; empty where it has none.
    pub path: String,
    /// Facts by name.
    pub facts: Vec<Fact>,
    /// What happened to it and why, from the effect to the first cause.
    pub sentences: Vec<Sentence>,
}

/// A fact.
#[derive(Clone, Debug, PartialEq)]
pub struct Fact {
    /// What it is about.
    pub name: &'static str,
    /// What holds.
    pub value: String,
    /// Where in the text.
    pub span: Option<Span>,
}

fn fact(name: &'static str, value: impl Into<String>) -> Fact {
    Fact { name, value: value.into(), span: None }
}

/// What is known about something on the timeline. None: there is nothing to say.
pub fn inspect(run: &Run, hit: Hit) -> Option<About> {
    let layout = &run.layout;
    let lane = layout.lanes.get(lane_of(layout, hit)? as usize)?;
    let mut about = About { title: lane.label.to_string(), ..About::default() };
    match lane.kind {
        LaneKind::Task(task) => {
            about.path = layout.paths.task(task);
            about.facts = life(lane);
            about.sentences = describe_hit(layout, hit);
            if about.sentences.is_empty() {
                about.sentences = why(layout, task);
            }
        }
        LaneKind::Scope(scope) => {
            about.path = layout.paths.scope(scope);
            about.facts = life(lane);
            if let Some(scope) = layout.facts.scope(scope) {
                about.facts.insert(0, fact("kind", scope_word(scope.kind)));
                about.facts.extend(scope.deadline().map(|at| fact("deadline", instant(at))));
            }
            about.sentences = describe_hit(layout, hit);
        }
        LaneKind::Resource(resource, number) => {
            if let Some(resource) = layout.facts.resource(resource) {
                about.facts.extend(resource.capacity.map(|capacity| fact("capacity", capacity.to_string())));
            }
            if let Some(use_of) = layout.occupancy.get(number as usize) {
                about.facts.push(fact("most in use", use_of.peak.to_string()));
                about.facts.push(fact("longest line", use_of.peak_waiting.to_string()));
            }
            about.sentences = describe_hit(layout, hit);
        }
    }
    if let Some(span) = lane.span {
        about.facts.push(Fact { span: Some(span), ..fact("text", format!("line {}", run.line_of(span))) });
    }
    Some(about)
}

fn life(lane: &Lane) -> Vec<Fact> {
    let (from, to) = lane.life;
    let end = match lane.result {
        None => "goes on",
        Some(End::Ok) => "done",
        Some(End::Failed) => "failed",
        Some(End::Cancelled) => "cancelled",
    };
    let times =
        format!("{} to {}, {}", instant(from), instant(to), length(to.as_us().saturating_sub(from.as_us())));
    vec![fact("time", times), fact("end", end)]
}

fn scope_word(kind: ScopeKind) -> &'static str {
    match kind {
        ScopeKind::Scope => "scope: the first failure cancels the rest",
        ScopeKind::Collect => "scope that collects: failures do not cancel the others",
        ScopeKind::Race => "race: the first to finish wins",
        ScopeKind::Gather => "gather: the first error leaves at once, the others run on",
        ScopeKind::Timeout => "timeout: cancels its block at the deadline",
        ScopeKind::Shield => "shield: not cancelled from outside",
        ScopeKind::Retry => "retry: tries its block again",
    }
}

/// What is known about a run as a whole.
pub fn overview(run: &Run) -> About {
    let facts = &run.layout.facts;
    let ended =
        |end: End| facts.tasks.iter().filter(|task| task.ended.is_some_and(|(_, how)| how == end)).count();
    let counts =
        [(ended(End::Ok), "done"), (ended(End::Failed), "failed"), (ended(End::Cancelled), "cancelled")];
    let said: Vec<String> = counts
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, word)| format!("{count} {word}"))
        .collect();
    let outcome = match run.outcome() {
        None => "goes on".to_string(),
        Some(_) => format!("{} after {}", run.outcome_word(), length(run.end().as_us())),
    };
    About {
        title: match run.trace.header.scenario.as_str() {
            "" => "The whole run".to_string(),
            name => name.to_string(),
        },
        path: String::new(),
        facts: vec![
            fact("outcome", outcome),
            fact("tasks", format!("{}: {}", facts.tasks.len(), said.join(", "))),
            fact("seed", run.trace.header.seed.to_string()),
        ],
        sentences: Vec::new(),
    }
}

/// A run in one sentence, for who cannot see it.
pub fn summary(run: &Run) -> String {
    let about = overview(run);
    let said: Vec<String> = about.facts.iter().map(|fact| format!("{}: {}", fact.name, fact.value)).collect();
    format!("{}. {}.", about.title, said.join("; "))
}
