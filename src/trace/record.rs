//! The observer that keeps what it hears, up to a limit.

use std::cell::{Cell, RefCell};

use crate::event::{Event, Observer};
use crate::time::Time;

use super::Stamped;

/// Keeps every event of a run in order, up to a limit.
pub struct Recorder {
    events: RefCell<Vec<Stamped>>,
    limit: usize,
    dropped: Cell<bool>,
}

impl Recorder {
    /// Keeps at most `limit` events; the run's end is kept all the same.
    pub fn new(limit: usize) -> Recorder {
        Recorder { events: RefCell::default(), limit, dropped: Cell::new(false) }
    }

    /// How many events there are so far.
    pub fn len(&self) -> usize {
        self.events.borrow().len()
    }

    /// Whether nothing has happened yet.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether the limit was reached and events were lost.
    pub fn is_full(&self) -> bool {
        self.dropped.get()
    }

    /// Takes what was recorded.
    pub fn take(&self) -> Vec<Stamped> {
        self.events.take()
    }

    /// A copy of what was recorded from the event with this number on, for a view that follows a live run.
    pub fn since(&self, number: usize) -> Vec<Stamped> {
        self.events.borrow().get(number..).unwrap_or_default().to_vec()
    }
}

impl Observer for Recorder {
    fn on_event(&self, at: Time, event: &Event) {
        let mut events = self.events.borrow_mut();
        if events.len() < self.limit || matches!(event, Event::RunEnd { .. }) {
            events.push(Stamped { at, event: event.clone() });
        } else {
            self.dropped.set(true);
        }
    }
}
