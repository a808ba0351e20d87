//! `lint --interactive`, from the outside: a program at a terminal, and somebody who answers.

use std::fs::{self, File};
use std::io::{Read, Write as _};
use std::os::unix::process::ExitStatusExt as _;
use std::process::{Child, Command, ExitStatus};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

use rustix::fs::{Mode, OFlags};
use rustix::process::{Pid, Signal, kill_process};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{Winsize, tcsetwinsize};

use super::cli::Desk;

/// How long the program may take to say something: much longer than it does on a machine that has much else to do.
const PATIENCE: Duration = Duration::from_secs(60);

const QUESTION: &str = "[q]uit, [?] help: ";

/// The program at a terminal.
pub(super) struct Session {
    child: Child,
    keyboard: File,
    screen: Receiver<Vec<u8>>,
    /// What stands on the screen and was not yet looked for.
    unread: String,
    /// All of it.
    pub(super) said: String,
}

impl Session {
    fn new(desk: &Desk, arguments: &[&str]) -> Self {
        Self::of(desk, &[&["--interactive"], arguments].concat())
    }

    pub(super) fn of(desk: &Desk, arguments: &[&str]) -> Self {
        let keyboard = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).expect("the system has terminals");
        grantpt(&keyboard).expect("it is ours");
        unlockpt(&keyboard).expect("it is ours");
        let name = ptsname(&keyboard, Vec::new()).expect("it has a name");
        // Or it would become the terminal of the tests.
        let open =
            || rustix::fs::open(&name, OFlags::RDWR | OFlags::NOCTTY, Mode::empty()).expect("the other end");
        let size = Winsize { ws_row: 24, ws_col: 80, ws_xpixel: 0, ws_ypixel: 0 };
        tcsetwinsize(&keyboard, size).expect("it has a size");
        let mut command = Command::new(env!("CARGO_BIN_EXE_copydesk"));
        command.arg("lint").args(arguments).current_dir(desk.path());
        command
            .env("TERM", "xterm")
            .env("LC_ALL", "C.UTF-8")
            .env_remove("NO_COLOR")
            .env_remove("CLICOLOR_FORCE");
        command.stdin(open()).stdout(open()).stderr(open());
        let child = command.spawn().expect("the program starts");
        let keyboard = File::from(keyboard);
        let mut reader = keyboard.try_clone().expect("one more handle");
        let (sender, screen) = channel();
        // It ends when the program does: then nobody has the other end.
        thread::spawn(move || {
            let mut bytes = [0; 4096];
            while let Ok(count @ 1..) = reader.read(&mut bytes) {
                if sender.send(bytes[..count].to_vec()).is_err() {
                    break;
                }
            }
        });
        Self { child, keyboard, screen, unread: String::new(), said: String::new() }
    }

    /// Waits until the program has said this.
    #[track_caller]
    pub(super) fn expect(&mut self, text: &str) -> &mut Self {
        let start = Instant::now();
        loop {
            if let Some(at) = self.unread.find(text) {
                self.unread.drain(..at + text.len());
                return self;
            }
            let Ok(bytes) = self.screen.recv_timeout(PATIENCE.saturating_sub(start.elapsed())) else {
                panic!("\"{text}\" is not said: {}", self.said);
            };
            self.hear(&bytes);
        }
    }

    fn hear(&mut self, bytes: &[u8]) {
        let text = String::from_utf8_lossy(bytes);
        self.said.push_str(&text);
        self.unread.push_str(&text);
    }

    /// Types a line at the next question.
    #[track_caller]
    pub(super) fn answer(&mut self, line: &str) -> &mut Self {
        self.expect(QUESTION).keys(&format!("{line}\n"))
    }

    fn keys(&mut self, keys: &str) -> &mut Self {
        self.keyboard.write_all(keys.as_bytes()).expect("the program reads its terminal");
        self
    }

    /// Ends the program, which would go on by itself.
    pub(super) fn kill(&mut self) {
        self.child.kill().expect("it can be ended");
        self.child.wait().expect("it has ended");
    }

    /// Waits until the program has ended.
    #[track_caller]
    fn end(&mut self) -> ExitStatus {
        let start = Instant::now();
        while let Ok(bytes) = self.screen.recv_timeout(PATIENCE.saturating_sub(start.elapsed())) {
            self.hear(&bytes);
        }
        // Whoever still waits for an answer would wait for ever.
        if start.elapsed() >= PATIENCE {
            self.child.kill().expect("it can be ended");
            panic!("it does not end: {}", self.said);
        }
        self.child.wait().expect("it has ended")
    }

    #[track_caller]
    pub(super) fn code(&mut self, code: i32) -> &mut Self {
        let status = self.end();
        assert_eq!(status.code(), Some(code), "{}", self.said);
        self
    }

    #[track_caller]
    fn said(&self, text: &str) -> &Self {
        assert!(self.said.contains(text), "\"{text}\" is not said: {}", self.said);
        self
    }

    fn questions(&self) -> usize {
        self.said.matches(QUESTION).count()
    }
}

/// Two fixes that are safe, and one that is not.
const TEXT: &str = "# Ends.\n\nIn the the middle.\n\n## Ends too;\n";
const ARGUMENTS: [&str; 4] = ["--color", "never", "--only", "heading-punctuation,repeated-word"];

fn desk() -> Desk {
    Desk::new(&[("a.md", TEXT), ("b.md", "# Ends:\r\n"), ("fine.md", "# Fine\n")])
}

#[track_caller]
fn holds(desk: &Desk, path: &str, text: &str) {
    assert_eq!(fs::read_to_string(desk.path().join(path)).expect("it is there"), text);
}

#[test]
fn each_yes_is_written_before_the_next_question_and_each_no_is_left() {
    let desk = desk();
    let mut session = Session::new(&desk, &ARGUMENTS);
    session.expect("a.md (file 1 of 2)").expect("safe fix: write \"Ends\"").expect("-# Ends.\r\n+# Ends\r\n");
    holds(&desk, "a.md", TEXT);
    session.answer("y").expect("unsafe fix, look at it first: ");
    holds(&desk, "a.md", "# Ends\n\nIn the the middle.\n\n## Ends too;\n");
    session.answer("n").answer("y").expect("b.md (file 2 of 2)").expect(QUESTION);
    holds(&desk, "a.md", "# Ends\n\nIn the the middle.\n\n## Ends too\n");
    session.keys("yes\n").code(0);
    holds(&desk, "b.md", "# Ends\r\n");
    session.said("fixed 3 findings in 2 files").said("3 articles checked, 1 warning found in 1 file");
    assert_eq!(session.questions(), 4);
}

#[test]
fn all_is_for_one_rule_in_all_files() {
    let desk = desk();
    let mut session = Session::new(&desk, &ARGUMENTS);
    session.answer("a").expect("a.md: applied 2 fixes of heading-punctuation").answer("y").code(0);
    holds(&desk, "a.md", "# Ends\n\nIn the middle.\n\n## Ends too\n");
    holds(&desk, "b.md", "# Ends\r\n");
    session.said("b.md: applied 1 fix of heading-punctuation").said("nothing found");
}

#[test]
fn quit_leaves_the_rest_and_reports_it() {
    let desk = desk();
    let mut session = Session::new(&desk, &[&ARGUMENTS[..], &["--fail-on", "info"]].concat());
    session.answer("y").answer("?").expect("q  leave all further fixes").answer("q").code(1);
    holds(&desk, "a.md", "# Ends\n\nIn the the middle.\n\n## Ends too;\n");
    holds(&desk, "b.md", "# Ends:\r\n");
    session.said("what you said yes to is written; 1 more file with fixes is left alone");
    session.said("3 warnings found in 2 files").said("a.md:3:").said("1 finding is not listed");
    assert!(!session.said.contains("b.md:1:"), "nobody was asked about it: {}", session.said);
}

#[test]
fn the_end_of_the_input_is_a_quit() {
    let desk = desk();
    let mut session =
        Session::new(&desk, &[&ARGUMENTS[..], &["--show-fixes", "--exit-non-zero-on-fix"]].concat());
    session.answer("y").expect(QUESTION).keys("\x04").expect("the input has ended").code(1);
    holds(&desk, "a.md", "# Ends\n\nIn the the middle.\n\n## Ends too;\n");
    session.said("a.md:1:7: fixed heading-punctuation: write \"Ends\"");
}

#[test]
fn an_interrupt_loses_no_answer() {
    let desk = desk();
    let mut session = Session::new(&desk, &ARGUMENTS);
    session.answer("y").expect(QUESTION);
    kill_process(Pid::from_child(&session.child), Signal::INT).expect("it runs");
    assert_eq!(session.end().signal(), Some(Signal::INT.as_raw()));
    holds(&desk, "a.md", "# Ends\n\nIn the the middle.\n\n## Ends too;\n");
    let names: Vec<_> =
        fs::read_dir(desk.path()).expect("the folder").map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names.len(), 3, "nothing is left beside the files: {names:?}");
}

#[test]
fn a_file_that_changes_between_question_and_answer_is_left_alone() {
    let desk = desk();
    let mut session = Session::new(&desk, &ARGUMENTS);
    session.expect(QUESTION);
    desk.write("a.md", b"# Anew.\n");
    session.keys("y\n").expect("a.md is left as it is: it has changed since it was read").answer("y").code(1);
    holds(&desk, "a.md", "# Anew.\n");
    holds(&desk, "b.md", "# Ends\r\n");
}

#[test]
fn nothing_to_ask_is_said() {
    let desk = Desk::new(&[("fine.md", "# Fine\n")]);
    let mut session = Session::new(&desk, &ARGUMENTS);
    session.expect("there is nothing to ask: no finding has a fix").code(0);
    assert_eq!(session.questions(), 0);
}

#[test]
fn colours_are_those_of_a_diff() {
    let desk = desk();
    let mut session = Session::new(&desk, &["--only", "heading-punctuation", "b.md"]);
    session.expect("\x1b[31m-# Ends\x1b[7m:\x1b[0m\r\n\x1b[32m+# Ends\x1b[0m").answer("q").code(0);
}

#[test]
fn a_diff_at_a_terminal_is_for_the_eye() {
    let desk = Desk::new(&[("a.md", "# \x1b[2JEnds.\nA tail.\r\n")]);
    let arguments = ["--color", "never", "--only", "heading-punctuation", "--diff"];
    Session::of(&desk, &arguments).expect("-# ␛[2JEnds.\r\n+# ␛[2JEnds\r\n A tail.␍\r\n").code(1);
    desk.lint(&arguments).code(1).says("-# \x1b[2JEnds.\n+# \x1b[2JEnds\n A tail.\r\n");
}

#[test]
fn without_a_terminal_nobody_is_asked() {
    let desk = desk();
    let ended = desk.lint(&["--interactive"]);
    ended
        .code(2)
        .complains("`--interactive` needs a terminal")
        .complains("use `--fix` to apply the safe fixes, or `--diff`");
    assert_eq!(ended.stdout, "");
    holds(&desk, "a.md", TEXT);
    desk.lint(&["--interactive", "--format", "json"]).code(2).complains("`--format json` is for programs");
    desk.stdin(&["lint", "--interactive"], b"y\ny\ny\ny\n").code(2);
    holds(&desk, "a.md", TEXT);
}
