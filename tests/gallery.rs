//! Every scenario of the gallery is a test: it runs, its expectations hold, and it is free of warnings but its own.
//! Natively and in the browser.
#![cfg(feature = "app")]

use std::collections::BTreeSet;

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

use taskscope::app::gallery::{Entry, entries, find, header};
use taskscope::event::{Event, Outcome};
use taskscope::export;
use taskscope::pipeline::explain::{Block, PAGES, read};
use taskscope::pipeline::{compile, format, simulate};

#[cfg(target_arch = "wasm32")]
wasm_bindgen_test_configure!(run_in_browser);

/// The table of sources.
const SOURCES: &str = include_str!("../www/gallery/README.md");

/// Brings the items in, so that one that is not exported breaks the build, and gives their names.
macro_rules! exported {
    ($($item:ident),* $(,)?) => {
        $(#[allow(unused_imports)] use taskscope::runtime::$item as _;)*
        const EXPORTED: &[&str] = &[$(stringify!($item)),*];
    };
}

exported!(
    block_on,
    collect,
    defer,
    detach,
    fetch,
    gather,
    gather_all,
    generate,
    interval,
    offload,
    race_ok,
    retry,
    scope,
    shield,
    sleep,
    timeout,
    using,
    work,
    Backoff,
    Barrier,
    Elapsed,
    ErrorGroup,
    Event,
    Limiter,
    Lock,
    Permit,
    Pool,
    Queue,
    RateLimiter,
    RunHandle,
    Stuck,
    Task,
    TaskError,
    TimeoutHandle,
);

#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test)]
#[cfg_attr(not(target_arch = "wasm32"), test)]
fn each_runs_to_its_expectations() {
    let entries = entries();
    assert!(entries.len() >= 57, "only {} scenarios", entries.len());
    let mut wrong = String::new();
    for entry in &entries {
        if let Err(what) = run(entry.text) {
            wrong += &format!("\n{}\n{what}", entry.id);
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test)]
#[cfg_attr(not(target_arch = "wasm32"), test)]
fn each_expects_its_length_and_outcome() {
    for Entry { id, text, .. } in entries() {
        for wanted in ["\nexpect elapsed == ", "\nexpect outcome == "] {
            assert!(text.contains(wanted), "{id} lacks `{}`", wanted.trim());
        }
        assert!(text.lines().count() <= 40, "{id} does not fit on a screen");
    }
}

/// A scenario that shows a harm says in its header which warning names it: `# warns: W05`.
#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test)]
#[cfg_attr(not(target_arch = "wasm32"), test)]
fn each_is_free_of_warnings_but_the_one_that_it_shows() {
    for Entry { id, text, .. } in entries() {
        let meant = header(text, "warns");
        let said: Vec<_> = compile(text).diagnostics.into_iter().map(|d| d.code).collect();
        assert_eq!(said.join(" "), meant, "{id}");
    }
}

#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test)]
#[cfg_attr(not(target_arch = "wasm32"), test)]
fn each_is_laid_out_as_the_formatter_does() {
    for Entry { id, text, .. } in entries() {
        assert_eq!(format(text).as_deref(), Ok(text), "{id}: `cargo run -- fmt www/gallery/*.scope` does it");
    }
}

/// Each warning has its harm on show.
#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test)]
#[cfg_attr(not(target_arch = "wasm32"), test)]
fn each_warning_has_a_scenario() {
    let shown: BTreeSet<&str> =
        entries().iter().map(|entry| header(entry.text, "warns")).filter(|code| !code.is_empty()).collect();
    let all = PAGES.iter().map(|(code, _)| *code).filter(|code| code.starts_with('W'));
    assert_eq!(shown, all.collect());
}

/// `| document | section | scenario | item |`, a row for each section.
#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test)]
#[cfg_attr(not(target_arch = "wasm32"), test)]
fn each_section_of_the_sources_has_its_scenario_and_its_item() {
    let rows = SOURCES.lines().filter(|line| line.starts_with("| ")).skip(2);
    let (mut documents, mut shown, mut count) = (Vec::new(), Vec::new(), 0);
    for row in rows {
        let cells: Vec<&str> = row.trim_matches('|').split('|').map(str::trim).collect();
        let [document, section, scenario, item] = cells[..] else { panic!("no row of four: {row}") };
        assert!(![document, section].contains(&""), "{row}");
        assert!(entries().iter().any(|entry| entry.id == scenario), "no such scenario: {row}");
        assert!(EXPORTED.contains(&item.trim_matches('`')), "no such item: {row}");
        documents.push(document);
        shown.push(scenario);
        count += 1;
    }
    documents.dedup();
    assert_eq!(documents.len(), 5, "{documents:?}");
    assert!(count >= 150, "{count} rows");
    for entry in entries() {
        assert!(shown.contains(&entry.id), "no section leads to {}", entry.id);
    }
}

/// A page that explains a warning names the scenario that shows it.
#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test)]
#[cfg_attr(not(target_arch = "wasm32"), test)]
fn each_that_warns_is_named_by_the_explanation() {
    for (code, text) in PAGES {
        for block in read(text).blocks {
            let Block::Gallery(id) = block else { continue };
            let entry = find(&id).unwrap_or_else(|| panic!("{code}: there is no scenario {id}"));
            assert_eq!(header(entry.text, "warns"), *code, "{id}");
        }
    }
}

/// The run's text if one of its expectations does not hold, or it fails though it does not expect to.
fn run(text: &str) -> Result<(), String> {
    let compiled = compile(text);
    let plan = compiled.plan.ok_or(format!("{:?}", compiled.diagnostics))?;
    let trace = simulate(&plan, None);
    let broken = trace.events.iter().any(|it| matches!(it.event, Event::Expect { held: false, .. }));
    let ok =
        matches!(trace.events.last().map(|it| &it.event), Some(Event::RunEnd { outcome: Outcome::Ok, .. }));
    let meant = text.contains("\nexpect outcome == ") && !text.contains("\nexpect outcome == \"ok\"");
    if broken || !(ok || meant) { Err(export::text::write(&trace, Some(text))) } else { Ok(()) }
}
