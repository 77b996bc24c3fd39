//! Tickets sold without a lock: what is read before a wait is old after it.

use std::cell::Cell;

use taskscope::runtime::{Result, scope, sleep};

use crate::virtual_run::{log, ms, run};

async fn sell(tickets: &Cell<u32>, buyer: &str) -> Result<()> {
    let seen = tickets.get();
    sleep(ms(50)).await;
    tickets.set(seen - 1);
    log(format!("{buyer} has one"));
    Ok(())
}

pub fn main() {
    run(async {
        let tickets = Cell::new(10);
        scope(async |s| {
            for buyer in ["Ada", "Grace", "Linus"] {
                s.spawn(sell(&tickets, buyer));
            }
            Ok(())
        })
        .await?;
        log(format!("3 sold of 10, {} left", tickets.get()));
        Ok(())
    });
}
