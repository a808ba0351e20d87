//! Articles of the product's shape, from a seed: the same number gives the same text on every machine.

use std::fmt::Write;

/// Words of prose: Latin with accents, so that not everything is ASCII.
const WORDS: &[&str] = &[
    "the",
    "a",
    "of",
    "and",
    "to",
    "in",
    "door",
    "bridge",
    "water",
    "engine",
    "market",
    "people",
    "slowly",
    "between",
    "because",
    "night",
    "harbour",
    "workshop",
    "measure",
    "copper",
    "garden",
    "railway",
    "letter",
    "window",
    "it’s",
    "don’t",
    "café",
    "naïve",
    "half-open",
    "twenty",
    "1994",
    "3.5",
    "remember",
    "tomorrow",
    "neighbours",
    "weather",
    "station",
    "machine",
    "village",
    "bread",
    "oven",
    "glass",
    "river",
    "carry",
];

/// Phrases in scripts without spaces.
const CJK: &[&str] = &["喫茶店", "朝の光", "昔からそうだよ", "这是一个例子", "トースト", "水力钢索铁道"];

/// The tiers of a category, from the one that fits exactly.
const TIERS: &[&str] = &["exact", "general", "medium", "specific", "niche"];

/// `SplitMix64`: small, well spread, and enough for texts.
pub(crate) struct Random {
    state: u64,
    last: &'static str,
}

impl Random {
    /// The sequence of this seed.
    pub(crate) fn new(seed: u64) -> Self {
        Self { state: seed, last: "" }
    }

    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.state ^ (self.state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number below `end`.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % end as u64).expect("it is below a usize")
    }

    /// Whether one of `in_all` equally likely things happened.
    pub(crate) fn once_in(&mut self, in_all: usize) -> bool {
        self.below(in_all) == 0
    }

    /// A word, another than the last.
    fn word(&mut self) -> &'static str {
        let last = self.last;
        let mut word = self.pick(WORDS);
        while word.eq_ignore_ascii_case(last) {
            word = self.pick(WORDS);
        }
        self.last = word;
        word
    }

    fn pick<'t>(&mut self, list: &[&'t str]) -> &'t str {
        list[self.below(list.len())]
    }
}

/// An article that keeps every rule: 17 fields and a body of `sections` sections of about a kilobyte and a half.
pub(crate) fn article(seed: u64, sections: usize) -> String {
    let random = &mut Random::new(seed);
    let body = body(random, sections);
    // The estimate of the rule `reading-time` by its defaults, near enough: 200 words a minute.
    let minutes = body.split_whitespace().count().div_ceil(200).max(1);
    front_matter(random, seed, minutes) + &body
}

/// The front matter alone, with its fences.
pub(crate) fn front_matter(random: &mut Random, seed: u64, minutes: usize) -> String {
    let title = words(random, 7);
    let excerpt = words(random, 24);
    let (alt, share) = (words(random, 12), words(random, 20));
    let keywords: Vec<String> = (0..5).map(|_| format!("{:?}", words(random, 2))).collect();
    let names: Vec<String> = TIERS.iter().map(|tier| format!("{} {tier}", words(random, 1))).collect();
    let tiers = TIERS.iter().zip(&names);
    let categories: Vec<String> =
        tiers.map(|(tier, name)| format!(r#"{{"type":"{tier}","name":"{name}"}}"#)).collect();
    let (day, image) = (1 + random.below(28), random.below(1_000_000));
    format!(
        r#"---
title: "{title}"
date: "2026-01-{day:02}T22:15:00.000Z"
slug: "article-{seed}"
excerpt: "{excerpt}."
metaDescription: "{excerpt}."
category: "{}"
categories: [{}]
status: "published"
trending: true
featured: false
image: "https://images.example.org/photo-{image}?q=85&w=1200&fit=max&fm=webp"
imageAlt: "{alt}"
imageCredit: "Photo by [Renée Itō](https://photos.example.org/@renée-itō) on Example Photos"
keywords: [{}]
readingTime: {minutes}
socialShare: "{share}. ☕"
generatedBy: "Example Writer 2"
---

"#,
        names[0],
        categories.join(","),
        keywords.join(", "),
    )
}

/// The Markdown alone.
pub(crate) fn body(random: &mut Random, sections: usize) -> String {
    let mut text = String::new();
    paragraph(random, &mut text);
    for section in 0..sections {
        let marker = if section > 0 && random.once_in(3) { "###" } else { "##" };
        let _ = writeln!(text, "{marker} {}\n", words(random, 5));
        paragraph(random, &mut text);
        match random.below(6) {
            0 => list(random, &mut text),
            1 => {
                let alt = words(random, 8);
                let _ = writeln!(text, "![{alt}](https://images.example.org/body-{section}.jpg?w=1200)\n");
            }
            2 => {
                let code = words(random, 6);
                let _ = writeln!(text, "```sh\necho {code:?} | sort\nexit 0\n```\n");
            }
            3 => {
                let _ = writeln!(text, "> **Note:** {}.\n", words(random, 25));
            }
            4 => table(random, &mut text),
            _ => {}
        }
        paragraph(random, &mut text);
    }
    text
}

/// So many words.
pub(crate) fn words(random: &mut Random, count: usize) -> String {
    let words: Vec<&str> = (0..count).map(|_| random.word()).collect();
    words.join(" ")
}

fn paragraph(random: &mut Random, text: &mut String) {
    for sentence in 0..5 {
        if sentence > 0 {
            text.push(' ');
        }
        text.push_str(&words(random, 9));
        text.push(' ');
        let plain = words(random, 2);
        let _ = match random.below(9) {
            0 => write!(text, "*{plain}*"),
            1 => write!(text, "**{plain}**"),
            2 => write!(text, "[{plain}](https://example.org/{sentence}/page \"title\")"),
            3 => write!(text, "`{plain}`"),
            4 => write!(text, "{}", random.pick(CJK)),
            5 => write!(text, "{plain} &amp; co\n{}", random.word()),
            _ => write!(text, "{plain}, {}", random.word()),
        };
        text.push('.');
    }
    text.push_str("\n\n");
}

fn list(random: &mut Random, text: &mut String) {
    for _ in 0..4 {
        let _ = writeln!(text, "- **{}:** {}", words(random, 2), words(random, 9));
    }
    text.push('\n');
}

fn table(random: &mut Random, text: &mut String) {
    text.push_str("| Name | Value |\n|------|-------|\n");
    for row in 0..3 {
        let _ = writeln!(text, "| {} | {row} |", words(random, 2));
    }
    text.push('\n');
}
