//! Looks at folders, and tells what happens to the files in them once it has become quiet.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use notify::event::{AccessKind, AccessMode, EventKind, MetadataKind, ModifyKind};
use notify::{ErrorKind, Event, RecommendedWatcher, RecursiveMode, Watcher};

use crate::mistake::Mistake;

/// So long nothing may have happened before what has happened is told: editors write a file in several steps, and a
/// checkout writes many.
const QUIET: Duration = Duration::from_millis(100);

/// After so long it is told all the same: something may write without end.
const PATIENCE: Duration = Duration::from_secs(5);

/// Looks at folders, each by itself: of those below that hold no articles, some have a hundred thousand files.
pub(super) struct Eye {
    watcher: RecommendedWatcher,
    events: Receiver<notify::Result<Event>>,
    folders: BTreeSet<PathBuf>,
}

/// What was seen.
#[derive(Debug, Default)]
pub(super) struct Seen {
    /// What was written to, and may have another text.
    pub(super) written: BTreeSet<PathBuf>,
    /// What came, went, or has another name.
    pub(super) moved: BTreeSet<PathBuf>,
    /// Whether so much happened that some of it was lost.
    pub(super) is_blurred: bool,
}

/// What an event says of its paths.
enum Meaning {
    Written,
    Moved,
    Nothing,
}

impl Eye {
    pub(super) fn open() -> Result<Self, Mistake> {
        let (sender, events) = channel();
        let watcher = notify::recommended_watcher(sender).map_err(|error| blind(&error))?;
        Ok(Self { watcher, events, folders: BTreeSet::new() })
    }

    /// Looks at these folders and no others. Says whether one of them is new: what happened in it before is not seen.
    ///
    /// # Errors
    /// Why files cannot be watched.
    pub(super) fn look(&mut self, folders: BTreeSet<PathBuf>) -> Result<bool, Mistake> {
        let new: Vec<&PathBuf> = folders.difference(&self.folders).collect();
        let old: Vec<&PathBuf> = self.folders.difference(&folders).collect();
        let is_new = !new.is_empty();
        let mut paths = self.watcher.paths_mut();
        for folder in old {
            // It may be gone, and then is not looked at any more.
            let _ = paths.remove(folder);
        }
        for folder in new {
            match paths.add(folder, RecursiveMode::NonRecursive) {
                Err(error) if matters(&error.kind) => return Err(blind(&error)),
                // It has gone since it was found, or cannot be read: who reads it will say so.
                Ok(()) | Err(_) => {}
            }
        }
        paths.commit().map_err(|error| blind(&error))?;
        self.folders = folders;
        Ok(is_new)
    }

    /// Waits until something has happened to files that concern us and it is quiet again; `None` when nothing has for
    /// so long.
    pub(super) fn wait(&mut self, limit: Duration, concerns: &dyn Fn(&Path) -> bool) -> Option<Seen> {
        let (mut end, mut last) = (Instant::now() + limit, None);
        let mut seen = Seen::default();
        loop {
            // What others do besides does not keep it from being quiet.
            let until = last.map_or(end, |last: Instant| end.min(last + QUIET));
            let event = match self.events.recv_timeout(until.saturating_duration_since(Instant::now())) {
                Ok(event) => event,
                // The watcher is ours and sends as long as it lives, so that nothing but time can be over.
                Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => break,
            };
            if self.take(event, &mut seen, concerns) {
                let now = Instant::now();
                if last.replace(now).is_none() {
                    end = now + PATIENCE;
                }
            }
        }
        last.map(|_| seen)
    }

    /// Takes down an event; whether it concerns us.
    fn take(
        &mut self,
        event: notify::Result<Event>,
        seen: &mut Seen,
        concerns: &dyn Fn(&Path) -> bool,
    ) -> bool {
        let Ok(event) = event else {
            seen.is_blurred = true;
            return true;
        };
        let mut is_of_concern = event.need_rescan();
        seen.is_blurred |= is_of_concern;
        let into = match meaning(event.kind) {
            Meaning::Written => &mut seen.written,
            Meaning::Moved => &mut seen.moved,
            Meaning::Nothing => return is_of_concern,
        };
        for path in event.paths {
            let is_folder = self.folders.contains(&path);
            if is_folder && !matches!(event.kind, EventKind::Modify(ModifyKind::Metadata(_))) {
                // What has this name from now on is another folder.
                let below: Vec<PathBuf> =
                    self.folders.iter().filter(|folder| folder.starts_with(&path)).cloned().collect();
                for folder in below {
                    let _ = self.watcher.unwatch(&folder);
                    self.folders.remove(&folder);
                }
            }
            if is_folder || concerns(&path) {
                is_of_concern = true;
                into.insert(path);
            }
        }
        is_of_concern
    }
}

fn meaning(kind: EventKind) -> Meaning {
    match kind {
        EventKind::Modify(ModifyKind::Metadata(MetadataKind::AccessTime)) => Meaning::Nothing,
        EventKind::Access(access) if access != AccessKind::Close(AccessMode::Write) => {
            // To read is no change: we do it ourselves all the time.
            Meaning::Nothing
        }
        EventKind::Access(_) => Meaning::Written,
        EventKind::Modify(what) if !matches!(what, ModifyKind::Name(_)) => Meaning::Written,
        _ => Meaning::Moved,
    }
}

fn matters(kind: &ErrorKind) -> bool {
    !matches!(kind, ErrorKind::PathNotFound | ErrorKind::WatchNotFound | ErrorKind::Io(_))
}

fn blind(error: &notify::Error) -> Mistake {
    if matches!(error.kind, ErrorKind::MaxFilesWatch) {
        let help =
            "raise the limit, as in `sudo sysctl fs.inotify.max_user_watches=524288`, or name fewer folders";
        return Mistake::new("the system lets no more folders be watched").with_help(Some(help));
    }
    Mistake::new(format!("files cannot be watched: {error}"))
}
