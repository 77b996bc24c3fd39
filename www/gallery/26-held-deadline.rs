//! A timeout that pays for the neighbour: it runs on while the queue is full.

use taskscope::runtime::{Error, Queue, scope, sleep, timeout};

use crate::virtual_run::{clock, log, ms, run};

pub fn main() {
    run(async {
        let lines = Queue::bounded("lines", 1);
        scope(async |s| {
            s.spawn(async {
                let reading = timeout(ms(400), async {
                    for number in 1..=5 {
                        sleep(ms(50)).await;
                        log(format!("line {number} read"));
                        lines.put(number).await?;
                    }
                    Ok::<(), Error>(())
                });
                match reading.await {
                    Ok(read) => read?,
                    Err(_) => log(format!("the reader is cut at {}", clock())),
                }
                lines.close();
                Ok(())
            });
            s.spawn(async {
                while let Some(line) = lines.take().await {
                    sleep(ms(200)).await;
                    log(format!("line {line} printed at {}", clock()));
                }
                Ok(())
            });
            Ok(())
        })
        .await?;
        Ok(())
    });
}
