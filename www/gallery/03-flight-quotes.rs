//! Flight quotes: two in a row, then three together.

use std::time::Duration;

use taskscope::runtime::{Result, join, sleep};

use crate::virtual_run::{clock, log, ms, run};

async fn quote(airline: &str, delay: Duration, euros: u32) -> Result<u32> {
    sleep(delay).await;
    log(format!("{airline} asks {euros} euros"));
    Ok(euros)
}

pub fn main() {
    run(async {
        let first = quote("Borealis", ms(300), 189).await?;
        let second = quote("Meridian", ms(300), 204).await?;
        log(format!("two in a row by {}: {} euros", clock(), first.min(second)));

        let asked =
            [quote("Borealis", ms(300), 189), quote("Meridian", ms(350), 204), quote("Calypso", ms(200), 176)];
        let cheapest = join(asked).await?.into_iter().min().unwrap_or_default();
        log(format!("three together by {}: {cheapest} euros", clock()));
        Ok(())
    });
}
