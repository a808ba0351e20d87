//! The folder of the cache: how it is made, who may write in it, and how it is cleared away.
//!
//! | file | what |
//! |---|---|
//! | `replies.json` | the replies; whoever reads it sees all of the old ones or all of the new ones |
//! | `replies.lock` | empty; whoever writes holds a lock on it, which the system takes from runs that have ended |
//! | `findings-0` to `findings-f`, `facts-0` to `facts-f` | what was found in articles: see [`results`] |
//! | `replies-….tmp`, `results-….tmp` | what is being written; those of runs that were killed go with the next that writes |
//! | `.gitignore` | keeps the folder from being committed |

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, ErrorKind, Write as _};
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use super::{record, results};

const LOCK: &str = "replies.lock";
const PREFIX: &str = "replies-";
const RESULTS_PREFIX: &str = "results-";
const SUFFIX: &str = ".tmp";
/// How many random letters and digits stand between.
const LETTERS: usize = 12;

const IGNORE: &str = ".gitignore";
const IGNORES_ALL: &str = "# Made by copydesk: what is kept between runs.\n*\n";

/// How long to wait before the lock is asked for again.
const PAUSE: Duration = Duration::from_millis(10);

/// The right to write in the folder, until it is dropped.
#[derive(Debug)]
pub(super) struct Lock {
    /// Whether nobody else can have it: some file systems know no locks.
    is_sole: bool,
    _file: File,
}

/// What was removed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cleaned {
    /// The names of the files, sorted.
    pub files: Vec<String>,
    /// How large they were together.
    pub bytes: u64,
    /// Why the folder is still there; `None` where it is gone.
    pub left: Option<String>,
}

/// Waits until no other run writes in the folder, which is made if it is not there.
pub(super) fn make_and_lock(folder: &Path, patience: Duration) -> Result<Lock, String> {
    let end = Instant::now() + patience;
    let failed = |error: io::Error| format!("the folder \"{}\" cannot be made: {error}", folder.display());
    // Whoever clears the folder away may do so between any two steps.
    let is_gone = || folder.symlink_metadata().is_err_and(|error| error.kind() == ErrorKind::NotFound);
    loop {
        match fs::create_dir_all(folder) {
            Err(error) if error.kind() == ErrorKind::AlreadyExists && is_gone() && Instant::now() < end => {
                continue;
            }
            made => made.map_err(failed)?,
        }
        if let Some(lock) = lock(folder, end)? {
            hide(folder).map_err(failed)?;
            return Ok(lock);
        }
    }
}

/// Keeps the folder from being committed while there is nothing in it, be it that we have made it or that a run was killed
/// just when it had. Of what somebody else keeps in a folder nothing is hidden, and who takes the file away means it.
fn hide(folder: &Path) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let name = entry?.file_name();
        if !name.to_str().is_some_and(|name| name == LOCK || is_temporary(name)) {
            return Ok(());
        }
    }
    fs::write(folder.join(IGNORE), IGNORES_ALL)
}

/// `None` where the file was removed while we waited for it.
fn lock(folder: &Path, end: Instant) -> Result<Option<Lock>, String> {
    let path = folder.join(LOCK);
    let failed = |error: io::Error| format!("the lock \"{}\" cannot be had: {error}", path.display());
    // A link could have us make a file anywhere.
    if path.is_symlink() {
        return Err(failed(io::Error::other("it is a link")));
    }
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    let file = match options.open(&path) {
        Err(error) if error.kind() == ErrorKind::NotFound && Instant::now() < end => return Ok(None),
        file => file.map_err(failed)?,
    };
    loop {
        let is_sole = match file.try_lock() {
            Ok(()) => true,
            // Where the file system has no locks, two runs at once may lose replies, and those are asked again.
            Err(TryLockError::Error(_)) => false,
            Err(TryLockError::WouldBlock) if Instant::now() < end => {
                thread::sleep(PAUSE);
                continue;
            }
            Err(TryLockError::WouldBlock) => {
                return Err(failed(io::Error::other("another run has held it for too long")));
            }
        };
        // Others may hold the lock on a new file of this name.
        let is_there = is_the_same(&file, &path);
        if !is_there && Instant::now() < end {
            thread::sleep(PAUSE);
            return Ok(None);
        }
        // Some file systems number files anew each time they are asked.
        return Ok(Some(Lock { is_sole: is_sole && is_there, _file: file }));
    }
}

/// Whether a file still stands at its path.
pub(super) fn is_the_same(file: &File, path: &Path) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt as _;
        let place = |metadata: fs::Metadata| (metadata.dev(), metadata.ino());
        file.metadata().ok().map(place) == fs::metadata(path).ok().map(place)
    }
    #[cfg(not(unix))]
    {
        let _ = file;
        path.exists()
    }
}

/// Puts the replies in their place in one step. Only their owner may read them, since an address may be meant for few.
pub(super) fn write(folder: &Path, bytes: &[u8], lock: &Lock) -> Result<(), String> {
    sweep(folder, lock);
    let path = folder.join(record::NAME);
    let failed = |error: io::Error| format!("the cache \"{}\" cannot be written: {error}", path.display());
    let mut file = tempfile::Builder::new();
    file.prefix(PREFIX).suffix(SUFFIX).rand_bytes(LETTERS);
    // The kind of the error alone: behind it stands a random name that says nothing to anybody.
    let mut file = file.tempfile_in(folder).map_err(|error| failed(error.kind().into()))?;
    file.write_all(bytes).and_then(|()| file.as_file().sync_all()).map_err(failed)?;
    file.persist(&path).map(drop).map_err(|error| failed(error.error))
}

/// Removes what others were writing when they were killed.
fn sweep(folder: &Path, lock: &Lock) {
    if lock.is_sole {
        // What cannot be looked through or removed is in nobody's way.
        for (name, _) in ours(folder).unwrap_or_default().iter().filter(|(name, _)| is_temporary(name)) {
            let _ = fs::remove_file(folder.join(name));
        }
    }
}

/// Puts a file of results in its place in one step.
pub(super) fn replace(path: &Path, bytes: &[u8], lock: &Lock) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    sweep(folder, lock);
    let mut file = tempfile::Builder::new();
    file.prefix(RESULTS_PREFIX).suffix(SUFFIX).rand_bytes(LETTERS);
    let mut file = file.tempfile_in(folder)?;
    file.write_all(bytes)?;
    file.persist(path).map(drop).map_err(|error| error.error)
}

/// The names and sizes of the files in the folder that the program wrote, sorted; none where there is no folder.
pub(super) fn ours(folder: &Path) -> Result<Vec<(String, u64)>, String> {
    let failed = |error: io::Error| format!("the folder \"{}\" cannot be read: {error}", folder.display());
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries.map_err(failed)?,
    };
    let mut ours = Vec::new();
    for entry in entries {
        let entry = entry.map_err(failed)?;
        let Ok(name) = entry.file_name().into_string() else { continue };
        if !matches!(name.as_str(), record::NAME | LOCK | IGNORE)
            && !is_temporary(&name)
            && !results::is_ours(&name)
        {
            continue;
        }
        let metadata = match entry.metadata() {
            // Another run has put it in its place meanwhile.
            Err(error) if error.kind() == ErrorKind::NotFound => continue,
            metadata => metadata.map_err(failed)?,
        };
        let is_ours = match name.as_str() {
            // To read a pipe would wait for somebody to write into it.
            IGNORE => {
                metadata.is_file()
                    && metadata.len() == IGNORES_ALL.len() as u64
                    && has(&entry.path(), IGNORES_ALL)
            }
            _ => !metadata.is_dir(),
        };
        if is_ours {
            ours.push((name, metadata.len()));
        }
    }
    ours.sort();
    Ok(ours)
}

fn has(path: &Path, text: &str) -> bool {
    fs::read(path).is_ok_and(|bytes| bytes == text.as_bytes())
}

/// Whether a name is one that we give to temporary files.
fn is_temporary(name: &str) -> bool {
    let name = name.strip_prefix(PREFIX).or_else(|| name.strip_prefix(RESULTS_PREFIX));
    let letters = name.and_then(|name| name.strip_suffix(SUFFIX));
    letters.is_some_and(|letters| {
        letters.len() == LETTERS && letters.bytes().all(|letter| letter.is_ascii_alphanumeric())
    })
}

/// Removes the files in the folder that the program wrote, and the folder if it is empty then.
pub(super) fn clean(folder: &Path, patience: Duration) -> Result<Cleaned, String> {
    let end = Instant::now() + patience;
    let mut cleaned = Cleaned::default();
    let (lock, is_new) = loop {
        let before = ours(folder)?;
        if before.is_empty() {
            return Ok(cleaned);
        }
        // Another run may clear the folder away at the same time.
        if let Some(lock) = lock(folder, end)? {
            break (lock, before.iter().all(|(name, _)| name != LOCK));
        }
    };
    let mut files = ours(folder)?;
    // The lock is the last, so that nobody begins to write meanwhile.
    files.sort_by_key(|(name, _)| name == LOCK);
    for (name, bytes) in files {
        let path = folder.join(&name);
        match fs::remove_file(&path) {
            Ok(()) => {}
            Err(error) if error.kind() == ErrorKind::NotFound => continue,
            Err(error) => return Err(format!("\"{}\" cannot be removed: {error}", path.display())),
        }
        // Nobody looks for what we have made ourselves just now.
        if name != LOCK || !is_new {
            cleaned.bytes += bytes;
            cleaned.files.push(name);
        }
    }
    cleaned.files.sort();
    // Windows removes no folder with a file in it that is open.
    drop(lock);
    cleaned.left = match fs::remove_dir(folder) {
        Err(error) if error.kind() == ErrorKind::DirectoryNotEmpty => {
            Some("there is something else in it".to_owned())
        }
        Err(error) if error.kind() != ErrorKind::NotFound => Some(error.to_string()),
        _ => None,
    };
    Ok(cleaned)
}
