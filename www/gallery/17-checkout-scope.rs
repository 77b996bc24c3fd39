//! The same checkout in a scope: no charge can come after the error.

use taskscope::runtime::{scope, sleep};

use crate::virtual_run::{errors, log, ms, run, told};

errors!(OutOfStock);

pub fn main() {
    run(async {
        let checkout = scope(async |s| {
            s.spawn(async {
                sleep(ms(150)).await;
                Err::<(), _>(OutOfStock::from("no chairs left").into())
            });
            s.spawn(async {
                sleep(ms(400)).await;
                log("card charged, 89 euros");
                Ok(())
            });
            Ok(())
        });
        if let Err(group) = checkout.await {
            let mut catch = group.catch();
            if let Some(error) = catch.take::<OutOfStock>() {
                log(format!("nothing bought: {}", told(&error)));
            }
            catch.finish()?;
        }
        Ok(())
    });
}
