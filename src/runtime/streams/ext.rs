//! Adapters for every stream.

use std::future::Future;
use std::time::Duration;

use futures::Stream;

use super::batches::Batches;
use super::map_concurrent::{MapConcurrent, MapUnordered};
use super::timeout_each::TimeoutEach;
use crate::runtime::errors::error::Result;
use crate::runtime::scope::handle::Scope;

/// Adapters that know scopes and the run's clock, for every [`Stream`]; beside
/// those of `futures::StreamExt`, which work in a run too.
pub trait ScopeStreamExt: Stream + Sized {
    /// Makes a child of `scope` of each item, at most `limit` of them at a time
    /// (at least one), and gives their results in the order of the items.
    ///
    /// Children run whether or not somebody reads at that moment: what
    /// distinguishes it from `buffered` of `futures`, whose futures stand still
    /// while the reader does something else. A child that has ended keeps its
    /// place under the limit until its result was read, so that a slow reader
    /// slows the source down. As for all children, the first failure cancels the
    /// scope; in one that [collects](crate::runtime::collect) it is given here and nothing else happens.
    ///
    /// # Cancellation
    /// Dropping the stream cancels the children that are under way; the scope
    /// waits for their cleanups. Results that were not read are lost with it.
    ///
    /// # Panics
    /// When it is read after `scope` has ended.
    ///
    /// ```
    /// use futures::{StreamExt, stream};
    /// use std::time::Duration;
    /// use taskscope::runtime::{ScopeStreamExt, block_on_virtual, now, scope, sleep};
    ///
    /// let sizes = block_on_virtual(async {
    ///     let names = ["user", "orders", "prefs", "news"];
    ///     let sizes = scope(async |s| {
    ///         let mut sizes = stream::iter(&names).map_concurrent(&s, 2, async |name| {
    ///             sleep(Duration::from_millis(100)).await;
    ///             Ok(name.len())
    ///         });
    ///         let mut all = Vec::new();
    ///         while let Some(size) = sizes.next().await {
    ///             all.push(size?);
    ///         }
    ///         Ok(all)
    ///     })
    ///     .await?;
    ///     assert_eq!(now().as_us(), 200_000, "two at a time");
    ///     Ok(sizes)
    /// });
    /// assert_eq!(sizes.unwrap(), [4, 6, 5, 4]);
    /// ```
    fn map_concurrent<'env, T, F, Fut>(
        self,
        scope: &Scope<'env>,
        limit: usize,
        task_of: F,
    ) -> MapConcurrent<'env, Self, F, T>
    where
        T: 'env,
        F: FnMut(Self::Item) -> Fut,
        Fut: Future<Output = Result<T>> + 'env,
    {
        MapConcurrent::new(self, scope, limit, task_of)
    }

    /// As [`map_concurrent`](Self::map_concurrent), with the results in the order in which the children end.
    ///
    /// # Cancellation
    /// As [`map_concurrent`](Self::map_concurrent).
    ///
    /// # Panics
    /// As [`map_concurrent`](Self::map_concurrent).
    fn map_unordered<'env, T, F, Fut>(
        self,
        scope: &Scope<'env>,
        limit: usize,
        task_of: F,
    ) -> MapUnordered<'env, Self, F, T>
    where
        T: 'env,
        F: FnMut(Self::Item) -> Fut,
        Fut: Future<Output = Result<T>> + 'env,
    {
        MapUnordered::new(self, scope, limit, task_of)
    }

    /// Gives an [`Elapsed`](crate::runtime::Elapsed) in the place of an item for which somebody has waited `length`.
    ///
    /// The time counts from the first wait for the item, and anew after each
    /// `Elapsed`: the stream goes on, nothing of it is dropped, and the item may
    /// come late. As for every timeout, a deadline wins over an item at the same instant.
    ///
    /// # Cancellation
    /// A wait that is dropped goes on counting when somebody waits again; nothing is lost.
    ///
    /// # Panics
    /// Outside a run, when polled.
    ///
    /// ```
    /// use futures::StreamExt;
    /// use std::time::Duration;
    /// use taskscope::runtime::{ScopeStreamExt, block_on_virtual, interval};
    ///
    /// block_on_virtual(async {
    ///     let mut ticks = interval(Duration::from_secs(3)).timeout_each(Duration::from_secs(2));
    ///     assert!(ticks.next().await.unwrap().is_ok(), "at 0");
    ///     assert!(ticks.next().await.unwrap().is_err(), "at 2");
    ///     assert!(ticks.next().await.unwrap().is_ok(), "at 3");
    ///     Ok(())
    /// })
    /// .unwrap();
    /// ```
    fn timeout_each(self, length: Duration) -> TimeoutEach<Self> {
        TimeoutEach::new(self, length)
    }

    /// Gives items by the batch: `most` of them (at least one), or those that
    /// came within a time after the first of the batch was seen. No batch is
    /// empty; the last may be short.
    ///
    /// # Cancellation
    /// A wait that is dropped keeps what it has gathered for the next wait.
    /// Dropping the stream drops it.
    ///
    /// # Panics
    /// Outside a run, when polled.
    ///
    /// ```
    /// use futures::StreamExt;
    /// use std::time::Duration;
    /// use taskscope::runtime::{ScopeStreamExt, block_on_virtual, interval};
    ///
    /// let sizes = block_on_virtual(async {
    ///     let clicks = interval(Duration::from_millis(40)).take(5);
    ///     let batches = clicks.batches(10, Duration::from_millis(100));
    ///     Ok(batches.map(|batch| batch.len()).collect::<Vec<_>>().await)
    /// });
    /// assert_eq!(sizes.unwrap(), [3, 2]);
    /// ```
    fn batches(self, most: usize, within: Duration) -> Batches<Self> {
        Batches::new(self, most, within)
    }
}

impl<S: Stream> ScopeStreamExt for S {}
