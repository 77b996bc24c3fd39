//! Runs every workload of the benchmarks once for every peer, at the smallest sizes: a benchmark that no longer comes
//! to the right result fails the tests.

// Shared with the benchmarks, which need more of it.
#[allow(dead_code)]
mod harness;
mod peers;
mod table;
mod workloads;

#[cfg(not(target_arch = "wasm32"))]
use futures::FutureExt;
use harness::options::Options;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use workloads::{STEP, WORKLOADS};

#[cfg(target_arch = "wasm32")]
wasm_bindgen_test_configure!(run_in_browser);

async fn run_every_workload() {
    for workload in WORKLOADS {
        for n in [STEP, 20 * STEP] {
            for row in workload.rows() {
                let result = row.run.run(n).await;
                assert_eq!(result, (workload.expected)(n), "{} of {n} by {}", workload.name, row.peer.name());
            }
        }
    }
}

#[cfg(target_arch = "wasm32")]
#[wasm_bindgen_test]
async fn every_workload_comes_to_the_same_for_every_peer_in_a_page() {
    run_every_workload().await;
}

#[cfg(not(target_arch = "wasm32"))]
#[test]
fn every_workload_comes_to_the_same_for_every_peer() {
    run_every_workload().now_or_never().expect("nothing waits outside a page");
}

fn options(words: &str) -> Result<Options, String> {
    Options::read(words.split_whitespace().map(str::to_owned))
}

#[cfg(not(target_arch = "wasm32"))]
#[test]
fn the_report_has_what_the_command_line_asks_for() {
    let options =
        options("spawn tree --sizes 100,1k --rounds 2 --peers ours,tokio --range").expect("it is understood");
    let mut report = String::new();
    harness::report::run(&options, &mut |part| report.push_str(part))
        .now_or_never()
        .expect("nothing waits outside a page");
    let titles: Vec<&str> = report.lines().filter(|line| line.starts_with("###")).collect();
    assert_eq!(titles, ["### spawn", "### tree", "### summary"]);
    let rows = |name: &str| report.lines().filter(|line| line.starts_with(&format!("| {name} "))).count();
    assert_eq!((rows("ours"), rows("tokio"), rows("unordered")), (2, 2, 0));
}

#[test]
fn the_command_line_is_read_or_refused_with_a_reason() {
    assert_eq!(options("--bench"), Ok(Options::default()));
    assert_eq!(options("--sizes 1k,2M,300").map(|options| options.sizes), Ok(vec![1_000, 2_000_000, 300]));
    for (words, reason) in [
        ("--sizes 150", "`150` is not a number of items"),
        ("--sizes", "`--sizes` needs a value"),
        ("--rounds 0", "`0` is not a number of rounds"),
        ("--peers ours,mine", "`mine` is none of ours, owned,"),
        ("swim", "`swim` is no part of spawn, switch,"),
        ("--fast", "`--fast` is unknown"),
    ] {
        let refused = options(words).expect_err(words);
        assert!(refused.starts_with(reason), "{words}: {refused}");
    }
}
