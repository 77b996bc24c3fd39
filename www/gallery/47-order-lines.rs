//! Order lines, one query each or one for all.

use std::cell::Cell;

use taskscope::runtime::{now, sleep};

use crate::virtual_run::{length, log, ms, run};

#[derive(Default)]
struct Database {
    queries: Cell<u32>,
}

impl Database {
    /// One round trip.
    async fn ask(&self, _sql: &str) {
        sleep(ms(40)).await;
        self.queries.update(|it| it + 1);
    }
}

pub fn main() {
    run(async {
        let (start, database) = (now(), Database::default());
        database.ask("select id from orders").await;
        for order in 1..=6 {
            database.ask(&format!("select * from lines where order_id = {order}")).await;
        }
        let apart = now();
        log(format!("one by one: {} queries in {}", database.queries.take(), length(apart.since(start))));

        database.ask("select id from orders").await;
        database.ask("select * from lines where order_id in (1, 2, 3, 4, 5, 6)").await;
        log(format!("in a batch: {} queries in {}", database.queries.take(), length(now().since(apart))));
        Ok(())
    });
}
