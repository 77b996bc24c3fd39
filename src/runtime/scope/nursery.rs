//! Where children live that borrow: in the future of their scope.

use crate::runtime::executor::entry::{Body, NONE, TaskRef};

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

    /// Takes a child out to poll it, or to drop it.
    pub(crate) fn take(&mut self, index: u32) -> Option<(TaskRef, Body<'env>)> {
        let place = self.places.get_mut(index as usize)?;
        match std::mem::replace(place, Place::Out) {
            Place::Child(task, body) => Some((task, body)),
            other => {
                *place = other;
                None
            }
        }
    }

    /// As [`Nursery::take`] if it is this child's place.
    pub(crate) fn take_if(&mut self, index: u32, task: TaskRef) -> Option<Body<'env>> {
        match self.places.get(index as usize) {
            Some(Place::Child(known, _)) if *known == task => self.take(index).map(|(_, body)| body),
            _ => None,
        }
    }

    /// Puts a child back after its turn.
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
