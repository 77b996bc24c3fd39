//! Who is measured, and what each of them needs around a workload.

pub mod executor;
#[cfg(target_arch = "wasm32")]
pub mod latch;
pub mod ours;
pub mod tokio;
pub mod virtual_clock;
pub mod yield_now;

/// A way to run tasks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Peer {
    /// Taskscope, children that borrow.
    Ours,
    /// Taskscope, children that own what they use.
    Owned,
    /// [`Peer::Ours`] with every event recorded.
    Traced,
    /// `futures::stream::FuturesUnordered`: no scopes, no reasons, no cleanup, no handles.
    Unordered,
    /// `async_executor::LocalExecutor`.
    Executor,
    /// tokio on the current thread, with `JoinSet`.
    Tokio,
    /// `moro_local`: scopes whose children borrow, on top of `FuturesUnordered`.
    Moro,
    /// The same work in a loop, without futures: what is left for a runtime to add.
    Bare,
    /// In a page: [`Peer::Ours`] on the browser's host, in turns that leave the page time.
    Hosted,
    /// In a page: `wasm_bindgen_futures::spawn_local`, where each wake-up is a microtask.
    SpawnLocal,
    /// In a page: JavaScript's own promises.
    Promises,
}

impl Peer {
    /// All of them.
    pub const ALL: [Peer; 11] = [
        Peer::Ours,
        Peer::Owned,
        Peer::Traced,
        Peer::Unordered,
        Peer::Executor,
        Peer::Tokio,
        Peer::Moro,
        Peer::Bare,
        Peer::Hosted,
        Peer::SpawnLocal,
        Peer::Promises,
    ];

    /// What the tables and the command line call it.
    pub const fn name(self) -> &'static str {
        match self {
            Peer::Ours => "ours",
            Peer::Owned => "owned",
            Peer::Traced => "traced",
            Peer::Unordered => "unordered",
            Peer::Executor => "executor",
            Peer::Tokio => "tokio",
            Peer::Moro => "moro",
            Peer::Bare => "bare",
            Peer::Hosted => "hosted",
            Peer::SpawnLocal => "spawn_local",
            Peer::Promises => "promises",
        }
    }

    /// The most items that it is given: a million recorded tasks or aborted promises would measure the machine's
    /// memory.
    pub const fn limit(self) -> u64 {
        match self {
            Peer::Traced | Peer::Promises => 100_000,
            _ => u64::MAX,
        }
    }
}
