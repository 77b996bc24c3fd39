//! The declared things of a scenario as objects of the runtime.

use crate::lang::plan::{Expr, Held};
use crate::runtime::{Barrier, Event, Limiter, Queue};

use super::eval::eval;
use super::fault::{Fault, kind};
use super::ops::{Problem, type_error};
use super::value::Value;
use super::world::World;

/// Size of the worker pool where a scenario does not say.
const WORKERS: u64 = 4;

/// The declared things, by kind and index.
pub(crate) struct Shared {
    limiters: Vec<Limiter>,
    locks: Vec<Limiter>,
    pub(crate) events: Vec<Event>,
    pub(crate) barriers: Vec<Barrier>,
    pub(crate) queues: Vec<Queue<Value>>,
    pub(crate) workers: Limiter,
}

impl Shared {
    /// Makes everything that the plan declares, in the order of the text within a kind.
    pub(crate) fn declare(world: &World) -> Result<Shared, Problem> {
        let declared = &world.plan.declarations;
        let mut limiters = Vec::new();
        for limiter in &declared.limiters {
            let permits = limiter.permits.as_ref().map(|permits| count(world, permits)).transpose()?;
            let limiter = Limiter::named(limiter.name.clone(), permits.unwrap_or(u64::MAX));
            limiter.announce();
            limiters.push(limiter);
        }
        let locks: Vec<Limiter> =
            declared.locks.iter().map(|lock| Limiter::lock(lock.name.clone())).collect();
        locks.iter().for_each(Limiter::announce);
        let events: Vec<Event> = declared.events.iter().map(|event| Event::new(event.name.clone())).collect();
        events.iter().for_each(Event::announce);
        let mut barriers = Vec::new();
        for barrier in &declared.barriers {
            let barrier = Barrier::new(barrier.name.clone(), count(world, &barrier.parties)?);
            barrier.announce();
            barriers.push(barrier);
        }
        let mut queues = Vec::new();
        for queue in &declared.queues {
            let name = queue.name.clone();
            let queue = match &queue.capacity {
                Some(capacity) => Queue::bounded(name, count(world, capacity)?),
                None => Queue::unbounded(name),
            };
            queue.announce();
            queues.push(queue);
        }
        let workers = world.plan.workers.as_ref().map(|workers| count(world, workers)).transpose()?;
        let workers = Limiter::workers(workers.unwrap_or(WORKERS));
        Ok(Shared { limiters, locks, events, barriers, queues, workers })
    }

    /// What admits to a limiter or lock.
    pub(crate) fn limiter(&self, held: Held) -> Option<&Limiter> {
        match held {
            Held::Limiter(index) => self.limiters.get(index.index()),
            Held::Lock(index) => self.locks.get(index.index()),
            Held::Resource(_) | Held::Pool(_) => None,
        }
    }
}

/// A number of things: an integer that is not negative.
fn count(world: &World, expr: &Expr) -> Result<u64, Problem> {
    match eval(world, expr, &world.top)? {
        Value::Int(count) => u64::try_from(count)
            .map_err(|_| Fault::new(kind::VALUE_ERROR, format!("{count} is less than nothing")).into()),
        other => Err(type_error(format!("a number of things is an integer, not {}", other.kind()))),
    }
}
