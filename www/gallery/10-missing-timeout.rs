//! A partner that falls silent, and no timeout.

use std::time::Duration;

use taskscope::runtime::{Limiter, Result, scope};

use crate::virtual_run::{clock, fetch, log, ms, run};

async fn book(partner: &Limiter, room: u32, delay: Duration) -> Result<()> {
    let _permit = partner.acquire().await;
    // `timeout(Duration::from_secs(5), …)` around this would give the permit back.
    fetch(&format!("api/partner/rooms/{room}"), delay, 200).await?;
    log(format!("room {room} booked at {}", clock()));
    Ok(())
}

pub fn main() {
    run(async {
        let partner = Limiter::new(2);
        scope(async |s| {
            s.spawn(book(&partner, 12, Duration::from_secs(60)));
            s.spawn(book(&partner, 14, Duration::from_secs(60)));
            s.spawn(book(&partner, 21, ms(50)));
            Ok(())
        })
        .await?;
        Ok(())
    });
}
