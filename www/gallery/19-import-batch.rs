//! An import that keeps what worked: a collecting scope, its errors handled by kind.

use std::cell::Cell;

use taskscope::runtime::{Result, collect, sleep};

use crate::virtual_run::{errors, log, ms, run, told};

errors!(ValueError, Duplicate);

const PEOPLE: [&str; 5] = ["Ada", "", "Grace", "Linus", "Edsger"];

async fn import_row(stored: &Cell<u32>, row: usize) -> Result<()> {
    sleep(ms(row as u64 * 100)).await;
    match PEOPLE[row - 1] {
        "" => Err(ValueError(format!("row {row} is empty")).into()),
        "Linus" => Err(Duplicate::from("Linus is known").into()),
        _ => {
            stored.update(|it| it + 1);
            Ok(())
        }
    }
}

pub fn main() {
    run(async {
        let stored = Cell::new(0);
        let batch = collect(async |s| {
            for row in 1..=PEOPLE.len() {
                s.spawn(import_row(&stored, row));
            }
            Ok(())
        });
        if let Err(group) = batch.await {
            let mut catch = group.catch();
            if let Some(bad) = catch.take::<ValueError>() {
                log(format!("rejected {}: {}", bad.leaves().count(), told(&bad)));
            }
            if let Some(rest) = catch.take_all() {
                log(format!("skipped {}: {}", rest.leaves().count(), told(&rest)));
            }
        }
        log(format!("stored {} of {}", stored.get(), PEOPLE.len()));
        Ok(())
    });
}
