//! Whether asyncio's own task groups and timeouts do the same as Taskscope's, turn for turn.
//!
//! They do where concurrency is flat (the top level opens one scope after the other, and tasks open none) and where
//! nothing tells when a cancelled task comes to its end. Then at any instant there is nobody whose turns could come
//! between those of a group that ends, and the known differences cannot be seen:
//!
//! - A failure reaches a group's body before the others, and who awaits the task last (decisions 3 and 16).
//! - A cancelled task gives back what it holds in a turn of its own, not at once; a group cancels in no order.
//! - Cleanup can be cut short by a second cancellation.
//! - Awaiting a task that was cancelled cancels who awaits it, and the other way round (decision 15).
//! - A group's errors stand with that of its body last, and one that was raised on counts twice (decision 4).
//!
//! Where a scenario may depend on one of them the program brings scopes and tasks of its own, and says which it is.

use std::collections::BTreeSet;

use crate::export::tree::infer::Types;
use crate::export::tree::raises::{Errors, Raises, literal};
use crate::export::tree::types::Kind;
use crate::export::tree::usage::Usage;
use crate::export::tree::{
    Block, Expr, ExprKind, Finds, Handler, Op, Part, Task, Tree, VarId, Visit, walk_expr, walk_op,
};
use crate::lang::plan::{Builtin, Field, Held, Literal};

use super::block::reads;

/// How a program can be written.
pub struct Choice {
    /// Why it cannot do with what asyncio has; none if it can.
    pub why_not: Option<&'static str>,
    /// What every timeout says whose error may be read, in microseconds.
    pub timed_out: Option<i64>,
    /// Whether an error may leave the program.
    pub fails: bool,
}

/// Finds out how a program can be written.
pub fn choose<'t>(tree: &'t Tree<'t>, types: &mut Types<'t>, errors: &Errors<'t>, usage: &Usage) -> Choice {
    let mut look = Look {
        tree,
        types,
        errors,
        calm: is_calm(tree, errors),
        place: Place::Main,
        names: BTreeSet::new(),
        task_names: BTreeSet::new(),
        counter: None,
        loops: 0,
        timeouts: 0,
        lengths: BTreeSet::new(),
        reads_timeout: false,
        why: None,
    };
    look.program(usage);
    let fails = !look.leaving().is_none();
    let told = look.reads_timeout || look.leaving().kinds.contains("Timeout");
    look.require(!told || look.lengths.len() <= 1, "timeouts of several lengths may be told apart");
    Choice { why_not: look.why, timed_out: look.lengths.first().copied().filter(|_| told), fails }
}

/// Whether no task fails and none is cancelled, so that awaiting one is the same everywhere.
fn is_calm(tree: &Tree<'_>, errors: &Errors<'_>) -> bool {
    let cancels = |op: &Op| matches!(op, Op::Cancel(_) | Op::Timeout { .. } | Op::Race { .. });
    !tree.any(cancels) && tree.stimuli.is_empty() && errors.of_tasks().is_none()
}

/// Where an action stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// At the top level, outside of scopes.
    Main,
    /// In the body of a scope that the top level opened.
    Body,
    /// In a task, or in a function, which a task may call.
    Task,
}

struct Look<'a, 't> {
    tree: &'t Tree<'t>,
    types: &'a mut Types<'t>,
    errors: &'a Errors<'t>,
    calm: bool,
    place: Place,
    /// The names of scopes so far.
    names: BTreeSet<String>,
    /// The names of tasks so far, in the scope that is looked at.
    task_names: BTreeSet<String>,
    /// The variable of the counting loop around, where that is the only loop.
    counter: Option<VarId>,
    loops: u32,
    timeouts: u32,
    /// Those of timeouts that raise.
    lengths: BTreeSet<i64>,
    /// Whether a handler reads the error of a timeout.
    reads_timeout: bool,
    why: Option<&'static str>,
}

impl Look<'_, '_> {
    fn no(&mut self, why: &'static str) {
        self.why.get_or_insert(why);
    }

    fn require(&mut self, holds: bool, why: &'static str) {
        if !holds {
            self.no(why);
        }
    }

    fn program(&mut self, usage: &Usage) {
        let tree = self.tree;
        self.require(tree.stimuli.is_empty(), "something comes from outside while it runs");
        self.require(
            tree.plan.declarations.pools.is_empty(),
            "a pool closes what it keeps, whatever happens",
        );
        // Where an error may leave, it has to do so in the instant in which it was raised, which is printed.
        let kept = |op: &Op| matches!(op, Op::Raise(_) | Op::Try { finally: Some(_), .. });
        let at_once = self.leaving().is_none() || !tree.any(kept);
        self.require(at_once, "an error may be kept before it leaves the program");
        if usage.spawns(tree.body.id) {
            self.place = Place::Body;
            let raises = self.unless_calm(self.errors.block_raises(&tree.body));
            self.require(raises.is_none(), "the body of a scope may fail while its tasks run");
        }
        self.block(&tree.body);
        self.place = Place::Task;
        tree.functions.iter().for_each(|function| self.block(function));
    }

    /// What may leave the program.
    fn leaving(&self) -> Raises {
        self.unless_calm(self.errors.at_the_end())
    }

    /// Where no task is cancelled, none is found to be.
    fn unless_calm(&self, mut raises: Raises) -> Raises {
        if self.calm {
            raises.kinds.remove("TaskCancelled");
        }
        raises
    }

    fn scope(&mut self, name: &Expr, collect: bool, body: &Block) {
        let named = matches!(
            &name.kind,
            ExprKind::Literal(Literal::Str(name)) if !name.contains('/') && self.names.insert(name.to_string())
        );
        self.require(self.place == Place::Main, "a task or scope opens a scope of its own");
        self.require(!collect, "a scope collects the errors of its tasks");
        self.require(
            named && self.loops == 0,
            "a scope is opened more than once, and its paths are numbered",
        );
        let raises = self.unless_calm(self.errors.block_raises(body));
        self.require(raises.is_none(), "the body of a scope may fail while its tasks run");
        self.task_names.clear();
        let outer = std::mem::replace(&mut self.place, Place::Body);
        self.block(body);
        self.place = outer;
    }

    fn timeout(&mut self, length: &Expr, body: &Block, otherwise: Option<&Block>) {
        self.require(literal(length).is_some_and(|us| us > 0), "a timeout may be of no time");
        self.require(body.inputs.is_empty(), "a deadline moves");
        let held = self.tree.any(|op| matches!(op, Op::Work(_)));
        self.require(!held, "the loop is held while a deadline passes");
        let inner = otherwise.is_some() && self.errors.block_raises(body).kinds.contains("Timeout");
        self.require(!inner, "a timeout may raise inside of another");
        if otherwise.is_none() {
            self.lengths.extend(literal(length));
        }
        let mut meets = Finds(false, meets as fn(&Op) -> bool);
        meets.block(body);
        self.require(self.place == Place::Main || !meets.0, "a task gives up waiting for others");
        // A group of tasks that fails when its body is over leaves a mark on who waited, and a timeout counts marks.
        let alone = matches!(&body.stmts[..], [only] if matches!(only.op, Op::Scope { .. }));
        let mut opens = Finds(false, |op: &Op| matches!(op, Op::Scope { .. }));
        opens.block(body);
        let marked = opens.0 && !alone && !self.errors.of_tasks().is_none();
        self.require(!marked, "time may run out after a group of tasks has failed");
        self.timeouts += 1;
        self.block(body);
        self.timeouts -= 1;
        otherwise.iter().for_each(|block| self.block(block));
    }

    fn guarded(&mut self, body: &Block, handlers: &[Handler], finally: Option<&Block>) {
        if let Some(finally) = finally {
            let safe = self.place == Place::Main && self.timeouts == 0;
            self.require(safe, "a cleanup may be cancelled while it runs");
            let fails = !self.errors.block_raises(finally).is_none();
            self.require(!fails, "a cleanup may fail");
            self.block(finally);
        }
        let times_out = self.errors.block_raises(body).kinds.contains("Timeout");
        self.block(body);
        for handler in handlers {
            let takes = times_out && handler.kind.as_deref().is_none_or(|kind| kind == "Timeout");
            self.reads_timeout |=
                takes && handler.body.inputs.iter().any(|input| reads(&handler.body, *input));
            let raises = !self.errors.block_raises(&handler.body).is_none();
            let leaving = !self.leaving().is_none();
            self.require(!(raises && leaving), "an error may be kept before it leaves the program");
            self.block(&handler.body);
        }
    }

    /// A task's path has to be known where it is spawned.
    fn spawned(&mut self, task: &Task) {
        self.require(self.place == Place::Body, "a task spawns another");
        let unique = match (&task.name.kind, self.loops) {
            (ExprKind::Literal(Literal::Str(name)), 0) => {
                !name.contains('/') && self.task_names.insert(name.to_string())
            }
            // `page-{i}`: another one each time.
            (ExprKind::Text(parts), 1) => match &parts[..] {
                [Part::Text(fixed), Part::Hole(Expr { kind: ExprKind::Var(var), .. })] => {
                    self.counter == Some(*var)
                        && !fixed.contains('/')
                        && self.task_names.insert(format!("{fixed}{{}}"))
                }
                _ => false,
            },
            _ => false,
        };
        self.require(unique, "tasks share a name, and their paths are numbered");
        let outer = (std::mem::replace(&mut self.place, Place::Task), std::mem::take(&mut self.loops));
        let timeouts = std::mem::take(&mut self.timeouts);
        self.block(&task.body);
        (self.place, self.loops, self.timeouts) = (outer.0, outer.1, timeouts);
    }

    /// A task does not print as it does in asyncio.
    fn printed(&mut self, expr: &Expr) {
        let task = self.types.expr(expr).may_be(Kind::Task);
        self.require(!task, "a task is printed");
    }

    fn looped(&mut self, counter: Option<VarId>, op: &Op) {
        let outer = std::mem::replace(&mut self.counter, counter.filter(|_| self.loops == 0));
        self.loops += 1;
        walk_op(self, op);
        self.loops -= 1;
        self.counter = outer;
    }
}

fn hole(part: &Part) -> Option<&Expr> {
    match part {
        Part::Hole(hole) => Some(hole),
        Part::Text(_) => None,
    }
}

/// Whether an action waits for what other tasks do, or lets others go on.
fn meets(op: &Op) -> bool {
    matches!(
        op,
        Op::With { .. }
            | Op::Offload { .. }
            | Op::Put { .. }
            | Op::Take(_)
            | Op::Join(_)
            | Op::ForQueue { .. }
            | Op::WaitBarrier(_)
            | Op::WaitEvent(_)
            | Op::Call(..)
    )
}

impl Visit for Look<'_, '_> {
    fn op(&mut self, op: &Op) {
        match op {
            Op::Scope { name, collect, body } => self.scope(name, *collect, body),
            Op::Timeout { length, body, otherwise } => self.timeout(length, body, otherwise.as_ref()),
            Op::Try { body, handlers, finally } => self.guarded(body, handlers, finally.as_ref()),
            Op::Task(task) => self.spawned(task),
            Op::While(_)
            | Op::Repeat { .. }
            | Op::ForList { .. }
            | Op::ForQueue { .. }
            | Op::Retry { .. } => {
                self.looped(None, op);
            }
            Op::ForRange { body, .. } => self.looped(body.inputs.first().copied(), op),
            Op::Await(task) => {
                let sure = self.calm && self.types.expr(task).is(Kind::Task) && self.place != Place::Task;
                self.require(sure, "a task is awaited that may fail or be cancelled");
                walk_op(self, op);
            }
            _ => {
                match op {
                    Op::Log(text) | Op::Fail { message: Some(text), .. } => self.printed(text),
                    Op::Detach(_) => self.no("a task outlives its scope"),
                    Op::Shield { .. } => self.no("a block is shielded, and does not leave a task behind"),
                    Op::Race { .. } => self.no("the losers of a race are cancelled and clean up first"),
                    Op::Gather { .. } => self.no("what is gathered goes on after an error"),
                    Op::Cancel(_) => self.no("a task is cancelled on its own"),
                    Op::Extend { .. } => self.no("a deadline moves"),
                    Op::With { held: Held::Resource(_) | Held::Pool(_), .. } => {
                        self.no("a resource closes, whatever happens");
                    }
                    _ => {}
                }
                walk_op(self, op);
            }
        }
    }

    fn expr(&mut self, expr: &Expr) {
        let shown: Vec<&Expr> = match &expr.kind {
            ExprKind::Text(parts) => parts.iter().filter_map(hole).collect(),
            ExprKind::Builtin(Builtin::Str, args) => args.iter().collect(),
            ExprKind::List(items) => items.iter().collect(),
            _ => Vec::new(),
        };
        shown.into_iter().for_each(|shown| self.printed(shown));
        if matches!(expr.kind, ExprKind::Field(_, Field::Task)) {
            self.no("the task is asked for that an error came from");
        }
        walk_expr(self, expr);
    }
}
