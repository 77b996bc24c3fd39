//! What the command line asks for.

use crate::peers::Peer;
use crate::workloads::{STEP, WORKLOADS, Workload};

/// What to measure, and how often.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// Parts of names of workloads; none: all of them.
    pub workloads: Vec<String>,
    /// Who is measured; none: all of them.
    pub peers: Vec<Peer>,
    /// Numbers of items.
    pub sizes: Vec<u64>,
    /// How many samples of each.
    pub rounds: usize,
    /// Shows the fastest and the slowest round beside the median.
    pub range: bool,
}

impl Default for Options {
    fn default() -> Options {
        let sizes = vec![1_000, 10_000, 100_000, 1_000_000];
        Options { workloads: Vec::new(), peers: Vec::new(), sizes, rounds: 5, range: false }
    }
}

/// What the command line may say.
pub const USAGE: &str = "\
usage: cargo bench --bench runtime -- [WORKLOAD…] [--sizes 1k,100k] [--rounds 5] [--peers ours,tokio] [--range]

  WORKLOAD   a part of a workload's name
  --sizes    numbers of items, multiples of 100; 1k and 1M are short for 1000 and 1000000
  --rounds   samples of each; from 1M on there are at most three, taken in one go
  --peers    who is measured
  --range    the fastest and the slowest round beside the median";

impl Options {
    /// Reads the words of a command line.
    ///
    /// # Errors
    /// A sentence on the first word that cannot be read.
    pub fn read(words: impl IntoIterator<Item = String>) -> Result<Options, String> {
        let mut options = Options::default();
        let mut words = words.into_iter();
        while let Some(word) = words.next() {
            let mut value =
                || words.next().ok_or_else(|| format!("`{word}` needs a value after it\n\n{USAGE}"));
            match word.as_str() {
                // What cargo adds by itself.
                "--bench" => {}
                "--sizes" => options.sizes = value()?.split(',').map(size).collect::<Result<_, _>>()?,
                "--rounds" => options.rounds = count(&value()?)?,
                "--peers" => options.peers = value()?.split(',').map(peer).collect::<Result<_, _>>()?,
                "--range" => options.range = true,
                _ if word.starts_with('-') => return Err(format!("`{word}` is unknown\n\n{USAGE}")),
                _ if WORKLOADS.iter().any(|workload| workload.name.contains(&word)) => {
                    options.workloads.push(word)
                }
                _ => return Err(format!("`{word}` is no part of {}", list(WORKLOADS.map(|each| each.name)))),
            }
        }
        Ok(options)
    }

    /// Whether this workload is asked for.
    pub fn wants(&self, workload: &Workload) -> bool {
        self.workloads.is_empty() || self.workloads.iter().any(|part| workload.name.contains(part.as_str()))
    }

    /// Whether this peer is asked for.
    pub fn wants_peer(&self, peer: Peer) -> bool {
        self.peers.is_empty() || self.peers.contains(&peer)
    }

    /// How the samples are taken at this size.
    pub fn plan(&self, size: u64) -> Plan {
        if size >= LARGE {
            Plan { turns: 1, samples: self.rounds.min(3) }
        } else {
            Plan { turns: self.rounds, samples: 1 }
        }
    }
}

/// From here on a workload is not run once more only to estimate or to prepare: it takes a second.
pub const LARGE: u64 = 1_000_000;

/// How the samples of one size are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Plan {
    /// How often each peer has its turn.
    pub turns: usize,
    /// How many samples it takes in a turn.
    pub samples: usize,
}

fn count(word: &str) -> Result<usize, String> {
    let number = word.parse().ok().filter(|number| *number > 0);
    number.ok_or_else(|| format!("`{word}` is not a number of rounds"))
}

fn peer(word: &str) -> Result<Peer, String> {
    let found = Peer::ALL.into_iter().find(|peer| peer.name() == word);
    found.ok_or_else(|| format!("`{word}` is none of {}", list(Peer::ALL.map(Peer::name))))
}

fn list(names: impl IntoIterator<Item = &'static str>) -> String {
    names.into_iter().collect::<Vec<_>>().join(", ")
}

fn size(word: &str) -> Result<u64, String> {
    let (digits, unit) = match word.strip_suffix(['k', 'M']) {
        Some(digits) if word.ends_with('k') => (digits, 1_000),
        Some(digits) => (digits, 1_000_000),
        None => (word, 1),
    };
    let number = digits.parse::<u64>().ok().and_then(|number| number.checked_mul(unit));
    number
        .filter(|number| *number > 0 && number % STEP == 0)
        .ok_or_else(|| format!("`{word}` is not a number of items: a multiple of {STEP}, or 1k or 1M"))
}
