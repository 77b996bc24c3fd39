//! A poller that would not stop: a cancellation is a drop, and no error handler sees it.

use taskscope::runtime::{Result, scope, sleep};

use crate::virtual_run::{clock, errors, log, ms, run, told};

errors!(FeedError);

/// Says when it is dropped, which is what cancelling does.
struct Poller {
    polls: u32,
}

impl Poller {
    async fn poll(&mut self) -> Result<()> {
        sleep(ms(200)).await;
        self.polls += 1;
        if self.polls == 2 {
            return Err(FeedError(format!("poll {} is garbled", self.polls)).into());
        }
        log(format!("poll {} is fine", self.polls));
        Ok(())
    }
}

impl Drop for Poller {
    fn drop(&mut self) {
        log(format!("poller ends at {}", clock()));
    }
}

pub fn main() {
    run(async {
        scope(async |s| {
            let poller = s.spawn::<()>(async {
                let mut poller = Poller { polls: 0 };
                loop {
                    if let Err(error) = poller.poll().await {
                        log(format!("caught, and on: {}", told(&error)));
                    }
                }
            });
            sleep(ms(700)).await;
            poller.cancel();
            Ok(())
        })
        .await?;
        Ok(())
    });
}
