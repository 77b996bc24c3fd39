//! A thermometer read at a fixed rate: an interval ticks without drift.

use taskscope::runtime::{interval, sleep};

use crate::virtual_run::{clock, log, ms, run};

pub fn main() {
    run(async {
        let mut ticks = interval(ms(250));
        for reading in 1..=4 {
            ticks.tick().await;
            log(format!("reading {reading} begins at {}", clock()));
            sleep(ms(60)).await;
        }
        log("four readings");
        Ok(())
    });
}
