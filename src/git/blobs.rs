//! Brings the texts that the index has, all from one process.

use std::io::{self, BufRead, BufReader, Read, Write as _};
use std::path::PathBuf;
use std::process::Stdio;
use std::thread;

use super::program::unstarted;
use super::repository::Repository;
use crate::mistake::Mistake;

impl Repository {
    /// The bytes of objects, each with the path that it was asked for.
    pub(super) fn blobs(&self, wanted: Vec<(PathBuf, String)>) -> Result<Vec<(PathBuf, Vec<u8>)>, Mistake> {
        if wanted.is_empty() {
            return Ok(Vec::new());
        }
        let mut command = self.program.command(&["cat-file", "--batch"]);
        let command = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().map_err(|error| unstarted(&error))?;
        let mut input = child.stdin.take().expect("it is a pipe");
        let output = child.stdout.take().expect("it is a pipe");
        let list: Vec<&str> = wanted.iter().flat_map(|(_, object)| [object, "\n"]).collect();
        let list = list.concat();
        // Beside the reading: a pipe that is full would have both sides wait for each other.
        let writer = thread::spawn(move || input.write_all(list.as_bytes()));
        let mut output = BufReader::new(output);
        let read: io::Result<Vec<_>> =
            wanted.into_iter().map(|(path, _)| Ok((path, next(&mut output)?))).collect();
        drop(output);
        let written = writer.join().expect("writing does not panic");
        let ended = child.wait();
        let failed = |error: io::Error| Mistake::new(format!("git does not bring what is staged: {error}"));
        let blobs = read.map_err(failed)?;
        written.and(ended).map_err(failed)?;
        Ok(blobs)
    }
}

/// The next object of `git cat-file --batch`: a line with its hash, kind and size, its bytes, and a line end.
fn next(output: &mut impl BufRead) -> io::Result<Vec<u8>> {
    let mut head = String::new();
    output.read_line(&mut head)?;
    let size = head.trim_end().split(' ').nth(2).and_then(|size| size.parse::<u64>().ok());
    let size = size.ok_or_else(|| io::Error::other(format!("\"{}\"", head.trim_end())))?;
    let mut bytes = Vec::new();
    output.by_ref().take(size).read_to_end(&mut bytes)?;
    let mut end = [0];
    output.read_exact(&mut end)?;
    if bytes.len() as u64 == size { Ok(bytes) } else { Err(io::ErrorKind::UnexpectedEof.into()) }
}
