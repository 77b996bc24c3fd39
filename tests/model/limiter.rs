//! A limiter against a list of waiters and a sum.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use proptest::prelude::{Strategy, any};
use proptest::prop_oneof;
use taskscope::runtime::{Limiter, LimiterStatistics, Permit, Result, Scope, Task, scope};

use super::trial::{Ready, choose, same, trial, turn};

#[derive(Clone, Debug)]
enum Operation {
    Acquire(u64),
    Try(u64),
    Cancel(usize),
    Release(usize),
    Resize(u64),
    Turn,
}

fn operation() -> impl Strategy<Value = Operation> {
    prop_oneof![
        6 => (0..5_u64).prop_map(Operation::Acquire),
        1 => (0..5_u64).prop_map(Operation::Try),
        3 => any::<usize>().prop_map(Operation::Cancel),
        4 => any::<usize>().prop_map(Operation::Release),
        1 => (0..6_u64).prop_map(Operation::Resize),
        5 => proptest::strategy::Just(Operation::Turn),
    ]
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Stage {
    New,
    Waits,
    Granted,
    Refused,
}

/// What must happen.
#[derive(Default)]
struct Model {
    capacity: u64,
    held: u64,
    peak: u64,
    /// Requests under way, in order of arrival, with what they ask for.
    requests: Vec<(usize, u64, Stage)>,
    /// Their order in the line.
    line: Vec<usize>,
    holders: BTreeMap<usize, u64>,
    ready: Ready,
    log: Vec<(usize, bool)>,
}

impl Model {
    fn stage(&mut self, id: usize) -> Option<&mut (usize, u64, Stage)> {
        self.requests.iter_mut().find(|(request, ..)| *request == id)
    }

    fn fits(&self, amount: u64) -> bool {
        self.held + amount <= self.capacity
    }

    fn is_above(&self, amount: u64) -> bool {
        amount > self.capacity.max(1)
    }

    fn give(&mut self, amount: u64) {
        self.held += amount;
        self.peak = self.peak.max(self.held);
    }

    fn serve(&mut self) {
        while let Some(id) = self.line.first().copied() {
            let Some((_, amount, _)) = self.stage(id).copied() else { return };
            if !self.fits(amount) {
                return;
            }
            self.line.remove(0);
            self.give(amount);
            self.stage(id).unwrap().2 = Stage::Granted;
            self.ready.wake(id);
        }
    }

    fn spawn(&mut self, id: usize, amount: u64) {
        self.requests.push((id, amount, Stage::New));
        self.ready.wake(id);
    }

    fn try_acquire(&mut self, id: usize, amount: u64) -> Option<bool> {
        if self.is_above(amount) {
            return None;
        }
        let free = self.line.is_empty() && self.fits(amount);
        if free {
            self.give(amount);
            self.holders.insert(id, amount);
        }
        Some(free)
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
        let Some((_, amount, stage)) = self.stage(id).copied() else { return };
        let over = match stage {
            Stage::New => match self.try_acquire(id, amount) {
                Some(true) => Some(true),
                Some(false) => {
                    self.stage(id).unwrap().2 = Stage::Waits;
                    self.line.push(id);
                    None
                }
                None => Some(false),
            },
            Stage::Granted => {
                self.holders.insert(id, amount);
                Some(true)
            }
            Stage::Refused => Some(false),
            Stage::Waits => None,
        };
        if let Some(held) = over {
            self.requests.retain(|(request, ..)| *request != id);
            self.log.push((id, held));
        }
    }

    fn cancel(&mut self, id: usize) {
        let Some((_, amount, stage)) = self.stage(id).copied() else { return };
        self.requests.retain(|(request, ..)| *request != id);
        self.ready.forget(id);
        self.line.retain(|waiting| *waiting != id);
        if stage == Stage::Granted {
            self.held -= amount;
        }
        self.serve();
    }

    fn release(&mut self, id: usize) {
        self.held -= self.holders.remove(&id).unwrap_or(0);
        self.serve();
    }

    fn resize(&mut self, capacity: u64) {
        self.capacity = capacity;
        for id in self.line.clone() {
            let Some((_, amount, _)) = self.stage(id).copied() else { continue };
            if self.is_above(amount) {
                self.line.retain(|waiting| *waiting != id);
                self.stage(id).unwrap().2 = Stage::Refused;
                self.ready.wake(id);
            }
        }
        self.serve();
    }

    fn statistics(&self) -> LimiterStatistics {
        LimiterStatistics {
            capacity: self.capacity,
            held: self.held,
            available: self.capacity.saturating_sub(self.held),
            waiting: self.line.len(),
            peak: self.peak,
        }
    }
}

/// The limiter itself, with one task for each request.
struct Thing {
    limiter: Limiter,
    scope: Scope<'static>,
    tasks: BTreeMap<usize, Task<()>>,
    held: Rc<RefCell<BTreeMap<usize, Permit>>>,
    log: Rc<RefCell<Vec<(usize, bool)>>>,
}

impl Thing {
    fn spawn(&mut self, id: usize, amount: u64) {
        let (limiter, held, log) = (self.limiter.clone(), self.held.clone(), self.log.clone());
        let task = self.scope.spawn_owned(async move {
            let permit = match amount {
                1 => Ok(limiter.acquire().await),
                amount => limiter.acquire_many(amount).await,
            };
            log.borrow_mut().push((id, permit.is_ok()));
            held.borrow_mut().extend(permit.ok().map(|permit| (id, permit)));
            Ok(())
        });
        self.tasks.insert(id, task);
    }

    fn try_acquire(&mut self, id: usize, amount: u64) -> Option<bool> {
        let permit = self.limiter.try_acquire_many(amount).ok()?;
        let held = permit.is_some();
        self.held.borrow_mut().extend(permit.map(|permit| (id, permit)));
        Some(held)
    }

    fn release(&mut self, id: usize) {
        let permit = self.held.borrow_mut().remove(&id);
        drop(permit);
    }
}

async fn step(id: usize, operation: Operation, thing: &mut Thing, model: &mut Model) -> Result<()> {
    match operation {
        Operation::Acquire(amount) => {
            thing.spawn(id, amount);
            model.spawn(id, amount);
        }
        Operation::Try(amount) => {
            same("try", thing.try_acquire(id, amount), model.try_acquire(id, amount))?;
        }
        Operation::Cancel(by) => {
            let waiting: Vec<usize> = model.requests.iter().map(|(id, ..)| *id).collect();
            if let Some(id) = choose(&waiting, by) {
                same("cancel", thing.tasks[&id].cancel(), true)?;
                model.cancel(id);
            }
        }
        Operation::Release(by) => {
            let holders: Vec<usize> = model.holders.keys().copied().collect();
            if let Some(id) = choose(&holders, by) {
                thing.release(id);
                model.release(id);
            }
        }
        Operation::Resize(capacity) => {
            thing.limiter.resize(capacity);
            model.resize(capacity);
        }
        Operation::Turn => {
            turn().await;
            model.turn();
        }
    }
    same("order", &*thing.log.borrow(), &model.log)?;
    same("statistics", thing.limiter.statistics(), model.statistics())
}

#[test]
fn a_limiter_does_what_its_model_does() {
    trial(0..5_u64, operation(), |capacity, operations| async move {
        let mut model = Model { capacity, ..Model::default() };
        let limiter = Limiter::new(capacity);
        let known = limiter.clone();
        scope(async move |s: Scope<'static>| {
            let (held, log) = (Rc::default(), Rc::default());
            let mut thing = Thing { limiter, scope: s, tasks: BTreeMap::new(), held, log };
            for (id, operation) in operations.into_iter().enumerate() {
                step(id, operation, &mut thing, &mut model).await?;
            }
            for task in thing.tasks.values() {
                task.cancel();
            }
            thing.held.take();
            Ok(())
        })
        .await?;
        let LimiterStatistics { held, waiting, .. } = known.statistics();
        same("at the end", (held, waiting), (0, 0))
    });
}
