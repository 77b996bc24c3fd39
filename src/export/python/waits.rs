//! Which functions are coroutines: those in which something is awaited.

use crate::export::tree::{Block, Finds, Op, Tree, Visit};

/// For each function of the program, whether it awaits anything.
pub struct Waits {
    functions: Vec<bool>,
}

impl Waits {
    /// Looks through `tree`.
    pub fn of(tree: &Tree<'_>) -> Waits {
        let mut waits = Waits { functions: vec![false; tree.functions.len()] };
        loop {
            let next: Vec<bool> = tree.functions.iter().map(|body| waits.block(body)).collect();
            if next == waits.functions {
                return waits;
            }
            waits.functions = next;
        }
    }

    /// Whether a function awaits anything.
    pub fn function(&self, index: usize) -> bool {
        self.functions[index]
    }

    /// Whether a block awaits anything; what its tasks do is their business.
    pub fn block(&self, block: &Block) -> bool {
        let mut found = OwnFinds(Finds(false, |op: &Op| self.is_wait(op)));
        found.block(block);
        found.0.0
    }

    fn is_wait(&self, op: &Op) -> bool {
        match op {
            Op::Call(function, _) => self.functions[function.index()],
            Op::ForRange { every, .. } => every.is_some(),
            Op::Sleep(_)
            | Op::Offload { .. }
            | Op::Fetch { .. }
            | Op::Query { .. }
            | Op::Await(_)
            | Op::Scope { .. }
            | Op::Race { .. }
            | Op::Gather { .. }
            | Op::Timeout { .. }
            | Op::Shield { .. }
            | Op::Retry { .. }
            | Op::With { .. }
            | Op::Put { .. }
            | Op::Take(_)
            | Op::Join(_)
            | Op::ForQueue { .. }
            | Op::WaitEvent(_)
            | Op::WaitBarrier(_) => true,
            _ => false,
        }
    }
}

/// As [`Finds`], but stays outside of tasks.
struct OwnFinds<F>(Finds<F>);

impl<F: Fn(&Op) -> bool> Visit for OwnFinds<F> {
    fn op(&mut self, op: &Op) {
        self.0.0 |= (self.0.1)(op);
        crate::export::tree::walk_op(self, op);
    }

    fn task(&mut self, task: &crate::export::tree::Task) {
        self.expr(&task.name);
    }
}
