//! Which of several things were there before. Shared by the rules about what stands twice.

/// For each of these keys the index of the first that is the same, where that is an earlier one.
///
/// They are few in an article: to sort them costs less than to hash them, and no article can make it slow.
pub(crate) fn first_of_each<T: Ord>(keys: &[T]) -> Vec<Option<usize>> {
    let mut order: Vec<usize> = (0..keys.len()).collect();
    order.sort_by(|left, right| keys[*left].cmp(&keys[*right]));
    let mut first = vec![None; keys.len()];
    for pair in order.windows(2) {
        if keys[pair[0]] == keys[pair[1]] {
            first[pair[1]] = first[pair[0]].or(Some(pair[0]));
        }
    }
    first
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_of_what_is_the_same_is_found() {
        assert_eq!(
            first_of_each(&["b", "a", "b", "c", "a", "b"]),
            [None, None, Some(0), None, Some(1), Some(0)]
        );
        assert_eq!(first_of_each::<u8>(&[]), []);
    }
}
