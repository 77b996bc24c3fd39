//! Nobody starts before all are there.

use std::time::Duration;

use taskscope::runtime::{Barrier, Result, scope, sleep};

use crate::virtual_run::{clock, log, ms, run};

async fn run_lap(line: &Barrier, runner: &str, warm_up: Duration) -> Result<()> {
    sleep(warm_up).await;
    log(format!("{runner} is ready"));
    line.wait().await;
    log(format!("{runner} leaves at {}", clock()));
    sleep(ms(200)).await;
    Ok(())
}

pub fn main() {
    run(async {
        let line = Barrier::new("line", 3);
        scope(async |s| {
            s.spawn(run_lap(&line, "Ines", ms(100)));
            s.spawn(run_lap(&line, "Omar", ms(400)));
            s.spawn(run_lap(&line, "Yuki", ms(250)));
            Ok(())
        })
        .await?;
        Ok(())
    });
}
