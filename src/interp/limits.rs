//! The limits of a run. Each is a number with a reason, and a sentence for who reaches it.

use std::time::Duration;

/// Steps in one run. An endless loop of cheap steps stops here in about a second in a browser.
pub const MAX_STEPS: u64 = 2_000_000;

/// Tasks in one run: more than a picture can show, few enough for a page's memory.
pub const MAX_TASKS: u32 = 250_000;

/// Events in one trace; about 100 bytes each.
pub const MAX_EVENTS: usize = 1_000_000;

/// Bytes of log text in one run.
pub const MAX_LOG_BYTES: usize = 1_000_000;

/// How long a run may last on its own clock.
pub const MAX_RUN: Duration = Duration::from_secs(24 * 60 * 60);

/// Blocks and calls inside each other in one task. Each costs some hundred
/// bytes of the browser's stack of about a megabyte.
pub const MAX_DEPTH: u32 = 200;

/// Characters of a text, items of a list.
pub const MAX_LENGTH: usize = 1_000_000;

/// Characters of a text or items of a list that are walked at the price of one step.
/// A list may still grow to some ten thousand items one by one.
pub const LENGTH_OF_STEP: usize = 64;

/// Which limit a run reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// [`MAX_STEPS`].
    Steps,
    /// [`MAX_TASKS`].
    Tasks,
    /// [`MAX_EVENTS`].
    Events,
    /// [`MAX_LOG_BYTES`].
    Log,
    /// [`MAX_RUN`].
    Run,
    /// [`MAX_DEPTH`].
    Depth,
    /// [`MAX_LENGTH`].
    Length,
}

impl Limit {
    /// What happened, for a person.
    pub fn message(self) -> String {
        match self {
            Limit::Steps => {
                format!("stopped after {MAX_STEPS} steps: is there a loop that never waits or never ends?")
            }
            Limit::Tasks => format!("stopped at {MAX_TASKS} tasks: spawn fewer, or in batches"),
            Limit::Events => {
                format!("stopped after {MAX_EVENTS} events: the trace would be too long to show")
            }
            Limit::Log => format!("stopped after {MAX_LOG_BYTES} bytes of log"),
            Limit::Run => {
                "stopped after 24 hours of the run's own time: is there a loop that never ends?".into()
            }
            Limit::Depth => format!(
                "stopped at {MAX_DEPTH} blocks and calls inside each other: is there a recursion that never ends?"
            ),
            Limit::Length => {
                format!("stopped at a text or list longer than {MAX_LENGTH}, or lists {MAX_DEPTH} deep")
            }
        }
    }
}
