//! What was found in articles, kept in files beside the replies.
//!
//! There are 16 for the findings and 16 for the facts, by the first bits of the keys: a run over one file reads and writes
//! few, and a run over all never holds more than where in them each entry stands. New entries are added at the end, every few
//! megabytes and when the run is over, by one run at a time; what was not used for long is left out when a file is written
//! anew. Nothing here is worth failing for, and nothing waits for the disk: what a machine loses when it loses its power is
//! seen by a check and made again.

mod segment;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, HashSet};
use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::PATIENCE;
use super::folder::{self, Lock};
use crate::engine::{Kind, Number, Store};
use segment::{Index, MARK, Slot};

/// How many files there are of a kind.
const FILES: usize = 16;

/// How large all may be: 256 MiB, of which the results of 100,000 articles were measured to take 160 MB.
const MOST: u64 = 256 << 20;

/// How large a file may become within one run: what is behind that would be left out at its end.
const LIMIT: u64 = 2 * MOST / (2 * FILES as u64);

/// How large one entry may be: one article does not get the room of thousands.
const ENTRY: usize = 256 << 10;

/// How many bytes wait to be written.
const WAITING: usize = 16 << 20;

/// The minutes of a day.
const DAY: u32 = 24 * 60;

/// What was not used for so long is left out, in minutes: thirty days.
const OLD: u32 = 30 * DAY;

/// How old the note of the last use may become before it is written anew, in minutes: a week, so that few runs write what
/// they only read.
const STALE: u32 = 7 * DAY;

/// The results that earlier runs kept in a folder.
#[derive(Debug)]
pub struct Results {
    folder: PathBuf,
    patience: Duration,
    /// In minutes since 1970.
    now: u32,
    /// How many bytes all files may have.
    most: u64,
    findings: [Mutex<Drawer>; FILES],
    facts: [Mutex<Drawer>; FILES],
    waiting: AtomicUsize,
    /// What went wrong, and with which files.
    notes: Mutex<BTreeMap<String, Vec<PathBuf>>>,
}

/// What is known of one file.
#[derive(Debug, Default)]
struct Drawer {
    is_read: bool,
    /// The file, where it is there and can be used.
    file: Option<File>,
    /// Whether it is to be replaced, since it cannot be used.
    is_damaged: bool,
    /// What stands in it, and behind its end what waits.
    index: Index,
    /// The entries that were used.
    used: HashSet<Number>,
    /// New entries, as they will stand in the file.
    waiting: Vec<u8>,
}

/// What there is, in numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ResultsStock {
    /// How many findings of articles.
    pub findings: usize,
    /// How many facts of articles.
    pub facts: usize,
    /// The bytes of the files.
    pub bytes: u64,
}

/// The name of a file.
fn name(kind: Kind, number: usize) -> String {
    let kind = match kind {
        Kind::Findings => "findings",
        Kind::Facts => "facts",
    };
    format!("{kind}-{number:x}")
}

/// Whether a file has one of the names that we give.
pub(super) fn is_ours(file: &str) -> bool {
    let number = file.strip_prefix("findings-").or_else(|| file.strip_prefix("facts-"));
    number.is_some_and(|number| matches!(number.as_bytes(), [b'0'..=b'9' | b'a'..=b'f']))
}

impl Results {
    /// The results in this folder, which need not be there yet, at this moment, in seconds since 1970.
    #[must_use]
    pub fn new(folder: &Path, now: u64) -> Self {
        Self {
            folder: folder.to_owned(),
            patience: PATIENCE,
            now: u32::try_from(now / 60).unwrap_or(u32::MAX),
            most: MOST,
            findings: Default::default(),
            facts: Default::default(),
            waiting: AtomicUsize::new(0),
            notes: Mutex::default(),
        }
    }

    /// Keeps what is new, and lets go of what was not used for 30 days and, where there is more than 256 MiB, for longest.
    /// Brings what somebody should be told of.
    pub fn finish(&self) -> Vec<String> {
        self.write(true);
        self.notes()
    }

    /// What somebody should be told of, once.
    pub fn notes(&self) -> Vec<String> {
        let notes = std::mem::take(&mut *self.notes.lock().unwrap_or_else(PoisonError::into_inner));
        let told = notes.into_iter().map(|(what, paths)| {
            let first = paths.iter().min().map(|path| path.display().to_string()).unwrap_or_default();
            match paths.len() {
                1 => format!("\"{first}\" of the cache is {what}"),
                more => format!("\"{first}\" and {} more files of the cache are {what}", more - 1),
            }
        });
        told.collect()
    }

    /// What is there, in numbers; `None` where there is nothing.
    #[must_use]
    pub fn stock(&self) -> Option<ResultsStock> {
        let mut stock = ResultsStock::default();
        for (kind, number, drawer) in self.drawers() {
            let drawer = self.read(kind, number, drawer);
            stock.bytes +=
                drawer.file.as_ref().and_then(|file| file.metadata().ok()).map_or(0, |file| file.len());
            let count = match kind {
                Kind::Findings => &mut stock.findings,
                Kind::Facts => &mut stock.facts,
            };
            *count += drawer.index.slots.len();
        }
        (stock != ResultsStock::default()).then_some(stock)
    }

    fn drawers(&self) -> impl Iterator<Item = (Kind, usize, &Mutex<Drawer>)> {
        let both = [(Kind::Findings, &self.findings), (Kind::Facts, &self.facts)].into_iter();
        both.flat_map(|(kind, drawers)| {
            (0..).zip(drawers).map(move |(number, drawer)| (kind, number, drawer))
        })
    }

    /// The drawer of a key, as it was found.
    fn open(&self, kind: Kind, key: Number) -> MutexGuard<'_, Drawer> {
        let number = (key >> (Number::BITS - FILES.ilog2())) as usize;
        let drawers = match kind {
            Kind::Findings => &self.findings,
            Kind::Facts => &self.facts,
        };
        self.read(kind, number, &drawers[number])
    }

    fn read<'d>(&self, kind: Kind, number: usize, drawer: &'d Mutex<Drawer>) -> MutexGuard<'d, Drawer> {
        let mut drawer = drawer.lock().unwrap_or_else(PoisonError::into_inner);
        if !drawer.is_read {
            drawer.is_read = true;
            let path = self.folder.join(name(kind, number));
            match look(&path) {
                Ok(found) => drawer.take(found),
                Err(why) => {
                    drawer.is_damaged = true;
                    self.note(&path, format!("not used: {why}"));
                }
            }
        }
        drawer
    }

    fn note(&self, path: &Path, note: String) {
        let mut notes = self.notes.lock().unwrap_or_else(PoisonError::into_inner);
        let paths = notes.entry(note).or_default();
        if !paths.iter().any(|known| known == path) {
            paths.push(path.to_owned());
        }
    }

    /// How large a file may be: its part of the whole where all together are too large, and otherwise as large as it is.
    fn room(&self) -> u64 {
        let files = folder::ours(&self.folder).unwrap_or_default();
        let kept: u64 = files.iter().filter(|(name, _)| is_ours(name)).map(|(_, bytes)| bytes).sum();
        let waiting = self.waiting.load(Ordering::Relaxed) as u64;
        if kept + waiting > self.most { self.most / (2 * FILES as u64) } else { u64::MAX }
    }

    /// Writes what waits; at the end also what is to be written anew.
    fn write(&self, is_end: bool) {
        let room = if is_end { self.room() } else { u64::MAX };
        let mut drawers: Vec<_> = Vec::new();
        for (kind, number, drawer) in self.drawers() {
            let drawer = drawer.lock().unwrap_or_else(PoisonError::into_inner);
            let is_due = is_end && drawer.is_due(self.now, room);
            if !drawer.waiting.is_empty() || is_due {
                drawers.push((self.folder.join(name(kind, number)), drawer, is_due));
            }
        }
        if drawers.is_empty() {
            return;
        }
        let lock = match folder::make_and_lock(&self.folder, self.patience) {
            Ok(lock) => lock,
            Err(why) => {
                // It is tried once: who waits for each part of a large run waits for long.
                self.note(&self.folder, format!("not written: {why}"));
                for (_, mut drawer, _) in drawers {
                    drawer.forget();
                }
                self.waiting.store(0, Ordering::Relaxed);
                return;
            }
        };
        for (path, mut drawer, is_due) in drawers {
            let written = drawer.append(&path).and_then(|()| {
                if is_due || is_end && drawer.is_due(self.now, room) {
                    drawer.renew(&path, (self.now, room), &lock)
                } else {
                    Ok(())
                }
            });
            if let Err(error) = written {
                self.note(&path, format!("not written: {error}"));
                drawer.forget();
            }
        }
        self.waiting.store(0, Ordering::Relaxed);
    }
}

impl Store for Results {
    fn recall(&self, kind: Kind, key: Number) -> Option<Vec<u8>> {
        let mut drawer = self.open(kind, key);
        let found = drawer.bytes(key);
        if found.is_some() {
            drawer.used.insert(key);
        }
        found
    }

    fn has(&self, kind: Kind, key: Number) -> bool {
        self.open(kind, key).index.slots.contains_key(&key)
    }

    fn keep(&self, kind: Kind, key: Number, bytes: &[u8]) {
        let size = segment::size(bytes.len());
        if bytes.len() > ENTRY {
            return;
        }
        let mut drawer = self.open(kind, key);
        let at = drawer.index.end.max(MARK.len() as u64) + drawer.waiting.len() as u64 + segment::size(0);
        segment::push(&mut drawer.waiting, key, self.now, bytes);
        drawer.index.slots.insert(key, Slot { at, length: bytes.len() as u32, used: self.now });
        drop(drawer);
        // Only the one that goes over the limit writes.
        let before = self.waiting.fetch_add(size as usize, Ordering::Relaxed);
        if before < WAITING && before + size as usize >= WAITING {
            self.write(false);
        }
    }
}

/// What stands at a path: nothing, or a file of ours.
fn look(path: &Path) -> Result<Option<(File, Index)>, String> {
    match path.symlink_metadata() {
        // Why there is no folder is said by whoever wants to make it.
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
            return Ok(None);
        }
        Err(error) => return Err(error.to_string()),
        // To read a pipe would wait for somebody to write into it, and a link could have us write anywhere.
        Ok(found) if !found.is_file() => return Err("it is no file".to_owned()),
        Ok(found) if found.len() > LIMIT + WAITING as u64 => return Err("it is too large".to_owned()),
        Ok(_) => {}
    }
    let mut file = File::open(path).map_err(|error| error.to_string())?;
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes).map_err(|error| error.to_string())?;
    let index = segment::read(&bytes)?;
    Ok(Some((file, index)))
}

impl Drawer {
    fn take(&mut self, found: Option<(File, Index)>) {
        let (file, index) = found.map_or_else(Default::default, |(file, index)| (Some(file), index));
        (self.file, self.index) = (file, index);
    }

    /// Where the entries that wait will stand.
    fn base(&self) -> u64 {
        self.index.end.max(MARK.len() as u64)
    }

    fn bytes(&mut self, key: Number) -> Option<Vec<u8>> {
        let Slot { at, length, .. } = *self.index.slots.get(&key)?;
        if let Some(behind) = at.checked_sub(self.base()) {
            return Some(self.waiting[behind as usize..][..length as usize].to_vec());
        }
        let file = self.file.as_mut()?;
        let mut bytes = vec![0; length as usize];
        let read = file.seek(SeekFrom::Start(at)).and_then(|_| file.read_exact(&mut bytes));
        read.ok().map(|()| bytes)
    }

    /// Whether the file is to be written anew: it is too large, has what is too old, or says of what was used just now that
    /// it was not for long.
    fn is_due(&self, now: u32, room: u64) -> bool {
        let age = |slot: &Slot| now.saturating_sub(slot.used);
        self.index.end + self.waiting.len() as u64 > room
            || self
                .index
                .slots
                .iter()
                .any(|(key, slot)| age(slot) >= STALE && (age(slot) >= OLD || self.used.contains(key)))
    }

    /// Puts what waits into the file, while nobody else does.
    fn append(&mut self, path: &Path) -> io::Result<()> {
        if self.waiting.is_empty() {
            return Ok(());
        }
        if self.is_damaged {
            fs::remove_file(path)?;
            self.is_damaged = false;
        }
        let is_known = match &self.file {
            Some(file) => folder::is_the_same(file, path) && file.metadata()?.len() == self.index.end,
            None => !path.exists(),
        };
        if !is_known {
            // Another run has written meanwhile, or was killed while it did.
            self.take(look(path).map_err(io::Error::other)?);
        }
        if self.index.end > LIMIT {
            self.forget();
            return Ok(());
        }
        let mut file = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path)?;
        file.set_len(self.index.end)?;
        file.seek(SeekFrom::End(0))?;
        if self.index.end == 0 {
            file.write_all(MARK)?;
            self.index.end = MARK.len() as u64;
        }
        file.write_all(&self.waiting)?;
        if is_known {
            self.index.end += self.waiting.len() as u64;
            self.file = Some(file);
        } else {
            self.take(look(path).map_err(io::Error::other)?);
        }
        self.waiting.clear();
        Ok(())
    }

    /// Writes the file anew with what is to stay in it, while nobody else writes.
    fn renew(&mut self, path: &Path, (now, room): (u32, u64), lock: &Lock) -> io::Result<()> {
        let bytes = match fs::read(path) {
            // Somebody has cleared the folder away.
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
            bytes => bytes?,
        };
        let mut index = segment::read(&bytes).map_err(io::Error::other)?;
        let mut slots: Vec<(Number, Slot)> = index.slots.drain().collect();
        for (key, slot) in &mut slots {
            slot.used = if self.used.contains(key) { now } else { slot.used.min(now) };
        }
        slots.retain(|(_, slot)| now - slot.used < OLD);
        slots.sort_unstable_by_key(|(_, slot)| (u32::MAX - slot.used, slot.at));
        // A quarter less than there may be, so that not every run writes it anew.
        let mut room = if index.end > room { room / 4 * 3 } else { u64::MAX };
        slots.retain(|(_, slot)| {
            let size = segment::size(slot.length as usize);
            let fits = size <= room;
            room = if fits { room - size } else { 0 };
            fits
        });
        slots.sort_unstable_by_key(|(_, slot)| slot.at);
        let mut kept = MARK.to_vec();
        for (key, Slot { at, length, used }) in slots {
            segment::push(&mut kept, key, used, &bytes[at as usize..][..length as usize]);
        }
        folder::replace(path, &kept, lock)?;
        self.take(look(path).map_err(io::Error::other)?);
        Ok(())
    }

    /// Lets go of what waits, as if it had not been kept.
    fn forget(&mut self) {
        let base = self.base();
        self.index.slots.retain(|_, slot| slot.at < base);
        self.waiting = Vec::new();
    }
}
