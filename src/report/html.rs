//! One page for a browser, which needs nothing but itself: the numbers, charts, and a list that can be searched.
//!
//! The numbers and charts are markup, made from a template that escapes whatever is put into it. The findings are data, which
//! the page's script makes elements of. A browser runs no other script, and asks nobody for anything: the page's policy
//! names the hashes of its style and its script.

mod chart;
mod data;
mod view;

use std::collections::BTreeMap;
use std::io::{self, Write};

use minijinja::value::{Serde, Value};
use minijinja::{Environment, UndefinedBehavior, context};

use super::texts::Texts;
use super::{Options, visible};
use crate::triage::Run;
pub(super) use data::Room;
use data::Rule;
use view::View;

const PAGE: &str = include_str!("html/page.html");
const STYLE: &str = include_str!("html/page.css");
const SCRIPT: &str = include_str!("html/page.js");

/// What a browser may do for the page. A test knows the hashes.
const POLICY: &str = "default-src 'none'; base-uri 'none'; form-action 'none'; \
    style-src 'sha256-7cpcCZIw59vL4761+LD8ycQ+BAcaJ5k336+upnFtPiw='; \
    script-src 'sha256-g/Zm0K82No7xTBZrL6da4YqCE9JMhkMT7rgkUsK0raM='";

/// Where a rule belongs that has no page.
const NO_GROUP: &str = "other";

/// Writes the whole of it.
pub(super) fn write(
    run: &Run,
    texts: &mut Texts<'_>,
    options: &Options<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    write_within(Room::USUAL, run, texts, options, out)
}

/// The same, with as much of each finding as there is room for.
pub(super) fn write_within(
    room: Room,
    run: &Run,
    texts: &mut Texts<'_>,
    options: &Options<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let rules = rules(run, options);
    let view = View::new(run, &rules);
    let is_empty = view.is_empty;
    head(&view, out)?;
    if !is_empty {
        out.write_all(b"\n<script type=\"application/json\" id=\"findings-data\">")?;
        data::write(run, &rules, texts, room, out)?;
        out.write_all(b"</script>")?;
    }
    write!(out, "\n<script>{SCRIPT}</script>\n</body>\n</html>\n")
}

/// The rules that found something.
fn rules<'a>(run: &'a Run, options: &Options<'_>) -> BTreeMap<&'a str, Rule<'a>> {
    let mut rules = BTreeMap::new();
    for (finding, _) in run.shown() {
        rules.entry(&*finding.rule).or_insert_with(|| {
            let page = run.rules.iter().find(|page| page.id == finding.rule);
            // Whatever else a link may lead to, a click on it would do more than open a manual.
            let is_address = |url: &String| url.starts_with("https://") || url.starts_with("http://");
            let url = (options.rule_url)(&finding.rule).filter(is_address);
            Rule {
                group: page.map_or(NO_GROUP, |page| &page.group),
                summary: page.map_or("", |page| &page.summary),
                url: url.map(|url| visible::line(&url).into_owned()),
            }
        });
    }
    rules
}

fn head(view: &View, out: &mut dyn Write) -> io::Result<()> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    // The name's ending turns escaping on.
    environment.add_template("page.html", PAGE).expect("a template of ours, which tests draw");
    let template = environment.get_template("page.html").expect("it was added above");
    let context = context! {
        page => Value::from(Serde(view)),
        policy => POLICY,
        style => Value::from_safe_string(STYLE.to_owned()),
    };
    let head = template.render(context).map_err(io::Error::other)?;
    out.write_all(head.as_bytes())
}
