//! One alarm: a thread that sleeps until the next instant and wakes who waits for it.

use std::io;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::task::Waker;
use std::thread;
use std::time::Instant;

/// Wakes its waiter at one instant, never before. Dropping it ends its thread.
pub(super) struct Alarm {
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    set: Mutex<Set>,
    changed: Condvar,
}

#[derive(Default)]
struct Set {
    at: Option<(Instant, Waker)>,
    /// Until when the thread sleeps if nobody calls it; none: for ever.
    sleeps_until: Option<Instant>,
    over: bool,
}

impl Alarm {
    pub(super) fn new() -> io::Result<Alarm> {
        let shared = Arc::new(Shared::default());
        let own = shared.clone();
        thread::Builder::new().name("taskscope-alarm".to_owned()).spawn(move || own.keep_watch())?;
        Ok(Alarm { shared })
    }

    /// Sets the alarm to another instant, or takes it away. The thread is called only if it would sleep past that:
    /// waking up for nothing now and then is cheaper than being called each time.
    pub(super) fn set(&self, at: Option<(Instant, &Waker)>) {
        let mut set = self.shared.lock();
        let known = set.at.as_ref().map(|(at, waker)| (*at, waker));
        if let (Some((at, waker)), Some((known_at, known))) = (at, known)
            && at == known_at
            && known.will_wake(waker)
        {
            return;
        }
        let sooner = at.is_some_and(|(at, _)| set.sleeps_until.is_none_or(|until| at < until));
        let before = std::mem::replace(&mut set.at, at.map(|(at, waker)| (at, waker.clone())));
        drop(set);
        if sooner {
            self.shared.changed.notify_one();
        }
        drop(before);
    }
}

impl Drop for Alarm {
    fn drop(&mut self) {
        self.shared.lock().over = true;
        self.shared.changed.notify_one();
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Set> {
        self.set.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What the thread does.
    #[expect(clippy::disallowed_methods, reason = "an alarm has to look at the clock")]
    fn keep_watch(&self) {
        let mut set = self.lock();
        while !set.over {
            let now = Instant::now();
            let due = set.at.take_if(|(at, _)| *at <= now);
            if let Some((_, waker)) = due {
                // Waking may run anything.
                drop(set);
                waker.wake();
                set = self.lock();
                continue;
            }
            set.sleeps_until = set.at.as_ref().map(|(at, _)| *at);
            set = match set.sleeps_until {
                Some(until) => {
                    let slept = self.changed.wait_timeout(set, until - now);
                    slept.unwrap_or_else(PoisonError::into_inner).0
                }
                None => self.changed.wait(set).unwrap_or_else(PoisonError::into_inner),
            };
        }
    }
}
