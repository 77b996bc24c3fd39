//! The same wrong password, four times: what cannot succeed is not worth a retry.

use std::time::Duration;

use taskscope::runtime::{Backoff, Error, retry, sleep};

use crate::virtual_run::{clock, errors, log, ms, run, told};

errors!(AuthError);

pub fn main() {
    run(async {
        let backoff = Backoff { first: ms(500), cap: Duration::from_secs(4), jitter: false };
        let logged_in = retry(4, Some(backoff), async |_| {
            sleep(ms(100)).await;
            log(format!("asked at {}", clock()));
            Err::<(), Error>(AuthError::from("wrong password").into())
        });
        if let Err(error) = logged_in.await {
            let mut catch = error.catch();
            if let Some(error) = catch.take::<AuthError>() {
                log(format!("given up at {}: {}", clock(), told(&error)));
            }
            catch.finish()?;
        }
        Ok(())
    });
}
