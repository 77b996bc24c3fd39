//! Thirty links at once, and a server that takes ten.

use std::cell::Cell;
use std::time::Duration;

use taskscope::runtime::{Result, scope, timeout};

use crate::virtual_run::{fetch, log, ms, run};

#[derive(Default)]
struct Server {
    connections: Cell<u32>,
    refused: Cell<u32>,
}

async fn visit(server: &Server, link: u32) -> Result<()> {
    server.connections.update(|it| it + 1);
    let answer = if server.connections.get() > 10 { 503 } else { 200 };
    if fetch(&format!("api/links/{link}"), ms(100), answer).await.is_err() {
        server.refused.update(|it| it + 1);
    }
    server.connections.update(|it| it - 1);
    Ok(())
}

pub fn main() {
    run(async {
        let server = Server::default();
        let crawl = scope(async |s| {
            for link in 1..=30 {
                s.spawn(visit(&server, link));
            }
            Ok(())
        });
        timeout(Duration::from_secs(5), crawl).await??;
        log(format!("{} of 30 refused", server.refused.get()));
        Ok(())
    });
}
