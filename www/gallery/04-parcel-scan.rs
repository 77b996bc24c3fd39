//! A parcel is weighed, a pickup called off: tasks are started, awaited, cancelled.

use std::time::Duration;

use taskscope::runtime::{TaskError, scope, sleep};

use crate::virtual_run::{clock, log, ms, run};

pub fn main() {
    run(async {
        scope(async |s| {
            let scale = s.spawn(async {
                sleep(ms(400)).await;
                Ok("11.2 kg")
            });

            sleep(ms(150)).await;
            log("label printed meanwhile");

            let weight = scale.await?;
            log(format!("weighed at {}: {weight}", clock()));

            let pickup = s.spawn(async {
                sleep(Duration::from_secs(5)).await;
                log("the van is here");
                Ok(())
            });
            sleep(ms(100)).await;
            pickup.cancel();
            if let Err(TaskError::Cancelled { .. }) = pickup.await {
                log(format!("pickup called off at {}", clock()));
            }
            Ok(())
        })
        .await?;
        Ok(())
    });
}
