//! A worker that is asked to stop: an event, a cancellation, cleanup.

use taskscope::runtime::{Event, Result, defer, scope, sleep};

use crate::virtual_run::{clock, log, ms, run};

async fn work_on() -> Result<()> {
    let _tidied = defer(async {
        sleep(ms(100)).await;
        log("worker tidied up");
        Ok(())
    });
    loop {
        sleep(ms(200)).await;
        log("batch written");
    }
}

pub fn main() {
    run(async {
        let stop = Event::new("stop");
        scope(async |s| {
            // Stands for the signal, which comes from outside.
            s.spawn(async {
                sleep(ms(700)).await;
                stop.set();
                Ok(())
            });
            let worker = s.spawn(work_on());
            stop.wait().await;
            log(format!("asked to stop at {}", clock()));
            worker.cancel();
            Ok(())
        })
        .await?;
        log(format!("down at {}", clock()));
        Ok(())
    });
}
