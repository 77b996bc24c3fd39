//! Which blocks are left early, and how.

use crate::export::tree::{Block, Op, Task, Visit, walk_op};

/// The ways in which a block may be left other than at its end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Leaves {
    pub by_return: bool,
    pub by_break: bool,
    pub by_continue: bool,
}

impl Leaves {
    /// How this block may be left.
    pub fn of(block: &Block) -> Leaves {
        let mut finder = Finder { found: Leaves::default(), loops: 0 };
        finder.block(block);
        finder.found
    }

    /// How an action may be left.
    pub fn of_op(op: &Op) -> Leaves {
        let mut finder = Finder { found: Leaves::default(), loops: 0 };
        finder.op(op);
        finder.found
    }

    /// In any of these ways.
    pub fn any(self) -> bool {
        self.by_return || self.by_break || self.by_continue
    }

    /// In the ways of either.
    pub fn and(self, other: Leaves) -> Leaves {
        Leaves {
            by_return: self.by_return || other.by_return,
            by_break: self.by_break || other.by_break,
            by_continue: self.by_continue || other.by_continue,
        }
    }
}

struct Finder {
    found: Leaves,
    loops: u32,
}

impl Visit for Finder {
    fn op(&mut self, op: &Op) {
        match op {
            Op::Return(_) => self.found.by_return = true,
            Op::Break if self.loops == 0 => self.found.by_break = true,
            Op::Continue if self.loops == 0 => self.found.by_continue = true,
            _ => {}
        }
        let is_loop = matches!(
            op,
            Op::While(_) | Op::Repeat { .. } | Op::ForList { .. } | Op::ForRange { .. } | Op::ForQueue { .. }
        );
        self.loops += u32::from(is_loop);
        walk_op(self, op);
        self.loops -= u32::from(is_loop);
    }

    /// What a task does is left by itself.
    fn task(&mut self, _: &Task) {}
}
