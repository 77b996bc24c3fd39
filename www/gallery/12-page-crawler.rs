//! Eight pages, three at a time.

use std::time::Duration;

use taskscope::runtime::{Limiter, Result, scope, timeout};

use crate::virtual_run::{clock, fetch, log, ms, run};

async fn get_page(client: &Limiter, number: u32) -> Result<()> {
    let _permit = client.acquire().await;
    fetch(&format!("api/pages/{number}.json"), ms(200), 200).await?;
    log(format!("page {number} at {}", clock()));
    Ok(())
}

pub fn main() {
    run(async {
        let client = Limiter::new(3);
        let crawl = scope(async |s| {
            for number in 1..=8 {
                s.spawn(get_page(&client, number));
            }
            Ok(())
        });
        timeout(Duration::from_secs(5), crawl).await??;
        Ok(())
    });
}
