//! A handler with a slip in its name: it asks for another type, and never runs.

use taskscope::runtime::{Result, scope, sleep};

use crate::virtual_run::{errors, log, ms, run, told};

errors!(OutOfStock, OutOfStok);

async fn order() -> Result<()> {
    let order = scope(async |s| {
        s.spawn(async {
            sleep(ms(200)).await;
            Err::<(), _>(OutOfStock::from("no chairs left").into())
        });
        s.spawn(async {
            sleep(ms(500)).await;
            log("tables reserved");
            Ok(())
        });
        Ok(())
    });
    if let Err(group) = order.await {
        let mut catch = group.catch();
        if let Some(e) = catch.take::<OutOfStok>() {
            log(format!("benches instead: {}", told(&e)));
        }
        catch.finish()?;
    }
    Ok(())
}

pub fn main() {
    run(async {
        if let Err(error) = order().await {
            let mut catch = error.catch();
            if let Some(e) = catch.take::<OutOfStock>() {
                log(format!("call the customer: {}", told(&e)));
            }
            catch.finish()?;
        }
        Ok(())
    });
}
