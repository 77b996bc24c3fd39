//! One workload at one size: all peers take turns, round by round, so that whatever slows the machine down for a
//! while slows all of them down.

use super::clock::now_ns;
use super::options::{LARGE, Options};
use crate::peers::Peer;
use crate::workloads::{Row, Workload};

/// A sample lasts at least so long: it repeats a workload that is over sooner.
const SAMPLE_NS: f64 = 4e6;
/// A sample repeats a workload so often at most.
const MOST_REPEATS: f64 = 10_000.0;

/// What one peer needed at one size.
pub struct Measured {
    /// Who.
    pub peer: Peer,
    /// How many items.
    pub size: u64,
    /// Nanoseconds an item, round by round.
    pub rounds: Vec<f64>,
}

impl Measured {
    /// The round in the middle.
    pub fn median(&self) -> f64 {
        median(&self.rounds)
    }

    /// How many times as long it took as `other`: the median of the rounds, each compared within itself.
    pub fn ratio(&self, other: &Measured) -> f64 {
        let ratios: Vec<f64> = self.rounds.iter().zip(&other.rounds).map(|(ours, its)| ours / its).collect();
        median(&ratios)
    }
}

/// The one in the middle, or the lower of the two that are.
fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len().saturating_sub(1) / 2).copied().unwrap_or(f64::NAN)
}

/// Measures `workload` at `size` for every peer that is asked for.
pub fn measure(workload: &Workload, size: u64, options: &Options) -> Vec<Measured> {
    let wanted = |row: &&Row| options.wants_peer(row.peer) && size <= row.peer.limit();
    let rows: Vec<&Row> = workload.rows.iter().filter(wanted).collect();
    let mut all: Vec<Measured> =
        rows.iter().map(|row| Measured { peer: row.peer, size, rounds: Vec::new() }).collect();
    let plan = options.plan(size);
    for round in 0..plan.turns {
        for turn in 0..rows.len() {
            // Another one begins each time.
            let at = (turn + round) % rows.len();
            let samples = Turn::begin(workload, rows[at], size).take(plan.samples);
            all[at].rounds.extend(samples);
        }
    }
    all
}

/// A peer's turn.
struct Turn<'a> {
    workload: &'a Workload,
    row: &'a Row,
    size: u64,
    expected: u64,
}

impl Turn<'_> {
    fn begin<'a>(workload: &'a Workload, row: &'a Row, size: u64) -> Turn<'a> {
        Turn { workload, row, size, expected: (workload.expected)(size) }
    }

    /// So many samples, after a run that is not one: what the peer before has left behind in the heap is for this one
    /// to tidy up, and costs more than some workloads.
    fn take(self, samples: usize) -> Vec<f64> {
        self.time(1.0);
        let repeats = if self.size >= LARGE { 1.0 } else { (SAMPLE_NS / self.time(1.0)).ceil() };
        let repeats = repeats.clamp(1.0, MOST_REPEATS);
        (0..samples).map(|_| self.time(repeats) / self.size as f64).collect()
    }

    /// Nanoseconds that a run takes, on average over so many.
    fn time(&self, repeats: f64) -> f64 {
        let began = now_ns();
        for _ in 0..repeats as u64 {
            let result = (self.row.run)(self.size);
            let peer = self.row.peer.name();
            assert_eq!(result, self.expected, "{} of {} by {peer}", self.workload.name, self.size);
        }
        ((now_ns() - began) / repeats).max(1.0)
    }
}
