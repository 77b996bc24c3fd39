//! Which lane of one layout is which of another: so that an edit leaves selection and folding in place.

use std::collections::HashMap;

use super::layout::{LaneKind, Layout};
use super::picking::Hit;
use super::rows::Collapsed;

/// For each lane of a new layout the lane of an old one with the same path.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Matching {
    old_of_new: Vec<Option<u32>>,
    new_of_old: Vec<Option<u32>>,
}

impl Matching {
    /// Matches the lanes of two layouts, from the roots inwards. Takes one look-up a lane.
    pub fn new(old: &Layout, new: &Layout) -> Matching {
        let mut known: HashMap<(Option<u32>, u8, &str), u32> = HashMap::with_capacity(old.lanes.len());
        for (number, lane) in (0..).zip(&old.lanes) {
            known.entry((lane.parent, rank(lane.kind), &*lane.label)).or_insert(number);
        }
        let mut matching =
            Matching { old_of_new: vec![None; new.lanes.len()], new_of_old: vec![None; old.lanes.len()] };
        for (number, lane) in (0..).zip(&new.lanes) {
            let parent = lane.parent.map(|parent| matching.old_of_new[parent as usize]);
            // What stands in something new is new.
            let parent = match parent {
                Some(None) => continue,
                Some(old) => old,
                None => None,
            };
            if let Some(&old) = known.get(&(parent, rank(lane.kind), &*lane.label)) {
                matching.old_of_new[number as usize] = Some(old);
                matching.new_of_old[old as usize] = Some(number);
            }
        }
        matching
    }

    /// The old lane with the path of a new one.
    pub fn old(&self, new: u32) -> Option<u32> {
        self.old_of_new.get(new as usize).copied().flatten()
    }

    /// The new lane with the path of an old one.
    pub fn new_lane(&self, old: u32) -> Option<u32> {
        self.new_of_old.get(old as usize).copied().flatten()
    }

    /// What was folded, in the new layout.
    pub fn carry(&self, collapsed: &Collapsed) -> Collapsed {
        collapsed.iter().filter_map(|lane| self.new_lane(*lane)).collect()
    }

    /// What was selected, in the new layout: the bar or mark of the same kind and the same place in its
    /// lane, otherwise the lane.
    pub fn carry_hit(&self, old: &Layout, new: &Layout, hit: Hit) -> Option<Hit> {
        let lane = lane_of(old, hit)?;
        let kept = self.new_lane(lane)?;
        match hit {
            Hit::Bar(bar) => {
                let nth = (bar as usize).checked_sub(old.bars_of(lane).start)?;
                let bar = new.bars_of(kept).nth(nth);
                Some(bar.map_or(Hit::Name(kept), |bar| Hit::Bar(bar as u32)))
            }
            Hit::Mark(mark) => {
                let rank = old.marks.get(mark as usize)?.kind.rank();
                let nth = (mark as usize).checked_sub(old.marks_of(lane, rank).start)?;
                let mark = new.marks_of(kept, rank).nth(nth);
                Some(mark.map_or(Hit::Name(kept), |mark| Hit::Mark(mark as u32)))
            }
            _ => Some(Hit::Name(kept)),
        }
    }
}

/// The lane on which a hit lies.
pub fn lane_of(layout: &Layout, hit: Hit) -> Option<u32> {
    match hit {
        Hit::Bar(bar) => Some(layout.lane_of_bar(bar as usize)),
        Hit::Mark(mark) => layout.marks.get(mark as usize).map(|mark| mark.lane),
        Hit::Name(lane) | Hit::Fold(lane) | Hit::Lane(lane, _) => Some(lane),
        Hit::Deadline(scope) => layout.lane_of_scope(scope),
        Hit::Ruler(_) => None,
    }
}

fn rank(kind: LaneKind) -> u8 {
    match kind {
        LaneKind::Task(_) => 0,
        LaneKind::Scope(_) => 1,
        LaneKind::Resource(..) => 2,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::{End, ScopeKind};
    use crate::ids::TaskId;
    use crate::trace::script::{Script, order_dashboard};

    #[test]
    fn lanes_are_known_again_by_their_path() {
        let old = Layout::new(&order_dashboard());
        let mut run = Script::new("");
        let scope = run.open(TaskId::ROOT, None, ScopeKind::Scope, "dashboard");
        let extra = run.spawn(TaskId::ROOT, Some(scope), "extra");
        let orders = run.spawn(TaskId::ROOT, Some(scope), "orders");
        run.sleep(orders, 50).at_ms(50).wake(orders).finish(orders, End::Ok).finish(extra, End::Ok);
        let new = Layout::new(&run.end());
        let matching = Matching::new(&old, &new);
        assert_eq!(
            (0..4).map(|lane| matching.old(lane)).collect::<Vec<_>>(),
            [Some(0), Some(1), None, Some(3)]
        );
        assert_eq!(matching.carry(&Collapsed::from([1, 4])), Collapsed::from([1]));
        let sleep = Hit::Bar(old.bars_of(3).start as u32);
        let kept = matching.carry_hit(&old, &new, sleep);
        assert_eq!(kept, Some(Hit::Bar(new.bars_of(3).start as u32)), "orders still sleeps");
        assert_eq!(matching.carry_hit(&old, &new, Hit::Name(2)), None, "user is gone");
    }
}
