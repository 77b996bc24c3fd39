//! Tests of the front end: cases as data, one helper for each kind of expectation.

mod dump;
mod explained;
mod fuzz;
mod grammar;
mod habits;
mod layout;
mod marks;
mod meaning;
mod plans;
mod robust;
mod said;
mod trees;
mod typed;
mod warned;

/// The first scenario of the language's contract.
pub const FIRST: &str = r#"scenario "Order dashboard"
seed 7

limiter api = 2

fn fetch_part(name, delay) {
  with api {
    sleep delay
    log "{name} ready"
    return name
  }
}

timeout 3s {
  scope dashboard {
    task user   { fetch_part("user", 400ms) }
    task orders { fetch_part("orders", 1.2s) }
    task prefs  { sleep 250ms  fail ValueError "prefs are corrupt" }
  }
}
catch ValueError as group {
  log "lost: {group}"
}
"#;
