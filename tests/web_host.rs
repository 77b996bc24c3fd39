//! The browser host in a real browser: clock, alarm, turns, requests, workers.
#![cfg(target_arch = "wasm32")]

use std::cell::Cell;
use std::future::{Future, poll_fn};
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::task::{Context, Poll, Wake, Waker};
use std::time::Duration;

use futures::FutureExt;
use futures::future::{join, join4};
use taskscope::host::browser::{
    BODY_LIMIT_BYTES, BrowserHost, BrowserOptions, SLICE_MS, WORK_LIMIT, timeout_ms,
};
use taskscope::host::{Answer, FetchError, Host, Job, Request, Response, Simulated, WorkerError};
use taskscope::time::Time;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

use web::{Frames, WORKER, browser_sleep, js, worker_url};

mod web;

wasm_bindgen_test_configure!(run_in_browser);

const fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

fn host_with(change: impl FnOnce(&mut BrowserOptions)) -> BrowserHost {
    let mut options = BrowserOptions::default();
    change(&mut options);
    BrowserHost::new(options).expect("a browser")
}

fn host() -> BrowserHost {
    host_with(|_| {})
}

/// Waits on the host under test.
async fn sleep_until(host: &BrowserHost, at: Time) {
    poll_fn(|cx| host.poll_alarm(Some(at), cx)).await;
}

/// Counts how often it is woken.
#[derive(Default)]
struct Count(AtomicU32);

impl Wake for Count {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

impl Count {
    fn new() -> (Arc<Count>, Waker) {
        let count = Arc::new(Count::default());
        (Arc::clone(&count), Waker::from(count))
    }

    fn get(&self) -> u32 {
        self.0.load(Ordering::Relaxed)
    }
}

#[wasm_bindgen_test]
fn the_clock_begins_at_zero_and_never_goes_back() {
    let host = host();
    assert!(host.now() < Time::from_us(100_000), "{}", host.now());
    let mut before = host.now();
    for _ in 0..10_000 {
        let now = host.now();
        assert!(now >= before);
        before = now;
    }
}

#[wasm_bindgen_test]
fn delays_are_rounded_up_and_split() {
    for (length, asked_ms) in [
        (Duration::ZERO, 0),
        (Duration::from_micros(1), 1),
        (Duration::from_micros(1000), 1),
        (Duration::from_micros(1001), 2),
        (ms((1 << 31) - 2), i32::MAX as u32 - 1),
        (ms((1 << 31) - 1), i32::MAX as u32),
        (ms(1 << 31), i32::MAX as u32),
        (Duration::MAX, i32::MAX as u32),
    ] {
        assert_eq!(timeout_ms(length), asked_ms, "{length:?}");
    }
}

#[wasm_bindgen_test]
async fn the_alarm_is_never_early() {
    let host = host();
    for delay_us in [0, 1, 300, 999, 1000, 1001, 4_000, 7_500, 20_000, 20_100] {
        let at = host.now() + Duration::from_micros(delay_us);
        sleep_until(&host, at).await;
        let late = host.now().since(at);
        assert!(host.now() >= at, "{delay_us} us: early");
        assert!(late < ms(500), "{delay_us} us: late by {late:?}");
    }
}

#[wasm_bindgen_test]
async fn an_alarm_taken_away_never_fires() {
    let host = host();
    let (woken, waker) = Count::new();
    let mut cx = Context::from_waker(&waker);
    let at = host.now() + ms(20);
    assert!(host.poll_alarm(Some(at), &mut cx).is_pending());
    assert!(host.poll_alarm(None, &mut cx).is_pending());
    browser_sleep(60).await;
    assert_eq!(woken.get(), 0, "after None");

    assert!(host.poll_alarm(Some(host.now() + ms(20)), &mut cx).is_pending());
    drop(host);
    browser_sleep(60).await;
    assert_eq!(woken.get(), 0, "after the host is gone");
}

#[wasm_bindgen_test]
async fn another_instant_replaces_the_alarm() {
    let host = host();
    let (woken, waker) = Count::new();
    let mut cx = Context::from_waker(&waker);
    let begin = host.now();
    assert!(host.poll_alarm(Some(begin + ms(400)), &mut cx).is_pending());
    assert!(host.poll_alarm(Some(begin + ms(20)), &mut cx).is_pending());
    browser_sleep(80).await;
    assert_eq!(woken.get(), 1, "the earlier one fires");
    assert!(host.poll_alarm(Some(begin + ms(20)), &mut cx).is_ready());

    let begin = host.now();
    assert!(host.poll_alarm(Some(begin + ms(20)), &mut cx).is_pending());
    assert!(host.poll_alarm(Some(begin + ms(300)), &mut cx).is_pending());
    browser_sleep(80).await;
    assert_eq!(woken.get(), 1, "the one before is gone");
    assert!(host.poll_alarm(Some(begin + ms(300)), &mut cx).is_pending());
    browser_sleep(400).await;
    assert_eq!(woken.get(), 2, "asking again for the same instant changes nothing");
}

/// Keeps the thread as an executor does that always has something to do.
/// Returns for how long it gave it away, each time.
async fn stay_busy(host: &BrowserHost, length: Duration) -> Vec<Duration> {
    let until = host.now() + length;
    let (mut turns, mut yields) = (0, Vec::new());
    while host.now() < until {
        turns += 1;
        if host.must_yield(turns) {
            turns = 0;
            let begin = host.now();
            let mut asked = false;
            poll_fn(|cx| {
                if std::mem::replace(&mut asked, true) {
                    return Poll::Ready(());
                }
                host.yield_thread(cx);
                Poll::Pending
            })
            .await;
            yields.push(host.now().since(begin));
        }
    }
    yields
}

#[wasm_bindgen_test]
async fn the_page_paints_while_the_executor_is_busy() {
    let frames = Frames::count();
    let host = host();
    let yields = stay_busy(&host, ms(600)).await;
    let frames = frames.seen();
    // 36 frames are due; a loaded machine may skip some.
    assert!(frames >= 8.0, "{frames} frames");
    assert!(yields.len() <= 600 / SLICE_MS as usize, "{} yields are too many", yields.len());
    // Timeouts that set each other come after 4 ms from the fifth on.
    let quick = yields.iter().filter(|gap| **gap < ms(3)).count();
    assert!(quick > 6, "{quick} of {} yields were short", yields.len());
}

#[wasm_bindgen_test]
async fn endless_microtasks_come_to_a_yield() {
    // Each poll is one turn long, but the task that holds the thread never ends.
    let host = host();
    let begin = host.now();
    while !host.must_yield(1) {
        JsFuture::from(js_sys::Promise::resolve(&JsValue::NULL)).await.expect("resolved");
        assert!(host.now().since(begin) < ms(1000), "never asked to yield");
    }
    assert!(host.now().since(begin) >= ms(SLICE_MS as u64 - 1));
}

#[wasm_bindgen_test]
fn work_holds_the_thread() {
    let host = host();
    let begin = host.now();
    host.work(ms(30));
    let took = host.now().since(begin);
    assert!(took >= ms(30) && took < ms(300), "{took:?}");
    assert!(host.must_yield(1), "the slice is spent");
    assert!(WORK_LIMIT <= Duration::from_secs(10), "a page that is dead for longer is closed");
}

#[wasm_bindgen_test]
fn the_seed_fixes_the_random_numbers() {
    let draw = |seed| {
        let host = host_with(|options| options.seed = seed);
        [host.random(), host.random(), host.random()]
    };
    assert_eq!(draw(7), draw(7));
    assert_ne!(draw(7), draw(8));
}

/// The real answer's future.
fn real<T>(answer: Answer<T>) -> std::pin::Pin<Box<dyn Future<Output = T>>> {
    match answer {
        Answer::Real(future) => future,
        Answer::After(..) => panic!("a browser simulates nothing"),
    }
}

type Fetched = std::pin::Pin<Box<dyn Future<Output = Result<Response, FetchError>>>>;

fn fetch(host: &BrowserHost, url: &str) -> Fetched {
    let simulated = Simulated { after: Duration::ZERO, status: 200, body: "".into() };
    real(host.fetch(Request { url: url.into(), simulated }))
}

#[wasm_bindgen_test]
async fn fetch_reads_what_the_page_ships() {
    let host = host();
    let page = fetch(&host, "/").await.expect("the test page itself");
    assert_eq!(page.status, 200);
    assert!(page.body.contains("<html>"), "{}", page.body);
    let nothing = fetch(&host, "no/such/file").await.expect("an answer, although not a good one");
    assert_eq!(nothing.status, 404);
}

#[wasm_bindgen_test]
async fn what_goes_wrong_with_a_request_is_said_in_words() {
    let host = host_with(|options| options.allow_other_origins = true);
    for (url, said) in [
        ("https://", "is not an address"),
        ("http://user:secret@localhost/", "is not an address"),
        ("http://127.0.0.1:1/", "Failed to fetch"),
    ] {
        let error = fetch(&host, url).await.expect_err(url);
        assert!(error.message.contains(said), "{url}: {}", error.message);
    }
    let endless = format!("data:text/plain,{}", "x".repeat(BODY_LIMIT_BYTES + 1));
    assert_eq!(
        &*fetch(&host, &endless).await.expect_err("too large").message,
        "the body is larger than 1024 KiB"
    );
    let full = format!("data:text/plain,{}", "x".repeat(BODY_LIMIT_BYTES));
    assert_eq!(fetch(&host, &full).await.expect("just fits").body.len(), BODY_LIMIT_BYTES);
}

/// Puts another `fetch` in place that never answers and keeps what it was given.
struct FakeFetch;

impl FakeFetch {
    fn new() -> FakeFetch {
        js("globalThis.real_fetch = globalThis.fetch; globalThis.seen = [];
            globalThis.fetch = (request, init) => {
                globalThis.seen.push({ url: request.url, init });
                return new Promise(() => {});
            }");
        FakeFetch
    }

    fn see(&self, what: &str) -> JsValue {
        js(&format!("globalThis.seen{what}"))
    }
}

impl Drop for FakeFetch {
    fn drop(&mut self) {
        js("globalThis.fetch = globalThis.real_fetch");
    }
}

#[wasm_bindgen_test]
async fn dropping_a_request_aborts_it() {
    let fake = FakeFetch::new();
    let host = host();
    for polled in [false, true] {
        let mut answer = fetch(&host, "slow");
        if polled {
            assert!((&mut answer).now_or_never().is_none());
        }
        assert_eq!(fake.see(".at(-1).init.signal.aborted"), false, "in flight");
        drop(answer);
        assert_eq!(fake.see(".at(-1).init.signal.aborted"), true, "polled: {polled}");
    }
    assert_eq!(fake.see(".length"), 2);
}

#[wasm_bindgen_test]
async fn an_aborted_request_is_not_an_error_of_the_page() {
    js("globalThis.unhandled = []; globalThis.note = (event) => globalThis.unhandled.push(String(event.reason));
        addEventListener('unhandledrejection', globalThis.note)");
    let host = host();
    drop(fetch(&host, "/"));
    let mut polled = fetch(&host, "/");
    assert!((&mut polled).now_or_never().is_none());
    drop(polled);
    for wait_ms in [0, 1, 2, 5, 10] {
        // Somewhere between the head of the answer and the end of its body.
        let mut large = fetch(&host, "/wasm-bindgen-test_bg.wasm");
        assert!((&mut large).now_or_never().is_none());
        browser_sleep(wait_ms).await;
        let _ = (&mut large).now_or_never();
        drop(large);
    }
    browser_sleep(100).await;
    let unhandled =
        js("removeEventListener('unhandledrejection', globalThis.note); globalThis.unhandled.join()");
    assert_eq!(unhandled, "");
}

#[wasm_bindgen_test]
async fn other_sites_are_asked_only_with_consent() {
    let fake = FakeFetch::new();
    let careful = host();
    for url in ["https://example.com/a", "//example.com/a", "data:text/plain,hello", "file:///etc/passwd"] {
        let error = fetch(&careful, url).await.expect_err(url);
        assert!(error.message.contains("allow requests to other sites"), "{url}: {}", error.message);
    }
    assert_eq!(fake.see(".length"), 0, "nothing was sent");

    drop(fetch(&careful, "/own"));
    assert_eq!(fake.see("[0].init.mode"), "same-origin", "nor may it be redirected elsewhere");
    let agreed = host_with(|options| options.allow_other_origins = true);
    drop(fetch(&agreed, "https://example.com/a"));
    assert_eq!(fake.see("[1].url"), "https://example.com/a");
    assert_eq!(fake.see("[1].init.mode"), JsValue::UNDEFINED);
}

fn host_with_script(script: &str, workers: usize) -> BrowserHost {
    host_with(|options| {
        options.worker_url = worker_url(script).into();
        options.workers = workers;
    })
}

type Worked = std::pin::Pin<Box<dyn Future<Output = Result<i64, WorkerError>>>>;

fn offload(host: &BrowserHost, function: &str, args: &[i64]) -> Worked {
    real(host.offload(Job { function: function.into(), args: args.to_vec(), simulated: Duration::ZERO }))
}

async fn message(work: Worked) -> Rc<str> {
    work.await.expect_err("an error").message
}

#[wasm_bindgen_test]
async fn jobs_run_on_a_worker_that_is_kept() {
    let host = host_with_script(WORKER, 2);
    assert_eq!(offload(&host, "add", &[40, 2]).await, Ok(42));
    assert_eq!(offload(&host, "add", &[i64::MIN, 1]).await, Ok(i64::MIN + 1), "all 64 bits arrive");
    let first = offload(&host, "born", &[]).await;
    assert_eq!(offload(&host, "born", &[]).await, first, "the same worker again");
}

#[wasm_bindgen_test]
async fn dropping_a_job_kills_it_and_the_next_one_works() {
    let host = host_with_script(WORKER, 1);
    let first = offload(&host, "born", &[]).await;
    let mut endless = offload(&host, "endless", &[]);
    let next = offload(&host, "add", &[1, 2]);
    assert!((&mut endless).now_or_never().is_none());
    browser_sleep(100).await;
    drop(endless);
    assert_eq!(next.await, Ok(3), "it waited behind the endless one");
    assert_ne!(offload(&host, "born", &[]).await, first, "the worker was replaced");
}

#[wasm_bindgen_test]
async fn a_job_that_only_waits_is_dropped_without_harm() {
    let host = host_with_script(WORKER, 1);
    let first = offload(&host, "born", &[]).await;
    let at_work = offload(&host, "slow", &[50]);
    let waiting = offload(&host, "crash", &[]);
    drop(waiting);
    assert_eq!(at_work.await, Ok(50));
    assert_eq!(offload(&host, "born", &[]).await, first, "no worker was killed");
    drop(offload(&host_with_script(WORKER, 1), "add", &[1]));
}

#[wasm_bindgen_test]
async fn jobs_wait_in_line_and_run_side_by_side_up_to_the_size() {
    let host = host_with_script(WORKER, 2);
    let ended = Rc::new(Cell::new(String::new()));
    let watch = |name: &'static str, work: Worked| {
        let ended = Rc::clone(&ended);
        async move {
            work.await.expect(name);
            ended.set(ended.take() + name);
        }
    };
    // Two at once: `c` starts when `b` ends, `d` after it, all while `a` goes on.
    let slow = |ms| offload(&host, "slow", &[ms]);
    let (a, b, c, d) =
        (watch("a", slow(600)), watch("b", slow(60)), watch("c", slow(60)), watch("d", slow(60)));
    join4(a, b, c, d).await;
    assert_eq!(ended.take(), "bcda");
}

#[wasm_bindgen_test]
async fn a_worker_that_fails_is_an_error_and_is_replaced() {
    let host = host_with_script(WORKER, 1);
    let first = offload(&host, "born", &[]).await;
    assert_eq!(&*message(offload(&host, "reject", &[])).await, "will not");
    assert_eq!(offload(&host, "born", &[]).await, first, "an error reply is not a crash");
    assert_eq!(&*message(offload(&host, "crash", &[])).await, "the worker crashed: Uncaught Error: boom");
    assert_ne!(offload(&host, "born", &[]).await, first);
    assert_eq!(&*message(offload(&host, "nonsense", &[])).await, "the worker's reply cannot be read");
    assert_eq!(offload(&host, "add", &[1]).await, Ok(1));
}

#[wasm_bindgen_test]
async fn a_script_that_does_not_start_fails_its_jobs() {
    for (script, said) in [
        ("postMessage({ ready: 99 })", "the worker is of another version; reload the page"),
        ("throw new Error('early')", "the worker crashed: Uncaught Error: early"),
        ("await Promise.reject(new Error('late'))", "late"),
    ] {
        let host = host_with_script(script, 1);
        let (a, b) = join(message(offload(&host, "a", &[])), message(offload(&host, "b", &[]))).await;
        assert!(a.contains(said) && b.contains(said), "{script}: {a}; {b}");
    }
    let host = host_with(|options| options.worker_url = "no/such/worker.js".into());
    let said = message(offload(&host, "a", &[])).await;
    assert!(said.contains("no/such/worker.js"), "{said}");
}

#[wasm_bindgen_test]
async fn workers_end_with_the_host() {
    // The worker reports to this page over a channel of its own.
    js("globalThis.beats = 0; globalThis.channel = new BroadcastChannel('beat');
        globalThis.channel.onmessage = () => { globalThis.beats += 1 }");
    let beats = || js("globalThis.beats").as_f64().expect("a count");
    let script = format!(
        "const beat = new BroadcastChannel('beat'); setInterval(() => beat.postMessage(1), 5); {WORKER}"
    );
    let host = host_with_script(&script, 1);
    assert_eq!(offload(&host, "add", &[1]).await, Ok(1));
    browser_sleep(100).await;
    assert!(beats() > 0.0, "an idle worker is kept");
    let at_work = offload(&host, "slow", &[10_000]);
    drop(host);
    assert_eq!(&*message(at_work).await, "the run is over");
    browser_sleep(50).await;
    let seen = beats();
    browser_sleep(100).await;
    assert_eq!(beats(), seen, "it is gone");
    js("globalThis.channel.close()");
}
