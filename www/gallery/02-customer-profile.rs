//! Customer profile: three values side by side, each awaited where it is needed.

use taskscope::runtime::{scope, sleep};

use crate::virtual_run::{log, ms, run};

pub fn main() {
    run(async {
        scope(async |s| {
            let user = s.spawn(async {
                sleep(ms(120)).await;
                Ok("Ada")
            });
            let orders = s.spawn(async {
                sleep(ms(340)).await;
                Ok([1031, 1077, 1102])
            });
            let prefs = s.spawn(async {
                sleep(ms(210)).await;
                Ok("dark")
            });

            log(format!("hello {}", user.await?));

            let history = orders.await?;
            let theme = prefs.await?;
            log(format!("{} orders in the {theme} theme", history.len()));
            Ok(())
        })
        .await?;
        Ok(())
    });
}
