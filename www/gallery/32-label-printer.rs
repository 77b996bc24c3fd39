//! Labels through a queue of two, closed when there are no more.

use taskscope::runtime::{Queue, scope, sleep};

use crate::virtual_run::{clock, log, ms, run};

pub fn main() {
    run(async {
        let labels = Queue::bounded("labels", 2);
        scope(async |s| {
            s.spawn(async {
                for number in 1..=5 {
                    labels.put(number).await?;
                    log(format!("label {number} queued at {}", clock()));
                }
                labels.close();
                Ok(())
            });
            s.spawn(async {
                while let Some(label) = labels.take().await {
                    sleep(ms(100)).await;
                    log(format!("label {label} printed"));
                }
                Ok(())
            });
            Ok(())
        })
        .await?;
        Ok(())
    });
}
