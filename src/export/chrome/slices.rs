//! Stretches of time on a thread, kept inside each other.
//!
//! A viewer wants the slices of a thread to nest, but what a task does need not: a block may end while a wait
//! that began before it goes on. So where one ends below others, those are cut there and begin again.

use std::collections::BTreeMap;
use std::rc::Rc;

use serde_json::{Value, json};

use crate::ids::{ScopeId, TaskId};
use crate::order;
use crate::time::Time;

/// What a slice is, to find it again when it ends. A task has one of each kind at a time, and each scope once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
    /// The task's life.
    Task,
    /// A block.
    Scope(ScopeId),
    /// A wait.
    Wait,
    /// Computation on the loop.
    Work,
    /// Cleaning up.
    Cleanup,
}

/// A slice that has ended.
pub struct Slice {
    pub task: TaskId,
    pub start: Time,
    pub end: Time,
    pub cat: &'static str,
    pub name: Rc<str>,
    pub args: Value,
    /// When it was opened: of two that begin at one instant, the outer stands first.
    number: u32,
}

#[derive(Clone)]
struct Open {
    key: Key,
    start: Time,
    cat: &'static str,
    name: Rc<str>,
    args: Value,
    number: u32,
}

/// The slices of all threads.
#[derive(Default)]
pub struct Slices {
    open: BTreeMap<TaskId, Vec<Open>>,
    done: Vec<Slice>,
    count: u32,
}

impl Slices {
    /// A slice begins, inside those that are open.
    pub fn open(&mut self, at: Time, task: TaskId, key: Key, cat: &'static str, name: Rc<str>, args: Value) {
        self.count += 1;
        let number = self.count;
        self.open.entry(task).or_default().push(Open { key, start: at, cat, name, args, number });
    }

    /// The innermost slice of this key ends; says so if there is a `result`. None open: nothing ends.
    pub fn close(&mut self, at: Time, task: TaskId, key: Key, result: &str) {
        let Some(stack) = self.open.get_mut(&task) else { return };
        let Some(place) = stack.iter().rposition(|open| open.key == key) else { return };
        let mut above = stack.split_off(place);
        let ends = above.remove(0);
        for open in above.iter().rev() {
            self.done.push(open.clone().end(task, at, ""));
        }
        self.done.push(ends.end(task, at, result));
        for open in above {
            self.open(at, task, open.key, open.cat, open.name, open.args);
        }
    }

    /// The task ends, and with it all that is open on its thread.
    pub fn close_all(&mut self, at: Time, task: TaskId, result: &str) {
        for open in self.open.remove(&task).unwrap_or_default() {
            let result = if open.key == Key::Task { result } else { "" };
            self.done.push(open.end(task, at, result));
        }
    }

    /// All slices; what is still open ends with the run. Sorted so that what is outside stands first.
    pub fn finish(mut self, at: Time) -> Vec<Slice> {
        for (task, stack) in std::mem::take(&mut self.open) {
            self.done.extend(stack.into_iter().map(|open| open.end(task, at, "")));
        }
        order::by_key(&mut self.done, |slice| (slice.start, slice.number));
        self.done
    }
}

impl Open {
    fn end(self, task: TaskId, end: Time, result: &str) -> Slice {
        let Open { start, cat, name, mut args, number, .. } = self;
        if !result.is_empty() {
            match &mut args {
                Value::Object(args) => drop(args.insert("result".to_owned(), json!(result))),
                other => *other = json!({ "result": result }),
            }
        }
        Slice { task, start, end, cat, name, args, number }
    }
}
