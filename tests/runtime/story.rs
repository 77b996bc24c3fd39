//! A story: what happened in a test, a line each, with its instant.

use std::cell::RefCell;
use std::fmt::{Debug, Display};
use std::future::Future;
use std::rc::Rc;
use std::task::Poll;
use std::time::Duration;

use taskscope::event::{Event, Outcome, Role};
use taskscope::host::Host;
use taskscope::host::sim::SimHost;
use taskscope::runtime::{Error, ErrorGroup, Panicked, Result, Run, RunError, block_on};
use taskscope::time::Time;
use taskscope::trace::{Clock, Header, Problem, Recorder, Stamped, Trace, verify};

/// Gathers lines, from anywhere in a run. Cloning gives another handle.
#[derive(Clone)]
pub struct Story {
    pub host: Rc<SimHost>,
    pub recorder: Rc<Recorder>,
    lines: Rc<RefCell<Vec<String>>>,
}

/// Tells when it is dropped.
pub struct Guard(Story, &'static str);

impl Drop for Guard {
    fn drop(&mut self) {
        self.0.tell(self.1);
    }
}

impl Story {
    pub fn new() -> Story {
        let (host, recorder) = (Rc::new(SimHost::new(0)), Rc::new(Recorder::new(1_000_000)));
        Story { host, recorder, lines: Rc::default() }
    }

    /// Adds a line at this instant.
    pub fn tell(&self, text: impl Display) {
        self.lines.borrow_mut().push(format!("{} {text}", instant(self.host.now())));
    }

    /// The drop of what is returned is an event.
    pub fn guard(&self, text: &'static str) -> Guard {
        Guard(self.clone(), text)
    }

    /// Tells how a scope ended.
    pub fn left<T: Debug>(&self, what: &str, result: &std::result::Result<T, ErrorGroup>) {
        match result {
            Ok(value) => self.tell(format!("{what} = {value:?}")),
            Err(group) => self.tell(format!("{what}: {}", group_tree(group))),
        }
    }

    pub fn prepare<'main, T: 'main>(&self, main: impl Future<Output = Result<T>> + 'main) -> Run<'main, T> {
        Run::with_observer(self.host.clone(), Some(self.recorder.clone()), main)
    }

    /// Runs `main` to its end, tells how it ended, and holds its trace against the promises of every run.
    pub fn run<T: Debug>(&self, main: impl Future<Output = Result<T>>) {
        let result = block_on(self.prepare(main));
        fail_on_panic(&result);
        self.tell(match &result {
            Ok(value) => format!("run = {value:?}"),
            Err(RunError::Failed(error)) => format!("run: {}", tree(error)),
            Err(error) => format!("run: {error}"),
        });
        let outcome = match &result {
            Ok(_) | Err(RunError::Lints(_)) => Outcome::Ok,
            Err(RunError::Failed(_)) => Outcome::Failed,
            Err(RunError::Cancelled | RunError::Stopped | RunError::Nested) => Outcome::Cancelled,
            Err(RunError::Stuck(_)) => Outcome::Deadlock,
        };
        orderly(self.recorder.since(0), outcome);
    }

    pub fn lines(&self) -> Vec<String> {
        self.lines.borrow().clone()
    }

    /// Compares the whole story.
    #[track_caller]
    pub fn is(&self, expected: &[&str]) {
        let lines = self.lines.borrow();
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        assert_eq!(lines, expected, "\n{}\n", lines.join("\n"));
    }
}

/// An assertion that fails inside a run is contained there; the test has to fail of it.
fn fail_on_panic<T>(result: &std::result::Result<T, RunError>) {
    let Err(RunError::Failed(error)) = result else { return };
    if let Some(panicked) = error.leaves().find_map(|leaf| leaf.downcast_ref::<Panicked>()) {
        panic!("{}", panicked.message());
    }
}

/// Holds a trace against what every trace promises.
#[track_caller]
pub fn orderly(mut events: Vec<Stamped>, outcome: Outcome) {
    let at = events.last().map_or(Time::ZERO, |last| last.at);
    let (errors, notes) = (Vec::new(), Vec::new());
    events.push(Stamped { at, event: Event::RunEnd { outcome, errors, notes } });
    let header = Header { scenario: String::new(), seed: 0, clock: Clock::Virtual };
    let trace = Trace { header, events };
    let mut faults = verify(&trace);
    // Under a combinator, blocks of one task need not close in the order in which they opened.
    let ends_a_task = |number: usize| matches!(trace.events[number].event, Event::TaskEnd { .. });
    faults.retain(|fault| !matches!(fault.problem, Problem::LeftOpen(_)) || ends_a_task(fault.number));
    let events: Vec<String> = trace.events.iter().map(|e| format!("{} {:?}", e.at, e.event)).collect();
    assert!(faults.is_empty(), "{faults:#?}\n{}", events.join("\n"));
}

/// Seconds without the zeros that say nothing.
pub fn instant(at: Time) -> String {
    let text = at.to_string();
    text.trim_end_matches('0').trim_end_matches('.').to_string()
}

/// `{cause A, body B, {cause C}}`.
pub fn group_tree(group: &ErrorGroup) -> String {
    let part = |role: Role, error: &Error| match (role, error) {
        (_, Error::Group(group)) => group_tree(group),
        (Role::Cause, leaf) => format!("cause {leaf}"),
        (Role::Body, leaf) => format!("body {leaf}"),
        (Role::DuringCancellation, leaf) => format!("during {leaf}"),
    };
    let parts: Vec<String> = group.entries().iter().map(|entry| part(entry.role, &entry.error)).collect();
    match group.cancelled() {
        Some(_) => format!("{{{}}} cancelled", parts.join(", ")),
        None => format!("{{{}}}", parts.join(", ")),
    }
}

pub fn tree(error: &Error) -> String {
    match error {
        Error::Leaf(_) => error.to_string(),
        Error::Group(group) => group_tree(group),
    }
}

/// As many natively; fewer in a page, which a test holds up and where the program is not optimised.
pub const fn sized(native: u32, page: u32) -> u32 {
    if cfg!(target_arch = "wasm32") { page } else { native }
}

pub fn secs(seconds: f64) -> Duration {
    Duration::from_micros((seconds * 1e6).round() as u64)
}

pub fn sleep(seconds: f64) -> taskscope::runtime::Sleep {
    taskscope::runtime::sleep(secs(seconds))
}

/// Sleeps and fails.
pub async fn fail_after(seconds: f64, name: &'static str) -> Result<()> {
    sleep(seconds).await;
    Err(Error::msg(name))
}

/// Lets everybody who is ready have a turn.
pub async fn turn() {
    let mut first = true;
    std::future::poll_fn(|cx| match std::mem::take(&mut first) {
        true => {
            cx.waker().wake_by_ref();
            Poll::Pending
        }
        false => Poll::Ready(()),
    })
    .await;
}
