//! Weather stations: every result in its place, errors included.

use std::time::Duration;

use taskscope::runtime::{Error, Result, join_all, sleep};

use crate::virtual_run::{errors, log, ms, run, told};

errors!(SensorError);

async fn station(delay: Duration, degrees: Option<f64>) -> Result<f64> {
    sleep(delay).await;
    degrees.ok_or_else(|| SensorError::from("ice on the mast").into())
}

pub fn main() {
    run(async {
        let stations = ["Oslo", "Tromso", "Nairobi"];
        let asked = [station(ms(120), Some(4.5)), station(ms(80), None), station(ms(200), Some(24.0))];
        for (name, reading) in stations.iter().zip(join_all(asked).await) {
            match reading {
                Ok(degrees) => log(format!("{name}: {degrees:?}")),
                Err(error) => log(format!("{name}: {}", told(&Error::from(error)))),
            }
        }
        Ok(())
    });
}
