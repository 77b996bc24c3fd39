//! One workload at one size: all peers take turns, round by round, so that whatever slows the machine down for a
//! while slows all of them down.

use super::clock::now_ns;
use super::options::{LARGE, Options};
use crate::peers::Peer;
use crate::workloads::{Row, Workload};

/// A sample lasts at least so long: it repeats a workload that is over sooner. Asking a browser for the time takes some
/// tenths of a millisecond, which count.
const SAMPLE_NS: f64 = if cfg!(target_arch = "wasm32") { 20e6 } else { 4e6 };

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
pub async fn measure(workload: &Workload, size: u64, options: &Options) -> Vec<Measured> {
    let wanted = |row: &&Row| options.wants_peer(row.peer) && size <= row.peer.limit();
    let rows: Vec<&Row> = workload.rows().filter(wanted).collect();
    let mut all: Vec<Measured> =
        rows.iter().map(|row| Measured { peer: row.peer, size, rounds: Vec::new() }).collect();
    let plan = options.plan(size);
    for round in 0..plan.turns {
        for turn in 0..rows.len() {
            // Another one begins each time.
            let at = (turn + round) % rows.len();
            let samples = Turn::new(workload, rows[at], size).take(plan.samples).await;
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

impl<'a> Turn<'a> {
    fn new(workload: &'a Workload, row: &'a Row, size: u64) -> Turn<'a> {
        Turn { workload, row, size, expected: (workload.expected)(size) }
    }

    async fn take(self, samples: usize) -> Vec<f64> {
        self.time(1).await;
        let repeats = if self.size >= LARGE { 1 } else { self.repeats().await };
        let mut rounds = Vec::new();
        for _ in 0..samples {
            rounds.push(self.time(repeats).await / repeats as f64 / self.size as f64);
        }
        rounds
    }

    /// How many runs make a sample.
    async fn repeats(&self) -> u64 {
        let mut repeats = 1;
        loop {
            let took_ns = self.time(repeats).await;
            // Far below a sample the clock itself takes most of the time.
            if took_ns * 10.0 > SAMPLE_NS {
                return (repeats as f64 * SAMPLE_NS / took_ns).ceil() as u64;
            }
            repeats *= 10;
        }
    }

    /// Nanoseconds that so many runs take.
    async fn time(&self, repeats: u64) -> f64 {
        let began = now_ns().await;
        for _ in 0..repeats {
            let result = self.row.run.run(self.size).await;
            let peer = self.row.peer.name();
            assert_eq!(result, self.expected, "{} of {} by {peer}", self.workload.name, self.size);
        }
        now_ns().await - began
    }
}
