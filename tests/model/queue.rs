//! Queues of each kind against a list of items that is searched from end to end.

use std::cell::RefCell;
use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::rc::Rc;

use proptest::prelude::{Just, Strategy, any};
use proptest::prop_oneof;
use taskscope::runtime::{Queue, QueueStatistics, Result, Scope, Task, TryPutError, TryTakeError, scope};

use super::trial::{Ready, choose, same, trial, turn};

/// Compared by rank alone, so that there are ties.
#[derive(Clone, Copy, Debug)]
struct Item {
    rank: u8,
    id: usize,
}

impl Ord for Item {
    fn cmp(&self, other: &Self) -> Ordering {
        self.rank.cmp(&other.rank)
    }
}

impl PartialOrd for Item {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Item {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Item {}

#[derive(Clone, Copy, Debug)]
enum Kind {
    First,
    Last,
    Largest,
}

#[derive(Clone, Debug)]
enum Operation {
    Put(u8),
    TryPut(u8),
    Take,
    TryTake,
    Join,
    Done,
    Cancel(usize),
    Close,
    Abort,
    Turn,
}

fn operation() -> impl Strategy<Value = Operation> {
    prop_oneof![
        20 => (0..3_u8).prop_map(Operation::Put),
        4 => (0..3_u8).prop_map(Operation::TryPut),
        20 => Just(Operation::Take),
        4 => Just(Operation::TryTake),
        2 => Just(Operation::Join),
        16 => Just(Operation::Done),
        12 => any::<usize>().prop_map(Operation::Cancel),
        1 => Just(Operation::Close),
        1 => Just(Operation::Abort),
        24 => Just(Operation::Turn),
    ]
}

#[derive(Clone, Copy, Debug)]
enum Wish {
    Put(Item),
    Take,
    Join,
}

#[derive(Clone, Copy, Debug)]
enum Stage {
    New(Wish),
    Waits(Wish),
    /// It was served, and its turn has not come: what it will tell, and the item it was handed, by number.
    Served(&'static str, Option<(usize, Item)>),
}

struct Model {
    kind: Kind,
    capacity: Option<u64>,
    /// What is inside, in no order, each with its number.
    inside: Vec<(usize, Item)>,
    next: usize,
    closed: bool,
    unfinished: u64,
    peak: usize,
    stages: BTreeMap<usize, Stage>,
    /// Who waits, in order of arrival.
    line: Vec<usize>,
    ready: Ready,
    log: Vec<(usize, String)>,
}

fn told(what: &str, item: Option<Item>) -> String {
    item.map_or_else(|| what.to_string(), |item| format!("{what} {}", item.id))
}

impl Model {
    fn waiting(&self, wanted: fn(&Wish) -> bool) -> Vec<usize> {
        let waits = |id: &&usize| match self.stages.get(id) {
            Some(Stage::Waits(wish)) => wanted(wish),
            _ => false,
        };
        self.line.iter().filter(waits).copied().collect()
    }

    fn putting(&self) -> Vec<usize> {
        self.waiting(|wish| matches!(wish, Wish::Put(_)))
    }

    fn taking(&self) -> Vec<usize> {
        self.waiting(|wish| matches!(wish, Wish::Take))
    }

    fn joining(&self) -> Vec<usize> {
        self.waiting(|wish| matches!(wish, Wish::Join))
    }

    fn has_room(&self) -> bool {
        self.capacity.is_none_or(|capacity| (self.inside.len() as u64) < capacity)
            || !self.taking().is_empty()
    }

    fn serve(&mut self, id: usize, what: &'static str, handed: Option<(usize, Item)>) {
        self.line.retain(|other| *other != id);
        self.stages.insert(id, Stage::Served(what, handed));
        self.ready.wake(id);
    }

    fn hand_on(&mut self, numbered: (usize, Item)) {
        match self.taking().first().copied() {
            Some(taker) => self.serve(taker, "took", Some(numbered)),
            None => {
                self.inside.push(numbered);
                self.peak = self.peak.max(self.inside.len());
            }
        }
    }

    fn count(&mut self, item: Item) -> (usize, Item) {
        self.unfinished += 1;
        self.next += 1;
        (self.next, item)
    }

    fn accept(&mut self, item: Item) {
        let numbered = self.count(item);
        self.hand_on(numbered);
    }

    fn admit(&mut self) {
        while let Some(putter) = self.putting().first().copied().filter(|_| self.has_room()) {
            let Some(Stage::Waits(Wish::Put(item))) = self.stages.get(&putter).copied() else { return };
            self.serve(putter, "put", None);
            self.accept(item);
        }
    }

    fn put(&mut self, item: Item) -> Option<&'static str> {
        if self.closed {
            return Some("closed");
        }
        if !self.putting().is_empty() || !self.has_room() {
            return None;
        }
        self.accept(item);
        Some("put")
    }

    fn pop(&mut self) -> Option<(usize, Item)> {
        let before = |a: &(usize, Item), b: &(usize, Item)| match self.kind {
            Kind::First => a.0 < b.0,
            Kind::Last => a.0 > b.0,
            Kind::Largest => (a.1.rank, b.0) > (b.1.rank, a.0),
        };
        let best = (0..self.inside.len())
            .reduce(|best, other| if before(&self.inside[other], &self.inside[best]) { other } else { best });
        best.map(|at| self.inside.remove(at))
    }

    fn take(&mut self) -> Option<(&'static str, Option<Item>)> {
        if let Some((_, item)) = self.pop() {
            self.admit();
            return Some(("took", Some(item)));
        }
        if self.closed {
            return Some(("end", None));
        }
        let putter = self.putting().first().copied()?;
        let Some(Stage::Waits(Wish::Put(item))) = self.stages.get(&putter).copied() else { return None };
        self.serve(putter, "put", None);
        self.count(item);
        Some(("took", Some(item)))
    }

    fn done(&mut self, items: u64) -> bool {
        let Some(left) = self.unfinished.checked_sub(items) else { return false };
        self.unfinished = left;
        if left == 0 {
            self.joining().into_iter().for_each(|id| self.serve(id, "joined", None));
        }
        true
    }

    fn close(&mut self) {
        self.closed = true;
        self.putting().into_iter().for_each(|id| self.serve(id, "closed", None));
        if self.inside.is_empty() {
            self.taking().into_iter().for_each(|id| self.serve(id, "end", None));
        }
    }

    fn abort(&mut self) -> Vec<usize> {
        self.close();
        for stage in self.stages.values_mut() {
            if let Stage::Served("took", Some(numbered)) = *stage {
                self.inside.push(numbered);
                *stage = Stage::Served("end", None);
            }
        }
        let undelivered: Vec<usize> = std::iter::from_fn(|| self.pop()).map(|(_, item)| item.id).collect();
        self.taking().into_iter().for_each(|id| self.serve(id, "end", None));
        self.done(undelivered.len() as u64);
        undelivered
    }

    fn spawn(&mut self, id: usize, wish: Wish) {
        self.stages.insert(id, Stage::New(wish));
        self.ready.wake(id);
    }

    /// Everybody who is ready now has a turn.
    fn turn(&mut self) {
        for _ in 0..self.ready.len() {
            if let Some(id) = self.ready.next() {
                self.turn_of(id);
            }
        }
    }

    fn turn_of(&mut self, id: usize) {
        let over = match self.stages.get(&id).copied() {
            Some(Stage::New(wish)) => {
                let over = match wish {
                    Wish::Put(item) => self.put(item).map(|what| (what, None)),
                    Wish::Take => self.take(),
                    Wish::Join => (self.unfinished == 0).then_some(("joined", None)),
                };
                if over.is_none() {
                    self.stages.insert(id, Stage::Waits(wish));
                    self.line.push(id);
                }
                over
            }
            Some(Stage::Served(what, handed)) => Some((what, handed.map(|(_, item)| item))),
            Some(Stage::Waits(_)) | None => None,
        };
        if let Some((what, item)) = over {
            self.stages.remove(&id);
            self.log.push((id, told(what, item)));
        }
    }

    fn cancel(&mut self, id: usize) {
        self.ready.forget(id);
        self.line.retain(|other| *other != id);
        if let Some(Stage::Served(_, Some(numbered))) = self.stages.remove(&id) {
            self.hand_on(numbered);
        }
    }

    fn statistics(&self) -> QueueStatistics {
        QueueStatistics {
            capacity: self.capacity,
            len: self.inside.len(),
            peak: self.peak,
            putting: self.putting().len(),
            taking: self.taking().len(),
            joining: self.joining().len(),
            unfinished: self.unfinished,
            closed: self.closed,
        }
    }
}

struct Thing {
    queue: Queue<Item>,
    scope: Scope<'static>,
    tasks: BTreeMap<usize, Task<()>>,
    log: Rc<RefCell<Vec<(usize, String)>>>,
}

impl Thing {
    fn spawn(&mut self, id: usize, wish: Wish) {
        let (queue, log) = (self.queue.clone(), self.log.clone());
        let task = self.scope.spawn_owned(async move {
            let line = match wish {
                Wish::Put(item) => match queue.put(item).await {
                    Ok(()) => told("put", None),
                    Err(closed) => {
                        assert_eq!(closed.0.id, item.id, "the item comes back");
                        told("closed", None)
                    }
                },
                Wish::Take => match queue.take().await {
                    Some(item) => told("took", Some(item)),
                    None => told("end", None),
                },
                Wish::Join => {
                    queue.join().await;
                    told("joined", None)
                }
            };
            log.borrow_mut().push((id, line));
            Ok(())
        });
        self.tasks.insert(id, task);
    }
}

fn try_put(thing: &Thing, item: Item) -> Option<&'static str> {
    match thing.queue.try_put(item) {
        Ok(()) => Some("put"),
        Err(TryPutError::Closed(_)) => Some("closed"),
        Err(TryPutError::Full(_)) => None,
    }
}

fn try_take(thing: &Thing) -> Option<String> {
    match thing.queue.try_take() {
        Ok(item) => Some(told("took", Some(item))),
        Err(TryTakeError::Ended) => Some(told("end", None)),
        Err(TryTakeError::Empty) => None,
    }
}

async fn step(id: usize, operation: Operation, thing: &mut Thing, model: &mut Model) -> Result<()> {
    let wish = match operation {
        Operation::Put(rank) => Some(Wish::Put(Item { rank, id })),
        Operation::Take => Some(Wish::Take),
        Operation::Join => Some(Wish::Join),
        _ => None,
    };
    if let Some(wish) = wish {
        thing.spawn(id, wish);
        model.spawn(id, wish);
    }
    match operation {
        Operation::TryPut(rank) => {
            let item = Item { rank, id };
            same("try_put", try_put(thing, item), model.put(item))?;
        }
        Operation::TryTake => {
            let taken = model.take().map(|(what, item)| told(what, item));
            same("try_take", try_take(thing), taken)?;
        }
        Operation::Done => same("done", thing.queue.done().is_ok(), model.done(1))?,
        Operation::Cancel(by) => {
            let all: Vec<usize> = model.stages.keys().copied().collect();
            if let Some(id) = choose(&all, by) {
                same("cancel", thing.tasks[&id].cancel(), true)?;
                model.cancel(id);
            }
        }
        Operation::Close => {
            thing.queue.close();
            model.close();
        }
        Operation::Abort => {
            let undelivered: Vec<usize> = thing.queue.abort().into_iter().map(|item| item.id).collect();
            same("abort", undelivered, model.abort())?;
        }
        Operation::Turn => {
            turn().await;
            model.turn();
        }
        Operation::Put(_) | Operation::Take | Operation::Join => {}
    }
    same("order", &*thing.log.borrow(), &model.log)?;
    same("statistics", thing.queue.statistics(), model.statistics())
}

#[test]
fn queues_of_each_kind_do_what_their_model_does() {
    let kind = prop_oneof![Just(Kind::First), Just(Kind::Last), Just(Kind::Largest)];
    let capacity = proptest::option::weighted(0.8, 0..4_u64);
    trial((kind, capacity), operation(), |(kind, capacity), operations| async move {
        let queue = match (kind, capacity) {
            (Kind::First, Some(capacity)) => Queue::bounded("queue", capacity),
            (Kind::First, None) => Queue::unbounded("queue"),
            (Kind::Last, capacity) => Queue::lifo("queue", capacity),
            (Kind::Largest, capacity) => Queue::priority("queue", capacity),
        };
        let mut model = Model {
            kind,
            capacity,
            inside: Vec::new(),
            next: 0,
            closed: false,
            unfinished: 0,
            peak: 0,
            stages: BTreeMap::new(),
            line: Vec::new(),
            ready: Ready::default(),
            log: Vec::new(),
        };
        scope(async move |s: Scope<'static>| {
            let mut thing = Thing { queue, scope: s, tasks: BTreeMap::new(), log: Rc::default() };
            for (id, operation) in operations.into_iter().enumerate() {
                step(id, operation, &mut thing, &mut model).await?;
            }
            for task in thing.tasks.values() {
                task.cancel();
            }
            let QueueStatistics { putting, taking, joining, .. } = thing.queue.statistics();
            same("at the end", (putting, taking, joining), (0, 0, 0))
        })
        .await?;
        Ok(())
    });
}
