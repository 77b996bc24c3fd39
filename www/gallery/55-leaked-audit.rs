//! An audit entry that nobody waits for.

use taskscope::runtime::{detach, scope, sleep};

use crate::virtual_run::{log, ms, run};

pub fn main() {
    run(async {
        scope(async |_| {
            detach("audit", async {
                sleep(ms(300)).await;
                log("audit entry of A-1031 written");
                Ok(())
            });
            sleep(ms(100)).await;
            log("order A-1031 placed");
            Ok(())
        })
        .await?;
        Ok(())
    });
}
