//! What `docs/` shows is run: its pages with their examples, its configs, its commands.

use std::sync::Arc;

use copydesk::text::Source;

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
