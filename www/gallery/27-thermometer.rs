//! A thermometer read at a fixed rate: each instant is counted from the first.

use taskscope::runtime::{now, sleep, sleep_until};

use crate::virtual_run::{clock, log, ms, run};

pub fn main() {
    run(async {
        let start = now();
        for reading in 0..4 {
            sleep_until(start + ms(250) * reading).await;
            log(format!("reading {} begins at {}", reading + 1, clock()));
            sleep(ms(60)).await;
        }
        log("four readings");
        Ok(())
    });
}
