//! A run as a Gantt chart of Mermaid: a bar for each task, from its spawn to its end, below the scope that waits for it.
//!
//! A bar's colour says how the task ended, and its label why, where it did not end well; a diamond is a line of the log
//! or a mark. What a chart cannot show: what a task waits for, and instants closer than a unit of the axis.
//!
//! Its grammar: <https://mermaid.js.org/syntax/gantt.html>.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::event::{End, Event, Name, Target, words};
use crate::ids::{ScopeId, TaskId};
use crate::time::Time;
use crate::trace::{Paths, Trace};

mod label;

use label::label;

/// Bars, at most: a chart with more is no picture any more.
const MOST_TASKS: usize = 100;
/// Diamonds, at most.
const MOST_INSTANTS: usize = 60;
/// A run that is shorter is shown in microseconds.
const SHORT_US: u64 = 20_000;
/// On the axis of a run that is longer whole seconds stand.
const LONG_US: u64 = 20_000_000;

/// The chart of a run.
pub fn write(trace: &Trace) -> String {
    let mut chart = Chart::default();
    trace.events.iter().for_each(|stamped| chart.hear(stamped.at, &stamped.event));
    chart.write(trace)
}

#[derive(Default)]
struct Chart {
    paths: Paths,
    bars: Vec<Bar>,
    /// Where the bar of each task is.
    tasks: BTreeMap<TaskId, usize>,
    names: Known,
    instants: usize,
    outcome: &'static str,
}

/// A task, from its spawn to its end.
struct Bar {
    section: String,
    name: Name,
    from: Time,
    /// None for one that is still there when the run ends.
    end: Option<(Time, End)>,
    /// Why it was cancelled, or with what it failed.
    why: Option<String>,
    /// What it logs and marks.
    instants: Vec<(Time, String)>,
}

impl Chart {
    fn hear(&mut self, at: Time, event: &Event) {
        self.paths.hear(event);
        self.names.hear(event);
        match event {
            Event::TaskSpawn { task, name, .. } => {
                self.tasks.insert(*task, self.bars.len());
                let (section, name) = (self.section(*task), name.clone());
                self.bars.push(Bar { section, name, from: at, end: None, why: None, instants: Vec::new() });
            }
            Event::ErrorRaised { task, kind, message, .. } => {
                let said = if message.is_empty() { kind.to_string() } else { format!("{kind}: {message}") };
                self.bar(*task, |bar| bar.why = Some(said));
            }
            Event::Cancel { target: Target::Task(task), reason, by } => {
                let because = words::because(&self.names, *reason, *by);
                self.bar(*task, |bar| bar.why = Some(format!("cancelled {because}")));
            }
            Event::TaskEnd { task, result } => self.bar(*task, |bar| bar.end = Some((at, *result))),
            Event::Log { task, text, .. } => self.instant(*task, at, format!("logs {text}")),
            Event::Mark { task, text, .. } => self.instant(*task, at, format!("marks {text}")),
            Event::RunEnd { outcome, .. } => self.outcome = outcome.name(),
            _ => {}
        }
    }

    /// The path around a task, without the root that all have in common.
    fn section(&self, task: TaskId) -> String {
        let path = self.paths.task(task);
        let around = path.rsplit_once('/').map_or("main", |(around, _)| around);
        around.strip_prefix("main/").unwrap_or(around).to_owned()
    }

    fn bar(&mut self, task: TaskId, change: impl FnOnce(&mut Bar)) {
        if let Some(bar) = self.tasks.get(&task).and_then(|at| self.bars.get_mut(*at)) {
            change(bar);
        }
    }

    fn instant(&mut self, task: TaskId, at: Time, text: String) {
        self.instants += 1;
        if self.instants <= MOST_INSTANTS {
            self.bar(task, |bar| bar.instants.push((at, format!("{} {text}", bar.name))));
        }
    }

    fn write(&self, trace: &Trace) -> String {
        let end = trace.events.last().map_or(Time::ZERO, |last| last.at);
        let (unit_us, axis) = match end.as_us() {
            ..SHORT_US => (1, "%Q µs"),
            SHORT_US..LONG_US => (1_000, "%Q ms"),
            _ => (1_000, "%s s"),
        };
        let instant = |at: Time| (at.as_us() + unit_us / 2) / unit_us;
        let scenario = Some(&trace.header.scenario).filter(|name| !name.is_empty());
        let scenario = scenario.map_or("A scenario", |name| name);
        let outcome = if self.outcome.is_empty() { "still running" } else { self.outcome };

        let mut sections: Vec<(&str, Vec<&Bar>)> = Vec::new();
        for bar in self.bars.iter().take(MOST_TASKS) {
            match sections.iter_mut().find(|(section, _)| *section == bar.section) {
                Some((_, bars)) => bars.push(bar),
                None => sections.push((&bar.section, vec![bar])),
            }
        }
        let longest = sections.iter().map(|(section, _)| section.chars().count()).max().unwrap_or(0);

        // Mermaid makes no room of itself for the names on the left.
        let padding_px = (30 + 8 * longest).clamp(75, 300);
        let mut out = format!("---\nconfig:\n  gantt:\n    leftPadding: {padding_px}\n---\n");
        let _ = writeln!(out, "gantt");
        let _ = writeln!(out, "  %% A run of Taskscope. Blue ended well, grey was cancelled, red failed.");
        if unit_us == 1 {
            let _ = writeln!(
                out,
                "  %% One unit of the axis is a microsecond: Mermaid knows no shorter one than a millisecond."
            );
        }
        let more = |what: &str, count: usize, most: usize| match count.checked_sub(most + 1) {
            Some(_) => format!("  %% {} more {what} are left out.\n", count - most),
            None => String::new(),
        };
        out += &more("tasks", self.bars.len(), MOST_TASKS);
        out += &more("lines of the log", self.instants, MOST_INSTANTS);
        let _ =
            writeln!(out, "  title {}", label(&format!("{scenario}, {outcome} after {}", end.readable())));
        let _ = writeln!(out, "  dateFormat x\n  axisFormat {axis}\n  todayMarker off");
        for (section, bars) in sections {
            let _ = writeln!(out, "  section {}", label(section));
            bars.into_iter().for_each(|bar| bar.write(end, &instant, &mut out));
        }
        out
    }
}

impl Bar {
    fn write(&self, run_end: Time, instant: &dyn Fn(Time) -> u64, out: &mut String) {
        let why = self.why.as_deref();
        let (to, tag, note) = match self.end {
            Some((to, End::Ok)) => (to, "", None),
            Some((to, End::Cancelled)) => (to, "done, ", Some(why.unwrap_or("cancelled").to_owned())),
            Some((to, End::Failed)) => (to, "crit, ", Some(why.unwrap_or("failed").to_owned())),
            None => (
                run_end,
                "active, ",
                Some(why.map_or("not over".to_owned(), |why| format!("{why}, not over"))),
            ),
        };
        let text = note.map_or(self.name.to_string(), |note| format!("{}: {note}", self.name));
        let _ = writeln!(out, "    {} :{tag}{}, {}", label(&text), instant(self.from), instant(to));
        for (at, text) in &self.instants {
            let _ = writeln!(out, "    {} :milestone, {at}, {at}", label(text), at = instant(*at));
        }
    }
}

/// What things are called.
#[derive(Default)]
struct Known {
    tasks: BTreeMap<TaskId, Name>,
    scopes: BTreeMap<ScopeId, Name>,
    deadlines: BTreeMap<ScopeId, Time>,
}

impl Known {
    fn hear(&mut self, event: &Event) {
        match event {
            Event::TaskSpawn { task, name, .. } => drop(self.tasks.insert(*task, name.clone())),
            Event::ScopeOpen { scope, name, .. } => drop(self.scopes.insert(*scope, name.clone())),
            Event::DeadlineSet { scope, at: Some(at) } => drop(self.deadlines.insert(*scope, *at)),
            _ => {}
        }
    }
}

impl words::Names for Known {
    fn task(&self, task: TaskId) -> String {
        self.tasks.get(&task).map_or("?".to_owned(), Name::to_string)
    }

    fn scope(&self, scope: ScopeId) -> String {
        let name = self.scopes.get(&scope).map(Name::to_string).filter(|name| !name.is_empty());
        name.unwrap_or_else(|| "the root scope".to_owned())
    }

    fn deadline(&self, scope: ScopeId) -> Option<Time> {
        self.deadlines.get(&scope).copied()
    }
}

#[cfg(test)]
mod tests;
