//! Scenarios made by chance: valid, and over the whole language. The same seed makes the same scenario.
//!
//! Instants are coarse on purpose, so that much happens at the same one: that is where orders differ.

mod crawl;
mod expr;
mod program;
mod shrink;
mod stmt;

pub use program::Program;
pub use shrink::smaller;

use oorandom::Rand32;

/// What a generated scenario may hold.
#[derive(Clone, Copy, Debug)]
pub struct Size {
    /// Blocks inside each other.
    pub depth: u32,
    /// Statements in a block, at most.
    pub width: u32,
    /// Whether only the top level opens scopes, and nothing cleans up: what asyncio does in the same way.
    pub flat: bool,
}

/// The scenario of this number.
pub fn scenario(number: u64) -> Program {
    let (depth, width, flat) = match number % 8 {
        0 => (2, 3, false),
        1 => (3, 3, false),
        2 => (4, 3, false),
        3 => (3, 5, false),
        4 => (3, 3, true),
        5 => (4, 4, true),
        _ => (0, 0, true),
    };
    let size = Size { depth, width, flat };
    let mut maker = Maker::new(number, size);
    if depth == 0 { maker.crawl() } else { maker.program() }
}

/// The type of a variable, as far as it is kept to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Int,
    Str,
    Bool,
    Duration,
    List,
    Handle,
    Error,
    Deadline,
    Anything,
}

/// What stands around a statement.
#[derive(Clone, Copy, Debug, Default)]
struct Around {
    depth: u32,
    in_loop: bool,
    in_function: bool,
    in_handler: bool,
    in_finally: bool,
    /// In a task, or in a function, which a task may call.
    in_task: bool,
    /// In the body of a scope.
    in_scope: bool,
}

struct Maker {
    random: Rand32,
    size: Size,
    /// The variables that can be seen, by block.
    vars: Vec<Vec<(String, Kind)>>,
    next: u32,
    limiters: Vec<String>,
    locks: Vec<String>,
    events: Vec<String>,
    barriers: Vec<String>,
    queues: Vec<String>,
    resources: Vec<String>,
    pools: Vec<String>,
    functions: Vec<(String, usize)>,
    /// What each function takes.
    params: Vec<Vec<Kind>>,
    /// Statements that may still be made.
    budget: u32,
}

impl Maker {
    fn new(seed: u64, size: Size) -> Maker {
        Maker {
            random: Rand32::new(seed),
            size,
            vars: vec![Vec::new()],
            next: 0,
            limiters: Vec::new(),
            locks: Vec::new(),
            events: Vec::new(),
            barriers: Vec::new(),
            queues: Vec::new(),
            resources: Vec::new(),
            pools: Vec::new(),
            functions: Vec::new(),
            params: Vec::new(),
            budget: 60,
        }
    }

    /// A number below `end`.
    fn below(&mut self, end: u32) -> u32 {
        self.random.rand_range(0..end.max(1))
    }

    /// True so many times of a hundred.
    fn chance(&mut self, percent: u32) -> bool {
        self.below(100) < percent
    }

    fn pick<T: Clone>(&mut self, list: &[T]) -> Option<T> {
        let at = self.below(list.len() as u32) as usize;
        list.get(at).cloned()
    }

    /// A name that nothing else has.
    fn fresh(&mut self, base: &str) -> String {
        self.next += 1;
        format!("{base}{}", self.next)
    }

    /// A variable of this kind that can be seen.
    fn known(&mut self, kind: Kind) -> Option<String> {
        let all: Vec<(String, Kind)> = self.visible();
        let fitting: Vec<String> =
            all.into_iter().filter(|(_, it)| *it == kind).map(|(name, _)| name).collect();
        self.pick(&fitting)
    }

    /// Everything that can be seen; of a name that is used again, the inner one.
    fn visible(&self) -> Vec<(String, Kind)> {
        let mut seen: Vec<(String, Kind)> = Vec::new();
        for (name, kind) in self.vars.iter().rev().flatten() {
            if seen.iter().all(|(known, _)| known != name) {
                seen.push((name.clone(), *kind));
            }
        }
        seen
    }
}
