//! Sees each turn of a scenario, and interrupts at one of them.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use crate::ids::TaskId;
use crate::runtime::{Moment, RunHandle, Task};
use crate::time::Time;

use super::scenario::{Interruption, When, Whom};

/// A scenario that has had so many turns is taken to have no end.
pub(crate) const MOST_TURNS: usize = 100_000;

/// One turn of the undisturbed run.
pub(crate) struct Seen {
    task: TaskId,
    path: String,
    at: Time,
    /// It left the task waiting.
    pub(crate) suspended: bool,
}

/// The scenario's own task: the first after the root.
const SCENARIO: TaskId = TaskId(TaskId::ROOT.0 + 1);

impl Seen {
    /// The ways to interrupt at this turn.
    pub(crate) fn interruptions(&self, turn: usize) -> impl Iterator<Item = Interruption> {
        let after = self.suspended.then_some(When::After);
        // To cancel the scenario's own task is to cancel the scenario.
        let task = (self.task != SCENARIO).then_some(Whom::Task);
        let whom = move || task.into_iter().chain([Whom::Scenario]);
        let ways = [When::Before]
            .into_iter()
            .chain(after)
            .flat_map(move |when| whom().map(move |whom| (when, whom)));
        ways.map(move |(when, whom)| Interruption { turn, task: self.path.clone(), at: self.at, when, whom })
    }
}

/// Sees each turn of the scenario, and interrupts at one.
pub(crate) struct Probe {
    pub(crate) interruption: Interruption,
    /// The turns of the undisturbed run; empty: this is it.
    known: Rc<Vec<Seen>>,
    pub(crate) turns: RefCell<Vec<Seen>>,
    count: Cell<usize>,
    /// Whose turn is under way.
    current: Cell<Option<TaskId>>,
    /// Something else happened than in the undisturbed run, before the interruption.
    pub(crate) differs: Cell<bool>,
    pub(crate) handle: RunHandle,
    scenario: Rc<RefCell<Option<Task<()>>>>,
}

impl Probe {
    pub(crate) fn new(
        interruption: Interruption,
        known: Rc<Vec<Seen>>,
        handle: RunHandle,
        scenario: Rc<RefCell<Option<Task<()>>>>,
    ) -> Probe {
        Probe {
            interruption,
            known,
            turns: RefCell::default(),
            count: Cell::new(0),
            current: Cell::new(None),
            differs: Cell::new(false),
            handle,
            scenario,
        }
    }

    pub(crate) fn see(&self, moment: Moment) {
        if let Some(task) = self.current.take() {
            if let Some(turn) = self.turns.borrow_mut().last_mut() {
                turn.suspended = self.handle.is_live(task);
            }
            self.strike(When::After, task);
        }
        let Moment::Before(task) = moment else { return };
        if task == TaskId::ROOT || !self.handle.is_live(task) {
            return;
        }
        self.current.set(Some(task));
        self.count.set(self.count.get() + 1);
        if self.count.get() > MOST_TURNS {
            self.handle.stop();
        }
        if self.interruption.turn == 0 {
            let (path, at) = (self.handle.path(task), self.handle.now());
            self.turns.borrow_mut().push(Seen { task, path, at, suspended: false });
        } else if self.count.get() <= self.interruption.turn {
            let known = self.known.get(self.count.get() - 1);
            self.differs.set(self.differs.get() || known.is_none_or(|known| known.task != task));
        }
        self.strike(When::Before, task);
    }

    /// Cancels if this is the moment.
    fn strike(&self, when: When, task: TaskId) {
        let Interruption { turn, when: wanted, whom, .. } = self.interruption;
        if (self.count.get(), when) != (turn, wanted) {
            return;
        }
        match whom {
            Whom::Task => _ = self.handle.cancel_task(task),
            Whom::Scenario => self.cancel_scenario(),
        }
    }

    pub(crate) fn cancel_scenario(&self) {
        let scenario = self.scenario.borrow().clone();
        // One that has ended is none the worse for it.
        scenario.into_iter().for_each(|scenario| _ = scenario.cancel());
    }
}
