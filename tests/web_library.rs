//! The library as another crate uses it, in a real browser: real timers, real aborts.
#![cfg(target_arch = "wasm32")]

use std::cell::RefCell;
use std::future::Future;
use std::rc::Rc;
use std::time::Duration;

use taskscope::host::browser::{BrowserHost, BrowserOptions};
use taskscope::host::{Job, Request, Simulated};
use taskscope::runtime::{
    Error, Limiter, Result, Run, RunError, defer, fetch, now, offload_job, scope, sleep, timeout, work,
};
use wasm_bindgen::JsCast;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

use downloads::{Downloads, LINE};
use web::{Frames, WORKER, browser_sleep, js, promise, worker_url};

#[path = "web/downloads.rs"]
mod downloads;
mod web;

wasm_bindgen_test_configure!(run_in_browser);

const fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

/// A run in this browser.
fn run<'a, T: 'a>(main: impl Future<Output = Result<T>> + 'a) -> Run<'a, T> {
    let options = BrowserOptions { worker_url: worker_url(WORKER).into(), ..Default::default() };
    let host = BrowserHost::new(options).expect("a browser");
    Run::new(Rc::new(host), main)
}

#[wasm_bindgen_test]
async fn children_borrow_from_the_stack() {
    let names = [String::from("slow"), String::from("fast")];
    let arrived = RefCell::new(Vec::new());
    let took = run(async {
        scope(async |s| {
            for (name, delay) in names.iter().zip([ms(60), ms(20)]) {
                let arrived = &arrived;
                s.spawn(async move {
                    sleep(delay).await;
                    arrived.borrow_mut().push(name.as_str());
                    Ok(())
                });
            }
            Ok(())
        })
        .await?;
        Ok(now())
    });
    let took = took.await.expect("ok");
    assert_eq!(arrived.into_inner(), ["fast", "slow"]);
    assert!(took.as_us() >= 60_000, "{took}");
}

#[wasm_bindgen_test]
async fn a_timeout_cancels_in_the_order_of_virtual_time() {
    let story = Rc::new(RefCell::new(Vec::new()));
    let tell = |what: &'static str| {
        let story = story.clone();
        move || story.borrow_mut().push(what)
    };
    let result = run(async {
        let late = timeout(ms(150), async {
            scope(async |s| {
                for (delay, ended) in [(40, tell("a")), (80, tell("b")), (5_000, tell("c"))] {
                    s.spawn(async move {
                        sleep(ms(delay)).await;
                        ended();
                        Ok(())
                    });
                }
                let cleaned = tell("cleaned up");
                let _guard = defer(async move {
                    sleep(ms(20)).await;
                    cleaned();
                    Ok(())
                });
                sleep(ms(5_000)).await;
                Ok(())
            })
            .await
        });
        let said = late.await.expect_err("too late").to_string();
        assert!(now().as_us() >= 170_000, "it waited for the cleanup: {}", now());
        Ok(said)
    });
    assert_eq!(result.await.expect("ok"), "timed out after 150ms");
    assert_eq!(*story.borrow(), ["a", "b", "cleaned up"], "c never ended");
}

#[wasm_bindgen_test]
async fn a_limiter_admits_two_at_a_time() {
    let limiter = Limiter::new(2);
    let took = run(async {
        scope(async |s| {
            for _ in 0..4 {
                s.spawn(async {
                    let _permit = limiter.acquire().await;
                    sleep(ms(50)).await;
                    Ok(())
                });
            }
            Ok(())
        })
        .await?;
        Ok(now())
    });
    let took = took.await.expect("ok");
    assert_eq!(limiter.peak(), 2);
    assert!(took.as_us() >= 100_000, "two rounds: {took}");
}

#[wasm_bindgen_test]
async fn ten_thousand_tasks_let_the_page_paint() {
    let frames = Frames::count();
    let limiter = Limiter::new(10);
    let ended = RefCell::new(0);
    let result = run(async {
        scope(async |s| {
            for _ in 0..10_000 {
                s.spawn(async {
                    let _permit = limiter.acquire().await;
                    work(Duration::from_micros(50));
                    sleep(Duration::ZERO).await;
                    *ended.borrow_mut() += 1;
                    Ok(())
                });
            }
            Ok(())
        })
        .await?;
        Ok(())
    });
    result.await.expect("ok");
    let frames = frames.seen();
    assert_eq!((ended.into_inner(), limiter.peak()), (10_000, 10));
    assert!(frames >= 5.0, "{frames} frames in half a second of work");
}

#[wasm_bindgen_test]
async fn a_failure_aborts_the_request_of_its_sibling() {
    js("globalThis.real_fetch = globalThis.fetch;
        globalThis.fetch = (_, init) => { globalThis.signal = init.signal; return new Promise(() => {}) }");
    let result = run(async {
        scope(async |s| {
            s.spawn(async {
                let simulated = Simulated { after: ms(0), status: 200, body: "".into() };
                fetch(Request { url: "/slow".into(), simulated }).await?;
                Ok(())
            });
            sleep(ms(20)).await;
            assert_eq!(js("globalThis.signal.aborted"), false, "in flight");
            Err::<(), _>(Error::msg("enough"))
        })
        .await?;
        Ok(())
    });
    let result = result.await;
    js("globalThis.fetch = globalThis.real_fetch");
    let Err(RunError::Failed(error)) = result else { panic!("{result:?}") };
    assert_eq!(error.leaves().count(), 1, "{error}");
    assert_eq!(js("globalThis.signal.aborted"), true);
}

#[wasm_bindgen_test]
async fn a_timeout_kills_blocking_work_while_the_page_paints() {
    let job = |function: &str, args| Job { function: function.into(), args, simulated: ms(0) };
    let frames = Frames::count();
    let result = run(async {
        let endless = timeout(ms(200), offload_job(job("endless", vec![])));
        let said = endless.await.expect_err("it is endless").to_string();
        assert!(now().as_us() < 1_000_000, "{}", now());
        Ok((said, offload_job(job("add", vec![40, 2])).await?))
    });
    assert_eq!(result.await.expect("ok"), ("timed out after 200ms".to_owned(), 42));
    assert!(frames.seen() >= 3.0, "{} frames in 200 ms", frames.seen());
}

#[wasm_bindgen_test]
async fn a_foreign_promise_is_awaited_like_anything_else() {
    let main = run(async {
        let value = promise("new Promise(done => setTimeout(() => done(7), 30))").await;
        Ok(value.as_f64())
    });
    assert_eq!(main.open_world().await.expect("ok"), Some(7.0));
}

#[wasm_bindgen_test]
async fn a_run_that_nobody_can_wake_is_a_deadlock() {
    let main = run(async {
        let limiter = Limiter::new(0);
        let _permit = limiter.acquire().await;
        Ok(())
    });
    let result = main.await;
    assert!(matches!(result, Err(RunError::Stuck(_))), "{result:?}");
}

#[wasm_bindgen_test]
async fn a_run_is_cancelled_from_outside() {
    let main = run(async {
        sleep(ms(5_000)).await;
        Ok(())
    });
    let handle = main.handle();
    wasm_bindgen_futures::spawn_local(async move {
        browser_sleep(30).await;
        assert!(handle.cancel());
    });
    let result = main.await;
    assert!(matches!(result, Err(RunError::Cancelled)), "{result:?}");
}

/// The application in a place of its own, on the page.
fn mounted() -> yew::AppHandle<Downloads> {
    let place = js("document.body.appendChild(document.createElement('div'))");
    yew::Renderer::<Downloads>::with_root(place.unchecked_into()).render()
}

/// What the application shows, once that begins with `wanted` or two seconds have passed.
async fn shown(wanted: &str) -> String {
    let mut text = String::new();
    for _ in 0..200 {
        // Nothing is there before it was first rendered.
        text = js("document.getElementById('arrived')?.textContent ?? ''").as_string().expect("text");
        if text.starts_with(wanted) {
            break;
        }
        browser_sleep(10).await;
    }
    text
}

#[wasm_bindgen_test]
async fn a_yew_application_uses_the_library_on_its_own() {
    let app = mounted();
    // `prefs` waits for a place and has it when `orders` is there; `user` takes longest.
    let all = "orders, prefs, user";
    assert_eq!(shown(all).await, all);
    assert_eq!(LINE.with(Limiter::peak), 2);
    app.destroy();
}

#[wasm_bindgen_test]
async fn what_a_yew_component_has_begun_ends_with_it() {
    let app = mounted();
    assert!(shown("orders").await.starts_with("orders"));
    assert!(LINE.with(Limiter::available) < 2, "others are under way");
    app.destroy();
    browser_sleep(10).await; // Yew unmounts in a microtask; `user` would take much longer
    assert_eq!(LINE.with(Limiter::available), 2, "they were cancelled");
}
