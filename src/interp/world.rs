//! What all tasks of one run share: the plan, the declared things, the limits, the facts.

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::time::Duration;

use crate::event::{End, Event, Name, Observer, Outcome, Target};
use crate::host::Host;
use crate::ids::{ScopeId, TaskId};
use crate::lang::plan::{Held, Plan};
use crate::runtime::{self, RunHandle, Scope};
use crate::span::Span;
use crate::time::Time;

use super::eval::{eval, micros};
use super::frame::Frame;
use super::limits::{LENGTH_OF_STEP, Limit, MAX_EVENTS, MAX_LOG_BYTES, MAX_RUN, MAX_STEPS, MAX_TASKS};
use super::ops::Problem;
use super::shared::Shared;
use super::value::Value;

/// What all tasks of one run share.
pub(crate) struct World {
    pub(crate) plan: Rc<Plan>,
    pub(crate) host: Rc<dyn Host>,
    pub(crate) facts: Rc<Facts>,
    pub(crate) shared: OnceCell<Shared>,
    /// The outermost frame.
    pub(crate) top: Rc<Frame>,
    pub(crate) handle: OnceCell<RunHandle>,
    steps: Cell<u64>,
    log_bytes: Cell<usize>,
    limit: Cell<Option<Limit>>,
    pub(crate) expectation_failed: Cell<bool>,
}

impl World {
    pub(crate) fn new(plan: Rc<Plan>, host: Rc<dyn Host>, facts: Rc<Facts>) -> Rc<World> {
        let top = Frame::enter(&plan.body, None, Vec::new());
        Rc::new(World {
            plan,
            host,
            facts,
            shared: OnceCell::new(),
            top,
            handle: OnceCell::new(),
            steps: Cell::new(0),
            log_bytes: Cell::new(0),
            limit: Cell::new(None),
            expectation_failed: Cell::new(false),
        })
    }

    pub(crate) fn now(&self) -> Time {
        self.host.now()
    }

    /// Makes the declared things; `scope` is the root.
    pub(crate) fn declare(self: &Rc<Self>, scope: &Scope<'static>) -> Result<(), Problem> {
        let shared = Shared::declare(self, scope)?;
        drop(self.shared.set(shared));
        Ok(())
    }

    /// Counts a step; says which limit is reached, if one is.
    pub(crate) fn tick(&self) -> Result<(), Problem> {
        let steps = self.steps.get() + 1;
        self.steps.set(steps);
        let reached = if steps > MAX_STEPS {
            Limit::Steps
        } else if self.facts.tasks.get() > MAX_TASKS {
            Limit::Tasks
        } else if self.facts.events.get() > MAX_EVENTS {
            Limit::Events
        } else if self.now() > Time::ZERO + MAX_RUN {
            Limit::Run
        } else {
            return match self.limit.get() {
                Some(limit) => Err(Problem::Limit(limit)),
                None => Ok(()),
            };
        };
        Err(Problem::Limit(reached))
    }

    /// Counts the walk through `values` in steps, so that many steps over long texts or lists end in time.
    pub(crate) fn charge(&self, values: &[&Value]) -> Result<(), Problem> {
        let length = |value: &&Value| match value {
            Value::Str(text) => text.len(),
            Value::List(list) => list.size(),
            _ => 0,
        };
        let steps = values.iter().map(length).sum::<usize>() / LENGTH_OF_STEP;
        if steps == 0 {
            return Ok(());
        }
        self.steps.set(self.steps.get() + steps as u64 - 1);
        self.tick()
    }

    /// A limit is reached: the run ends at this instant. The first is kept.
    pub(crate) fn hit(&self, limit: Limit) {
        if self.limit.get().is_none() {
            self.limit.set(Some(limit));
        }
        if let Some(handle) = self.handle.get() {
            handle.stop();
        }
    }

    /// Nothing more may run, not even the rest of this turn.
    pub(crate) fn is_stopped(&self) -> bool {
        self.handle.get().is_some_and(RunHandle::is_stopped)
    }

    pub(crate) fn limit(&self) -> Option<Limit> {
        self.limit.get()
    }

    pub(crate) fn log(&self, text: Rc<str>, span: Span) -> Result<(), Problem> {
        self.log_bytes.set(self.log_bytes.get() + text.len());
        if self.log_bytes.get() > MAX_LOG_BYTES {
            return Err(Problem::Limit(Limit::Log));
        }
        self.say(|task| Event::Log { task, text, span: Some(span) });
        Ok(())
    }

    /// Says an event of the scenario in the current task.
    pub(crate) fn say(&self, event: impl FnOnce(TaskId) -> Event) {
        self.facts.on_event(self.now(), &event(runtime::current_task()));
    }

    pub(crate) fn peak(&self, held: Held) -> i64 {
        self.shared.get().map_or(0, |shared| micros(shared.peak(held)))
    }

    /// The seed's or the text's length of time, not negative.
    pub(crate) fn length(
        &self,
        length: &crate::lang::plan::Length,
        frame: &Frame,
    ) -> Result<Duration, Problem> {
        let from = eval(self, &length.from, frame)?;
        let value = match &length.to {
            None => from,
            Some(to) => super::eval::draw(self, &from, &eval(self, to, frame)?)?,
        };
        super::step::as_length(&value)
    }
}

/// What a run's expectations and outcome need to know of it, gathered as it happens.
pub(crate) struct Facts {
    next: Rc<dyn Observer>,
    ended: Cell<bool>,
    pub(crate) events: Cell<usize>,
    pub(crate) tasks: Cell<u32>,
    pub(crate) outcome: Cell<Outcome>,
    pub(crate) logged: RefCell<BTreeSet<Rc<str>>>,
    pub(crate) cancelled: RefCell<BTreeSet<Rc<str>>>,
    scopes: RefCell<BTreeMap<ScopeId, Name>>,
    paths: RefCell<Vec<Name>>,
}

impl Facts {
    /// Passes everything on to `next`.
    pub(crate) fn new(next: Rc<dyn Observer>) -> Rc<Facts> {
        Rc::new(Facts {
            next,
            ended: Cell::new(false),
            events: Cell::new(0),
            tasks: Cell::new(0),
            outcome: Cell::new(Outcome::Ok),
            logged: RefCell::default(),
            cancelled: RefCell::default(),
            scopes: RefCell::default(),
            paths: RefCell::default(),
        })
    }

    fn join(parent: Option<&Name>, name: &Name) -> Name {
        match parent.filter(|parent| !parent.is_empty()) {
            _ if name.is_empty() => parent.cloned().unwrap_or_else(|| name.clone()),
            Some(parent) => format!("{parent}/{name}").into(),
            None => name.clone(),
        }
    }
}

impl Observer for Facts {
    fn on_event(&self, at: Time, event: &Event) {
        // What is dropped with a run that was cut short has no part in its story.
        if self.ended.replace(matches!(event, Event::RunEnd { .. }) || self.ended.get()) {
            return;
        }
        self.events.set(self.events.get() + 1);
        match event {
            Event::ScopeOpen { scope, kind, task, parent, name, .. } => {
                let mut scopes = self.scopes.borrow_mut();
                let paths = self.paths.borrow();
                // The first block of a task stands below the task itself, not below the scope it was spawned into.
                let of_task = paths.get(task.index());
                let around = match parent.and_then(|parent| scopes.get(&parent)) {
                    Some(around) if of_task.is_none_or(|of_task| around.len() >= of_task.len()) => {
                        Some(around)
                    }
                    _ => of_task,
                };
                let path = if kind.has_children() {
                    Facts::join(around, name)
                } else {
                    around.cloned().unwrap_or_else(|| "".into())
                };
                scopes.insert(*scope, path);
            }
            Event::TaskSpawn { task, scope, name, .. } => {
                self.tasks.set(self.tasks.get() + 1);
                let scopes = self.scopes.borrow();
                let path = match scope {
                    Some(scope) => Facts::join(scopes.get(scope), name),
                    None if *task == TaskId::ROOT => name.clone(),
                    None => format!("detached/{name}").into(),
                };
                let mut paths = self.paths.borrow_mut();
                if paths.len() <= task.index() {
                    paths.resize(task.index() + 1, "".into());
                }
                paths[task.index()] = path;
            }
            // One whose cleanup fails, or is cut short by the end of the run, was cancelled all the same.
            Event::Cancel { target: Target::Task(task), .. } => {
                let path = self.paths.borrow().get(task.index()).cloned();
                self.cancelled.borrow_mut().extend(path);
            }
            Event::TaskEnd { task, result: End::Ok } => {
                if let Some(path) = self.paths.borrow().get(task.index()) {
                    self.cancelled.borrow_mut().remove(path);
                }
            }
            Event::Log { text, .. } => {
                self.logged.borrow_mut().insert(text.clone());
            }
            _ => {}
        }
        self.next.on_event(at, event);
    }
}
