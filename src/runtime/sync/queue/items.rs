//! What is inside a queue, in the order in which it is taken.

use std::cmp::Ordering;
use std::collections::{BinaryHeap, VecDeque};

/// An item with its number: the order in which items were put.
pub(crate) struct Numbered<T> {
    number: u64,
    pub(crate) item: T,
}

/// The items of one queue.
pub(super) struct Items<T> {
    next: u64,
    store: Store<T>,
}

enum Store<T> {
    /// By number; the front is taken first.
    FirstFirst(VecDeque<Numbered<T>>),
    /// By number; the back is taken first.
    LastFirst(VecDeque<Numbered<T>>),
    /// The largest is taken first.
    Largest(BinaryHeap<Ranked<T>>, fn(&T, &T) -> Ordering),
}

/// An item in a heap. It knows how to compare, so that queues of items without an order need none.
struct Ranked<T> {
    numbered: Numbered<T>,
    order: fn(&T, &T) -> Ordering,
}

impl<T> Items<T> {
    pub(super) fn first_in_first_out() -> Items<T> {
        Items { next: 0, store: Store::FirstFirst(VecDeque::new()) }
    }

    pub(super) fn last_in_first_out() -> Items<T> {
        Items { next: 0, store: Store::LastFirst(VecDeque::new()) }
    }

    pub(super) fn largest_first() -> Items<T>
    where
        T: Ord,
    {
        Items { next: 0, store: Store::Largest(BinaryHeap::new(), T::cmp) }
    }

    /// Gives a new item its number.
    pub(super) fn number(&mut self, item: T) -> Numbered<T> {
        let number = self.next;
        self.next += 1;
        Numbered { number, item }
    }

    /// Puts an item where it belongs by its number: a new one, or one that comes back.
    pub(super) fn insert(&mut self, numbered: Numbered<T>) {
        match &mut self.store {
            Store::FirstFirst(items) | Store::LastFirst(items) => {
                let is_last = items.back().is_none_or(|last| last.number < numbered.number);
                let at = match is_last {
                    true => items.len(),
                    false => items.partition_point(|held| held.number < numbered.number),
                };
                items.insert(at, numbered);
            }
            Store::Largest(items, order) => items.push(Ranked { numbered, order: *order }),
        }
    }

    /// Takes the item whose turn it is.
    pub(super) fn pop(&mut self) -> Option<Numbered<T>> {
        match &mut self.store {
            Store::FirstFirst(items) => items.pop_front(),
            Store::LastFirst(items) => items.pop_back(),
            Store::Largest(items, _) => items.pop().map(|ranked| ranked.numbered),
        }
    }

    pub(super) fn len(&self) -> usize {
        match &self.store {
            Store::FirstFirst(items) | Store::LastFirst(items) => items.len(),
            Store::Largest(items, _) => items.len(),
        }
    }
}

impl<T> Ord for Ranked<T> {
    /// Of equal ones, the one that was put first is the larger.
    fn cmp(&self, other: &Self) -> Ordering {
        let by_item = (self.order)(&self.numbered.item, &other.numbered.item);
        by_item.then(other.numbered.number.cmp(&self.numbered.number))
    }
}

impl<T> PartialOrd for Ranked<T> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<T> PartialEq for Ranked<T> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl<T> Eq for Ranked<T> {}

#[cfg(test)]
mod tests {
    use super::Items;

    fn drained(items: &mut Items<u32>) -> Vec<u32> {
        std::iter::from_fn(|| items.pop()).map(|numbered| numbered.item).collect()
    }

    #[test]
    fn what_comes_back_stands_where_it_stood() {
        let orders = [
            (Items::first_in_first_out(), [3, 1, 3, 2]),
            (Items::last_in_first_out(), [2, 3, 1, 3]),
            (Items::largest_first(), [3, 3, 2, 1]),
        ];
        for (mut items, expected) in orders {
            for item in [3, 1, 3, 2] {
                let numbered = items.number(item);
                items.insert(numbered);
            }
            let taken: Vec<_> = (0..3).filter_map(|_| items.pop()).collect();
            let newest = items.number(0);
            items.insert(newest);
            // In the order in which takers were cancelled, which may be any.
            for numbered in taken {
                items.insert(numbered);
            }
            let mut all = drained(&mut items);
            all.retain(|item| *item != 0);
            assert_eq!(all, expected);
        }
    }
}
