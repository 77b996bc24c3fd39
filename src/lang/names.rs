//! What the top level declares, and which of its variables never change: known before anything is checked or
//! lowered, because declarations may be used before they appear.

use std::collections::{BTreeMap, BTreeSet};

use crate::lang::plan::{
    BarrierIndex, Builtin, EventIndex, Field, FunctionIndex, LimiterIndex, LockIndex, Name, PoolIndex,
    QueueIndex, ResourceIndex,
};
use crate::lang::syntax::{Block, Expr, ExprKind, File, Ident, Part, Stmt, StmtKind};
use crate::span::Span;

mod gives;

/// What a declared name stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Thing {
    Limiter(LimiterIndex),
    Lock(LockIndex),
    Event(EventIndex),
    Barrier(BarrierIndex),
    Queue(QueueIndex),
    Resource(ResourceIndex),
    Pool(PoolIndex),
    Function(FunctionIndex),
}

impl Thing {
    /// As messages say it.
    pub fn text(self) -> &'static str {
        match self {
            Thing::Limiter(_) => "a limiter",
            Thing::Lock(_) => "a lock",
            Thing::Event(_) => "an event",
            Thing::Barrier(_) => "a barrier",
            Thing::Queue(_) => "a queue",
            Thing::Resource(_) => "a resource",
            Thing::Pool(_) => "a pool",
            Thing::Function(_) => "a function",
        }
    }
}

/// A declaration.
#[derive(Clone, Copy, Debug)]
pub struct Declared {
    /// What it is.
    pub thing: Thing,
    /// Its name in the text.
    pub span: Span,
}

/// Everything that is declared. The first of two declarations of a name counts.
#[derive(Default)]
pub struct Names<'a> {
    things: BTreeMap<Name, Declared>,
    /// Top-level variables that never change.
    constants: BTreeMap<Name, Constant<'a>>,
    assigned: BTreeSet<Name>,
    /// How many arguments each function takes.
    params: BTreeMap<Name, usize>,
    /// The functions that certainly give no task.
    taskless: BTreeSet<Name>,
}

/// A variable that never changes.
struct Constant<'a> {
    value: &'a Expr,
    /// Where its `let` ends: before that it cannot be used.
    end: u32,
    /// How large its value is, with the constants in it written out.
    size: usize,
}

/// The largest constant, in expressions; ten doublings in a row are not what a declaration is for.
const MAX_CONSTANT: usize = 100;

impl<'a> Names<'a> {
    /// Reads the top level of `file`.
    pub fn of(file: &'a File) -> Names<'a> {
        let mut names = Names::default();
        let mut count = [0_u32; 8];
        file.statements.iter().for_each(|stmt| names.note_declaration(stmt, &mut count));
        // What is declared in the wrong place is reported there, and not wherever it is used.
        file.statements.iter().for_each(|stmt| names.note_misplaced(stmt, &mut count));
        names.note_assigned(&file.statements);
        names.note_constants(&file.statements);
        names
    }

    /// What `name` is declared as.
    pub fn get(&self, name: &str) -> Option<Declared> {
        self.things.get(name).copied()
    }

    /// Whether the declaration of `name` is the one that counts.
    pub fn is_first(&self, name: &Ident) -> bool {
        self.things.get(&name.text).is_some_and(|it| it.span == name.span)
    }

    /// How many arguments the function `name` takes.
    pub fn params(&self, name: &str) -> Option<usize> {
        self.params.get(name).copied()
    }

    /// Whether the function `name` certainly gives no task.
    pub fn gives_no_task(&self, name: &str) -> bool {
        self.taskless.contains(name)
    }

    /// Whether a `for` over `list` takes from a queue.
    pub fn is_queue(&self, list: &Expr) -> bool {
        let ExprKind::Name(name) = &list.kind else { return false };
        matches!(self.get(name), Some(Declared { thing: Thing::Queue(_), .. }))
    }

    /// Every declared name with what it is.
    pub fn all(&self) -> impl Iterator<Item = (&str, Thing)> {
        self.things.iter().map(|(name, declared)| (&**name, declared.thing))
    }

    /// Whether a variable of this name is assigned after its `let`, anywhere.
    pub fn is_assigned(&self, name: &str) -> bool {
        self.assigned.contains(name)
    }

    /// The value of the constant `name`, if it is declared before the byte `at`.
    pub fn constant(&self, name: &str, at: u32) -> Option<&'a Expr> {
        self.constants.get(name).filter(|it| it.end <= at).map(|it| it.value)
    }

    /// Whether `expr` is made of what is known before the run begins.
    pub fn is_constant(&self, expr: &Expr) -> bool {
        self.constant_size(expr).is_some_and(|size| size <= MAX_CONSTANT)
    }

    /// How large a constant is; None for an expression that is none.
    fn constant_size(&self, expr: &Expr) -> Option<usize> {
        let all = |list: &[Expr]| list.iter().map(|it| self.constant_size(it)).sum::<Option<usize>>();
        let inside = match &expr.kind {
            ExprKind::Broken | ExprKind::Literal(_) => 0,
            ExprKind::Name(name) => self.constants.get(name).filter(|it| it.end <= expr.span.start)?.size,
            ExprKind::Text(parts) => {
                parts.iter().filter_map(Part::hole).map(|it| self.constant_size(it)).sum::<Option<usize>>()?
            }
            ExprKind::List(items) => all(items)?,
            ExprKind::Unary(_, operand) => self.constant_size(operand)?,
            ExprKind::Binary(_, left, right) | ExprKind::Index(left, right) => {
                self.constant_size(left)? + self.constant_size(right)?
            }
            ExprKind::Field(..) => return None,
            ExprKind::Call(name, args) => {
                let known =
                    builtin(&name.text).is_some_and(|it| !matches!(it, Builtin::Now | Builtin::Random));
                if !known || self.get(&name.text).is_some() {
                    return None;
                }
                all(args)?
            }
        };
        Some(inside + 1)
    }

    /// Whether `expr` calls a function of the scenario.
    pub fn calls(&self, expr: &Expr) -> bool {
        match &expr.kind {
            ExprKind::Broken | ExprKind::Literal(_) | ExprKind::Name(_) => false,
            ExprKind::Text(parts) => parts.iter().filter_map(Part::hole).any(|it| self.calls(it)),
            ExprKind::List(items) => items.iter().any(|it| self.calls(it)),
            ExprKind::Unary(_, operand) | ExprKind::Field(operand, _) => self.calls(operand),
            ExprKind::Binary(_, left, right) | ExprKind::Index(left, right) => {
                self.calls(left) || self.calls(right)
            }
            ExprKind::Call(name, args) => {
                let user = matches!(self.get(&name.text), Some(Declared { thing: Thing::Function(_), .. }));
                user || args.iter().any(|it| self.calls(it))
            }
        }
    }

    fn note_declaration(&mut self, stmt: &Stmt, count: &mut [u32; 8]) {
        let Some((name, place)) = declares(&stmt.kind) else { return };
        let next = count.get(place).copied().unwrap_or(0);
        if name.text.is_empty() || self.things.contains_key(&name.text) {
            return;
        }
        if let Some(count) = count.get_mut(place) {
            *count += 1;
        }
        let thing = match place {
            0 => Thing::Limiter(LimiterIndex(next)),
            1 => Thing::Lock(LockIndex(next)),
            2 => Thing::Event(EventIndex(next)),
            3 => Thing::Barrier(BarrierIndex(next)),
            4 => Thing::Queue(QueueIndex(next)),
            5 => Thing::Resource(ResourceIndex(next)),
            6 => Thing::Pool(PoolIndex(next)),
            _ => Thing::Function(FunctionIndex(next)),
        };
        if let StmtKind::Fn { params, body, .. } = &stmt.kind {
            self.params.insert(name.text.clone(), params.len());
            if stmt.clauses.is_empty() && gives::no_task(body) {
                self.taskless.insert(name.text.clone());
            }
        }
        self.things.insert(name.text.clone(), Declared { thing, span: name.span });
    }

    fn note_misplaced(&mut self, stmt: &Stmt, count: &mut [u32; 8]) {
        for inner in stmt.all_blocks().into_iter().flat_map(|block| &block.statements) {
            self.note_declaration(inner, count);
            self.note_misplaced(inner, count);
        }
    }

    fn note_assigned(&mut self, statements: &[Stmt]) {
        for stmt in statements {
            if let StmtKind::Assign(name, _) = &stmt.kind {
                self.assigned.insert(name.text.clone());
            }
            for block in stmt.all_blocks() {
                self.note_assigned(&block.statements);
            }
        }
    }

    fn note_constants(&mut self, statements: &'a [Stmt]) {
        for stmt in statements {
            let StmtKind::Let(name, value) = &stmt.kind else { continue };
            let StmtKind::Expr(expr) = &value.kind else { continue };
            let size = self.constant_size(expr).filter(|size| *size <= MAX_CONSTANT);
            if let (Some(size), false) = (size, self.assigned.contains(&name.text)) {
                let constant = Constant { value: expr, end: stmt.span.end, size };
                self.constants.entry(name.text.clone()).or_insert(constant);
            }
        }
    }
}

/// The name that a statement declares, and which kind of thing in the order of [`Thing`].
fn declares(kind: &StmtKind) -> Option<(&Ident, usize)> {
    Some(match kind {
        StmtKind::Limiter { name, .. } => (name, 0),
        StmtKind::Lock(name) => (name, 1),
        StmtKind::Event(name) => (name, 2),
        StmtKind::Barrier(name, _) => (name, 3),
        StmtKind::Queue(name, _) => (name, 4),
        StmtKind::Resource { name, .. } => (name, 5),
        StmtKind::Pool { name, .. } => (name, 6),
        StmtKind::Fn { name, .. } => (name, 7),
        _ => return None,
    })
}

/// The name that a declaration declares.
pub fn declared_name(kind: &StmtKind) -> Option<&Ident> {
    declares(kind).map(|it| it.0)
}

impl Stmt {
    /// Every block of the statement, those of its clauses included.
    pub fn all_blocks(&self) -> Vec<&Block> {
        let mut blocks = self.kind.blocks();
        if let StmtKind::Resource { open, close, .. } = &self.kind {
            for body in open.iter().chain(close) {
                blocks.extend(body.clauses.catches.iter().map(|catch| &catch.body));
                blocks.extend(&body.clauses.finally);
            }
        }
        blocks.extend(self.clauses.catches.iter().map(|catch| &catch.body));
        blocks.extend(&self.clauses.finally);
        blocks
    }
}

/// The built-in calls by name.
pub const BUILTINS: [(&str, Builtin); 7] = [
    ("len", Builtin::Len),
    ("now", Builtin::Now),
    ("random", Builtin::Random),
    ("sum", Builtin::Sum),
    ("min", Builtin::Min),
    ("max", Builtin::Max),
    ("str", Builtin::Str),
];

/// The built-in call of this name.
pub fn builtin(name: &str) -> Option<Builtin> {
    BUILTINS.iter().find(|it| it.0 == name).map(|it| it.1)
}

/// The fields by name.
pub const FIELDS: [(&str, Field); 7] = [
    ("kind", Field::Kind),
    ("message", Field::Message),
    ("task", Field::Task),
    ("count", Field::Count),
    ("leaves", Field::Leaves),
    ("status", Field::Status),
    ("body", Field::Body),
];

/// The field of this name.
pub fn field(name: &str) -> Option<Field> {
    FIELDS.iter().find(|it| it.0 == name).map(|it| it.1)
}

/// What is known when a run has ended: names that mean it where no variable or function has them.
pub const FACTS: [&str; 5] = ["elapsed", "outcome", "peak", "logged", "cancelled"];
