//! Five reports, three connections: two are kept, one more under load.

use std::pin::Pin;

use taskscope::runtime::{Connect, Pool, Result, scope, sleep};

use crate::virtual_run::{clock, log, ms, run};

struct Database;

impl Connect for Database {
    type Connection = ();

    fn open(&self) -> Pin<Box<dyn Future<Output = Result<()>>>> {
        Box::pin(async {
            sleep(ms(100)).await;
            log("opened");
            Ok(())
        })
    }

    fn close(&self, (): ()) -> Pin<Box<dyn Future<Output = Result<()>>>> {
        Box::pin(async {
            log("closed");
            Ok(())
        })
    }
}

async fn report(conns: &Pool<Database>, number: u32) -> Result<()> {
    conns
        .with(async |_conn| {
            log(format!("report {number} reads at {}", clock()));
            sleep(ms(300)).await;
            Ok(())
        })
        .await
}

pub fn main() {
    run(async {
        let conns = Pool::new("conns", 2, 1, Database);
        scope(async |s| {
            for number in 1..=5 {
                s.spawn(report(&conns, number));
            }
            Ok(())
        })
        .await?;
        conns.drain().await
    });
}
