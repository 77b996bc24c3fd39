//! Same text, same seed, same bytes: the gallery's traces, natively and in the browser.
//!
//! The same tests run in both worlds against the same references. After a
//! change that is meant to change traces, `TASKSCOPE_BLESS=1 cargo test --test
//! traces` writes them anew, natively.

use std::rc::Rc;

use taskscope::app::gallery;
use taskscope::export::jsonl;
use taskscope::lang::plan::Plan;
use taskscope::pipeline;

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

#[cfg(target_arch = "wasm32")]
wasm_bindgen_test_configure!(run_in_browser);

/// One trace in full, so that a reader can see what changed.
const DASHBOARD: &str = include_str!("traces/01-order-dashboard.jsonl");
/// Of the others, a line each: id, lines, digest.
const DIGESTS: &str = include_str!("traces/gallery.txt");

fn plan(id: &str) -> Rc<Plan> {
    let entry = gallery::find(id).expect("an entry of the gallery");
    pipeline::compile(entry.text).plan.expect("a gallery scenario compiles")
}

fn trace(id: &str) -> String {
    jsonl::write(&pipeline::simulate(&plan(id), None))
}

/// FNV-1a, 64 bits: tells two files apart and has no version that could change.
fn digest(text: &str) -> u64 {
    text.bytes()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

fn digests() -> String {
    let line = |entry: gallery::Entry| {
        let trace = trace(entry.id);
        format!("{} {} {:016x}\n", entry.id, trace.lines().count(), digest(&trace))
    };
    gallery::entries().into_iter().map(line).collect()
}

#[cfg(not(target_arch = "wasm32"))]
fn bless(name: &str, text: &str) {
    if std::env::var_os("TASKSCOPE_BLESS").is_some() {
        let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/traces").join(name);
        std::fs::write(file, text).expect("a writable tree");
    }
}

#[cfg(target_arch = "wasm32")]
fn bless(_: &str, _: &str) {}

#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test)]
#[cfg_attr(not(target_arch = "wasm32"), test)]
fn the_first_scenario_gives_the_reference_byte_for_byte() {
    let trace = trace("01-order-dashboard");
    bless("01-order-dashboard.jsonl", &trace);
    assert_eq!(trace, DASHBOARD);
}

#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test)]
#[cfg_attr(not(target_arch = "wasm32"), test)]
fn every_gallery_scenario_gives_the_reference_digest() {
    let digests = digests();
    bless("gallery.txt", &digests);
    for (ours, reference) in digests.lines().zip(DIGESTS.lines()) {
        assert_eq!(ours, reference);
    }
    assert_eq!(digests.lines().count(), DIGESTS.lines().count());
}

#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test)]
#[cfg_attr(not(target_arch = "wasm32"), test)]
fn two_runs_give_the_same_bytes_and_another_seed_may_not() {
    let plan = plan("12-page-crawler");
    let run = |seed| jsonl::write(&pipeline::simulate(&plan, Some(seed)));
    assert_eq!(run(1), run(1));
    let seeded = pipeline::compile("sleep 1ms..1s\nlog \"{random(1, 1000000)}\"").plan.expect("a plan");
    let run = |seed| jsonl::write(&pipeline::simulate(&seeded, Some(seed)));
    assert_eq!(run(1), run(1));
    assert_ne!(run(1), run(2));
}
