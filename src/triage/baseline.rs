//! A baseline: what was found once and is let be, so that only what is new is reported.
//!
//! The file is JSON Lines: the head, then an entry a line, sorted, so that two of them can be compared and merged line by
//! line. `schemas/baseline.schema.json` describes a line.

use std::borrow::Cow;
use std::io::{self, Write};
use std::num::NonZeroU32;
use std::ops::Range;
use std::sync::Arc;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::fingerprint::Fingerprint;
use crate::mistake::Mistake;
use crate::text::{Source, Span};

/// The shape of the file. Another number means that older programs do not read it.
const FORMAT: u32 = 1;

/// So many lines that are wrong are shown; more are counted.
const SHOWN: usize = 5;

/// What was found once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Baseline {
    /// Sorted, and each with a path, a rule and a fingerprint of its own.
    entries: Vec<Entry>,
}

/// Findings of one rule in one file that cannot be told from each other. Entries are sorted by their fields in this order.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Entry {
    /// The file, from the folder that the baseline stands in, with forward slashes.
    pub path: Arc<str>,
    /// The rule.
    pub rule: Arc<str>,
    /// What the findings are about.
    #[serde(serialize_with = "as_text")]
    pub fingerprint: Fingerprint,
    /// How many they are.
    #[serde(skip_serializing_if = "is_one")]
    pub count: NonZeroU32,
}

impl Baseline {
    /// Puts a baseline together of findings, counting those that are equal. Of what is in the list twice, the counts are
    /// added up.
    #[must_use]
    pub fn of(mut entries: Vec<Entry>) -> Self {
        entries.sort_unstable();
        entries.dedup_by(|next, first| {
            let is_same = next.key() == first.key();
            if is_same {
                first.count = first.count.saturating_add(next.count.get());
            }
            is_same
        });
        Self { entries }
    }

    /// Reads a file. One without a byte in it knows nothing; the order of its lines does not matter.
    ///
    /// # Errors
    /// That it is no baseline, or one of another version; the first lines that are no entries, or stand there twice.
    pub fn read(source: &Arc<Source>) -> Result<Self, Vec<Mistake>> {
        let mut lines = lines(source.text());
        if source.damage().is_some() {
            let message = format!("\"{}\" is no baseline: it is no text in UTF-8", source.path());
            return Err(vec![Mistake::new(message)]);
        }
        let Some((span, head)) = lines.next() else { return Ok(Self::default()) };
        demand_head(source, span, head)?;
        let mut mistakes = Vec::new();
        let mut read: Vec<(Entry, Span)> = Vec::new();
        for (span, line) in lines {
            match serde_json::from_str::<Line<'_>>(line) {
                Ok(line) => {
                    let before = read.last().map(|(entry, _)| entry);
                    read.push((line.entry(before), span));
                }
                Err(error) => mistakes.push(wrong(source, span, line, &error)),
            }
        }
        read.sort_by(|(left, _), (right, _)| left.key().cmp(&right.key()));
        for pair in read.windows(2) {
            let [(first, first_at), (next, at)] = pair else { continue };
            if first.key() == next.key() {
                let line = source.position(first_at.start).line;
                let message = format!("this entry stands on line {line} already");
                let help = "keep one of the two, with the larger count";
                mistakes.push(Mistake::at(source, *at, message).with_help(Some(help)));
            }
        }
        let more = mistakes.len().saturating_sub(SHOWN);
        mistakes.truncate(SHOWN);
        if more > 0 {
            mistakes
                .push(Mistake::new(format!("\"{}\" has {more} more lines that are wrong", source.path())));
        }
        let entries = read.into_iter().map(|(entry, _)| entry).collect();
        if mistakes.is_empty() { Ok(Self { entries }) } else { Err(mistakes) }
    }

    /// Writes the file.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "{{\"copydesk-baseline\":{FORMAT}}}")?;
        for entry in &self.entries {
            serde_json::to_writer(&mut *out, entry)?;
            out.write_all(b"\n")?;
        }
        Ok(())
    }

    /// All entries, in order.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Where among them those for one file are.
    #[must_use]
    pub fn of_file(&self, path: &str) -> Range<usize> {
        let from = self.entries.partition_point(|entry| *entry.path < *path);
        let count = self.entries[from..].partition_point(|entry| *entry.path == *path);
        from..from + count
    }

    /// How many findings each entry stands for: what is still to be found of them ([`hold`]).
    #[must_use]
    pub fn counts(&self) -> Vec<u32> {
        self.entries.iter().map(|entry| entry.count.get()).collect()
    }

    /// The same without what is gone: how many findings of each entry.
    #[must_use]
    pub fn without(&self, gone: &[u32]) -> Self {
        let left = self.entries.iter().zip(gone).filter_map(|(entry, gone)| {
            let count = NonZeroU32::new(entry.count.get().saturating_sub(*gone))?;
            Some(Entry { count, ..entry.clone() })
        });
        Self { entries: left.collect() }
    }

    /// How many findings it knows.
    #[must_use]
    pub fn findings(&self) -> usize {
        self.entries.iter().map(|entry| entry.count.get() as usize).sum()
    }
}

impl Entry {
    /// What tells it from others.
    #[must_use]
    pub fn key(&self) -> (&str, &str, Fingerprint) {
        (&self.path, &self.rule, self.fingerprint)
    }
}

/// Holds findings of one file, by rule and fingerprint, against the entries for it: says of each, in order, whether it is
/// known, and takes it from what is left to be found. Of more equal findings than an entry counts, nobody can tell which is
/// new: the first are known.
///
/// # Panics
/// Where `left` is shorter than `entries`.
pub fn hold<'f>(
    entries: &[Entry],
    left: &mut [u32],
    findings: impl IntoIterator<Item = (&'f str, Fingerprint)>,
) -> Vec<bool> {
    let is_known = |(rule, fingerprint): (&str, Fingerprint)| {
        let at = entries.binary_search_by_key(&(rule, fingerprint), |entry| (&entry.rule, entry.fingerprint));
        let Some(left) = at.ok().map(|at| &mut left[at]).filter(|left| **left > 0) else { return false };
        *left -= 1;
        true
    };
    findings.into_iter().map(is_known).collect()
}

/// A line as it is read.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line<'a> {
    #[serde(borrow)]
    path: Cow<'a, str>,
    #[serde(borrow)]
    rule: Cow<'a, str>,
    #[serde(deserialize_with = "fingerprint")]
    fingerprint: Fingerprint,
    #[serde(default = "one")]
    count: NonZeroU32,
}

impl Line<'_> {
    /// Neighbours mostly speak of one file: a large baseline has few texts.
    fn entry(self, before: Option<&Entry>) -> Entry {
        let shared = |text: &str, other: Option<&Arc<str>>| match other {
            Some(other) if **other == *text => Arc::clone(other),
            _ => text.into(),
        };
        Entry {
            path: shared(&self.path, before.map(|entry| &entry.path)),
            rule: shared(&self.rule, before.map(|entry| &entry.rule)),
            fingerprint: self.fingerprint,
            count: self.count,
        }
    }
}

/// The lines with something in them, and where they stand.
fn lines(text: &str) -> impl Iterator<Item = (Span, &str)> {
    let mut at = 0;
    let lines = text.split_inclusive('\n').map(move |line| {
        let start = at;
        at += line.len();
        let line = line.trim_end_matches(['\n', '\r']);
        (Span::new(start, start + line.len()), line)
    });
    lines
        .map(|(span, line)| (span, line.trim_start_matches('\u{feff}')))
        .filter(|(_, line)| !line.trim().is_empty())
}

/// Whether the first line is that of a baseline which can be read.
fn demand_head(source: &Arc<Source>, span: Span, line: &str) -> Result<(), Vec<Mistake>> {
    #[derive(Deserialize)]
    struct Head {
        #[serde(rename = "copydesk-baseline")]
        format: u32,
    }
    let mistake = match serde_json::from_str::<Head>(line) {
        Ok(Head { format: FORMAT }) => return Ok(()),
        Ok(Head { format }) => {
            let message = format!(
                "this is a baseline of version {format}, and copydesk {} reads {FORMAT}",
                env!("CARGO_PKG_VERSION")
            );
            let help =
                "use the copydesk that wrote it, or write it anew with `--write-baseline` and another name";
            Mistake::at(source, span, message).with_help(Some(help))
        }
        Err(_) => {
            let message = format!("\"{}\" is no baseline", source.path());
            let help = format!(
                "the first line of one is {{\"copydesk-baseline\":{FORMAT}}}; `copydesk lint --write-baseline FILE` writes it"
            );
            Mistake::at(source, span, message).with_help(Some(help))
        }
    };
    Err(vec![mistake])
}

/// What is wrong with a line.
fn wrong(source: &Arc<Source>, span: Span, line: &str, error: &serde_json::Error) -> Mistake {
    if ["<<<<<<<", "=======", ">>>>>>>", "|||||||"].iter().any(|mark| line.starts_with(mark)) {
        let help = "keep the lines of both sides without the marks, each once: what is gone, `copydesk baseline prune` takes out";
        return Mistake::at(source, span, "two versions were not merged to the end").with_help(Some(help));
    }
    let said = error.to_string();
    // Which line and column it is shows in the frame.
    let said = said.rsplit_once(" at line ").map_or(said.as_str(), |(said, _)| said);
    let help = "an entry is {\"path\":…,\"rule\":…,\"fingerprint\":…} and, if there are several, \"count\"; leave out the line, or \
                write the file anew with `--write-baseline` and another name";
    Mistake::at(source, span, format!("this is no entry: {}", said.replace('`', "\""))).with_help(Some(help))
}

fn one() -> NonZeroU32 {
    NonZeroU32::MIN
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde gives a reference")]
fn is_one(count: &NonZeroU32) -> bool {
    *count == NonZeroU32::MIN
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde gives a reference")]
fn as_text<S: Serializer>(fingerprint: &Fingerprint, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(fingerprint)
}

fn fingerprint<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Fingerprint, D::Error> {
    let text = Cow::<str>::deserialize(deserializer)?;
    text.parse().map_err(D::Error::custom)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "{\"copydesk-baseline\":1}\n";

    fn entry(path: &str, rule: &str, fingerprint: u64, count: u32) -> Entry {
        let count = NonZeroU32::new(count).unwrap();
        Entry { path: path.into(), rule: rule.into(), fingerprint: Fingerprint(fingerprint), count }
    }

    fn read(text: &str) -> Result<Baseline, Vec<(String, u32)>> {
        let source = Arc::new(Source::new("b.jsonl", text.as_bytes().to_vec()));
        Baseline::read(&source).map_err(|mistakes| {
            let line = |mistake: &Mistake| {
                mistake.place.as_ref().map_or(0, |(source, span)| source.position(span.start).line)
            };
            mistakes.iter().map(|mistake| (mistake.message.clone(), line(mistake))).collect()
        })
    }

    fn written(baseline: &Baseline) -> String {
        let mut bytes = Vec::new();
        baseline.write(&mut bytes).unwrap();
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn what_is_written_is_sorted_counted_and_read_again() {
        let baseline = Baseline::of(vec![
            entry("b.md", "a-rule", 1, 1),
            entry("a.md", "b-rule", 0xabc, 1),
            entry("a \"ä\".md", "a-rule", 7, 2),
            entry("a.md", "b-rule", 0xabc, 1),
            entry("a.md", "a-rule", 9, 1),
        ]);
        let text = written(&baseline);
        let expected = "{\"copydesk-baseline\":1}\n\
            {\"path\":\"a \\\"ä\\\".md\",\"rule\":\"a-rule\",\"fingerprint\":\"0000000000000007\",\"count\":2}\n\
            {\"path\":\"a.md\",\"rule\":\"a-rule\",\"fingerprint\":\"0000000000000009\"}\n\
            {\"path\":\"a.md\",\"rule\":\"b-rule\",\"fingerprint\":\"0000000000000abc\",\"count\":2}\n\
            {\"path\":\"b.md\",\"rule\":\"a-rule\",\"fingerprint\":\"0000000000000001\"}\n";
        assert_eq!(text, expected);
        let shuffled: Vec<&str> = text.lines().rev().take(4).collect();
        for text in [
            text.clone(),
            text.replace('\n', "\r\n"),
            format!("\u{feff}{text}"),
            format!("{HEAD}\n{}", shuffled.join("\n\n")),
        ] {
            assert_eq!(read(&text), Ok(baseline.clone()), "{text:?}");
        }
        assert_eq!(baseline.findings(), 6);
        assert_eq!(
            (baseline.of_file("a.md"), baseline.of_file("b"), baseline.of_file("c")),
            (1..3, 3..3, 4..4)
        );
    }

    #[test]
    fn nothing_is_known_to_an_empty_one() {
        for text in ["", "\n", HEAD, HEAD.trim_end()] {
            assert_eq!(read(text), Ok(Baseline::default()), "{text:?}");
        }
    }

    #[test]
    fn what_is_wrong_is_told_with_its_line() {
        let entry = "{\"path\":\"a.md\",\"rule\":\"r\",\"fingerprint\":\"00000000000000ff\"}";
        for (text, message, line) in [
            ("{}", "\"b.jsonl\" is no baseline", 1),
            ("title: Doors\n", "\"b.jsonl\" is no baseline", 1),
            ("{\"copydesk-baseline\":2}\n", "this is a baseline of version 2, and copydesk", 1),
            (&format!("{HEAD}{entry}\nnonsense\n"), "this is no entry: expected", 3),
            (&format!("{HEAD}\n[]\n"), "this is no entry: ", 3),
            (
                &format!("{HEAD}{}", entry.replace("\"path\":\"a.md\",", "")),
                "this is no entry: missing field \"path\"",
                2,
            ),
            (
                &format!("{HEAD}{}", entry.replace("rule", "rules")),
                "this is no entry: unknown field \"rules\"",
                2,
            ),
            (
                &format!("{HEAD}{}", entry.replace("ff", "FF")),
                "this is no entry: a fingerprint has 16 digits",
                2,
            ),
            (
                &format!("{HEAD}{}", entry.replace("ff", "")),
                "this is no entry: a fingerprint has 16 digits",
                2,
            ),
            (&format!("{HEAD}{}", entry.replace('}', ",\"count\":0}")), "this is no entry: invalid value", 2),
            (
                &format!("{HEAD}{}", entry.replace('}', ",\"count\":-1}")),
                "this is no entry: invalid value",
                2,
            ),
            (&format!("{HEAD}{entry}\n\n{entry}\n"), "this entry stands on line 2 already", 4),
            (&format!("{HEAD}<<<<<<< ours\n{entry}"), "two versions were not merged to the end", 2),
        ] {
            let mistakes = read(text).unwrap_err();
            assert_eq!(mistakes.len(), 1, "{text}: {mistakes:?}");
            assert!(mistakes[0].0.starts_with(message) && mistakes[0].1 == line, "{text}: {mistakes:?}");
        }
        let many = read(&format!("{HEAD}{}", "x\n".repeat(100))).unwrap_err();
        assert_eq!(
            (many.len(), many[SHOWN].0.as_str()),
            (SHOWN + 1, "\"b.jsonl\" has 95 more lines that are wrong")
        );
        let bytes = Source::new("b.jsonl", vec![0xff]);
        assert!(Baseline::read(&Arc::new(bytes)).is_err());
    }

    #[test]
    fn of_equal_findings_so_many_are_known_as_an_entry_counts() {
        let baseline =
            Baseline::of(vec![entry("a.md", "r", 1, 2), entry("a.md", "r", 2, 1), entry("a.md", "s", 1, 1)]);
        let held = |findings: &[(&str, u64)]| {
            let mut left = baseline.counts();
            let findings = findings.iter().map(|(rule, number)| (*rule, Fingerprint(*number)));
            let known = hold(baseline.entries(), &mut left, findings);
            (known, left)
        };
        assert_eq!(held(&[]), (vec![], vec![2, 1, 1]));
        assert_eq!(held(&[("r", 1)]), (vec![true], vec![1, 1, 1]));
        let more = [("r", 1), ("r", 3), ("r", 1), ("r", 2), ("r", 1), ("s", 2), ("s", 1), ("t", 1)];
        assert_eq!(held(&more), (vec![true, false, true, true, false, false, true, false], vec![0, 0, 0]));
        let left = baseline.without(&[1, 1, 0]);
        assert_eq!(left, Baseline::of(vec![entry("a.md", "r", 1, 1), entry("a.md", "s", 1, 1)]));
    }
}
