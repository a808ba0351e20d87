//! Charts: tables whose rows carry a bar beside their numbers.

use serde::Serialize;

/// A table with a bar in each row.
#[derive(Debug, Default, Serialize)]
pub(super) struct Chart {
    pub(super) caption: String,
    pub(super) rows: Vec<Row>,
    /// What the rows leave out, in words.
    pub(super) more: Option<String>,
}

/// A row. Numbers are written as people read them.
#[derive(Debug, Default, Serialize)]
pub(super) struct Row {
    pub(super) name: String,
    pub(super) url: Option<String>,
    /// Errors, warnings and infos; none in a chart of articles.
    pub(super) levels: Vec<String>,
    pub(super) count: String,
    pub(super) bar: Vec<Part>,
}

/// A part of a bar, in hundredths of the width.
#[derive(Debug, Serialize)]
pub(super) struct Part {
    pub(super) kind: &'static str,
    pub(super) start: String,
    pub(super) width: String,
}

/// How many rows a histogram has at most.
const BINS: usize = 9;

impl Row {
    /// One of findings, by their levels from error to info; `most` is the count of the longest bar.
    pub(super) fn of_findings(name: String, url: Option<String>, counts: [usize; 3], most: usize) -> Self {
        let kinds = ["error", "warning", "info"];
        let all = counts.iter().sum();
        let parts: Vec<_> = kinds.into_iter().zip(counts).collect();
        Self { name, url, levels: counts.map(grouped).into(), count: grouped(all), bar: bar(&parts, most) }
    }

    /// One of articles.
    pub(super) fn of_articles(name: String, count: usize, most: usize) -> Self {
        Self { name, count: grouped(count), bar: bar(&[("plain", count)], most), ..Self::default() }
    }
}

impl Chart {
    /// How often values of these ranges come; the values are sorted, smallest first.
    pub(super) fn histogram(caption: String, values: &[u32]) -> Self {
        let bins = bins(values);
        let most = bins.iter().map(|bin| bin.count).max().unwrap_or_default();
        let rows = bins.iter().map(|bin| Row::of_articles(bin.name(), bin.count, most)).collect();
        Self { caption, rows, more: None }
    }
}

fn bar(parts: &[(&'static str, usize)], most: usize) -> Vec<Part> {
    let per_mille = |count: usize| (count * 10_000).checked_div(most).unwrap_or_default();
    let length = |count: usize| {
        let units = per_mille(count);
        format!("{}.{:02}", units / 100, units % 100)
    };
    let mut before = 0;
    let mut made = Vec::new();
    for &(kind, count) in parts.iter().filter(|(_, count)| *count > 0) {
        made.push(Part { kind, start: length(before), width: length(count) });
        before += count;
    }
    made
}

/// A range of values and how many are in it.
#[derive(Debug, PartialEq, Eq)]
struct Bin {
    from: u32,
    /// The last value that belongs to it; `None` where all larger ones do.
    to: Option<u32>,
    count: usize,
}

impl Bin {
    fn name(&self) -> String {
        let from = grouped(self.from as usize);
        match self.to {
            Some(to) if to == self.from => from,
            Some(to) => format!("{from}–{}", grouped(to as usize)),
            None => format!("{from} or more"),
        }
    }
}

/// Ranges of one round width that hold all values. The few that are much larger than the others share the last one, so that
/// they do not press the others together: the width is made for 95 of 100 values.
fn bins(values: &[u32]) -> Vec<Bin> {
    let (Some(&smallest), Some(&largest)) = (values.first(), values.last()) else { return Vec::new() };
    let usual = values[(values.len() * 95).div_ceil(100) - 1];
    let fits = |width: &u32| (usual / width - smallest / width) < BINS as u32 - 1;
    let width = widths().find(fits).unwrap_or(u32::MAX);
    let first = smallest / width;
    let last = (largest / width).min(first + BINS as u32 - 1);
    let bin = |number: u32| {
        let from = number * width;
        let to = (number < last || largest / width == last).then(|| from.saturating_add(width - 1));
        let below = |limit: u32| values.partition_point(|value| *value <= limit);
        let count = to.map_or(values.len(), below) - values.partition_point(|value| *value < from);
        Bin { from, to, count }
    };
    (first..=last).map(bin).collect()
}

/// 1, 2, 5, 10, 20, 50 and so on.
fn widths() -> impl Iterator<Item = u32> {
    (0..9).flat_map(|power| [1, 2, 5].map(|digit| digit * 10_u32.pow(power)))
}

/// `12,345`.
pub(super) fn grouped(count: usize) -> String {
    let digits = count.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn names(values: &[u32]) -> Vec<String> {
        bins(values).iter().map(|bin| format!("{}: {}", bin.name(), bin.count)).collect()
    }

    #[test]
    fn ranges_have_a_round_width() {
        assert_eq!(names(&[]), [""; 0]);
        assert_eq!(names(&[7]), ["7: 1"]);
        assert_eq!(names(&[2, 2, 4]), ["2: 2", "3: 0", "4: 1"]);
        assert_eq!(
            names(&[950, 1100, 1990]),
            [
                "800–999: 1",
                "1,000–1,199: 1",
                "1,200–1,399: 0",
                "1,400–1,599: 0",
                "1,600–1,799: 0",
                "1,800–1,999: 1"
            ]
        );
    }

    #[test]
    fn a_few_giants_share_the_last_range() {
        let mut values = [1, 2, 3, 4, 5].repeat(20);
        values.sort_unstable();
        values.extend([40, 90_000]);
        let names = names(&values);
        assert_eq!((names[0].as_str(), names.last().unwrap().as_str()), ("1: 20", "9 or more: 2"));
        assert_eq!(names.len(), BINS);
    }

    #[test]
    fn numbers_are_read_in_threes() {
        for (count, text) in [(0, "0"), (999, "999"), (1000, "1,000"), (1_234_567, "1,234,567")] {
            assert_eq!(grouped(count), text);
        }
    }

    #[test]
    fn a_bar_is_as_long_as_its_share() {
        let row = Row::of_findings("a".to_owned(), None, [1, 0, 2], 12);
        let parts: Vec<_> =
            row.bar.iter().map(|part| (part.kind, part.start.as_str(), part.width.as_str())).collect();
        assert_eq!(parts, [("error", "0.00", "8.33"), ("info", "8.33", "16.66")]);
        assert_eq!((row.levels.join(" "), row.count.as_str()), ("1 0 2".to_owned(), "3"));
    }

    proptest! {
        #[test]
        fn every_value_is_in_one_range(mut values in prop::collection::vec(any::<u32>(), 0..60), narrow in 0_u32..32) {
            for value in &mut values {
                *value >>= narrow;
            }
            values.sort_unstable();
            let bins = bins(&values);
            prop_assert!(bins.len() <= BINS);
            prop_assert_eq!(bins.iter().map(|bin| bin.count).sum::<usize>(), values.len());
            prop_assert!(bins.windows(2).all(|pair| pair[0].to.is_some_and(|to| to + 1 == pair[1].from)));
        }
    }
}
