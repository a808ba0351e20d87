//! The examples of the rule pages are run: `bad` blocks have the findings that a person marked in them and no other,
//! `fixed` blocks are what their fixes make of the block above, and `good` blocks are clean to every rule. Blocks marked
//! `beside`, with a `path=` of their own, are the other articles of the site for the examples that follow; a block `files`
//! lists what other files it has, and a block `site` says how they become addresses, as the config does.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;
use std::sync::Arc;

use copydesk::config::{Configs, Overrides};
use copydesk::corpus::{Ground, Known};
use copydesk::data::Node;
use copydesk::engine::{self, ActiveRule, Member, Settings, Surveys};
use copydesk::facts::Wants;
use copydesk::finding::{Finding, Level, Safety};
use copydesk::fix;
use copydesk::rule::{Fixability, Implementation, Page};
use copydesk::rules::{self, Catalog, SUPPRESSION};
use copydesk::schema::Schema;
use copydesk::site::Site;
use copydesk::text::Source;
use copydesk::web::{self, Content, Depth, Failure, Hop, Outcome, Policy, Questions, Replies, Reply};
use copydesk::yaml;
use serde::Deserialize;
use serde_json::{Map, Value as Json};

/// Rules that ask for more of an article than a short example has. They run over the examples of their own pages alone.
const MEASURES: [&str; 6] = [
    "description-length",
    "empty-section",
    "excerpt-length",
    "image-alt-length",
    "title-length",
    "word-count",
];

/// A fenced block of a page.
#[derive(Debug)]
pub(super) struct Block {
    /// The line of the page's body that it begins on, for messages.
    line: usize,
    /// The words behind the fence.
    info: Vec<String>,
    pub(super) text: String,
}

impl Block {
    pub(super) fn is(&self, word: &str) -> bool {
        self.info.iter().any(|known| known == word)
    }

    /// The name of the article's file: what stands behind `path=`, to the end of the line.
    pub(super) fn path(&self) -> String {
        let first = self.info.iter().position(|word| word.starts_with("path="));
        let words = first.map(|first| self.info[first..].join(" "));
        words.map_or_else(|| "example.md".to_owned(), |words| words["path=".len()..].to_owned())
    }

    /// The bytes of the article: line ends and escapes as the fence asks for.
    pub(super) fn bytes(&self, text: &str) -> Vec<u8> {
        let text = if self.is("crlf") { text.replace('\n', "\r\n") } else { text.to_owned() };
        if self.is("bytes") { unescape(&text) } else { text.into_bytes() }
    }
}

pub(super) fn blocks(page: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut open: Option<(String, Block)> = None;
    for (number, line) in page.lines().enumerate() {
        let ticks = line.len() - line.trim_start_matches('`').len();
        match &mut open {
            Some((fence, _)) if line == fence => blocks.extend(open.take().map(|(_, block)| block)),
            Some((_, block)) => {
                block.text.push_str(line);
                block.text.push('\n');
            }
            None if ticks >= 3 => {
                let info = line[ticks..].split_whitespace().map(str::to_owned).collect();
                open = Some(("`".repeat(ticks), Block { line: number + 1, info, text: String::new() }));
            }
            None => {}
        }
    }
    assert!(open.is_none(), "a fence is never closed: {open:?}");
    blocks
}

/// `\xE9` is the byte E9.
fn unescape(text: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find("\\x") {
        bytes.extend(rest[..at].bytes());
        bytes.push(u8::from_str_radix(&rest[at + 2..at + 4], 16).expect("two hexadecimal digits behind \\x"));
        rest = &rest[at + 4..];
    }
    bytes.extend(rest.bytes());
    bytes
}

/// Takes the marks out of a text: the text as the article has it, and each expected finding as line and rule.
pub(super) fn expectations(text: &str) -> (String, Vec<(u32, String)>) {
    let mut expected = Vec::new();
    let mut lines = Vec::new();
    for (number, line) in text.split('\n').enumerate() {
        let html =
            line.find("<!-- expect:").map(|at| (at, line[at + 12..].trim_end().trim_end_matches("-->")));
        let yaml = line.find("# expect:").map(|at| (at, &line[at + 9..]));
        match html.or(yaml) {
            None => lines.push(line),
            Some((at, ids)) => {
                expected.extend(ids.split_whitespace().map(|id| (number as u32 + 1, id.to_owned())));
                lines.push(line[..at].trim_end());
            }
        }
    }
    (lines.join("\n"), expected)
}

/// What an example is checked with: the page's rule with its options, or all rules.
#[derive(Default)]
struct Desk {
    options: Map<String, Json>,
    schema: Option<Arc<Schema>>,
    web: Option<Table>,
    /// The articles beside the example, and whether one has been checked beside them.
    beside: Vec<Source>,
    is_used: bool,
    ground: Ground,
}

impl Desk {
    fn rule(&self, page: &Arc<Page>) -> ActiveRule {
        let check =
            rules::check_of(page, &self.options).unwrap_or_else(|error| panic!("{}: {error:?}", page.id));
        ActiveRule { page: Arc::clone(page), level: Level::Error, check: Arc::from(check) }
    }

    fn settings(&self, rules: Vec<ActiveRule>) -> Settings {
        let today = Some(jiff::civil::date(2026, 6, 1));
        let known = Catalog::built_in().pages().iter().map(|page| Arc::clone(&page.id)).collect();
        Settings { rules, schema: self.schema.clone(), today, known, ..Settings::default() }
    }

    /// What a page's bad examples are checked with: its rule alone, but the rule about suppressions looks at what all
    /// the others find.
    fn own(&self, page: &Arc<Page>, source: &Source) -> Settings {
        if page.id.as_ref() == SUPPRESSION {
            return self.all(page, source);
        }
        self.online(source, self.settings(vec![self.rule(page)]))
    }

    /// Every rule that is on by default, and the page's own with the options at hand.
    fn all(&self, own: &Arc<Page>, source: &Source) -> Settings {
        let default = Desk::default();
        let is_on = |page: &Arc<Page>| page.level.is_some() && !MEASURES.contains(&&*page.id);
        let others = Catalog::built_in().pages().iter().filter(|page| page.id != own.id);
        let rules = others.filter(|page| is_on(page)).chain([own]);
        let rules = rules.map(|page| if page.id == own.id { self.rule(page) } else { default.rule(page) });
        self.online(source, self.settings(rules.collect()))
    }

    /// The same, with what the web answers about this article, where a page says it, and with the articles beside it.
    fn online(&self, source: &Source, settings: Settings) -> Settings {
        let replies = self.web.as_ref().map(|web| Arc::new(web.replies(source, &settings)));
        self.among(source, Settings { replies, ..settings })
    }

    fn among(&self, source: &Source, mut settings: Settings) -> Settings {
        let wants = settings.rules.iter().fold(Wants::default(), |wants, rule| wants.and(rule.check.wants()));
        settings.wants = Arc::new(wants);
        settings.site = Arc::clone(&self.ground.site);
        let shared = Arc::new(settings.clone());
        let member = |source: &Source| {
            let facts = engine::facts(source, &shared);
            let (name, path) = (Arc::clone(source.path()), Arc::clone(source.path()));
            let known = Known { name, path, collections: Arc::from([]), facts };
            Member { known, settings: Arc::clone(&shared) }
        };
        let members: Vec<Member> = self.beside.iter().chain([source]).map(member).collect();
        let mut ground = self.ground.clone();
        ground.is_whole = true;
        // What an example of another page leads to is not there, and need not be.
        let has_site = ground.files.is_some() || !self.beside.is_empty();
        ground.listed = has_site.then(|| Box::from("")).into_iter().collect();
        let files = ground.files.get_or_insert_default();
        files.extend(members.iter().map(|member| Box::from(&*member.known.path)));
        let surveys = Surveys::of(members, ground);
        assert_eq!(surveys.bugs, []);
        Settings { surveys: Some(Arc::new(surveys)), ..settings }
    }

    /// Puts an article beside the examples that follow; the first behind an example begins anew.
    fn put_beside(&mut self, source: Source) {
        if std::mem::take(&mut self.is_used) {
            self.beside.clear();
        }
        self.beside.push(source);
    }
}

/// What the web answers in the examples that follow a block called `replies`.
struct Table {
    /// Where it stands, for messages.
    place: String,
    replies: HashMap<Arc<str>, Reply>,
    /// The hosts that were left alone, and why.
    silent: BTreeMap<String, String>,
    /// The addresses that no example has had yet.
    unused: BTreeSet<Arc<str>>,
}

/// A reply as a page writes it: what it does not say is as it is with most.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct Row {
    status: Option<u16>,
    failure: Option<Failure>,
    /// Why its host was left alone, as in `429 Too Many Requests`.
    left_alone: Option<String>,
    #[serde(default)]
    hops: Vec<Hop>,
    attempts: Option<u32>,
    seconds: Option<u32>,
    #[serde(rename = "type")]
    media_type: Option<String>,
    content: Option<Content>,
    bytes: Option<u64>,
    pixels: Option<(u32, u32)>,
}

impl Table {
    fn read(text: &str, place: &str) -> Self {
        let root = yaml::parse(text, 0).root.unwrap_or_else(|| panic!("{place}: replies are a mapping"));
        let mut table = Self {
            place: place.to_owned(),
            replies: HashMap::new(),
            silent: BTreeMap::new(),
            unused: BTreeSet::new(),
        };
        for entry in root.entries() {
            let url =
                web::target(&entry.key).unwrap_or_else(|| panic!("{place}: \"{}\" is not asked", entry.key));
            let row: Row = serde_json::from_value(entry.value.to_json())
                .unwrap_or_else(|error| panic!("{place}: {}: {error}", entry.key));
            if let Some(why) = &row.left_alone {
                let last = row.hops.last().and_then(|hop| web::target(&hop.to));
                table.silent.insert(web::host_of(last.as_ref().unwrap_or(&url)), why.clone());
            }
            let url: Arc<str> = url.as_str().into();
            table.unused.insert(Arc::clone(&url));
            let again = table.replies.insert(url, row.reply(&format!("{place}: {}", entry.key)));
            assert_eq!(again, None, "{place}: {} stands there twice", entry.key);
        }
        table
    }

    fn replies(&self, source: &Source, settings: &Settings) -> Replies {
        let mut questions = Questions::default();
        for question in engine::questions(source, settings) {
            questions.add(question);
        }
        Replies::new(&questions, self.replies.clone(), &self.silent, &Policy::default())
    }

    /// Takes note of the addresses of an example.
    fn note(&mut self, source: &Source) {
        let asking = ["image-reachable", "link-reachable"].map(|id| {
            let page = Catalog::built_in().get(id).expect("a rule of ours");
            Desk::default().rule(page)
        });
        let settings = Desk::default().settings(asking.into());
        for question in engine::questions(source, &settings) {
            self.unused.remove(&question.url);
        }
    }

    fn close(self) {
        assert!(self.unused.is_empty(), "{}: no example has {:?}", self.place, self.unused);
    }
}

impl Row {
    fn reply(self, place: &str) -> Reply {
        let outcome = match (self.status, self.failure, self.left_alone) {
            (Some(status), None, None) => Outcome::Status(status),
            (None, Some(failure), None) => Outcome::Failed(failure),
            (None, None, Some(_)) => Outcome::Failed(Failure::LeftAlone),
            _ => panic!("{place}: a reply is a status, a failure, or a host that was left alone"),
        };
        Reply {
            outcome,
            attempts: self.attempts.unwrap_or(self.hops.len() as u32 + 1),
            hops: self.hops,
            milliseconds: self.seconds.map_or(80, |seconds| seconds * 1000),
            media_type: self.media_type,
            content: self.content,
            bytes: self.bytes,
            pixels: self.pixels,
            depth: Depth::Size,
        }
    }
}

fn lint(source: &Source, settings: &Settings) -> Vec<Finding> {
    let mut findings = engine::check(source, settings).findings;
    findings.sort_by(|left, right| left.key().cmp(&right.key()));
    for finding in &findings {
        assert!(source.text().get(finding.span.range()).is_some(), "a span cuts a character: {finding:?}");
    }
    findings
}

fn lines(source: &Source, findings: &[Finding]) -> Vec<(u32, String)> {
    let mut lines: Vec<_> = findings
        .iter()
        .map(|finding| (source.position(finding.span.start).line, finding.rule.to_string()))
        .collect();
    lines.sort();
    lines
}

/// Fixes until nothing changes.
fn fixed(source: Source, settings: &Settings) -> Source {
    let mended = fix::mend(&source, settings, Safety::Unsafe);
    assert_eq!(mended.failures, [], "{}", source.text());
    match mended.text {
        Some(text) => Source::new(Arc::clone(source.path()), text.into_bytes()),
        None => source,
    }
}

fn check_bad(place: &str, block: &Block, settings: &Settings, page: &Page) {
    let (text, mut expected) = expectations(&block.text);
    expected.sort();
    assert!(!expected.is_empty(), "{place}: a bad block marks what is wrong with it");
    let bytes = block.bytes(&text);
    let source = Source::new(block.path(), bytes.clone());
    let findings = lint(&source, settings);
    assert_eq!(lines(&source, &findings), expected, "{place}: {findings:#?}");
    for fix in
        findings.iter().filter(|finding| finding.rule == page.id).filter_map(|finding| finding.fix.as_ref())
    {
        let promised = match fix.safety {
            Safety::Safe => [Fixability::Safe, Fixability::Mixed],
            Safety::Unsafe => [Fixability::Unsafe, Fixability::Mixed],
        };
        assert!(promised.contains(&page.fix), "{place}: the page does not promise {fix:?}");
    }
    for finding in findings.iter().filter(|finding| finding.rule == page.id) {
        let is_plain = |text: &&str| {
            let first = text.split(' ').next().unwrap_or_default();
            // A word of the article, or one as "YAML".
            let is_name = block.text.contains(first) || first == first.to_uppercase();
            (is_name || !first.starts_with(char::is_uppercase)) && !text.ends_with('.')
        };
        let has_voice = [Some(&*finding.message), finding.help.as_deref()].iter().flatten().all(is_plain);
        assert!(has_voice, "{place}: lower case, and no full stop: {finding:?}");
    }
    // Neither a byte-order mark nor the kind of line end changes what is found, or where.
    let marked = [b"\xEF\xBB\xBF", &bytes[..]].concat();
    let returns = String::from_utf8(bytes.clone()).map(|text| text.replace("\r\n", "\n").replace('\n', "\r"));
    let variants = [Some(marked), returns.map(String::into_bytes).ok()];
    for variant in variants.into_iter().flatten().filter(|_| !block.is("bytes")) {
        let source = Source::new(block.path(), variant);
        let findings = lint(&source, settings);
        assert_eq!(
            lines(&source, &findings),
            expected,
            "{place}: with other line ends or a mark: {findings:#?}"
        );
    }
}

fn check_page(page: &Arc<Page>) {
    check_blocks(page, &blocks(&page.body));
}

/// Runs these examples of a page, in their order.
pub(super) fn check_blocks(page: &Arc<Page>, blocks: &[Block]) {
    let mut desk = Desk::default();
    let mut last_bad = None;
    for block in blocks {
        let place = format!("{}, block on line {} of the body", page.id, block.line);
        if block.is("options") {
            desk.options = match yaml::parse(&block.text, 0).root.as_ref().map(Node::to_json) {
                Some(Json::Object(options)) => options,
                other => panic!("{place}: options are a mapping, not {other:?}"),
            };
        } else if block.is("schema") {
            desk.schema = Some(Arc::new(schema(&block.text, &place)));
        } else if block.is("replies") {
            let before = desk.web.replace(Table::read(&block.text, &place));
            before.into_iter().for_each(Table::close);
        } else if block.is("site") {
            desk.ground.site = site(&block.text, &place);
        } else if block.is("files") {
            let files = block.text.lines().filter(|line| !line.is_empty());
            desk.ground.files = Some(files.map(Box::from).collect());
        } else if block.is("beside") {
            desk.put_beside(Source::new(block.path(), block.bytes(&block.text)));
        } else if block.is("bad") {
            desk.is_used = true;
            let bytes = block.bytes(&expectations(&block.text).0);
            let source = Source::new(block.path(), bytes);
            desk.web.iter_mut().for_each(|web| web.note(&source));
            check_bad(&place, block, &desk.own(page, &source), page);
            last_bad = Some(source);
        } else if block.is("fixed") {
            let bad = last_bad.take().unwrap_or_else(|| panic!("{place}: a fixed block follows a bad one"));
            let settings = desk.own(page, &bad);
            let result = fixed(bad, &settings);
            assert_eq!(result.text(), String::from_utf8_lossy(&block.bytes(&block.text)), "{place}");
            assert_eq!(lint(&result, &settings), [], "{place}: the fixed text is clean");
        } else if block.is("good") {
            desk.is_used = true;
            let source = Source::new(block.path(), block.bytes(&block.text));
            desk.web.iter_mut().for_each(|web| web.note(&source));
            let settings = desk.all(page, &source);
            assert_eq!(lint(&source, &settings), [], "{place}: a good block is clean to every rule");
        } else {
            assert!(!block.is("article"), "{place}: an article is bad, fixed or good, or beside one");
        }
    }
    desk.web.into_iter().for_each(Table::close);
}

/// How a site is made whose config has this block.
fn site(text: &str, place: &str) -> Arc<Site> {
    let block: Vec<&str> = text.lines().collect();
    let block = block.join("\n  ");
    let desk = super::cli::Desk::new(&[("copydesk.yaml", &format!("site:\n  {block}\n"))]);
    let configs = Configs::new(Overrides::default(), |_| Err(String::new()), None);
    let config = configs.expect("no overrides").of_folder(desk.path());
    Arc::clone(config.unwrap_or_else(|mistakes| panic!("{place}: {mistakes:?}")).site())
}

pub(super) fn schema(text: &str, place: &str) -> Schema {
    let document = yaml::parse(text, 0);
    let root = document.root.unwrap_or_else(|| panic!("{place}: {:?}", document.problems));
    Schema::compile(&root, "https://example.org/schema.json", |uri: &str| Err(format!("no {uri}")))
        .unwrap_or_else(|errors| panic!("{place}: {errors:?}"))
}

#[test]
fn the_examples_of_every_page_hold() {
    let failed: Vec<&str> = Catalog::built_in()
        .pages()
        .iter()
        .filter(|page| std::panic::catch_unwind(|| check_page(page)).is_err())
        .map(|page| page.id.as_ref())
        .collect();
    assert_eq!(failed, [""; 0], "each failure is printed above");
}

#[test]
fn the_examples_of_a_pack_hold() {
    for path in super::files("fixtures", ".md").iter().filter(|path| is_in_a_pack(path)) {
        let group = path.parent().and_then(Path::file_name).expect("a page is in a folder");
        let id = path.file_stem().expect("a file has a name").to_string_lossy();
        let text = std::fs::read(path).expect("a page of ours");
        let source = Arc::new(Source::new(path.to_string_lossy(), text));
        check_page(&pack_page(&group.to_string_lossy(), &id, &source));
    }
}

fn is_in_a_pack(path: &Path) -> bool {
    let inside = path.strip_prefix(super::root()).expect("a file of ours");
    inside.components().any(|part| part.as_os_str() == "packs")
}

/// A page of a pack.
pub(super) fn pack_page(group: &str, id: &str, source: &Arc<Source>) -> Arc<Page> {
    let schema = Schema::own(rules::PAGE_SCHEMA, "https://copydesk.dev/schemas/rule.schema.json");
    let page = Page::parse(group, id, source, Some(&schema));
    Arc::new(page.unwrap_or_else(|mistakes| panic!("{}: {mistakes:#?}", source.path())))
}

#[test]
fn every_page_shows_the_wrong_and_the_right() {
    for page in Catalog::built_in().pages() {
        let blocks = blocks(&page.body);
        let count = |word: &str| blocks.iter().filter(|block| block.is("article") && block.is(word)).count();
        assert!(count("bad") >= 2, "{} has fewer than two bad examples", page.id);
        assert!(count("good") >= 2, "{} has fewer than two good examples", page.id);
        let has_options = blocks.iter().any(|block| block.is("options"));
        assert_eq!(
            has_options,
            !page.options.is_empty(),
            "{}: an example shows the options, if any",
            page.id
        );
        let is_hard = |block: &Block| block.is("crlf") || block.is("bytes") || !block.text.is_ascii();
        assert!(
            blocks.iter().any(is_hard),
            "{} has no example with CRLF, multi-byte text or odd bytes",
            page.id
        );
    }
}

#[test]
fn every_fixable_rule_shows_a_fix() {
    for page in Catalog::built_in().pages() {
        let shows = blocks(&page.body).iter().any(|block| block.is("fixed"));
        assert_eq!(
            shows,
            page.fix != Fixability::None,
            "{}: `fix` in the front matter and the examples",
            page.id
        );
    }
}

#[test]
fn every_fixable_rule_tells_what_its_fix_does() {
    for page in Catalog::built_in().pages().iter().filter(|page| page.fix != Fixability::None) {
        let manual = page.body.split("## Examples").next().unwrap_or_default();
        assert!(manual.contains("fix"), "{}: the page says nothing of its fix", page.id);
    }
}

#[test]
fn every_rule_reads_all_its_options() {
    let more = Map::from_iter([("option-of-nothing".to_owned(), Json::Bool(true))]);
    for page in Catalog::built_in().pages() {
        let built = rules::check_of(page, &Map::new()).map(|_| ());
        assert!(built.is_ok(), "{}: {built:?}", page.id);
        // A declarative rule says so itself of an option in its page.
        let is_strict = rules::check_of(page, &more).is_err() || page.check != Implementation::BuiltIn;
        assert!(is_strict, "{}: its settings want `deny_unknown_fields`", page.id);
    }
}

#[test]
fn every_threshold_has_a_source() {
    for page in Catalog::built_in().pages() {
        for option in &page.options {
            assert!(option.source.is_some(), "{}: the option \"{}\" has no source", page.id, option.name);
            let fits = schema(&option.schema.to_string(), &page.id);
            let text = format!("{{\"value\": {}}}", option.default);
            let document = yaml::parse(&text, 0);
            let value = document.root.as_ref().and_then(|root| root.get("value"));
            let wrong = fits.violations(value, copydesk::text::Span::empty(0));
            assert_eq!(
                wrong,
                [],
                "{}: the default of \"{}\" does not fit its own schema",
                page.id,
                option.name
            );
        }
    }
}
