//! Order dashboard: the first failure cancels the siblings.

use std::time::Duration;

use taskscope::runtime::{Limiter, Result, scope, sleep, timeout};

use crate::virtual_run::{errors, log, ms, run, told};

errors!(ValueError);

async fn fetch_part(api: &Limiter, name: &str, delay: Duration) -> Result<()> {
    let _permit = api.acquire().await;
    sleep(delay).await;
    log(format!("{name} ready"));
    Ok(())
}

pub fn main() {
    run(async {
        let api = Limiter::new(2);
        let dashboard = scope(async |s| {
            s.spawn_named("user", fetch_part(&api, "user", ms(400)));
            s.spawn_named("orders", fetch_part(&api, "orders", ms(1200)));
            s.spawn_named("prefs", async {
                sleep(ms(250)).await;
                Err::<(), _>(ValueError::from("prefs are corrupt").into())
            });
            Ok(())
        });
        if let Err(group) = timeout(Duration::from_secs(3), dashboard).await? {
            let mut catch = group.catch();
            if let Some(values) = catch.take::<ValueError>() {
                log(format!("lost: {}", told(&values)));
            }
            catch.finish()?;
        }
        Ok(())
    });
}
