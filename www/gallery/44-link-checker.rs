//! A link checker with manners: four at a time, and a broken link stops nobody.

use std::cell::Cell;

use taskscope::runtime::{Elapsed, Limiter, Result, collect, timeout};

use crate::virtual_run::{HttpError, fetch, log, ms, run, told};

const PAGES: [(&str, u64, u16); 6] = [
    ("home", 120, 200),
    ("prices", 90, 404),
    ("docs", 2000, 200),
    ("blog", 200, 200),
    ("jobs", 60, 500),
    ("legal", 150, 200),
];

async fn check(client: &Limiter, fine: &Cell<u32>, (page, delay, status): (&str, u64, u16)) -> Result<()> {
    let _permit = client.acquire().await;
    timeout(ms(600), fetch(&format!("https://shop.example/{page}"), ms(delay), status)).await??;
    fine.update(|it| it + 1);
    Ok(())
}

pub fn main() {
    run(async {
        let (client, fine) = (Limiter::new(4), Cell::new(0));
        let links = collect(async |s| {
            for page in PAGES {
                s.spawn(check(&client, &fine, page));
            }
            Ok(())
        });
        if let Err(group) = links.await {
            let mut catch = group.catch();
            if let Some(e) = catch.take::<HttpError>() {
                log(format!("{} broken: {}", e.leaves().count(), told(&e)));
            }
            if let Some(e) = catch.take::<Elapsed>() {
                let said: Vec<String> = e.leaves().map(|leaf| leaf.message()).collect();
                log(format!("{} slow: {}", said.len(), said.join("; ")));
            }
            catch.finish()?;
        }
        log(format!("{} of {} links are fine", fine.get(), PAGES.len()));
        Ok(())
    });
}
