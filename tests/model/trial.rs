//! How a model is tried: so many random operations, the smallest failing list of them on failure.

use std::collections::VecDeque;
use std::fmt::Debug;
use std::future::Future;
use std::task::Poll;

use proptest::collection::vec;
use proptest::strategy::Strategy;
use proptest::test_runner::{
    Config, FileFailurePersistence, RngAlgorithm, RngSeed, TestCaseError, TestError, TestRunner,
};
use taskscope::runtime::{Error, Result, block_on_virtual};

/// So many lists of operations of this length: a hundred thousand operations.
const LISTS: u32 = 800;
const LENGTH: usize = 125;

/// The same operations each time, so that a failure can be looked into. `TASKSCOPE_MODEL_SEED` chooses others.
fn seed() -> u64 {
    std::env::var("TASKSCOPE_MODEL_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(0)
}

/// Tries a model with random lists of operations; `try_out` says what differs.
pub fn trial<S, O, R>(setting: S, operation: O, try_out: impl Fn(S::Value, Vec<O::Value>) -> R)
where
    S: Strategy,
    S::Value: Debug,
    O: Strategy,
    O::Value: Debug,
    R: Future<Output = Result<()>>,
{
    let config = Config {
        cases: LISTS,
        rng_algorithm: RngAlgorithm::ChaCha,
        rng_seed: RngSeed::Fixed(seed()),
        failure_persistence: Some(Box::new(FileFailurePersistence::Off)),
        ..Config::default()
    };
    let mut runner = TestRunner::new(config);
    let operations = std::cell::Cell::new(0);
    let result = runner.run(&(setting, vec(operation, LENGTH)), |(setting, list)| {
        operations.set(operations.get() + list.len());
        block_on_virtual(try_out(setting, list)).map_err(|error| TestCaseError::fail(error.to_string()))
    });
    if let Err(TestError::Fail(reason, (setting, list))) = &result {
        let list: String = list.iter().map(|operation| format!("\n  {operation:?}")).collect();
        panic!("{reason}\n{setting:?}{list}");
    }
    result.map_err(|error| error.to_string()).expect("no list was refused");
    assert!(operations.get() >= 100_000, "only {} operations", operations.get());
}

/// Says what differs between the thing and its model.
pub fn same<T: Debug + PartialEq>(what: &str, thing: T, model: T) -> Result<()> {
    if thing == model { Ok(()) } else { Err(Error::msg(format!("{what}: it says {thing:?}, not {model:?}"))) }
}

/// Lets everybody who is ready now have a turn.
pub async fn turn() {
    let mut first = true;
    std::future::poll_fn(|cx| match std::mem::take(&mut first) {
        true => {
            cx.waker().wake_by_ref();
            Poll::Pending
        }
        false => Poll::Ready(()),
    })
    .await;
}

/// The run queue as a model knows it: first in first out, nobody twice.
#[derive(Default)]
pub struct Ready(VecDeque<usize>);

impl Ready {
    pub fn wake(&mut self, id: usize) {
        if !self.0.contains(&id) {
            self.0.push_back(id);
        }
    }

    pub fn forget(&mut self, id: usize) {
        self.0.retain(|ready| *ready != id);
    }

    /// How many have a turn before the task that asks is there again.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whose turn it is. One that is woken while it is in the queue is not there twice.
    pub fn next(&mut self) -> Option<usize> {
        self.0.pop_front()
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// One of `all`, chosen by a random number.
pub fn choose<T: Copy>(all: &[T], by: usize) -> Option<T> {
    all.get(by.checked_rem(all.len())?).copied()
}
