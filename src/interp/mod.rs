//! Runs a plan on the runtime: one function per node, each construct one call of the library.

mod block;
mod eval;
mod fault;
mod finish;
mod flow;
mod frame;
mod guard;
mod join;
pub mod limits;
mod list;
mod ops;
mod pool;
mod shared;
mod step;
mod stimulus;
mod task;
mod value;
mod wait;
mod world;

use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use crate::event::{Observer, Outcome};
use crate::host::Host;
use crate::lang::plan::Plan;
use crate::runtime::{Error, Result, Run, RunHandle, Scope, ScopeOptions, after_cleanup, defer};

pub use fault::Fault;
pub use list::List;
pub use value::{Value, duration};

use step::Cx;
use stimulus::Rooted;
use world::{Facts, World};

/// A run of `plan`. Awaiting it drives it; its value is the outcome, which the
/// observer has heard as the last event.
///
/// # Cancellation
/// Dropping it drops every task; [`Execution::handle`] ends it properly.
#[must_use = "a run does nothing unless it is polled"]
pub struct Execution {
    world: Rc<World>,
    run: Run<'static, ()>,
}

impl Execution {
    /// Prepares a run on `host`; `observer` hears every event.
    pub fn new(plan: Rc<Plan>, host: Rc<dyn Host>, observer: Rc<dyn Observer>) -> Execution {
        let facts = Facts::new(observer);
        let world = World::new(plan, host.clone(), facts.clone());
        let run = Run::with_observer(host, Some(facts), root(world.clone()));
        drop(world.handle.set(run.handle()));
        Execution { world, run }
    }

    /// A handle to cancel the run from outside.
    pub fn handle(&self) -> RunHandle {
        self.run.handle()
    }
}

impl Future for Execution {
    type Output = Outcome;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Outcome> {
        let result = std::task::ready!(Pin::new(&mut self.run).poll(cx));
        Poll::Ready(finish::finish(&self.world, result))
    }
}

/// The root task: the top level in the root scope, with the stimuli beside it.
async fn root(world: Rc<World>) -> Result<()> {
    let top = world.top.clone();
    let plan = world.plan.clone();
    let rooted = Rooted::new();
    let inside = async |scope: Scope<'static>| {
        drop(rooted.set(scope.clone()));
        let declared = world.declare(&scope);
        let cx = Cx::new(world.clone(), scope);
        cx.settle(declared).await?;
        cx.steps(&plan.body.steps, &top).await
    };
    let drained = world.clone();
    let draining = defer(async move { drained.drain().await });
    // The root scope adds nothing to paths: a child of it is `main/user`.
    let flow = stimulus::beside(&world, &rooted, ScopeOptions::named("").run(inside)).await;
    let flow = flow.map(drop).map_err(Error::Group);
    after_cleanup(flow, draining.await)
}
