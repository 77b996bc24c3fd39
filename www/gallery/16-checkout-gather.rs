//! Checkout with gather: the first error comes back, and the siblings run on.

use taskscope::runtime::{Error, gather, scope, sleep};

use crate::virtual_run::{errors, log, ms, run, told};

errors!(OutOfStock);

pub fn main() {
    run(async {
        scope(async |s| {
            // Quiet: its error is for `gather` alone, and does not fail the scope.
            let stock = s.task(Some("stock".into())).quiet().spawn(async {
                sleep(ms(150)).await;
                Err::<(), _>(OutOfStock::from("no chairs left").into())
            });
            let card = s.task(Some("card".into())).quiet().spawn(async {
                sleep(ms(400)).await;
                log("card charged, 89 euros");
                Ok(())
            });
            match gather(vec![stock, card]).await {
                Ok(_) => log("order placed"),
                Err(error) => log(format!("nothing bought: {}", told(&Error::from(error)))),
            }
            Ok(())
        })
        .await?;
        Ok(())
    });
}
