//! A month-end script that asks async code: plain code before and after, a run in between.

use std::time::Duration;

use taskscope::runtime::{Result, join, sleep};

use crate::virtual_run::{Script, log, ms};

async fn read_ledger(name: &str, delay: Duration, euros: i32) -> Result<i32> {
    sleep(delay).await;
    log(format!("{name}: {euros} euros"));
    Ok(euros)
}

async fn read_all() -> Result<i32> {
    let read = join([
        read_ledger("sales", ms(300), 5200),
        read_ledger("rent", ms(120), -1400),
        read_ledger("wages", ms(210), -3100),
    ]);
    Ok(read.await?.into_iter().sum())
}

pub fn main() {
    let script = Script::start();
    script.work(ms(40));
    script.log("the script has its arguments");
    // A `block_on` on the script's clock.
    let result = script.block_on(read_all()).unwrap_or_default();
    script.work(ms(20));
    script.log(format!("month closed with {result} euros"));
    script.end();
}
