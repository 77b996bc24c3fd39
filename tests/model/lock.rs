//! A lock with a condition against a list of who wants it and a list of who waits to be notified.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use proptest::prelude::{Just, Strategy, any};
use proptest::prop_oneof;
use taskscope::runtime::{Condition, Lock, LockStatistics, Queue, Result, Scope, Task, scope};

use super::trial::{Ready, choose, same, trial, turn};

#[derive(Clone, Debug)]
enum Operation {
    Lock,
    Try,
    /// Of the one who has it.
    Release,
    Wait,
    Notify(usize),
    NotifyAll,
    Cancel(usize),
    Turn,
}

fn operation() -> impl Strategy<Value = Operation> {
    prop_oneof![
        4 => Just(Operation::Lock),
        1 => Just(Operation::Try),
        3 => Just(Operation::Release),
        4 => Just(Operation::Wait),
        2 => (0..3_usize).prop_map(Operation::Notify),
        1 => Just(Operation::NotifyAll),
        2 => any::<usize>().prop_map(Operation::Cancel),
        6 => Just(Operation::Turn),
    ]
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Stage {
    New,
    /// In the line of the lock; `alone` where a notification brought it there that was for it alone.
    Wants {
        alone: bool,
    },
    /// Handed the lock, and its turn has not come.
    Granted {
        alone: bool,
    },
    Holds,
    /// Holds it and was told to give it back for good, or to wait.
    Told {
        waits: bool,
    },
    /// In the line of the condition.
    Waits,
}

#[derive(Default)]
struct Model {
    stages: BTreeMap<usize, Stage>,
    locked: bool,
    wanting: Vec<usize>,
    waiting: Vec<usize>,
    ready: Ready,
    log: Vec<usize>,
}

impl Model {
    fn holder(&self) -> Option<usize> {
        let holds = |(_, stage): &(&usize, &Stage)| **stage == Stage::Holds;
        self.stages.iter().find(holds).map(|(id, _)| *id)
    }

    fn serve(&mut self) {
        if self.locked || self.wanting.is_empty() {
            return;
        }
        let id = self.wanting.remove(0);
        let Some(Stage::Wants { alone }) = self.stages.get(&id).copied() else { return };
        self.locked = true;
        self.stages.insert(id, Stage::Granted { alone });
        self.ready.wake(id);
    }

    fn unlock(&mut self) {
        self.locked = false;
        self.serve();
    }

    fn notify(&mut self, most: usize, alone: bool) {
        for _ in 0..most.min(self.waiting.len()) {
            let id = self.waiting.remove(0);
            self.stages.insert(id, Stage::Wants { alone });
            self.wanting.push(id);
            self.serve();
            self.ready.wake(id);
        }
    }

    fn hold(&mut self, id: usize) {
        self.stages.insert(id, Stage::Holds);
        self.log.push(id);
    }

    /// Everybody who is ready now has a turn.
    fn turn(&mut self) {
        for _ in 0..self.ready.len() {
            if let Some(id) = self.ready.next() {
                self.turn_of(id);
            }
        }
    }

    fn turn_of(&mut self, id: usize) {
        match self.stages.get(&id).copied() {
            Some(Stage::New) if !self.locked && self.wanting.is_empty() => {
                self.locked = true;
                self.hold(id);
            }
            Some(Stage::New) => {
                self.stages.insert(id, Stage::Wants { alone: false });
                self.wanting.push(id);
            }
            Some(Stage::Granted { .. }) => self.hold(id),
            Some(Stage::Told { waits: true }) => {
                self.stages.insert(id, Stage::Waits);
                self.waiting.push(id);
                self.unlock();
            }
            Some(Stage::Told { waits: false }) => {
                self.stages.remove(&id);
                self.unlock();
            }
            Some(Stage::Wants { .. } | Stage::Holds | Stage::Waits) | None => {}
        }
    }

    fn cancel(&mut self, id: usize) {
        let Some(stage) = self.stages.remove(&id) else { return };
        self.ready.forget(id);
        self.wanting.retain(|other| *other != id);
        self.waiting.retain(|other| *other != id);
        if matches!(stage, Stage::Granted { .. } | Stage::Holds | Stage::Told { .. }) {
            self.unlock();
        }
        if let Stage::Wants { alone: true } | Stage::Granted { alone: true } = stage {
            self.notify(1, true);
        }
    }

    fn statistics(&self) -> LockStatistics {
        LockStatistics { locked: self.locked, waiting: self.wanting.len() }
    }
}

struct Thing {
    lock: Rc<Lock<Vec<usize>>>,
    condition: Condition,
    scope: Scope<'static>,
    tasks: BTreeMap<usize, (Task<()>, Queue<bool>)>,
    log: Rc<RefCell<Vec<usize>>>,
}

impl Thing {
    fn new(scope: Scope<'static>) -> Thing {
        Thing {
            lock: Rc::new(Lock::new(Vec::new())),
            condition: Condition::new("condition"),
            scope,
            tasks: BTreeMap::new(),
            log: Rc::default(),
        }
    }

    /// A task that locks, and then waits or gives back as it is told.
    fn spawn(&mut self, id: usize) {
        let (lock, condition, log) = (self.lock.clone(), self.condition.clone(), self.log.clone());
        let orders = Queue::unbounded("orders");
        let told = orders.clone();
        let task = self.scope.spawn_owned(async move {
            let mut guard = lock.lock().await;
            loop {
                guard.push(id);
                log.borrow_mut().push(id);
                match told.take().await {
                    Some(true) => guard = condition.wait(guard).await,
                    _ => return Ok(()),
                }
            }
        });
        self.tasks.insert(id, (task, orders));
    }

    fn tell(&self, id: usize, waits: bool) {
        if let Some((_, orders)) = self.tasks.get(&id) {
            let _ = orders.try_put(waits);
        }
    }
}

async fn step(id: usize, operation: Operation, thing: &mut Thing, model: &mut Model) -> Result<()> {
    match operation {
        Operation::Lock => {
            thing.spawn(id);
            model.stages.insert(id, Stage::New);
            model.ready.wake(id);
        }
        Operation::Try => {
            let free = !model.locked && model.wanting.is_empty();
            same("try", thing.lock.try_lock().is_some(), free)?;
        }
        Operation::Release | Operation::Wait => {
            let waits = matches!(operation, Operation::Wait);
            if let Some(id) = model.holder() {
                thing.tell(id, waits);
                model.stages.insert(id, Stage::Told { waits });
                model.ready.wake(id);
            }
        }
        Operation::Notify(most) => {
            thing.condition.notify(most);
            model.notify(most, true);
        }
        Operation::NotifyAll => {
            thing.condition.notify_all();
            model.notify(usize::MAX, false);
        }
        Operation::Cancel(by) => {
            let all: Vec<usize> = model.stages.keys().copied().collect();
            if let Some(id) = choose(&all, by) {
                same("cancel", thing.tasks[&id].0.cancel(), true)?;
                model.cancel(id);
            }
        }
        Operation::Turn => {
            turn().await;
            model.turn();
        }
    }
    same("order", &*thing.log.borrow(), &model.log)?;
    same("waiting", thing.condition.statistics().waiting, model.waiting.len())?;
    same("lock", thing.lock.statistics(), model.statistics())
}

#[test]
fn a_lock_and_its_condition_do_what_their_model_does() {
    trial(Just(()), operation(), |(), operations| async move {
        scope(async move |s: Scope<'static>| {
            let (mut thing, mut model) = (Thing::new(s), Model::default());
            for (id, operation) in operations.into_iter().enumerate() {
                step(id, operation, &mut thing, &mut model).await?;
            }
            for (task, _) in thing.tasks.values() {
                task.cancel();
            }
            same("at the end", thing.lock.statistics(), LockStatistics { locked: false, waiting: 0 })?;
            same("value", &*thing.lock.lock().await, &model.log)
        })
        .await?;
        Ok(())
    });
}
