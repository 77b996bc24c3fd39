//! Rate limiters: what each algorithm admits when, in order, and that a cancelled wait costs nobody anything.

use taskscope::runtime::{
    AboveCapacity, KeyedRateError, KeyedRateLimiter, RateLimiter, RateStatistics, Scope, Task, TooManyKeys,
    block_on_virtual, now, scope,
};

use super::story::{Story, secs, sleep, turn};
use super::test;

/// A child that starts `amount` at once, and tells.
fn start<'env>(
    s: &Scope<'env>,
    story: &'env Story,
    rate: &'env RateLimiter,
    name: &'static str,
    amount: u64,
) -> Task<()> {
    s.spawn_named(name, async move {
        match rate.admit_many(amount).await {
            Ok(()) => story.tell(name),
            Err(error) => story.tell(format!("{name}: {error}")),
        }
        Ok(())
    })
}

/// When so many starts that all come at once are admitted, in milliseconds; the first `idle` seconds nobody comes.
fn starts_ms(rate: &RateLimiter, starts: usize, idle: f64) -> Vec<u64> {
    let times = block_on_virtual(async {
        sleep(idle).await;
        let mut times = Vec::new();
        for _ in 0..starts {
            rate.admit().await;
            times.push(now().as_us() / 1000);
        }
        Ok(times)
    });
    times.unwrap()
}

#[test]
fn each_algorithm_has_its_own_rhythm() {
    let second = secs(1.0);
    let sliding = RateLimiter::sliding_window("rate", 2, second);
    assert_eq!(starts_ms(&sliding, 6, 0.5), [500, 500, 1500, 1500, 2500, 2500], "counted from each start");
    let fixed = RateLimiter::fixed_window("rate", 2, second);
    assert_eq!(starts_ms(&fixed, 6, 0.9), [900, 900, 1000, 1000, 2000, 2000], "windows stand still");
    let bucket = RateLimiter::token_bucket("rate", 2, second, 3);
    assert_eq!(starts_ms(&bucket, 6, 0.9), [900, 900, 900, 1400, 1900, 2400], "full, then it drips");
    let gcra = RateLimiter::gcra("rate", 2, second, 3);
    assert_eq!(starts_ms(&gcra, 6, 0.9), [900, 900, 900, 1400, 1900, 2400], "the same with one number");
    let spaced = RateLimiter::gcra("rate", 2, second, 1);
    assert_eq!(starts_ms(&spaced, 4, 0.9), [900, 1400, 1900, 2400], "no burst: evenly spaced");
}

#[test]
fn a_rate_that_is_no_whole_number_of_microseconds_does_not_drift() {
    for rate in
        [RateLimiter::token_bucket("rate", 3, secs(1.0), 1), RateLimiter::gcra("rate", 3, secs(1.0), 1)]
    {
        let times = block_on_virtual(async {
            let mut times = Vec::new();
            for _ in 0..=3_000 {
                rate.admit().await;
                times.push(now().as_us());
            }
            Ok(times)
        });
        let times = times.unwrap();
        assert_eq!(times[..4], [0, 333_334, 666_668, 1_000_002]);
        assert!(
            times[3_000] - 1_000_000_000 <= 3_000,
            "each start comes after its instant: {}",
            times[3_000]
        );
    }
}

#[test]
fn a_limiter_counts_anew_in_each_run() {
    let rate = RateLimiter::sliding_window("rate", 1, secs(1.0));
    assert_eq!(starts_ms(&rate, 2, 7.0), [7000, 8000]);
    assert_eq!(starts_ms(&rate, 2, 0.0), [0, 1000], "the other run's instants mean nothing here");
}

#[test]
fn a_request_for_many_is_not_overtaken() {
    let story = Story::new();
    let rate = RateLimiter::sliding_window("rate", 3, secs(1.0));
    story.run(async {
        scope(async |s| {
            start(&s, &story, &rate, "two", 2);
            start(&s, &story, &rate, "three", 3);
            start(&s, &story, &rate, "one", 1); // there is one, and the three were here first
            turn().await;
            story.tell(format!("try: {}, {:?}", rate.try_admit(), rate.statistics()));
            Ok(())
        })
        .await?;
        Ok(rate.try_admit_many(3)?)
    });
    story.is(&[
        "0 two",
        "0 try: false, RateStatistics { capacity: 3, admitted: 2, waiting: 2 }",
        "1 three",
        "2 one",
        "2 run = false",
    ]);
}

#[test]
fn more_than_can_ever_start_together_is_an_error_at_once() {
    let story = Story::new();
    let rate = RateLimiter::token_bucket("rate", 9, secs(1.0), 2);
    story.run(async {
        scope(async |s| {
            start(&s, &story, &rate, "two", 2);
            start(&s, &story, &rate, "more", 2);
            start(&s, &story, &rate, "nine", 9); // it does not queue behind anybody
            Ok(())
        })
        .await?;
        Ok(rate.try_admit_many(3) == Err(AboveCapacity { asked: 3, capacity: 2 }))
    });
    story.is(&[
        "0 two",
        "0 nine: 9 at once are more than the capacity of 2",
        "0.222223 more",
        "0.222223 run = true",
    ]);
}

#[test]
fn the_first_is_cancelled_while_it_waits_and_the_next_starts_when_it_would_have() {
    let story = Story::new();
    let rate = RateLimiter::sliding_window("rate", 1, secs(1.0));
    story.run(async {
        scope(async |s| {
            start(&s, &story, &rate, "a", 1);
            let first = start(&s, &story, &rate, "b", 1);
            start(&s, &story, &rate, "c", 1);
            start(&s, &story, &rate, "d", 1);
            sleep(0.5).await;
            first.cancel();
            Ok(())
        })
        .await?;
        let RateStatistics { admitted, waiting, .. } = rate.statistics();
        Ok((admitted, waiting))
    });
    story.is(&["0 a", "1 c", "2 d", "2 run = (3, 0)"]); // nothing was counted for the one that left
}

#[test]
fn moved_up_and_cancelled_at_the_same_instant_the_next_moves_up() {
    let story = Story::new();
    let rate = RateLimiter::sliding_window("rate", 1, secs(1.0));
    story.run(async {
        rate.admit().await;
        scope(async |s| {
            let first = start(&s, &story, &rate, "a", 1);
            let second = start(&s, &story, &rate, "b", 1);
            start(&s, &story, &rate, "c", 1);
            sleep(0.5).await;
            first.cancel();
            second.cancel(); // it is the first by now, and its turn has not come
            Ok(())
        })
        .await?;
        Ok(rate.statistics().waiting)
    });
    story.is(&["1 c", "1 run = 0"]);
}

#[test]
fn where_nothing_is_ever_admitted_one_waits_and_the_deadlock_says_for_what() {
    for rate in [
        RateLimiter::sliding_window("none", 0, secs(1.0)),
        RateLimiter::fixed_window("none", 0, secs(1.0)),
        RateLimiter::token_bucket("none", 0, secs(1.0), 0),
        RateLimiter::gcra("none", 0, secs(1.0), 1),
    ] {
        let story = Story::new();
        story.run(async {
            rate.admit().await;
            Ok(())
        });
        story.is(&["0 run: deadlock: main waits for rate limiter `none`"]);
    }
}

#[test]
fn an_empty_window_of_time_limits_nothing() {
    for rate in [
        RateLimiter::sliding_window("free", 1, secs(0.0)),
        RateLimiter::fixed_window("free", 1, secs(0.0)),
        RateLimiter::token_bucket("free", 1, secs(0.0), 1),
        RateLimiter::gcra("free", 1, secs(0.0), 1),
    ] {
        assert_eq!(starts_ms(&rate, 5, 1.0), [1000; 5]);
    }
}

#[test]
fn each_key_has_a_rate_of_its_own_and_is_forgotten_when_it_is_idle() {
    let story = Story::new();
    story.run(async {
        let logins = KeyedRateLimiter::new(RateLimiter::sliding_window("logins", 1, secs(1.0)));
        scope(async |s| {
            for name in ["ada", "ada", "grace"] {
                let (story, logins) = (&story, &logins);
                s.spawn_named(name, async move {
                    logins.admit(&name).await?;
                    story.tell(name);
                    Ok(())
                });
            }
            Ok(())
        })
        .await?;
        story.tell(format!("{} keys", logins.keys()));
        sleep(1.0).await;
        story.tell(format!("{:?}", logins.try_admit(&"new")));
        story.tell(format!("{} keys", logins.keys()));
        Ok(())
    });
    story.is(&[
        "0 ada",
        "0 grace",
        "1 ada",
        "1 2 keys",
        "2 Ok(true)",
        "2 1 keys", // nobody else had a start within a second
        "2 run = ()",
    ]);
}

#[test]
fn keys_beyond_the_limit_are_refused_until_one_is_idle() {
    let story = Story::new();
    story.run(async {
        let pattern = RateLimiter::token_bucket("logins", 1, secs(1.0), 2);
        let logins = KeyedRateLimiter::with_most_keys(pattern, 2);
        logins.admit_many(&1, 2).await?;
        logins.admit(&2).await?;
        let (error, limit) = (logins.admit(&3).await.unwrap_err(), 2);
        story.tell(error);
        assert_eq!(logins.admit_many(&3, 2).await, Err(KeyedRateError::TooManyKeys(TooManyKeys { limit })));
        story.tell(logins.admit_many(&2, 3).await.unwrap_err());
        logins.admit(&1).await?; // a known key waits for its own
        story.tell(format!("{} keys", logins.keys()));
        logins.admit(&3).await?; // the second is full again, the first is not
        Ok((logins.keys(), logins.try_admit(&2)))
    });
    story.is(&[
        "0 no place for another key: 2 are in use",
        "0 3 at once are more than the capacity of 2",
        "1 2 keys",
        "1 run = (2, Err(TooManyKeys { limit: 2 }))",
    ]);
}

#[test]
fn a_key_that_somebody_waits_for_is_not_forgotten() {
    let story = Story::new();
    story.run(async {
        let logins = KeyedRateLimiter::new(RateLimiter::sliding_window("logins", 1, secs(1.0)));
        scope(async |s| {
            assert!(logins.try_admit(&1)?);
            let waiter = s.spawn(async {
                logins.admit(&1).await?;
                story.tell("admitted");
                sleep(1.0).await;
                story.tell(format!("{:?}", logins.try_admit(&1))); // exactly when the window is over
                Ok(())
            });
            sleep(1.0).await;
            story.tell(format!("{:?}, {} keys", logins.try_admit(&2), logins.keys()));
            waiter.await?;
            Ok(())
        })
        .await?;
        Ok(())
    });
    story.is(&["1 Ok(true), 2 keys", "1 admitted", "2 Ok(true)", "2 run = ()"]);
}
