//! What `docs/` shows is run: its pages with their examples, its configs, its commands.

use std::sync::Arc;

use copydesk::config::{Configs, Overrides};
use copydesk::engine::{self, Settings};
use copydesk::facts::{Want, Wants};
use copydesk::site::{Algorithm, Headline, Pattern, Preset, Site};
use copydesk::text::Source;
use copydesk::web::target;
use serde_json::Value as Json;

use super::cli::Desk;
use super::pages::{Block, blocks, check_blocks, pack_page};

fn writing_rules() -> Vec<Block> {
    let path = super::root().join("docs/writing-rules.md");
    blocks(&std::fs::read_to_string(path).expect("the manual"))
}

#[test]
fn the_pages_of_the_manual_do_what_it_says() {
    let all = writing_rules();
    let pages: Vec<usize> = (0..all.len()).filter(|index| all[*index].is("page")).collect();
    assert!(pages.len() >= 8, "a page for each kind");
    for (number, start) in pages.iter().enumerate() {
        let end = pages.get(number + 1).copied().unwrap_or(all.len());
        let path = all[*start].path();
        let id = path.strip_suffix(".md").expect("a page is Markdown");
        let source = Arc::new(Source::new(path.as_str(), all[*start].text.clone().into_bytes()));
        let page = pack_page("editorial", id, &source);
        let own = blocks(&page.body);
        let shown = own.iter().chain(&all[*start + 1..end]).filter(|block| block.is("bad")).count();
        assert!(shown > 0, "{path}: an example shows what the page finds");
        check_blocks(&page, &own);
        check_blocks(&page, &all[*start + 1..end]);
    }
}

#[test]
fn the_configs_and_commands_of_the_manual_run() {
    let all = writing_rules();
    let desk = Desk::new(&[("posts/a.md", "---\ntitle: Oak\n---\n\nSend an e-mail to the Doormaster.\n")]);
    for page in all.iter().filter(|block| block.is("page")) {
        desk.write(&format!("editorial/{}", page.path()), page.text.as_bytes());
        desk.write(&format!("shared/words-2026/{}", page.path()), page.text.as_bytes());
    }
    let mut configs = all.iter().filter(|block| block.is("config"));
    let config = configs.next().expect("the manual shows a config");
    assert!(configs.next().is_none(), "one config holds for all commands");
    desk.write("copydesk.yaml", config.text.as_bytes());
    let found = ["posts/a.md:5:9 editorial/house-words", "posts/a.md:5:23 editorial/old-names"];
    desk.lint(&["posts"]).code(1).found(&found);
    let commands: Vec<&str> =
        all.iter().filter(|block| block.is("sh")).flat_map(|block| block.text.lines()).collect();
    assert!(commands.len() >= 4);
    for command in commands {
        let (input, command) = match command.split_once(" | ") {
            Some((input, command)) => {
                (input.trim_start_matches("printf '").trim_end_matches("\\n'"), command)
            }
            None => ("", command),
        };
        let arguments: Vec<&str> = command.split(' ').skip(1).map(|word| word.trim_matches('\'')).collect();
        let ended = desk.stdin(&arguments, input.as_bytes());
        assert_eq!(ended.stderr, "", "{command}");
        ended.says("house-words");
    }
}

fn network() -> String {
    std::fs::read_to_string(super::root().join("docs/network.md")).expect("the manual of the network")
}

#[test]
fn the_configs_about_the_network_are_right() {
    let all = blocks(&network());
    let configs: Vec<&Block> = all.iter().filter(|block| block.is("config")).collect();
    assert!(configs.len() >= 6);
    for config in configs {
        let text = config.text.as_str();
        let desk = Desk::new(&[("copydesk.yaml", text)]);
        let ended = desk.run(&["config"]);
        assert_eq!((ended.code, ended.stderr.as_str()), (0, ""), "{text}");
    }
}

#[test]
fn the_table_of_the_network_has_every_setting_with_its_default() {
    let page = network();
    let table = page.split("| key | default | what |\n").nth(1).expect("the table of settings");
    let rows = table.lines().skip(1).take_while(|line| line.starts_with('|'));
    let rows: Vec<(&str, &str)> = rows
        .map(|row| {
            let mut cells = row.split('|').skip(1).map(|cell| cell.trim().trim_matches('`'));
            (cells.next().expect("a key"), cells.next().expect("a default"))
        })
        .collect();
    let shown = Desk::new(&[]).run(&["config", "--format", "json"]).json();
    let mut known = Vec::new();
    for (key, part) in shown["network"].as_object().expect("the block") {
        match part.get("value") {
            Some(value) => known.push((key.clone(), value.clone())),
            None => known.extend(
                part.as_object()
                    .expect("a mapping")
                    .iter()
                    .map(|(inner, part)| (format!("{key}.{inner}"), part["value"].clone())),
            ),
        }
    }
    assert_eq!(
        rows.iter().map(|(key, _)| *key).collect::<Vec<_>>(),
        known.iter().map(|(key, _)| key).collect::<Vec<_>>()
    );
    for ((key, said), (_, value)) in rows.iter().zip(&known) {
        let written = match value {
            Json::Null => "none".to_owned(),
            Json::Array(items) if items.is_empty() => "none".to_owned(),
            Json::Object(entries) if entries.is_empty() => "none".to_owned(),
            Json::String(text) if text.starts_with("copydesk/") => "its name and address".to_owned(),
            Json::String(text) => text.clone(),
            value => value.to_string(),
        };
        assert_eq!(*said, written, "{key}");
    }
}

#[test]
fn the_table_of_globs_is_right() {
    let page = network();
    let table = page.split("| glob | matches | does not match |\n").nth(1).expect("the table of globs");
    let rows: Vec<&str> = table.lines().skip(1).take_while(|line| line.starts_with('|')).collect();
    assert!(rows.len() >= 5);
    for row in rows {
        let cells: Vec<&str> = row.split('|').map(|cell| cell.trim().trim_matches('`')).collect();
        let [_, glob, fitting, other, _] = cells[..] else { panic!("three cells: {row}") };
        let config = format!("network: {{rulings: [{{match: \"{glob}\", skip: true}}]}}\n");
        let desk = Desk::new(&[("copydesk.yaml", &config)]);
        let mut configs =
            Configs::new(Overrides::default(), |_| Err(String::new()), None).expect("no overrides");
        configs.of_folder(desk.path()).expect("the config is right");
        let policy = configs.network().expect("no variable is named").policy;
        assert!(policy.skips(target(fitting).expect("an address").as_str()), "{row}");
        assert!(!policy.skips(target(other).expect("an address").as_str()), "{row}");
    }
}

#[test]
fn a_run_is_shared_as_the_manual_shows() {
    let path = super::root().join("docs/shards.md");
    let all = blocks(&std::fs::read_to_string(path).expect("the manual"));
    let block = |word: &str| &all.iter().find(|block| block.is(word)).expect("the manual shows it").text;
    let desk = Desk::new(&[("a.md", "#### A\n"), ("b.md", "## B\n\n#### C\n"), ("c.md", "Text.\n")]);
    let one = desk.lint(&[]).code(1).stdout.clone();
    let mut last = String::new();
    for command in block("sh").lines() {
        let words: Vec<&str> = command.split(' ').skip(1).collect();
        last = desk.run(&words).stdout;
    }
    assert_eq!(last, one);
    // What the machines of the workflow run is the same, with the numbers of its matrix.
    let workflow: Json = serde_yaml::from_str(block("workflow")).expect("it is YAML");
    let shards = workflow["jobs"]["check"]["strategy"]["matrix"]["shard"].as_array().expect("a matrix");
    let run = |job: &str, word: &str| {
        let steps = workflow["jobs"][job]["steps"].as_array().expect("steps").iter();
        let mut runs = steps.filter_map(|step| step["run"].as_str()).filter(|run| run.contains(word));
        runs.next().expect("a step of ours").to_owned()
    };
    for shard in shards {
        let command = run("check", "--shard").replace("${{ matrix.shard }}", &shard.to_string());
        let words: Vec<&str> = command.split(' ').skip(1).collect();
        desk.run(&words).code(0);
    }
    let command = run("report", "merge").replace("parts/", "");
    let names: Vec<String> = shards.iter().map(|shard| format!("part{shard}.json")).collect();
    let words: Vec<&str> = command.split(' ').skip(1).filter(|word| !word.contains('*')).collect();
    let words: Vec<&str> = words.into_iter().chain(names.iter().map(String::as_str)).collect();
    assert_eq!(desk.run(&words).stdout, one);
}

fn sites() -> String {
    std::fs::read_to_string(super::root().join("docs/sites.md")).expect("the manual of sites")
}

/// The rows of a table, each with the text of its cells, behind this line.
fn rows<'t>(page: &'t str, head: &str) -> Vec<Vec<&'t str>> {
    let table = page.split(&format!("{head}\n")).nth(1).unwrap_or_else(|| panic!("no table {head}"));
    let rows = table.lines().skip(1).take_while(|line| line.starts_with('|'));
    rows.map(|row| row.trim_matches('|').split('|').map(|cell| cell.trim().trim_matches('`')).collect())
        .collect()
}

fn site(config: &str) -> Site {
    let desk = Desk::new(&[("copydesk.yaml", config)]);
    let configs = Configs::new(Overrides::default(), |_| Err(String::new()), None);
    let mut configs = configs.expect("no overrides");
    let config = configs.of_folder(desk.path()).unwrap_or_else(|mistakes| panic!("{mistakes:?}\n{config}"));
    Site::clone(config.site())
}

#[test]
fn the_configs_about_sites_are_right() {
    let all = blocks(&sites());
    let configs: Vec<Site> =
        all.iter().filter(|block| block.is("config")).map(|block| site(&block.text)).collect();
    assert!(configs.len() >= 5);
    assert!(configs.iter().all(Site::knows_routes));
    assert_eq!(configs[0].own_path("https://example.org/posts/oak-doors/"), Some("/posts/oak-doors/"));
    let first = |site: &Site, path: &str| addresses(site, path, "").remove(0);
    assert_eq!(first(&configs[1], "content/en/doors.md"), "/doors/");
    assert_eq!(first(&configs[1], "content/de/doors.md"), "/de/doors/");
    assert!(configs[1].static_paths("/files/a.pdf").contains(&"downloads/a.pdf".to_owned()));
    assert_eq!(first(&configs[2], "_posts/2024-01-02-doors.md"), "/blog/2024/doors/");
    assert_eq!(first(&configs[2], "about.md"), "/about/");
    assert_eq!(first(&configs[3], "docs/guides/doors.md"), "/guides/doors");
    assert_eq!(first(&configs[4], "data/articles/doors.md"), "/articles/doors");
}

/// The addresses of an article with this front matter.
fn addresses(site: &Site, path: &str, front_matter: &str) -> Vec<String> {
    let text = format!("---\n{front_matter}\n---\n");
    let wants = Arc::new(Wants::of([Want::Addresses]));
    let settings = Settings { site: Arc::new(site.clone()), wants, ..Settings::default() };
    let facts = engine::facts(&Source::new(path, text.into_bytes()), &settings);
    facts.addresses.into_vec().into_iter().map(String::from).collect()
}

#[test]
fn articles_stand_where_the_manual_of_sites_says() {
    let page = sites();
    for (name, preset) in Preset::ALL.into_iter().filter(|(name, _)| *name != "none") {
        let section = page.split("\n### ").find(|part| part.to_lowercase().starts_with(name));
        let section = section.unwrap_or_else(|| panic!("no section about {name}"));
        let rows = rows(section, "| file | front matter | address |");
        assert!(rows.len() >= 4, "{name}");
        for row in rows {
            let [file, front_matter, address] = row[..] else { panic!("three cells: {row:?}") };
            assert_eq!(addresses(&Site::of(preset), file, front_matter)[0], address, "{name}: {row:?}");
        }
    }
}

#[test]
fn the_tables_about_sites_are_complete() {
    let page = sites();
    let holes: Vec<(String, &str)> =
        Pattern::holes().map(|(name, what)| (format!("{{{name}}}"), what)).collect();
    let said = page.split("| hole | what stands in it |\n").nth(1).expect("the table of holes");
    let said = said.lines().skip(1).take_while(|line| line.starts_with('|'));
    let said: Vec<(String, &str)> = said
        .map(|row| {
            let (hole, what) = row.trim_matches('|').split_once('|').expect("two cells");
            (hole.trim().trim_matches('`').to_owned(), what.trim())
        })
        .collect();
    assert_eq!(said, holes);
    let shown = Desk::new(&[]).run(&["config", "--format", "json"]).json();
    let keys: Vec<&str> = rows(&page, "| key | without a preset | what |").iter().map(|row| row[0]).collect();
    assert_eq!(keys, shown["site"].as_object().expect("the block").keys().collect::<Vec<_>>());
    let text = "1. Zoë's \"oak\" doors";
    let ids: Vec<(&str, String)> = Algorithm::ALL
        .into_iter()
        .map(|(name, algorithm)| {
            let headline = Headline { text, written: text, id: None, is_html: false };
            let id = algorithm.ids([headline]).remove(0).expect("an id of its own");
            (name, id.into())
        })
        .collect();
    let rows = rows(&page, "| name | whose | `## 1. Zoë's \"oak\" doors` |");
    assert_eq!(rows.iter().map(|row| (row[0], row[2].to_owned())).collect::<Vec<_>>(), ids);
}

fn formats() -> String {
    std::fs::read_to_string(super::root().join("docs/formats.md")).expect("the manual of formats")
}

/// A site with findings of all levels and a fix, as in a repository of its own.
fn office() -> Desk {
    let article = "---\ntitle: Doors\n---\n\n## Inside.\n\n#### Hinges\n\nOf oak.\n";
    let config = "extends: recommended\nrules: {word-count: info}\n";
    Desk::new(&[("posts/doors.md", article), ("copydesk.yaml", config), ("reports/.keep", "")])
}

/// The arguments of the program in the first command of a line.
fn arguments(command: &str) -> Vec<&str> {
    let ours = command.split(" | ").next().expect("a split has a first part");
    let words = ours.trim().strip_prefix("copydesk ").unwrap_or_else(|| panic!("{command} runs copydesk"));
    words.split(' ').collect()
}

/// The files that the arguments send reports to.
fn files<'a>(arguments: &[&'a str]) -> Vec<&'a str> {
    arguments.iter().filter_map(|word| Some(word.split_once('=')?.1)).collect()
}

#[test]
fn the_table_of_formats_has_each_with_a_command_that_runs() {
    let page = formats();
    let named = rows(&page, "| format | what it is for | who reads it | example |");
    let known = copydesk::report::Format::ALL.map(copydesk::report::Format::as_str);
    assert_eq!(named.iter().map(|row| row[0]).collect::<Vec<_>>(), known);
    for row in named {
        let desk = office();
        let arguments = arguments(row[3]);
        assert!(arguments.iter().any(|word| word.split('=').next() == Some(row[0])), "{row:?}");
        let ended = desk.run(&arguments);
        assert_eq!((ended.code, ended.stderr.as_str()), (1, ""), "{row:?}");
        assert!(ended.stdout.contains("heading-increment"), "{row:?}");
        for file in files(&arguments) {
            assert!(desk.path().join(file).is_file(), "{row:?}");
        }
    }
    let says = "| format | error, warning, info | what to do (`help`) | fixes | suppressed | in the baseline | paths from |";
    let told: Vec<&str> = page.split(says).nth(1).expect("the table").lines().skip(2).take(11).collect();
    for format in known {
        let named =
            |line: &&str| line.split('|').nth(1).is_some_and(|cell| cell.contains(&format!("`{format}`")));
        assert_eq!(told.iter().copied().filter(named).count(), 1, "what {format} says");
    }
}

#[test]
fn the_commands_about_formats_run() {
    let all = blocks(&formats());
    let commands: Vec<&str> =
        all.iter().filter(|block| block.is("sh")).flat_map(|block| block.text.lines()).collect();
    assert!(commands.len() >= 8);
    for command in commands {
        let desk = office();
        let arguments = arguments(command);
        let ended = desk.run(&arguments);
        assert_eq!((ended.code, ended.stderr.as_str()), (1, ""), "{command}");
        assert!(files(&arguments).iter().all(|file| desk.path().join(file).is_file()), "{command}");
        // The filters of another program, where it is at hand.
        let Some((_, filter)) = command.split_once(" | jq ") else { continue };
        desk.write("report", ended.stdout.as_bytes());
        let mut shell = std::process::Command::new("sh");
        shell.arg("-c").arg(format!("command -v jq >&2 || exit 0; jq {filter} < report"));
        let output = shell.current_dir(desk.path()).output().expect("a shell");
        let is_there = !output.stderr.is_empty();
        assert!(output.status.success() && (!is_there || output.stdout.len() > 1), "{command}: {output:?}");
    }
}

#[test]
fn the_pipelines_about_formats_run() {
    let page = formats();
    let block = |mark: &str| {
        let (_, rest) = page.split_once(&format!("<!-- {mark} -->\n```yaml\n")).expect(mark);
        let yaml: Json =
            serde_yaml::from_str(rest.split("```").next().expect("a block")).expect("it is YAML");
        yaml
    };
    let run = |steps: &Json| {
        let desk = office();
        let steps = steps.as_array().expect("steps").iter();
        let runs = steps.filter_map(|step| step["run"].as_str().or(step.as_str()));
        let ours: Vec<&str> = runs.filter(|run| run.starts_with("copydesk ")).collect();
        assert_eq!(ours.len(), 1);
        let arguments = arguments(ours[0]);
        let ended = desk.run(&arguments);
        assert_eq!((ended.code, ended.stderr.as_str()), (1, ""), "{arguments:?}");
        desk
    };
    let is_there = |desk: &Desk, file: &Json| {
        let file = file.as_str().expect("a name");
        assert!(desk.path().join(file).is_file(), "{file}");
    };
    let github = block("github");
    let desk = run(&github["steps"]);
    let summary = github["steps"][2]["run"].as_str().and_then(|run| run.split(' ').nth(1)).expect("a file");
    is_there(&desk, &summary.into());
    let sarif = block("sarif");
    is_there(&run(&sarif["steps"]), &sarif["steps"][2]["with"]["sarif_file"]);
    let gitlab = block("gitlab");
    let desk = run(&gitlab["articles"]["script"]);
    for report in ["codequality", "junit"] {
        is_there(&desk, &gitlab["articles"]["artifacts"]["reports"][report]);
    }
    let circle = block("circleci");
    let desk = run(&circle["steps"]);
    let folder = circle["steps"][3]["store_test_results"]["path"].as_str().expect("a folder");
    assert!(desk.path().join(folder).join("copydesk.xml").is_file());
}
