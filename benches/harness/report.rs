//! From measurements to a report in Markdown.

use super::measure::{Measured, measure};
use super::options::Options;
use crate::peers::Peer;
use crate::table::Table;
use crate::workloads::{WORKLOADS, Workload};

/// Where peers are compared: large enough to weigh the items, small enough not to weigh the machine's memory.
const COMPARED_AT: u64 = 100_000;

/// Measures what `options` ask for and hands each part of the report to `print` as soon as it is there.
pub async fn run(options: &Options, print: &mut dyn FnMut(&str)) {
    let mut all = Vec::new();
    for workload in WORKLOADS.iter().filter(|workload| options.wants(workload)) {
        let mut measured = Vec::new();
        for size in &options.sizes {
            measured.extend(measure(workload, *size, options).await);
        }
        print(&format!("### {}\n\n{}\n\n{}", workload.name, workload.about, table(&measured, options)));
        all.push((workload, measured));
    }
    let sizes = options.sizes.iter().copied();
    let size = sizes.min_by_key(|size| size.abs_diff(COMPARED_AT)).unwrap_or(COMPARED_AT);
    print(&format!("### summary\n\n{}\n{}\n{NOTE}\n", costs(&all, size), aims(&all)));
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
fn peers<'a>(measured: impl IntoIterator<Item = &'a Measured>) -> Vec<Peer> {
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

/// A line for each workload: what it costs each peer at one size.
fn costs(all: &[(&Workload, Vec<Measured>)], size: u64) -> Table {
    let peers = peers(all.iter().flat_map(|(_, measured)| measured));
    let mut titles = vec![format!("ns at {}", size_name(size))];
    titles.extend(peers.iter().map(|peer| peer.name().to_owned()));
    let mut table = Table::new(titles);
    for (workload, measured) in all {
        let cost =
            |peer: &Peer| find(measured, *peer, size).map_or_else(String::new, |found| short(found.median()));
        let mut cells = vec![workload.name.to_owned()];
        cells.extend(peers.iter().map(cost));
        table.add(cells);
    }
    table
}

/// A line for each workload: ratios and growth, held against the aims.
fn aims(all: &[(&Workload, Vec<Measured>)]) -> Table {
    let titles = [
        "aims",
        "ours ÷ unordered",
        "owned ÷ unordered",
        "ours ÷ tokio",
        "owned ÷ tokio",
        "traced ÷ ours",
        "growth, ours",
        "growth, owned",
    ];
    let mut table = Table::new(titles.map(str::to_owned).to_vec());
    for (workload, measured) in all {
        let aims = workload.aims;
        let against = |one, other, aim| held(ratio(measured, one, other), aim);
        table.add(vec![
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
    table
}

const NOTE: &str = "Bold: above the aim. Ratios are taken within a round, at 100k items or the nearest size; growth is \
                    from the smallest size to the largest. Differences under 1.3 mean nothing.";

fn held(ratio: f64, aim: f64) -> String {
    if ratio > aim { format!("**{}**", times(ratio)) } else { times(ratio) }
}

/// A number with three digits that mean something.
fn short(number: f64) -> String {
    match number {
        _ if number.is_nan() => String::new(),
        ..10.0 => format!("{number:.1}"),
        _ => format!("{number:.0}"),
    }
}

/// A ratio.
fn times(ratio: f64) -> String {
    match ratio {
        _ if ratio.is_nan() => String::new(),
        ..10.0 => format!("{ratio:.2}"),
        _ => format!("{ratio:.0}"),
    }
}

/// A number of items as the command line takes it.
fn size_name(size: u64) -> String {
    match size {
        _ if size.is_multiple_of(1_000_000) => format!("{}M", size / 1_000_000),
        _ if size.is_multiple_of(1_000) => format!("{}k", size / 1_000),
        _ => size.to_string(),
    }
}
