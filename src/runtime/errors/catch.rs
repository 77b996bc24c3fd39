//! Handling the errors of a tree by kind, several handlers in a row, with nothing lost.

use std::collections::BTreeMap;
use std::error::Error as StdError;

use crate::event::Event;
use crate::span::Span;

use super::error::{Error, Result};
use super::leaf::{Leaf, LeafKey};
use crate::runtime::executor::core::current;

/// The handling of an error or a group: each `take` gives the matching part of what is left, once; what no handler
/// took, and what came up in handlers, leaves by [`Catch::finish`]. Made by [`Error::catch`] and
/// [`ErrorGroup::catch`](super::group::ErrorGroup::catch).
///
/// It does what Python's `except*` does. Each single error is taken at most once, by the first handler that wants
/// it. A handler that fails says so by [`Catch::failed`]: what it was given and raised on goes back to its place in
/// the tree, what is new stands beside the tree.
///
/// ```
/// use std::num::{ParseFloatError, ParseIntError};
/// use taskscope::runtime::{Error, Leaf, block_on_virtual, collect};
///
/// let result = block_on_virtual(async {
///     let errors = collect(async |s| {
///         s.spawn(async { Ok(drop("7 eggs".parse::<u32>()?)) });
///         s.spawn(async { Ok(drop("half".parse::<f64>()?)) });
///         s.spawn(async { Err::<(), _>(Error::msg("no milk")) });
///         Ok(())
///     });
///     let Err(group) = errors.await else { return Ok(()) };
///     let mut catch = group.catch();
///     if let Some(numbers) = catch.take::<ParseIntError>() {
///         let errors: Vec<&ParseIntError> = numbers.leaves().filter_map(Leaf::downcast_ref).collect();
///         assert_eq!(errors.len(), 1);
///     }
///     if catch.take::<ParseFloatError>().is_some() {
///         catch.failed(Error::msg("no scales"));
///     }
///     catch.finish()
/// });
/// let left = result.unwrap_err().to_string();
/// assert_eq!(left, "no milk, in main/scope/task#3 at 0 s; and 1 more error");
/// ```
#[must_use = "what no handler took is an error still: end with `finish`"]
#[derive(Debug)]
pub struct Catch {
    whole: Error,
    /// What became of each leaf of it.
    fates: BTreeMap<LeafKey, Fate>,
    /// What came up in handlers.
    new: Vec<Error>,
    span: Option<Span>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    Left,
    Taken,
    /// Taken, and raised on by a handler.
    Back,
}

impl Catch {
    pub(crate) fn new(whole: Error) -> Catch {
        let fates = whole.leaves().map(|leaf| (leaf.key(), Fate::Left)).collect();
        Catch { whole, fates, new: Vec::new(), span: None }
    }

    /// Where the handlers that follow stand in a source text, for traces.
    pub fn at(&mut self, span: Span) -> &mut Self {
        self.span = Some(span);
        self
    }

    /// Takes every error of type `E` that is left, with their shape kept; `None` if there is none.
    pub fn take<E: StdError + 'static>(&mut self) -> Option<Error> {
        self.take_if(|leaf| leaf.downcast_ref::<E>().is_some())
    }

    /// Takes every error that is left.
    pub fn take_all(&mut self) -> Option<Error> {
        self.take_if(|_| true)
    }

    /// Takes every error that is left and that `wanted` says true of.
    pub fn take_if(&mut self, mut wanted: impl FnMut(&Leaf) -> bool) -> Option<Error> {
        let fates = &self.fates;
        let left = |leaf: &Leaf| fates.get(&leaf.key()) == Some(&Fate::Left);
        let taken = self.whole.subgroup(|leaf| left(leaf) && wanted(leaf))?;
        for leaf in taken.leaves() {
            self.fates.insert(leaf.key(), Fate::Taken);
            self.say_caught(leaf);
        }
        Some(taken)
    }

    fn say_caught(&self, leaf: &Leaf) {
        // One that was raised outside any run is unknown to whoever watches this one.
        if let Some(core) = current().filter(|_| leaf.was_raised_in_a_run()) {
            let (error, task, span) = (leaf.id(), core.task().id, self.span.or_else(|| core.span()));
            core.emit(|| Event::ErrorCaught { error, task, span });
        }
    }

    /// A handler failed with `error`. What was taken and is raised on goes back to its place; the rest is added.
    pub fn failed(&mut self, error: impl Into<Error>) {
        let error = error.into();
        let fates = &mut self.fates;
        for leaf in error.leaves() {
            fates.entry(leaf.key()).and_modify(|fate| *fate = fate.raised_on());
        }
        self.new.extend(error.subgroup(|leaf| !fates.contains_key(&leaf.key())));
    }

    /// What no handler has taken so far.
    pub fn rest(&self) -> Option<Error> {
        self.part_that(|fate| fate == Fate::Left)
    }

    /// The end of the handling.
    ///
    /// # Errors
    /// What no handler took and what was raised on, in its old shape, with the errors of handlers beside it. A
    /// cancelled scope's group without any error leaves as it is.
    pub fn finish(self) -> Result<()> {
        if self.fates.is_empty() {
            return Err(self.whole);
        }
        let rest = self.part_that(|fate| fate != Fate::Taken);
        Error::all(rest.into_iter().chain(self.new).collect()).map_or(Ok(()), Err)
    }

    fn part_that(&self, wanted: impl Fn(Fate) -> bool) -> Option<Error> {
        self.whole.subgroup(|leaf| self.fates.get(&leaf.key()).is_some_and(|fate| wanted(*fate)))
    }
}

impl Fate {
    fn raised_on(self) -> Fate {
        match self {
            Fate::Left => Fate::Left,
            Fate::Taken | Fate::Back => Fate::Back,
        }
    }
}
