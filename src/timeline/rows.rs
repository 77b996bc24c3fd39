//! Which lanes are shown, one below the other, when some groups are collapsed.

use std::collections::BTreeSet;

use crate::order;
use crate::time::Time;

use super::bars::{Bars, CLASSES, Class, State};
use super::layout::{Layout, Rank};

/// The lanes whose insides are hidden.
pub type Collapsed = BTreeSet<u32>;

/// The lanes that are shown, from top to bottom. Made when the layout or the folding changes, not per frame.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rows {
    /// From top to bottom.
    pub rows: Vec<Row>,
    /// For each lane of the layout, the row on which it, or the collapsed lane around it, is shown.
    pub of_lane: Vec<u32>,
    /// What stands for the insides of collapsed lanes.
    pub summaries: Vec<Summary>,
}

/// One row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row {
    /// The lane it shows.
    pub lane: u32,
    /// For a collapsed lane, its number in [`Rows::summaries`].
    pub summary: Option<u32>,
    /// Whether there is something inside to show or hide.
    pub foldable: bool,
}

/// The insides of a collapsed lane in one line.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Summary {
    /// What most of the tasks inside were doing.
    pub bars: Bars,
    /// The marks of each rank inside, by their number in the layout, in order of time.
    pub marks: [Vec<u32>; 3],
    /// How many lanes are hidden.
    pub hidden: u32,
}

impl Rows {
    /// The rows of `layout`. Takes n log n for what is hidden.
    pub fn new(layout: &Layout, collapsed: &Collapsed) -> Rows {
        let count = layout.lanes.len() as u32;
        let mut rows = Rows { of_lane: Vec::with_capacity(count as usize), ..Rows::default() };
        let mut lane = 0;
        while let Some(of) = layout.lanes.get(lane as usize) {
            let until = of.until.clamp(lane + 1, count);
            let foldable = until > lane + 1;
            let row = rows.rows.len() as u32;
            let folded = foldable && collapsed.contains(&lane);
            let summary = folded.then(|| {
                rows.summaries.push(summary(layout, lane, until));
                rows.summaries.len() as u32 - 1
            });
            rows.rows.push(Row { lane, summary, foldable });
            let next = if folded { until } else { lane + 1 };
            rows.of_lane.extend((lane..next).map(|_| row));
            lane = next;
        }
        rows
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The row on which `lane` is shown.
    pub fn row_of(&self, lane: u32) -> Option<usize> {
        self.of_lane.get(lane as usize).map(|row| *row as usize)
    }

    /// What stands for the insides of the lane on `row`, if they are hidden.
    pub fn summary(&self, row: Row) -> Option<&Summary> {
        row.summary.and_then(|number| self.summaries.get(number as usize))
    }
}

fn summary(layout: &Layout, lane: u32, until: u32) -> Summary {
    let first = layout.bars_of(lane).start;
    let last = layout.bars_of(until - 1).end;
    let mut turns: Vec<(u64, usize, i32)> = Vec::with_capacity((last - first) * 2);
    for bar in first..last {
        let class = layout.bars.state[bar].class() as usize;
        turns.push((layout.bars.start[bar], class, 1));
        turns.push((layout.bars.end[bar], class, -1));
    }
    turns.sort_unstable();
    let mut marks: [Vec<u32>; 3] = Default::default();
    for inside in lane..until {
        for rank in [Rank::Plain, Rank::Cancelled, Rank::Failed] {
            marks[rank as usize].extend(layout.marks_of(inside, rank).map(|mark| mark as u32));
        }
    }
    for list in &mut marks {
        order::by_key(list, |mark| layout.marks.get(*mark as usize).map(|mark| mark.at));
    }
    Summary { bars: sweep(&turns), marks, hidden: until - lane - 1 }
}

/// Cuts time where a task begins or ends to do something, and gives each piece what most tasks do in it.
fn sweep(turns: &[(u64, usize, i32)]) -> Bars {
    let mut bars = Bars::default();
    let mut doing = [0i32; CLASSES];
    let mut piece: Option<(u64, Class)> = None;
    let mut rest = turns;
    while let Some(&(at, _, _)) = rest.first() {
        let same = rest.partition_point(|turn| turn.0 <= at);
        for &(_, class, change) in &rest[..same] {
            doing[class] += change;
        }
        rest = &rest[same..];
        let now = busiest(&doing);
        if piece.map(|(_, class)| class) != now {
            if let Some((start, class)) = piece {
                bars.push(Time::from_us(start), Time::from_us(at), state_of(class), None, None);
            }
            piece = now.map(|class| (at, class));
        }
    }
    bars
}

/// What most tasks do. Those that only wait for others count where nobody does anything else.
fn busiest(doing: &[i32; CLASSES]) -> Option<Class> {
    let active = Class::ALL.into_iter().filter(|class| doing[*class as usize] > 0);
    let others = active.clone().filter(|class| *class != Class::Tasks);
    others.max_by_key(|class| doing[*class as usize]).or_else(|| active.max())
}

fn state_of(class: Class) -> State {
    match class {
        Class::Tasks => State::Tasks,
        Class::Timer => State::Timer,
        Class::Resource => State::Resource,
        Class::Fetch => State::Fetch,
        Class::Worker => State::Worker,
        Class::Cleaning => State::Cleaning,
        Class::Running => State::Running,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::script::order_dashboard;

    #[test]
    fn a_collapsed_lane_stands_for_its_insides() {
        let layout = Layout::new(&order_dashboard());
        let all = Rows::new(&layout, &Collapsed::new());
        assert_eq!(all.rows.iter().map(|row| row.lane).collect::<Vec<_>>(), [0, 1, 2, 3, 4, 5]);
        let rows = Rows::new(&layout, &Collapsed::from([1]));
        assert_eq!(rows.rows.iter().map(|row| row.lane).collect::<Vec<_>>(), [0, 1, 5]);
        assert_eq!(rows.of_lane, [0, 1, 1, 1, 1, 2]);
        let summary = &rows.summaries[0];
        assert_eq!(summary.hidden, 3);
        assert_eq!((&summary.bars.start[..], &summary.bars.end[..]), (&[0][..], &[250_000][..]));
        assert_eq!(summary.bars.state, [State::Timer], "all three sleep");
        assert_eq!(summary.marks[Rank::Failed as usize].len(), 2, "the error and the failed end");
        assert_eq!(summary.marks[Rank::Cancelled as usize].len(), 3, "the cancellation and two ends");
    }

    #[test]
    fn the_busiest_state_wins_each_piece() {
        let timer = Class::Timer as usize;
        let fetch = Class::Fetch as usize;
        let mut turns = vec![
            (0, timer, 1),
            (5, fetch, 1),
            (6, fetch, 1),
            (9, fetch, -1),
            (10, timer, -1),
            (20, fetch, -1),
        ];
        turns.sort_unstable();
        let bars = sweep(&turns);
        let pieces: Vec<(u64, u64, State)> =
            (0..bars.len()).map(|n| (bars.start[n], bars.end[n], bars.state[n])).collect();
        assert_eq!(pieces, [(0, 5, State::Timer), (5, 20, State::Fetch)], "of two alike the louder one");
    }
}
