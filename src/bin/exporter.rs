//! The program of the worker that takes scenarios home: a text and a seed come, what the scenario becomes in each form
//! goes back, or nothing if it has errors.

mod texts;

use std::rc::Rc;

use taskscope::pipeline::{Plan, Target, compile, take_home};

fn main() {
    texts::serve(|given| {
        let [text, seed] = &given[..] else { return Vec::new() };
        let Some(plan) = compile(text).plan else { return Vec::new() };
        Target::ALL.iter().map(|target| written(&plan, seed, *target)).collect()
    });
}

/// The scenario in this form, or why there is none.
fn written(plan: &Rc<Plan>, seed: &str, target: Target) -> String {
    take_home(plan, seed.parse().ok(), target).unwrap_or_else(|refusal| format!("// {refusal}\n"))
}
