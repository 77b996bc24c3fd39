//! A worker that never says done: `join` waits for ever, and the run says so.

use taskscope::runtime::{Queue, scope, sleep};

use crate::virtual_run::{log, ms, run};

pub fn main() {
    run(async {
        let photos = Queue::bounded("photos", 3);
        scope(async |s| {
            s.spawn(async {
                while let Some(photo) = photos.take().await {
                    sleep(ms(100)).await;
                    log(format!("photo {photo} developed"));
                    // `photos.done()?` is missing here.
                }
                Ok(())
            });
            for photo in 1..=3 {
                photos.put(photo).await?;
            }
            photos.join().await;
            log("all developed");
            photos.close();
            Ok(())
        })
        .await?;
        Ok(())
    });
}
