//! What a run holds at an instant, counted: for looking for leaks.

use std::fmt;
use std::rc::Weak;

use super::look::Look;
use crate::runtime::executor::core::Core;

/// What a run holds at this instant; see [`RunHandle::census`](crate::runtime::RunHandle::census).
///
/// When it prints itself, it names everything and leaves out what there is none of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Census {
    /// The paths of the tasks that have not ended, in the order in which they were spawned.
    pub tasks: Vec<String>,
    /// How many timers and deadlines are set.
    pub timers: usize,
    /// How many requests and jobs the host has not answered. A simulated host answers by a timer instead.
    pub outstanding: u32,
    /// What is held of limiters, locks and pools, and by whom: a sentence for each that is not free.
    pub held: Vec<String>,
}

impl Census {
    /// Whether nothing is left but `tasks` tasks: 1 for the root that asks, 0 after the end.
    pub fn is_clear_but_for(&self, tasks: usize) -> bool {
        self.tasks.len() == tasks && self.timers == 0 && self.outstanding == 0 && self.held.is_empty()
    }
}

impl fmt::Display for Census {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let counted = |number: usize, what: &str| match number {
            0 => None,
            1 => Some(format!("1 {what}")),
            _ => Some(format!("{number} {what}s")),
        };
        let tasks =
            counted(self.tasks.len(), "task").map(|some| format!("{some} ({})", self.tasks.join(", ")));
        let timers = counted(self.timers, "timer");
        let outstanding = counted(self.outstanding as usize, "request");
        let parts: Vec<String> =
            tasks.into_iter().chain(timers).chain(outstanding).chain(self.held.iter().cloned()).collect();
        if parts.is_empty() { f.write_str("nothing") } else { f.write_str(&parts.join(", ")) }
    }
}

impl Core {
    pub(crate) fn census(&self) -> Census {
        let look = Look::at(self);
        let tasks = look.tasks.keys().map(|task| look.path(*task)).collect();
        let explainers: Vec<_> = self.explainers.borrow().values().filter_map(Weak::upgrade).collect();
        let held = explainers.iter().filter_map(|known| {
            let holders: Vec<String> = known.holders().into_iter().map(|task| look.path(task)).collect();
            (!holders.is_empty()).then(|| format!("{}, held by {}", known.title(), holders.join(", ")))
        });
        Census {
            tasks,
            timers: self.timers.borrow().waiting(),
            outstanding: self.outstanding.get(),
            held: held.collect(),
        }
    }
}
