//! A queue of waiters, first in, first out, with direct hand-off.
//!
//! Nothing here is atomic: one thread. A waiter that leaves early is taken out
//! in constant time on average; what it was already given is passed on by its owner.

use std::collections::VecDeque;
use std::rc::{Rc, Weak};

use crate::runtime::executor::core::Core;
use crate::runtime::executor::wake::Wakeup;

/// Names one waiter of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct WaiterKey(u64);

struct Waiter<W> {
    /// None once it has left.
    state: Option<(W, Wakeup)>,
}

/// Waiters in order of arrival, each with what it asks for.
pub(crate) struct WaitList<W> {
    waiters: VecDeque<Waiter<W>>,
    /// The key of the first in the queue.
    first: u64,
    live: usize,
    /// The run of those who wait.
    home: Weak<Core>,
}

impl<W> Default for WaitList<W> {
    fn default() -> Self {
        WaitList { waiters: VecDeque::new(), first: 0, live: 0, home: Weak::new() }
    }
}

impl<W> WaitList<W> {
    /// Adds a waiter at the end.
    pub(crate) fn push(&mut self, core: &Rc<Core>, asks: W, wakeup: Wakeup) -> WaiterKey {
        self.home = Rc::downgrade(core);
        let key = WaiterKey(self.first + self.waiters.len() as u64);
        self.waiters.push_back(Waiter { state: Some((asks, wakeup)) });
        self.live += 1;
        key
    }

    /// Takes the first waiter out, to serve it.
    pub(crate) fn pop(&mut self) -> Option<(W, Wakeup)> {
        self.skip_departed();
        let waiter = self.waiters.pop_front()?;
        self.first += 1;
        self.live -= 1;
        waiter.state
    }

    /// The waiter leaves without being served. None if it was served before.
    pub(crate) fn remove(&mut self, key: WaiterKey) -> Option<W> {
        let index = key.0.checked_sub(self.first)?;
        let (asks, _) = self.waiters.get_mut(index as usize)?.state.take()?;
        self.live -= 1;
        self.skip_departed();
        Some(asks)
    }

    /// Changes whom the waiter wakes. False if it was served.
    pub(crate) fn update(&mut self, key: WaiterKey, core: &Core, cx: &std::task::Context<'_>) -> bool {
        let index = key.0.checked_sub(self.first);
        let waiter = index.and_then(|index| self.waiters.get_mut(index as usize));
        match waiter.and_then(|waiter| waiter.state.as_mut()) {
            Some((_, wakeup)) => {
                wakeup.update(core, cx);
                true
            }
            None => false,
        }
    }

    /// The run of those who wait, whoever serves them and from where.
    pub(crate) fn home(&self) -> Option<Rc<Core>> {
        self.home.upgrade()
    }

    /// How many wait.
    pub(crate) fn len(&self) -> usize {
        self.live
    }

    fn skip_departed(&mut self) {
        while self.waiters.front().is_some_and(|waiter| waiter.state.is_none()) {
            self.waiters.pop_front();
            self.first += 1;
        }
    }
}
