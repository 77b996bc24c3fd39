//! `cargo bench --bench runtime`: Taskscope against its peers. See `README.md` beside this file.

mod harness;
mod peers;
mod table;
mod workloads;

// glibc's allocator remembers: the same workload takes up to four times as long in a heap that a run before has taken
// to pieces, its own runs included, and gives pages back to the kernel that the next run asks for again. This one
// starts afresh, as the one in a browser does. `--no-default-features` measures with the system's.
#[cfg(all(feature = "mimalloc", not(target_arch = "wasm32")))]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> harness::shell::Outcome {
    harness::shell::main()
}
