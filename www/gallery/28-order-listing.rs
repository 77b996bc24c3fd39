//! Orders read page by page: a stream that asks for a page when it is wanted.

use std::pin::pin;

use futures::stream::{StreamExt, unfold};
use taskscope::runtime::sleep;

use crate::virtual_run::{clock, log, ms, run};

pub fn main() {
    run(async {
        let pages = unfold(1, async |page| {
            if page > 4 {
                return None;
            }
            sleep(ms(120)).await;
            Some(((page, [page * 100 + 1, page * 100 + 2]), page + 1))
        });
        let mut pages = pin!(pages);
        while let Some((page, [first, second])) = pages.next().await {
            log(format!("page {page} at {}: [{first},{second}]", clock()));
            if first == 301 {
                log("found order 301");
                break;
            }
            sleep(ms(50)).await;
        }
        Ok(())
    });
}
