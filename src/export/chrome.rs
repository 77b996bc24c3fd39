//! A run in the Trace Event format of Chrome, which Perfetto and speedscope open.
//!
//! Each task is a thread: its life, its blocks and what it does are slices inside each other, what happens at an
//! instant is an instant event, a cancellation is an arrow from whoever cancelled, and what is in use of a limiter
//! or the like is a counter. Times are microseconds, as the format wants them.

mod order;
mod slices;

use std::collections::BTreeMap;
use std::rc::Rc;

use serde::Serialize;
use serde_json::{Value, json};

use crate::event::{End, Event, Reason, ResourceKind, ScopeKind, Target, Wait};
use crate::ids::{ResourceId, ScopeId, TaskId};
use crate::time::Time;
use crate::trace::{Paths, Trace};

use slices::{Key, Slices};

/// The run is one process.
const PROCESS: u32 = 1;

/// One entry of the file. Fields that are not meant for its phase are left out.
#[derive(Serialize)]
struct Entry {
    name: Rc<str>,
    ph: &'static str,
    ts: u64,
    pid: u32,
    tid: u32,
    #[serde(skip_serializing_if = "str::is_empty")]
    cat: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    dur: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<u32>,
    /// How far an instant reaches: thread, process or global.
    #[serde(skip_serializing_if = "Option::is_none")]
    s: Option<&'static str>,
    /// `e`: an arrow ends at the slice around its end.
    #[serde(skip_serializing_if = "Option::is_none")]
    bp: Option<&'static str>,
    #[serde(skip_serializing_if = "Value::is_null")]
    args: Value,
}

/// The file for a whole run.
pub fn write(trace: &Trace) -> String {
    let mut chart = Chart::new(trace);
    for stamped in &trace.events {
        chart.hear(stamped.at, &stamped.event);
    }
    let end = trace.events.last().map_or(Time::ZERO, |last| last.at);
    let mut entries = chart.names(trace);
    let slices = std::mem::take(&mut chart.slices);
    entries.extend(slices.finish(end).into_iter().map(|slice| Entry {
        dur: Some(slice.end.since(slice.start).as_micros() as u64),
        cat: slice.cat,
        args: slice.args,
        ..entry("X", slice.name, slice.start, slice.task)
    }));
    entries.append(&mut chart.entries);
    let about = json!({
        "scenario": trace.header.scenario,
        // As text: a number of JavaScript does not hold every seed.
        "seed": trace.header.seed.to_string(),
        "taskscope": env!("CARGO_PKG_VERSION"),
    });
    let mut out = format!("{{\"displayTimeUnit\":\"ms\",\"otherData\":{about},\"traceEvents\":[");
    for (number, entry) in entries.iter().enumerate() {
        out.push_str(if number == 0 { "\n" } else { ",\n" });
        // Serializing into memory cannot fail: no map here has keys other than texts.
        out.push_str(&serde_json::to_string(entry).unwrap_or_default());
    }
    out + "\n]}\n"
}

struct Chart {
    slices: Slices,
    entries: Vec<Entry>,
    paths: Paths,
    scopes: BTreeMap<ScopeId, TaskId>,
    resources: BTreeMap<ResourceId, (Rc<str>, i64)>,
    arrows: u32,
}

impl Chart {
    fn new(trace: &Trace) -> Chart {
        let (slices, entries, paths) = (Slices::default(), Vec::new(), Paths::new(trace));
        Chart { slices, entries, paths, scopes: BTreeMap::new(), resources: BTreeMap::new(), arrows: 0 }
    }

    /// What the process and the threads are called, and in which order they stand.
    fn names(&self, trace: &Trace) -> Vec<Entry> {
        let process = match trace.header.scenario.is_empty() {
            true => "taskscope",
            false => &trace.header.scenario,
        };
        let about = |name: &str, task, args| Entry { args, ..entry("M", name.into(), Time::ZERO, task) };
        let mut entries = vec![about("process_name", TaskId::ROOT, json!({ "name": process }))];
        for (place, task) in order::tree(trace).into_iter().enumerate() {
            let path = self.paths.task(task);
            entries.push(about("thread_name", task, json!({ "name": path })));
            entries.push(about("thread_sort_index", task, json!({ "sort_index": place })));
        }
        entries
    }

    fn hear(&mut self, at: Time, event: &Event) {
        match event {
            Event::TaskSpawn { task, name, .. } => {
                let args = json!({ "path": self.paths.task(*task) });
                self.slices.open(at, *task, Key::Task, "task", name.clone(), args);
            }
            Event::TaskEnd { task, result } => self.slices.close_all(at, *task, result_word(*result)),
            Event::ScopeOpen { scope, kind, task, name, .. } => {
                self.scopes.insert(*scope, *task);
                // The root scope has no name and is as long as its task.
                if !name.is_empty() {
                    let name = title(kind_word(*kind), name);
                    self.slices.open(at, *task, Key::Scope(*scope), "scope", name, Value::Null);
                }
            }
            Event::ScopeClose { scope, result } => {
                if let Some(task) = self.scopes.get(scope) {
                    self.slices.close(at, *task, Key::Scope(*scope), result_word(*result));
                }
            }
            Event::WaitStart { task, on, .. } => {
                let name = self.wait(on);
                self.slices.open(at, *task, Key::Wait, "wait", name, Value::Null);
            }
            Event::WaitEnd { task } => self.slices.close(at, *task, Key::Wait, ""),
            Event::WorkStart { task, .. } => {
                self.slices.open(at, *task, Key::Work, "work", "work".into(), Value::Null);
            }
            Event::WorkEnd { task } => self.slices.close(at, *task, Key::Work, ""),
            Event::CleanupStart { task } => {
                self.slices.open(at, *task, Key::Cleanup, "cleanup", "clean up".into(), Value::Null);
            }
            Event::CleanupEnd { task } => self.slices.close(at, *task, Key::Cleanup, ""),
            Event::ResourceNew { resource, kind, name, .. } => {
                let name = title(resource_word(*kind), name);
                self.resources.insert(*resource, (name, 0));
            }
            Event::Acquire { resource, amount, .. } => self.count(at, *resource, *amount, 1),
            Event::Release { resource, amount, .. } => self.count(at, *resource, *amount, -1),
            Event::Cancel { target, reason, by } => self.cancel(at, *target, *reason, *by),
            // A deadline is a plan, not something that happened; a start is where the first slice begins.
            Event::DeadlineSet { .. } | Event::TaskStart { .. } => {}
            other => self.instant(at, other),
        }
    }

    fn instant(&mut self, at: Time, event: &Event) {
        let (task, cat, name, reach) = match event {
            Event::Log { task, text, .. } => (*task, "log", text.to_string(), "t"),
            Event::Mark { task, text, .. } => (*task, "mark", text.to_string(), "p"),
            Event::Expect { task, held, text, .. } => {
                let what = if *held { "holds" } else { "does not hold" };
                (*task, "expect", format!("{what}: {text}"), "p")
            }
            Event::ErrorRaised { task, kind, message, .. } => {
                (*task, "error", format!("{kind}: {message}").trim_end_matches(": ").to_owned(), "t")
            }
            Event::ErrorCaught { task, .. } => (*task, "error", "caught".to_owned(), "t"),
            Event::RunEnd { outcome, .. } => {
                (TaskId::ROOT, "run", format!("outcome: {}", outcome.name()), "g")
            }
            _ => return,
        };
        self.entries.push(Entry { cat, s: Some(reach), ..entry("i", name.into(), at, task) });
    }

    fn count(&mut self, at: Time, resource: ResourceId, amount: u64, sign: i64) {
        let Some((name, used)) = self.resources.get_mut(&resource) else { return };
        *used = used.saturating_add(sign.saturating_mul(i64::try_from(amount).unwrap_or(i64::MAX)));
        let args = json!({ "in use": *used });
        self.entries.push(Entry { cat: "resource", args, ..entry("C", name.clone(), at, TaskId::ROOT) });
    }

    /// Every task that a cancellation strikes has an event of its own, so scopes need none here.
    fn cancel(&mut self, at: Time, target: Target, reason: Reason, by: Option<TaskId>) {
        let Target::Task(task) = target else { return };
        let name = format!("cancelled: {}", self.reason(reason));
        self.entries.push(Entry { cat: "cancel", s: Some("t"), ..entry("i", name.into(), at, task) });
        let Some(by) = by.filter(|by| *by != task) else { return };
        self.arrows += 1;
        let arrow =
            |ph, task| Entry { cat: "cancel", id: Some(self.arrows), ..entry(ph, "cancel".into(), at, task) };
        let (from, to) = (arrow("s", by), Entry { bp: Some("e"), ..arrow("f", task) });
        self.entries.extend([from, to]);
    }

    fn wait(&self, on: &Wait) -> Rc<str> {
        match on {
            Wait::Timer { .. } => "sleep".into(),
            Wait::Task(task) => format!("await {}", self.paths.task(*task)).into(),
            Wait::Children(scope) => format!("children of {}", self.paths.scope(*scope)).into(),
            Wait::Resource { resource, .. } => match self.resources.get(resource) {
                Some((name, _)) => format!("wait for {name}").into(),
                None => "wait".into(),
            },
            Wait::Fetch { url } => format!("fetch {url}").into(),
            Wait::Worker { what } => format!("offload {what}").into(),
            Wait::Other(what) => what.clone(),
        }
    }

    fn reason(&self, reason: Reason) -> String {
        let task = |task| self.paths.task(task);
        match reason {
            Reason::Explicit => "asked for".to_owned(),
            Reason::Timeout(_) => "timed out".to_owned(),
            Reason::SiblingFailed(_, failed) => format!("{} failed", task(failed)),
            Reason::BodyFailed(scope) => format!("the body of {} failed", self.paths.scope(scope)),
            Reason::ScopeDropped(scope) => format!("{} was left", self.paths.scope(scope)),
            Reason::ParentCancelled(parent) => format!("{} was cancelled", task(parent)),
            Reason::LostRace(_, winner) => format!("{} won the race", task(winner)),
            Reason::Shutdown => "shutdown".to_owned(),
            Reason::RunEnded => "run ended".to_owned(),
            Reason::GraceSpent(_) => "the grace was spent".to_owned(),
        }
    }
}

/// An entry with what every phase has.
fn entry(ph: &'static str, name: Rc<str>, at: Time, task: TaskId) -> Entry {
    // Perfetto takes thread 0 for the idle one.
    let tid = task.0.saturating_add(1);
    let (cat, dur, id, s, bp, args) = ("", None, None, None, None, Value::Null);
    Entry { name, ph, ts: at.as_us(), pid: PROCESS, tid, cat, dur, id, s, bp, args }
}

/// `scope dashboard`; a block without a name of its own is called after its kind already.
fn title(kind: &str, name: &str) -> Rc<str> {
    match name.split('#').next() == Some(kind) {
        true => name.into(),
        false => format!("{kind} {name}").into(),
    }
}

fn result_word(result: End) -> &'static str {
    match result {
        End::Ok => "ok",
        End::Failed => "failed",
        End::Cancelled => "cancelled",
    }
}

fn kind_word(kind: ScopeKind) -> &'static str {
    match kind {
        ScopeKind::Scope | ScopeKind::Collect => "scope",
        ScopeKind::Race => "race",
        ScopeKind::Gather => "gather",
        ScopeKind::Timeout => "timeout",
        ScopeKind::Shield => "shield",
        ScopeKind::Retry => "retry",
    }
}

fn resource_word(kind: ResourceKind) -> &'static str {
    match kind {
        ResourceKind::Limiter | ResourceKind::RateLimiter => "limiter",
        ResourceKind::Lock => "lock",
        ResourceKind::Event => "event",
        ResourceKind::Condition => "condition",
        ResourceKind::Barrier => "barrier",
        ResourceKind::Queue => "queue",
        ResourceKind::Pool => "pool",
        ResourceKind::Workers => "workers",
    }
}

#[cfg(test)]
mod tests;
