//! A loop inside the loop: the second is refused, because it would hold the first.

use taskscope::runtime::{Result, RunError, block_on_virtual, scope, sleep};

use crate::virtual_run::{log, ms, run};

async fn load_profile(user: &str) -> Result<String> {
    sleep(ms(150)).await;
    Ok(format!("profile of {user}"))
}

pub fn main() {
    run(async {
        scope(async |s| {
            s.spawn(async {
                match block_on_virtual(load_profile("Ada")) {
                    Err(RunError::Nested) => log("first: refused, a loop is running already"),
                    other => log(format!("first: {other:?}")),
                }
                Ok(())
            });
            s.spawn(async {
                let profile = load_profile("Grace").await?;
                log(format!("second: {profile}"));
                Ok(())
            });
            Ok(())
        })
        .await?;
        Ok(())
    });
}
