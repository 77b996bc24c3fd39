//! Tools for testing code that uses the runtime: a clock that stands still, steps in order, stories, interruptions.
//!
//! Tests run in virtual time, at once and the same each time; none of these tools sleeps really. They panic where a
//! test is wrong or fails, as assertions do.
//!
//! | to | use |
//! | --- | --- |
//! | let time jump to whatever comes next | [`block_on_virtual`](crate::runtime::block_on_virtual) |
//! | hold time and move it by hand | [`Clock`] |
//! | put the steps of several tasks in order | [`Sequencer`] |
//! | wait until everybody else waits | [`wait_all_blocked`] |
//! | write down what happens and compare it | [`Story`] |
//! | cancel at every suspension and find what leaks | [`interrupt_everywhere`] |
//! | try other orders of the run queue | [`Run::shuffled`](crate::runtime::Run::shuffled) |
//! | hold that a call suspends, or that it does not | [`assert_suspends`], [`assert_does_not_suspend`] |
//! | see what a run still holds | [`RunHandle::census`](crate::runtime::RunHandle::census) |
//!
//! They stand on the runtime's public face, but for four small hooks that a run without tests pays nothing for.

mod blocked;
mod clock;
mod diff;
mod interrupt;
mod probe;
mod scenario;
mod sequencer;
mod story;
mod suspends;
mod words;

pub use blocked::{wait_all_blocked, wait_all_blocked_for};
pub use clock::Clock;
pub use interrupt::interrupt_everywhere;
pub use scenario::{Interruption, Report, Scenario, When, Whom};
pub use sequencer::{Sequencer, Step};
pub use story::{Guard, Story};
pub use suspends::{assert_does_not_suspend, assert_suspends};
