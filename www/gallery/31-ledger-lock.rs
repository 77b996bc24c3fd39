//! A ledger locked during a request: everyone stands in line behind the slow one.

use std::time::Duration;

use taskscope::runtime::{Lock, Result, scope, sleep, timeout};

use crate::virtual_run::{clock, fetch, log, ms, run};

async fn post(ledger: &Lock<i32>, euros: i32, currency: &str) -> Result<()> {
    // Asking before locking would hold the ledger for no time at all.
    let mut balance = ledger.lock().await;
    fetch(&format!("api/rates/{currency}.json"), ms(400), 200).await?;
    *balance += euros;
    log(format!("{euros} euros posted"));
    Ok(())
}

pub fn main() {
    run(async {
        let ledger = Lock::new(0);
        let day = scope(async |s| {
            s.spawn(post(&ledger, -900, "usd"));
            s.spawn(post(&ledger, 2400, "chf"));
            s.spawn(post(&ledger, 3, "gbp"));
            s.spawn(async {
                sleep(ms(10)).await;
                log(format!("balance {} at {}", *ledger.lock().await, clock()));
                Ok(())
            });
            Ok(())
        });
        timeout(Duration::from_secs(5), day).await??;
        Ok(())
    });
}
