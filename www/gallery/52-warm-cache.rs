//! Readers wait for the cache, and not once it is there.

use std::time::Duration;

use taskscope::runtime::{Event, Result, scope, sleep};

use crate::virtual_run::{clock, log, ms, run};

async fn read(warm: &Event, name: &str, delay: Duration) -> Result<()> {
    sleep(delay).await;
    warm.wait().await;
    log(format!("{name} reads at {}", clock()));
    sleep(ms(30)).await;
    Ok(())
}

pub fn main() {
    run(async {
        let warm = Event::new("warm");
        scope(async |s| {
            s.spawn(async {
                sleep(ms(200)).await;
                warm.set();
                Ok(())
            });
            s.spawn(read(&warm, "home", ms(0)));
            s.spawn(read(&warm, "search", ms(0)));
            s.spawn(read(&warm, "late", ms(300)));
            Ok(())
        })
        .await?;
        Ok(())
    });
}
