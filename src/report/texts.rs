//! Reads files again for the report, a few at a time.

use std::collections::VecDeque;
use std::rc::Rc;

use crate::text::{Source, Span};

/// How many files are held beside the one that the findings are about: what related places mostly need, and little
/// memory however large the site is.
const HELD: usize = 8;

type Held = (Box<str>, Option<Rc<Source>>);

/// The texts that findings point into. Findings come sorted by path, so each file is read once for its own findings;
/// a file that others relate to is read again only when it was let go in between.
pub(super) struct Texts<'a> {
    read: &'a mut dyn FnMut(&str) -> Option<Source>,
    current: Option<Held>,
    others: VecDeque<Held>,
}

impl<'a> Texts<'a> {
    pub(super) fn new(read: &'a mut dyn FnMut(&str) -> Option<Source>) -> Self {
        Self { read, current: None, others: VecDeque::new() }
    }

    /// The file whose findings come now.
    pub(super) fn current(&mut self, path: &str) -> Option<Rc<Source>> {
        match &self.current {
            Some((held, source)) if **held == *path => source.clone(),
            _ => {
                let source = self.other(path);
                self.others.retain(|(held, _)| **held != *path);
                if let Some(before) = self.current.replace((path.into(), source.clone())) {
                    self.hold(before);
                }
                source
            }
        }
    }

    /// A file that a related place stands in.
    pub(super) fn other(&mut self, path: &str) -> Option<Rc<Source>> {
        let mut held = self.current.iter().chain(&self.others);
        if let Some((_, source)) = held.find(|(held, _)| **held == *path) {
            return source.clone();
        }
        let source = (self.read)(path).map(Rc::new);
        self.hold((path.into(), source.clone()));
        source
    }

    fn hold(&mut self, held: Held) {
        self.others.push_back(held);
        if self.others.len() > HELD {
            self.others.pop_front();
        }
    }
}

/// Whether the span can be cut out of this text. The file may have changed since the finding was made.
pub(super) fn fits(source: &Source, span: Span) -> bool {
    span.start <= span.end && source.text().get(span.range()).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_read_once_for_its_findings() {
        let mut asked = Vec::new();
        let mut read = |path: &str| {
            asked.push(path.to_owned());
            (path != "gone.md").then(|| Source::new(path, path.into()))
        };
        let mut texts = Texts::new(&mut read);
        for path in ["a.md", "a.md", "b.md", "gone.md", "gone.md"] {
            assert_eq!(texts.current(path).is_some(), path != "gone.md");
            assert!(texts.other("a.md").is_some());
        }
        for n in 0..100 {
            texts.other(&format!("{n}.md"));
        }
        assert!(texts.current("gone.md").is_none());
        assert!(texts.others.len() <= HELD);
        assert_eq!(asked.len(), 103);
    }
}
