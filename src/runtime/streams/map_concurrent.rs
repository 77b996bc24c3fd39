//! A bounded number of tasks for the items of a stream, and their results.

use std::collections::VecDeque;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures::Stream;
use pin_project_lite::pin_project;

use super::as_completed::AsCompleted;
use crate::runtime::errors::error::Result;
use crate::runtime::errors::task_error::TaskError;
use crate::runtime::scope::handle::Scope;
use crate::runtime::scope::task::Task;

pin_project! {
    /// Items that become children of a scope, as long as there is room.
    struct Source<'env, S, F> {
        #[pin]
        items: S,
        scope: Scope<'env>,
        limit: usize,
        task_of: F,
        over: bool,
    }
}

impl<'env, S: Stream, F> Source<'env, S, F> {
    fn new<Fut>(items: S, scope: &Scope<'env>, limit: usize, task_of: F) -> Source<'env, S, F>
    where
        F: FnMut(S::Item) -> Fut,
    {
        Source { items, scope: scope.clone(), limit: limit.max(1), task_of, over: false }
    }

    /// A child for the next item, if there is one and not as many as the limit are there already.
    fn poll_spawn<T: 'env, Fut>(self: Pin<&mut Self>, there: usize, cx: &mut Context<'_>) -> Option<Task<T>>
    where
        F: FnMut(S::Item) -> Fut,
        Fut: Future<Output = Result<T>> + 'env,
    {
        let this = self.project();
        if *this.over || there >= *this.limit {
            return None;
        }
        match this.items.poll_next(cx) {
            Poll::Ready(Some(item)) => Some(this.scope.spawn((this.task_of)(item))),
            Poll::Ready(None) => {
                *this.over = true;
                None
            }
            Poll::Pending => None,
        }
    }
}

pin_project! {
    /// See [`ScopeStreamExt::map_concurrent`](crate::runtime::ScopeStreamExt::map_concurrent).
    #[must_use = "a stream does nothing unless it is read"]
    pub struct MapConcurrent<'env, S, F, T> {
        #[pin]
        source: Source<'env, S, F>,
        tasks: InOrder<T>,
    }
}

/// Dropping it cancels those tasks that have not ended.
struct InOrder<T>(VecDeque<Task<T>>);

impl<T> Drop for InOrder<T> {
    fn drop(&mut self) {
        for task in &self.0 {
            task.cancel();
        }
    }
}

impl<'env, S: Stream, F, T> MapConcurrent<'env, S, F, T> {
    pub(super) fn new<Fut>(items: S, scope: &Scope<'env>, limit: usize, task_of: F) -> Self
    where
        F: FnMut(S::Item) -> Fut,
    {
        let source = Source::new(items, scope, limit, task_of);
        MapConcurrent { source, tasks: InOrder(VecDeque::new()) }
    }
}

impl<'env, S, F, Fut, T: 'env> Stream for MapConcurrent<'env, S, F, T>
where
    S: Stream,
    F: FnMut(S::Item) -> Fut,
    Fut: Future<Output = Result<T>> + 'env,
{
    type Item = std::result::Result<T, TaskError>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let mut this = self.project();
        let tasks = &mut this.tasks.0;
        while let Some(task) = this.source.as_mut().poll_spawn(tasks.len(), cx) {
            tasks.push_back(task);
        }
        let Some(first) = tasks.front_mut() else {
            return if this.source.over { Poll::Ready(None) } else { Poll::Pending };
        };
        let result = std::task::ready!(Pin::new(first).poll(cx));
        tasks.pop_front();
        Poll::Ready(Some(result))
    }
}

pin_project! {
    /// See [`ScopeStreamExt::map_unordered`](crate::runtime::ScopeStreamExt::map_unordered).
    #[must_use = "a stream does nothing unless it is read"]
    pub struct MapUnordered<'env, S, F, T> {
        #[pin]
        source: Source<'env, S, F>,
        tasks: AsCompleted<T>,
    }
}

impl<'env, S: Stream, F, T> MapUnordered<'env, S, F, T> {
    pub(super) fn new<Fut>(items: S, scope: &Scope<'env>, limit: usize, task_of: F) -> Self
    where
        F: FnMut(S::Item) -> Fut,
    {
        let source = Source::new(items, scope, limit, task_of);
        MapUnordered { source, tasks: AsCompleted::cancelling() }
    }
}

impl<'env, S, F, Fut, T: 'env> Stream for MapUnordered<'env, S, F, T>
where
    S: Stream,
    F: FnMut(S::Item) -> Fut,
    Fut: Future<Output = Result<T>> + 'env,
{
    type Item = std::result::Result<T, TaskError>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let mut this = self.project();
        while let Some(task) = this.source.as_mut().poll_spawn(this.tasks.len(), cx) {
            this.tasks.push(task);
        }
        match std::task::ready!(Pin::new(this.tasks).poll_next(cx)) {
            None if !this.source.over => Poll::Pending,
            result => Poll::Ready(result),
        }
    }
}
