//! A charge that must not be torn: it is finished, and then the cancellation arrives.

use taskscope::runtime::{scope, shield, sleep};

use crate::virtual_run::{clock, log, ms, run};

pub fn main() {
    run(async {
        scope(async |s| {
            let order = s.spawn(async {
                sleep(ms(100)).await;
                log("card accepted");
                shield(None, async {
                    sleep(ms(150)).await;
                    log("card charged");
                    sleep(ms(150)).await;
                    log("order booked");
                    Ok(())
                })
                .await?;
                log("thank you shown");
                Ok(())
            });
            sleep(ms(200)).await;
            log("customer leaves");
            order.cancel();
            Ok(())
        })
        .await?;
        log(format!("closed at {}", clock()));
        Ok(())
    });
}
