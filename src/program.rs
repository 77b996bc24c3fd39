//! Programs that say what happens: a log with instants and tasks, and at the end how the run came out.
//!
//! This is what scenarios become that are taken home: [`Program::run`] runs in virtual time and prints what
//! `taskscope run` prints of the scenario. Errors of the library go by the names that scenarios know them by: see
//! [`kind`].
//!
//! ```
//! use std::time::Duration;
//! use taskscope::program::{Program, log};
//! use taskscope::runtime::sleep;
//!
//! let ended = Program::new().run_to_end(async |s| {
//!     s.spawn_named("user", async {
//!         sleep(Duration::from_millis(400)).await;
//!         log("user ready");
//!         Ok(())
//!     });
//!     Ok(())
//! });
//! assert_eq!(ended.to_string(), "0.400000  main/user  user ready\noutcome: ok\nelapsed: 0.400000\n");
//! ```

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::BTreeSet;
use std::fmt;
use std::future::{Future, pending, poll_fn};
use std::pin::{Pin, pin};
use std::process::ExitCode;
use std::rc::Rc;
use std::task::Poll;
use std::time::Duration;

use crate::event::{End, Event, Leaf as Told, Observer, Outcome, Role, Target};
use crate::export::text;
use crate::host::sim::SimHost;
use crate::ids::{ScopeId, TaskId};
use crate::runtime::{
    Error, Leaf, Result, Run, RunError, RunHandle, Scope, ScopeOptions, after_cleanup, block_on,
    current_task, defer, is_passing, now, outside_sleep,
};
use crate::time::Time;
use crate::trace::{Clock, Header, Paths, Recorder, Stamped, Trace};

/// Events that are kept of a run; each is about 100 bytes.
const MAX_EVENTS: usize = 2_000_000;

thread_local! {
    /// The run on this thread, for what its tasks say.
    static CURRENT: RefCell<Option<Rc<Heard>>> = const { RefCell::new(None) };
}

/// What is heard of a run.
struct Heard {
    recorder: Recorder,
    /// Whether an expectation did not hold.
    broken: Cell<bool>,
    /// What is dropped with a run that was cut short has no part in its story.
    over: Cell<bool>,
}

impl Observer for Heard {
    fn on_event(&self, at: Time, event: &Event) {
        if !self.over.get() {
            self.recorder.on_event(at, event);
        }
    }
}

fn say(event: impl FnOnce(TaskId) -> Event) {
    let heard = CURRENT.with_borrow(Clone::clone);
    let heard = heard.expect("outside a program");
    heard.on_event(now(), &event(current_task()));
}

/// A line of the log, with the instant and the task.
///
/// # Panics
/// Outside a [`Program`].
pub fn log(text: impl fmt::Display) {
    let text = text.to_string().into();
    say(|task| Event::Log { task, text, span: None });
}

/// A named instant.
///
/// # Panics
/// Outside a [`Program`].
pub fn mark(text: impl fmt::Display) {
    let text = text.to_string().into();
    say(|task| Event::Mark { task, text, span: None });
}

/// An expectation: where it does not hold, the run goes on and ends as failed.
///
/// # Panics
/// Outside a [`Program`].
pub fn expect(held: bool, text: impl fmt::Display) {
    let text = text.to_string().into();
    if !held {
        CURRENT.with_borrow(|heard| heard.iter().for_each(|heard| heard.broken.set(true)));
    }
    say(|task| Event::Expect { task, held, text, span: None });
}

/// The kind of an error as scenarios know it: an [`Elapsed`](crate::runtime::Elapsed) is a `Timeout`, a
/// [`TaskError`](crate::runtime::TaskError) and a [`NoWinner`](crate::runtime::NoWinner) a `TaskCancelled`, a
/// [`DoneTooMany`](crate::runtime::DoneTooMany) a `QueueError`, a [`WorkerError`](crate::host::WorkerError) a
/// `WorkerCrashed`. Any other has the name of its type.
pub fn kind(leaf: &Leaf) -> &str {
    match leaf.kind() {
        "Elapsed" => "Timeout",
        "TaskError" | "NoWinner" => "TaskCancelled",
        "DoneTooMany" => "QueueError",
        "WorkerError" => "WorkerCrashed",
        other => other,
    }
}

/// What an error says beside its kind, as scenarios know it.
pub fn message(leaf: &Leaf) -> String {
    if leaf.kind() == "NoWinner" { "every task of the race was cancelled".into() } else { leaf.message() }
}

/// An error on one line: kind and message, of a group those of its leaves.
pub fn told(error: &Error) -> String {
    let title = |leaf: &Leaf| match message(leaf) {
        message if message.is_empty() => kind(leaf).to_owned(),
        message => format!("{}: {message}", kind(leaf)),
    };
    error.leaves().map(title).collect::<Vec<_>>().join("; ")
}

type Making<'env> = Box<dyn FnOnce(Scope<'env>) -> Pin<Box<dyn Future<Output = Result<()>>>> + 'env>;

enum Stimulus<'env> {
    At(Making<'env>),
    Shutdown(Option<Duration>),
}

type Question<'env> = Box<dyn FnOnce(&Ended) -> (bool, String) + 'env>;

/// A program to be run, with what comes from outside and what is expected of it.
#[derive(Default)]
pub struct Program<'env> {
    seed: u64,
    stimuli: Vec<(Duration, Stimulus<'env>)>,
    cleanups: Vec<Pin<Box<dyn Future<Output = Result<()>>>>>,
    expectations: Vec<Question<'env>>,
}

impl<'env> Program<'env> {
    /// A program without any of that; its seed is 0.
    pub fn new() -> Program<'env> {
        Program::default()
    }

    /// The seed of every random choice.
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// At this instant a child `at` of the root scope does this. After the end it does nothing.
    pub fn at<F>(mut self, instant: Duration, body: impl FnOnce(Scope<'env>) -> F + 'env) -> Self
    where
        F: Future<Output = Result<()>> + 'static,
    {
        let body: Making<'env> = Box::new(move |scope| Box::pin(body(scope)));
        self.stimuli.push((instant, Stimulus::At(body)));
        self
    }

    /// At this instant the run is asked to stop; cleanup then gets the grace, or as long as it takes.
    pub fn shutdown_at(mut self, instant: Duration, grace: impl Into<Option<Duration>>) -> Self {
        self.stimuli.push((instant, Stimulus::Shutdown(grace.into())));
        self
    }

    /// Done when everything else is over, however that came about: connections are closed here.
    pub fn finally(mut self, cleanup: impl Future<Output = Result<()>> + 'static) -> Self {
        self.cleanups.push(Box::pin(cleanup));
        self
    }

    /// What must hold of the whole run; the text says so where it does not.
    pub fn expect(mut self, text: impl Into<String>, holds: impl FnOnce(&Ended) -> bool + 'env) -> Self {
        let text = text.into();
        self.expectations.push(Box::new(move |ended| (holds(ended), text)));
        self
    }

    /// Runs it in virtual time, prints what came of it, and gives the exit status: success where all went well.
    /// The root scope is open around `main`.
    pub fn run(self, main: impl AsyncFnOnce(Scope<'env>) -> Result<()>) -> ExitCode {
        let ended = self.run_to_end(main);
        print!("{ended}");
        if ended.outcome == Outcome::Ok { ExitCode::SUCCESS } else { ExitCode::FAILURE }
    }

    /// As [`Program::run`], and gives what came of it instead of printing it.
    pub fn run_to_end(self, main: impl AsyncFnOnce(Scope<'env>) -> Result<()>) -> Ended {
        let Program { seed, stimuli, cleanups, expectations } = self;
        let recorder = Recorder::new(MAX_EVENTS);
        let heard = Rc::new(Heard { recorder, broken: Cell::new(false), over: Cell::new(false) });
        let before = CURRENT.replace(Some(heard.clone()));
        let host = Rc::new(SimHost::new(seed));
        let root = root(stimuli, cleanups, main);
        let run = Run::with_observer(host.clone(), Some(heard.clone()), root);
        let handle = run.handle();
        let result = block_on(run);
        drop(handle);
        CURRENT.set(before);
        Ended::new(seed, crate::host::Host::now(&*host), result, &heard).asked(expectations)
    }
}

/// The root task: `main` in the root scope, with what comes from outside beside it.
async fn root<'env>(
    stimuli: Vec<(Duration, Stimulus<'env>)>,
    cleanups: Vec<Pin<Box<dyn Future<Output = Result<()>>>>>,
    main: impl AsyncFnOnce(Scope<'env>) -> Result<()>,
) -> Result<()> {
    let rooted = OnceCell::new();
    let inside = async |scope: Scope<'env>| {
        drop(rooted.set(scope.clone()));
        main(scope).await
    };
    let last = defer(async move {
        let mut result = Ok(());
        for cleanup in cleanups {
            let done = cleanup.await;
            result = result.and(done);
        }
        result
    });
    // The root scope adds nothing to paths: a child of it is `main/user`.
    let body = ScopeOptions::named("").run(inside);
    let result = beside(stimuli, &rooted, body).await.map_err(Error::Group);
    after_cleanup(result, last.await)
}

/// At one instant the outside comes first, and the instant of a shutdown is the last at which the body is looked at.
async fn beside<'env, T>(
    stimuli: Vec<(Duration, Stimulus<'env>)>,
    root: &OnceCell<Scope<'env>>,
    body: impl Future<Output = T>,
) -> T {
    let mut outside = pin!(outside(stimuli, root));
    let mut body = pin!(body);
    let mut stopped = false;
    poll_fn(|cx| {
        // The outside has its own place in the run queue, and no part in the turn of a child.
        if !is_passing() {
            stopped = stopped || outside.as_mut().poll(cx).is_ready();
            if stopped {
                return Poll::Pending;
            }
        }
        body.as_mut().poll(cx)
    })
    .await
}

/// Ready when the run was asked to stop.
async fn outside<'env>(mut stimuli: Vec<(Duration, Stimulus<'env>)>, root: &OnceCell<Scope<'env>>) {
    stimuli.sort_by_key(|(at, _)| *at);
    let mut passed = Duration::ZERO;
    for (at, stimulus) in stimuli {
        outside_sleep(at.saturating_sub(passed)).await;
        passed = at;
        let Some(scope) = root.get().filter(|scope| !scope.is_closed()) else { continue };
        match stimulus {
            // Owned: it has its turn even where a shutdown at this instant keeps `main` from having one.
            Stimulus::At(body) => drop(scope.task(Some("at".into())).spawn_owned(body(scope.clone()))),
            Stimulus::Shutdown(grace) => {
                RunHandle::current().shutdown(grace);
                return;
            }
        }
    }
    pending().await
}

/// How a run came out. It displays as `taskscope run` prints a run.
pub struct Ended {
    trace: Trace,
    outcome: Outcome,
    errors: Vec<Told>,
    notes: Vec<String>,
    at: Time,
}

impl Ended {
    fn new(seed: u64, at: Time, result: std::result::Result<(), RunError>, heard: &Heard) -> Ended {
        heard.over.set(true);
        let (mut outcome, errors, notes) = match result {
            Ok(()) | Err(RunError::Lints(_)) => (Outcome::Ok, Vec::new(), Vec::new()),
            Err(RunError::Failed(error)) => match leaves(&error) {
                none if none.is_empty() => (Outcome::Cancelled, none, Vec::new()),
                leaves => (Outcome::Failed, leaves, Vec::new()),
            },
            Err(RunError::Stuck(stuck)) => (Outcome::Deadlock, Vec::new(), stuck.sentences()),
            Err(RunError::Cancelled | RunError::Stopped | RunError::Nested) => {
                (Outcome::Cancelled, Vec::new(), Vec::new())
            }
        };
        if outcome == Outcome::Ok && heard.broken.get() {
            outcome = Outcome::Failed;
        }
        let header = Header { scenario: String::new(), seed, clock: Clock::Virtual };
        let trace = Trace { header, events: heard.recorder.take() };
        Ended { trace, outcome, errors, notes, at }
    }

    /// Holds the expectations against it, and closes the trace.
    fn asked(mut self, expectations: Vec<Question<'_>>) -> Ended {
        let mut broken = false;
        // All are asked, whatever the first of them says.
        for question in expectations {
            let (held, text) = question(&self);
            broken |= !held;
            let event = Event::Expect { task: TaskId::ROOT, held, text: text.into(), span: None };
            self.trace.events.push(Stamped { at: self.at, event });
        }
        if broken && self.outcome == Outcome::Ok {
            self.outcome = Outcome::Failed;
        }
        let (errors, notes) = (std::mem::take(&mut self.errors), std::mem::take(&mut self.notes));
        let event = Event::RunEnd { outcome: self.outcome, errors, notes };
        self.trace.events.push(Stamped { at: self.at, event });
        self
    }

    /// How long it took.
    pub fn elapsed(&self) -> Duration {
        Duration::from_micros(self.at.as_us())
    }

    /// `ok`, `failed`, `cancelled` or `deadlock`.
    pub fn outcome(&self) -> &'static str {
        self.outcome.name()
    }

    /// Whether this was a line of the log.
    pub fn logged(&self, text: &str) -> bool {
        self.trace
            .events
            .iter()
            .any(|it| matches!(&it.event, Event::Log { text: logged, .. } if **logged == *text))
    }

    /// Whether the task with this path, with or without `main/`, was cancelled.
    pub fn cancelled(&self, path: &str) -> bool {
        let paths = Paths::new(&self.trace);
        let mut cancelled = BTreeSet::new();
        for Stamped { event, .. } in &self.trace.events {
            match event {
                // One whose cleanup fails, or is cut short by the end of the run, was cancelled all the same.
                Event::Cancel { target: Target::Task(task), .. } => drop(cancelled.insert(*task)),
                Event::TaskEnd { task, result: End::Ok } => drop(cancelled.remove(task)),
                _ => {}
            }
        }
        let below = format!("main/{path}");
        cancelled.into_iter().map(|task| paths.task(task)).any(|it| it == path || it == below)
    }
}

impl fmt::Display for Ended {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&text::write(&self.trace, None))
    }
}

/// Every error of the tree with the scopes that it left.
fn leaves(error: &Error) -> Vec<Told> {
    let mut found = Vec::new();
    let mut rest: Vec<(&Error, Role, Vec<ScopeId>)> = vec![(error, Role::Body, Vec::new())];
    while let Some((error, role, groups)) = rest.pop() {
        match error {
            Error::Leaf(leaf) => {
                let (error, task, at) = (leaf.id(), leaf.task(), leaf.at());
                let (kind, message) = (kind(leaf).into(), message(leaf).into());
                found.push(Told { error, kind, message, task, at, role, groups });
            }
            Error::Group(group) => {
                let mut groups = groups;
                groups.extend(group.scope());
                let entries = group.entries().iter().rev();
                rest.extend(entries.map(|entry| (&entry.error, entry.role, groups.clone())));
            }
        }
    }
    found
}
