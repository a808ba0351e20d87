//! How fast the parts are, each alone, in bytes a second: `cargo bench --bench throughput`.

mod generator;

use std::path::Path;
use std::sync::Arc;

use copydesk::article::Article;
use copydesk::article::body::{Body, Syntax};
use copydesk::config::{Configs, Overrides, Verdict};
use copydesk::engine::{self, Settings};
use copydesk::finding::Finding;
use copydesk::report::{self, Format};
use copydesk::text::Source;
use copydesk::triage::{Run, Summary};
use copydesk::yaml;
use divan::counter::{BytesCount, ItemsCount};
use divan::{Bencher, black_box};
use generator::{Random, article};

/// Sections of an article of usual length, about 12 kB.
const SECTIONS: usize = 8;

fn main() {
    divan::main();
}

/// The settings of a run without a config and with the schema of articles.
fn settings() -> Arc<Settings> {
    let overrides = Overrides { schema: Some("article".to_owned()), ..Overrides::default() };
    let mut configs = Configs::new(overrides, |_| Err("a bench asks no network".to_owned()), None)
        .expect("nothing is overridden but the schema");
    let file = Path::new("/a-folder-without-config/article.md");
    match configs
        .of_file(file)
        .expect("there is no config that could be wrong")
        .verdict(file)
        .expect("nor one that says anything of a file")
    {
        Verdict::Check(settings) => settings,
        Verdict::Skip(reason) => panic!("nothing is left out without a config, and yet: {reason}"),
    }
}

fn source() -> Source {
    Source::new("article.md", article(1, SECTIONS).into_bytes())
}

#[divan::bench]
fn parse(bencher: Bencher<'_, '_>) {
    let source = source();
    bencher.counter(BytesCount::of_str(source.text())).bench_local(|| Article::parse(black_box(&source)));
}

#[divan::bench]
fn front_matter(bencher: Bencher<'_, '_>) {
    let text = generator::front_matter(&mut Random::new(1), 1, 5);
    let inside = text.trim().trim_matches('-');
    bencher.counter(BytesCount::of_str(inside)).bench_local(|| yaml::parse(black_box(inside), 0));
}

#[divan::bench(args = [8, 64, 512])]
fn body(bencher: Bencher<'_, '_>, sections: usize) {
    let text = generator::body(&mut Random::new(1), sections);
    bencher
        .counter(BytesCount::of_str(&text))
        .bench_local(|| Body::parse(black_box(&text), 0, Syntax::Markdown));
}

#[divan::bench]
fn prose(bencher: Bencher<'_, '_>) {
    let source = source();
    bencher
        .counter(BytesCount::of_str(source.text()))
        .with_inputs(|| Article::parse(&source))
        .bench_local_refs(|article| article.prose().text.len());
}

#[divan::bench]
fn words(bencher: Bencher<'_, '_>) {
    let source = source();
    bencher
        .counter(BytesCount::of_str(source.text()))
        .with_inputs(|| Article::parse(&source))
        .bench_local_refs(|article| article.body.words(source.text()));
}

/// All default rules and the schema; the article keeps them.
#[divan::bench(args = [8, 64, 512])]
fn check(bencher: Bencher<'_, '_>, sections: usize) {
    let source = Source::new("article.md", article(1, sections).into_bytes());
    let settings = settings();
    bencher
        .counter(BytesCount::of_str(source.text()))
        .bench_local(|| engine::check(black_box(&source), &settings));
}

/// An article with a finding in every line.
fn faulty() -> Source {
    let line = "TODO: a line that [insert name of expert] did not finish.\n\n";
    Source::new("article.md", line.repeat(2_000).into_bytes())
}

#[divan::bench]
fn check_with_many_findings(bencher: Bencher<'_, '_>) {
    let (source, settings) = (faulty(), settings());
    bencher
        .counter(BytesCount::of_str(source.text()))
        .bench_local(|| engine::check(black_box(&source), &settings));
}

/// Counted in findings.
#[divan::bench(args = Format::ALL)]
fn report(bencher: Bencher<'_, '_>, format: Format) {
    let source = faulty();
    let mut findings: Vec<Finding> = engine::check(&source, &settings()).findings;
    findings.sort_by(|left, right| left.key().cmp(&right.key()));
    let run = Run { summary: Summary::of(&findings, 1, []), findings, ..Run::default() };
    let options = report::Options::default();
    let mut open = |_: &str| Some(faulty());
    bencher.counter(ItemsCount::new(run.findings.len())).bench_local(|| {
        let mut out = Vec::new();
        report::write(format, &run, &mut open, &options, &mut out).expect("memory can be written to");
        out
    });
}
