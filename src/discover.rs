//! Finds the files to check: folders are walked, globs matched, `.gitignore` and `.ignore` respected.

mod folders;
mod listing;
mod named;

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, HashSet};
use std::io::ErrorKind;
use std::path::{Component, Path, PathBuf};
use std::sync::Mutex;

use globset::{GlobBuilder, GlobMatcher};
use ignore::{DirEntry, WalkBuilder, WalkState};

pub use folders::folders;
pub use listing::{Listing, Reach, listing};
pub use named::passed_over;

/// The endings of Markdown files, in lower case.
pub const EXTENSIONS: [&str; 3] = ["md", "mdx", "markdown"];

/// Why a pipe, a socket or a device is not read: it might never end.
const NO_FILE: &str = "it is a pipe, a socket or a device";

/// Why a file that nobody named is passed over.
pub const IGNORED: &str = "hidden, or listed in a .gitignore or .ignore";

/// What was found under the paths of a command line.
#[derive(Debug, Default)]
pub struct Found {
    /// The Markdown files, sorted, each once.
    pub files: Vec<PathBuf>,
    /// Files and folders that could not be looked at, and why.
    pub unreadable: Vec<(PathBuf, String)>,
    /// What was named and is no Markdown file: reasons with counts.
    pub skipped: BTreeMap<&'static str, usize>,
    /// The folders and globs under which there was nothing.
    pub barren: Vec<PathBuf>,
}

/// Looks at paths: files, folders and globs.
///
/// A file that is named is taken even if `.gitignore` lists it. Symbolic links are followed; a file that several of
/// them lead to is taken once.
///
/// # Errors
/// A path that does not exist, or a glob that is none.
pub fn discover(paths: &[PathBuf]) -> Result<Found, String> {
    let mut found = Found::default();
    let mut folders: Vec<(&PathBuf, PathBuf, Option<GlobMatcher>)> = Vec::new();
    for path in paths {
        if path.is_dir() {
            folders.push((path, path.clone(), None));
        } else if let Err(error) = path.symlink_metadata()
            && error.kind() != ErrorKind::NotFound
            && is_markdown(path)
        {
            found.unreadable.push((without_dot(path), error.to_string()));
        } else if path.exists() || path.is_symlink() {
            if path.exists() && !path.is_file() {
                found.unreadable.push((without_dot(path), NO_FILE.to_owned()));
            } else if is_markdown(path) {
                found.files.push(path.clone());
            } else {
                *found.skipped.entry("not .md, .mdx or .markdown").or_default() += 1;
            }
        } else if let Some((folder, matcher)) = glob(path)? {
            folders.push((path, folder, Some(matcher)));
        } else {
            return Err(format!("\"{}\" does not exist", path.display()));
        }
    }
    // A folder on the way to what is named may be a link, or two letters may be one to the system.
    let mut has_links = found.files.len() > 1 || found.files.iter().any(|path| path.is_symlink());
    for (path, folder, matcher) in folders {
        let walk = walk(&folder, matcher.as_ref(), true);
        if walk.files.is_empty() && walk.unreadable.is_empty() {
            found.barren.push(path.clone());
        }
        has_links |= walk.has_links;
        found.files.extend(walk.files);
        found.unreadable.extend(walk.unreadable);
    }
    found.files = found.files.iter().map(|path| without_dot(path)).collect();
    found.files.sort_unstable();
    found.files.dedup();
    found.unreadable.sort_unstable();
    if has_links {
        drop_doubles(&mut found.files);
    }
    Ok(found)
}

/// Whether [`discover`] would find a Markdown file that is not there: `folder` is the working directory, from which the
/// paths count, `file` its absolute path. Ignore files are not asked.
#[must_use]
pub fn covers(paths: &[PathBuf], folder: &Path, file: &Path) -> bool {
    let is_hidden = |below: &Path| below.iter().any(|part| part.as_encoded_bytes().starts_with(b"."));
    let covers = |path: &PathBuf| {
        let absolute: PathBuf = folder.join(path).components().collect();
        match file.strip_prefix(&absolute) {
            Ok(below) if absolute.is_dir() => !is_hidden(below),
            _ => absolute == *file || is_matched(path, file.strip_prefix(folder).unwrap_or(file)),
        }
    };
    is_markdown(file) && paths.iter().any(covers)
}

fn is_matched(path: &Path, file: &Path) -> bool {
    matches!(glob(path), Ok(Some((_, matcher))) if matcher.is_match(file))
}

/// The folder that a path of the command line leads to, or is in; of a glob, the folder that is searched.
#[must_use]
pub fn folder_of(path: &Path) -> PathBuf {
    let folder = path.ancestors().find(|above| above.is_dir()).unwrap_or(Path::new(""));
    if folder.as_os_str().is_empty() { PathBuf::from(".") } else { folder.to_owned() }
}

/// The Markdown files under these paths that are passed over, as [`IGNORED`] says.
#[must_use]
pub fn ignored(paths: &[PathBuf]) -> Vec<PathBuf> {
    let mut ignored = Vec::new();
    for path in paths {
        let (folder, matcher) = match glob(path) {
            Ok(Some((folder, matcher))) if !path.exists() => (folder, Some(matcher)),
            _ if path.is_dir() => (path.clone(), None),
            _ => continue,
        };
        let seen: HashSet<PathBuf> = walk(&folder, matcher.as_ref(), true).files.into_iter().collect();
        let all = walk(&folder, matcher.as_ref(), false).files.into_iter();
        ignored.extend(all.filter(|path| !seen.contains(path)).map(|path| without_dot(&path)));
    }
    ignored.sort_unstable();
    ignored.dedup();
    ignored
}

/// Why nothing was found under these paths: what a second look without ignore files sees.
#[must_use]
pub fn explain_nothing(paths: &[PathBuf], found: &Found) -> String {
    let mut reasons: Vec<String> =
        found.skipped.iter().map(|(reason, count)| format!("{} {reason}", files(*count))).collect();
    for path in paths {
        let (folder, matcher) = match glob(path) {
            Ok(Some((folder, matcher))) if !path.exists() => (folder, Some(matcher)),
            _ if path.is_dir() => (path.clone(), None),
            _ => continue,
        };
        let all = walk(&folder, matcher.as_ref(), false);
        let shown = path.display();
        reasons.push(match (all.files.len(), all.others, matcher.is_some()) {
            (0, 0, false) => format!("\"{shown}\" holds no files"),
            (0, 0, true) => format!("the glob \"{shown}\" matches no file"),
            (0, others, _) => {
                format!("{} under \"{shown}\" and none is .md, .mdx or .markdown", files(others))
            }
            (hidden, _, _) => format!(
                "{} under \"{shown}\" {} ignored: {IGNORED}",
                files(hidden),
                if hidden == 1 { "is" } else { "are" }
            ),
        });
    }
    reasons.join("; ")
}

fn files(count: usize) -> String {
    if count == 1 { "1 file".to_owned() } else { format!("{count} files") }
}

/// Whether a path ends like a Markdown file.
#[must_use]
pub fn is_markdown(path: &Path) -> bool {
    let extension = path.extension().and_then(|extension| extension.to_str());
    extension.is_some_and(|extension| EXTENSIONS.iter().any(|known| extension.eq_ignore_ascii_case(known)))
}

#[derive(Debug, Default)]
struct Walk {
    files: Vec<PathBuf>,
    unreadable: Vec<(PathBuf, String)>,
    others: usize,
    has_links: bool,
}

fn walk(folder: &Path, matcher: Option<&GlobMatcher>, respect_ignores: bool) -> Walk {
    // A glob may begin with a folder that is not there: it matches nothing.
    if !folder.exists() {
        return Walk::default();
    }
    let mut builder = WalkBuilder::new(folder);
    builder.follow_links(true).require_git(false).standard_filters(respect_ignores);
    let threads = rayon::current_num_threads();
    let result = Mutex::new(Walk::default());
    builder.threads(threads).build_parallel().run(|| {
        Box::new(|entry| {
            let mut walk = result.lock().expect("no thread panics while it holds the lock");
            match entry {
                Ok(entry) => take(&mut walk, entry, matcher),
                Err(error) => refuse(&mut walk, &error),
            }
            WalkState::Continue
        })
    });
    result.into_inner().expect("no thread panicked while it held the lock")
}

fn take(walk: &mut Walk, entry: DirEntry, matcher: Option<&GlobMatcher>) {
    walk.has_links |= entry.path_is_symlink();
    let Some(kind) = entry.file_type().filter(|kind| !kind.is_dir()) else { return };
    let path = without_dot(entry.path());
    if matcher.is_some_and(|matcher| !matcher.is_match(&path)) {
        return;
    }
    if is_markdown(&path) && !kind.is_file() {
        walk.unreadable.push((path, NO_FILE.to_owned()));
    } else if is_markdown(&path) {
        walk.files.push(entry.into_path());
    } else {
        walk.others += 1;
    }
}

/// What cannot be read is reported, unless it could not have been an article: a link that leads nowhere and does not
/// end like one. A loop of links is no loss, since what it leads to is walked by its own name.
fn refuse(walk: &mut Walk, error: &ignore::Error) {
    if let ignore::Error::WithDepth { err, .. } = error {
        return refuse(walk, err);
    }
    let (path, error) = match error {
        ignore::Error::WithPath { path, err } => (path.clone(), err.as_ref()),
        ignore::Error::Loop { .. } => {
            walk.has_links = true;
            return;
        }
        other => (PathBuf::new(), other),
    };
    if matches!(error, ignore::Error::Loop { .. }) {
        walk.has_links = true;
    } else if !path.is_symlink() || is_markdown(&path) {
        let path = if path.as_os_str().is_empty() { PathBuf::from(".") } else { path };
        let reason = match error.io_error() {
            Some(_) if path.is_symlink() => "it is a symbolic link that leads nowhere".to_owned(),
            Some(error) => error.to_string(),
            None => error.to_string(),
        };
        walk.unreadable.push((without_dot(&path), reason));
    }
}

/// The folder to walk and the matcher of a glob; `None` for a plain path. Globs are matched by us too, since not
/// every shell does.
fn glob(path: &Path) -> Result<Option<(PathBuf, GlobMatcher)>, String> {
    let is_wild = |part: &Component<'_>| part.as_os_str().to_string_lossy().contains(['*', '?', '[', '{']);
    // Folders that are there by these very names are no patterns, whatever characters they have.
    let mut plain = PathBuf::new();
    let mut parts = path.components().filter(|part| *part != Component::CurDir).peekable();
    while let Some(part) = parts.next_if(|part| !is_wild(part) || plain.join(part).is_dir()) {
        plain.push(part);
    }
    let rest: Vec<_> = parts.map(|part| part.as_os_str().to_string_lossy().into_owned()).collect();
    if !rest.iter().any(|part| part.contains(['*', '?', '[', '{'])) {
        return Ok(None);
    }
    let escaped = plain.components().map(|part| globset::escape(&part.as_os_str().to_string_lossy()));
    let text = escaped.chain(rest).collect::<Vec<_>>().join("/").replace("//", "/");
    let glob = GlobBuilder::new(&text).literal_separator(true).build();
    let matcher = glob.map_err(|error| format!("\"{text}\" is no glob: {}", error.kind()))?.compile_matcher();
    let folder = if plain.as_os_str().is_empty() { PathBuf::from(".") } else { plain };
    Ok(Some((folder, matcher)))
}

fn without_dot(path: &Path) -> PathBuf {
    path.strip_prefix("./").unwrap_or(path).to_owned()
}

/// Of several names of one file keeps the real one, or else the shortest way to it.
fn drop_doubles(files: &mut Vec<PathBuf>) {
    let mut best: BTreeMap<PathBuf, (bool, usize, PathBuf)> = BTreeMap::new();
    for path in files.drain(..) {
        let target = path.canonicalize().unwrap_or_else(|_| path.clone());
        let is_link = std::path::absolute(&path).is_ok_and(|absolute| absolute != target);
        let name = (is_link, path.components().count(), path);
        match best.entry(target) {
            Entry::Vacant(entry) => {
                entry.insert(name);
            }
            Entry::Occupied(mut entry) if name < *entry.get() => {
                entry.insert(name);
            }
            Entry::Occupied(_) => {}
        }
    }
    files.extend(best.into_values().map(|(_, _, path)| path));
    files.sort_unstable();
}
