//! Price feeds: timeouts inside a timeout.

use std::time::Duration;

use taskscope::runtime::{Result, timeout};

use crate::virtual_run::{fetch, log, ms, run};

async fn page() -> Result<()> {
    match timeout(ms(300), fetch("api/prices/primary.json", ms(800), 200)).await {
        Ok(answer) => {
            answer?;
            log("price from the primary");
        }
        Err(_) => {
            log("the primary is too slow");
            fetch("api/prices/backup.json", ms(250), 200).await?;
            log("price from the backup");
        }
    }

    match timeout(ms(900), fetch("api/prices/history.json", ms(700), 200)).await {
        Ok(answer) => {
            answer?;
            log("chart drawn");
        }
        Err(_) => log("the chart is too slow"),
    }
    Ok(())
}

pub fn main() {
    run(async {
        match timeout(Duration::from_secs(1), page()).await {
            Ok(page) => page?,
            Err(_) => log("sent without the chart"),
        }
        Ok(())
    });
}
