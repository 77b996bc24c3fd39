//! The native host: real time, real threads. Who is first is decided by channels, never by how long something takes.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::mpsc;
use std::task::{Context, Waker};
use std::thread;

use futures::channel::oneshot;
use futures::task::LocalSpawnExt;
use taskscope::host::native::{NativeHost, THREADS_LIMIT};
use taskscope::host::{Host, Job, Request, Simulated};
use taskscope::runtime::{
    Error, OnCancel, Run, RunError, block_on, block_on_native, block_on_virtual, defer, fetch, now, offload,
    offload_job, random, scope, timeout, work,
};
use taskscope::time::Time;

use super::story::{secs, sleep};
use super::test;

/// A blocking call that tells when it has begun and goes on when it is let.
struct Blocked {
    begun: oneshot::Receiver<()>,
    go_on: mpsc::Sender<()>,
}

impl Blocked {
    fn new() -> (Blocked, impl FnOnce() + Send + 'static) {
        let (tell, begun) = oneshot::channel();
        let (go_on, wait) = mpsc::channel();
        let work = move || {
            tell.send(()).unwrap();
            // An error: the test is over and let go of it.
            let _ = wait.recv();
        };
        (Blocked { begun, go_on }, work)
    }
}

#[test]
fn time_goes_on_and_an_alarm_is_never_early() {
    let host = NativeHost::new(0).unwrap();
    let ring = |seconds: f64| {
        let at = host.now() + secs(seconds);
        futures::executor::block_on(std::future::poll_fn(|cx| host.poll_alarm(Some(at), cx)));
        assert!(host.now() >= at);
    };
    ring(0.002);
    ring(0.001);
    // One that is far away is replaced by one that is near, and one that was taken away by another.
    let far = Some(host.now() + secs(3_600.0));
    assert!(host.poll_alarm(far, &mut Context::from_waker(Waker::noop())).is_pending());
    ring(0.001);
    assert!(host.poll_alarm(None, &mut Context::from_waker(Waker::noop())).is_pending());
    ring(0.001);
    assert!(host.poll_alarm(Some(Time::MAX), &mut Context::from_waker(Waker::noop())).is_pending(), "never");
    assert!(host.poll_alarm(Some(Time::ZERO), &mut Context::from_waker(Waker::noop())).is_ready());
}

#[test]
fn sleeps_end_in_order_and_deadlines_fire() {
    let told = block_on_native(async {
        let told = RefCell::new(Vec::new());
        scope(async |s| {
            for (name, seconds) in [("c", 0.006), ("a", 0.001), ("b", 0.003)] {
                let told = &told;
                s.spawn(async move {
                    let due = now() + secs(seconds);
                    sleep(seconds).await;
                    assert!(now() >= due);
                    told.borrow_mut().push(name);
                    Ok(())
                });
            }
            Ok(())
        })
        .await?;
        work(secs(0.001));
        assert!(timeout(secs(0.001), std::future::pending::<()>()).await.is_err());
        Ok(told.into_inner())
    });
    assert_eq!(told.unwrap(), ["a", "b", "c"]);
}

#[test]
fn any_executor_can_drive_it() {
    let host = Rc::new(NativeHost::new(0).unwrap());
    let mut pool = futures::executor::LocalPool::new();
    let done = Rc::new(Cell::new(0));
    for _ in 0..3 {
        let counted = done.clone();
        let run = Run::new(Rc::new(NativeHost::new(0).unwrap()), async move {
            sleep(0.001).await;
            counted.set(counted.get() + 1);
            Ok(())
        });
        pool.spawner().spawn_local(async move { run.await.unwrap() }).unwrap();
    }
    pool.run();
    assert_eq!(done.get(), 3);
    drop(host);
}

#[test]
fn long_stretches_let_other_work_of_the_thread_have_its_turn() {
    let host = NativeHost::new(0).unwrap();
    assert!(!host.must_yield(1));
    let yields = (1..=100_000).find(|turns| host.must_yield(*turns));
    assert!(yields.is_some());
    let turns = block_on_native(async {
        let mut turns = 0_u32;
        while turns < 20_000 {
            sleep(0.0).await;
            turns += 1;
        }
        Ok(turns)
    });
    assert_eq!(turns.unwrap(), 20_000);
}

#[test]
fn random_numbers_are_those_of_virtual_time() {
    let real = block_on_native(async { Ok([random(), random()]) });
    let simulated = block_on_virtual(async { Ok([random(), random()]) });
    assert_eq!(real.unwrap(), simulated.unwrap());
}

#[test]
fn a_request_says_that_there_is_no_client() {
    let told = block_on_native(async {
        let simulated = Simulated { after: secs(0.0), status: 200, body: "".into() };
        Ok(fetch(Request { url: "https://example.org/".into(), simulated }).await.unwrap_err().to_string())
    });
    assert_eq!(told.unwrap(), "a native run has no HTTP client: https://example.org/ was not asked for");
}

#[test]
fn work_runs_on_another_thread_while_the_loop_goes_on() {
    let here = thread::current().id();
    let there = block_on_native(async {
        let there = scope(async |s| {
            let (blocked, work) = Blocked::new();
            let task = s.spawn(async {
                Ok(offload(move || {
                    work();
                    thread::current().id()
                })
                .await?)
            });
            blocked.begun.await?;
            blocked.go_on.send(())?; // the loop was free to say so
            Ok(task.await?)
        })
        .await?;
        Ok(there)
    });
    assert_ne!(there.unwrap(), here);
}

#[test]
fn named_jobs_run_too_and_errors_come_back() {
    let results = block_on_native(async {
        let job = |function: &str, args| Job { function: function.into(), args, simulated: secs(60.0) };
        let primes = offload_job(job("primes", vec![1_000])).await?;
        let busy = offload_job(job("busy", vec![10])).await?;
        let unknown = offload_job(job("sqrt", vec![2])).await.unwrap_err();
        Ok((primes, busy, unknown.to_string()))
    });
    let unknown = "no worker function is called `sqrt`; there are collatz, fib, primes";
    assert_eq!(results.unwrap(), (168, 0, unknown.to_owned()));
}

#[test]
fn cancelled_work_that_runs_is_waited_for() {
    for policy in [OnCancel::Terminate, OnCancel::Wait] {
        let told = RefCell::new(Vec::new());
        let result = block_on_native(async {
            scope(async |s| {
                let (blocked, work) = Blocked::new();
                let task = s.spawn(async {
                    let _guard = defer(async { Ok(()) });
                    offload(work).on_cancel(policy).await?;
                    Ok(())
                });
                blocked.begun.await?;
                task.cancel();
                sleep(0.0).await;
                told.borrow_mut().push(format!("ended: {}", task.is_finished()));
                blocked.go_on.send(())?;
                let cancelled = task.await.is_err();
                told.borrow_mut().push(format!("cancelled: {cancelled}"));
                Ok(())
            })
            .await?;
            Ok(())
        });
        result.unwrap();
        assert_eq!(*told.borrow(), ["ended: false", "cancelled: true"]); // a thread cannot be killed
    }
}

#[test]
fn abandoned_work_outlives_its_task_and_even_the_run() {
    let (over, heard) = mpsc::channel();
    let go_on = block_on_native(async move {
        let go_on = scope(async |s| {
            let (blocked, work) = Blocked::new();
            let task = s.spawn(async {
                offload(move || {
                    work();
                    over.send("work over").unwrap();
                })
                .on_cancel(OnCancel::Abandon)
                .await?;
                Ok(())
            });
            blocked.begun.await?;
            task.cancel();
            Ok(blocked.go_on)
        })
        .await?;
        Ok(go_on)
    });
    assert!(heard.try_recv().is_err(), "still at it");
    go_on.unwrap().send(()).unwrap();
    assert_eq!(heard.recv().unwrap(), "work over");
}

#[test]
fn work_that_waits_for_a_thread_never_begins_once_it_is_cancelled() {
    let began = block_on_native(async {
        let (tell, heard) = mpsc::channel();
        scope(async |s| {
            let mut all = Vec::new();
            for _ in 0..THREADS_LIMIT {
                let (blocked, work) = Blocked::new();
                s.spawn(async { Ok(offload(work).await?) });
                blocked.begun.await?;
                all.push(blocked.go_on);
            }
            // Every thread is at work: this one waits, and is cancelled meanwhile.
            let late = timeout(secs(0.001), offload(move || tell.send("began")));
            assert!(late.await.is_err());
            all.into_iter().try_for_each(|go_on| go_on.send(()))?;
            Ok(())
        })
        .await?;
        // Another one, which comes to its thread after that.
        offload(|| ()).await?;
        Ok(heard.try_recv().is_ok())
    });
    assert!(!began.unwrap());
}

#[test]
fn a_panic_of_the_work_leaves_the_thread_and_the_run_alive() {
    let told = block_on_native(async {
        let fails = || -> u32 { std::panic::resume_unwind(Box::new("on purpose")) };
        let error = offload(fails).await.unwrap_err();
        Ok((error.to_string(), offload(|| 7).await?))
    });
    assert_eq!(told.unwrap(), ("the work panicked: on purpose".to_owned(), 7));
}

#[test]
fn a_run_that_is_dropped_lets_go_of_its_work() {
    let (blocked, work) = Blocked::new();
    let (over, heard) = mpsc::channel();
    let mut run = Run::new(Rc::new(NativeHost::new(0).unwrap()), async move {
        offload(move || {
            work();
            over.send(()).unwrap();
        })
        .await?;
        Ok(())
    });
    let begun = futures::future::select(&mut run, blocked.begun);
    assert!(matches!(futures::executor::block_on(begun), futures::future::Either::Right(_)));
    drop(run);
    blocked.go_on.send(()).unwrap();
    heard.recv().unwrap(); // it ends by itself, and nobody hears of its result
}

#[test]
fn a_blocking_call_inside_a_run_is_an_error_that_says_what_to_do() {
    let inside = block_on_virtual(async {
        let inner = block_on_native(async { Err::<(), _>(Error::msg("never polled")) });
        // The run goes on.
        sleep(1.0).await;
        Ok(inner)
    });
    let Err(RunError::Nested) = inside.unwrap() else { panic!("it ran") };
    let text = RunError::Nested.to_string();
    assert!(text.contains("spawn it into a scope") && text.contains("`offload`"), "{text}");
    // From a thread of its own it may block: nobody else has it.
    let there = block_on_native(async { Ok(offload(|| block_on_native(async { Ok(7) }).unwrap()).await?) });
    assert_eq!(there.unwrap(), 7);
    assert!(block_on(Run::new(Rc::new(NativeHost::new(0).unwrap()), async { Ok(()) })).is_ok());
}
