//! Hashing images on two workers, while the loop goes on.

use taskscope::host::Job;
use taskscope::runtime::{Limiter, Result, offload_job, scope, sleep};

use crate::virtual_run::{clock, log, ms, run};

async fn hash(workers: &Limiter, number: u32) -> Result<()> {
    let permit = workers.acquire().await;
    offload_job(Job { function: "primes".into(), args: vec![200_000], simulated: ms(400) }).await?;
    drop(permit);
    log(format!("image {number} hashed at {}", clock()));
    Ok(())
}

pub fn main() {
    run(async {
        let workers = Limiter::workers(2);
        scope(async |s| {
            for number in 1..=5 {
                s.spawn(hash(&workers, number));
            }
            s.spawn(async {
                for beat in 1..=6 {
                    sleep(ms(200)).await;
                    log(format!("heartbeat {beat}"));
                }
                Ok(())
            });
            Ok(())
        })
        .await?;
        Ok(())
    });
}
