//! The future of a scope: polls its body and the children that borrow, decides when it is over.
//!
//! A poll finds out what it is for: a turn of the body; a turn of a child that
//! borrows, named by the executor's route; or the scope's own turn, in which
//! it acts on what was decided. Everything beside the way is left alone.

use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use crate::event::{End, Reason, Role, Wait};

use super::handle::Scope;
use super::nursery::InScope;
use super::state::{ScopeCore, ScopeState};
use crate::runtime::cancel::cleanup::Drain;
use crate::runtime::errors::error::{Error, Result};
use crate::runtime::errors::group::ErrorGroup;
use crate::runtime::executor::wake::Wakeup;
use crate::runtime::explain::cause::About;
use crate::runtime::explain::wait::Waiting;

/// See [`super::handle::scope`].
pub(crate) struct ScopeFuture<'env, F, T> {
    scope: Scope<'env>,
    body: Option<Pin<Box<F>>>,
    result: Option<Result<T>>,
    drain: Drain,
    waiting: Option<Waiting>,
    /// It was empty and has let the others have a turn.
    stepped_back: bool,
    /// It was just stopped: its own cleanups begin a turn later.
    behind_children: bool,
}

impl<F, T> Unpin for ScopeFuture<'_, F, T> {}

/// What a poll is for.
enum Purpose {
    Body,
    Child(u32),
    Act,
}

impl<'env, F, T> ScopeFuture<'env, F, T> {
    pub(crate) fn new(scope: Scope<'env>, body: F) -> Self {
        ScopeFuture {
            scope,
            body: Some(Box::pin(body)),
            result: None,
            drain: Drain::default(),
            waiting: None,
            stepped_back: false,
            behind_children: false,
        }
    }

    fn inner(&self) -> &Rc<ScopeCore> {
        &self.scope.inner
    }

    fn purpose(&self) -> Purpose {
        let mut route = self.inner().core.route.borrow_mut();
        match route.last() {
            Some(step) if Rc::ptr_eq(&step.scope, self.inner()) => {
                match route.pop().and_then(|step| step.child) {
                    Some(child) => Purpose::Child(child),
                    None => Purpose::Act,
                }
            }
            _ => Purpose::Body,
        }
    }
}

impl<'env, F: Future<Output = Result<T>>, T> ScopeFuture<'env, F, T> {
    fn poll_body(&mut self, cx: &mut Context<'_>) {
        let Some(body) = &mut self.body else { return };
        let inner = self.scope.inner.clone();
        let entered = inner.core.enter_block(&inner.block);
        let poll = body.as_mut().poll(cx);
        if let Poll::Ready(result) = poll {
            self.body = None;
            drop(entered);
            self.body_over(result);
        }
    }

    fn body_over(&mut self, result: Result<T>) {
        if let Err(error) = &result {
            self.body_failed(Role::Body, error.clone());
        }
        self.result = Some(result);
    }

    /// As any failure this one wakes the scope: tasks ahead of it in the run queue have their turn first.
    fn body_failed(&self, role: Role, error: Error) {
        let inner = self.inner();
        let about = || {
            let (scope, error) = (Some(inner.block.node.clone()), error.leaves().next().cloned());
            About { scope, error, ..About::default() }
        };
        if !inner.collects() {
            inner.decide(Reason::BodyFailed(inner.block.id), about);
        }
        inner.add_failure(role, error);
    }

    /// Gives the child under `index` its turn, and those who follow.
    fn poll_children(&self, index: u32) {
        let Scope { inner: scope, nursery } = &self.scope;
        let first = nursery.borrow().child_at(index);
        if let Some(first) = first {
            scope.core.poll_row(first, &mut InScope { scope, nursery });
        }
    }

    /// Drops the children that were cancelled.
    fn bury(&mut self) {
        let inner = self.inner();
        let doomed = inner.doomed.take();
        for (index, task) in doomed {
            // The place may be another's by now.
            let child = self.scope.nursery.borrow_mut().take_if(index, task);
            if let Some(body) = child {
                inner.core.drop_in_task(task, body);
                self.scope.nursery.borrow_mut().free(index);
                inner.core.body_cancelled(task);
            }
        }
    }

    fn act(&mut self) {
        if let ScopeState::Deciding(reason) = self.inner().state.get() {
            self.stop(reason);
        }
    }

    /// Cancels the body and all children together.
    fn stop(&mut self, reason: Reason) {
        let inner = self.inner().clone();
        inner.state.set(ScopeState::Stopping(reason));
        inner.announce_cancel(reason);
        let entered = inner.core.enter_block(&inner.block);
        inner.core.drop_struck(inner.cause(reason), self.body.take());
        drop(entered);
        inner.burying.set(true);
        inner.cancel_children(reason);
        self.bury();
        inner.burying.set(false);
        // The children's cleanups are in the run queue; that of the body gets in line behind them.
        self.behind_children = inner.children.get().count > 0;
        if self.behind_children {
            inner.core.push_act(&inner);
        }
    }

    /// Whether body, children and cleanups are over.
    fn poll_over(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let inner = self.inner().clone();
        if self.body.is_some() {
            return Poll::Pending;
        }
        let children = inner.children.get().count > 0;
        let stopping = matches!(inner.state.get(), ScopeState::Stopping(_));
        // A body that was cancelled cleans up together with the children. One
        // that came to its end may have left what the children still use.
        if children && std::mem::take(&mut self.behind_children) {
            return Poll::Pending;
        }
        if !children || stopping || self.drain.is_running() {
            self.waiting = None;
            let errors = std::task::ready!(self.drain.poll_block(&inner.core, &inner.block, cx));
            let role = if stopping { Role::DuringCancellation } else { Role::Body };
            errors.into_iter().for_each(|error| self.body_failed(role, error));
        }
        if inner.children.get().count > 0 {
            let wait = || Waiting::start(&inner.core, Wait::Children(inner.block.id));
            self.waiting.get_or_insert_with(wait);
            return Poll::Pending;
        }
        // An empty scope is a suspension like any other, so that a loop around one starves nobody.
        if inner.state.get() == ScopeState::Open && inner.block.node.is_bare() && !self.stepped_back {
            self.stepped_back = true;
            inner.core.push_act(&inner);
            return Poll::Pending;
        }
        Poll::Ready(())
    }

    fn finish(&mut self) -> std::result::Result<T, ErrorGroup> {
        let inner = self.inner().clone();
        let state = inner.state.get();
        let group = inner.take_group();
        let result = self.result.take();
        match (group, result, state) {
            (
                None,
                Some(Ok(value)),
                ScopeState::Open
                | ScopeState::Deciding(Reason::LostRace(..))
                | ScopeState::Stopping(Reason::LostRace(..)),
            ) => {
                inner.close(End::Ok);
                Ok(value)
            }
            (Some(group), ..) => {
                inner.close(End::Failed);
                Err(group)
            }
            (None, result, state) => {
                let reason = match state {
                    ScopeState::Stopping(reason) | ScopeState::Deciding(reason) => Some(reason),
                    ScopeState::Open | ScopeState::Closed => None,
                };
                inner.close(End::Cancelled);
                match result {
                    // The body came to its end before it was cancelled, and so did every child.
                    Some(Ok(value)) if reason != Some(Reason::Explicit) => Ok(value),
                    _ => Err(inner.empty_group(reason)),
                }
            }
        }
    }
}

impl<'env, F: Future<Output = Result<T>>, T> Future for ScopeFuture<'env, F, T> {
    type Output = std::result::Result<T, ErrorGroup>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = &mut *self;
        let inner = this.inner().clone();
        inner.polled_by.replace(Some(Wakeup::new(&inner.core, cx)));
        inner.block.task.set(inner.core.task());
        inner.ask_for_missed();
        match this.purpose() {
            Purpose::Child(index) => {
                this.poll_children(index);
                // As with a child that is owned: the scope's own turn is behind those that are ahead of it.
                if inner.act_queued.get() && !inner.core.is_next(&inner) {
                    return Poll::Pending;
                }
            }
            Purpose::Act => {
                inner.act_queued.set(false);
                this.bury();
                this.act();
            }
            Purpose::Body => this.poll_body(cx),
        }
        std::task::ready!(this.poll_over(cx));
        Poll::Ready(this.finish())
    }
}

impl<F, T> Drop for ScopeFuture<'_, F, T> {
    /// The scope is left before its end: its task was cancelled, or a combinator gave it up.
    fn drop(&mut self) {
        let inner = self.scope.inner.clone();
        if inner.state.get() == ScopeState::Closed {
            return;
        }
        self.waiting = None;
        let core = &inner.core;
        if core.stopped.get() {
            // A child may hold a handle of the scope: it must not stay with the handles.
            let children = self.scope.nursery.borrow_mut().take_all();
            drop(children);
            inner.close_silently();
            return;
        }
        let _visit = core.visit();
        let reason = Reason::ScopeDropped(inner.block.id);
        inner.state.set(ScopeState::Stopping(reason));
        let entered = core.enter_block(&inner.block);
        core.drop_cancelled(self.body.take());
        drop(entered);
        inner.orphaned.set(true);
        inner.cancel_children(reason);
        let children = self.scope.nursery.borrow_mut().take_all();
        children.into_iter().for_each(|(task, body)| core.drop_cancelled_body(task, body));
        let left = self.drain.hand_on(core, &inner.block);
        if left || inner.children.get().count > 0 {
            core.hand_over(Box::pin(end_orphan(inner.clone())));
        } else if let Err(error) = inner.close_orphan() {
            core.hand_over(Box::pin(async move { Err(error) }));
        }
    }
}

/// Waits for the children of a scope whose future is gone.
async fn end_orphan(scope: Rc<ScopeCore>) -> Result<()> {
    std::future::poll_fn(|cx| scope.poll_orphaned(cx)).await;
    scope.close_orphan()
}
