//! Deadlocks: who can never go on, who of them wait for each other, and who only wait for those.

use std::collections::BTreeMap;
use std::fmt;

use crate::event::Wait;
use crate::ids::{ResourceId, ScopeId, TaskId};

use super::explanation::Explanation;
use super::graph::{Graph, Needs};
use super::look::Look;
use super::wait::Waited;
use crate::runtime::executor::core::Core;
use crate::runtime::executor::entry::TaskRef;

/// Of each kind no more tasks are explained; the others are counted.
const MOST_TOLD: usize = 100;

/// Tasks that can never go on.
///
/// It displays as one sentence after the other; [`Stuck::sentences`] gives them apart.
///
/// ```
/// use taskscope::runtime::{Limiter, RunError, block_on_virtual, scope};
///
/// let result: Result<(), _> = block_on_virtual(async {
///     let (left, right) = (Limiter::named("left", 1), Limiter::named("right", 1));
///     scope(async |s| {
///         for (name, first, second) in [("a", &left, &right), ("b", &right, &left)] {
///             s.spawn_named(name, async move {
///                 let _first = first.acquire().await;
///                 taskscope::runtime::sleep(std::time::Duration::from_secs(1)).await;
///                 let _second = second.acquire().await;
///                 Ok(())
///             });
///         }
///         Ok(())
///     })
///     .await?;
///     Ok(())
/// });
/// let Err(RunError::Stuck(stuck)) = result else { panic!("it must be stuck") };
/// assert_eq!(
///     stuck.sentences(),
///     [
///         "main/scope/a and main/scope/b wait for each other:",
///         "main/scope/a waits for limiter `right`, held by main/scope/b",
///         "main/scope/b waits for limiter `left`, held by main/scope/a",
///         "and because of that:",
///         "main waits for the children of main/scope",
///     ]
/// );
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Stuck {
    /// Tasks that wait for each other in a circle, each from the one that was spawned first, in the order of waiting.
    pub circles: Vec<Vec<Explanation>>,
    /// Tasks that wait for what nobody holds and nobody is left to give.
    pub forsaken: Vec<Explanation>,
    /// Tasks that only wait for others of these.
    pub bystanders: Vec<Explanation>,
    /// How many more there are that nothing is told of.
    pub more: usize,
    /// What else there is to say: of a run under a clock that is moved by hand, that nobody moves it.
    pub notes: Vec<String>,
}

impl Stuck {
    /// How many tasks are stuck.
    pub fn len(&self) -> usize {
        self.told().count() + self.more
    }

    /// Whether none is.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn told(&self) -> impl Iterator<Item = &Explanation> {
        self.circles.iter().flatten().chain(&self.forsaken).chain(&self.bystanders)
    }

    /// A sentence for each task, with a heading over those that wait in a circle and over those that only wait for others.
    pub fn sentences(&self) -> Vec<String> {
        let mut sentences = Vec::new();
        let sentence = |told: &Explanation| format!("{} {}", told.path, told.waiting(false));
        for circle in &self.circles {
            sentences.extend(heading(circle));
            sentences.extend(circle.iter().map(sentence));
        }
        sentences.extend(self.forsaken.iter().map(sentence));
        if !self.bystanders.is_empty() {
            sentences.push("and because of that:".to_owned());
            sentences.extend(self.bystanders.iter().map(sentence));
        }
        if self.more > 0 {
            sentences.push(format!("and {} more wait", self.more));
        }
        sentences.extend(self.notes.iter().cloned());
        sentences
    }
}

/// `main/a and main/b wait for each other:`; nothing for a task that waits for itself, whose sentence says it all.
fn heading(circle: &[Explanation]) -> Option<String> {
    match circle {
        [] | [_] => None,
        [a, b] => Some(format!("{} and {} wait for each other:", a.path, b.path)),
        [first, .., last] => Some(format!(
            "{} tasks wait for each other in a circle, from {} to {}:",
            circle.len(),
            first.path,
            last.path
        )),
    }
}

impl fmt::Display for Stuck {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut gap = "deadlock: ";
        for sentence in self.sentences() {
            write!(f, "{gap}{sentence}")?;
            gap = if sentence.ends_with(':') { " " } else { "; " };
        }
        Ok(())
    }
}

impl Core {
    /// Nothing can happen any more: everybody is stuck.
    pub(crate) fn everybody_stuck(&self) -> Stuck {
        let look = Look::at(self);
        Waits::new(&look, |_, _| false).stuck()
    }

    /// Those who can never go on, as things stand.
    pub(crate) fn stuck(&self) -> Stuck {
        let look = Look::at(self);
        Waits::new(&look, goes_on).stuck()
    }
}

/// Whether a task goes on without anybody else: it is ready, or waits for an instant, something outside, or a deadline.
fn goes_on(core: &Core, task: TaskRef) -> bool {
    let tasks = core.tasks.borrow();
    let Some(entry) = tasks.get(task) else { return true };
    let outside = |wait: &Waited| {
        let by_itself =
            matches!(wait.on, Wait::Timer { .. } | Wait::Fetch { .. } | Wait::Worker { .. } | Wait::Other(_));
        by_itself || core.deadline_around(task, wait.inside.clone()).is_some()
    };
    entry.queued || entry.polling || entry.waits().next().is_none() || entry.waits().any(outside)
}

/// What a node of the graph stands for. Tasks come first, in the order in which they were spawned.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Node {
    Task(TaskId),
    Resource(ResourceId),
    Children(ScopeId),
}

/// Who waits for whom.
struct Waits<'look, 'core> {
    look: &'look Look<'core>,
    graph: Graph,
    numbers: BTreeMap<Node, usize>,
    /// Whether what nobody holds may be given by somebody all the same.
    is_open: bool,
}

impl<'look, 'core> Waits<'look, 'core> {
    fn new(look: &'look Look<'core>, goes_on: fn(&Core, TaskRef) -> bool) -> Self {
        let mut waits = Waits { look, graph: Graph::default(), numbers: BTreeMap::new(), is_open: false };
        for (id, task) in &look.tasks {
            let goes_on = goes_on(look.core, *task);
            waits.is_open |= goes_on;
            let number = waits.graph.add(if goes_on { Needs::Nothing } else { Needs::Any });
            waits.numbers.insert(Node::Task(*id), number);
        }
        for (number, task) in look.tasks.values().enumerate() {
            for on in look.waits_of(*task) {
                waits.add(number, &on);
            }
        }
        waits
    }

    fn add(&mut self, from: usize, on: &Wait) {
        let (node, needs, tasks) = match on {
            Wait::Task(task) => return self.edge(from, *task),
            Wait::Children(scope) => {
                (Node::Children(*scope), Needs::All, self.look.children(*scope).to_vec())
            }
            Wait::Resource { resource, .. } => {
                let holders =
                    self.look.core.resource(*resource).map(|known| known.holders()).unwrap_or_default();
                // What nobody holds, or nobody who is still there, anybody may give.
                let held = holders.iter().any(|holder| self.look.tasks.contains_key(holder));
                let needs = if held || !self.is_open { Needs::Any } else { Needs::Nothing };
                (Node::Resource(*resource), needs, holders)
            }
            Wait::Timer { .. } | Wait::Fetch { .. } | Wait::Worker { .. } | Wait::Other(_) => return,
        };
        if let Some(known) = self.numbers.get(&node) {
            return self.graph.edge(from, *known);
        }
        let number = self.graph.add(needs);
        self.numbers.insert(node, number);
        self.graph.edge(from, number);
        tasks.into_iter().for_each(|task| self.edge(number, task));
    }

    fn edge(&mut self, from: usize, to: TaskId) {
        if let Some(to) = self.numbers.get(&Node::Task(to)) {
            self.graph.edge(from, *to);
        }
    }

    fn stuck(&self) -> Stuck {
        let tasks: Vec<TaskRef> = self.look.tasks.values().copied().collect();
        let stuck = self.graph.stuck();
        let mut found = Stuck::default();
        let mut told = vec![false; stuck.len()];
        for circle in self.graph.circles(stuck.clone()) {
            let circle = circle.into_iter().filter(|node| *node < tasks.len());
            let circle: Vec<usize> = circle.inspect(|node| told[*node] = true).collect();
            match found.circles.len() < MOST_TOLD {
                true => found
                    .circles
                    .push(circle.iter().filter_map(|node| self.look.explain(tasks[*node])).collect()),
                false => found.more += circle.len(),
            }
        }
        for (node, task) in tasks.iter().enumerate().filter(|(node, _)| stuck[*node] && !told[*node]) {
            let is_somebody = |next: &usize| *next < tasks.len() || !self.graph.next(*next).is_empty();
            let waits_for_somebody = self.graph.next(node).iter().any(is_somebody);
            let kind = if waits_for_somebody { &mut found.bystanders } else { &mut found.forsaken };
            match kind.len() < MOST_TOLD {
                true => kind.extend(self.look.explain(*task)),
                false => found.more += 1,
            }
        }
        found
    }
}
