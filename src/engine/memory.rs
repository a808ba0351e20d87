//! What was found in articles before: where neither an article nor what it is checked by has changed, it is neither parsed
//! nor checked again.

use std::collections::HashMap;
use std::sync::{Arc, RwLock};

use super::digest::{Digest, Digests, Hasher, Number, of_text};
use super::{Checked, Settings, Stored, check, facts};
use crate::facts::Facts;
use crate::text::Source;

/// What is kept of an article.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// What its rules found.
    Findings,
    /// What it tells the corpus. It stands by itself, since it is wanted of articles that are not checked, too, and stays
    /// true when rules change.
    Facts,
}

/// Keeps bytes between runs. It may lose any of them at any time, but never brings others.
pub trait Store: Send + Sync {
    /// What is kept under this key.
    fn recall(&self, kind: Kind, key: Number) -> Option<Vec<u8>>;
    /// Whether anything is.
    fn has(&self, kind: Kind, key: Number) -> bool;
    /// Keeps this in the place of what there was.
    fn keep(&self, kind: Kind, key: Number, bytes: &[u8]);
}

/// The digest of settings, and the settings, so that no others are made at their address meanwhile.
type Known = (Arc<Settings>, Option<Digest>);

/// What is remembered of the articles of a site.
pub struct Memory {
    store: Arc<dyn Store>,
    digests: RwLock<(Digests, HashMap<usize, Known>)>,
}

impl Memory {
    /// What this store has. `program` is what tells this program from others, as for [`Digests`].
    #[must_use]
    pub fn new(store: Arc<dyn Store>, program: impl Into<String>) -> Self {
        Self { store, digests: RwLock::new((Digests::new(program), HashMap::new())) }
    }

    /// What [`check`] comes to. Checks that look at the web or at other articles are made anew.
    #[must_use]
    pub fn check(&self, source: &Source, settings: &Arc<Settings>) -> Checked {
        let looks_beyond = settings.replies.is_some() || settings.surveys.is_some();
        let keys = if looks_beyond { None } else { self.keys(source, settings) };
        let Some(keys) = keys else { return check(source, settings) };
        if let Some(mut checked) = self.recalled(keys, source, settings) {
            checked.facts =
                (!settings.wants.is_nothing()).then(|| Box::new(self.facts_of(keys, source, settings)));
            return checked;
        }
        let mut checked = check(source, settings);
        let told = checked.facts.take();
        self.keep(Kind::Findings, keys.findings, &Stored::of(&checked));
        if let Some(told) = &told
            && !self.store.has(Kind::Facts, keys.facts)
        {
            self.keep(Kind::Facts, keys.facts, told);
        }
        checked.facts = told;
        checked
    }

    /// What [`facts`] comes to.
    #[must_use]
    pub fn facts(&self, source: &Source, settings: &Arc<Settings>) -> Facts {
        match self.keys(source, settings) {
            Some(keys) => self.facts_of(keys, source, settings),
            None => facts(source, settings),
        }
    }

    fn facts_of(&self, keys: Digest, source: &Source, settings: &Settings) -> Facts {
        let bytes = self.store.recall(Kind::Facts, keys.facts);
        bytes.and_then(|bytes| postcard::from_bytes(&bytes).ok()).unwrap_or_else(|| {
            let facts = facts(source, settings);
            self.keep(Kind::Facts, keys.facts, &facts);
            facts
        })
    }

    fn recalled(&self, keys: Digest, source: &Source, settings: &Settings) -> Option<Checked> {
        let bytes = self.store.recall(Kind::Findings, keys.findings)?;
        let stored: Stored<'_> = postcard::from_bytes(&bytes).ok()?;
        let checked = stored.restore(source.path(), settings)?;
        settings.today.is_none_or(|today| checked.days.has(today)).then_some(checked)
    }

    fn keep(&self, kind: Kind, key: Number, data: &impl serde::Serialize) {
        // What cannot be written is found out anew the next time.
        if let Ok(bytes) = postcard::to_stdvec(data) {
            self.store.keep(kind, key, &bytes);
        }
    }

    /// The keys of an article: of its text, its name and its settings. `None` where it is not to be kept; of what is no text
    /// there is nothing that would take time to find out.
    fn keys(&self, source: &Source, settings: &Arc<Settings>) -> Option<Digest> {
        if source.damage().is_some() {
            return None;
        }
        let digest = self.digest(settings)?;
        let content = of_text(source.text());
        let with = |settings| {
            let mut hasher = Hasher::default();
            hasher.own(settings);
            hasher.own(content);
            hasher.part(source.path());
            hasher.number()
        };
        Some(Digest { facts: with(digest.facts), findings: with(digest.findings) })
    }

    fn digest(&self, settings: &Arc<Settings>) -> Option<Digest> {
        let at = Arc::as_ptr(settings) as usize;
        let known =
            self.digests.read().expect("nobody panics while they have it").1.get(&at).map(|known| known.1);
        known.unwrap_or_else(|| {
            let mut digests = self.digests.write().expect("nobody panics while they have it");
            let (digests, known) = &mut *digests;
            known.entry(at).or_insert_with(|| (Arc::clone(settings), digests.of(settings))).1
        })
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use jiff::civil::{Date, date};

    use super::*;
    use crate::engine::tests::every_rule;
    use crate::facts::{Want, Wants};

    type Entries = HashMap<(Kind, Number), Vec<u8>>;

    /// Keeps all, and counts what was brought.
    #[derive(Default)]
    struct Drawer(Mutex<(Entries, usize)>);

    impl Store for Drawer {
        fn recall(&self, kind: Kind, key: Number) -> Option<Vec<u8>> {
            let mut all = self.0.lock().unwrap();
            let found = all.0.get(&(kind, key)).cloned();
            all.1 += usize::from(found.is_some());
            found
        }
        fn has(&self, kind: Kind, key: Number) -> bool {
            self.0.lock().unwrap().0.contains_key(&(kind, key))
        }
        fn keep(&self, kind: Kind, key: Number, bytes: &[u8]) {
            self.0.lock().unwrap().0.insert((kind, key), bytes.to_vec());
        }
    }

    fn settings(today: Date) -> Arc<Settings> {
        let rules = every_rule();
        let wants = Arc::new(Wants::of([Want::Head]));
        Arc::new(Settings { rules, wants, today: Some(today), said: Some("".into()), ..Settings::default() })
    }

    /// How much was recalled for a check of this text, which must come to what it comes to without a memory.
    fn recalled(drawer: &Arc<Drawer>, text: &str, today: Date) -> usize {
        let store: Arc<dyn Store> = Arc::<Drawer>::clone(drawer);
        let (memory, settings) = (Memory::new(store, "1"), settings(today));
        let source = Source::new("a.md", text.as_bytes().to_vec());
        let before = drawer.0.lock().unwrap().1;
        let shown = |checked: &Checked| format!("{checked:?}").replace("Fixed(", "Shared(");
        let (told, fresh) = (shown(&memory.check(&source, &settings)), shown(&check(&source, &settings)));
        // Of something that was found on another day, only the findings need to be alike.
        let told_of = |text: &str| text.split(", days: ").next().map(str::to_owned);
        assert_eq!(told_of(&told), told_of(&fresh));
        assert_eq!(memory.facts(&source, &settings), facts(&source, &settings));
        drawer.0.lock().unwrap().1 - before
    }

    #[test]
    fn what_is_remembered_is_what_would_be_found() {
        let drawer = Arc::new(Drawer::default());
        let (day, next) = (date(2026, 6, 1), date(2026, 6, 2));
        let plain = "---\ntitle: A\nslug: a b\n---\n# A\n### B  b\n";
        assert_eq!(recalled(&drawer, plain, day), 1, "the facts of the check are those that are asked for");
        assert_eq!(recalled(&drawer, plain, day), 3);
        assert_eq!(recalled(&drawer, plain, next), 3, "it has nothing to do with the day");
        assert_eq!(recalled(&drawer, "---\ntitle: B\n---\n# A\n", day), 1, "another text is another article");
    }

    #[test]
    fn what_was_said_of_a_day_is_not_said_of_another() {
        let (day, next) = (date(2026, 6, 1), date(2026, 6, 2));
        for (text, changes) in [
            ("---\ndate: 2026-06-03\n---\nA\n", true),
            ("---\ndate: 2026-06-09\n---\nA\n", true),
            ("---\ndate: 2026-01-09\n---\nA\n", false),
            ("---\ndate: 2025-06-01\n---\nA\n", true),
            ("---\ndate: 2020-01-09\n---\nA\n", true),
            ("# A\n\n<!-- copydesk-ignore bare-url until=2026-06-01: x -->\nhttps://a.test\n", true),
            ("# A\n\n<!-- copydesk-ignore bare-url until=2026-07-01: x -->\nhttps://a.test\n", false),
        ] {
            let drawer = Arc::new(Drawer::default());
            recalled(&drawer, text, day);
            // The facts are recalled for the check only where its findings hold.
            assert_eq!(recalled(&drawer, text, next), if changes { 2 } else { 3 }, "{text}");
            assert_eq!(recalled(&drawer, text, next), 3, "{text}");
        }
    }
}
