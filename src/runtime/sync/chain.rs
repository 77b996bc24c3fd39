//! A list in order of arrival, whose members leave from anywhere in constant time.
//!
//! Members sit in one vector and are linked by their places in it, so that a
//! member costs no allocation of its own. A place that became free is used
//! again: the vector is as long as the most members that there were at one time.

/// Where a member is, until it is taken out. Whoever has the place is the one who takes it out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place(u32);

/// No place: the end of the list.
const NONE: u32 = u32::MAX;

struct Slot<T> {
    /// None while the slot is free.
    member: Option<T>,
    previous: u32,
    /// The next member; of a free slot, the next free one.
    next: u32,
}

/// A list of at most 2^32 - 1 members.
pub(crate) struct Chain<T> {
    slots: Vec<Slot<T>>,
    free: u32,
    first: u32,
    last: u32,
    len: usize,
}

impl<T> Default for Chain<T> {
    fn default() -> Self {
        Chain { slots: Vec::new(), free: NONE, first: NONE, last: NONE, len: 0 }
    }
}

impl<T> Chain<T> {
    /// Adds a member at the end.
    pub(crate) fn push(&mut self, member: T) -> Place {
        let slot = Slot { member: Some(member), previous: self.last, next: NONE };
        let at = match self.slots.get_mut(self.free as usize) {
            Some(free) => {
                let at = std::mem::replace(&mut self.free, free.next);
                *free = slot;
                at
            }
            None => {
                self.slots.push(slot);
                (self.slots.len() - 1) as u32
            }
        };
        match self.slots.get_mut(self.last as usize) {
            Some(last) => last.next = at,
            None => self.first = at,
        }
        self.last = at;
        self.len += 1;
        Place(at)
    }

    /// The place of the first member.
    pub(crate) fn first(&self) -> Option<Place> {
        (self.first != NONE).then_some(Place(self.first))
    }

    /// How many stand in the list.
    pub(crate) fn len(&self) -> usize {
        self.len
    }

    /// What is at a place, whether it stands in the list or was taken out of it.
    pub(crate) fn get(&self, place: Place) -> Option<&T> {
        self.slots.get(place.0 as usize)?.member.as_ref()
    }

    /// The same, to change it.
    pub(crate) fn get_mut(&mut self, place: Place) -> Option<&mut T> {
        self.slots.get_mut(place.0 as usize)?.member.as_mut()
    }

    /// Takes a member out of the list and leaves it in its place, to be fetched by [`Chain::free`].
    pub(crate) fn unlink(&mut self, place: Place) {
        let Some(slot) = self.slots.get_mut(place.0 as usize) else { return };
        let previous = std::mem::replace(&mut slot.previous, NONE);
        let next = std::mem::replace(&mut slot.next, NONE);
        match self.slots.get_mut(previous as usize) {
            Some(before) => before.next = next,
            None => self.first = next,
        }
        match self.slots.get_mut(next as usize) {
            Some(after) => after.previous = previous,
            None => self.last = previous,
        }
        self.len -= 1;
    }

    /// Empties a place whose member is out of the list.
    pub(crate) fn free(&mut self, place: Place) -> Option<T> {
        let slot = self.slots.get_mut(place.0 as usize)?;
        let member = slot.member.take()?;
        slot.next = std::mem::replace(&mut self.free, place.0);
        Some(member)
    }

    /// Takes a member out of the list and out of its place.
    pub(crate) fn remove(&mut self, place: Place) -> Option<T> {
        self.unlink(place);
        self.free(place)
    }

    /// Those in the list, in order of arrival, each with its place.
    pub(crate) fn places(&self) -> impl Iterator<Item = (Place, &T)> {
        let mut next = self.first;
        std::iter::from_fn(move || {
            let at = next;
            let slot = self.slots.get(at as usize)?;
            next = slot.next;
            Some((Place(at), slot.member.as_ref()?))
        })
    }

    /// All that have a place, in the list or out of it, in no order.
    pub(crate) fn placed_mut(&mut self) -> impl Iterator<Item = &mut T> {
        self.slots.iter_mut().filter_map(|slot| slot.member.as_mut())
    }

    /// Those in the list, in order of arrival.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &T> {
        self.places().map(|(_, member)| member)
    }
}

#[cfg(test)]
mod tests {
    use super::Chain;

    fn order(chain: &Chain<u32>) -> Vec<u32> {
        chain.iter().copied().collect()
    }

    #[test]
    fn members_leave_from_the_front_the_middle_and_the_end() {
        let mut chain = Chain::default();
        let places: Vec<_> = (0..5).map(|member| chain.push(member)).collect();
        assert_eq!(chain.remove(places[2]), Some(2));
        assert_eq!(chain.remove(places[0]), Some(0));
        assert_eq!(chain.remove(places[4]), Some(4));
        assert_eq!((order(&chain), chain.len()), (vec![1, 3], 2));
        assert_eq!(chain.first(), Some(places[1]));
        chain.push(5);
        assert_eq!(order(&chain), [1, 3, 5], "a place that is used again stands at the end");
    }

    #[test]
    fn an_unlinked_member_keeps_its_place_until_it_is_freed() {
        let mut chain = Chain::default();
        let (a, b) = (chain.push(0), chain.push(1));
        chain.unlink(a);
        assert_eq!((order(&chain), chain.get(a).copied()), (vec![1], Some(0)));
        let c = chain.push(2);
        assert!(c != a && c != b, "its place is not given to another");
        assert_eq!(chain.free(a), Some(0));
        assert_eq!(chain.push(3), a);
        assert_eq!(order(&chain), [1, 2, 3]);
    }

    #[test]
    fn a_million_that_join_and_leave_in_the_middle_need_a_few_slots() {
        let mut chain = Chain::default();
        chain.push(0);
        chain.push(1);
        let mut middle = chain.push(2);
        for member in 3..1_000_000 {
            let next = chain.push(member);
            chain.remove(middle);
            middle = next;
        }
        assert_eq!((order(&chain), chain.slots.len()), (vec![0, 1, 999_999], 4));
    }
}
