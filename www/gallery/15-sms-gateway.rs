//! An SMS gateway with two rules: two at once, and four a second.

use std::time::Duration;

use taskscope::runtime::{Limiter, RateLimiter, Result, scope, sleep};

use crate::virtual_run::{clock, log, ms, run};

struct Gateway {
    permits: Limiter,
    pace: RateLimiter,
}

async fn send(gateway: &Gateway, number: u32) -> Result<()> {
    let _permit = gateway.permits.acquire().await;
    gateway.pace.admit().await;
    log(format!("message {number} leaves at {}", clock()));
    sleep(ms(300)).await;
    Ok(())
}

pub fn main() {
    run(async {
        let pace = RateLimiter::sliding_window("gateway", 4, Duration::from_secs(1));
        let gateway = Gateway { permits: Limiter::new(2), pace };
        scope(async |s| {
            for number in 1..=6 {
                s.spawn(send(&gateway, number));
            }
            Ok(())
        })
        .await?;
        Ok(())
    });
}
