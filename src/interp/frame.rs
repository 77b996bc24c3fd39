//! Variables at run time: frames that blocks make, shared by the tasks that see them.

use std::cell::RefCell;
use std::rc::Rc;

use crate::lang::plan::{Block, Place};

use super::value::Value;

/// The variables of one block while it runs.
pub(crate) struct Frame {
    slots: RefCell<Vec<Value>>,
    parent: Option<Rc<Frame>>,
}

impl Frame {
    /// A frame for `block`, entered from `parent`, with the block's inputs in its first slots.
    pub(crate) fn enter(block: &Block, parent: Option<Rc<Frame>>, inputs: Vec<Value>) -> Rc<Frame> {
        let mut slots = inputs;
        slots.resize(block.slots.len(), Value::None);
        Rc::new(Frame { slots: RefCell::new(slots), parent })
    }

    /// The value at `place`. Lowering makes no place that does not exist; if it did, it would read as `none`.
    pub(crate) fn get(&self, place: Place) -> Value {
        let value = |frame: &Frame| frame.slots.borrow().get(place.slot as usize).cloned();
        self.outwards(place.hops).and_then(value).unwrap_or(Value::None)
    }

    /// Puts `value` at `place`.
    pub(crate) fn set(&self, place: Place, value: Value) {
        let Some(frame) = self.outwards(place.hops) else { return };
        let mut slots = frame.slots.borrow_mut();
        let Some(slot) = slots.get_mut(place.slot as usize) else { return };
        let before = std::mem::replace(slot, value);
        // A value may own a task's handle, whose drop must not find the frame borrowed.
        drop(slots);
        drop(before);
    }

    fn outwards(&self, hops: u32) -> Option<&Frame> {
        let mut frame = self;
        for _ in 0..hops {
            frame = frame.parent.as_deref()?;
        }
        Some(frame)
    }
}
