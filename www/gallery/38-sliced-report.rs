//! A report in slices that never pauses: small pieces of work add up.

use taskscope::runtime::{scope, sleep, work};

use crate::virtual_run::{clock, log, ms, run};

pub fn main() {
    run(async {
        scope(async |s| {
            s.spawn(async {
                sleep(ms(50)).await;
                log(format!("request answered at {}", clock()));
                Ok(())
            });
            s.spawn(async {
                for _ in 0..20 {
                    work(ms(20));
                    // `sleep(ms(0)).await` here would let the others have their turn.
                }
                log(format!("report done at {}", clock()));
                Ok(())
            });
            Ok(())
        })
        .await?;
        Ok(())
    });
}
