//! The program of the worker that takes scenarios home: a text and a seed come, what the scenario becomes in each form
//! goes back, or nothing if it has errors.

mod texts;

use taskscope::pipeline::{Target, compile, take_home};

fn main() {
    texts::serve(|given| {
        let [text, seed] = &given[..] else { return Vec::new() };
        let Some(plan) = compile(text).plan else { return Vec::new() };
        Target::ALL.iter().map(|target| take_home(&plan, seed.parse().ok(), *target)).collect()
    });
}
