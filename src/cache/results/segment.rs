//! A file of results: entries one behind the other, to which others are added at the end.
//!
//! It begins with a line that says whose it is. An entry is its key, when it was last used, its length and a check, and then
//! its bytes. Whoever is killed while he adds to it leaves a part of an entry at the end, which is seen by its length and
//! written over by the next.

use std::collections::HashMap;

use crate::engine::Number;

/// The first line: whose file it is, and in which form.
pub(super) const MARK: &[u8] = b"copydesk results 1\n";

/// The bytes of an entry before its own.
const HEAD: usize = 16 + 4 + 4 + 8;

/// Where an entry stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Slot {
    /// Its first own byte in the file.
    pub(super) at: u64,
    /// How many there are.
    pub(super) length: u32,
    /// When it was last used, in minutes since 1970, as far as the file says.
    pub(super) used: u32,
}

/// What stands in a file.
#[derive(Debug, Default)]
pub(super) struct Index {
    /// The entries. Of two with one key, the last.
    pub(super) slots: HashMap<Number, Slot>,
    /// Where the last whole entry ends; 0 where there is not even the first line.
    pub(super) end: u64,
}

/// Reads a file.
///
/// # Errors
/// Why it cannot be used.
pub(super) fn read(bytes: &[u8]) -> Result<Index, &'static str> {
    let Some(mut rest) = bytes.strip_prefix(MARK) else {
        // Somebody was killed while he wrote the first line.
        return if MARK.starts_with(bytes) {
            Ok(Index::default())
        } else {
            Err("it is no file of results, or one of another copydesk")
        };
    };
    let mut index = Index { end: MARK.len() as u64, ..Index::default() };
    while let Some((head, behind)) = rest.split_first_chunk::<HEAD>() {
        let (key, used, length, check) = taken_apart(head);
        let Some((own, behind)) = behind.split_at_checked(length as usize) else { break };
        if check != check_of(key, own) {
            return Err("an entry is not as it was written");
        }
        index.slots.insert(key, Slot { at: index.end + HEAD as u64, length, used });
        index.end += (HEAD + own.len()) as u64;
        rest = behind;
    }
    Ok(index)
}

/// Puts an entry behind others.
pub(super) fn push(bytes: &mut Vec<u8>, key: Number, used: u32, own: &[u8]) {
    bytes.extend_from_slice(&key.to_le_bytes());
    bytes.extend_from_slice(&used.to_le_bytes());
    bytes.extend_from_slice(&(own.len() as u32).to_le_bytes());
    bytes.extend_from_slice(&check_of(key, own).to_le_bytes());
    bytes.extend_from_slice(own);
}

/// How much longer a file becomes by an entry.
pub(super) fn size(own: usize) -> u64 {
    (HEAD + own) as u64
}

fn taken_apart(head: &[u8; HEAD]) -> (Number, u32, u32, u64) {
    let part = |from: usize, length: usize| {
        let mut number = [0; 16];
        number[..length].copy_from_slice(&head[from..from + length]);
        Number::from_le_bytes(number)
    };
    (part(0, 16), part(16, 4) as u32, part(20, 4) as u32, part(24, 8) as u64)
}

/// Where the disk has lost something, this is another number.
fn check_of(key: Number, own: &[u8]) -> u64 {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(own);
    hasher.update(&key.to_le_bytes());
    hasher.finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file() -> Vec<u8> {
        let mut bytes = MARK.to_vec();
        push(&mut bytes, 1, 10, b"one");
        push(&mut bytes, 2, 20, b"");
        push(&mut bytes, 1, 30, b"another");
        bytes
    }

    #[test]
    fn of_two_entries_with_one_key_the_last_counts() {
        let (bytes, index) = (file(), read(&file()).unwrap());
        assert_eq!((index.end, index.slots.len()), (bytes.len() as u64, 2));
        let Slot { at, length, used } = index.slots[&1];
        assert_eq!((&bytes[at as usize..][..length as usize], used), (&b"another"[..], 30));
    }

    #[test]
    fn what_was_written_in_part_is_not_there() {
        let bytes = file();
        let ends = [0, MARK.len(), MARK.len() + HEAD + 3, MARK.len() + 2 * HEAD + 3, bytes.len()];
        for cut in 0..=bytes.len() {
            let index = read(&bytes[..cut]).unwrap();
            let whole = ends.iter().rposition(|end| *end <= cut).unwrap();
            assert_eq!(index.end, ends[whole] as u64, "{cut}");
            assert_eq!(index.slots.contains_key(&2), whole >= 3, "{cut}");
        }
    }

    #[test]
    fn what_is_damaged_is_not_believed() {
        let bytes = file();
        let mut refused = 0;
        for at in 0..bytes.len() {
            let mut bytes = bytes.clone();
            bytes[at] ^= 0x40;
            match read(&bytes) {
                Err(_) => refused += 1,
                // A time is another, or a length leads behind the end.
                Ok(index) => assert!(index.end < bytes.len() as u64 || index.slots.len() == 2, "{at}"),
            }
        }
        assert!(refused > bytes.len() / 2, "{refused}");
        assert!(read(b"copydesk results 9\n").is_err() && read(b"{}").is_err());
    }
}
