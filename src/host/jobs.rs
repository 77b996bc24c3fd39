//! The pure functions that blocking work may call, known by name to both sides.
//!
//! Each comes twice. [`toil`] does the work in the plain way, which takes a
//! while for large arguments: a worker runs it, and can be killed. [`run`]
//! comes to the same result at once, for virtual time, where the length of the
//! work is simulated and a page must not stand still while the result is found.

use std::time::Duration;

/// Every function, with what it returns.
pub const NAMES: [(&str, &str); 3] = [
    ("collatz", "the most steps that any number up to n needs to reach 1, halving even and 3x+1 odd ones"),
    ("fib", "the n-th Fibonacci number"),
    ("primes", "how many primes there are up to n"),
];

/// The name for work of a given length and no result: its argument is in
/// microseconds. Not a name that a person types, hence not in [`NAMES`].
pub const BUSY: &str = "busy";

/// About four seconds of [`toil`] in a browser: long enough to be killed, and
/// short enough to end while somebody still watches.
pub const PRIMES_LIMIT: i64 = 10_000_000;

/// The same measure for calls that branch in two.
pub const FIB_LIMIT: i64 = 45;

/// The largest number that the table of records below covers.
pub const COLLATZ_LIMIT: i64 = 1_000_000;

/// A worker that is busy for longer than this is not an example of anything.
pub const BUSY_LIMIT_US: i64 = 600_000_000;

/// The result of `function`, found quickly, whatever the arguments.
///
/// ```
/// assert_eq!(taskscope::host::jobs::run("primes", &[200_000]), Ok(17_984));
/// ```
///
/// # Errors
///
/// An unknown name, a wrong number of arguments, or one out of its limits.
pub fn run(function: &str, args: &[i64]) -> Result<i64, String> {
    let n = argument(function, args)?;
    Ok(match function {
        "collatz" => collatz_from_table(n),
        "fib" => fib_by_adding(n),
        "primes" => primes_by_counting(n),
        _ => 0,
    })
}

/// The result of `function`, found the long way, holding the thread meanwhile.
/// Gives what [`run`] gives.
///
/// `work` holds the thread for the length of a [`BUSY`] job: this module reads
/// no clock.
///
/// # Errors
///
/// An unknown name, a wrong number of arguments, or one out of its limits.
pub fn toil(function: &str, args: &[i64], work: impl Fn(Duration)) -> Result<i64, String> {
    let n = argument(function, args)?;
    Ok(match function {
        "collatz" => collatz(n),
        "fib" => fib(n),
        "primes" => primes(n),
        _ => {
            work(Duration::from_micros(n));
            0
        }
    })
}

/// The one argument that each function takes, between zero and its limit.
fn argument(function: &str, args: &[i64]) -> Result<u64, String> {
    let limit = match function {
        "collatz" => COLLATZ_LIMIT,
        "fib" => FIB_LIMIT,
        "primes" => PRIMES_LIMIT,
        BUSY => BUSY_LIMIT_US,
        _ => {
            let known: Vec<&str> = NAMES.iter().map(|(name, _)| *name).collect();
            return Err(format!("no worker function is called `{function}`; there are {}", known.join(", ")));
        }
    };
    let [n] = args else {
        return Err(format!("`{function}` takes 1 argument, found {}", args.len()));
    };
    match u64::try_from(*n) {
        Ok(value) if *n <= limit => Ok(value),
        _ => Err(format!("`{function}` takes a number from 0 to {limit}, found {n}")),
    }
}

/// How many primes there are up to `n`, by trying divisors.
fn primes(n: u64) -> i64 {
    let odd = (3..=n).step_by(2).filter(|&candidate| is_odd_prime(candidate)).count();
    odd as i64 + i64::from(n >= 2)
}

fn is_odd_prime(candidate: u64) -> bool {
    let mut divisor = 3;
    while divisor * divisor <= candidate {
        if candidate.is_multiple_of(divisor) {
            return false;
        }
        divisor += 2;
    }
    true
}

/// The same without looking at each number: sieves only *how many* numbers up
/// to each `n / i` remain (Lucy's method), in the order of n to the 3/4 steps,
/// which is a fifth of a million for the largest argument.
fn primes_by_counting(n: u64) -> i64 {
    if n < 2 {
        return 0;
    }
    let root = n.isqrt();
    // `small[v]` and `large[i]` count what is left up to `v` and up to `n / i`.
    let mut small: Vec<u64> = (0..=root).map(|v| v.saturating_sub(1)).collect();
    let mut large: Vec<u64> = (0..=root).map(|i| n.checked_div(i).map_or(0, |v| v - 1)).collect();
    let at = |index: u64| index as usize;
    for p in 2..=root {
        let below = small[at(p - 1)];
        if small[at(p)] == below {
            continue; // `p` has a smaller divisor
        }
        let square = p * p;
        for i in 1..=root.min(n / square) {
            let left = if i * p <= root { large[at(i * p)] } else { small[at(n / (i * p))] };
            large[at(i)] -= left - below;
        }
        for v in (square..=root).rev() {
            small[at(v)] -= small[at(v / p)] - below;
        }
    }
    large[1] as i64
}

/// The `n`-th Fibonacci number, by the definition.
fn fib(n: u64) -> i64 {
    if n < 2 { n as i64 } else { fib(n - 1) + fib(n - 2) }
}

fn fib_by_adding(n: u64) -> i64 {
    (0..n).fold((0, 1), |(a, b), _| (b, a + b)).0
}

/// The most steps that any number up to `n` needs to reach 1.
fn collatz(n: u64) -> i64 {
    (1..=n).map(collatz_steps).max().unwrap_or(0)
}

fn collatz_steps(start: u64) -> i64 {
    let (mut x, mut steps) = (start, 0);
    while x > 1 {
        x = if x.is_multiple_of(2) { x / 2 } else { 3 * x + 1 };
        steps += 1;
    }
    steps
}

/// Numbers that need more steps than every smaller one, up to [`COLLATZ_LIMIT`].
/// The tests compute them afresh.
#[rustfmt::skip]
const COLLATZ_RECORDS: [u64; 44] = [
    1, 2, 3, 6, 7, 9, 18, 25, 27, 54, 73, 97, 129, 171, 231, 313, 327, 649, 703, 871, 1161, 2223, 2463,
    2919, 3711, 6171, 10971, 13255, 17647, 23529, 26623, 34239, 35655, 52527, 77031, 106239, 142587,
    156159, 216367, 230631, 410011, 511935, 626331, 837799,
];

fn collatz_from_table(n: u64) -> i64 {
    let record = COLLATZ_RECORDS.iter().rev().find(|&&start| start <= n);
    record.map_or(0, |&start| collatz_steps(start))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;

    fn toil_idle(function: &str, args: &[i64]) -> Result<i64, String> {
        toil(function, args, |_| {})
    }

    #[test]
    fn known_results() {
        for (function, n, result) in [
            ("primes", 0, 0),
            ("primes", 1, 0),
            ("primes", 2, 1),
            ("primes", 200_000, 17_984),
            ("primes", PRIMES_LIMIT, 664_579),
            ("fib", 0, 0),
            ("fib", 1, 1),
            ("fib", FIB_LIMIT, 1_134_903_170),
            ("collatz", 0, 0),
            ("collatz", 1, 0),
            ("collatz", 27, 111),
            ("collatz", COLLATZ_LIMIT, 524),
            (BUSY, BUSY_LIMIT_US, 0),
        ] {
            assert_eq!(run(function, &[n]), Ok(result), "{function}({n})");
        }
    }

    #[test]
    fn quick_and_plain_agree() {
        for (function, up_to) in [("primes", 2_000), ("fib", 20), ("collatz", 900)] {
            for n in 0..=up_to {
                assert_eq!(run(function, &[n]), toil_idle(function, &[n]), "{function}({n})");
            }
        }
        for n in [9_999, 10_000, 30_031, 99_991, 100_489] {
            assert_eq!(run("primes", &[n]), toil_idle("primes", &[n]), "primes({n})");
        }
    }

    #[test]
    fn the_collatz_table_holds_every_record() {
        let mut steps: Vec<i64> = vec![0, 0];
        let (mut records, mut best) = (vec![1], 0);
        for start in 2..=COLLATZ_LIMIT as u64 {
            // Once the sequence falls below its start, the rest is known.
            let (mut x, mut count) = (start, 0);
            while x >= start {
                x = if x.is_multiple_of(2) { x / 2 } else { 3 * x + 1 };
                count += 1;
            }
            count += steps[x as usize];
            steps.push(count);
            if count > best {
                best = count;
                records.push(start);
            }
        }
        assert_eq!(records, COLLATZ_RECORDS);
    }

    #[test]
    fn busy_works_for_as_long_as_it_says() {
        let worked = Cell::new(Duration::ZERO);
        assert_eq!(toil(BUSY, &[250], |length| worked.set(length)), Ok(0));
        assert_eq!(worked.get(), Duration::from_micros(250));
    }

    #[test]
    fn arguments_are_checked_before_anything_runs() {
        for (function, args, said) in [
            ("primes", vec![], "`primes` takes 1 argument, found 0"),
            ("primes", vec![1, 2], "`primes` takes 1 argument, found 2"),
            ("primes", vec![-1], "`primes` takes a number from 0 to 10000000, found -1"),
            ("primes", vec![PRIMES_LIMIT + 1], "`primes` takes a number from 0 to 10000000, found 10000001"),
            ("fib", vec![46], "`fib` takes a number from 0 to 45, found 46"),
            (
                "collatz",
                vec![i64::MAX],
                "`collatz` takes a number from 0 to 1000000, found 9223372036854775807",
            ),
            ("sqrt", vec![2], "no worker function is called `sqrt`; there are collatz, fib, primes"),
        ] {
            assert_eq!(run(function, &args).unwrap_err(), said);
            assert_eq!(toil_idle(function, &args).unwrap_err(), said);
        }
    }
}
