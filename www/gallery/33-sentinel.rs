//! The last parcel says so: an item that means the end.

use taskscope::runtime::{Queue, scope, sleep};

use crate::virtual_run::{clock, log, ms, run};

enum Parcel {
    Number(u32),
    Last,
}

pub fn main() {
    run(async {
        let parcels = Queue::bounded("parcels", 5);
        scope(async |s| {
            s.spawn(async {
                for number in 1..=3 {
                    sleep(ms(40)).await;
                    parcels.put(Parcel::Number(number)).await?;
                }
                parcels.put(Parcel::Last).await?;
                Ok(())
            });
            s.spawn(async {
                while let Some(Parcel::Number(number)) = parcels.take().await {
                    sleep(ms(80)).await;
                    log(format!("parcel {number} delivered"));
                }
                log(format!("shift over at {}", clock()));
                Ok(())
            });
            Ok(())
        })
        .await?;
        Ok(())
    });
}
