//! A loop inside the loop: the second is refused, because it would hold the first.

use std::panic::{AssertUnwindSafe, catch_unwind};

use taskscope::runtime::{Result, block_on_virtual, scope, sleep};

use crate::virtual_run::{log, ms, run};

async fn load_profile(user: &str) -> Result<String> {
    sleep(ms(150)).await;
    Ok(format!("profile of {user}"))
}

pub fn main() {
    run(async {
        scope(async |s| {
            s.spawn(async {
                // A programming error, and so a panic; caught only to be shown here.
                let nested = catch_unwind(AssertUnwindSafe(|| block_on_virtual(load_profile("Ada"))));
                match nested {
                    Ok(profile) => log(format!("first: {profile:?}")),
                    Err(_) => log("first: refused, a loop is running already"),
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
