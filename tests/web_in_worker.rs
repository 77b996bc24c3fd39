//! The browser host inside a web worker, where there is no window.
#![cfg(target_arch = "wasm32")]

use std::rc::Rc;
use std::time::Duration;

use taskscope::host::browser::{BrowserHost, BrowserOptions};
use taskscope::host::{Job, Request, Simulated};
use taskscope::runtime::{Run, fetch, now, offload_job, sleep, work};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

use web::{WORKER, worker_url};

mod web;

wasm_bindgen_test_configure!(run_in_dedicated_worker);

#[wasm_bindgen_test]
async fn everything_works_without_a_window() {
    assert!(web_sys::window().is_none(), "this is the point of the test");
    let options = BrowserOptions { worker_url: worker_url(WORKER).into(), ..Default::default() };
    let host = BrowserHost::new(options).expect("a worker will do");
    let run = Run::new(Rc::new(host), async {
        sleep(Duration::from_millis(20)).await;
        assert!(now().as_us() >= 20_000, "{}", now());
        for _ in 0..5 {
            // Each comes to a yield: the thread is given away and comes back.
            work(Duration::from_millis(10));
            sleep(Duration::ZERO).await;
        }
        let simulated = Simulated { after: Duration::ZERO, status: 200, body: "".into() };
        let answer = fetch(Request { url: "/".into(), simulated }).await?;
        assert_eq!(answer.status, 200);
        let job = Job { function: "add".into(), args: vec![40, 2], simulated: Duration::ZERO };
        Ok(offload_job(job).await?)
    });
    assert_eq!(run.await.expect("ok"), 42);
}
