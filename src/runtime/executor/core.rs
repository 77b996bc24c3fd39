//! The executor's state, and what the current turn may ask of it.

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::{BTreeMap, VecDeque};
use std::rc::{Rc, Weak};
use std::sync::Arc;
use std::task::Waker;

use crate::event::{Event, Name, Observer, ScopeKind};
use crate::host::Host;
use crate::ids::{ErrorId, ResourceId, ScopeId, TaskId};
use crate::span::Span;
use crate::time::Time;

use super::entry::{Entry, FIRST, TaskRef};
use super::schedule::Schedule;
use super::tasks::Tasks;
use super::timers::{Order, Timers};
use super::wake::{Inbox, LentWaker, Wakeup};
use crate::runtime::cancel::cleanup::Cleanup;
use crate::runtime::cancel::stop::StopRequest;
use crate::runtime::explain::cause::Cause;
use crate::runtime::explain::lint::Lints;
use crate::runtime::explain::resource::Explain;
use crate::runtime::scope::block::{Block, PathNode};
use crate::runtime::scope::local::Locals;
use crate::runtime::scope::state::ScopeCore;
use crate::runtime::scope::task_path::TaskPath;

thread_local! {
    static CURRENT: RefCell<Option<Rc<Core>>> = const { RefCell::new(None) };
}

/// The executor that has the thread now.
pub(crate) fn current() -> Option<Rc<Core>> {
    CURRENT.with_borrow(Option::clone)
}

/// Calls `f` with the executor that has the thread now, if there is one.
pub(crate) fn with_current<R>(f: impl FnOnce(&Rc<Core>) -> R) -> Option<R> {
    CURRENT.with_borrow(|core| core.as_ref().map(f))
}

/// One entry of the run queue.
#[derive(Clone)]
pub(crate) enum Turn {
    /// Poll a task.
    Poll(TaskRef),
    /// Let a scope see that a child failed, that it was cancelled, or that no child is left.
    Act(Rc<ScopeCore>),
}

/// A step on the way from a root body to a task that borrows: through this
/// scope, to the child under this index; without one, to the scope itself.
pub(crate) struct Step {
    pub(crate) scope: Rc<ScopeCore>,
    pub(crate) child: Option<u32>,
}

/// Outside any turn: what is done there counts for the root.
pub(super) const NOBODY: (TaskRef, *const ()) = (TaskRef { slot: 0, id: TaskId::ROOT }, std::ptr::null());

/// Everything one executor knows. Shared by reference count among the handles of its run.
pub(crate) struct Core {
    pub(crate) host: Rc<dyn Host>,
    observer: Option<Rc<dyn Observer>>,
    inbox: Arc<Inbox>,
    pub(crate) tasks: RefCell<Tasks>,
    pub(super) ready: RefCell<VecDeque<Turn>>,
    /// What a test asks for; none in other runs.
    schedule: OnceCell<Box<Schedule>>,
    pub(crate) timers: RefCell<Timers>,
    /// Nobody is due before this instant; `Time::MAX` where nobody waits for one.
    pub(crate) first_due: Cell<Time>,
    /// Real requests and jobs that the host has not answered.
    pub(crate) outstanding: Cell<u32>,
    /// The rest of the way to the task whose turn it is; the next step is last.
    pub(crate) route: RefCell<Vec<Step>>,
    /// Wakers that nobody kept, for the next polls. More than one where polls nest.
    lent: RefCell<Vec<LentWaker>>,
    /// Who is due, while it is being woken; its room is used again.
    pub(crate) due: RefCell<Vec<(Order, Wakeup)>>,
    /// Turns since the executor was last given the thread.
    pub(crate) turns: Cell<u32>,
    /// Somebody on the stack was cancelled: whoever polls inside lets go, so that it can be dropped.
    pub(crate) unwinding: Cell<bool>,
    /// The task whose body is on top of the stack.
    task: Cell<TaskRef>,
    task_waker: Cell<*const ()>,
    /// The innermost block of that task whose body is on the stack.
    block: Cell<Option<Rc<Block>>>,
    /// Where in a source text the current turn is.
    span: Cell<Option<Span>>,
    /// A future is being dropped because it was cancelled.
    pub(crate) dropping: Cell<bool>,
    pub(crate) cancels: RefCell<VecDeque<TaskRef>>,
    pub(crate) cancelling: Cell<bool>,
    next_scope: Cell<u32>,
    next_resource: Cell<u32>,
    next_error: Cell<u32>,
    next_number: Cell<u32>,
    /// Because of what a part of a task is being dropped, and of which task.
    pub(crate) striking: RefCell<Option<(TaskRef, Rc<Cause>)>>,
    /// What went by without an error and is probably a mistake.
    pub(crate) lints: Lints,
    /// Shared things by number, for explanations.
    pub(crate) explainers: RefCell<BTreeMap<ResourceId, Weak<dyn Explain>>>,
    /// Tasks that no scope waits for.
    pub(crate) detached: RefCell<Vec<TaskRef>>,
    pub(crate) detached_node: OnceCell<Rc<PathNode>>,
    /// When a shutdown's grace is spent.
    pub(crate) cut_at: Cell<Option<Time>>,
    pub(crate) stop_request: StopRequest,
    pub(crate) locals: Locals,
    /// Set once: nothing more runs.
    pub(crate) stopped: Cell<bool>,
}

/// What the current turn stood in before; put back on drop.
pub(crate) struct Entered<'core> {
    core: &'core Core,
    task: TaskRef,
    task_waker: *const (),
    block: Option<Rc<Block>>,
    span: Option<Span>,
}

impl Drop for Entered<'_> {
    fn drop(&mut self) {
        self.core.task.set(self.task);
        self.core.task_waker.set(self.task_waker);
        self.core.span.set(self.span);
        self.core.block.set(self.block.take());
    }
}

/// Marks the executor as the one that has the thread; put back on drop.
pub(crate) struct Running(Option<Rc<Core>>);

impl Drop for Running {
    fn drop(&mut self) {
        CURRENT.set(self.0.take());
    }
}

impl Core {
    pub(crate) fn new(host: Rc<dyn Host>, observer: Option<Rc<dyn Observer>>) -> Rc<Core> {
        Rc::new(Core {
            host,
            observer,
            inbox: Arc::default(),
            tasks: RefCell::default(),
            ready: RefCell::default(),
            schedule: OnceCell::new(),
            timers: RefCell::default(),
            first_due: Cell::new(Time::MAX),
            outstanding: Cell::new(0),
            route: RefCell::default(),
            lent: RefCell::default(),
            due: RefCell::default(),
            turns: Cell::new(0),
            unwinding: Cell::new(false),
            task: Cell::new(NOBODY.0),
            task_waker: Cell::new(NOBODY.1),
            block: Cell::new(None),
            span: Cell::new(None),
            dropping: Cell::new(false),
            cancels: RefCell::default(),
            cancelling: Cell::new(false),
            next_scope: Cell::new(0),
            next_resource: Cell::new(0),
            next_error: Cell::new(0),
            next_number: Cell::new(FIRST),
            striking: RefCell::default(),
            lints: Lints::default(),
            explainers: RefCell::default(),
            detached: RefCell::default(),
            detached_node: OnceCell::new(),
            cut_at: Cell::new(None),
            stop_request: StopRequest::default(),
            locals: Locals::default(),
            stopped: Cell::new(false),
        })
    }

    /// The executor of the current turn.
    ///
    /// # Panics
    /// Outside a run, with the name of what was called.
    #[track_caller]
    pub(crate) fn expect_current(called: &str) -> Rc<Core> {
        match current() {
            Some(core) => core,
            None => panic!(
                "`{called}` was called outside a run: call it from a future given to `Run`, `block_on_virtual` or `spawn`"
            ),
        }
    }

    /// For a call that may come from outside a turn, a button's for instance:
    /// the executor has the thread until what is returned is dropped, and
    /// whoever drives the run looks again. None inside a turn.
    pub(crate) fn visit(self: &Rc<Core>) -> Option<Running> {
        let inside = with_current(|running| Rc::ptr_eq(running, self)).unwrap_or_default();
        (!inside).then(|| {
            self.kick();
            self.start_running()
        })
    }

    /// Makes this the executor that has the thread.
    pub(crate) fn start_running(self: &Rc<Core>) -> Running {
        Running(CURRENT.replace(Some(self.clone())))
    }

    pub(crate) fn inbox(&self) -> &Arc<Inbox> {
        &self.inbox
    }

    pub(crate) fn now(&self) -> Time {
        self.host.now()
    }

    // What the current turn stands in.

    pub(crate) fn task(&self) -> TaskRef {
        self.task.get()
    }

    /// Whose turn it is; none outside a turn.
    pub(crate) fn whose_turn(&self) -> Option<TaskId> {
        (!self.task_waker.get().is_null()).then(|| self.task.get().id)
    }

    pub(crate) fn span(&self) -> Option<Span> {
        self.span.get()
    }

    pub(crate) fn set_span(&self, span: Option<Span>) {
        self.span.set(span);
    }

    pub(crate) fn block(&self) -> Option<Rc<Block>> {
        let block = self.block.take();
        self.block.set(block.clone());
        block
    }

    /// From here to the drop of what is returned, `task` has its turn, polled with a waker that points at `waker`.
    pub(crate) fn enter_task(&self, task: TaskRef, waker: *const ()) -> Entered<'_> {
        let task_waker = self.task_waker.replace(waker);
        Entered {
            core: self,
            task: self.task.replace(task),
            task_waker,
            block: self.block.take(),
            span: self.span.take(),
        }
    }

    /// Whose turn it is.
    pub(super) fn turn(&self) -> (TaskRef, *const ()) {
        (self.task.get(), self.task_waker.get())
    }

    /// Within what [`Core::enter_task`] returned, gives the turn to another.
    pub(super) fn pass_turn(&self, (task, waker): (TaskRef, *const ())) {
        self.task.set(task);
        self.task_waker.set(waker);
        self.span.set(None);
    }

    /// From here to the drop of what is returned, `block` is the innermost.
    pub(crate) fn enter_block(&self, block: &Rc<Block>) -> Entered<'_> {
        let outer = self.block.replace(Some(block.clone()));
        let (task, task_waker, span) = (self.task.get(), self.task_waker.get(), self.span.get());
        Entered { core: self, task, task_waker, block: outer, span }
    }

    /// The current task, if `waker` is its own and not that of a combinator in between.
    pub(crate) fn task_of(&self, waker: &Waker) -> Option<TaskRef> {
        std::ptr::eq(waker.data(), self.task_waker.get()).then(|| self.task.get())
    }

    /// A waker for one poll of `task`.
    pub(crate) fn lend_waker(&self, task: TaskRef) -> LentWaker {
        let lent = self.lent.borrow_mut().pop().unwrap_or_else(|| LentWaker::new(&self.inbox));
        lent.point_at(task);
        lent
    }

    /// A waker that nobody kept.
    pub(super) fn put_back(&self, lent: LentWaker) {
        self.lent.borrow_mut().push(lent);
    }

    // The run queue.

    pub(crate) fn push_ready(&self, task: TaskRef) {
        self.ready.borrow_mut().push_back(Turn::Poll(task));
    }

    /// Puts `task` at the end of the run queue unless it is there already.
    pub(crate) fn wake(&self, task: TaskRef) {
        let mut tasks = self.tasks.borrow_mut();
        let asleep = tasks.get_mut(task).is_some_and(|entry| !std::mem::replace(&mut entry.queued, true));
        drop(tasks);
        if asleep {
            self.push_ready(task);
        }
    }

    pub(crate) fn push_act(&self, scope: &Rc<ScopeCore>) {
        if !scope.act_queued.replace(true) {
            self.ready.borrow_mut().push_back(Turn::Act(scope.clone()));
        }
    }

    /// Whether what is polled is only on the way to a child's turn.
    pub(crate) fn is_passing(&self) -> bool {
        self.route.borrow().last().is_some_and(|step| step.child.is_some())
    }

    /// Whether the next turn is that of `scope`.
    pub(crate) fn is_next(&self, scope: &Rc<ScopeCore>) -> bool {
        matches!(self.ready.borrow().front(), Some(Turn::Act(next)) if Rc::ptr_eq(next, scope))
    }

    /// Gives `scope` its turn right after the current one.
    pub(crate) fn act_next(&self, scope: &Rc<ScopeCore>) {
        self.put_first(Turn::Act(scope.clone()));
    }

    /// Gives `task` its turn right after the current one.
    pub(crate) fn wake_next(&self, task: TaskRef) {
        self.put_first(Turn::Poll(task));
    }

    fn put_first(&self, turn: Turn) {
        self.ready.borrow_mut().push_front(turn);
        if let Some(schedule) = self.tested() {
            schedule.put_first();
        }
    }

    pub(crate) fn next_turn(&self) -> Option<Turn> {
        match self.tested() {
            None => self.ready.borrow_mut().pop_front(),
            Some(schedule) => schedule.next_turn(&self.ready),
        }
    }

    pub(crate) fn has_ready(&self) -> bool {
        !self.ready.borrow().is_empty()
    }

    /// What a test has asked for.
    pub(crate) fn tested(&self) -> Option<&Schedule> {
        self.schedule.get().map(|schedule| &**schedule)
    }

    /// Where a test asks.
    pub(crate) fn schedule(&self) -> &Schedule {
        self.schedule.get_or_init(Box::default)
    }

    /// What is in the run queue now keeps its order.
    pub(crate) fn keep_order(&self) {
        if let Some(schedule) = self.tested() {
            schedule.keep_order(self.ready.borrow().len());
        }
    }

    /// Nothing more runs: what is queued is forgotten.
    pub(crate) fn stop(&self) {
        self.stopped.set(true);
        let ready = self.ready.take();
        drop(ready);
    }

    // Saying what happens.

    /// Nothing happens in a run that has stopped, whatever is dropped of it.
    pub(crate) fn emit(&self, event: impl FnOnce() -> Event) {
        if let Some(observer) = &self.observer
            && !self.stopped.get()
        {
            observer.on_event(self.now(), &event());
        }
    }

    // Numbers and names.

    pub(crate) fn new_error_id(&self) -> ErrorId {
        ErrorId(advance(&self.next_error))
    }

    pub(crate) fn new_resource_id(&self) -> ResourceId {
        ResourceId(advance(&self.next_resource))
    }

    /// Tells waits from each other, the earlier from the later. Numbers may come round again: no two that matter are so far apart.
    pub(crate) fn new_number(&self) -> u32 {
        let number = self.next_number.get().checked_add(1).unwrap_or(FIRST + 1);
        self.next_number.set(number);
        number
    }

    /// What the path of `task` is put together from.
    pub(crate) fn path(&self, task: TaskRef) -> Option<TaskPath> {
        self.tasks.borrow().known(task).map(|entry| entry.path.clone())
    }

    /// The place of `task` in paths.
    pub(crate) fn node(&self, task: TaskRef) -> Rc<PathNode> {
        let mut tasks = self.tasks.borrow_mut();
        tasks.known_mut(task).map_or_else(|| PathNode::new(None, "".into()), Entry::node)
    }

    /// Opens a block in the current task. Its name stands in paths if it can have children.
    pub(crate) fn open_block(&self, kind: ScopeKind, name: &Name) -> Rc<Block> {
        let task = self.task();
        let inner = self.block();
        let around = inner.as_ref().map_or_else(|| self.node(task), |block| block.node.clone());
        let parent = inner.or_else(|| {
            let tasks = self.tasks.borrow();
            tasks.get(task).and_then(|entry| entry.scope.as_ref().map(|scope| scope.block.clone()))
        });
        let (node, name) = if kind.has_children() && !name.is_empty() {
            let name = around.unique(name);
            (PathNode::new(Some(around), name.clone()), name)
        } else {
            (around, name.clone())
        };
        let id = ScopeId(advance(&self.next_scope));
        let block = Rc::new(Block {
            id,
            kind,
            task: Cell::new(task),
            parent,
            node,
            deadline: Cell::new(None),
            cleaning: Cell::new(false),
            locals: self.locals.in_force(),
            cleanups: RefCell::default(),
        });
        self.emit(|| Event::ScopeOpen {
            scope: id,
            kind,
            task: task.id,
            parent: block.parent.as_ref().map(|parent| parent.id),
            name,
            span: self.span(),
        });
        block
    }

    /// Hands `cleanup` to the nearest boundary around the current place.
    pub(crate) fn hand_over(&self, cleanup: Cleanup) {
        if self.stopped.get() {
            return;
        }
        let cleanup = self.carry_locals(cleanup);
        if let Some(block) = self.block() {
            block.cleanups.borrow_mut().push_back(cleanup);
        } else if let Some(entry) = self.tasks.borrow_mut().get_mut(self.task()) {
            entry.rare().cleanups.push_back(cleanup);
        }
    }

    /// Whether something that must be cleaned up first was just handed over, by
    /// the same cancellation: then a release has to queue behind it.
    pub(crate) fn must_queue_release(&self) -> bool {
        if !self.dropping.get() {
            return false;
        }
        match self.block() {
            Some(block) => !block.cleanups.borrow().is_empty(),
            None => {
                let tasks = self.tasks.borrow();
                tasks.get(self.task()).is_some_and(Entry::has_cleanups)
            }
        }
    }
}

fn advance(counter: &Cell<u32>) -> u32 {
    counter.replace(counter.get() + 1)
}
