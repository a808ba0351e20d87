//! What is kept between runs, in a folder beside the config: the replies of the web, and what was found in articles.
//!
//! What is kept of the web are facts with the second they were learnt. What they count for, and for how long, is judged by the policy
//! of the run that reads them. Nothing depends on the times or the names of files, and no path stands in them, so that the
//! folder can be carried from one machine to another. What was found in articles is in [`Results`].
//!
//! A cache may be lost at any time and costs nothing but asking and checking again, so nothing here is worth failing for: what cannot be
//! read is dropped, and somebody is told.

mod folder;
mod record;
mod results;
mod stock;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use crate::web::{Policy, Questions, Reply, Verdict, host_of, target};

use record::{Entry, Unread};

pub use folder::Cleaned;
pub use results::{Results, ResultsStock};
pub use stock::{Ages, Stock};

/// How far the clock of whoever kept a reply may be ahead of ours: five minutes, as Kerberos has it (RFC 4120, 8.2). CI
/// runners differ by seconds, and two runs at once begin at different times. What is further ahead was kept by a clock that
/// was wrong, and would stay for ever.
const AHEAD: u64 = 5 * 60;

/// How long another run may hold the folder before we give up. To write takes it far under a second.
const PATIENCE: Duration = Duration::from_secs(5);

/// The replies that earlier runs kept in a folder.
#[derive(Debug)]
pub struct Cache {
    folder: PathBuf,
    patience: Duration,
}

/// What was found in a cache.
#[derive(Debug, Default)]
pub struct Kept {
    /// The replies that are fresh, and go as deep as the questions.
    pub replies: HashMap<Arc<str>, Reply>,
    /// Why the cache was not used, where it was not: one sentence that names the file. It is replaced when replies are kept,
    /// unless a newer copydesk wrote it.
    pub damage: Option<String>,
}

impl Cache {
    /// The cache in this folder, which need not be there yet.
    #[must_use]
    pub fn new(folder: &Path) -> Self {
        Self { folder: folder.to_owned(), patience: PATIENCE }
    }

    /// What is known of these questions at this moment, in seconds since 1970. Reads at most 256 MiB, and holds no more of
    /// it than answers questions.
    #[must_use]
    pub fn load(&self, questions: &Questions, policy: &Policy, now: u64) -> Kept {
        if questions.is_empty() {
            return Kept::default();
        }
        let mut replies = HashMap::with_capacity(questions.len());
        // Both are sorted, which spares us to look each address up. One that stands out of order is asked again.
        let mut ahead = questions.iter().peekable();
        let read = self.read(&mut |url, entry| {
            while ahead.next_if(|question| *question.url < *url).is_some() {}
            let Some(question) = ahead.peek().filter(|question| *question.url == *url) else { return };
            if entry.reply.depth >= question.depth && worth(policy, url, &entry, now).is_some() {
                replies.insert(Arc::clone(&question.url), entry.reply);
            }
        });
        match read {
            Ok(()) => Kept { replies, damage: None },
            // What stands before the damage is not believed either.
            Err(unread) => Kept { replies: HashMap::new(), damage: Some(self.told(&unread)) },
        }
    }

    /// Keeps what was asked just now, this moment being in seconds since 1970, beside what is there, and lets go of what
    /// counts no more. Of two replies the newer stays, of one age the deeper. At most 1,000,000 are kept, and 256 MiB: the
    /// newest. Not kept is what has a name or password in its address. Other runs may do the same at the same time.
    ///
    /// What a newer copydesk wrote is left as it is, as [`Kept::damage`] has said; what is damaged is replaced.
    ///
    /// # Errors
    /// Why they cannot be kept; what was there is as it was.
    pub fn keep(&self, replies: &HashMap<Arc<str>, Reply>, policy: &Policy, now: u64) -> Result<(), String> {
        let fresh = replies.iter().map(|(url, reply)| (url, Entry { asked: now, reply: reply.clone() }));
        let fresh: Vec<_> = fresh.filter(|(url, entry)| worth(policy, url, entry, now).is_some()).collect();
        if fresh.is_empty() {
            return Ok(());
        }
        let lock = folder::make_and_lock(&self.folder, self.patience)?;
        let mut all = BTreeMap::new();
        let read = self.read(&mut |url, entry| {
            if worth(policy, url, &entry, now).is_some() {
                all.insert(url.to_owned(), entry);
            }
        });
        match read {
            Ok(()) => {}
            Err(Unread::Newer(_)) => return Ok(()),
            Err(Unread::Damaged(_)) => all.clear(),
        }
        for (url, entry) in fresh {
            let known = all.get(url.as_ref());
            if known.is_none_or(|known| (known.asked, known.reply.depth) <= (entry.asked, entry.reply.depth))
            {
                all.insert(url.as_ref().to_owned(), entry);
            }
        }
        folder::write(&self.folder, &record::bytes(&mut all), &lock)
    }

    /// What is there, in numbers; `None` where there is nothing of ours.
    ///
    /// # Errors
    /// Why the folder cannot be looked through.
    pub fn stock(&self, policy: &Policy, now: u64) -> Result<Option<Stock>, String> {
        let files = folder::ours(&self.folder)?;
        if files.is_empty() {
            return Ok(None);
        }
        let bytes = files.iter().map(|(_, bytes)| bytes).sum();
        let mut stock = Stock { bytes, ..Stock::default() };
        let mut hosts = HashMap::new();
        let read = self.read(&mut |url, entry| {
            let age = now.saturating_sub(entry.asked);
            stock.count(worth(policy, url, &entry, now), age);
            if let Some(url) = target(url) {
                *hosts.entry(host_of(&url)).or_insert(0) += 1;
            }
        });
        match read {
            Ok(()) => stock.rank(hosts),
            Err(unread) => stock = Stock { bytes, damage: Some(self.told(&unread)), ..Stock::default() },
        }
        Ok(Some(stock))
    }

    /// Removes what the program wrote, and the folder if nothing else is in it. A run that is keeping replies is waited for.
    ///
    /// # Errors
    /// Why something cannot be removed.
    pub fn clean(&self) -> Result<Cleaned, String> {
        folder::clean(&self.folder, self.patience)
    }

    fn read(&self, take: &mut dyn FnMut(&str, Entry)) -> Result<(), Unread> {
        record::read(&self.folder.join(record::NAME), take)
    }

    fn told(&self, unread: &Unread) -> String {
        let path = self.folder.join(record::NAME);
        match unread {
            Unread::Damaged(why) => {
                format!("the cache \"{}\" is damaged and not used: {why}", path.display())
            }
            Unread::Newer(version) => format!(
                "the cache \"{}\" is neither used nor changed: a newer copydesk wrote it, in format {version}",
                path.display()
            ),
        }
    }
}

/// What a reply counts for at this moment; `None` where it is too old, or nothing that is kept.
fn worth(policy: &Policy, url: &str, entry: &Entry, now: u64) -> Option<Verdict> {
    if entry.asked > now.saturating_add(AHEAD) {
        return None;
    }
    let verdict = policy.verdict(url, &entry.reply);
    let retention = match verdict {
        Verdict::Alive => policy.retention.alive,
        Verdict::Dead => policy.retention.dead,
        Verdict::Unverified => return None,
    };
    let is_fresh = Duration::from_secs(now.saturating_sub(entry.asked)) < retention;
    let is_open = !names_user(url) && !entry.reply.hops.iter().any(|hop| names_user(&hop.to));
    (is_fresh && is_open).then_some(verdict)
}

/// Whether an address has a name or a password in front of its host: that must not lie about in a file.
fn names_user(url: &str) -> bool {
    // To take an address apart is slow, and hardly any has the sign.
    url.contains('@') && target(url).is_none_or(|url| !url.username().is_empty() || url.password().is_some())
}
