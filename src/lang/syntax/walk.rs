//! Ways through the tree that do not care what a statement means.

use crate::lang::syntax::{Block, StmtKind};

impl StmtKind {
    /// Every block that stands directly in this statement, in order. Those of `catch` and `finally` are its
    /// statement's.
    pub fn blocks(&self) -> Vec<&Block> {
        match self {
            StmtKind::Broken(blocks) => blocks.iter().collect(),
            StmtKind::Resource { open, close, .. } => {
                open.iter().chain(close).map(|body| &body.block).collect()
            }
            StmtKind::Let(_, value) | StmtKind::Assign(_, value) | StmtKind::Return(Some(value)) => {
                value.kind.blocks()
            }
            StmtKind::If { arms, otherwise } => arms.iter().map(|arm| &arm.1).chain(otherwise).collect(),
            StmtKind::Timeout { body, otherwise, .. } => std::iter::once(body).chain(otherwise).collect(),
            StmtKind::Fn { body, .. }
            | StmtKind::While(_, body)
            | StmtKind::Repeat(_, body)
            | StmtKind::ForIn(_, _, body)
            | StmtKind::ForRange { body, .. }
            | StmtKind::Try(body)
            | StmtKind::Task(_, body)
            | StmtKind::Detach(_, body)
            | StmtKind::Scope { body, .. }
            | StmtKind::Race { body, .. }
            | StmtKind::Gather { body, .. }
            | StmtKind::Shield(_, body)
            | StmtKind::Retry { body, .. }
            | StmtKind::With { body, .. }
            | StmtKind::At(_, body) => vec![body],
            _ => Vec::new(),
        }
    }

    /// Where the `else` of this statement stands; None where it takes none.
    pub fn otherwise_mut(&mut self) -> Option<&mut Option<Block>> {
        match self {
            StmtKind::If { otherwise, .. } | StmtKind::Timeout { otherwise, .. } => Some(otherwise),
            StmtKind::Let(_, value) | StmtKind::Assign(_, value) | StmtKind::Return(Some(value)) => {
                value.kind.otherwise_mut()
            }
            _ => None,
        }
    }
}
