//! Looking at a run between two turns, or in one: who waits for what, held by whom, until when.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use crate::event::{ResourceKind, ScopeKind, Wait};
use crate::ids::{ResourceId, ScopeId, TaskId};
use crate::time::Time;

use super::cause::failed;
use super::explanation::{Doing, EffectiveDeadline, Explanation, Holder, WaitsFor};
use super::wait::Waited;
use crate::runtime::executor::core::Core;
use crate::runtime::executor::entry::{Entry, TaskRef};
use crate::runtime::scope::block::Block;

/// A run at one instant. Made in one go over all tasks, so that whatever is asked about any of them is found at once.
pub(crate) struct Look<'core> {
    pub(crate) core: &'core Core,
    /// Every task that has not ended, in the order in which they were spawned.
    pub(crate) tasks: BTreeMap<TaskId, TaskRef>,
    /// Scopes that have children, with those.
    scopes: BTreeMap<ScopeId, (Rc<Block>, Vec<TaskId>)>,
    /// The waits in each line, by their numbers, the first first.
    lines: BTreeMap<ResourceId, Vec<u32>>,
}

impl Core {
    /// What `task` is about now; of one that has ended, how it did, as long as a handle is left.
    pub(crate) fn explain(&self, task: TaskRef) -> Option<Explanation> {
        Look::at(self).explain(task)
    }

    /// The path of a task that may have ended; its number where that is forgotten.
    pub(crate) fn last_path(&self, task: TaskId) -> String {
        let known = self.tasks.borrow().last_path(task);
        known.map_or_else(|| format!("{task:?}"), |path| path.path())
    }

    /// What every task is about that has not ended, in the order in which they were spawned.
    pub(crate) fn explain_all(&self) -> Vec<Explanation> {
        let look = Look::at(self);
        look.tasks.values().filter_map(|task| look.explain(*task)).collect()
    }
}

impl<'core> Look<'core> {
    pub(crate) fn at(core: &'core Core) -> Look<'core> {
        let tasks = core.tasks.borrow();
        let mut look = Look { core, tasks: BTreeMap::new(), scopes: BTreeMap::new(), lines: BTreeMap::new() };
        let mut standing = Vec::new();
        for (task, entry) in tasks.iter() {
            look.tasks.insert(task.id, task);
            for wait in entry.waits() {
                if let Wait::Resource { resource, ahead } = wait.on {
                    standing.push((wait.number, resource, ahead));
                }
            }
        }
        for (id, task) in &look.tasks {
            if let Some(scope) = tasks.get(*task).and_then(|entry| entry.scope.as_ref()) {
                let known = look.scopes.entry(scope.block.id);
                known.or_insert_with(|| (scope.block.clone(), Vec::new())).1.push(*id);
            }
        }
        // A line is what it became when one joined it after the other, each behind those that were said to be ahead.
        standing.sort_unstable_by_key(|(number, ..)| *number);
        for (number, resource, ahead) in standing {
            let line = look.lines.entry(resource).or_default();
            line.insert(line.len().min(ahead as usize), number);
        }
        drop(tasks);
        look
    }

    pub(crate) fn explain(&self, task: TaskRef) -> Option<Explanation> {
        let tasks = self.core.tasks.borrow();
        let entry = tasks.known(task)?;
        let (path, doing, cause) = (entry.path.clone(), self.doing(entry), entry.cancel.clone());
        let error = entry.known_rare().and_then(|rare| rare.error.clone());
        let waits = entry.waits().map(|wait| self.waits_for(wait)).collect();
        let deadline = self.deadline(task, entry);
        drop(tasks);
        // From here on errors say what they are, which is code of the user's.
        let path = path.path();
        let reason = cause.as_ref().map(|cause| cause.reason);
        let because = match (&cause, &error) {
            (Some(cause), _) => cause.told(path.clone()),
            (None, Some(error)) => {
                error.leaves().next().map(|leaf| failed(&path, leaf)).into_iter().collect()
            }
            (None, None) => Vec::new(),
        };
        let at = self.core.now();
        Some(Explanation { task: task.id, path, at, doing, waits, deadline, reason, because })
    }

    /// What a task waits for.
    pub(crate) fn waits_of(&self, task: TaskRef) -> Vec<Wait> {
        let tasks = self.core.tasks.borrow();
        tasks.get(task).map(|entry| entry.waits().map(|wait| wait.on.clone()).collect()).unwrap_or_default()
    }

    fn doing(&self, entry: &Entry) -> Doing {
        match entry.end {
            Some(end) => Doing::Ended(end),
            None if self.core.whose_turn() == Some(entry.id) => Doing::Running,
            None if entry.queued => Doing::Ready,
            None if entry.cleaning => Doing::CleaningUp,
            None => Doing::Waiting,
        }
    }

    /// The first of the deadlines around all places where it waits.
    fn deadline(&self, task: TaskRef, entry: &Entry) -> Option<EffectiveDeadline> {
        if entry.end.is_some() {
            return None;
        }
        let mut insides: Vec<Option<Rc<Block>>> = entry.waits().map(|wait| wait.inside.clone()).collect();
        if insides.is_empty() {
            insides.push(self.core.block().filter(|_| self.core.whose_turn() == Some(entry.id)));
        }
        let found = insides.into_iter().filter_map(|inside| self.core.deadline_around(task, inside));
        let (at, block) = found.min_by_key(|(at, _)| *at)?;
        let set_by = block.map_or_else(|| "the shutdown".to_owned(), |block| whose(&block));
        Some(EffectiveDeadline { at, set_by })
    }

    fn waits_for(&self, wait: &Waited) -> WaitsFor {
        let (mut place, mut holders) = (None, Vec::new());
        let name = match &wait.on {
            Wait::Timer { until } => format!("the instant {}", until.readable()),
            Wait::Task(task) => format!("the end of {}", self.path(*task)),
            Wait::Children(scope) => format!("the children of {}", self.scope_path(*scope)),
            Wait::Resource { resource, .. } => match self.core.resource(*resource) {
                Some(known) => {
                    if !matches!(known.kind(), ResourceKind::Event | ResourceKind::Barrier) {
                        place = self.place(*resource, wait.number);
                    }
                    holders = self.holders(known.holders());
                    known.title()
                }
                None => "something that is gone".to_owned(),
            },
            Wait::Fetch { url } => format!("an answer from {url}"),
            Wait::Worker { what } => format!("the worker that computes {what}"),
            Wait::Other(what) => what.to_string(),
        };
        WaitsFor { on: wait.on.clone(), name, place, holders }
    }

    fn place(&self, resource: ResourceId, number: u32) -> Option<usize> {
        self.lines.get(&resource)?.iter().position(|known| *known == number).map(|at| at + 1)
    }

    fn holders(&self, mut tasks: Vec<TaskId>) -> Vec<Holder> {
        let mut known = BTreeSet::new();
        tasks.retain(|task| known.insert(*task));
        let holder = |task| Holder { task, path: self.path(task), until: self.sleeps_until(task) };
        tasks.into_iter().map(holder).collect()
    }

    fn sleeps_until(&self, task: TaskId) -> Option<Time> {
        let tasks = self.core.tasks.borrow();
        let mut waits = tasks.get(*self.tasks.get(&task)?)?.waits();
        match (waits.next()?, waits.next()) {
            (Waited { on: Wait::Timer { until }, .. }, None) => Some(*until),
            _ => None,
        }
    }

    pub(crate) fn path(&self, task: TaskId) -> String {
        if let Some(path) = self.tasks.get(&task).and_then(|task| self.core.path(*task)) {
            return path.path();
        }
        format!("{}, which has ended", self.core.last_path(task))
    }

    fn scope_path(&self, scope: ScopeId) -> String {
        let known = self.scopes.get(&scope);
        known.map_or_else(|| "its scope".to_owned(), |(block, _)| block.node.path())
    }

    /// Those that a wait is for, if it is for tasks: of a scope's children, all have to end.
    pub(crate) fn children(&self, scope: ScopeId) -> &[TaskId] {
        self.scopes.get(&scope).map(|(_, children)| &children[..]).unwrap_or_default()
    }
}

/// `timeout in main`.
fn whose(block: &Block) -> String {
    let kind = match block.kind {
        ScopeKind::Timeout => "timeout",
        ScopeKind::Shield => "shield",
        _ => "scope",
    };
    format!("{kind} in {}", block.node.path())
}
