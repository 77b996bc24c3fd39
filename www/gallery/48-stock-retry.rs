//! A stock service that wakes up slowly: attempts with pauses that double.

use std::time::Duration;

use taskscope::runtime::{Backoff, retry, sleep, timeout};

use crate::virtual_run::{clock, errors, log, ms, run};

errors!(Unavailable);

pub fn main() {
    run(async {
        let backoff = Backoff { first: ms(100), cap: Duration::from_secs(1), jitter: false };
        let stock = retry(4, Some(backoff), async |attempt| {
            log(format!("attempt {attempt} at {}", clock()));
            sleep(ms(50)).await;
            if attempt < 3 {
                return Err(Unavailable::from("stock service").into());
            }
            log("12 chairs in stock");
            Ok(())
        });
        timeout(Duration::from_secs(2), stock).await??;
        Ok(())
    });
}
