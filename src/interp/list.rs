//! Lists, which know how deep and how large they are, so that nothing that walks one can run away.
//!
//! A list that holds another twice, in another twice, and so on, is small in memory and endless to compare;
//! one a million deep is too deep to drop. Both are refused where they would be made.

use std::ops::Deref;
use std::rc::Rc;

use super::limits::{Limit, MAX_DEPTH, MAX_LENGTH};
use super::ops::Problem;
use super::value::Value;

/// The items of a list. Cloning is cheap.
#[derive(Clone)]
pub struct List {
    items: Rc<[Value]>,
    /// Lists inside each other, this one counted.
    depth: u32,
    /// Items in all, those of lists inside counted as often as they stand there.
    size: usize,
}

impl List {
    /// A list of `items`, unless it would be too deep or too large.
    pub(crate) fn new(items: Vec<Value>) -> Result<List, Problem> {
        let (mut depth, mut size) = (0, items.len());
        for item in &items {
            if let Value::List(list) = item {
                depth = depth.max(list.depth);
                size = size.saturating_add(list.size);
            }
        }
        if depth >= MAX_DEPTH || size > MAX_LENGTH {
            return Err(Problem::Limit(Limit::Length));
        }
        Ok(List { items: items.into(), depth: depth + 1, size })
    }

    /// How much there is to walk.
    pub(crate) fn size(&self) -> usize {
        self.size
    }
}

impl Deref for List {
    type Target = [Value];

    fn deref(&self) -> &[Value] {
        &self.items
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neither_depth_nor_size_runs_away() {
        let nest = |times: u32, copies: usize| {
            let list = |items| List::new(items).ok().map(Value::List);
            (0..times).try_fold(list(vec![])?, |inner, _| list(vec![inner; copies]))
        };
        assert!(nest(MAX_DEPTH - 1, 1).is_some());
        assert!(nest(MAX_DEPTH, 1).is_none(), "too deep");
        assert!(nest(18, 2).is_some(), "2^19 items");
        assert!(nest(20, 2).is_none(), "too large, though it has two items");
        assert!(List::new(vec![Value::None; MAX_LENGTH]).is_ok());
        assert!(List::new(vec![Value::None; MAX_LENGTH + 1]).is_err());
    }
}
