//! A print job is called off: it cleans up, and only then is the printer free.

use std::time::Duration;

use taskscope::runtime::{Limiter, defer, scope, sleep};

use crate::virtual_run::{clock, log, ms, run};

pub fn main() {
    run(async {
        let printer = Limiter::new(1);
        scope(async |s| {
            let report = s.spawn(async {
                let permit = printer.acquire().await;
                // The cleanup has the permit: whoever waits for it waits for the cleanup.
                let _parked = defer(async move {
                    sleep(ms(150)).await;
                    log("paper tray parked");
                    drop(permit);
                    Ok(())
                });
                log("printing 300 pages");
                sleep(Duration::from_secs(30)).await;
                log("report printed");
                Ok(())
            });
            s.spawn(async {
                let _permit = printer.acquire().await;
                log(format!("letter begins at {}", clock()));
                sleep(ms(200)).await;
                Ok(())
            });
            sleep(ms(500)).await;
            report.cancel();
            Ok(())
        })
        .await?;
        Ok(())
    });
}
