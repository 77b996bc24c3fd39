//! A receipt that nobody awaits, and one that is awaited.

use taskscope::runtime::{Result, scope, sleep};

use crate::virtual_run::{clock, log, ms, run};

async fn send_receipt(order: &str) -> Result<()> {
    sleep(ms(300)).await;
    log(format!("receipt for {order} sent at {}", clock()));
    Ok(())
}

pub fn main() {
    run(async {
        scope(async |s| {
            // Without `spawn` the call alone would never run, and the compiler would say so: futures do nothing
            // unless they are polled.
            s.spawn(send_receipt("A-7"));
            log(format!("A-7 done at {}", clock()));
            Ok(())
        })
        .await?;

        send_receipt("A-8").await?;
        log(format!("A-8 done at {}", clock()));
        Ok(())
    });
}
