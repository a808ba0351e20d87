//! Shows on a finding the places of other articles that it is about: a few, and how many more there are.

use std::sync::Arc;

use crate::corpus::{Corpus, Known};
use crate::finding::{Finding, Related, Text};
use crate::rule::Own;
use crate::text::Span;

/// So many places are shown: who mends the first few sees the others in the next run, and a thousand articles that have
/// one thing in common would otherwise make a million lines.
pub(crate) const SHOWN: usize = 5;

/// Shows the first [`SHOWN`] of `count` places, and says behind the last of them how many more there are. No more of
/// `places` are looked at than are shown.
pub(crate) fn show(finding: &mut Finding, places: impl IntoIterator<Item = Related>, count: usize) {
    let before = finding.related.len();
    finding.related.extend(places.into_iter().take(SHOWN));
    let more = count.saturating_sub(finding.related.len() - before);
    if more > 0
        && let Some(last) = finding.related[before..].last_mut()
    {
        last.text = Text::from(format!("{}, and {more} more", &*last.text));
    }
}

/// The articles with these numbers, in ascending order, that are not this one; and how many they are, which costs little
/// however many they are.
pub(crate) fn besides<'a>(
    own: &Own<'_>,
    corpus: &'a Corpus,
    numbers: &'a [usize],
) -> (impl Iterator<Item = &'a Known> + use<'a>, usize) {
    let number = own.number;
    let count = numbers.len() - usize::from(numbers.binary_search(&number).is_ok());
    let others = numbers.iter().filter(move |other| **other != number);
    (others.map(|other| &corpus.articles[*other]), count)
}

/// A place in another article.
pub(crate) fn place(known: &Known, span: Span, text: impl Into<Text>) -> Related {
    Related { path: Arc::clone(&known.name), span, text: text.into() }
}

/// "1 other article", "2 other articles".
pub(crate) fn articles(count: usize) -> String {
    if count == 1 { "1 other article".to_owned() } else { format!("{count} other articles") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::corpus::Ground;
    use crate::facts::Facts;
    use crate::finding::Level;
    use crate::rule::Sink;

    fn shown(numbers: &[usize], own: usize) -> (Vec<String>, usize) {
        let known = |number: usize| Known {
            name: format!("{number}.md").into(),
            path: "".into(),
            collections: Arc::from([]),
            facts: Facts::default(),
        };
        let corpus = Corpus { articles: (0..9).map(known).collect(), ground: Ground::default() };
        let facts = Facts::default();
        let own = Own { number: own, facts: &facts, name: &corpus.articles[own].name };
        let (others, count) = besides(&own, &corpus, numbers);
        let (rule, mut findings) = (Arc::from("test"), Vec::new());
        let mut sink = Sink::new(&rule, Level::Info, own.name, &mut findings);
        let finding = sink.report(Span::empty(0), "said");
        finding.related(Span::empty(0), "the first");
        show(finding, others.map(|known| place(known, Span::empty(1), "also here")), count);
        let shown = finding.related.iter().map(|one| format!("{}: {}", one.path, &*one.text));
        (shown.collect(), count)
    }

    #[test]
    fn five_places_are_shown_and_the_rest_is_counted() {
        let (lines, count) = shown(&[0, 1, 2, 3, 4, 5, 6, 8], 1);
        assert_eq!(count, 7);
        assert_eq!(lines.len(), 6);
        assert_eq!(lines[0], "1.md: the first");
        assert_eq!(lines[1], "0.md: also here");
        assert_eq!(lines[5], "5.md: also here, and 2 more");
        let (lines, count) = shown(&[0, 1, 2, 3, 4, 5], 8);
        assert_eq!((lines[5].as_str(), count), ("4.md: also here, and 1 more", 6));
        let (lines, count) = shown(&[0, 1, 2, 3, 4, 5], 0);
        assert_eq!((lines[5].as_str(), count), ("5.md: also here", 5));
        assert_eq!(shown(&[3], 3), (vec!["3.md: the first".to_owned()], 0));
    }

    #[test]
    fn one_is_one() {
        assert_eq!((articles(1).as_str(), articles(2).as_str()), ("1 other article", "2 other articles"));
    }
}
