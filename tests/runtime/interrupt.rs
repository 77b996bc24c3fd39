//! The harness that interrupts everywhere, for scenarios that share one thing with their check.

use std::future::Future;
use std::rc::Rc;

use taskscope::runtime::Result;
use taskscope::testing::{Interruption, Report, Scenario, interrupt_everywhere};

/// Interrupts the scenario everywhere, each time with a new `S`, at which `check` looks afterwards.
#[track_caller]
pub fn at_each_suspension<F, S>(
    scenario: impl Fn(Rc<S>) -> F,
    check: impl Fn(&Interruption, &S) + Clone + 'static,
) -> Report
where
    F: Future<Output = Result<()>> + 'static,
    S: Default + 'static,
{
    interrupt_everywhere(|| {
        let (shared, check) = (Rc::new(S::default()), check.clone());
        Scenario::new(scenario(shared.clone())).check(move |interruption| check(interruption, &shared))
    })
}
