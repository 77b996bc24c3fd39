//! Two workers and five photos: `join` waits until each is done.

use taskscope::runtime::{Queue, scope, sleep};

use crate::virtual_run::{clock, log, ms, run};

pub fn main() {
    run(async {
        let photos = Queue::bounded("photos", 2);
        let costs = [300, 200, 400, 200, 300].map(ms);
        scope(async |s| {
            for number in 1..=2 {
                let (photos, costs) = (&photos, &costs);
                s.spawn(async move {
                    while let Some(photo) = photos.take().await {
                        sleep(costs[photo]).await;
                        log(format!("photo {photo} developed"));
                        photos.done()?;
                    }
                    log(format!("worker {number} goes home"));
                    Ok(())
                });
            }
            for photo in 0..costs.len() {
                photos.put(photo).await?;
            }
            log(format!("all handed in at {}", clock()));
            photos.join().await;
            log(format!("all developed at {}", clock()));
            photos.close();
            Ok(())
        })
        .await?;
        Ok(())
    });
}
