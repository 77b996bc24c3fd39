//! Bars: what a task was doing from when to when.

use std::ops::Range;

use crate::event::Wait;
use crate::span::Span;
use crate::time::Time;

/// What a task was doing during a bar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum State {
    /// It was ready and others had their turn.
    Ready,
    /// It ran.
    Running,
    /// It ran and held the loop: nothing else could run.
    Working,
    /// It waited for a timer.
    Timer,
    /// It waited for one task, or for all children of a scope.
    Tasks,
    /// It waited for a limiter, lock, queue, event …
    Resource,
    /// It waited for an HTTP answer.
    Fetch,
    /// It waited for a worker.
    Worker,
    /// It waited for something the runtime knows no more about.
    Other,
    /// It cleaned up.
    Cleaning,
}

/// How many [`Class`]es there are.
pub const CLASSES: usize = 7;

/// States that look alike; what wins where many bars share a pixel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Class {
    /// Waiting for other tasks: the quietest.
    Tasks,
    /// Waiting for a timer, or for nothing that is known.
    Timer,
    /// Waiting for a limiter, lock, queue, event …
    Resource,
    /// A request in flight.
    Fetch,
    /// On a worker.
    Worker,
    /// Cleaning up.
    Cleaning,
    /// Running on the loop.
    Running,
}

impl Class {
    /// Every class, quietest first.
    pub const ALL: [Class; CLASSES] = [
        Class::Tasks,
        Class::Timer,
        Class::Resource,
        Class::Fetch,
        Class::Worker,
        Class::Cleaning,
        Class::Running,
    ];
}

impl State {
    /// What it looks like.
    pub fn class(self) -> Class {
        match self {
            State::Running | State::Working => Class::Running,
            State::Ready | State::Timer | State::Other => Class::Timer,
            State::Tasks => Class::Tasks,
            State::Resource => Class::Resource,
            State::Fetch => Class::Fetch,
            State::Worker => Class::Worker,
            State::Cleaning => Class::Cleaning,
        }
    }

    /// What a task does that waits for this.
    pub fn waiting(on: &Wait) -> State {
        match on {
            Wait::Timer { .. } => State::Timer,
            Wait::Task(_) | Wait::Children(_) => State::Tasks,
            Wait::Resource { .. } => State::Resource,
            Wait::Fetch { .. } => State::Fetch,
            Wait::Worker { .. } => State::Worker,
            Wait::Other(_) => State::Other,
        }
    }
}

/// After so many bars the sums are written down once more: small enough to
/// walk for each pixel, large enough that the sums weigh less than the bars.
const STRIDE: usize = 32;

/// All bars of a run, field by field, sorted by lane and then by start.
///
/// The bars of one lane never overlap and none is empty, so starts and ends
/// are both sorted within a lane and a window is found by binary search.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Bars {
    /// When each begins, in microseconds.
    pub start: Vec<u64>,
    /// When each ends.
    pub end: Vec<u64>,
    /// What the task was doing.
    pub state: Vec<State>,
    /// What it waited for, where it waited; also during a cleanup.
    pub wait: Vec<Option<Wait>>,
    /// Where in the text.
    pub span: Vec<Option<Span>>,
    /// Time spent in each class before every `STRIDE`th bar.
    sums: Vec<[u64; CLASSES]>,
}

impl Bars {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.start.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.start.is_empty()
    }

    /// Adds a bar; lanes one after the other, each in order of time.
    pub fn push(&mut self, start: Time, end: Time, state: State, wait: Option<Wait>, span: Option<Span>) {
        if self.len().is_multiple_of(STRIDE) {
            let next = self.spent_between(self.sums.len().saturating_sub(1) * STRIDE, self.len());
            let before = self.sums.last().copied().unwrap_or_default();
            self.sums.push(std::array::from_fn(|class| before[class].saturating_add(next[class])));
        }
        self.start.push(start.as_us());
        self.end.push(end.as_us());
        self.state.push(state);
        self.wait.push(wait);
        self.span.push(span);
    }

    /// When bar `index` begins and ends.
    pub fn times(&self, index: usize) -> Option<(Time, Time)> {
        Some((Time::from_us(*self.start.get(index)?), Time::from_us(*self.end.get(index)?)))
    }

    /// Which of the bars in `lane` touch the time from `from` up to `to`.
    pub fn window(&self, lane: Range<usize>, from: f64, to: f64) -> Range<usize> {
        let (starts, ends) = (&self.start[lane.clone()], &self.end[lane.clone()]);
        let first = ends.partition_point(|end| *end as f64 <= from);
        let last = starts.partition_point(|start| (*start as f64) < to).max(first);
        lane.start + first..lane.start + last
    }

    /// The first of the bars in `rest` that ends after `time`.
    pub fn first_after(&self, rest: Range<usize>, time: f64) -> usize {
        rest.start + self.end[rest].partition_point(|end| *end as f64 <= time)
    }

    /// The class in which most time was spent during these bars; of two alike the louder one.
    /// Costs the same however many bars there are.
    pub fn dominant(&self, bars: Range<usize>) -> Class {
        let spent = self.spent(bars);
        let best = Class::ALL.into_iter().max_by_key(|class| spent[*class as usize]);
        best.unwrap_or(Class::Timer)
    }

    /// Time spent in each class during these bars, in microseconds.
    pub fn spent(&self, bars: Range<usize>) -> [u64; CLASSES] {
        let (first, last) = (bars.start.div_ceil(STRIDE), bars.end / STRIDE);
        if first >= last {
            return self.spent_between(bars.start, bars.end);
        }
        let head = self.spent_between(bars.start, first * STRIDE);
        let tail = self.spent_between(last * STRIDE, bars.end);
        let sums =
            |at: usize| self.sums.get(at).copied().unwrap_or_else(|| self.spent_between(0, at * STRIDE));
        let (before, after) = (sums(first), sums(last));
        std::array::from_fn(|class| head[class] + tail[class] + (after[class] - before[class]))
    }

    fn spent_between(&self, from: usize, to: usize) -> [u64; CLASSES] {
        let mut spent = [0u64; CLASSES];
        for at in from..to {
            let class = self.state[at].class() as usize;
            spent[class] = spent[class].saturating_add(self.end[at] - self.start[at]);
        }
        spent
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_agree_with_adding_up() {
        let mut bars = Bars::default();
        let states = [State::Timer, State::Running, State::Resource, State::Cleaning, State::Fetch];
        let mut at = 0;
        for n in 0..1000u64 {
            let length = 1 + n * 7 % 13;
            let state = states[(n * n % 5) as usize];
            bars.push(Time::from_us(at), Time::from_us(at + length), state, None, None);
            at += length + n % 3;
        }
        for (from, to) in [(0, 1000), (0, 1), (31, 33), (32, 64), (5, 999), (500, 500), (960, 1000)] {
            assert_eq!(bars.spent(from..to), bars.spent_between(from, to), "{from}..{to}");
        }
    }

    #[test]
    fn a_window_holds_what_touches_it() {
        let mut bars = Bars::default();
        for n in 0..10 {
            bars.push(Time::from_us(n * 10), Time::from_us(n * 10 + 5), State::Timer, None, None);
        }
        assert_eq!(bars.window(0..10, 0.0, 100.0), 0..10);
        assert_eq!(bars.window(0..10, 5.0, 10.0), 1..1, "between two bars");
        assert_eq!(bars.window(0..10, 4.9, 10.1), 0..2);
        assert_eq!(bars.window(3..6, 0.0, 1000.0), 3..6, "only its lane");
        assert_eq!(bars.window(3..6, 90.0, 1000.0), 6..6);
    }
}
