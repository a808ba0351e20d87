//! What a config extends: presets and files, laid over each other in the order in which they are named.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::network;
use super::origin::Speaker;
use super::raw::{Raw, Text};
use crate::mistake::Mistake;
use crate::rules;
use crate::schema::nearest;
use crate::text::{Source, Span};

/// The preset of a config that names none.
const DEFAULT: &str = "recommended";

/// Files that extend each other over and over would otherwise not come to an end in time.
const MOST: usize = 200;

/// A preset or a file, and what it says.
pub(super) struct Layer {
    pub(super) raw: Raw,
    pub(super) speaker: Speaker,
    /// The folder that its paths count from.
    pub(super) folder: PathBuf,
}

impl Layer {
    /// The file; `None` for a preset.
    pub(super) fn source(&self) -> Option<&Arc<Source>> {
        match &self.speaker {
            Speaker::File(source) => Some(source),
            _ => None,
        }
    }
}

/// A config file that was read.
pub(super) struct File {
    pub(super) raw: Raw,
    /// The file as mistakes may show it.
    pub(super) source: Arc<Source>,
    pub(super) path: PathBuf,
}

impl File {
    /// Reads a config.
    ///
    /// # Errors
    /// Why it cannot be read, without a place, or all that is wrong with its syntax and shape.
    pub(super) fn read(path: &Path) -> Result<Self, Vec<Mistake>> {
        let shown: Arc<str> = path.to_string_lossy().replace('\\', "/").into();
        let bytes = std::fs::read(path)
            .map_err(|error| vec![Mistake::new(format!("the config \"{shown}\" cannot be read: {error}"))])?;
        let source = Arc::new(Source::new(Arc::clone(&shown), bytes.clone()));
        let shown = Arc::new(network::masked(Source::new(shown, bytes)));
        Ok(Self { raw: Raw::parse(&source, &shown)?, source: shown, path: path.to_owned() })
    }
}

/// All layers of a config, the first to be laid down first; the last is the config itself, if there is one. `extends`
/// comes from the command line and stands in the place of what the config extends.
pub(super) fn stack(config: Option<File>, extends: Option<&[String]>) -> Result<Vec<Layer>, Vec<Mistake>> {
    let mut stack = Stack::default();
    for name in extends.unwrap_or_default() {
        stack.base(name, None, Path::new(""));
    }
    if let Some(file) = config {
        stack.file(file, extends.is_none());
    }
    if !stack.names_preset {
        stack.layers.insert(0, preset(DEFAULT).expect("it comes with the program"));
    }
    if stack.mistakes.is_empty() { Ok(stack.layers) } else { Err(stack.mistakes) }
}

fn preset(name: &str) -> Option<Layer> {
    let raw = Raw::trusted(rules::preset(name)?);
    Some(Layer { raw, speaker: Speaker::Preset(name.into()), folder: PathBuf::new() })
}

#[derive(Default)]
struct Stack {
    layers: Vec<Layer>,
    /// The files whose `extends` is being read, each named by the one before.
    open: Vec<PathBuf>,
    names_preset: bool,
    mistakes: Vec<Mistake>,
}

impl Stack {
    /// Lays down what a file extends, if that is wanted, and then the file.
    fn file(&mut self, file: File, is_extended: bool) {
        let folder = file.path.parent().unwrap_or(Path::new("")).to_owned();
        self.open.push(canonical(&file.path));
        for Text { text, span } in file.raw.extends.iter().filter(|_| is_extended) {
            self.base(text, Some((&file.source, *span)), &folder);
        }
        self.open.pop();
        self.layers.push(Layer { raw: file.raw, speaker: Speaker::File(file.source), folder });
    }

    /// Lays down what one entry of `extends` names. Without a place it comes from the command line.
    fn base(&mut self, name: &str, place: Option<(&Arc<Source>, Span)>, folder: &Path) {
        if let Some(preset) = preset(name) {
            self.names_preset = true;
            let bases: Vec<Text> = preset.raw.extends.clone();
            for Text { text, .. } in bases {
                self.base(&text, place, folder);
            }
            self.layers.push(preset);
            return;
        }
        if !name.contains(['.', '/', '\\']) {
            self.mistakes.push(unknown_preset(name, place));
            return;
        }
        let path: PathBuf = folder.join(name).components().collect();
        if let Some(first) = self.open.iter().position(|open| *open == canonical(&path)) {
            let names = self.open[first..].iter().chain([&self.open[first]]);
            let names: Vec<_> = names.map(|path| file_name(path)).collect();
            let message = format!("\"{name}\" comes back to itself: {}", names.join(" extends "));
            self.mistakes.push(mistake(place, message));
        } else if self.layers.len() + self.open.len() > MOST {
            let message = format!("this extends more than {MOST} files");
            if self.mistakes.is_empty() {
                self.mistakes.push(mistake(place, message));
            }
        } else if path.is_file() {
            match File::read(&path) {
                Ok(file) => self.file(file, true),
                Err(mistakes) => self.mistakes.extend(mistakes.into_iter().map(|one| located(one, place))),
            }
        } else {
            let help = "a path counts from the folder of the file that names it";
            let message = format!("\"{name}\" is no file that can be extended");
            self.mistakes.push(mistake(place, message).with_help(Some(help)));
        }
    }
}

fn canonical(path: &Path) -> PathBuf {
    path.canonicalize().unwrap_or_else(|_| path.to_owned())
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}

fn unknown_preset(name: &str, place: Option<(&Arc<Source>, Span)>) -> Mistake {
    let presets = rules::presets();
    let help = match nearest(name, presets.iter().copied()) {
        Some(near) => format!("did you mean \"{near}\"?"),
        None => format!("the presets are {}; the path of a file has a dot or a slash", presets.join(", ")),
    };
    mistake(place, format!("there is no preset \"{name}\"")).with_help(Some(help))
}

fn mistake(place: Option<(&Arc<Source>, Span)>, message: String) -> Mistake {
    match place {
        Some((source, span)) => Mistake::at(source, span, message),
        None => Mistake::new(message),
    }
}

fn located(mut mistake: Mistake, place: Option<(&Arc<Source>, Span)>) -> Mistake {
    let own = place.map(|(source, span)| (Arc::clone(source), span));
    mistake.place = mistake.place.or(own);
    mistake
}
