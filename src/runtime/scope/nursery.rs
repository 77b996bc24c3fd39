//! Where children live that borrow: in the future of their scope.

use std::cell::RefCell;
use std::rc::Rc;

use crate::runtime::executor::entry::{self, Body, Entry, NONE, TaskRef};
use crate::runtime::executor::row::Shelf;

use super::state::ScopeCore;

/// Children by index. One that is being polled is out of its place, which stays its own.
pub(crate) struct Nursery<'env> {
    places: Vec<Place<'env>>,
    /// The first free place; each knows the next.
    free: u32,
}

enum Place<'env> {
    Free(u32),
    Child(TaskRef, Body<'env>),
    Out,
}

impl Default for Nursery<'_> {
    fn default() -> Self {
        Nursery { places: Vec::new(), free: NONE }
    }
}

impl<'env> Nursery<'env> {
    /// Where the next child will be put.
    pub(crate) fn next_index(&self) -> u32 {
        if self.free == NONE { self.places.len() as u32 } else { self.free }
    }

    /// Puts a new child to [`Nursery::next_index`].
    pub(crate) fn put(&mut self, task: TaskRef, body: Body<'env>) {
        let child = Place::Child(task, body);
        match self.places.get_mut(self.free as usize) {
            Some(place) => {
                if let Place::Free(next) = std::mem::replace(place, child) {
                    self.free = next;
                }
            }
            None => self.places.push(child),
        }
    }

    /// Which child is in this place; none while it is out.
    pub(crate) fn child_at(&self, index: u32) -> Option<TaskRef> {
        match self.places.get(index as usize)? {
            Place::Child(task, _) => Some(*task),
            Place::Free(_) | Place::Out => None,
        }
    }

    /// Takes a child out to poll it, or to drop it, if this is its place.
    #[inline(always)]
    pub(crate) fn take_if(&mut self, index: u32, task: TaskRef) -> Option<Body<'env>> {
        let place = self.places.get_mut(index as usize)?;
        match std::mem::replace(place, Place::Out) {
            Place::Child(known, body) if known == task => Some(body),
            other => {
                *place = other;
                None
            }
        }
    }

    /// Puts a child back after its turn.
    #[inline(always)]
    pub(crate) fn put_back(&mut self, index: u32, task: TaskRef, body: Body<'env>) {
        if let Some(place) = self.places.get_mut(index as usize) {
            *place = Place::Child(task, body);
        }
    }

    /// The child that was taken out is gone: another may have its place.
    pub(crate) fn free(&mut self, index: u32) {
        if let Some(place @ Place::Out) = self.places.get_mut(index as usize) {
            *place = Place::Free(self.free);
            self.free = index;
        }
    }

    /// Everybody, by index; nothing is left.
    pub(crate) fn take_all(&mut self) -> Vec<(TaskRef, Body<'env>)> {
        self.free = NONE;
        let child = |place| match place {
            Place::Child(task, body) => Some((task, body)),
            Place::Free(_) | Place::Out => None,
        };
        std::mem::take(&mut self.places).into_iter().filter_map(child).collect()
    }
}

/// The children of one scope that borrow.
pub(crate) struct InScope<'poll, 'env> {
    pub(super) scope: &'poll Rc<ScopeCore>,
    pub(super) nursery: &'poll RefCell<Nursery<'env>>,
}

impl<'env> Shelf<'env> for InScope<'_, 'env> {
    #[inline(always)]
    fn holds(&self, entry: &Entry) -> bool {
        matches!(entry.place, entry::Place::Borrowed(_))
            && entry.scope.as_ref().is_some_and(|scope| Rc::ptr_eq(scope, self.scope))
    }

    #[inline(always)]
    fn take(&mut self, task: TaskRef, entry: &mut Entry) -> Option<Body<'env>> {
        let entry::Place::Borrowed(index) = entry.place else { return None };
        self.nursery.borrow_mut().take_if(index, task)
    }

    #[inline(always)]
    fn put_back(&mut self, task: TaskRef, entry: &mut Entry, body: Body<'env>) {
        if let entry::Place::Borrowed(index) = entry.place {
            self.nursery.borrow_mut().put_back(index, task, body);
        }
    }

    #[inline(always)]
    fn free(&mut self, place: entry::Place) {
        if let entry::Place::Borrowed(index) = place {
            self.nursery.borrow_mut().free(index);
        }
    }
}
