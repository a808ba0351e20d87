//! Asking thousands of images of one host, beside lychee where it is at hand.
//!
//! A server on loopback answers with a small PNG: at once, or no more than so many times a second, or never. The program
//! and lychee are run as a user runs them, on the same articles, in turns; a row has wall time, CPU time, memory and the
//! requests that the server counted. `COPYDESK_LYCHEE` names lychee's program, `COPYDESK_BENCH_URLS` how many images
//! there are (5,500), `COPYDESK_BENCH_ROUNDS` how many turns (3).

#![expect(clippy::print_stdout, clippy::cast_precision_loss, reason = "it prints a table of rounded figures")]

use std::collections::VecDeque;
use std::env;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

/// The head of a PNG of one pixel by one.
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89\
    \0\0\0\rIDATx\x9cc\0\x01\0\0\x05\0\x01\r\n-\xb4\0\0\0\0IEND\xaeB`\x82";

/// How the server bears with requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mood {
    Patient,
    /// So many a second; 429 beyond.
    Limited(usize),
    /// 429 always.
    Never,
}

/// A server, and what it has seen.
struct Server {
    port: u16,
    requests: AtomicUsize,
    refused: AtomicUsize,
    mood: Mutex<Mood>,
    recent: Mutex<VecDeque<Instant>>,
}

impl Server {
    fn start() -> Arc<Self> {
        let (send, port) = std::sync::mpsc::channel();
        thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.expect("a runtime").block_on(async move {
                let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
                let port = listener.local_addr().expect("it is bound").port();
                let server = Arc::new(Self {
                    port,
                    requests: AtomicUsize::new(0),
                    refused: AtomicUsize::new(0),
                    mood: Mutex::new(Mood::Patient),
                    recent: Mutex::default(),
                });
                send.send(Arc::clone(&server)).expect("somebody waits");
                loop {
                    let Ok((stream, _)) = listener.accept().await else { continue };
                    tokio::spawn(Arc::clone(&server).serve(stream));
                }
            });
        });
        port.recv().expect("the server starts")
    }

    async fn serve(self: Arc<Self>, mut stream: TcpStream) {
        let _ = stream.set_nodelay(true);
        let (mut read, mut buffer) = (Vec::new(), [0; 4096]);
        loop {
            match stream.read(&mut buffer).await {
                Ok(0) | Err(_) => return,
                Ok(count) => read.extend(&buffer[..count]),
            }
            while let Some(end) = read.windows(4).position(|window| window == b"\r\n\r\n") {
                let request: Vec<u8> = read.drain(..end + 4).collect();
                if stream.write_all(&self.answer(&request)).await.is_err() {
                    return;
                }
            }
        }
    }

    fn answer(&self, request: &[u8]) -> Vec<u8> {
        self.requests.fetch_add(1, Ordering::Relaxed);
        if !self.takes() {
            self.refused.fetch_add(1, Ordering::Relaxed);
            return b"HTTP/1.1 429 Too Many Requests\r\ncontent-length: 0\r\n\r\n".to_vec();
        }
        let is_ranged = request.windows(8).any(|window| window.eq_ignore_ascii_case(b"\r\nrange:"));
        let mut answer = Vec::with_capacity(256);
        answer.extend(if is_ranged {
            &b"HTTP/1.1 206 Partial Content\r\n"[..]
        } else {
            b"HTTP/1.1 200 OK\r\n"
        });
        if is_ranged {
            let all = PNG.len();
            answer.extend(format!("content-range: bytes 0-{}/{all}\r\n", all - 1).bytes());
        }
        answer.extend(format!("content-type: image/png\r\ncontent-length: {}\r\n\r\n", PNG.len()).bytes());
        if !request.starts_with(b"HEAD") {
            answer.extend(PNG);
        }
        answer
    }

    /// Whether it takes one more now: a window of a second that moves along.
    fn takes(&self) -> bool {
        let limit = match *self.mood.lock().expect("no one panics") {
            Mood::Patient => return true,
            Mood::Never => return false,
            Mood::Limited(limit) => limit,
        };
        let mut recent = self.recent.lock().expect("no one panics");
        while recent.front().is_some_and(|time| time.elapsed() >= Duration::from_secs(1)) {
            recent.pop_front();
        }
        let takes = recent.len() < limit;
        if takes {
            recent.push_back(Instant::now());
        }
        takes
    }
}

/// What one run of a program came to.
struct Row {
    wall: Duration,
    memory: usize,
    requests: usize,
    refused: usize,
    output: String,
}

/// Runs a program. Its memory is looked at as long as it lives: the greatest that the system saw.
fn run(server: &Server, command: &mut Command) -> Row {
    server.requests.store(0, Ordering::Relaxed);
    server.refused.store(0, Ordering::Relaxed);
    server.recent.lock().expect("no one panics").clear();
    let begin = Instant::now();
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("the program runs");
    let status = format!("/proc/{}/status", child.id());
    let out = child.stdout.take().expect("it is piped");
    let reader = thread::spawn(move || std::io::read_to_string(out).unwrap_or_default());
    let mut memory = 0;
    while child.try_wait().expect("it is our child").is_none() {
        let peak = fs::read_to_string(&status).ok().and_then(|text| {
            text.lines()
                .find_map(|line| line.strip_prefix("VmHWM:")?.trim().trim_end_matches(" kB").parse().ok())
        });
        memory = memory.max(peak.unwrap_or(0));
        thread::sleep(Duration::from_millis(2));
    }
    Row {
        wall: begin.elapsed(),
        memory,
        requests: server.requests.load(Ordering::Relaxed),
        refused: server.refused.load(Ordering::Relaxed),
        output: reader.join().expect("it reads to the end"),
    }
}

fn print(name: &str, row: &Row) {
    println!(
        "{name:44} {:8.2} s {:6} MB {:7} requests {:6} refused",
        row.wall.as_secs_f64(),
        row.memory / 1024,
        row.requests,
        row.refused
    );
}

/// Articles with so many images in all, a hundred in each.
fn articles(folder: &Path, port: u16, count: usize) {
    for (number, chunk) in (0..count).collect::<Vec<_>>().chunks(100).enumerate() {
        let mut text = String::from("---\ntitle: Doors and their hinges\n---\n\nSome doors.\n\n");
        for image in chunk {
            let _ = writeln!(text, "![A door with number {image}](http://127.0.0.1:{port}/{image}.png)\n");
        }
        fs::write(folder.join(format!("article-{number}.md")), text).expect("the folder is ours");
    }
}

fn number(variable: &str, default: usize) -> usize {
    env::var(variable).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

struct Bench {
    server: Arc<Server>,
    folder: PathBuf,
    count: usize,
}

impl Bench {
    fn new(folder: &Path, count: usize) -> Self {
        let server = Server::start();
        fs::create_dir_all(folder).expect("the folder is ours");
        fs::write(folder.join("copydesk.yaml"), "network: {allow-private: [127.0.0.1]}\n").expect("ours");
        articles(folder, server.port, count);
        Self { server, folder: folder.to_owned(), count }
    }

    fn copydesk(&self, more: &[&str]) -> Row {
        let mut command = Command::new(env!("CARGO_BIN_EXE_copydesk"));
        command
            .args(["lint", "--online", "--only", "image-reachable,image-type"])
            .args(more)
            .current_dir(&self.folder);
        run(&self.server, &mut command)
    }

    fn lychee(&self, program: &str, more: &[&str]) -> Row {
        let mut command = Command::new(program);
        command
            .args(["--no-progress", "--host-request-interval", "0ms"])
            .args(more)
            .arg(".")
            .current_dir(&self.folder);
        run(&self.server, &mut command)
    }

    fn set(&self, mood: Mood) {
        *self.server.mood.lock().expect("no one panics") = mood;
        let _ = fs::remove_dir_all(self.folder.join(".copydesk"));
        let _ = fs::remove_file(self.folder.join(".lycheecache"));
    }
}

fn main() {
    let lychee = env::var("COPYDESK_LYCHEE").ok();
    let scratch = tempfile::tempdir().expect("a folder");
    let bench = Bench::new(&scratch.path().join("site"), number("COPYDESK_BENCH_URLS", 5500));
    println!("{} images of one host", bench.count);
    for _ in 0..number("COPYDESK_BENCH_ROUNDS", 3) {
        bench.set(Mood::Patient);
        let first = bench.copydesk(&[]);
        print("copydesk, defaults", &first);
        let second = bench.copydesk(&[]);
        print("copydesk, from its cache", &second);
        let share = second.wall.as_secs_f64() / first.wall.as_secs_f64();
        println!("{:44} {:8.3} of the first", "", share);
        if let Some(program) = &lychee {
            for concurrency in ["10", "16", "64", "128"] {
                let row = bench.lychee(program, &["--host-concurrency", concurrency]);
                print(&format!("lychee, no interval, {concurrency} a host"), &row);
            }
            bench.lychee(program, &["--host-concurrency", "16", "--cache"]);
            print("lychee, from its cache", &bench.lychee(program, &["--host-concurrency", "16", "--cache"]));
        }
    }
    let few = Bench::new(&scratch.path().join("few"), number("COPYDESK_BENCH_LIMITED", 1000));
    few.set(Mood::Limited(50));
    let row = few.copydesk(&["--no-cache"]);
    print("copydesk, 50 a second and 429 beyond", &row);
    let ideal = few.count.saturating_sub(50) as f64 / 50.0;
    println!("{:44} {:8.2} of that pace", "", ideal / row.wall.as_secs_f64());
    println!("{}", row.output.lines().rev().take(3).collect::<Vec<_>>().join(" | "));
    few.set(Mood::Never);
    let row = few.copydesk(&["--no-cache"]);
    print("copydesk, always 429", &row);
    println!("{}", row.output.lines().rev().take(4).collect::<Vec<_>>().join(" | "));
}
