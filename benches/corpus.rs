//! A whole corpus: what an article costs in a large one beside a small one, how much memory it takes, and what is left to do
//! when nothing has changed since.
//!
//! A corpus of `COPYDESK_BENCH_ARTICLES` articles (3,000) is made in a folder of `target/`, and thrown away; the same
//! articles up to `COPYDESK_BENCH_SMALL` (1,000) are the small one. `COPYDESK_BENCH_EXTENDS` names another preset than
//! `recommended`. Each row is a run of the whole program in a process of its own, its report thrown away, the best of three
//! (of one, where there are over 20,000 articles): processor time of all threads, and the most memory that it held.
//!
//! The budget at 100,000: within 15 % of the processor time per article at 1,000, under 500 MB, and a second run with the
//! cache in less than a quarter of the first's time.

#![expect(clippy::print_stdout, clippy::cast_precision_loss, reason = "it prints a table of rounded figures")]

#[expect(dead_code, reason = "its whole articles, which keep every rule, are for the other benches")]
mod generator;

use std::env;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::time::Duration;

use generator::Random;

/// Where a run of ours is to write what it took; only such a run has it.
const TOLD: &str = "COPYDESK_BENCH_TOLD";

/// So many articles are in a folder.
const FOLDER: usize = 1_000;

fn main() -> ExitCode {
    if let Some(told) = env::var_os(TOLD) {
        let code = copydesk::cli::main();
        fs::write(told, Spent::so_far().written()).expect("what a run took can be told");
        return code;
    }
    // `cargo test --benches` asks only whether it runs.
    let is_test = !env::args().any(|argument| argument == "--bench");
    let number =
        |name: &str, default| env::var(name).ok().and_then(|count| count.parse().ok()).unwrap_or(default);
    let large = number("COPYDESK_BENCH_ARTICLES", if is_test { 20 } else { 3_000 });
    let small = number("COPYDESK_BENCH_SMALL", 1_000).min(large);
    let preset = env::var("COPYDESK_BENCH_EXTENDS").unwrap_or_else(|_| "recommended".to_owned());

    let (few, many) = (Corpus::new("small", small, &preset), Corpus::new("large", large, &preset));
    let base = few.row("without the cache", &["--no-cache"]);
    let whole = many.row("without the cache", &["--no-cache"]);
    let first = many.row_of("the first with it", &[], 1);
    let second = many.row("the second", &[]);
    fs::OpenOptions::new()
        .append(true)
        .open(many.path(0))
        .and_then(|mut file| std::io::Write::write_all(&mut file, b"\nOne more sentence.\n"))
        .expect("an article can be changed");
    many.row_of("one changed", &[], 1);
    let each = |spent: &Spent, count: usize| spent.cpu.as_secs_f64() / count as f64;
    println!("{:>8.2}  times the time an article", each(&whole, large) / each(&base, small));
    println!(
        "{:>8.2}  of the first run's time, the second",
        second.cpu.as_secs_f64() / first.cpu.as_secs_f64()
    );
    println!("{:>8.1}  MB in the cache", size(&many.0.join(".copydesk")) as f64 / 1e6);
    ExitCode::SUCCESS
}

/// What a run took.
#[derive(Clone, Copy, Debug)]
struct Spent {
    cpu: Duration,
    /// The most bytes that it held in memory; 0 where there is no `/proc`.
    peak: u64,
}

impl Spent {
    fn so_far() -> Self {
        #[cfg(unix)]
        let cpu = {
            let time = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
            Duration::new(time.tv_sec.unsigned_abs(), u32::try_from(time.tv_nsec).unwrap_or_default())
        };
        #[cfg(not(unix))]
        let cpu = Duration::ZERO;
        let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
        let peak = status
            .lines()
            .find_map(|line| line.strip_prefix("VmHWM:")?.split_whitespace().next()?.parse().ok());
        Self { cpu, peak: peak.unwrap_or(0) * 1024 }
    }

    fn written(self) -> String {
        format!("{} {}", self.cpu.as_nanos(), self.peak)
    }

    fn read(text: &str) -> Self {
        let mut numbers = text.split(' ').map(|number| number.parse().expect("a number of ours"));
        let mut next = || numbers.next().expect("there are two");
        Self { cpu: Duration::from_nanos(next()), peak: next() }
    }
}

/// A folder of articles, thrown away at the end.
struct Corpus(PathBuf, usize);

impl Drop for Corpus {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

impl Corpus {
    fn new(name: &str, count: usize, preset: &str) -> Self {
        let target = env::var_os("CARGO_TARGET_TMPDIR").map_or_else(env::temp_dir, PathBuf::from);
        let target = option_env!("CARGO_TARGET_TMPDIR").map_or(target, PathBuf::from);
        let corpus = Self(target.join("bench-corpus").join(name), count);
        let _ = fs::remove_dir_all(&corpus.0);
        for number in 0..count {
            let path = corpus.path(number);
            if number.is_multiple_of(FOLDER) {
                fs::create_dir_all(path.parent().expect("it is in a folder")).expect("a folder can be made");
            }
            fs::write(path, article(number, count)).expect("an article can be written");
        }
        let config = format!(
            "extends: {preset}\ncollections:\n  - name: posts\n    files: content/**\n    schema: article\nrules: {{image-host: off}}\n"
        );
        fs::write(corpus.0.join("copydesk.yaml"), config).expect("a config can be written");
        corpus
    }

    fn path(&self, number: usize) -> PathBuf {
        self.0.join("content").join(place(number))
    }

    fn row(&self, name: &str, options: &[&str]) -> Spent {
        self.row_of(name, options, if self.1 > 20_000 { 1 } else { 3 })
    }

    /// The best of so many runs.
    fn row_of(&self, name: &str, options: &[&str], rounds: usize) -> Spent {
        let runs = (0..rounds).map(|_| self.run(options));
        let best = runs.min_by_key(|spent| spent.cpu).expect("there is a run");
        let (count, cpu) = (self.1, best.cpu.as_secs_f64());
        println!(
            "{count:>8}  {name:<18} {cpu:>9.2} s {:>9.1} µs an article {:>9.1} MB",
            cpu * 1e6 / count as f64,
            best.peak as f64 / 1e6
        );
        best
    }

    fn run(&self, options: &[&str]) -> Spent {
        let told = self.0.join("told");
        let mut command = Command::new(env::current_exe().expect("it runs"));
        command.args(["lint", "--format", "concise", "--today", "2026-06-01"]).args(options);
        command.current_dir(&self.0).env(TOLD, &told).stdout(Stdio::null());
        let code = command.status().expect("it runs").code();
        assert!(matches!(code, Some(0 | 1)), "it ends as a lint does: {code:?}");
        let spent = Spent::read(&fs::read_to_string(&told).expect("it told what it took"));
        fs::remove_file(told).expect("it is ours");
        spent
    }
}

fn size(folder: &Path) -> u64 {
    let files = fs::read_dir(folder).into_iter().flatten().flatten();
    files.filter_map(|file| file.metadata().ok()).map(|file| file.len()).sum()
}

fn place(number: usize) -> String {
    format!("{:03}/article-{number}.md", number / FOLDER)
}

/// An article of 150 to 2,000 words that leads to others, some of which are not there. Of a hundred, a few have a slug or a
/// title of another, no description, a level of headings left out, an image without words, or a word twice.
fn article(number: usize, count: usize) -> String {
    let random = &mut Random::new(0xC0DE + number as u64);
    let other = |random: &mut Random| random.below(count);
    // Long ones are rare, as they are everywhere.
    let sections = 1 + random.below(4) + random.below(4) * random.below(4);
    let mut body = generator::body(random, sections);
    for _ in 0..random.below(5) {
        let to = if random.once_in(30) { count + number } else { other(random) };
        let _ = writeln!(body, "See [{}](../{}) for more.\n", generator::words(random, 3), place(to));
    }
    if random.once_in(10) {
        body += "#### The the end\n\nA line with a slip.  \n\n";
    }
    if random.once_in(40) {
        body += "![](https://images.example.org/door.png)\n";
    }
    front_matter(random, number, (body.split_whitespace().count(), count)) + &body
}

fn front_matter(random: &mut Random, number: usize, (words, count): (usize, usize)) -> String {
    let prose = |random: &mut Random, count| generator::words(random, count);
    let other = |random: &mut Random| random.below(count);
    let slug = if random.once_in(100) { other(random) } else { number };
    let title = if random.once_in(100) { "Door, bridge and water".to_owned() } else { prose(random, 6) };
    let mut text = format!("---\ntitle: \"{title} {number}\"\nslug: article-{slug}\n");
    let _ = writeln!(text, "date: 2025-{:02}-{:02}", 1 + random.below(12), 1 + random.below(28));
    let excerpt = prose(random, 20);
    if !random.once_in(50) {
        let _ = writeln!(text, "metaDescription: \"{excerpt}.\"");
    }
    let _ = writeln!(text, "excerpt: \"{excerpt}.\"");
    // The tiers of a tree, of which a few articles have one wrong.
    let leaf = random.below(400);
    let medium = if random.once_in(50) { random.below(25) } else { leaf / 16 };
    let _ = writeln!(
        text,
        "category: exact {leaf}\ncategories: [{{type: exact, name: exact {leaf}}}, {{type: general, name: general {}}}, \
         {{type: medium, name: medium {medium}}}, {{type: specific, name: specific {}}}, {{type: niche, name: niche {leaf}}}]\n\
         keywords: [door {number}, bridge {number}]",
        leaf / 64,
        leaf / 4,
    );
    let _ = writeln!(text, "image: https://images.example.org/photo-{}.jpg", other(random));
    let _ = writeln!(
        text,
        "imageAlt: \"{}\"\nreadingTime: {}\n---\n",
        prose(random, 8),
        words.div_ceil(200).max(1)
    );
    text
}
