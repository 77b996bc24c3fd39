//! Who waits for whom, as a graph: who can still go on, and who waits in a circle.
//!
//! Nodes are numbers; what they stand for, a task, a shared thing or a scope's children, is the caller's. A shared
//! thing is a node of its own, so that a thousand who wait for what a thousand hold are two thousand edges.

use std::collections::VecDeque;

/// What has to happen before a node can go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Needs {
    /// Nothing: it goes on by itself.
    Nothing,
    /// One of those that it waits for; with none, nobody in sight can help it.
    Any,
    /// All of them.
    All,
}

/// No node.
const NONE: usize = usize::MAX;

#[derive(Default)]
pub(crate) struct Graph {
    nodes: Vec<(Needs, Vec<usize>)>,
}

impl Graph {
    /// Adds a node; its number is how many there were before.
    pub(crate) fn add(&mut self, needs: Needs) -> usize {
        self.nodes.push((needs, Vec::new()));
        self.nodes.len() - 1
    }

    /// `from` waits for `to`.
    pub(crate) fn edge(&mut self, from: usize, to: usize) {
        self.nodes[from].1.push(to);
    }

    /// For whom and what a node waits.
    pub(crate) fn next(&self, node: usize) -> &[usize] {
        &self.nodes[node].1
    }

    /// For each node whether it is stuck: nothing that goes on can ever lead to its going on.
    pub(crate) fn stuck(&self) -> Vec<bool> {
        let mut missing: Vec<usize> = self.nodes.iter().map(|(needs, to)| needs.how_many(to.len())).collect();
        let before = self.backwards(&vec![true; self.nodes.len()]);
        let mut going: VecDeque<usize> = (0..missing.len()).filter(|node| missing[*node] == 0).collect();
        while let Some(node) = going.pop_front() {
            for &waits in &before[node] {
                if missing[waits] > 0 {
                    missing[waits] -= 1;
                    if missing[waits] == 0 {
                        going.push_back(waits);
                    }
                }
            }
        }
        missing.into_iter().map(|missing| missing > 0).collect()
    }

    /// Circles among the nodes of `within`, each from its lowest node on in the order of waiting. No node is in two of
    /// them: one through the same node as another is not told.
    pub(crate) fn circles(&self, mut within: Vec<bool>) -> Vec<Vec<usize>> {
        let before = self.backwards(&within);
        let mut left: Vec<usize> =
            self.nodes.iter().map(|(_, to)| to.iter().filter(|to| within[**to]).count()).collect();
        let mut gone: Vec<usize> = (0..left.len()).filter(|node| within[*node] && left[*node] == 0).collect();
        let mut circles = Vec::new();
        let mut place = vec![NONE; self.nodes.len()];
        let mut lowest = 0;
        loop {
            // Whoever waits for none of the others is in no circle, and then nor is who waits only for those.
            while let Some(node) = gone.pop() {
                if std::mem::replace(&mut within[node], false) {
                    for &waits in &before[node] {
                        left[waits] -= 1;
                        if left[waits] == 0 {
                            gone.push(waits);
                        }
                    }
                }
            }
            while within.get(lowest) == Some(&false) {
                lowest += 1;
            }
            if lowest == within.len() {
                return circles;
            }
            let circle = self.walk(lowest, &within, &mut place);
            gone.extend(&circle);
            circles.push(circle);
        }
    }

    /// From `from` always to the first that is waited for, until one comes up again. Everyone in `within` waits for another in it.
    /// `place` is for noting down where on the way a node came; it is left as it was.
    fn walk(&self, from: usize, within: &[bool], place: &mut [usize]) -> Vec<usize> {
        let mut way = Vec::new();
        let mut node = from;
        while place[node] == NONE {
            place[node] = way.len();
            way.push(node);
            let Some(next) = self.nodes[node].1.iter().find(|next| within[**next]) else { break };
            node = *next;
        }
        let begin = place[node];
        way.iter().for_each(|node| place[*node] = NONE);
        let mut circle = way.split_off(begin);
        let lowest = circle.iter().enumerate().min_by_key(|(_, node)| **node).map_or(0, |(at, _)| at);
        circle.rotate_left(lowest);
        circle
    }

    /// For each node who of `within` waits for it, once for each edge.
    fn backwards(&self, within: &[bool]) -> Vec<Vec<usize>> {
        let mut before = vec![Vec::new(); self.nodes.len()];
        for (node, (_, to)) in self.nodes.iter().enumerate().filter(|(node, _)| within[*node]) {
            to.iter().for_each(|to| before[*to].push(node));
        }
        before
    }
}

impl Needs {
    /// Of how many that it waits for it needs to hear.
    fn how_many(self, of: usize) -> usize {
        match self {
            Needs::Nothing => 0,
            Needs::Any => 1,
            Needs::All => of,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn graph(nodes: &[(Needs, &[usize])]) -> Graph {
        Graph { nodes: nodes.iter().map(|(needs, to)| (*needs, to.to_vec())).collect() }
    }

    fn stuck(graph: &Graph) -> Vec<usize> {
        graph.stuck().into_iter().enumerate().filter_map(|(node, stuck)| stuck.then_some(node)).collect()
    }

    #[test]
    fn any_needs_one_and_all_need_all() {
        use Needs::{All, Any, Nothing};
        let sleeper_and_dead =
            [(Nothing, &[][..]), (Any, &[]), (Any, &[0, 1]), (All, &[0, 1]), (Any, &[3]), (All, &[])];
        assert_eq!(stuck(&graph(&sleeper_and_dead)), [1, 3, 4], "the last waits for nobody who is left");
    }

    #[test]
    fn circles_are_found_beside_those_who_only_wait_for_them() {
        use Needs::Any;
        // 0 → 1 → 2 → 1, 3 → 3, 4 → 0, 5 → nothing, 6 → 5.
        let graph = graph(&[
            (Any, &[1][..]),
            (Any, &[2]),
            (Any, &[1]),
            (Any, &[3]),
            (Any, &[0]),
            (Any, &[]),
            (Any, &[5]),
        ]);
        assert_eq!(graph.circles(graph.stuck()), [vec![1, 2], vec![3]]);
    }

    #[test]
    fn a_circle_begins_at_its_lowest_node_and_two_through_one_node_are_one() {
        use Needs::Any;
        let graph = graph(&[(Any, &[2][..]), (Any, &[0]), (Any, &[1, 3]), (Any, &[2])]);
        assert_eq!(graph.circles(vec![true; 4]), [vec![0, 2, 1]]);
        assert_eq!(graph.circles(vec![false, true, true, true]), [vec![2, 3]]);
    }

    #[test]
    fn a_hundred_thousand_in_one_circle_and_as_many_in_their_own() {
        const N: usize = 100_000;
        let mut ring = Graph { nodes: vec![(Needs::Any, Vec::new()); N] };
        (0..N).for_each(|node| ring.edge(node, (node + 1) % N));
        assert_eq!(ring.circles(ring.stuck()).concat().len(), N);
        let mut alone = Graph { nodes: vec![(Needs::Any, Vec::new()); N] };
        (0..N).for_each(|node| alone.edge(node, node));
        assert_eq!(alone.circles(vec![true; N]).len(), N);
    }
}
