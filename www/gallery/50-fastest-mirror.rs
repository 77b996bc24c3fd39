//! The fastest mirror that works: the first to succeed wins.

use taskscope::runtime::{race_ok, sleep};

use crate::virtual_run::{errors, log, ms, run};

errors!(Refused);

pub fn main() {
    run(async {
        let mirror = race_ok(async |r| {
            r.spawn_named("berlin", async {
                sleep(ms(80)).await;
                Err(Refused::from("connection refused").into())
            });
            r.spawn_named("sydney", async {
                sleep(ms(310)).await;
                Ok("Sydney")
            });
            r.spawn_named("dallas", async {
                sleep(ms(240)).await;
                Ok("Dallas")
            });
            Ok(())
        })
        .await?;
        log(format!("downloading from {mirror}"));
        Ok(())
    });
}
