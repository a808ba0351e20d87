//! A number for a text, the same on every machine and in every version: facts are kept, and sent between machines.

/// The number of some bytes: FNV-1a (<http://www.isthe.com/chongo/tech/comp/fnv/>), mixed.
pub(crate) fn of(bytes: &[u8]) -> u64 {
    mix(bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3)
    }))
}

/// Spreads a number over all bits (the end of `SplitMix64`, <https://doi.org/10.1145/2714064.2660195>); no two numbers
/// become one.
pub(crate) fn mix(number: u64) -> u64 {
    let number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    number ^ (number >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_numbers_stay_as_they_are() {
        assert_eq!(of(b""), mix(0xcbf2_9ce4_8422_2325));
        // The first number of SplitMix64 from the seed 0.
        assert_eq!(mix(0x9e37_79b9_7f4a_7c15), 0xe220_a839_7b1d_cdaf);
        assert_eq!(of("Tür".as_bytes()), of("Tür".as_bytes()));
        assert_ne!(of(b"door"), of(b"doors"));
    }
}
