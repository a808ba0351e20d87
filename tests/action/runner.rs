//! A small runner of composite Actions: executes the steps of an `action.yml` as GitHub does, and notes which other Actions
//! it would call. What it does not know (a key, a function, a context) is a panic, so that nothing is passed over.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_yaml::{Mapping, Value as Yaml};

use super::expression::{Value, evaluate, fill};

/// A job that calls the Action: a machine with a checkout.
pub(super) struct Job {
    /// The folder of the checkout.
    pub(super) workspace: PathBuf,
    /// What the runner keeps for itself: its files, and `RUNNER_TEMP`.
    pub(super) temp: PathBuf,
    /// The folders that programs are looked for in.
    pub(super) path: String,
    /// Further variables, as `GITHUB_EVENT_NAME`.
    pub(super) env: BTreeMap<String, String>,
    /// What triggered it: the fields of `github.event` by their dotted names.
    pub(super) event: BTreeMap<String, String>,
}

/// How the Action ended.
#[derive(Debug, Default)]
pub(super) struct Run {
    /// The exit code of the first step that failed, or 0.
    pub(super) code: i32,
    /// The names of the steps that ran, in order.
    pub(super) steps: Vec<String>,
    /// The other Actions that it calls, each with what it gives them.
    pub(super) uses: Vec<(String, BTreeMap<String, String>)>,
    /// What was printed, to standard output and to standard error.
    pub(super) log: String,
    pub(super) outputs: BTreeMap<String, String>,
    /// The page that the job shows.
    pub(super) summary: String,
}

/// What expressions can ask for while steps run.
pub(super) struct Context<'a> {
    inputs: BTreeMap<String, String>,
    /// The outputs of the steps so far, by their ids.
    steps: BTreeMap<String, BTreeMap<String, String>>,
    job: &'a Job,
    pub(super) has_failed: bool,
}

impl Context<'_> {
    /// What a name with dots stands for; nothing where nobody has set it.
    pub(super) fn get(&self, name: &str) -> Value {
        let (context, rest) = name.split_once('.').unwrap_or_else(|| panic!("\"{name}\" is no context"));
        let found = match context {
            "inputs" => Some(self.inputs.get(rest).unwrap_or_else(|| panic!("there is no input \"{rest}\""))),
            "steps" => {
                let (id, output) =
                    rest.split_once(".outputs.").unwrap_or_else(|| panic!("\"{name}\" is unknown"));
                // A step that was left out has no outputs.
                self.steps.get(id).and_then(|outputs| outputs.get(output))
            }
            "github" => self
                .job
                .event
                .get(rest.strip_prefix("event.").unwrap_or_else(|| panic!("\"{name}\" is unknown"))),
            _ => panic!("the context of \"{name}\" is unknown"),
        };
        Value::Text(found.cloned().unwrap_or_default())
    }
}

impl Job {
    /// Runs the Action of a folder with these inputs, all others being as it says.
    pub(super) fn run(&self, action: &Path, with: &[(&str, &str)]) -> Run {
        let text = fs::read_to_string(action.join("action.yml")).expect("the Action");
        let page: Mapping = serde_yaml::from_str(&text).expect("it is YAML");
        known(&page, &["name", "description", "author", "branding", "inputs", "outputs", "runs"]);
        let mut context =
            Context { inputs: inputs(&page, with), steps: BTreeMap::new(), job: self, has_failed: false };
        let runs = mapping(&page["runs"]);
        known(runs, &["using", "steps"]);
        assert_eq!(runs["using"], "composite");
        let mut run = Run::default();
        self.walk(&runs["steps"], action, &mut context, &mut run);
        for (name, output) in mapping(&page["outputs"]) {
            known(mapping(output), &["description", "value"]);
            run.outputs.insert(string(name), fill(&string(&output["value"]), &context));
        }
        run
    }

    /// Runs a job of a workflow of the repository in the workspace: the Action in it with the program that is installed.
    pub(super) fn run_workflow(&self, workflow: &Path, job: &str) -> Run {
        let text = fs::read_to_string(workflow).expect("the workflow");
        let page: Mapping = serde_yaml::from_str(&text).expect("it is YAML");
        let mut context =
            Context { inputs: BTreeMap::new(), steps: BTreeMap::new(), job: self, has_failed: false };
        let mut run = Run::default();
        self.walk(&page["jobs"][job]["steps"], &self.workspace, &mut context, &mut run);
        run
    }

    /// Runs the steps that are due, one after the other.
    fn walk(&self, steps: &Yaml, action: &Path, context: &mut Context<'_>, run: &mut Run) {
        for step in steps.as_sequence().expect("steps") {
            let step = mapping(step);
            known(step, &["name", "id", "if", "uses", "with", "shell", "env", "run"]);
            if !is_due(step, context) {
                continue;
            }
            run.steps.extend(step.get("name").map(string));
            let (code, outputs) = match step.get("uses").map(string) {
                Some(uses) if uses == "./" => {
                    let with = filled(step.get("with"), context);
                    let with: Vec<(&str, &str)> =
                        with.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
                    let inner = self.run(&self.workspace, &[&[("version", "installed")], &with[..]].concat());
                    run.log += &inner.log;
                    run.steps.extend(inner.steps);
                    (inner.code, inner.outputs)
                }
                Some(uses) => {
                    run.uses.push((uses, filled(step.get("with"), context)));
                    (0, BTreeMap::new())
                }
                None => self.execute(step, action, context, run),
            };
            if code != 0 {
                context.has_failed = true;
                run.code = if run.code == 0 { code } else { run.code };
            }
            if let Some(id) = step.get("id") {
                context.steps.insert(string(id), outputs);
            }
        }
    }

    /// Runs the script of a step, and reads the files that it has written to.
    fn execute(
        &self,
        step: &Mapping,
        action: &Path,
        context: &Context<'_>,
        run: &mut Run,
    ) -> (i32, BTreeMap<String, String>) {
        assert_eq!(step["shell"], "bash");
        let script = string(&step["run"]);
        assert!(!script.contains("${{"), "an expression in a script becomes a part of it: {script}");
        let folder = tempfile::tempdir_in(&self.temp).expect("a folder of ours");
        let file = |name: &str| folder.path().join(name);
        let (source, output, summary) = (file("script"), file("output"), file("summary"));
        fs::write(&source, script).expect("a file of ours");
        for path in [&output, &summary] {
            fs::write(path, "").expect("a file of ours");
        }
        let mut command = Command::new("bash");
        // As GitHub starts it for `shell: bash`.
        command.args(["--noprofile", "--norc", "-eo", "pipefail"]).arg(&source);
        command.current_dir(&self.workspace).env_clear().envs(&self.env);
        command.env("PATH", &self.path).env("HOME", &self.temp);
        command.envs([
            ("CI", "true"),
            ("GITHUB_ACTIONS", "true"),
            ("RUNNER_OS", "Linux"),
            ("RUNNER_ARCH", "X64"),
        ]);
        command.env("RUNNER_TEMP", &self.temp).env("GITHUB_WORKSPACE", &self.workspace);
        command.env("GITHUB_OUTPUT", &output).env("GITHUB_STEP_SUMMARY", &summary);
        command.env("GITHUB_ACTION_PATH", action).envs(filled(step.get("env"), context));
        let ended = command.output().expect("the tests need bash");
        for stream in [&ended.stdout, &ended.stderr] {
            run.log += &String::from_utf8_lossy(stream);
        }
        run.summary += &fs::read_to_string(&summary).expect("it is UTF-8");
        let outputs = fs::read_to_string(&output).expect("it is UTF-8");
        (ended.status.code().expect("it ends by itself"), outputs.lines().map(pair).collect())
    }
}

/// One output, as `name=value`.
fn pair(line: &str) -> (String, String) {
    let (name, value) = line.split_once('=').unwrap_or_else(|| panic!("no output: {line}"));
    (name.to_owned(), value.to_owned())
}

/// Whether a step is to run: without a word about failures, only if there was none.
fn is_due(step: &Mapping, context: &Context<'_>) -> bool {
    let Some(condition) = step.get("if") else { return !context.has_failed };
    let condition = string(condition);
    let bare = condition.trim().strip_prefix("${{").and_then(|rest| rest.strip_suffix("}}"));
    let bare = bare.unwrap_or(&condition);
    let speaks_of_failures =
        ["always()", "cancelled()", "failure()", "success()"].iter().any(|word| bare.contains(word));
    (speaks_of_failures || !context.has_failed) && evaluate(bare, context).is_true()
}

/// The inputs: those that are given over the defaults of the file.
fn inputs(page: &Mapping, with: &[(&str, &str)]) -> BTreeMap<String, String> {
    let mut inputs = BTreeMap::new();
    for (name, input) in mapping(&page["inputs"]) {
        known(mapping(input), &["description", "default", "required"]);
        inputs.insert(string(name), string(&input["default"]));
    }
    for (name, value) in with {
        assert!(inputs.insert((*name).to_owned(), (*value).to_owned()).is_some(), "there is no input {name}");
    }
    inputs
}

/// A mapping whose values may have expressions.
fn filled(values: Option<&Yaml>, context: &Context<'_>) -> BTreeMap<String, String> {
    let pairs = values.into_iter().flat_map(mapping);
    pairs.map(|(name, value)| (string(name), fill(&string(value), context))).collect()
}

fn known(mapping: &Mapping, keys: &[&str]) {
    for key in mapping.keys() {
        assert!(keys.iter().any(|known| key == *known), "the runner does not know {key:?}");
    }
}

fn mapping(value: &Yaml) -> &Mapping {
    value.as_mapping().unwrap_or_else(|| panic!("no mapping: {value:?}"))
}

/// A scalar as GitHub reads it. Numbers, which it may write otherwise than we do, are not known.
fn string(value: &Yaml) -> String {
    match value {
        Yaml::String(text) => text.clone(),
        Yaml::Bool(truth) => truth.to_string(),
        _ => panic!("neither a text nor a truth: {value:?}"),
    }
}
