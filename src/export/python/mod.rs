//! A scenario as an asyncio program for CPython 3.11 or newer.
//!
//! The program runs for real. Started with `--virtual` it runs in virtual time and prints what `taskscope run` prints.
//! It holds its helpers itself, those that it needs: `helpers/*.py`.
//!
//! Where asyncio's own task groups and timeouts provably do the same, they stand in the program (`plain.rs` has the
//! rules and the known differences); elsewhere it brings scopes and tasks of its own, and its head says why.
//!
//! Left out under `--virtual`: the line numbers of errors, the account of a deadlock, and what ends at a limit.

use crate::lang::plan::Plan;

use super::tree::Tree;

mod block;
mod declare;
mod expr;
mod guard;
mod helpers;
mod names;
mod page;
mod plain;
mod program;
mod semaphore;
mod stmt;
mod task;
mod text;
mod waits;

/// The program that does what `plan` does.
pub fn write(plan: &Plan) -> String {
    let tree = Tree::of(plan);
    let written = program::write(&tree, helpers::defined());
    if !written.gave_way {
        return written.text;
    }
    // Now that it is known which helpers there are, no name has to give way to the others.
    program::write(&tree, &written.helpers).text
}
