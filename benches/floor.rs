//! A full lint beside the floor: the least that any linter of such files must do.
//!
//! The floor walks the folder, reads each file, notes its line ends, turns its front matter into data, runs the
//! Markdown parser with byte ranges, counts words and asks the schema yes or no. It keeps nothing and explains
//! nothing. The lint is what `copydesk lint --schema article` does up to its report. Both use one thread and take
//! turns, so that a noisy machine troubles both alike; what counts is the ratio, and its budget is 1.5.
//!
//! `COPYDESK_BENCH_FOLDER` names the folder; one that does not exist is filled with generated articles and stays,
//! `COPYDESK_BENCH_ARTICLES` of them. Without it they are generated in a folder that is thrown away.
//! `COPYDESK_BENCH_SCHEMA=none` leaves the schema out of both. `COPYDESK_BENCH_EXTENDS=all` takes that preset, and
//! `COPYDESK_BENCH_RULES=1` prints what each rule costs, as a share of the floor. What several rules share (words, the
//! text without markup) is counted for the first that asks for it.

#![expect(clippy::print_stdout, clippy::cast_precision_loss, reason = "it prints a table of rounded figures")]

mod generator;

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use copydesk::article::Article;
use copydesk::config::{Configs, Overrides, Verdict};
use copydesk::engine::{self, Settings};
use copydesk::rule::{Check, Context, Sink};
use copydesk::text::Source;
use copydesk::{discover, yaml};
use granit_parser::{Event as Yaml, ScalarStyle};
use ignore::{WalkBuilder, WalkState};
use jsonschema::{PatternOptions, Validator};
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
use serde_json::{Map, Value};

const ROUNDS: usize = 11;

/// A round repeats each side until it lasts this long, so that the clock's ticks of 10 ms do not matter.
const ROUND: Duration = Duration::from_millis(400);

const SCHEMA: &str = include_str!("../schemas/article.schema.json");

fn main() {
    // `cargo test --benches` asks only whether it runs.
    let is_test = !env::args().any(|argument| argument == "--bench");
    let (rounds, round, default) = if is_test { (1, Duration::ZERO, 10) } else { (ROUNDS, ROUND, 2_000) };
    rayon::ThreadPoolBuilder::new().num_threads(1).build_global().expect("the pool was not used before");
    let without = env::var("COPYDESK_BENCH_SCHEMA").is_ok_and(|name| name == "none");
    let schema = (!without).then_some("article");
    let articles = env::var("COPYDESK_BENCH_ARTICLES").ok().and_then(|count| count.parse().ok());
    let corpus = Corpus::open(env::var_os("COPYDESK_BENCH_FOLDER"), articles.unwrap_or(default));

    let validator = schema.map(|_| validator());
    let floor = || floor(&corpus.folder, validator.as_ref());
    let mut configs = configs(schema);
    let (files, bytes) = floor();
    let mut lint = || lint(&corpus.folder, &mut configs);
    let (checked, findings) = lint();
    assert_eq!(files, checked, "both sides see the same files");
    let (mut floors, mut lints) = (Vec::new(), Vec::new());
    for _ in 0..rounds {
        floors.push(time(round, || {
            black_box(floor());
        }));
        lints.push(time(round, || {
            black_box(lint());
        }));
    }
    let (floor, lint) = (median(&mut floors), median(&mut lints));
    let megabytes = bytes as f64 / 1e6;
    println!("{files} files, {megabytes:.1} MB, {findings} findings, schema: {}", schema.unwrap_or("none"));
    for (name, time) in [("floor", floor), ("lint", lint)] {
        let (total, each) = (time * 1e3, time * 1e6 / files.max(1) as f64);
        println!("{name:>6} {total:8.1} ms {each:8.1} µs a file {:8.1} MB/s", megabytes / time);
    }
    println!("{:>6} {:8.2}", "ratio", lint / floor);
    if env::var_os("COPYDESK_BENCH_RULES").is_some() || is_test {
        for (rule, time) in costs(&corpus.folder, &mut configs, rounds) {
            let each = time * 1e6 / files.max(1) as f64;
            println!("{rule:>30} {each:8.2} µs a file {:8.1} % of the floor", 100.0 * time / floor);
        }
    }
}

/// The files of both sides.
struct Corpus {
    folder: PathBuf,
    _thrown_away: Option<tempfile::TempDir>,
}

impl Corpus {
    fn open(named: Option<std::ffi::OsString>, articles: u64) -> Self {
        let (folder, thrown_away) = if let Some(name) = named {
            (PathBuf::from(name), None)
        } else {
            let folder = tempfile::tempdir().expect("a folder for the articles can be made");
            (folder.path().join("articles"), Some(folder))
        };
        if !folder.exists() {
            for number in 0..articles {
                // A thousand a folder, as file systems and people like it.
                let below = folder.join(format!("{:03}", number / 1_000));
                fs::create_dir_all(&below).expect("the folder for the articles can be made");
                let text = generator::article(number, 4 + usize::try_from(number % 8).unwrap_or_default());
                fs::write(below.join(format!("article-{number}.md")), text)
                    .expect("an article can be written");
            }
        }
        Self { folder, _thrown_away: thrown_away }
    }
}

/// Seconds of processor time that one call takes, by the mean of as many as `at_least` needs.
fn time(at_least: Duration, mut work: impl FnMut()) -> f64 {
    let (start, wall) = (processor_time(), Instant::now());
    let mut calls = 0;
    loop {
        work();
        calls += 1;
        if wall.elapsed() >= at_least {
            let spent = processor_time().zip(start).map(|(end, start)| end.saturating_sub(start));
            return spent.unwrap_or_else(|| wall.elapsed()).as_secs_f64() / f64::from(calls);
        }
    }
}

/// What this process has spent so far, in user code and for it in the kernel; `None` where there is no `/proc`.
fn processor_time() -> Option<Duration> {
    let stat = fs::read_to_string("/proc/self/stat").ok()?;
    // The name stands in parentheses and may hold anything; fields 14 and 15 are ticks of 10 ms.
    let mut fields = stat[stat.rfind(')')? + 1..].split_ascii_whitespace().skip(11);
    let mut ticks = || fields.next()?.parse::<u64>().ok();
    Some(Duration::from_millis(10 * (ticks()? + ticks()?)))
}

fn median(times: &mut [f64]) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

/// A rule that is timed.
struct Timed {
    check: Arc<dyn Check>,
    nanoseconds: Arc<AtomicU64>,
}

impl Check for Timed {
    fn check(&self, article: &Article<'_>, context: &Context<'_>, sink: &mut Sink<'_>) {
        let start = Instant::now();
        self.check.check(article, context, sink);
        self.nanoseconds.fetch_add(start.elapsed().as_nanos() as u64, Ordering::Relaxed);
    }
}

/// The seconds that each rule takes for all files, in the best of some rounds, the dearest rule first.
fn costs(folder: &Path, configs: &mut Configs, rounds: usize) -> Vec<(String, f64)> {
    let mut clocks: BTreeMap<String, Arc<AtomicU64>> = BTreeMap::new();
    let mut timed = |settings: &Settings| {
        let mut settings = settings.clone();
        for rule in &mut settings.rules {
            let nanoseconds = Arc::clone(clocks.entry(rule.page.id.to_string()).or_default());
            rule.check = Arc::new(Timed { check: Arc::clone(&rule.check), nanoseconds });
        }
        settings
    };
    let found = discover::discover(&[folder.to_owned()]).expect("the folder can be walked");
    let tasks: Vec<(&Path, Settings)> =
        found.files.iter().map(|path| (path.as_path(), timed(&settings(configs, path)))).collect();
    let mut best: BTreeMap<String, u64> = BTreeMap::new();
    for _ in 0..rounds {
        black_box(engine::run(&tasks, |(path, settings)| {
            let bytes = fs::read(path).expect("the corpus can be read");
            (Source::new(path.to_string_lossy(), bytes), settings)
        }));
        for (rule, clock) in &clocks {
            let least = best.entry(rule.clone()).or_insert(u64::MAX);
            *least = (*least).min(clock.swap(0, Ordering::Relaxed));
        }
    }
    let mut costs: Vec<(String, f64)> =
        best.into_iter().map(|(rule, nanoseconds)| (rule, nanoseconds as f64 / 1e9)).collect();
    costs.sort_by(|left, right| right.1.total_cmp(&left.1));
    costs
}

/// Set up once for all rounds, as the validator of the floor is.
fn configs(schema: Option<&str>) -> Configs {
    let extends = env::var("COPYDESK_BENCH_EXTENDS").ok().map(|preset| vec![preset]);
    let overrides = Overrides { extends, schema: schema.map(str::to_owned), ..Overrides::default() };
    let fetch = |_: &str| Err("a bench asks no network".to_owned());
    Configs::new(overrides, fetch, None).expect("the presets and the schema are there")
}

fn settings(configs: &mut Configs, path: &Path) -> Arc<Settings> {
    let path = std::path::absolute(path).expect("the working directory is known");
    match configs
        .of_file(&path)
        .expect("the config of the folder is sound")
        .verdict(&path)
        .expect("so is what it says of a file")
    {
        Verdict::Check(settings) => settings,
        Verdict::Skip(reason) => panic!("a config leaves {} out: {reason}", path.display()),
    }
}

/// How many files were checked, and how many findings they have.
fn lint(folder: &Path, configs: &mut Configs) -> (usize, usize) {
    let found = discover::discover(&[folder.to_owned()]).expect("the folder can be walked");
    let tasks: Vec<(&Path, Arc<Settings>)> =
        found.files.iter().map(|path| (path.as_path(), settings(configs, path))).collect();
    let outcome = engine::run(&tasks, |(path, settings)| {
        let bytes = fs::read(path).expect("the corpus can be read");
        (Source::new(path.to_string_lossy(), bytes), settings)
    });
    (outcome.checked + outcome.unreadable, outcome.findings.len())
}

/// How many files were read, and their bytes.
fn floor(folder: &Path, validator: Option<&Validator>) -> (usize, usize) {
    let paths = Mutex::new(Vec::new());
    let mut walk = WalkBuilder::new(folder);
    walk.follow_links(true).require_git(false).threads(1).build_parallel().run(|| {
        Box::new(|entry| {
            let entry = entry.expect("the folder can be walked");
            if entry.file_type().is_some_and(|kind| kind.is_file()) && discover::is_markdown(entry.path()) {
                paths.lock().expect("no thread panics").push(entry.into_path());
            }
            WalkState::Continue
        })
    });
    let mut paths = paths.into_inner().expect("no thread panicked");
    paths.sort_unstable();
    let mut bytes = 0;
    for path in &paths {
        let content = fs::read(path).expect("the corpus can be read");
        bytes += content.len();
        if let Ok(text) = str::from_utf8(&content) {
            black_box(floor_of(text, validator));
        }
    }
    (paths.len(), bytes)
}

/// Lines, words, and whether the front matter fits its schema.
fn floor_of(text: &str, validator: Option<&Validator>) -> (usize, usize, bool) {
    let mut lines: Vec<u32> = Vec::with_capacity(text.len() / 40);
    lines.extend(memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| at as u32));
    let (front_matter, body) = split(text.trim_start_matches('\u{feff}'));
    let is_valid = match front_matter {
        Some((b'-', inside)) => match data(inside) {
            Some(data) => validator.is_none_or(|validator| validator.is_valid(&data)),
            None => false,
        },
        Some((_, inside)) => black_box(toml::de::DeTable::parse(inside)).is_ok(),
        None => true,
    };
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_HEADING_ATTRIBUTES;
    let (mut words, mut is_code) = (0, false);
    for (event, range) in Parser::new_ext(body, options).into_offset_iter() {
        black_box(range);
        match event {
            Event::Start(Tag::CodeBlock(_)) => is_code = true,
            Event::End(TagEnd::CodeBlock) => is_code = false,
            Event::Text(text) if !is_code => words += text.split_whitespace().count(),
            Event::Code(text) => words += text.split_whitespace().count(),
            _ => {}
        }
    }
    (lines.len(), words, is_valid)
}

/// The first byte of the fence and what stands between the fences, and the body.
fn split(text: &str) -> (Option<(u8, &str)>, &str) {
    let Some(fence @ ("---" | "+++")) = text.get(..3) else {
        return (None, text);
    };
    let Some(start) = memchr::memchr(b'\n', text.as_bytes()).map(|at| at + 1) else {
        return (None, text);
    };
    let mut at = start;
    for line in text[start..].split_inclusive('\n') {
        let end = at + line.len();
        if line.trim_end() == fence {
            return (Some((fence.as_bytes()[0], &text[start..at])), &text[end..]);
        }
        at = end;
    }
    (None, text)
}

/// The events of a front matter as data, without places, limits and words about mistakes.
fn data(text: &str) -> Option<Value> {
    enum Open {
        Mapping(Map<String, Value>, Option<String>),
        Sequence(Vec<Value>),
    }
    let mut open: Vec<Open> = Vec::new();
    let mut root = Value::Null;
    let options = granit_parser::options! { max_buffered_comment_events: 100_000 };
    for event in granit_parser::Parser::new_from_str_with_options(text, options) {
        let (event, span) = event.ok()?;
        black_box(span.byte_range());
        let value = match event {
            Yaml::MappingStart(..) => {
                open.push(Open::Mapping(Map::new(), None));
                continue;
            }
            Yaml::SequenceStart(..) => {
                open.push(Open::Sequence(Vec::new()));
                continue;
            }
            Yaml::MappingEnd | Yaml::SequenceEnd => match open.pop()? {
                Open::Mapping(map, _) => Value::Object(map),
                Open::Sequence(items) => Value::Array(items),
            },
            Yaml::Scalar(text, style, ..) => scalar(text.into_owned(), style),
            _ => continue,
        };
        match open.last_mut() {
            None => root = value,
            Some(Open::Sequence(items)) => items.push(value),
            Some(Open::Mapping(map, key)) => match key.take() {
                Some(key) => drop(map.insert(key, value)),
                None => *key = Some(if let Value::String(text) = value { text } else { value.to_string() }),
            },
        }
    }
    Some(root)
}

fn scalar(text: String, style: ScalarStyle) -> Value {
    if style != ScalarStyle::Plain {
        return Value::String(text);
    }
    match text.as_str() {
        "" | "~" | "null" | "Null" | "NULL" => Value::Null,
        "true" | "True" | "TRUE" => Value::Bool(true),
        "false" | "False" | "FALSE" => Value::Bool(false),
        _ => match text.parse::<i64>() {
            Ok(integer) => integer.into(),
            Err(_) => match text.parse::<f64>() {
                Ok(float) if text.as_bytes()[0].is_ascii_digit() => float.into(),
                _ => Value::String(text),
            },
        },
    }
}

fn validator() -> Validator {
    let schema = yaml::parse(SCHEMA, 0).root.expect("the schema is JSON").to_json();
    jsonschema::options()
        .should_validate_formats(true)
        .with_pattern_options(PatternOptions::regex())
        .build(&schema)
        .expect("the schema is one")
}
