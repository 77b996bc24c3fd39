//! A few threads for blocking work, started when needed and kept for a while.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use crate::host::{Work, WorkerError};

/// So many pieces of blocking work run at once; others wait in order of
/// arrival. Most of such work waits for a disk or another machine, so that
/// there may be more than the machine has cores.
pub const THREADS_LIMIT: usize = 64;

/// A thread that had nothing to do for so long ends.
const IDLE: Duration = Duration::from_secs(10);

/// The threads. Dropping it drops the work that waits, and ends the idle ones.
#[derive(Default)]
pub(super) struct Threads {
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    arrived: Condvar,
}

#[derive(Default)]
struct State {
    waiting: VecDeque<Work>,
    threads: usize,
    idle: usize,
    over: bool,
}

impl Threads {
    /// Runs `work` on the next free thread.
    pub(super) fn run(&self, work: Work) -> Result<(), WorkerError> {
        let mut state = self.shared.lock();
        state.waiting.push_back(work);
        if state.idle >= state.waiting.len() || state.threads >= THREADS_LIMIT {
            drop(state);
            self.shared.arrived.notify_one();
            return Ok(());
        }
        let own = self.shared.clone();
        let started =
            thread::Builder::new().name("taskscope-worker".to_owned()).spawn(move || own.keep_working());
        match started {
            Ok(_) => state.threads += 1,
            // Others will come to it.
            Err(_) if state.threads > 0 => {}
            Err(error) => {
                let work = state.waiting.pop_back();
                drop(state);
                drop(work);
                return Err(WorkerError { message: format!("no thread could be started: {error}").into() });
            }
        }
        Ok(())
    }
}

impl Drop for Threads {
    fn drop(&mut self) {
        let waiting = {
            let mut state = self.shared.lock();
            state.over = true;
            std::mem::take(&mut state.waiting)
        };
        self.shared.arrived.notify_all();
        // Not while it is locked: dropping work may run anything.
        drop(waiting);
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What each thread does.
    fn keep_working(&self) {
        let mut state = self.lock();
        while !state.over {
            if let Some(work) = state.waiting.pop_front() {
                drop(state);
                // Work tells of its panics by itself; the thread has to survive them.
                let _ = catch_unwind(AssertUnwindSafe(work));
                state = self.lock();
                continue;
            }
            state.idle += 1;
            let waited = self.arrived.wait_timeout(state, IDLE);
            let (now, timed_out) = waited.unwrap_or_else(PoisonError::into_inner);
            state = now;
            state.idle -= 1;
            if timed_out.timed_out() && state.waiting.is_empty() {
                break;
            }
        }
        state.threads -= 1;
    }
}
