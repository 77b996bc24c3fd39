//! Small numbers that name the tasks, scopes and resources of one run.
//!
//! Numbers are given in the order of creation and never used twice in a run,
//! so that they are the same for the same run everywhere.

use std::fmt;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident, $letter:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub u32);

        impl $name {
            /// The number as an index.
            pub fn index(self) -> usize {
                self.0 as usize
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!($letter, "{}"), self.0)
            }
        }
    };
}

id! {
    /// A task. The first of a run, the root, is number 0.
    TaskId, "t"
}
id! {
    /// A scope, or another block with a begin and an end: timeout, race, shield.
    ScopeId, "s"
}
id! {
    /// A limiter, lock, event, queue, barrier or pool.
    ResourceId, "r"
}
id! {
    /// One error that was raised. However often it is raised on, it keeps its number.
    ErrorId, "e"
}

impl TaskId {
    /// The task in which a run begins.
    pub const ROOT: TaskId = TaskId(0);
}
