//! Steps of several tasks in the order of their numbers.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use crate::runtime::Event;

/// Puts blocks of several tasks in the order of their numbers, from 0: a test says who does what when, without pauses
/// of a guessed length. Cloning gives another handle to the same sequence. After Trio's `Sequencer`.
///
/// ```
/// use std::cell::RefCell;
/// use taskscope::runtime::{block_on_virtual, scope};
/// use taskscope::testing::Sequencer;
///
/// let said = RefCell::new(Vec::new());
/// block_on_virtual(async {
///     let sequence = Sequencer::new();
///     scope(async |s| {
///         for (name, numbers) in [("a", [0, 3]), ("b", [1, 4]), ("c", [2, 5])] {
///             let (sequence, said) = (&sequence, &said);
///             s.spawn(async move {
///                 for number in numbers {
///                     let _step = sequence.step(number).await;
///                     said.borrow_mut().push(format!("{name}{number}"));
///                 }
///                 Ok(())
///             });
///         }
///         Ok(())
///     })
///     .await?;
///     Ok(())
/// })
/// .unwrap();
/// assert_eq!(said.into_inner(), ["a0", "b1", "c2", "a3", "b4", "c5"]);
/// ```
#[derive(Clone, Default)]
pub struct Sequencer {
    inner: Rc<RefCell<Inner>>,
}

#[derive(Default)]
struct Inner {
    /// The step that may begin, or has begun.
    current: u32,
    /// Numbers from there on that somebody waits for or has.
    claimed: BTreeSet<u32>,
    waiting: BTreeMap<u32, Event>,
    /// A step that was cancelled before it began: the later ones cannot come.
    broken: Option<u32>,
}

/// A step that has begun; it is over when this is dropped.
#[must_use = "the step is over as soon as this is dropped"]
pub struct Step {
    sequence: Sequencer,
}

impl Sequencer {
    /// A sequence whose first step is 0.
    pub fn new() -> Sequencer {
        Sequencer::default()
    }

    /// Waits until all steps with smaller numbers are over. A step that never comes is named by the deadlock that
    /// follows.
    ///
    /// # Cancellation
    /// One that is dropped before it began breaks the sequence, since it can never be over.
    ///
    /// # Panics
    /// If `number` was used before, or if the sequence is broken.
    pub async fn step(&self, number: u32) -> Step {
        let wait = self.claim(number);
        if let Some(event) = wait {
            let mut place = Place { sequence: self, number, begun: false };
            event.wait().await;
            place.begun = true;
        }
        self.check();
        Step { sequence: self.clone() }
    }

    /// Takes the number; gives an event to wait for unless it is the number's turn.
    fn claim(&self, number: u32) -> Option<Event> {
        self.check();
        let mut inner = self.inner.borrow_mut();
        let known = number < inner.current || !inner.claimed.insert(number);
        assert!(!known, "step {number} of the sequence is there twice");
        if number == inner.current {
            return None;
        }
        let event = Event::new(format!("step {number} of the sequence"));
        inner.waiting.insert(number, event.clone());
        Some(event)
    }

    fn check(&self) {
        if let Some(broken) = self.inner.borrow().broken {
            panic!("the sequence is broken: step {broken} was cancelled before it began");
        }
    }

    fn break_at(&self, number: u32) {
        let mut inner = self.inner.borrow_mut();
        inner.broken.get_or_insert(number);
        let waiting = std::mem::take(&mut inner.waiting);
        drop(inner);
        waiting.into_values().for_each(|event| event.set());
    }
}

impl Drop for Step {
    fn drop(&mut self) {
        let mut inner = self.sequence.inner.borrow_mut();
        let over = inner.current;
        inner.claimed.remove(&over);
        inner.current += 1;
        let current = inner.current;
        let next = inner.waiting.remove(&current);
        drop(inner);
        next.into_iter().for_each(|event| event.set());
    }
}

/// A place in the sequence, while its step has not begun.
struct Place<'sequence> {
    sequence: &'sequence Sequencer,
    number: u32,
    begun: bool,
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        if !self.begun {
            self.sequence.break_at(self.number);
        }
    }
}
