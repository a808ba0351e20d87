//! Runs that write and are killed in the middle, and runs that write at the same time: each file has its old text or its
//! new one, the next run finishes the work, and nothing is left beside the files.

use std::fs;
use std::process::{Child, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use super::cli::{Desk, Ended};

const FIX: &[&str] = &["lint", "--fix", "--unsafe-fixes", "--format", "concise", "pages"];
const SUPPRESS: &[&str] = &["suppress", "--reason", "an old page", "pages"];

/// Many articles, and what a command makes of them.
struct Site {
    desk: Desk,
    command: &'static [&'static str],
    old: Vec<String>,
    new: Vec<String>,
    /// How long it takes.
    time: Duration,
}

/// How far a run came before it was killed.
#[derive(Debug, Default)]
struct Killed {
    /// How many files it had written.
    written: usize,
    /// The temporary files that it left.
    temporary: Vec<String>,
}

impl Site {
    fn new(count: usize, command: &'static [&'static str]) -> Self {
        let old: Vec<String> = (0..count).map(article).collect();
        let mut site = Self { desk: Desk::new(&[]), command, old, new: Vec::new(), time: Duration::ZERO };
        site.reset();
        let begin = Instant::now();
        let ended = site.desk.run(command);
        site.time = begin.elapsed();
        site.new = (0..count).map(|number| site.read(number)).collect();
        let changed = site.old.iter().zip(&site.new).filter(|(old, new)| old != new).count();
        assert_eq!(changed, count, "every file has something to do: {ended:?}");
        site
    }

    fn reset(&self) {
        for (number, text) in self.old.iter().enumerate() {
            self.desk.write(&name(number), text.as_bytes());
        }
    }

    fn read(&self, number: usize) -> String {
        fs::read_to_string(self.desk.path().join(name(number))).expect("the file is there")
    }

    /// What is in the folders besides the articles.
    fn besides(&self) -> Vec<String> {
        let mut besides = Vec::new();
        for folder in fs::read_dir(self.desk.path().join("pages")).expect("the folder is there") {
            for entry in fs::read_dir(folder.expect("a folder of ours").path()).expect("it is a folder") {
                let path = entry.expect("a file of ours").path();
                if !copydesk::discover::is_markdown(&path) {
                    besides.push(path.file_name().expect("it has a name").to_string_lossy().into_owned());
                }
            }
        }
        besides
    }

    /// How many files are new; the others are old.
    fn count_new(&self) -> usize {
        let is_new = |number: &usize| {
            let text = self.read(*number);
            let is_new = text == self.new[*number];
            assert!(
                is_new || text == self.old[*number],
                "{} is neither old nor new: {text:?}",
                name(*number)
            );
            is_new
        };
        (0..self.old.len()).filter(is_new).count()
    }

    fn start(&self) -> Child {
        let mut command = self.desk.command(self.command);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command.spawn().expect("the program starts")
    }

    /// Kills a run when it has written this file, or that long after it began, and a little later.
    fn kill(&self, file: Option<usize>, after: Duration, later: Duration) -> Killed {
        self.reset();
        let begin = Instant::now();
        let mut child = self.start();
        let is_written = |number: usize| {
            fs::metadata(self.desk.path().join(name(number)))
                .is_ok_and(|metadata| metadata.len() == self.new[number].len() as u64)
        };
        while child.try_wait().expect("it is our child").is_none() {
            if file.map_or_else(|| begin.elapsed() >= after, is_written) {
                thread::sleep(later);
                break;
            }
            thread::sleep(Duration::from_micros(100));
        }
        // Ended or not: what counts is what it leaves.
        let _ = child.kill();
        child.wait().expect("it is our child");
        Killed { written: self.count_new(), temporary: self.besides() }
    }

    /// The work is done, and a further run has nothing to do.
    fn finish(&self) {
        assert_eq!((self.count_new(), self.besides()), (self.old.len(), vec![]));
        let ended = self.desk.run(self.command);
        assert_eq!((self.count_new(), self.besides()), (self.old.len(), vec![]), "{ended:?}");
        assert!(!ended.stderr.contains("removed") && !ended.stderr.contains("left"), "{ended:?}");
    }

    /// Kills runs at random moments, and looks what the next one makes of it.
    fn kill_often(&self, times: u64) -> Vec<Killed> {
        let mut random = Random(times);
        let kills = (0..times).map(|turn| {
            // Every fourth comes at any time of the run, be it while it looks for files.
            let file = (turn % 4 != 3).then(|| random.below(self.old.len() as u64) as usize);
            let after = self.time * random.below(1000) as u32 / 1000;
            let killed = self.kill(file, after, Duration::from_micros(random.below(3000)));
            let ended = self.desk.run(self.command);
            for temporary in &killed.temporary {
                ended.complains(&format!("{temporary}\" is removed"));
            }
            assert_eq!((self.count_new(), self.besides()), (self.old.len(), vec![]), "{ended:?}");
            killed
        });
        let kills = kills.collect();
        self.finish();
        kills
    }
}

fn name(number: usize) -> String {
    format!("pages/{}/{number}.md", number % 7)
}

/// An article with something to fix in its front matter and in its body, and something that no fix mends.
fn article(number: usize) -> String {
    let filling = "The hinges are made of brass, and the frame is of oak that was cut in winter.\n\n";
    let filling = filling.repeat(number % 50 + 1);
    let end = if number.is_multiple_of(3) { "\r\n" } else { "\n" };
    let text = format!(
        "---\ntitle: \"The door number {number} of the house\"\nkeywords: [oak, brass, oak]  # ours\nedition: 0{number}\n\
         ---\n## Making it.\n\nA door of of oak.\n\n{filling}#### Hinges\n\n[A shop](http://example.com/{number})\n\n![](a.png)\n"
    );
    text.replace('\n', end)
}

/// Numbers that look like chance and are the same in each run.
struct Random(u64);

impl Random {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % end
    }
}

#[test]
fn a_run_that_is_killed_leaves_each_file_old_or_new() {
    for command in [FIX, SUPPRESS] {
        Site::new(60, command).kill_often(4);
    }
}

#[test]
fn runs_at_the_same_time_do_not_hurt_each_other() {
    at_the_same_time(60, 1);
}

#[test]
#[ignore = "it takes minutes: see CONTRIBUTING.md"]
#[expect(clippy::print_stderr, reason = "the figures are what it is run for")]
fn many_runs_that_are_killed_leave_each_file_old_or_new() {
    for command in [FIX, SUPPRESS] {
        let site = Site::new(2000, command);
        let kills = site.kill_often(50);
        let in_the_middle =
            kills.iter().filter(|killed| (1..site.old.len()).contains(&killed.written)).count();
        let leaving = kills.iter().filter(|killed| !killed.temporary.is_empty()).count();
        let temporary: usize = kills.iter().map(|killed| killed.temporary.len()).sum();
        eprintln!(
            "{}: a run takes {:?}; of 50 kills {in_the_middle} came between two writes, and {leaving} left {temporary} \
             temporary files; written were {:?}",
            command[0],
            site.time,
            kills.iter().map(|killed| killed.written).collect::<Vec<_>>()
        );
        assert!(in_the_middle > 10, "hardly any of them came in the middle");
    }
    at_the_same_time(2000, 5);
}

#[expect(clippy::print_stderr, reason = "the figures are what it is run for")]
fn at_the_same_time(count: usize, times: usize) {
    for command in [FIX, SUPPRESS] {
        let site = Site::new(count, command);
        for _ in 0..times {
            site.reset();
            let runs = [site.start(), site.start()].map(|child| thread::spawn(|| child.wait_with_output()));
            let ended =
                runs.map(|run| Ended::of(&run.join().expect("it only waits").expect("the program ends")));
            let mut all_refused = 0;
            for ended in &ended {
                // Whatever a run could not write, it names, and says why; there is nothing else to complain of.
                let refused =
                    ended.stderr.matches("is left as it is: it has changed since it was read").count();
                assert_eq!(refused, ended.stderr.matches(" × ").count(), "{ended:?}");
                let fails = refused > 0 || command == FIX;
                assert_eq!(ended.code, i32::from(fails), "{ended:?}");
                all_refused += refused;
            }
            eprintln!("{}: {all_refused} of {count} files had changed under one of two runs", command[0]);
            site.finish();
        }
    }
}
