//! A geocoding quota: at most three starts in any second.

use std::time::Duration;

use taskscope::runtime::{RateLimiter, scope, sleep};

use crate::virtual_run::{clock, log, ms, run};

pub fn main() {
    run(async {
        let quota = RateLimiter::sliding_window("quota", 3, Duration::from_secs(1));
        scope(async |s| {
            for number in 1..=7 {
                let quota = &quota;
                s.spawn(async move {
                    quota.admit().await;
                    log(format!("address {number} asked at {}", clock()));
                    sleep(ms(120)).await;
                    Ok(())
                });
            }
            Ok(())
        })
        .await?;
        Ok(())
    });
}
