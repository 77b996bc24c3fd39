//! Orders read page by page: a generator, which runs while somebody waits for a page.

use std::pin::pin;

use futures::TryStreamExt;
use taskscope::runtime::{generate, sleep};

use crate::virtual_run::{clock, log, ms, run};

pub fn main() {
    run(async {
        let pages = generate(async |mut y| {
            for page in 1..=4 {
                sleep(ms(120)).await;
                y.emit((page, [page * 100 + 1, page * 100 + 2])).await;
            }
            Ok(())
        });
        let mut pages = pin!(pages);
        while let Some((page, [first, second])) = pages.try_next().await? {
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
