//! A trip that fails in two places at once: one tree, each handler takes its leaf.

use taskscope::runtime::{Result, scope, sleep};

use crate::virtual_run::{errors, log, ms, run, told};

errors!(SoldOut, PaymentError);

async fn flights() -> Result<()> {
    scope(async |legs| {
        legs.spawn(async {
            sleep(ms(100)).await;
            Err::<(), _>(SoldOut::from("Lisbon to Oslo").into())
        });
        legs.spawn(async {
            sleep(ms(400)).await;
            log("inbound seat held");
            Ok(())
        });
        Ok(())
    })
    .await?;
    Ok(())
}

pub fn main() {
    run(async {
        let trip = scope(async |s| {
            s.spawn(flights());
            s.spawn(async {
                sleep(ms(100)).await;
                Err::<(), _>(PaymentError::from("card expired").into())
            });
            s.spawn(async {
                sleep(ms(250)).await;
                log("car reserved");
                Ok(())
            });
            Ok(())
        });
        if let Err(group) = trip.await {
            let mut catch = group.catch();
            if let Some(e) = catch.take::<SoldOut>() {
                log(format!("other dates for {} flight: {}", e.leaves().count(), told(&e)));
            }
            if let Some(e) = catch.take::<PaymentError>() {
                log(format!("another card, please: {}", told(&e)));
            }
            catch.finish()?;
        }
        Ok(())
    });
}
