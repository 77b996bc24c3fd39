//! From the lines of a file back to a trace.

use std::fmt;
use std::rc::Rc;

use crate::event::{Event, Leaf, Outcome, Reason, Target, Wait};
use crate::ids::{ErrorId, ResourceId, ScopeId, TaskId};
use crate::span::Span;
use crate::time::Time;
use crate::trace::{Header, Stamped, Trace};

use super::names::{Names, unknown};
use super::wire::{self, Bytes, Line, What};

/// Why a file is no trace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadError {
    /// The line that is wrong, from 1.
    pub line: usize,
    /// What is wrong with it.
    pub problem: String,
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.problem)
    }
}

impl std::error::Error for ReadError {}

/// The trace that [`super::write`] wrote. Empty lines are passed over.
pub fn read(text: &str) -> Result<Trace, ReadError> {
    let mut lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    let (number, first) = lines.next().unwrap_or((0, ""));
    let header = header(first).map_err(|problem| ReadError { line: number + 1, problem })?;
    let mut reader = Reader::default();
    let mut last = number;
    for (number, line) in lines {
        reader.line(line).map_err(|problem| ReadError { line: number + 1, problem })?;
        last = number;
    }
    reader.settled().map_err(|problem| ReadError { line: last + 1, problem })?;
    Ok(Trace { header, events: reader.events })
}

fn header(line: &str) -> Result<Header, String> {
    let not_ours =
        || format!("this is no trace: it does not begin with {{\"format\":\"{}\",…}}", wire::FORMAT);
    let preamble: wire::Preamble = serde_json::from_str(line).map_err(|_| not_ours())?;
    if preamble.format != wire::FORMAT {
        return Err(not_ours());
    }
    if preamble.version != wire::VERSION {
        let (found, known) = (preamble.version, wire::VERSION);
        return Err(format!("the trace has version {found}; this program reads version {known}"));
    }
    let header: wire::Header = parse(line)?;
    Ok(Header { scenario: header.scenario, seed: header.seed, clock: header.clock })
}

fn parse<'a, T: serde::Deserialize<'a>>(line: &'a str) -> Result<T, String> {
    serde_json::from_str(line).map_err(|error| {
        // A line is parsed on its own, so that the parser's idea of the place would only confuse.
        let message = error.to_string();
        let place = format!(" at line {} column {}", error.line(), error.column());
        message.strip_suffix(&place).unwrap_or(&message).to_owned()
    })
}

#[derive(Default)]
struct Reader {
    names: Names,
    events: Vec<Stamped>,
    /// Which events are logs that no `details` have spoken of.
    logs: Vec<usize>,
    details: Vec<wire::Detail>,
    notes: Vec<String>,
    /// How many expectations did not hold.
    broken: usize,
}

impl Reader {
    fn line(&mut self, line: &str) -> Result<(), String> {
        let line: Line = parse(line)?;
        let at = Time::from_us(line.t_us);
        let event = match line.what {
            What::Details { logs, errors, notes } => {
                (self.details, self.notes) = (errors, notes);
                return self.place(&logs);
            }
            What::RunEnd { outcome, errors } => self.end(outcome, &errors)?,
            What::TaskSpawn { name, by, scope, span } => {
                let (Some(path), Some(id)) = (line.task, line.id) else {
                    return Err("a `task_spawn` needs a `task` and an `id`".to_owned());
                };
                self.names.learn(path, TaskId(id));
                let by = by.map(|by| self.names.resolve(&by)).transpose()?;
                let (task, scope, span) = (TaskId(id), scope.map(ScopeId), place(span));
                Event::TaskSpawn { task, by, scope, name, span }
            }
            What::DeadlineSet { scope, at_us } => {
                Event::DeadlineSet { scope: ScopeId(scope), at: at_us.map(Time::from_us) }
            }
            What::ScopeClose { scope, result } => Event::ScopeClose { scope: ScopeId(scope), result },
            What::Cancel { target, reason, by } => Event::Cancel {
                target: match target {
                    wire::Target::Task(task) => Target::Task(self.names.resolve(&task)?),
                    wire::Target::Scope(scope) => Target::Scope(ScopeId(scope)),
                },
                reason: self.reason(reason)?,
                by: by.map(|by| self.names.resolve(&by)).transpose()?,
            },
            What::ResourceNew { resource, kind, name, capacity } => {
                Event::ResourceNew { resource: ResourceId(resource), kind, name, capacity }
            }
            what => {
                let task = self.task(line.task.as_ref(), line.id)?;
                self.of_task(task, what)?
            }
        };
        match &event {
            Event::Log { .. } => self.logs.push(self.events.len()),
            Event::Expect { held: false, .. } => self.broken += 1,
            _ => {}
        }
        self.events.push(Stamped { at, event });
        Ok(())
    }

    fn task(&self, path: Option<&Rc<str>>, id: Option<u32>) -> Result<TaskId, String> {
        match (id, path) {
            (Some(id), _) => Ok(TaskId(id)),
            (None, Some(path)) => self.names.find(path).ok_or_else(|| unknown(path)),
            (None, None) => Err("the `task` is missing".to_owned()),
        }
    }

    /// The events that a task says of itself.
    fn of_task(&self, task: TaskId, what: What) -> Result<Event, String> {
        Ok(match what {
            What::ScopeOpen { scope, kind, name, parent, span } => {
                let (scope, parent, span) = (ScopeId(scope), parent.map(ScopeId), place(span));
                Event::ScopeOpen { scope, kind, task, parent, name, span }
            }
            What::TaskStart {} => Event::TaskStart { task },
            What::WaitStart { on, span } => Event::WaitStart { task, on: self.wait(on)?, span: place(span) },
            What::WaitEnd {} => Event::WaitEnd { task },
            What::WorkStart { span } => Event::WorkStart { task, span: place(span) },
            What::WorkEnd {} => Event::WorkEnd { task },
            What::CleanupStart {} => Event::CleanupStart { task },
            What::CleanupEnd {} => Event::CleanupEnd { task },
            What::TaskEnd { result } => Event::TaskEnd { task, result },
            What::Acquire { resource, amount } => {
                Event::Acquire { task, resource: ResourceId(resource), amount }
            }
            What::Release { resource, amount } => {
                Event::Release { task, resource: ResourceId(resource), amount }
            }
            What::ErrorRaised { error, kind, message, span } => {
                Event::ErrorRaised { error: ErrorId(error), task, kind, message, span: place(span) }
            }
            What::ErrorCaught { error, span } => {
                Event::ErrorCaught { error: ErrorId(error), task, span: place(span) }
            }
            What::Log { text } => Event::Log { task, text, span: None },
            What::Mark { text, span } => Event::Mark { task, text, span: place(span) },
            What::Expect { held, text, span } => Event::Expect { task, held, text, span: place(span) },
            // The caller has dealt with these.
            What::Details { .. }
            | What::RunEnd { .. }
            | What::TaskSpawn { .. }
            | What::DeadlineSet { .. }
            | What::ScopeClose { .. }
            | What::Cancel { .. }
            | What::ResourceNew { .. } => return Err("this is no event of a task".to_owned()),
        })
    }

    fn wait(&self, on: wire::Wait) -> Result<Wait, String> {
        Ok(match on {
            wire::Wait::TimerUs(until) => Wait::Timer { until: Time::from_us(until) },
            wire::Wait::Task(task) => Wait::Task(self.names.resolve(&task)?),
            wire::Wait::Children(scope) => Wait::Children(ScopeId(scope)),
            wire::Wait::Resource { resource, ahead } => {
                Wait::Resource { resource: ResourceId(resource), ahead }
            }
            wire::Wait::Fetch(url) => Wait::Fetch { url },
            wire::Wait::Worker(what) => Wait::Worker { what },
            wire::Wait::Other(what) => Wait::Other(what),
        })
    }

    fn reason(&self, reason: wire::Reason) -> Result<Reason, String> {
        Ok(match reason {
            wire::Reason::Explicit => Reason::Explicit,
            wire::Reason::Timeout { scope } => Reason::Timeout(ScopeId(scope)),
            wire::Reason::SiblingFailed { scope, task } => {
                Reason::SiblingFailed(ScopeId(scope), self.names.resolve(&task)?)
            }
            wire::Reason::BodyFailed { scope } => Reason::BodyFailed(ScopeId(scope)),
            wire::Reason::ScopeDropped { scope } => Reason::ScopeDropped(ScopeId(scope)),
            wire::Reason::ParentCancelled { task } => Reason::ParentCancelled(self.names.resolve(&task)?),
            wire::Reason::LostRace { scope, task } => {
                Reason::LostRace(ScopeId(scope), self.names.resolve(&task)?)
            }
            wire::Reason::Shutdown => Reason::Shutdown,
            wire::Reason::RunEnded => Reason::RunEnded,
            wire::Reason::GraceSpent { scope } => Reason::GraceSpent(ScopeId(scope)),
        })
    }

    /// Puts the places of logs where they belong.
    fn place(&mut self, places: &[Bytes]) -> Result<(), String> {
        if places.len() != self.logs.len() {
            let (places, logs) = (places.len(), self.logs.len());
            return Err(format!("the details speak of {places} logs, but {logs} stand above them"));
        }
        for (event, bytes) in self.logs.drain(..).zip(places) {
            if let Some(Event::Log { span, .. }) =
                self.events.get_mut(event).map(|stamped| &mut stamped.event)
            {
                *span = place(*bytes);
            }
        }
        Ok(())
    }

    fn end(&mut self, outcome: Outcome, errors: &[wire::Error]) -> Result<Event, String> {
        let details = std::mem::take(&mut self.details);
        let broken = std::mem::take(&mut self.broken);
        if errors.len() != details.len() + broken {
            let (said, known) = (errors.len(), details.len() + broken);
            return Err(format!("the end has {said} errors, but the lines above it tell of {known}"));
        }
        let leaves = errors.iter().zip(details).map(|(error, detail)| {
            Ok(Leaf {
                error: ErrorId(detail.error),
                kind: error.kind.clone(),
                message: error.message.clone(),
                task: self.task(Some(&error.task), detail.id)?,
                at: Time::from_us(detail.at_us),
                role: detail.role,
                groups: detail.groups.into_iter().map(ScopeId).collect(),
            })
        });
        let errors = leaves.collect::<Result<Vec<Leaf>, String>>()?;
        Ok(Event::RunEnd { outcome, errors, notes: std::mem::take(&mut self.notes) })
    }

    /// Whether the file is whole.
    fn settled(&self) -> Result<(), String> {
        match self.logs.len() + self.details.len() + self.notes.len() {
            0 => Ok(()),
            _ => Err("the file is cut off: its `details` and what they speak of do not match".to_owned()),
        }
    }
}

fn place(bytes: Bytes) -> Option<Span> {
    bytes.map(|(start, end)| Span::new(start, end))
}
