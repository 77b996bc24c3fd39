//! From measurements to a report in Markdown.

use super::measure::{Measured, measure};
use super::options::Options;
use super::table::{Table, short, size_name, times};
use crate::peers::Peer;
use crate::workloads::{WORKLOADS, Workload};

/// Where peers are compared: large enough to weigh the items, small enough not to weigh the machine's memory.
const COMPARED_AT: u64 = 100_000;

/// Measures what `options` ask for and hands each part of the report to `print` as soon as it is there.
pub fn run(options: &Options, print: &mut dyn FnMut(&str)) {
    let mut summary = Summary::new();
    for workload in WORKLOADS.iter().filter(|workload| options.wants(workload)) {
        let measured: Vec<Measured> =
            options.sizes.iter().flat_map(|size| measure(workload, *size, options)).collect();
        print(&format!("### {}\n\n{}\n\n{}\n", workload.name, workload.about, table(&measured, options)));
        summary.add(workload, &measured);
    }
    print(&summary.finish());
}

/// A row for each peer: nanoseconds an item at each size, growth, and how ours compare with it.
fn table(measured: &[Measured], options: &Options) -> Table {
    let ours: Vec<Peer> = [Peer::Ours, Peer::Owned].into_iter().filter(|peer| has(measured, *peer)).collect();
    let mut titles = vec!["ns an item".to_owned()];
    titles.extend(options.sizes.iter().map(|size| size_name(*size)));
    titles.push("growth".to_owned());
    titles.extend(ours.iter().map(|peer| format!("{} ÷ it", peer.name())));
    let mut table = Table::new(titles);
    for peer in peers(measured) {
        let mut cells = vec![peer.name().to_owned()];
        for size in &options.sizes {
            cells.push(
                find(measured, peer, *size).map_or_else(String::new, |found| cost(found, options.range)),
            );
        }
        cells.push(times(growth(measured, peer)));
        cells.extend(ours.iter().map(|ours| times(ratio(measured, *ours, peer))));
        table.add(cells);
    }
    table
}

fn cost(measured: &Measured, range: bool) -> String {
    let median = short(measured.median());
    if !range {
        return median;
    }
    let least = measured.rounds.iter().copied().fold(f64::INFINITY, f64::min);
    let most = measured.rounds.iter().copied().fold(0.0, f64::max);
    format!("{median} ({}–{})", short(least), short(most))
}

fn has(measured: &[Measured], peer: Peer) -> bool {
    measured.iter().any(|each| each.peer == peer)
}

/// Who was measured, each once, in the order of the workload.
fn peers(measured: &[Measured]) -> Vec<Peer> {
    let mut peers = Vec::new();
    for each in measured {
        if !peers.contains(&each.peer) {
            peers.push(each.peer);
        }
    }
    peers
}

fn find(measured: &[Measured], peer: Peer, size: u64) -> Option<&Measured> {
    measured.iter().find(|each| each.peer == peer && each.size == size)
}

/// How many times as much an item costs at the largest size as at the smallest.
fn growth(measured: &[Measured], peer: Peer) -> f64 {
    let sizes = || measured.iter().filter(|each| each.peer == peer);
    let smallest = sizes().min_by_key(|each| each.size);
    let largest = sizes().max_by_key(|each| each.size);
    match (smallest, largest) {
        (Some(smallest), Some(largest)) if smallest.size < largest.size => {
            largest.median() / smallest.median()
        }
        _ => f64::NAN,
    }
}

/// How many times as long `one` takes as `other`, at the largest size up to [`COMPARED_AT`] that both have, or at
/// the smallest if there is none.
fn ratio(measured: &[Measured], one: Peer, other: Peer) -> f64 {
    let both = |each: &&Measured| each.peer == one && find(measured, other, each.size).is_some();
    let candidates = || measured.iter().filter(both);
    let at = candidates().filter(|each| each.size <= COMPARED_AT).max_by_key(|each| each.size);
    let at = at.or_else(|| candidates().min_by_key(|each| each.size));
    at.and_then(|ours| Some(ours.ratio(find(measured, other, ours.size)?))).unwrap_or(f64::NAN)
}

/// One line a workload, held against the aims.
struct Summary(Table);

impl Summary {
    fn new() -> Summary {
        let titles = [
            "workload",
            "ours ÷ unordered",
            "owned ÷ unordered",
            "ours ÷ tokio",
            "owned ÷ tokio",
            "traced ÷ ours",
            "growth, ours",
            "growth, owned",
        ];
        Summary(Table::new(titles.map(str::to_owned).to_vec()))
    }

    fn add(&mut self, workload: &Workload, measured: &[Measured]) {
        let aims = workload.aims;
        let against = |one, other, aim| held(ratio(measured, one, other), aim);
        self.0.add(vec![
            workload.name.to_owned(),
            against(Peer::Ours, Peer::Unordered, aims.unordered),
            against(Peer::Owned, Peer::Unordered, aims.unordered),
            against(Peer::Ours, Peer::Tokio, aims.tokio),
            against(Peer::Owned, Peer::Tokio, aims.tokio),
            against(Peer::Traced, Peer::Ours, aims.traced),
            held(growth(measured, Peer::Ours), aims.growth),
            held(growth(measured, Peer::Owned), aims.growth),
        ]);
    }

    fn finish(self) -> String {
        let note = "Bold: above the aim. Ratios are taken within a round, at 100k items or the nearest size; \
                    growth is from the smallest size to the largest. Differences under 1.3 mean nothing.";
        format!("### summary\n\n{}\n{note}\n", self.0)
    }
}

fn held(ratio: f64, aim: f64) -> String {
    if ratio > aim { format!("**{}**", times(ratio)) } else { times(ratio) }
}
