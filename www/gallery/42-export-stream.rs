//! An export parsed while it arrives.

use std::time::Duration;

use taskscope::runtime::{Queue, scope, sleep, timeout};

use crate::virtual_run::{clock, log, ms, run};

pub fn main() {
    run(async {
        let parts = Queue::bounded("parts", 2);
        let export = scope(async |s| {
            s.spawn(async {
                for number in 1..=5 {
                    sleep(ms(100)).await;
                    parts.put(number).await?;
                }
                parts.close();
                Ok(())
            });
            s.spawn(async {
                let mut rows = 0;
                while let Some(number) = parts.take().await {
                    sleep(ms(60)).await;
                    rows += 1000;
                    log(format!("part {number} parsed at {}", clock()));
                }
                log(format!("{rows} rows"));
                Ok(())
            });
            Ok(())
        });
        timeout(Duration::from_secs(5), export).await??;
        Ok(())
    });
}
