//! A connection for each request, or for all.

use taskscope::runtime::{Resource, Result, now, resource, sleep, using};

use crate::virtual_run::{length, log, ms, run};

fn connection() -> impl Resource<Item = ()> {
    resource(
        async || {
            sleep(ms(90)).await;
            log("connected");
            Ok(())
        },
        async |()| {
            sleep(ms(10)).await;
            Ok(())
        },
    )
}

async fn request(order: u32) -> Result<()> {
    sleep(ms(40)).await;
    log(format!("order {order} read"));
    Ok(())
}

pub fn main() {
    run(async {
        let start = now();
        for order in 1..=3 {
            using(connection(), async |_| request(order).await).await?;
        }
        let apart = now();
        log(format!("one each: {}", length(apart.since(start))));

        using(connection(), async |_| {
            for order in 1..=3 {
                request(order).await?;
            }
            Ok(())
        })
        .await?;
        log(format!("one for all: {}", length(now().since(apart))));
        Ok(())
    });
}
