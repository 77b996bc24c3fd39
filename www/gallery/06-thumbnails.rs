//! Thumbnails: a whole scope under one timeout.

use std::cell::Cell;
use std::time::Duration;

use taskscope::runtime::{Result, scope, sleep, timeout};

use crate::virtual_run::{log, ms, run};

async fn thumbnail(resized: &Cell<u32>, file: &str, cost: Duration) -> Result<()> {
    sleep(cost).await;
    resized.set(resized.get() + 1);
    log(format!("{file} resized"));
    Ok(())
}

pub fn main() {
    run(async {
        let resized = Cell::new(0);
        let thumbnails = scope(async |s| {
            s.spawn(thumbnail(&resized, "cat.jpg", ms(300)));
            s.spawn(thumbnail(&resized, "harbor.jpg", ms(750)));
            s.spawn(thumbnail(&resized, "forest.jpg", ms(1300)));
            Ok(())
        });
        match timeout(Duration::from_secs(1), thumbnails).await {
            Ok(all) => {
                all?;
                log("all are resized");
            }
            Err(_) => log(format!("sent with {} of 3", resized.get())),
        }
        Ok(())
    });
}
