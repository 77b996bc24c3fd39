//! What is interrupted, how, and what came of it.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;

use crate::event::Observer;
use crate::runtime::Result;
use crate::time::Time;

/// One run's worth of a test: a body, and what must hold when it is over. A future by itself becomes one without checks.
pub struct Scenario {
    pub(crate) body: Pin<Box<dyn Future<Output = Result<()>>>>,
    pub(crate) check: Option<Check>,
    pub(crate) observer: Option<Rc<dyn Observer>>,
    pub(crate) seed: u64,
    pub(crate) order: Option<u64>,
}

type Check = Box<dyn FnOnce(&Interruption)>;

impl Scenario {
    /// A scenario of this body.
    pub fn new(body: impl Future<Output = Result<()>> + 'static) -> Scenario {
        Scenario { body: Box::pin(body), check: None, observer: None, seed: 0, order: None }
    }

    /// Calls `check` when the run is over and dropped. It may look at what it shares with the body, and panic.
    pub fn check(mut self, check: impl FnOnce(&Interruption) + 'static) -> Scenario {
        self.check = Some(Box::new(check));
        self
    }

    /// `observer` hears every event of the run.
    pub fn observed_by(mut self, observer: Rc<dyn Observer>) -> Scenario {
        self.observer = Some(observer);
        self
    }

    /// The seed of the run's world, 0 otherwise.
    pub fn seeded(mut self, seed: u64) -> Scenario {
        self.seed = seed;
        self
    }

    /// Tasks that are ready together have their turns in the order that `seed` picks; see
    /// [`Run::shuffled`](crate::runtime::Run::shuffled).
    pub fn shuffled(mut self, seed: u64) -> Scenario {
        self.order = Some(seed);
        self
    }
}

impl<F: Future<Output = Result<()>> + 'static> From<F> for Scenario {
    fn from(body: F) -> Scenario {
        Scenario::new(body)
    }
}

/// Where a scenario was interrupted. Prints itself as a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Interruption {
    /// The number of the turn, from 1; 0: the scenario was not interrupted.
    pub turn: usize,
    /// The path of the task whose turn it was.
    pub task: String,
    /// The instant.
    pub at: Time,
    /// Before or after the turn.
    pub when: When,
    /// Who was cancelled.
    pub whom: Whom,
}

impl Interruption {
    pub(super) fn none() -> Interruption {
        let (task, at, when, whom) = (String::new(), Time::ZERO, When::After, Whom::Scenario);
        Interruption { turn: 0, task, at, when, whom }
    }
}

/// When a cancellation strikes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// What the task waited for has come, it is about to have its turn: completion and cancellation at one instant.
    Before,
    /// The task has just suspended, before anybody else has a turn.
    After,
}

/// Who is cancelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whom {
    /// The task whose turn it is; the others go on.
    Task,
    /// The whole scenario, from outside.
    Scenario,
}

impl fmt::Display for Interruption {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Interruption { turn, task, at, when, whom } = self;
        if *turn == 0 {
            return f.write_str("not interrupted");
        }
        let when = match when {
            When::Before => "before",
            When::After => "after",
        };
        let whom = match whom {
            Whom::Task => "that task",
            Whom::Scenario => "the scenario",
        };
        write!(f, "{whom} cancelled {when} turn {turn}, of {task}, at {at} s")
    }
}

/// What [`interrupt_everywhere`](super::interrupt_everywhere) has done.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Report {
    /// At how many points the scenario suspends: turns of a task that left it waiting.
    pub points: usize,
    /// How many runs that took.
    pub runs: usize,
    /// After which interruptions the tasks that were left waited for each other for ever, and who for what. They were
    /// cancelled then, and the same was asked of them. Whether this is wrong depends on the scenario: a producer whose
    /// consumers are gone may rightly wait.
    pub deadlocks: Vec<String>,
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} points, {} runs", self.points, self.runs)?;
        match self.deadlocks.len() {
            0 => Ok(()),
            1 => f.write_str(", 1 of which ended in a deadlock"),
            many => write!(f, ", {many} of which ended in a deadlock"),
        }
    }
}
