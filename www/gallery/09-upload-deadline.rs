//! An upload with patience for progress: a deadline that moves.

use taskscope::runtime::{TimeoutHandle, sleep};

use crate::virtual_run::{clock, log, ms, run};

pub fn main() {
    run(async {
        let pauses = [ms(300), ms(300), ms(300), ms(2000)];
        let patience = TimeoutHandle::new(ms(500));
        let upload = patience.run(async {
            for (part, pause) in (1..).zip(pauses) {
                sleep(pause).await;
                patience.extend(ms(300));
                log(format!("part {part} arrived at {}", clock()));
            }
        });
        match upload.await {
            Ok(()) => log("upload complete"),
            Err(_) => log(format!("stalled: cut at {}", clock())),
        }
        Ok(())
    });
}
