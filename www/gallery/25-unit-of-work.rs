//! A unit of work per order: a resource of two closures, made by a function.

use std::time::Duration;

use taskscope::runtime::{Resource, Result, resource, scope, sleep, using};

use crate::virtual_run::{clock, errors, log, ms, run, told};

errors!(PaymentError);

fn session(order: &'static str) -> impl Resource<Item = ()> {
    resource(
        async move || {
            sleep(ms(50)).await;
            log(format!("{order} session open"));
            Ok(())
        },
        async move |()| {
            sleep(ms(30)).await;
            log(format!("{order} session closed"));
            Ok(())
        },
    )
}

async fn unit_of_work(order: &'static str, cost: Duration) -> Result<()> {
    using(session(order), async |_| {
        sleep(cost).await;
        log(format!("{order} committed"));
        Ok(())
    })
    .await
}

pub fn main() {
    run(async {
        let orders = scope(async |s| {
            s.spawn(unit_of_work("A-1031", ms(200)));
            s.spawn(unit_of_work("A-1032", ms(900)));
            s.spawn(async {
                sleep(ms(300)).await;
                Err::<(), _>(PaymentError::from("card declined").into())
            });
            Ok(())
        });
        if let Err(group) = orders.await {
            let mut catch = group.catch();
            if let Some(error) = catch.take::<PaymentError>() {
                log(format!("stopped at {}: {}", clock(), told(&error)));
            }
            catch.finish()?;
        }
        Ok(())
    });
}
