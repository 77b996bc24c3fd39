//! A parser that blocks the loop: nothing else has a turn meanwhile.

use taskscope::runtime::{scope, sleep, work};

use crate::virtual_run::{clock, log, ms, run};

pub fn main() {
    run(async {
        scope(async |s| {
            s.spawn(async {
                for beat in 1..=5 {
                    sleep(ms(100)).await;
                    log(format!("heartbeat {beat} at {}", clock()));
                }
                Ok(())
            });
            s.spawn(async {
                sleep(ms(150)).await;
                // Stands for computing without an await; `offload` would not hold the loop.
                work(ms(400));
                log("40 MB of JSON parsed");
                Ok(())
            });
            Ok(())
        })
        .await?;
        Ok(())
    });
}
