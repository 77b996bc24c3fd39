//! What a bar or a mark says when it is pointed at.

use super::layout::{LaneKind, Layout, MarkKind};
use super::picking::Hit;
use super::story::Sentence;
use super::why::{because, span_of_cause, why};
use super::words::{doing, instant, kind, length, list};
use crate::event::{End, Outcome, Target};
use crate::time::Time;

/// What stands under a pointer, in sentences: first what it is, then why. Empty where there is nothing to say.
pub fn describe_hit(layout: &Layout, hit: Hit) -> Vec<Sentence> {
    match hit {
        Hit::Bar(bar) => describe_bar(layout, bar),
        Hit::Mark(mark) => describe_mark(layout, mark),
        Hit::Name(lane) | Hit::Fold(lane) => describe_lane(layout, lane),
        Hit::Deadline(scope) => describe_deadline(layout, scope),
        Hit::Lane(..) | Hit::Ruler(_) => Vec::new(),
    }
}

/// A whole run in two or three sentences: what a picture of it says to those who do not see it.
pub fn summary_of(layout: &Layout) -> String {
    let facts = &layout.facts;
    let tasks = match facts.tasks.len() {
        1 => "1 task".to_owned(),
        count => format!("{count} tasks"),
    };
    let outcome = match facts.outcome {
        None => "still runs",
        Some(Outcome::Ok) => "ended well",
        Some(Outcome::Failed) => "failed",
        Some(Outcome::Cancelled) => "was shut down",
        Some(Outcome::Deadlock) => "ended in a deadlock",
        Some(Outcome::Limit) => "reached a limit",
    };
    let mut text = format!("A run of {tasks} that {outcome} after {}.", instant(facts.end));
    let ended =
        |result: End| facts.tasks.iter().filter(move |task| task.ended.is_some_and(|(_, end)| end == result));
    for (result, how) in [(End::Failed, "Failed"), (End::Cancelled, "Cancelled")] {
        let names: Vec<&str> = ended(result).map(|task| &*task.name).collect();
        if !names.is_empty() {
            text.push_str(&format!(" {how}: {}.", list(&names, 6)));
        }
    }
    text
}

/// What a task was doing during a bar.
pub fn describe_bar(layout: &Layout, bar: u32) -> Vec<Sentence> {
    let bar = bar as usize;
    let Some((start, end)) = layout.bars.times(bar) else { return Vec::new() };
    let Some(lane) = layout.lanes.get(layout.lane_of_bar(bar) as usize) else { return Vec::new() };
    let LaneKind::Task(task) = lane.kind else { return Vec::new() };
    let what = doing(&layout.facts, layout.bars.state[bar], layout.bars.wait[bar].as_ref());
    let text = format!("{} {what}, {}", lane.label, stretch(start, end));
    let mut sentences =
        vec![Sentence { at: start, text, span: layout.bars.span[bar].or(lane.span), task: Some(task) }];
    // The last bar of a task also says why it is the last.
    if end == lane.life.1 {
        sentences.extend(why(layout, task));
    }
    sentences
}

/// What happened at a mark.
pub fn describe_mark(layout: &Layout, mark: u32) -> Vec<Sentence> {
    let Some(mark) = layout.marks.get(mark as usize) else { return Vec::new() };
    let Some(lane) = layout.lanes.get(mark.lane as usize) else { return Vec::new() };
    let facts = &layout.facts;
    let (name, at) = (&lane.label, instant(mark.at));
    let task = match lane.kind {
        LaneKind::Task(task) => Some(task),
        LaneKind::Scope(scope) => facts.scope(scope).map(|scope| scope.task),
        LaneKind::Resource(..) => None,
    };
    let mut span = mark.span;
    let text = match mark.kind {
        MarkKind::Log => format!("{name} logged “{}” at {at}", mark.text),
        MarkKind::Mark => format!("“{}” at {at}", mark.text),
        MarkKind::Expect(true) => format!("the expectation “{}” held at {at}", mark.text),
        MarkKind::Expect(false) => format!("the expectation “{}” did not hold at {at}", mark.text),
        MarkKind::Raised(error) => {
            let title = facts.error(error).map_or_else(String::new, |raised| raised.title());
            format!("{name} raised {title} at {at}")
        }
        MarkKind::Caught(_) => format!("{name} caught {} at {at}", mark.text),
        MarkKind::Cancel(number) => {
            let Some(cancel) = facts.cancels.get(number as usize) else { return Vec::new() };
            span = span_of_cause(facts, cancel);
            let what = match cancel.target {
                Target::Task(task) => facts.task_name(task),
                Target::Scope(scope) => facts.scope_name(scope),
            };
            format!("{what} was cancelled at {at} {}", because(facts, cancel))
        }
        MarkKind::End(End::Ok) => format!("{name} ended at {at}"),
        MarkKind::End(End::Failed | End::Cancelled) => {
            let chain = task.map_or_else(Vec::new, |task| why(layout, task));
            if !chain.is_empty() {
                return chain;
            }
            format!("{name} ended at {at}")
        }
    };
    vec![Sentence { at: mark.at, text, span, task }]
}

/// From when to when, and for how long where that is not plain.
fn stretch(start: Time, end: Time) -> String {
    let between = format!("from {} to {}", instant(start), instant(end));
    match start {
        Time::ZERO => between,
        _ => format!("{between}, for {}", length(end.as_us() - start.as_us())),
    }
}

fn describe_lane(layout: &Layout, lane: u32) -> Vec<Sentence> {
    let Some(of) = layout.lanes.get(lane as usize) else { return Vec::new() };
    let facts = &layout.facts;
    let (start, end) = of.life;
    let lived = stretch(start, end);
    let how = match of.result {
        Some(End::Ok) => ", ended well",
        Some(End::Failed) => ", failed",
        Some(End::Cancelled) => ", cancelled",
        None => "",
    };
    let sentence = |text, task| Sentence { at: start, text, span: of.span, task };
    match of.kind {
        LaneKind::Task(task) => {
            let mut all = vec![sentence(format!("{}: {lived}{how}", layout.paths.task(task)), Some(task))];
            all.extend(why(layout, task));
            all
        }
        LaneKind::Scope(scope) => {
            let task = facts.scope(scope).map(|scope| scope.task);
            vec![sentence(format!("{}: {lived}{how}", layout.paths.scope(scope)), task)]
        }
        LaneKind::Resource(id, number) => {
            let (Some(resource), Some(of)) = (facts.resource(id), layout.occupancy.get(number as usize))
            else {
                return Vec::new();
            };
            let most = match of.capacity {
                Some(capacity) => format!("at most {} of {capacity} in use", of.peak),
                None => format!("at most {} in use", of.peak),
            };
            let text =
                format!("{} {}: {most}, {} waiting", kind(resource.kind), resource.name, of.peak_waiting);
            vec![sentence(text, None)]
        }
    }
}

fn describe_deadline(layout: &Layout, scope: crate::ids::ScopeId) -> Vec<Sentence> {
    let Some(scope) = layout.facts.scope(scope) else { return Vec::new() };
    let Some(deadline) = scope.deadline() else { return Vec::new() };
    let long = length(deadline.as_us().saturating_sub(scope.opened.as_us()));
    let what = match (scope.fired, scope.closed) {
        (Some(fired), _) => format!("it struck at {}", instant(fired)),
        (None, Some((at, _))) => format!("it was not reached: its block was left at {}", instant(at)),
        (None, None) => "it has not been reached".to_owned(),
    };
    let text = format!("deadline of {} at {}, {long} after entry; {what}", scope.name, instant(deadline));
    vec![Sentence { at: deadline, text, span: scope.span, task: Some(scope.task) }]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::{ResourceId, ScopeId};
    use crate::trace::script::order_dashboard;

    #[test]
    fn everything_on_the_dashboard_can_be_asked() {
        let layout = Layout::new(&order_dashboard());
        let say =
            |hit| describe_hit(&layout, hit).into_iter().map(|s| s.text).collect::<Vec<_>>().join(" / ");
        assert_eq!(
            say(Hit::Bar(2)),
            "orders sleeps until 1.2 s, from 0 s to 0.25 s / \
             orders was cancelled at 0.25 s because prefs failed / \
             prefs failed at 0.25 s: ValueError: prefs are corrupt"
        );
        assert_eq!(say(Hit::Name(1)), "main/dashboard: from 0 s to 0.25 s, failed");
        assert_eq!(layout.lanes[5].kind, LaneKind::Resource(ResourceId(0), 0));
        assert_eq!(say(Hit::Name(5)), "limiter api: at most 2 of 2 in use, 0 waiting");
        assert_eq!(
            say(Hit::Deadline(ScopeId(0))),
            "deadline of timeout at 3 s, 3 s after entry; it was not reached: its block was left at 0.25 s"
        );
        let told: Vec<String> = (0..layout.marks.len() as u32).map(|mark| say(Hit::Mark(mark))).collect();
        assert!(told.iter().all(|text| !text.is_empty()), "{told:?}");
        assert!(told.contains(&"dashboard was cancelled at 0.25 s because prefs failed".to_owned()));
    }
}
