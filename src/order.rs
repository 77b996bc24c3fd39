//! Sorting with one compiled routine for every type: the standard one is compiled anew for each, four kilobytes every
//! time, and a page downloads them all.
//!
//! Stable, and no faster than the standard one: not for what a run does in its turns.

use std::cmp::Ordering;

/// Sorts `list` by what `key` gives; what is equal keeps its order.
pub fn by_key<T, K: Ord>(list: &mut [T], key: impl Fn(&T) -> K) {
    by(list, |one, other| key(one).cmp(&key(other)));
}

/// Sorts `list` as `compare` has it; what is equal keeps its order.
pub fn by<T>(list: &mut [T], compare: impl Fn(&T, &T) -> Ordering) {
    let mut from = order(list.len(), &|one, other| compare(&list[one], &list[other]));
    // Cycle by cycle: what is swapped away from its place goes along until its own place comes.
    for start in 0..from.len() {
        let mut at = start;
        while from[at] != start {
            let next = from[at];
            list.swap(at, next);
            from[at] = at;
            at = next;
        }
        from[at] = at;
    }
}

/// For each place the number of what belongs there.
#[inline(never)]
fn order(length: usize, compare: &dyn Fn(usize, usize) -> Ordering) -> Vec<usize> {
    let mut order: Vec<usize> = (0..length).collect();
    order.sort_by(|one, other| compare(*one, *other));
    order
}

#[cfg(test)]
mod tests {
    use super::*;
    use oorandom::Rand64;

    #[test]
    fn it_does_what_the_standard_one_does() {
        let mut random = Rand64::new(7);
        for length in (0..40).chain([1_000]) {
            let list: Vec<(u64, usize)> = (0..length).map(|at| (random.rand_range(0..20), at)).collect();
            let (mut ours, mut theirs) = (list.clone(), list);
            by_key(&mut ours, |it| it.0);
            theirs.sort_by_key(|it| it.0);
            assert_eq!(ours, theirs);
            by(&mut ours, |one, other| other.cmp(one));
            theirs.sort_by(|one, other| other.cmp(one));
            assert_eq!(ours, theirs);
        }
    }
}
