//! Tickets sold under a lock: the value can only be reached through it.

use taskscope::runtime::{Lock, Result, scope, sleep};

use crate::virtual_run::{log, ms, run};

async fn sell(tickets: &Lock<u32>, buyer: &str) -> Result<()> {
    let mut tickets = tickets.lock().await;
    let seen = *tickets;
    sleep(ms(50)).await;
    *tickets = seen - 1;
    log(format!("{buyer} has one"));
    Ok(())
}

pub fn main() {
    run(async {
        let tickets = Lock::new(10);
        scope(async |s| {
            for buyer in ["Ada", "Grace", "Linus"] {
                s.spawn(sell(&tickets, buyer));
            }
            Ok(())
        })
        .await?;
        log(format!("3 sold of 10, {} left", tickets.into_inner()));
        Ok(())
    });
}
