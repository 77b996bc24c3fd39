//! Who can be measured in a page only: ours on the browser's host, `spawn_local`, and promises. None of them has a
//! virtual clock.

mod promises;
mod spawn_local;

use futures::FutureExt;
use futures::future::{Future, LocalBoxFuture};
use taskscope::runtime::Result;

use super::{Row, Run, alone, errors, limiter, queue, spawn, switch, tree};
use crate::peers::{Peer, ours};

/// Those of the workload with this name.
pub fn rows(workload: &str) -> &'static [Row] {
    match workload {
        "spawn" => {
            const {
                &[
                    hosted(|n| in_page(spawn::borrowed(n))),
                    local(|n| spawn_local::spawn(n).boxed_local()),
                    promised(|n| promises::spawn(n).boxed_local()),
                ]
            }
        }
        "switch" => {
            const {
                &[
                    hosted(|n| in_page(switch::borrowed(n))),
                    local(|n| spawn_local::switch(n).boxed_local()),
                    promised(|n| promises::switch(n).boxed_local()),
                ]
            }
        }
        "alone" => {
            const {
                &[
                    hosted(|n| in_page(alone::borrowed(n))),
                    local(|n| spawn_local::alone(n).boxed_local()),
                    promised(|n| promises::alone(n).boxed_local()),
                ]
            }
        }
        "limiter" => {
            const {
                &[
                    hosted(|n| in_page(limiter::borrowed(n))),
                    local(|n| spawn_local::limiter(n).boxed_local()),
                    promised(|n| promises::limiter(n).boxed_local()),
                ]
            }
        }
        "queue" => {
            const {
                &[
                    hosted(|n| in_page(queue::borrowed(n))),
                    local(|n| spawn_local::queue(n).boxed_local()),
                    promised(|n| promises::queue(n).boxed_local()),
                ]
            }
        }
        "tree" => {
            const {
                &[
                    hosted(|n| in_page(tree::borrowed(n))),
                    local(|n| spawn_local::tree(n).boxed_local()),
                    promised(|n| promises::tree(n).boxed_local()),
                ]
            }
        }
        "errors" => {
            const {
                &[
                    hosted(|n| in_page(errors::borrowed(n))),
                    local(|n| spawn_local::errors(n).boxed_local()),
                    promised(|n| promises::errors(n).boxed_local()),
                ]
            }
        }
        _ => &[],
    }
}

type InPage = fn(u64) -> LocalBoxFuture<'static, u64>;

const fn hosted(run: InPage) -> Row {
    Row { peer: Peer::Hosted, run: Run::Page(run) }
}

const fn local(run: InPage) -> Row {
    Row { peer: Peer::SpawnLocal, run: Run::Page(run) }
}

const fn promised(run: InPage) -> Row {
    Row { peer: Peer::Promises, run: Run::Page(run) }
}

fn in_page(main: impl Future<Output = Result<u64>> + 'static) -> LocalBoxFuture<'static, u64> {
    ours::drive_in_page(main).boxed_local()
}
