//! The deadline heap: who is woken when.
//!
//! At one instant deadlines come before timers, an outer deadline before an
//! inner one, and timers in the order in which they were set.
//!
//! A radix heap (Ahuja, Mehlhorn, Orlin, Tarjan: *Faster Algorithms for the
//! Shortest Path Problem*, 1990): time only moves on, so an entry waits in the
//! bucket of the highest bit in which its instant differs from the last one
//! that came up. Each entry moves down at most 64 times, always next to others
//! of its bucket, so that a million timers cost little more apiece than a
//! thousand. Entries of one instant share a bucket at any time and keep their
//! order.
//!
//! A bucket knows its first instant until that is taken back. Then it puts an
//! index over its entries, once, so that whoever takes back one first after
//! the other (timeouts of requests that are answered in the order in which
//! they were sent) does not have it look through all of them each time.

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
    number: u32,
}

/// Fewer dead entries than this are not worth a sweep.
pub(super) const SWEEP_MIN: usize = 64;

/// One bucket for each bit, and one for what is due at the last instant or before.
const BUCKETS: usize = 65;

/// An entry in its bucket.
#[derive(Clone, Copy)]
struct Item {
    at_us: u64,
    key: TimerKey,
}

/// What is woken, while it waits.
struct Slot {
    /// Changes with each use, so that an old key does not fit.
    number: u32,
    class: Class,
    at_us: u64,
    /// None: free.
    wakeup: Option<Wakeup>,
}

/// The entries that differ from the last instant first in one bit.
#[derive(Default)]
struct Bucket {
    /// Those that were taken back included.
    items: Vec<Item>,
    /// The first instant of those that wait, and at least how many wait for it; 0: to be looked for.
    first_us: u64,
    at_first: usize,
    /// Instants with places in `items`, the earliest first: everybody who waits, once it was needed. Empty: not yet.
    index: BinaryHeap<Reverse<(u64, u32)>>,
}

impl Bucket {
    fn push(&mut self, item: Item) {
        if self.items.is_empty() || (self.at_first > 0 && item.at_us < self.first_us) {
            (self.first_us, self.at_first) = (item.at_us, 1);
        } else if self.at_first > 0 && item.at_us == self.first_us {
            self.at_first += 1;
        }
        if !self.index.is_empty() {
            self.index.push(Reverse((item.at_us, self.items.len() as u32)));
        }
        self.items.push(item);
    }

    /// Everybody leaves.
    fn take(&mut self) -> Vec<Item> {
        self.at_first = 0;
        self.index.clear();
        std::mem::take(&mut self.items)
    }

    /// Drops what was taken back.
    fn tidy(&mut self, slots: &[Slot]) {
        self.index.clear();
        self.items.retain(|item| is_live(slots, *item));
        self.at_first = 0;
    }

    /// Looks for the first who waits; without one nothing is left inside.
    fn look_for_first(&mut self, slots: &[Slot]) {
        if self.index.is_empty() {
            self.tidy(slots);
            let places = self.items.iter().zip(0..);
            self.index.extend(places.map(|(item, place)| Reverse((item.at_us, place))));
        }
        while let Some(Reverse((at_us, place))) = self.index.peek() {
            if is_live(slots, self.items[*place as usize]) {
                (self.first_us, self.at_first) = (*at_us, 1);
                return;
            }
            self.index.pop();
        }
        self.items.clear();
    }
}

/// Where somebody who is due stands among those who are due with it.
pub(crate) type Order = (bool, u64, Class);

/// All timers of one executor.
pub(crate) struct Timers {
    buckets: Vec<Bucket>,
    /// Bit `n` is set while bucket `n` may hold something; the last bucket is looked at apart.
    filled: u64,
    slots: Vec<Slot>,
    free: Vec<u32>,
    /// The instant that came up last. What is set for an earlier one is due.
    last_us: u64,
    /// Items in all buckets, those taken back included.
    held: usize,
}

impl Default for Timers {
    fn default() -> Timers {
        let buckets = std::iter::repeat_with(Bucket::default).take(BUCKETS).collect();
        Timers { buckets, filled: 0, slots: Vec::new(), free: Vec::new(), last_us: 0, held: 0 }
    }
}

impl Timers {
    /// Wakes `wakeup` at `at`.
    pub(crate) fn insert(&mut self, at: Time, class: Class, wakeup: Wakeup) -> TimerKey {
        let at_us = at.as_us();
        let key = match self.free.pop() {
            Some(slot) => {
                let free = &mut self.slots[slot as usize];
                free.number = free.number.wrapping_add(1);
                (free.class, free.at_us, free.wakeup) = (class, at_us, Some(wakeup));
                TimerKey { slot, number: free.number }
            }
            None => {
                self.slots.push(Slot { number: 0, class, at_us, wakeup: Some(wakeup) });
                TimerKey { slot: (self.slots.len() - 1) as u32, number: 0 }
            }
        };
        self.sort_in(Item { at_us, key });
        self.held += 1;
        key
    }

    /// Takes an entry back. No effect once it has come up.
    pub(crate) fn remove(&mut self, key: TimerKey) {
        let Some(slot) = self.slots.get_mut(key.slot as usize) else { return };
        if slot.number != key.number || slot.wakeup.take().is_none() {
            return;
        }
        let at_us = slot.at_us;
        self.free.push(key.slot);
        let bucket = self.bucket_of(at_us);
        let bucket = &mut self.buckets[bucket];
        if bucket.first_us == at_us {
            bucket.at_first = bucket.at_first.saturating_sub(1);
        }
        let live = self.waiting();
        if self.held > 2 * live + SWEEP_MIN {
            self.sweep();
        }
    }

    /// Whom an entry wakes, to change it.
    pub(crate) fn wakeup(&mut self, key: TimerKey) -> Option<&mut Wakeup> {
        let slot = self.slots.get_mut(key.slot as usize)?;
        slot.wakeup.as_mut().filter(|_| slot.number == key.number)
    }

    /// The first instant at which somebody is to be woken.
    pub(crate) fn next(&mut self) -> Option<Time> {
        while let Some(index) = self.first_bucket() {
            let bucket = &mut self.buckets[index];
            if bucket.at_first == 0 {
                let before = bucket.items.len();
                bucket.look_for_first(&self.slots);
                self.held -= before - bucket.items.len();
            }
            if bucket.at_first > 0 {
                return Some(Time::from_us(bucket.first_us));
            }
        }
        None
    }

    /// Takes everybody who is due at `now`: deadlines first, then timers, each in order of time.
    pub(crate) fn take_due(&mut self, now: Time, due: &mut Vec<(Order, Wakeup)>) {
        let mut ordered = true;
        while let Some(at) = self.next().filter(|at| *at <= now) {
            self.advance_to(at.as_us());
            let mut items = self.buckets[0].take();
            self.held -= items.len();
            for item in items.drain(..) {
                let slot = &mut self.slots[item.key.slot as usize];
                let Some(wakeup) = slot.wakeup.take_if(|_| slot.number == item.key.number) else { continue };
                let order = (matches!(slot.class, Class::Timer), item.at_us, slot.class);
                ordered &= due.last().is_none_or(|(before, _)| *before <= order);
                due.push((order, wakeup));
                self.free.push(item.key.slot);
            }
            // Its room is used again.
            self.buckets[0].items = items;
        }
        if !ordered {
            // Stable: those of one class and instant stay in the order in which they were set.
            due.sort_by_key(|(order, _)| *order);
        }
    }

    /// How many wait.
    pub(crate) fn waiting(&self) -> usize {
        self.slots.len() - self.free.len()
    }

    /// How many entries wait, and how many the heap holds with those taken back.
    #[cfg(test)]
    pub(crate) fn sizes(&self) -> (usize, usize) {
        (self.waiting(), self.held)
    }

    fn bucket_of(&self, at_us: u64) -> usize {
        match at_us ^ self.last_us {
            _ if at_us <= self.last_us => 0,
            differs => 64 - differs.leading_zeros() as usize,
        }
    }

    fn sort_in(&mut self, item: Item) {
        let index = self.bucket_of(item.at_us);
        self.buckets[index].push(item);
        if index < 64 {
            self.filled |= 1 << index;
        }
    }

    /// The first bucket that holds something.
    fn first_bucket(&mut self) -> Option<usize> {
        while self.filled != 0 {
            let index = self.filled.trailing_zeros() as usize;
            if !self.buckets[index].items.is_empty() {
                return Some(index);
            }
            self.filled &= self.filled - 1;
        }
        (!self.buckets[64].items.is_empty()).then_some(64)
    }

    /// Moves what comes up at `at_us` into bucket 0, and what is near it further down.
    fn advance_to(&mut self, at_us: u64) {
        if let Some(index) = self.first_bucket().filter(|index| *index > 0) {
            self.last_us = at_us;
            let mut items = self.buckets[index].take();
            // Those that were taken back must not count as somebody's first. Mostly there are none to look for.
            if self.held > self.slots.len() - self.free.len() {
                let before = items.len();
                items.retain(|item| is_live(&self.slots, *item));
                self.held -= before - items.len();
            }
            items.drain(..).for_each(|item| self.sort_in(item));
            // An item never moves to the same bucket again: this one is empty, and keeps its room.
            self.buckets[index].items = items;
        }
    }

    fn sweep(&mut self) {
        self.buckets.iter_mut().for_each(|bucket| bucket.tidy(&self.slots));
        self.held = self.waiting();
    }
}

fn is_live(slots: &[Slot], item: Item) -> bool {
    #[cfg(test)]
    looks::count();
    slots
        .get(item.key.slot as usize)
        .is_some_and(|slot| slot.number == item.key.number && slot.wakeup.is_some())
}

/// How often an entry was looked at, on this thread: what the heap costs.
#[cfg(test)]
pub(super) mod looks {
    use std::cell::Cell;

    thread_local! {
        static LOOKS: Cell<u64> = const { Cell::new(0) };
    }

    pub(crate) fn count() {
        LOOKS.set(LOOKS.get() + 1);
    }

    pub(crate) fn take() -> u64 {
        LOOKS.take()
    }
}
