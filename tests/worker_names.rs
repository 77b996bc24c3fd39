//! The functions that the language lets a scenario offload are those that workers know.
#![cfg(feature = "lang")]

use taskscope::host::jobs;
use taskscope::lang::plan::BLOCKING;

#[test]
fn the_language_and_the_workers_know_the_same_functions() {
    let mut typed: Vec<&str> = BLOCKING.iter().map(|(name, _)| *name).collect();
    typed.sort_unstable();
    assert_eq!(typed, jobs::NAMES.map(|(name, _)| name));
    for (name, arguments) in BLOCKING {
        assert!(jobs::run(name, &vec![1; arguments]).is_ok(), "{name} with {arguments}");
    }
}
