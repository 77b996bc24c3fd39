//! Stimuli: what comes from outside at an instant of the run.

use std::future::{Future, pending, poll_fn};
use std::pin::pin;
use std::rc::Rc;
use std::task::Poll;
use std::time::Duration;

use crate::lang::plan::{Block, Stimulus};
use crate::order;
use crate::runtime::{Scope, outside_sleep};
use crate::span::Span;

use super::eval::eval;
use super::ops::Problem;
use super::step::{Cx, as_length, value_of};
use super::world::World;

/// A stimulus with its numbers worked out.
enum Due<'plan> {
    At(&'plan Block, Span),
    Shutdown(Option<Duration>),
}

/// Runs `body` with the plan's stimuli beside it; those that are due after its
/// end do nothing. At one instant the outside comes first, and the instant of
/// a shutdown is the last at which the body is looked at.
pub(crate) async fn beside<T>(world: &Rc<World>, root: &Rooted, body: impl Future<Output = T>) -> T {
    let mut outside = pin!(outside(world, root));
    let mut body = pin!(body);
    poll_fn(|cx| match outside.as_mut().poll(cx) {
        Poll::Ready(()) => Poll::Pending,
        Poll::Pending => body.as_mut().poll(cx),
    })
    .await
}

/// Where the root scope is found once it is open.
pub(crate) type Rooted = std::cell::OnceCell<Scope<'static>>;

/// Ready when the run was asked to stop.
async fn outside(world: &Rc<World>, root: &Rooted) {
    let plan = world.plan.clone();
    let mut due = Vec::new();
    for stimulus in &plan.stimuli {
        // The checker has seen that it is a length of time; what is none never comes.
        due.extend(prepare(world, stimulus).ok());
    }
    order::by_key(&mut due, |(at, _)| *at);
    let mut passed = Duration::ZERO;
    for (at, stimulus) in due {
        outside_sleep(at.saturating_sub(passed)).await;
        passed = at;
        let Some(scope) = root.get().filter(|scope| !scope.is_closed()) else { continue };
        match stimulus {
            Due::At(body, span) => {
                let (cx, body, top) =
                    (Cx::new(world.clone(), scope.clone()), body.clone(), world.top.clone());
                let child = scope.task(Some("at".into())).at(span);
                child.spawn_owned(async move { Ok(value_of(cx.block(&body, &top, Vec::new()).await?)) });
            }
            Due::Shutdown(grace) => {
                world.handle.get().map(|handle| handle.shutdown(grace));
                return;
            }
        }
    }
    pending().await
}

fn prepare<'plan>(world: &World, stimulus: &'plan Stimulus) -> Result<(Duration, Due<'plan>), Problem> {
    match stimulus {
        Stimulus::At { at, body, span } => {
            Ok((as_length(&eval(world, at, &world.top)?)?, Due::At(body, *span)))
        }
        Stimulus::Shutdown { at, grace, .. } => {
            let grace =
                grace.as_ref().map(|grace| as_length(&eval(world, grace, &world.top)?)).transpose()?;
            Ok((as_length(&eval(world, at, &world.top)?)?, Due::Shutdown(grace)))
        }
    }
}
