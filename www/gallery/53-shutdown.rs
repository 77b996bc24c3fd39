//! A server is asked to stop: cleanup has a grace, and is cut after it.

use std::time::Duration;

use taskscope::runtime::{RunHandle, defer, detach, scope, sleep};

use crate::virtual_run::{log, ms, run};

pub fn main() {
    run(async {
        let server = RunHandle::current();
        // Stands for the signal, which comes from outside.
        detach("signal", async move {
            sleep(Duration::from_secs(1)).await;
            server.shutdown(Some(ms(300)));
            Ok(())
        });
        scope(async |s| {
            s.spawn(async {
                let _drained = defer(async {
                    sleep(ms(200)).await;
                    log("connections drained");
                    Ok(())
                });
                for number in 1..=100 {
                    sleep(ms(400)).await;
                    log(format!("request {number} served"));
                }
                Ok(())
            });
            s.spawn(async {
                let _flushed = defer(async {
                    sleep(ms(500)).await;
                    log("metrics flushed");
                    Ok(())
                });
                sleep(Duration::from_secs(60)).await;
                Ok(())
            });
            Ok(())
        })
        .await?;
        Ok(())
    });
}
