//! A session that always closes: a resource, written as a type.

use taskscope::runtime::{Resource, Result, sleep, timeout, using};

use crate::virtual_run::{clock, log, ms, run};

struct Database;

impl Resource for Database {
    type Item = ();

    async fn open(&mut self) -> Result<()> {
        sleep(ms(120)).await;
        log("connected");
        Ok(())
    }

    async fn close(self, (): ()) -> Result<()> {
        sleep(ms(40)).await;
        log("disconnected");
        Ok(())
    }
}

pub fn main() {
    run(async {
        let report = using(Database, async |_conn| {
            sleep(ms(300)).await;
            log("report read");
            Ok(())
        });
        match timeout(ms(250), report).await {
            Ok(report) => report?,
            Err(_) => log(format!("gave up at {}", clock())),
        }
        Ok(())
    });
}
