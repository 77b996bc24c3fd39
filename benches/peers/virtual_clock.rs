//! Virtual time for the peers that have none: a heap of deadlines, looked at when nothing else is ready.

use std::cell::{Cell, RefCell};
use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;
use std::future::Future;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering as Memory};
use std::task::{Context, Poll, Wake, Waker};

/// A clock that jumps to the next deadline.
#[derive(Default)]
pub struct VirtualClock {
    now_ms: Cell<u64>,
    sleepers: RefCell<BinaryHeap<Reverse<Sleeper>>>,
    next_number: Cell<u64>,
}

struct Sleeper {
    deadline_ms: u64,
    /// Of two with the same deadline the first to sleep wakes first.
    number: u64,
    waker: Waker,
}

impl PartialEq for Sleeper {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Sleeper {}

impl PartialOrd for Sleeper {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Sleeper {
    fn cmp(&self, other: &Self) -> Ordering {
        (self.deadline_ms, self.number).cmp(&(other.deadline_ms, other.number))
    }
}

impl VirtualClock {
    /// Milliseconds since the clock was made.
    pub fn now_ms(&self) -> u64 {
        self.now_ms.get()
    }

    /// Ready `length_ms` after its first poll.
    pub fn sleep(&self, length_ms: u64) -> Sleep<'_> {
        Sleep { clock: self, length_ms, deadline_ms: None }
    }

    /// Goes to the next deadline and wakes all who wait for it. Says false if nobody does.
    pub fn advance(&self) -> bool {
        let Some(at) = self.sleepers.borrow().peek().map(|next| next.0.deadline_ms) else { return false };
        self.now_ms.set(at);
        loop {
            let mut sleepers = self.sleepers.borrow_mut();
            if sleepers.peek().is_none_or(|next| next.0.deadline_ms > at) {
                return true;
            }
            let next = sleepers.pop();
            drop(sleepers);
            next.into_iter().for_each(|sleeper| sleeper.0.waker.wake());
        }
    }

    /// Polls `main` until it is ready, and advances whenever nobody has woken it.
    pub fn drive<T>(&self, main: impl Future<Output = T>) -> T {
        let woken = Arc::new(Woken(AtomicBool::new(false)));
        let waker = Waker::from(woken.clone());
        let mut main = pin!(main);
        loop {
            if let Poll::Ready(value) = main.as_mut().poll(&mut Context::from_waker(&waker)) {
                return value;
            }
            while !woken.0.swap(false, Memory::Relaxed) {
                assert!(self.advance(), "everyone waits for someone");
            }
        }
    }
}

struct Woken(AtomicBool);

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Memory::Relaxed);
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.0.store(true, Memory::Relaxed);
    }
}

/// See [`VirtualClock::sleep`].
#[must_use = "a future does nothing unless it is awaited"]
pub struct Sleep<'clock> {
    clock: &'clock VirtualClock,
    length_ms: u64,
    deadline_ms: Option<u64>,
}

impl Future for Sleep<'_> {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let clock = self.clock;
        let Some(deadline_ms) = self.deadline_ms else {
            let deadline_ms = clock.now_ms() + self.length_ms;
            let number = clock.next_number.replace(clock.next_number.get() + 1);
            let sleeper = Sleeper { deadline_ms, number, waker: cx.waker().clone() };
            clock.sleepers.borrow_mut().push(Reverse(sleeper));
            self.deadline_ms = Some(deadline_ms);
            return Poll::Pending;
        };
        if clock.now_ms() >= deadline_ms { Poll::Ready(()) } else { Poll::Pending }
    }
}
