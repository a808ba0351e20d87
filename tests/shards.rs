//! `lint --shard` and `merge`: what several machines make of a site, one machine would have.

use std::fs;

use super::cli::{Desk, Ended};
use super::root;

/// A site of articles of which some share a slug, and some have a mistake or a suppression.
fn site(count: usize) -> Desk {
    let desk = Desk::new(&[("copydesk.yaml", "collections: [{name: posts, files: 'posts/**'}]\n")]);
    for number in 0..count {
        let slug = number % (count - 2).max(1);
        let body = match number % 4 {
            0 => "## Inside\n\n#### Hinges\n\nText.\n",
            1 => "Text text. [here](https://doors.test)\n",
            2 => "<!-- copydesk-ignore-file duplicate-slug: known -->\n\nText.\n",
            _ => "Text.\n",
        };
        let text = format!("---\ntitle: Door {number}\nslug: door-{slug}\n---\n\n{body}");
        desk.write(&format!("posts/{number:03}.md"), text.as_bytes());
    }
    desk
}

/// Writes all parts and says their names.
fn parts(desk: &Desk, of: u32, more: &[&str]) -> Vec<String> {
    (1..=of)
        .map(|number| {
            let (shard, name) = (format!("{number}/{of}"), format!("part{number}.json"));
            let arguments = ["--shard", &shard, "--output-part", &name];
            desk.lint(&[&arguments, more].concat()).code(0).says(&format!("part {number} of {of}: "));
            name
        })
        .collect()
}

fn merge(desk: &Desk, parts: &[String], more: &[&str]) -> Ended {
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    desk.run(&[&["merge"], &parts[..], more].concat())
}

#[test]
fn parts_come_to_what_one_machine_says() {
    let desk = site(30);
    let all = ["--extends", "all", "--today", "2026-06-01"];
    let parts = parts(&desk, 4, &all);
    for report in [&[][..], &["--format", "json"], &["--format", "pretty"], &["--report-suppressed"], &["-q"]]
    {
        let one = desk.lint(&[&all, report].concat());
        let merged = merge(&desk, &parts, report);
        assert!(one.stdout.contains("duplicate-slug"), "{one:?}");
        assert_eq!(
            (merged.code, &merged.stdout, &merged.stderr),
            (one.code, &one.stdout, &one.stderr),
            "{report:?}"
        );
    }
    let lenient = merge(&desk, &parts, &["--fail-on", "error"]);
    assert_eq!(lenient.code, 1);
    let shuffled = [&parts[2..], &parts[..2]].concat();
    assert_eq!(merge(&desk, &shuffled, &[]).stdout, merge(&desk, &parts, &[]).stdout);
}

#[test]
fn the_sites_of_the_fixtures_can_be_shared() {
    for site in ["trend-blog", "handbook", "harbour"] {
        let folder = root().join("fixtures/sites").join(site);
        let desk = Desk::new(&[]);
        let run = |arguments: &[&str]| {
            let output = desk.command(arguments).current_dir(&folder).output();
            Ended::of(&output.expect("the program starts"))
        };
        let part = |number: u32| desk.path().join(format!("{number}.json")).to_string_lossy().into_owned();
        for number in 1..=3 {
            let shard = format!("{number}/3");
            run(&["lint", "--no-cache", "--shard", &shard, "--output-part", &part(number)]).code(0);
        }
        let (one, merged) = (run(&["lint", "--no-cache"]), run(&["merge", &part(1), &part(2), &part(3)]));
        assert_eq!((merged.code, merged.stdout, merged.stderr), (one.code, one.stdout, one.stderr), "{site}");
    }
}

#[test]
fn a_share_of_named_files_knows_the_others() {
    let desk = site(12);
    let one = desk.lint(&["posts/011.md"]);
    one.says("posts/011.md:3:7: error duplicate-slug");
    let parts = parts(&desk, 2, &["posts/011.md"]);
    assert_eq!(merge(&desk, &parts, &[]).stdout, one.stdout);
}

#[test]
fn parts_that_are_missing_doubled_or_of_another_run_are_errors() {
    let desk = site(8);
    let parts = parts(&desk, 3, &[]);
    let part = |number: usize| parts[number - 1].clone();
    merge(&desk, &[part(1), part(3)], &[]).code(2).complains("part 2 of 3 is missing");
    merge(&desk, &[part(3)], &[]).code(2).complains("the parts 1, 2 of 3 are missing");
    merge(&desk, &[part(1), part(2), part(3), part(2)], &[])
        .code(2)
        .complains("part 2 of 3 is there twice: \"part2.json\" and \"part2.json\"");
    desk.lint(&["--shard", "2/4", "--output-part", "of4.json"]).code(0);
    merge(&desk, &[part(1), "of4.json".into(), part(3)], &[]).code(2).complains("\"of4.json\" is one of 4");
    desk.lint(&["--shard", "2/3", "--output-part", "other.json", "--skip", "image-alt"]).code(0);
    merge(&desk, &[part(1), "other.json".into(), part(3)], &[])
        .code(2)
        .complains("\"other.json\" was made with other arguments or on another day than \"part1.json\"");
    merge(&desk, &["nothing.json".into()], &[]).code(2).complains("\"nothing.json\" cannot be read");
    desk.write("list.json", b"[1, 2]");
    merge(&desk, &["list.json".into()], &[]).code(2).complains("\"list.json\" is no part of a run");
    let text = String::from_utf8(desk.bytes("part1.json")).expect("it is JSON");
    desk.write("old.json", text.replace("\"version\":\"", "\"version\":\"9.").as_bytes());
    merge(&desk, &["old.json".into(), part(2), part(3)], &[]).code(2).complains("was written by copydesk 9.");
    desk.write("cut.json", &text.as_bytes()[..text.len() / 2]);
    merge(&desk, &["cut.json".into(), part(2), part(3)], &[])
        .code(2)
        .complains("\"cut.json\" is no part of a run");
}

#[test]
fn parts_of_another_state_of_the_files_are_errors() {
    let desk = site(8);
    let parts = parts(&desk, 2, &[]);
    desk.write("posts/new.md", b"New.\n");
    merge(&desk, &parts, &[]).code(2).complains("no part has \"posts/new.md\"");
    fs::remove_file(desk.path().join("posts/new.md")).expect("it is there");
    let before = desk.bytes("posts/003.md");
    desk.write("posts/003.md", b"Changed.\n");
    merge(&desk, &parts, &[]).code(2).complains("the parts were made of another text of \"posts/003.md\"");
    fs::remove_file(desk.path().join("posts/003.md")).expect("it is there");
    merge(&desk, &parts, &[]).code(2).complains("what is not here is \"posts/003.md\"");
    desk.write("posts/003.md", &before);
    merge(&desk, &parts, &[]).code(1);
    desk.write(
        "copydesk.yaml",
        b"collections: [{name: posts, files: 'posts/**', rules: {duplicate-slug: info}}]\n",
    );
    merge(&desk, &parts, &[]).code(2).complains("the config, a schema or a page of rules differs");
}

#[test]
fn what_cannot_be_shared_is_refused() {
    let desk = site(4);
    for shard in ["0/2", "3/2", "x", "1", "1/0", "-1/2"] {
        let ended = desk.lint(&[&format!("--shard={shard}"), "--output-part", "p.json"]);
        ended.code(2).complains("write which of how many, as in `3/8`");
    }
    desk.lint(&["--shard", "1/2"]).code(2).complains("--output-part");
    desk.lint(&["--output-part", "p.json"]).code(2).complains("--shard");
    for more in [&["--fix"][..], &["--diff"], &["--stdin-file-path", "a.md"], &["--format", "json"]] {
        desk.lint(&[&["--shard", "1/2", "--output-part", "p.json"], more].concat())
            .code(2)
            .complains("cannot be used with");
    }
    desk.lint(&["--shard", "1/2", "--output-part", "p.json", "--online"])
        .code(2)
        .complains("the machines of a run cannot share what they ask the web");
    desk.lint(&["--shard", "1/2", "--output-part", "no/folder/p.json"])
        .code(2)
        .complains("\"no/folder/p.json\" cannot be written");
    desk.run(&["merge"]).code(2);
}
