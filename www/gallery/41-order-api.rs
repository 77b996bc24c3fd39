//! A client for the order service: base address, timeout and status check in one place.

use std::time::Duration;

use taskscope::host::{Request, Simulated};
use taskscope::runtime::{Error, Result, fetch, scope, timeout};

use crate::virtual_run::{HttpError, log, ms, run};

struct OrderApi {
    base: &'static str,
    limit: Duration,
}

impl OrderApi {
    /// The answer's body. `simulated` is what virtual time needs; in the browser the server decides.
    async fn get(&self, path: &str, simulated: Simulated) -> Result<String> {
        let url = format!("{}{path}", self.base);
        let response = timeout(self.limit, fetch(Request { url: url.as_str().into(), simulated })).await??;
        if response.status >= 400 {
            return Err(HttpError(format!("{} {url}", response.status)).into());
        }
        Ok(response.body.to_string())
    }

    async fn show(&self, path: &str, after: Duration, status: u16, body: &str) -> Result<()> {
        match self.get(path, Simulated { after, status, body: body.into() }).await {
            Ok(body) => log(format!("{path}: {body}")),
            Err(Error::Leaf(leaf)) => log(format!("{path}: {}", leaf.message())),
            Err(group) => return Err(group),
        }
        Ok(())
    }
}

pub fn main() {
    run(async {
        let api = OrderApi { base: "https://shop.example/api", limit: Duration::from_secs(1) };
        scope(async |s| {
            s.spawn(api.show("/orders/1031", ms(80), 200, "paid, 89 euros"));
            s.spawn(api.show("/orders/9999", ms(40), 404, ""));
            s.spawn(api.show("/orders/1032", ms(3000), 200, "packed"));
            Ok(())
        })
        .await?;
        Ok(())
    });
}
