//! Runs that cannot be made as the config says, and several configs in one run.

use super::super::web::Server;
use super::Office;

#[test]
fn a_wrong_setting_is_shown_at_its_place() {
    let server = Server::new();
    for (key, value, said) in [
        ("timeout", "fast", "fast"),
        ("concurrency", "0", "concurrency"),
        ("per-host", "-1", "per-host"),
        ("interval", "{}", "interval"),
        ("allow-private", "[\"10.0.0.0/99\"]", "10.0.0.0/99"),
        ("proxy", "\"ftp://a.test\"", "proxy"),
        ("hosts", "{a.test: nowhere}", "nowhere"),
        ("rulings", "[{match: a.test}]", "ruling"),
        ("rulings", "[{match: a.test, accpet: [999]}]", "accpet"),
        ("headers", "{a.test: {\"X Door\": oak}}", "X Door"),
        ("cache", "{alive: often}", "often"),
        ("no-such-key", "1", "no-such-key"),
    ] {
        let office = Office::new(&server).with(key, value).images("a.md", &[server.url("/png")]);
        let ended = office.run(&["lint", "--online"]);
        ended.code(2).complains(said);
        assert!(ended.stderr.contains("copydesk.yaml"), "{ended:?}");
    }
    assert_eq!(server.connections(), 0);
}

#[test]
fn two_configs_that_say_different_things_of_the_network_are_a_mistake() {
    let server = Server::new();
    let office = Office::new(&server)
        .images("a.md", &[server.url("/png")])
        .images("deep/b.md", &[server.url("/png")])
        .article("deep/copydesk.yaml", "network: {per-host: 3}\n");
    office.run(&["lint", "--online"]).code(2).complains("copydesk.yaml");
    office.run(&["lint", "--only", "image-alt"]).code(0);
    assert_eq!(server.connections(), 0);
}

#[test]
fn presets_turn_the_rules_of_the_network_on() {
    let server = Server::new();
    let office = Office::new(&server)
        .besides("extends: recommended\n")
        .images("a.md", &[server.at("a.test", "/status-404"), server.at("a.test", "/page")]);
    let rules: Vec<String> = office.online(&[]).found().into_iter().map(|found| found.rule).collect();
    let has = |id: &str| rules.iter().any(|rule| rule == id);
    assert!(has("image-reachable") && has("image-type"), "{rules:?}");
}
