//! How much of a resource was in use, and how many waited, from instant to instant.

use std::ops::Range;

use crate::event::{Event, Wait};
use crate::ids::{ResourceId, TaskId};
use crate::time::Time;
use crate::trace::Stamped;

use super::facts::Facts;

/// The use of one resource as steps, field by field, sorted by time; one step an instant.
#[derive(Clone, Debug, PartialEq)]
pub struct Occupancy {
    /// Of what.
    pub resource: ResourceId,
    /// How much it admits.
    pub capacity: Option<u64>,
    /// When each step begins, in microseconds; it lasts until the next.
    pub at: Vec<u64>,
    /// How much is in use from then on.
    pub used: Vec<u64>,
    /// How many wait from then on.
    pub waiting: Vec<u32>,
    /// The most that was ever in use.
    pub peak: u64,
    /// The most that ever waited.
    pub peak_waiting: u32,
}

impl Occupancy {
    /// What was in use and how many waited at `time`.
    pub fn at(&self, time: Time) -> (u64, u32) {
        match self.at.partition_point(|at| *at <= time.as_us()) {
            0 => (0, 0),
            after => (self.used[after - 1], self.waiting[after - 1]),
        }
    }

    /// The steps that hold somewhere from `from` up to `to`.
    pub fn window(&self, from: f64, to: f64) -> Range<usize> {
        let first = self.at.partition_point(|at| *at as f64 <= from).saturating_sub(1);
        let last = self.at.partition_point(|at| (*at as f64) < to);
        first..last.max(first)
    }

    /// How full `used` is, from 0 to 1: of the capacity, or of the peak where there is no capacity.
    pub fn fill(&self, used: u64) -> f64 {
        let full = self.capacity.unwrap_or(self.peak).max(1);
        (used as f64 / full as f64).min(1.0)
    }

    fn step(&mut self, at: Time, used: u64, waiting: u32) {
        self.peak = self.peak.max(used);
        self.peak_waiting = self.peak_waiting.max(waiting);
        if self.at.last() == Some(&at.as_us()) {
            self.at.pop();
            self.used.pop();
            self.waiting.pop();
        }
        if (self.used.last(), self.waiting.last()) != (Some(&used), Some(&waiting)) {
            self.at.push(at.as_us());
            self.used.push(used);
            self.waiting.push(waiting);
        }
    }
}

/// The use of each resource that anybody touched, in order of declaration.
pub fn occupancy(facts: &Facts, events: &[Stamped]) -> Vec<Occupancy> {
    let mut all: Vec<Option<Occupancy>> = vec![None; facts.resources.len()];
    let mut waits: Vec<Option<usize>> = vec![None; facts.tasks.len()];
    let place = |id: ResourceId| facts.resources.binary_search_by_key(&id, |resource| resource.id).ok();
    let slot = |task: TaskId| facts.tasks.binary_search_by_key(&task, |task| task.id).ok();
    let mut change = |at: Time, which: usize, used: i128, waiting: i64| {
        let resource = &facts.resources[which];
        let blank = Occupancy {
            resource: resource.id,
            capacity: resource.capacity,
            at: vec![0],
            used: vec![0],
            waiting: vec![0],
            peak: 0,
            peak_waiting: 0,
        };
        let entry = all[which].get_or_insert(blank);
        let last = |list: &[u64]| i128::from(list.last().copied().unwrap_or(0));
        let now_used = (last(&entry.used) + used).clamp(0, i128::from(u64::MAX)) as u64;
        let before = i64::from(entry.waiting.last().copied().unwrap_or(0));
        entry.step(at, now_used, (before + waiting).clamp(0, i64::from(u32::MAX)) as u32);
    };
    for Stamped { at, event } in events {
        match event {
            Event::Acquire { resource, amount, .. } => {
                place(*resource).into_iter().for_each(|which| change(*at, which, i128::from(*amount), 0))
            }
            Event::Release { resource, amount, .. } => {
                place(*resource).into_iter().for_each(|which| change(*at, which, -i128::from(*amount), 0))
            }
            Event::WaitStart { task, on: Wait::Resource { resource, .. }, .. } => {
                if let (Some(which), Some(slot)) = (place(*resource), slot(*task))
                    && waits[slot].replace(which).is_none()
                {
                    change(*at, which, 0, 1);
                }
            }
            Event::WaitEnd { task } => {
                let which = slot(*task).and_then(|slot| waits[slot].take());
                which.into_iter().for_each(|which| change(*at, which, 0, -1));
            }
            _ => {}
        }
    }
    all.into_iter().flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::ResourceKind;
    use crate::trace::script::Script;

    #[test]
    fn permits_and_waiters_are_counted() {
        let main = TaskId::ROOT;
        let mut run = Script::new("");
        let api = run.resource(ResourceKind::Limiter, "api", 2);
        run.resource(ResourceKind::Lock, "untouched", 1);
        let others: Vec<TaskId> = (0..3).map(|n| run.spawn(main, None, &format!("t{n}"))).collect();
        run.acquire(others[0], api).at_ms(10).acquire(others[1], api);
        run.at_ms(20).wait(others[2], Wait::Resource { resource: api, ahead: 0 });
        run.at_ms(30).release(others[0], api).wake(others[2]).acquire(others[2], api);
        let trace = run.end();
        let all = occupancy(&Facts::new(&trace), &trace.events);
        assert_eq!(all.len(), 1, "what nobody touched is left out");
        let steps: Vec<(u64, u64, u32)> =
            (0..all[0].at.len()).map(|n| (all[0].at[n], all[0].used[n], all[0].waiting[n])).collect();
        assert_eq!(
            steps,
            [(0, 1, 0), (10_000, 2, 0), (20_000, 2, 1), (30_000, 2, 0)],
            "what changes within an instant is one step"
        );
        assert_eq!((all[0].peak, all[0].peak_waiting), (2, 1));
        assert_eq!(all[0].at(Time::from_us(25_000)), (2, 1));
        assert_eq!(all[0].window(15_000.0, 25_000.0), 1..3);
    }
}
