//! Two transfers, two locks, no way on.

use taskscope::runtime::{Lock, scope, sleep};

use crate::virtual_run::{log, ms, run};

pub fn main() {
    run(async {
        let savings = Lock::named("savings", 100);
        let checking = Lock::named("checking", 100);
        scope(async |s| {
            s.spawn(async {
                let _savings = savings.lock().await;
                sleep(ms(10)).await;
                let _checking = checking.lock().await;
                log("deposited");
                Ok(())
            });
            s.spawn(async {
                let _checking = checking.lock().await;
                sleep(ms(10)).await;
                let _savings = savings.lock().await;
                log("withdrawn");
                Ok(())
            });
            Ok(())
        })
        .await?;
        Ok(())
    });
}
