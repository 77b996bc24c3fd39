//! The deadline heap: who is woken when.
//!
//! At one instant deadlines come before timers, an outer deadline before an
//! inner one, and timers in the order in which they were set. Entries that
//! were taken back stay in the heap until they come up or outnumber the
//! others, so that a thousand moved deadlines leave a bounded heap.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::time::Time;

use super::wake::Wakeup;

/// What an entry is for; the order is the order at one instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Class {
    /// A stimulus from outside.
    Outside,
    /// A timeout, with how many blocks are around it.
    Deadline(u32),
    /// A sleep.
    Timer,
}

/// Which entry, to take it back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TimerKey {
    slot: u32,
    number: u64,
}

/// Fewer dead entries than this are not worth a sweep.
const SWEEP_MIN: usize = 64;

type HeapItem = Reverse<(Time, Class, u64, u32)>;

/// All timers of one executor.
#[derive(Default)]
pub(crate) struct Timers {
    heap: BinaryHeap<HeapItem>,
    slots: Vec<Option<(u64, Wakeup)>>,
    free: Vec<u32>,
    next: u64,
}

impl Timers {
    /// Wakes `wakeup` at `at`.
    pub(crate) fn insert(&mut self, at: Time, class: Class, wakeup: Wakeup) -> TimerKey {
        let number = self.next;
        self.next += 1;
        let slot = self.free.pop().unwrap_or(self.slots.len() as u32);
        match self.slots.get_mut(slot as usize) {
            Some(free) => *free = Some((number, wakeup)),
            None => self.slots.push(Some((number, wakeup))),
        }
        self.heap.push(Reverse((at, class, number, slot)));
        TimerKey { slot, number }
    }

    /// Takes an entry back. No effect once it has come up.
    pub(crate) fn remove(&mut self, key: TimerKey) {
        let Some(slot) = self.slots.get_mut(key.slot as usize) else { return };
        if slot.as_ref().is_none_or(|(number, _)| *number != key.number) {
            return;
        }
        *slot = None;
        self.free.push(key.slot);
        let live = self.slots.len() - self.free.len();
        if self.heap.len() > 2 * live + SWEEP_MIN {
            let slots = &self.slots;
            self.heap.retain(|item| is_live(slots, item));
        }
    }

    /// Whom an entry wakes, to change it.
    pub(crate) fn wakeup(&mut self, key: TimerKey) -> Option<&mut Wakeup> {
        let (number, wakeup) = self.slots.get_mut(key.slot as usize)?.as_mut()?;
        (*number == key.number).then_some(wakeup)
    }

    /// Whether nobody waits.
    pub(crate) fn is_empty(&self) -> bool {
        self.slots.len() == self.free.len()
    }

    /// The first instant at which somebody is to be woken.
    pub(crate) fn next(&mut self) -> Option<Time> {
        while let Some(item) = self.heap.peek() {
            if is_live(&self.slots, item) {
                return Some(item.0.0);
            }
            self.heap.pop();
        }
        None
    }

    /// Takes everybody who is due at `now`: deadlines first, then timers, each in order of time.
    pub(crate) fn take_due(&mut self, now: Time) -> Vec<Wakeup> {
        let mut due = Vec::new();
        while self.next().is_some_and(|at| at <= now) {
            let Some(Reverse((at, class, number, slot))) = self.heap.pop() else { break };
            let Some((_, wakeup)) = self.slots.get_mut(slot as usize).and_then(Option::take) else {
                continue;
            };
            self.free.push(slot);
            due.push(((matches!(class, Class::Timer), at, class, number), wakeup));
        }
        // The heap's order differs only where the clock ran past several instants.
        due.sort_by_key(|(order, _)| *order);
        due.into_iter().map(|(_, wakeup)| wakeup).collect()
    }

    /// How many entries wait, and how many the heap holds with those taken back.
    #[cfg(test)]
    pub(crate) fn sizes(&self) -> (usize, usize) {
        (self.slots.len() - self.free.len(), self.heap.len())
    }
}

fn is_live(slots: &[Option<(u64, Wakeup)>], item: &HeapItem) -> bool {
    let Reverse((_, _, number, slot)) = item;
    slots.get(*slot as usize).and_then(Option::as_ref).is_some_and(|(known, _)| known == number)
}

#[cfg(test)]
mod tests {
    use crate::ids::TaskId;
    use crate::runtime::executor::tasks::TaskRef;

    use super::*;

    fn task(number: u32) -> Wakeup {
        Wakeup::Task(TaskRef { slot: number, id: TaskId(number) })
    }

    fn numbers(due: Vec<Wakeup>) -> Vec<u32> {
        let number = |wakeup| match wakeup {
            Wakeup::Task(task) => task.slot,
            Wakeup::Waker(_) => u32::MAX,
        };
        due.into_iter().map(number).collect()
    }

    #[test]
    fn deadlines_come_before_timers_and_outer_before_inner() {
        let mut timers = Timers::default();
        let at = Time::from_us;
        timers.insert(at(10), Class::Timer, task(1));
        timers.insert(at(10), Class::Timer, task(2));
        timers.insert(at(10), Class::Deadline(4), task(3));
        timers.insert(at(10), Class::Deadline(1), task(4));
        timers.insert(at(5), Class::Timer, task(5));
        timers.insert(at(7), Class::Deadline(9), task(6));
        timers.insert(at(11), Class::Deadline(0), task(7));
        assert_eq!(timers.next(), Some(at(5)));
        // The clock ran past three instants at once.
        assert_eq!(numbers(timers.take_due(at(10))), [6, 4, 3, 5, 1, 2]);
        assert_eq!(timers.next(), Some(at(11)));
    }

    #[test]
    fn ten_thousand_moves_leave_a_bounded_heap() {
        let mut timers = Timers::default();
        let mut key = timers.insert(Time::from_us(1), Class::Deadline(0), task(0));
        for us in 0..10_000 {
            timers.remove(key);
            key = timers.insert(Time::from_us(us), Class::Deadline(0), task(0));
        }
        let (live, held) = timers.sizes();
        assert_eq!(live, 1);
        assert!(held <= 2 + SWEEP_MIN + 1, "{held} entries for one deadline");
    }
}
