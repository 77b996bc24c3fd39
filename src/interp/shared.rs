//! The declared things of a scenario as objects of the runtime.

use std::cell::Cell;
use std::rc::Rc;

use crate::lang::plan::{Expr, Held, LimiterIndex, LockIndex, Rate};
use crate::runtime::{Barrier, Event, Limiter, Lock, Permit, Pool, Queue, RateLimiter, Scope};

use super::eval::eval;
use super::fault::{Fault, kind};
use super::ops::{Problem, type_error};
use super::pool::{self, Connector};
use super::step::as_length;
use super::value::Value;
use super::world::World;

/// Size of the worker pool where a scenario does not say.
const WORKERS: u64 = 4;

/// The declared things, by kind and index.
pub(crate) struct Shared {
    limiters: Vec<Gate>,
    locks: Vec<Lock<()>>,
    pub(crate) events: Vec<Event>,
    pub(crate) barriers: Vec<Barrier>,
    pub(crate) queues: Vec<Queue<Value>>,
    pub(crate) pools: Vec<Pool<Connector>>,
    pub(crate) workers: Limiter,
}

impl Shared {
    /// Makes everything that the plan declares, in the order of the text within a kind.
    pub(crate) fn declare(world: &Rc<World>, scope: &Scope<'static>) -> Result<Shared, Problem> {
        let declared = &world.plan.declarations;
        let mut limiters = Vec::new();
        for declared in &declared.limiters {
            let limiter = match &declared.permits {
                Some(permits) => Some(Limiter::named(declared.name.clone(), count(world, permits)?)),
                None => None,
            };
            limiter.iter().for_each(Limiter::announce);
            let rate = match &declared.rate {
                Some(Rate { starts, per }) => {
                    let per = as_length(&eval(world, per, &world.top)?)?;
                    Some(RateLimiter::sliding_window(declared.name.clone(), count(world, starts)?, per))
                }
                None => None,
            };
            rate.iter().for_each(RateLimiter::announce);
            limiters.push(Gate { limiter, rate, inside: Rc::default() });
        }
        let locks: Vec<Lock<()>> =
            declared.locks.iter().map(|lock| Lock::named(lock.name.clone(), ())).collect();
        locks.iter().for_each(Lock::announce);
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
        let pools = declared.pools.iter().map(|pool| world.pool(pool, scope)).collect::<Result<_, _>>()?;
        Ok(Shared { limiters, locks, events, barriers, queues, pools, workers })
    }

    /// A declared limiter.
    pub(crate) fn gate(&self, index: LimiterIndex) -> Option<&Gate> {
        self.limiters.get(index.index())
    }

    /// A declared lock.
    pub(crate) fn lock(&self, index: LockIndex) -> Option<&Lock<()>> {
        self.locks.get(index.index())
    }

    /// The most that held it at one instant.
    pub(crate) fn peak(&self, held: Held) -> u64 {
        match held {
            Held::Limiter(index) => self.gate(index).map_or(0, |gate| gate.inside.peak.get()),
            Held::Lock(index) => self.lock(index).map_or(0, Lock::peak),
            Held::Pool(_) => pool::peak(&self.pools, held),
            Held::Resource(_) => 0,
        }
    }
}

/// A declared limiter: how many at once, and how often.
pub(crate) struct Gate {
    limiter: Option<Limiter>,
    rate: Option<RateLimiter>,
    inside: Rc<Inside>,
}

/// How many are inside a gate, and the most there were.
#[derive(Default)]
struct Inside {
    now: Cell<u64>,
    peak: Cell<u64>,
}

impl Gate {
    /// Waits for a permit, then for the pace: what counts as a start does start.
    pub(crate) async fn enter(&self) -> Entered {
        let permit = match &self.limiter {
            Some(limiter) => Some(limiter.acquire().await),
            None => None,
        };
        if let Some(rate) = &self.rate {
            rate.admit().await;
        }
        let now = self.inside.now.get() + 1;
        self.inside.now.set(now);
        self.inside.peak.set(self.inside.peak.get().max(now));
        Entered { inside: self.inside.clone(), _permit: permit }
    }
}

/// Holds a place inside a gate.
pub(crate) struct Entered {
    inside: Rc<Inside>,
    _permit: Option<Permit>,
}

impl Drop for Entered {
    fn drop(&mut self) {
        self.inside.now.set(self.inside.now.get().saturating_sub(1));
    }
}

/// A number of things: an integer that is not negative.
pub(crate) fn count(world: &World, expr: &Expr) -> Result<u64, Problem> {
    match eval(world, expr, &world.top)? {
        Value::Int(count) => u64::try_from(count)
            .map_err(|_| Fault::new(kind::VALUE_ERROR, format!("{count} is less than nothing")).into()),
        other => Err(type_error(format!("a number of things is an integer, not {}", other.kind()))),
    }
}
