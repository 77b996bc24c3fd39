//! `cargo bench --bench front_end`: what it takes to read a scenario. Every keystroke in the editor pays it.

use std::hint::black_box;

use futures::FutureExt;
use taskscope::lang::syntax::File;
use taskscope::lang::{check, format, highlight, lower, parse, suspension_points};

#[path = "harness/clock.rs"]
mod clock;
mod table;

use clock::now_ns;
use table::Table;

// As in the other benchmark.
#[cfg(all(feature = "mimalloc", not(target_arch = "wasm32")))]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Lines of the texts. The longest text that is read has about as many as the last.
const LINES: [usize; 3] = [100, 1_000, 10_000];
/// How often each is read. Of that the shortest counts: whatever else the machine does only adds.
const ROUNDS: usize = 15;
/// What reading, checking and lowering the longest of them may take.
const AIM_MS: f64 = 50.0;

/// What is done with a text, and the tree that it was read to.
type Phase = fn(&str, &File);

const PHASES: [(&str, Phase); 6] = [
    ("parse", |text, _| drop(black_box(parse(text)))),
    ("check", |_, file| drop(black_box(check(file)))),
    ("lower", |_, file| drop(black_box(lower(file)))),
    ("format", |text, _| drop(black_box(format(text)))),
    ("highlight", |text, _| drop(black_box(highlight(text)))),
    ("suspension points", |_, file| drop(black_box(suspension_points(file)))),
];

fn main() {
    // Words are for the other benchmark.
    if std::env::args().skip(1).any(|word| word != "--bench") {
        return;
    }
    let mut titles = vec!["ms".to_owned()];
    titles.extend(LINES.map(|lines| format!("{lines} lines")));
    titles.push("growth a line".to_owned());
    let mut table = Table::new(titles);
    let mut sums = [0.0; LINES.len()];
    let texts = LINES.map(scenario);
    for (name, phase) in PHASES {
        let took = texts.each_ref().map(|text| least_ms(text, phase));
        if ["parse", "check", "lower"].contains(&name) {
            sums.iter_mut().zip(took).for_each(|(sum, took)| *sum += took);
        }
        table.add(row(name, took));
    }
    table.add(row("parse, check, lower", sums));
    let bytes = texts.last().map_or(0, String::len);
    println!("### front end\n\nThe last text has {bytes} bytes.\n\n{table}");
    let [.., last] = sums;
    println!("The aim is {AIM_MS} ms: {}.\n", if last <= AIM_MS { "met" } else { "missed" });
}

fn row(name: &str, took: [f64; LINES.len()]) -> Vec<String> {
    let mut cells = vec![name.to_owned()];
    cells.extend(took.map(|ms| format!("{ms:.2}")));
    let ([first, .., last], [few, .., many]) = (took, LINES);
    cells.push(format!("{:.2}", last / first * few as f64 / many as f64));
    cells
}

/// Milliseconds of the fastest round.
fn least_ms(text: &str, phase: Phase) -> f64 {
    let (file, said) = parse(text);
    assert_eq!(said, []);
    assert!(check(&file).iter().all(|it| !it.is_error()));
    assert!(lower(&file).functions.len() >= text.lines().count() / 10 - 1);
    let now = || now_ns().now_or_never().expect("the clock of a thread is at hand");
    let round = || {
        let began = now();
        phase(text, &file);
        (now() - began) / 1e6
    };
    (0..ROUNDS).map(|_| round()).fold(f64::INFINITY, f64::min)
}

/// A scenario of about `lines` lines with a bit of everything, in functions, scopes and tasks.
fn scenario(lines: usize) -> String {
    let mut text = String::from("limiter api = 3\nqueue jobs\nlock ledger\nlet total = 0\n");
    for at in (4..lines).step_by(10) {
        text += &std::format!(
            r#"fn step_{at}(name, n) {{
  let seen = total
  with ledger {{ total = seen + n }}
  if n > 1 and name != "none" {{ log "{{name}}: {{n + 1}}" }}
  return n * 2  # twice
}}
scope s{at} {{
  task a {{ sleep 10ms..20ms  log step_{at}("a", 1) }}
  task b {{ with api {{ timeout 1s {{ fetch "/{at}" in 10ms }} else {{ log "late" }} }} }}
}}
"#
        );
    }
    text
}
