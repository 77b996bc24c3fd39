//! A search that its timeout does not bind: the task belongs to the scope outside.

use taskscope::runtime::{scope, sleep, timeout};

use crate::virtual_run::{clock, log, ms, run};

pub fn main() {
    run(async {
        scope(async |s| {
            let searched = timeout(ms(200), async {
                // A scope inside the timeout would be bound by it.
                let archive = s.spawn(async {
                    sleep(ms(800)).await;
                    log(format!("the archive answers at {}", clock()));
                    Ok(())
                });
                archive.await
            });
            if searched.await.is_err() {
                log(format!("page without the archive at {}", clock()));
            }
            Ok(())
        })
        .await?;
        log(format!("page sent at {}", clock()));
        Ok(())
    });
}
