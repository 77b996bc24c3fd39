//! How times, names and states are written out.

use crate::event::{ResourceKind, Wait};
use crate::time::Time;

use super::bars::State;
use super::facts::Facts;
use super::scale::decimal;

/// An instant as people read it: `0.25 s`; below a millisecond `250 µs`.
pub fn instant(at: Time) -> String {
    at.readable().to_string()
}

/// A length of time as people read it: `1.5 s`, `40 ms`, `250 µs`.
pub fn length(us: u64) -> String {
    match us {
        0 => "0 s".to_owned(),
        us if us < 1_000 => format!("{us} µs"),
        us if us < 100_000 => format!("{} ms", decimal(us, 3)),
        us => format!("{} s", decimal(us, 6)),
    }
}

/// What a task is doing, as the rest of a sentence that begins with its name.
pub fn doing(facts: &Facts, state: State, wait: Option<&Wait>) -> String {
    match (state, wait) {
        (State::Cleaning, Some(on)) => format!("cleans up, {}", waiting(facts, on)),
        (State::Cleaning, None) => "cleans up".to_owned(),
        (State::Working, _) => "works and holds the loop".to_owned(),
        (State::Running, _) => "runs".to_owned(),
        (State::Ready, _) => "is ready and has no turn yet".to_owned(),
        (_, Some(on)) => waiting(facts, on),
        (_, None) => "waits".to_owned(),
    }
}

/// What a task waits for, as the rest of a sentence that begins with its name.
pub fn waiting(facts: &Facts, on: &Wait) -> String {
    match on {
        Wait::Timer { until } => format!("sleeps until {}", instant(*until)),
        Wait::Task(task) => format!("waits for {}", facts.task_name(*task)),
        Wait::Children(scope) => format!("waits for the children of {}", facts.scope_name(*scope)),
        Wait::Resource { resource, ahead } => {
            let Some(resource) = facts.resource(*resource) else { return "waits".to_owned() };
            let ahead = match ahead {
                0 => String::new(),
                1 => ", 1 ahead of it".to_owned(),
                ahead => format!(", {ahead} ahead of it"),
            };
            format!("waits for {} {}{ahead}", kind(resource.kind), resource.name)
        }
        Wait::Fetch { url } => format!("waits for the answer of {url}"),
        Wait::Worker { what } => format!("waits for {what} on a worker"),
        Wait::Other(what) => format!("waits for {what}"),
    }
}

/// A short name for what a bar shows, to write inside it.
pub fn short(facts: &Facts, state: State, wait: Option<&Wait>) -> String {
    match (state, wait) {
        (State::Cleaning, _) => "cleanup".to_owned(),
        (State::Working, _) => "work".to_owned(),
        (State::Running, _) => "running".to_owned(),
        (State::Ready, _) => "ready".to_owned(),
        (_, Some(Wait::Timer { .. })) => "sleep".to_owned(),
        (_, Some(Wait::Task(task))) => format!("awaits {}", facts.task_name(*task)),
        (_, Some(Wait::Resource { resource, .. })) => {
            facts.resource(*resource).map_or_else(String::new, |resource| resource.name.to_string())
        }
        (_, Some(Wait::Fetch { url })) => url.to_string(),
        (_, Some(Wait::Worker { what } | Wait::Other(what))) => what.to_string(),
        (_, Some(Wait::Children(_)) | None) => String::new(),
    }
}

/// What kind of resource, in a sentence.
pub fn kind(kind: ResourceKind) -> &'static str {
    match kind {
        ResourceKind::Limiter | ResourceKind::RateLimiter => "limiter",
        ResourceKind::Lock => "lock",
        ResourceKind::Event => "event",
        ResourceKind::Condition => "condition",
        ResourceKind::Barrier => "barrier",
        ResourceKind::Queue => "queue",
        ResourceKind::Pool => "pool",
        ResourceKind::Workers => "a worker of",
    }
}

/// `a`, `a and b`, `a, b and c`; beyond `most` names only how many more there are.
pub fn list(names: &[&str], most: usize) -> String {
    match names {
        [] => String::new(),
        [one] => (*one).to_owned(),
        _ if names.len() > most => {
            let shown = names.iter().take(most.saturating_sub(1)).copied().collect::<Vec<_>>().join(", ");
            format!("{shown} and {} more", names.len() + 1 - most.max(1))
        }
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_read_as_people_say_them() {
        let at = |us| instant(Time::from_us(us));
        assert_eq!(
            [at(0), at(40), at(250_000), at(1_000), at(90_000_000)],
            ["0 s", "40 µs", "0.25 s", "0.001 s", "90 s"]
        );
        assert_eq!(
            [length(40), length(1_500), length(40_000), length(250_000)],
            ["40 µs", "1.5 ms", "40 ms", "0.25 s"]
        );
    }

    #[test]
    fn lists_end_with_and() {
        assert_eq!(list(&["a"], 3), "a");
        assert_eq!(list(&["a", "b"], 3), "a and b");
        assert_eq!(list(&["a", "b", "c"], 3), "a, b and c");
        assert_eq!(list(&["a", "b", "c", "d"], 3), "a, b and 2 more");
    }
}
